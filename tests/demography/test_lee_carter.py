"""Lee-Carter against published fits, plain decompositions, identities, bad inputs."""

from __future__ import annotations

import csv
import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core.errors import InputError, KindError, MigovError, ParameterError, TimeError
from migov.demography import (
    LeeCarter,
    LiLee,
    MortalityForecast,
    calibration,
    kernels_leecarter,
    kernels_walks,
    life_table,
)

GOLDEN = "golden/demography/leecarter"


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def labelled(values, unit, years, lower, **more):
    starts = [np.datetime64(f"{y}-01-01", "s") for y in years]
    coords = {
        **more,
        "age": list(lower),
        "age_width": ("age", np.append(np.diff(lower), np.inf).astype(float)),
        "period": starts,
        "period_end": ("period", [np.datetime64(f"{y + 1}-01-01", "s") for y in years]),
    }
    dims = (*(k for k, v in more.items() if not isinstance(v, str)), "age", "period")
    return xr.DataArray(values, coords, dims, attrs={"units": unit})


@pytest.fixture(scope="module")
def males(shared):
    table = rows(shared / GOLDEN / "england_wales_male_deaths_exposures.csv")
    years = sorted({int(r["year"]) for r in table})
    found = {}
    for name, unit in (("deaths", "person"), ("exposure_person_years", "person year")):
        values = np.empty((101, len(years)))
        for r in table:
            values[int(r["age"]), int(r["year"]) - years[0]] = float(r[name])
        found[name[:8]] = labelled(values, unit, years, range(101), sex="M")
    return found


def made(populations=("DEU", "MDA", "POL"), ages=12, years=15, seed=4, noise=0.03):
    rng = np.random.default_rng(seed)
    a = np.linspace(-7, -1, ages)
    b = rng.uniform(0.5, 1.5, ages) / ages
    k = -np.arange(years) * 0.3 + rng.normal(0, 0.1, years)
    own = rng.normal(0, 0.2, len(populations))[:, None, None]
    logs = a[:, None] + b[:, None] * k + own + rng.normal(0, noise, (len(own), ages, years))
    lower = range(0, 5 * ages, 5)
    return labelled(
        np.exp(logs), "1/year", range(2000, 2000 + years), lower, area=list(populations)
    )


# --- against published results ---------------------------------------------------------------

ADJUST = {  # ours, tolerance of the index: the peer's own root-finder stops at 2e-5
    "none": ("none", 5e-13),
    "dt": ("deaths", 3e-5),
    "dxt": ("deviance", 1e-8),
    "e0": ("life_expectancy", 1e-3),  # the peer's infants follow another rule
}


@pytest.mark.parametrize("adjust", list(ADJUST))
def test_england_and_wales_by_least_squares(shared, males, adjust):
    ours, close = ADJUST[adjust]
    fit = LeeCarter(adjust=ours, ax="coale_demeny").run(males["deaths"], males["exposure"])
    parameters = [
        r
        for r in rows(shared / GOLDEN / "lee_carter_svd_age_parameters.csv")
        if r["adjust"] == adjust
    ]
    index = [r for r in rows(shared / GOLDEN / "lee_carter_svd_kt.csv") if r["adjust"] == adjust]
    np.testing.assert_allclose(fit.level, [float(r["ax"]) for r in parameters], rtol=1e-13)
    np.testing.assert_allclose(
        fit.response[0], [float(r["bx"]) for r in parameters], rtol=1e-11, atol=1e-15
    )
    np.testing.assert_allclose(fit.index[0], [float(r["kt"]) for r in index], rtol=0, atol=close)
    assert float(fit.explained[0]) == pytest.approx(0.9306, abs=5e-5)


