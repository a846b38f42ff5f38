"""Units: read once from ``attrs["units"]``, compared by dimension, converted by one factor.

One small registry of our own. Births, deaths and moves count persons; acts that a person
repeats (crossings, permits, cases) are events. Each currency is a dimension of its own, so
that money never converts without a dated rate.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core.errors import DimensionError, UnitError
from migov.core.vocabulary import check_array, full_width

if TYPE_CHECKING:
    import xarray as xr

CURRENCIES = [
    "ALL",
    "AMD",
    "AUD",
    "AZN",
    "BAM",
    "BGN",
    "BRL",
    "BYN",
    "CAD",
    "CHF",
    "CNY",
    "CZK",
    "DKK",
    "EGP",
    "EUR",
    "GBP",
    "GEL",
    "HRK",
    "HUF",
    "IDR",
    "ILS",
    "INR",
    "ISK",
    "JPY",
    "KGS",
    "KZT",
    "LKR",
    "LBP",
    "MAD",
    "MDL",
    "MKD",
    "MNT",
    "MXN",
    "NOK",
    "NPR",
    "NZD",
    "PHP",
    "PKR",
    "PLN",
    "RON",
    "RSD",
    "RUB",
    "SEK",
    "THB",
    "TJS",
    "TMT",
    "TND",
    "TRY",
    "UAH",
    "USD",
    "UZS",
    "VND",
    "XOF",
    "ZAR",
    "PPP",
]

_LINES = """
person = [person]
post = person
event = [event]
year = [time] = a
month = year / 12
week = day * 7
day = year / 365.2425
hour = [work]
kilometre = [length] = km
percent = 0.01
percentage_point = 0.01
per_thousand = 1e-3
per_ten_thousand = 1e-4
per_hundred_thousand = 1e-5
per_million = 1e-6
thousand = 1e3
million = 1e6
billion = 1e9
"""

_POINT = "percentage_point"
_WRITTEN = re.compile(r"[\w\s.%*/^()+-]+")
"""Signs that units are written with; pint reads more, and some of them as products."""


@cache
def registry() -> Any:
    """Return migov's pint registry, built at its first use.

    Examples
    --------
    >>> str(registry()("12 month").to("year"))
    '1.0 year'
    """
    import pint

    lines = _LINES.strip().splitlines() + [f"{code} = [currency_{code}]" for code in CURRENCIES]
    build: Any = pint.UnitRegistry  # it is typed to take the name of a file only
    return build(
        lines,
        cache_folder=None,
        on_redefinition="raise",
        preprocessors=[lambda text: text.replace("%", " percent ")],
    )


@cache
def _parse(unit: str) -> tuple[float, str]:
    """Return the factor to the coherent unit, and the coherent unit's text."""
    try:
        if not _WRITTEN.fullmatch(unit or "1"):
            raise ValueError("signs that no unit has")
        quantity = registry().Quantity(registry().parse_expression(unit or "1")).to_base_units()
        scale = float(quantity.magnitude)
        if not 0 < scale < math.inf:
            raise ValueError("a factor of nothing or without end")
    except Exception as fault:  # pint raises many kinds; ours names the text that failed
        raise UnitError(
            "units",
            f"{unit!r} is no unit that migov knows",
            "write it as in 'person', 'thousand person', 'per_thousand/year', 'EUR/month'",
            6,
        ) from fault
    return scale, str(quantity.units)


def coherent(unit: str) -> str:
    """Return the text of the coherent unit that has the dimension of `unit`.

    Examples
    --------
    >>> coherent("thousand person"), coherent("per_thousand/year"), coherent("percent")
    ('person', '1 / year', 'dimensionless')
    """
    return _parse(unit)[1]


def powers(unit: str) -> dict[str, float]:
    """Return the power of each base dimension, such as ``{"person": 1.0, "time": -1.0}``.

    Examples
    --------
    >>> powers("thousand person/month")
    {'person': 1.0, 'time': -1.0}
    """
    dimensions = registry().Unit(coherent(unit)).dimensionality
    return {name.strip("[]"): float(power) for name, power in sorted(dimensions.items())}


@cache
def _factor(given: str, wanted: str) -> float | None:
    scale, unit = _parse(given)
    target, coherent_target = _parse(wanted)
    if unit != coherent_target or (_POINT in given) != (_POINT in wanted):
        return None
    return scale / target


