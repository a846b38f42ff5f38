"""Alignment: the one rule by which inputs belong together (rule 2).

Every dimension has labels. A scalar coordinate of the vocabulary is a dimension with one
label, a scalar total counts as absent. All inputs have the same dimensions, each with the
same set of labels and equal widths of ages and ends of periods; another order is brought to
the first input's. Inputs lack a dimension only where the call declares it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import ages, units
from migov.core.errors import AlignmentError, CodeError, DimensionError, UnitError
from migov.core.partition import additive, is_total
from migov.core.vocabulary import DIMENSIONS, ROLES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import xarray as xr

BROADCAST = ("member", "scenario")
"""Dimensions that an input may lack in every call."""

_VOCABULARY = frozenset(DIMENSIONS)
_WIDTHS = {"age": "age_width", "period": "period_end"}


def shown(labels: Any, most: int = 4) -> str:
    """Return a few labels as an error shows them.

    Examples
    --------
    >>> shown(["F", "M"])
    'F, M'
    """
    texts = [
        str(label)[:10] if isinstance(label, np.datetime64) else str(label)
        for label in np.atleast_1d(np.asarray(labels))
    ]
    return ", ".join(texts[:most]) + (" …" if len(texts) > most else "")


def check_labelled(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse dimensions without labels.

    Raises
    ------
    DimensionError
        With the dimension named.
    """
    for dim in x.dims:
        if dim not in x.indexes:
            raise DimensionError(
                where,
                f"{argument} has no labels along {str(dim)!r}",
                f"{argument}.assign_coords({dim}=labels)",
                2,
                argument,
            )


