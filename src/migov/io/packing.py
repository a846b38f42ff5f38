"""What a file can hold, and how the rest travels with it.

Texts and numbers among the attributes are stored as they are, so that other programs read
units and names. What NetCDF has no form for (truth values, None, lists, tuples, mappings, empty
texts) stands in one JSON text, the attribute :data:`BUNDLE`, together with the types of labels.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import xarray as xr

from migov.core import status
from migov.core.errors import InputError, KindError

if TYPE_CHECKING:
    from collections.abc import Mapping

BUNDLE = "migov_file"
_BESIDE = "ancillary_variables"
_RESERVED = frozenset(
    "_FillValue missing_value scale_factor add_offset dtype units_metadata coordinates "
    "_ARRAY_DIMENSIONS _Unsigned _NCProperties _Netcdf4Dimid _Netcdf4Coordinates _nc3_strict "
    "CLASS NAME REFERENCE_LIST DIMENSION_LIST".split()
)
_SECONDS = {
    "units": "seconds since 1970-01-01 00:00:00",
    "calendar": "proleptic_gregorian",
    "dtype": "int64",
}


@attrs.frozen
class _Packer:
    """Packs one array or data set; `odd` collects attributes that files have no form for."""

    where: str
    odd: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    types: dict[str, str] = attrs.field(factory=dict)

    def refuse(self, what: str, mend: str) -> KindError:
        return KindError(self.where, what, mend, None, "x")

    def checked_name(self, name: Any, kind: str) -> str:
        if not isinstance(name, str) or not name or "/" in name or name != name.strip():
            raise self.refuse(
                f"the {kind} {name!r} cannot be a name in a file",
                "rename it to a text without '/'",
            )
        return name

    def variable(self, given: xr.Variable, name: str, is_coordinate: bool) -> xr.Variable:
        """Return the variable that is stored, with the attributes that files have a form for."""
        for dim in given.dims:
            self.checked_name(dim, "dimension")
        self.types[name] = given.dtype.str
        lazy = given.chunks is not None and not is_coordinate and given.dtype.kind not in "OT"
        data: Any = given.data if lazy else np.asarray(given.values)
        if given.dtype.kind in "OT":
            data = self.texts(data, name)
            self.types[name] = data.dtype.str
        kind, encoding = data.dtype.kind, {}
        if kind == "b":
            data = data.astype("i1")
        elif kind == "M":
            if not lazy and not np.array_equal(
                data, data.astype("M8[s]").astype(data.dtype), equal_nan=True
            ):
                raise self.refuse(f"{name!r} has dates finer than a second", "round them")
            encoding = dict(_SECONDS)
        elif kind not in "iufU" or data.dtype.itemsize > 8 * (1 if kind != "U" else 2**20):
            raise self.refuse(
                f"{name!r} is of type {data.dtype}", "files hold numbers, texts and dates"
            )
        elif data.dtype == np.float16:
            raise self.refuse(f"{name!r} is of type float16", "x.astype(float)")
        plain, odd = self.attributes(given.attrs, name, dates=kind == "M")
        if odd:
            self.odd[name] = odd
        return xr.Variable(given.dims, data, plain, encoding)

    def texts(self, data: Any, name: str) -> Any:
        cells = data.ravel().tolist()
        wrong = next((cell for cell in cells if not isinstance(cell, str)), None)
        if wrong is not None:
            raise self.refuse(
                f"{name!r} holds {wrong!r} among its texts", "files hold numbers, texts and dates"
            )
        return np.array(cells, dtype=str if cells else "U1").reshape(data.shape)

    def attributes(
        self, given: Mapping[Any, Any], name: str, dates: bool = False
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the attributes with a form of their own, and the others as JSON values."""
        plain: dict[str, Any] = {}
        odd: dict[str, Any] = {}
        for key, value in given.items():
            if not isinstance(key, str) or not key or "/" in key:
                raise self.refuse(
                    f"{name} has the attribute {key!r}", "names of attributes are texts without '/'"
                )
            own = isinstance(value, str | int | float | np.integer | np.floating)
            taken = key in _RESERVED or (dates and key in ("units", "calendar"))
            if own and not taken and not isinstance(value, bool) and value != "":
                plain[key] = value
            else:
                odd[key] = self.json(value, f"{name}.attrs[{key!r}]")
        return plain, odd

    def json(self, value: Any, what: str) -> Any:
        """Return a value in a form that JSON holds and :func:`_unjson` turns back."""
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, list):
            return [self.json(part, what) for part in value]
        if isinstance(value, tuple):
            return {"tuple": [self.json(part, what) for part in value]}
        if isinstance(value, np.ndarray) and value.dtype.kind in "iufbU":
            return {"array": value.tolist(), "dtype": value.dtype.str}
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {"mapping": {key: self.json(part, what) for key, part in value.items()}}
        raise self.refuse(
            f"{what} is a {type(value).__name__}", "attributes are texts, numbers and lists of them"
        )


