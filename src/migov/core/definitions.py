"""Ready-made definitions, each with its source. ``migov.definitions.<NAME>``.

The note under each says what was read and what rests on memory of the publication. A field
that the source leaves to the country is left unknown, and so never counts as equal.
"""

from __future__ import annotations

from migov.core.definition import Definition

UN_DE_FACTO = Definition(
    name="UN World Population Prospects: de facto population",
    criterion="everyone",
    residence_rule="present",
    stock_basis="at_date",
    counts="persons",
    population_base="present",
    source_kind="model",
    estimate="modelled",
)
"""United Nations, World Population Prospects: persons present at 1 July, edition not told."""

UN_WPP_2019 = UN_DE_FACTO.evolve(name="UN World Population Prospects 2019", edition="WPP 2019")
"""United Nations (2019), World Population Prospects 2019."""

UN_WPP_2024 = UN_DE_FACTO.evolve(name="UN World Population Prospects 2024", edition="WPP 2024")
"""United Nations (2024), World Population Prospects 2024."""

MDA_USUAL_RESIDENCE = Definition(
    name="Moldova: usual residents, nine months in the last twelve",
    criterion="everyone",
    residence_rule="usual",
    stay_months=9,
    stay_count="cumulative",
    window_months=12,
    stay_basis="actual",
    stock_basis="at_date",
    counts="persons",
    population_base="residents",
    territory="without the left bank of the Nistru and Bender",
    source_kind="census",
    estimate="observed",
)
"""National Bureau of Statistics of Moldova: lived in the country for most of the last twelve
months, at least nine months in all (notes to the population at 1 January 2019 and 2020)."""

EU_USUAL_RESIDENCE = Definition(
    name="EU: usual residence, twelve months",
    criterion="everyone",
    residence_rule="usual",
    stay_months=12,
    exit_months=12,
    stay_count="continuous",
    stay_basis="intended",
    stock_basis="at_date",
    counts="persons",
    population_base="residents",
)
"""Regulation (EC) 862/2007, article 2(1): a stay that is, or is expected to be, of at least
twelve months."""

UNHCR_REFUGEES = Definition(
    name="UNHCR: refugees by origin under its mandate",
    criterion="origin_of_flight",
    counts="persons",
    stock_basis="at_date",
    recognised_refugees="included",
    temporary_protection="included",
    asylum_seekers="excluded",
    source_kind="administrative",
)
"""UNHCR: refugees, people in refugee-like situations and others in need of international
protection, by origin, without UNRWA's Palestine refugees (SDG metadata 10.7.4)."""

UN_DESA_MIGRANT_STOCK = Definition(
    name="UN DESA: international migrant stock",
    criterion="birth",
    residence_rule="usual",
    counts="persons",
    stock_basis="at_date",
    recognised_refugees="included",
    asylum_seekers="included",
    estimate="modelled",
    edition="International Migrant Stock 2020",
)
"""United Nations (2020), International Migrant Stock 2020: foreign-born, or foreign citizens
where birth is not known; refugees, asylum seekers and UNRWA's refugees added."""

ILO_MODELLED_LABOUR_FORCE = Definition(
    name="ILO modelled estimates: labour force, 13th ICLS",
    criterion="everyone",
    residence_rule="usual",
    counts="persons",
    stock_basis="annual_average",
    population_base="residents",
    labour_standard="13th ICLS",
    source_kind="model",
    estimate="modelled",
)
"""ILO modelled estimates (ILOSTAT): harmonised on the 13th ICLS, own-use producers employed."""

MDA_LABOUR_FORCE_SURVEY = Definition(
    name="Moldova: labour force survey since 2019",
    criterion="everyone",
    residence_rule="usual",
    counts="persons",
    stock_basis="annual_average",
    population_base="residents",
    labour_standard="19th ICLS",
    source_kind="survey",
    estimate="observed",
)
"""National Bureau of Statistics of Moldova, labour force survey in its revision of 2019: work
for own use is no employment any more."""

