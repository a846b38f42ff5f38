"""Indicators on data frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import migov as mg
from migov.core.errors import DefinitionError, KindError, UnitError

FRAME = pd.DataFrame(
    {
        "iso3": ["ALB", "MDA", "NAM"],
        "year": [2019, 2019, 2019],
        "refugees": [15027, 2200, None],
        "people": [2880.9, 2660.0, 2495.0],
    }
)


def run(**changes):
    given = {
        "columns": {"refugees": "refugees", "population": "people"},
        "units": {"refugees": "person", "population": "thousand person"},
        "dims": {"iso3": "origin", "year": "time"},
        "definitions": {"refugees": mg.definitions.UNHCR_REFUGEES},
        "time": "31 December",
    }
    return mg.RefugeesPerOrigin().on_frame(FRAME, **(given | changes))


def test_columns_in_table_out():
    out = run()
    albania = out.set_index("origin").loc["ALB"]
    assert albania.value == pytest.approx(1e5 * 15027 / (15027 + 2880900))
    assert albania.unit == "per_hundred_thousand"
    namibia = out.set_index("origin").loc["NAM"]
    assert np.isnan(namibia.value)
    assert namibia.coverage == 0.0
    assert namibia.status == "missing"


def test_one_table_for_each_argument():
    stock = pd.DataFrame({"area": ["ALB"], "value": [1.0]})
    people = pd.DataFrame({"area": ["ALB"], "value": [50.0]})
    out = mg.EconomicDependencyRatio(labour_standard="19th ICLS").on_frame(
        {"population": people, "employed": stock},
        columns={"population": "value", "employed": "value"},
        units={"population": "person", "employed": "person"},
        dims={"area": "area"},
    )
    assert out.value.tolist() == [49.0]


def test_bad_input():
    with pytest.raises(KindError, match="columns name 'refuges'"):
        run(columns={"refuges": "refugees"})
    with pytest.raises(UnitError):
        run(units={"refugees": "person"})
    with pytest.raises(DefinitionError, match="undeclared"):
        run(definitions={})
