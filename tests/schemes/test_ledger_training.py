"""Training in a ledger: double entry, by hand, conserved, and what leaves is gained somewhere."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core.cases import Cells
from migov.core.errors import AccountError, KindError, MigovError, TimeError
from migov.schemes import Hazards, OriginCap, Partnership, Programme, entries, entries_training
from migov.schemes.examples import WESTERN_BALKANS_ALB

PAYERS = (("employer", 0.7), ("origin_state", 0.3))
CAP = OriginCap(origin="MDA", number=5000, date="2024-01-01", source="test")


def deal(**rules):
    return Partnership(**{"leave": 0.5, "leak": 0.1, "payers": PAYERS} | rules)


def trained(members=None, **rules):
    begin = Cells((((100.0, 80.0, 0.0, 0.0),), ((50.0, 0.0, 0.0, 0.0),)), occupation="3 7",
                  origin="MDA", period="2026 2027 2028 2029").array("person")  # fmt: skip
    dropout = xr.DataArray([0.1, 0.2, 0.4], {"scenario": ["low", "central", "high"]}, "scenario",
                           attrs={"units": "1"})  # fmt: skip
    return deal(**rules).run(
        begin, training_time=xr.DataArray(18.0, attrs={"units": "month"}), seed=3,
        dropout=xr.DataArray(0.2, attrs={"units": "1"}) if members is None else dropout,
        members=members,
    )  # fmt: skip


def run(training, **rules):
    made = Programme(**{
        "name": "deal", "kind": "skills_partnership", "origin": "MDA", "destination": "DEU",
        "origin_cap": (CAP,), "stay": "24 month", "trained_per_departure": 1.0,
    } | rules)  # fmt: skip
    return made.simulate(
        applicants=training.applicants(), hazards=Hazards(), start="2026-01-01",
        horizon="4 year", migrants_counted="additional", seed=3,
    )  # fmt: skip


def price(value, unit="EUR/month"):
    return xr.DataArray(value, attrs={"units": unit, "price_base": 2026})


PRICES = {"wage": price(2500.0), "home_wage": price(500.0)}


def book(training, cost=9000.0, made=None, **how):
    prices = {**PRICES, "training_cost": price(cost, "EUR/person")}
    return (made or run(training)).ledger(
        prices, currency="EUR", price_base=2026, training=training, **how
    )


def test_training_lines_by_hand():
    """100 + 80 + 50 begin, 80 % finish; half leave, 10 % of the rest too; 9,000 each."""
    training = trained()
    rows = book(training).by_item().sum("origin")
    done = training.dataset["years"].sum() / 1.5
    assert 0.8 * 230 < float(done) < 230
    paid = rows.sel(item="training at origin")
    assert float(paid.sel(actor="destination_employers")) == pytest.approx(-0.7 * 9000 * done)
    assert float(paid.sel(actor="origin_state")) == pytest.approx(-0.3 * 9000 * done)
    assert float(paid.sel(actor="intermediaries")) == pytest.approx(9000 * done)
    assert float(rows.sel(item="trained people", actor="origin_state")) == pytest.approx(184 * 9000)
    left = rows.sel(item=entries_training.LEFT)
    assert float(left.sel(actor="destination_employers")) == pytest.approx(92 * 9000)
    assert float(left.sel(actor="elsewhere")) == pytest.approx(9.2 * 9000)
    assert float(left.sel(actor="origin_state")) == pytest.approx(-101.2 * 9000)
    for item in (paid, left):
        assert abs(float(item.sum("actor"))) < 1e-6


def test_what_the_origin_gains_is_who_stays_less_what_it_paid():
    """The same as the account of the training alone tells, with its payments."""
    training = trained()
    with_it, without = book(training), run(training).ledger(PRICES, currency="EUR", price_base=2026)
    more = (with_it.by_actor() - without.by_actor()).sum("origin")
    account = training.account(price(9000.0, "EUR/person"))
    paid = account["paid"].sum(["origin", "period"])
    stayed = float(training.dataset["stayers"].sum()) * 9000
    assert float(more.sel(actor="origin_state")) == pytest.approx(
        stayed + float(paid.sel(actor="origin_state"))
    )
    assert float(more.sel(actor="migrants")) == 0.0


def test_without_a_partnership_what_one_loses_another_gains():
    hazards = Hazards(settlement=0.5, change_status=0.1)
    made = WESTERN_BALKANS_ALB.simulate(
        applicants=Cells((900.0,), origin="ALB").array("person/year"), hazards=hazards,
        start="2025-01-01", horizon="8 year", quota_share=0.2, migrants_counted="additional",
        seed=1,
    )  # fmt: skip
    found = made.ledger(
        {**PRICES, "training_cost": price(5000.0, "EUR/person")}, currency="EUR", price_base=2026
    )
    left = found.by_item().sel(item="public training that left").sum("origin")
    heads = float((made.dataset["settlements"] + made.dataset["status_changes"]).sum())
    assert heads > 0
    assert float(left.sel(actor="origin_state")) == pytest.approx(-5000 * heads)
    assert float(left.sel(actor="destination_employers")) == pytest.approx(5000 * heads)
    elsewhere = found.by_item("other_destination").sel(item="public training that left")
    assert float(elsewhere.sel(actor="elsewhere").sum()) == pytest.approx(5000 * heads)
    assert any("gained by employers" in one for one in found.assumptions)
    assert "public training that left" not in found.by_item("home_job")["item"]


def test_a_product_of_trained_workers_is_warned_of():
    training = trained()
    prices = {**PRICES, "training_cost": price(9000.0, "EUR/person"), "product": price(4000.0)}
    found = run(training).ledger(prices, currency="EUR", price_base=2026, training=training)
    assert any("counts twice" in one for one in found.assumptions)


def test_members_are_paired():
    training = trained(members=5)
    found = book(training)
    assert found.by_actor().sizes["member"] == 5
    alone = trained(members=[3])
    np.testing.assert_allclose(
        found.by_actor().sel(member=[3]).values, book(alone).by_actor().values, rtol=1e-12
    )


@pytest.mark.parametrize("item", ["training at origin", entries_training.LEFT])
@pytest.mark.parametrize("side", [0, 1])
def test_a_broken_line_of_training_is_seen(monkeypatch, item, side):
    real = entries_training.write

    def broken(w, out, training, heads):
        real(w, out, training, heads)
        lines = [i for i, e in enumerate(out.entries) if e.item == item]
        old = out.entries[lines[side]]
        out.entries[lines[side]] = entries.Entry(old.item, old.actor, old.kind, old.amount * 1.01)

    monkeypatch.setattr(entries_training, "write", broken)
    with pytest.raises(AccountError, match="over actors"):
        book(trained())


def test_made_up_training_is_seen(monkeypatch):
    """A made value that is entered as a transfer to one side only does not close."""
    monkeypatch.setattr(
        entries.Book, "real",
        lambda self, item, actor, *x, sign=1.0: self.entries.append(
            entries.Entry(item, actor, "transfer", sign * self.amount(*x))
        ),
    )  # fmt: skip
    with pytest.raises(AccountError):
        book(trained())


BAD = {
    "no training": (lambda: book("moon", made=run(trained())), KindError, "training"),
    "no price": (lambda: run(trained()).ledger(PRICES, currency="EUR", price_base=2026,
                                               training=trained()), KindError, "prices"),
    "other periods": (lambda: book(trained(), made=Programme(
        name="x", kind="temporary", origin="MDA", destination="DEU", origin_cap=(CAP,),
        stay="24 month").simulate(
            applicants=trained().applicants(), hazards=Hazards(), start="2026-01-01",
            horizon="3 year", migrants_counted="additional")), TimeError, "training"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_does_not_fit_is_refused(what):
    call, kind, argument = BAD[what]
    with pytest.raises(kind) as caught:
        call()
    assert isinstance(caught.value, MigovError)
    assert caught.value.argument == argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
