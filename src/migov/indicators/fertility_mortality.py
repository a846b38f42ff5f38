"""Fertility and mortality: how many are born, how long they live, what their ages hold in store."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from migov.core import ages
from migov.core.cases import Case, Cells
from migov.core.errors import AgeError
from migov.core.indicator import Indicator, indicator, parameter
from migov.core.vocabulary import require
from migov.indicators._apply import closed_widths, lift, summed
from migov.indicators.inputs import Births, PersonsByAge
from migov.indicators.inputs_demography import (
    BirthsToForeignBorn,
    DeathRates,
    FertilityPattern,
    FertilityRates,
    RemainingLifeExpectancy,
    SexRatioAtBirth,
    WomenByAge,
    YearsLivedByTheDying,
    YearsLivedByWomen,
    YearsLivedPerBirth,
)
from migov.indicators.kernels_demography import (
    life_expectancy,
    momentum,
    persons_beyond,
    prospective_age,
)

_PHG = "Preston, Heuveline and Guillot (2001), Demography"
_UN = "United Nations (2024), World Population Prospects 2024, Glossary of Demographic Terms"


@indicator(
    id="total_fertility_rate",
    title="Total fertility rate",
    unit="1",
    references=(f"{_PHG}, section 5.2", _UN),
    synonyms=("TFR", "live births per woman"),
    not_for="the number of children women of one birth year will have: timing moves it",
    monotone=(("fertility", "up"),),
    case=Case(
        1.5,
        "(0.05 + 0.08 + 0.02) per year × 10 years",
        {"fertility": Cells((0.05, 0.08, 0.02), age="20-29 30-39 40-49")},
    ),
)
class TotalFertilityRate(Indicator):
    """Children that a woman would bear at the fertility rates of one period."""

    def __call__(self, fertility: FertilityRates) -> xr.DataArray:
        """From fertility rates by closed age groups of the mother."""
        return (fertility * closed_widths(fertility, "fertility")).sum("age", skipna=False)


@indicator(
    id="net_reproduction_rate",
    title="Net reproduction rate",
    unit="1",
    references=(f"{_PHG}, section 5.4 and box 7.3", _UN),
    synonyms=("NRR", "net reproduction ratio"),
    not_for="the growth of a population with migration",
    monotone=(("fertility", "up"), ("lived", "up"), ("sex_ratio", "down")),
    case=Case(
        0.72,
        "(0.05 × 9.6 + 0.10 × 9.6) / (1 + 1)",
        {
            "fertility": Cells((0.05, 0.1), age="20-29 30-39"),
            "lived": Cells((9.6, 9.6), age="20-29 30-39"),
            "sex_ratio": Cells(1.0),
        },
    ),
)
class NetReproductionRate(Indicator):
    """Daughters that a new-born girl would bear at the fertility and mortality of one period."""

    def __call__(
        self, fertility: FertilityRates, lived: YearsLivedPerBirth, sex_ratio: SexRatioAtBirth
    ) -> xr.DataArray:
        """From fertility rates, women's years lived in the same ages, and boys for each girl."""
        return (fertility * lived).sum("age", skipna=False) / (1.0 + sex_ratio)


@indicator(
    id="life_expectancy",
    title="Life expectancy",
    unit="year",
    references=(f"{_PHG}, section 3.3", _UN),
    synonyms=("life expectancy at birth", "e0", "expectation of life"),
    direction="up",
    not_for="how long people born now will live: rates do not stay",
    case=Case(
        65.0,
        "of 100, 25 die before 40 having lived 20 years on average: 75 × 40 + 25 × 20 = 3,500; "
        "75 live 40 more: 3,000; 6,500 / 100",
        {
            "death_rate": Cells((25 / 3500, 1 / 40), age="0-39 40+"),
            "dying": Cells((20.0, 40.0), age="0-39 40+"),
        },
    ),
)
class LifeExpectancy(Indicator):
    """Years that a person of an age would live at the death rates of one period.

    Without ``dying`` those who die live half of a closed group and ``1 / rate`` in the open
    one; where half would leave nobody alive, the rate is constant within the group. For
    infants half is too long, which adds about 0.4 times their mortality. Rates that ``dying``
    does not allow give a missing value.
    """

    at: int = parameter(default=0, help="age at which it stands", unit="year", ge=0)

    def __call__(
        self, death_rate: DeathRates, dying: YearsLivedByTheDying | None = None
    ) -> xr.DataArray:
        """From central death rates, and the years lived in a group by those who die in it."""
        width = ages.widths(death_rate)
        first = np.flatnonzero(death_rate.coords["age"].values == self.at)
        if not first.size or np.isfinite(width[-1]):
            told = f"no group that begins at {self.at}" if not first.size else "no open last group"
            raise AgeError(
                "LifeExpectancy",
                f"death_rate has {told}",
                "ages from 0 to an open last group",
                3,
                "death_rate",
            )
        given = (death_rate,) if dying is None else (death_rate, dying)
        core = [["age"]] * len(given)
        return lift(life_expectancy, *given, core=core, width=width, first=int(first[0]))