def factor(given: str, wanted: str, where: str = "units", argument: str = "x") -> float:
    """Return the number by which values in `given` are multiplied to be in `wanted`.

    Parameters
    ----------
    given, wanted : str
        Unit texts; an empty one means a plain number.
    where, argument : str
        The call and the argument that an error names.

    Raises
    ------
    UnitError
        The dimensions differ, or one is a level in percent and the other a difference in
        percentage points.

    Examples
    --------
    >>> factor("thousand person", "person")
    1000.0
    """
    found = _factor(given, wanted)
    if found is None:
        raise UnitError(
            where,
            f"{argument} is in {given or '1'!r}, expected {wanted or '1'!r}",
            f"give {argument} in {wanted or '1'!r} or a multiple of it",
            6,
            argument,
        )
    return found


def from_coherent(wanted: str) -> float:
    """Return the number by which values in the coherent unit are multiplied to be in `wanted`.

    A difference of two shares, computed in plain numbers, may be wanted in percentage points.

    Examples
    --------
    >>> from_coherent("percentage_point")
    100.0
    """
    return 1.0 / _parse(wanted)[0]


def unit_of(x: xr.DataArray, where: str = "units", argument: str = "x") -> str:
    """Return the unit text of an array.

    Raises
    ------
    UnitError
        The array has none, or one that migov does not know.

    Examples
    --------
    >>> import xarray as xr
    >>> unit_of(xr.DataArray(1.0, attrs={"units": "person"}))
    'person'
    """
    unit = x.attrs.get("units")
    if not isinstance(unit, str):
        raise UnitError(
            where,
            f"{argument} has no unit",
            f'{argument}.attrs["units"] = "…", for instance "person" or "percent"',
            6,
            argument,
        )
    try:
        _parse(unit)
    except UnitError as fault:
        told = f"{argument} is in {unit!r}, no unit that migov knows"
        raise UnitError(where, told, fault.mend, 6, argument) from fault
    return unit


def to_unit(x: xr.DataArray, wanted: str, where: str = "to_unit", argument: str = "x") -> Any:
    """Return `x` in another unit of the same dimension; the input is not changed.

    Raises
    ------
    UnitError
        See :func:`factor`.

    Examples
    --------
    >>> import xarray as xr
    >>> to_unit(xr.DataArray(2.0, attrs={"units": "thousand person"}), "person").item()
    2000.0
    """
    check_array(x, where, argument)
    by = factor(unit_of(x, where, argument), wanted, where, argument)
    if by == 1.0 and x.attrs["units"] == wanted:
        return x
    changed = full_width(x) * by if by != 1.0 else x.copy(deep=False)
    changed.attrs = {**x.attrs, "units": wanted}
    changed.name = x.name
    return changed


def to_pint(x: xr.DataArray) -> Any:
    """Return the values as a pint quantity of migov's registry.

    Examples
    --------
    >>> import xarray as xr
    >>> str(to_pint(xr.DataArray([1.0], attrs={"units": "person"})).units)
    'person'
    """
    check_array(x, "to_pint", "x")
    return (
        registry().Quantity(x.values, registry().Unit(coherent(unit_of(x)))) * _parse(unit_of(x))[0]
    )


def from_pint(quantity: Any, like: xr.DataArray) -> xr.DataArray:
    """Return the magnitudes of a pint quantity on the labels of `like`.

    Raises
    ------
    UnitError
        `quantity` is none, of another registry, or of another dimension than `like`.
    DimensionError
        It has another shape.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([1.0], attrs={"units": "thousand person"})
    >>> from_pint(to_pint(x) * 2, x).item()
    2.0
    """
    where = "from_pint"
    check_array(like, where, "like")
    unit = unit_of(like, where, "like")
    try:
        magnitude = np.asarray(quantity.to(coherent(unit)).magnitude / _parse(unit)[0])
    except (AttributeError, TypeError, ValueError) as fault:
        told = f"quantity is {quantity!r:.40}, expected a pint quantity in {unit!r} or a multiple"
        raise UnitError(
            where, f"{told}: {fault}", "migov.core.units.to_pint(x) makes one", 6, "quantity"
        ) from fault
    if magnitude.shape != like.shape:
        raise DimensionError(
            where,
            f"quantity has the shape {magnitude.shape}, like has {like.shape}",
            "an array with the labels of quantity",
            8,
            "like",
        )
    return like.copy(data=magnitude)
