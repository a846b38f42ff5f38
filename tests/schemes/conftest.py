"""Inputs of the tests of schemes: programmes, applicants, and a slow simulation."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import xarray as xr

from migov.core.cases import Cells
from migov.schemes import Floor, OriginCap, Programme


def _load(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"schemes_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def slow() -> ModuleType:
    """Return the independent slow simulation."""
    return _load("slow")


def cap(origin: str = "MDA", number: float = 1500, date: str = "2024-01-01") -> OriginCap:
    return OriginCap(origin=origin, number=number, date=date, source="test")


@pytest.fixture
def harvest() -> Programme:
    """Return a seasonal programme, ninety days in half a year."""
    return Programme(
        name="harvest",
        kind="seasonal",
        origin="MDA",
        destination="DEU",
        quota=1500,
        origin_cap=(cap(),),
        stay="90 day in 180 day",
        reentry=True,
    )


@pytest.fixture
def pathway() -> Programme:
    """Return a long pathway with everything in it."""
    return Programme(
        name="pathway",
        kind="pathway",
        origin=("ALB", "MDA"),
        destination="DEU",
        occupations=("2", "5", "9"),
        quota=(("2024-01-01", 3000), ("2026-06-01", 5000)),
        origin_cap=(cap("ALB", 2500), cap("MDA", 1500), cap("MDA", 900, "2027-01-01")),
        stay="12 month",
        renewals=2,
        settlement_after="18 month",
        change_of_status=True,
        cooling_off="2 month",
        reentry=True,
        max_stays=3,
        floors=(Floor(origin="ALB", occupation="2", density=55, source="test"),),
    )


def members(values: np.ndarray, count: int, seed: int, **labels: str) -> xr.DataArray:
    """Return an array spread over members by factors around one."""
    x = Cells(tuple(map(tuple, values)) if values.ndim > 1 else tuple(values), **labels).array("1")
    factors = np.random.default_rng(seed).uniform(0.5, 1.5, count)
    return x * xr.DataArray(factors, {"member": np.arange(count)}, "member")


@pytest.fixture
def inputs() -> dict:
    """Return labelled inputs of the pathway, by occupation, origin, sex and member."""
    rng = np.random.default_rng(5)
    apply = xr.DataArray(
        rng.uniform(100, 900, (3, 2, 2, 2, 4)),
        coords={
            "occupation": ["2", "5", "9"],
            "origin": ["ALB", "MDA"],
            "sex": ["F", "M"],
            "period": np.array(["2025-01-01", "2027-01-01"], "M8[s]"),
            "period_end": ("period", np.array(["2027-01-01", "2031-01-01"], "M8[s]")),
            "member": [0, 1, 2, 3],
        },
        dims=("occupation", "origin", "sex", "period", "member"),
        attrs={"units": "person/year"},
    )
    posts = xr.DataArray(
        rng.uniform(500, 3000, (2, 3, 4)),
        coords={
            "time": np.array(["2024-07-01", "2028-07-01"], "M8[s]"),
            "occupation": ["2", "5", "9"],
            "member": [0, 1, 2, 3],
        },
        dims=("time", "occupation", "member"),
        attrs={"units": "post"},
    )
    workers = Cells(((18000.0, 20.0, 30.0), (10.0, 20.0, 30.0)), origin="ALB MDA",
                    occupation="2 5 9").array("person")  # fmt: skip
    residents = Cells((2800.0, 2500.0), origin="ALB MDA").array("thousand person")
    residents = residents.assign_coords(time=np.datetime64("2024-01-01", "s"))
    visas = Cells((1800.0, 1200.0), origin="ALB MDA").array("person/year")
    pool = Cells((300.0, 100.0), origin="ALB MDA").array("person")
    pool = pool.expand_dims(occupation=["2", "5", "9"], sex=["F", "M"])
    return {
        "applicants": apply,
        "shortage": posts,
        "workers": workers,
        "residents": residents,
        "capacity": visas,
        "pool": pool,
    }
