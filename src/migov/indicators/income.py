"""Income: what moving brings to the worker, and to the public purse of the destination."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from migov.core import times
from migov.core.cases import Case, Cells
from migov.core.errors import KindError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import lift
from migov.indicators._labour import wanted
from migov.indicators.inputs_development import (
    BenefitsReceived,
    BestAlternative,
    CongestibleGoods,
    CostsOfMoving,
    EmployedShare,
    MeanWageAbroad,
    MeanWageAtHome,
    NetWageAbroad,
    PriceRatio,
    PureGoods,
    SpentAbroad,
    TaxesPaid,
    WageAbroadPPP,
    WageAtHomePPP,
)
from migov.indicators.kernels_development import recovery

_CLEMENS = (
    "Clemens, Montenegro and Pritchett (2019), Review of Economics and Statistics 101(2): wages "
    "of observably identical workers"
)
_GAINS = {
    "wage_abroad": Cells((9000.0, 11000.0), "EUR/person", period="2021 2022"),
    "employed": Cells((0.9, 0.9), period="2021 2022"),
    "alternative": Cells((4100.0, 4500.0), "EUR/person", period="2021 2022"),
    "costs": Cells(5000.0, "EUR/person"),
}


@indicator(
    id="place_premium",
    title="Place premium",
    unit="1",
    references=(_CLEMENS,),
    not_for="means of sectors or countries: those are a wage ratio; or what everybody would "
    "gain who moved, since those who move are not alike in what is not observed",
    monotone=(("abroad", "up"), ("home", "down")),
    case=Case(
        4.0,
        "2000 / 500 at purchasing power",
        {"abroad": Cells(2000.0, "PPP/month"), "home": Cells(500.0, "PPP/month")},
    ),
)
class PlacePremium(Indicator):
    """Wage abroad over the wage at home of observably identical workers of one origin.

    Both by purchasing power, for one origin, age, sex and schooling.
    """

    def __call__(self, abroad: WageAbroadPPP, home: WageAtHomePPP) -> xr.DataArray:
        """From wages of like workers at destination and at origin, by purchasing power."""
        return abroad / home


@indicator(
    id="wage_ratio",
    title="Ratio of mean wages",
    unit="1",
    references=("own; " + _CLEMENS + " say why a ratio of means is no place premium",),
    not_for="a place premium, or the gain of a person: workers, hours and prices differ",
    monotone=(("abroad", "up"), ("home", "down")),
    case=Case(
        7.2,
        "2,880 / 400",
        {"abroad": Cells(2880.0, "EUR/month"), "home": Cells(400.0, "EUR/month")},
    ),
)
class WageRatio(Indicator):
    """Mean wage at destination over mean wage at origin, at market rates of exchange."""

    def __call__(self, abroad: MeanWageAbroad, home: MeanWageAtHome) -> xr.DataArray:
        """From mean wages of both, in one currency."""
        return abroad / home


def _gains(
    where: str,
    wage: xr.DataArray,
    employed: xr.DataArray,
    alternative: xr.DataArray,
    rate: float,
    spent: xr.DataArray | None,
    prices: xr.DataArray | None,
) -> xr.DataArray:
    """Return the discounted gain of each period."""
    if (spent is None) != (prices is None):
        lacking = "spent_abroad" if spent is None else "price_ratio"
        raise KindError(where, f"{lacking} is absent", "give both or neither", 9, lacking)
    income = wage * employed
    if spent is not None and prices is not None:
        income = income * (spent / prices + (1.0 - spent))
    starts = wage.coords["period"].values
    since = np.asarray(times.years_between(starts[0], starts), float)
    discount = xr.DataArray((1.0 + rate) ** -since, {"period": starts}, "period")
    return (income - alternative) * discount


_RATE = "discount rate of the worker; 0.03 is a convention"
_MOVER = "own; after Sjaastad (1962), Journal of Political Economy 70(5): costs and returns"


@indicator(
    id="net_income_gain",
    title="Net gain of income from moving",
    unit="currency/person",
    references=(_MOVER,),
    synonyms=("income gain of migrant workers", "net present value of migration"),
    direction="up",
    not_for="well-being: time apart, risk and rights are not in it; or a gain against the wage "
    "at home where the worker would have gone elsewhere",
    monotone=(("wage_abroad", "up"), ("alternative", "down"), ("costs", "down")),
    case=Case(
        9000 * 0.9 - 4100 + (11000 * 0.9 - 4500) / 1.08 - 5000,
        "9000 × 0.9 - 4100 + (11000 × 0.9 - 4500) / 1.08 - 5000",
        _GAINS,
        {"discount_rate": 0.08},
    ),
)
class NetIncomeGain(Indicator):
    """Expected income abroad less the best alternative, discounted, less what the worker paid.

    Each period is discounted from its start to that of the first. With `spent_abroad` and
    `price_ratio` what is spent abroad buys at prices there, and the result is at home prices.
    """

    discount_rate: float = parameter(default=0.03, help=_RATE, unit="1/year", ge=0)

    def __call__(
        self,
        wage_abroad: NetWageAbroad,
        employed: EmployedShare,
        alternative: BestAlternative,
        costs: CostsOfMoving,
        spent_abroad: SpentAbroad | None = None,
        price_ratio: PriceRatio | None = None,
    ) -> xr.DataArray:
        """From net wages abroad, employment, the alternative, costs, and where is spent."""
        series = (wage_abroad, employed, alternative)
        gain = _gains("NetIncomeGain", *series, self.discount_rate, spent_abroad, price_ratio)
        return gain.sum("period", skipna=False) - costs


@indicator(
    id="months_to_recover",
    title="Months until costs are recovered",
    unit="month",
    references=(_MOVER,),
    synonyms=("break-even month", "payback time of migration"),
    direction="down",
    not_for="means over workers of whom some have not recovered: these are missing, and longer",
    case=Case(
        24.0,
        "after 2021: 9000 × 0.9 - 4100 - 5000 = -1000; after 2022 it is above zero",
        _GAINS,
        {"discount_rate": 0.08},
    ),
)
class MonthsToRecover(Indicator):
    """Time to the end of the first period in which the cumulated gain is above the costs.

    As fine as the periods are; missing where the costs are not recovered within them.
    """

    discount_rate: float = parameter(default=0.03, help=_RATE, unit="1/year", ge=0)

    def __call__(
        self,
        wage_abroad: NetWageAbroad,
        employed: EmployedShare,
        alternative: BestAlternative,
        costs: CostsOfMoving,
        spent_abroad: SpentAbroad | None = None,
        price_ratio: PriceRatio | None = None,
    ) -> xr.DataArray:
        """From net wages abroad, employment, the alternative, costs, and where is spent."""
        series = (wage_abroad, employed, alternative)
        gain = _gains("MonthsToRecover", *series, self.discount_rate, spent_abroad, price_ratio)
        ends = np.cumsum(times.year_lengths(wage_abroad, "MonthsToRecover", "wage_abroad"))
        return lift(recovery, gain, costs, core=[["period"], []], ends=ends)


@indicator(
    id="fiscal_ratio",
    title="Fiscal ratio of migrants",
    unit="1",
    references=(
        "OECD (2021), International Migration Outlook 2021, chapter 4: contributions over "
        "expenditure, with and without congestible and pure public goods",
    ),
    synonyms=("net fiscal contribution", "fiscal impact of immigration"),
    not_for="a life course, or persons: a static account of one year, whose sign turns on the "
    "public goods",
    monotone=(("contributions", "up"), ("benefits", "down")),
    case=Case(
        1.2,
        "60 / (40 + 10)",
        {
            "contributions": Cells((60.0,), "billion EUR", period="2018"),
            "benefits": Cells((40.0,), "billion EUR", period="2018"),
            "congestible": Cells((10.0,), "billion EUR", period="2018"),
        },
        {"public_goods": "congestible"},
    ),
)
class FiscalRatio(Indicator):
    """Taxes and contributions of migrants over what the public purse spends on them."""

    public_goods: Literal["excluded", "congestible", "all"] = parameter(
        help="which public goods the expenditure holds: none, congestible ones, or all"
    )

    def __call__(
        self,
        contributions: TaxesPaid,
        benefits: BenefitsReceived,
        congestible: CongestibleGoods | None = None,
        pure: PureGoods | None = None,
    ) -> xr.DataArray:
        """From contributions, benefits, and the migrants' shares of public goods."""
        where, choice = "FiscalRatio", f"public_goods={self.public_goods!r}"
        spent = benefits
        if self.public_goods != "excluded":
            spent = spent + wanted(congestible, where, "congestible", choice)
        if self.public_goods == "all":
            spent = spent + wanted(pure, where, "pure", choice)
        return contributions / spent
