"""Code lists of the field: SDMX sex, ISCO-08, KldB 2010, ISCED 2011 and ISIC Rev. 4.

Each reader takes what published tables write and returns the one code that labels carry here,
or raises :class:`~migov.core.errors.CodeError`. The lists are kept as rules: the structure of
ISCO-08 down to its 130 minor groups, the ten areas and 37 main groups of KldB 2010 with its
requirement level in the fifth digit, the levels of ISCED 2011 and their usual bands, and the
sections of ISIC Rev. 4 by their first division.

References
----------
SDMX (2021), cross-domain code list CL_SEX 2.1. ILO (2012), International Standard
Classification of Occupations, ISCO-08, volume 1. Bundesagentur für Arbeit (2011),
Klassifikation der Berufe 2010, volume 1. UNESCO Institute for Statistics (2012), International
Standard Classification of Education, ISCED 2011. United Nations (2008), International Standard
Industrial Classification of All Economic Activities, ISIC Rev. 4, whose sections and divisions
NACE Rev. 2 shares.
"""

from __future__ import annotations

import re
from functools import cache

from migov.core.errors import CodeError

SPECIAL = ("_T", "_U", "_O", "_X", "_Z")
"""SDMX codes that any list may hold: total, unknown, other, unspecified, not applicable."""

_SEX = {
    "F": "f female females woman women girl girls sex_f weiblich",
    "M": "m male males man men boy boys sex_m männlich",
    "_T": "_t t total both all both_sexes total_both_sexes both_sexes_combined sex_t insgesamt",
    "_O": "_o diverse non-binary sex_o",
    "_U": "_u unknown not_known unk",
}
_SEXES = {word: code for code, words in _SEX.items() for word in words.split()}

_TOTALS = frozenset({"_T", "T", "TOTAL", "ALL", "INSGESAMT"})

_ISCO_MINOR = {
    **{"01": 1, "02": 1, "03": 1, "11": 2, "12": 2, "13": 4, "14": 3},
    **{"21": 6, "22": 6, "23": 5, "24": 3, "25": 2, "26": 5},
    **{"31": 5, "32": 5, "33": 5, "34": 3, "35": 2},
    **{"41": 3, "42": 2, "43": 2, "44": 1, "51": 6, "52": 4, "53": 2, "54": 1},
    **{"61": 3, "62": 2, "63": 4, "71": 3, "72": 3, "73": 2, "74": 2, "75": 4},
    **{"81": 8, "82": 1, "83": 5},
    **{"91": 2, "92": 1, "93": 3, "94": 1, "95": 2, "96": 2},
}
"""Number of minor groups in each of the 43 sub-major groups of ISCO-08."""

_KLDB_MAIN = frozenset(
    "01 11 12 21 22 23 24 25 26 27 28 29 31 32 33 34 41 42 43 51 52 53 54 61 62 63 71 72 73 "
    "81 82 83 84 91 92 93 94".split()
)
_ISCED_BANDS = {"LTB": "0", "BAS": "1-2", "INT": "3-4", "ADV": "5-8", "3_4": "3-4"}
_ISCED = re.compile(
    r"(?:.*\()?\s*(?:edu_)?(?:ed|isced)?[\s_-]*(?:2011|11)?[\s_:,-]*(?:levels?)?[\s_]*"
    r"([0-8])(?:\s*(?:-|–|to|and)\s*([0-8]))?(?:\s*\)|\s*[.:–-]\s+[^\W\d].*)?",
    re.I,
)
"""``ISCED 0-2``, ``ED5-8``, ``Tertiary education (levels 5-8)``, ``5 - Short-cycle tertiary``."""

_PREFIX = re.compile(r"(?:OCU_ISCO08|OCU_ISCO08_SKILL|EDU_AGGREGATE|EDU_ISCED11|ISCO08|OC)_?", re.I)

_SECTIONS = {
    **{"A": 1, "B": 5, "C": 10, "D": 35, "E": 36, "F": 41, "G": 45, "H": 49, "I": 55, "J": 58},
    **{"K": 64, "L": 68, "M": 69, "N": 77, "O": 84, "P": 85, "Q": 86, "R": 90, "S": 94, "T": 97},
    "U": 99,
}
"""First division of each section of ISIC Rev. 4; a section ends where the next begins."""

_TITLED = re.compile(r"(\d{1,5})[.:]?\s+(?:[–-]\s+)?[^\W\d].*")
"""A code and its title in one cell."""

OCCUPATIONS = ("ISCO-08", "KldB 2010")


def _text(label: object) -> str:
    """Return a label as text; a number that pandas made a float loses its ``.0``."""
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    return str(label).strip()


def _fault(where: str, label: object, kind: str, mend: str, argument: str) -> CodeError:
    return CodeError(where, f"{_text(label)!r} is no {kind}", mend, 4, argument)


