"""What models of mortality take: rates, or deaths and exposure, of many populations."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import status, times
from migov.core.align import align, shown
from migov.core.errors import KindError, TimeError
from migov.core.inputs import Input
from migov.demography.arguments import (
    check_death_rates,
    lacks,
    loaded,
    put_all,
    refuse,
    take,
    without_age,
)

CONTRACTS = {
    "rates": Input(
        title="central death rates", unit="1/year", needs=("period", "age"), kind="flow"
    ),
    "deaths": Input(title="deaths", unit="person", needs=("period", "age"), kind="flow"),
    "exposure": Input(
        title="person-years exposed", unit="person year", needs=("period", "age"), kind="flow"
    ),
}


@attrs.frozen(eq=False)
class Populations:
    """Rates by population, age and period, taken out of labelled arrays.

    Parameters
    ----------
    rates : ndarray (p, x, t)
        Central death rates per year.
    deaths, exposure : ndarray (p, x, t) or None
        Persons and person-years.
    like : DataArray {…, age, period}
        Labels; other dimensions first, in the order of the populations.
    flags : DataArray or None
        The joined status without ages and periods.
    """

    rates: np.ndarray
    deaths: np.ndarray | None
    exposure: np.ndarray | None
    like: xr.DataArray
    flags: xr.DataArray | None

    @property
    def others(self) -> list[str]:
        """Return the dimensions beside age and period."""
        return [str(dim) for dim in self.like.dims[:-2]]

    def labelled(self, values: np.ndarray, dims: dict[str, Any], unit: str, title: str) -> Any:
        """Return values (p, …) as an array over the other dimensions and those named."""
        shape = [self.like.sizes[dim] for dim in self.others]
        coords = {dim: self.like.coords[dim] for dim in self.others}
        coords |= {name: labels for name, labels in dims.items() if labels is not None}
        for name, beside in (("age", "age_width"), ("period", "period_end")):
            if name in dims and beside in self.like.coords:
                coords[beside] = (name, np.asarray(self.like.coords[beside].values))
        bare = {
            name: coord.drop_vars([c for c in coord.coords if c != name])
            if isinstance(coord, xr.DataArray)
            else coord
            for name, coord in coords.items()
        }
        return xr.DataArray(
            np.asarray(values).reshape((*shape, *values.shape[1:])),
            bare,
            (*self.others, *dims),
            attrs={"units": unit, "long_name": title},
        )

    def finished(self, out: xr.Dataset) -> xr.Dataset:
        """Return a fit with the scalar labels and the status of what it was fitted to."""
        kept = {
            c: v
            for c, v in self.like.coords.items()
            if c not in out.coords and v.ndim == 0 and c != status.NAME
        }
        return put_all(out.assign_coords(kept), self.flags)


def populations(where: str, given: dict[str, Any]) -> Populations:
    """Return the inputs of a mortality model, aligned and complete.

    Raises
    ------
    MigovError
        Of the kind that fits: periods that differ in length or leave a gap, no exposure,
        missing or impossible values, each with its cell.
    """
    if "rates" not in given and not {"deaths", "exposure"} <= set(given):
        raise KindError(
            where,
            f"given: {', '.join(given) or 'nothing'}",
            "rates (with exposure where deaths are to be met), or deaths and exposure",
            9,
            "rates",
        )
    if {"rates", "deaths"} <= set(given):
        raise KindError(where, "rates and deaths are given", "one of them", 9, "rates")
    taken = {
        name: take(x, CONTRACTS[name], where, name, complete=True) for name, x in given.items()
    }
    arrays = {name: loaded(x) for name, (x, _) in taken.items()}
    for name, x in arrays.items():
        lacks(x, ("component",), where, name)
    for name, x in arrays.items():
        refuse(x.isnull(), where, name, "is missing", "estimate what is missing first")
    arrays = align(where, arrays)
    first = next(iter(arrays.values()))
    check_periods(first, where, next(iter(arrays)))
    others = [dim for dim in first.dims if dim not in ("age", "period")]
    ordered = {
        name: x.broadcast_like(first).transpose(*others, "age", "period")
        for name, x in arrays.items()
    }
    if "exposure" in ordered:
        refuse(ordered["exposure"] == 0, where, "exposure", "is zero", "join ages or periods")
    sizes = (-1, first.sizes["age"], first.sizes["period"])
    bare = {
        name: np.ascontiguousarray(x.values, float).reshape(sizes) for name, x in ordered.items()
    }
    rates = bare["rates"] if "rates" in bare else bare["deaths"] / bare["exposure"]
    exposure = bare.get("exposure")
    deaths = bare.get("deaths", None if exposure is None else rates * exposure)
    flags = status.join([without_age(flag, "period") for _, flag in taken.values()])
    data = Populations(rates, deaths, exposure, next(iter(ordered.values())), flags)
    _check_rates(data, where, "rates" if "rates" in given else "deaths")
    return data


def _check_rates(data: Populations, where: str, argument: str) -> None:
    """Refuse rates of another unit, and such as never change."""
    like = data.like.copy(data=data.rates.reshape(data.like.shape))
    mends = (
        ('rates.assign_attrs(units="per_thousand/year")', "the rates times a thousand")
        if argument == "rates"
        else (
            'exposure.assign_attrs(units="thousand person year"), if that is its unit',
            'deaths.assign_attrs(units="thousand person"), if that is their unit',
        )
    )
    check_death_rates(like, where, argument, mends)
    still = (like == like.isel(period=0, drop=True)).all(["age", "period"])
    refuse(still, where, argument, "never changes", "leave out the population")


def check_periods(x: xr.DataArray, where: str, argument: str) -> float:
    """Return the length in years that all periods share; they have to adjoin."""
    if x.sizes["period"] < 3:
        raise TimeError(
            where,
            f"{argument} has {x.sizes['period']} periods, expected three or more",
            "a longer series",
            1,
            argument,
        )
    lengths = times.year_lengths(x, where, argument)
    ends = times.period_end(x, where, argument)
    starts = np.asarray(x.coords["period"].values, "M8[s]")
    odd = np.flatnonzero(np.abs(lengths - lengths[0]) > 1e-9)
    apart = np.flatnonzero(ends[:-1] != starts[1:])
    if odd.size or apart.size:
        i = int(odd[0]) if odd.size else int(apart[0]) + 1
        raise TimeError(
            where,
            f"periods of {argument} are not equally long and adjoining, at {shown(starts[i])}",
            "a complete series of equal periods",
            1,
            argument,
        )
    return float(lengths[0])
