"""One gap in the labour force, and what each other way of closing it would have to be.

A number of migrants stands beside the rise in participation, the later retirement, the use of
residents' skills and the productivity that would do the same, so that none is read alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, units
from migov.core.align import BROADCAST, align
from migov.core.errors import AgeError, DimensionError, ParameterError, TimeError
from migov.core.inputs import Input, admit, check_values
from migov.core.times import years_between
from migov.demography.arithmetic_results import CAVEAT
from migov.demography.participation import labour_force

_WHERE = "gap_closed_by"
LEVERS = {
    "net migration": "person/year",
    "participation": "percentage_point",
    "later retirement": "year",
    "unused skills": "percent",
    "productivity": "percent/year",
}
"""The levers and their units: net migration, mean over the years since the first date; rise of
the participation rate of the working ages; years by which people work longer; share of the
residents' unused labour that would have to be employed; growth of output per person in the
labour force, beyond what is expected, that keeps output at its first value."""


def gap_closed_by(
    population: xr.DataArray,
    participation: xr.DataArray,
    *,
    unused: xr.DataArray | None = None,
    migration: xr.DataArray | None = None,
    retirement_age: int = 65,
) -> xr.Dataset:
    """Return how far the labour force falls below its first value, and what would close that.

    Parameters
    ----------
    population : DataArray {time, age, …}
        Persons at two or more dates, projected without the migration in question; groups of
        equal width from `retirement_age` on. Without ``sex``, or by sex as `participation`.
    participation : DataArray {age, …}
        Rates as :func:`labour_force` takes them, one group starting at `retirement_age`.
    unused : DataArray {…}, optional
        Residents outside employment or below their skill who could work, in person, such as
        the unemployed and the potential labour force; without ``sex``, ``age``, ``time``.
    migration : DataArray {period, …}, optional
        Net migration that closes the gap of another calculation, such as ``net_migration`` of
        :func:`demographic_arithmetic`, in person/year; periods that end at the dates of
        `population`.
    retirement_age : int
        First age of the group whose participation rises to that of the group below.

    Returns
    -------
    Dataset
        ``gap`` {time, …} in person, zero where the labour force is at least the first one;
        ``amount`` {lever, time, …} in the unit that the coordinate ``unit`` names beside each
        lever; ``attainable`` {lever, time, …}: no rate above 100 percent, no more than the
        unused, no later than the open age group. Levers without their input are left out.

        Later retirement assumes that people are spread evenly over the years of a group.
        Productivity takes output to be proportional to the labour force.

    Raises
    ------
    MigovError
        What :func:`labour_force` raises; a retirement age that is no limit of both ages; a
        single date.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> people = Cells([[90, 10, 10], [80, 20, 12]], time="2020-07-01 2030-07-01",
    ...     age="15-64 65-69 70+").array("person")
    >>> rates = Cells([70, 10], age="15-64 65+").array("percent")
    >>> table = gap_closed_by(people, rates)
    >>> table.gap.values.round(2)
    array([0. , 5.8])
    >>> float(table.amount.sel(lever="participation").isel(time=1).round(2))
    7.25
    """
    people = _people(population, retirement_age)
    force = labour_force(people, participation)
    force = units.to_unit(force, "person", _WHERE, "population")
    people = units.to_unit(people, "person", _WHERE, "population")
    rates = units.to_unit(participation, "1", _WHERE, "participation")
    _check_groups(people, rates, retirement_age)
    gap = _gap(force, retirement_age)
    levers = {
        "participation": _participation(people, force, gap, retirement_age),
        "later retirement": _retirement(people, rates, gap, retirement_age),
    }
    if unused is not None:
        levers["unused skills"] = _unused(unused, gap)
    levers["productivity"] = _productivity(force)
    if migration is not None:
        levers = {"net migration": _migration(migration, gap), **levers}
    return _table(gap, levers)


def _people(population: xr.DataArray, retirement_age: int) -> xr.DataArray:
    contract = Input(title="population", unit="person", needs=("time", "age"), kind="stock")
    x = admit(population, contract, _WHERE, "population")
    if x.sizes["time"] < 2:
        raise TimeError(
            _WHERE,
            "population has one date",
            "the first date and those to compare",
            1,
            "population",
        )
    whole = isinstance(retirement_age, int) and not isinstance(retirement_age, bool)
    if not whole or retirement_age < 1:
        raise ParameterError(
            _WHERE,
            f"retirement_age={retirement_age!r}",
            "a whole age in years: retirement_age=65",
            9,
            "retirement_age",
        )
    return x


def _check_groups(people: xr.DataArray, rates: xr.DataArray, age: int) -> None:
    """Refuse a retirement age that is no limit of the ages of both."""
    starts = [
        [float(a) for a in x.coords["age"].values][1:] for x in (people, rates)
    ]  # of each, after its first group
    for name, own in zip(("population", "participation"), starts, strict=True):
        if float(age) not in own:
            shared = [f"retirement_age={a:g}" for a in own if all(a in other for other in starts)]
            shown = ", ".join(f"{a:g}" for a in own) or "it has one group"
            above = f"participation with the ages from {age} as well, 0 where nobody takes part"
            raise AgeError(
                _WHERE,
                f"retirement_age={age} starts no group of {name} after its first ({shown})",
                " or ".join(shared) or (above if name == "participation" else "population by ages"),
                3,
                "retirement_age",
            )


def _gap(force: xr.DataArray, age: int) -> xr.DataArray:
    """Return how many persons the labour force lacks of its first value."""
    total = _over_people(force)
    missing = total.isel(time=0, drop=True) - total
    return missing.where(~(missing < 0), 0.0)


def _over_people(x: xr.DataArray) -> xr.DataArray:
    return x.sum([dim for dim in ("age", "sex") if dim in x.dims], skipna=False)


def _participation(
    people: xr.DataArray, force: xr.DataArray, gap: xr.DataArray, age: int
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the rise of the rate of the working ages, and whether it stays below one."""
    low = float(force.coords["age"].values[0])
    working = _over_people(ages.between(people, low, age, where=_WHERE, argument="population"))
    active = _over_people(force.isel(age=np.flatnonzero(force.coords["age"].values < age)))
    rise = gap / working
    return rise * 100.0, active / working + rise <= 1.0 + 1e-12


