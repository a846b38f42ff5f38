"""One page on the quality of a data set: every check of every variable, and its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import xarray as xr

from migov.compare.age_heaping import whipple
from migov.compare.checks import breaks, completeness, overlaps, timeliness
from migov.core import ages, status, units
from migov.core.areas import NOTE
from migov.core.blocks import Block, Sections, Table, Text, markdown
from migov.core.definition import definition_of
from migov.core.errors import KindError
from migov.core.vocabulary import check_dimensions, check_numbers

CHECKS = {
    "completeness": ("percent", "cells that hold a number"),
    "unexplained": ("1", "cells without a number and without a reason"),
    "not_observed": ("percent", "numbers that are estimated, imputed, modelled or stylised"),
    "unit": ("1", "whether the unit is told"),
    "impossible_values": ("1", "numbers below zero, infinite, or nobody between thousands"),
    "overlapping_classes": ("1", "classes that overlap"),
    "breaks_flagged": ("1", "breaks that the source flags"),
    "jumps": ("1", "growth far from the median of its series"),
    "heaping": ("1", "Whipple's index, 100 for no preference of ages in 0 and 5"),
    "timeliness": ("month", "longest time from the latest date to publication"),
    "definition": ("1", "fields of the definition that are known"),
}
"""Unit and meaning of each check."""

_NOT_OBSERVED = ("estimated", "forecast", "imputed", "stylised")
_FAIR = 110.0


def quality(
    data: xr.DataArray | xr.Dataset | Mapping[str, xr.DataArray], *, published: str | None = None
) -> xr.Dataset:
    """Check every variable of a data set.

    Parameters
    ----------
    data : DataArray, Dataset or mapping of str to DataArray
        The figures.
    published : str, optional
        ISO date of publication, for timeliness.

    Returns
    -------
    Dataset {variable, check}
        ``value`` in the unit that the coordinate ``unit`` names, missing where a check does
        not apply; ``verdict``: good, look, or not applicable; ``finding``, one line.

    Raises
    ------
    KindError
        An item is no DataArray.

    Examples
    --------
    >>> x = xr.DataArray([1.0, float("nan")], {"area": ["DEU", "MDA"]}, "area", "refugees",
    ...     {"units": "person"})
    >>> found = quality(x)
    >>> found.value.sel(variable="refugees", check="completeness").item()
    50.0
    """
    given = _variables(data)
    names = list(CHECKS)
    values = np.full((len(given), len(names)), np.nan)
    verdicts = np.full(values.shape, "not applicable", dtype="<U14")
    findings = np.full(values.shape, "", dtype="<U200")
    for i, x in enumerate(given.values()):
        for j, name in enumerate(names):
            found = _RUN[name](x, published)
            if found is not None:
                values[i, j], good, text = found
                verdicts[i, j] = "good" if good else "look"
                findings[i, j] = text
    coords = {
        "variable": list(given),
        "check": names,
        "unit": ("check", [CHECKS[name][0] for name in names]),
    }
    dims = ("variable", "check")
    return xr.Dataset(
        {"value": (dims, values), "verdict": (dims, verdicts), "finding": (dims, findings)},
        coords,
        {"published": published or "", "note": NOTE},
    )


def quality_tables(found: xr.Dataset) -> dict[str, pd.DataFrame]:
    """Return the result of :func:`quality` as the tables of a page.

    Parameters
    ----------
    found : Dataset {variable, check}
        From :func:`quality`.

    Returns
    -------
    dict of DataFrame
        ``look``, what deserves a look, one row each; ``all``, the verdicts of every variable,
        a column for each check that applies to one; ``meaning`` of these checks.

    Raises
    ------
    KindError
        `found` is no such Dataset.

    Examples
    --------
    >>> x = xr.DataArray([1.0], {"area": ["DEU"]}, "area", "refugees", {"units": "person"})
    >>> quality_tables(quality(x))["look"].check.tolist()
    ['definition']
    """
    if not isinstance(found, xr.Dataset) or not {"value", "verdict", "finding"} <= set(found):
        raise KindError(
            "quality_page", "found is no result of quality", "quality(data)", None, "found"
        )
    told = found["verdict"].transpose("variable", "check")
    variables, checks = (told[dim].values.tolist() for dim in ("variable", "check"))
    used = [j for j in range(len(checks)) if (told.values[:, j] != "not applicable").any()]
    words = [str(check).replace("_", " ") for check in checks]
    rows = [
        (
            str(variables[i]),
            words[j],
            _shown(found.sel(variable=variables[i], check=checks[j])),
            str(found["finding"].sel(variable=variables[i], check=checks[j]).item()),
        )
        for i in range(len(variables))
        for j in used
        if told.values[i, j] == "look"
    ]
    marks = np.where(told.values == "not applicable", "–", told.values)
    matrix = pd.DataFrame({words[j]: marks[:, j] for j in used})
    matrix.insert(0, "variable", [str(name) for name in variables])
    meaning = [(words[j], CHECKS[checks[j]][1]) for j in used if checks[j] in CHECKS]
    return {
        "look": pd.DataFrame(rows, columns=["variable", "check", "value", "finding"]),
        "all": matrix,
        "meaning": pd.DataFrame(meaning, columns=["check", "what it tells"]),
    }


def _shown(cell: xr.Dataset) -> str:
    """Return the value of a check with its unit."""
    unit = str(cell["unit"].item())
    unit = {"1": "", "percent": " %", "month": " months"}.get(unit, f" {unit}")
    return f"{cell['value'].item():.4g}{unit}"


def quality_summary(found: xr.Dataset) -> str:
    """Return how many variables have something to look at, and when they were published."""
    flawed = int((found["verdict"] == "look").any("check").sum())
    number = found.sizes["variable"]
    several = "variable" if number == 1 else "variables"
    text = f"{number} {several}; {flawed} {'has' if flawed == 1 else 'have'} something to look at."
    told = found.attrs.get("published")
    return f"{text} Published {told}." if told else text


def quality_page(found: xr.Dataset, title: str = "Data quality") -> str:
    """Return the result of :func:`quality` as one page of Markdown.

    What deserves a look comes first, then all verdicts in one table. For a page to hand out in
    HTML see :func:`migov.report.quality_page`.

    Parameters
    ----------
    found : Dataset {variable, check}
        From :func:`quality`.
    title : str
        Of the page.

    Raises
    ------
    KindError
        `found` is no such Dataset.

    Examples
    --------
    >>> x = xr.DataArray([1.0], {"area": ["DEU"]}, "area", "refugees", {"units": "person"})
    >>> print(quality_page(quality(x)).splitlines()[4])
    1 variable; 1 has something to look at.
    """
    return markdown(title, quality_sections(found))


def quality_sections(found: xr.Dataset) -> Sections:
    """Return what the page of quality says, for Markdown and HTML alike."""
    tables = quality_tables(found)
    parts: list[tuple[str, tuple[Block, ...]]] = [("In short", (Text(quality_summary(found)),))]
    if len(tables["look"]):
        caption = "Checks that deserve a look, with what was found"
        parts.append(("To look at", (Table(tables["look"], caption),)))
    caption = "Verdict of each check; – where it does not apply"
    parts.append(("All checks", (Table(tables["all"], caption),)))
    meaning = (Table(tables["meaning"], "Checks"), Text(NOTE, note=True))
    return (*parts, ("What the checks tell", meaning))


def _variables(data: object) -> dict[str, xr.DataArray]:
    if isinstance(data, xr.DataArray):
        given = {str(data.name or "figures"): data}
    elif isinstance(data, xr.Dataset):
        given = {str(name): x for name, x in data.data_vars.items() if x.dtype.kind in "iuf"}
    elif isinstance(data, Mapping):
        given = {str(name): x for name, x in data.items()}
    else:
        raise KindError(
            "quality", f"data is a {type(data).__name__}", "an xarray object", None, "data"
        )
    for x in given.values():
        check_dimensions(x, "quality", "data")
        check_numbers(x, "quality", "data")
    if not given:
        raise KindError("quality", "data has no numbers", "figures to check", None, "data")
    return given


Found = tuple[float, bool, str] | None


def _completeness(x: xr.DataArray, _: str | None) -> Found:
    if not x.size:
        return 0.0, False, "there is no cell"
    found = completeness(x)
    cells = found["cells"]
    told = [
        f"{int(cells.sel(reason=name))} {name.replace('_', ' ')}"
        for name in map(str, cells["reason"].values)
        if int(cells.sel(reason=name))
    ]
    share = float(found["share"])
    return share, share == 100.0, ", ".join(told) or "every cell holds a number"


def _unexplained(x: xr.DataArray, _: str | None) -> Found:
    if not x.size:
        return None
    number = int(completeness(x)["cells"].sel(reason="unexplained"))
    text = "say why in observation_status" if number else "every absent value has a reason"
    return number, number == 0, text


def _not_observed(x: xr.DataArray, _: str | None) -> Found:
    plain, flags = status.take(x)
    if flags is None or not x.size:
        return None
    there = ~np.isnan(plain)
    bits = status.flag(*_NOT_OBSERVED)
    share = 100.0 * float((there & ((flags & bits) > 0)).sum()) / max(float(there.sum()), 1.0)
    names = [n for n in _NOT_OBSERVED if bool(((flags & status.FLAGS[n]) > 0).any())]
    return share, share == 0.0, ", ".join(names) or "all observed, by their status"


def _unit(x: xr.DataArray, _: str | None) -> Found:
    told = str(x.attrs.get("units", ""))
    return float(bool(told)), bool(told), told or 'none: x.assign_attrs(units="person") or another'


def _impossible(x: xr.DataArray, _: str | None) -> Found:
    bad = int(np.isinf(x).sum())
    unit = str(x.attrs.get("units", ""))
    counts = unit.split("/")[0].split()[-1:] in (["person"], ["event"])
    below = int((x < 0).sum()) if counts else 0
    nobody = _nobody(x, unit) if counts else 0
    named = ((below, "below zero"), (bad, "infinite"), (nobody, "zero between thousands"))
    text = ", ".join(f"{number} {what}" for number, what in named if number)
    return below + bad + nobody, not text, text or "none"


def _nobody(x: xr.DataArray, unit: str) -> int:
    """Return how many zeros stand between thousands in their series: a number that is absent."""
    dim = "period" if "period" in x.dims else "time"
    if dim not in x.dims:
        return 0
    plain = status.take(x)[0].transpose(..., dim)
    values = np.asarray(plain.values, float) * units.factor(unit, units.coherent(unit))
    sides = []
    for side in (values, values[..., ::-1]):
        places = np.where(side > 0, np.arange(side.shape[-1]), -1)
        last = np.maximum.accumulate(places, axis=-1)
        near = np.where(last < 0, 0.0, np.take_along_axis(side, np.maximum(last, 0), -1))
        sides.append(near >= 1000.0)
    return int(((values == 0) & sides[0] & sides[1][..., ::-1]).sum())


def _overlapping(x: xr.DataArray, _: str | None) -> Found:
    found = overlaps(x)
    return len(found), found.empty, "; ".join(found["fault"].head(2)) or "none"


def _series(x: xr.DataArray) -> xr.Dataset | None:
    dim = "period" if "period" in x.dims else "time"
    if dim not in x.dims or x.sizes[dim] < 3:
        return None
    return breaks(x)


def _flagged(x: xr.DataArray, _: str | None) -> Found:
    flags = status.take(x)[1]
    if flags is None:
        return None
    number = int(((flags & status.FLAGS["break"]) > 0).sum())
    return number, number == 0, "never join a series across one" if number else "none"


def _jumps(x: xr.DataArray, _: str | None) -> Found:
    found = _series(x)
    if found is None:
        return None
    number = int(found["jump"].sum())
    dim = "period" if "period" in x.dims else "time"
    rest = [name for name in found["jump"].dims if name != dim]
    when = found["jump"].any(rest)
    days = [str(day)[:10] for day in when[dim].values[when.values]]
    return number, number == 0, ("at " + ", ".join(days[:4])) if days else "none"


def _heaping(x: xr.DataArray, _: str | None) -> Found:
    if "age" not in x.dims or "age_width" not in x.coords:
        return None
    single = np.asarray(x.coords["age"].values, float)[ages.widths(x) == 1]
    if not set(range(23, 63)) <= set(single.tolist()):
        return None
    worst = float(whipple(x).max())
    scale = ((105, "highly accurate"), (110, "fairly accurate"), (125, "approximate"))
    word = next((text for limit, text in (*scale, (175, "rough")) if worst <= limit), "very rough")
    return worst, worst <= _FAIR, f"the highest of all series: {word}"


def _timeliness(x: xr.DataArray, published: str | None) -> Found:
    if published is None or not {"time", "period"} & set(x.dims):
        return None
    worst = float(timeliness(x, published).max())
    return worst, worst <= 24.0, "from the latest date to publication; good up to two years"


def _definition(x: xr.DataArray, _: str | None) -> Found:
    found = definition_of(x)
    if found is None:
        return 0.0, False, "undeclared: x = migov.define(x, …)"
    return len(found.known()), True, found.name


_RUN: dict[str, Callable[[xr.DataArray, str | None], Found]] = {
    "completeness": _completeness,
    "unexplained": _unexplained,
    "not_observed": _not_observed,
    "unit": _unit,
    "impossible_values": _impossible,
    "overlapping_classes": _overlapping,
    "breaks_flagged": _flagged,
    "jumps": _jumps,
    "heaping": _heaping,
    "timeliness": _timeliness,
    "definition": _definition,
}
