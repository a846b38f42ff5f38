"""What is estimated from the rows of a sample, for any weights of the rows.

A quantity knows its value, and mostly its influence values: what one unit of weight of a row
adds to it. The variance of the total of the influence values under the design is that of the
quantity (linearisation). Where it has none it is recomputed with replicate weights.

References
----------
Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, sections 5.5 to 5.7. Wolter
(2007), Introduction to Variance Estimation, chapter 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Quantity(Protocol):
    """What is estimated from rows."""

    @property
    def used(self) -> Mask:
        """Rows that have all that the quantity needs."""
        ...

    @property
    def parts(self) -> tuple[Mask, ...]:
        """Rows behind the estimate, one mask for each group that it compares."""
        ...

    def value(self, weights: Floats) -> float:
        """Return the estimate for weights (rows,); NaN where it is not defined."""
        ...

    def influence(self, weights: Floats) -> Floats | None:
        """Return what a unit of weight of each row adds; None where only replicates tell."""
        ...

    def within(self, rows: NDArray[np.intp]) -> Quantity:
        """Return the quantity of some rows alone, for weights of these rows."""
        ...


@dataclass(frozen=True, eq=False)
class Total:
    """A total.

    Parameters
    ----------
    y : ndarray (rows,)
        Amounts; NaN where missing.

    Examples
    --------
    >>> Total(np.array([1.0, 2.0])).value(np.array([10.0, 10.0]))
    30.0
    """

    y: Floats

    @cached_property
    def _there(self) -> Mask:
        return np.isfinite(self.y)

    @property
    def used(self) -> Mask:
        """Rows that are not missing."""
        return self._there

    @property
    def parts(self) -> tuple[Mask, ...]:
        """Rows behind the estimate."""
        return (self.used,)

    def value(self, weights: Floats) -> float:
        """Return the weighted sum."""
        return float(weights @ self._filled)

    @cached_property
    def _filled(self) -> Floats:
        return np.where(self.used, self.y, 0.0)

    def influence(self, weights: Floats) -> Floats:
        """Return the amounts themselves."""
        return self._filled

    def within(self, rows: NDArray[np.intp]) -> Total:
        """Return the quantity of some rows alone."""
        return Total(self.y[rows])


@dataclass(frozen=True, eq=False)
class Ratio:
    """A ratio of two totals; a mean or a share where the lower one counts rows.

    Parameters
    ----------
    numerator, denominator : ndarray (rows,)
        Amounts; NaN where missing.

    Examples
    --------
    >>> Ratio(np.array([1.0, 3.0]), np.ones(2)).value(np.ones(2))
    2.0
    """

    numerator: Floats
    denominator: Floats

    @cached_property
    def _there(self) -> Mask:
        return np.isfinite(self.numerator) & np.isfinite(self.denominator)

    @property
    def used(self) -> Mask:
        """Rows that have both amounts."""
        return self._there

    @property
    def parts(self) -> tuple[Mask, ...]:
        """Rows that enter either sum."""
        return (self.used & ((self.numerator != 0) | (self.denominator != 0)),)

    @cached_property
    def _filled(self) -> tuple[Floats, Floats]:
        used = self.used
        return np.where(used, self.numerator, 0.0), np.where(used, self.denominator, 0.0)

    def _sums(self, weights: Floats) -> tuple[float, float]:
        above, below = self._filled
        return float(weights @ above), float(weights @ below)

    def value(self, weights: Floats) -> float:
        """Return the ratio of the weighted sums."""
        above, below = self._sums(weights)
        return above / below if below != 0 else np.nan

    def influence(self, weights: Floats) -> Floats:
        """Return (y - R x) / X."""
        above, below = self._sums(weights)
        if below == 0:
            return np.full(len(weights), np.nan)
        y, x = self._filled
        return (y - above / below * x) / below

    def within(self, rows: NDArray[np.intp]) -> Ratio:
        """Return the quantity of some rows alone."""
        return Ratio(self.numerator[rows], self.denominator[rows])


def mean(y: Floats) -> Ratio:
    """Return the mean of the rows that have the amount.

    Examples
    --------
    >>> mean(np.array([1.0, np.nan, 3.0])).value(np.ones(3))
    2.0
    """
    return Ratio(np.asarray(y, float), np.where(np.isfinite(y), 1.0, np.nan))


@dataclass(frozen=True, eq=False)
class Quantile:
    """The smallest value whose cumulative weight reaches a share.

    Parameters
    ----------
    y : ndarray (rows,)
        Values; NaN where missing.
    share : float
        Between 0 and 1.

    Examples
    --------
    >>> Quantile(np.array([5.0, 1.0, 3.0]), 0.5).value(np.ones(3))
    3.0
    """

    y: Floats
    share: float

    @cached_property
    def _there(self) -> Mask:
        return np.isfinite(self.y)

    @property
    def used(self) -> Mask:
        """Rows that are not missing."""
        return self._there

    @property
    def parts(self) -> tuple[Mask, ...]:
        """Rows behind the estimate."""
        return (self.used,)

    def at(self, weights: Floats, share: float) -> float:
        """Return the quantile of another share; NaN beyond 0 and 1."""
        return weighted_quantile(self.y, weights, share)

    def value(self, weights: Floats) -> float:
        """Return the quantile."""
        return self.at(weights, self.share)

    def below(self, weights: Floats) -> Ratio:
        """Return the share of rows at or below the quantile.

        Where it is the largest value all rows are, which tells nothing of how it varies: those
        below it are then taken.
        """
        limit = self.value(weights)
        inner = self.y <= limit
        if not (weights[self.used & ~inner] > 0).any():
            inner = self.y < limit
        return mean(np.where(self.used, inner.astype(float), np.nan))

    def influence(self, weights: Floats) -> None:
        """Return None: the distribution is a staircase."""

    def within(self, rows: NDArray[np.intp]) -> Quantile:
        """Return the quantity of some rows alone."""
        return Quantile(self.y[rows], self.share)


def weighted_quantile(y: Floats, weights: Floats, share: float) -> float:
    """Return the smallest value whose cumulative weight reaches a share; NaN are left out.

    Examples
    --------
    >>> weighted_quantile(np.array([1.0, 2.0, 9.0]), np.array([1.0, 1.0, 8.0]), 0.5)
    9.0
    """
    there = np.isfinite(y) & (weights > 0)
    if not there.any() or not 0.0 <= share <= 1.0:
        return np.nan
    values, heavy = y[there], weights[there]
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(heavy[order])
    # a sum of weights that reaches the share but for rounding has reached it
    place = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12), side="left"))
    return float(values[order][min(place, len(values) - 1)])


@dataclass(frozen=True, eq=False)
class Gap:
    """What one quantity lacks of another, relative to that one: (base - other) / base.

    Parameters
    ----------
    base, other : Quantity
        Ratios, or quantiles (which need replicates).
    rows : ndarray of bool (rows,)
        Rows that belong to either, whether they have the amount or not.
    """

    base: Quantity
    other: Quantity
    rows: Mask

    @cached_property
    def _there(self) -> Mask:
        return ~self.rows | self.base.used | self.other.used

    @property
    def used(self) -> Mask:
        """Rows of either group that have the amount, and rows of neither."""
        return self._there

    @property
    def parts(self) -> tuple[Mask, ...]:
        """Rows of the one group, and rows of the other."""
        return self.base.parts + self.other.parts

    def value(self, weights: Floats) -> float:
        """Return the relative gap."""
        base = self.base.value(weights)
        return 1.0 - self.other.value(weights) / base if base != 0 else np.nan

    def influence(self, weights: Floats) -> Floats | None:
        """Return the derivative of the gap, where both parts have one."""
        base, of_base = self.base.value(weights), self.base.influence(weights)
        of_other = self.other.influence(weights)
        if of_base is None or of_other is None or base == 0:
            return None
        return self.other.value(weights) / base**2 * of_base - of_other / base

    def within(self, rows: NDArray[np.intp]) -> Gap:
        """Return the quantity of some rows alone."""
        return Gap(self.base.within(rows), self.other.within(rows), self.rows[rows])


@dataclass(frozen=True, eq=False)
class Recomputed:
    """A quantity whose rows are classed by limits that the sample itself gives.

    Parameters
    ----------
    make : callable
        Takes weights and returns the quantity with the limits that they give.
    used : ndarray of bool (rows,)
        Rows that have all that it needs.
    parts : tuple of ndarray of bool (rows,)
        Rows behind the estimate, by group.
    linear : bool
        Whether influence values with the limits held are of use; otherwise replicates alone are.
    """

    make: Callable[[Floats], Quantity]
    used: Mask
    parts: tuple[Mask, ...]
    linear: bool = True

    def value(self, weights: Floats) -> float:
        """Return the estimate with the limits of these weights."""
        return self.make(weights).value(weights)

    def influence(self, weights: Floats) -> Floats | None:
        """Return the influence values with the limits held."""
        return self.make(weights).influence(weights) if self.linear else None

    def within(self, rows: NDArray[np.intp]) -> Recomputed:
        """Return the quantity of some rows alone."""

        def make(weights: Floats) -> Quantity:
            whole = np.zeros(len(self.used))
            whole[rows] = weights
            return self.make(whole).within(rows)

        parts = tuple(part[rows] for part in self.parts)
        return Recomputed(make, self.used[rows], parts, self.linear)


@dataclass(frozen=True, eq=False)
class Constant:
    """A number that was computed elsewhere, for what :class:`Recomputed` makes."""

    number: float
    used: Mask

    @property
    def parts(self) -> tuple[Mask, ...]:
        """Rows behind the number."""
        return (self.used,)

    def value(self, weights: Floats) -> float:
        """Return the number."""
        return self.number

    def influence(self, weights: Floats) -> None:
        """Return None: nothing is known of it."""

    def within(self, rows: NDArray[np.intp]) -> Constant:
        """Return the same number."""
        return Constant(self.number, self.used[rows])
