"""The ledger: an independent account in plain Python, identities, comparisons, bad prices."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core import status
from migov.core.cases import Cells
from migov.core.errors import (
    AccountError,
    DataError,
    InputError,
    KindError,
    ParameterError,
    UnitError,
)
from migov.schemes import (
    PRICES,
    Alternative,
    Branch,
    Cost,
    Hazards,
    OriginCap,
    Programme,
    entries,
    ledger,
    monthly_wage,
)

MIX = Alternative(home_job=0.5, home_no_job=0.2, other_destination=0.2, same_destination=0.1)


def programme(**changes):
    caps = tuple(OriginCap(origin=o, number=4000, date="2020-01-01", source="x")
                 for o in ("ALB", "MDA"))  # fmt: skip
    return Programme(**{
        "name": "care", "kind": "temporary", "origin": ("ALB", "MDA"), "destination": "DEU",
        "occupations": ("5", "9"), "quota": 3000, "origin_cap": caps, "stay": "24 month",
        "settlement_after": "20 month", "reentry": True, "cooling_off": "3 month",
        "costs": (
            Cost(item="travel", payer="employer"), Cost(item="language", payer="destination_state"),
            Cost(item="housing", payer="worker"), Cost(item="administration", payer="employer"),
        ),
        "insured": (Branch(name="pension", insured=True, minimum_months=60, exportable=True),),
        "return_bonus": "on_top", "return_bonus_payer": "origin_state",
    } | changes)  # fmt: skip


def run(rules=None, alternative=MIX, **more):
    apply = Cells((((900.0, 700.0), (500.0, 300.0)), ((400.0, 200.0), (100.0, 600.0))),
                  sex="F M", origin="ALB MDA", occupation="5 9").array("person/year")  # fmt: skip
    how = {"hazards": Hazards(early_return=0.1, settlement=0.5, reentry=0.5, death=0.01,
                              irregular=0.02), "migrants_counted": "additional"}  # fmt: skip
    return (rules or programme()).simulate(
        applicants=apply, start="2025-01-01", horizon="5 year", alternative=alternative,
        **{**how, **more},
    )  # fmt: skip


def euro(values, unit="EUR/month", base=2022, **labels):
    x = Cells(values, **labels).array(unit) if labels else xr.DataArray(values)
    x.attrs = {"units": unit, "price_base": base}
    return x


def plain(value, unit="1"):
    return xr.DataArray(value, attrs={"units": unit})


def prices():
    return {
        "wage": euro((2800.0, 2200.0), occupation="5 9"),
        "home_wage": euro(((500.0, 400.0), (450.0, 350.0)), origin="ALB MDA", occupation="5 9"),
        "product": euro((4200.0, 3000.0), occupation="5 9"),
        "income_tax": plain(12.0, "percent"),
        "home_income_tax": plain(0.1),
        "employee_contribution": plain(0.2),
        "employer_contribution": plain(0.21),
        "home_employee_contribution": plain(0.11),
        "home_employer_contribution": plain(0.16),
        "remittance_share": plain(0.25),
        "remittance_cost": plain(5.0, "percent"),
        "travel_cost": euro(300.0, "EUR/person"),
        "language_cost": euro(2000.0, "EUR/person"),
        "visa_cost": euro(75.0, "EUR/person"),
        "housing_cost": euro(350.0),
        "living_cost": euro(200.0),
        "training_cost": euro((9000.0, 1000.0), "EUR/person", occupation="5 9"),
        "return_bonus": euro(500.0, "EUR/person"),
        "idle_income": euro(100.0),
        "posts_left_empty": plain(0.6),
        "other_destination_ratio": plain(0.8),
        "service_margin": plain(0.1),
        "resident_wage_effect": euro(5.0),
        "price_level": Cells((0.5, 0.4), origin="ALB MDA").array("1"),
    }


def book(made=None, given=None, **how):
    made = made or run()
    return made.ledger(given or prices(), **{"currency": "EUR", "price_base": 2022, **how})


def slow_account(made, discount):
    """Return the scheme's amounts by actor, and at home, in plain Python, over all cells."""
    d = made.dataset
    wage, product = {"5": 2800.0, "9": 2200.0}, {"5": 4200.0, "9": 3000.0}
    home = {("ALB", "5"): 500.0, ("ALB", "9"): 400.0, ("MDA", "5"): 450.0, ("MDA", "9"): 350.0}
    scheme, at_home = dict.fromkeys(entries.ACTORS, 0.0), dict.fromkeys(entries.ACTORS, 0.0)

    def pay(world, payer, payee, amount):
        world[payer] -= amount
        world[payee] += amount

    def service(payer, amount):
        pay(scheme, payer, "intermediaries", amount)
        scheme["intermediaries"] -= 0.9 * amount

    for t in range(5):
        f = (1 + discount) ** -(t + 0.5)
        for o in ("5", "9"):
            for g in ("ALB", "MDA"):
                for s in ("F", "M"):
                    c = d.isel(period=t).sel(occupation=o, origin=g, sex=s)
                    stay, after = 12 * float(c.person_years), 12 * float(c.person_years_settled)
                    w = wage[o]
                    for months, claim in ((stay, 0.0), (after, 1.0)):
                        base = f * months * w
                        pay(scheme, "destination_employers", "migrants", base)
                        scheme["destination_employers"] += f * months * product[o]
                        pay(scheme, "migrants", "destination_state", 0.12 * base)
                        pay(scheme, "migrants", "destination_state", 0.20 * base)
                        pay(scheme, "destination_employers", "destination_state", 0.21 * base)
                        pay(scheme, "destination_state", "migrants", claim * 0.41 * base)
                        net = base * (1 - 0.12 - 0.20)
                        pay(scheme, "migrants", "origin_households", 0.25 * net)
                        service("migrants", 0.05 * 0.25 * net)
                        service("migrants", f * months * 200.0)
                        pay(scheme, "destination_workers", "destination_employers",
                            f * months * 5.0)  # fmt: skip
                        h = f * months * home[g, o]
                        pay(at_home, "origin_employers", "migrants", 0.6 * h)
                        pay(at_home, "origin_households", "migrants", 0.4 * h)
                        at_home["origin_employers"] += 0.6 * h * 1.16
                        for rate in (0.1, 0.11):
                            pay(at_home, "migrants", "origin_state", rate * 0.6 * h)
                            pay(at_home, "migrants", "origin_households", rate * 0.4 * h)
                        pay(at_home, "origin_employers", "origin_state", 0.16 * 0.6 * h)
                        pay(at_home, "origin_state", "migrants", 0.27 * 0.6 * h)
                        pay(at_home, "origin_households", "migrants", 0.27 * 0.4 * h)
                    came = f * float(c.admissions)
                    first = came - f * float(c.readmissions)
                    service("destination_employers", 300.0 * came)
                    service("destination_state", 2000.0 * first)
                    service("migrants", f * stay * 350.0)
                    pay(scheme, "destination_employers", "destination_state", 75.0 * came)
                    scheme["destination_state"] -= 75.0 * came
                    lost = float(c.settlements + c.status_changes + c.overstays_irregular)
                    pay(scheme, "origin_state", "destination_employers",
                        f * lost * {"5": 9000.0, "9": 1000.0}[o])  # fmt: skip
                    bonus = f * 500.0 * float(c.returns_in_time)
                    pay(scheme, "origin_state", "migrants", bonus)
    return scheme, at_home


