"""Kernels of weights that come from the data. Scores are (k, u): children by units."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares, linprog

from migov.numeric.moments import correlation

Floats = NDArray[np.float64]


def first_component(x: Floats) -> tuple[Floats, Floats]:
    """Return the first eigenvector of the correlations, and all shares of the variance.

    Parameters
    ----------
    x : ndarray (k, u)
        Pairs of children are correlated over the units where both are present.

    Returns
    -------
    loadings : ndarray (k,)
        Of length one, turned so that their sum is positive.
    shares : ndarray (k,)
        Falling; NaN, both, where a correlation is undefined.
    """
    k = x.shape[0]
    r = np.ones((1, 1)) if k == 1 else correlation(x.T, x.T)
    if np.isnan(r).any():
        return np.full(k, np.nan), np.full(k, np.nan)
    roots, vectors = np.linalg.eigh((r + r.T) / 2.0)
    first = vectors[:, -1]
    return first * (1.0 if first.sum() >= 0 else -1.0), roots[::-1] / k


def entropy_weights(x: Floats) -> Floats:
    """Return Shannon's entropy weights of children with non-negative values.

    Shares p = x / sum x; e = -sum p ln p / ln n; weight = (1 - e) / sum (1 - e).

    Parameters
    ----------
    x : ndarray (k, u)

    Raises
    ------
    ValueError
        A negative value, fewer than two units, or no child that differs between units.
    """
    out = np.empty(x.shape[0])
    for i, row in enumerate(x):
        values = row[~np.isnan(row)]
        if values.size < 2 or np.any(values < 0) or values.sum() <= 0:
            raise ValueError(f"child {i} is negative, all zero, or present in fewer than two units")
        p = values / values.sum()
        terms = p[p > 0]
        out[i] = 1.0 + float((terms * np.log(terms)).sum()) / np.log(values.size)
    if out.sum() <= 0:
        raise ValueError("no child differs between the units")
    return np.asarray(out / out.sum())


def importances(x: Floats, score: Floats) -> Floats:
    """Return squared correlations of children with the score, scaled to sum to one (k,).

    Parameters
    ----------
    x : ndarray (k, u)
    score : ndarray (u,)
    """
    r = correlation(x.T, score[:, None])[:, 0]
    squared = r * r
    return np.asarray(squared / squared.sum())


def importance_weights(x: Floats, wanted: Floats) -> Floats:
    """Return weights of a weighted mean under which the importances are as wanted.

    Parameters
    ----------
    x : ndarray (k, u)
        Without missing values.
    wanted : ndarray (k,)
        Positive; scaled to sum to one.

    Raises
    ------
    ArithmeticError
        No weights reach them: strong correlations can make importances unattainable.
    """
    target = wanted / wanted.sum()
    covariance = np.cov(x)
    spread = np.sqrt(np.diag(covariance))

    def gap(logs: Floats) -> Floats:
        w = np.exp(logs - logs.max())
        r2 = (covariance @ w / spread) ** 2
        return np.asarray(r2 / r2.sum() - target)

    found = least_squares(gap, np.log(target), xtol=1e-15, ftol=1e-15, gtol=1e-15)
    w = np.exp(found.x - found.x.max())
    if float(np.abs(gap(found.x)).max()) > 1e-6:
        raise ArithmeticError(
            f"nearest importances differ from those wanted by {np.abs(gap(found.x)).max():.3g}"
        )
    return np.asarray(w / w.sum())


def benefit_of_doubt(x: Floats, minimum_share: float = 0.0) -> tuple[Floats, Floats]:
    """Return each unit's best score under weights by which no unit passes one, and the weights.

    Maximise w·y over w >= 0 with w·y_j <= 1 for every unit j; with a minimum share s, each
    w_i y_i is at least s times the unit's total.

    Parameters
    ----------
    x : ndarray (k, u)
        Not negative, without missing values.
    minimum_share : float
        Below 1/k.

    Returns
    -------
    scores : ndarray (u,)
        At most one.
    weights : ndarray (k, u)

    References
    ----------
    Cherchye, L. et al. (2007). Social Indicators Research 82(1).
    """
    k, u = x.shape
    scores, weights = np.empty(u), np.empty((k, u))
    limit = np.ones(u)
    for j in range(u):
        own = x[:, j]
        bounds, least = x.T, limit
        if minimum_share > 0:
            floors = minimum_share * own[None, :] - np.diag(own)
            bounds, least = np.vstack([x.T, floors]), np.concatenate([limit, np.zeros(k)])
        found = linprog(-own, bounds, least, method="highs")
        if not found.success or found.x is None:
            raise ArithmeticError(f"unit {j}: the linear programme failed ({found.message})")
        weights[:, j] = found.x
        scores[j] = float(own @ found.x)
    return scores, weights


def cronbach_alpha(x: Floats) -> float:
    """Return Cronbach's alpha over the units where every child is present.

    Parameters
    ----------
    x : ndarray (k, u)

    Returns
    -------
    float
        NaN for one child or fewer than two complete units; negative where children run
        against each other.
    """
    whole = x[:, ~np.isnan(x).any(axis=0)]
    k = whole.shape[0]
    if k < 2 or whole.shape[1] < 2:
        return float("nan")
    total = whole.sum(axis=0).var(ddof=1)
    if total == 0:
        return float("nan")
    return float(k / (k - 1) * (1.0 - whole.var(axis=1, ddof=1).sum() / total))
