"""Which rules close published projections, and what a unit off by a thousand does to one."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import UnitError

RULES = {
    "mean": "plain_mean_of_start_and_end",
    "adjusted": "mean_of_migration_adjusted_start_and_end",
}
TIMINGS = {"even": "half_at_start_half_at_end", "end": "end_of_period"}


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("births", RULES)
def test_errors_of_closure_are_the_published_ones(shared, wpp, births):
    """Six countries, each with its own timing: errors of 2050 and 2100 to a thousandth percent."""
    table = {
        (r["iso3"], r["migration_timing"], r["births_exposure_rule"]): r
        for r in rows(shared / "golden" / "demography" / "closure_by_births_rule.csv")
        if r["source"].startswith("WPP2019")
    }
    timing = wpp["timing"]
    spec = mg.demography.CohortComponent(migration_timing=timing, births_exposure=births)
    out = spec.run(**wpp["given"]).population.sum(["sex", "age"])
    wanted = wpp["published"].sum(["sex", "age"])
    for area in timing:
        r = table[area, TIMINGS[timing[area]], RULES[births]]
        for year in (2050, 2100):
            at = f"{year}-07-01"
            ratio = float(out.sel(area=area, time=at)) / float(wanted.sel(area=area, time=at))
            found, told = 100 * (ratio - 1), float(r[f"relative_error_{year}_percent"])
            assert found == pytest.approx(told, abs=1e-3), (area, year)
    if births == "mean":
        largest = max(abs(float(r["relative_error_2100_percent"])) for (a, t, b), r in table.items()
                      if b == RULES["mean"] and t == TIMINGS[timing[a]])  # fmt: skip
        assert largest < 0.023


@pytest.fixture(scope="module")
def canada(shared):
    """Canada in single years and ages, 2009-2020: inputs, and the output of a peer."""
    folder = shared / "golden" / "demography" / "single_year"
    years, sexes = range(2009, 2020), {"female": 0, "male": 1}
    day = [np.datetime64(f"{y}-07-01", "s") for y in range(2009, 2021)]
    period = {"period": day[:-1], "period_end": ("period", day[1:])}
    age = {"age": np.arange(101), "age_width": ("age", np.append(np.ones(100), np.inf))}

    def cube(name, column, keep=lambda r: True, of_age="age_start", count=11):
        values = np.full((count, 2, 101), np.nan)
        for r in rows(folder / f"canada_{name}.csv"):
            if keep(r):
                cell = (int(r["year"]) - 2009, sexes[r["sex"]], int(r[of_age]))
                values[cell] = float(r[column])
        return values

    def rates(values, unit):
        coords = {**period, "sex": ["F", "M"], **age}
        return xr.DataArray(values, coords, ("period", "sex", "age"), attrs={"units": unit})

    people = cube("population_output", "value", of_age="age", count=12)
    told = [int(r["age_start"]) for r in rows(folder / "canada_fertility_input.csv")]
    mothers = list(range(min(told), max(told) + 1))  # ages without births are left out in it
    births = np.zeros((11, len(mothers)))
    for r in rows(folder / "canada_fertility_input.csv"):
        births[int(r["year"]) - 2009, mothers.index(int(r["age_start"]))] = float(r["asfr"])
    young = {"age": mothers, "age_width": ("age", np.ones(len(mothers)))}
    parts = rows(folder / "canada_components.csv")
    ratio = [float(r["sex_ratio_at_birth"]) for r in parts][: len(years)]
    given = {
        "population": xr.DataArray(
            people[0], {"sex": ["F", "M"], **age, "time": day[0]}, ("sex", "age"),
            attrs={"units": "person"}),
        "mortality": rates(
            cube("mortality_input", "value", lambda r: r["indicator"] == "lt_nMx"), "1/year"),
        "fertility": xr.DataArray(
            births, {**period, **young}, ("period", "age"), attrs={"units": "1/year"}),
        "migration": rates(cube("migration_input", "net_migrants"), "person"),
        "sex_ratio": xr.DataArray(ratio, period, "period", attrs={"units": "1"}),
    }  # fmt: skip
    return given, people, parts


SINGLE = mg.demography.CohortComponent(step=1, migration_timing="end")


def test_persons_as_thousands_are_what_the_peer_printed(canada):
    """The peer took persons for thousands: its arrivals of eleven years are 2,700, not 2.7 million.

    (Its first population, of 23.39 million, is not Canada's of 2009 either.)
    """
    given, people, parts = canada
    right = SINGLE.run(**given)
    wrong = (given["migration"] / 1000).assign_attrs(units="person")
    out = SINGLE.run(**{**given, "migration": wrong})
    last = out.population.isel(time=-1)
    assert float(last.sum()) == pytest.approx(23.67e6, rel=1e-3)
    lost = float((right.population.isel(time=-1) - last).sum())
    moved = float(given["migration"].sum())
    assert moved == pytest.approx(2733087.69, abs=0.01)
    more = float(right.births.sum() - out.births.sum() - right.deaths.sum() + out.deaths.sum())
    assert more > 0  # the children of those who came
    assert lost == pytest.approx(0.999 * moved + more, rel=1e-9)
    below = slice(0, 99)
    np.testing.assert_allclose(last.sel(age=below).values, people[-1][:, :100], atol=60)
    told = [float(r["births"]) for r in parts][:11]
    np.testing.assert_allclose(out.births.sum("sex").values, told, rtol=1e-4)
    # the unit said, the same numbers are those of the projection that is right
    thousand = (given["migration"] / 1000).assign_attrs(units="thousand person")
    again = SINGLE.run(**{**given, "migration": thousand})
    np.testing.assert_allclose(again.population.values, right.population.values, rtol=1e-12)


def test_rates_in_the_place_of_persons_are_refused(canada):
    given, _, _ = canada
    with pytest.raises(UnitError, match="migration"):
        SINGLE.run(**{**given, "migration": given["migration"].assign_attrs(units="1/year")})
