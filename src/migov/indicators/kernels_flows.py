"""Spatial focus, distance and age peaks on bare arrays.

A matrix (..., n, n) has origins in rows and destinations in columns, in one order; its
diagonal is not looked at.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from migov.numeric.inequality import gini

Floats = NDArray[np.float64]
Side = Literal["out", "in", "mean"]


def _fields(flows: Floats, side: str) -> Floats:
    """Return the flows of each place without its own cell: (..., n, n - 1)."""
    values = np.asarray(flows, np.float64)
    if side == "in":
        values = np.swapaxes(values, -1, -2)
    n = values.shape[-1]
    others = values[..., ~np.eye(n, dtype=bool)]
    return np.asarray(others.reshape(*values.shape[:-2], n, n - 1))


def _weighted(index: Floats, field: Floats) -> Floats:
    """Return the mean of the places' indices, weighted by their flows; no flow, no weight."""
    total = field.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(total == 0, 0.0, index * total).sum(axis=-1) / total.sum(axis=-1)
    return np.asarray(found)


def weighted_gini(flows: Floats, *, side: Side = "mean") -> Floats:
    """Return the migration-weighted Gini index of out-migration, of in-migration, or their mean.

    Each place's Gini index is over its flows to (from) all others, corrected for their number
    so that one field alone gives 1; it is weighted by the place's share of all moves.

    Parameters
    ----------
    flows : ndarray (..., n, n)
        Moves, three places or more.
    side : {"out", "in", "mean"}
        Rows, columns, or the mean of both.

    Returns
    -------
    ndarray (...)
        Between 0, every field even, and 1, every place with one partner only.

    Examples
    --------
    >>> weighted_gini(np.array([[0.0, 5, 0], [0, 0, 5], [5, 0, 0]])).item()
    1.0

    References
    ----------
    Plane and Mulligan (1997), Demography 34(2). Bell et al. (2002), J. Royal Statistical
    Society A 165(3).
    """
    if side == "mean":
        found = weighted_gini(flows, side="out") + weighted_gini(flows, side="in")
        return np.asarray(found / 2.0)
    field = _fields(flows, side)
    others = field.shape[-1]
    return _weighted(gini(field) * others / (others - 1.0), field)


def aggregate_variation(flows: Floats, *, side: Literal["out", "in", "both"] = "both") -> Floats:
    """Return the aggregate coefficient of variation of the flows of each place.

    The coefficient of variation of each field, with the variance over its number, weighted by
    the place's share of all moves; ``both`` is the sum of rows and columns.

    Parameters
    ----------
    flows : ndarray (..., n, n)
        Moves.
    side : {"out", "in", "both"}
        Rows, columns, or the sum of both.

    Examples
    --------
    >>> aggregate_variation(np.array([[0.0, 1, 3], [1, 0, 3], [2, 2, 0]]), side="out")
    ... # two places of three have flows (1, 3)
    array(0.33333333)

    References
    ----------
    Rogers and Sweeney (1998), The Professional Geographer 50(2).
    """
    if side == "both":
        found = aggregate_variation(flows, side="out") + aggregate_variation(flows, side="in")
        return np.asarray(found)
    field = _fields(flows, side)
    with np.errstate(invalid="ignore", divide="ignore"):
        variation = field.std(axis=-1) / field.mean(axis=-1)
    return _weighted(variation, field)


def weighted_median(x: Floats, weights: Floats) -> Floats:
    """Return the lower weighted median over the last two axes.

    Parameters
    ----------
    x, weights : ndarray (..., n, m)
        Values, and weights that are not negative.

    Returns
    -------
    ndarray (...)
        The least value with half of the weights at or below it; NaN where one is missing or
        all weights are zero. A value of no weight may be missing.

    Examples
    --------
    >>> weighted_median(np.array([[0.0, 10], [30, 0]]), np.array([[0.0, 4], [5, 0]])).item()
    30.0
    """
    shape = np.broadcast_shapes(x.shape, weights.shape)
    values = np.broadcast_to(x, shape).reshape(*shape[:-2], -1)
    heavy = np.broadcast_to(weights, shape).reshape(*shape[:-2], -1)
    order = np.argsort(values, axis=-1, kind="stable")
    ranked = np.take_along_axis(values, order, -1)
    summed = np.cumsum(np.take_along_axis(heavy, order, -1), axis=-1)
    half = summed[..., -1:] / 2.0
    place = np.minimum((summed < half).sum(axis=-1), ranked.shape[-1] - 1)
    found = np.take_along_axis(ranked, place[..., None], -1)[..., 0]
    bad = (np.isnan(values) & (heavy != 0)).any(axis=-1) | ~(summed[..., -1] > 0)
    return np.where(bad, np.nan, found)


def peak(rates: Floats, *, at: Floats) -> Floats:
    """Return the age of the highest rate, the youngest of several.

    Parameters
    ----------
    rates : ndarray (..., n)
        Rates by age.
    at : ndarray (n,)
        Ages.

    Returns
    -------
    ndarray (...)
        NaN where a rate is missing or all are equal: there is no peak.

    Examples
    --------
    >>> peak(np.array([0.1, 0.3, 0.2]), at=np.array([0.0, 20, 40])).item()
    20.0
    """
    flat = (rates == rates[..., :1]).all(axis=-1) | np.isnan(rates).any(axis=-1)
    highest = np.argmax(np.where(np.isnan(rates), -np.inf, rates), axis=-1)
    return np.where(flat, np.nan, np.asarray(at, np.float64)[highest])
