"""The contracts of inputs on mobility programmes: stays, costs, gains and conditions."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.indicators._contracts import BOTH, ORIGIN, figure, flow

_PROGRAMME = "programme data"


StaysByOutcome = Annotated[
    xr.DataArray,
    flow(
        "persons whose stay came to its end, by outcome",
        "programme data, entry/exit system, permits register",
        needs=("outcome",),
    ),
]
TimeAfterReturn = Annotated[
    xr.DataArray,
    figure(
        "time from the return to the next admission, or to the last day it is known that there "
        "was none",
        "programme data, permits register",
        "year",
        needs=("case",),
        collector=BOTH,
    ),
]
AdmittedAgain = Annotated[
    xr.DataArray,
    figure(
        "whether admitted again: 1 or 0",
        "programme data, permits register",
        "1",
        needs=("case",),
        collector=BOTH,
        values="share",
    ),
]
TimeOfStay = Annotated[
    xr.DataArray,
    figure(
        "length of the stay, or of its part up to the last day known",
        "programme data",
        "year",
        needs=("case",),
        collector=BOTH,
    ),
]
StayEnded = Annotated[
    xr.DataArray,
    figure(
        "whether the stay has ended: 1 or 0",
        "programme data",
        "1",
        needs=("case",),
        collector=BOTH,
        values="share",
    ),
]
CostsByPayer = Annotated[
    xr.DataArray,
    flow(
        "costs of the scheme by payer",
        "programme data, accounts of ministries and employers, survey of workers",
        "currency",
        needs=("payer",),
        collector=BOTH,
    ),
]
Placed = Annotated[xr.DataArray, flow("persons placed by the scheme", _PROGRAMME)]
PlacedInAll = Annotated[
    xr.DataArray, flow("persons placed by the scheme", _PROGRAMME, lacks=("payer",))
]
GainsByActor = Annotated[
    xr.DataArray,
    figure(
        "net gains by actor",
        "ledger of the scheme",
        "currency",
        needs=("actor",),
        collector=BOTH,
        values="any",
    ),
]
WeightsOfActors = Annotated[
    xr.DataArray,
    figure(
        "weight of one unit of money with each actor",
        "stated by whoever compares",
        "1",
        needs=("actor",),
        collector=BOTH,
        lacks=("time", "period"),
    ),
]
DeductionsForLiving = Annotated[
    xr.DataArray,
    flow("deductions for housing and food", "contracts, payrolls, labour inspectorate", "currency"),
]
GrossWagesOfWorkers = Annotated[
    xr.DataArray,
    flow("gross wages of the scheme's workers", "payrolls, social insurance", "currency"),
]
ChangesGranted = Annotated[
    xr.DataArray, flow("changes of employer granted", "programme data, permits register", "event")
]
ChangesRequested = Annotated[
    xr.DataArray,
    flow("changes of employer requested and decided", "programme data, permits register", "event"),
]
EmployersInspected = Annotated[
    xr.DataArray,
    flow("employers of the scheme inspected at least once", "labour inspectorate", "1"),
]
Employers = Annotated[xr.DataArray, flow("employers with workers of the scheme", _PROGRAMME, "1")]
Complainants = Annotated[
    xr.DataArray,
    flow("workers who complained about their wages", "labour inspectorate, courts, unions"),
]
WorkersOfScheme = Annotated[xr.DataArray, flow("workers of the scheme in the period", _PROGRAMME)]
TrainedBefore = Annotated[
    xr.DataArray,
    flow(
        "persons placed who were trained in their own language before departure",
        _PROGRAMME,
        collector=ORIGIN,
    ),
]
PlacedByLanguage = Annotated[
    xr.DataArray,
    flow(
        "persons placed, by level of the destination's language",
        "programme data, language certificates",
        needs=("language_level",),
    ),
]
UnderAgreement = Annotated[
    xr.DataArray, flow("workers admitted under an agreement between the States", "permits register")
]
WorkersAdmitted = Annotated[xr.DataArray, flow("workers admitted", "permits register")]
