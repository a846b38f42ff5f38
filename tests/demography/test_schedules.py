"""Schedules of migration and fertility against published values, identities, bad inputs."""

from __future__ import annotations

import csv
import pickle

import numpy as np
import pytest
import xarray as xr
from scipy.stats import gamma

import migov as mg
from migov.core.errors import AgeError, AlignmentError, InputError, MigovError, ParameterError
from migov.demography import (
    FertilityDecline,
    RogersCastro,
    fertility_schedule,
    fit_relational_fertility,
    fit_rogers_castro,
    kernels_schedules,
    relational_fertility,
)

FOLDER = "golden/demography/migration_age"


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def parameters(shared, folder=FOLDER):
    found = {}
    for r in rows(shared / folder / "rogers_castro_parameters.csv"):
        found.setdefault(r["parameter_set"], {})[r["parameter"]] = float(r["value"])
    return found


@pytest.mark.parametrize("name", ["standard_11", "retirement", "four_component"])
def test_rates_of_published_parameters(shared, name):
    wanted = [
        float(r["rate"])
        for r in rows(shared / FOLDER / "rogers_castro_rates.csv")
        if r["parameter_set"] == name
    ]
    found = RogersCastro(**parameters(shared)[name]).rates()
    np.testing.assert_allclose(found, wanted, rtol=1e-13)


def test_united_nations_schedules(shared):
    folder = shared / "golden/flows/rogers_castro"
    given = {}
    for r in rows(folder / "parameters_un1992.csv"):
        given.setdefault((r["schedule"], r["sex"]), {})[r["param"]] = float(r["value"])
    wanted = {}
    for r in rows(folder / "schedules_ages_0_90.csv"):
        wanted.setdefault((r["schedule"], r["sex"]), []).append(float(r["rate"]))
    compared = set(given) & set(wanted)
    assert len(compared) >= 6
    for key in compared:
        found = RogersCastro(**given[key]).rates(range(91))
        np.testing.assert_allclose(found, wanted[key], rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "components"),
    [
        ("standard_11", ("childhood", "labour", "constant")),
        ("retirement", ("childhood", "labour", "retirement", "constant")),
    ],
)
def test_a_fit_finds_the_parameters(shared, name, components):
    truth = parameters(shared)[name]
    fit = fit_rogers_castro(RogersCastro(**truth).rates(), components=components)
    assert bool(fit.converged)
    for one, value in truth.items():
        assert float(fit.estimate.sel(parameter=one)) == pytest.approx(value, rel=1e-4)
    np.testing.assert_allclose(fit.fitted, RogersCastro(**truth).rates(), rtol=1e-6)


def test_outliers_move_a_robust_fit_less():
    truth = RogersCastro()
    rng = np.random.default_rng(3)
    m = truth.rates()
    m = m * (1 + 0.02 * rng.standard_normal(m.size))
    m.attrs = {"units": "1/year"}
    m[[12, 45, 60]] = m[[12, 45, 60]] * 3
    off = {
        robust: abs(fit_rogers_castro(m, robust=robust).fitted - truth.rates()).mean()
        for robust in (True, False)
    }
    assert float(off[True]) < 0.5 * float(off[False])


def test_standard_errors_cover():
    truth = RogersCastro()
    inside = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        m = truth.rates()
        m = (m + 0.0004 * rng.standard_normal(m.size)).clip(0).assign_attrs(units="1/year")
        fit = fit_rogers_castro(m, robust=False)
        off = abs(fit.estimate.sel(parameter="mu2") - 20.0)
        inside.append(float(off / fit.standard_error.sel(parameter="mu2")) < 1.96)
    assert 0.85 <= np.mean(inside) <= 1.0


def test_each_population_is_fitted_on_its_own():
    one, two = RogersCastro().rates(), RogersCastro(mu2=24.0).rates()
    both = xr.concat([one, two], xr.Variable("area", ["DEU", "MDA"])).assign_attrs(one.attrs)
    fit = fit_rogers_castro(both)
    alone = fit_rogers_castro(two)
    np.testing.assert_array_equal(fit.estimate.sel(area="MDA"), alone.estimate)


