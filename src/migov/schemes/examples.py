"""Programmes by their published rules, with dates, sources and published criticism.

Figures (wages, costs, hazards) are not here. Rules that no publication states are told in the
comment beside them, and what is told from memory says so; whoever uses an example checks it
against the law of the day. Where a scheme lets workers bear costs that no programme here may
charge them, the example has the employer pay and the comment says what the scheme does.
"""

from __future__ import annotations

import warnings

from migov.core.errors import MigovWarning
from migov.schemes.programme import Programme
from migov.schemes.rules import Branch, Cost, OriginCap

_BY_EMPLOYER = (
    Cost(item="recruitment", payer="employer"),
    Cost(item="travel", payer="employer"),
    Cost(item="administration", payer="employer"),
)

SEASONAL_MDA_DEU = Programme(
    name="Seasonal farm work, Moldova to Germany",
    kind="seasonal",
    origin="MDA",
    destination="DEU",
    quota=1500,
    quota_counts="placements",
    origin_cap=(
        OriginCap(
            origin="MDA",
            number=1500,
            date="2024-07-01",
            source="Moldova declined a rise of the quota, reached in July 2024, because of its own "
            "shortage of labour (employers' association agv-bayern.de on the placement "
            "agreements of the Federal Employment Agency)",
        ),
    ),
    stay="90 day in 180 day",
    reentry=True,
    # Changing the farm is allowed within the placement; the agreements do not forbid it.
    employer_change="within_occupation",
    unemployment_grace="0 month",
    family="none",
    # Placement is free of charge and private agencies are barred (stated for Georgia); that
    # employers bear travel and papers is our rule, after the definition of ILO 2019.
    costs=(
        *_BY_EMPLOYER,
        Cost(item="insurance", payer="employer"),
        Cost(item="housing", payer="worker"),
    ),
    # Short employment of up to 90 days or 15 weeks between March and October, since
    # 1 January 2026 (70 days before), if not done as an occupation: no contributions, no
    # pension right, private health cover. Accident insurance is left out: its contributions
    # are the employer's and in no figure here.
    insured=(
        Branch(name="pension", insured=False),
        Branch(name="health", insured=False),
        Branch(name="unemployment", insured=False),
    ),
    valid_from="2026-01-01",
    sources=(
        "Employment Ordinance (Beschaeftigungsverordnung), section 15a; placement agreements of "
        "the Federal Employment Agency, 2021 onwards",
        "Deutsche Rentenversicherung, short employment in agriculture, 16 February 2026",
    ),
)
"""At most 90 days in 180 (Employment Ordinance, section 15a), 1,500 placements a year, and no
more than that because the origin said so. Mobility, not migration."""

with warnings.catch_warnings():
    # That Albania has set no cap stands in `cautions`, and in every run; the import is silent.
    warnings.simplefilter("ignore", MigovWarning)
    WESTERN_BALKANS_ALB = Programme(
        name="Western Balkans Regulation, Albania to Germany",
        kind="pathway",
        origin="ALB",
        destination="DEU",
        # The cap is Germany's and counts first approvals of six States together.
        quota=(("2021-01-01", 25000), ("2024-06-01", 50000)),
        quota_counts="approvals",
        quota_first_only=True,
        quota_shared_with=("BIH", "MKD", "MNE", "SRB", "XKX"),
        # The ordinance sets no length; two years, four times renewable, are our reading of
        # permits that follow the contract. The settlement permit asks for five years.
        stay="24 month",
        renewals=4,
        settlement_after="60 month",
        change_of_status=True,
        employer_change="with_approval",
        family="reunite",
        spouse_works=True,
        # The ordinance names no payer; ours follow the definition of ILO 2019.
        costs=(
            *_BY_EMPLOYER,
            Cost(item="recognition", payer="employer"),
            Cost(item="language", payer="employer"),
            Cost(item="integration", payer="destination_state"),
            Cost(item="housing", payer="worker"),
        ),
        insured=(
            Branch(name="pension", insured=True, minimum_months=60, exportable=True),
            Branch(name="health", insured=True),
            Branch(name="accident", insured=True),
            Branch(name="unemployment", insured=True, minimum_months=12),
        ),
        valid_from="2021-01-01",
        sources=(
            "Employment Ordinance (Beschaeftigungsverordnung), section 26(2): cap of 25,000 "
            "first approvals a year from 2021, of 50,000 since 1 June 2024",
            "Residence Act (Aufenthaltsgesetz), section 9(2): settlement permit after five years",
            "Social Code VI, section 50(1): qualifying period of five years for a pension",
        ),
    )
"""Nationals of six States with an offer of work, whatever their qualification; the part of the
quota that Albania uses is asked for (``quota_share``)."""