SEASONAL_90_IN_180 = Definition(
    name="seasonal work, at most 90 days in 180",
    criterion="previous_residence",
    stay_count="cumulative",
    window_months=6,
    stay_basis="permit_validity",
    counts="permits",
    seasonal_workers="only",
    purpose="seasonal work",
    source_kind="administrative",
)
"""German Employment Ordinance, section 15a: placements of up to 90 days in any 180. Temporary
mobility, not migration."""

LABOUR_MIGRATION = Definition(
    name="labour migration of twelve months and more",
    criterion="previous_residence",
    residence_rule="usual",
    stay_months=12,
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
    seasonal_workers="included",
    edition="UN 1998, Revision 1",
)
"""The same, box 1: at least three months and less than a year, unless for recreation, visits,
business, treatment or pilgrimage. The revision calls the term a misnomer, since no residence
changes: :data:`UN_2025_TEMPORARY_MOBILITY`. The upper limit of twelve months is in no field of
a definition. Wording read as quoted by IOM."""

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
    seasonal_workers="included",
    cross_border_commuters="included",
    population_base="present",
    edition="UN 2021/2025",
)
"""UN Expert Group on Migration Statistics (2021), as above: cross-border moves that change no
country of residence. The stay is below the country's criterion of residence, so no field names
it; a lower limit of three months sets movers apart from visitors where a country wants one.
That commuters belong here is from memory."""

