"""Gaps, and reform plans with a proven optimum on the true scoring rule."""

from __future__ import annotations

import time as clock
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from migov.core.errors import InputError, KindError
from migov.governance.answers import Answers
from migov.governance.asked import as_tuple
from migov.governance.base import base_of, effects_of
from migov.governance.instrument import Instrument
from migov.governance.measures import Measure, Register
from migov.governance.measures_check import check_measures, unit_of_costs
from migov.governance.reform_blame import blame
from migov.governance.reform_limits import (
    WHERE,
    Objective,
    budgets_of,
    capacity_of,
    check,
    costs_of,
    scenarios_of,
)
from migov.governance.reform_model import Model, Scenario
from migov.governance.reform_plan import Plan, outcome
from migov.governance.reform_ready import ready
from migov.governance.reform_setting import Setting, reach_of


def gaps(scored: xr.Dataset, area: str | None = None, time: str | None = None) -> pd.DataFrame:
    """Return what is unmet, and what closing each gap alone would give.

    Parameters
    ----------
    scored : Dataset
        From :meth:`Instrument.score`.
    area, time : str, optional
        Where there are several; the last date where absent.

    Returns
    -------
    DataFrame
        One row an item below the best answer: ``node label parent now best``; ``gain`` of the
        root's score and ``parent_gain``; ``class_after`` of the root; ``state``, ``unmet`` or
        ``unanswered``. The largest gain first.

    Raises
    ------
    ParameterError
        An instrument of which neither more nor less is better.
    InputError
        The area did not answer.
    """
    where = "governance.gaps"
    base = base_of(scored, area, time, where)
    tree, instrument = base.instrument.tree, base.instrument
    best = [base.level(instrument.scale(item).ends[1]) for item in tree.items]
    open_ = [i for i, top in enumerate(best) if base.levels[i] < top and not base.out[i]]
    levels = np.repeat(base.levels[None], len(open_) + 1, axis=0)
    for row, item in enumerate(open_, start=1):
        levels[row, item] = best[item]
    found = base.scores(levels)
    scores = found.floats().astype(float) * float(Fraction(instrument.multiple))
    root = tree.ids.index(tree.root)
    rows = []
    for row, item in enumerate(open_, start=1):
        node = instrument.node(tree.items[item])
        above = tree.ids.index(node.parent)
        now = str(Fraction(int(base.levels[item]), base.denominator))
        rows.append(
            (
                node.id,
                node.label,
                node.parent,
                now if base.present[item] else "",
                str(instrument.scale(node.id).ends[1]),
                scores[row, root] - scores[0, root],
                scores[row, above] - scores[0, above],
                _class_of(instrument, tree.root, found.fractions()[row, root]),
                "unmet" if base.present[item] else "unanswered",
            )
        )
    columns = "node label parent now best gain parent_gain class_after state".split()
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["gain", "node"], ascending=[False, True]).reset_index(drop=True)


def _class_of(instrument: Instrument, node: str, score: Fraction | None) -> int:
    """Return the class of a score without multiple, 0 where there is none."""
    classes = instrument.classes_of(node)
    if classes is None or score is None:
        return 0
    many = Fraction(instrument.multiple)
    return 1 + sum(score * many >= Fraction(limit) for limit in classes.limits)


