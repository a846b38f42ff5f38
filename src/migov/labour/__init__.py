"""The labour market: shortage by occupation, matching of workers and posts."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.labour import points_tables as points_tables
    from migov.labour.assigning import assignment as assignment
    from migov.labour.batches import Batches as Batches
    from migov.labour.batches import match_in_batches as match_in_batches
    from migov.labour.bridge import Bridge as Bridge
    from migov.labour.changes import decompose_change as decompose_change
    from migov.labour.effects import EVIDENCE as EVIDENCE
    from migov.labour.effects import Evidence as Evidence
    from migov.labour.effects import NestedCES as NestedCES
    from migov.labour.effects import effect_range as effect_range
    from migov.labour.equilibrium import choo_siow as choo_siow
    from migov.labour.equilibrium import recover_surplus as recover_surplus
    from migov.labour.equilibrium import respond as respond
    from migov.labour.families import FamilyMatching as FamilyMatching
    from migov.labour.families import match_families as match_families
    from migov.labour.fits import near_fits as near_fits
    from migov.labour.fits import skill_fit as skill_fit
    from migov.labour.limits import Limit as Limit
    from migov.labour.limits import Reserve as Reserve
    from migov.labour.market import Market as Market
    from migov.labour.matching import Matching as Matching
    from migov.labour.points import PointsSystem as PointsSystem
    from migov.labour.points_parts import Condition as Condition
    from migov.labour.points_parts import Criterion as Criterion
    from migov.labour.points_parts import Requirement as Requirement
    from migov.labour.search import SearchMarket as SearchMarket
    from migov.labour.search_segments import segments as segments
    from migov.labour.shortages import shortage as shortage
    from migov.labour.stages import Stage as Stage
    from migov.labour.stages import through_stages as through_stages

__all__ = [
    "Batches",
    "Bridge",
    "Condition",
    "Criterion",
    "EVIDENCE",
    "Evidence",
    "FamilyMatching",
    "Limit",
    "Market",
    "Matching",
    "NestedCES",
    "PointsSystem",
    "Requirement",
    "Reserve",
    "SearchMarket",
    "Stage",
    "assignment",
    "choo_siow",
    "decompose_change",
    "effect_range",
    "match_families",
    "match_in_batches",
    "near_fits",
    "points_tables",
    "recover_surplus",
    "respond",
    "segments",
    "shortage",
    "skill_fit",
    "through_stages",
]

if not TYPE_CHECKING:
    _TABLE = {
        "assigning": ("assignment",),
        "limits": ("Limit", "Reserve"),
        "market": ("Market",),
        "matching": ("Matching",),
        "points": ("PointsSystem",),
        "points_parts": ("Condition", "Criterion", "Requirement"),
        "points_tables": ("points_tables",),
        "equilibrium": ("choo_siow", "recover_surplus", "respond"),
        "search": ("SearchMarket",),
        "search_segments": ("segments",),
        "effects": ("EVIDENCE", "Evidence", "NestedCES", "effect_range"),
        "bridge": ("Bridge",),
        "changes": ("decompose_change",),
        "fits": ("near_fits", "skill_fit"),
        "stages": ("Stage", "through_stages"),
        "batches": ("Batches", "match_in_batches"),
        "families": ("FamilyMatching", "match_families"),
        "shortages": ("shortage",),
    }
    __getattr__, __dir__ = attach(
        __name__,
        {name: f"migov.labour.{module}" for module, names in _TABLE.items() for name in names},
    )
