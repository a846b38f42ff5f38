"""Ready-made definitions, each with its source. ``migov.definitions.<NAME>``."""

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
