"""Ages: the lower bound in completed years, and the width of the group beside it.

``age`` holds the bounds, ``age_width`` the widths in years, ``inf`` for the open group. A
limit inside a group is refused, since nobody can say how many of the group lie on either
side.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core.errors import AgeError
from migov.core.vocabulary import full_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr


def label(lower: float, width: float) -> str:
    """Return how a group is written.

    Examples
    --------
    >>> label(15, 5), label(80, float("inf")), label(7, 1)
    ('15-19', '80+', '7')
    """
    if np.isinf(width):
        return f"{lower:g}+"
    return f"{lower:g}" if width == 1 else f"{lower:g}-{lower + width - 1:g}"


def parse(text: str) -> tuple[int, float | None] | None:
    """Return lower bound and width of an age as tables write it, or None.

    A bare number has no width of its own.

    Examples
    --------
    >>> parse("0-4"), parse("80+"), parse("Y_GE65"), parse("Y15-64"), parse("Y_LT1"), parse("7")
    ((0, 5.0), (80, inf), (65, inf), (15, 50.0), (0, 1.0), (7, None))
    """
    plain = str(text).strip().lower().replace("–", "-").removesuffix("years").strip()
    plain = plain.removesuffix(".0")
    if match := re.fullmatch(r"y?(\d+)\s*(?:-|to|t)\s*(\d+)", plain):
        lower, upper = int(match[1]), int(match[2])
        return (lower, float(upper - lower + 1)) if upper >= lower else None
    if match := re.fullmatch(
        r"(?:y?_?ge|>=)\s*(\d+)|y?(\d+)\s*(?:\+|and over|and older|or over|plus)", plain
    ):
        return int(match[1] or match[2]), float("inf")
    if match := re.fullmatch(r"(?:y?_?lt|under|<)\s*(\d+)", plain):
        return 0, float(match[1])
    if match := re.fullmatch(r"y?(\d+)", plain):
        return int(match[1]), None
    return None


def widths(x: xr.DataArray, where: str = "ages", argument: str = "x") -> np.ndarray:
    """Return the widths of the age groups of `x`, loaded.

    Raises
    ------
    AgeError
        `x` has no ``age_width``.
    """
    if "age_width" not in x.coords:
        raise AgeError(
            where,
            f"{argument} has ages without their width",
            f'{argument}.assign_coords(age_width=("age", widths))  # inf for the open group',
            3,
            argument,
        )
    found = np.asarray(x.coords["age_width"].values, float)
    return np.broadcast_to(found, (x.sizes["age"],)) if "age" in x.dims else np.atleast_1d(found)


def check_ages(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse age groups that leave a gap, overlap, or are open before the last.

    Raises
    ------
    AgeError
        Each with the groups named.
    """
    if "age" not in x.dims:
        return
    lower, width = np.asarray(x.coords["age"].values), widths(x, where, argument)
    if lower.dtype.kind not in "iuf":
        raise AgeError(
            where,
            f"{argument} has ages of type {lower.dtype}, expected lower bounds in years",
            "migov.from_frame reads '0-4' and '80+'",
            3,
            argument,
        )
    if not lower.size:
        raise AgeError(where, f"{argument} has no ages", f"give {argument} by age", 3, argument)
    upper = lower + width
    for i in range(len(lower) - 1):
        if upper[i] == lower[i + 1]:
            continue
        pair = f"{label(lower[i], width[i])} and {label(lower[i + 1], width[i + 1])}"
        kind = "overlap" if upper[i] > lower[i + 1] else "leave a gap"
        raise AgeError(
            where, f"ages {pair} of {argument} {kind}", "give a partition of ages", 3, argument
        )
    if not (np.isfinite(lower).all() and (width > 0).all()):
        i = int(np.argmin(np.isfinite(lower) & (width > 0)))
        told = f"{argument} has the age {lower[i]:g} with the width {width[i]:g}"
        mend = "lower bounds and widths over zero, in years; inf for the open group"
        raise AgeError(where, told, mend, 3, argument)


def _inside(
    x: xr.DataArray, limit: float, where: str, argument: str, name: str
) -> tuple[str, list[float]] | None:
    """Return the group in which a limit falls, with its ends, or None."""
    lower, width = np.asarray(x.coords["age"].values, float), widths(x, where, argument)
    upper = lower + width
    inside = np.flatnonzero((lower < limit) & (limit < upper))
    if not inside.size:
        return None
    i = int(inside[0])
    return label(lower[i], width[i]), [float(lower[i]), float(upper[i])]


def check_limit(
    x: xr.DataArray, limit: float, where: str, argument: str = "persons", name: str = "limit"
) -> None:
    """Refuse a limit inside one of the age groups of `x`.

    Raises
    ------
    AgeError
        With the group named.
    """
    found = _inside(x, limit, where, argument, name)
    if found is not None:
        group, ends = found
        either = " or ".join(f"{name}={end:g}" for end in ends if np.isfinite(end))
        raise AgeError(
            where,
            f"{name}={limit:g} lies inside the group {group} of {argument}",
            f"{either}, or finer ages",
            3,
            argument,
        )


