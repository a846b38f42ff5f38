"""Exact means, sums and minima of ratios of integers, along a tree; bare arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from migov.numeric.exact import numerators

Booleans = NDArray[np.bool_]

_SAFE = 2.0**62


class Ratios(NamedTuple):
    """Ratios of integers over cells.

    Parameters
    ----------
    num, den : ndarray of int64, or of Python's integers where they would not fit (cells,)
        The denominator is positive.
    on : ndarray of bool (cells,)
        Where the ratio is defined.
    out : ndarray of bool (cells,)
        Where the node does not apply.
    """

    num: NDArray[Any]
    den: NDArray[Any]
    on: Booleans
    out: Booleans


def _largest(x: NDArray[Any]) -> float:
    return float(np.abs(x).max(initial=0))


def _reduced(num: NDArray[Any], den: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    common = np.gcd(np.abs(num), den)
    return num // common, den // common


def added(parts: Sequence[Ratios], weights: Sequence[int]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the weighted sum of the defined ratios, in lowest terms.

    Goes over to Python's integers where an int64 could overflow.

    Examples
    --------
    >>> on = np.array([True]); off = ~on; one = np.array([1])
    >>> third = Ratios(one, np.array([3]), on, off)
    >>> half = Ratios(one, np.array([2]), on, off)
    >>> [int(x[0]) for x in added([third, half], [1, 2])]
    [4, 3]
    """
    dens = [np.where(part.on, part.den, 1) for part in parts]
    widest = float(np.prod([_largest(den) for den in dens]))
    most = sum(w * _largest(part.num) for w, part in zip(weights, parts, strict=True))
    if widest * max(most, 1.0) >= _SAFE:
        dens = [den.astype(object) for den in dens]
    whole = reduce(np.lcm, dens)
    total = np.zeros_like(whole)
    for weight, part, den in zip(weights, parts, dens, strict=True):
        total = total + np.where(part.on, part.num, 0) * (whole // den) * weight
    return _reduced(total, whole)


def least(parts: Sequence[Ratios]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the smallest of the defined ratios; 0 / 1 where none is."""
    num, den = np.zeros_like(parts[0].num), np.ones_like(parts[0].den)
    found = np.zeros(num.shape, np.bool_)
    for part in parts:
        left, right = part.num.astype(object) * den, num.astype(object) * part.den
        take = part.on & (~found | (left < right).astype(np.bool_))
        num, den = np.where(take, part.num, num), np.where(take, part.den, den)
        found |= part.on
    return num, den


def combine(
    parts: Sequence[Ratios], weights: Sequence[Fraction], aggregate: str, missing: str
) -> Ratios:
    """Return one node from its children.

    Parameters
    ----------
    parts : sequence of Ratios
    weights : sequence of Fraction
        Not negative.
    aggregate : {"mean", "sum", "minimum"}
    missing : {"zero", "answered", "open"}
        Undefined children count as zero; are left out; leave the node undefined. Children
        that do not apply are left out, by ``zero`` counted as zero.
    """
    counted = [(part, weight) for part, weight in zip(parts, weights, strict=True) if weight > 0]
    if missing == "zero":
        filled = [
            part._replace(
                num=np.where(part.on, part.num, 0),
                den=np.where(part.on, part.den, 1),
                on=np.ones_like(part.on),
            )
            for part, _ in counted
        ]
        out = np.logical_and.reduce([part.out for part, _ in counted])
    else:
        filled = [part for part, _ in counted]
        out = np.logical_and.reduce([part.out for part in filled])
    on = np.logical_or.reduce([part.on for part in filled])
    if missing == "open":
        on &= np.logical_and.reduce([part.on | part.out for part in filled])
    if aggregate == "minimum":
        return Ratios(*least(filled), on, out)
    whole, below = numerators(weight for _, weight in counted)
    num, den = added(filled, whole)
    if aggregate == "sum":
        return Ratios(*_times(num, den, np.int64(1), np.int64(below)), on, out)
    heard = np.zeros(on.shape, np.int64)
    for part, weight in zip(filled, whole, strict=True):
        heard = heard + np.where(part.on, weight, 0)
    return Ratios(*_times(num, den, np.int64(1), np.where(heard > 0, heard, 1)), on, out)


def _times(
    num: NDArray[Any], den: NDArray[Any], above: Any, below: Any
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return a ratio times another, in lowest terms."""
    if _largest(den) * _largest(np.asarray(below)) >= _SAFE:
        den = den.astype(object)
    return _reduced(num * above, den * below)


def along(
    items: Mapping[str, Ratios],
    steps: Sequence[tuple[str, Sequence[tuple[str, Fraction]]]],
    rules: Mapping[str, tuple[str, str]],
) -> dict[str, Ratios]:
    """Return all nodes of a tree.

    Parameters
    ----------
    items : mapping of str to Ratios
    steps : sequence of (node, children with weights)
        From the bottom to the root.
    rules : mapping of str to (aggregate, missing)
    """
    found = dict(items)
    for name, children in steps:
        parts = [found[child] for child, _ in children]
        found[name] = combine(parts, [weight for _, weight in children], *rules[name])
    return found


def scatter(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    area: NDArray[np.int64],
    item: NDArray[np.int64],
    shape: tuple[int, int, int],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for each row in force from date `first` to before `last`, its cells.

    Parameters
    ----------
    first, last, area, item : ndarray of int64 (rows,)
    shape : (areas, times, items)

    Returns
    -------
    rows : ndarray of int64 (cells,)
        The row that fills each cell.
    cells : ndarray of int64 (cells,)
        Flat places in an array of `shape`.
    """
    lengths = np.maximum(last - first, 0)
    rows = np.repeat(np.arange(len(first)), lengths)
    begins = np.repeat(np.cumsum(lengths) - lengths, lengths)
    time = np.arange(rows.size) - begins + first[rows]
    return rows, (area[rows] * shape[1] + time) * shape[2] + item[rows]
