"""Money of one currency and price base brought to another, by dated rates that are looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import attrs
import numpy as np

from migov.core import status, units
from migov.core.errors import MigovError
from migov.core.inputs import currency_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

RATE, PPP = "exchange_rate", "ppp"
LEVELS = (0.1, 10.0)
"""Price levels, of one country to another, outside which a rate is taken to be another one."""
WAGES = (1e-3, 3.0)
"""Wages at home to wages at destination, the same."""


@attrs.define(eq=False)
class Rate:
    """Units of one currency for one of the ledger's, by date.

    Parameters
    ----------
    key : str
        Its key in the prices.
    own : str
        The other currency.
    unit : str
        As it was given.
    values, dates : ndarray (T,)
        Units of `own` for one of the ledger's currency, dates rising.
    flags : int
        Statuses of the figure.
    """

    key: str
    own: str
    unit: str
    values: np.ndarray
    dates: np.ndarray
    flags: int
    used: set[int] = attrs.field(factory=set)

    def at(self, x: xr.DataArray, key: str) -> float:
        """Return the rate of the price's date: the latest one that is not after it.

        Raises
        ------
        ValueError
            Several rates and no date of the price, or a date before all of them.
        """
        place = 0
        if self.dates.size > 1:
            if "time" not in x.coords or x.coords["time"].size != 1:
                raise ValueError(f"{key} has no date, and exchange rates have {self.dates.size}")
            date = np.asarray(x.coords["time"].values, "M8[s]").reshape(-1)[0]
            place = int(np.searchsorted(self.dates, date, side="right")) - 1
            if place < 0:
                raise ValueError(f"{key} is of {str(date)[:10]}, before the first exchange rate")
        self.used.add(place)
        return float(self.values[place])

    def told(self, currency: str) -> list[str]:
        """Return in words what was converted, at what rate of what day."""
        return [
            f"{self.own} at {self.values[i]:.6g} {self.own} for one {currency}, the rate of "
            f"{str(self.dates[i])[:10]}"
            for i in sorted(self.used)
        ]


def rates_of(
    prices: Mapping[str, Any], currency: str, where: str
) -> tuple[dict[str, Rate], list[str]]:
    """Return the rates to the ledger's currency by the other one, and what is wrong with any.

    Rates between two other currencies are left aside.
    """
    found: dict[str, Rate] = {}
    faults: list[str] = []
    for key, x in prices.items():
        if not key.startswith(RATE):
            continue
        try:
            rate = _rate(x, key, currency, where)
        except (MigovError, ValueError) as fault:
            faults.append(fault.what if isinstance(fault, MigovError) else str(fault))
            continue
        if rate is None:
            continue
        if rate.own in found:
            faults.append(f"{found[rate.own].key} and {key} are both of {rate.own} and {currency}")
        found[rate.own] = rate
    return found, faults


def _rate(x: Any, key: str, currency: str, where: str) -> Rate | None:
    """Return one rate, looked at; None where it is of other currencies."""
    import xarray as xr

    if not isinstance(x, xr.DataArray):
        raise ValueError(f"{key} is a {type(x).__name__}, expected an xarray DataArray")
    unit = units.unit_of(x, where, key)
    powers = {base: power for base, power in units.powers(unit).items() if power}
    pair = [base.removeprefix("currency_") for base in powers if base.startswith("currency_")]
    if len(powers) != 2 or len(pair) != 2 or sorted(powers.values()) != [-1.0, 1.0]:
        raise ValueError(f"{key} is in {unit!r}, expected two currencies such as 'MDL/EUR'")
    named = re.fullmatch(RATE + r"_([a-zA-Z]{3})", key)
    if named and named[1].upper() not in pair:
        raise ValueError(f"{key} is in {unit!r}, and so of {' and '.join(sorted(pair))}")
    if currency not in pair:
        return None
    own = next(one for one in pair if one != currency)
    over = powers[f"currency_{own}"] > 0
    plain, flags = status.take(x)
    plain = units.to_unit(plain, f"{own}/{currency}" if over else f"{currency}/{own}", where, key)
    odd = [str(dim) for dim in plain.dims if dim != "time"]
    if odd:
        raise ValueError(f"{key} has {odd[0]!r}, expected dated numbers")
    if "time" not in plain.coords:
        raise ValueError(f"{key} has no date: assign_coords(time=…)")
    values = np.atleast_1d(np.asarray(plain.values, float))
    dates = np.atleast_1d(np.asarray(plain.coords["time"].values, "M8[s]"))
    if not (np.isfinite(values).all() and (values > 0).all()) or np.isnat(dates).any():
        raise ValueError(f"{key} has a rate that is not above 0, or has no date")
    order = np.argsort(dates, kind="stable")
    if np.unique(dates).size < dates.size:
        raise ValueError(f"{key} has two rates of one date")
    bits = 0 if flags is None else int(np.bitwise_or.reduce(flags.values, axis=None))
    ours = values if over else 1.0 / values
    return Rate(key, own, unit, ours[order], dates[order], bits)


def converted(
    x: xr.DataArray, key: str, unit: str, currency: str, rates: Mapping[str, Rate], where: str
) -> xr.DataArray:
    """Return a price in its unit, which holds ``currency``, in the ledger's currency.

    Raises
    ------
    MigovError, ValueError
        No unit, another unit, or no rate.
    """
    import xarray as xr

    given = units.unit_of(x, where, key)
    wanted, own = unit.replace("currency", currency), currency_of(given)
    if own is None or own == currency:
        out: xr.DataArray = units.to_unit(x, wanted, where, key)
        return out
    foreign = units.to_unit(x, unit.replace("currency", own), where, key)
    rate = rates.get(own)
    if rate is None:
        raise ValueError(
            f"{key} is in {own}; give exchange_rate_{own.lower()} in {own}/{currency}, dated"
        )
    found = foreign / rate.at(x, key)
    found.attrs = {**foreign.attrs, "units": wanted}
    if rate.flags:
        plain, own_flags = status.take(found)
        bits = np.uint16(rate.flags)
        marked = xr.DataArray(bits) if own_flags is None else own_flags | bits
        return status.put(plain, marked.astype(np.uint16))
    return cast("xr.DataArray", found)


def at_base(
    x: xr.DataArray, given: xr.DataArray, key: str, base: Any, deflators: Mapping[Any, float]
) -> xr.DataArray:
    """Return money at the ledger's price base.

    Raises
    ------
    ValueError
        No price base, or no factor from it.
    """
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


def wrong_way_round(
    prices: Mapping[str, Any],
    ready: Mapping[str, xr.DataArray],
    rates: Mapping[str, Rate],
    currency: str,
    where: str,
) -> list[str]:
    """Return rates at which wages, or prices at purchasing power, cannot be compared.

    The wage at home is held against that at destination, where a rate stands between them, at
    the price level if it is given; and the rate against purchasing power parities, where both
    are given in units such as ``MDL/PPP``.
    """
    found = []
    used = [rate for rate in rates.values() if rate.used]
    if {"wage", "home_wage"} <= set(ready) and used:
        own = [currency_of(str(prices[k].attrs["units"])) or currency
               for k in ("wage", "home_wage") if k in prices]  # fmt: skip
        here, home = (float(np.median(ready[k].values)) for k in ("wage", "home_wage"))
        level = float(np.median(ready["price_level"].values)) if "price_level" in ready else 1.0
        ratio = home / level / here if here > 0 and level > 0 else 1.0
        if len(set(own)) > 1 and home > 0 and not WAGES[0] <= ratio <= WAGES[1]:
            told = " and ".join(f"{r.key}, in {r.unit}" for r in used)
            found.append(
                f"home_wage comes to {home:,.6g} {currency}/month, {ratio:.3g} times the wage"
                + (" at the price level" if level != 1.0 else "")
                + f": is {told}, the other way round? {used[0].own}/{currency} are the "
                f"{used[0].own} that one {currency} costs. A wage that is so needs no rate: give "
                f"it in {currency}"
            )
    parities: dict[str, float] = {}
    for key, x in prices.items():
        if key.startswith(PPP):
            parities |= _parity(x, key, where, found)
    for rate in rates.values():
        if rate.own in parities and currency in parities:
            level = parities[rate.own] / parities[currency] / float(np.median(rate.values))
            if not LEVELS[0] <= level <= LEVELS[1]:
                found.append(
                    f"{rate.key}, in {rate.unit}, makes prices in {rate.own} {level:.3g} times "
                    f"those in {currency} by the parities: is it the other way round?"
                )
    return found


def _parity(x: Any, key: str, where: str, faults: list[str]) -> dict[str, float]:
    """Return a purchasing power parity by its currency."""
    try:
        unit = units.unit_of(x, where, key)
        own = next(
            base.removeprefix("currency_") for base, power in units.powers(unit).items()
            if base.startswith("currency_") and base != "currency_PPP" and power == 1
        )  # fmt: skip
        return {own: float(np.median(units.to_unit(x, f"{own}/PPP", where, key).values))}
    except (MigovError, StopIteration, AttributeError):
        faults.append(f"{key} is no purchasing power parity in units such as 'MDL/PPP'")
        return {}
