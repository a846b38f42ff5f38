"""What an argument has to be, asked in one line; exact numbers and sequences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from migov.core.errors import KindError, ParameterError
from migov.numeric.exact import fraction


def ask(value: Any, kind: Any, where: str, argument: str, mend: str) -> None:
    """Refuse an argument of another kind.

    Raises
    ------
    KindError
        It is no instance of `kind`.
    """
    if not isinstance(value, kind):
        raise KindError(where, f"{argument} is a {type(value).__name__}", mend, None, argument)


def ask_text(value: Any, where: str, argument: str, mend: str) -> None:
    """Refuse what is no text.

    Raises
    ------
    KindError
        See :func:`ask`.
    """
    ask(value, str, where, argument, mend)


def exact_text(value: Any) -> str:
    """Return a rational number as its shortest exact text.

    Raises
    ------
    ParameterError
        A binary float, or no number.

    Examples
    --------
    >>> exact_text("0.50"), exact_text(3)
    ('1/2', '3')
    """
    try:
        return str(fraction(value))
    except (TypeError, ValueError) as fault:
        raise ParameterError(
            "governance", str(fault), "write '1/3', '0.5' or 2", 9, "value"
        ) from fault


def as_tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    """Return values as a tuple; a text is no sequence of its letters."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise _no_sequence(values)
    try:
        return tuple(values)
    except TypeError as fault:
        raise _no_sequence(values) from fault


def exact_texts(values: Any) -> tuple[str, ...]:
    """Return several rational numbers as exact texts."""
    return tuple(exact_text(value) for value in as_tuple(values))


def _no_sequence(values: Any) -> ParameterError:
    return ParameterError(
        "governance", f"{values!r:.60} is no sequence", 'write ("a", "b")', 9, "values"
    )


def cell_text(cell: Any) -> str:
    """Return the cell of a table as text: a whole day without its hours, a whole number bare.

    A column of codes with a gap holds 1.0 where the workbook had 1.

    Examples
    --------
    >>> import pandas as pd
    >>> cell_text(pd.Timestamp("2024-03-01")), cell_text(1.0), cell_text(" a ")
    ('2024-03-01', '1', 'a')
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat().removesuffix("T00:00:00")
    return str(cell).strip()
