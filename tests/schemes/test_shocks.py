"""Shocks and shut borders: a slow version, closed forms, identities, rules, and what is refused."""

from __future__ import annotations

import math
import pickle
import warnings

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemes.cases import BOTH, programme, simulated

from migov.core.cases import Cells
from migov.core.errors import AccountError, DataError, MigovError, MigovWarning
from migov.schemes import (
    Closure,
    Hazards,
    Pulse,
    Shocks,
    gains_per_place,
    simulation,
)
from migov.schemes.kernels import FLOWS, STOCKS
from migov.schemes.kernels_shocks import SHOCKS
from migov.schemes.result import TITLES

CELLS = ("occupation", "origin", "sex")
HAZARDS = Hazards(
    early_return=0.08, change_status=0.02, settlement=0.3, death=0.02, late_return=3.0,
    withdrawal=0.1, renewal=0.7, late=0.05, irregular=0.04, unknown=0.03, reentry=0.6,
)  # fmt: skip
EVERY = {
    "illness": 0.2, "illness_stays": 0.6, "illness_months": 1.5,
    "pregnancy": 0.1, "pregnancy_stays": 0.4, "pregnancy_months": 2.5,
    "bankruptcy": 0.15, "bankruptcy_replaced": 0.7, "bankruptcy_months": 2.0,
}  # fmt: skip
QUICK = settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


def applicants(*numbers, **labels):
    return Cells(numbers, **labels).array("person/year")


def simulate(made, shocks, hazards=None, **more):
    counted = {} if made.is_mobility else {"migrants_counted": "additional"}
    return simulated(made, hazards, shocks=shocks, **(counted | more))


def compare(run, history, moves, each, member=0):
    """Compare every stock and flow of one member with the slow simulation."""
    data = run.dataset.isel(member=member) if "member" in run.dataset.dims else run.dataset
    data = data.expand_dims([d for d in CELLS if d not in data.dims])
    names = [str(n) for n in data if n not in ("places", "months_bound")]
    assert set(names) > {*STOCKS, *(n.replace("months", "years") for n in FLOWS)}
    for name in names:
        lead = "time" if "time" in data[name].dims else "period"
        x = data[name].transpose(lead, *CELLS).values
        years = name.startswith("person_years")
        key = name.replace("years", "months") if years else name
        for i in range(x.shape[0]):
            for c in np.ndindex(x.shape[1:]):
                if lead == "time":
                    expected = history[i * each].get((key, c), 0.0)
                else:
                    expected = sum(m.get((key, c), 0.0) for m in moves[i * each : (i + 1) * each])
                found = x[(i, *c)] * (12 if years else 1)
                assert found == pytest.approx(expected, rel=1e-11, abs=1e-7), (name, i, c)


def shut(t, g):
    """Return the closures of the test: all origins in 2026, one of them again in 2027."""
    return 14 <= t < 19 or (g == 1 and 26 <= t < 28)


CLOSURES = (
    Closure(start="2026-03-01", end="2026-08-01"),
    Closure(start="2027-03-01", end="2027-05-01", origin="MDA"),
)


