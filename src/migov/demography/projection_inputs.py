"""What a projection takes: checked, in coherent units, on one order of labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import status, units
from migov.core.align import BROADCAST, align, shown
from migov.core.definition import UNKNOWN, change_residence, definition_of
from migov.core.errors import AlignmentError, DefinitionError, DimensionError
from migov.core.inputs import Input, admit
from migov.core.vocabulary import ROLES
from migov.demography.projection_ages import all_ages
from migov.demography.projection_times import adjoining, base_instant

SEXES = ["F", "M"]
CORE = ("time", "period", "sex", "age")
CONTRACTS = {
    "population": Input(title="population at the start", unit="person", needs=("sex", "age")),
    "mortality": Input(
        title="central death rates",
        unit="1/year",
        needs=("period", "sex", "age"),
        kind="flow",
    ),
    "fertility": Input(
        title="births per woman-year", unit="1/year", needs=("period", "age"), kind="flow"
    ),
    "migration": Input(
        title="net migrants", unit="person", needs=("period", "sex", "age"), kind="flow"
    ),
    "sex_ratio": Input(
        title="male births per female birth", unit="1", needs=("period",), kind="flow"
    ),
}


@attrs.frozen(eq=False)
class Prepared:
    """Inputs of a projection that are ready for the kernel.

    Parameters
    ----------
    arrays : dict of DataArray
        In coherent units, sexes as F, M, further dimensions in one order of labels.
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
    lead: dict[str, np.ndarray]
    scalars: dict[str, Any]
    instants: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    fertile: tuple[int, int]
    flags: xr.DataArray | None

    @property
    def width(self) -> np.ndarray:
        """Widths of the age groups of the rates, in years."""
        return np.append(np.diff(np.asarray(self.arrays["mortality"].coords["age"], float)), np.inf)


def plain_int(value: int | np.integer[Any]) -> int:
    """Return a whole number of numpy as one of Python, which text can hold; others as they are."""
    return int(value) if isinstance(value, np.integer) else value


def prepare(
    where: str, given: dict[str, Any], step: int, ax: str, youngest_open: float
) -> Prepared:
    """Check the structure of the inputs and bring them together.

    Raises
    ------
    MigovError
        The kind that fits the fault, naming the argument.
    """
    arrays: dict[str, xr.DataArray] = {}
    flags: list[xr.DataArray | None] = []
    same_people(where, given)
    for name, x in given.items():
        arrays[name], flag = status.take(admit(x, CONTRACTS[name], where, name))
        flags.append(_outer(flag))
    base = base_instant(where, arrays)
    starts, ends = adjoining(where, arrays, step, base)
    for name in arrays:
        arrays[name] = _coherent(where, name, arrays[name], step)
    for name in ("population", "mortality", "migration"):
        arrays[name] = by_sex(where, name, arrays[name])
    for name in ("fertility", "sex_ratio"):
        gone = ("sex",) if name == "fertility" else ("sex", "age")
        arrays[name] = refuse_dims(where, name, arrays[name], gone)
    fertile = all_ages(where, arrays, step, ax, youngest_open)
    lead, scalars = _align(where, arrays)
    return Prepared(
        arrays, lead, scalars, np.append(base, ends), starts, ends, fertile, status.join(flags)
    )


def same_people(where: str, given: dict[str, Any]) -> None:
    """Refuse net migration of others than the population: permits, or another residence."""
    if not all(hasattr(given.get(name), "attrs") for name in ("population", "migration")):
        return  # what is no array is refused below, by name
    people, movers = definition_of(given["population"]), definition_of(given["migration"])
    apart = people.differences(movers) if people and movers else {}
    told = {
        name: pair
        for name, pair in apart.items()
        if name in ("residence_rule", "stay_months", "stay_count") and UNKNOWN not in pair
    }
    if people and movers and movers.counts not in ("persons", "moves", UNKNOWN):
        told["counts"] = (people.counts, movers.counts)
    if told:
        shown = "; ".join(f"{name}: {mine} and {theirs}" for name, (mine, theirs) in told.items())
        raise DefinitionError(
            where,
            f"population and migration count different people ({shown})",
            "migration = migov.define(migration, …)  # if it is taken for the same people",
            5,
            "migration",
        )
    change_residence(where, migration=given["migration"])


def _outer(flag: xr.DataArray | None) -> xr.DataArray | None:
    """Return a status without ages, sexes and dates: the union over them."""
    if flag is None:
        return None
    return status.union(flag, [dim for dim in flag.dims if dim in CORE])


def _coherent(where: str, name: str, x: xr.DataArray, step: int) -> xr.DataArray:
    """Return an input in its coherent unit and in doubles, migrants as persons over the period."""
    x = x.astype(float, copy=False, keep_attrs=True)
    unit = units.unit_of(x, where, name)
    if name == "migration" and units.powers(unit) == {"person": 1.0, "time": -1.0}:
        yearly: xr.DataArray = units.to_unit(x, "person/year", where, name)
        out = yearly if step == 1 else yearly * float(step)
        return out.assign_attrs({**x.attrs, "units": "person"})
    coherent: xr.DataArray = units.to_unit(x, CONTRACTS[name].unit, where, name)
    return coherent