def _unjson(value: Any) -> Any:
    """Turn back what :meth:`_Packer.json` made."""
    if isinstance(value, list):
        return [_unjson(part) for part in value]
    if isinstance(value, dict):
        if "tuple" in value:
            return tuple(_unjson(part) for part in value["tuple"])
        if "array" in value:
            return np.array(value["array"], dtype=value["dtype"])
        return {key: _unjson(part) for key, part in value["mapping"].items()}
    return value


def pack(x: xr.DataArray | xr.Dataset, where: str) -> xr.Dataset:
    """Return the Dataset that is stored.

    Parameters
    ----------
    x : DataArray or Dataset
        Anything; lazy values stay lazy, labels are loaded.
    where : str
        The call that an error names.

    Raises
    ------
    KindError
        `x` is neither, or holds what no file holds.
    """
    if not isinstance(x, xr.DataArray | xr.Dataset):
        raise KindError(
            where,
            f"x is a {type(x).__name__}, expected an xarray DataArray or Dataset",
            "migov.from_frame reads tables"
            if "Frame" in type(x).__name__
            else "a labelled array, or a data set of them",
            None,
            "x",
        )
    packer = _Packer(where)
    for name, index in x.indexes.items():
        if index.nlevels > 1:
            raise packer.refuse(f"{name!r} is a MultiIndex", f"x.reset_index({name!r})")
    bundle: dict[str, Any] = {"version": 1, "kind": type(x).__name__}
    if isinstance(x, xr.DataArray):
        bundle |= {"name": x.name, "variable": _own_name(x, packer)}
        given = {bundle["variable"]: x.variable}
    else:
        given = {packer.checked_name(key, "variable"): v.variable for key, v in x.items()}
    coords = {packer.checked_name(key, "coordinate"): c.variable for key, c in x.coords.items()}
    values = {name: packer.variable(v, name, False) for name, v in given.items()}
    labels = {name: packer.variable(v, name, True) for name, v in coords.items()}
    bundle["coordinates"] = list(labels)
    if status.NAME in labels:
        _store_status(values, labels.pop(status.NAME), packer)
    plain, odd = ({}, {}) if isinstance(x, xr.DataArray) else packer.attributes(x.attrs, "x")
    bundle |= {"types": packer.types, "odd": packer.odd, "whole": odd}
    stored = xr.Dataset(values, labels)
    stored.attrs = {**plain, BUNDLE: json.dumps(bundle, sort_keys=True)}
    return stored


def _own_name(x: xr.DataArray, packer: _Packer) -> str:
    """Return the name of the array's variable in the file."""
    if x.name is not None and not isinstance(x.name, str):
        raise packer.refuse(f"the name {x.name!r} is no text", 'x.rename("…")')
    taken = {str(key) for key in (*x.coords, *x.dims)}
    name = x.name or "value"
    if name in taken or "/" in name or name != name.strip():
        name = "value"
    while name in taken:
        name += "_"
    return name


def _store_status(values: dict[str, xr.Variable], flags: xr.Variable, packer: _Packer) -> None:
    """Make the status a variable that those it speaks of name, in the CF manner."""
    packer.odd.pop(status.NAME, None)
    for name, variable in values.items():
        if set(flags.dims) <= set(variable.dims):
            others = str(variable.attrs.get(_BESIDE, ""))
            packer.odd.setdefault(name, {})[_BESIDE] = others or None
            variable.attrs[_BESIDE] = f"{others} {status.NAME}".strip()
    flags.attrs = {**status.ATTRS, "standard_name": "status_flag"}
    values[status.NAME] = flags


def unpack(stored: xr.Dataset) -> xr.DataArray | xr.Dataset:
    """Return what :func:`pack` was given; a file of other origin stays a Dataset.

    Raises
    ------
    InputError
        The bundle of a file is damaged.
    """
    text = stored.attrs.get(BUNDLE)
    if not isinstance(text, str):
        return stored.drop_encoding()
    try:
        bundle: dict[str, Any] = json.loads(text)
        types, odd, labels = bundle["types"], bundle["odd"], bundle["coordinates"]
        whole = {key: _unjson(value) for key, value in bundle["whole"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise InputError(
            "read",
            f"the attribute {BUNDLE!r} of the file is damaged: {fault!r}",
            "write the file again with migov.io.write",
            None,
            "path",
        ) from fault
    variables: dict[str, xr.Variable] = {}
    for key, given in stored.variables.items():
        name = str(key)
        variable = given.copy(deep=False)
        own = {**given.attrs, **{k: _unjson(v) for k, v in odd.get(name, {}).items()}}
        variable.attrs = {k: v for k, v in own.items() if not (k == _BESIDE and v is None)}
        if name == status.NAME and name in labels:
            variable.attrs = dict(status.ATTRS)
        wanted = np.dtype(types.get(name, variable.dtype.str))
        variables[name] = variable if variable.dtype == wanted else variable.astype(wanted)
    coords = {name: variables.pop(name) for name in labels}
    out = xr.Dataset(variables, coords, {k: v for k, v in stored.attrs.items() if k != BUNDLE})
    out.attrs.update(whole)
    if bundle["kind"] != "DataArray":
        return out
    array: xr.DataArray = out[bundle["variable"]]
    array.name = bundle["name"]
    return array
