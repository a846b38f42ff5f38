"""What a multistate projection takes: checked, in coherent units, on one order of labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs
import numpy as np
import xarray as xr

from migov.core import status, units
from migov.core.align import shown
from migov.core.errors import AlignmentError, DimensionError
from migov.core.inputs import Input, admit
from migov.core.partition import check_partition
from migov.demography.projection_ages import finer_rates, mothers, own_ages, same_ages
from migov.demography.projection_inputs import (
    by_sex,
    one_order,
    refuse_dims,
    same_people,
)
from migov.demography.projection_times import adjoining, base_instant

WHERE = "Multistate"
UNITS = {
    "population": "person",
    "mortality": "1/year",
    "fertility": "1/year",
    "migration": "person",
    "sex_ratio": "1",
}
MOVES = {"rates": "1/year", "probabilities": "1", "counts": "person"}
_SEX_AGE = ("sex", "age")


def roles(state: str) -> tuple[str, str]:
    """Return the names of the state before and after, as tables of moves have them.

    Examples
    --------
    >>> roles("area"), roles("education")
    (('origin', 'destination'), ('education_before', 'education_after'))
    """
    return ("origin", "destination") if state == "area" else (f"{state}_before", f"{state}_after")


def cores(state: str) -> dict[str, list[str]]:
    """Return the core dimensions of each input, in the order of the kernel."""
    before, after = roles(state)
    return {
        "population": ["sex", "age", state],
        "mortality": ["period", "sex", "age", state],
        "transitions": ["period", "sex", "age", after, before],
        "fertility": ["period", "age", state],
        "migration": ["period", "sex", "age", state],
        "sex_ratio": ["period"],
    }


@attrs.frozen(eq=False)
class Prepared:
    """Inputs of a multistate projection that are ready for the kernel.

    Parameters
    ----------
    arrays : dict of DataArray
        In coherent units; sexes as F, M; states and further dimensions in one order.
    states : ndarray
        Labels of the states.
    lead : dict of str to ndarray
        Labels of the further dimensions.
    scalars : dict of str to object
        Scalar coordinates of the population that stay.
    instants, starts, ends : ndarray of datetime64[s]
        Of the population, and of the periods.
    fertile : tuple of int
        First and one past the last group of mothers.
    flags : DataArray or None
        The joined status over the further dimensions.
    """

    arrays: dict[str, xr.DataArray]
    states: np.ndarray
    lead: dict[str, np.ndarray]
    scalars: dict[str, Any]
    instants: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    fertile: tuple[int, int]
    flags: xr.DataArray | None


def prepare(
    given: dict[str, Any], step: int, state: str, moves: str, youngest_open: float
) -> Prepared:
    """Check the structure of the inputs and bring them together.

    Raises
    ------
    MigovError
        The kind that fits the fault, naming the argument.
    """
    core = cores(state)
    arrays: dict[str, xr.DataArray] = {}
    flags: list[xr.DataArray | None] = []
    same_people(WHERE, given)
    for name, x in given.items():
        unit = MOVES[moves] if name == "transitions" else UNITS[name]
        kind: Literal["", "flow"] = "" if name == "population" else "flow"
        contract = Input(title=name, unit=unit, needs=tuple(core[name]), kind=kind, values="any")
        plain, flag = status.take(admit(x, contract, WHERE, name))
        arrays[name] = _coherent(name, plain, unit, step)
        if flag is not None:
            inner = [dim for dim in flag.dims if dim in core[name] or dim == "time"]
            flags.append(status.union(flag, inner))
    base = base_instant(WHERE, arrays)
    starts, ends = adjoining(WHERE, arrays, step, base)
    for name in arrays:
        if "sex" in core[name]:
            arrays[name] = by_sex(WHERE, name, arrays[name])
    for name in ("fertility", "sex_ratio"):
        gone = ("sex",) if name == "fertility" else _SEX_AGE
        arrays[name] = refuse_dims(WHERE, name, arrays[name], gone)
    fertile = _ages(arrays, step, youngest_open)
    states = _states(arrays, core, state)
    lead, scalars = _align(arrays, core)
    return Prepared(
        arrays,
        states,
        lead,
        scalars,
        np.append(base, ends),
        starts,
        ends,
        fertile,
        status.join(flags),
    )


def _coherent(name: str, x: xr.DataArray, unit: str, step: int) -> xr.DataArray:
    """Return an input in its coherent unit and in doubles, persons a year as over the period."""
    x = x.astype(float, copy=False, keep_attrs=True)
    own = units.unit_of(x, WHERE, name)
    if unit == "person" and units.powers(own) == {"person": 1.0, "time": -1.0}:
        yearly: xr.DataArray = units.to_unit(x, "person/year", WHERE, name)
        return yearly * float(step)
    coherent: xr.DataArray = units.to_unit(x, unit, WHERE, name)
    return coherent


def _ages(arrays: Mapping[str, xr.DataArray], step: int, youngest_open: float) -> tuple[int, int]:
    """Check the ages of all inputs, and return the place of the mothers."""
    lower, width = own_ages(WHERE, arrays["population"], step, youngest_open)
    finer_rates(WHERE, arrays["mortality"], lower)
    for name in ("mortality", "transitions", "migration"):
        if name in arrays:
            same_ages(WHERE, name, arrays[name], lower, width)
    return mothers(WHERE, arrays["fertility"], lower, width)


def _states(
    arrays: dict[str, xr.DataArray], core: Mapping[str, list[str]], state: str
) -> np.ndarray:
    """Bring the states of all inputs into the order of the population's."""
    index = arrays["population"].indexes.get(state)
    if index is None or not index.is_unique:
        what = "without labels" if index is None else f"{shown(index[index.duplicated()])} twice"
        raise DimensionError(
            WHERE, f"population has {state!r} {what}", "one label a state", 2, "population"
        )
    check_partition(arrays["population"], state, WHERE, "population")
    for name, x in arrays.items():
        for dim in (state, *roles(state)):
            if dim not in core[name]:
                continue
            own = x.indexes.get(dim)
            if own is None or len(own) != len(index) or set(own) != set(index):
                told = "no labels" if own is None else shown(own)
                raise AlignmentError(
                    WHERE,
                    f"{name} has {dim!r} {told}, population has {state!r} {shown(index)}",
                    f"give {name} for the states of population, each once",
                    2,
                    name,
                )
            if not own.equals(index):
                arrays[name] = arrays[name].sel({dim: index.values})
    return np.asarray(index.values)


def _align(
    arrays: dict[str, xr.DataArray], core: Mapping[str, list[str]]
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Bring the further dimensions to one order of labels, in place of `arrays`."""
    beside = ("age_width", "period_end")
    stubs = {}
    for name, x in arrays.items():
        one = x.isel(dict.fromkeys(core[name], 0), drop=True)
        stubs[name] = one.drop_vars([c for c in beside if c in one.coords])
    return one_order(WHERE, arrays, stubs)