def _retirement(
    people: xr.DataArray, rates: xr.DataArray, gap: xr.DataArray, age: int
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the years that people work longer, linear within groups, as far as ages reach."""
    place = int(np.flatnonzero(np.asarray(rates.coords["age"].values) == age)[0])
    step = rates.isel(age=place - 1, drop=True) - rates.isel(age=place, drop=True)
    step = step.drop_vars([c for c in ("age", "age_width") if c in step.coords])
    older = people.isel(age=np.flatnonzero(np.asarray(people.coords["age"].values) >= age))
    width = ages.widths(older, _WHERE, "population")
    closed = older.isel(age=slice(0, int(np.isfinite(width).sum())))
    lacking = (*BROADCAST, "time", "age", "held_from")
    pair = align(_WHERE, {"population": closed, "participation": step}, lacking)
    gains = pair["population"] * pair["participation"]
    gains = gains.sum([dim for dim in ("sex",) if dim in gains.dims], skipna=False)
    years = xr.zeros_like(gap)
    left = gap
    for i, wide in enumerate(width[np.isfinite(width)]):
        gain = gains.isel(age=i, drop=True)
        gain = gain.drop_vars([c for c in ("age", "age_width") if c in gain.coords])
        share = (left / gain.where(gain > 0)).where(left > 0, 0.0)
        share = share.where(~(share > 1.0), 1.0).fillna(1.0)
        years = years + share * float(wide)
        left = left - share * gain.where(gain > 0, 0.0)
    reached = left <= 1e-9 * (1.0 + gap)
    return years.where(reached), reached


def _unused(unused: xr.DataArray, gap: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the share of the residents' unused labour that would be employed."""
    x = admit(unused, Input(title="unused labour", unit="person"), _WHERE, "unused")
    wrong = [dim for dim in ("sex", "age", "time", "period") if dim in x.dims]
    if wrong:
        raise DimensionError(
            _WHERE,
            f"unused has {wrong[0]!r}, the gap is told without it",
            f'migov.total(unused, "{wrong[0]}")',
            8,
            "unused",
        )
    x = units.to_unit(x, "person", _WHERE, "unused")
    x = check_values(x, "nonnegative", _WHERE, "unused")
    x = x.drop_vars([c for c in ("time", "period", "period_end") if c in x.coords])
    pair = align(_WHERE, {"gap": gap, "unused": x}, (*BROADCAST, "time"))
    share = (pair["gap"] / pair["unused"].where(pair["unused"] > 0)).where(pair["gap"] != 0, 0.0)
    return share * 100.0, share <= 1.0 + 1e-12


def _productivity(force: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the yearly growth of output per person that makes up for the gap."""
    total = _over_people(force)
    dates = np.asarray(total.coords["time"].values, "M8[s]")
    years = total.coords["time"].copy(data=np.asarray(years_between(dates[0], dates), float))
    ratio = total.isel(time=0, drop=True) / total
    ratio = ratio.where(~(ratio < 1.0), 1.0)
    growth = np.exp(np.log(ratio) / years.where(years > 0)) - 1.0
    growth = growth.where(years > 0, 0.0)
    return growth * 100.0, np.isfinite(growth)


def _migration(migration: xr.DataArray, gap: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the mean net migration from the first date to each of the others."""
    contract = Input(title="net migration", unit="person/year", needs=("period",), kind="flow")
    x = admit(migration, contract, _WHERE, "migration")
    x = units.to_unit(x, "person/year", _WHERE, "migration")
    starts = np.asarray(x.coords["period"].values, "M8[s]")
    ends = np.asarray(x.coords["period_end"].values, "M8[s]")
    dates = np.asarray(gap.coords["time"].values, "M8[s]")
    if starts[0] != dates[0] or not np.array_equal(ends, dates[1:]) or (starts != dates[:-1]).any():
        raise TimeError(
            _WHERE,
            "the periods of migration do not lie between the dates of population",
            "migration by the periods between these dates",
            1,
            "migration",
        )
    lengths = x.coords["period"].copy(data=np.asarray(years_between(starts, ends), float))
    lengths = lengths.drop_vars("period_end", errors="ignore")
    moved = (x * lengths).cumsum("period", skipna=False) / lengths.cumsum("period")
    bare = moved.drop_vars([c for c in ("period_end",) if c in moved.coords])
    later = bare.rename(period="time").assign_coords(time=dates[1:])
    first = xr.zeros_like(later.isel(time=[0])).assign_coords(time=dates[:1])
    mean = xr.concat([first, later], "time")
    mean = mean.drop_vars([c for c in mean.coords if c not in mean.dims])
    return mean, np.isfinite(mean)


def _table(gap: xr.DataArray, levers: dict[str, tuple[xr.DataArray, xr.DataArray]]) -> xr.Dataset:
    """Put the levers together."""
    names: Any = np.array(list(levers))

    def stack(which: int) -> xr.DataArray:
        parts = []
        for pair in levers.values():
            part = pair[which]
            extra = [c for c in part.coords if c not in part.dims]
            parts.append(part.drop_vars(extra))
        spread = xr.broadcast(*parts)
        out = xr.concat(spread, xr.Variable("lever", names), coords="minimal", compat="override")
        out = out.assign_coords(unit=("lever", [LEVERS[name] for name in levers]))
        order = [dim for dim in ("lever", "time") if dim in out.dims]
        return out.transpose(*order, ...)

    amount, attainable = stack(0), stack(1)
    amount.attrs = {
        "long_name": "what would close the gap, in the unit beside its lever",
        "caveat": CAVEAT,
    }
    attainable.attrs = {"long_name": "whether the lever reaches so far"}
    plain = gap.drop_vars([c for c in gap.coords if c not in gap.dims and c != "area"])
    plain.attrs = {"units": "person", "long_name": "labour force missing to its first value"}
    result = xr.Dataset({"gap": plain, "amount": amount, "attainable": attainable})
    result.attrs = {"title": "one gap, closed by each lever alone", "caveat": CAVEAT}
    return result
