"""Emigrants seen from the origin: how many, how skilled, how widely spread."""

from __future__ import annotations

from typing import Literal

import attrs
import xarray as xr

from migov.core import ages, codes
from migov.core.cases import Case, Cells
from migov.core.definitions import UN_DESA_MIGRANT_STOCK
from migov.core.errors import PartitionError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import chosen, summed
from migov.indicators.inputs_stocks import (
    Diaspora,
    EmigrantsByAge,
    EmigrantsByEducation,
    NativeResidents,
    ResidentsByEducation,
    ResidentsOfOrigin,
    StockByDestination,
)

_DIOC = (
    "Dumont, Spielvogel and Widmaier (2010), OECD Social, Employment and Migration Working "
    "Papers 114: emigrants over emigrants and residents, aged 15 and over, total or native-born"
)
_DOCQUIER = "Docquier and Marfouk (2006), International Migration, Remittances: aged 25 and over"
_STOCK = UN_DESA_MIGRANT_STOCK
_LOWER_BOUND = (
    "the whole of emigration: destinations without data are left out, so it is a lower bound"
)
_BY_EDUCATION = {
    "emigrants": Cells(
        (((10.0, 40.0),),), "", _STOCK, destination="DEU", age="25+", education="3 6"
    ),
    "residents": Cells(((190.0, 60.0),), age="25+", education="3 6"),
}


@attrs.frozen(kw_only=True)
class _OfEmigrants(Indicator):
    """What the rates of emigration share: who is compared with whom."""

    from_age: int = parameter(
        default=25, help="25 in Docquier and Marfouk, 15 in OECD's data", unit="year", ge=0
    )
    destinations: tuple[str, ...] = parameter(
        default=(), help="codes of the destinations covered; all that the data hold where empty"
    )

    def _abroad(self, emigrants: xr.DataArray) -> xr.DataArray:
        """Return the emigrants of the age and over in the destinations covered."""
        covered = emigrants
        if self.destinations:
            covered = chosen(emigrants, "destination", self.destinations, "emigrants")
        there = summed(covered, "destination", "emigrants")
        return ages.between(there, self.from_age, argument="emigrants")

    def _here(self, residents: xr.DataArray) -> xr.DataArray:
        """Return the residents of the age and over."""
        return ages.between(residents, self.from_age, argument="residents")


def _skilled(x: xr.DataArray, from_level: int, argument: str) -> xr.DataArray:
    """Return those of a level of education and over; unknown levels are left out.

    Raises
    ------
    PartitionError
        No label is at the level or over, or a band of levels lies across it.
    """
    spans = {str(code): codes.levels(str(code)) for code in x.coords["education"].values}
    high = [code for code, span in spans.items() if span is not None and span[0] >= from_level]
    across = [code for code, span in spans.items() if span and span[0] < from_level <= span[1]]
    if across or not high:
        raise PartitionError(
            "emigrants",
            f"education of {argument} is {', '.join(spans)}: no cut at level {from_level}",
            "give levels of ISCED 2011 that part there, or another from_level",
            4,
            argument,
        )
    return summed(x.sel(education=high), "education", argument)


@indicator(
    id="diaspora_ratio",
    title="Born in the country and abroad, for each resident born there",
    unit="1",
    references=("own; on International Migrant Stock of the United Nations (2020) by origin",),
    synonyms=("emigrants per native resident",),
    not_for="the size of a diaspora that counts descendants or citizens",
    monotone=(("abroad", "up"), ("residents", "down")),
    case=Case(
        0.25,
        "1,000 / 4,000",
        {
            "abroad": Cells((1000.0,), "", _STOCK, origin="MDA"),
            "residents": Cells((4000.0,), area="MDA"),
        },
    ),
)
class DiasporaRatio(Indicator):
    """Persons born in a country who live abroad, for each who lives there."""

    def __call__(self, abroad: Diaspora, residents: NativeResidents) -> xr.DataArray:
        """From those abroad and the residents who were born in the country."""
        return abroad / residents


