"""What holds for any valid input: stability, margins, and labels in whatever order."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.labour import (
    Limit,
    Market,
    Matching,
    assignment,
    choo_siow,
    match_families,
    near_fits,
    recover_surplus,
    skill_fit,
)
from migov.numeric.balancing import balance

SEEDS = st.integers(0, 2**32 - 1)


def stable_matchings(market):
    """Return all stable matchings by enumeration, as the rank of each worker's post."""
    options = [[-1, *range(a, b)] for a, b in zip(market.start[:-1], market.start[1:], strict=True)]
    found = []
    for chosen in itertools.product(*options):
        held = np.array([e for e in chosen if e >= 0], int)
        filled = np.bincount(market.post[held], minlength=len(market.posts))
        if (filled > market.capacity).any():
            continue
        matching = Matching.of(market, held, rule="enumerated")
        if not len(matching.blocking_pairs()):
            found.append(matching)
    return found


@st.composite
def small_markets(draw):
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    workers, posts = [f"w{i}" for i in range(n)], [f"p{j}" for j in range(m)]
    order = {w: draw(st.permutations(posts))[: draw(st.integers(0, m))] for w in workers}
    ranks = {p: draw(st.permutations(workers))[: draw(st.integers(0, n))] for p in posts}
    return Market.from_lists(order, ranks, {p: draw(st.integers(0, 2)) for p in posts})


@given(small_markets())
@settings(max_examples=25, deadline=None)
def test_the_best_and_the_worst_of_all_stable_matchings(market):
    every = stable_matchings(market)
    best = market.deferred_acceptance()
    worst = market.deferred_acceptance(side="posts")
    assert every
    assert any(one.partners() == best.partners() for one in every)
    for one in every:
        # Nobody of the side that proposes is better off in any other stable matching.
        assert best.compare(one).attrs["worse"] == 0
        assert one.compare(worst).attrs["worse"] == 0
        # Rural hospitals: who is placed, and how many seats each post fills, never differs.
        assert one.partners().keys() == best.partners().keys()
        np.testing.assert_array_equal(one.posts["filled"], best.posts["filled"])


@given(small_markets(), st.data())
@settings(max_examples=40, deadline=None)
def test_nobody_gains_by_a_false_list(market, data):
    names = market.workers.tolist()
    liar = data.draw(st.sampled_from(names))
    lists = {
        w: market.posts[market.post[a:b]].tolist()
        for w, a, b in zip(names, market.start[:-1], market.start[1:], strict=True)
    }
    told = data.draw(st.permutations(lists[liar]))[: data.draw(st.integers(0, len(lists[liar])))]
    owner = np.repeat(market.workers, np.diff(market.start))
    ranks = {
        p: [w for _, w in sorted(
            (-s, w) for s, w, q in zip(market.score, owner, market.post, strict=True)
            if market.posts[q] == p
        )]
        for p in market.posts.tolist()
    }  # fmt: skip
    seats = dict(zip(market.posts.tolist(), market.capacity.tolist(), strict=True))
    honest = Market.from_lists(lists, ranks, seats).deferred_acceptance().partners().get(liar)
    false = Market.from_lists(lists | {liar: told}, ranks, seats)
    found = false.deferred_acceptance().partners().get(liar)
    place = {p: i for i, p in enumerate(lists[liar])}
    assert place.get(found, len(place)) >= place.get(honest, len(place))


def drawn_tables(seed, workers=12, posts=4):
    rng = np.random.default_rng(seed)
    chosen = np.argsort(rng.random((workers, posts)), axis=1)[:, :3]
    applicants = pd.DataFrame(
        {
            "worker": np.repeat([f"w{i}" for i in range(workers)], 3),
            "post": np.array([f"p{j}" for j in range(posts)])[chosen.ravel()],
            "rank": np.tile([1, 2, 3], workers),
            # Alike at every post: where posts score differently a limit may leave envy.
            "points": np.repeat(rng.integers(0, 4, workers), 3),
            "origin": np.repeat(rng.choice(["ALB", "MDA"], workers), 3),
        }
    )
    table = pd.DataFrame(
        {
            "post": [f"p{j}" for j in range(posts)],
            "capacity": rng.integers(0, 4, posts),
            "region": rng.choice(["north", "south"], posts),
        }
    )
    return applicants, table


LIMITS = st.sampled_from(
    [
        (),
        (Limit(by="origin", most={"MDA": 2}),),
        (Limit(by="origin", most={"MDA": 2, "ALB": 3}),),
        (Limit(by="origin", most={"MDA": 1}, at_each_post=True),),
    ]
)


@given(SEEDS, SEEDS, LIMITS)
@settings(max_examples=40, deadline=None)
def test_rows_in_whatever_order_give_the_same_matching(seed, shuffle, limits):
    applicants, posts = drawn_tables(seed)
    columns = {"score": "points", "ties": "seeded", "groups": ("origin", "region")}
    market = Market.from_frames(applicants, posts, **columns)
    other = Market.from_frames(
        applicants.sample(frac=1, random_state=shuffle),
        posts.sample(frac=1, random_state=shuffle),
        **columns,
    )
    known = {*market.worker_groups["origin"]}
    limits = tuple(x for x in limits if {g for g, _ in x.most} <= known)
    first, second = (one.deferred_acceptance(seed=3, limits=limits) for one in (market, other))
    assert first.partners() == second.partners()
    for matching in (first, second):
        for limit in limits:
            placed = market.worker_groups["origin"][market.workers.argsort()]
            held = matching.application[matching.market.workers.argsort()] >= 0
            if not limit.at_each_post:
                assert all((held & (placed == g)).sum() <= n for g, n in limit.most)
        assert (matching.posts["filled"] <= matching.posts["capacity"]).all()
    assert not limits or first.blocking_pairs()["limit"].ne("").all()


