"""Which rows and guards of a programme make it infeasible, on bare arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from migov.schemes.kernels_design import (
    INFEASIBLE,
    TOLERANCE,
    Floats,
    Problem,
    guard_scale,
    values_of,
)


def blocking(problem: Problem, wide: float, nodes: int) -> tuple[list[int], list[int]]:
    """Return rows and guards that no vector satisfies together, though it would without any one.

    Elastic filtering [1]_: every row and guard may be stretched at a price; those that must
    be stretched are made hard one round after the other, until the hard ones alone are
    infeasible. A deletion filter then takes out what is not needed for that.

    Parameters
    ----------
    problem : Problem
        What is infeasible.
    wide : float
        A number of places that no vector exceeds anyhow; takes the place of the box.
    nodes : int
        Most nodes of each search.

    Returns
    -------
    rows, guards : list of int
        Empty where the problem is feasible.

    References
    ----------
    .. [1] J. W. Chinneck and E. W. Dravnieks (1991), Locating minimal infeasible constraint
       sets in linear programs, ORSA Journal on Computing 3(2), 157-168.
    """
    total = len(problem.rows) + len(problem.may_lose)
    everything = list(range(total))
    hard: list[int] = []
    while True:
        stretched = _stretched(problem, wide, everything, hard, nodes)
        if stretched is None:
            break
        if not stretched:
            return [], []
        hard += stretched
    needed = sorted(hard)
    for one in sorted(hard):
        rest = [other for other in needed if other != one]
        if _stretched(problem, wide, rest, rest, nodes) is None:
            needed = rest
    rows = [i for i in needed if i < len(problem.rows)]
    return rows, [i - len(problem.rows) for i in needed if i >= len(problem.rows)]


def _stretched(
    problem: Problem, wide: float, used: Sequence[int], hard: Sequence[int], nodes: int
) -> list[int] | None:
    """Return which of `used` must be stretched while `hard` hold; None where `hard` cannot."""
    size, count = problem.rows.shape[1], len(problem.rows)
    rows = [i for i in used if i < count]
    guards = [i - count for i in used if i >= count]
    members = problem.gains.shape[1]
    scale = guard_scale(problem)
    lows: list[Floats] = []
    parts: list[tuple[Floats, int, int]] = []  # coefficients, who may stretch it, whose switch
    for i in rows:
        norm = max(float(np.abs(problem.rows[i]).max(initial=0.0)), 1e-300)
        for sign, end in ((1.0, problem.low[i]), (-1.0, -problem.high[i])):
            if np.isfinite(end):
                parts.append((sign * problem.rows[i] / norm, i, -1))
                lows.append(np.array(end / norm))
    place = 0
    for k in guards:
        for m in range(members):
            parts.append((problem.gains[k, m] / scale[k, m], count + k, place))
            lows.append(np.array(0.0))
            place += 1
    elastic = [i for i in used if i not in set(hard)]
    column = {i: size + j for j, i in enumerate(elastic)}
    first = size + len(elastic)
    matrix = np.zeros((len(parts) + len(guards), first + place))
    for r, (coefficients, owner, switch) in enumerate(parts):
        matrix[r, :size] = coefficients
        if owner in column:
            matrix[r, column[owner]] = 1.0
        if switch >= 0:
            matrix[r, first + switch] = np.maximum(-coefficients, 0.0).sum() * wide
    for j in range(len(guards)):
        matrix[len(parts) + j, first + j * members : first + (j + 1) * members] = -1.0
        lows.append(np.array(-float(problem.may_lose[guards[j]])))
    switches_open = np.repeat([float(problem.may_lose[k] > 0) for k in guards], members)
    found = milp(
        np.concatenate([np.zeros(size), np.ones(len(elastic)), np.zeros(place)]),
        constraints=LinearConstraint(matrix, np.array(lows, float), np.inf),
        bounds=Bounds(
            0.0, np.concatenate([np.full(size, wide), np.full(len(elastic), np.inf), switches_open])
        ),
        integrality=np.concatenate([
            np.full(size, int(problem.whole)), np.zeros(len(elastic)), np.ones(place)
        ]),
        options={"node_limit": nodes},
    )  # fmt: skip
    if found.status == INFEASIBLE:
        return None
    values = values_of(found)[size:first]
    return [i for i, value in zip(elastic, values, strict=True) if value > TOLERANCE]
