"""How an index goes on, on bare arrays: random walks with drift, autoregressions, their paths."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Walk(NamedTuple):
    """A random walk with drift, or an autoregression, of each index.

    Parameters
    ----------
    drift : ndarray
        Mean step, or the constant of the autoregression.
    drift_error : ndarray
        Standard error of the drift.
    spread : ndarray
        Standard deviation of a step's deviation.
    persistence : ndarray
        What is left of the value after a step: 1 for a walk.
    """

    drift: Array
    drift_error: Array
    spread: Array
    persistence: Array


def random_walk(index: Array) -> Walk:
    """Return the random walk with drift of series along the last axis."""
    steps = np.diff(index, axis=-1)
    n = steps.shape[-1]
    drift = (index[..., -1] - index[..., 0]) / n
    spread = np.sqrt(((steps - drift[..., None]) ** 2).sum(axis=-1) / (n - 1))
    return Walk(drift, spread / np.sqrt(n), spread, np.ones_like(drift))


def autoregression(index: Array) -> Walk:
    """Return the autoregression of order one, by least squares along the last axis."""
    before, after = index[..., :-1], index[..., 1:]
    n = before.shape[-1]
    x = before - before.mean(axis=-1, keepdims=True)
    square = (x * x).sum(axis=-1)
    left = (x * after).sum(axis=-1) / np.where(square > 0, square, 1.0)
    constant = after.mean(axis=-1) - left * before.mean(axis=-1)
    rest = after - constant[..., None] - left[..., None] * before
    spread = np.sqrt((rest**2).sum(axis=-1) / (n - 2))
    return Walk(constant, np.zeros_like(constant), spread, left)


def path(walk: Walk, last: Array, drawn: Array, drift_drawn: Array) -> Array:
    """Return paths that start from the last value.

    Parameters
    ----------
    walk : Walk
        Parameters (...).
    last : ndarray (...)
        Value from which the paths start.
    drawn : ndarray (h, ...)
        Standard normal draws of the steps, zero for the central path.
    drift_drawn : ndarray (...)
        Standard normal draws of the drift's error, zero to leave it out.

    Returns
    -------
    ndarray (h, ...)
    """
    out = np.empty(drawn.shape)
    drift = walk.drift + walk.drift_error * drift_drawn
    state = np.broadcast_to(last, drawn.shape[1:])
    for h in range(len(drawn)):
        state = drift + walk.persistence * state + walk.spread * drawn[h]
        out[h] = state
    return out


def path_spread(walk: Walk, steps: int, with_drift: bool) -> Array:
    """Return the standard deviation of paths (steps, ...) about the central one."""
    h = np.arange(1, steps + 1).reshape((-1,) + (1,) * walk.drift.ndim)
    kept = walk.persistence**2
    whole = np.where(kept == 1, h, (1 - kept**h) / np.where(kept == 1, 1.0, 1 - kept))
    variance = walk.spread**2 * whole
    if with_drift:
        variance = variance + (walk.drift_error * h) ** 2
    return np.asarray(np.sqrt(variance))
