"""What data the chosen indicators need, and which State has to collect them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import catalogue
from migov.core.errors import CodeError, KindError
from migov.core.indicator import Indicator
from migov.core.inputs import Input

ACTORS = ("origin", "transit", "destination")
"""The States that collect: of origin, of transit, of destination."""

CATEGORIES = {
    "sex": "F, M (SDMX)",
    "age": "single years, or five-year groups with an open last one",
    "area": "ISO 3166-1 alpha-3",
    "origin": "ISO 3166-1 alpha-3",
    "destination": "ISO 3166-1 alpha-3",
    "citizenship": "ISO 3166-1 alpha-3",
    "birthplace": "ISO 3166-1 alpha-3",
    "education": "ISCED 2011",
    "occupation": "ISCO-08, one level",
    "sector": "ISIC Rev. 4, sections",
}
"""Code list of each dimension that has one."""

_FREQUENCY = {
    "stock": "once a year, at one date that is told",
    "flow": "each year, as an interval with its end",
    "": "once a year",
}
Chosen = str | type[Indicator] | Indicator


def _resolve(item: Chosen) -> type[Indicator]:
    if isinstance(item, str):
        return catalogue.get(item)
    found = item if isinstance(item, type) else type(item)
    if not (isinstance(found, type) and issubclass(found, Indicator)):
        raise KindError(
            "requirements",
            f"indicators holds a {found.__name__}",
            "classes of the catalogue, their objects, or ids",
            None,
            "indicators",
        )
    return found


def requirements(indicators: Sequence[Chosen]) -> xr.Dataset:
    """Return the data that indicators need, from the contracts of their inputs.

    Parameters
    ----------
    indicators : sequence
        Classes of the catalogue, their objects, or ids.

    Returns
    -------
    Dataset {requirement, actor}
        ``collects``: whether the State of the actor collects it; by requirement also ``unit``,
        ``kind`` (stock or flow), ``dimensions``, ``categories``, ``definition``,
        ``frequency``, ``sources``, ``arguments``, ``needed_by`` and ``contract``. One input
        that several indicators take is one requirement.

    Raises
    ------
    CodeError
        An id is unknown, or no indicator is given.
    KindError
        An item is no indicator.

    Examples
    --------
    >>> import migov as mg
    >>> needs = requirements([mg.OldAgeDependencyRatio, mg.RefugeesPerOrigin])
    >>> needs.requirement.values.tolist()
    ['population by age', 'refugees by country of origin', 'population of the country of origin']
    >>> needs.collects.sel(actor="transit").values
    array([ True,  True, False])
    """
    if isinstance(indicators, str) or not isinstance(indicators, Sequence):
        raise KindError(
            "requirements",
            f"indicators is a {type(indicators).__name__}",
            "a list of classes, objects or ids",
            None,
            "indicators",
        )
    found: dict[str, tuple[Input, list[str], list[str]]] = {}
    for item in indicators:
        cls = _resolve(item)
        for argument, contract in cls.contracts().items():
            name = _name(contract, found)
            _, arguments, users = found.setdefault(name, (contract, [], []))
            arguments += [argument] if argument not in arguments else []
            users += [cls.info.id] if cls.info.id not in users else []
    if not found:
        raise CodeError(
            "requirements",
            "no indicator is given",
            "requirements([migov.OldAgeDependencyRatio, …])",
            None,
            "indicators",
        )
    return _dataset(found)


def _name(contract: Input, found: dict[str, tuple[Input, list[str], list[str]]]) -> str:
    """Return the title of a contract; another contract of the same title tells its difference."""
    name = contract.title
    if name in found and found[name][0] != contract:
        name = f"{contract.title} ({', '.join([contract.unit, *contract.needs])})"
    number = 2
    plain = name
    while name in found and found[name][0] != contract:
        name, number = f"{plain} {number}", number + 1
    return name


def _dimensions(contract: Input) -> list[str]:
    time = {"stock": ["time"], "flow": ["period"]}.get(contract.kind, [])
    role = [contract.role] if contract.role else []
    return list(dict.fromkeys([*role, *contract.needs, *time]))


def _asked(contract: Input) -> str:
    """Return which fields of its definition an input has to tell."""
    return f", and tells {', '.join(contract.asks)}" if contract.asks else ""


def _dataset(found: dict[str, tuple[Input, list[str], list[str]]]) -> xr.Dataset:
    def column(values: list[str]) -> tuple[str, Any]:
        return "requirement", np.array(values, dtype=np.str_)

    contracts = [entry[0] for entry in found.values()]
    dimensions = [_dimensions(contract) for contract in contracts]
    categories = [
        "; ".join(f"{dim}: {CATEGORIES[dim]}" for dim in part if dim in CATEGORIES)
        for part in dimensions
    ]
    needed = {"needed": "has to be declared: it decides the figure", "": "as the source tells"}
    return xr.Dataset(
        {
            "collects": (
                ("requirement", "actor"),
                np.array([[actor in c.collector for actor in ACTORS] for c in contracts]),
            ),
            "unit": column([c.unit for c in contracts]),
            "kind": column([c.kind or "stock or flow" for c in contracts]),
            "dimensions": column([", ".join(part) for part in dimensions]),
            "categories": column(categories),
            "definition": column([needed[c.definition] + _asked(c) for c in contracts]),
            "frequency": column([_FREQUENCY[c.kind] for c in contracts]),
            "sources": column([c.sources for c in contracts]),
            "arguments": column([", ".join(entry[1]) for entry in found.values()]),
            "needed_by": column([", ".join(entry[2]) for entry in found.values()]),
            "contract": column([json.dumps(attrs.asdict(c), sort_keys=True) for c in contracts]),
        },
        {"requirement": list(found), "actor": list(ACTORS)},
    )


def contracts_of(needs: xr.Dataset, where: str) -> dict[str, Input]:
    """Return the contracts behind a result of :func:`requirements`.

    Raises
    ------
    KindError
        `needs` is no such result.
    """
    if not isinstance(needs, xr.Dataset) or "contract" not in needs:
        kind = type(needs).__name__
        raise KindError(where, f"needs is a {kind}", "requirements([…])", None, "needs")
    out = {}
    # A selection of one requirement leaves a scalar.
    names = np.atleast_1d(needs["requirement"].values)
    for name, text in zip(names, np.atleast_1d(needs["contract"].values), strict=True):
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in json.loads(str(text)).items()
        }
        out[str(name)] = Input(**fields)
    return out
