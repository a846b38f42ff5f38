"""Shortage: signals by occupation, openings, and people who could fill them already."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from migov.core import codes
from migov.core.cases import Case, Cells
from migov.core.definition import Definition
from migov.core.errors import CodeError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import lift, marked, parted, per_year
from migov.indicators.inputs_labour import (
    EmployedByOccupation,
    EmploymentGrowth,
    EntriesToOccupation,
    HoursGrowth,
    NetChangeOfPosts,
    OverqualifiedByOccupation,
    PotentialByOccupation,
    ReplacementDemand,
    ShortageScores,
    UnderqualificationGrowth,
    UnemployedByOccupation,
    UnemploymentByOccupation,
    VacanciesByOccupation,
    WageGrowth,
)
from migov.indicators.kernels_labour import shortage_index, shortage_points

_OECD = (
    "own, in the manner of OECD (2017), Getting Skills Right: Skills for Jobs Indicators, chapter "
    "2: wage, employment and hours growth, unemployment, growth of under-qualification, each "
    "against the economy"
)
_CEDEFOP = (
    "Cedefop (2016), Skills forecast, job opportunities: net employment change and replacement "
    "demand"
)
_TWO = "2 5"
_JOBS = ["occupation"]
_STANDARD = Definition(name="by the 19th ICLS", labour_standard="19th ICLS")


@indicator(
    id="occupational_shortage_index",
    title="Occupational shortage index",
    unit="1",
    references=(_OECD,),
    synonyms=("Skills for Jobs", "S4J", "skill shortage index"),
    not_for="a number of missing persons; or an occupation whose pay is low for other reasons",
    case=Case(
        Cells((0.2, -0.2), occupation=_TWO),
        "signals at +1 and -1 standard deviations: (1 + 1 + 1 - 1 - 1) / 5 for the first",
        {
            "wages": Cells((0.03, 0.01), occupation=_TWO),
            "employment": Cells((0.02, 0.0), occupation=_TWO),
            "hours": Cells((0.01, -0.01), occupation=_TWO),
            "unemployment": Cells((0.08, 0.04), occupation=_TWO),
            "underqualification": Cells((0.0, 0.01), occupation=_TWO),
            "employed": Cells((50.0, 50.0), occupation=_TWO),
        },
    ),
)
class OccupationalShortageIndex(Indicator):
    """Five signals of each occupation, as distances from the economy, averaged.

    The economy is the mean weighted by employment; distances are in standard deviations over
    occupations. Low unemployment counts as a sign of shortage. OECD's own index has no vacancies.
    """

    wage_weight: float = parameter(default=1.0, help="weight of wage growth", ge=0)
    employment_weight: float = parameter(default=1.0, help="weight of employment growth", ge=0)
    hours_weight: float = parameter(default=1.0, help="weight of hours growth", ge=0)
    unemployment_weight: float = parameter(default=1.0, help="weight of unemployment", ge=0)
    underqualification_weight: float = parameter(
        default=1.0, help="weight of the growth of under-qualification", ge=0
    )

    def __call__(
        self,
        wages: WageGrowth,
        employment: EmploymentGrowth,
        hours: HoursGrowth,
        unemployment: UnemploymentByOccupation,
        underqualification: UnderqualificationGrowth,
        employed: EmployedByOccupation,
    ) -> xr.DataArray:
        """From the signals of each occupation, and its employed."""
        weights = tuple(self.parameters().values())
        given = (wages, employment, hours, unemployment, underqualification)
        people = parted(employed, "occupation", argument="employed")
        how = {"weights": weights, "signs": (1, 1, 1, -1, 1)}
        return lift(shortage_index, *given, people, core=[_JOBS] * 6, out=_JOBS, **how)


def _helpers(x: xr.DataArray) -> xr.DataArray:
    """Return which occupations of KldB 2010 are helpers', by their requirement level.

    Raises
    ------
    CodeError
        A code of another number of digits, whose helpers cannot be left out.
    """
    labels = [str(one) for one in x.coords["occupation"].values]
    bare = [one for one in labels if one.isdigit() and len(one) != 5]
    if bare:
        raise CodeError(
            "BAShortagePoints",
            f"scores of occupation {bare[0]!r} have no requirement level, so that helpers, who are "
            "not rated, cannot be left out",
            "five digits of KldB 2010; or names where no occupation is of helpers",
            4,
            "scores",
        )
    level = [one.isdigit() and len(one) == 5 and codes.requirement_level(one) for one in labels]
    return xr.DataArray(np.array([one == 1 for one in level]), {"occupation": labels})


@indicator(
    id="ba_shortage_points",
    title="Points of the German analysis of shortage occupations",
    unit="1",
    references=(
        "German Federal Employment Agency (2020 and after), Statistics, analysis of shortage "
        "occupations: mean of six scores from 0 to 3, 2.0 and more is a shortage, below 1.5 none",
    ),
    synonyms=("Engpassanalyse", "Engpassberufe", "shortage occupations in Germany"),
    not_for="effects of a scheme: the change of the foreign share is one of the scores, so that "
    "a scheme raises the measured shortage",
    case=Case(
        13 / 6,
        "(3 + 2 + 3 + 2 + 2 + 1) / 6",
        {
            "scores": Cells(
                (3.0, 2.0, 3.0, 2.0, 2.0, 1.0),
                indicator="vacancy_time job_seekers unemployment foreign_share exits pay",
            )
        },
    ),
)
class BAShortagePoints(Indicator):
    """Mean of the scores that there are of an occupation, from 0 to 3.

    Occupations are those of KldB 2010 with their requirement level, whose fifth digit is 1 for
    helpers: these are not rated. The six scores are time to fill a vacancy, job seekers per post,
    unemployment rate, change of the foreign share, exits from unemployment, and pay.
    """

    give: Literal["points", "class"] = parameter(
        default="points", help="the mean, or its class: 2 shortage, 1 watched, 0 none"
    )

    def __call__(self, scores: ShortageScores) -> xr.DataArray:
        """From the scores by indicator; missing ones are left out."""
        found = lift(shortage_points, scores, core=[["indicator"]], classes=self.give == "class")
        if "occupation" not in scores.dims:
            return found
        helpers = _helpers(scores)
        return marked(found.where(~helpers), "not_applicable", helpers)


_CHANGE = Cells((30.0,), period="2021")
_LEFT = Cells((70.0,), period="2021")


@indicator(
    id="job_openings",
    title="Job openings",
    unit="person/year",
    references=(_CEDEFOP,),
    synonyms=("openings", "net change and replacement demand"),
    not_for="shortage: those who enter the occupation are not taken off",
    monotone=(("change", "up"), ("replacement", "up")),
    case=Case(100.0, "(30 + 70) / 1 year", {"change": _CHANGE, "replacement": _LEFT}),
)
class JobOpenings(Indicator):
    """Net change of posts and persons to be replaced, a year."""

    def __call__(self, change: NetChangeOfPosts, replacement: ReplacementDemand) -> xr.DataArray:
        """From the net change of posts and the replacement demand of the same periods."""
        return per_year(change + replacement, "change")


@indicator(
    id="labour_supply_gap",
    title="Gap of labour supply",
    unit="person/year",
    references=("own; " + _CEDEFOP + ", which does not take entries off",),
    synonyms=("labour force replacement need", "skills gap"),
    direction="down",
    not_for="a quota: hours, pay, retraining and residents without work come first",
    monotone=(("change", "up"), ("replacement", "up"), ("entries", "down")),
    case=Case(
        40.0,
        "(30 + 70 - 60) / 1 year",
        {"change": _CHANGE, "replacement": _LEFT, "entries": Cells((60.0,), period="2021")},
    ),
)
class LabourSupplyGap(Indicator):
    """Openings of an occupation less those who enter it, a year; negative where more enter."""

    def __call__(
        self, change: NetChangeOfPosts, replacement: ReplacementDemand, entries: EntriesToOccupation
    ) -> xr.DataArray:
        """From net change, replacement demand and entries of the same periods."""
        return per_year(change + replacement - entries, "change")


@indicator(
    id="untapped_reserve",
    title="Untapped reserve of residents",
    unit="1",
    references=(
        "own; on ILO (2013), 19th ICLS resolution, paragraph 73 (LU3), and over-qualification",
    ),
    synonyms=("domestic labour reserve",),
    not_for="persons who can start tomorrow: place, language and recognition stand between",
    monotone=(
        ("unemployed", "up"),
        ("potential", "up"),
        ("overqualified", "up"),
        ("vacancies", "down"),
    ),
    case=Case(
        1.5,
        "(40 + 15 + 5) / 40",
        {
            "unemployed": Cells((40.0,), "", _STANDARD, occupation="2"),
            "potential": Cells((15.0,), "", _STANDARD, occupation="2"),
            "overqualified": Cells((5.0,), occupation="2"),
            "vacancies": Cells((40.0,), occupation="2"),
        },
    ),
)
class UntappedReserve(Indicator):
    """Residents trained in an occupation without fitting work in it, for each vacant post."""

    def __call__(
        self,
        unemployed: UnemployedByOccupation,
        potential: PotentialByOccupation,
        overqualified: OverqualifiedByOccupation,
        vacancies: VacanciesByOccupation,
    ) -> xr.DataArray:
        """From the unemployed, the potential labour force, the overqualified and the vacancies."""
        return (unemployed + potential + overqualified) / vacancies
