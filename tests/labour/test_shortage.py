"""Shortage by occupation: an independent slow version, identities, and what is refused."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core import definitions, status
from migov.core.cases import Cells
from migov.core.definition import define, definition_of
from migov.core.errors import (
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    PartitionError,
    TimeError,
    UnitError,
)
from migov.labour import shortage

WHO = definitions.ILO_MODELLED_LABOUR_FORCE


def labour_force(members=3, seed=1):
    rng = np.random.default_rng(seed)
    ages = Cells(((0, 0, 0),), sex="F", age="15-24 25-54 55+")
    x = xr.DataArray(
        rng.uniform(10, 60, (2, 2, 3, members)),
        coords={
            "time": np.array(["2025-07-01", "2030-07-01"], "M8[s]"),
            "sex": ["F", "M"],
            "age": [15, 25, 55],
            "age_width": ages.array("person").coords["age_width"],
            "member": np.arange(members),
        },
        dims=("time", "sex", "age", "member"),
        attrs={"units": "thousand person"},
    )
    return define(x.assign_coords(area="DEU"), WHO)


def posts():
    x = Cells(((80.0, 30.0, 150.0),), time="2024-07-01", occupation="2 5 9").array()
    x.attrs["units"] = "thousand post"
    return x.isel(time=0).assign_coords(area="DEU")


def employed():
    x = Cells(((70.0, 30.0, 100.0), (60.0, 60.0, 80.0)), sex="F M", occupation="2 5 9")
    x = x.array("thousand person").assign_coords(area="DEU", time=np.datetime64("2023-07-01", "s"))
    return status.mark(x, "stylised")


def change():
    return Cells((0.01, 0.0, -0.02), occupation="2 5 9").array("1/year").assign_coords(area="DEU")


def slow(force, demand, jobs, growth):
    """Cell by cell in plain Python."""
    years = {0: 1.0, 1: 6.0}
    found = {}
    for t, o, m in itertools.product(range(2), range(3), range(force.sizes["member"])):
        people = 0.0
        for s, a in itertools.product(range(2), range(3)):
            row = [float(jobs.values[s, k]) for k in range(3)]
            people += 1000 * float(force.values[t, s, a, m]) * row[o] / sum(row)
        need = 1000 * float(demand.values[o]) * (1 + float(growth.values[o])) ** years[t]
        found[t, o, m] = (
            need,
            people,
            need - people if need > people else 0.0,
            people - need if people > need else 0.0,
            min(need, people) / need,
        )
    return found


def test_against_plain_python():
    force, demand, jobs, growth = labour_force(), posts(), employed(), change()
    out = shortage(demand, force, shares=jobs, change=growth)
    names = ("demand", "supply", "shortage", "surplus", "coverage")
    for (t, o, m), numbers in slow(force, demand, jobs, growth).items():
        cell = out.isel(time=t, occupation=o, member=m)
        for name, number in zip(names, numbers, strict=True):
            assert float(cell[name]) == pytest.approx(number, rel=1e-13, abs=1e-9), name


def test_identity_and_form():
    out = shortage(posts(), labour_force(), shares=employed())
    gap = out["demand"] - out["supply"]
    xr.testing.assert_allclose(gap, out["shortage"] - out["surplus"], rtol=1e-14)
    assert float((out["shortage"] * out["surplus"]).max()) == 0.0
    assert set(out["shortage"].dims) == {"time", "occupation", "member"}
    assert out["shortage"].attrs["units"] == "person"
    assert out["coverage"].attrs["units"] == "1"
    assert definition_of(out["supply"]) == WHO
    assert definition_of(out["shortage"]).counts == "posts"
    assert out.attrs["demand_held_from"] == "2024-07-01"
    assert str(out["area"].values) == "DEU"


def test_stylised_share_marks_the_result():
    out = shortage(posts(), labour_force(), shares=employed())
    assert (out["shortage"].observation_status & 256 == 256).all()
    marked = status.mark(labour_force(), "estimated")
    out = shortage(posts(), marked, shares=status.take(employed())[0])
    assert (out["shortage"].observation_status == 4).all()
    assert (
        status.NAME
        not in shortage(posts(), labour_force(), shares=status.take(employed())[0]).coords
    )


def test_vacancies_are_added():
    vacant = Cells((5.0, 0.0, 1.0), occupation="2 5 9").array("thousand post")
    vacant = vacant.assign_coords(area="DEU", time=posts().time)
    plain = shortage(posts(), labour_force(), shares=employed())
    more = shortage(posts(), labour_force(), shares=employed(), vacancies=vacant)
    np.testing.assert_allclose(
        (more["demand"] - plain["demand"]).isel(time=0, member=0).values, [5000.0, 0.0, 1000.0]
    )


def test_vacancies_grow_by_their_elasticity():
    vacant = Cells((5.0, 2.0, 1.0), occupation="2 5 9").array("thousand post")
    vacant = vacant.assign_coords(area="DEU", time=posts().time)
    given = {"shares": employed(), "vacancies": vacant, "change": change()}
    one, three = (
        shortage(posts(), labour_force(1), elasticity=e, **given)["demand"].isel(member=0)
        for e in (1.0, 3.0)
    )
    years, growth = np.array([1.0, 6.0]), 1.0 + change().values
    expected = [
        1000 * (posts().values.reshape(-1) * growth**t + vacant.values * growth ** (3 * t))
        for t in years
    ]
    np.testing.assert_allclose(three.transpose("time", "occupation"), expected, rtol=1e-12)
    plain = shortage(posts(), labour_force(1), **given)["demand"].isel(member=0)
    np.testing.assert_array_equal(one, plain)


@pytest.mark.parametrize("elasticity", [-1.0, np.nan, np.inf, "3", True, None])
def test_an_elasticity_that_is_none_is_refused(elasticity):
    vacant = Cells((5.0, 2.0, 1.0), occupation="2 5 9").array("thousand post")
    vacant = vacant.assign_coords(area="DEU", time=posts().time)
    given = {"shares": employed(), "vacancies": vacant, "change": change()}
    with pytest.raises(MigovError) as caught:
        shortage(posts(), labour_force(1), elasticity=elasticity, **given)
    assert caught.value.argument == "elasticity"


def test_an_elasticity_needs_vacancies_that_change():
    with pytest.raises(MigovError, match="without vacancies") as caught:
        shortage(posts(), labour_force(1), shares=employed(), elasticity=2.0)
    assert caught.value.argument == "elasticity"


def test_openings_are_net_change_and_replacement():
    leave = Cells((0.02, 0.03, 0.04), occupation="2 5 9").array("1/year").assign_coords(area="DEU")
    out = shortage(posts(), labour_force(1), shares=employed(), change=change(), replacement=leave)
    a, b = (out["demand"].isel(time=t, member=0).values for t in (0, 1))
    expected = b - a + leave.values * (a + b) / 2 * 5
    np.testing.assert_allclose(out["openings"].isel(period=0, member=0).values, expected)
    assert str(out["period_end"].values[0])[:10] == "2030-07-01"


def test_shares_given_as_shares_or_persons_are_the_same():
    jobs = employed()
    fractions = jobs / jobs.sum("occupation")
    fractions.attrs = {"units": "1"}
    a = shortage(posts(), labour_force(), shares=jobs)
    b = shortage(posts(), labour_force(), shares=fractions)
    np.testing.assert_allclose(a["supply"].values, b["supply"].values, rtol=1e-14)


def test_a_member_does_not_depend_on_the_others():
    force = labour_force(5)
    whole = shortage(posts(), force, shares=employed())
    alone = shortage(posts(), force.isel(member=[3]), shares=employed())
    assert np.array_equal(whole["shortage"].isel(member=[3]).values, alone["shortage"].values)


def test_lazy_is_the_same():
    force = labour_force(5)
    lazy = shortage(posts(), force.chunk(member=2), shares=employed())
    assert lazy["shortage"].chunks is not None
    assert np.array_equal(
        lazy["shortage"].values, shortage(posts(), force, shares=employed())["shortage"]
    )


def test_no_posts_no_coverage():
    need = Cells((0.0, 50.0), occupation="2 9").array("person")
    out = shortage(need, Cells((1.0, 60.0), occupation="2 9").array("person"))
    assert np.isnan(out["coverage"].values[0])
    assert status.names(int(out["coverage"].observation_status[0])) == ("undefined",)
    assert out["coverage"].values[1] == 1.0


def test_a_missing_number_stays_missing():
    need = Cells((np.nan, 50.0), occupation="2 9").array("person")
    out = shortage(need, Cells((1.0, 60.0), occupation="2 9").array("person"))
    for name in out.data_vars:
        assert np.isnan(out[name].values[0]), name
        assert np.isfinite(out[name].values[1]), name


def _bad(what):
    demand, supply, jobs, more = posts(), labour_force(), employed(), {}
    if what == "unit":
        demand.attrs["units"] = "EUR"
    elif what == "no unit":
        demand.attrs = {}
    elif what == "no shares":
        jobs = None
    elif what == "no occupation":
        demand = demand.isel(occupation=0, drop=True)
    elif what == "negative":
        demand = demand.copy(data=-demand.values)
    elif what == "infinite":
        demand = demand.copy(data=[np.inf, 1.0, 1.0])
    elif what == "labels":
        jobs = jobs.assign_coords(occupation=["2", "5", "8"])
    elif what == "twice":
        demand = demand.assign_coords(occupation=["2", "2", "9"])
    elif what == "overlap":
        demand = demand.assign_coords(occupation=["2", "22", "9"])
    elif what == "sex":
        demand = demand.expand_dims(sex=["F", "M"])
    elif what == "year":
        supply = supply.assign_coords(time=[2025, 2030])
    elif what == "too early":
        demand = demand.assign_coords(time=np.datetime64("2026-07-01", "s"))
    elif what == "ages":
        supply = supply.assign_coords(age=[15, 30, 55])
    elif what == "role":
        demand = demand.drop_vars("area").assign_coords(destination="DEU")
    elif what == "area":
        demand = demand.assign_coords(area="MDA")
    elif what == "sum":
        jobs = jobs / jobs.sum("occupation") * 1.1
        jobs.attrs["units"] = "1"
    elif what == "shares too many":
        supply = Cells((1.0, 2.0, 3.0), occupation="2 5 9").array("person")
    elif what == "frame":
        demand = demand.to_dataframe("posts")
    elif what == "replacement at one date":
        supply = supply.isel(time=0)
        more["replacement"] = change().copy(data=[0.1, 0.1, 0.1])
    return demand, supply, jobs, more


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("unit", UnitError),
        ("no unit", UnitError),
        ("no shares", DimensionError),
        ("no occupation", DimensionError),
        ("negative", InputError),
        ("infinite", InputError),
        ("labels", AlignmentError),
        ("twice", PartitionError),
        ("overlap", PartitionError),
        ("sex", DimensionError),
        ("year", TimeError),
        ("too early", TimeError),
        ("ages", MigovError),
        ("role", AlignmentError),
        ("area", AlignmentError),
        ("sum", PartitionError),
        ("shares too many", DimensionError),
        ("frame", KindError),
        ("replacement at one date", TimeError),
    ],
)
def test_what_is_refused(what, kind):
    demand, supply, jobs, more = _bad(what)
    with pytest.raises(kind) as caught:
        shortage(demand, supply, shares=jobs, **more)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert caught.value.where in ("shortage", "total", "hold")


@pytest.mark.parametrize("name", ["demand", "supply"])
def test_nothing_is_no_demand_and_no_supply(name):
    people = Cells((80.0, 60.0), occupation="2 9").array("person")
    with pytest.raises(KindError, match=f"{name} is a NoneType"):
        shortage(**({"demand": people, "supply": people} | {name: None}))


def test_advice_on_places_works_when_typed():
    posts = mg.Cells((400.0, 50.0), occupation="2 9").array("person")
    force = mg.Cells((300.0, 200.0), area="DE1 DE2").array("person")
    persons = mg.Cells([[30.0, 70.0], [120.0, 80.0]], area="DE1 DE2", occupation="2 9").array(
        "person"
    )
    percent = mg.share(persons, "occupation")
    # 300 times 30 %, 200 times 60 %
    expected = [400.0 - 90.0 - 120.0, 0.0]
    for shares, spread in ((percent, "shares"), (persons, 'migov.share(shares, "occupation")')):
        with pytest.raises(AlignmentError) as error:
            shortage(posts, force, shares=shares)
        advice = f'supply=migov.total(migov.spread(supply, {spread}), "area"), without shares'
        assert advice in error.value.mend
        typed = eval(
            advice.removeprefix("supply=").removesuffix(", without shares"),
            {"migov": mg, "supply": force, "shares": shares},
        )
        assert shortage(posts, typed).shortage.values == pytest.approx(expected)
    by_area = mg.Cells([[30.0, 70.0], [20.0, 10.0]], area="DE1 DE2", occupation="2 9")
    with pytest.raises(AlignmentError, match="supply has 'area'") as error:
        shortage(posts, by_area.array("person"))
    assert 'migov.total(supply, "area")' in error.value.mend
    with pytest.raises(AlignmentError, match="shares has 'area'") as error:
        shortage(posts, mg.Cells(500.0).array("person"), shares=persons)
    typed = mg.total(persons, "area")
    assert shortage(posts, mg.Cells(500.0).array("person"), shares=typed).shortage.values[
        0
    ] == pytest.approx(400 - 250)


def test_factors_of_growth_are_no_change():
    posts = mg.Cells((100.0, 50.0), occupation="2 9").array("person")
    posts = posts.assign_coords(time=np.datetime64("2024-07-01", "s"))
    people = mg.Cells([[90.0, 40.0]], time="2026-07-01", occupation="2 9").array("person")
    change = mg.Cells((1.02, 0.99), occupation="2 9").array("1/year")
    with pytest.raises(InputError, match=r"change holds 1\.02 in a year") as error:
        shortage(posts, people, change=change)
    typed = error.value.mend.partition(" if ")[0]
    rates = eval(typed, {"change": change})
    found = shortage(posts, people, change=rates).demand.values
    assert found == pytest.approx(np.array([[100 * 1.02**2, 50 * 0.99**2]]))
    with pytest.raises(InputError, match="change holds"):
        shortage(posts, people, change=mg.Cells((-1.5, 0.0), occupation="2 9").array("1/year"))
    several = mg.Cells([[90.0, 40.0], [80.0, 45.0]], time="2024-07-01 2026-07-01", occupation="2 9")
    percent = mg.Cells((3.0, 0.4), occupation="2 9").array("1/year")
    with pytest.raises(InputError, match="replacement holds 3 in a year") as error:
        shortage(posts, several.array("person"), replacement=percent)
    typed = eval(error.value.mend.partition(" if ")[0], {"replacement": percent})
    found = shortage(posts, several.array("person"), replacement=typed)
    # 3 % and 0.4 % of the posts a year, over two years
    np.testing.assert_allclose(found.openings, [[6.0, 0.4]], rtol=2e-3)
