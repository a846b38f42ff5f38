"""Recognition of qualifications acquired abroad: how many, and how long it takes."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import lift
from migov.indicators.inputs_work import CaseDurations, Decided, Recognised
from migov.indicators.kernels_labour import median

_GERMAN = "own; on the statistics of Germany's Recognition Act (2012), section 17"


@indicator(
    id="recognition_rate",
    title="Recognition of foreign qualifications",
    unit="percent",
    references=(_GERMAN,),
    synonyms=("recognition of qualifications", "credential recognition"),
    direction="up",
    not_for="comparing origins: what is asked for differs by occupation",
    monotone=(("recognised", "up"), ("decided", "down")),
    within=(("recognised", "decided"),),
    case=Case(
        60.0,
        "30 / 50",
        {
            "recognised": Cells((30.0,), period="2023"),
            "decided": Cells((50.0,), period="2023"),
        },
    ),
)
class RecognitionRate(Indicator):
    """Qualifications recognised per hundred applications decided.

    Those recognised in part, or with a measure of compensation still to be taken, are no full
    recognition and stand apart.
    """

    degree: Literal["full", "partial"] = parameter(
        default="full", help="which recognitions are handed in"
    )

    def __call__(self, recognised: Recognised, decided: Decided) -> xr.DataArray:
        """From recognitions of the degree, and all decisions of the same periods."""
        return recognised / decided


@indicator(
    id="recognition_time",
    title="Time to recognition",
    unit="day",
    references=(_GERMAN + ", duration of procedures",),
    synonyms=("duration of recognition procedures",),
    direction="down",
    not_for="how long an applicant waits: applications still open are longer than these",
    case=Case(
        90.0,
        "the third of 30, 60, 90, 120 and 300 days",
        {"durations": Cells((120.0, 30.0, 90.0, 300.0, 60.0), case="a b c d e")},
    ),
)
class RecognitionTime(Indicator):
    """Median time from the complete application to the decision, of the cases decided."""

    def __call__(self, durations: CaseDurations) -> xr.DataArray:
        """From the duration of every case decided in the period."""
        return lift(median, durations, core=[["case"]])
