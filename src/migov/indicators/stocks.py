"""Stocks: who lives where."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from migov.core import ages, times
from migov.core.cases import Case, Cells
from migov.core.definition import definition_of
from migov.core.definitions import UN_DESA_MIGRANT_STOCK
from migov.core.errors import DefinitionError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import chosen, dates_apart, lift, summed
from migov.indicators.inputs import MigrantStock, Persons
from migov.indicators.inputs_stocks import (
    AsylumSeekers,
    EveryoneByArea,
    GroupByArea,
    Refugees,
    StockAtDates,
    StockByAge,
    StockByOrigin,
    StockBySex,
)
from migov.numeric.groups import quantile_of_groups

_DESA = "United Nations (2020), International Migrant Stock 2020"
_STOCK = UN_DESA_MIGRANT_STOCK


@indicator(
    id="migrant_share",
    title="International migrants as a percentage of the population",
    unit="percent",
    references=(
        "United Nations (2020), International Migrant Stock 2020, table 3",
        "IOM (2019), Key Migration Terms: by birth, or by citizenship where birth is unknown",
    ),
    synonyms=("share of foreign-born", "migrant stock as percentage of total population"),
    not_for="comparing countries that count by birth with countries that count by citizenship",
    within=(("stock", "population"),),
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


@indicator(
    id="migrant_stock_growth",
    title="Annual rate of change of the migrant stock",
    unit="percent/year",
    references=(f"{_DESA}, table 5 (as recalled): logarithm of the ratio over the years between",),
    synonyms=("growth of the migrant stock",),
    not_for="net migration: deaths, births of migrants' children and naturalisation are in it",
    case=Case(
        25.0 * np.log(2.0),
        "ln(200 / 100) / 4 years",
        {"stock": Cells((100.0, 200.0), "", _STOCK, time="2016-07-01 2020-07-01")},
    ),
)
class MigrantStockGrowth(Indicator):
    """Continuous growth of the migrant stock between each two adjoining dates.

    Missing where a stock is zero.
    """

    def __call__(self, stock: StockAtDates) -> xr.DataArray:
        """From the migrant stock at two dates or more."""
        before, after = dates_apart(stock, None, "stock")
        first, last = before(stock), after(stock)
        years = xr.DataArray(times.year_lengths(first), {"period": first.period.values}, "period")
        positive = (first > 0) & (last > 0)
        ratio = (last / first).where(positive)
        return ratio.copy(data=np.log(ratio.data)) / years


@indicator(
    id="female_migrant_share",
    title="Female migrants as a percentage of the international migrant stock",
    unit="percent",
    references=(f"{_DESA}, table 4",),
    synonyms=("share of women among migrants",),
    not_for="the share of women among those who move in a year, which a stock does not tell",
    case=Case(
        52.0,
        "26 / (26 + 24)",
        {"stock": Cells((26.0, 24.0), "", _STOCK, sex="F M")},
    ),
)
class FemaleMigrantShare(Indicator):
    """Women and girls per hundred migrants."""

    def __call__(self, stock: StockBySex) -> xr.DataArray:
        """From the migrant stock by sex."""
        women = chosen(stock, "sex", ["F"], "stock").sum("sex", skipna=False)
        return women / summed(stock, "sex", "stock")


@indicator(
    id="median_migrant_age",
    title="Median age of international migrants",
    unit="year",
    references=(f"{_DESA}, median age at mid-year; linear within the age group is own",),
    not_for="the age at migration",
    case=Case(
        40.0,
        "half of 100 is 50; 20 are below 15; 15 + 50 × (50 - 20) / 60",
        {"stock": Cells((20.0, 60.0, 20.0), "", _STOCK, age="0-14 15-64 65+")},
    ),
)
class MedianMigrantAge(Indicator):
    """The age that divides the migrants into two equal halves.

    Linear within the group; missing where the half lies in the open group.
    """

    def __call__(self, stock: StockByAge) -> xr.DataArray:
        """From the migrant stock by age."""
        lower = stock.coords["age"].values.astype(float)
        core = [["age"]]
        return lift(quantile_of_groups, stock, core=core, lower=lower, width=ages.widths(stock))


@indicator(
    id="refugee_share_of_migrants",
    title="Refugees and asylum seekers as a percentage of the international migrant stock",
    unit="percent",
    references=(
        f"{_DESA}, table 6: refugees and asylum seekers at mid-year; UNRWA's are as recalled",
    ),
    synonyms=("refugees as percentage of migrants",),
    not_for="stocks from other sources than the refugees' without a look at both definitions",
    within=(("refugees + asylum_seekers", "stock"),),
    case=Case(
        10.0,
        "(70 + 30) / 1000",
        {
            "refugees": Cells(70.0),
            "asylum_seekers": Cells(30.0),
            "stock": Cells(1000.0, definition=UN_DESA_MIGRANT_STOCK),
        },
    ),
)
class RefugeeShareOfMigrants(Indicator):
    """Refugees and asylum seekers per hundred migrants.

    Refused where the stock leaves either out: the share would have no whole.
    """

    def __call__(
        self, refugees: Refugees, asylum_seekers: AsylumSeekers, stock: MigrantStock
    ) -> xr.DataArray:
        """From refugees, asylum seekers and the migrant stock that holds them."""
        counted = definition_of(stock)
        for group in ("recognised_refugees", "asylum_seekers"):
            if getattr(counted, group) == "excluded":
                raise DefinitionError(
                    "RefugeeShareOfMigrants",
                    f"{group} are not in the stock: its definition says excluded",
                    "give a stock that counts them, such as UN DESA's",
                    5,
                    "stock",
                )
        return (refugees + asylum_seekers) / stock


@indicator(
    id="origin_concentration",
    title="Concentration of migrants by origin",
    unit="1",
    references=("Hirschman (1964), American Economic Review 54(5): sum of squared shares",),
    synonyms=("Herfindahl index of origins", "HHI"),
    not_for="comparing data with unlike lists of origins: a residual class counts as one origin",
    case=Case(
        0.38,
        "0.5² + 0.3² + 0.2²",
        {"stock": Cells((50.0, 30.0, 20.0), "", _STOCK, origin="ALB MDA KGZ")},
    ),
)
class OriginConcentration(Indicator):
    """Chance that two migrants drawn at random are of one origin."""

    def __call__(self, stock: StockByOrigin) -> xr.DataArray:
        """From the migrant stock by origin."""
        share = stock / summed(stock, "origin", "stock")
        return (share * share).sum("origin", skipna=False)


@indicator(
    id="origin_diversity",
    title="Diversity of migrants by origin",
    unit="1",
    references=(
        "Simpson (1949), Nature 163: one less the sum of squared shares",
        "Shannon (1948), Bell System Technical Journal 27(3): entropy in natural logarithms",
    ),
    synonyms=("fractionalisation", "entropy of origins"),
    not_for="comparing data with unlike lists of origins",
    case=Case(
        0.62,
        "1 - (0.5² + 0.3² + 0.2²)",
        {"stock": Cells((50.0, 30.0, 20.0), "", _STOCK, origin="ALB MDA KGZ")},
    ),
)
class OriginDiversity(Indicator):
    """Diversity of origins: one less the concentration, or the entropy of the shares."""

    measure: Literal["simpson", "shannon"] = parameter(
        default="simpson", help="1 - sum of squared shares, or - sum of s ln s"
    )

    def __call__(self, stock: StockByOrigin) -> xr.DataArray:
        """From the migrant stock by origin."""
        share = stock / summed(stock, "origin", "stock")
        if self.measure == "simpson":
            return 1.0 - (share * share).sum("origin", skipna=False)
        # an absent origin adds nothing, a missing one makes the entropy missing
        return -(share * np.log(share.where(share != 0, 1.0))).sum("origin", skipna=False)


@indicator(
    id="segregation_index",
    title="Index of dissimilarity of residence",
    unit="1",
    references=("Duncan and Duncan (1955), American Sociological Review 20(2), index D",),
    synonyms=("segregation index", "Duncan index", "index of dissimilarity"),
    not_for="comparing areas of unlike size: smaller ones give a higher index",
    case=Case(
        0.4,
        "(|0.8 - 0.4| + |0.2 - 0.6|) / 2",
        {
            "group": Cells((80.0, 20.0), area="north south"),
            "others": Cells((160.0, 240.0), area="north south"),
        },
    ),
)
class SegregationIndex(Indicator):
    """Share of a group that would have to move to live as the others do."""

    def __call__(self, group: GroupByArea, others: GroupByArea) -> xr.DataArray:
        """From two groups by area, most often migrants and all others."""
        gap = group / summed(group, "area", "group") - others / summed(others, "area", "others")
        return abs(gap).sum("area", skipna=False) / 2.0


@indicator(
    id="exposure_index",
    title="Exposure of a group to another",
    unit="1",
    references=(
        "Bell (1954), Social Forces 32(4), and Massey and Denton (1988), Social Forces 67(2): "
        "interaction index xPy, approximate form",
    ),
    synonyms=("interaction index", "isolation index, where both groups are the same"),
    not_for="contact: neighbours need not meet",
    within=(("group", "everyone"), ("others", "everyone")),
    case=Case(
        0.7,
        "0.5 × 20 / 40 + 0.5 × 90 / 100",
        {
            "group": Cells((10.0, 10.0), area="north south"),
            "others": Cells((20.0, 90.0), area="north south"),
            "everyone": Cells((40.0, 100.0), area="north south"),
        },
    ),
)
class ExposureIndex(Indicator):
    """Mean share of the others where members of a group live; isolation with itself."""

    def __call__(
        self, group: GroupByArea, others: GroupByArea, everyone: EveryoneByArea
    ) -> xr.DataArray:
        """From two groups and all residents by area."""
        share = others / everyone.where(everyone != 0, 1.0)  # an empty area has no member
        return (group / summed(group, "area", "group") * share).sum("area", skipna=False)
