"""The boundary around an indicator's call.

It admits the inputs, brings them to coherent units and to one order of labels, takes their
status off, lets the body compute, scales its result to the declared unit, and writes unit,
title, recipe and the joined status. A body therefore holds nothing but the formula.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status, together, units
from migov.core.align import BROADCAST, align
from migov.core.definition import ATTRIBUTE
from migov.core.errors import DefinitionError, KindError, MigovError
from migov.core.inputs import CURRENCY, Input, admit, check_values, factor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import xarray as xr

    from migov.core.indicator import Indicator

RECIPE = "migov_recipe"


@attrs.define
class _Prepared:
    """Inputs that are ready for a body, and what was taken off them."""

    arrays: dict[str, xr.DataArray]
    flags: dict[str, xr.DataArray]
    dates: dict[str, Any]
    currency: str | None
    price_base: Any
    told: dict[str, dict[str, Any]]
    contracts: Mapping[str, Input]


def around(body: Callable[..., xr.DataArray]) -> Callable[..., xr.DataArray]:
    """Return the call of an indicator, with the boundary around its body."""

    @functools.wraps(body)
    def call(self: Indicator, *args: Any, **kwargs: Any) -> xr.DataArray:
        return _compute(self, _prepare(self, args, kwargs))

    call.body = body  # type: ignore[attr-defined]
    return call


def _bind(self: Indicator, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments by name; an optional one that is None is left out."""
    where, names = type(self).__name__, list(type(self).contracts())
    defaults = type(self).__call__.__wrapped__.__kwdefaults__ or {}  # type: ignore[attr-defined]
    positional = type(self).__call__.__wrapped__.__defaults__ or ()  # type: ignore[attr-defined]
    optional = set(defaults) | set(names[len(names) - len(positional) :] if positional else ())
    wrong = [name for name in kwargs if name not in names]
    if len(args) > len(names) or wrong:
        got = f"the argument {wrong[0]!r}" if wrong else f"{len(args)} arguments"
        raise KindError(
            where,
            f"got {got}, takes {', '.join(names)}",
            f"{type(self).__name__}()({', '.join(names)})",
            9,
        )
    given = dict(zip(names, args, strict=False))
    twice = [name for name in kwargs if name in given]
    if twice:
        raise KindError(where, f"{twice[0]} is given twice", f"leave out {twice[0]}=", 9, twice[0])
    given.update(kwargs)
    absent = [name for name in names if name not in given and name not in optional]
    if absent:
        raise KindError(
            where, f"lacks {', '.join(absent)}", f"{absent[0]}=…, a DataArray", 9, absent[0]
        )
    return {
        name: given[name]
        for name in names
        if name in given and not (given[name] is None and name in optional)
    }


