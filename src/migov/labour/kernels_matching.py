"""Deferred acceptance on bare arrays, from either side, and the pairs that would block.

Applications are numbered twice: in the order of the side that proposes, and in the order of the
side that receives. The second number is all that a receiver needs in order to compare.

References
----------
Gale and Shapley (1962), American Mathematical Monthly 69(1), 9-15; Roth and Sotomayor (1990),
Two-Sided Matching, chapter 5 (many to one).
"""

from __future__ import annotations

from functools import cache
from heapq import heappush, heapreplace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_FEW = 256
"""Proposals of a round below which a loop over single proposals is quicker than arrays."""


def propose(start: Ints, place: Ints, receiver: Ints, quota: Ints, seats: Ints) -> Mask:
    """Return which applications are held when the proposing side has nothing left to propose.

    Parameters
    ----------
    start : ndarray (A + 1,)
        Where each proposer's list starts; applications are sorted by proposer, best first.
    place : ndarray (E,)
        Number of each application among all, sorted by receiver, best first.
    receiver : ndarray (E,)
        Receiver of each application, in the order of `place`.
    quota : ndarray (A,)
        How many each proposer wants.
    seats : ndarray (B,)
        How many each receiver can hold.

    Returns
    -------
    ndarray (E,) of bool
        In the proposers' order: the stable matching that is best for all who propose.

    Examples
    --------
    >>> one = np.ones(2, np.int64)
    >>> held = propose(np.array([0, 2, 4]), np.array([1, 3, 0, 2]), np.array([0, 0, 1, 1]),
    ...     one, one)
    >>> held.tolist()
    [False, True, True, False]
    """
    at = np.asarray(start[:-1], np.int64).copy()
    end = np.asarray(start[1:], np.int64)
    left = np.minimum(quota, end - at)
    owner = np.repeat(np.arange(len(end)), np.diff(start))
    back = np.empty(len(place), np.int64)
    back[place] = np.arange(len(place))
    pool = np.empty(0, np.int64)
    worst = np.where(seats > 0, len(place), -1)
    active = np.flatnonzero(left > 0)
    while active.size:
        many = np.minimum(left[active], end[active] - at[active])
        if many.sum() < _FEW:
            pool = _one_by_one(pool, active, at, end, left, place, back, receiver, owner, seats)
            break
        first = np.repeat(at[active] - (np.cumsum(many) - many), many)
        made = np.arange(int(many.sum())) + first
        at[active] += many
        left[active] -= many
        new = place[made]
        hopeful = new < worst[receiver[new]]
        np.add.at(left, owner[made[~hopeful]], 1)
        if hopeful.any():
            pool, refused = _keep_best(pool, new[hopeful], receiver, seats, worst)
            np.add.at(left, owner[back[refused]], 1)
        active = np.flatnonzero((left > 0) & (at < end))
    held = np.zeros(len(place), np.bool_)
    held[back[pool]] = True
    return held


def _keep_best(
    pool: Ints, new: Ints, receiver: Ints, seats: Ints, worst: Ints
) -> tuple[Ints, Ints]:
    """Return the applications held after one round, and those refused, by their `place`.

    `worst` of a receiver that is full becomes the place of the last it holds.
    """
    touched = np.zeros(len(seats), np.bool_)
    touched[receiver[new]] = True
    moving = touched[receiver[pool]]
    both = np.sort(np.concatenate([pool[moving], new]))
    whose = receiver[both]
    starts = np.flatnonzero(np.concatenate([[True], whose[1:] != whose[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(both)]]))
    rank = np.arange(len(both)) - np.repeat(starts, lengths)
    kept = rank < seats[whose]
    last = rank == seats[whose] - 1
    worst[whose[last]] = both[last]
    return np.concatenate([pool[~moving], both[kept]]), both[~kept]


def _one_by_one(
    pool: Ints,
    active: Ints,
    at: Ints,
    end: Ints,
    left: Ints,
    place: Ints,
    back: Ints,
    receiver: Ints,
    owner: Ints,
    seats: Ints,
) -> Ints:
    """Finish the proposals one at a time, with a heap of what each receiver holds."""
    heaps: list[list[int]] = [[] for _ in range(len(seats))]
    for one, whose in zip(pool.tolist(), receiver[pool].tolist(), strict=True):
        heaps[whose].append(-one)
    for heap in heaps:
        heap.sort()
    waiting, room = active.tolist(), seats.tolist()
    here, last, wants = at.tolist(), end.tolist(), left.tolist()
    places, posts = place.tolist(), receiver[place].tolist()
    while waiting:
        who = waiting.pop()
        while wants[who] and here[who] < last[who]:
            item = here[who]
            mine, whose = places[item], posts[item]
            here[who] = item + 1
            heap = heaps[whose]
            if len(heap) < room[whose]:
                heappush(heap, -mine)
                wants[who] -= 1
            elif heap and mine < -heap[0]:
                lost = int(owner[back[-heapreplace(heap, -mine)]])
                wants[who] -= 1
                wants[lost] += 1
                if lost != who:
                    waiting.append(lost)
    return np.array([-one for heap in heaps for one in heap], np.int64)


