"""Observed against simulated: data made from one member lie inside, others are explained."""

from __future__ import annotations

import pickle
import warnings
from functools import cache

import numpy as np
import pytest
import xarray as xr

from migov.core import definitions
from migov.core.cases import Cells
from migov.core.errors import MigovError, MigovWarning, ParameterError
from migov.schemes import Closure, Hazards, OriginCap, Programme, Shocks, evaluate
from migov.schemes.evaluation import ENDS, OBSERVED
from migov.schemes.evaluation_words import drawn_of
from migov.schemes.kernels_shocks import SHOCKS

CAP = OriginCap(origin="MDA", number=5000, date="2024-01-01", source="test")
HAZARDS = Hazards(
    late=(0.0, 0.02, 0.06), irregular=(0.0, 0.01, 0.02), early_return=(0.05, 0.2, 0.6),
    reentry=(0.3, 0.5, 0.7),
)  # fmt: skip


def programme(**rules):
    return Programme(**{
        "name": "harvest", "kind": "seasonal", "origin": "MDA", "destination": "DEU",
        "origin_cap": (CAP,), "stay": "6 month", "reentry": True,
    } | rules)  # fmt: skip


def simulated(members=200, hazards=HAZARDS, **rules):
    apply = Cells((1200.0,), origin="MDA").array("person/year")
    return programme(**rules).simulate(
        applicants=apply, hazards=hazards, start="2024-01-01", horizon="3 year", members=members,
        seed=4,
    )  # fmt: skip


@pytest.fixture(scope="module")
def run():
    return simulated()


def of_member(run, name, member):
    x = run.dataset[name].sel(member=member, origin="MDA", drop=True)
    return x.drop_vars("destination", errors="ignore").assign_attrs(run.dataset[name].attrs)