def _prepare(self: Indicator, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> _Prepared:
    where, contracts = type(self).__name__, type(self).contracts()
    arrays: dict[str, Any] = {}
    flags: dict[str, Any] = {}
    told: dict[str, dict[str, Any]] = {}
    given = _bind(self, args, kwargs)
    for name, x in given.items():
        try:
            admitted = admit(
                together.stated(self, x, contracts[name]), contracts[name], where, name
            )
        except DefinitionError as fault:
            raise together.undeclared(self, given, contracts) or fault from None
        told[name] = _tell(admitted)
        arrays[name], flag = status.take(admitted)
        if flag is not None:
            flags[name] = flag
    together.check_definitions(self, arrays, contracts)
    currency, price_base = together.money(where, arrays, contracts)
    for name, x in arrays.items():
        checked = check_values(x, "any", where, name)
        by = factor_of(x, contracts[name], currency, where, name)
        if by != 1.0 or x.dtype != np.float64:
            checked = _scaled(checked, by)
        arrays[name] = check_values(checked, contracts[name].values, where, name)
    dates = together.join_dates(where, arrays, contracts)
    lacking = {*BROADCAST, *(dim for c in contracts.values() for dim in c.lacks)}
    together.check_lacks(where, arrays, contracts, lacking)
    aligned = align(where, arrays, lacking)
    together.check_within(self, aligned, contracts)
    return _Prepared(aligned, flags, dates, currency, price_base, told, contracts)


def _tell(x: xr.DataArray) -> dict[str, Any]:
    told: dict[str, Any] = {"shape": dict(zip(map(str, x.dims), x.shape, strict=True))}
    for key, attribute in (("name", "long_name"), ("unit", "units"), ("definition", ATTRIBUTE)):
        value = x.attrs.get(attribute)
        if isinstance(value, str):
            told[key] = value
    return told


def _compute(self: Indicator, ready: _Prepared) -> xr.DataArray:
    where, info = type(self).__name__, self.info
    body = type(self).__call__.body  # type: ignore[attr-defined]
    try:
        result = body(self, **ready.arrays)
    except MigovError as fault:
        fault.where = where  # a helper of the body raised it; the caller knows the class
        raise
    declared = info.unit.replace(CURRENCY, ready.currency or CURRENCY)
    if not hasattr(result, "dims"):
        raise KindError(where, f"the body returned {type(result).__name__}", "a DataArray", 9)
    by = units.from_coherent(declared)
    out: xr.DataArray = _finite(_scaled(result, by))
    out.attrs = {"units": declared, "long_name": info.title, RECIPE: _recipe(self, ready)}
    if ready.price_base is not None and CURRENCY in info.unit:
        out.attrs["price_base"] = ready.price_base
    out.name = info.id
    dates = {name: value for name, value in ready.dates.items() if set(value[0]) <= set(out.dims)}
    if dates:
        out = out.assign_coords(dates)
    out, own = _own_flags(out)
    return _joined(ready, out, own) if ready.flags or own is not None else out


def _scaled(x: xr.DataArray, by: float) -> xr.DataArray:
    """Return the numbers as float64 times a factor; plain arithmetic of arrays costs more."""
    return x.copy(data=x.data.astype(np.float64) * by)


def _finite(x: xr.DataArray) -> xr.DataArray:
    """Return the array with NaN where a denominator was zero; it is undefined there."""
    data: Any = x.data
    if not isinstance(data, np.ndarray):
        return x.copy(data=data.map_blocks(_no_infinity, dtype=data.dtype))
    return x.copy(data=_no_infinity(data)) if np.isinf(data).any() else x


def _no_infinity(values: np.ndarray) -> np.ndarray:
    return np.where(np.isinf(values), np.nan, values)


def _recipe(self: Indicator, ready: _Prepared) -> str:
    return json.dumps(
        {
            "id": self.info.id,
            "parameters": self.parameters(),
            "version": _version(),
            "inputs": ready.told,
        },
        sort_keys=True,
    )


@functools.cache
def _version() -> str:
    from migov import __version__

    return __version__


def _own_flags(out: xr.DataArray) -> tuple[xr.DataArray, Any]:
    """Return a result without the status that its body marked, and that status, maybe lazy."""
    if status.NAME not in out.coords:
        return out, None
    dims = [dim for dim in out.dims if dim != "member"]
    return out.drop_vars(status.NAME), out.coords[status.NAME].transpose(*dims).data


def _joined(ready: _Prepared, out: xr.DataArray, own: Any = None) -> xr.DataArray:
    """Return the result with the union of the inputs' flags over the cells handed in.

    The body's own flags, of cells that it cannot judge, are added, lazy where it is lazy. On
    bare arrays, since labelled ones cost many times the body of an indicator.
    """
    dims = [dim for dim in out.dims if dim != "member"]
    bits = np.zeros([out.sizes[dim] for dim in dims], np.uint16)
    for name, flag in ready.flags.items():
        x = ready.arrays[name]
        role = _role(flag, x)
        names = [role if dim == "area" and role else str(dim) for dim in flag.dims]
        values = np.asarray(flag.values, np.uint16)
        inside = _inside(flag, out, ready.contracts[name])
        if inside is not None:
            axis = names.index("time")
            values = _by_period(values, axis, inside)
            names[axis] = "period"
        gone = tuple(axis for axis, dim in enumerate(names) if dim not in dims)
        if gone:
            values = np.bitwise_or.reduce(values, axis=gone)
        kept = [dim for dim in names if dim in dims]
        for axis, dim in enumerate(kept):
            if dim == "period" and inside is not None:
                continue
            given = flag.indexes["area" if dim == role and "area" in flag.dims else dim]
            wanted = out.indexes[dim]
            if dim == "time" and len(given) == len(wanted) and f"{name}_time" in ready.dates:
                continue  # joined by the year, in the order of the first input
            if not given.equals(wanted):
                values = values.take(given.get_indexer(wanted), axis)
        order = [kept.index(str(dim)) for dim in dims if dim in kept]
        shape = [out.sizes[dim] if dim in kept else 1 for dim in dims]
        bits |= values.transpose(order).reshape(shape)
    whole = bits if own is None else bits | own
    return out.assign_coords({status.NAME: (dims, whole, status.ATTRS)})


def _inside(x: xr.DataArray, out: xr.DataArray, contract: Input) -> np.ndarray | None:
    """Return which dates of a stock fall into which period (periods, dates) of a result by period.

    A stock that stands beside a flow (it may lack the period) is taken at the start of each
    period, any other at both its ends; a period without such a date has all dates. None where no
    dates become periods.
    """
    if "time" not in x.dims or "time" in out.dims or "period_end" not in out.coords:
        return None
    starts, ends = (out.coords[name].values[:, None] for name in ("period", "period_end"))
    dates = x.coords["time"].values[None, :]
    inside: np.ndarray = dates == starts
    if "period" not in contract.lacks:
        inside = (dates >= starts) & (dates <= ends)
    return inside | ~inside.any(axis=1, keepdims=True)


def _by_period(values: np.ndarray, axis: int, inside: np.ndarray) -> np.ndarray:
    """Return the union of flags by date over the dates of each period, on the same axis."""
    rows = [np.bitwise_or.reduce(values.compress(row, axis), axis=axis) for row in inside]
    return np.stack(rows, axis)


def _share(x: xr.DataArray, out: xr.DataArray, contract: Input) -> xr.DataArray:
    """Return the share of an input's cells behind each cell of a result that hold a number."""
    there = x.notnull()
    inside = _inside(x, out, contract)
    if inside is not None:
        import xarray as xr

        dates = xr.DataArray(
            inside / inside.sum(axis=1, keepdims=True),
            {"period": out.coords["period"].values, "time": x.coords["time"].values},
            ("period", "time"),
        )
        there = (there * dates).sum("time")
    return there.mean([dim for dim in there.dims if dim not in out.dims])


def _role(flag: xr.DataArray, x: xr.DataArray) -> str | None:
    if "area" not in flag.dims or "area" in x.dims:
        return None
    return next((str(dim) for dim in x.dims if dim not in flag.dims), None)


def report(self: Indicator, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> xr.Dataset:
    """Return value, status and coverage from the boundary's own aligned inputs."""
    import xarray as xr

    ready = _prepare(self, args, kwargs)
    value = _compute(self, ready)
    plain, flags = status.take(value)
    coverage: Any = None
    for name, x in ready.arrays.items():
        share = _share(x, plain, ready.contracts[name])
        coverage = share if coverage is None else np.minimum(share, coverage)
    whole = xr.zeros_like(plain) + (1.0 if coverage is None else coverage)
    coverage = whole.transpose(*plain.dims)
    coverage.attrs = {"units": "1", "long_name": "share of input cells that hold a number"}
    skips = any(contract.missing == "skip" for contract in type(self).contracts().values())
    observed = _whole_status(plain, flags, coverage, skips)
    value = plain.assign_attrs(ancillary_variables=f"{status.NAME} coverage")
    found = xr.Dataset({"value": value, status.NAME: observed, "coverage": coverage})
    found.attrs = {"title": self.info.title, RECIPE: value.attrs[RECIPE]}
    return found


def _whole_status(
    plain: xr.DataArray, flags: xr.DataArray | None, coverage: xr.DataArray, skips: bool
) -> xr.DataArray:
    """Return the status of every cell, with reasons of absence that no input told."""
    absent = plain.isnull()
    dims = [dim for dim in plain.dims if dim != "member"]
    if "member" in plain.dims:
        absent, coverage = absent.all("member"), coverage.min("member")
    incomplete = coverage < 1
    bits: Any = absent * np.uint16(0) if flags is None else flags.broadcast_like(absent)
    told = (bits & np.uint16(status.ABSENT)) != 0
    for flag, where in (("undefined", ~incomplete), ("missing", incomplete)):
        bits = bits | ((absent & where & ~told) * np.uint16(status.flag(flag)))
    if skips:
        bits = bits | ((~absent & incomplete) * np.uint16(status.flag("partial")))
    out: xr.DataArray = bits.astype(np.uint16).transpose(*dims)
    out.attrs = dict(status.ATTRS)
    return out
