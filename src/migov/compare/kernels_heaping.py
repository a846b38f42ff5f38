"""Preference of digits in ages reported by single years, on bare arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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
