"""What limits a reform plan: budgets, capacities, scenarios, and what its arguments may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import xarray as xr

from migov.core.errors import CodeError, KindError, ParameterError, UnitError
from migov.core.units import factor, unit_of
from migov.governance.measures import Measure
from migov.governance.reform_model import Scenario

WHERE = "governance.plan"
Objective = Literal["score", "classes", "benefit", "cost"]
_OBJECTIVES = ("score", "classes", "benefit", "cost")


def check(
    objective: str, horizon: Any, reach: Any, gap: float, seconds: float, attitude: str
) -> None:
    """Refuse arguments of a plan that cannot be.

    Raises
    ------
    ParameterError
        It is not what :func:`migov.governance.plan` asks for.
    """

    def refuse(name: str, value: Any, mend: str) -> None:
        raise ParameterError(WHERE, f"{name}={value!r}", mend, 9, name)

    if objective not in _OBJECTIVES:
        refuse("objective", objective, f"one of {', '.join(_OBJECTIVES)}")
    if objective == "cost" and not reach:
        refuse("reach", reach, 'what is to be reached, as reach={"10.7.2": "meets"}')
    if horizon is not None and not _whole(horizon):
        refuse("horizon", horizon, "whole years")
    if horizon is not None and not 1 <= horizon <= 100:
        refuse("horizon", horizon, "1 to 100 years")
    if not _number(gap) or not 0 <= gap < 1:
        refuse("gap", gap, "a share below 1")
    if reach is not None and not isinstance(reach, Mapping):
        refuse("reach", reach, 'a mapping, {"10.7.2": "meets"}')
    if not _number(seconds) or not seconds > 0:
        refuse("seconds", seconds, "above 0")
    if attitude not in ("expected", "worst"):
        refuse("attitude", attitude, '"expected" or "worst"')


def _number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _whole(value: Any) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def scenarios_of(scenarios: Sequence[Scenario], chosen: tuple[Measure, ...]) -> list[Scenario]:
    """Return the scenarios, one as written where none is given.

    Raises
    ------
    ParameterError
        It is not what :func:`migov.governance.plan` asks for.
    """
    if not scenarios:
        return [Scenario(id="as written", probability=1.0)]
    known = {measure.id for measure in chosen}
    if not all(isinstance(case, Scenario) for case in scenarios):
        raise KindError(
            WHERE,
            "scenarios hold what is no Scenario",
            "migov.governance.Scenario(…)",
            None,
            "scenarios",
        )
    for case in scenarios:
        named = [*case.fails, *dict(case.costs), *dict(case.raises)]
        foreign = [name for name in named if name not in known]
        if foreign:
            raise ParameterError(
                WHERE,
                f"{case.id!r} names {foreign[0]!r}, which is no measure",
                "ids of measures in the register",
                9,
                "scenarios",
            )
    whole = sum(case.probability for case in scenarios)
    if abs(whole - 1) > 1e-9:
        raise ParameterError(
            WHERE, f"the probabilities add up to {whole:g}", "above 0, together 1", 9, "scenarios"
        )
    if len({case.id for case in scenarios}) < len(scenarios):
        raise ParameterError(
            WHERE, "two scenarios have one id", "an id of its own for each scenario", 9, "scenarios"
        )
    return list(scenarios)


def costs_of(chosen: tuple[Measure, ...], case: Scenario) -> list[float]:
    """Return the costs of the measures in a scenario."""
    other = dict(case.costs)
    return [other.get(measure.id, float(measure.cost)) for measure in chosen]


def converted(amounts: xr.DataArray, unit: str, argument: str) -> list[float]:
    """Return amounts of money in the unit of the costs.

    Raises
    ------
    UnitError
        They are in another currency, or the costs have no unit.
    """
    own = unit_of(amounts, WHERE, argument)
    if amounts.dtype.kind not in "iuf" or amounts.ndim > 1:
        raise ParameterError(
            WHERE,
            f"{argument} holds {amounts.dtype} over {amounts.ndim} dimensions",
            "numbers, one or one for each year",
            9,
            argument,
        )
    if not unit:
        raise UnitError(
            WHERE,
            f"{argument} is in {own}, the costs are numbers without a unit",
            f'Measure(…, unit="{own}")',
            6,
            argument,
        )
    by = factor(own, unit, WHERE, argument)
    return [float(one) * by for one in np.atleast_1d(amounts.values)]


def budgets_of(budget: Any, years: int, unit: str = "") -> list[float]:
    """Return the budget of each year, in the unit of the costs.

    Raises
    ------
    ParameterError
        It is not what :func:`migov.governance.plan` asks for.
    UnitError
        It is in another currency.
    """
    told: Any = np.inf if budget is None else budget
    if isinstance(told, xr.DataArray):
        told = converted(told, unit, "budget")
        told = told[0] if len(told) == 1 else told
    every = [told] * years
    if isinstance(told, Sequence | np.ndarray) and not isinstance(told, str):
        every = list(np.atleast_1d(np.asarray(told, dtype=object)))
    if len(every) != years or any(not _number(b) or not b >= 0 for b in every):
        wanted = "an amount from 0" if years == 1 else f"an amount from 0, or {years} amounts"
        raise ParameterError(WHERE, f"budget={budget!r:.80}", wanted, 9, "budget")
    return [float(b) for b in every]


def capacity_of(
    capacity: Any, chosen: tuple[Measure, ...], years: int
) -> dict[str, tuple[int, ...]]:
    """Return how many measures of each body may run in each year.

    Raises
    ------
    ParameterError
        It is not what :func:`migov.governance.plan` asks for.
    """
    bodies = {measure.body for measure in chosen}
    if capacity is None:
        return {}
    told = capacity if isinstance(capacity, Mapping) else dict.fromkeys(bodies, capacity)
    found = {}
    for body, most in told.items():
        if body not in bodies:
            raise CodeError(
                WHERE, f"no measure is of {body!r}", "a body that some measure names", 9, "capacity"
            )
        every = list(most) if isinstance(most, list | tuple | np.ndarray) else [most] * years
        whole = all(_whole(n) and int(n or 0) >= 0 for n in every)
        if not whole or len(every) != years:
            raise ParameterError(
                WHERE,
                f"capacity of {body!r} is {most!r:.60}",
                f"a whole number from 0, or one for each of {years} years",
                9,
                "capacity",
            )
        found[body] = tuple(map(int, every))
    return found
