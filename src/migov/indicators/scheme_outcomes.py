"""Schemes: how stays end, who comes again, what it costs and who gains."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import chosen, lift, summed
from migov.indicators._labels import all_of
from migov.indicators.inputs_schemes import (
    AdmittedAgain,
    CostsByPayer,
    GainsByActor,
    PlacedInAll,
    StayEnded,
    StaysByOutcome,
    TimeAfterReturn,
    TimeOfStay,
    UnderAgreement,
    WeightsOfActors,
    WorkersAdmitted,
)
from migov.indicators.kernels_durations import incidence, restricted_mean

_KAPLAN = "Kaplan and Meier (1958), J. American Statistical Association 53(282): product limit"
_OWN = "own; programme data"
_DUE = ("in_time", "late")
_KNOWN = (*_DUE, "extended", "settled", "died")


def _count(stays: xr.DataArray, outcomes: tuple[str, ...]) -> xr.DataArray:
    all_of(stays, "outcome", (*_KNOWN, "not_recorded"), "stays")
    return summed(chosen(stays, "outcome", outcomes, "stays"), "outcome", "stays")


@indicator(
    id="outcome_of_stay",
    title="Outcome of stays",
    unit="percent",
    references=(_OWN,),
    synonyms=("return compliance", "overstay rate"),
    not_for="ranking origins, least of all without records of exit: not recorded is not unlawful",
    case=Case(
        90.0,
        "450 / (450 + 50); extended, settled and dead were not to return",
        {
            "stays": Cells(
                ((450.0, 50.0, 200.0, 90.0, 10.0, 100.0),),
                period="2023",
                outcome="in_time late extended settled died not_recorded",
            )
        },
    ),
)
class OutcomeOfStay(Indicator):
    """Share of stays with an outcome, and the interval that those not recorded leave open.

    Returns in time and late are relative to those who had to return: a lawful extension,
    another status and a death leave the denominator. The other outcomes are relative to all.
    """

    outcome: Literal["in_time", "late", "extended", "settled", "died", "not_recorded"] = parameter(
        default="in_time", help="outcome whose share is taken"
    )
    bound: Literal["recorded", "lowest", "highest"] = parameter(
        default="recorded",
        help="among those recorded, or as if none or all not recorded had the outcome",
    )

    def __call__(self, stays: StaysByOutcome) -> xr.DataArray:
        """From stays by their six outcomes."""
        base = _DUE if self.outcome in _DUE else _KNOWN
        known, mine = _count(stays, base), _count(stays, (self.outcome,))
        unknown = _count(stays, ("not_recorded",))
        if self.bound == "recorded" and self.outcome != "not_recorded":
            return mine / known
        most = self.bound == "highest" and self.outcome != "not_recorded"
        return (mine + unknown if most else mine) / (known + unknown)


@indicator(
    id="reentry_rate",
    title="Admission again after return",
    unit="percent",
    references=(_KAPLAN, _OWN),
    synonyms=("re-entry rate", "circulation rate"),
    not_for="the success of return: some do not come again because they need not",
    case=Case(
        62.5,
        "1 - (1 - 1/4) (1 - 1/2): at 1 year one of four, at 3 years one of two still watched",
        {
            "waited": Cells((1.0, 2.0, 3.0, 4.0), case="a b c d"),
            "admitted": Cells((1.0, 0.0, 1.0, 0.0), case="a b c d"),
        },
        {"within": 3.0},
    ),
)
class ReentryRate(Indicator):
    """Returned persons admitted again within a time, where some returned only lately.

    It is missing where nobody was watched for so long.
    """

    within: float = parameter(default=2.0, help="time after the return", unit="year", ge=0)

    def __call__(self, waited: TimeAfterReturn, admitted: AdmittedAgain) -> xr.DataArray:
        """From the time each person waited, and whether it ended with an admission."""
        return lift(incidence, waited, admitted, core=[["case"], ["case"]], within=self.within)


@indicator(
    id="mean_completed_stay",
    title="Mean completed stay",
    unit="month",
    references=(_KAPLAN + "; mean up to a limit as the area under it", _OWN),
    synonyms=("average length of stay", "restricted mean stay"),
    not_for="stays under way, which are cut short by the day of the data",
    case=Case(
        27.0,
        "12 months, 12 at the height 3/4 and 12 at 3/4 x 2/3: of three one ended at 2 years",
        {
            "stayed": Cells((1.0, 2.0, 2.0, 5.0), case="a b c d"),
            "ended": Cells((1.0, 1.0, 0.0, 1.0), case="a b c d"),
        },
        {"limit": 3.0},
    ),
)
class MeanCompletedStay(Indicator):
    """Mean length of stays as if each had ended, where a longer one counts as the limit."""

    limit: float = parameter(help="longest stay that is looked at", unit="year", ge=0)

    def __call__(self, stayed: TimeOfStay, ended: StayEnded) -> xr.DataArray:
        """From the length of each stay so far, and whether it has ended."""
        return lift(restricted_mean, stayed, ended, core=[["case"], ["case"]], limit=self.limit)


@indicator(
    id="cost_per_placement",
    title="Cost of a placement, by payer",
    unit="currency/person",
    references=(_OWN, "ILO (2019), Definition of recruitment fees and related costs"),
    synonyms=("cost per migrant placed",),
    direction="down",
    not_for="a price of people; and what the worker pays for recruitment should be nothing",
    monotone=(("costs", "up"), ("placed", "down")),
    case=Case(
        Cells((1500.0, 2000.0, 100.0), payer="State employer worker"),
        "each payer's costs over 200 placed",
        {
            "costs": Cells((300000.0, 400000.0, 20000.0), "EUR", payer="State employer worker"),
            "placed": Cells(200.0),
        },
    ),
)
class CostPerPlacement(Indicator):
    """Costs of each payer for each person placed."""

    def __call__(self, costs: CostsByPayer, placed: PlacedInAll) -> xr.DataArray:
        """From costs by payer and the persons placed in the same periods."""
        return costs / placed


@indicator(
    id="benefit_shares",
    title="Shares of the benefit",
    unit="percent",
    references=(_OWN,),
    synonyms=("distribution of gains", "triple win"),
    not_for="amounts: where an actor loses, the signed amounts are shown instead",
    case=Case(
        Cells((25.0, 25.0, 50.0), actor="origin destination migrants"),
        "100, 200 and 200 euro with the weights 1, 1/2 and 1 make 100, 100 and 200 of 400",
        {
            "gains": Cells((100.0, 200.0, 200.0), "EUR", actor="origin destination migrants"),
            "weights": Cells((1.0, 0.5, 1.0), actor="origin destination migrants"),
        },
    ),
)
class BenefitShares(Indicator):
    """Share of each actor in the weighted gains; undefined where an actor loses.

    A euro is not the same to all: the weights are stated, also where they are one.
    """

    def __call__(self, gains: GainsByActor, weights: WeightsOfActors) -> xr.DataArray:
        """From net gains by actor and the stated weights."""
        weighted = gains * weights
        whole = summed(weighted, "actor", "gains")
        return (weighted / whole).where((gains >= 0).all("actor") & (whole > 0))


@indicator(
    id="agreement_coverage",
    title="Workers admitted under an agreement",
    unit="percent",
    references=("own; on the guidance of the UN Network on Migration (2022) and of ILO",),
    synonyms=("coverage of bilateral labour agreements",),
    not_for="protection: what an agreement grants is another question",
    monotone=(("covered", "up"), ("admitted", "down")),
    within=(("covered", "admitted"),),
    case=Case(
        30.0,
        "1,500 / 5,000",
        {"covered": Cells((1500.0,), period="2024"), "admitted": Cells((5000.0,), period="2024")},
    ),
)
class AgreementCoverage(Indicator):
    """Workers admitted under an agreement between States per hundred admitted."""

    def __call__(self, covered: UnderAgreement, admitted: WorkersAdmitted) -> xr.DataArray:
        """From workers admitted under an agreement and all workers admitted."""
        return covered / admitted
