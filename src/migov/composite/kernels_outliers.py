"""Kernels that treat outliers by the rule of skewness and kurtosis.

Shapes are (u, c): units down, columns across; each column is treated on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from migov.numeric.moments import moments, row_sum

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

PIECE = 8
"""Indicators whose moments are taken at a time."""


def skewed(x: Floats, skewness: float, kurtosis: float) -> tuple[Booleans, Floats]:
    """Return which columns are too skewed, and the sign of their skewness.

    Parameters
    ----------
    x : ndarray (…, u, c)
    skewness, kurtosis : float
        Both limits must be exceeded, the first by the absolute value.
    """
    if x.ndim == 3 and x.shape[0] > PIECE:  # pieces whose intermediate results stay in cache
        parts = [
            skewed(x[start : start + PIECE], skewness, kurtosis)
            for start in range(0, x.shape[0], PIECE)
        ]
        return (
            np.concatenate([over for over, _ in parts]),
            np.concatenate([sign for _, sign in parts]),
        )
    found = moments(x)
    with np.errstate(invalid="ignore"):
        over = (np.abs(found.skewness) > skewness) & (found.kurtosis > kurtosis)
    return over, np.where(found.skewness < 0, -1.0, 1.0)


def winsorise(
    x: Floats, points: int, skewness: float, kurtosis: float, then_log: bool = False
) -> tuple[Floats, NDArray[np.int64], Booleans]:
    """Return columns whose farthest values took the next ones, step by step.

    Parameters
    ----------
    x : ndarray (u, c)
    points : int
        Steps at most.
    skewness, kurtosis : float
    then_log : bool
        Take logarithms of the original where the steps do not suffice.

    Returns
    -------
    treated : ndarray (u, c)
    steps : ndarray of int (c,)
    still : ndarray of bool (c,)
        Too skewed after all steps (and before the logarithm).
    """
    values = np.asarray(x, np.float64)
    steps = np.zeros(x.shape[1], np.int64)
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    over, sign = skewed(values, skewness, kurtosis)
    at = np.flatnonzero(over)
    side, y = sign[at], np.take(values, at, axis=1)
    for _ in range(points):
        if not at.size:
            break
        # a step moves one end to the next value: what was moved before moves along
        up, down = side > 0, side < 0
        top = np.fmax.reduce(np.where(y < high[at], y, -np.inf), axis=0)
        bottom = np.fmin.reduce(np.where(y > low[at], y, np.inf), axis=0)
        high[at] = np.where(up & np.isfinite(top), top, high[at])
        low[at] = np.where(down & np.isfinite(bottom), bottom, low[at])
        y = np.minimum(np.maximum(y, low[at]), high[at])
        steps[at] += 1
        over, sign = skewed(y, skewness, kurtosis)
        at, side, y = at[over], sign[over], np.compress(over, y, axis=1)
    out = np.minimum(np.maximum(values, low), high)
    still = np.zeros(x.shape[1], np.bool_)
    still[at] = True
    if then_log and at.size:
        original = values[:, at] * side
        out[:, at] = shifted_log(original) * side
    return out, steps, still


def shifted_log(x: Floats) -> Floats:
    """Return log(x - min + (max - min)/100) by column; NaN where the column is constant.

    Parameters
    ----------
    x : ndarray (u, c)
    """
    low, high = np.fmin.reduce(x, axis=0), np.fmax.reduce(x, axis=0)
    with np.errstate(divide="ignore"):
        return np.where(high > low, np.log(x - low + 0.01 * (high - low)), np.nan)


def box_cox(x: Floats, power: float | None) -> tuple[Floats, Floats]:
    """Return Box–Cox transforms of columns shifted so that the smallest value is 1.

    Parameters
    ----------
    x : ndarray (u, c)
    power : float or None
        None: the power that maximises the normal likelihood of each column, in [-5, 5].

    Returns
    -------
    transformed : ndarray (u, c)
    powers : ndarray (c,)

    References
    ----------
    Box, G. E. P. and Cox, D. R. (1964). J. Royal Statistical Society B 26(2), (8).
    """
    y = x - np.fmin.reduce(x, axis=0) + 1.0
    if power is not None:
        powers = np.full(x.shape[1], float(power))
    else:
        powers = np.array([_likeliest(column[~np.isnan(column)]) for column in y.T])
    with np.errstate(invalid="ignore", divide="ignore"):
        raised = np.expm1(powers * np.log(y)) / np.where(powers == 0, 1.0, powers)
    return np.where(powers == 0, np.log(y), raised), powers


def _likeliest(y: Floats) -> float:
    """Return the power with the largest profile log-likelihood."""
    logs = np.log(y)
    total = float(logs.sum())

    def against(power: float) -> float:
        z = logs if power == 0 else np.expm1(power * logs) / power
        away = z - z.mean()
        variance = float((away * away).mean())
        return float(0.5 * y.size * np.log(variance) - (power - 1.0) * total)

    if y.size < 3 or float(logs.max() - logs.min()) == 0.0:
        return 1.0
    found: Any = minimize_scalar(against, bounds=(-5.0, 5.0), method="bounded")
    return float(found.x)


def fill_means(x: Floats, groups: NDArray[np.int64] | None) -> tuple[Floats, Booleans]:
    """Return values with missing ones filled by the mean of their group, and where.

    Parameters
    ----------
    x : ndarray (i, u, b)
    groups : ndarray of int (u,) or None
        Group of each unit; None for one group, -1 for a unit of none (never filled).

    Returns
    -------
    filled : ndarray (i, u, b)
    at : ndarray of bool (i, u, b)
        A group without any value fills nothing.
    """
    absent = np.isnan(x)
    out = x.copy()
    labels = np.zeros(x.shape[1], np.int64) if groups is None else groups
    for group in np.unique(labels[labels >= 0]):
        inside = labels == group
        part, gone = x[:, inside], absent[:, inside]
        if not gone.any():
            continue
        count = row_sum((~gone).astype(np.float64))
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = row_sum(np.where(gone, 0.0, part)) / count
        out[:, inside] = np.where(gone, mean[:, None, :], part)
    return out, absent & ~np.isnan(out)