def check_labels(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse dimensions without labels, or with a label twice.

    Raises
    ------
    DimensionError
        Each with the dimension named.

    Examples
    --------
    >>> import xarray as xr
    >>> check_labels(xr.DataArray([1.0], {"area": ["MDA"]}, "area"), "call", "x")
    """
    check_labelled(x, where, argument)
    for dim in x.dims:
        index = x.indexes[dim]
        if not index.is_unique:
            twice = shown(index[index.duplicated()])
            raise DimensionError(
                where, f"{argument} has {dim} {twice} twice", "one value a label", 2, argument
            )


def scalars(x: xr.DataArray) -> dict[str, Any]:
    """Return the scalar coordinates of the vocabulary that are no totals."""
    return {
        str(name): coord.values[()]
        for name, coord in x.coords.items()
        if coord.ndim == 0 and name in _VOCABULARY and not is_total(str(name), coord.values[()])
    }


def align(
    where: str,
    arrays: Mapping[str, xr.DataArray],
    lacking: Collection[str] = BROADCAST,
) -> dict[str, xr.DataArray]:
    """Return the inputs in one order of labels, or say why they do not belong together.

    Parameters
    ----------
    where : str
        The call that an error names.
    arrays : mapping of str to DataArray
        The inputs by argument.
    lacking : collection of str
        Dimensions that some inputs may lack.

    Returns
    -------
    dict of DataArray
        The inputs; one whose order of labels already fits is returned as it is.

    Raises
    ------
    AlignmentError
        Dimensions, labels, ``age_width`` or ``period_end`` differ.
    DimensionError
        A dimension has no labels.

    Examples
    --------
    >>> import xarray as xr
    >>> a = xr.DataArray([1, 2], coords={"area": ["DEU", "MDA"]}, dims="area")
    >>> b = align("call", {"a": a, "b": a[::-1]})["b"]
    >>> b.values
    array([1, 2])
    """
    given = dict(arrays)
    fixed = {name: scalars(x) for name, x in given.items()}
    everywhere: dict[str, None] = {}
    for name, x in given.items():
        check_labelled(x, where, name)
        everywhere.update(dict.fromkeys(map(str, x.dims)))
        everywhere.update(dict.fromkeys(fixed[name]))
    for dim in everywhere:
        _along(where, dim, given, fixed, dim in lacking)
    return given


def _along(
    where: str,
    dim: str,
    given: dict[str, xr.DataArray],
    fixed: dict[str, dict[str, Any]],
    may_lack: bool,
) -> None:
    """Compare and order all inputs along one dimension, in place of `given`."""
    having = [name for name, x in given.items() if dim in x.dims or dim in fixed[name]]
    if len(having) < len(given) and not may_lack:
        _lacks(where, dim, given, having, fixed)
    along = [name for name in having if dim in given[name].dims]
    if along:
        for name in having:
            if name not in along:
                given[name] = given[name].expand_dims(dim)
    first = having[0]
    if not along:
        _compare_scalars(where, dim, given, having, fixed)
        return
    index = given[first].indexes[dim]
    if not index.is_unique:
        raise AlignmentError(
            where,
            f"{first} has labels of {dim!r} twice: {shown(index[index.duplicated()])}",
            f"{first}.drop_duplicates({str(dim)!r}) if they are the same, else other labels",
            2,
        )
    for name in having[1:]:
        other = given[name].indexes[dim]
        if other is not index and not other.equals(index):
            _same_labels(where, dim, first, index, name, other, given)
            given[name] = given[name].sel({dim: index})
        _same_widths(where, dim, first, name, given)


def _compare_scalars(
    where: str,
    dim: str,
    given: dict[str, xr.DataArray],
    having: list[str],
    fixed: dict[str, dict[str, Any]],
) -> None:
    first = having[0]
    for name in having[1:]:
        if fixed[first][dim] != fixed[name][dim]:
            raise AlignmentError(
                where,
                f"{first} is for {dim} {shown(fixed[first][dim])}, "
                f"{name} for {shown(fixed[name][dim])}",
                _mend(dim, first, name, given, [fixed[first][dim]], [fixed[name][dim]]),
                2,
                name,
            )
        _same_widths(where, dim, first, name, given)


def _mend(
    dim: str,
    first: str,
    name: str,
    given: Mapping[str, xr.DataArray],
    mine: Sequence[Any],
    theirs: Sequence[Any],
) -> str:
    """Return what brings labels together that only one of two inputs has."""
    if dim in ROLES:
        for have, labels in ((name, theirs), (first, mine)):
            if any(_code(label) not in (None, str(label)) for label in labels):
                coded = f"[migov.areas.code(one) for one in {have}.{dim}.values]"
                if not given[have].coords[dim].ndim:
                    coded = f"migov.areas.code({have}.{dim}.item())"
                return f"{have} = {have}.assign_coords({dim}={coded})"
    if {str(label) for label in mine} & {str(label) for label in theirs}:
        text = name if isinstance(theirs[0], str) else first
        return f"{text} = {text}.assign_coords({dim}={text}.{dim}.astype(int))  # no text"
    if dim != "time":
        return f"select the same {dim} from both"
    unit = str(given[name].attrs.get("units", ""))
    if unit and set(units.powers(unit)) & {"person", "event"}:
        day = str(np.asarray(mine).astype("M8[D]")[0]) if len(mine) else "…"
        return (
            f'migov.compare.to_date({name}, "{day}").value  # a stock between two dates of it; '
            f"migov.hold({name}, to={first}.time) if it is a rate that is held"
        )
    return f"migov.hold({name}, to={first}.time)  # if it is a rate that is held"


def _code(label: object) -> str | None:
    """Return the code of an area, None where it is none."""
    from migov.core import areas

    try:
        return areas.code(label)
    except CodeError:
        return None


def _same_labels(
    where: str,
    dim: str,
    first: str,
    index: Any,
    name: str,
    other: Any,
    given: Mapping[str, xr.DataArray],
) -> None:
    if not other.is_unique:
        raise AlignmentError(
            where,
            f"{name} has labels of {dim!r} twice: {shown(other[other.duplicated()])}",
            f"{name}.drop_duplicates({str(dim)!r}) if they are the same, else other labels",
            2,
        )
    only_first, only_other = index.difference(other), other.difference(index)
    parts = [
        f"{have} has {dim!r} {shown(np.asarray(labels))} which {lack} lacks"
        for have, lack, labels in ((first, name, only_first), (name, first, only_other))
        if len(labels)
    ]
    if parts:
        mend = _mend(dim, first, name, given, list(only_first), list(only_other))
        raise AlignmentError(where, "; ".join(parts), mend, 2, name)


def _same_widths(
    where: str, dim: str, first: str, name: str, given: dict[str, xr.DataArray]
) -> None:
    """Compare ``age_width`` or ``period_end`` of two inputs, label by label."""
    beside = _WIDTHS.get(dim)
    if beside is None:
        return
    mine, theirs = (given[key].coords.get(beside) for key in (first, name))
    if mine is None and theirs is None:
        return
    if mine is None or theirs is None:
        lacks = first if mine is None else name
        raise AlignmentError(
            where, f"{lacks} has no {beside!r}, the other has", f"give {lacks} its {beside}", 2
        )
    a, b = np.atleast_1d(mine.values), np.atleast_1d(theirs.values)
    if np.array_equal(a, b):
        return
    i = int(np.flatnonzero(np.broadcast_to(a, np.broadcast_shapes(a.shape, b.shape)) != b)[0])
    start = np.atleast_1d(given[first].coords[dim].values)[min(i, a.size - 1)]
    pair = [
        ages.label(start, width[min(i, width.size - 1)])
        if dim == "age"
        else f"{shown(start)} to {shown(width[min(i, width.size - 1)])}"
        for width in (a, b)
    ]
    raise AlignmentError(
        where,
        f"{first} has the {dim} {pair[0]}, {name} has {pair[1]}",
        "migov.regroup_ages to the coarser ages" if dim == "age" else "give the same periods",
        2,
        name,
    )


def _adds_up(x: xr.DataArray) -> bool:
    """Tell whether amounts may be added, as far as their unit tells."""
    try:
        return "units" not in x.attrs or additive(str(x.attrs["units"]))
    except UnitError:
        return True


def _lacks(
    where: str,
    dim: str,
    given: dict[str, xr.DataArray],
    having: list[str],
    fixed: dict[str, dict[str, Any]],
) -> None:
    """Raise the error for a dimension that only some inputs have."""
    have = having[0]
    lack = next(name for name in given if name not in having)
    roles = {name: set(map(str, x.dims)) | set(fixed[name]) for name, x in given.items()}
    other = next((r for r in ROLES if dim in ROLES and r != dim and r in roles[lack]), None)
    x = given[have]
    labels = shown(x.indexes[dim]) if dim in x.dims else shown(fixed[have][dim])
    if other is not None:
        raise AlignmentError(
            where,
            f"{have} has {dim!r} and {lack} has {other!r}: which role do the areas play?",
            f"{lack}.rename({{{other!r}: {dim!r}}})",
            8,
            lack,
        )
    mend = f'migov.total({have}, "{dim}")  # or give {lack} by {dim}'
    if dim not in given[have].dims:
        mend = f'{have}.drop_vars("{dim}"), or give {lack} by {dim}'
    elif given[have].sizes[dim] == 1 and dim not in ("time", "period"):
        mend = f'{have}.squeeze("{dim}", drop=True), or give {lack} by {dim}'
    elif dim in ("time", "period"):
        mend = f"{have}.isel({dim}=0, drop=True), or give {lack} by {dim}"
    elif not _adds_up(x):
        mend = f"give {lack} by {dim}, or {have} without it: rates and shares are not added up"
    if dim in ("time", "period") and {"time", "period"} <= roles[have] | roles[lack]:
        stock = have if dim == "time" else lack
        mend = f"migov.person_years({stock})  # the bridge from a stock to a flow"
    raise AlignmentError(where, f"{have} has {dim!r} ({labels}), {lack} has not", mend, 2, lack)
