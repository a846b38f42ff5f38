"""The net migration that would hold any indicator of a population: demographic arithmetic at large.

Arithmetic on a population, neither a forecast nor a recommendation, as in
:mod:`migov.demography.arithmetic`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from migov.core.align import shown
from migov.core.errors import (
    AccountError,
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    ParameterError,
    UnitError,
)
from migov.core.parameters import number
from migov.core.units import to_unit
from migov.demography.arguments import loaded, option, refuse
from migov.demography.arithmetic import flow_of, projection_of
from migov.demography.arithmetic_results import CAVEAT, attained
from migov.demography.kernels_target import crossings
from migov.demography.projection import CohortComponent

_WHERE = "net_migration_for_target"
KEEP = ("at", "not below", "not above")
Indicator = Callable[[xr.DataArray], xr.DataArray]


def net_migration_for_target(
    population: xr.DataArray,
    mortality: xr.DataArray,
    fertility: xr.DataArray,
    *,
    sex_ratio: xr.DataArray,
    pattern: xr.DataArray,
    indicator: Indicator,
    target: float | xr.DataArray,
    keep: str = "not below",
    least: float = 0.0,
    most: float = 10.0,
    projection: CohortComponent | None = None,
) -> xr.Dataset:
    """Return the net migration that holds an indicator at a target at the end of each period.

    The population at the end of a period is a straight line in the migrants of that period, so
    that two projections tell it for any number; the indicator of it meets the target at a root
    that is kept between two ends. An indicator that is a straight line itself takes one step.

    Parameters
    ----------
    population, mortality, fertility, sex_ratio : DataArray
        As :meth:`CohortComponent.run` takes them, ``member`` and further dimensions included;
        computed in memory.
    pattern : DataArray {sex, age, …}
        Shares of net migrants by sex and age, adding up to one.
    indicator : callable
        From a population {sex, age, …, time} at one instant to a number for each cell of the
        further dimensions: ``lambda x: mg.total(x, ["sex", "age"])``, or an indicator of the
        catalogue.
    target : float or DataArray {period, …}
        In the unit of what `indicator` returns, or, an array with units, in a multiple of it;
        by any of the further dimensions, and by period where it changes.
    keep : {"not below", "not above", "at"}
        Whether the indicator may stay on the good side with the fewest moves, arrivals or
        departures, or has to meet the target.
    least, most : float
        Ends of the migrants of a period, per person at its start. Below zero, people leave by
        the same pattern, as long as no group falls below zero.
    projection : CohortComponent, optional
        How steps are done; its step is that of the periods.

    Returns
    -------
    Dataset
        The projection's variables, ``net_migration`` {period, …} in person/year, ``indicator``
        {time, …}, ``unattainable`` {period, …}, and for its first period ``nearest``, the value
        nearest to the target that was met. From an unattainable step on all else is missing.
        The caveat is in the attributes.

    Raises
    ------
    MigovError
        What a projection raises; shares that do not add up to one; an indicator that is no
        number for each cell; a target with other labels or of another unit.
    AccountError
        The projection of what was found does not meet the target.

    Examples
    --------
    >>> import migov as mg
    >>> from migov.core.cases import Cells
    >>> ages, sex, period = "0-29 30-59 60+", "F M", "2020-2050"
    >>> people = Cells([[[6, 10, 4]] * 2], time="2020-01-01", sex=sex, age=ages)
    >>> rates = Cells([[[0.001, 0.004, 0.06]] * 2], period=period, sex=sex, age=ages)
    >>> shares = Cells([[0.3, 0.2, 0.0]] * 2, sex=sex, age=ages)
    >>> found = net_migration_for_target(
    ...     people.array("million person"), rates.array("1/year"),
    ...     Cells([[0.01]], period=period, age="30-59").array("1/year"),
    ...     sex_ratio=Cells([1.05], period=period).array("1"), pattern=shares.array("1"),
    ...     indicator=lambda x: mg.total(x, ["sex", "age"]), target=40e6,
    ...     projection=CohortComponent(step=30, ax="half", youngest_open=60),
    ... )
    >>> found.indicator.values.round()
    array([40000000., 40000000.])

    References
    ----------
    United Nations (2000), Replacement Migration: Is It a Solution to Declining and Ageing
    Populations? ESA/P/WP.160.
    """
    spec = projection_of(projection, _WHERE)
    option(keep, KEEP, _WHERE, "keep")
    ends = _ends(least, most)
    if not callable(indicator):
        told = f"indicator is a {type(indicator).__name__}"
        raise KindError(_WHERE, told, "a function of a population", 9, "indicator")
    flow = flow_of(pattern, population, mortality, _WHERE)
    rates = {"mortality": mortality, "fertility": fertility, "sex_ratio": sex_ratio}
    found = _Steps(spec, rates, flow, indicator, target, keep, ends)
    moved, stuck, nearest = found.solve(to_unit(population, "person", _WHERE, "population"))
    moves = (flow * moved.fillna(0.0)).assign_attrs(units="person")
    out = spec.run(population, mortality, fertility, moves, sex_ratio=sex_ratio)
    return _finished(out, found, moved, stuck, nearest)


def _ends(least: Any, most: Any) -> tuple[float, float]:
    low = number(least, _WHERE, "least", -1e6, 1e6)
    high = number(most, _WHERE, "most", -1e6, 1e6)
    if not low < high:
        raise ParameterError(_WHERE, f"least={low:g}, most={high:g}", "least below most", 9, "most")
    return low, high


class _Steps:
    """The steps of one calculation, each a line in the migrants of its period."""

    def __init__(
        self,
        spec: CohortComponent,
        rates: dict[str, xr.DataArray],
        flow: xr.DataArray,
        indicator: Indicator,
        target: Any,
        keep: str,
        ends: tuple[float, float],
    ) -> None:
        self.spec, self.rates, self.flow = spec, rates, flow
        self.indicator, self.target, self.keep, self.ends = indicator, target, keep, ends
        self.unit: str | None = None

    def told(self, people: xr.DataArray) -> xr.DataArray:
        """Return the indicator of a population at one instant, its further dimensions alone."""
        value = self.indicator(people)
        if not isinstance(value, xr.DataArray):
            told = f"indicator returns a {type(value).__name__}, expected a DataArray"
            raise KindError(_WHERE, told, 'such as mg.total(x, ["sex", "age"])', 9, "indicator")
        value = value.isel(time=0, drop=True) if "time" in value.dims else value
        further = [d for d in people.dims if d not in ("time", "sex", "age")]
        lost = [d for d in further if d not in value.dims and people.sizes[d] > 1]
        odd = sorted(str(d) for d in {*value.dims} - {*further}) or lost
        if odd:
            raise DimensionError(
                _WHERE,
                f"indicator {'lacks' if lost == odd else 'returns'} {odd[0]!r}, expected one "
                f"number for each of {further}",
                f"an indicator by {odd[0]}" if lost == odd else f'mg.total(x, "{odd[0]}") in it',
                8,
                "indicator",
            )
        self.unit = value.attrs.get("units")
        value = value.expand_dims([d for d in further if d not in value.dims])
        value = value.transpose(*further)
        bare = loaded(value).drop_vars([c for c in value.coords if c not in value.dims])
        bare = bare.astype(float)
        bare.attrs = {}
        return bare

    def at(self, i: int, like: xr.DataArray) -> xr.DataArray:
        """Return the target of a period over the cells of an array."""
        if not isinstance(self.target, xr.DataArray):
            return xr.full_like(like, number(self.target, _WHERE, "target"))
        x = self._of_period(i)
        x = loaded(x).drop_vars([c for c in x.coords if c not in x.dims])
        for dim in x.dims:
            if dim not in like.dims or set(x.indexes[dim]) != set(like.indexes[dim]):
                has = shown(x.indexes[dim]) if dim in x.indexes else "no labels"
                raise AlignmentError(
                    _WHERE,
                    f"target has {str(dim)!r} {has}, which the population has not",
                    "a number, or the labels of population",
                    2,
                    "target",
                )
            x = x.sel({dim: like.indexes[dim]})
        if not bool(np.isfinite(x).all()):
            raise InputError(_WHERE, "target is missing or infinite", "a number", 7, "target")
        return x.broadcast_like(like).transpose(*like.dims)

    def _of_period(self, i: int) -> xr.DataArray:
        """Return the target of a period, by its label, in the unit of the indicator."""
        x: xr.DataArray = self.target
        starts = self.flow.indexes["period"]
        if "period" in x.dims:
            if "period" not in x.indexes or set(x.indexes["period"]) != set(starts):
                has = shown(x.indexes["period"]) if "period" in x.indexes else "no labels"
                raise AlignmentError(
                    _WHERE,
                    f"target has 'period' {has}, mortality has {shown(starts)}",
                    "a target for each period of mortality, or one for all",
                    2,
                    "target",
                )
            x = x.sel(period=starts[i], drop=True)
        if "units" not in x.attrs:
            return x
        if self.unit is None:
            told = f"target is in {x.attrs['units']!r}, indicator returns no unit"
            raise UnitError(_WHERE, told, "an indicator with units in its attrs", 6, "target")
        found: xr.DataArray = to_unit(x, self.unit, _WHERE, "target")
        return found

    def line(self, i: int, people: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
        """Return the population at the end without migrants, per migrant, and persons before."""
        cut = {name: x.isel(period=[i]) for name, x in self.rates.items()}
        before = people.isel(time=0, drop=True) if "time" in people.dims else people
        size = before.sum(["sex", "age"], skipna=False)
        size = size.drop_vars([c for c in size.coords if c not in size.dims])
        one = self.flow.isel(period=[i])
        some = (size / 128.0).where(size > 0, 1.0)  # of each cell its own: the same bits alone
        runs = [
            self.spec.run(
                people,
                cut["mortality"],
                cut["fertility"],
                (one * factor).assign_attrs(units="person"),
                sex_ratio=cut["sex_ratio"],
            ).population.isel(time=[1])
            for factor in (0.0 * some, some)
        ]
        return runs[0], (runs[1] - runs[0]) / some, size

    def solve(self, population: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
        """Return migrants of each period, whether none do, and the nearest value."""
        people = population
        parts: tuple[list[xr.DataArray], ...] = ([], [], [])
        for i in range(self.flow.sizes["period"]):
            still, slope, size = self.line(i, people)
            first = self.told(still)
            when = first.assign_coords(period=self.flow.coords["period"].values[i])
            none = ~xr.apply_ufunc(np.isfinite, when)
            refuse(none, _WHERE, "indicator", f"is no number in the period {shown(when.period)}")
            goal = self.at(i, first)
            moved, nearest = self.step(still, slope, size, first, goal)
            lost = moved.isnull()
            for kept, new in zip(parts, (moved, lost, nearest), strict=True):
                kept.append(new)
            people = (still + slope * moved.fillna(0.0)).transpose(*still.dims)
            people = people.assign_attrs(still.attrs)
        starts = self.flow.coords["period"].values
        moved, lost, nearest = (xr.concat(p, "period").assign_coords(period=starts) for p in parts)
        gone = lost.astype(int).cumsum("period") > 0
        first = gone & ~gone.shift(period=1, fill_value=False)  # what follows stands on nothing
        return moved.where(~gone), gone, nearest.where(first)

    def step(
        self,
        still: xr.DataArray,
        slope: xr.DataArray,
        size: xr.DataArray,
        first: xr.DataArray,
        goal: xr.DataArray,
    ) -> tuple[xr.DataArray, xr.DataArray]:
        """Return the migrants of one period, missing where none meet the goal."""

        def apart(x: np.ndarray) -> np.ndarray:
            people = (still + slope * first.copy(data=x)).transpose(*still.dims)
            value = self.told(people.assign_attrs(still.attrs))
            return np.asarray((value.transpose(*first.dims) - goal).values, float)

        wide = size.broadcast_like(first).transpose(*first.dims).values
        low, high = (np.asarray(end * wide, float).reshape(first.shape) for end in self.ends)
        low = np.maximum(low, np.minimum(self._all_that_leave(still, slope, first, wide), 0.0))
        if self.keep == "at":
            roots = crossings(apart, low, high)
            moved, nearest = roots.at, roots.nearest
        else:
            moved, nearest = self._fewest(apart, low, high)
        return first.copy(data=moved), first.copy(data=nearest) + goal

    def _all_that_leave(
        self, still: xr.DataArray, slope: xr.DataArray, first: xr.DataArray, wide: np.ndarray
    ) -> np.ndarray:
        """Return the migrants, below zero, after whom the first group would be empty."""
        if self.spec.negative != "refuse":
            return np.full(first.shape, -np.inf)
        bound = (-still / slope.where(slope > 0)).max(["sex", "age"])
        bound = bound.isel(time=0, drop=True) if "time" in bound.dims else bound
        values = bound.broadcast_like(first).transpose(*first.dims).values
        return np.where(np.isfinite(values), values + 1e-12 * wide, -np.inf)

    def _fewest(
        self, apart: Callable[[np.ndarray], np.ndarray], low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the number nearest to nobody on the good side, by arrivals or departures."""
        start = np.minimum(np.maximum(low, 0.0), high)
        good = (1.0 if self.keep == "not below" else -1.0) * apart(start) >= 0
        up = crossings(apart, start, high)
        moved, nearest = up.at, up.nearest
        if (low < start).any():
            down = crossings(lambda x: apart(start - x), np.zeros_like(start), start - low)
            there = start - down.at
            closer = np.isnan(moved) | (np.abs(there - start) < np.abs(moved - start))
            moved = np.where(closer, there, moved)
            lower = np.isnan(nearest) | (np.abs(down.nearest) < np.abs(nearest))
            nearest = np.where(lower, down.nearest, nearest)
        nearest = np.where(good | ~np.isnan(moved), np.nan, nearest)
        return np.where(good, start, moved), nearest


