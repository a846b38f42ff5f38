"""The mark of groups of areas: whom each label counts, so that no sum counts them twice.

:func:`migov.by_group` writes beside its labels which areas each has summed; sums read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migov.core.vocabulary import ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr


def _name(x: xr.DataArray, dimension: str) -> str | None:
    """Return the name of the mark along a dimension, which its role may have had before."""
    for role in ROLES:
        name = f"{role}_members"
        if name in x.coords and x.coords[name].dims in ((dimension,), ()):
            return name
    return None


def marked(x: xr.DataArray, dimension: str, members: Sequence[Sequence[str]]) -> xr.DataArray:
    """Return an array whose labels along a dimension tell the areas that each has summed.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([3.0], {"area": ["origins"]}, "area")
    >>> marked(x, "area", [["ALB", "MDA"]]).area_members.values
    array(['ALB MDA'], dtype='<U7')
    """
    texts = np.array([" ".join(dict.fromkeys(part)) for part in members], dtype=str)
    return x.assign_coords({f"{dimension}_members": (dimension, texts)})


def alike(parts: Sequence[xr.DataArray], dimension: str) -> list[xr.DataArray]:
    """Return arrays that all carry the mark where one does: an area has itself as its member."""
    names = [_name(part, dimension) for part in parts]
    name = next((name for name in names if name is not None), None)
    if name is None:
        return list(parts)
    return [
        part
        if here is not None
        else part.assign_coords({name: (dimension, part.coords[dimension].values.astype(str))})
        for part, here in zip(parts, names, strict=True)
    ]


def shared(x: xr.DataArray, dimension: str) -> tuple[str, str, str] | None:
    """Return two labels along a dimension and an area that both count, if there are such.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([2.0, 3.0], {"area": ["MDA", "both"]}, "area")
    >>> shared(marked(x, "area", [["MDA"], ["ALB", "MDA"]]), "area")
    ('MDA', 'both', 'MDA')
    """
    name = _name(x, dimension)
    if name is None:
        return None
    seen: dict[str, str] = {}
    texts = np.atleast_1d(x.coords[name].values)
    for label, text in zip(x.indexes[dimension], texts, strict=True):
        for code in str(text).split():
            if code in seen:
                return seen[code], str(label), code
            seen[code] = str(label)
    return None
