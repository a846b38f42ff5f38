"""Packaged tables: one long table a topic, a manifest, and the sources by key."""

from __future__ import annotations

import difflib
import math
import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, cast

import numpy as np
import pandas as pd
import xarray as xr

from migov.core import ages, definitions, status
from migov.core.definition import ATTRIBUTE, Definition
from migov.core.errors import CodeError, DataError
from migov.datasets.figures import Entry, Figures, freeze, used_keys

_PLAIN = ("series", "value", "status", "source", "period_end")

Columns = dict[str, list[str]]
"""Rows of one series, as text by column."""


def _root() -> Traversable:
    return resources.files("migov.datasets").joinpath("data")


def names() -> tuple[str, ...]:
    """Return the names of the packaged data sets.

    Examples
    --------
    >>> names()
    ('outlook',)
    """
    return tuple(sorted(one.name for one in _root().iterdir() if one.is_dir()))


def load(name: str) -> Figures:
    """Return a packaged data set.

    Parameters
    ----------
    name : str
        One of :func:`names`; ``"outlook"`` holds the figures of the labour-mobility outlook
        for Germany, Albania and Moldova.

    Returns
    -------
    Figures
        A frozen mapping of DataArrays, each with its own grid and its citations.

    Raises
    ------
    CodeError
        There is no such data set.
    DataError
        A packaged table is damaged; all faults told together.

    Examples
    --------
    >>> figures = load("outlook")
    >>> figures.population.dims
    ('time', 'area', 'sex', 'age')
    >>> figures.participation.sel(area="MDA", sex="F", age=65).item()
    61.09
    """
    known = names()
    if name not in known:
        close = difflib.get_close_matches(str(name), known, 3, 0.4) or list(known)
        raise CodeError(
            "datasets.load",
            f"{name!r} is no packaged data set",
            " | ".join(f'migov.datasets.load("{one}")' for one in close),
            None,
            "name",
        )
    return _load(name)


@cache
def _load(name: str) -> Figures:
    folder = _root().joinpath(name)
    manifest = tomllib.loads(folder.joinpath("manifest.toml").read_text(encoding="utf-8"))
    entries = tuple(_entry(key, told) for key, told in manifest["series"].items())
    frames = {t: _table(folder, t) for t in dict.fromkeys(e.table for e in entries)}
    citations, absent = _table(folder, "sources"), _table(folder, "missing")
    cited = {
        key: f"{text} ({table})" if table else text
        for key, text, table in zip(
            citations["key"], citations["citation"], citations["table"], strict=True
        )
    }
    arrays, faults = read_arrays(entries, frames, cited)
    if faults:
        raise DataError(
            "datasets.load",
            f"{len(faults)} faults in the tables of {name!r}",
            "install migov again",
            faults=tuple(faults),
        )
    whole = pd.concat(frames.values(), ignore_index=True).fillna("")
    return Figures(name, manifest["title"], entries, arrays, whole, citations, absent)


def _table(folder: Traversable, name: str) -> pd.DataFrame:
    with folder.joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


def _entry(name: str, told: dict[str, Any]) -> Entry:
    extra = tuple(told.pop("attributes", {}).items())
    return Entry(name=name, dims=tuple(told.pop("dims")), attributes=extra, **told)


def read_arrays(
    entries: tuple[Entry, ...], frames: dict[str, pd.DataFrame], cited: dict[str, str]
) -> tuple[dict[str, xr.DataArray], list[str]]:
    """Read the array of each series from the long tables.

    Parameters
    ----------
    entries : tuple of Entry
        What is told of each series.
    frames : dict of DataFrame
        Tables by name: series, labels, value, status, source, all as text.
    cited : dict of str to str
        Citation of each key of a source.

    Returns
    -------
    arrays : dict of DataArray
        Those that could be read.
    faults : list of str
        Everything that is wrong with the tables.
    """
    arrays: dict[str, xr.DataArray] = {}
    faults: list[str] = []
    parts = {(name, key): part for name in frames for key, part in _parts(frames[name]).items()}
    for entry in entries:
        part = parts.pop((entry.table, entry.name), None)
        if part is None:
            faults.append(f"{entry.name}: no row in table {entry.table!r}")
            continue
        wrong = _faults(entry, part, cited)
        faults += wrong
        if not wrong:
            arrays[entry.name] = _array(entry, part, cited)
    faults += [f"{series}: in table {name!r}, not in the manifest" for name, series in parts]
    return arrays, faults


def _parts(frame: pd.DataFrame) -> dict[str, Columns]:
    """Return the rows of each series of a table; plain lists, since most series are short."""
    columns = cast("Columns", frame.to_dict("list"))
    places: dict[str, list[int]] = {}
    for i, series in enumerate(columns["series"]):
        places.setdefault(series, []).append(i)
    return {
        series: {name: [column[i] for i in at] for name, column in columns.items()}
        for series, at in places.items()
    }


