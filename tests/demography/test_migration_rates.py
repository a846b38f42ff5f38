"""Net migration rates: paths, posteriors of tables and of the sampler, calibration, zero sums."""

from __future__ import annotations

import csv
import importlib.util
import pickle
import sys

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.cases import Cells
from migov.core.errors import (
    AlignmentError,
    DimensionError,
    ExtraError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    PartitionError,
    TimeError,
    UnitError,
)
from migov.numeric.streams import key, stream

MODEL = mg.demography.MigrationRateModel(draws=400, warmup=300, chains=2)
AREAS = ["DEU", "MDA", "POL"]


def history(values, areas=AREAS, start=2000, step=5):
    """Rates {period, area} from 1 January of a year."""
    years = [start + step * i for i in range(len(values))]
    return xr.DataArray(
        np.asarray(values, float),
        {
            "period": [np.datetime64(f"{y}-01-01", "s") for y in years],
            "period_end": ("period", [np.datetime64(f"{y + step}-01-01", "s") for y in years]),
            "area": list(areas),
        },
        ("period", "area"),
        attrs={"units": "1/year"},
    )


def draws(n=7, areas=AREAS):
    """A table of draws of a posterior."""
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        [
            {"area": a, "draw": i, "phi": rng.uniform(0.2, 0.9), "mu": rng.normal(0, 0.003),
             "sigma": rng.uniform(0.001, 0.004)}
            for i in range(n) for a in areas
        ]
    )  # fmt: skip


def simulated(areas=12, periods=14, seed=11):
    """Rates of a world that follows the model, and its parameters, per person and year."""
    rng = np.random.default_rng(seed)
    level = rng.normal(0.0, 0.003, areas)
    persistence = rng.uniform(0.1, 0.8, areas)
    spread = np.sqrt(1.0 / rng.gamma(4.0, 1.0 / (3 * 0.0015**2), areas))
    rates = np.empty((periods, areas))
    rates[0] = level + rng.normal(size=areas) * spread / np.sqrt(1 - persistence**2)
    for t in range(1, periods):
        rates[t] = level + persistence * (rates[t - 1] - level) + spread * rng.normal(size=areas)
    names = [f"A{i:02d}" for i in range(areas)]
    return history(rates, names), {
        "level": level, "persistence": persistence, "innovation_sd": spread}  # fmt: skip


def test_paths_against_a_loop():
    posterior = MODEL.from_posterior(draws(), step=5)
    past = history([[0.001, -0.01, 0.002], [0.004, -0.008, 0.001]])
    got = MODEL.run(posterior, past, periods=4, members=6, seed=9).rate
    for area in AREAS:
        for member in range(6):
            i = key(9, "draw of the posterior", str(member)) % 7
            phi, mu, sigma = (
                float(posterior[name].sel(area=area).isel(draw=i))
                for name in ("persistence", "level", "innovation_sd")
            )
            rate = float(past.sel(area=area).isel(period=-1))
            one = stream(9, "net migration rate", area, member)
            for t in range(4):
                rate = mu + phi * (rate - mu) + sigma * one.standard_normal()
                found = float(got.sel(area=area, member=member).isel(period=t))
                assert found == pytest.approx(rate, rel=1e-12)
    assert str(got.period.values[0])[:10] == "2010-01-01"
    assert str(got.period_end.values[-1])[:10] == "2030-01-01"


def test_the_long_run_is_the_stationary_law():
    """Far ahead the mean is mu and the variance sigma² / (1 - phi²)."""
    table = pd.DataFrame(
        {"area": ["DEU"], "draw": [0], "phi": [0.6], "mu": [0.002], "sigma": [0.004]}
    )
    posterior = MODEL.from_posterior(table, step=5)
    past = history([[0.03]], ["DEU"])
    found = MODEL.run(posterior, past, periods=40, members=4000, seed=1).rate.isel(period=-1)
    spread = 0.004 / np.sqrt(1 - 0.36)
    assert float(found.mean()) == pytest.approx(0.002, abs=4 * spread / np.sqrt(4000))
    assert float(found.std()) == pytest.approx(spread, rel=0.05)


def test_a_member_and_an_area_are_the_same_whatever_else_is_run():
    posterior = MODEL.from_posterior(draws(), step=5)
    past = history([[0.004, -0.008, 0.001]])
    full = MODEL.run(posterior, past, periods=3, members=9, seed=2).rate
    few = MODEL.run(
        posterior, past.sel(area=["POL", "DEU"]), periods=3, members=[8, 1], seed=2
    ).rate
    assert np.array_equal(few.values, full.sel(area=["POL", "DEU"], member=[8, 1]).values)
    assert np.array_equal(
        full.values, MODEL.run(posterior, past, periods=3, members=9, seed=2).rate.values
    )


