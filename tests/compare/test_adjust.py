"""Adjustments: published formula, identities, traces, intervals that never narrow."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import migov as mg
from migov.compare import Survival, by_criterion, harmonise, to_date, to_duration
from migov.core import definitions as d
from migov.core import status
from migov.core.definition import Definition
from migov.core.errors import (
    AlignmentError,
    DefinitionError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    PartitionError,
    TimeError,
    UnitError,
)

STAYS = Survival(months=(0, 3, 12, 24), share=(1, 0.8, 0.4, 0.3), lowest=(1, 0.7, 0.3, 0.2),
                 highest=(1, 0.9, 0.5, 0.4))  # fmt: skip


THREE = d.UN_1998_LONG_TERM.evolve(
    name="moves of three months and more",
    stay_months=3,
    exit_months=3,
    seasonal_workers="included",
)


def moves(definition: Definition | None = THREE, value: float = 1000.0):
    x = xr.DataArray([value, 0.0], {"area": ["DEU", "MDA"]}, "area", attrs={"units": "person"})
    return mg.define(x, definition)


def born(values=(900.0, 100.0)):
    labels = ["DEU", "MDA"]
    x = xr.DataArray(list(values), {"birthplace": labels}, "birthplace", attrs={"units": "person"})
    return mg.define(x, Definition(name="census", criterion="birth"))


def cross(table=((80.0, 10.0), (3.0, 7.0)), labels=("DEU", "MDA")):
    coords = {"birthplace": list(labels), "citizenship": ["DEU", "MDA"]}
    return xr.DataArray(
        np.array(table), coords, ("birthplace", "citizenship"), attrs={"units": "person"}
    )


def stock(values=(100.0, 121.0)):
    time = np.array(["2020-01-01", "2022-01-01"], "M8[s]")
    x = xr.DataArray(list(values), {"time": time}, "time", attrs={"units": "person"})
    return mg.define(x, Definition(criterion="everyone"))


@given(st.floats(0, 3), st.floats(0, 60), st.floats(0, 60))
def test_constant_rate_of_leaving_is_the_published_ratio(rate, have, want):
    # Nowok and Willekens (2011): N(d2) / N(d1) = exp(-μ (d2 - d1))
    stays = Survival.constant(rate=rate, lowest=rate / 2, highest=2 * rate)
    found = stays.ratio(have, want)
    assert found["value"] == pytest.approx(np.exp(-rate * (want - have) / 12), rel=1e-9)
    assert found["lowest"] <= found["value"] * (1 + 1e-12)
    assert found["value"] <= found["highest"] * (1 + 1e-12)


def test_stated_shares_and_the_way_back():
    out = to_duration(moves(), 12, survival=STAYS)
    assert out.value.sel(area="DEU").item() == pytest.approx(500.0)
    assert out.lowest.sel(area="DEU").item() == pytest.approx(1000 * 0.3 / 0.7)
    assert out.highest.sel(area="DEU").item() == pytest.approx(1000 * 0.5 / 0.9)
    back = to_duration(out, 3, survival=STAYS)
    assert back.value.sel(area="DEU").item() == pytest.approx(1000.0)
    # there and back the value returns, the interval does not
    assert back.lowest.sel(area="DEU").item() < 1000 < back.highest.sel(area="DEU").item()


def test_what_a_result_carries():
    out = to_duration(moves(), 12, survival=STAYS)
    found = mg.definition_of(out.value)
    assert (found.stay_months, found.exit_months, found.estimate) == (12, 12, "adjusted")
    trace = json.loads(out.attrs["adjustments"])
    assert [step["adjustment"] for step in trace] == ["to_duration"]
    assert trace[0]["survival"]["share"] == [1, 0.8, 0.4, 0.3]
    assert out.value.attrs["units"] == "person"
    assert "estimated" in status.names(out.value.coords[status.NAME].values[0])
    again = to_duration(out, 24, survival=STAYS)
    assert len(json.loads(again.attrs["adjustments"])) == 2


def test_departures_use_the_threshold_of_absence():
    x = moves(d.EU_862_2007_EMIGRATION.evolve(stay_months=3, exit_months=12))
    out = to_duration(x, 24, survival=STAYS)
    assert out.value.sel(area="DEU").item() == pytest.approx(1000 * 0.3 / 0.4)


def test_a_cross_table_of_the_same_population_gives_its_columns():
    table = cross()
    x = born(table.sum("citizenship").values)
    out = by_criterion(x, table, to="citizenship", changed=0.0)
    columns = table.sum("birthplace").values
    for name in ("value", "lowest", "highest"):
        assert np.allclose(out[name].values, columns, rtol=1e-13)
    assert mg.definition_of(out.value).criterion == "citizenship"


def test_persons_are_conserved_and_the_range_covers_who_may_have_changed():
    out = by_criterion(born(), cross(), to="citizenship", changed=0.2)
    assert out.value.sum().item() == pytest.approx(1000.0)
    shares = cross() / cross().sum("citizenship")
    low = (born().values[:, None] * shares.values * 0.8).sum(0)
    high = (born().values[:, None] * (shares.values + 0.2 * (1 - shares.values))).sum(0)
    assert np.allclose(out.lowest.values, low)
    assert np.allclose(out.highest.values, high)
    # anyone who kept or changed citizenship within the stated share stays inside
    rng = np.random.default_rng(0)
    for _ in range(50):
        moved = rng.dirichlet([1, 1], 2)
        part = 0.2 * rng.random(2)[:, None]
        mixed = shares.values * (1 - part) + part * moved
        total = (born().values[:, None] * mixed).sum(0)
        assert (total >= out.lowest.values - 1e-9).all()
        assert (total <= out.highest.values + 1e-9).all()


def test_other_dimensions_and_another_order_of_labels():
    x = xr.concat([born(), born((10.0, 20.0))], "sex").assign_coords(sex=["F", "M"])
    x.attrs = born().attrs
    turned = cross(((3.0, 7.0), (80.0, 10.0)), ("MDA", "DEU"))
    out = by_criterion(x, turned, to="citizenship", changed=0.1)
    for sex, values in (("F", (900.0, 100.0)), ("M", (10.0, 20.0))):
        alone = by_criterion(born(values), cross(), to="citizenship", changed=0.1)
        assert np.allclose(out.value.sel(sex=sex).values, alone.value.values)


def test_dates_between():
    linear = to_date(stock(), "2021-01-01")
    assert linear.value.item() == pytest.approx(110.5)
    assert (linear.lowest.item(), linear.highest.item()) == (100.0, 121.0)
    growth = to_date(stock(), "2021-01-01", how="exponential")
    assert growth.value.item() == pytest.approx(110.0)
    same = to_date(stock(), "2022-01-01")
    assert same.value.item() == same.lowest.item() == 121.0
    assert same.attrs["adjustments"] == "[]"


def test_missing_stays_missing():
    x = stock((np.nan, 121.0))
    assert np.isnan(to_date(x, "2021-01-01").value.item())
    assert np.isnan(to_date(x, "2021-01-01").highest.item())
    out = by_criterion(born((np.nan, 100.0)), cross(), to="citizenship", changed=0.0)
    assert np.isnan(out.value.values).all()


def test_harmonise_refuses_what_nothing_bridges():
    with pytest.raises(DefinitionError) as fault:
        harmonise(moves(), d.UN_1998_LONG_TERM, survival=STAYS)
    assert "seasonal_workers" in str(fault.value)
    with pytest.raises(DefinitionError, match="to_duration"):
        harmonise(moves(), d.UN_1998_LONG_TERM, accept=["seasonal_workers"])


def test_harmonise_keeps_accepted_differences_in_sight():
    out = harmonise(moves(), d.UN_1998_LONG_TERM, survival=STAYS, accept=["seasonal_workers"])
    found = mg.definition_of(out.value)
    assert found.seasonal_workers == "included"
    assert found != d.UN_1998_LONG_TERM
    assert "definition_differs" in status.names(out.value.coords[status.NAME].values[0])


def test_harmonise_reaches_the_definition_where_all_is_bridged():
    wanted = THREE.evolve(stay_months=12, exit_months=12)
    out = harmonise(moves(), wanted, survival=STAYS)
    assert mg.definition_of(out.value) == wanted.evolve(estimate="adjusted")
    by = harmonise(born(), Definition(criterion="citizenship"), cross=cross(), changed=0.1)
    assert by.value.dims == ("citizenship",)
    dated = harmonise(stock(), Definition(criterion="everyone"), date="2021-01-01")
    assert dated.value.item() == pytest.approx(110.5)


@pytest.mark.parametrize(
    ("call", "kind", "argument"),
    [
        (lambda: to_duration(3, 12, survival=STAYS), KindError, "x"),
        (lambda: to_duration(moves(), 12, survival=0.5), KindError, "survival"),
        (lambda: to_duration(moves(None), 12, survival=STAYS), DefinitionError, "x"),
        (
            lambda: to_duration(moves(d.UN_1998_SHORT_TERM), 12, survival=STAYS),
            DefinitionError,
            "x",
        ),
        (lambda: to_duration(moves(d.UN_WPP_2024), 12, survival=STAYS), DefinitionError, "x"),
        (
            lambda: to_duration(moves(d.UN_2025_MIGRATION_MOST_OF_YEAR), 12, survival=STAYS),
            DefinitionError,
            "x",
        ),
        (lambda: to_duration(moves(), 36, survival=STAYS), ParameterError, "want"),
        (lambda: to_duration(moves(value=-1.0), 12, survival=STAYS), InputError, "x"),
        (lambda: to_duration(moves(value=np.inf), 12, survival=STAYS), InputError, "x"),
        (
            lambda: to_duration(moves().assign_attrs(units="percent"), 12, survival=STAYS),
            PartitionError,
            "x",
        ),
        (lambda: to_duration(moves().drop_attrs(), 12, survival=STAYS), UnitError, "x"),
        (lambda: by_criterion(born(), cross(), to="sex", changed=0), ParameterError, "to"),
        (
            lambda: by_criterion(born(), cross(), to="citizenship", changed=2),
            ParameterError,
            "changed",
        ),
        (
            lambda: by_criterion(moves(), cross(), to="citizenship", changed=0),
            DimensionError,
            "x",
        ),
        (
            lambda: by_criterion(
                mg.define(born(), Definition(criterion="citizenship")),
                cross(),
                to="citizenship",
                changed=0,
            ),
            DefinitionError,
            "x",
        ),
        (
            lambda: by_criterion(
                born(), cross(((0.0, 0.0), (3.0, 7.0))), to="citizenship", changed=0
            ),
            InputError,
            "cross",
        ),
        (
            lambda: by_criterion(born(), cross(labels=("DEU", "ALB")), to="citizenship", changed=0),
            AlignmentError,
            "cross",
        ),
        (
            lambda: by_criterion(
                born(), cross().expand_dims(sex=["F"]), to="citizenship", changed=0
            ),
            DimensionError,
            "cross",
        ),
        (lambda: to_date(stock(), "2023-01-01"), TimeError, "date"),
        (lambda: to_date(stock(), "2021"), TimeError, "date"),
        (lambda: to_date(stock(), "2021-01-01", how="cubic"), ParameterError, "how"),
        (lambda: to_date(stock((0.0, 1.0)), "2021-01-01", how="exponential"), InputError, "x"),
        (
            lambda: to_date(stock().assign_coords(time=[2020, 2022]), "2021-01-01"),
            TimeError,
            "x",
        ),
        (lambda: harmonise(moves(), "UN"), KindError, "to"),
        (
            lambda: Survival(months=(3,), share=(1,), lowest=(1,), highest=(1,)),
            ParameterError,
            "months",
        ),
        (
            lambda: Survival(months=(3, 12), share=(0.5, 0.6), lowest=(0.5, 0.5), highest=(1, 1)),
            ParameterError,
            "share",
        ),
        (
            lambda: Survival(months=(3, 12), share=(0.5, 0.2), lowest=(0.5, 0.3), highest=(1, 1)),
            ParameterError,
            "share",
        ),
        (lambda: Survival.constant(rate=1, lowest=2, highest=3), ParameterError, "rate"),
    ],
)
def test_bad_input_names_its_argument(call, kind, argument):
    with pytest.raises(kind) as fault:
        call()
    assert isinstance(fault.value, MigovError)
    assert fault.value.argument == argument
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)
