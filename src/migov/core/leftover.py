"""What a table holds beside what is read of it: columns that were not named, totals left out.

A figure must not depend on what nobody looked at. A column of labels that differ among the rows
read is told, since it parts them (two units, two citizenships); so is a total that is not what
its parts sum to.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from migov.core import status as statuses
from migov.core import units
from migov.core.columns import ABSENT, USUAL_MARKS, Faults, distinct_of
from migov.core.errors import DimensionError, MigovError, MigovWarning
from migov.core.labels import read
from migov.core.partition import additive
from migov.core.reading import Reading, Rules, plain
from migov.core.vocabulary import DIMENSIONS, MEANT, ROLES, near

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from migov.core.table import Long

_NUMBER = re.compile(r"[-+−~]?\d[\d .,']*\s*\(?[A-Za-z*]{0,3}\)?")
_PARTING = frozenset(
    "unit units unit_measure unit_mult freq geo ref_area citizen c_birth isced11 isco08 nace_r2 "
    "time_period indicator variable measure series".split()
)
"""Columns of publishers whose numbers are labels."""
_NAMES = 4
"""As many labels that stand one to one beside those of a column are its names."""


def filtered(
    frame: pd.DataFrame, where: Mapping[str, Any], call: str, faults: Faults
) -> pd.DataFrame:
    """Return the rows that hold the values of `where`."""
    for column, value in where.items():
        if column not in frame.columns:
            raise DimensionError(
                call, f"frame has no column {column!r}", "name a column in where", 8, "where"
            )
        texts = frame[column].map(plain)
        kept = frame[texts == plain(value)]
        if len(frame) and not len(kept):
            shown = ", ".join(dict.fromkeys(texts.head(200).tolist()[:4]))
            faults.add(f"'{column}': no row holds {plain(value)!r}, it holds {shown}")
            faults.check()
        frame = kept
    return frame


def check_unread(
    frame: pd.DataFrame,
    named: Collection[Any],
    long: Long,
    readings: Mapping[str, Reading],
    placed: NDArray[np.bool_],
    rules: Rules,
    faults: Faults,
) -> None:
    """Refuse columns that part the rows read and that the call does not name.

    Numbers are other values, and what says a column that is read in other words is its name.
    """
    rows = np.unique(long.rows[placed])
    for place, column in enumerate(frame.columns):
        cells = frame.iloc[rows, place]
        if column in named or not _parts(str(column), cells):
            continue
        codes, distinct = distinct_of(cells)
        texts = [plain(label) for label in distinct]
        filled = list(dict.fromkeys(text for text in texts if text not in ABSENT))
        if len(filled) < 2 or any(
            _restates(codes, distinct, dim, long, readings[dim], placed, rules) for dim in readings
        ):
            continue
        shown = ", ".join(filled[:3]) + (" …" if len(filled) > 3 else "")
        name = str(column)
        hint = f"dims={{{name!r}: …}}, where={{{name!r}: {filled[0]!r}}} or ignore=[{name!r}]"
        if all(set(text) <= set(USUAL_MARKS) or text in statuses.SDMX for text in filled):
            hint = f"status={name!r} or ignore=[{name!r}]"
        faults.add(f"'{name}': differs among the rows and is not read ({shown}): {hint}")


def _parts(name: str, cells: pd.Series[Any]) -> bool:
    """Tell whether a column may hold labels that part the rows."""
    plainly = name.strip().casefold()
    if plainly in _PARTING or plainly in DIMENSIONS or plainly in MEANT or near(plainly):
        return True
    if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype):
        return False
    texts = [str(cell).strip() for cell in distinct_of(cells)[1]]
    return not all(text in ABSENT or _NUMBER.fullmatch(text) for text in texts)


def _restates(
    codes: NDArray[np.intp],
    distinct: Sequence[Any],
    dim: str,
    long: Long,
    reading: Reading,
    placed: NDArray[np.bool_],
    rules: Rules,
) -> bool:
    """Tell whether labels stand one to one beside those of a dimension and mean the same."""
    at = np.full(int(long.rows.max()) + 1, -1)
    at[long.rows[placed]] = reading.places[long.codes[dim][placed]]
    pairs = np.unique(np.stack([codes, at[at >= 0]]), axis=1)
    if len(np.unique(pairs[0])) != pairs.shape[1] or len(np.unique(pairs[1])) != pairs.shape[1]:
        return False
    if pairs.shape[1] >= _NAMES:
        return True
    try:
        again = read(dim, list(distinct), rules)
    except (MigovError, ValueError):
        return False
    return not again.faults and all(
        again.places[one] >= 0 and again.labels[again.places[one]] == reading.labels[two]
        for one, two in pairs.T
    )


def totals(
    long: Long, readings: Mapping[str, Reading]
) -> Iterator[tuple[str, NDArray[np.intp], NDArray[np.bool_], NDArray[np.int64], list[str]]]:
    """Give, for each kind of total, its dimension, rows, the rows of parts, and their keys.

    A row is a total of the parts that have its key; last come all dimensions that it sums.
    """
    kinds, masks = [], []
    for dim, reading in readings.items():
        groups: dict[bytes, int] = {}
        kind = np.full(len(reading.places) + 1, -1)
        inside: list[NDArray[np.bool_]] = []
        for place, parts in reading.parts.items():
            kind[place] = groups.setdefault(parts.tobytes(), len(groups))
            if kind[place] == len(inside):
                inside.append(np.isin(np.arange(len(reading.labels) + 2), parts))
        kinds.append(kind[long.codes[dim]])
        masks.append(inside)
    names, signature = list(readings), np.stack(kinds, axis=1)
    if not (signature >= 0).any():
        return
    at = [reading.places[long.codes[dim]] for dim, reading in readings.items()]
    for one in np.unique(signature[(signature >= 0).any(axis=1)], axis=0):
        rows = np.flatnonzero((signature == one).all(axis=1))
        held = np.ones(len(long.rows), bool)
        key = np.zeros(len(long.rows), np.int64)
        for where, group, lookup in zip(at, one, masks, strict=True):
            held &= lookup[group][where] if group >= 0 else where >= 0
            if group < 0:
                key = key * (where.max() + 3) + where + 2
        summed = [names[int(i)] for i in np.flatnonzero(one >= 0)]
        yield summed[0], rows, held, key, summed


def tell_totals(long: Long, readings: Mapping[str, Reading], unit: str, faults: Faults) -> None:
    """Warn of totals left out that are not what their parts sum to, beyond rounding.

    Of areas, which may not all be there, only parts beyond it are told.
    """
    if not additive(unit) or units.powers(unit).get("person", 1.0) < 0:
        return
    apart = []
    values = np.asarray(long.values, float)
    for dim, rows, held, key, summed in totals(long, readings):
        names, places = np.unique(key[held], return_inverse=True)
        sums = np.bincount(places, values[held], minlength=len(names))
        count = np.bincount(places, minlength=len(names))
        known = rows[np.isin(key[rows], names) & np.isfinite(values[rows])]
        if not known.size:
            continue
        here = np.searchsorted(names, key[known])
        slack = 0.5 * _step(values[known], values[held]) * (count[here] + 1)
        over = sums[here] - values[known]
        slack += 1e-9 * np.abs(values[known])
        wrong = over > slack
        # Areas in a table are seldom all that their total counts; other classes part the whole.
        wrong |= (over < -slack) & (not set(ROLES) & set(summed))
        apart += [
            (abs(over[i]) / max(abs(values[known[i]]), 1e-300), dim, known[i], sums[here[i]])
            for i in np.flatnonzero(wrong)
        ]
    if not apart:
        return
    _, dim, row, found = max(apart, key=lambda one: one[0])
    label = plain(long.distinct[dim][long.codes[dim][row]])
    several = "1 total" if len(apart) == 1 else f"{len(apart)} totals"
    warnings.warn(
        f"from_frame: {several} left out {'is' if len(apart) == 1 else 'are'} not the sum of the "
        f"parts; {label!r} in '{long.columns[dim]}' is {values[row]:,.10g} where they sum to "
        f"{found:,.10g} ({faults.rows([long.rows[row]])})\n"
        "  → look for a class that is absent, or not known, or a slip in the table: sums over "
        "what is left lack it",
        MigovWarning,
        stacklevel=3,
    )


def _step(*values: NDArray[np.float64]) -> float:
    """Return the power of ten that numbers were rounded to.

    A few round numbers were not rounded for that: of large ones it leaves three digits.
    """
    every = np.concatenate([one[np.isfinite(one)] for one in values])
    largest = np.abs(every).max(initial=1.0)
    for power in range(max(0, int(np.log10(max(largest, 1.0))) - 2), -7, -1):
        scaled = every / 10.0**power
        if np.abs(scaled - np.rint(scaled)).max(initial=0) < 1e-6:
            return float(10.0**power)
    return 0.0
