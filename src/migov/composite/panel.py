"""Data of an index: labelled arrays to one block of numbers, and back to labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.composite.plausible import check_areas, check_values
from migov.composite.tree import Node, tree_of
from migov.core import status, units
from migov.core.align import align, shown
from migov.core.errors import CodeError, DimensionError, InputError, KindError, UnitError
from migov.core.partition import check_partition
from migov.core.times import check_instants
from migov.core.vocabulary import check_dimensions, require

if TYPE_CHECKING:
    from migov.composite.index import Index

Floats = NDArray[np.float64]


@attrs.frozen(eq=False)
class Panel:
    """Values of all indicators, (indicators, units, columns), and the labels they had.

    Parameters
    ----------
    values : ndarray (i, u, b)
    sizes : dict of str to int
        Of ``area`` and the other dimensions, in the order of the block.
    pooled : tuple of str
        Dimensions that are pooled into the units, ``area`` first.
    coords : dict
        Coordinates along these dimensions, ``area`` and others.
    groups : ndarray of int (u,) or None
        Group of each unit, for means by group.
    flags : ndarray of uint16 (i, …) or None
        Status over the dimensions without ``member``.
    """

    values: Floats
    sizes: dict[str, int]
    pooled: tuple[str, ...]
    coords: dict[str, Any]
    groups: NDArray[np.int64] | None
    flags: NDArray[np.uint16] | None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the dimensions that are computed each on its own."""
        return tuple(dim for dim in self.sizes if dim not in self.pooled)

    def spread(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return a block (…, u, b) over the dimensions of :attr:`sizes`."""
        lead = block.shape[:-2]
        inner = [self.sizes[dim] for dim in (*self.pooled, *self.columns)]
        whole = block.reshape(*lead, *inner)
        order = [(*self.pooled, *self.columns).index(dim) for dim in self.sizes]
        return whole.transpose(*range(len(lead)), *(len(lead) + place for place in order))


class _Block(NamedTuple):
    """Values (indicators, *dims) with labels, status and the groups' coordinate."""

    values: Floats
    sizes: dict[str, int]
    coords: dict[str, Any]
    flags: NDArray[np.uint16] | None
    groups: Any


def admit(index: Index, data: Any, where: str, argument: str = "data") -> Panel:
    """Return the indicators' values as one block.

    Raises
    ------
    KindError, CodeError, DimensionError, AlignmentError, UnitError, InputError
        What is given is no mapping of arrays or array over ``node``; indicators are absent;
        dimensions or labels differ; units differ; values are infinite or codes for no answer.
    """
    if isinstance(data, xr.DataArray):
        block = _of_array(index, data, where, argument)
    elif isinstance(data, Mapping):
        block = _of_mapping(index, data, where, argument)
    else:
        raise KindError(
            where,
            f"{argument} is a {type(data).__name__}",
            "a mapping or Dataset of one DataArray an indicator, or a DataArray over 'node'",
            8,
            argument,
        )
    dims, sizes = list(block.sizes), block.sizes
    dated = tuple(d for d in ("time", "period") if d in dims)
    pooled = ("area", *dated) if index.scope == "panel" else ("area",)
    order = [*pooled, *(d for d in dims if d not in pooled)]
    moved = block.values.transpose(0, *(dims.index(d) + 1 for d in order))
    empty = [dim for dim, size in sizes.items() if size == 0]
    if empty:
        raise DimensionError(
            where, f"{argument} has no labels along {empty[0]!r}", "at least one", 8, argument
        )
    count = int(np.prod([sizes[d] for d in pooled]))
    found = np.ascontiguousarray(moved.reshape(len(block.values), count, -1))
    absent = np.atleast_1d(np.isnan(found).all(axis=(1, 2)))
    if absent.any():
        leaves = tree_of(index.nodes).leaves
        named = [leaf for leaf, gone in zip(leaves, absent, strict=True) if gone]
        what = "any indicator" if absent.all() else ", ".join(named[:6])
        raise InputError(
            where,
            f"no area of {argument} has a number in {what}",
            "give its figures" if absent.all() else f"leave it out: index.without({named[0]!r})",
            7,
            argument,
        )
    areas = block.coords["area"][1]
    check_areas(areas, where, argument)
    by = {node.id: node for node in index.nodes}
    check_values(
        found[..., :: sizes.get("member", 1)],
        [by[leaf] for leaf in tree_of(index.nodes).leaves],
        np.repeat(areas, count // sizes["area"]),
        where,
        argument,
    )
    members = _groups(index, block.groups, areas, count // sizes["area"], where)
    return Panel(found, sizes, pooled, block.coords, members, block.flags)


def _dims(names: Iterable[Any]) -> list[str]:
    """Return dimensions with ``area`` first and ``member`` last."""
    found = dict.fromkeys(["area", *map(str, names)])
    return [dim for dim in found if dim != "member"] + ["member"] * ("member" in found)


def _of_array(index: Index, data: xr.DataArray, where: str, argument: str) -> _Block:
    """Return the block of one array over ``node``; checked once for all indicators."""
    leaves = tree_of(index.nodes).leaves
    check_dimensions(data, where, argument)
    require(data, ["node"], where, argument)
    if "node" not in data.indexes or not data.indexes["node"].is_unique:
        raise DimensionError(
            where,
            f"{argument} has no labels of 'node', or some twice",
            f"{argument}.assign_coords(node=labels), each once",
            8,
            argument,
        )
    has = [str(label) for label in data.indexes["node"]]
    _complete(leaves, has, where, argument)
    x, flag = status.take(_checked(data, where, argument))
    align(where, {argument: _bare(x)})
    dims = _dims(dim for dim in x.dims if dim != "node")
    at = [has.index(leaf) for leaf in leaves]
    values = np.asarray(x.transpose("node", *dims).values, np.float64)[at]
    by = {node.id: node for node in index.nodes}
    factors = [_factor(by[leaf], x, where, f"{argument}[{leaf!r}]") for leaf in leaves]
    if any(factor != 1.0 for factor in factors):
        values *= np.reshape(factors, (-1, *[1] * len(dims)))
    flags = None
    if flag is not None:
        kept = [dim for dim in dims if dim != "member"]
        lacking = {dim: x.sizes[dim] for dim in ("node", *kept) if dim not in flag.dims}
        flags = flag.expand_dims(lacking).transpose("node", *kept).values[at].astype(np.uint16)
    name = index.missing.group
    groups = x.coords[name] if name and name in x.coords else None
    coords = _coords({dim: x.coords[dim] for dim in dims}, x)
    return _Block(values, {dim: x.sizes[dim] for dim in dims}, coords, flags, groups)


def _of_mapping(index: Index, data: Mapping[Any, Any], where: str, argument: str) -> _Block:
    """Return the block of one array an indicator, brought to one order of labels."""
    leaves = tree_of(index.nodes).leaves
    _complete(leaves, [str(key) for key in data], where, argument)
    by = {node.id: node for node in index.nodes}
    flags: dict[str, xr.DataArray] = {}
    plain: dict[str, xr.DataArray] = {}
    groups: Any = None
    name = index.missing.group
    for leaf in leaves:
        called = f"{argument}[{leaf!r}]"
        bare, flag = status.take(_checked(data[leaf], where, called))
        groups = bare.coords[name] if groups is None and name in bare.coords else groups
        factor = _factor(by[leaf], bare, where, called)
        values = np.asarray(bare.values, np.float64)
        plain[leaf] = _bare(bare.copy(data=values * factor if factor != 1.0 else values))
        if flag is not None:
            flags[leaf] = flag
    aligned = align(where, plain)
    dims = _dims(dim for x in aligned.values() for dim in x.dims)
    template = {d: next(x.coords[d] for x in aligned.values() if d in x.dims) for d in dims}
    sizes = {dim: coord.size for dim, coord in template.items()}
    block = np.empty((len(aligned), *sizes.values()))
    for place, x in enumerate(aligned.values()):
        lacking = {d: sizes[d] for d in dims if d not in x.dims}
        block[place] = x.expand_dims(lacking).transpose(*dims).values
    coords = _coords(template, next(iter(aligned.values())))
    return _Block(block, sizes, coords, _flags(flags, aligned, sizes), groups)


def _complete(leaves: tuple[str, ...], has: list[str], where: str, argument: str) -> None:
    absent = [leaf for leaf in leaves if leaf not in has]
    if absent:
        raise CodeError(
            where,
            f"{argument} lacks {shown(absent)}; it has {shown(has)}",
            "give every indicator, or index.without(…)",
            8,
            argument,
        )


def _checked(x: xr.DataArray, where: str, called: str) -> xr.DataArray:
    """Return an array of numbers by area, or say what is wrong with it."""
    check_dimensions(x, where, called)
    roles = [r for r in ("origin", "destination") if r in x.dims and "area" not in x.dims]
    if roles:
        raise DimensionError(
            where,
            f"{called} is by {roles[0]!r}; an index compares areas",
            f"{called}.rename({{{roles[0]!r}: 'area'}})",
            8,
            called,
        )
    require(x, ["area"], where, called)
    if x.dtype.kind not in "fiub":
        raise InputError(where, f"{called} holds {x.dtype}", "numbers", 9, called)
    check_partition(x, "area", where, called)
    check_instants(x, where, called)
    if x.dtype.kind == "f" and np.isinf(x.values).any():
        raise InputError(where, f"{called} holds infinities", "NaN where undefined", 7, called)
    return x


def _factor(node: Node, x: xr.DataArray, where: str, called: str) -> float:
    """Return the factor to the node's unit; an array without unit is in it already."""
    given = x.attrs.get("units")
    if not node.unit:
        scale = node.normalise
        fixed = getattr(scale, "kind", "") in ("goalposts", "distance_to_target", "categorical")
        if fixed and given not in (None, "", "1"):
            raise UnitError(
                where,
                f"{called} is in {given!r}; the unit of the {scale.kind} of {node.id!r} is "  # type: ignore[union-attr]
                "not written",
                f"Node(id={node.id!r}, unit={given!r}, …)",
                6,
                called,
            )
        return 1.0
    return 1.0 if given is None else units.factor(given, node.unit, where, called)


def _bare(x: xr.DataArray) -> xr.DataArray:
    """Return the array with the coordinates that alignment reads and no others."""
    kept = {*x.dims, "age_width", "period_end"}
    known = [c for c in x.coords if c not in kept and x.coords[c].ndim > 0]
    return x.drop_vars(known)


def _coords(template: Mapping[str, xr.DataArray], first: xr.DataArray) -> dict[str, Any]:
    """Return the labels along the dimensions, and what `first` has beside them."""
    found: dict[str, Any] = {dim: (dim, coord.values) for dim, coord in template.items()}
    for name, coord in first.coords.items():
        beside = name in ("age_width", "period_end") or (coord.ndim == 0 and name not in found)
        if beside and set(coord.dims) <= set(template):
            found[str(name)] = (coord.dims, coord.values)
    return found


def _groups(
    index: Index, groups: Any, areas: NDArray[Any], dates: int, where: str
) -> NDArray[np.int64] | None:
    """Return the group of each unit as a number."""
    if index.missing.fill != "group_mean":
        return None
    name = index.missing.group
    if groups is None or groups.dims != ("area",):
        raise DimensionError(
            where,
            f"data has no coordinate {name!r} along 'area'",
            f'data.assign_coords({name}=("area", groups))',
            8,
            "data",
        )
    named = dict(zip(groups.coords["area"].values.tolist(), groups.values.tolist(), strict=True))
    told = [str(named.get(area, "")) for area in areas.tolist()]
    known = sorted({text for text in told if text})
    numbers = np.array([known.index(text) if text else -1 for text in told], np.int64)
    return np.repeat(numbers, dates)


def _flags(
    flags: dict[str, xr.DataArray], aligned: dict[str, xr.DataArray], sizes: dict[str, int]
) -> NDArray[np.uint16] | None:
    """Return the status of every indicator over all dimensions without ``member``."""
    if not flags:
        return None
    dims = [dim for dim in sizes if dim != "member"]
    out = np.zeros((len(aligned), *(sizes[dim] for dim in dims)), np.uint16)
    for place, (leaf, x) in enumerate(aligned.items()):
        if leaf not in flags:
            continue
        flag = flags[leaf]
        flag = flag.sel({dim: x.coords[dim].values for dim in flag.dims})
        lacking = {dim: sizes[dim] for dim in dims if dim not in flag.dims}
        out[place] = flag.expand_dims(lacking).transpose(*dims).values
    return out
