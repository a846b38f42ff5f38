"""Flows: who moves."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.definitions import EU_USUAL_RESIDENCE
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators.inputs import NetMigrants, PersonYears

_UN = "United Nations (2024), World Population Prospects 2024, demographic indicators"


@indicator(
    id="crude_net_migration_rate",
    title="Crude net migration rate",
    unit="per_thousand/year",
    references=(_UN, "Eurostat, demo_gind: net migration plus statistical adjustment"),
    synonyms=("net migration rate",),
    not_for="stays below the threshold of the population definition: they are no migration",
    case=Case(
        -10.0,
        "-50 / 5000 person-years",
        {
            "net": Cells((-50.0,), definition=EU_USUAL_RESIDENCE, period="2020"),
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
        return net / lived
