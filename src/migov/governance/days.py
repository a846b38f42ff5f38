"""One date from a text; a year alone is none."""

from __future__ import annotations

from typing import Any

import numpy as np

from migov.core import times


def day(text: Any, where: str, argument: str) -> np.datetime64:
    """Return a date to the second.

    Raises
    ------
    TimeError
        A year alone, an interval, or no date.

    Examples
    --------
    >>> day("2021-07-01", "here", "date")
    np.datetime64('2021-07-01T00:00:00')
    """
    found: np.datetime64 = times.day(text, where, argument).astype("M8[s]")
    return found


def to_come(date: np.datetime64) -> bool:
    """Whether a date is in the future everywhere: the east begins a day before UTC does.

    Examples
    --------
    >>> to_come(np.datetime64("2999-01-01")), to_come(np.datetime64("2020-01-01"))
    (True, False)
    """
    return bool(date > np.datetime64("today", "D") + np.timedelta64(1, "D"))
