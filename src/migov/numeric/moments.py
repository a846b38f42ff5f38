"""Moments of columns that are computed in one order whatever the number of columns.

Shapes are (..., n, b): observations on the axis before the last, columns on the last.
``numpy`` adds the rows one after another when the last axis is longer than one; a single
column is therefore carried twice, so that it gives the bits it gives among others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


class Moments(NamedTuple):
    """Counted values, mean, standard deviation, skewness and excess kurtosis, each (..., b)."""

    counted: Floats
    mean: Floats
    sd: Floats
    skewness: Floats
    kurtosis: Floats


def row_sum(x: Floats) -> Floats:
    """Return the sum over the axis before the last, added row after row.

    Parameters
    ----------
    x : ndarray (..., n, b)

    Returns
    -------
    ndarray (..., b)
    """
    if x.shape[-1] == 1:
        twice = np.concatenate([x, x], axis=-1)
        return np.asarray(np.add.reduce(twice, axis=-2)[..., :1])
    return np.asarray(np.add.reduce(np.ascontiguousarray(x), axis=-2))


def _row_dot(x: Floats, y: Floats) -> Floats:
    """Return the sum of products over the axis before the last, added row after row.

    One pass without an array of the products; a single column goes the way of :func:`row_sum`,
    since the loops would otherwise be another.
    """
    if x.shape[-1] == 1:
        return row_sum(x * y)
    return np.asarray(np.einsum("...ub,...ub->...b", x, y))


def moments(x: Floats, present: Booleans | None = None) -> Moments:
    """Return the bias-corrected sample moments of each column.

    Skewness is G1 = g1 sqrt(n(n-1))/(n-2), kurtosis is G2 = ((n+1)g2 + 6)(n-1)/((n-2)(n-3)),
    with g1, g2 from the central moments of the sample; the standard deviation divides by
    n - 1.

    Parameters
    ----------
    x : ndarray (..., n, b)
        NaN for missing.
    present : ndarray of bool (..., n, b), optional
        Where `x` is no NaN; found where absent.

    Returns
    -------
    Moments
        Skewness and kurtosis are NaN for constant columns and for fewer than 3 or 4 values.

    Examples
    --------
    >>> x = np.array([[2.0], [3.0], [4.0], [9.0]])
    >>> [round(float(value[0]), 6) for value in moments(x)]
    [4.0, 4.5, 3.109126, 1.597078, 2.703924]

    References
    ----------
    Joanes, D. N. and Gill, C. A. (1998). The Statistician 47(1), equations (2)-(5).
    """
    total = row_sum(x)
    if present is None and np.isnan(total).any():
        present = ~np.isnan(x)
    if present is None:
        n = np.full((*x.shape[:-2], x.shape[-1]), float(x.shape[-2]))
        filled = x
    else:
        n = row_sum(present.astype(np.float64))
        filled = np.where(present, x, 0.0)
        total = row_sum(filled)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / n
        away = filled - mean[..., None, :]
        if present is not None:
            away = np.where(present, away, 0.0)
        square = away * away
        second = row_sum(square)
        third = _row_dot(square, away) / n
        fourth = _row_dot(square, square) / n
        variance = second / n
        flat = variance <= (1e-14 * np.abs(mean)) ** 2
        variance = np.where(flat, np.nan, variance)
        g1 = third / (variance * np.sqrt(variance))
        g2 = fourth / (variance * variance) - 3.0
        skewness = g1 * np.sqrt(n * (n - 1.0)) / (n - 2.0)
        kurtosis = ((n + 1.0) * g2 + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0))
        sd = np.sqrt(second / (n - 1.0))
    return Moments(
        n,
        mean,
        np.where(n > 1, sd, np.nan),
        np.where(n > 2, skewness, np.nan),
        np.where(n > 3, kurtosis, np.nan),
    )


def correlation(x: Floats, y: Floats) -> Floats:
    """Return Pearson correlations of columns over the rows where both are present.

    Parameters
    ----------
    x : ndarray (n, p)
    y : ndarray (n, q)
        NaN for missing.

    Returns
    -------
    ndarray (p, q)
        NaN for fewer than three common rows, or where one side is constant.

    Examples
    --------
    >>> x = np.array([[1.0], [2.0], [3.0], [np.nan]])
    >>> correlation(x, np.array([[2.0], [4.0], [6.0], [1.0]])).item()
    1.0
    """
    a, b = ~np.isnan(x), ~np.isnan(y)
    n = a.T.astype(float) @ b.astype(float)
    u, v = _centred(x, a), _centred(y, b)
    both_a, both_b = a.astype(float), b.astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        su, sv = u.T @ both_b, both_a.T @ v
        suu, svv = (u * u).T @ both_b, both_a.T @ (v * v)
        cross = u.T @ v - su * sv / n
        du, dv = suu - su * su / n, svv - sv * sv / n
        small_u, small_v = du <= 1e-14 * suu, dv <= 1e-14 * svv
        r = np.clip(cross / np.sqrt(du * dv), -1.0, 1.0)
    return np.where((n < 3) | small_u | small_v, np.nan, r)


def _centred(x: Floats, present: Booleans) -> Floats:
    """Return columns less their means, zero where missing; keeps the cross products small."""
    count = present.sum(axis=0)
    filled = np.where(present, x, 0.0)
    mean = filled.sum(axis=0) / np.where(count == 0, 1, count)
    return np.where(present, filled - mean, 0.0)