def sex(label: object, where: str = "codes") -> str:
    """Return the SDMX code of a sex: ``F``, ``M``, ``_T``, ``_O`` other, ``_U`` not known.

    Raises
    ------
    CodeError
        Unknown; the numbers 1 and 2 as well, which sources use both ways round.

    Examples
    --------
    >>> sex("male"), sex("Females"), sex("Both sexes")
    ('M', 'F', '_T')
    """
    found = _SEXES.get("_".join(_text(label).casefold().split()))
    if found is None:
        told = ": say which is which, labels={'sex': {'1': 'M', '2': 'F'}}"
        one = {"W": "F", "H": "M"}.get(_text(label).upper())
        other = f": labels={{'sex': {{{_text(label)!r}: {one!r}}}}} if it is so" if one else ""
        hint = told if _text(label).isdigit() else other
        raise _fault(where, label, f"sex{hint}", "F, M or _T", "sex")
    return found


def check_scheme(scheme: str, where: str = "codes") -> None:
    """Refuse a classification of occupations that is not known.

    Raises
    ------
    CodeError
        `scheme` is none of :data:`OCCUPATIONS`.
    """
    if scheme not in OCCUPATIONS:
        raise CodeError(
            where,
            f"{scheme!r} is no classification of occupations",
            " or ".join(OCCUPATIONS),
            4,
            "occupations",
        )


def occupation(label: object, scheme: str = "ISCO-08", where: str = "codes") -> str:
    """Return the code of an occupation, of any level of its classification.

    Parameters
    ----------
    label : str or int
        One to four digits of ISCO-08, or one to five of KldB 2010; ILO's ``OCU_ISCO08_2`` and
        Eurostat's ``OC2`` as well, and a code before its title, ``22 Health professionals``.
    scheme : {"ISCO-08", "KldB 2010"}
        The classification.
    where : str
        The call that an error names.

    Raises
    ------
    CodeError
        The classification has no such group, or there is no such classification.

    Examples
    --------
    >>> occupation("OCU_ISCO08_2"), occupation("2221"), occupation("29222", "KldB 2010")
    ('2', '2221', '29222')
    """
    check_scheme(scheme, where)
    text = _text(label)
    plain = _PREFIX.sub("", text, count=1).upper() if text[:1].isalpha() else text.upper()
    if titled := _TITLED.fullmatch(plain):
        plain = titled[1]
    if plain in _TOTALS:
        return "_T"
    if text in SPECIAL or plain == "X":
        return "_X" if plain == "X" else text
    known = _isco(plain) if scheme == "ISCO-08" else _kldb(plain)
    if not known:
        raise _fault(where, label, f"occupation of {scheme}", "give its code", "occupation")
    return plain


def _isco(plain: str) -> bool:
    if not re.fullmatch(r"\d{1,4}", plain):
        return False
    if len(plain) == 1:
        return True
    minor = _ISCO_MINOR.get(plain[:2], 0)
    if minor == 0 or len(plain) == 2:
        return minor > 0
    return 1 <= int(plain[2]) <= minor


def _kldb(plain: str) -> bool:
    if not re.fullmatch(r"\d{1,5}", plain):
        return False
    if len(plain) > 1 and plain[:2] not in _KLDB_MAIN:
        return False
    return len(plain) < 5 or plain[4] in "1234"


def requirement_level(code: str, where: str = "requirement_level") -> int:
    """Return the requirement level of a five-digit occupation of KldB 2010.

    Returns
    -------
    int
        1 helper, 2 skilled, 3 specialist, 4 expert.

    Raises
    ------
    CodeError
        The code is not one of five digits.

    Examples
    --------
    >>> requirement_level("29222")
    2
    """
    plain = occupation(code, "KldB 2010", where)
    if len(plain) != 5:
        raise CodeError(
            where, f"{code!r} has no requirement level", "give all five digits", 4, "code"
        )
    return int(plain[4])


@cache
def subgroups(code: str, scheme: str = "ISCO-08") -> tuple[str, ...] | None:
    """Return the groups of the next level in an occupational group, None where not listed.

    Examples
    --------
    >>> subgroups("8"), subgroups("83")
    (('81', '82', '83'), ('831', '832', '833', '834', '835'))
    """
    if len(code) == 1:
        listed = _ISCO_MINOR if scheme == "ISCO-08" else _KLDB_MAIN
        return tuple(sorted(group for group in listed if group[0] == code))
    if len(code) == 2 and scheme == "ISCO-08" and code in _ISCO_MINOR:
        return tuple(f"{code}{digit}" for digit in range(1, _ISCO_MINOR[code] + 1))
    return None


