"""Remittances: what is sent, what it costs, and what it weighs."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from migov.core import times
from migov.core.cases import Case, Cells
from migov.core.errors import TimeError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import lift, marked, summed
from migov.indicators._labour import wanted
from migov.indicators.inputs import GrossDomesticProduct, RemittancesReceived
from migov.indicators.inputs_development import (
    AmountSent,
    EmigrantTime,
    ExchangeMargin,
    IncomeWithRemittances,
    PersonsOfHousehold,
    PovertyLine,
    RemittancesByCorridor,
    RemittanceSeries,
    RemittancesOfHousehold,
    ServiceFee,
    ServiceQualifies,
)
from migov.indicators.kernels_development import poverty, service_mean, volatility

_KNOMAD = "KNOMAD (World Bank, 2019 and after), Migration and Development Briefs: inflows"
_RPW = (
    "World Bank (2016), Remittance Prices Worldwide, methodology: fee and exchange-rate margin "
    "at 200 US dollars, simple means of services"
)


@indicator(
    id="sdg_17_3_2",
    title="Volume of remittances as a proportion of total GDP",
    unit="percent",
    references=(
        "SDG metadata 17.3.2 (World Bank), 2016-07-19, definition (2.a) and method of "
        "computation (4.c): personal transfers and compensation of employees received, over GDP",
        "IMF (2009), Balance of Payments and International Investment Position Manual (BPM6), "
        "appendix 5: personal transfers and compensation of employees",
    ),
    codes=("17.3.2",),
    target="SDG target 17.3, which sets no number",
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


@indicator(
    id="remittance_per_emigrant",
    title="Remittances per emigrant",
    unit="currency/person/year",
    references=("own; " + _KNOMAD,),
    not_for="what one migrant sends: stocks leave out seasonal workers, whose wages are counted",
    monotone=(("remittances", "up"), ("emigrants", "down")),
    case=Case(
        3000.0,
        "1.5 billion EUR / 500,000 person-years",
        {
            "remittances": Cells((1.5,), "billion EUR", period="2020"),
            "emigrants": Cells((500.0,), "thousand person year", period="2020"),
        },
    ),
)
class RemittancePerEmigrant(Indicator):
    """Personal remittances received for each emigrant, a year."""

    def __call__(self, remittances: RemittancesReceived, emigrants: EmigrantTime) -> xr.DataArray:
        """From remittances received, and person-years of those born here who live abroad."""
        return remittances / emigrants


@indicator(
    id="remittance_concentration",
    title="Concentration of remittance corridors",
    unit="1",
    references=("own use of the index of Hirschman (1964), American Economic Review 54(5)",),
    synonyms=("HHI of remittances", "dependence on one corridor"),
    not_for="observed corridors where the bilateral matrix is a model of stocks and incomes",
    case=Case(
        0.625,
        "0.75² + 0.25²",
        {"remittances": Cells((75.0, 25.0), "million USD", destination="RUS DEU")},
    ),
)
class RemittanceConcentration(Indicator):
    """Sum of the squared shares of the senders' countries: 1 where all comes from one."""

    def __call__(self, remittances: RemittancesByCorridor) -> xr.DataArray:
        """From remittances received by country of residence of the sender."""
        share = remittances / summed(remittances, "destination", "remittances")
        return (share**2).sum("destination", skipna=False)


@indicator(
    id="remittance_volatility",
    title="Volatility of remittances",
    unit="1",
    references=(_KNOMAD + ", standard deviation of yearly changes, as recalled",),
    direction="down",
    not_for="risk to a household: flows of many migrants are steadier than those of one",
    case=Case(
        float(np.log(2.0) * 2**0.5),
        "ln 2 and -ln 2: each ln 2 from their mean, √(2 ln² 2 / 1)",
        {"remittances": Cells((1.0, 2.0, 1.0), "billion USD", period="2019 2020 2021")},
    ),
)
class RemittanceVolatility(Indicator):
    """Standard deviation (n - 1) of the yearly changes of the logarithm of remittances."""

    def __call__(self, remittances: RemittanceSeries) -> xr.DataArray:
        """From remittances in one currency and at one price base, year after year."""
        starts = remittances.coords["period"].values
        steps = np.asarray(times.years_between(starts[:-1], starts[1:]))
        if not np.allclose(steps, 1.0, rtol=0, atol=1e-9):
            raise TimeError(
                "RemittanceVolatility",
                "remittances are not of consecutive years",
                "give every year of the span",
                1,
                "remittances",
            )
        return lift(volatility, remittances, core=[["period"]])


