"""Quotas: against enumeration, duality, identities, blame, bad inputs."""

from __future__ import annotations

import itertools
import pickle

import attrs
import numpy as np
import pytest
import xarray as xr

from migov.core import status
from migov.core.cases import Cells
from migov.core.errors import (
    AccountError,
    AlignmentError,
    DataError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    UnitError,
)
from migov.schemes import design_result, kernels_blame, kernels_design
from migov.schemes.design import LIMITS, Design, Prepared

THREE = ["destination", "origin", "migrants"]
ORIGINS = ["ALB", "MDA"]


def places(values, unit="EUR/person", start=2026, **labels):
    """Return an array with calendar years as its last dimension."""
    values = np.asarray(values, float)
    years = range(start, start + values.shape[-1])
    coords = {
        **labels,
        "period": np.array([f"{y}-01-01" for y in years], "M8[s]"),
        "period_end": ("period", np.array([f"{y + 1}-01-01" for y in years], "M8[s]")),
    }
    return xr.DataArray(values, coords, [*labels, "period"], attrs={"units": unit})


def gains(seed=0, members=None, shape=(2, 2, 1), low=-60.0, high=100.0):
    o, g, p = shape
    rng = np.random.default_rng(seed)
    lead = {"actor": THREE} | ({} if members is None else {"member": list(range(members))})
    size = [len(x) for x in lead.values()]
    values = rng.uniform(low, high, (*size, o, g, p)).round(1)
    labels = {"occupation": ["5", "9", "7"][:o], "origin": ORIGINS[:g]}
    return places(values, **lead, **labels)


def persons(values, **labels):
    return Cells(values, **labels).array("person")


def less(x, by):
    return x.copy(data=x.values - by)


def limits(**more):
    home = persons(((40.0, 40.0), (40.0, 40.0)), occupation="5 9", origin="ALB MDA")
    needs = persons((3.0, 2.0), occupation="5 9")
    return {"needs": needs, "workers": home, "floor": less(home, 3.0), **more}


def enumerate_best(x, design, given, weights, top=3):
    """Return the best objective over all whole places, in plain loops."""
    _, *lead = x.dims
    values = x.values if "member" in lead else x.values[:, None]
    actors = list(x.actor.values)
    _, members, o, g, p = values.shape
    best, count = None, 0
    for flat in itertools.product(range(top + 1), repeat=o * g * p):
        q = np.array(flat, float).reshape(o, g, p)
        ok = (q.sum(1) <= given["needs"].values.reshape(o, -1)).all()
        ok &= (q.cumsum(2) <= (given["workers"] - given["floor"]).values.reshape(o, g, 1)).all()
        if "caps" in given:
            ok &= (q.sum(0) <= given["caps"].values.reshape(g, -1)).all()
        if "budget" in given:
            spent = sum(float(given["cost"].values[a]) * q[a].sum() for a in range(o))
            ok &= spent <= float(given["budget"]) + 1e-9
        if not ok:
            continue
        for a, name in enumerate(actors):
            groups = [slice(None)] if name == "destination" else [slice(i, i + 1) for i in range(g)]
            for group in groups:
                losing = sum(
                    float((values[a, m, :, group] * q[:, group]).sum()) < -1e-9
                    for m in range(members)
                )
                ok &= losing <= design.quantile * members + 1e-9
        if ok:
            count += 1
            mean = {n: float((values[a].mean(0) * q).sum()) for a, n in enumerate(actors)}
            worth = q.sum() if weights is None else sum(w * mean[n] for n, w in weights.items())
            best = worth if best is None else max(best, worth)
    return best, count


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("quantile", [0.0, 0.34])
def test_whole_places_are_the_best_of_all_enumerated(seed, quantile):
    x, given = gains(seed, members=3, low=-15.0), limits(caps=persons((3.0, 2.0), origin="ALB MDA"))
    weights = {"destination": 1.0, "origin": 2.0, "migrants": 0.5}
    design = Design(objective=weights, quantile=quantile, whole=True)
    found = design.solve(x, **given)
    best, count = enumerate_best(x, design, given, weights)
    assert count > 1
    assert found.objective == pytest.approx(best, abs=1e-6)


