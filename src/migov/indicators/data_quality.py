"""Data: can it be compared? Ages, gaps, delays, definitions and questions."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from migov.core import ages
from migov.core.cases import Case, Cells
from migov.core.definition import UNKNOWN, Definition, definition_of
from migov.core.errors import AgeError, ParameterError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import chosen, lift
from migov.indicators.inputs import PersonsByAge
from migov.indicators.inputs_data import (
    CellsProvided,
    CellsRequired,
    Delays,
    FiguresBySexAndAge,
    FirstFigure,
    PersonsBySexAndAge,
    QuestionsAsked,
    SecondFigure,
)
from migov.numeric import heaping

_UN_1955 = "United Nations (1955), Manual II: Methods of Appraisal of Quality of Basic Data"
_MYERS = "Myers (1940), Transactions of the Actuarial Society of America 41"
_BY_BIRTH = Definition(
    criterion="birth", residence_rule="usual", stay_months=12, stock_basis="at_date"
)
_BY_CITIZENSHIP = _BY_BIRTH.evolve(criterion="citizenship", edition="2024")
_HEAPED = Cells(
    tuple(6.0 if age % 5 == 0 else 1.0 for age in range(23, 63)),
    age=" ".join(map(str, range(23, 63))),
)
_TENS = Cells(
    tuple(2.0 if age % 10 == 0 else 1.0 for age in range(10, 40)),
    age=" ".join(map(str, range(10, 40))),
)


@indicator(
    id="whipple_index",
    title="Whipple's index of age heaping",
    unit="1",
    references=(f"{_UN_1955}, chapter on age",),
    synonyms=("age heaping", "digit preference"),
    direction="down",
    not_for="populations that truly bunch at some ages, as after a war",
    case=Case(
        300.0, "5 x (8 x 6) / (8 x 6 + 32 x 1) x 100, ages 25 to 60", {"population": _HEAPED}
    ),
)
class WhippleIndex(Indicator):
    """Persons at ages ending in 0 and 5, relative to a fifth of all; 100 for no preference."""

    lower: int = parameter(default=25, help="first age looked at", unit="year", ge=7)
    upper: int = parameter(default=60, help="last age looked at", unit="year", ge=16)
    scale: Literal["index", "ratio"] = parameter(
        default="index", help="100 for no preference, as the United Nations print it, or 1"
    )

    def __call__(self, population: PersonsByAge) -> xr.DataArray:
        """From persons by single years of age, two more on either side."""
        if self.upper < self.lower + 9:
            raise ParameterError(
                "WhippleIndex", f"upper={self.upper}", f"at least {self.lower + 9}", 9, "upper"
            )
        digits = (0, 5)
        _, start, end = heaping.window(self.lower, self.upper, digits)
        alone = ages.single(population, start, end, "population")
        padded = alone.pad(age=(start, 0), constant_values=0.0)
        limits = {"lower": self.lower, "upper": self.upper, "digits": digits}
        ratio = lift(heaping.whipple, padded, core=[["age"]], **limits)
        return ratio * heaping.SCALES[self.scale]


@indicator(
    id="myers_index",
    title="Myers' blended index of digit preference",
    unit="1",
    references=(_MYERS, "Arriaga (1994), Population Analysis with Microcomputers: all ages"),
    synonyms=("blended method", "digit preference"),
    direction="down",
    not_for="which digits are preferred: the index adds them all",
    case=Case(
        90 / 11,
        "of 2 x 10 x 11 blended, 2 x 20 end in 0: (2/11 - 1/10) x 100",
        {"population": _TENS},
        {"upper": 39},
    ),
)
class MyersIndex(Indicator):
    """Least percentage of persons whose reported age ends in a wrong digit: 0 to 90.

    Myers' own blend takes as many ages in both sums of a digit; the spreadsheets of the United
    States Census Bureau take all ages in the first.
    """

    lower: int = parameter(default=10, help="first age looked at", unit="year", ge=0)
    upper: int = parameter(default=89, help="last age looked at", unit="year", ge=19)
    blend: Literal["same_number_of_ages", "all_ages"] = parameter(
        default="same_number_of_ages", help="Myers' own, or that of the Census Bureau"
    )

    def __call__(self, population: PersonsByAge) -> xr.DataArray:
        """From persons by single years of age."""
        if self.upper < self.lower + 19 or (self.upper - self.lower + 1) % 10:
            told = f"ages {self.lower} to {self.upper} are no multiple of ten, at least twenty"
            raise ParameterError("MyersIndex", told, "for instance 10 to 89", 9, "upper")
        alone = ages.single(population, self.lower, self.upper, "population")
        padded = alone.pad(age=(self.lower, 0), constant_values=0.0)
        limits = {"lower": self.lower, "upper": self.upper, "whole": self.blend == "all_ages"}
        return lift(heaping.myers, padded, core=[["age"]], **limits)


@indicator(
    id="age_sex_accuracy_index",
    title="United Nations age-sex accuracy index",
    unit="1",
    references=(
        "United Nations (1952), Population Bulletin 2, 59-79; as DemoTools, ageSexAccuracy, "
        "which agrees with the Census Bureau's spreadsheet AGESEX",
    ),
    synonyms=("joint score", "age ratio score", "sex ratio score"),
    direction="down",
    not_for="populations with much migration at some ages, which the score takes for errors",
    case=Case(
        80.0,
        "3 x 20 + 20 + 0: men per 100 women change by 20, men of 5-9 are 20 % over the mean beside",
        {
            "population": Cells(
                ((1e6, 1e6, 1e6, 0.0), (1e6, 1.2e6, 1e6, 5e5)), sex="F M", age="0-4 5-9 10-14 15+"
            )
        },
        {"upper": 15},
    ),
)
class AgeSexAccuracyIndex(Indicator):
    """Thrice the mean change of the sex ratio, and the mean deviations of both age ratios."""

    upper: int = parameter(
        default=70, help="age below which the groups are looked at", unit="year", ge=15
    )
    adjust: bool = parameter(
        default=True, help="take off the part of chance in a population under a million"
    )

    def __call__(self, population: PersonsBySexAndAge) -> xr.DataArray:
        """From the population by sex and groups of five years."""
        starts = np.asarray(population.coords["age"].values, float)
        width = ages.widths(population, "AgeSexAccuracyIndex", "population")
        looked = starts < self.upper
        if looked.sum() < 3 or (width[looked] != 5).any():
            told = f"population has no groups of five years below {self.upper}, at least three"
            raise AgeError("AgeSexAccuracyIndex", told, "mg.regroup_ages", 3, "population")
        both = chosen(population, "sex", ("F", "M"), "population")
        whole = both.sum(("sex", "age"), skipna=False)
        women, men = (both.isel(age=np.flatnonzero(looked)).sel(sex=s, drop=True) for s in "FM")
        core = [["age"], ["age"], []]
        return lift(_accuracy, men, women, whole, core=core, adjust=self.adjust)


def _accuracy(men: np.ndarray, women: np.ndarray, whole: np.ndarray, adjust: bool) -> np.ndarray:
    return heaping.age_sex_accuracy(men, women, whole=whole, adjust=adjust)


@indicator(
    id="data_completeness",
    title="Data completeness rate",
    unit="percent",
    references=(
        "Eurostat (2014), ESS Guidelines for the Implementation of the Quality and Performance "
        "Indicators, R1 data completeness rate: cells provided over cells required",
    ),
    synonyms=("completeness", "item coverage"),
    direction="up",
    not_for="accuracy: a full table may be wrong",
    monotone=(("provided", "up"), ("required", "down")),
    within=(("provided", "required"),),
    case=Case(
        75.0,
        "90 / 120 cells",
        {"provided": Cells((90.0,), area="MDA"), "required": Cells((120.0,), area="MDA")},
    ),
)
class Completeness(Indicator):
    """Data cells provided per hundred required."""

    def __call__(self, provided: CellsProvided, required: CellsRequired) -> xr.DataArray:
        """From cells provided and required."""
        return provided / required


@indicator(
    id="data_timeliness",
    title="Timeliness of publication",
    unit="day",
    references=(
        "Eurostat (2014), ESS Guidelines for the Implementation of the Quality and Performance "
        "Indicators, TP1 and TP2 time lag of first and of final results, as recalled",
    ),
    synonyms=("time lag of results", "timeliness"),
    direction="down",
    not_for="accuracy: first results are revised",
    case=Case(
        60.0,
        "(40 + 50 + 90) / 3 days",
        {"delays": Cells((40.0, 50.0, 90.0), release="spring summer autumn")},
    ),
)
class Timeliness(Indicator):
    """Time from the end of the reference period to publication, mean or longest of releases."""

    statistic: Literal["mean", "longest"] = parameter(default="mean", help="over the releases")

    def __call__(self, delays: Delays) -> xr.DataArray:
        """From the delay of every release."""
        if self.statistic == "longest":
            return delays.max("release", skipna=False)
        return delays.mean("release", skipna=False)


@indicator(
    id="definition_distance",
    title="Distance of definitions",
    unit="percent",
    references=("own; on the fields of a definition of who is counted",),
    synonyms=("comparability of definitions",),
    direction="down",
    not_for="how far the figures are apart: one field may double a count",
    alike=(),
    case=Case(
        25.0,
        "birth or citizenship contradict, three fields agree; the edition only one side knows",
        {"first": Cells(1.0, "", _BY_BIRTH), "second": Cells(1.1, "", _BY_CITIZENSHIP)},
    ),
)
class DefinitionDistance(Indicator):
    """Fields of two definitions that contradict, per hundred that both sides know.

    It is the same in all cells where both figures are known, and undefined where no field is
    known on both sides.
    """

    one_sided: Literal["left_out", "different"] = parameter(
        default="left_out", help="what becomes of fields that only one side knows"
    )

    def __call__(self, first: FirstFigure, second: SecondFigure) -> xr.DataArray:
        """From two figures that carry their definitions."""
        a, b = definition_of(first), definition_of(second)
        assert a is not None
        assert b is not None
        apart = a.differences(b)
        alone = [name for name, pair in apart.items() if UNKNOWN in pair]
        unlike = len(apart) - len(alone)
        known = len(a.known().keys() & b.known().keys())
        if self.one_sided == "different":
            unlike, known = unlike + len(alone), known + len(alone)
        both = first * 0.0 + second * 0.0
        return (both + unlike) / known if known else both / 0.0


@indicator(
    id="core_question_coverage",
    title="Coverage of the core questions on migration",
    unit="percent",
    references=(
        "own; on United Nations (2017), Principles and Recommendations for Population and Housing "
        "Censuses, Revision 3, table 3 (paragraph 4.21), core topics A.5, B.1, B.2 and B.4",
    ),
    synonyms=("core migration questions",),
    direction="up",
    not_for="whether the answers are used, or published by sex and age",
    case=Case(
        75.0,
        "(4 + 3 + 2) of 3 x 4",
        {
            "asked": Cells(
                ((1.0, 1.0, 1.0, 1.0), (1.0, 1.0, 1.0, 0.0), (0.0, 1.0, 0.0, 1.0)),
                source="census labour_force_survey register",
                question="birth citizenship arrival previous_residence",
            )
        },
    ),
)
class CoreQuestionCoverage(Indicator):
    """Core questions asked per hundred, over the sources and the questions."""

    questions: tuple[str, ...] = parameter(
        default=("birth", "citizenship", "arrival", "previous_residence"), help="core questions"
    )
    sources: tuple[str, ...] = parameter(
        default=("census", "labour_force_survey", "register"), help="sources that should ask"
    )

    def __call__(self, asked: QuestionsAsked) -> xr.DataArray:
        """From whether each source asks each question."""
        there = chosen(asked, "source", self.sources, "asked")
        core = chosen(there, "question", self.questions, "asked")
        return core.mean(("source", "question"), skipna=False)


@indicator(
    id="sex_age_coverage",
    title="Coverage by sex and age",
    unit="percent",
    references=("own; on the commitment of the OSCE (2004) to data by sex",),
    synonyms=("disaggregation by sex and age",),
    direction="up",
    not_for="accuracy, or coverage of the persons themselves",
    case=Case(
        50.0,
        "4 of the 8 cells of two sexes and four age groups are there",
        {"figures": Cells(((4.0, 5.0), (6.0, 7.0)), sex="F M", age="0-14 15-64")},
        {"lower": (0, 15, 65, 80)},
    ),
)
class SexAgeCoverage(Indicator):
    """Cells by sex and age that hold a number per hundred required."""

    sexes: tuple[str, ...] = parameter(default=("F", "M"), help="sexes required")
    lower: tuple[int, ...] = parameter(
        default=(), help="lower bounds of the age groups required; those of the data where empty"
    )

    def __call__(self, figures: FiguresBySexAndAge) -> xr.DataArray:
        """From any figures by sex and age; a label that is absent counts as missing cells."""
        labels = {"sex": self.sexes, "age": self.lower or tuple(figures.coords["age"].values)}
        there = {
            dim: [one for one in wanted if one in figures.coords[dim].values]
            for dim, wanted in labels.items()
        }
        found = figures.sel(there).notnull().sum(("sex", "age"))
        return found / (len(labels["sex"]) * len(labels["age"]))
