"""Composite indices: normalise, weigh, aggregate, audit, and see how robust the result is."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.composite.combining import Arithmetic as Arithmetic
    from migov.composite.combining import BenefitOfDoubt as BenefitOfDoubt
    from migov.composite.combining import Components as Components
    from migov.composite.combining import Copeland as Copeland
    from migov.composite.combining import Entropy as Entropy
    from migov.composite.combining import Equal as Equal
    from migov.composite.combining import Geometric as Geometric
    from migov.composite.combining import Given as Given
    from migov.composite.combining import Harmonic as Harmonic
    from migov.composite.combining import Importance as Importance
    from migov.composite.combining import MazziottaPareto as MazziottaPareto
    from migov.composite.combining import Missing as Missing
    from migov.composite.combining import OrderedWeighted as OrderedWeighted
    from migov.composite.elicitation import analytic_hierarchy as analytic_hierarchy
    from migov.composite.elicitation import budget_allocation as budget_allocation
    from migov.composite.index import Index as Index
    from migov.composite.methods import BoxCox as BoxCox
    from migov.composite.methods import Categorical as Categorical
    from migov.composite.methods import DistanceToTarget as DistanceToTarget
    from migov.composite.methods import Frontier as Frontier
    from migov.composite.methods import Goalposts as Goalposts
    from migov.composite.methods import MinMax as MinMax
    from migov.composite.methods import Rank as Rank
    from migov.composite.methods import Unchanged as Unchanged
    from migov.composite.methods import Untreated as Untreated
    from migov.composite.methods import Winsorise as Winsorise
    from migov.composite.methods import ZScore as ZScore
    from migov.composite.tree import Node as Node
    from migov.composite.uncertainty import Uncertainty as Uncertainty

_MODULES = {
    "combining": (
        "Arithmetic BenefitOfDoubt Components Copeland Entropy Equal Geometric Given Harmonic "
        "Importance MazziottaPareto Missing OrderedWeighted"
    ),
    "elicitation": "analytic_hierarchy budget_allocation",
    "index": "Index",
    "methods": (
        "BoxCox Categorical DistanceToTarget Frontier Goalposts MinMax Rank Unchanged Untreated "
        "Winsorise ZScore"
    ),
    "tree": "Node",
    "uncertainty": "Uncertainty",
}

__all__ = [
    "Arithmetic",
    "BenefitOfDoubt",
    "BoxCox",
    "Categorical",
    "Components",
    "Copeland",
    "DistanceToTarget",
    "Entropy",
    "Equal",
    "Frontier",
    "Geometric",
    "Given",
    "Goalposts",
    "Harmonic",
    "Importance",
    "Index",
    "MazziottaPareto",
    "MinMax",
    "Missing",
    "Node",
    "OrderedWeighted",
    "Rank",
    "Uncertainty",
    "Unchanged",
    "Untreated",
    "Winsorise",
    "ZScore",
    "analytic_hierarchy",
    "budget_allocation",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            name: f"migov.composite.{module}"
            for module, names in _MODULES.items()
            for name in names.split()
        },
    )