def test_units_in_other_spellings_give_the_same_numbers():
    posterior = MODEL.from_posterior(draws(), step=5)
    past = history([[0.004, -0.008, 0.001]])
    mille = past.copy(data=past.values * 1000).assign_attrs(units="per_thousand/year")
    people = Cells((8e7, 3e6, 4e7), area="DEU MDA POL").array("person")
    thousand = people.copy(data=people.values / 1000).assign_attrs(units="thousand person")
    one = MODEL.run(posterior, past, periods=2, members=3, seed=2, population=people)
    two = MODEL.run(posterior, mille.transpose("area", "period"), periods=2, members=3, seed=2,
                    population=thousand.isel(area=[2, 0, 1]))  # fmt: skip
    for name in ("rate", "migrants"):
        xr.testing.assert_allclose(
            one[name].drop_attrs(), two[name].sel(area=AREAS).drop_attrs(), rtol=1e-12
        )


@pytest.mark.parametrize("how", ["shift", "scale"])
def test_the_world_sums_to_zero(how):
    posterior = MODEL.from_posterior(draws(), step=5)
    past = history([[0.004, -0.008, 0.001]])
    people = Cells((8e7, 3e6, 4e7), area="DEU MDA POL").array("person")
    free = MODEL.run(posterior, past, periods=6, members=20, seed=2, population=people)
    ok = (free.migrants > 0).any("area") & (free.migrants < 0).any("area")
    if how == "scale":
        keep = ok.all("period").values
        members = list(free.member.values[keep])
        assert len(members) >= 3
    else:
        members = 20
    found = MODEL.run(
        posterior, past, periods=6, members=members, seed=2, population=people, balance=how
    )
    assert float(abs(found.migrants.sum("area")).max()) <= 1e-9 * float(abs(found.migrants).max())
    again = found.rate * people.drop_attrs() * 5.0
    np.testing.assert_allclose(
        again.transpose(*found.migrants.dims).values, found.migrants.values, rtol=1e-12, atol=1e-6
    )
    if how == "shift":  # all rates move by one number in each period and member
        moved = (found.rate.drop_attrs() - free.rate.drop_attrs()).values
        np.testing.assert_allclose(moved, np.broadcast_to(moved[:, :1], moved.shape), atol=1e-15)
    else:
        assert np.array_equal(np.sign(found.migrants), np.sign(free.migrants.sel(member=members)))


