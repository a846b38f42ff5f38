"""Quotas as a linear or mixed-integer programme on bare arrays, and what makes it infeasible.

Places are a vector ``x (V,)`` of at least 0 and at most ``upper``. Rows ask ``low <= A x <= high``.
A guard is an actor whose gain ``gains[k, m] @ x`` may be negative in at most ``may_lose[k]``
members. All programmes are solved by HiGHS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TOLERANCE = 1e-6
_INFEASIBLE = 2


@dataclass(frozen=True)
class Problem:
    """Rows (R, V), their ends (R,), the box (V,), gains of guards (K, M, V), losers allowed (K,).

    ``whole`` asks for whole places.
    """

    rows: Floats
    low: Floats
    high: Floats
    upper: Floats
    gains: Floats
    may_lose: NDArray[np.int64]
    whole: bool


@dataclass(frozen=True)
class Answer:
    """Places (V,), who may lose (K, M), prices of the rows' ends (R, 2) and of guards (K,).

    ``gap`` is the relative distance to the best bound that the search still held open.
    """

    places: Floats
    losers: Bools
    prices: Floats
    guard_prices: Floats
    gap: float


class Blocked(Exception):  # noqa: N818
    """No vector satisfies all rows and guards."""


class Unfinished(Exception):  # noqa: N818
    """The search found no answer in the time it was given."""


def optimise(problem: Problem, worth: Floats, seconds: float) -> Answer:
    """Return the places that make ``worth @ x`` largest.

    The members in which a guard may lose are chosen together with the places. They are then
    held, and the places found once more without any large constant, so that rounding inside
    the search can make nobody lose; prices are those of this last programme with fractions
    of places allowed.

    Parameters
    ----------
    problem : Problem
        Rows and guards.
    worth : ndarray (V,)
        Value of a place.
    seconds : float
        Most time of the search.

    Raises
    ------
    Blocked
        Nothing satisfies all of them.
    Unfinished
        No answer in time.
    """
    losers, gap = choose_losers(problem, worth, seconds)
    relaxed = _held(problem, worth, losers)
    places, prices, guard_prices = relaxed
    if problem.whole:
        extra, own = _search(problem, worth, losers, seconds)
        places, gap = np.round(extra), max(gap, own)
    return Answer(places, losers, prices, guard_prices, gap)


def losses(gains: Floats, places: Floats) -> Bools:
    """Return in which members (K, M) each guard loses, beyond rounding."""
    found = gains @ places
    size = np.abs(gains) @ places
    return np.asarray(found < -1e-9 * np.maximum(size, 1e-300))


def choose_losers(problem: Problem, worth: Floats, seconds: float) -> tuple[Bools, float]:
    """Return the members (K, M) in which each guard may lose at the best places.

    Where the best places without the guards that may lose at all already keep to their
    number, no search is needed: no other places are better.
    """
    free = np.repeat(problem.may_lose[:, None] > 0, problem.gains.shape[1], axis=1)
    if not free.any():
        return free, 0.0
    if not problem.whole:
        places, _, _ = _held(problem, worth, free)
        found = losses(problem.gains, places) & free
        if (found.sum(axis=1) <= problem.may_lose).all():
            return found, 0.0
    return _search_losers(problem, worth, free, seconds)


def _search_losers(
    problem: Problem, worth: Floats, free: Bools, seconds: float
) -> tuple[Bools, float]:
    """Return losers and gap of the programme with one switch for each guard and member."""
    count, members, size = problem.gains.shape
    flat = problem.gains.reshape(count * members, size)
    worst = np.maximum(-flat, 0.0) @ problem.upper
    scale = np.maximum(np.abs(flat).max(axis=1, initial=0.0), 1e-300)
    switched = np.flatnonzero(free.ravel() & (worst > 0))
    hard = np.flatnonzero(~free.ravel() & (worst > 0))
    n = len(switched)
    eye = coo_array((worst[switched] / scale[switched], (np.arange(n), np.arange(n))), (n, n))
    left = csr_array(flat[switched] / scale[switched, None])
    counts = np.zeros((count, n))
    counts[switched // members, np.arange(n)] = 1.0
    cost = np.concatenate([-worth / _size(worth), np.zeros(n)])
    blank = csr_array((len(problem.rows) + len(hard), n))
    top = csr_array(np.vstack([problem.rows, flat[hard] / scale[hard, None]]))
    matrix = vstack([
        hstack([top, blank]), hstack([left, eye]),
        hstack([csr_array((count, size)), csr_array(counts)]),
    ])  # fmt: skip
    low = [problem.low, np.zeros(len(hard) + n), np.full(count, -np.inf)]
    high = [problem.high, np.full(len(hard) + n, np.inf), problem.may_lose.astype(float)]
    found = milp(
        cost, constraints=LinearConstraint(matrix, np.concatenate(low), np.concatenate(high)),
        bounds=Bounds(0.0, np.concatenate([problem.upper, np.ones(n)])),
        integrality=np.concatenate([np.full(size, int(problem.whole)), np.ones(n)]),
        options={"time_limit": seconds, "mip_rel_gap": TOLERANCE},
    )  # fmt: skip
    values = _values(found)
    losers = np.zeros(count * members, bool)
    losers[switched] = values[size:] > 0.5
    return losers.reshape(count, members), float(found.mip_gap or 0.0)


def _search(problem: Problem, worth: Floats, losers: Bools, seconds: float) -> tuple[Floats, float]:
    """Return whole places with the losers held, and the gap."""
    rows, low = _guard_rows(problem, losers)
    found = milp(
        -worth / _size(worth),
        constraints=LinearConstraint(
            np.vstack([problem.rows, rows]),
            np.concatenate([problem.low, low]),
            np.concatenate([problem.high, np.full(len(low), np.inf)]),
        ),
        bounds=Bounds(0.0, problem.upper), integrality=np.ones(len(worth), np.int64),
        options={"time_limit": seconds, "mip_rel_gap": TOLERANCE},
    )  # fmt: skip
    return _values(found), float(found.mip_gap or 0.0)


def _held(problem: Problem, worth: Floats, losers: Bools) -> tuple[Floats, Floats, Floats]:
    """Return places, prices (R, 2) of low and high ends, and prices (K,), losers held.

    The box is left out: the rows imply it, and it would take their prices away from them.
    """
    guards, _ = _guard_rows(problem, losers)
    above, below = np.isfinite(problem.high), np.isfinite(problem.low)
    matrix = np.vstack([problem.rows[above], -problem.rows[below], -guards])
    ends = np.concatenate([problem.high[above], -problem.low[below], np.zeros(len(guards))])
    size = _size(worth)
    found = linprog(
        -worth / size, A_ub=matrix if len(matrix) else None, b_ub=ends if len(matrix) else None,
        bounds=(0.0, None), method="highs",
    )  # fmt: skip
    values = _values(found)
    marginal = -np.asarray(found.ineqlin.marginals, float) * size if len(matrix) else np.zeros(0)
    prices = np.zeros((len(problem.rows), 2))
    split = int(above.sum())
    prices[above, 1] = marginal[:split]
    prices[below, 0] = -marginal[split : split + int(below.sum())]
    owner = np.nonzero(~losers)[0]
    scale = _guard_scale(problem)[~losers]
    guard_prices = np.zeros(len(problem.may_lose))
    np.add.at(guard_prices, owner, marginal[split + int(below.sum()) :] / scale)
    return values, prices, guard_prices


def _guard_scale(problem: Problem) -> Floats:
    """Return the largest gain or loss by a place (K, M), 1 where there is none."""
    found = np.abs(problem.gains).max(axis=2, initial=0.0)
    return np.where(found > 0, found, 1.0)


def _guard_rows(problem: Problem, losers: Bools) -> tuple[Floats, Floats]:
    """Return the rows that must not be negative, each of size one, and their low ends."""
    scaled = problem.gains / _guard_scale(problem)[:, :, None]
    rows = scaled[~losers]
    return rows, np.zeros(len(rows))


def blocking(problem: Problem, wide: float, seconds: float) -> tuple[list[int], list[int]]:
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
    seconds : float
        Most time of each programme.

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
        stretched = _stretched(problem, wide, everything, hard, seconds)
        if stretched is None:
            break
        if not stretched:
            return [], []
        hard += stretched
    needed = sorted(hard)
    for one in sorted(hard):
        rest = [other for other in needed if other != one]
        if _stretched(problem, wide, rest, rest, seconds) is None:
            needed = rest
    rows = [i for i in needed if i < len(problem.rows)]
    return rows, [i - len(problem.rows) for i in needed if i >= len(problem.rows)]


def _stretched(
    problem: Problem, wide: float, used: Sequence[int], hard: Sequence[int], seconds: float
) -> list[int] | None:
    """Return which of `used` must be stretched while `hard` hold; None where `hard` cannot."""
    size, count = problem.rows.shape[1], len(problem.rows)
    rows = [i for i in used if i < count]
    guards = [i - count for i in used if i >= count]
    members = problem.gains.shape[1]
    scale = _guard_scale(problem)
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
        options={"time_limit": seconds},
    )  # fmt: skip
    if found.status == _INFEASIBLE:
        return None
    values = _values(found)[size:first]
    return [i for i, value in zip(elastic, values, strict=True) if value > TOLERANCE]


def _values(found: object) -> Floats:
    """Return the vector of an answer of HiGHS, or say that there is none."""
    x = getattr(found, "x", None)
    if getattr(found, "status", None) == _INFEASIBLE:
        raise Blocked
    if x is None:
        raise Unfinished(str(getattr(found, "message", "")))
    return np.asarray(x, float)


def _size(worth: Floats) -> float:
    """Return the largest value of a place, so that a programme's numbers are around one."""
    found = float(np.abs(worth).max(initial=0.0))
    return found if found > 0 else 1.0
