"""Families kept together: a stable matching if there is one, and the news if there is none."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import attrs
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from migov.core.errors import CodeError, KindError, ParameterError
from migov.core.parameters import number
from migov.labour import ordering
from migov.labour.matching import Matching
from migov.labour.protected import NOTE
from migov.labour.solving import check_seed

if TYPE_CHECKING:
    from migov.labour.market import Market
    from migov.labour.ordering import Strict

WHERE = "match_families"
_MOST = 2_000


@attrs.frozen(kw_only=True, eq=False)
class FamilyMatching:
    """What the search for a stable matching with families found.

    Parameters
    ----------
    existence : {"found", "none exists", "not decided"}
        Whether a stable matching was found, is proved not to exist, or neither within `nodes`.
    matching : Matching, optional
        The matching where one was found.
    smallest : bool
        Whether it is proved that no stable matching has a smaller sum of ranks.
    note : str
        What it may be used for.
    """

    existence: Literal["found", "none exists", "not decided"]
    matching: Matching | None
    smallest: bool
    note: str = NOTE


@attrs.frozen(eq=False)
class _Unit:
    """A family or a single worker: its joint choices, best first, as tuples of applications."""

    members: tuple[int, ...]
    options: tuple[tuple[int, ...], ...]


def match_families(
    market: Market,
    *,
    family: str,
    together: str,
    seed: int | None = None,
    nodes: int = 10_000,
) -> FamilyMatching:
    """Return a stable matching in which families are placed in one place or not at all.

    The list of a family is made of its members' lists: all ways to place everybody in posts of
    one place, by the sum of the members' ranks, ties by the first member's rank and so on. A
    family blocks with posts that would all take their member. With families a stable matching
    need not exist; whether it does is decided by integer programming, and of several the one
    with the smallest sum of ranks is taken, whoever has no post counted one place beyond the
    own list. Where the search stops at `nodes` the best found so
    far is given, with ``smallest`` false.

    Parameters
    ----------
    market : Market
        With the groupings named below; "" is no family.
    family : str
        Grouping of the workers: who belongs together.
    together : str
        Grouping of the posts: the place where they want to be together.
    seed : int, optional
        Of the lottery that breaks ties; None draws one.
    nodes : int
        Most nodes of the search tree; a count, so that the answer is the same on any machine.

    Returns
    -------
    FamilyMatching
        A planning tool, not a decision on individuals.

    Raises
    ------
    CodeError, ParameterError
        Groupings that are not there; a family with too many joint choices.

    Examples
    --------
    >>> from migov.labour.market import Market
    >>> market = Market.from_lists(
    ...     {"a": ["x", "y"], "b": ["y", "z"], "c": ["x"]},
    ...     {"x": ["c", "a"], "y": ["a", "b"], "z": ["b"]}, {"x": 1, "y": 2, "z": 1},
    ...     worker_groups={"family": {"a": "f", "b": "f"}},
    ...     post_groups={"town": {"x": "north", "y": "north", "z": "south"}})
    >>> found = match_families(market, family="family", together="town")
    >>> found.existence, found.matching.partners()
    ('found', {'a': 'y', 'b': 'y', 'c': 'x'})

    References
    ----------
    Roth (1984), Journal of Political Economy 92(6): no stable matching may exist. Biró, Manlove
    and McBride (2014), integer programming for hospitals and residents with couples.
    """
    if not hasattr(market, "worker_groups"):
        raise KindError(WHERE, f"market is a {type(market).__name__}", "a Market", None, "market")
    number(nodes, WHERE, "nodes", low=1.0, high=1e9)
    if isinstance(nodes, float) or int(nodes) != nodes:
        raise ParameterError(WHERE, f"nodes={nodes!r}", "nodes=10_000, a whole number", 9, "nodes")
    for argument, name, given in (
        ("family", family, market.worker_groups),
        ("together", together, market.post_groups),
    ):
        if name not in given:
            has = ", ".join(given) or "none"
            raise CodeError(
                WHERE, f"no grouping {name!r}; there are {has}", "groups=(…)", 9, argument
            )
    drawn = check_seed(seed, WHERE) if market.ties == "seeded" else None
    strict = ordering.strict(market, drawn, WHERE)
    units = _units(strict, market.worker_groups[family], market.post_groups[together])
    program = _Program(strict, units)
    chosen, state, smallest = program.solve(int(nodes))
    if chosen is None:
        return FamilyMatching(existence=state, matching=None, smallest=False)
    matching = Matching.of(
        market,
        strict.order[np.sort(chosen)],
        seed=drawn,
        rule=f"stable with families together by {together}",
    )
    return FamilyMatching(existence="found", matching=matching, smallest=smallest)


def _units(strict: Strict, family: Any, place: Any) -> list[_Unit]:
    """Return families and singles with their joint lists of applications."""
    market = strict.market
    groups: dict[str, list[int]] = {}
    for worker, label in enumerate(family.astype(str)):
        groups.setdefault(label if label else f"\0{worker}", []).append(worker)
    start = market.start
    out = []
    for label, members in groups.items():
        lists = [range(int(start[w]), int(start[w + 1])) for w in members]
        size = int(np.prod([len(x) for x in lists], dtype=float))
        if len(members) > 1 and size > 100 * _MOST:
            raise ParameterError(
                WHERE, f"family {label!r} has {size:,} joint choices", "shorter lists", 9, "family"
            )
        rows = []
        for choice in product(*lists):
            posts = strict.target[list(choice)]
            wanted = np.unique(posts, return_counts=True)
            if len(set(place[posts])) > 1 or (wanted[1] > market.capacity[wanted[0]]).any():
                continue
            ranks = tuple(e - int(start[w]) for e, w in zip(choice, members, strict=True))
            rows.append((sum(ranks), ranks, choice))
        rows.sort()
        if len(rows) > _MOST:
            raise ParameterError(
                WHERE, f"family {label!r} has {len(rows):,} joint choices", "shorter lists", 9
            )
        out.append(_Unit(tuple(members), tuple(choice for _, _, choice in rows)))
    return out


class _Program:
    """The integer program whose solutions are the stable matchings."""

    def __init__(self, strict: Strict, units: list[_Unit]) -> None:
        self.strict, self.units = strict, units
        self.rows: list[tuple[dict[int, float], float]] = []
        self.column: dict[tuple[int, int], int] = {}
        self.cost: list[float] = []
        for u, unit in enumerate(units):
            for o, choice in enumerate(unit.options):
                self.column[u, o] = len(self.cost)
                start = strict.market.start
                # Whoever has no post counts one place beyond the own list: the place on the list
                # less that one, so that no post is worth as much as none.
                self.cost.append(float(sum(e - start[strict.worker[e] + 1] for e in choice)))
        # Who is at a post, by place in its order: pairs of column and place.
        self.at: dict[int, list[tuple[int, int, int]]] = {}
        for (u, o), column in self.column.items():
            for e in units[u].options[o]:
                post = int(strict.target[e])
                self.at.setdefault(post, []).append((column, int(strict.to_post[e]), u))

    def solve(self, nodes: int) -> tuple[Any, Literal["found", "none exists", "not decided"], bool]:
        """Return the applications of a stable matching or why there are none; if it is the best."""
        if not self.cost:
            return np.zeros(0, np.int64), "found", True
        self._seats()
        self._no_unit_blocks()
        count = len(self.cost)
        entries = [(i, j, v) for i, (row, _) in enumerate(self.rows) for j, v in row.items()]
        i, j, v = (np.array(x) for x in zip(*entries, strict=True))
        # HiGHS takes indices of 32 bits; scipy 1.13 does not narrow them itself
        at = (np.asarray(i, np.int32), np.asarray(j, np.int32))
        matrix = csr_array(coo_array((v, at), shape=(len(self.rows), count)))
        edge = np.array([bound for _, bound in self.rows])
        answer = milp(
            np.array(self.cost),
            constraints=LinearConstraint(matrix, edge, np.inf),
            bounds=Bounds(0, 1),
            integrality=np.ones(count, np.int64),
            # By nodes and not by time: the answer may not depend on how busy a machine is
            options={"node_limit": nodes, "mip_rel_gap": 0.0},
        )
        if answer.x is None:
            return None, "none exists" if answer.status == 2 else "not decided", False
        taken = np.asarray(answer.x) > 0.5
        chosen = [
            e for (u, o), c in self.column.items() if taken[c] for e in self.units[u].options[o]
        ]
        return np.array(chosen, np.int64), "found", answer.status == 0

    def _seats(self) -> None:
        for u, unit in enumerate(self.units):
            if unit.options:
                self.rows.append(
                    ({self.column[u, o]: -1.0 for o in range(len(unit.options))}, -1.0)
                )
        capacity = self.strict.market.capacity
        for post, there in self.at.items():
            row: dict[int, float] = {}
            for column, _, _ in there:
                row[column] = row.get(column, 0.0) - 1.0
            self.rows.append((row, -float(capacity[post])))

    def _no_unit_blocks(self) -> None:
        """Whoever is not placed so well is refused by at least one of the posts."""
        for u, unit in enumerate(self.units):
            for o, choice in enumerate(unit.options):
                refusals: dict[int, float] = {}
                asked: dict[int, list[int]] = {}
                for e in choice:
                    asked.setdefault(int(self.strict.target[e]), []).append(
                        int(self.strict.to_post[e])
                    )
                for post, places in asked.items():
                    refusals[self._refusal(post, max(places), len(places), u)] = 1.0
                row = {self.column[u, k]: 1.0 for k in range(o + 1)}
                self.rows.append((row | refusals, 1.0))

    def _refusal(self, post: int, last: int, wanted: int, unit: int) -> int:
        """Return the column that is one only where the post has no room for them.

        It is full for `wanted` seats where enough others stand before the last of the asking:
        their own seats do not count, they would leave them.
        """
        column = len(self.cost)
        self.cost.append(0.0)
        need = float(self.strict.market.capacity[post] - wanted + 1)
        row: dict[int, float] = {column: -need}
        for other, place, whose in self.at[post]:
            if place < last and whose != unit:
                row[other] = row.get(other, 0.0) + 1.0
        self.rows.append((row, 0.0))
        return column
