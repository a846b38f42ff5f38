"""The checks of an indicator, each a question with an answer that says what to do.

A check returns None where all is well, the text of the fault where it is not, and raises
:class:`DoesNotApply` where the declaration leaves nothing to ask.
"""

from __future__ import annotations

import inspect
import pickle
import re
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import xarray as xr

from migov.core import catalogue, status, units
from migov.core.boundary import RECIPE
from migov.core.cases import Cells
from migov.core.definition import ATTRIBUTE
from migov.core.errors import MigovError, UnitError
from migov.core.explain import explain
from migov.core.inputs import CURRENCY

if TYPE_CHECKING:
    from collections.abc import Callable

    from migov.core.indicator import Indicator

Check = "Callable[[Subject], str | None]"


class DoesNotApply(Exception):  # noqa: N818 - an answer, not an error
    """The declaration leaves this check nothing to ask."""


class Subject:
    """An indicator class with the inputs of its worked case."""

    def __init__(self, cls: type[Indicator]) -> None:
        self.cls = cls
        self.info = cls.info
        self.contracts = cls.contracts()
        if self.info.case is None:
            raise MigovError(cls.__name__, "has no worked case", "case=Case(…)", 9, "case")
        kind: Any = cls
        self.made = kind(**self.info.case.parameters)
        self.inputs = {
            name: self._array(name, cells) for name, cells in self.info.case.given.items()
        }

    def _array(self, name: str, cells: Cells) -> xr.DataArray:
        return cells.array(self.contracts[name].unit.replace(CURRENCY, "EUR"))

    def call(self, made: Any = None, **changed: xr.DataArray) -> xr.DataArray:
        """Return the result for the case's inputs, some of them changed."""
        out: xr.DataArray = (made or self.made)(**{**self.inputs, **changed})
        return out

    def every(self, change: Callable[[xr.DataArray], xr.DataArray]) -> xr.DataArray:
        """Return the result for all inputs changed in one way."""
        return self.call(**{name: change(x) for name, x in self.inputs.items()})


def scaled(x: xr.DataArray, by: float) -> xr.DataArray:
    """Return an input times a number, with its attributes whatever xarray does with them.

    Arithmetic keeps attributes in new releases of xarray and drops them in older ones.
    """
    return x.copy(data=x.data * by)


def _unlike(a: xr.DataArray, b: xr.DataArray, rtol: float = 1e-12) -> bool:
    return not np.allclose(a.values, b.values, rtol=rtol, atol=1e-300, equal_nan=True)


def declared(s: Subject) -> str | None:
    """Id, title, unit, sources and direction are declared."""
    info = s.info
    if not re.fullmatch(r"[a-z][a-z0-9_]*", info.id):
        return f"id={info.id!r}: lower case, digits and underscores"
    if not info.title or not info.references:
        return "title and at least one reference with its year are needed"
    if info.direction not in ("up", "down", "none"):
        return f"direction={info.direction!r}: up, down or none"
    units.factor(info.unit.replace(CURRENCY, "EUR"), info.unit.replace(CURRENCY, "EUR"))
    return None


def documented(s: Subject) -> str | None:
    """The class, its call and every parameter say what they are."""
    doc = s.cls.__dict__.get("__doc__") or ""
    if not doc.strip().split("\n")[0].endswith("."):
        return "the class needs a docstring whose first line is a sentence"
    if not inspect.getdoc(s.cls.__call__):
        return "the call needs a line that says from what it is computed"
    bare = [f.name for f in attrs.fields(s.cls) if not f.metadata.get("help")]  # type: ignore[arg-type]
    return f"parameter(help=…) is missing for {', '.join(bare)}" if bare else None


def contracts(s: Subject) -> str | None:
    """Every input has a title, a unit and the State that collects it."""
    for name, contract in s.contracts.items():
        units.coherent(contract.unit.replace(CURRENCY, "EUR"))
        if not contract.title or not contract.sources:
            return f"the Input of {name} needs title and sources"
        if not set(contract.collector) <= {"origin", "transit", "destination"}:
            return f"the collector of {name} is origin, transit or destination"
        if not contract.collector:
            return f"the Input of {name} needs the collecting State"
    return None


