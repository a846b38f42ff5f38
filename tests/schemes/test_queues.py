"""Stages before admission: a slow version, Little's law, identities, and what is refused."""

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

from migov.core.errors import AccountError, DimensionError, MigovError, MigovWarning
from migov.labour import Stage, through_stages
from migov.schemes import Closure, Cost, Hazards, Queue, Shocks, simulation
from migov.schemes.kernels import FLOWS, STOCKS

HAZARDS = Hazards(early_return=0.1, withdrawal=0.3, reentry=0.5, late=0.05, death=0.01)
CELLS = ("occupation", "origin", "sex")
QUICK = settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


def array(values, unit, **labels):
    return xr.DataArray(values, labels, tuple(labels), attrs={"units": unit})


def simulate(queues, made=None, hazards=None, **more):
    return simulated(made or programme(), hazards, queues=queues, **more)


def test_against_plain_python(slow):
    """Two stages; places for all together, or by origin and dated; some wait at the start."""
    rng = np.random.default_rng(3)
    labels = {"occupation": ["5", "9"], "origin": ["ALB", "MDA"], "sex": ["F", "M"],
              "member": [0, 1, 2]}  # fmt: skip
    apply = array(rng.uniform(100, 900, (2, 2, 2, 3)), "person/year", **labels)
    passes = array(rng.uniform(0.5, 1.0, (2, 3)), "1", origin=["ALB", "MDA"], member=[0, 1, 2])
    waiting = array(rng.uniform(0, 90, (2, 2, 2)), "person", **{n: labels[n] for n in CELLS})
    places = xr.DataArray(
        [[400.0, 900.0], [700.0, 500.0]],
        {"origin": ["ALB", "MDA"], "period": np.array(["2025-01-01", "2026-07-01"], "M8[s]"),
         "period_end": ("period", np.array(["2026-07-01", "2030-01-01"], "M8[s]"))},
        ("origin", "period"), attrs={"units": "person/year"},
    )  # fmt: skip
    queues = (
        Queue(stage="language", places=2000, months=5, passes=passes, drop_out=0.4,
              waiting=waiting),
        Queue(stage="recognition", places=places, months=3, passes=0.8),
    )  # fmt: skip
    made = programme(reentry=True, quota=900, carry_over=False)
    run = simulate(queues, made, HAZARDS, applicants=apply, report="month")
    for member in (0, 2):
        one = passes.isel(member=member).values
        dated = lambda t, c: ((c[1],), float(places.values[c[1], int(t >= 18)]) / 12)  # noqa: E731
        p = {
            "O": 2, "G": 2, "S": 2, "months": 36, "pool": {},
            "apply": lambda t, c, m=member: float(apply.values[(*c, m)]) / 12,
            "posts": None, "floor": None, "quota": lambda t: 75.0, "quota_lapse": lambda t: True,
            "caps": [], "open": lambda t: True, "reentry": True, "priority": True,
            "first_only": False, "most_stays": None, "pause": 0,
            "reentry_share": lambda c: 0.5, "stay": 6.0, "renewals": 0, "settle_after": None,
            "rate": lambda n, c: 0.0 if n == "change_status" else getattr(HAZARDS, n) / 12,
            "share": lambda n, c: getattr(HAZARDS, n),
            "stages": [
                (5, lambda c, one=one: one[c[1]], lambda c: 0.4 / 12, lambda t, c: ((), 2000 / 12),
                 lambda c: float(waiting.values[c])),
                (3, lambda c: 0.8, lambda c: 0.0, dated, lambda c: 0.0),
            ],
        }  # fmt: skip
        history, moves = slow.run(p)
        data = run.dataset.isel(member=member)
        names = [
            str(n)
            for n in data
            if n not in ("places", "stage_places", "admission_waited", "months_bound")
        ]
        assert {*STOCKS} < {*names}
        assert "stage_waited" in names
        for name in names:
            lead = "time" if "time" in data[name].dims else "period"
            stages = range(2) if "stage" in data[name].dims else [None]
            years = name.startswith("person_years") or name == "stage_waited"
            for stage in stages:
                x = data[name] if stage is None else data[name].isel(stage=stage)
                x = x.transpose(lead, *CELLS).values * (12 if years else 1)
                key = name.replace("years", "months") + ("" if stage is None else f" {stage}")
                told = history if lead == "time" else moves
                for i in range(x.shape[0]):
                    for c in np.ndindex(x.shape[1:]):
                        expected = told[i].get((key, c), 0.0)
                        assert x[(i, *c)] == pytest.approx(expected, rel=1e-10, abs=1e-7), key
    assert set(FLOWS) - {n.replace("years", "months") for n in names} == set()


