"""Groups of areas, and means with stated weights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from migov.core import areas, status
from migov.core.align import align
from migov.core.errors import InputError, KindError, PartitionError
from migov.core.group_marks import marked
from migov.core.inputs import check_values
from migov.core.partition import check_partition, total
from migov.core.vocabulary import ROLES, check_dimensions, check_numbers, full_width, require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr


def by_group(
    x: xr.DataArray,
    groups: str | Sequence[str] | Mapping[str, Sequence[str]],
    *,
    date: str | None = None,
    missing: Literal["propagate", "skip", "refuse"] = "propagate",
) -> xr.DataArray:
    """Return an amount summed to groups of areas.

    Parameters
    ----------
    x : DataArray {area or another role, …}
        Counts, money, events or person-years.
    groups : str, sequence of str, or mapping of str to sequence of str
        Named groups of :func:`migov.areas.groups`, or groups of your own by area codes.
    date : str, optional
        ISO date of the named groups' composition; None for today's.
    missing : {"propagate", "skip", "refuse"}
        As in :func:`migov.total`.

    Returns
    -------
    DataArray
        The role's labels are the groups; beside them ``area_members`` (or of another role)
        tells their areas, so that :func:`migov.total` refuses groups that overlap, or that
        stand beside a member.

    Raises
    ------
    PartitionError
        Rates, no role, or a member of a group is absent.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([1.0, 2.0], {"area": ["ALB", "MDA"]}, "area", attrs={"units": "person"})
    >>> by_group(x, {"origins": ["ALB", "MDA"]}).values
    array([3.])
    """
    import xarray as xr

    where = "by_group"
    check_dimensions(x, where, "x")
    role = next((name for name in ROLES if name in x.dims), None)
    if role is None:
        raise PartitionError(
            where,
            "x has no areas to put into groups",
            "by_group takes x by area, origin, destination or another role",
            4,
            "x",
        )
    if not x.indexes[role].is_unique:
        twice = x.indexes[role][x.indexes[role].duplicated()][0]
        raise PartitionError(where, f"x has {role} {twice} twice", "drop one of them", 4, "x")
    if not isinstance(groups, Iterable) or not groups:
        told = f"groups={groups!r}, expected names of groups or their members"
        raise KindError(where, told, 'groups="EU", or {"origins": ["ALB", "MDA"]}', 4, "groups")
    named = [groups] if isinstance(groups, str) else groups
    parts, counted = [], []
    for name in named:
        if isinstance(named, dict):
            codes = [areas.code(code, where) for code in named[name]]
            absent = sorted(set(codes) - set(map(str, x.indexes[role])))
            if absent:
                raise PartitionError(
                    where, f"x lacks {', '.join(absent)} of {name}", "give all members", 4, "x"
                )
            part = total(x.sel({role: codes}), role, missing=missing)
        else:
            codes = list(areas.members(str(name), date, where))
            part = total(x, role, group=str(name), date=date, missing=missing)
        parts.append(part)
        counted.append(codes)
    labels = xr.DataArray([str(name) for name in named], dims=role, name=role)
    bare, flags = zip(*(status.take(part) for part in parts), strict=True)
    out: xr.DataArray = xr.concat(bare, labels).transpose(*x.dims)
    out = marked(out, role, counted)
    out.attrs, out.name = dict(x.attrs), x.name
    known = [flag for flag in flags if flag is not None]
    if known:
        out = status.put(out, cast("xr.DataArray", xr.concat(known, labels)))
    return out


def weighted_mean(
    x: xr.DataArray,
    weights: xr.DataArray,
    dims: str | Sequence[str],
    *,
    missing: Literal["propagate", "skip", "refuse"] = "propagate",
) -> xr.DataArray:
    """Return the mean of a rate or ratio over some dimensions, with stated weights.

    Parameters
    ----------
    x : DataArray {dims, …}
        Rates, ratios or means.
    weights : DataArray {dims, …}
        Not negative, with the same labels along `dims`; most often the denominator of `x`.
    dims : str or sequence of str
        Dimensions to take the mean over.
    missing : {"propagate", "skip", "refuse"}
        ``skip`` takes the mean over those present and marks it ``partial``.

    Returns
    -------
    DataArray
        In the unit of `x`; missing where all weights are zero.

    Raises
    ------
    AlignmentError
        Labels of `weights` differ.
    InputError
        A negative or missing weight.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([10.0, 20.0], {"area": ["ALB", "MDA"]}, "area", attrs={"units": "percent"})
    >>> w = xr.DataArray([3.0, 1.0], {"area": ["ALB", "MDA"]}, "area", attrs={"units": "person"})
    >>> weighted_mean(x, w, "area").item()
    12.5
    """
    where = "weighted_mean"
    names = [dims] if isinstance(dims, str) else list(dims)
    for name, given in (("x", x), ("weights", weights)):
        check_dimensions(given, where, name)
        check_numbers(given, where, name)
        require(given, names, where, name)
        for dim in names:
            check_partition(given, dim, where, name)
    if missing not in ("propagate", "skip", "refuse"):
        raise KindError(where, f"missing={missing!r}", '"propagate", "skip" or "refuse"', 7)
    plain, flags = status.take(full_width(x))
    heavy, _ = status.take(full_width(weights))
    others = {str(name) for name in (*plain.coords, *heavy.coords) if name not in names}
    pair = align(where, {"x": plain, "weights": heavy}, others)
    plain, heavy = pair["x"], check_values(pair["weights"], "nonnegative", where, "weights")
    if isinstance(heavy.data, np.ndarray) and np.isnan(heavy.data).any():
        mend = "give every weight, 0 where there is none"
        raise InputError(where, "weights hold a missing number", mend, 7, "weights")
    absent = plain.isnull()
    if missing == "refuse" and bool(absent.any()):
        raise InputError(where, "x has missing cells", 'missing="skip"', 7, "x")
    used = heavy.where(~absent, 0.0) if missing == "skip" else heavy
    filled = plain.fillna(0.0) if missing == "skip" else plain
    out = (filled * used).sum(names, skipna=False) / used.sum(names, skipna=False)
    out.attrs, out.name = dict(x.attrs), x.name
    if flags is not None:
        out = status.put(out, flags)
    if missing == "skip":
        gone = (absent & (heavy > 0)).any(names)
        gone = gone.any("member") if "member" in gone.dims else gone
        out = status.mark(out, "partial", at=gone.compute()) if bool(gone.any()) else out
    return out
