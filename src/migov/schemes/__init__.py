"""Mobility programmes: their rules, what happens under them, and who gains."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.schemes.alternative import Alternative as Alternative
    from migov.schemes.hazards import Hazards as Hazards
    from migov.schemes.programme import Programme as Programme
    from migov.schemes.rules import Branch as Branch
    from migov.schemes.rules import Cost as Cost
    from migov.schemes.rules import Floor as Floor
    from migov.schemes.rules import OriginCap as OriginCap
    from migov.schemes.run import Run as Run
    from migov.schemes.simulation import simulate as simulate

__all__ = [
    "Alternative",
    "Branch",
    "Cost",
    "Floor",
    "Hazards",
    "OriginCap",
    "Programme",
    "Run",
    "simulate",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "Alternative": "migov.schemes.alternative",
            "Branch": "migov.schemes.rules",
            "Cost": "migov.schemes.rules",
            "Floor": "migov.schemes.rules",
            "Hazards": "migov.schemes.hazards",
            "OriginCap": "migov.schemes.rules",
            "Programme": "migov.schemes.programme",
            "Run": "migov.schemes.run",
            "simulate": "migov.schemes.simulation",
        },
    )
