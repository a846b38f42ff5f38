"""Stocks at dates between those of a projection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from migov.core import status, units
from migov.core.align import shown
from migov.core.errors import InputError, ParameterError, TimeError
from migov.core.inputs import Input, admit, check_values
from migov.core.partition import check_partition
from migov.core.times import years_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

_WHERE = "interpolate"
_STOCK = Input(title="stock", unit="1", needs=("time",), kind="stock", values="any")


def interpolate(
    stock: xr.DataArray,
    to: xr.DataArray | Sequence[Any] | str,
    *,
    how: Literal["linear", "exponential"] = "linear",
) -> xr.DataArray:
    """Return a stock at further dates, between those that it has.

    Parameters
    ----------
    stock : DataArray {time, …}
        Persons or posts at two dates at least, no total beside its classes. A cohort is one year
        older a year later: age by age this mixes cohorts, which :func:`interpolate_cohorts`
        follows.
    to : DataArray {time}, sequence of dates, or "year"
        Dates inside those of `stock`; ``"year"`` takes every anniversary of its first date.
    how : {"linear", "exponential"}
        Constant change or constant rate of growth between two dates.

    Returns
    -------
    DataArray {time, …}
        The dates asked for; unit and definition kept, the flags of both ends joined, and
        ``derived`` where a value was not given.

    Raises
    ------
    TimeError
        A date outside, an integer year, or a stock of one date.
    PartitionError, UnitError
        A total beside its classes; no unit, or an unknown one.
    InputError
        A stock that is not above zero, with ``exponential``.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> x = Cells((100.0, 200.0), time="2025-07-01 2030-07-01").array("person")
    >>> interpolate(x, "year").values
    array([100., 120., 140., 160., 180., 200.])

    References
    ----------
    Siegel and Swanson (2004), The Methods and Materials of Demography, appendix C.
    """
    admitted = admit(stock, _STOCK, _WHERE, "stock")
    units.coherent(units.unit_of(admitted, _WHERE, "stock"))
    for dim in admitted.dims:
        check_partition(admitted, str(dim), _WHERE, "stock")
    plain, flags = status.take(check_values(admitted, "any", _WHERE, "stock"))
    dates = np.asarray(plain.coords["time"].values, "M8[s]")
    if len(dates) < 2:
        raise TimeError(_WHERE, "stock has one date", "two dates at least", 1, "stock")
    wanted = dates_between(to, dates, _WHERE)
    after = np.clip(np.searchsorted(dates, wanted, side="left"), 1, len(dates) - 1)
    before = after - 1
    part = years_between(dates[before], wanted) / years_between(dates[before], dates[after])
    weight = plain.coords["time"].isel(time=before).copy(data=part).drop_vars("time")
    first, last = (plain.isel(time=i).drop_vars("time") for i in (before, after))
    if how == "linear":
        out = first + (last - first) * weight
    elif how == "exponential":
        if bool((plain <= 0).any()):
            raise InputError(_WHERE, "stock holds zero or less", 'how="linear"', 7, "stock")
        out = first * (last / first) ** weight
    else:
        raise ParameterError(_WHERE, f"how={how!r}", '"linear" or "exponential"', 9, "how")
    result: xr.DataArray = out.assign_coords(time=wanted).transpose(*plain.dims)
    result.attrs, result.name = dict(stock.attrs), stock.name
    if flags is not None and "time" in flags.dims:
        ends = [flags.isel(time=i).assign_coords(time=wanted) for i in (before, after)]
        flags = status.join(ends)
    result = status.put(result, flags)
    new = weight.copy(data=~np.isin(wanted, dates)).assign_coords(time=wanted)
    return status.mark(result, "derived", at=new)


def dates_between(to: Any, dates: np.ndarray, where: str) -> np.ndarray:
    """Return dates that are asked for, all within those that are given.

    Raises
    ------
    TimeError
        None, a date outside, or an integer year that does not say its day.
    """
    if isinstance(to, str) and to == "year":
        count = int(years_between(dates[0], dates[-1]))
        first = dates[0].astype("M8[M]")
        rest = dates[0] - first.astype("M8[s]")
        months = first + np.arange(count + 1) * np.timedelta64(12, "M")
        return np.asarray(months.astype("M8[s]") + rest)
    given = np.atleast_1d(np.asarray(getattr(to, "values", to)))
    if given.size == 0 or given.dtype.kind not in "MUO":
        told = "no date" if given.size == 0 else f"{shown(given)}, which say no day"
        raise TimeError(
            where, f"to holds {told}", 'dates such as ["2025-07-01"], or "year"', 1, "to"
        )
    try:
        wanted = np.asarray(given, "M8[s]")
    except ValueError as fault:
        told = f"to holds {shown(given)}"
        raise TimeError(where, told, 'dates such as ["2025-07-01"], or "year"', 1, "to") from fault
    outside = wanted[~((wanted >= dates[0]) & (wanted <= dates[-1]))]
    if outside.size:
        raise TimeError(
            where,
            f"to holds {shown(outside)}, expected from {shown(dates[:1])} to {shown(dates[-1:])}",
            "dates inside; a stock is projected, not extended",
            1,
            "to",
        )
    return wanted
