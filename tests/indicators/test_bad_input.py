"""Bad input for every class of the catalogue, made from its own contract.

Each input of a class is spoilt in every way below, one at a time. The call has to refuse it with
a MigovError that names the argument, or give a result that this file says; it never raises
anything else, and never another number without a word.
"""

from __future__ import annotations

import pickle
from functools import cache

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov.core import catalogue, units
from migov.core.errors import MigovError
from migov.testing.subject import Subject

IDS = catalogue.ids()
OF_HOLES = {"sex_age_coverage"}
"""Indicators that count what is missing: of nothing they say nought."""
CODED = ("sex", "area", "origin", "destination", "citizenship", "birthplace", "occupation")


@cache
def subject(ident: str) -> Subject:
    return Subject(catalogue.get(ident))


def refused(s: Subject, name: str, bad: object) -> str | None:
    """Return what is wrong with the answer to a bad input, or None where it is refused well."""
    try:
        out = s.call(**{name: bad}).compute()
    except MigovError as fault:
        if pickle.loads(pickle.dumps(fault)).__str__() != str(fault):
            return "an error that does not come back from pickle"
        return None if name in str(fault) else f"an error that does not name {name}: {fault}"
    except Exception as fault:  # what the test is for
        return f"{type(fault).__name__}: {str(fault)[:150]}"
    return f"the result {np.asarray(out.values).ravel()[:3]}"


def held(s: Subject, name: str, x: xr.DataArray, rtol: float = 1e-12) -> str | None:
    """Return what is wrong where an input in another guise has to give the same numbers."""
    try:
        out = s.call(**{name: x})
    except MigovError as fault:
        return f"{type(fault).__name__}: {str(fault)[:150]}"
    if not np.allclose(out.values, s.call().values, rtol=rtol, equal_nan=True):
        return f"the result {out.values.ravel()[:3]}, not {s.call().values.ravel()[:3]}"
    return None


def unused(s: Subject, name: str, x: xr.DataArray) -> bool:
    """Whether the result does not hang on an input, so that Dask never computes its check."""
    return bool(np.array_equal(s.call(**{name: x}).compute(), s.call(), equal_nan=True))


def again(x: xr.DataArray, dim: str) -> xr.DataArray:
    """Return an input whose first label along a dimension stands there twice."""
    first = x.isel({dim: [0]})
    out = xr.concat([x, first], dim)
    return out.assign_attrs(x.attrs)


def relabelled(x: xr.DataArray, dim: str, place: int, label: object) -> xr.DataArray:
    labels = np.array(x.indexes[dim], dtype=object)
    labels[place] = label
    return x.assign_coords({dim: labels.tolist()})


def structures(s: Subject, name: str, x: xr.DataArray):
    """Yield faults of structure: of kind, unit, dimensions, labels, ages, time."""
    numbers = np.asarray(x.values, float)
    yield "a list", numbers.tolist()
    yield "an array", numbers
    yield "a number", 1.0
    yield "a text", "1"
    yield "a series", pd.Series(numbers.ravel())
    yield "a frame", pd.DataFrame({"value": numbers.ravel()})
    yield "a dataset", x.to_dataset(name="x")
    if not s.cls.__call__.__wrapped__.__defaults__:
        yield "nothing", None
    for unit in ("kilometre^7", "no such unit", "person person^-1 / /", 7, None, ["person"]):
        yield f"unit {unit!r}", x.assign_attrs(units=unit)
    yield "no unit", x.copy().drop_attrs()
    for dtype in (str, object, bool, complex, "M8[s]", "m8[s]", "V8"):
        if dtype == "V8":
            yield "dtype void", x.copy(data=np.zeros(x.shape, "V8"))
        elif dtype in ("M8[s]", "m8[s]"):
            yield f"dtype {dtype}", x.copy(data=np.zeros(x.shape, dtype))
        else:
            yield f"dtype {dtype.__name__}", x.astype(dtype)
    for dim in map(str, x.dims):
        yield f"empty {dim}", x.isel({dim: slice(0, 0)})
        yield f"unlabelled {dim}", x.drop_vars(dim)
        yield f"{dim} in capitals", x.rename({dim: dim.upper()})
        yield f"twice in {dim}", again(x, dim)
        if dim in s.contracts[name].needs:
            yield f"without {dim}", x.isel({dim: 0}, drop=True)
            yield f"{dim} scalar", x.isel({dim: 0}) if x.sizes[dim] > 1 else None
    if "age" in x.dims:
        yield from ages(x)
    for dim in ("time", "period"):
        if dim in x.dims:
            yield from instants(x, dim)
    kind = s.contracts[name].kind
    when = np.array(["2020-01-01"], "M8[s]")
    if kind == "flow" and "period" in x.dims:
        yield "a flow at an instant", x.isel(period=0, drop=True).expand_dims(time=when)
    if kind == "stock" and "time" in x.dims:
        yield "a stock over a period", x.isel(time=0, drop=True).expand_dims(period=when)
    yield "a year as a number", without_time(x).expand_dims(time=[2020])


