"""The container: access, immutability, pickling, what it tells of itself."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov.core.combine import hold
from migov.core.errors import CodeError, MigovError
from migov.datasets import FigureNameError, Figures, load


@pytest.fixture(scope="module")
def figures() -> Figures:
    return load("outlook")


def test_item_and_attribute_give_the_same_array(figures):
    assert figures.population.identical(figures["population"])
    assert len(figures) == len(list(figures)) == len(figures.entries)
    assert "population" in figures
    assert "nothing" not in figures
    assert set(figures) <= set(dir(figures))
    assert all(name == x.name for name, x in figures.items())


@pytest.mark.parametrize("read", [lambda f: f.populaton, lambda f: f["populaton"]])
def test_unknown_name_tells_the_near_ones(figures, read):
    with pytest.raises(FigureNameError, match="population") as caught:
        read(figures)
    assert isinstance(caught.value, CodeError)
    assert isinstance(caught.value, AttributeError)
    back = pickle.loads(pickle.dumps(caught.value))
    assert str(back) == str(caught.value)
    assert isinstance(back, MigovError)


def test_get_and_hasattr_work_as_of_any_mapping(figures):
    assert figures.get("nothing") is None
    assert not hasattr(figures, "nothing")
    with pytest.raises(FigureNameError, match="lists all series"):
        figures["zzzz"]
    for ask in (figures.entry, figures.rows, figures.stylised, lambda n: figures.select([n])):
        with pytest.raises(FigureNameError, match="no series"):
            ask("nothing")


def test_repr_lists_name_unit_dims_and_stylised(figures):
    lines = repr(figures).splitlines()
    assert len(lines) == len(figures) + 1
    told = {line.split()[0]: line for line in lines[1:]}
    assert told["population"].split()[1:] == ["person", "{time,", "area,", "sex,", "age}"]
    assert told["demand"].endswith("{area, occupation}  stylised")
    assert {name for name, line in told.items() if line.endswith("stylised")} == {
        name for name in figures if figures.stylised(name)
    }


def test_nothing_can_be_written(figures):
    x = figures.mortality
    with pytest.raises(ValueError, match="read-only"):
        x.values[0] = 1.0
    for name in ("age_width", "period_end", "observation_status"):
        with pytest.raises(ValueError, match="read-only"):
            x.coords[name].values[...] = x.coords[name].values
    x.attrs["units"] = "thousand person"
    x.coords["sex"] = ["A", "B"]
    assert figures.mortality.attrs["units"] == "1/year"
    assert list(figures.mortality.sex.values) == ["F", "M"]
    with pytest.raises(AttributeError):
        figures.name = "other"
    with pytest.raises(TypeError):
        figures["population"] = x


def test_frames_are_handed_out_as_copies(figures):
    for ask in (lambda: figures.rows("cap"), figures.sources, figures.missing):
        frame = ask()
        before = frame.copy()
        frame.iloc[:, 0] = "changed"
        pd.testing.assert_frame_equal(ask(), before)


@pytest.mark.parametrize("again", [lambda f: pickle.loads(pickle.dumps(f)), copy.deepcopy])
def test_pickled_and_copied_figures_are_the_same_and_frozen(figures, again):
    other = again(figures)
    assert other.identical(figures)
    assert repr(other) == repr(figures)
    pd.testing.assert_frame_equal(other.sources(), figures.sources())
    with pytest.raises(ValueError, match="read-only"):
        other.population.values[0] = 1.0


def test_identical_sees_a_changed_number_and_other_series(figures):
    some = figures.select(["cap", "sex_ratio"])
    arrays = {name: some[name].copy(deep=True) for name in some}
    arrays["cap"].values[0] += 1
    changed = Figures("o", "o", some.entries, arrays, some.table, some.citations, some.absent)
    assert not some.identical(changed)
    assert not some.identical(figures)
    assert not some.identical("figures")
    assert arrays["cap"].values.flags.writeable, "the caller's own array was frozen"


def test_select_keeps_order_rows_and_sources(figures):
    some = figures.select(iter(["sex_ratio", "cap"]))
    assert list(some) == ["sex_ratio", "cap"]
    assert set(some.table["series"]) == {"sex_ratio", "cap"}
    assert list(some.sources()["name"]) == ["sex_ratio", "cap"]


def test_prices_hold_money_rates_and_costs_but_no_people(figures):
    prices = figures.prices
    assert {"earnings", "exchange_rate_all", "minimum_wage", "contribution_rate"} <= set(prices)
    assert "population" not in prices
    for name, x in figures.items():
        money = any(code in x.units for code in ("EUR", "ALL", "MDL", "PPP", "USD"))
        if money and name != "remittances":
            assert name in prices


def test_sources_and_missing_have_their_columns(figures):
    told = figures.sources()
    assert list(told.columns) == [
        "name", "title", "unit", "dims", "series", "edition", "source", "year", "licence",
        "stylised", "rows",
    ]  # fmt: skip
    assert told["rows"].sum() == len(figures.table)
    assert (told.drop(columns=["dims"]).astype(str) != "").all(axis=None)
    absent = figures.missing()
    assert list(absent.columns) == ["what", "area", "actor", "collector", "why", "instead"]
    assert (absent != "").all(axis=None)
    kyrgyz = absent[absent["area"] == "KGZ"]
    assert len(kyrgyz) == 1
    assert kyrgyz["collector"].item() == "National Statistical Committee of the Kyrgyz Republic"
    assert set(absent["actor"]) == {"origin", "destination"}


def test_a_rate_of_one_date_can_be_held_to_the_dates_of_a_population(figures):
    to = figures.population_published.time
    held = hold(figures.participation, to=to)
    assert held.sizes["time"] == 5
    assert (held.held_from == np.datetime64("2023-07-01")).all()


def test_figures_of_own_arrays_are_read_like_packaged_ones(figures):
    x = xr.DataArray([1.0], {"area": ["DEU"]}, ["area"], "cap", {"units": "1", "stylised": 0})
    entry = figures.entry("cap")
    own = Figures("own", "Own", (entry,), {"cap": x}, figures.table, figures.citations,
                  figures.absent)  # fmt: skip
    assert own.cap.identical(x)
    assert own.cap is not x
