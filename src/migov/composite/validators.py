"""Validators of the parameters of choices."""

from __future__ import annotations

import math
from typing import Any

import attrs

from migov.core.errors import ParameterError


def refuse(instance: Any, name: str, what: str, mend: str) -> None:
    """Refuse a parameter: what it is, and what it may be."""
    raise ParameterError(type(instance).__name__, what, mend, 9, name)


def number(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        refuse(instance, attribute.name, f"{attribute.name}={value!r}", "a finite number")


def numbers(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is no tuple of finite numbers."""
    if not isinstance(value, tuple):
        refuse(instance, attribute.name, f"{attribute.name}={value!r}", "a tuple of numbers")
    for one in value:
        number(instance, attribute, one)


def whole(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is no whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        refuse(instance, attribute.name, f"{attribute.name}={value!r}", "a whole number from 1")


def truth(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is neither True nor False."""
    if not isinstance(value, bool):
        refuse(instance, attribute.name, f"{attribute.name}={value!r}", "True or False")


def one_of(*choices: str) -> Any:
    """Return a validator of a closed list."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if value not in choices:
            listed = ", ".join(map(repr, choices))
            refuse(instance, attribute.name, f"{attribute.name}={value!r}", f"one of {listed}")

    return check


def real(default: float | None = None) -> Any:
    """Return a field that holds a finite number."""
    if default is None:
        return attrs.field(validator=number)
    return attrs.field(default=default, validator=number)
