"""The contracts of inputs on remittances, costs, incomes, and skills at the place of origin."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import xarray as xr

from migov.indicators._contracts import BOTH, ORIGIN, figure, flow, stock

_PRICES = "World Bank, Remittance Prices Worldwide"
_HOUSEHOLDS = "household survey at origin"
_WORKERS = "survey of migrant workers or returnees, module on recruitment costs"
_PROGRAMME = "programme data, survey of participants"
_EVERY_LABEL = ("area", "origin", "destination", "time", "period", "sex", "occupation")
_of_household = partial(figure, sources=_HOUSEHOLDS, needs=("household",), collector=ORIGIN)
_of_service = partial(figure, sources=_PRICES, needs=("service",), collector=BOTH)
_of_worker = partial(figure, sources=_WORKERS, needs=("worker",), collector=BOTH)

EmigrantTime = Annotated[
    xr.DataArray,
    flow(
        "person-years of emigrants abroad",
        "stocks of the destinations by country of birth, by person_years",
        "person year",
    ),
]
RemittancesByCorridor = Annotated[
    xr.DataArray,
    flow(
        "remittances received, by country of residence of the sender",
        "balance of payments by counterpart, bilateral matrices of KNOMAD (modelled)",
        "currency",
        needs=("destination",),
        collector=BOTH,
    ),
]
RemittanceSeries = Annotated[
    xr.DataArray,
    flow(
        "remittances received in consecutive years",
        "balance of payments",
        "currency",
        needs=("period",),
        collector=ORIGIN,
    ),
]
IncomeWithRemittances = Annotated[
    xr.DataArray,
    _of_household(
        "income per person of each household, remittances included",
        unit="currency/month",
        values="any",
    ),
]
RemittancesOfHousehold = Annotated[
    xr.DataArray, _of_household("remittances per person of each household", unit="currency/month")
]
PersonsOfHousehold = Annotated[
    xr.DataArray,
    _of_household("persons whom each household of the sample stands for", unit="person"),
]
PovertyLine = Annotated[
    xr.DataArray,
    figure(
        "poverty line per person",
        "statistical office; World Bank",
        "currency/month",
        collector=ORIGIN,
        lacks=("household", "area", "time", "period"),
    ),
]
ServiceFee = Annotated[
    xr.DataArray, _of_service("fee of each transfer service", unit="currency", missing="skip")
]
ExchangeMargin = Annotated[
    xr.DataArray,
    _of_service(
        "margin of the exchange rate of each transfer service",
        unit="1",
        values="any",
        missing="skip",
    ),
]
AmountSent = Annotated[
    xr.DataArray,
    figure(
        "amount sent: 200 (or 500) US dollars",
        _PRICES,
        "currency",
        collector=BOTH,
        lacks=("service", *_EVERY_LABEL),
    ),
]
ServiceQualifies = Annotated[
    xr.DataArray,
    _of_service(
        "services within five days that senders can reach: 1, else 0", unit="1", values="share"
    ),
]
RecruitmentCosts = Annotated[
    xr.DataArray,
    _of_worker(
        "recruitment costs borne by each worker or the family for the first job in the "
        "last country of destination",
        unit="currency",
        definition="needed",
        missing="skip",
    ),
]
WorkerPaidCosts = Annotated[
    xr.DataArray,
    _of_worker("fees and related costs paid by each worker", unit="currency", missing="skip"),
]
FirstEarnings = Annotated[
    xr.DataArray,
    _of_worker(
        "earnings of each worker in the first month of that job",
        unit="currency/month",
        missing="skip",
    ),
]
WorkerWeights = Annotated[
    xr.DataArray, _of_worker("persons whom each worker of the sample stands for", unit="person")
]
WageAbroadPPP = Annotated[
    xr.DataArray,
    figure(
        "wage at destination of workers of the origin, by purchasing power",
        "earnings survey of the destination by country of birth and schooling",
        "PPP/month",
    ),
]
WageAtHomePPP = Annotated[
    xr.DataArray,
    figure(
        "wage at origin of observably identical workers, by purchasing power",
        "labour-force survey of the origin",
        "PPP/month",
        collector=ORIGIN,
    ),
]
MeanWageAbroad = Annotated[
    xr.DataArray,
    figure("mean wage at destination", "structure-of-earnings survey", "currency/month"),
]
MeanWageAtHome = Annotated[
    xr.DataArray,
    figure(
        "mean wage at origin", "structure-of-earnings survey", "currency/month", collector=ORIGIN
    ),
]
NetWageAbroad = Annotated[
    xr.DataArray,
    flow("net wage abroad over each period", _PROGRAMME, "currency/person", needs=("period",)),
]
EmployedShare = Annotated[
    xr.DataArray,
    figure(
        "probability of being employed abroad in each period",
        _PROGRAMME,
        "1",
        needs=("period",),
        values="share",
    ),
]
BestAlternative = Annotated[
    xr.DataArray,
    flow(
        "expected net income of the best alternative: at home, or where else one would go",
        "labour-force survey of the origin, survey of intentions",
        "currency/person",
        needs=("period",),
        collector=ORIGIN,
    ),
]
CostsOfMoving = Annotated[
    xr.DataArray,
    figure(
        "costs paid by the worker before the first period",
        _WORKERS,
        "currency/person",
        collector=BOTH,
        lacks=("period",),
    ),
]
SpentAbroad = Annotated[
    xr.DataArray,
    figure(
        "share of the net wage that is spent abroad",
        _PROGRAMME,
        "1",
        values="share",
        lacks=("period", *_EVERY_LABEL),
    ),
]
PriceRatio = Annotated[
    xr.DataArray,
    figure(
        "prices at destination over prices at origin, in one currency",
        "World Bank, International Comparison Program",
        "1",
        collector=BOTH,
        lacks=("period", *_EVERY_LABEL),
    ),
]
_BUDGET = "tax and social insurance statistics, national accounts by function"
TaxesPaid = Annotated[
    xr.DataArray, flow("taxes and contributions of migrants", _BUDGET, "currency")
]
BenefitsReceived = Annotated[
    xr.DataArray,
    flow(
        "benefits and services for migrants: social protection, health, education",
        _BUDGET,
        "currency",
    ),
]
CongestibleGoods = Annotated[
    xr.DataArray, flow("migrants' share of congestible public goods", _BUDGET, "currency")
]
PureGoods = Annotated[
    xr.DataArray,
    flow(
        "migrants' share of pure public goods: defence, interest on the public debt",
        _BUDGET,
        "currency",
    ),
]
TrainedAbroad = Annotated[
    xr.DataArray,
    stock(
        "practising health workers trained abroad, by occupation",
        "registers of the professional chambers; WHO NHWA, OECD",
        needs=("occupation",),
    ),
]
TrainingCost = Annotated[
    xr.DataArray,
    figure(
        "public cost of training one person of the occupation",
        "ministry of education or health",
        "currency/person",
        collector=ORIGIN,
    ),
]
Leavers = Annotated[
    xr.DataArray,
    flow(
        "persons of the occupation who leave the country",
        "certificates of good standing, destination's permits",
        needs=("period",),
        collector=ORIGIN,
    ),
]
Replaced = Annotated[
    xr.DataArray,
    flow(
        "leavers replaced: by training that the destination pays for, or by returners",
        "programme data of skill partnerships",
        needs=("period",),
        collector=BOTH,
    ),
]
TraineesWhoStay = Annotated[
    xr.DataArray,
    figure(
        "trainees of the partnership who work at origin", _PROGRAMME, "person", collector=ORIGIN
    ),
]
TraineesWhoLeave = Annotated[
    xr.DataArray,
    figure(
        "trainees of the partnership who leave for the destination",
        _PROGRAMME,
        "person",
        collector=BOTH,
    ),
]
Trainees = Annotated[
    xr.DataArray,
    figure(
        "trainees who finished the training of the partnership",
        _PROGRAMME,
        "person",
        collector=BOTH,
    ),
]
ReturneesAtLevel = Annotated[
    xr.DataArray,
    flow(
        "returnees who work at or above the level gained, within twelve months",
        _PROGRAMME,
        collector=ORIGIN,
    ),
]
ReturneesOfProgramme = Annotated[
    xr.DataArray, flow("returnees of the programme", _PROGRAMME, collector=ORIGIN)
]
