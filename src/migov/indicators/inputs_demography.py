"""The contracts of inputs on births, deaths, life tables and change by age."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.inputs import Input

_ALL = ("origin", "transit", "destination")
_REGISTER = "population register, census, estimates of the statistical office"
_VITAL = "civil registration over the population's person-years"
_TABLE = "life table of the statistical office or of the United Nations"

FertilityRates = Annotated[
    xr.DataArray,
    Input(
        title="births per woman-year by age of the mother",
        unit="1/year",
        needs=("age",),
        collector=_ALL,
        sources=_VITAL,
    ),
]
FertilityPattern = Annotated[
    xr.DataArray,
    Input(
        title="births per woman-year by age of the mother, zero outside the fertile ages",
        unit="1/year",
        needs=("age",),
        collector=_ALL,
        lacks=("time",),
        sources=_VITAL,
    ),
]
YearsLivedPerBirth = Annotated[
    xr.DataArray,
    Input(
        title="years lived in each age group per person born, of a life table",
        unit="year",
        needs=("age",),
        collector=_ALL,
        sources=_TABLE,
    ),
]
YearsLivedByWomen = Annotated[
    xr.DataArray,
    Input(
        title="years lived in each age group per girl born, of a life table",
        unit="year",
        needs=("age",),
        collector=_ALL,
        lacks=("time",),
        sources=_TABLE,
    ),
]
SexRatioAtBirth = Annotated[
    xr.DataArray,
    Input(
        title="boys born for each girl born",
        unit="1",
        collector=_ALL,
        lacks=("age",),
        sources="civil registration",
    ),
]
DeathRates = Annotated[
    xr.DataArray,
    Input(
        title="central death rates by age",
        unit="1/year",
        needs=("age",),
        collector=_ALL,
        sources=_VITAL,
    ),
]
YearsLivedByTheDying = Annotated[
    xr.DataArray,
    Input(
        title="mean years lived in an age group by those who die in it",
        unit="year",
        needs=("age",),
        collector=_ALL,
        sources=_TABLE,
    ),
]
RemainingLifeExpectancy = Annotated[
    xr.DataArray,
    Input(
        title="remaining life expectancy at the lower bound of each age group",
        unit="year",
        needs=("age",),
        collector=_ALL,
        lacks=("time",),
        sources=_TABLE,
    ),
]
WomenByAge = Annotated[
    xr.DataArray,
    Input(
        title="women by age",
        unit="person",
        needs=("age",),
        kind="stock",
        collector=_ALL,
        sources=_REGISTER,
    ),
]
PersonsByAgeAndTime = Annotated[
    xr.DataArray,
    Input(
        title="population by age at several dates",
        unit="person",
        needs=("age", "time"),
        kind="stock",
        collector=_ALL,
        sources=_REGISTER,
    ),
]
CohortSurvival = Annotated[
    xr.DataArray,
    Input(
        title="share of those of an age who are alive when the years have passed",
        unit="1",
        needs=("age",),
        values="share",
        collector=_ALL,
        lacks=("time",),
        sources=_TABLE,
    ),
]
BirthsToForeignBorn = Annotated[
    xr.DataArray,
    Input(
        title="live births to foreign-born mothers",
        unit="person",
        kind="flow",
        collector=("destination",),
        sources="civil registration by the mother's country of birth",
    ),
]
