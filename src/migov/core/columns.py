"""Columns of a table: numbers as they are written, rows as they are named, faults together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from migov.core import status, units
from migov.core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

ABSENT = ("", ":", "..", "...", "…", "nan", "NaN", "NA", "N/A", "n/a", "<NA>", "None")
"""What an empty cell of values may say; a dash is not among them, since it may mean zero."""

NO_ANSWER = (-99.0, -999.0, -9999.0, -99999.0)
"""Numbers by which files say that there is none."""

_MOST = 20


def no_answers(values: Any) -> NDArray[np.bool_]:
    """Tell which numbers are codes for no answer.

    Examples
    --------
    >>> no_answers([56.0, -999.0]).tolist()
    [False, True]
    """
    return np.isin(values, NO_ANSWER)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, in the plural but for one.

    Examples
    --------
    >>> counted(1, "fault"), counted(2, "fault"), counted(1, "time", "times")
    ('1 fault', '2 faults', '1 time')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


class Faults:
    """The faults of one table; row names are those of the frame's index where it is unique.

    Parameters
    ----------
    where : str
        The call that the error names.
    frame : DataFrame
        The table.
    """

    def __init__(self, where: str, frame: pd.DataFrame) -> None:
        self.where = where
        self.names = frame.index if frame.index.is_unique else pd.RangeIndex(len(frame))
        self.found: list[str] = []
        self.more = 0

    def rows(self, places: Any) -> str:
        """Return ``row 4``, ``rows 2 and 3`` or ``rows 2, 3, 4 … (57 rows)``."""
        names = [str(self.names[int(place)]) for place in places[:4]]
        if len(places) == 1:
            return f"row {names[0]}"
        if len(places) > 4:
            return f"rows {', '.join(names[:3])} … ({len(places)} rows)"
        return f"rows {', '.join(names[:-1])} and {names[-1]}"

    def add(self, text: str, places: Any = None) -> None:
        """Add a fault; `places` of its rows go before what the text says after a colon."""
        if places is not None and len(places):
            head, colon, tail = text.partition("': ") if text[:1] == "'" else ("", "", text)
            # A cell is quoted, and may hold a colon itself.
            cell = re.match(r"('(?:[^'\\]|\\.)*'|\"[^\"]*\")?", tail)
            start = cell.end() if cell else 0
            told, mark, hint = tail[start:].partition(": ")
            text = f"{head}{colon}{tail[:start]}{told} ({self.rows(places)}){mark}{hint}"
        self.found.append(text)

    def add_many(self, texts: list[str], more: int) -> None:
        """Add several faults of one kind, and how many there are besides."""
        self.found += texts
        self.more += more
        if more:
            self.found.append(f"and {more} more of this kind")

    def check(self) -> None:
        """Raise what was found.

        Raises
        ------
        DataError
            There is at least one fault.
        """
        count = len(self.found) + self.more - (1 if self.more else 0)
        if count:
            raise DataError(
                self.where,
                f"{counted(count, 'fault')} in 'frame'",
                "nothing was read; mend these rows",
                None,
                "frame",
                tuple(self.found),
            )


def numbers(
    column: pd.Series[Any],
    faults: Faults,
    *,
    thousands: str | None = None,
    decimal: str = ".",
    marks: Mapping[str, str] | None = None,
) -> tuple[NDArray[Any], NDArray[np.uint16]]:
    """Read a column of values.

    Parameters
    ----------
    column : Series
        Numbers, or texts of numbers.
    faults : Faults
        Takes what is no number or infinite.
    thousands : str, optional
        What parts the thousands; never guessed.
    decimal : str
        What parts the decimals.
    marks : mapping of str to str, optional
        Status of texts and numbers that stand for an absent value, such as
        ``{"x": "suppressed", "-999": "missing"}``, or of letters behind a number, such as
        ``{"p": "provisional"}``.

    Returns
    -------
    values : ndarray of int64 or float64
        NaN where absent.
    flags : ndarray of uint16
        Observation status of each.
    """
    name = str(column.name)
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    flags = np.zeros(len(column), np.uint16)
    if kind in "bcmM" and kind:
        faults.add(f"'{name}': holds {column.dtype}, expected numbers")
        return np.full(len(column), np.nan), flags
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        values = _narrow(column)
    else:
        told = {str(key): mark for key, mark in (marks or {}).items()}
        values = _texts(column, name, faults, thousands, decimal, told, flags)
    values = _codes_of_absence(values, flags, marks or {}, name, faults)
    if values.dtype.kind == "f":
        flags[np.isnan(values) & (flags == 0)] = status.FLAGS["missing"]
        endless = np.flatnonzero(np.isinf(values))
        if endless.size:
            faults.add(f"'{name}': infinite values", endless)
    return values, flags


def distinct_of(column: pd.Series[Any]) -> tuple[NDArray[np.intp], Any]:
    """Return the number of each cell's label among the distinct ones (-1 empty), and those.

    Labels that cannot be told apart by hashing, such as lists, stand as their texts.
    """
    try:
        return pd.factorize(column.astype(object), use_na_sentinel=True)
    except TypeError:
        texts = column.map(lambda cell: cell if isinstance(cell, str) else repr(cell))
        return pd.factorize(texts.astype(object), use_na_sentinel=True)


def _narrow(column: pd.Series[Any]) -> NDArray[Any]:
    """Return a numeric column as int64, or as float64 where int64 cannot hold it."""
    if pd.api.types.is_integer_dtype(column.dtype) and not column.isna().any():
        whole = column.to_numpy()
        if len(whole) == 0 or int(whole.max()) <= np.iinfo(np.int64).max:
            return whole.astype(np.int64)
        return whole.astype(np.float64)
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _codes_of_absence(
    values: NDArray[Any],
    flags: NDArray[np.uint16],
    marks: Mapping[Any, str],
    name: str,
    faults: Faults,
) -> NDArray[Any]:
    """Return values without the numbers that `marks` tells as codes for no answer: -999."""
    for key, mark in marks.items():
        number = _number(str(key).strip(), None, ".")
        if number is None:
            continue
        at = values == number
        if at.any():
            bits = status.flag(mark)
            if not bits & status.ABSENT:
                told = f"'{name}': {key} is a number and {mark!r} no reason of absence"
                faults.add(told, np.flatnonzero(at))
            values = np.where(at, np.nan, values.astype(np.float64))
            flags[at] |= bits
    return values


def _texts(
    column: pd.Series[Any],
    name: str,
    faults: Faults,
    thousands: str | None,
    decimal: str,
    marks: Mapping[str, str],
    flags: NDArray[np.uint16],
) -> NDArray[Any]:
    """Read each distinct text once; set the flags of what is absent."""
    places, distinct = distinct_of(column)
    texts = [str(cell).strip() for cell in distinct]
    logical = np.array([isinstance(cell, bool | np.bool_) for cell in distinct], bool)
    quick = pd.Series(texts, dtype=object).where(~logical, "")
    if decimal != ".":
        quick[:] = ""
    read = pd.to_numeric(quick, errors="coerce")
    if pd.api.types.is_signed_integer_dtype(read.dtype) and len(read) and (places >= 0).all():
        return np.asarray(read, np.int64)[places]
    values = np.array(read, np.float64)
    exact = np.flatnonzero(np.isfinite(values))
    # pandas below 3 misses the nearest number in the last digit; Python does not.
    values[exact] = [float(texts[i]) for i in exact]
    absent = dict.fromkeys(ABSENT, "missing") | dict(marks)
    bits = np.zeros(len(distinct), np.uint16)
    for i in np.flatnonzero(np.isnan(values)):
        number = None if logical[i] else _number(texts[i], thousands, decimal)
        if texts[i] in absent:
            bits[i] = status.flag(absent[texts[i]])
        elif number is None and (found := _marked(texts[i], thousands, decimal, marks)):
            values[i], bits[i] = found
            if not np.isnan(values[i]) and bits[i] & status.ABSENT >= status.FLAGS["undefined"]:
                told = f"'{name}': {texts[i]!r} is marked as absent and has a number"
                faults.add(told, np.flatnonzero(places == i))
        elif number is None:
            told = f"'{name}': {texts[i]!r} is no number{_hint(texts[i])}"
            faults.add(told, np.flatnonzero(places == i))
        else:
            values[i] = number
    out = np.append(values, np.nan)[places]
    flags |= np.append(bits, np.uint16(status.FLAGS["missing"]))[places]
    whole = all(text.lstrip("+-−").replace(thousands or "", "").isdigit() for text in texts)
    if whole and np.isfinite(out).all() and np.abs(out).max(initial=0) < 2**53:
        return out.astype(np.int64)
    return out


def _number(text: str, thousands: str | None, decimal: str) -> float | None:
    point = re.escape(decimal)
    plain = text.replace("−", "-")
    if thousands:
        part = re.escape(thousands)
        if re.fullmatch(rf"[+-]?\d{{1,3}}(?:{part}\d{{3}})+(?:{point}\d*)?", plain):
            plain = plain.replace(thousands, "")
    if re.fullmatch(r"[+-]?inf(?:inity)?", plain, re.I):
        return float(plain)
    if not re.fullmatch(rf"[+-]?(?:\d+(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?", plain):
        return None
    return float(plain.replace(decimal, "."))


def check_points(
    frame: pd.DataFrame,
    columns: Iterable[Any],
    unit: str,
    thousands: str | None,
    decimal: str | None,
    faults: Faults,
) -> None:
    """Refuse a column whose every point may part thousands as well as decimals.

    Counts of persons are whole, so that 83.166 is odd among them; ratios are seldom beyond a
    thousand, so that 45,312 with the comma as a sign of thousands is.
    """
    powers = units.powers(unit)
    whole = units.factor(unit, units.coherent(unit)) == 1.0
    counts = whole and len(powers) == 1 and powers.keys() <= {"person", "event"}
    if decimal is not None or (thousands is not None) == counts or (thousands and powers):
        return
    mark = thousands or "."
    form = re.compile(rf"[-+−]?[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}(?:\s*\(?[A-Za-z*†‡/]+\)?)?")
    for column in columns:
        cells = distinct_of(frame[column])[1]
        texts = [text for cell in cells if not (text := str(cell).strip()).endswith(".0")]
        odd = [text for text in texts if mark in text and any(map(str.isdigit, text))]
        if (
            not odd
            or not all(map(form.fullmatch, odd))
            or (thousands and any("." in t for t in texts))
        ):
            continue
        first = "thousands='.', decimal=','" if counts else "decimal=',' alone"
        second = "decimal='.'" if counts else f"thousands={mark!r}, decimal='.'"
        first += " if the point parts thousands" if counts else " if the comma parts decimals"
        second += " if it parts decimals" if counts else " if it parts thousands"
        if counts and pd.api.types.is_numeric_dtype(frame[column].dtype):
            first = f"read the column as text and {first}"
        told = f"'{column}': {odd[0]!r} in {unit!r} may be read in two ways: {first}, {second}"
        faults.add(told)


_MARKED = re.compile(r"(.*?)\s*\(?([A-Za-z*†‡/]+)\)?")
USUAL_MARKS = {
    "b": "break", "c": "suppressed", "d": "definition_differs", "e": "estimated", "f": "forecast",
    "i": "imputed", "p": "provisional", "u": "low_reliability", "z": "not_applicable",
}  # fmt: skip
"""What Eurostat's letters behind a number say; told as a proposal, never assumed."""


