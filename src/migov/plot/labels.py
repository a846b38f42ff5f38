"""Labels as a figure writes them: areas, occupations, dates, actors, definitions, sources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import ages, align, areas, units
from migov.core.boundary import RECIPE
from migov.core.definition import Definition, definition_of
from migov.core.vocabulary import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr

ISCO_MAJOR = {
    "0": "Armed forces",
    "1": "Managers",
    "2": "Professionals",
    "3": "Technicians and associate professionals",
    "4": "Clerical support",
    "5": "Services and sales",
    "6": "Skilled agriculture",
    "7": "Craft and related trades",
    "8": "Machine operators and drivers",
    "9": "Elementary occupations",
}
"""Short titles of the major groups of ISCO-08 (ILO 2012)."""

ISCO_SUB_MAJOR = {
    "01": "Commissioned officers",
    "02": "Non-commissioned officers",
    "03": "Armed forces, other ranks",
    "11": "Chief executives, officials",
    "12": "Administrative managers",
    "13": "Production managers",
    "14": "Hospitality and retail managers",
    "21": "Science and engineering professionals",
    "22": "Health professionals",
    "23": "Teaching professionals",
    "24": "Business professionals",
    "25": "ICT professionals",
    "26": "Legal, social, cultural professionals",
    "31": "Science and engineering technicians",
    "32": "Health associate professionals",
    "33": "Business associate professionals",
    "34": "Legal, social, cultural associates",
    "35": "ICT technicians",
    "41": "General and keyboard clerks",
    "42": "Customer services clerks",
    "43": "Numerical and material recording clerks",
    "44": "Other clerical support",
    "51": "Personal services",
    "52": "Sales",
    "53": "Personal care",
    "54": "Protective services",
    "61": "Market-oriented agriculture",
    "62": "Market-oriented forestry, fishing",
    "63": "Subsistence farming, fishing",
    "71": "Building trades",
    "72": "Metal and machinery trades",
    "73": "Handicraft and printing",
    "74": "Electrical and electronic trades",
    "75": "Food, wood, garment trades",
    "81": "Plant and machine operators",
    "82": "Assemblers",
    "83": "Drivers and mobile plant operators",
    "91": "Cleaners and helpers",
    "92": "Agricultural labourers",
    "93": "Mining, construction, transport labourers",
    "94": "Food preparation assistants",
    "95": "Street and related services",
    "96": "Refuse and other elementary",
}
"""Short titles of the sub-major groups of ISCO-08 (ILO 2012)."""

_FIXED = {
    ("sex", "F"): "Female",
    ("sex", "M"): "Male",
    ("sex", "_T"): "Both sexes",
    ("actor", "origin"): "Country of origin",
    ("actor", "destination"): "Country of destination",
    ("actor", "transit"): "Country of transit",
}
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_SHORTEST = 12


def capital(text: str) -> str:
    """Return a text whose first letter is a capital.

    Examples
    --------
    >>> capital("persons by age")
    'Persons by age'
    """
    return text[:1].upper() + text[1:]


def day(value: Any) -> str:
    """Return an instant as a date in words.

    Examples
    --------
    >>> day(np.datetime64("2025-07-01"))
    '1 July 2025'
    """
    year, month, date = str(np.datetime64(value, "D")).split("-")
    return f"{int(date)} {_MONTHS[int(month) - 1]} {year}"


def interval(start: Any, end: Any) -> str:
    """Return an interval in words.

    Examples
    --------
    >>> interval(np.datetime64("2024-01-01"), np.datetime64("2025-01-01"))
    '2024'
    >>> interval(np.datetime64("2020-07-01"), np.datetime64("2025-07-01"))
    '2020–2025'
    """
    first, last = str(np.datetime64(start, "D")), str(np.datetime64(end, "D"))
    if first[4:] != last[4:]:
        return f"{day(start)} to {day(end)}"
    if first[4:] == "-01-01" and int(last[:4]) == int(first[:4]) + 1:
        return first[:4]
    return f"{first[:4]}–{last[:4]}"


def common_day(values: Any) -> str | None:
    """Return the day of the year that several instants share, or None.

    Examples
    --------
    >>> common_day(np.array(["2020-07-01", "2025-07-01"], "M8[s]"))
    '1 July'
    """
    days = {day(value).rsplit(" ", 1)[0] for value in np.atleast_1d(values)}
    return days.pop() if len(days) == 1 else None


def one(dimension: str, value: Any) -> str:
    """Return the label of one value of a dimension.

    Examples
    --------
    >>> one("area", "MDA"), one("occupation", "9"), one("actor", "migrants"), one("sex", "F")
    ('Moldova', 'Elementary occupations', 'Migrants', 'Female')
    """
    text = str(value)
    if dimension in ROLES:
        return areas.name(text)
    if dimension == "time":
        return day(value)
    if dimension == "occupation":
        return ISCO_MAJOR.get(text) or ISCO_SUB_MAJOR.get(text, text)
    if (dimension, text) in _FIXED:
        return _FIXED[dimension, text]
    return text if dimension in ("quantile", "member") else capital(text.replace("_", " "))


def along(x: xr.DataArray, dimension: str) -> list[str]:
    """Return the labels along a dimension, in the order given.

    Examples
    --------
    >>> import xarray as xr
    >>> along(xr.DataArray([1.0, 2.0], {"area": ["KGZ", "ALB"]}, "area"), "area")
    ['Kyrgyzstan', 'Albania']
    """
    values = x.indexes[dimension]
    if dimension == "age":
        widths = ages.widths(x)
        return [ages.label(low, width) for low, width in zip(values, widths, strict=True)]
    if dimension == "period":
        ends = x.coords["period_end"].values
        return [interval(start, end) for start, end in zip(x.period.values, ends, strict=True)]
    if dimension == "time" and common_day(x.time.values):
        return [str(value)[:4] for value in x.time.values]
    scheme = x.coords[dimension].attrs.get("classification", "ISCO-08")
    if dimension == "occupation" and scheme != "ISCO-08":
        return [str(value) for value in values]  # the same digits mean other work there
    return [one(dimension, value) for value in values]


def context(x: xr.DataArray) -> list[str]:
    """Return what the scalar coordinates say: place first, then the rest.

    Examples
    --------
    >>> import xarray as xr
    >>> context(xr.DataArray(1.0, {"sex": "F", "area": "MDA"}))
    ['Moldova', 'Female']
    """
    found = align.scalars(x)
    order = sorted(found, key=lambda name: (name not in ROLES, name in ("member", "quantile")))
    texts = []
    for name in order:
        if name == "period":
            end = x.coords.get("period_end")
            texts.append(day(found[name]) if end is None else interval(found[name], end.values[()]))
        elif name == "age":
            texts.append("Age " + ages.label(float(found[name]), float(ages.widths(x)[0])))
        elif name in ("member", "quantile"):
            texts.append(f"{name} {found[name]}")
        elif name in ("origin", "destination"):
            texts.append(("from " if name == "origin" else "to ") + one(name, found[name]))
        else:
            texts.append(one(name, found[name]))
    return texts


def title(x: xr.DataArray, given: str | None) -> str:
    """Return the title that was given, or the one the array has, without its own mark.

    Whether a figure is stylised is told from the status of what is drawn.

    Examples
    --------
    >>> import xarray as xr
    >>> title(xr.DataArray(1.0, attrs={"long_name": "vacancies (stylised)"}), None)
    'Vacancies'
    """
    if given is not None:
        return given
    told = str(x.attrs.get("long_name") or x.attrs.get("title") or x.name or "").strip()
    for mark in (" (stylised)", " (partly stylised)"):
        told = told.removesuffix(mark)
    return capital(told)


def _named(definition: Definition) -> str:
    edition = definition.edition
    if edition == "unknown" or edition in definition.name:
        return definition.name or "definition without a name"
    return f"{definition.name} ({edition})" if definition.name else edition


def definition(x: xr.DataArray) -> str:
    """Return name and edition of a definition, or those of the inputs of a result.

    A count of persons or events without one says ``definition undeclared``.

    Examples
    --------
    >>> import xarray as xr
    >>> definition(xr.DataArray(1.0, attrs={"units": "person"}))
    'definition undeclared'
    """
    declared = definition_of(x)
    if declared is not None:
        return _named(declared)
    if RECIPE in x.attrs:
        inputs = json.loads(x.attrs[RECIPE]).get("inputs", {})
        texts = [told["definition"] for told in inputs.values() if "definition" in told]
        return "; ".join(dict.fromkeys(_named(Definition.from_json(text)) for text in texts))
    counted = set(units.powers(str(x.attrs.get("units", "")))) & {"person", "event"}
    return "definition undeclared" if counted else ""


def shortened(text: str, most: int) -> str:
    """Return a text cut at a word, with an ellipsis, where it is longer than `most`.

    Examples
    --------
    >>> shortened("United Nations (2024), World Population Prospects 2024", 32)
    'United Nations (2024), World …'
    """
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return cut[: max(cut.rfind(" "), _SHORTEST)].rstrip(" ,;") + " …"


def source(arrays: Iterable[xr.DataArray], most: int = 160) -> str:
    """Return the line of sources from the attribute ``references``, shortened.

    Examples
    --------
    >>> import xarray as xr
    >>> source([xr.DataArray(1.0, attrs={"references": "United Nations (2024)"})])
    'Source: United Nations (2024)'
    """
    found: dict[str, None] = {}
    for x in arrays:
        told = x.attrs.get("references", ())
        texts = [told] if isinstance(told, str) else list(told)
        found.update(dict.fromkeys(" ".join(str(text).split()) for text in texts if str(text)))
    if not found:
        return ""
    each = max(most // len(found), 40)
    joined = "; ".join(shortened(text.rstrip("."), each) for text in found)
    return ("Source: " if len(found) == 1 else "Sources: ") + shortened(joined, most)
