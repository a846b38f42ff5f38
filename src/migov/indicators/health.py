"""Skills at origin: who remains to teach and to heal."""

from __future__ import annotations

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator
from migov.indicators.inputs import Departures, HealthWorkers, PopulationServed, Practising


@indicator(
    id="sdg_3_c_1",
    title="Health worker density and distribution",
    unit="per_ten_thousand",
    references=(
        "SDG metadata 3.c.1 (WHO), 2021-03-01, definition (2.a): workers per 10,000 population, "
        "ISCO-08 221 (doctors), 2221, 2222, 3221, 3222 (nursing and midwifery), 2261, 2262",
    ),
    codes=("3.c.1",),
    synonyms=("health worker density",),
    direction="up",
    target="WHO support and safeguards list 2023: median of 49 doctors, nurses and midwives",
    not_for="sufficiency in a region: a national mean hides the empty hospital",
    case=Case(
        36.0,
        "9 / 2,500 of the population",
        {
            "workers": Cells((9.0,), occupation="nursing"),
            "population": Cells(2500.0),
        },
    ),
)
class HealthWorkerDensity(Indicator):
    """Health workers for each ten thousand residents, by occupation.

    The metadata counts doctors, nursing and midwifery personnel together, dentists and
    pharmacists, practising or registered as the source has them, over the population of World
    Population Prospects.
    """

    def __call__(self, workers: HealthWorkers, population: PopulationServed) -> xr.DataArray:
        """From workers by occupation and the population they serve."""
        return workers / population


@indicator(
    id="occupation_drain",
    title="Departures of an occupation",
    unit="percent/year",
    references=(
        "own; in the manner of Docquier and Rapoport (2012), Journal of Economic Literature "
        "50(3), emigration rates by occupation, with new graduates in the base",
    ),
    synonyms=("brain drain by occupation", "medical brain drain"),
    direction="down",
    not_for="the wish of a person to leave; it bears on States, not on persons",
    case=Case(
        4.0,
        "20 / 500 person-years",
        {
            "departures": Cells((20.0,), period="2024"),
            "practising": Cells((500.0,), period="2024"),
        },
    ),
)
class OccupationDrain(Indicator):
    """Yearly departures for each hundred who practise the occupation or graduated in it."""

    def __call__(self, departures: Departures, practising: Practising) -> xr.DataArray:
        """From departures, and person-years of those practising and newly graduated."""
        return departures / practising
