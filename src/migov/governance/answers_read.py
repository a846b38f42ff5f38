"""Reading tables of answers: every fault with its row, area and node."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from migov.core import areas, status, times
from migov.core.columns import ABSENT, Faults
from migov.core.errors import CodeError, FileError, KindError, TimeError, need
from migov.governance.answers import COLUMNS, DATES, Answers
from migov.governance.asked import ask, ask_text
from migov.numeric.exact import fraction, numerators

if TYPE_CHECKING:
    import os

WHERE = "Answers.from_frame"
REASONS = ("missing", "no_response", "not_applicable", "not_collected", "suppressed")
CONFIDENCE = ("", "low", "medium", "high")
KINDS = (
    "government expert panel tripartite party worker researcher depositary coder model "
    "employers unions court"
).split()
"""Kinds of assessors; whose name it is stands in ``assessor``."""
_UNSAID = {
    "n/a": "not_applicable", "na": "missing", "not applicable": "not_applicable",
    "don't know": "no_response", "dont know": "no_response", "do not know": "no_response",
    "no answer": "no_response", "refused": "no_response",
}  # fmt: skip
"""Words that say that there is no answer, with the reason that they give."""
_WORDS = {"yes": "1", "true": "1", "no": "0", "false": "0", "½": "'1/2'", "partly": "'1/2'"}
_DYADIC = 16
_NO_CODES = "codes=False where the areas are agreements, provinces or cases"
_DAY = "time='1 July' | '1 January' | '31 December', the day of each year at which they hold"


def read(
    frame: pd.DataFrame,
    time: str | None,
    columns: Mapping[str, str],
    values: Mapping[str, Any],
    codes: bool,
    fixed: Mapping[str, str],
) -> Answers:
    """Return answers from a table; see :meth:`Answers.from_frame`."""
    if not isinstance(frame, pd.DataFrame):
        raise KindError(WHERE, f"frame is a {type(frame).__name__}", "a DataFrame", None, "frame")
    for name, told in (("columns", columns), ("values", values)):
        ask(told, Mapping, WHERE, name, f"{name}={{…: …}}")
    if time is not None:
        ask_text(time, WHERE, "time", "'1 July', or a date for all answers")
    table, bare = _named(frame, columns, fixed, time)
    faults = Faults(WHERE, table)
    if not len(table):
        faults.add("the table has no rows")
    faults.check()
    out = pd.DataFrame(index=table.index)
    for name in COLUMNS:
        if name in DATES:
            out[name] = _dates(table, name, bare, faults)
        elif name != "value":
            out[name] = _words(table, name)
    if "time" in table:
        out["start"] = _dates(table, "time", bare, faults)
        out["end"] = out["start"]
    out["area"] = _areas(out["area"], codes, faults)
    exact, shown = _values(table["value"], values, out, faults)
    out["value"] = shown
    _check(out, faults)
    faults.check()
    whole, below = numerators(exact.values())
    if max((below, *map(abs, whole))) >= 2**62:
        largest = max(exact.items(), key=lambda one: max(abs(one[1].numerator), one[1].denominator))
        rows = np.flatnonzero((shown == largest[0]).to_numpy())
        first = out.iloc[rows[0]]
        what = "too large, or with too many decimals, for exact scores"
        faults.add(f"'value': {largest[0]} is {what} at {first['area']}, {first['node']}", rows)
        faults.check()
    table_of = dict(zip(exact, whole, strict=True))
    found = out["value"].map(table_of).fillna(0).to_numpy().astype(np.int64)
    return Answers(out[COLUMNS].reset_index(drop=True), found, below)


def spreadsheet(path: str | os.PathLike[str], sheet: str | int) -> pd.DataFrame:
    """Return one sheet of a workbook as a frame, its index the rows of the sheet.

    Raises
    ------
    ExtraError, FileError
        See :meth:`Answers.from_spreadsheet`.
    """
    where = "Answers.from_spreadsheet"
    try:
        from python_calamine import CalamineWorkbook
    except ImportError as absent:
        raise need("python-calamine", "io", where) from absent
    if not Path(path).is_file():
        raise FileError(
            where,
            f"there is no file {path}",
            "the path of a table, from the folder that Python runs in",
            None,
            "path",
        )
    try:
        book = CalamineWorkbook.from_path(str(path))
        found = (
            book.get_sheet_by_name(sheet)
            if isinstance(sheet, str)
            else book.get_sheet_by_index(sheet)
        )
        cells = found.to_python(skip_empty_area=False)
    except Exception as fault:  # the reader's own errors have no common base
        raise FileError(
            where,
            f"{path}, sheet {sheet!r}: {fault}",
            "sheet= a name of the workbook, saved as XLSX",
            None,
            "path",
        ) from fault
    if not cells:
        raise FileError(
            where,
            f"{path}, sheet {sheet!r} is empty",
            "sheet= the name of the sheet with answers",
            None,
            "path",
        )
    head = [str(cell).strip() for cell in cells[0]]
    rows = pd.DataFrame([[_cell(c) for c in row] for row in cells[1:]], columns=head, dtype=object)
    rows.index = pd.RangeIndex(2, len(rows) + 2)
    return rows[(rows != "").any(axis=1)].loc[:, [name for name in head if name]]


def _cell(cell: Any) -> Any:
    """Return a cell as text or number; workbooks hold whole numbers as floats."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else str(cell)


