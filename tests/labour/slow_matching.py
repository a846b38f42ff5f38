"""Plain Python versions of matching rules, written without the library's arrays."""

from __future__ import annotations

import itertools


def deferred_acceptance(workers, posts, capacity):
    """Return the worker-optimal stable matching of strict lists, one proposal at a time."""
    places = {p: {w: i for i, w in enumerate(order)} for p, order in posts.items()}
    lists = {w: [p for p in order if w in places[p]] for w, order in workers.items()}
    held = {p: [] for p in posts}
    at = dict.fromkeys(workers, 0)
    free = list(workers)
    while free:
        w = free.pop()
        if at[w] == len(lists[w]):
            continue
        p = lists[w][at[w]]
        at[w] += 1
        held[p].append(w)
        if len(held[p]) > capacity[p]:
            last = max(held[p], key=places[p].get)
            held[p].remove(last)
            free.append(last)
    return {w: p for p, some in held.items() for w in some}


def blocking_pairs(matching, workers, posts, capacity):
    """Return the blocking pairs of strict lists, pair by pair."""
    found = set()
    for w, order in workers.items():
        for p in order:
            if w not in posts[p]:
                continue
            if matching.get(w) == p:
                break
            rest = [x for x, q in matching.items() if q == p]
            better = posts[p].index(w)
            if len(rest) < capacity[p] or any(posts[p].index(x) > better for x in rest):
                found.add((w, p))
    return found


def top_trading_cycles(workers, posts, capacity):
    """Return the matching of top trading cycles and its rounds (Abdulkadiroğlu, Sönmez 2003)."""
    left, room, out = set(workers), dict(capacity), {}
    while left:
        points = {}
        for w in sorted(left):
            open_ = [p for p in workers[w] if room[p] > 0 and w in posts[p]]
            if open_:
                points[w] = open_[0]
        left = set(points)
        if not left:
            break
        first = {p: next((w for w in posts[p] if w in left), None) for p in posts}
        w = min(left)
        seen = []
        while w not in seen:
            seen.append(w)
            w = first[points[w]]
        for one in seen[seen.index(w) :]:
            out[one] = points[one]
            room[points[one]] -= 1
            left.discard(one)
    return out


def all_stable(workers, posts, capacity):
    """Return every stable matching, by enumeration."""
    names = list(workers)
    found = []
    choices = [[None, *(p for p in workers[w] if w in posts[p])] for w in names]
    for chosen in itertools.product(*choices):
        matching = {w: p for w, p in zip(names, chosen, strict=True) if p is not None}
        filled = list(matching.values())
        if any(filled.count(p) > capacity[p] for p in set(filled)):
            continue
        if not blocking_pairs(matching, workers, posts, capacity):
            found.append(matching)
    return found
