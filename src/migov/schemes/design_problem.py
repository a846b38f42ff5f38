"""From a design and its limits to the rows, guards and bare arrays that are solved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migov.core.errors import DimensionError
from migov.schemes import design_rows as lines
from migov.schemes.design_checks import BY_ORIGIN, GROUPS
from migov.schemes.kernels_design import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from numpy.typing import NDArray

    from migov.schemes.design import Design

    Floats = NDArray[np.float64]

WHERE = lines.WHERE


def grouped_of(gains: xr.DataArray, wanted: tuple[str, ...]) -> xr.DataArray:
    """Return gains of the three actors, and of the single ones that the design names.

    Raises
    ------
    DimensionError
        An actor is absent.
    """
    import xarray as xr

    labels = list(map(str, gains.indexes["actor"]))
    parts = []
    for name in dict.fromkeys((*GROUPS, *wanted)):
        members = [name] if name in labels else [a for a in GROUPS.get(name, ()) if a in labels]
        lacks = not members or (name not in labels and len(members) < len(GROUPS[name]))
        if lacks:
            raise DimensionError(
                WHERE, f"gains has the actors {', '.join(labels[:4])}, and no {name!r}",
                f"the three ({', '.join(GROUPS)}) or all actors of a ledger", 8, "gains",
            )  # fmt: skip
        part = gains.sel(actor=members[0], drop=True)
        for other in members[1:]:
            part = part + gains.sel(actor=other, drop=True)
        parts.append(part.expand_dims(actor=[name]))
    found = xr.concat(parts, "actor", coords="minimal", compat="override")
    order = [dim for dim in ("actor", "member", *lines.PLACE) if dim in found.dims]
    return found.transpose(*order)


def mean_gain(gain: xr.DataArray) -> Floats:
    """Return the mean over members (O, G, P)."""
    x = gain.mean("member", skipna=False) if "member" in gain.dims else gain
    return np.asarray(x.transpose(*lines.PLACE).values, float)


def rows_of(
    design: Design, limits: Mapping[str, xr.DataArray], currency: str, places: lines.Places
) -> list[lines.Row]:
    """Return all limits as rows."""
    rows = lines.limited("needs", "need", limits["needs"], places)
    rows += lines.needed(design.needs_met, limits["needs"], places)
    titles = {"caps": "cap of the origin", "absorption": "absorption"}
    for name in [name for name in titles if name in limits]:
        rows += lines.limited(name, titles[name], limits[name], places)
    if "commitments" in limits:
        rows += lines.limited(
            "commitments", "commitment", limits["commitments"], places, least=True
        )
    if "workers" in limits and "floor" not in dict(design.relax):
        rows += lines.floored(limits["workers"], limits["floor"], design.away, places)
    if "budget" in limits:
        rows += lines.afforded(limits["cost"], limits["budget"], currency, places)
    if "claims" in limits:
        rows += lines.fair(design.fairness, limits["claims"], places)
    return rows


def guards_of(design: Design, places: lines.Places) -> list[tuple[str, str]]:
    """Return who must not lose: pairs of actor and origin, which is empty for all origins."""
    given_up = {name for name, _ in design.relax}
    names = [name for name in GROUPS if name not in given_up] + list(design.protect_also)
    return [
        (name, origin)
        for name in names
        for origin in (places.origin if name in BY_ORIGIN else ("",))
    ]


def guard_gains(gains: xr.DataArray, guard: tuple[str, str], places: lines.Places) -> Floats:
    """Return what a guarded actor gains by each place (M, O, G, P), 0 for other origins."""
    own = gains.sel(actor=guard[0])
    values = np.asarray(own.values, float).reshape(-1, *places.shape).copy()
    if guard[1]:
        for g, origin in enumerate(places.origin):
            if origin != guard[1]:
                values[:, :, g] = 0.0
    return values


def problem_of(
    design: Design, gains: xr.DataArray, places: lines.Places,
    rows: tuple[lines.Row, ...], guards: tuple[tuple[str, str], ...], needs: xr.DataArray,
) -> Problem:  # fmt: skip
    """Return the bare arrays."""
    size = int(np.prod(places.shape))
    members = gains.sizes.get("member", 1)
    told = [guard_gains(gains, guard, places).reshape(members, size) for guard in guards]
    # A share of the members, not of their number less one; 1e-9 for shares such as 0.1 * 30.
    losers = int(np.floor(design.quantile * members + 1e-9))
    most = needs.expand_dims(period=len(places.period)) if "period" not in needs.dims else needs
    upper = np.asarray(most.transpose("occupation", "period").values, float)
    return Problem(
        rows=np.array([row.coefficients.ravel() for row in rows]).reshape(-1, size),
        low=np.array([row.low for row in rows]), high=np.array([row.high for row in rows]),
        upper=np.broadcast_to(upper[:, None, :], places.shape).ravel().copy(),
        gains=np.array(told).reshape(len(guards), members, size),
        may_lose=np.full(len(guards), losers, np.int64), whole=design.whole,
    )  # fmt: skip


def told(row: lines.Row, fairness: float = 0.0) -> str:
    """Return a limit that cannot be held, with its number, in words.

    Parameters
    ----------
    row : Row
        The limit.
    fairness : float
        Of the design.
    """
    if row.kind == "floor" and row.high < 0:
        return (
            f"{row.name}: {-row.high:,.6g} workers too few are at home already, before anybody "
            "leaves"
        )
    if row.kind == "fairness":
        return f"{row.name}: at least {fairness:.0%} of its proportional share of all places"
    least = bool(np.isfinite(row.low)) and row.low != 0
    if not least and row.high == 0:
        return f"{row.name}: none"
    word, number = ("at least", row.low) if least else ("at most", row.high)
    if row.kind == "floor":
        return f"{row.name}: at most {number:,.6g} {row.unit} away at once"
    return f"{row.name}: {word} {number:,.6g} {row.unit}"


def owner(actor: str, origin: str) -> str:
    """Return a guard in words."""
    return f"{actor} ({origin})" if origin else actor