@pytest.mark.parametrize("discount", [0.0, 0.03])
def test_against_plain_python(discount):
    made = run()
    found = book(made, discount=f"{100 * discount:g} percent/year")
    scheme, at_home = slow_account(made, discount)
    for world, expected in (("scheme", scheme), ("home_job", at_home)):
        by_actor = found.by_actor(world).sum(["origin", "sex"])
        for actor, amount in expected.items():
            assert float(by_actor.sel(actor=actor)) == pytest.approx(amount, rel=1e-11, abs=1e-4)
    gain = found.against("home").sum(["origin", "sex"])
    for actor in entries.ACTORS:
        assert float(gain.sel(actor=actor)) == pytest.approx(
            scheme[actor] - at_home[actor], rel=1e-10, abs=1e-4
        )


def test_items_actors_and_periods_tell_the_same():
    found = book(discount="0 percent/year")
    items = found.by_item().sum("item")
    actors = found.by_actor()
    np.testing.assert_allclose(items.values, actors.values, rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(
        found.by_period().sum("period").values, actors.values, rtol=1e-12, atol=1e-6
    )
    transfers = found.by_item().sel(item=["wages", "remittances", "income tax", "claims"])
    assert float(abs(transfers.sum("actor")).max()) <= 1e-12 * float(abs(transfers).max())
    assert actors.attrs["units"] == "EUR"
    assert actors.attrs["price_base"] == "2022"
    assert actors.attrs["stylised"] == 1
    assert int(actors.observation_status) & status.FLAGS["stylised"]


def test_the_mix_is_the_weighted_worlds():
    found = book()
    gain = found.against("mix")
    worlds = {"home_job": 0.5, "home_no_job": 0.2, "other_destination": 0.2,
              "same_destination": 0.1}  # fmt: skip
    expected = found.by_actor() - sum(found.by_actor(w) * p for w, p in worlds.items())
    np.testing.assert_allclose(gain.values, expected.values, rtol=1e-12, atol=1e-6)
    migrants = {what: float(found.against(what).sel(actor="migrants").sum())
                for what in ("home", "mix")}  # fmt: skip
    assert migrants["mix"] < migrants["home"]
    with pytest.raises(ParameterError, match="no alternative"):
        book(run(alternative=None)).against("mix")


NAMES = "home_job home_no_job other_destination same_destination"


def test_an_alternative_with_members():
    rows = ((0.6, 0.1, 0.2, 0.1), (0.2, 0.2, 0.2, 0.4))
    made = run(alternative=Cells(rows, member="0 1", alternative=NAMES).array("1"))
    found = book(made)
    for member, row in enumerate(rows):
        admitted = made.dataset["admissions"].sel(member=member)
        heads = made.dataset["deadweight"].sel(member=member)
        np.testing.assert_allclose(heads, row[3] * admitted, rtol=1e-14)
        less = sum(found.by_actor(w) * p for w, p in zip(NAMES.split(), row, strict=True))
        gain = (found.by_actor() - less).sel(member=member)
        np.testing.assert_allclose(
            found.against("mix").sel(member=member), gain, rtol=1e-10, atol=1e-5
        )


def test_a_range_of_alternatives_is_mixed_so_that_it_sums_to_one():
    rows = ((0.2, 0.2, 0.3, 0.3), (0.5, 0.2, 0.2, 0.1), (0.9, 0.1, 0.0, 0.0))
    x = Cells(rows, scenario="low central high", alternative=NAMES).array("1")
    made = run(alternative=x, members=40, seed=2)
    drawn = made.alternative
    np.testing.assert_allclose(drawn.sum("alternative"), 1.0, rtol=1e-14)
    job = drawn.sel(alternative="home_job")
    assert 0.2 <= float(job.min()) < 0.4
    assert 0.6 < float(job.max()) <= 0.9
    alone = run(alternative=x, members=[11], seed=2).alternative
    assert np.array_equal(alone, drawn.sel(member=[11]).transpose(*alone.dims))


def test_totals_ask_for_weights():
    found = book()
    one = dict.fromkeys(entries.ACTORS, 1.0)
    for bad in ({}, {"migrants": 1.0}, {**one, "world": 1.0}, {**one, "migrants": -1.0}):
        with pytest.raises(ParameterError):
            found.total(bad)
    whole = found.total(one)
    np.testing.assert_allclose(whole, found.against("home").sum("actor"), rtol=1e-9)
    assert whole.attrs["weights"].startswith("destination_state 1")
    migrants = found.total({**dict.fromkeys(entries.ACTORS, 0.0), "migrants": 2.0}, what="mix")
    np.testing.assert_allclose(migrants, 2 * found.against("mix").sel(actor="migrants"))


def test_what_nobody_gives_nobody_gets():
    """Transfers cancel over actors: the sum of gains is what is made less what is used up."""
    found = book()
    for world, b in found.books.items():
        made = sum(e.amount for e in b.entries if e.kind == "real")
        every = sum(e.amount for e in b.entries if e.kind != "valuation")
        np.testing.assert_allclose(every, made, rtol=1e-10, atol=1e-5, err_msg=world)


@pytest.mark.parametrize("place", [0, 1, 3, 7])
def test_a_broken_entry_is_seen(monkeypatch, place):
    real = ledger.with_scheme

    def broken(writer, **how):
        out = real(writer, **how)
        sides = [i for i, e in enumerate(out.entries) if e.kind == "transfer" and e.amount.any()]
        old = out.entries[sides[place]]
        out.entries[sides[place]] = entries.Entry(old.item, old.actor, old.kind, old.amount * 1.01)
        return out

    monkeypatch.setattr(ledger, "with_scheme", broken)
    with pytest.raises(AccountError, match="over actors"):
        book()


def test_a_side_that_is_computed_wrongly_is_seen(monkeypatch):
    real = entries.Book.other_side
    monkeypatch.setattr(entries.Book, "other_side", lambda self, *x: real(self, *x[:-1]))
    with pytest.raises(AccountError):
        book()


def test_no_quota_no_money():
    found = book(run(programme(quota=0)))
    for world in found.books:
        assert float(abs(found.by_actor(world, purchasing_power=True)).max()) == 0.0
    assert float(found.time_apart().sum()) == 0.0


def test_members_are_kept_and_independent():
    hazards = Hazards(early_return=(0.05, 0.1, 0.3), settlement=0.2, reentry=0.3)
    ranged = {**prices(), "travel_cost": euro((100.0, 300.0, 900.0), "EUR/person",
                                              scenario="low central high")}  # fmt: skip
    whole = book(run(hazards=hazards, members=9, seed=4), ranged).by_actor()
    alone = book(run(hazards=hazards, members=[5], seed=4), ranged).by_actor()
    assert np.array_equal(whole.sel(member=[5]), alone)
    assert len(np.unique(whole.sel(actor="migrants").sum(["origin", "sex"]))) == 9


def test_ranges_of_prices_are_scenarios_without_members():
    ranged = {**prices(), "travel_cost": euro((100.0, 300.0, 900.0), "EUR/person",
                                              scenario="low central high")}  # fmt: skip
    found = book(given=ranged).by_actor().sel(actor="destination_employers").sum(["origin", "sex"])
    assert (np.diff(found.values) < 0).all()


def test_currency_price_base_and_dates():
    lek = {**prices()}
    home = lek["home_wage"] * 120.0
    home.attrs = {"units": "ALL/month", "price_base": 2022}
    rate = Cells((118.0, 120.0), time="2021-07-01 2022-07-01").array("ALL/EUR")
    lek["home_wage"] = home.assign_coords(time=np.datetime64("2022-12-01", "s"))
    lek["exchange_rate_all"] = rate
    a, b = book(given=lek), book()
    np.testing.assert_allclose(a.by_actor("home_job"), b.by_actor("home_job"), rtol=1e-12)
    dearer = {k: x if "price_base" not in x.attrs else x.assign_attrs(price_base=2020)
              for k, x in prices().items()}  # fmt: skip
    c = book(given=dearer, deflators={2020: 1.1})
    np.testing.assert_allclose(c.by_actor(), 1.1 * b.by_actor(), rtol=1e-12)


def test_dated_prices_hold():
    dated = {**prices()}
    x = Cells((300.0, 600.0), time="2024-07-01 2027-01-01").array("EUR/person")
    dated["travel_cost"] = x.assign_attrs(price_base=2022)
    a = book(given=dated).by_item(discounted=False).sel(item="travel there and back")
    made = run().dataset["admissions"].sum(["occupation", "origin", "sex"])
    paid = float(made[:2].sum()) * 300 + float(made[2:].sum()) * 600
    employers = a.sel(actor="destination_employers").sum().item()
    assert employers == pytest.approx(-paid)


def test_contributions_without_a_claim():
    """A stay too short for a pension pays and gets nothing; with a refund it gets it back."""
    item = book().by_item()
    assert "contributions without claim" in item["item"].values
    assert float(item.sel(item="contributions without claim", actor="destination_state").sum()) > 0
    branch = Branch(name="pension", insured=True, minimum_months=60, refund=True)
    claimed = book(run(programme(insured=(branch,)))).by_item()
    assert float(abs(claimed.sel(item="contributions without claim")).max()) == 0.0
    free = book(run(programme(insured=(), settlement_after="")))
    assert float(abs(free.by_item().sel(item="contributions with claim")).max()) == 0.0
    assert any("no branch is insured" in text for text in free.assumptions)
    two = (branch, Branch(name="family", insured=True, minimum_months=60))
    with pytest.raises(DataError, match="claim_share"):
        book(run(programme(insured=two)))
    assert book(run(programme(insured=two)), {**prices(), "claim_share": plain(0.7)})


def test_what_is_absent_or_not_charged_is_told():
    found = book(given={**prices(), "recruitment_cost": euro(900.0, "EUR/person")})
    assert any("recruitment_cost" in text for text in found.assumptions)
    assert "integration_cost" in found.absent
    assert set(found.paid_by_workers) == {"living_cost", "remittance_cost", "housing_cost"}
    few = {k: prices()[k] for k in ("wage", "home_wage")}
    assert any("labour cost" in text for text in book(given=few).assumptions)


def test_published_layouts_are_read():
    """Earnings by area, tax rates by area, contributions by area and payer."""
    given = prices()
    wide = {k: given[k] for k in given if "contribution" not in k and "income_tax" not in k
            and k not in ("wage", "home_wage")}  # fmt: skip
    wide["earnings"] = euro(((2800.0, 2200.0), (500.0, 400.0), (450.0, 350.0)),
                            area="DEU ALB MDA", occupation="5 9")  # fmt: skip
    wide["income_tax_rate"] = Cells((12.0, 10.0, 10.0), area="DEU ALB MDA").array("percent")
    wide["contribution_rate"] = Cells(((20.0, 21.0), (11.0, 16.0), (11.0, 16.0)),
                                      area="DEU ALB MDA", payer="employee employer").array(
        "percent")  # fmt: skip
    a, b = book(given=wide), book()
    for world in a.books:
        np.testing.assert_allclose(a.by_actor(world), b.by_actor(world), rtol=1e-12, atol=1e-6)


def test_purchasing_power_counts_at_home_only():
    found = book()
    more = found.by_actor(purchasing_power=True) - found.by_actor()
    assert set(more.actor.values[(abs(more) > 1e-6).any(["origin", "sex"]).values]) == {
        "origin_households"
    }
    sent = found.by_item().sel(item="remittances", actor="origin_households")
    level = prices()["price_level"]
    expected = sent.drop_vars(["item", "actor"]) * (1 / level - 1)
    np.testing.assert_allclose(
        more.sel(actor="origin_households").transpose("origin", "sex"),
        expected.transpose("origin", "sex"), rtol=1e-10,
    )  # fmt: skip


def test_time_apart_is_hours_not_money():
    made = run()
    hours = book(made).time_apart()
    assert hours.attrs["units"] == "hour"
    np.testing.assert_allclose(hours, made.dataset["person_years"] * 365.2425 * 24)
    together = book(run(programme(family="reunite")))
    assert float(together.time_apart().sum()) == 0.0


def test_discount_and_other_arguments():
    made = run()
    assert float(book(made).factors[0]) == 1.0
    np.testing.assert_allclose(
        book(made, discount="3 percent/year").factors, 1.03 ** -(np.arange(5) + 0.5)
    )
    for bad, kind in (
        ("3", ParameterError),
        ("3 EUR", UnitError),
        ("900 percent/year", ParameterError),
    ):
        with pytest.raises(kind):
            book(made, discount=bad)
    for currency in ("euro", "PPP"):
        with pytest.raises(ParameterError):
            book(made, currency=currency)
    with pytest.raises(KindError):
        book(made, given=[1, 2])
    for bad in ("away",):
        with pytest.raises(ParameterError):
            book(made).against(bad)
        with pytest.raises(ParameterError):
            book(made).by_actor(bad)


FAULTS = [
    ({"wage": None}, "'wage' is missing"),
    ({"wage": euro(2800.0, "EUR/person")}, "expected 'EUR/month'"),
    ({"wage": xr.DataArray(2800.0)}, "no unit"),
    ({"wage": euro(2800.0, "USD/month")}, "exchange_rate_usd"),
    ({"wage": euro(2800.0, base=2019)}, "deflators"),
    ({"wage": plain(2800.0, "EUR/month")}, "no price base"),
    ({"wage": euro(-1.0)}, "negative"),
    ({"wage": euro(np.nan)}, "missing or infinite"),
    ({"wage": euro(np.inf)}, "missing or infinite"),
    ({"wage": 2800.0}, "expected an xarray DataArray"),
    ({"wage": euro((1.0, 2.0), occupation="5 8")}, "lacks occupation 9"),
    ({"wage": euro((1.0, 2.0), education="5 8")}, "has 'education'"),
    ({"home_wage": euro((1.0,), origin="ALB")}, "lacks origin MDA"),
    ({"income_tax": plain(12.0, "EUR")}, "income_tax"),
]


@pytest.mark.parametrize(("change", "text"), FAULTS)
def test_each_fault_of_prices_is_told(change, text):
    given = {k: x for k, x in {**prices(), **change}.items() if x is not None}
    with pytest.raises(DataError) as caught:
        book(given=given)
    assert text in " ".join(caught.value.faults)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_faults_of_prices_are_told_together():
    given = {**prices(), "wage": euro(-1.0), "travel_cost": plain(3.0, "EUR/person")}
    del given["home_wage"]
    with pytest.raises(DataError) as caught:
        book(given=given)
    assert len(caught.value.faults) == 3


def test_every_price_has_a_unit_and_a_title():
    for key, price in PRICES.items():
        assert price.unit in ("1", "currency/month", "currency/person"), key
        assert price.title


def test_a_ledger_pickles():
    found = book()
    assert pickle.loads(pickle.dumps(found)).identical(found)


def test_a_monthly_wage_needs_hours():
    with pytest.raises(UnitError):
        monthly_wage(euro(13.9, "EUR/month"), plain(40.0, "hour/week"))


LEI = {"units": "MDL/month", "price_base": 2022}


def rate(value, unit, day="2022-07-01"):
    return plain(value, unit).assign_coords(time=np.datetime64(day, "s"))


def bare(**more):
    """Return the two prices that a ledger needs, and more."""
    return {"wage": euro(2400.0), "home_wage": euro(400.0), **more}


def faults(given, **how):
    with pytest.raises(DataError) as caught:
        book(given=given, **how)
    assert caught.value.mend
    return str(pickle.loads(pickle.dumps(caught.value)))


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("income_taxes", plain(0.1), "is it 'income_tax'"),
        ("Income_Tax", plain(0.1), "is it 'income_tax'"),
        ("minimum_wage", euro(12.0, "EUR/hour"), "no price of a ledger"),
        ("earnings", euro(2400.0), "by no area"),
        ("income_tax", plain(12.0), "is the unit 'percent'"),
        ("remittance_share", plain(104.0, "percent"), "a share is 1 at most"),
        ("service_margin", plain(1.2), "a share is 1 at most"),
        ("price_level", plain(0.0), "a ratio from 0.1"),
        ("price_level", plain(45.0), "a ratio from 0.1"),
        ("other_destination_ratio", plain(80.0), "a ratio from 0.1"),
        ("wage", euro(13.9, "EUR/hour"), "monthly_wage"),
        ("travel_cost", xr.DataArray([3.0, 4.0], dims="member", attrs={
            "units": "EUR/person", "price_base": 2022}), "'member' without labels"),
    ],
)  # fmt: skip
def test_no_key_is_passed_over_and_no_share_is_above_one(key, value, told):
    assert told in faults(bare(**{key: value}))