def test_needs_and_budget_against_enumeration():
    x = gains(3)
    cost = Cells((10.0, 25.0), occupation="5 9").array("EUR/person")
    budget = xr.DataArray(60.0, attrs={"units": "EUR"})
    given = limits(cost=cost, budget=budget)
    design = Design(objective="needs", whole=True)
    best, _ = enumerate_best(x, design, given, None)
    assert design.solve(x, **given).objective == pytest.approx(best)


@pytest.mark.parametrize("seed", range(8))
def test_the_continuous_choice_of_losers_is_the_best_of_all_choices(seed):
    """Every choice of who may lose, one linear programme each, gives nothing better."""
    x = gains(seed, members=4, shape=(2, 1, 2), low=-100.0)
    given = limits()
    given |= {name: given[name].sel(origin=["ALB"]) for name in ("workers", "floor")}
    design = Design(objective="destination", quantile=0.25)
    found = design.solve(x, **given)
    problem = found.prepared.problem
    worth = found.prepared.worth(design)
    guards = len(problem.gains)
    best = -np.inf
    for lost in itertools.product(range(-1, 4), repeat=guards):
        losers = np.zeros((guards, 4), bool)
        for k, m in enumerate(lost):
            if m >= 0:
                losers[k, m] = True
        values, _, _ = kernels_design._held(problem, worth, losers)
        best = max(best, float(worth @ values))
    assert found.objective == pytest.approx(best, abs=1e-6 * max(1.0, abs(best)))


def wide(seed=1, years=4):
    x = gains(seed, members=5, shape=(2, 2, years), low=-20.0)
    rng = np.random.default_rng(seed)
    home = persons(((40.0, 40.0), (40.0, 40.0)), occupation="5 9", origin="ALB MDA")
    return x, {
        "needs": places(rng.uniform(5, 20, (2, years)), "person", occupation=["5", "9"]),
        "caps": persons((9.3, 7.1), origin="ALB MDA"),
        "workers": home, "floor": less(home, 17.3),
        "absorption": places(rng.uniform(8, 14, years), "person"),
        "cost": Cells((10.0, 25.0), occupation="5 9").array("EUR/person"),
        "budget": xr.DataArray(211.7, attrs={"units": "EUR"}),
        "commitments": persons((0.7, 0.4), origin="ALB MDA"),
        "claims": Cells((2.0, 1.0), origin="ALB MDA").array("1"),
    }  # fmt: skip


def test_prices_are_differences_of_the_objective():
    x, given = wide()
    design = Design(objective="destination", quantile=0.0, fairness=0.6)
    found = design.solve(x, **given)
    prepared, worth = found.prepared, found.prepared.worth(design)
    assert len(found.prices()) > 4
    seen = set()
    for i, row in enumerate(prepared.rows):
        for end, name in ((0, "low"), (1, "high")):
            price = found.found.prices[i, end]
            if price == 0:
                continue
            seen.add(row.kind)
            moved = []
            for step in (-1e-4, 1e-4):
                ends = getattr(prepared.problem, name).copy()
                ends[i] += step
                problem = kernels_design.Problem(**{**vars(prepared.problem), name: ends})
                again = kernels_design.optimise(problem, worth, 100)
                moved.append(float(worth @ again.places))
            slope = (moved[1] - moved[0]) / 2e-4
            assert slope == pytest.approx(price, rel=1e-4, abs=1e-6), row.name
    assert {"absorption", "floor"} & seen


def test_prices_times_limits_are_the_objective():
    """Strong duality: the guards have 0 on their right-hand side."""
    x, given = wide(2)
    design = Design(objective="migrants", quantile=0.0, fairness=0.5)
    found = design.solve(x, **given)
    rows = found.prepared.rows
    dual = sum(
        price * end
        for row, prices in zip(rows, found.found.prices, strict=True)
        for price, end in zip(prices, (row.low, row.high), strict=True)
        if price
    )
    assert dual == pytest.approx(found.objective, rel=1e-8)


