"""Parameters of indicators: fields that are checked from their annotation."""

from __future__ import annotations

import typing
from typing import Any, Literal

import attrs

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
    wrong = kinds is not None and (
        not isinstance(value, kinds) or (isinstance(value, bool) and hint is not bool)
    )
    if wrong or (isinstance(value, float) and value != value):
        raise ParameterError(
            where,
            f"{name}={value!r}, expected {getattr(hint, '__name__', hint)}",
            f"{name}={_KIND_SHOWN.get(hint, '…')}",
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
"""How a value of each kind is written."""

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