@pytest.mark.parametrize("adjust", list(ADJUST))
@pytest.mark.parametrize("jump", ["fit", "actual"])
def test_forecasts_of_the_index(shared, males, adjust, jump):
    ours, _ = ADJUST[adjust]
    fit = LeeCarter(adjust=ours, ax="coale_demeny").run(males["deaths"], males["exposure"])
    ahead = MortalityForecast(jump={"fit": "fitted", "actual": "observed"}[jump]).run(fit)
    table = [
        r
        for r in rows(shared / GOLDEN / "lee_carter_svd_forecast_kt.csv")
        if (r["adjust"], r["jump"]) == (adjust, jump)
    ]
    moved = ahead.index_mean[0] - fit.index[0, -1]  # the peer's index starts from zero
    np.testing.assert_allclose(moved, [float(r["kt_mean"]) for r in table], rtol=2e-5)
    upper = moved + 1.959963984540054 * ahead.index_sd[0]
    loose = {"e0": 1e-3, "dt": 1e-4}.get(adjust, 1e-7)  # as the index itself
    np.testing.assert_allclose(upper, [float(r["kt_upper95"]) for r in table], atol=loose)
    assert str(ahead.period.values[0])[:10] == "2012-01-01"


def test_england_and_wales_by_poisson(shared, males):
    fit = LeeCarter(method="poisson").run(males["deaths"], males["exposure"])
    assert float(fit.deviance) == pytest.approx(28750.308, abs=5e-4)
    assert float(fit.log_likelihood) == pytest.approx(-36908.51, abs=5e-3)
    parameters = rows(shared / GOLDEN / "lee_carter_poisson_age_parameters.csv")
    np.testing.assert_allclose(fit.level, [float(r["ax"]) for r in parameters], atol=1e-7)
    np.testing.assert_allclose(fit.response[0], [float(r["bx"]) for r in parameters], atol=2e-9)
    index = rows(shared / GOLDEN / "lee_carter_poisson_kt.csv")
    np.testing.assert_allclose(fit.index[0], [float(r["kt"]) for r in index], atol=1e-6)
    ahead = MortalityForecast(drift_uncertainty=False).run(fit)
    table = rows(shared / GOLDEN / "lee_carter_poisson_forecast_kt.csv")
    np.testing.assert_allclose(ahead.index_mean[0], [float(r["kt_mean"]) for r in table], rtol=1e-7)
    upper = ahead.index_mean[0] + 1.959963984540054 * ahead.index_sd[0]
    np.testing.assert_allclose(upper, [float(r["kt_upper95"]) for r in table], rtol=1e-7)
    for r in rows(shared / GOLDEN / "lee_carter_poisson_forecast_rates.csv"):
        found = ahead.death_rate_central.sel(period=f"{r['year']}-01-01", age=int(r["age"]))
        assert float(found) == pytest.approx(float(r["central_death_rate"]), rel=1e-6)


def test_old_ages_by_poisson(shared, males):
    old = {name: x.sel(age=slice(55, 89)) for name, x in males.items()}
    fit = LeeCarter(method="poisson").run(**old)
    assert float(fit.deviance) == pytest.approx(11534.14, abs=5e-3)
    assert float(fit.log_likelihood) == pytest.approx(-15163.78, abs=5e-3)
    parameters = rows(shared / GOLDEN / "lee_carter_poisson_55_89_age_parameters.csv")
    np.testing.assert_allclose(fit.response[0], [float(r["bx"]) for r in parameters], atol=1e-9)
    index = rows(shared / GOLDEN / "lee_carter_poisson_55_89_kt.csv")
    np.testing.assert_allclose(fit.index[0], [float(r["kt"]) for r in index], atol=1e-6)


# --- identities and slow versions ------------------------------------------------------------


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_full_decomposition_of_each_population(rank):
    rates = made()
    fit = LeeCarter(rank=rank).run(rates=rates)
    for area in rates.area.values:
        logs = np.log(rates.sel(area=area).values)
        centred = logs - logs.mean(axis=1, keepdims=True)
        u, s, v = np.linalg.svd(centred, full_matrices=False)
        wanted = np.exp(logs.mean(axis=1, keepdims=True) + (u[:, :rank] * s[:rank]) @ v[:rank])
        one = fit.sel(area=area)
        np.testing.assert_allclose(one.fitted, wanted, rtol=1e-11)
        np.testing.assert_allclose(one.explained, s[:rank] ** 2 / (s**2).sum(), rtol=1e-10)
        assert float(one.response[0].sum()) == pytest.approx(1, rel=1e-12)
        np.testing.assert_allclose(one.index.sum("period"), 0, atol=1e-12)


