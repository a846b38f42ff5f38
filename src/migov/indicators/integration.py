"""Integration: living there, with which right to stay and which claims."""

from __future__ import annotations

from typing import Annotated

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.definition import UNKNOWN, Definition, definition_of
from migov.core.errors import DefinitionError
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import chosen, per_year, summed
from migov.indicators._contracts import BOTH, flow, stock
from migov.indicators._dates import at_start

Naturalised = Annotated[
    xr.DataArray,
    flow(
        "residents who acquired the citizenship of the State",
        "register of citizenship; Eurostat, migr_acqs",
        needs=("period",),
        lacks=("time",),
    ),
]
NonNationalsAtStart = Annotated[
    xr.DataArray,
    stock(
        "resident non-nationals at the start of each period",
        "population register; Eurostat, migr_pop1ctz",
        needs=("time",),
        definition="needed",
        lacks=("period",),
    ),
]
LongTermResidents = Annotated[
    xr.DataArray,
    stock(
        "third-country nationals with a permit of long-term or permanent residence",
        "permits register; Eurostat, migr_reslong",
    ),
]
PermitHolders = Annotated[
    xr.DataArray,
    stock(
        "third-country nationals with a valid permit", "permits register; Eurostat, migr_resvalid"
    ),
]
MigrantsByRegime = Annotated[
    xr.DataArray,
    stock(
        "migrants by regime of portability",
        "stock by origin, joined with agreements in force and national law",
        needs=("regime",),
        collector=BOTH,
        definition="needed",
    ),
]
ContributionsWithoutClaim = Annotated[
    xr.DataArray,
    flow(
        "social contributions of the worker and for the worker that give no claim",
        "social insurance; rules on minimum periods, export and refund",
        "currency",
    ),
]
GrossWages = Annotated[xr.DataArray, flow("gross wages", "social insurance, payrolls", "currency")]

_FOREIGN = Definition(name="non-nationals", criterion="citizenship", residence_rule="usual")
_BORN = Definition(name="foreign-born", criterion="birth", residence_rule="usual")


@indicator(
    id="naturalisation_rate",
    title="Naturalisation rate",
    unit="percent/year",
    references=(
        "Eurostat (2023), Migrant integration statistics, active citizenship (migr_acqs): "
        "citizenships granted in the year over non-nationals at its beginning",
    ),
    synonyms=("acquisitions of citizenship", "citizenship acquisition rate"),
    not_for="who may naturalise: newcomers who do not yet qualify are in the base",
    monotone=(("acquired", "up"), ("residents", "down")),
    case=Case(
        2.0,
        "8,000 / 4 years / 100,000 non-nationals on 1 January 2016",
        {
            "acquired": Cells((8000.0,), period="2016-2020"),
            "residents": Cells((100000.0,), "", _FOREIGN, time="2016-01-01"),
        },
    ),
)
class NaturalisationRate(Indicator):
    """Acquisitions of citizenship in a year per hundred resident non-nationals at its start."""

    def __call__(self, acquired: Naturalised, residents: NonNationalsAtStart) -> xr.DataArray:
        """From acquisitions, and resident non-nationals at the start of the same periods."""
        who = definition_of(residents)
        if who is not None and who.criterion not in ("citizenship", UNKNOWN):
            raise DefinitionError(
                "NaturalisationRate",
                f"residents are told apart by {who.criterion}; nationals cannot naturalise",
                "give residents by citizenship",
                5,
                "residents",
            )
        return per_year(acquired, "acquired") / at_start(residents, acquired, "residents")


@indicator(
    id="long_term_residence_share",
    title="Share of migrants with long-term residence",
    unit="percent",
    references=(
        "Eurostat (2023), Migrant integration statistics, active citizenship: non-EU citizens with "
        "long-term residence (5 years or more) over all with a right of residence; Zaragoza (2010)",
    ),
    synonyms=("permanent residence share", "long-term residents"),
    direction="up",
    not_for="comparing States without the length of stay of their migrants",
    monotone=(("settled", "up"), ("holders", "down")),
    within=(("settled", "holders"),),
    case=Case(
        40.0,
        "40,000 / 100,000",
        {
            "settled": Cells((40000.0,), time="2023-12-31"),
            "holders": Cells((100000.0,), time="2023-12-31"),
        },
    ),
)
class LongTermResidenceShare(Indicator):
    """Holders of a long-term or permanent right to stay per hundred holders of a permit."""

    def __call__(self, settled: LongTermResidents, holders: PermitHolders) -> xr.DataArray:
        """From permits of long-term residence and all valid permits at the same dates."""
        return settled / holders


@indicator(
    id="portability_coverage",
    title="Portability of social security",
    unit="percent",
    references=(
        "Holzmann and Wels (2018), IZA Discussion Paper 11481: regimes I to IV",
        "Holzmann (2016), IZA Journal of European Labor Studies 5, table 2: migrants of 2000",
    ),
    synonyms=("social security coverage of migrants", "totalisation"),
    direction="up",
    not_for="what migrants receive: an agreement may leave out branches and short stays",
    case=Case(
        25.0,
        "250 / (250 + 500 + 50 + 200)",
        {
            "migrants": Cells(
                ((250.0, 500.0, 50.0, 200.0),), "", _BORN, time="2013-07-01", regime="I II III IV"
            )
        },
    ),
)
class PortabilityCoverage(Indicator):
    """Migrants in given regimes of portability per hundred migrants.

    Regime I has an agreement between the two States, II access and export without one, III no
    access and no contributions, IV no documents and no access.
    """

    regimes: tuple[str, ...] = parameter(default=("I",), help="regimes counted as covered")

    def __call__(self, migrants: MigrantsByRegime) -> xr.DataArray:
        """From migrants by regime."""
        covered = chosen(migrants, "regime", self.regimes, "migrants")
        return summed(covered, "regime", "migrants") / summed(migrants, "regime", "migrants")


@indicator(
    id="contribution_loss",
    title="Contributions without a claim",
    unit="percent",
    references=("own; on rules of minimum periods, export and refund, Holzmann and Wels (2018)",),
    synonyms=("lost social contributions", "contributions without claim"),
    direction="down",
    not_for="insurance-free work, where nothing is paid and nothing acquired",
    monotone=(("lost", "up"), ("wages", "down")),
    case=Case(
        9.3,
        "930 / 10,000 EUR",
        {
            "lost": Cells((930.0,), "EUR", period="2024"),
            "wages": Cells((10000.0,), "EUR", period="2024"),
        },
    ),
)
class ContributionLoss(Indicator):
    """Contributions that give their payers no claim per hundred of gross wages."""

    def __call__(self, lost: ContributionsWithoutClaim, wages: GrossWages) -> xr.DataArray:
        """From contributions without a claim and the gross wages of the same workers."""
        return lost / wages