def test_littles_law():
    """In a steady state who waits is who starts by how long each has waited."""
    quit_, places = 0.6, 1800.0
    queue = Queue(stage="language", places=places, months=4, passes=1.0)
    run = simulate(queue, hazards=Hazards(withdrawal=quit_), horizon="40 year", report="month")
    last = run.dataset.sum("origin").isel(period=-1, stage=0)
    assert last["stage_started"].item() == pytest.approx(places / 12, rel=1e-12)
    # What comes is what starts and what leaves.
    assert last["stage_entered"].item() == pytest.approx(
        (last["stage_started"] + last["stage_withdrew"]).item(), rel=1e-6
    )
    waiting = run.dataset["stage_waiting"].sum("origin").isel(stage=0)
    # The mean wait of those who start, from cohorts: a share f starts each month and w leaves.
    stays = math.exp(-quit_ / 12)
    before = (waiting.isel(time=-1) + 300.0).item()
    f = places / 12 / before
    wait = sum(k * ((1 - f) * stays) ** k for k in range(4000)) / sum(
        ((1 - f) * stays) ** k for k in range(4000)
    )
    found = run.waiting().sel(stage="language").isel(period=-1)
    assert found.values == pytest.approx([wait, wait], rel=1e-6)
    # Little: those who wait when the month has begun are all who come by the mean time in line.
    inflow, mean_in_line = 300.0, 1.0 / (1.0 - (1 - f) * stays)
    assert before == pytest.approx(inflow * mean_in_line, rel=1e-6)
    assert run.dataset["stage_inside"].sum("origin").isel(time=-1, stage=0).item() == (
        pytest.approx(places / 12 * 4, rel=1e-12)
    )


def test_without_withdrawal_the_wait_grows_with_the_backlog():
    """By hand: 300 come a month and 150 start; nobody leaves."""
    queue = Queue(stage="language", places=1800, months=1, passes=1.0)
    run = simulate(queue, report="month", horizon="1 year")
    waiting = run.dataset["stage_waiting"].sum("origin").isel(stage=0)
    assert waiting.values == pytest.approx([150.0 * t for t in range(13)])
    # Waits: the second month half of 150 have waited one month among 450.
    assert run.waiting().sel(stage="language").isel(period=1).values == pytest.approx(
        [150 / 450] * 2
    )
    # All months waited are told: by who started, and by who waits still.
    whole = run.dataset["stage_waited"].sum(["period", "origin"]).item() * 12
    stock = float(waiting.isel(time=slice(1, -1)).sum())
    assert whole < stock


def test_enough_places_only_delay():
    """Admissions are those without a stage, so many months later and by the share that passes."""
    queue = Queue(stage="language", places=1e6, months=5, passes=0.7)
    run = simulate(queue, report="month").dataset
    plain = simulate((), report="month").dataset
    assert float(run["admissions"].isel(period=slice(0, 5)).sum()) == 0.0
    np.testing.assert_allclose(run["admissions"].values[5:], 0.7 * plain["admissions"].values[:-5])
    assert float(run["stage_waiting"].max()) == 0.0


def test_no_places_and_no_queue():
    shut = simulate(Queue(stage="language", places=0.0, months=5, passes=0.7)).dataset
    assert float(shut["admissions"].sum()) == 0.0
    assert float(shut["stage_waiting"].isel(time=-1).sum()) == pytest.approx(3 * 3600.0)
    for none in (None, (), []):
        assert not [n for n in simulate(none).dataset if "stage" in str(n) or "waited" in str(n)]
    with pytest.raises(MigovError, match="no stages"):
        simulate(None).bottlenecks()
    with pytest.raises(MigovError, match="no stages"):
        simulate(None).waiting()