def propose_plain(start: Any, key: Any, target: Any, quota: Any, seats: Any, owner_of: Any) -> Any:
    """Return the same as :func:`propose`, in loops that a compiler takes as they are.

    Parameters
    ----------
    start : ndarray (A + 1,)
        Where each proposer's list starts.
    key : ndarray (E,)
        Rank of each application at its receiver, in the proposers' order: smaller is better,
        distinct within a receiver.
    target : ndarray (E,)
        Receiver of each application.
    quota, seats : ndarray (A,), ndarray (B,)
        How many each side wants.
    owner_of : ndarray (E,)
        Proposer of each application.

    Returns
    -------
    ndarray (E,) of bool
    """
    proposers, receivers = len(quota), len(seats)
    first = np.zeros(receivers + 1, np.int64)
    for b in range(receivers):
        first[b + 1] = first[b] + seats[b]
    heap_key = np.empty(first[receivers], np.int64)
    heap_item = np.empty(first[receivers], np.int64)
    size = np.zeros(receivers, np.int64)
    at = start[:-1].copy()
    left = quota.copy()
    held = np.zeros(len(key), np.bool_)
    for begin in range(proposers):
        who = begin
        while left[who] > 0 and at[who] < start[who + 1]:
            item = at[who]
            at[who] += 1
            b = target[item]
            mine = key[item]
            base = first[b]
            n = size[b]
            if n < seats[b]:
                spot = n
                while spot > 0:
                    above = (spot - 1) // 2
                    if heap_key[base + above] >= mine:
                        break
                    heap_key[base + spot] = heap_key[base + above]
                    heap_item[base + spot] = heap_item[base + above]
                    spot = above
                size[b] = n + 1
                heap_key[base + spot] = mine
                heap_item[base + spot] = item
                held[item] = True
                left[who] -= 1
            elif n > 0 and mine < heap_key[base]:
                lost = heap_item[base]
                spot = 0
                while True:
                    below = 2 * spot + 1
                    if below >= n:
                        break
                    if below + 1 < n and heap_key[base + below + 1] > heap_key[base + below]:
                        below += 1
                    if heap_key[base + below] <= mine:
                        break
                    heap_key[base + spot] = heap_key[base + below]
                    heap_item[base + spot] = heap_item[base + below]
                    spot = below
                heap_key[base + spot] = mine
                heap_item[base + spot] = item
                held[item] = True
                held[lost] = False
                left[who] -= 1
                who = owner_of[lost]
                left[who] += 1
            if left[who] <= 0 or at[who] >= start[who + 1]:
                # A chain of refusals may have left the one who began it with wishes of its own.
                who = begin
    return held


@cache
def compiled() -> Any:
    """Return :func:`propose_plain` compiled, or None where numba is not installed."""
    try:
        import numba
    except ImportError:
        return None
    return numba.njit(cache=True, nogil=True)(propose_plain)


def blocking(worker: Ints, post: Ints, wish: Ints, level: Ints, seats: Ints, held: Mask) -> Ints:
    """Return the applications by which two would leave what they have for each other.

    Parameters
    ----------
    worker, post : ndarray (E,)
        Who applies where.
    wish : ndarray (E,)
        The worker's rank of the post; equal ranks do not make anybody leave.
    level : ndarray (E,)
        The post's rank of the worker; equal ones neither.
    seats : ndarray (P,)
        Seats of each post.
    held : ndarray (E,) of bool
        A matching.

    Returns
    -------
    ndarray of int
        Numbers of the blocking applications; none for a stable matching.

    Examples
    --------
    >>> ends = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> blocking(*ends, np.array([1, 2, 1, 2]), np.array([2, 1, 1, 2]), np.ones(2, int),
    ...     np.array([True, False, False, True])).tolist()
    [2]
    """
    count = int(worker.max()) + 1 if len(worker) else 0
    wants = _would_take(held, worker, wish, np.ones(count, np.int64))
    takes = _would_take(held, post, level, seats)
    return np.flatnonzero(~held & wants & takes)


def _would_take(held: Mask, side: Ints, order: Ints, quota: Ints) -> Mask:
    """Return, for each application, whether its side has room or holds a worse one."""
    count = np.bincount(side[held], minlength=len(quota))
    worst = np.full(len(quota), -1, np.int64)
    np.maximum.at(worst, side[held], order[held])
    return np.asarray((count < quota)[side] | ((quota > 0)[side] & (order < worst[side])))


def levels(*keys: NDArray[Any]) -> Ints:
    """Return dense ranks from 0 of rows of keys, the first key first; equal rows share one.

    Examples
    --------
    >>> levels(np.array([1, 0, 0]), np.array([5.0, 7.0, 7.0])).tolist()
    [1, 0, 0]
    """
    order = np.lexsort(keys[::-1])
    new = np.zeros(len(order), np.int64)
    for key in keys:
        new[1:] |= key[order][1:] != key[order][:-1]
    out = np.empty(len(order), np.int64)
    out[order] = np.cumsum(new)
    return out
