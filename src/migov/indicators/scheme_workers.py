"""Schemes: the workers' own conditions, before departure and at work."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import summed
from migov.indicators._labels import all_of
from migov.indicators.inputs_schemes import (
    ChangesGranted,
    ChangesRequested,
    Complainants,
    DeductionsForLiving,
    Employers,
    EmployersInspected,
    GrossWagesOfWorkers,
    Placed,
    PlacedByLanguage,
    TrainedBefore,
    WorkersOfScheme,
)

_OWN = "own; programme data"
_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
_OTHERS = ("none", "unknown")


@indicator(
    id="housing_deduction_share",
    title="Deductions for housing and food",
    unit="percent",
    references=("own; contracts and payrolls; ILO C95 (1949), articles 4, 8 and 9",),
    synonyms=("wage deductions for accommodation",),
    direction="down",
    not_for="the cost of living: what workers pay elsewhere is not deducted",
    monotone=(("deductions", "up"), ("wages", "down")),
    case=Case(
        20.0,
        "400 / 2,000 EUR",
        {
            "deductions": Cells((400.0,), "EUR", period="2024"),
            "wages": Cells((2000.0,), "EUR", period="2024"),
        },
    ),
)
class HousingDeductionShare(Indicator):
    """Deductions for housing and food per hundred of gross wages."""

    def __call__(self, deductions: DeductionsForLiving, wages: GrossWagesOfWorkers) -> xr.DataArray:
        """From deductions and gross wages of the same workers."""
        return deductions / wages


@indicator(
    id="employer_change_share",
    title="Changes of employer granted",
    unit="percent",
    references=("own; on Directive 2014/36/EU, article 15, as recalled",),
    synonyms=("freedom to change employer",),
    direction="up",
    not_for="how free workers are where nobody dares to ask",
    monotone=(("granted", "up"), ("requested", "down")),
    within=(("granted", "requested"),),
    case=Case(
        80.0,
        "40 / 50",
        {"granted": Cells((40.0,), period="2024"), "requested": Cells((50.0,), period="2024")},
    ),
)
class EmployerChangeShare(Indicator):
    """Changes of employer granted per hundred requested and decided."""

    def __call__(self, granted: ChangesGranted, requested: ChangesRequested) -> xr.DataArray:
        """From changes granted and requested in the same periods."""
        return granted / requested


@indicator(
    id="inspection_rate",
    title="Employers inspected",
    unit="percent",
    references=("own; labour inspectorate",),
    synonyms=("inspection coverage",),
    direction="up",
    not_for="conditions at work: an inspection is not what it finds",
    monotone=(("inspected", "up"), ("employers", "down")),
    within=(("inspected", "employers"),),
    case=Case(
        15.0,
        "60 / 400",
        {"inspected": Cells((60.0,), period="2024"), "employers": Cells((400.0,), period="2024")},
    ),
)
class InspectionRate(Indicator):
    """Employers inspected at least once per hundred with workers of the scheme."""

    def __call__(self, inspected: EmployersInspected, employers: Employers) -> xr.DataArray:
        """From employers inspected and all employers of the same periods."""
        return inspected / employers


@indicator(
    id="wage_complaint_rate",
    title="Complaints about wages",
    unit="percent",
    references=("own; labour inspectorate, courts, trade unions",),
    synonyms=("wage claims", "wage theft complaints"),
    not_for="how often wages are withheld: few complain where it endangers their stay",
    monotone=(("complained", "up"), ("workers", "down")),
    within=(("complained", "workers"),),
    case=Case(
        2.0,
        "30 / 1,500",
        {"complained": Cells((30.0,), period="2024"), "workers": Cells((1500.0,), period="2024")},
        {"counted": "lodged"},
    ),
)
class WageComplaintRate(Indicator):
    """Workers who complained about their wages per hundred; those upheld stand apart."""

    counted: Literal["lodged", "upheld"] = parameter(help="which complaints are handed in")

    def __call__(self, complained: Complainants, workers: WorkersOfScheme) -> xr.DataArray:
        """From workers who complained, or were found right, and the workers of the periods."""
        return complained / workers


@indicator(
    id="pre_departure_coverage",
    title="Training before departure",
    unit="percent",
    references=(_OWN, "UN Network on Migration (2022), Guidance on Bilateral Labour Agreements"),
    synonyms=("pre-departure orientation",),
    direction="up",
    not_for="what was learned",
    monotone=(("trained", "up"), ("placed", "down")),
    within=(("trained", "placed"),),
    case=Case(
        60.0,
        "900 / 1,500",
        {"trained": Cells((900.0,), period="2024"), "placed": Cells((1500.0,), period="2024")},
    ),
)
class PreDepartureCoverage(Indicator):
    """Persons trained in their own language before departure per hundred placed."""

    def __call__(self, trained: TrainedBefore, placed: Placed) -> xr.DataArray:
        """From those trained and those placed in the same periods."""
        return trained / placed


@indicator(
    id="language_at_placement",
    title="Language at placement",
    unit="percent",
    references=(_OWN, "Council of Europe (2001), Common European Framework of Reference: A1 to C2"),
    synonyms=("language level at placement",),
    direction="up",
    not_for="admitting persons: the level that work needs differs by occupation",
    case=Case(
        50.0,
        "(40 + 10) / (20 + 30 + 40 + 10), at B1 and over",
        {
            "placed": Cells(
                ((20.0, 30.0, 40.0, 10.0),), period="2024", language_level="unknown A2 B1 C1"
            )
        },
    ),
)
class LanguageAtPlacement(Indicator):
    """Persons placed with a level of the destination's language or over, per hundred placed.

    Those whose level is unknown count as placed.
    """

    level: Literal["A1", "A2", "B1", "B2", "C1", "C2"] = parameter(
        default="B1", help="least level of the Common European Framework"
    )

    def __call__(self, placed: PlacedByLanguage) -> xr.DataArray:
        """From persons placed by level, with ``none`` and ``unknown`` where there are such."""
        labels = all_of(placed, "language_level", _LEVELS + _OTHERS, "placed")
        high = [one for one in labels if one in _LEVELS[_LEVELS.index(self.level) :]]
        reached = summed(placed.sel(language_level=high), "language_level", "placed")
        return reached / summed(placed, "language_level", "placed")