def without_time(x: xr.DataArray) -> xr.DataArray:
    gone = {dim: 0 for dim in ("time", "period") if dim in x.dims}
    return x.isel(gone, drop=True)


def ages(x: xr.DataArray):
    """Yield ages that are no partition."""
    size = x.sizes["age"]
    if size > 2:
        yield "a gap in ages", x.isel(age=[i for i in range(size) if i != size // 2])
    if size > 1:
        yield "ages out of order", x.isel(age=slice(None, None, -1))
        wide = x.age_width.values.copy()
        wide[0] += 1
        yield "ages that overlap", x.assign_coords(age_width=("age", wide))
        first = x.age_width.values.copy()
        first[0] = np.inf
        yield "an open age first", x.assign_coords(age_width=("age", first))
    yield "ages without widths", x.drop_vars("age_width")
    yield "ages as text", x.assign_coords(age=[str(a) for a in x.age.values])
    for place, value in (("width", np.nan), ("width", 0.0), ("width", -5.0)):
        widths = x.age_width.values.copy()
        widths[-1] = value
        yield f"an age {place} {value}", x.assign_coords(age_width=("age", widths))
    lower = x.age.values.astype(float)
    lower[0] = np.nan
    yield "a missing age", x.assign_coords(age=lower, age_width=("age", x.age_width.values))


def instants(x: xr.DataArray, dim: str):
    """Yield dates that are none, or out of order."""
    values = x[dim].values.copy()
    nat = values.copy()
    nat[0] = np.datetime64("NaT", "s")
    yield f"{dim} not a date", x.assign_coords({dim: nat})
    yield f"{dim} as text", x.assign_coords({dim: [str(v) for v in values]})
    if values.size > 1:
        yield f"{dim} unsorted", x.isel({dim: slice(None, None, -1)})
        yield f"{dim} repeated", x.assign_coords({dim: np.repeat(values[:1], values.size)})
    if dim == "period":
        yield "a period without end", x.drop_vars("period_end")
        yield "a period of no length", x.assign_coords(period_end=("period", values))
        back = values - np.timedelta64(400, "D")
        yield "a period that ends before", x.assign_coords(period_end=("period", back))


@pytest.mark.parametrize("ident", IDS)
def test_faults_of_structure_are_refused(ident):
    s = subject(ident)
    found = []
    for name, x in s.inputs.items():
        for fault, bad in structures(s, name, x):
            if bad is None and fault != "nothing":
                continue
            told = refused(s, name, bad)
            if told:
                found.append(f"{name}, {fault}: {told}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("ident", IDS)
def test_impossible_numbers_are_refused(ident):
    s = subject(ident)
    found = []
    for name, x in s.inputs.items():
        values = s.contracts[name].values
        bad = [np.inf, -np.inf]
        if values != "any":
            bad += [-1.0, -1e-6]
        if values == "share":
            one = 1 / units.factor(x.attrs["units"], "1")
            bad += [1.01 * one, 100 * one]
        for number in bad:
            first = np.asarray(x.values, float).copy()
            first.flat[0] = number
            spoilt = x.copy(data=first)
            for guise, y in (("memory", spoilt), ("lazy", spoilt.chunk())):
                if guise == "lazy" and number != bad[-1]:
                    continue
                told = refused(s, name, y)
                if told and not (guise == "lazy" and unused(s, name, y)):
                    found.append(f"{name}={number}, {guise}: {told}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("ident", IDS)
def test_a_hole_is_missing_or_said_to_be_left_out(ident):
    s = subject(ident)
    found = []
    plain = s.call()
    for name, x in s.inputs.items():
        everything = x.copy(data=np.full(x.shape, np.nan))
        try:
            out = s.made.report(**{**s.inputs, name: everything})
        except MigovError as fault:
            if name not in str(fault):
                found.append(f"{name} all missing: the error does not name it: {fault}")
            continue
        except Exception as fault:
            found.append(f"{name} all missing: {type(fault).__name__}: {fault}")
            continue
        value = out["value"].values
        same = np.allclose(np.where(np.isnan(value), 0, value), np.where(np.isnan(value), 0, plain))
        if not np.isnan(value).all() and not same and ident not in OF_HOLES:
            found.append(f"{name} all missing: the result is {value.ravel()[:3]}")
        if (out["coverage"].values > 0).any() and x.size and "coverage" not in out:
            found.append(f"{name} all missing: no coverage")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("ident", IDS)
def test_labels_that_do_not_meet_are_refused(ident):
    s = subject(ident)
    found = []
    for name, x in s.inputs.items():
        for dim in map(str, x.dims):
            shared = [n for n, y in s.inputs.items() if n != name and dim in y.dims]
            if not shared or dim in ("age", "time", "period"):
                continue
            label = 987 if x.indexes[dim].dtype.kind in "iu" else "ZZZ"
            told = refused(s, name, relabelled(x, dim, 0, label))
            if told:
                found.append(f"{name}, another label of {dim}: {told}")
            if x.sizes[dim] > 1:
                told = refused(s, name, x.isel({dim: slice(1, None)}))
                if told:
                    found.append(f"{name}, a label of {dim} fewer: {told}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("ident", IDS)
def test_a_total_among_its_classes_is_refused(ident):
    s = subject(ident)
    found = []
    for name in s.inputs:
        for dim in set(s.contracts[name].needs) & set(CODED):
            changed = {}
            for other, y in s.inputs.items():
                if dim in y.dims:
                    one = y.isel({dim: [0]}).assign_coords({dim: ["_T"]})
                    changed[other] = xr.concat([y, one], dim).assign_attrs(y.attrs)
            try:
                out = s.call(**changed)
            except MigovError as fault:
                if not any(other in str(fault) for other in changed):
                    found.append(f"{name} by {dim}: the error does not name it: {fault}")
                continue
            except Exception as fault:
                found.append(f"{name} by {dim}: {type(fault).__name__}: {fault}")
                continue
            if dim not in out.dims and not np.allclose(out, s.call(), equal_nan=True):
                found.append(f"{name} by {dim} with its total: {out.values.ravel()[:3]}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("ident", IDS)
def test_undeclared_definitions_are_refused(ident):
    s = subject(ident)
    found = []
    for name, x in s.inputs.items():
        if s.contracts[name].definition != "needed":
            continue
        for broken in ("", "{", "[]", '{"no_such_field": 1}'):
            attrs = {k: v for k, v in x.attrs.items() if k != "migov_definition"}
            spoilt = x.copy()
            spoilt.attrs = attrs if not broken else {**attrs, "migov_definition": broken}
            told = refused(s, name, spoilt)
            if told:
                found.append(f"{name}, definition {broken!r}: {told}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("ident", IDS)
def test_whole_numbers_of_every_width_give_the_same(ident):
    s = subject(ident)
    found = []
    for name, x in s.inputs.items():
        if np.isnan(x.values).any() or (x.values != np.round(x.values)).any():
            continue
        for dtype in ("i1", "u1", "i2", "i4", "u4", "i8", "u8", "f2", "f4", ">f8", ">i4"):
            if np.dtype(dtype).kind != "f":
                span = np.iinfo(dtype)
                if (x.values > span.max).any() or (x.values < span.min).any():
                    continue
            else:
                with np.errstate(over="ignore"):
                    if (x.values.astype(dtype) != x.values).any():
                        continue
            told = held(s, name, x.astype(dtype))
            if told:
                found.append(f"{name} as {dtype}: {told}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("ident", IDS)
def test_huge_whole_numbers_do_not_overflow(ident):
    s = subject(ident)
    found = []
    for name, x in s.inputs.items():
        for dtype, huge in (("i4", 2**31 - 1), ("i8", 2**63 - 1), ("u8", 2**64 - 1)):
            big = x.copy(data=np.full(x.shape, huge, dtype))
            answers = []
            for y in (big, big.astype(float)):
                try:
                    answers.append(np.asarray(s.call(**{name: y}).values))
                except MigovError as fault:
                    answers.append(type(fault))
                    if name not in str(fault):
                        found.append(f"{name} as {dtype}: the error does not name it: {fault}")
                except Exception as fault:
                    found.append(f"{name} as {dtype}: {type(fault).__name__}: {fault}")
                    answers.append(Exception)
            a, b = answers
            if isinstance(a, np.ndarray) != isinstance(b, np.ndarray) or (
                isinstance(a, np.ndarray) and not np.allclose(a, b, equal_nan=True)
            ):
                found.append(f"{name} as {dtype}: {a} for whole numbers, {b} for floats")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("ident", IDS)
def test_wrong_calls_say_which_argument(ident):
    s = subject(ident)
    first = next(iter(s.inputs))
    for call in (
        lambda: s.made(),
        lambda: s.made(**s.inputs, no_such=1.0),
        lambda: s.made(s.inputs[first], **{first: s.inputs[first]}),
        lambda: s.made(*[s.inputs[first]] * (len(s.contracts) + 1)),
    ):
        with pytest.raises(MigovError):
            call()
    with pytest.raises(MigovError):
        type(s.made)(no_such=1)
    with pytest.raises(MigovError):
        type(s.made)(s.inputs[first])
