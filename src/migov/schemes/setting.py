"""From a programme and its inputs on one grid to the bare arrays of the month loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core.errors import AlignmentError, DimensionError, KindError
from migov.schemes import quotas
from migov.schemes.hazards import RATES, SHARES
from migov.schemes.inputs import Grid, steps
from migov.schemes.kernels_setting import Setting
from migov.schemes.kernels_stay import Band
from migov.schemes.plausible import tell_floor
from migov.schemes.rules import months

if TYPE_CHECKING:
    import xarray as xr

    from migov.schemes.programme import Programme
    from migov.schemes.rules import Floor


def bands(programme: Programme) -> tuple[Band, ...]:
    """Return the stretches of a stay between renewals and the right to settle."""
    stay, whole = programme.stay_months, programme.longest_months
    settle = months(programme.settlement_after) if programme.settlement_after else np.inf
    near = round(stay)
    stay = float(near) if abs(stay - near) < 1e-9 else stay
    if stay != int(stay) or (programme.renewals == 0 and settle >= whole - 1e-9):
        width = int(np.ceil(stay))
        return (Band(width, stay - (width - 1), settle <= 0, True, False),)
    ends = [int(stay) * (i + 1) for i in range(programme.renewals + 1)]
    edges = sorted({*ends, *([int(settle)] if settle < ends[-1] else [])} - {0})
    return tuple(
        Band(edge - before, 1.0, before >= settle, edge in ends, edge in ends[:-1])
        for before, edge in zip([0, *edges[:-1]], edges, strict=True)
    )


def setting_of(
    programme: Programme,
    arrays: dict[str, xr.DataArray],
    rates: dict[str, xr.DataArray],
    grid: Grid,
    each: int,
    **more: Any,
) -> Setting:
    """Return the bare arrays of the month loop; `more` are those of shocks and stages."""
    shape = grid.cells
    by_year = {n: grid.spread(x) for n, x in rates.items() if n in RATES}
    monthly = {n: x / 12.0 for n, x in by_year.items()}
    if not programme.change_of_status:
        monthly["change_status"] = np.zeros((1, 1, 1, 1))
    shares = {n: grid.spread(rates[n]) for n in SHARES}
    monthly_new, step = _applicants(arrays, by_year["application"], grid)
    for waits in [n for n in arrays if n == "pool" or n.startswith("waiting for ")]:
        _whole(arrays[waits], waits, grid)
    pool = grid.spread(arrays["pool"]) if "pool" in arrays else np.zeros((1, 1, 1, 1))
    stays = programme.max_stays if programme.reentry else 1
    pause = programme.pause_months + programme.stay_months - np.ceil(programme.stay_months - 1e-9)
    limits: dict[str, Any] = _quota(programme, arrays, grid)
    name = next((n for n in ("shortage", "demand") if n in arrays), None)
    if name is not None:
        dated, limits["posts_step"] = steps(arrays[name], grid)
        limits["posts"] = _full(grid.spread(dated, "step"), (shape[0], 1, 1, shape[3]))[:, :, 0, 0]
    if programme.floors:
        limits["floor"], limits["floor_step"] = _floor(programme, arrays, grid)
    return Setting(
        months=len(grid.months),
        report=each,
        shape=shape,
        bands=bands(programme),
        pause=max(int(np.ceil(pause - 1e-9)), 0),
        reentry=programme.reentry,
        priority=programme.reentry_priority,
        quota_first_only=programme.quota_first_only,
        most_stays=stays,
        rates=monthly,
        shares=shares,
        pool=pool,
        applicants=monthly_new,
        applicants_step=step,
        open=quotas.open_months(programme, grid.months),
        **limits,
        **more,
    )


def _full(x: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return np.ascontiguousarray(np.broadcast_to(x, (*x.shape[: x.ndim - len(shape)], *shape)))


def _applicants(
    arrays: dict[str, xr.DataArray], application: np.ndarray, grid: Grid
) -> tuple[np.ndarray, np.ndarray]:
    """Return new applicants a month by step, and the step of each month."""
    name = next((n for n in ("applicants", "origins") if n in arrays), None)
    if name is None:
        return np.zeros((1, 1, 1, 1, 1)), np.zeros(len(grid.months), np.int64)
    dated, step = steps(arrays[name], grid)
    values = grid.spread(dated, "step") / 12.0
    if name == "origins":
        if not np.any(application):
            raise KindError(
                "simulate",
                "nobody of origins applies",
                "hazards=Hazards(application=…)",
                9,
                "hazards",
            )
        values = values * application
    _whole(dated, name, grid)
    return values, step


def _whole(x: xr.DataArray, name: str, grid: Grid) -> None:
    """Refuse people who are not told apart as cells are: each cell would get all of them."""
    for dim in ("occupation", "sex"):
        many = dim == "sex" or len(grid.labels.get(dim, [])) > 1
        if dim in grid.labels and dim not in x.dims and many:
            raise DimensionError(
                "simulate", f"{name} has no {dim!r}", f"give {name} by {dim}", 8, name
            )


def _quota(programme: Programme, arrays: dict[str, xr.DataArray], grid: Grid) -> dict[str, Any]:
    """Return quota, caps of the origins, and capacity, by month."""
    out: dict[str, Any] = {}
    o, g, _, n = grid.cells
    opened, lapse = quotas.places(programme, grid.months), quotas.lapses(programme, grid.months)
    if opened is not None:
        part = np.ones((1, 1, 1, 1))
        if "quota_share" in arrays:
            share = arrays["quota_share"]
            part = grid.spread(share.sum("origin") if "origin" in share.dims else share)
        out["quota"] = opened[:, None] * _full(part, (1, 1, 1, n))[0, 0, 0]
        if programme.quota_basis == "shortage":
            dated, step = steps(arrays["shortage"], grid)
            posts = _full(grid.spread(dated, "step"), (o, 1, 1, n))[:, :, 0, 0]
            total = posts[:, 0].copy()
            for row in range(1, o):
                total += posts[:, row]
            out["quota"] = out["quota"] * total[step]
        out["quota_lapses"] = lapse
    limits, names = [], []
    caps = quotas.caps(programme, grid.months)
    if caps is not None:
        yearly = np.asarray(quotas.calendar(grid.months) == 0)
        names.append("caps of origins")
        limits.append((_full(caps[:, :, None], (g, n)), yearly if programme.carry_over else lapse))
    if "capacity" in arrays:
        dated, step = steps(arrays["capacity"], grid)
        visas = _full(grid.spread(dated, "step") / 12.0, (1, g, 1, n))[:, 0, :, 0]
        names.append("visas")
        limits.append((visas[step], np.ones(len(grid.months), bool)))
    out["caps"], out["cap_names"] = tuple(limits), tuple(names)
    return out


def _floor(
    programme: Programme, arrays: dict[str, xr.DataArray], grid: Grid
) -> tuple[np.ndarray, np.ndarray]:
    """Return how many workers may be away at most, by step, occupation and origin."""
    o, g, _, n = grid.cells
    people, step = steps(arrays["residents"], grid)
    home = steps(arrays["workers"], grid)[0].isel(step=[0])
    room = np.full((people.sizes["step"], o, g, n), np.inf)
    for rule in programme.floors:
        if rule.occupation not in grid.labels.get("occupation", []):
            raise DimensionError(
                "simulate",
                f"the floor of occupation {rule.occupation} in {rule.origin} has no cell",
                "simulate this occupation apart",
                8,
                "workers",
            )
        i = grid.labels["occupation"].index(rule.occupation)
        j = grid.labels["origin"].index(rule.origin)
        heads = _full(grid.spread(_of_region(people, rule), "step"), (1, g, 1, n))[:, 0, j, 0]
        stock = _full(grid.spread(_of_region(home, rule), "step"), (o, g, 1, n))[0, i, j, 0]
        tell_floor(rule, stock, heads[0])
        spare = stock - heads * rule.density / 1e4
        if rule.region:
            # Of all who leave, this part leaves from here; the whole is bound by its room.
            part = _of_region(arrays["region_share"].expand_dims(step=[0]), rule)
            share = _full(grid.spread(part, "step"), (1, g, 1, n))[0, 0, j, 0]
            with np.errstate(divide="ignore", invalid="ignore"):
                spare = np.where(share > 0, spare / share, np.inf)
        room[:, i, j] = np.minimum(room[:, i, j], spare)
    return room, step


def _of_region(x: xr.DataArray, rule: Floor) -> xr.DataArray:
    """Return what is of the region of a floor, or of all regions."""
    if "region" not in x.dims:
        if not rule.region:
            return x
        raise DimensionError(
            "simulate", f"{x.name} has no 'region', and a floor is of {rule.region} in "
            f"{rule.origin}", f"give {x.name} by region", 8, str(x.name),
        )  # fmt: skip
    if not rule.region:
        return x.sum("region")
    if rule.region not in x.indexes["region"]:
        raise AlignmentError(
            "simulate", f"{x.name} has no region {rule.region!r}, of which there is a floor",
            f"give {x.name} for all regions with a floor", 2, str(x.name),
        )  # fmt: skip
    return x.sel(region=rule.region, drop=True)