def test_the_price_of_a_guard_is_a_difference_too():
    x, given = gains(5, members=2, low=-40.0), limits()
    design = Design(objective="destination", quantile=0.0)
    found = design.solve(x, **given)
    assert found.objective > 0
    assert (found.found.guard_prices > 0).any()
    assert "lose 1 EUR" in " ".join(found.prices().words)
    k = int(np.argmax(found.found.guard_prices))
    actor, origin = found.prepared.guards[k]
    problem, worth = found.prepared.problem, found.prepared.worth(design)
    # A place of its own that gives the guard 1 EUR in every member, at most 1e-3 of it.
    size = problem.gains.shape[2]
    more = np.zeros((*problem.gains.shape[:2], 1))
    more[k] = 1.0
    bigger = kernels_design.Problem(
        rows=np.vstack([np.hstack([problem.rows, np.zeros((len(problem.rows), 1))]),
                        np.eye(size + 1)[-1:]]),
        low=np.append(problem.low, -np.inf), high=np.append(problem.high, 1e-3),
        upper=np.append(problem.upper, 1e-3), gains=np.concatenate([problem.gains, more], 2),
        may_lose=problem.may_lose, whole=False,
    )  # fmt: skip
    again = kernels_design.optimise(bigger, np.append(worth, 0.0), 100)
    slope = (float(np.append(worth, 0.0) @ again.places) - found.objective) / 1e-3
    assert slope == pytest.approx(found.found.guard_prices[k], rel=1e-5), (actor, origin)


def test_nobody_loses_in_more_members_than_allowed():
    x = gains(4, members=20, shape=(2, 2, 3), low=-70.0)
    given = limits(caps=persons((3.0, 2.0), origin="ALB MDA"))
    free = Design(objective="destination", relax=tuple((n, "to see") for n in THREE))
    held = Design(objective="destination", quantile=0.1).solve(x, **given)
    loose = free.solve(x, **given)
    assert held.objective < loose.objective
    assert (held.who()["loses in"] <= 0.1).all()
    assert (loose.who()["loses in"] > 0.1).any()
    assert not loose.who()["guarded"].any()
    strict = Design(objective="destination", quantile=0.0).solve(x, **given)
    assert strict.objective <= held.objective
    assert (strict.who()["loses in"] == 0).all()


def test_each_origin_is_guarded_apart():
    """What Moldova gains does not pay for what Albania loses."""
    x = places([[[[9.0], [9.0]]], [[[-5.0], [50.0]]], [[[9.0], [9.0]]]],
               actor=THREE, occupation=["9"], origin=ORIGINS)  # fmt: skip
    home = persons(((40.0, 40.0),), occupation="9", origin="ALB MDA")
    found = Design(objective="destination").solve(
        x, needs=persons((10.0,), occupation="9"), workers=home, floor=less(home, 6.0)
    )
    assert found.quotas.values.ravel().tolist() == [0.0, 6.0]


def test_away_for_good_and_for_a_while():
    x = places(np.ones((3, 1, 1, 4)), actor=THREE, occupation=["9"], origin=["ALB"])
    home = persons(((10.0,),), occupation="9", origin="ALB")
    how = {"needs": persons((5.0,), occupation="9"), "workers": home, "floor": less(home, 6.0)}
    good = Design(objective="needs").solve(x, **how)
    two = Design(objective="needs", away=2).solve(x, **how)
    assert float(good.quotas.sum()) == pytest.approx(6.0)
    assert float(two.quotas.sum()) == pytest.approx(12.0)
    assert (two.quotas.rolling(period=2).sum().dropna("period") <= 6.0 + 1e-9).all()


def test_fairness_is_strict_proportion_at_one():
    x, given = wide(3)
    found = Design(objective="destination", fairness=1.0, quantile=0.0).solve(x, **given)
    own = found.quotas.sum(["occupation", "period"])
    assert float(own.sum()) > 0
    assert float(own[0] / own.sum()) == pytest.approx(2 / 3, abs=1e-6)


def test_relaxing_is_written_out_and_printed():
    x = gains(1)
    found = Design(
        objective="destination", relax=(("origin", "agreed by both in 2026"), ("floor", "no data"))
    ).solve(x, needs=persons((3.0, 2.0), occupation="5 9"))
    lines = found.show().splitlines()
    assert lines[:2] == ["GIVEN UP: origin: agreed by both in 2026", "GIVEN UP: floor: no data"]
    assert found.quotas.attrs["given_up"] == "origin: agreed by both in 2026; floor: no data"
    assert "no cap of an origin was given" in found.show()
    with pytest.raises(DataError, match="gives no reason for 'origin'"):
        Design(objective="needs", relax=(("origin", " "),))


