"""Costs that workers pay for a job abroad, in months of what they earn there."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.definition import Definition, definition_of
from migov.core.definitions import LABOUR_MIGRATION
from migov.core.errors import DefinitionError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import lift, marked
from migov.indicators.inputs_development import (
    FirstEarnings,
    RecruitmentCosts,
    WorkerPaidCosts,
    WorkerWeights,
)
from migov.indicators.kernels_development import of_workers
from migov.numeric.quantities import Floats, Quantile, Quantity, mean

Statistic = Literal["mean", "median", "percentile_80"]
_STATISTIC = "of the workers' ratios; the fourth quintile is taken as the 80th percentile"
_NONZERO = "leave out workers who paid nothing"
_CASE = {
    "costs": Cells((1200.0, 300.0, 0.0), "USD", LABOUR_MIGRATION, worker="a b c"),
    "earnings": Cells((400.0, 300.0, 500.0), "USD/month", worker="a b c"),
}


def _statistic(
    costs: xr.DataArray,
    earnings: xr.DataArray,
    weights: xr.DataArray | None,
    statistic: str,
    nonzero: bool,
) -> xr.DataArray:
    """Return the statistic of costs over earnings; who earned nothing is left out, and marked."""
    ratio = (costs / earnings).where(earnings > 0)
    if nonzero:
        ratio = ratio.where(costs > 0)
    given = [ratio] if weights is None else [ratio, weights]
    found = lift(of_workers, *given, core=[["worker"]] * len(given), statistic=statistic)
    unpaid = (costs.notnull() & (earnings == 0)).any("worker")
    return marked(found, "partial", unpaid & found.notnull())


def _of_rows(costs: Floats, earnings: Floats, statistic: str, nonzero: bool) -> Quantity:
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(earnings > 0, costs / earnings, np.nan)
    if nonzero:
        ratio = np.where(costs > 0, ratio, np.nan)
    if statistic == "mean":
        return mean(ratio)
    return Quantile(ratio, {"median": 0.5, "percentile_80": 0.8}[statistic])


def _check_residence(found: Definition | None) -> None:
    """Refuse workers who kept their residence: they are not in 10.7.1."""
    stay = None if found is None else found.stay_months
    kept = found is not None and found.seasonal_workers in ("included", "only")
    if kept or isinstance(stay, str) or stay is None or stay < 12:
        told = "seasonal workers are included" if kept else f"the stay is of {stay} months"
        raise DefinitionError(
            "RecruitmentCost",
            f"costs are of workers of whom {told}; 10.7.1 counts those who changed their "
            "residence for twelve months and more",
            "mg.WorkerPaidCostRatio() for short stays; or costs of the others, whose definition "
            "says stay_months=12, seasonal_workers='excluded'",
            5,
            "costs",
        )


@indicator(
    id="sdg_10_7_1",
    title="Recruitment cost borne by employee as a proportion of monthly income earned in country "
    "of destination",
    unit="month",
    references=(
        "SDG metadata 10.7.1 (ILO and World Bank, 18 May 2022): ratio of each worker; mean, "
        "median and fourth quintile over workers",
        "ILO and World Bank (2019), Guidelines for statistics for SDG indicator 10.7.1",
    ),
    codes=("10.7.1",),
    target="SDG target 10.7, which sets no number",
    synonyms=(
        "Recruitment cost borne by employee as a proportion of yearly income earned in country "
        "of destination",
        "recruitment cost indicator",
        "RCI",
    ),
    direction="down",
    not_for="seasonal and other workers who keep their residence; or a ratio of mean costs to "
    "mean earnings, which is of nobody",
    case=Case(1.0, "the middle one of 3, 1 and 0 months", _CASE, {"statistic": "median"}),
)
class RecruitmentCost(Indicator):
    """Costs borne for the first job in the last destination, in months of its first earnings.

    Zero costs are valid. Missing or zero earnings leave the worker out, and the status is then
    ``partial``. With weights quantiles
    are the smallest ratio that the cumulative weight reaches the share at.
    """

    statistic: Statistic = parameter(default="mean", help=_STATISTIC)
    window: float = parameter(
        default=3.0, help="years before the survey in which the job began", unit="year", ge=0
    )
    nonzero_only: bool = parameter(default=False, help=_NONZERO)

    def __call__(
        self,
        costs: RecruitmentCosts,
        earnings: FirstEarnings,
        weights: WorkerWeights | None = None,
    ) -> xr.DataArray:
        """From costs and first monthly earnings of each worker, and the survey's weights."""
        _check_residence(definition_of(costs))
        return _statistic(costs, earnings, weights, self.statistic, self.nonzero_only)

    def of_rows(self, costs: Floats, earnings: Floats, definition: Definition) -> Quantity:
        """Return the statistic of rows, for :func:`migov.indicators.survey.estimate`."""
        _check_residence(definition)
        return _of_rows(costs, earnings, self.statistic, self.nonzero_only)


@indicator(
    id="worker_paid_cost_ratio",
    title="Costs paid by workers in months of earnings",
    unit="month",
    references=(
        "own; ILO (2019), General principles and operational guidelines for fair recruitment and "
        "Definition of recruitment fees and related costs",
    ),
    synonyms=("recruitment fees of seasonal workers",),
    direction="down",
    target="no recruitment fees or related costs to workers (ILO C181, article 7; ILO 2019)",
    not_for="SDG 10.7.1, which leaves out workers who keep their residence",
    case=Case(
        4 / 3,
        "(3 + 1 + 0) / 3 months",
        {
            "costs": Cells((1200.0, 300.0, 0.0), "USD", worker="a b c"),
            "earnings": _CASE["earnings"],
        },
    ),
)
class WorkerPaidCostRatio(Indicator):
    """Fees and related costs that workers paid, in months of their first earnings.

    As 10.7.1 without the condition that they changed their residence.
    """

    statistic: Statistic = parameter(default="mean", help=_STATISTIC)
    nonzero_only: bool = parameter(default=False, help=_NONZERO)

    def __call__(
        self,
        costs: WorkerPaidCosts,
        earnings: FirstEarnings,
        weights: WorkerWeights | None = None,
    ) -> xr.DataArray:
        """From costs and first monthly earnings of each worker, and the survey's weights."""
        return _statistic(costs, earnings, weights, self.statistic, self.nonzero_only)

    def of_rows(self, costs: Floats, earnings: Floats) -> Quantity:
        """Return the statistic of rows, for :func:`migov.indicators.survey.estimate`."""
        return _of_rows(costs, earnings, self.statistic, self.nonzero_only)
