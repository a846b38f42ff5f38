"""Answers that lie inside another of the same assessor: one date, or a correction with an end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

FOREVER = np.datetime64("9999-12-31", "s")
SECOND = np.timedelta64(1, "s")


def settled(rows: pd.DataFrame, group: Any, said: Any) -> pd.DataFrame | None:
    """Return the rows with intervals cut where another answer of the assessor lies inside.

    An answer at one date holds at that date, and what holds without an end goes on after it.
    An answer with an end replaces, over its whole interval, what was recorded before it.

    Parameters
    ----------
    rows : DataFrame
        Answers, with ``start`` and ``end``.
    group : ndarray of int (rows,)
        Area, item and assessor.
    said : ndarray of datetime64 (rows,)
        When each was recorded.

    Returns
    -------
    DataFrame or None
        ``place`` in `rows`, ``start`` and ``end`` of what is left; None where nothing lies inside
        another.
    """
    start, end = rows["start"].to_numpy(), rows["end"].to_numpy()
    order = np.lexsort((said, start, group))
    own, when = group[order], said[order]
    one = own[1:] == own[:-1]
    instant = (end == start)[order]
    mixed = one & (instant[1:] != instant[:-1])
    late = one & (when[1:] < when[:-1])
    odd = np.unique(own[1:][mixed | late])
    if not odd.size:
        return None
    told = [(int(i), start[i], end[i]) for i in np.flatnonzero(~np.isin(group, odd))]
    inside = order[np.isin(own, odd)]
    for places in np.split(inside, np.flatnonzero(np.diff(group[inside])) + 1):
        told += _cut(places, start, end, said)
    return pd.DataFrame(told, columns=["place", "start", "end"])


def _cut(places: Any, start: Any, end: Any, said: Any) -> list[tuple[int, Any, Any]]:
    """Return what is left of the answers of one assessor to one item."""
    dates = [i for i in places if start[i] == end[i]]
    spans = [i for i in places if start[i] != end[i]]
    until = {i: _until(i, spans, start, end, said) for i in spans}
    kept: list[tuple[int, Any, Any]] = []
    for i in spans:
        begin = start[i]
        for c in spans:
            if _covers(c, i, start, end, said):
                begin = max(begin, end[c])
        if begin >= until[i]:
            continue
        for d in dates:
            if begin < start[d] < until[i] and (np.isnat(end[i]) or said[d] > said[i]):
                kept.append((int(i), begin, start[d]))
                begin = start[d] + SECOND
        kept.append((int(i), begin, end[i]))
    for d in dates:
        if not any(_covers(c, d, start, end, said) for c in spans):
            kept.append((int(d), start[d], end[d]))
    return kept


def _covers(c: int, i: int, start: Any, end: Any, said: Any) -> bool:
    """Tell whether an answer with an end was recorded after one that begins inside it."""
    return bool(said[c] > said[i] and not np.isnat(end[c]) and start[c] < start[i] < end[c])


def _until(i: int, spans: list[int], start: Any, end: Any, said: Any) -> Any:
    """Return when an answer ends, by itself or by the next."""
    last = FOREVER if np.isnat(end[i]) else end[i]
    after = [start[j] for j in spans if start[j] > start[i] and (np.isnat(end[i]) or
             said[j] > said[i])]  # fmt: skip
    return min([last, *after])
