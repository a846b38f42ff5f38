"""Residence permits: one indicator that another distribution adds to migov's catalogue."""

from typing import Annotated

import xarray as xr

import migov as mg
from migov.core.errors import ParameterError

THIRD_COUNTRY_PERMITS = mg.Definition(
    name="third-country nationals who hold a valid residence permit",
    criterion="citizenship",
    stay_basis="permit_validity",
    stock_basis="at_date",
    counts="persons",
    temporary_protection="excluded",
    source_kind="administrative",
)
ValidPermits = Annotated[
    xr.DataArray,
    mg.Input(
        title="third-country nationals with a valid permit by months of validity",
        unit="person",
        needs=("duration",),
        kind="stock",
        definition="needed",
        sources="register of permits; Eurostat, all valid permits (migr_resvalid)",
    ),
]


@mg.indicator(
    id="long_permit_share",
    title="Long permits among valid permits",
    unit="percent",
    references=("Eurostat, all valid permits by length of validity (migr_resvalid)",),
    not_for="how long people stay: permits are renewed, and holders leave before they end",
    case=mg.Case(
        70.0,
        "(40 + 30) / (10 + 20 + 40 + 30)",
        {"permits": mg.Cells((10, 20, 40, 30), "", THIRD_COUNTRY_PERMITS, duration="3 6 12 60")},
    ),
)
class LongPermitShare(mg.Indicator):
    """Holders of a permit valid for so many months or more, per hundred with a valid permit."""

    months: int = mg.parameter(default=12, ge=1, unit="month", help="shortest validity counted")

    def __call__(self, permits: ValidPermits) -> xr.DataArray:
        """From holders of valid permits; each class of validity bears its fewest months."""
        if self.months not in permits.duration:
            limits = ", ".join(map(str, permits.duration.values))
            raise ParameterError("", f"months={self.months}", f"one of {limits}", 9, "months")
        long = permits.sel(duration=permits.duration >= self.months)
        return long.sum("duration", skipna=False) / permits.sum("duration", skipna=False)
