"""Roots of many functions of one number at once, each kept between two ends, on bare arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Roots(NamedTuple):
    """Where functions are zero.

    Parameters
    ----------
    at : ndarray
        The places; missing where there is none.
    nearest : ndarray
        The value nearest to zero that was met where there is none, missing elsewhere.
    """

    at: Array
    nearest: Array


def crossings(f: Callable[[Array], Array], low: Array, high: Array, parts: int = 32) -> Roots:
    """Return the first zero of each function between two ends.

    Parameters
    ----------
    f : callable
        From an array of places to the values there, cell by cell.
    low, high : ndarray (...)
        Ends of each cell, of one shape.
    parts : int
        Parts in which a change of sign is looked for, from `low` upwards.

    Returns
    -------
    Roots
        To about 1e-15 of the length. False position with the Illinois rule, and a halving
        wherever that has not halved the bracket: a straight line takes one step.
    """
    left, right = low.copy(), low.copy()
    at_left = f(low)
    at_right = at_left.copy()
    found = at_left == 0
    nearest = np.abs(at_left)
    signed = at_left.copy()
    for i in range(1, parts + 1):
        place = low + (high - low) * (i / parts)
        value = f(place)
        closer = np.abs(value) < nearest
        nearest, signed = np.where(closer, np.abs(value), nearest), np.where(closer, value, signed)
        new = ~found & (np.sign(value) != np.sign(at_left)) & np.isfinite(value)
        right, at_right = np.where(new, place, right), np.where(new, value, at_right)
        found |= new
        left, at_left = np.where(found, left, place), np.where(found, at_left, value)
        if found.all():
            break
    root = _narrowed(f, (left, at_left), (right, at_right), high - low)
    return Roots(np.where(found, root, np.nan), np.where(found, np.nan, signed))


def _narrowed(
    f: Callable[[Array], Array], one: tuple[Array, Array], two: tuple[Array, Array], span: Array
) -> Array:
    """Return the root of each bracket; a bracket of one place is its own root."""
    (a, fa), (b, fb) = one, two
    best = np.where(np.abs(fa) <= np.abs(fb), a, b)
    least = np.minimum(np.abs(fa), np.abs(fb))
    weight_a, weight_b = np.ones_like(a), np.ones_like(a)
    wide = b - a
    for turn in range(200):
        open_ = (b - a > 1e-15 * span) & (least > 0)
        if not open_.any():
            break
        top, bottom = fb * weight_b, fa * weight_a
        with np.errstate(divide="ignore", invalid="ignore"):
            guess = (a * top - b * bottom) / (top - bottom)
        slow = (turn % 3 == 2) & (b - a > 0.125 * wide)
        middle = (a + b) / 2.0
        place = np.where(slow | ~((guess > a) & (guess < b)), middle, guess)
        place = np.where(open_, place, best)
        wide = np.where(turn % 3 == 2, b - a, wide)
        value = f(place)
        better = open_ & (np.abs(value) < least)
        best, least = np.where(better, place, best), np.where(better, np.abs(value), least)
        same = np.sign(value) == np.sign(fa)
        weight_b = np.where(open_ & same, np.where(weight_a == 1.0, weight_b, 1.0) / 2.0, 1.0)
        weight_a = np.where(open_ & ~same, 0.5, 1.0)
        a, fa = np.where(open_ & same, place, a), np.where(open_ & same, value, fa)
        b, fb = np.where(open_ & ~same, place, b), np.where(open_ & ~same, value, fb)
    return best
