"""What has been published against the schemes that the ready-made programmes follow."""

from __future__ import annotations

CRITICISM: dict[str, tuple[str, ...]] = {
    "Seasonal farm work, Moldova to Germany": (
        "Initiative Faire Landarbeit, yearly reports on seasonal farm work: no pension right, "
        "private health cover with gaps, deductions for housing (recalled)",
    ),
    "Western Balkans Regulation, Albania to Germany": (
        "Bither and Ziebarth (2018), Creating legal pathways to reduce irregular migration? "
        "What we can learn from Germany's Western Balkan Regulation: visa queues, the contract "
        "as the only gate (recalled)",
    ),
    "Skills partnership, Albania and Moldova to Germany (what-if)": (
        "OECD (2018), What would make Global Skills Partnerships work in practice?: small "
        "numbers, high cost, unclear payers (recalled)",
    ),
    "Seasonal Agricultural Worker Program, Canada": (
        "Obokata, UN Special Rapporteur on contemporary forms of slavery, end of mission "
        "statement, 6 September 2023, and report of 22 July 2024: employer-specific permits "
        "make workers dependent on their employer and afraid to complain; workers of this "
        "program are better protected than others by the bilateral agreements",
    ),
    "Collective management of hiring at origin (GECCO), Morocco to Spain": (
        "Terra! (2021), E(U)xploitation: Huelva, on recruitment in Morocco and living conditions "
        "(report found, details recalled)",
        "La Mar de Onuba, 12 June 2025, on twenty-five years of the GECCO order: contracts and "
        "selection of workers",
    ),
    "Recognised Seasonal Employer scheme, New Zealand": (
        "Sumeo, Equal Employment Opportunities Commissioner, New Zealand Human Rights "
        "Commission, 12 December 2022: visas tied to employers, deductions without reason, "
        "inadequate housing, little access to health care, warnings against joining unions",
    ),
    "Seasonal workers under Directive 2014/36/EU, Moldova to Poland": (
        "European Migration Network (2020), Attracting and protecting seasonal workers from "
        "third countries in the EU: rights known by few, inspections rare (recalled)",
    ),
}
"""What has been published against each scheme, by its name; read it before taking one over."""
