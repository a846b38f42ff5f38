"""Inequality, concentration and unlikeness of distributions, along the last axis.

Every function takes amounts (..., n) and returns (...). NaN anywhere in a row gives NaN: a
missing share is not a zero one. A row whose total is zero has no distribution: NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shares(x: Floats) -> Floats:
    """Return each amount's share in the row's total.

    Parameters
    ----------
    x : ndarray (..., n)
        Not negative.

    Raises
    ------
    ValueError
        A negative amount.

    Examples
    --------
    >>> shares(np.array([1.0, 3.0]))
    array([0.25, 0.75])
    """
    values = np.asarray(x, np.float64)
    if np.any(values < 0):
        raise ValueError("an amount is negative")
    total = values.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, values / total, np.nan)


def _weighted(x: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
    values = np.asarray(x, np.float64)
    if np.any(values < 0):
        raise ValueError("an amount is negative")
    if weights is None:
        n = values.shape[-1]
        return values, np.broadcast_to(np.full(n, 1.0 / n), values.shape)
    persons = np.broadcast_to(np.asarray(weights, np.float64), values.shape)
    return values, shares(persons)


def gini(x: Floats, weights: Floats | None = None) -> Floats:
    """Return the Gini coefficient: half the mean absolute difference relative to the mean.

    Parameters
    ----------
    x : ndarray (..., n)
        Amounts per unit, not negative.
    weights : ndarray (..., n), optional
        How many units have each amount.

    Examples
    --------
    >>> gini(np.array([0.0, 0.0, 0.0, 1.0])).item()
    0.75

    References
    ----------
    Gini, C. (1912); the formula for weighted data in Lerman and Yitzhaki (1989), J.
    Econometrics 42.
    """
    values, p = _weighted(x, weights)
    order = np.argsort(values, axis=-1)
    a = np.take_along_axis(values, order, -1)
    q = np.take_along_axis(p, order, -1)
    below = np.cumsum(q, axis=-1) - q / 2.0
    mean = (a * q).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = 2.0 * (a * q * below).sum(axis=-1) / mean - 1.0
    return np.where(mean > 0, found, np.nan)


def lorenz(x: Floats, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """Return the Lorenz curve: cumulative shares of units and of the amount, from the poorest.

    Returns
    -------
    units, amount : ndarray (..., n + 1)
        Both start at 0 and end at 1.

    Examples
    --------
    >>> lorenz(np.array([3.0, 1.0]))[1]
    array([0.  , 0.25, 1.  ])
    """
    values, p = _weighted(x, weights)
    order = np.argsort(values, axis=-1)
    a = np.take_along_axis(values * p, order, -1)
    q = np.take_along_axis(p, order, -1)
    zero = np.zeros((*values.shape[:-1], 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        amount = np.cumsum(a, axis=-1) / a.sum(axis=-1, keepdims=True)
    return (
        np.concatenate([zero, np.cumsum(q, axis=-1)], axis=-1),
        np.concatenate([zero, amount], axis=-1),
    )


def hoover(x: Floats, weights: Floats | None = None) -> Floats:
    """Return the Hoover index: the share of the amount to move for equality.

    Examples
    --------
    >>> hoover(np.array([1.0, 3.0])).item()
    0.25
    """
    values, p = _weighted(x, weights)
    mean = (values * p).sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = 0.5 * (p * np.abs(values / mean - 1.0)).sum(axis=-1)
    return np.where(mean[..., 0] > 0, found, np.nan)


def theil(x: Floats, weights: Floats | None = None) -> Floats:
    """Return Theil's T, the mean of (x/m) ln(x/m) with zero amounts adding nothing.

    Examples
    --------
    >>> round(theil(np.array([0.0, 1.0])).item(), 6)
    0.693147

    References
    ----------
    Theil, H. (1967). Economics and Information Theory, chapter 4.
    """
    values, p = _weighted(x, weights)
    mean = (values * p).sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = values / mean
        term = np.where(ratio > 0, ratio * np.log(np.where(ratio > 0, ratio, 1.0)), ratio * 0.0)
        found = (p * term).sum(axis=-1)
    return np.where(mean[..., 0] > 0, found, np.nan)


def herfindahl(x: Floats, *, normalised: bool = False) -> Floats:
    """Return the Herfindahl-Hirschman index, the sum of squared shares.

    Parameters
    ----------
    x : ndarray (..., n)
        Amounts by class.
    normalised : bool
        Rescaled from [1/n, 1] to [0, 1].

    Examples
    --------
    >>> herfindahl(np.array([1.0, 1.0])).item()
    0.5
    """
    n = np.asarray(x).shape[-1]
    found = (shares(x) ** 2).sum(axis=-1)
    if not normalised:
        return np.asarray(found)
    if n < 2:
        raise ValueError("one class alone has no normalised index")
    return np.asarray((found - 1.0 / n) / (1.0 - 1.0 / n))


def shannon(x: Floats, *, normalised: bool = False) -> Floats:
    """Return Shannon's entropy of the shares, in nats; `normalised` by ln n.

    Examples
    --------
    >>> shannon(np.array([1.0, 1.0, 0.0]), normalised=True).round(6).item()
    0.63093
    """
    p = shares(x)
    term = np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), p * 0.0)
    found = -term.sum(axis=-1)
    n = p.shape[-1]
    if normalised and n < 2:
        raise ValueError("one class alone has no normalised entropy")
    return np.asarray(found / np.log(n) if normalised else found)


def dissimilarity(a: Floats, b: Floats) -> Floats:
    """Return the index of dissimilarity: half the sum of absolute differences of shares.

    Parameters
    ----------
    a, b : ndarray (..., n)
        Two groups over the same places or occupations.

    Examples
    --------
    >>> dissimilarity(np.array([1.0, 1.0]), np.array([1.0, 3.0])).item()
    0.25

    References
    ----------
    Duncan, O. D. and Duncan, B. (1955). American Sociological Review 20(2).
    """
    return np.asarray(0.5 * np.abs(shares(a) - shares(b)).sum(axis=-1))


def exposure(a: Floats, b: Floats, total: Floats) -> Floats:
    """Return the exposure of group `a` to group `b`: the mean share of b where a's members are.

    Parameters
    ----------
    a, b, total : ndarray (..., n)
        Two groups and everyone by place; ``b = a`` gives isolation.

    Examples
    --------
    >>> exposure(np.array([1.0, 1.0]), np.array([1.0, 3.0]), np.array([2.0, 4.0])).item()
    0.625

    References
    ----------
    Massey, D. S. and Denton, N. A. (1988). Social Forces 67(2).
    """
    everyone = np.asarray(total, np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        local = np.where(everyone > 0, np.asarray(b, np.float64) / everyone, 0.0)
    local = np.where(np.isnan(everyone), np.nan, local)
    return np.asarray((shares(a) * local).sum(axis=-1))
