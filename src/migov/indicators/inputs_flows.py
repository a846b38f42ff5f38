"""The contracts of inputs on moves: counts, matrices, distances and rates by age."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.indicators._contracts import BOTH, ORIGIN, figure, flow

_REGISTER = "population register, permits, border data, household survey"
_MATRIX = "population register, census question on previous residence, estimates of flows"
_AGES = "population register or census: moves over the population at risk"

Immigrants = Annotated[xr.DataArray, flow("immigrants", _REGISTER, definition="needed")]
Emigrants = Annotated[
    xr.DataArray, flow("emigrants", _REGISTER, collector=BOTH, definition="needed")
]
ImmigrantsOfPeriod = Annotated[
    xr.DataArray, flow("immigrants by period", _REGISTER, needs=("period",), definition="needed")
]
EmigrantsOfPeriod = Annotated[
    xr.DataArray,
    flow("emigrants by period", _REGISTER, needs=("period",), collector=BOTH, definition="needed"),
]
Returnees = Annotated[
    xr.DataArray,
    flow(
        "returnees among the immigrants",
        "population register, census question on earlier residence",
        collector=ORIGIN,
    ),
]
CircularPersons = Annotated[
    xr.DataArray,
    figure(
        "persons who are circular migrants under the definition",
        "linked registers, histories of border crossings",
        "person",
        collector=BOTH,
        definition="needed",
    ),
]
PersonsWithAStay = Annotated[
    xr.DataArray,
    figure(
        "persons with one qualifying stay or more in the same window",
        "linked registers, histories of border crossings",
        "person",
        collector=BOTH,
        definition="needed",
    ),
]
Flows = Annotated[
    xr.DataArray,
    flow(
        "moves by origin and destination, under a stated definition",
        _MATRIX,
        needs=("origin", "destination"),
        collector=BOTH,
        definition="needed",
    ),
]
FlowMatrix = Annotated[
    xr.DataArray,
    flow(
        "moves by origin and destination", _MATRIX, needs=("origin", "destination"), collector=BOTH
    ),
]
PopulationAtRisk = Annotated[
    xr.DataArray,
    figure(
        "population at risk of moving, of the places of origin",
        "mean population of the interval, or the census population asked",
        "person",
        needs=("origin",),
        role="origin",
        collector=ORIGIN,
        lacks=("destination",),
    ),
]
Distances = Annotated[
    xr.DataArray,
    figure(
        "distance between origin and destination",
        "geographic data: between centroids or population-weighted centres, stated",
        "kilometre",
        needs=("origin", "destination"),
        collector=BOTH,
        lacks=("period", "sex", "age", "citizenship"),
    ),
]
ReportedByDestination = Annotated[
    xr.DataArray,
    flow("moves as the destination counts them", _REGISTER, needs=("origin", "destination")),
]
ReportedByOrigin = Annotated[
    xr.DataArray,
    flow(
        "the same moves as the origin counts them",
        _REGISTER,
        needs=("origin", "destination"),
        collector=ORIGIN,
    ),
]
MigrationRates = Annotated[
    xr.DataArray,
    figure(
        "moves per person-year by age, under a stated definition",
        _AGES,
        "1/year",
        needs=("age",),
        collector=BOTH,
        definition="needed",
    ),
]
MigrationSchedule = Annotated[
    xr.DataArray,
    figure("moves per person-year by age", _AGES, "1/year", needs=("age",), collector=BOTH),
]
