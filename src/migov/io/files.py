"""Arrays and data sets to files and back, whole: NetCDF for one machine, Zarr for many."""

from __future__ import annotations

import importlib.util
import os
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from migov.core import status
from migov.core.errors import FileError, KindError, need
from migov.io.packing import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

_NETCDF = (".nc", ".nc4", ".h5")
_ZARR = (".zarr",)
_PACKAGES = {"netcdf": ("h5netcdf", "h5py"), "zarr": ("zarr",)}


def write(x: xr.DataArray | xr.Dataset, path: str | os.PathLike[str]) -> Path:
    """Write an array or a data set to a file that :func:`read` gives back identical.

    Units, definition, names, ``age_width`` and ``period_end`` stay with the values; the status
    becomes a variable named in ``ancillary_variables``, with ``flag_masks`` and
    ``flag_meanings`` (CF Conventions 1.11, sections 3.4 and 3.5). A file of that name is replaced,
    once the new one is whole.

    Parameters
    ----------
    x : DataArray or Dataset
        Lazy values are computed block by block while they are written.
    path : str or path
        Ends in ``.nc`` for NetCDF, or ``.zarr`` for Zarr.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    FileError
        An unknown suffix, a folder that is absent, or something else that stands there.
    KindError
        `x` holds what no file holds: objects, times of day finer than a second, MultiIndexes.
    ExtraError
        The package for the format is not installed.

    Examples
    --------
    >>> import tempfile
    >>> x = xr.DataArray([1.0, 2.0], {"area": ["NAM", "DEU"]}, "area", "persons",
    ...     {"units": "million person"})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = read(write(x, f"{folder}/persons.nc"))
    >>> again.identical(x)
    True
    """
    where = "write"
    target, form = _form(path, where)
    stored = pack(x, where)
    if not target.parent.is_dir():
        raise FileError(where, f"there is no folder {target.parent}", "make it first", None, "path")
    _check_replaceable(target, form, where)
    fresh = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        if form == "netcdf":
            stored.to_netcdf(fresh, mode="w", format="NETCDF4", engine="h5netcdf")
        else:
            _to_zarr(stored, fresh)
        _put_in_place(fresh, target)
    finally:
        _remove(fresh)
    return target


def read(path: str | os.PathLike[str]) -> xr.DataArray | xr.Dataset:
    """Return what :func:`write` wrote.

    NetCDF is loaded; Zarr stays lazy (with Dask where it is installed) but for labels and
    status. A file of other origin is returned as a Dataset, its dates in seconds.

    Parameters
    ----------
    path : str or path
        Ends in ``.nc`` or ``.zarr``.

    Raises
    ------
    FileError
        Absent, damaged, or of an unknown suffix.
    ExtraError
        The package for the format is not installed.
    """
    where = "read"
    target, form = _form(path, where)
    if not target.exists():
        raise FileError(
            where,
            f"there is no {target}",
            "the path of a file that migov.io.write wrote",
            None,
            "path",
        )
    options: dict[str, Any] = {
        "decode_times": xr.coders.CFDatetimeCoder(time_unit="s"),
        "decode_timedelta": False,
    }
    try:
        if form == "netcdf":
            stored = xr.load_dataset(target, engine="h5netcdf", **options)
        else:
            lazy: Any = {} if importlib.util.find_spec("dask") else None
            stored = xr.open_zarr(target, chunks=lazy, **options)
            names = [*stored.coords, *(name for name in (status.NAME,) if name in stored)]
            stored = stored.assign({name: stored[name].load() for name in names})
    except (OSError, ValueError, KeyError, RuntimeError) as fault:
        raise FileError(
            where, f"{target} cannot be read as {form}: {fault}", "is the file whole?", None, "path"
        ) from fault
    return unpack(stored)


def _form(path: str | os.PathLike[str], where: str) -> tuple[Path, str]:
    """Return the path and the format that its suffix says."""
    if not isinstance(path, str | os.PathLike):
        raise KindError(where, f"path is a {type(path).__name__}", "a text or a path", None, "path")
    target = Path(path)
    suffix = target.suffix.lower()
    form = "netcdf" if suffix in _NETCDF else "zarr" if suffix in _ZARR else None
    if form is None:
        raise FileError(
            where,
            f"{target.name!r} ends in {suffix or 'nothing'}",
            "'.nc' for NetCDF, '.zarr' for Zarr; migov.io.write_csv and read_csv for tables",
            None,
            "path",
        )
    for package in _PACKAGES[form]:
        if importlib.util.find_spec(package) is None:
            raise need(package, "scale", where)
    return target, form


def _check_replaceable(target: Path, form: str, where: str) -> None:
    """Refuse to replace anything but a file of the same kind."""
    if not target.exists():
        return
    store = any((target / name).exists() for name in (".zgroup", "zarr.json"))
    if target.is_dir() != (form == "zarr") or (form == "zarr" and not store):
        raise FileError(
            where, f"{target} is there and is no {form} file", "another path", None, "path"
        )


def _to_zarr(stored: xr.Dataset, target: Path) -> None:
    """Write to a Zarr store of format 2, whose texts are in the specification."""
    import zarr

    chunks = {
        dim: max(sizes)
        for dim, sizes in stored.chunksizes.items()
        if len({*sizes[:-1]}) > 1 or sizes[-1] > sizes[0]
    }
    whole = stored.chunk(chunks) if chunks else stored
    newer = int(zarr.__version__.split(".")[0]) >= 3
    options: dict[str, Any] = {"zarr_format": 2} if newer else {}
    whole.to_zarr(target, mode="w", consolidated=True, **options)


def _put_in_place(fresh: Path, target: Path) -> None:
    if not target.is_dir():
        os.replace(fresh, target)
        return
    old = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    os.replace(target, old)
    try:
        os.replace(fresh, target)
    except OSError:
        os.replace(old, target)
        raise
    _remove(old)


def _remove(path: Path) -> None:
    remove: Callable[[Path], Any] = shutil.rmtree if path.is_dir() else Path.unlink
    if path.exists():
        remove(path)
