"""Labour markets: who works, and who would."""

from __future__ import annotations

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator
from migov.indicators.inputs import LabourForce, WorkingAgePersons

_ICLS = "the definition says it: 13th or 19th ICLS; Moldova's 39 % and 72 % differ by it"


@indicator(
    id="participation_rate",
    title="Labour force participation rate",
    unit="percent",
    references=(
        "ILO (2013), 19th ICLS, Resolution concerning statistics of work, employment and "
        "labour underutilization, paragraph 70",
    ),
    synonyms=("activity rate", "LFPR"),
    not_for=f"comparison across standards of labour statistics ({_ICLS})",
    case=Case(
        60.0,
        "30 / 50",
        {"labour_force": Cells(30.0), "population": Cells(50.0)},
    ),
)
class ParticipationRate(Indicator):
    """Labour force per hundred persons of working age."""

    def __call__(self, labour_force: LabourForce, population: WorkingAgePersons) -> xr.DataArray:
        """From the labour force and the population of the same ages."""
        return labour_force / population
