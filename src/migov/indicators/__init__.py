"""The catalogue's classes, one file a theme; written by tools/index.py."""

# fmt: off
# ruff: noqa: E501, I001
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
    from migov.indicators.asylum import AsylumClearanceRate as AsylumClearanceRate
    from migov.indicators.asylum import AsylumRecognitionRate as AsylumRecognitionRate
    from migov.indicators.asylum import BacklogMonths as BacklogMonths
    from migov.indicators.asylum import DecisionTime as DecisionTime
    from migov.indicators.border import DetentionAlternativesShare as DetentionAlternativesShare
    from migov.indicators.border import EffectiveReturnRate as EffectiveReturnRate
    from migov.indicators.border import EntryRefusalRate as EntryRefusalRate
    from migov.indicators.border import FirstPermitRate as FirstPermitRate
    from migov.indicators.border import PermitProcessingTime as PermitProcessingTime
    from migov.indicators.border import RegularEntryShare as RegularEntryShare
    from migov.indicators.border import VisaRefusalRate as VisaRefusalRate
    from migov.indicators.border import VoluntaryReturnShare as VoluntaryReturnShare
    from migov.indicators.border import WorkPathwayShare as WorkPathwayShare
    from migov.indicators.data_quality import AgeSexAccuracyIndex as AgeSexAccuracyIndex
    from migov.indicators.data_quality import Completeness as Completeness
    from migov.indicators.data_quality import CoreQuestionCoverage as CoreQuestionCoverage
    from migov.indicators.data_quality import DefinitionDistance as DefinitionDistance
    from migov.indicators.data_quality import MyersIndex as MyersIndex
    from migov.indicators.data_quality import SexAgeCoverage as SexAgeCoverage
    from migov.indicators.data_quality import Timeliness as Timeliness
    from migov.indicators.data_quality import WhippleIndex as WhippleIndex
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
    from migov.indicators.governance_indicators import ConsultedBeforeDecision as ConsultedBeforeDecision
    from migov.indicators.governance_indicators import ConventionCoverage as ConventionCoverage
    from migov.indicators.governance_indicators import DialogueInclusiveness as DialogueInclusiveness
    from migov.indicators.governance_indicators import FollowThrough as FollowThrough
    from migov.indicators.governance_indicators import MigrationPolicyShare as MigrationPolicyShare
    from migov.indicators.governance_indicators import PolicyCoherence as PolicyCoherence
    from migov.indicators.governance_indicators import PolicyRestrictiveness as PolicyRestrictiveness
    from migov.indicators.growth import MigrationContributionToGrowth as MigrationContributionToGrowth
    from migov.indicators.growth import NaturalIncreaseRate as NaturalIncreaseRate
    from migov.indicators.growth import WorkingAgeChange as WorkingAgeChange
    from migov.indicators.growth import WorkingAgeReplacementRatio as WorkingAgeReplacementRatio
    from migov.indicators.health import HealthWorkerDensity as HealthWorkerDensity
    from migov.indicators.health import OccupationDrain as OccupationDrain
    from migov.indicators.income import FiscalRatio as FiscalRatio
    from migov.indicators.income import MonthsToRecover as MonthsToRecover
    from migov.indicators.income import NetIncomeGain as NetIncomeGain
    from migov.indicators.income import PlacePremium as PlacePremium
    from migov.indicators.income import WageRatio as WageRatio
    from migov.indicators.integration import ContributionLoss as ContributionLoss
    from migov.indicators.integration import LongTermResidenceShare as LongTermResidenceShare
    from migov.indicators.integration import NaturalisationRate as NaturalisationRate
    from migov.indicators.integration import PortabilityCoverage as PortabilityCoverage
    from migov.indicators.labour_market import EmploymentRate as EmploymentRate
    from migov.indicators.labour_market import JobVacancyRate as JobVacancyRate
    from migov.indicators.labour_market import LabourMarketTightness as LabourMarketTightness
    from migov.indicators.labour_market import LabourUnderutilisation as LabourUnderutilisation
    from migov.indicators.labour_market import MatchingEfficiency as MatchingEfficiency
    from migov.indicators.labour_market import MigrantEmploymentShare as MigrantEmploymentShare
    from migov.indicators.labour_market import NativeMigrantGap as NativeMigrantGap
    from migov.indicators.labour_market import NativeMigrantRatio as NativeMigrantRatio
    from migov.indicators.labour_market import ParticipationRate as ParticipationRate
    from migov.indicators.labour_market import UnemploymentRate as UnemploymentRate
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
    from migov.indicators.mismatch import EducationMismatchRate as EducationMismatchRate
    from migov.indicators.mismatch import MismatchIndex as MismatchIndex
    from migov.indicators.mismatch import OccupationalDissimilarity as OccupationalDissimilarity
    from migov.indicators.mismatch import OverqualificationRate as OverqualificationRate
    from migov.indicators.protection import RefugeesPerOrigin as RefugeesPerOrigin
    from migov.indicators.recognition import RecognitionRate as RecognitionRate
    from migov.indicators.recognition import RecognitionTime as RecognitionTime
    from migov.indicators.recruitment import RecruitmentCost as RecruitmentCost
    from migov.indicators.recruitment import WorkerPaidCostRatio as WorkerPaidCostRatio
    from migov.indicators.remittances import RemittanceConcentration as RemittanceConcentration
    from migov.indicators.remittances import RemittanceCost as RemittanceCost
    from migov.indicators.remittances import RemittancePerEmigrant as RemittancePerEmigrant
    from migov.indicators.remittances import RemittanceShareOfGDP as RemittanceShareOfGDP
    from migov.indicators.remittances import RemittanceStability as RemittanceStability
    from migov.indicators.remittances import RemittanceVolatility as RemittanceVolatility
    from migov.indicators.safety import MigrantDeaths as MigrantDeaths
    from migov.indicators.safety import RecordedDeathRate as RecordedDeathRate
    from migov.indicators.safety import TraffickingVictimRate as TraffickingVictimRate
    from migov.indicators.scheme_outcomes import AgreementCoverage as AgreementCoverage
    from migov.indicators.scheme_outcomes import BenefitShares as BenefitShares
    from migov.indicators.scheme_outcomes import CostPerPlacement as CostPerPlacement
    from migov.indicators.scheme_outcomes import MeanCompletedStay as MeanCompletedStay
    from migov.indicators.scheme_outcomes import OutcomeOfStay as OutcomeOfStay
    from migov.indicators.scheme_outcomes import ReentryRate as ReentryRate
    from migov.indicators.scheme_workers import EmployerChangeShare as EmployerChangeShare
    from migov.indicators.scheme_workers import HousingDeductionShare as HousingDeductionShare
    from migov.indicators.scheme_workers import InspectionRate as InspectionRate
    from migov.indicators.scheme_workers import LanguageAtPlacement as LanguageAtPlacement
    from migov.indicators.scheme_workers import PreDepartureCoverage as PreDepartureCoverage
    from migov.indicators.scheme_workers import WageComplaintRate as WageComplaintRate
    from migov.indicators.schemes import QuotaUtilisation as QuotaUtilisation
    from migov.indicators.schemes import SchemeShortageCoverage as SchemeShortageCoverage
    from migov.indicators.schemes import VacancyFillRate as VacancyFillRate
    from migov.indicators.shortage_indicators import BAShortagePoints as BAShortagePoints
    from migov.indicators.shortage_indicators import JobOpenings as JobOpenings
    from migov.indicators.shortage_indicators import LabourSupplyGap as LabourSupplyGap
    from migov.indicators.shortage_indicators import OccupationalShortageIndex as OccupationalShortageIndex
    from migov.indicators.shortage_indicators import UntappedReserve as UntappedReserve
    from migov.indicators.skills_at_origin import ForeignTrainedHealthShare as ForeignTrainedHealthShare
    from migov.indicators.skills_at_origin import SkillPartnershipBalance as SkillPartnershipBalance
    from migov.indicators.skills_at_origin import SkillUseAfterReturn as SkillUseAfterReturn
    from migov.indicators.skills_at_origin import TrainingCostLost as TrainingCostLost
    from migov.indicators.stocks import ExposureIndex as ExposureIndex
    from migov.indicators.stocks import FemaleMigrantShare as FemaleMigrantShare
    from migov.indicators.stocks import MedianMigrantAge as MedianMigrantAge
    from migov.indicators.stocks import MigrantShare as MigrantShare
    from migov.indicators.stocks import MigrantStockGrowth as MigrantStockGrowth
    from migov.indicators.stocks import OriginConcentration as OriginConcentration
    from migov.indicators.stocks import OriginDiversity as OriginDiversity
    from migov.indicators.stocks import RefugeeShareOfMigrants as RefugeeShareOfMigrants
    from migov.indicators.stocks import SegregationIndex as SegregationIndex
    from migov.indicators.work_conditions import FreedomOfAssociationCompliance as FreedomOfAssociationCompliance
    from migov.indicators.work_conditions import ImpliedMigrantShareOfWorkers as ImpliedMigrantShareOfWorkers
    from migov.indicators.work_conditions import MigrantWageGap as MigrantWageGap
    from migov.indicators.work_conditions import WorkInjuryRate as WorkInjuryRate