with warnings.catch_warnings():
    # As above: that no origin has set a cap stands in `cautions`, and in every run.
    warnings.simplefilter("ignore", MigovWarning)
    SKILLS_PARTNERSHIP = Programme(
        name="Skills partnership, Albania and Moldova to Germany (what-if)",
        kind="skills_partnership",
        origin=("ALB", "MDA"),
        destination="DEU",
        occupations=("3", "7"),
        # No such partnership is in force between these States: all rules here are ours.
        stay="24 month",
        renewals=2,
        settlement_after="60 month",
        change_of_status=True,
        reentry=True,
        employer_change="free",
        family="reunite",
        spouse_works=True,
        costs=(
            *_BY_EMPLOYER,
            Cost(item="training", payer="employer"),
            Cost(item="language", payer="destination_state"),
            Cost(item="recognition", payer="employer"),
            Cost(item="integration", payer="destination_state"),
            Cost(item="housing", payer="worker"),
        ),
        insured=(
            Branch(name="pension", insured=True, minimum_months=60, exportable=True),
            Branch(name="health", insured=True),
            Branch(name="accident", insured=True),
            Branch(name="unemployment", insured=True, minimum_months=12),
        ),
        sources=(
            "What-if, no agreement. The idea: Clemens (2015), Global Skill Partnerships, IZA "
            "Journal of Labor Policy 4:2; Global Compact for Migration, objective 18(e)",
        ),
    )
"""Technicians (ISCO-08 group 3) and crafts (7), trained at origin with one who stays for each who
leaves: :class:`migov.schemes.Partnership` accounts the training, and its ``applicants()`` come
under these rules."""


with warnings.catch_warnings():
    warnings.simplefilter("ignore", MigovWarning)
    SAWP_CAN = Programme(
        name="Seasonal Agricultural Worker Program, Canada",
        kind="seasonal",
        # The Caribbean side includes Anguilla and Montserrat too, left out here.
        origin=("MEX", "ATG", "BRB", "DMA", "GRD", "JAM", "KNA", "LCA", "VCT", "TTO"),
        destination="CAN",
        # No yearly cap (from memory): each employer's need is assessed.
        stay="8 month",
        # Contracts run between 1 January and 15 December, so that nobody comes in December.
        season=tuple(range(1, 12)),
        reentry=True,
        # A transfer to another farm needs the assent of both governments (from memory).
        employer_change="with_approval",
        unemployment_grace="0 month",
        family="none",
        # Employers arrange and pay the journey there and back; the contract lets them recover
        # a part from wages outside British Columbia, which no programme here may do.
        costs=(*_BY_EMPLOYER, Cost(item="housing", payer="employer")),
        # Pension contributions are paid, and the pension is paid abroad (from memory).
        insured=(Branch(name="pension", insured=True, exportable=True),),
        sources=(
            "Government of Canada, Hire a temporary worker through the Seasonal Agricultural "
            "Worker Program: at most eight months between 1 January and 15 December, at least "
            "240 hours in six weeks or less; bilateral agreements since 1966 (year from memory)",
            "F.A.R.M.S., General principles for SAWP: highest of minimum, set and local wage",
        ),
    )
    GECCO_MAR = Programme(
        name="Collective management of hiring at origin (GECCO), Morocco to Spain",
        kind="seasonal",
        origin="MAR",
        destination="ESP",
        stay="9 month in 12 month",
        permit="48 month",
        reentry=True,
        # The authorisation is for one sector; changes within it are our reading.
        employer_change="within_occupation",
        unemployment_grace="0 month",
        family="none",
        # That employers provide housing is stated; the payer of the journey is from memory.
        costs=(*_BY_EMPLOYER, Cost(item="housing", payer="employer")),
        # Insured as farm workers of the general scheme; qualifying period from memory.
        insured=(Branch(name="pension", insured=True, minimum_months=180, exportable=True),),
        valid_from="2025-01-01",
        valid_to="2026-01-01",
        sources=(
            "Order ISM/1488/2024 of 27 December, BOE of 28 December 2024, in force for 2025: "
            "circular migration, authorisation of four years, up to nine months a year in one "
            "sector, undertaking to return; farm work for 85 percent of the usual time at least",
            "Royal Decree 1155/2024 of 19 November, in force since 20 May 2025",
        ),
    )
    RSE_NZL = Programme(
        name="Recognised Seasonal Employer scheme, New Zealand",
        kind="seasonal",
        # Citizens of Kiribati and Tuvalu may stay nine months: another programme, same cap.
        # The list beyond Fiji, Nauru and Papua New Guinea is from memory.
        origin=("FJI", "NRU", "PNG", "WSM", "SLB", "TON", "VUT"),
        destination="NZL",
        # The cap is New Zealand's, of a season; that it starts in July is from memory.
        quota=(("2022-07-01", 19000), ("2023-07-01", 19500), ("2024-07-01", 20750)),
        quota_shared_with=("KIR", "TUV"),
        stay="7 month in 11 month",
        reentry=True,
        # The visa names the employer; a month with another one in the same region is allowed.
        employer_change="with_approval",
        unemployment_grace="0 month",
        family="none",
        # The scheme splits the fare in halves between employer and worker (from memory), and
        # workers pay health insurance and, by deduction, housing. Here the first two are the
        # employer's.
        costs=(
            *_BY_EMPLOYER,
            Cost(item="insurance", payer="employer"),
            Cost(item="housing", payer="worker"),
        ),
        insured=(Branch(name="accident", insured=True),),
        valid_from="2022-07-01",
        sources=(
            "Immigration New Zealand, News centre: cap of 19,000 for 2022/23 (28 September "
            "2022), 19,500 for 2023/24, 20,750 for 2024/25; 5,000 at the start in 2007",
            "Immigration New Zealand, INZ 1145, March 2023: seven months in any eleven",
        ),
    )
    EU_SEASONAL_MDA_POL = Programme(
        name="Seasonal workers under Directive 2014/36/EU, Moldova to Poland",
        kind="seasonal",
        origin="MDA",
        destination="POL",
        # Article 14 lets a Member State choose five to nine months in any twelve; nine is
        # Poland's choice (from memory).
        stay="9 month in 12 month",
        # Article 16: easier admission again for who came before within five years.
        reentry=True,
        # Article 15: one extension with the same, one with another employer within the maximum.
        employer_change="with_approval",
        unemployment_grace="0 month",
        family="none",
        # Article 19 lets States oblige employers to pay travel and sickness insurance; article
        # 20 allows a rent that is not excessive and not taken from wages by itself.
        costs=(
            *_BY_EMPLOYER,
            Cost(item="insurance", payer="employer"),
            Cost(item="housing", payer="worker"),
        ),
        # Article 23: equal treatment, from which States may except unemployment and family
        # benefits; pensions are paid abroad as to nationals who move. Qualifying period of
        # Poland's pension not looked up.
        insured=(
            Branch(name="pension", insured=True, exportable=True),
            Branch(name="health", insured=True),
            Branch(name="accident", insured=True),
        ),
        valid_from="2018-01-01",
        sources=(
            "Directive 2014/36/EU of 26 February 2014, OJ L 94, 28.3.2014, p. 375; articles as "
            "remembered, to be transposed by 30 September 2016",
            "Poland, Act of 20 July 2017 on employment promotion, seasonal permits since 2018 "
            "(from memory)",
        ),
    )