def worked_case(s: Subject) -> str | None:
    """The worked case comes out, with its working in words."""
    case = s.info.case
    assert case is not None
    out = s.call().values.squeeze()
    expected = case.result
    wanted = np.asarray(expected.values if isinstance(expected, Cells) else expected, float)
    if not case.working:
        return "the case needs its working in one line"
    if not np.allclose(out, wanted.squeeze(), rtol=case.relative, equal_nan=True):
        return f"the case gives {out}, its result says {wanted}"
    return None


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
        if _unlike(s.call(made, **changed), plain * 2.0**power, 1e-9):
            return (
                f"inputs × 2 in {base!r} do not give the result × 2^{power:g}: is its unit right?"
            )
    return None


def order_of_dimensions(s: Subject) -> str | None:
    """Transposed inputs give the same numbers."""
    plain = s.every(_waves)
    turned = s.every(lambda x: _waves(x).transpose(*reversed(_waves(x).dims)))
    if set(turned.dims) != set(plain.dims) or _unlike(turned.transpose(*plain.dims), plain):
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
    if _unlike(out.sel(common).transpose(*plain.dims), plain):
        return "the result hangs on the order of labels"
    return None


def _waves(x: xr.DataArray) -> xr.DataArray:
    return xr.concat([x, x], xr.DataArray(["a", "b"], dims="wave"))


def pass_through(s: Subject) -> str | None:
    """A further dimension passes through and equals a loop over it."""
    plain, out = s.call(), s.every(_waves)
    for label in ("a", "b"):
        one = out.sel(wave=label, drop=True)
        if set(one.dims) != set(plain.dims) or _unlike(one.transpose(*plain.dims), plain):
            return "a further dimension 'wave' does not pass through"
    return None


