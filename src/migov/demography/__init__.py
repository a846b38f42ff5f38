"""Populations to come: projection, members, labour force, demographic arithmetic."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.demography.projection import CohortComponent as CohortComponent

__all__ = ["CohortComponent"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(__name__, {"CohortComponent": "migov.demography.projection"})
