"""The contracts of inputs on mobility programmes: stays, costs, gains and conditions."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.inputs import Input, Values

_BOTH = ("origin", "destination")
_PROGRAMME = "programme data"


def _persons(title: str, sources: str = _PROGRAMME, needs: tuple[str, ...] = ()) -> Input:
    return Input(title=title, unit="person", needs=needs, kind="flow", sources=sources)


def _money(title: str, sources: str) -> Input:
    return Input(title=title, unit="currency", kind="flow", sources=sources)


def _number(title: str, unit: str, sources: str) -> Input:
    return Input(title=title, unit=unit, kind="flow", sources=sources)


def _by_case(title: str, unit: str, sources: str, values: Values = "nonnegative") -> Input:
    return Input(
        title=title, unit=unit, needs=("case",), collector=_BOTH, values=values, sources=sources
    )


StaysByOutcome = Annotated[
    xr.DataArray,
    _persons(
        "persons whose stay came to its end, by outcome",
        "programme data, entry/exit system, permits register",
        needs=("outcome",),
    ),
]
TimeAfterReturn = Annotated[
    xr.DataArray,
    _by_case(
        "time from the return to the next admission, or to the last day it is known that there "
        "was none",
        "year",
        "programme data, permits register",
    ),
]
AdmittedAgain = Annotated[
    xr.DataArray,
    _by_case("whether admitted again: 1 or 0", "1", "programme data, permits register", "share"),
]
TimeOfStay = Annotated[
    xr.DataArray,
    _by_case(
        "length of the stay, or of its part up to the last day known", "year", "programme data"
    ),
]
StayEnded = Annotated[
    xr.DataArray,
    _by_case("whether the stay has ended: 1 or 0", "1", "programme data", "share"),
]
CostsByPayer = Annotated[
    xr.DataArray,
    Input(
        title="costs of the scheme by payer",
        unit="currency",
        needs=("payer",),
        kind="flow",
        collector=_BOTH,
        sources="programme data, accounts of ministries and employers, survey of workers",
    ),
]
Placed = Annotated[xr.DataArray, _persons("persons placed by the scheme")]
PlacedInAll = Annotated[
    xr.DataArray,
    Input(
        title="persons placed by the scheme",
        unit="person",
        kind="flow",
        lacks=("payer",),
        sources=_PROGRAMME,
    ),
]
GainsByActor = Annotated[
    xr.DataArray,
    Input(
        title="net gains by actor",
        unit="currency",
        needs=("actor",),
        values="any",
        collector=_BOTH,
        sources="ledger of the scheme",
    ),
]
WeightsOfActors = Annotated[
    xr.DataArray,
    Input(
        title="weight of one unit of money with each actor",
        unit="1",
        needs=("actor",),
        lacks=("time", "period"),
        collector=_BOTH,
        sources="stated by whoever compares",
    ),
]
DeductionsForLiving = Annotated[
    xr.DataArray,
    _money("deductions for housing and food", "contracts, payrolls, labour inspectorate"),
]
GrossWagesOfWorkers = Annotated[
    xr.DataArray, _money("gross wages of the scheme's workers", "payrolls, social insurance")
]
ChangesGranted = Annotated[
    xr.DataArray,
    _number("changes of employer granted", "event", "programme data, permits register"),
]
ChangesRequested = Annotated[
    xr.DataArray,
    _number(
        "changes of employer requested and decided", "event", "programme data, permits register"
    ),
]
EmployersInspected = Annotated[
    xr.DataArray,
    _number("employers of the scheme inspected at least once", "1", "labour inspectorate"),
]
Employers = Annotated[
    xr.DataArray, _number("employers with workers of the scheme", "1", _PROGRAMME)
]
Complainants = Annotated[
    xr.DataArray,
    _persons("workers who complained about their wages", "labour inspectorate, courts, unions"),
]
WorkersOfScheme = Annotated[xr.DataArray, _persons("workers of the scheme in the period")]
TrainedBefore = Annotated[
    xr.DataArray,
    Input(
        title="persons placed who were trained in their own language before departure",
        unit="person",
        kind="flow",
        collector=("origin",),
        sources=_PROGRAMME,
    ),
]
PlacedByLanguage = Annotated[
    xr.DataArray,
    _persons(
        "persons placed, by level of the destination's language",
        "programme data, language certificates",
        needs=("language_level",),
    ),
]
UnderAgreement = Annotated[
    xr.DataArray,
    _persons("workers admitted under an agreement between the States", "permits register"),
]
WorkersAdmitted = Annotated[xr.DataArray, _persons("workers admitted", "permits register")]
