"""What moves a simulated number: the drawn hazards, by rank, and a quota that binds."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import status
from migov.core.errors import ParameterError
from migov.schemes.hazards import RATES, SHARES, Hazards, as_arrays
from migov.schemes.inputs import with_members
from migov.schemes.shocks import UNITS, Shocks, as_shocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from migov.schemes.run import Run

WEAK = 0.3
"""Rank correlation below which a hazard is not said to move a row."""


def drawn_of(run: Run) -> dict[str, tuple[NDArray[np.float64], float, float]]:
    """Return the draws of each hazard or shock that is a range (M,), with its ends."""
    given: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    # A mapping with arrays is no such text: its draws are the caller's.
    with suppress(ParameterError):
        hazards = Hazards.from_json(str(run.dataset.attrs["hazards"]))
        given |= {name: getattr(hazards, name) for name in RATES + SHARES}
        arrays |= as_arrays(hazards, "evaluate")
    with suppress(ParameterError):
        shocks, found = as_shocks(
            Shocks.from_json(str(run.dataset.attrs.get("shocks"))), "evaluate"
        )
        given |= {name: getattr(shocks, name) for name in UNITS}
        arrays |= found
    members = list(run.dataset.indexes["member"])
    bare = {name: status.take(x)[0].rename(name) for name, x in arrays.items()}
    draws = with_members(bare, members, run.seed)
    return {
        name: (np.asarray(draws[name].values, float), value[0], value[-1])
        for name, value in given.items()
        if isinstance(value, tuple) and value[-1] > value[0]
    }


def explained(
    name: str, values: NDArray[np.float64], side: int, drawn: Mapping[str, Any], run: Run,
    labels: Mapping[str, Any],
) -> str:  # fmt: skip
    """Return what moves a row in the simulation, and what would bring it to the observed."""
    strength = {key: ranked(values, draws) for key, (draws, _, _) in drawn.items()}
    best = max(strength, key=lambda key: abs(strength[key]), default="")
    rho = strength.get(best, 0.0)
    moved = abs(rho) >= WEAK
    bound = name in ("admissions", "readmissions") and _bound(run, labels)
    if side == 0:
        return (f"{best} moves it most (rank correlation {rho:+.2f})" if moved else "") + (
            "; the quota binds" if bound and moved else "the quota binds" if bound else ""
        )
    where = "above" if side > 0 else "below"
    if bound:
        return f"{where}: the quota binds in the simulation; compare what it counts"
    if not moved:
        return f"{where}: no drawn hazard moves it; see limits, prices and who is counted"
    _, low, high = drawn[best]
    more = "higher" if side * rho > 0 else "lower"
    only = "only " if len(drawn) == 1 else ""
    return f"{where}: {only}a {more} {best} than {low:g} to {high:g} would reach it"


def ranked(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the rank correlation, 0 where one of them does not vary."""
    from scipy.stats import rankdata

    if np.ptp(one) <= 1e-12 * np.max(np.abs(one), initial=0.0) or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])


def _bound(run: Run, labels: Mapping[str, Any]) -> bool:
    """Tell whether the quota is used up in the period, or over all, in most members."""
    if "places" not in run.dataset:
        return False
    used = status.take(run.utilisation())[0]
    if "period" in labels:
        used = used.sel(period=labels["period"])
    return bool((used >= 99.9).mean() > 0.5)