@indicator(
    id="population_momentum",
    title="Population momentum",
    unit="1",
    references=("Preston and Guillot (1997), Genus 53(3-4)", f"{_PHG}, section 7.7, box 7.3"),
    synonyms=("momentum of population growth",),
    not_for="a forecast: fertility does not fall or rise to replacement in a day",
    case=Case(
        0.875,
        "replacement: phi = (0, 1, 0); weights 20 × (1, 1/2) / 30 = 2/3, 1/3; births 100 / 20 × "
        "2/3 + 200 / 20 × 1/3 = 20/3 a year; × 60 years = 400; over 100 + 200 + 1100/7",
        {
            "women": Cells((100.0, 200.0, 1100 / 7), age="0-19 20-39 40+"),
            "fertility": Cells((0.0, 0.07, 0.0), age="0-19 20-39 40+"),
            "lived": Cells((20.0, 20.0, 20.0), age="0-19 20-39 40+"),
        },
    ),
)
class PopulationMomentum(Indicator):
    """How many times its size a closed population reaches if fertility goes to replacement.

    Exactly what a projection in steps as long as the groups leads to. Missing where the open
    group has births.
    """

    def __call__(
        self, women: WomenByAge, fertility: FertilityPattern, lived: YearsLivedByWomen
    ) -> xr.DataArray:
        """From women by age, fertility rates, and years lived per girl born, all by one age."""
        core = [["age"]] * 3
        return lift(momentum, women, fertility, lived, core=core, width=ages.widths(women))


def _near_the_end(
    population: xr.DataArray, remaining: xr.DataArray, threshold: float
) -> xr.DataArray:
    """Return how many are older than the age at which `threshold` years remain."""
    lower, width = population.coords["age"].values.astype(float), ages.widths(population)
    limit = lift(prospective_age, remaining, core=[["age"]], lower=lower, threshold=threshold)
    core: list[list[str]] = [["age"], []]
    return lift(persons_beyond, population, limit, core=core, lower=lower, width=width)


@indicator(
    id="prospective_old_age_dependency_ratio",
    title="Prospective old-age dependency ratio",
    unit="percent",
    references=(
        "Sanderson and Scherbov (2010), Science 329: those whose remaining life expectancy is "
        "15 years or less over those from 20 to that age",
        "Vienna Institute of Demography, European Demographic Data Sheet 2014",
    ),
    synonyms=("POADR",),
    not_for="a statement on who depends on whom",
    case=Case(
        25.0,
        "15 years remain at 68.75; of 160 aged 65-69 a quarter is older: 40 + 185 = 225, and "
        "780 + 120 = 900 are from 20 to it",
        {
            "population": Cells((300.0, 780.0, 160.0, 185.0), age="0-19 20-64 65-69 70+"),
            "remaining": Cells((80.0, 61.0, 18.0, 14.0), age="0-19 20-64 65-69 70+"),
        },
    ),
)
class ProspectiveOldAgeDependencyRatio(Indicator):
    """Persons near the end of life by life table per hundred from 20 to that age.

    Linear between ages of the table, evenly spread within the group of the population;
    missing where the age lies in the open group.
    """

    lower: int = parameter(default=20, help="age at which adult life begins", unit="year", ge=0)
    threshold: float = parameter(default=15.0, help="years that remain", unit="year", ge=0)
    table: Literal["joint", "by_sex"] = parameter(
        default="joint", help="one table as given, or each sex by its own and both added"
    )

    def __call__(
        self, population: PersonsByAge, remaining: RemainingLifeExpectancy
    ) -> xr.DataArray:
        """From the population and the remaining life expectancy at the bounds of its ages."""
        old = _near_the_end(population, remaining, self.threshold)
        adult = ages.between(population, self.lower, argument="population")
        if self.table == "by_sex":
            require(population, ["sex"], "ProspectiveOldAgeDependencyRatio", "population")
            old, adult = (summed(part, "sex", "population") for part in (old, adult))
        return old / (adult - old)


@indicator(
    id="foreign_born_mother_share",
    title="Births to foreign-born mothers",
    unit="percent",
    references=(
        "Eurostat (2021), demo_facbc, live births by country of birth of the mother: share of the "
        "foreign-born",
    ),
    not_for="the children's citizenship or belonging",
    within=(("foreign", "births"),),
    case=Case(
        22.0,
        "110 / 500",
        {"foreign": Cells((110.0,), period="2020"), "births": Cells((500.0,), period="2020")},
    ),
)
class ForeignBornMotherShare(Indicator):
    """Births to mothers born abroad per hundred births."""

    def __call__(self, foreign: BirthsToForeignBorn, births: Births) -> xr.DataArray:
        """From births to foreign-born mothers and all births of the same periods."""
        return foreign / births
