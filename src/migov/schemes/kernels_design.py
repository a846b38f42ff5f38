"""Quotas as a linear or mixed-integer programme on bare arrays.

Places are a vector ``x (V,)`` of at least 0 and at most ``upper``. Rows ask ``low <= A x <= high``.
A guard is an actor whose gain ``gains[k, m] @ x`` may be negative in at most ``may_lose[k]``
members. All programmes are solved by HiGHS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TOLERANCE = 1e-6
INFEASIBLE = 2


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
    losers, bound = _search_losers(problem, worth, free, seconds)
    near = None if problem.whole else _near(problem, worth)
    if losers is None and near is None:
        raise Unfinished
    if problem.whole or near is None or losers is None:
        best = losers if losers is not None else near
    else:
        # Where time ran out, the search may hold less than the steps beside it have found.
        best = max((losers, near), key=lambda held: _value(problem, worth, held))
    assert best is not None
    value = _value(problem, worth, best)
    return best, max(bound - value, 0.0) / max(abs(value), _size(worth))


def _value(problem: Problem, worth: Floats, losers: Bools) -> float:
    """Return the objective, fractions of places allowed, with the losers held."""
    return float(worth @ _held(problem, worth, losers)[0])


def _near(problem: Problem, worth: Floats, steps: int = 8) -> Bools | None:
    """Return good losers by steps upwards, or None where the start is infeasible.

    One start asks that the mean of the members that may lose, the worst ones, is not negative,
    which is stricter than that the others are not [1]_ and linear; another asks nothing of the
    guards. Each step then lets the worst members of the last plan lose: a plan that was allowed
    stays allowed, so that none is worse.

    References
    ----------
    .. [1] R. T. Rockafellar and S. Uryasev (2000), Optimization of conditional value-at-risk,
       Journal of Risk 2(3), 21-41.
    """
    best: Bools | None = None
    most = -np.inf
    free = np.repeat(problem.may_lose[:, None] > 0, problem.gains.shape[1], axis=1)
    starts: tuple[Callable[[], Floats], ...] = (
        lambda: _by_tails(problem, worth),
        lambda: _held(problem, worth, free)[0],
    )
    for start in starts:
        try:
            places = start()
            value = -np.inf
            for _ in range(steps):
                order = np.argsort(problem.gains @ places, axis=1, kind="stable")
                trial = np.zeros_like(free)
                for k, count in enumerate(problem.may_lose):
                    trial[k, order[k, :count]] = True
                places, _, _ = _held(problem, worth, trial)
                gained = float(worth @ places)
                if gained > most:
                    best, most = trial, gained
                if not gained > value + TOLERANCE * abs(value):
                    break
                value = gained
        except Blocked:
            continue
    return best


def _by_tails(problem: Problem, worth: Floats) -> Floats:
    """Return the best places at which the mean of each guard's worst members is not negative."""
    count, members, size = problem.gains.shape
    scaled = (problem.gains / guard_scale(problem)[:, :, None]).reshape(-1, size)
    allowed = np.maximum(problem.may_lose, 1).astype(float)
    owner = np.repeat(np.arange(count), members)
    cells = np.arange(count * members)
    # Columns: places, a level t for each guard, what each member falls short of it.
    below = hstack([
        csr_array(-scaled), coo_array((np.ones(len(cells)), (cells, owner)), (len(cells), count)),
        coo_array((-np.ones(len(cells)), (cells, cells)), (len(cells), len(cells))),
    ])  # fmt: skip
    tails = hstack([
        csr_array((count, size)), csr_array(-np.eye(count)),
        coo_array((1.0 / allowed[owner], (owner, cells)), (count, len(cells))),
    ])  # fmt: skip
    above, least = np.isfinite(problem.high), np.isfinite(problem.low)
    rows = np.vstack([problem.rows[above], -problem.rows[least]])
    top = hstack([csr_array(rows), csr_array((len(rows), count + len(cells)))])
    ends = [problem.high[above], -problem.low[least], np.zeros(len(cells) + count)]
    floor = np.concatenate([np.zeros(size), np.full(count, -np.inf), np.zeros(len(cells))])
    found = linprog(
        np.concatenate([-worth / _size(worth), np.zeros(count + len(cells))]),
        A_ub=vstack([top, below, tails]).toarray(), b_ub=np.concatenate(ends),
        bounds=[(float(low), None) for low in floor], method="highs",
    )  # fmt: skip
    return values_of(found)[:size]


def _search_losers(
    problem: Problem, worth: Floats, free: Bools, seconds: float
) -> tuple[Bools | None, float]:
    """Return losers, None where time ran out, and the bound, by a switch for each member."""
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
    bound = np.inf
    if found.mip_dual_bound is not None:
        bound = -float(found.mip_dual_bound) * _size(worth)
    try:
        values = values_of(found)
    except Unfinished:
        return None, bound
    losers = np.zeros(count * members, bool)
    losers[switched] = values[size:] > 0.5
    return losers.reshape(count, members), bound


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
    return values_of(found), float(found.mip_gap or 0.0)


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
    values = values_of(found)
    marginal = -np.asarray(found.ineqlin.marginals, float) * size if len(matrix) else np.zeros(0)
    prices = np.zeros((len(problem.rows), 2))
    split = int(above.sum())
    prices[above, 1] = marginal[:split]
    prices[below, 0] = -marginal[split : split + int(below.sum())]
    owner = np.nonzero(~losers)[0]
    scale = guard_scale(problem)[~losers]
    guard_prices = np.zeros(len(problem.may_lose))
    np.add.at(guard_prices, owner, marginal[split + int(below.sum()) :] / scale)
    return values, prices, guard_prices


def guard_scale(problem: Problem) -> Floats:
    """Return the largest gain or loss by a place (K, M), 1 where there is none."""
    found = np.abs(problem.gains).max(axis=2, initial=0.0)
    return np.where(found > 0, found, 1.0)


def _guard_rows(problem: Problem, losers: Bools) -> tuple[Floats, Floats]:
    """Return the rows that must not be negative, each of size one, and their low ends."""
    scaled = problem.gains / guard_scale(problem)[:, :, None]
    rows = scaled[~losers]
    return rows, np.zeros(len(rows))


def values_of(found: object) -> Floats:
    """Return the vector of an answer of HiGHS, or say that there is none."""
    x = getattr(found, "x", None)
    if getattr(found, "status", None) == INFEASIBLE:
        raise Blocked
    if x is None:
        raise Unfinished(str(getattr(found, "message", "")))
    return np.asarray(x, float)


def _size(worth: Floats) -> float:
    """Return the largest value of a place, so that a programme's numbers are around one."""
    found = float(np.abs(worth).max(initial=0.0))
    return found if found > 0 else 1.0