__all__ = [
    "AgeSexAccuracyIndex",
    "AgeingIndex",
    "AggregateNetMigrationRate",
    "AgreementCoverage",
    "AsylumClearanceRate",
    "AsylumRecognitionRate",
    "BAShortagePoints",
    "BacklogMonths",
    "BenefitShares",
    "ChildDependencyRatio",
    "CircularMigrationRate",
    "Completeness",
    "ConsultedBeforeDecision",
    "ContributionLoss",
    "ConventionCoverage",
    "CoreQuestionCoverage",
    "CostPerPlacement",
    "CrudeEmigrationRate",
    "CrudeImmigrationRate",
    "CrudeMigrationIntensity",
    "CrudeNetMigrationRate",
    "DecisionTime",
    "DefinitionDistance",
    "DetentionAlternativesShare",
    "DialogueInclusiveness",
    "DiasporaRatio",
    "DiasporaReach",
    "EconomicDependencyRatio",
    "EducationMismatchRate",
    "EffectiveReturnRate",
    "EmigrationRate",
    "EmployerChangeShare",
    "EmploymentRate",
    "EntryRefusalRate",
    "ExposureIndex",
    "FemaleMigrantShare",
    "FirstPermitRate",
    "FiscalRatio",
    "FlowVariation",
    "FollowThrough",
    "ForeignBornMotherShare",
    "ForeignTrainedHealthShare",
    "FreedomOfAssociationCompliance",
    "GrossMigraproductionRate",
    "GrossMigration",
    "HealthWorkerDensity",
    "HousingDeductionShare",
    "ImpliedMigrantShareOfWorkers",
    "InspectionRate",
    "JobOpenings",
    "JobVacancyRate",
    "LabourMarketTightness",
    "LabourSupplyGap",
    "LabourUnderutilisation",
    "LanguageAtPlacement",
    "LifeExpectancy",
    "LongTermResidenceShare",
    "MatchingEfficiency",
    "MeanCompletedStay",
    "MeanMigrationDistance",
    "MedianAge",
    "MedianMigrantAge",
    "MedianMigrationDistance",
    "MigrantDeaths",
    "MigrantEmploymentShare",
    "MigrantShare",
    "MigrantStockGrowth",
    "MigrantWageGap",
    "MigrationConnectivity",
    "MigrationContributionToGrowth",
    "MigrationEffectiveness",
    "MigrationExpectancy",
    "MigrationInequality",
    "MigrationPolicyShare",
    "MigrationPreference",
    "MigrationWeightedGini",
    "MirrorAsymmetry",
    "MismatchIndex",
    "MonthsToRecover",
    "MyersIndex",
    "NativeMigrantGap",
    "NativeMigrantRatio",
    "NaturalIncreaseRate",
    "NaturalisationRate",
    "NetIncomeGain",
    "NetMigration",
    "NetReproductionRate",
    "OccupationDrain",
    "OccupationalDissimilarity",
    "OccupationalShortageIndex",
    "OldAgeDependencyRatio",
    "OriginConcentration",
    "OriginDiversity",
    "OutcomeOfStay",
    "OverqualificationRate",
    "ParticipationRate",
    "PeakMigrationAge",
    "PeakMigrationIntensity",
    "PermitProcessingTime",
    "PlacePremium",
    "PolicyCoherence",
    "PolicyRestrictiveness",
    "PopulationMomentum",
    "PortabilityCoverage",
    "PotentialSupportRatio",
    "PreDepartureCoverage",
    "ProspectiveOldAgeDependencyRatio",
    "QuotaUtilisation",
    "RecognitionRate",
    "RecognitionTime",
    "RecordedDeathRate",
    "RecruitmentCost",
    "ReentryRate",
    "RefugeeShareOfMigrants",
    "RefugeesPerOrigin",
    "RegularEntryShare",
    "RemittanceConcentration",
    "RemittanceCost",
    "RemittancePerEmigrant",
    "RemittanceShareOfGDP",
    "RemittanceStability",
    "RemittanceVolatility",
    "ReturnMigrationShare",
    "SchemeShortageCoverage",
    "SegregationIndex",
    "SexAgeCoverage",
    "SkillPartnershipBalance",
    "SkillSelectivity",
    "SkillUseAfterReturn",
    "SkilledEmigrationRate",
    "Timeliness",
    "TotalDependencyRatio",
    "TotalFertilityRate",
    "TraffickingVictimRate",
    "TrainingCostLost",
    "UnemploymentRate",
    "UntappedReserve",
    "VacancyFillRate",
    "VisaRefusalRate",
    "VoluntaryReturnShare",
    "WageComplaintRate",
    "WageRatio",
    "WhippleIndex",
    "WorkInjuryRate",
    "WorkPathwayShare",
    "WorkerPaidCostRatio",
    "WorkingAgeChange",
    "WorkingAgeReplacementRatio",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "AgeSexAccuracyIndex": "migov.indicators.data_quality",
            "AgeingIndex": "migov.indicators.ageing",
            "AggregateNetMigrationRate": "migov.indicators.migration_intensity",
            "AgreementCoverage": "migov.indicators.scheme_outcomes",
            "AsylumClearanceRate": "migov.indicators.asylum",
            "AsylumRecognitionRate": "migov.indicators.asylum",
            "BAShortagePoints": "migov.indicators.shortage_indicators",
            "BacklogMonths": "migov.indicators.asylum",
            "BenefitShares": "migov.indicators.scheme_outcomes",
            "ChildDependencyRatio": "migov.indicators.ageing",
            "CircularMigrationRate": "migov.indicators.flows",
            "Completeness": "migov.indicators.data_quality",
            "ConsultedBeforeDecision": "migov.indicators.governance_indicators",
            "ContributionLoss": "migov.indicators.integration",
            "ConventionCoverage": "migov.indicators.governance_indicators",
            "CoreQuestionCoverage": "migov.indicators.data_quality",
            "CostPerPlacement": "migov.indicators.scheme_outcomes",
            "CrudeEmigrationRate": "migov.indicators.flows",
            "CrudeImmigrationRate": "migov.indicators.flows",
            "CrudeMigrationIntensity": "migov.indicators.migration_intensity",
            "CrudeNetMigrationRate": "migov.indicators.flows",
            "DecisionTime": "migov.indicators.asylum",
            "DefinitionDistance": "migov.indicators.data_quality",
            "DetentionAlternativesShare": "migov.indicators.border",
            "DialogueInclusiveness": "migov.indicators.governance_indicators",
            "DiasporaRatio": "migov.indicators.emigrants",
            "DiasporaReach": "migov.indicators.emigrants",
            "EconomicDependencyRatio": "migov.indicators.ageing",
            "EducationMismatchRate": "migov.indicators.mismatch",
            "EffectiveReturnRate": "migov.indicators.border",
            "EmigrationRate": "migov.indicators.emigrants",
            "EmployerChangeShare": "migov.indicators.scheme_workers",
            "EmploymentRate": "migov.indicators.labour_market",
            "EntryRefusalRate": "migov.indicators.border",
            "ExposureIndex": "migov.indicators.stocks",
            "FemaleMigrantShare": "migov.indicators.stocks",
            "FirstPermitRate": "migov.indicators.border",
            "FiscalRatio": "migov.indicators.income",
            "FlowVariation": "migov.indicators.migration_intensity",
            "FollowThrough": "migov.indicators.governance_indicators",
            "ForeignBornMotherShare": "migov.indicators.fertility_mortality",
            "ForeignTrainedHealthShare": "migov.indicators.skills_at_origin",
            "FreedomOfAssociationCompliance": "migov.indicators.work_conditions",
            "GrossMigraproductionRate": "migov.indicators.migration_age",
            "GrossMigration": "migov.indicators.flows",
            "HealthWorkerDensity": "migov.indicators.health",
            "HousingDeductionShare": "migov.indicators.scheme_workers",
            "ImpliedMigrantShareOfWorkers": "migov.indicators.work_conditions",
            "InspectionRate": "migov.indicators.scheme_workers",
            "JobOpenings": "migov.indicators.shortage_indicators",
            "JobVacancyRate": "migov.indicators.labour_market",
            "LabourMarketTightness": "migov.indicators.labour_market",
            "LabourSupplyGap": "migov.indicators.shortage_indicators",
            "LabourUnderutilisation": "migov.indicators.labour_market",
            "LanguageAtPlacement": "migov.indicators.scheme_workers",
            "LifeExpectancy": "migov.indicators.fertility_mortality",
            "LongTermResidenceShare": "migov.indicators.integration",
            "MatchingEfficiency": "migov.indicators.labour_market",
            "MeanCompletedStay": "migov.indicators.scheme_outcomes",
            "MeanMigrationDistance": "migov.indicators.migration_intensity",
            "MedianAge": "migov.indicators.ageing",
            "MedianMigrantAge": "migov.indicators.stocks",
            "MedianMigrationDistance": "migov.indicators.migration_intensity",
            "MigrantDeaths": "migov.indicators.safety",
            "MigrantEmploymentShare": "migov.indicators.labour_market",
            "MigrantShare": "migov.indicators.stocks",
            "MigrantStockGrowth": "migov.indicators.stocks",
            "MigrantWageGap": "migov.indicators.work_conditions",
            "MigrationConnectivity": "migov.indicators.migration_intensity",
            "MigrationContributionToGrowth": "migov.indicators.growth",
            "MigrationEffectiveness": "migov.indicators.flows",
            "MigrationExpectancy": "migov.indicators.migration_age",
            "MigrationInequality": "migov.indicators.migration_intensity",
            "MigrationPolicyShare": "migov.indicators.governance_indicators",
            "MigrationPreference": "migov.indicators.migration_intensity",
            "MigrationWeightedGini": "migov.indicators.migration_intensity",
            "MirrorAsymmetry": "migov.indicators.flows",
            "MismatchIndex": "migov.indicators.mismatch",
            "MonthsToRecover": "migov.indicators.income",
            "MyersIndex": "migov.indicators.data_quality",
            "NativeMigrantGap": "migov.indicators.labour_market",
            "NativeMigrantRatio": "migov.indicators.labour_market",
            "NaturalIncreaseRate": "migov.indicators.growth",
            "NaturalisationRate": "migov.indicators.integration",
            "NetIncomeGain": "migov.indicators.income",
            "NetMigration": "migov.indicators.flows",
            "NetReproductionRate": "migov.indicators.fertility_mortality",
            "OccupationDrain": "migov.indicators.health",
            "OccupationalDissimilarity": "migov.indicators.mismatch",
            "OccupationalShortageIndex": "migov.indicators.shortage_indicators",
            "OldAgeDependencyRatio": "migov.indicators.ageing",
            "OriginConcentration": "migov.indicators.stocks",
            "OriginDiversity": "migov.indicators.stocks",
            "OutcomeOfStay": "migov.indicators.scheme_outcomes",
            "OverqualificationRate": "migov.indicators.mismatch",
            "ParticipationRate": "migov.indicators.labour_market",
            "PeakMigrationAge": "migov.indicators.migration_age",
            "PeakMigrationIntensity": "migov.indicators.migration_age",
            "PermitProcessingTime": "migov.indicators.border",
            "PlacePremium": "migov.indicators.income",
            "PolicyCoherence": "migov.indicators.governance_indicators",
            "PolicyRestrictiveness": "migov.indicators.governance_indicators",
            "PopulationMomentum": "migov.indicators.fertility_mortality",
            "PortabilityCoverage": "migov.indicators.integration",
            "PotentialSupportRatio": "migov.indicators.ageing",
            "PreDepartureCoverage": "migov.indicators.scheme_workers",
            "ProspectiveOldAgeDependencyRatio": "migov.indicators.fertility_mortality",
            "QuotaUtilisation": "migov.indicators.schemes",
            "RecognitionRate": "migov.indicators.recognition",
            "RecognitionTime": "migov.indicators.recognition",
            "RecordedDeathRate": "migov.indicators.safety",
            "RecruitmentCost": "migov.indicators.recruitment",
            "ReentryRate": "migov.indicators.scheme_outcomes",
            "RefugeeShareOfMigrants": "migov.indicators.stocks",
            "RefugeesPerOrigin": "migov.indicators.protection",
            "RegularEntryShare": "migov.indicators.border",
            "RemittanceConcentration": "migov.indicators.remittances",
            "RemittanceCost": "migov.indicators.remittances",
            "RemittancePerEmigrant": "migov.indicators.remittances",
            "RemittanceShareOfGDP": "migov.indicators.remittances",
            "RemittanceStability": "migov.indicators.remittances",
            "RemittanceVolatility": "migov.indicators.remittances",
            "ReturnMigrationShare": "migov.indicators.flows",
            "SchemeShortageCoverage": "migov.indicators.schemes",
            "SegregationIndex": "migov.indicators.stocks",
            "SexAgeCoverage": "migov.indicators.data_quality",
            "SkillPartnershipBalance": "migov.indicators.skills_at_origin",
            "SkillSelectivity": "migov.indicators.emigrants",
            "SkillUseAfterReturn": "migov.indicators.skills_at_origin",
            "SkilledEmigrationRate": "migov.indicators.emigrants",
            "Timeliness": "migov.indicators.data_quality",
            "TotalDependencyRatio": "migov.indicators.ageing",
            "TotalFertilityRate": "migov.indicators.fertility_mortality",
            "TraffickingVictimRate": "migov.indicators.safety",
            "TrainingCostLost": "migov.indicators.skills_at_origin",
            "UnemploymentRate": "migov.indicators.labour_market",
            "UntappedReserve": "migov.indicators.shortage_indicators",
            "VacancyFillRate": "migov.indicators.schemes",
            "VisaRefusalRate": "migov.indicators.border",
            "VoluntaryReturnShare": "migov.indicators.border",
            "WageComplaintRate": "migov.indicators.scheme_workers",
            "WageRatio": "migov.indicators.income",
            "WhippleIndex": "migov.indicators.data_quality",
            "WorkInjuryRate": "migov.indicators.work_conditions",
            "WorkPathwayShare": "migov.indicators.border",
            "WorkerPaidCostRatio": "migov.indicators.recruitment",
            "WorkingAgeChange": "migov.indicators.growth",
            "WorkingAgeReplacementRatio": "migov.indicators.growth",
        },
    )
