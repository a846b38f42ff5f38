"""Protection: refugees, asylum, and what it takes to decide."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.definition import definition_of
from migov.core.definitions import UNHCR_REFUGEES
from migov.core.errors import DefinitionError, TimeError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators.inputs import PersonsOfOrigin, RefugeesByOrigin


@indicator(
    id="sdg_10_7_4",
    title="Refugees by country of origin per 100,000 population",
    unit="per_hundred_thousand",
    references=(
        "SDG metadata 10.7.4 (UNHCR, 2021): refugees under its mandate, refugee-like situations "
        "and others in need of international protection over them and the population of origin",
        "United Nations (2020), Global SDG Indicators Database: the published series divides by "
        "the population at mid-year although the text says the end of the year",
    ),
    codes=("10.7.4",),
    target="SDG target 10.7, which sets no number",
    synonyms=("Proportion of the population who are refugees, by country of origin",),
    direction="none",
    not_for="ranking countries of origin, or measuring asylum seekers, displaced persons or "
    "UNRWA's Palestine refugees, none of whom it counts",
    case=Case(
        1000.0,
        "10 / (990 + 10) = 1 in 100 = 1,000 in 100,000",
        {
            "refugees": Cells((10.0,), definition=UNHCR_REFUGEES, origin="SSD"),
            "population": Cells((990.0,), area="SSD"),
        },
    ),
)
class RefugeesPerOrigin(Indicator):
    """Refugees from a country, relative to its population together with them.

    Dividing by the resident population alone overstates small countries of origin.
    """

    reference: Literal["published_midyear", "metadata_endyear"] = parameter(
        default="published_midyear",
        help="date of the population: mid-year as in the published series, or year-end",
    )

    def __call__(self, refugees: RefugeesByOrigin, population: PersonsOfOrigin) -> xr.DataArray:
        """From refugees by origin at year-end and the population of that origin."""
        found = definition_of(refugees)
        if found is not None and found.asylum_seekers in ("included", "only"):
            raise DefinitionError(
                "RefugeesPerOrigin",
                "asylum seekers are among the refugees; 10.7.4 counts those whose protection is "
                "recognised",
                "refugees without them, as under migov.definitions.UNHCR_REFUGEES",
                5,
                "refugees",
            )
        if self.reference == "metadata_endyear" and "population_time" in population.coords:
            raise TimeError(
                "RefugeesPerOrigin",
                "population is of another date than refugees",
                'give both at 31 December, or reference="published_midyear"',
                1,
                "population",
            )
        return refugees / (population + refugees)
