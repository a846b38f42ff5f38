"""The entries of a ledger: who pays what to whom with the scheme, and without it.

A transfer is written down twice, for who pays and for who receives, each computed on its own.
What is made or used up (output, services, training) is real and has one side. Amounts are
arrays ``(period, origin, sex, member)`` in money of the ledger, occupations summed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import numpy as np

from migov.core.errors import InputError
from migov.schemes.price_keys import PRICES
from migov.schemes.prices import Prepared, payer_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migov.schemes.run import Run

    Cells = NDArray[np.float64]

ACTORS = (
    "destination_state",
    "destination_employers",
    "destination_workers",
    "origin_state",
    "origin_households",
    "origin_employers",
    "migrants",
    "intermediaries",
    "elsewhere",
)
"""``intermediaries`` are recruiters, schools, carriers, landlords and transfer firms;
``elsewhere`` is who pays wages in another destination."""

TOLD = {
    "person_years_off_work": "months ill, on leave or between posts have no wage and no benefit",
    "stage_started": "a stage that bears the name of a cost is paid for all who start it",
    "held": "who is held at a shut border has no wage, and what living there costs is not written",
}
"""What a ledger says where a run has it."""

_OF_STAGES = ("language_cost", "recognition_cost", "skills_test_cost")

_PAYERS = {
    "employer": "destination_employers",
    "destination_state": "destination_state",
    "origin_state": "origin_state",
    "worker": "migrants",
}


@attrs.frozen(eq=False)
class Entry:
    """One side of an item: an actor, and what it receives (or, negative, pays)."""

    item: str
    actor: str
    kind: str
    amount: Cells


@attrs.define(eq=False)
class Book:
    """The entries of one world, with or without the scheme."""

    shape: tuple[int, ...]
    entries: list[Entry] = attrs.field(factory=list)

    def amount(self, *factors: Cells) -> Cells:
        """Return the product of quantity and prices, occupations added one by one."""
        product = factors[0]
        for factor in factors[1:]:
            product = product * factor
        occupations = product.shape[1]
        out = product[:, 0].copy()
        for o in range(1, occupations):
            out += product[:, o]
        return np.array(np.broadcast_to(out, self.shape))

    def other_side(self, *factors: Cells) -> Cells:
        """Return the same money from the other side: price by price, occupation by occupation."""
        occupations = max(factor.shape[1] for factor in factors)
        out = np.zeros(self.shape)
        for o in reversed(range(occupations)):
            part = np.ones(self.shape)
            for factor in reversed(factors):
                part *= factor[:, o if factor.shape[1] > 1 else 0]
            out += part
        return out

    def transfer(self, item: str, payer: str, payee: str, *factors: Cells) -> None:
        """Write down what one actor pays to another."""
        self.entries.append(Entry(item, payer, "transfer", -self.amount(*factors)))
        self.entries.append(Entry(item, payee, "transfer", self.other_side(*factors)))

    def real(self, item: str, actor: str, *factors: Cells, sign: float = 1.0) -> None:
        """Write down what is made (or, with sign -1, used up)."""
        self.entries.append(Entry(item, actor, "real", sign * self.amount(*factors)))

    def value(self, item: str, actor: str, *factors: Cells) -> None:
        """Write down what money is worth where it is spent; in no total of money."""
        self.entries.append(Entry(item, actor, "valuation", self.amount(*factors)))


@attrs.define(eq=False)
class Writer:
    """Quantities of a run and its prices, from which books are written."""

    run: Run
    prices: Prepared
    shape: tuple[int, ...]

    def price(self, key: str, default: float = 0.0) -> Cells:
        """Return a price ``(1 or P, …)``, or its default."""
        found = self.prices.values.get(key)
        return np.full((1, 1, 1, 1, 1), default) if found is None else found

    def has(self, key: str) -> bool:
        """Tell whether a price was given."""
        return key in self.prices.values

    def flow(self, *names: str) -> Cells:
        """Return the sum of flows ``(P, O, G, S, N)``."""
        data, grid = self.run.dataset, self.prices.grid
        out = grid.spread(data[names[0]], "period")
        for name in names[1:]:
            out = out + grid.spread(data[name], "period")
        return out

    def months(self, settled: bool) -> Cells:
        """Return months worked on the scheme, or after settlement and change of status."""
        name = "person_years_settled" if settled else "person_years"
        return self.flow(name) * 12.0

    def off_work(self) -> Cells | float:
        """Return the months on the scheme without work: ill, on leave, between posts.

        Raises
        ------
        InputError
            They are more than the months lived in a period: they count in the month of the event.
        """
        if "person_years_off_work" not in self.run.dataset:
            return 0.0
        out = self.flow("person_years_off_work") * 12.0
        if (out > self.months(False) * (1.0 + 1e-9)).any():
            raise InputError(
                "ledger", "a period has more months without work than months lived: the months "
                "of a pulse all count in its own month", 'simulate(…, report="year")', 10, "run",
            )  # fmt: skip
        return out

    def started(self) -> dict[str, Cells]:
        """Return who starts the stages that bear the name of a cost, by its key."""
        data = self.run.dataset
        if "stage_started" not in data:
            return {}
        named = {f"{one}_cost": one for one in map(str, data.indexes["stage"])}
        return {
            key: self.prices.grid.spread(data["stage_started"].sel(stage=one, drop=True), "period")
            for key, one in named.items()
        }

    def net(self, wage: Cells, tax: str, employee: str) -> Cells:
        """Return the wage less tax and contributions."""
        return wage * (1.0 - (self.price(tax) + self.price(employee)))

    def labour_cost(self, wage: str, employer: str) -> Cells:
        """Return the wage with the employer's contributions."""
        return self.price(wage) * (1.0 + self.price(employer))