def test_tax_and_contributions_leave_something():
    given = bare(income_tax=plain(0.7), employee_contribution=plain(0.5))
    assert "together take 120% of the wage" in faults(given)


def test_the_same_price_is_not_given_twice():
    wide = euro((2400.0, 500.0, 450.0), area="DEU ALB MDA")
    assert "earnings and wage are both given" in faults(bare(earnings=wide))


@pytest.mark.parametrize(
    ("value", "unit"), [(0.051, "MDL/EUR"), (19.5, "EUR/MDL"), (0.0195, "thousand EUR/MDL")]
)
def test_a_rate_the_other_way_round_is_seen_by_the_wages(value, unit):
    given = bare(home_wage=plain(8000.0).assign_attrs(LEI), exchange_rate_mdl=rate(value, unit))
    assert "the other way round" in faults(given)


@pytest.mark.parametrize(
    ("value", "unit"), [(20.0, "MDL/EUR"), (0.05, "EUR/MDL"), (0.02, "thousand MDL/EUR")]
)
def test_a_rate_is_told_with_its_date(value, unit):
    given = bare(home_wage=plain(8000.0).assign_attrs(LEI), exchange_rate_mdl=rate(value, unit))
    found = book(given=given)
    np.testing.assert_allclose(found.by_actor("home_job"), book(given=bare()).by_actor("home_job"))
    assert "MDL at 20 MDL for one EUR, the rate of 2022-07-01" in found.assumptions


