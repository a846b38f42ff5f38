"""How well ages are reported: preference of digits, smoothness by age and sex."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SCALES = {"index": 100.0, "ratio": 1.0}
"""Whipple's index as the United Nations print it, and as a ratio."""


def window(lower: int, upper: int, digits: tuple[int, ...]) -> tuple[list[int], int, int]:
    """Return the ages that end in the digits, and the first and last age they are held against.

    Two digits five apart have two ages on either side of each; one digit has seven before and
    two after, so that each age stands in a window of five or ten whole ages.

    Examples
    --------
    >>> window(25, 60, (0, 5))[1:], window(25, 60, (0,))
    ((23, 62), ([30, 40, 50, 60], 23, 62))
    """
    chosen = [age for age in range(lower, upper + 1) if age % 10 in digits]
    return chosen, chosen[0] - (7 if len(digits) == 1 else 2), chosen[-1] + 2


def whipple(counts: Array, lower: int, upper: int, digits: tuple[int, ...] = (0, 5)) -> Array:
    """Return Whipple's index as a ratio: 1 for no preference, 5 or 10 for all of it.

    Parameters
    ----------
    counts : ndarray (..., ages)
        Persons at single ages 0, 1, 2, …, at least up to the end of :func:`window`.
    lower, upper : int
        First and last age, both included.
    digits : tuple of int
        Last digits of age: one, or two that are five apart.

    Returns
    -------
    ndarray (...)

    Examples
    --------
    >>> whipple(np.ones(101), 25, 60).item()
    1.0
    """
    chosen, start, end = window(lower, upper, digits)
    around = counts[..., start : end + 1].sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(counts[..., chosen].sum(axis=-1) * (10 / len(digits)) / around)


def myers(counts: Array, lower: int, upper: int, whole: bool) -> Array:
    """Return Myers' blended index: 0 for no preference, 90 where all ages end alike.

    Each digit is summed once from `lower` and once from ten years later, blended by weights
    1 to 10 and 9 to 0, so that the fall of numbers with age cancels.

    Parameters
    ----------
    counts : ndarray (..., ages)
        Persons at single ages 0, 1, 2, …, at least up to `upper`.
    lower, upper : int
        First and last age; their number a multiple of ten, at least twenty.
    whole : bool
        Whether the first sum takes all decades, or leaves out the last so that both sums take
        the same number of ages.

    Returns
    -------
    ndarray (...)

    Examples
    --------
    >>> myers(np.ones(101), 10, 89, False).item()
    0.0
    """
    decades = counts[..., lower : upper + 1].reshape(*counts.shape[:-1], -1, 10)
    first = (decades if whole else decades[..., :-1, :]).sum(axis=-2)
    later = decades[..., 1:, :].sum(axis=-2)
    blended = first * np.arange(1, 11) + later * np.arange(9, -1, -1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = blended / blended.sum(axis=-1, keepdims=True)
    return np.asarray(50.0 * np.abs(share - 0.1).sum(axis=-1))


def bachi(counts: Array) -> Array:
    """Return Bachi's index of the preference for last digits of age.

    Parameters
    ----------
    counts : ndarray (..., 65)
        Persons at single ages 18 to 82.

    Returns
    -------
    ndarray (...)
        0 for no preference, 90 where all ages end in one digit: the sum of what the shares of
        digits exceed ten percent by. The share of a digit is that of five ages in the fifty
        years around them, the outermost two counted half; digits 3 to 7 have two such sets
        in 23-77, whose sums are joined.

    Examples
    --------
    >>> bachi(np.ones(65)).item()
    0.0

    References
    ----------
    Bachi (1951), Bulletin of the International Statistical Institute 33(4).
    """
    first = 18
    most = counts.max(axis=-1, keepdims=True)
    counts = counts / np.where(most > 0, most, 1.0)  # sums of the largest numbers stay
    over = np.zeros(counts.shape[:-1])
    for digit in range(10):
        found = [age for age in range(23, 78) if age % 10 == digit]
        sets = [found] if len(found) == 5 else [found[:5], found[1:]]
        inside = np.zeros(counts.shape[:-1])
        around = np.zeros(counts.shape[:-1])
        for chosen in sets:
            low, high = chosen[0] - 5 - first, chosen[-1] + 5 - first
            inside = inside + counts[..., [age - first for age in chosen]].sum(axis=-1)
            ends = (counts[..., low] + counts[..., high]) / 2.0
            around = around + counts[..., low : high + 1].sum(axis=-1) - ends
        with np.errstate(invalid="ignore", divide="ignore"):
            share = 100.0 * inside / around
        over = over + np.where(share > 10.0, share - 10.0, 0.0 * share)
    return np.asarray(over)


def age_ratio_score(counts: Array) -> Array:
    """Return the mean deviation of age ratios from a hundred, as the United Nations print it.

    An age ratio is twice the persons of a group over those of the two beside it.

    Parameters
    ----------
    counts : ndarray (..., ages)
        Persons in at least three age groups of one width.

    Returns
    -------
    ndarray (...)

    Examples
    --------
    >>> age_ratio_score(np.array([10.0, 12.0, 10.0])).item().__round__(6)
    20.0
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = 2.0 * counts[..., 1:-1] / (counts[..., :-2] + counts[..., 2:])
    return np.asarray(100.0 * np.abs(ratios - 1.0).mean(axis=-1))


def sex_ratio_score(men: Array, women: Array) -> Array:
    """Return the mean change of men per hundred women from one age group to the next.

    Parameters
    ----------
    men, women : ndarray (..., ages)
        Persons in at least two age groups.

    Returns
    -------
    ndarray (...)

    Examples
    --------
    >>> sex_ratio_score(np.array([10.0, 12.0]), np.array([10.0, 10.0])).item().__round__(6)
    20.0
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = men / women
    return np.asarray(100.0 * np.abs(np.diff(ratios, axis=-1)).mean(axis=-1))


def age_sex_accuracy(men: Array, women: Array, *, whole: Array, adjust: bool) -> Array:
    """Return the joint score: thrice the sex ratio score and both age ratio scores.

    Parameters
    ----------
    men, women : ndarray (..., ages)
        Persons in closed groups of five years.
    whole : ndarray (...)
        All persons, those of the open group included.
    adjust : bool
        Whether the part of chance in a population under a million is taken off.

    Returns
    -------
    ndarray (...)

    References
    ----------
    United Nations (1952), Population Bulletin 2, 59-79.
    """
    score = 3.0 * sex_ratio_score(men, women) + age_ratio_score(men) + age_ratio_score(women)
    if not adjust:
        return score
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = 3500.0 / np.sqrt(whole) - 3.5
    return np.asarray(np.where(whole < 1e6, score - chance, score))
