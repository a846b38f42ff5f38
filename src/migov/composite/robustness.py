"""Robustness: scores, ranks and classes under uncertain data, weights and methods."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.composite import kernels_draws as kernels
from migov.composite.index import Index
from migov.composite.scoring import _attrs, rankable, ranks_of, recipe
from migov.composite.uncertainty import AFTER, BEFORE, Setting, Uncertainty, seeded, setting
from migov.core.boundary import RECIPE
from migov.core.errors import ParameterError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CHUNK = 2048
"""Draws whose errors of data are drawn at a time."""
QUANTILES = (0.05, 0.5, 0.95)


def robustness(
    index: Index,
    data: Any,
    uncertainty: Uncertainty | None,
    *,
    draws: int,
    seed: int | None,
    node: str | None,
    ranks: bool,
    standard_error: Any,
) -> xr.Dataset:
    """Return scores under uncertainty; see :meth:`Index.robustness`."""
    where = "Index.robustness"
    key = seeded(seed, where)
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 1:
        raise ParameterError(where, f"draws={draws!r}", "a whole number from 1", 9, "draws")
    if ranks:
        rankable(index, node, where)
    ready = setting(index, data, uncertainty, node, standard_error, where)
    chosen = {
        name: kernels.picks(key, ("composite method", name), ready.options(name), draws)
        for name in (*BEFORE, *AFTER)
    }
    members = kernels.picks(key, ("composite member",), ready.members, draws)
    factors = ready.weight_factors(key, draws)
    columns = [draw(ready, key, cell, chosen, members, factors) for cell in range(ready.cells)]
    scores = np.stack(columns, axis=1)
    nominal = np.stack([ready.nominal(cell) for cell in range(ready.cells)], axis=1)
    found = _labelled(ready, scores, nominal, draws)
    found = found.assign(_intervals(found))
    if ranks:
        found = found.assign(_ranks(found, index.tolerance))
    if index.classes:
        found = found.assign(_classes(found, index))
    return _told(found, ready, chosen, members, key)


def draw(
    ready: Setting,
    seed: int,
    cell: int,
    chosen: dict[str, Integers],
    members: Integers,
    factors: Floats,
) -> Floats:
    """Return the scores (u, d) of one column in every draw."""
    first, second = ready.ways(chosen)
    base = ready.values(cell)
    if ready.errors is None:
        return kernels.evaluate(base, members, first, second, factors, ready.scale, ready.combine)
    noise = ready.noise(seed, cell)
    error = ready.errors[:, :, cell, None]
    out = np.empty((base.shape[1], members.size))
    for start in range(0, members.size, CHUNK):
        stop = min(start + CHUNK, members.size)
        order = np.lexsort((second[start:stop], first[start:stop]))
        at = start + order
        out[:, at] = kernels.evaluate(
            base,
            members[at],
            first[at],
            second[at],
            factors[:, at],
            ready.scale,
            ready.combine,
            (error, noise.next(order)),
        )
    return out


def _labelled(ready: Setting, scores: Floats, nominal: Floats, draws: int) -> xr.Dataset:
    """Return scores (u, c, d) and nominal scores (u, c) with their labels."""
    panel = ready.panel
    others = [dim for dim in panel.columns if dim != "member"]
    inner = [*panel.pooled, *others]
    shape = [panel.sizes[dim] for dim in inner]
    dims = [dim for dim in panel.sizes if dim != "member"]
    coords = {
        name: told for name, told in panel.coords.items() if "member" not in np.atleast_1d(told[0])
    }
    name = ready.index.tree.ids[ready.place]
    found = xr.Dataset(
        {
            "score": ((*inner, "member"), scores.reshape(*shape, draws), _attrs("score", "1")),
            "nominal": (inner, nominal.reshape(shape), _attrs("score of the index as it is", "1")),
        },
        coords={**coords, "member": np.arange(draws)},
        attrs={"node": name},
    )
    return found.transpose(*dims, "member")


def _intervals(found: xr.Dataset) -> dict[str, Any]:
    return {"interval": _quantiles(found["score"], "score")}


def _quantiles(x: xr.DataArray, name: str) -> xr.DataArray:
    """Return quantiles over the draws; missing where a draw is."""
    values = np.moveaxis(np.quantile(x.values, QUANTILES, axis=x.get_axis_num("member")), 0, -1)
    dims = [dim for dim in x.dims if dim != "member"]
    coords = {dim: x.coords[dim] for dim in dims}
    return xr.DataArray(
        values,
        coords={**coords, "quantile": list(QUANTILES)},
        dims=[*dims, "quantile"],
        attrs=_attrs(f"quantiles of the {name} over the draws", "1"),
    )


def _ranks(found: xr.Dataset, tolerance: float) -> dict[str, Any]:
    rank = ranks_of(found["score"], tolerance)
    nominal = ranks_of(found["nominal"], tolerance)
    others = [dim for dim in rank.dims if dim not in ("area", "member")]
    moved = rank.transpose(*others, "area", "member").values
    shares = np.empty((*moved.shape[:-1], moved.shape[-2]))
    for at in np.ndindex(*moved.shape[:-2]):
        shares[at] = kernels.acceptability(moved[at])
    return {
        "rank": rank,
        "nominal_rank": nominal,
        "rank_interval": _quantiles(rank, "rank"),
        "rank_acceptability": (
            [*others, "area", "place"],
            shares,
            _attrs("share of draws in which the area has the place", "1"),
        ),
        "place": ("place", np.arange(1, moved.shape[-2] + 1)),
    }


def _classes(found: xr.Dataset, index: Index) -> dict[str, Any]:
    score, nominal = found["score"], found["nominal"]
    own = kernels.classes(nominal.values, index.classes, index.tolerance)
    drawn = kernels.classes(score.values, index.classes, index.tolerance)
    dims = nominal.dims
    count = len(index.classes) + 1
    shares = np.stack([(drawn == one).mean(axis=-1) for one in range(count)], axis=-1)
    change = (drawn != own[..., None]).mean(axis=-1)
    return {
        "nominal_class": (dims, own, {"long_name": "class of the index as it is, -1 none"}),
        "class_probability": (
            [*dims, "class"],
            shares,
            _attrs("share of draws in the class", "1"),
        ),
        "class_change": (dims, change, _attrs("share of draws in another class", "1")),
        "class": ("class", np.arange(count), {"lower_limits": [*map(float, index.classes)]}),
    }


def _told(
    found: xr.Dataset, ready: Setting, chosen: dict[str, Integers], members: Integers, seed: int
) -> xr.Dataset:
    """Return the result with the choices of each draw, the seed and the recipe."""
    extra: dict[str, Any] = {}
    for name, picked in chosen.items():
        options = getattr(ready.uncertainty, name)
        if options:
            meaning = {"flag_meanings": "; ".join(map(repr, options))}
            extra[f"choice_{name}"] = ("member", picked, meaning)
    if ready.members > 1:
        labels = np.asarray(ready.panel.coords["member"][1])
        extra["data_member"] = ("member", labels[members], {"long_name": "member of the data"})
    extra["seed"] = ((), np.int64(seed), {"long_name": "seed of the draws"})
    out = found.assign(extra)
    out.attrs = {
        **found.attrs,
        "title": f"{ready.index.title or ready.index.tree.root} under uncertainty",
        "tolerance": ready.index.tolerance,
        RECIPE: recipe(ready.index, ready.panel),
    }
    return out
