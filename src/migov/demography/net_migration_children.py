"""Net migration of those born in the interval, from that of women and the child–woman ratio."""

from __future__ import annotations

import numpy as np
import xarray as xr

from migov.core import ages, status, times
from migov.core.align import align
from migov.core.definition import define, definition_of
from migov.core.errors import AgeError, DimensionError, TimeError
from migov.core.inputs import Input
from migov.demography.arguments import loaded, refuse, take

_WHERE = "net_migration_of_children"
_NET = Input(
    title="net migration", unit="person", needs=("period", "age"), kind="flow", values="any"
)
_POPULATION = Input(
    title="population at the end", unit="person", needs=("time", "age"), kind="stock"
)
MOTHERS = (15, 45)


def net_migration_of_children(net: xr.DataArray, population: xr.DataArray) -> xr.DataArray:
    """Return net migration at the ages of those who were born in the interval.

    Children move with their mothers: their number per woman of 15 to 44 (older by their own
    age) times the net migration of these women, times the part of the interval, on average,
    that they were alive.

    Parameters
    ----------
    net : DataArray {period, age, …}
        Net migrants by age at the end, of one interval, in groups of five years; with sexes,
        those of women are taken, without, those of both.
    population : DataArray {time, age, …}
        Persons at the end, at one date, in the same groups and those of the children.

    Returns
    -------
    DataArray {period, age, …}
        Persons, for the groups of five years below the length of the interval. The
        definition says ``estimate="residual"``.

    Raises
    ------
    TimeError
        More than one interval, or a population at another date than its end.
    AgeError
        Other groups than five years up to the oldest mothers, or an interval that is no whole
        number of them.
    DimensionError
        Sexes without women.
    InputError
        No women.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> groups = "0-4 5-9 10-14 15-19 20-24 25-29 30-34 35-39 40-44 45-49 50+"
    >>> people = Cells([[30] * 10 + [90]], time="1970-01-01", age=groups).array("person")
    >>> moved = Cells([[2.0] * 8 + [5.0]], period="1960-1970", age=groups[8:]).array("person")
    >>> net_migration_of_children(moved, people).values
    array([[0.5, 1.5]])

    References
    ----------
    United Nations (1970), Manual VI: Methods of Measuring Internal Migration, chapter 2.
    """
    moved, flags = take(net, _NET, _WHERE, "net")
    people, more = take(population, _POPULATION, _WHERE, "population")
    moved, people = loaded(moved), loaded(people)
    years = _interval(moved, people)
    there = people.isel(time=0, drop=True)
    mothers, everyone = _women(moved, "net"), _women(there, "population")
    parts = []
    for young in range(0, years, 5):
        low, high = MOTHERS[0] + young, MOTHERS[1] + young
        women = _of_ages(everyone, low, high, "population").sum("age", skipna=False)
        refuse(women == 0, _WHERE, "population", f"has no women of {low} to {high}")
        moves = _of_ages(mothers, low, high, "net").sum("age", skipna=False)
        children = _of_ages(there, young, young + 5, "population")
        pair = align(_WHERE, {"net": moves, "population": women}, ("period",))
        ratio = (pair["net"] / pair["population"]) * ((young + 2.5) / years)
        parts.append(children * ratio)
    out = xr.concat(parts, "age").transpose(*moved.dims)
    out.name = net.name
    out.attrs = {"units": "person", "long_name": "net migration of children, by their mothers'"}
    defined = definition_of(net)
    out = define(out, None if defined is None else defined.evolve(estimate="residual"))
    joined = status.join([_plain(flags), _plain(more)])
    return status.put(out, joined)


def _plain(flags: xr.DataArray | None) -> xr.DataArray | None:
    """Return a status without dates, ages and sexes: mothers of all of them are in a child's."""
    if flags is None:
        return None
    return status.union(flags, [d for d in ("time", "period", "age", "sex") if d in flags.dims])


def _interval(net: xr.DataArray, population: xr.DataArray) -> int:
    """Return the length of the interval in years, which ends where the population is."""
    if net.sizes["period"] != 1 or population.sizes["time"] != 1:
        told = f"net has {net.sizes['period']} periods, population {population.sizes['time']} dates"
        raise TimeError(_WHERE, told, "one interval, and the date of its end", 1, "net")
    end = times.period_end(net, _WHERE, "net")[0]
    date = np.asarray(population.coords["time"].values, "M8[s]")[0]
    if end != date:
        raise TimeError(
            _WHERE,
            f"population is at {date.astype('M8[D]')}, net ends {end.astype('M8[D]')}",
            "the population at the end of the interval",
            1,
            "population",
        )
    years = float(times.year_lengths(net, _WHERE, "net")[0])
    if abs(years - round(years)) > 1e-6 or round(years) % 5 or round(years) < 5:
        told = f"net is of {years:g} years, which five-year groups do not divide"
        raise AgeError(_WHERE, told, "an interval of 5, 10, … years", 3, "net")
    return round(years)


def _women(x: xr.DataArray, argument: str) -> xr.DataArray:
    if "sex" not in x.dims:
        return x
    if "F" not in x.indexes["sex"]:
        raise DimensionError(
            _WHERE, f"{argument} has sexes without F", f"{argument} of women too", 8, argument
        )
    return x.sel(sex="F", drop=True)


def _of_ages(x: xr.DataArray, low: int, high: int, argument: str) -> xr.DataArray:
    """Return the groups of five years from `low` to below `high`."""
    lower = np.asarray(x.coords["age"].values, float)
    width = ages.widths(x, _WHERE, argument)
    wanted = np.arange(low, high, 5.0)
    places = [int(i) for i in np.flatnonzero(np.isin(lower, wanted) & (width == 5.0))]
    if len(places) != len(wanted):
        raise AgeError(
            _WHERE,
            f"{argument} lacks groups of five years from {low} to {high}",
            "migov.regroup_ages, or finer data",
            3,
            argument,
        )
    return x.isel(age=places)
