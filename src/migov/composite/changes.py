"""An index with other weights, or without some nodes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import xarray as xr

from migov.composite.validators import sum_astray
from migov.core.errors import InputError, KindError, ParameterError

if TYPE_CHECKING:
    from migov.composite.index import Index


def elicited(found: Any, where: str, argument: str) -> dict[str, float]:
    """Return weights by node from a mapping, or from the Dataset of an elicitation.

    Raises
    ------
    KindError
        Neither a mapping nor a Dataset with ``weight {node}``.
    InputError
        A weight is no finite number from 0.
    """
    if isinstance(found, xr.Dataset):
        if "weight" not in found or found["weight"].dims != ("node",):
            raise KindError(
                where, f"{argument} is a Dataset without weight {{node}}",
                "composite.budget_allocation(points)", 8, argument,
            )  # fmt: skip
        told = found["weight"].to_series().to_dict()
    elif isinstance(found, Mapping):
        told = dict(found)
    else:
        raise KindError(
            where, f"{argument} is a {type(found).__name__}",
            "a mapping {node: weight}, or the Dataset of an elicitation", 8, argument,
        )  # fmt: skip
    for name, weight in told.items():
        try:
            good = not isinstance(weight, bool | str) and 0 <= float(weight) < math.inf
        except (TypeError, ValueError):
            good = False
        if not good:
            raise InputError(
                where, f"the weight of {name!r} is {weight!r}", "a number from 0", 9, argument
            )
    return {str(name): float(weight) for name, weight in told.items()}


def weighted(index: Index, weights: Any) -> Index:
    """Return the index with other weights; see :meth:`Index.weighted`."""
    where = "Index.weighted"
    told = elicited(weights, where, "weights")
    for name in told:
        index.tree.place(name, where)
    nodes = tuple(
        attrs.evolve(node, weight=told[node.id]) if node.id in told else node
        for node in index.nodes
    )
    return attrs.evolve(index, nodes=nodes)


def without(index: Index, names: tuple[str, ...]) -> Index:
    """Return the index without some nodes; see :meth:`Index.without`."""
    where, tree = "Index.without", index.tree
    for name in names:
        tree.place(name, where)
    gone = {leaf for name in names for leaf in tree.below[name]}
    kept = [node for node in index.nodes if not set(tree.below[node.id]) <= gone]
    if not kept:
        raise ParameterError(where, "no node would be left", "leave one node or more", 9, "names")
    by = {node.id: node for node in kept}
    for place, children in tree.steps:
        every = [index.nodes[i] for i in children]
        left = [node for node in every if node.id in by]
        if tree.ids[place] not in by or len(left) == len(every):
            continue
        astray = sum_astray(node.weight for node in left)
        if astray and sum_astray(node.weight for node in every) is None:
            for node in left:
                by[node.id] = attrs.evolve(by[node.id], weight=node.weight / astray)
    return attrs.evolve(index, nodes=tuple(by.values()))
