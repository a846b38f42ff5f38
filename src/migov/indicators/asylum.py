"""Asylum: what is decided, how fast, and what lies open."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import chosen, lift, summed
from migov.indicators._dates import window_before
from migov.indicators.inputs_border import (
    AsylumDecided,
    AsylumDecisions,
    AsylumLodged,
    ClaimDurations,
    DecidedByPeriod,
    PendingAtDates,
)
from migov.indicators.kernels_labour import median

_EUAA = "EUAA, Asylum Report 2021, 4.14.1.1, and Asylum Report 2023, 4.14.1: recognition rates"
_UNHCR = (
    "UNHCR, refugee and total recognition rates, as quoted in unhcrdatapackage (2022): over "
    "accepted and rejected, without cases otherwise closed"
)
_EU = ("refugee", "subsidiary", "humanitarian", "rejected")
_UN = ("refugee", "complementary", "rejected")
_COUNTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "refugee": (("refugee",), _EU),
    "eu_harmonised": (("refugee", "subsidiary"), _EU),
    "with_national_humanitarian": (("refugee", "subsidiary", "humanitarian"), _EU),
    "unhcr_refugee": (("refugee",), _UN),
    "unhcr_total": (("refugee", "complementary"), _UN),
}


@indicator(
    id="asylum_recognition_rate",
    title="Recognition rate of claims to asylum",
    unit="percent",
    references=(_EUAA, _UNHCR),
    synonyms=("protection rate", "refugee recognition rate", "total recognition rate"),
    not_for="the merit of a nationality's claims, or ranking States: who applies where differs",
    case=Case(
        30.0,
        "(20 + 10) / (20 + 10 + 10 + 60); those closed otherwise are not decided",
        {
            "decisions": Cells(
                ((20.0, 10.0, 10.0, 60.0, 40.0),),
                period="2023",
                decision="refugee subsidiary humanitarian rejected closed",
            )
        },
        {"counts": "eu_harmonised"},
    ),
)
class AsylumRecognitionRate(Indicator):
    """Positive decisions per hundred decided on the merits.

    A national humanitarian status refuses protection under Union law and is positive only
    where it is counted so: in 2020 the rate of the Union was 42 percent with it, 31 without.
    """

    counts: Literal[
        "refugee", "eu_harmonised", "with_national_humanitarian", "unhcr_refugee", "unhcr_total"
    ] = parameter(help="which decisions are positive; UNHCR's are by its own three classes")
    instance: Literal["first", "final"] = parameter(
        default="first", help="instance of the decisions handed in; they are never added"
    )

    def __call__(self, decisions: AsylumDecisions) -> xr.DataArray:
        """From decisions by outcome; those that are no decision on the merits do not count."""
        positive, decided = _COUNTS[self.counts]
        those = chosen(decisions, "decision", decided, "decisions")
        good = summed(chosen(those, "decision", positive, "decisions"), "decision", "decisions")
        return good / summed(those, "decision", "decisions")


@indicator(
    id="asylum_clearance_rate",
    title="Clearance of claims to asylum",
    unit="percent",
    references=("own; on decisions and applications in EUAA (2024), Latest Asylum Trends",),
    synonyms=("clearance rate", "decisions per application"),
    not_for="the quality of decisions, or who waits how long",
    monotone=(("decided", "up"), ("lodged", "down")),
    case=Case(
        80.0,
        "400 / 500",
        {"decided": Cells((400.0,), period="2023"), "lodged": Cells((500.0,), period="2023")},
    ),
)
class AsylumClearanceRate(Indicator):
    """Claims decided per hundred lodged; below a hundred the backlog grows."""

    def __call__(self, decided: AsylumDecided, lodged: AsylumLodged) -> xr.DataArray:
        """From claims decided and lodged in the same periods."""
        return decided / lodged


@indicator(
    id="backlog_months",
    title="Backlog of claims to asylum, in months of work",
    unit="month",
    references=("own; ratio of a stock to a flow, on EUAA (2024), pending cases and decisions",),
    synonyms=("work in hand", "pending case duration"),
    direction="down",
    not_for="anyone's waiting time, which is longer for some and unknown for those pending",
    case=Case(
        Cells((float("nan"), 3.0), time="2016-01-01 2020-01-01"),
        "1,200 / (19,200 decided in 48 months); of 2016 no decisions are known",
        {
            "pending": Cells((900.0, 1200.0), time="2016-01-01 2020-01-01"),
            "decided": Cells((19200.0,), period="2016-2020"),
        },
        {"window": 4.0},
    ),
)
class BacklogMonths(Indicator):
    """Claims pending over the claims decided in a month, on the mean of a window before.

    It is missing at dates that have no whole window of decisions before them.
    """

    window: float = parameter(default=1.0, help="length of the window", unit="year", ge=0.05)

    def __call__(self, pending: PendingAtDates, decided: DecidedByPeriod) -> xr.DataArray:
        """From claims pending at dates, and claims decided in the periods up to them."""
        done = window_before(pending, decided, self.window, "decided")
        return pending * self.window / done


@indicator(
    id="decision_time",
    title="Time to decision on a claim to asylum",
    unit="month",
    references=("own; on case files, as EUAA's time to decision",),
    synonyms=("duration of asylum procedures",),
    direction="down",
    not_for="how long an applicant waits: claims still open are longer than these",
    case=Case(
        6 * 12 / 365.2425 * 30,
        "the median is 180 days, of 365.2425 / 12 days to the month",
        {"durations": Cells((180.0, 90.0, 400.0), case="a b c")},
    ),
)
class DecisionTime(Indicator):
    """Median time from lodging to the decision, of the claims decided."""

    def __call__(self, durations: ClaimDurations) -> xr.DataArray:
        """From the duration of every claim decided in the period."""
        return lift(median, durations, core=[["case"]])
