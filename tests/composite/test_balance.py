"""The balance of four goals: levels, trends, trade-offs, and no total without weights."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import migov as mg
from migov.composite.balance import GOALS, Balance, goal_of
from migov.core.errors import (
    AlignmentError,
    CodeError,
    DimensionError,
    KindError,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.numeric.comovement import comovement

TIME = np.array(["2000-07-01", "2005-07-01", "2010-07-01", "2015-07-01", "2020-07-01"], "M8[s]")


def series(values, unit, **coords):
    return xr.DataArray(
        np.asarray(values, float),
        {"area": ["ALB", "MDA"], "time": TIME, **coords},
        ("area", "time"),
        attrs={"units": unit},
    )


DENSITY = series([[30, 32, 33, 36, 35], [50, 48, 47, 46, 44]], "per_ten_thousand")
DRAIN = series([[1.0, 1.3, 1.4, 2.0, 1.9], [2, 1.6, 1.5, 1.2, 1.0]], "percent/year")
OLD = series([[10, 12, 14, 18, 22], [14, 15, 15, 18, 21]], "percent")
GIVEN = {"sdg_3_c_1": DENSITY, "occupation_drain": DRAIN, "old_age_dependency_ratio": OLD}
SPLIT = Balance(
    goals=(("stay", ("occupation_drain",)), ("health", ("sdg_3_c_1", "old_age_dependency_ratio"))),
    targets=(("sdg_3_c_1", 49.0),),
    reference=("ALB", "MDA"),
)


def test_profile_shows_level_trend_and_gap_and_never_sorts_by_value():
    found = SPLIT.profile(GIVEN)
    assert (
        found.id.tolist()
        == ["occupation_drain"] * 2 + ["sdg_3_c_1"] * 2 + ["old_age_dependency_ratio"] * 2
    )
    row = found.set_index(["id", "area"]).loc[("sdg_3_c_1", "ALB")]
    fit = stats.linregress([0, 5, 10, 15, 20], DENSITY.sel(area="ALB"))
    assert row.trend == pytest.approx(fit.slope, rel=1e-12)
    assert row.trend_error == pytest.approx(fit.stderr, rel=1e-12)
    assert row.gap == 35 - 49
    assert row.reference == np.median([35, 44])
    assert row.sense == "towards"


def test_an_indicator_without_direction_is_a_level_only():
    found = SPLIT.profile(GIVEN).set_index("id")
    assert (found.loc["old_age_dependency_ratio", "sense"] == "").all()
    with pytest.raises(ParameterError, match="no direction"):
        Balance(targets=(("old_age_dependency_ratio", 30.0),))


def test_tradeoffs_are_correlations_of_turned_changes():
    found = SPLIT.tradeoffs(GIVEN).set_index("area")
    assert set(found["first"]) | set(found["second"]) == {"sdg_3_c_1", "occupation_drain"}
    r = np.corrcoef(np.diff(DENSITY.sel(area="ALB")), -np.diff(DRAIN.sel(area="ALB")))[0, 1]
    assert found.loc["ALB", "comovement"] == pytest.approx(r, rel=1e-12)
    assert found.loc["ALB", "told"] == "trade-off"
    assert found.loc["ALB", "n"] == 4


def test_fishers_interval_and_short_series():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 30))
    r, low, high, n = comovement(a, b, 0.9)
    known = stats.pearsonr(a, b).confidence_interval(0.9)
    assert (low, high) == pytest.approx((known.low, known.high), rel=1e-12)
    assert n == 30
    assert comovement(a[:3], b[:3])[1:3] == (-1.0, 1.0)
    assert np.isnan(comovement(np.ones(9), b[:9])[0])
    assert r == pytest.approx(stats.pearsonr(a, b).statistic, rel=1e-12)


def test_compare_has_no_total_unless_weights_are_stated():
    last = {name: x.isel(time=-1, area=0, drop=True) for name, x in GIVEN.items()}
    after = {name: last[name] * 1.1 for name in ("sdg_3_c_1", "occupation_drain")}
    for name, x in after.items():
        x.attrs = last[name].attrs
    frame = Balance.compare(before=last, after=after)
    assert frame.goal.tolist() == sorted(frame.goal, key=list(GOALS).index)
    assert "not affected by construction" in frame.sense.tolist()
    weights, scales = (
        {"sdg_3_c_1": 0.5, "occupation_drain": 0.5},
        {"sdg_3_c_1": 3.5, "occupation_drain": 0.19},
    )
    assert Balance.total(frame, weights=weights, scales=scales) == pytest.approx(0.0, abs=1e-12)
    with pytest.raises(ParameterError, match="one for each affected"):
        Balance.total(frame, weights={"sdg_3_c_1": 1.0}, scales=scales)
    with pytest.raises(ParameterError, match="do not sum to one"):
        Balance.total(frame, weights={"sdg_3_c_1": 0.5, "occupation_drain": 0.4}, scales=scales)


def test_each_theme_has_one_goal_and_bad_input_is_told():
    themes = [theme for themes in GOALS.values() for theme in themes]
    assert len(themes) == len(set(themes))
    assert goal_of("quota_utilisation") == "skills and labour needs"
    with pytest.raises(CodeError):
        Balance().profile({"nothing": OLD})
    with pytest.raises(ParameterError, match="two goals"):
        Balance(goals=(("a", ("sdg_3_c_1",)), ("b", ("sdg_3_c_1",))))
    with pytest.raises(DimensionError, match="by sex"):
        mg.Balance().profile({"old_age_dependency_ratio": OLD.expand_dims(sex=["F", "M"])})
    with pytest.raises(ParameterError, match="results is empty"):
        Balance().profile({})
    with pytest.raises(UnitError, match="old_age_dependency_ratio has no unit"):
        Balance().profile({"old_age_dependency_ratio": OLD.drop_attrs()})
    with pytest.raises(UnitError, match="old_age_dependency_ratio is in '1'"):
        Balance().profile({"old_age_dependency_ratio": OLD.assign_attrs(units="1")})


def test_a_slope_within_its_error_is_not_clear():
    noisy = series([[30, 33, 29, 34, 31], [30, 31, 32, 33.1, 34]], "per_ten_thousand")
    found = Balance().profile({"sdg_3_c_1": noisy}).set_index("area")
    assert found.trend["ALB"] > 0
    assert found.trend["ALB"] < 2 * found.trend_error["ALB"]
    assert found.sense.to_dict() == {"ALB": "not clear", "MDA": "towards"}
    two = noisy.isel(time=[0, 1]).assign_attrs(noisy.attrs)
    short = Balance().profile({"sdg_3_c_1": two})
    assert short.trend_error.isna().all()
    assert (short.sense == "not clear").all()


def test_changes_of_uneven_intervals_are_a_year():
    time = np.array(["2000-07-01", "2001-07-01", "2011-07-01", "2012-07-01", "2013-07-01"], "M8[s]")
    a = DENSITY.assign_coords(time=time).assign_attrs(DENSITY.attrs)
    b = DRAIN.assign_coords(time=time).assign_attrs(DRAIN.attrs)
    found = SPLIT.tradeoffs({"sdg_3_c_1": a, "occupation_drain": b}).set_index("area")
    apart = np.diff(time.astype("M8[Y]").astype(int))
    x, y = (np.diff(v.sel(area="ALB")) / apart for v in (a, -b))
    assert found.loc["ALB", "comovement"] == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-9)


def test_dates_out_of_order_have_no_last():
    with pytest.raises(TimeError, match="does not increase"):
        Balance().profile({"sdg_3_c_1": DENSITY.isel(time=[1, 0, 2]).assign_attrs(DENSITY.attrs)})


def test_a_total_asks_for_weights_and_says_what_to_type():
    last = {name: x.isel(time=-1, area=0, drop=True) for name, x in GIVEN.items()}
    frame = Balance.compare(before=last, after=last)
    with pytest.raises(ParameterError, match="weights are for nothing") as told:
        Balance.total(frame)
    assert "weights={'occupation_drain': …, 'sdg_3_c_1': …}" in told.value.mend
    assert pickle.loads(pickle.dumps(told.value)).argument == "weights"
    both = {"sdg_3_c_1": 0.5, "occupation_drain": 0.5}
    with pytest.raises(ParameterError, match="scales are for nothing"):
        Balance.total(frame, weights=both)
    with pytest.raises(ParameterError, match="scale of sdg_3_c_1 is 0"):
        Balance.total(frame, weights=both, scales={"sdg_3_c_1": 0, "occupation_drain": 1.0})
    with pytest.raises(ParameterError, match="is nan"):
        Balance.total(frame, weights=both | {"sdg_3_c_1": np.nan}, scales=both)
    with pytest.raises(KindError, match="frame is a int"):
        Balance.total(3, weights=both, scales=both)
    level = Balance.compare(before={"old_age_dependency_ratio": last["old_age_dependency_ratio"]},
        after={})  # fmt: skip
    with pytest.raises(ParameterError, match="no affected indicator"):
        Balance.total(level, weights={}, scales={})


def test_compare_takes_one_number_of_the_same_members():
    with pytest.raises(DimensionError, match="several labels of area"):
        Balance.compare(before=GIVEN, after=GIVEN)
    one = DENSITY.isel(time=-1, area=0, drop=True)
    members = xr.DataArray([0.9, 1.0, 1.1], {"member": [0, 1, 2]}, "member") * one
    drawn = members.assign_attrs(one.attrs)
    other = drawn.assign_coords(member=[1, 2, 3])
    with pytest.raises(AlignmentError, match="2 in common"):
        Balance.compare(before={"sdg_3_c_1": drawn}, after={"sdg_3_c_1": other})
    found = Balance.compare(
        before={"sdg_3_c_1": drawn}, after={"sdg_3_c_1": drawn.copy(data=drawn.values + 1)}
    )
    assert (found.low[0], found.high[0]) == pytest.approx((1.0, 1.0))
    with pytest.raises(KindError, match="after is a int"):
        Balance.compare(before={"sdg_3_c_1": one}, after=3)
