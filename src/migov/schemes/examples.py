"""Two programmes by their published rules, with dates and sources.

Figures (wages, costs, hazards) are not here. Rules that no publication states are told in the
comment beside them; whoever uses an example checks it against the law of the day.
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
