"""Sobol' indices of an index's uncertain choices, with a warning where samples are few."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.composite import kernels_draws as kernels
from migov.composite.index import Index
from migov.composite.scoring import _attrs, rankable
from migov.composite.uncertainty import AFTER, BEFORE, Setting, Uncertainty, seeded, setting
from migov.core.errors import InputError, MigovWarning, ParameterError
from migov.numeric.ranks import ranks as ranked
from migov.numeric.sobol import Indices, crossed, design, indices

Floats = NDArray[np.float64]

SETS = 256
"""Sets of weights, and of errors of the data, that a factor chooses among."""
WIDEST = 0.2
"""Width of a 90 % interval from which an index cannot be relied on."""


def sensitivity(
    index: Index,
    data: Any,
    uncertainty: Uncertainty | None,
    *,
    samples: int,
    seed: int | None,
    node: str | None,
    outcome: str,
    standard_error: Any,
) -> xr.Dataset:
    """Return Sobol' indices; see :meth:`Index.sensitivity`."""
    where = "Index.sensitivity"
    key = seeded(seed, where)
    if isinstance(samples, bool) or not isinstance(samples, int) or samples < 2:
        raise ParameterError(where, f"samples={samples!r}", "a power of two", 9, "samples")
    if samples & (samples - 1):
        power = 1 << samples.bit_length()
        raise ParameterError(
            where, f"samples={samples} is no power of two", f"samples={power}", 9, "samples"
        )
    if outcome not in ("score", "rank_shift"):
        raise ParameterError(where, f"outcome={outcome!r}", '"score" or "rank_shift"', 9, "outcome")
    if outcome == "rank_shift":
        rankable(index, node, where)
    ready = setting(index, data, uncertainty, node, standard_error, where)
    if ready.cells > 1:
        raise InputError(
            where,
            f"the data have {', '.join(d for d in ready.panel.columns if d != 'member')}",
            "select one label of each",
            8,
            "data",
        )
    factors = _factors(ready)
    if not factors:
        raise ParameterError(where, "nothing is uncertain", "alternatives", 9, "uncertainty")
    points = crossed(*design(len(factors), samples, key % 2**32))
    scores = _at(ready, key, dict(zip(factors, points.reshape(-1, len(factors)).T, strict=True)))
    results = scores if outcome == "score" else _shift(ready, scores)
    found = [
        indices(row.reshape(points.shape[:2]), seed=key % 2**32, bootstraps=200)
        if not np.isnan(row).any()
        else None
        for row in results
    ]
    return _labelled(ready, factors, found, outcome, samples, key)


def _factors(ready: Setting) -> list[str]:
    """Return the names of what is uncertain."""
    names = [name for name in (*BEFORE, *AFTER) if ready.options(name) > 1]
    if ready.members > 1 or ready.errors is not None:
        names = ["data", *names]
    return [*names, "weights"] if ready.weighs else names


def _at(ready: Setting, seed: int, u: dict[str, Floats]) -> Floats:
    """Return the scores (units, points) at the points of a design."""
    size = next(iter(u.values())).size
    none = np.zeros(size)
    chosen = {
        name: kernels.chosen(u.get(name, none), ready.options(name)) for name in (*BEFORE, *AFTER)
    }
    base = ready.values(0)
    if ready.errors is not None:
        errors = ready.noise(seed, 0).next(np.arange(SETS)) * ready.errors
        drawn = kernels.picks(seed, ("composite member",), ready.members, SETS)
        base = np.take(base, drawn, axis=2) + errors
    members = kernels.chosen(u.get("data", none), base.shape[2])
    sets = ready.weight_factors(seed, SETS)
    factors = sets[:, kernels.chosen(u.get("weights", none), SETS)]
    first, second = ready.ways(chosen)
    return kernels.evaluate(base, members, first, second, factors, ready.scale, ready.combine)


def _shift(ready: Setting, scores: Floats) -> Floats:
    """Return the mean absolute shift of ranks against the index as it is (1, points)."""
    tolerance = ready.index.tolerance
    own = ranked(ready.nominal(0), tolerance=tolerance, descending=True)
    drawn = ranked(scores.T, tolerance=tolerance, descending=True)
    return np.asarray(np.nanmean(np.abs(drawn - own), axis=1)[None, :])


def _labelled(
    ready: Setting,
    factors: list[str],
    found: list[Indices | None],
    outcome: str,
    samples: int,
    seed: int,
) -> xr.Dataset:
    """Return the indices with labels; warn where they cannot be relied on."""
    names = ("first", "total", "first_low", "first_high", "total_low", "total_high")
    empty = np.full(len(factors), np.nan)
    table = {
        name: np.stack([empty if one is None else getattr(one, name) for one in found])
        for name in names
    }
    wide = (table["first_high"] - table["first_low"] > WIDEST) | (
        table["total_high"] - table["total_low"] > WIDEST
    )
    with np.errstate(invalid="ignore"):
        reliable = ~(wide | (table["first_high"] < 0) | (table["first"] < -0.05))
    dims = ["factor"] if outcome == "rank_shift" else [*ready.panel.pooled, "factor"]
    shape = [len(factors)]
    coords: dict[str, Any] = {"factor": factors}
    if outcome == "score":
        shape = [*(ready.panel.sizes[dim] for dim in ready.panel.pooled), len(factors)]
        coords |= {dim: ready.panel.coords[dim] for dim in ready.panel.pooled}
    _warn(factors, table, reliable, samples)
    variables = {
        name: (dims, values.reshape(shape), _attrs(name.replace("_", " of the index, "), "1"))
        for name, values in table.items()
    }
    variables["reliable"] = (
        dims,
        reliable.reshape(shape),
        {"long_name": "intervals of the indices are at most 0.2 wide and not negative"},
    )
    out = xr.Dataset(variables, coords=coords)
    out["seed"] = ((), np.int64(seed), {"long_name": "seed of the design"})
    out.attrs = {"outcome": outcome, "samples": samples, "node": ready.index.tree.ids[ready.place]}
    return out


def _warn(factors: list[str], table: dict[str, Floats], reliable: Any, samples: int) -> None:
    if reliable.all():
        return
    row, column = (int(i[0]) for i in np.nonzero(~reliable))
    spread = {name: table[f"{name}_high"] - table[f"{name}_low"] for name in ("first", "total")}
    kind = (
        "total"
        if spread["first"][row, column] <= WIDEST < spread["total"][row, column]
        else "first"
    )
    value, low, high = (table[name][row, column] for name in (kind, f"{kind}_low", f"{kind}_high"))
    warnings.warn(
        f"Index.sensitivity: {int((~reliable).sum())} of {reliable.size} pairs of indices cannot "
        f"be relied on at {samples} samples; the {kind} index of {factors[column]} is "
        f"{value:.2f}, between {low:.2f} and {high:.2f}\n  → samples={4 * samples}",
        MigovWarning,
        stacklevel=4,
    )
