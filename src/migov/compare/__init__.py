"""Compare: definitions side by side, harmonisation, event histories, mirror figures, quality."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.compare.differences import Comparison as Comparison
    from migov.compare.differences import Difference as Difference
    from migov.compare.differences import comparable as comparable
    from migov.compare.differences import mobility as mobility
    from migov.compare.differences import side_by_side as side_by_side

__all__ = ["Comparison", "Difference", "comparable", "mobility", "side_by_side"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "Comparison": "migov.compare.differences",
            "Difference": "migov.compare.differences",
            "comparable": "migov.compare.differences",
            "mobility": "migov.compare.differences",
            "side_by_side": "migov.compare.differences",
        },
    )
