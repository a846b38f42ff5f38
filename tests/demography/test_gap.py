"""One gap and its levers: each, put back, closes the gap."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import (
    AgeError,
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    MigovWarning,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.demography import gap_closed_by, labour_force

DATES = "2020-07-01 2025-07-01 2035-07-01"


def people():
    values = [
        [[30, 30, 60, 30, 10, 9, 8, 12], [30, 30, 61, 29, 10, 8, 6, 7]],
        [[28, 27, 58, 31, 12, 9, 8, 13], [28, 27, 58, 30, 11, 8, 6, 8]],
        [[25, 24, 52, 28, 14, 11, 8, 15], [25, 24, 52, 28, 13, 9, 7, 10]],
    ]
    ages = "0-14 15-24 25-54 55-64 65-69 70-74 75-79 80+"
    return mg.Cells(values, time=DATES, sex="F M", age=ages).array("thousand person")


def rates():
    values = [[40, 80, 60, 5], [45, 90, 70, 8]]
    return mg.Cells(values, sex="F M", age="15-24 25-54 55-64 65+").array("percent")


def force(population, share):
    return labour_force(population, share).sum(["sex", "age"]) * 1000


def test_each_lever_put_back_closes_the_gap():
    spare = mg.Cells(9.0).array("thousand person")
    table = gap_closed_by(people(), rates(), unused=spare)
    total = force(people(), rates())
    assert table.gap.values == pytest.approx((total[0] - total).values, abs=1e-9)
    assert (table.gap[1:] > 0).all()
    late = table.isel(time=2)
    gap = float(late.gap)
    # participation: so many points more among 15-64
    working = float(people().isel(time=2).sel(age=slice(15, 60)).sum()) * 1000
    assert working * float(late.amount.sel(lever="participation")) / 100 == pytest.approx(gap)
    # later retirement: the years taken group by group
    years, gain = float(late.amount.sel(lever="later retirement")), 0.0
    for age in (65, 70, 75):
        part = min(max(years - (age - 65), 0.0), 5.0) / 5.0
        now = people().isel(time=2).sel(age=age)
        gain += part * 1000 * float(now.sel(sex="F")) * 0.55
        gain += part * 1000 * float(now.sel(sex="M")) * 0.62
    assert 0 < years < 15
    assert gain == pytest.approx(gap, rel=1e-12)
    assert 9000 * float(late.amount.sel(lever="unused skills")) / 100 == pytest.approx(gap)
    growth = float(late.amount.sel(lever="productivity")) / 100
    assert float(total[2]) * (1 + growth) ** 15 == pytest.approx(float(total[0]))
    assert table.attainable.isel(time=1).all()
    assert not late.attainable.sel(lever="unused skills")


def test_units_stand_beside_the_levers():
    table = gap_closed_by(people(), rates())
    assert table.lever.values.tolist() == ["participation", "later retirement", "productivity"]
    assert table.unit.values.tolist() == ["percentage_point", "year", "percent/year"]
    assert table.gap.attrs["units"] == "person"
    assert "recommendation" in table.attrs["caveat"]
    assert table.amount.attrs["caveat"] == table.attrs["caveat"]
    written = mg.io.to_frame(table.amount).set_index("lever")["unit"]
    assert set(written.loc["participation"]) == {"percentage_point"}
    assert set(written.loc["later retirement"]) == {"year"}
    frame = table.amount.isel(time=1).to_dataframe()
    assert {"unit", "amount"} <= set(frame.columns)
    for unit in table.unit.values:
        assert mg.core.units.powers(str(unit)) is not None


def test_net_migration_stands_beside_them(make):
    july = make.july
    flow = xr.DataArray(
        [100.0, 400.0],
        {
            "period": [july(2020), july(2025)],
            "period_end": ("period", [july(2025), july(2035)]),
        },
        "period",
        attrs={"units": "person/year"},
    )
    table = gap_closed_by(people(), rates(), migration=flow)
    found = table.amount.sel(lever="net migration").values
    assert found == pytest.approx([0.0, 100.0, (100 * 5 + 400 * 10) / 15])
    with pytest.raises(TimeError, match="migration"):
        gap_closed_by(people(), rates(), migration=flow.isel(period=[0]))
    with pytest.raises(UnitError, match="migration"):
        gap_closed_by(people(), rates(), migration=flow.assign_attrs(units="person"))


def test_a_growing_labour_force_has_no_gap():
    grown = people().copy(data=people().values[::-1])
    table = gap_closed_by(grown, rates(), unused=mg.Cells(0.0).array("person"))
    assert (table.gap == 0).all()
    assert (table.amount == 0).all()
    assert table.attainable.all()


def test_what_no_retirement_age_reaches_is_missing():
    few = people().copy(deep=True)
    few[2, :, 2] = 20.0
    late = gap_closed_by(few, rates()).isel(time=2)
    assert np.isnan(late.amount.sel(lever="later retirement"))
    assert not late.attainable.sel(lever="later retirement")
    assert not late.attainable.sel(lever="participation")
    assert late.attainable.sel(lever="productivity")


def test_members_and_areas_stand_alone():
    scale = xr.DataArray(
        [[1.0, 1.1], [0.9, 1.0]], {"area": ["DEU", "MDA"], "member": [3, 8]}, ("area", "member")
    )
    many = (people() * scale).assign_attrs(people().attrs)
    given = rates().expand_dims(area=["DEU", "MDA"])
    table = gap_closed_by(many, given)
    assert set(table.amount.dims) == {"lever", "time", "area", "member"}
    one = gap_closed_by(people(), rates())
    found = table.sel(area="DEU", member=3)
    assert found.amount.values == pytest.approx(one.amount.values, rel=1e-12)


@pytest.mark.parametrize(
    ("population", "participation", "more", "kind", "told"),
    [
        (lambda: people().isel(time=[0]), rates, {}, TimeError, "one date"),
        (lambda: people().isel(time=0), rates, {}, DimensionError, "population needs 'time'"),
        (lambda: people().values, rates, {}, KindError, "population"),
        (lambda: -people(), rates, {}, MigovError, "population"),
        (people, lambda: rates().copy(data=rates().values * 2), {}, InputError, "participation"),
        (people, lambda: rates().isel(sex=0, drop=True), {}, AlignmentError, "sex"),
        (
            people,
            rates,
            {"retirement_age": 66},
            AgeError,
            "→ retirement_age=25 or retirement_age=55 or retirement_age=65$",
        ),
        (people, rates, {"retirement_age": 70}, AgeError, "participation"),
        (people, rates, {"retirement_age": 65.5}, ParameterError, "retirement_age"),
        (people, rates, {"unused": mg.Cells(-1.0).array("person")}, InputError, "unused"),
        (people, rates, {"unused": mg.Cells(1.0).array("percent")}, UnitError, "unused"),
        (
            people,
            rates,
            {"unused": mg.Cells((1.0, 2.0), sex="F M").array("person")},
            DimensionError,
            "unused has 'sex'",
        ),
        (people, rates, {"unused": 5.0}, KindError, "unused"),
    ],
)
def test_bad_inputs(population, participation, more, kind, told):
    with pytest.raises(kind, match=told) as caught:
        gap_closed_by(population(), participation(), **more)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_rates_of_the_working_ages_alone_say_what_lacks():
    share = mg.Cells([70.0], age="15-64").array("percent")
    older = mg.total(people(), "sex").sel(age=slice(15, None))
    with pytest.warns(MigovWarning, match="65"), pytest.raises(AgeError) as caught:
        gap_closed_by(older, share)
    assert "it has one group" in str(caught.value)
    assert caught.value.mend == (
        "participation with the ages from 65 as well, 0 where nobody takes part"
    )
