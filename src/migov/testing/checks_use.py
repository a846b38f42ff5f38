"""Checks of how an indicator is used: on data frames, and for groups of areas."""

from __future__ import annotations

import numpy as np
import xarray as xr

from migov.core import areas, partition
from migov.core.definition import definition_of
from migov.core.vocabulary import ROLES
from migov.io import to_frame
from migov.testing.subject import DoesNotApply, Subject, scaled

AREAS = {"a": "ALB", "b": "MDA", "c": "DEU", "north": "ALB", "south": "MDA", "d": "POL"}
"""Codes for the letters that worked cases call areas by."""


def _as_coded(x: xr.DataArray) -> xr.DataArray:
    """Return an array whose areas and occupations have codes of their lists, as tables do."""
    changed = {}
    for dim in map(str, x.dims):
        labels = [str(label) for label in x.indexes[dim]] if dim in x.indexes else []
        if dim in ROLES and not all(label in areas.table() for label in labels):
            changed[dim] = [AREAS[label] for label in labels if label in AREAS]
        if dim == "occupation" and not all(label.isdigit() for label in labels):
            changed[dim] = [str(place + 1) for place in range(len(labels))]
    short = [dim for dim, labels in changed.items() if len(labels) != x.sizes[dim]]
    if short:
        raise DoesNotApply(f"the labels of {short[0]} in the case are no codes")
    return x.assign_coords({dim: (dim, labels) for dim, labels in changed.items()})


def data_frames(s: Subject) -> str | None:
    """Inputs that come as tables give the same numbers as arrays."""
    waves = xr.DataArray([1, 2], dims="wave", name="wave")
    given = {
        name: _as_coded(x).expand_dims(wave=waves).rename("value") for name, x in s.inputs.items()
    }
    frames = {name: to_frame(x) for name, x in given.items()}
    single = any(
        "age" in x.coords and x.coords["age_width"].values.ravel()[-1] == 1 for x in given.values()
    )
    out = s.made.on_frame(
        frames,
        columns=dict.fromkeys(frames, "value"),
        units={name: x.attrs["units"] for name, x in given.items()},
        dims={str(dim): str(dim) for x in given.values() for dim in x.dims},
        definitions={name: d for name, x in given.items() if (d := definition_of(x)) is not None},
        **({"age_width": 1} if single else {}),
    )
    wanted = np.sort(np.asarray(s.call(**given).values, float).ravel())
    found = np.sort(out["value"].to_numpy(float))
    if not np.allclose(found, wanted, rtol=1e-9, equal_nan=True):
        return "tables give other numbers than arrays"
    return None


def groups(s: Subject) -> str | None:
    """A group of areas is the indicator of the summed amounts."""
    rates = [n for n, x in s.inputs.items() if not partition.additive(x.attrs["units"])]
    if rates:
        raise DoesNotApply(f"{rates[0]} is a rate: a group needs weights")
    placed = [n for n, x in s.inputs.items() if any(role in x.dims for role in ROLES)]
    if placed:
        raise DoesNotApply(f"{placed[0]} has areas of its own")
    areas = xr.DataArray(["ALB", "MDA"], dims="area", name="area")
    both = {
        name: xr.concat([x, scaled(x, 2.0)], areas).assign_attrs(x.attrs)
        for name, x in s.inputs.items()
    }
    grouped = s.made.grouped({"both": ["ALB", "MDA"]}, **both).squeeze("area", drop=True)
    plain = s.call(**{name: scaled(x, 3.0) for name, x in s.inputs.items()}).squeeze()
    if not np.allclose(grouped.squeeze(), plain, rtol=1e-12, equal_nan=True):
        return "the group is not the indicator of its members' sum"
    return None
