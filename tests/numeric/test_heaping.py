"""Kernels of age reporting against sums written out."""

from __future__ import annotations

import numpy as np
import pytest

from migov.numeric import heaping

RNG = np.random.default_rng(8)


def test_whipple_written_out():
    counts = RNG.gamma(3, 100, (2, 101))
    for row, found in zip(counts, heaping.whipple(counts, 25, 60), strict=True):
        slow = 5 * sum(row[age] for age in range(25, 61, 5)) / sum(row[23:63])
        assert found == pytest.approx(slow, rel=1e-12)


def test_myers_written_out():
    counts = RNG.gamma(3, 100, 101)
    for whole, last in ((False, 80), (True, 90)):
        blended = [
            (d + 1) * sum(counts[age] for age in range(10 + d, last, 10))
            + (9 - d) * sum(counts[age] for age in range(20 + d, 90, 10))
            for d in range(10)
        ]
        slow = sum(abs(100 * x / sum(blended) - 10) for x in blended) / 2
        assert heaping.myers(counts, 10, 89, whole).item() == pytest.approx(slow, rel=1e-12)


def test_joint_score_written_out():
    men, women = RNG.gamma(3, 1e5, (2, 14))
    score = heaping.age_sex_accuracy(men, women, whole=np.asarray(5e6), adjust=True)
    sexes = [abs(men[i] / women[i] - men[i - 1] / women[i - 1]) for i in range(1, 14)]
    ages = [
        sum(abs(2 * x[i] / (x[i - 1] + x[i + 1]) - 1) for i in range(1, 13)) / 12
        for x in (men, women)
    ]
    assert score == pytest.approx(100 * (3 * sum(sexes) / 13 + sum(ages)), rel=1e-12)


def test_chance_is_taken_off_below_a_million_and_without_a_step():
    men = women = np.array([10.0, 11.0, 10.0])
    at = {
        whole: heaping.age_sex_accuracy(men, women, whole=np.asarray(whole), adjust=True).item()
        for whole in (2.5e5, 1e6 - 1e-3, 1e6, 9e6)
    }
    assert at[1e6] == at[9e6]
    assert at[1e6 - 1e-3] == pytest.approx(at[1e6], abs=1e-8)
    assert at[9e6] - at[2.5e5] == pytest.approx(3.5, rel=1e-12)


def test_smooth_and_empty_populations():
    same = np.full((2, 14), 7.0)
    assert heaping.age_ratio_score(same).tolist() == [0, 0]
    assert heaping.sex_ratio_score(same, same).tolist() == [0, 0]
    assert np.isnan(heaping.age_ratio_score(np.zeros(5)))
    assert np.isnan(heaping.whipple(np.zeros(101), 25, 60))
