"""Answers in force over areas, dates and items; what may not be is refused here."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from migov.core import status
from migov.core.columns import counted
from migov.core.errors import DataError, InputError, TimeError
from migov.governance import kernels
from migov.governance.answers import Answers, in_force
from migov.governance.answers_read import flags
from migov.governance.days import day
from migov.governance.instrument import Instrument

WHERE = "Instrument.score"
EVIDENCE = ("assessor_kind", "assessor", "confidence", "source", "evidence_date", "link", "note")
"""Columns of answers that stand beside the scores of the items."""
Booleans = NDArray[np.bool_]


@attrs.frozen(eq=False)
class Grid:
    """Answers in force over areas, dates and items.

    Parameters
    ----------
    areas : list of str
    times : ndarray of datetime64[s]
    codes : ndarray of int64 (areas, times, items)
        Numerators over `denominator`.
    present, out : ndarray of bool (areas, times, items)
        Answered; not applicable.
    flags : ndarray of uint16 (areas, times, items)
        Status of each item.
    silent : ndarray of uint16 (areas, times)
        Why an area did not answer at all, 0 where it did.
    by : ndarray of str (areas, times)
        Kinds of assessors.
    denominator : int
    evidence : dict of str to ndarray (areas, times, items)
        The columns of :data:`EVIDENCE` that some answer in force fills.
    """

    areas: list[str]
    times: NDArray[np.datetime64]
    codes: NDArray[np.int64]
    present: Booleans
    out: Booleans
    flags: NDArray[np.uint16]
    silent: NDArray[np.uint16]
    by: NDArray[Any]
    denominator: int
    evidence: dict[str, NDArray[Any]] = attrs.field(factory=dict)


def gridded(instrument: Instrument, answers: Answers, times: Any) -> Grid:
    """Return the answers in force at some dates.

    Raises
    ------
    DataError
        Unknown items, values off the scale, two answers in force at once.
    InputError
        An area whose items are all missing without a reason for the whole.
    TimeError
        Dates that are none.
    """
    _check_values(instrument, answers)
    held = in_force(answers, WHERE)
    rows, items = held.rows, instrument.items
    when = _times(times, rows)
    areas = sorted(set(rows["area"]))
    shape = (len(areas), len(when), len(items) + 1)
    place = {item: i for i, item in enumerate(items)} | {"": len(items)}
    area = np.asarray(rows["area"].map({a: i for i, a in enumerate(areas)}), np.int64)
    item = np.asarray(rows["node"].map(place), np.int64)
    start, end = rows["start"].to_numpy(), _ends(instrument, rows)
    first = np.searchsorted(when, start, "left")
    last = np.where(np.isnat(end), len(when), np.searchsorted(when, end, "left"))
    instant = rows["end"].to_numpy() == start
    last = np.where(instant, np.searchsorted(when, start, "right"), last)
    source, cells = kernels.scatter(first.astype(np.int64), last, area, item, shape)
    given = (rows["value"] != "").to_numpy()
    bits = flags(rows["reason"], given)
    bits |= np.where(rows["confidence"] == "low", status.flag("low_reliability"), 0).astype("u2")
    codes, present = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
    marks = np.full(shape, status.flag("not_collected"), np.uint16)
    heard = np.zeros(shape, np.bool_)
    codes.ravel()[cells] = held.numerator[source]
    present.ravel()[cells] = given[source]
    marks.ravel()[cells] = bits[source]
    heard.ravel()[cells] = True
    _begin(instrument, when, codes, present, marks, heard)
    silent = np.where(heard[..., -1], marks[..., -1], 0).astype(np.uint16)
    by = _assessors(rows, source, cells, shape)
    _check_heard(instrument, areas, when, present[..., :-1], heard[..., :-1], silent, marks)
    silent = np.where(~heard.any(axis=-1), status.flag("not_collected"), silent).astype(np.uint16)
    out = (marks[..., :-1] & status.flag("not_applicable")) > 0
    return Grid(
        areas, when, codes[..., :-1], present[..., :-1], out, marks[..., :-1], silent, by,
        held.denominator, _evidence(rows, source, cells, shape),
    )  # fmt: skip


def _evidence(
    rows: pd.DataFrame, source: Any, cells: Any, shape: tuple[int, int, int]
) -> dict[str, NDArray[Any]]:
    """Return who answered each item, and by what evidence."""
    found: dict[str, NDArray[Any]] = {}
    for name in EVIDENCE:
        column = rows[name].to_numpy()
        dated = column.dtype.kind == "M"
        if not (~np.isnat(column) if dated else column != "").any():
            continue
        nothing: Any = np.datetime64("NaT", "s") if dated else ""
        told = np.full(shape, nothing, dtype="M8[s]" if dated else object)
        told.ravel()[cells] = column[source]
        found[name] = told[..., :-1]
    return found


def _begin(
    instrument: Instrument, when: Any, codes: Any, present: Any, marks: Any, heard: Any
) -> None:
    """Take out the items that do not exist yet."""
    for place, name in enumerate(instrument.items):
        begins = instrument.node(name).begins
        if begins:
            early = when < np.datetime64(begins, "s")
            codes[:, early, place] = 0
            present[:, early, place] = False
            marks[:, early, place] = status.flag("not_applicable")


def _ends(instrument: Instrument, rows: pd.DataFrame) -> Any:
    """Return the ends of validity, earlier where an answer lapses."""
    end = rows["end"].to_numpy().copy()
    for name in instrument.items:
        lasts = instrument.node(name).lasts
        if lasts:
            here = (rows["node"] == name).to_numpy()
            seen = rows["evidence_date"].where(rows["evidence_date"].notna(), rows["start"])
            lapse = (seen[here] + pd.DateOffset(months=lasts)).to_numpy().astype("M8[s]")
            end[here] = np.fmin(end[here], lapse)
    return end


def _times(times: Any, rows: pd.DataFrame) -> NDArray[np.datetime64]:
    if times is None:
        starts = np.unique(rows["start"].to_numpy().astype("M8[s]"))
        begun = starts[starts <= np.datetime64("today", "s")]
        if not begun.size:
            first = rows.iloc[int(np.argmin(rows["start"].to_numpy()))]
            raise TimeError(
                WHERE,
                f"all answers begin in the future, the first of {first['area']} "
                f"({first['node'] or 'whole instrument'}) at {str(starts[0])[:10]}",
                f'times=["{str(starts[0])[:10]}"] to score what is not in force yet',
                1,
                "answers",
            )
        return np.asarray(begun)
    given = np.atleast_1d(np.asarray(times))
    if given.dtype.kind == "M":
        found = given.astype("M8[s]")
    else:
        found = np.array([day(one, WHERE, "times") for one in given.tolist()], "M8[s]")
    if not found.size or np.isnat(found).any() or (np.diff(found) <= np.timedelta64(0, "s")).any():
        raise TimeError(
            WHERE, "times do not increase, or are none", "dates in order, one or more", 1, "times"
        )
    return np.asarray(found)


def _assessors(rows: pd.DataFrame, source: Any, cells: Any, shape: tuple[int, ...]) -> Any:
    """Return the kinds of assessors behind each area and date."""
    kinds = rows["assessor_kind"].replace("", "unstated")
    code, names = pd.factorize(kinds, sort=True)
    told = np.full(shape[:2], "", dtype=object)
    flat = cells // shape[2]
    for place, name in enumerate(names):
        here = np.zeros(shape[0] * shape[1], np.bool_)
        here[flat[code[source] == place]] = True
        here = here.reshape(shape[:2])
        told[here & (told != "")] += ", "
        told[here] += str(name)
    return told.astype(str)


def _check_values(instrument: Instrument, answers: Answers) -> None:
    """Refuse unknown items and answers off their scale."""
    rows = answers.rows
    code, names = pd.factorize(rows["node"])
    given = (rows["value"] != "").to_numpy()
    wrong: list[tuple[Any, str]] = []
    for place, name in enumerate(names):
        here = code == place
        if name == "":
            continue
        if name not in instrument.items:
            kind = "an aggregate" if name in instrument.tree.ids else "no item"
            wrong.append((here, f"{name!r} is {kind} of {instrument.name}"))
            continue
        scale = instrument.scale(name)
        for number in np.unique(answers.numerator[here & given]):
            value = Fraction(int(number), answers.denominator)
            if not scale.allows(value):
                off = here & given & (answers.numerator == number)
                wrong.append((off, f"{name}: {value} is not on its scale ({scale})"))
    if wrong:
        told = []
        for where, text in wrong[:20]:
            where_first = np.flatnonzero(where)
            many = counted(len(where_first), "row")
            told.append(f"{rows['area'].iloc[where_first[0]]}: {text} ({many})")
        raise DataError(
            WHERE,
            f"{counted(len(wrong), 'fault')} in 'answers'",
            "nothing was scored",
            9,
            "answers",
            tuple(told),
        )


def _check_heard(
    instrument: Instrument, areas: Any, when: Any, present: Any, heard: Any, silent: Any, marks: Any
) -> None:
    """Refuse areas that have rows of which none holds an answer."""
    applies = (marks[..., :-1] & status.flag("not_applicable")) == 0
    empty = heard.any(axis=-1) & ~present.any(axis=-1) & applies.any(axis=-1) & (silent == 0)
    if empty.any():
        a, t = np.argwhere(empty)[0]
        raise InputError(
            WHERE,
            f"all items of {areas[a]} are missing at {str(when[t])[:10]}, "
            f"{instrument.root} of {instrument.name} has nothing to be scored from",
            "a row without node that says why the area did not answer (reason=no_response)",
            7,
            "answers",
        )
    both = present.any(axis=-1) & (silent > 0)
    if both.any():
        a, t = np.argwhere(both)[0]
        raise InputError(
            WHERE,
            f"{areas[a]} has answers at {str(when[t])[:10]} and a reason for not answering",
            "one of them",
            7,
            "answers",
        )