def test_a_set_to_blame_of_which_none_is_too_much():
    x = places(np.full((3, 1, 2, 1), 5.0), actor=THREE, occupation=["9"], origin=ORIGINS)
    home = persons(((40.0, 40.0),), occupation="9", origin="ALB MDA")
    how = {"needs": persons((20.0,), occupation="9"), "workers": home, "floor": less(home, 15.0),
           "caps": persons((4.0, 30.0), origin="ALB MDA"),
           "commitments": persons((6.0, 1.0), origin="ALB MDA")}  # fmt: skip
    with pytest.raises(DataError) as caught:
        Design(objective="needs").solve(x, **how)
    assert caught.value.faults == (
        "cap of the origin (ALB, 2026): at most 4 person",
        "commitment (ALB, 2026): at least 6 person",
    )
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_blamed_is_infeasible_and_no_part_of_it_is(seed):
    """Against removal one by one, with guards among the blamed."""
    x, given = gains(seed, members=3, low=-100.0, high=-1.0), limits()
    design = Design(objective="needs", needs_met=0.5, quantile=0.34)
    with pytest.raises(DataError, match="no quotas satisfy"):
        design.solve(x, **given)
    prepared = Prepared.of(design, x, {name: given.get(name) for name in LIMITS})
    rows, guards = kernels_blame.blocking(prepared.problem, 1e3, 100)
    assert guards
    worth = np.zeros(prepared.problem.rows.shape[1])

    def only(rows, guards):
        old = prepared.problem
        return kernels_design.Problem(
            rows=old.rows[rows], low=old.low[rows], high=old.high[rows],
            upper=np.full(old.upper.shape, 1e3), gains=old.gains[guards],
            may_lose=old.may_lose[guards], whole=False,
        )  # fmt: skip

    with pytest.raises(kernels_design.Blocked):
        kernels_design.optimise(only(rows, guards), worth, 100)
    for one in rows:
        kernels_design.optimise(only([r for r in rows if r != one], guards), worth, 100)
    for one in guards:
        kernels_design.optimise(only(rows, [k for k in guards if k != one]), worth, 100)


def test_when_it_stops_being_worth_it():
    values = np.ones((3, 1, 1, 4))
    values[0, 0, 0] = [5, 3, -1, -2]
    values[1, 0, 0] = [1, -1, 2, 3]
    values[2, 0, 0] = [-1, -1, -1, -1]
    x = places(values, actor=THREE, occupation=["9"], origin=["ALB"])
    found = Design(objective="needs", relax=tuple((n, "to see") for n in (*THREE, "floor"))).solve(
        x, needs=persons((5.0,), occupation="9")
    )
    stops = found.stops()
    assert str(stops["from"]["destination"])[:4] == "2028"
    assert stops["words"]["destination"] == "worth it no longer from 2028"
    assert stops["words"]["origin (ALB)"] == "worth it to the end"
    assert stops["words"]["migrants (ALB)"] == "at no time worth it"


def test_a_broken_limit_is_seen():
    x, given = wide(5)
    design = Design(objective="destination", fairness=0.5, needs_met=0.01)
    found = design.solve(x, **given)
    bare = found.quotas.drop_vars(status.NAME, errors="ignore")
    design_result.check(design, bare, found.prepared)
    for name, change in {
        "needs": bare * 9.0, "commitments": bare * 0.0 + 0.0,
        "claims": bare * xr.DataArray([0.05, 1.0], {"origin": ORIGINS}, "origin"),
    }.items():  # fmt: skip
        with pytest.raises(AccountError, match="Design") as caught:
            design_result.check(design, change, found.prepared)
        assert caught.value.argument == "quotas", name
    for name in ("caps", "absorption", "workers", "budget"):
        limits = {**found.prepared.limits, name: found.prepared.limits[name] * 1e-3}
        with pytest.raises(AccountError, match="exceeded"):
            design_result.check(design, bare, attrs.evolve(found.prepared, limits=limits))
    worse = attrs.evolve(found.prepared, gains=found.prepared.gains - 1e4)
    with pytest.raises(AccountError, match="loses in"):
        design_result.check(design, bare, worse)


