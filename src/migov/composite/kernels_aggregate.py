"""Kernels of aggregation: the scores of children to the score of their node.

Shapes are (k, u, b): children, units, columns. Weights are (k, 1 or u, 1 or b). Children are
added one after another, so that the bits do not depend on how many columns go together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


def scaled_weights(x: Floats, weights: Floats, needed: float) -> tuple[Floats, Booleans | None]:
    """Return weights that sum to one over the present children, and where enough are present.

    Parameters
    ----------
    x : ndarray (k, u, b)
    weights : ndarray (k, 1 or u, 1 or b)
        Not negative.
    needed : float
        Share of the children with weight that must be present.

    Returns
    -------
    weights : ndarray (k, 1 or u, 1 or b)
    enough : ndarray of bool (u, b) or None
        None where nothing is missing.
    """
    absent = np.isnan(x)
    if not absent.any():
        return weights / _ordered(weights), None
    counted = (weights != 0).astype(np.float64)
    present = np.where(absent, 0.0, weights)
    total = _ordered(present)
    share = _ordered(np.where(absent, 0.0, counted)) / _ordered(counted)
    enough = (share >= needed - 1e-12) & (total > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, present / total, 0.0), enough


def _ordered(x: Floats) -> Floats:
    """Return the sum over the first axis, one after another."""
    total: Floats = x[0].copy()
    for part in x[1:]:
        total += part
    return total


def _where(found: Floats, enough: Booleans | None) -> Floats:
    return found if enough is None else np.where(enough, found, np.nan)


def _added(x: Floats, w: Floats, enough: Booleans | None) -> Floats:
    """Return the sum of w x over the children; a missing child adds nothing."""
    filled = x if enough is None else np.where(np.isnan(x), 0.0, x)
    total: Floats = filled[0] * w[0]
    for child, weight in zip(filled[1:], w[1:], strict=True):
        total += child * weight
    return total


def arithmetic(x: Floats, weights: Floats, needed: float = 1.0) -> Floats:
    """Return the weighted mean (u, b).

    Examples
    --------
    >>> x = np.array([[[20.0]], [[35.0]], [[80.0]]])
    >>> arithmetic(x, np.array([1.0, 2, 1])[:, None, None]).item()
    42.5
    """
    w, enough = scaled_weights(x, weights, needed)
    return _where(_added(x, w, enough), enough)


def geometric(x: Floats, weights: Floats, needed: float = 1.0) -> Floats:
    """Return the weighted geometric mean (u, b); 0 where a child with weight is 0.

    Examples
    --------
    >>> geometric(np.array([[[2.0]], [[8.0]]]), np.ones((2, 1, 1))).round(9).item()
    4.0
    """
    w, enough = scaled_weights(x, weights, needed)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(x)
        if np.any(x == 0.0):
            logs = np.where((x == 0.0) & (w == 0.0), 0.0, logs)
        return _where(np.exp(_added(logs, w, enough)), enough)


def harmonic(x: Floats, weights: Floats, needed: float = 1.0) -> Floats:
    """Return the weighted harmonic mean (u, b); 0 where a child with weight is 0.

    Examples
    --------
    >>> harmonic(np.array([[[2.0]], [[6.0]]]), np.ones((2, 1, 1))).round(9).item()
    3.0
    """
    w, enough = scaled_weights(x, weights, needed)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = 1.0 / x
        if np.any(x == 0.0):
            inverse = np.where((x == 0.0) & (w == 0.0), 0.0, inverse)
        return _where(1.0 / _added(inverse, w, enough), enough)


def mazziotta_pareto(
    x: Floats, weights: Floats, needed: float = 1.0, penalty: str = "minus"
) -> Floats:
    """Return M - S^2/M, or plus; S the weighted population standard deviation (u, b).

    References
    ----------
    Mazziotta, M. and Pareto, A. (2016). Social Indicators Research 127, equation (4).

    Examples
    --------
    >>> mazziotta_pareto(np.array([[[90.0]], [[110.0]]]), np.ones((2, 1, 1))).item()
    99.0
    """
    w, enough = scaled_weights(x, weights, needed)
    mean = _added(x, w, enough)
    away = x - mean
    variance = _added(away * away, w, enough)
    with np.errstate(divide="ignore", invalid="ignore"):
        fine = variance / mean
    return _where(mean - fine if penalty == "minus" else mean + fine, enough)


def ordered_weighted(x: Floats, order: Floats, needed: float = 1.0) -> Floats:
    """Return the mean with weights by order from the worst child (u, b).

    Parameters
    ----------
    x : ndarray (k, u, b)
    order : ndarray (k,)
        With missing children, the weights are those of the order interpolated at the places
        of the present ones, since a weight belongs to a place among all.
    needed : float

    Examples
    --------
    >>> ordered_weighted(np.array([[[80.0]], [[20.0]]]), np.array([0.7, 0.3])).item()
    38.0
    """
    sorted_x = np.sort(x, axis=0)  # NaN last
    k = x.shape[0]
    total = order.sum()
    absent = np.isnan(x)
    if not absent.any():
        w = (order / total)[:, None, None]
        return _added(sorted_x, w, None)
    present = (~absent).sum(axis=0)
    summed = np.concatenate([[0.0], np.cumsum(order / total)])
    steps = np.arange(k + 1, dtype=np.float64) / k
    out = np.full(x.shape[1:], np.nan)
    for count in np.unique(present[present > 0]):
        here = present == count
        if count / k < needed - 1e-12:
            continue
        part = np.diff(np.interp(np.arange(count + 1) / count, steps, summed))
        value = np.zeros(int(here.sum()))
        for place in range(int(count)):
            value += part[place] * sorted_x[place][here]
        out[here] = value
    return out


def copeland(x: Floats, weights: Floats, needed: float = 1.0, tolerance: float = 1e-9) -> Floats:
    """Return the units beaten less the units lost to (u, b).

    Unit a beats unit c where the weights of the children in which a is higher exceed those in
    which c is. Children on which either is missing or both tie do not vote. A unit with too
    few children is missing and is compared with none.

    Parameters
    ----------
    x : ndarray (k, u, b)
    weights : ndarray (k, 1 or u, 1 or b)
        The weights of the first unit count for all; weights by unit have no meaning here.
    needed : float
    tolerance : float
        Differences of at most this, relative to the child's largest absolute score, tie.

    References
    ----------
    Nardo, M. et al. (2008). OECD Handbook on Constructing Composite Indicators, 6.3.
    """
    _, enough = scaled_weights(x, weights, needed)
    k, u, b = x.shape
    w = np.broadcast_to(weights[:, :1, :], (k, 1, b))
    whole = _ordered(w)[0]
    out = np.zeros((u, b))
    slack = tolerance * np.fmax.reduce(np.abs(x), axis=1)
    for a in range(u):
        balance = np.zeros((u, b))
        for child in range(k):
            with np.errstate(invalid="ignore"):
                gap = x[child, a] - x[child]
                vote = np.where(np.abs(gap) <= slack[child], 0.0, np.sign(gap))
            balance += np.where(np.isnan(vote), 0.0, vote) * w[child]
        won = np.where(np.abs(balance) <= 1e-12 * whole, 0.0, np.sign(balance))
        if enough is not None:
            won = np.where(enough, won, 0.0)
        for other in range(u):
            out[a] += won[other]
    return _where(out, enough)
