"""That quotas keep to each limit and guard, checked from labelled inputs on a way of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migov.core.errors import AccountError
from migov.schemes.design_problem import owner
from migov.schemes.design_rows import PLACE, WHERE

if TYPE_CHECKING:
    import xarray as xr

    from migov.schemes.design import Design, Prepared

RELATIVE = 1e-6


def check(design: Design, quotas: xr.DataArray, prepared: Prepared) -> None:
    """Check each limit and guard from the labelled inputs, on a way of its own.

    Raises
    ------
    AccountError
        One is broken by more than rounding.
    """
    limits = prepared.limits
    for name, sign in (("needs", 1), ("caps", 1), ("absorption", 1), ("commitments", -1)):
        if name in limits:
            _under(name, _like(quotas, limits[name]), limits[name], sign)
    if design.needs_met:
        needs = limits["needs"]
        _under("needs_met", _like(quotas, needs), needs * design.needs_met, -1)
    if "workers" in limits and "floor" not in dict(design.relax):
        away = quotas * 0.0
        for p in range(quotas.sizes["period"]):
            first = 0 if design.away is None else max(p - design.away + 1, 0)
            gone = quotas.isel(period=slice(first, p + 1)).sum("period")
            away[{"period": p}] = gone.transpose("occupation", "origin").values
        _under("floor", away + limits["floor"], limits["workers"] + away * 0.0, 1)
    if "budget" in limits:
        spent = _like(quotas * limits["cost"], limits["budget"])
        _under("budget", spent, limits["budget"], 1)
    if "claims" in limits:
        share = limits["claims"] / limits["claims"].sum()
        own = quotas.sum(["occupation", "period"])
        _under("claims", own, share * design.fairness * quotas.sum(), -1)
    for actor, origin in prepared.guards:
        amount = amount_of(prepared, quotas, actor, origin)
        dims = list(PLACE)
        members = np.atleast_1d((amount.sum(dims) < -RELATIVE * abs(amount).sum(dims)).values)
        if members.sum() > design.quantile * members.size + 1e-9:
            _broken(f"{owner(actor, origin)} loses in {members.mean():.0%} of the members")


def _like(quotas: xr.DataArray, limit: xr.DataArray) -> xr.DataArray:
    """Return places, or their cost, added up to what a limit is of."""
    return quotas.sum([dim for dim in PLACE if dim not in limit.dims and dim != "period"])


def _under(name: str, found: xr.DataArray, limit: xr.DataArray, sign: int) -> None:
    over = (sign * (found - limit)).values
    scale = max(1.0, float(np.abs(limit.values).max(initial=0.0)))
    worst = float(np.max(over, initial=0.0))
    if not worst <= RELATIVE * scale:
        _broken(f"{name} is {'exceeded' if sign > 0 else 'missed'} by {worst:g}")


def _broken(what: str) -> None:
    raise AccountError(
        WHERE, what, "an error of migov or of the solver; please report it", 10, "quotas"
    )


def cells_of(x: xr.DataArray, origin: str) -> xr.DataArray:
    """Return what is of one origin, or of all."""
    return x.sel(origin=[origin]) if origin else x


def amount_of(prepared: Prepared, quotas: xr.DataArray, actor: str, origin: str) -> xr.DataArray:
    """Return what an actor gains by the places of one origin, or of all {…, member}."""
    return cells_of(prepared.gains.sel(actor=actor, drop=True), origin) * cells_of(quotas, origin)
