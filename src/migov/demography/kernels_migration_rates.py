"""Net migration rates over areas on bare arrays: paths of autoregressions, sums brought to zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def autoregressive_paths(
    start: Array, level: Array, persistence: Array, spread: Array, normal: Array
) -> Array:
    """Return paths that return to a level: r(t) = mu + phi (r(t-1) - mu) + sigma z(t).

    Parameters
    ----------
    start : ndarray (areas, 1)
        Rate in the last period known.
    level, persistence, spread : ndarray (areas, members)
        ``mu``, ``phi``, ``sigma`` of each area and member.
    normal : ndarray (periods, areas, members)
        Standard normal draws.

    Returns
    -------
    ndarray (periods, areas, members)
    """
    out = np.empty_like(normal)
    apart = start - level
    for t, z in enumerate(normal):
        apart = persistence * apart + spread * z
        out[t] = level + apart
    return out


def ordered_sum(x: Array) -> Array:
    """Return sums over the first axis, in one order of adding whatever lies beside it."""
    total = np.zeros(x.shape[1:])
    for row in x:
        total = total + row
    return total


def shifted_to_zero(net: Array, weight: Array) -> Array:
    """Return numbers with their sum taken off in proportion to weights.

    Parameters
    ----------
    net, weight : ndarray (areas, ...)
        Net migrants, and persons (or ones, for equal shares).
    """
    return np.asarray(net - weight * (ordered_sum(net) / ordered_sum(weight)))


def scaled_to_zero(net: Array) -> Array:
    """Return numbers scaled so that gains equal losses; no area changes its sign.

    Gains and losses both become the mean of what the two were.

    Parameters
    ----------
    net : ndarray (areas, ...)
        With gains and losses in every cell of the other axes, or with neither.
    """
    gain = ordered_sum(np.maximum(net, 0.0))
    loss = ordered_sum(np.maximum(-net, 0.0))
    middle = (gain + loss) / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(net > 0, middle / gain, np.where(net < 0, middle / loss, 0.0))
    return np.asarray(net * factor)