def _faults(entry: Entry, part: Columns, cited: dict[str, str]) -> list[str]:
    """Return what is wrong with the rows of one series."""
    lacking = [name for name in entry.dims if "" in part.get(name, [""])]
    if lacking:
        return [f"{entry.name}: rows without {', '.join(lacking)}"]
    unknown = [key for key in used_keys(part["source"]) if key not in cited]
    found = [f"{entry.name}: source {key!r} is unknown" for key in unknown]
    free = [name for name in part if name not in (*_PLAIN, *entry.dims)]
    loose = [name for name in free if len(set(part[name])) > 1]
    found += [f"{entry.name}: {name} differs along the rows" for name in loose]
    cells = list(zip(*(part[name] for name in entry.dims), strict=True)) if entry.dims else [()]
    if len(set(cells)) < len(cells):
        found.append(f"{entry.name}: a cell occurs twice")
    size = math.prod(len(set(part[name])) for name in entry.dims)
    if len(part["value"]) != size:
        found.append(f"{entry.name}: {len(part['value'])} rows for {size} cells")
    for value, text in zip(part["value"], part["status"], strict=True):
        reason = bool(status.read(text) & status.ABSENT)
        if reason != (value == "") or not _is_number(value or "0"):
            found.append(f"{entry.name}: value {value!r} with status {text!r}")
    return found


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _array(entry: Entry, part: Columns, cited: dict[str, str]) -> xr.DataArray:
    """Return one series as an array with its attributes and status, not to be written to."""
    coords: dict[str, Any] = {}
    places: list[np.ndarray] = []
    for name in entry.dims:
        labels = _ordered(name, part[name])
        coords |= _coordinate(name, labels, part)
        rank = {label: i for i, label in enumerate(labels)}
        places.append(np.array([rank[label] for label in part[name]]))
    shape = tuple(int(place.max()) + 1 for place in places)
    values, flags = np.full(shape, np.nan), np.zeros(shape, np.uint16)
    numbers = [float(value) if value else math.nan for value in part["value"]]
    bits = [status.read(text) for text in part["status"]]
    values[tuple(places)] = numbers if places else numbers[0]
    flags[tuple(places)] = bits if places else bits[0]
    for name in part:
        if name not in (*_PLAIN, *entry.dims) and part[name][0]:
            coords |= _scalar(name, part)
    coords[status.NAME] = (entry.dims, _still(flags), status.ATTRS)
    told = _attributes(entry, flags, used_keys(part["source"]), cited)
    return freeze(xr.DataArray(_still(values), coords, entry.dims, entry.name, told))


def _still(values: np.ndarray) -> np.ndarray:
    """Return the array itself, closed to writing, so that freezing need not copy it."""
    values.flags.writeable = False
    return values


def _attributes(
    entry: Entry, flags: np.ndarray, keys: list[str], cited: dict[str, str]
) -> dict[str, Any]:
    assumed = (flags & status.FLAGS["stylised"]) > 0
    mark = " (stylised)" if assumed.all() else " (partly stylised)" if assumed.any() else ""
    told: dict[str, Any] = {
        "units": entry.unit,
        "long_name": entry.title + mark,
        "series": entry.series,
        "edition": entry.edition,
        "references": "; ".join(cited[key] for key in keys),
        "stylised": int(assumed.any()),
    }
    if entry.price_base:
        told["price_base"] = entry.price_base
    if entry.notes:
        told["notes"] = entry.notes
    if entry.definition:
        found: Definition = getattr(definitions, entry.definition)
        told[ATTRIBUTE] = found.to_json()
    return told | dict(entry.attributes)


def _ordered(name: str, column: list[str]) -> list[str]:
    """Return the labels of a dimension: dates and ages in order, others as they occur."""
    labels = list(dict.fromkeys(column))
    if name in ("time", "period"):
        return sorted(labels)
    return sorted(labels, key=lambda label: _age(label)[0]) if name == "age" else labels


def _age(label: str) -> tuple[int, float]:
    lower, width = ages.parse(label) or (-1, None)
    return lower, 1.0 if width is None else width


def _coordinate(name: str, labels: list[str], part: Columns) -> dict[str, Any]:
    if name == "age":
        bounds = [_age(label) for label in labels]
        return {
            "age": ("age", np.array([lower for lower, _ in bounds])),
            "age_width": ("age", _still(np.array([width for _, width in bounds]))),
        }
    if name not in ("time", "period"):
        return {name: (name, np.array(labels))}
    found = {name: (name, np.array(labels, "M8[s]"))}
    if name == "period":
        ends = dict(zip(part["period"], part["period_end"], strict=True))
        stops = np.array([ends[label] for label in labels], "M8[s]")
        found["period_end"] = ("period", _still(stops))
    return found


def _scalar(name: str, part: Columns) -> dict[str, Any]:
    label = part[name][0]
    if name == "age":
        lower, width = _age(label)
        return {"age": lower, "age_width": width}
    if name not in ("time", "period"):
        return {name: label}
    found = {name: np.datetime64(label, "s")}
    if name == "period":
        found["period_end"] = np.datetime64(part["period_end"][0], "s")
    return found
