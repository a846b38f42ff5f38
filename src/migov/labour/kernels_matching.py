"""Deferred acceptance on bare arrays, from either side, and the pairs that would block.

Applications are numbered twice: in the order of the side that proposes, and in the order of the
side that receives. The second number is all that a receiver needs in order to compare.

References
----------
Gale and Shapley (1962), American Mathematical Monthly 69(1), 9-15; Roth and Sotomayor (1990),
Two-Sided Matching, chapter 5 (many to one).
"""

from __future__ import annotations

from bisect import bisect_right
from heapq import heappush, heapreplace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_FEW = 1024
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
    pool = np.empty((2, 0), np.int64)
    worst = np.where(seats > 0, len(place), -1)
    active = np.flatnonzero(left > 0)
    while active.size:
        many = np.minimum(left[active], end[active] - at[active])
        if many.sum() < _FEW:
            pool = _one_by_one(pool, active, at, start, left, place, receiver, seats)
            break
        first = np.repeat(at[active] - (np.cumsum(many) - many), many)
        made = np.arange(int(many.sum())) + first
        at[active] += many
        left[active] -= many
        new = place[made]
        hopeful = new < worst[receiver[new]]
        refused = made[~hopeful]
        if hopeful.any():
            new = np.stack([new[hopeful], made[hopeful]])
            pool, lost = _keep_best(pool, new, receiver, seats, worst)
            refused = np.concatenate([refused, lost])
        np.add.at(left, np.searchsorted(start, refused, side="right") - 1, 1)
        active = np.flatnonzero((left > 0) & (at < end))
    held = np.zeros(len(place), np.bool_)
    held[pool[1]] = True
    return held


def _keep_best(
    pool: Ints, new: Ints, receiver: Ints, seats: Ints, worst: Ints
) -> tuple[Ints, Ints]:
    """Return the applications held after one round as (place, number), and the refused.

    `worst` of a receiver that is full becomes the place of the last it holds.
    """
    touched = np.zeros(len(seats), np.bool_)
    touched[receiver[new[0]]] = True
    moving = touched[receiver[pool[0]]]
    both = np.concatenate([pool[:, moving], new], axis=1)
    both = both[:, np.argsort(both[0])]
    whose = receiver[both[0]]
    starts = np.flatnonzero(np.concatenate([[True], whose[1:] != whose[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(whose)]]))
    rank = np.arange(len(whose)) - np.repeat(starts, lengths)
    kept = rank < seats[whose]
    last = rank == seats[whose] - 1
    worst[whose[last]] = both[0, last]
    return np.concatenate([pool[:, ~moving], both[:, kept]], axis=1), both[1, ~kept]


def _one_by_one(
    pool: Ints,
    active: Ints,
    at: Ints,
    start: Ints,
    left: Ints,
    place: Ints,
    receiver: Ints,
    seats: Ints,
) -> Ints:
    """Finish the proposals one at a time, with a heap of what each receiver holds.

    Place and number of an application are one word, the worst place lowest: a heap of whole
    numbers is faster than one of pairs.
    """
    size = len(place)
    heaps: list[list[int]] = [[] for _ in range(len(seats))]
    words = (size - pool[0]) * size + pool[1]
    for word, whose in zip(words.tolist(), receiver[pool[0]].tolist(), strict=True):
        heaps[whose].append(word)
    for heap in heaps:
        heap.sort()
    waiting, room, begin = active.tolist(), seats.tolist(), start.tolist()
    here, wants = at.tolist(), left.tolist()
    # Views give whole numbers one at a time, without a copy of lists that are long.
    places: Any = memoryview(np.ascontiguousarray(place, np.int64).data)
    receivers: Any = memoryview(np.ascontiguousarray(receiver, np.int64).data)
    while waiting:
        who = waiting.pop()
        last = begin[who + 1]
        while wants[who] and here[who] < last:
            item = here[who]
            mine = places[item]
            whose = receivers[mine]
            here[who] = item + 1
            heap = heaps[whose]
            word = (size - mine) * size + item
            if len(heap) < room[whose]:
                heappush(heap, word)
                wants[who] -= 1
            elif heap and word > heap[0]:
                lost = bisect_right(begin, heapreplace(heap, word) % size) - 1
                wants[who] -= 1
                wants[lost] += 1
                if lost != who:
                    waiting.append(lost)
    flat = np.array([word for heap in heaps for word in heap], np.int64)
    return np.stack([size - flat // size, flat % size]) if size else np.empty((2, 0), np.int64)


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
