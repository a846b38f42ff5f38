"""What ties a flow to other dates: the stock at its start, an earlier flow, a window."""

from __future__ import annotations

import numpy as np
import xarray as xr

from migov.core import times
from migov.core.align import shown
from migov.core.errors import TimeError


def at_start(stock: xr.DataArray, flow: xr.DataArray, argument: str) -> xr.DataArray:
    """Return a stock at the start of each period of a flow, by period.

    Parameters
    ----------
    stock : DataArray {time, …}
        Has the start of every period among its dates.
    flow : DataArray {period, …}
        Has the periods.
    argument : str
        Name of the stock in the call.

    Raises
    ------
    TimeError
        The stock is not known at the start of a period.
    """
    starts = np.asarray(flow.coords["period"].values, "M8[s]")
    absent = starts[~np.isin(starts, np.asarray(stock.coords["time"].values, "M8[s]"))]
    if absent.size:
        raise TimeError(
            "at_start",
            f"{argument} has {shown(stock.coords['time'].values)}, not the start {shown(absent)}",
            f"give {argument} at the start of each period",
            1,
            argument,
        )
    found = stock.sel(time=starts).rename(time="period")
    return found.assign_coords(period=flow.coords["period"])


def lagged(later: xr.DataArray, earlier: xr.DataArray, months: int, argument: str) -> xr.DataArray:
    """Return a flow some months before the periods of another; missing where it is not known.

    Parameters
    ----------
    later, earlier : DataArray {period, …}
        Both by the same periods.
    months : int
        From the start of the earlier period to that of the later one.
    argument : str
        Name of the earlier flow in the call.

    Raises
    ------
    TimeError
        No two periods are that far apart.
    """
    if months == 0:
        return earlier
    starts = np.asarray(later.coords["period"].values, "M8[s]")
    first = starts.astype("M8[M]")
    before = (first - np.timedelta64(months, "M")).astype("M8[s]") + (
        starts - first.astype("M8[s]")
    )
    known = np.isin(before, starts)
    if not known.any():
        raise TimeError(
            "lagged",
            f"{argument} has {shown(starts)}, no two of them {months} months apart",
            "give more periods, or a lag that is a multiple of their length",
            1,
            argument,
        )
    places = np.where(known, np.searchsorted(starts, before), 0)
    moved = earlier.isel(period=places).assign_coords(later.coords["period"].coords)
    return moved.where(xr.DataArray(known, {"period": later.coords["period"].values}, "period"))


def window_before(
    stock: xr.DataArray, flow: xr.DataArray, years: float, argument: str
) -> xr.DataArray:
    """Return the sum of a flow over the window that leads up to each date of a stock.

    A stock at the last day of a month belongs to the period that ends with that day. Dates
    without a whole window before them are missing.

    Parameters
    ----------
    stock : DataArray {time, …}
        Has the dates.
    flow : DataArray {period, …}
        Counts by adjoining periods.
    years : float
        Length of the window.
    argument : str
        Name of the flow in the call.

    Raises
    ------
    TimeError
        No date has a whole window before it.
    """
    dates = np.asarray(stock.coords["time"].values, "M8[D]")
    next_day = dates + np.timedelta64(1, "D")
    month_ends = next_day == next_day.astype("M8[M]").astype("M8[D]")
    at = np.where(month_ends, next_day, dates)[:, None]
    starts = np.asarray(flow.coords["period"].values, "M8[D]")[None, :]
    ends = np.asarray(times.period_end(flow, "window_before", argument), "M8[D]")[None, :]
    slack = 1e-9
    inside = (ends <= at) & (times.years_between(starts, at) <= years + slack)
    covered = np.where(inside, times.years_between(starts, ends), 0.0).sum(axis=1)
    whole = np.isclose(covered, years, rtol=0, atol=slack)
    if not whole.any():
        raise TimeError(
            "window_before",
            f"{argument} has the periods from {shown(starts)}; no date of the stock, "
            f"{shown(dates)}, has {years:g} years of them before it",
            f"give {argument} by periods that adjoin and end with the date",
            1,
            argument,
        )
    mask = xr.DataArray(
        inside,
        {"time": stock.coords["time"].values, "period": flow.coords["period"].values},
        ("time", "period"),
    )
    found = flow.where(mask, 0.0).sum("period", skipna=False)
    return found.where(xr.DataArray(whole, {"time": stock.coords["time"].values}, "time"))