def plan(
    instrument: Instrument,
    answers: Answers,
    measures: Register | Sequence[Measure],
    *,
    budget: float | Sequence[float] | xr.DataArray | None = None,
    horizon: int | None = None,
    objective: Objective = "score",
    reach: Mapping[str, Any] | None = None,
    capacity: int | Mapping[str, int | Sequence[int]] | None = None,
    scenarios: Sequence[Scenario] = (),
    attitude: Literal["expected", "worst"] = "expected",
    area: str | None = None,
    time: str | None = None,
    gap: float = 0.0,
    seconds: float = 30.0,
) -> Plan:
    """Return the best choice, or schedule, of measures on the instrument's true scoring rule.

    Parameters
    ----------
    instrument : Instrument
    answers : Answers
    measures : Register or sequence of Measure
        Those carried out or repealed by the date of the answers are left out; what is carried
        out meets the needs of others and excludes its conflicts.
    budget : float, sequence of float or DataArray, optional
        For all, or for each year, in the unit of the costs; a DataArray is converted from its
        own. Nothing is carried over. No limit where absent.
    horizon : int, optional
        Years; a measure must be completed by the end of the last. Where absent, measures are
        chosen without years.
    objective : {"score", "classes", "benefit", "cost"}
        The root's score (with years: summed over the ends of the years), the classes of all
        nodes that have some at the end, the measures' own benefits in each year from
        completion on, or least cost to what `reach` demands.
    reach : mapping of str to exact number or str, optional
        Least score, or label of the class, of nodes at the end, in every scenario.
    capacity : int or mapping of str to int or sequence of int, optional
        Most measures that may run in a year, of each body or of the bodies named; a sequence
        has one number a year.
    scenarios : sequence of Scenario, optional
        Uncertain costs and effects: one plan for all; budgets hold in each.
    attitude : {"expected", "worst"}
        Whether the mean over the scenarios or the worst of them is maximised.
    area, time : str, optional
        Where the answers are of several.
    gap : float
        Relative distance from the bound at which to stop; 0 for a proven optimum.
    seconds : float
        At which to stop with the best plan so far; its gap is stated.

    Returns
    -------
    Plan
        Among equally good plans a cheapest one.

    Raises
    ------
    ParameterError
        Needs in a circle, unknown names, values off the scale, probabilities that do not sum.
    UnitError
        Costs or a budget in another currency.
    InputError
        No plan keeps to the limits, with how near they let it come and which of them would have
        to give way; or none was found in time.
    AccountError
        The plan's score by the instrument is not what the programme said.

    References
    ----------
    Huangfu, Q. and Hall, J. A. J. (2018). Math. Prog. Comp. 10 (HiGHS), by scipy.optimize.milp.
    """
    begin = clock.perf_counter()
    setting = prepared(
        instrument, answers, measures, budget=budget, horizon=horizon, objective=objective,
        reach=reach, capacity=capacity, scenarios=scenarios, attitude=attitude, area=area,
        time=time, gap=gap, seconds=seconds,
    )  # fmt: skip
    found = solved(setting, objective, attitude, gap, seconds, begin)
    if found is None:
        raise blame(setting, max(seconds / 10, 0.5))
    return found


def prepared(
    instrument: Instrument,
    answers: Answers,
    measures: Register | Sequence[Measure],
    *,
    budget: Any = None,
    horizon: Any = None,
    objective: Any = "score",
    reach: Any = None,
    capacity: Any = None,
    scenarios: Any = (),
    attitude: Any = "expected",
    area: str | None = None,
    time: str | None = None,
    gap: Any = 0.0,
    seconds: Any = 30.0,
) -> Setting:
    """Return what limits a plan, every argument checked; see :func:`plan`."""
    if not isinstance(instrument, Instrument) or not isinstance(answers, Answers):
        raise KindError(
            WHERE,
            "give an Instrument, then Answers",
            "plan(instrument, answers, …)",
            None,
            "answers",
        )
    given = measures.measures if isinstance(measures, Register) else as_tuple(measures)
    check_measures(given, WHERE)
    check(objective, horizon, reach, gap, seconds, attitude)
    unit = unit_of_costs(given, WHERE)
    cases = scenarios_of(as_tuple(scenarios), given)
    scored = instrument.score(answers, times=None if time is None else [time])
    base = base_of(scored, area, time, WHERE)
    chosen, out = ready(given, str(base.time)[:10])
    years = int(horizon or 1)
    return Setting(
        base=base,
        measures=chosen,
        left_out=out,
        years=years,
        dated=horizon is not None,
        cases=tuple(cases),
        effects=tuple(
            effects_of(base, chosen, frozenset(case.fails), WHERE, dict(case.raises))
            for case in cases
        ),
        budgets=tuple(budgets_of(budget, years, unit)),
        capacity=capacity_of(capacity, given, years),
        reach=reach_of(base, reach or {}),
        unit=unit,
    )


