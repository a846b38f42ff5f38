"""The contracts of inputs on conditions of work and on recognition."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.inputs import Input

_WAGES = "structure-of-earnings survey, labour-force survey, register of social insurance"

WageOfNationals = Annotated[
    xr.DataArray,
    Input(title="hourly wage of nationals", unit="currency/hour", sources=_WAGES),
]
WageOfMigrants = Annotated[
    xr.DataArray,
    Input(title="hourly wage of migrants", unit="currency/hour", sources=_WAGES),
]
EmployeesOfSubgroup = Annotated[
    xr.DataArray,
    Input(
        title="employees of each subgroup, migrants and nationals together",
        unit="person",
        kind="stock",
        sources=_WAGES,
    ),
]
Recognised = Annotated[
    xr.DataArray,
    Input(
        title="foreign qualifications recognised",
        unit="person",
        kind="flow",
        collector=("destination",),
        sources="recognition statistics",
    ),
]
Decided = Annotated[
    xr.DataArray,
    Input(
        title="applications for recognition decided",
        unit="person",
        kind="flow",
        sources="recognition statistics",
    ),
]
CaseDurations = Annotated[
    xr.DataArray,
    Input(
        title="time from the complete application to the decision, case by case",
        unit="day",
        needs=("case",),
        sources="recognition statistics, cases decided",
    ),
]
Injuries = Annotated[
    xr.DataArray,
    Input(
        title="new cases of occupational injury",
        unit="person",
        kind="flow",
        sources="accident insurance, labour inspectorate",
    ),
]
WorkersCovered = Annotated[
    xr.DataArray,
    Input(
        title="person-years of the workers whom the source of the injuries covers",
        unit="person year",
        kind="flow",
        sources="accident insurance; full-time equivalents where possible",
    ),
]
InjuryRateOfAll = Annotated[
    xr.DataArray,
    Input(title="injury rate of all workers", unit="1/year", sources="SDG database, 8.8.1"),
]
InjuryRateOfMigrants = Annotated[
    xr.DataArray,
    Input(title="injury rate of migrants", unit="1/year", sources="SDG database, 8.8.1"),
]
InjuryRateOfOthers = Annotated[
    xr.DataArray,
    Input(title="injury rate of other workers", unit="1/year", sources="SDG database, 8.8.1"),
]
CriteriaViolated = Annotated[
    xr.DataArray,
    Input(
        title="criteria with a violation on record: 1, else 0",
        unit="1",
        needs=("criterion",),
        values="share",
        collector=("origin", "transit", "destination"),
        sources="ILO supervisory bodies and national legislation, as coded",
    ),
]
CriterionWeights = Annotated[
    xr.DataArray,
    Input(
        title="weights of the criteria",
        unit="1",
        needs=("criterion",),
        lacks=("area", "time", "period"),
        collector=("origin", "transit", "destination"),
        sources="ILO, expert weights",
    ),
]
GeneralProhibition = Annotated[
    xr.DataArray,
    Input(
        title="association or collective bargaining prohibited altogether: 1, else 0",
        unit="1",
        values="share",
        lacks=("criterion",),
        collector=("origin", "transit", "destination"),
        sources="national legislation",
    ),
]
