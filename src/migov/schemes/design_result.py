"""The quotas that a design chose: who gains, what binds, and until when it is worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status
from migov.schemes.design_identities import RELATIVE, amount_of, cells_of, check
from migov.schemes.design_problem import owner
from migov.schemes.design_rows import PLACE
from migov.schemes.kernels_ties import apart, is_only, spread

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from migov.schemes.design import Design, Prepared
    from migov.schemes.kernels_design import Answer

    Floats = NDArray[np.float64]

PRICES_SHOWN = 8


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DesignResult:
    """Quotas and what follows from them.

    Parameters
    ----------
    design : Design
        What they serve.
    quotas : DataArray {occupation, origin, period}
        Places, in person.
    gain : DataArray {actor, origin, period, member}
        What the actors gain by the places of each period over no scheme, in the gains'
        currency.
    objective : float
        Its value at these quotas.
    prepared : Prepared
        Gains and limits that were used.
    found : Answer
        Of the solver: who may lose, prices, and what no quotas exceed.
    """

    design: Design
    quotas: xr.DataArray
    gain: xr.DataArray
    objective: float
    prepared: Prepared
    found: Answer

    def __repr__(self) -> str:
        return f"DesignResult: {self._head()}; show() tells all"

    @property
    def relaxed(self) -> tuple[str, ...]:
        """Return the guards that were given up, with their reasons."""
        return tuple(f"{name}: {reason}" for name, reason in self.design.relax)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what should be known beside the quotas."""
        told = []
        if "caps" not in self.prepared.limits:
            told.append("no cap of an origin was given: ask the origins before this is used")
        if self.prepared.flags & status.FLAGS["stylised"]:
            told.append("stylised: gains or limits rest on assumptions")
        if self.found.losers.any():
            told.append("prices hold while the same members lose")
        if self.design.whole:
            told.append("prices are those of fractions of places")
        if not self.unique:
            told.append(
                "other quotas serve the objective as well"
                + (" where the same members lose" if self.found.losers.any() else "")
                + "; ranges() tells between which numbers each can be"
            )
        if not self.proven:
            unit = self.quotas.attrs["objective_units"]
            told.append(
                f"not proven: the search ended at its {self.design.nodes} nodes; no quotas are "
                f"worth more than {_number(self.found.bound)} {unit}, and more nodes may find "
                "better ones"
            )
        return tuple(told)

    @property
    def proven(self) -> bool:
        """Whether no other quotas serve the objective better, within the limits and guards."""
        gap = self.found.bound - self.objective
        return gap <= 10 * RELATIVE * max(abs(self.objective), float(self._largest()))

    @property
    def unique(self) -> bool:
        """Whether no other quotas serve the objective as well, as the same members lose."""
        worth = self.prepared.worth(self.design)
        return is_only(self.prepared.problem, worth, self.found, self.design.nodes)

    def ranges(self) -> xr.Dataset:
        """Return between which numbers each place can be while the objective stays what it is.

        Each place by itself, the others moving as they have to: the least of all are no quotas
        that hold together. Where several quotas are as good, which of them was found is an
        accident of the solver, and the choice is for those who negotiate. Two programmes a place.

        Returns
        -------
        Dataset
            ``least`` and ``most`` {occupation, origin, period} in person.
        """
        import xarray as xr

        worth = self.prepared.worth(self.design)
        ends = spread(
            self.prepared.problem, worth, self.found, np.eye(len(worth)), self.design.nodes
        )
        same = ~apart(*ends, self.found.places)
        bare = self.quotas.drop_vars(status.NAME, errors="ignore")
        made = {}
        for name, values in zip(("least", "most"), ends, strict=True):
            numbers = np.where(same, self.found.places, np.maximum(values, 0.0))
            made[name] = bare.copy(data=numbers.reshape(bare.shape)).assign_attrs(
                long_name=f"{name} places at the same objective"
            )
        return xr.Dataset(made)

    def _largest(self) -> float:
        return float(np.abs(self.prepared.worth(self.design)).max(initial=0.0))

    def who(self) -> pd.DataFrame:
        """Return mean gain, gain at the quantile, and the share of members in which each loses.

        Returns
        -------
        DataFrame
            A row for the destination, and for the State and the migrants of each origin.
        """
        import pandas as pd

        rows = {}
        for actor, origin in _parties(self.prepared):
            values = _party(self.gain, actor, origin).sum("period")
            members = np.atleast_1d(np.asarray(values.values, float))
            guard = (actor, origin)
            rows[owner(actor, origin)] = {
                "mean": float(members.mean()),
                "at quantile": at_quantile(members[:, None], self.design.quantile)[0],
                "loses in": float(self._loses(actor, origin).mean()),
                "guarded": guard in self.prepared.guards,
            }
        return pd.DataFrame.from_dict(rows, orient="index")

    def stops(self) -> pd.DataFrame:
        """Return from which period on the scheme is no longer worth it, for each actor.

        A period is worth it where the actor gains by its places in all but the share
        `quantile` of the members; where the plan has none, where it would by some place.

        Returns
        -------
        DataFrame
            ``from`` is the start of the first period after which none is worth it, NaT where
            the last one still is; ``words`` says so.
        """
        import pandas as pd

        rows = {}
        starts = pd.DatetimeIndex(np.asarray(self.quotas["period"].values, "M8[s]"))
        for actor, origin in _parties(self.prepared):
            worth = self._worth(actor, origin)
            last = np.flatnonzero(worth)
            if not last.size:
                date: Any = starts[0]
                words = "at no time worth it"
            elif last[-1] == len(worth) - 1:
                date, words = pd.NaT, "worth it to the end"
            else:
                date = starts[int(last[-1]) + 1]
                words = f"worth it no longer from {self.prepared.places.year(last[-1] + 1)}"
            rows[owner(actor, origin)] = {"from": date, "words": words}
        return pd.DataFrame.from_dict(rows, orient="index")

    def prices(self) -> pd.DataFrame:
        """Return what one unit more of each binding limit would add, also in words.

        Where several limits bind at the same place, prices are not unique: one set of them is
        told, and each price holds on one side at least.

        Returns
        -------
        DataFrame
            ``price`` is the change of the objective by one unit more at the end that binds:
            not negative for what may at most be, not positive for what must at least be.
        """
        import pandas as pd

        unit = self.quotas.attrs["objective_units"]
        biggest = float(np.abs(self.found.prices).max(initial=0.0))
        rows = []
        for row, ends in zip(self.prepared.rows, self.found.prices, strict=True):
            for price, limit, least in ((ends[0], row.low, True), (ends[1], row.high, False)):
                if abs(price) > 1e-9 * max(biggest, 1e-300):
                    words = _words(row.kind, row.name, row.unit, price, unit, least)
                    rows.append({"limit": row.name, "kind": row.kind, "at": limit,
                                 "unit": row.unit, "price": price, "words": words})  # fmt: skip
        for guard, price in zip(self.prepared.guards, self.found.guard_prices, strict=True):
            if price > 1e-9:
                name, money = owner(*guard), self.prepared.currency
                words = f"letting {name} lose 1 {money} would add {_number(price)} {unit}"
                rows.append({"limit": f"{name} not worse off", "kind": "guard", "at": 0.0,
                             "unit": money, "price": price, "words": words})  # fmt: skip
        columns = ["limit", "kind", "at", "unit", "price", "words"]
        return pd.DataFrame(rows, columns=columns)

    def show(self) -> str:
        """Return the result as a text: what was given up first, then who gains, then prices."""
        lines = [*(f"GIVEN UP: {one}" for one in self.relaxed), self._head()]
        who, until = self.who(), self.stops()["words"].to_dict()
        for name, row in who.iterrows():
            lines.append(
                f"  {name}: {_number(row['mean'])} {self.prepared.currency} on average, loses in "
                f"{row['loses in']:.0%} of the members; {until[name]}"
            )
        prices = self.prices()
        largest = prices.loc[
            prices["price"].abs().sort_values(ascending=False).index[:PRICES_SHOWN]
        ]
        lines += [f"  {words}" for words in largest["words"]]
        if len(prices) > PRICES_SHOWN:
            lines.append(f"  {len(prices) - PRICES_SHOWN} smaller prices stand in prices()")
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _head(self) -> str:
        design, total = self.design, float(self.quotas.sum())
        serves = design.objective if isinstance(design.objective, str) else ", ".join(
            f"{actor} {weight:g}" for actor, weight in design.objective
        )  # fmt: skip
        unit = self.quotas.attrs["objective_units"]
        return f"{_number(total)} places for {serves}: {_number(self.objective)} {unit}"

    def identical(self, other: DesignResult) -> bool:
        """Tell whether two results have the same design, quotas and gains."""
        return (
            self.design == other.design
            and self.quotas.identical(other.quotas)
            and self.gain.identical(other.gain)
        )

    def _loses(self, actor: str, origin: str) -> NDArray[np.bool_]:
        """Return in which members an actor loses, beyond rounding."""
        bare = self.quotas.drop_vars(status.NAME, errors="ignore")
        amount = amount_of(self.prepared, bare, actor, origin)
        dims = [dim for dim in PLACE if dim in amount.dims]
        scale = abs(amount).sum(dims)
        lost: xr.DataArray = amount.sum(dims) < -RELATIVE * scale
        return np.atleast_1d(np.asarray(lost.values, bool))

    def _worth(self, actor: str, origin: str) -> NDArray[np.bool_]:
        """Return in which periods an actor gains, by the plan or by some place at least."""
        gains = cells_of(self.prepared.gains.sel(actor=actor), origin)
        order = [dim for dim in ("member", *PLACE) if dim in gains.dims]
        cells = np.asarray(gains.transpose(*order).values, float)
        if "member" not in gains.dims:
            cells = cells[None]
        own = cells_of(self.quotas, origin)
        plan = np.asarray(own.values, float)
        by_plan = at_quantile((cells * plan).sum(axis=(1, 2)), self.design.quantile) > 0
        by_some = (at_quantile(cells, self.design.quantile) > 0).any(axis=(0, 1))
        return np.asarray(np.where(plan.sum(axis=(0, 1)) > 0, by_plan, by_some), bool)