def test_summaries_are_drawn_with_their_mean_and_spread():
    rows = [
        ("DEU", "phi", 0.7, 0.1), ("DEU", "mu", 0.003, 0.001), ("DEU", "sigma", 0.002, 0.0005),
        ("MDA", "persistence", 0.5, 0.0), ("MDA", "level", -0.004, 0.0),
        ("MDA", "innovation_sd", 0.003, 0.0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["area", "parameter", "mean", "sd"])
    model = mg.demography.MigrationRateModel(draws=20000)
    found = model.from_posterior(table, step=5, seed=1)
    for symbol, name in (
        ("phi", "persistence"),
        ("mu", "level"),
        ("sigma", "innovation_sd"),
    ):
        _, _, mean, sd = next(r for r in rows if r[0] == "DEU" and r[1] == symbol)
        x = found[name].sel(area="DEU")
        assert float(x.mean()) == pytest.approx(mean, abs=4 * sd / np.sqrt(20000))
        assert float(x.std()) == pytest.approx(sd, rel=0.04)
    assert set(found.level.sel(area="MDA").values) == {-0.004}
    one = model.from_posterior(table.iloc[:3], step=5, seed=1)
    assert np.array_equal(one.persistence.sel(area="DEU"), found.persistence.sel(area="DEU"))


def test_areas_of_a_published_table_are_read_as_those_of_rates():
    table = draws(5, areas=["DEU", "MDA"])
    for spelt in ({"DEU": "DE", "MDA": "MD"}, {"DEU": "Germany"}, {"DEU": 276, "MDA": 498}):
        named = table.assign(area=[spelt.get(area, area) for area in table["area"]])
        found = MODEL.from_posterior(named, step=5, seed=1)
        assert found.identical(MODEL.from_posterior(table, step=5, seed=1))


def test_rates_of_areas_in_another_code_find_their_parameters():
    table, past = draws(5, areas=["DEU", "MDA"]), history([[0.004, -0.008]], ["DEU", "MDA"])
    posterior = MODEL.from_posterior(table.replace({"area": {"DEU": "DE"}}), step=5)
    spelt = past.assign_coords(area=["DE", "MDA"])
    one = MODEL.run(posterior, spelt, periods=2, members=3, seed=2).rate
    two = MODEL.run(posterior, past, periods=2, members=3, seed=2).rate
    assert one.area.values.tolist() == ["DE", "MDA"]
    assert np.array_equal(one.sel(area="MDA"), two.sel(area="MDA"))


def test_published_draws_come_back_as_they_are():
    table = draws(5)
    found = MODEL.from_posterior(table.sample(frac=1.0, random_state=4), step=5)
    for row in table.itertuples():
        assert float(found.persistence.sel(area=row.area, draw=row.draw)) == row.phi
        assert float(found.innovation_sd.sel(area=row.area, draw=row.draw)) == row.sigma


def test_specification_is_a_value():
    again = pickle.loads(pickle.dumps(MODEL))
    assert again == MODEL
    assert hash(again) == hash(MODEL)


HAS_SAMPLER = importlib.util.find_spec("numpyro") is not None
sampler = pytest.mark.skipif(
    not HAS_SAMPLER, reason="NumPyro (the extra bayes) is not installed: the fit is not tested"
)


@pytest.fixture(scope="module")
def fitted():
    """A fit to a simulated world, its last four periods held back."""
    rates, truth = simulated()
    with np.errstate(all="ignore"):
        return rates, truth, MODEL.fit(rates.isel(period=slice(None, -4)), seed=5)


@sampler
def test_the_fit_recovers_the_parameters(fitted):
    """Central 95 % intervals hold at least 85 % of the 36 parameters, and the chains agree."""
    _, truth, posterior = fitted
    assert posterior.attrs["largest_r_hat"] < 1.05
    assert posterior.attrs["divergent"] <= 8
    inside = []
    for name, values in truth.items():
        low, high = np.quantile(posterior[name].transpose("draw", "area"), [0.025, 0.975], axis=0)
        inside.append((values >= low) & (values <= high))
    assert np.mean(inside) >= 0.85
    middle = posterior.level.median("draw")
    assert np.corrcoef(middle, truth["level"])[0, 1] > 0.8


@sampler
def test_held_back_history_is_covered(fitted):
    rates, _, posterior = fitted
    known, kept = rates.isel(period=slice(None, -4)), rates.isel(period=slice(-4, None))
    ahead = MODEL.run(posterior, known, periods=4, members=400, seed=3).rate
    found = mg.demography.calibration(ahead, kept.assign_attrs(ahead.attrs), [80, 95])
    # 48 cells of 12 trajectories: binomial bounds of 12 independent ones would be wider.
    assert 60 <= float(found.coverage.sel(level=80)) <= 95
    assert float(found.coverage.sel(level=95)) >= 85
    assert 0.35 <= float(found.pit.mean()) <= 0.65
    last = xr.concat([known.isel(period=-1, drop=True)] * 4, "period")
    naive = abs(last.values - kept.values).mean()
    assert float(found.crps.mean()) < naive


@sampler
def test_the_same_seed_gives_the_same_draws(fitted):
    rates, _, posterior = fitted
    with np.errstate(all="ignore"):
        again = MODEL.fit(rates.isel(period=slice(None, -4)), seed=5)
    assert again.identical(posterior)


def test_without_the_sampler_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpyro", None)
    with pytest.raises(ExtraError, match=r"migov\[bayes\]"):
        MODEL.fit(simulated(3, 5)[0], seed=1)


def _run(**changes):
    given = {
        "posterior": MODEL.from_posterior(draws(), step=5),
        "rates": history([[0.004, -0.008, 0.001]]),
        "periods": 2,
        "members": 3,
        "seed": 1,
    }
    given |= changes
    return MODEL.run(given.pop("posterior"), given.pop("rates"), **given)


PEOPLE = Cells((8e7, 3e6, 4e7), area="DEU MDA POL").array("person")
GAP = history([[0.1] * 3] * 3).isel(period=[0, 2])
SUMMARY = pd.DataFrame(
    {"area": "DEU", "parameter": ["phi", "mu", "sigma"], "mean": [0.6, 0.002, 0.002], "sd": 1e-4}
)
TWICE = pd.concat([draws(2), draws(2).iloc[:1]])
NAN = history([[0.001, np.nan, 0.002]])


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (lambda: _run(rates=NAN), InputError, "area MDA"),
        (lambda: _run(rates=history([[0.1] * 3], step=1)), TimeError, "last 1 years"),
        (lambda: _run(rates=GAP), TimeError, "one length"),
        (lambda: _run(rates=history([[0.1] * 2], ["DEU", "FRA"])), AlignmentError, "FRA"),
        (lambda: _run(rates=history([[0.1] * 2], ["DEU", "DEU"])), MigovError, "twice"),
        (lambda: _run(rates=history([[0.1] * 2], ["WLD", "DEU"])), PartitionError, "WLD"),
        (lambda: _run(rates=history([[0.1] * 3]).assign_attrs(units="person")), UnitError, "rates"),
        (lambda: _run(rates=history([[np.inf] * 3])), InputError, "rates"),
        (lambda: _run(rates=history([[0.1] * 3]).rename(area="sex")), MigovError, "area"),
        (lambda: _run(rates=history([[0.1] * 3]).expand_dims(sex=["F"])), InputError, "sex"),
        (lambda: _run(periods=0), ParameterError, "periods"),
        (lambda: _run(periods=1.5), ParameterError, "periods"),
        (lambda: _run(members=0), ParameterError, "members"),
        (lambda: _run(members=[1, 1]), ParameterError, "members"),
        (lambda: _run(seed=-1), ParameterError, "seed"),
        (lambda: _run(posterior=xr.Dataset()), KindError, "posterior"),
        (lambda: _run(balance="shift"), ParameterError, "population"),
        (lambda: _run(balance="fair", population=PEOPLE), ParameterError, "balance"),
        (lambda: _run(population=PEOPLE.isel(area=[0, 1])), AlignmentError, "POL"),
        (lambda: _run(population=PEOPLE * 0 + 0.0), MigovError, "population"),
        (lambda: MODEL.fit(history([[0.1] * 3]), seed=1), InputError, "two known rates"),
        (lambda: MODEL.from_posterior({"a": 1}, step=5), KindError, "DataFrame"),
        (lambda: MODEL.from_posterior(draws()[["area", "phi"]], step=5), KindError, "columns"),
        (lambda: MODEL.from_posterior(TWICE, step=5), InputError, "area DEU, draw 0 twice"),
        (lambda: MODEL.from_posterior(draws().assign(phi=1.2), step=5), InputError, "1.2 at area"),
        (lambda: MODEL.from_posterior(draws().assign(sigma=0.0), step=5), InputError, "sd 0 at"),
        (lambda: MODEL.from_posterior(draws().iloc[1:], step=5), InputError, "nan at area DEU"),
        (
            lambda: MODEL.from_posterior(draws().assign(mu=0.4), step=5),
            InputError,
            "level 0.4 at area DEU, beyond 0.2 per person",
        ),
        (
            lambda: MODEL.from_posterior(SUMMARY.iloc[:-1], step=5),
            InputError,
            "has no innovation_sd at area DEU$|has no innovation_sd at area DEU ",
        ),
        (
            lambda: MODEL.from_posterior(SUMMARY.replace({"phi": "rho"}), step=5),
            InputError,
            "no persistence at area DEU beside rho",
        ),
        (
            lambda: MODEL.from_posterior(SUMMARY.assign(mean=[0.6, -0.5, 0.8]), step=5),
            InputError,
            "level -0.5 at area DEU, beyond .* innovation_sd 0.8 at",
        ),
        (lambda: MODEL.from_posterior(draws(), step=0), ParameterError, "step"),
        (lambda: mg.demography.MigrationRateModel(shape_limit=0.5), ParameterError, "shape_limit"),
        (lambda: mg.demography.MigrationRateModel(draws=0), ParameterError, "draws"),
    ],
)
def test_bad_input_is_refused(call, kind, told):
    with pytest.raises(kind, match=told) as fault:
        call()
    assert isinstance(fault.value, MigovError)
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)


