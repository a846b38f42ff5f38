"""Areas: one dated table of codes and names, and dated groups of them.

Names and borders are those of the sources of a data set; a code here says nothing of the
status of any territory. Codes are ISO 3166-1 alpha-3 (``XKX`` for Kosovo, under UNSCR 1244, as
statistical offices use it; ``CHI`` for the Channel Islands where a source has one figure for
both), ISO 3166-3 for States of the past, and UN M49.

References
----------
ISO 3166-1 and 3166-3; United Nations, Standard Country or Area Codes for Statistical Use (M49),
series M, no. 49. Groups: lists of members that OSCE, EU, EFTA, OECD and Council of Europe
publish. ``EEA`` counts from provisional application, ``SCHENGEN`` from the end of checks at
land borders. A four-digit ``from`` is no beginning: the composition is recorded as of that year.
"""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from migov.core import times
from migov.core.errors import CodeError
from migov.core.regions import REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTE = "Names and borders are those of the source and imply no opinion on the status of any area."

TOTALS = frozenset(
    [
        "WORLD",
        "WLD",
        "_T",
        "TOTAL",
        "EU",
        "EU27_2020",
        "EU28",
        "EU27",
        "EU15",
        "EA",
        "EA19",
        "EA20",
        "EEA",
        "EFTA",
        "OSCE",
        "CIS",
        "OECD",
    ]
)
"""Labels of aggregates that stand among the areas of published tables."""

_UNIONS = ("EUROPEAN UNION", "EURO AREA", "EUROPEAN ECONOMIC AREA", "EUROPEAN FREE TRADE")
"""How the titles of aggregates begin, such as European Union - 27 countries (from 2020)."""

_REGIONS = frozenset(
    text.upper()
    for number, named in REGIONS.items()
    for text in (number, number.lstrip("0"), named)
)

_AMBIGUOUS = {
    "korea": ("KOR", "PRK"),
    "congo": ("COD", "COG"),
    "virgin islands": ("VGB", "VIR"),
    "saint martin": ("MAF", "SXM"),
    "st. martin": ("MAF", "SXM"),
    "guiana": ("GUF", "GUY"),
    "yugoslavia": ("YUG", "SCG"),
    "cs": ("CSK", "SCG"),
    "antilles": ("ANT", "BES", "CUW", "SXM"),
    "230": ("ETH", "ERI"),
    "280": ("DEU", "DDR"),
    "736": ("SDN", "SSD"),
    "886": ("YEM", "YMD"),
}
"""Names that several areas bear, and M49 numbers of territories that no code of today has:
Ethiopia with Eritrea, the Federal Republic of Germany before 1990, Sudan with South Sudan,
the Yemen Arab Republic."""


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("migov.core").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def table() -> dict[str, dict[str, str]]:
    """Return the areas by ISO 3166-1 alpha-3 code.

    Returns
    -------
    dict of dict
        ``iso3, iso2, m49, name, aliases, from, to, successors``; the dates bound States of the
        past, successors are the areas that have their territory, or parts of a joint figure.

    Examples
    --------
    >>> table()["MDA"]["iso2"], table()["MDA"]["m49"]
    ('MD', '498')
    """
    return {row["iso3"]: row for row in _rows("areas.csv")}


