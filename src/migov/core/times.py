"""Time: an instant has ``time``, an interval has ``period`` and ends at ``period_end``.

A year alone is neither; ``1 July``, ``31 December`` or ``year`` says what it means. Lengths
are counted on the calendar, in months, never in days over 365.25.
"""

from __future__ import annotations

import re
from calendar import monthrange
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from migov.core.errors import TimeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WAYS = 'time="1 July" | "1 January" | "31 December" for stocks, "year" for flows'


def day_of_year(meaning: str, where: str = "times") -> tuple[int, int]:
    """Return month and day of a text such as ``"1 July"``.

    Raises
    ------
    TimeError
        The text is no day of the year.

    Examples
    --------
    >>> day_of_year("31 December")
    (12, 31)
    """
    match = re.fullmatch(r"\s*(\d{1,2})\s+([A-Za-z]+)\s*", meaning)
    if match and match[2].lower() in _MONTHS:
        month = _MONTHS.index(match[2].lower()) + 1
        if 1 <= int(match[1]) <= monthrange(2001, month)[1]:
            return month, int(match[1])
    raise TimeError(where, f"time={meaning!r} is no day of the year", _WAYS, 1, "time")


def at(year: int, meaning: str) -> np.datetime64:
    """Return the instant that a year and a day of the year mean.

    Examples
    --------
    >>> at(2020, "1 July")
    np.datetime64('2020-07-01T00:00:00')
    """
    month, day = day_of_year(meaning)
    return np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "s")


def years_between(start: Any, end: Any) -> Any:
    """Return lengths in years: whole months over twelve, left-over days over their month.

    Parameters
    ----------
    start, end : datetime64 or array of datetime64
        Instants; `end` after `start`.

    Examples
    --------
    >>> float(years_between(np.datetime64("2020-07-01"), np.datetime64("2025-07-01")))
    5.0
    """
    first, last = np.asarray(start, "M8[D]"), np.asarray(end, "M8[D]")
    month_a, month_b = first.astype("M8[M]"), last.astype("M8[M]")
    months = (month_b - month_a).astype(float)
    day_a = (first - month_a.astype("M8[D]")).astype(float)
    day_b = (last - month_b.astype("M8[D]")).astype(float)
    month = np.timedelta64(1, "M")
    length_a = ((month_a + month).astype("M8[D]") - month_a.astype("M8[D]")).astype(float)
    length_b = ((month_b + month).astype("M8[D]") - month_b.astype("M8[D]")).astype(float)
    months = months + np.where(day_a == day_b, 0.0, day_b / length_b - day_a / length_a)
    return months / 12.0


def period_end(x: xr.DataArray, where: str = "times", argument: str = "x") -> np.ndarray:
    """Return the ends of the intervals of `x`, loaded.

    Raises
    ------
    TimeError
        There is no ``period_end``, or an interval ends before it starts.
    """
    if "period_end" not in x.coords:
        raise TimeError(
            where,
            f"{argument} has a period without its end",
            f'{argument}.assign_coords(period_end=("period", ends))',
            1,
            argument,
        )
    ends = np.asarray(x.coords["period_end"].values, "M8[s]")
    starts = np.asarray(x.coords["period"].values, "M8[s]")
    if np.any(np.isnat(ends)) or np.any(np.isnat(starts)) or np.any(ends <= starts):
        raise TimeError(
            where,
            f"an interval of {argument} does not end after its start",
            f"{argument}.assign_coords(period_end=…) with later ends",
            1,
            argument,
        )
    return ends


def year_lengths(x: xr.DataArray, where: str = "times", argument: str = "x") -> np.ndarray:
    """Return the lengths of the intervals of `x` in calendar years.

    Raises
    ------
    TimeError
        See :func:`period_end`.
    """
    ends = period_end(x, where, argument)
    return cast(np.ndarray, years_between(x.coords["period"].values, ends))


