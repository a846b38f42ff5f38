"""A figure with its range: what the adjustments take and return."""

from __future__ import annotations

import json
from typing import Any

import xarray as xr

from migov.core import status
from migov.core.definition import Definition, define, definition_of
from migov.core.errors import DefinitionError, KindError
from migov.core.inputs import check_values
from migov.core.partition import check_additive
from migov.core.vocabulary import check_dimensions

Figures = xr.DataArray | xr.Dataset
PARTS = ("value", "lowest", "highest")


def parts_of(x: Figures, where: str) -> tuple[dict[str, xr.DataArray], list[Any]]:
    """Return the three figures of an argument, and the adjustments made before."""
    if isinstance(x, xr.Dataset) and set(PARTS) <= set(x.data_vars):
        parts = {name: x[name] for name in PARTS}
        done = json.loads(x.attrs.get("adjustments", "[]"))
    elif isinstance(x, xr.DataArray):
        parts, done = dict.fromkeys(PARTS, x), []
    else:
        raise KindError(
            where,
            f"x is a {type(x).__name__}",
            "a DataArray, or the Dataset of an earlier adjustment",
            None,
            "x",
        )
    for part in parts.values():
        check_dimensions(part, where, "x")
        check_additive(part, where, "x")
    parts = {name: check_values(part, "nonnegative", where, "x") for name, part in parts.items()}
    return parts, done


def declared(x: xr.DataArray, where: str) -> Definition:
    """Return the definition of an array.

    Raises
    ------
    DefinitionError
        It is undeclared.
    """
    found = definition_of(x)
    if found is None:
        raise DefinitionError(
            where,
            "x is undeclared; nothing can be adjusted that does not say who is counted",
            "x = migov.define(x, migov.definitions.…)",
            5,
            "x",
        )
    return found


def result(
    parts: dict[str, xr.DataArray],
    like: xr.DataArray,
    definition: Definition,
    done: list[Any],
    step: dict[str, Any] | None,
) -> xr.Dataset:
    """Put the three figures together, with unit, definition, status and trace."""
    trace = json.dumps([*done, step] if step else done, sort_keys=True)
    out = {}
    for name, part in parts.items():
        new = part.copy(deep=False)
        new.attrs = {
            "units": like.attrs["units"],
            "long_name": str(like.attrs.get("long_name", "adjusted figure")),
            "adjustments": trace,
        }
        new = define(new, definition)
        out[name] = status.mark(new, "estimated") if step else new
    return xr.Dataset(out, attrs={"adjustments": trace})
