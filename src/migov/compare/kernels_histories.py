"""Histories of crossings in bare arrays: whole stays, residence, moves.

All functions take crossings sorted by person and date. ``first`` holds the position of each
person's first crossing, so that person ``p`` has the crossings ``first[p]`` to
``first[p + 1] - 1``; its length is the number of persons plus one. Dates are days since
1970-01-01, ``inward`` is true where the country is entered. Directions alternate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]


def months_completed(start: Days, end: Days) -> NDArray[np.int64]:
    """Return the calendar months completed between two dates.

    Parameters
    ----------
    start, end : ndarray (n,)
        Days since 1970-01-01.

    Returns
    -------
    ndarray (n,)
        A month is complete on the day of its start's number; from 29 February to 28 February
        of the next year there are 11.

    Examples
    --------
    >>> days = np.array(["2020-02-29", "2021-02-28", "2021-03-01"], "M8[D]").astype(np.int64)
    >>> months_completed(days[[0, 0]], days[[1, 2]])
    array([11, 12])
    """
    a, b = start.astype("M8[D]"), end.astype("M8[D]")
    month_a, month_b = a.astype("M8[M]"), b.astype("M8[M]")
    day_a, day_b = a - month_a.astype("M8[D]"), b - month_b.astype("M8[D]")
    return np.asarray((month_b - month_a).astype(np.int64) - (day_b < day_a), np.int64)


def stay_ends(day: Days, first: Places, until: int) -> Days:
    """Return the end of the stay that each crossing opens; the last runs to `until`.

    A last crossing after `until` (the known end of a permit) opens a stay without length.

    Parameters
    ----------
    day : ndarray (n,)
        Dates of the crossings.
    first : ndarray (persons + 1,)
        See the module.
    until : int
        The reference date.

    Returns
    -------
    ndarray (n,)

    Examples
    --------
    >>> stay_ends(np.array([10, 20, 15]), np.array([0, 2, 3]), 100)
    array([ 20, 100, 100])
    """
    ends = np.empty_like(day)
    ends[:-1] = day[1:]
    last = first[1:][first[1:] > first[:-1]] - 1
    ends[last] = np.maximum(until, day[last])
    return ends


def whole_stays(short: Mask, first: Places) -> Mask:
    """Return which crossings are left when short stays are removed, earliest first.

    A short stay goes together with the crossing that ends it, so its neighbours become one
    stay; an open last stay goes alone. Within a run of short stays every second one is removed
    with the crossing that opens the next; the crossing after a run of odd length ends the
    last of them and goes too.

    Parameters
    ----------
    short : ndarray of bool (n,)
        Whether the stay that a crossing opens is too short.
    first : ndarray (persons + 1,)
        See the module.

    Returns
    -------
    ndarray of bool (n,)

    Examples
    --------
    >>> whole_stays(np.array([False, True, False, False]), np.array([0, 4]))
    array([ True, False, False,  True])
    """
    n = len(short)
    place = np.arange(n)
    start = np.zeros(n, bool)
    start[first[:-1][first[:-1] < first[1:]]] = True
    # Length of the run of short stays that reaches up to each crossing, within the person.
    stop = ~short
    last_stop = np.maximum.accumulate(np.where(stop, place, -1))
    last_start = np.maximum.accumulate(np.where(start, place, 0))
    run = np.where(short, place - np.maximum(last_stop, last_start - 1), 0)
    before = np.zeros(n, np.int64)
    before[1:] = run[:-1]
    before[start] = 0
    return np.asarray(stop & (before % 2 == 0), bool)


def counts_by_person(kept: Mask, first: Places) -> NDArray[np.int64]:
    """Return how many crossings of each person are marked.

    Parameters
    ----------
    kept : ndarray of bool (n,)
        Marks.
    first : ndarray (persons + 1,)
        See the module.

    Returns
    -------
    ndarray (persons,)

    Examples
    --------
    >>> counts_by_person(np.array([True, False, True]), np.array([0, 2, 2, 3]))
    array([1, 0, 1])
    """
    summed = np.concatenate([[0], np.cumsum(kept)])
    return np.asarray(summed[first[1:]] - summed[first[:-1]], np.int64)


def side_before(inward: Mask, first: Places, kept: Mask) -> Mask:
    """Return on which side each person was before each crossing, by the kept ones only.

    Parameters
    ----------
    inward, kept : ndarray of bool (n,)
        Crossings, and which of them change the side.
    first : ndarray (persons + 1,)
        See the module. Before the first crossing a person is on the side that it leaves.

    Returns
    -------
    ndarray of bool (n,)
        Whether inside.

    Examples
    --------
    >>> side_before(np.array([False, True, False]), np.array([0, 3]), np.array([False, True, True]))
    array([ True,  True,  True])
    """
    n = len(inward)
    place = np.arange(n)
    start = np.zeros(n, bool)
    start[first[:-1][first[:-1] < first[1:]]] = True
    opening = np.maximum.accumulate(np.where(start, place, 0))
    latest = np.maximum.accumulate(np.where(kept, place, -1))
    before = np.concatenate([[-1], latest[:-1]])[:n]
    known = before >= opening
    return np.where(known, inward[np.maximum(before, 0)], ~inward[opening])


def inside_at(day: Days, inward: Mask, first: Places, kept: Mask, at: int) -> Mask:
    """Return who is inside at the end of a day, by the latest kept crossing up to then.

    Parameters
    ----------
    day, inward, kept : ndarray (n,)
        Crossings, and which of them change the side.
    first : ndarray (persons + 1,)
        See the module. Persons without crossings are outside.
    at : int
        The day.

    Returns
    -------
    ndarray of bool (persons,)

    Examples
    --------
    >>> day, inward = np.array([10, 20]), np.array([False, True])
    >>> inside_at(day, inward, np.array([0, 2, 2]), np.array([True, True]), 5)
    array([ True, False])
    """
    out = np.zeros(len(first) - 1, bool)
    some = first[1:] > first[:-1]
    latest = np.maximum.accumulate(np.where(kept & (day <= at), np.arange(len(day)), -1))
    last = latest[first[1:][some] - 1]
    opening = first[:-1][some]
    out[some] = np.where(last >= opening, inward[np.maximum(last, 0)], ~inward[opening])
    return out


def days_inside(
    day: Days, inward: Mask, first: Places, start: int, end: int, both_ends: bool
) -> NDArray[np.int64]:
    """Return the days each person spent in the country from after `start` to `end`.

    Parameters
    ----------
    day, inward : ndarray (n,)
        Crossings.
    first : ndarray (persons + 1,)
        See the module. Persons without crossings have none.
    start, end : int
        The window is the days after `start` up to and with `end`.
    both_ends : bool
        Whether the day of leaving counts as well as the day of arriving; otherwise a stay
        counts its nights.

    Returns
    -------
    ndarray (persons,)

    Examples
    --------
    >>> days_inside(np.array([10, 20]), np.array([True, False]), np.array([0, 2]), 0, 100, False)
    array([10])
    """
    ends = stay_ends(day, first, end)
    low, high = np.clip(day, start, end), np.clip(ends, start, end)
    spent = np.where(inward, high - low, 0)
    if both_ends:
        closed = inward & (day > start) & (day <= end) & (ends <= end) & (ends > start)
        # The last stay is open: it ends by no crossing, so no day of leaving is added.
        opens_last = np.zeros(len(day), bool)
        opens_last[first[1:][first[1:] > first[:-1]] - 1] = True
        spent = spent + (closed & ~opens_last)
    summed = np.concatenate([[0], np.cumsum(spent)])
    total = summed[first[1:]] - summed[first[:-1]]
    some = first[1:] > first[:-1]
    opening = np.where(some, first[:-1], 0)
    if len(day):
        # Who leaves first was inside from before the window.
        leaves = some & ~inward[opening]
        total = total + np.where(leaves, np.clip(day[opening], start, end) - start, 0)
    return np.asarray(total, np.int64)
