"""Gaps, and reform plans with a proven optimum on the true scoring rule."""

from __future__ import annotations

import time as clock
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from migov.core.errors import InputError, KindError, ParameterError
from migov.governance.answers import Answers
from migov.governance.asked import as_tuple, exact_text
from migov.governance.base import Base, base_of, effects_of
from migov.governance.instrument import Instrument
from migov.governance.measures import Measure, Register
from migov.governance.measures_check import check_measures
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
    budget: float | Sequence[float] | None = None,
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
    budget : float or sequence of float, optional
        For all, or for each year; nothing is carried over. No limit where absent.
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
    InputError
        No plan keeps to the limits, or none was found in time.
    AccountError
        The plan's score by the instrument is not what the programme said.

    References
    ----------
    Huangfu, Q. and Hall, J. A. J. (2018). Math. Prog. Comp. 10 (HiGHS), by scipy.optimize.milp.
    """
    begin = clock.perf_counter()
    chosen = measures.measures if isinstance(measures, Register) else as_tuple(measures)
    scenarios = as_tuple(scenarios)
    if not isinstance(instrument, Instrument) or not isinstance(answers, Answers):
        raise KindError(
            WHERE,
            "give an Instrument, then Answers",
            "plan(instrument, answers, …)",
            None,
            "answers",
        )
    check_measures(chosen, WHERE)
    check(objective, horizon, reach, gap, seconds, attitude)
    cases = scenarios_of(scenarios, chosen)
    scored = instrument.score(answers, times=None if time is None else [time])
    base = base_of(scored, area, time, WHERE)
    effects = [effects_of(base, chosen, frozenset(case.fails), WHERE) for case in cases]
    model = Model(base, chosen, horizon or 1, horizon is not None, effects)
    budgets = budgets_of(budget, model.years)
    for case in cases:
        model.spend(budgets, costs_of(chosen, case))
    model.run(capacity_of(capacity, chosen, model.years))
    _demand(model, reach or {})
    _aim(model, cases, objective, attitude)
    first = model.programme.solve(gap, seconds)
    if first.x is None:
        raise InputError(
            WHERE,
            "no plan keeps to the limits" if first.feasible is False else "no plan found in time",
            "more budget, years or seconds, or a lower reach",
            9,
            "budget",
        )
    best = first
    if objective != "cost":
        left = seconds - (clock.perf_counter() - begin)
        best = _cheapest(model, cases, first, max(left, 1.0))
    assert best.x is not None
    return outcome(model, cases, objective, attitude, first, best.x, budgets)


def _limits_of(base: Base, reach: Mapping[str, Any]) -> dict[str, Fraction]:
    """Return demands as scores without multiple."""
    found = {}
    for name, wanted in reach.items():
        node = base.instrument.node(name)
        classes = base.instrument.classes_of(node.id)
        if classes is not None and wanted in classes.labels[1:]:
            limit = Fraction(classes.limits[classes.labels.index(wanted) - 1])
        else:
            try:
                limit = Fraction(exact_text(wanted))
            except ParameterError as fault:
                labels = ", ".join(classes.labels[1:]) if classes else "no classes"
                raise ParameterError(
                    WHERE, f"reach of {name!r} is {wanted!r}", f"a score as '80', or {labels}", 9,
                    "reach",
                ) from fault  # fmt: skip
        found[name] = limit / Fraction(base.instrument.multiple)
    return found


def _demand(model: Model, reach: Mapping[str, Any]) -> None:
    for name, limit in _limits_of(model.base, reach).items():
        for scenario in range(len(model.effects)):
            model.demand(model.defined(name, model.years - 1, scenario), limit)


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
    programme.row(dict(programme.gain), low=first.value - 1e-6 * max(1.0, abs(first.value)))
    programme.gain.clear()
    for case in cases:
        _add(programme.gain, _spent(model, case), -case.probability)
    again = programme.solve(0.0, seconds)
    return first if again.x is None else again