def test_as_the_stages_of_labour_where_places_do_not_bind():
    """Two implementations of one declaration agree on who has come through."""
    stage = Stage(name="recognition", passes=array(0.6, "1"), delay=array(6.0, "month"),
                  drop_out=array(0.2, "1/year"))  # fmt: skip
    run = simulate(Queue.of(stage, places=1e6), report="year", horizon="4 year").dataset
    people = xr.DataArray(
        np.tile([[1200.0], [2400.0]], 4),
        {"origin": ["ALB", "MDA"], "period": run.period, "period_end": run.period_end},
        ("origin", "period"), attrs={"units": "person"},
    )  # fmt: skip
    flow = through_stages(people, [stage])
    for name in ("passed", "failed", "dropped"):
        one = run[f"stage_{name}"].isel(stage=0).transpose("origin", "period")
        other = flow[name].isel(stage=0).transpose("origin", "period")
        # Evenly within the year there, at the start of each month here: half a month apart.
        np.testing.assert_allclose(one.isel(period=slice(1, None)),
                                   other.isel(period=slice(1, None)), rtol=1e-3)  # fmt: skip


def test_the_bottleneck_comes_first():
    queues = (
        Queue(stage="language", places=1800, months=6, passes=0.8),
        Queue(stage="recognition", places=(300, 600, 900), months=4, passes=0.9),
    )
    made = programme(quota=200)
    table = simulate(queues, made, members=11).bottlenecks()
    assert list(table.columns) == ["waiting", "started", "used", "months"]
    assert set(table.index) == {"language", "recognition", "admission"}
    assert (np.diff(table["months"]) <= 0).all()
    assert table.loc["language", "waiting"] == pytest.approx(3 * 1800.0)
    assert table.loc["language", "used"] == pytest.approx(100.0)
    assert table.loc["language", "months"] == pytest.approx(5400 / 150)
    assert table.loc["admission", "used"] == pytest.approx(100.0)
    assert np.isnan(simulate(queues).bottlenecks().loc[("admission", "low"), "used"])
    by_scenario = simulate(queues, made).bottlenecks()
    assert by_scenario.index.names == ["stage", "scenario"]
    assert len(by_scenario) == 9


def test_nobody_starts_is_an_endless_queue():
    table = simulate(Queue(stage="language", places=0, months=6, passes=0.8)).bottlenecks()
    assert table.loc["language", "months"] == math.inf
    assert table.loc["admission", "months"] == 0.0


def test_places_are_shared_by_those_whom_they_do_not_tell_apart():
    whole = simulate(Queue(stage="language", places=1200.0, months=1, passes=1.0)).dataset
    year = whole["stage_started"].isel(stage=0, period=0)
    assert year.values == pytest.approx([400.0, 800.0])
    each = array([1200.0, 1200.0], "person/year", origin=["ALB", "MDA"])
    apart = simulate(Queue(stage="language", places=each, months=1, passes=1.0)).dataset
    assert apart["stage_started"].isel(stage=0, period=0).values == pytest.approx([1200.0, 1200.0])
    assert apart["stage_places"].isel(stage=0, period=0).item() == pytest.approx(2400.0)


@st.composite
def stages(draw):
    count = draw(st.integers(1, 3))
    return tuple(
        Queue(stage=f"s{i}", places=draw(st.floats(0.0, 4000.0)), months=draw(st.integers(1, 14)),
              passes=draw(st.floats(0.0, 1.0)),
              drop_out=draw(st.one_of(st.none(), st.floats(0.0, 3.0))))
        for i in range(count)
    )  # fmt: skip


@QUICK
@given(stages(), st.floats(0.0, 2.0), st.booleans())
def test_nobody_is_lost_on_the_way(queues, quit_, reentry):
    made = programme(reentry=reentry, quota=1500)
    how = Hazards(withdrawal=quit_, reentry=0.5, late=0.1, death=0.01)
    data = simulate(queues, made, how).dataset
    stocks = [data[n].sum("stage") if "stage" in data[n].dims else data[n]
              for n in data if "time" in data[n].dims]  # fmt: skip
    heads = sum(x.transpose("time", "origin").values for x in stocks)
    np.testing.assert_allclose(heads[1:], data["applications"].cumsum("period").values, rtol=1e-9)
    for name in data:
        assert float(data[name].min()) >= -1e-9, name
    started = data["stage_started"].sum("origin")
    assert bool((started <= data["stage_places"] * (1 + 1e-9) + 1e-9).all())
    waited = data["stage_waited"].sum(["period", "origin"]) * 12
    in_line = data["stage_entered"].sum(["period", "origin"]) * 36
    assert bool((waited <= in_line + 1e-6).all())


