"""Populations, readings and ledgers that the tests draw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov.core import definitions
from migov.core.definition import define

AGES = np.arange(0, 105, 5)


@pytest.fixture
def population() -> xr.DataArray:
    """Return persons by sex and age at one time; F and M in an order not drawn."""
    counts = np.outer([1.05, 1.0], np.linspace(120_000, 400, AGES.size))
    x = xr.DataArray(
        counts,
        {
            "sex": ["F", "M"],
            "age": AGES,
            "age_width": ("age", [5.0] * 20 + [np.inf]),
            "time": np.datetime64("2025-07-01", "s"),
            "area": "MDA",
        },
        ("sex", "age"),
        attrs={"units": "person", "long_name": "population by age and sex"},
    )
    return define(x, definitions.UN_WPP_2024)


@pytest.fixture
def moldova(shared) -> xr.DataArray:
    """Return the population of Moldova of World Population Prospects 2024."""
    path = shared / "golden/demography/wpp2024/population_by_age_sex.csv"
    frame = pd.read_csv(path, keep_default_na=False)
    frame = frame[frame["iso3"] == "MDA"].astype({"population_thousands": float})
    series = frame.set_index(["year", "sex", "age_start"])["population_thousands"]
    wide = series.to_xarray().rename(year="time", age_start="age")
    count = wide.sizes["age"]
    wide = wide.assign_coords(
        time=np.array([f"{year}-07-01" for year in wide.time.values], "M8[s]"),
        sex=[{"male": "M", "female": "F"}[name] for name in wide.sex.values],
        age_width=("age", [5.0] * (count - 1) + [np.inf]),
        area="MDA",
    )
    wide.attrs = {
        "units": "thousand person",
        "long_name": "population of Moldova",
        "references": "United Nations (2024), World Population Prospects 2024",
    }
    return define(wide, definitions.UN_WPP_2024)


@pytest.fixture
def force() -> xr.DataArray:
    """Return a labour force by time and member: members 0 … 4 lie 10 thousand apart."""
    times = np.array(["2025-07-01", "2030-07-01", "2035-07-01"], "M8[s]")
    values = 1e6 + 1e4 * np.arange(5)[:, None] - 1e5 * np.arange(3)
    x = xr.DataArray(
        values,
        {"member": np.arange(5), "time": times, "area": "MDA"},
        ("member", "time"),
        attrs={"units": "person", "long_name": "labour force"},
    )
    return define(x, definitions.ILO_MODELLED_LABOUR_FORCE)


@pytest.fixture
def posts() -> xr.DataArray:
    """Return unfilled posts by occupation."""
    return xr.DataArray(
        [800.0, 1200.0, 400.0],
        {"occupation": ["9", "2", "5"], "area": "DEU"},
        "occupation",
        attrs={"units": "post", "long_name": "unfilled posts"},
    )


@pytest.fixture
def ledger() -> xr.DataArray:
    """Return net gains by actor against home and the mix; members in steps of a million."""
    middle = np.array([[42e6, 6e6, -9e6], [17e6, 4e6, -3e6]])
    return xr.DataArray(
        middle[:, :, None] + 1e6 * np.arange(-2, 3),
        {
            "against": ["home", "mix"],
            "actor": ["migrants", "destination", "origin"],
            "member": np.arange(5),
        },
        ("against", "actor", "member"),
        attrs={"units": "EUR", "price_base": 2020, "long_name": "net gains"},
    )
