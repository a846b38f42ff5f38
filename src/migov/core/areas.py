"""Areas: one dated table of codes and names, and dated groups of them.

Names and borders are those of the sources of a data set; a code here says nothing of the
status of any territory. Codes are ISO 3166-1 alpha-3 (``XKX`` for Kosovo, under UNSCR 1244, as
statistical offices use it) and UN M49.
"""

from __future__ import annotations

import csv
import difflib
from functools import cache
from importlib import resources

import numpy as np

from migov.core.errors import CodeError

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

_AMBIGUOUS = {
    "korea": ("KOR", "PRK"),
    "congo": ("COD", "COG"),
    "virgin islands": ("VGB", "VIR"),
    "saint martin": ("MAF", "SXM"),
}


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("migov.core").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def table() -> dict[str, dict[str, str]]:
    """Return the areas by ISO 3166-1 alpha-3 code.

    Returns
    -------
    dict of dict
        ``iso3, iso2, m49, name, aliases, from, to``; the dates bound States of the past.

    Examples
    --------
    >>> table()["MDA"]["iso2"], table()["MDA"]["m49"]
    ('MD', '498')
    """
    return {row["iso3"]: row for row in _rows("areas.csv")}


@cache
def _index() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, row in table().items():
        spellings = [code, row["iso2"], row["m49"], row["m49"].zfill(3) if row["m49"] else ""]
        for text in [*spellings, row["name"], *row["aliases"].split(";")]:
            if text:
                found.setdefault(text.casefold(), code)
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
    key = plain.casefold()
    if key in _AMBIGUOUS:
        named = " or ".join(f"{table()[c]['name']} {c}" for c in _AMBIGUOUS[key])
        raise CodeError(where, f"{plain!r} may be {named}", "give the code", 4, "area")
    found = _index().get(key)
    if found is None:
        raise CodeError(where, f"{plain!r} is no area{suggestion(plain)}", "", 4, "area")
    return found


def suggestion(text: str) -> str:
    """Return ``": Germany is DEU"`` where `text` nearly names an area, else nothing.

    Examples
    --------
    >>> suggestion("Germny")
    ': Germany is DEU'
    """
    near = difflib.get_close_matches(text.casefold(), _index(), n=1, cutoff=0.8)
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
    >>> is_total("World"), is_total("DEU")
    (True, False)
    """
    return str(label).strip().upper() in TOTALS


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

    Examples
    --------
    >>> len(members("EU")), len(members("EU", "2019-07-01"))
    (27, 28)
    """
    rows = [row for row in _rows("groups.csv") if row["group"] == group]
    if not rows:
        raise CodeError(
            where, f"{group!r} is no group of areas", f"one of {', '.join(groups())}", 4, "group"
        )
    if date is None:
        return tuple(row["area"] for row in rows if not row["to"])
    day = np.datetime64(date, "D")
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
