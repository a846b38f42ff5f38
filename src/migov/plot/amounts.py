"""Numbers and units as a figure writes them: thin spaces, true minus signs, readable scales."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import partition, units
from migov.core.errors import UnitError

if TYPE_CHECKING:
    import xarray as xr

THIN = "\u2009"
MINUS = "\u2212"

# 999 999.7 persons would be written as a million: what rounds up belongs to the next scale.
_SCALES = ((0.9995e9, "billion"), (0.9995e6, "million"), (1e4, "thousand"))
_WORDS = {
    "percent": "percent",
    "percentage_point": "percentage points",
    "per_thousand": f"per 1{THIN}000",
    "per_ten_thousand": f"per 10{THIN}000",
    "per_hundred_thousand": f"per 100{THIN}000",
    "per_million": "per million",
    "dimensionless": "",
    "1": "",
}
_COUNTED = ("person", "event", "post", "year", "month", "week", "day", "hour", "kilometre")


def decimals(values: Any) -> int:
    """Return how many decimals show three figures of the largest of some values.

    Examples
    --------
    >>> decimals([1520.4, 3.0]), decimals([31.42]), decimals([2.0, 3.0]), decimals([0.0123])
    (0, 1, 0, 4)
    """
    found = np.asarray(values, float).ravel()
    found = np.abs(found[np.isfinite(found)])
    if not found.size or not found.max() > 0 or np.all(found == np.round(found)):
        return 0
    return int(np.clip(2 - np.floor(np.log10(found.max())), 0, 9))


def written(value: float, digits: int = 0) -> str:
    """Return a number of a text, rounded.

    Examples
    --------
    >>> written(2413.7) == "2\u2009414", written(-0.04, 1)
    (True, '0.0')
    """
    rounded = round(float(value), digits) + 0.0
    return f"{rounded:,.{digits}f}".replace(",", THIN).replace("-", MINUS)


def check_unit(x: xr.DataArray, where: str, argument: str) -> str:
    """Return the unit of an array that migov knows.

    Raises
    ------
    UnitError
        There is none, or it is unknown.
    """
    unit = units.unit_of(x, where, argument)
    try:
        units.coherent(unit)
    except UnitError as fault:
        raise UnitError(
            where, f"{argument} is in {unit!r}, no unit that migov knows", fault.mend, 6, argument
        ) from fault
    return unit


def readable(unit: str, largest: float) -> str:
    """Return the multiple of a unit in which an amount is easily read.

    Only what adds up (persons, events, money, person-years) is scaled; rates keep their unit.

    Parameters
    ----------
    unit : str
        The unit of the data.
    largest : float
        Largest size of the amounts, in `unit`.

    Examples
    --------
    >>> readable("person", 130_000), readable("thousand person", 2300.0), readable("person", 1500)
    ('thousand person', 'million person', 'person')
    >>> readable("EUR/month", 52_000)
    'EUR/month'
    """
    if not partition.additive(unit):
        return unit
    plain = re.sub(r"\b(thousand|million|billion)\b\s*\*?\s*", "", unit).strip()
    if not plain:
        return unit
    size = abs(largest) * units.factor(unit, plain)
    scale = next((word for bound, word in _SCALES if size >= bound), "")
    return f"{scale} {plain}".strip()


def unit_text(unit: str, price_base: object = None) -> str:
    """Return a unit in words.

    Examples
    --------
    >>> unit_text("thousand person"), unit_text("person*year"), unit_text("EUR/month", 2020)
    ('thousand persons', 'person-years', 'EUR per month at prices of 2020')
    >>> unit_text("1"), unit_text("person/year")
    ('plain number', 'persons per year')
    """
    first, *below = [part.strip() for part in unit.split("/")]
    words = [word for word in re.split(r"[\s*]+", first) if word]
    scale = [word for word in words if word in ("thousand", "million", "billion")]
    rest = [word for word in words if word not in scale]
    if sorted(rest) == ["person", "year"]:
        texts = ["person-years"]
    else:
        texts = [_WORDS.get(word, f"{word}s" if word in _COUNTED else word) for word in rest]
    texts = [*scale, *(text for text in texts if text)]
    texts += [f"per {_WORDS.get(word, word).removeprefix('per ')}" for word in below]
    base = f" at prices of {price_base}" if price_base is not None else ""
    return (" ".join(texts) or "plain number") + base
