"""What each budget buys: the frontier of cost and score."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from migov.core.errors import ParameterError
from migov.governance.answers import Answers
from migov.governance.asked import as_tuple
from migov.governance.instrument import Instrument
from migov.governance.measures import Measure, Register
from migov.governance.measures_check import check_measures
from migov.governance.reform import plan


def frontier(
    instrument: Instrument,
    answers: Answers,
    measures: Register | Sequence[Measure],
    budgets: Sequence[float] | None = None,
    **choices: Any,
) -> pd.DataFrame:
    """Return the best plan for each budget.

    Parameters
    ----------
    instrument, answers, measures
        As for :func:`plan`.
    budgets : sequence of float, optional
        Increasing; eleven from nothing to the cost of all measures where absent. With a
        horizon, of each year.
    **choices
        The further keywords of :func:`plan`.

    Returns
    -------
    DataFrame
        ``budget cost value score class measures proven gap``; plans that a smaller budget
        already buys are left out.

    Raises
    ------
    ParameterError
        Budgets that do not increase.
    """
    chosen = measures.measures if isinstance(measures, Register) else as_tuple(measures)
    check_measures(chosen, "governance.frontier")
    if budgets is None:
        whole = sum(measure.cost for measure in chosen)
        budgets = [float(one) for one in np.linspace(0, whole, 11)]
    try:
        every = [float(one) for one in budgets]
    except (TypeError, ValueError):
        every = []
    if not every or any(b <= a for a, b in pairwise(every)):
        raise ParameterError(
            "governance.frontier", f"budgets={budgets!r}", "increasing", 9, "budgets"
        )
    rows: list[tuple[Any, ...]] = []
    for budget in every:
        found = plan(instrument, answers, measures, budget=budget, **choices)
        last = found.years.iloc[-1]
        if rows and found.value <= rows[-1][2] + 1e-9:
            continue
        rows.append(
            (budget, found.cost, found.value, last["score"], last["class"], found.chosen,
             found.proven, found.gap)
        )  # fmt: skip
    columns = "budget cost value score class measures proven gap".split()
    return pd.DataFrame(rows, columns=columns)
