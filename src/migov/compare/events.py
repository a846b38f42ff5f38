"""Event histories of persons, read from crossings or permits with all their faults told.

The rows stay inside: printing a history shows numbers of persons and events only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import attrs
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from migov.compare.rows import FOREVER, NO_DAY, Reading, day_of, grouped, in_order, shown
from migov.core.errors import KindError, ParameterError

Handling = Literal["refuse", "set aside"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Histories:
    """Crossings of persons in order, as classes of residence and circularity read them.

    Parameters
    ----------
    day : ndarray (events,)
        Days since 1970-01-01, ordered within each person.
    inward : ndarray of bool (events,)
        Whether the country is entered.
    first : ndarray (persons + 1,)
        Place of each person's first event.
    persons : ndarray (persons,)
        Their labels in the source.
    groups : mapping of str to Categorical
        Class of each person, such as sex or citizenship.
    until : datetime64[D]
        The source is complete up to this day.
    source : {"crossings", "permits"}
        What the events are.
    set_aside : mapping of str to int
        Persons and rows that were set aside, by fault.
    """

    day: NDArray[np.int64]
    inward: NDArray[np.bool_]
    first: NDArray[np.intp]
    persons: NDArray[Any]
    groups: Mapping[str, pd.Categorical[Any]]
    until: np.datetime64
    source: Literal["crossings", "permits"]
    set_aside: Mapping[str, int]

    def __repr__(self) -> str:
        aside = f", {self.set_aside['persons']} set aside" if self.set_aside else ""
        return (
            f"Histories({len(self.persons)} persons{aside}, {len(self.day)} events from "
            f"{self.source}, until {self.until})"
        )

    def identical(self, other: Histories) -> bool:
        """Tell whether two hold the same persons, events and groups."""
        return (
            np.array_equal(self.day, other.day)
            and np.array_equal(self.inward, other.inward)
            and np.array_equal(self.first, other.first)
            and np.array_equal(self.persons, other.persons)
            and self.groups.keys() == other.groups.keys()
            and all(self.groups[name].equals(other.groups[name]) for name in self.groups)
            and (self.until, self.source) == (other.until, other.source)
        )


def _swapped(
    order: NDArray[np.intp],
    codes: NDArray[np.intp],
    day: NDArray[np.int64],
    inward: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """Turn two crossings of one day round where their given order is impossible."""
    person, date, side = codes[order], day[order], inward[order]
    if len(order) < 3:
        return order
    again = (person[1:-1] == person[:-2]) & (side[1:-1] == side[:-2])
    pair = (person[2:] == person[1:-1]) & (date[2:] == date[1:-1]) & (side[2:] != side[1:-1])
    places = np.flatnonzero(again & pair) + 1
    out = order.copy()
    out[places], out[places + 1] = order[places + 1], order[places]
    return out


def crossings(
    frame: pd.DataFrame,
    *,
    until: str | np.datetime64,
    person: str = "person",
    date: str = "date",
    direction: str = "direction",
    inward: object = "in",
    outward: object = "out",
    by: str | Sequence[str] = (),
    everyone: Iterable[Any] | None = None,
    same_day: Literal["either", "as given"] = "either",
    faults: Handling = "refuse",
) -> Histories:
    """Read border crossings of persons.

    Parameters
    ----------
    frame : DataFrame
        One row a crossing, in any order.
    until : str or datetime64
        Day up to which the source is complete; later dates are faults.
    person, date, direction : str
        Columns.
    inward, outward : object
        Values of the direction.
    by : str or sequence of str, optional
        Columns with a class of each person, such as sex; one class a person. Classes of a
        dimension with codes (sex, citizenship …) are read as :func:`migov.from_frame` reads.
    everyone : iterable, optional
        Labels of persons, with those who never crossed; not together with `by`.
    same_day : {"either", "as given"}
        Two crossings of one day: turned round where the order given is impossible, or not.
    faults : {"refuse", "set aside"}
        Whether faults raise, or all rows of the persons concerned are set aside and counted.

    Returns
    -------
    Histories

    Raises
    ------
    DataError
        Unreadable or future dates, unknown directions, duplicated crossings, the same
        direction twice in a row, a person of two classes; all told together with their rows.

    Examples
    --------
    >>> frame = pd.DataFrame({"person": ["a", "a"], "date": ["2020-01-01", "2021-06-01"],
    ...     "direction": ["in", "out"]})
    >>> crossings(frame, until="2024-12-31")
    Histories(1 persons, 2 events from crossings, until 2024-12-31)
    """
    where = "crossings"
    reading = Reading(where, frame, faults)
    last = day_of(until, where)
    if same_day not in ("either", "as given"):
        raise ParameterError(
            where, f"same_day={same_day!r}", "'either' or 'as given'", 9, "same_day"
        )
    if inward == outward:
        raise ParameterError(
            where, f"inward and outward are both {inward!r}", "two values", 9, "outward"
        )
    codes, labels = reading.codes(person)
    day = reading.dates(date)
    late = day > int(last.astype(np.int64))
    reading.add("future", f"'{date}': after {last}, the day of `until`", late)
    sides = reading.column(direction)
    into = (sides == inward).to_numpy(bool, na_value=False)
    known = into | (sides == outward).to_numpy(bool, na_value=False)
    told = f"'{direction}': {shown(sides, ~known)} is neither {inward!r} nor {outward!r}"
    told += ": inward= and outward= name the words of your table"
    reading.add("direction", told, ~known)
    if everyone is not None:
        codes, labels = _with_everyone(codes, labels, everyone, by)
    order = in_order(codes, day)
    order = _swapped(order, codes, day, into) if same_day == "either" else order
    again = (codes[order][1:] == codes[order][:-1]) & (into[order][1:] == into[order][:-1])
    again &= ~reading.bad[order][1:] & ~reading.bad[order][:-1]
    twice = again & (day[order][1:] == day[order][:-1])
    reading.add("duplicate", "a crossing is there twice", np.sort(order[1:][twice]))
    text = f"'{direction}': twice the same without the other between: a crossing is missing"
    reading.add("order", text, np.sort(order[1:][again & ~twice]))
    groups = grouped(reading, codes, len(labels), by)
    return _settled(
        reading, codes[order], day[order], into[order], labels, groups, last, "crossings"
    )


def _with_everyone(
    codes: NDArray[np.intp], labels: NDArray[Any], everyone: Iterable[Any], by: str | Sequence[str]
) -> tuple[NDArray[np.intp], NDArray[Any]]:
    if by:
        raise ParameterError(
            "crossings",
            "everyone and by: no class is known of who never crossed",
            "everyone= or by=, not both",
            9,
            "everyone",
        )
    if isinstance(everyone, str) or not isinstance(everyone, Iterable):
        raise KindError(
            "crossings",
            f"everyone is a {type(everyone).__name__}",
            "labels of persons, for instance a list",
            8,
            "everyone",
        )
    whole = pd.Index(labels).append(pd.Index(list(everyone))).unique()
    return codes, np.asarray(whole)


def _settled(
    reading: Reading,
    codes: NDArray[np.intp],
    day: NDArray[np.int64],
    inward: NDArray[np.bool_],
    labels: NDArray[Any],
    groups: dict[str, tuple[NDArray[np.intp], list[str]]],
    until: np.datetime64,
    source: Literal["crossings", "permits"],
) -> Histories:
    """Raise the faults or leave the persons out, and put the events together."""
    keep = reading.kept(len(labels))
    if reading.bad.any():
        good = codes >= 0
        good[good] = keep[codes[good]]
        codes, day, inward = (np.cumsum(keep) - 1)[codes[good]], day[good], inward[good]
        labels = labels[keep]
    counts = np.bincount(codes, minlength=len(labels))
    return Histories(
        day=day,
        inward=inward,
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.intp),
        persons=labels,
        groups={
            name: pd.Categorical.from_codes(one[keep], pd.Index(classes))
            for name, (one, classes) in groups.items()
        },
        until=until,
        source=source,
        set_aside=reading.aside(keep),
    )


def permits(
    frame: pd.DataFrame,
    *,
    until: str | np.datetime64,
    person: str = "person",
    start: str = "start",
    end: str = "end",
    by: str | Sequence[str] = (),
    gap_days: int = 1,
    faults: Handling = "refuse",
) -> Histories:
    """Read permits of persons as stays: what overlaps or adjoins is one stay.

    Parameters
    ----------
    frame : DataFrame
        One row a permit, in any order.
    until : str or datetime64
        Day up to which the source is complete; a permit may end later, not start later.
    person, start, end : str
        Columns; no end means that it runs on.
    by : str or sequence of str, optional
        Columns with a class of each person.
    gap_days : int
        Permits up to so many days apart are one stay; 1 joins a permit that starts the day
        after another ends.
    faults : {"refuse", "set aside"}
        As in :func:`crossings`.

    Returns
    -------
    Histories
        A stay runs from its first permit's start to its last one's end, whether or not the
        holder was there.

    Raises
    ------
    DataError
        Unreadable dates, an end before its start, a start after `until`, a permit twice.

    Examples
    --------
    >>> frame = pd.DataFrame({"person": ["a", "a"], "start": ["2020-01-01", "2021-01-01"],
    ...     "end": ["2020-12-31", None]})
    >>> permits(frame, until="2024-12-31")
    Histories(1 persons, 1 events from permits, until 2024-12-31)
    """
    where = "permits"
    reading = Reading(where, frame, faults)
    last = day_of(until, where)
    if isinstance(gap_days, bool) or not isinstance(gap_days, int | np.integer) or gap_days < 0:
        raise ParameterError(where, f"gap_days={gap_days!r}", "0 or more days", 9, "gap_days")
    codes, labels = reading.codes(person)
    begin, finish = reading.dates(start), reading.dates(end, open_end=True)
    runs_on = frame[end].isna().to_numpy()
    finish = np.where(runs_on, FOREVER, finish)
    late = f"'{start}': after {last}, the day of `until`"
    reading.add("future", late, begin > int(last.astype(np.int64)))
    readable = (begin != NO_DAY) & (finish != NO_DAY)
    reading.add("order", f"'{end}': before its start", readable & (finish < begin))
    order = in_order(codes, begin)
    code, begin, finish = codes[order], begin[order], finish[order]
    same = (code[1:] == code[:-1]) & (begin[1:] == begin[:-1]) & (finish[1:] == finish[:-1])
    same &= begin[1:] != NO_DAY
    reading.add("duplicate", "a permit is there twice", np.sort(order[1:][same]))
    groups = grouped(reading, codes, len(labels), by)
    person_of, day, inward = _stays(code, begin, finish, gap_days)
    return _settled(reading, person_of, day, inward, labels, groups, last, "permits")


def _stays(
    code: NDArray[np.intp], begin: NDArray[np.int64], finish: NDArray[np.int64], gap: int
) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.bool_]]:
    """Join intervals sorted by person and start; return person, day and side of the events."""
    if not len(code):
        return code, begin, np.zeros(0, bool)
    # The latest end so far within a person: an offset by person keeps the persons apart.
    offset = code.astype(np.int64) * (2 * FOREVER)
    reach = np.maximum.accumulate(finish + offset) - offset
    opens = np.ones(len(code), bool)
    opens[1:] = (code[1:] != code[:-1]) | (begin[1:] > reach[:-1] + gap)
    closes = np.append(opens[1:], True)
    owner, low, high = code[opens], begin[opens], reach[closes]
    both = np.column_stack([low, high]).ravel()
    inward = np.tile([True, False], len(low))
    there = both < FOREVER
    return np.repeat(owner, 2)[there], both[there], inward[there]
