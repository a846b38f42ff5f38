"""What the rules of event histories share: their options, reference dates, what they tell."""

from __future__ import annotations

import itertools
import json
from typing import Any, Literal

import attrs
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.compare.events import Histories
from migov.compare.rows import day_of
from migov.core.errors import KindError, ParameterError, TimeError

OpenStay = Literal["to reference", "long enough", "left out"]
ShortStays = Literal["remove", "keep"]


def choice(*allowed: str) -> Any:
    """Return a validator that admits some words only."""

    def check(instance: object, attribute: Any, value: object) -> None:
        if value not in allowed:
            shown = " or ".join(map(repr, allowed))
            raise ParameterError(
                type(instance).__name__,
                f"{attribute.name}={value!r}, expected {shown}",
                f"{attribute.name}={allowed[0]!r}",
                9,
                attribute.name,
            )

    return check


def at_least(low: float) -> Any:
    """Return a validator of numbers."""

    def check(instance: object, attribute: Any, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= low:
            raise ParameterError(
                type(instance).__name__,
                f"{attribute.name}={value!r}, expected a number from {low:g}",
                f"{attribute.name}={low:g} or more",
                9,
                attribute.name,
            )

    return check


def taken(histories: object, where: str) -> Histories:
    """Return the argument if it is a history.

    Raises
    ------
    KindError
        It is none.
    """
    if not isinstance(histories, Histories):
        raise KindError(
            where,
            f"histories is a {type(histories).__name__}",
            "migov.compare.crossings(frame, …) or migov.compare.permits(frame, …)",
            None,
            "histories",
        )
    return histories


def dates(at: Any, histories: Histories, where: str) -> list[Any]:
    """Return days, all within what the source covers.

    Raises
    ------
    TimeError
        A day is after ``until``, or they do not increase.
    """
    given = [at] if isinstance(at, str | np.datetime64) else list(at)
    days = [day_of(day, where, "at") for day in given]
    if not days or any(a >= b for a, b in itertools.pairwise(days)):
        raise TimeError(where, "at does not increase", "give days in order", 1, "at")
    if days[-1] > histories.until:
        raise TimeError(
            where,
            f"at={days[-1]} is after {histories.until}, up to which the source is complete",
            "an earlier day",
            1,
            "at",
        )
    return days


def settle_open(short: NDArray[np.bool_], first: NDArray[np.intp], rule: str) -> None:
    """Apply the rule of the stay that no crossing ends; changes `short`."""
    if rule != "to reference":
        last = first[1:][first[1:] > first[:-1]] - 1
        short[last] = rule == "left out"


def months_before(day: Any, months: int) -> Any:
    """Return the same day of an earlier month, or the last day of that month.

    Examples
    --------
    >>> months_before(np.datetime64("2024-02-29"), 12)
    np.datetime64('2023-02-28')
    """
    month = day.astype("M8[M]")
    of_month = int((day - month.astype("M8[D]")).astype(np.int64))
    earlier, next_one = month - np.timedelta64(months, "M"), np.timedelta64(1, "M")
    length = int(((earlier + next_one).astype("M8[D]") - earlier.astype("M8[D]")).astype(np.int64))
    return earlier.astype("M8[D]") + np.timedelta64(min(of_month, length - 1), "D")


def told(x: xr.DataArray, title: str, rule: Any, histories: Histories) -> xr.DataArray:
    """Return a table with what it is and by which conventions it was made."""
    out = x.copy(deep=False)
    out.attrs = {
        "units": "person",
        "long_name": title,
        "conventions": json.dumps(
            {"rule": type(rule).__name__, **attrs.asdict(rule), "source": histories.source},
            sort_keys=True,
        ),
        "set_aside": json.dumps(dict(histories.set_aside), sort_keys=True),
    }
    return out
