"""What the labelled functions of this room share: arguments checked, faults told by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, status, units
from migov.core.align import check_labels, shown
from migov.core.errors import (
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
)
from migov.core.inputs import Input, admit, check_values
from migov.core.partition import is_total
from migov.numeric.streams import draw_seed


def lazy(x: xr.DataArray) -> bool:
    """Tell whether the values of an array are not in memory."""
    return not isinstance(x.data, np.ndarray)


def place_of(bad: xr.DataArray) -> str:
    """Return the labels of the first cell that is marked, ages as groups.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> place_of(Cells(((0, 1),), sex="F", age="0-4 5+").array("1") > 0)
    'sex F, age 5+'
    """
    values = np.asarray(bad.values, bool)
    where = np.unravel_index(int(np.argmax(values)), values.shape) if values.ndim else ()
    told = []
    for dim, i in zip(bad.dims, where, strict=True):
        if dim not in bad.coords:
            continue
        label = bad.coords[dim].values[i]
        if dim == "age" and "age_width" in bad.coords:
            told.append(f"age {ages.label(label, float(ages.widths(bad)[i]))}")
        else:
            told.append(f"{dim} {shown(label)}")
    for name in ("sex", "area", "member"):
        if name in bad.coords and bad.coords[name].ndim == 0:
            told.append(f"{name} {shown(bad.coords[name].values[()])}")
    return ", ".join(told)


def refuse(
    bad: xr.DataArray,
    where: str,
    argument: str,
    what: str,
    mend: str = "mend the value at its source",
    rule: int = 7,
    kind: type[MigovError] = InputError,
) -> None:
    """Raise the error of the first cell that is marked, if one is.

    Parameters
    ----------
    bad : DataArray of bool
        In memory; marked cells are at fault.
    where, argument, mend : str
        As in every error.
    what : str
        What is wrong with the cell, after the argument's name.
    rule : int
        The convention broken.
    kind : type
        Kind of the error.

    Raises
    ------
    MigovError
        Of the kind given, with age, sex, area and member of the cell.
    """
    if bool(np.asarray(bad.values).any()):
        place = place_of(bad)
        at = f" at {place}" if place else ""
        raise kind(where, f"{argument} {what}{at}", mend, rule, argument)


def take(
    x: Any, contract: Input, where: str, argument: str, *, complete: bool = False
) -> tuple[xr.DataArray, xr.DataArray | None]:
    """Return an argument checked and in the unit of its contract, and its status.

    Parameters
    ----------
    x : DataArray
        The argument.
    contract : Input
        What it has to be; the unit is converted to the contract's.
    where, argument : str
        The call and the argument that an error names.
    complete : bool
        Refuse missing values.

    Raises
    ------
    MigovError
        The kind that fits the fault, naming the argument.
    """
    found = admit(x, contract, where, argument)
    check_labels(found, where, argument)
    given = units.unit_of(found, where, argument)
    units.factor(given, contract.unit, where, argument)
    plain, flags = status.take(units.to_unit(found, contract.unit, where, argument))
    plain = check_values(plain.astype(float), contract.values, where, argument)
    if complete and not lazy(plain):
        refuse(
            plain.isnull(),
            where,
            argument,
            "is missing",
            "estimate or leave out what is missing first",
        )
    return plain, flags


def check_death_rates(x: xr.DataArray, where: str, argument: str, mends: tuple[str, str]) -> None:
    """Refuse death rates of another unit than they are said to have.

    No population has more than two deaths per person-year at its middle age, and nobody in an
    open group lives to 500: such rates are a thousand times too high or too low. Rates of
    several periods are judged by their mean, since small populations have few deaths.

    Parameters
    ----------
    x : DataArray {age, …}
        In 1/year, in memory.
    where, argument : str
        As in every error.
    mends : tuple of str
        What to do about rates that are too high, and too low.

    Raises
    ------
    InputError
        With the population.
    """
    pooled = x.mean("period", skipna=True) if "period" in x.dims else x
    refuse(
        pooled.median("age", skipna=True) > 2.0,
        where,
        argument,
        "gives more than two deaths per person-year at the middle age",
        mends[0],
        6,
    )
    if np.isinf(ages.widths(x, where, argument)[-1]):
        last, start = pooled.isel(age=-1, drop=True), float(x.coords["age"].values[-1])
        refuse(
            (last > 0) & (start * last + 1.0 > 500.0 * last),
            where,
            argument,
            f"gives an open group {start:g}+ that lives beyond 500",
            mends[1],
            6,
        )


def apart(
    sides: Mapping[str, Mapping[str, xr.DataArray]], *, dates: bool = False
) -> tuple[dict[str, dict[str, xr.DataArray]], dict[str, str], list[str]]:
    """Return two sides of a comparison without the scalar coordinates by which they differ.

    Parameters
    ----------
    sides : mapping of str to mapping of str to DataArray
        The arrays of each side.
    dates : bool
        Whether dates go too where not all arrays have them: rates are of a period, counts may
        be at an instant.

    Returns
    -------
    bare : dict of dict of DataArray
    told : dict of str to str
        What differs, in words, by side.
    mixed : list of str
        Coordinates that differ within a side, which stay.
    """
    arrays = [x for side in sides.values() for x in side.values()]
    scalars = {str(c) for x in arrays for c, v in x.coords.items() if v.ndim == 0}
    told: dict[str, str] = {}
    gone, mixed = [], []
    for c in sorted(scalars - {status.NAME}):
        have = {s: [x for x in side.values() if c in x.coords] for s, side in sides.items()}
        values = {s: {x.coords[c].values[()] for x in xs} for s, xs in have.items()}
        if max(map(len, values.values())) > 1:
            mixed.append(c)
            continue
        one, two = values.values()
        differ = bool(one and two) and one != two
        dated = dates and c in ("time", "period", "period_end")
        if not differ and (not dated or sum(map(len, have.values())) == len(arrays)):
            continue
        gone.append(c)
        if differ and c != "period_end":
            for side, found in values.items():
                word = f"{c} {shown(next(iter(found)))}"
                told[side] = f"{told[side]}, {word}" if side in told else word
    bare = {
        s: {n: x.drop_vars([c for c in gone if c in x.coords]) for n, x in side.items()}
        for s, side in sides.items()
    }
    return bare, told, mixed


def loaded(x: xr.DataArray) -> xr.DataArray:
    """Return the array with its values in memory."""
    return x.compute() if lazy(x) else x


def without_age(flags: xr.DataArray | None, *dims: str) -> xr.DataArray | None:
    """Return the union of a status over ages and further dimensions."""
    if flags is None:
        return None
    gone = [dim for dim in ("age", *dims) if dim in flags.dims]
    kept = status.union(flags, gone) if gone else flags
    return kept.drop_vars([c for c in kept.coords if c not in kept.dims])


def put_all(out: xr.Dataset, flags: xr.DataArray | None) -> xr.Dataset:
    """Return a dataset with one status for all its variables."""
    if flags is None:
        return out
    kept = flags.transpose(*[d for d in out.dims if d in flags.dims])
    return out.assign_coords(
        {status.NAME: (kept.dims, np.asarray(kept.values, np.uint16), status.ATTRS)}
    )


def option(value: Any, allowed: tuple[str, ...], where: str, name: str) -> None:
    """Refuse a named option that is none of those there are.

    Raises
    ------
    ParameterError
        With the options.
    """
    if value not in allowed:
        choices = ", ".join(map(repr, allowed))
        raise ParameterError(where, f"{name}={value!r}", f"one of {choices}", 9, name)


def one_of(*allowed: str) -> Any:
    """Return the validator of a field that is one of some words."""
    return lambda instance, attribute, value: option(
        value, allowed, type(instance).__name__, attribute.name
    )


def further(*arrays: xr.DataArray, age: bool = False) -> tuple[str, ...]:
    """Return dimensions and scalar coordinates of arrays, without ages unless these count too."""
    names = {str(d): None for x in arrays for d in x.dims}
    names |= {str(c): None for x in arrays for c, v in x.coords.items() if v.ndim == 0}
    return tuple(name for name in names if name != status.NAME and (age or name != "age"))


def unlabelled(x: xr.DataArray) -> xr.DataArray:
    """Return a standard without scalar coordinates: it serves for any other place and time."""
    return x.drop_vars([c for c, v in x.coords.items() if v.ndim == 0 and c != status.NAME])


def lacks(x: xr.DataArray, names: Sequence[str], where: str, argument: str) -> None:
    """Refuse an array that has a dimension, or a scalar coordinate, which the result adds.

    Raises
    ------
    DimensionError
        With how to take it off.
    """
    for name in names:
        if name in x.dims or name in x.coords:
            mend = f"{argument}.isel({name}=0, drop=True)"
            if name not in x.dims:
                mend = f'{argument}.drop_vars("{name}")'
            raise DimensionError(where, f"{argument} has {name!r} already", mend, 8, argument)


def labels_of_members(members: Any, where: str, least: int = 0) -> np.ndarray:
    """Return the labels of members: a number of them, or labels.

    Raises
    ------
    ParameterError
        Neither, too few, or a label twice.
    """
    if isinstance(members, int | np.integer) and not isinstance(members, bool):
        if members >= least:
            return np.arange(int(members))
    elif isinstance(members, Sequence | np.ndarray) and not isinstance(members, str | bytes):
        try:
            found = np.asarray(members)
        except ValueError:  # sequences of several lengths
            found = np.empty((0, 0))
        plain = found.ndim == 1 and (found.dtype.kind in "iuU" or not found.size)
        if plain and found.size >= least and np.unique(found).size == found.size:
            return found if found.size else np.arange(0)
    raise ParameterError(
        where,
        f"members={members!r}",
        f"members=200, from {least}, or labels without repetition such as [0, 1, 2]",
        9,
        "members",
    )


def seed_of(seed: Any, where: str) -> int:
    """Return a seed from 0, drawn where none is given.

    Raises
    ------
    ParameterError
        It is no whole number from 0.
    """
    return draw_seed() if seed is None else whole(seed, where, "seed", 0, 2**63 - 1)


def whole(value: Any, where: str, name: str, low: int = 0, high: float = np.inf) -> int:
    """Return a parameter that has to be a whole number from `low`.

    Raises
    ------
    ParameterError
        It is none, or outside.
    """
    good = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not good or not low <= int(value) <= high:
        upper = "" if np.isinf(high) else f" to {high:g}"
        raise ParameterError(
            where, f"{name}={value!r}", f"a whole number from {low}{upper}", 9, name
        )
    return int(value)


def dataset(where: str, x: Any, argument: str, names: tuple[str, ...]) -> xr.Dataset:
    """Return an argument that has to be a dataset with these variables.

    Raises
    ------
    KindError
        It is something else, or lacks one.
    """
    if isinstance(x, xr.Dataset) and all(name in x for name in names):
        return x
    has = f"a {type(x).__name__}" if not isinstance(x, xr.Dataset) else "a Dataset without them"
    raise KindError(
        where,
        f"{argument} is {has}, expected a Dataset with {', '.join(names)}",
        "what the function named in the docstring returns",
        8,
        argument,
    )


def letters(x: xr.DataArray, where: str, argument: str) -> str:
    """Return a letter for each label of ``sex``: F, M, or T for both sexes together.

    An array without sexes is for both together.

    Raises
    ------
    DimensionError
        A label is none of F, M, _T.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> letters(Cells((1, 2), sex="M F").array("1"), "call", "x")
    'MF'
    """
    if "sex" not in x.coords:
        return "T"
    labels = [str(label) for label in np.atleast_1d(x.coords["sex"].values)]
    wrong = [label for label in labels if label not in ("F", "M") and not is_total("sex", label)]
    if wrong:
        raise DimensionError(
            where,
            f"{argument} has sex {wrong[0]!r}, expected F, M or _T",
            "the codes of SDMX: F and M",
            8,
            argument,
        )
    return "".join(label if label in ("F", "M") else "T" for label in labels)
