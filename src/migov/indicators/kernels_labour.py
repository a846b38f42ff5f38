"""Education mismatch, occupational dissimilarity and shortage signals on bare arrays."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from migov.core.errors import InputError

Floats = NDArray[np.float64]
Outcome = Literal["over", "under", "any"]
REQUIRED = {"1": (5, 8), "2": (5, 8), "3": (5, 8), "9": (0, 2), **dict.fromkeys("45678", (3, 4))}
"""Levels of ISCED 2011 that the major groups of ISCO-08 ask for."""


def normative(majors: list[str], spans: list[tuple[int, int] | None]) -> Floats:
    """Return which pairs of occupation and education are matched by the norm.

    Parameters
    ----------
    majors : list of str (occupations)
        Major groups of ISCO-08.
    spans : list of (int, int) or None (levels)
        Lowest and highest level of ISCED 2011.

    Returns
    -------
    ndarray (occupations, levels)
        1 over-educated, 0 matched, -1 under-educated; NaN for armed forces and what is not known.

    Examples
    --------
    >>> normative(["2", "9", "0"], [(0, 2), (5, 8)])
    array([[-1.,  0.],
           [ 0.,  1.],
           [nan, nan]])
    """
    out = np.full((len(majors), len(spans)), np.nan)
    for i, major in enumerate(majors):
        for j, span in enumerate(spans):
            if major in REQUIRED and span is not None:
                low, high = REQUIRED[major]
                out[i, j] = float(span[0] > high) - float(span[1] < low)
    return out


def mismatched_by_norm(counts: Floats, *, sides: Floats, outcome: Outcome = "any") -> Floats:
    """Return the share of workers whose education is unlike what the norm asks for.

    Parameters
    ----------
    counts : ndarray (..., occupations, levels)
        Persons.
    sides : ndarray (occupations, levels)
        As :func:`normative` returns them; cells that are not rated are in neither number.
    outcome : {"over", "under", "any"}
        Who is counted.

    Examples
    --------
    >>> sides = np.array([[-1.0, 0.0], [0.0, 1.0]])
    >>> mismatched_by_norm(np.array([[1.0, 3.0], [2.0, 4.0]]), sides=sides, outcome="over").item()
    0.4
    """
    rated = counts * np.isfinite(sides)
    chosen = {"over": sides > 0, "under": sides < 0, "any": np.abs(sides) > 0}[outcome]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((rated * chosen).sum((-2, -1)) / rated.sum((-2, -1)))


def thresholds(counts: Floats, years: Floats, method: str) -> tuple[Floats, Floats]:
    """Return the years of schooling above and below which one is mismatched.

    Parameters
    ----------
    counts : ndarray (..., levels)
        Persons of one occupation; sums are taken over the last axis.
    years : ndarray (..., levels)
        Years of schooling of each level, which may repeat.
    method : {"mean", "mode"}
        One standard deviation (n - 1) around the mean, or the mode (the smallest of several).

    Returns
    -------
    low, high : ndarray (...)
        NaN where an occupation is empty.

    Examples
    --------
    >>> low, high = thresholds(np.array([1.0, 2.0, 1.0]), np.array([9.0, 12.0, 15.0]), "mode")
    >>> low.item(), high.item()
    (12.0, 12.0)
    """
    counts, years = np.broadcast_arrays(np.asarray(counts, float), np.asarray(years, float))
    n = counts.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        if method == "mean":
            mean = (counts * years).sum(axis=-1) / n
            apart = (counts * (years - mean[..., None]) ** 2).sum(axis=-1)
            spread = np.sqrt(apart / (n - 1.0))
            return mean - spread, mean + spread
        together = np.stack(
            [np.where(years == years[..., [j]], counts, 0.0).sum(-1) for j in range(n_last(years))],
            axis=-1,
        )
        best = together.max(axis=-1, keepdims=True)
        mode = np.where(together >= best, years, np.inf).min(axis=-1)
    mode = np.where(n > 0, mode, np.nan)
    return mode, mode


def n_last(x: Floats) -> int:
    """Return the length of the last axis."""
    return int(x.shape[-1])


def mismatched(
    counts: Floats, years: Floats, *, method: str = "mean", outcome: Outcome = "any"
) -> Floats:
    """Return the share of workers whose schooling is unlike that of their occupation.

    Parameters
    ----------
    counts : ndarray (..., occupations, levels)
        Persons.
    years : ndarray (..., levels)
        Years of schooling of each level.
    method : {"mean", "mode"}
        As in :func:`thresholds`.
    outcome : {"over", "under", "any"}
        Who is counted.

    Returns
    -------
    ndarray (...)

    Examples
    --------
    >>> mismatched(np.array([[1.0, 2.0, 1.0]]), np.array([9.0, 12.0, 15.0]), outcome="over").item()
    0.25
    """
    counts = np.asarray(counts, float)
    levels = np.asarray(years, float)[..., None, :]
    low, high = thresholds(counts, levels, method)
    with np.errstate(invalid="ignore", divide="ignore"):
        over, under = levels > high[..., None], levels < low[..., None]
        chosen = {"over": over, "under": under, "any": over | under}[outcome]
        found = np.where(chosen, counts, 0.0).sum((-2, -1)) / counts.sum((-2, -1))
    whole = ~(np.isnan(counts).any((-2, -1)) | np.isnan(levels).any((-2, -1)))
    return np.asarray(np.where(whole, found, np.nan))


def dissimilarity(a: Floats, b: Floats, *, form: str = "duncan") -> Floats:
    """Return how unlike two groups are distributed over occupations.

    Parameters
    ----------
    a, b : ndarray (..., n)
        Persons of the two groups, who together are all workers.
    form : {"duncan", "size_standardised", "karmel_maclachlan"}
        Half the sum of differences of shares; the same with each occupation of one size; or the
        share of all workers who would have to change occupation with the structure kept.

    Examples
    --------
    >>> a, b = np.array([3.0, 1.0]), np.array([1.0, 3.0])
    >>> [dissimilarity(a, b, form=f).item() for f in ("duncan", "karmel_maclachlan")]
    [0.5, 0.25]

    References
    ----------
    Duncan and Duncan (1955), American Sociological Review 20(2). Gross (1968), Social Problems
    16(2). Karmel and MacLachlan (1988), Economic Record 64(3).
    """
    x, y = np.asarray(a, float), np.asarray(b, float)
    both = x + y
    with np.errstate(invalid="ignore", divide="ignore"):
        if form == "karmel_maclachlan":
            share = x.sum(-1, keepdims=True) / both.sum(-1, keepdims=True)
            moved = np.abs((1.0 - share) * x - share * y)
            return np.asarray(moved.sum(-1) / both.sum(-1))
        if form == "size_standardised":
            # an occupation that nobody has is in neither share
            x, y = (np.where(both == 0, 0.0, part / both) for part in (x, y))
        shares = x / x.sum(-1, keepdims=True), y / y.sum(-1, keepdims=True)
    return np.asarray(np.abs(shares[0] - shares[1]).sum(-1) / 2.0)


def distances(x: Floats, weights: Floats) -> Floats:
    """Return each value's distance from the weighted mean, in weighted standard deviations.

    Parameters
    ----------
    x, weights : ndarray (..., n)
        A signal of each occupation, and its persons.

    Examples
    --------
    >>> distances(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    array([-1.,  1.])
    """
    total = weights.sum(-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (weights * x).sum(-1, keepdims=True) / total
        spread = np.sqrt((weights * (x - mean) ** 2).sum(-1, keepdims=True) / total)
        # occupations that do not differ stand at the mean, whatever is left of rounding
        level = spread <= 1e-12 * np.abs(x).max(-1, keepdims=True)
        return np.asarray(np.where(level, 0.0, (x - mean) / spread))


def shortage_index(*signals: Floats, weights: tuple[float, ...], signs: tuple[int, ...]) -> Floats:
    """Return the weighted mean of signals as distances from the economy.

    Parameters
    ----------
    *signals : ndarray (..., occupations)
        The signals, and last the persons of each occupation.
    weights, signs : tuple (signals,)
        Weight of each signal, and -1 where a low one is a sign of shortage.

    Examples
    --------
    >>> wages, idle, heads = np.array([0.03, 0.01]), np.array([0.04, 0.08]), np.array([1.0, 1.0])
    >>> shortage_index(wages, idle, heads, weights=(1.0, 1.0), signs=(1, -1))
    array([ 1., -1.])
    """
    *given, persons = signals
    parts = [
        sign * weight * distances(x, persons)
        for x, weight, sign in zip(given, weights, signs, strict=True)
    ]
    with np.errstate(invalid="ignore"):  # no weight at all: no index
        return np.asarray(sum(parts) / np.float64(sum(weights)))


def shortage_points(scores: Floats, *, classes: bool = False) -> Floats:
    """Return the mean of the scores that there are, or its class.

    Parameters
    ----------
    scores : ndarray (..., indicators)
        Whole numbers from 0 to 3; NaN where an indicator is not scored.
    classes : bool
        2 for shortage (2.0 and more), 1 for watched (1.5 to below 2.0), 0 for none.

    Raises
    ------
    InputError
        A score that the scale does not have.

    Examples
    --------
    >>> shortage_points(np.array([3.0, 2.0, np.nan, 1.0])).item()
    2.0
    """
    present = np.isfinite(scores)
    whole = np.where(present, np.rint(scores), 0.0)
    off = present & ((np.abs(scores - whole) > 1e-6) | (whole > 3))
    if off.any():
        raise InputError(
            "BAShortagePoints",
            f"scores holds {scores[off].flat[0]:g}, expected 0, 1, 2 or 3",
            "score the indicators by the agency's classes first",
            7,
            "scores",
        )
    n, total = present.sum(-1), whole.sum(-1)
    if classes:  # whole numbers: 1.5 and 2.0 are met exactly
        found = (2.0 * total >= 3.0 * n).astype(float) + (total >= 2.0 * n)
    else:
        found = total / np.where(n > 0, n, 1)
    return np.asarray(np.where(n > 0, found, np.nan))


def median(x: Floats) -> Floats:
    """Return the median along the last axis; a missing value makes it missing.

    Examples
    --------
    >>> median(np.array([30.0, 10.0, 20.0])).item()
    20.0
    """
    return np.asarray(np.median(x, axis=-1))
