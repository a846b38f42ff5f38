"""Agreement between judges: Kendall's W, Krippendorff's alpha, intraclass correlations."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from migov.numeric.ranks import ranks

Floats = NDArray[np.float64]


class Concordance(NamedTuple):
    """Kendall's W with Friedman's chi-square, its degrees of freedom and p value."""

    w: float
    chi_square: float
    degrees: int
    p: float


def kendall_w(ratings: Floats, *, tolerance: float = 1e-9) -> Concordance:
    """Return Kendall's coefficient of concordance, corrected for ties.

    Parameters
    ----------
    ratings : ndarray (judges, items)
        Scores or ranks; each judge's row is ranked. No missing values.
    tolerance : float
        Scores that differ by less, relative to the judge's largest, are ties.

    Raises
    ------
    ValueError
        Fewer than two judges or items, a missing value, or all judges tie everything.

    Examples
    --------
    >>> kendall_w(np.array([[1.0, 2, 3], [1, 2, 3]])).w
    1.0

    References
    ----------
    Kendall, M. G. and Babington Smith, B. (1939). Annals of Mathematical Statistics 10(3).
    """
    x = np.asarray(ratings, np.float64)
    if x.ndim != 2 or min(x.shape) < 2:
        raise ValueError("ratings must be at least 2 judges x 2 items")
    if np.isnan(x).any():
        raise ValueError("ratings has missing values: W needs every judge on every item")
    m, n = x.shape
    placed = ranks(x, ties="average", tolerance=tolerance)
    sums = placed.sum(axis=0)
    ties = 0.0
    for row in placed:
        _, counts = np.unique(row, return_counts=True)
        ties += float(((counts.astype(float) ** 3) - counts).sum())
    spread = float(((sums - m * (n + 1) / 2.0) ** 2).sum())
    most = m * m * (n**3 - n) - m * ties
    if most <= 0:
        raise ValueError("every judge ties every item: there is nothing to agree on")
    w = 12.0 * spread / most
    chi = m * (n - 1) * w
    return Concordance(w, chi, n - 1, float(chdtrc(n - 1, chi)))


def krippendorff_alpha(
    ratings: Floats, level: Literal["nominal", "ordinal", "interval", "ratio"] = "nominal"
) -> float:
    """Return Krippendorff's alpha, with missing ratings.

    Parameters
    ----------
    ratings : ndarray (judges, units)
        Values as numbers; NaN for missing.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What a difference of two values means.

    Returns
    -------
    float
        1 for perfect agreement, 0 for chance; NaN where all ratings are one value.

    Raises
    ------
    ValueError
        No unit has two ratings, or negative values at the ratio level.

    Examples
    --------
    >>> krippendorff_alpha(np.array([[1.0, 2, 3], [1, 2, 3]]))
    1.0

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability.
    """
    x = np.asarray(ratings, np.float64)
    if x.ndim != 2:
        raise ValueError("ratings must be judges x units")
    values = np.unique(x[~np.isnan(x)])
    counts = np.array([(x == value).sum(axis=0) for value in values], float).reshape(
        values.size, x.shape[1]
    )
    rated = counts.sum(axis=0)
    counts, rated = counts[:, rated > 1], rated[rated > 1]
    if rated.size == 0:
        raise ValueError("no unit has two ratings")
    together = (counts / (rated - 1.0)) @ counts.T - np.diag((counts / (rated - 1.0)).sum(axis=1))
    totals = together.sum(axis=1)
    distance = _distance(values, totals, level)
    everyone = totals.sum()
    expected = float((np.outer(totals, totals) * distance).sum() / (everyone - 1.0))
    if expected == 0.0:
        return float("nan")
    return float(1.0 - float((together * distance).sum()) / expected)


def _distance(values: Floats, totals: Floats, level: str) -> Floats:
    """Return squared differences between values at a level of measurement."""
    a, b = values[:, None], values[None, :]
    if level == "nominal":
        return np.asarray((a != b).astype(float))
    if level == "interval":
        return np.asarray((a - b) ** 2)
    if level == "ratio":
        if np.any(values < 0):
            raise ValueError("the ratio level has no negative values")
        with np.errstate(invalid="ignore"):
            return np.where(a + b > 0, ((a - b) / (a + b)) ** 2, 0.0)
    if level == "ordinal":
        summed = np.cumsum(totals)
        between = np.abs(summed[:, None] - summed[None, :])
        low = np.minimum.outer(np.arange(values.size), np.arange(values.size))
        high = np.maximum.outer(np.arange(values.size), np.arange(values.size))
        return np.where(a == b, 0.0, (between + totals[low] / 2.0 - totals[high] / 2.0) ** 2)
    raise ValueError(f"level={level!r}: 'nominal', 'ordinal', 'interval' or 'ratio'")


def intraclass_correlations(ratings: Floats) -> dict[str, float]:
    """Return the six intraclass correlations of single and averaged ratings.

    Parameters
    ----------
    ratings : ndarray (targets, judges)
        No missing values.

    Returns
    -------
    dict of str to float
        ``ICC11 ICC21 ICC31`` for one judge (one-way, two-way random, two-way fixed) and
        ``ICC1k ICC2k ICC3k`` for the mean of all.

    Examples
    --------
    >>> found = intraclass_correlations(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    >>> round(found["ICC31"], 6), round(found["ICC11"], 6)
    (1.0, 0.882353)

    References
    ----------
    Shrout, P. E. and Fleiss, J. L. (1979). Psychological Bulletin 86(2).
    """
    x = np.asarray(ratings, np.float64)
    if x.ndim != 2 or min(x.shape) < 2 or np.isnan(x).any():
        raise ValueError("ratings must be at least 2 targets x 2 judges, none missing")
    n, k = x.shape
    grand = x.mean()
    rows = k * float(((x.mean(axis=1) - grand) ** 2).sum())
    columns = n * float(((x.mean(axis=0) - grand) ** 2).sum())
    whole = float(((x - grand) ** 2).sum())
    between = rows / (n - 1)
    judges = columns / (k - 1)
    within = (whole - rows) / (n * (k - 1))
    error = (whole - rows - columns) / ((n - 1) * (k - 1))
    return {
        "ICC11": (between - within) / (between + (k - 1) * within),
        "ICC21": (between - error) / (between + (k - 1) * error + k * (judges - error) / n),
        "ICC31": (between - error) / (between + (k - 1) * error),
        "ICC1k": (between - within) / between,
        "ICC2k": (between - error) / (between + (judges - error) / n),
        "ICC3k": (between - error) / between,
    }