def test_members_alone_and_lazy_have_the_same_bits():
    queues = (
        Queue(stage="language", places=(900, 1200, 2000), months=6, passes=(0.5, 0.7, 0.8)),
        Queue(stage="recognition", places=600, months=4, passes=0.9, drop_out=(0.0, 0.1, 0.4)),
    )
    whole = simulate(queues, hazards=HAZARDS, members=9).dataset
    assert float(whole["stage_started"].isel(stage=0, period=1).sum("origin").std("member")) > 1
    for label in (0, 8):
        alone = simulate(queues, hazards=HAZARDS, members=[label]).dataset
        for name, x in alone.items():
            same = whole[name].sel(member=[label]) if "member" in x.dims else whole[name]
            np.testing.assert_array_equal(x, same, err_msg=str(name))
    rates = array([[0.5, 0.9], [0.4, 0.7]], "1", origin=["ALB", "MDA"], member=[0, 1])
    one, lazy = (
        simulate(Queue(stage="language", places=900, months=6, passes=x)).dataset
        for x in (rates, rates.chunk(member=1))
    )
    for name in one:
        np.testing.assert_array_equal(one[name], lazy[name])
    assert whole.attrs["stylised"] == 1
    assert '"stage": "language"' in whole.attrs["queues"]


def test_stages_and_a_shut_border_together():
    """Courses go on while the border is shut; who has passed waits for admission."""
    queue = Queue(stage="language", places=1e6, months=2, passes=1.0)
    shut = Shocks(border_closure=Closure(start="2025-01-01", end="2026-01-01"),
                  closure_prolongs_permit=False)  # fmt: skip
    run = simulate(queue, shocks=shut)
    assert run.dataset["applicants"].isel(time=1).values == pytest.approx([1000.0, 2000.0])
    assert float(run.dataset["admissions"].isel(period=0).sum()) == 0.0
    waited = run.waiting().sel(stage="admission", period="2026-01-01")
    # Ten cohorts wait 10, 9 … 1 months, twelve of the year come through at once.
    assert waited.values == pytest.approx([100 * 55 / 2200] * 2)


MOVES = ("stage_entered 0", "stage_started 0", "stage_withdrew 0", "stage_dropped 1",
         "stage_passed 0", "stage_failed 1")  # fmt: skip


@pytest.mark.parametrize("name", MOVES)
def test_a_broken_flow_is_seen(name, monkeypatch):
    real = simulation.run

    def broken(setting):
        out = real(setting)
        out.flows[name] = out.flows[name] * 1.001
        return out

    monkeypatch.setattr(simulation, "run", broken)
    queues = tuple(Queue(stage=s, places=900, months=3, passes=0.7, drop_out=0.5) for s in "ab")
    with pytest.raises(AccountError):
        simulate(queues, hazards=HAZARDS)


@pytest.mark.parametrize("name", ["stage_waiting 0", "stage_inside 1", "not_passed"])
def test_a_broken_stock_is_seen(name, monkeypatch):
    real = simulation.run

    def broken(setting):
        out = real(setting)
        out.stocks[name] = out.stocks[name] + 0.5
        return out

    monkeypatch.setattr(simulation, "run", broken)
    queues = tuple(Queue(stage=s, places=900, months=3, passes=0.7) for s in "ab")
    with pytest.raises(AccountError, match="heads"):
        simulate(queues, hazards=HAZARDS)


def price(value, unit):
    return xr.DataArray(value, attrs={"units": unit, "price_base": 2025})