def test_the_actors_of_a_ledger_are_added_up():
    from migov.schemes.entries import ACTORS

    rng = np.random.default_rng(0)
    x = places(rng.uniform(0, 9, (len(ACTORS), 1, 1, 2)), actor=list(ACTORS), occupation=["9"],
               origin=["ALB"])  # fmt: skip
    how = {"needs": persons((5.0,), occupation="9")}
    free = (("floor", "no data"),)
    found = Design(objective="origin", relax=free).solve(x, **how)
    own = x.sel(actor=["origin_state", "origin_households", "origin_employers"]).sum("actor")
    assert found.objective == pytest.approx(float((own * 5.0).sum()))
    loss = x.copy()
    loss.loc[{"actor": "destination_workers"}] = -0.1
    guarded = Design(objective="origin", relax=free, protect_also=("destination_workers",))
    assert guarded.solve(loss, **how).objective == 0.0
    assert Design(objective="origin", relax=free).solve(loss, **how).objective > 0
    with pytest.raises(DimensionError, match="no 'origin'"):
        Design(objective="needs", relax=free).solve(
            x.sel(actor=["migrants", "destination_state", "destination_employers",
                         "destination_workers"]), **how)  # fmt: skip


def test_order_of_labels_does_not_matter_and_inputs_are_kept():
    x, given = wide(6)
    before = {name: y.copy(deep=True) for name, y in given.items()}
    design = Design(objective="destination", fairness=0.3)
    found = design.solve(x, **given)
    turned = {
        n: y.isel(origin=slice(None, None, -1)) if "origin" in y.dims else y
        for n, y in given.items()
    }
    again = design.solve(x, **turned)
    assert again.objective == pytest.approx(found.objective)
    assert found.identical(design.solve(x, **given))
    for name, y in given.items():
        assert y.identical(before[name])


def test_stylised_inputs_are_told():
    x = status.mark(gains(0), "stylised")
    found = Design(objective="needs").solve(x, **limits())
    assert found.quotas.attrs["stylised"] == 1
    assert "stylised" in found.show()