def test_a_rate_is_held_against_purchasing_power():
    """The zloty is near enough to the euro that wages alone do not show it."""

    def given(value):
        home = plain(2000.0).assign_attrs(units="PLN/month", price_base=2022)
        return bare(home_wage=home, exchange_rate_pln=rate(value, "PLN/EUR"),
                    ppp_pln=plain(1.9, "PLN/PPP"), ppp_eur=plain(0.75, "EUR/PPP"))  # fmt: skip

    assert book(given=given(4.5))
    assert "by the parities" in faults(given(1 / 4.5))
    assert "no purchasing power parity" in faults(given(4.5) | {"ppp_pln": plain(1.9)})


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (rate(19.5, "1"), "two currencies"),
        (rate(19.5, "ALL/EUR"), "and so of ALL and EUR"),
        (rate(0.0, "MDL/EUR"), "not above 0"),
        (rate(-19.5, "MDL/EUR"), "not above 0"),
        (plain(19.5, "MDL/EUR"), "has no date"),
        (Cells((19.0, 20.0), origin="ALB MDA").array("MDL/EUR"), "expected dated numbers"),
        (19.5, "a float"),
    ],
)
def test_rates_that_are_none(made, told):
    given = bare(home_wage=plain(8000.0).assign_attrs(LEI), exchange_rate_mdl=made)
    assert told in faults(given)


