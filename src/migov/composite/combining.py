"""Choices of aggregation, of weights, and of what becomes of missing values."""

from __future__ import annotations

from typing import ClassVar, Literal

import attrs

from migov.composite.methods import Method
from migov.composite.validators import numbers, one_of, real, refuse, sum_astray, text, truth


class Aggregation(Method):
    """How the children of a node become its score."""


@attrs.frozen(kw_only=True)
class Arithmetic(Aggregation):
    """Weighted mean: a low score is made good by a high one."""

    kind: ClassVar[str] = "arithmetic"


@attrs.frozen(kw_only=True)
class Geometric(Aggregation):
    """Weighted geometric mean: low scores count for more. For scores that are not negative."""

    kind: ClassVar[str] = "geometric"


@attrs.frozen(kw_only=True)
class Harmonic(Aggregation):
    """Weighted harmonic mean: the lowest scores decide. For scores that are not negative."""

    kind: ClassVar[str] = "harmonic"


@attrs.frozen(kw_only=True)
class OrderedWeighted(Aggregation):
    """Mean with weights by order, from the worst child to the best (Yager 1988).

    Parameters
    ----------
    weights : tuple of float
        From the worst to the best, whole numbers or decimals that add up to one; the nodes'
        own weights do not count.
    """

    kind: ClassVar[str] = "ordered_weighted"
    weights: tuple[float, ...] = attrs.field(validator=numbers)

    def __attrs_post_init__(self) -> None:
        if not self.weights or min(self.weights) < 0 or sum(self.weights) <= 0:
            refuse(self, "weights", f"weights={self.weights}", "not negative, with a sum")
        astray = sum_astray(self.weights)
        if astray is not None:
            refuse(self, "weights", f"weights={self.weights} add up to {astray:.6g}", "sum 1")


@attrs.frozen(kw_only=True)
class MazziottaPareto(Aggregation):
    """Adjusted Mazziotta–Pareto index: the mean less (or plus) a penalty for imbalance.

    M ∓ S²/M with the weighted mean and population standard deviation of the children,
    meant for scores on 70 … 130.

    Parameters
    ----------
    penalty : {"minus", "plus"}
        ``plus`` where a higher score is worse.
    """

    kind: ClassVar[str] = "mazziotta_pareto"
    penalty: Literal["minus", "plus"] = attrs.field(
        default="minus", validator=one_of("minus", "plus")
    )


@attrs.frozen(kw_only=True)
class Copeland(Aggregation):
    """Areas beaten less areas lost to, each pair decided by the weights of the children."""

    kind: ClassVar[str] = "copeland"


class Weighting(Method):
    """Where the weights among the children of a node come from."""


@attrs.frozen(kw_only=True)
class Given(Weighting):
    """The weights of the nodes: equal unless written, or from an elicitation.

    Whole numbers are relative, 1 and 2 a third and two thirds. Decimals have to add up to one
    among the children of a node, to 1e-9.

    Parameters
    ----------
    rescale : bool
        Whether decimals that add up to something else are divided by their sum; refused
        otherwise, since a weight is then forgotten or written twice.
    """

    kind: ClassVar[str] = "given"
    rescale: bool = attrs.field(default=False, validator=truth)


@attrs.frozen(kw_only=True)
class Equal(Weighting):
    """The same weight for every child, whatever the nodes say."""

    kind: ClassVar[str] = "equal"


@attrs.frozen(kw_only=True)
class Components(Weighting):
    """From the first principal component of the children's correlations.

    Parameters
    ----------
    squared : bool
        Squared loadings, which sum to one; otherwise the loadings themselves, refused where
        some run against the others.
    """

    kind: ClassVar[str] = "components"
    squared: bool = attrs.field(default=True, validator=truth)


@attrs.frozen(kw_only=True)
class Entropy(Weighting):
    """The more unlike the areas' shares in a child, the heavier it is (Shannon)."""

    kind: ClassVar[str] = "entropy"


@attrs.frozen(kw_only=True)
class Importance(Weighting):
    """Weights under which each child's importance is in proportion to its node's weight.

    The importance is the squared correlation of the child with the node's score.

    Parameters
    ----------
    rescale : bool
        As for :class:`Given`.
    """

    kind: ClassVar[str] = "importance"
    rescale: bool = attrs.field(default=False, validator=truth)


@attrs.frozen(kw_only=True)
class BenefitOfDoubt(Weighting):
    """For every area the weights under which it does best, by linear programming.

    No area may score above `upper` under them. The weights differ from area to area.

    Parameters
    ----------
    minimum_share : float
        Least share of each child in an area's total.
    upper : float
        Score of an area that no weights bring above itself.
    """

    kind: ClassVar[str] = "benefit_of_doubt"
    minimum_share: float = real(0.0)
    upper: float = real(100.0)

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.minimum_share < 1:
            refuse(self, "minimum_share", f"minimum_share={self.minimum_share:g}", "0 to below 1")


@attrs.frozen(kw_only=True)
class Missing(Method):
    """What becomes of missing values.

    Parameters
    ----------
    needed : float
        Share of a node's children that must be present for it to have a score; the weights
        of those present are then rescaled. 1: a missing child makes the node missing.
    fill : {"none", "mean", "group_mean"}
        Fill missing indicators before anything else, marked ``imputed``.
    group : str
        Name of the coordinate along ``area`` that holds the groups.
    """

    kind: ClassVar[str] = "missing"
    needed: float = real(1.0)
    fill: Literal["none", "mean", "group_mean"] = attrs.field(
        default="none", validator=one_of("none", "mean", "group_mean")
    )
    group: str = attrs.field(default="", validator=text)

    def __attrs_post_init__(self) -> None:
        if not 0 < self.needed <= 1:
            refuse(self, "needed", f"needed={self.needed:g}", "above 0, at most 1")
        if (self.fill == "group_mean") != bool(self.group):
            refuse(self, "group", f"fill={self.fill!r} with group={self.group!r}", "both or none")
