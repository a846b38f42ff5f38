"""Time: instants, intervals, and years that need their meaning."""

from __future__ import annotations

import datetime as dt
import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from migov.core import areas, times
from migov.core.errors import TimeError
from migov.core.grouped import by_group
from migov.core.partition import total
from migov.core.times import (
    at,
    check_instants,
    day_of_year,
    period_end,
    read,
    year_lengths,
    years_between,
)


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "s")


def flow(starts, ends) -> xr.DataArray:
    starts, ends = np.array(starts, "M8[s]"), np.array(ends, "M8[s]")
    coords = {"period": starts, "period_end": ("period", ends)}
    return xr.DataArray(np.ones(len(starts)), coords, "period")


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2020-07-01", "2025-07-01", 5.0),
        ("2020-01-01", "2021-01-01", 1.0),
        ("2019-01-01", "2020-01-01", 1.0),
        ("2020-01-01", "2020-02-01", 1 / 12),
        ("2020-02-01", "2020-03-01", 1 / 12),
        ("2020-01-01", "2020-01-01", 0.0),
        ("2020-01-31", "2020-02-29", 1 / 12 * (1 + 28 / 29 - 30 / 31)),
        ("2020-12-31", "2021-12-31", 1.0),
    ],
)
def test_lengths_are_counted_on_the_calendar(start, end, years):
    assert years_between(day(start), day(end)) == pytest.approx(years, abs=1e-15)
    assert years_between(day(end), day(start)) == pytest.approx(-years, abs=1e-15)


@given(st.lists(st.integers(-900, 4000), min_size=2, max_size=6))
def test_whole_months_add_up(months):
    points = (np.datetime64("1970-01", "M") + np.array(sorted(months))).astype("M8[s]")
    parts = years_between(points[:-1], points[1:])
    assert parts.sum() == pytest.approx(float(years_between(points[0], points[-1])), abs=1e-9)
    assert (parts * 12 == np.round(parts * 12)).all()


@given(st.dates(dt.date(1900, 1, 1), dt.date(2300, 1, 1)), st.integers(0, 40_000))
def test_lengths_are_near_days_over_the_mean_year(start, days):
    end = start + dt.timedelta(days)
    length = float(years_between(np.datetime64(start), np.datetime64(end)))
    assert length == pytest.approx(days / 365.2425, abs=0.01)
    assert length >= 0


def test_days_of_the_year():
    assert day_of_year("31 December") == (12, 31)
    assert day_of_year(" 1 july ") == (7, 1)
    assert at(987, "1 July") == day("0987-07-01")
    for wrong in ("31 June", "29 February", "0 July", "1st July", "July", "", "32 May"):
        with pytest.raises(TimeError, match="no day of the year") as caught:
            day_of_year(wrong, "call")
        assert caught.value.where == "call"


@pytest.mark.parametrize(
    ("label", "meaning", "start", "end"),
    [
        (2020, "1 July", "2020-07-01", None),
        ("2020", "31 December", "2020-12-31", None),
        (2020.0, "1 January", "2020-01-01", None),
        (np.int32(2020), "year", "2020-01-01", "2021-01-01"),
        ("2020-2025", "1 July", "2020-07-01", "2025-07-01"),
        ("2020–2025", "year", "2020-01-01", "2025-01-01"),
        ("2020/2025", "1 July", "2020-07-01", "2025-07-01"),
        ("2021-Q1", None, "2021-01-01", "2021-04-01"),
        ("2021Q4", None, "2021-10-01", "2022-01-01"),
        ("2021-12", None, "2021-12-01", "2022-01-01"),
        ("2021-02-28", None, "2021-02-28", None),
        ("2021-02-28 00:00:00", "1 July", "2021-02-28", None),
        ("2020-07-01/2021-07-01", None, "2020-07-01", "2021-07-01"),
        (dt.date(2021, 3, 1), None, "2021-03-01", None),
        (pd.Timestamp("2021-03-01"), None, "2021-03-01", None),
        (np.datetime64("2021-03-01"), "year", "2021-03-01", None),
    ],
)
def test_what_is_read(label, meaning, start, end):
    found, starts, ends, faults = read([label], meaning, "call")
    assert faults == []
    assert found == ("time" if end is None else "period")
    assert starts.tolist() == [day(start).tolist()]
    assert (ends is None) if end is None else ends.tolist() == [day(end).tolist()]


