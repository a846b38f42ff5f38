"""The prices of a ledger: one table of what may be given, with unit, dimensions and meaning.

Money is brought to the ledger's currency by dated rates and to its price base by stated
deflators; nothing is converted in silence, and all faults are told together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import attrs
import numpy as np

from migov.core import status, units
from migov.core.align import shown
from migov.core.combine import hold
from migov.core.errors import DataError, MigovError
from migov.core.inputs import currency_of
from migov.schemes.hazards import RANGE, draw
from migov.schemes.inputs import CELL, REST, Grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

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


_WAGE, _HEAD, _PART = "currency/month", "currency/person", "1"

PRICES: dict[str, Price] = {
    "wage": Price(_WAGE, "gross wage at destination, full time", True),
    "home_wage": Price(_WAGE, "gross wage of a job at home, full time", True),
    "product": Price(_WAGE, "value that a worker adds for the employer at destination"),
    "home_product": Price(_WAGE, "value that a worker adds for the employer at home"),
    "idle_income": Price(_WAGE, "what a person without a job makes at home"),
    "other_destination_wage": Price(_WAGE, "net wage in the other destination"),
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
    "housing_cost": Price(_WAGE, "housing during the stay"),
    "board_cost": Price(_WAGE, "meals during the stay"),
    "living_cost": Price(_WAGE, "living abroad beyond what living at home costs"),
    "resident_wage_effect": Price(_WAGE, "wages lost by resident workers, a worker admitted"),
    "posts_left_empty": Price(_PART, "share of left posts at home that stay empty"),
    "service_margin": Price(_PART, "what services earn beyond their cost"),
    "price_level": Price(_PART, "prices at home relative to those at destination"),
}
"""What a ledger takes. Instead of ``wage`` and ``home_wage`` it takes ``earnings`` {area,
occupation}; ``income_tax_rate`` {area} and ``contribution_rate`` {area, payer} stand for the
rates of both countries; ``exchange_rate…`` in units such as MDL/EUR convert. Every price may
vary by occupation, origin, sex, time, member, or be a range along ``scenario``."""

DEFAULTS = {
    "product": "the product of a worker is taken as the labour cost: employers gain nothing by it",
    "home_product": "the product of a job at home is taken as its labour cost",
    "posts_left_empty": "every post left at home is taken as left empty",
    "service_margin": "services are taken as supplied at cost",
    "other_destination_ratio": "net wages in another destination are taken as those here",
    "idle_income": "without a job at home there is taken to be no income",
}


@attrs.define
class Prepared:
    """Prices as arrays on the grid of a run, and what was found on the way."""

    grid: Grid
    values: dict[str, np.ndarray]
    absent: tuple[str, ...]
    unused: tuple[str, ...]
    not_charged: tuple[str, ...]
    flags: int


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
    if x is not None and "currency" not in str(units.powers(x.attrs.get("units", ""))):
        out["other_destination_ratio"] = out.pop("other_destination_wage")
    return {name: x for name, x in out.items() if x is not None}


def _safely(pick: Any, x: Any) -> Any:
    try:
        return pick(x)
    except KeyError:
        return None


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
    given, faults = split(prices, run), []
    rates = {n: x for n, x in given.items() if n.startswith("exchange_rate")}
    grid = _grid(run, where)
    ready: dict[str, xr.DataArray] = {}
    for key, price in PRICES.items():
        if key not in given:
            if price.required:
                faults.append(f"{key!r} is missing: {price.title}, in {_unit(price, currency)!r}")
            continue
        try:
            x = _converted(given[key], key, currency, rates, where)
            x = _at_base(x, given[key], key, price_base, deflators)
            ready[key] = _on_grid(x, key, run, grid)
        except (MigovError, ValueError, KeyError) as fault:
            what = fault.what if isinstance(fault, MigovError) else str(fault)
            faults.append(what if what.startswith(key) else f"{key}: {what}")
    claims = set(run.programme.claims().values())
    paid = {"employee_contribution", "employer_contribution"} & set(ready)
    if paid and len(claims) == 2 and "claim_share" not in ready:
        faults.append("some branches have a claim and some have none: give claim_share")
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
    used = {*PRICES, *rates}
    unused = tuple(sorted(n for n in given if n not in used))
    absent = tuple(key for key in PRICES if key not in ready)
    return Prepared(grid, values, absent, unused, not_charged, flags)


def _unit(price: Price, currency: str) -> str:
    return price.unit.replace("currency", currency)


def _grid(run: Run, where: str) -> Grid:
    grid = Grid(where, np.asarray(run.dataset["period"].values, "M8[M]"))
    like = run.dataset["person_years"]
    grid.labels = {n: list(like.indexes[n]) for n in CELL + REST if n in like.dims}
    return grid


def _converted(
    x: Any, key: str, currency: str, rates: Mapping[str, xr.DataArray], where: str
) -> xr.DataArray:
    """Return a price in its unit of the table, in the ledger's currency."""
    import xarray as xr

    if not isinstance(x, xr.DataArray):
        raise ValueError(f"{key} is a {type(x).__name__}, expected an xarray DataArray")
    values = np.asarray(x.values, float)
    if not np.isfinite(values).all():
        raise ValueError(f"{key} has missing or infinite cells")
    if (values < 0).any() and key != "resident_wage_effect":
        raise ValueError(f"{key} holds {values.min():g}, negative")
    unit = units.unit_of(x, where, key)
    wanted, own = _unit(PRICES[key], currency), currency_of(unit)
    if own is None or own == currency:
        out: xr.DataArray = units.to_unit(x, wanted, where, key)
        return out
    foreign = units.to_unit(x, _unit(PRICES[key], own), where, key)
    rate, inverse = _rate(own, currency, rates)
    if rate is None:
        raise ValueError(
            f"{key} is in {own}; give exchange_rate_{own.lower()} in {own}/{currency}, dated"
        )
    number = _rate_at(rate, x, key)
    found = foreign * number if inverse else foreign / number
    found.attrs = {**foreign.attrs, "units": wanted}
    own_flags, rate_flags = status.take(foreign)[1], status.take(rate)[1]
    if rate_flags is not None:
        bits = np.uint16(np.bitwise_or.reduce(rate_flags.values, axis=None))
        plain = status.take(found)[0]
        marked = xr.DataArray(bits) if own_flags is None else own_flags | bits
        return status.put(plain, marked.astype(np.uint16))
    return cast("xr.DataArray", found)


