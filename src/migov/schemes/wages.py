"""From a wage by the hour to a wage by the month."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from migov.core import units
from migov.core.errors import InputError, KindError, UnitError
from migov.core.inputs import Input, admit, check_values, currency_of

if TYPE_CHECKING:
    import xarray as xr

ALL_HOURS = 365.2425 * 24 / 12
"""Hours of a month, day and night."""


def monthly_wage(hourly: xr.DataArray, hours: xr.DataArray) -> xr.DataArray:
    """Return what is earned in a month at a wage by the hour.

    Parameters
    ----------
    hourly : DataArray {…}
        In a currency per hour; its price base and status are kept.
    hours : DataArray {…}
        Hours worked in a week, month or year, such as hour/week; not in a day, since it does not
        say how many days are worked.

    Returns
    -------
    DataArray {…}
        In the currency per month.

    Raises
    ------
    UnitError
        One of them is in another unit.
    InputError
        More hours than there are.

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
    if units.unit_of(hours, where, "hours").replace(" ", "").endswith("/day"):
        raise UnitError(
            where, "hours is by day, and says not on how many days", "hours in 'hour/week'", 6,
            "hours",
        )  # fmt: skip
    time = units.to_unit(hours, "hour/month", where, "hours")
    if bool((time > ALL_HOURS).any()):
        raise InputError(
            where, f"hours come to {float(time.max()):.4g} in a month, which has "
            f"{ALL_HOURS:.4g}", "hours worked in a week, such as 40 hour/week", 7, "hours",
        )  # fmt: skip
    out = wage * time.drop_vars([n for n in time.coords if n not in time.dims])
    out.attrs = {**hourly.attrs, "units": f"{currency}/month"}
    return cast("xr.DataArray", out)
