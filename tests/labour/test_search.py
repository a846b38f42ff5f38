"""Search and matching: three published calibrations, closed forms, and what is refused."""

from __future__ import annotations

import json
import pickle

import attrs
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov.core.errors import AlignmentError, MigovError, ParameterError, UnitError
from migov.labour import SearchMarket, kernels_search, segments
from migov.labour.search import (
    HAGEDORN_MANOVSKII_2008,
    PERIODS,
    PISSARIDES_2009,
    SHIMER_2005,
)

MARKETS = {
    "shimer2005": SHIMER_2005,
    "pissarides2009": PISSARIDES_2009,
    "hagedorn_manovskii2008": HAGEDORN_MANOVSKII_2008,
}
FIELDS = {"p": "product", "z": "leisure", "s": "separation", "c": "cost"}
NAMES = {
    "theta": "tightness",
    "job_finding_rate": "job_finding",
    "vacancy_filling_rate": "vacancy_filling",
    "unemployment": "unemployment",
    "vacancies": "vacancies",
    "wage": "wage",
}


def golden(shared, name):
    return json.loads((shared / "golden/labour/search/dmp_steady_states.json").read_text())[name]


def per_period(market, found, name):
    yearly = found[name].attrs["units"] == "1/year"
    return found[name].item() / (PERIODS[market.period] if yearly else 1.0)


@pytest.mark.parametrize("name", MARKETS)
def test_published_calibrations(shared, name):
    case, market = golden(shared, name), MARKETS[name]
    for field, value in case["parameters"].items():
        if field in FIELDS:
            assert getattr(market, FIELDS[field]) == value
    found = market.steady_state()
    for theirs, ours in NAMES.items():
        assert per_period(market, found, ours) == pytest.approx(
            case["steady_state"][theirs], rel=1e-9
        )
    for change, expected in case["comparative_statics"].items():
        field, factor = change.split("x")
        other = attrs.evolve(
            market, **{FIELDS[field]: getattr(market, FIELDS[field]) * float(factor)}
        )
        moved = other.steady_state()
        for theirs, ours in NAMES.items():
            assert per_period(other, moved, ours) == pytest.approx(expected[theirs], rel=1e-9)
    table = market.elasticities()
    for key, expected in case["elasticities_numerical"].items():
        result, parameter = key.split("_wrt_")
        long = {"theta": "tightness", "u": "unemployment"}[result]
        assert table.sel(result=long, parameter=FIELDS[parameter]).item() == pytest.approx(
            expected, rel=2e-5
        )
    if "elasticity_theta_wrt_p_analytic" in case:
        assert table.sel(result="tightness", parameter="product").item() == pytest.approx(
            case["elasticity_theta_wrt_p_analytic"], rel=1e-7
        )


def test_published_figures():
    assert PISSARIDES_2009.tightness() == pytest.approx(0.72, abs=0.005)
    assert PISSARIDES_2009.steady_state()["unemployment"] == pytest.approx(0.057, abs=0.0005)
    assert HAGEDORN_MANOVSKII_2008.tightness() == pytest.approx(0.634, abs=0.01)


def test_matching_functions(shared):
    table = pd.read_csv(shared / "golden/labour/search/matching_functions.csv")
    u, v = table["unemployed"], table["vacancies"]
    columns = {
        "cobb_douglas_A0_7_eta0_5": ("cobb_douglas", 0.7, 0.5),
        "cobb_douglas_capped_min_u_v": ("capped", 0.7, 0.5),
        "hrw_l_0_407": ("den_haan", 1.0, 0.407),
        "hrw_l_1_25": ("den_haan", 1.0, 1.25),
        "urn_ball": ("urn_ball", 1.0, 1.0),
    }
    for column, (kind, efficiency, elasticity) in columns.items():
        found = kernels_search.meetings(kind, u, v, efficiency, elasticity)
        np.testing.assert_allclose(found, table[column], rtol=1e-12, err_msg=column)
        assert kind == "cobb_douglas" or (found <= np.minimum(u, v) + 1e-15).all()


def test_beveridge_curves(shared):
    table = pd.read_csv(shared / "golden/labour/search/beveridge_curve.csv")
    for column, market in (
        ("u_cobb_douglas_shimer", SHIMER_2005),
        ("u_hrw_hagedorn_manovskii", HAGEDORN_MANOVSKII_2008),
    ):
        found = market.beveridge_curve(table["vacancy_rate"].tolist())
        np.testing.assert_allclose(found, table[column], rtol=1e-9)
    state = SHIMER_2005.steady_state()
    on_curve = SHIMER_2005.beveridge_curve([state["vacancies"].item()])
    assert on_curve.item() == pytest.approx(state["unemployment"].item(), rel=1e-12)


