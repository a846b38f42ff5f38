"""Mismatch: skills that jobs do not use, and segments where people and posts do not meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import xarray as xr

from migov.core import ages
from migov.core.cases import Case, Cells
from migov.core.definition import Definition
from migov.core.indicator import Indicator, indicator, parameter
from migov.core.vocabulary import require
from migov.indicators._apply import lift, parted, summed
from migov.indicators._labour import in_majors, norm_of, wanted, with_tertiary
from migov.indicators.inputs_labour import (
    EmployedByEducation,
    MigrantsByOccupation,
    OthersByOccupation,
    SegmentEfficiency,
    SegmentProductivity,
    UnemployedBySegment,
    VacanciesBySegment,
    YearsOfSchooling,
)
from migov.indicators.kernels_labour import dissimilarity, mismatched, mismatched_by_norm
from migov.indicators.rows_labour import mismatch_of_rows, overqualification_of_rows
from migov.numeric.quantities import Floats, Quantity

_DEFINED = (
    "Eurostat (2024), Statistics Explained, Migrant integration statistics: over-qualification"
)
_STANDARD = Definition(name="by the 19th ICLS", labour_standard="19th ICLS")
_BORN_ABROAD = _STANDARD.evolve(name="foreign-born", criterion="birth", residence_rule="usual")
_FORMAL = "a person's skills: formal education alone is compared with the occupation's major group"
_PAIR = ["occupation", "education"]
_BY_EDUCATION = Cells(
    ((180.0, 60.0, 0.0), (150.0, 300.0, 110.0), (70.0, 140.0, 190.0)),
    occupation="2 5 9",
    education="5-8 3-4 0-2",
)


@indicator(
    id="overqualification_rate",
    title="Over-qualification rate",
    unit="percent",
    references=(
        f"{_DEFINED}: employed aged 20-64, ISCED 5-8 in ISCO 4-9, over ISCED 5-8",
        "Eurostat, lfsa_eoqgac; OECD and European Commission (2023), Settling In: without those "
        "still in education",
    ),
    synonyms=("overqualification", "over-education of tertiary graduates", "brain waste"),
    direction="down",
    not_for=_FORMAL,
    case=Case(55.0, "(150 + 70) / (180 + 150 + 70)", {"employed": _BY_EDUCATION}),
)
class OverqualificationRate(Indicator):
    """Tertiary graduates in ISCO major groups 4 to 9, per hundred employed graduates.

    Armed forces and unknown occupations are left out. Employed by age are added from `lower` to
    below `upper`; to keep ages apart, select them and drop the dimension.
    """

    population: Literal["all", "not_in_education"] = parameter(
        default="all", help="who is counted: all as at Eurostat, or OECD's without students"
    )
    lower: int = parameter(default=20, help="lowest age, where ages are given", ge=0)
    upper: int = parameter(default=65, help="age that is no longer counted", ge=1)

    def __call__(self, employed: EmployedByEducation) -> xr.DataArray:
        """From the employed by occupation and education."""
        if "age" in employed.dims:
            employed = ages.between(employed, self.lower, self.upper, argument="employed")
        graduates = with_tertiary(employed, "employed")
        below, above = (in_majors(graduates, one, "employed") for one in ("456789", "123"))
        return below / (below + above)

    def of_rows(
        self, education: Sequence[object], occupation: Sequence[object], age: Floats | None = None
    ) -> Quantity:
        """Return the rate of a survey's employed, for :func:`migov.indicators.survey.estimate`."""
        return overqualification_of_rows(education, occupation, age, self.lower, self.upper)


@indicator(
    id="education_mismatch_rate",
    title="Education mismatch",
    unit="percent",
    references=(
        "ILO (2024), ILOSTAT, Education and Mismatch Indicators, database description: normative "
        "and statistical approaches",
        "20th ICLS (2018), Guidelines concerning measurement of qualifications and skills "
        "mismatches: thresholds from the mode",
        "Verdugo and Verdugo (1989), Journal of Human Resources 24(4): one standard deviation "
        "around the mean (as recalled)",
    ),
    synonyms=("over-education", "under-education", "qualification mismatch"),
    not_for=_FORMAL,
    case=Case(
        30.0,
        "(150 + 70 + 140) / 1200",
        {"employed": _BY_EDUCATION},
        {"method": "normative", "outcome": "over"},
    ),
)
class EducationMismatchRate(Indicator):
    """Employed whose education is above or below that of their occupation, per hundred.

    By the norm ISCO 1-3 ask for ISCED 5-8, 4-8 for 3-4 and 9 for 0-2; otherwise the years of
    schooling of those in the occupation say it. Select one occupation to have it for it alone.
    """

    method: Literal["normative", "mean", "mode"] = parameter(
        help="the norm, one standard deviation (n - 1) around the mean, or the mode"
    )
    outcome: Literal["over", "under", "any"] = parameter(
        default="any", help="who is counted: the over-educated, the under-educated, or both"
    )

    def __call__(
        self, employed: EmployedByEducation, years: YearsOfSchooling | None = None
    ) -> xr.DataArray:
        """From the employed by occupation and education, and years of schooling by level."""
        people = parted(employed, *_PAIR, argument="employed")
        if self.method == "normative":
            sides = norm_of(people, "employed")
            return lift(mismatched_by_norm, people, core=[_PAIR], sides=sides, outcome=self.outcome)
        given = wanted(years, "EducationMismatchRate", "years", f"method={self.method!r}")
        how = {"method": self.method, "outcome": self.outcome}
        return lift(mismatched, people, given, core=[_PAIR, ["education"]], **how)

    def of_rows(
        self,
        occupation: Sequence[object],
        education: Sequence[object] | None = None,
        years: Floats | None = None,
    ) -> Quantity:
        """Return the rate of a survey's employed, for :func:`migov.indicators.survey.estimate`."""
        return mismatch_of_rows(occupation, education, years, self.method, self.outcome)