def test_a_summary_that_no_beta_has_is_refused():
    rows = [("DEU", "phi", 0.5, 0.6), ("DEU", "mu", 0.0, 0.1), ("DEU", "sigma", 0.1, 0.1)]
    table = pd.DataFrame(rows, columns=["area", "parameter", "mean", "sd"])
    with pytest.raises(InputError, match=r"persistence 0\.5 with sd 0\.6 at area DEU"):
        MODEL.from_posterior(table, step=5)


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_published_rescaling(shared):
    table = rows(shared / "golden" / "flows" / "net_migration" / "rescale_net_to_zero.csv")
    given = tuple(float(r["x"]) for r in table)
    net = Cells(given, area="A B C D E F G H").array("person")
    for how, column in (("shift", "switches"), ("scale", "no_switches")):
        found = mg.demography.balance_net_migration(net, how=how)
        want = [float(r[column]) for r in table]
        np.testing.assert_allclose(found.values, want, rtol=1e-12, atol=1e-12)


def test_weights_against_a_loop():
    rng = np.random.default_rng(1)
    values, people = rng.normal(0, 9, (4, 3, 2)), rng.uniform(1, 9, (4, 2))
    net = xr.DataArray(
        values,
        {"area": list("ABCD"), "member": [0, 1, 2], "sex": ["F", "M"]},
        ("area", "member", "sex"),
        attrs={"units": "person"},
    )
    weight = xr.DataArray(
        people,
        {"area": list("ABCD"), "sex": ["F", "M"]},
        ("area", "sex"),
        attrs={"units": "person"},
    )
    found = mg.demography.balance_net_migration(net, weights=weight.isel(area=[2, 0, 1, 3]))
    for m in range(3):
        for s in range(2):
            surplus, whole = sum(values[:, m, s]), sum(people[:, s])
            for a in range(4):
                want = values[a, m, s] - surplus * people[a, s] / whole
                assert found.values[a, m, s] == pytest.approx(want, rel=1e-12)
    turned = mg.demography.balance_net_migration(net.transpose("sex", "area", "member"))
    straight = mg.demography.balance_net_migration(net)
    assert np.array_equal(turned.transpose(*net.dims).values, straight.values)


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (lambda f, x: f(abs(x).assign_attrs(x.attrs), how="scale"), InputError, "gains or losses"),
        (lambda f, x: f(x, how="even"), ParameterError, "how"),
        (lambda f, x: f(x, how="scale", weights=abs(x)), ParameterError, "weights"),
        (lambda f, x: f(x.rename(area="origin")), MigovError, "area"),
        (lambda f, x: f(x.assign_coords(area=["DEU", "WLD"])), PartitionError, "WLD"),
        (lambda f, x: f(x.copy(data=[1.0, np.nan])), InputError, "area MDA"),
        (lambda f, x: f(x.assign_attrs(units="1/year")), UnitError, "net"),
        (lambda f, x: f(x, weights=x.copy(data=[0.0, 0.0])), InputError, "zero in all"),
        (lambda f, x: f(x, weights=x.copy(data=[1.0, -1.0])), InputError, "-1"),
        (lambda f, x: f(x, weights=x.isel(area=[0])), AlignmentError, "MDA"),
        (lambda f, x: f(x.values), KindError, "net"),
    ],
)
def test_sums_that_cannot_be_are_refused(call, kind, told):
    net = Cells((30.0, -10.0), area="DEU MDA").array("person")
    with pytest.raises(kind, match=told) as fault:
        call(mg.demography.balance_net_migration, net)
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)