@pytest.mark.parametrize(
    "label",
    [
        "soon",
        "2021-13",
        "2021-02-30",
        "2021-Q5",
        "20",
        "2020.5",
        "2025-2020",
        "",
        None,
        pd.NaT,
        "2021-07-01/2020-07-01",
        "0000-01-01",
    ],
)
def test_what_is_not_read_is_a_fault(label):
    _, starts, _, faults = read(["2020-01-01", label], "1 July", "call")
    assert [place for place, _ in faults] == [1]
    assert np.isnat(starts[1])


@pytest.mark.parametrize("labels", [[1990, 2100], ["1990"], ["2020-2025"], [1990.0]])
def test_years_without_a_meaning(labels):
    with pytest.raises(TimeError, match="a year is not a date") as caught:
        read(labels, None, "call")
    assert caught.value.rule == 1
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_an_instant_among_intervals():
    faults = read(["2020-Q1", "2020-07-01"], None, "call")[3]
    assert faults == [(1, "is an instant among intervals")]


def test_ends_of_periods():
    x = flow(["2020-07-01", "2025-07-01"], ["2025-07-01", "2026-01-01"])
    assert period_end(x).dtype == np.dtype("M8[s]")
    assert year_lengths(x).tolist() == [5.0, 0.5]
    with pytest.raises(TimeError, match="without its end") as caught:
        period_end(x.drop_vars("period_end"), "call", "births")
    assert caught.value.argument == "births"
    for ends in (["2020-07-01", "2026-01-01"], ["NaT", "2026-01-01"]):
        with pytest.raises(TimeError, match="does not end after its start"):
            period_end(flow(["2020-07-01", "2025-07-01"], ends))


def test_ends_are_loaded_when_lazy():
    pytest.importorskip("dask")
    x = flow(["2020-07-01"], ["2025-07-01"]).chunk()
    assert isinstance(period_end(x), np.ndarray)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ([2020, 2021], "a year is not a date"),
        (["2020", "2021"], "a year is not a date"),
        (np.array(["2021-01-01", "2020-01-01"], "M8[s]"), "does not increase"),
        (np.array(["2020-01-01", "2020-01-01"], "M8[s]"), "does not increase"),
        (np.array(["2020-01-01", "NaT"], "M8[s]"), "does not increase"),
    ],
)
def test_labels_that_are_no_instants(labels, told):
    with pytest.raises(TimeError, match=told) as caught:
        check_instants(xr.DataArray([1.0, 2.0], {"time": labels}, "time"), "call", "persons")
    assert caught.value.argument == "persons"


def test_instants_that_are_right():
    check_instants(flow(["2020-07-01"], ["2025-07-01"]), "call", "x")
    dates = np.array(["2020-01-01", "2021-01-01"], "M8[ns]")
    check_instants(xr.DataArray([1.0, 2.0], {"time": dates}, "time"), "call", "x")
    check_instants(xr.DataArray(1.0, {"time": dates[0]}), "call", "x")
    with pytest.raises(TimeError, match="a year is not a date"):
        check_instants(xr.DataArray(1.0, {"time": 2020}), "call", "x")
    assert times.check_instants(xr.DataArray(1.0), "call", "x") is None


@pytest.mark.parametrize("date", [2019, 2019.0, np.int64(2019), "2019", "2019-07", "soon", "NaT"])
def test_a_year_or_a_number_is_no_day_anywhere(date):
    members = areas.members("EU", "2019-01-01")
    coords = {"area": list(members), "time": np.array(["2019-01-01"], "M8[s]")}
    x = xr.DataArray(np.ones((28, 1)), coords, ("area", "time"), attrs={"units": "person"})
    assert total(x, "area", group="EU", date="2019-01-01").item() == 28.0
    for call in (
        lambda: times.day(date),
        lambda: areas.members("EU", date),
        lambda: areas.at_date("CSK", date),
        lambda: total(x, "area", group="EU", date=date),
        lambda: by_group(x, "EU", date=date),
    ):
        with pytest.raises(TimeError, match=r"is no date|not a date") as caught:
            call()
        assert pickle.loads(pickle.dumps(caught.value)).argument == "date"


def test_a_day_is_read_from_texts_and_dates_alike():
    day = np.datetime64("2019-07-01", "D")
    for one in ("2019-07-01", " 2019-07-01 ", day, day.astype("M8[ns]"), day.astype(object)):
        assert times.day(one) == day
