"""Whatever the arguments of a public call are, it answers, or refuses in words that pickle."""

from __future__ import annotations

import pickle
import warnings

import attrs
import numpy as np
import pytest
import xarray as xr

from migov.core import definitions
from migov.core.cases import Cells
from migov.core.errors import MigovError, MigovWarning
from migov.schemes import (
    Alternative,
    Closure,
    Design,
    Hazards,
    Partnership,
    Pulse,
    Queue,
    Shocks,
    draw,
    evaluate,
    examples,
    frontier,
    gains_per_place,
    monthly_wage,
    replace_net_migration,
    safeguarded,
    scheme_migration,
)
from migov.schemes.examples import SEASONAL_MDA_DEU


def person(values, origin=("MDA",)):
    return xr.DataArray(values, {"origin": list(origin)}, "origin", attrs={"units": "person"})


WRONG = (
    None, 1, -1, 1.5, float("nan"), float("inf"), "", "x", True, [], [1], ("a", 1), {}, object(),
    b"x", 10**400, np.array([1, 2]), (("origin", float("nan")),), xr.DataArray([1.0]),
    xr.DataArray(np.nan, attrs={"units": "person"}), person([1.0, 2.0], ("MDA", "MDA")),
    xr.Dataset(), person(["a"]), person([-1.0]), person([1.0], ("Q",)),
)  # fmt: skip


def price(value, unit="EUR/month"):
    return xr.DataArray(value, attrs={"units": unit, "price_base": 2026})


PRICES = {"wage": price(2000.0), "home_wage": price(400.0)}
SIMULATION = {
    "hazards": Hazards(late=(0.0, 0.1, 0.2)), "start": "2026-01-01", "horizon": "1 year",
    "applicants": Cells((900.0,), origin="MDA").array("person/year"), "members": 3, "seed": 1,
    "report": "year", "origins": None, "pool": None, "shortage": None, "demand": None,
    "workers": None, "residents": None, "region_share": None, "capacity": None,
    "quota_share": None, "alternative": None, "migrants_counted": None,
    "shocks": {"illness": 0.1, "illness_stays": 0.0},
    "queues": Queue(stage="language", places=900, months=3, passes=0.7),
}  # fmt: skip
RUN = SEASONAL_MDA_DEU.simulate(**SIMULATION)
LEDGER = {"prices": PRICES, "currency": "EUR", "price_base": 2026, "discount": "3 percent/year",
          "deflators": None, "training": None}  # fmt: skip
SHUT = Closure(start="2026-02-01", end="2026-03-01")
BOOK = RUN.ledger(**LEDGER)
RANGE = xr.DataArray([1.0, 2.0, 3.0], {"scenario": ["low", "central", "high"]}, "scenario",
                     attrs={"units": "1"})  # fmt: skip
BEGIN = Cells((((100.0, 0.0, 0.0),),), occupation="3", origin="MDA",
              period="2026 2027 2028").array("person")  # fmt: skip
DEAL = Partnership(payers=(("employer", 1.0),))
TRAINING = {
    "enrolments": BEGIN, "training_time": xr.DataArray(18.0, attrs={"units": "month"}),
    "dropout": xr.DataArray(0.2, attrs={"units": "1"}), "members": None, "seed": 1,
}  # fmt: skip
GAINS = xr.DataArray(
    np.ones((3, 1, 1, 1)), {
        "actor": ["destination", "origin", "migrants"], "occupation": ["9"], "origin": ["MDA"],
        "period": np.array(["2026-01-01"], "M8[s]"),
        "period_end": ("period", np.array(["2027-01-01"], "M8[s]")),
    }, ["actor", "occupation", "origin", "period"], attrs={"units": "EUR/person"},
)  # fmt: skip
HOME = person([50.0]).expand_dims(occupation=["9"])
LIMITS = {"needs": Cells((10.0,), occupation="9").array("person"), "workers": HOME,
          "floor": HOME.copy(data=HOME.values / 2), "caps": person([5.0]), "cost": None,
          "budget": None, "absorption": None, "commitments": None, "claims": None}  # fmt: skip
NEEDS = Design(objective="needs")
HARVEST = SEASONAL_MDA_DEU.evolve(occupations="9", unemployment_grace="1 month")

