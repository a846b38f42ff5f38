"""Observation status: why a value is absent, and what kind of value it is, as bit flags.

The flags stand in the coordinate ``observation_status`` (uint16), over the dimensions of the
array except ``member``. Bits, unlike codes, compose: the status of a sum is the union of the
statuses of what was summed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core.errors import CodeError, KindError
from migov.core.vocabulary import check_array

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr

NAME = "observation_status"

FLAGS = {
    "break": 1,
    "definition_differs": 2,
    "estimated": 4,
    "forecast": 8,
    "imputed": 16,
    "provisional": 32,
    "low_reliability": 64,
    "derived": 128,
    "stylised": 256,
    "partial": 512,
    "undefined": 1024,
    "missing": 2048,
    "no_response": 4096,
    "not_applicable": 8192,
    "not_collected": 16384,
    "suppressed": 32768,
}
"""Meaning and bit of each flag; those from ``undefined`` on are reasons of absence."""

SDMX = {
    "A": "",
    "B": "break",
    "D": "definition_differs",
    "E": "estimated",
    "F": "forecast",
    "I": "imputed",
    "P": "provisional",
    "U": "low_reliability",
    "M": "missing",
    "L": "not_collected",
    "O": "missing",
    "Q": "suppressed",
    "_Z": "not_applicable",
}
"""Codes of the SDMX code list CL_OBS_STATUS that have a flag here."""

ABSENT = sum(bit for name, bit in FLAGS.items() if bit >= FLAGS["undefined"])
ATTRS: dict[str, Any] = {
    "long_name": "observation status",
    "flag_masks": np.array(list(FLAGS.values()), np.uint16),
    "flag_meanings": " ".join(FLAGS),
}


def flag(*names: str) -> int:
    """Return the union of the named flags.

    Raises
    ------
    CodeError
        A name is no flag.

    Examples
    --------
    >>> flag("estimated", "stylised")
    260
    """
    bits = 0
    for name in names:
        if name not in FLAGS:
            raise CodeError(
                "status", f"{name!r} is no status", f"one of {', '.join(FLAGS)}", 7, "status"
            )
        bits |= FLAGS[name]
    return bits


def read(text: str) -> int:
    """Return the flags of a cell of a table: names, SDMX codes, joined by blanks or commas.

    Raises
    ------
    CodeError
        A word is neither a name nor a code.

    Examples
    --------
    >>> read("E, B"), read("stylised"), read("")
    (5, 256, 0)
    """
    names = [SDMX.get(word, word) for word in str(text).replace(",", " ").split()]
    return flag(*(name for name in names if name and name != "normal"))


def names(bits: int) -> tuple[str, ...]:
    """Return the names of the flags that are set.

    Examples
    --------
    >>> names(260)
    ('estimated', 'stylised')
    """
    return tuple(name for name, bit in FLAGS.items() if int(bits) & bit)


def has(x: xr.DataArray, *flags: str) -> bool:
    """Tell whether any cell of an array bears one of the flags.

    Examples
    --------
    >>> import xarray as xr
    >>> has(mark(xr.DataArray(1.0), "stylised"), "stylised"), has(xr.DataArray(1.0), "stylised")
    (True, False)
    """
    if NAME not in x.coords:
        return False
    _, given = take(x)
    return given is not None and bool((given.values & np.uint16(flag(*flags))).any())


def take(x: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray | None]:
    """Return the array without its status, and the status, loaded, or None.

    Raises
    ------
    KindError
        The coordinate holds what no flags are: text, fractions, negative numbers.
    """
    if NAME not in x.coords:
        return x, None
    bare = x.coords[NAME].reset_coords(drop=True)
    if bare.chunks:
        bare = bare.load()
    return x.drop_vars(NAME), bare if bare.dtype == np.uint16 else _bits(bare)


def _bits(flags: xr.DataArray) -> xr.DataArray:
    """Return flags of another type as such; a cell that a new label left empty has none."""
    whole = flags.fillna(0.0) if flags.dtype.kind == "f" else flags
    values = whole.values.ravel()
    if values.dtype.kind in "iuf":
        values = values[
            ~((values >= 0) & (values <= np.iinfo(np.uint16).max) & (np.floor(values) == values))
        ]
    if values.size:
        told = f"{NAME} holds {values[0]}, expected bits of migov.status.FLAGS"
        mend = f'migov.status.mark(x.drop_vars("{NAME}"), "estimated")'
        raise KindError("status", told, mend, 7, NAME)
    return whole.astype(np.uint16)


def put(x: xr.DataArray, flags: xr.DataArray | None) -> xr.DataArray:
    """Return the array with a status over its dimensions, in their order.

    Dimensions of `flags` that `x` lacks are reduced by union.
    """
    if flags is None:
        return x
    gone = [name for name in flags.dims if name not in x.dims or name == "member"]
    kept = union(flags, gone) if gone else flags
    order = [name for name in x.dims if name in kept.dims]
    kept = kept.transpose(*order)
    return x.assign_coords({NAME: (order, np.asarray(kept.values, np.uint16), ATTRS)})


def union(flags: xr.DataArray, dims: Iterable[Any]) -> xr.DataArray:
    """Return the union of the flags over some dimensions."""
    axes = tuple(flags.get_axis_num(list(dims)))
    values = np.bitwise_or.reduce(np.asarray(flags.values, np.uint16), axis=axes)
    rest = [name for name in flags.dims if name not in set(dims)]
    coords = {name: flags.coords[name] for name in rest if name in flags.coords}
    import xarray as xr

    return xr.DataArray(values, coords=coords, dims=rest)


def join(parts: Iterable[xr.DataArray | None]) -> xr.DataArray | None:
    """Return the union of several statuses over the dimensions of all."""
    present = [part for part in parts if part is not None]
    if not present:
        return None
    joined = present[0]
    for other in present[1:]:
        joined = joined | other
    return joined.astype(np.uint16)


def mark(x: xr.DataArray, *flags: str, at: Any = True) -> xr.DataArray:
    """Return the array with flags set, everywhere or where `at` holds.

    Parameters
    ----------
    x : DataArray
        Any array.
    *flags : str
        Names of :data:`FLAGS`.
    at : bool or boolean DataArray {dimensions of x}, optional
        Where to set them.

    Raises
    ------
    KindError
        `x` is no DataArray, or `at` no truth values.
    CodeError
        A name is no flag.

    Examples
    --------
    >>> import xarray as xr
    >>> x = mark(xr.DataArray([1.0, 2.0], coords={"area": ["DEU", "MDA"]}, dims="area"), "stylised")
    >>> x.observation_status.values
    array([256, 256], dtype=uint16)
    """
    import xarray as xr

    check_array(x, "mark", "x")
    if not isinstance(at, xr.DataArray | bool | np.bool_) or (
        isinstance(at, xr.DataArray) and at.dtype.kind != "b"
    ):
        told = f"at is a {type(at).__name__}, expected truth values"
        raise KindError("mark", told, "at=x > limit, a boolean DataArray", 7, "at")
    plain, given = take(x)
    dims = [name for name in plain.dims if name != "member"]
    empty = plain.isel(member=0, drop=True) if "member" in plain.dims else plain
    start = xr.DataArray(
        np.zeros([plain.sizes[name] for name in dims], np.uint16),
        coords={name: empty.coords[name] for name in dims if name in empty.coords},
        dims=dims,
    )
    bits = np.uint16(flag(*flags))
    chosen: Any = bits * (at if isinstance(at, xr.DataArray) else bool(at))
    added = (start | chosen).astype(np.uint16)
    return put(plain, added if given is None else join([added, given]))
