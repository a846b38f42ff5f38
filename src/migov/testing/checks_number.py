"""Checks of the number: how it scales, what it hangs on, and what becomes of missing cells."""

from __future__ import annotations

import attrs
import numpy as np
import xarray as xr

from migov.core import status, units
from migov.core.errors import MigovError
from migov.core.inputs import CURRENCY
from migov.testing.subject import DoesNotApply, Subject, scaled, unlike, waves


def _stretch(x: xr.DataArray, base: str, unit: str) -> xr.DataArray:
    """Return an input with every quantity of a base dimension doubled, labels included."""
    powers = units.powers(unit)
    out = x.copy(data=np.asarray(x.values, float) * 2.0 ** powers.get(base, 0.0))
    if base != "time":
        return out
    if "age" in out.coords:
        doubled = {"age": out.age.values * 2}
        if "age_width" in out.coords:
            doubled["age_width"] = ("age", out.age_width.values * 2)
        out = out.assign_coords(doubled)
    if "period_end" in out.coords:
        starts = out.period.values
        out = out.assign_coords(
            period_end=(out.period_end.dims, starts + 2 * (out.period_end.values - starts))
        )
    if "time" in out.dims:
        first = out.time.values[0]
        out = out.assign_coords(time=first + 2 * (out.time.values - first))
    return out


def scaling(s: Subject) -> str | None:
    """Doubling a base unit of the inputs scales the result by its power of that unit."""
    unit = s.info.unit.replace(CURRENCY, "EUR")
    bases = {
        base
        for name, x in s.inputs.items()
        for base in units.powers(x.attrs.get("units", s.contracts[name].unit))
    } | set(units.powers(unit))
    plain = s.call()
    for base in sorted(bases):
        made = s.made
        if base == "time":
            years = {
                f.name: getattr(made, f.name) * 2
                for f in attrs.fields(s.cls)  # type: ignore[arg-type]
                if f.metadata.get("unit") == "year"
            }
            made = attrs.evolve(made, **years)
        changed = {name: _stretch(x, base, x.attrs["units"]) for name, x in s.inputs.items()}
        power = units.powers(unit).get(base, 0.0)
        if unlike(s.call(made, **changed), plain * 2.0**power, 1e-9):
            return (
                f"inputs × 2 in {base!r} do not give the result × 2^{power:g}: is its unit right?"
            )
    return None


def other_units(s: Subject) -> str | None:
    """Inputs in another unit of the same dimension give the same number."""

    def smaller(x: xr.DataArray) -> xr.DataArray:
        unit = x.attrs["units"]
        return scaled(x, 1 / 1000.0).assign_attrs(
            units=f"thousand {unit}" if unit != "1" else "thousand"
        )

    if unlike(s.every(smaller), s.call(), 1e-9):
        return "inputs in thousands give another number: the body holds a unit of its own"
    return None


def order_of_dimensions(s: Subject) -> str | None:
    """Transposed inputs give the same numbers."""
    plain = s.every(waves)
    turned = s.every(lambda x: waves(x).transpose(*reversed(waves(x).dims)))
    if set(turned.dims) != set(plain.dims) or unlike(turned.transpose(*plain.dims), plain):
        return "the result hangs on the order of dimensions: name them, never axes"
    return None


def order_of_labels(s: Subject) -> str | None:
    """Labels of a later input in another order give the same numbers."""
    names = list(s.inputs)
    free = [d for d in s.inputs[names[-1]].dims if d not in ("age", "time", "period", "duration")]
    if not free:
        raise DoesNotApply("no dimension without an order of its own")
    turned = s.inputs[names[-1]].isel({d: slice(None, None, -1) for d in free})
    plain, out = s.call(), s.call(**{names[-1]: turned})
    common = {d: plain.indexes[d] for d in plain.dims if d in plain.indexes}
    if unlike(out.sel(common).transpose(*plain.dims), plain):
        return "the result hangs on the order of labels"
    return None


def pass_through(s: Subject) -> str | None:
    """A further dimension passes through and equals a loop over it."""
    plain, out = s.call(), s.every(waves)
    for label in ("a", "b"):
        one = out.sel(wave=label, drop=True)
        if set(one.dims) != set(plain.dims) or unlike(one.transpose(*plain.dims), plain):
            return "a further dimension 'wave' does not pass through"
    return None


