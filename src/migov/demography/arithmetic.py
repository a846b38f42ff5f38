"""Demographic arithmetic: the net migration that would hold a population's size or ages.

The literature calls it replacement migration. It is arithmetic on a population, neither a
forecast nor a recommendation, and says nothing about how many a country needs or can receive.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.errors import DimensionError, InputError, KindError, ParameterError
from migov.core.inputs import Input, admit
from migov.core.units import to_unit
from migov.core.vocabulary import ROLES
from migov.demography.arithmetic_results import finished, moves_of
from migov.demography.kernels_arithmetic import Ages, Solution, solve
from migov.demography.projection import CohortComponent, kernel_rules, shares_at_start
from migov.demography.projection_ages import same_ages
from migov.demography.projection_inputs import CONTRACTS, Prepared, prepare

SCENARIOS = {
    "I": "net migration as given",
    "II": "no migration",
    "III": "total population held at the most that it reaches without migration",
    "IV": "population of working age held at the most that it reaches without migration",
    "V": "persons of working age per old person not below a floor",
    "VI": "persons of working age per old person not below their first value",
}

_WHERE = "demographic_arithmetic"
_PATTERN = Input(title="net migrants by sex and age, shares", unit="1", needs=("sex", "age"))


def demographic_arithmetic(
    population: xr.DataArray,
    mortality: xr.DataArray,
    fertility: xr.DataArray,
    *,
    sex_ratio: xr.DataArray,
    pattern: xr.DataArray,
    scenarios: Sequence[str] = ("IV", "V"),
    migration: xr.DataArray | None = None,
    floor: float | xr.DataArray = 3.0,
    working_ages: tuple[int, int] = (15, 65),
    most: float = 10.0,
    projection: CohortComponent | None = None,
) -> xr.Dataset:
    """Return the net migration of the six scenarios of United Nations (2000), and what follows.

    Each step has a closed form. Net migration is never below zero; in III and IV it begins once
    the population without migration has passed its largest value.

    Parameters
    ----------
    population, mortality, fertility, sex_ratio : DataArray
        As :meth:`CohortComponent.run` takes them, ``member`` and further dimensions included;
        computed in memory.
    pattern : DataArray {sex, age, …}
        Shares of net migrants by sex and age, adding up to one; may lack all but these.
    scenarios : sequence of {"I", "II", "III", "IV", "V", "VI"}
        Which; I is the given `migration`, II none.
    migration : DataArray {period, sex, age, …}, optional
        Net migrants of scenario I.
    floor : float or DataArray {area, …}
        Of scenario V: persons of working age per old person.
    working_ages : (int, int)
        First age of working, and first of old age.
    most : float
        Migrants of a step per person at its start beyond which a goal counts as unattainable:
        close to the ratio of the arrivals themselves, the arithmetic asks for any number.
    projection : CohortComponent, optional
        How steps are done; its step is that of the periods.

    Returns
    -------
    Dataset
        The projection's variables by ``scenario``; ``net_migration`` {scenario, period, …} in
        person/year; ``total``, ``working_age``, ``old_age`` {scenario, time, …} in person;
        ``support_ratio`` in "1"; ``unattainable`` {scenario, period, …}, and for its first
        period the highest value within the limit, ``nearest`` (a ratio) or ``nearest_persons``.
        From an unattainable step on all else is missing.
        The caveat is in the attributes.

    Raises
    ------
    MigovError
        What a projection raises; shares that do not add up to one; scenarios that are none.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> ages, sex, period = "0-29 30-59 60+", "F M", "2020-2050"
    >>> people = Cells([[[6, 10, 4]] * 2], time="2020-01-01", sex=sex, age=ages)
    >>> rates = Cells([[[0.001, 0.004, 0.06]] * 2], period=period, sex=sex, age=ages)
    >>> shares = Cells([[0.3, 0.2, 0.0]] * 2, sex=sex, age=ages)
    >>> found = demographic_arithmetic(
    ...     people.array("million person"), rates.array("1/year"),
    ...     Cells([[0.01]], period=period, age="30-59").array("1/year"),
    ...     sex_ratio=Cells([1.05], period=period).array("1"), pattern=shares.array("1"),
    ...     scenarios="IV", working_ages=(30, 60),
    ...     projection=CohortComponent(step=30, ax="half", youngest_open=60),
    ... )
    >>> found.working_age.squeeze().values.round()
    array([20000000., 20000000.])
    >>> round(found.net_migration.item(), -3)
    616000.0

    References
    ----------
    United Nations (2000), Replacement Migration: Is It a Solution to Declining and Ageing
    Populations? ESA/P/WP.160, chapter 3.
    """
    spec = projection_of(projection, _WHERE)
    chosen = _chosen(scenarios, migration, most)
    flow = flow_of(pattern, population, mortality, _WHERE)
    given = {
        "population": population,
        "mortality": mortality,
        "fertility": fertility,
        "migration": flow,
        "sex_ratio": sex_ratio,
    }
    rules = (spec.step, spec.ax, spec.youngest_open)
    ready = prepare(_WHERE, given, *rules)
    limits = _limits(ready.arrays["population"], working_ages)
    lowest = _floor(floor, ready)
    first = None
    if migration is not None:
        own = prepare(_WHERE, {**given, "migration": migration}, *rules)
        first = own.arrays["migration"]
    solved = {
        name: _solve(name, ready, spec, limits, lowest, most) for name in chosen if name != "I"
    }
    moves = moves_of(chosen, solved, ready, first)
    out = spec.run(population, mortality, fertility, moves, sex_ratio=sex_ratio)
    told = {
        "scenarios": json.dumps({name: SCENARIOS[name] for name in chosen}),
        "floor": str(floor) if isinstance(floor, int | float) else "by further dimensions",
        "most": float(most),
    }
    return finished(out, chosen, solved, ready, limits, spec.step, told)


def _chosen(scenarios: Any, migration: xr.DataArray | None, most: float) -> list[str]:
    names = [scenarios] if isinstance(scenarios, str) else list(scenarios)
    wrong = [name for name in names if name not in SCENARIOS]
    if wrong or not names or len(set(names)) < len(names):
        raise ParameterError(
            _WHERE,
            f"scenarios={scenarios!r}",
            f"some of {', '.join(SCENARIOS)}, each once",
            9,
            "scenarios",
        )
    if "I" in names and migration is None:
        raise ParameterError(
            _WHERE,
            "scenario I needs migration",
            "migration=… by period, sex and age",
            9,
            "migration",
        )
    if isinstance(most, bool) or not isinstance(most, int | float) or not 0 < most < np.inf:
        raise ParameterError(_WHERE, f"most={most!r}", "a number above 0", 9, "most")
    return names


def flow_of(
    pattern: xr.DataArray, population: xr.DataArray, mortality: xr.DataArray, where: str
) -> xr.DataArray:
    """Return one migrant in each period of the rates, shared out by a pattern.

    Raises
    ------
    MigovError
        A population or rates that are none; shares that do not add up to one.
    """
    for name, x in (("population", population), ("mortality", mortality)):
        admit(x, CONTRACTS[name], where, name)
    shares = _shares(pattern, population, where)
    bare = shares.drop_vars("time", errors="ignore")  # a pattern taken from a dated population
    flow = bare.expand_dims(period=mortality.coords["period"].values)
    ends = ("period", mortality.coords["period_end"].values)
    return flow.assign_coords(period_end=ends).assign_attrs(units="person")


def _shares(pattern: xr.DataArray, population: xr.DataArray, where: str) -> xr.DataArray:
    """Return the shares, with the further dimensions of the population that they lack."""
    bare, _ = status.take(admit(pattern, _PATTERN, where, "pattern"))
    x: xr.DataArray = to_unit(bare, "1", where, "pattern").compute()
    same_ages(
        where,
        "pattern",
        x,
        np.asarray(population.coords["age"].values, float),
        ages.widths(population, where, "population"),
    )
    if "period" in x.dims or "scenario" in population.dims:
        name = "pattern" if "period" in x.dims else "population"
        dim = "period" if "period" in x.dims else "scenario"
        raise DimensionError(
            where, f"{name} has {dim!r}", f"{name}.isel({dim}=0, drop=True)", 8, name
        )
    total = x.sum(["sex", "age"], skipna=False)
    if not bool((x >= 0).all()) or not np.allclose(total.values, 1.0, rtol=0, atol=1e-6):
        worst = float(np.asarray(total).reshape(-1)[np.argmax(abs(np.asarray(total) - 1))])
        negative = bool((x < 0).any())
        raise InputError(
            where,
            f"pattern adds up to {worst:g} with the smallest share {float(x.min()):g}; shares are "
            "not negative and add up to 1",
            "a pattern of arrivals, whose shares are not negative"
            if negative or not worst > 0
            else '(pattern / pattern.sum(["sex", "age"])).assign_attrs(units="1")',
            7,
            "pattern",
        )
    for dim in map(str, population.dims):
        if dim not in {"time", "sex", "age", "member", *x.coords} and dim in population.indexes:
            x = x.expand_dims({dim: population.indexes[dim]})
    for role in ROLES:
        if role in population.coords and role not in {*population.dims, *x.coords}:
            x = x.assign_coords({role: population.coords[role].values[()]})
    return x


def _limits(population: xr.DataArray, working_ages: tuple[int, int]) -> Ages:
    good = isinstance(working_ages, tuple) and len(working_ages) == 2
    if not good or not 0 < working_ages[0] < working_ages[1]:
        raise ParameterError(
            _WHERE, f"working_ages={working_ages!r}", "two ages, as in (15, 65)", 9, "working_ages"
        )
    starts = np.asarray(population.coords["age"].values, float)
    for limit in working_ages:
        ages.check_limit(population, limit, _WHERE, "population", "working_ages")
    low, high = (int(np.searchsorted(starts, limit)) for limit in working_ages)
    return Ages(low, min(high, len(starts) - 1))


def _floor(floor: Any, ready: Prepared) -> np.ndarray:
    """Return the floor over the further dimensions."""
    dims = list(ready.lead)
    if isinstance(floor, xr.DataArray):
        x = to_unit(floor, "1", _WHERE, "floor") if "units" in floor.attrs else floor
        for dim in map(str, x.dims):
            if dim not in ready.lead or set(ready.lead[dim]) - set(x.coords[dim].values):
                raise DimensionError(
                    _WHERE,
                    f"floor has {dim!r} with other labels than population",
                    f"floor.reindex({dim}=population[{dim!r}]), or a single number",
                    2,
                    "floor",
                )
            x = x.sel({dim: ready.lead[dim]})
        values = np.asarray(x.transpose(*[d for d in dims if d in x.dims]).values, float)
        shape = [len(ready.lead[d]) if d in x.dims else 1 for d in dims]
        values = values.reshape(shape)
    else:
        values = np.asarray(floor)
        if values.dtype.kind not in "iuf" or values.ndim:
            raise KindError(
                _WHERE, f"floor={floor!r}", "a number, or a DataArray by area", 9, "floor"
            )
    if not (np.isfinite(values) & (values > 0)).all():
        raise ParameterError(
            _WHERE, "floor is not above 0 everywhere", "a ratio above 0 in each cell", 9, "floor"
        )
    return values.astype(float)


def _bare(ready: Prepared, name: str, core: tuple[str, ...]) -> np.ndarray:
    """Return an input as a bare array, core dimensions first, then all further ones."""
    x = ready.arrays[name]
    have = [dim for dim in ready.lead if dim in x.dims]
    values = np.asarray(x.transpose(*core, *have).values, float)
    shape = [x.sizes[d] if d in have else 1 for d in ready.lead]
    return values.reshape(*values.shape[: len(core)], *shape)


def _solve(
    name: str, ready: Prepared, spec: CohortComponent, limits: Ages, floor: np.ndarray, most: float
) -> Solution:
    """Return the migrants of a scenario, over all further dimensions."""
    share = shares_at_start(spec, ready)
    place = [len(ready.lead["area"]) if d == "area" and share.dims else 1 for d in ready.lead]
    given = (
        _bare(ready, "population", ("sex", "age")),
        _bare(ready, "mortality", ("period", "sex", "age")),
        _bare(ready, "fertility", ("period", "age")),
        _bare(ready, "sex_ratio", ("period",)),
        np.asarray(share.values, float).reshape(place),
    )
    pattern = _bare(ready, "migration", ("period", "sex", "age"))
    rules = kernel_rules(spec, ready)
    return solve(name, given, pattern, ready.width, rules, limits, floor, most)


def projection_of(given: Any, where: str) -> CohortComponent:
    """Return the projection that was given, the usual one where none was.

    Raises
    ------
    KindError
        It is none.
    """
    spec = CohortComponent() if given is None else given
    if not isinstance(spec, CohortComponent):
        raise KindError(
            where, f"projection is a {type(spec).__name__}", "CohortComponent(…)", 9, "projection"
        )
    return spec