def answer(design: Design, prepared: Prepared, found: Answer) -> DesignResult:
    """Return the result of a design, every limit checked on its own.

    Raises
    ------
    AccountError
        The quotas break a limit.
    """
    import xarray as xr

    places = prepared.places
    unit = prepared.currency if design.weights else "person"
    quotas = xr.DataArray(
        found.places.reshape(places.shape) + 0.0,
        {
            "occupation": list(places.occupation), "origin": list(places.origin),
            "period": places.period, "period_end": ("period", places.period_end),
        },
        PLACE,
        name="quotas",
        attrs={
            "units": "person", "long_name": "places by occupation, origin and period",
            "objective_units": unit, "use": "planning tool, not a decision on individuals",
            "stylised": int(bool(prepared.flags & status.FLAGS["stylised"])),
        },
    )  # fmt: skip
    if design.relax:
        quotas.attrs["given_up"] = "; ".join(f"{name}: {why}" for name, why in design.relax)
    if prepared.flags:
        quotas = status.put(quotas, xr.DataArray(np.uint16(prepared.flags)))
    bare = quotas.drop_vars(status.NAME, errors="ignore")
    gain = (prepared.gains * bare).sum("occupation", skipna=False)
    order = [dim for dim in ("actor", "origin", "period", "member") if dim in gain.dims]
    gain = gain.transpose(*order).rename("gain")
    gain.attrs = {
        "units": prepared.currency,
        "long_name": "gain over no scheme by the places of a period",
    }
    value = float(prepared.worth(design) @ found.places)
    check(design, bare, prepared)
    return DesignResult(
        design=design, quotas=quotas, gain=gain, objective=value, prepared=prepared, found=found
    )