def test_a_close_second_component_is_still_told_apart():
    rng = np.random.default_rng(1)
    logs = rng.normal(size=(3, 8, 9))
    fit = kernels_leecarter.fit_svd(logs)
    for i in range(3):
        centred = logs[i] - logs[i].mean(axis=1, keepdims=True)
        u, s, v = np.linalg.svd(centred, full_matrices=False)
        found = fit.response[i].T @ fit.trend[i]
        np.testing.assert_allclose(found, s[0] * np.outer(u[:, 0], v[0]), atol=1e-9)


@pytest.mark.parametrize("spec", [LeeCarter(), LeeCarter(rank=2), LeeCarter(method="poisson")])
def test_a_population_does_not_depend_on_the_others(spec):
    rates = made()
    exposure = (rates * 0 + 5e4).assign_attrs(units="person year")
    deaths = (rates * exposure).assign_attrs(units="person")
    given = {"deaths": deaths, "exposure": exposure}
    whole = spec.run(**given)
    alone = spec.run(**{name: x.sel(area=["MDA"]) for name, x in given.items()})
    xr.testing.assert_equal(alone, whole.sel(area=["MDA"]))


@pytest.mark.parametrize("adjust", ["deaths", "deviance", "life_expectancy"])
def test_adjusted_populations_do_not_depend_on_the_others(adjust):
    rates = made()
    exposure = (rates * 0 + 5e4).assign_attrs(units="person year")
    spec = LeeCarter(adjust=adjust)
    whole = spec.run(rates=rates, exposure=exposure)
    alone = spec.run(rates=rates.sel(area=["MDA"]), exposure=exposure.sel(area=["MDA"]))
    xr.testing.assert_equal(alone, whole.sel(area=["MDA"]))


def test_what_is_adjusted_is_met(males):
    given = males["deaths"], males["exposure"]
    fit = LeeCarter(adjust="deaths").run(*given)
    np.testing.assert_allclose(
        (fit.fitted * males["exposure"]).sum("age"), males["deaths"].sum("age"), rtol=1e-12
    )
    fit = LeeCarter(adjust="life_expectancy").run(*given)
    observed = life_table(fit.observed.assign_coords(sex="M"), ax="half").life_expectancy[0]
    met = life_table(fit.fitted.assign_coords(sex="M"), ax="half").life_expectancy[0]
    np.testing.assert_allclose(met, observed, rtol=1e-12)
    least = LeeCarter(adjust="deviance").run(*given)
    for other in ("none", "deaths", "life_expectancy"):
        assert float(LeeCarter(adjust=other).run(*given).deviance) > float(least.deviance)


def test_poisson_scores_are_zero():
    rates = made()
    exposure = (rates * 0 + 5e4).assign_attrs(units="person year")
    deaths = (rates * exposure).assign_attrs(units="person").round()
    fit = LeeCarter(method="poisson").run(deaths, exposure)
    gap = deaths - fit.fitted * exposure
    gap = gap.transpose("area", "age", "period").values
    b, k = fit.response[:, 0].values, fit.index[:, 0].values
    assert abs(gap.sum(axis=2)).max() < 1e-3
    assert abs((gap * b[:, :, None]).sum(axis=1)).max() < 1e-3
    assert abs((gap * k[:, None, :]).sum(axis=2)).max() < 1e-2


def test_observed_rates_are_where_the_forecast_starts(males):
    fit = LeeCarter().run(males["deaths"], males["exposure"])
    for jump in ("fitted", "observed"):
        ahead = MortalityForecast(horizon=1, jump=jump).run(fit)
        step = (ahead.index_mean - fit.index[:, -1]).values[0, 0]
        wanted = fit[jump][:, -1] * np.exp(fit.response[0] * step)
        np.testing.assert_allclose(ahead.death_rate_central[:, 0], wanted, rtol=1e-13)


# --- members ---------------------------------------------------------------------------------


