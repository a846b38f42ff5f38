"""The labour market: shortage by occupation."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.labour.shortages import shortage as shortage

__all__ = ["shortage"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(__name__, {"shortage": "migov.labour.shortages"})
