"""The contracts of inputs on stocks of migrants, at destination and at origin."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.inputs import Input

_STOCK = "census, population register; United Nations, International Migrant Stock"
_ABROAD = "censuses and registers of the destinations, added by country of birth"
_HOME = "census of the country of origin"

StockAtDates = Annotated[
    xr.DataArray,
    Input(
        title="international migrant stock at several dates",
        unit="person",
        needs=("time",),
        kind="stock",
        definition="needed",
        sources=_STOCK,
    ),
]
StockBySex = Annotated[
    xr.DataArray,
    Input(
        title="international migrant stock by sex",
        unit="person",
        needs=("sex",),
        kind="stock",
        definition="needed",
        sources=_STOCK,
    ),
]
StockByAge = Annotated[
    xr.DataArray,
    Input(
        title="international migrant stock by age",
        unit="person",
        needs=("age",),
        kind="stock",
        definition="needed",
        sources=_STOCK,
    ),
]
StockByOrigin = Annotated[
    xr.DataArray,
    Input(
        title="international migrant stock by origin",
        unit="person",
        needs=("origin",),
        kind="stock",
        definition="needed",
        sources=_STOCK,
    ),
]
StockByDestination = Annotated[
    xr.DataArray,
    Input(
        title="emigrants by destination",
        unit="person",
        needs=("destination",),
        kind="stock",
        definition="needed",
        sources=_ABROAD,
    ),
]
Refugees = Annotated[
    xr.DataArray,
    Input(
        title="refugees in the country",
        unit="person",
        kind="stock",
        sources="UNHCR, UNRWA, asylum register",
    ),
]
AsylumSeekers = Annotated[
    xr.DataArray,
    Input(
        title="asylum seekers in the country, pending cases in persons",
        unit="person",
        kind="stock",
        sources="UNHCR, asylum register",
    ),
]
Diaspora = Annotated[
    xr.DataArray,
    Input(
        title="persons born in the country who live abroad",
        unit="person",
        kind="stock",
        role="origin",
        definition="needed",
        sources=_ABROAD,
    ),
]
NativeResidents = Annotated[
    xr.DataArray,
    Input(
        title="residents of the country who were born there",
        unit="person",
        kind="stock",
        role="origin",
        collector=("origin",),
        sources=_HOME,
    ),
]
EmigrantsByAge = Annotated[
    xr.DataArray,
    Input(
        title="emigrants by destination and age",
        unit="person",
        needs=("destination", "age"),
        kind="stock",
        role="origin",
        definition="needed",
        sources=_ABROAD + "; OECD, Database on Immigrants in OECD Countries",
    ),
]
ResidentsOfOrigin = Annotated[
    xr.DataArray,
    Input(
        title="residents of the country of origin by age",
        unit="person",
        needs=("age",),
        kind="stock",
        role="origin",
        collector=("origin",),
        lacks=("destination",),
        sources=_HOME,
    ),
]
EmigrantsByEducation = Annotated[
    xr.DataArray,
    Input(
        title="emigrants by destination, age and education",
        unit="person",
        needs=("destination", "age", "education"),
        kind="stock",
        role="origin",
        definition="needed",
        sources=_ABROAD + "; OECD, Database on Immigrants in OECD Countries",
    ),
]
ResidentsByEducation = Annotated[
    xr.DataArray,
    Input(
        title="residents of the country of origin by age and education",
        unit="person",
        needs=("age", "education"),
        kind="stock",
        role="origin",
        collector=("origin",),
        lacks=("destination",),
        sources=_HOME,
    ),
]
GroupByArea = Annotated[
    xr.DataArray,
    Input(
        title="members of a group by area of residence",
        unit="person",
        needs=("area",),
        kind="stock",
        sources="census or register by small areas",
    ),
]
EveryoneByArea = Annotated[
    xr.DataArray,
    Input(
        title="all residents by area of residence",
        unit="person",
        needs=("area",),
        kind="stock",
        sources="census or register by small areas",
    ),
]
