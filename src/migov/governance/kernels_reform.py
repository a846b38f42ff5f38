"""Mixed-integer programmes of reforms: columns, rows, and HiGHS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Floats = NDArray[np.float64]


class Solution(NamedTuple):
    """What the solver found.

    Parameters
    ----------
    x : ndarray (columns,), or None
        None where no solution was found.
    value : float
        Of the objective, which is maximised.
    bound : float
        No solution can be better.
    proven : bool
        Whether value and bound meet.
    status : str
        Of the solver, in words.
    feasible : bool or None
        None where the time ran out before either was shown.
    """

    x: Floats | None
    value: float
    bound: float
    proven: bool
    status: str
    feasible: bool | None


class Programme:
    """A programme that is built column by column and row by row; the objective is maximised."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.whole: list[int] = []
        self.gain: dict[int, float] = {}
        self._data: list[float] = []
        self._column: list[int] = []
        self._row: list[int] = []
        self._low: list[float] = []
        self._high: list[float] = []

    def column(self, *, whole: bool, upper: float = 1.0) -> int:
        """Add a column from 0 to `upper`; return its place."""
        self.upper.append(upper)
        self.whole.append(int(whole))
        return len(self.upper) - 1

    def row(self, terms: Mapping[int, float], low: float = -np.inf, high: float = np.inf) -> int:
        """Add a row low ≤ Σ terms ≤ high; return its place."""
        place = len(self._low)
        for column, value in terms.items():
            if value:
                self._data.append(float(value))
                self._column.append(column)
                self._row.append(place)
        self._low.append(low)
        self._high.append(high)
        return place

    def solve(self, gap: float, seconds: float) -> Solution:
        """Return the best solution found.

        Parameters
        ----------
        gap : float
            Relative distance of value and bound at which to stop.
        seconds : float
            At which to stop with what there is.
        """
        n, m = len(self.upper), len(self._low)
        if n == 0:
            feasible = all(
                low <= 0 <= high for low, high in zip(self._low, self._high, strict=True)
            )
            empty = np.zeros(0) if feasible else None
            return Solution(empty, 0.0, 0.0, feasible, "nothing to choose", feasible)
        goal = np.zeros(n)
        for column, value in self.gain.items():
            goal[column] = -value
        by = _units(goal, np.zeros(n, np.int32), 1)[0]
        # HiGHS in scipy 1.13 takes indexes of four bytes only.
        places = (np.array(self._row, np.int32), np.array(self._column, np.int32))
        data, rows = np.array(self._data), places[0]
        scale = _units(data, rows, m)
        matrix = csr_array((data / scale[rows], places), shape=(m, n))
        ends = np.array(self._low) / scale, np.array(self._high) / scale
        found = milp(
            goal / by,
            integrality=np.array(self.whole),
            bounds=Bounds(np.zeros(n), np.array(self.upper)),
            constraints=LinearConstraint(matrix, *ends) if m else None,
            options={"mip_rel_gap": gap, "time_limit": max(seconds, 0.01)},
        )
        return _told(found, float(by))


def _units(values: Floats, rows: NDArray[np.int32], m: int) -> Floats:
    """Return for each row the size below which HiGHS, whose tolerances are absolute, loses values.

    Costs of a billionth are as good as costs of one; larger ones are left as they are.
    """
    there = values != 0
    small, large = np.full(m, np.inf), np.zeros(m)
    np.minimum.at(small, rows[there], np.abs(values[there]))
    np.maximum.at(large, rows[there], np.abs(values[there]))
    return np.asarray(np.minimum(np.maximum(small, large / 1e9), 1.0))


def _told(found: Any, by: float) -> Solution:
    if found.x is None:
        known = False if found.status == 2 else None
        return Solution(None, np.nan, np.inf, False, str(found.message), known)
    value = -float(found.fun)
    bound = -float(found.mip_dual_bound) if found.mip_dual_bound is not None else value
    slack = 1e-6 * max(1.0, abs(value))
    proven = found.status == 0 and bound - value <= slack
    told = value * by, max(bound, value) * by
    return Solution(np.asarray(found.x), *told, proven, str(found.message), True)


def raised(
    levels: NDArray[np.int64],
    effects: Mapping[int, tuple[tuple[int, int], ...]],
    done: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return the levels of items after measures are carried out; effects overlap, not add.

    Parameters
    ----------
    levels : ndarray of int64 (items,)
    effects : mapping of int to tuple of (item, level)
        What each measure raises, at least.
    done : ndarray of bool (years, measures)

    Returns
    -------
    ndarray of int64 (years, items)

    Examples
    --------
    >>> effects = {0: ((0, 2),), 1: ((0, 1),)}
    >>> raised(np.array([0, 1]), effects, np.array([[False, True], [True, True]]))
    array([[1, 1],
           [2, 1]])
    """
    out = np.repeat(levels[None, :], len(done), axis=0)
    for measure, told in effects.items():
        for item, level in told:
            at = done[:, measure]
            out[at, item] = np.maximum(out[at, item], level)
    return out
