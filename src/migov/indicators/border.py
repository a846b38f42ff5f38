"""Border: entries, permits, refusals and returns; more of them is neither good nor bad."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator, parameter
from migov.core.together import within
from migov.indicators._apply import chosen, lift, summed
from migov.indicators._dates import at_start, lagged
from migov.indicators._labour import wanted
from migov.indicators.inputs import PersonYears
from migov.indicators.inputs_border import (
    AllReturns,
    CheckedAtEntry,
    Detained,
    DetectedAsylum,
    Detections,
    FirstEntries,
    FirstPermits,
    FirstPermitsByReason,
    InAlternatives,
    OrderedToLeave,
    PermitDurations,
    RefusedEntry,
    ResidentsAtStart,
    ReturnedToThirdCountry,
    SeasonalPermits,
    VisasIssued,
    VisasRefused,
    VoluntaryReturns,
)
from migov.indicators.kernels_labour import median

_EIL = (
    "Eurostat (2024), enforcement of immigration legislation (migr_eil), reference metadata, "
    "section 3; Regulation (EC) 862/2007, article 7"
)
_NO_RANK = "ranking countries of origin, or as progress of a policy"


@indicator(
    id="regular_entry_share",
    title="Regular entries among entries and detections",
    unit="percent",
    references=(
        "own; the Global Compact for Migration (2018) has no indicator of its objective 5",
        "Convention relating to the Status of Refugees (1951), article 31",
    ),
    synonyms=("regular pathway share",),
    not_for="counting persons: detections are events, and who is turned back is detected again",
    monotone=(("entries", "up"),),
    case=Case(
        60.0,
        "600 / (600 + 100 + 300)",
        {
            "entries": Cells((600.0,), period="2023"),
            "detections": Cells((100.0,), period="2023"),
            "asylum": Cells((300.0,), period="2023"),
        },
    ),
)
class RegularEntryShare(Indicator):
    """First entries with permission per hundred of them and of detected crossings.

    Crossings whose person asked for asylum stand apart: whoever flees may not be penalised
    for how they entered.
    """

    part: Literal["regular", "detected", "asylum"] = parameter(
        default="regular", help="which share: with permission, detected, detected asking for asylum"
    )

    def __call__(
        self, entries: FirstEntries, detections: Detections, asylum: DetectedAsylum
    ) -> xr.DataArray:
        """From entries with permission, and detections with and without a claim to asylum."""
        parts = {"regular": entries, "detected": detections, "asylum": asylum}
        return parts[self.part] / (entries + detections + asylum)


@indicator(
    id="first_permit_rate",
    title="First residence permits per thousand person-years",
    unit="per_thousand/year",
    references=(
        "Eurostat (2014 to 2020), first residence permits (migr_resfirst), news releases: permits "
        "of the year per thousand of the population",
    ),
    synonyms=("first permits by reason",),
    not_for="immigration: a permit may go unused, and nationals of the Union need none",
    monotone=(("permits", "up"), ("lived", "down")),
    alike=("territory",),
    case=Case(
        5.0,
        "20,000 / 4,000,000 person-years",
        {
            "permits": Cells((20000.0,), period="2023"),
            "lived": Cells((4000000.0,), period="2023"),
        },
    ),
)
class FirstPermitRate(Indicator):
    """Persons granted a first permit for each thousand person-years lived in the State.

    Eurostat divides by the population of 1 January; permits by reason come with a population
    repeated by reason.
    """

    def __call__(self, permits: FirstPermits, lived: PersonYears) -> xr.DataArray:
        """From first permits and the person-years lived in the same periods."""
        return permits / lived


@indicator(
    id="work_pathway_share",
    title="First permits for employment",
    unit="percent",
    references=(
        "Eurostat (2014 to 2020), first residence permits (migr_resfirst), news releases: share "
        "for employment in all; seasonal work apart is own",
    ),
    synonyms=("labour migration among first permits",),
    not_for="who works: those who came for family or study work too",
    within=(("seasonal", "permits"),),
    case=Case(
        25.0,
        "(400 - 150) / 1,000",
        {
            "permits": Cells(((400.0, 350.0, 250.0),), period="2023", reason="EMP FAM OTH"),
            "seasonal": Cells((150.0,), period="2023"),
        },
    ),
)
class WorkPathwayShare(Indicator):
    """First permits for employment per hundred first permits; seasonal workers stand apart."""

    part: Literal["employment", "seasonal"] = parameter(
        default="employment", help="employment without seasonal workers, or seasonal workers"
    )
    reasons: tuple[str, ...] = parameter(default=("EMP",), help="reasons that are employment")

    def __call__(self, permits: FirstPermitsByReason, seasonal: SeasonalPermits) -> xr.DataArray:
        """From first permits by reason, and those among them to seasonal workers."""
        work = summed(chosen(permits, "reason", self.reasons, "permits"), "reason", "permits")
        given = {"seasonal": seasonal, "permits for employment": work}
        seasonal = within("WorkPathwayShare", given, ["seasonal"], "permits for employment")
        counted = seasonal if self.part == "seasonal" else work - seasonal
        return counted / summed(permits, "reason", "permits")


@indicator(
    id="entry_refusal_rate",
    title="Refusals of entry",
    unit="per_thousand",
    references=(
        "Eurostat, irregular migration and return indicators (migr_eilind), reference metadata "
        "of 2024: persons refused entry per thousand persons of the population",
    ),
    synonyms=("refused entry at the external border",),
    not_for=_NO_RANK + "; a person refused twice counts twice",
    within=(("refused", "checked"),),
    alike=("territory",),
    case=Case(
        0.5,
        "2,000 / 4,000,000 residents on 1 January",
        {
            "refused": Cells((2000.0,), period="2023"),
            "residents": Cells((4000000.0,), time="2023-01-01"),
        },
    ),
)
class EntryRefusalRate(Indicator):
    """Persons refused entry in a period, per thousand residents or per thousand checked."""

    base: Literal["residents", "checked"] = parameter(
        default="residents", help="residents at the start (Eurostat), or those checked at entry"
    )

    def __call__(
        self,
        refused: RefusedEntry,
        residents: ResidentsAtStart | None = None,
        checked: CheckedAtEntry | None = None,
    ) -> xr.DataArray:
        """From refusals, and residents at the start of the periods or persons checked."""
        if self.base == "checked":
            return refused / wanted(checked, "EntryRefusalRate", "checked", 'base="checked"')
        lived = wanted(residents, "EntryRefusalRate", "residents", 'base="residents"')
        return refused / at_start(lived, refused, "residents")


@indicator(
    id="visa_refusal_rate",
    title="Refusal of visas",
    unit="percent",
    references=(
        "European Commission (2018 to 2024), visa statistics of consulates: rate of not issued, "
        "over issued with limited territorial validity and not issued",
    ),
    synonyms=("visa rejection rate",),
    not_for=_NO_RANK + "; applications withdrawn are in neither",
    monotone=(("refused", "up"), ("issued", "down")),
    case=Case(
        20.0,
        "20 / (80 + 20)",
        {"issued": Cells((80.0,), period="2023"), "refused": Cells((20.0,), period="2023")},
    ),
)
class VisaRefusalRate(Indicator):
    """Visas refused per hundred decided."""

    def __call__(self, issued: VisasIssued, refused: VisasRefused) -> xr.DataArray:
        """From visas issued and refused in the same periods."""
        return refused / (issued + refused)


@indicator(
    id="permit_processing_time",
    title="Processing time of permits",
    unit="day",
    references=("own; programme data",),
    synonyms=("time to decision on a permit",),
    direction="down",
    not_for="how long an applicant waits: applications still open are longer than these",
    case=Case(
        45.0,
        "the third of 20, 30, 45, 60 and 200 days",
        {"durations": Cells((45.0, 20.0, 200.0, 60.0, 30.0), case="a b c d e")},
    ),
)
class PermitProcessingTime(Indicator):
    """Median time from the complete application to the decision, of the cases decided."""

    def __call__(self, durations: PermitDurations) -> xr.DataArray:
        """From the duration of every case decided in the period."""
        return lift(median, durations, core=[["case"]])


@indicator(
    id="effective_return_rate",
    title="Returns to third countries, relative to orders to leave",
    unit="percent",
    references=(
        _EIL + ": returned following an order to leave (migr_eirtn), ordered (migr_eiord)",
    ),
    synonyms=("return rate", "effective returns"),
    not_for=_NO_RANK + "; it follows no cohort, an order may be repeated or lapse lawfully",
    case=Case(
        25.0,
        "250 / 1,000",
        {
            "returned": Cells((250.0,), period="2023"),
            "ordered": Cells((1000.0,), period="2023"),
        },
    ),
)
class EffectiveReturnRate(Indicator):
    """Persons returned to a third country per hundred ordered to leave.

    Transfers inside the Union are no returns. Figures are rounded to five by Eurostat, and may
    exceed a hundred where many orders are of earlier periods.
    """

    lag: int = parameter(
        default=0, help="months by which the orders come before the returns", unit="month", ge=0
    )

    def __call__(self, returned: ReturnedToThirdCountry, ordered: OrderedToLeave) -> xr.DataArray:
        """From returns and orders of the same periods, or of periods a lag before."""
        return returned / lagged(returned, ordered, self.lag, "ordered")


@indicator(
    id="voluntary_return_share",
    title="Voluntary returns",
    unit="percent",
    references=(_EIL + ": structure of returns by type",),
    synonyms=("voluntary departures among returns",),
    not_for=_NO_RANK + "; what is called voluntary differs, and some choose under threat",
    monotone=(("voluntary", "up"), ("returned", "down")),
    within=(("voluntary", "returned"),),
    case=Case(
        60.0,
        "150 / 250",
        {"voluntary": Cells((150.0,), period="2023"), "returned": Cells((250.0,), period="2023")},
    ),
)
class VoluntaryReturnShare(Indicator):
    """Persons who returned voluntarily per hundred returned."""

    def __call__(self, voluntary: VoluntaryReturns, returned: AllReturns) -> xr.DataArray:
        """From voluntary and all returns of the same periods."""
        return voluntary / returned


@indicator(
    id="detention_alternatives_share",
    title="Alternatives to immigration detention",
    unit="percent",
    references=("own; on objective 13 of the Global Compact for Migration (2018)",),
    synonyms=("alternatives to detention",),
    not_for="how many are deprived of liberty: both may grow together",
    monotone=(("alternatives", "up"), ("detained", "down")),
    case=Case(
        75.0,
        "300 / (300 + 100)",
        {
            "alternatives": Cells((300.0,), time="2023-12-31"),
            "detained": Cells((100.0,), time="2023-12-31"),
        },
    ),
)
class DetentionAlternativesShare(Indicator):
    """Persons in alternatives per hundred of them and those detained."""

    def __call__(self, alternatives: InAlternatives, detained: Detained) -> xr.DataArray:
        """From persons in alternatives and in detention, at dates or over periods."""
        return alternatives / (alternatives + detained)
