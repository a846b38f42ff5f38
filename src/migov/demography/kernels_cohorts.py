"""Cohorts followed between two censuses, on bare arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def blended(first: Array, last: Array, part: float, exponential: bool) -> Array:
    """Return values between two, of constant change or of constant growth.

    Parameters
    ----------
    first, last : ndarray (...)
        Not negative.
    part : float
        From 0 to 1.
    exponential : bool
        Constant growth; from or to nobody the change is constant.
    """
    straight = first + (last - first) * part
    if not exponential:
        return np.asarray(straight)
    both = (first > 0) & (last > 0)
    ratio = np.divide(last, first, out=np.ones_like(straight), where=both)
    return np.asarray(np.where(both, first * ratio**part, straight))


def between_censuses(first: Array, last: Array, born: Array, step: int, exponential: bool) -> Array:
    """Return the population some group widths after the first of two censuses.

    Parameters
    ----------
    first, last : ndarray (ages, ...)
        Groups of one width, the last one open; more groups than widths between the censuses.
    born : ndarray (widths, ...)
        Births in each width of time between the censuses.
    step : int
        Widths after the first census, from 0 to their number.
    exponential : bool
        As in :func:`blended`.

    Returns
    -------
    ndarray (ages, ...)
        Those who are in the open group at the second census are one cohort, and its change is
        common to the ages that it has come from; the newborn change from the middle of the time
        in which they were born.
    """
    widths, top = len(born), len(first) - 1
    if step in (0, widths):
        return np.array(first if step == 0 else last)
    out = np.zeros_like(first)
    part = step / widths
    alone = top - widths
    out[step : step + alone] = blended(first[:alone], last[widths:top], part, exponential)
    old = first[alone:]
    before = old.sum(axis=0)
    now = blended(before, last[top], part, exponential)
    share = np.divide(old, before, out=np.zeros_like(old), where=before > 0)
    share[-1] = np.where(before > 0, share[-1], 1.0)
    for i, row in enumerate(share * now):
        out[min(alone + i + step, top)] += row
    for b in range(step):
        middle = b + 0.5
        grown = (step - middle) / (widths - middle)
        out[step - 1 - b] = blended(born[b], last[widths - 1 - b], grown, exponential)
    return out
