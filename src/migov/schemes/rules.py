"""Small rules of a programme: a cap of the origin, a cost, a branch of insurance, a floor."""

from __future__ import annotations

import re
from typing import Any, Literal

import attrs
import numpy as np

from migov.core import times
from migov.core.units import factor
from migov.schemes.kinds import is_number, wrong_kinds

DAYS_PER_MONTH = 365.2425 / 12.0

COSTS = {
    "recruitment": "recruitment fees of agencies, employment services and intermediaries",
    "medical": "medical examinations, tests and vaccinations",
    "insurance": "insurance of life, health and safety, migrant welfare funds",
    "skills_test": "tests of language, skills and qualification",
    "recognition": "recognition of qualifications, certificates, licences",
    "language": "language courses that the post asks for",
    "training": "required training, before departure and on arrival",
    "equipment": "tools, uniforms, protective gear",
    "travel": "travel, lodging and board on the way, return included",
    "administration": "contracts, passports, visas, permits, clearances",
    "integration": "orientation and integration at destination",
    "housing": "housing at destination",
    "board": "meals at destination",
    "remittance": "price of sending money",
    "living": "living at destination beyond what living at home costs",
}
"""What a stay may cost. Items up to ``integration`` are recruitment fees or related costs."""

WORKER_MAY_PAY = ("housing", "board", "remittance", "living")
"""The only costs that a worker may bear; each appears in the ledger."""

PAYERS = ("employer", "destination_state", "origin_state", "worker")
BRANCHES = ("pension", "accident", "health", "unemployment", "family")


def months(text: str) -> float:
    """Return the months of a text such as ``"24 month"``, ``"2 year"`` or ``"90 day"``.

    Raises
    ------
    ValueError
        The text is no length of time.

    Examples
    --------
    >>> months("2 year"), round(months("90 day"), 4)
    (24.0, 2.9569)
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(day|week|month|year)s?\s*", str(text))
    if match is None:
        raise ValueError(f"{text!r} is no length such as '24 month'")
    if match[2] == "day":
        return float(match[1]) / DAYS_PER_MONTH
    return float(match[1]) * factor(match[2], "month")


def day(text: str) -> np.datetime64:
    """Return the date of an ISO text.

    Raises
    ------
    ValueError
        The text is no date.

    Examples
    --------
    >>> day("2024-06-01")
    np.datetime64('2024-06-01')
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(text)):
        raise ValueError(f"{text!r} is no date such as '2024-06-01'")
    return np.datetime64(text, "D")


@attrs.frozen(kw_only=True)
class OriginCap:
    """How many departures a State of origin agrees to.

    Parameters
    ----------
    origin : str
        ISO 3166-1 alpha-3.
    number : float
        Persons admitted in a year, readmissions included.
    date : str
        ISO date from which it holds.
    source : str
        Where the origin said so.

    Examples
    --------
    >>> OriginCap(origin="MDA", number=1500, date="2024-07-01", source="…").number
    1500
    """

    origin: str
    number: float
    date: str
    source: str

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        if odd := wrong_kinds(self):
            return [f"origin_cap: {one}" for one in odd]
        found = _dates(f"origin_cap of {self.origin}", self.date)
        if self.number < 0:
            found.append(f"origin_cap of {self.origin} is {self.number!r}, expected 0 or more")
        if 0 < self.number < 1:
            found.append(f"origin_cap of {self.origin} is {self.number!r}: persons, no share")
        if not self.source.strip():
            found.append(f"origin_cap of {self.origin} has no source: who in the origin said so?")
        return found


@attrs.frozen(kw_only=True)
class Cost:
    """A cost of the scheme and who pays it.

    Parameters
    ----------
    item : str
        One of :data:`COSTS`.
    payer : {"employer", "destination_state", "origin_state", "worker"}
        A worker may pay :data:`WORKER_MAY_PAY` only.

    Examples
    --------
    >>> Cost(item="travel", payer="employer").faults()
    []
    """

    item: str
    payer: str = ""

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        if odd := wrong_kinds(self):
            return [f"costs: {one}" for one in odd]
        if self.item not in COSTS:
            word = str(self.item).lower().rstrip("s")
            found = [item for item, told in COSTS.items() if word and word in told]
            hint = f"; {self.item} belongs to {found[0]!r}" if found else ""
            return [f"the cost {self.item!r} is none of {', '.join(COSTS)}{hint}"]
        if not self.payer:
            return [f"the cost {self.item!r} has no payer; it is one of {', '.join(PAYERS)}"]
        if self.payer not in PAYERS:
            return [f"the cost {self.item!r} has the payer {self.payer!r}, not {', '.join(PAYERS)}"]
        if self.payer == "worker" and self.item not in WORKER_MAY_PAY:
            return [
                f"the worker pays {self.item!r} ({COSTS[self.item]}): no recruitment fees or "
                "related costs are borne by workers (ILO 2019); give another payer"
            ]
        return []