def _fold(text: str) -> str:
    """Return a spelling without case and accents; ``Türkiye`` and ``Turkiye`` are one name."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def _index() -> dict[str, str]:
    found: dict[str, str] = {}
    # Areas of today come first: a State of the past never takes a code from them.
    rows = sorted(table().items(), key=lambda item: bool(item[1]["to"]))
    for code, row in rows:
        spellings = [code, row["iso2"], row["m49"], row["m49"].zfill(3) if row["m49"] else ""]
        for text in [*spellings, row["name"], *row["aliases"].split(";")]:
            if text:
                found.setdefault(_fold(text), code)
    return found


def code(text: object, where: str = "areas") -> str:
    """Return the alpha-3 code of an area given by code, M49 number or exact name.

    Parameters
    ----------
    text : str or int
        ISO 3166-1 alpha-2 or alpha-3, UN M49, or a name of the table.
    where : str
        The call that an error names.

    Raises
    ------
    CodeError
        Unknown, or a name that several areas bear; names are never guessed.

    Examples
    --------
    >>> code("MD"), code("Germany"), code(8), code("NA")
    ('MDA', 'DEU', 'ALB', 'NAM')
    """
    plain = str(text).strip()
    key = _fold(plain)
    if key in _AMBIGUOUS:
        named = " or ".join(f"{table()[c]['name']} {c}" for c in _AMBIGUOUS[key])
        raise CodeError(where, f"{plain!r} may be {named}", "give the code", 4, "area")
    found = _index().get(key)
    if found is None:
        raise CodeError(where, f"{plain!r} is no area{suggestion(plain)}", _SPELT, 4, "area")
    return found


_SPELT = "an ISO 3166-1 or M49 code, or a name of migov.core.areas.table()"
"""What is written for an area."""


def suggestion(text: str) -> str:
    """Return ``": Germany is DEU"`` where `text` nearly names an area, else nothing.

    Examples
    --------
    >>> suggestion("Germny")
    ': Germany is DEU'
    """
    near = difflib.get_close_matches(_fold(text), _index(), n=1, cutoff=0.8)
    if not near or len(text) < 4:
        return ""
    found = _index()[near[0]]
    return f": {table()[found]['name']} is {found}"


def name(area: str) -> str:
    """Return the English short name of an area; an unknown code stands for itself.

    Examples
    --------
    >>> name("KGZ")
    'Kyrgyzstan'
    """
    row = table().get(area)
    return area if row is None else row["name"]


def is_total(label: object) -> bool:
    """Tell whether a label is an aggregate and not an area.

    Examples
    --------
    >>> is_total("World"), is_total("Euro area - 20 countries"), is_total("DEU")
    (True, True, False)
    """
    text = str(label).strip().upper()
    return text in TOTALS or text in _REGIONS or text in groups() or text.startswith(_UNIONS)


def successors(area: str) -> tuple[str, ...]:
    """Return the areas that have the territory of a State of the past, or share a joint figure.

    Examples
    --------
    >>> successors("CSK"), successors("CHI"), successors("DEU")
    (('CZE', 'SVK'), ('GGY', 'JEY'), ())
    """
    row = table().get(area)
    return tuple(part for part in row["successors"].split(";") if part) if row else ()


def overlaps(labels: Iterable[object]) -> tuple[tuple[str, str], ...]:
    """Return the pairs among some areas of which one has territory of the other.

    Examples
    --------
    >>> overlaps(["SUN", "DEU", "MDA"])
    (('SUN', 'MDA'),)
    >>> overlaps(["DE", "DE1", "FR1"])
    (('DE', 'DE1'),)
    """
    codes = [str(label) for label in labels]
    here = set(codes)
    past = [(whole, part) for whole in codes for part in successors(whole) if part in here]
    nested = [(whole, part) for part in codes for whole in _around(part) if whole in here]
    return (*past, *nested)


_REGION = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3}|[A-Z0-9]{1,3})")
_NUTS = {"EL": "GRC", "UK": "GBR"}
"""Countries whose letters in the nomenclature of regions are not those of ISO 3166-1."""
_LETTERED = frozenset({"DE", "FR", "IT", "TR", "UK"})
"""Countries with regions of three letters in it, such as DEA."""


def country_of(region: object) -> str | None:
    """Return the country of a region by its code, alpha-3; None where the code tells none.

    Parameters
    ----------
    region : str
        A code of the European nomenclature of regions (NUTS) or of ISO 3166-2.

    Examples
    --------
    >>> country_of("DE1"), country_of("EL30"), country_of("KG-B"), country_of("DEU")
    ('DEU', 'GRC', 'KGZ', None)
    """
    text = str(region)
    if not _REGION.fullmatch(text) or text in table():
        return None
    plain = "-" not in text and not any(sign.isdigit() for sign in text)
    if plain and (len(text) > 3 or text[:2] not in _LETTERED):
        return None
    return _NUTS.get(text[:2]) or (_index().get(text[:2].casefold()))


def _around(label: str) -> tuple[str, ...]:
    """Return the codes of what a region lies in: its country, and the regions around it."""
    country = country_of(label)
    if country is None:
        return ()
    row = table()[country]
    codes = {label[:2], country, row["iso2"], row["m49"], row["m49"].zfill(3), row["name"]}
    if "-" not in label:
        codes |= {label[:size] for size in range(3, len(label))}
    return tuple(sorted(codes - {""}))


def at_date(area: str, date: str) -> bool:
    """Tell whether an area existed at a date.

    Parameters
    ----------
    area : str
        Alpha-3 code.
    date : str
        ISO date. Beginnings are recorded for States of the past only.

    Raises
    ------
    CodeError
        No such area.
    TimeError
        `date` is no date.

    Examples
    --------
    >>> at_date("CSK", "1990-01-01"), at_date("CSK", "1993-01-01")
    (True, False)
    """
    row = table().get(area)
    if row is None:
        raise CodeError("areas", f"{area!r} is no area{suggestion(str(area))}", _SPELT, 4, "area")
    day = times.day(date, "areas")
    begun = not row["from"] or np.datetime64(row["from"], "D") <= day
    return bool(begun and (not row["to"] or day < np.datetime64(row["to"], "D")))


@cache
def groups() -> tuple[str, ...]:
    """Return the names of the groups.

    Examples
    --------
    >>> "EU" in groups()
    True
    """
    return tuple(sorted({row["group"] for row in _rows("groups.csv")}))


def members(group: str, date: str | None = None, where: str = "areas") -> tuple[str, ...]:
    """Return the areas of a group at a date.

    Parameters
    ----------
    group : str
        One of :func:`groups`.
    date : str, optional
        ISO date; None for today's composition.
    where : str
        The call that an error names.

    Raises
    ------
    CodeError
        No such group, or its composition is recorded only as of a later year.
    TimeError
        `date` is no date.

    Examples
    --------
    >>> len(members("EU")), len(members("EU", "2019-07-01"))
    (27, 28)
    """
    rows = [row for row in _rows("groups.csv") if row["group"] == group]
    if not rows:
        near = difflib.get_close_matches(str(group).upper(), groups(), cutoff=0.5)
        listed = f"one of {', '.join(near)}, or" if near else "one of"
        raise CodeError(
            where,
            f"{group!r} is no group of areas",
            f"{listed} migov.core.areas.groups()",
            4,
            "group",
        )
    if date is None:
        return tuple(row["area"] for row in rows if not row["to"])
    day = times.day(date, where)
    known = [row["from"] for row in rows if len(row["from"]) == 4]
    if known and day < np.datetime64(max(known), "D"):
        raise CodeError(
            where,
            f"the composition of {group} is recorded as of {max(known)}, not for {day}",
            "name the areas",
            4,
            "date",
        )
    return tuple(
        row["area"]
        for row in rows
        if np.datetime64(row["from"], "D") <= day
        and (not row["to"] or day < np.datetime64(row["to"], "D"))
    )
