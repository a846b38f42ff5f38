"""Deferred acceptance whose receivers share places and keep seats for groups; bare arrays.

References
----------
Kamada and Kojima (2015), American Economic Review 105(1): flexible deferred acceptance, in the
form where all who are free propose at once. Hafalir, Yenmez and Yildirim (2013), Theoretical
Economics 8(2): reserved seats. Fragiadakis, Iwasaki, Troyan, Ueda and Yokoo (2016), ACM
Transactions on Economics and Computation 4(1): lower bounds by extended seats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rules:
    """What bounds each post and each region of posts.

    Parameters
    ----------
    capacity, goal : list of int (P,)
        Seats, and how many of them a post fills before the region gives out the rest.
    region : list of int (P,)
        Region of each post.
    most : list of int (R,)
        Bound of each region.
    beyond_goals : bool
        Whether `most` counts only who is taken beyond the goals.
    group : list of int (W,)
        Group of each worker.
    quota, reserve : list of list of int (P, G)
        Most seats, and seats kept, for each group at each post.
    """

    capacity: list[int]
    goal: list[int]
    region: list[int]
    most: list[int]
    beyond_goals: bool
    group: list[int]
    quota: list[list[int]]
    reserve: list[list[int]]


def choose(order: Sequence[int], group: Any, quota: Sequence[int], reserve: Sequence[int]) -> Any:
    """Return the applicants of a post in the order in which it takes them, without the refused.

    Parameters
    ----------
    order : sequence of int
        Applicants, best first.
    group : callable
        Group of an applicant.
    quota, reserve : sequence of int (G,)
        Most seats, and seats kept, for each group.

    Returns
    -------
    list of int
        Those for whom seats are kept first, then the rest as far as the quotas allow.

    Examples
    --------
    >>> choose([0, 1, 2, 3], [0, 0, 1, 0].__getitem__, [2, 9], [0, 1])
    [2, 0, 1]
    """
    taken = [0] * len(quota)
    first, rest = [], []
    for one in order:
        g = group(one)
        if taken[g] < min(reserve[g], quota[g]):
            taken[g] += 1
            first.append(one)
        else:
            rest.append(one)
    for one in rest:
        g = group(one)
        if taken[g] < quota[g]:
            taken[g] += 1
            first.append(one)
    return first


def take_turns(
    lines: dict[int, list[int]], posts: Sequence[int], rules: Rules, region: int
) -> dict[int, list[int]]:
    """Return whom each post of a region takes: up to its goal, then one each in turn.

    `lines` holds for each post its applicants in the order in which it would take them.
    """
    taken = {p: lines.get(p, [])[: min(rules.goal[p], rules.capacity[p])] for p in posts}
    beyond = 0
    count = sum(len(some) for some in taken.values())
    left = list(posts)
    while left:
        still = []
        for p in left:
            full = (beyond if rules.beyond_goals else count) >= rules.most[region]
            if full:
                return taken
            n = len(taken[p])
            if n < rules.capacity[p] and n < len(lines.get(p, [])):
                taken[p] = lines[p][: n + 1]
                beyond += 1
                count += 1
                still.append(p)
        left = still
    return taken


def flexible(start: Ints, place: Ints, target: Ints, worker: Ints, rules: Rules) -> NDArray[Any]:
    """Return which applications are held at the end.

    Parameters
    ----------
    start : ndarray (W + 1,)
        Where each worker's list starts; applications are sorted by worker, best first.
    place : ndarray (E,)
        Number of each application among all, sorted by post, best first.
    target, worker : ndarray (E,)
        Post and worker of each application.
    rules : Rules
        What bounds posts and regions.

    Returns
    -------
    ndarray (E,) of bool
    """
    at, end = start[:-1].tolist(), start[1:].tolist()
    places, posts, owners = place.tolist(), target.tolist(), worker.tolist()
    of_region: dict[int, list[int]] = {}
    for p, r in enumerate(rules.region):
        of_region.setdefault(r, []).append(p)
    held: dict[int, list[int]] = {p: [] for p in range(len(rules.capacity))}
    free = [w for w in range(len(at)) if at[w] < end[w]]
    while free:
        new: dict[int, list[int]] = {}
        for w in free:
            new.setdefault(posts[at[w]], []).append(at[w])
        free = []
        for r in sorted({rules.region[p] for p in new}):
            lines = {
                p: choose(
                    sorted([*held[p], *new.get(p, [])], key=places.__getitem__),
                    lambda e: rules.group[owners[e]],
                    rules.quota[p],
                    rules.reserve[p],
                )
                for p in of_region[r]
            }
            taken = take_turns(lines, of_region[r], rules, r)
            for p in of_region[r]:
                kept = set(taken[p])
                for e in [*held[p], *new.get(p, [])]:
                    if e not in kept:
                        w = owners[e]
                        at[w] += 1
                        if at[w] < end[w]:
                            free.append(w)
                held[p] = taken[p]
    out = np.zeros(len(places), np.bool_)
    out[[e for some in held.values() for e in some]] = True
    return out
