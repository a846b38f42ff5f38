"""Reading the rows of a round of dialogue from tables."""

from __future__ import annotations

from typing import Any

import attrs
import pandas as pd

from migov.core.errors import DataError
from migov.governance.asked import ask, cell_text

WHERE = "Round.from_frames"


def rows_of(kind: type[Any], table: Any) -> list[Any]:
    """Return the rows of a table as participants, proposals or positions.

    Raises
    ------
    DataError
        Foreign columns or some twice; all cells that lack or cannot be read, together.
    """
    name = f"{kind.__name__.lower()}s"
    ask(table, pd.DataFrame, WHERE, name, "a DataFrame")
    known = [field.name for field in attrs.fields(kind)]
    columns = list(map(str, table.columns))
    for told, wrong in (
        ("has no", [one for one in columns if one not in known]),
        ("has twice", [one for one in known if columns.count(one) > 1]),
    ):
        if wrong:
            raise DataError(
                WHERE, f"{kind.__name__} {told} {wrong[0]!r}", f"columns {', '.join(known)}", 9,
                name, tuple(wrong),
            )  # fmt: skip
    rows, faults = [], []
    for place, row in enumerate(table.to_dict("records")):
        try:
            cells = _plain(row)
            lacking = [
                field.name
                for field in attrs.fields(kind)
                if field.default is attrs.NOTHING and field.name not in cells
            ]
            if lacking:
                raise ValueError(f"no {' and no '.join(lacking)}")
            rows.append(kind(**cells))
        except ValueError as fault:
            faults.append(f"{kind.__name__} {place}: {fault}")
    if faults:
        raise DataError(
            WHERE, faults[0], "fill the cell, or leave the row out", 9, name, tuple(faults)
        )
    return rows


def _truth(cell: Any) -> bool:
    """Return yes or no; a word that is neither is not read as no."""
    text = str(cell).strip().casefold()
    if text in ("1", "1.0", "true", "yes"):
        return True
    if text in ("", "0", "0.0", "false", "no"):
        return False
    raise ValueError(f"red_line {cell!r} is neither yes nor no")


def _stance(cell: Any) -> Any:
    try:
        number = float(cell)
    except (TypeError, ValueError):
        raise ValueError(f"stance {cell!r:.40} is not -2 to 2") from None
    return int(number) if number.is_integer() else cell


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """Return the cells of a row, numbers and truth values as Python's own."""
    found: dict[str, Any] = {}
    for key, cell in row.items():
        if cell is None or pd.isna(cell):
            continue
        if key == "stance":
            found[key] = _stance(cell)
        elif key == "red_line":
            found[key] = _truth(cell)
        else:
            found[str(key)] = cell_text(cell)
    return found