def members(s: Subject) -> str | None:
    """Members of one input alone are carried to the result."""
    name = next(iter(s.inputs))
    drawn = xr.concat([s.inputs[name]] * 2, xr.DataArray([0, 1], dims="member"))
    drawn.attrs = dict(s.inputs[name].attrs)
    out, plain = s.call(**{name: drawn}), s.call()
    if out.sizes.get("member") != 2 or unlike(
        out.isel(member=1, drop=True).transpose(*plain.dims), plain
    ):
        return f"members of {name} do not arrive in the result"
    return None


def one_missing_cell(s: Subject) -> str | None:
    """A missing cell makes the result missing or leaves it as it was, and the coverage tells."""
    plain = s.call()
    for name, x in s.inputs.items():
        for place in list(np.ndindex(x.shape))[:12]:
            holed = x.astype(float).copy(deep=True)
            holed.values[place] = np.nan
            try:
                found = s.made.report(**{**s.inputs, name: holed})
            except MigovError:
                continue
            if float(found["coverage"].min()) >= 1:
                return f"a missing cell of {name} is not seen in the coverage"
            value = found["value"].transpose(*plain.dims).values
            moved = np.isfinite(value) & (value != plain.values)
            if moved.any() and s.contracts[name].missing != "skip":
                return f"a missing cell of {name} gives another number without a word"
    return None


def zero_denominators(s: Subject) -> str | None:
    """All zeros give missing values or zeros, never an infinite number or a bare exception."""
    try:
        out = s.every(lambda x: scaled(x, 0.0))
    except MigovError:
        return None
    return "zeros give an infinite number" if np.isinf(out.values).any() else None


def laziness(s: Subject) -> str | None:
    """Dask arrays stay lazy and give the same bits."""
    given = {name: waves(x) for name, x in s.inputs.items()}
    lazy = s.call(**{name: x.chunk({"wave": 1}) for name, x in given.items()})
    if lazy.chunks is None:
        return "a lazy input is computed at the call"
    if not np.array_equal(lazy.compute().values, s.call(**given).values, equal_nan=True):
        return "a lazy input gives other bits"
    return None


def inputs_unchanged(s: Subject) -> str | None:
    """The call changes none of its inputs."""
    before = {name: x.copy(deep=True) for name, x in s.inputs.items()}
    s.call()
    touched = [name for name, x in s.inputs.items() if not x.identical(before[name])]
    return f"{', '.join(touched)} is changed by the call" if touched else None


def statuses(s: Subject) -> str | None:
    """The result's status is the union of its inputs'."""
    flags = ("estimated", "provisional")
    marked = {
        name: status.mark(x, flags[place % 2]) for place, (name, x) in enumerate(s.inputs.items())
    }
    out = s.call(**marked)
    wanted = status.flag(*flags[: len(marked)])
    if status.NAME not in out.coords or not (out.coords[status.NAME].values == wanted).all():
        return "the status of an input is lost"
    return None


def report_agrees(s: Subject) -> str | None:
    """``report`` gives the call's value, with status and coverage of every cell."""
    found = s.made.report(**s.inputs)
    if unlike(found["value"], s.call()):
        return "report gives another value than the call"
    return "report lacks the coverage" if "coverage" not in found else None


def single_precision(s: Subject) -> str | None:
    """float32 inputs give the same number to single precision."""
    out = s.every(lambda x: x.astype(np.float32))
    return "float32 inputs give another number" if unlike(out, s.call(), 1e-5) else None


def monotone(s: Subject) -> str | None:
    """The result rises or falls with an argument as declared."""
    if not s.info.monotone:
        raise DoesNotApply("no argument is declared monotone")
    plain = s.call()
    for name, way in s.info.monotone:
        by = 0.99 if _full(s, name) else 1.01
        gain = s.call(**{name: scaled(s.inputs[name], by)}) - plain
        if not bool(((gain if (way == "up") == (by > 1) else -gain) >= 0).all()):
            return f"the result does not go {way} with {name}"
    return None


def _full(s: Subject, name: str) -> bool:
    """Whether an input cannot be larger: a share is near one, or a part may fill its whole."""
    if any(name in text.split(" + ") for text, _ in s.info.within):
        return True
    x, contract = s.inputs[name], s.contracts[name]
    into = units.coherent(contract.unit.replace(CURRENCY, s.currency))
    by = units.factor(x.attrs["units"], into)
    return contract.values == "share" and float(x.max()) * by * 1.01 > 1.0
