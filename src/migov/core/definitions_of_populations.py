"""Ready-made definitions of populations: usual residents, persons present, refugees, migrants.

The note under each says what was read and what rests on memory of the publication.
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
1260/2013; Official Journal of 12 December 2025. Most of the time in the twelve months to the
reference date; arrivals of those months where most of twelve months after arrival is intended or
expected. Title, adoption and publication were checked; the criterion was read in article 2(2) of
the proposal COM(2023) 31 and not in the final text: read article 2 before relying on it. The
basis of stay is left open, since actual stays, intentions, signs of life and rates of stay are
all admitted."""

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
