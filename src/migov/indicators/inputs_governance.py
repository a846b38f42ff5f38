"""The contracts of inputs on policies, conventions and dialogue."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.inputs import Input

_BOTH = ("origin", "destination")
_ALL = ("origin", "transit", "destination")
_REGISTER = "register of measures and of consultations"

PolicyClasses = Annotated[
    xr.DataArray,
    Input(
        title="class of each State, 1 to 4; missing where it did not answer",
        unit="1",
        needs=("area",),
        role="area",
        collector=_ALL,
        missing="skip",
        sources="United Nations Inquiry among Governments; SDG database, SG_CPA_MIGRS",
    ),
]
Acceptance = Annotated[
    xr.DataArray,
    Input(
        title="acceptance of each convention: 1 in force, 1/2 in part, 0 not",
        unit="1",
        needs=("convention",),
        values="share",
        collector=_BOTH,
        sources="depositaries: UN Treaty Collection, ILO NORMLEX, Council of Europe",
    ),
]
PolicyChanges = Annotated[
    xr.DataArray,
    Input(
        title="changes of policy: above zero more restrictive, below zero less",
        unit="1",
        needs=("period",),
        kind="flow",
        values="any",
        collector=_BOTH,
        sources="law gazette, coded by two readers; DEMIG POLICY",
    ),
]
EffectsOfMeasures = Annotated[
    xr.DataArray,
    Input(
        title="effect of each measure on each objective, from -3 (cancels) to 3 (indivisible)",
        unit="1",
        needs=("measure", "objective"),
        values="any",
        collector=_ALL,
        sources="judgement of experts, in a dialogue",
    ),
]
Participants = Annotated[
    xr.DataArray,
    Input(
        title="participants with a right to speak, by group",
        unit="person",
        needs=("group",),
        collector=_ALL,
        sources="lists of participants",
    ),
]
SharesDue = Annotated[
    xr.DataArray,
    Input(
        title="share of the places agreed for each group",
        unit="1",
        needs=("group",),
        values="share",
        lacks=("time", "period"),
        collector=_ALL,
        sources="rules of procedure of the dialogue",
    ),
]
HeardBefore = Annotated[
    xr.DataArray,
    Input(
        title="whether a group was heard on a measure before its adoption: 1 or 0",
        unit="1",
        needs=("measure", "group"),
        values="share",
        collector=_ALL,
        sources=_REGISTER,
    ),
]
TimeToAdoption = Annotated[
    xr.DataArray,
    Input(
        title="time from the agreement on a proposal to its adoption, or to the last day known",
        unit="year",
        needs=("proposal",),
        collector=_ALL,
        sources=_REGISTER,
    ),
]
WasAdopted = Annotated[
    xr.DataArray,
    Input(
        title="whether an agreed proposal was adopted: 1 or 0",
        unit="1",
        needs=("proposal",),
        values="share",
        collector=_ALL,
        sources=_REGISTER,
    ),
]
