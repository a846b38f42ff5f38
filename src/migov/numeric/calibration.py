"""How well a set of draws told what came: continuous ranked score, rank of the truth, coverage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def crps(draws: Floats, seen: Floats, *, fair: bool = False) -> Floats:
    """Return the continuous ranked probability score of draws.

    Parameters
    ----------
    draws : ndarray (..., m)
        Draws of a forecast, in any order.
    seen : ndarray (...)
        What came.
    fair : bool
        Whether the draws stand for the distribution that they come from (their spread is then
        divided by m (m - 1), and needs two draws) or for themselves (m²).

    Returns
    -------
    ndarray (...)
        ``E|X - y| - E|X - X'| / 2``, in the unit of the draws; 0 for a sure and right forecast.

    Examples
    --------
    >>> crps(np.array([[0.0, 1.0]]), np.array([0.5]))
    array([0.25])

    References
    ----------
    Gneiting and Raftery (2007), Journal of the American Statistical Association 102(477).
    Ferro (2014), Quarterly Journal of the Royal Meteorological Society 140(683).
    """
    m = draws.shape[-1]
    placed = np.sort(draws, axis=-1)
    away = np.abs(placed - seen[..., None]).mean(axis=-1)
    weights = 2.0 * np.arange(1, m + 1) - m - 1.0
    pairs = (placed * weights).sum(axis=-1)
    return np.asarray(away - pairs / (m * (m - 1) if fair else m * m))


def pit(draws: Floats, seen: Floats) -> Floats:
    """Return the place of the truth among the draws, from 0 to 1.

    Parameters
    ----------
    draws : ndarray (..., m)
        Draws.
    seen : ndarray (...)
        What came.

    Returns
    -------
    ndarray (...)
        ``(below + (equal + 1) / 2) / (m + 1)``: evenly spread where draws and truth come from
        one distribution.

    Examples
    --------
    >>> pit(np.array([1.0, 2.0, 3.0]), np.array(2.5))
    array(0.625)
    """
    below = (draws < seen[..., None]).sum(axis=-1)
    equal = (draws == seen[..., None]).sum(axis=-1)
    return np.asarray((below + 0.5 * (equal + 1.0)) / (draws.shape[-1] + 1.0))


def interval_score(lower: Floats, upper: Floats, seen: Floats, level: float) -> Floats:
    """Return the score of a central interval: its width and what it missed.

    Parameters
    ----------
    lower, upper : ndarray (...)
        Ends.
    seen : ndarray (...)
        What came.
    level : float
        Share that the interval ought to hold, between 0 and 1.

    Returns
    -------
    ndarray (...)
        In the unit of the ends; small is good.

    Examples
    --------
    >>> interval_score(np.array(1.0), np.array(3.0), np.array(4.0), 0.8)
    array(12.)

    References
    ----------
    Gneiting and Raftery (2007), equation 43.
    """
    missed = np.maximum(lower - seen, 0.0) + np.maximum(seen - upper, 0.0)
    return np.asarray(upper - lower + 2.0 / (1.0 - level) * missed)
