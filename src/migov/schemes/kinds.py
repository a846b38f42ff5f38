"""Whether the fields of a specification hold what their annotation says, told in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import attrs
import numpy as np

from migov.core.errors import DataError, ParameterError

Test = Callable[[Any], bool]
Made = TypeVar("Made")


def from_text(
    kind: type[Made], text: str, parts: Mapping[str, Callable[..., Any]], noun: str
) -> Made:
    """Return the specification that a JSON text tells, with `parts` of it made first.

    Raises
    ------
    DataError
        The fields cannot be together.
    ParameterError
        The text is damaged, or holds other fields.
    """
    try:
        fields = json.loads(text)
        for name, part in parts.items():
            fields[name] = tuple(part(**one) for one in fields.get(name, ()))
        return kind(**fields)
    except (ValueError, TypeError, AttributeError) as fault:
        if isinstance(fault, DataError):
            raise
        raise ParameterError(
            kind.__name__,
            f"{str(text)[:60]!r} is no {noun}: {fault}",
            f"a text of {kind.__name__}.to_json()",
            9,
            "text",
        ) from fault


def is_number(value: Any) -> bool:
    """Tell whether it is a finite number, truth values left out.

    Examples
    --------
    >>> is_number(3), is_number(True), is_number(float("nan"))
    (True, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def one_of(value: Any, allowed: Iterable[str], where: str, argument: str) -> str:
    """Return a word that is one of those allowed.

    Raises
    ------
    ParameterError
        It is another, or no word.

    Examples
    --------
    >>> one_of("year", ("year", "month"), "simulate", "report")
    'year'
    """
    words = tuple(allowed)
    if not isinstance(value, str) or value not in words:
        raise ParameterError(where, f"{argument}={_short(value)}", " | ".join(words), 9, argument)
    return value


def labels_of(members: Any, where: str) -> list[Any] | None:
    """Return the labels of members from their number or from the labels, None for none.

    Raises
    ------
    ParameterError
        It is neither.
    """
    if members is None:
        return None
    if _is_int(members) and members > 0:
        return list(range(members))
    labels = list(members) if isinstance(members, list | tuple | range) else []
    if isinstance(members, np.ndarray) and members.ndim == 1:
        labels = list(members)
    plain = all(isinstance(one, int | str | np.integer) for one in labels)
    if not labels or not plain or len(set(labels)) < len(labels):
        raise ParameterError(
            where, f"members={_short(members)}", "a number from 1, or labels of their own", 9,
            "members",
        )  # fmt: skip
    return labels


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _each(test: Test) -> Test:
    return lambda value: isinstance(value, tuple) and all(map(test, value))


def _is_dated(value: Any) -> bool:
    return is_number(value) or (
        isinstance(value, tuple)
        and all(
            isinstance(one, tuple) and len(one) == 2 and _is_text(one[0]) and is_number(one[1])
            for one in value
        )
    )


def _or_none(test: Test) -> Test:
    return lambda value: value is None or test(value)


_TESTS: dict[str, tuple[Test, str]] = {
    "str": (_is_text, "a text"),
    "bool": (lambda value: isinstance(value, bool), "True or False"),
    "int": (_is_int, "a whole number"),
    "int | None": (_or_none(_is_int), "a whole number or None"),
    "float": (is_number, "a finite number"),
    "float | None": (_or_none(is_number), "a finite number or None"),
    "tuple[str, ...]": (_each(lambda one: _is_text(one) and bool(one.strip())), "texts"),
    "tuple[int, ...]": (_each(_is_int), "whole numbers"),
    "tuple[float, ...]": (_each(is_number), "finite numbers"),
    "float | tuple[tuple[str, float], ...] | None": (
        _or_none(_is_dated), "a finite number, pairs of a date and a number, or None",
    ),
}  # fmt: skip


def wrong_kinds(one: Any) -> list[str]:
    """Return the fields of an attrs instance whose value is of another kind than it says.

    Parameters
    ----------
    one : attrs instance
        Its annotations are texts; those that are not in the table must hold a tuple.
    """
    found = []
    for field in attrs.fields(type(one)):
        value = getattr(one, field.name)
        test, words = _TESTS.get(
            str(field.type), (lambda value: isinstance(value, tuple), "a list or tuple")
        )
        if not test(value):
            found.append(f"{field.name}={_short(value)}, expected {words}")
    return found


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
