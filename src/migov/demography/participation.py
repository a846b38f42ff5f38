"""Labour force: a population by age and sex times the share that takes part."""

from __future__ import annotations

import warnings

import numpy as np
import xarray as xr

from migov.core import ages, status, units
from migov.core.align import BROADCAST, align, shown
from migov.core.definition import UNKNOWN, Definition, define, definition_of
from migov.core.errors import AgeError, AlignmentError, MigovWarning
from migov.core.inputs import Input, admit, check_scale, check_values

_WHERE = "labour_force"
_CARRIED = ("labour_standard", "stock_basis")
_WORKING_FROM = 15
POPULATION = Input(title="population", unit="person", needs=("age",), kind="stock")
PARTICIPATION = Input(title="labour-force participation rate", unit="1", needs=("age",))


def labour_force(population: xr.DataArray, participation: xr.DataArray) -> xr.DataArray:
    """Return the persons in the labour force, by the age groups of the participation rates.

    Parameters
    ----------
    population : DataArray {age, time, sex, …}
        Persons, such as the ``population`` of a projection.
    participation : DataArray {age, sex, …}
        Persons in the labour force per person of the group, in percent or "1", by groups that
        join groups of `population` (15-24, 25-54, 55-64, 65+): a group is never split. It may
        lack ``time``; a dated rate has the dates of `population`, for which there is
        ``migov.hold(participation, to=population.time)``. Ages that it leaves out are not in
        the result; where these are ages from 15, a warning names them.

    Returns
    -------
    DataArray {time, age, sex, …}
        In the unit of `population`, by the ages of `participation`. The definition is that of
        `population`, with labour standard and basis of the stock from `participation`; the
        flags of both are joined, and a missing rate makes the product missing.

    Raises
    ------
    AgeError
        A group of `participation` cuts one of `population`, or reaches beyond its ages.
    AlignmentError
        Other dimensions or labels differ, dates among them.
    InputError
        Negative persons, rates below 0 or above 100 percent.
    UnitError
        Other units; rates in percent that are all 1 or less.

    Warns
    -----
    MigovWarning
        `participation` leaves out ages from 15 that `population` has.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> persons = Cells((10, 20, 30, 5), age="0-14 15-24 25-64 65+").array("person")
    >>> rates = Cells((50, 80, 10), age="15-24 25-64 65+").array("percent")
    >>> labour_force(persons, rates).values
    array([10. , 24. ,  0.5])
    >>> labour_force(persons.sel(age=slice(0, 64)), rates.sel(age=slice(0, 64))).values
    array([10., 24.])

    References
    ----------
    International Labour Organization (2013), Resolution concerning statistics of work,
    employment and labour underutilization, 19th ICLS, paragraph 16.
    """
    out, left_out = active(population, participation)
    if left_out:
        first, end = out.age.values[0], out.age.values[-1] + out.age_width.values[-1]
        last = "None" if np.isinf(end) else f"{end - 1:g}"
        warnings.warn(
            f"{_WHERE}: participation has no rates for ages {' and '.join(left_out)}, and the "
            "result has nobody of these ages\n"
            f"  → population.sel(age=slice({first:g}, {last})) if this is meant; otherwise "
            "participation with their rates, 0 where nobody takes part",
            MigovWarning,
            stacklevel=2,
        )
    return out


def active(population: xr.DataArray, participation: xr.DataArray) -> tuple[xr.DataArray, list[str]]:
    """Return the labour force, and the ages from 15 that have no rate: see `labour_force`."""
    people, rates = (
        admit(x, contract, _WHERE, name)
        for name, x, contract in (
            ("population", population, POPULATION),
            ("participation", participation, PARTICIPATION),
        )
    )
    unit = units.unit_of(people, _WHERE, "population")
    units.factor(unit, "person", _WHERE, "population")
    check_scale(rates, _WHERE, "participation")
    rates = units.to_unit(rates, "1", _WHERE, "participation")
    people = check_values(people, "nonnegative", _WHERE, "population")
    rates = check_values(rates, "share", _WHERE, "participation")
    grouped, left_out = _by_groups(people, rates)
    people, people_flags = status.take(grouped)
    rates, rate_flags = status.take(rates)
    if "time" not in people.coords and "time" in rates.coords:
        raise AlignmentError(
            _WHERE,
            f"participation has 'time' ({shown(rates.coords['time'].values)}), population has not",
            "population at those dates, or participation.isel(time=0, drop=True)",
            2,
            "population",
        )
    together = align(
        _WHERE, {"population": people, "participation": rates}, (*BROADCAST, "time", "held_from")
    )
    out = together["population"] * together["participation"]
    out.name = None
    out.attrs = {"units": unit, "long_name": "labour force"}
    out = define(out, _definition(definition_of(population), definition_of(participation)))
    return status.put(out, status.join([people_flags, rate_flags])), left_out


def _by_groups(people: xr.DataArray, rates: xr.DataArray) -> tuple[xr.DataArray, list[str]]:
    """Return the population by the groups of the rates, and what ages from 15 these lack."""
    lower = np.asarray(rates.coords["age"].values, float)
    end = lower[-1] + ages.widths(rates, _WHERE, "participation")[-1]
    starts = np.asarray(people.coords["age"].values, float)
    stop = starts[-1] + ages.widths(people, _WHERE, "population")[-1]
    if lower[0] < starts[0] or end > stop:
        span = ages.label(lower[0], end - lower[0])
        raise AgeError(
            _WHERE,
            f"participation is for ages {span}, population has "
            f"{ages.label(starts[0], stop - starts[0])}",
            "select the ages of participation that population has",
            3,
            "participation",
        )
    bounds = [float(b) for b in lower] + ([float(end)] if end < stop else [])
    for bound in bounds:
        ages.check_limit(people, bound, _WHERE, "population", "an age limit of participation")
    below = [float(starts[0])] if starts[0] < lower[0] else []
    grouped = ages.regroup_ages(people, [int(b) for b in (*below, *bounds)])
    first = max(float(starts[0]), _WORKING_FROM)
    gaps = [(first, float(lower[0])), (max(float(end), _WORKING_FROM), float(stop))]
    left_out = [ages.label(a, b - a) for a, b in gaps if a < b]
    return grouped.isel(age=slice(len(below), len(below) + len(lower))), left_out


def _definition(people: Definition | None, rates: Definition | None) -> Definition | None:
    """Return the definition of the population with what the rates know about labour."""
    if people is None or rates is None:
        return people
    known = {name: getattr(rates, name) for name in _CARRIED}
    return people.evolve(
        name=f"labour force: {people.name}" if people.name else "labour force",
        **{name: value for name, value in known.items() if value != UNKNOWN},
    )
