"""Exact scores, against a loop of fractions and against binary floats."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import product
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.numeric.exact import ExactScores, fraction, numerators, reduced

THIRDS = ["0", "1/3", "2/3", "1"]


def slow_class(value: Fraction, limits: tuple[int, ...]) -> int:
    return sum(value >= limit for limit in limits)


def test_scores_on_a_limit_are_in_the_upper_class():
    """Every mean of thirds that is exactly 40 or 80: floats put many one class low."""
    limits, checked, low = (40, 80), 0, 0
    for n in range(1, 12):
        for counts in product(range(n + 1), repeat=3):
            if sum(counts) > n:
                continue
            answers = [t for t, c in zip(THIRDS[1:], counts, strict=True) for _ in range(c)]
            answers += ["0"] * (n - len(answers))
            exact = 100 * sum(map(Fraction, answers)) / n
            if exact not in limits:
                continue
            scores = ExactScores([[1] * n], [THIRDS] * n, limits, Fraction(100, n))
            codes, present = scores.encode([answers])
            scored = scores.score(codes, present)
            assert scores.classes(scored)[0, 0] == slow_class(exact, limits)
            # not sum(), which since Python 3.12 carries the rounding errors along
            floats = 100 * reduce(add, (float(Fraction(a)) for a in answers)) / n
            low += (floats >= 40) + (floats >= 80) < slow_class(exact, limits)
            checked += 1
    assert checked > 20
    assert low > 0


@pytest.mark.parametrize(("items", "cases", "fall"), [(5, 170, 67), (10, 16_741, 4_764)])
def test_thirds_on_a_limit_that_floats_put_one_class_low(items, cases, fall):
    """Means of thirds that are exactly 40 or 80 %: none of ours is in the class below."""
    if items == 5:
        thirds = np.array(list(product(range(4), repeat=items)))
    else:
        thirds = np.random.default_rng(0).integers(0, 4, (200_000, items))
    points = 100 * thirds.sum(axis=1)
    on_limit = (points == 40 * 3 * items) | (points == 80 * 3 * items)
    chosen, wanted = thirds[on_limit], (points[on_limit] == 80 * 3 * items) + 1
    assert len(chosen) == cases
    scores = ExactScores([[1] * items], [THIRDS] * items, (40, 80), Fraction(100, items))
    codes, present = scores.encode(np.array(THIRDS, object)[chosen])
    assert (scores.classes(scores.score(codes, present))[:, 0] == wanted).all()
    floats = 100 * np.add.accumulate(chosen / 3, axis=1)[:, -1] / items
    assert ((floats >= 40).astype(int) + (floats >= 80) < wanted).sum() == fall


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_against_a_loop_of_fractions(data):
    items = data.draw(st.integers(1, 6))
    rational = st.fractions(min_value=0, max_value=5, max_denominator=12)
    weights = data.draw(st.lists(rational, min_size=items, max_size=items).filter(any))
    options = [
        data.draw(st.lists(rational, min_size=1, max_size=4, unique=True)) for _ in range(items)
    ]
    limits = sorted(data.draw(st.sets(rational, max_size=3)))
    answers = [
        [data.draw(st.sampled_from([*options[i], None])) for i in range(items)] for _ in range(4)
    ]
    scores = ExactScores([weights], options, limits)
    codes, present = scores.encode(answers)
    for rule in ("propagate", "answered"):
        scored = scores.score(codes, present, rule)
        fractions, classes = scored.fractions(), scores.classes(scored)
        low, high = scores.bounds(codes, present, rule)
        for row, given_answers in enumerate(answers):
            heard = [(w, a) for w, a in zip(weights, given_answers, strict=True) if a is not None]
            below = sum(w for w, _ in heard) if rule == "answered" else Fraction(1)
            gone = any(w > 0 and a is None for w, a in zip(weights, given_answers, strict=True))
            if below == 0 or (rule == "propagate" and gone):
                assert fractions[row, 0] is None
                assert classes[row, 0] == -1
            else:
                exact = sum((w * a for w, a in heard), Fraction(0)) / below
                assert fractions[row, 0] == exact
                assert classes[row, 0] == sum(exact >= limit for limit in limits)
                assert scored.floats()[row, 0] == exact.numerator / exact.denominator
            filled = [
                [
                    a if a is not None else pick(o)
                    for a, o in zip(given_answers, options, strict=True)
                ]
                for pick in (min, max)
            ]
            under = sum(weights) if rule == "answered" else 1
            for bound, values in zip((low, high), filled, strict=True):
                exact = sum(w * v for w, v in zip(weights, values, strict=True)) / under
                assert bound.fractions()[row, 0] == exact


def test_bounds_close_where_all_is_answered():
    scores = ExactScores([[1, 2], [0, 1]], [[0, 1], [0, "1/2", 1]], (1,))
    codes, present = scores.encode([[1, "1/2"], [None, "0.5"], [1, None]])
    low, high = scores.bounds(codes, present)
    assert low.floats().tolist() == [[2.0, 0.5], [1.0, 0.5], [1.0, 0.0]]
    assert high.floats().tolist() == [[2.0, 0.5], [2.0, 0.5], [3.0, 1.0]]
    scored = scores.score(codes, present)
    assert scored.defined.tolist() == [[True, True], [False, True], [False, False]]


def test_many_cells_at_once():
    rng = np.random.default_rng(1)
    options = [[0, "1/2", 1]] * 30
    weights = [[int(w) for w in rng.integers(1, 5, 30)]]
    answers = np.array(options[0], object)[rng.integers(0, 3, (193, 10, 30))]
    scores = ExactScores(weights, options, (20, 50))
    codes, present = scores.encode(answers)
    found = scores.score(codes, present)
    assert found.numerator.shape == (193, 10, 1)
    row = answers[7, 3]
    exact = sum(w * Fraction(a) for w, a in zip(weights[0], row, strict=True))
    assert found.fractions()[7, 3, 0] == exact


@pytest.mark.parametrize("value", [0.1, np.float64(0.5), float("nan")])
def test_binary_floats_are_refused(value):
    with pytest.raises(TypeError, match="binary float"):
        fraction(value)
    with pytest.raises(TypeError, match="binary float"):
        ExactScores([[value]], [[0, 1]])
    with pytest.raises(TypeError, match="binary float"):
        ExactScores([[1]], [[0, value]])
    with pytest.raises(TypeError, match="binary float"):
        ExactScores([[1]], [[0, 1]], (value,))


@pytest.mark.parametrize("value", [True, None, [1], np.bool_(True)])
def test_other_types_are_refused(value):
    with pytest.raises(TypeError):
        fraction(value)


@pytest.mark.parametrize("value", ["a", "1/0", "", Decimal("Infinity"), "nan"])
def test_no_numbers_are_refused(value):
    with pytest.raises(ValueError, match="no finite number"):
        fraction(value)


def test_overflow_is_found_at_construction():
    big = f"1/{2**31 - 1}"
    with pytest.raises(OverflowError, match="int64"):
        ExactScores([[big, "1/1000003"]], [[0, big], [0, 1]], (f"1/{10**6}",))
    ExactScores([[1]], [[0, 1]], (40, 80), 100)


@pytest.mark.parametrize(
    ("weights", "options", "limits", "text"),
    [
        ([[1, 1]], [[0, 1]], (), "nodes x 1 items"),
        ([[1]], [[]], (), "no options"),
        ([[-1]], [[0, 1]], (), "negative"),
        ([[1]], [[0, 1]], (80, 40), "do not increase"),
        ([], [[0, 1]], (), "nodes x"),
    ],
)
def test_specifications_that_cannot_be(weights, options, limits, text):
    with pytest.raises(ValueError, match=text):
        ExactScores(weights, options, limits)


def test_answers_that_are_no_options():
    scores = ExactScores([[1]], [[0, 1]])
    with pytest.raises(ValueError, match="none of its options"):
        scores.encode([["1/2"]])
    with pytest.raises(TypeError, match="binary float"):
        scores.encode([[1.0]])
    with pytest.raises(ValueError, match="1 items"):
        scores.encode([[1, 0]])
    codes, present = scores.encode([[float("nan")], [""], [None], [1]])
    assert present[:, 0].tolist() == [False, False, False, True]
    with pytest.raises(ValueError, match="propagate"):
        scores.score(codes, present, "skip")


def test_common_denominators():
    assert numerators([]) == ((), 1)
    assert numerators([Decimal("0.2"), "1/3"]) == ((3, 5), 15)
    assert reduced(-4, -6) == (2, 3)
    with pytest.raises(ValueError, match="zero"):
        reduced(1, 0)
