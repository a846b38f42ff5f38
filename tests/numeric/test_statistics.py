"""Moments, ranks, inequality, interpolation and Sobol' indices, each against a slow version."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from migov.numeric import inequality, interpolation
from migov.numeric.moments import correlation, moments, row_sum
from migov.numeric.ranks import ranks
from migov.numeric.sobol import crossed, design, indices, sobol

FINITE = st.floats(-1e3, 1e3).map(lambda v: round(v, 3))


def test_moments_against_scipy():
    rng = np.random.default_rng(0)
    x = rng.lognormal(size=(3, 20, 7))
    x[1, 3, 2] = np.nan
    found = moments(x)
    for i in range(3):
        for j in range(7):
            column = x[i, :, j]
            column = column[~np.isnan(column)]
            assert found.counted[i, j] == column.size
            assert found.mean[i, j] == pytest.approx(column.mean(), rel=1e-13)
            assert found.sd[i, j] == pytest.approx(column.std(ddof=1), rel=1e-13)
            assert found.skewness[i, j] == pytest.approx(stats.skew(column, bias=False), rel=1e-11)
            assert found.kurtosis[i, j] == pytest.approx(
                stats.kurtosis(column, bias=False), rel=1e-11
            )


def test_moments_of_the_reference(shared):
    folder = shared / "golden" / "governance" / "composite"
    golden = pd.read_csv(folder / "moment_cases.csv").set_index("measure")["value"]
    x = pd.read_csv(folder / "vector_cases.csv")["x"].to_numpy()[:, None]
    found = moments(x)
    assert found.skewness[0] == pytest.approx(golden["skewness_x"], rel=1e-12)
    assert found.kurtosis[0] == pytest.approx(golden["kurtosis_x"], rel=1e-12)


def test_moments_without_a_shape():
    found = moments(np.array([[5.0, 1.0, np.nan], [5.0, 2.0, np.nan]]))
    assert found.sd[0] == 0
    assert np.isnan(found.skewness).all()
    assert np.isnan(found.mean[2])
    assert found.counted.tolist() == [2, 2, 0]


@pytest.mark.parametrize("width", [1, 2, 3, 8, 64])
def test_sums_have_the_same_bits_in_any_company(width):
    rng = np.random.default_rng(1)
    x = rng.lognormal(sigma=8, size=(4, 51, 64))
    whole = row_sum(x)
    for start in range(0, 64, width):
        part = row_sum(x[..., start : start + width])
        assert (part == whole[..., start : start + width]).all()
    slow = np.zeros((4, 64))
    for row in range(51):
        slow += x[:, row]
    assert (slow == whole).all()


def test_correlations_with_missing_values():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(30, 4)) + 1e6
    y = x[:, :2] + rng.normal(size=(30, 2))
    x[rng.random(x.shape) < 0.2] = np.nan
    found = correlation(x, y)
    for i in range(4):
        for j in range(2):
            both = ~np.isnan(x[:, i]) & ~np.isnan(y[:, j])
            assert found[i, j] == pytest.approx(np.corrcoef(x[both, i], y[both, j])[0, 1], abs=1e-9)
    assert np.isnan(correlation(np.ones((5, 1)), np.arange(5.0)[:, None])).all()
    assert np.isnan(correlation(np.ones((2, 1)), np.ones((2, 1)))).all()


@settings(max_examples=60, deadline=None)
@given(
    arrays(float, st.integers(1, 12), elements=st.integers(-5, 5).map(float)),
    st.sampled_from(["min", "max", "average"]),
)
def test_ranks_against_scipy(x, ties):
    assert (ranks(x, ties=ties) == stats.rankdata(x, ties)).all()
    assert (ranks(x, ties=ties, descending=True) == stats.rankdata(-x, ties)).all()


def test_ranks_do_not_hinge_on_the_last_bit():
    x = np.array([0.3, 0.1 + 0.2, 0.5, np.nan, 0.1])
    assert ranks(x)[[0, 1, 2, 4]].tolist() == [2, 2, 4, 1]
    assert np.isnan(ranks(x)[3])
    assert ranks(x, tolerance=0)[[0, 1]].tolist() == [2, 3]
    assert np.isnan(ranks(np.full(3, np.nan))).all()
    assert ranks(np.empty((2, 0))).shape == (2, 0)
    with pytest.raises(ValueError, match="ties"):
        ranks(x, ties="dense")


def test_gini_against_all_pairs():
    rng = np.random.default_rng(3)
    x = rng.lognormal(size=(5, 40))
    gaps = np.abs(x[:, :, None] - x[:, None, :]).mean(axis=(1, 2))
    np.testing.assert_allclose(inequality.gini(x), gaps / (2 * x.mean(axis=1)), rtol=1e-12)
    weights = rng.integers(1, 5, 40)
    long = np.repeat(x[0], weights)
    for function in (inequality.gini, inequality.hoover, inequality.theil):
        assert function(x[0], weights.astype(float)) == pytest.approx(function(long), rel=1e-12)
    units, amount = inequality.lorenz(x[0])
    area = np.trapezoid(amount, units)
    assert inequality.gini(x[0]) == pytest.approx(1 - 2 * area, rel=1e-12)
    assert inequality.hoover(x[0]) == pytest.approx((units - amount).max(), rel=1e-12)


def test_concentration():
    x = np.array([[1.0, 1, 1, 1], [4, 0, 0, 0], [0, 0, 0, 0], [1, np.nan, 1, 1]])
    np.testing.assert_allclose(inequality.herfindahl(x), [0.25, 1, np.nan, np.nan])
    np.testing.assert_allclose(
        inequality.herfindahl(x, normalised=True), [0, 1, np.nan, np.nan], atol=1e-15
    )
    np.testing.assert_allclose(
        inequality.shannon(x, normalised=True), [1, 0, np.nan, np.nan], atol=1e-15
    )
    for function in (inequality.gini, inequality.theil, inequality.hoover):
        found = function(x)
        assert found[0] == pytest.approx(0, abs=1e-15)
        assert np.isnan(found[2:]).all()
    with pytest.raises(ValueError, match="negative"):
        inequality.herfindahl(np.array([-1.0, 2]))
    with pytest.raises(ValueError, match="negative"):
        inequality.gini(np.array([-1.0, 2]))
    for function in (inequality.herfindahl, inequality.shannon):
        with pytest.raises(ValueError, match="one class"):
            function(np.array([1.0]), normalised=True)


@settings(max_examples=50, deadline=None)
@given(
    arrays(float, 5, elements=st.floats(0.1, 100)), arrays(float, 5, elements=st.floats(0.1, 100))
)
def test_dissimilarity_and_exposure(a, b):
    d = float(inequality.dissimilarity(a, b))
    assert 0 <= d <= 1
    assert d == pytest.approx(float(inequality.dissimilarity(b, 3 * a)), abs=1e-12)
    assert float(inequality.dissimilarity(a, a)) == 0
    total = a + b
    parts = inequality.exposure(a, a, total) + inequality.exposure(a, b, total)
    assert float(parts) == pytest.approx(1, abs=1e-12)
    assert np.isnan(inequality.exposure(a, b, np.where(total > 0, np.nan, total)))


def test_between_dates():
    known = np.array([2000.0, 2010, 2020])
    x = np.array([[100.0, 200, 400], [1, np.nan, 3]])
    np.testing.assert_allclose(
        interpolation.between(x, known, np.array([2000, 2005.0, 2020])),
        [[100, 150, 400], [1, np.nan, 3]],
    )
    grown = interpolation.between(x[0], known, np.array([2005.0, 2015]), "exponential")
    np.testing.assert_allclose(grown, 100 * 2 ** np.array([0.5, 1.5]), rtol=1e-14)
    held = interpolation.between(x[0], known, np.array([2009.0, 2010, 2020]), "step")
    assert held.tolist() == [100, 200, 400]
    assert interpolation.between(np.array([7.0]), known[:1], known[:1]).tolist() == [7.0]
    assert (interpolation.between(x[0], known, known) == x[0]).all()


@pytest.mark.parametrize(
    ("x", "known", "wanted", "method", "text"),
    [
        ([1.0, 2], [1.0, 2], [2.5], "linear", "outside"),
        ([1.0, 2], [2.0, 1], [1.5], "linear", "increase"),
        ([1.0, 2], [1.0, 2], [1.5], "cubic", "linear"),
        ([0.0, 2], [1.0, 2], [1.5], "exponential", "positive"),
        ([1.0, 2], [1.0, 2], [np.nan], "linear", "outside"),
    ],
)
def test_interpolation_refuses(x, known, wanted, method, text):
    with pytest.raises(ValueError, match=text):
        interpolation.between(np.array(x), np.array(known), np.array(wanted), method)


@settings(max_examples=50, deadline=None)
@given(arrays(float, (2, 6), elements=st.floats(0, 1e6)))
def test_split_counts_add_up_and_are_never_negative(counts):
    edges = np.arange(0.0, 35, 5)
    fine = interpolation.split_counts(counts, edges, np.arange(31.0))
    assert (fine >= 0).all()
    np.testing.assert_allclose(
        fine.reshape(2, 6, 5).sum(axis=2), counts, atol=1e-9 * max(1.0, counts.sum())
    )


def test_split_counts_refuses():
    edges, fine = np.array([0.0, 5, 10]), np.arange(11.0)
    even = interpolation.split_counts(np.array([10.0, 10]), edges, fine)
    np.testing.assert_allclose(even, 2.0)
    assert np.isnan(interpolation.split_counts(np.array([np.nan, 1]), edges, fine)).all()
    for counts, limits, wanted, text in (
        ([-1.0, 2], edges, fine, "negative"),
        ([1.0], edges, fine, "edges"),
        ([1.0, 2], edges, fine[:-1], "first edge to the last"),
    ):
        with pytest.raises(ValueError, match=text):
            interpolation.split_counts(np.array(counts), limits, wanted)


def ishigami(u: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_ishigami(shared):
    golden = pd.read_csv(shared / "golden" / "governance" / "composite" / "sobol_ishigami.csv")
    found = sobol(ishigami, 3, 2**14, seed=1, bootstraps=100)
    np.testing.assert_allclose(found.first, golden["first_order"], atol=0.01)
    np.testing.assert_allclose(found.total, golden["total"], atol=0.01)
    assert (found.first_low <= golden["first_order"] + 0.005).all()
    assert (found.first_high >= golden["first_order"] - 0.005).all()
    again = sobol(ishigami, 3, 2**14, seed=1, bootstraps=100)
    assert (again.first == found.first).all()
    shifted = sobol(lambda u: ishigami(u) + 1e6, 3, 2**14, seed=1, bootstraps=0)
    np.testing.assert_allclose(shifted.total, found.total, atol=1e-7)


def test_additive_functions_have_no_interactions():
    found = sobol(lambda u: 3 * u[:, 0] + u[:, 1], 3, 4096, bootstraps=0)
    np.testing.assert_allclose(found.first, [0.9, 0.1, 0], atol=0.01)
    np.testing.assert_allclose(found.total, found.first, atol=0.01)
    flat = sobol(lambda u: np.ones(len(u)), 2, 16)
    assert np.isnan(flat.first).all()


def test_designs_that_cannot_be():
    with pytest.raises(ValueError, match="power of two"):
        design(2, 100, 0)
    with pytest.raises(ValueError, match="missing"):
        indices(np.full((4, 8), np.nan))
    with pytest.raises(ValueError, match="samples"):
        indices(np.ones(4))
    a, b = design(3, 8, 0)
    points = crossed(a, b)
    assert (points[0] == a).all()
    assert (points[1] == b).all()
    assert (points[2, :, 0] == b[:, 0]).all()
    assert (points[2, :, 1:] == a[:, 1:]).all()
