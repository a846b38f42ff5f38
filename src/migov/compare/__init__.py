"""Compare: definitions side by side, harmonisation, event histories, mirror figures, quality."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.compare.circular import Circularity as Circularity
    from migov.compare.differences import Comparison as Comparison
    from migov.compare.differences import Difference as Difference
    from migov.compare.differences import comparable as comparable
    from migov.compare.differences import mobility as mobility
    from migov.compare.differences import side_by_side as side_by_side
    from migov.compare.events import Histories as Histories
    from migov.compare.events import crossings as crossings
    from migov.compare.events import permits as permits
    from migov.compare.residence import Residence as Residence
    from migov.compare.tables import protect as protect

__all__ = [
    "Circularity",
    "Comparison",
    "Difference",
    "Histories",
    "Residence",
    "comparable",
    "crossings",
    "mobility",
    "permits",
    "protect",
    "side_by_side",
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
            "comparable": "migov.compare.differences",
            "crossings": "migov.compare.events",
            "mobility": "migov.compare.differences",
            "permits": "migov.compare.events",
            "protect": "migov.compare.tables",
            "side_by_side": "migov.compare.differences",
        },
    )
