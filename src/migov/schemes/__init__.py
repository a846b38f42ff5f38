"""Mobility programmes: their rules, what happens under them, and who gains."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.schemes import examples as examples
    from migov.schemes.alternative import Alternative as Alternative
    from migov.schemes.design import Design as Design
    from migov.schemes.design_frontier import frontier as frontier
    from migov.schemes.design_result import DesignResult as DesignResult
    from migov.schemes.effects import Effect as Effect
    from migov.schemes.effects import difference_in_differences as difference_in_differences
    from migov.schemes.effects import lottery as lottery
    from migov.schemes.evaluation import Fit as Fit
    from migov.schemes.evaluation import evaluate as evaluate
    from migov.schemes.hazards import Hazards as Hazards
    from migov.schemes.hazards import draw as draw
    from migov.schemes.ledger_result import Ledger as Ledger
    from migov.schemes.partnership import Partnership as Partnership
    from migov.schemes.population import PopulationEffect as PopulationEffect
    from migov.schemes.population import population_effect as population_effect
    from migov.schemes.population import replace_net_migration as replace_net_migration
    from migov.schemes.population import scheme_migration as scheme_migration
    from migov.schemes.price_keys import PRICES as PRICES
    from migov.schemes.programme import Programme as Programme
    from migov.schemes.queues import Queue as Queue
    from migov.schemes.rules import Branch as Branch
    from migov.schemes.rules import Cost as Cost
    from migov.schemes.rules import Floor as Floor
    from migov.schemes.rules import OriginCap as OriginCap
    from migov.schemes.run import Run as Run
    from migov.schemes.safeguards import safeguarded as safeguarded
    from migov.schemes.shocks import Closure as Closure
    from migov.schemes.shocks import Pulse as Pulse
    from migov.schemes.shocks import Shocks as Shocks
    from migov.schemes.simulation import simulate as simulate
    from migov.schemes.training import Training as Training
    from migov.schemes.unit_gains import gains_per_place as gains_per_place
    from migov.schemes.wages import monthly_wage as monthly_wage

__all__ = [
    "Alternative",
    "Branch",
    "Closure",
    "Cost",
    "Design",
    "DesignResult",
    "Effect",
    "Fit",
    "Floor",
    "Hazards",
    "Ledger",
    "OriginCap",
    "PRICES",
    "Partnership",
    "PopulationEffect",
    "Programme",
    "Pulse",
    "Queue",
    "Run",
    "Shocks",
    "Training",
    "difference_in_differences",
    "draw",
    "evaluate",
    "examples",
    "frontier",
    "gains_per_place",
    "lottery",
    "monthly_wage",
    "population_effect",
    "replace_net_migration",
    "safeguarded",
    "scheme_migration",
    "simulate",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "Alternative": "migov.schemes.alternative",
            "Branch": "migov.schemes.rules",
            "Closure": "migov.schemes.shocks",
            "Cost": "migov.schemes.rules",
            "Design": "migov.schemes.design",
            "DesignResult": "migov.schemes.design_result",
            "Effect": "migov.schemes.effects",
            "Fit": "migov.schemes.evaluation",
            "Floor": "migov.schemes.rules",
            "Hazards": "migov.schemes.hazards",
            "Ledger": "migov.schemes.ledger_result",
            "OriginCap": "migov.schemes.rules",
            "PRICES": "migov.schemes.price_keys",
            "Partnership": "migov.schemes.partnership",
            "PopulationEffect": "migov.schemes.population",
            "Programme": "migov.schemes.programme",
            "Pulse": "migov.schemes.shocks",
            "Queue": "migov.schemes.queues",
            "Run": "migov.schemes.run",
            "Shocks": "migov.schemes.shocks",
            "safeguarded": "migov.schemes.safeguards",
            "Training": "migov.schemes.training",
            "difference_in_differences": "migov.schemes.effects",
            "draw": "migov.schemes.hazards",
            "evaluate": "migov.schemes.evaluation",
            "examples": "migov.schemes.examples",
            "frontier": "migov.schemes.design_frontier",
            "gains_per_place": "migov.schemes.unit_gains",
            "lottery": "migov.schemes.effects",
            "monthly_wage": "migov.schemes.wages",
            "population_effect": "migov.schemes.population",
            "replace_net_migration": "migov.schemes.population",
            "scheme_migration": "migov.schemes.population",
            "simulate": "migov.schemes.simulation",
        },
    )
