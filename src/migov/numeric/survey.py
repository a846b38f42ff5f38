"""How far a sample lets an estimate vary: designs, replicates, and intervals of quantiles.

First-stage units are taken as drawn with replacement within strata. Quantiles are inverted from
the interval of their distribution function (Woodruff).

References
----------
Wolter (2007), Introduction to Variance Estimation, chapters 1 and 3. Woodruff (1952), JASA
47(260). Rao and Wu (1988), JASA 83(401), section 4; with weights of replicates as in Rao, Wu and
Yue (1992), Survey Methodology 18(2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migov.numeric.quantities import Floats, Quantile
from migov.numeric.streams import stream


@dataclass(frozen=True, eq=False)
class Design:
    """First-stage units in their strata.

    Parameters
    ----------
    unit : ndarray of int (rows,)
        First-stage unit of each row, from 0.
    stratum : ndarray of int (units,)
        Stratum of each unit, from 0.
    labels : tuple of str
        Labels of the strata.
    fraction : ndarray (strata,)
        Share of the units of each stratum that are in the sample; zero where it is not known or
        small.
    """

    unit: NDArray[np.intp]
    stratum: NDArray[np.intp]
    labels: tuple[str, ...]
    fraction: Floats

    @property
    def sizes(self) -> NDArray[np.intp]:
        """Units of each stratum."""
        return np.bincount(self.stratum, minlength=len(self.labels))

    @property
    def degrees(self) -> int:
        """Degrees of freedom: units less strata."""
        return len(self.stratum) - len(self.labels)

    def alone(self) -> list[str]:
        """Return the strata of one unit, whose variance cannot be told, but for a census."""
        lonely = (self.sizes == 1) & (self.fraction < 1.0)
        return [label for label, one in zip(self.labels, lonely, strict=True) if one]


def design(
    rows: int,
    strata: NDArray[np.intp] | None = None,
    clusters: NDArray[np.intp] | None = None,
    fraction: Floats | None = None,
    labels: tuple[str, ...] = ("",),
) -> Design:
    """Return the design of a sample.

    Parameters
    ----------
    rows : int
        Rows of the sample.
    strata, clusters : ndarray of int (rows,), optional
        Codes from 0; a cluster's code may come again in another stratum, where it is another
        cluster. Every row is a unit of its own where `clusters` is absent.
    fraction : ndarray (strata,), optional
        Share of the units sampled.
    labels : tuple of str
        Labels of the strata.

    Examples
    --------
    >>> design(4, np.array([0, 0, 1, 1]), labels=("a", "b")).degrees
    2
    """
    inner = np.arange(rows) if clusters is None else clusters
    outer = np.zeros(rows, np.intp) if strata is None else strata
    width = int(inner.max(initial=0)) + 1
    found, unit = np.unique(outer * width + inner, return_inverse=True)
    shares = np.zeros(len(labels)) if fraction is None else np.asarray(fraction, float)
    return Design(unit.reshape(-1), (found // width).astype(np.intp), labels, shares)


def variance_of_total(z: Floats, plan: Design) -> float:
    """Return the variance of the sum of weighted values under a design.

    Parameters
    ----------
    z : ndarray (rows,)
        Values times weights.
    plan : Design
        Its strata have two units or more, but for those sampled whole.

    Returns
    -------
    float
        Sum over strata of (1 - f) n / (n - 1) times the squared distances of the units' sums.

    Examples
    --------
    >>> variance_of_total(np.array([1.0, 3.0]), design(2))
    4.0
    """
    sums = np.bincount(plan.unit, z, minlength=len(plan.stratum))
    n = plan.sizes
    means = np.bincount(plan.stratum, sums, minlength=len(n)) / n
    squares = np.bincount(plan.stratum, (sums - means[plan.stratum]) ** 2, minlength=len(n))
    scale = np.where(n > 1, (1.0 - plan.fraction) * n / np.maximum(n - 1, 1), 0.0)
    return float(scale @ squares)


def rao_wu(weights: Floats, plan: Design, replicates: int, seed: int) -> Iterator[Floats]:
    """Yield weights of the rescaled bootstrap, one replicate after the other.

    In each stratum n - 1 of the n units are drawn with replacement. Draws are keyed by the
    stratum's label and the replicate's number: another stratum, or more replicates, leave them.

    Parameters
    ----------
    weights : ndarray (rows,)
        Weights of the sample.
    plan : Design
        Strata have two units or more, but for those sampled whole.
    replicates : int
        How many.
    seed : int
        From 0.

    Examples
    --------
    >>> one = next(rao_wu(np.ones(3), design(3), 1, 7))
    >>> one.sum().round(12)
    np.float64(3.0)
    """
    members = [np.flatnonzero(plan.stratum == h) for h in range(len(plan.labels))]
    for number in range(replicates):
        factor = np.ones(len(plan.stratum))
        for label, units, f in zip(plan.labels, members, plan.fraction, strict=True):
            n = len(units)
            if n < 2:
                continue
            drawn = stream(seed, "rao-wu", label, number).multinomial(n - 1, np.full(n, 1.0 / n))
            root = np.sqrt(1.0 - f)
            factor[units] = 1.0 - root + root * n / (n - 1) * drawn
        yield weights * factor[plan.unit]


def woodruff(
    quantity: Quantile, weights: Floats, plan: Design, t: float
) -> tuple[float, float, float]:
    """Return standard error and interval of a quantile from its distribution function.

    Parameters
    ----------
    quantity : Quantile
        What is estimated.
    weights : ndarray (rows,)
        Zero outside the domain.
    plan : Design
        The design.
    t : float
        Critical value of the interval.

    Returns
    -------
    error, lower, upper : float
        NaN where the interval of the distribution function reaches beyond 0 or 1: the sample
        does not tell that bound.
    """
    inner = quantity.below(weights)
    half = t * np.sqrt(variance_of_total(weights * inner.influence(weights), plan))
    lower = quantity.at(weights, quantity.share - half)
    upper = quantity.at(weights, quantity.share + half)
    return (upper - lower) / (2.0 * t), lower, upper
