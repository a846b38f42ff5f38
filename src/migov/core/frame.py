"""Tables into labelled arrays: ``from_frame``.

Nothing is guessed. A year needs its day, an integer age the end of the last group, a count its
unit; what a table holds twice, or in groups that overlap, is told with the rows. All faults of
a table are told together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd
import xarray as xr

from migov.core import status as statuses
from migov.core import times
from migov.core.ages import label as age_label
from migov.core.codes import check_scheme
from migov.core.columns import Faults, check_points, distinct_of, flags_hint, flags_of
from migov.core.definition import Definition, define
from migov.core.errors import AgeError, CodeError, DimensionError, TimeError
from migov.core.labels import read
from migov.core.leftover import check_unread, filtered, tell_totals, totals
from migov.core.reading import Reading, Rules, plain
from migov.core.table import (
    WHERE,
    Long,
    check_call,
    check_readings,
    check_unit,
    check_values,
    lengthen,
    value_columns,
    with_index,
)
from migov.core.vocabulary import ROLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_CELLS = 2**30
_SHOWN = 20


def from_frame(
    frame: pd.DataFrame,
    *,
    value: str | Sequence[str] | Mapping[Any, Any] | None = None,
    unit: str | None = None,
    dims: Mapping[str, str],
    wide: str | None = None,
    name: str | None = None,
    definition: Definition | None = None,
    time: str | None = None,
    period_end: str | None = None,
    open_age: float | None = None,
    age_width: float | None = None,
    occupations: str = "ISCO-08",
    labels: Mapping[str, Mapping[Any, str]] | None = None,
    status: str | None = None,
    thousands: str | None = None,
    decimal: str | None = None,
    marks: Mapping[str, str] | None = None,
    signed: bool = False,
    missing: str = "not_collected",
    drop_totals: bool = True,
    where: Mapping[str, Any] | None = None,
    ignore: Sequence[str] = (),
) -> xr.DataArray:
    """Return a table as an array with labels, unit, definition and status.

    Parameters
    ----------
    frame : DataFrame
        A long table, one value a row, or a wide one (see `wide`). It is not changed. Rows are
        named by its index where that is unique, otherwise by their position from 0.
    value : str, sequence or mapping, optional
        Column of the values. With `wide`: the columns, or a mapping of columns to labels;
        None for every column not named otherwise.
    unit : str
        Unit of the values, such as ``"person"`` or ``"thousand person"``. Never guessed.
    dims : mapping of str to str
        Dimension that each column stands for, in the order of the result; any role of areas
        takes ISO 3166-1 alpha-2 and alpha-3, UN M49 and exact names.
    wide : str, optional
        Dimension that the columns of `value` stand for; it comes last.
    name : str, optional
        Name of the result; None for that of the column.
    definition : Definition, optional
        Who is counted.
    time : {"1 July", "1 January", "31 December", "year"} or another day, optional
        What a year alone means: an instant, or the calendar year as a ``period``.
    period_end : str, optional
        Column with the ends of intervals whose starts are in the column of ``period``.
    open_age : float, optional
        The last age in years where ages are lower bounds and the last group is open.
    age_width : float, optional
        Width in years of every closed group where ages are lower bounds.
    occupations : {"ISCO-08", "KldB 2010"}
        Classification of a dimension ``occupation``.
    labels : mapping of str to mapping, optional
        Spellings of a column or dimension and what they mean, such as
        ``{"sex": {"1": "M", "2": "F"}}``.
    status : str, optional
        Column of observation status: SDMX codes or names of flags, or what `marks` (or `labels`
        of the column) says that they mean.
    thousands, decimal : str
        What parts thousands and decimals in values that are text; thousands only when told,
        decimals a point where not told. Counts all of the form 83.166 are refused until one of
        the two is told, and so are ratios of the form 45,312.
    marks : mapping of str to str, optional
        Status of texts and numbers that stand for an absent value, such as
        ``{"x": "suppressed", "-999": "missing"}``, or behind a number, such as
        ``{"b": "break", "p": "provisional"}`` for ``1 234 bp``; empty cells, ``:`` and ``..``
        are ``missing``.
    signed : bool
        Whether counts may be negative, as net migration is, and -99 or -999 a number.
    missing : str
        Status of combinations of labels that have no row (their value is NaN), or
        ``"refuse"``.
    drop_totals : bool
        Whether totals beside their parts (``_T`` with ``F`` and ``M``, World with countries,
        15-64 with 15-19, …) are left out; False keeps totals for display only. One that is not
        what its parts sum to is told by a warning.
    where : mapping of str to object, optional
        Columns and the one value that the rows to read hold, such as ``{"unit": "NR"}``.
    ignore : sequence of str
        Columns of labels that say nothing of the values, such as notes; others that are not
        named in the call must hold one label, or the names of what is read.

    Returns
    -------
    DataArray {dims, wide}
        float64, or int64 where the table holds whole numbers and nothing is absent; with
        ``age_width`` and ``period_end``; ``observation_status`` where a cell is absent or
        `status` is given. Ages, dates, sex, education and occupation are sorted, other labels
        stand as the table first names them.

    Raises
    ------
    DataError
        The table is at fault: unknown labels, repeated rows, negative or infinite counts,
        overlapping groups, labels in a column that is not read. All at once; nothing is read.
    UnitError, TimeError, AgeError
        The call does not say what numbers, years or ages mean.
    DimensionError
        A column is absent, or a dimension's name is nearly one of the vocabulary.
    KindError, ParameterError, CodeError
        An argument of the wrong kind or value.

    Examples
    --------
    >>> frame = pd.DataFrame({"iso2": ["NA", "NA", "DE", "DE"], "sex": ["male", "female"] * 2,
    ...     "year": 2020, "persons": [1.2, 1.3, 41.0, 42.0]})
    >>> x = from_frame(frame, value="persons", unit="million person", time="1 July",
    ...     dims={"iso2": "area", "sex": "sex", "year": "time"})
    >>> x.sel(area="NAM", sex="F", time="2020-07-01").item()
    1.3
    """
    dims = check_call(frame, dims, wide, unit, missing, thousands, decimal, marks, definition)
    check_scheme(occupations, WHERE)
    check_readings(labels, open_age, age_width)
    frame = with_index(frame, dims, period_end, status)
    frame = filtered(frame, where or {}, WHERE, Faults(WHERE, frame))
    columns = value_columns(frame, value, dims, wide, status, period_end)
    check_unit(unit, frame, columns)
    faults = Faults(WHERE, frame)
    if not len(frame):
        faults.add("it has no rows")
        faults.check()
    check_points(frame, columns, str(unit), thousands, decimal, faults)
    point = decimal or "."
    long = lengthen(frame, dims, columns, wide, period_end, faults, thousands, point, marks)
    if status is not None:
        spellings = {**(labels or {}).get(status, {}), **(marks or {})}
        _read_status(frame, status, spellings, long, faults)
    rules = Rules(
        where=WHERE,
        time=time,
        open_age=open_age,
        age_width=age_width,
        scheme=occupations,
        drop_totals=drop_totals,
    )
    readings = {dim: _read_labels(dim, long, rules, labels, faults) for dim in long.codes}
    check_values(long, str(unit), signed, faults)
    if not any(reading.faults for reading in readings.values()):
        _check_totals(long, readings, faults)  # else what is wrong with the labels is told alone
    placed = _placed(long, readings)
    named = {*dims, *columns, period_end, status, *ignore}
    check_unread(frame, named, long, readings, placed, rules, faults)
    out = _assemble(long, readings, placed, missing, faults, status is not None)
    faults.check()
    tell_totals(long, readings, str(unit), faults)
    if name is None:
        name = value if isinstance(value, str) else "value"
    out.name = name
    out.attrs = {"units": str(unit), "long_name": name}
    return define(out, definition)


def _read_status(
    frame: pd.DataFrame, column: str, spellings: Mapping[Any, str], long: Long, faults: Faults
) -> None:
    """Add the flags that a column of status says; a reason of absence excludes a value."""
    places, found = distinct_of(frame[column])
    bits = np.zeros(len(found) + 1, np.uint16)
    unknown: dict[int, str] = {}
    for i, text in enumerate(found):
        try:
            bits[i] = flags_of(plain(text), spellings)
        except CodeError as fault:
            unknown[i] = fault.what
    hint = flags_hint("".join(plain(found[i]) for i in unknown))
    for i, told in unknown.items():
        faults.add(f"'{column}': {told}{hint}", np.flatnonzero(places == i))
        hint = ""  # the one line for all of them
    given = bits[places][long.rows]
    empty = np.isnan(long.values)
    reason = np.uint16(statuses.ABSENT & ~statuses.flag("partial"))
    odd = np.unique(long.rows[~empty & ((given & statuses.ABSENT) >= statuses.FLAGS["undefined"])])
    if odd.size:
        faults.add(f"'{column}': says that a value is absent which is there", odd)
    told = empty & ((given & reason) > 0)
    long.flags[told] &= np.uint16(~statuses.FLAGS["missing"] & 0xFFFF)
    long.flags[:] |= given


def _read_labels(
    dim: str,
    long: Long,
    rules: Rules,
    labels: Mapping[str, Mapping[Any, str]] | None,
    faults: Faults,
) -> Reading:
    """Read the labels of one dimension, and tell which rows hold the faulty ones."""
    column = long.columns[dim]
    told = {**(labels or {}).get(dim, {}), **(labels or {}).get(column, {})}
    rules = attrs.evolve(rules, spellings={plain(key): text for key, text in told.items()})
    distinct = long.distinct[dim]
    if any(isinstance(label, tuple) for label in distinct):
        distinct = [_interval(label, rules) for label in distinct]
    blank = [i for i, label in enumerate(distinct) if plain(label) == ""]
    hollow = np.unique(long.rows[(long.codes[dim] < 0) | np.isin(long.codes[dim], blank)])
    if hollow.size:
        hint = ": pd.read_csv(…, keep_default_na=False) if Namibia's NA is meant"
        faults.add(f"'{column}': empty{hint if dim in ROLES else ''}", hollow)
    if len(distinct) == len(blank):
        places = np.full(len(distinct), -2, np.intp)
        return Reading(dimension=dim, labels=np.array([], "U1"), places=places)
    try:
        reading = read(dim, distinct, rules)
    except (TimeError, AgeError) as fault:
        what = fault.what.removeprefix("it holds ")
        holds = "holds " if what != fault.what else ""
        raise type(fault)(
            WHERE,
            f"column {column!r} {holds}{what}" if holds else f"column {column!r}: {what}",
            fault.mend,
            fault.rule,
            fault.argument,
        ) from fault
    for place, text in reading.faults:
        if place is None:
            faults.add(f"'{column}': {text}")
        elif place not in blank:
            faults.add(f"'{column}': {text}", np.unique(long.rows[long.codes[dim] == place]))
    return reading


def _interval(label: Any, rules: Rules) -> Any:
    """Return start and end, given in two columns, as the text of one interval."""
    start, end = (plain(part) for part in label)
    if start.isdigit() and end.isdigit():
        return f"{start}-{end}"
    days = [times.read([part], rules.time or "1 January", rules.where)[1][0] for part in label]
    return "/".join(str(day)[:10] for day in days)


def _check_totals(long: Long, readings: Mapping[str, Reading], faults: Faults) -> None:
    """Refuse totals that stand without their parts: leaving them out would lose what they say."""
    for dim, rows, held, key, _ in totals(long, readings):
        alone = rows[~np.isin(key[rows], key[held])]
        if alone.size:
            told = plain(long.distinct[dim][long.codes[dim][alone[0]]])
            faults.add(
                f"'{long.columns[dim]}': {told!r} stands without its parts: "
                "give the parts there too, or leave the row out",
                np.unique(long.rows[alone]),
            )


def _placed(long: Long, readings: Mapping[str, Reading]) -> NDArray[np.bool_]:
    """Return which cells of the table have a place: those that are no total and have labels."""
    placed: NDArray[np.bool_] = np.all(
        [
            (reading.places[long.codes[dim]] >= 0) & (long.codes[dim] >= 0)
            for dim, reading in readings.items()
        ],
        axis=0,
    )
    return placed


def _assemble(
    long: Long,
    readings: Mapping[str, Reading],
    placed: NDArray[np.bool_],
    missing: str,
    faults: Faults,
    with_status: bool,
) -> xr.DataArray:
    """Put the values into their cells; two rows of one cell are a fault."""
    dims = [reading.dimension for reading in readings.values()]
    shape = [len(reading.labels) for reading in readings.values()]
    cells = math.prod(shape)
    if cells > _MOST_CELLS:
        sizes = " × ".join(f"{size} {dim}" for dim, size in zip(dims, shape, strict=True))
        raise DimensionError(
            WHERE, f"{sizes} are {cells:,} cells", "read parts of the table", 8, "frame"
        )
    places = [readings[dim].places[long.codes[dim]] for dim in readings]
    cell = np.zeros(len(long.rows), np.int64)
    for place, size in zip(places, shape, strict=True):
        cell = cell * size + place
    kept = np.flatnonzero(placed)
    _check_repeated(long, readings, cell, kept, faults)
    empty = xr.DataArray(np.empty(0))
    if cells == 0:
        return empty
    filled = np.zeros(cells, bool)
    filled[cell[kept]] = True
    if missing == "refuse" and not filled.all():
        lacking = np.flatnonzero(~filled)
        texts = [f"no row is {_named(readings, int(i))}" for i in lacking[:_SHOWN]]
        faults.add_many(texts, len(lacking) - len(texts))
    if faults.found:
        return empty
    flags = np.zeros(cells, np.uint16)
    if missing != "refuse":
        flags[~filled] = statuses.flag(missing)
    flags[cell[kept]] = long.flags[kept]
    values = np.full(cells, np.nan)
    if filled.all() and long.values.dtype.kind == "i":
        values = np.zeros(cells, np.int64)
    values[cell[kept]] = long.values[kept]
    coords: dict[Any, Any] = {reading.dimension: reading.labels for reading in readings.values()}
    for reading in readings.values():
        coords |= {beside: (reading.dimension, x) for beside, x in reading.beside.items()}
    if with_status or flags.any():
        coords[statuses.NAME] = (dims, flags.reshape(shape), statuses.ATTRS)
    return xr.DataArray(values.reshape(shape), coords=coords, dims=dims)


def _named(readings: Mapping[str, Reading], cell: int) -> str:
    """Return the labels of a cell as an error shows them."""
    shape = [len(reading.labels) for reading in readings.values()]
    at = np.unravel_index(cell, shape)
    names = []
    for reading, i in zip(readings.values(), at, strict=True):
        label = reading.labels[i]
        if reading.dimension == "age":
            names.append(age_label(label, reading.beside["age_width"][i]))
        else:
            names.append(str(label)[:10] if isinstance(label, np.datetime64) else str(label))
    return ", ".join(names)


def _check_repeated(
    long: Long,
    readings: Mapping[str, Reading],
    cell: NDArray[np.int64],
    kept: NDArray[np.intp],
    faults: Faults,
) -> None:
    """Tell the rows that stand for one cell."""
    order = kept[np.argsort(cell[kept], kind="stable")]
    sorted_cells = cell[order]
    again = np.flatnonzero(sorted_cells[1:] == sorted_cells[:-1])
    if not again.size:
        return
    texts = []
    repeated = np.unique(sorted_cells[again])
    for one in repeated[:_SHOWN]:
        rows = long.rows[order[sorted_cells == one]]
        both = "both" if len(rows) == 2 else "all"
        texts.append(f"{faults.rows(rows)} are {both} {_named(readings, int(one))}")
    faults.add_many(texts, len(repeated) - len(texts))
