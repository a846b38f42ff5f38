"""The contracts of inputs on data themselves: cells, delays, definitions, questions."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.inputs import Input

_ALL = ("origin", "transit", "destination")
_OFFICE = "statistical office"

PersonsBySexAndAge = Annotated[
    xr.DataArray,
    Input(
        title="population by sex and age",
        unit="person",
        needs=("sex", "age"),
        kind="stock",
        collector=_ALL,
        sources="census, population register",
    ),
]
FiguresBySexAndAge = Annotated[
    xr.DataArray,
    Input(
        title="figures by sex and age",
        unit="person",
        needs=("sex", "age"),
        collector=_ALL,
        missing="skip",
        sources="whatever is judged",
    ),
]
CellsProvided = Annotated[
    xr.DataArray,
    Input(title="data cells provided", unit="1", collector=_ALL, sources=_OFFICE),
]
CellsRequired = Annotated[
    xr.DataArray,
    Input(
        title="data cells required",
        unit="1",
        collector=_ALL,
        sources="regulation, questionnaire, or the requirements of chosen indicators",
    ),
]
Delays = Annotated[
    xr.DataArray,
    Input(
        title="time from the end of the reference period to publication, by release",
        unit="day",
        needs=("release",),
        collector=_ALL,
        sources=_OFFICE,
    ),
]
FirstFigure = Annotated[
    xr.DataArray,
    Input(
        title="a figure with its definition",
        unit="person",
        values="any",
        collector=_ALL,
        definition="needed",
        sources="whatever is compared",
    ),
]
SecondFigure = Annotated[
    xr.DataArray,
    Input(
        title="another figure with its definition",
        unit="person",
        values="any",
        collector=_ALL,
        definition="needed",
        sources="whatever is compared",
    ),
]
QuestionsAsked = Annotated[
    xr.DataArray,
    Input(
        title="whether a question is asked: 1 or 0",
        unit="1",
        needs=("source", "question"),
        values="share",
        collector=_ALL,
        sources="questionnaires of census and labour-force survey, items of registers",
    ),
]
