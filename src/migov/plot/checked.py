"""What is drawn, checked: numbers, dimensions, units; medians and intervals; status of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import align, status, units
from migov.core.errors import DimensionError, InputError, KindError, ParameterError
from migov.core.inputs import Input, admit
from migov.core.vocabulary import check_dimensions
from migov.plot import amounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

SPREAD = ("member", "quantile")
"""Dimensions that hold the spread of one figure."""


def array(
    x: Any,
    where: str,
    argument: str,
    needs: Sequence[str] = (),
    *,
    may: Sequence[str] = SPREAD,
    nonnegative: bool = False,
    empty: bool = False,
) -> xr.DataArray:
    """Return an array that can be drawn, loaded.

    Parameters
    ----------
    x : DataArray {needs, may}
        Anything; what is no labelled array of numbers with a unit is refused.
    where, argument : str
        The call and the argument that an error names.
    needs, may : sequence of str
        Dimensions that it must and may have; no others.
    nonnegative : bool
        Whether negative numbers are refused.
    empty : bool
        Whether an array without any number is let through.

    Raises
    ------
    MigovError
        The kind that fits the fault.

    Examples
    --------
    >>> import xarray as xr
    >>> array(xr.DataArray([1.0], {"area": ["MDA"]}, "area", attrs={"units": "1"}), "call", "x",
    ...     ["area"]).sizes["area"]
    1
    """
    check_dimensions(x, where, argument)
    check_labels(x, where, argument)
    found = admit(x, Input(title="", unit="", needs=tuple(needs)), where, argument)
    amounts.check_unit(found, where, argument)
    extra = [str(dim) for dim in found.dims if dim not in (*needs, *may)]
    if extra:
        raise DimensionError(
            where,
            f"{argument} has {', '.join(map(repr, extra))} besides what is drawn",
            f"{argument}.sel({extra[0]}=…) or migov.total({argument}, {extra[0]!r})",
            8,
            argument,
        )
    if all(dim in found.dims for dim in SPREAD):
        raise DimensionError(
            where, f"{argument} has both member and quantile", "keep one of them", 8, argument
        )
    found = found.compute()
    _check_numbers(found, where, argument, nonnegative)
    if not empty and np.isnan(np.asarray(found.values, float)).all():
        raise InputError(
            where, f"{argument} holds no number, nothing to draw", "give data", 7, argument
        )
    return found


def check_labels(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse dimensions without labels, with a label twice, or with none.

    Raises
    ------
    DimensionError
        Each with the dimension named.
    """
    align.check_labels(x, where, argument)
    for dim in x.dims:
        if not x.sizes[dim]:
            raise DimensionError(
                where, f"{argument} has no {dim}", "select at least one", 8, argument
            )


def _check_numbers(x: xr.DataArray, where: str, argument: str, nonnegative: bool) -> None:
    values = np.asarray(x.values, float)
    for bad, what in (
        (np.isinf(values), "holds infinite values"),
        (values < 0 if nonnegative else np.zeros(values.shape, bool), "holds negative counts"),
    ):
        if bad.any():
            place = np.unravel_index(int(np.argmax(bad)), values.shape)
            cell = ", ".join(
                f"{dim} {str(x.indexes[dim][i])[:10]}" for dim, i in zip(x.dims, place, strict=True)
            )
            at = f" (the first at {cell})" if cell else ""
            raise InputError(where, f"{argument} {what}{at}", "mend the data", 7, argument)


