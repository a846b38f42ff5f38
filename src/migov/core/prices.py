"""Bases of prices: what is deflated is in current prices, and the index says its base year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import units
from migov.core.errors import UnitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from migov.core.inputs import Input

ATTRIBUTE = "price_base"
CURRENT = (None, "", "current", "nominal")
"""What says that prices are those of the day."""
NEAR = 0.01
"""An index averages one over its base year; published ones are rounded and monthly."""


def base(x: xr.DataArray, contract: Input) -> Any:
    """Return the price base of an input, None for declared current prices."""
    found = x.attrs.get(ATTRIBUTE)
    return None if contract.prices == "current" and found in CURRENT else found


def base_of(
    where: str, arrays: Mapping[str, xr.DataArray], contracts: Mapping[str, Input]
) -> str | None:
    """Return the base year that the price index of a call gives its result, or None.

    An index that names none, as one read from a table, gives "base year of" its argument.

    Raises
    ------
    UnitError
        Money to be deflated is in constant prices already; an index that is not 1 in its base
        year.
    """
    found = None
    for name, x in arrays.items():
        told = x.attrs.get(ATTRIBUTE)
        if contracts[name].prices == "current" and told not in CURRENT:
            raise UnitError(
                where,
                f"{name} is in prices of {told} already, expected current prices",
                f"{name} in current prices: it would be deflated twice",
                6,
                name,
            )
        if contracts[name].prices == "index":
            _check_level(x, str(told), where, name)
            found = f"base year of {name}" if told in CURRENT else str(told)
    return found


def _check_level(x: xr.DataArray, year: str, where: str, name: str) -> None:
    """Refuse an index that is not 1 in its base year, where that is among its years."""
    dim = next((str(one) for one in ("period", "time") if one in x.dims), None)
    if dim is None or not (year.isdigit() and len(year) == 4):
        return
    inside = x.coords[dim].values.astype("M8[Y]") == np.datetime64(year, "Y")
    if not inside.any() or not isinstance(x.data, np.ndarray):
        return
    level = x.isel({dim: inside}).mean(dim) * units.factor(units.unit_of(x, where, name), "1")
    off = np.abs(level.values - 1.0)
    if np.nanmax(np.where(np.isnan(off), 0.0, off)) > NEAR:
        odd = float(level.values.flat[int(np.nanargmax(off))])
        raise UnitError(
            where,
            f"{name} is {odd:g} in its base year {year}, expected 1",
            f'{name}.attrs["units"] = "percent" if it is 100 there, or another {ATTRIBUTE}',
            6,
            name,
        )
