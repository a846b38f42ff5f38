"""The catalogue of indicators: found by id, text, theme, input or code, without loading all.

The index of our own classes is a table in the package, written from the classes and compared
with them by a test. Other distributions add indicators through entry points of the group
``migov.indicators``, named by their ids.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import attrs

from migov.core.errors import CodeError, KindError, MigovError
from migov.core.indicator import REGISTERED, Indicator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import EntryPoint

    import pandas as pd

GROUP = "migov.indicators"
THEMES: dict[str, tuple[str, ...]] = {
    "ageing": ("ageing", "growth", "fertility_mortality"),
    "stocks": ("stocks", "emigrants"),
    "flows": ("flows", "migration_intensity", "migration_age"),
    "border": ("border", "asylum", "protection", "safety"),
    "labour": ("labour_market", "mismatch", "shortage_indicators", "recognition",
               "work_conditions"),
    "development": ("remittances", "recruitment", "income", "health", "skills_at_origin"),
    "integration": ("integration",),
    "schemes": ("schemes", "scheme_outcomes", "scheme_workers"),
    "data": ("data_quality",),
    "governance": ("governance_indicators",),
}  # fmt: skip
"""The themes that people look under, and the files that hold each of them."""


@attrs.frozen
class Entry:
    """A line of the catalogue.

    Parameters
    ----------
    id, title, theme, unit, direction : str
        As the class says.
    codes, synonyms, inputs : tuple of str
        Official codes, other titles, titles of the inputs.
    place : str
        ``module:Class``, or the distribution of a plugin.
    error : str
        Why a plugin could not be loaded; empty where it could.
    """

    id: str
    title: str
    theme: str
    unit: str
    direction: str
    codes: tuple[str, ...]
    synonyms: tuple[str, ...]
    inputs: tuple[str, ...]
    place: str
    error: str = ""


def entry_of(cls: type[Indicator], place: str = "") -> Entry:
    """Return the catalogue's line for a class.

    Examples
    --------
    >>> import migov as mg
    >>> entry_of(mg.OldAgeDependencyRatio).theme
    'ageing'
    """
    info = cls.info
    return Entry(
        info.id,
        info.title,
        info.theme,
        info.unit,
        info.direction,
        info.codes,
        info.synonyms,
        tuple(contract.title for contract in cls.contracts().values()),
        place or f"{cls.__module__}:{cls.__qualname__}",
    )


@cache
def _index() -> dict[str, Entry]:
    """Return our own lines, from the table in the package."""
    table = import_module("migov.indicators._index").ENTRIES
    return {line[0]: Entry(*line) for line in table}


@cache
def _plugins() -> dict[str, tuple[EntryPoint, ...]]:
    from importlib.metadata import entry_points

    found: dict[str, tuple[EntryPoint, ...]] = {}
    for point in entry_points(group=GROUP):
        found[point.name] = (*found.get(point.name, ()), point)
    return found


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.value


def ids() -> tuple[str, ...]:
    """Return all ids, plugins' included, in alphabetical order.

    Examples
    --------
    >>> "old_age_dependency_ratio" in ids()
    True
    """
    return tuple(sorted({*_index(), *_plugins(), *REGISTERED}))


def get(id: str) -> type[Indicator]:  # noqa: A002 - the catalogue's word
    """Return the class of an id; only its theme is imported.

    Parameters
    ----------
    id : str
        Such as ``"sdg_10_7_4"``; an official code (``"10.7.4"``) is understood too.

    Raises
    ------
    CodeError
        No such id; two distributions give the same id; or a plugin fails to load.
    KindError
        `id` is no text.

    Examples
    --------
    >>> get("old_age_dependency_ratio")().lower
    15
    """
    where = "catalogue.get"
    if not isinstance(id, str):
        told = f"id is a {type(id).__name__}, expected text"
        raise KindError(where, told, 'such as "sdg_10_7_4", or migov.catalogue.search(…)', 9, "id")
    points = _plugins().get(id, ())
    own = _index().get(id)
    if len(points) + (own is not None) > 1:
        named = [_distribution(point) for point in points] + (["migov"] if own else [])
        raise CodeError(
            where, f"{id!r} is given by {' and by '.join(named)}", "remove one", 9, "id"
        )
    if own is not None:
        module, _, name = own.place.partition(":")
        found = getattr(import_module(module), name)
        return cast("type[Indicator]", found)
    if points:
        return _load(points[0])
    if id in REGISTERED:
        return REGISTERED[id]
    coded = [entry.id for entry in _index().values() if id in entry.codes]
    if len(coded) == 1:
        return get(coded[0])
    near = coded or difflib.get_close_matches(id, ids(), n=3, cutoff=0.6)
    mend = f"one of {', '.join(near)}" if near else "migov.catalogue.search(…)"
    raise CodeError(where, f"{id!r} is no indicator", mend, 9, "id")


def _load(point: EntryPoint) -> type[Indicator]:
    where = "catalogue.get"
    try:
        found = point.load()
    except Exception as fault:  # whatever a plugin raises must not break the others
        raise CodeError(
            where,
            f"{point.name!r} of {_distribution(point)} cannot be loaded: {fault!r}",
            "mend or remove that distribution",
            9,
            "id",
        ) from fault
    if not (isinstance(found, type) and issubclass(found, Indicator)):
        raise CodeError(
            where,
            f"{point.name!r} of {_distribution(point)} is no indicator but {found!r}",
            "the entry point names a class made by @migov.indicator",
            9,
            "id",
        )
    if found.info.id != point.name:
        raise CodeError(
            where,
            f"the entry point {point.name!r} of {_distribution(point)} holds {found.info.id!r}",
            "name the entry point by the id",
            9,
            "id",
        )
    return found


def entries() -> tuple[Entry, ...]:
    """Return every line; plugins are loaded, and one that fails says why in ``error``."""
    lines = dict(_index())
    for name, points in _plugins().items():
        for point in points:
            try:
                lines[name] = entry_of(get(name), _distribution(point))
            except MigovError as fault:
                lines[name] = Entry(
                    name, "", "", "", "none", (), (), (), _distribution(point), fault.what
                )
    for name, cls in REGISTERED.items():
        lines.setdefault(name, entry_of(cls))
    return tuple(lines[name] for name in sorted(lines))


def _matches(entry: Entry, text: str) -> bool:
    words = text.casefold().split()
    found = " ".join([entry.id, entry.title, *entry.codes, *entry.synonyms, *entry.inputs])
    return all(word in found.casefold() for word in words)


def search(
    text: str = "",
    *,
    theme: str = "",
    input: str = "",  # noqa: A002 - the catalogue's word
    code: str = "",
) -> pd.DataFrame:
    """Return the lines that match all that is given.

    Parameters
    ----------
    text : str
        Words of id, title, synonyms, codes or inputs, in any order.
    theme : str
        A theme such as ``"labour"``, with all its files, or the name of one file.
    input : str
        Words of the title of an input.
    code : str
        An official code, such as ``"10.7.4"``.

    Returns
    -------
    DataFrame
        As :func:`table`.

    Raises
    ------
    CodeError
        No such theme.

    Examples
    --------
    >>> "sdg_10_7_4" in search("refugees origin").index
    True
    >>> "remittance_volatility" in search("remittances", theme="development").index
    True
    """
    themes = sorted({entry.theme for entry in entries() if entry.theme} | set(THEMES))
    if theme and theme not in themes:
        raise CodeError(
            "catalogue.search", f"{theme!r} is no theme", f"one of {', '.join(themes)}", 9, "theme"
        )
    files = THEMES.get(theme, (theme,))
    return _frame(
        entry
        for entry in entries()
        if _matches(entry, text)
        and (not theme or entry.theme in files)
        and (not code or code in entry.codes)
        and all(word in " ".join(entry.inputs).casefold() for word in input.casefold().split())
    )


def _frame(lines: Iterable[Entry]) -> pd.DataFrame:
    import pandas as pd

    columns = ("title", "theme", "unit", "direction", "codes", "inputs", "place", "error")
    rows = list(lines)
    data: dict[str, Any] = {
        name: [
            ", ".join(value) if isinstance(value := getattr(row, name), tuple) else value
            for row in rows
        ]
        for name in columns
    }
    return pd.DataFrame(data, index=pd.Index([row.id for row in rows], name="id", dtype=object))


def table() -> pd.DataFrame:
    """Return the whole catalogue as a table, one line an indicator.

    Examples
    --------
    >>> table().loc["old_age_dependency_ratio", "unit"]
    'percent'
    """
    return _frame(entries())


def from_json(text: str) -> Indicator:
    """Return the indicator that :meth:`Indicator.to_json` wrote.

    Examples
    --------
    >>> from_json('{"id": "old_age_dependency_ratio", "parameters": {"lower": 20}}')
    OldAgeDependencyRatio(lower=20, upper=65)
    """
    import json

    told = json.loads(text)
    made: Any = get(told["id"])
    fields = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told["parameters"].items()
    }
    return cast("Indicator", made(**fields))
