"""Preference of digits and irregular ages and sexes, on bare arrays; ages run last."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def bachi(counts: Floats) -> Floats:
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


def age_ratio_score(counts: Floats) -> Floats:
    """Return the mean distance of age ratios from 100.

    Parameters
    ----------
    counts : ndarray (..., k)
        Persons in groups of equal width; the first and the last are neighbours only.

    Returns
    -------
    ndarray (...)
        An age ratio is a hundred times a group over the mean of the groups beside it.

    References
    ----------
    United Nations (1955), Manual II: Methods of Appraisal of Quality of Basic Data for
    Population Estimates, chapter 3.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = 200.0 * counts[..., 1:-1] / (counts[..., :-2] + counts[..., 2:])
    return np.asarray(np.abs(ratio - 100.0).mean(axis=-1))


def sex_ratio_score(men: Floats, women: Floats) -> Floats:
    """Return the mean difference of the sex ratios of neighbouring groups.

    Parameters
    ----------
    men, women : ndarray (..., k)
        Persons in groups of equal width.

    Returns
    -------
    ndarray (...)
        Of men per hundred women.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = 100.0 * men / women
    return np.asarray(np.abs(np.diff(ratio, axis=-1)).mean(axis=-1))