def level(value: Any, where: str, argument: str) -> float:
    """Return the share that a central interval covers.

    Raises
    ------
    ParameterError
        It does not lie between 0 and 1.
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | np.floating)
        or not 0 < value < 1
    ):
        raise ParameterError(
            where, f"{argument}={value!r}", "a share between 0 and 1, such as 0.8", 9, argument
        )
    return float(value)


@attrs.frozen(eq=False)
class Spread:
    """Medians and central intervals; without members or quantiles no intervals.

    Parameters
    ----------
    middle : DataArray
        The median, or the value itself.
    low, high : dict of float to DataArray
        Ends of the central intervals by the share that they cover.
    """

    middle: xr.DataArray
    low: dict[float, xr.DataArray]
    high: dict[float, xr.DataArray]


def spread(
    x: xr.DataArray, levels: Sequence[float], where: str, argument: str, dim: str = "member"
) -> Spread:
    """Return medians and central intervals over members, or from given quantiles.

    A cell that lacks a member is missing: the members that are there may be the mild ones.

    Raises
    ------
    DimensionError
        `x` has quantiles, but not those that are asked for.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([1.0, 2.0, 3.0], {"member": [0, 1, 2]}, "member", attrs={"units": "1"})
    >>> spread(x, [0.5], "call", "x").middle.item()
    2.0
    """
    plain, _ = status.take(x)
    if dim in plain.dims:
        points = [0.5, *(0.5 - each / 2 for each in levels), *(0.5 + each / 2 for each in levels)]
        found = plain.quantile(points, dim, skipna=False)
        parts = [found.isel(quantile=i, drop=True) for i in range(len(points))]
    elif "quantile" in plain.dims:
        parts = [
            _quantile(plain, point, where, argument)
            for point in (
                0.5,
                *(0.5 - each / 2 for each in levels),
                *(0.5 + each / 2 for each in levels),
            )
        ]
    else:
        return Spread(plain, {}, {})
    count = len(levels)
    return Spread(
        parts[0],
        dict(zip(levels, parts[1 : 1 + count], strict=True)),
        dict(zip(levels, parts[1 + count :], strict=True)),
    )


def _quantile(x: xr.DataArray, point: float, where: str, argument: str) -> xr.DataArray:
    labels = np.asarray(x.indexes["quantile"], float)
    near = int(np.argmin(np.abs(labels - point)))
    if abs(labels[near] - point) > 1e-9:
        told = ", ".join(f"{label:g}" for label in labels)
        raise DimensionError(
            where,
            f"{argument} has the quantiles {told}, not {point:g}",
            "ask for the intervals that they bound, or give members",
            8,
            argument,
        )
    return x.isel(quantile=near, drop=True)


def flags(x: xr.DataArray, like: xr.DataArray) -> np.ndarray:
    """Return the status bits of every cell of `like`, 0 where `x` has no status."""
    _, found = status.take(x)
    if found is None:
        return np.zeros(like.shape, np.uint16)
    gone = [dim for dim in found.dims if dim not in like.dims]
    kept = status.union(found, gone) if gone else found
    wide = kept.broadcast_like(like.reset_coords(drop=True)).transpose(*like.dims)
    return np.asarray(wide.values, np.uint16)


def told(bits: np.ndarray) -> list[str]:
    """Return the names of the flags of each cell, joined by blanks.

    Examples
    --------
    >>> told(np.array([0, 260], np.uint16))
    ['', 'estimated stylised']
    """
    return [" ".join(status.names(int(each))) for each in np.asarray(bits).ravel()]


def converted(
    x: xr.DataArray, unit: str, where: str, argument: str
) -> tuple[xr.DataArray, np.ndarray]:
    """Return an array in another unit without its status, and the bits of its cells."""
    by = units.factor(units.unit_of(x, where, argument), unit, where, argument)
    plain, _ = status.take(x)
    bits = flags(x, plain.isel({dim: 0 for dim in SPREAD if dim in plain.dims}, drop=True))
    scaled = plain.astype(float) * by
    scaled.attrs = {**plain.attrs, "units": unit}
    return scaled, bits


def several(
    x: Any, where: str, argument: str, kind: str = "a DataArray or a mapping of them"
) -> dict[str, Any]:
    """Return the arrays of a mapping or a Dataset by label; a single array has the label ``""``.

    Raises
    ------
    KindError
        `x` is neither, or the mapping is empty.
    """
    import xarray as xr

    if isinstance(x, xr.DataArray):
        return {"": x}
    if isinstance(x, xr.Dataset):
        found = {
            str(name): one.assign_attrs(
                {**{k: v for k, v in x.attrs.items() if k == "references"}, **one.attrs}
            )
            for name, one in x.data_vars.items()
            if name != status.NAME
        }
    elif hasattr(x, "items"):
        found = {str(name): one for name, one in x.items()}
    else:
        found = {}
    if not found:
        raise KindError(
            where,
            f"{argument} is {'empty' if hasattr(x, 'items') else 'a ' + type(x).__name__}, "
            f"expected {kind}",
            f"{argument}= {kind}",
            8,
            argument,
        )
    return found