# --- fertility -------------------------------------------------------------------------------


def number(value, **coords):
    return xr.DataArray(float(value), coords, attrs={"units": "1"})


SINGLE = tuple(range(10, 60))


def test_gamma_has_the_mean_and_spread_given():
    found = fertility_schedule(number(1.7), mean=29.0, spread=5.0, start=12.0, lower=SINGLE)
    age = found.age.values + 0.5
    share = found.values / found.values.sum()
    assert float(found.sum()) == pytest.approx(1.7, rel=1e-12)
    assert (share * age).sum() == pytest.approx(29.0, abs=0.01)
    assert np.sqrt((share * (age - 29) ** 2).sum()) == pytest.approx(5.0, abs=0.02)


def test_gamma_against_plain_integration():
    edges = np.arange(15.0, 51, 5)
    found = kernels_schedules.gamma_shares(edges, 28.0, 5.5, 13.0)
    shape = (15 / 5.5) ** 2
    reached = gamma.cdf(edges - 13.0, shape, scale=5.5**2 / 15)
    np.testing.assert_allclose(found, np.diff(reached) / (reached[-1] - reached[0]), rtol=1e-12)


def test_the_spline_has_its_defining_points():
    start, peak, half = 14.0, 26.0, 33.0
    x = np.array([start, peak, half])
    shape = kernels_schedules.spline_shape(x, start, peak, half)
    np.testing.assert_allclose(shape, [0, 1, 0.5], atol=1e-12)
    _, end = kernels_schedules.spline_knots(start, peak, half)
    near = kernels_schedules.spline_shape(
        np.array([peak - 1e-4, peak + 1e-4, end - 1e-4, end]), start, peak, half
    )
    np.testing.assert_allclose(near, [1, 1, 0, 0], atol=1e-7)
    fine = kernels_schedules.spline_shape(np.linspace(start, end, 4001), start, peak, half)
    assert fine.max() <= 1 + 1e-12
    assert abs(np.diff(fine, 2)).max() < 1e-4  # smooth
    rates = fertility_schedule(
        number(2.1), model="quadratic_spline", start=start, peak=peak, half=half, lower=SINGLE
    )
    assert float(rates.sum()) == pytest.approx(2.1, rel=1e-12)
    assert int(rates.age[int(np.argmax(rates.values))]) in (25, 26)


def test_relational_there_and_back():
    standard = fertility_schedule(number(1.0))
    total = xr.DataArray([1.2, 3.4], {"area": ["DEU", "MDA"]}, "area", attrs={"units": "1"})
    found = relational_fertility(total, standard, level=-0.3, shape=1.2)
    fit = fit_relational_fertility(found, standard)
    np.testing.assert_allclose(fit.total, total, rtol=1e-12)
    np.testing.assert_allclose(fit.level, -0.3, rtol=1e-10)
    np.testing.assert_allclose(fit["shape"], 1.2, rtol=1e-10)
    same = relational_fertility(number(1.0), standard)
    np.testing.assert_allclose(same, standard, rtol=1e-12)


def test_decline_is_greatest_in_between_and_small_at_both_ends():
    spec = FertilityDecline(delta=(2.0, 1.5, 1.5, 1.5), pace=0.4)
    fall = spec.fall(np.array([8.5, 4.0, 1.2]))
    assert fall[1] == pytest.approx(0.4, rel=0.15)
    assert fall[0] < 0.05
    assert fall[2] < 0.05
    total, slow = 5.0, []
    first, _, third, last = spec.delta
    for _ in range(4):
        begun = 1 / (1 + np.exp(-2 * np.log(9) / first * (total - 6.5 + first / 2)))
        ended = 1 / (1 + np.exp(-2 * np.log(9) / third * (total - last - third / 2)))
        total = total - 0.4 * (ended - begun)
        slow.append(total)
    found = spec.run(number(5.0), periods=4).total_fertility
    np.testing.assert_allclose(found, slow, rtol=1e-12)


