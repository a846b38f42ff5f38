"""The names of dimensions: one each, and a near miss is an error with the suggestion."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from migov.core.errors import DimensionError, KindError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr

DIMENSIONS = [
    "time",
    "period",
    "area",
    "origin",
    "destination",
    "citizenship",
    "birthplace",
    "sex",
    "age",
    "cohort",
    "duration",
    "education",
    "skill",
    "occupation",
    "sector",
    "legal_status",
    "labour_status",
    "actor",
    "scenario",
    "member",
    "quantile",
    "node",
]
"""Every name that migov gives a meaning to; other names pass through untouched."""

ROLES = ("area", "origin", "destination", "citizenship", "birthplace")
"""Dimensions whose labels are codes of areas."""

_WORDS = frozenset({"factor", "vector", "doctor", "reason", "season"})


def _one_letter(a: str, b: str) -> bool:
    """Whether one letter replaced, added, left out or swapped turns `a` into `b`."""
    if abs(len(a) - len(b)) > 1:
        return False
    if len(a) == len(b):
        places = [i for i in range(len(a)) if a[i] != b[i]]
        swapped = len(places) == 2 and places[1] == places[0] + 1
        return len(places) == 1 or (
            swapped and a[places[0]] == b[places[1]] and a[places[1]] == b[places[0]]
        )
    short, long = sorted((a, b), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


@cache
def near(name: str) -> str | None:
    """Return the dimension that `name` probably meant, or None where it stands for itself.

    A name is near when it differs only in case, by a plural s, by one letter in five or more,
    or in four by the order of those after the first.

    Examples
    --------
    >>> near("Ages"), near("destinaton"), near("aera"), near("wave"), near("age")
    ('age', 'destination', 'area', None, None)
    """
    if name in DIMENSIONS:
        return None
    plain = name.lower()
    for known in DIMENSIONS:
        if plain == known or plain in (known + "s", known + "es"):
            return known
    if len(plain) == 4:
        alike = (known for known in DIMENSIONS if sorted(known) == sorted(plain))
        return next((known for known in alike if known[0] == plain[0]), None)
    if len(plain) < 5 or plain in _WORDS:
        return None
    return next((known for known in DIMENSIONS if _one_letter(plain, known)), None)


MEANT: dict[str, tuple[str, ...]] = {
    "gender": ("sex",),
    "country": ("area", "origin", "destination", "citizenship", "birthplace"),
    "nationality": ("citizenship",),
    "country_of_birth": ("birthplace",),
    "year": ("time", "period"),
    "date": ("time", "period"),
    "isced": ("education",),
    "isco": ("occupation",),
    "industry": ("sector",),
    "draw": ("member",),
    "simulation": ("member",),
}
"""What other libraries and tables call the dimensions."""


def check_array(x: object, where: str, argument: str) -> None:
    """Refuse what is no DataArray.

    Raises
    ------
    KindError
        `x` is not a DataArray.
    """
    import xarray as xr

    if isinstance(x, xr.DataArray):
        return
    if isinstance(x, xr.Dataset):
        mend = f'{argument}["…"], one of its variables'
    elif "Frame" in type(x).__name__:
        mend = "migov.from_frame reads data frames"
    else:
        mend = "a labelled array, such as migov.from_frame makes of a table"
    told = f"{argument} is a {type(x).__name__}, expected an xarray DataArray"
    raise KindError(where, told, mend, None, argument)


def check_numbers(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse text, objects and truth values where numbers are meant.

    Raises
    ------
    KindError
        `x` holds no numbers.
    """
    if x.dtype.kind not in "iuf":
        told = f"{argument} holds {x.dtype}, expected numbers"
        raise KindError(where, told, f"{argument}.astype(float)", 8, argument)


def full_width(x: xr.DataArray) -> xr.DataArray:
    """Return whole numbers as int64 and others as float64, so that their sums hold.

    Single precision loses persons from 16.8 million on, half precision ends at 65,504, and
    differences of unsigned numbers are never negative.

    Examples
    --------
    >>> import numpy as np
    >>> import xarray as xr
    >>> x = xr.DataArray(np.array([1, 2], "uint8"), dims="sex", attrs={"units": "person"})
    >>> full_width(x).dtype, full_width(x).attrs
    (dtype('int64'), {'units': 'person'})
    """
    if x.dtype.kind not in "iuf" or (x.dtype.itemsize >= 8 and x.dtype.kind != "u"):
        return x
    return x.astype("float64" if x.dtype.kind == "f" else "int64")


def check_dimensions(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse what is no DataArray, and dimensions whose names miss the vocabulary by little.

    Raises
    ------
    KindError
        `x` is not a DataArray.
    DimensionError
        A dimension or coordinate is nearly one of the vocabulary, or one has no labels.
    """
    check_array(x, where, argument)
    for name in x.dims:
        if name in DIMENSIONS and name not in x.coords:
            raise DimensionError(
                where,
                f"{argument} has no labels along {str(name)!r}",
                f"{argument}.assign_coords({name}=labels)",
                2,
                argument,
            )
        meant = near(str(name))
        if meant is not None:
            raise DimensionError(
                where,
                f"{argument} has the dimension {str(name)!r}, which is nearly {meant!r}",
                f"{argument}.rename({{{str(name)!r}: {meant!r}}})",
                8,
                argument,
            )


def require(x: xr.DataArray, dims: Iterable[str], where: str, argument: str) -> None:
    """Refuse an array that lacks one of the dimensions.

    Raises
    ------
    DimensionError
        A dimension is missing.
    """
    absent = [name for name in dims if name not in x.dims]
    if absent:
        has = ", ".join(map(str, x.dims)) or "no dimension"
        meant = MEANT.get(absent[0].casefold(), ())
        known = next((name for name in meant if name in x.dims), None)
        raise DimensionError(
            where,
            f"{argument} needs {', '.join(map(repr, absent))}, it has {has}",
            f"give {argument} by {' and '.join(absent)}"
            if known is None
            else f"{known!r} is the name of {absent[0]!r} here",
            8,
            argument,
        )