def education(label: object, where: str = "codes") -> str:
    """Return a level of ISCED 2011, or a band of levels, as ``"5"`` or ``"5-8"``.

    Read are ``ISCED 0-2``, ``levels 3 and 4``, Eurostat's ``ED5-8`` and its titles that end in
    ``(levels 5-8)``, ILO's ``LTB``, ``BAS``, ``INT``, ``ADV``; 9, not elsewhere classified, is
    ``_X``.

    Raises
    ------
    CodeError
        No level or band of ISCED 2011; levels of ISCED 1997, which are others; orientations
        within a level, such as Eurostat's ``ED35``.

    Examples
    --------
    >>> education("ED5-8"), education("ADV"), education(3), education("ISCED 0-2")
    ('5-8', '5-8', '3', '0-2')
    """
    text = _text(label)
    plain = _PREFIX.sub("", text, count=1).upper().removeprefix("ED")
    if plain in _TOTALS or text.casefold() in ("all isced 2011 levels", "all levels"):
        return "_T"
    if text in SPECIAL:
        return text
    if plain in ("9", "UNK", "NRP") or text.upper() == "EDU_AGGREGATE_X":
        return "_X"
    if plain == "X":
        # "no schooling" among ILO's levels, "not stated" among its bands: the label cannot tell.
        said = ": say whether it is no schooling, labels={'education': {'X': '0'}}, or '_X'"
        raise _fault(where, label, f"level of ISCED 2011{said}", "0 to 8", "education")
    match = _ISCED.fullmatch(_ISCED_BANDS.get(plain, text))
    if match is None or "97" in text or (match[2] is not None and match[2] <= match[1]):
        said = ": its levels are others, a table of both has to bridge" if "97" in text else ""
        if re.fullmatch(r"ED[3-8][45]", text.upper()):
            said = f": it is an orientation within level {text[2]}, take ED{text[2]}"
        raise _fault(where, label, f"level of ISCED 2011{said}", "0 to 8, or a band", "education")
    return match[1] if match[2] is None else f"{match[1]}-{match[2]}"


def levels(code: str) -> tuple[int, int] | None:
    """Return the lowest and highest level of an ISCED code, None for special codes.

    Examples
    --------
    >>> levels("5-8"), levels("3"), levels("_U")
    ((5, 8), (3, 3), None)
    """
    match = re.fullmatch(r"(\d)(?:-(\d))?", code)
    return None if match is None else (int(match[1]), int(match[2] or match[1]))


_STATES = {
    (1, 1): ("employed", "employment", "emp"),
    (2, 2): ("unemployed", "unemployment", "une", "unemp"),
    (1, 2): ("labour force", "labor force", "active", "act", "economically active"),
    (3, 3): (
        "outside the labour force",
        "outside labour force",
        "out of the labour force",
        "not in the labour force",
        "inactive",
        "inac",
        "economically inactive",
    ),
    (1, 3): ("population", "pop"),
}


def labour_states(word: str) -> tuple[int, int] | None:
    """Return the first and last of employed, unemployed and outside the labour force in a state.

    Parameters
    ----------
    word : str
        In words, or as Eurostat codes it (EMP, UNE, ACT, INAC, POP).

    Returns
    -------
    (int, int) or None
        From 1 to 3; None for other words, which are states of their own.

    Examples
    --------
    >>> labour_states("labour_force"), labour_states("UNE"), labour_states("retired")
    ((1, 2), (2, 2), None)
    """
    plain = " ".join(str(word).replace("_", " ").split()).casefold()
    return next((span for span, words in _STATES.items() if plain in words), None)


def activities(code: str) -> tuple[int, int] | None:
    """Return first and last class of ISIC Rev. 4 in a section, division, group, class or range.

    Parameters
    ----------
    code : str
        Such as ``"C"``, ``"10"``, ``"C10"``, ``"101"``, ``"B-E"``, ``"10-12"``; of ILO
        (``ECO_ISIC4_C``) and of Eurostat (``C10-C12``) as well.

    Returns
    -------
    (int, int) or None
        Numbers of four digits; None for what is no code of ISIC, such as a word.

    Examples
    --------
    >>> activities("C"), activities("10"), activities("B-E"), activities("farming")
    ((1000, 3499), (1000, 1099), (500, 4099), None)
    """
    plain = _text(code).upper().removeprefix("ECO_ISIC4_").replace("–", "-").replace("_", "-")
    first, dash, last = plain.partition("-")
    ends = [_activity(part) for part in ((first, last) if dash else (first,))]
    if None in ends:
        return None
    (low, high), (_, top) = ends[0] or (0, 0), ends[-1] or (0, 0)
    return (low, top) if high <= top else None


def _activity(text: str) -> tuple[int, int] | None:
    """Return first and last class of one section, division, group or class."""
    if text in _SECTIONS:
        later = [division for division in _SECTIONS.values() if division > _SECTIONS[text]]
        return _SECTIONS[text] * 100, min(later, default=100) * 100 - 1
    match = re.fullmatch(r"([A-U]?)(\d{2,4})", text)
    if match is None:
        return None
    size = 10 ** (4 - len(match[2]))
    low = int(match[2]) * size
    section = max((d, name) for name, d in {**_SECTIONS, "": 0}.items() if d * 100 <= low)[1]
    if not section or match[1] not in ("", section):
        return None
    return low, low + size - 1
