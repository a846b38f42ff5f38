"""The keys of a ledger's prices: what each is, in which unit, and what stands for several."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import attrs

from migov.core import units
from migov.core.errors import KindError
from migov.schemes.price_rates import PPP, RATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migov.schemes.run import Run


@attrs.frozen
class Price:
    """What one key of the prices is.

    Parameters
    ----------
    unit : str
        With ``currency`` for the ledger's.
    title : str
        What it is.
    required : bool
        Whether a ledger needs it.
    """

    unit: str
    title: str
    required: bool = False


WAGE, _HEAD, _PART = "currency/month", "currency/person", "1"

PRICES: dict[str, Price] = {
    "wage": Price(WAGE, "gross wage at destination, full time", True),
    "home_wage": Price(WAGE, "gross wage of a job at home, full time", True),
    "product": Price(WAGE, "value that a worker adds for the employer at destination"),
    "home_product": Price(WAGE, "value that a worker adds for the employer at home"),
    "idle_income": Price(WAGE, "what a person without a job makes at home"),
    "other_destination_wage": Price(WAGE, "net wage in the other destination"),
    "other_destination_ratio": Price(_PART, "gross wage there to the wage here"),
    "income_tax": Price(_PART, "tax on the wage at destination"),
    "home_income_tax": Price(_PART, "tax on the wage at home"),
    "employee_contribution": Price(_PART, "employees' contributions at destination"),
    "employer_contribution": Price(_PART, "employers' contributions at destination"),
    "home_employee_contribution": Price(_PART, "employees' contributions at home"),
    "home_employer_contribution": Price(_PART, "employers' contributions at home"),
    "claim_share": Price(_PART, "share of contributions that acquire a claim"),
    "remittance_share": Price(_PART, "share of the net wage that is sent home"),
    "remittance_cost": Price(_PART, "price of sending, of the amount"),
    "recruitment_cost": Price(_HEAD, "recruitment, a first admission"),
    "medical_cost": Price(_HEAD, "medical examination, a first admission"),
    "skills_test_cost": Price(_HEAD, "tests of language and skills, a first admission"),
    "recognition_cost": Price(_HEAD, "recognition of a qualification, a first admission"),
    "language_cost": Price(_HEAD, "language course, a first admission"),
    "pre_departure_cost": Price(_HEAD, "training before departure, a first admission"),
    "integration_cost": Price(_HEAD, "orientation and integration, a first admission"),
    "insurance_cost": Price(_HEAD, "private insurance, an admission"),
    "equipment_cost": Price(_HEAD, "equipment, an admission"),
    "travel_cost": Price(_HEAD, "travel there and back, an admission"),
    "visa_cost": Price(_HEAD, "visa and permit, an admission"),
    "inspection_cost": Price(_HEAD, "inspection by the State of destination, an admission"),
    "sending_cost": Price(_HEAD, "administration of the origin, a first admission"),
    "settlement_cost": Price(_HEAD, "integration after settlement, a settlement"),
    "return_bonus": Price(_HEAD, "bonus on top of wages, a return in time"),
    "training_cost": Price(_HEAD, "public training that left, a permanent leaver or a training"),
    "housing_cost": Price(WAGE, "housing during the stay"),
    "board_cost": Price(WAGE, "meals during the stay"),
    "living_cost": Price(WAGE, "living abroad beyond what living at home costs"),
    "debt_interest": Price(_HEAD, "interest on what a worker borrows to go, a first admission"),
    "resident_wage_effect": Price(WAGE, "wages lost by resident workers, a worker admitted"),
    "posts_left_empty": Price(_PART, "share of left posts at home that stay empty"),
    "service_margin": Price(_PART, "what services earn beyond their cost"),
    "price_level": Price(_PART, "prices at home relative to those at destination"),
}
"""What a ledger takes. Instead of ``wage`` and ``home_wage`` it takes ``earnings`` {area,
occupation}; ``income_tax_rate`` {area} and ``contribution_rate`` {area, payer} stand for the
rates of both countries; ``exchange_rate…`` in units such as MDL/EUR, the lei that one euro costs,
convert, and ``ppp…`` in units such as MDL/PPP are what they are held against. Every price may vary
by occupation, origin, sex, time, member, or be a range along ``scenario``. Another key is an
error."""

RATIOS = ("other_destination_ratio", "price_level")
"""Of the prices in parts of one, those that may be above it."""
WIDE = ("earnings", "income_tax_rate", "contribution_rate", "remittance_cost_corridor")
"""What stands for several prices."""

DEFAULTS = {
    "product": "the product of a worker is taken as the labour cost: employers gain nothing by it",
    "home_product": "the product of a job at home is taken as its labour cost",
    "posts_left_empty": "every post left at home is taken as left empty",
    "service_margin": "services are taken as supplied at cost",
    "other_destination_ratio": "net wages in another destination are taken as those here",
    "idle_income": "without a job at home there is taken to be no income",
}


def split(prices: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """Return prices by their own keys, where they were given for areas and payers together."""
    out = dict(prices)
    destination, origins = run.programme.destination, list(run.programme.origin)

    def here(x: Any) -> Any:
        return x.sel(area=destination, drop=True)

    def home(x: Any) -> Any:
        return x.sel(area=origins).rename(area="origin")

    pairs = {"earnings": ("wage", "home_wage"), "income_tax_rate": ("income_tax", "")}
    for name, (key, other) in pairs.items():
        x = out.get(name)
        if x is not None and "area" in getattr(x, "dims", ()):
            out.setdefault(key, _safely(here, x))
            out.setdefault(other or f"home_{key}", _safely(home, x))
            del out[name]
    x = out.get("contribution_rate")
    if x is not None and {"area", "payer"} <= set(getattr(x, "dims", ())):
        for payer in map(str, x.indexes["payer"]):
            one = x.sel(payer=payer, drop=True)
            out.setdefault(f"{payer}_contribution", _safely(here, one))
            out.setdefault(f"home_{payer}_contribution", _safely(home, one))
        del out["contribution_rate"]
    if "remittance_cost_corridor" in out:
        out["remittance_cost"] = out.pop("remittance_cost_corridor")
    x = out.get("other_destination_wage")
    unit = str(getattr(x, "attrs", {}).get("units", ""))
    if x is not None and "currency" not in str(units.powers(unit)):
        out["other_destination_ratio"] = out.pop("other_destination_wage")
    return {name: x for name, x in out.items() if x is not None}


def _safely(pick: Any, x: Any) -> Any:
    try:
        return pick(x)
    except KeyError:
        return None


def named(prices: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the prices as a dictionary by names.

    Raises
    ------
    KindError
        It is no mapping by texts.
    """
    if not hasattr(prices, "items") or not all(isinstance(key, str) for key in prices):
        raise KindError(
            where, f"prices is a {type(prices).__name__}"
            + (" with keys that are no texts" if hasattr(prices, "items") else ""),
            "a mapping of DataArrays, see migov.schemes.PRICES", 9, "prices",
        )  # fmt: skip
    return {key: x for key, x in prices.items() if x is not None}


def twice(given: Mapping[str, Any]) -> list[str]:
    """Return the prices that are given in two ways."""
    pairs = [
        ("earnings", "wage"), ("earnings", "home_wage"), ("income_tax_rate", "income_tax"),
        ("income_tax_rate", "home_income_tax"), ("remittance_cost_corridor", "remittance_cost"),
        ("other_destination_wage", "other_destination_ratio"),
    ]  # fmt: skip
    pairs += [
        ("contribution_rate", key) for key in PRICES if key.endswith("_contribution")
    ]  # fmt: skip
    return [f"{a} and {b} are both given: leave one out" for a, b in pairs if {a, b} <= set(given)]


def is_known(key: str) -> bool:
    """Tell whether a ledger takes a key, once what stands for several is apart."""
    return key in PRICES or key.startswith((RATE, PPP))


def unknown(key: str) -> str:
    """Return in words that a key is no price, and what it may have been meant to be."""
    if key in WIDE:
        return f"{key} is by no area, or contribution_rate by no payer: see migov.schemes.PRICES"
    near = difflib.get_close_matches(key.lower(), [*PRICES, *WIDE], n=1, cutoff=0.75)
    return f"{key!r} is no price of a ledger" + (f": is it {near[0]!r}?" if near else "")