def _party(gain: xr.DataArray, actor: str, origin: str) -> xr.DataArray:
    own = gain.sel(actor=actor)
    return own.sel(origin=origin) if origin else own.sum("origin")


def _parties(prepared: Prepared) -> list[tuple[str, str]]:
    """Return who is told of: each actor, the State and migrants of each origin apart."""
    from migov.schemes.design_checks import BY_ORIGIN

    return [
        (actor, origin)
        for actor in map(str, prepared.gains.indexes["actor"])
        for origin in (prepared.places.origin if actor in BY_ORIGIN else ("",))
    ]


def at_quantile(values: Floats, quantile: float) -> Floats:
    """Return the worst value along the first axis after the share that may be worse."""
    left_out = int(np.floor(quantile * values.shape[0] + 1e-9))
    return np.asarray(np.sort(values, axis=0)[left_out])


def _number(value: float) -> str:
    """Return a number at four digits that matter, thousands parted."""
    size = 0 if value == 0 else int(np.floor(np.log10(abs(value))))
    text = f"{round(value, 3 - size):,.{min(max(3 - size, 0), 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _words(kind: str, name: str, unit: str, price: float, total: str, least: bool) -> str:
    """Return a shadow price as a sentence."""
    worth = f"{_number(abs(price))} {total}"
    if kind == "fairness":
        return f"{name} costs {worth} for each place that it moves"
    if kind == "floor":
        return f"one worker more at home beside the {name} would add {worth}"
    what = "person" if unit == "person" else unit
    return f"one {what} {'less' if least else 'more'} of the {name} would add {worth}"
