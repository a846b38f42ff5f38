"""Sums that mean something, and those that are refused."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core import areas, status
from migov.core.definition import define, definition_of
from migov.core.definitions import UN_WPP_2024
from migov.core.errors import (
    AgeError,
    CodeError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    PartitionError,
    TimeError,
    UnitError,
)
from migov.core.partition import additive, check_partition, is_total, total

PERIODS = np.array(["2020-07-01", "2025-07-01", "2030-07-01"], "M8[s]")


def counts(**labels) -> xr.DataArray:
    """Return persons 1, 2, … over the labels."""
    labels = labels or {"area": ["DEU", "MDA"], "sex": ["F", "M"], "age": [0, 15, 65]}
    shape = [len(values) for values in labels.values()]
    x = xr.DataArray(
        np.arange(1.0, np.prod(shape) + 1).reshape(shape),
        labels,
        list(labels),
        "persons",
        {"units": "person", "long_name": "persons"},
    )
    if "age" in labels:
        x = x.assign_coords(age_width=("age", [*np.diff(labels["age"]).astype(float), np.inf]))
    if "period" in labels:
        x = x.assign_coords(period_end=("period", labels["period"] + np.timedelta64(1826, "D")))
    return x


def flow() -> xr.DataArray:
    x = counts(area=["DEU"], period=PERIODS[:2])
    return x.assign_coords(period_end=("period", PERIODS[1:]))


def test_a_sum_keeps_unit_name_and_definition():
    x = define(counts(), UN_WPP_2024)
    y = total(x, "sex")
    assert y.dims == ("area", "age")
    assert y.values.tolist() == x.values.sum(1).tolist()
    assert y.attrs == x.attrs
    assert y.name == "persons"
    assert definition_of(y) == UN_WPP_2024
    assert y.age_width.values.tolist() == [15, 50, np.inf]
    assert "age_width" not in total(x, "age").coords


@pytest.mark.parametrize("order", list(itertools.permutations(["area", "sex", "age"])))
def test_the_order_of_sums_does_not_matter(order):
    x = counts()
    at_once = total(x, list(order))
    one_by_one = x
    for name in order:
        one_by_one = total(one_by_one, name)
    assert at_once.identical(one_by_one)
    assert at_once.item() == 78
    assert total(x.transpose(*order), "sex").transpose("area", "age").identical(total(x, "sex"))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_order_of_labels_does_not_matter(data):
    x = counts(area=["DEU", "MDA", "ALB"], sex=["F", "M"])
    mixed = x.sel(area=data.draw(st.permutations(x.area.values.tolist())))
    assert total(mixed, "area").identical(total(x, "area"))


def test_status_is_united():
    x = status.mark(counts(), "estimated", at=counts() == 1)
    x = status.mark(x, "break", at=counts() == 4)
    y = total(x, "sex")
    assert y.observation_status.sel(area="DEU", age=0).item() == status.flag("estimated", "break")
    assert total(x, ["area", "sex", "age"]).observation_status.item() == 5


class TestMissing:
    x = counts().where(lambda x: x != 1)

    def test_it_is_passed_on_by_default(self):
        y = total(self.x, "sex")
        assert np.isnan(y.sel(area="DEU", age=0))
        assert int(y.isnull().sum()) == 1
        assert status.NAME not in y.coords

    def test_it_is_left_out_and_told(self):
        y = total(self.x, "sex", missing="skip")
        assert y.sel(area="DEU", age=0).item() == 4
        assert status.names(int(y.observation_status.sel(area="DEU", age=0))) == ("partial",)
        assert int((y.observation_status != 0).sum()) == 1

    def test_nothing_but_missing_stays_missing(self):
        none = self.x.where(self.x.sel(age=0, drop=True) > 1e9)
        assert total(none, "sex", missing="skip").isnull().all()

    def test_it_is_refused(self):
        with pytest.raises(InputError, match="missing cells"):
            total(self.x, "sex", missing="refuse")
        assert total(counts(), "sex", missing="refuse").identical(total(counts(), "sex"))
        with pytest.raises(InputError, match="missing='zero'"):
            total(self.x, "sex", missing="zero")

    def test_members_share_the_status(self):
        x = xr.concat([self.x, counts()], "member").assign_coords(member=[0, 1])
        y = total(x, "sex", missing="skip")
        assert y.observation_status.dims == ("area", "age")
        assert int((y.observation_status != 0).sum()) == 1


@pytest.mark.parametrize(
    ("unit", "adds"),
    [
        ("person", True),
        ("thousand person", True),
        ("person year", True),
        ("person/year", True),
        ("event", True),
        ("EUR", True),
        ("post", True),
        ("hour", True),
        ("percent", False),
        ("", False),
        ("per_thousand/year", False),
        ("EUR/month", False),
        ("EUR/person", False),
        ("event/person/year", False),
        ("year", False),
        ("person/kilometre**2", False),
    ],
)
def test_amounts_add_up_and_rates_do_not(unit, adds):
    x = counts().assign_attrs(units=unit)
    if unit == "year":
        assert additive(unit) is False
    assert additive(unit) is adds
    if adds:
        assert total(x, "sex").attrs["units"] == unit
    else:
        with pytest.raises(PartitionError, match="are not added"):
            total(x, "sex")


@pytest.mark.parametrize("name", ["time", "member", "scenario", "quantile", "duration", "cohort"])
def test_the_same_people_are_not_counted_again(name):
    labels = PERIODS[:2] if name == "time" else [0, 1]
    with pytest.raises(PartitionError, match="counts the same people again"):
        total(counts(area=["DEU"], **{name: labels}), name)


def test_adjoining_periods_add_up():
    y = total(flow(), "period")
    assert y.values.tolist() == [3.0]
    assert y.period.values == PERIODS[0]
    assert y.period_end.values == PERIODS[2]
    gap = flow().assign_coords(period=np.array(["2020-07-01", "2026-07-01"], "M8[s]"))
    with pytest.raises(PartitionError, match="one ends 2025-07-01, the next starts 2026-07-01"):
        total(gap, "period")
    with pytest.raises(TimeError, match="without its end"):
        total(flow().drop_vars("period_end"), "period")


def test_a_sum_over_time_of_a_group_of_dimensions():
    y = total(flow(), ["area", "period"])
    assert y.item() == 3.0


@pytest.mark.parametrize(
    ("x", "told"),
    [
        (counts(sex=["F", "M", "_T"]), "the total _T beside its parts"),
        (counts(sex=["F", "F"]), "sex F twice"),
        (counts(area=["DEU", "World"]), "the total World beside"),
        (counts(area=["World", "EU"]), "the total World beside EU"),
        (counts(origin=["MDA", "EU27_2020"]), "EU27_2020 beside"),
        (counts(occupation=["2", "21"]), "21 is part of 2"),
        (counts(education=["5-8", "6"]), "5-8 and 6"),
        (counts(age=[0, 0, 5]), "age 0 twice"),
        (counts(area=["SUN", "MDA"]), "SUN beside MDA"),
        (counts(origin=["JEY", "CHI"]), "CHI beside JEY"),
        (counts(sector=["C", "10"]), "10 and C"),
        (counts(area=["Africa", "Eastern Africa"]), "the total Africa beside"),
        (counts(area=["Africa", "KEN"]), "the total Africa beside"),
        (counts(sector=["B-E", "C10-C12"]), "B-E and C10-C12"),
        (counts(sector=["101", "1011"]), "101 and 1011"),
    ],
)
def test_classes_that_overlap(x, told):
    (name,) = x.dims
    with pytest.raises(PartitionError, match=told) as caught:
        total(x, name)
    assert caught.value.argument == "x"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_classes_that_do_not_overlap():
    for x in (
        counts(sex=["_T"]),
        counts(occupation=["1", "21", "22"]),
        counts(education=["0-2", "3-4", "5-8"]),
        counts(wave=["a", "b"]),
        counts(sector=["A", "B-E", "F", "G-I"]),
        counts(sector=["01", "02", "C"]),
        counts(sector=["farming", "building"]),
        counts(area=["SUN", "DEU"]),
        counts(area=["Africa", "Asia", "Europe"]),
        counts(origin=["Sub-Saharan Africa", "Northern Africa"]),
    ):
        (name,) = x.dims
        check_partition(x, name, "call", "x")
        assert total(x, name).item() == x.values.sum()
    check_partition(counts(), "occupation", "call", "x")


def test_ages_with_a_gap():
    with pytest.raises(AgeError, match="gap"):
        total(counts().assign_coords(age_width=("age", [5.0, 50.0, np.inf])), "age")


def test_members_of_a_group():
    codes = [*areas.members("EU"), "GBR", "MDA"]
    x = counts(area=codes, sex=["F", "M"])
    y = total(x, "area", group="EU")
    assert y.values.tolist() == x.isel(area=slice(0, 27)).values.sum(0).tolist()
    older = total(x, "area", group="EU", date="2019-07-01")
    assert (older - y).values.tolist() == x.sel(area="GBR").values.tolist()
    marked = status.mark(x, "break", at=x.area == "MDA")
    assert int(total(marked, "area", group="EU").observation_status.max()) == 0
    with pytest.raises(PartitionError, match="x lacks FRA of EU"):
        total(x.drop_sel(area="FRA"), "area", group="EU")
    with pytest.raises(PartitionError, match="needs areas"):
        total(x, "sex", group="EU")
    with pytest.raises(CodeError, match="no group"):
        total(x, "area", group="ASEAN-ISH")
    assert total(x.rename(area="origin"), "origin", group="EU").values.tolist() == y.values.tolist()


def test_lazy_sums_compute_nothing():
    dask = pytest.importorskip("dask")

    def never(*_, **__):
        raise AssertionError("something was computed")

    x = status.mark(counts(), "estimated")
    lazy = x.chunk({"area": 1})
    with dask.config.set(scheduler=never):
        for name in ("area", "sex", "age"):
            with_loaded = lazy.assign_coords(
                observation_status=x.observation_status, age_width=x.age_width
            )
            y = total(with_loaded, name)
            assert y.chunks is not None
    assert total(lazy, ["sex", "age"]).compute().identical(total(x, ["sex", "age"]))


@pytest.mark.parametrize(
    ("x", "dims", "kind"),
    [
        ([1.0], "sex", KindError),
        (counts(), "origin", DimensionError),
        (counts().rename(sex="Sex"), "Sex", DimensionError),
        (counts().drop_attrs(), "sex", UnitError),
        (counts().assign_attrs(units="persn"), "sex", UnitError),
        (counts().drop_vars("age_width"), "age", AgeError),
        (counts().drop_vars("sex"), "sex", DimensionError),
        (counts().isel(sex=[]), "sex", DimensionError),
        (counts().astype(str), "sex", KindError),
    ],
)
def test_bad_inputs(x, dims, kind):
    with pytest.raises(kind) as caught:
        total(x, dims)
    assert isinstance(caught.value, MigovError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_labels_that_are_totals():
    assert all(is_total("sex", label) for label in ("_T", "Total", "TOTAL", "All"))
    assert is_total("origin", "Europe")
    assert not is_total("sex", "Europe")
    assert not is_total("area", "DEU")
    assert not is_total("occupation", "2")


def test_amounts_a_year_are_not_added_over_years():
    bounds = np.array(["2020-01-01", "2021-01-01", "2026-01-01"], "M8[s]")
    labels = {"period": bounds[:2], "period_end": ("period", bounds[1:]), "sex": ["F", "M"]}
    moves = xr.DataArray(np.ones((2, 2)), labels, ("period", "sex"), attrs={"units": "person"})
    yearly = moves.assign_attrs(units="person/year")
    assert total(moves, ["period", "sex"]).item() == 4
    assert total(yearly, "sex").values.tolist() == [2, 2]
    with pytest.raises(PartitionError, match="amounts a year are not added over years"):
        total(yearly, "period")


TIMES = np.array(["1985-07-01", "1995-07-01"], "M8[s]")


def union(values, role="area", **coords):
    labels = {role: ["SUN", "MDA"], "time": TIMES} | coords
    return xr.DataArray(values, labels, (role, "time"), attrs={"units": "person"})


def test_a_state_of_the_past_beside_a_successor_at_one_date():
    with pytest.raises(PartitionError, match=r"SUN beside MDA.* at 1985-07-01") as told:
        total(union([[280.0, np.nan], [4.1, 4.3]]), "area")
    assert "drop_sel(area=['SUN'])" in told.value.mend
    one_after_the_other = union([[280.0, np.nan], [np.nan, 4.3]])
    assert total(one_after_the_other, "area", missing="skip").values.tolist() == [280.0, 4.3]
    assert total(union([[280.0, 0.0], [0.0, 4.3]]), "area").values.tolist() == [280.0, 4.3]


def test_persons_born_in_a_state_that_ended_are_a_class_of_their_own():
    later = union([[np.nan, 12.0], [4.1, 4.3]], "birthplace")
    assert total(later.isel(time=[1]).assign_attrs(later.attrs), "birthplace").item() == 16.3
    with pytest.raises(PartitionError, match="at 1985-07-01"):
        total(union([[12.0, 12.0], [4.1, 4.3]], "birthplace"), "birthplace")
    undated = counts(birthplace=["SUN", "MDA"])
    with pytest.raises(PartitionError) as told:
        total(undated, "birthplace")
    assert "give x its time" in told.value.mend
    dated = undated.assign_coords(time=np.datetime64("2020-07-01", "s"))
    assert total(dated, "birthplace").item() == 3.0


def test_territory_of_a_lazy_array_is_judged_by_its_labels():
    dask = pytest.importorskip("dask.array")
    x = union([[280.0, np.nan], [np.nan, 4.3]])
    lazy = x.copy(data=dask.from_array(x.values, chunks=1))
    with pytest.raises(PartitionError, match="SUN beside MDA"):
        total(lazy, "area", missing="skip")


@pytest.mark.parametrize(
    ("states", "twice"),
    [
        (("labour_force", "employed", "unemployed"), True),
        (("ACT", "UNE"), True),
        (("POP", "INAC"), True),
        (("employed", "unemployed", "outside the labour force"), False),
        (("Labour force", "not in the labour force"), False),
        (("in", "out"), False),
    ],
)
def test_the_labour_force_is_not_added_to_those_it_holds(states, twice):
    x = xr.DataArray(
        np.ones(len(states)),
        {"labour_status": list(states)},
        "labour_status",
        attrs={"units": "person"},
    )
    if twice:
        with pytest.raises(PartitionError, match="states of labour_status of x overlap") as fault:
            total(x, "labour_status")
        assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)
    else:
        assert total(x, "labour_status").item() == len(states)
