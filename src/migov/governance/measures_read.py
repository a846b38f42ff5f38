"""Reading a register of measures from the rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migov.core.errors import InputError
from migov.governance.measures import Measure


def measure(row: Mapping[Any, Any]) -> Measure:
    """Return one measure from the cells of a table."""
    told: dict[str, Any] = {}
    for key, cell in row.items():
        text = "" if cell is None or cell != cell else str(cell).strip()
        if key in ("cost", "benefit"):
            told[key] = _cell(row, key, text, float)
        elif key == "duration":
            told[key] = _cell(row, key, text or "1", _whole)
        elif key in ("roles", "needs", "conflicts"):
            told[key] = tuple(text.split())
        elif key in ("raises", "heard"):
            parts = text.split(";") if key == "heard" else text.split()
            told[key] = tuple(
                (name.strip(), value.strip())
                for name, _, value in (part.partition("=") for part in parts if part.strip())
            )
        elif text or key in ("id", "title"):
            told[str(key)] = text
    if not told.get("id"):
        raise InputError("Register.from_frame", "a row has no id", "a column id", 9, "frame")
    return Measure(**told)


def _whole(text: str) -> int:
    """Return whole years; a workbook writes 2 as 2.0, and 1.7 is none."""
    if not float(text).is_integer():
        raise ValueError(text)
    return int(float(text))


def _cell(row: Mapping[Any, Any], key: str, text: str, read: Any) -> Any:
    try:
        return read(text or "0")
    except ValueError as fault:
        raise InputError(
            "Register.from_frame",
            f"{row.get('id')}: {key}={text!r} is no number",
            "a whole one for duration",
            9,
            "frame",
        ) from fault
