"""Scores with their labels: coverage, status, weights, ranks, and removal of nodes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.composite.engine import Normalised, aggregate, prepare
from migov.composite.index import Index
from migov.composite.methods import DistanceToTarget, Goalposts, Untreated
from migov.composite.panel import Panel, admit
from migov.composite.tree import counted_below
from migov.core import status
from migov.core.boundary import RECIPE
from migov.core.errors import CodeError, KindError, ParameterError
from migov.numeric.ranks import ranks as ranked

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]


def score(index: Index, data: Any) -> xr.Dataset:
    """Return the scores of all nodes; see :meth:`Index.score`."""
    panel = admit(index, data, "Index.score")
    ready = prepare(index, panel.values, panel.groups, "Index.score")
    weights: dict[int, Floats] = {}
    scores = aggregate(index, ready.scores, "Index.score", weights=weights)
    dims = ["area", "node", *(dim for dim in panel.sizes if dim != "area")]
    whole = partial(_whole, panel, dims)
    covered, observed = _coverage(index, panel)
    values = np.full(scores.shape, np.nan)
    values[index.tree.at] = panel.values
    found = xr.Dataset(
        {
            "score": (dims, whole(scores), _attrs("score", "1")),
            "value": (dims, whole(values), _attrs("value in the unit of the node", None)),
            "coverage": (dims, whole(covered), _attrs("share of indicators observed", "1")),
            **_changed(index, panel, ready, dims),
            **_weights(index, panel, weights),
            **_status(index, panel, ready, scores, observed),
        },
        coords={**_node_coords(index), **panel.coords},
        attrs={"title": index.title or index.tree.root, RECIPE: recipe(index, panel)},
    )
    if beside := _beside(index, data):
        found.attrs["left_out"] = ", ".join(beside)
    found["score"].attrs["ancillary_variables"] = f"{status.NAME} coverage"
    return found


def _beside(index: Index, data: Any) -> list[str]:
    """Return what the data have beside the indicators of the index."""
    names = data.indexes["node"] if isinstance(data, xr.DataArray) else list(data)
    return [str(n) for n in names if str(n) not in index.tree.leaves and n != status.NAME]


def _changed(
    index: Index, panel: Panel, ready: Normalised, dims: list[str]
) -> dict[str, tuple[list[str], NDArray[Any], dict[str, Any]]]:
    """Return where values were treated as outliers, and where scores were cut at an end."""
    tree, by = index.tree, {node.id: node for node in index.nodes}
    treated = np.zeros((len(tree.ids), *panel.values.shape[1:]), np.bool_)
    capped, may_treat, may_cap = np.zeros_like(treated), False, False
    for row, (leaf, place) in enumerate(zip(tree.leaves, tree.at, strict=True)):
        x, choice = ready.treated[row], by[leaf].normalise or index.normalise
        if not isinstance(by[leaf].treat or index.treat, Untreated):
            may_treat = True
            treated[place] = (x != panel.values[row]) & ~np.isnan(panel.values[row])
        if isinstance(choice, Goalposts | DistanceToTarget) and choice.cap:
            may_cap = True
            with np.errstate(invalid="ignore"):
                if isinstance(choice, Goalposts):
                    ends = sorted((choice.worst, choice.best))
                    capped[place] = (x < ends[0]) | (x > ends[1])
                else:
                    down = by[leaf].direction == "down"
                    capped[place] = (x < choice.target) if down else (x > choice.target)
    found: dict[str, Any] = {}
    if may_treat:
        told = {"long_name": "value changed by the treatment of outliers"}
        found["treated"] = (dims, _whole(panel, dims, treated), told)
    if may_cap:
        told = {"long_name": "value beyond the goalposts or the target, scored as these"}
        found["capped"] = (dims, _whole(panel, dims, capped), told)
    return found


def _attrs(name: str, unit: str | None) -> dict[str, Any]:
    return {"long_name": name} if unit is None else {"units": unit, "long_name": name}


def _whole(panel: Panel, dims: list[str], block: NDArray[Any]) -> NDArray[Any]:
    """Return a block (n, u, b) over area, node and the other dimensions."""
    return np.ascontiguousarray(np.moveaxis(panel.spread(block), 0, 1))


def _node_coords(index: Index) -> dict[str, Any]:
    nodes, tree = index.nodes, index.tree
    return {
        "node": ("node", [node.id for node in nodes]),
        "parent": ("node", [node.parent for node in nodes]),
        "level": ("node", [tree.level[node.id] for node in nodes]),
        "direction": ("node", [node.direction for node in nodes]),
        "unit": ("node", [node.unit for node in nodes]),
    }


def _coverage(index: Index, panel: Panel) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the share of observed indicators below each node, and where each is observed."""
    tree = index.tree
    observed = ~np.isnan(panel.values)
    out = np.empty((len(tree.ids), *panel.values.shape[1:]))
    for place, name in enumerate(tree.ids):
        counted = counted_below(index, name)
        at = [tree.leaves.index(leaf) for leaf in counted]
        out[place] = observed[at].mean(axis=0) if at else np.nan
    return out, observed


