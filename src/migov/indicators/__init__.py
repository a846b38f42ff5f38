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
    from migov.indicators.emigrants import DiasporaRatio as DiasporaRatio
    from migov.indicators.emigrants import DiasporaReach as DiasporaReach
    from migov.indicators.emigrants import EmigrationRate as EmigrationRate
    from migov.indicators.emigrants import SkillSelectivity as SkillSelectivity
    from migov.indicators.emigrants import SkilledEmigrationRate as SkilledEmigrationRate
    from migov.indicators.fertility_mortality import ForeignBornMotherShare as ForeignBornMotherShare
    from migov.indicators.fertility_mortality import LifeExpectancy as LifeExpectancy
    from migov.indicators.fertility_mortality import NetReproductionRate as NetReproductionRate
    from migov.indicators.fertility_mortality import PopulationMomentum as PopulationMomentum
    from migov.indicators.fertility_mortality import ProspectiveOldAgeDependencyRatio as ProspectiveOldAgeDependencyRatio
    from migov.indicators.fertility_mortality import TotalFertilityRate as TotalFertilityRate
    from migov.indicators.flows import CircularMigrationRate as CircularMigrationRate
    from migov.indicators.flows import CrudeEmigrationRate as CrudeEmigrationRate
    from migov.indicators.flows import CrudeImmigrationRate as CrudeImmigrationRate
    from migov.indicators.flows import CrudeNetMigrationRate as CrudeNetMigrationRate
    from migov.indicators.flows import GrossMigration as GrossMigration
    from migov.indicators.flows import MigrationEffectiveness as MigrationEffectiveness
    from migov.indicators.flows import MirrorAsymmetry as MirrorAsymmetry
    from migov.indicators.flows import NetMigration as NetMigration
    from migov.indicators.flows import ReturnMigrationShare as ReturnMigrationShare
    from migov.indicators.growth import MigrationContributionToGrowth as MigrationContributionToGrowth
    from migov.indicators.growth import NaturalIncreaseRate as NaturalIncreaseRate
    from migov.indicators.growth import WorkingAgeChange as WorkingAgeChange
    from migov.indicators.growth import WorkingAgeReplacementRatio as WorkingAgeReplacementRatio
    from migov.indicators.health import HealthWorkerDensity as HealthWorkerDensity
    from migov.indicators.health import OccupationDrain as OccupationDrain
    from migov.indicators.labour_market import ParticipationRate as ParticipationRate
    from migov.indicators.migration_age import GrossMigraproductionRate as GrossMigraproductionRate
    from migov.indicators.migration_age import MigrationExpectancy as MigrationExpectancy
    from migov.indicators.migration_age import PeakMigrationAge as PeakMigrationAge
    from migov.indicators.migration_age import PeakMigrationIntensity as PeakMigrationIntensity
    from migov.indicators.migration_intensity import AggregateNetMigrationRate as AggregateNetMigrationRate
    from migov.indicators.migration_intensity import CrudeMigrationIntensity as CrudeMigrationIntensity
    from migov.indicators.migration_intensity import FlowVariation as FlowVariation
    from migov.indicators.migration_intensity import MeanMigrationDistance as MeanMigrationDistance
    from migov.indicators.migration_intensity import MedianMigrationDistance as MedianMigrationDistance
    from migov.indicators.migration_intensity import MigrationConnectivity as MigrationConnectivity
    from migov.indicators.migration_intensity import MigrationInequality as MigrationInequality
    from migov.indicators.migration_intensity import MigrationPreference as MigrationPreference
    from migov.indicators.migration_intensity import MigrationWeightedGini as MigrationWeightedGini
    from migov.indicators.protection import RefugeesPerOrigin as RefugeesPerOrigin
    from migov.indicators.remittances import RemittanceShareOfGDP as RemittanceShareOfGDP
    from migov.indicators.schemes import QuotaUtilisation as QuotaUtilisation
    from migov.indicators.schemes import SchemeShortageCoverage as SchemeShortageCoverage
    from migov.indicators.schemes import VacancyFillRate as VacancyFillRate
    from migov.indicators.stocks import ExposureIndex as ExposureIndex
    from migov.indicators.stocks import FemaleMigrantShare as FemaleMigrantShare
    from migov.indicators.stocks import MedianMigrantAge as MedianMigrantAge
    from migov.indicators.stocks import MigrantShare as MigrantShare
    from migov.indicators.stocks import MigrantStockGrowth as MigrantStockGrowth
    from migov.indicators.stocks import OriginConcentration as OriginConcentration
    from migov.indicators.stocks import OriginDiversity as OriginDiversity
    from migov.indicators.stocks import RefugeeShareOfMigrants as RefugeeShareOfMigrants
    from migov.indicators.stocks import SegregationIndex as SegregationIndex