CALLS = {
    "Hazards": (Hazards, attrs.asdict(Hazards())),
    "Shocks": (Shocks, {"illness": 0.1, "illness_stays": 0.5, "illness_months": 1.0,
                        "pulses": Pulse(shock="illness", month="2026-02-01", share=0.1),
                        "border_closure": SHUT, "closure_prolongs_permit": True}),
    "Closure": (Closure, {"start": "2026-02-01", "end": "2026-03-01", "origin": "MDA"}),
    "Pulse": (Pulse, {"shock": "illness", "month": "2026-02-01", "share": 0.1,
                      "origin": "MDA", "occupation": "9"}),
    "Queue": (Queue, {"stage": "language", "places": 900, "months": 3, "passes": 0.7,
                      "drop_out": 0.1}),
    "Queue.of": (Queue.of, {"stage": None, "places": 900}),
    "a shock": (lambda **x: SEASONAL_MDA_DEU.simulate(**{**SIMULATION, "shocks": x}),
                {"illness": 0.1, "illness_stays": 0.5, "illness_months": 1.0, "bankruptcy": 0.1,
                 "bankruptcy_replaced": 0.0, "pregnancy": 0.1, "pregnancy_stays": 0.0,
                 "women": 0.5}),
    "Alternative": (Alternative, {"home_job": 1.0, "home_no_job": 0.0, "other_destination": 0.0,
                                  "same_destination": 0.0}),
    "Partnership": (Partnership, attrs.asdict(DEAL)),
    "Design": (Design, {"objective": "needs", "quantile": 0.1, "relax": (), "protect_also": (),
                        "away": None, "needs_met": 0.0, "fairness": 0.0, "whole": False,
                        "nodes": 5}),
    "simulate": (SEASONAL_MDA_DEU.simulate, SIMULATION),
    "ledger": (RUN.ledger, LEDGER),
    "price": (lambda **x: RUN.ledger({**PRICES, **x}, currency="EUR", price_base=2026),
              dict.fromkeys(("wage", "income_tax", "exchange_rate_usd", "earnings"))),
    "by_item": (BOOK.by_item, {"world": "scheme"}),
    "by_actor": (BOOK.by_actor, {"world": "scheme"}),
    "by_period": (BOOK.by_period, {"world": "scheme"}),
    "against": (BOOK.against, {"what": "home"}),
    "total": (BOOK.total, {"weights": None}),
    "population_effect": (SEASONAL_MDA_DEU.population_effect, {"definition": None}),
    "safeguarded": (safeguarded, {"origin": "MDA", "edition": "2023"}),
    "evidence": (examples.evidence, {"name": "x"}),
    "monthly_wage": (monthly_wage, {"hourly": price(13.0, "EUR/hour"),
                                    "hours": xr.DataArray(40.0, attrs={"units": "hour/week"})}),
    "settlers": (RUN.settlers, {"age_pattern": None}),
    "draw": (draw, {"x": RANGE, "members": [1], "seed": 1, "process": "p"}),
    "train": (DEAL.run, TRAINING),
    "account": (DEAL.run(**TRAINING).account, {"training_cost": None}),
    "solve": (NEEDS.solve, {"gains": GAINS, **LIMITS}),
    "frontier": (frontier, {"design": NEEDS, "gains": GAINS, "steps": 1, **LIMITS}),
    "scheme_migration": (scheme_migration, {"run": RUN, "side": "origin",
                                            "definition": definitions.MDA_USUAL_RESIDENCE}),
    "replace_net_migration": (replace_net_migration, {
        "migration": None, "run": RUN, "age_pattern": None, "side": "origin",
        "definition": definitions.MDA_USUAL_RESIDENCE}),
    "gains_per_place": (gains_per_place, {
        "programme": HARVEST, "periods": GAINS, "prices": PRICES,
        "currency": "EUR", "price_base": 2026, "horizon": "1 year", "hazards": Hazards(),
        "seed": 1}),
    "evaluate": (evaluate, {"run": RUN, "observed": {"deaths": person([1.0])}, "ledger": None,
                            "level": 0.8}),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_or_a_refusal_in_words(name):
    call, good = CALLS[name]
    refused = 0
    for argument in good:
        for value in WRONG:
            fault: MigovError | None = None
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", MigovWarning)
                try:
                    call(**{**good, argument: value})
                except MigovError as error:
                    fault = error
            if fault is not None:
                refused += 1
                assert str(pickle.loads(pickle.dumps(fault))) == str(fault)
                assert fault.where
    assert refused > len(good) * len(WRONG) / 3
