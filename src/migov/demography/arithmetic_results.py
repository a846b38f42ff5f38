"""What demographic arithmetic gives: net migration by scenario, what is held, what cannot be."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from migov.core.definition import define, definition_of
from migov.demography.kernels_arithmetic import Ages, Solution, sums
from migov.demography.projection_inputs import Prepared

CAVEAT = (
    "Arithmetic, neither a forecast nor a recommendation: it tells what net migration alone would "
    "have to be for one quantity to be held, all else as projected. It measures how far ageing "
    "goes, not how many people a country needs or can receive, and sets no quota."
)
"""After United Nations (2000), Replacement Migration, ESA/P/WP.160, in our words."""


def moves_of(
    chosen: list[str],
    solved: dict[str, Solution],
    ready: Prepared,
    given: xr.DataArray | None,
) -> xr.DataArray:
    """Return net migrants by scenario, period, sex and age; none where unattainable."""
    order = ("period", "sex", "age", *ready.lead)
    one = ready.arrays["migration"]
    coords = {"period": ready.starts, **ready.lead}
    shape = (len(ready.starts), 2, one.sizes["age"], *(len(v) for v in ready.lead.values()))
    parts = []
    for name in chosen:
        if given is not None and name == "I":
            part = given
        else:
            total = np.nan_to_num(solved[name].migrants)
            part = one * xr.DataArray(total, coords, ("period", *ready.lead))
        have = part.transpose(*[dim for dim in order if dim in part.dims])
        lengths = [part.sizes[dim] if dim in part.dims else 1 for dim in order]
        parts.append(np.broadcast_to(have.values.reshape(lengths), shape))
    return xr.DataArray(
        np.stack(parts),
        {
            "scenario": np.array(chosen),
            **coords,
            "period_end": ("period", ready.ends),
            "sex": one.coords["sex"].values,
            "age": one.coords["age"].values,
            "age_width": ("age", one.coords["age_width"].values),
            **{name: value for name, value in ready.scalars.items() if name in one.coords},
        },
        ("scenario", *order),
        attrs={"units": "person"},
    )


def attained(out: xr.Dataset, lost: xr.DataArray) -> tuple[dict[str, xr.DataArray], xr.DataArray]:
    """Return a projection without what follows a period that is lost, and the instants lost."""
    instants = out["population"].coords["time"].values
    later = lost.rename(period="time").assign_coords(time=instants[1:])
    first = xr.zeros_like(later.isel(time=[0])).assign_coords(time=instants[:1])
    gone = xr.concat([first, later], "time")
    fixed = {}
    for key, x in out.data_vars.items():
        held = x.where(~(gone if "time" in x.dims else lost)).transpose(*x.dims)
        fixed[str(key)] = held.assign_attrs(x.attrs)
    return fixed, gone


def finished(
    out: xr.Dataset,
    chosen: list[str],
    solved: dict[str, Solution],
    ready: Prepared,
    limits: Ages,
    step: int,
    attributes: dict[str, Any],
) -> xr.Dataset:
    """Add what is held, what is unattainable, and the caveat."""
    dims, labels = ("scenario", "period", *ready.lead), {"scenario": np.array(chosen)}
    shape = [len(chosen), len(ready.starts), *(len(v) for v in ready.lead.values())]
    stuck, near = np.zeros(shape, bool), np.full(shape, np.nan)
    for i, name in enumerate(chosen):
        if name in solved:
            stuck[i], near[i] = solved[name].unattainable, solved[name].nearest
    coords = {"period": ready.starts, **labels, **ready.lead}
    summed = np.isin(chosen, ("III", "IV")).reshape(-1, *[1] * (near.ndim - 1))
    lost = xr.DataArray(stuck, coords, dims)
    fixed, _ = attained(out, lost)
    people, moved = fixed["population"], fixed["migration"]
    low, high = (int(people.age.values[i]) for i in limits)
    total, working, old = _summed(people, limits)
    named = {
        "net_migration": (_summed(moved, limits)[0] / step, "person/year", ""),
        "total": (total, "person", "total population"),
        "working_age": (working, "person", f"population of {low}-{high - 1}"),
        "old_age": (old, "person", f"population of {high}+"),
        "support_ratio": (working / old, "1", f"persons of {low}-{high - 1} per person of {high}+"),
        "nearest": (
            xr.DataArray(np.where(summed, np.nan, near), coords, dims),
            "1",
            "highest support ratio within the limit, where the goal is unattainable",
        ),
        "nearest_persons": (
            xr.DataArray(np.where(summed, near, np.nan), coords, dims),
            "person",
            "highest number of persons within the limit, where the goal is unattainable",
        ),
    }
    for name, (x, unit, long_name) in named.items():
        x.attrs = {"units": unit, "long_name": long_name or "net migration, mean of the period"}
        counts = name in ("total", "working_age", "old_age", "net_migration")
        fixed[name] = define(x, definition_of(people)) if counts else x
    fixed["net_migration"].attrs["caveat"] = CAVEAT
    fixed["unattainable"] = lost.assign_attrs(
        long_name="whether no net migration reaches the goal, from the first such period on"
    )
    result = xr.Dataset(fixed)
    result.attrs = {**out.attrs, **attributes, "title": "demographic arithmetic", "caveat": CAVEAT}
    return result


def _summed(x: xr.DataArray, limits: Ages) -> list[xr.DataArray]:
    """Return all, working and old age; the order of adding is that of the ages alone."""
    moved = x.transpose("sex", "age", ...)
    plain = moved.isel(sex=0, age=0, drop=True)
    return [plain.copy(data=part) for part in sums(moved.values, limits)]
