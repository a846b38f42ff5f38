"""The catalogue's classes, each tested from its own declaration."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core import catalogue
from migov.core.boundary import RECIPE
from migov.core.cases import Cells
from migov.core.explain import explain

IDS = catalogue.ids()


def inputs_of(cls):
    contracts = cls.contracts()
    return {name: cells.array(contracts[name].unit) for name, cells in cls.info.case.given.items()}


def test_there_are_enough_of_them():
    assert len(IDS) >= 10


@pytest.mark.parametrize("ident", IDS)
def test_worked_case(ident):
    cls = catalogue.get(ident)
    case = cls.info.case
    out = cls(**case.parameters)(**inputs_of(cls))
    expected = case.result
    if isinstance(expected, Cells):
        expected = expected.array(cls.info.unit)
        xr.testing.assert_allclose(
            out.drop_vars(set(out.coords) - set(out.dims)).drop_attrs(),
            expected.drop_vars(set(expected.coords) - set(expected.dims)).drop_attrs(),
            rtol=case.relative,
        )
    else:
        np.testing.assert_allclose(out.values.squeeze(), expected, rtol=case.relative)
    assert out.attrs["long_name"] == cls.info.title
    assert RECIPE in out.attrs
    assert out.name == ident


@pytest.mark.parametrize("ident", IDS)
def test_recipe_and_pickle(ident):
    cls = catalogue.get(ident)
    made = cls(**cls.info.case.parameters)
    assert pickle.loads(pickle.dumps(made)) == made
    assert catalogue.from_json(made.to_json()) == made
    assert hash(made) == hash(cls(**cls.info.case.parameters))


@pytest.mark.parametrize("ident", IDS)
def test_report_agrees_with_call_and_counts_cells(ident):
    cls = catalogue.get(ident)
    made = cls(**cls.info.case.parameters)
    given = inputs_of(cls)
    reported = made.report(**given)
    np.testing.assert_array_equal(reported.value.values, made(**given).values)
    assert set(reported) >= {"value", "observation_status", "coverage"}
    assert float(reported.coverage.min()) == 1.0


@pytest.mark.parametrize("ident", IDS)
def test_explanation_tells_source_and_inputs(ident):
    cls = catalogue.get(ident)
    text = explain(cls(**cls.info.case.parameters)(**inputs_of(cls)))
    assert cls.info.references[0][:30] in text
    for name in cls.info.case.given:
        assert f"from {name}" in text
