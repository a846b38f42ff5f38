"""Putting arrays together: concat, hold, person_years."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core import status
from migov.core.combine import concat, hold, person_years
from migov.core.definition import Definition, define, definition_of
from migov.core.definitions import UN_WPP_2019, UN_WPP_2024
from migov.core.errors import (
    AlignmentError,
    DefinitionError,
    DimensionError,
    KindError,
    MigovError,
    PartitionError,
    TimeError,
    UnitError,
)
from migov.core.partition import total

YEARS = np.array(["2020-07-01", "2025-07-01", "2035-07-01"], "M8[s]")


def stock(**changes) -> xr.DataArray:
    x = xr.DataArray(
        np.arange(1.0, 13).reshape(3, 2, 2),
        {"time": YEARS, "area": ["DEU", "MDA"], "age": [0, 15], "age_width": ("age", [15, np.inf])},
        ("time", "area", "age"),
        "persons",
        {"units": "person", "long_name": "persons"},
    )
    return define(x.assign_attrs(changes), UN_WPP_2024)


def rate(dates=YEARS[:2]) -> xr.DataArray:
    x = xr.DataArray(
        [[60.0, 40.0], [70.0, 50.0]][: len(dates)],
        {"time": dates, "area": ["DEU", "MDA"]},
        ("time", "area"),
        "rate",
        {"units": "percent"},
    )
    return define(x, Definition(labour_standard="13th ICLS"))


def never(*_, **__):
    """Stand for a scheduler that must not run."""
    raise AssertionError("something was computed")


def bad(kind, call, *args, **keywords):
    with pytest.raises(kind) as caught:
        call(*args, **keywords)
    assert isinstance(caught.value, MigovError)
    assert caught.value.where == call.__name__
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    return str(caught.value)


class TestConcat:
    @settings(max_examples=30, deadline=None)
    @given(st.sampled_from(["time", "area", "age"]), st.booleans())
    def test_parts_give_the_whole(self, dim, with_status):
        x = status.mark(stock(), "estimated", at=stock() > 5) if with_status else stock()
        parts = [x.isel({dim: [i]}) for i in range(x.sizes[dim])]
        assert concat(parts, dim).identical(x)
        pieces = [x.isel({dim: i}) for i in range(x.sizes[dim])]
        whole = concat(pieces, dim).transpose(*x.dims)
        assert whole.drop_vars(status.NAME, errors="ignore").identical(
            x.drop_vars(status.NAME, errors="ignore")
        )
        if with_status:
            flags = whole.observation_status.transpose(*x.dims)
            assert flags.values.tolist() == x.observation_status.values.tolist()

    def test_units_become_the_first(self):
        a, b = stock().isel(area=[0]), stock(units="thousand person").isel(area=[1])
        y = concat([a, b], "area")
        assert y.attrs["units"] == "person"
        assert y.sel(area="MDA").values.ravel()[0] == 3000
        told = bad(UnitError, concat, [a, b.assign_attrs(units="EUR")], "area")
        assert "arrays[1]" in told

    def test_status_of_one_only(self):
        a, b = stock().isel(area=[0]), status.mark(stock().isel(area=[1]), "estimated")
        flags = concat([a, b], "area").observation_status
        assert flags.sel(area="DEU").max() == 0
        assert (flags.sel(area="MDA") == status.flag("estimated")).all()

    def test_definitions_are_the_same(self):
        a, b = stock().isel(area=[0]), stock().isel(area=[1])
        assert definition_of(concat([a, b], "area")) == UN_WPP_2024
        assert "edition" in bad(DefinitionError, concat, [a, define(b, UN_WPP_2019)], "area")
        assert "undeclared" in bad(DefinitionError, concat, [a, define(b, None)], "area")

    def test_what_does_not_fit(self):
        a, b = stock().isel(area=[0]), stock().isel(area=[1])
        assert "DEU occurs twice" in bad(AlignmentError, concat, [a, a], "area")
        assert "differ beside" in bad(AlignmentError, concat, [a, b.isel(time=[0])], "area")
        assert "has no 'sex'" in bad(AlignmentError, concat, [a, b], "sex")
        assert "empty" in bad(KindError, concat, [], "area")
        bad(KindError, concat, [a, 1.0], "area")
        bad(DimensionError, concat, [a.rename(area="Area"), b], "area")
        bad(UnitError, concat, [a.drop_attrs(), b.drop_attrs()], "area")
        wider = b.assign_coords(age_width=("age", [15.0, 50.0]))
        assert "in age_width" in bad(AlignmentError, concat, [a, wider], "area")
        assert "in age_width" in bad(AlignmentError, concat, [a, b.drop_vars("age_width")], "area")
        early, late = a.isel(time=0), b.isel(time=1)
        assert "arrays[0] is for time 2020-07-01" in bad(
            AlignmentError, concat, [early, late], "area"
        )
        both = b.isel(age=0, drop=True)
        assert "only one has age" in bad(AlignmentError, concat, [a, both], "area")

    def test_a_total_beside_its_members_is_shown_and_never_added(self):
        x = stock()
        sums = x.sum("area").assign_coords(area="World").assign_attrs(x.attrs)
        shown = concat([x, sums], "area")
        assert shown.area.values.tolist()[-1] == "World"
        assert "World beside its parts" in bad(PartitionError, total, shown, "area")
        assert total(shown.sel(area="World"), "age").sizes == {"time": x.sizes["time"]}

    def test_it_stays_lazy(self):
        dask = pytest.importorskip("dask")
        x = stock()
        lazy = x.chunk({"time": 1}).assign_coords(age_width=x.age_width)
        with dask.config.set(scheduler=never):
            y = concat([lazy.isel(area=[0]), lazy.isel(area=[1])], "area")
        assert y.chunks is not None
        assert y.compute().identical(x)


class TestHold:
    to = xr.DataArray(YEARS, {"time": YEARS}, "time")

    def test_each_date_takes_the_latest_before(self):
        y = hold(rate(), to=self.to)
        assert y.values.tolist() == [[60, 40], [70, 50], [70, 50]]
        assert y.held_from.values.tolist() == YEARS[[0, 1, 1]].tolist()
        assert y.time.values.tolist() == YEARS.tolist()
        assert y.attrs == rate().attrs
        assert y.name == "rate"

    def test_held_at_its_own_dates_is_itself(self):
        x = rate()
        assert hold(x, to=x.time).drop_vars("held_from").identical(x)

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.integers(0, 400), min_size=1, max_size=6, unique=True))
    def test_a_loop_gives_the_same(self, months):
        dates = (np.datetime64("2020-07", "M") + np.array(sorted(months))).astype("M8[s]")
        y = hold(rate(), to=xr.DataArray(dates, {"time": dates}, "time"))
        for date, values in zip(dates, y.values, strict=True):
            latest = max(d for d in YEARS[:2] if d <= date)
            assert values.tolist() == rate().sel(time=latest).values.tolist()

    def test_one_date_may_be_a_scalar(self):
        y = hold(rate().isel(time=0), to=self.to)
        assert y.sizes == {"time": 3, "area": 2}
        assert (y.sel(area="MDA") == 40).all()

    def test_periods(self):
        ends = np.array(["2025-07-01", "2035-07-01", "2040-07-01"], "M8[s]")
        to = xr.DataArray(YEARS, {"period": YEARS, "period_end": ("period", ends)}, "period")
        y = hold(rate(), to=to)
        assert y.dims[0] == "period"
        assert y.period_end.values.tolist() == ends.tolist()
        assert y.held_from.dims == ("period",)

    def test_status_is_held_too(self):
        x = status.mark(rate(), "break", at=rate() == 70)
        y = hold(x, to=self.to)
        assert y.observation_status.values.tolist() == [[0, 0], [1, 0], [1, 0]]
        assert status.NAME not in hold(rate(), to=self.to).coords

    def test_what_is_not_held(self):
        early = xr.DataArray(
            np.array(["2019-01-01"], "M8[s]"), {"time": np.array(["2019-01-01"], "M8[s]")}, "time"
        )
        assert "2019-01-01, before the first date" in bad(TimeError, hold, rate(), to=early)
        assert "a count is projected" in bad(PartitionError, hold, stock(), to=self.to)
        bad(TimeError, hold, rate().isel(time=0, drop=True), to=self.to)
        bad(TimeError, hold, rate(), to=xr.DataArray([1], {"area": ["DEU"]}, "area"))
        bad(TimeError, hold, rate().assign_coords(time=[2020, 2025]), to=self.to)
        bad(UnitError, hold, rate().drop_attrs(), to=self.to)
        bad(KindError, hold, 0.7, to=self.to)

    def test_it_stays_lazy(self):
        dask = pytest.importorskip("dask")
        lazy = rate().chunk({"area": 1})
        with dask.config.set(scheduler=never):
            y = hold(lazy, to=self.to)
        assert y.chunks is not None
        assert y.compute().identical(hold(rate(), to=self.to))


class TestPersonYears:
    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.integers(0, 1200), min_size=2, max_size=6, unique=True),
        st.floats(0, 1e9, allow_subnormal=False),
    )
    def test_a_constant_stock_lives_its_number_times_the_years(self, months, number):
        dates = (np.datetime64("1990-01", "M") + np.array(sorted(months))).astype("M8[s]")
        x = xr.DataArray(
            np.full(len(dates), number), {"time": dates}, "time", attrs={"units": "person"}
        )
        y = person_years(x)
        years = (max(months) - min(months)) / 12
        assert float(y.sum()) == pytest.approx(number * years, rel=1e-12, abs=1e-9)
        assert y.attrs["units"] == "person year"
        assert y.period.values.tolist() == dates[:-1].tolist()
        assert y.period_end.values.tolist() == dates[1:].tolist()

    def test_the_mean_of_both_ends_times_the_years(self):
        x = stock()
        y = person_years(x)
        assert y.dims == ("period", "area", "age")
        by_hand = [(x.values[0] + x.values[1]) / 2 * 5, (x.values[1] + x.values[2]) / 2 * 10]
        assert y.values.tolist() == np.stack(by_hand).tolist()
        assert definition_of(y) == UN_WPP_2024
        assert y.name == "persons"
        assert y.age_width.values.tolist() == [15, np.inf]
        assert person_years(stock(units="thousand person")).attrs["units"] == "thousand person year"

    def test_a_stock_at_midyear_stands_for_its_year(self):
        y = person_years(stock(), method="midpoint")
        assert y.values.tolist() == stock().values.tolist()
        assert str(y.period.values[0])[:10] == "2020-01-01"
        assert str(y.period_end.values[0])[:10] == "2021-01-01"
        january = stock().assign_coords(time=YEARS - np.timedelta64(181, "D"))
        assert "a midpoint is 1 July" in bad(TimeError, person_years, january, method="midpoint")

    def test_status_of_both_ends(self):
        x = status.mark(stock(), "break", at=stock() == 5)
        flags = person_years(x).observation_status
        assert flags.sel(area="DEU", age=0).values.tolist() == [1, 1]
        assert int(flags.sum()) == 2

    def test_missing_ends_make_it_missing(self):
        y = person_years(stock().where(stock() != 1))
        assert int(y.isnull().sum()) == 1

    def test_bad_inputs(self):
        bad(TimeError, person_years, stock().isel(time=[0]))
        bad(TimeError, person_years, stock(), method="sum")
        bad(TimeError, person_years, stock().assign_coords(time=[2020, 2025, 2035]))
        bad(TimeError, person_years, stock().isel(time=[1, 0, 2]))
        bad(DimensionError, person_years, stock().isel(time=0))
        bad(DimensionError, person_years, stock().rename(time="Time"))
        bad(UnitError, person_years, stock().drop_attrs())
        bad(KindError, person_years, 1.0)

    def test_it_stays_lazy(self):
        dask = pytest.importorskip("dask")
        x = stock()
        lazy = x.chunk({"area": 1}).assign_coords(age_width=x.age_width)
        with dask.config.set(scheduler=never):
            y = person_years(lazy)
            z = person_years(lazy, method="midpoint")
        assert y.chunks is not None
        assert z.chunks is not None
        assert y.compute().identical(person_years(x))


class TestNoSilentNumber:
    def test_small_integers_do_not_overflow(self):
        counts = np.array([1_400_000_000, 1_500_000_000], "int32")
        x = xr.DataArray(counts, {"time": YEARS[:2]}, "time", attrs={"units": "person"})
        assert person_years(x).values == pytest.approx([5 * 1.45e9], rel=1e-12)

    def test_what_is_no_amount_lives_no_person_years(self):
        bad(PartitionError, person_years, stock().assign_attrs(units="percent"))
        bad(UnitError, person_years, stock().assign_attrs(units="bananas"))

    def test_labels_have_to_be_there(self):
        bad(DimensionError, person_years, stock().drop_vars("time"))
        other = stock().assign_coords(area=["ALB", "POL"][: stock().sizes["area"]])
        bad(DimensionError, concat, [stock(), other.drop_vars("age")], "area")

    def test_a_rate_is_held_to_dates_only(self):
        rate = stock().isel(time=[0]).assign_attrs(units="percent")
        never_at = stock().assign_coords(time=np.full(3, "NaT", "M8[s]"))
        bad(TimeError, hold, rate, to=never_at)
        bad(KindError, hold, rate, to=YEARS)


@pytest.mark.parametrize(
    ("day", "method", "mend"),
    [
        ("2020-07-01", "mean", 'method="midpoint"'),
        ("2020-01-01", "mean", "migov.concat([stock, later]"),
        ("2020-01-01", "midpoint", "migov.concat([stock, later]"),
    ],
)
def test_advice_on_person_years_of_one_date_does_not_go_round_in_a_circle(day, method, mend):
    time = np.array([day], "M8[s]")
    stock = xr.DataArray([10.0], {"time": time}, "time", attrs={"units": "person"})
    with pytest.raises(TimeError) as caught:
        person_years(stock, method=method)
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.mend.startswith(mend)
    assert again.argument == "stock"