@indicator(
    id="remittance_stability",
    title="Remittances in the income of households",
    unit="percent",
    references=(
        "own, on household surveys: share of income, and headcount poverty (Foster, Greer and "
        "Thorbecke 1984, order 0) with and without remittances",
    ),
    synonyms=("poverty with and without remittances", "remittance share of household income"),
    not_for="the effect of migration: without it the migrant would have earned at home",
    case=Case(
        60.0,
        "without remittances 20 + 40 of 100 persons have less than 100 a month",
        {
            "income": Cells((90.0, 150.0, 300.0), "USD/month", household="a b c"),
            "remittances": Cells((0.0, 80.0, 50.0), "USD/month", household="a b c"),
            "persons": Cells((20.0, 40.0, 40.0), household="a b c"),
            "line": Cells(100.0, "USD/month"),
        },
        {"measure": "poverty_without"},
    ),
)
class RemittanceStability(Indicator):
    """What remittances are in the income of households, and poverty with and without them.

    Without remittances nothing else is thought to change: an upper bound of what they lift out.
    """

    measure: Literal["income_share", "poverty_with", "poverty_without", "poverty_lifted"] = (
        parameter(help="share of income; share of the poor; or the difference of the two")
    )

    def __call__(
        self,
        income: IncomeWithRemittances,
        remittances: RemittancesOfHousehold,
        persons: PersonsOfHousehold,
        line: PovertyLine | None = None,
    ) -> xr.DataArray:
        """From income and remittances per person of each household, persons, and the line."""
        if self.measure == "income_share":
            sent, had = (
                (x * persons).sum("household", skipna=False) for x in (remittances, income)
            )
            return sent / had
        limit = wanted(line, "RemittanceStability", "line", f"measure={self.measure!r}")
        core = [["household"], ["household"], []]
        poor, bare = (
            lift(poverty, x, persons, limit, core=core) for x in (income, income - remittances)
        )
        found = {"poverty_with": poor, "poverty_without": bare, "poverty_lifted": bare - poor}
        return found[self.measure]


@indicator(
    id="sdg_10_c_1",
    title="Remittance costs as a proportion of the amount remitted",
    unit="percent",
    references=(
        "SDG metadata 10.c.1 (World Bank, 2021)",
        _RPW,
        "World Bank (2016), Getting SmaRT about remittance price monitoring: the three cheapest "
        "services that qualify",
    ),
    codes=("10.c.1",),
    synonyms=("remittance prices", "SmaRT corridor average", "cost of sending remittances"),
    direction="down",
    target="3 percent on average and no corridor above 5 percent by 2030",
    not_for="series across 2022 for receivers from Russia, whose corridors are missing since; or "
    "what people pay: services are not weighted by use",
    monotone=(("fee", "up"), ("margin", "up")),
    case=Case(
        4.0,
        "(6/200 + 1 % and 4/200 + 2 %) / 2",
        {
            "fee": Cells((6.0, 4.0), "USD", service="a b"),
            "margin": Cells((1.0, 2.0), "percent", service="a b"),
            "amount": Cells(200.0, "USD"),
        },
        {"side": "corridor"},
    ),
)
class RemittanceCost(Indicator):
    """Fee and margin of the exchange rate, per hundred sent, as a simple mean of services.

    The global mean is that of all services, not of the means of corridors: give all services
    along the one dimension. SmaRT is the mean of the cheapest that qualify; with fewer than three
    it is that of those there are, with the status ``partial``, and with none it is missing.
    """

    side: Literal["sending", "receiving", "corridor", "global"] = parameter(
        help="whose services are averaged: of a sending or receiving country, a corridor, or all"
    )
    average: Literal["all_services", "smart"] = parameter(
        default="all_services", help="all services, or the cheapest that qualify"
    )
    cheapest: int = parameter(default=3, help="how many services SmaRT averages", ge=1)

    def __call__(
        self,
        fee: ServiceFee,
        margin: ExchangeMargin,
        amount: AmountSent,
        qualifies: ServiceQualifies | None = None,
    ) -> xr.DataArray:
        """From fee and margin of each service, the amount sent, and who qualifies for SmaRT."""
        cost = fee / amount + margin
        if self.average == "all_services":
            return lift(service_mean, cost, core=[["service"]])
        marks = wanted(qualifies, "RemittanceCost", "qualifies", 'average="smart"')
        core = [["service"], ["service"]]
        mean = lift(service_mean, cost, marks, core=core, cheapest=self.cheapest)
        few = (cost.notnull() & (marks > 0)).sum("service") < self.cheapest
        return marked(mean, "partial", few & mean.notnull())
