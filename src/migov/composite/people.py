"""Weights as people gave them: their spread by node, or whole persons, for an uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import xarray as xr

from migov.core.errors import InputError, ParameterError

if TYPE_CHECKING:
    from migov.composite.index import Index


@attrs.frozen
class Persons:
    """What persons gave: how much each counts, and by node its factors of the weight."""

    counts: tuple[float, ...]
    factors: tuple[tuple[str, tuple[float, ...]], ...]


def whole_persons(given: Any) -> Persons | None:
    """Return the weights of persons over the mean weights, from an elicitation."""
    if given is None or isinstance(given, Persons):
        return given
    wanted = {"weight": {"node"}, "share": {"person", "node"}, "person_weight": {"person"}}
    if not isinstance(given, xr.Dataset) or any(
        name not in given or set(given[name].dims) != dims for name, dims in wanted.items()
    ):
        raise ParameterError(
            "Uncertainty", "persons holds no share {person, node} of an elicitation",
            "persons=composite.budget_allocation(points), or dialogue.weights_by_pairs(…) of "
            "several persons", 9, "persons",
        )  # fmt: skip
    shares = given["share"].transpose("node", "person").values
    rows = zip(given["node"].values, given["weight"].values, shares, strict=True)
    return Persons(
        tuple(map(float, given["person_weight"].values)),
        tuple((str(node), tuple(map(float, own / mean))) for node, mean, own in rows if mean > 0),
    )


def spans(given: Any) -> Any:
    """Return the least and largest factor of each node's weight, or one number for all.

    Raises
    ------
    ParameterError
        Half widths that are none, or an elicitation without spread.
    """
    if isinstance(given, xr.Dataset):
        return _of_persons(given)
    if isinstance(given, tuple):
        if any(not isinstance(one, tuple) or len(one) != 3 for one in given):
            raise ParameterError(
                "Uncertainty", f"weights={given!r:.60}", "{node: half width}", 9, "weights"
            )
        given = {str(name): (low, high) for name, low, high in given}
    if not isinstance(given, Mapping):
        return given
    found = []
    for name, told in given.items():
        try:
            ends = told if isinstance(told, tuple | list) else (1.0 - told, 1.0 + told)
            low, high = (float(one) for one in ends)
        except (TypeError, ValueError):
            low = high = -1.0
        if not 0.0 <= low <= high < np.inf or high == 0.0:
            raise ParameterError(
                "Uncertainty", f"weights[{name!r}]={told!r}",
                "a half width from 0 to 1, or (least, largest) factor", 9, "weights",
            )  # fmt: skip
        found.append((str(name), low, high))
    return tuple(found)


def _of_persons(found: xr.Dataset) -> tuple[tuple[str, float, float], ...]:
    """Return the factors between the least and the largest weight that a person gave."""
    lacking = [name for name in ("weight", "minimum", "maximum") if name not in found]
    if lacking:
        raise ParameterError(
            "Uncertainty", f"weights: no {lacking[0]} in the elicitation: one person has no spread",
            "the answers of several persons, or a half width", 9, "weights",
        )  # fmt: skip
    rows = zip(*(found[name].values for name in ("node", "weight", "minimum", "maximum")),
               strict=True)  # fmt: skip
    return tuple(
        (str(node), float(least / weight), float(most / weight))
        for node, weight, least, most in rows
        if weight > 0
    )


def check_persons(index: Index, told: Persons, where: str) -> None:
    """Refuse nodes that are none, and persons who leave all children of a node without weight."""
    by = {name: np.array(own) for name, own in told.factors}
    for name in by:
        index.tree.place(name, where)
    for place, children in index.tree.steps:
        counted = [node for node in (index.nodes[i] for i in children) if node.weight > 0]
        given = sum(by.get(node.id, np.ones(1)) * node.weight for node in counted)
        if np.any(np.asarray(given) <= 0):
            raise InputError(
                where,
                f"a person gave nothing to all children of {index.tree.ids[place]!r}",
                "Uncertainty(weights=…) of the same elicitation, or leave the person out",
                9,
                "uncertainty",
            )
