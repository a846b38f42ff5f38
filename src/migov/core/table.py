"""A table before its labels are read: what the call asks of it, and long columns of cells."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Required, TypedDict

import attrs
import numpy as np
import pandas as pd
import xarray as xr

from migov.core import status as statuses
from migov.core import units
from migov.core.columns import Faults, distinct_of, no_answers, numbers
from migov.core.definition import Definition, define
from migov.core.errors import DimensionError, KindError, ParameterError, UnitError
from migov.core.vocabulary import MEANT, near

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHERE = "from_frame"


class Layout(TypedDict, total=False):
    """The keywords of :func:`from_frame`, for readers that pass them on."""

    value: str | Sequence[str] | Mapping[Any, Any] | None
    unit: Required[str]
    dims: Required[Mapping[str, str]]
    wide: str | None
    name: str | None
    definition: Definition | None
    time: str | None
    period_end: str | None
    open_age: float | None
    age_width: float | None
    occupations: str
    labels: Mapping[str, Mapping[Any, str]] | None
    status: str | None
    thousands: str | None
    decimal: str | None
    marks: Mapping[str, str] | None
    signed: bool
    missing: str
    drop_totals: bool
    where: Mapping[str, Any] | None
    ignore: Sequence[str]


@attrs.frozen(eq=False)
class Long:
    """A table as columns of one length, long or wide: cell ``i`` stands in row ``rows[i]``."""

    rows: NDArray[np.intp]
    values: NDArray[Any]
    flags: NDArray[np.uint16]
    codes: dict[str, NDArray[np.intp]]
    distinct: dict[str, list[Any]]
    columns: dict[str, str]


def check_call(
    frame: Any,
    dims: Mapping[str, str],
    wide: str | None,
    unit: str | None,
    missing: str,
    thousands: str | None,
    decimal: str | None,
    marks: Mapping[str, str] | None,
    definition: Any,
) -> dict[str, str]:
    """Refuse a call that cannot be meant, before any row is read."""
    if not isinstance(frame, pd.DataFrame):
        given = type(frame).__name__
        mend = "frame.reset_index()" if given == "Series" else "pandas.DataFrame(…) of it"
        raise KindError(
            WHERE, f"frame is a {given}, expected a pandas DataFrame", mend, None, "frame"
        )
    if not isinstance(dims, Mapping) or not dims:
        raise KindError(WHERE, f"dims is {dims!r}", 'dims={"column": "dimension", …}', None, "dims")
    named = [str(dim) for dim in dims.values()] + ([wide] if wide is not None else [])
    for dim in named:
        meant = near(dim)
        if meant is not None:
            raise DimensionError(
                WHERE, f"{dim!r} is nearly the dimension {meant!r}", f"write {meant!r}", 8, "dims"
            )
        if dim in MEANT:
            may = " or ".join(map(repr, MEANT[dim]))
            raise DimensionError(
                WHERE, f"{dim!r} is no dimension here; it may mean {may}", f"write {may}", 8, "dims"
            )
        if named.count(dim) > 1 or {"time", "period"} <= set(named):
            twice = dim if named.count(dim) > 1 else "time and period"
            raise DimensionError(
                WHERE, f"two columns stand for {twice}", "one column for each", 8, "dims"
            )
    if missing != "refuse":
        statuses.flag(missing)
    if not isinstance(marks, Mapping | None):
        told = f"marks is a {type(marks).__name__}"
        raise KindError(WHERE, told, 'marks={"x": "suppressed"}', 7, "marks")
    for mark in (marks or {}).values():
        statuses.flag(mark)
    point = "." if decimal is None else decimal
    if thousands == point or len(point) != 1:
        raise ParameterError(
            WHERE,
            f"thousands={thousands!r} and decimal={point!r}",
            "thousands='.', decimal=','" if thousands == "." else "two different signs",
            9,
            "thousands",
        )
    if not isinstance(definition, Definition | None):
        define(xr.DataArray(0.0), definition)
    return {column: str(dim) for column, dim in dims.items()}


def check_readings(labels: object, open_age: object, age_width: object) -> None:
    """Refuse spellings that are no mapping, and ages that are no numbers.

    Raises
    ------
    KindError
        One of them is.
    """
    if not (
        labels is None
        or (isinstance(labels, Mapping) and all(isinstance(x, Mapping) for x in labels.values()))
    ):
        raise KindError(
            WHERE,
            f"labels is {labels!r:.40}, expected spellings by column",
            'labels={"sex": {"1": "M", "2": "F"}}',
            4,
            "labels",
        )
    for name, value in (("open_age", open_age), ("age_width", age_width)):
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int | float | np.number)
        ):
            raise KindError(WHERE, f"{name}={value!r}, expected years", f"{name}=100", 3, name)


def with_index(
    frame: pd.DataFrame, dims: Mapping[str, str], period_end: str | None, status: str | None
) -> pd.DataFrame:
    """Return the frame with the levels of its index that the call names as columns."""
    wanted = [*dims, *(name for name in (period_end, status) if name is not None)]
    if any(name not in frame.columns and name in frame.index.names for name in wanted):
        frame = frame.reset_index()
    for name in wanted:
        argument = "dims" if name in dims else "period_end or status"
        _check_column(frame, name, argument, dims.get(name, ""))
    return frame


def _check_column(frame: pd.DataFrame, name: Any, argument: str, other: str = "") -> None:
    count = int((frame.columns == name).sum())
    if count == 1:
        return
    if count > 1:
        raise DimensionError(
            WHERE, f"frame has the column {name!r} twice", "rename one of them", 8, "frame"
        )
    columns = [str(column) for column in frame.columns]
    close = difflib.get_close_matches(str(name), columns, n=1)
    has = ", ".join(columns[:8]) + (" …" if len(columns) > 8 else "")
    mend = f"{argument}: is {close[0]!r} meant?" if close else f"name a column in {argument}"
    if other in columns:
        mend = f"dims={{{other!r}: {name!r}}}: the column first, then what it is"
    raise DimensionError(
        WHERE,
        f"frame has no column {name!r}, it has {has}",
        mend,
        8,
        argument,
    )


def value_columns(
    frame: pd.DataFrame,
    value: str | Sequence[str] | Mapping[Any, Any] | None,
    dims: Mapping[str, str],
    wide: str | None,
    status: str | None,
    period_end: str | None,
) -> dict[Any, Any]:
    """Return the columns of values and, in a wide table, the label of each."""
    if wide is None:
        if not isinstance(value, str) or not value:
            raise KindError(
                WHERE,
                f"value is {value!r}, expected the name of a column",
                'value="persons", or wide="time" with the columns of a wide table',
                None,
                "value",
            )
        _check_column(frame, value, "value")
        return {value: None}
    if isinstance(value, Mapping):
        chosen = dict(value)
    elif value is None:
        named = {*dims, status, period_end}
        chosen = {column: column for column in frame.columns if column not in named}
    else:
        chosen = {column: column for column in ([value] if isinstance(value, str) else value)}
    for column in chosen:
        _check_column(frame, column, "value")
    if not chosen:
        raise KindError(WHERE, f"no column is left for {wide!r}", "value=[…]", None, "value")
    return chosen


def check_unit(unit: str | None, frame: pd.DataFrame, columns: Mapping[Any, Any]) -> None:
    """Refuse a unit that is absent or unknown; the largest value helps to tell thousands."""
    if isinstance(unit, str) and unit.strip():
        try:
            units.coherent(unit)
        except UnitError as fault:
            raise UnitError(WHERE, fault.what, fault.mend, 6, "unit") from fault
        return
    first = next(iter(columns))
    found = pd.to_numeric(frame[first], errors="coerce").max() if len(frame) else math.nan
    size = f"; its largest value is {found:,.10g}" if np.isfinite(found) else ""
    raise UnitError(
        WHERE,
        f"column {str(first)!r} has no unit{size}",
        'unit="person", or unit="thousand person" where the table counts in thousands',
        6,
        "unit",
    )


def lengthen(
    frame: pd.DataFrame,
    dims: Mapping[str, str],
    columns: Mapping[Any, Any],
    wide: str | None,
    period_end: str | None,
    faults: Faults,
    thousands: str | None,
    decimal: str,
    marks: Mapping[str, str] | None,
) -> Long:
    """Number the distinct labels of each column, read the values, lay wide columns in a row."""
    count, many = len(frame), len(columns)
    rows = np.repeat(np.arange(count), many)
    codes: dict[str, NDArray[np.intp]] = {}
    distinct: dict[str, list[Any]] = {}
    for column, dim in dims.items():
        labels: Any = frame[column].astype(object)
        if period_end is not None and dim in ("period", "time"):
            ends = frame[period_end].astype(object)
            whole = (labels.notna() & ends.notna()).to_numpy()
            pairs = np.empty(count, object)
            for i in np.flatnonzero(whole):
                pairs[i] = (labels.iloc[i], ends.iloc[i])
            labels = pd.Series(pairs)
        places, found = distinct_of(labels)
        codes[dim], distinct[dim] = places[rows], list(found)
    if wide is not None:
        codes[wide] = np.tile(np.arange(many), count)
        distinct[wide] = list(columns.values())
    reads = [
        numbers(frame[column], faults, thousands=thousands, decimal=decimal, marks=marks)
        for column in columns
    ]
    names = {dim: str(column) for column, dim in dims.items()}
    return Long(
        rows=rows,
        values=np.stack([values for values, _ in reads], axis=1).ravel(),
        flags=np.stack([flags for _, flags in reads], axis=1).ravel(),
        codes=codes,
        distinct=distinct,
        columns=names if wide is None else {**names, wide: "columns"},
    )


def check_values(long: Long, unit: str, signed: bool, faults: Faults) -> None:
    """Refuse negative counts, and numbers that are codes for no answer."""
    if signed:
        return
    coded = np.flatnonzero(no_answers(long.values))
    if coded.size:
        first = f"{long.values[coded[0]]:g}"
        hint = f': marks={{"{first}": "missing"}} if so, signed=True if it is a number'
        faults.add(f"{first} looks like a code for no answer{hint}", np.unique(long.rows[coded]))
        return
    counted = {"person", "event"} & set(units.powers(unit))
    if not counted or units.powers(unit).get(next(iter(counted)), 0) <= 0:
        return
    negative = np.flatnonzero(np.nan_to_num(long.values) < 0)
    if negative.size:
        hint = ": signed=True for net migration and other balances"
        faults.add(f"negative counts{hint}", np.unique(long.rows[negative]))
