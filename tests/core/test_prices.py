"""Current and constant prices: nothing is deflated twice, and the result says its base."""

from __future__ import annotations

import pickle
from typing import Annotated, Any

import pytest
import xarray as xr

import migov as mg
from migov.core.errors import UnitError
from migov.core.indicator import REGISTERED
from migov.testing import check_indicator

Money = Annotated[
    xr.DataArray, mg.Input(title="sent", unit="currency", prices="current", sources="balance")
]
Level = Annotated[
    xr.DataArray, mg.Input(title="price level", unit="1", prices="index", sources="office")
]
CASE = mg.Case(
    2000.0,
    "2400 / 1.2",
    {
        "sent": mg.Cells((2400,), "EUR", period="2020"),
        "level": mg.Cells((1.2,), "", price_base="2015", period="2020"),
    },
)


@pytest.fixture
def real():
    @mg.indicator(id="test_real", title="Real", unit="currency", references=("x",), case=CASE)
    class Real(mg.Indicator):
        """Money in constant prices."""

        def __call__(self, sent: Money, level: Level) -> xr.DataArray:
            """From money and the level of prices."""
            return sent / level

    yield Real
    REGISTERED.pop("test_real")


def given(sent=(2000.0, 2400.0), level=(1.0, 1.2), unit="1", **attrs: Any):
    cells = (mg.Cells(x, period="2015 2020") for x in (sent, level))
    one, other = (x.array(u) for x, u in zip(cells, ("EUR", unit), strict=True))
    return one.assign_attrs(**attrs), other.assign_attrs(price_base="2015")


def refused(real, text, sent, level):
    with pytest.raises(UnitError, match=text) as caught:
        real()(sent, level)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_the_result_bears_the_base_of_the_index(real):
    for told in ({}, {"price_base": "current"}, {"price_base": "nominal"}):
        found = real()(*given(**told))
        assert found.values.tolist() == [2000.0, 2000.0]
        assert found.attrs["price_base"] == "2015"
    assert real()(*given(level=(100.0, 120.0), unit="percent")).values.tolist() == [2000.0] * 2


def test_what_is_deflated_already_is_refused(real):
    refused(real, "prices of 2015 already", *given(price_base="2015"))


def test_an_index_is_one_in_its_base_year(real):
    refused(real, "is 100 in its base year 2015", *given(level=(100.0, 120.0)))


def test_an_unnamed_base_is_told_as_such(real):
    sent, level = given()
    unnamed = level.drop_attrs().assign_attrs(units="1")
    assert real()(sent, unnamed).attrs["price_base"] == "base year of level"


def test_the_checker_takes_a_case_with_a_base(real):
    failed = [one.name for one in check_indicator(real, strict=False).failures]
    assert failed == ["pickling"]  # it is local
