"""The ledger of a run: double entry over actors, held against what would have been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migov.core.errors import KindError, ParameterError
from migov.core.units import CURRENCIES
from migov.schemes import entries_training
from migov.schemes.alternative import ALTERNATIVES
from migov.schemes.entries import Book, Writer, with_scheme, without_scheme
from migov.schemes.ledger_checks import WHERE, check, deflated, discounted
from migov.schemes.ledger_result import Ledger
from migov.schemes.prices import Prepared, prepare

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from migov.schemes.run import Run
    from migov.schemes.training import Training


def account(
    run: Run,
    prices: Mapping[str, xr.DataArray],
    *,
    currency: str,
    price_base: Any,
    discount: str = "0 percent/year",
    deflators: Mapping[Any, float] | None = None,
    training: Training | None = None,
) -> Ledger:
    """Return who pays and who gains, by actor and item.

    Parameters
    ----------
    run : Run
        What happened.
    prices : mapping of str to DataArray
        See :data:`migov.schemes.PRICES`; another key is an error, those not given are listed in
        the ledger's ``absent``.
    currency : str
        Of the ledger.
    price_base : int or str
        Year of its prices; every price in money says its own in ``attrs["price_base"]``.
    discount : str
        Such as ``"3 percent/year"``; amounts count from the middle of their period to the
        start of the run.
    deflators : mapping, optional
        Factors from other price bases to that of the ledger.
    training : Training, optional
        Training at origin in the same periods, at the price ``training_cost``: who pays for it,
        what it makes, and what leaves with those who go. Without it the price is that of the
        public training of each permanent leaver. Either way what the origin loses somebody
        gains, at the same amount.

    Returns
    -------
    Ledger

    Raises
    ------
    DataError
        All that is wrong with the prices.
    AccountError
        Transfers do not sum to zero.
    """
    if not isinstance(currency, str) or currency not in CURRENCIES or currency == "PPP":
        raise ParameterError(
            WHERE, f"currency={currency!r}", "a currency such as 'EUR'", 6, "currency"
        )
    ready = prepare(
        run, prices, currency=currency, price_base=price_base, where=WHERE,
        deflators=deflated(deflators, price_base),
    )  # fmt: skip
    if training is not None:
        entries_training.prepared(training, run, ready.grid)
        if "training_cost" not in ready.values:
            raise KindError(
                WHERE, "training is given, and no price of it", 'prices["training_cost"]', 9,
                "prices",
            )  # fmt: skip
        ready.flags |= training.flags
    books = books_of(run, ready, training)
    factors = discounted(run, discount)
    return Ledger(
        run=run, prepared=ready, books=books, currency=currency, price_base=str(price_base),
        discount=discount, factors=factors, training=training,
    )  # fmt: skip


def books_of(run: Run, ready: Prepared, training: Training | None) -> dict[str, Book]:
    """Return the books of the world with the scheme and of those without it, checked.

    Raises
    ------
    AccountError
        Transfers do not sum to zero.
    """
    _, g, s, n = ready.grid.cells
    writer = Writer(run, ready, (run.dataset.sizes["period"], g, s, n))
    apart = training is not None
    books = {"scheme": with_scheme(writer, training=apart)}
    if training is not None:
        heads = entries_training.prepared(training, run, ready.grid)
        entries_training.write(writer, books["scheme"], training, heads)
    books |= {name: without_scheme(writer, name, training=apart) for name in ALTERNATIVES}
    for name, book in books.items():
        check(name, book)
    return books
