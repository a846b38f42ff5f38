"""Ages: bounds and widths, limits inside groups, coarser groups."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core import status
from migov.core.ages import between, check_ages, check_limit, label, parse, regroup_ages, widths
from migov.core.definition import define, definition_of
from migov.core.definitions import UN_WPP_2024
from migov.core.errors import AgeError, DimensionError, KindError, MigovError, PartitionError

INF = float("inf")


def persons(lower, width, values=None, **attributes) -> xr.DataArray:
    values = np.arange(1.0, len(lower) + 1) if values is None else values
    return xr.DataArray(
        values,
        {"age": lower, "age_width": ("age", np.asarray(width, float))},
        "age",
        "persons",
        {"units": "person", **attributes},
    )


def five_years() -> xr.DataArray:
    return persons([0, 5, 10, 15, 20], [5, 5, 5, 5, INF])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0-4", (0, 5)),
        ("0–4", (0, 5)),
        ("15 to 64", (15, 50)),
        ("Y15-64", (15, 50)),
        ("Y15T64", (15, 50)),
        ("15-19 years", (15, 5)),
        ("80+", (80, INF)),
        ("Y_GE65", (65, INF)),
        ("YGE15", (15, INF)),
        ("65 and over", (65, INF)),
        (">=65", (65, INF)),
        ("Y_LT1", (0, 1)),
        ("under 5", (0, 5)),
        ("7", (7, None)),
        ("7.0", (7, None)),
        ("Y7", (7, None)),
        ("9-5", None),
        ("old", None),
        ("-5", None),
        ("", None),
        ("TOTAL", None),
    ],
)
def test_how_tables_write_ages(text, found):
    assert parse(text) == found


@given(st.integers(0, 120), st.one_of(st.integers(2, 50).map(float), st.just(INF)))
def test_a_label_is_read_back(lower, width):
    assert parse(label(lower, width)) == (lower, width)


def test_widths_are_needed_and_loaded():
    x = five_years()
    assert widths(x).tolist() == [5, 5, 5, 5, INF]
    with pytest.raises(AgeError, match="without their width") as caught:
        widths(x.drop_vars("age_width"), "call", "persons")
    assert caught.value.argument == "persons"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_widths_are_loaded_when_lazy():
    pytest.importorskip("dask")
    lazy = five_years().chunk({"age": 2})
    assert isinstance(widths(lazy), np.ndarray)


@pytest.mark.parametrize(
    ("lower", "width", "told"),
    [
        ([0, 10], [5, 5], "0-4 and 10-14 of x leave a gap"),
        ([0, 5], [10, 5], "0-9 and 5-9 of x overlap"),
        ([0, 5], [INF, 5], r"0\+ and 5-9 of x overlap"),
        ([5, 0], [5, 5], "overlap"),
        (["0-4", "5-9"], [5, 5], "ages of type"),
        ([0, 5], [np.nan, 5], "overlap|gap"),
        ([0, 5], [5, np.nan], "the age 5 with the width nan"),
        ([0, 5], [5, 0], "the age 5 with the width 0"),
        ([0, 5], [5, -5], "the age 5 with the width -5"),
        ([], [], "no ages"),
    ],
)
def test_ages_that_are_no_partition(lower, width, told):
    with pytest.raises(AgeError, match=told):
        check_ages(persons(lower, width), "call", "x")


def test_a_limit_inside_a_group_names_the_way_out():
    x = five_years()
    check_limit(x, 15, "call")
    check_limit(x, 0, "call")
    with pytest.raises(AgeError, match="lower=18 lies inside the group 15-19 of persons") as caught:
        check_limit(x, 18, "call", "persons", "lower")
    assert caught.value.mend == "lower=15 or lower=20, or finer ages"
    with pytest.raises(AgeError, match=r"the group 20\+") as caught:
        check_limit(x, 65, "call")
    assert caught.value.mend == "limit=20, or finer ages"


def test_sums_between_limits():
    x = five_years()
    assert between(x, 5, 15).item() == 5
    assert between(x, 5).item() == 14
    assert between(x, upper=10).item() == 3
    assert between(x, 5, 5).item() == 0
    assert np.isnan(between(x.where(x != 2), 5, 15))
    with pytest.raises(AgeError, match="no age from 15 to below 5"):
        between(x, 15, 5)
    with pytest.raises(AgeError, match="lies inside"):
        between(x, 7)
    with pytest.raises(AgeError, match="expected all from"):
        between(persons([15, 20], [5, 5]), 0, 20)
    with pytest.raises(AgeError, match=r"expected all from 15\+"):
        between(persons([15, 20], [5, 5]), 15)


def test_coarser_ages():
    x = status.mark(define(five_years(), UN_WPP_2024), "estimated", at=five_years() == 2)
    y = regroup_ages(x, [0, 10])
    assert y.values.tolist() == [3, 12]
    assert y.age.values.tolist() == [0, 10]
    assert y.age_width.values.tolist() == [10, INF]
    assert definition_of(y) == UN_WPP_2024
    assert y.attrs == x.attrs
    assert y.name == "persons"
    assert y.observation_status.values.tolist() == [status.flag("estimated"), 0]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_coarser_ages_conserve_totals(data):
    width = data.draw(st.lists(st.integers(1, 10), min_size=1, max_size=12))
    lower = np.cumsum([0, *width])[:-1]
    last = data.draw(st.booleans())
    sizes = [*map(float, width[:-1]), INF if last else float(width[-1])]
    values = data.draw(
        st.lists(st.integers(0, 10**9).map(float), min_size=len(lower), max_size=len(lower))
    )
    x = persons(lower, sizes, values).expand_dims(area=["DEU", "MDA"])
    kept = [0, *sorted(data.draw(st.sets(st.sampled_from(lower.tolist()))) - {0})]
    y = regroup_ages(x, kept)
    check_ages(y, "call", "y")
    assert y.sum("age").values.tolist() == x.sum("age").values.tolist()
    assert regroup_ages(y, [0]).squeeze("age").values.tolist() == x.sum("age").values.tolist()
    for bound, value in zip(kept, y.isel(area=0).values, strict=True):
        end = min([b for b in kept if b > bound], default=np.inf)
        assert value == sum(v for a, v in zip(lower, values, strict=True) if bound <= a < end)


def test_missing_groups_stay_missing():
    x = five_years()
    assert np.isnan(regroup_ages(x.where(x != 2), [0, 10]).values).tolist() == [True, False]


def test_coarser_ages_stay_lazy():
    dask = pytest.importorskip("dask")
    x = five_years().expand_dims(area=["DEU", "MDA"])

    def never(*_, **__):
        raise AssertionError("something was computed")

    lazy = x.chunk({"area": 1}).assign_coords(age_width=x.age_width)
    with dask.config.set(scheduler=never):
        y = regroup_ages(lazy, [0, 10])
    assert y.chunks is not None
    assert y.compute().identical(regroup_ages(x, [0, 10]))


@pytest.mark.parametrize(
    ("x", "lower", "kind"),
    [
        (five_years(), [0, 7], AgeError),
        (five_years(), [5, 10], AgeError),
        (five_years(), [0, 10, 5], AgeError),
        (five_years(), [], AgeError),
        (five_years(), [0, 30], AgeError),
        (five_years().drop_vars("age_width"), [0], AgeError),
        (persons([0, 10], [5, 5]), [0], AgeError),
        (persons([0, 5], [5, 5], units="per_thousand/year"), [0], PartitionError),
        (five_years().isel(age=0), [0], DimensionError),
        (five_years().rename(age="Age"), [0], DimensionError),
        ([1.0], [0], KindError),
    ],
)
def test_bad_inputs(x, lower, kind):
    with pytest.raises(kind) as caught:
        regroup_ages(x, lower)
    assert isinstance(caught.value, MigovError)
    assert caught.value.where == "regroup_ages"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
