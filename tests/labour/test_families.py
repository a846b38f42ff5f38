"""Families kept together: enumeration of all matchings, Roth's case without a stable one."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core.errors import CodeError, MigovError, ParameterError
from migov.labour import Market, match_families


def joint_list(members, workers, town):
    """All ways to place all members in one town, by the sum of ranks."""
    ways = []
    for posts in itertools.product(*(workers[m] for m in members)):
        if len({town[p] for p in posts}) == 1:
            ranks = tuple(workers[m].index(p) for m, p in zip(members, posts, strict=True))
            ways.append((sum(ranks), ranks, posts))
    return [posts for *_, posts in sorted(ways)]


def stable_by_enumeration(workers, posts, capacity, family, town):
    """Every matching that keeps families together and that no unit blocks."""
    units = {}
    for w in workers:
        units.setdefault(family.get(w) or w, []).append(w)
    lists = {
        u: [way for way in joint_list(m, workers, town)
            if all(way.count(p) <= capacity[p] for p in way)]
        for u, m in units.items()
    }  # fmt: skip
    found = []
    for chosen in itertools.product(*([None, *lists[u]] for u in units)):
        placed = {
            w: p
            for (_, m), way in zip(units.items(), chosen, strict=True) if way is not None
            for w, p in zip(m, way, strict=True)
        }  # fmt: skip
        filled = list(placed.values())
        if any(filled.count(p) > capacity[p] for p in posts):
            continue
        if not any(
            blocks(u, units[u], way, lists[u], placed, posts, capacity)
            for u, way in zip(units, chosen, strict=True)
        ):
            found.append(placed)
    return found


def blocks(unit, members, now, wishes, placed, posts, capacity):
    better = wishes if now is None else wishes[: wishes.index(now)]
    for way in better:
        taken = True
        for p in set(way):
            ours = [m for m, q in zip(members, way, strict=True) if q == p]
            others = [w for w, q in placed.items() if q == p and w not in members]
            line = sorted([*ours, *others], key=posts[p].index)
            taken &= set(ours) <= set(line[: capacity[p]])
        if taken:
            return True
    return False


def market_of(workers, posts, capacity, family, town):
    return Market.from_lists(
        workers, posts, capacity, worker_groups={"family": family}, post_groups={"town": town}
    )


def test_no_stable_matching_exists():
    # One couple and one single, two posts of one seat: whoever sits is driven out.
    workers = {"a": ["x"], "b": ["y"], "c": ["x", "y"]}
    posts = {"x": ["a", "c"], "y": ["c", "b"]}
    capacity, town = {"x": 1, "y": 1}, {"x": "t", "y": "t"}
    family = {"a": "f", "b": "f"}
    given_ = (workers, posts, capacity, family, town)
    assert stable_by_enumeration(*given_) == []
    found = match_families(market_of(*given_), family="family", together="town")
    assert found.existence == "none exists"
    assert found.matching is None
    assert found.note == "planning tool, not a decision on individuals"


@st.composite
def markets(draw):
    n, m = draw(st.integers(2, 5)), draw(st.integers(2, 3))
    workers, posts = [f"w{i}" for i in range(n)], [f"p{j}" for j in range(m)]
    town = {p: draw(st.sampled_from("st")) for p in posts}
    family = {w: draw(st.sampled_from(["", "", "f", "g"])) for w in workers}
    lists = {w: list(draw(st.permutations(posts))[: draw(st.integers(1, m))]) for w in workers}
    ranks = {p: list(draw(st.permutations(workers))) for p in posts}
    return lists, ranks, {p: draw(st.integers(0, 2)) for p in posts}, family, town


@given(markets())
@settings(max_examples=120, deadline=None)
def test_against_enumeration(drawn):
    every = stable_by_enumeration(*drawn)
    found = match_families(market_of(*drawn), family="family", together="town")
    assert found.existence == ("found" if every else "none exists")
    if every:
        partners = found.matching.partners()
        assert partners in every
        workers, *_, family, town = drawn
        for label in {f for f in family.values() if f}:
            members = [w for w in workers if family[w] == label]
            placed = [partners.get(w) for w in members]
            assert all(p is None for p in placed) or len({town.get(p) for p in placed}) == 1


def test_without_families_it_is_deferred_acceptance():
    rng = np.random.default_rng(4)
    workers = {f"w{i}": [f"p{j}" for j in rng.permutation(5)] for i in range(20)}
    posts = {f"p{j}": [f"w{i}" for i in rng.permutation(20)] for j in range(5)}
    market = market_of(workers, posts, dict.fromkeys(posts, 3), {}, dict.fromkeys(posts, "t"))
    found = match_families(market, family="family", together="town")
    assert found.matching.stable
    # The sum of ranks is smallest where the workers propose.
    assert found.matching.partners() == market.deferred_acceptance().partners()


def test_the_search_stops_by_nodes_and_says_so():
    rng = np.random.default_rng(11)
    n, m = 60, 12
    workers = {f"w{i}": [f"p{j}" for j in rng.permutation(m)[:5]] for i in range(n)}
    names = list(workers)
    posts = {f"p{j}": [names[i] for i in rng.permutation(n)] for j in range(m)}
    family = {w: f"f{i // 2}" for i, w in enumerate(names[:40])}
    town = {p: "st"[j % 2] for j, p in enumerate(posts)}
    market = market_of(workers, posts, dict.fromkeys(posts, 4), family, town)
    few, again, many = (
        match_families(market, family="family", together="town", nodes=n) for n in (1, 1, 10_000)
    )
    assert few.existence == again.existence
    if few.matching is not None:
        assert few.matching.partners() == again.matching.partners()
    assert many.existence == "found"
    assert many.smallest
    assert not (few.existence == "not decided" and few.smallest)


def test_calls_at_fault():
    workers = {f"w{i}": [f"p{j}" for j in range(12)] for i in range(6)}
    posts = {f"p{j}": list(workers) for j in range(12)}
    large = market_of(
        workers, posts, dict.fromkeys(posts, 6), dict.fromkeys(workers, "f"),
        dict.fromkeys(posts, "t"),
    )  # fmt: skip
    calls = [
        (CodeError, lambda: match_families(large, family="home", together="town")),
        (CodeError, lambda: match_families(large, family="family", together="region")),
        (ParameterError, lambda: match_families(large, family="family", together="town")),
    ]
    for kind, call in calls:
        with pytest.raises(kind) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
