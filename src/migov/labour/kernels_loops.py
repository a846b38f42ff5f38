"""Deferred acceptance in loops that a compiler takes as they are.

The same matchings as :func:`migov.labour.kernels_matching.propose`, for markets with many
applications; without numba they run too, slowly.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np


def propose_plain(start: Any, key: Any, target: Any, quota: Any, seats: Any, owner_of: Any) -> Any:
    """Return which applications are held, for proposers who want one or more each.

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


def propose_one_plain(start: Any, key: Any, target: Any, seats: Any) -> Any:
    """Return the same for proposers who want one each, in fewer steps.

    Parameters
    ----------
    start, key, target, seats
        See :func:`propose_plain`.

    Returns
    -------
    ndarray (A,)
        Number of the application held of each proposer, -1 for none.
    """
    proposers, receivers = len(start) - 1, len(seats)
    first = np.zeros(receivers + 1, np.int64)
    for b in range(receivers):
        first[b + 1] = first[b] + seats[b]
    heap_key = np.empty(first[receivers], np.int64)
    heap_who = np.empty(first[receivers], np.int64)
    size = np.zeros(receivers, np.int64)
    # What a proposal has to beat: most are refused by it, without a look at the heap.
    bar = np.full(receivers, np.iinfo(np.int64).max)
    for b in range(receivers):
        if seats[b] == 0:
            bar[b] = np.iinfo(np.int64).min
    held = np.full(proposers, -1, np.int64)
    # Who is driven out waits in a ring with the next proposal already read: the memory that a
    # list lies in is far away, and others propose until it has come.
    ring_who, ring_item = np.empty(proposers, np.int64), np.empty(proposers, np.int64)
    ring_key, ring_target = np.empty(proposers, np.int64), np.empty(proposers, np.int64)
    head = tail = fresh = 0
    while fresh < proposers or head < tail:
        if fresh < proposers:
            who, item = fresh, start[fresh]
            fresh += 1
            if item >= start[who + 1]:
                continue
            mine, b = key[item], target[item]
        else:
            place = head % proposers
            head += 1
            who, item = ring_who[place], ring_item[place]
            mine, b = ring_key[place], ring_target[place]
        end = start[who + 1]
        while mine >= bar[b]:
            item += 1
            if item >= end:
                break
            mine, b = key[item], target[item]
        if item >= end:
            held[who] = -1
            continue
        held[who] = item
        base, n = first[b], size[b]
        if n < seats[b]:
            spot = n
            while spot > 0:
                above = (spot - 1) // 2
                if heap_key[base + above] >= mine:
                    break
                heap_key[base + spot] = heap_key[base + above]
                heap_who[base + spot] = heap_who[base + above]
                spot = above
            size[b] = n + 1
            heap_key[base + spot] = mine
            heap_who[base + spot] = who
            if n + 1 == seats[b]:
                bar[b] = heap_key[base]
            continue
        lost = heap_who[base]
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
            heap_who[base + spot] = heap_who[base + below]
            spot = below
        heap_key[base + spot] = mine
        heap_who[base + spot] = who
        bar[b] = heap_key[base]
        item = held[lost] + 1
        held[lost] = -1
        if item < start[lost + 1]:
            place = tail % proposers
            tail += 1
            ring_who[place], ring_item[place] = lost, item
            ring_key[place], ring_target[place] = key[item], target[item]
    return held


@cache
def compiled_one() -> Any:
    """Return :func:`propose_one_plain` compiled, or None where numba is not installed."""
    try:
        import numba
    except ImportError:
        return None
    return numba.njit(cache=True, nogil=True)(propose_one_plain)


@cache
def compiled() -> Any:
    """Return :func:`propose_plain` compiled, or None where numba is not installed."""
    try:
        import numba
    except ImportError:
        return None
    return numba.njit(cache=True, nogil=True)(propose_plain)
