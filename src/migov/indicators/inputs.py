"""The contracts of the catalogue's inputs, each named once and used in many calls."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.indicators._contracts import BOTH, ORIGIN, STATES, flow, stock

_STANDARD = ("labour_standard",)
_POPULATION = "population register, census, estimates of the statistical office"

Persons = Annotated[xr.DataArray, stock("population", _POPULATION, collector=STATES)]
PersonsByAge = Annotated[
    xr.DataArray, stock("population by age", _POPULATION, needs=("age",), collector=STATES)
]
PersonsOfOrigin = Annotated[
    xr.DataArray,
    stock(
        "population of the country of origin",
        _POPULATION,
        role="origin",
        collector=ORIGIN,
        join="year",
    ),
]
RefugeesByOrigin = Annotated[
    xr.DataArray,
    stock(
        "refugees by country of origin",
        "UNHCR, asylum registers",
        role="origin",
        collector=("destination", "transit"),
        definition="needed",
    ),
]
PersonYears = Annotated[
    xr.DataArray,
    flow(
        "person-years lived by the population",
        "derived from the population by person_years",
        "person year",
        collector=STATES,
    ),
]
Births = Annotated[xr.DataArray, flow("live births", "civil registration", collector=STATES)]
Deaths = Annotated[xr.DataArray, flow("deaths", "civil registration", collector=STATES)]
NetMigrants = Annotated[
    xr.DataArray,
    flow(
        "net migration",
        "population register, border data, residual of the population's change",
        collector=BOTH,
        definition="needed",
        values="any",
    ),
]
MigrantStock = Annotated[
    xr.DataArray,
    stock("international migrant stock", "census, population register", definition="needed"),
]
Employed = Annotated[
    xr.DataArray,
    stock(
        "employed persons",
        "labour-force survey, register of employment",
        collector=BOTH,
        definition="needed",
        asks=_STANDARD,
    ),
]
LabourForce = Annotated[
    xr.DataArray,
    stock(
        "labour force", "labour-force survey", collector=BOTH, definition="needed", asks=_STANDARD
    ),
]
WorkingAgePersons = Annotated[
    xr.DataArray, stock("population of working age", "labour-force survey", collector=BOTH)
]

_MONEY_SOURCES = "balance of payments, national accounts"
GrossDomesticProduct = Annotated[
    xr.DataArray, flow("gross domestic product", _MONEY_SOURCES, "currency", collector=ORIGIN)
]
RemittancesReceived = Annotated[
    xr.DataArray,
    flow("personal remittances received", _MONEY_SOURCES, "currency", collector=ORIGIN),
]
HealthWorkers = Annotated[
    xr.DataArray,
    stock(
        "health workers by occupation",
        "registers of the professional chambers, labour-force survey",
        needs=("occupation",),
        collector=BOTH,
    ),
]
PopulationServed = Annotated[
    xr.DataArray, stock("population", _POPULATION, collector=BOTH, lacks=("occupation",))
]
Admitted = Annotated[
    xr.DataArray,
    flow(
        "persons admitted under the scheme",
        "programme data: permits, arrivals or placements, stated",
    ),
]
Quota = Annotated[xr.DataArray, flow("quota of the scheme", "agreement or regulation")]
WorkSupplied = Annotated[
    xr.DataArray, flow("person-years worked under the scheme", "programme data", "person year")
]
WorkVacant = Annotated[
    xr.DataArray,
    flow(
        "person-years of work vacant without the scheme",
        "vacancy survey, over the period",
        "person year",
    ),
]
PostsMissing = Annotated[
    xr.DataArray, stock("shortage of posts at a date", "vacancy survey less suitable unemployed")
]
PostsFilled = Annotated[
    xr.DataArray,
    stock("posts filled by the scheme at a date, full-time equivalents", "programme data"),
]
Departures = Annotated[
    xr.DataArray,
    flow(
        "departures of the occupation",
        "certificates of good standing, destination's permits",
        needs=("period",),
        collector=ORIGIN,
        lacks=("time",),
    ),
]
PractisingAtStart = Annotated[
    xr.DataArray,
    stock(
        "persons who practise the occupation at the start of each period",
        "registers of the profession",
        needs=("time",),
        collector=ORIGIN,
        lacks=("period",),
    ),
]
Graduates = Annotated[
    xr.DataArray,
    flow(
        "graduates of the occupation in each period",
        "education statistics",
        needs=("period",),
        collector=ORIGIN,
        lacks=("time",),
    ),
]
