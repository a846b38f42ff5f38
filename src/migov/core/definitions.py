"""Ready-made definitions, each with its source. ``migov.definitions.<NAME>``.

The note under each says what was read and what rests on memory of the publication. A field
that the source leaves to the country is left unknown, and so never counts as equal.
"""

from __future__ import annotations

from migov.core.definitions_of_moves import EU_862_2007 as EU_862_2007
from migov.core.definitions_of_moves import EU_862_2007_EMIGRATION as EU_862_2007_EMIGRATION
from migov.core.definitions_of_moves import LABOUR_MIGRATION as LABOUR_MIGRATION
from migov.core.definitions_of_moves import SEASONAL_90_IN_180 as SEASONAL_90_IN_180
from migov.core.definitions_of_moves import UN_1998_LONG_TERM as UN_1998_LONG_TERM
from migov.core.definitions_of_moves import UN_1998_SHORT_TERM as UN_1998_SHORT_TERM
from migov.core.definitions_of_moves import UN_2025_MIGRATION as UN_2025_MIGRATION
from migov.core.definitions_of_moves import (
    UN_2025_MIGRATION_12_MONTHS as UN_2025_MIGRATION_12_MONTHS,
)
from migov.core.definitions_of_moves import (
    UN_2025_MIGRATION_MOST_OF_YEAR as UN_2025_MIGRATION_MOST_OF_YEAR,
)
from migov.core.definitions_of_moves import UN_2025_TEMPORARY_MOBILITY as UN_2025_TEMPORARY_MOBILITY
from migov.core.definitions_of_moves import UNECE_CIRCULAR_LONG_TERM as UNECE_CIRCULAR_LONG_TERM
from migov.core.definitions_of_moves import UNECE_CIRCULAR_TEMPORARY as UNECE_CIRCULAR_TEMPORARY
from migov.core.definitions_of_moves import WESTERN_BALKANS_APPROVALS as WESTERN_BALKANS_APPROVALS
from migov.core.definitions_of_populations import BPM6_RESIDENCE as BPM6_RESIDENCE
from migov.core.definitions_of_populations import EU_2025_2458 as EU_2025_2458
from migov.core.definitions_of_populations import EU_USUAL_RESIDENCE as EU_USUAL_RESIDENCE
from migov.core.definitions_of_populations import MDA_CENSUS_2024 as MDA_CENSUS_2024
from migov.core.definitions_of_populations import MDA_USUAL_RESIDENCE as MDA_USUAL_RESIDENCE
from migov.core.definitions_of_populations import UN_DE_FACTO as UN_DE_FACTO
from migov.core.definitions_of_populations import UN_DESA_MIGRANT_STOCK as UN_DESA_MIGRANT_STOCK
from migov.core.definitions_of_populations import UN_WPP_2019 as UN_WPP_2019
from migov.core.definitions_of_populations import UN_WPP_2024 as UN_WPP_2024
from migov.core.definitions_of_populations import UNHCR_REFUGEES as UNHCR_REFUGEES
from migov.core.definitions_of_populations import WESTERN_BALKANS_PERMITS as WESTERN_BALKANS_PERMITS
from migov.core.definitions_of_work import GERMAN_JOB_VACANCIES as GERMAN_JOB_VACANCIES
from migov.core.definitions_of_work import ICLS_20_FOR_WORK_MIGRANTS as ICLS_20_FOR_WORK_MIGRANTS
from migov.core.definitions_of_work import ICLS_20_MIGRANT_WORKERS as ICLS_20_MIGRANT_WORKERS
from migov.core.definitions_of_work import (
    ICLS_20_MIGRANT_WORKERS_RESIDENT as ICLS_20_MIGRANT_WORKERS_RESIDENT,
)
from migov.core.definitions_of_work import (
    ICLS_20_NON_RESIDENT_FOREIGN_WORKERS as ICLS_20_NON_RESIDENT_FOREIGN_WORKERS,
)
from migov.core.definitions_of_work import (
    ICLS_20_RETURN_MIGRANT_WORKERS as ICLS_20_RETURN_MIGRANT_WORKERS,
)
from migov.core.definitions_of_work import ILO_MODELLED_LABOUR_FORCE as ILO_MODELLED_LABOUR_FORCE
from migov.core.definitions_of_work import ILOSTAT_EMPLOYMENT as ILOSTAT_EMPLOYMENT
from migov.core.definitions_of_work import MDA_LABOUR_FORCE_SURVEY as MDA_LABOUR_FORCE_SURVEY
from migov.core.definitions_of_work import WHO_HEALTH_WORKERS as WHO_HEALTH_WORKERS