@attrs.frozen(kw_only=True)
class Branch:
    """A branch of social insurance during the stay.

    Parameters
    ----------
    name : {"pension", "accident", "health", "unemployment", "family"}
        The branch.
    insured : bool
        Whether contributions are paid.
    minimum_months : float
        Months of contributions before there is a claim.
    exportable : bool
        Whether benefits are paid abroad.
    refund : bool
        Whether contributions are paid back where no claim arose.

    Examples
    --------
    >>> Branch(name="pension", insured=True, minimum_months=60).has_claim(24)
    False
    """

    name: str
    insured: bool
    minimum_months: float = 0.0
    exportable: bool = False
    refund: bool = False

    def has_claim(self, stay_months: float) -> bool:
        """Tell whether contributions of a stay of this length acquire a claim.

        Health, accident and unemployment insurance cover the stay itself; a pension or a
        family benefit is a claim only when the minimum is reached and it can be exported, or
        when contributions are refunded.
        """
        if not self.insured:
            return False
        if self.name in ("health", "accident", "unemployment"):
            return stay_months >= self.minimum_months
        return self.refund or (self.exportable and stay_months >= self.minimum_months)

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        if odd := wrong_kinds(self):
            return [f"insured: {one}" for one in odd]
        found = []
        if self.name not in BRANCHES:
            found.append(f"the branch {self.name!r} is none of {', '.join(BRANCHES)}")
        if not self.insured and (self.exportable or self.refund):
            found.append(f"the branch {self.name!r} is not insured, so nothing can be exported")
        if self.minimum_months < 0:
            found.append(f"minimum_months of {self.name!r} is {self.minimum_months!r}")
        return found


@attrs.frozen(kw_only=True)
class Floor:
    """The density of an occupation at origin below which nobody more is admitted.

    Parameters
    ----------
    origin : str
        ISO 3166-1 alpha-3.
    occupation : str
        Code of the occupation.
    density : float
        Workers of the occupation per 10,000 inhabitants.
    source : str
        Who set it.
    region : str
        A region of the origin; none means the whole of it. A simulation then takes workers
        and residents by ``region``, and from which regions people leave.

    Examples
    --------
    >>> Floor(origin="ALB", occupation="22", density=60, source="…").occupation
    '22'
    """

    origin: str
    occupation: str
    density: float
    source: str
    region: str = ""

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        if odd := wrong_kinds(self):
            return [f"floors: {one}" for one in odd]
        found = []
        if not self.occupation.strip():
            found.append(f"a floor in {self.origin} is of no occupation")
        if not 0 <= self.density <= 1e4:
            found.append(
                f"the floor of {self.occupation} in {self.origin} is {self.density!r}, expected "
                "workers per 10,000 inhabitants"
            )
        if not self.source.strip():
            found.append(f"the floor of {self.occupation} in {self.origin} has no source")
        return found


Kind = Literal["seasonal", "temporary", "pathway", "skills_partnership", "apprenticeship"]
KINDS = ("seasonal", "temporary", "pathway", "skills_partnership", "apprenticeship")
CHANGES = ("free", "within_occupation", "with_approval", "none")
SECTOR_CHANGES = ("free", "with_approval", "none", "")
QUOTA_BASES = ("fixed", "shortage", "employers", "points")
FAMILY = ("none", "visit", "accompany", "reunite")


def _dates(what: str, *texts: str) -> list[str]:
    found = []
    for text in texts:
        try:
            day(text)
        except ValueError as fault:
            found.append(f"{what}: {fault}")
    return found


def dated(what: str, pairs: Any) -> list[str]:
    """Return what is wrong with a number, or with pairs of a date and a number."""
    if isinstance(pairs, int | float):
        return [] if is_number(pairs) and pairs >= 0 else [f"{what} is {pairs!r}"]
    found, last = [] if pairs else [f"{what} is empty"], ""
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == 2):
            return [f"{what} is {pairs!r}, expected a number or pairs of a date and a number"]
        found += _dates(what, pair[0]) + dated(what, float(pair[1]))
        if str(pair[0]) <= last:
            found.append(f"{what}: the dates do not rise at {pair[0]}")
        last = str(pair[0])
    return found


def at_date(pairs: Any, date: np.datetime64) -> float:
    """Return the number that holds at a date; before the first, the first is not in force: 0.

    Examples
    --------
    >>> at_date((("2021-01-01", 25000.0), ("2024-06-01", 50000.0)), np.datetime64("2024-05-01"))
    25000.0
    """
    if isinstance(pairs, int | float):
        return float(pairs)
    found = 0.0
    for start, number in pairs:
        if np.datetime64(start, "D") <= date:
            found = float(number)
    return found


def month_of(date: Any) -> np.datetime64:
    """Return the month that a date or ISO text lies in.

    Examples
    --------
    >>> month_of("2025-01-01")
    np.datetime64('2025-01')
    """
    found: np.datetime64 = times.day(date, "simulate", "start").astype("M8[M]")
    return found
