"""Ageing: how many of which age stand beside those of working age."""

from __future__ import annotations

import numpy as np
import xarray as xr

from migov.core import ages
from migov.core.cases import Case, Cells
from migov.core.definition import Definition
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._labour import STANDARD_HELP, Standard
from migov.indicators.inputs import Employed, Persons, PersonsByAge
from migov.numeric.groups import quantile_of_groups

_WPP = "United Nations (2024), World Population Prospects 2024, Glossary of Demographic Terms"
_UN = "United Nations (2002), World Population Ageing 1950-2050, annex I, B: ages 15-64"
_CASE = {"population": Cells((200.0, 600.0, 150.0), age="0-14 15-64 65+")}
_STANDARD = Definition(name="by the 19th ICLS", labour_standard="19th ICLS")
_BURDEN = "a statement on who depends on whom: many beyond the age limit work and many below do not"


@indicator(
    id="old_age_dependency_ratio",
    title="Old-age dependency ratio",
    unit="percent",
    references=(_UN, _WPP),
    synonyms=("old-age to working-age ratio", "OADR"),
    not_for=_BURDEN,
    case=Case(25.0, "150 / 600", _CASE),
)
class OldAgeDependencyRatio(Indicator):
    """Persons of the upper age and over per hundred persons of working age."""

    lower: int = parameter(default=15, help="age at which working age begins", unit="year", ge=0)
    upper: int = parameter(default=65, help="age at which working age ends", unit="year", ge=1)

    def __call__(self, population: PersonsByAge) -> xr.DataArray:
        """From the population by age."""
        return ages.between(population, self.upper, argument="population") / ages.between(
            population, self.lower, self.upper, argument="population"
        )


@indicator(
    id="child_dependency_ratio",
    title="Child dependency ratio",
    unit="percent",
    references=(_UN, _WPP),
    synonyms=("youth dependency ratio",),
    not_for=_BURDEN,
    case=Case(100 / 3, "200 / 600", _CASE),
)
class ChildDependencyRatio(Indicator):
    """Persons below working age per hundred persons of working age."""

    lower: int = parameter(default=15, help="age at which working age begins", unit="year", ge=1)
    upper: int = parameter(default=65, help="age at which working age ends", unit="year", ge=1)

    def __call__(self, population: PersonsByAge) -> xr.DataArray:
        """From the population by age."""
        return ages.between(population, 0, self.lower, argument="population") / ages.between(
            population, self.lower, self.upper, argument="population"
        )


@indicator(
    id="total_dependency_ratio",
    title="Total dependency ratio",
    unit="percent",
    references=(_UN, _WPP),
    not_for=_BURDEN,
    case=Case(175 / 3, "(200 + 150) / 600", _CASE),
)
class TotalDependencyRatio(Indicator):
    """Persons below and above working age per hundred persons of working age."""

    lower: int = parameter(default=15, help="age at which working age begins", unit="year", ge=1)
    upper: int = parameter(default=65, help="age at which working age ends", unit="year", ge=1)

    def __call__(self, population: PersonsByAge) -> xr.DataArray:
        """From the population by age."""
        working = ages.between(population, self.lower, self.upper, argument="population")
        return (ages.between(population, 0, argument="population") - working) / working


@indicator(
    id="potential_support_ratio",
    title="Potential support ratio",
    unit="1",
    references=(
        "United Nations (2000), Replacement Migration, ST/ESA/SER.A/206, annex tables A.4 and "
        "A.20: ages 15-64",
    ),
    synonyms=("PSR",),
    not_for=_BURDEN,
    case=Case(4.0, "600 / 150", _CASE),
)
class PotentialSupportRatio(Indicator):
    """Persons of working age for each person of the upper age and over."""

    lower: int = parameter(
        default=15, help="age at which working age begins: 15 in UN 2000", unit="year", ge=0
    )
    upper: int = parameter(default=65, help="age at which working age ends", unit="year", ge=1)

    def __call__(self, population: PersonsByAge) -> xr.DataArray:
        """From the population by age."""
        return ages.between(
            population, self.lower, self.upper, argument="population"
        ) / ages.between(population, self.upper, argument="population")


@indicator(
    id="ageing_index",
    title="Ageing index",
    unit="percent",
    references=(
        "Istat (2025), indice di vecchiaia: persons of 65 and over per hundred below 15",
        "United Nations (2002), World Population Ageing 1950-2050, annex I, A: of 60 and over",
    ),
    synonyms=("index of ageing", "elderly-child ratio"),
    not_for="the burden of the old: it says nothing of work, health or who cares for whom",
    case=Case(75.0, "150 / 200", _CASE),
)
class AgeingIndex(Indicator):
    """Persons of the upper age and over per hundred children.

    The United Nations counted from 60, ``upper=60``; statistical offices count from 65.
    """

    child: int = parameter(default=15, help="age at which childhood ends", unit="year", ge=1)
    upper: int = parameter(default=65, help="age at which old age begins", unit="year", ge=1)

    def __call__(self, population: PersonsByAge) -> xr.DataArray:
        """From the population by age."""
        return ages.between(population, self.upper, argument="population") / ages.between(
            population, 0, self.child, argument="population"
        )


@indicator(
    id="median_age",
    title="Median age of the population",
    unit="year",
    references=(_WPP + ": two parts of equal size; linear within the age group is own",),
    not_for="the age of workers or voters; or ages above the open group, where it is missing",
    case=Case(
        15 + 50 * 275 / 600,
        "half of 950 is 475; 200 are below 15; 15 + 50 × (475 - 200) / 600",
        _CASE,
    ),
)
class MedianAge(Indicator):
    """The age that divides the population into two equal halves.

    Linear within the group; missing where the half lies in the open group.
    """

    def __call__(self, population: PersonsByAge) -> xr.DataArray:
        """From the population by age."""
        median: xr.DataArray = xr.apply_ufunc(
            quantile_of_groups,
            population,
            np.asarray(population.coords["age"].values, float),
            ages.widths(population),
            input_core_dims=[["age"], ["group"], ["group"]],
            dask="parallelized",
            output_dtypes=[float],
            dask_gufunc_kwargs={"allow_rechunk": True},
        )
        return median


@indicator(
    id="economic_dependency_ratio",
    title="Economic dependency ratio",
    unit="1",
    references=(
        "ILO (2017 and after), ILOSTAT, labour dependency ratio (POP_2LDR_NOC_RT): the population "
        "of all ages less the employed of 15 and over, over these",
        "Statistics Finland (2024), economic dependency ratio: the same per hundred employed",
    ),
    synonyms=("labour dependency ratio",),
    direction="none",
    not_for="care and housework, which is work without employment; "
    "or across standards of labour statistics",
    within=(("employed", "population"),),
    case=Case(
        1.5,
        "(1000 - 400) / 400",
        {"population": Cells(1000.0), "employed": Cells(400.0, "", _STANDARD)},
    ),
)
class EconomicDependencyRatio(Indicator):
    """Persons who are not employed for each person who is."""

    labour_standard: Standard = parameter(default="as_declared", help=STANDARD_HELP)

    def __call__(self, population: Persons, employed: Employed) -> xr.DataArray:
        """From the population of all ages and the employed."""
        return (population - employed) / employed
