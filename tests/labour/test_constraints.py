"""Limits, reserves and least numbers: published cases, enumeration, and what is refused."""

from __future__ import annotations

import itertools
import json
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core.errors import CodeError, KindError, MigovError, ParameterError
from migov.labour import Limit, Market, Reserve, kernels_constraints


def read(shared, name):
    return json.loads((shared / "golden/labour/caps" / f"{name}.json").read_text())


def lists_of(case):
    return case["worker_preferences"], case["post_preferences"], case["capacity"]


def regional(case):
    market = Market.from_lists(*lists_of(case), post_groups={"region": case["region_of_post"]})
    limit = Limit(by="region", most=case["regional_cap"])
    return market, market.deferred_acceptance(limits=[limit], targets=case["target_capacity"])


def test_kamada_kojima_example(shared):
    case = read(shared, "kamada_kojima2015_example1")
    workers, posts, _ = lists_of(case)
    capped = Market.from_lists(workers, posts, case["target_capacity"]).deferred_acceptance()
    assert capped.partners() == case["jrmp_da_with_targets_as_capacities"]
    _, flexible = regional(case)
    assert flexible.partners() == case["flexible_deferred_acceptance"]
    counts = dict(zip(["h1", "h2"], flexible.posts["filled"].values.tolist(), strict=True))
    assert counts == case["published"]["fda_counts"]
    assert flexible.stable


def test_own_regional_case_is_one_of_the_weakly_stable(shared):
    case = read(shared, "own_regional_cap_4x3")
    _, matching = regional(case)
    assert matching.partners() == case["flexible_deferred_acceptance_order_h1_h2_h3"]
    assert matching.partners() in case["all_weakly_stable"]
    assert matching.stable
    assert set(matching.blocking_pairs()["limit"]) <= {"at most 2 in region urban"}


def test_least_numbers_by_extended_seats(shared):
    case = read(shared, "own_lower_quota_4x3")
    market = Market.from_lists(*lists_of(case))
    plain = market.deferred_acceptance()
    assert plain.partners() == case["plain_da_worker_optimal"]
    limit = Limit(by="post", least=case["lower_quota"])
    matching = market.deferred_acceptance(limits=[limit])
    assert matching.partners() in case["fair_and_feasible_everyone_matched"]
    assert matching.stable
    assert str(limit) == "at least 1 in post a, at least 1 in post b, at least 1 in post c"


def weakly_stable(matching, lists, region, caps):
    """Feasible, and every block has its region full and the worker behind all who are there."""
    workers, posts, capacity = lists
    partners = matching.partners()
    count = {r: sum(region[p] == r for p in partners.values()) for r in caps}
    if any(count[r] > caps[r] for r in caps):
        return False
    for w, order in workers.items():
        for p in order:
            if partners.get(w) == p:
                break
            if w not in posts[p]:
                continue
            here = [x for x, q in partners.items() if q == p]
            behind = all(posts[p].index(x) < posts[p].index(w) for x in here)
            full = count.get(region[p], 0) >= caps.get(region[p], 10**9)
            if not behind or (len(here) < capacity[p] and not full):
                return False
    return True


@st.composite
def regional_markets(draw):
    n, m = draw(st.integers(1, 7)), draw(st.integers(2, 4))
    workers, posts = [f"w{i}" for i in range(n)], [f"p{j}" for j in range(m)]
    lists = (
        {w: draw(st.permutations(posts))[: draw(st.integers(1, m))] for w in workers},
        {p: draw(st.permutations(workers))[: draw(st.integers(1, n))] for p in posts},
        {p: draw(st.integers(0, 3)) for p in posts},
    )
    region = {p: draw(st.sampled_from("ab")) for p in posts}
    named = sorted(set(region.values()))
    caps = {r: draw(st.integers(0, 4)) for r in named if draw(st.booleans()) or r == named[0]}
    return lists, region, caps


@given(regional_markets())
@settings(max_examples=150, deadline=None)
def test_flexible_deferred_acceptance_is_weakly_stable(drawn):
    lists, region, caps = drawn
    market = Market.from_lists(*lists, post_groups={"region": region})
    matching = market.deferred_acceptance(limits=[Limit(by="region", most=caps)])
    assert weakly_stable(matching, lists, region, caps)
    assert matching.stable
    loose = Limit(by="region", most=dict.fromkeys(caps, 100))
    open_ = market.deferred_acceptance(
        limits=[loose], targets={p: lists[2][p] for p in lists[2] if region[p] in caps}
    )
    assert open_.partners() == market.deferred_acceptance().partners()