def test_what_a_median_member_lived_lies_inside(run):
    order = np.argsort(run.dataset["overstays_late"].sum(["period", "origin"]).values)
    middle = int(run.dataset["member"][order[len(order) // 2]])
    seen = {"overstays_late": of_member(run, "overstays_late", middle)}
    fit = evaluate(run, seen)
    assert fit.share_inside == 1.0
    assert list(fit.rows["of"]) == ["2024-01-01", "2025-01-01", "2026-01-01"]
    assert fit.rows["explains"].str.contains("late moves it most").all()


def test_intervals_are_quantiles_over_members(run):
    seen = of_member(run, "returns_in_time", 3)
    row = evaluate(run, {"returns_in_time": seen}, level=0.5).rows.iloc[1]
    values = run.dataset["returns_in_time"].sel(origin="MDA").isel(period=1).values
    assert row[["low", "median", "high"]].tolist() == pytest.approx(
        np.quantile(values, [0.25, 0.5, 0.75]).tolist()
    )
    assert row["observed"] == float(seen[1])


@pytest.mark.parametrize(("factor", "side", "more"), [(10.0, "above", "higher"),
                                                      (0.0, "below", "lower")])  # fmt: skip
def test_what_lies_outside_is_explained_by_the_hazard_that_moves_it(run, factor, side, more):
    x = of_member(run, "overstays_late", 0)
    fit = evaluate(run, {"overstays_late": x.copy(data=x.values * factor)})
    assert not fit.rows["inside"].any()
    assert (fit.rows["explains"] == f"{side}: a {more} late than 0 to 0.06 would reach it").all()
    assert fit.share_inside == 0.0


def test_shares_and_stays_are_ratios_of_the_run(run):
    data = run.dataset.sel(member=7, origin="MDA").sum("period")
    ends = float(sum(data[name] for name in ENDS if name in data))
    seen = {
        "share_returns_in_time": xr.DataArray(100 * float(data["returns_in_time"]) / ends,
                                              attrs={"units": "percent"}),
        "mean_stay": xr.DataArray(float(data["person_years"]) / ends, attrs={"units": "year"}),
        "person_years": xr.DataArray(float(data["person_years"]), attrs={"units": "person year"}),
    }  # fmt: skip
    rows = evaluate(run, seen, level=0.999).rows.set_index("what")
    assert rows["inside"].all()
    assert rows.loc["share_returns_in_time", "observed"] < 1.0
    assert rows.loc["mean_stay", "unit"] == "month"
    all_of_it = run.dataset.sum(["period", "origin"])
    stays = (
        all_of_it["person_years"] * 12 / sum(all_of_it[name] for name in ENDS if name in all_of_it)
    ).values
    assert rows.loc["mean_stay", "median"] == pytest.approx(np.median(stays))


def test_a_row_that_no_hazard_moves_points_elsewhere(run):
    seen = {"applications": xr.DataArray(9e5, attrs={"units": "person"})}
    assert evaluate(run, seen).rows["explains"][0] == (
        "above: no drawn hazard moves it; see limits, prices and who is counted"
    )


def test_a_quota_that_binds_is_said():
    bound = simulated(quota=600, members=20)
    seen = {"admissions": xr.DataArray(5000.0, attrs={"units": "person"})}
    assert "the quota binds" in evaluate(bound, seen).rows["explains"][0]


def test_cohorts_have_a_run_each():
    def cohort(year, late):
        pool = Cells((500.0,), origin="MDA").array("person")
        return programme(reentry=False).simulate(
            pool=pool, hazards=Hazards(late=late), start=f"{year}-01-01", horizon="1 year",
            members=60, seed=1,
        )  # fmt: skip

    runs = {"2024": cohort(2024, (0.0, 0.02, 0.05)), "2025": cohort(2025, (0.2, 0.25, 0.3))}
    seen = xr.DataArray([2.0, 2.0], {"cohort": ["2024", "2025"]}, "cohort",
                        attrs={"units": "percent"})  # fmt: skip
    rows = evaluate(runs, {"share_overstays_late": seen}).rows
    assert rows["inside"].tolist() == [True, False]
    assert rows["of"].tolist() == ["2024", "2025"]
    assert "lower late than 0.2 to 0.3" in rows["explains"][1]


def test_a_wage_is_held_against_the_ledger(run):
    def price(value):
        low, high = value * 0.9, value * 1.1
        return xr.DataArray(
            [low, value, high], {"scenario": ["low", "central", "high"]}, "scenario",
            attrs={"units": "EUR/month", "price_base": 2024},
        )  # fmt: skip

    ledger = run.ledger({"wage": price(2000.0), "home_wage": price(400.0)}, currency="EUR",
                        price_base=2024)  # fmt: skip
    seen = xr.DataArray(2100.0, attrs={"units": "EUR/month", "price_base": 2024})
    row = evaluate(run, {"wage": seen}, ledger=ledger, level=0.9).rows.iloc[0]
    assert row["inside"]
    assert 1800 <= row["low"] < row["median"] < row["high"] <= 2200
    drawn = ledger.prepared.values["wage"][0, 0, 0, 0]
    assert row["median"] == pytest.approx(np.median(drawn))
    other = seen.assign_attrs(price_base=2020)
    with pytest.raises(MigovError, match="price base"):
        evaluate(run, {"wage": other}, ledger=ledger)


def test_the_draws_told_are_those_of_the_run(run):
    """Ends by hand: shares of those whose permit ends follow the redrawn hazards exactly."""
    drawn = drawn_of(run)
    assert set(drawn) == {"late", "irregular", "early_return", "reentry"}
    data = run.dataset.sum(["period", "origin"])
    ended = sum(data[name] for name in ("returns_in_time", "overstays_late", "overstays_irregular"))
    np.testing.assert_allclose((data["overstays_late"] / ended).values, drawn["late"][0])


def test_gaps_and_definitions_stand_in_the_notes(run):
    x = of_member(run, "overstays_late", 0)
    seen = x.copy(data=np.where([True, False, True], x.values, np.nan))
    fit = evaluate(run, {"overstays_late": seen})
    assert len(fit.rows) == 2
    assert any("1 cells have no number" in one for one in fit.notes)
    assert any("stylised" in one for one in fit.notes)
    from migov import define

    bare = seen.copy()
    bare.attrs = {"units": "person"}
    assert any("undeclared" in one for one in evaluate(run, {"admissions": bare}).notes)
    permits = define(bare, definitions.SEASONAL_90_IN_180.evolve(counts="permits"))
    told = evaluate(run, {"admissions": permits}).notes
    assert any("data count counts as permits" in one for one in told)
    assert "need not be what made it in the world" in fit.show()


def test_all_names_can_be_observed(run):
    for name in [one for one in OBSERVED if one != "wage"]:
        unit = "person"
        unit = {"person_years": "person year", "mean_stay": "month"}.get(name, unit)
        unit = "1" if name.startswith("share_") else unit
        seen = {name: xr.DataArray(0.5, attrs={"units": unit})}
        if name.removeprefix("share_") in SHOCKED:
            with pytest.raises(
                ParameterError, match=f"the run has no {name.removeprefix('share_')}"
            ):
                evaluate(run, seen)
            assert len(evaluate(_shocked(), seen).rows) == 1
            continue
        assert len(evaluate(run, seen).rows) == 1


SHOCKED = {name for shock in SHOCKS.values() for name in shock}
SHOCKED |= {"held_back", "returns_held", "prolongations"}


@cache
def _shocked():
    """Return a run with every shock, one of them drawn."""
    shocks = Shocks(
        illness=(0.0, 0.3, 1.0), illness_stays=0.5, illness_months=1, pregnancy=0.1, women=0.4,
        pregnancy_stays=0.5, pregnancy_months=1, bankruptcy=0.1, bankruptcy_replaced=0.5,
        bankruptcy_months=1, closure_prolongs_permit=True,
        border_closure=Closure(start="2025-06-01", end="2025-08-01"),
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        made = Programme(name="p", kind="seasonal", origin="MDA", destination="DEU",
                         stay="3 month")  # fmt: skip
    return made.simulate(
        applicants=Cells((900.0,), origin="MDA").array("person/year"), hazards=Hazards(),
        shocks=shocks, start="2025-01-01", horizon="1 year", members=50, seed=1,
    )  # fmt: skip


def test_a_drawn_shock_explains_a_row():
    few = xr.DataArray(1.0, attrs={"units": "person"})
    (row,) = evaluate(_shocked(), {"returns_ill": few}).rows.to_dict("records")
    assert row["explains"] == "below: only a lower illness than 0 to 1 would reach it"


def person(value=1.0, **labels):
    return (
        xr.DataArray(value, attrs={"units": "person"})
        if not labels
        else (Cells((value,), **labels).array("person"))
    )


BAD = {
    "no run": (lambda run: (None, {"deaths": person()}), "run"),
    "no members": (lambda run: (simulated(None, Hazards()), {"deaths": person()}), "run"),
    "a frame": (lambda run: (run, [1]), "observed"),
    "nothing": (lambda run: (run, {}), "observed"),
    "a name": (lambda run: (run, {"moon": person()}), "observed"),
    "unit": (lambda run: (run, {"deaths": xr.DataArray(1.0, attrs={"units": "EUR"})}),
             "observed['deaths']"),
    "no unit": (lambda run: (run, {"deaths": xr.DataArray(1.0)}), "observed['deaths']"),
    "negative": (lambda run: (run, {"deaths": person(-1.0)}), "observed['deaths']"),
    "infinite": (lambda run: (run, {"deaths": person(np.inf)}), "observed['deaths']"),
    "over one": (lambda run: (run, {"share_settlements": xr.DataArray(
        120.0, attrs={"units": "percent"})}), "observed['share_settlements']"),
    "period": (lambda run: (run, {"deaths": person(1.0, period="2031")}), "observed['deaths']"),
    "half years": (lambda run: (run, {"deaths": person(1.0, period="2024").assign_coords(
        period_end=("period", np.array(["2024-07-01"], "M8[s]")))}), "observed['deaths']"),
    "origin": (lambda run: (run, {"deaths": person(1.0, origin="ALB")}), "observed['deaths']"),
    "sex": (lambda run: (run, {"deaths": person(1.0, sex="F")}), "observed['deaths']"),
    "age": (lambda run: (run, {"deaths": person(1.0, education="low")}), "observed['deaths']"),
    "cohort": (lambda run: (run, {"deaths": person(1.0).expand_dims(cohort=["2024"])}),
               "observed['deaths']"),
    "cohorts without runs": (lambda run: ({"2024": run}, {
        "deaths": person(1.0).expand_dims(cohort=["2025"])}), "observed['deaths']"),
    "runs without cohorts": (lambda run: ({"2024": run}, {"deaths": person()}),
                             "observed['deaths']"),
    "wage without ledger": (lambda run: (run, {"wage": xr.DataArray(
        1.0, attrs={"units": "EUR/month"})}), "ledger"),
    "no number": (lambda run: (run, {"deaths": person(np.nan)}), "observed"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_is_refused(what, run):
    given, argument = BAD[what]
    with pytest.raises(MigovError) as caught:
        evaluate(*given(run))
    assert caught.value.argument == argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("level", [0, 1, 80, True, "x", None])
def test_a_level_is_a_share(level, run):
    with pytest.raises(MigovError) as caught:
        evaluate(run, {"deaths": person()}, level=level)
    assert caught.value.argument == "level"


def test_a_table_is_told_how_it_becomes_an_observation(run):
    """The way out, typed as it stands, works."""
    import pandas as pd

    import migov

    frame = pd.DataFrame({"year": [2024, 2025], "admissions": [900, 1000]})
    with pytest.raises(MigovError) as caught:
        evaluate(run, frame)
    advice = caught.value.mend.split("such as ")[1]
    observed = eval(advice, {"migov": migov, "frame": frame})
    assert len(evaluate(run, observed).rows) == 2
