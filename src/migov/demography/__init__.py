"""Populations to come: projection, members, labour force, demographic arithmetic."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.demography.arithmetic import demographic_arithmetic as demographic_arithmetic
    from migov.demography.between import interpolate as interpolate
    from migov.demography.gap import gap_closed_by as gap_closed_by
    from migov.demography.participation import labour_force as labour_force
    from migov.demography.paths import PathModel as PathModel
    from migov.demography.paths import Paths as Paths
    from migov.demography.paths import draw_paths as draw_paths
    from migov.demography.projection import CohortComponent as CohortComponent

__all__ = [
    "CohortComponent",
    "PathModel",
    "Paths",
    "demographic_arithmetic",
    "draw_paths",
    "gap_closed_by",
    "interpolate",
    "labour_force",
]

if not TYPE_CHECKING:
    _TABLE = {
        "CohortComponent": "projection",
        "PathModel": "paths",
        "Paths": "paths",
        "demographic_arithmetic": "arithmetic",
        "draw_paths": "paths",
        "gap_closed_by": "gap",
        "interpolate": "between",
        "labour_force": "participation",
    }
    __getattr__, __dir__ = attach(
        __name__, {name: f"migov.demography.{module}" for name, module in _TABLE.items()}
    )