def _finished(
    out: xr.Dataset,
    steps: _Steps,
    moved: xr.DataArray,
    stuck: xr.DataArray,
    nearest: xr.DataArray,
) -> xr.Dataset:
    """Return the projection of what was found, with the indicator checked against the target."""
    instants = out["population"].coords["time"]
    told = [steps.told(out["population"].isel(time=[i])) for i in range(instants.size)]
    _check(steps, told, moved, stuck)
    values = xr.concat(told, "time").assign_coords(time=instants.values)
    fixed, gone = attained(out, stuck)
    unit = steps.indicator(out["population"].isel(time=[0])).attrs.get("units", "1")
    extra = (
        (
            "net_migration",
            moved / steps.spec.step,
            "person/year",
            "net migration, mean of a period",
        ),
        ("indicator", values.where(~gone), unit, "what is held"),
        ("nearest", nearest, unit, "value nearest to the target that was met"),
        ("unattainable", stuck, "", "whether no net migration meets the target, from here on"),
    )
    for name, x, units, title in extra:
        x.attrs = {"long_name": title, **({"units": units} if units else {})}
        fixed[name] = x
    fixed["net_migration"].attrs["caveat"] = CAVEAT
    result = xr.Dataset(fixed)
    result.attrs = {
        **out.attrs,
        "title": "net migration that holds an indicator",
        "keep": steps.keep,
        "caveat": CAVEAT,
    }
    return result


def _check(
    steps: _Steps, told: list[xr.DataArray], moved: xr.DataArray, stuck: xr.DataArray
) -> None:
    """Refuse a result whose own projection misses the target: by migrants, or on the bad side."""
    for i, value in enumerate(told[1:]):
        goal = steps.at(i, value)
        here = moved.isel(period=i, drop=True)
        off = abs(value - goal) > 1e-7 * (1.0 + abs(goal))
        if steps.keep != "at":
            off = off & (here != 0)
        bad = off & ~stuck.isel(period=i, drop=True)
        if bool(bad.any()):
            raise AccountError(
                _WHERE,
                f"the projection misses the target in period {i + 1}: the indicator jumps there",
                'an indicator without jumps, or keep="not below"',
                10,
                "indicator",
            )