def payer_name(payer: str) -> str:
    """Return the actor of the ledger that a programme's payer is."""
    return _PAYERS[payer]


def with_scheme(w: Writer, *, training: bool = False) -> Book:
    """Return the book of the world with the scheme; training at origin may be written apart."""
    book = Book(w.shape)
    insured = any(branch.insured for branch in w.run.programme.insured)
    claims = w.run.programme.claims().values()
    share = w.price("claim_share", 1.0 if all(claims) else 0.0)
    for settled in (False, True):
        months = w.months(settled)
        worked = months if settled else months - w.off_work()
        claimed = share if not settled else share * 0.0 + 1.0
        _work(w, book, months, worked, insured or settled, claimed)
    _costs(w, book, training)
    everyone = w.months(False) + w.months(True)
    if w.has("resident_wage_effect"):
        book.transfer(
            "effect on resident wages", "destination_workers", "destination_employers",
            everyone, w.price("resident_wage_effect"),
        )  # fmt: skip
    return book


def _work(
    w: Writer, book: Book, lived: Cells, months: Cells, insured: bool, claimed: Cells
) -> None:
    """Write wages, output, tax, contributions, claims and remittances of work at destination."""
    wage = w.price("wage")
    employer = w.price("employer_contribution") * float(insured)
    employee = w.price("employee_contribution") * float(insured)
    book.transfer("wages", "destination_employers", "migrants", months, wage)
    product = w.price("product") if w.has("product") else wage * (1.0 + employer)
    book.real("output", "destination_employers", months, product)
    book.transfer(
        "income tax", "migrants", "destination_state", months, wage, w.price("income_tax")
    )
    for name, part in (("with", claimed), ("without", 1.0 - claimed)):
        item = f"contributions {name} claim"
        book.transfer(item, "migrants", "destination_state", months, wage, employee, part)
        book.transfer(
            item, "destination_employers", "destination_state", months, wage, employer, part
        )
    both = employee + employer
    book.transfer("claims", "destination_state", "migrants", months, wage, both, claimed)
    net = wage * (1.0 - (w.price("income_tax") + employee))
    _home_money(w, book, lived, months, net)


def _home_money(w: Writer, book: Book, lived: Cells, months: Cells, net: Cells) -> None:
    """Write living abroad, what is sent home, its price, and what it is worth there."""
    sent = w.price("remittance_share")
    book.transfer("living abroad", "migrants", "intermediaries", lived, w.price("living_cost"))
    service(w, book, lived, w.price("living_cost"))
    book.transfer("remittances", "migrants", "origin_households", months, net, sent)
    price = w.price("remittance_cost")
    book.transfer("price of sending", "migrants", "intermediaries", months, net, sent, price)
    service(w, book, months, net, sent, price)
    if w.has("price_level"):
        worth = 1.0 / w.price("price_level") - 1.0
        book.value("purchasing power", "origin_households", months, net, sent, worth)


def service(w: Writer, book: Book, *factors: Cells) -> None:
    """Write what supplying a service uses up: what is paid for it, less the margin."""
    cost = 1.0 - w.price("service_margin")
    book.real("cost of services", "intermediaries", *factors, cost, sign=-1.0)