def _weights(index: Index, panel: Panel, weights: dict[int, Floats]) -> dict[str, Any]:
    """Return the weights among siblings over the dimensions along which they vary."""
    tree = index.tree
    units = any(w.shape[1] > 1 for w in weights.values())
    columns = any(w.shape[2] > 1 for w in weights.values())
    u = panel.values.shape[1] if units else 1
    b = panel.values.shape[2] if columns else 1
    out = np.ones((len(tree.ids), u, b))
    for place, children in tree.steps:
        w = weights[place]
        with np.errstate(invalid="ignore"):
            out[list(children)] = np.broadcast_to(w / w.sum(axis=0), (len(children), u, b))
    attrs = _attrs("weight among the children of the parent", "1")
    if not units and not columns:
        return {"weight": ("node", out[:, 0, 0], attrs)}
    whole = np.broadcast_to(out, (len(tree.ids), *panel.values.shape[1:]))
    spread = panel.spread(np.ascontiguousarray(whole))
    dims = ["node", *panel.sizes]
    if not units:
        gone = [place for place, dim in enumerate(dims) if dim in panel.pooled]
        spread = spread[tuple(0 if place in gone else slice(None) for place in range(len(dims)))]
        dims = [dim for dim in dims if dim not in panel.pooled]
    return {"weight": (dims, spread, attrs)}


def _status(
    index: Index,
    panel: Panel,
    ready: Normalised,
    scores: Floats,
    observed: NDArray[np.bool_],
) -> dict[str, Any]:
    """Return the status of every node: the union of what is below, filled, or left out."""
    tree = index.tree
    dims = [dim for dim in panel.sizes if dim != "member"]
    over = [place + 1 for place, dim in enumerate(panel.sizes) if dim == "member"]

    def any_member(block: NDArray[np.bool_]) -> NDArray[np.bool_]:
        spread = panel.spread(block)
        return np.asarray(spread.any(axis=over[0]) if over else spread)

    def all_members(block: NDArray[np.bool_]) -> NDArray[np.bool_]:
        spread = panel.spread(block)
        return np.asarray(spread.all(axis=over[0]) if over else spread)

    absent = any_member(~observed)
    filled = np.zeros_like(absent) if ready.filled is None else any_member(ready.filled)
    gone = all_members(np.isnan(scores))
    own = np.zeros(absent.shape, np.uint16) if panel.flags is None else panel.flags.copy()
    own = np.where(filled, own & ~np.uint16(status.ABSENT), own)
    own |= filled * np.uint16(status.flag("imputed"))
    told = (own & np.uint16(status.ABSENT)) != 0
    own |= (absent & ~filled & ~told) * np.uint16(status.flag("missing"))
    constant = gone[tree.at] & ~absent
    own |= constant * np.uint16(status.flag("undefined"))
    out = np.zeros(gone.shape, np.uint16)
    reasons = np.uint16(status.ABSENT)
    for place, name in enumerate(tree.ids):
        at = [tree.leaves.index(leaf) for leaf in counted_below(index, name)]
        joined = np.bitwise_or.reduce(own[at], axis=0) if at else np.zeros_like(out[place])
        if name not in tree.leaves:
            lacking = (joined & reasons) != 0
            joined = np.where(gone[place], joined, joined & ~reasons)
            joined |= (lacking & ~gone[place]) * np.uint16(status.flag("partial"))
        out[place] = joined
    spread = np.moveaxis(out, 0, 1)
    return {status.NAME: (["area", "node", *dims[1:]], np.ascontiguousarray(spread), status.ATTRS)}