def test_one_pair_has_one_rate():
    two = {"exchange_rate_mdl": rate(19.5, "MDL/EUR"), "exchange_rate": rate(20.5, "MDL/EUR")}
    assert "are both of MDL and EUR" in faults(bare(**two))


@pytest.mark.parametrize(
    "how",
    [
        {"price_base": None}, {"price_base": 22}, {"price_base": True},
        {"deflators": {"wage": 1.1}}, {"deflators": {2022: 1.1}}, {"deflators": {2020: -1.0}},
    ],
)  # fmt: skip
def test_price_bases_are_years_and_factors_lead_to_the_ledgers(how):
    with pytest.raises(ParameterError) as caught:
        book(given=bare(), **how)
    assert caught.value.argument in how
    assert pickle.loads(pickle.dumps(caught.value)).mend


def test_prices_have_names():
    with pytest.raises(KindError, match="no texts"):
        book(given=bare() | {3: euro(1.0)})


def test_hours_by_day_and_more_hours_than_there_are():
    """Eight hours a day are no week of seven such days."""
    hourly = euro(13.9, "EUR/hour")
    with pytest.raises(UnitError, match="not on how many days"):
        monthly_wage(hourly, plain(8.0, "hour/day"))
    with pytest.raises(InputError, match="in a month, which has 730"):
        monthly_wage(hourly, plain(400.0, "hour/week"))
    assert monthly_wage(hourly, plain(168.0, "hour/week"))


