"""What other places are as good as the best ones that were found, on bare arrays."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from migov.schemes.kernels_design import Answer, Floats, Problem, guard_rows, size_of, values_of

SAME = 1e-9
"""What places as good may lack, as a share of the objective."""
APART = 1e-3
"""Places, or a share of the largest number of them, below which a difference is none."""


def spread(
    problem: Problem, worth: Floats, found: Answer, directions: Floats, nodes: int
) -> tuple[Floats, Floats]:
    """Return the least and the most of sums of places, among all that are as good.

    The members that may lose are those of the answer.

    Parameters
    ----------
    problem : Problem
        Rows and guards.
    worth : ndarray (V,)
        Value of a place.
    found : Answer
        The best places.
    directions : ndarray (D, V)
        Coefficients of the sums.
    nodes : int
        Most nodes of each search, where places are whole.

    Returns
    -------
    least, most : ndarray (D,)
        Of each sum.
    """
    guards, ends = guard_rows(problem, found.losers)
    size = size_of(worth)
    value = float(worth @ found.places) / size
    same = LinearConstraint(
        np.vstack([problem.rows, guards, worth[None] / size]),
        np.concatenate([problem.low, ends, [value - SAME * max(abs(value), 1.0)]]),
        np.concatenate([problem.high, np.full(len(ends) + 1, np.inf)]),
    )
    whole = np.full(len(worth), int(problem.whole))
    out = np.empty((2, len(directions)))
    for side, sign in enumerate((1.0, -1.0)):
        for d, direction in enumerate(directions):
            answer = milp(
                sign * direction, constraints=same, bounds=Bounds(0.0, problem.upper),
                integrality=whole, options={"node_limit": nodes},
            )  # fmt: skip
            out[side, d] = direction @ values_of(answer)
    return out[0], out[1]


def apart(least: Floats, most: Floats, places: Floats) -> np.ndarray:
    """Return where numbers of places differ by more than rounding (D,)."""
    scale = max(1.0, float(np.abs(places).max(initial=0.0)))
    return np.asarray(most - least > APART * scale)


def is_only(problem: Problem, worth: Floats, found: Answer, nodes: int) -> bool:
    """Tell whether no other places are as good.

    Two programmes along one direction that no face of the places is at right angles to, but by
    accident: on a face of equally good places its sum is not the same everywhere.
    """
    some = np.random.default_rng(0).uniform(0.5, 1.5, (1, len(worth)))
    some *= np.random.default_rng(1).choice([-1.0, 1.0], some.shape)
    least, most = spread(problem, worth, found, some, nodes)
    return not bool(apart(least, most, found.places).any())
