"""The contracts of inputs on births, deaths, life tables and change by age."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import xarray as xr

from migov.indicators._contracts import STATES, figure, flow, stock

_REGISTER = "population register, census, estimates of the statistical office"
_VITAL = "civil registration over the population's person-years"
_TABLE = "life table of the statistical office or of the United Nations"
_by_age = partial(figure, sources=_TABLE, needs=("age",), collector=STATES)

FertilityRates = Annotated[
    xr.DataArray,
    figure(
        "births per woman-year by age of the mother",
        _VITAL,
        "1/year",
        needs=("age",),
        collector=STATES,
    ),
]
FertilityPattern = Annotated[
    xr.DataArray,
    figure(
        "births per woman-year by age of the mother, zero outside the fertile ages",
        _VITAL,
        "1/year",
        needs=("age",),
        collector=STATES,
        lacks=("time",),
    ),
]
YearsLivedPerBirth = Annotated[
    xr.DataArray,
    _by_age("years lived in each age group per person born, of a life table", unit="year"),
]
YearsLivedByWomen = Annotated[
    xr.DataArray,
    _by_age(
        "years lived in each age group per girl born, of a life table", unit="year", lacks=("time",)
    ),
]
SexRatioAtBirth = Annotated[
    xr.DataArray,
    figure(
        "boys born for each girl born", "civil registration", "1", collector=STATES, lacks=("age",)
    ),
]
DeathRates = Annotated[
    xr.DataArray,
    figure("central death rates by age", _VITAL, "1/year", needs=("age",), collector=STATES),
]
YearsLivedByTheDying = Annotated[
    xr.DataArray, _by_age("mean years lived in an age group by those who die in it", unit="year")
]
RemainingLifeExpectancy = Annotated[
    xr.DataArray,
    _by_age(
        "remaining life expectancy at the lower bound of each age group",
        unit="year",
        lacks=("time",),
    ),
]
WomenByAge = Annotated[
    xr.DataArray, stock("women by age", _REGISTER, needs=("age",), collector=STATES)
]
PersonsByAgeAndTime = Annotated[
    xr.DataArray,
    stock("population by age at several dates", _REGISTER, needs=("age", "time"), collector=STATES),
]
CohortSurvival = Annotated[
    xr.DataArray,
    _by_age(
        "share of those of an age who are alive when the years have passed",
        unit="1",
        values="share",
        lacks=("time",),
    ),
]
BirthsToForeignBorn = Annotated[
    xr.DataArray,
    flow(
        "live births to foreign-born mothers", "civil registration by the mother's country of birth"
    ),
]
