"""Checks of a data set: how complete, how old, what cannot be, where a series breaks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from migov.compare.rows import day_of
from migov.core import status
from migov.core.align import align
from migov.core.errors import (
    AgeError,
    DimensionError,
    InputError,
    ParameterError,
    PartitionError,
    TimeError,
)
from migov.core.partition import check_classes, shared_territory
from migov.core.times import check_instants, period_end, years_between
from migov.core.units import to_unit, unit_of
from migov.core.vocabulary import check_dimensions, check_numbers, require


def completeness(x: xr.DataArray, over: Sequence[str] | None = None) -> xr.Dataset:
    """Return which share of the cells holds a number, and why the others do not.

    Parameters
    ----------
    x : DataArray
        Any figures; the labels of its dimensions are what is expected.
    over : sequence of str, optional
        Dimensions that are counted over; all by default.

    Returns
    -------
    Dataset
        ``share`` in percent, over the dimensions that are left, and ``cells`` {reason, …}: how
        many are absent for each reason of the observation status, ``unexplained`` for none.

    Raises
    ------
    DimensionError
        `x` has not a dimension of `over`.

    Examples
    --------
    >>> x = xr.DataArray([1.0, float("nan")], {"area": ["DEU", "MDA"]}, "area")
    >>> completeness(x).share.item()
    50.0
    """
    where = "completeness"
    check_dimensions(x, where, "x")
    names = [str(name) for name in x.dims] if over is None else list(over)
    require(x, names, where, "x")
    if not x.size:
        raise InputError(where, "x has no cell", "select some cells, or leave x out", 7, "x")
    plain, flags = status.take(x)
    absent = plain != plain  # NaN alone differs from itself
    share = 100.0 * (1.0 - absent.mean(names))
    bits = xr.zeros_like(absent, dtype=np.uint16) if flags is None else flags
    reasons = [name for name, bit in status.FLAGS.items() if bit & status.ABSENT]
    parts = [(absent & ((bits & status.FLAGS[name]) > 0)).sum(names) for name in reasons]
    parts.append((absent & ((bits & status.ABSENT) == 0)).sum(names))
    cells = xr.concat(parts, pd.Index([*reasons, "unexplained"], name="reason"))
    share.attrs = {"units": "percent", "long_name": "share of cells that hold a number"}
    cells.attrs = {"units": "1", "long_name": "cells without a number, by reason"}
    return xr.Dataset({"share": share, "cells": cells})


def timeliness(x: xr.DataArray, published: str) -> xr.DataArray:
    """Return the time from the latest reference date with a number to publication.

    Parameters
    ----------
    x : DataArray {time or period, …}
        Any figures; an interval is over at its end.
    published : str
        ISO date of publication.

    Returns
    -------
    DataArray {…}
        Months, missing where there is no number.

    Raises
    ------
    TimeError
        There are no dates, or the publication comes before one.

    Examples
    --------
    >>> time = np.array(["2022-01-01", "2023-01-01"], "M8[s]")
    >>> x = xr.DataArray([[1.0, 2.0], [1.0, float("nan")]], {"area": ["DEU", "MDA"], "time": time},
    ...     ("area", "time"))
    >>> timeliness(x, "2024-01-01").values
    array([12., 24.])
    """
    where = "timeliness"
    check_dimensions(x, where, "x")
    dim = "period" if "period" in x.dims else "time"
    if dim not in x.dims:
        raise TimeError(where, "x has neither time nor period", "dated figures", 1, "x")
    check_instants(x, where, "x")
    ends = period_end(x, where, "x") if dim == "period" else x.coords[dim].values.astype("M8[s]")
    day = day_of(published, where, "published")
    given = status.take(x)[0]
    there = given == given  # NaN alone differs from itself
    months = 12.0 * np.asarray(years_between(ends, np.broadcast_to(day, ends.shape)))
    lags = xr.DataArray(months, {dim: x.coords[dim].values}, dim)
    lag = lags.where(there.drop_vars([n for n in there.coords if n not in there.dims])).min(dim)
    if bool((lag < 0).any()):
        raise TimeError(
            where,
            f"published={published} is before a reference date",
            "the day on which the figures came out",
            1,
            "published",
        )
    lag.attrs = {"units": "month", "long_name": "from the reference date to publication"}
    return lag


def overlaps(x: xr.DataArray) -> pd.DataFrame:
    """Return all classes of an array that overlap, instead of refusing the first.

    Parameters
    ----------
    x : DataArray
        Any figures.

    Returns
    -------
    DataFrame
        ``dimension, fault, mend``, empty where every dimension is a partition.

    Examples
    --------
    >>> x = xr.DataArray([1.0, 2.0], {"area": ["SUN", "MDA"]}, "area")
    >>> overlaps(x).fault.tolist()
    ['SUN has territory of MDA']
    """
    check_dimensions(x, "overlaps", "x")
    rows = []
    for dim in x.dims:
        name = str(dim)
        try:
            check_classes(x, name, "overlaps", "x")
        except (PartitionError, AgeError) as fault:
            rows.append((name, fault.what, fault.mend))
        rows += [
            (name, f"{whole} has territory of {part}", f"keep {whole} or its parts")
            for whole, part, _ in shared_territory(x, name)
        ]
    return pd.DataFrame(rows, columns=["dimension", "fault", "mend"])


def implied_share(total: xr.DataArray, part: xr.DataArray, rest: xr.DataArray) -> xr.Dataset:
    """Return the share of a group that the rates of all, of the group and of the rest imply.

    A rate of all is a mean of the two others, weighted by the share s of the group in the
    denominator: s = (total - rest) / (part - rest). A share outside 0 to 1 cannot be: the
    rates have other denominators, and are not to be used together.

    Parameters
    ----------
    total, part, rest : DataArray
        Rates of all, of the group (such as migrants) and of the others, in one unit.

    Returns
    -------
    Dataset
        ``share`` without unit, missing where the rates of group and rest are equal;
        ``impossible``: the share lies outside 0 to 1, or the equal rates are not the total's.

    Raises
    ------
    AlignmentError
        The rates have not the same labels.
    UnitError
        They are of other dimensions.

    Examples
    --------
    >>> rate = {"area": ["DEU", "PAK"]}
    >>> x = [xr.DataArray(v, rate, "area", attrs={"units": "per_hundred_thousand/year"})
    ...     for v in ([1.2, 1136.0], [2.0, 591.0], [1.0, 545.0])]
    >>> implied_share(*x).impossible.values
    array([False,  True])

    References
    ----------
    ILO, SDG indicator 8.8.1: rates by migrant status and of all workers.
    """
    where = "implied_share"
    given = {"total": total, "part": part, "rest": rest}
    for name, x in given.items():
        check_dimensions(x, where, name)
        check_numbers(x, where, name)
    unit = unit_of(total, where, "total")
    ready = align(where, {n: to_unit(x, unit, where, n) for n, x in given.items()}, lacking=())
    a, b, c = (status.take(ready[name])[0] for name in given)
    apart = b - c
    scale = np.abs(a) + np.abs(b) + np.abs(c)
    close = np.abs(apart) <= 1e-12 * scale
    share = (a - c) / apart.where(~close)
    # Published rates are rounded, so that a share a hair outside is none.
    outside = (share < -1e-9) | (share > 1 + 1e-9)
    impossible = outside | (close & (np.abs(a - c) > 1e-9 * scale))
    share.attrs = {"units": "1", "long_name": "share of the group that the rates imply"}
    impossible.attrs = {"long_name": "the three rates cannot be of one denominator"}
    return xr.Dataset({"share": share, "impossible": impossible})


def breaks(x: xr.DataArray, *, limit: float = 5.0, least: float = 0.05) -> xr.Dataset:
    """Return where a series breaks: as its source flags it, and by jumps of its growth.

    A jump is a yearly growth, in logarithms, further from the median of its series than
    `limit` times the median distance (scaled to the standard deviation of a normal
    distribution), and by at least `least`; of an even number of distances the lower middle one,
    so that one wrong number, which spoils the growth before and after it, is found among five.
    In a series of three numbers it is one that goes and comes back. A jump may be a break of
    method, an error, or true.

    Parameters
    ----------
    x : DataArray {time or period, …}
        Positive figures at three dates or more.
    limit : float
        Distances.
    least : float
        Growth a year that is none; keeps smooth series from jumping at nothing.

    Returns
    -------
    Dataset {time or period, …}
        ``growth`` a year from the last date with a number; ``jump``; ``flagged``, the status
        says break.

    Raises
    ------
    DimensionError
        `x` has no dates, or fewer than three.
    ParameterError
        `limit` or `least` is not positive.

    Examples
    --------
    >>> time = np.array([f"{year}-07-01" for year in range(2015, 2021)], "M8[s]")
    >>> x = xr.DataArray([100.0, 101, 102, 203, 205, 207], {"time": time}, "time")
    >>> breaks(x).jump.values
    array([False, False, False,  True, False, False])

    References
    ----------
    Median absolute deviation: Rousseeuw and Croux (1993), Journal of the American Statistical
    Association 88(424).
    """
    where = "breaks"
    check_dimensions(x, where, "x")
    for name, value in (("limit", limit), ("least", least)):
        if not value > 0 or not np.isfinite(value):
            raise ParameterError(where, f"{name}={value!r}", "a positive number", 9, name)
    dim = "period" if "period" in x.dims else "time"
    if dim not in x.dims or x.sizes[dim] < 3:
        raise DimensionError(where, "x has fewer than three dates", "a longer series", 8, "x")
    check_instants(x, where, "x")
    plain, flags = status.take(x)
    bare = plain.drop_vars([name for name in plain.coords if name not in plain.dims])
    when = x.coords[dim].values.astype("M8[s]")
    growth, jump = xr.apply_ufunc(
        _jumps,
        bare,
        kwargs={"years": years_between(when[0], when), "limit": limit, "least": least},
        input_core_dims=[[dim]],
        output_core_dims=[[dim], [dim]],
        dask="parallelized",
        output_dtypes=[float, bool],
        dask_gufunc_kwargs={"allow_rechunk": True},
    )
    growth, jump = growth.transpose(*bare.dims), jump.transpose(*bare.dims)
    told = xr.zeros_like(bare, dtype=bool)
    if flags is not None:
        told = (flags & status.FLAGS["break"]) > 0
        told = told.drop_vars([name for name in told.coords if name not in told.dims])
    growth.attrs = {"units": "1/year", "long_name": "growth of the logarithm from the date before"}
    jump.attrs = {"long_name": "growth far from its median"}
    told.attrs = {"long_name": "the source says break"}
    return xr.Dataset({"growth": growth, "jump": jump, "flagged": told})


def _jumps(
    values: NDArray[np.float64], years: NDArray[np.float64], limit: float, least: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return growth and jumps of series (…, dates) of which some numbers are missing."""
    known = (values > 0) & np.isfinite(values)
    logs = np.log(np.where(known, values, 1.0))
    places = np.where(known, np.arange(values.shape[-1]), -1)
    before = np.full(places.shape, -1)
    before[..., 1:] = np.maximum.accumulate(places, axis=-1)[..., :-1]
    last = np.maximum(before, 0)
    growth = logs - np.take_along_axis(logs, last, -1)
    growth = growth / np.where(before < 0, np.nan, years - years[last])
    growth[~known] = np.nan
    sorted_ = np.sort(growth, axis=-1)  # missing numbers come last
    number = np.isfinite(growth).sum(axis=-1, keepdims=True)
    low, high = np.maximum((number - 1) // 2, 0), np.minimum(number // 2, values.shape[-1] - 1)
    middle = (np.take_along_axis(sorted_, low, -1) + np.take_along_axis(sorted_, high, -1)) / 2
    distance = np.abs(growth - middle)
    usual = 1.4826 * np.take_along_axis(np.sort(distance, axis=-1), low, -1)
    jump = (distance > limit * usual) & (distance > least)
    # Two growths tell nothing of what is usual: only there and back again is odd.
    back = (number == 2) & (np.abs(middle) <= distance / 4) & (distance > limit * least)
    return growth, jump | back
