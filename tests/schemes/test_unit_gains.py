"""Gains by a place: linear in places, the same as the ledger of a whole scheme."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core import status
from migov.core.cases import Cells
from migov.core.errors import DimensionError, ParameterError
from migov.schemes import Alternative, Cost, Hazards, OriginCap, Programme
from migov.schemes.design import Design
from migov.schemes.unit_gains import gains_per_place

ORIGINS = ("ALB", "MDA")
MIX = Alternative(home_job=0.6, home_no_job=0.2, other_destination=0.1, same_destination=0.1)


def programme(**changes):
    caps = tuple(OriginCap(origin=o, number=50000, date="2020-01-01", source="x") for o in ORIGINS)
    return Programme(**{
        "name": "care", "kind": "temporary", "origin": ORIGINS, "destination": "DEU",
        "occupations": ("5", "9"), "quota": 9e5, "origin_cap": caps, "stay": "24 month",
        "settlement_after": "20 month", "reentry": True, "cooling_off": "3 month",
        "costs": (Cost(item="travel", payer="employer"), Cost(item="housing", payer="worker")),
    } | changes)  # fmt: skip


def money(values, unit="EUR/month", **labels):
    x = Cells(values, **labels).array(unit) if labels else xr.DataArray(values)
    x.attrs = {"units": unit, "price_base": 2026}
    return x


def prices():
    return {
        "wage": money((2800.0, 2200.0), occupation="5 9"),
        "home_wage": money(((500.0, 400.0), (450.0, 350.0)), origin="ALB MDA", occupation="5 9"),
        "product": money((4200.0, 3000.0), occupation="5 9"),
        "income_tax": xr.DataArray(0.1, attrs={"units": "1"}),
        "travel_cost": money(300.0, "EUR/person"),
        "housing_cost": money(350.0),
        "remittance_share": xr.DataArray(0.3, attrs={"units": "1"}),
    }


def years(first=2026, count=3):
    dates = np.array([f"{y}-01-01" for y in range(first, first + count + 1)], "M8[s]")
    coords = {"period": dates[:-1], "period_end": ("period", dates[1:])}
    return xr.DataArray(np.zeros(count), coords, "period")


HOW = {
    "hazards": Hazards(early_return=(0.05, 0.1, 0.2), settlement=0.4, reentry=0.5, death=0.01),
    "migrants_counted": "additional", "members": 5, "seed": 3,
}  # fmt: skip
MONEY = {"currency": "EUR", "price_base": 2026, "discount": "3 percent/year"}


@pytest.mark.parametrize("against", ["home", "mix"])
def test_places_times_gains_are_the_ledger_of_the_whole_scheme(against):
    rules = programme()
    x = gains_per_place(rules, years(count=1), prices=prices(), horizon="6 year",
                        against=against, alternative=MIX, **MONEY, **HOW)  # fmt: skip
    pool = Cells(((120.0, 80.0), (50.0, 300.0)), occupation="5 9", origin="ALB MDA")
    run = rules.simulate(pool=pool.array("person"), start="2026-01-01", horizon="6 year",
                         alternative=MIX, **HOW)  # fmt: skip
    whole = status.take(run.ledger(prices(), **MONEY).against(against))[0]
    told = (status.take(x)[0].isel(period=0) * pool.array()).sum("occupation")
    np.testing.assert_allclose(
        told.transpose(*whole.dims).values, whole.values, rtol=1e-9, atol=1e-6
    )
    assert x.dims == ("actor", "occupation", "origin", "period", "member")
    assert x.attrs["units"] == "EUR/person"


def test_later_places_are_worth_less_by_the_discount_alone():
    x = gains_per_place(programme(), years(), prices=prices(), horizon="4 year", **MONEY, **HOW)
    own = status.take(x)[0].sel(actor="migrants")
    ratio = (own.isel(period=1) / own.isel(period=0)).values
    np.testing.assert_allclose(ratio, 1.03**-1, rtol=2e-3)


def test_limits_of_the_programme_are_left_aside_and_quotas_follow():
    tight = programme(quota=(("2026-01-01", 10.0),))
    x = gains_per_place(tight, years(), prices=prices(), horizon="4 year", **MONEY, **HOW)
    loose = gains_per_place(programme(), years(), prices=prices(), horizon="4 year", **MONEY, **HOW)
    np.testing.assert_array_equal(x.values, loose.values)
    found = Design(objective="migrants", relax=(("floor", "none"),)).solve(
        x, needs=Cells((100.0, 50.0), occupation="5 9").array("person"),
        caps=Cells((40.0, 30.0), origin="ALB MDA").array("person"),
    )  # fmt: skip
    assert float(found.quotas.sum()) <= 70 * 3 + 1e-6
    assert (found.who().loc[found.who()["guarded"], "loses in"] <= 0.1).all()
    assert found.quotas.attrs["stylised"] == 1


@pytest.mark.parametrize(
    ("spoil", "kind", "argument"),
    [
        ({"seed": None}, ParameterError, "seed"),
        ({"pool": 1}, ParameterError, "pool"),
        ({"periods": xr.DataArray(1.0)}, DimensionError, "periods"),
        ({"discount": "much"}, ParameterError, "discount"),
        ({"against": "moon"}, ParameterError, "what"),
    ],
)
def test_bad_inputs(spoil, kind, argument):
    how = {"periods": years(), "prices": prices(), **MONEY, **HOW, **spoil}
    with pytest.raises(kind) as caught:
        gains_per_place(programme(), **how)
    assert caught.value.argument == argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_programme_without_occupations_has_no_places():
    with pytest.raises(ParameterError, match="names no occupations") as caught:
        gains_per_place(
            programme(occupations=()), years(), prices=prices(), **MONEY, **HOW
        )  # fmt: skip
    assert caught.value.argument == "programme"


def test_an_input_that_no_simulation_has_is_named():
    with pytest.raises(ParameterError, match="'hazard' is no input of a simulation") as caught:
        gains_per_place(programme(), years(), prices=prices(), **MONEY, hazard=HOW["hazards"])
    assert caught.value.mend == "hazards=…"
    assert pickle.loads(pickle.dumps(caught.value)).argument == "hazard"
