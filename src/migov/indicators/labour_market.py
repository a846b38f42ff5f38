"""Labour markets: who works, who would, and what stands open."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.definition import Definition
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._labour import STANDARD_HELP, Standard, wanted
from migov.indicators.inputs import Employed, LabourForce, WorkingAgePersons
from migov.indicators.inputs_labour import (
    Hires,
    MigrantsEmployed,
    OccupiedPosts,
    PotentialLabourForce,
    RateOfMigrants,
    RateOfNatives,
    Underemployed,
    Unemployed,
    UnemployedTime,
    Vacancies,
    VacantTime,
)

_ICLS = "the definition says it: 13th or 19th ICLS; Moldova's 39 % and 72 % differ by it"
_RESOLUTION = (
    "ILO (2013), 19th ICLS, Resolution concerning statistics of work, employment and labour "
    "underutilization"
)
_MODELLED = "ILO (2018 and after), ILOSTAT modelled estimates"
_ACROSS = f"comparison across standards of labour statistics ({_ICLS})"
_EUROSTAT_JVS = "Eurostat (2024), Job vacancy statistics (jvs): vacancies over all posts"
_STANDARD = Definition(name="by the 19th ICLS", labour_standard="19th ICLS")
_FOREIGN_BORN = _STANDARD.evolve(name="foreign-born", criterion="birth", residence_rule="usual")


@indicator(
    id="participation_rate",
    title="Labour force participation rate",
    unit="percent",
    references=(f"{_RESOLUTION}, paragraph 70", f"{_MODELLED}: EAP / POP"),
    synonyms=("activity rate", "LFPR"),
    not_for=_ACROSS,
    monotone=(("labour_force", "up"),),
    within=(("labour_force", "population"),),
    case=Case(
        60.0,
        "30 / 50",
        {"labour_force": Cells(30.0, "", _STANDARD), "population": Cells(50.0)},
    ),
)
class ParticipationRate(Indicator):
    """Labour force per hundred persons of working age."""

    labour_standard: Standard = parameter(default="as_declared", help=STANDARD_HELP)

    def __call__(self, labour_force: LabourForce, population: WorkingAgePersons) -> xr.DataArray:
        """From the labour force and the population of the same ages."""
        return labour_force / population


@indicator(
    id="employment_rate",
    title="Employment-to-population ratio",
    unit="percent",
    references=(f"{_RESOLUTION}, paragraph 70", f"{_MODELLED}: EMP / POP"),
    synonyms=("employment rate",),
    direction="up",
    not_for=_ACROSS,
    monotone=(("employed", "up"),),
    within=(("employed", "population"),),
    case=Case(54.0, "27 / 50", {"employed": Cells(27.0, "", _STANDARD), "population": Cells(50.0)}),
)
class EmploymentRate(Indicator):
    """Employed persons per hundred persons of working age."""

    labour_standard: Standard = parameter(default="as_declared", help=STANDARD_HELP)

    def __call__(self, employed: Employed, population: WorkingAgePersons) -> xr.DataArray:
        """From the employed and the population of the same ages."""
        return employed / population


@indicator(
    id="unemployment_rate",
    title="Unemployment rate",
    unit="percent",
    references=(
        "SDG metadata 8.5.2 (ILO), 2021-01-01, method of computation (4.c): total unemployment "
        "over total labour force",
        f"{_RESOLUTION}, paragraphs 70 and 73 (LU1)",
    ),
    synonyms=("LU1",),
    direction="down",
    not_for=_ACROSS + "; rates of registered unemployment, which have another denominator",
    monotone=(("unemployed", "up"),),
    within=(("unemployed", "labour_force"),),
    case=Case(
        10.0,
        "3 / 30",
        {"unemployed": Cells(3.0, "", _STANDARD), "labour_force": Cells(30.0, "", _STANDARD)},
    ),
)
class UnemploymentRate(Indicator):
    """Unemployed per hundred persons of the labour force."""

    labour_standard: Standard = parameter(default="as_declared", help=STANDARD_HELP)

    def __call__(self, unemployed: Unemployed, labour_force: LabourForce) -> xr.DataArray:
        """From the unemployed and the labour force."""
        return unemployed / labour_force


@indicator(
    id="labour_underutilisation",
    title="Labour underutilisation",
    unit="percent",
    references=(
        f"{_RESOLUTION}, paragraph 73 (LU1 to LU4)",
        "ILO (2024), ILOSTAT glossary, LU4: over the extended labour force",
    ),
    synonyms=("LU1", "LU2", "LU3", "LU4", "labour slack"),
    direction="down",
    not_for=_ACROSS,
    within=(("unemployed + underemployed", "labour_force"),),
    case=Case(
        30.0,
        "LU4: (3 + 2 + 4.6) / (27.4 + 4.6)",
        {
            "unemployed": Cells(3.0, "", _STANDARD),
            "labour_force": Cells(27.4, "", _STANDARD),
            "underemployed": Cells(2.0, "", _STANDARD),
            "potential": Cells(4.6, "", _STANDARD),
        },
        {"measure": "LU4"},
    ),
)
class LabourUnderutilisation(Indicator):
    """Persons with an unmet need for employment, per hundred of the (extended) labour force.

    LU1 and LU2 are over the labour force, LU3 and LU4 over it and the potential labour force.
    """

    measure: Literal["LU1", "LU2", "LU3", "LU4"] = parameter(
        help="unemployed; with the underemployed; with the potential labour force; with both"
    )
    labour_standard: Standard = parameter(default="as_declared", help=STANDARD_HELP)

    def __call__(
        self,
        unemployed: Unemployed,
        labour_force: LabourForce,
        underemployed: Underemployed | None = None,
        potential: PotentialLabourForce | None = None,
    ) -> xr.DataArray:
        """From the unemployed and the labour force, and what the measure adds."""
        where, above, below = "LabourUnderutilisation", unemployed, labour_force
        if self.measure in ("LU2", "LU4"):
            above = above + wanted(underemployed, where, "underemployed", self.measure)
        if self.measure in ("LU3", "LU4"):
            more = wanted(potential, where, "potential", self.measure)
            above, below = above + more, below + more
        return above / below


_GAP_CASE = {"migrants": Cells(62.0, "percent"), "natives": Cells(70.0, "percent")}
_ZARAGOZA = (
    "own; on the rates of the Zaragoza Declaration (2010), which sets migrants beside natives, "
    "and Eurostat (2011), Indicators of Immigrant Integration"
)
_UNLIKE = "a measure of discrimination: age, education and length of stay differ as well"


@indicator(
    id="native_migrant_gap",
    title="Gap between migrants and natives",
    unit="percentage_point",
    references=(_ZARAGOZA,),
    synonyms=("integration gap", "poverty gap", "NEET gap", "early leavers gap"),
    not_for=_UNLIKE,
    monotone=(("migrants", "up"), ("natives", "down")),
    case=Case(-8.0, "62 % - 70 %", _GAP_CASE, {"migrants_are": "born_abroad"}),
)
class NativeMigrantGap(Indicator):
    """A rate among migrants less the same rate among natives."""

    migrants_are: Literal["born_abroad", "foreign_citizens"] = parameter(
        help="who is a migrant; natives are everybody else"
    )

    def __call__(self, migrants: RateOfMigrants, natives: RateOfNatives) -> xr.DataArray:
        """From one rate of two groups: employment, poverty risk, tertiary attainment, NEET."""
        return migrants - natives


@indicator(
    id="native_migrant_ratio",
    title="Ratio of migrants to natives",
    unit="1",
    references=(_ZARAGOZA,),
    synonyms=("relative rate of migrants",),
    not_for=_UNLIKE,
    monotone=(("migrants", "up"), ("natives", "down")),
    case=Case(62 / 70, "62 % / 70 %", _GAP_CASE, {"migrants_are": "born_abroad"}),
)
class NativeMigrantRatio(Indicator):
    """A rate among migrants over the same rate among natives."""

    migrants_are: Literal["born_abroad", "foreign_citizens"] = parameter(
        help="who is a migrant; natives are everybody else"
    )

    def __call__(self, migrants: RateOfMigrants, natives: RateOfNatives) -> xr.DataArray:
        """From one rate of two groups."""
        return migrants / natives


@indicator(
    id="job_vacancy_rate",
    title="Job vacancy rate",
    unit="percent",
    references=(_EUROSTAT_JVS,),
    synonyms=("JVR", "jvs_q_nace2"),
    not_for="vacancies over occupied posts alone, which is higher",
    monotone=(("vacancies", "up"), ("occupied", "down")),
    case=Case(4.0, "4 / (4 + 96)", {"vacancies": Cells(4.0), "occupied": Cells(96.0)}),
)
class JobVacancyRate(Indicator):
    """Vacant posts per hundred posts, vacant and occupied."""

    def __call__(self, vacancies: Vacancies, occupied: OccupiedPosts) -> xr.DataArray:
        """From vacant and occupied posts."""
        return vacancies / (vacancies + occupied)


@indicator(
    id="labour_market_tightness",
    title="Labour market tightness",
    unit="1",
    references=(
        "Pissarides (2000), Equilibrium Unemployment Theory, 2nd edition, chapter 1: θ = v / u",
    ),
    synonyms=("vacancies per unemployed", "V/U", "theta"),
    not_for="registered posts over registered unemployed as if all were registered",
    monotone=(("vacancies", "up"), ("unemployed", "down")),
    case=Case(0.5, "40 / 80", {"vacancies": Cells(40.0), "unemployed": Cells(80.0, "", _STANDARD)}),
)
class LabourMarketTightness(Indicator):
    """Vacant posts for each unemployed person."""

    labour_standard: Standard = parameter(default="as_declared", help=STANDARD_HELP)

    def __call__(self, vacancies: Vacancies, unemployed: Unemployed) -> xr.DataArray:
        """From vacant posts and the unemployed."""
        return vacancies / unemployed


@indicator(
    id="matching_efficiency",
    title="Efficiency of the matching function",
    unit="1/month",
    references=(
        "Petrongolo and Pissarides (2001), Journal of Economic Literature 39(2), section 3: "
        "ln M = ln A + η ln U + (1 - η) ln V",
    ),
    synonyms=("total matching efficiency", "Beveridge curve shift"),
    not_for="a cause: composition of the unemployed moves it as well",
    monotone=(("hires", "up"), ("unemployed", "down"), ("vacant", "down")),
    case=Case(
        0.5,
        "60 / (20^0.5 × 5^0.5) = 6 a year",
        {
            "hires": Cells((60.0,), period="2021"),
            "unemployed": Cells((20.0,), period="2021"),
            "vacant": Cells((5.0,), period="2021"),
        },
    ),
)
class MatchingEfficiency(Indicator):
    """Matches over what a Cobb-Douglas function makes of the unemployed and the vacant posts."""

    eta: float = parameter(
        default=0.5, help="elasticity of matches with respect to unemployment", ge=0.0, le=1.0
    )

    def __call__(
        self, hires: Hires, unemployed: UnemployedTime, vacant: VacantTime
    ) -> xr.DataArray:
        """From matches of a period, and the unemployed and vacant posts over its time."""
        return hires / (unemployed**self.eta * vacant ** (1.0 - self.eta))


@indicator(
    id="migrant_employment_share",
    title="Migrants among the employed",
    unit="percent",
    references=(
        "OECD and European Commission (2023), Settling In, indicators of employment, as recalled",
    ),
    synonyms=("sectoral dependence on migrants", "share of migrant workers"),
    not_for="dependence, which would need to know who else could do the work",
    monotone=(("migrants", "up"), ("employed", "down")),
    within=(("migrants", "employed"),),
    case=Case(
        20.0,
        "20 / 100",
        {"migrants": Cells(20.0, "", _FOREIGN_BORN), "employed": Cells(100.0, "", _STANDARD)},
    ),
)
class MigrantEmploymentShare(Indicator):
    """Employed migrants per hundred employed, by sector, occupation or in all."""

    labour_standard: Standard = parameter(default="as_declared", help=STANDARD_HELP)

    def __call__(self, migrants: MigrantsEmployed, employed: Employed) -> xr.DataArray:
        """From employed migrants and all employed."""
        return migrants / employed