def flags_of(text: str, spellings: Mapping[Any, str]) -> int:
    """Return the flags of a cell of status: as told, by SDMX, or letter by letter as told.

    Raises
    ------
    CodeError
        A word or letter is not known.

    Examples
    --------
    >>> flags_of("bp", {"b": "break", "p": "provisional"}), flags_of("E", {})
    (33, 4)
    """
    told = {str(key): name for key, name in spellings.items()}
    if text in told:
        return status.flag(*told[text].split())
    letters = text.replace(",", "").replace(" ", "")
    if told and letters and all(letter in told for letter in letters):
        return status.flag(*(name for letter in letters for name in told[letter].split()))
    return status.read(text)


def flags_hint(text: str) -> str:
    """Return what to say to letters of a status that are Eurostat's."""
    told = {mark: USUAL_MARKS.get(mark) for mark in text if mark.isalpha()}
    return f": marks={told!r}" if told and all(told.values()) else ""


def _marked(
    text: str, thousands: str | None, decimal: str, marks: Mapping[str, str]
) -> tuple[float, int] | None:
    """Return number and flags of a cell such as ``1 234 bp`` or ``: c``, if all are told."""
    match = _MARKED.fullmatch(text)
    if match is None or not match[1]:
        return None
    known = [match[2]] if match[2] in marks else list(match[2])
    if any(mark not in marks for mark in known):
        return None
    bits = status.flag(*(marks[mark] for mark in known))
    number = _number(match[1], thousands, decimal)
    if number is not None:
        return number, bits
    if match[1] not in ABSENT:
        return None
    told = bits & status.ABSENT >= status.FLAGS["undefined"]
    return np.nan, bits if told else bits | status.FLAGS["missing"]


def _hint(text: str) -> str:
    """Return what to say to a number with separators."""
    for mark, called in ((",", "comma"), ("\u00a0", "blank"), (" ", "blank"), ("'", "apostrophe")):
        if re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+(?:\.\d*)?", text):
            told = f": thousands={mark!r} if the {called} parts thousands"
            return told + (", decimal=',' if it parts decimals" if text.count(",") == 1 else "")
    if re.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?", text):
        return ": thousands='.', decimal=',' if the point parts thousands"
    match = _MARKED.fullmatch(text)
    if match and match[1] and (match[1] in ABSENT or re.fullmatch(r"[-+\d ,.']+", match[1])):
        meant = {mark: USUAL_MARKS.get(mark, "…") for mark in match[2]}
        return f": marks={meant!r} if a flag stands behind the number"
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return ': decimal="," if the comma parts decimals'
    if text in ("-", "–", "x", ".", "/"):
        return f": marks={{{text!r}: 'missing'}} if nothing is known, or write 0"
    return ""