@pytest.mark.parametrize("prolongs", [True, False])
@pytest.mark.parametrize("stay", ["short", "long"])
def test_against_plain_python(slow, pathway, inputs, stay, prolongs):
    """Every shock, two pulses and three closures, by occupation, origin, sex and member."""
    pulses = (
        Pulse(shock="illness", month="2026-05-01", share=0.3),
        Pulse(shock="bankruptcy", month="2026-10-01", share=0.2, origin="MDA", occupation="5"),
    )
    shocks = Shocks(**EVERY, pulses=pulses, border_closure=CLOSURES,
                    closure_prolongs_permit=prolongs)  # fmt: skip
    rules = {"stay": "90 day", "renewals": 0, "settlement_after": "", "cooling_off": "0 month"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        made = pathway.evolve(**(rules if stay == "short" else {}), quota=None, origin_cap=())
    given = {k: inputs[k] for k in ("applicants", "shortage", "workers", "residents", "pool")}
    counted = {} if made.is_mobility else {"migrants_counted": "additional"}
    run = made.simulate(hazards=HAZARDS, shocks=shocks, start="2025-01-01", horizon="4 year",
                        report="month", **counted, **given)  # fmt: skip
    apply, posts = (inputs[n].isel(member=2) for n in ("applicants", "shortage"))
    months = (1.5, 2.5, 2.0)
    women = (1.0, 1.0), (1.0, 0.0), (1.0, 1.0)
    how = {
        name: (lambda c, i=i, name=name: (EVERY[name] / 12 * women[i][c[2]],
                                          (0.6, 0.4, 0.7)[i], months[i]))
        for i, name in enumerate(SHOCKS)
    }  # fmt: skip
    p = {
        "O": 3, "G": 2, "S": 2, "months": 48,
        "pool": {c: [300.0, 100.0][c[1]] for c in np.ndindex(3, 2, 2)},
        "apply": lambda t, c: float(apply.values[(*c, 0 if t < 24 else 1)]) / 12,
        "posts": lambda t, o: float(posts.values[0 if t < 42 else 1, o]),
        "floor": lambda t, o, g: 18000 - 2800e3 * 55 / 1e4 if (o, g) == (0, 0) else None,
        "quota": None, "caps": [], "open": lambda t: True, "reentry": True, "priority": True,
        "first_only": False, "most_stays": 3, "pause": 0 if stay == "short" else 2,
        "reentry_share": lambda c: 0.6,
        "stay": 90 / (365.2425 / 12) if stay == "short" else 12.0,
        "renewals": 0 if stay == "short" else 2, "settle_after": None if stay == "short" else 18,
        "rate": lambda n, c: getattr(HAZARDS, n) / 12, "share": lambda n, c: getattr(HAZARDS, n),
        "shocks": how, "closed": shut, "prolongs": prolongs,
        "pulses": [(16, "illness", lambda c: 0.3),
                   (21, "bankruptcy", lambda c: 0.2 * (c[:2] == (1, 1)))],
    }  # fmt: skip
    history, moves = slow.run(p)
    compare(run, history, moves, 1, 2)
    seen = run.dataset.sum(["period", *CELLS]).isel(member=2)
    assert float(seen["held_back"]) > 1
    assert float(seen["bankruptcies"]) > float(seen["new_placements"]) > 1


def test_constant_hazard_has_its_closed_form():
    """A stay under the hazard h lasts (1 - exp(-hT))/h; illness shortens it as early return."""
    made, h = programme(stay="24 month"), 0.3 + 0.5 * 0.4
    ill = Shocks(illness=0.5, illness_stays=0.6, illness_months=2.0)
    found = simulate(made, ill, Hazards(early_return=0.3), horizon="6 year").dataset.isel(period=5)
    lived = found["person_years"].values
    assert lived == pytest.approx([1200 * (1 - math.exp(-2 * h)) / h,
                                   2400 * (1 - math.exp(-2 * h)) / h], rel=1e-12)  # fmt: skip
    assert found["illnesses"].values == pytest.approx(0.5 * lived, rel=1e-12)
    assert found["recoveries"].values == pytest.approx(0.3 * lived, rel=1e-12)
    assert found["person_years_off_work"].values == pytest.approx(0.3 * lived / 6, rel=1e-12)
    same = simulate(made, None, Hazards(early_return=h), horizon="6 year").dataset.isel(period=5)
    np.testing.assert_allclose(found["returns_ill"] + found["returns_early"],
                               same["returns_early"], rtol=1e-12)  # fmt: skip


def test_a_pulse_meets_its_share_of_all_who_are_abroad():
    made = programme()
    calm = simulate(made, None, report="month").dataset
    pulse = Pulse(shock="bankruptcy", month="2026-02-01", share=0.25)
    run = simulate(made, Shocks(pulses=pulse, bankruptcy_replaced=0.6, bankruptcy_months=1),
                   report="month").dataset  # fmt: skip
    before = calm["abroad"].isel(time=13)
    month = run.sel(period="2026-02-01")
    np.testing.assert_allclose(month["bankruptcies"], 0.25 * before, rtol=1e-13)
    np.testing.assert_allclose(month["returns_bankruptcy"], 0.1 * before, rtol=1e-13)
    assert float(run["bankruptcies"].sum()) == pytest.approx(float(month["bankruptcies"].sum()))
    # Six months later nobody is left of those whom it met.
    later = slice("2026-09-01", None)
    np.testing.assert_allclose(run["abroad"].sel(time=later), calm["abroad"].sel(time=later))


def test_a_border_that_is_always_shut_lets_nobody_in():
    closed = Closure(start="2025-01-01", end="2028-01-01", origin="ALB")
    found = simulate(programme(), Shocks(border_closure=closed, closure_prolongs_permit=False))
    alone = simulate(programme(), None).dataset
    year = found.dataset["admissions"]
    assert float(year.sel(origin="ALB").sum()) == 0.0
    assert float(found.dataset["applicants"].sel(origin="ALB")[-1]) == pytest.approx(3600.0)
    for name in alone:  # Nothing is shared: the other origin has the same bits.
        np.testing.assert_array_equal(found.dataset[name].sel(origin="MDA"),
                                      alone[name].sel(origin="MDA"))  # fmt: skip


def test_a_closure_of_no_length_and_shocks_that_do_not_happen_change_no_bit():
    none = Closure(start="2026-01-01", end="2026-01-01")
    plain = simulate(programme(reentry=True), None, HAZARDS).dataset
    for prolongs in (True, False):
        shocks = Shocks(border_closure=none, closure_prolongs_permit=prolongs, illness=0.0,
                        illness_stays=0.0)  # fmt: skip
        found = simulate(programme(reentry=True), shocks, HAZARDS).dataset
        for name in plain:
            np.testing.assert_array_equal(found[name], plain[name], err_msg=str(name))
        assert float(found["held_back"].sum()) == 0.0


def test_no_shock_leaves_no_trace():
    assert not {*simulate(programme(), None).dataset} - {*STOCKS, *TITLES}
    assert not {"held", "illnesses", "person_years_off_work"} & {
        *simulate(programme(), None).dataset
    }
    only = simulate(programme(), Shocks(illness=0.1, illness_stays=0.0)).dataset
    assert "returns_ill" in only
    assert not {"bankruptcies", "held", "prolonged"} & {*only}


def test_who_is_held_goes_home_when_the_border_opens():
    """By hand: 100 and 200 come a month for three months; the border is shut for four."""
    made = programme(stay="3 month")
    closure = Closure(start="2025-05-01", end="2025-09-01")
    how = {"report": "month", "horizon": "1 year"}
    held = simulate(made, Shocks(border_closure=closure, closure_prolongs_permit=False), **how)
    work = simulate(made, Shocks(border_closure=closure, closure_prolongs_permit=True), **how)
    at = held.dataset["held"].sel(origin="ALB")
    assert at.sel(time="2025-05-01").item() == 0.0
    # Who came in March, April and May would go at the ends of May, June and July; none in May.
    assert at.sel(time=["2025-06-01", "2025-07-01", "2025-08-01", "2025-09-01"]).values == (
        pytest.approx([100.0, 200.0, 200.0, 200.0])
    )
    assert at.sel(time="2025-10-01").item() == 0.0
    back = held.dataset["returns_held"].sel(origin="ALB")
    assert back.sel(period="2025-09-01").item() == pytest.approx(200.0)
    assert float(back.sum()) == pytest.approx(200.0)
    # 100 for three months, 100 for two.
    assert float(held.dataset["person_years_held"].sel(origin="ALB").sum()) * 12 == (
        pytest.approx(500.0)
    )
    more = work.dataset["person_years"] - held.dataset["person_years"]
    assert float(more.sel(origin="ALB").sum()) * 12 == pytest.approx(500.0)
    assert float(work.dataset["prolongations"].sel(origin="ALB").sum()) == pytest.approx(200.0)
    assert float(work.dataset["held_back"].sum()) == 0.0
    # The queue that could not enter comes in when the border opens.
    came = held.dataset["admissions"].sel(origin="ALB")
    assert came.sel(period="2025-05-01").item() == 0.0
    assert came.sel(period="2025-09-01").item() == pytest.approx(500.0)


@pytest.mark.parametrize(("carry", "expected"), [(True, 1200.0), (False, 900.0)])
def test_places_lapse_at_a_shut_border_by_the_rule_of_the_quota(carry, expected):
    made = programme(quota=1200, carry_over=carry)
    closure = Closure(start="2025-04-01", end="2025-07-01")
    found = simulate(made, Shocks(border_closure=closure, closure_prolongs_permit=False))
    assert float(found.dataset["admissions"].isel(period=0).sum()) == pytest.approx(expected)


def test_the_table_of_shocks():
    how = Shocks(**{**EVERY, "illness": (0.1, 0.2, 0.3)}, women=0.5, border_closure=CLOSURES,
                 closure_prolongs_permit=True)  # fmt: skip
    run = simulate(programme(), how, HAZARDS, members=9)
    table = run.shocks()
    assert list(table.index) == ["illness", "pregnancy", "bankruptcy", "shut border"]
    assert list(table.columns) == ["people", "stay_on", "go_home"]
    total = run.dataset.sum(["period", "origin"]).median("member")
    assert table.loc["illness", "people"] == pytest.approx(float(total["illnesses"]))
    assert table.loc["shut border", "stay_on"] == pytest.approx(float(total["prolongations"]))
    by_scenario = simulate(programme(), how, HAZARDS).shocks()
    assert by_scenario.index.names == ["shock", "scenario"]
    assert len(by_scenario) == 12
    assert (
        by_scenario.loc[("illness", "low"), "people"]
        < (by_scenario.loc[("illness", "high"), "people"])
    )
    only = Closure(start="2026-01-01", end="2026-03-01")
    held = simulate(programme(), Shocks(border_closure=only, closure_prolongs_permit=False))
    assert list(held.shocks().index) == ["shut border"]
    assert held.shocks().loc["shut border", "stay_on"] == 0.0
    with pytest.raises(MigovError, match="no shocks"):
        simulate(programme(), None).shocks()


def test_pregnancy_is_of_women_and_the_right_to_come_again_stays():
    apply = xr.DataArray(
        [[600.0, 600.0]], {"origin": ["MDA"], "sex": ["F", "M"]}, ("origin", "sex"),
        attrs={"units": "person/year"},
    )  # fmt: skip
    made = programme(origin="MDA", reentry=True)
    shocks = Shocks(pregnancy=0.2, pregnancy_stays=0.3, pregnancy_months=3)
    found = simulate(made, shocks, Hazards(reentry=1.0), applicants=apply).dataset
    by_sex = found["pregnancies"].sum(["period", "origin"])
    assert by_sex.sel(sex="M").item() == 0.0
    assert by_sex.sel(sex="F").item() > 10
    # Everybody who went home wishes to come again and may: nobody is home for good.
    assert float(found["returned"].max()) == 0.0
    both = apply.sum("sex").assign_attrs(apply.attrs)
    half = Shocks(pregnancy=0.2, pregnancy_stays=0.3, pregnancy_months=3, women=0.5)
    together = simulate(made, half, Hazards(reentry=1.0), applicants=both).dataset
    assert float(together["pregnancies"].sum()) == pytest.approx(float(by_sex.sum()), rel=0.03)


def test_without_a_change_of_employer_a_bankruptcy_ends_every_stay():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        bound = programme(employer_change="none")
    found = simulate(bound, Shocks(bankruptcy=0.2)).dataset
    np.testing.assert_allclose(found["returns_bankruptcy"], found["bankruptcies"], rtol=1e-12)
    assert float(found["new_placements"].sum()) == 0.0


def test_members_are_drawn_alone_and_told():
    made = programme()
    shocks = Shocks(
        illness=(0.0, 0.1, 0.4),
        illness_stays=0.5,
        illness_months=1,
        pulses=Pulse(shock="illness", month="2026-01-01", share=(0.0, 0.2, 0.6)),
    )
    whole = simulate(made, shocks, members=9).dataset
    assert float(whole["illnesses"].isel(period=1, origin=0).std("member")) > 1
    for label in (0, 8):
        alone = simulate(made, shocks, members=[label]).dataset
        for name, x in alone.items():
            np.testing.assert_array_equal(x, whole[name].sel(member=[label]), err_msg=str(name))
    assert whole.attrs["stylised"] == 1
    assert Shocks.from_json(whole.attrs["shocks"]) == shocks


def test_arrays_by_origin_and_lazy_members():
    rate = xr.DataArray([[0.1, 0.4], [0.2, 0.3]], {"origin": ["ALB", "MDA"], "member": [0, 1]},
                        ("origin", "member"), attrs={"units": "1/year"})  # fmt: skip
    shocks = {"illness": rate, "illness_stays": 0.0}
    found = simulate(programme(), shocks).dataset
    np.testing.assert_allclose(found["illnesses"].transpose("period", "origin", "member"),
                               (found["person_years"] * rate).transpose("period", "origin",
                                                                       "member"))  # fmt: skip
    lazy = simulate(programme(), {**shocks, "illness": rate.chunk(member=1)}).dataset
    for name in found:
        np.testing.assert_array_equal(found[name], lazy[name])


@st.composite
def shocks(draw):
    start = draw(st.integers(0, 35))
    end = draw(st.integers(start, 36))
    months = np.datetime64("2025-01") + np.array([start, end])
    given = {name: draw(st.floats(0.0, 1.0)) for name in EVERY if "months" not in name}
    given |= {name: draw(st.floats(0.0, 3.0)) for name in EVERY if "months" in name}
    return Shocks(
        **given, women=draw(st.floats(0.0, 1.0)), closure_prolongs_permit=draw(st.booleans()),
        border_closure=Closure(start=f"{months[0]}-01", end=f"{months[1]}-01",
                               origin=draw(st.sampled_from([(), "ALB"]))),
        pulses=Pulse(shock=draw(st.sampled_from(["illness", "bankruptcy"])),
                     share=draw(st.floats(0.0, 1.0)),
                     month=f"{np.datetime64('2025-01') + draw(st.integers(0, 35))}-01"),
    )  # fmt: skip


@QUICK
@given(shocks(), st.integers(1, 20), st.integers(0, 2), st.booleans())
def test_heads_and_ends_of_stays_close(how, stay, renewals, reentry):
    made = programme(stay=f"{max(stay, 4)} month", renewals=renewals, reentry=reentry)
    data = simulate(made, how, HAZARDS).dataset
    stocks = [name for name in data if "time" in data[name].dims]
    heads = sum(data[name].isel(time=slice(1, None)).values for name in stocks)
    np.testing.assert_allclose(heads, data["applications"].cumsum("period").values, rtol=1e-9)
    for name in data:
        assert float(data[name].min()) >= -1e-9, name
    for events, stays, returns in SHOCKS.values():
        np.testing.assert_allclose(data[stays] + data[returns], data[events], rtol=1e-9,
                                   atol=1e-9)  # fmt: skip
    if "prolonged" not in data:
        assert bool((data["returns_held"].cumsum("period")
                     <= data["held_back"].cumsum("period") + 1e-9).all())  # fmt: skip


@pytest.mark.parametrize("name", ["illnesses", "returns_ill", "new_placements", "held_back",
                                  "returns_held", "person_months", "deaths"])  # fmt: skip
@pytest.mark.parametrize("prolongs", [True, False])
def test_a_broken_flow_is_seen(name, prolongs, monkeypatch):
    real = simulation.run

    def broken(setting):
        out = real(setting)
        out.flows[name] = out.flows[name] * 1.001
        return out

    monkeypatch.setattr(simulation, "run", broken)
    how = Shocks(**EVERY, women=0.5, border_closure=CLOSURES, closure_prolongs_permit=prolongs)
    with pytest.raises(AccountError):
        simulate(programme(), how, HAZARDS)


@pytest.mark.parametrize("name", ["held", "prolonged"])
def test_a_broken_stock_is_seen(name, monkeypatch):
    real = simulation.run

    def broken(setting):
        out = real(setting)
        out.stocks[name] = out.stocks[name] + 0.5
        return out

    monkeypatch.setattr(simulation, "run", broken)
    how = Shocks(border_closure=CLOSURES, closure_prolongs_permit=True)
    with pytest.raises(AccountError, match="heads"):
        simulate(programme(), how, HAZARDS)


ILL = {"illness": 0.1, "illness_stays": 0.5, "illness_months": 1.0}
SHUT = {"border_closure": Closure(start="2026-01-01", end="2026-03-01"),
        "closure_prolongs_permit": False}  # fmt: skip
WRONG = {
    "a negative rate": (lambda: Shocks(**{**ILL, "illness": -0.1}), "illness"),
    "a share over one": (lambda: Shocks(**{**ILL, "illness_stays": 1.2}), "illness_stays"),
    "a falling range": (lambda: Shocks(**{**ILL, "illness": (0.3, 0.2, 0.1)}), "illness"),
    "a range of one": (lambda: Shocks(**{**ILL, "illness": [0.1]}), "illness"),
    "a hazard of one": (lambda: Hazards(late=[0.1]), "late"),
    "a text": (lambda: Shocks(**{**ILL, "illness": "much"}), "illness"),
    "no number": (lambda: Shocks(**{**ILL, "illness": math.nan}), "illness"),
    "no outcome": (lambda: Shocks(illness=0.1), "illness_stays"),
    "no months": (lambda: Shocks(illness=0.1, illness_stays=0.5), "illness_months"),
    "an outcome alone": (lambda: Shocks(illness_stays=0.5), "illness"),
    "women alone": (lambda: Shocks(women=0.5), "women"),
    "no rule of the closure": (lambda: Shocks(border_closure=SHUT["border_closure"]),
                               "closure_prolongs_permit"),
    "a rule alone": (lambda: Shocks(closure_prolongs_permit=True), "closure_prolongs_permit"),
    "closures that overlap": (lambda: Shocks(**{**SHUT, "border_closure": (
        Closure(start="2026-01-01", end="2026-03-01", origin="MDA"),
        Closure(start="2026-02-01", end="2026-04-01"))}), "overlap"),
    "no closure": (lambda: Shocks(**{**SHUT, "border_closure": ("2026-01-01",)}), "Closure"),
    "a day": (lambda: Closure(start="2026-01-15", end="2026-03-01"), "2026-01-01"),
    "no date": (lambda: Closure(start="January", end="2026-03-01"), "January"),
    "a missing date": (lambda: Closure(start=None, end="2026-03-01"), "start"),
    "an end before the start": (lambda: Closure(start="2026-05-01", end="2026-03-01"), "before"),
    "a number as origin": (lambda: Closure(start="2026-01-01", end="2026-03-01", origin=(3,)),
                           "origin"),
    "a pulse of pregnancy": (lambda: Pulse(shock="pregnancy", month="2026-01-01", share=0.1),
                             "pregnancy"),
    "a pulse over one": (lambda: Pulse(shock="illness", month="2026-01-01", share=2), "share"),
    "a damaged text": (lambda: Shocks.from_json("{"), "Shocks"),
    "another text": (lambda: Shocks.from_json('{"storm": 1}'), "storm"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_refused_at_once(name):
    make, words = WRONG[name]
    with pytest.raises(MigovError, match=words) as caught:
        make()
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert caught.value.mend


def test_dates_and_numbers_of_numpy_are_read():
    month = np.datetime64("2026-03-01")
    assert Closure(start=month, end="2026-04-01") == Closure(start="2026-03-01", end="2026-04-01")
    assert Shocks(illness=np.array([0.1, 0.2, 0.3]), illness_stays=np.float64(0.0)) == (
        Shocks(illness=(0.1, 0.2, 0.3), illness_stays=0.0)
    )
    assert Hazards(late=np.array([0.1, 0.2, 0.3])).late == (0.1, 0.2, 0.3)


def test_sex_that_is_a_total_counts_as_none():
    apply = BOTH.expand_dims(sex=["_T"])
    how = Shocks(pregnancy=0.1, pregnancy_stays=0.0, women=0.5)
    assert float(simulate(programme(), how, applicants=apply).dataset["pregnancies"].sum()) > 0


def test_hazards_of_other_dimensions_and_labels_twice_are_refused():
    late = rate([0.1, 0.2], "1", age=[0, 15])
    with pytest.raises(MigovError, match=r"late.* has 'age'"):
        simulate(programme(), None, {"late": late})
    twice = rate([0.1, 0.2], "1", origin=["ALB", "ALB"])
    with pytest.raises(MigovError, match="labels of origin twice"):
        simulate(programme(), None, {"late": twice})


def test_all_faults_are_told_together():
    with pytest.raises(DataError, match="3 faults"):
        Shocks(illness=-1, illness_stays=2, bankruptcy="x")


def rate(values, unit="1/year", **labels):
    return xr.DataArray(values, labels, tuple(labels), attrs={"units": unit})


REFUSED = {
    "no shocks": ([0.1], {}, "shocks"),
    "an unknown one": ({"storm": 0.1}, {}, "storm"),
    "another unit": ({**ILL, "illness": rate(0.1, "person")}, {}, "illness"),
    "another dimension": ({**ILL, "illness": rate([0.1], age=[20])}, {}, "age"),
    "a negative array": ({**ILL, "illness": rate([-0.1, 0.1], origin=["ALB", "MDA"])}, {},
                         "illness"),
    "a missing origin": ({**ILL, "illness": rate([0.1], origin=["MDA"])}, {}, "origin"),
    "months of another unit": ({**ILL, "illness_months": rate(1.0, "person")}, {},
                               "illness_months"),
    "always off work": ({"illness": 9.0, "illness_stays": 1.0, "illness_months": 3.0}, {},
                        "without work"),
    "longer than a stay": ({**ILL, "illness_months": 7.0}, {}, "longest stay"),
    "no share of women": ({"pregnancy": 0.1, "pregnancy_stays": 0.0}, {}, "women"),
    "no new post": ({"bankruptcy": 0.1}, {}, "bankruptcy_replaced"),
    "a new post against the rule": (
        {"bankruptcy": 0.1, "bankruptcy_replaced": 0.5, "bankruptcy_months": 1.0},
        {"employer_change": "none"}, "employer_change"),
    "months that no rule grants": (
        {"bankruptcy": 0.1, "bankruptcy_replaced": 0.5, "bankruptcy_months": 3.5}, {}, "grace"),
    "beyond the horizon": ({**SHUT, "border_closure": Closure(start="2027-06-01",
                                                              end="2028-02-01")}, {}, "end="),
    "before the start": ({**SHUT, "border_closure": Closure(start="2024-06-01",
                                                            end="2025-02-01")}, {}, "start="),
    "a pulse after the end": (
        {**ILL, "pulses": Pulse(shock="illness", month="2028-01-01", share=0.1)}, {}, "month="),
    "an unknown origin": ({**SHUT, "border_closure": Closure(start="2026-01-01", end="2026-02-01",
                                                             origin="GEO")}, {}, "GEO"),
    "an unknown occupation": ({**ILL, "pulses": Pulse(
        shock="illness", month="2026-01-01", share=0.1, occupation="9")}, {}, "occupation"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_simulation_refuses(name):
    how, rules, words = REFUSED[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        made = programme(**rules)
    with pytest.raises(MigovError, match=words) as caught:
        simulate(made, how)
    assert caught.value.where in ("simulate", "Shocks")
    assert caught.value.mend
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_pregnancy_of_men_and_women_twice_are_refused():
    apply = xr.DataArray([[600.0, 600.0]], {"origin": ["MDA"], "sex": ["F", "M"]},
                         ("origin", "sex"), attrs={"units": "person/year"})  # fmt: skip
    made, stays = programme(origin="MDA"), {"pregnancy_stays": 0.0}
    men = rate([0.1, 0.1], sex=["F", "M"])
    with pytest.raises(MigovError, match="another sex than F") as caught:
        simulate(made, {"pregnancy": men, **stays}, applicants=apply)
    fine = {"pregnancy": men.sel(sex="F", drop=True), **stays}
    assert "sel" in caught.value.mend
    assert float(simulate(made, fine, applicants=apply).dataset["pregnancies"].sum()) > 0
    with pytest.raises(MigovError, match="women"):
        simulate(made, {"pregnancy": 0.1, "women": 0.5, **stays}, applicants=apply)
    with pytest.raises(MigovError, match="none of them is 'F'"):
        simulate(made, {"pregnancy": 0.1, **stays}, applicants=apply.sel(sex=["M"]))


def price(value, unit="EUR/month"):
    return xr.DataArray(value, attrs={"units": unit, "price_base": 2025})


def test_money_of_shocks():
    """No wage is paid for months without work, living abroad is; the ledger says so."""
    how = Shocks(illness=0.5, illness_stays=1.0, illness_months=2.0)
    run = simulate(programme(), how)
    prices = {"wage": price(2000.0), "living_cost": price(300.0), "home_wage": price(0.0)}
    book = run.ledger(prices, currency="EUR", price_base=2025, discount="0 percent/year")
    paid = book.by_item().sel(item="wages", actor="migrants").sum("origin").item()
    lived = 12 * float(run.dataset["person_years"].sum())
    off = 12 * float(run.dataset["person_years_off_work"].sum())
    assert off == pytest.approx(lived / 12, rel=1e-12)
    assert paid == pytest.approx(2000.0 * (lived - off), rel=1e-12)
    spent = book.by_item().sel(item="living abroad", actor="migrants").sum("origin").item()
    assert spent == pytest.approx(-300.0 * lived, rel=1e-12)
    assert any("no wage and no benefit" in text for text in book.assumptions)
    calm = simulate(programme(), None).ledger(prices, currency="EUR", price_base=2025,
                                              discount="0 percent/year")  # fmt: skip
    assert not any("no benefit" in text for text in calm.assumptions)


def test_a_place_is_followed_through_shocks_and_a_pulse_has_no_negative_wage():
    years = xr.DataArray([0.0], {"period": np.array(["2026-01-01"], "M8[s]"), "period_end": (
        "period", np.array(["2027-01-01"], "M8[s]"))}, "period")  # fmt: skip
    prices = {"wage": price(2000.0), "home_wage": price(400.0)}
    how = {"prices": prices, "currency": "EUR", "price_base": 2025, "hazards": Hazards(),
           "seed": 1, "horizon": "1 year"}  # fmt: skip
    made = programme(origin="MDA", occupations="9")
    ill = Shocks(illness=0.5, illness_stays=0.0)
    calm, sick = (
        gains_per_place(made, years, **how, **more).sel(actor="migrants").item()
        for more in ({}, {"shocks": ill})
    )
    # Six months at 1,600 over home; under the hazard h a stay lasts (1 - exp(-h/2))/h years.
    assert calm == pytest.approx(6 * 1600.0)
    assert sick == pytest.approx(12 * 1600.0 * (1 - math.exp(-0.25)) / 0.5)
    all_ill = Shocks(pulses=Pulse(shock="illness", month="2026-01-01", share=1.0),
                     illness_stays=1.0, illness_months=3)  # fmt: skip
    monthly = simulate(programme(), all_ill, report="month")
    with pytest.raises(MigovError, match="more months without work") as caught:
        monthly.ledger(prices, currency="EUR", price_base=2025)
    assert 'report="year"' in caught.value.mend
    simulate(programme(), all_ill, report="year").ledger(prices, currency="EUR", price_base=2025)


def test_who_is_held_has_not_left_the_population():
    from migov.core import definitions
    from migov.schemes import scheme_migration

    made = programme(stay="12 month")
    how = Shocks(border_closure=Closure(start="2026-01-01", end="2028-01-01"),
                 closure_prolongs_permit=False)  # fmt: skip
    run = simulate(made, how, horizon="4 year")
    net = scheme_migration(run, definitions.EU_USUAL_RESIDENCE, "destination")
    stock = run.dataset["abroad"] + run.dataset["held"]
    np.testing.assert_allclose(net.values, stock.diff("time").values, atol=1e-9)
    assert float(run.dataset["returns_held"].sum()) > 0
