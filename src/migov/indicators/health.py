"""Skills at origin: who remains to teach and to heal."""

from __future__ import annotations

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator
from migov.indicators._apply import per_year
from migov.indicators._dates import at_start
from migov.indicators.inputs import (
    Departures,
    Graduates,
    HealthWorkers,
    PopulationServed,
    PractisingAtStart,
)


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
        "80 in 4 years / (300 on 1 January 2016 + 200 who graduated)",
        {
            "departures": Cells((80.0,), period="2016-2020"),
            "practising": Cells((300.0,), time="2016-01-01"),
            "graduates": Cells((200.0,), period="2016-2020"),
        },
    ),
)
class OccupationDrain(Indicator):
    """Yearly departures for each hundred who practise the occupation or graduate in it.

    The base are all who could leave: those practising at the start of a period, and its graduates.
    """

    def __call__(
        self, departures: Departures, practising: PractisingAtStart, graduates: Graduates
    ) -> xr.DataArray:
        """From departures, those practising at the start of each period, and its graduates."""
        stood = at_start(practising, departures, "practising")
        return per_year(departures, "departures") / (stood + graduates)