def _named(
    frame: pd.DataFrame, columns: Mapping[str, str], fixed: Mapping[str, str], time: str | None
) -> tuple[pd.DataFrame, str | None]:
    """Return the table with our names, and what a year alone means."""
    renamed = {**columns, **({"year": "time"} if "year" in frame and "time" not in frame else {})}
    foreign = [name for name in columns if name not in frame]
    if foreign:
        raise CodeError(
            WHERE,
            f"columns names {foreign[0]!r}, which the table has not",
            "columns={name in the table: name here}",
            9,
            "columns",
        )
    table = frame.rename(columns=renamed).assign(**fixed)
    faults = Faults(WHERE, table)
    if not table.columns.is_unique:
        doubled = table.columns[table.columns.duplicated()]
        faults.add(f"two columns are called {str(doubled[0])!r}")
    for name in ("area", "node", "value"):
        if name not in table:
            faults.add(f"there is no column {name!r}")
    for name in table.columns:
        if name not in COLUMNS and name != "time":
            faults.add(f"column {str(name)!r} is none of {', '.join(COLUMNS)}, time, year")
    if "time" in table and ("start" in table or "end" in table):
        faults.add("'time' says one date, 'start' and 'end' say an interval: one of them")
    faults.check()
    if "time" not in table and "start" not in table:
        if time is None:
            raise TimeError(
                WHERE,
                "no column says at which date the answers hold",
                'a column start or time, or time="2021-07-01" for all',
                1,
                "time",
            )
        return table.assign(time=time), None
    return table, time


