"""Histories person by person in plain Python, to hold the kernels against."""

from __future__ import annotations

import datetime as dt

Events = list[tuple[dt.date, bool]]


def months(a: dt.date, b: dt.date) -> int:
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)


def whole(events: Events, until: dt.date, short) -> Events:
    """Remove the earliest short stay with the crossing that ends it, until none is left."""
    left = list(events)
    while True:
        for i, (day, inward) in enumerate(left):
            end = left[i + 1][0] if i + 1 < len(left) else until
            if short(day, end, inward):
                del left[i : i + 2]
                break
        else:
            return left


def resident(events: Events, changes: Events, at: dt.date) -> bool:
    """The side of the latest change up to a day; before it, the side that was left first."""
    done = [inward for day, inward in changes if day <= at]
    return done[-1] if done else not events[0][1]


def nights(events: Events, start: dt.date, end: dt.date) -> int:
    """Count the nights inside from after `start` to `end`, one by one."""
    total, day = 0, start
    while day < end:
        total += resident(events, events, day)
        day += dt.timedelta(days=1)
    return total
