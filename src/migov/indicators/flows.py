"""Flows: who moves."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.definition import GROUPS, change_residence, definition_of
from migov.core.definitions import (
    EU_USUAL_RESIDENCE,
    UNECE_CIRCULAR_LONG_TERM,
    UNECE_CIRCULAR_TEMPORARY,
)
from migov.core.errors import DefinitionError
from migov.core.indicator import Indicator, indicator, parameter
from migov.core.together import PEOPLE, THRESHOLD
from migov.core.vocabulary import require
from migov.indicators._apply import per_year, summed
from migov.indicators.inputs import NetMigrants, PersonYears
from migov.indicators.inputs_flows import (
    CircularPersons,
    Emigrants,
    EmigrantsOfPeriod,
    Immigrants,
    ImmigrantsOfPeriod,
    PersonsWithAStay,
    ReportedByDestination,
    ReportedByOrigin,
    Returnees,
)

_UN = (
    "United Nations (2024), World Population Prospects 2024, net migration rate: immigrants less "
    "emigrants over the person-years lived by the population, per thousand"
)
_UN_1998 = "United Nations (1998), Recommendations on Statistics of International Migration"
_BELL = "Bell et al. (2002), J. Royal Statistical Society A 165(3)"
_EU = EU_USUAL_RESIDENCE
_SHORT = "stays below the threshold of the population definition: they are no migration"
_RESIDENTS = (*PEOPLE, *THRESHOLD)
_ONE_RULE = (
    *_RESIDENTS,
    "dual_citizens",
    "exit_months",
    "window_months",
    "stay_basis",
    "counts",
    "first_only",
    *GROUPS,
)
"""What arrivals and departures are counted by alike: all but criterion, direction and source."""
_TWO = {
    "immigrants": Cells(((240.0,), (160.0,)), "", _EU, area="north south", period="2016-2020"),
    "emigrants": Cells(((160.0,), (240.0,)), "", _EU, area="north south", period="2016-2020"),
}
_ONE = {
    "immigrants": Cells((600.0,), "", _EU, period="2016-2020"),
    "emigrants": Cells((400.0,), "", _EU, period="2016-2020"),
}


@indicator(
    id="crude_net_migration_rate",
    title="Crude net migration rate",
    unit="per_thousand/year",
    references=(
        _UN,
        "Eurostat (2024), demo_gind, crude rate of net migration plus adjustment: over the average "
        "population of the year",
    ),
    synonyms=("net migration rate",),
    not_for=_SHORT,
    alike=_RESIDENTS,
    case=Case(
        -10.0,
        "-50 / 5000 person-years",
        {
            "net": Cells((-50.0,), definition=_EU, period="2020"),
            "lived": Cells((5000.0,), period="2020"),
        },
    ),
)
class CrudeNetMigrationRate(Indicator):
    """Immigrants less emigrants for each thousand person-years lived."""

    net_is: Literal["measured", "residual"] = parameter(
        default="measured",
        help="measured from flows, or the residual of the population's change (Eurostat's "
        "includes the statistical adjustment)",
    )

    def __call__(self, net: NetMigrants, lived: PersonYears) -> xr.DataArray:
        """From net migration and the person-years lived in the same periods."""
        change_residence("CrudeNetMigrationRate", net=net)
        return net / lived


@indicator(
    id="crude_immigration_rate",
    title="Crude immigration rate",
    unit="per_thousand/year",
    references=(_UN + "; its first term",),
    synonyms=("immigration rate",),
    not_for=_SHORT + "; and the base is not at risk of immigrating",
    monotone=(("immigrants", "up"), ("lived", "down")),
    alike=_RESIDENTS,
    case=Case(
        12.0,
        "60 / 5000 person-years",
        {
            "immigrants": Cells((60.0,), definition=_EU, period="2020"),
            "lived": Cells((5000.0,), period="2020"),
        },
    ),
)
class CrudeImmigrationRate(Indicator):
    """Immigrants for each thousand person-years lived in the country."""

    def __call__(self, immigrants: Immigrants, lived: PersonYears) -> xr.DataArray:
        """From immigrants and the person-years lived in the same periods."""
        change_residence("CrudeImmigrationRate", immigrants=immigrants)
        return immigrants / lived


@indicator(
    id="crude_emigration_rate",
    title="Crude emigration rate",
    unit="per_thousand/year",
    references=(_UN + "; its second term",),
    synonyms=("out-migration rate",),
    not_for=_SHORT + "; many leave without a word to the register",
    monotone=(("emigrants", "up"), ("lived", "down")),
    alike=_RESIDENTS,
    case=Case(
        8.0,
        "40 / 5000 person-years",
        {
            "emigrants": Cells((40.0,), definition=_EU, period="2020"),
            "lived": Cells((5000.0,), period="2020"),
        },
    ),
)
class CrudeEmigrationRate(Indicator):
    """Emigrants for each thousand person-years lived in the country."""

    def __call__(self, emigrants: Emigrants, lived: PersonYears) -> xr.DataArray:
        """From emigrants and the person-years lived in the same periods."""
        change_residence("CrudeEmigrationRate", emigrants=emigrants)
        return emigrants / lived


@indicator(
    id="gross_migration",
    title="Gross migration",
    unit="person/year",
    references=(_UN_1998, f"{_BELL}: turnover"),
    synonyms=("migration turnover", "volume of migration"),
    not_for=_SHORT,
    monotone=(("immigrants", "up"), ("emigrants", "up")),
    alike=_ONE_RULE,
    case=Case(250.0, "(600 + 400) / 4 years", _ONE),
)
class GrossMigration(Indicator):
    """Immigrants and emigrants together, a year.

    Both are counted by one threshold: the definitions may contradict in direction, criterion
    and source only.
    """

    def __call__(
        self, immigrants: ImmigrantsOfPeriod, emigrants: EmigrantsOfPeriod
    ) -> xr.DataArray:
        """From immigrants and emigrants of the same periods."""
        change_residence("GrossMigration", immigrants=immigrants, emigrants=emigrants)
        return per_year(immigrants + emigrants, "immigrants")


@indicator(
    id="net_migration",
    title="Net migration",
    unit="person/year",
    references=(_UN, _UN_1998),
    synonyms=("balance of migration",),
    not_for=_SHORT + "; and the number who moved: many moves may have a small balance",
    monotone=(("immigrants", "up"), ("emigrants", "down")),
    alike=_ONE_RULE,
    case=Case(50.0, "(600 - 400) / 4 years", _ONE),
)
class NetMigration(Indicator):
    """Immigrants less emigrants, a year.

    Both are counted by one threshold: the definitions may contradict in direction, criterion
    and source only.
    """

    def __call__(
        self, immigrants: ImmigrantsOfPeriod, emigrants: EmigrantsOfPeriod
    ) -> xr.DataArray:
        """From immigrants and emigrants of the same periods."""
        change_residence("NetMigration", immigrants=immigrants, emigrants=emigrants)
        return per_year(immigrants - emigrants, "immigrants")


@indicator(
    id="migration_effectiveness",
    title="Migration effectiveness",
    unit="percent",
    references=(f"{_BELL}: migration effectiveness ratio and index",),
    synonyms=("migration efficiency", "MEI"),
    not_for="good or bad migration: effectiveness is the imbalance of flows",
    alike=_ONE_RULE,
    case=Case(
        20.0,
        "(|240 - 160| + |160 - 240|) / (400 + 400)",
        _TWO,
        {"form": "system"},
    ),
)
class MigrationEffectiveness(Indicator):
    """Net migration per hundred moves: of each area, or of the whole system."""

    form: Literal["absolute", "signed", "system"] = parameter(
        default="absolute",
        help="of each area without or with sign, or all areas' net over all their gross flows",
    )

    def __call__(self, immigrants: Immigrants, emigrants: Emigrants) -> xr.DataArray:
        """From the inflows and outflows of each area."""
        net, gross = immigrants - emigrants, immigrants + emigrants
        if self.form == "signed":
            return net / gross
        if self.form == "absolute":
            return abs(net) / gross
        require(gross, ["area"], "MigrationEffectiveness", "immigrants")
        return summed(abs(net), "area", "immigrants") / summed(gross, "area", "immigrants")


@indicator(
    id="return_migration_share",
    title="Returnees among immigrants",
    unit="percent",
    references=("own; on " + _UN_1998,),
    synonyms=("return migration", "share of returning nationals"),
    not_for="comparing figures of unlike meaning of returnee",
    monotone=(("returnees", "up"), ("immigrants", "down")),
    within=(("returnees", "immigrants"),),
    case=Case(
        15.0,
        "90 / 600",
        {
            "returnees": Cells((90.0,), period="2020"),
            "immigrants": Cells((600.0,), "", _EU, period="2020"),
        },
        {"returnee": "born_here"},
    ),
)
class ReturnMigrationShare(Indicator):
    """Immigrants who come back, per hundred immigrants."""

    returnee: Literal["citizen", "born_here", "earlier_resident"] = parameter(
        help="who comes back: a citizen, one born here, or one who lived here before"
    )

    def __call__(self, returnees: Returnees, immigrants: Immigrants) -> xr.DataArray:
        """From returnees and all immigrants of the same periods."""
        return returnees / immigrants


@indicator(
    id="circular_migration_rate",
    title="Circular migrants among those with a qualifying stay",
    unit="percent",
    references=(
        "UNECE (2016), Defining and Measuring Circular Migration, ECE/CES/BUR/2016/OCT/18/Add.1, "
        "as quoted by IOM: who is circular; the share among those with a stay is own",
    ),
    synonyms=("circular migration",),
    not_for="repeated seasonal work of less than ninety days, which no form of it counts",
    monotone=(("circular", "up"), ("persons", "down")),
    within=(("circular", "persons"),),
    alike=_ONE_RULE,
    case=Case(
        5.0,
        "30 / 600",
        {
            "circular": Cells((30.0,), "", UNECE_CIRCULAR_LONG_TERM, period="2010-2020"),
            "persons": Cells((600.0,), "", UNECE_CIRCULAR_LONG_TERM, period="2010-2020"),
        },
        {"form": "long_term"},
    ),
)
class CircularMigrationRate(Indicator):
    """Circular migrants per hundred persons with a qualifying stay in the same window."""

    form: Literal["long_term", "temporary", "own"] = parameter(
        help="UNECE's form, which the inputs have to be defined by, or a definition of their own"
    )

    def __call__(self, circular: CircularPersons, persons: PersonsWithAStay) -> xr.DataArray:
        """From circular migrants, and persons with one stay or more that qualifies."""
        found = definition_of(circular)
        forms = {"long_term": UNECE_CIRCULAR_LONG_TERM, "temporary": UNECE_CIRCULAR_TEMPORARY}
        wanted = forms.get(self.form, found)
        if found is not None and wanted is not None and found.stay_months != wanted.stay_months:
            raise DefinitionError(
                "CircularMigrationRate",
                f"form={self.form!r} and stays of {found.stay_months} months",
                'the other form, or form="own"',
                5,
                "circular",
            )
        return circular / persons


@indicator(
    id="mirror_asymmetry",
    title="Asymmetry of mirror statistics",
    unit="1",
    references=(
        "own, on double-entry matrices: UNECE, since 1972; Eurostat, mirror statistics on "
        "migration; " + _UN_1998,
    ),
    synonyms=("mirror statistics", "double-entry comparison"),
    not_for="blame: unlike definitions alone make flows differ",
    case=Case(
        0.5,
        "(500 - 300) / 400",
        {
            "destination_report": Cells(((500.0,),), origin="MDA", destination="DEU"),
            "origin_report": Cells(((300.0,),), origin="MDA", destination="DEU"),
        },
    ),
)
class MirrorAsymmetry(Indicator):
    """What the destination counts more than the origin, over the mean of both.

    Between -2 and 2: the origin alone counts, the destination alone counts.
    """

    def __call__(
        self, destination_report: ReportedByDestination, origin_report: ReportedByOrigin
    ) -> xr.DataArray:
        """From the same moves as the destination and the origin count them."""
        mean = (destination_report + origin_report) / 2.0
        return (destination_report - origin_report) / mean
