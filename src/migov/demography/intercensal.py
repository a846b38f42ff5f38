"""Populations by age between censuses or steps of a projection, cohort by cohort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, status, times
from migov.core.align import align, shown
from migov.core.definition import define, definition_of, same
from migov.core.errors import AgeError, TimeError
from migov.core.inputs import Input
from migov.core.partition import check_partition
from migov.core.times import years_between
from migov.demography import kernels_cohorts as kernels
from migov.demography.arguments import loaded, option, take
from migov.demography.between import dates_between
from migov.demography.scales import check_births, check_dates

_WHERE = "interpolate_cohorts"
_POPULATION = Input(title="population", unit="person", needs=("time", "age"), kind="stock")
_BIRTHS = Input(title="births", unit="person", needs=("period",), kind="flow")


def interpolate_cohorts(
    population: xr.DataArray,
    to: xr.DataArray | Sequence[Any] | str,
    *,
    births: xr.DataArray,
    how: str = "exponential",
) -> xr.DataArray:
    """Return a population by age at dates between its own, along the cohorts.

    Age by age, a straight line between two censuses mixes cohorts: a small one of 20 at the first
    and a large one of 20 at the second give a middle one that was never there. Here those of
    an age are followed to their age at the next census, or at the next step of a projection.

    Parameters
    ----------
    population : DataArray {time, age, …}
        Persons at two dates or more, whole numbers of group widths apart; groups of one width
        from age 0, the last one open.
    to : DataArray {time}, sequence of dates, or "year"
        Dates that are whole group widths after the first.
    births : DataArray {period, …}
        Persons born between the first date and the last, in adjoining periods of one group width
        each; those of longer periods, such as the steps of a projection, are spread evenly.
    how : {"exponential", "linear"}
        Constant growth of each cohort (constant change where it has nobody at one end), which
        suits censuses, or constant change, which suits the steps of a projection. Deaths and
        migration between the dates are in it without being told apart.

    Returns
    -------
    DataArray {time, age, …}
        Persons; definition kept, ``derived`` where a value was not given. In memory.

    Raises
    ------
    TimeError
        One date, dates outside or between group widths, births of other periods.
    AgeError
        Groups of several widths, without an open one, or fewer than two dates are apart.
    InputError
        Negative or missing numbers.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> people = Cells([[90, 80, 70, 60], [100, 90, 80, 120]], time="2010-01-01 2020-01-01",
    ...     age="0-4 5-9 10-14 15+").array("person")
    >>> born = Cells([95, 110], period="2010-2015 2015-2020").array("person")
    >>> interpolate_cohorts(people, ["2015-01-01"], births=born, how="linear").values.round(1)
    array([[ 93.3,  85. ,  62.9, 102.1]])

    References
    ----------
    United Nations (1983), Manual X: Indirect Techniques for Demographic Estimation, on cohorts
    between two enumerations. Siegel and Swanson (2004), The Methods and Materials of
    Demography, chapter 20.
    """
    option(how, ("exponential", "linear"), _WHERE, "how")
    plain, flags = take(population, _POPULATION, _WHERE, "population", complete=True)
    people = loaded(plain)
    for dim in people.dims:
        check_partition(people, str(dim), _WHERE, "population")
    dates = np.asarray(people.coords["time"].values, "M8[s]")
    if len(dates) < 2:
        raise TimeError(_WHERE, "population has one date", "two at least", 1, "population")
    width, ends = _grid(people, dates)
    wanted = dates_between(to, dates, _WHERE)
    steps = _steps(wanted, dates, width)
    check_dates(people, _WHERE)
    born = _births(births, people, dates, width, ends)
    first = people.isel(time=0, drop=True).transpose("age", ...)
    held = people.transpose("time", *first.dims).values
    values = []
    for step in steps:
        i = min(int(np.searchsorted(ends, step, side="right")), len(ends) - 1) - 1
        part = born[ends[i] : ends[i + 1]]
        since = step - int(ends[i])
        found = kernels.between_censuses(held[i], held[i + 1], part, since, how == "exponential")
        values.append(found)
    coords = {c: v for c, v in first.coords.items() if c != status.NAME}
    out = xr.DataArray(
        np.stack(values), {"time": wanted, **coords}, ("time", *first.dims), name=population.name
    ).transpose(*people.dims)
    out.attrs = {"units": "person", "long_name": f"population between its dates, {how} by cohort"}
    out = define(out, same(_WHERE, {"population": definition_of(population)}))
    if flags is not None:
        gone = [d for d in ("time", "age") if d in flags.dims]
        flags = status.union(flags, gone) if gone else flags
    new = xr.DataArray(~np.isin(wanted, dates), {"time": wanted}, "time")
    return status.mark(status.put(out, flags), "derived", at=new)


def _grid(people: xr.DataArray, dates: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the width of the groups, and how many widths after the first each date is."""
    lower, width = np.asarray(people.coords["age"].values, float), ages.widths(people)
    one = float(width[0])
    apart = years_between(dates[:-1], dates[1:])
    even = bool((width[:-1] == one).all()) and lower[0] == 0 and np.isinf(width[-1])
    count = apart / one
    bad = (np.abs(count - np.round(count)) > 1e-9) | (np.round(count) + 2 > len(lower))
    if not even or bad.any():
        raise AgeError(
            _WHERE,
            f"population has {len(lower)} groups from {lower[0]:g} of "
            f"{', '.join(f'{w:g}' for w in np.unique(width))} years, and dates "
            f"{apart[int(np.argmax(bad))]:g} years apart",
            "groups of one width from 0 and an open one last, more than lie between two dates: "
            "migov.regroup_ages, demography.graduate, or demography.interpolate to the same day",
            3,
            "population",
        )
    return one, np.append(0, np.cumsum(np.round(count))).astype(int)