CRITICISM = {
    SEASONAL_MDA_DEU.name: (
        "Initiative Faire Landarbeit, yearly reports on seasonal farm work: no pension right, "
        "private health cover with gaps, deductions for housing (from memory)",
    ),
    WESTERN_BALKANS_ALB.name: (
        "Bither and Ziebarth (2018), Creating legal pathways to reduce irregular migration? "
        "What we can learn from Germany's Western Balkan Regulation: visa queues, the contract "
        "as the only gate (from memory)",
    ),
    SKILLS_PARTNERSHIP.name: (
        "OECD (2018), What would make Global Skills Partnerships work in practice?: small "
        "numbers, high cost, unclear payers (from memory)",
    ),
    SAWP_CAN.name: (
        "Obokata, UN Special Rapporteur on contemporary forms of slavery, end of mission "
        "statement, 6 September 2023, and report of 22 July 2024: employer-specific permits "
        "make workers dependent on their employer and afraid to complain; workers of this "
        "program are better protected than others by the bilateral agreements",
    ),
    GECCO_MAR.name: (
        "Terra! (2021), E(U)xploitation: Huelva, on recruitment in Morocco and living conditions "
        "(report found, details from memory)",
        "La Mar de Onuba, 12 June 2025, on twenty-five years of the GECCO order: contracts and "
        "selection of workers",
    ),
    RSE_NZL.name: (
        "Sumeo, Equal Employment Opportunities Commissioner, New Zealand Human Rights "
        "Commission, 12 December 2022: visas tied to employers, deductions without reason, "
        "inadequate housing, little access to health care, warnings against joining unions",
    ),
    EU_SEASONAL_MDA_POL.name: (
        "European Migration Network (2020), Attracting and protecting seasonal workers from "
        "third countries in the EU: rights known by few, inspections rare (from memory)",
    ),
}
"""What has been published against each scheme, by its name; read it before taking one over."""
