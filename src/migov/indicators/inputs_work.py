"""The contracts of inputs on conditions of work and on recognition."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.indicators._contracts import STATES, figure, flow, stock

_WAGES = "structure-of-earnings survey, labour-force survey, register of social insurance"

WageOfNationals = Annotated[
    xr.DataArray, figure("hourly wage of nationals", _WAGES, "currency/hour")
]
WageOfMigrants = Annotated[xr.DataArray, figure("hourly wage of migrants", _WAGES, "currency/hour")]
EmployeesOfSubgroup = Annotated[
    xr.DataArray, stock("employees of each subgroup, migrants and nationals together", _WAGES)
]
Recognised = Annotated[
    xr.DataArray, flow("foreign qualifications recognised", "recognition statistics")
]
Decided = Annotated[
    xr.DataArray, flow("applications for recognition decided", "recognition statistics")
]
CaseDurations = Annotated[
    xr.DataArray,
    figure(
        "time from the complete application to the decision, case by case",
        "recognition statistics, cases decided",
        "day",
        needs=("case",),
    ),
]
Injuries = Annotated[
    xr.DataArray,
    flow("new cases of occupational injury", "accident insurance, labour inspectorate"),
]
WorkersCovered = Annotated[
    xr.DataArray,
    flow(
        "person-years of the workers whom the source of the injuries covers",
        "accident insurance; full-time equivalents where possible",
        "person year",
    ),
]
InjuryRateOfAll = Annotated[
    xr.DataArray, figure("injury rate of all workers", "SDG database, 8.8.1", "1/year")
]
InjuryRateOfMigrants = Annotated[
    xr.DataArray, figure("injury rate of migrants", "SDG database, 8.8.1", "1/year")
]
InjuryRateOfOthers = Annotated[
    xr.DataArray, figure("injury rate of other workers", "SDG database, 8.8.1", "1/year")
]
CriteriaViolated = Annotated[
    xr.DataArray,
    figure(
        "criteria with a violation on record: 1, else 0",
        "ILO supervisory bodies and national legislation, as coded",
        "1",
        needs=("criterion",),
        collector=STATES,
        values="share",
    ),
]
CriterionWeights = Annotated[
    xr.DataArray,
    figure(
        "weights of the criteria",
        "ILO, expert weights",
        "1",
        needs=("criterion",),
        collector=STATES,
        lacks=("area", "time", "period"),
    ),
]
GeneralProhibition = Annotated[
    xr.DataArray,
    figure(
        "association or collective bargaining prohibited altogether: 1, else 0",
        "national legislation",
        "1",
        collector=STATES,
        values="share",
        lacks=("criterion",),
    ),
]
