"""The goals of a profile: levels up to its date, levels ahead of it, and what moved with what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from migov.core import catalogue, status
from migov.core.times import years_between
from migov.numeric.comovement import trend_of
from migov.report.page import Block, Table
from migov.report.tables import LEVEL, number, written

if TYPE_CHECKING:
    from migov.composite.balance import Balance


def goals(
    balance: Balance, own: Mapping[str, Any], given: Mapping[str, Any], code: str, date: str
) -> tuple[Block, ...]:
    """Return levels, trends and gaps by goal, levels ahead, then what moved against what.

    Parameters
    ----------
    balance : Balance
    own : mapping of str to DataArray
        Results of the country.
    given : mapping of str to DataArray
        Results with the reference group.
    code, date : str
        Of the country and of the profile: what is later is ahead.
    """
    now = {name: part for name, x in own.items() if (part := until(x, date)) is not None}
    ahead = {name: x for name, x in own.items() if _end(x) > np.datetime64(date)}
    blocks: list[Block] = []
    if now:
        blocks.append(_levels(balance, now, given, code, date))
    if ahead:
        blocks.append(_ahead(balance, ahead, now, date))
    if now:
        blocks += _together(balance, now)
    return tuple(blocks)


def _dates(x: xr.DataArray) -> np.ndarray[Any, Any]:
    """Return the dates that a result speaks of: of intervals, their ends."""
    for name in ("time", "period_end", "period"):
        if name in x.coords:
            return np.atleast_1d(x.coords[name].values)
    return np.zeros(0, "M8[s]")


def _axis(x: xr.DataArray) -> str | None:
    return next((name for name in ("time", "period") if name in x.dims), None)


def _end(x: xr.DataArray) -> np.datetime64:
    dates = _dates(x)
    end: np.datetime64 = dates.max() if dates.size else np.datetime64("0001-01-01")
    return end


def until(x: xr.DataArray, date: str) -> xr.DataArray | None:
    """Return the part of a result that is not after a date, None where there is none."""
    kept, axis = _dates(x) <= np.datetime64(date), _axis(x)
    if not kept.size or kept.all():
        return x
    if axis is None or not kept.any():
        return None
    return x.isel({axis: np.flatnonzero(kept)})


def _last(x: xr.DataArray) -> xr.DataArray:
    """Return the level at the last date, by member perhaps."""
    axis = _axis(x)
    one = x if axis is None else x.isel({axis: -1})
    return one.squeeze([name for name in one.dims if name != "member"])


def _when(x: xr.DataArray) -> str:
    """Return the last date of a result, which is that of its level; of intervals, both ends."""
    for name in ("time", "period"):
        if name in x.coords:
            start = str(np.atleast_1d(x.coords[name].values)[-1])[:10]
            if name == "time" or "period_end" not in x.coords:
                return start
            return f"{start} to {str(np.atleast_1d(x.coords['period_end'].values)[-1])[:10]}"
    return ""


def _title(ident: str, x: xr.DataArray) -> str:
    """Return the title of an indicator, marked where its last level rests on assumptions."""
    mark = " (stylised)" if status.has(_last(x), "stylised") else ""
    return catalogue.get(ident).info.title + mark


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit.replace("_", " ")


def _told(x: xr.DataArray, *, sign: bool = False) -> str:
    """Return a level with its interval over members."""
    if "member" in x.dims:
        return written(x, sign=sign)
    return number(float(x), sign=sign)


def _trend(x: xr.DataArray, middle: float) -> str:
    """Return the change a year, with its interval where there are members."""
    axis = _axis(x)
    if "member" not in x.dims or axis is None or np.isnan(middle):
        return number(middle, sign=True)
    dates = x.coords[axis].values
    years = np.asarray(years_between(np.full(dates.shape, dates[0]), dates), float)
    paths = x.squeeze([name for name in x.dims if name not in ("member", axis)])
    each = [trend_of(years, path)[0] for path in paths.transpose("member", axis).values]
    return written(xr.DataArray(each, dims="member", attrs={"units": "1"}), sign=True)


def _interval(*parts: Mapping[str, xr.DataArray]) -> str:
    """Return the words for brackets, where some result has members."""
    if not any("member" in x.dims for one in parts for x in one.values()):
        return ""
    return f"; median [{100 * LEVEL:.0f} % interval over members]"


def _levels(
    balance: Balance, now: Mapping[str, Any], given: Mapping[str, Any], code: str, date: str
) -> Table:
    rows = balance.profile(now)
    if balance.reference:
        cut = {name: until(x, date) for name, x in given.items() if name in now}
        whole = balance.profile(
            {name: x for name, x in cut.items() if x is not None and "area" in x.dims}
        )
        peers = whole[whole["area"] == code].set_index("id")["reference"]
        rows["reference"] = [peers.get(ident, np.nan) for ident in rows["id"]]
    shown = pd.DataFrame(
        {
            "goal": rows["goal"],
            "indicator": [_title(ident, now[ident]) for ident in rows["id"]],
            "level": [_told(_last(now[ident])) or "missing" for ident in rows["id"]],
            "at": [_when(now[ident]) for ident in rows["id"]],
            "unit": [_unit(unit) for unit in rows["unit"]],
            "change a year": [
                _trend(now[ident], trend)
                for ident, trend in zip(rows["id"], rows["trend"], strict=True)
            ],
            "target": [number(v) for v in rows["target"]],
            "reference": [number(v) for v in rows["reference"]],
            "sense": rows["sense"],
        }
    )
    return Table(shown, f"Latest levels up to {date}, by goal{_interval(now)}")


def _ahead(balance: Balance, ahead: Mapping[str, Any], now: Mapping[str, Any], date: str) -> Table:
    """Return levels beyond the date of the profile, with the change of the same members."""
    rows = balance.profile(ahead)
    change = []
    for ident in rows["id"]:
        last = _last(ahead[ident])
        change.append(
            _told(last - _last(now[ident]), sign=True)
            if ident in now and _end(now[ident]) < _end(ahead[ident])
            else ""
        )
    shown = pd.DataFrame(
        {
            "goal": rows["goal"],
            "indicator": [_title(ident, ahead[ident]) for ident in rows["id"]],
            "level": [_told(_last(ahead[ident])) or "missing" for ident in rows["id"]],
            "at": [_when(ahead[ident]) for ident in rows["id"]],
            "unit": [_unit(unit) for unit in rows["unit"]],
            "change since the latest": change,
        }
    )
    return Table(shown, f"Levels after {date}, at the last date, by goal{_interval(ahead)}")


def _together(balance: Balance, now: Mapping[str, Any]) -> list[Block]:
    pairs = balance.tradeoffs(now)
    if not len(pairs):
        return []
    told = pd.DataFrame(
        {
            "first": [catalogue.get(ident).info.title for ident in pairs["first"]],
            "second": [catalogue.get(ident).info.title for ident in pairs["second"]],
            "co-movement": [
                f"{number(r, sign=True)} [{number(low)}; {number(high)}]"
                for r, low, high in zip(
                    pairs["comovement"], pairs["low"], pairs["high"], strict=True
                )
            ],
            "told": pairs["told"],
        }
    )
    return [Table(told, "Changes of different goals, turned so that up is better")]
