"""Populations to come: projection, members, labour force, demographic arithmetic."""
from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.demography.participation import labour_force as labour_force
    from migov.demography.paths import PathModel as PathModel
    from migov.demography.paths import Paths as Paths
    from migov.demography.paths import draw_paths as draw_paths
    from migov.demography.projection import CohortComponent as CohortComponent

__all__ = [
    "CohortComponent",
    "PathModel",
    "Paths",
    "draw_paths",
    "labour_force",
]

if not TYPE_CHECKING:
    _TABLE = {
        "CohortComponent": "projection",
        "PathModel": "paths",
        "Paths": "paths",
        "draw_paths": "paths",
        "labour_force": "participation",
    }
    __getattr__, __dir__ = attach(
        __name__, {name: f"migov.demography.{module}" for name, module in _TABLE.items()}
    )
