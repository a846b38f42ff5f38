"""Remittances: what is sent, what it costs, and what it weighs."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators.inputs import GrossDomesticProduct, RemittancesReceived


@indicator(
    id="sdg_17_3_2",
    title="Volume of remittances as a proportion of total GDP",
    unit="percent",
    references=(
        "SDG metadata 17.3.2 (World Bank): personal remittances received over GDP, both in "
        "current US dollars",
        "IMF (2009), Balance of Payments and International Investment Position Manual (BPM6), "
        "appendix 5: personal transfers and compensation of employees",
    ),
    codes=("17.3.2",),
    synonyms=("personal remittances received, percent of GDP",),
    not_for="gains of migrants: compensation of employees is gross of tax and of spending abroad",
    case=Case(
        10.0,
        "1.5 / 15",
        {
            "remittances": Cells((1.5,), "billion USD", period="2020"),
            "gdp": Cells((15.0,), "billion USD", period="2020"),
        },
    ),
)
class RemittanceShareOfGDP(Indicator):
    """Personal remittances received by a country per hundred of its gross domestic product.

    Wages of seasonal workers, who remain residents of origin, are part of the published gross
    figure in full.
    """

    basis: Literal["published_gross", "bpm6_net", "transfers_only"] = parameter(
        default="published_gross",
        help="what the remittances hold: the World Bank's gross compensation, BPM6's net, or "
        "personal transfers alone",
    )

    def __call__(self, remittances: RemittancesReceived, gdp: GrossDomesticProduct) -> xr.DataArray:
        """From remittances received and gross domestic product, in one currency and period."""
        return remittances / gdp
