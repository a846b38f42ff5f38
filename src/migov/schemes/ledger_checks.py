"""What an account rests on: that transfers cancel, what later money is worth, price bases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core.errors import AccountError, ParameterError
from migov.core.times import years_between
from migov.core.units import factor
from migov.schemes.kinds import is_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from migov.schemes.entries import Book
    from migov.schemes.run import Run

    Cells = NDArray[np.float64]

WHERE = "ledger"
RELATIVE = 1e-10
_BASE = re.compile(r"\d{4}(\D.*)?")


def deflated(deflators: Any, price_base: Any) -> Mapping[Any, float]:
    """Return factors to the ledger's price base, checked.

    Raises
    ------
    ParameterError
        A price base that is no year, or factors that cannot be.
    """
    if isinstance(price_base, bool) or not _BASE.fullmatch(str(price_base)):
        raise ParameterError(
            WHERE, f"price_base={price_base!r:.60}", "a year such as 2026", 9, "price_base"
        )
    if deflators is None:
        return {}
    if not hasattr(deflators, "items") or not all(
        is_number(one) and one > 0 for one in deflators.values()
    ):
        raise ParameterError(
            WHERE, f"deflators is {deflators!r:.60}", "{price base: factor above 0}", 9,
            "deflators",
        )  # fmt: skip
    odd = [key for key in deflators if not _BASE.fullmatch(str(key))]
    if odd:
        raise ParameterError(
            WHERE, f"deflators has {odd[0]!r}, which is no price base", "{2022: 1.1}, say", 9,
            "deflators",
        )  # fmt: skip
    own = {str(key): value for key, value in deflators.items()}.get(str(price_base), 1.0)
    if abs(own - 1.0) > 1e-9:
        raise ParameterError(
            WHERE, f"deflators says {own:g} for {price_base}, the ledger's own price base",
            "factors to the ledger's price base, 1 for itself", 9, "deflators",
        )  # fmt: skip
    found: Mapping[Any, float] = deflators
    return found


def check(world: str, book: Book) -> None:
    """Check that transfers sum to zero over actors, item by item, and that totals are real.

    Raises
    ------
    AccountError
        Somebody pays what nobody receives.
    """
    sums: dict[str, Cells] = {}
    sizes: dict[str, float] = {}
    by_actor, made = np.zeros(book.shape), np.zeros(book.shape)
    for entry in book.entries:
        if entry.kind == "valuation":
            continue
        by_actor += entry.amount
        if entry.kind == "real":
            made += entry.amount
            continue
        sums[entry.item] = sums.get(entry.item, 0.0) + entry.amount
        size = float(np.max(np.abs(entry.amount), initial=0.0))
        sizes[entry.item] = max(sizes.get(entry.item, 0.0), size)
    largest = max([*sizes.values(), float(np.max(np.abs(made), initial=0.0)), 1e-300])
    for item, off in {**sums, "all": by_actor - made}.items():
        scale = sizes.get(item, largest)
        worst = float(np.max(np.abs(off), initial=0.0))
        if not worst <= RELATIVE * max(scale, 1e-300):
            raise AccountError(
                WHERE,
                f"{item!r} ({world}) sums to {worst:g} over actors, not to 0",
                "an error of migov or of what was put into it; please report it",
                10,
            )


def discounted(run: Run, text: str) -> Cells:
    """Return the factor of each period, from its middle to the start of the run.

    Raises
    ------
    MigovError
        No rate, or one below -100 or above 100 percent a year.
    """
    match = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s+(\S.*)", str(text))
    if match is None:
        raise ParameterError(
            WHERE, f"discount={text!r}", 'discount="3 percent/year"', 9, "discount"
        )
    rate = float(match[1]) * factor(match[2].strip(), "1/year", WHERE, "discount")
    if rate <= -1 or rate > 1:
        raise ParameterError(
            WHERE, f"discount={text!r} is no rate", '"3 percent/year"', 9, "discount"
        )
    starts = np.asarray(run.dataset["period"].values, "M8[s]")
    ends = np.asarray(run.dataset["period_end"].values, "M8[s]")
    middle = (years_between(starts[0], starts) + years_between(starts[0], ends)) / 2.0
    return np.asarray((1.0 + rate) ** -middle)
