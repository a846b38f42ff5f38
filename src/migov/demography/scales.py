"""Counts of one population that cannot be in one unit: told by their size, over all cells."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import xarray as xr

from migov.core.errors import InputError
from migov.demography.arguments import loaded

FAR = 100.0
"""Populations at two dates, and births and the children of an interval, differ by less."""
PEOPLE = 10_000.0
"""Persons from which rates of births and deaths tell a unit."""
YEARLY = {"births": (2e-4, 0.15), "deaths": (1e-4, 0.5)}
"""Births and deaths per person and year that no population of some size has had."""


def _sum(x: xr.DataArray) -> float:
    return float(np.nansum(loaded(x).values))


def check_dates(population: xr.DataArray, where: str) -> None:
    """Refuse populations of which one date seems to be in thousands.

    Raises
    ------
    InputError
        All persons of a date are a hundred times those of the date before, or a hundredth.
    """
    rest = [d for d in population.dims if d != "time"]
    sums = np.asarray(loaded(population).sum(rest).values, float)
    for one, two in pairwise(sums):
        if one > 0 and two > 0 and not 1.0 / FAR < two / one < FAR:
            raise InputError(
                where,
                f"population has {one:,.0f} persons and at the next date {two:,.0f}",
                "both dates in persons: one seems to be in thousands",
                6,
                "population",
            )


def check_births(births: xr.DataArray, children: xr.DataArray, where: str) -> None:
    """Refuse births of another unit than the children of the ages that they have reached.

    Raises
    ------
    InputError
        All children are a hundred times the births, or a hundredth.
    """
    born, there = _sum(births), _sum(children)
    if born > 0 and there > 0 and not 1.0 / FAR < there / born < FAR:
        name = "births" if there > born else "population"
        raise InputError(
            where,
            f"births are {born:,.0f}, the children of their ages {there:,.0f}",
            f'{name}.assign_attrs(units="thousand person"), if that is its unit',
            6,
            "births",
        )


def check_yearly(flow: xr.DataArray, lived: float, name: str, where: str) -> None:
    """Refuse births or deaths of another unit than the population.

    Parameters
    ----------
    flow : DataArray {period, …}
        Births or deaths, in person.
    lived : float
        Person-years of all cells together.
    name : {"births", "deaths"}
        Which.
    where : str
        The call.

    Raises
    ------
    InputError
        They are more or fewer per person and year than in any population.
    """
    count = _sum(flow)
    low, high = YEARLY[name]
    rate = count / lived if lived > 0 else 0.0
    if count <= 0 or lived < PEOPLE or low <= rate <= high:
        return
    wrong = name if rate < low else "population"
    raise InputError(
        where,
        f"{name} are {1000.0 * rate:,.4g} for 1,000 persons and year",
        f'{wrong}.assign_attrs(units="thousand person"), if that is the unit; {name} of the '
        "whole period",
        6,
        name,
    )
