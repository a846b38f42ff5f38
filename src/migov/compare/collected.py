"""A filled template read whole, with all its faults told together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict
from zipfile import ZipFile, is_zipfile

import pandas as pd
import xarray as xr

from migov.compare.collection import FIRST, file_of
from migov.compare.listed import dims_of, ready_made
from migov.compare.needs import contracts_of
from migov.core.errors import (
    CodeError,
    DataError,
    InputError,
    KindError,
    ParameterError,
    TimeError,
    UnitError,
    need,
)
from migov.core.frame import from_frame
from migov.core.inputs import CURRENCY, Input
from migov.core.vocabulary import DIMENSIONS

_MOST_BYTES = 200_000_000
_MOST_UNPACKED = 1_000_000_000


def read_template(
    path: str | Path,
    needs: xr.Dataset,
    *,
    thousands: str | None = None,
    decimal: str | None = None,
    marks: Mapping[str, str] | None = None,
) -> dict[str, xr.DataArray]:
    """Read a filled template whole, with all its faults told together.

    Parameters
    ----------
    path : str or Path
        The file; formulas are not run.
    needs : Dataset
        The requirements that it was written for.
    thousands, decimal, marks
        How numbers and flags are written, as in :func:`migov.from_frame`.

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
    >>> from migov.compare.collection import blank
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
    frame = _rows(file_of(path, where), where)
    absent = [name for name in (*FIRST, "value", "unit") if name not in frame]
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
            how: _Written = {"thousands": thousands, "decimal": decimal, "marks": marks}
            out[name] = _variable(part, name, dims[name], contracts[name], how, where)
        except DataError as fault:
            faults += [f"{name}: {_without_hints(text)}" for text in fault.faults]
        except TimeError as fault:
            told = "a date, such as 2024-01-01, in the column time"
            if contracts[name].kind == "flow":
                told = "a year, 2024, or an interval, 2024-01-01/2025-01-01, in the column time"
            faults.append(f"{name}: {fault.what}: write {told}")
        except UnitError as fault:
            unit = contracts[name].unit.replace(CURRENCY, "EUR")
            faults.append(f"{name}: {fault.what}: write such as {unit!r} in the column unit")
        except (KindError, ValueError, KeyError) as fault:
            faults.append(f"{name}: {getattr(fault, 'what', fault)}")
    if faults:
        several = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise DataError(
            where, f"{several} in {Path(path).name}", "nothing was read; mend these rows",
            None, "path", tuple(faults),
        )  # fmt: skip
    return out


class _Written(TypedDict):
    """How the cells of a template are written."""

    thousands: str | None
    decimal: str | None
    marks: Mapping[str, str] | None


def _without_hints(text: str) -> str:
    """Return a fault without the arguments of ``from_frame`` that a template has no use for."""
    for hint in (": pd.read_csv", ": signed=True", ": dims="):
        text = text.partition(hint)[0]
    return text


def _variable(
    part: pd.DataFrame,
    name: str,
    dims: Sequence[str],
    contract: Input,
    how: _Written,
    where: str,
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
        ignore=("note", "definition", "source"),
        **how,
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
