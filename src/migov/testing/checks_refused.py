"""Checks of what is refused: the wrong unit, value, dimension, definition, part or year."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import xarray as xr

from migov.core import units
from migov.core.definition import Definition, define, definition_of
from migov.core.errors import DefinitionError, InputError, MigovError, UnitError
from migov.testing.subject import DoesNotApply, Subject


def refused(
    s: Subject,
    name: str,
    bad: xr.DataArray,
    kind: type[MigovError] = MigovError,
    **others: xr.DataArray,
) -> bool:
    """Whether a bad input is refused with the kind of error meant, naming the argument."""
    try:
        s.call(**{**others, name: bad}).compute()
    except kind as fault:
        return name in str(fault)
    except Exception:  # any other kind is what the checks are for
        return False
    return False


def units_refused(s: Subject) -> str | None:
    """An absent unit and one of another dimension are refused, naming the argument."""
    for name, x in s.inputs.items():
        if not refused(s, name, x.drop_attrs().assign_attrs(_rest(x)), UnitError):
            return f"{name} without a unit is not refused"
        if not refused(s, name, x.assign_attrs(units="kilometre^7"), UnitError):
            return f"{name} in another dimension is not refused"
    return None


def _rest(x: xr.DataArray) -> dict[str, Any]:
    return {key: value for key, value in x.attrs.items() if key != "units"}


def _full(x: xr.DataArray, value: float) -> xr.DataArray:
    return x.copy(data=np.where(np.isnan(x.values), np.nan, value))


def values_refused(s: Subject) -> str | None:
    """Infinite, and where declared negative, numbers are refused, naming the argument."""
    for name, contract in s.contracts.items():
        if name not in s.inputs:
            continue
        if not refused(s, name, _full(s.inputs[name], np.inf)):
            return f"an infinite {name} is not refused"
        if contract.values != "any" and not refused(s, name, _full(s.inputs[name], -1.0)):
            return f"a negative {name} is not refused"
    return None


def dimensions_refused(s: Subject) -> str | None:
    """A needed dimension that is absent is refused; so is one that is nearly named right."""
    asked = False
    for name, contract in s.contracts.items():
        for dim in contract.needs:
            if name in s.inputs and dim in s.inputs[name].dims:
                asked = True
                x = s.inputs[name]
                if not refused(s, name, x.isel({dim: 0}, drop=True)):
                    return f"{name} without {dim!r} is not refused"
                if not refused(s, name, x.rename({dim: dim + "s"})):
                    return f"{name} with {dim + 's'!r} for {dim!r} is not refused"
    if not asked:
        raise DoesNotApply("no input needs a dimension")
    return None


def integer_year_refused(s: Subject) -> str | None:
    """A year as an integer is refused where a date is meant."""
    for name, x in s.inputs.items():
        bare = x.isel(time=0, drop=True) if "time" in x.dims else x
        if not refused(s, name, bare.expand_dims(time=[2020])):
            return f"{name} with an integer year is not refused"
    return None


def definitions_refused(s: Subject) -> str | None:
    """An undeclared definition that is needed is refused, and one of another population."""
    asked = False
    for name, contract in s.contracts.items():
        if contract.definition == "needed" and name in s.inputs:
            asked = True
            if not refused(s, name, define(s.inputs[name], None), DefinitionError):
                return f"{name} without a definition is not refused"
    for a, b in combinations(s.inputs, 2):
        shared = set(s.contracts[a].collector) & set(s.contracts[b].collector)
        if not shared or "territory" not in s.info.alike:
            continue
        asked = True
        north, south = (
            {name: define(s.inputs[name], _of(s, name, where))}
            for name, where in ((a, "the north"), (b, "the south"))
        )
        try:
            s.call(**north, **south)
        except DefinitionError:
            continue
        return f"{a} and {b} of unlike territories are not refused"
    if not asked:
        raise DoesNotApply("no definition is needed, and no two inputs are of one population")
    return None


def _of(s: Subject, name: str, territory: str) -> Definition:
    told = definition_of(s.inputs[name]) or Definition()
    return told.evolve(territory=territory)


def part_within_whole(s: Subject) -> str | None:
    """A part beyond its whole is refused, in memory and in the block; one as large is not."""
    if not s.info.within:
        raise DoesNotApply("no part of a whole is declared")
    for text, whole in s.info.within:
        parts = [name for name in text.split(" + ") if name in s.inputs]
        unknown = {whole, *text.split(" + ")} - set(s.contracts)
        if unknown:
            return f"within names {min(unknown)!r}, which is no argument"
        if not parts:
            raise DoesNotApply(f"the worked case gives no {text}")
        part = s.inputs[parts[0]]
        limit = s.inputs.get(whole)
        if limit is None:
            limit = part.assign_attrs(units=s.contracts[whole].unit)
        most = float(limit.sum()) * units.factor(limit.attrs["units"], part.attrs["units"])
        large, equal = _full(part, 2 * most + 1), _full(part, most)
        for bad in (large, large.chunk()):
            if not refused(s, parts[0], bad, InputError, **{whole: limit}):
                return f"{text} beyond {whole} is not refused"
        if len(parts) == 1 and limit.size == 1:
            s.call(**{parts[0]: equal, whole: limit})
    return None