def test_members_have_the_spread_that_is_told():
    fit = LeeCarter().run(rates=made())
    for certain in (False, True):
        spec = MortalityForecast(horizon=20, drift_uncertainty=certain)
        ahead = spec.run(fit, members=4000, seed=5)
        drawn = ahead.index.isel(period=-1).std("member") / ahead.index_sd.isel(period=-1)
        np.testing.assert_allclose(drawn, 1, atol=0.05)
        off = (ahead.index.mean("member") - ahead.index_mean) / ahead.index_sd
        assert float(abs(off).max()) < 0.08
    wide = MortalityForecast(horizon=20).run(fit).index_sd
    narrow = MortalityForecast(horizon=20, drift_uncertainty=False).run(fit).index_sd
    assert (wide > narrow).all()


def test_draws_are_keyed_and_not_placed():
    fit = LeeCarter().run(rates=made())
    spec = MortalityForecast(horizon=5)
    whole = spec.run(fit, members=[3, 1, 9], seed=2)
    part = spec.run(fit.sel(area=["POL"]), members=[9], seed=2)
    xr.testing.assert_equal(part.death_rate, whole.death_rate.sel(area=["POL"], member=[9]))
    other = spec.run(fit, members=[3], seed=3)
    assert not np.allclose(other.index, whole.index.sel(member=[3]))
    drawn = spec.run(fit, members=1)
    again = spec.run(fit, members=1, seed=drawn.attrs["seed"])
    xr.testing.assert_identical(drawn, again)


def test_autoregression_goes_to_its_mean():
    rng = np.random.default_rng(0)
    k = np.zeros(400)
    for t in range(1, 400):
        k[t] = 1.0 + 0.6 * k[t - 1] + 0.1 * rng.normal()
    walk = kernels_walks.autoregression(k)
    assert walk.persistence == pytest.approx(0.6, abs=0.1)
    assert walk.drift / (1 - walk.persistence) == pytest.approx(2.5, abs=0.05)
    ahead = kernels_walks.path(walk, k[-1], np.zeros((200,)), np.zeros(()))
    assert ahead[-1] == pytest.approx(float(walk.drift / (1 - walk.persistence)), rel=1e-9)
    spread = kernels_walks.path_spread(walk, 3, False)
    slow = [
        walk.spread * np.sqrt(sum(walk.persistence ** (2 * j) for j in range(h + 1)))
        for h in range(3)
    ]
    np.testing.assert_allclose(spread, slow, rtol=1e-12)


# --- Li-Lee ----------------------------------------------------------------------------------


def test_li_lee_against_a_loop():
    rates = made(noise=0.1)
    exposure = (rates * 0 + np.array([5e5, 1e5, 3e5])[:, None, None]).assign_attrs(
        units="person year"
    )
    fit = LiLee().run(rates=rates, exposure=exposure)
    weight = np.array([5, 1, 3]) / 9
    pooled = np.log((rates.values * weight[:, None, None]).sum(axis=0))
    centred = pooled - pooled.mean(axis=1, keepdims=True)
    u, s, v = np.linalg.svd(centred)
    shared = s[0] * np.outer(u[:, 0], v[0])
    for i, area in enumerate(rates.area.values):
        logs = np.log(rates.values[i])
        level = logs.mean(axis=1, keepdims=True)
        rest = logs - level - shared
        uu, ss, vv = np.linalg.svd(rest)
        wanted = np.exp(level + shared + ss[0] * np.outer(uu[:, 0], vv[0]))
        one = fit.sel(area=area)
        np.testing.assert_allclose(one.fitted, wanted, rtol=1e-10)
        about = ((logs - level) ** 2).sum()
        assert float(one.explained_common) == pytest.approx(1 - (rest**2).sum() / about, rel=1e-9)
        left = ((rest - ss[0] * np.outer(uu[:, 0], vv[0])) ** 2).sum()
        assert float(one.explained) == pytest.approx(1 - left / about, rel=1e-9)


def test_li_lee_populations_do_not_drift_apart():
    rates = made(noise=0.02)
    fit = LiLee().run(rates=rates)
    ahead = LiLee().forecast(fit, horizon=300)
    ratio = ahead.death_rate_central / ahead.death_rate_central.isel(area=0, drop=True)
    late = ratio.isel(period=-1) / ratio.isel(period=-2)
    np.testing.assert_allclose(late, 1, atol=1e-6)
    drawn = LiLee().forecast(fit, horizon=5, members=[2, 7], seed=1)
    few = LiLee().forecast(fit, horizon=5, members=[7], seed=1)
    xr.testing.assert_equal(few.death_rate, drawn.death_rate.sel(member=[7]))


