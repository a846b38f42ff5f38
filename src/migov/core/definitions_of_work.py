"""Ready-made definitions of work: migrant workers, labour force, employment, posts.

The note under each says what was read and what rests on memory of the publication.
"""

from __future__ import annotations

from migov.core.definition import Definition

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

WHO_HEALTH_WORKERS = Definition(
    name="WHO: health workers by occupation (SDG 3.c.1)",
    criterion="everyone",
    counts="persons",
)
"""WHO, national health workforce accounts, SDG indicator 3.c.1."""
