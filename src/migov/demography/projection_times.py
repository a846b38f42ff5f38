"""The dates of a projection: the population's, and periods of one step that go on from it."""

from __future__ import annotations

import numpy as np
import xarray as xr

from migov.core import times
from migov.core.align import align, shown
from migov.core.errors import TimeError

DAY = np.timedelta64(1, "D")


def base_instant(where: str, arrays: dict[str, xr.DataArray]) -> np.datetime64:
    """Return the instant of the population, and take it off."""
    x = arrays["population"]
    if "time" not in x.coords or x.coords["time"].size != 1 or "period" in x.dims:
        has = f"{x.coords['time'].size} instants" if "time" in x.coords else "no time"
        raise TimeError(
            where,
            f"population has {has}, expected one",
            "population.isel(time=0)" if "time" in x.dims else "population.assign_coords(time=…)",
            1,
            "population",
        )
    when = np.asarray(x.coords["time"].values, "M8[s]").reshape(-1)[0]
    arrays["population"] = x.isel(time=0, drop=True) if "time" in x.dims else x.drop_vars("time")
    return np.datetime64(when, "s")


def adjoining(
    where: str, arrays: dict[str, xr.DataArray], step: int, base: np.datetime64
) -> tuple[np.ndarray, np.ndarray]:
    """Return starts and ends of the periods that all flows share, from the population's date on.

    Raises
    ------
    TimeError, AlignmentError
        Periods of another length than the step, with gaps, of another start, or not shared.
    """
    only = {}
    for name, x in arrays.items():
        if name == "population":
            continue
        first = x.isel({dim: 0 for dim in x.dims if dim != "period"}, drop=True)
        keep = {"period", "period_end"}
        only[name] = first.drop_vars([c for c in first.coords if c not in keep])
    together = align(where, only, ())
    first = together["mortality"]
    starts = np.asarray(first.coords["period"].values, "M8[s]")
    ends = times.period_end(first, where, "mortality")
    lengths = times.year_lengths(first, where, "mortality")
    if not np.allclose(lengths, step, rtol=0, atol=1e-9):
        i = int(np.argmax(np.abs(lengths - step)))
        raise TimeError(
            where,
            f"the period {shown(starts[i])} to {shown(ends[i])} of mortality lasts "
            f"{lengths[i]:g} years, the step is {step}",
            _length_told(lengths, ends, step),
            1,
            "mortality",
        )
    apart = np.flatnonzero(ends[:-1] != starts[1:])
    if apart.size:
        i = int(apart[0])
        raise TimeError(
            where,
            f"the periods of mortality do not adjoin: one ends {shown(ends[i])}, the next "
            f"starts {shown(starts[i + 1])}",
            "give every period between the first and the last",
            1,
            "mortality",
        )
    if starts[0] != base:
        raise TimeError(
            where,
            f"population is at {shown(base)}, the first period starts {shown(starts[0])}",
            _base_told(base, starts),
            1,
            "population",
        )
    return starts, ends


def _length_told(lengths: np.ndarray, ends: np.ndarray, step: int) -> str:
    """Return the way out where periods do not last a step."""
    own = float(lengths[0])
    wanted = f"periods of {step} years" if step > 1 else "periods of one year"
    if np.ptp(lengths) < 1e-9 and own.is_integer() and own >= 1:
        return f"step={own:.0f}, or {wanted}"
    if abs(own - step) < 0.01:  # the last day is named, not the first one after
        return (
            "a period ends where the next one starts: assign_coords(period_end=…) with "
            f"{shown(ends[:1] + DAY)} where it says {shown(ends[:1])}"
        )
    return wanted


def _base_told(base: np.datetime64, starts: np.ndarray) -> str:
    """Return the way out where a population is not of the start of the first period."""
    if base in starts:
        return (
            f'every flow from the population on: mortality.sel(period=slice("{shown(base)}", None))'
        )
    told = f"a population of {shown(starts[0])}, or mortality, fertility, … from {shown(base)} on"
    if np.timedelta64(0, "s") < starts[0] - base <= DAY:  # 31 December and 1 January
        return (
            f'population.assign_coords(time=np.datetime64("{shown(starts[0])}", "s")), if the end '
            f"of {shown(base)} is meant; else {told}"
        )
    return told
