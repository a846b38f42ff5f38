"""Reading a register of measures from the rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from migov.core.errors import DataError, MigovError
from migov.governance.asked import cell_text
from migov.governance.measures import Measure


def measures(rows: Iterable[Mapping[Any, Any]]) -> list[Measure]:
    """Return the measures of a table.

    Raises
    ------
    DataError
        All rows that are no measures, told together.
    """
    found, faults = [], []
    for place, row in enumerate(rows):
        try:
            found.append(_measure(row))
        except (MigovError, ValueError) as fault:
            told = fault.what if isinstance(fault, MigovError) else str(fault)
            name = cell_text(row.get("id", "")) or "without id"
            faults.append(f"row {place}, {name}: {told.removeprefix(f'{name!r}: ')}")
    if faults:
        raise DataError(
            "Register.from_frame",
            faults[0],
            "mend these cells, or leave the rows out",
            9,
            "frame",
            tuple(faults),
        )
    return found


def _measure(row: Mapping[Any, Any]) -> Measure:
    """Return one measure from the cells of a row."""
    told: dict[str, Any] = {}
    for key, cell in row.items():
        text = "" if cell is None or pd.isna(cell) else cell_text(cell)
        if key in ("cost", "benefit"):
            told[key] = _number(key, text)
        elif key == "duration":
            told[key] = _whole(text or "1")
        elif key in ("roles", "needs", "conflicts"):
            told[key] = tuple(filter(None, re.split(r"[\s,;]+", text)))
        elif key in ("raises", "heard"):
            told[key] = tuple(_pair(key, part) for part in _parts(key, text))
        elif text or key in ("id", "title"):
            told[str(key)] = text
    if not told.get("id"):
        raise ValueError("no id")
    return Measure(**told)


def _parts(key: str, text: str) -> list[str]:
    """Return the parts of a cell; groups may have blanks in their names, items have none."""
    split = re.split(r"[;,]" if key == "heard" else r"[\s,;]+", text)
    return [part.strip() for part in split if part.strip()]


def _pair(key: str, part: str) -> tuple[str, str]:
    name, _, value = (piece.strip() for piece in part.partition("="))
    if not name or not value:
        shape = "unions=2020-02-01" if key == "heard" else "D2A=1"
        raise ValueError(f"{key} holds {part!r}, which is not written as {shape}")
    return name, value


def _whole(text: str) -> int:
    """Return whole years; a workbook writes 2 as 2.0, and 1.7 is none."""
    number = _number("duration", text)
    if not number.is_integer():
        raise ValueError(f"duration={text!r} is no whole number of years")
    return int(number)


def _number(key: str, text: str) -> float:
    try:
        return float(text or "0")
    except ValueError:
        raise ValueError(f"{key}={text!r} is no number; its unit goes to 'unit'") from None