def test_fertility_settles_about_its_ultimate_level():
    spec = FertilityDecline(ultimate=1.8, persistence=0.8, late_spread=0.1)
    found = spec.run(number(1.4, area="DEU"), periods=60, members=2000, seed=1)
    assert float(found.total_fertility[-1]) == pytest.approx(1.8, abs=1e-4)
    late = found.drawn.isel(step=-1)
    assert float(late.mean()) == pytest.approx(1.8, abs=0.02)
    assert float(late.std()) == pytest.approx(0.1 / np.sqrt(1 - 0.64), rel=0.06)


def test_a_decline_that_knows_its_period_names_those_that_follow():
    start = mg.Cells([6.0], period="2015-07-01/2020-07-01").array("1").isel(period=0)
    spec = FertilityDecline()
    found = spec.run(start, periods=3, members=2, seed=4)
    bare = spec.run(start.drop_vars(["period", "period_end"]), periods=3, members=2, seed=4)
    for name in ("total_fertility", "drawn"):
        assert np.array_equal(found[name], bare[name])
        assert found[name].dims == tuple(d.replace("step", "period") for d in bare[name].dims)
    assert [str(d)[:10] for d in found.period.values] == ["2020-07-01", "2025-07-01", "2030-07-01"]
    assert str(found.period_end.values[-1])[:10] == "2035-07-01"
    assert bare.step.values.tolist() == [1, 2, 3]


def test_draws_are_keyed():
    start = xr.DataArray([5.0, 1.5], {"area": ["KEN", "DEU"]}, "area", attrs={"units": "1"})
    spec = FertilityDecline()
    whole = spec.run(start, periods=5, members=[2, 8], seed=4)
    part = spec.run(start[1:], periods=5, members=[8], seed=4)
    xr.testing.assert_equal(part.drawn, whole.drawn.sel(area=["DEU"], member=[8]))


# --- what is refused -------------------------------------------------------------------------

m = RogersCastro().rates()


