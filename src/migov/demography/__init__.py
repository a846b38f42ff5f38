"""Populations to come: projection, members, labour force, demographic arithmetic."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.demography.age_quality import age_sex_accuracy as age_sex_accuracy
    from migov.demography.age_quality import bachi as bachi
    from migov.demography.arithmetic import demographic_arithmetic as demographic_arithmetic
    from migov.demography.between import interpolate as interpolate
    from migov.demography.decomposition import (
        decompose_life_expectancy as decompose_life_expectancy,
    )
    from migov.demography.decomposition import decompose_rate as decompose_rate
    from migov.demography.decrements import multiple_decrement as multiple_decrement
    from migov.demography.dependency import dependency_change as dependency_change
    from migov.demography.dependency import economic_dependency as economic_dependency
    from migov.demography.fertility import fertility_schedule as fertility_schedule
    from migov.demography.fertility import fit_relational_fertility as fit_relational_fertility
    from migov.demography.fertility import relational_fertility as relational_fertility
    from migov.demography.fertility_decline import FertilityDecline as FertilityDecline
    from migov.demography.gap import gap_closed_by as gap_closed_by
    from migov.demography.graduation import graduate as graduate
    from migov.demography.graduation import smooth_ages as smooth_ages
    from migov.demography.graduation import spread_unknown as spread_unknown
    from migov.demography.intercensal import interpolate_cohorts as interpolate_cohorts
    from migov.demography.labour_rates import LabourRates as LabourRates
    from migov.demography.labour_rates import working_life_expectancy as working_life_expectancy
    from migov.demography.labour_totals import bring_to_total as bring_to_total
    from migov.demography.labour_totals import labour_force_by_skill as labour_force_by_skill
    from migov.demography.lee_carter import LeeCarter as LeeCarter
    from migov.demography.li_lee import LiLee as LiLee
    from migov.demography.life_span import healthy_life_expectancy as healthy_life_expectancy
    from migov.demography.life_span import life_span_gini as life_span_gini
    from migov.demography.life_span import life_years_lost as life_years_lost
    from migov.demography.life_span import temporary_life_expectancy as temporary_life_expectancy
    from migov.demography.life_tables import life_table as life_table
    from migov.demography.log_quadratic_table import (
        log_quadratic_coefficients as log_quadratic_coefficients,
    )
    from migov.demography.members import calibration as calibration
    from migov.demography.members import intervals as intervals
    from migov.demography.members import probability as probability
    from migov.demography.members import quantiles as quantiles
    from migov.demography.migration_balance import balance_net_migration as balance_net_migration
    from migov.demography.migration_families import MIGRATION_FAMILIES as MIGRATION_FAMILIES
    from migov.demography.migration_families import migrants_by_age as migrants_by_age
    from migov.demography.migration_rates import MigrationRateModel as MigrationRateModel
    from migov.demography.migration_schedules import RogersCastro as RogersCastro
    from migov.demography.migration_schedules import fit_rogers_castro as fit_rogers_castro
    from migov.demography.model_life_tables import brass_logit as brass_logit
    from migov.demography.model_life_tables import fit_brass_logit as fit_brass_logit
    from migov.demography.model_life_tables import log_quadratic as log_quadratic
    from migov.demography.mortality_forecast import MortalityForecast as MortalityForecast
    from migov.demography.multistate import Multistate as Multistate
    from migov.demography.multistate_tables import multistate_life_table as multistate_life_table
    from migov.demography.net_migration import net_migration_by_balance as net_migration_by_balance
    from migov.demography.net_migration import (
        net_migration_by_survival as net_migration_by_survival,
    )
    from migov.demography.net_migration_children import (
        net_migration_of_children as net_migration_of_children,
    )
    from migov.demography.old_age import extend_old_age as extend_old_age
    from migov.demography.participation import labour_force as labour_force
    from migov.demography.path_model import PathModel as PathModel
    from migov.demography.paths import Paths as Paths
    from migov.demography.paths import draw_paths as draw_paths
    from migov.demography.projection import CohortComponent as CohortComponent
    from migov.demography.scaled_error import ScaledError as ScaledError
    from migov.demography.target import net_migration_for_target as net_migration_for_target

__all__ = [
    "CohortComponent",
    "FertilityDecline",
    "LabourRates",
    "LeeCarter",
    "LiLee",
    "MIGRATION_FAMILIES",
    "MigrationRateModel",
    "MortalityForecast",
    "Multistate",
    "PathModel",
    "Paths",
    "RogersCastro",
    "ScaledError",
    "age_sex_accuracy",
    "bachi",
    "balance_net_migration",
    "brass_logit",
    "bring_to_total",
    "calibration",
    "decompose_life_expectancy",
    "decompose_rate",
    "demographic_arithmetic",
    "dependency_change",
    "draw_paths",
    "economic_dependency",
    "extend_old_age",
    "fertility_schedule",
    "fit_brass_logit",
    "fit_relational_fertility",
    "fit_rogers_castro",
    "gap_closed_by",
    "graduate",
    "healthy_life_expectancy",
    "interpolate",
    "interpolate_cohorts",
    "intervals",
    "labour_force",
    "labour_force_by_skill",
    "life_span_gini",
    "life_table",
    "life_years_lost",
    "log_quadratic",
    "log_quadratic_coefficients",
    "migrants_by_age",
    "multiple_decrement",
    "multistate_life_table",
    "net_migration_by_balance",
    "net_migration_by_survival",
    "net_migration_for_target",
    "net_migration_of_children",
    "probability",
    "quantiles",
    "relational_fertility",
    "smooth_ages",
    "spread_unknown",
    "temporary_life_expectancy",
    "working_life_expectancy",
]

if not TYPE_CHECKING:
    _TABLE = {
        "CohortComponent": "projection",
        "FertilityDecline": "fertility_decline",
        "LabourRates": "labour_rates",
        "LeeCarter": "lee_carter",
        "LiLee": "li_lee",
        "MIGRATION_FAMILIES": "migration_families",
        "MigrationRateModel": "migration_rates",
        "MortalityForecast": "mortality_forecast",
        "Multistate": "multistate",
        "PathModel": "path_model",
        "Paths": "paths",
        "RogersCastro": "migration_schedules",
        "ScaledError": "scaled_error",
        "age_sex_accuracy": "age_quality",
        "bachi": "age_quality",
        "balance_net_migration": "migration_balance",
        "brass_logit": "model_life_tables",
        "bring_to_total": "labour_totals",
        "calibration": "members",
        "decompose_life_expectancy": "decomposition",
        "decompose_rate": "decomposition",
        "demographic_arithmetic": "arithmetic",
        "dependency_change": "dependency",
        "draw_paths": "paths",
        "economic_dependency": "dependency",
        "extend_old_age": "old_age",
        "fertility_schedule": "fertility",
        "fit_brass_logit": "model_life_tables",
        "fit_relational_fertility": "fertility",
        "fit_rogers_castro": "migration_schedules",
        "gap_closed_by": "gap",
        "graduate": "graduation",
        "healthy_life_expectancy": "life_span",
        "interpolate": "between",
        "interpolate_cohorts": "intercensal",
        "intervals": "members",
        "labour_force": "participation",
        "labour_force_by_skill": "labour_totals",
        "life_span_gini": "life_span",
        "life_table": "life_tables",
        "life_years_lost": "life_span",
        "log_quadratic": "model_life_tables",
        "log_quadratic_coefficients": "log_quadratic_table",
        "migrants_by_age": "migration_families",
        "multiple_decrement": "decrements",
        "multistate_life_table": "multistate_tables",
        "net_migration_by_balance": "net_migration",
        "net_migration_by_survival": "net_migration",
        "net_migration_for_target": "target",
        "net_migration_of_children": "net_migration_children",
        "probability": "members",
        "quantiles": "members",
        "relational_fertility": "fertility",
        "smooth_ages": "graduation",
        "spread_unknown": "graduation",
        "temporary_life_expectancy": "life_span",
        "working_life_expectancy": "labour_rates",
    }
    __getattr__, __dir__ = attach(
        __name__, {name: f"migov.demography.{module}" for name, module in _TABLE.items()}
    )
