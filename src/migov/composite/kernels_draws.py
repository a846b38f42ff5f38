"""Kernels behind robustness: draws of data, weights and methods, evaluated together.

Every operation runs along the last axis column by column in one fixed order, so that a draw
has the same bits whichever draws it is computed with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from migov.numeric.streams import key, stream

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BLOCK = 256
"""Draws that are evaluated together: their values stay in the processor's cache."""


class Noise:
    """Standard normal errors of every cell, keyed by area and indicator.

    Parameters
    ----------
    seed : int
    units : sequence of tuple of str
        Labels of each unit.
    indicators : sequence of str

    Notes
    -----
    :meth:`next` gives the errors of the next draws; the sequence of a cell does not depend
    on how many are taken at a time.
    """

    def __init__(
        self, seed: int, units: Sequence[tuple[str, ...]], indicators: Sequence[str]
    ) -> None:
        self._streams = [
            [_fast_stream(seed, "composite data", indicator, *unit) for unit in units]
            for indicator in indicators
        ]

    def next(self, order: Integers) -> Floats:
        """Return the errors of the next draws (i, u, draws), put in an order of the draws."""
        out = np.empty((len(self._streams), len(self._streams[0]), order.size))
        buffer = np.empty(order.size)
        for rows, streams in zip(out, self._streams, strict=True):
            for row, one in zip(rows, streams, strict=True):
                one.standard_normal(out=buffer)
                np.take(buffer, order, out=row, mode="clip")  # no check: faster by half
        return out


def _fast_stream(seed: int, *words: str) -> np.random.Generator:
    """Return a stream of the same keys by a generator that is a third faster for normals."""
    return np.random.Generator(np.random.SFC64(key(seed, *words)))


def picks(seed: int, words: Sequence[str], choices: int, draws: int) -> Integers:
    """Return a choice for each draw, equally likely, from a stream of its own."""
    return chosen(stream(seed, *words).random(draws), choices)


def chosen(u: Floats, choices: int) -> Integers:
    """Return the choice that each number from 0 to below 1 means."""
    return np.minimum((u * choices).astype(np.int64), choices - 1)


def weight_factors(
    seed: int, nodes: Sequence[str], low: Sequence[float], high: Sequence[float], draws: int
) -> Floats:
    """Return factors of the nodes' weights, each uniform on its own interval (n, draws)."""
    out = np.ones((len(nodes), draws))
    for row, node, least, most in zip(out, nodes, low, high, strict=True):
        if most > least:
            row[:] = least + (most - least) * stream(seed, "composite weights", node).random(draws)
        else:
            row[:] = least
    return out


def persons(seed: int, counts: Floats, draws: int) -> Integers:
    """Return a person for each draw, each as likely as it counts, from a stream of its own."""
    ends = np.cumsum(counts) / np.sum(counts)
    u = stream(seed, "composite person").random(draws)
    return np.minimum(np.searchsorted(ends, u, side="right"), len(ends) - 1)


def evaluate(
    base: Floats,
    members: Integers,
    first: Integers,
    second: Integers,
    factors: Floats,
    scale: Sequence[Callable[[Floats], Floats]],
    combine: Sequence[Callable[[Floats, Floats], Floats]],
    noise: tuple[Floats, Floats] | None = None,
) -> Floats:
    """Return the result of every draw.

    Parameters
    ----------
    base : ndarray (i, u, m)
        Values of the members.
    members, first, second : ndarray of int (d,)
        Member, way to the common scale, and way of combining of each draw.
    factors : ndarray (n, d)
        Of the weights.
    scale : sequence of callable
        Each takes (i, u, b) and returns (i, u, b).
    combine : sequence of callable
        Each takes (i, u, b) and factors (n, b), returns (u, b).
    noise : tuple of ndarray, optional
        Standard errors (i, u, 1), and standard normal errors (i, u, d) of each draw; draws of
        one way to the scale and of combining then stand together.

    Returns
    -------
    ndarray (u, d)
    """
    out = np.empty((base.shape[1], members.size))
    for way, to_scale in enumerate(scale):
        draws = np.flatnonzero(first == way)
        if not draws.size:
            continue
        few = noise is None and base.shape[2] <= BLOCK and draws.size > base.shape[2]
        every = to_scale(base) if few else None
        for kind, together in enumerate(combine):
            for at in blocks(draws[second[draws] == kind]):
                if every is not None:
                    x = np.take(every, members[at], axis=2)
                else:
                    x = to_scale(_drawn(base, members, at, noise))
                out[:, at] = together(x, factors[:, at])
    return out


def _drawn(
    base: Floats, members: Integers, at: Integers, noise: tuple[Floats, Floats] | None
) -> Floats:
    """Return the values (i, u, b) of some draws."""
    if noise is None:
        return np.take(base, members[at], axis=2)
    error, normal = noise
    beside = at[-1] - at[0] + 1 == at.size
    x = (normal[:, :, at[0] : at[-1] + 1] if beside else np.take(normal, at, axis=2)) * error
    x += base if base.shape[2] == 1 else np.take(base, members[at], axis=2)
    return x


def blocks(draws: Integers) -> list[Integers]:
    """Return the draws in blocks of at most :data:`BLOCK`."""
    return [draws[start : start + BLOCK] for start in range(0, draws.size, BLOCK)]


def acceptability(places: Floats) -> Floats:
    """Return the share of draws in which each unit has each place.

    Parameters
    ----------
    places : ndarray (u, d)
        Ranks from 1; NaN where a unit has none.

    Returns
    -------
    ndarray (u, u)
        Units by places; a row of a unit that is missing in some draws sums to less than one.
    """
    u, d = places.shape
    there = ~np.isnan(places)
    flat = (np.arange(u)[:, None] * u + np.where(there, places, 1.0).astype(np.int64) - 1)[there]
    return np.asarray(np.bincount(flat, minlength=u * u).reshape(u, u) / d)


def classes(scores: Floats, limits: Sequence[float], tolerance: float) -> Integers:
    """Return how many limits each score reaches, -1 where it is missing.

    A score below a limit by at most `tolerance` times the limit reaches it.
    """
    out = np.zeros(scores.shape, np.int64)
    for limit in limits:
        with np.errstate(invalid="ignore"):
            out += scores >= limit - tolerance * abs(limit)
    return np.where(np.isnan(scores), -1, out)
