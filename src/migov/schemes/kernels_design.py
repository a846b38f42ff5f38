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
SLACK = 1e-5
"""What is added to the least gains, in units of the largest gain by a place."""
MOST_TIGHTENED = 1_000_000
"""Numbers (K × M × V) up to which the least gains are computed within the rows."""
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

    ``bound`` is what no places exceed: the objective itself where the search was finished.
    """

    places: Floats
    losers: Bools
    prices: Floats
    guard_prices: Floats
    bound: float


class Blocked(Exception):  # noqa: N818
    """No vector satisfies all rows and guards."""


class Unfinished(Exception):  # noqa: N818
    """The search found no answer within its nodes."""


def optimise(problem: Problem, worth: Floats, nodes: int) -> Answer:
    """Return the places that make ``worth @ x`` largest.

    The members in which a guard may lose are chosen together with the places. They are then
    held, and the places found once more without any large constant, so that rounding inside
    the search can make nobody lose; prices are those of this last programme with fractions
    of places allowed. A search ends by its nodes and not by the clock: the same problem gives
    the same answer however fast or busy the machine is.

    Parameters
    ----------
    problem : Problem
        Rows and guards.
    worth : ndarray (V,)
        Value of a place.
    nodes : int
        Most nodes of a search.

    Raises
    ------
    Blocked
        Nothing satisfies all of them.
    Unfinished
        No answer within the nodes.
    """
    losers, bound = choose_losers(problem, worth, nodes)
    places, prices, guard_prices = _held(problem, worth, losers)
    if problem.whole:
        extra, own = _search(problem, worth, losers, nodes)
        places = np.round(extra)
        # With nobody to choose, the search for whole places is the whole search.
        bound = min(bound, own) if not problem.may_lose.any() else bound
    return Answer(places, losers, prices, guard_prices, max(bound, float(worth @ places)))


def losses(gains: Floats, places: Floats) -> Bools:
    """Return in which members (K, M) each guard loses, beyond rounding."""
    found = gains @ places
    size = np.abs(gains) @ places
    return np.asarray(found < -1e-9 * np.maximum(size, 1e-300))


def choose_losers(problem: Problem, worth: Floats, nodes: int) -> tuple[Bools, float]:
    """Return the members (K, M) in which each guard may lose, and what no places exceed.

    Where the best places without the guards that may lose at all already keep to their
    number, no search is needed: no other places are better.
    """
    free = np.repeat(problem.may_lose[:, None] > 0, problem.gains.shape[1], axis=1)
    if not free.any():
        return free, np.inf if problem.whole else _value(problem, worth, free)
    if not problem.whole:
        places, _, _ = _held(problem, worth, free)
        found = losses(problem.gains, places) & free
        if (found.sum(axis=1) <= problem.may_lose).all():
            return found, float(worth @ places)
    near = _near(problem, worth)
    least = -np.inf if near is None or problem.whole else _value(problem, worth, near)
    losers, bound = _search_losers(problem, worth, free, nodes, least)
    tried = [held for held in (losers, near) if held is not None]
    if not tried:
        raise Unfinished
    if problem.whole:
        return tried[0], bound
    # Where its nodes ran out, the search may hold less than the steps beside it have found.
    best = max(tried, key=lambda held: _value(problem, worth, held))
    value = _value(problem, worth, best)
    return best, value if bound - value <= 2 * TOLERANCE * size_of(worth) else bound


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
        np.concatenate([-worth / size_of(worth), np.zeros(count + len(cells))]),
        A_ub=vstack([top, below, tails]).toarray(), b_ub=np.concatenate(ends),
        bounds=[(float(low), None) for low in floor], method="highs",
    )  # fmt: skip
    return values_of(found)[:size]


def least_gains(problem: Problem, worth: Floats, least: float) -> Floats:
    """Return how far each guard can fall in each member (K, M), 0 where it cannot lose.

    The least gain over all places within the rows that are worth `least` at least, by a linear
    programme each; over the box alone, which is looser, where that would be too many numbers.

    Parameters
    ----------
    problem : Problem
        Rows and guards.
    worth : ndarray (V,)
        Value of a place.
    least : float
        What some places are known to be worth; ``-inf`` for nothing.
    """
    flat = problem.gains.reshape(-1, problem.gains.shape[2])
    box = np.maximum(-flat, 0.0) @ problem.upper
    if flat.size > MOST_TIGHTENED:
        return box.reshape(problem.gains.shape[:2])
    above, below = np.isfinite(problem.high), np.isfinite(problem.low)
    parts, ends = [problem.rows[above], -problem.rows[below]], [
        problem.high[above], -problem.low[below],
    ]  # fmt: skip
    if np.isfinite(least):
        size = size_of(worth)
        parts.append(-worth[None] / size)
        ends.append(np.array([TOLERANCE - least / size]))
    matrix, end = np.vstack(parts), np.concatenate(ends)
    bounds = [(0.0, float(most)) for most in problem.upper]
    out = box.copy()
    for i in np.flatnonzero(box > 0):
        size = float(np.abs(flat[i]).max())
        found = linprog(
            flat[i] / size, A_ub=matrix if len(matrix) else None,
            b_ub=end if len(matrix) else None, bounds=bounds, method="highs",
        )  # fmt: skip
        # The slack is far above the solver's own tolerance, so that no places are cut off.
        fall = max(-float(flat[i] @ values_of(found)), 0.0) + SLACK * size
        out[i] = 0.0 if fall <= 2 * SLACK * size else min(fall, box[i])
    return out.reshape(problem.gains.shape[:2])


def _search_losers(
    problem: Problem, worth: Floats, free: Bools, nodes: int, least: float
) -> tuple[Bools | None, float]:
    """Return losers, None where the nodes ran out, and the bound, by a switch for each member."""
    count, members, size = problem.gains.shape
    flat = problem.gains.reshape(count * members, size)
    worst = least_gains(problem, worth, least).ravel()
    scale = np.maximum(np.abs(flat).max(axis=1, initial=0.0), 1e-300)
    switched = np.flatnonzero(free.ravel() & (worst > 0))
    hard = np.flatnonzero(~free.ravel() & (worst > 0))
    n = len(switched)
    eye = coo_array((worst[switched] / scale[switched], (np.arange(n), np.arange(n))), (n, n))
    left = csr_array(flat[switched] / scale[switched, None])
    counts = np.zeros((count, n))
    counts[switched // members, np.arange(n)] = 1.0
    cost = np.concatenate([-worth / size_of(worth), np.zeros(n)])
    fixed = np.vstack([problem.rows, flat[hard] / scale[hard, None], worth[None] / size_of(worth)])
    top = hstack([csr_array(fixed), csr_array((len(fixed), n))])
    matrix = vstack([
        top, hstack([left, eye]), hstack([csr_array((count, size)), csr_array(counts)]),
    ])  # fmt: skip
    known = np.array([least / size_of(worth) - TOLERANCE if np.isfinite(least) else -np.inf])
    low = [problem.low, np.zeros(len(hard)), known, np.zeros(n), np.full(count, -np.inf)]
    high = [problem.high, np.full(len(hard) + 1 + n, np.inf), problem.may_lose.astype(float)]
    found = milp(
        cost, constraints=LinearConstraint(matrix, np.concatenate(low), np.concatenate(high)),
        bounds=Bounds(0.0, np.concatenate([problem.upper, np.ones(n)])),
        integrality=np.concatenate([np.full(size, int(problem.whole)), np.ones(n)]),
        options={"node_limit": nodes, "mip_rel_gap": TOLERANCE},
    )  # fmt: skip
    bound = _bound(found, worth)
    try:
        values = values_of(found)
    except Unfinished:
        return None, bound
    losers = np.zeros(count * members, bool)
    losers[switched] = values[size:] > 0.5
    return losers.reshape(count, members), bound


def _bound(found: object, worth: Floats) -> float:
    """Return what no places exceed, as the search has proven it."""
    bound = getattr(found, "mip_dual_bound", None)
    return np.inf if bound is None else -float(bound) * size_of(worth)


def _search(problem: Problem, worth: Floats, losers: Bools, nodes: int) -> tuple[Floats, float]:
    """Return whole places with the losers held, and the bound."""
    rows, low = guard_rows(problem, losers)
    found = milp(
        -worth / size_of(worth),
        constraints=LinearConstraint(
            np.vstack([problem.rows, rows]),
            np.concatenate([problem.low, low]),
            np.concatenate([problem.high, np.full(len(low), np.inf)]),
        ),
        bounds=Bounds(0.0, problem.upper), integrality=np.ones(len(worth), np.int64),
        options={"node_limit": nodes, "mip_rel_gap": TOLERANCE},
    )  # fmt: skip
    return values_of(found), _bound(found, worth)


def _held(problem: Problem, worth: Floats, losers: Bools) -> tuple[Floats, Floats, Floats]:
    """Return places, prices (R, 2) of low and high ends, and prices (K,), losers held.

    The box is left out: the rows imply it, and it would take their prices away from them.
    """
    guards, _ = guard_rows(problem, losers)
    above, below = np.isfinite(problem.high), np.isfinite(problem.low)
    matrix = np.vstack([problem.rows[above], -problem.rows[below], -guards])
    ends = np.concatenate([problem.high[above], -problem.low[below], np.zeros(len(guards))])
    size = size_of(worth)
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


def guard_rows(problem: Problem, losers: Bools) -> tuple[Floats, Floats]:
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


def size_of(worth: Floats) -> float:
    """Return the largest value of a place, so that a programme's numbers are around one."""
    found = float(np.abs(worth).max(initial=0.0))
    return found if found > 0 else 1.0
