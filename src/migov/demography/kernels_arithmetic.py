"""Net migration that holds a quantity of the population, in closed form for each step.

A projection is linear in the migrants of a step: the population at its end is what comes
without them plus their number times what comes of one. A total is then a linear function of
that number, a ratio of two ages a linear-fractional one, and neither needs a search.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from migov.demography.kernels_projection import Array, Rules, project, tree_sum

Flags = NDArray[np.bool_]


class Solution(NamedTuple):
    """Migrants of each step.

    Parameters
    ----------
    migrants : ndarray (t, ...)
        Persons over the step; not a number from the first step that is unattainable.
    unattainable : ndarray of bool (t, ...)
        From the first step whose goal no number of migrants reaches, or none within the limit.
    nearest : ndarray (t, ...)
        In that first step: the highest ratio, or sum, that the most migrants allowed, or none,
        give; else not a number.
    """

    migrants: Array
    unattainable: Flags
    nearest: Array


class Ages(NamedTuple):
    """The first group of working age, and the first of old age."""

    low: int
    high: int


def sums(population: Array, ages: Ages) -> tuple[Array, Array, Array]:
    """Return all persons, those of working age, and the old, of an array (2, k, ...).

    Parameters
    ----------
    population : ndarray (2, k, ...)
        Persons by sex and age.
    ages : Ages
        Working and old age.
    """
    both = population[0] + population[1]
    working, old = both[ages.low : ages.high].copy(), both[ages.high :].copy()
    return tree_sum(both), tree_sum(working), tree_sum(old)


def linear(goal: Array, without: Array, one: Array, most: Array) -> tuple[Array, Flags, Array]:
    """Return the migrants that lift a sum to a goal, whether none can, and the nearest sum.

    Parameters
    ----------
    goal, without, one : ndarray (...)
        The goal, the sum without migrants, and the sum that one migrant adds.
    most : ndarray (...)
        More migrants than this count as unattainable.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(without >= goal, 0.0, (goal - without) / one)
    cannot = (needed > 0) & ~((one > 0) & (needed <= most))
    return needed, cannot, without + np.maximum(one, 0.0) * most


def fractional(
    goal: Array, without: tuple[Array, Array], one: tuple[Array, Array], most: Array
) -> tuple[Array, Flags, Array]:
    """Return the migrants that lift a ratio to a goal, whether none can, and the nearest ratio.

    Parameters
    ----------
    goal : ndarray (...)
        The ratio wanted.
    without, one : pair of ndarray (...)
        Numerator and denominator without migrants, and what one migrant adds to each.
    most : ndarray (...)
        More migrants than this count as unattainable.
    """
    (a, b), (c, d) = without, one
    with np.errstate(divide="ignore", invalid="ignore"):
        now, end = a / b, (a + most * c) / (b + most * d)
        needed = (goal * b - a) / (c - goal * d)
    there = now >= goal
    cannot = ~there & ~((c > goal * d) & (needed <= most))
    return np.where(there, 0.0, needed), cannot, np.maximum(now, end)


def solve(
    scenario: str,
    given: tuple[Any, ...],
    pattern: Array,
    width: Any,
    rules: Rules,
    ages: Ages,
    floor: Array,
    most: float,
) -> Solution:
    """Return the migrants of one of the scenarios II to VI.

    Parameters
    ----------
    scenario : {"II", "III", "IV", "V", "VI"}
        No migrants; all persons, or those of working age, held at the most that they reach
        without migrants; the ratio of working to old age not below a floor, or not below its
        first value.
    given : tuple of arrays
        Population (2, k, ...), mortality (t, 2, j, ...), fertility (t, f, ...), sex ratio
        (t, ...) and the share at the start (...), as :func:`project` takes them.
    pattern : ndarray (t, 2, k, ...)
        One migrant by sex and age.
    width, rules
        As :func:`project` takes them.
    ages : Ages
        Working and old age.
    floor : ndarray (...)
        For V.
    most : float
        Migrants of a step per person at its start beyond which a goal is unattainable.
    """
    population, mortality, fertility, ratio, share = given
    steps, none = len(mortality), np.zeros_like(pattern)
    without = project(population, mortality, fertility, none, ratio, share, width, rules)
    shape = without.births.shape[2:]
    found = Solution(
        np.zeros((steps, *shape)), np.zeros((steps, *shape), bool), np.full((steps, *shape), np.nan)
    )
    if scenario == "II":
        return found
    course = [sums(x, ages) for x in without.population]
    which = 0 if scenario == "III" else 1
    path = np.stack([x[which] for x in course])
    goal, first = path.max(axis=0), path.argmax(axis=0)
    if scenario in ("V", "VI"):
        start = course[0]
        goal = np.broadcast_to(floor if scenario == "V" else start[1] / start[2], shape)
    people, lost = without.population[0], np.zeros(shape, bool)
    for t in range(steps):
        when = slice(t, t + 1)
        rates = mortality[when], fertility[when]
        rest = ratio[when], share, width, rules
        base = project(people, *rates, none[when], *rest).population[1]
        unit = project(np.zeros_like(people), *rates, pattern[when], *rest).population[1]
        before, after, one = sums(people, ages), sums(base, ages), sums(unit, ages)
        if scenario in ("III", "IV"):
            needed, cannot, near = linear(goal, after[which], one[which], most * before[0])
            needed, cannot = np.where(t >= first, needed, 0.0), cannot & (t >= first)
        else:
            needed, cannot, near = fractional(goal, after[1:], one[1:], most * before[0])
        found.nearest[t] = np.where(cannot & ~lost, near, np.nan)
        lost = lost | cannot
        found.migrants[t] = np.where(lost, np.nan, needed)
        found.unattainable[t] = lost
        people = base + np.where(lost, 0.0, needed) * unit
    return found
