"""Growth: births, deaths and migration in the change of a population."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core import ages
from migov.core.cases import Case, Cells
from migov.core.definition import change_residence
from migov.core.definitions import EU_USUAL_RESIDENCE
from migov.core.errors import ParameterError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import dates_apart
from migov.indicators.inputs import Births, Deaths, NetMigrants, PersonsByAge, PersonYears
from migov.indicators.inputs_demography import CohortSurvival, PersonsByAgeAndTime

_UN = (
    "United Nations (2024), World Population Prospects 2024: crude birth rate less crude death "
    "rate, each over the person-years lived, per thousand"
)
_OWN = "own; on population and life tables of United Nations (2024), World Population Prospects"


@indicator(
    id="natural_increase_rate",
    title="Rate of natural increase",
    unit="per_thousand/year",
    references=(_UN,),
    synonyms=("crude rate of natural change",),
    not_for="fertility or mortality, which the age structure hides",
    case=Case(
        2.0,
        "(60 - 50) / 5000 person-years",
        {
            "births": Cells((60.0,), period="2020"),
            "deaths": Cells((50.0,), period="2020"),
            "lived": Cells((5000.0,), period="2020"),
        },
    ),
)
class NaturalIncreaseRate(Indicator):
    """Births less deaths for each thousand person-years lived."""

    def __call__(self, births: Births, deaths: Deaths, lived: PersonYears) -> xr.DataArray:
        """From births and deaths, and the person-years lived in the same periods."""
        return (births - deaths) / lived


@indicator(
    id="migration_contribution_to_growth",
    title="Contribution of net migration to the change of the population",
    unit="percent",
    references=(
        "Eurostat (2024), demo_gind: net migration plus adjustment is the total change less the "
        "natural change; its share in the change is own",
    ),
    synonyms=("share of net migration in population growth",),
    not_for="periods in which migration and the change have unlike signs: it is missing there",
    case=Case(
        Cells((80.0, 150.0, float("nan")), period="2019 2020 2021"),
        "40 / (60 - 50 + 40); 30 / (40 - 50 + 30); 10 against 20 - 50 + 10 is undefined",
        {
            "net": Cells((40.0, 30.0, 10.0), "", EU_USUAL_RESIDENCE, period="2019 2020 2021"),
            "births": Cells((60.0, 40.0, 20.0), period="2019 2020 2021"),
            "deaths": Cells((50.0, 50.0, 50.0), period="2019 2020 2021"),
        },
    ),
)
class MigrationContributionToGrowth(Indicator):
    """Net migration per hundred persons by which a population changes.

    Over 100 where migration makes up for natural change of the other sign. Undefined, and
    marked so in the report, where the change is zero or goes against net migration.
    """

    net_is: Literal["measured", "residual"] = parameter(
        default="measured",
        help="measured from flows, or the residual of the population's change (Eurostat's "
        "includes the statistical adjustment)",
    )

    def __call__(self, net: NetMigrants, births: Births, deaths: Deaths) -> xr.DataArray:
        """From net migration, births and deaths of the same periods."""
        change_residence("MigrationContributionToGrowth", net=net)
        share = net / (births - deaths + net)
        return share.where(share >= 0)


@indicator(
    id="working_age_replacement_ratio",
    title="Replacement of those who leave working age",
    unit="percent",
    references=("own; the ages are fields",),
    synonyms=("labour market entry-exit ratio", "demographic pressure on the labour market"),
    not_for="the need for workers: neither entry nor retirement comes at one age",
    case=Case(
        80.0,
        "120 / 150",
        {"population": Cells((200.0, 120.0, 400.0, 150.0, 90.0), age="0-19 20-29 30-59 60-69 70+")},
    ),
)
class WorkingAgeReplacementRatio(Indicator):
    """Persons at the ages of entry into working life per hundred at the ages of exit."""

    entry_from: int = parameter(default=20, help="age at which entry begins", unit="year", ge=0)
    entry_to: int = parameter(default=30, help="age at which entry ends", unit="year", ge=1)
    exit_from: int = parameter(default=60, help="age at which exit begins", unit="year", ge=0)
    exit_to: int = parameter(default=70, help="age at which exit ends", unit="year", ge=1)

    def __call__(self, population: PersonsByAge) -> xr.DataArray:
        """From the population by age."""
        entering, leaving = (
            ages.between(population, lower, upper, argument="population")
            for lower, upper in (
                (self.entry_from, self.entry_to),
                (self.exit_from, self.exit_to),
            )
        )
        return entering / leaving


def _parts(
    population: xr.DataArray, alive: xr.DataArray, made: WorkingAgeChange
) -> dict[str, xr.DataArray]:
    """Return the change of those of working age and its parts, in persons by period."""
    before, after = dates_apart(population, made.years, "population")
    whole, cohort = (made.lower, made.upper), (made.lower - made.years, made.upper - made.years)
    now, then, same, left = (
        ages.between(part, *limits, argument="population")
        for part, limits in (
            (before(population), whole),
            (after(population), whole),
            (before(population), cohort),
            (before(alive), cohort),
        )
    )
    return {
        "now": now,
        "total": then - now,
        "turnover": same - now,
        "mortality": left - same,
        "migration": then - left,
    }


_TWO_DATES = Cells(
    ((90.0, 40.0, 50.0, 60.0, 30.0), (80.0, 45.0, 50.0, 48.0, 40.0)),
    time="2020-07-01 2030-07-01",
    age="0-9 10-19 20-54 55-64 65+",
)


@indicator(
    id="working_age_change",
    title="Change of the population of working age, and what it comes from",
    unit="percent",
    references=(_OWN,),
    synonyms=("decline of the working-age population",),
    not_for="the supply of labour: participation changes too",
    case=Case(
        -20 / 1.1,
        "110 of working age; 40 come into it and 60 leave it: (40 - 60) / 110",
        {
            "population": _TWO_DATES,
            "surviving": Cells((0.99, 0.98, 0.95, 0.85, 0.4), age="0-9 10-19 20-54 55-64 65+"),
        },
        {"part": "turnover", "years": 10},
    ),
)
class WorkingAgeChange(Indicator):
    """Relative change of those of working age over some years, or one of its three parts.

    ``turnover``: those who grow into working age less those who grow out of it. ``mortality``:
    deaths expected in the cohorts that will be of working age. ``migration``: the later
    population less the survivors of those cohorts, so a residual with all errors of counting.
    The three add up to ``total``.
    """

    lower: int = parameter(default=20, help="age at which working age begins", unit="year", ge=0)
    upper: int = parameter(default=65, help="age at which working age ends", unit="year", ge=1)
    years: int = parameter(default=10, help="years between the dates", unit="year", ge=1)
    part: Literal["total", "turnover", "mortality", "migration"] = parameter(
        default="total", help="the whole change, or the part of it"
    )

    def __attrs_post_init__(self) -> None:
        if self.years > self.lower:  # some who come of age would not be born yet
            raise ParameterError(
                "WorkingAgeChange", f"years={self.years}", f"years ≤ lower={self.lower}", 9, "years"
            )

    def __call__(self, population: PersonsByAgeAndTime, surviving: CohortSurvival) -> xr.DataArray:
        """From the population at dates that are `years` apart, and survival from each date."""
        found = _parts(population, population * surviving, self)
        return found[self.part] / found["now"]
