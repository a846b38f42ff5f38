"""Units: factors, dimensions, and what never converts."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from migov.core.errors import KindError, UnitError
from migov.core.units import (
    coherent,
    factor,
    from_pint,
    powers,
    registry,
    to_pint,
    to_unit,
    unit_of,
)

FAMILIES = [
    ["person", "thousand person", "million person"],
    ["percent", "", "per_thousand", "per_hundred_thousand", "per_million"],
    ["person/year", "thousand person/month", "person/day"],
    ["EUR", "million EUR"],
    ["year", "month", "week", "day"],
]


@pytest.mark.parametrize(
    ("given", "wanted", "by"),
    [
        ("thousand person", "person", 1e3),
        ("person", "million person", 1e-6),
        ("percent", "", 1e-2),
        ("", "per_hundred_thousand", 1e5),
        ("per_thousand/year", "percent/year", 0.1),
        ("month", "year", 1 / 12),
        ("EUR/month", "EUR/year", 12.0),
        ("post", "person", 1.0),
        ("%", "percent", 1.0),
        ("1e-5", "per_hundred_thousand", 1.0),
        ("billion USD", "million USD", 1e3),
        ("person*year", "person year", 1.0),
    ],
)
def test_factors(given, wanted, by):
    assert factor(given, wanted) == pytest.approx(by, rel=1e-14)


@given(
    st.sampled_from(FAMILIES).flatmap(lambda f: st.tuples(*[st.sampled_from(f)] * 3)),
)
def test_factors_compose(units):
    a, b, c = units
    assert factor(a, b) * factor(b, c) == pytest.approx(factor(a, c), rel=1e-12)
    assert factor(a, b) * factor(b, a) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize(
    ("one", "two"),
    [(a[0], b[0]) for a, b in itertools.combinations(FAMILIES, 2)]
    + [
        ("person", "event"),
        ("EUR", "USD"),
        ("EUR", "PPP"),
        ("percent", "percentage_point"),
        ("person", "person/year"),
        ("hour", "year"),
    ],
)
def test_what_never_converts(one, two):
    for have, wanted in ((one, two), (two, one)):
        with pytest.raises(UnitError) as caught:
            factor(have, wanted, "call", "persons")
        assert caught.value.argument == "persons"
        assert caught.value.rule == 6
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("text", ["persn", "person person/", "EUR/", "DM", "[", "kg"])
def test_unknown_texts_are_named(text):
    with pytest.raises(UnitError, match="no unit that migov knows"):
        coherent(text)


def test_coherent_texts_and_powers():
    assert coherent("thousand person") == "person"
    assert coherent("percent") == "dimensionless"
    assert powers("thousand person/month") == {"person": 1.0, "time": -1.0}
    assert powers("per_thousand") == {}
    assert powers("USD") == {"currency_USD": 1.0}


def test_an_array_without_unit_is_refused():
    for attributes in ({}, {"units": None}, {"units": 1}):
        with pytest.raises(UnitError, match="persons has no unit"):
            unit_of(xr.DataArray(1.0, attrs=attributes), "call", "persons")


def test_conversion_leaves_the_input_and_keeps_the_rest():
    x = xr.DataArray(
        np.array([1, 2], "i4"),
        {"area": ["DEU", "MDA"]},
        "area",
        "stock",
        {"units": "thousand person", "source": "register"},
    )
    before = x.copy(deep=True)
    y = to_unit(x, "person")
    assert x.identical(before)
    assert y.values.tolist() == [1000.0, 2000.0]
    assert y.attrs == {"units": "person", "source": "register"}
    assert y.name == "stock"
    assert to_unit(x, "thousand person") is x
    assert (to_unit(x, "million person").dtype) == np.float64


def test_conversion_stays_lazy():
    pytest.importorskip("dask")
    x = xr.DataArray(np.ones(4), dims="i", attrs={"units": "percent"}).chunk({"i": 2})
    assert to_unit(x, "").chunks == ((2, 2),)


def test_pint_at_the_edge():
    x = xr.DataArray(
        [1.0, 2.0], {"area": ["DEU", "MDA"]}, "area", attrs={"units": "thousand person"}
    )
    quantity = to_pint(x)
    assert quantity.to(registry().Unit("person")).magnitude.tolist() == [1000.0, 2000.0]
    assert from_pint(quantity, x).identical(x)


@pytest.mark.parametrize("call", [lambda x: to_unit(x, "person"), to_pint])
def test_what_has_no_unit_is_told_by_argument(call):
    with pytest.raises(KindError, match="x is a list"):
        call([1.0])
    with pytest.raises(UnitError, match="x is in 'bananas'") as caught:
        call(xr.DataArray(1.0, attrs={"units": "bananas"}))
    assert caught.value.argument == "x"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
