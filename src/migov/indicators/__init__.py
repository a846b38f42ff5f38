"""The catalogue's classes, one file a theme; written by tools/index.py."""

# fmt: off
from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.indicators.ageing import AgeingIndex as AgeingIndex
    from migov.indicators.ageing import ChildDependencyRatio as ChildDependencyRatio
    from migov.indicators.ageing import EconomicDependencyRatio as EconomicDependencyRatio
    from migov.indicators.ageing import MedianAge as MedianAge
    from migov.indicators.ageing import OldAgeDependencyRatio as OldAgeDependencyRatio
    from migov.indicators.ageing import PotentialSupportRatio as PotentialSupportRatio
    from migov.indicators.ageing import TotalDependencyRatio as TotalDependencyRatio
    from migov.indicators.flows import CrudeNetMigrationRate as CrudeNetMigrationRate
    from migov.indicators.growth import NaturalIncreaseRate as NaturalIncreaseRate
    from migov.indicators.health import HealthWorkerDensity as HealthWorkerDensity
    from migov.indicators.health import OccupationDrain as OccupationDrain
    from migov.indicators.labour_market import ParticipationRate as ParticipationRate
    from migov.indicators.protection import RefugeesPerOrigin as RefugeesPerOrigin
    from migov.indicators.remittances import RemittanceShareOfGDP as RemittanceShareOfGDP
    from migov.indicators.schemes import QuotaUtilisation as QuotaUtilisation
    from migov.indicators.schemes import SchemeShortageCoverage as SchemeShortageCoverage
    from migov.indicators.schemes import VacancyFillRate as VacancyFillRate
    from migov.indicators.stocks import MigrantShare as MigrantShare

__all__ = [
    "AgeingIndex",
    "ChildDependencyRatio",
    "CrudeNetMigrationRate",
    "EconomicDependencyRatio",
    "HealthWorkerDensity",
    "MedianAge",
    "MigrantShare",
    "NaturalIncreaseRate",
    "OccupationDrain",
    "OldAgeDependencyRatio",
    "ParticipationRate",
    "PotentialSupportRatio",
    "QuotaUtilisation",
    "RefugeesPerOrigin",
    "RemittanceShareOfGDP",
    "SchemeShortageCoverage",
    "TotalDependencyRatio",
    "VacancyFillRate",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "AgeingIndex": "migov.indicators.ageing",
            "ChildDependencyRatio": "migov.indicators.ageing",
            "CrudeNetMigrationRate": "migov.indicators.flows",
            "EconomicDependencyRatio": "migov.indicators.ageing",
            "HealthWorkerDensity": "migov.indicators.health",
            "MedianAge": "migov.indicators.ageing",
            "MigrantShare": "migov.indicators.stocks",
            "NaturalIncreaseRate": "migov.indicators.growth",
            "OccupationDrain": "migov.indicators.health",
            "OldAgeDependencyRatio": "migov.indicators.ageing",
            "ParticipationRate": "migov.indicators.labour_market",
            "PotentialSupportRatio": "migov.indicators.ageing",
            "QuotaUtilisation": "migov.indicators.schemes",
            "RefugeesPerOrigin": "migov.indicators.protection",
            "RemittanceShareOfGDP": "migov.indicators.remittances",
            "SchemeShortageCoverage": "migov.indicators.schemes",
            "TotalDependencyRatio": "migov.indicators.ageing",
            "VacancyFillRate": "migov.indicators.schemes",
        },
    )