def test_paths(shared):
    table = pd.read_csv(shared / "golden/labour/search/unemployment_path_shimer.csv")
    found = SHIMER_2005.path(0.1, len(table) - 1)
    np.testing.assert_allclose(found, table["u_continuous_exact"], rtol=1e-12)
    # Per quarter more find a job than there are: no probability, and no difference equation.
    with pytest.raises(ParameterError, match="more than one"):
        attrs.evolve(SHIMER_2005, time="discrete").path(0.1, 3)
    weekly = HAGEDORN_MANOVSKII_2008
    f = weekly.steady_state()["job_finding"].item()
    u, slow = 0.2, [0.2]
    for _ in range(30):
        u = u + weekly.separation * (1 - u) - f * u
        slow.append(u)
    np.testing.assert_allclose(weekly.path(0.2, 30), slow, rtol=1e-12)
    rest = weekly.steady_state()["unemployment"].item()
    assert weekly.path(rest, 5).values == pytest.approx(rest, rel=1e-14)


def test_calibration_returns_its_targets():
    market = SearchMarket.calibrate(
        job_finding=0.6, tightness=0.72, leisure=0.71, separation=0.036, bargaining=0.5,
        discount=0.004, elasticity=0.5,
    )  # fmt: skip
    state = market.steady_state()
    assert market.tightness() == pytest.approx(0.72, rel=1e-12)
    assert state["job_finding"].item() / 12 == pytest.approx(0.6, rel=1e-12)


def test_the_surplus_is_shared():
    # Nash bargaining: the worker's gain is beta of the whole, written without the wage formula.
    for market in (SHIMER_2005, PISSARIDES_2009):
        state = {k: per_period(market, market.steady_state(), k) for k in NAMES.values()}
        r, s = market.discount, market.separation
        job = (market.product - state["wage"]) / (r + s)
        worker = (state["wage"] - market.leisure) / (r + s + state["job_finding"])
        assert worker / (worker + job) == pytest.approx(market.bargaining, rel=1e-10)
        assert job == pytest.approx(market.cost / state["vacancy_filling"], rel=1e-10)


def test_the_surplus_is_shared_in_periods():
    # Values of a job to the firm and to the worker from their own equations in discrete time.
    market = HAGEDORN_MANOVSKII_2008
    state = {k: per_period(market, market.steady_state(), k) for k in NAMES.values()}
    keep, delta = 1.0 - market.separation, 1.0 / (1.0 + market.discount)
    job = (market.product - state["wage"]) / (1.0 - delta * keep)
    worker = (state["wage"] - market.leisure) / (1.0 - delta * (keep - state["job_finding"]))
    assert worker / (worker + job) == pytest.approx(market.bargaining, rel=1e-10)
    assert market.cost == pytest.approx(delta * state["vacancy_filling"] * job, rel=1e-10)
    flows = market.separation * (1.0 - state["unemployment"])
    assert flows == pytest.approx(state["job_finding"] * state["unemployment"], rel=1e-12)


def test_segments():
    force = xr.DataArray([60.0, 40.0], {"occupation": ["2", "9"]}, attrs={"units": "person"})
    worse = attrs.evolve(PISSARIDES_2009, separation=0.06)
    out = segments({"9": worse, "2": PISSARIDES_2009}, force)
    for label, market in (("2", PISSARIDES_2009), ("9", worse)):
        state = market.steady_state()
        for name in NAMES.values():
            assert out[name].sel(occupation=label).item() == state[name].item()
    assert out.attrs["unemployment"] == pytest.approx(out["unemployed"].sum().item() / 100)
    assert out["job_finding"].attrs["units"] == "1/year"
    with pytest.raises(AlignmentError):
        segments({"2": PISSARIDES_2009}, force)
    with pytest.raises(ParameterError, match="different periods"):
        segments({"2": PISSARIDES_2009, "9": SHIMER_2005}, force)
    with pytest.raises(UnitError):
        segments({"2": PISSARIDES_2009, "9": worse}, force.assign_attrs(units="EUR"))


