"""Checks of the other ways to one number: finer ages, and the rows of a survey."""

from __future__ import annotations

import inspect
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import ages, partition, units
from migov.core.definition import definition_of
from migov.core.errors import MigovError
from migov.core.inputs import CURRENCY
from migov.testing.subject import DoesNotApply, Subject, unlike


def age_groups(s: Subject) -> str | None:
    """An age group split in two that add up to it leaves the result."""
    kind: Any = s.cls
    limits = [
        field.name
        for field in attrs.fields(kind)
        if field.metadata.get("unit") == "year" or field.name in ("lower", "upper")
    ]
    aged = [name for name, x in s.inputs.items() if "age" in x.dims]
    if not (limits and aged):
        raise DoesNotApply("no limits of ages are parameters, or no input is by age")
    rates = [name for name in aged if not partition.additive(s.inputs[name].attrs["units"])]
    if rates:
        raise DoesNotApply(f"{rates[0]} is a rate, which does not add over ages")
    plain = s.call()
    if "age" in plain.dims:
        raise DoesNotApply("the result is by age itself")
    tried = False
    for place in range(s.inputs[aged[0]].sizes["age"]):
        halves = {name: _split(s.inputs[name], place) for name in aged}
        finer = {name: x for name, x in halves.items() if x is not None}
        if len(finer) < len(aged):
            continue
        group = _group(s.inputs[aged[0]], place)
        mend = "add ages with migov.ages_between, never pick a label"
        try:
            found = s.call(**finer)
        except MigovError:  # a formula of groups of five years may refuse others
            continue
        except KeyError as fault:  # xarray's, where a label is picked that is not there
            return f"ages {group} of {aged[0]} in two give a bare KeyError {fault}: {mend}"
        if set(found.dims) != set(plain.dims) or unlike(found.transpose(*plain.dims), plain, 1e-9):
            return f"ages {group} of {aged[0]} in two give another number: {mend}"
        tried = True
    if not tried:
        raise DoesNotApply("ages other than those of the case are refused")
    return None


def _ends(x: xr.DataArray, place: int) -> tuple[float, float]:
    """Return the lower bound and the width of an age group."""
    return float(x.coords["age"].values[place]), float(ages.widths(x, "age_groups")[place])


def _group(x: xr.DataArray, place: int) -> str:
    low, width = _ends(x, place)
    return f"{low:g}+" if np.isinf(width) else f"{low:g}-{low + width - 1:g}"


def _split(x: xr.DataArray, place: int) -> xr.DataArray | None:
    """Return an input with one age group in two, a quarter and the rest, or None if too narrow."""
    low, width = _ends(x, place)
    if width < 2:
        return None
    first = 5.0 if np.isinf(width) else width // 2
    parts = [x.isel(age=[i]) for i in range(x.sizes["age"])]
    one, rest = (parts[place].copy(data=parts[place].data * by) for by in (0.25, 0.75))
    one = one.assign_coords(age=[low], age_width=("age", [first]))
    rest = rest.assign_coords(age=[low + first], age_width=("age", [width - first]))
    out = xr.concat([*parts[:place], one, rest, *parts[place + 1 :]], "age")
    out.attrs = dict(x.attrs)
    return out.transpose(*x.dims)


def rows_agree(s: Subject) -> str | None:
    """The form for the rows of a survey gives the call's number for the case's cells as rows."""
    of_rows = getattr(s.made, "of_rows", None)
    if of_rows is None:
        raise DoesNotApply("the class has no of_rows")
    given = {name: _coherent(s, name) for name in s.inputs}
    whole = xr.broadcast(*given.values())
    rows = dict(zip(given, whole, strict=True))
    dims = {str(dim): one for one in whole for dim in one.dims if dim in one.indexes}
    values: dict[str, Any] = {}
    for name, argument in inspect.signature(of_rows).parameters.items():
        needed = argument.default is inspect.Parameter.empty
        if name == "definition":
            told = [definition_of(x) for x in s.inputs.values()]
            values[name] = next((one for one in told if one is not None), None)
        elif name in rows:
            values[name] = rows[name].values.ravel()
        elif name in dims:
            labels = dims[name].coords[name].broadcast_like(dims[name])
            values[name] = labels.transpose(*dims[name].dims).values.ravel()
            if labels.dtype.kind not in "iuf":
                values[name] = [str(one) for one in values[name]]
        elif needed:
            raise DoesNotApply(f"the case has neither an input nor a dimension {name!r}")
    rest = [name for name in rows if name not in values]
    if len(rest) > 1:
        raise DoesNotApply(f"which of {', '.join(rest)} is the weight of a row?")
    size = whole[0].size
    weights = rows[rest[0]].values.ravel() if rest else np.ones(size)
    quantity = of_rows(**values)
    plain = s.call()
    by = units.from_coherent(s.info.unit.replace(CURRENCY, s.currency))
    masks = _cells(plain, whole[0])
    found = np.array([quantity.value(np.where(m, np.nan_to_num(weights), 0.0)) for m in masks]) * by
    wanted = np.asarray(plain.values, float).ravel()
    if not np.allclose(found, wanted, rtol=1e-9, equal_nan=True):
        return f"of_rows gives {found.squeeze()}, the call {wanted.squeeze()} for the same rows"
    return None


def _coherent(s: Subject, name: str) -> xr.DataArray:
    x, declared = s.inputs[name], s.contracts[name].unit
    into = units.coherent(declared.replace(CURRENCY, s.currency))
    return x.copy(data=np.asarray(x.values, float) * units.factor(x.attrs["units"], into))


def _cells(plain: xr.DataArray, whole: xr.DataArray) -> list[Any]:
    """Return which rows stand behind each cell of a result, one mask a cell."""
    number = xr.DataArray(np.arange(plain.size).reshape(plain.shape), plain.coords, plain.dims)
    if not set(plain.dims) <= set(whole.dims):
        raise DoesNotApply("the result has a dimension that the rows have not")
    of_row = number.broadcast_like(whole).transpose(*whole.dims).values.ravel()
    return [of_row == cell for cell in range(plain.size)]
