"""Suppression of small cells: which cells of a table of persons must not be shown.

Primary suppression takes out small counts; complementary suppression takes out others, so that
sums along any dimension do not give the first away. The table is thought of with all its
margins, since a reader may add up what is published or find a margin elsewhere.

References
----------
Hundepool and others (2012), Statistical Disclosure Control, chapter 4; Willenborg and de Waal
(2001), Elements of Statistical Disclosure Control, chapter 3.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import lsqr

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

_DENSE = 600
_EXACT = 1e-7


def with_margins(counts: Counts) -> Counts:
    """Return a table with its margins as last entry along every axis.

    Parameters
    ----------
    counts : ndarray (n1, …, nk)
        Counts of persons.

    Returns
    -------
    ndarray (n1 + 1, …, nk + 1)

    Examples
    --------
    >>> with_margins(np.array([[1, 2], [3, 4]])).tolist()
    [[1, 2, 3], [3, 4, 7], [4, 6, 10]]
    """
    out = counts
    for axis in range(counts.ndim):
        out = np.concatenate([out, out.sum(axis=axis, keepdims=True)], axis=axis)
    return out


def suppress(counts: Counts, min_cell: int = 5) -> Mask:
    """Return which cells of a table with its margins must not be shown.

    A count from 1 to below `min_cell` is suppressed. Along each axis, and in every margin, the
    suppressed cells of a line are at least two, and where its sum is shown they add up to at
    least `min_cell`; no suppressed cell follows from the sums that are shown. A zero is shown
    unless nothing else can protect a line.

    Parameters
    ----------
    counts : ndarray (n1, …, nk)
        Counts of persons, not negative.
    min_cell : int
        Smallest count that may be shown; 1 or less suppresses nothing.

    Returns
    -------
    ndarray of bool (n1 + 1, …, nk + 1)
        With the margins as last entry along every axis; ``[:-1, …, :-1]`` for the cells alone.

    Examples
    --------
    >>> suppress(np.array([[20, 3, 30], [40, 50, 60]]))[:-1, :-1]
    array([[ True,  True, False],
           [ True,  True, False]])
    """
    whole = with_margins(np.asarray(counts, np.int64))
    hidden = (whole > 0) & (whole < min_cell)
    if not hidden.any() or whole.ndim == 0:
        return hidden
    while True:
        _protect_lines(whole, hidden, min_cell)
        found = determined(hidden)
        if not found.any():
            return hidden
        # One more cell beside each cell that follows from the rest, but not twice in a line.
        helped: list[tuple[int, ...]] = []
        widened = False
        for place in np.argwhere(found):
            cell = tuple(int(i) for i in place)
            if any(sum(a != b for a, b in zip(cell, other, strict=True)) < 2 for other in helped):
                continue
            helped.append(cell)
            widened |= _widen(whole, hidden, cell)
        if not widened:
            return hidden


def _protect_lines(whole: Counts, hidden: Mask, min_cell: int) -> None:
    """Suppress more cells until no line has one alone, nor a small sum; changes `hidden`."""
    changed = True
    while changed:
        changed = False
        for axis in range(whole.ndim):
            values, masks = np.moveaxis(whole, axis, -1), np.moveaxis(hidden, axis, -1)
            inner = np.where(masks[..., :-1], values[..., :-1], 0).sum(axis=-1)
            small = (inner > 0) & (inner < min_cell) & ~masks[..., -1]
            for place in np.argwhere((masks.sum(axis=-1) == 1) | small):
                line = tuple(int(i) for i in place)
                # A cell added for another line may have helped this one already.
                mask, sums = masks[line], values[line]
                part = sums[:-1][mask[:-1]].sum()
                if mask.sum() == 1 or (0 < part < min_cell and not mask[-1]):
                    changed |= _add(whole, hidden, axis, line)


def _add(whole: Counts, hidden: Mask, axis: int, line: tuple[int, ...]) -> bool:
    """Suppress the cell of a line that costs least; changes `hidden`."""
    places = [(*line[:axis], i, *line[axis:]) for i in range(whole.shape[axis])]
    shown = [place for place in places if not hidden[place]]
    if not shown:
        return False
    hidden[min(shown, key=lambda place: _cost(whole, hidden, axis, place))] = True
    return True


def _cost(
    whole: Counts, hidden: Mask, axis: int, place: tuple[int, ...]
) -> tuple[bool, bool, int, int]:
    """Return what suppressing a cell costs: zeros and sums last, then what it entails.

    In its other lines the cell leaves one alone where none was suppressed, and helps where one
    was; among equals the smallest count goes.
    """
    entails = 0
    for other in range(whole.ndim):
        if other != axis:
            line: tuple[int | slice, ...] = (*place[:other], slice(None), *place[other + 1 :])
            along = int(hidden[line].sum())
            entails += {0: 1, 1: -1}.get(along, 0)
    return bool(whole[place] == 0), place[axis] == whole.shape[axis] - 1, entails, int(whole[place])


def _widen(whole: Counts, hidden: Mask, cell: tuple[int, ...]) -> bool:
    """Suppress one more cell in some line through a cell; changes `hidden`."""
    shown = [
        (_cost(whole, hidden, axis, place), place)
        for axis in range(whole.ndim)
        for i in range(whole.shape[axis])
        if not hidden[place := (*cell[:axis], i, *cell[axis + 1 :])]
    ]
    if not shown:
        return False
    hidden[min(shown)[1]] = True
    return True


def determined(hidden: Mask) -> Mask:
    """Return which suppressed cells follow from the cells that are shown.

    Parameters
    ----------
    hidden : ndarray of bool (n1 + 1, …, nk + 1)
        Suppressed cells of a table with its margins.

    Returns
    -------
    ndarray of bool, same shape
        Cells whose value the linear relations along the axes fix.

    Examples
    --------
    >>> alone = np.zeros((3, 3), bool)
    >>> alone[0, 0] = True
    >>> determined(alone)[0, 0]
    np.True_
    """
    out = np.zeros(hidden.shape, bool)
    cells = np.argwhere(hidden)
    if not len(cells):
        return out
    relations = _relations(hidden, cells)
    graph = relations.T @ relations
    number, parts = connected_components(graph, directed=False)
    order = np.argsort(parts, kind="stable")
    ends = np.cumsum(np.bincount(parts, minlength=number))
    for part in np.split(order, ends[:-1]):
        fixed = _fixed(relations[:, part])
        out[tuple(cells[part[fixed]].T)] = True
    return out


def _relations(hidden: Mask, cells: NDArray[np.intp]) -> csr_array:
    """Return the relations of the suppressed cells: a row each line, a column each cell."""
    shape = np.asarray(hidden.shape)
    rows, columns, signs, start = [], [], [], 0
    for axis in range(hidden.ndim):
        others = [i for i in range(hidden.ndim) if i != axis]
        if others:
            line = np.ravel_multi_index(tuple(cells[:, others].T), tuple(shape[others]))
        else:
            line = np.zeros(len(cells), np.intp)
        rows.append(start + line)
        columns.append(np.arange(len(cells)))
        signs.append(np.where(cells[:, axis] == shape[axis] - 1, -1.0, 1.0))
        start += int(np.prod(shape[others], dtype=np.int64))
    data = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
    whole = csr_array(coo_array(data, shape=(start, len(cells))))
    return whole[np.flatnonzero(np.diff(whole.indptr))]


def _fixed(relations: csr_array) -> Mask:
    """Return which unknowns have one value only in all solutions of the relations."""
    used = relations[np.flatnonzero(np.diff(relations.indptr))]
    size = used.shape[1]
    if size <= _DENSE:
        free = null_space(used.toarray())
        return np.asarray(np.abs(free).max(axis=1, initial=0.0) < _EXACT)
    # Too many for a decomposition: two arbitrary points are projected on the solutions; an
    # unknown that neither moves is fixed, but for a chance of measure zero.
    moved = np.zeros(size)
    for turn in (1, 2):
        point = np.random.default_rng(turn).standard_normal(size)
        step = lsqr(used, used @ point, atol=1e-13, btol=1e-13, iter_lim=20 * size)[0]
        moved = np.maximum(moved, np.abs(point - step))
    return np.asarray(moved < _EXACT)


def lines(shape: tuple[int, ...]) -> list[tuple[tuple[int, ...], int]]:
    """Return every line of a table with margins, as an index without its axis and the axis.

    Examples
    --------
    >>> len(lines((3, 4)))
    7
    """
    return [
        (index, axis)
        for axis in range(len(shape))
        for index in itertools.product(*(range(n) for i, n in enumerate(shape) if i != axis))
    ]