def by_sex(rates):
    """Rates of two sexes of each area."""
    both = xr.concat([rates, 1.3 * rates.isel(area=slice(None, None, -1)).values * (rates * 0 + 1)],
                     "sex")  # fmt: skip
    return both.assign_coords(sex=["F", "M"]).assign_attrs(units="1/year")


def test_li_lee_draws_belong_to_labels_not_to_the_order_of_dimensions():
    rates = by_sex(made(noise=0.02))
    spec = LiLee(over="sex", deviations="walk")
    one = spec.forecast(spec.run(rates=rates), horizon=3, members=2, seed=1).death_rate
    turned = spec.run(rates=rates.transpose("age", "area", "period", "sex"))
    two = spec.forecast(turned, horizon=3, members=2, seed=1).death_rate
    np.testing.assert_allclose(two.transpose(*one.dims), one, rtol=1e-9)
    for area in ("MDA", ["MDA"]):  # alone: as a scalar coordinate, and as a dimension
        alone = spec.forecast(spec.run(rates=rates.sel(area=area)), horizon=3, members=2, seed=1)
        wanted = one.sel(area=area).transpose(*alone.death_rate.dims)
        np.testing.assert_allclose(alone.death_rate, wanted, rtol=1e-9)
    assert not np.allclose(one.sel(area="DEU", sex="F"), one.sel(area="MDA", sex="F"))


def test_li_lee_deviations_that_walk_stay_on_average():
    rates = made(noise=0.02)
    spec = LiLee(deviations="walk")
    fit = spec.run(rates=rates)
    ahead = spec.forecast(fit, horizon=40, members=400, seed=3)
    ratio = ahead.death_rate_central / ahead.death_rate_central.isel(area=0, drop=True)
    np.testing.assert_allclose(ratio, ratio.isel(period=[0] * 40), rtol=1e-12)
    shared = np.log(ahead.death_rate_central)
    off = (np.log(ahead.death_rate) - shared).isel(age=5)
    apart = off.sel(area="DEU") - off.sel(area="MDA")
    spread = apart.std("member").values
    assert spread[-1] / spread[0] == pytest.approx(np.sqrt(40), rel=0.15)


def test_a_common_index_keeps_populations_together_after_adding_up():
    """The spread of a sum over areas holds the correlation that the common index makes."""
    rates = made(noise=0.01)
    spec = LiLee(deviations="walk")
    drawn = spec.forecast(spec.run(rates=rates), horizon=20, members=500, seed=3).death_rate
    last = drawn.isel(period=-1, age=5)
    together = float(last.sum("area").std("member"))
    alone = float(np.sqrt((last.std("member") ** 2).sum()))
    assert together > 1.4 * alone
    parted = MortalityForecast(horizon=20).run(
        LeeCarter().run(rates=rates), members=500, seed=3
    ).death_rate.isel(period=-1, age=5)  # fmt: skip
    together = float(parted.sum("area").std("member"))
    alone = float(np.sqrt((parted.std("member") ** 2).sum()))
    assert together == pytest.approx(alone, rel=0.15)


# --- what is refused -------------------------------------------------------------------------


def changed(place, value):
    x = made()
    x[place] = value
    return x


def falling(x):
    """The same rates with a fall that gathers speed."""
    return (x * np.exp(-0.02 * np.arange(15) ** 2)).assign_attrs(x.attrs)


def ahead(**options):
    return MortalityForecast().run(LeeCarter().run(rates=made()), **options)


