"""What each budget buys: the frontier of cost and score."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

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
        Increasing, in the unit of the costs, or with one of their own; eleven from nothing to
        the cost of all measures where absent. With a horizon, of each year.
    **choices
        The further keywords of :func:`plan`.

    Returns
    -------
    DataFrame
        ``budget cost value score class measures proven gap``; plans that a smaller budget
        already buys are left out, and budgets with which nothing keeps to the limits.
        ``attrs`` has the ``unit`` of the costs and the ``area``.

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
    every = [
        prepared(instrument, answers, chosen, budget=budget, **choices)
        for budget in _increasing(budgets, chosen)
    ]
    rows: list[tuple[Any, ...]] = []
    for setting in every:
        found = solved(setting, *how, clock.perf_counter())
        if found is None or (rows and found.value <= rows[-1][2] + 1e-9):
            continue
        last = found.years.iloc[-1]
        rows.append(
            (setting.budgets[0], found.cost, found.value, last["score"], last["class"],
             found.chosen, found.proven, found.gap)
        )  # fmt: skip
    if not rows:
        raise blame(every[-1], max(given["seconds"] / 10, 0.5))
    columns = "budget cost value score class measures proven gap".split()
    table = pd.DataFrame(rows, columns=columns)
    table.attrs.update(unit=every[0].unit, area=every[0].base.area)
    return table


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