def _rate(
    own: str, currency: str, rates: Mapping[str, xr.DataArray]
) -> tuple[xr.DataArray | None, bool]:
    for x in rates.values():
        unit = str(x.attrs.get("units", "")).replace(" ", "")
        if unit == f"{own}/{currency}":
            return x, False
        if unit == f"{currency}/{own}":
            return x, True
    return None, False


def _rate_at(rate: xr.DataArray, x: xr.DataArray, key: str) -> float:
    """Return the rate of the price's date: the latest one that is not after it."""
    values = np.atleast_1d(np.asarray(rate.values, float))
    if "time" not in rate.coords:
        raise ValueError(f"{key}: the exchange rate has no date")
    dates = np.atleast_1d(np.asarray(rate.coords["time"].values, "M8[s]"))
    if dates.size == 1:
        return float(values[0])
    if "time" not in x.coords or x.coords["time"].size != 1:
        raise ValueError(f"{key} has no date, and exchange rates have {dates.size}")
    date = np.asarray(x.coords["time"].values, "M8[s]").reshape(-1)[0]
    place = int(np.searchsorted(dates, date, side="right")) - 1
    if place < 0:
        raise ValueError(f"{key} is of {str(date)[:10]}, before the first exchange rate")
    return float(values[place])


def _at_base(
    x: xr.DataArray, given: xr.DataArray, key: str, base: Any, deflators: Mapping[Any, float]
) -> xr.DataArray:
    """Return money at the ledger's price base."""
    if "currency" not in PRICES[key].unit:
        return x
    own = given.attrs.get("price_base")
    if own is None:
        raise ValueError(f"{key} has no price base: {key}.attrs['price_base'] = 2022, say")
    if str(own) == str(base):
        return x
    factors = {str(name): float(value) for name, value in deflators.items()}
    if str(own) not in factors:
        raise ValueError(
            f"{key} is at prices of {own}, the ledger at {base}: give deflators={{{own}: …}}"
        )
    out = x * factors[str(own)]
    out.attrs = dict(x.attrs)
    return out


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
