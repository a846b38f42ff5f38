"""The contracts of inputs on crossings, permits, returns, asylum and safety."""

from __future__ import annotations

from typing import Annotated, Literal

import xarray as xr

from migov.core.inputs import Input

_STATES = ("origin", "transit", "destination")


def _flow(
    title: str,
    sources: str,
    unit: str = "person",
    needs: tuple[str, ...] = (),
    lacks: tuple[str, ...] = (),
    collector: tuple[str, ...] = ("destination",),
) -> Input:
    return Input(
        title=title,
        unit=unit,
        needs=needs,
        kind="flow",
        collector=collector,
        lacks=lacks,
        sources=sources,
    )


def _stock(
    title: str,
    sources: str,
    needs: tuple[str, ...] = (),
    lacks: tuple[str, ...] = (),
    definition: Literal["", "needed"] = "",
) -> Input:
    return Input(
        title=title,
        unit="person",
        needs=needs,
        kind="stock",
        lacks=lacks,
        definition=definition,
        sources=sources,
    )


def _cases(title: str, sources: str) -> Input:
    return Input(title=title, unit="day", needs=("case",), sources=sources)


_GUARD = "border guard, entry/exit system"
_PERMITS = "permits register; Eurostat, migr_resfirst"
_RETURNS = "register of return decisions; Eurostat, "
_ASYLUM = "asylum authority; Eurostat, migr_asydcfsta; UNHCR"
_INCIDENTS = "coast guard, medical examiners, survivors; IOM, Missing Migrants Project"

FirstEntries = Annotated[
    xr.DataArray,
    _flow("first entries with permission", "permits register, visas, border guard", "event"),
]
Detections = Annotated[
    xr.DataArray,
    _flow(
        "detections of irregular crossing whose person did not ask for asylum",
        "border guard; Frontex",
        "event",
        collector=("transit", "destination"),
    ),
]
DetectedAsylum = Annotated[
    xr.DataArray,
    _flow(
        "detections of irregular crossing whose person asked for asylum",
        "border guard with the asylum authority",
        "event",
        collector=("transit", "destination"),
    ),
]
FirstPermits = Annotated[xr.DataArray, _flow("persons granted a first permit", _PERMITS)]
FirstPermitsByReason = Annotated[
    xr.DataArray,
    _flow("persons granted a first permit, by reason", _PERMITS, needs=("reason",)),
]
SeasonalPermits = Annotated[
    xr.DataArray,
    _flow(
        "persons granted a first permit as seasonal workers, part of those for employment",
        "permits register; Eurostat, migr_resocc",
        lacks=("reason",),
    ),
]
RefusedEntry = Annotated[
    xr.DataArray,
    _flow(
        "persons refused entry at the border",
        "border guard; Eurostat, migr_eirfs",
        needs=("period",),
        lacks=("time",),
        collector=("transit", "destination"),
    ),
]
ResidentsAtStart = Annotated[
    xr.DataArray,
    _stock(
        "resident population at the start of each period",
        "population register, census",
        needs=("time",),
        lacks=("period",),
    ),
]
CheckedAtEntry = Annotated[
    xr.DataArray,
    _flow("nationals of third countries checked at entry", _GUARD, lacks=("time",)),
]
VisasIssued = Annotated[
    xr.DataArray,
    _flow(
        "visas issued, those of limited territorial validity included",
        "consulates; European Commission, visa statistics",
        "event",
    ),
]
VisasRefused = Annotated[
    xr.DataArray,
    _flow("visas refused", "consulates; European Commission, visa statistics", "event"),
]
PermitDurations = Annotated[
    xr.DataArray,
    _cases(
        "time from the complete application to the decision on a permit, case by case",
        "programme data, permits register",
    ),
]
ReturnedToThirdCountry = Annotated[
    xr.DataArray,
    _flow(
        "persons returned to a third country after an order to leave",
        _RETURNS + "migr_eirtn, destination third country",
        needs=("period",),
    ),
]
OrderedToLeave = Annotated[
    xr.DataArray,
    _flow("persons ordered to leave", _RETURNS + "migr_eiord", needs=("period",)),
]
VoluntaryReturns = Annotated[
    xr.DataArray,
    _flow("persons who returned voluntarily", _RETURNS + "migr_eirt_vol"),
]
AllReturns = Annotated[
    xr.DataArray,
    _flow("persons returned, voluntarily or by force", _RETURNS + "migr_eirt_vol"),
]
InAlternatives = Annotated[
    xr.DataArray,
    Input(
        title="persons in alternatives to detention",
        unit="person",
        sources="authority in charge of removal, courts",
    ),
]
Detained = Annotated[
    xr.DataArray,
    Input(
        title="persons in immigration detention",
        unit="person",
        sources="authority in charge of removal, courts",
    ),
]
AsylumDecisions = Annotated[
    xr.DataArray,
    _flow("persons whose claim was decided, by decision", _ASYLUM, needs=("decision",)),
]
AsylumDecided = Annotated[xr.DataArray, _flow("persons whose claim was decided", _ASYLUM)]
AsylumLodged = Annotated[
    xr.DataArray,
    _flow("persons who lodged a claim", "asylum authority; Eurostat, migr_asyappctza"),
]
PendingAtDates = Annotated[
    xr.DataArray,
    _stock(
        "persons whose claim is pending",
        "asylum authority; Eurostat, migr_asypenctzm",
        needs=("time",),
        lacks=("period",),
    ),
]
DecidedByPeriod = Annotated[
    xr.DataArray,
    _flow(
        "persons whose claim was decided, in periods that adjoin",
        _ASYLUM,
        needs=("period",),
        lacks=("time",),
    ),
]
ClaimDurations = Annotated[
    xr.DataArray,
    _cases("time from lodging the claim to the decision, case by case", "asylum authority"),
]
RecordedDead = Annotated[
    xr.DataArray,
    _flow(
        "persons recorded dead in migration, by place of the incident",
        _INCIDENTS,
        collector=_STATES,
    ),
]
RecordedMissing = Annotated[
    xr.DataArray,
    _flow(
        "persons recorded missing in migration and presumed dead, by place of the incident",
        _INCIDENTS,
        collector=_STATES,
    ),
]
Arrivals = Annotated[
    xr.DataArray,
    _flow(
        "persons who arrived by the route, at each recorded crossing",
        "border guard, UNHCR",
        collector=("transit", "destination"),
    ),
]
Interceptions = Annotated[
    xr.DataArray,
    _flow(
        "persons intercepted or turned back on the route, each time",
        "coast guards of departure, transit and arrival",
        collector=_STATES,
    ),
]
DetectedVictims = Annotated[
    xr.DataArray,
    _flow(
        "detected victims of trafficking in persons, by form of exploitation",
        "police, courts, national rapporteur; UNODC",
        needs=("exploitation",),
        collector=_STATES,
    ),
]
PersonYearsOfState = Annotated[
    xr.DataArray,
    _flow(
        "person-years lived by the population of the detecting State",
        "derived from the population by person_years",
        "person year",
        lacks=("exploitation",),
        collector=_STATES,
    ),
]
