"""What happens after how long, where some are still watched: on bare arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _survival(durations: Floats, happened: Floats) -> tuple[Floats, Floats]:
    """Return the distinct durations of a series and the product-limit survival after each."""
    at, place = np.unique(durations, return_inverse=True)
    events = np.bincount(place, weights=happened > 0.5, minlength=at.size)
    gone = np.bincount(place, minlength=at.size)
    watched = durations.size - np.concatenate([[0], np.cumsum(gone)[:-1]])
    return at, np.asarray(np.cumprod(1.0 - events / watched), np.float64)


def _complete(durations: Floats, happened: Floats) -> bool:
    return bool(durations.size and np.isfinite(durations).all() and np.isfinite(happened).all())


def _incidence(durations: Floats, happened: Floats, within: float) -> float:
    if not _complete(durations, happened):
        return np.nan
    at, left = _survival(durations, happened)
    if within > at[-1] * (1 + 1e-12) and left[-1] > 0:
        return np.nan
    past = np.flatnonzero(at <= within * (1 + 1e-12))
    return 0.0 if not past.size else float(1.0 - left[past[-1]])


def _restricted_mean(durations: Floats, happened: Floats, limit: float) -> float:
    if not _complete(durations, happened):
        return np.nan
    at, left = _survival(durations, happened)
    if limit > at[-1] * (1 + 1e-12) and left[-1] > 0:
        return np.nan
    edges = np.concatenate([[0.0], np.minimum(at, limit), [limit]])
    heights = np.concatenate([[1.0], left])
    return float(np.sum(np.diff(edges) * heights))


def incidence(durations: Floats, happened: Floats, *, within: float) -> Floats:
    """Return the share to whom something happened within a time, by the product-limit method.

    Parameters
    ----------
    durations : ndarray (..., cases)
        Time until it happened, or until the case was last watched.
    happened : ndarray (..., cases)
        1 where it happened, 0 where the case was still open.
    within : float
        In the unit of the durations.

    Returns
    -------
    ndarray (...)
        NaN where a value is missing, or nobody was watched for so long.

    Examples
    --------
    >>> incidence(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 0.0, 1.0, 0.0]), within=3).item()
    0.625

    References
    ----------
    Kaplan and Meier (1958), J. American Statistical Association 53(282), equation 2b.
    """
    return np.asarray(
        np.vectorize(_incidence, signature="(n),(n),()->()")(durations, happened, within)
    )


def restricted_mean(durations: Floats, happened: Floats, *, limit: float) -> Floats:
    """Return the mean duration, where a longer one counts as the limit.

    Parameters
    ----------
    durations, happened : ndarray (..., cases)
        As in :func:`incidence`.
    limit : float
        In the unit of the durations.

    Returns
    -------
    ndarray (...)
        The area under the product-limit curve up to the limit; NaN where a value is missing,
        or the curve does not reach it.

    Examples
    --------
    >>> restricted_mean(np.array([1.0, 3.0]), np.array([1.0, 1.0]), limit=5).item()
    2.0
    >>> restricted_mean(np.array([1.0, 3.0]), np.array([1.0, 0.0]), limit=3).item()
    2.0
    """
    return np.asarray(
        np.vectorize(_restricted_mean, signature="(n),(n),()->()")(durations, happened, limit)
    )
