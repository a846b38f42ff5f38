"""Runs on workers, and numbers far from the usual ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from migov.core.cases import Cells
from migov.demography import CohortComponent, life_table

SINGLE = np.append(np.ones(100), np.inf)


@pytest.mark.slow
def test_a_worker_that_is_killed_leaves_the_result_whole_and_the_same(tmp_path):
    program = Path(__file__).with_name("lose_worker.py")
    found = subprocess.run(  # sockets are closed in this process
        [sys.executable, str(program), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "lost True same True" in found.stdout, found.stderr[-2000:]
    assert [path.name for path in tmp_path.iterdir()] == ["run.zarr"]


# --- projection ------------------------------------------------------------------------------


def run(given, **options):
    arguments = {**given}
    ratio = arguments.pop("sex_ratio")
    return CohortComponent(**options).run(**arguments, sex_ratio=ratio)


def scaled(given, factor, names=("population", "migration")):
    out = dict(given)
    for name in names:
        out[name] = (given[name] * factor).assign_attrs(given[name].attrs)
    return out


@pytest.mark.parametrize("power", [-900, 40])
def test_persons_of_any_number_are_projected_alike(small, power):
    """Persons enter linearly: a power of two, to 10^-268 and over 10^14, changes no bit."""
    factor = 2.0**power
    wanted, found = run(small), run(scaled(small, factor))
    for name in wanted.data_vars:
        assert np.array_equal(found[name].values, wanted[name].values * factor), name


@pytest.mark.parametrize("ax", ["greville", "coale_demeny", "constant_force", "half"])
def test_nobody_dies_at_the_smallest_rates(small, ax):
    """At 10^-300 a year persons only age; the account closes to rounding."""
    given = dict(small)
    rate = xr.full_like(small["mortality"], 1e-300)
    given["mortality"] = rate
    out = run(given, ax=ax)
    none = run({**given, "mortality": xr.zeros_like(rate)}, ax=ax)
    np.testing.assert_allclose(out.population, none.population, rtol=1e-14)
    assert float(abs(out.deaths).max()) <= 1e-12 * float(out.population.max())


def test_numbers_in_single_precision_are_those_in_double(small):
    """float32 is widened first: the result is that of the rounded numbers, in double."""
    given = {name: x.astype("float32") for name, x in small.items()}
    widened = {name: x.astype(float) for name, x in given.items()}
    out = run(given)
    assert out.identical(run(widened))
    assert all(out[name].dtype == float for name in out.data_vars)
    np.testing.assert_allclose(out.population, run(small).population, rtol=1e-5)


def test_nobody_anywhere_stays_nobody(small):
    out = run(scaled(small, 0.0))
    assert all(not out[name].values.any() for name in out.data_vars)


# --- life tables -----------------------------------------------------------------------------


@pytest.mark.parametrize("ax", ["half", "coale_demeny", "greville", "constant_force"])
@pytest.mark.parametrize("level", [1e-300, 1e-150, 1e-12])
def test_tables_at_the_smallest_rates(ax, level):
    """Nobody dies below 80: 80 years and the inverse of the last rate, to 1e-12."""
    rates = [level, level, *[level] * 15, 0.1]
    ages = "0 1-4 " + " ".join(f"{x}-{x + 4}" for x in range(5, 80, 5)) + " 80+"
    table = life_table(Cells(tuple(rates), age=ages).array("1/year"), ax=ax)
    e0 = float(table.life_expectancy[0])
    assert abs(e0 / 90.0 - 1.0) < 1e-12 + 200.0 * level
    q = table.death_probability.values[:-1]
    width = np.array([1, 4, *[5] * 15])
    np.testing.assert_allclose(q, width * level, rtol=1e-9)  # tiny chances keep their digits
    assert np.isfinite(table.to_array().values).all()


def test_tables_where_nobody_is_left():
    """Survivors fall below the smallest number; expectations stay those of the rates."""
    rates = np.append(np.full(100, 1.99999), 2.0)
    m = xr.DataArray(
        rates,
        {"age": np.arange(101.0), "age_width": ("age", SINGLE)},
        "age",
        attrs={"units": "1/year"},
    )
    table = life_table(m, ax="half")
    assert float(table.survivors[-1]) == 0.0
    np.testing.assert_allclose(table.life_expectancy[50:], 0.5, rtol=1e-5)


def test_ages_without_deaths_and_tables_in_single_precision():
    rates = Cells((0.02, 0.0, 0.0, 0.1), age="0 1-4 5-69 70+").array("1/year")
    table = life_table(rates, ax="greville")
    assert table.death_probability.values[1:3].tolist() == [0.0, 0.0]
    assert table.survivors.values[1] == table.survivors.values[3]
    single = rates.astype("float32")
    found = life_table(single, ax="half")
    assert found.identical(life_table(single.astype(float), ax="half"))
    np.testing.assert_allclose(
        found.life_expectancy, life_table(rates, ax="half").life_expectancy, rtol=1e-6
    )


def test_deaths_of_a_large_nation_and_of_a_small_one():
    """10^12 and 10^-12 persons give the same rates, hence the same table."""
    ages = "0 1-4 5-69 70+"
    period = "2020-01-01/2021-01-01"
    dead = Cells(((20.0, 1.0, 30.0, 90.0),), period=period, age=ages)
    lived = Cells(((1000.0, 4000.0, 9000.0, 900.0),), period=period, age=ages)
    one = life_table(deaths=dead.array("person"), exposure=lived.array("person year"))
    for factor in (2.0**40, 2.0**-40):
        deaths = dead.array("person")
        exposure = lived.array("person year")
        again = life_table(
            deaths=deaths.copy(data=deaths.values * factor),
            exposure=exposure.copy(data=exposure.values * factor),
        )
        assert again.identical(one)
