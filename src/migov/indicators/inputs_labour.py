"""The contracts of inputs on labour markets, skills and shortage."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.inputs import Input

_BOTH = ("origin", "destination")
_STANDARD = ("labour_standard",)
_SURVEY = "labour-force survey"
_REGISTER = "public employment service, register of employment"
_VACANCIES = "job vacancy survey"
_WAGES = "structure-of-earnings survey, labour-force survey, register of social insurance"
_WAIVED = ("area", "time", "period", "sex", "age")

Unemployed = Annotated[
    xr.DataArray,
    Input(
        title="unemployed",
        unit="person",
        kind="stock",
        collector=_BOTH,
        definition="needed",
        asks=_STANDARD,
        sources=_SURVEY,
    ),
]
Underemployed = Annotated[
    xr.DataArray,
    Input(
        title="employed who want and could work more hours",
        unit="person",
        kind="stock",
        collector=_BOTH,
        definition="needed",
        asks=_STANDARD,
        sources=_SURVEY,
    ),
]
PotentialLabourForce = Annotated[
    xr.DataArray,
    Input(
        title="potential labour force: seeking and not available, or available and not seeking",
        unit="person",
        kind="stock",
        collector=_BOTH,
        definition="needed",
        asks=_STANDARD,
        sources=_SURVEY,
    ),
]
RateOfMigrants = Annotated[
    xr.DataArray,
    Input(
        title="rate among migrants",
        unit="1",
        values="share",
        sources=_SURVEY + ", survey of income and living conditions",
    ),
]
RateOfNatives = Annotated[
    xr.DataArray,
    Input(
        title="rate among natives",
        unit="1",
        values="share",
        sources=_SURVEY + ", survey of income and living conditions",
    ),
]
MigrantsEmployed = Annotated[
    xr.DataArray,
    Input(
        title="employed migrants",
        unit="person",
        kind="stock",
        definition="needed",
        asks=_STANDARD,
        sources=_SURVEY + ", " + _REGISTER,
    ),
]
Vacancies = Annotated[
    xr.DataArray,
    Input(title="vacant posts", unit="post", kind="stock", sources=_VACANCIES),
]
OccupiedPosts = Annotated[
    xr.DataArray,
    Input(title="occupied posts", unit="post", kind="stock", sources=_VACANCIES),
]
Hires = Annotated[
    xr.DataArray,
    Input(
        title="matches: persons who left unemployment for a job",
        unit="person",
        kind="flow",
        sources=_REGISTER,
    ),
]
UnemployedTime = Annotated[
    xr.DataArray,
    Input(
        title="person-years of unemployment",
        unit="person year",
        kind="flow",
        sources="derived from the unemployed by person_years",
    ),
]
VacantTime = Annotated[
    xr.DataArray,
    Input(
        title="years of vacant posts",
        unit="post year",
        kind="flow",
        sources="derived from vacant posts by person_years",
    ),
]
EmployedByEducation = Annotated[
    xr.DataArray,
    Input(
        title="employed by occupation (ISCO-08) and education (ISCED 2011)",
        unit="person",
        needs=("occupation", "education"),
        kind="stock",
        sources=_SURVEY,
    ),
]
YearsOfSchooling = Annotated[
    xr.DataArray,
    Input(
        title="years of schooling of each level of education",
        unit="year",
        needs=("education",),
        lacks=(*_WAIVED, "occupation", "sector", "citizenship", "birthplace"),
        sources="national mapping of ISCED 2011 to years",
    ),
]
UnemployedBySegment = Annotated[
    xr.DataArray,
    Input(
        title="unemployed by segment of the labour market",
        unit="person",
        kind="stock",
        sources=_REGISTER,
    ),
]
VacanciesBySegment = Annotated[
    xr.DataArray,
    Input(
        title="vacant posts by segment of the labour market",
        unit="post",
        kind="stock",
        sources=_VACANCIES,
    ),
]
SegmentEfficiency = Annotated[
    xr.DataArray,
    Input(
        title="matching efficiency of each segment, relative",
        unit="1",
        lacks=("area", "time"),
        sources="estimated matching functions",
    ),
]
SegmentProductivity = Annotated[
    xr.DataArray,
    Input(
        title="productivity of each segment, relative",
        unit="1",
        lacks=("area", "time"),
        sources="national accounts",
    ),
]
MigrantsByOccupation = Annotated[
    xr.DataArray,
    Input(
        title="employed migrants by occupation",
        unit="person",
        needs=("occupation",),
        kind="stock",
        definition="needed",
        asks=_STANDARD,
        sources=_SURVEY,
    ),
]
OthersByOccupation = Annotated[
    xr.DataArray,
    Input(
        title="other employed by occupation",
        unit="person",
        needs=("occupation",),
        kind="stock",
        definition="needed",
        asks=_STANDARD,
        sources=_SURVEY,
    ),
]
WageGrowth = Annotated[
    xr.DataArray,
    Input(
        title="growth of hourly wages by occupation",
        unit="1/year",
        needs=("occupation",),
        values="any",
        sources=_WAGES,
    ),
]
EmploymentGrowth = Annotated[
    xr.DataArray,
    Input(
        title="growth of employment by occupation",
        unit="1/year",
        needs=("occupation",),
        values="any",
        sources=_SURVEY,
    ),
]
HoursGrowth = Annotated[
    xr.DataArray,
    Input(
        title="growth of hours worked per person by occupation",
        unit="1/year",
        needs=("occupation",),
        values="any",
        sources=_SURVEY,
    ),
]
UnemploymentByOccupation = Annotated[
    xr.DataArray,
    Input(
        title="unemployment rate by last occupation",
        unit="1",
        needs=("occupation",),
        values="share",
        sources=_SURVEY,
    ),
]
UnderqualificationGrowth = Annotated[
    xr.DataArray,
    Input(
        title="growth of under-qualification by occupation",
        unit="1/year",
        needs=("occupation",),
        values="any",
        sources=_SURVEY,
    ),
]
EmployedByOccupation = Annotated[
    xr.DataArray,
    Input(
        title="employed by occupation",
        unit="person",
        needs=("occupation",),
        sources=_SURVEY,
    ),
]
ShortageScores = Annotated[
    xr.DataArray,
    Input(
        title="scores of the shortage indicators, 0 to 3",
        unit="1",
        needs=("indicator",),
        missing="skip",
        sources="German Federal Employment Agency, analysis of shortage occupations",
    ),
]
NetChangeOfPosts = Annotated[
    xr.DataArray,
    Input(
        title="net change of posts",
        unit="post",
        needs=("period",),
        kind="flow",
        values="any",
        sources="employment forecast",
    ),
]
ReplacementDemand = Annotated[
    xr.DataArray,
    Input(
        title="replacement demand: persons who leave the occupation for good",
        unit="person",
        needs=("period",),
        kind="flow",
        sources="employment forecast, " + _SURVEY,
    ),
]
EntriesToOccupation = Annotated[
    xr.DataArray,
    Input(
        title="persons who enter the occupation: graduates, movers, returners",
        unit="person",
        needs=("period",),
        kind="flow",
        sources="education statistics, " + _SURVEY,
    ),
]
UnemployedByOccupation = Annotated[
    xr.DataArray,
    Input(
        title="unemployed residents by occupation",
        unit="person",
        needs=("occupation",),
        kind="stock",
        definition="needed",
        asks=_STANDARD,
        sources=_SURVEY,
    ),
]
PotentialByOccupation = Annotated[
    xr.DataArray,
    Input(
        title="potential labour force by occupation",
        unit="person",
        needs=("occupation",),
        kind="stock",
        definition="needed",
        asks=_STANDARD,
        sources=_SURVEY,
    ),
]
OverqualifiedByOccupation = Annotated[
    xr.DataArray,
    Input(
        title="residents trained in the occupation who work below their qualification",
        unit="person",
        needs=("occupation",),
        kind="stock",
        sources=_SURVEY,
    ),
]
VacanciesByOccupation = Annotated[
    xr.DataArray,
    Input(
        title="vacant posts by occupation",
        unit="post",
        needs=("occupation",),
        kind="stock",
        sources=_VACANCIES,
    ),
]
