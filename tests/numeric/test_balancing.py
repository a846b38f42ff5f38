"""Balancing of tables: published cases, peers, the array-rescaling loop, identities."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.numeric.balancing import balance


def rescaled(seed, rows, columns, tolerance=1e-12):
    """Rescale the whole table in turn until its margins fit."""
    x = np.array(seed, float)
    for _ in range(20_000):
        x = x * np.nan_to_num(rows / x.sum(axis=1))[:, None]
        x = x * np.nan_to_num(columns / x.sum(axis=0))
        if np.abs(x.sum(axis=1) - rows).max() <= tolerance * np.max(rows):
            return x
    raise AssertionError("the loop does not end")


def cases(shared):
    return json.loads((shared / "golden/flows/ipf/ipf_cases.json").read_text())


def test_two_margins_against_peer(shared):
    seen = 0
    for case in cases(shared):
        given_ = case["inputs"]
        if not case["peer"].startswith(("migest 2.0.5 cm2", "migest 2.0.5 ipf2")):
            continue
        if "col_tot" not in given_:
            continue
        rows, columns = np.array(given_["row_tot"], float), np.array(given_["col_tot"], float)
        seed = np.array(given_.get("seed", np.ones((len(rows), len(columns)))), float)
        fit = balance(seed, rows, columns, tolerance=1e-13)
        expected = np.array(case["expected"]["n"])
        # The peer stops at about 1e-6 unless its tolerance is stated.
        loose = 1e-9 if "1e-12" in case["peer"] else 3e-6
        np.testing.assert_allclose(fit.table, expected, rtol=loose, atol=1e-9)
        np.testing.assert_allclose(fit.table, rescaled(seed, rows, columns), rtol=1e-10)
        seen += 1
    assert seen >= 5


def test_margins_by_birthplace_are_a_stack(shared):
    seen = 0
    for case in cases(shared):
        if case["peer"] != "migest 2.0.5 ipf3":
            continue
        start, end = (
            np.array(case["inputs"][f"stock_{at}_birth_by_residence"], float)
            for at in ("start", "end")
        )
        seed = np.array(case["inputs"].get("seed_orig_by_dest", np.ones((4, 4))), float)
        fit = balance(seed, start, end, tolerance=1e-12)
        expected = np.array(case["expected"]["flow_birth_by_orig_by_dest"])
        np.testing.assert_allclose(fit.table, expected, rtol=2e-5, atol=2e-3)
        np.testing.assert_allclose(fit.table.sum(axis=2), start, rtol=1e-10)
        np.testing.assert_allclose(fit.table.sum(axis=1), end, rtol=1e-10)
        seen += 1
    assert seen == 2


@pytest.mark.parametrize(
    "name", ["small_3x2", "assortative_20x15", "large_surplus_10x10", "no_singles_6x5"]
)
def test_choo_siow_against_peer(shared, name):
    case = json.loads((shared / f"golden/labour/choo_siow/{name}.json").read_text())
    kernel = np.exp(np.array(case["joint_surplus_phi"]) / 2)
    alone = name != "no_singles_6x5"
    fit = balance(
        kernel, case["worker_margins_n"], case["post_margins_m"], alone=alone, tolerance=1e-13
    )
    np.testing.assert_allclose(fit.table, case["expected"]["mu"], rtol=1e-11)
    if alone:
        np.testing.assert_allclose(fit.a**2, case["expected"]["unmatched_workers"], rtol=1e-11)
        np.testing.assert_allclose(fit.b**2, case["expected"]["unmatched_posts"], rtol=1e-11)


@given(st.integers(0, 2**32 - 1), st.integers(1, 7), st.integers(1, 7), st.floats(0, 0.5))
@settings(max_examples=150, deadline=None)
def test_against_rescaling(seed, rows, columns, zeros):
    rng = np.random.default_rng(seed)
    kernel = np.exp(2 * rng.normal(size=(rows, columns)))
    kernel[rng.random(kernel.shape) < zeros] = 0.0
    # Margins of a table with the same zeros can be met.
    table = kernel * rng.random((rows, 1)) * rng.random(columns)
    r, c = table.sum(axis=1), table.sum(axis=0)
    fit = balance(kernel, r, c, tolerance=1e-11)
    assert fit.error <= 1e-11
    np.testing.assert_allclose(fit.table, table, rtol=1e-6, atol=1e-9 * table.max(initial=1.0))
    np.testing.assert_allclose(fit.table.sum(axis=1), r, rtol=1e-9)
    np.testing.assert_allclose(fit.table.sum(axis=0), c, rtol=1e-9)
    np.testing.assert_allclose(fit.a[:, None] * kernel * fit.b, fit.table, rtol=1e-12, atol=1e-300)


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 8.0))
@settings(max_examples=60, deadline=None)
def test_alone_closes_both_sides(seed, spread):
    rng = np.random.default_rng(seed)
    phi = spread * rng.normal(size=(6, 4))
    n, m = rng.lognormal(0, 2, 6), rng.lognormal(0, 2, 4)
    m[0] = 0.0
    fit = balance(np.exp(phi / 2), n, m, alone=True, tolerance=1e-12)
    assert fit.error <= 1e-12
    np.testing.assert_allclose(fit.table.sum(axis=1) + fit.a**2, n, rtol=1e-10)
    np.testing.assert_allclose(fit.table.sum(axis=0) + fit.b**2, m, rtol=1e-10)
    some = fit.table[:, 1:]
    log = 2 * np.log(some) - np.log(np.outer(fit.a**2, fit.b[1:] ** 2))
    np.testing.assert_allclose(log, phi[:, 1:], atol=1e-9)
    np.testing.assert_array_equal(fit.table[:, 0], 0.0)


def test_a_table_does_not_depend_on_its_company():
    rng = np.random.default_rng(1)
    kernel = np.exp(3 * rng.normal(size=(9, 31, 17)))
    r, c = rng.lognormal(0, 1, (9, 31)), rng.lognormal(0, 1, (9, 17))
    c *= r.sum(axis=1, keepdims=True) / c.sum(axis=1, keepdims=True)
    whole = balance(kernel, r, c)
    for i in (0, 4, 8):
        alone = balance(kernel[i], r[i], c[i])
        for x, y in zip(whole, alone, strict=True):
            np.testing.assert_array_equal(x[i], y)
    half = balance(kernel[::2], r[::2], c[::2])
    np.testing.assert_array_equal(half.table, whole.table[::2])


def test_shapes_broadcast():
    rng = np.random.default_rng(2)
    kernel, r = rng.random((3, 4)), rng.random((5, 2, 3))
    c = np.broadcast_to(r.sum(axis=2, keepdims=True) / 4, (5, 2, 4))
    fit = balance(kernel, r, c)
    assert fit.table.shape == (5, 2, 3, 4)
    assert fit.a.shape == (5, 2, 3)
    assert fit.b.shape == (5, 2, 4)
    assert fit.error.shape == fit.rounds.shape == (5, 2)
    np.testing.assert_array_equal(fit.table[3, 1], balance(kernel, r[3, 1], c[3, 1]).table)
    with pytest.raises(ValueError, match="do not fit"):
        balance(kernel, r[..., :2], c)


@pytest.mark.parametrize("size", [1e-300, 1e-150, 1.0, 1e150, 1e300])
@pytest.mark.parametrize("heads", [1e-12, 1.0, 1e12])
def test_extreme_magnitudes(size, heads):
    kernel = np.array([[3.0, 1.0], [2.0, 5.0]])
    r, c = np.array([1.0, 2.0]), np.array([1.7, 1.3])
    usual = balance(kernel, r, c, tolerance=1e-13)
    far = balance(kernel * size, r * heads, c * heads, tolerance=1e-13)
    np.testing.assert_allclose(far.table, usual.table * heads, rtol=1e-11)


def test_zero_margins_and_impossible_ones():
    fit = balance(np.ones((2, 3)), [0.0, 3.0], [1.0, 2.0, 0.0])
    assert fit.error == 0
    np.testing.assert_allclose(fit.table, [[0, 0, 0], [1, 2, 0]], rtol=1e-15)
    for kernel, r, c in (
        ([[0.0, 0.0], [1.0, 1.0]], [1.0, 1.0], [1.0, 1.0]),
        ([[0.0, 1.0], [0.0, 1.0]], [1.0, 1.0], [1.0, 1.0]),
    ):
        assert balance(kernel, r, c).error == np.inf
    # A pattern of zeros that no table with these margins has, and sums that differ.
    for kernel, c in ((np.eye(2), [2.0, 1.0]), (np.ones((2, 2)), [2.0, 2.0])):
        assert balance(kernel, [1.0, 2.0], c, most=500).error > 0.1


def test_slow_tables_come_to_an_end():
    # Two blocks that hardly touch: plain rounds gain a millionth each.
    kernel = np.full((4, 4), 1e-6) + np.kron(np.eye(2), np.ones((2, 2)))
    r, c = np.array([1.0, 2.0, 3.0, 4.0]), np.array([4.0, 3.0, 2.0, 1.0])
    fit = balance(kernel, r, c)
    assert fit.error < 1e-10
    assert fit.rounds < 500
    assert fit.table.sum() == pytest.approx(10)
