"""The contracts of inputs on moves: counts, matrices, distances and rates by age."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.inputs import Input

_BOTH = ("origin", "destination")
_REGISTER = "population register, permits, border data, household survey"
_MATRIX = "population register, census question on previous residence, estimates of flows"
_AGES = "population register or census: moves over the population at risk"

Immigrants = Annotated[
    xr.DataArray,
    Input(
        title="immigrants",
        unit="person",
        kind="flow",
        definition="needed",
        sources=_REGISTER,
    ),
]
Emigrants = Annotated[
    xr.DataArray,
    Input(
        title="emigrants",
        unit="person",
        kind="flow",
        collector=_BOTH,
        definition="needed",
        sources=_REGISTER,
    ),
]
ImmigrantsOfPeriod = Annotated[
    xr.DataArray,
    Input(
        title="immigrants by period",
        unit="person",
        needs=("period",),
        kind="flow",
        definition="needed",
        sources=_REGISTER,
    ),
]
EmigrantsOfPeriod = Annotated[
    xr.DataArray,
    Input(
        title="emigrants by period",
        unit="person",
        needs=("period",),
        kind="flow",
        collector=_BOTH,
        definition="needed",
        sources=_REGISTER,
    ),
]
Returnees = Annotated[
    xr.DataArray,
    Input(
        title="returnees among the immigrants",
        unit="person",
        kind="flow",
        collector=("origin",),
        sources="population register, census question on earlier residence",
    ),
]
CircularPersons = Annotated[
    xr.DataArray,
    Input(
        title="persons who are circular migrants under the definition",
        unit="person",
        collector=_BOTH,
        definition="needed",
        sources="linked registers, histories of border crossings",
    ),
]
PersonsWithAStay = Annotated[
    xr.DataArray,
    Input(
        title="persons with one qualifying stay or more in the same window",
        unit="person",
        collector=_BOTH,
        definition="needed",
        sources="linked registers, histories of border crossings",
    ),
]
Flows = Annotated[
    xr.DataArray,
    Input(
        title="moves by origin and destination, under a stated definition",
        unit="person",
        needs=("origin", "destination"),
        kind="flow",
        collector=_BOTH,
        definition="needed",
        sources=_MATRIX,
    ),
]
FlowMatrix = Annotated[
    xr.DataArray,
    Input(
        title="moves by origin and destination",
        unit="person",
        needs=("origin", "destination"),
        kind="flow",
        collector=_BOTH,
        sources=_MATRIX,
    ),
]
PopulationAtRisk = Annotated[
    xr.DataArray,
    Input(
        title="population at risk of moving, of the places of origin",
        unit="person",
        needs=("origin",),
        role="origin",
        collector=("origin",),
        lacks=("destination",),
        sources="mean population of the interval, or the census population asked",
    ),
]
Distances = Annotated[
    xr.DataArray,
    Input(
        title="distance between origin and destination",
        unit="kilometre",
        needs=("origin", "destination"),
        collector=_BOTH,
        lacks=("period", "sex", "age", "citizenship"),
        sources="geographic data: between centroids or population-weighted centres, stated",
    ),
]
ReportedByDestination = Annotated[
    xr.DataArray,
    Input(
        title="moves as the destination counts them",
        unit="person",
        needs=("origin", "destination"),
        kind="flow",
        sources=_REGISTER,
    ),
]
ReportedByOrigin = Annotated[
    xr.DataArray,
    Input(
        title="the same moves as the origin counts them",
        unit="person",
        needs=("origin", "destination"),
        kind="flow",
        collector=("origin",),
        sources=_REGISTER,
    ),
]
MigrationRates = Annotated[
    xr.DataArray,
    Input(
        title="moves per person-year by age, under a stated definition",
        unit="1/year",
        needs=("age",),
        collector=_BOTH,
        definition="needed",
        sources=_AGES,
    ),
]
MigrationSchedule = Annotated[
    xr.DataArray,
    Input(
        title="moves per person-year by age",
        unit="1/year",
        needs=("age",),
        collector=_BOTH,
        sources=_AGES,
    ),
]
