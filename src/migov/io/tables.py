"""Tables of text to arrays and back. Layouts of publishers build on :func:`read_csv`."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from migov.core import ages, status
from migov.core.errors import DataError, FileError, KindError, ParameterError
from migov.core.frame import from_frame
from migov.core.vocabulary import DIMENSIONS

if TYPE_CHECKING:
    from typing import Unpack

    from migov.core.table import Layout

MOST_BYTES = 2 * 1024**3
"""Size of an unpacked text beyond which it is refused."""


def read_csv(
    path: str | os.PathLike[str],
    *,
    separator: str = ",",
    encoding: str = "utf-8-sig",
    skip: int = 0,
    **layout: Unpack[Layout],
) -> xr.DataArray:
    r"""Return a table in a text file as an array.

    Every cell is read as text, so that Namibia stays ``NA`` and codes keep their zeros; faults
    name the lines of the file.

    Parameters
    ----------
    path : str or path
        A text file, or one packed with gzip (``.gz``).
    separator : str
        What parts the columns.
    encoding : str
        Of the text; a byte-order mark is left out.
    skip : int
        Lines before the header.
    **layout
        The keywords of :func:`migov.from_frame`: ``value``, ``unit``, ``dims``, ``time`` …

    Raises
    ------
    FileError
        Absent, in another encoding, packed beyond :data:`MOST_BYTES`, or no table: rows with more
        cells than the header, a column named twice, another separator.
    ParameterError
        `separator` is no sign, or `skip` no number of lines.
    DataError
        See :func:`migov.from_frame`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "stock.csv")
    ...     _ = file.write_text("iso2,persons\nNA,1\nDE,2\n")
    ...     x = read_csv(file, value="persons", unit="person", dims={"iso2": "area"})
    >>> x.area.values
    array(['NAM', 'DEU'], dtype='<U3')
    """
    return from_frame(read_text(path, separator=separator, encoding=encoding, skip=skip), **layout)


def read_text(
    path: str | os.PathLike[str],
    *,
    separator: str = ",",
    encoding: str = "utf-8-sig",
    skip: int = 0,
) -> pd.DataFrame:
    """Return a text file as a frame of texts, its index the lines of the file.

    Raises
    ------
    FileError
        See :func:`read_csv`.
    """
    where = "read_csv"
    if not isinstance(separator, str) or len(separator) != 1:
        told = f"separator={separator!r}, expected one sign"
        raise ParameterError(where, told, r"',', ';' or '\t'", None, "separator")
    if isinstance(skip, bool) or not isinstance(skip, int) or skip < 0:
        raise ParameterError(
            where, f"skip={skip!r}", "lines before the header, from 0", None, "skip"
        )
    text = _unpacked(_path(path, where), encoding, where)
    _check_header(text, separator, skip, where)
    try:
        with warnings.catch_warnings():
            # Cells beyond the header would be lost: 1,234 without quotes would be read as 1.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                io.StringIO(text),
                sep=separator,
                dtype=str,
                keep_default_na=False,
                skiprows=skip,
                skip_blank_lines=False,
                index_col=False,
            )
    except pd.errors.ParserWarning as fault:
        raise FileError(
            where,
            f"{path} has rows with more cells than the header",
            f"quote cells that hold {separator!r}, or separator= another sign",
            None,
            "path",
        ) from fault
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        raise FileError(
            where, f"{path} is no table: {fault}", "separator=, skip= …", None, "path"
        ) from fault
    broken = text.count("\n") + (not text.endswith("\n")) != len(frame) + 1 + skip
    frame.index = pd.RangeIndex(0, len(frame)) if broken else frame.index + skip + 2
    return frame[(frame != "").any(axis=1)]


def _path(path: object, where: str) -> Path:
    """Return a path.

    Raises
    ------
    KindError
        It is none.
    """
    if not isinstance(path, str | os.PathLike):
        told = f"path is a {type(path).__name__}"
        raise KindError(where, told, 'path="table.csv"', None, "path")
    return Path(os.fspath(path))


def _check_header(text: str, separator: str, skip: int, where: str) -> None:
    """Refuse a header that names a column twice, or that another sign parts."""
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    names = next(itertools.islice(rows, skip, None), [])
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        told = f"the header has {', '.join(map(repr, twice[:3]))} twice"
        raise FileError(where, told, "a name of its own for each column", None, "path")
    if len(names) == 1:
        sign = next((s for s in (";", "\t", ",", "|") if s in names[0] and s != separator), None)
        if sign is not None:
            told = f"the header is one cell, {names[0][:40]!r}"
            raise FileError(where, told, f"separator={sign!r}", None, "separator")


def _unpacked(path: Path, encoding: str, where: str) -> str:
    """Return the text of a file, if it is one and not endless."""
    if not path.is_file():
        raise FileError(
            where,
            f"there is no file {path}",
            "the path of a text file, from the folder that Python runs in",
            None,
            "path",
        )
    opener: Any = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rb") as file:
            raw: bytes = file.read(MOST_BYTES + 1)
    except (OSError, EOFError) as fault:
        raise FileError(
            where,
            f"{path} cannot be unpacked: {fault}",
            "fetch the file again, or unpack it first",
            None,
            "path",
        ) from fault
    if len(raw) > MOST_BYTES:
        raise FileError(
            where, f"{path} holds more than {MOST_BYTES:,} bytes", "read parts", None, "path"
        )
    try:
        text = raw.decode(encoding)
    except (UnicodeDecodeError, LookupError) as fault:
        mend = 'encoding="latin-1" or another'
        raise FileError(where, f"{path} is not {encoding}: {fault}", mend, None, "path") from fault
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def to_frame(x: xr.DataArray) -> pd.DataFrame:
    """Return an array as a tidy table, one value a row, that ``from_frame`` reads back.

    Parameters
    ----------
    x : DataArray
        Any array; scalar coordinates of the vocabulary become columns too.

    Returns
    -------
    DataFrame
        A column for each dimension, with codes as they are, ages as ``0-4`` and ``80+``, and
        dates as ISO 8601; ``period_end``; the values under the array's name or ``value``;
        ``unit``, of the array or of each label where it has a coordinate ``unit``;
        ``observation_status`` as names, where the array has one.

    Raises
    ------
    KindError
        `x` is no DataArray.
    DataError
        A dimension has no labels, or the name of the array is that of a column.

    Examples
    --------
    >>> x = xr.DataArray([3.0, 1.0], {"age": [0, 80], "age_width": ("age", [80, float("inf")])},
    ...     "age", "persons", {"units": "person"})
    >>> print(to_frame(x).to_string(index=False))
     age  persons   unit
    0-79      3.0 person
     80+      1.0 person
    """
    where = "to_frame"
    if not isinstance(x, xr.DataArray):
        raise KindError(
            where,
            f"x is a {type(x).__name__}, expected an xarray DataArray",
            "an array; for a Dataset to_frame(data['name'])",
            None,
            "x",
        )
    bare = [str(dim) for dim in x.dims if dim not in x.indexes]
    if bare:
        raise DataError(
            where, f"x has no labels along {', '.join(bare)}", "x.assign_coords(…)", 8, "x"
        )
    plain, flags = status.take(x)
    scalars = [name for name in plain.coords if name in DIMENSIONS and name not in plain.dims]
    whole = plain.expand_dims([name for name in scalars if plain.coords[name].ndim == 0])
    columns: dict[str, Any] = {}
    shape = whole.shape
    for axis, dim in enumerate(whole.dims):
        texts = {str(dim): _labels(whole, str(dim))}
        if dim == "period" and "period_end" in whole.coords:
            ends = np.broadcast_to(whole.coords["period_end"].values, (shape[axis],))
            texts["period_end"] = _dates(ends)
        for name, labels in texts.items():
            form = [1] * len(shape)
            form[axis] = -1
            columns[name] = np.broadcast_to(labels.reshape(form), shape).ravel()
    name = str(plain.name) if plain.name is not None else "value"
    if name in {*columns, "unit", status.NAME}:
        raise DataError(where, f"the name {name!r} is that of a column", 'x.rename("…")', 8, "x")
    columns[name] = whole.values.ravel()
    if "units" in plain.attrs:
        columns["unit"] = np.full(whole.size, plain.attrs["units"], dtype=object)
    elif "unit" in plain.coords:  # of each label its own, as beside the levers of a gap
        beside = whole.coords["unit"].broadcast_like(whole).transpose(*whole.dims)
        columns["unit"] = beside.values.ravel()
    if flags is not None:
        spread = flags.broadcast_like(whole).transpose(*whole.dims)
        told = {int(bits): " ".join(status.names(int(bits))) for bits in np.unique(spread.values)}
        columns[status.NAME] = [told[int(bits)] for bits in spread.values.ravel()]
    return pd.DataFrame(columns)


def _labels(x: xr.DataArray, dim: str) -> Any:
    """Return the labels of a dimension as a table writes them."""
    values = np.atleast_1d(x.coords[dim].values)
    if dim == "age" and "age_width" in x.coords:
        widths = ages.widths(x, "to_frame", "x")
        pairs = zip(values, widths, strict=True)
        return np.array([ages.label(lower, width) for lower, width in pairs], dtype=object)
    return _dates(values) if values.dtype.kind == "M" else values


def _dates(values: Any) -> Any:
    """Return dates as ISO 8601, with the time of day only where there is one."""
    days = values.astype("M8[D]")
    exact = bool((days == values).all())
    return np.datetime_as_string(days if exact else values.astype("M8[s]")).astype(object)


def write_csv(x: xr.DataArray, path: str | os.PathLike[str]) -> Path:
    """Write an array as a tidy table in UTF-8, numbers in full precision.

    The definition does not fit into a table: :func:`migov.io.write` keeps it.

    Parameters
    ----------
    x : DataArray
        See :func:`to_frame`.
    path : str or path
        The file; one of that name is replaced.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    FileError
        The folder is absent.
    """
    target = _path(path, "write_csv")
    frame = to_frame(x)
    if not target.parent.is_dir():
        raise FileError(
            "write_csv", f"there is no folder {target.parent}", "make it first", None, "path"
        )
    frame.to_csv(target, index=False, lineterminator="\n")
    return target
