"""The contracts of inputs on remittances, costs, incomes, and skills at the place of origin."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.inputs import Input

_ORIGIN = ("origin",)
_BOTH = ("origin", "destination")
_PRICES = "World Bank, Remittance Prices Worldwide"
_HOUSEHOLDS = "household survey at origin"
_WORKERS = "survey of migrant workers or returnees, module on recruitment costs"
_PROGRAMME = "programme data, survey of participants"
_EVERY_LABEL = ("area", "origin", "destination", "time", "period", "sex", "occupation")

EmigrantTime = Annotated[
    xr.DataArray,
    Input(
        title="person-years of emigrants abroad",
        unit="person year",
        kind="flow",
        collector=("destination",),
        sources="stocks of the destinations by country of birth, by person_years",
    ),
]
RemittancesByCorridor = Annotated[
    xr.DataArray,
    Input(
        title="remittances received, by country of residence of the sender",
        unit="currency",
        needs=("destination",),
        kind="flow",
        collector=_BOTH,
        sources="balance of payments by counterpart, bilateral matrices of KNOMAD (modelled)",
    ),
]
RemittanceSeries = Annotated[
    xr.DataArray,
    Input(
        title="remittances received in consecutive years",
        unit="currency",
        needs=("period",),
        kind="flow",
        collector=_ORIGIN,
        sources="balance of payments",
    ),
]
IncomeWithRemittances = Annotated[
    xr.DataArray,
    Input(
        title="income per person of each household, remittances included",
        unit="currency/month",
        needs=("household",),
        collector=_ORIGIN,
        values="any",
        sources=_HOUSEHOLDS,
    ),
]
RemittancesOfHousehold = Annotated[
    xr.DataArray,
    Input(
        title="remittances per person of each household",
        unit="currency/month",
        needs=("household",),
        collector=_ORIGIN,
        sources=_HOUSEHOLDS,
    ),
]
PersonsOfHousehold = Annotated[
    xr.DataArray,
    Input(
        title="persons whom each household of the sample stands for",
        unit="person",
        needs=("household",),
        collector=_ORIGIN,
        sources=_HOUSEHOLDS,
    ),
]
PovertyLine = Annotated[
    xr.DataArray,
    Input(
        title="poverty line per person",
        unit="currency/month",
        lacks=("household", "area", "time", "period"),
        collector=_ORIGIN,
        sources="statistical office; World Bank",
    ),
]
ServiceFee = Annotated[
    xr.DataArray,
    Input(
        title="fee of each transfer service",
        unit="currency",
        needs=("service",),
        collector=_BOTH,
        missing="skip",
        sources=_PRICES,
    ),
]
ExchangeMargin = Annotated[
    xr.DataArray,
    Input(
        title="margin of the exchange rate of each transfer service",
        unit="1",
        needs=("service",),
        collector=_BOTH,
        values="any",
        missing="skip",
        sources=_PRICES,
    ),
]
AmountSent = Annotated[
    xr.DataArray,
    Input(
        title="amount sent: 200 (or 500) US dollars",
        unit="currency",
        lacks=("service", *_EVERY_LABEL),
        collector=_BOTH,
        sources=_PRICES,
    ),
]
ServiceQualifies = Annotated[
    xr.DataArray,
    Input(
        title="services within five days that senders can reach: 1, else 0",
        unit="1",
        needs=("service",),
        collector=_BOTH,
        values="share",
        sources=_PRICES,
    ),
]
RecruitmentCosts = Annotated[
    xr.DataArray,
    Input(
        title="recruitment costs borne by each worker or the family for the first job in the "
        "last country of destination",
        unit="currency",
        needs=("worker",),
        collector=_BOTH,
        definition="needed",
        missing="skip",
        sources=_WORKERS,
    ),
]
WorkerPaidCosts = Annotated[
    xr.DataArray,
    Input(
        title="fees and related costs paid by each worker",
        unit="currency",
        needs=("worker",),
        collector=_BOTH,
        missing="skip",
        sources=_WORKERS,
    ),
]
FirstEarnings = Annotated[
    xr.DataArray,
    Input(
        title="earnings of each worker in the first month of that job",
        unit="currency/month",
        needs=("worker",),
        collector=_BOTH,
        missing="skip",
        sources=_WORKERS,
    ),
]
WorkerWeights = Annotated[
    xr.DataArray,
    Input(
        title="persons whom each worker of the sample stands for",
        unit="person",
        needs=("worker",),
        collector=_BOTH,
        sources=_WORKERS,
    ),
]
WageAbroadPPP = Annotated[
    xr.DataArray,
    Input(
        title="wage at destination of workers of the origin, by purchasing power",
        unit="PPP/month",
        collector=("destination",),
        sources="earnings survey of the destination by country of birth and schooling",
    ),
]
WageAtHomePPP = Annotated[
    xr.DataArray,
    Input(
        title="wage at origin of observably identical workers, by purchasing power",
        unit="PPP/month",
        collector=_ORIGIN,
        sources="labour-force survey of the origin",
    ),
]
MeanWageAbroad = Annotated[
    xr.DataArray,
    Input(
        title="mean wage at destination",
        unit="currency/month",
        collector=("destination",),
        sources="structure-of-earnings survey",
    ),
]
MeanWageAtHome = Annotated[
    xr.DataArray,
    Input(
        title="mean wage at origin",
        unit="currency/month",
        collector=_ORIGIN,
        sources="structure-of-earnings survey",
    ),
]
NetWageAbroad = Annotated[
    xr.DataArray,
    Input(
        title="net wage abroad over each period",
        unit="currency/person",
        needs=("period",),
        kind="flow",
        sources=_PROGRAMME,
    ),
]
EmployedShare = Annotated[
    xr.DataArray,
    Input(
        title="probability of being employed abroad in each period",
        unit="1",
        needs=("period",),
        values="share",
        sources=_PROGRAMME,
    ),
]
BestAlternative = Annotated[
    xr.DataArray,
    Input(
        title="expected net income of the best alternative: at home, or where else one would go",
        unit="currency/person",
        needs=("period",),
        kind="flow",
        collector=_ORIGIN,
        sources="labour-force survey of the origin, survey of intentions",
    ),
]
CostsOfMoving = Annotated[
    xr.DataArray,
    Input(
        title="costs paid by the worker before the first period",
        unit="currency/person",
        lacks=("period",),
        collector=_BOTH,
        sources=_WORKERS,
    ),
]
SpentAbroad = Annotated[
    xr.DataArray,
    Input(
        title="share of the net wage that is spent abroad",
        unit="1",
        values="share",
        lacks=("period", *_EVERY_LABEL),
        sources=_PROGRAMME,
    ),
]
PriceRatio = Annotated[
    xr.DataArray,
    Input(
        title="prices at destination over prices at origin, in one currency",
        unit="1",
        lacks=("period", *_EVERY_LABEL),
        collector=_BOTH,
        sources="World Bank, International Comparison Program",
    ),
]
_BUDGET = "tax and social insurance statistics, national accounts by function"
TaxesPaid = Annotated[
    xr.DataArray,
    Input(title="taxes and contributions of migrants", unit="currency", kind="flow",
          sources=_BUDGET),
]  # fmt: skip
BenefitsReceived = Annotated[
    xr.DataArray,
    Input(title="benefits and services for migrants: social protection, health, education",
          unit="currency", kind="flow", sources=_BUDGET),
]  # fmt: skip
CongestibleGoods = Annotated[
    xr.DataArray,
    Input(title="migrants' share of congestible public goods", unit="currency", kind="flow",
          sources=_BUDGET),
]  # fmt: skip
PureGoods = Annotated[
    xr.DataArray,
    Input(title="migrants' share of pure public goods: defence, interest on the public debt",
          unit="currency", kind="flow", sources=_BUDGET),
]  # fmt: skip
TrainedAbroad = Annotated[
    xr.DataArray,
    Input(
        title="practising health workers trained abroad, by occupation",
        unit="person",
        needs=("occupation",),
        kind="stock",
        collector=("destination",),
        sources="registers of the professional chambers; WHO NHWA, OECD",
    ),
]
TrainingCost = Annotated[
    xr.DataArray,
    Input(
        title="public cost of training one person of the occupation",
        unit="currency/person",
        collector=_ORIGIN,
        sources="ministry of education or health",
    ),
]
Leavers = Annotated[
    xr.DataArray,
    Input(
        title="persons of the occupation who leave the country",
        unit="person",
        needs=("period",),
        kind="flow",
        collector=_ORIGIN,
        sources="certificates of good standing, destination's permits",
    ),
]
Replaced = Annotated[
    xr.DataArray,
    Input(
        title="leavers replaced: by training that the destination pays for, or by returners",
        unit="person",
        needs=("period",),
        kind="flow",
        collector=_BOTH,
        sources="programme data of skill partnerships",
    ),
]
TraineesWhoStay = Annotated[
    xr.DataArray,
    Input(
        title="trainees of the partnership who work at origin",
        unit="person",
        collector=_ORIGIN,
        sources=_PROGRAMME,
    ),
]
TraineesWhoLeave = Annotated[
    xr.DataArray,
    Input(
        title="trainees of the partnership who leave for the destination",
        unit="person",
        collector=_BOTH,
        sources=_PROGRAMME,
    ),
]
Trainees = Annotated[
    xr.DataArray,
    Input(
        title="trainees who finished the training of the partnership",
        unit="person",
        collector=_BOTH,
        sources=_PROGRAMME,
    ),
]
ReturneesAtLevel = Annotated[
    xr.DataArray,
    Input(
        title="returnees who work at or above the level gained, within twelve months",
        unit="person",
        kind="flow",
        collector=_ORIGIN,
        sources=_PROGRAMME,
    ),
]
ReturneesOfProgramme = Annotated[
    xr.DataArray,
    Input(
        title="returnees of the programme",
        unit="person",
        kind="flow",
        collector=_ORIGIN,
        sources=_PROGRAMME,
    ),
]