def by_sex(where: str, name: str, x: xr.DataArray) -> xr.DataArray:
    """Return an input with its sexes as F, M."""
    labels = [str(label) for label in x.coords["sex"].values] if "sex" in x.coords else []
    if sorted(labels) != SEXES:
        raise DimensionError(
            where,
            f"{name} has sex {shown(labels) if labels else 'without labels'}, expected F, M",
            "the codes of SDMX: F and M, without a total",
            8,
            name,
        )
    return x if labels == SEXES else x.isel(sex=[labels.index(sex) for sex in SEXES])


def refuse_dims(where: str, name: str, x: xr.DataArray, dims: tuple[str, ...]) -> xr.DataArray:
    """Return an input without the scalar labels of dimensions that it may not have.

    Raises
    ------
    DimensionError
        It has such a dimension, or it is of men, or of one age.
    """
    for dim in dims:
        labels = np.atleast_1d(x.coords[dim].values) if dim in x.coords else np.empty(0)
        women = name == "fertility" and dim == "sex" and "F" in map(str, labels)
        if dim not in x.dims and (women or not labels.size):
            continue
        mend = f"{name}.isel({dim}=0, drop=True), if it is the same for each {dim}"
        if women:
            mend = 'fertility.sel(sex="F", drop=True)'
        elif name == "fertility":
            mend = "births per woman and year, by the age of the mother"
        elif dim not in x.dims:
            mend = f'{name}.drop_vars("{dim}"), if it is the same for each {dim}'
        raise DimensionError(
            where,
            f"{name} has {dim!r} ({shown(labels) if labels.size else 'without labels'}), which it "
            "may not have",
            mend,
            8,
            name,
        )
    return x.drop_vars([dim for dim in dims if dim in x.coords])


def _align(where: str, arrays: dict[str, xr.DataArray]) -> tuple[dict[str, np.ndarray], Any]:
    """Bring the further dimensions to one order of labels, in place of `arrays`."""
    stubs = {
        name: x.isel({dim: 0 for dim in CORE if dim in x.dims}, drop=True).drop_vars(
            [c for c in ("age_width", "period_end", *CORE) if c in x.coords], errors="ignore"
        )
        for name, x in arrays.items()
    }
    return one_order(where, arrays, stubs)


def one_order(
    where: str, arrays: dict[str, xr.DataArray], stubs: Mapping[str, xr.DataArray]
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Bring further dimensions to one order of labels, in place of `arrays`.

    Parameters
    ----------
    where : str
        Name of the call.
    arrays : dict
        Inputs by name, ``population`` among them; replaced by ones in that order.
    stubs : mapping
        The same without the dimensions that are not further ones.

    Returns
    -------
    tuple of dict
        Labels of the further dimensions, and the scalar coordinates of the population.

    Raises
    ------
    AlignmentError
        Labels differ.
    """
    for name in ("mortality", "fertility", "sex_ratio"):
        _same_dims(where, name, stubs[name], stubs["population"])
    lead: dict[str, np.ndarray] = {}
    for name, stub in align(where, stubs, BROADCAST).items():
        x = arrays[name]
        for dim in map(str, stub.dims):
            if dim not in x.dims:
                x = x.expand_dims(dim)
            elif not x.indexes[dim].equals(stub.indexes[dim]):
                x = x.sel({dim: stub.indexes[dim]})
            lead.setdefault(dim, stub.coords[dim].values)
        arrays[name] = x
    scalars = {
        str(name): coord.values[()]
        for name, coord in arrays["population"].coords.items()
        if coord.ndim == 0 and name not in lead
    }
    return lead, scalars


def _same_dims(where: str, name: str, rate: xr.DataArray, people: xr.DataArray) -> None:
    """Refuse a rate without a dimension of the population, or with one more: rates do not add up.

    Raises
    ------
    AlignmentError
        With how the rate goes to each label, where it is the same for all.
    """
    for has, lacks in ((people, rate), (rate, people)):
        known = {*lacks.dims, *lacks.coords}
        for dim in map(str, has.dims):
            role = dim in ROLES and known & set(ROLES)
            if dim in known or dim in BROADCAST or dim not in has.indexes or role:
                continue
            told = f"{dim!r} ({shown(has.indexes[dim])})"
            mend = f"population by {dim}, or {name} of all: a mean weighted by those at risk"
            if has is people:
                mend = (
                    f"{name}.expand_dims({dim}=population.{dim}.values), if it is the same for each"
                )
            mine, other = ("population", name) if has is people else (name, "population")
            raise AlignmentError(where, f"{mine} has {told}, {other} has not", mend, 2, name)
