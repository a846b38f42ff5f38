"""Conditions of work: pay, injury, and freedom of association."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import mean_over
from migov.indicators._labour import wanted
from migov.indicators.inputs_work import (
    CriteriaViolated,
    CriterionWeights,
    EmployeesOfSubgroup,
    GeneralProhibition,
    Injuries,
    InjuryRateOfAll,
    InjuryRateOfMigrants,
    InjuryRateOfOthers,
    WageOfMigrants,
    WageOfNationals,
    WorkersCovered,
)
from migov.indicators.rows_labour import wage_gap_of_rows
from migov.numeric.quantities import Floats, Quantity

_METADATA_8_8_1 = (
    "SDG metadata 8.8.1 (ILO, 31 March 2023): new cases over workers of the reference group, "
    "fatal and non-fatal apart"
)


_WEIGHTED = "form='factor_weighted'"


@indicator(
    id="migrant_wage_gap",
    title="Migrant pay gap",
    unit="percent",
    references=(
        "Amo-Agyei (2020), The migrant pay gap, ILO: hourly wages, positive where migrants earn "
        "less",
        "ILO (2018), Global Wage Report 2018/19, part II: factor-weighted gap (as recalled)",
    ),
    synonyms=("wage gap between migrants and nationals", "MPG"),
    direction="down",
    not_for="discrimination: the raw gap holds differences of work; or monthly wages, which hold "
    "hours",
    monotone=(("nationals", "up"), ("migrants", "down")),
    case=Case(
        10.0,
        "(20 - 18) / 20",
        {"nationals": Cells(20.0, "EUR/hour"), "migrants": Cells(18.0, "EUR/hour")},
    ),
)
class MigrantWageGap(Indicator):
    """How much less migrants earn in an hour than nationals, per hundred of what these earn.

    The factor-weighted gap is the mean of the gaps of like workers, along the dimension
    ``subgroup`` (of education, age, hours, sector), weighted by their employees.
    """

    statistic: Literal["mean", "median"] = parameter(
        default="mean", help="which wage of each group is handed in, or taken from rows"
    )
    form: Literal["raw", "factor_weighted"] = parameter(
        default="raw", help="of all workers, or averaged over subgroups of like workers"
    )

    def __call__(
        self,
        nationals: WageOfNationals,
        migrants: WageOfMigrants,
        employees: EmployeesOfSubgroup | None = None,
    ) -> xr.DataArray:
        """From hourly wages of both groups, and the employees of each subgroup."""
        gap = (nationals - migrants) / nationals
        if self.form == "raw":
            return gap
        heads = wanted(employees, "MigrantWageGap", "employees", _WEIGHTED)
        return mean_over(gap, heads, "subgroup", "nationals")

    def of_rows(
        self, wage: Floats, migrant: Floats, subgroup: Sequence[object] | None = None
    ) -> Quantity:
        """Return the gap of a survey's employees, for :func:`migov.indicators.survey.estimate`."""
        weighted = self.form == "factor_weighted"
        cells = wanted(subgroup, "MigrantWageGap", "subgroup", _WEIGHTED) if weighted else None
        return wage_gap_of_rows(wage, migrant, cells, self.statistic)