def between(
    x: xr.DataArray,
    lower: float | None = None,
    upper: float | None = None,
    *,
    where: str = "between",
    argument: str = "persons",
) -> xr.DataArray:
    """Return the sum of a count over the ages from `lower` to below `upper`.

    Parameters
    ----------
    x : DataArray {age, …}
        Counts by age; a missing group makes the sum missing.
    lower, upper : float, optional
        Limits in completed years; None for no limit.

    Raises
    ------
    AgeError
        A limit lies inside a group, the ages do not reach it, or `upper` lies below `lower`.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([3.0, 2.0, 1.0], coords={"age": [0, 15, 65],
    ...     "age_width": ("age", [15, 50, float("inf")])}, dims="age")
    >>> between(x, 15, 65).item()
    2.0
    """
    starts, width = np.asarray(x.coords["age"].values, float), widths(x, where, argument)
    for name, limit in (("lower", lower), ("upper", upper)):
        if limit is not None:
            check_limit(x, limit, where, argument, name)
    low = float(starts[0]) if lower is None else lower
    high = float("inf") if upper is None else upper
    if low > high:
        raise AgeError(
            where,
            f"there is no age from {low:g} to below {high:g}",
            "lower below upper",
            3,
            "upper",
        )
    if low < starts[0] or high > starts[-1] + width[-1]:
        ends = f"{label(starts[0], width[0])} to {label(starts[-1], width[-1])}"
        span = f"{low:g}+" if np.isinf(high) else f"{low:g} to below {high:g}"
        raise AgeError(
            where,
            f"{argument} has ages {ends}, expected all from {span}",
            "give all ages",
            3,
            argument,
        )
    chosen = np.flatnonzero((starts >= low) & (starts + width <= high))
    part = x.isel(age=slice(int(chosen[0]), int(chosen[-1]) + 1) if chosen.size else slice(0, 0))
    return full_width(part).sum("age", skipna=False)


ages_between = between
"""The same, by the name that it has in the package's own namespace."""


def single(x: xr.DataArray, lower: int, upper: int, argument: str = "x") -> xr.DataArray:
    """Return the counts at single years of age, from one age to another, both included.

    Raises
    ------
    AgeError
        An age is not there by itself.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray(np.ones(5), {"age": np.arange(5), "age_width": ("age", np.ones(5))}, "age")
    >>> single(x, 2, 3).sizes["age"]
    2
    """
    starts, width = np.asarray(x.coords["age"].values, float), widths(x, "single", argument)
    alone = set(starts[width == 1.0])
    needed = np.arange(lower, upper + 1)
    absent = [int(age) for age in needed if float(age) not in alone]
    if absent:
        raise AgeError(
            "single",
            f"{argument} has no single age {absent[0]}, all from {lower} to {upper} are needed",
            "give counts by single years of age",
            3,
            argument,
        )
    return x.sel(age=needed)


def _bounds(lower: Sequence[int], starts: Any, end: float) -> list[float]:
    """Return the lower bounds of new groups if they rise from the first age to below the end."""
    numbers = not isinstance(lower, str | bytes | dict | set) and np.ndim(lower) == 1
    given = np.asarray(lower) if numbers else np.array([])
    bounds: list[float] = given.astype(float).tolist() if given.dtype.kind in "iuf" else []
    rise = bool(np.all(np.diff(bounds) > 0))
    if not bounds or not rise or bounds[0] != starts[0] or bounds[-1] >= end:
        raise AgeError(
            "regroup_ages",
            f"lower={lower!r} does not rise from the first age {starts[0]:g} to below {end:g}",
            f"lower=[{starts[0]:g}, …], the lower bounds of the new groups",
            3,
            "lower",
        )
    return bounds


def regroup_ages(x: xr.DataArray, lower: Sequence[int]) -> xr.DataArray:
    """Return counts by coarser ages.

    Parameters
    ----------
    x : DataArray {age, …}
        Counts, money or person-years by age.
    lower : sequence of int
        Lower bounds of the new groups in years; the first is the first age of `x`, the last
        new group ends where the last of `x` ends.

    Returns
    -------
    DataArray
        Same dimensions; unit, definition and status kept.

    Raises
    ------
    AgeError
        A bound lies inside a group, below the first age or beyond the last.
    PartitionError
        `x` is a rate: rates are not added.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([1.0, 2.0, 3.0], coords={"age": [0, 5, 10],
    ...     "age_width": ("age", [5.0, 5.0, float("inf")])}, dims="age", attrs={"units": "person"})
    >>> regroup_ages(x, [0, 10]).values
    array([3., 3.])
    """
    from migov.core import partition, status
    from migov.core.vocabulary import check_dimensions, require

    where = "regroup_ages"
    check_dimensions(x, where, "x")
    require(x, ["age"], where, "x")
    check_ages(x, where, "x")
    partition.check_additive(x, where, "x")
    starts, width = np.asarray(x.coords["age"].values, float), widths(x)
    bounds = _bounds(lower, starts, float(starts[-1] + width[-1]))
    for bound in bounds:
        if (found := _inside(x, bound, where, "x", "lower")) is not None:
            group, edges = found
            others = [[*(b for b in bounds if b != bound), end] for end in edges if end < np.inf]
            shown = " or ".join(f"lower={[int(b) for b in sorted(set(o))]}" for o in others)
            raise AgeError(
                where,
                f"the bound {bound:g} lies inside the group {group} of x",
                f"{shown}, or finer ages",
                3,
                "lower",
            )
    plain, flags = status.take(full_width(x))
    places = np.searchsorted(starts, bounds)
    axis = plain.get_axis_num("age")
    values: Any = plain.data
    parts = np.split(np.arange(len(starts)), places[1:])
    module: Any = np if isinstance(values, np.ndarray) else import_module("dask.array")
    summed = [module.take(values, p, axis=axis).sum(axis=axis, keepdims=True) for p in parts]
    ends = np.append(bounds[1:], starts[-1] + width[-1])
    out = plain.isel(age=places).copy(data=module.concatenate(summed, axis=axis))
    out = out.assign_coords(age_width=("age", ends - np.asarray(bounds)))
    if flags is not None:
        if "age" in flags.dims:
            axis = flags.get_axis_num("age")
            joined = np.bitwise_or.reduceat(flags.values, places, axis=axis)
            flags = flags.isel(age=places).copy(data=joined)
        out = status.put(out, flags)
    return out