def test_a_course_is_paid_for_all_who_start_it():
    made = programme(costs=tuple(
        Cost(item=item, payer="employer") for item in ("language", "recognition")
    ))  # fmt: skip
    run = simulate(Queue(stage="language", places=1200, months=6, passes=0.5), made)
    prices = {"wage": price(2000.0, "EUR/month"), "home_wage": price(300.0, "EUR/month"),
              "language_cost": price(900.0, "EUR/person"),
              "recognition_cost": price(200.0, "EUR/person")}  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        book = run.ledger(prices, currency="EUR", price_base=2025, discount="0 percent/year")
    item = book.by_item().sel(actor="intermediaries").sum("origin")
    paid = {str(n): float(item.sel(item=n)) for n in item["item"].values}
    (course,) = [x for n, x in paid.items() if "language" in n]
    (papers,) = [x for n, x in paid.items() if "recognition" in n]
    assert course == pytest.approx(900.0 * float(run.dataset["stage_started"].sum()))
    assert papers == pytest.approx(200.0 * float(run.dataset["admissions"].sum()))
    assert any("paid for all who start it" in text for text in book.assumptions)


def test_a_pool_that_is_not_told_apart_is_refused():
    """Each occupation would get all of them: 300 would become 600."""
    apply = BOTH.expand_dims(occupation=["5", "9"])
    pool = array([300.0, 100.0], "person", origin=["ALB", "MDA"])
    with pytest.raises(DimensionError, match="pool has no 'occupation'"):
        simulate((), applicants=apply, pool=pool)
    queue = Queue(stage="language", places=900, months=1, passes=1.0, waiting=pool)
    with pytest.raises(DimensionError, match="waiting for language has no 'occupation'"):
        simulate(queue, applicants=apply)
    assert float(simulate(queue).dataset["stage_waiting"].isel(time=0).sum()) == 400.0


GOOD = {"stage": "language", "places": 900, "months": 3, "passes": 0.7}
WRONG = {
    "no name": ({"stage": " "}, "stage"),
    "a visa": ({"stage": "visa"}, "capacity="),
    "negative places": ({"places": -1}, "places"),
    "places as a text": ({"places": "many"}, "places"),
    "half a month": ({"months": 2.5}, "months"),
    "no month": ({"months": 0}, "months"),
    "a truth value": ({"months": True}, "months"),
    "a share over one": ({"passes": 1.1}, "passes"),
    "no share": ({"passes": None}, "passes"),
    "no number": ({"passes": math.nan}, "passes"),
    "a falling range": ({"drop_out": (3, 2, 1)}, "drop_out"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_refused_at_once(name):
    change, words = WRONG[name]
    with pytest.raises(MigovError, match=words) as caught:
        Queue(**{**GOOD, **change})
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert caught.value.mend


def test_stages_of_labour_that_do_not_fit():
    stage = Stage(
        name="a", passes=array(0.5, "1"), delay=array([3.0, 4.0], "month", origin=["A", "B"])
    )
    with pytest.raises(MigovError, match="delay of a holds 3, 4"):
        Queue.of(stage, places=1)
    with pytest.raises(MigovError, match="stage is a str"):
        Queue.of("language", places=1)


REFUSED = {
    "no queues": ([3], "queues holds a int"),
    "a number": (3, "queues holds a int"),
    "two of one name": ([Queue(**GOOD), Queue(**GOOD)], "two of one name"),
    "another unit": (Queue(**{**GOOD, "places": array(9.0, "person")}), "places of language"),
    "places by sex": (Queue(**{**GOOD, "places": array([9.0, 1.0], "person/year",
                                                       sex=["F", "M"])}), "places of language"),
    "a missing origin": (Queue(**{**GOOD, "places": array([9.0], "person/year",
                                                          origin=["ALB"])}), "MDA"),
    "no such dimension": (Queue(**{**GOOD, "passes": array([0.5], "1", age=[20])}), "age"),
    "an array over one": (Queue(**{**GOOD, "passes": array(1.5, "1")}), "passes of language"),
    "missing places": (Queue(**{**GOOD, "places": array(np.nan, "person/year")}), "places"),
    "waiting of another unit": (Queue(**{**GOOD, "waiting": array(1.0, "EUR")}), "waiting for"),
    "waiting as a number": (Queue(**{**GOOD, "waiting": 3.0}), "waiting for language"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_simulation_refuses(name):
    queues, words = REFUSED[name]
    with pytest.raises(MigovError, match=words) as caught:
        simulate(queues)
    assert caught.value.mend
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
