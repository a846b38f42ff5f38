"""Remittances, prices of transfers, costs of workers and their recovery on bare arrays."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from migov.numeric.quantities import weighted_quantile

Floats = NDArray[np.float64]
OfWorkers = Literal["mean", "median", "percentile_80"]
_SHARES = {"median": 0.5, "percentile_80": 0.8}


def volatility(x: Floats) -> Floats:
    """Return the standard deviation (n - 1) of the changes of logarithms along the last axis.

    Examples
    --------
    >>> volatility(np.array([1.0, np.e, 1.0])).item().__round__(6)
    1.414214
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.diff(np.log(np.asarray(x, float)), axis=-1)
        if change.shape[-1] < 2:
            return np.full(change.shape[:-1], np.nan)
        centred = change - change.mean(axis=-1, keepdims=True)
        found = np.sqrt((centred**2).sum(axis=-1) / (change.shape[-1] - 1))
    return np.asarray(np.where(np.isfinite(found), found, np.nan))


def service_mean(cost: Floats, qualifies: Floats | None = None, *, cheapest: int = 0) -> Floats:
    """Return the mean cost of services, or of the cheapest that qualify.

    Parameters
    ----------
    cost : ndarray (..., services)
        NaN where a service is not offered.
    qualifies : ndarray (..., services), optional
        1 where a service qualifies; NaN on an offered service makes the mean missing.
    cheapest : int
        How many of those that qualify; 0 for all. Fewer are averaged where there are no more.

    Examples
    --------
    >>> cost = np.array([4.0, 1.0, 3.0, 2.0, 6.0])
    >>> service_mean(cost, np.array([1.0, 0, 1, 1, 1]), cheapest=3).item()
    3.0
    """
    offered = np.isfinite(cost)
    unknown: Any = False
    if qualifies is not None:
        unknown = (offered & np.isnan(qualifies)).any(axis=-1)
        offered = offered & (qualifies > 0)
    ordered = np.sort(np.where(offered, cost, np.inf), axis=-1)
    taken = ordered[..., :cheapest] if cheapest else ordered
    there = np.isfinite(taken)
    n = there.sum(axis=-1)
    found = np.where(there, taken, 0.0).sum(axis=-1) / np.where(n > 0, n, 1)
    return np.asarray(np.where((n > 0) & np.logical_not(unknown), found, np.nan))


def of_workers(
    ratios: Floats, weights: Floats | None = None, *, statistic: OfWorkers = "mean"
) -> Floats:
    """Return a statistic of the ratios of workers.

    Parameters
    ----------
    ratios : ndarray (..., workers)
        NaN is left out.
    weights : ndarray (..., workers), optional
        With weights a quantile is the smallest ratio whose cumulative weight reaches the share;
        without, it is interpolated linearly between ranks.
    statistic : {"mean", "median", "percentile_80"}
        Which one.

    Examples
    --------
    >>> of_workers(np.array([3.0, 1.0, np.nan, 0.0]), statistic="median").item()
    1.0
    """
    x = np.asarray(ratios, float)
    w = np.ones_like(x) if weights is None else np.broadcast_to(weights, x.shape)
    broken = (np.isfinite(x) & np.isnan(w)).any(axis=-1)
    w = np.where(np.isfinite(x), w, 0.0)
    if statistic == "mean":
        with np.errstate(invalid="ignore", divide="ignore"):
            found = (np.where(w > 0, x, 0.0) * w).sum(axis=-1) / w.sum(axis=-1)
        return np.asarray(np.where(broken, np.nan, found))
    rows, heavy = x.reshape(-1, x.shape[-1]), w.reshape(-1, x.shape[-1])
    share, out = _SHARES[statistic], np.full(len(rows), np.nan)
    for i, (row, weight) in enumerate(zip(rows, heavy, strict=True)):
        there = np.isfinite(row)
        if weights is not None:
            out[i] = weighted_quantile(row, weight, share)
        elif there.any():
            out[i] = np.quantile(row[there], share)
    return np.asarray(np.where(broken, np.nan, out.reshape(x.shape[:-1])))


def recovery(gains: Floats, costs: Floats, *, ends: Floats) -> Floats:
    """Return the end of the first period by which cumulated gains exceed the costs.

    Parameters
    ----------
    gains : ndarray (..., periods)
        Gain of each period.
    costs : ndarray (...)
        Paid before the first.
    ends : ndarray (periods,)
        Years from the start of the first period to the end of each.

    Returns
    -------
    ndarray (...)
        NaN where the costs are not recovered in the periods there are.

    Examples
    --------
    >>> recovery(np.array([2.0, 2.0, 2.0]), np.array(3.0), ends=np.array([1.0, 2.0, 3.0])).item()
    2.0
    """
    over = np.cumsum(gains, axis=-1) - np.asarray(costs)[..., None] > 0
    first = np.argmax(over, axis=-1)
    broken = np.isnan(gains).any(axis=-1) | np.isnan(costs)
    return np.asarray(np.where(over.any(axis=-1) & ~broken, ends[first], np.nan))


def poverty(income: Floats, persons: Floats, line: Floats) -> Floats:
    """Return the share of persons whose income is below the line.

    Parameters
    ----------
    income, persons : ndarray (..., households)
        Income per person, and persons.
    line : ndarray (...)
        Poverty line per person.

    Examples
    --------
    >>> poverty(np.array([1.0, 3.0]), np.array([2.0, 6.0]), np.array(2.0)).item()
    0.25
    """
    limit = np.asarray(line)[..., None]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(income < limit, persons, 0.0).sum(-1) / persons.sum(-1)
    gone = np.isnan(income).any(-1) | np.isnan(persons).any(-1) | np.isnan(line)
    return np.asarray(np.where(gone, np.nan, found))
