"""Alignment: what belongs together, whatever the order, and what does not."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core.align import align, scalars, shown
from migov.core.errors import AlignmentError, DimensionError

YEARS = np.array(["2020-07-01", "2025-07-01"], "M8[s]")


def make(**labels) -> xr.DataArray:
    """Return 1, 2, … over the labels; a single label makes a scalar coordinate."""
    dims = [name for name, values in labels.items() if np.ndim(values)]
    shape = [len(labels[name]) for name in dims]
    size = int(np.prod(shape))
    return xr.DataArray(np.arange(1.0, size + 1).reshape(shape), labels, dims)


def refused(told, argument=None, kind=AlignmentError, lacking=("member", "scenario"), **arrays):
    with pytest.raises(kind, match=told) as caught:
        align("call", arrays, lacking)
    assert caught.value.where == "call"
    if argument:
        assert caught.value.argument == argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    return caught.value


def test_what_fits_is_returned_as_it_is():
    a, b = make(area=["DEU", "MDA"], sex=["F", "M"]), make(area=["DEU", "MDA"], sex=["F", "M"])
    given = align("call", {"a": a, "b": b})
    assert given["a"] is a
    assert given["b"] is b
    turned = align("call", {"a": a, "b": b.transpose("sex", "area")})["b"]
    assert (a - turned).values.tolist() == [[0, 0], [0, 0]]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_order_of_labels_does_not_matter(data):
    a = make(area=["DEU", "MDA", "ALB", "KGZ"], sex=["F", "M"])
    b = a.sel(area=data.draw(st.permutations(a.area.values.tolist())))
    b = b.sel(sex=data.draw(st.permutations(["F", "M"])))
    out = align("call", {"a": a, "b": b})
    assert out["a"] is a
    assert out["b"].identical(a)
    back = align("call", {"b": b, "a": a})
    assert back["a"].identical(b)


def test_inputs_are_not_changed():
    a, b = make(area=["DEU", "MDA"]), make(area=["MDA", "DEU"])
    before = b.copy(deep=True)
    align("call", {"a": a, "b": b})
    assert b.identical(before)


def test_labels_that_one_lacks_are_named():
    a, b = make(area=["DEU", "MDA", "ALB"]), make(area=["DEU", "FRA"])
    error = refused("which b lacks", "b", a=a, b=b)
    assert "a has 'area' ALB, MDA which b lacks; b has 'area' FRA which a lacks" in error.what
    assert error.rule == 2


def test_dates_that_one_lacks():
    error = refused("2025-07-01 which rate lacks", a=make(time=YEARS), rate=make(time=YEARS[:1]))
    assert error.mend.startswith("migov.hold(rate, to=a.time)")


def test_labels_that_repeat():
    refused("twice: DEU", a=make(area=["DEU", "DEU"]), b=make(area=["DEU", "MDA"]))
    refused("twice: DEU", a=make(area=["DEU", "MDA"]), b=make(area=["DEU", "DEU"]))


def test_dimensions_need_labels():
    bare = xr.DataArray([1.0, 2.0], dims="area")
    error = refused(
        "b has no labels along 'area'", "b", DimensionError, a=make(area=["DEU"]), b=bare
    )
    assert "assign_coords" in error.mend


def test_a_dimension_that_one_lacks():
    a, b = make(area=["DEU"], sex=["F", "M"]), make(area=["DEU"])
    error = refused(
        r"population has 'sex' \(F, M\), refugees has not", "refugees", refugees=b, population=a
    )
    assert error.mend == 'migov.total(population, "sex")  # or give population by sex' or (
        error.mend == 'migov.total(population, "sex")  # or give refugees by sex'
    )
    assert align("call", {"a": a, "b": b}, lacking=["sex"])["b"] is b


def test_rates_are_not_to_be_added_up():
    people = make(age=[0, 15]).assign_attrs(units="person")
    rates = make(sex=["F", "M"], age=[0, 15]).assign_attrs(units="percent")
    with pytest.raises(AlignmentError) as caught:
        align("call", {"population": people, "rates": rates})
    assert caught.value.mend.startswith("give population by sex, or rates without it")
    with pytest.raises(AlignmentError, match=r"migov\.total"):
        align("call", {"population": people, "rates": rates.assign_attrs(units="none")})


def test_members_and_scenarios_may_be_absent():
    a, b = make(area=["DEU"], member=[0, 1]), make(area=["DEU"])
    assert align("call", {"a": a, "b": b})["b"] is b
    assert align("call", {"b": b, "a": a})["a"] is a
    refused("member", a=a, b=make(area=["DEU"], member=[0, 2]))
    refused("a has 'member'", lacking=(), a=a, b=b)


def test_members_are_paired_by_label():
    a, b = make(member=[0, 1]), make(member=[1, 0])
    assert align("call", {"a": a, "b": b})["b"].values.tolist() == [2, 1]


def test_a_scalar_is_a_dimension_of_one_label():
    a, b = make(sex=["F", "M"], area="DEU"), make(sex=["F", "M"], area="MDA")
    refused("a is for area DEU, b for MDA", "b", a=a, b=b)
    same = make(sex=["F", "M"], area="DEU")
    assert align("call", {"a": a, "b": same})["b"] is same
    one = make(sex=["F", "M"], area=["DEU"])
    spread = align("call", {"a": one, "b": same})["b"]
    assert spread.sizes["area"] == 1
    refused("area", a=one, b=b)
    refused("b has not", a=a, b=make(sex=["F", "M"]))


def test_a_scalar_total_counts_as_absent():
    a = make(area=["DEU"], sex="_T")
    b = make(area=["DEU"])
    assert align("call", {"a": a, "b": b})["a"] is a
    assert scalars(a) == {}
    assert scalars(make(area="DEU", other="x")) == {"area": "DEU"}
    refused("has not", a=make(area=["DEU"], sex=["F", "M"]), b=a)


def test_roles_are_told_apart():
    error = refused(
        "which role do the areas play", "b", a=make(origin=["MDA"]), b=make(area=["MDA"])
    )
    assert error.mend == "b.rename({'area': 'origin'})"
    assert error.rule == 8


def test_a_stock_and_a_flow():
    flow = make(period=YEARS).assign_coords(period_end=("period", YEARS + np.timedelta64(365, "D")))
    error = refused("has not", births=flow, population=make(time=YEARS))
    assert error.mend.startswith("migov.person_years(population)")


def test_widths_of_ages_are_compared():
    a = make(age=[0, 5, 10]).assign_coords(age_width=("age", [5.0, 5.0, np.inf]))
    b = a.assign_coords(age_width=("age", [5.0, 5.0, 5.0]))
    error = refused(r"a has the age 10\+, b has 10-14", "b", a=a, b=b)
    assert "regroup_ages" in error.mend
    refused("b has no 'age_width'", a=a, b=a.drop_vars("age_width"))
    mixed = a.isel(age=[2, 0, 1])
    assert align("call", {"a": a, "b": mixed})["b"].identical(a)
    one, other = a.isel(age=2), b.isel(age=2)
    refused(r"a has the age 10\+", a=one, b=other)


def test_ends_of_periods_are_compared():
    ends = np.array(["2025-07-01", "2030-07-01"], "M8[s]")
    a = make(period=YEARS).assign_coords(period_end=("period", ends))
    b = a.assign_coords(period_end=("period", ends - np.timedelta64(1, "D")))
    refused("2020-07-01 to 2025-07-01, b has 2020-07-01 to 2025-06-30", a=a, b=b)


def test_lazy_inputs_stay_lazy():
    dask = pytest.importorskip("dask")

    def never(*_, **__):
        raise AssertionError("something was computed")

    a = make(area=["DEU", "MDA"], sex=["F", "M"])
    with dask.config.set(scheduler=never):
        out = align("call", {"a": a, "b": a.isel(area=[1, 0]).chunk({"area": 1})})
    assert out["b"].chunks is not None
    assert out["b"].compute().identical(a)


def test_labels_as_errors_show_them():
    assert shown(["F", "M"]) == "F, M"
    assert shown(range(9)) == "0, 1, 2, 3 …"
    assert shown(YEARS) == "2020-07-01, 2025-07-01"
    assert shown("DEU") == "DEU"


def test_stocks_at_other_dates_are_told_the_way_for_stocks():
    first, other = make(time=YEARS[:1]), make(time=YEARS[1:2])
    first.attrs["units"] = other.attrs["units"] = "person"
    error = refused("which", a=first, b=other)
    assert error.mend.startswith('migov.compare.to_date(b, "')


def test_areas_by_name_are_told_their_codes():
    coded, named = make(area=["DEU", "MDA"]), make(area=["Germany", "Moldova"])
    error = refused("Germany", people=coded, stock=named)
    assert error.mend == (
        "stock = stock.assign_coords(area=[migov.areas.code(one) for one in stock.area.values])"
    )
    error = refused("Germany", people=named, stock=coded)
    assert error.mend.startswith("people = people.assign_coords(area=")
    error = refused("Germany", people=coded.isel(area=0), stock=named.isel(area=0))
    assert error.mend == "stock = stock.assign_coords(area=migov.areas.code(stock.area.item()))"


def test_what_is_lacked_can_be_dropped_as_told():
    x = make(area=["DEU", "MDA"], time=YEARS)
    for x_given, wanted in (
        (x.isel(time=0), 'a.drop_vars("time")'),
        (x.isel(time=[0]), "a.isel(time=0, drop=True)"),
    ):
        error = refused("a has 'time'", a=x_given, b=x.isel(time=0, drop=True))
        assert error.mend.startswith(wanted)
    one = x.isel(area=[0])
    error = refused("a has 'area'", a=one, b=one.isel(area=0, drop=True))
    assert error.mend.startswith('a.squeeze("area", drop=True)')
    assert "area" not in one.squeeze("area", drop=True).coords
