"""The lists of codes that a template offers, and the classes that it writes in.

References
----------
ILO (2012), International Standard Classification of Occupations, ISCO-08, volume 1. UNESCO
Institute for Statistics (2012), International Standard Classification of Education, ISCED 2011.
United Nations (2008), International Standard Industrial Classification, ISIC Rev. 4. Titles are
shortened.
"""

from __future__ import annotations

import pandas as pd
import xarray as xr

from migov.compare.needs import CATEGORIES, contracts_of
from migov.core import areas, codes, definitions, status
from migov.core.definition import Definition

_MAJOR = {
    "1": "managers",
    "2": "professionals",
    "3": "technicians and associate professionals",
    "4": "clerical support workers",
    "5": "service and sales workers",
    "6": "skilled agricultural, forestry and fishery workers",
    "7": "craft and related trades workers",
    "8": "plant and machine operators, assemblers",
    "9": "elementary occupations",
    "0": "armed forces occupations",
}
_SECTIONS = {
    "A": "agriculture, forestry, fishing",
    "B": "mining and quarrying",
    "C": "manufacturing",
    "D": "electricity, gas, steam",
    "E": "water supply, sewerage, waste",
    "F": "construction",
    "G": "wholesale and retail trade, repair of vehicles",
    "H": "transport and storage",
    "I": "accommodation and food service",
    "J": "information and communication",
    "K": "finance and insurance",
    "L": "real estate",
    "M": "professional, scientific, technical activities",
    "N": "administrative and support services",
    "O": "public administration, defence, social security",
    "P": "education",
    "Q": "health and social work",
    "R": "arts, entertainment, recreation",
    "S": "other services",
    "T": "households as employers",
    "U": "extraterritorial organisations",
}
_LEVELS = {
    "0-2": "up to lower secondary",
    "3-4": "upper secondary and post-secondary non-tertiary",
    "5-8": "tertiary",
    "0": "early childhood, or no schooling",
    "1": "primary",
    "2": "lower secondary",
    "3": "upper secondary",
    "4": "post-secondary non-tertiary",
    "5": "short-cycle tertiary",
    "6": "bachelor or equivalent",
    "7": "master or equivalent",
    "8": "doctoral or equivalent",
}
_PARTS = {major: codes.subgroups(major) or () for major in _MAJOR}
_TITLES = {
    "education": _LEVELS,
    "occupation": _MAJOR
    | {two: f"in {major}, {_MAJOR[major]}" for major, parts in _PARTS.items() for two in parts},
    "sector": _SECTIONS,
}
PREFILLED: dict[str, tuple[str, ...]] = {
    "sex": ("F", "M"),
    "age": (*(f"{a}-{a + 4}" for a in range(0, 85, 5)), "85+"),
    "education": ("0-2", "3-4", "5-8"),
    "occupation": tuple(_MAJOR),
    "sector": tuple(_SECTIONS),
}
"""Classes that a blank template has a row for each; a partition each."""


def dims_of(needs: xr.Dataset, where: str) -> dict[str, list[str]]:
    """Return the dimensions of each requirement, without time.

    Raises
    ------
    KindError
        `needs` is no result of :func:`requirements`.
    """
    out = {}
    for name, contract in contracts_of(needs, where).items():
        role = contract.role or "area"
        known = [role, *(dim for dim in contract.needs if dim not in ("time", "period", "area"))]
        out[name] = list(dict.fromkeys(known))
    return out


def code_lists(needs: xr.Dataset) -> pd.DataFrame:
    """Return the codes that the columns of a template take.

    Returns
    -------
    DataFrame
        ``column, code, meaning``.

    Examples
    --------
    >>> import migov as mg
    >>> from migov.compare.needs import requirements
    >>> found = code_lists(requirements([mg.OldAgeDependencyRatio]))
    >>> found[found.column == "sex"].empty
    True
    """
    dims = dims_of(needs, "template")
    used = {dim for part in dims.values() for dim in part}
    rows = [("variable", name, "") for name in dims]
    rows += [("sex", code, word) for code, word in (("F", "female"), ("M", "male"))] * (
        "sex" in used
    )
    if used & {"area", "origin", "destination", "citizenship", "birthplace"}:
        rows += [("area", code, row["name"]) for code, row in areas.table().items()]
    for dim in ("education", "occupation", "sector"):
        rows += [(dim, code, title) for code, title in _TITLES[dim].items()] * (dim in used)
    rows += [("age", "", CATEGORIES["age"])] * ("age" in used)
    rows += [("status", name, "") for name in status.FLAGS]
    rows += [("definition", name, found.name) for name, found in ready_made().items()]
    return pd.DataFrame(rows, columns=["column", "code", "meaning"])


def ready_made() -> dict[str, Definition]:
    """Return the ready-made definitions by name.

    Examples
    --------
    >>> ready_made()["EU_862_2007"].stay_months
    12
    """
    return {
        name: value
        for name, value in vars(definitions).items()
        if isinstance(value, Definition) and not name.startswith("_")
    }
