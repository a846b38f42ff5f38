"""Sobol' indices: which uncertain choice moves a result, alone and with the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Indices(NamedTuple):
    """First-order and total indices with the ends of their bootstrap intervals, each (k,)."""

    first: Floats
    total: Floats
    first_low: Floats
    first_high: Floats
    total_low: Floats
    total_high: Floats
    variance: float


def design(factors: int, samples: int, seed: int) -> tuple[Floats, Floats]:
    """Return two independent sets of points on the unit cube.

    A scrambled Sobol' sequence in twice the number of factors, cut in two.

    Parameters
    ----------
    factors, samples : int
        `samples` is a power of two, so that the sequence is balanced.
    seed : int
        Of the scrambling.

    Returns
    -------
    a, b : ndarray (samples, factors)

    Examples
    --------
    >>> a, b = design(3, 8, seed=1)
    >>> a.shape, bool((a != b).all())
    ((8, 3), True)
    """
    from scipy.stats import qmc

    if factors < 1 or samples < 2 or samples & (samples - 1):
        raise ValueError("samples must be a power of two, factors at least one")
    points = qmc.Sobol(2 * factors, scramble=True, seed=np.random.default_rng(seed)).random(samples)
    return points[:, :factors], points[:, factors:]


def crossed(a: Floats, b: Floats) -> Floats:
    """Return the points of the design: a, b, then a with each column of b in turn.

    Parameters
    ----------
    a, b : ndarray (samples, factors)

    Returns
    -------
    ndarray (factors + 2, samples, factors)
    """
    k = a.shape[1]
    points = np.repeat(a[None], k + 2, axis=0)
    points[1] = b
    for j in range(k):
        points[j + 2, :, j] = b[:, j]
    return points


def indices(
    results: Floats, *, bootstraps: int = 500, seed: int = 0, level: float = 0.9
) -> Indices:
    """Return Sobol' indices from the results at the points of :func:`crossed`.

    Both indices come from squared differences, so that a constant added to the results
    changes nothing: V_i = V - mean((f(b) - f(a_b^i))^2)/2 and T_i = mean((f(a) -
    f(a_b^i))^2)/2.

    Parameters
    ----------
    results : ndarray (factors + 2, samples)
    bootstraps : int
        Resamplings behind the intervals.
    seed : int
        Of the resampling.
    level : float
        Coverage of the intervals.

    Returns
    -------
    Indices
        NaN where the results do not vary.

    References
    ----------
    Jansen, M. J. W. (1999). Computer Physics Communications 117; Saltelli, A. et al. (2010).
    Computer Physics Communications 181(2), table 2 (b), (f).

    Examples
    --------
    >>> a, b = design(2, 1024, seed=3)
    >>> at = crossed(a, b)
    >>> indices(at[..., 0] * 2 + at[..., 1]).first.round(2)
    array([0.8, 0.2])
    """
    f = np.asarray(results, np.float64)
    if f.ndim != 2 or f.shape[0] < 3:
        raise ValueError("results must be (factors + 2) x samples")
    if np.isnan(f).any():
        raise ValueError("a result is missing")
    first, total, variance = _estimate(f[None])
    rng = np.random.default_rng(seed)
    n = f.shape[1]
    firsts, totals = [], []
    for _ in range(bootstraps):
        again = f[:, rng.integers(0, n, n)]
        one, whole, _ = _estimate(again[None])
        firsts.append(one[0])
        totals.append(whole[0])
    ends = ((1.0 - level) / 2.0, (1.0 + level) / 2.0)
    empty = np.full((1, f.shape[0] - 2), np.nan)
    lows = np.quantile(np.array(firsts) if firsts else empty, ends, axis=0)
    wholes = np.quantile(np.array(totals) if totals else empty, ends, axis=0)
    return Indices(first[0], total[0], lows[0], lows[1], wholes[0], wholes[1], float(variance[0]))


def _estimate(f: Floats) -> tuple[Floats, Floats, Floats]:
    a, b, mixed = f[:, 0], f[:, 1], f[:, 2:]
    variance = np.concatenate([a, b], axis=-1).var(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        first = 1.0 - ((b[:, None] - mixed) ** 2).mean(axis=-1) / (2.0 * variance[:, None])
        total = ((a[:, None] - mixed) ** 2).mean(axis=-1) / (2.0 * variance[:, None])
    flat = (variance == 0.0)[:, None]
    return np.where(flat, np.nan, first), np.where(flat, np.nan, total), variance


def sobol(
    function: Callable[[Floats], Floats],
    factors: int,
    samples: int,
    *,
    seed: int = 0,
    bootstraps: int = 500,
    level: float = 0.9,
) -> Indices:
    """Return the Sobol' indices of a function on the unit cube.

    Parameters
    ----------
    function : callable
        Takes points (n, factors), returns results (n,).
    factors, samples : int
        The function is evaluated at samples × (factors + 2) points.
    seed, bootstraps, level
        See :func:`design` and :func:`indices`.

    Examples
    --------
    >>> found = sobol(lambda u: u[:, 0] * u[:, 1], 2, 4096)
    >>> found.first.round(2), found.total.round(2)
    (array([0.43, 0.43]), array([0.57, 0.57]))
    """
    points = crossed(*design(factors, samples, seed))
    flat = points.reshape(-1, factors)
    results = np.asarray(function(flat), np.float64).reshape(points.shape[:2])
    return indices(results, bootstraps=bootstraps, seed=seed, level=level)
