"""Scores of draws against closed forms, plain loops and what they have to be."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.stats import norm

from migov.numeric import calibration as kernels


def test_the_score_of_a_normal_forecast():
    draws = norm.ppf((np.arange(20000) + 0.5) / 20000)
    for y in (-1.0, 0.0, 2.0):
        closed = y * (2 * norm.cdf(y) - 1) + 2 * norm.pdf(y) - 1 / math.sqrt(math.pi)
        assert kernels.crps(draws[None], np.array([y]))[0] == pytest.approx(closed, abs=2e-4)
    # Gneiting and Raftery (2007): 2 phi(0) - 1 / sqrt(pi) at the centre
    assert kernels.crps(draws[None], np.zeros(1))[0] == pytest.approx(0.233695, abs=2e-4)


@pytest.mark.parametrize("fair", [True, False])
def test_the_score_agrees_with_all_pairs(fair):
    rng = np.random.default_rng(2)
    draws, seen = rng.standard_normal((4, 9)).round(1), rng.standard_normal(4).round(1)
    for row, y, found in zip(draws, seen, kernels.crps(draws, seen, fair=fair), strict=True):
        pairs = sum(abs(a - b) for a, b in itertools.product(row, row))
        wanted = np.mean([abs(a - y) for a in row]) - pairs / (2 * 9 * (8 if fair else 9))
        assert found == pytest.approx(wanted, rel=1e-12)


def test_a_sure_forecast_misses_by_its_error():
    draws = np.full((3, 5), 2.0)
    assert kernels.crps(draws, np.array([2.0, 5.0, 0.5])) == pytest.approx([0.0, 3.0, 1.5])


def test_the_score_has_the_unit_of_the_draws_and_no_order():
    rng = np.random.default_rng(4)
    draws, seen = rng.standard_normal((6, 20)), rng.standard_normal(6)
    usual = kernels.crps(draws, seen)
    assert kernels.crps(1000 * draws + 7, 1000 * seen + 7) == pytest.approx(1000 * usual)
    assert kernels.crps(draws[:, ::-1], seen) == pytest.approx(usual, rel=1e-14)


def test_ranks_of_exchangeable_draws_are_even():
    rng = np.random.default_rng(6)
    together = rng.standard_normal((20000, 10))
    places = kernels.pit(together[:, 1:], together[:, 0])
    values, counts = np.unique(places.round(12), return_counts=True)
    assert values == pytest.approx((np.arange(10) + 0.5) / 10)
    assert ((counts - 2000) ** 2 / 2000).sum() < 27.9
    assert kernels.pit(np.full((1, 4), 3.0), np.array([3.0])) == pytest.approx(0.5)


def test_the_interval_score_is_width_and_penalty():
    lower, upper = np.array([0.0, 0.0, 0.0]), np.array([2.0, 2.0, 2.0])
    found = kernels.interval_score(lower, upper, np.array([1.0, -1.0, 2.5]), 0.9)
    assert found == pytest.approx([2.0, 2.0 + 20.0, 2.0 + 10.0])
