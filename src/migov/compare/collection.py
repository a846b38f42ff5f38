"""A blank table to collect what is needed, as CSV or XLSX, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import numpy as np
import pandas as pd
import xarray as xr

from migov.compare.listed import PREFILLED, code_lists, dims_of, ready_made
from migov.compare.needs import contracts_of
from migov.core import areas
from migov.core.errors import CodeError, DataError, InputError, KindError, ParameterError, need
from migov.core.frame import from_frame
from migov.core.inputs import CURRENCY, Input
from migov.core.vocabulary import DIMENSIONS

_FIRST = ("variable", "time")
_LAST = ("value", "unit", "status", "definition", "source", "note")
_MOST_ROWS = 1_000_000
_MOST_BYTES = 200_000_000
_MOST_UNPACKED = 1_000_000_000


def _file(path: Any, where: str) -> Path:
    if not isinstance(path, str | PathLike):
        told = f"path is a {type(path).__name__}"
        raise KindError(where, told, "the name of a file, ending in .csv or .xlsx", None, "path")
    return Path(path)


def blank(needs: xr.Dataset, *, area: Sequence[str] = (), time: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows of a template: one for each requirement, area, date and class.

    Classes are written in where there is one usual list: sex, five-year ages, the major groups
    of ISCO-08, three bands of ISCED 2011, the sections of ISIC Rev. 4. They may be replaced by
    finer ones.

    Parameters
    ----------
    needs : Dataset
        From :func:`requirements`.
    area : sequence of str, optional
        Codes or names of the areas that report; without them the column is blank.
    time : sequence of str, optional
        ISO dates for stocks, years or intervals for flows; without them the column is blank.

    Raises
    ------
    CodeError
        An area is unknown.
    ParameterError
        There would be more rows than a sheet holds.

    Examples
    --------
    >>> import migov as mg
    >>> from migov.compare.needs import requirements
    >>> rows = blank(requirements([mg.OldAgeDependencyRatio]), area=["MDA"], time=["2024-01-01"])
    >>> len(rows), rows.columns.tolist()[:4]
    (18, ['variable', 'time', 'area', 'age'])
    """
    where = "template"
    dims = dims_of(needs, where)
    contracts = contracts_of(needs, where)
    codes = [areas.code(item, where) for item in area] or [""]
    used = [dim for dim in DIMENSIONS if any(dim in part for part in dims.values())]
    used += [dim for part in dims.values() for dim in part if dim not in used]
    columns = list(dict.fromkeys([*_FIRST, *used, *_LAST]))
    rows: list[dict[str, str]] = []
    for name, part in dims.items():
        filled = {"time": list(time) or [""], part[0]: codes}
        filled |= {dim: list(PREFILLED[dim]) for dim in part if dim in PREFILLED}
        index = pd.MultiIndex.from_product(list(filled.values()), names=list(filled))
        if len(rows) + len(index) > _MOST_ROWS:
            raise ParameterError(where, f"more than {_MOST_ROWS:,} rows", "fewer dates", 9, "time")
        unit = contracts[name].unit
        unit = "" if CURRENCY in unit else unit
        rows += [
            dict.fromkeys(columns, "")
            | {"variable": name, "unit": unit}
            | dict(zip(filled, values, strict=True))
            for values in index
        ]
    return pd.DataFrame(rows, columns=columns, dtype=str)


def template(
    needs: xr.Dataset,
    path: str | Path,
    *,
    area: Sequence[str] = (),
    time: Sequence[str] = (),
) -> Path:
    """Write a blank table for what is needed; :func:`read_template` reads it when filled.

    Parameters
    ----------
    needs : Dataset
        From :func:`requirements`.
    path : str or Path
        Ends in ``.csv`` or ``.xlsx``. A workbook has the sheets data, codes and requirements,
        and offers the codes of each column; a table of comma-separated values has the codes
        in a second file beside it, ``…_codes.csv``.
    area, time : sequence of str, optional
        See :func:`blank`.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    ExtraError
        xlsxwriter is not installed.
    ParameterError
        The path ends in something else.

    Examples
    --------
    >>> import tempfile
    >>> import migov as mg
    >>> from migov.compare.needs import requirements
    >>> needs = requirements([mg.OldAgeDependencyRatio])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     template(needs, Path(folder, "needs.csv"), area=["MDA"]).name
    'needs.csv'
    """
    where = "template"
    file = _file(path, where)
    rows, codes = blank(needs, area=area, time=time), code_lists(needs)
    if file.suffix == ".csv":
        rows.to_csv(file, index=False)
        codes.to_csv(file.with_name(f"{file.stem}_codes.csv"), index=False)
    elif file.suffix == ".xlsx":
        _workbook(file, rows, codes, needs)
    else:
        raise ParameterError(where, f"path ends in {file.suffix!r}", ".csv or .xlsx", 9, "path")
    return file


