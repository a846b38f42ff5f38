"""Programmes by their published rules, with dates, sources and published criticism.

Figures (wages, costs, hazards) are not here. For each rule :data:`EVIDENCE` says whether it was
read in a publication, and in which, recalled, or is ours because no publication states it; whoever
uses an example checks it against the law of the day. Where a scheme lets workers bear costs that
no programme here may charge them, the example has the employer pay and the comment says what the
scheme does.
"""

from __future__ import annotations

import warnings

from migov.core.errors import MigovWarning
from migov.schemes.examples_criticism import CRITICISM as CRITICISM
from migov.schemes.examples_evidence import EVIDENCE as EVIDENCE
from migov.schemes.examples_evidence import evidence as evidence
from migov.schemes.programme import Programme
from migov.schemes.rules import Branch, Cost, OriginCap

_BY_EMPLOYER = (
    Cost(item="recruitment", payer="employer"),
    Cost(item="travel", payer="employer"),
    Cost(item="administration", payer="employer"),
)

with warnings.catch_warnings():
    # As below: what should be known stands in `cautions`, and in every run; the import is silent.
    warnings.simplefilter("ignore", MigovWarning)
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
                source="Moldova declined a rise of the quota, reached in July 2024, because of its "
                "own shortage of labour (employers' association agv-bayern.de on the placement "
                "agreements of the Federal Employment Agency)",
            ),
        ),
        stay="90 day in 180 day",
        reentry=True,
        employer_change="with_approval",
        sector_change="none",
        unemployment_grace="0 month",
        family="none",
        costs=(
            *_BY_EMPLOYER,
            Cost(item="insurance", payer="employer"),
            Cost(item="housing", payer="worker"),
        ),
        # Accident insurance is left out: its contributions are in no figure here.
        insured=(
            Branch(name="pension", insured=False),
            Branch(name="health", insured=False),
            Branch(name="unemployment", insured=False),
        ),
        valid_from="2026-01-01",
        sources=(
            "Employment Ordinance (Beschaeftigungsverordnung), section 15a; Federal Employment "
            "Agency, seasonal workers from third countries: at most 90 days in 180, at least 30 "
            "hours a week, placement agreements with Georgia and Moldova",
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
        stay="24 month",
        renewals=4,
        settlement_after="60 month",
        change_of_status=True,
        employer_change="with_approval",
        sector_change="with_approval",
        family="reunite",
        spouse_works=True,
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
        stay="24 month",
        renewals=2,
        settlement_after="60 month",
        change_of_status=True,
        reentry=True,
        employer_change="free",
        trained_per_departure=1.0,
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
        quota_basis="employers",
        stay="8 month",
        # Contracts run between 1 January and 15 December, so that nobody comes in December.
        season=tuple(range(1, 12)),
        reentry=True,
        employer_change="with_approval",
        sector_change="none",
        unemployment_grace="0 month",
        family="none",
        # Employers arrange and pay the journey there and back; the contract lets them recover
        # a part from wages outside British Columbia, which no programme here may do.
        costs=(*_BY_EMPLOYER, Cost(item="housing", payer="employer")),
        insured=(Branch(name="pension", insured=True, exportable=True),),
        sources=(
            "Government of Canada, Hire a temporary worker through the Seasonal Agricultural "
            "Worker Program: at most eight months between 1 January and 15 December, at least "
            "240 hours in six weeks or less; round trip and housing by the employer",
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
        employer_change="within_occupation",
        sector_change="none",
        unemployment_grace="0 month",
        family="none",
        costs=(*_BY_EMPLOYER, Cost(item="housing", payer="employer")),
        insured=(Branch(name="pension", insured=True, minimum_months=180, exportable=True),),
        valid_from="2025-01-01",
        valid_to="2027-01-01",
        sources=(
            "Order ISM/1488/2024 of 27 December, BOE of 28 December 2024, in force for 2025: "
            "circular migration, authorisation of four years, up to nine months a year in one "
            "sector, undertaking to return; farm work for 85 percent of the usual time at least",
            "Order for 2026, BOE-A-2025-27014 of 30 December 2025: the same model, article 7 on "
            "housing at every call; at least ten posts together",
            "Royal Decree 1155/2024 of 19 November, in force since 20 May 2025, title VI",
        ),
    )
    RSE_NZL = Programme(
        name="Recognised Seasonal Employer scheme, New Zealand",
        kind="seasonal",
        # Citizens of Kiribati and Tuvalu may stay nine months: another programme, same cap.
        origin=("FJI", "NRU", "PNG", "WSM", "SLB", "TON", "VUT"),
        destination="NZL",
        quota=(("2022-07-01", 19000), ("2023-07-01", 19500), ("2024-07-01", 20750)),
        quota_shared_with=("KIR", "TUV"),
        stay="7 month in 11 month",
        reentry=True,
        employer_change="with_approval",
        sector_change="none",
        unemployment_grace="0 month",
        family="none",
        # The scheme splits the fare in halves between employer and worker, and workers pay
        # health insurance and, by deductions they consent to, housing. Here the first two are
        # the employer's.
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
            "Immigration New Zealand, INZ 1145, March 2023: seven months in any eleven; INZ 1144, "
            "Guide to working for an RSE: half of the fare is the employer's; page of the visa: "
            "no partner or children, only the employers named, medical insurance",
        ),
    )
    EU_SEASONAL_MDA_POL = Programme(
        name="Seasonal workers under Directive 2014/36/EU, Moldova to Poland",
        kind="seasonal",
        origin="MDA",
        destination="POL",
        stay="9 month in 12 month",
        reentry=True,
        employer_change="with_approval",
        sector_change="none",
        unemployment_grace="0 month",
        family="none",
        costs=(
            *_BY_EMPLOYER,
            Cost(item="insurance", payer="employer"),
            Cost(item="housing", payer="worker"),
        ),
        insured=(
            Branch(name="pension", insured=True, exportable=True),
            Branch(name="health", insured=True),
            Branch(name="accident", insured=True),
        ),
        valid_from="2018-01-01",
        sources=(
            "Directive 2014/36/EU of 26 February 2014, OJ L 94, 28.3.2014, p. 375, to be "
            "transposed by 30 September 2016",
            "Poland, Act of 20 July 2017 on employment promotion, seasonal permits since 2018 "
            "(from memory)",
        ),
    )
