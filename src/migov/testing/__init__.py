"""What contributors run: the checker of indicators."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.testing.checker import Compliance as Compliance
    from migov.testing.checker import check_indicator as check_indicator
    from migov.testing.checker import compliance_table as compliance_table

__all__ = ["Compliance", "check_indicator", "compliance_table"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        dict.fromkeys(__all__, "migov.testing.checker"),
    )
