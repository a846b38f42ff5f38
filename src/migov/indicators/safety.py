"""Safety on the way: deaths, disappearances and trafficking, as far as they are recorded."""

from __future__ import annotations

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import chosen, per_year, summed
from migov.indicators.inputs_border import (
    Arrivals,
    DetectedVictims,
    Interceptions,
    PersonYearsOfState,
    RecordedDead,
    RecordedMissing,
)

_EXCLUDED = (
    "a true number, since it is the least; or comparing regions, whose records differ. Deaths "
    "in the country of residence, in detention or camps, in or after removal, and from "
    "exploitation are left out, as are disappearances on the way without a presumption of death, "
    "and none is attributed to a State"
)


@indicator(
    id="sdg_10_7_3",
    title="Number of people who died or disappeared in the process of migration towards an "
    "international destination",
    unit="person/year",
    references=(
        "SDG metadata 10.7.3 (IOM), 2021-12-06 and 2022-08-12, definition and concepts (2.a) and "
        "method of computation (4.c): incidents with their dead and presumed dead, no estimate",
    ),
    codes=("10.7.3",),
    target="SDG target 10.7, which sets no number",
    synonyms=("missing migrants", "migrant deaths and disappearances"),
    direction="down",
    not_for=_EXCLUDED,
    monotone=(("dead", "up"), ("missing", "up")),
    case=Case(
        50.0,
        "(120 + 80) / 4 years",
        {
            "dead": Cells((120.0,), period="2016-2020"),
            "missing": Cells((80.0,), period="2016-2020"),
        },
        {"vintage": "2025-06"},
    ),
)
class MigrantDeaths(Indicator):
    """Persons recorded dead, or missing and presumed dead, in a year.

    Counts of recorded incidents are added up; the metadata makes no estimate of what nobody
    recorded.
    Earlier years are revised with every edition: the figure for 2019 stood at 5,306 in 2020
    and at 5,432 in 2025.
    """

    vintage: str = parameter(help="edition of the records, for instance the month of download")

    def __call__(self, dead: RecordedDead, missing: RecordedMissing) -> xr.DataArray:
        """From recorded deaths and disappearances by place of the incident."""
        return per_year(dead, "dead") + per_year(missing, "missing")


@indicator(
    id="recorded_death_rate",
    title="Recorded deaths among known attempts",
    unit="per_thousand",
    references=("own; with the caveats of IOM (2014 and after), Missing Migrants Project",),
    synonyms=("mortality rate of a route", "death risk"),
    direction="down",
    not_for="the risk of a journey: attempts and deaths that nobody recorded are in neither",
    monotone=(("arrivals", "down"), ("interceptions", "down")),
    case=Case(
        20.0,
        "(15 + 5) / (15 + 5 + 680 + 300)",
        {
            "dead": Cells((15.0,), period="2023"),
            "missing": Cells((5.0,), period="2023"),
            "arrivals": Cells((680.0,), period="2023"),
            "interceptions": Cells((300.0,), period="2023"),
        },
    ),
)
class RecordedDeathRate(Indicator):
    """Persons recorded dead or missing per thousand known attempts on a route."""

    def __call__(
        self,
        dead: RecordedDead,
        missing: RecordedMissing,
        arrivals: Arrivals,
        interceptions: Interceptions,
    ) -> xr.DataArray:
        """From deaths, disappearances, arrivals and interceptions of the same route."""
        lost = dead + missing
        return lost / (lost + arrivals + interceptions)


@indicator(
    id="sdg_16_2_2",
    title="Number of victims of human trafficking per 100,000 population, by sex, age and form "
    "of exploitation",
    unit="per_hundred_thousand/year",
    references=(
        "SDG metadata 16.2.2 (UNODC), 2016-07-19 and 2023-03-31, definition (2.a) and method of "
        "computation (4.c): victims over the resident population of the country, times 100,000",
    ),
    codes=("16.2.2",),
    target="SDG target 16.2, which sets no number",
    synonyms=("detected victims of trafficking in persons",),
    not_for="how much trafficking there is, or ranking States: more detection is often better work",
    alike=("territory",),
    case=Case(
        2.0,
        "(70 + 30) / 5,000,000 person-years",
        {
            "victims": Cells(((70.0, 30.0),), period="2022", exploitation="sexual labour"),
            "lived": Cells((5000000.0,), period="2022"),
        },
    ),
)
class TraffickingVictimRate(Indicator):
    """Victims detected in a year for each hundred thousand inhabitants of the detecting State.

    Whoever detects counts, wherever the victim comes from. The metadata would add victims whom
    nobody detected, for which it names no agreed method; they are not estimated here. It divides
    a year's victims by the resident population; here that is the person-years of the year.
    """

    forms: tuple[str, ...] = parameter(
        default=(), help="forms of exploitation that are added; all that the data hold where empty"
    )

    def __call__(self, victims: DetectedVictims, lived: PersonYearsOfState) -> xr.DataArray:
        """From detected victims by form, and the person-years of the detecting State."""
        named = chosen(victims, "exploitation", self.forms, "victims") if self.forms else victims
        return summed(named, "exploitation", "victims") / lived
