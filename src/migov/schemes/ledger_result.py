"""Amounts by actor and item, and what is read from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status
from migov.core.errors import KindError, ParameterError
from migov.schemes.alternative import ALTERNATIVES
from migov.schemes.entries import ACTORS, TOLD, Book
from migov.schemes.inputs import CELL, REST
from migov.schemes.kinds import is_number, one_of
from migov.schemes.ledger_checks import WHERE
from migov.schemes.price_keys import DEFAULTS, PRICES
from migov.schemes.prices import Prepared, payer_of
from migov.schemes.rules import WORKER_MAY_PAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from migov.schemes.run import Run
    from migov.schemes.training import Training

    Cells = NDArray[np.float64]

HOURS = 365.2425 * 24.0


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Ledger:
    """Money by actor and item, with the scheme and in the worlds without it.

    Totals exist within an actor; across actors only with stated weights. Amounts that are
    received are positive.

    Parameters
    ----------
    run : Run
        What was accounted for.
    currency, price_base, discount : str
        Of all amounts.
    """

    run: Run
    prepared: Prepared
    books: dict[str, Book]
    currency: str
    price_base: str
    discount: str
    factors: Cells
    training: Training | None = None

    def __repr__(self) -> str:
        return (
            f"Ledger of {self.run.programme.name!r}: {self.currency} at prices of "
            f"{self.price_base}, discounted by {self.discount}; {len(self.absent)} of "
            f"{len(PRICES)} prices absent"
        )

    @property
    def absent(self) -> tuple[str, ...]:
        """Return the prices that were not given; their items are zero."""
        return self.prepared.absent

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Return what was taken as given because no price says otherwise."""
        given = "other_destination_wage" not in self.absent
        trained = "training_cost" not in self.absent
        found = [
            text
            for key, text in DEFAULTS.items()
            if key in self.absent and not (given and key == "other_destination_ratio")
        ]
        if trained:
            found.append(
                "training that leaves is lost by the origin and gained by employers, at its cost"
            )
        if trained and "product" not in self.absent:
            found.append(
                "training counts twice for employers where the product is that of trained workers"
            )
        found += [text for name, text in TOLD.items() if name in self.run.dataset]
        claims = self.run.programme.claims()
        if not claims:
            found.append("no branch is insured: no contributions are paid, no claim arises")
        found += [
            f"contributions to {name} acquire no claim" for name, has in claims.items() if not has
        ]
        return (*found, *self.prepared.rates, *self.prepared.not_charged)

    @property
    def paid_by_workers(self) -> tuple[str, ...]:
        """Return the costs that workers bear; recruitment fees and related costs never are."""
        found = [
            k for k in ("living_cost", "remittance_cost", "debt_interest") if k not in self.absent
        ]
        keys = [k for k in PRICES if k.removesuffix("_cost") in WORKER_MAY_PAY]
        found += [k for k in keys if k in ("housing_cost", "board_cost")
                  and k not in self.absent and payer_of(self.run, k) == "worker"]  # fmt: skip
        return tuple(found)

    def by_item(self, world: str = "scheme", *, discounted: bool = True) -> xr.DataArray:
        """Return amounts {item, actor, origin, sex, member}, summed over periods.

        Parameters
        ----------
        world : {"scheme", "home_job", "home_no_job", "other_destination", "same_destination"}
            With the scheme, or where all migrants do one other thing.
        discounted : bool
            Whether amounts are brought to the start of the run.
        """
        book = self._book(world)
        items = list(dict.fromkeys(e.item for e in book.entries if e.kind != "valuation"))
        shape = (len(items), len(ACTORS), *book.shape[1:])
        out = np.zeros(shape)
        for entry in book.entries:
            if entry.kind != "valuation":
                place = items.index(entry.item), ACTORS.index(entry.actor)
                out[place] += self._summed(entry.amount, discounted)
        return self._labelled(out, {"item": items, "actor": list(ACTORS)}, "amounts by item")

    def by_actor(
        self, world: str = "scheme", *, discounted: bool = True, purchasing_power: bool = False
    ) -> xr.DataArray:
        """Return what each actor receives in all {actor, origin, sex, member}.

        Parameters
        ----------
        world : str
            See :meth:`by_item`.
        discounted : bool
            Whether amounts are brought to the start of the run.
        purchasing_power : bool
            Whether money spent at home counts at what it buys there.
        """
        book = self._book(world)
        out = np.zeros((len(ACTORS), *book.shape[1:]))
        for entry in book.entries:
            if purchasing_power or entry.kind != "valuation":
                out[ACTORS.index(entry.actor)] += self._summed(entry.amount, discounted)
        return self._labelled(out, {"actor": list(ACTORS)}, "amounts by actor")

    def by_period(self, world: str = "scheme") -> xr.DataArray:
        """Return what each actor receives {actor, period, origin, sex, member}, undiscounted."""
        book = self._book(world)
        out = np.zeros((len(ACTORS), *book.shape))
        for entry in book.entries:
            if entry.kind != "valuation":
                out[ACTORS.index(entry.actor)] += entry.amount
        data = self.run.dataset
        lead = {"actor": list(ACTORS), "period": data["period"].values}
        found = self._labelled(out, lead, "amounts by actor and period")
        return found.assign_coords(period_end=("period", data["period_end"].values))

    def against(
        self, what: str, *, discounted: bool = True, purchasing_power: bool = False
    ) -> xr.DataArray:
        """Return each actor's gain over a world without the scheme {actor, origin, sex, member}.

        Parameters
        ----------
        what : {"home", "mix"}
            ``home``: all migrants would have a job at home. ``mix``: what the run's
            alternative says; part of the gain then falls away as deadweight or diversion.
        discounted, purchasing_power : bool
            See :meth:`by_actor`.

        Raises
        ------
        ParameterError
            Another comparison, or no alternative in the run.
        """
        one_of(what, ("home", "mix"), WHERE, "what")
        how: dict[str, Any] = {"discounted": discounted, "purchasing_power": purchasing_power}
        if what == "home":
            out = self.by_actor(**how) - self.by_actor("home_job", **how)
        elif what == "mix":
            shares = self.run.alternative
            if shares is None:
                raise ParameterError(
                    WHERE, "the run has no alternative", "simulate(alternative=…)", 9, "what"
                )
            out = self.by_actor(**how)
            for name in ALTERNATIVES:
                part = shares.sel(alternative=name, drop=True)
                part = part.drop_vars([n for n in part.coords if n not in part.dims])
                labels = {n: out.indexes[n] for n in part.dims if n in out.dims}
                out = out - self.by_actor(name, **how) * part.sel(labels)
        else:
            raise ParameterError(WHERE, f"what={what!r}", '"home" or "mix"', 9, "what")
        like = self.by_actor(**how)
        found = out.transpose(*like.dims, ...)
        found.attrs = {**like.attrs, "long_name": f"gain against {what}"}
        return found

    def total(self, weights: Mapping[str, float], *, what: str = "home") -> xr.DataArray:
        """Return the sum of the actors' gains, each with its stated weight.

        Parameters
        ----------
        weights : mapping of str to float
            One for every actor; 0 for one that is left out on purpose.
        what : {"home", "mix"}
            See :meth:`against`.

        Raises
        ------
        ParameterError
            An actor has no weight: a euro is not the same to everybody, so that the sum says
            nothing until somebody has said how much each counts.
        """
        if not hasattr(weights, "items") or not all(isinstance(one, str) for one in weights):
            raise KindError(
                WHERE, f"weights is a {type(weights).__name__}", "{actor: weight}", 9, "weights"
            )
        absent = [actor for actor in ACTORS if actor not in weights]
        odd = [actor for actor in weights if actor not in ACTORS]
        bad = [a for a, w in weights.items() if not (is_number(w) and w >= 0)]
        if absent or odd or bad:
            first = (absent + odd + bad)[0]
            state = (
                "no weight" if absent else "a weight, and is no actor" if odd else "no weight ≥ 0"
            )
            raise ParameterError(
                WHERE, f"{first!r} has {state}",
                "weights={actor: weight} for " + ", ".join(ACTORS), 4, "weights",
            )  # fmt: skip
        gain = self.against(what)
        out = gain.isel(actor=0, drop=True) * 0.0
        for actor in ACTORS:
            out = out + gain.sel(actor=actor, drop=True) * float(weights[actor])
        told = ", ".join(f"{actor} {weights[actor]:g}" for actor in ACTORS)
        out.attrs = {**gain.attrs, "long_name": f"weighted gain against {what}", "weights": told}
        return out

    def drivers(self, actor: str, *, what: str = "home", by: float = 0.1) -> pd.DataFrame:
        """Return what an actor's gain hangs on.

        Parameters
        ----------
        actor : str
            Of the ledger.
        what : {"home", "mix"}
            See :meth:`against`.
        by : float
            Part by which each price is made higher, all else held; heads are not run anew.

        Returns
        -------
        DataFrame
            A row for each price, the strongest first: ``change`` of the mean gain in the
            ledger's currency, ``share`` of its size, and the ``rank_correlation`` of price and
            gain over members where it was drawn from a range. Then drawn hazards, with their
            rank correlation alone. The mean gain itself is in ``attrs["gain"]``.

        Raises
        ------
        ParameterError
            No such actor or comparison; `by` is not above 0.
        """
        from migov.schemes.ledger_drivers import drivers

        return drivers(self, actor, what=what, by=by)

    def time_apart(self) -> xr.DataArray:
        """Return hours that workers live apart from their family {period, …}; not priced.

        All hours of the stay where the family has no right to come, or to visit only.
        """
        x = self.run.dataset["person_years"]
        apart = self.run.programme.family in ("none", "visit")
        out = x * (HOURS if apart else 0.0)
        out.attrs = {"units": "hour", "long_name": "hours apart from the family; not priced"}
        return out.rename("time_apart")

    def identical(self, other: Ledger) -> bool:
        """Tell whether two ledgers hold the same amounts under the same rules."""
        return (
            self.run.identical(other.run)
            and (self.currency, self.price_base, self.discount)
            == (other.currency, other.price_base, other.discount)
            and all(self.by_item(w).identical(other.by_item(w)) for w in self.books)
        )

    def _book(self, world: str) -> Book:
        return self.books[one_of(world, self.books, WHERE, "world")]

    def _summed(self, amount: Cells, discounted: bool) -> Cells:
        out = np.zeros(amount.shape[1:])
        for i, values in enumerate(amount):
            out += values * self.factors[i] if discounted else values
        return out

    def _labelled(self, values: Cells, lead: Mapping[str, Any], title: str) -> xr.DataArray:
        import xarray as xr

        labels = self.prepared.grid.labels
        names = [n for n in (*CELL, *REST) if n in labels and n != "occupation"]
        first = [len(labels) for labels in lead.values()]
        data = values.reshape(*first, *(len(labels[n]) for n in names))
        out = xr.DataArray(
            data, {**lead, **{n: labels[n] for n in names}}, [*lead, *names],
            attrs={
                "units": self.currency, "price_base": self.price_base, "long_name": title,
                "discount": self.discount, "programme": self.run.programme.name,
            },
        )  # fmt: skip
        bits = self.prepared.flags
        own = status.take(self.run.dataset["person_years"])[1]
        bits |= 0 if own is None else int(np.bitwise_or.reduce(own.values, axis=None))
        if not bits:
            return out
        out.attrs["stylised"] = int(bool(bits & status.FLAGS["stylised"]))
        return out.assign_coords({status.NAME: ((), np.uint16(bits), status.ATTRS)})
