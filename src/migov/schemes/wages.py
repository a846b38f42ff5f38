"""From a wage by the hour to a wage by the month."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from migov.core import units
from migov.core.errors import KindError
from migov.core.inputs import Input, admit, check_values, currency_of

if TYPE_CHECKING:
    import xarray as xr


def monthly_wage(hourly: xr.DataArray, hours: xr.DataArray) -> xr.DataArray:
    """Return what is earned in a month at a wage by the hour.

    Parameters
    ----------
    hourly : DataArray {…}
        In a currency per hour; its price base and status are kept.
    hours : DataArray {…}
        Hours worked in a time, such as hour/week.

    Returns
    -------
    DataArray {…}
        In the currency per month.

    Raises
    ------
    UnitError
        One of them is in another unit.

    Examples
    --------
    >>> import xarray as xr
    >>> wage = xr.DataArray(13.90, attrs={"units": "EUR/hour", "price_base": 2026})
    >>> monthly_wage(wage, xr.DataArray(40.0, attrs={"units": "hour/week"})).round(2).item()
    2417.56
    """
    import xarray as xr

    where = "monthly_wage"
    for name, x in (("hourly", hourly), ("hours", hours)):
        if not isinstance(x, xr.DataArray):
            raise KindError(where, f"{name} is a {type(x).__name__}", "a DataArray", 9, name)
        check_values(admit(x, Input(title=name, unit="1"), where, name), "nonnegative", where, name)
    currency = currency_of(units.unit_of(hourly, where, "hourly")) or "EUR"
    wage = units.to_unit(hourly, f"{currency}/hour", where, "hourly")
    time = units.to_unit(hours, "hour/month", where, "hours")
    out = wage * time.drop_vars([n for n in time.coords if n not in time.dims])
    out.attrs = {**hourly.attrs, "units": f"{currency}/month"}
    return cast("xr.DataArray", out)