@pytest.mark.parametrize("text", ["0.03", "3percent/year", "3"])
def test_a_rate_of_discount_has_its_unit_apart(text):
    with pytest.raises(ParameterError, match=f"discount='{text}'"):
        book(discount=text)


def test_a_truth_is_no_share():
    with pytest.raises(DataError, match="home_job=True"):
        Alternative(home_job=True)


def test_a_ledger_is_shown_in_a_line():
    text = repr(book())
    assert len(text) < 200
    assert "'care': EUR at prices of 2022" in text


@pytest.mark.parametrize("what", ["home", "mix"])
def test_drivers_are_ledgers_at_a_higher_price(what):
    made, given = run(), prices()
    found = book(made, given).drivers("migrants", what=what, by=0.05)
    gain = float(book(made, given).against(what).sel(actor="migrants").sum())
    assert found.attrs["gain"] == pytest.approx(gain)
    for key in ("wage", "home_wage", "income_tax", "remittance_share", "travel_cost"):
        dearer = {**given, key: (given[key] * 1.05).assign_attrs(given[key].attrs)}
        change = float(book(made, dearer).against(what).sel(actor="migrants").sum()) - gain
        row = found[found["key"] == key].iloc[0]
        assert row["change"] == pytest.approx(change, rel=1e-9, abs=1e-3)
        assert row["share"] == pytest.approx(change / abs(gain), rel=1e-9, abs=1e-9)
    assert found["key"].iloc[0] == "wage"
    assert np.isnan(found["rank_correlation"]).all()


