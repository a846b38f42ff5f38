"""Kernels of normalisation: values on their own scales to one on which more is better.

Shapes are (i, u, b): indicators, units (areas, or areas and dates pooled), columns that are
computed each on its own. NaN is missing and stays missing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from migov.numeric.moments import moments
from migov.numeric.ranks import ranks

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


def extremes(x: Floats) -> tuple[Floats, Floats]:
    """Return the least and the largest value over the units, (i, 1, b) each.

    Parameters
    ----------
    x : ndarray (i, u, b)
    """
    if x.shape[1] == 0:
        empty = np.full((x.shape[0], 1, x.shape[2]), np.nan)
        return empty, empty
    return (
        np.fmin.reduce(x, axis=1)[:, None, :],
        np.fmax.reduce(x, axis=1)[:, None, :],
    )


def signed(x: Floats, sign: Floats) -> Floats:
    """Return the values turned so that more is better.

    Parameters
    ----------
    x : ndarray (i, u, b)
    sign : ndarray (i,)
        -1 where less is better.
    """
    return x if np.all(sign == 1.0) else x * sign[:, None, None]


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, NaN where the whole is zero (all units the same: no scale)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole == 0.0, np.nan, part / whole)


def min_max(
    x: Floats, sign: Floats, lower: float, upper: float, centre: str = "range"
) -> tuple[Floats, Booleans]:
    """Return lower + (x - min)/(max - min) (upper - lower), and where there is no scale (i, b).

    Where all units are the same, the score is NaN. With ``centre="mean"`` the goalposts are
    the mean plus and minus half the range.
    """
    y = signed(x, sign)
    low, high = extremes(y)
    spread = high - low
    if centre == "mean":
        absent = np.isnan(y)
        low = moments(y, ~absent if absent.any() else None).mean[:, None, :] - spread / 2.0
    with np.errstate(invalid="ignore", divide="ignore"):
        by = np.where(spread == 0.0, np.nan, (upper - lower) / spread)
    out = y - low
    out *= by
    out += lower
    return out, (spread == 0.0)[:, 0, :]


def z_score(x: Floats, sign: Floats, mean: float, sd: float) -> tuple[Floats, Booleans]:
    """Return mean + sd (x - average)/s, s with n - 1, and where there is no scale (i, b).

    Where all units are the same, or there is one only, the score is NaN.
    """
    y = signed(x, sign)
    absent = np.isnan(y)
    if absent.any():
        found = moments(y, ~absent)
        average, deviation = found.mean[:, None, :], found.sd[:, None, :]
        away = y - average
    else:
        from migov.numeric.moments import row_sum

        average = row_sum(y)[:, None, :] / y.shape[1]
        away = y - average
        with np.errstate(invalid="ignore", divide="ignore"):
            deviation = np.sqrt(row_sum(away * away)[:, None, :] / np.float64(y.shape[1] - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        flat = ~(deviation > 1e-14 * np.abs(average))
        by = np.where(flat, np.nan, sd / deviation)
    away *= by
    away += mean
    return away, (flat & ~np.isnan(average))[:, 0, :]


def places(x: Floats, sign: Floats, tolerance: float, percentile: bool) -> Floats:
    """Return ranks over the units, 1 for the worst, ties lowest; or (rank - 1)/(n - 1)."""
    y = np.moveaxis(signed(x, sign), 1, 2)
    found = np.moveaxis(ranks(y, tolerance=tolerance), 2, 1)
    if not percentile:
        return np.ascontiguousarray(found)
    count = (~np.isnan(found)).sum(axis=1, keepdims=True).astype(np.float64)
    return _ratio(found - 1.0, np.broadcast_to(count - 1.0, found.shape))


def to_target(
    x: Floats, sign: Floats, target: float, lower: float, upper: float, cap: bool
) -> Floats:
    """Return the share of the way from the worst unit to the target, on lower … upper."""
    y = signed(x, sign)
    worst, _ = extremes(y)
    way = sign[:, None, None] * target - worst
    share = np.where(way <= 0.0, np.where(np.isnan(y), np.nan, 1.0), _ratio(y - worst, way))
    if cap:
        share = np.minimum(share, 1.0)
    return lower + share * (upper - lower)


def to_frontier(x: Floats, sign: Floats, upper: float) -> Floats:
    """Return x/max where more is better and min/x where less is, times `upper`."""
    low, high = extremes(x)
    up = sign[:, None, None] > 0
    return upper * np.where(up, _ratio(x, high), _ratio(np.broadcast_to(low, x.shape), x))


def between_goalposts(
    x: Floats, worst: float, best: float, lower: float, upper: float, cap: bool, log: bool
) -> Floats:
    """Return the place between two fixed values, linear in x or in its logarithm."""
    if log:
        share = (np.log(x) - np.log(worst)) / (np.log(best) - np.log(worst))
    else:
        share = (x - worst) / (best - worst)
    if cap:
        share = np.minimum(np.maximum(share, 0.0), 1.0)
    return np.asarray(lower + share * (upper - lower))


def categories(
    x: Floats, values: tuple[float, ...], scores: tuple[float, ...], limits: bool
) -> tuple[Floats, Floats]:
    """Return the score of each category, and the values that are in none.

    Parameters
    ----------
    x : ndarray (…)
    values, scores : tuple of float
        Codes, or lower limits of the classes after the first.
    limits : bool
    """
    table = np.asarray(scores, np.float64)
    absent = np.isnan(x)
    if limits:
        place = np.searchsorted(np.asarray(values, np.float64), x, side="right")
        place = np.where(absent, 0, place)
        return np.where(absent, np.nan, table[place]), np.empty(0)
    out = np.full(x.shape, np.nan)
    known = absent.copy()
    for code, score in zip(values, scores, strict=True):
        here = x == code
        out[here] = score
        known |= here
    return out, np.unique(x[~known])