def shuffled(x, seed):
    rng = np.random.default_rng(seed)
    return x.isel({dim: rng.permutation(x.sizes[dim]) for dim in x.dims}).transpose(*x.dims[::-1])


def drawn_arrays(seed, x=4, y=3):
    rng = np.random.default_rng(seed)
    types = {"skill": [f"s{i}" for i in range(x)], "occupation": [f"o{j}" for j in range(y)]}
    surplus = xr.DataArray(rng.normal(size=(x, y)), types, attrs={"units": "1"})
    workers = xr.DataArray(
        rng.uniform(1, 1e4, x), {"skill": types["skill"]}, attrs={"units": "person"}
    )
    posts = xr.DataArray(
        rng.uniform(1, 1e4, y), {"occupation": types["occupation"]}, attrs={"units": "post"}
    )
    return surplus, workers, posts


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_margins_of_types_are_exact_and_labels_are_free(seed):
    surplus, workers, posts = drawn_arrays(seed)
    found = choo_siow(surplus, workers, posts, tolerance=1e-12)
    pairs = found["matches"]
    np.testing.assert_allclose(
        pairs.sum("occupation") + found["unmatched_workers"], workers, rtol=1e-11
    )
    np.testing.assert_allclose(pairs.sum("skill") + found["unmatched_posts"], posts, rtol=1e-11)
    back = recover_surplus(pairs, found["unmatched_workers"], found["unmatched_posts"])
    xr.testing.assert_allclose(back["surplus"], surplus, atol=1e-8)
    other = choo_siow(*(shuffled(x, seed) for x in (surplus, workers, posts)), tolerance=1e-12)
    np.testing.assert_allclose(
        other["matches"].sel(surplus.coords).transpose(*pairs.dims), pairs, rtol=1e-9
    )


@given(SEEDS, st.integers(1, 6), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_margins_of_fitting(seed, n, m):
    rng = np.random.default_rng(seed)
    table = rng.uniform(0.1, 10, (n, m))
    rows, columns = rng.uniform(1, 100, n), rng.uniform(1, 100, m)
    columns *= rows.sum() / columns.sum()
    fit = balance(table, rows, columns, tolerance=1e-12)
    np.testing.assert_allclose(fit.table.sum(axis=1), rows, rtol=1e-10)
    np.testing.assert_allclose(fit.table.sum(axis=0), columns, rtol=1e-10)
    # What is fitted keeps the odds ratios of the table.
    ratio = np.log(fit.table / table)
    np.testing.assert_allclose(ratio - ratio[:1] - ratio[:, :1] + ratio[0, 0], 0.0, atol=1e-9)


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_assignments_are_worth_the_same_in_any_order(seed):
    rng = np.random.default_rng(seed)
    pairs = {"worker": [f"w{i}" for i in range(5)], "post": [f"p{j}" for j in range(3)]}
    weights = xr.DataArray(rng.normal(size=(5, 3)), pairs, attrs={"units": "1"})
    seats = xr.DataArray(rng.integers(0, 3, 3), {"post": pairs["post"]}, attrs={"units": "post"})
    found = assignment(weights, seats)
    other = assignment(shuffled(weights, seed), shuffled(seats, seed + 1))
    np.testing.assert_allclose(found.attrs["value"], other.attrs["value"], rtol=1e-12)
    np.testing.assert_allclose(other["price"].sel(post=pairs["post"]), found["price"], atol=1e-9)
    # No pair could do better at these prices, and no seat with a price is free.
    gain = weights - found["price"]
    assert (found["surplus"] >= gain.max("post").clip(min=0) - 1e-9).all()
    assert (found["price"].where(found["filled"] < seats, 0.0) <= 1e-9).all()


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_near_fits_never_make_a_shortage_larger(seed):
    rng = np.random.default_rng(seed)
    names = ["2221", "3221", "5321", "9112"]
    skills = xr.DataArray(
        rng.integers(0, 5, (4, 3)) + 1.0, {"occupation": names, "skill": ["a", "b", "c"]},
        attrs={"units": "1"},
    )  # fmt: skip
    fit = skill_fit(skills)
    short, beyond = (
        xr.DataArray(rng.integers(0, 20, 4) * 1.0, {"occupation": names}, attrs={"units": "person"})
        for _ in range(2)
    )
    found = near_fits(short, beyond, fit)
    assert ((found["shortage"] >= -1e-9) & (found["shortage"] <= short + 1e-9)).all()
    other = near_fits(shuffled(short, seed), shuffled(beyond, seed + 1), shuffled(fit, seed + 2))
    np.testing.assert_allclose(other["shortage"].sum(), found["shortage"].sum(), atol=1e-6)


@given(small_markets())
@settings(max_examples=30, deadline=None)
def test_families_of_one_are_workers(market):
    lists = {
        w: market.posts[market.post[a:b]].tolist()
        for w, a, b in zip(market.workers, market.start[:-1], market.start[1:], strict=True)
    }
    grouped = type(market)(
        **{name: getattr(market, name) for name in (
            "workers", "posts", "capacity", "start", "post", "rank", "score", "tier", "ties",
            "barred",
        )},
        worker_groups={"family": np.array([""] * len(lists), object)},
        post_groups={"town": np.array(["t"] * len(market.posts), object)},
    )  # fmt: skip
    found = match_families(grouped, family="family", together="town")
    assert found.existence == "found"
    assert found.matching.partners() == market.deferred_acceptance().partners()
