"""Exact scores: rational answers and weights as int64 numerators over one denominator.

A score that lies on the boundary of two classes belongs to the class that the rule says, not
to the one that the last bit of a binary fraction says: 40 % reached by thirds is 40 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Rational = int | str | Fraction | Decimal
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

_LIMIT = 2**63 - 1


def fraction(value: Any) -> Fraction:
    """Return an integer, a fraction, a decimal or its text as a fraction.

    Parameters
    ----------
    value : int, Fraction, Decimal or str
        Text as in ``"1/3"``, ``"0.25"``, ``"2"``.

    Raises
    ------
    TypeError
        A binary float (0.1 is not a tenth), a truth value, or another type.
    ValueError
        Text that is no number, or an infinite one.

    Examples
    --------
    >>> fraction("1/3") + fraction("0.5")
    Fraction(5, 6)
    """
    if isinstance(value, bool | np.bool_):
        raise TypeError(f"{value!r} is a truth value: write 0 or 1")
    if isinstance(value, float | np.floating):
        raise TypeError(f"{value!r} is a binary float: write '{value}', or a fraction as '1/3'")
    if isinstance(value, np.integer):
        return Fraction(int(value))
    if not isinstance(value, int | str | Fraction | Decimal):
        raise TypeError(f"{value!r} is a {type(value).__name__}: an integer, fraction or text")
    try:
        return Fraction(value)
    except (ValueError, OverflowError, ZeroDivisionError) as fault:
        raise ValueError(f"{value!r} is no finite number") from fault


def numerators(values: Iterable[Any]) -> tuple[tuple[int, ...], int]:
    """Return the numerators of several rationals over their least common denominator.

    Examples
    --------
    >>> numerators(["1/3", "0.5", 1])
    ((2, 3, 6), 6)
    """
    found = [fraction(value) for value in values]
    common = lcm(*(value.denominator for value in found)) if found else 1
    return tuple(value.numerator * (common // value.denominator) for value in found), common


@dataclass(frozen=True)
class ExactScores:
    """Weighted sums, or weighted means over the answered items, without rounding.

    Parameters
    ----------
    weights : sequence of sequence of rational (nodes, items)
        Weight of each item in each node; not negative.
    options : sequence of sequence of rational (items, any number)
        The values that each item may take.
    thresholds : sequence of rational
        Increasing lower limits of the classes above the lowest one: a score of exactly a
        limit is in the upper class.
    multiple : rational
        By what every score is multiplied; 100 for percent.

    Raises
    ------
    OverflowError
        A score times a denominator of the thresholds could pass 2^63 - 1.
    TypeError
        A binary float among the numbers.
    ValueError
        Negative weights, an item without options, ragged weights, limits out of order.

    Examples
    --------
    Three items that are answered in thirds, the third one with double weight.

    >>> scores = ExactScores([[1, 1, 2]], [["0", "1/3", "2/3", "1"]] * 3, (40, 80), 25)
    >>> codes, present = scores.encode([["1/3", "1/3", "7/15"], ["1/3", "1", None]])
    Traceback (most recent call last):
    ...
    ValueError: item 2: '7/15' is none of its options 0, 1/3, 2/3, 1
    >>> codes, present = scores.encode([["1", "2/3", "2/3"], ["1/3", "1", None]])
    >>> scores.score(codes, present).floats().round(9)
    array([[75.],
           [nan]])
    """

    weights: Sequence[Sequence[Rational]]
    options: Sequence[Sequence[Rational]]
    thresholds: Sequence[Rational] = ()
    multiple: Rational = 1
    denominator: int = field(init=False)
    """What every numerator of a sum is over."""
    _weights: Integers = field(init=False, repr=False)
    _values: tuple[dict[Fraction, int], ...] = field(init=False, repr=False)
    _lowest: Integers = field(init=False, repr=False)
    _highest: Integers = field(init=False, repr=False)
    _limits: tuple[tuple[int, int], ...] = field(init=False, repr=False)
    _scale: tuple[int, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows = [tuple(row) for row in self.weights]
        items = len(self.options)
        if not rows or any(len(row) != items for row in rows):
            raise ValueError(f"weights must be nodes x {items} items, one for each of options")
        if any(not tuple(values) for values in self.options):
            raise ValueError("an item has no options")
        flat, under_weights = numerators(weight for row in rows for weight in row)
        if min(flat) < 0:
            raise ValueError("a weight is negative")
        given = [fraction(value) for values in self.options for value in values]
        under_values = lcm(*(value.denominator for value in given))
        coded = tuple(
            {fraction(v): int(fraction(v) * under_values) for v in values}
            for values in self.options
        )
        times = fraction(self.multiple)
        limits = tuple(fraction(limit) for limit in self.thresholds)
        if any(a >= b for a, b in pairwise(limits)):
            raise ValueError("the thresholds do not increase")
        lowest = [min(values.values()) for values in coded]
        highest = [max(values.values()) for values in coded]
        most = [max(abs(a), abs(b)) for a, b in zip(lowest, highest, strict=True)]
        largest = _largest(flat, most, items)
        heaviest = max(sum(flat[i : i + items]) for i in range(0, len(flat), items))
        below = under_weights * under_values * times.denominator
        _check_size(largest * abs(times.numerator), heaviest * under_values, below, times, limits)
        put = object.__setattr__
        put(self, "denominator", below)
        put(self, "_weights", np.array(flat, np.int64).reshape(len(rows), items))
        put(self, "_values", coded)
        put(self, "_lowest", np.array(lowest, np.int64))
        put(self, "_highest", np.array(highest, np.int64))
        put(self, "_limits", tuple((limit.numerator, limit.denominator) for limit in limits))
        put(self, "_scale", (times.numerator, under_values * times.denominator))

    def encode(self, answers: Any) -> tuple[Integers, Booleans]:
        """Return answers as numerators, and which are present.

        Parameters
        ----------
        answers : array_like of rational or None (..., items)
            None, NaN and empty text are missing answers.

        Returns
        -------
        codes : ndarray of int64 (..., items)
            Zero where the answer is missing.
        present : ndarray of bool (..., items)

        Raises
        ------
        ValueError
            An answer that is none of the item's options.
        """
        raw = np.asarray(answers, dtype=object)
        if raw.shape[-1:] != (len(self._values),):
            raise ValueError(f"answers must have {len(self._values)} items on their last axis")
        codes = np.zeros(raw.shape, np.int64)
        present = np.zeros(raw.shape, np.bool_)
        for item, allowed in enumerate(self._values):
            known: dict[Any, int | None] = {}
            column = raw[..., item].ravel()
            coded = [_code(value, allowed, item, known) for value in column.tolist()]
            there = np.array([code is not None for code in coded], np.bool_)
            filled = np.array([code or 0 for code in coded], np.int64)
            codes[..., item] = filled.reshape(raw.shape[:-1])
            present[..., item] = there.reshape(raw.shape[:-1])
        return codes, present

    def score(
        self,
        codes: Integers,
        present: Booleans,
        missing: Literal["propagate", "answered"] = "propagate",
    ) -> Scored:
        """Return the scores of all nodes.

        Parameters
        ----------
        codes, present : ndarray (..., items)
            From :meth:`encode`.
        missing : {"propagate", "answered"}
            ``propagate``: the weighted sum, undefined where an item with weight is missing;
            ``answered``: the weighted mean over the answered items, undefined where none is.

        Returns
        -------
        Scored
            Numerators (..., nodes), denominators and where the score is defined.
        """
        times, _ = self._scale
        sums = (np.where(present, codes, 0) @ self._weights.T) * times
        if missing == "propagate":
            absent = (~present).astype(np.int64) @ (self._weights > 0).T.astype(np.int64)
            return Scored(sums, np.full(sums.shape, self.denominator, np.int64), absent == 0)
        if missing != "answered":
            raise ValueError(f"missing={missing!r}: 'propagate' or 'answered'")
        heard = present.astype(np.int64) @ self._weights.T
        below = heard * self._scale[1]
        return Scored(sums, np.where(heard > 0, below, 1), heard > 0)

    def bounds(
        self,
        codes: Integers,
        present: Booleans,
        missing: Literal["propagate", "answered"] = "propagate",
    ) -> tuple[Scored, Scored]:
        """Return the lowest and the highest scores that the missing answers leave open.

        Each missing item takes its lowest, then its highest option. For ``answered`` the
        scores are means over all items, since every item then has an answer.
        """
        everyone = np.ones(present.shape, np.bool_)
        low = np.where(present, codes, self._lowest)
        high = np.where(present, codes, self._highest)
        first, second = (
            self.score(filled, everyone, missing)
            for filled in ((low, high) if self._scale[0] >= 0 else (high, low))
        )
        return first, second

    def classes(self, scored: Scored) -> Integers:
        """Return the class of each score: the number of thresholds it reaches, -1 undefined."""
        place = np.zeros(scored.numerator.shape, np.int64)
        for above, below in self._limits:
            place += scored.numerator * below >= above * scored.denominator
        return np.where(scored.defined, place, -1)


@dataclass(frozen=True)
class Scored:
    """Scores as integers.

    Parameters
    ----------
    numerator, denominator : ndarray of int64 (..., nodes)
        The denominator is positive.
    defined : ndarray of bool (..., nodes)
        Where the score exists.
    """

    numerator: Integers
    denominator: Integers
    defined: Booleans

    def floats(self) -> NDArray[np.float64]:
        """Return the scores as the nearest floats, NaN where undefined.

        Reduced by the greatest common divisor first, so that equal scores are equal floats.
        """
        common = np.gcd(np.abs(self.numerator), self.denominator)
        common = np.where(common == 0, 1, common)
        found = (self.numerator // common) / (self.denominator // common)
        return np.where(self.defined, found, np.nan)

    def fractions(self) -> NDArray[np.object_]:
        """Return the scores as fractions, None where undefined."""
        flat = [
            Fraction(int(n), int(d)) if there else None
            for n, d, there in zip(
                self.numerator.ravel(), self.denominator.ravel(), self.defined.ravel(), strict=True
            )
        ]
        out = np.empty(len(flat), object)
        out[:] = flat
        return out.reshape(self.numerator.shape)


def _largest(flat: Sequence[int], most: Sequence[int], items: int) -> int:
    return max(
        sum(w * m for w, m in zip(flat[i : i + items], most, strict=True))
        for i in range(0, len(flat), items)
    )


def _check_size(
    largest: int, heaviest: int, below: int, times: Fraction, limits: Sequence[Fraction]
) -> None:
    """Refuse scales whose products with the thresholds would pass an int64."""
    under = max((limit.denominator for limit in limits), default=1)
    above = max((abs(limit.numerator) for limit in limits), default=1)
    products = (largest * under, below * above, heaviest * times.denominator * above)
    if max(products) > _LIMIT:
        raise OverflowError(
            f"the scores need integers up to {max(products):.3g}, int64 holds {_LIMIT:.3g}: "
            "write weights and options with smaller denominators"
        )


def _code(
    value: Any, allowed: dict[Fraction, int], item: int, known: dict[Any, int | None]
) -> int | None:
    key = (type(value), value)
    if key in known:
        return known[key]
    if value is None or value == "" or (isinstance(value, float | np.floating) and value != value):
        known[key] = None
        return None
    exact = fraction(value)
    if exact not in allowed:
        listed = ", ".join(map(str, allowed))
        raise ValueError(f"item {item}: {str(value)!r} is none of its options {listed}")
    known[key] = allowed[exact]
    return known[key]


def reduced(numerator: int, denominator: int) -> tuple[int, int]:
    """Return a ratio of integers in lowest terms, the denominator positive.

    Examples
    --------
    >>> reduced(6, -8)
    (-3, 4)
    """
    if denominator == 0:
        raise ValueError("the denominator is zero")
    common = gcd(numerator, denominator) * (1 if denominator > 0 else -1)
    return numerator // common, denominator // common