def members(s: Subject) -> str | None:
    """Members of one input alone are carried to the result."""
    name = next(iter(s.inputs))
    drawn = xr.concat([s.inputs[name]] * 2, xr.DataArray([0, 1], dims="member"))
    drawn.attrs = dict(s.inputs[name].attrs)
    out, plain = s.call(**{name: drawn}), s.call()
    if out.sizes.get("member") != 2 or _unlike(
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
    waves = {name: _waves(x) for name, x in s.inputs.items()}
    lazy = s.call(**{name: x.chunk({"wave": 1}) for name, x in waves.items()})
    if lazy.chunks is None:
        return "a lazy input is computed at the call"
    if not np.array_equal(lazy.compute().values, s.call(**waves).values, equal_nan=True):
        return "a lazy input gives other bits"
    return None


def pickling(s: Subject) -> str | None:
    """The indicator pickles, hashes, compares and comes back from JSON."""
    if pickle.loads(pickle.dumps(s.made)) != s.made:  # noqa: S301 - our own bytes
        return "the indicator does not come back from pickle"
    hash(s.made)
    told = s.made.to_json()
    if s.info.id in catalogue.ids() and catalogue.from_json(told) != s.made:
        return "the indicator does not come back from JSON: parameters are scalars and tuples"
    return None


def other_units(s: Subject) -> str | None:
    """Inputs in another unit of the same dimension give the same number."""

    def smaller(x: xr.DataArray) -> xr.DataArray:
        unit = x.attrs["units"]
        return scaled(x, 1 / 1000.0).assign_attrs(
            units=f"thousand {unit}" if unit != "1" else "thousand"
        )

    if _unlike(s.every(smaller), s.call(), 1e-9):
        return "inputs in thousands give another number: the body holds a unit of its own"
    return None


def inputs_unchanged(s: Subject) -> str | None:
    """The call changes none of its inputs."""
    before = {name: x.copy(deep=True) for name, x in s.inputs.items()}
    s.call()
    touched = [name for name, x in s.inputs.items() if not x.identical(before[name])]
    return f"{', '.join(touched)} is changed by the call" if touched else None


def _refused(s: Subject, name: str, bad: xr.DataArray, kind: type[MigovError] = MigovError) -> bool:
    """Whether a bad input is refused with the kind of error meant, naming the argument."""
    try:
        s.call(**{name: bad})
    except kind as fault:
        return name in str(fault)
    except Exception:  # any other kind is what the checks are for
        return False
    return False


def units_refused(s: Subject) -> str | None:
    """An absent unit and one of another dimension are refused, naming the argument."""
    for name, x in s.inputs.items():
        if not _refused(s, name, x.drop_attrs().assign_attrs(_rest(x)), UnitError):
            return f"{name} without a unit is not refused"
        if not _refused(s, name, x.assign_attrs(units="kilometre^7"), UnitError):
            return f"{name} in another dimension is not refused"
    return None


def _rest(x: xr.DataArray) -> dict[str, Any]:
    return {key: value for key, value in x.attrs.items() if key != "units"}


def _full(x: xr.DataArray, value: float) -> xr.DataArray:
    return x.copy(data=np.where(np.isnan(x.values), np.nan, value))


def values_refused(s: Subject) -> str | None:
    """Infinite, and where declared negative, numbers are refused, naming the argument."""
    for name, contract in s.contracts.items():
        if name not in s.inputs:
            continue
        if not _refused(s, name, _full(s.inputs[name], np.inf)):
            return f"an infinite {name} is not refused"
        if contract.values != "any" and not _refused(s, name, _full(s.inputs[name], -1.0)):
            return f"a negative {name} is not refused"
    return None


def dimensions_refused(s: Subject) -> str | None:
    """A needed dimension that is absent is refused; so is one that is nearly named right."""
    asked = False
    for name, contract in s.contracts.items():
        for dim in contract.needs:
            if name in s.inputs and dim in s.inputs[name].dims:
                asked = True
                x = s.inputs[name]
                if not _refused(s, name, x.isel({dim: 0}, drop=True)):
                    return f"{name} without {dim!r} is not refused"
                if not _refused(s, name, x.rename({dim: dim + "s"})):
                    return f"{name} with {dim + 's'!r} for {dim!r} is not refused"
    if not asked:
        raise DoesNotApply("no input needs a dimension")
    return None


def integer_year_refused(s: Subject) -> str | None:
    """A year as an integer is refused where a date is meant."""
    for name, x in s.inputs.items():
        bare = x.isel(time=0, drop=True) if "time" in x.dims else x
        if not _refused(s, name, bare.expand_dims(time=[2020])):
            return f"{name} with an integer year is not refused"
    return None


def attributes(s: Subject) -> str | None:
    """The result has its unit, title and recipe, and no definition of its own."""
    out = s.call()
    if out.attrs.get("long_name") != s.info.title or RECIPE not in out.attrs:
        return "title or recipe are missing from the result"
    unit = out.attrs.get("units", "")
    if units.powers(unit) != units.powers(s.info.unit.replace(CURRENCY, "EUR")):
        return f"the result is in {unit!r}, declared is {s.info.unit!r}"
    return "the result bears a definition" if ATTRIBUTE in out.attrs else None


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
    if _unlike(found["value"], s.call()):
        return "report gives another value than the call"
    return "report lacks the coverage" if "coverage" not in found else None


def single_precision(s: Subject) -> str | None:
    """float32 inputs give the same number to single precision."""
    out = s.every(lambda x: x.astype(np.float32))
    return "float32 inputs give another number" if _unlike(out, s.call(), 1e-5) else None


def monotone(s: Subject) -> str | None:
    """The result rises or falls with an argument as declared."""
    if not s.info.monotone:
        raise DoesNotApply("no argument is declared monotone")
    plain = s.call()
    for name, way in s.info.monotone:
        gain = s.call(**{name: scaled(s.inputs[name], 1.01)}) - plain
        if not bool(((gain if way == "up" else -gain) >= 0).all()):
            return f"the result does not go {way} with {name}"
    return None


def explained(s: Subject) -> str | None:
    """``explain`` tells the source and each input of a result."""
    text = explain(s.call())
    absent = [name for name in s.inputs if f"from {name}" not in text]
    return f"explain does not tell {', '.join(absent)}" if absent else None


ALL: tuple[Callable[[Subject], str | None], ...] = (
    declared, documented, contracts, worked_case, scaling, other_units, order_of_dimensions,
    order_of_labels, pass_through, members, one_missing_cell, zero_denominators, laziness,
    pickling, inputs_unchanged, units_refused, values_refused, dimensions_refused,
    integer_year_refused, attributes, statuses, report_agrees, single_precision, monotone,
    explained,
)  # fmt: skip