def solved(
    setting: Setting, objective: str, attitude: str, gap: float, seconds: float, begin: float
) -> Plan | None:
    """Return the best plan of a setting, None where none keeps to its limits.

    Raises
    ------
    InputError
        None was found in time.
    """
    cases = list(setting.cases)
    model = setting.model()
    _aim(model, cases, objective, attitude)
    first = model.programme.solve(gap, seconds)
    if first.x is None:
        if first.feasible is False:
            return None
        raise InputError(
            WHERE,
            f"no plan found in {seconds:g} seconds",
            f"seconds={10 * seconds:g}, or fewer measures",
            9,
            "seconds",
        )
    best = first
    if objective != "cost":
        left = seconds - (clock.perf_counter() - begin)
        best = _cheapest(model, cases, first, max(left, 1.0))
    assert best.x is not None
    return outcome(setting, model, objective, attitude, first, best.x)


def _aim(model: Model, cases: list[Scenario], objective: str, attitude: str) -> None:
    """Put the objective into the programme."""
    gain = model.programme.gain
    if objective == "cost":
        for case in cases:
            _add(gain, _spent(model, case), -case.probability)
        return
    if objective == "benefit":
        for (place, year), column in model.starts.items():
            measure = model.measures[place]
            after = model.years - (year + measure.duration - 1) if model.dated else 1
            gain[column] = after * measure.benefit
        return
    parts = []
    for number, case in enumerate(cases):
        terms = _score(model, number) if objective == "score" else _class_steps(model, number)
        parts.append((case.probability, terms))
    if attitude == "expected":
        for probability, terms in parts:
            _add(gain, terms, probability)
        return
    least = model.programme.column(whole=False, upper=np.inf)
    for _, terms in parts:
        constant = terms.pop(-1, 0.0)
        row = {column: -value for column, value in terms.items()}
        model.programme.row({**row, least: 1.0}, high=constant)
    gain[least] = 1.0


def _add(gain: dict[int, float], terms: Mapping[int, float], times: float) -> None:
    for column, value in terms.items():
        if column >= 0:
            gain[column] = gain.get(column, 0.0) + times * value


def _spent(model: Model, case: Scenario) -> dict[int, float]:
    costs = costs_of(model.measures, case)
    return {column: costs[place] for (place, _), column in model.starts.items()}


def _score(model: Model, scenario: int) -> dict[int, float]:
    """Return the root's score, in its unit, summed over the ends of the years."""
    many = Fraction(model.base.instrument.multiple)
    total: dict[int, Fraction] = {}
    for year in range(model.years):
        for column, value in model.defined(model.base.instrument.root, year, scenario).items():
            total[column] = total.get(column, Fraction(0)) + many * value
    return {column: float(value) for column, value in total.items()}


def _class_steps(model: Model, scenario: int) -> dict[int, float]:
    """Return the classes of all nodes at the end, each reached limit a switch."""
    instrument, terms = model.base.instrument, {-1: 0.0}
    last, many = model.years - 1, Fraction(instrument.multiple)
    for name, expression in model.nodes(last, scenario).items():
        classes = instrument.classes_of(name)
        if classes is None:
            continue
        for limit in classes.limits:
            switch = model.programme.column(whole=True)
            model.demand(expression, Fraction(limit) / many, switch)
            terms[switch] = 1.0
        terms[-1] += 1.0
    return terms


def _cheapest(model: Model, cases: list[Scenario], first: Any, seconds: float) -> Any:
    """Return a cheapest plan among those as good as the first."""
    programme = model.programme
    least = min((abs(value) for value in programme.gain.values() if value), default=1.0)
    slack = 1e-6 * max(min(1.0, least), abs(first.value))
    programme.row(dict(programme.gain), low=first.value - slack)
    programme.gain.clear()
    for case in cases:
        _add(programme.gain, _spent(model, case), -case.probability)
    again = programme.solve(0.0, seconds)
    return first if again.x is None else again
