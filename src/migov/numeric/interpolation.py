"""Interpolation between dated values, and of cumulated counts within groups."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

Floats = NDArray[np.float64]


def between(
    x: Floats,
    known: Floats,
    wanted: Floats,
    method: Literal["linear", "exponential", "step"] = "linear",
) -> Floats:
    """Return values at wanted places from values at known ones, never beyond them.

    Parameters
    ----------
    x : ndarray (..., n)
        Values at the known places.
    known : ndarray (n,)
        Increasing places, such as dates in years.
    wanted : ndarray (m,)
        Places within the known ones.
    method : {"linear", "exponential", "step"}
        Constant differences, constant growth rate (positive values), or the last value.

    Returns
    -------
    ndarray (..., m)
        NaN where a neighbour is missing.

    Raises
    ------
    ValueError
        Places out of order, a place outside, or values that are not positive for
        ``exponential``.

    Examples
    --------
    >>> between(np.array([100.0, 400.0]), np.array([2000.0, 2010]), np.array([2005.0]),
    ...     "exponential").round(9)
    array([200.])
    """
    values, places, at = (np.asarray(part, np.float64) for part in (x, known, wanted))
    if places.ndim != 1 or places.size != values.shape[-1] or np.any(np.diff(places) <= 0):
        raise ValueError("known must increase, with one place for each value")
    if at.size and (np.min(at) < places[0] or np.max(at) > places[-1] or np.isnan(at).any()):
        raise ValueError(f"wanted lies outside {places[0]:g} to {places[-1]:g}")
    if method not in ("linear", "exponential", "step"):
        raise ValueError(f"method={method!r}: 'linear', 'exponential' or 'step'")
    if method == "exponential" and np.any(values <= 0):
        raise ValueError("exponential interpolation needs positive values")
    i = np.clip(np.searchsorted(places, at, side="right") - 1, 0, max(places.size - 2, 0))
    if places.size == 1:
        return np.repeat(values, at.size, axis=-1)
    if method == "step":
        last = np.searchsorted(places, at, side="right") - 1
        return np.asarray(values[..., last])
    part = (at - places[i]) / (places[i + 1] - places[i])
    a, b = values[..., i], values[..., i + 1]
    found = a ** (1.0 - part) * b**part if method == "exponential" else a + part * (b - a)
    exact = np.where(part == 0.0, a, np.where(part == 1.0, b, found))
    return np.asarray(exact)


def split_counts(counts: Floats, edges: Floats, wanted: Floats) -> Floats:
    """Return counts of finer groups whose sums over the coarse groups are the counts given.

    The cumulated counts are interpolated by a monotone cubic, so that no part is negative.

    Parameters
    ----------
    counts : ndarray (..., n)
        Not negative.
    edges : ndarray (n + 1,)
        Limits of the groups.
    wanted : ndarray (m + 1,)
        Limits of the finer groups, from the first to the last edge.

    Returns
    -------
    ndarray (..., m)

    Examples
    --------
    >>> parts = split_counts(np.array([10.0, 30.0]), np.array([0.0, 5, 10]), np.arange(11.0))
    >>> parts[:5].sum().round(9).item(), bool((parts > 0).all())
    (10.0, True)

    References
    ----------
    Fritsch, F. N. and Carlson, R. E. (1980). SIAM J. Numerical Analysis 17(2).
    """
    values, limits, fine = (np.asarray(part, np.float64) for part in (counts, edges, wanted))
    if limits.size != values.shape[-1] + 1 or np.any(np.diff(limits) <= 0):
        raise ValueError("edges must increase, one more than counts")
    if np.any(np.diff(fine) <= 0) or fine[0] != limits[0] or fine[-1] != limits[-1]:
        raise ValueError("wanted must increase from the first edge to the last")
    if np.any(values < 0):
        raise ValueError("a count is negative")
    summed = np.concatenate(
        [np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1
    )
    missing = np.isnan(values).any(axis=-1)
    safe = np.where(np.isnan(summed), 0.0, summed)
    with np.errstate(over="ignore"):  # slopes near 1e-308 make flat curves, as they should
        parts = np.diff(PchipInterpolator(limits, safe, axis=-1)(fine), axis=-1)
    # a monotone curve has no negative parts; only its rounding can fall below zero
    return np.where(np.expand_dims(missing, -1), np.nan, np.maximum(parts, 0.0))