def _costs(w: Writer, book: Book, training: bool) -> None:
    """Write the costs of the scheme, each by its payer."""
    admitted = w.flow("admissions")
    first = admitted - w.flow("readmissions")
    months = w.months(False)
    quantity = {
        **dict.fromkeys(("insurance_cost", "equipment_cost", "travel_cost", "visa_cost"), admitted),
        **dict.fromkeys(("housing_cost", "board_cost"), months),
        **{key: heads for key, heads in w.started().items() if key in _OF_STAGES},
    }
    for key in [k for k in PRICES if k in w.prices.values and k.endswith("_cost")]:
        title = PRICES[key].title.split(",")[0]
        if key in ("remittance_cost", "living_cost"):
            continue
        if key == "training_cost":
            if not training:
                _trained(w, book, "destination_employers")
            continue
        heads, payee = quantity.get(key, first), "intermediaries"
        if key == "settlement_cost":
            heads, payer = w.flow("settlements"), "destination_state"
        elif key == "inspection_cost":
            heads, payer = admitted, "destination_state"
        elif key == "sending_cost":
            payer = "origin_state"
        else:
            payer = _PAYERS[payer_of(w.run, key) or "worker"]
        if key == "visa_cost":
            # The fee is the State's; what the decision uses up is the same amount.
            if payer != "destination_state":
                book.transfer(title, payer, "destination_state", heads, w.price(key))
            book.real("cost of services", "destination_state", heads, w.price(key), sign=-1.0)
            continue
        book.transfer(title, payer, payee, heads, w.price(key))
        service(w, book, heads, w.price(key))
    if w.has("debt_interest"):
        # Recruitment is free for workers; this is on what they borrow to live until the first wage.
        book.transfer(
            "interest on debts", "migrants", "intermediaries", first, w.price("debt_interest")
        )
    if w.has("return_bonus"):
        payer = _PAYERS[w.run.programme.return_bonus_payer]
        book.transfer(
            "return bonus", payer, "migrants", w.flow("returns_in_time"), w.price("return_bonus")
        )


def _trained(w: Writer, book: Book, where: str) -> None:
    """Write public training that leaves for good: lost by who paid, gained where it is used."""
    leavers = w.flow("settlements", "status_changes", "overstays_irregular")
    title = PRICES["training_cost"].title.split(",")[0]
    book.transfer(title, "origin_state", where, leavers, w.price("training_cost"))


def without_scheme(w: Writer, alternative: str, *, training: bool = False) -> Book:
    """Return the book of the world in which all migrants do one other thing.

    Who leaves by another way takes the public training along as well; those who are trained
    under a partnership would not have been.
    """
    book = Book(w.shape)
    months = w.months(False) + w.months(True)
    if alternative == "home_job":
        _home_job(w, book, months)
    elif alternative == "home_no_job":
        book.real("income without a job", "migrants", months, w.price("idle_income"))
        if w.has("price_level"):
            worth = 1.0 / w.price("price_level") - 1.0
            book.value("purchasing power", "migrants", months, w.price("idle_income"), worth)
    elif alternative == "other_destination":
        net = w.net(w.price("wage"), "income_tax", "employee_contribution")
        net = net * w.price("other_destination_ratio", 1.0)
        net = w.price("other_destination_wage") if w.has("other_destination_wage") else net
        book.transfer("wages elsewhere", "elsewhere", "migrants", months, net)
        # Who pays them has the work for it: the other country neither gains nor loses here.
        book.real("output elsewhere", "elsewhere", months, net)
        _home_money(w, book, months, months, net)
    else:
        one = np.ones((1, 1, 1, 1, 1))
        _work(w, book, months, months - w.off_work(), True, one)
    if not training and w.has("training_cost"):
        goes = {"other_destination": "elsewhere", "same_destination": "destination_employers"}
        if alternative in goes:
            _trained(w, book, goes[alternative])
    return book


def _home_job(w: Writer, book: Book, months: Cells) -> None:
    """Write a job at home; where a post would be filled again, its money goes to who fills it.

    Only the share of posts left empty is lost to the employer and to the State of origin: with
    the scheme another resident has the rest of the posts, whose household loses it here.
    """
    wage, empty = w.price("home_wage"), w.price("posts_left_empty", 1.0)
    again = 1.0 - empty
    employee, employer = (w.price(f"home_{n}_contribution") for n in ("employee", "employer"))
    book.transfer("wages at home", "origin_employers", "migrants", months, wage, empty)
    book.transfer("wages at home", "origin_households", "migrants", months, wage, again)
    given = w.has("home_product")
    product = (
        w.price("home_product")
        if given
        else w.labour_cost("home_wage", "home_employer_contribution")
    )
    book.real("output at home", "origin_employers", months, product, empty)
    for item, rate in (("income tax at home", w.price("home_income_tax")),
                       ("contributions at home", employee)):  # fmt: skip
        book.transfer(item, "migrants", "origin_state", months, wage, rate, empty)
        book.transfer(item, "migrants", "origin_households", months, wage, rate, again)
    book.transfer(
        "contributions at home", "origin_employers", "origin_state", months, wage, employer, empty
    )
    both = employee + employer
    book.transfer("claims at home", "origin_state", "migrants", months, wage, both, empty)
    book.transfer("claims at home", "origin_households", "migrants", months, wage, both, again)
    if w.has("price_level"):
        net = w.net(wage, "home_income_tax", "home_employee_contribution")
        worth = 1.0 / w.price("price_level") - 1.0
        book.value("purchasing power", "migrants", months, net, worth)
