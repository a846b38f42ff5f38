"""Parameters: fields of indicators checked from their annotation, and single numbers."""

from __future__ import annotations

import typing
from typing import Any, Literal

import attrs
import numpy as np

from migov.core.errors import ParameterError

_KINDS: dict[Any, tuple[type, ...]] = {
    int: (int,),
    float: (int, float),
    str: (str,),
    bool: (bool,),
}


def _validate(instance: Any, attribute: Any, value: Any) -> None:
    """Check a parameter against its annotation and bounds."""
    where, name, rules = type(instance).__name__, attribute.name, attribute.metadata
    hint = _hints(type(instance)).get(name)
    if typing.get_origin(hint) is Literal:
        options = typing.get_args(hint)
        if value not in options:
            raise ParameterError(
                where, f"{name}={value!r}", "one of " + ", ".join(map(repr, options)), 9, name
            )
        return
    kinds = _KINDS.get(hint)
    if hint in (int, float) and (same := _number(value, hint)) is not None:
        # NumPy's numbers and whole floats are the number meant: equal, hashable, JSON.
        object.__setattr__(instance, name, same)
        value = same
    wrong = kinds is not None and (
        not isinstance(value, kinds) or (isinstance(value, bool) and hint is not bool)
    )
    if wrong or (isinstance(value, float) and value != value):
        raise ParameterError(
            where,
            f"{name}={value!r}, expected {getattr(hint, '__name__', hint)}",
            f"{name}={_meant(value, hint, attribute.default)}",
            9,
            name,
        )
    low, high = rules.get("ge"), rules.get("le")
    if (low is not None and value < low) or (high is not None and value > high):
        span = " and ".join(
            part
            for part in (
                f"≥ {low}" if low is not None else "",
                f"≤ {high}" if high is not None else "",
            )
            if part
        )
        raise ParameterError(
            where,
            f"{name}={value!r}, expected {span}",
            f"{name}={low if low is not None else high}",
            9,
            name,
        )


_KIND_SHOWN: dict[Any, str] = {int: "1", float: "1.0", bool: "True", str: '"…"'}
"""How a value of each kind is written where neither the given one nor a default tells."""


def _number(value: Any, hint: Any) -> Any:
    """Return a number as the built-in kind, if it is one and says the same."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    if hint is float:
        return value if isinstance(value, int) else float(value)
    return int(value) if float(value).is_integer() else None


def _meant(value: Any, hint: Any, default: Any) -> str:
    """Return how the value given is probably written, else the default."""
    if hint in (int, float) and not isinstance(value, bool | np.bool_):
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if np.isfinite(number):
            return repr(int(number) if hint is int else number)
    if hint is str and isinstance(value, int | float):
        return repr(str(value))
    known = default is not attrs.NOTHING and type(default) in (int, float, bool, str)
    return repr(default) if known else _KIND_SHOWN.get(hint, "…")


_HINTS: dict[type, dict[str, Any]] = {}


def _hints(cls: type) -> dict[str, Any]:
    if cls not in _HINTS:
        _HINTS[cls] = typing.get_type_hints(cls)
    return _HINTS[cls]


def parameter(
    *,
    default: Any = attrs.NOTHING,
    help: str,  # noqa: A002 - the word that argument parsers made common
    unit: str = "",
    ge: float | None = None,
    le: float | None = None,
) -> Any:
    """Return a field of an indicator; type and choices are checked from its annotation.

    Parameters
    ----------
    default : object, optional
        A parameter without a default has to be given.
    help : str
        One line of explanation.
    unit : str, optional
        Unit of the number.
    ge, le : float, optional
        Least and greatest value.
    """
    metadata = {"help": help, "unit": unit, "ge": ge, "le": le}
    return attrs.field(default=default, validator=_validate, metadata=metadata)


def number(
    value: Any,
    where: str,
    name: str,
    low: float = -np.inf,
    high: float = np.inf,
    what: str = "",
    *,
    ends: bool = True,
) -> float:
    """Return a single number within bounds, which themselves are allowed or not.

    Parameters
    ----------
    value : object
        What was given.
    where, name : str
        The call and the argument that an error names.
    low, high : float
        The bounds.
    what : str
        What an error asks for; a number within the bounds where empty.
    ends : bool
        Whether the bounds themselves are allowed.

    Raises
    ------
    ParameterError
        No number, NaN, or outside.

    Examples
    --------
    >>> number(0.5, "call", "least", low=0.0, high=1.0)
    0.5
    """
    plain = isinstance(value, int | float | np.integer | np.floating) and not isinstance(
        value, bool
    )
    if not plain or not (low <= value <= high if ends else low < value < high):
        limits = what or f"a number from {low:g} to {high:g}"
        raise ParameterError(where, f"{name}={value!r}", limits, 9, name)
    return float(value)
