"""The contracts of the catalogue's inputs, each named once and used in many calls."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.inputs import Input

_BOTH = ("origin", "destination")
_STANDARD = ("labour_standard",)
_ALL = ("origin", "transit", "destination")
_POPULATION = "population register, census, estimates of the statistical office"

Persons = Annotated[
    xr.DataArray,
    Input(title="population", unit="person", kind="stock", collector=_ALL, sources=_POPULATION),
]
PersonsByAge = Annotated[
    xr.DataArray,
    Input(
        title="population by age",
        unit="person",
        needs=("age",),
        kind="stock",
        collector=_ALL,
        sources=_POPULATION,
    ),
]
PersonsOfOrigin = Annotated[
    xr.DataArray,
    Input(
        title="population of the country of origin",
        unit="person",
        kind="stock",
        role="origin",
        collector=("origin",),
        join="year",
        sources=_POPULATION,
    ),
]
RefugeesByOrigin = Annotated[
    xr.DataArray,
    Input(
        title="refugees by country of origin",
        unit="person",
        kind="stock",
        role="origin",
        collector=("destination", "transit"),
        definition="needed",
        sources="UNHCR, asylum registers",
    ),
]
PersonYears = Annotated[
    xr.DataArray,
    Input(
        title="person-years lived by the population",
        unit="person year",
        kind="flow",
        collector=_ALL,
        sources="derived from the population by person_years",
    ),
]
Births = Annotated[
    xr.DataArray,
    Input(
        title="live births",
        unit="person",
        kind="flow",
        collector=_ALL,
        sources="civil registration",
    ),
]
Deaths = Annotated[
    xr.DataArray,
    Input(title="deaths", unit="person", kind="flow", collector=_ALL, sources="civil registration"),
]
NetMigrants = Annotated[
    xr.DataArray,
    Input(
        title="net migration",
        unit="person",
        kind="flow",
        values="any",
        collector=_BOTH,
        definition="needed",
        sources="population register, border data, residual of the population's change",
    ),
]
MigrantStock = Annotated[
    xr.DataArray,
    Input(
        title="international migrant stock",
        unit="person",
        kind="stock",
        definition="needed",
        sources="census, population register",
    ),
]
Employed = Annotated[
    xr.DataArray,
    Input(
        title="employed persons",
        unit="person",
        kind="stock",
        collector=_BOTH,
        definition="needed",
        asks=_STANDARD,
        sources="labour-force survey, register of employment",
    ),
]
LabourForce = Annotated[
    xr.DataArray,
    Input(
        title="labour force",
        unit="person",
        kind="stock",
        collector=_BOTH,
        definition="needed",
        asks=_STANDARD,
        sources="labour-force survey",
    ),
]
WorkingAgePersons = Annotated[
    xr.DataArray,
    Input(
        title="population of working age",
        unit="person",
        kind="stock",
        collector=_BOTH,
        sources="labour-force survey",
    ),
]

_MONEY_SOURCES = "balance of payments, national accounts"
GrossDomesticProduct = Annotated[
    xr.DataArray,
    Input(
        title="gross domestic product",
        unit="currency",
        kind="flow",
        collector=("origin",),
        sources=_MONEY_SOURCES,
    ),
]
RemittancesReceived = Annotated[
    xr.DataArray,
    Input(
        title="personal remittances received",
        unit="currency",
        kind="flow",
        collector=("origin",),
        sources=_MONEY_SOURCES,
    ),
]
HealthWorkers = Annotated[
    xr.DataArray,
    Input(
        title="health workers by occupation",
        unit="person",
        needs=("occupation",),
        kind="stock",
        collector=_BOTH,
        sources="registers of the professional chambers, labour-force survey",
    ),
]
PopulationServed = Annotated[
    xr.DataArray,
    Input(
        title="population",
        unit="person",
        kind="stock",
        collector=_BOTH,
        lacks=("occupation",),
        sources=_POPULATION,
    ),
]
Admitted = Annotated[
    xr.DataArray,
    Input(
        title="persons admitted under the scheme",
        unit="person",
        kind="flow",
        collector=("destination",),
        sources="programme data: permits, arrivals or placements, stated",
    ),
]
Quota = Annotated[
    xr.DataArray,
    Input(
        title="quota of the scheme",
        unit="person",
        kind="flow",
        collector=("destination",),
        sources="agreement or regulation",
    ),
]
WorkSupplied = Annotated[
    xr.DataArray,
    Input(
        title="person-years worked under the scheme",
        unit="person year",
        kind="flow",
        collector=("destination",),
        sources="programme data",
    ),
]
WorkVacant = Annotated[
    xr.DataArray,
    Input(
        title="person-years of work vacant without the scheme",
        unit="person year",
        kind="flow",
        collector=("destination",),
        sources="vacancy survey, over the period",
    ),
]
PostsMissing = Annotated[
    xr.DataArray,
    Input(
        title="shortage of posts at a date",
        unit="person",
        kind="stock",
        collector=("destination",),
        sources="vacancy survey less suitable unemployed",
    ),
]
PostsFilled = Annotated[
    xr.DataArray,
    Input(
        title="posts filled by the scheme at a date, full-time equivalents",
        unit="person",
        kind="stock",
        collector=("destination",),
        sources="programme data",
    ),
]
Departures = Annotated[
    xr.DataArray,
    Input(
        title="departures of the occupation",
        unit="person",
        needs=("period",),
        kind="flow",
        collector=("origin",),
        lacks=("time",),
        sources="certificates of good standing, destination's permits",
    ),
]
PractisingAtStart = Annotated[
    xr.DataArray,
    Input(
        title="persons who practise the occupation at the start of each period",
        unit="person",
        needs=("time",),
        kind="stock",
        collector=("origin",),
        lacks=("period",),
        sources="registers of the profession",
    ),
]
Graduates = Annotated[
    xr.DataArray,
    Input(
        title="graduates of the occupation in each period",
        unit="person",
        needs=("period",),
        kind="flow",
        collector=("origin",),
        lacks=("time",),
        sources="education statistics",
    ),
]