def test_groups_of_five_years_stand_for_their_middle():
    """Read at their lower bounds, the peak would come two and a half years too early."""
    single = RogersCastro().rates(range(100))
    wide = single.groupby(5 * (single.age // 5)).mean().rename(age="age")
    five = xr.DataArray(wide.values, {"age": range(0, 100, 5), "age_width": ("age", [5.0] * 20)},
                        "age", attrs={"units": "1/year"})  # fmt: skip
    found = fit_rogers_castro(five).estimate.sel(parameter="mu2")
    assert float(found) == pytest.approx(20.5, abs=0.4)  # single years are printed at their start
    early = fit_rogers_castro(five, at="lower").estimate.sel(parameter="mu2")
    assert float(found - early) == pytest.approx(2.5, abs=1e-3)
    model = RogersCastro().rates(range(0, 100, 5))
    again = RogersCastro().rates([x + 2.5 for x in range(0, 100, 5)], at="lower")
    np.testing.assert_allclose(model.values, again.values, rtol=1e-12)
    assert float(fit_rogers_castro(model).estimate.sel(parameter="mu2")) == pytest.approx(20.0)


def test_groups_without_births_at_the_end_are_left_out_of_a_fit():
    """Small populations have no births at 45-49; the fit once was infinite, without a word."""
    standard = fertility_schedule(number(2.0), mean=29)
    truth = relational_fertility(number(2.0), standard, level=0.1, shape=1.05)
    none = truth.where(truth.age < 45, 0.0).assign_attrs(units="1/year")
    both = xr.concat([truth, none], "area").assign_coords(area=["DEU", "MDA"])
    fit = fit_relational_fertility(both.assign_attrs(units="1/year"), standard)
    assert np.isfinite(fit["shape"]).all()
    assert float(fit["shape"].sel(area="DEU")) == pytest.approx(1.05)
    reached = (none * 5).cumsum("age") / (none * 5).sum()
    y, x = (-np.log(-np.log(v.values[:5])) for v in (
        reached, (standard * 5).cumsum("age") / (standard * 5).sum()))  # fmt: skip
    slope, cut = np.polyfit(x, y, 1)
    assert float(fit["shape"].sel(area="MDA")) == pytest.approx(slope, rel=1e-9)
    assert float(fit.level.sel(area="MDA")) == pytest.approx(cut, rel=1e-9)
    early = truth.where(truth.age < 20, 0.0).assign_attrs(units="1/year")
    with pytest.raises(InputError, match="fewer than two ends"):
        fit_relational_fertility(early, standard)


BAD = [
    (lambda: RogersCastro(a3=0.1), ParameterError, "without alpha3"),
    (lambda: RogersCastro(a1=-0.1), ParameterError, "a1"),
    (lambda: RogersCastro().rates([0, 0]), ParameterError, "rising"),
    (lambda: RogersCastro().rates(at="top"), ParameterError, "middle"),
    (lambda: fit_rogers_castro(m, components=("youth",)), ParameterError, "components"),
    (lambda: fit_rogers_castro(m.where(m.age != 7)), InputError, "missing at age 7"),
    (lambda: fit_rogers_castro((m * 0).assign_attrs(m.attrs)), InputError, "no migrants"),
    (lambda: fit_rogers_castro(m[:5]), InputError, "parameters"),
    (lambda: fit_rogers_castro(-m), MigovError, "rates"),
    (lambda: fertility_schedule(number(2), model="hadwiger"), ParameterError, "gamma"),
    (lambda: fertility_schedule(number(-2)), InputError, "negative"),
    (lambda: fertility_schedule(number(2), mean=10.0), ParameterError, "mean"),
    (lambda: fertility_schedule(number(1500)), InputError, "above 12.5 children"),
    (lambda: relational_fertility(number(1500), m), InputError, "above 12.5 children"),
    (lambda: FertilityDecline().run(number(21), periods=2), InputError, "above 12.5 children"),
    (lambda: FertilityDecline(delta=(1.0, 2.0, 3.0, np.nan)), ParameterError, "delta"),
    (lambda: fertility_schedule(number(2), lower=[15.5, 20.5]), AgeError, "whole ages"),
    (lambda: fertility_schedule(number(2), lower=[60, 65]), AgeError, "0% of the schedule"),
    (
        lambda: fertility_schedule(number(2), model="quadratic_spline", lower=[60, 65]),
        AgeError,
        "0% of the schedule",
    ),
    (
        lambda: fertility_schedule(number(2), model="quadratic_spline", half=20.0),
        ParameterError,
        "half",
    ),
    (lambda: fertility_schedule(number(2), lower=(20, 15)), AgeError, "rising"),
    (lambda: relational_fertility(number(2), m * 0), MigovError, "standard"),
    (
        lambda: fit_relational_fertility(fertility_schedule(number(2)), m),
        AlignmentError,
        "age",
    ),
    (lambda: FertilityDecline(delta=(1, 2, 3)), ParameterError, "delta"),
    (lambda: FertilityDecline(pace=-1.0), ParameterError, "pace"),
    (lambda: FertilityDecline().run(number(2), periods=0), ParameterError, "periods"),
    (
        lambda: FertilityDecline(late_spread=9.0).run(number(1.0), periods=9, members=50, seed=1),
        InputError,
        "fertility of zero",
    ),
]


@pytest.mark.parametrize(("call", "kind", "told"), BAD, ids=range(len(BAD)))
def test_bad_input_is_refused(call, kind, told):
    with pytest.raises(kind, match=told) as caught:
        call()
    assert caught.value.argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_standard_has_no_place_or_date():
    standard = fertility_schedule(number(2.0), mean=29)
    total = number(1.5).assign_coords(area="MDA", time=np.datetime64("2020-07-01", "s"))
    rates = relational_fertility(total, standard, level=0.2, shape=1.1)
    assert str(rates.area.values) == "MDA"
    for given in (standard, standard.assign_coords(area="DEU")):
        fit = fit_relational_fertility(rates, given)
        assert float(fit.level) == pytest.approx(0.2, rel=1e-9)
        assert str(fit.area.values) == "MDA"
