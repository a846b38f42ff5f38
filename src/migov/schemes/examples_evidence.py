"""How each rule of the ready-made programmes is known."""

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

FIXED: tuple[Evidence, ...] = (
    _of(
        "costs",
        READ,
        "ILO Governing Body, 28 March 2019, on the definition of recruitment fees and related "
        "costs: workers bear none of them, directly or indirectly, in whole or in part",
    ),
    _of(
        "costs.item",
        RECALLED,
        "ILO (2019), Definition of recruitment fees and related costs, part II: medical, "
        "insurance, tests, training, equipment, travel and lodging, administration. Recognition, "
        "language and integration are counted with them by us",
    ),
    _of(
        "return_bonus",
        RECALLED,
        "ILO Convention 95 (1949), articles 8 and 9; only its article 1 was read",
    ),
    _of(
        "equal_treatment",
        RECALLED,
        "ILO Conventions 97 (1949), article 6, and 143 (1975), article 10",
    ),
    _of(
        "safeguards_edition",
        RECALLED,
        "WHO list of 2020 and 2023: numbers by region were read (release of 8 March 2023), names "
        "of States are recalled",
    ),
)
"""How the rules are known that no programme can change; :func:`evidence` of no name tells them."""

EVIDENCE: dict[str, tuple[Evidence, ...]] = {
    "Seasonal farm work, Moldova to Germany": (
        _of(
            "stay origin",
            READ,
            "Employment Ordinance, section 15a(1), as amended after April 2019: agreement of the "
            "employment services, 90 days in 180 without a visa, six months in twelve with one; "
            "Federal Employment Agency, page on seasonal workers from third countries (2024)",
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
        _of(
            "costs.housing",
            READ,
            "Employment Ordinance, section 15a(2): rent appropriate and never kept from wages, by "
            "a contract of tenancy",
        ),
        _of(
            "costs.administration",
            READ,
            "Employment Ordinance, section 15a(4): the employer applies for the work permit",
        ),
        _of("costs.travel costs.insurance", OURS, _ILO),
        _of(
            "reentry reentry_priority",
            READ,
            "Employment Ordinance, section 15a(1): who worked a season in the last five years "
            "comes first; Federal Employment Agency: employers ask for known workers by name; not "
            "within 180 days of a stay (Fruchthandel, 2025). That this is a right is ours",
        ),
        _of(
            "employer_change",
            READ,
            "Employment Ordinance, section 15a(5): a further permit for work with the same or "
            "another employer, within the 90 days",
        ),
        _of("sector_change unemployment_grace", OURS, _OPEN),
        _of("family", RECALLED, "entry without visa, for the worker alone"),
    ),
    "Western Balkans Regulation, Albania to Germany": (
        _of(
            "quota quota_counts quota_shared_with valid_from",
            READ,
            "Federal Employment Agency, "
            "page on the Western Balkans Regulation (2024): 50,000 approvals a year, six States; "
            "Employment Ordinance, section 26(2), as of 27 October 2020 (BGBl. I p. 2268, 25,000 "
            "from 1 January 2021) and as at buzer.de (50,000), since 1 June 2024. A cut "
            "to 25,000 is in the coalition agreement of 2025 (press, no date of entry into force "
            "seen)",
        ),
        _of(
            "quota_first_only",
            READ,
            "Employment Ordinance, section 26(2), sentences 2 and 3: the cap is of first approvals",
        ),
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
            "insured.pension",
            READ,
            "Social Code VI, section 50(1): five years; that it is paid abroad (section 110) is "
            "recalled",
        ),
        _of(
            "insured.health insured.accident insured.unemployment",
            RECALLED,
            "Social Code III, section 142, V and VII",
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
            "employer_change",
            READ,
            "Council of the European Union (February 2014) and EUR-Lex, main contents of Directive "
            "2014/36/EU: another employer at least once, within the stay; article 15 recalled",
        ),
        _of(
            "stay",
            RECALLED,
            "that States set five to nine months in twelve was read (EUR-Lex, main contents); "
            "nine in Poland is recalled",
        ),
        _of(
            "reentry",
            RECALLED,
            "that re-entry is made easier was read (Council, February 2014); article 16 recalled",
        ),
        _of(
            "costs.housing",
            READ,
            "Directive 2014/36/EU, article 20(2): rent not excessive, not taken from wages by "
            "itself (text of the Directive in Bulgarian at exlege.bg)",
        ),
        _of(
            "costs.travel costs.insurance costs.recruitment costs.administration",
            RECALLED,
            "article 19: States may oblige employers. Here the employer pays",
        ),
        _of(
            "insured.pension insured.health insured.accident",
            RECALLED,
            "that unemployment and family benefits may be excepted was read (Zoeteweij-Turhan, "
            "2017, on article 23); what Poland insures, and after how long, is recalled",
        ),
        _of("sector_change unemployment_grace", OURS, _OPEN),
        _of(
            "family",
            READ,
            "Zoeteweij-Turhan (2017), The Seasonal Workers Directive: no reunification",
        ),
        _of("valid_from", RECALLED, "Act of 20 July 2017; seasonal permits since 2018"),
    ),
}
"""How each rule is known, by the name of the programme; see :func:`evidence`."""


def evidence(name: str | None = None) -> pd.DataFrame:
    """Return how each rule of a ready-made programme is known.

    Parameters
    ----------
    name : str, optional
        Of the programme; without it, of the rules that are fixed for every programme.

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
    >>> evidence().loc["return_bonus", "how"]
    'recalled'
    """
    import pandas as pd

    if name is None:
        found = FIXED
    elif not isinstance(name, str) or name not in EVIDENCE:
        raise CodeError(
            "evidence", f"{name!r} is no ready-made programme", "; ".join(EVIDENCE), 9, "name"
        )
    else:
        found = EVIDENCE[name]
    rows = [(rule, one.how, one.source) for one in found for rule in one.rules]
    return pd.DataFrame(rows, columns=["rule", "how", "source"]).set_index("rule")
