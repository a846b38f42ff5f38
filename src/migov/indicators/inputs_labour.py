"""The contracts of inputs on labour markets, skills and shortage."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import xarray as xr

from migov.indicators._contracts import BOTH, figure, flow, stock

_SURVEY = "labour-force survey"
_REGISTER = "public employment service, register of employment"
_VACANCIES = "job vacancy survey"
_WAGES = "structure-of-earnings survey, labour-force survey, register of social insurance"
_WAIVED = ("area", "time", "period", "sex", "age")
_workers = partial(stock, sources=_SURVEY, definition="needed", asks=("labour_standard",))
_workers_by_occupation = partial(_workers, needs=("occupation",))
_by_occupation = partial(figure, sources=_SURVEY, needs=("occupation",))

Unemployed = Annotated[xr.DataArray, _workers("unemployed", collector=BOTH)]
Underemployed = Annotated[
    xr.DataArray, _workers("employed who want and could work more hours", collector=BOTH)
]
PotentialLabourForce = Annotated[
    xr.DataArray,
    _workers(
        "potential labour force: seeking and not available, or available and not seeking",
        collector=BOTH,
    ),
]
RateOfMigrants = Annotated[
    xr.DataArray,
    figure(
        "rate among migrants",
        _SURVEY + ", survey of income and living conditions",
        "1",
        values="share",
    ),
]
RateOfNatives = Annotated[
    xr.DataArray,
    figure(
        "rate among natives",
        _SURVEY + ", survey of income and living conditions",
        "1",
        values="share",
    ),
]
MigrantsEmployed = Annotated[
    xr.DataArray,
    _workers("employed migrants", sources=_SURVEY + ", " + _REGISTER),
]
Vacancies = Annotated[xr.DataArray, stock("vacant posts", _VACANCIES, "post")]
OccupiedPosts = Annotated[xr.DataArray, stock("occupied posts", _VACANCIES, "post")]
Hires = Annotated[xr.DataArray, flow("matches: persons who left unemployment for a job", _REGISTER)]
UnemployedTime = Annotated[
    xr.DataArray,
    flow(
        "person-years of unemployment", "derived from the unemployed by person_years", "person year"
    ),
]
VacantTime = Annotated[
    xr.DataArray,
    flow("years of vacant posts", "derived from vacant posts by person_years", "post year"),
]
EmployedByEducation = Annotated[
    xr.DataArray,
    stock(
        "employed by occupation (ISCO-08) and education (ISCED 2011)",
        _SURVEY,
        needs=("occupation", "education"),
    ),
]
YearsOfSchooling = Annotated[
    xr.DataArray,
    figure(
        "years of schooling of each level of education",
        "national mapping of ISCED 2011 to years",
        "year",
        needs=("education",),
        lacks=(*_WAIVED, "occupation", "sector", "citizenship", "birthplace"),
    ),
]
UnemployedBySegment = Annotated[
    xr.DataArray, stock("unemployed by segment of the labour market", _REGISTER)
]
VacanciesBySegment = Annotated[
    xr.DataArray, stock("vacant posts by segment of the labour market", _VACANCIES, "post")
]
SegmentEfficiency = Annotated[
    xr.DataArray,
    figure(
        "matching efficiency of each segment, relative",
        "estimated matching functions",
        "1",
        lacks=("area", "time"),
    ),
]
SegmentProductivity = Annotated[
    xr.DataArray,
    figure(
        "productivity of each segment, relative", "national accounts", "1", lacks=("area", "time")
    ),
]
MigrantsByOccupation = Annotated[
    xr.DataArray, _workers_by_occupation("employed migrants by occupation")
]
OthersByOccupation = Annotated[xr.DataArray, _workers_by_occupation("other employed by occupation")]
WageGrowth = Annotated[
    xr.DataArray,
    figure(
        "growth of hourly wages by occupation",
        _WAGES,
        "1/year",
        needs=("occupation",),
        values="any",
    ),
]
EmploymentGrowth = Annotated[
    xr.DataArray, _by_occupation("growth of employment by occupation", unit="1/year", values="any")
]
HoursGrowth = Annotated[
    xr.DataArray,
    _by_occupation("growth of hours worked per person by occupation", unit="1/year", values="any"),
]
UnemploymentByOccupation = Annotated[
    xr.DataArray, _by_occupation("unemployment rate by last occupation", unit="1", values="share")
]
UnderqualificationGrowth = Annotated[
    xr.DataArray,
    _by_occupation("growth of under-qualification by occupation", unit="1/year", values="any"),
]
EmployedByOccupation = Annotated[
    xr.DataArray, _by_occupation("employed by occupation", unit="person")
]
ShortageScores = Annotated[
    xr.DataArray,
    figure(
        "scores of the shortage indicators, 0 to 3",
        "German Federal Employment Agency, analysis of shortage occupations",
        "1",
        needs=("indicator",),
        missing="skip",
    ),
]
NetChangeOfPosts = Annotated[
    xr.DataArray,
    flow("net change of posts", "employment forecast", "post", needs=("period",), values="any"),
]
ReplacementDemand = Annotated[
    xr.DataArray,
    flow(
        "replacement demand: persons who leave the occupation for good",
        "employment forecast, " + _SURVEY,
        needs=("period",),
    ),
]
EntriesToOccupation = Annotated[
    xr.DataArray,
    flow(
        "persons who enter the occupation: graduates, movers, returners",
        "education statistics, " + _SURVEY,
        needs=("period",),
    ),
]
UnemployedByOccupation = Annotated[
    xr.DataArray, _workers_by_occupation("unemployed residents by occupation")
]
PotentialByOccupation = Annotated[
    xr.DataArray, _workers_by_occupation("potential labour force by occupation")
]
OverqualifiedByOccupation = Annotated[
    xr.DataArray,
    stock(
        "residents trained in the occupation who work below their qualification",
        _SURVEY,
        needs=("occupation",),
    ),
]
VacanciesByOccupation = Annotated[
    xr.DataArray, stock("vacant posts by occupation", _VACANCIES, "post", needs=("occupation",))
]