def _words(table: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name not in table:
        return pd.Series("", index=table.index, dtype=object)
    column = table[name].astype(object)
    return column.where(column.notna(), "").map(lambda cell: str(cell).strip()).astype(object)


def _dates(table: pd.DataFrame, name: str, meaning: str | None, faults: Faults) -> pd.Series[Any]:
    """Return a column of dates, NaT where empty."""
    empty = pd.Series(np.full(len(table), np.datetime64("NaT", "s"), "M8[s]"), index=table.index)
    if name not in table:
        return empty
    places, distinct = pd.factorize(table[name].astype(object), use_na_sentinel=True)
    labels = ["" if str(label).strip() == "" else label for label in distinct]
    zoned = [place for place, label in enumerate(labels) if _zoned(label)]
    for place in zoned:
        rows = np.flatnonzero(places == place)
        what = "has a time zone, so that its day is not certain: write the local day, 2021-07-01"
        faults.add(f"'{name}': {labels[place]!s} {what}", rows)
        labels[place] = ""
    full = [place for place, label in enumerate(labels) if label != ""]
    found = np.full(len(distinct) + 1, np.datetime64("NaT", "s"), "M8[s]")
    try:
        kind, starts, _, wrong = times.read([labels[i] for i in full], meaning, WHERE)
    except TimeError as fault:
        mend = _DAY if meaning is None and "is not a date" in fault.what else fault.mend
        raise TimeError(WHERE, fault.what, mend, 1, "time") from fault
    found[full] = starts
    for place, text in wrong:
        faults.add(f"'{name}': {text}", np.flatnonzero(places == full[place]))
    if kind == "period":
        faults.add(f"'{name}': holds intervals, expected dates: {_DAY}")
    return pd.Series(found[places], index=table.index)


def _zoned(label: Any) -> bool:
    """Tell whether a moment has a time zone: in another zone it may be another day."""
    if isinstance(label, str):
        return re.search(r"\d:\d\d\S*\s*(Z|[+-]\d\d:?\d\d)$", label.strip()) is not None
    return getattr(label, "tzinfo", None) is not None


def _areas(column: pd.Series[Any], codes: bool, faults: Faults) -> pd.Series[Any]:
    """Return areas as alpha-3 codes, or as they are."""
    told: dict[str, str] = {}
    for label in column.unique():
        told[label] = label
        if label == "":
            faults.add("'area': is empty", np.flatnonzero((column == label).to_numpy()))
        elif codes:
            try:
                told[label] = areas.code(label, WHERE)
            except CodeError as fault:
                rows = np.flatnonzero((column == label).to_numpy())
                hint = "" if ": " in fault.what else f": {_NO_CODES}"
                faults.add(f"'area': {fault.what}{hint}", rows)
    return column.map(told).astype(object)


def _values(
    column: pd.Series[Any], words: Mapping[str, Any], out: pd.DataFrame, faults: Faults
) -> tuple[dict[str, Fraction], pd.Series[Any]]:
    """Return the exact numbers by their texts, and the texts of the column."""
    cells = column.astype(object)
    truths = [isinstance(cell, bool | np.bool_) for cell in cells]
    if any(truths) and not all(truths):
        # True and 1 are one label to pandas, so that a truth value would pass as a number
        rows = np.flatnonzero(truths)
        first = out.iloc[rows[0]]
        what = "a truth value among numbers"
        faults.add(f"'value': {what} at {first['area']}, {first['node']}", rows)
        cells = cells.where(~pd.Series(truths, index=cells.index), None)
    places, distinct = pd.factorize(cells, use_na_sentinel=True)
    exact: dict[str, Fraction] = {}
    texts = np.full(len(distinct) + 1, "", dtype=object)
    for place, cell in enumerate(distinct):
        told = cell.strip() if isinstance(cell, str) else cell
        if isinstance(told, str) and told in words:
            told = words[told]
        if isinstance(told, str) and (told in ABSENT or _plain(told) in _UNSAID):
            bare = (places == place) & (out["reason"] == "").to_numpy()
            if _plain(cell) in _UNSAID and cell.strip() not in words and bare.any():
                rows = np.flatnonzero(bare)
                first, why = out.iloc[rows[0]], _UNSAID[_plain(cell)]
                what = f"is no answer and gives no reason at {first['area']}, {first['node']}"
                hint = f"a column reason with {why!r}, or values={{{cell.strip()!r}:''}}"
                faults.add(f"'value': {cell.strip()!r} {what}: {hint}", rows)
            continue
        try:
            number = _exact(told)
        except (TypeError, ValueError) as fault:
            rows = np.flatnonzero(places == place)
            first = out.iloc[rows[0]]
            means = _meaning(cell) if isinstance(cell, str) else ""
            faults.add(f"'value': {fault} at {first['area']}, {first['node']}{means}", rows)
            continue
        texts[place] = str(number)
        exact[str(number)] = number
    return exact, pd.Series(texts[places], index=column.index, dtype=object)


def _plain(word: str) -> str:
    return word.strip().lower().replace("’", "'")


def _meaning(word: str) -> str:
    """Return how to say what a word means, empty where it looks like a number."""
    told = word.strip()
    if re.fullmatch(r"-?\d+,\d+", told):
        return ": write decimals with a point, frame['value'].str.replace(',', '.')"
    if re.search(r"\d", told) and not told.isnumeric():
        return ""
    number = _WORDS.get(told.lower(), "…")
    return f": values={{{told!r}:{number}}} says what the word means"


def _exact(cell: Any) -> Fraction:
    """Return a cell as a fraction; floats only where they are exact: whole, halves … sixteenths."""
    if isinstance(cell, float | np.floating) and np.isfinite(cell):
        number = Fraction(float(cell))
        if number.denominator <= _DYADIC:
            return number
        raise TypeError(f"{cell!r} is a binary float: write '1/3' or '0.1' as text")
    return fraction(cell)


def _check(out: pd.DataFrame, faults: Faults) -> None:
    """Add what no answer may be."""

    def at(text: str, wrong: Any) -> None:
        rows = np.flatnonzero(np.asarray(wrong, bool))
        if rows.size:
            first = out.iloc[rows[0]]
            faults.add(f"{text} at {first['area']}, {first['node'] or 'whole instrument'}", rows)

    given = (out["value"] != "").to_numpy()
    for label in out["reason"].unique():
        if label and label not in REASONS:
            at(
                f"'reason': {label!r} is none of {', '.join(REASONS)}",
                out["reason"] == label,
            )
    for label in out["confidence"].unique():
        if label not in CONFIDENCE:
            at(f"'confidence': {label!r} is not low, medium or high", out["confidence"] == label)
    for label in out["assessor_kind"].unique():
        meant = difflib.get_close_matches(label.lower(), KINDS, 1, 0.85)
        if label and label not in KINDS:
            hint = f"write {meant[0]!r}" if meant else f"one of {', '.join(KINDS)}"
            at(
                f"'assessor_kind': {label!r} is no kind, {hint}; a name stands in assessor",
                out["assessor_kind"] == label,
            )
    at("a value and a reason for its absence", given & (out["reason"] != "").to_numpy())
    silent = (out["node"] == "").to_numpy()
    at("a value without a node", silent & given)
    at("neither node nor reason", silent & ~given & (out["reason"] == "").to_numpy())
    start, end = out["start"].to_numpy(), out["end"].to_numpy()
    at("no start", np.isnat(start))
    at("the end is before the start", end < start)
    said = out["recorded"].to_numpy()
    today = np.datetime64("today", "s")
    at("recorded in the future", said.astype("M8[D]") > today.astype("M8[D]"))
    known = np.where(np.isnat(said), today, said)
    at("evidence dated in the future", out["evidence_date"].to_numpy() > known)


def flags(reason: pd.Series[Any], given: Any) -> Any:
    """Return the status flag of each missing answer, 0 where it is given."""
    bits = {name: status.flag(name) for name in REASONS} | {"": status.flag("missing")}
    return np.where(given, 0, reason.map(bits).to_numpy()).astype(np.uint16)
