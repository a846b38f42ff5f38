"""The prices of a ledger on the grid of its run, all that is wrong with them told together.

Money is brought to the ledger's currency by dated rates and to its price base by stated
deflators; nothing is converted in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status
from migov.core.align import shown
from migov.core.combine import hold
from migov.core.errors import DataError, MigovError
from migov.schemes.hazards import RANGE, draw
from migov.schemes.inputs import CELL, REST, Grid
from migov.schemes.price_keys import (
    PRICES,
    RATIOS,
    WAGE,
    Price,
    is_known,
    named,
    split,
    twice,
    unknown,
)
from migov.schemes.price_rates import (
    LEVELS,
    at_base,
    converted,
    rates_of,
    wrong_way_round,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from migov.schemes.run import Run


@attrs.define
class Prepared:
    """Prices as arrays on the grid of a run, and what was found on the way."""

    grid: Grid
    values: dict[str, np.ndarray]
    absent: tuple[str, ...]
    rates: tuple[str, ...]
    not_charged: tuple[str, ...]
    flags: int


def prepare(
    run: Run,
    prices: Mapping[str, xr.DataArray],
    *,
    currency: str,
    price_base: Any,
    deflators: Mapping[Any, float],
    where: str,
) -> Prepared:
    """Return the prices in one currency at one price base, on the grid of a run.

    Raises
    ------
    DataError
        All that is missing or in a wrong unit, currency or price base.
    """
    given = named(prices, where)
    faults = twice(given)
    given = split(given, run)
    faults += [unknown(key) for key in given if not is_known(key)]
    rates, wrong = rates_of(given, currency, where)
    faults += wrong
    grid = _grid(run, where)
    ready: dict[str, xr.DataArray] = {}
    for key, price in PRICES.items():
        if key not in given:
            if price.required:
                faults.append(f"{key!r} is missing: {price.title}, in {_unit(price, currency)!r}")
            continue
        try:
            _looked_at(given[key], key)
            x = converted(given[key], key, price.unit, currency, rates, where)
            _no_share(x, key)
            if "currency" in price.unit:
                x = at_base(x, given[key], key, price_base, deflators)
            ready[key] = _on_grid(x, key, run, grid)
        except (MigovError, ValueError, KeyError) as fault:
            what = fault.what if isinstance(fault, MigovError) else str(fault)
            if price.unit == WAGE and "/hour'" in what.split(",")[0]:
                what += "; migov.schemes.monthly_wage(wage, hours)"
            faults.append(what if what.startswith(key) else f"{key}: {what}")
    faults += [*_kept(ready), *wrong_way_round(given, ready, rates, currency, where)]
    claims = set(run.programme.claims().values())
    paid = {"employee_contribution", "employer_contribution"} & set(ready)
    if paid and len(claims) == 2 and "claim_share" not in ready:
        faults.append(
            "some branches have a claim and some have none: give claim_share, the part of all "
            "contributions that goes to branches with one"
        )
    not_charged = _not_charged(run, ready)
    if faults:
        count = f"{len(faults)} fault" + ("s" if len(faults) > 1 else "")
        raise DataError(
            where, f"{count} in 'prices'", "nothing was counted; see migov.schemes.PRICES", 6,
            "prices", tuple(faults),
        )  # fmt: skip
    values, flags = {}, 0
    for key, x in ready.items():
        plain, flag = status.take(x)
        if flag is not None:
            flags |= int(np.bitwise_or.reduce(np.asarray(flag.values, np.uint16), axis=None))
        grid.note(plain)
        ready[key] = plain
    for key, x in ready.items():
        lead = x if "period" in x.dims else x.expand_dims(period=[0])
        values[key] = grid.spread(lead, "period")
    absent = tuple(key for key in PRICES if key not in ready)
    told = tuple(text for rate in rates.values() for text in rate.told(currency))
    return Prepared(grid, values, absent, told, not_charged, flags)


def _unit(price: Price, currency: str) -> str:
    return price.unit.replace("currency", currency)


def _grid(run: Run, where: str) -> Grid:
    grid = Grid(where, np.asarray(run.dataset["period"].values, "M8[M]"))
    like = run.dataset["person_years"]
    grid.labels = {n: list(like.indexes[n]) for n in CELL + REST if n in like.dims}
    return grid


def _looked_at(x: Any, key: str) -> None:
    """Refuse values that no price of this key can have."""
    import xarray as xr

    if not isinstance(x, xr.DataArray):
        raise ValueError(f"{key} is a {type(x).__name__}, expected an xarray DataArray")
    values = np.asarray(x.values, float)
    if not np.isfinite(values).all():
        raise ValueError(f"{key} has missing or infinite cells")
    if (values < 0).any() and key != "resident_wage_effect":
        raise ValueError(f"{key} holds {values.min():g}, negative")


def _no_share(x: xr.DataArray, key: str) -> None:
    """Refuse shares above one, and ratios that no two countries have."""
    if "currency" in PRICES[key].unit:
        return
    most, least = float(x.max()), float(x.min())
    if key in RATIOS:
        if not (LEVELS[0] <= least and most <= LEVELS[1]):
            odd = most if most > LEVELS[1] else least
            raise ValueError(
                f"{key} holds {odd:g}, expected a ratio from {LEVELS[0]:g} to {LEVELS[1]:g}"
            )
    elif most > 1:
        raise ValueError(f"{key} holds {most:g}, a share is 1 at most: is the unit 'percent'?")


def _kept(ready: Mapping[str, Any]) -> list[str]:
    """Return where tax and contributions together leave nothing of the wage."""
    found = []
    for pair in (("income_tax", "employee_contribution"),
                 ("home_income_tax", "home_employee_contribution")):  # fmt: skip
        if set(pair) <= set(ready):
            most = sum(float(ready[key].max()) for key in pair)
            if most > 1:
                found.append(f"{' and '.join(pair)} together take {most:.0%} of the wage")
    return found


def _on_grid(x: xr.DataArray, key: str, run: Run, grid: Grid) -> xr.DataArray:
    """Return a price for the periods, origins and occupations of the run."""
    if "area" in x.coords:
        x = x.rename(area="origin") if "area" in x.dims else x.drop_vars("area")
    ranged = "scenario" in x.dims and set(map(str, x.indexes["scenario"])) == set(RANGE)
    if ranged and "member" in grid.labels:
        x = draw(x, grid.labels["member"], seed=run.seed, process=f"price {key}")
    if "time" in x.dims and x.sizes["time"] > 1:
        x = hold(x, to=run.dataset["period"])
    elif "time" in x.dims:
        x = x.isel(time=0, drop=True)
    gone = [str(n) for n in x.coords if n not in x.dims and n != status.NAME]
    x = x.drop_vars([n for n in gone if "period" not in x.coords[n].dims]).rename(key)
    odd = [str(d) for d in x.dims if d not in (*CELL, *REST, "period")]
    if odd:
        raise ValueError(f"{key} has {odd[0]!r}, which no cell of the run has")
    bare = [str(d) for d in x.dims if d not in x.indexes]
    if bare:
        raise ValueError(f"{key} has {bare[0]!r} without labels")
    for dim in CELL:
        if dim in x.dims and dim in grid.labels:
            absent = [one for one in grid.labels[dim] if one not in x.indexes[dim]]
            if absent:
                raise ValueError(
                    f"{key} lacks {dim} {shown(absent)}: leave {key} out, or reindex it and say "
                    "what the others cost"
                )
            x = x.sel({dim: grid.labels[dim]})
        elif dim in x.dims:
            raise ValueError(f"{key} is by {dim}, the run is not")
    return x


_ITEMS = {
    "recruitment_cost": "recruitment",
    "medical_cost": "medical",
    "skills_test_cost": "skills_test",
    "recognition_cost": "recognition",
    "language_cost": "language",
    "pre_departure_cost": "training",
    "integration_cost": "integration",
    "insurance_cost": "insurance",
    "equipment_cost": "equipment",
    "travel_cost": "travel",
    "visa_cost": "administration",
    "housing_cost": "housing",
    "board_cost": "board",
}
"""The item of the programme's costs that each price belongs to."""


def payer_of(run: Run, key: str) -> str | None:
    """Return who pays a cost by the programme's rules, or None where they do not say."""
    item = _ITEMS[key]
    return next((cost.payer for cost in run.programme.costs if cost.item == item), None)


def _not_charged(run: Run, ready: dict[str, Any]) -> tuple[str, ...]:
    """Take out the costs that the programme does not have, and say so."""
    out = [key for key in _ITEMS if key in ready and payer_of(run, key) is None]
    if "return_bonus" in ready and run.programme.return_bonus == "none":
        out.append("return_bonus")
    for key in out:
        del ready[key]
    return tuple(f"{key} has a price, but the programme has no such cost" for key in out)