__all__ = [
    "AgeingIndex",
    "AggregateNetMigrationRate",
    "ChildDependencyRatio",
    "CircularMigrationRate",
    "CrudeEmigrationRate",
    "CrudeImmigrationRate",
    "CrudeMigrationIntensity",
    "CrudeNetMigrationRate",
    "DiasporaRatio",
    "DiasporaReach",
    "EconomicDependencyRatio",
    "EmigrationRate",
    "ExposureIndex",
    "FemaleMigrantShare",
    "FlowVariation",
    "ForeignBornMotherShare",
    "GrossMigraproductionRate",
    "GrossMigration",
    "HealthWorkerDensity",
    "LifeExpectancy",
    "MeanMigrationDistance",
    "MedianAge",
    "MedianMigrantAge",
    "MedianMigrationDistance",
    "MigrantShare",
    "MigrantStockGrowth",
    "MigrationConnectivity",
    "MigrationContributionToGrowth",
    "MigrationEffectiveness",
    "MigrationExpectancy",
    "MigrationInequality",
    "MigrationPreference",
    "MigrationWeightedGini",
    "MirrorAsymmetry",
    "NaturalIncreaseRate",
    "NetMigration",
    "NetReproductionRate",
    "OccupationDrain",
    "OldAgeDependencyRatio",
    "OriginConcentration",
    "OriginDiversity",
    "ParticipationRate",
    "PeakMigrationAge",
    "PeakMigrationIntensity",
    "PopulationMomentum",
    "PotentialSupportRatio",
    "ProspectiveOldAgeDependencyRatio",
    "QuotaUtilisation",
    "RefugeeShareOfMigrants",
    "RefugeesPerOrigin",
    "RemittanceShareOfGDP",
    "ReturnMigrationShare",
    "SchemeShortageCoverage",
    "SegregationIndex",
    "SkillSelectivity",
    "SkilledEmigrationRate",
    "TotalDependencyRatio",
    "TotalFertilityRate",
    "VacancyFillRate",
    "WorkingAgeChange",
    "WorkingAgeReplacementRatio",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "AgeingIndex": "migov.indicators.ageing",
            "AggregateNetMigrationRate": "migov.indicators.migration_intensity",
            "ChildDependencyRatio": "migov.indicators.ageing",
            "CircularMigrationRate": "migov.indicators.flows",
            "CrudeEmigrationRate": "migov.indicators.flows",
            "CrudeImmigrationRate": "migov.indicators.flows",
            "CrudeMigrationIntensity": "migov.indicators.migration_intensity",
            "CrudeNetMigrationRate": "migov.indicators.flows",
            "DiasporaRatio": "migov.indicators.emigrants",
            "DiasporaReach": "migov.indicators.emigrants",
            "EconomicDependencyRatio": "migov.indicators.ageing",
            "EmigrationRate": "migov.indicators.emigrants",
            "ExposureIndex": "migov.indicators.stocks",
            "FemaleMigrantShare": "migov.indicators.stocks",
            "FlowVariation": "migov.indicators.migration_intensity",
            "ForeignBornMotherShare": "migov.indicators.fertility_mortality",
            "GrossMigraproductionRate": "migov.indicators.migration_age",
            "GrossMigration": "migov.indicators.flows",
            "HealthWorkerDensity": "migov.indicators.health",
            "LifeExpectancy": "migov.indicators.fertility_mortality",
            "MeanMigrationDistance": "migov.indicators.migration_intensity",
            "MedianAge": "migov.indicators.ageing",
            "MedianMigrantAge": "migov.indicators.stocks",
            "MedianMigrationDistance": "migov.indicators.migration_intensity",
            "MigrantShare": "migov.indicators.stocks",
            "MigrantStockGrowth": "migov.indicators.stocks",
            "MigrationConnectivity": "migov.indicators.migration_intensity",
            "MigrationContributionToGrowth": "migov.indicators.growth",
            "MigrationEffectiveness": "migov.indicators.flows",
            "MigrationExpectancy": "migov.indicators.migration_age",
            "MigrationInequality": "migov.indicators.migration_intensity",
            "MigrationPreference": "migov.indicators.migration_intensity",
            "MigrationWeightedGini": "migov.indicators.migration_intensity",
            "MirrorAsymmetry": "migov.indicators.flows",
            "NaturalIncreaseRate": "migov.indicators.growth",
            "NetMigration": "migov.indicators.flows",
            "NetReproductionRate": "migov.indicators.fertility_mortality",
            "OccupationDrain": "migov.indicators.health",
            "OldAgeDependencyRatio": "migov.indicators.ageing",
            "OriginConcentration": "migov.indicators.stocks",
            "OriginDiversity": "migov.indicators.stocks",
            "ParticipationRate": "migov.indicators.labour_market",
            "PeakMigrationAge": "migov.indicators.migration_age",
            "PeakMigrationIntensity": "migov.indicators.migration_age",
            "PopulationMomentum": "migov.indicators.fertility_mortality",
            "PotentialSupportRatio": "migov.indicators.ageing",
            "ProspectiveOldAgeDependencyRatio": "migov.indicators.fertility_mortality",
            "QuotaUtilisation": "migov.indicators.schemes",
            "RefugeeShareOfMigrants": "migov.indicators.stocks",
            "RefugeesPerOrigin": "migov.indicators.protection",
            "RemittanceShareOfGDP": "migov.indicators.remittances",
            "ReturnMigrationShare": "migov.indicators.flows",
            "SchemeShortageCoverage": "migov.indicators.schemes",
            "SegregationIndex": "migov.indicators.stocks",
            "SkillSelectivity": "migov.indicators.emigrants",
            "SkilledEmigrationRate": "migov.indicators.emigrants",
            "TotalDependencyRatio": "migov.indicators.ageing",
            "TotalFertilityRate": "migov.indicators.fertility_mortality",
            "VacancyFillRate": "migov.indicators.schemes",
            "WorkingAgeChange": "migov.indicators.growth",
            "WorkingAgeReplacementRatio": "migov.indicators.growth",
        },
    )
