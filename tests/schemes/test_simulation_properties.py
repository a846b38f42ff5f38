"""Properties of every simulation: heads, moves, person-years, limits, money, cells alone."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from migov.core.errors import AccountError, MigovWarning
from migov.schemes import Alternative, Hazards, OriginCap, Programme, kernels, simulation
from migov.schemes.result import TITLES

QUICK = settings(
    max_examples=10, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
ORIGINS = ("ALB", "MDA")
STOCKS = (*kernels.STOCKS,)
caps = st.just(0.0) | st.floats(1.0, 900.0)
share = st.floats(0.0, 0.3)
rate = st.floats(0.0, 2.0)


@st.composite
def hazards(draw):
    """Return rates and shares that may be zero, or large, but sum to one at most."""
    return Hazards(
        early_return=draw(rate), change_status=draw(rate), settlement=draw(rate),
        death=draw(st.floats(0.0, 0.2)), late_return=draw(rate), withdrawal=draw(rate),
        renewal=draw(st.floats(0.0, 1.0)), late=draw(share), irregular=draw(share),
        unknown=draw(share), reentry=draw(st.floats(0.0, 1.0)),
    )  # fmt: skip


@st.composite
def programmes(draw):
    """Return programmes of all lengths: odd days, renewals, pauses, re-entry, caps, seasons."""
    whole = draw(st.booleans())
    stay = f"{draw(st.integers(1, 20))} month" if whole else f"{draw(st.integers(10, 200))} day"
    renewals = draw(st.integers(0, 2)) if whole else 0
    length = int(stay.split()[0]) * (1 + renewals) if whole else 0
    settle = draw(st.booleans()) and length > 1
    reentry = draw(st.booleans())
    season = draw(st.sampled_from([(), (3, 4, 5, 6, 7, 8), (1, 12)]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        return Programme(
            name="p", kind="temporary", origin=ORIGINS, destination="DEU", stay=stay,
            renewals=renewals, reentry=reentry, season=season,
            reentry_priority=draw(st.booleans()),
            cooling_off="1 month" if draw(st.booleans()) else "0 month",
            max_stays=draw(st.sampled_from([None, 2, 3])) if reentry else None,
            settlement_after=f"{draw(st.integers(1, length))} month" if settle else "",
            change_of_status=draw(st.booleans()), carry_over=draw(st.booleans()),
            quota=draw(st.one_of(st.none(), st.just(0.0), st.floats(1.0, 3000.0))),
            quota_first_only=draw(st.booleans()),
            origin_cap=tuple(
                OriginCap(origin=o, number=n, date="2020-01-01", source="test")
                for o, n in zip(ORIGINS, draw(st.tuples(caps, caps)),
                                strict=True)
            ) if draw(st.booleans()) else (),
        )  # fmt: skip


def applicants(seed, members=2):
    rng = np.random.default_rng(seed)
    return xr.DataArray(
        rng.uniform(0, 900, (2, 2, members)) * (rng.random((2, 2, members)) > 0.2),
        {"occupation": ["5", "9"], "origin": list(ORIGINS), "member": np.arange(members)},
        ("occupation", "origin", "member"), attrs={"units": "person/year"},
    )  # fmt: skip


def run(made, how, seed, **more):
    counted = {} if made.is_mobility else {"migrants_counted": "additional"}
    return made.simulate(
        applicants=applicants(seed), hazards=how, start="2025-01-01", horizon="4 year", seed=1,
        **{**counted, **more},
    )  # fmt: skip


@QUICK
@given(programmes(), hazards(), st.integers(0, 9))
def test_nobody_is_lost_or_made_and_nothing_is_negative(made, how, seed):
    data = run(made, how, seed).dataset
    heads = sum(data[name] for name in STOCKS)
    applied = data["applications"].cumsum("period")
    np.testing.assert_allclose(heads.isel(time=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(
        heads.isel(time=slice(1, None)).values, applied.transpose("period", ...).values,
        rtol=1e-9, atol=1e-9,
    )  # fmt: skip
    for name in TITLES:
        if name in data:
            assert float(data[name].min()) >= -1e-9, name


@QUICK
@given(programmes(), hazards(), st.integers(0, 9))
def test_competing_exits_share_out_those_who_came(made, how, seed):
    """Who came and is gone left by one way each; time lived is at most the longest stay."""
    data = run(made, how, seed).dataset.sum("period")
    ends = sum(data[name] for name in (
        "returns_early", "returns_in_time", "overstays_late", "overstays_irregular",
        "outcomes_unknown", "status_changes", "settlements",
    ))  # fmt: skip
    assert bool((ends <= data["admissions"] + 1e-6).all())
    months = data["person_years"] * 12
    assert bool((months <= data["admissions"] * made.longest_months + 1e-6).all())


@QUICK
@given(programmes(), hazards(), st.integers(0, 9))
def test_no_limit_is_exceeded(made, how, seed):
    visas = xr.DataArray([500.0, 90.0], {"origin": list(ORIGINS)}, "origin",
                         attrs={"units": "person/year"})  # fmt: skip
    posts = xr.DataArray([300.0, 40.0], {"occupation": ["5", "9"]}, "occupation",
                         attrs={"units": "post"})  # fmt: skip
    data = run(made, how, seed, capacity=visas, demand=posts).dataset
    assert bool((data["abroad"].sum("origin") <= posts + 1e-6).all())
    by_origin = data["admissions"].sum("occupation")
    assert bool((by_origin <= visas + 1e-6).all())
    for cap in made.origin_cap:
        assert bool((by_origin.sel(origin=cap.origin) <= cap.number + 1e-6).all())
    if made.quota is not None:
        used = by_origin.sum("origin")
        if made.quota_first_only:
            used = used - data["readmissions"].sum(["occupation", "origin"])
        assert bool((used <= made.quota + 1e-6).all())


@QUICK
@given(programmes(), hazards(), st.integers(0, 9))
def test_a_member_alone_has_the_same_bits(made, how, seed):
    whole = run(made, how, seed).dataset
    counted = {} if made.is_mobility else {"migrants_counted": "additional"}
    alone = made.simulate(
        applicants=applicants(seed).isel(member=[1]), hazards=how, start="2025-01-01",
        horizon="4 year", seed=1, **counted,
    ).dataset  # fmt: skip
    for name, x in alone.items():
        every = whole[name]
        same = every.sel(member=[1]) if "member" in every.dims else every
        np.testing.assert_array_equal(x.values, same.transpose(*x.dims).values, err_msg=name)


@QUICK
@given(programmes(), hazards(), st.integers(0, 9), st.floats(0.0, 0.1))
def test_money_sums_to_what_is_made_in_every_world(made, how, seed, discount):
    """Over all actors transfers cancel: totals are output less what services use up."""
    assume(made.quota != 0)
    mix = Alternative(home_job=0.4, home_no_job=0.2, other_destination=0.3, same_destination=0.1)

    def price(value, unit="EUR/month"):
        return xr.DataArray(value, attrs={"units": unit, "price_base": 2025})

    prices = {
        "wage": price(2000.0), "home_wage": price(400.0), "living_cost": price(300.0),
        "remittance_share": price(0.4, "1"), "remittance_cost": price(0.05, "1"),
        "training_cost": price(4000.0, "EUR/person"), "service_margin": price(0.1, "1"),
        "income_tax": price(0.1, "1"),
    }  # fmt: skip
    ledger = run(made, how, seed, alternative=mix).ledger(
        prices, currency="EUR", price_base=2025, discount=f"{100 * discount:.3f} percent/year"
    )
    for world in ledger.books:
        real = {"output", "output at home", "output elsewhere", "income without a job",
                "cost of services"}  # fmt: skip
        items = ledger.by_item(world)
        size = max(float(abs(items).max()), 1.0)
        moved = [name for name in map(str, items["item"].values) if name not in real]
        if moved:
            assert float(abs(items.sel(item=moved).sum("actor")).max()) <= 1e-9 * size
        made_up = items.sel(item=[n for n in map(str, items["item"].values) if n in real])
        np.testing.assert_allclose(
            ledger.by_actor(world).sum("actor").values,
            made_up.sum(["item", "actor"]).values,
            atol=1e-8 * size,
        )


@pytest.mark.parametrize("name", ["admissions", "returns_in_time", "person_months", "deaths"])
def test_a_broken_flow_is_seen(name, monkeypatch):
    real = simulation.run

    def broken(setting):
        out = real(setting)
        out.flows[name] = out.flows[name] * 1.001
        return out

    monkeypatch.setattr(simulation, "run", broken)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        made = Programme(name="p", kind="temporary", origin=ORIGINS, destination="DEU",
                         stay="6 month")  # fmt: skip
    with pytest.raises(AccountError):
        run(made, Hazards(death=0.01, early_return=0.1), 1)
