"""Deferred acceptance in loops that a compiler takes as they are.

The same matchings as :func:`migov.labour.kernels_matching.propose`, for markets with many
applications; without numba they run too, slowly.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

_BLOCK = 512
"""Proposals that are read together."""


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
        See :func:`propose_plain`; ranks from 0, so that rank and proposer fit into 63 bits
        side by side.

    Returns
    -------
    ndarray (A,)
        Number of the application held of each proposer, -1 for none.
    """
    proposers, receivers = len(start) - 1, len(seats)
    shift = 0
    while (1 << shift) < proposers:
        shift += 1
    # A receiver's heap holds rank and proposer in one word, and ends in a word below all others.
    first = np.zeros(receivers + 1, np.int64)
    for b in range(receivers):
        first[b + 1] = first[b] + seats[b] + 1
    heap = np.full(first[receivers], -1, np.int64)
    size = np.zeros(receivers, np.int64)
    # What a proposal has to beat: most that are refused are refused by it.
    anyone = np.iinfo(np.int64).max
    bar = np.where(seats > 0, anyone, -1)
    # Everyone waits in a ring; a block is read before it is decided, since the memory that lists
    # lie in is far away and reads that do not wait for decisions overlap.
    held = start[:-1] - 1
    ring = np.arange(proposers)
    whos, items, words, targets = np.empty((4, _BLOCK), np.int64)
    head, tail, waiting = 0, 0, proposers
    while waiting > 0:
        made = 0
        for _ in range(min(_BLOCK, waiting)):
            who = ring[head]
            head = head + 1 if head + 1 < proposers else 0
            waiting -= 1
            whos[made], items[made] = who, held[who] + 1
            if items[made] < start[who + 1]:
                made += 1
            else:
                held[who] = -1
        for i in range(made):
            words[i] = key[items[i]] << shift | whos[i]
            targets[i] = target[items[i]]
        for i in range(made):
            lost, b, word = whos[i], targets[i], words[i]
            held[lost] = items[i]
            base, n = first[b], seats[b]
            if word >> shift < bar[b]:
                top = 0
                if bar[b] == anyone:
                    heap[base + size[b]] = word
                    size[b] += 1
                    if size[b] < n:
                        continue
                    top, lost = n // 2, -1
                else:
                    lost = heap[base] & ((1 << shift) - 1)
                    heap[base] = word
                for moved in range(top, -1, -1):
                    word, spot, below = heap[base + moved], moved, 2 * moved + 1
                    while below < n:
                        if heap[base + below + 1] > heap[base + below]:
                            below += 1
                        if heap[base + below] <= word:
                            break
                        heap[base + spot] = heap[base + below]
                        spot, below = below, 2 * below + 1
                    heap[base + spot] = word
                bar[b] = heap[base] >> shift
            if lost >= 0:
                ring[tail] = lost
                tail = tail + 1 if tail + 1 < proposers else 0
                waiting += 1
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
