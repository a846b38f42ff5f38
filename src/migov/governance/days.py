"""One date from a text; a year alone is none."""

from __future__ import annotations

from typing import Any

import numpy as np

from migov.core import times
from migov.core.errors import TimeError


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
    try:
        kind, starts, _, faults = times.read([text], None, where)
    except TimeError as fault:
        raise TimeError(
            where, f"{argument}={text!r}; a year is not a date", f'{argument}="2021-07-01"', 1,
            argument,
        ) from fault  # fmt: skip
    if faults or kind != "time" or np.isnat(starts[0]):
        raise TimeError(
            where, f"{argument}={text!r} is no date", f'{argument}="2021-07-01"', 1, argument
        )
    return np.datetime64(starts[0], "s")