@indicator(
    id="emigration_rate",
    title="Emigration rate, as a share of those born or living in the origin",
    unit="percent",
    references=(_DIOC, _DOCQUIER),
    synonyms=("stock of emigrants relative to the population of origin",),
    not_for=_LOWER_BOUND,
    case=Case(
        20.0,
        "(15 + 35) / (50 + 200), aged 25 and over",
        {
            "emigrants": Cells(
                ((5.0, 15.0), (9.0, 35.0)), "", _STOCK, destination="DEU ITA", age="0-24 25+"
            ),
            "residents": Cells((90.0, 200.0), age="0-24 25+"),
        },
    ),
)
class EmigrationRate(_OfEmigrants):
    """Emigrants of an age and over per hundred of them and the residents of the origin."""

    base: Literal["all_residents", "native_born"] = parameter(
        default="all_residents", help="who the residents given are"
    )

    def __call__(self, emigrants: EmigrantsByAge, residents: ResidentsOfOrigin) -> xr.DataArray:
        """From emigrants by destination and age, and the residents of the origin by age."""
        there = self._abroad(emigrants)
        return there / (there + self._here(residents))


@indicator(
    id="skilled_emigration_rate",
    title="Emigration rate of the highly educated",
    unit="percent",
    references=(_DIOC, _DOCQUIER),
    synonyms=("brain drain rate", "emigration rate of tertiary educated"),
    not_for=_LOWER_BOUND + "; and schooling may have been had abroad",
    case=Case(40.0, "40 / (40 + 60)", _BY_EDUCATION),
)
class SkilledEmigrationRate(_OfEmigrants):
    """Highly educated emigrants per hundred of them and the highly educated residents."""

    base: Literal["all_residents", "native_born"] = parameter(
        default="all_residents", help="who the residents given are"
    )
    from_level: int = parameter(default=5, help="least level of ISCED 2011", ge=0, le=8)

    def __call__(
        self, emigrants: EmigrantsByEducation, residents: ResidentsByEducation
    ) -> xr.DataArray:
        """From emigrants and residents by age and education."""
        high = _skilled(self._abroad(emigrants), self.from_level, "emigrants")
        return high / (high + _skilled(self._here(residents), self.from_level, "residents"))


@indicator(
    id="skill_selectivity",
    title="Selectivity of emigration by education",
    unit="1",
    references=(f"{_DOCQUIER}: selection rate, as recalled",),
    synonyms=("schooling gap of emigration", "selection of emigrants"),
    not_for="what emigrants would earn: education is not ability",
    case=Case(2.4, "40 / 100 over 50 / 300 emigrated", _BY_EDUCATION),
)
class SkillSelectivity(_OfEmigrants):
    """Emigration rate of the highly educated over that of everyone."""

    from_level: int = parameter(default=5, help="least level of ISCED 2011", ge=0, le=8)

    def __call__(
        self, emigrants: EmigrantsByEducation, residents: ResidentsByEducation
    ) -> xr.DataArray:
        """From emigrants and residents by age and all levels of education."""
        there, here = self._abroad(emigrants), self._here(residents)
        high, everyone = (
            _skilled(there, self.from_level, "emigrants"),
            summed(there, "education", "emigrants"),
        )
        skilled = high / (high + _skilled(here, self.from_level, "residents"))
        return skilled / (everyone / (everyone + summed(here, "education", "residents")))


@indicator(
    id="diaspora_reach",
    title="Destinations with a sizeable diaspora",
    unit="1",
    references=("own; on International Migrant Stock of the United Nations (2020) by origin",),
    synonyms=("number of destinations",),
    not_for="comparing sources with unlike lists of destinations",
    case=Case(
        2.0,
        "5,000 and 1,500 are at least 1,000; 10 is not",
        {
            "stock": Cells((5000.0, 1500.0, 10.0), "", _STOCK, destination="DEU ITA ISL"),
        },
    ),
)
class DiasporaReach(Indicator):
    """Destinations in which at least a given number of persons of an origin live."""

    threshold: float = parameter(default=1000.0, help="least number", unit="person", ge=0)

    def __call__(self, stock: StockByDestination) -> xr.DataArray:
        """From emigrants by destination."""
        enough = (stock >= self.threshold).where(stock.notnull())
        return summed(enough, "destination", "stock")
