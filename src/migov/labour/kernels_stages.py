"""A stage that takes time: who is through, who failed, who gave up, who waits; bare numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def shares(
    delay: ArrayLike, drop_out: ArrayLike, width: float, periods: int
) -> tuple[Floats, Floats, Floats]:
    """Return what has become of an even inflow by the end of each period since it entered.

    Parameters
    ----------
    delay : array_like (...)
        How long the stage takes, in years.
    drop_out : array_like (...)
        Rate at which people give up while they wait, in 1/year.
    width : float
        Length of a period in years; people enter evenly over it.
    periods : int
        How many periods are looked at, the first is that of the entry.

    Returns
    -------
    through, gone, waiting : ndarray (periods, ...)
        Shares of those who entered who have come to the end of the stage, have given up, and
        still wait, each computed from its own integral; they sum to one.

    Examples
    --------
    >>> through, gone, waiting = shares(1.5, 0.0, 1.0, 3)
    >>> through.tolist(), waiting.tolist()
    ([0.0, 0.5, 1.0], [1.0, 0.5, 0.0])
    """
    d, mu = (np.asarray(x, np.float64) for x in np.broadcast_arrays(delay, drop_out))
    k = np.arange(periods).reshape(-1, *[1] * d.ndim)
    # Time since entry at the end of period k is even over [k, k + 1] widths.
    low = np.asarray(k * width, np.float64)
    high = np.asarray((k + 1) * width, np.float64)
    edge = np.asarray(np.clip(d, low, high), np.float64)
    through = np.exp(-mu * d) * (high - edge) / width
    gone = (_lost(edge, mu) - _lost(low, mu) - np.expm1(-mu * d) * (high - edge)) / width
    waiting = _mean_survival(low, edge, mu, width)
    return through, np.asarray(gone), waiting


def _lost(t: Floats, mu: Floats) -> Floats:
    """Return the integral of 1 - exp(-mu t) from 0 to t."""
    x = mu * t
    small = x < 1e-2
    series = x / 2 - x**2 / 6 + x**3 / 24 - x**4 / 120 + x**5 / 720
    safe = np.where(small, 1.0, x)
    return np.asarray(t * np.where(small, series, 1.0 + np.expm1(-safe) / safe))


def _mean_survival(low: Floats, high: Floats, mu: Floats, width: float) -> Floats:
    """Return the integral of exp(-mu t) from low to high, per width."""
    length = high - low
    x = mu * length
    # (1 - exp(-x)) / x, which is 1 where nobody gives up.
    ratio = np.divide(-np.expm1(-x), x, out=np.ones(np.shape(x)), where=x > 0)
    return np.asarray(np.exp(-mu * low) * ratio * length / width)