FAMILIES = {"Family": "family", "Male Labor": "male_labour", "Female Labor": "female_labour"}


def test_united_nations_families(shared):
    """606 published numbers of three families by sex and single age, the open group too."""
    table = rows(shared / "golden" / "demography" / "migration_age" / "un_model_families.csv")
    for published, name in FAMILIES.items():
        found = mg.demography.migrants_by_age(Cells(1000.0).array("person"), name, lower=range(101))
        for sex in ("Female", "Male"):
            want = [
                float(r["net_migrants"]) for r in table
                if r["family"] == published and r["sex"] == sex
            ]  # fmt: skip
            np.testing.assert_allclose(found.sel(sex=sex[0]).values, want, atol=2e-8)


def test_manual_of_1992(shared):
    table = rows(shared / "golden" / "flows" / "rogers_castro" / "parameters_un1992.csv")
    names = {
        "Western standard": "western_standard", "Low dependency": "low_dependency",
        "High dependency": "high_dependency", "Young labour force entry": "young_entry",
        "Old labour force entry": "old_entry",
        "Low dependency low labour force entry": "low_dependency_young_entry",
    }  # fmt: skip
    for r in table:
        schedule = mg.demography.MIGRATION_FAMILIES[names[r["schedule"]]][r["sex"][0].upper()]
        assert getattr(schedule, r["param"]) == float(r["value"])
    assert len(table) == 6 * 2 * 7


