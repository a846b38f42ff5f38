"""Net migration that holds any indicator: against the closed forms, a bisection, bad inputs."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import (
    AccountError,
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    UnitError,
)
from migov.demography import (
    CohortComponent,
    demographic_arithmetic,
    kernels_target,
    net_migration_for_target,
)

NAMES = ("population", "mortality", "fertility")


@pytest.fixture
def given(small):
    """Two areas, three steps, migrants of 20-34."""
    lower = small["population"].age
    weight = ((lower >= 20) & (lower < 35)).astype(float)
    pattern = (weight / (2 * weight.sum())).expand_dims(sex=["F", "M"]).assign_attrs(units="1")
    return {**{n: x for n, x in small.items() if n != "migration"}, "pattern": pattern}


def run(given, **more):
    rest = {n: x for n, x in given.items() if n not in NAMES}
    return net_migration_for_target(*(given[n] for n in NAMES), **{**rest, **more})


def everyone(x):
    return mg.total(x, ["sex", "age"])


def support(x):
    """Persons of 15 to 59 per person of 60 and more."""
    both = mg.total(x, "sex")
    old = both.sel(age=slice(60, None)).sum("age", skipna=False)
    return both.sel(age=slice(15, 59)).sum("age", skipna=False) / old


def arithmetic(given, scenario, **more):
    rest = {n: x for n, x in given.items() if n not in NAMES}
    return demographic_arithmetic(
        *(given[n] for n in NAMES), scenarios=scenario, working_ages=(15, 60), **{**rest, **more}
    ).isel(scenario=0)


def test_a_floor_of_the_support_ratio_is_scenario_v(given):
    wanted = arithmetic(given, "V", floor=9.0)
    found = run(given, indicator=support, target=9.0)
    assert float(wanted.net_migration.max()) > 0
    np.testing.assert_allclose(
        found.net_migration.transpose(*wanted.net_migration.dims),
        wanted.net_migration,
        rtol=1e-9,
        atol=1e-9,
    )
    np.testing.assert_allclose(
        found.population.transpose(*wanted.population.dims), wanted.population, rtol=1e-10
    )
    assert "neither a forecast nor a recommendation" in found.attrs["caveat"]
    assert found.net_migration.attrs["caveat"] == found.attrs["caveat"]


def test_a_total_is_held_exactly_and_each_cell_by_its_own_target(given):
    now = everyone(given["population"])
    found = run(given, indicator=everyone, target=now.drop_vars("time"), keep="at", least=-5.0)
    for name in ("DEU", "MDA"):
        np.testing.assert_allclose(
            found.indicator.sel(area=name), np.full(4, float(now.sel(area=name))), rtol=1e-10
        )
    people, moved = found.population, found.migration
    dims = ("period", "area")
    change = people.sum(["sex", "age"]).transpose("time", "area").diff("time").values
    terms = found.births.sum("sex") - found.deaths.sum(["sex", "age"]) + moved.sum(["sex", "age"])
    np.testing.assert_allclose(change, terms.transpose(*dims).values, rtol=1e-9, atol=1e-9)


def test_targets_by_period_and_the_good_side(given):
    free = run(given, indicator=everyone, target=0.0)
    assert float(abs(free.net_migration).max()) == 0.0
    periods = given["mortality"].period
    base = everyone(given["population"]).drop_vars("time")
    path = base * xr.DataArray([1.0, 1.05, 1.2], {"period": periods}, "period")
    found = run(given, indicator=everyone, target=path)
    wanted = np.maximum(path.transpose("area", "period"), free.indicator.isel(time=slice(1, None))
                        .transpose("area", "time").values)  # fmt: skip
    reached = found.indicator.isel(time=slice(1, None)).transpose("area", "time").values
    assert (reached >= path.transpose("area", "period").values * (1 - 1e-12)).all()
    assert reached[:, 2] == pytest.approx(path.transpose("area", "period").values[:, 2])
    assert wanted.shape == reached.shape


def test_not_above_and_emigration(given):
    now = everyone(given["population"]).drop_vars("time")
    out = run(given, indicator=everyone, target=now * 0.9, keep="at", least=-1.0)
    assert float(out.net_migration.isel(period=0).max()) < 0
    np.testing.assert_allclose(out.indicator.isel(time=1).values, 0.9 * now.values, rtol=1e-10)


def test_what_cannot_be_reached_says_so_with_the_nearest(given):
    """Above the ratio of the arrivals themselves no number helps; the other area goes on."""
    target = xr.DataArray([1e4, 2.0], {"area": ["DEU", "MDA"]}, "area")
    found = run(given, indicator=support, target=target)
    assert found.unattainable.sel(area="DEU").all()
    assert not found.unattainable.sel(area="MDA").any()
    assert np.isnan(found.net_migration.sel(area="DEU")).all()
    assert np.isnan(found.population.sel(area="DEU").isel(time=1)).all()
    assert np.isfinite(found.population.sel(area="DEU").isel(time=0)).all()
    nearest = float(found.nearest.sel(area="DEU").isel(period=0))
    assert 3 < nearest < 1e4
    assert found.nearest.sel(area="DEU").notnull().sum() == 1


def test_members_and_areas_stand_alone(given):
    many = {**given, "fertility": xr.concat(
        [given["fertility"], 0.8 * given["fertility"]], "member").assign_coords(member=[4, 9])
        .assign_attrs(units="1/year")}  # fmt: skip
    full = run(many, indicator=support, target=9.0)
    one = {**many, "fertility": many["fertility"].sel(member=[9])}
    alone = run(one, indicator=support, target=9.0)
    np.testing.assert_array_equal(
        full.net_migration.sel(member=[9]).values, alone.net_migration.values
    )
    area = {n: x.sel(area=["MDA"]) if "area" in x.dims else x for n, x in many.items()}
    np.testing.assert_allclose(
        run(area, indicator=support, target=9.0).net_migration.values,
        full.net_migration.sel(area=["MDA"]).values,
        rtol=1e-9,
    )


def test_an_indicator_of_the_catalogue(given):
    ratio = mg.OldAgeDependencyRatio(lower=15, upper=60)
    found = run(given, indicator=lambda x: ratio(mg.total(x, "sex")), target=25.0,
                keep="not above")  # fmt: skip
    assert found.indicator.attrs["units"] == "percent"
    assert float(found.indicator.isel(time=slice(1, None)).max()) <= 25.0 * (1 + 1e-9)


def test_roots_against_bisection():
    rng = np.random.default_rng(1)
    shift = rng.uniform(0.5, 20.0, 50)
    calls = []

    def f(x):
        calls.append(1)
        return np.tanh(x - shift) + 0.1 * (x - shift) ** 3

    low, high = np.zeros(50), np.full(50, 40.0)
    found = kernels_target.crossings(f, low, high)
    a, b = low.copy(), high.copy()
    for _ in range(200):
        middle = (a + b) / 2
        a, b = np.where(f(middle) < 0, middle, a), np.where(f(middle) < 0, b, middle)
    np.testing.assert_allclose(found.at, (a + b) / 2, rtol=1e-12)
    assert np.isnan(found.nearest).all()
    line = kernels_target.crossings(lambda x: 3.0 * x - shift, low, high)
    np.testing.assert_allclose(line.at, shift / 3.0, rtol=1e-14)
    none = kernels_target.crossings(lambda x: x + shift, low, high)
    assert np.isnan(none.at).all()
    np.testing.assert_array_equal(none.nearest, shift)


TWO = xr.DataArray([1.0], {"area": ["FRA"]}, "area")


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [
        ({"keep": "below"}, ParameterError, "keep"),
        ({"least": 2.0, "most": 1.0}, ParameterError, "most"),
        ({"indicator": 3}, KindError, "indicator"),
        ({"indicator": lambda x: 3.0}, KindError, "returns a float"),
        ({"indicator": lambda x: mg.total(x, "sex")}, DimensionError, "'age'"),
        ({"target": "much"}, ParameterError, "target"),
        ({"target": np.nan}, ParameterError, "target"),
        ({"target": TWO}, AlignmentError, "FRA"),
        ({"projection": 5}, KindError, "projection"),
        ({"projection": CohortComponent(step=1)}, MigovError, "step"),
        (
            {"indicator": lambda x: np.floor(everyone(x) / 500), "target": 20.5},
            AccountError,
            "jumps",
        ),
    ],
)
def test_bad_input_is_refused(given, change, kind, told):
    with pytest.raises(kind, match=told) as fault:
        run(given, **{"indicator": everyone, "target": 12000.5, "keep": "at", **change})
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)


def test_shares_that_do_not_add_up_are_refused(given):
    half = (given["pattern"] / 2).assign_attrs(units="1")
    with pytest.raises(InputError, match=r"^net_migration_for_target: pattern adds up to"):
        run({**given, "pattern": half}, indicator=everyone, target=1.0)


def test_a_target_has_a_unit_and_its_periods_by_label(given):
    thousands = xr.DataArray([9.5, 9.2, 9.9], {"period": given["mortality"].period}, "period")
    plain = run(given, indicator=everyone, target=1000 * thousands, keep="at", least=-0.5)
    np.testing.assert_allclose(plain.indicator.sel(area="DEU")[1:], 1000 * thousands, rtol=1e-9)
    unit = thousands.assign_attrs(units="thousand person")
    turned = unit.isel(period=[2, 0, 1])
    for target in (unit, turned):
        found = run(given, indicator=everyone, target=target, keep="at", least=-0.5)
        np.testing.assert_array_equal(found.net_migration, plain.net_migration)
    for target, kind in (
        (thousands.assign_attrs(units="percent"), UnitError),
        (thousands.isel(period=[0, 1]), AlignmentError),
        (thousands.drop_vars("period"), AlignmentError),
    ):
        with pytest.raises(kind) as caught:
            run(given, indicator=everyone, target=target)
        assert caught.value.argument == "target"
        pickle.loads(pickle.dumps(caught.value))


def test_departures_are_found_too_until_a_group_is_empty(given):
    """With a negative end, the good side is met by departures; no group falls below zero."""
    still = run(given, indicator=everyone, target=1.0).indicator.sel(area="DEU")
    goal = float(still.isel(time=1)) - 200.0
    held = run(given, indicator=everyone, target=goal, keep="not above", least=-0.5)
    one = held.sel(area="DEU")
    assert float(one.indicator.isel(time=1)) == pytest.approx(goal, rel=1e-9)
    assert float(one.net_migration.isel(period=0)) < 0
    assert float(held.sel(area="MDA").net_migration.isel(period=0)) == 0
    assert float(held.population.min()) >= 0
    far = run(given, indicator=everyone, target=100.0, keep="not above", least=-1.0)
    assert far.unattainable.all()
    nearest = far.nearest.isel(period=0)
    assert ((nearest > 100.0) & (nearest < still.isel(time=1))).all()


def test_an_indicator_is_a_number_for_each_cell(given):
    with pytest.raises(DimensionError, match="lacks 'area'"):
        run(given, indicator=lambda x: x.sum(["sex", "age", "area"]), target=1.0)
    with pytest.raises(InputError, match=r"no number in the period 2020.* at area MDA"):
        run(given, indicator=lambda x: everyone(x).where(x.area == "DEU"), target=1.0)
    alone = {n: x.isel(area=[0]) if "area" in x.dims else x for n, x in given.items()}
    found = run(alone, indicator=lambda x: x.sum(["sex", "age", "area"]), target=9.9e3)
    wanted = run(alone, indicator=everyone, target=9.9e3)
    np.testing.assert_allclose(found.net_migration, wanted.net_migration, rtol=1e-12)
