"""Schemes: how a mobility programme does."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.definition import definition_of
from migov.core.errors import DefinitionError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators.inputs import (
    Admitted,
    PostsFilled,
    PostsMissing,
    Quota,
    WorkSupplied,
    WorkVacant,
)

_OWN = "own; programme data"
_COUNTED = {"permits": "permits", "moves": "arrivals", "contracts": "placements"}
"""What is admitted, by what a definition says that is counted."""


@indicator(
    id="quota_utilisation",
    title="Utilisation of the quota",
    unit="percent",
    references=(_OWN,),
    not_for="the success of a scheme: a quota may be full and the workers badly off",
    case=Case(
        80.0,
        "1200 / 1500",
        {
            "admitted": Cells((1200.0,), period="2024"),
            "quota": Cells((1500.0,), period="2024"),
        },
        {"admitted_is": "placements"},
    ),
)
class QuotaUtilisation(Indicator):
    """Persons admitted under a scheme per hundred places of its quota."""

    admitted_is: Literal["permits", "arrivals", "placements"] = parameter(
        help="what is counted as admitted; published figures mix the three"
    )

    def __call__(self, admitted: Admitted, quota: Quota) -> xr.DataArray:
        """From those admitted and the quota of the same periods."""
        for name, x in (("admitted", admitted), ("quota", quota)):
            found = definition_of(x)
            counted = None if found is None else _COUNTED.get(found.counts)
            if found is not None and counted not in (None, self.admitted_is):
                raise DefinitionError(
                    "QuotaUtilisation",
                    f"admitted_is={self.admitted_is!r}, and {name} counts {found.counts}",
                    f'QuotaUtilisation(admitted_is="{counted}")(…) where both count these, or '
                    "both counted alike",
                    5,
                    name,
                )
        return admitted / quota


@indicator(
    id="vacancy_fill_rate",
    title="Vacant work filled by the scheme",
    unit="percent",
    references=(_OWN,),
    synonyms=("vacancy fill rate",),
    not_for="heads: a stay of ninety days is a quarter of a person-year",
    case=Case(
        25.0,
        "370 / 1,480 person-years",
        {
            "supplied": Cells((370.0,), period="2024"),
            "vacant": Cells((1480.0,), period="2024"),
        },
    ),
)
class VacancyFillRate(Indicator):
    """Person-years worked under a scheme per hundred that stood vacant without it."""

    def __call__(self, supplied: WorkSupplied, vacant: WorkVacant) -> xr.DataArray:
        """From person-years supplied and vacant in the same periods."""
        return supplied / vacant


@indicator(
    id="scheme_shortage_coverage",
    title="Coverage of the shortage by the scheme",
    unit="percent",
    references=(_OWN,),
    not_for="setting quotas: the shortage at origin stands beside it",
    case=Case(
        12.5,
        "50 / 400",
        {
            "filled": Cells((50.0,), time="2030-07-01"),
            "missing": Cells((400.0,), time="2030-07-01"),
        },
    ),
)
class SchemeShortageCoverage(Indicator):
    """Posts filled through a scheme, in full-time equivalents, per hundred missing at a date."""

    def __call__(self, filled: PostsFilled, missing: PostsMissing) -> xr.DataArray:
        """From the posts filled and the shortage at the same dates."""
        return filled / missing
