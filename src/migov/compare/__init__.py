"""Compare: definitions side by side, harmonisation, event histories, mirror figures, quality."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.compare.adjust import harmonise as harmonise
    from migov.compare.adjust import to_duration as to_duration
    from migov.compare.both_ends import mirror as mirror
    from migov.compare.both_ends import mirror_reasons as mirror_reasons
    from migov.compare.circular import Circularity as Circularity
    from migov.compare.criteria import by_criterion as by_criterion
    from migov.compare.differences import Comparison as Comparison
    from migov.compare.differences import Difference as Difference
    from migov.compare.differences import comparable as comparable
    from migov.compare.differences import mobility as mobility
    from migov.compare.differences import side_by_side as side_by_side
    from migov.compare.events import Histories as Histories
    from migov.compare.events import crossings as crossings
    from migov.compare.events import permits as permits
    from migov.compare.redate import to_date as to_date
    from migov.compare.residence import Residence as Residence
    from migov.compare.survival import Survival as Survival
    from migov.compare.tables import protect as protect

__all__ = [
    "Circularity",
    "Comparison",
    "Difference",
    "Histories",
    "Residence",
    "Survival",
    "by_criterion",
    "comparable",
    "crossings",
    "harmonise",
    "mirror",
    "mirror_reasons",
    "mobility",
    "permits",
    "protect",
    "side_by_side",
    "to_date",
    "to_duration",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "Circularity": "migov.compare.circular",
            "Comparison": "migov.compare.differences",
            "Difference": "migov.compare.differences",
            "Histories": "migov.compare.events",
            "Residence": "migov.compare.residence",
            "Survival": "migov.compare.survival",
            "by_criterion": "migov.compare.criteria",
            "comparable": "migov.compare.differences",
            "crossings": "migov.compare.events",
            "harmonise": "migov.compare.adjust",
            "mirror": "migov.compare.both_ends",
            "mirror_reasons": "migov.compare.both_ends",
            "mobility": "migov.compare.differences",
            "permits": "migov.compare.events",
            "protect": "migov.compare.tables",
            "side_by_side": "migov.compare.differences",
            "to_date": "migov.compare.redate",
            "to_duration": "migov.compare.adjust",
        },
    )
