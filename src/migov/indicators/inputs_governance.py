"""The contracts of inputs on policies, conventions and dialogue."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.indicators._contracts import BOTH, STATES, figure, flow

_REGISTER = "register of measures and of consultations"

PolicyClasses = Annotated[
    xr.DataArray,
    figure(
        "class of each State, 1 to 4; missing where it did not answer",
        "United Nations Inquiry among Governments; SDG database, SG_CPA_MIGRS",
        "1",
        needs=("area",),
        role="area",
        collector=STATES,
        missing="skip",
    ),
]
Acceptance = Annotated[
    xr.DataArray,
    figure(
        "acceptance of each convention: 1 in force, 1/2 in part, 0 not",
        "depositaries: UN Treaty Collection, ILO NORMLEX, Council of Europe",
        "1",
        needs=("convention",),
        collector=BOTH,
        values="share",
    ),
]
PolicyChanges = Annotated[
    xr.DataArray,
    flow(
        "changes of policy: above zero more restrictive, below zero less",
        "law gazette, coded by two readers; DEMIG POLICY",
        "1",
        needs=("period",),
        collector=BOTH,
        values="any",
    ),
]
EffectsOfMeasures = Annotated[
    xr.DataArray,
    figure(
        "effect of each measure on each objective, from -3 (cancels) to 3 (indivisible)",
        "judgement of experts, in a dialogue",
        "1",
        needs=("measure", "objective"),
        collector=STATES,
        values="any",
    ),
]
Participants = Annotated[
    xr.DataArray,
    figure(
        "participants with a right to speak, by group",
        "lists of participants",
        "person",
        needs=("group",),
        collector=STATES,
    ),
]
SharesDue = Annotated[
    xr.DataArray,
    figure(
        "share of the places agreed for each group",
        "rules of procedure of the dialogue",
        "1",
        needs=("group",),
        collector=STATES,
        values="share",
        lacks=("time", "period"),
    ),
]
HeardBefore = Annotated[
    xr.DataArray,
    figure(
        "whether a group was heard on a measure before its adoption: 1 or 0",
        _REGISTER,
        "1",
        needs=("measure", "group"),
        collector=STATES,
        values="share",
    ),
]
TimeToAdoption = Annotated[
    xr.DataArray,
    figure(
        "time from the agreement on a proposal to its adoption, or to the last day known",
        _REGISTER,
        "year",
        needs=("proposal",),
        collector=STATES,
    ),
]
WasAdopted = Annotated[
    xr.DataArray,
    figure(
        "whether an agreed proposal was adopted: 1 or 0",
        _REGISTER,
        "1",
        needs=("proposal",),
        collector=STATES,
        values="share",
    ),
]
