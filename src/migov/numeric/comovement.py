"""Co-movement of two series, with Fisher's interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri


def comovement(
    first: NDArray[np.float64], second: NDArray[np.float64], level: float = 0.8
) -> tuple[float, float, float, int]:
    """Return the correlation of two series, its interval, and the number of pairs.

    Parameters
    ----------
    first, second : ndarray (n,)
        Pairs with a missing number are left out.
    level : float
        Of the interval, from Fisher's z with standard error ``1 / sqrt(n - 3)``.

    Returns
    -------
    tuple
        Correlation, low, high, n; NaN where a series does not move, and the whole range from
        -1 to 1 where fewer than four pairs leave no interval.

    References
    ----------
    Fisher (1921), On the "probable error" of a coefficient of correlation, Metron 1.

    Examples
    --------
    >>> comovement(np.array([1.0, 2, 3, 4]), np.array([2.0, 4, 6, 8]))[0].__round__(6)
    1.0
    """
    good = np.isfinite(first) & np.isfinite(second)
    a, b = first[good], second[good]
    n = int(good.sum())
    if n < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return np.nan, np.nan, np.nan, n
    da, db = a - a.mean(), b - b.mean()
    r = float(np.clip((da * db).sum() / np.sqrt((da**2).sum() * (db**2).sum()), -1, 1))
    if n < 4:
        return r, -1.0, 1.0, n
    z = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
    half = float(ndtri(0.5 + level / 2)) / np.sqrt(n - 3)
    return r, float(np.tanh(z - half)), float(np.tanh(z + half)), n


def trend_of(years: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Return slope per year and its standard error by least squares.

    Parameters
    ----------
    years, values : ndarray (n,)
        Dates in years, and values; those that are not finite are left out.

    Returns
    -------
    slope, error : float
        NaN with fewer than two, and three, values.

    Examples
    --------
    >>> trend_of(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]))
    (2.0, 0.0)
    """
    good = np.isfinite(values)
    years, values = years[good], values[good]
    if years.size < 2:
        return np.nan, np.nan
    deviation = years - years.mean()
    spread = float((deviation**2).sum())
    slope = float((deviation * values).sum() / spread)
    if years.size < 3:
        return slope, np.nan
    left = values - values.mean() - slope * deviation
    return slope, float(np.sqrt((left**2).sum() / (years.size - 2) / spread))
