"""Quantiles of a distribution that is known by groups only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def quantile_of_groups(
    counts: NDArray[np.float64],
    lower: NDArray[np.float64],
    width: NDArray[np.float64],
    share: float = 0.5,
) -> NDArray[np.float64]:
    """Return the value below which a share of the counts lies, linear within the group.

    Parameters
    ----------
    counts : ndarray (..., n)
        Counts by group, not negative.
    lower, width : ndarray (n,)
        Lower bounds and widths; ``inf`` for an open group.
    share : float
        Between 0 and 1; 0.5 for the median.

    Returns
    -------
    ndarray (...)
        NaN where all counts are zero, one is missing, or the quantile lies in an open group.

    Examples
    --------
    >>> quantile_of_groups(np.array([20.0, 60.0, 20.0]), np.array([0.0, 15, 65]),
    ...     np.array([15.0, 50, np.inf])).item()
    40.0
    """
    summed = np.cumsum(counts, axis=-1)
    total = summed[..., -1]
    wanted = share * total
    place = np.minimum((summed < wanted[..., None]).sum(axis=-1), counts.shape[-1] - 1)
    inside = np.take_along_axis(counts, place[..., None], -1)[..., 0]
    before = np.take_along_axis(summed, place[..., None], -1)[..., 0] - inside
    with np.errstate(invalid="ignore", divide="ignore"):
        found = lower[place] + width[place] * ((wanted - before) / inside)
    usable = np.isfinite(found) & (total > 0)
    return np.where(usable, found, np.nan)
