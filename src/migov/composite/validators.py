"""Validators of the parameters of choices."""

from __future__ import annotations

import math
from collections.abc import Iterable
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


def text(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is no text."""
    if not isinstance(value, str):
        refuse(instance, attribute.name, f"{attribute.name}={value!r:.60}", "a text")


def one_of(*choices: str) -> Any:
    """Return a validator of a closed list."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if not isinstance(value, str) or value not in choices:
            listed = ", ".join(map(repr, choices))
            refuse(instance, attribute.name, f"{attribute.name}={value!r}", f"one of {listed}")

    return check


SLACK = 1e-9
"""By what decimal weights may miss a sum of one: thirds and tenths are no binary fractions."""


def sum_astray(weights: Iterable[float]) -> float | None:
    """Return the sum of weights that should be one and is not, None where all is well.

    Whole numbers are relative (1 and 2 are a third and two thirds), as in an instrument of
    :mod:`migov.governance`; decimals have to add up to one within :data:`SLACK`.

    Examples
    --------
    >>> sum_astray([0.1, 0.2, 0.7]), sum_astray([1, 1, 2]), sum_astray([0.5, 0.6])
    (None, None, 1.1)
    """
    told = [float(weight) for weight in weights]
    whole = math.fsum(told)
    if all(weight.is_integer() for weight in told) or abs(whole - 1.0) <= SLACK:
        return None
    return whole


def real(default: float | None = None) -> Any:
    """Return a field that holds a finite number."""
    if default is None:
        return attrs.field(validator=number)
    return attrs.field(default=default, validator=number)
