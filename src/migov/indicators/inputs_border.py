"""The contracts of inputs on crossings, permits, returns, asylum and safety."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.indicators._contracts import STATES, figure, flow, stock

_GUARD = "border guard, entry/exit system"
_PERMITS = "permits register; Eurostat, migr_resfirst"
_RETURNS = "register of return decisions; Eurostat, "
_ASYLUM = "asylum authority; Eurostat, migr_asydcfsta; UNHCR"
_INCIDENTS = "coast guard, medical examiners, survivors; IOM, Missing Migrants Project"

FirstEntries = Annotated[
    xr.DataArray,
    flow("first entries with permission", "permits register, visas, border guard", "event"),
]
Detections = Annotated[
    xr.DataArray,
    flow(
        "detections of irregular crossing whose person did not ask for asylum",
        "border guard; Frontex",
        "event",
        collector=("transit", "destination"),
    ),
]
DetectedAsylum = Annotated[
    xr.DataArray,
    flow(
        "detections of irregular crossing whose person asked for asylum",
        "border guard with the asylum authority",
        "event",
        collector=("transit", "destination"),
    ),
]
FirstPermits = Annotated[xr.DataArray, flow("persons granted a first permit", _PERMITS)]
FirstPermitsByReason = Annotated[
    xr.DataArray, flow("persons granted a first permit, by reason", _PERMITS, needs=("reason",))
]
SeasonalPermits = Annotated[
    xr.DataArray,
    flow(
        "persons granted a first permit as seasonal workers, part of those for employment",
        "permits register; Eurostat, migr_resocc",
        lacks=("reason",),
    ),
]
RefusedEntry = Annotated[
    xr.DataArray,
    flow(
        "persons refused entry at the border",
        "border guard; Eurostat, migr_eirfs",
        needs=("period",),
        collector=("transit", "destination"),
        lacks=("time",),
    ),
]
ResidentsAtStart = Annotated[
    xr.DataArray,
    stock(
        "resident population at the start of each period",
        "population register, census",
        needs=("time",),
        lacks=("period",),
    ),
]
CheckedAtEntry = Annotated[
    xr.DataArray, flow("nationals of third countries checked at entry", _GUARD, lacks=("time",))
]
VisasIssued = Annotated[
    xr.DataArray,
    flow(
        "visas issued, those of limited territorial validity included",
        "consulates; European Commission, visa statistics",
        "event",
    ),
]
VisasRefused = Annotated[
    xr.DataArray, flow("visas refused", "consulates; European Commission, visa statistics", "event")
]
PermitDurations = Annotated[
    xr.DataArray,
    figure(
        "time from the complete application to the decision on a permit, case by case",
        "programme data, permits register",
        "day",
        needs=("case",),
    ),
]
ReturnedToThirdCountry = Annotated[
    xr.DataArray,
    flow(
        "persons returned to a third country after an order to leave",
        _RETURNS + "migr_eirtn, destination third country",
        needs=("period",),
    ),
]
OrderedToLeave = Annotated[
    xr.DataArray, flow("persons ordered to leave", _RETURNS + "migr_eiord", needs=("period",))
]
VoluntaryReturns = Annotated[
    xr.DataArray, flow("persons who returned voluntarily", _RETURNS + "migr_eirt_vol")
]
AllReturns = Annotated[
    xr.DataArray, flow("persons returned, voluntarily or by force", _RETURNS + "migr_eirt_vol")
]
InAlternatives = Annotated[
    xr.DataArray,
    figure(
        "persons in alternatives to detention", "authority in charge of removal, courts", "person"
    ),
]
Detained = Annotated[
    xr.DataArray,
    figure("persons in immigration detention", "authority in charge of removal, courts", "person"),
]
AsylumDecisions = Annotated[
    xr.DataArray, flow("persons whose claim was decided, by decision", _ASYLUM, needs=("decision",))
]
AsylumDecided = Annotated[xr.DataArray, flow("persons whose claim was decided", _ASYLUM)]
AsylumLodged = Annotated[
    xr.DataArray, flow("persons who lodged a claim", "asylum authority; Eurostat, migr_asyappctza")
]
PendingAtDates = Annotated[
    xr.DataArray,
    stock(
        "persons whose claim is pending",
        "asylum authority; Eurostat, migr_asypenctzm",
        needs=("time",),
        lacks=("period",),
    ),
]
DecidedByPeriod = Annotated[
    xr.DataArray,
    flow(
        "persons whose claim was decided, in periods that adjoin",
        _ASYLUM,
        needs=("period",),
        lacks=("time",),
    ),
]
ClaimDurations = Annotated[
    xr.DataArray,
    figure(
        "time from lodging the claim to the decision, case by case",
        "asylum authority",
        "day",
        needs=("case",),
    ),
]
RecordedDead = Annotated[
    xr.DataArray,
    flow(
        "persons recorded dead in migration, by place of the incident", _INCIDENTS, collector=STATES
    ),
]
RecordedMissing = Annotated[
    xr.DataArray,
    flow(
        "persons recorded missing in migration and presumed dead, by place of the incident",
        _INCIDENTS,
        collector=STATES,
    ),
]
Arrivals = Annotated[
    xr.DataArray,
    flow(
        "persons who arrived by the route, at each recorded crossing",
        "border guard, UNHCR",
        collector=("transit", "destination"),
    ),
]
Interceptions = Annotated[
    xr.DataArray,
    flow(
        "persons intercepted or turned back on the route, each time",
        "coast guards of departure, transit and arrival",
        collector=STATES,
    ),
]
DetectedVictims = Annotated[
    xr.DataArray,
    flow(
        "detected victims of trafficking in persons, by form of exploitation",
        "police, courts, national rapporteur; UNODC",
        needs=("exploitation",),
        collector=STATES,
    ),
]
PersonYearsOfState = Annotated[
    xr.DataArray,
    flow(
        "person-years lived by the population of the detecting State",
        "derived from the population by person_years",
        "person year",
        collector=STATES,
        lacks=("exploitation",),
    ),
]