@given(regional_markets(), st.data())
@settings(max_examples=100, deadline=None)
def test_least_numbers_are_kept_without_justified_envy(drawn, data):
    (workers, posts, _), *_ = drawn
    workers = {w: data.draw(st.permutations(sorted(posts))) for w in workers}
    posts = {p: data.draw(st.permutations(sorted(workers))) for p in posts}
    capacity = {p: data.draw(st.integers(1, 4)) for p in posts}
    least, left = {}, min(len(workers), sum(capacity.values()))
    for p in posts:
        least[p] = data.draw(st.integers(0, min(left, capacity[p])))
        left -= least[p]
    if not any(least.values()):
        return
    market = Market.from_lists(workers, posts, capacity)
    matching = market.deferred_acceptance(limits=[Limit(by="post", least=least)])
    filled = dict(zip(posts, matching.posts["filled"].values.tolist(), strict=True))
    partners = matching.partners()
    assert all(filled[p] >= least[p] for p in posts)
    assert len(partners) == min(len(workers), sum(capacity.values()))
    for w, order in workers.items():
        for p in order[: order.index(partners[w])] if w in partners else order:
            there = [x for x, q in partners.items() if q == p]
            assert all(posts[p].index(x) < posts[p].index(w) for x in there)
    assert matching.stable


def quota_market(seed=3, workers=200):
    rng = np.random.default_rng(seed)
    posts = pd.DataFrame({"post": [f"p{j}" for j in range(10)], "capacity": 12})
    frame = pd.DataFrame(
        [
            (f"w{i:03d}", f"p{j}", rank + 1)
            for i in range(workers)
            for rank, j in enumerate(rng.permutation(10)[:5])
        ],
        columns=["worker", "post", "rank"],
    )
    points = rng.integers(0, 100, workers)
    origin = rng.choice(["ALB", "GEO", "MDA"], workers, p=[0.2, 0.2, 0.6])
    number = frame["worker"].str[1:].astype(int)
    frame["points"], frame["origin"] = points[number], origin[number]
    return Market.from_frames(frame, posts, score="points", groups="origin"), frame


def test_quota_of_an_origin_over_all_posts():
    market, _ = quota_market()
    free = market.deferred_acceptance(seed=7)
    limit = Limit(by="origin", most={"MDA": 40})
    bound = market.deferred_acceptance(seed=7, limits=[limit])
    origin = market.worker_groups["origin"]
    placed = bound.application >= 0
    assert (origin[free.application >= 0] == "MDA").sum() > 40
    assert (placed & (origin == "MDA")).sum() == 40
    assert bound.stable
    told = bound.workers["reason"].values[(origin == "MDA") & ~placed]
    assert "limit: at most 40 in origin MDA" in set(told)
    # One score at all posts: whom the quota keeps out has no more points than who comes.
    points = dict(zip(market.workers, bound.workers["score"].values, strict=True))
    kept_out = [w for w, r in zip(market.workers, bound.workers["reason"].values, strict=True)
                if str(r).startswith("limit")]  # fmt: skip
    best = {w: market.score[market.start[i]] for i, w in enumerate(market.workers) if w in kept_out}
    least = min(points[w] for w in market.workers[placed & (origin == "MDA")])
    assert max(best.values()) <= least
    # Nobody else is worse off for it.
    others = origin != "MDA"
    assert (bound.compare(free)["change"].values[others] >= 0).all()


def test_quota_of_an_origin_with_scores_by_post_shows_the_envy_that_is_left():
    rng = np.random.default_rng(8)
    _, frame = quota_market()
    frame["points"] = rng.integers(0, 100, len(frame))
    posts = pd.DataFrame({"post": [f"p{j}" for j in range(10)], "capacity": 12})
    market = Market.from_frames(frame, posts, score="points", groups="origin")
    bound = market.deferred_acceptance(seed=7, limits=[Limit(by="origin", most={"MDA": 40})])
    origin = dict(zip(market.workers, market.worker_groups["origin"], strict=True))
    assert sum(origin[w] == "MDA" for w in bound.partners()) == 40
    points = frame.set_index(["worker", "post"])["points"].to_dict()
    pairs = bound.blocking_pairs()
    for row in pairs.itertuples():
        here = [w for w, p in bound.partners().items() if p == row.post]
        envy = any(
            origin[w] == "MDA" and points[w, row.post] < points[row.worker, row.post] for w in here
        )
        assert origin[row.worker] == "MDA"
        assert envy == (row.limit == "")
    assert bound.stable == (not (pairs["limit"] == "").any())


def enumerate_choice(order, group, quota, reserve, seats):
    """Return the best set by: reserved seats filled, then priority; every set tried."""
    best, chosen = None, None
    for k in range(min(seats, len(order)) + 1):
        for some in itertools.combinations(order, k):
            counts = [sum(group[x] == g for x in some) for g in range(len(quota))]
            if any(c > q for c, q in zip(counts, quota, strict=True)):
                continue
            kept = sum(min(c, r) for c, r in zip(counts, reserve, strict=True))
            value = (min(kept, seats), len(some), tuple(-x for x in sorted(some)))
            if best is None or value > best:
                best, chosen = value, set(some)
    return chosen


