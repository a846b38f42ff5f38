"""Inputs of the tests of demography: published figures, small populations, a slow projection."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import migov as mg


def _load(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SLOW = _load("slow")


@pytest.fixture(scope="session")
def slow():
    """The independent slow projection."""
    return SLOW


def july(year):
    return np.datetime64(f"{year}-07-01", "s")


def array(values, unit, **labels):
    """An array whose dimensions are the labels, in their order; ages as (lower, last width)."""
    coords = {}
    for name, given in labels.items():
        if name == "age":
            lower, last = given
            coords["age"] = np.asarray(lower)
            coords["age_width"] = ("age", np.append(np.diff(lower), last).astype(float))
        elif name == "period":
            starts, length = given
            coords["period"] = [july(y) for y in starts]
            coords["period_end"] = ("period", [july(y + length) for y in starts])
        else:
            coords[name] = list(given)
    return xr.DataArray(np.asarray(values, float), coords, list(labels), attrs={"units": unit})


FIVE = list(range(0, 101, 5))
ABRIDGED = [0, 1, *FIVE[1:]]
YEARS = range(2020, 2100, 5)


@pytest.fixture(scope="session")
def wpp(shared):
    """Six countries of the World Population Prospects 2019 as arguments of a projection."""
    read = SLOW.read_wpp(shared / "golden" / "demography" / "wpp2019")
    areas = list(read["timing"])
    periods = (list(YEARS), 5)

    def table(name, of_age=lambda x: x):
        return [[[of_age(read[name][c, y, s]) for s in "FM"] for y in YEARS] for c in areas]

    people = [[read["people"][c, 2020, s] for s in "FM"] for c in areas]
    given = {
        "population": mg.define(
            array(people, "person", area=areas, sex="FM", age=(FIVE, np.inf)).assign_coords(
                time=july(2020)
            ),
            mg.definitions.UN_WPP_2019,
        ),
        "mortality": array(
            table("mx"), "1/year", area=areas, period=periods, sex="FM", age=(ABRIDGED, np.inf)
        ),
        "fertility": array(
            [[[read["asfr"][c, y][i] for i in range(3, 10)] for y in YEARS] for c in areas],
            "1/year",
            area=areas,
            period=periods,
            age=(list(range(15, 50, 5)), 5),
        ),
        "migration": array(
            table("migrants"), "person", area=areas, period=periods, sex="FM", age=(FIVE, np.inf)
        ),
        "sex_ratio": array(
            [[read["ratio"][c, y] for y in YEARS] for c in areas], "1", area=areas, period=periods
        ),
    }
    published = array(
        [[[read["people"][c, y, s] for s in "FM"] for y in range(2020, 2105, 5)] for c in areas],
        "person",
        area=areas,
        time=[july(y) for y in range(2020, 2105, 5)],
        sex="FM",
        age=(FIVE, np.inf),
    )
    return {"given": given, "timing": read["timing"], "published": published, "read": read}


@pytest.fixture
def small():
    """A population of two areas that anyone can follow: groups 0-4 … 65+, three steps."""
    lower = list(range(0, 66, 5))
    areas, years, sexes = ["DEU", "MDA"], ([2020, 2025, 2030], 5), "FM"
    k, rates = len(lower), [0, 1, *lower[1:]]
    people = np.linspace(400, 100, k) * np.array([1.0, 0.5])[:, None, None] * np.ones((2, 2, 1))
    m = 0.001 * np.exp(0.3 * np.arange(k + 1)) + np.array([0.02] + [0.0] * k)
    m = m * np.array([1.0, 1.4])[:, None]
    moves = np.zeros((2, 3, 2, k))
    moves[0, :, :, 4:6], moves[1, :, :, 4:6] = 20.0, -10.0
    return {
        "population": array(
            people, "person", area=areas, sex=sexes, age=(lower, np.inf)
        ).assign_coords(time=july(2020)),
        "mortality": array(
            np.broadcast_to(m, (2, 3, 2, k + 1)),
            "1/year",
            area=areas,
            period=years,
            sex=sexes,
            age=(rates, np.inf),
        ),
        "fertility": array(
            np.full((2, 3, 7), 0.05), "1/year", area=areas, period=years, age=(range(15, 50, 5), 5)
        ),
        "migration": array(
            moves, "person", area=areas, period=years, sex=sexes, age=(lower, np.inf)
        ),
        "sex_ratio": array(np.full((2, 3), 1.05), "1", area=areas, period=years),
    }


@pytest.fixture(scope="session")
def make():
    """The maker of arrays, and of instants at 1 July."""
    array.july = july
    return array