def test_what_is_refused():
    good = attrs.asdict(PISSARIDES_2009)
    calls = [
        lambda: SearchMarket(**good | {"leisure": 1.0}),
        lambda: SearchMarket(**good | {"separation": 0.0}),
        lambda: SearchMarket(**good | {"bargaining": 1.0}),
        lambda: SearchMarket(**good | {"cost": np.nan}),
        lambda: SearchMarket(**good | {"discount": -0.1}),
        lambda: SearchMarket(**good | {"elasticity": 1.0}),
        lambda: SearchMarket(**good | {"matching": "linear"}),
        lambda: SearchMarket(**good | {"period": "day"}),
        lambda: SearchMarket(**good | {"time": "discrete", "separation": 1.5}),
        lambda: PISSARIDES_2009.path(1.5, 3),
        lambda: PISSARIDES_2009.path(0.1, -1),
        lambda: PISSARIDES_2009.beveridge_curve([0.0]),
        lambda: PISSARIDES_2009.elasticities(of=("profit",)),
        lambda: SearchMarket.calibrate(job_finding=0.0, tightness=1.0),
    ]
    for call in calls:
        with pytest.raises(ParameterError) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
    assert hash(PISSARIDES_2009) == hash(SearchMarket(**good))
    assert "residents" in PISSARIDES_2009.steady_state().attrs["use"]


def test_shimer_as_replicated_for_teaching():
    # Steady state of a replication in quarters of discrete time, discount factor 0.99, read in
    # T. Martinez's course files (DMP1.mod): tightness 0.983917, unemployment 0.0690197.
    discrete = attrs.evolve(SHIMER_2005, time="discrete", discount=1 / 0.99 - 1)
    tightness = discrete.tightness()
    assert tightness == pytest.approx(0.983917, abs=5e-7)
    finding = SHIMER_2005.efficiency * tightness ** (1 - SHIMER_2005.elasticity)
    unemployment = SHIMER_2005.separation / (SHIMER_2005.separation + finding)
    assert unemployment == pytest.approx(0.0690197, abs=5e-8)


def test_elasticity_of_tightness_in_closed_form():
    # Shimer (2005), section II: with respect to net productivity it is (r + s + beta f) over
    # ((r + s) eta + beta f), 1.03 at his parameters; the figure is recalled.
    for market in (SHIMER_2005, PISSARIDES_2009):
        finding = per_period(market, market.steady_state(), "job_finding")
        wait, gained = market.discount + market.separation, market.bargaining * finding
        closed = (wait + gained) / (wait * market.elasticity + gained)
        by_product = market.elasticities(of="tightness").sel(parameter="product").item()
        net = by_product * (market.product - market.leisure) / market.product
        assert net == pytest.approx(closed, rel=1e-6)
        if market is SHIMER_2005:
            assert net == pytest.approx(1.03, abs=0.005)
    # Hagedorn and Manovskii (2008): a small surplus moves tightness an order of magnitude more.
    small = HAGEDORN_MANOVSKII_2008.elasticities(of="tightness").sel(parameter="product").item()
    large = SHIMER_2005.elasticities(of="tightness").sel(parameter="product").item()
    assert small > 10 * large


def test_advice_of_calibrate_works_when_typed():
    targets = {"job_finding": 0.6, "tightness": 0.72}
    fixed = {"leisure": 0.71, "separation": 0.036, "bargaining": 0.5, "discount": 0.004}
    with pytest.raises(ParameterError) as error:
        SearchMarket.calibrate(**targets, **fixed, matching="den_haan")
    assert error.value.mend == 'matching="cobb_douglas"'
    market = SearchMarket.calibrate(**targets, **fixed, matching="cobb_douglas")
    assert market.tightness() == pytest.approx(0.72, rel=1e-12)


def test_rates_in_percent_and_names_that_are_none():
    good = attrs.asdict(PISSARIDES_2009)
    for odd in ({"separation": 3.6}, {"discount": 1.2}):
        with pytest.raises(ParameterError, match=next(iter(odd))):
            SearchMarket(**good | odd)
    narrow = SearchMarket(**good | {"separation": np.float32(0.25), "cost": np.int64(1)})
    assert (narrow.separation, narrow.cost) == (0.25, 1)
    targets = {"job_finding": 0.6, "tightness": 0.72}
    fixed = {"leisure": 0.71, "separation": 0.036, "bargaining": 0.5, "discount": 0.004}
    with pytest.raises(ParameterError, match="leisre is no parameter"):
        SearchMarket.calibrate(**targets, **fixed, leisre=0.7)
    with pytest.raises(ParameterError, match="bargaining is missing"):
        SearchMarket.calibrate(**targets, **{k: v for k, v in fixed.items() if k != "bargaining"})
