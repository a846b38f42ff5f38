"""What holds of every model that draws members: labels, order, units, correlation, aggregation."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from demography.cases import AREAS, SEEDS, few
from hypothesis import given

from migov.core.errors import (
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.demography import (
    FertilityDecline,
    LeeCarter,
    LiLee,
    MigrationRateModel,
    MortalityForecast,
    PathModel,
    RogersCastro,
    ScaledError,
    draw_paths,
    extend_old_age,
    fit_rogers_castro,
)

FEW = few(4)
NAMES = ("mortality", "fertility", "migration")


def array(values, unit, **labels):
    coords = {}
    for name, told in labels.items():
        if name == "age":
            coords["age"] = list(told)
            coords["age_width"] = ("age", np.append(np.diff(told), np.inf).astype(float))
        elif name == "period":
            first, length, steps = told
            edges = [np.datetime64(f"{first + length * i}-07-01", "s") for i in range(steps + 1)]
            coords["period"], coords["period_end"] = edges[:-1], ("period", edges[1:])
        else:
            coords[name] = list(told)
    return xr.DataArray(np.asarray(values, float), coords, list(labels), attrs={"units": unit})


def history(rng, periods=12):
    """Death rates of two sexes in three areas that fall together."""
    age = np.arange(0, 90, 10.0)
    fall = -0.02 * np.arange(periods) + np.cumsum(0.02 * rng.standard_normal(periods))
    own = 0.03 * rng.standard_normal((3, 2, 9, periods)) + 0.2 * rng.standard_normal((3, 2, 1, 1))
    logs = -8 + 0.085 * age[:, None] + fall + own
    return array(np.exp(logs), "1/year", area=AREAS, sex="FM", age=list(range(0, 90, 10)),
                 period=(2000, 1, periods))  # fmt: skip


def path_inputs(rng):
    ages, steps = [0, 20, 40, 60], (2020, 5, 3)
    return {
        "mortality": array(rng.uniform(0.001, 0.2, (3, 3, 2, 4)), "1/year", area=AREAS,
                           period=steps, sex="FM", age=ages),
        "fertility": array(rng.uniform(0.01, 0.1, (3, 3, 2)), "1/year", area=AREAS, period=steps,
                           age=[20, 40]).assign_coords(age_width=("age", [20.0, 10.0])),
        "migration": array(rng.normal(0, 50, (3, 3, 2, 4)), "person", area=AREAS, period=steps,
                           sex="FM", age=ages),
    }  # fmt: skip


def posterior(step=5):
    rows = [
        (a, p, m, s)
        for i, a in enumerate(AREAS)
        for p, m, s in (("phi", 0.6, 0.1), ("mu", 0.001 * i, 0.001), ("sigma", 0.002, 5e-4))
    ]
    table = pd.DataFrame(rows, columns=["area", "parameter", "mean", "sd"])
    return MigrationRateModel(draws=50).from_posterior(table, step=step, seed=3)  # fmt: skip


def lee_carter(rates, members):
    fit = LeeCarter().run(rates=rates)
    return MortalityForecast(horizon=3).run(fit, members=members, seed=11).death_rate


def li_lee(rates, members):
    spec = LiLee(over="sex", deviations="walk")
    return spec.forecast(spec.run(rates=rates), horizon=3, members=members, seed=11).death_rate


def scaled(rates, members):
    spec = ScaledError(process="mortality", kappa=0.3, age_correlation=0.8, area_correlation=0.5,
                       sexes="own")  # fmt: skip
    return spec.run(rates, 0.1, members=members, seed=11)


def migrants(rates, members):
    spec = MigrationRateModel(draws=50)
    return spec.run(posterior(), rates, periods=2, members=members, seed=11).rate


def of_paths(name):
    def call(rates, members):
        inputs = {**path_inputs(np.random.default_rng(0)), name: rates}
        inputs = {n: x.sel(area=[str(a) for a in rates.area.values]) for n, x in inputs.items()}
        model = PathModel(correlation=(0.3, -0.2, 0.5))
        return draw_paths(inputs, members=members, seed=11, model=model)[name]

    return call


CASES = {
    "LeeCarter": (lee_carter, history, 1e-7),
    "LiLee": (li_lee, history, 1e-7),
    "ScaledError": (scaled, lambda r: path_inputs(r)["mortality"], 0.0),
    "MigrationRateModel": (
        migrants,
        lambda r: array(r.normal(0, 0.003, (4, 3)), "1/year", period=(2000, 5, 4), area=AREAS),
        1e-12,
    ),
    **{f"PathModel {n}": (of_paths(n), lambda r, n=n: path_inputs(r)[n], 1e-12) for n in NAMES},
}


@pytest.mark.parametrize("name", CASES)
@given(seed=SEEDS)
@FEW
def test_a_member_of_an_area_is_the_same_whatever_else_is_drawn(name, seed):
    call, make, near = CASES[name]
    x = make(np.random.default_rng(seed))
    whole = call(x, members=[0, 3, 8])
    part = call(x.isel(area=[2, 0]), members=[8])
    want = whole.sel(area=part.area.values, member=[8]).transpose(*part.dims)
    np.testing.assert_allclose(part, want, rtol=near, atol=0)


@pytest.mark.parametrize("name", CASES)
@given(seed=SEEDS)
@FEW
def test_order_of_dimensions_and_labels_is_nothing(name, seed):
    call, make, near = CASES[name]
    x = make(np.random.default_rng(seed))
    one = call(x, members=3)
    turned = call(x.isel(area=[1, 2, 0]).transpose(*x.dims[::-1]), members=[2, 0, 1])
    again = turned.sel(area=one.area.values, member=one.member.values).transpose(*one.dims)
    np.testing.assert_allclose(again, one, rtol=max(near, 1e-12), atol=1e-12)


@pytest.mark.parametrize("name", CASES)
@given(seed=SEEDS)
@FEW
def test_units_in_other_spellings_give_the_same_members(name, seed):
    call, make, near = CASES[name]
    x = make(np.random.default_rng(seed))
    unit, factor = {"1/year": ("per_thousand/year", 1e3), "person": ("thousand person", 1e-3)}[
        x.attrs["units"]
    ]
    other = x.copy(data=x.values * factor).assign_attrs(units=unit)
    one, two = call(x, members=2), call(other, members=2)
    scale = factor if two.attrs["units"] == unit else 1.0
    np.testing.assert_allclose(two / scale, one, rtol=max(near, 1e-11), atol=1e-12)


@given(seed=SEEDS)
@FEW
def test_a_fit_of_li_and_lee_keeps_its_identities(seed):
    """What is observed is level, common part, own part and a rest that has no mean."""
    rates = history(np.random.default_rng(seed))
    fit = LiLee(over="area").run(rates=rates)
    logs = np.log(fit.observed)
    np.testing.assert_allclose(logs.mean("period"), fit.level, rtol=1e-12)
    np.testing.assert_allclose(fit.common_response.sum("age"), 1.0, rtol=1e-10)
    rest = logs - np.log(fit.fitted)
    np.testing.assert_allclose(rest.mean("period"), 0.0, atol=1e-12)
    assert ((fit.explained_common <= fit.explained) & (fit.explained <= 1)).all()
    for name in ("common_index", "index"):
        np.testing.assert_allclose(fit[name].sum("period"), 0.0, atol=1e-9)


def test_components_correlate_as_asked_in_every_area():
    inputs = path_inputs(np.random.default_rng(1))
    asked = (-0.4, 0.3, 0.5)
    spec = PathModel(correlation=asked, mortality_drift_sd=0.0)
    drawn = draw_paths(inputs, members=4000, seed=5, model=spec)
    for area in AREAS:
        moved = [
            np.log(drawn.mortality / inputs["mortality"]).isel(sex=0, age=1),
            np.log(drawn.fertility / inputs["fertility"]).isel(age=0),
            (drawn.migration - inputs["migration"]).isel(sex=0, age=1),
        ]
        first = [x.sel(area=area).isel(period=0).values for x in moved]
        found = np.corrcoef(first)[np.triu_indices(3, 1)]
        np.testing.assert_allclose(found, asked, atol=0.05)
    plain = draw_paths(inputs, members=3, seed=5)
    none = draw_paths(inputs, members=3, seed=5, model=PathModel(correlation=(0.0, 0.0, 0.0)))
    assert plain.identical(none)
    # the law of each alone is unchanged
    alone = draw_paths(inputs, members=4000, seed=5, model=PathModel(mortality_drift_sd=0.0))
    for name in NAMES:
        np.testing.assert_allclose(drawn[name].std("member"), alone[name].std("member"), rtol=0.08)
    assert "correlated between processes" in drawn.fertility.attrs["draws"]
    stated = json.loads(drawn.fertility.attrs["model"])
    assert PathModel(**{k: v for k, v in stated.items() if k != "class"}) == spec


def test_a_sum_over_areas_keeps_their_correlation():
    """The spread of a total is that of its correlated parts, not of independent ones."""
    rate = array(np.full((3, 3), 0.05), "1/year", area=AREAS, period=(2020, 5, 3))
    for rho in (0.0, 0.5, 1.0):
        spec = ScaledError(process="fertility", area_correlation=rho)
        drawn = np.log(spec.run(rate, 0.01, members=6000, seed=2)).isel(period=-1)
        whole, parts = float(drawn.sum("area").var("member")), float(drawn.var("member").mean())
        assert whole == pytest.approx(parts * (3 + 6 * rho), rel=0.08)


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (lambda: PathModel(correlation=(0.9, 0.9, -0.9)), ParameterError, "negative eigenvalue"),
        (lambda: PathModel(correlation=(0.1, 0.2)), ParameterError, "three numbers"),
        (lambda: PathModel(correlation=(0.1, 0.2, 3.0)), ParameterError, "correlation"),
        (lambda: PathModel(fertility_sd=3), ParameterError, r"fertility_sd=0\.03"),
        (
            lambda: draw_paths(
                {**path_inputs(np.random.default_rng(1)), "fertility":
                    path_inputs(np.random.default_rng(1))["fertility"].assign_attrs(units="person")
                }, members=2),
            UnitError,
            "fertility is in 'person'",
        ),
        (lambda: ScaledError(process="x").run(RATE, 10.0), ParameterError, "scale"),
        (
            lambda: ScaledError(process="x").run(RATE, array([2.0] * 3, "1", area=AREAS)),
            InputError,
            "scale is above one",
        ),
        (lambda: ScaledError(process="x").run(RATE, 0.1, members={"a": 1}), ParameterError,
         "members"),
        (lambda: ScaledError(process="x").run(RATE, 0.1, members=[[1], [2]]), ParameterError,
         "members"),
        (lambda: migrants((RATES * 1000).assign_attrs(units="1/year"), 2), InputError,
         "per person and year"),
        (lambda: read(mean=3.2), InputError, "level 3.2"),
        (lambda: read(mean="x"), InputError, "'x', which is no number"),
        (lambda: read(area=None), InputError, "rows without an area"),
        (lambda: MigrationRateModel().from_posterior(pd.DataFrame(
            {"area": [], "parameter": [], "mean": [], "sd": []}), step=5), InputError, "no rows"),
        (lambda: MigrationRateModel().from_posterior(pd.DataFrame(
            {"area": ["DEU"], "draw": [0], "phi": ["a"], "mu": [0.0], "sigma": [0.1]}), step=5),
         InputError, "'a', which is no number"),
        (lambda: MigrationRateModel().from_posterior([], step=5), KindError, "table"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(call, kind, told):
    with pytest.raises(kind, match=told) as caught:
        call()
    assert isinstance(caught.value, MigovError)
    assert caught.value.argument
    assert caught.value.mend
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


RATE = array(np.full((3, 3), 0.05), "1/year", area=AREAS, period=(2020, 5, 3))
RATES = array(np.full((4, 3), 0.004), "1/year", period=(2000, 5, 4), area=AREAS)


def read(**change):
    table = pd.DataFrame(
        [("DEU", "phi", 0.6, 0.1), ("DEU", "mu", 0.001, 0.001), ("DEU", "sigma", 0.002, 5e-4)],
        columns=["area", "parameter", "mean", "sd"],
    ).astype(object)
    for name, value in change.items():
        table.loc[1, name] = value
    return MigrationRateModel().from_posterior(table, step=5, seed=1)


TWICE = [
    (lambda m: FertilityDecline().run(m(array([1.5] * 3, "1", area=AREAS)), periods=2), "member"),
    (lambda m: FertilityDecline().run(m(array([1.5] * 3, "1", area=AREAS)), periods=2), "step"),
    (lambda m: lee_carter(m(history(np.random.default_rng(1))), 2), "member"),
    (lambda m: li_lee(m(history(np.random.default_rng(1))), 2), "member"),
    (lambda m: LeeCarter().run(rates=m(history(np.random.default_rng(1)))), "component"),
    (lambda m: ScaledError(process="x").run(m(RATE), 0.1, members=2), "member"),
    (lambda m: fit_rogers_castro(m(RogersCastro().rates())), "parameter"),
    (lambda m: extend_old_age(m(history(np.random.default_rng(1)).isel(period=0, drop=True)),
                              fit=(20, 70)), "parameter"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "name"), TWICE, ids=[f"{i} {n}" for i, (_, n) in enumerate(TWICE)]
)
def test_a_dimension_that_the_result_adds_is_refused_in_what_is_given(call, name):
    """Members of members once were numbers of one of them, without a word."""

    def many(x):
        out = xr.concat([x, 1.1 * x], name).assign_coords({name: [0, 1]})
        return out.transpose(*x.dims, name).assign_attrs(x.attrs)

    with pytest.raises(DimensionError, match=f"has '{name}' already") as caught:
        call(many)
    assert caught.value.argument
    assert name in caught.value.mend
    call(lambda x: many(x).isel({name: 0}, drop=True).assign_attrs(x.attrs))


def test_rates_of_members_are_fitted_and_continued_centrally():
    rates = history(np.random.default_rng(1))
    two = xr.concat([rates, 1.1 * rates], "member").assign_coords(member=[4, 9])
    two = two.assign_attrs(rates.attrs)
    ahead = MortalityForecast(horizon=2).run(LeeCarter().run(rates=two)).death_rate_central
    alone = MortalityForecast(horizon=2).run(LeeCarter().run(rates=rates)).death_rate_central
    np.testing.assert_allclose(ahead.sel(member=4).transpose(*alone.dims), alone, rtol=1e-9)


def test_correlations_that_cannot_be_are_told_with_some_that_can():
    with pytest.raises(ParameterError) as caught:
        PathModel(correlation=(0.9, 0.9, -0.9))
    text = caught.value.mend.removeprefix("correlation=").removesuffix(", say")
    near = PathModel(correlation=tuple(json.loads(text.replace("(", "[").replace(")", "]"))))
    assert near.correlation[0] == pytest.approx(-near.correlation[2])
    assert PathModel(correlation=(1.0, 1.0, 1.0)).weights("migration") == {"mortality": 1.0}


def test_a_population_of_one_date_stands_for_all_periods():
    people = array([83e6, 2.6e6, 38e6], "person", area=AREAS)
    dated = people.expand_dims(time=[np.datetime64("2020-07-01", "s")]).assign_attrs(people.attrs)
    spec = MigrationRateModel(draws=50)
    plain, one = (
        spec.run(posterior(), RATES, periods=2, members=2, seed=1, population=x, balance="shift")
        for x in (people, dated)
    )
    xr.testing.assert_identical(plain.migrants, one.migrants)
    two = xr.concat(
        [dated, dated.assign_coords(time=dated.time + np.timedelta64(366, "D"))], "time"
    )
    with pytest.raises(TimeError, match="2 dates") as caught:
        spec.run(posterior(), RATES, periods=2, population=two.assign_attrs(people.attrs))
    assert caught.value.argument == "population"
