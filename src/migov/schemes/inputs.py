"""The labelled inputs of a simulation, brought to one grid of cells and months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import ages, status
from migov.core.align import shown
from migov.core.errors import (
    AlignmentError,
    DimensionError,
    InputError,
    PartitionError,
    TimeError,
)
from migov.core.inputs import Input, admit, check_values, factor_of
from migov.core.partition import check_partition, is_total
from migov.schemes.hazards import RANGE, draw

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

CELL = ("occupation", "origin", "sex")
REST = ("scenario", "member")
CONTRACTS = {
    "applicants": Input(title="applicants", unit="person/year", role="origin"),
    "pool": Input(title="applicants at the start", unit="person", role="origin"),
    "origins": Input(title="people of the origins", unit="person", role="origin", kind="stock"),
    "shortage": Input(title="posts not filled", unit="person", role="destination", kind="stock"),
    "demand": Input(title="posts open", unit="person", role="destination", kind="stock"),
    "workers": Input(title="workers at origin", unit="person", role="origin"),
    "residents": Input(title="residents of origin", unit="person", role="origin", kind="stock"),
    "capacity": Input(title="visas that can be decided", unit="person/year", role="origin"),
    "quota_share": Input(title="part of a joint quota", unit="1", values="share"),
    "region_share": Input(
        title="departures by region of origin",
        unit="1",
        role="origin",
        needs=("region",),
        values="share",
    ),
}


@attrs.define
class Grid:
    """The labels of cells, the dates of months, and the statuses met on the way."""

    where: str
    months: np.ndarray
    labels: dict[str, list[Any]] = attrs.field(factory=dict)
    fixed: dict[str, Any] = attrs.field(factory=dict)
    flags: int = 0
    held: dict[str, str] = attrs.field(factory=dict)

    @property
    def cells(self) -> tuple[int, int, int, int]:
        """Return the shape of cells: occupation, origin, sex, and the rest in one."""
        o, g, s = (len(self.labels.get(name, [""])) for name in CELL)
        return o, g, s, int(np.prod([len(self.labels.get(n, [""])) for n in REST]))

    def note(self, x: xr.DataArray) -> None:
        """Take the labels of an input into the grid, or refuse what differs."""
        for name in CELL + REST:
            if name not in x.dims:
                continue
            found = list(x.indexes[name])
            known = self.labels.setdefault(name, found)
            if set(found) != set(known) or len(found) != len(known):
                raise AlignmentError(
                    self.where,
                    f"{x.name} has {name} {shown(found)}, another input {shown(known)}",
                    f"select the same {name} from both",
                    2,
                    str(x.name),
                )

    def spread(self, x: xr.DataArray, *first: str) -> np.ndarray:
        """Return values ``(first…, O, G, S, N)`` of an input that may lack any of the cells.

        Axes that an input lacks have length one, save the last.
        """
        x = x.sel({n: self.labels[n] for n in CELL + REST if n in x.dims})
        lead = [x.sizes[name] for name in first]
        order = [n for n in (*first, *CELL, *REST) if n in x.dims]
        values = np.asarray(x.transpose(*order).values, float)
        shape = lead + [x.sizes.get(name, 1) for name in CELL + REST]
        values = values.reshape(shape)
        rest = [len(self.labels.get(n, [""])) for n in REST]
        if any(n in x.dims for n in REST):
            values = np.broadcast_to(values, (*values.shape[:-2], *rest))
        return np.ascontiguousarray(values.reshape(*values.shape[:-2], -1))


def take(x: Any, name: str, grid: Grid, *needs: str, contract: Input | None = None) -> xr.DataArray:
    """Return an input in coherent units, its labels noted, its status kept in the grid."""
    contract = CONTRACTS[name] if contract is None else contract
    contract = attrs.evolve(contract, needs=contract.needs + needs)
    plain, flag = status.take(admit(x, contract, grid.where, name))
    if flag is not None:
        grid.flags |= int(np.bitwise_or.reduce(np.asarray(flag.values, np.uint16), axis=None))
    by = factor_of(plain, contract, None, grid.where, name)
    out = check_values(plain, contract.values, grid.where, name) * by
    if bool(out.isnull().any()):
        raise InputError(grid.where, f"{name} has missing cells", "fill them, and say how", 7, name)
    if name == "region_share" and bool((abs(out.sum("region") - 1.0) > 1e-6).any()):
        raise PartitionError(
            grid.where,
            f"{name} does not sum to 1 over regions",
            "shares of all regions, together 1",
            4,
            name,
        )
    if "age" in out.dims:
        out = ages.between(out, 15, 65, where=grid.where, argument=name)
    out = out.rename(name)
    out.attrs = {"units": contract.unit}
    for dim in CELL:
        if dim in out.coords and dim not in out.dims:
            label = out.coords[dim].values[()]
            out = out.drop_vars(dim) if is_total(dim, label) else out.expand_dims(dim)
    for dim in [dim for dim in CELL if dim in out.dims]:
        if not out.indexes[dim].is_unique:
            twice = out.indexes[dim][out.indexes[dim].duplicated()]
            raise AlignmentError(
                grid.where, f"{name} has {dim} {shown(twice)} twice", "one row for each", 2, name
            )
    if "occupation" in out.dims:
        check_partition(out, "occupation", grid.where, name)
    allowed = {*CELL, *REST, "time", "period", "destination"}
    if name in ("workers", "residents", "region_share"):
        allowed.add("region")
    odd = [str(dim) for dim in out.dims if dim not in allowed]
    if odd:
        raise DimensionError(
            grid.where,
            f"{name} has {odd[0]!r}, which no cell of a scheme has",
            f'migov.total({name}, "{odd[0]}")',
            8,
            name,
        )
    return out


def of_destination(x: xr.DataArray, destination: str, grid: Grid) -> xr.DataArray:
    """Return an input of the destination alone."""
    if "destination" in x.dims:
        if destination not in x.indexes["destination"]:
            raise AlignmentError(
                grid.where,
                f"{x.name} has destination {shown(x.indexes['destination'])}, the programme "
                f"{destination}",
                "the destination of the programme",
                2,
                str(x.name),
            )
        return x.sel(destination=destination, drop=True)
    if "destination" in x.coords:
        if str(x.coords["destination"].values) != destination:
            raise AlignmentError(
                grid.where,
                f"{x.name} is for {x.coords['destination'].values}, the programme for "
                f"{destination}",
                "the destination of the programme",
                2,
                str(x.name),
            )
        return x.drop_vars("destination")
    return x


def of_origins(x: xr.DataArray, origins: tuple[str, ...], grid: Grid) -> xr.DataArray:
    """Return an input for the origins of the programme; others in it are left out."""
    if "origin" not in x.dims:
        if len(origins) > 1:
            raise DimensionError(
                grid.where, f"{x.name} has no 'origin'", f"give {x.name} by origin", 8, str(x.name)
            )
        return x.expand_dims(origin=list(origins))
    absent = [code for code in origins if code not in x.indexes["origin"]]
    if absent:
        raise AlignmentError(
            grid.where,
            f"{x.name} lacks origin {shown(absent)}",
            f"give {x.name} for all origins of the programme",
            2,
            str(x.name),
        )
    return x.sel(origin=list(origins))


def steps(x: xr.DataArray, grid: Grid) -> tuple[xr.DataArray, np.ndarray]:
    """Return the input with its dates first, and for each month the step that holds in it.

    A stock holds from its date to the next; a flow holds within its period, and every month
    has to lie in one.
    """
    dim = "time" if "time" in x.dims else "period" if "period" in x.dims else None
    if dim is None:
        for name in ("time", "period"):
            if name in x.coords:
                grid.held[str(x.name)] = str(x.coords[name].values)[:10]
        x = x.drop_vars([n for n in ("time", "period", "period_end") if n in x.coords])
        return x.expand_dims(step=[0]), np.zeros(len(grid.months), np.int64)
    dates = np.asarray(x.coords[dim].values, "M8[D]")
    firsts = grid.months.astype("M8[D]")
    found = np.searchsorted(dates, firsts, side="right") - 1
    late = np.zeros(len(firsts), bool)
    if dim == "period":
        ends = np.asarray(x.coords["period_end"].values, "M8[D]")
        late = (grid.months + np.timedelta64(1, "M")).astype("M8[D]") > ends[np.maximum(found, 0)]
    out = (found < 0) | late
    if out.any():
        raise TimeError(
            grid.where,
            f"{x.name} has {dim} {shown(dates)}, none for {shown(firsts[out][:1])}",
            f"start later, or give {x.name} from the start",
            1,
            str(x.name),
        )
    bare = x.drop_vars([n for n in x.coords if n not in x.dims])
    return bare.rename({dim: "step"}), found.astype(np.int64)


def with_members(
    arrays: Mapping[str, xr.DataArray], members: list[Any] | None, seed: int
) -> dict[str, xr.DataArray]:
    """Return ranges as draws where there are members, and as scenarios where there are none."""
    if members is None:
        return dict(arrays)
    ranged = {
        name: "scenario" in x.dims and set(map(str, x.indexes["scenario"])) == set(RANGE)
        for name, x in arrays.items()
    }
    return {
        name: draw(x, members, seed=seed, process=name) if ranged[name] else x
        for name, x in arrays.items()
    }
