"""Stocks: who lives where."""

from __future__ import annotations

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.definitions import UN_DESA_MIGRANT_STOCK
from migov.core.indicator import Indicator, indicator
from migov.indicators.inputs import MigrantStock, Persons


@indicator(
    id="migrant_share",
    title="International migrants as a percentage of the population",
    unit="percent",
    references=(
        "United Nations (2020), International Migrant Stock 2020, table 3",
        "IOM, Key Migration Terms: migrants by birth, or by citizenship where birth is unknown",
    ),
    synonyms=("share of foreign-born", "migrant stock as percentage of total population"),
    not_for="comparing countries that count by birth with countries that count by citizenship",
    case=Case(
        18.75,
        "15 / 80",
        {
            "stock": Cells(15.0, definition=UN_DESA_MIGRANT_STOCK),
            "population": Cells(80.0),
        },
    ),
)
class MigrantShare(Indicator):
    """Migrants per hundred residents."""

    def __call__(self, stock: MigrantStock, population: Persons) -> xr.DataArray:
        """From the migrant stock and the whole population at the same date."""
        return stock / population