def check_instants(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse ``time`` or ``period`` labels that are not dates, or dates out of order.

    Raises
    ------
    TimeError
        Labels are integers (a year is not a date), text, missing, or not increasing.
    """
    for name in ("time", "period"):
        if name not in x.coords or x.coords[name].ndim > 1:
            continue
        values = np.atleast_1d(x.coords[name].values)
        if values.dtype.kind != "M":
            shown = f"{values[0]} … {values[-1]}" if values.size else "nothing"
            raise TimeError(
                where,
                f"{argument} has {name} {shown} as {values.dtype}; a year is not a date",
                "migov.from_frame(…, " + _WAYS + ")",
                1,
                argument,
            )
        if np.any(np.isnat(values)) or np.any(np.diff(values) <= np.timedelta64(0, "s")):
            raise TimeError(
                where,
                f"{name} of {argument} does not increase",
                f"{argument}.sortby({name!r}), without duplicates",
                1,
                argument,
            )
    if "period" in x.dims:
        period_end(x, where, argument)


def day_first(label: object) -> str:
    """Return what to say to a date that is written day or month first.

    Examples
    --------
    >>> day_first("30.07.2017"), day_first("2017-07-30")
    (': pandas.to_datetime(column, dayfirst=True) if the day stands first', '')
    """
    if not re.fullmatch(r"\s*\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*\d{4}\s*", str(label)):
        return ""
    return ": pandas.to_datetime(column, dayfirst=True) if the day stands first"


def _from_text(text: str) -> tuple[str, str | None] | None:
    """Return the first day and the end of 2020-07-01, 2021-Q1 or 2020-01-01/2021-01-01."""
    text = text.strip()
    if span := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\s*/\s*(\d{4}-\d{2}-\d{2})", text):
        start, end = _from_text(span[1]), _from_text(span[2])
        return (start[0], end[0]) if start and end and start[0] < end[0] else None
    if day := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})([T ]\d{2}:\d{2}(:\d{2})?)?", text):
        year, month_, number = (int(part) for part in day.groups()[:3])
        if not (1 <= month_ <= 12 and year and 1 <= number <= monthrange(year, month_)[1]):
            return None
        return text[:10], None
    if quarter := re.fullmatch(r"(\d{4})-?Q([1-4])", text):
        first = np.datetime64(f"{quarter[1]}-{3 * int(quarter[2]) - 2:02d}", "M")
        return f"{first}-01", f"{first + np.timedelta64(3, 'M')}-01"
    if month := re.fullmatch(r"(\d{4})-(\d{2})", text):
        if not 1 <= int(month[2]) <= 12:
            return None
        first = np.datetime64(text, "M")
        return f"{first}-01", f"{first + np.timedelta64(1, 'M')}-01"
    return None


def day(given: Any, where: str = "times", argument: str = "date") -> np.datetime64:
    """Return one day that an argument names; numbers, years, months and intervals name none.

    Parameters
    ----------
    given : str, date or datetime64
        ISO text of a whole day, or a date of Python, NumPy or pandas.
    where, argument : str
        The call and the argument that an error names.

    Raises
    ------
    TimeError
        `given` is no day.

    Examples
    --------
    >>> day("2021-07-01")
    np.datetime64('2021-07-01')
    """
    found: str | None = None
    year = not isinstance(given, str | np.datetime64) and not hasattr(given, "isoformat")
    if isinstance(given, str):
        read = _from_text(given)
        found = read[0] if read is not None and read[1] is None else None
        year = re.fullmatch(r"\s*\d{4}\s*", given) is not None
    elif isinstance(given, np.datetime64):
        year = np.datetime_data(given)[0] in ("Y", "M")
        found = None if year or np.isnat(given) else str(given.astype("M8[D]"))
    elif hasattr(given, "isoformat") and str(given) != "NaT":
        found = str(np.asarray(given, "M8[D]"))
    if found is not None:
        return np.datetime64(found, "D")
    told = "; a year is not a date" if year else " is no date"
    raise TimeError(where, f"{argument}={given!r}{told}", f'{argument}="2020-07-01"', 1, argument)


def read(
    labels: Iterable[Any], meaning: str | None, where: str
) -> tuple[str, np.ndarray, np.ndarray | None, list[tuple[int, str]]]:
    """Read a column of dates, years or intervals.

    Parameters
    ----------
    labels : iterable
        Years, dates, ``2020-2025``, ``2021-Q1`` or ``2021-03``.
    meaning : {"1 July", "1 January", "31 December", "year"} or another day, optional
        What a year alone means.
    where : str
        The call that an error names.

    Returns
    -------
    dimension : {"time", "period"}
    starts : ndarray of datetime64[s]
    ends : ndarray of datetime64[s] or None
    faults : list of (place, text)

    Raises
    ------
    TimeError
        The labels are years and `meaning` is not given.
    """
    values = list(labels)
    starts = np.full(len(values), np.datetime64("NaT", "s"), "M8[s]")
    ends = starts.copy()
    faults: list[tuple[int, str]] = []
    bare = False
    for place, label in enumerate(values):
        first, last, is_year = _one(label, meaning, where)
        bare = bare or is_year
        if first is None:
            faults.append((place, f"{label!r} is no date, year or interval{day_first(label)}"))
            continue
        starts[place] = np.datetime64(first, "s")
        if last is not None:
            ends[place] = np.datetime64(last, "s")
    if bare and meaning is None:
        shown = f"{values[0]} … {values[-1]}" if len(values) > 1 else f"{values[0]}"
        raise TimeError(where, f"it holds {shown}; a year is not a date", _WAYS, 1, "time")
    faults += _last_years(values)
    closed = ~np.isnat(ends)
    good = ~np.isnat(starts)
    if closed.any() and not closed[good].all():
        faults += [
            (int(i), "is an instant among intervals") for i in np.flatnonzero(good & ~closed)
        ]
    return ("period", starts, ends, faults) if closed.any() else ("time", starts, None, faults)


_SPAN = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4})")
FIRST, LAST = 1500, 2300
"""Years from the oldest registers of parishes to the longest projections."""


def _last_years(values: list[Any]) -> list[tuple[int, str]]:
    """Return the spans of years that seem to name their last year, not the year of their end."""
    found = {i: _SPAN.fullmatch(str(label).strip()) for i, label in enumerate(values)}
    spans = {(int(m[1]), int(m[2])): i for i, m in found.items() if m is not None}
    ordered = sorted(spans)
    if len(ordered) < 2 or any(b[0] - a[1] != 1 for a, b in pairwise(ordered)):
        return []
    (start, last), (following, _) = ordered[:2]
    told = (
        f"'{start}-{last}' and '{following}-…' leave a year between them: write "
        f"'{start}-{last + 1}', the year in which it ends, where {last} is counted in full"
    )
    return [(spans[ordered[0]], told)]


def _one(label: Any, meaning: str | None, where: str) -> tuple[str | None, str | None, bool]:
    """Return start, end, and whether the label was a year that needs a meaning."""
    if str(label) in ("NaT", "None", ""):
        return None, None, False
    if isinstance(label, np.datetime64) or hasattr(label, "isoformat"):
        return str(np.asarray(label, "M8[D]")), None, False
    text = str(label).strip()
    number = re.fullmatch(r"(\d{4})(\.0+)?", text)
    span = _SPAN.fullmatch(text)
    named = [match[1] for match in (number, span) if match] + ([span[2]] if span else [])
    if any(not FIRST <= int(year) <= LAST for year in named):
        return None, None, False
    if number or span:
        if meaning is None:
            return None, None, True
        if number and meaning == "year":
            return f"{number[1]}-01-01", f"{int(number[1]) + 1:04d}-01-01", True
        month, day = day_of_year("1 January" if meaning == "year" else meaning, where)
        if number:
            return f"{number[1]}-{month:02d}-{day:02d}", None, True
        assert span is not None
        if int(span[2]) <= int(span[1]):
            return None, None, True
        return f"{span[1]}-{month:02d}-{day:02d}", f"{span[2]}-{month:02d}-{day:02d}", True
    found = _from_text(text)
    return (found[0], found[1], False) if found else (None, None, False)