def _workbook(file: Path, rows: pd.DataFrame, codes: pd.DataFrame, needs: xr.Dataset) -> None:
    try:
        import xlsxwriter
    except ImportError as fault:
        raise need("xlsxwriter", "io", "template") from fault
    told = needs.drop_vars(["contract", "collects"], errors="ignore").to_dataframe()
    told = told.reset_index().drop(columns="actor", errors="ignore").drop_duplicates()
    # Nothing that a cell holds may run as a formula when the file is opened.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(file), options) as book:
        bold = book.add_format({"bold": True})
        for title, table in (("data", rows), ("codes", codes), ("requirements", told)):
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for j, name in enumerate(table.columns):
                sheet.write_string(0, j, str(name), bold)
                for i, value in enumerate(table[name].astype(str), 1):
                    if value:
                        sheet.write_string(i, j, value)
            if title == "data":
                _offer(sheet, table, codes)


def _offer(sheet: Any, table: pd.DataFrame, codes: pd.DataFrame) -> None:
    """Offer the codes of each column, and numbers only in the column of values."""
    last = max(len(table), 1) + 10_000
    roles = ("area", "origin", "destination", "citizenship", "birthplace")
    for j, name in enumerate(table.columns):
        places = np.flatnonzero(codes["column"] == ("area" if name in roles else name))
        places = places[codes["code"].to_numpy()[places] != ""]
        if len(places):
            source = f"=codes!$B${places[0] + 2}:$B${places[-1] + 2}"
            sheet.data_validation(1, j, last, j, {"validate": "list", "source": source})
        elif name == "value":
            rule = {"validate": "decimal", "criteria": "between"}
            sheet.data_validation(1, j, last, j, rule | {"minimum": -1e15, "maximum": 1e15})


def read_template(path: str | Path, needs: xr.Dataset) -> dict[str, xr.DataArray]:
    """Read a filled template whole, with all its faults told together.

    Parameters
    ----------
    path : str or Path
        The file; formulas are not run.
    needs : Dataset
        The requirements that it was written for.

    Returns
    -------
    dict of str to DataArray
        Each requirement that has rows with a value or a status, with unit, definition, status
        and source. A row without either is left out.

    Raises
    ------
    InputError
        The file is absent or damaged, or no row is filled, as in a template that is blank still.
    DataError
        Unknown variables or definitions, several units of one variable, and whatever
        :func:`migov.from_frame` refuses; rows are named as in the sheet, the header being 1.
    ExtraError
        python-calamine is not installed.

    Examples
    --------
    >>> import tempfile
    >>> import migov as mg
    >>> from migov.compare.needs import requirements
    >>> needs = requirements([mg.OldAgeDependencyRatio])
    >>> rows = blank(needs, area=["MDA"], time=["2024-01-01"]).assign(value="1000")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "needs.csv")
    ...     rows.to_csv(path, index=False)
    ...     found = read_template(path, needs)
    >>> dict(found["population by age"].sizes)
    {'area': 1, 'age': 18, 'time': 1}
    """
    where = "read_template"
    dims = dims_of(needs, where)
    contracts = contracts_of(needs, where)
    frame = _rows(_file(path, where), where)
    absent = [name for name in (*_FIRST, "value", "unit") if name not in frame]
    if absent:
        raise InputError(
            where,
            f"the table has no column {', '.join(absent)}",
            "template(needs, …)",
            None,
            "path",
        )
    for name in ("status", "definition", "source"):
        frame[name] = frame.get(name, "")
    frame = frame[(frame["value"] != "") | (frame["status"] != "")]
    if not len(frame):
        raise InputError(
            where,
            f"no row of {Path(path).name} has a value or a status",
            "fill the column value, or say in status why there is none",
            7,
            "path",
        )
    out, faults = {}, []
    for name in frame["variable"].unique():
        part = frame[frame["variable"] == name]
        if name not in dims:
            faults.append(
                f"'variable': {name!r} is not among the requirements (row {part.index[0]})"
            )
            continue
        try:
            out[name] = _variable(part, name, dims[name], contracts[name], where)
        except DataError as fault:
            # The hint on reading files does not fit: a template is always read as text.
            faults += [f"{name}: {text.partition(': pd.read_csv')[0]}" for text in fault.faults]
        except (KindError, ValueError, KeyError) as fault:
            faults.append(f"{name}: {getattr(fault, 'what', fault)}")
    if faults:
        several = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise DataError(
            where, f"{several} in {Path(path).name}", "nothing was read; mend these rows",
            None, "path", tuple(faults),
        )  # fmt: skip
    return out