BAD = [
    (lambda: LeeCarter(method="pca"), ParameterError, "poisson"),
    (lambda: LeeCarter(rank=0), ParameterError, "rank"),
    (lambda: LeeCarter(rank=2, adjust="deaths"), ParameterError, "rank"),
    (lambda: LeeCarter(method="poisson", adjust="deaths"), ParameterError, "adjust"),
    (lambda: LeeCarter(rank=20).run(rates=made()), ParameterError, "allow"),
    (lambda: LeeCarter().run(), KindError, "nothing"),
    (lambda: LeeCarter(method="poisson").run(rates=made()), KindError, "exposure"),
    (
        lambda: LeeCarter().run(rates=changed((1, 2, 3), 0.0)),
        InputError,
        "rate of zero at area MDA",
    ),
    (lambda: LeeCarter().run(rates=changed((1, 2, 3), np.nan)), InputError, "missing at area MDA"),
    (lambda: LeeCarter().run(rates=changed((1, 2, 3), -1.0)), InputError, "negative"),
    (lambda: LeeCarter().run(rates=made().isel(period=[0, 1, 3, 4])), TimeError, "adjoining"),
    (lambda: LeeCarter().run(rates=made().isel(period=[0, 1])), TimeError, "three or more"),
    (lambda: MortalityForecast(horizon=0), ParameterError, "horizon"),
    (lambda: MortalityForecast(drift_uncertainty=1), ParameterError, "drift_uncertainty"),
    (lambda: MortalityForecast().run(made()), KindError, "Dataset"),
    (
        lambda: MortalityForecast().run(LeeCarter().run(rates=made()), members=[1, 1]),
        ParameterError,
        "members",
    ),
    (
        lambda: MortalityForecast().run(LeeCarter().run(rates=made()), seed=-1),
        ParameterError,
        "seed",
    ),
    (
        lambda: MortalityForecast(model="autoregressive").run(
            LeeCarter().run(rates=made(noise=1e-4).pipe(falling))
        ),
        InputError,
        "does not return",
    ),
    (
        lambda: MortalityForecast(model="autoregressive").run(
            LeeCarter().run(rates=made().isel(period=[0, 1, 2]))
        ),
        TimeError,
        "3 periods, expected 4",
    ),
    (
        lambda: MortalityForecast().run(LeeCarter().run(rates=made()).isel(period=[0, 1])),
        TimeError,
        "2 periods, expected 3",
    ),
    (lambda: MortalityForecast().run(LiLee().run(rates=made())), KindError, "no components"),
    (lambda: ahead(members=[[0, 1], [2]]), ParameterError, "members"),
    (
        lambda: LiLee().forecast(LiLee().run(rates=made().isel(period=[0, 1, 2]))),
        TimeError,
        "expected 4",
    ),
    (lambda: LiLee(deviations="drift"), ParameterError, "deviations"),
    (lambda: LiLee(drift_uncertainty=1), ParameterError, "drift_uncertainty"),
    (
        lambda: LiLee().run(rates=made(populations=("DEU", "MDA", "_T"))),
        MigovError,
        "total _T",
    ),
    (
        lambda: LeeCarter().run(rates=(1000 * made()).assign_attrs(units="1/year")),
        InputError,
        "at area DEU|more than two deaths",
    ),
    (
        lambda: LiLee().run(rates=(made() / 1000).assign_attrs(units="1/year")),
        InputError,
        "beyond 500",
    ),
    (
        lambda: LeeCarter().run(
            rates=made()
            .isel(period=[0] * 15)
            .assign_coords(period=made().period, period_end=made().period_end)
        ),
        InputError,
        "never changes",
    ),
    (lambda: LiLee().run(rates=made().isel(area=0)), MigovError, "area"),
    (lambda: LiLee().run(rates=made().isel(area=[0])), MigovError, "two or more"),
]


@pytest.mark.parametrize(("call", "kind", "told"), BAD, ids=range(len(BAD)))
def test_bad_input_is_refused_with_its_place(call, kind, told):
    with pytest.raises(kind, match=told) as caught:
        call()
    assert isinstance(caught.value, MigovError)
    assert caught.value.argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_units_that_are_wrong_a_thousandfold_are_told_with_what_mends_them():
    rates = made()
    high = (1000 * rates).assign_attrs(units="1/year")
    with pytest.raises(InputError, match="middle age") as caught:
        LeeCarter().run(rates=high)
    assert "per_thousand/year" in caught.value.mend
    mended = high.assign_attrs(units="per_thousand/year")
    xr.testing.assert_allclose(LeeCarter().run(rates=mended), LeeCarter().run(rates=rates))
    people = (rates * 0 + 1e5).assign_attrs(units="person year")
    deaths = (rates * 1e5).assign_attrs(units="person")
    with pytest.raises(InputError, match="middle age") as caught:
        LeeCarter(method="poisson").run(deaths, (people / 1000).assign_attrs(units="person year"))
    assert "thousand person year" in caught.value.mend
    exposure = (people / 1000).assign_attrs(units="thousand person year")
    found = LeeCarter().run(deaths, exposure)
    xr.testing.assert_allclose(found.fitted, LeeCarter().run(deaths, people).fitted)


