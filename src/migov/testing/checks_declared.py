"""Checks of what a class declares and tells: id, texts, contracts, worked case, attributes."""

from __future__ import annotations

import inspect
import pickle
import re

import attrs
import numpy as np

from migov.core import catalogue, status, units
from migov.core.boundary import RECIPE
from migov.core.cases import Cells
from migov.core.definition import ATTRIBUTE
from migov.core.errors import MigovError
from migov.core.explain import explain
from migov.core.inputs import CURRENCY
from migov.testing.subject import Subject

_SDG = re.compile(r"\d+\.\w+\.\d+")


def _same(a: type, b: type) -> bool:
    return (a.__module__, a.__qualname__) == (b.__module__, b.__qualname__)


def declared(s: Subject) -> str | None:
    """Id, title, unit, sources and direction are declared."""
    info = s.info
    if not re.fullmatch(r"[a-z][a-z0-9_]*", info.id):
        return f"id={info.id!r}: lower case, digits and underscores"
    official = [f"sdg_{code.replace('.', '_')}" for code in info.codes if _SDG.fullmatch(code)]
    if official and info.id not in official:
        return f"id={info.id!r}: an indicator of the SDG framework is called {official[0]!r}"
    if info.id in catalogue.ids() and not _same(catalogue.get(info.id), s.cls):
        return f"id={info.id!r} is taken by {catalogue.get(info.id).__qualname__}: another id"
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


def pickling(s: Subject) -> str | None:
    """The indicator pickles, hashes, compares and comes back from JSON."""
    if pickle.loads(pickle.dumps(s.made)) != s.made:  # noqa: S301 - our own bytes
        return "the indicator does not come back from pickle"
    hash(s.made)
    told = s.made.to_json()
    if s.info.id in catalogue.ids() and catalogue.from_json(told) != s.made:
        return "the indicator does not come back from JSON: parameters are scalars and tuples"
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


def explained(s: Subject) -> str | None:
    """``explain`` tells source and inputs of a result, and of a missing cell why it is missing."""
    text = explain(s.call())
    absent = [name for name in s.inputs if f"from {name}" not in text]
    if absent:
        return f"explain does not tell {', '.join(absent)}"
    name, x = next(iter(s.inputs.items()))
    gone = status.mark(x.copy(data=np.full(x.shape, np.nan)), "suppressed")
    try:
        lost = s.call(**{name: gone})
    except MigovError:
        return None
    cell = lost.isel(dict.fromkeys(map(str, lost.dims), 0))
    if np.isnan(cell.item()) and "suppressed" not in explain(cell):
        return f"explain does not tell that the cell is missing since {name} is suppressed"
    return None