@indicator(
    id="sdg_8_8_1",
    title="Fatal and non-fatal occupational injuries per 100,000 workers, by sex and migrant "
    "status",
    unit="per_hundred_thousand/year",
    references=(_METADATA_8_8_1,),
    codes=("8.8.1",),
    target="SDG target 8.8, which sets no number",
    synonyms=(
        "Frequency rates of fatal and non-fatal occupational injuries, by sex and migrant status",
        "incidence rate of occupational injuries",
    ),
    direction="down",
    not_for="comparing States whose injuries are unlike well reported; adding fatal to non-fatal",
    monotone=(("injuries", "up"), ("workers", "down")),
    case=Case(
        5.0,
        "120 / 2.4 million person-years",
        {
            "injuries": Cells((120.0,), period="2021"),
            "workers": Cells((2.4,), "million person year", period="2021"),
        },
        {"severity": "fatal"},
    ),
)
class WorkInjuryRate(Indicator):
    """New cases of occupational injury for each hundred thousand workers, a year.

    The workers are those whom the source of the injuries covers; where it covers employees
    alone, the self-employed are not among them.
    """

    severity: Literal["fatal", "nonfatal"] = parameter(
        help="which cases are handed in; the two series are never added"
    )

    def __call__(self, injuries: Injuries, workers: WorkersCovered) -> xr.DataArray:
        """From new cases, and person-years of the workers covered, in the same periods."""
        return injuries / workers


@indicator(
    id="implied_migrant_share_of_workers",
    title="Share of migrants that injury rates imply",
    unit="percent",
    references=("own check of " + _METADATA_8_8_1,),
    synonyms=("check of rates by migrant status",),
    not_for="a count of migrants: it says whether three rates can belong together",
    case=Case(
        25.0,
        "(5 - 4) / (8 - 4)",
        {
            "everybody": Cells(5.0, "per_hundred_thousand/year"),
            "migrants": Cells(8.0, "per_hundred_thousand/year"),
            "others": Cells(4.0, "per_hundred_thousand/year"),
        },
    ),
)
class ImpliedMigrantShareOfWorkers(Indicator):
    """Share of migrants among workers that makes the rate of all the mean of both groups' rates.

    Outside 0 to 100 the rates do not belong together: often the injuries of each group were
    divided by all workers.
    """

    def __call__(
        self,
        everybody: InjuryRateOfAll,
        migrants: InjuryRateOfMigrants,
        others: InjuryRateOfOthers,
    ) -> xr.DataArray:
        """From the rates of all workers, of migrants and of the others."""
        return (everybody - others) / (migrants - others)


@indicator(
    id="sdg_8_8_2",
    title="Level of national compliance with labour rights (freedom of association and collective "
    "bargaining) based on ILO textual sources and national legislation",
    unit="1",
    references=(
        "SDG metadata 8.8.2 (ILO), 2021-01-01 and 2023-07-10, method of computation (4.c) and "
        "table 1: weighted criteria, x × 10 / 95 with x cut at 95",
    ),
    codes=("8.8.2",),
    target="SDG target 8.8, which sets no number",
    synonyms=(
        "Level of national compliance with labour rights, by sex and migrant status",
        "freedom of association and collective bargaining",
    ),
    direction="down",
    not_for="rights of migrant workers: no figure by sex or migrant status exists; or series "
    "across editions of the criteria",
    monotone=(("weights", "up"),),
    case=Case(
        2.0,
        "(10 + 9) × 10 / 95",
        {
            "violations": Cells((1.0, 0.0, 1.0), criterion="c1 c2 c3"),
            "weights": Cells((10.0, 20.0, 9.0), criterion="c1 c2 c3"),
        },
    ),
)
class FreedomOfAssociationCompliance(Indicator):
    """Weight of the violations on record, from 0, the best, to 10, the worst.

    A criterion counts once however many sources tell of it. A general prohibition of association
    or of collective bargaining gives 10 whatever else there is.
    """

    cut: float = parameter(default=95.0, help="weighted sum that gives the worst score", ge=1.0)

    def __call__(
        self,
        violations: CriteriaViolated,
        weights: CriterionWeights,
        prohibition: GeneralProhibition | None = None,
    ) -> xr.DataArray:
        """From the criteria violated, their weights, and general prohibitions."""
        raw = (violations * weights).sum("criterion", skipna=False)
        score = raw.where(raw.isnull() | (raw < self.cut), self.cut) * (10.0 / self.cut)
        if prohibition is None:
            return score
        return score.where(prohibition == 0, 10.0).where(prohibition.notnull())
