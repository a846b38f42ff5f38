"""What several themes share: kernels on labelled arrays, sums that are checked, matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import xarray as xr

from migov.core import ages, status, times
from migov.core.align import shown
from migov.core.errors import AgeError, AlignmentError, TimeError
from migov.core.partition import check_partition
from migov.core.vocabulary import require


def lift(
    kernel: Callable[..., Any],
    *arrays: Any,
    core: Sequence[Sequence[str]],
    out: Any = (),
    **constants: Any,
) -> xr.DataArray:
    """Return a kernel's result on labelled arrays, lazy over all dimensions but the core ones.

    Parameters
    ----------
    kernel : callable
        Takes the arrays with their core dimensions last, and the constants by name.
    *arrays : DataArray
        In the kernel's order.
    core : sequence of sequence of str
        Core dimensions of each array.
    out : sequence of str
        Core dimensions of the result.
    **constants : object
        Handed to the kernel as they are.
    """
    found = xr.apply_ufunc(
        kernel,
        *arrays,
        input_core_dims=core,
        output_core_dims=[out],
        kwargs=constants,
        dask="parallelized",
        output_dtypes=[float],
        dask_gufunc_kwargs={"allow_rechunk": True},
    )
    return cast("xr.DataArray", found)


def marked(x: xr.DataArray, flag: str, at: xr.DataArray) -> xr.DataArray:
    """Return a result with a flag on the cells that its body cannot judge, lazy where `at` is.

    Parameters
    ----------
    x : DataArray
        Result of a body; the boundary joins its flags with those of the inputs.
    flag : str
        A name of :data:`migov.core.status.FLAGS`.
    at : boolean DataArray {dimensions of x}
        Where to set it: for any member where members differ.
    """
    cells = at.any("member") if "member" in at.dims else at
    if isinstance(cells.data, np.ndarray) and not cells.values.any():
        return x
    bits = cells.data.astype(np.uint16) * np.uint16(status.flag(flag))
    return x.assign_coords({status.NAME: (cells.dims, bits, status.ATTRS)})


def summed(x: xr.DataArray, dims: str | Sequence[str], argument: str) -> xr.DataArray:
    """Return the sum over a partition; a missing part makes the sum missing.

    Raises
    ------
    PartitionError
        A total stands beside its parts.
    """
    names = [dims] if isinstance(dims, str) else list(dims)
    return parted(x, *names, argument=argument).sum(names, skipna=False)


def parted(x: xr.DataArray, *dims: str, argument: str) -> xr.DataArray:
    """Return an array whose labels along some dimensions are a partition.

    Raises
    ------
    PartitionError
        A total stands beside its parts.
    """
    for dim in dims:
        check_partition(x, dim, "parted", argument)
    return x


def mean_over(x: xr.DataArray, weights: xr.DataArray, dim: str, argument: str) -> xr.DataArray:
    """Return the weighted mean along a dimension; a missing part makes it missing."""
    require(x, [dim], "mean_over", argument)
    return (x * weights).sum(dim, skipna=False) / summed(weights, dim, argument)


def chosen(x: xr.DataArray, dim: str, labels: Sequence[str], argument: str) -> xr.DataArray:
    """Return the cells of some labels.

    Raises
    ------
    AlignmentError
        Labels that the array lacks.
    """
    absent = sorted(set(labels) - set(map(str, x.coords[dim].values)))
    if absent:
        raise AlignmentError(
            "chosen",
            f"{argument} lacks {dim} {shown(absent)}; it has {shown(x.coords[dim].values)}",
            "choose among its labels, or give these cells",
            2,
            argument,
        )
    return x.sel({dim: list(labels)})


def closed_widths(x: xr.DataArray, argument: str) -> xr.DataArray:
    """Return the widths of the age groups in years, none of them open.

    Raises
    ------
    AgeError
        The last group is open: a rate times an endless width is no number.
    """
    found = ages.widths(x, "closed_widths", argument)
    if np.isinf(found).any():
        start = float(x.coords["age"].values[-1])
        raise AgeError(
            "closed_widths",
            f"{argument} ends with the open group {start:g}+, expected closed ages",
            f"{argument}.isel(age=slice(None, -1)), or close the group where the rates end",
            3,
            argument,
        )
    return xr.DataArray(found, {"age": x.coords["age"].values}, "age")


def per_year(x: xr.DataArray, argument: str) -> xr.DataArray:
    """Return the events of each period divided by its length in years."""
    lengths = times.year_lengths(x, "per_year", argument)
    return x / xr.DataArray(lengths, {"period": x.coords["period"].values}, "period")


def moves(flows: xr.DataArray) -> xr.DataArray:
    """Return the flows between unlike places; those within a place are zero.

    A missing cell within a place does not count: nobody asks for it.
    """
    return flows.where(flows.coords["origin"] != flows.coords["destination"], 0.0)


def square(flows: xr.DataArray, argument: str) -> xr.DataArray:
    """Return the flows between unlike places, destinations in the order of origins.

    Raises
    ------
    AlignmentError
        A place is only origin or only destination.
    """
    origins, destinations = (
        set(map(str, flows.coords[d].values)) for d in ("origin", "destination")
    )
    lone = sorted(origins ^ destinations)
    if lone:
        raise AlignmentError(
            "square",
            f"{argument} has {shown(lone)} only as origin or only as destination",
            "give a matrix of the same places on both sides",
            2,
            argument,
        )
    return moves(flows.sel(destination=list(flows.coords["origin"].values)))


def net_of(flows: xr.DataArray, argument: str) -> xr.DataArray:
    """Return inflow less outflow of each place, on the dimension ``origin``."""
    inner = square(flows, argument)
    arrivals = summed(inner, "origin", argument).rename(destination="origin")
    return arrivals - summed(inner, "destination", argument)


def dates_apart(
    x: xr.DataArray, years: float | None, argument: str
) -> tuple[Callable[[xr.DataArray], xr.DataArray], Callable[[xr.DataArray], xr.DataArray]]:
    """Return two functions: the cells at the start, and at the end, of periods of some years.

    Parameters
    ----------
    x : DataArray {time, …}
        What has the dates.
    years : float or None
        Length of the periods; None for those between adjoining dates.
    argument : str
        Name of `x` in the call.

    Returns
    -------
    before, after : callable
        Each turns {time, …} into {period, …}.

    Raises
    ------
    TimeError
        No two dates are that far apart.
    """
    dates = np.asarray(x.coords["time"].values, "M8[s]")
    if years is None:
        first, last = np.arange(len(dates) - 1), np.arange(1, len(dates))
    else:
        apart = times.years_between(dates[:, None], dates[None, :])
        first, last = np.nonzero(np.isclose(apart, years, rtol=0, atol=1e-9))
    if not first.size:
        raise TimeError(
            "dates_apart",
            f"{argument} has {shown(dates)}, no two of them "
            + ("" if years is None else f"{years:g} years ")
            + "apart",
            f"give {argument} at both dates",
            1,
            argument,
        )
    ends = ("period", dates[last])

    def cells(part: xr.DataArray, places: np.ndarray) -> xr.DataArray:
        taken = part.isel(time=places).rename(time="period")
        return taken.assign_coords(period=dates[first], period_end=ends)

    return lambda part: cells(part, first), lambda part: cells(part, last)