def test_indices_of_published_parameters(shared):
    """Peaking, dependency, asymmetry, regularity of every schedule, from its parameters."""
    folder = shared / "golden" / "flows" / "rogers_castro"
    given = {r["param"]: float(r["value"]) for r in rows(folder / "parameters_fundamental.csv")}
    assert mg.demography.RogersCastro(**given) == mg.demography.RogersCastro()
    schedules = {
        (r["schedule"], r["sex"], r["measure"]): float(r["value"])
        for r in rows(folder / "indices_from_parameters.csv")
    }
    tables = {("fundamental", "both"): given}
    for r in rows(folder / "parameters_un1992.csv"):
        tables.setdefault((r["schedule"], r["sex"]), {})[r["param"]] = float(r["value"])
    for place, p in tables.items():
        want = {
            "peaking": p["mu2"], "child_dependency": p["a1"] / p["a2"],
            "labor_dependency": p["a2"] / p["a1"], "labor_asymmetry": p["lambda2"] / p["alpha2"],
            "regularity": p["alpha1"] / p["alpha2"],
        }  # fmt: skip
        for measure, value in want.items():
            assert schedules[(*place, measure)] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("family", sorted(mg.demography.MIGRATION_FAMILIES))
@pytest.mark.parametrize("total", [0.0, 1234.5, -77.0])
def test_spread_totals_sum_to_the_total(family, total):
    x = Cells((total, 2 * total), area="DEU MDA").array("person")
    found = mg.demography.migrants_by_age(x, family, women=0.3)
    np.testing.assert_allclose(found.sum(["sex", "age"]).values, x.values, rtol=1e-12)
    np.testing.assert_allclose(found.sel(sex="F").sum("age").values, 0.3 * x.values, rtol=1e-12)
    single = mg.demography.migrants_by_age(x, family, women=0.3, lower=range(101))
    np.testing.assert_allclose(
        mg.regroup_ages(single, list(range(0, 101, 5))).values, found.values, rtol=1e-12
    )


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (lambda f, x: f(x, "workers"), ParameterError, "family"),
        (lambda f, x: f(x, "western_standard"), ParameterError, "women"),
        (lambda f, x: f(x, women=1.1), ParameterError, "women"),
        (lambda f, x: f(x, lower=[5, 10]), MigovError, "lower"),
        (lambda f, x: f(x, lower=[0, 10, 5]), MigovError, "lower"),
        (lambda f, x: f(x, lower=[0, 2.5]), MigovError, "lower"),
        (lambda f, x: f(x, lower=[0, 130]), MigovError, "lower"),
        (lambda f, x: f(x.expand_dims(sex=["F"])), DimensionError, "sex"),
        (lambda f, x: f(x.assign_attrs(units="1/year")), UnitError, "total"),
    ],
)
def test_patterns_that_cannot_be_are_refused(call, kind, told):
    with pytest.raises(kind, match=told):
        call(mg.demography.migrants_by_age, Cells((30.0, -10.0), area="DEU MDA").array("person"))


def test_from_rates_to_a_projection(small):
    """Rates, migrants that sum to zero, their ages, and a projection whose balance closes."""
    people = mg.total(small["population"], ["sex", "age"])
    starts = [np.datetime64("2015-07-01", "s")]
    past = xr.DataArray(
        [[0.002, -0.004]],
        {"period": starts, "period_end": ("period", [np.datetime64("2020-07-01", "s")]),
         "area": ["DEU", "MDA"]},
        ("period", "area"), attrs={"units": "1/year"})  # fmt: skip
    posterior = MODEL.from_posterior(draws(areas=["DEU", "MDA"]), step=5)
    ahead = MODEL.run(
        posterior, past, periods=3, members=4, seed=1, population=people, balance="shift"
    )
    lower = [int(a) for a in small["population"].age.values]
    moves = mg.demography.migrants_by_age(ahead.migrants, "family", lower=lower)
    run = mg.demography.CohortComponent(step=5).run(
        small["population"], small["mortality"], small["fertility"], moves,
        sex_ratio=small["sex_ratio"])  # fmt: skip
    world = run.population.sum(["area", "sex", "age"])
    closed = MODEL.run(posterior, past, periods=3, members=4, seed=1, population=people)
    assert world.sizes["member"] == 4
    assert float(abs(closed.migrants.sum("area")).max()) > 1.0
