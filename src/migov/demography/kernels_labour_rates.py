"""Rates of participation over time, on bare arrays: cohorts that enter and leave, trends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
EVEN = 1e-9


def entry_exit(earlier: Array, later: Array, ceiling: float) -> tuple[Array, Array]:
    """Return what shares of a cohort enter and leave between two age groups.

    Parameters
    ----------
    earlier, later : ndarray (k, ...)
        Rates of the same groups, one width of a group apart in time.
    ceiling : float
        Share that can take part at most.

    Returns
    -------
    tuple of ndarray (k - 1, ...)
        Of those not yet in, below the ceiling, the share that enters; of those in, the share
        that leaves. One of the two is zero.

    References
    ----------
    Burniaux, Duval and Jaumotte (2004), Coping with ageing, OECD Economics Department Working
    Papers 371, annex. European Commission (2023), 2024 Ageing Report: underlying assumptions.
    """
    before, after = earlier[:-1], later[1:]
    room = ceiling - before
    with np.errstate(divide="ignore", invalid="ignore"):
        enters = np.where(after > before, np.where(room > 0, (after - before) / room, 0.0), 0.0)
        leaves = np.where(after < before, 1.0 - after / before, 0.0)
    return np.asarray(enters), np.asarray(leaves)


def by_cohort(now: Array, enters: Array, leaves: Array, ceiling: float, steps: int) -> Array:
    """Return rates of groups whose cohorts go on entering and leaving.

    Parameters
    ----------
    now : ndarray (k, ...)
        Rates at the last date; the youngest stays as it is.
    enters, leaves : ndarray (k - 1, ...)
        See :func:`entry_exit`.
    ceiling : float
        Share that can take part at most.
    steps : int
        Widths of a group into the future.

    Returns
    -------
    ndarray (steps + 1, k, ...)
        From the last date on.
    """
    out = np.empty((steps + 1, *now.shape))
    out[0] = now
    for t in range(steps):
        before = out[t, :-1]
        out[t + 1, 0] = now[0]
        gained = enters * np.maximum(ceiling - before, 0.0)
        out[t + 1, 1:] = (1.0 - leaves) * before + gained
    return out


def logistic_trend(
    rates: Array, years: Array, ahead: Array, low: float, high: float, *, jump: bool
) -> Array:
    """Return a straight line through the logits of past rates, carried on.

    Parameters
    ----------
    rates : ndarray (t, ...)
        Strictly between `low` and `high`.
    years : ndarray (t,)
        Dates of the rates, in years.
    ahead : ndarray (n,)
        Dates wanted.
    low, high : float
        Asymptotes.
    jump : bool
        Whether the line starts from the last rate rather than from where it fits best.

    Returns
    -------
    ndarray (n, ...)
    """
    logit = np.log((rates - low) / (high - rates))
    middle = years.mean()
    away = (years - middle).reshape(-1, *(1,) * (rates.ndim - 1))
    slope = (away * (logit - logit.mean(axis=0))).sum(axis=0) / (away**2).sum()
    start, at = (logit[-1], years[-1]) if jump else (logit.mean(axis=0), middle)
    line = start + slope * (ahead - at).reshape(-1, *(1,) * (rates.ndim - 1))
    return np.asarray(low + (high - low) / (1.0 + np.exp(-line)))


def shift_logits(persons: Array, rates: Array, wanted: Array) -> Array:
    """Return rates whose persons add up to a total, all logits moved by the same amount.

    Parameters
    ----------
    persons, rates : ndarray (r, ...)
        Persons, and shares of them from 0 to 1; shares of 0 and 1 stay.
    wanted : ndarray (...)
        Total, between those that shares of 0 and 1 alone allow.

    Returns
    -------
    ndarray (r, ...)
        Found by bisection to the last bit.
    """
    with np.errstate(divide="ignore"):
        logit = np.log(rates) - np.log1p(-rates)
    low, high = np.full(wanted.shape, -80.0), np.full(wanted.shape, 80.0)
    for _ in range(80):
        middle = 0.5 * (low + high)
        with np.errstate(over="ignore"):
            found = (persons / (1.0 + np.exp(-(logit + middle)))).sum(axis=0)
        low, high = np.where(found < wanted, middle, low), np.where(found < wanted, high, middle)
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-(logit + 0.5 * (low + high)))))
