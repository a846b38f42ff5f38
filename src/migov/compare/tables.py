"""Tables of persons: counted by classes, small cells suppressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from migov.compare.events import Histories
from migov.core import status
from migov.core.errors import DimensionError, InputError, ParameterError
from migov.core.vocabulary import check_array, check_numbers
from migov.numeric.suppression import suppress


def classes(
    histories: Histories, by: str | Sequence[str], where: str
) -> Mapping[str, pd.Categorical[Any]]:
    """Return the classes that a table is broken down by.

    Raises
    ------
    DimensionError
        The histories were read without one of them.
    """
    by = [by] if isinstance(by, str) else by
    absent = [name for name in by if name not in histories.groups]
    if absent:
        has = ", ".join(histories.groups) or "none"
        raise DimensionError(
            where,
            f"by names {', '.join(map(repr, absent))}, the histories have {has}",
            f"migov.compare.crossings(…, by={[*histories.groups, *absent]})",
            8,
            "by",
        )
    return {name: histories.groups[name] for name in by}


def count(
    marked: Mapping[str, NDArray[np.bool_]],
    dimension: str,
    groups: Mapping[str, pd.Categorical[Any]],
) -> xr.DataArray:
    """Return how many persons are marked, by the label of the mark and by classes.

    Parameters
    ----------
    marked : mapping of str to ndarray of bool (persons,)
        Marks by label.
    dimension : str
        Dimension of the labels.
    groups : mapping of str to Categorical
        Class of each person, by dimension.

    Returns
    -------
    DataArray {dimension, *groups}
        Persons.
    """
    shape = [len(kind.categories) for kind in groups.values()]
    place = np.zeros(len(next(iter(marked.values()))), np.intp)
    for kind in groups.values():
        place = place * len(kind.categories) + kind.codes
    size = int(np.prod(shape, dtype=np.int64))
    counts = [np.bincount(place[mask], minlength=size).reshape(shape) for mask in marked.values()]
    coords: dict[str, Any] = {dimension: list(marked)}
    coords |= {name: [str(label) for label in kind.categories] for name, kind in groups.items()}
    return xr.DataArray(np.stack(counts), coords, [dimension, *groups], attrs={"units": "person"})


def protect(table: xr.DataArray, min_cell: int, apart: Sequence[str] = ()) -> xr.DataArray:
    """Return a table of persons with its small cells suppressed.

    Parameters
    ----------
    table : DataArray {…}
        Counts of persons.
    min_cell : int
        Smallest count that is shown.
    apart : sequence of str
        Dimensions that are not added up, such as dates: each label is a table of its own.

    Returns
    -------
    DataArray
        Suppressed cells are missing with the status ``suppressed``. Cells are chosen as if all
        margins were published; differences between the labels of `apart` are not protected.

    Raises
    ------
    InputError
        The table holds negative, missing or broken numbers.
    ParameterError, DimensionError
        `min_cell` is no whole number; `apart` names no dimension.

    Examples
    --------
    >>> x = xr.DataArray([[20, 3, 30], [40, 50, 60]], dims=("sex", "education"))
    >>> protect(x, 5).values
    array([[nan, nan, 30.],
           [nan, nan, 60.]])
    """
    check_array(table, "protect", "table")
    check_numbers(table, "protect", "table")
    values = np.asarray(table.values, float)
    if not (np.isfinite(values) & (values >= 0) & (values == np.rint(values))).all():
        raise InputError(
            "protect",
            "table holds numbers that count nobody: negative, missing or not whole",
            "counts of persons, zero where there are none",
            7,
            "table",
        )
    if isinstance(min_cell, bool) or not isinstance(min_cell, int | np.integer) or min_cell < 0:
        raise ParameterError("protect", f"min_cell={min_cell!r}", "0 or more", 9, "min_cell")
    unknown = [name for name in apart if name not in table.dims]
    if isinstance(apart, str) or unknown:
        told = f"apart={apart!r}; table has {', '.join(map(str, table.dims)) or 'no dimension'}"
        raise DimensionError("protect", told, "a sequence of its dimensions", 8, "apart")
    inner = [name for name in table.dims if name not in apart]
    ordered = table.transpose(*apart, *inner)
    values = ordered.to_numpy()
    hidden = np.zeros(values.shape, bool)
    for index in np.ndindex(values.shape[: len(apart)]):
        # A single number is a table with one cell and one margin, its own.
        part = values[index] if inner else values[index].reshape(1)
        found = suppress(part, min_cell)[(slice(-1),) * part.ndim]
        hidden[index] = found if inner else found[0]
    out = ordered.copy(data=np.where(hidden, np.nan, values.astype(float)))
    mask = ordered.copy(data=hidden)
    mask.attrs = {}
    out = status.mark(out, "suppressed", at=mask) if hidden.any() else out
    return out.transpose(*table.dims)
