"""Plans against every schedule there is: needs, conflicts, capacity, budgets, scenarios at once."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from migov import governance as g

from .conftest import frame_of

YEARS, MANY = 3, 5


def drawn(seed, tool):
    """Return answers, measures, limits and scenarios, drawn by seed."""
    rng = np.random.default_rng(seed)

    def steps(item):
        return tool.scale(item).values or tool.scale(item).ends

    items = [str(one) for one in rng.choice(tool.items, 6, replace=False)]
    start = {item: steps(item)[0 if item in items else -1] for item in tool.items}
    measures = []
    for k in range(MANY):
        own = rng.choice(items, rng.integers(1, 4), replace=False)
        measures.append(
            g.Measure(
                id=f"m{k}",
                cost=float(rng.integers(1, 9)),
                duration=int(rng.integers(1, 3)),
                benefit=float(rng.integers(0, 5)),
                body=f"b{k % 2}",
                raises={str(i): steps(i)[rng.integers(1, len(steps(i)))] for i in own},
                needs=("m0",) if k == 3 else (),
                conflicts=("m1",) if k == 4 else (),
            )
        )
    other = {"m0": float(rng.integers(1, 9))}
    cases = (
        g.Scenario(id="as told", probability=0.6),
        g.Scenario(id="other", probability=0.4, costs=other, fails=("m1",)),
    )
    budget = [float(rng.integers(4, 10)) for _ in range(YEARS)]
    return start, measures, cases, budget, int(rng.integers(1, 3))


def allowed(measures, starts, budget, capacity, cases):
    """Tell whether a schedule keeps to all limits, each looked at on its own."""
    at = dict(zip((one.id for one in measures), starts, strict=True))
    for one in measures:
        begun = at[one.id]
        if begun is None:
            continue
        if begun + one.duration > YEARS or any(at[o] is not None for o in one.conflicts):
            return False
        for need in one.needs:
            lasting = next(m.duration for m in measures if m.id == need)
            if at[need] is None or at[need] + lasting > begun:
                return False
    for year in range(YEARS):
        running = [
            m.body
            for m in measures
            if at[m.id] is not None and at[m.id] <= year < at[m.id] + m.duration
        ]
        if any(running.count(body) > capacity for body in set(running)):
            return False
        new = [m for m in measures if at[m.id] == year]
        if any(sum(cost_in(m, case) for m in new) > budget[year] for case in cases):
            return False
    return True


def cost_in(measure, case):
    return dict(case.costs).get(measure.id, measure.cost)


def scorer(tool, start, measures):
    """Return a function that scores what is done in a scenario, by the instrument alone."""
    known = {}

    def score(done, case):
        reached = dict(start)
        for one, ready in zip(measures, done, strict=True):
            if ready and one.id not in case.fails:
                for item, value in one.raises:
                    reached[item] = str(max(Fraction(reached[item]), Fraction(value)))
        key = tuple(reached.values())
        if key not in known:
            answers = g.Answers.from_frame(frame_of(reached), time="2021-07-01")
            found = tool.score(answers)
            classes = sum(int(found["class"].sel(node=one).item()) for one in tool.tree.ids)
            known[key] = float(found["score"].sel(node=tool.root).item()), classes
        return known[key]

    return score


def worth(objective, score, measures, starts, case):
    """Return what a schedule is worth in a scenario."""

    def done(year):
        return [
            s is not None and s + m.duration - 1 <= year
            for m, s in zip(measures, starts, strict=True)
        ]

    if objective == "score":
        return sum(score(done(year), case)[0] for year in range(YEARS))
    if objective == "classes":
        return score(done(YEARS - 1), case)[1]
    return sum(
        m.benefit * (YEARS - s - m.duration + 1)
        for m, s in zip(measures, starts, strict=True)
        if s is not None
    )


@pytest.mark.parametrize(
    ("seed", "objective", "attitude"),
    [
        (1, "score", "expected"), (2, "score", "worst"), (3, "classes", "expected"),
        (4, "classes", "worst"), (5, "benefit", "expected"), (6, "score", "expected"),
    ],
)  # fmt: skip
def test_optimum_and_least_cost_by_every_schedule(policy, seed, objective, attitude):
    tool = policy if seed % 2 else g.load("governance-profile")
    start, measures, cases, budget, capacity = drawn(seed, tool)
    score, ranked = scorer(tool, start, measures), []
    for starts in itertools.product((None, *range(YEARS)), repeat=MANY):
        if not allowed(measures, starts, budget, capacity, cases):
            continue
        values = [worth(objective, score, measures, starts, case) for case in cases]
        value = min(values) if attitude == "worst" else 0.6 * values[0] + 0.4 * values[1]
        cost = sum(
            case.probability
            * sum(cost_in(m, case) for m, s in zip(measures, starts, strict=True) if s is not None)
            for case in cases
        )
        ranked.append((-round(value, 6), cost))
    best, cheapest = min(ranked)
    answers = g.Answers.from_frame(frame_of(start), time="2021-07-01")
    found = g.plan(
        tool, answers, measures, budget=budget, horizon=YEARS, capacity=capacity,
        objective=objective, attitude=attitude, scenarios=cases,
    )  # fmt: skip
    assert found.proven
    assert found.value == pytest.approx(-best, abs=1e-5)
    assert found.cost == pytest.approx(cheapest, abs=1e-6)