@given(
    st.lists(st.integers(0, 1), min_size=1, max_size=6),
    st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.integers(0, 3),
    st.integers(1, 4),
)
@settings(max_examples=200, deadline=None)
def test_choice_of_a_post_against_enumeration(groups, quota, kept, seats):
    order = list(range(len(groups)))
    reserve = [0, min(kept, seats)]
    line = kernels_constraints.choose(order, groups.__getitem__, quota, reserve)
    assert set(line[:seats]) == enumerate_choice(order, groups, quota, reserve, seats)


def test_reserves_and_quotas_at_each_post():
    market, frame = quota_market()
    limit = Limit(by="origin", most={"MDA": 5}, at_each_post=True)
    reserve = Reserve(by="origin", group="GEO", seats=3)
    matching = market.deferred_acceptance(seed=1, limits=[limit], reserves=[reserve])
    table = matching.to_frame().merge(frame[["worker", "origin"]].drop_duplicates())
    counts = table[table["post"] != ""].groupby(["post", "origin"]).size()
    assert (counts.xs("MDA", level="origin") <= 5).all()
    assert matching.stable
    plain = market.deferred_acceptance(seed=1)
    before = plain.to_frame().merge(frame[["worker", "origin"]].drop_duplicates())
    placed = [(t["origin"][t["post"] != ""] == "GEO").sum() for t in (before, table)]
    assert placed[1] > placed[0]
    told = set(matching.blocking_pairs()["limit"])
    assert "at most 5 in origin MDA at each post" in told
    assert str(reserve) == "3 seats of every post for origin GEO"
    assert matching.workers.attrs["limits"].endswith(str(reserve))


def test_rules_at_fault():
    market, _ = quota_market()
    run = market.deferred_acceptance
    most = Limit(by="origin", most={"MDA": 1})
    lists = ({"a": ["x"]}, {"x": ["a"]}, {"x": 1})
    grouped = Market.from_lists(*lists, post_groups={"region": {"x": "r"}})
    region = Limit(by="region", most={"r": 1})
    calls = [
        (ParameterError, lambda: Limit(by="origin")),
        (ParameterError, lambda: Limit(by="origin", most={"MDA": -1})),
        (ParameterError, lambda: Limit(by="origin", most={"MDA": 1.5})),
        (ParameterError, lambda: Limit(by="origin", most=3)),
        (ParameterError, lambda: run(1, limits=[Limit(by="origin", least={"MDA": 1})])),
        (ParameterError, lambda: Reserve(by="origin", group="MDA", seats=-1)),
        (CodeError, lambda: run(1, limits=[Limit(by="sector", most={"A": 1})])),
        (CodeError, lambda: run(1, limits=[Limit(by="origin", most={"DEU": 1})])),
        (CodeError, lambda: run(1, reserves=[Reserve(by="origin", group="DEU", seats=1)])),
        (CodeError, lambda: run(1, reserves=[Reserve(by="origin", group="MDA", seats={"q": 1})])),
        (ParameterError, lambda: run(1, reserves=[Reserve(by="origin", group="MDA",
                                                          seats={"p1": 99})])),
        (ParameterError, lambda: run(1, limits=[most], side="posts")),
        (KindError, lambda: run(1, limits=["MDA"])),
        (ParameterError, lambda: run(1, targets={"p1": 1})),
        (ParameterError, lambda: run(1, limits=[Limit(by="post", least={"p1": 1})])),
        (ParameterError, lambda: run(1, limits=[Limit(by="post", least={"p1": 50})])),
        (ParameterError, lambda: grouped.deferred_acceptance(limits=[region], targets={"x": 2})),
        (ParameterError, lambda: grouped.deferred_acceptance(limits=[region, region])),
    ]  # fmt: skip
    for kind, call in calls:
        with pytest.raises(kind) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
    assert Limit(by="a", most={"b": 1}) == Limit(by="a", most=(("b", 1),))
    assert len({Limit(by="a", most={"b": 1}), Limit(by="a", most={"b": 1})}) == 1


def test_a_grouping_or_a_group_that_there_is_not_is_told_with_those_that_there_are():
    market = Market.from_lists(
        {"a": ["x"], "b": ["x"]}, {"x": ["b", "a"]}, {"x": 1},
        worker_groups={"origin": {"a": "ALB", "b": "MDA"}},
    )  # fmt: skip
    with pytest.raises(CodeError, match="'Albania'") as error:
        market.deferred_acceptance(limits=[Limit(by="origin", most={"Albania": 1})])
    assert "ALB, MDA" in error.value.mend
    with pytest.raises(CodeError, match=r"no grouping 'orgin'.*there are.* origin") as error:
        market.deferred_acceptance(limits=[Limit(by="orgin", most={"ALB": 1})])
    assert 'groups=("orgin",)' in error.value.mend
