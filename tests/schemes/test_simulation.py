"""Simulation: a slow version, closed forms, identities, invariance, and what is refused."""

from __future__ import annotations

import itertools
import math
import pickle
import warnings

import numpy as np
import pytest
import xarray as xr

from migov.core import status
from migov.core.cases import Cells
from migov.core.errors import (
    AccountError,
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    MigovWarning,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.schemes import accounts, kernels, kernels_stay, simulation
from migov.schemes.alternative import Alternative
from migov.schemes.examples import WESTERN_BALKANS_ALB
from migov.schemes.hazards import Hazards
from migov.schemes.rules import OriginCap

HAZARDS = Hazards(
    early_return=0.08,
    change_status=0.02,
    settlement=0.3,
    death=0.002,
    late_return=3.0,
    withdrawal=0.1,
    renewal=0.7,
    late=0.05,
    irregular=0.04,
    unknown=0.03,
    reentry=0.6,
)
DATES = np.datetime64("2025-01") + np.arange(240)


def rate(name, _cell):
    return getattr(HAZARDS, name) / 12


def share(name, _cell):
    return getattr(HAZARDS, name)


def compare(dataset, history, moves, each, member, scale):
    """Compare every stock and flow of one member with the slow simulation."""
    dims = ("occupation", "origin", "sex")
    data = dataset.isel(member=member) if "member" in dataset.dims else dataset
    data = data.expand_dims([d for d in dims if d not in data.dims])
    for name in kernels.STOCKS:
        x = data[name].transpose("time", *dims).values
        for i in range(x.shape[0]):
            for c in np.ndindex(x.shape[1:]):
                expected = history[i * each].get((name, c), 0.0)
                assert x[(i, *c)] == pytest.approx(expected, rel=1e-12, abs=1e-12 * scale), name
    for name in kernels.FLOWS:
        months = name.startswith("person_months")
        x = data[name.replace("months", "years")].transpose("period", *dims).values
        for i in range(x.shape[0]):
            for c in np.ndindex(x.shape[1:]):
                expected = sum(m.get((name, c), 0.0) for m in moves[i * each : (i + 1) * each])
                found = x[(i, *c)] * (12 if months else 1)
                assert found == pytest.approx(expected, rel=1e-12, abs=1e-11 * scale), name


def january(t):
    return t % 12 == 0


def pathway_rules(inputs, member, priority):
    """Return the rules of the pathway as functions, written from its text."""
    apply = inputs["applicants"].isel(member=member)
    posts = inputs["shortage"].isel(member=member)
    caps = {
        0: lambda t: 2500.0,
        1: lambda t: 1500.0 if DATES[t] < np.datetime64("2027-01") else 900.0,
    }
    return {
        "O": 3, "G": 2, "S": 2, "months": 60,
        "pool": {c: [300.0, 100.0][c[1]] for c in np.ndindex(3, 2, 2)},
        "apply": lambda t, c: float(apply.values[(*c, 0 if t < 24 else 1)]) / 12,
        "posts": lambda t, o: float(posts.values[0 if t < 42 else 1, o]),
        "floor": lambda t, o, g: 18000 - 2800e3 * 55 / 1e4 if (o, g) == (0, 0) else None,
        "quota": lambda t: (3000 if DATES[t] < np.datetime64("2026-06") else 5000) / 12,
        "quota_lapse": january,
        "caps": [(lambda t, g: caps[g](t) / 12, january),
                 (lambda t, g: [1800.0, 1200.0][g] / 12, lambda t: True)],
        "open": lambda t: True, "reentry": True, "priority": priority, "first_only": False,
        "most_stays": 3, "pause": 2, "reentry_share": lambda c: HAZARDS.reentry,
        "stay": 12.0, "renewals": 2, "settle_after": 18, "rate": rate, "share": share,
    }  # fmt: skip


@pytest.mark.parametrize("priority", [True, False])
@pytest.mark.parametrize("member", [0, 3])
def test_pathway_against_plain_python(slow, pathway, inputs, member, priority):
    programme = pathway.evolve(reentry_priority=priority)
    run = programme.simulate(
        hazards=HAZARDS, start="2025-01-01", horizon="5 year",
        migrants_counted="in net migration", **inputs,
    )  # fmt: skip
    history, moves = slow.run(pathway_rules(inputs, member, priority))
    compare(run.dataset, history, moves, 12, member, 1e4)
    assert float(run.dataset["settlements"].sum()) > 0
    assert float(run.dataset["readmissions"].sum()) > 0


@pytest.mark.parametrize("season", [(), (4, 5, 6, 7, 8, 9)])
@pytest.mark.parametrize("first_only", [True, False])
def test_season_against_plain_python(slow, harvest, season, first_only):
    programme = harvest.evolve(season=season, quota_first_only=first_only, carry_over=False)
    apply = Cells((9000.0,), origin="MDA").array("person/year")
    run = programme.simulate(
        applicants=apply, hazards=HAZARDS, start="2025-01-01", horizon="3 year", report="month"
    )
    months = season or tuple(range(1, 13))
    opened = lambda t: t % 12 + 1 in months  # noqa: E731
    part = lambda t: 1500 / len(months) if opened(t) else 0.0  # noqa: E731
    rules = {
        "O": 1, "G": 1, "S": 1, "months": 36, "pool": {}, "apply": lambda t, c: 750.0,
        "posts": None, "floor": None, "quota": part, "quota_lapse": lambda t: True,
        "caps": [(lambda t, g: part(t), lambda t: True)], "open": opened, "reentry": True,
        "priority": True, "first_only": first_only, "most_stays": None, "pause": 3,
        "reentry_share": lambda c: HAZARDS.reentry, "stay": 90 / (365.2425 / 12), "renewals": 0,
        "settle_after": None, "rate": lambda n, c: 0.0 if n == "change_status" else rate(n, c),
        "share": share,
    }  # fmt: skip
    history, moves = slow.run(rules)
    compare(run.dataset, history, moves, 1, 0, 1e3)


def test_steady_state_is_inflow_times_mean_stay(harvest):
    """1,500 placements of 90 days are 370 person-years; hazards shorten the mean stay."""
    apply = Cells((90000.0,), origin="MDA").array("person/year")
    plain = harvest.evolve(reentry=False)
    run = plain.simulate(applicants=apply, hazards=Hazards(), start="2025-01-01", horizon="3 year")
    assert run.person_years()[2].item() == pytest.approx(1500 * 90 / 365.2425, rel=1e-13)
    assert round(run.person_years()[2].item()) == 370
    assert run.utilisation()[0].item() == pytest.approx(100.0)
    leave = 0.9
    run = plain.evolve(stay="24 month").simulate(
        applicants=apply, hazards=Hazards(early_return=leave), start="2025-01-01",
        horizon="6 year", migrants_counted="additional",
    )  # fmt: skip
    mean_stay = (1 - math.exp(-leave * 2)) / leave
    assert run.person_years()[5].item() == pytest.approx(1500 * mean_stay, rel=1e-12)
    # heads after a month: geometric with the survivors of each cohort
    heads = sum(125 * math.exp(-leave * m / 12) for m in range(1, 24))
    assert run.dataset["abroad"][-1].item() == pytest.approx(heads, rel=1e-12)


def test_empty_is_exactly_empty(harvest):
    """No remainder of subtractions stays abroad in the months between two seasons."""
    apply = Cells((9000.0,), origin="MDA").array("person/year")
    run = harvest.evolve(season=(5, 6), reentry=False).simulate(
        applicants=apply, hazards=HAZARDS, start="2025-01-01", horizon="4 year", report="month"
    )
    winter = run.dataset["abroad"].sel(time=[f"{y}-01-01" for y in (2026, 2027, 2028)])
    assert (winter.values == 0.0).all()
    for name, x in run.dataset.data_vars.items():
        assert float(x.min()) >= 0.0, name


def _everything(pathway, inputs, hazards=HAZARDS, **more):
    return pathway.simulate(
        hazards=hazards, start="2025-01-01", horizon="5 year",
        migrants_counted="in net migration", **{**inputs, **more},
    )  # fmt: skip


def test_limits_hold(pathway, inputs):
    out = _everything(pathway, inputs).dataset
    year = out["admissions"].sum(["occupation", "sex"])
    assert (year.sel(origin="ALB") <= 1800 * (1 + 1e-12)).all()
    assert (year.sel(origin="MDA", period="2027-01-01") <= 900 * (1 + 1e-12)).all()
    assert (year.sum("origin") <= out["places"] * (1 + 1e-12)).all()
    work = (out["abroad"] + out["settled"] + out["changed_status"]).sum(["origin", "sex"])
    posts = inputs["shortage"].isel(time=0, drop=True)
    assert (work.isel(time=slice(0, 4)) <= posts * (1 + 1e-12)).all()
    away = sum(out[n] for n in ("abroad", "settled", "changed_status", "late", "irregular",
                                "unknown", "died"))  # fmt: skip
    assert (away.sel(origin="ALB", occupation="2").sum("sex") <= 2600 * (1 + 1e-12)).all()
    places = out["places"].isel(member=0).values
    np.testing.assert_allclose(places, [3000, 4166.666666666667, 5000, 5000, 5000], rtol=1e-14)


def test_which_limit_binds(pathway, inputs, harvest):
    """The quota of 1,500 a year over 12 months; then visas of 600; then nothing."""
    apply = Cells((9000.0,), origin="MDA").array("person/year")
    how = {"applicants": apply, "hazards": Hazards(), "start": "2025-01-01", "horizon": "2 year"}
    plain = harvest.evolve(reentry=False, origin_cap=(cap_of("MDA", 5000),))
    table = plain.simulate(**how).limits()
    assert table["months"].to_dict() == {"quota": 24.0, "caps of origins": 0.0}
    assert table["percent"].to_dict() == {"quota": 100.0, "caps of origins": 0.0}
    visas = Cells((600.0,), origin="MDA").array("person/year")
    table = plain.simulate(capacity=visas, **how).limits()
    assert table["months"].to_dict() == {"visas": 24.0, "quota": 0.0, "caps of origins": 0.0}
    season = plain.evolve(season=(5, 6, 7)).simulate(capacity=visas, **how).limits()
    assert season.loc["visas", "months"] == 6.0
    few = plain.simulate(**{**how, "applicants": apply.copy(data=apply.values / 10)})
    assert few.limits()["months"].tolist() == [0.0, 0.0]
    both = _everything(pathway, inputs)
    assert set(both.limits().index) == {"quota", "caps of origins", "visas", "posts", "floors"}
    assert both.dataset["months_bound"].attrs["units"] == "month"
    assert float(both.dataset["months_bound"].max()) <= 12.0
    with pytest.raises(ParameterError, match="nothing bounds"):
        free(harvest).simulate(**how).limits()


def cap_of(origin, number):
    return OriginCap(origin=origin, number=number, date="2024-01-01", source="test")


def free(programme):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        return programme.evolve(quota=None, origin_cap=())


def test_members_seeds_and_blocks(pathway, inputs):
    hazards = Hazards(early_return=(0.02, 0.1, 0.2), settlement=(0.1, 0.2, 0.4), reentry=0.5,
                      renewal=(0.2, 0.5, 0.9), irregular=(0.0, 0.01, 0.1))  # fmt: skip
    whole = _everything(pathway, inputs, hazards, seed=7)
    again = _everything(pathway, inputs, hazards, seed=7)
    assert whole.identical(again)
    other = _everything(pathway, inputs, hazards, seed=8)
    assert not np.array_equal(whole.dataset["abroad"], other.dataset["abroad"])
    for chosen in ([2], [3, 1]):
        part = {k: x.sel(member=chosen) if "member" in x.dims else x for k, x in inputs.items()}
        alone = _everything(pathway, part, hazards, seed=7)
        for name, x in alone.dataset.data_vars.items():
            assert np.array_equal(x, whole.dataset[name].sel(member=chosen)
                                  if "member" in x.dims else whole.dataset[name]), name  # fmt: skip
    shuffled = {k: x.isel(member=[2, 0, 3, 1]) if "member" in x.dims else x
                for k, x in inputs.items()}  # fmt: skip
    moved = _everything(pathway, shuffled, hazards, seed=7).dataset["admissions"]
    xr.testing.assert_equal(moved.sel(member=[0, 1, 2, 3]), whole.dataset["admissions"])


def test_many_members_have_the_bits_of_one(pathway, inputs):
    """The order of a sum never depends on how many members stand beside each other."""
    one = {k: x.isel(member=0, drop=True) if "member" in x.dims else x for k, x in inputs.items()}
    hazards = Hazards(early_return=(0.02, 0.1, 0.2), settlement=(0.1, 0.2, 0.4), reentry=0.5)
    many = _everything(pathway, one, hazards, members=67, seed=3).dataset
    for label in (0, 40, 66):
        single = _everything(pathway, one, hazards, members=[label], seed=3).dataset
        for name in kernels.STOCKS:
            assert np.array_equal(many[name].sel(member=[label]), single[name]), name


def test_other_origins_do_not_matter_where_nothing_is_shared(pathway, inputs):
    """Without common limits an origin alone has the bits it has among others."""
    free = pathway.evolve(quota=None)
    given = {k: x for k, x in inputs.items() if k != "shortage"}
    both = _everything(free, given).dataset
    alone = free.evolve(origin="MDA", floors=(), origin_cap=free.origin_cap[1:])
    given = {
        k: x.sel(origin=["MDA"]) for k, x in given.items() if k not in ("workers", "residents")
    }
    single = _everything(alone, given).dataset
    assert np.array_equal(single["abroad"], both["abroad"].sel(origin=["MDA"]))


def test_a_lazy_input_gives_the_same(pathway, inputs):
    lazy = {**inputs, "applicants": inputs["applicants"].chunk(member=2)}
    assert _everything(pathway, lazy, seed=1).identical(_everything(pathway, inputs, seed=1))


def test_higher_quota_never_lowers_person_years(pathway, inputs):
    quotas = [0, 500, 1000, 2000, 4000, 8000]
    lived = [
        _everything(pathway.evolve(quota=q), inputs)
        .person_years(settled=True)
        .sum(["period", "occupation", "origin", "sex"])
        for q in quotas
    ]
    assert float(lived[0].max()) == 0.0
    for less, more in itertools.pairwise(lived):
        assert (more >= less * (1 - 1e-12)).all()


def test_status_units_and_definition(pathway, inputs):
    out = _everything(pathway, inputs).dataset
    assert int(out["abroad"].observation_status) == status.FLAGS["stylised"]
    assert out.attrs["stylised"] == 1
    marked = status.mark(inputs["applicants"], "estimated")
    shares = {"early_return": 0.1, "renewal": 0.5, "reentry": 0.2}
    units = {"early_return": "1/year", "renewal": "1", "reentry": "1"}
    arrays = {k: xr.DataArray(v, attrs={"units": units[k]}) for k, v in shares.items()}
    out = _everything(pathway, inputs, arrays, applicants=marked).dataset
    assert int(out["abroad"].observation_status) == status.FLAGS["estimated"]
    assert out["abroad"].attrs["units"] == "person"
    assert out["person_years"].attrs["units"] == "person year"
    for x in out.data_vars.values():
        assert x.attrs["long_name"]
        assert "migov_definition" in x.attrs


def test_ranges_without_members_are_scenarios(harvest):
    apply = Cells((900.0,), origin="MDA").array("person/year")
    run = harvest.simulate(applicants=apply, hazards=Hazards(early_return=(0.1, 0.5, 1.0)),
                           start="2025-01-01", horizon="2 year")  # fmt: skip
    lived = run.person_years().isel(period=1, origin=0)
    assert list(lived.scenario.values) == ["low", "central", "high"]
    assert (np.diff(lived.values) < 0).all()


def test_origins_apply(harvest):
    people = Cells((1000.0,), origin="MDA").array("thousand person").assign_coords(
        time=np.datetime64("2024-07-01", "s"))  # fmt: skip
    run = harvest.simulate(origins=people, hazards=Hazards(application=0.001), start="2025-01-01",
                           horizon="1 year")  # fmt: skip
    assert float(run.dataset["applications"].sum()) == pytest.approx(1000.0)


def test_a_projection_and_a_shortage_are_taken_as_they_are():
    """By area, age and sex, in a dataset: areas become roles, ages 15 to 64 apply."""
    time = np.array(["2025-01-01", "2030-01-01"], "M8[s]")
    people = xr.DataArray(
        np.full((2, 3, 2, 3), 1000.0),
        {"time": time, "area": ["ALB", "DEU", "MDA"], "sex": ["F", "M"], "age": [0, 15, 65],
         "age_width": ("age", [15.0, 50.0, np.inf])},
        ("time", "area", "sex", "age"), attrs={"units": "thousand person"},
    )  # fmt: skip
    posts = Cells(((200.0, 7.0), (100.0, 3.0)), area="DEU ALB", time="2025-01-01 2030-01-01")
    found = xr.Dataset({"shortage": posts.array("post").expand_dims(occupation=["9"])})
    free = WESTERN_BALKANS_ALB
    run = free.simulate(
        origins=xr.Dataset({"population": people.assign_coords(occupation="9")}), shortage=found,
        hazards=Hazards(application=0.001), start="2025-01-01", horizon="8 year",
        migrants_counted="additional", quota_share=0.1,
    )  # fmt: skip
    year = run.dataset["applications"].sum(["occupation", "origin"])
    np.testing.assert_allclose(year, 1000.0)
    lived = run.person_years().sum(["occupation", "origin", "sex"]).values
    # All posts are held while there are 200; a post left at a month's end is filled at once.
    assert lived[1:5] == pytest.approx(200.0)
    assert lived[7] < 10.0
    assert run.dataset.attrs["cautions"].endswith("ask the origin before it is used")
    assert float(run.dataset["places"][0]) == pytest.approx(5000.0)
    with pytest.raises(TimeError, match="from which the rules hold"):
        free.simulate(applicants=people, hazards=Hazards(), start="2020-01-01", horizon="1 year",
                      migrants_counted="additional")  # fmt: skip


def test_a_joint_quota_asks_for_its_part(harvest):
    joint = harvest.evolve(quota_shared_with=("GEO",), reentry=False)
    apply = Cells((90000.0,), origin="MDA").array("person/year")
    how = {"applicants": apply, "hazards": Hazards(), "start": "2025-01-01", "horizon": "1 year"}
    with pytest.raises(KindError, match="shared with GEO"):
        joint.simulate(**how)
    run = joint.simulate(quota_share=0.2, **how)
    assert float(run.dataset["admissions"].sum()) == pytest.approx(300.0)
    assert run.dataset.attrs["stylised"] == 1


def test_deadweight_and_diversion_are_results(harvest):
    mix = Alternative(home_job=0.5, home_no_job=0.2, other_destination=0.2, same_destination=0.1)
    apply = Cells((90000.0,), origin="MDA").array("person/year")
    run = harvest.simulate(applicants=apply, hazards=Hazards(), start="2025-01-01",
                           horizon="2 year", alternative=mix)  # fmt: skip
    out = run.dataset
    assert float(out["deadweight"][0].sum()) == pytest.approx(150.0)
    assert float(out["diverted_person_years"].sum()) == pytest.approx(
        0.2 * float(out["person_years"].sum())
    )
    assert out["deadweight_person_years"].attrs["units"] == "person year"


def test_settlers_by_age(pathway, inputs):
    run = _everything(pathway, inputs)
    pattern = Cells((0.7, 0.3), age="15-34 35-64").array("1")
    out = run.settlers(pattern)
    assert set(out.dims) == {"period", "origin", "sex", "member", "age"}
    whole = run.dataset["settlements"].sum("occupation")
    xr.testing.assert_allclose(out.sum("age").transpose(*whole.dims), whole)
    with pytest.raises(InputError):
        run.settlers(pattern * 1.1)
    assert "outcome" in run.outcomes().dims


@pytest.mark.parametrize("name", ["abroad", "settled", "returned", "waiting"])
def test_a_broken_stock_is_seen(pathway, inputs, monkeypatch, name):
    real = simulation.run

    def broken(setting):
        out = real(setting)
        out.stocks[name][3, 0, 0, 0, 0] += 0.5
        return out

    monkeypatch.setattr(simulation, "run", broken)
    with pytest.raises(AccountError, match="heads"):
        _everything(pathway, inputs)


@pytest.mark.parametrize(
    ("name", "what"),
    [("admissions", "moves"), ("returns_in_time", "moves"), ("person_months", "person-months")],
)
def test_a_broken_flow_is_seen(pathway, inputs, monkeypatch, name, what):
    real = simulation.run

    def broken(setting):
        out = real(setting)
        out.flows[name][2] *= 1.001
        return out

    monkeypatch.setattr(simulation, "run", broken)
    with pytest.raises(AccountError, match=what):
        _everything(pathway, inputs)


def test_a_broken_window_is_seen(pathway, inputs, monkeypatch):
    """A loop that forgets the months before fails although its heads are whole numbers."""
    monkeypatch.setattr(kernels_stay.Window, "_prepare", lambda self: None)
    with pytest.raises(AccountError):
        _everything(pathway, inputs)


def test_close_tells_nan_from_equal():
    with pytest.raises(AccountError):
        accounts.close("x", "heads", np.array([1.0, np.nan]), np.array([1.0, 1.0]))


def _bad(what, programme, how):
    x = how["applicants"]
    if what == "unit":
        x.attrs["units"] = "person"
    elif what == "no unit":
        x.attrs = {}
    elif what == "origin":
        how["applicants"] = x.assign_coords(origin=["GEO"])
    elif what == "negative":
        how["applicants"] = (-x).assign_attrs(x.attrs)
    elif what == "nan":
        how["applicants"] = (x * np.nan).assign_attrs(x.attrs)
    elif what == "infinite":
        how["applicants"] = (x * np.inf).assign_attrs(x.attrs)
    elif what == "year":
        how["applicants"] = x.expand_dims(period=[2025])
    elif what == "period":
        how["applicants"] = Cells(((9.0,),), period="2024", origin="MDA").array("person/year")
    elif what == "dimension":
        how["applicants"] = x.expand_dims(education=["5"])
    elif what == "frame":
        how["applicants"] = x.to_dataframe("x")
    elif what == "nobody":
        del how["applicants"]
    elif what == "twice":
        posts = Cells((9.0, 8.0), occupation="2 2").array("person")
        how["demand"] = posts
    elif what == "overlap":
        how["demand"] = Cells((9.0, 8.0), occupation="2 22").array("person")
    elif what == "destination":
        how["demand"] = Cells((9.0,), occupation="9").array("person").assign_coords(area="POL")
    elif what == "occupation":
        how["demand"] = Cells((9.0, 8.0), occupation="2 9").array("person")
    elif what == "both":
        how["demand"] = how["shortage"] = Cells((9.0,), occupation="9").array("person")
    elif what == "too late":
        posts = Cells(((9.0,),), time="2026-01-01", occupation="9").array("person")
        how["demand"] = posts
    elif what == "start":
        how["start"] = "2025-01-15"
    elif what == "start text":
        how["start"] = "January"
    elif what == "horizon":
        how["horizon"] = "18 month"
    elif what == "report":
        how["report"] = "week"
    elif what == "hazard":
        how["hazards"] = {"overstay": 0.1}
    elif what == "hazards":
        how["hazards"] = 0.1
    elif what == "hazard unit":
        how["hazards"] = {"early_return": xr.DataArray(0.1, attrs={"units": "1"})}
    elif what == "hazard share":
        how["hazards"] = {"late": xr.DataArray(1.5, attrs={"units": "1"})}
    elif what == "members":
        how["members"] = 0
    elif what == "counted":
        how["migrants_counted"] = "additional"
    elif what == "quota share":
        how["quota_share"] = 0.5
        programme = programme.evolve(quota=None)
    elif what == "quota share over":
        how["quota_share"] = 1.5
    elif what == "alternative":
        how["alternative"] = Cells((1.0,), alternative="home_job").array("1")
    elif what == "alternative kind":
        how["alternative"] = 0.5
    return programme, how


@pytest.mark.parametrize(
    ("what", "kind", "argument"),
    [
        ("unit", UnitError, "applicants"),
        ("no unit", UnitError, "applicants"),
        ("origin", AlignmentError, "applicants"),
        ("negative", InputError, "applicants"),
        ("nan", InputError, "applicants"),
        ("infinite", InputError, "applicants"),
        ("year", TimeError, "applicants"),
        ("period", TimeError, "applicants"),
        ("dimension", DimensionError, "applicants"),
        ("frame", KindError, "applicants"),
        ("nobody", KindError, None),
        ("twice", MigovError, "demand"),
        ("overlap", MigovError, "demand"),
        ("destination", AlignmentError, "demand"),
        ("occupation", DimensionError, "applicants"),
        ("both", KindError, "demand"),
        ("too late", TimeError, "demand"),
        ("start", TimeError, "start"),
        ("start text", TimeError, "start"),
        ("horizon", ParameterError, "horizon"),
        ("report", ParameterError, "report"),
        ("hazard", ParameterError, "hazards"),
        ("hazards", KindError, "hazards"),
        ("hazard unit", UnitError, "hazards['early_return']"),
        ("hazard share", InputError, "hazards['late']"),
        ("members", ParameterError, "members"),
        ("counted", ParameterError, "migrants_counted"),
        ("quota share", KindError, "quota_share"),
        ("quota share over", InputError, "quota_share"),
        ("alternative", DimensionError, "alternative"),
        ("alternative kind", KindError, "alternative"),
    ],
)
@pytest.mark.filterwarnings("ignore::migov.core.errors.MigovWarning")
def test_what_is_refused(harvest, what, kind, argument):
    how = {
        "applicants": Cells((9000.0,), origin="MDA").array("person/year"),
        "hazards": Hazards(),
        "start": "2025-01-01",
        "horizon": "2 year",
    }
    programme, how = _bad(what, harvest, how)
    with pytest.raises(kind) as caught:
        programme.simulate(**how)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    if argument is not None and kind is not MigovError:
        assert caught.value.argument == argument


def test_long_stays_must_say_how_they_are_counted(pathway, inputs):
    with pytest.raises(ParameterError, match="in net migration"):
        pathway.simulate(hazards=HAZARDS, start="2025-01-01", horizon="5 year", **inputs)


def test_floors_ask_for_workers(pathway, inputs):
    given = {k: x for k, x in inputs.items() if k != "workers"}
    with pytest.raises(KindError, match="workers"):
        _everything(pathway, given)


def test_a_run_pickles(pathway, inputs):
    run = _everything(pathway, inputs, seed=1)
    assert pickle.loads(pickle.dumps(run)).identical(run)