def _variable(
    part: pd.DataFrame, name: str, dims: Sequence[str], contract: Input, where: str
) -> xr.DataArray:
    kind = contract.kind
    unit = part["unit"].unique()
    told = part["definition"].unique()
    if len(unit) > 1 or len(told) > 1:
        what = "units" if len(unit) > 1 else "definitions"
        values = unit if len(unit) > 1 else told
        shown = ", ".join(repr(str(value)) for value in values[:3])
        raise DataError(
            where,
            "",
            "one unit and one definition for each variable",
            None,
            "path",
            (f"several {what}: {shown}",),
        )
    ready = ready_made()
    if told[0] and told[0] not in ready:
        raise CodeError(
            where,
            f"definition {told[0]!r} is none of migov.definitions",
            "a name of the sheet codes, or leave it empty",
        )
    filled = [d for d in DIMENSIONS if d in part and d != "time" and (part[d] != "").any()]
    columns = list(dict.fromkeys([*(d for d in dims if d in part), *filled]))
    flow = kind == "flow" or not part["time"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
    found = from_frame(
        part,
        value="value",
        unit=str(unit[0]),
        dims={**{d: d for d in columns}, "time": "period" if flow and kind != "stock" else "time"},
        time="year" if kind != "stock" else None,
        definition=ready.get(str(told[0])),
        status="status",
        name=name,
        signed=contract.values == "any",
    )
    # One indicator has a dimension of this name: its column then holds labels.
    told_sources: list[str] = [] if "source" in dims else part["source"].unique().tolist()
    sources = "; ".join(text for text in told_sources if text)
    return found.assign_attrs(source=sources) if sources else found


def _rows(file: Path, where: str) -> pd.DataFrame:
    """Return the rows as text, numbered as in the sheet."""
    if not file.is_file():
        raise InputError(
            where,
            f"there is no file {file.name}",
            "path= the file that template(needs, …) wrote",
            None,
            "path",
        )
    if file.stat().st_size > _MOST_BYTES:
        raise InputError(
            where,
            f"{file.name} has more than 200 MB",
            "split the table by areas or dates",
            None,
            "path",
        )
    if file.suffix == ".csv":
        try:
            frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        except ValueError as fault:  # another encoding, or rows of unequal length
            what = f"{file.name} cannot be read: {fault}"
            raise InputError(where, what, "save it as CSV in UTF-8", None, "path") from fault
    elif file.suffix == ".xlsx":
        frame = _sheet(file, where)
    else:
        raise ParameterError(where, f"path ends in {file.suffix!r}", ".csv or .xlsx", 9, "path")
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return pd.DataFrame({name: frame[name].str.strip() for name in frame.columns})


def _sheet(file: Path, where: str) -> pd.DataFrame:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError as fault:
        raise need("python-calamine", "io", where) from fault
    if is_zipfile(file):
        with ZipFile(file) as packed:
            size = sum(item.file_size for item in packed.infolist())
        if size > _MOST_UNPACKED:
            raise InputError(
                where,
                f"{file.name} unpacks to {size:,} bytes",
                "save the sheet data alone, or as CSV",
                None,
                "path",
            )
    try:
        cells = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("data").to_python()
    except Exception as fault:  # the reader has no common error of its own
        raise InputError(
            where,
            f"{file.name} cannot be read: {fault}",
            "save it as XLSX with the sheet data, or as CSV in UTF-8",
            None,
            "path",
        ) from fault
    if not cells:
        raise InputError(
            where,
            f"the sheet data of {file.name} is empty",
            "template(needs, …) writes one anew",
            None,
            "path",
        )
    rows = [[_text(cell) for cell in row] for row in cells]
    return pd.DataFrame(rows[1:], columns=rows[0])


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float):
        return repr(cell)
    return str(cell)[:10] if hasattr(cell, "isoformat") else str(cell)
