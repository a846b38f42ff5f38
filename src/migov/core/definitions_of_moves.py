"""Ready-made definitions of moves: migration, temporary mobility, circular migration, permits.

The note under each says what was read and what rests on memory of the publication.
"""

from __future__ import annotations

from migov.core.definition import Definition
from migov.core.definitions_of_populations import EU_USUAL_RESIDENCE

SEASONAL_90_IN_180 = Definition(
    name="seasonal work, at most 90 days in 180",
    criterion="previous_residence",
    stay_count="cumulative",
    window_months=6,
    stay_limit=3,
    stay_basis="permit_validity",
    counts="permits",
    seasonal_workers="only",
    purpose="seasonal work",
    source_kind="administrative",
)
"""German Employment Ordinance, section 15a: placements of up to 90 days in any 180, which the
field rounds to three months. Temporary mobility, not migration."""

LABOUR_MIGRATION = Definition(
    name="labour migration of twelve months and more",
    criterion="previous_residence",
    residence_rule="usual",
    stay_months=12,
    stay_limit="none",
    stay_count="continuous",
    stay_basis="intended",
    counts="persons",
    direction="in",
    purpose="employment",
)
"""United Nations (1998), Recommendations on Statistics of International Migration, Revision 1:
a change of usual residence for at least twelve months, here for employment."""

_UN_MIGRATION = Definition(
    criterion="previous_residence",
    residence_rule="usual",
    stay_limit="none",
    stay_count="continuous",
    stay_basis="intended",
    counts="persons",
    own_nationals="included",
    cross_border_commuters="excluded",
    diplomats_and_forces="excluded",
)

UN_1998_LONG_TERM = _UN_MIGRATION.evolve(
    name="UN 1998: long-term migrant",
    stay_months=12,
    exit_months=12,
    seasonal_workers="excluded",
    edition="UN 1998, Revision 1",
)
"""United Nations (1998), Recommendations on Statistics of International Migration, Revision 1,
ST/ESA/STAT/SER.M/58/Rev.1, box 1: a move to a country other than that of usual residence for
at least a year. Wording read as quoted by Poulain and by IOM; border workers, diplomats and
forces left out as of its box 4, from memory."""

UN_1998_SHORT_TERM = _UN_MIGRATION.evolve(
    name="UN 1998: short-term migrant (temporary mobility in the revision)",
    stay_months=3,
    exit_months=3,
    stay_limit=12,
    seasonal_workers="included",
    edition="UN 1998, Revision 1",
)
"""The same, box 1: at least three months and less than a year, unless for recreation, visits,
business, treatment or pilgrimage. The revision calls the term a misnomer, since no residence
changes: :data:`UN_2025_TEMPORARY_MOBILITY`. Where a source counts every move of three months and
more, longer ones among them, evolve :data:`UN_1998_LONG_TERM` with ``stay_months=3``. Wording
read as quoted by IOM."""

UN_2025_MIGRATION = _UN_MIGRATION.evolve(
    name="UN 2021/2025: international migration, change of country of residence",
    stay_months="unknown",
    exit_months="unknown",
    stay_count="unknown",
    seasonal_workers="excluded",
    edition="UN 2021/2025",
)
"""UN Expert Group on Migration Statistics (2021), Final report on conceptual frameworks and
concepts and definitions on international migration; carried into the Recommendations on
Statistics of International Migration and Temporary Mobility (2025). A country takes one of two
criteria of residence: twelve months in a row, or most of twelve months (six months and one
day); therefore unknown here: evolve it with the country's, or take the two below. Read in
IOM's account of the report; the adopted text of 2025 was not read."""

UN_2025_MIGRATION_12_MONTHS = UN_2025_MIGRATION.evolve(
    name="UN 2021/2025: international migration, twelve months in a row",
    stay_months=12,
    exit_months=12,
    stay_count="continuous",
)
"""The first criterion of :data:`UN_2025_MIGRATION`."""

UN_2025_MIGRATION_MOST_OF_YEAR = UN_2025_MIGRATION.evolve(
    name="UN 2021/2025: international migration, most of twelve months",
    stay_months=6,
    exit_months=6,
    stay_count="cumulative",
    window_months=12,
)
"""The second criterion of :data:`UN_2025_MIGRATION`: more than half of twelve months."""

UN_2025_TEMPORARY_MOBILITY = _UN_MIGRATION.evolve(
    name="UN 2021/2025: temporary mobility, no change of residence",
    residence_rule="present",
    stay_months="unknown",
    exit_months="unknown",
    stay_limit="unknown",
    seasonal_workers="included",
    cross_border_commuters="included",
    population_base="present",
    edition="UN 2021/2025",
)
"""UN Expert Group on Migration Statistics (2021), as above: cross-border moves that change no
country of residence. The limit of the stay is the country's criterion of residence, and so
unknown here: ``evolve(stay_limit=12)`` for a country of the first criterion, ``stay_limit=6`` of
the second; ``stay_months=3`` sets movers apart from visitors where a country wants that.
That commuters belong here is from memory."""

EU_862_2007 = EU_USUAL_RESIDENCE.evolve(
    stay_limit="none",
    name="EU: immigration under Regulation (EC) 862/2007",
    criterion="previous_residence",
    direction="in",
    stock_basis="unknown",
    population_base="unknown",
    own_nationals="included",
    edition="Regulation (EC) 862/2007",
)
"""Regulation (EC) 862/2007, article 2(1)(b): usual residence established in a Member State for
a period that is, or is expected to be, of at least twelve months, after usual residence
elsewhere. Read as quoted in the glossary of Statistics Poland."""

EU_862_2007_EMIGRATION = EU_862_2007.evolve(
    name="EU: emigration under Regulation (EC) 862/2007",
    criterion="next_residence",
    direction="out",
)
"""Regulation (EC) 862/2007, article 2(1)(c): the mirror image of immigration."""

UNECE_CIRCULAR_LONG_TERM = Definition(
    name="UNECE: circular migrant, long-term",
    criterion="everyone",
    stay_months=12,
    exit_months=12,
    stay_count="continuous",
    window_months=120,
    stay_basis="actual",
    counts="persons",
    first_only="no",
    direction="both",
    edition="UNECE 2016",
)
"""UNECE (2016), Defining and Measuring Circular Migration, ECE/CES/BUR/2016/OCT/18/Add.1: the
borders of the reporting country crossed at least three times in ten years, each time with a
stay, abroad or in the country, of at least twelve months. Read as quoted by IOM."""

UNECE_CIRCULAR_TEMPORARY = UNECE_CIRCULAR_LONG_TERM.evolve(
    name="UNECE: circular migrant, temporary form", stay_months=3, exit_months=3
)
"""The same with stays of at least ninety days, which this field rounds to three months;
:class:`migov.compare.Circularity` counts the days. Read as quoted by IOM."""

WESTERN_BALKANS_APPROVALS = Definition(
    name="Germany: first approvals under the Western Balkans Regulation",
    criterion="citizenship",
    counts="permits",
    first_only="yes",
    direction="in",
    purpose="employment",
    source_kind="administrative",
)
"""German Employment Ordinance, section 26(2): first approvals of the Federal Employment Agency for
nationals of six States; an approval is not yet a visa, nor an arrival."""
