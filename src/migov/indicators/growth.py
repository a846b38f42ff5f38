"""Growth: births, deaths and migration in the change of a population."""

from __future__ import annotations

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator
from migov.indicators.inputs import Births, Deaths, PersonYears

_UN = "United Nations (2024), World Population Prospects 2024, demographic indicators"


@indicator(
    id="natural_increase_rate",
    title="Rate of natural increase",
    unit="per_thousand/year",
    references=(_UN,),
    synonyms=("crude rate of natural change",),
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
