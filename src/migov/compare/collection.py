"""A blank table to collect what is needed, as CSV or XLSX."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from migov.compare.listed import PREFILLED, code_lists, dims_of
from migov.compare.needs import contracts_of
from migov.core import areas, times
from migov.core.errors import (
    FileError,
    KindError,
    ParameterError,
    TimeError,
    need,
)
from migov.core.inputs import CURRENCY, Input
from migov.core.vocabulary import DIMENSIONS

FIRST = ("variable", "time")
"""The columns that every template begins with."""
_LAST = ("value", "unit", "status", "definition", "source", "note")
_MOST_ROWS = 1_000_000


def file_of(path: Any, where: str) -> Path:
    """Return the path of a template.

    Raises
    ------
    KindError
        It is no name of a file.
    """
    if not isinstance(path, str | PathLike):
        told = f"path is a {type(path).__name__}"
        raise KindError(where, told, "the name of a file, ending in .csv or .xlsx", None, "path")
    return Path(path)


def blank(
    needs: xr.Dataset, *, area: str | Sequence[str] = (), time: str | Sequence[str] = ()
) -> pd.DataFrame:
    """Return the rows of a template: one for each requirement, area, date and class.

    Classes are written in where there is one usual list: sex, five-year ages, the major groups
    of ISCO-08, three bands of ISCED 2011, the sections of ISIC Rev. 4. They may be replaced by
    finer ones. Where the unit has money, the note says how to write it.

    Parameters
    ----------
    needs : Dataset
        From :func:`requirements`.
    area : str or sequence of str, optional
        Codes or names of the areas that report; without them the column is blank.
    time : str or sequence of str, optional
        ISO dates for stocks, years or intervals for flows; flows take the years of the dates
        where no year is given. Without them the column is blank.

    Raises
    ------
    CodeError
        An area is unknown.
    TimeError
        A stock is asked for and no date is given, or a time is neither date, year nor interval.
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
    areas_ = [area] if isinstance(area, str) else area
    codes = [areas.code(item, where) for item in areas_] or [""]
    dates, spans = _times([time] if isinstance(time, str) else list(time), where)
    used = [dim for dim in DIMENSIONS if any(dim in part for part in dims.values())]
    used += [dim for part in dims.values() for dim in part if dim not in used]
    columns = list(dict.fromkeys([*FIRST, *used, *_LAST]))
    rows: list[dict[str, str]] = []
    for name, part in dims.items():
        filled = {"time": _of_kind(contracts[name], name, dates, spans), part[0]: codes}
        filled |= {dim: list(PREFILLED[dim]) for dim in part if dim in PREFILLED}
        index = pd.MultiIndex.from_product(list(filled.values()), names=list(filled))
        if len(rows) + len(index) > _MOST_ROWS:
            raise ParameterError(where, f"more than {_MOST_ROWS:,} rows", "fewer dates", 9, "time")
        unit, note = contracts[name].unit, ""
        if CURRENCY in unit:
            told = unit.replace(CURRENCY, "EUR")
            unit, note = "", f"unit: {told} or million {told}, or another currency; one for all"
        rows += [
            dict.fromkeys(columns, "")
            | {"variable": name, "unit": unit, "note": note}
            | dict(zip(filled, values, strict=True))
            for values in index
        ]
    return pd.DataFrame(rows, columns=columns, dtype=str)


def _times(given: Sequence[Any], where: str) -> tuple[list[str], list[str]]:
    """Return the dates for stocks and the intervals for flows among what is given."""
    dates: list[str] = []
    spans: list[str] = []
    for one in given:
        kind, starts, _, faults = times.read([one], "year", where)
        if faults or np.isnat(starts).any():
            told = f"time holds {one!r}, which is no date, year or interval"
            raise TimeError(where, told, 'time=["2024-01-01"] or ["2024"]', 1, "time")
        text = str(starts[0])[:10] if kind == "time" else str(one).strip()
        (dates if kind == "time" else spans).append(text)
    return dates, spans


def _of_kind(contract: Input, name: str, dates: list[str], spans: list[str]) -> list[str]:
    """Return the times that a requirement has rows for."""
    if contract.kind == "stock" and spans and not dates:
        raise TimeError(
            "template",
            f"{name} is a stock, and time={spans!r} has no date",
            f'time=["{spans[0][:4]}-01-01"] or the date of yours, beside the years for flows',
            1,
            "time",
        )
    if contract.kind == "flow":
        return spans or list(dict.fromkeys(date[:4] for date in dates)) or [""]
    return dates or spans or [""]


def template(
    needs: xr.Dataset,
    path: str | Path,
    *,
    area: str | Sequence[str] = (),
    time: str | Sequence[str] = (),
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
    area, time : str or sequence of str, optional
        See :func:`blank`.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    ExtraError
        xlsxwriter is not installed.
    FileError
        The folder is absent.
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
    file = file_of(path, where)
    if not file.parent.is_dir():
        told = f"there is no folder {file.parent}"
        raise FileError(where, told, "make it first", None, "path")
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
