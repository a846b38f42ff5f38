"""Audit: what the data say of an index's structure, weights and redundancy."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.composite import kernels_weights as kernels
from migov.composite.engine import aggregate, prepare
from migov.composite.index import Index
from migov.composite.panel import Panel, admit
from migov.composite.scoring import _attrs, recipe
from migov.core.boundary import RECIPE
from migov.core.errors import ParameterError
from migov.numeric.moments import correlation, moments

Floats = NDArray[np.float64]


def audit(index: Index, data: Any, redundant: float) -> xr.Dataset:
    """Return correlations, alpha, components, importance and redundancy; see Index.audit."""
    where = "Index.audit"
    if not isinstance(redundant, int | float) or not 0 < redundant <= 1:
        raise ParameterError(where, f"redundant={redundant!r}", "above 0 to 1", 9, "redundant")
    panel = admit(index, data, where)
    ready = prepare(index, panel.values, panel.groups, where)
    weights: dict[int, Floats] = {}
    scores = aggregate(index, ready.scores, where, weights=weights)
    columns = [
        _column(index, scores[:, :, b], panel.values[:, :, b], _of_column(weights, b))
        for b in range(scores.shape[2])
    ]
    found = _labelled(index, panel, columns)
    found["redundant"] = found["redundancy"] >= redundant
    found["redundant"].attrs = {"long_name": f"correlation with a sibling from {redundant:g}"}
    found.attrs = {
        "title": f"audit of {index.title or index.tree.root}",
        RECIPE: recipe(index, panel),
    }
    return found


def _of_column(weights: dict[int, Floats], column: int) -> dict[int, Floats]:
    """Return the weights (k,) of one column, means over the units where they differ by unit."""
    return {
        place: np.nanmean(w[:, :, min(column, w.shape[2] - 1)], axis=1)
        for place, w in weights.items()
    }


def _column(
    index: Index, scores: Floats, values: Floats, weights: dict[int, Floats]
) -> dict[str, Floats]:
    """Return all figures of one column of scores (n, u)."""
    tree = index.tree
    n = len(tree.ids)
    most = max(len(children) for _, children in tree.steps)
    r = correlation(scores.T, scores.T)
    found = {
        "correlation": r,
        "alpha": np.full(n, np.nan),
        "component_share": np.full((n, most), np.nan),
        "loading": np.full(n, np.nan),
        "importance": np.full(n, np.nan),
        "weight": np.full(n, np.nan),
        "redundancy": np.full(n, np.nan),
        "skewness": np.full(n, np.nan),
        "kurtosis": np.full(n, np.nan),
        "observed": np.full(n, np.nan),
    }
    for place, children in tree.steps:
        at = list(children)
        x = scores[at]
        found["alpha"][place] = kernels.cronbach_alpha(x)
        loadings, shares = kernels.first_component(x)
        found["loading"][at] = loadings
        found["component_share"][place, : len(at)] = shares
        squared = r[at, place] ** 2
        found["importance"][at] = squared / squared.sum()
        found["weight"][at] = weights[place] / weights[place].sum()
        if len(at) > 1:
            among = np.abs(r[np.ix_(at, at)])
            np.fill_diagonal(among, np.nan)
            found["redundancy"][at] = np.fmax.reduce(among, axis=1)
    absent = np.isnan(values.T)
    told = moments(values.T, ~absent if absent.any() else None)
    found["skewness"][tree.at] = told.skewness
    found["kurtosis"][tree.at] = told.kurtosis
    found["observed"][tree.at] = told.counted / values.shape[1]
    return found


_DIMS = {"correlation": ("node", "other"), "component_share": ("node", "component")}
_NAMES = {
    "correlation": "Pearson correlation of the scores",
    "alpha": "Cronbach's alpha of the children",
    "component_share": "share of the children's variance in each principal component",
    "loading": "loading on the first component of the siblings",
    "importance": "squared correlation with the parent, relative to the siblings'",
    "weight": "weight among the siblings",
    "redundancy": "largest absolute correlation with a sibling",
    "skewness": "bias-corrected skewness of the values",
    "kurtosis": "bias-corrected excess kurtosis of the values",
    "observed": "share of the areas with a value",
}


def _labelled(index: Index, panel: Panel, columns: list[dict[str, Floats]]) -> xr.Dataset:
    shape = [panel.sizes[dim] for dim in panel.columns]
    variables = {}
    for name, text in _NAMES.items():
        stacked = np.stack([one[name] for one in columns], axis=-1)
        dims = [*_DIMS.get(name, ("node",)), *panel.columns]
        values = stacked.reshape(*stacked.shape[:-1], *shape)
        variables[name] = (dims, values, _attrs(text, "1"))
    most = variables["component_share"][1].shape[1]
    coords = {dim: panel.coords[dim] for dim in panel.columns}
    return xr.Dataset(
        variables,
        coords={
            "node": list(index.tree.ids),
            "other": list(index.tree.ids),
            "component": np.arange(1, most + 1),
            **coords,
        },
    )