def test_zeros_of_a_small_population():
    """Least squares refuse them; a Poisson fit takes them, and goes on from fitted rates alone."""
    rng = np.random.default_rng(8)
    rates = made(noise=0.0)
    exposure = (rates * 0 + 1e4).assign_attrs(units="person year")
    dead = rng.poisson(rates.values * 1e4).astype(float)
    dead[:, 0, -1] = 0.0
    deaths = rates.copy(data=dead).assign_attrs(units="person")
    with pytest.raises(InputError, match="rate of zero at area DEU") as caught:
        LeeCarter().run(deaths, exposure)
    assert 'method="poisson"' in caught.value.mend
    fit = LeeCarter(method="poisson").run(deaths, exposure)
    with pytest.raises(InputError, match="no deaths in the last period") as caught:
        MortalityForecast(jump="observed").run(fit)
    assert caught.value.mend == 'jump="fitted"'
    assert (MortalityForecast(jump="fitted").run(fit).death_rate_central > 0).all()
    none = deaths.where(deaths.age != 10, 0.0).assign_attrs(units="person")
    with pytest.raises(InputError, match="an age without deaths at area DEU, age 10-14"):
        LeeCarter(method="poisson").run(none, exposure)


@pytest.mark.parametrize("uncertain", [True, False])
def test_members_cover_a_history_that_was_held_back(uncertain):
    """With the drift's own error the intervals hold what they say; without it they hold less."""
    held, known, inside = 25, 25, []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        index = np.cumsum(rng.normal(-0.3, 0.25, known + held))
        response = np.linspace(0.5, 1.5, 12) / 12
        logs = np.linspace(-7, -1, 12)[:, None] + response[:, None] * index
        rates = labelled(np.exp(logs), "1/year", range(1970, 2020), range(0, 60, 5))
        fit = LeeCarter().run(rates=rates.isel(period=slice(0, known)))
        spec = MortalityForecast(horizon=held, drift_uncertainty=uncertain)
        drawn = spec.run(fit, members=200, seed=1).death_rate.isel(age=[5])
        came = rates.isel(period=slice(known, None), age=[5])
        inside.append(float(calibration(drawn, came, [80]).coverage.item()))
    assert (70 < np.mean(inside) < 90) if uncertain else (np.mean(inside) < 75)


@pytest.mark.parametrize(("adjust", "seed"), [("deaths", 298), ("life_expectancy", 297)])
def test_an_adjustment_that_no_index_meets_is_refused(adjust, seed):
    """Where ages move in opposite directions the sum of deaths has a floor: it was not met."""
    rng = np.random.default_rng(seed)
    response = rng.normal(0, 1, 10)
    index = np.cumsum(rng.normal(-0.2, 0.4, 12))
    logs = np.linspace(-7, -1, 10)[:, None] + 0.5 * (response / response.sum())[:, None] * index
    logs = np.clip(logs + rng.normal(0, 0.2, logs.shape), -12, 0.5)
    rates = labelled(np.exp(logs)[None], "1/year", range(2000, 2012), range(0, 100, 10),
                     area=["DEU"])  # fmt: skip
    people = 1e5 * np.exp(-np.arange(10) / 4)[:, None]
    exposure = (rates * 0 + people).assign_attrs(units="person year")
    deaths = (rates * people).assign_attrs(units="person")
    with pytest.raises(InputError, match=r"no index that meets .* at area DEU, period") as caught:
        LeeCarter(adjust=adjust).run(deaths, exposure)
    assert caught.value.mend.startswith('adjust="none"')
    assert np.isfinite(LeeCarter(adjust="none").run(deaths, exposure).index).all()
