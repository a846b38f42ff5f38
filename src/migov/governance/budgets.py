"""What each budget buys: the frontier of cost and score."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import pandas as pd
import xarray as xr

from migov.core.errors import ParameterError
from migov.governance.answers import Answers
from migov.governance.asked import as_tuple
from migov.governance.instrument import Instrument
from migov.governance.measures import Measure, Register
from migov.governance.measures_check import check_measures, unit_of_costs
from migov.governance.reform import prepared, solved
from migov.governance.reform_blame import blame
from migov.governance.reform_limits import converted
from migov.governance.reform_plan import Plan
from migov.governance.reform_setting import Setting

WHERE = "governance.frontier"


def frontier(
    instrument: Instrument,
    answers: Answers,
    measures: Register | Sequence[Measure],
    budgets: Sequence[float] | xr.DataArray | None = None,
    **choices: Any,
) -> pd.DataFrame:
    """Return the best plan for each budget.

    Parameters
    ----------
    instrument, answers, measures
        As for :func:`plan`.
    budgets : sequence of float or DataArray, optional
        Increasing, in the unit of the costs, or with one of their own; with a horizon, of each
        year. Where absent the whole frontier, every plan that no cheaper one equals; with a
        horizon eleven budgets from nothing to the cost of all measures.
    **choices
        The further keywords of :func:`plan`.

    Returns
    -------
    DataFrame
        ``budget cost value score class measures proven gap``; plans that a smaller budget
        already buys are left out, and budgets with which nothing keeps to the limits.
        ``attrs`` has the ``unit`` of the costs, the ``area``, and ``whole``, whether nothing is
        left out between two rows.

    Raises
    ------
    ParameterError
        Budgets that do not increase, or the least cost as objective.
    InputError
        No budget suffices, with the reason.
    """
    chosen = measures.measures if isinstance(measures, Register) else as_tuple(measures)
    check_measures(chosen, WHERE)
    given = {"objective": "score", "attitude": "expected", "gap": 0.0, "seconds": 30.0, **choices}
    if "budget" in given or given["objective"] == "cost":
        name = "budget" if "budget" in given else "objective"
        mend = "budgets=[…]" if name == "budget" else 'objective="score", "classes" or "benefit"'
        raise ParameterError(WHERE, f"{name}={given[name]!r:.40}", mend, 9, name)
    how = (given["objective"], given["attitude"], given["gap"], given["seconds"])
    whole = budgets is None and given.get("horizon") is None
    amounts: list[float | None] = [None] if whole else [*_increasing(budgets, chosen)]
    every = [prepared(instrument, answers, chosen, budget=one, **choices) for one in amounts]
    plans = _downwards(every[0], how) if whole else [(s, _solved(s, how)) for s in every]
    rows: list[tuple[Any, ...]] = []
    for setting, found in plans:
        if found is None or (rows and found.value <= rows[-1][2] + 1e-9):
            continue
        last = found.years.iloc[-1]
        budget = _spent(found) if whole else setting.budgets[0]
        rows.append(
            (budget, found.cost, found.value, last["score"], last["class"], found.chosen,
             found.proven, found.gap)
        )  # fmt: skip
    if not rows:
        raise blame(every[-1], max(given["seconds"] / 10, 0.5))
    columns = "budget cost value score class measures proven gap".split()
    table = pd.DataFrame(rows, columns=columns)
    whole = whole and bool(table["proven"].all())
    table.attrs.update(unit=every[0].unit, area=every[0].base.area, whole=whole)
    return table


How = tuple[str, str, float, float]


def _solved(setting: Setting, how: How) -> Plan | None:
    return solved(setting, *how, clock.perf_counter())


def _spent(found: Plan) -> float:
    """Return what a plan spends in the dearest of the scenarios: the budget that it needs."""
    return float(found.by_scenario["cost"].max())


def _downwards(setting: Setting, how: How) -> list[tuple[Setting, Plan | None]]:
    """Return every plan that no cheaper one equals, from the cheapest to the best.

    Each step asks for the best plan that spends less than the one before.
    """
    costs = [one.cost for one in setting.measures if one.cost]
    costs += [cost for case in setting.cases for _, cost in case.costs if cost]
    step = 1e-4 * min(costs, default=1.0)
    found = _solved(setting, how)
    plans: list[tuple[Setting, Plan | None]] = []
    while found is not None:
        plans.append((setting, found))
        left = _spent(found) - step
        setting = attrs.evolve(setting, budgets=(left,))
        found = _solved(setting, how) if left >= 0 else None
    return plans[::-1]


def _increasing(budgets: Any, chosen: tuple[Measure, ...]) -> list[float]:
    """Return budgets in the unit of the costs; eleven up to the cost of all where absent."""
    if budgets is None:
        whole = sum(measure.cost for measure in chosen)
        return [float(one) for one in np.linspace(0, whole, 11)] if whole else [0.0]
    if isinstance(budgets, xr.DataArray):
        budgets = converted(budgets, unit_of_costs(chosen, WHERE), "budgets")
    try:
        every = [float(one) for one in budgets]
    except (TypeError, ValueError):
        every = []
    if not every or any(not b > a for a, b in pairwise(every)):
        raise ParameterError(
            WHERE, f"budgets={budgets!r:.60}", "increasing amounts, [0, 5, 10]", 9, "budgets"
        )
    return every
