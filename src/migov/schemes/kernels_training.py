"""Heads of training cohorts on bare arrays, exactly and without steps.

A cohort of one enters at ``start``, drops out at a constant rate during `length` so that
``1 - dropout`` finish, and finishes at ``start + length``. Times are in years.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def rate_of(length: Floats, dropout: Floats) -> Floats:
    """Return the rate of dropping out in 1/year: ``-log(1 - dropout) / length``."""
    return np.asarray(-np.log1p(-dropout) / length)


def in_training(since: Floats, length: Floats, dropout: Floats) -> Floats:
    """Return who is in training `since` years after entry, of one; 0 before it and at its end."""
    left = np.exp(-rate_of(length, dropout) * np.maximum(since, 0.0))
    return np.asarray(np.where((since >= 0) & (since < length), left, 0.0))


def dropped(start: Floats, end: Floats, length: Floats, dropout: Floats) -> Floats:
    """Return who drops out between two times since entry, of one."""
    rate = rate_of(length, dropout)
    first, last = np.clip(start, 0.0, length), np.clip(end, 0.0, length)
    return np.asarray(-np.expm1(-rate * (last - first)) * np.exp(-rate * first))


def finished(start: Floats, end: Floats, length: Floats, dropout: Floats) -> Floats:
    """Return who finishes after `start` and up to `end`, of one."""
    return np.asarray(np.where((start < length) & (length <= end), 1.0 - dropout, 0.0))


def years_in_training(start: Floats, end: Floats, length: Floats, dropout: Floats) -> Floats:
    """Return person-years of training between two times since entry, of one."""
    rate = rate_of(length, dropout)
    first, last = np.clip(start, 0.0, length), np.clip(end, 0.0, length)
    width = last - first
    x = rate * width
    # (1 - exp(-x)) / x by its series where x is small, so that no digits are lost.
    mean = np.where(x > 1e-5, -np.expm1(-x) / np.where(x > 0, x, 1.0), 1 - x / 2 + x * x / 6)
    return np.asarray(np.exp(-rate * first) * width * mean)
