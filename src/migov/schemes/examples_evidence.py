"""How each rule of the ready-made programmes is known, and what has been published against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from migov.core.errors import CodeError

if TYPE_CHECKING:
    import pandas as pd

READ, RECALLED, OURS = "read", "recalled", "ours"


@attrs.frozen
class Evidence:
    """How some rules of a programme are known.

    Parameters
    ----------
    rules : tuple of str
        Fields of the programme; a cost or branch by its name, such as ``costs.travel``.
    how : {"read", "recalled", "ours"}
        ``read`` in the publication named; ``recalled``, and to be looked up; ``ours`` where no
        publication states it.
    source : str
        The publication, with its date where it has one, or the reason.
    """

    rules: tuple[str, ...]
    how: str
    source: str


def _of(rules: str, how: str, source: str) -> Evidence:
    return Evidence(tuple(rules.split()), how, source)


_ILO = "payers after the definition of recruitment fees and related costs (ILO 2019)"
_OPEN = "no text seen that gives time to find another post, or a new placement"

EVIDENCE: dict[str, tuple[Evidence, ...]] = {
    "Seasonal farm work, Moldova to Germany": (
        _of(
            "stay origin",
            READ,
            "Federal Employment Agency, page on seasonal workers from third "
            "countries (2024, and later without date)",
        ),
        _of(
            "quota quota_counts origin_cap",
            READ,
            "agv-bayern.de (July 2024): quota of 1,500 "
            "placements reached; Moldova's ministry of labour declined a rise; Fruchthandel "
            "(2025): 1,500 again",
        ),
        _of(
            "insured.pension insured.health insured.unemployment valid_from",
            READ,
            "Deutsche Rentenversicherung, short employment in agriculture, 16 February 2026: 90 "
            "days or 15 weeks since 1 January 2026 (70 days before)",
        ),
        _of(
            "costs.recruitment",
            READ,
            "blhv.de, on the agreement with Georgia: free of charge, private agencies barred",
        ),
        _of("costs.travel costs.administration costs.insurance costs.housing", OURS, _ILO),
        _of(
            "reentry",
            READ,
            "Federal Employment Agency: employers ask for known workers by name; "
            "not within 180 days of a stay (Fruchthandel, 2025)",
        ),
        _of("employer_change sector_change unemployment_grace", OURS, _OPEN),
        _of("family", RECALLED, "entry without visa, for the worker alone"),
    ),
    "Western Balkans Regulation, Albania to Germany": (
        _of(
            "quota quota_counts quota_shared_with valid_from",
            READ,
            "Federal Employment Agency, "
            "page on the Western Balkans Regulation (2024): 50,000 approvals a year, six States; "
            "Federal Cabinet 26 August 2020 and zbs-auf.info: 25,000 from 2021; since 1 June 2024 "
            "50,000. A cut to 25,000 is in the coalition agreement of 2025 (press, no date of "
            "entry into force seen)",
        ),
        _of("quota_first_only", READ, "bh-international.de after ZDH (2020): first approvals only"),
        _of(
            "employer_change sector_change",
            READ,
            "zbs-auf.info and IAB glossary: each employment "
            "needs the Agency's approval; the priority check is suspended by instruction since 3 "
            "November 2023 (frnrw.de)",
        ),
        _of(
            "stay renewals",
            OURS,
            "the ordinance sets no length: permits follow the contract; "
            "after two years a new approval (zbs-auf.info)",
        ),
        _of(
            "settlement_after change_of_status family spouse_works",
            RECALLED,
            "Residence Act, sections 9(2), 27 to 36: five years; family and work of spouses",
        ),
        _of(
            "insured.pension insured.health insured.accident insured.unemployment",
            RECALLED,
            "Social Code III, section 142, and VI, sections 50(1) and 110",
        ),
        _of(
            "costs.recruitment costs.travel costs.administration costs.recognition costs.language "
            "costs.integration costs.housing",
            OURS,
            _ILO,
        ),
    ),
    "Skills partnership, Albania and Moldova to Germany (what-if)": (
        _of(
            "occupations stay renewals settlement_after change_of_status reentry employer_change "
            "trained_per_departure family spouse_works insured.pension insured.health "
            "insured.accident insured.unemployment costs.recruitment costs.travel "
            "costs.administration costs.training costs.language costs.recognition "
            "costs.integration costs.housing",
            OURS,
            "no such partnership is in force",
        ),
    ),
    "Seasonal Agricultural Worker Program, Canada": (
        _of(
            "origin stay season",
            READ,
            "Employment and Social Development Canada, hiring seasonal "
            "agricultural workers: eight months between 1 January and 15 December, 240 hours in "
            "six weeks; list of States",
        ),
        _of(
            "costs.travel costs.housing",
            READ,
            "ESDC, program requirements: the employer arranges "
            "and pays the round trip and housing; a part of the fare may be recovered from wages "
            "outside British Columbia, which no programme here may do",
        ),
        _of(
            "costs.administration",
            READ,
            "House of Commons, Public Accounts Committee 40-3: the employer pays the visa fee",
        ),
        _of("costs.recruitment", READ, "ESDC: recruitment is the sending government's"),
        _of(
            "quota_basis",
            READ,
            "F.A.R.M.S., General principles for SAWP: no number, each "
            "employer's request is assessed by its labour market impact",
        ),
        _of(
            "employer_change sector_change",
            READ,
            "contract for Commonwealth Caribbean workers "
            "2024, section 15, transfer of workers; F.A.R.M.S.; that governments assent is "
            "recalled",
        ),
        _of("reentry", RECALLED, "employers name workers; no legal right"),
        _of("unemployment_grace", OURS, _OPEN),
        _of("family", RECALLED, "permits are for the worker alone"),
        _of("insured.pension", RECALLED, "Canada Pension Plan; exportable"),
    ),
    "Collective management of hiring at origin (GECCO), Morocco to Spain": (
        _of(
            "stay permit sector_change valid_from valid_to",
            READ,
            "Order ISM/1488/2024, articles "
            "1, 2 and 5, in a guide with the pages of the BOE; Order for 2026 (BOE-A-2025-27014, "
            "preamble; Europa Press, 30 December 2025)",
        ),
        _of(
            "reentry",
            READ,
            "Order ISM/1417/2023, articles 5 to 9 (vademecumlegal.es): called "
            "again each year of the four, after proof of return",
        ),
        _of("costs.housing", READ, "article 7 of the Order for 2026 (Infobae, 30 December 2025)"),
        _of(
            "costs.travel costs.recruitment costs.administration",
            RECALLED,
            "the employer pays one journey at least; here both",
        ),
        _of(
            "employer_change unemployment_grace",
            OURS,
            _OPEN + "; several campaigns in a row within the sector are in the Order",
        ),
        _of("family", RECALLED, "no reunion from seasonal stays"),
        _of("insured.pension", RECALLED, "general scheme, 15 years; agreement with Morocco, 1979"),
    ),
    "Recognised Seasonal Employer scheme, New Zealand": (
        _of(
            "stay family",
            READ,
            "Immigration New Zealand, page of the RSE limited visa: seven "
            "months in eleven (nine for Tuvalu and Kiribati), no partner or children",
        ),
        _of(
            "quota",
            READ,
            "Immigration New Zealand, news: 19,000, 19,500 and 20,750; the same "
            "page: 20,750; that the season starts in July is recalled",
        ),
        _of(
            "employer_change sector_change",
            READ,
            "the same page: only the employers named in the "
            "visa; INZ 1144 (June 2022): several under joint agreements",
        ),
        _of(
            "costs.travel costs.insurance costs.housing",
            READ,
            "INZ 1144: half of the return fare "
            "is the employer's; page on deductions: the worker's share of the fare, housing, "
            "health insurance by consent. Here fare and insurance are the employer's",
        ),
        _of("costs.recruitment costs.administration", OURS, _ILO),
        _of(
            "reentry",
            READ,
            "INZ 1145 (March 2023), step 4: return next season where the shortage goes on",
        ),
        _of(
            "origin quota_shared_with valid_from",
            RECALLED,
            "nine Pacific States; Fiji, Nauru and Papua New Guinea were read",
        ),
        _of("unemployment_grace", OURS, _OPEN),
        _of("insured.accident", RECALLED, "Accident Compensation Act 2001 covers everybody"),
    ),
    "Seasonal workers under Directive 2014/36/EU, Moldova to Poland": (
        _of(
            "stay reentry employer_change",
            RECALLED,
            "Directive 2014/36/EU, articles 14 (five to "
            "nine months in twelve; nine in Poland), 16 and 15; title and chapter II were read",
        ),
        _of(
            "costs.travel costs.insurance costs.housing costs.recruitment costs.administration",
            RECALLED,
            "articles 19 and 20: States may oblige employers; rent not excessive, not "
            "taken from wages by itself. Here the employer pays",
        ),
        _of(
            "insured.pension insured.health insured.accident",
            RECALLED,
            "article 23: equal "
            "treatment, unemployment and family benefits may be excepted; qualifying period of "
            "Poland's pension not looked up",
        ),
        _of("sector_change unemployment_grace", OURS, _OPEN),
        _of("family", RECALLED, "the Directive gives no right to the family"),
        _of("valid_from", RECALLED, "Act of 20 July 2017; seasonal permits since 2018"),
    ),
}
"""How each rule is known, by the name of the programme; see :func:`evidence`."""


def evidence(name: str) -> pd.DataFrame:
    """Return how each rule of a ready-made programme is known.

    Parameters
    ----------
    name : str
        Of the programme.

    Returns
    -------
    DataFrame
        A row a rule, with ``how`` (read, recalled, ours) and ``source``.

    Raises
    ------
    CodeError
        No ready-made programme has this name.

    Examples
    --------
    >>> evidence("Recognised Seasonal Employer scheme, New Zealand").loc["stay", "how"]
    'read'
    """
    import pandas as pd

    if not isinstance(name, str) or name not in EVIDENCE:
        raise CodeError(
            "evidence", f"{name!r} is no ready-made programme", "; ".join(EVIDENCE), 9, "name"
        )
    rows = [(rule, one.how, one.source) for one in EVIDENCE[name] for rule in one.rules]
    return pd.DataFrame(rows, columns=["rule", "how", "source"]).set_index("rule")


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
