"""Rows of events about persons: dates, persons and classes read, faults kept with their rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from migov.core import times
from migov.core.columns import Faults
from migov.core.errors import DimensionError, KindError, ParameterError, TimeError
from migov.core.labels import read_classes

NO_DAY = -(10**7)
NO_CLASS = -1
_NUMBERED = ("time", "period", "age")
"""Classes whose labels are numbers here; persons keep theirs as they are written."""
FOREVER = 10**7


class Reading:
    """A table being read: its faults, and the rows that have one."""

    def __init__(self, where: str, frame: pd.DataFrame, handling: str) -> None:
        if not isinstance(frame, pd.DataFrame):
            raise KindError(
                where, f"frame is a {type(frame).__name__}", "give a DataFrame", None, "frame"
            )
        if handling not in ("refuse", "set aside"):
            raise ParameterError(
                where, f"faults={handling!r}", "'refuse' or 'set aside'", 9, "faults"
            )
        self.where, self.frame, self.handling = where, frame, handling
        self.faults = Faults(where, frame)
        self.bad = np.zeros(len(frame), bool)
        self.kinds: dict[str, int] = {}
        self.owners: NDArray[np.intp] = np.zeros(0, np.intp)

    def column(self, name: str) -> pd.Series[Any]:
        """Return a column of the table."""
        if name not in self.frame.columns:
            has = ", ".join(map(str, self.frame.columns[:8]))
            raise DimensionError(
                self.where,
                f"frame has no column {name!r}, it has {has}",
                "rename the column, or name yours in the call",
                8,
                "frame",
            )
        column = self.frame[name]
        if isinstance(column, pd.DataFrame):
            raise DimensionError(
                self.where, f"frame has the column {name!r} twice", "rename one", 8, "frame"
            )
        return column

    def add(self, kind: str, text: str, at: Any) -> None:
        """Note the rows of a fault; a mask or places."""
        places = np.flatnonzero(at) if np.asarray(at).dtype == bool else np.asarray(at)
        if len(places):
            self.faults.add(text, places)
            self.bad[places] = True
            self.kinds[kind] = self.kinds.get(kind, 0) + len(places)

    def dates(self, name: str, *, open_end: bool = False) -> NDArray[np.int64]:
        """Return a column of dates in days; faulty rows have the lowest number."""
        column = self.column(name)
        if column.dtype.kind in "iufb":
            raise TimeError(
                self.where,
                f"column {name!r} holds {column.dtype}; a number is not a date",
                "pandas.to_datetime, or ISO dates",
                1,
                "frame",
            )
        read = column if column.dtype.kind == "M" else _parsed(column)
        if getattr(read.dtype, "tz", None) is not None:
            read = read.dt.tz_localize(None)
        days = read.to_numpy("M8[D]")
        absent = column.isna().to_numpy()
        unread = np.isnat(days) & ~absent
        first = shown(column, unread)
        self.add("date", f"'{name}': {first} is no date{times.day_first(first[1:-1])}", unread)
        if not open_end:
            self.add("date", f"'{name}': no date", absent)
        return np.where(np.isnat(days), NO_DAY, days.astype(np.int64))

    def codes(self, name: str) -> tuple[NDArray[np.intp], NDArray[Any]]:
        """Return a number for each row's person, and the persons."""
        codes, labels = self._factors(name)
        self.add("person", f"'{name}': no person", codes < 0)
        self.owners = codes
        return codes, np.asarray(labels)

    def _factors(self, name: str, *, sort: bool = False) -> tuple[NDArray[np.intp], Any]:
        """Return a number for each value of a column, and the values."""
        column = self.column(name)
        try:
            return pd.factorize(column, sort=sort)
        except TypeError as fault:  # lists and the like, or kinds that have no order
            told = f"column {name!r} holds values that are no labels: {fault}"
            raise KindError(self.where, told, "texts or whole numbers", 8, "frame") from fault

    def classes(self, name: str) -> tuple[NDArray[np.intp], list[str]]:
        """Return a number for each row's class, and the classes in order."""
        codes, labels = self._factors(name, sort=True)
        found = None if name in _NUMBERED else read_classes(name, list(labels), self.where)
        if found is None:
            return codes, [str(label) for label in labels]
        for place, text in found.faults:
            at = codes == place if place is not None else np.zeros(0, np.intp)
            self.add("group", f"'{name}': {text}", at)
        known = np.where(codes >= 0, found.places[codes], NO_CLASS)
        known[(codes >= 0) & (known < 0)] = 0  # its fault is told
        return known, [str(label) for label in found.labels] or [""]

    def kept(self, number: int) -> NDArray[np.bool_]:
        """Raise the faults, or return which persons are left without any."""
        if self.handling == "refuse":
            self.faults.check()
        keep = np.ones(number, bool)
        keep[self.owners[self.bad & (self.owners >= 0)]] = False
        return keep

    def aside(self, keep: NDArray[np.bool_]) -> dict[str, int]:
        """Return what was set aside: persons, and rows by fault."""
        if not self.bad.any():
            return {}
        return {"persons": int((~keep).sum()), **self.kinds}


def _parsed(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return dates; a year or a month is none."""
    text = column.astype("str")
    read = pd.to_datetime(text, format="ISO8601", errors="coerce")
    return read.where(text.str.len() >= 8)


def shown(column: pd.Series[Any], at: NDArray[np.bool_]) -> str:
    """Return the first marked value as an error shows it."""
    places = np.flatnonzero(at)
    return repr(str(column.iloc[int(places[0])])) if len(places) else ""


def day_of(given: Any, where: str, argument: str = "until") -> Any:
    """Return a day as datetime64[D].

    Raises
    ------
    TimeError
        It is no day (a year alone is none), or `until` lies in the future.
    """
    day = times.day(given, where, argument)
    if argument == "until" and day > np.datetime64("today", "D"):
        raise TimeError(
            where,
            f"until={day} lies in the future; no source is complete up to it",
            "the last day that the source covers",
            1,
            argument,
        )
    return day


def grouped(
    reading: Reading, codes: NDArray[np.intp], number: int, by: str | Sequence[str]
) -> dict[str, tuple[NDArray[np.intp], list[str]]]:
    """Return the class of each person; one class a person, or it is a fault."""
    found = {}
    for name in [by] if isinstance(by, str) else by:
        kinds, labels = reading.classes(name)
        reading.add("group", f"'{name}': empty", kinds < 0)
        one = np.full(number, -1, np.intp)
        usable = codes >= 0
        one[codes[usable]] = kinds[usable]
        differs = usable & (kinds >= 0) & (kinds != one[np.maximum(codes, 0)])
        reading.add("group", f"'{name}': a person has two classes", differs)
        found[name] = (one, labels)
    return found


def in_order(codes: NDArray[np.intp], day: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return rows by person and day, those of one day as they were given."""
    if not len(day):
        return np.zeros(0, np.intp)
    span = int(day.max()) - int(day.min()) + 1
    if span * (int(codes.max()) + 1) < np.iinfo(np.int64).max:
        key = codes.astype(np.int64) * span + (day - day.min())
        if np.all(key[1:] >= key[:-1]):
            return np.arange(len(key))
        return np.argsort(key, kind="stable")
    return np.lexsort((day, codes))
