"""A stock at a date between two dates of it."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from migov.compare.figures import Figures, declared, parts_of, result
from migov.compare.rows import day_of
from migov.core import status
from migov.core.errors import InputError, ParameterError, TimeError
from migov.core.times import check_instants, years_between
from migov.core.vocabulary import require


def to_date(
    x: Figures, date: str, *, how: Literal["linear", "exponential"] = "linear"
) -> xr.Dataset:
    """Return a stock at a date between two dates of it.

    Parameters
    ----------
    x : DataArray or Dataset {time, …}
        Persons at two dates or more.
    date : str
        ISO date from the first to the last of them; nothing is carried beyond.
    how : {"linear", "exponential"}
        The same number, or the same rate, is added in equal times.

    Returns
    -------
    Dataset {time, …}
        One date; the range is that of the two stocks between which it lies.

    Raises
    ------
    TimeError
        `x` has no dates around it.
    InputError
        A zero cannot grow exponentially.

    Examples
    --------
    >>> import migov as mg
    >>> time = np.array(["2020-01-01", "2021-01-01"], "M8[s]")
    >>> x = xr.DataArray([100.0, 112.0], {"time": time}, "time", attrs={"units": "person"})
    >>> x = mg.define(x, mg.Definition(criterion="everyone"))
    >>> found = to_date(x, "2020-07-01")
    >>> [found[name].item() for name in found]
    [106.0, 100.0, 112.0]

    References
    ----------
    Siegel and Swanson (2004), The Methods and Materials of Demography, appendix C.
    """
    where = "to_date"
    if how not in ("linear", "exponential"):
        raise ParameterError(where, f"how={how!r}", "'linear' or 'exponential'", 9, "how")
    parts, done = parts_of(x, where)
    definition = declared(parts["value"], where)
    for part in parts.values():
        require(part, ["time"], where, "x")
        check_instants(part, where, "x")
    times = parts["value"].coords["time"].values.astype("M8[s]")
    day = day_of(date, where, "date").astype("M8[s]")
    if not times[0] <= day <= times[-1]:
        raise TimeError(
            where,
            f"date={date} is not between {str(times[0])[:10]} and {str(times[-1])[:10]}",
            "an ISO date between two dates of x",
            1,
            "date",
        )
    if day in times:
        same = {name: part.sel(time=[day]) for name, part in parts.items()}
        return result(same, parts["value"], definition, done, None)
    i = int(np.searchsorted(times, day)) - 1
    low, high = ({n: p.isel(time=k, drop=True) for n, p in parts.items()} for k in (i, i + 1))
    share = float(years_between(times[i], day) / years_between(times[i], times[i + 1]))
    lows = xr.concat([low["lowest"], high["lowest"]], "end").min("end", skipna=False)
    highs = xr.concat([low["highest"], high["highest"]], "end").max("end", skipna=False)
    middle = _between(low["value"], high["value"], share, how, where)
    new = {"value": middle, "lowest": lows, "highest": highs}
    new = {name: part.expand_dims(time=[day]) for name, part in new.items()}
    step = {
        "adjustment": where,
        "to": str(day)[:10],
        "how": how,
        "between": [str(times[i])[:10], str(times[i + 1])[:10]],
    }
    return result(new, parts["value"], definition.evolve(estimate="adjusted"), done, step)


def _between(
    low: xr.DataArray, high: xr.DataArray, share: float, how: str, where: str
) -> xr.DataArray:
    a, b = status.take(low)[0], status.take(high)[0]
    if how == "linear":
        return a + share * (b - a)
    if bool(((a == 0) | (b == 0)).any()):
        raise InputError(where, "x holds zero, which has no rate of growth", 'how="linear"', 7, "x")
    return a * (b / a) ** share
