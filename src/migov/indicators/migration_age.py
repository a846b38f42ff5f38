"""Migration by age: how often people move in a life, and when."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core import ages
from migov.core.cases import Case, Cells
from migov.core.definitions import EU_USUAL_RESIDENCE
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import closed_widths, lift
from migov.indicators.inputs_demography import YearsLivedPerBirth
from migov.indicators.inputs_flows import MigrationRates, MigrationSchedule
from migov.indicators.kernels_flows import peak

_BERNARD = (
    "Bell et al. (2002), J. Royal Statistical Society A 165(3), and Bernard, Bell and "
    "Charles-Edwards (2014), Population Studies 68(2): age and intensity at the peak"
)
_SCHEDULE = {"rate": Cells((0.02, 0.01, 0.06, 0.02), age="0-9 10-19 20-29 30-59")}
_WIDE = "comparing profiles by single years with profiles by wide groups"


@indicator(
    id="gross_migraproduction_rate",
    title="Gross migraproduction rate",
    unit="1",
    references=(
        "Rogers (1975), Introduction to Multiregional Mathematical Demography: sum of the rates "
        "by single years of age; of groups, times their width",
        "Rogers and Castro (1981), Model Migration Schedules, IIASA RR-81-30",
    ),
    synonyms=("GMR", "total migration rate"),
    not_for="moves in a life: mortality is left out, and one period's rates are not a life's",
    monotone=(("rate", "up"),),
    case=Case(
        1.5,
        "(0.02 + 0.01 + 0.06) × 10 + 0.02 × 30",
        {
            "rate": Cells(
                (0.02, 0.01, 0.06, 0.02), "", EU_USUAL_RESIDENCE, age="0-9 10-19 20-29 30-59"
            )
        },
    ),
)
class GrossMigraproductionRate(Indicator):
    """Moves of a person who lives through all ages given at the rates of one period."""

    def __call__(self, rate: MigrationRates) -> xr.DataArray:
        """From migration rates by closed age groups."""
        return (rate * closed_widths(rate, "rate")).sum("age", skipna=False)


@indicator(
    id="migration_expectancy",
    title="Migration expectancy",
    unit="1",
    references=("Wilber (1963), J. American Statistical Association 58(302)",),
    synonyms=("expected number of moves in a lifetime",),
    not_for="the moves of a generation: rates do not stay",
    monotone=(("rate", "up"), ("lived", "up")),
    case=Case(
        1.2,
        "0.02 × 20 + 0.03 × 20 + 0.005 × 40",
        {
            "rate": Cells((0.02, 0.03, 0.005), "", EU_USUAL_RESIDENCE, age="0-19 20-39 40+"),
            "lived": Cells((20.0, 20.0, 40.0), age="0-19 20-39 40+"),
        },
    ),
)
class MigrationExpectancy(Indicator):
    """Moves that a new-born can expect at the migration and death rates of one period."""

    def __call__(self, rate: MigrationRates, lived: YearsLivedPerBirth) -> xr.DataArray:
        """From migration rates and the years lived in each age per person born."""
        return (rate * lived).sum("age", skipna=False)


@indicator(
    id="peak_migration_age",
    title="Age at the peak of migration",
    unit="year",
    references=(_BERNARD,),
    synonyms=("age at migration peak",),
    not_for=_WIDE,
    case=Case(20.0, "the highest rate, 0.06, is at 20-29", _SCHEDULE),
)
class PeakMigrationAge(Indicator):
    """The age at which the rate of migration is highest, the youngest of several.

    Missing where all rates are equal.
    """

    within: Literal["lower", "middle"] = parameter(
        default="lower", help="the group's lower bound, in completed years, or its middle"
    )

    def __call__(self, rate: MigrationSchedule) -> xr.DataArray:
        """From migration rates by age."""
        lower = rate.coords["age"].values.astype(float)
        at = lower if self.within == "lower" else lower + ages.widths(rate) / 2.0
        return lift(peak, rate, core=[["age"]], at=at)


@indicator(
    id="peak_migration_intensity",
    title="Intensity at the peak of migration",
    unit="1/year",
    references=(_BERNARD,),
    synonyms=("migration intensity at peak",),
    not_for=_WIDE,
    case=Case(0.06, "the highest rate is at 20-29", _SCHEDULE),
)
class PeakMigrationIntensity(Indicator):
    """The highest rate of migration of any age."""

    normalised: bool = parameter(
        default=False, help="of a profile scaled to one move over all ages, as in Bernard et al."
    )

    def __call__(self, rate: MigrationSchedule) -> xr.DataArray:
        """From migration rates by age, closed where the profile is normalised."""
        highest = rate.max("age", skipna=False)
        if not self.normalised:
            return highest
        return highest / (rate * closed_widths(rate, "rate")).sum("age", skipna=False)