BAD = {
    "gains in persons": (lambda x, h: (x.assign_attrs(units="person"), h), UnitError, "gains"),
    "gains without a unit": (lambda x, h: (x.drop_attrs(), h), UnitError, "gains"),
    "no actor": (lambda x, h: (x.isel(actor=0, drop=True), h), DimensionError, "gains"),
    "no occupation": (
        lambda x, h: (x.isel(occupation=0, drop=True), h), DimensionError, "gains"),
    "infinite gain": (lambda x, h: (x.where(x < x.max(), np.inf), h), InputError, "gains"),
    "missing gain": (lambda x, h: (x.where(x < x.max()), h), InputError, "gains"),
    "no end of periods": (lambda x, h: (x.drop_vars("period_end"), h), MigovError, "gains"),
    "negative needs": (lambda x, h: (x, h | {"needs": less(h["needs"], 9)}), InputError, "needs"),
    "needs of others": (
        lambda x, h: (x, h | {"needs": persons((1.0, 2.0), occupation="5 8")}),
        AlignmentError, "needs"),
    "needs by origin": (
        lambda x, h: (x, h | {"needs": h["workers"]}), DimensionError, "needs"),
    "no floor": (lambda x, h: (x, {"needs": h["needs"]}), KindError, "workers"),
    "half a floor": (
        lambda x, h: (x, {"needs": h["needs"], "workers": h["workers"]}), KindError, "floor"),
    "half a budget": (
        lambda x, h: (x, h | {"cost": xr.DataArray(1.0, attrs={"units": "EUR/person"})}),
        KindError, "budget"),
    "budget in dollars": (
        lambda x, h: (x, h | {"cost": xr.DataArray(1.0, attrs={"units": "EUR/person"}),
                              "budget": xr.DataArray(1.0, attrs={"units": "USD"})}),
        UnitError, "budget"),
    "caps without origin": (
        lambda x, h: (x, h | {"caps": xr.DataArray(1.0, attrs={"units": "person"})}),
        DimensionError, "caps"),
    "members in a limit": (
        lambda x, h: (x, h | {"caps": persons(((1.0, 2.0),), member="0", origin="ALB MDA")}),
        DimensionError, "caps"),
    "a year that is no date": (
        lambda x, h: (x.assign_coords(period=[2026]), h), MigovError, "gains"),
    "claims without fairness": (
        lambda x, h: (x, h | {"claims": Cells((1.0, 2.0), origin="ALB MDA").array("1")}),
        KindError, "fairness"),
    "no array": (lambda x, h: (x.values, h), KindError, "gains"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_inputs_name_the_argument(name):
    spoil, kind, argument = BAD[name]
    x, how = spoil(gains(0), limits())
    with pytest.raises(kind) as caught:
        Design(objective="needs").solve(x, **how)
    assert caught.value.argument == argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_all_faults_of_a_design_are_told_together():
    with pytest.raises(DataError) as caught:
        Design(objective=(("origin", -1.0), ("moon", 1.0)), quantile=0.5, away=0, fairness=2.0,
               relax=(("moon", "x"),), protect_also=("moon",), nodes=0)  # fmt: skip
    assert len(caught.value.faults) == 8
    assert caught.value.argument == "design"
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults


def test_designs_are_equal_hashable_and_change_by_evolve():
    one = Design(objective={"origin": 1, "destination": 2})
    assert one == Design(objective=[["origin", 1], ["destination", 2]])
    assert hash(one) == hash(one.evolve(quantile=0.1))
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(DataError, match="quantile"):
        one.evolve(quantile=-0.1)


def test_no_answer_within_the_nodes_is_said(monkeypatch):
    def never(*args):
        raise kernels_design.Unfinished("limit reached")

    monkeypatch.setattr("migov.schemes.design.optimise", never)
    with pytest.raises(ParameterError, match="within 500 nodes") as caught:
        Design(objective="needs").solve(gains(0), **limits())
    assert caught.value.argument == "nodes"


def test_steps_upwards_are_allowed_and_never_above_the_best():
    """The quick way keeps every guard, and the search is at least as good."""
    for seed in range(6):
        x = gains(seed, members=10, low=-90.0)
        design = Design(objective="destination", quantile=0.2)
        found = design.solve(x, **limits())
        problem, worth = found.prepared.problem, found.prepared.worth(design)
        near = kernels_design._near(problem, worth)
        assert near is not None
        assert (near.sum(axis=1) <= problem.may_lose).all()
        places, _, _ = kernels_design._held(problem, worth, near)
        lost = kernels_design.losses(problem.gains, np.maximum(places, 0.0))
        assert (lost.sum(axis=1) <= problem.may_lose).all()
        assert float(worth @ places) <= found.objective + 1e-6 * max(1.0, found.objective)
        assert found.proven


def test_a_search_out_of_nodes_keeps_the_guards_and_says_what_cannot_be_exceeded(monkeypatch):
    monkeypatch.setattr(kernels_design, "_search_losers", lambda *_: (None, 1e6))
    x = gains(2, members=10, low=-90.0)
    found = Design(objective="destination", quantile=0.2).solve(x, **limits())
    assert (found.who()["loses in"] <= 0.2).all()
    assert not found.proven
    assert found.found.bound == 1e6
    assert "not proven" in found.show()
    assert "worth more than 1,000,000 EUR" in found.show()


def common(seed, members=60, years=3):
    """Return gains that move together over members, as those of a drawn ledger do."""
    rng = np.random.default_rng(seed)
    shape = (3, 1, 2, 2, years)
    shock = rng.normal(0, 1, (2, 1, members, 1, 1, 1))
    moves = sum(rng.normal(0, 25, shape) * one for one in shock)
    values = rng.uniform(-10, 60, shape) + moves + rng.normal(0, 8, (3, members, 2, 2, years))
    return places(values, actor=THREE, member=list(range(members)), occupation=["5", "9"],
                  origin=ORIGINS)  # fmt: skip


@pytest.mark.parametrize("seed", [5, 9])
def test_least_gains_are_reached_and_never_undercut(seed):
    """The least gain within the rows: over random places none falls deeper, some come near."""
    x, (_, given) = common(seed), wide(seed, 3)
    given = {name: given[name] for name in ("needs", "caps", "workers", "floor", "absorption")}
    design = Design(objective="destination", quantile=0.1)
    prepared = Prepared.of(design, x, {name: given.get(name) for name in LIMITS})
    problem, worth = prepared.problem, prepared.worth(design)
    near = kernels_design._near(problem, worth)
    least = kernels_design._value(problem, worth, near)
    falls = kernels_design.least_gains(problem, worth, least)
    everywhere = kernels_design.least_gains(problem, worth, -np.inf)
    box = np.maximum(-problem.gains, 0) @ problem.upper
    assert (falls <= everywhere + 1e-9).all()
    assert (everywhere <= box + 1e-9).all()
    assert (falls[box > 0] < 0.9 * box[box > 0]).mean() > 0.5
    found = design.solve(x, **given)
    assert (problem.gains @ found.quotas.values.ravel() >= -falls - 1e-6 * np.abs(box).max()).all()


@pytest.mark.parametrize("seed", range(5))
def test_the_tight_search_is_as_good_as_the_loose_one(seed, monkeypatch):
    """The same optimum without known places and with the box as the only least gain."""
    x, (_, given) = common(seed, members=20, years=2), wide(seed, 2)
    given = {name: given[name] for name in ("needs", "caps", "workers", "floor", "absorption")}
    design = Design(objective="destination", quantile=0.15, nodes=5000)
    tight = design.solve(x, **given)
    monkeypatch.setattr(kernels_design, "MOST_TIGHTENED", 0)
    monkeypatch.setattr(kernels_design, "_near", lambda *_: None)
    loose = design.solve(x, **given)
    assert tight.proven
    assert loose.proven
    assert tight.objective == pytest.approx(loose.objective, rel=1e-5, abs=1e-4)


def test_a_search_is_the_same_twice_and_says_so_where_it_is_cut_off():
    """Independent noise: no search of few nodes ends, and yet nothing hangs on the clock."""
    x = gains(1, members=40, shape=(2, 2, 4), low=-90.0)
    given = wide(1)[1]
    given = {name: given[name] for name in ("needs", "caps", "workers", "floor", "absorption")}
    design = Design(objective="destination", quantile=0.2, nodes=3)
    one, two = (design.solve(x, **given) for _ in range(2))
    assert one.identical(two)
    assert one.found.bound == two.found.bound
    assert one.show() == two.show()
    assert not one.proven
    more = design.evolve(nodes=60).solve(x, **given)
    assert more.found.bound <= one.found.bound + 1e-6
    assert more.objective >= one.objective - 1e-6
    assert one.found.bound >= more.objective


def equal(count=2, needs=10.0):
    """Return gains that are the same in all origins, and limits."""
    origins = "ALB MDA SRB".split()[:count]
    values = np.broadcast_to(np.array([5.0, 1.0, 2.0])[:, None, None, None], (3, 1, count, 1))
    x = places(values, actor=THREE, occupation=["5"], origin=origins)
    given = {
        "needs": persons((needs,), occupation="5"),
        "caps": persons((8.0,) * count, origin=" ".join(origins)),
        "workers": persons((100.0,) * count, origin=" ".join(origins)),
        "floor": persons((50.0,) * count, origin=" ".join(origins)),
    }
    return x, given


@pytest.mark.parametrize("whole", [False, True])
def test_other_quotas_that_are_as_good_are_told(whole):
    x, given = equal()
    found = Design(objective="destination", whole=whole).solve(x, **given)
    assert not found.unique
    assert "ranges()" in found.show()
    ends = found.ranges()
    np.testing.assert_allclose(ends.least.squeeze(), [2.0, 2.0], atol=1e-6)
    np.testing.assert_allclose(ends.most.squeeze(), [8.0, 8.0], atol=1e-6)
    only = Design(objective="destination", whole=whole).solve(
        x, **given | {"caps": persons((8.0, 2.0), origin="ALB MDA")}
    )
    assert only.unique
    assert "ranges()" not in only.show()
    np.testing.assert_allclose(only.ranges().least, only.quotas)
    np.testing.assert_allclose(only.ranges().most, only.quotas)


def test_ranges_are_those_of_all_enumerated_quotas():
    x, given = equal(3, 5.0)
    given["caps"] = persons((2.0, 3.0, 4.0), origin="ALB MDA SRB")
    found = Design(objective="needs", whole=True).solve(x, **given)
    best = [q for q in itertools.product(range(3), range(4), range(5)) if sum(q) == 5]
    ends = found.ranges()
    np.testing.assert_allclose(ends.least.squeeze(), np.min(best, axis=0))
    np.testing.assert_allclose(ends.most.squeeze(), np.max(best, axis=0))


def test_an_origin_below_its_floor_already_is_told_in_words():
    x, given = equal()
    given["floor"] = persons((900100.0, 50.0), origin="ALB MDA")
    with pytest.raises(DataError) as caught:
        Design(objective="needs").solve(x, **given)
    text = str(pickle.loads(pickle.dumps(caught.value)))
    assert "one limit cannot be held by any quotas" in text
    assert "900,000 workers too few are at home already" in text
    assert "at most -" not in text
    assert "relax=(('floor', 'the reason'),)" in text
    free = Design(objective="needs", relax=(("floor", "the reason"),)).solve(x, **given)
    assert float(free.quotas.sum()) == pytest.approx(10.0)


def test_limits_that_cannot_hold_are_told_as_an_adviser_says_them():
    x, given = equal()
    given["commitments"] = persons(((6.0, 0.0),), occupation="5", origin="ALB MDA")
    claims = Cells((1.0, 9.0), origin="ALB MDA").array("1")
    with pytest.raises(DataError) as caught:
        Design(objective="needs", fairness=0.9).solve(x, **given, claims=claims)
    assert "fairness to MDA: at least 90% of its proportional share" in str(caught.value)
    lossy = x.copy()
    lossy.loc[{"actor": "origin"}] = -1.0
    with pytest.raises(DataError, match=r"origin \(ALB\) must not lose in more than 10%"):
        Design(objective="needs").solve(lossy, **given)
    with pytest.raises(DataError, match=r"origin \(ALB\) must not lose at all") as caught:
        Design(objective="needs", quantile=0.0).solve(lossy, **given)
    assert "relax=(('origin', 'the reason'),)" in caught.value.mend


def test_bad_input_of_a_design_is_told():
    x, given = equal()
    design = Design(objective="needs")
    with pytest.raises(AlignmentError, match="gains has actor destination"):
        design.solve(xr.concat([x, x], "actor"), **given)
    with pytest.raises(AlignmentError, match="as str, gains has 5 as int") as caught:
        design.solve(x.assign_coords(occupation=[5]), **given)
    assert "astype(str)" in caught.value.mend
    told = x.assign_coords(occupation=x.assign_coords(occupation=[5])["occupation"].astype(str))
    assert design.solve(told, **given)
    with pytest.raises(DataError, match="weighs nobody"):
        Design(objective={"destination": 0, "migrants": 0.0})
    money = {
        "cost": xr.DataArray(100.0, attrs={"units": "EUR/person", "price_base": 2020}),
        "budget": xr.DataArray(500.0, attrs={"units": "EUR", "price_base": 2026}),
    }
    based = x.assign_attrs(price_base="2026")
    with pytest.raises(UnitError, match="cost is at prices of 2020, gains are at those of 2026"):
        design.solve(based, **given, **money)
    money["cost"].attrs["price_base"] = 2026
    assert float(design.solve(based, **given, **money).quotas.sum()) == pytest.approx(5.0)
    with pytest.raises(DataError) as blamed:
        design.evolve(whole=True, needs_met=1.0).solve(
            x, **given | {"needs": persons((2.5,), occupation="5")}
        )
    assert "whole=False" in blamed.value.mend


def test_a_result_is_shown_in_a_line():
    x, given = equal()
    found = Design(objective="needs").solve(x, **given)
    assert repr(found) == "DesignResult: 10 places for needs: 10 person; show() tells all"
