"""The contracts of inputs on stocks of migrants, at destination and at origin."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.indicators._contracts import ORIGIN, stock

_STOCK = "census, population register; United Nations, International Migrant Stock"
_ABROAD = "censuses and registers of the destinations, added by country of birth"
_HOME = "census of the country of origin"

StockAtDates = Annotated[
    xr.DataArray,
    stock(
        "international migrant stock at several dates", _STOCK, needs=("time",), definition="needed"
    ),
]
StockBySex = Annotated[
    xr.DataArray,
    stock("international migrant stock by sex", _STOCK, needs=("sex",), definition="needed"),
]
StockByAge = Annotated[
    xr.DataArray,
    stock("international migrant stock by age", _STOCK, needs=("age",), definition="needed"),
]
StockByOrigin = Annotated[
    xr.DataArray,
    stock("international migrant stock by origin", _STOCK, needs=("origin",), definition="needed"),
]
StockByDestination = Annotated[
    xr.DataArray,
    stock("emigrants by destination", _ABROAD, needs=("destination",), definition="needed"),
]
Refugees = Annotated[
    xr.DataArray, stock("refugees in the country", "UNHCR, UNRWA, asylum register")
]
AsylumSeekers = Annotated[
    xr.DataArray,
    stock("asylum seekers in the country, pending cases in persons", "UNHCR, asylum register"),
]
Diaspora = Annotated[
    xr.DataArray,
    stock(
        "persons born in the country who live abroad", _ABROAD, role="origin", definition="needed"
    ),
]
NativeResidents = Annotated[
    xr.DataArray,
    stock("residents of the country who were born there", _HOME, role="origin", collector=ORIGIN),
]
EmigrantsByAge = Annotated[
    xr.DataArray,
    stock(
        "emigrants by destination and age",
        _ABROAD + "; OECD, Database on Immigrants in OECD Countries",
        needs=("destination", "age"),
        role="origin",
        definition="needed",
    ),
]
ResidentsOfOrigin = Annotated[
    xr.DataArray,
    stock(
        "residents of the country of origin by age",
        _HOME,
        needs=("age",),
        role="origin",
        collector=ORIGIN,
        lacks=("destination",),
    ),
]
EmigrantsByEducation = Annotated[
    xr.DataArray,
    stock(
        "emigrants by destination, age and education",
        _ABROAD + "; OECD, Database on Immigrants in OECD Countries",
        needs=("destination", "age", "education"),
        role="origin",
        definition="needed",
    ),
]
ResidentsByEducation = Annotated[
    xr.DataArray,
    stock(
        "residents of the country of origin by age and education",
        _HOME,
        needs=("age", "education"),
        role="origin",
        collector=ORIGIN,
        lacks=("destination",),
    ),
]
GroupByArea = Annotated[
    xr.DataArray,
    stock(
        "members of a group by area of residence",
        "census or register by small areas",
        needs=("area",),
    ),
]
EveryoneByArea = Annotated[
    xr.DataArray,
    stock(
        "all residents by area of residence", "census or register by small areas", needs=("area",)
    ),
]