def test_drivers_tell_what_moves_with_the_members():
    ranged = bare(living_cost=euro((100.0, 300.0, 900.0), scenario="low central high"))
    made = run(hazards=Hazards(early_return=(0.01, 0.1, 0.9)), members=60, seed=3)
    found = book(made, ranged).drivers("migrants").set_index("key")
    assert found.loc["living_cost", "rank_correlation"] < -0.3
    assert found.loc["early_return", "kind"] == "hazard"
    assert found.loc["early_return", "rank_correlation"] < -0.3
    assert np.isnan(found.loc["wage", "rank_correlation"])


@pytest.mark.parametrize(
    ("given", "argument"),
    [({"actor": "world"}, "actor"), ({"actor": "migrants", "by": 0}, "by"),
     ({"actor": "migrants", "by": True}, "by"), ({"actor": "migrants", "what": "x"}, "what")],
)  # fmt: skip
def test_bad_drivers(given, argument):
    with pytest.raises(ParameterError) as caught:
        book().drivers(**given)
    assert pickle.loads(pickle.dumps(caught.value)).argument == argument


def test_interest_on_debts_goes_from_workers_to_lenders():
    made = run()
    with_debts = book(made, prices() | {"debt_interest": euro(120.0, "EUR/person")})
    change = with_debts.by_actor(discounted=False) - book(made).by_actor(discounted=False)
    first = made.dataset["admissions"] - made.dataset["readmissions"]
    paid = 120.0 * float(first.sum())
    moved = {str(a): float(change.sel(actor=a).sum()) for a in change.actor.values}
    assert moved["migrants"] == pytest.approx(-paid)
    assert moved["intermediaries"] == pytest.approx(paid)
    assert {a for a, x in moved.items() if abs(x) > 1e-6} == {"migrants", "intermediaries"}
    assert "debt_interest" in with_debts.paid_by_workers
