"""The contracts of inputs on data themselves: cells, delays, definitions, questions."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.indicators._contracts import STATES, figure, stock

_OFFICE = "statistical office"

PersonsBySexAndAge = Annotated[
    xr.DataArray,
    stock(
        "population by sex and age",
        "census, population register",
        needs=("sex", "age"),
        collector=STATES,
    ),
]
FiguresBySexAndAge = Annotated[
    xr.DataArray,
    figure(
        "figures by sex and age",
        "whatever is judged",
        "person",
        needs=("sex", "age"),
        collector=STATES,
        missing="skip",
    ),
]
CellsProvided = Annotated[
    xr.DataArray, figure("data cells provided", _OFFICE, "1", collector=STATES)
]
CellsRequired = Annotated[
    xr.DataArray,
    figure(
        "data cells required",
        "regulation, questionnaire, or the requirements of chosen indicators",
        "1",
        collector=STATES,
    ),
]
Delays = Annotated[
    xr.DataArray,
    figure(
        "time from the end of the reference period to publication, by release",
        _OFFICE,
        "day",
        needs=("release",),
        collector=STATES,
    ),
]
FirstFigure = Annotated[
    xr.DataArray,
    figure(
        "a figure with its definition",
        "whatever is compared",
        "person",
        collector=STATES,
        definition="needed",
        values="any",
    ),
]
SecondFigure = Annotated[
    xr.DataArray,
    figure(
        "another figure with its definition",
        "whatever is compared",
        "person",
        collector=STATES,
        definition="needed",
        values="any",
    ),
]
QuestionsAsked = Annotated[
    xr.DataArray,
    figure(
        "whether a question is asked: 1 or 0",
        "questionnaires of census and labour-force survey, items of registers",
        "1",
        needs=("source", "question"),
        collector=STATES,
        values="share",
    ),
]
