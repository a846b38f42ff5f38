"""Suppression: an attacker with all the sums that are shown learns no small count."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from migov.numeric import suppression
from migov.numeric.suppression import determined, lines, suppress, with_margins


def attack(hidden: np.ndarray) -> set[tuple[int, ...]]:
    """Solve the sums exactly, by fractions: the suppressed cells that have one value only."""
    cells = [tuple(int(i) for i in cell) for cell in np.argwhere(hidden)]
    place = {cell: i for i, cell in enumerate(cells)}
    matrix = []
    for index, axis in lines(hidden.shape):
        row = [Fraction(0)] * len(cells)
        for i in range(hidden.shape[axis]):
            cell = (*index[:axis], i, *index[axis:])
            if cell in place:
                row[place[cell]] = Fraction(-1 if i == hidden.shape[axis] - 1 else 1)
        if any(row):
            matrix.append(row)
    pivots, r = [], 0
    for column in range(len(cells)):
        found = next((i for i in range(r, len(matrix)) if matrix[i][column]), None)
        if found is None:
            continue
        matrix[r], matrix[found] = matrix[found], matrix[r]
        lead = matrix[r][column]
        matrix[r] = [value / lead for value in matrix[r]]
        for i in range(len(matrix)):
            if i != r and matrix[i][column]:
                times = matrix[i][column]
                matrix[i] = [a - times * b for a, b in zip(matrix[i], matrix[r], strict=True)]
        pivots.append(column)
        r += 1
    return {
        cells[column]
        for column, row in zip(pivots, matrix, strict=False)
        if sum(1 for value in row if value) == 1
    }


TABLES = hnp.arrays(
    np.int64,
    hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4),
    elements=st.one_of(st.integers(0, 8), st.integers(0, 200)),
)


@settings(max_examples=80, deadline=None)
@given(TABLES, st.integers(2, 10))
def test_no_small_count_is_shown_or_follows(counts, min_cell):
    whole = with_margins(counts)
    hidden = suppress(counts, min_cell)
    small = (whole > 0) & (whole < min_cell)
    assert not (small & ~hidden).any()
    assert attack(hidden) == set() or hidden.all()
    for index, axis in lines(whole.shape):
        cut = (*index[:axis], slice(None), *index[axis:])
        values, mask = whole[cut], hidden[cut]
        if mask[:-1].any() and not mask[-1]:
            assert values[:-1][mask[:-1]].sum() >= min_cell or values[:-1].sum() == 0
        assert mask.sum() != 1


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(bool, hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4)))
def test_what_follows_agrees_with_exact_elimination(hidden):
    assert {tuple(int(i) for i in cell) for cell in np.argwhere(determined(hidden))} == attack(
        hidden
    )


def test_a_bridge_between_two_protected_blocks_follows():
    # each line has two suppressed cells or none, save for one cell that links two blocks
    hidden = np.zeros((6, 6), bool)
    hidden[0:2, 0:2] = hidden[3:5, 3:5] = True
    hidden[1, 3] = True
    assert determined(hidden)[1, 3]
    assert not determined(hidden)[0, 0]


def test_large_components_agree_with_the_decomposition(monkeypatch):
    rng = np.random.default_rng(3)
    hidden = rng.random((12, 12)) < 0.25
    exact = determined(hidden)
    monkeypatch.setattr(suppression, "_DENSE", 0)
    assert exact.any()
    assert np.array_equal(determined(hidden), exact)


def test_nothing_to_suppress():
    counts = np.array([[10, 0], [20, 30]])
    assert not suppress(counts).any()
    assert not suppress(np.array([[1, 2]]), min_cell=1).any()


def test_margins():
    assert np.array_equal(with_margins(np.array([1, 2])), [1, 2, 3])


@pytest.mark.parametrize("seed", range(3))
def test_a_table_of_office_size_keeps_most_cells(seed):
    counts = np.random.default_rng(seed).poisson(40, (30, 6, 2))
    counts[3, 2, 1] = 2
    hidden = suppress(counts)
    assert hidden[3, 2, 1]
    assert hidden.mean() < 0.05
