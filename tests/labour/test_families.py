"""Families kept together: enumeration of all matchings, Roth's case without a stable one."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import milp

from migov.core.errors import CodeError, MigovError, ParameterError
from migov.labour import Market, families, match_families


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


def with_unplaced(partners, workers):
    return sum(
        listed.index(partners[w]) if w in partners else len(listed) for w, listed in workers.items()
    )


def test_of_several_the_smallest_sum_of_ranks_and_no_post_is_not_the_best_place():
    rng, several = np.random.default_rng(0), 0
    for _ in range(600):
        workers = {f"w{i}": [f"p{j}" for j in rng.permutation(4)[:3]] for i in range(5)}
        posts = {f"p{j}": [f"w{i}" for i in rng.permutation(5)] for j in range(4)}
        capacity = {p: int(rng.integers(1, 3)) for p in posts}
        town = {p: "st"[rng.integers(2)] for p in posts}
        family = {w: str(rng.choice(["", "f", "g"])) for w in workers}
        every = stable_by_enumeration(workers, posts, capacity, family, town)
        if len({len(one) for one in every}) < 2:
            continue
        several += 1
        market = market_of(workers, posts, capacity, family, town)
        found = match_families(market, family="family", together="town")
        assert with_unplaced(found.matching.partners(), workers) == min(
            with_unplaced(one, workers) for one in every
        )
        assert found.smallest
    assert several


def test_without_families_it_is_deferred_acceptance():
    rng = np.random.default_rng(4)
    workers = {f"w{i}": [f"p{j}" for j in rng.permutation(5)] for i in range(20)}
    posts = {f"p{j}": [f"w{i}" for i in rng.permutation(20)] for j in range(5)}
    market = market_of(workers, posts, dict.fromkeys(posts, 3), {}, dict.fromkeys(posts, "t"))
    found = match_families(market, family="family", together="town")
    assert found.matching.stable
    # The sum of ranks is smallest where the workers propose.
    assert found.matching.partners() == market.deferred_acceptance().partners()


def drawn_market(seed):
    rng = np.random.default_rng(seed)
    n, m = 30, 6
    workers = {f"w{i}": [f"p{j}" for j in rng.permutation(m)[:4]] for i in range(n)}
    names = list(workers)
    posts = {f"p{j}": [names[i] for i in rng.permutation(n)] for j in range(m)}
    family = {w: f"f{i // 2}" for i, w in enumerate(names[:20])}
    town = {p: "st"[j % 2] for j, p in enumerate(posts)}
    return workers, posts, dict.fromkeys(posts, 4), family, town


def sum_of_ranks(found, workers):
    return sum(workers[w].index(p) for w, p in found.matching.partners().items())


def check_stable(partners, given_):
    """No unit is torn apart, and none blocks."""
    workers, posts, capacity, family, town = given_
    units = {}
    for w in workers:
        units.setdefault(family.get(w) or w, []).append(w)
    for u, members in units.items():
        wishes = [
            way for way in joint_list(members, workers, town)
            if all(way.count(p) <= capacity[p] for p in way)
        ]  # fmt: skip
        where = tuple(partners.get(m) for m in members)
        assert where in wishes or set(where) == {None}
        now = where if where in wishes else None
        assert not blocks(u, members, now, wishes, partners, posts, capacity)


@pytest.mark.parametrize(("seed", "existence"), [(0, "found"), (1, "none exists")])
def test_the_search_stops_by_nodes_and_says_so(seed, existence, monkeypatch):
    given_ = drawn_market(seed)
    market, asked = market_of(*given_), []

    def counted(*args, options, **more):
        asked.append(dict(options))
        return milp(*args, options=options, **more)

    monkeypatch.setattr(families, "milp", counted)
    whole, few, again = (
        match_families(market, family="family", together="town", nodes=n) for n in (10_000, 1, 1)
    )
    # The number that was given reaches the search, and no clock does.
    assert [one["node_limit"] for one in asked] == [10_000, 1, 1]
    assert not any("time_limit" in one for one in asked)
    assert (few.existence, few.smallest) == (again.existence, again.smallest)
    # An early end may leave it open; it never says the contrary.
    assert whole.existence == existence
    assert few.existence in (existence, "not decided")
    assert whole.smallest is (existence == "found")
    for found in (whole, few):
        if found.matching is None:
            assert not found.smallest
            continue
        check_stable(found.matching.partners(), given_)
        if found.smallest:
            assert sum_of_ranks(found, given_[0]) == sum_of_ranks(whole, given_[0])
    if few.matching is not None:
        assert few.matching.partners() == again.matching.partners()


class Answer:
    """What the solver returns where it was stopped by its limit."""

    status = 1

    def __init__(self, x):
        self.x = x


def test_a_search_that_was_stopped_is_not_called_decided(monkeypatch):
    market = market_of(*drawn_market(0))
    monkeypatch.setattr(families, "milp", lambda *_, **__: Answer(None))
    nothing = match_families(market, family="family", together="town", nodes=1)
    assert (nothing.existence, nothing.matching, nothing.smallest) == ("not decided", None, False)

    def stopped(*args, **more):
        return Answer(milp(*args, **more).x)

    monkeypatch.setattr(families, "milp", stopped)
    found = match_families(market, family="family", together="town", nodes=1)
    assert found.existence == "found"
    assert not found.smallest


def test_nodes_that_are_no_number_of_nodes():
    market = market_of(*drawn_market(0))
    for nodes in (0, -1, 2.5, 10.0, True, "many", None, np.nan):
        with pytest.raises(MigovError, match="nodes"):
            match_families(market, family="family", together="town", nodes=nodes)


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