def _steps(wanted: np.ndarray, dates: np.ndarray, width: float) -> list[int]:
    """Return dates as group widths after the first."""
    count = years_between(np.repeat(dates[:1], len(wanted)), wanted) / width
    off = np.flatnonzero(np.abs(count - np.round(count)) > 1e-9)
    if off.size:
        raise TimeError(
            _WHERE,
            f"to holds {shown(wanted[off[:1]])}, where cohorts of {width:g} years lie across the "
            "ages",
            f"dates whole {width:g} years after {shown(dates[:1])}, or graduate to single ages",
            1,
            "to",
        )
    return [int(c) for c in np.round(count)]


def _births(
    births: Any, people: xr.DataArray, dates: np.ndarray, width: float, ends: np.ndarray
) -> np.ndarray:
    """Return births {width of time, …} in the order of the population's further dimensions."""
    plain, _ = take(births, _BIRTHS, _WHERE, "births", complete=True)
    born = loaded(plain)
    starts = np.asarray(born.coords["period"].values, "M8[s]")
    stops = times.period_end(born, _WHERE, "births")
    count = times.year_lengths(born, _WHERE, "births") / width
    widths = np.round(count).astype(int)
    whole = np.array_equal(starts[1:], stops[:-1]) and bool((np.abs(count - widths) < 1e-9).all())
    if not whole or starts[0] != dates[0] or stops[-1] != dates[-1] or (widths < 1).any():
        raise TimeError(
            _WHERE,
            f"births has {len(starts)} periods from {shown(starts[:1])} to {shown(stops[-1:])}",
            f"adjoining periods of {width:g} years each, or of whole multiples, from "
            f"{shown(dates[:1])} to {shown(dates[-1:])}",
            1,
            "births",
        )
    young = slice(0, int(np.diff(ends).max()))
    check_births(born, people.isel(time=slice(1, None), age=young), _WHERE)
    bare = people.isel(time=0, age=0, drop=True)
    stub = born.isel(period=0, drop=True).drop_vars("period_end", errors="ignore")
    align(_WHERE, {"population": bare, "births": stub}, ("member",))
    found = born.drop_vars("period_end", errors="ignore")
    for dim in bare.dims:
        if dim in found.dims:
            found = found.sel({dim: bare.indexes[dim]})
        else:
            found = found.expand_dims({dim: bare.coords[dim]})
    each = np.asarray(found.transpose("period", *bare.dims).values, float)
    return np.repeat(each / widths.reshape((-1,) + (1,) * bare.ndim), widths, axis=0)