@indicator(
    id="mismatch_index",
    title="Mismatch index",
    unit="1",
    references=(
        "Şahin, Song, Topa and Violante (2014), American Economic Review 104(11), equations "
        "(9) and following",
    ),
    synonyms=("SSTV mismatch", "sectoral mismatch", "occupational mismatch"),
    direction="down",
    not_for="comparing finer with coarser segments: more segments never lower it",
    case=Case(
        1 - (0.45**0.5 + 0.05**0.5),
        "1 - √(90/100 × 50/100) - √(10/100 × 50/100)",
        {
            "vacancies": Cells((90.0, 10.0), occupation="2 5"),
            "unemployed": Cells((50.0, 50.0), occupation="2 5"),
        },
    ),
)
class MismatchIndex(Indicator):
    """Share of hires that are lost because unemployed and vacancies are in unlike segments."""

    segments: str = parameter(default="occupation", help="dimension of the segments")
    alpha: float = parameter(
        default=0.5, help="elasticity of hires with respect to vacancies", ge=0.01, le=0.99
    )

    def __call__(
        self,
        vacancies: VacanciesBySegment,
        unemployed: UnemployedBySegment,
        efficiency: SegmentEfficiency | None = None,
        productivity: SegmentProductivity | None = None,
    ) -> xr.DataArray:
        """From vacancies and unemployed of each segment, and its efficiency and productivity."""
        dim, a = self.segments, self.alpha
        require(vacancies, [dim], "MismatchIndex", "vacancies")
        v = vacancies / summed(vacancies, dim, "vacancies")
        u = unemployed / summed(unemployed, dim, "unemployed")
        phi: xr.DataArray | float = 1.0 if efficiency is None else efficiency
        x = phi if productivity is None else phi * productivity
        over = (x ** (1 / a) * v).sum(dim, skipna=False) ** a
        mean = (phi * (x / over) ** ((1 - a) / a) * v).sum(dim, skipna=False)
        return 1.0 - (phi / mean * v**a * u ** (1 - a)).sum(dim, skipna=False)


@indicator(
    id="occupational_dissimilarity",
    title="Occupational dissimilarity",
    unit="1",
    references=(
        "Duncan and Duncan (1955), American Sociological Review 20(2), index D",
        "Karmel and MacLachlan (1988), Economic Record 64(3): 2 a (1 - a) D, where a is the share "
        "of one group",
        "Gross (1968), Social Problems 16(2): size-standardised, as recalled",
    ),
    synonyms=("occupational segregation", "Duncan index", "Karmel-MacLachlan index"),
    not_for="comparing unlike numbers of occupations: finer ones raise it",
    case=Case(
        0.5,
        "(|30/40 - 10/40| + |10/40 - 30/40|) / 2",
        {
            "migrants": Cells((30.0, 10.0), "", _BORN_ABROAD, occupation="2 5"),
            "others": Cells((10.0, 30.0), "", _STANDARD, occupation="2 5"),
        },
    ),
)
class OccupationalDissimilarity(Indicator):
    """Share of one group that would have to change occupation to be spread as the other.

    The form of Karmel and MacLachlan is a share of all workers and keeps the structure of
    occupations; the size-standardised one counts every occupation alike.
    """

    form: Literal["duncan", "size_standardised", "karmel_maclachlan"] = parameter(
        default="duncan", help="which index"
    )

    def __call__(self, migrants: MigrantsByOccupation, others: OthersByOccupation) -> xr.DataArray:
        """From employed migrants and all other employed by occupation."""
        parted(migrants, "occupation", argument="migrants")
        core = [["occupation"], ["occupation"]]
        return lift(dissimilarity, migrants, others, core=core, form=self.form)