def recipe(index: Index, panel: Panel) -> str:
    """Return the recipe of a result: the specification, the version, what went in."""
    from migov import __version__

    return json.dumps(
        {
            "id": "composite.Index",
            "parameters": json.loads(index.to_json()),
            "version": __version__,
            "inputs": {"data": {"shape": panel.sizes}},
        },
        sort_keys=True,
    )


def rankable(index: Index, node: str | None, where: str) -> str:
    """Return the node to rank, or refuse where more is not better.

    Raises
    ------
    ParameterError
        An indicator that counts has no better direction.
    """
    name = index.tree.root if node is None else node
    index.tree.place(name, where)
    by = {one.id: one for one in index.nodes}
    for leaf in counted_below(index, name):
        if by[leaf].direction == "none":
            raise ParameterError(
                where,
                f"{name} holds {leaf!r}, of which neither more nor less is better; it has no ranks",
                "look at the scores as levels",
                9,
                "node",
            )
    return name


def rank(index: Index, scored: Any, node: str | None) -> xr.DataArray:
    """Return the places of the areas; see :meth:`Index.rank`."""
    found = scored_by(index, scored, "Index.rank")
    name = rankable(index, node, "Index.rank")
    return ranks_of(found["score"].sel(node=name), index.tolerance)


def ranks_of(scores: xr.DataArray, tolerance: float) -> xr.DataArray:
    """Return places along ``area``, 1 for the highest; ties within the tolerance share one."""
    dims = scores.dims
    last = scores.transpose(..., "area")
    values = ranked(last.values, tolerance=tolerance, descending=True)
    out = last.copy(data=values).transpose(*dims)
    out.attrs = {
        "units": "1",
        "long_name": "rank, 1 for the highest",
        "tolerance": tolerance,
    }
    out.name = "rank"
    return out


def what_if(index: Index, data: Any, removed: Sequence[str] | None, ranks: bool) -> xr.Dataset:
    """Return the root's scores with one node left out; see :meth:`Index.what_if`."""
    where, root = "Index.what_if", index.tree.root
    if ranks:
        rankable(index, None, where)
    if removed is not None and (isinstance(removed, str) or not isinstance(removed, Iterable)):
        raise KindError(where, f"removed={removed!r:.40}", "a sequence of nodes", 9, "removed")
    names = [n for n in index.tree.ids if n != root] if removed is None else list(removed)
    if not names:
        raise ParameterError(where, "removed is empty", "one or more nodes", 9, "removed")
    for name in names:
        index.tree.place(name, where)
        if name == root:
            raise CodeError(where, f"{name!r} is the index itself", "a node below it", 9, "removed")
    whole = score(index, data)["score"].sel(node=root, drop=True)
    parts = [score(index.without(name), data)["score"].sel(node=root, drop=True) for name in names]
    stacked = xr.concat(parts, "removed", coords="minimal", compat="override")
    stacked = stacked.assign_coords(removed=names)
    stacked = stacked.reset_coords(drop=True)
    base = whole.reset_coords(drop=True)
    change = stacked - base
    stacked.attrs = _attrs("score without the node", "1")
    change.attrs = _attrs("score without the node less the whole index's", "1")
    out = xr.Dataset({"score": stacked, "change": change})
    if ranks:
        places = ranks_of(stacked, index.tolerance)
        moved = places - ranks_of(base, index.tolerance)
        moved.attrs = _attrs("places lost without the node", "1")
        out = out.assign(rank=places, rank_change=moved)
    out.attrs = {"title": f"{index.title or root}, one node left out at a time"}
    return out


def scored_by(index: Index, scored: Any, where: str) -> xr.Dataset:
    """Return a Dataset of scores, or say that it is none of this index.

    Raises
    ------
    KindError
        It is no result of :meth:`Index.score`.
    CodeError
        It lacks nodes of the index.
    """
    if not isinstance(scored, xr.Dataset) or "score" not in scored or "node" not in scored.dims:
        raise KindError(
            where, f"scored is a {type(scored).__name__}", "index.score(data)", 8, "scored"
        )
    absent = [name for name in index.tree.ids if name not in scored.node.values]
    if absent:
        raise CodeError(
            where, f"scored lacks the node {absent[0]!r}", "index.score(data)", 8, "scored"
        )
    return scored