EU_862_2007 = EU_USUAL_RESIDENCE.evolve(
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

EU_2025_2458 = Definition(
    name="EU: usual residence under Regulation (EU) 2025/2458",
    criterion="everyone",
    residence_rule="usual",
    stay_months=6,
    exit_months=6,
    stay_count="cumulative",
    window_months=12,
    stay_basis="unknown",
    stock_basis="at_date",
    counts="persons",
    population_base="residents",
    edition="Regulation (EU) 2025/2458",
)
"""Regulation (EU) 2025/2458 of 26 November 2025, which amends 862/2007 and repeals 763/2008 and
1260/2013. Most of the time in the twelve months to the reference date; arrivals of those months
where most of twelve months after arrival is intended or expected. Its title and adoption were
checked; the criterion was read in article 2(2) of the proposal COM(2023) 31 and not in the
final text: read article 2 before relying on it. The basis of stay is left open, since actual
stays, intentions, signs of life and rates of stay are all admitted."""

BPM6_RESIDENCE = Definition(
    name="BPM6: resident household",
    criterion="everyone",
    residence_rule="usual",
    stay_months=12,
    exit_months=12,
    stay_count="continuous",
    stay_basis="intended",
    counts="persons",
    population_base="residents",
    students="excluded",
    seasonal_workers="excluded",
    cross_border_commuters="excluded",
    diplomats_and_forces="excluded",
    edition="BPM6",
)
"""IMF (2009), Balance of Payments and International Investment Position Manual, sixth edition,
chapter 4, residence of households: centre of predominant economic interest, one year or more,
actual or intended. Students and patients stay residents of their home whatever the time. The
year, students and patients were read in the Manual on Statistics of International Trade in
Services, 3.79; paragraph numbers of BPM6 were not checked."""

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

ICLS_20_MIGRANT_WORKERS_RESIDENT = Definition(
    name="20th ICLS: international migrant workers, (a) usual residents",
    residence_rule="usual",
    counts="persons",
    stock_basis="annual_average",
    population_base="residents",
    purpose="in the labour force, whatever the purpose of migration",
    seasonal_workers="excluded",
    cross_border_commuters="excluded",
    diplomats_and_forces="excluded",
    edition="20th ICLS 2018",
)
"""ILO (2018), Guidelines concerning statistics of international labour migration,
ICLS/20/2018/Guidelines: international migrants of working age, usual residents, in the labour
force in a reference period. Whether birth or citizenship tells a migrant is left to the
country, and so is the ICLS standard of the labour force: both unknown. Read in the glossary of
SemanticStat and in IOM's account."""

ICLS_20_NON_RESIDENT_FOREIGN_WORKERS = Definition(
    name="20th ICLS: international migrant workers, (b) non-resident foreign workers",
    residence_rule="present",
    counts="persons",
    stock_basis="annual_average",
    purpose="labour attachment to the country",
    population_base="present",
    students="included",
    seasonal_workers="included",
    cross_border_commuters="included",
    posted_workers="included",
    own_nationals="excluded",
    diplomats_and_forces="excluded",
    edition="20th ICLS 2018",
)
"""The same: not usual residents, present and employed by resident units or seeking work there;
among them frontier, seasonal and posted workers. From the country of residence they are
residents working abroad. That own nationals living abroad are left out is from memory."""

ICLS_20_MIGRANT_WORKERS = ICLS_20_MIGRANT_WORKERS_RESIDENT.evolve(
    name="20th ICLS: international migrant workers, (a) and (b)",
    residence_rule="unknown",
    population_base="residents_plus_non_resident_workers",
    students="included",
    seasonal_workers="included",
    cross_border_commuters="included",
    posted_workers="included",
)
"""The same: usual residents in the labour force and non-resident foreign workers together."""

ICLS_20_FOR_WORK_MIGRANTS = Definition(
    name="20th ICLS: for-work international migrants",
    criterion="previous_residence",
    counts="persons",
    direction="in",
    purpose="to undertake or seek work, by conditions of entry or intention at the time",
    diplomats_and_forces="excluded",
    edition="20th ICLS 2018",
)
"""The same: told by the purpose of the move, whatever the labour force status since. The three
concepts were read in IOM's account; conditions of entry and intention are from memory."""

ICLS_20_RETURN_MIGRANT_WORKERS = Definition(
    name="20th ICLS: return international migrant workers",
    criterion="previous_residence",
    residence_rule="usual",
    counts="persons",
    population_base="residents",
    own_nationals="included",
    purpose="earlier labour attachment in another country",
    edition="20th ICLS 2018",
)
"""The same: all current residents who were international migrant workers in another country,
whatever citizenship, place of birth or labour force status. Read as quoted by Habiyakare and
others (2019), ISI World Statistics Congress, CPS2476. A least stay abroad is left to the
country."""

MDA_CENSUS_2024 = Definition(
    name="Moldova: census of 2024, usual residents, preliminary",
    criterion="everyone",
    residence_rule="usual",
    stock_basis="at_date",
    counts="persons",
    population_base="residents",
    territory="without the left bank of the Nistru",
    source_kind="census",
    estimate="observed",
    edition="preliminary 2024",
)
"""National Bureau of Statistics of Moldova (2024), census, preliminary results."""

ILOSTAT_EMPLOYMENT = Definition(
    name="ILOSTAT: employed persons of 15 and over, labour force survey",
    criterion="everyone",
    residence_rule="usual",
    counts="persons",
    stock_basis="annual_average",
    population_base="residents",
    labour_standard="13th ICLS",
    source_kind="survey",
    estimate="observed",
)
"""ILO, ILOSTAT, employment by occupation: labour force surveys as harmonised by ILO on the 13th
ICLS, own-use producers employed."""

GERMAN_JOB_VACANCIES = Definition(
    name="Germany: open posts",
    counts="posts",
    source_kind="survey",
)
"""IAB Job Vacancy Survey (all vacancies, registered or not), and posts counted in like manner."""

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

WESTERN_BALKANS_PERMITS = Definition(
    name="Germany: holders of a residence permit under the Western Balkans Regulation",
    criterion="citizenship",
    residence_rule="registered",
    counts="persons",
    stock_basis="at_date",
    purpose="employment",
    source_kind="register",
)
"""German Central Register of Foreigners: persons who hold the permit at a date."""

WHO_HEALTH_WORKERS = Definition(
    name="WHO: health workers by occupation (SDG 3.c.1)",
    criterion="everyone",
    counts="persons",
)
"""WHO, national health workforce accounts, SDG indicator 3.c.1."""
