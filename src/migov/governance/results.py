"""Scores with their labels: coverage, classes, status, and who answered."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.core import status
from migov.core.errors import CodeError, DimensionError, KindError
from migov.governance.asked import ask_text
from migov.governance.days import day
from migov.governance.grid import Booleans, Grid
from migov.governance.instrument import Instrument
from migov.numeric.exact import Scored

if TYPE_CHECKING:
    from migov.governance.tree import Tree


_EVIDENCE = {
    "assessor_kind": "kind of who answered",
    "assessor": "who answered",
    "confidence": "confidence of the answer",
    "source": "source of the answer",
    "evidence_date": "date of the evidence",
    "link": "link to the evidence",
    "note": "note on the answer",
}


def evidence(one: xr.Dataset, name: str) -> dict[str, str]:
    """Return the evidence of the answer to an item, of one area and date; empty parts left out.

    Parameters
    ----------
    one : Dataset {node}
    name : str
    """
    found = {}
    for key in _EVIDENCE:
        if f"item_{key}" in one:
            told = one[f"item_{key}"].sel(node=name).values[()]
            dated = isinstance(told, np.datetime64)
            text = "" if dated and np.isnat(told) else str(told)[:10] if dated else str(told)
            if text:
                found[key] = text
    return found


def dataset(
    instrument: Instrument, grid: Grid, nominal: Scored, low: Scored, high: Scored
) -> xr.Dataset:
    """Return the scores as a Dataset; see :meth:`Instrument.score`."""
    tree = instrument.tree
    told = grid.silent == 0
    width = len(tree.ids)
    below = np.zeros((len(tree.items), width), np.int64)
    for place, name in enumerate(tree.ids):
        below[[tree.items.index(item) for item in tree.below[name]], place] = 1
    here = grid.present.astype(np.int64) @ below
    applies = (~grid.out).astype(np.int64) @ below
    with np.errstate(invalid="ignore"):
        coverage = np.where(applies > 0, here / applies, np.nan)
    dims = ("area", "time", "node")
    unit, many = instrument.unit, Fraction(instrument.multiple)

    def scores(part: Scored, name: str) -> Any:
        shown = Scored(
            part.numerator * many.numerator,
            part.denominator * many.denominator,
            part.defined & told[..., None],
        )
        return dims, shown.floats().astype(float), {"units": unit, "long_name": name}

    def classes(part: Scored, name: str) -> Any:
        return dims, _classes(instrument, part, told), _class_attrs(name)

    zeroed = _zeroed(instrument, grid, below, told)
    data: dict[str, Any] = {
        "score": scores(nominal, "score"),
        "class": classes(nominal, "class of the score, 0 not classed"),
        "coverage": (dims, coverage, {"units": "1", "long_name": "share of items answered"}),
        "lowest": scores(low, "lowest possible score"),
        "highest": scores(high, "highest possible score"),
        "lowest_class": classes(low, "lowest possible class"),
        "highest_class": classes(high, "highest possible class"),
        "numerator": (dims, nominal.numerator, {"long_name": "exact points"}),
        "denominator": (dims, nominal.denominator, {"long_name": "points that are one"}),
        "treated_as_zero": (dims, zeroed, {"units": "1", "long_name": "missing items as zero"}),
        "answered_by": (dims[:2], grid.by, {"long_name": "who answered"}),
        status.NAME: (dims, _status(grid, tree, nominal, told, below), status.ATTRS),
    }
    for name, told in grid.evidence.items():
        whole = np.full((*told.shape[:2], width), np.array("", told.dtype), told.dtype)
        whole[..., [tree.ids.index(item) for item in tree.items]] = told
        data[f"item_{name}"] = (dims, whole, {"long_name": _EVIDENCE[name]})
    found = xr.Dataset(data, coords=_coords(instrument, grid), attrs=_attrs(instrument))
    found["score"].attrs["ancillary_variables"] = f"{status.NAME} coverage"
    return found


def _classes(instrument: Instrument, part: Scored, told: Booleans) -> NDArray[np.int8]:
    found = np.zeros(part.numerator.shape, np.int8)
    many = Fraction(instrument.multiple)
    for place, name in enumerate(instrument.tree.ids):
        classes = instrument.classes_of(name)
        if classes is None:
            continue
        num, den = part.numerator[..., place], part.denominator[..., place]
        number = np.ones(num.shape, np.int8)
        for limit in classes.limits:
            bound = Fraction(limit) / many
            number += (num * bound.denominator >= bound.numerator * den).astype(np.int8)
        found[..., place] = np.where(part.defined[..., place] & told, number, 0)
    return found


def _class_attrs(name: str) -> dict[str, Any]:
    return {"units": "1", "long_name": name}


def _zeroed(instrument: Instrument, grid: Grid, below: Any, told: Booleans) -> Any:
    """Return how many missing items of an area that answered counted as zero."""
    by_rule = [
        any(
            instrument.node(name).missing == "zero" and item in dict(children)
            for name, children in instrument.tree.steps
        )
        for item in instrument.items
    ]
    absent = (~grid.present) & np.array(by_rule) & told[..., None]
    return absent.astype(np.int64) @ below


def _status(grid: Grid, tree: Tree, nominal: Scored, told: Booleans, below: Any) -> Any:
    """Return the status: of items as answered, of aggregates partial where some are missing."""
    out = np.zeros(nominal.numerator.shape, np.uint16)
    reasons = np.uint16(status.ABSENT)
    for place, name in enumerate(tree.ids):
        at = np.flatnonzero(below[:, place])
        joined = np.bitwise_or.reduce(grid.flags[..., at], axis=-1)
        if name not in tree.items:
            defined = nominal.defined[..., place]
            lacking = (~grid.present[..., at] & ~grid.out[..., at]).any(axis=-1)
            joined = np.where(defined, joined & ~reasons, joined)
            joined |= (lacking & defined) * np.uint16(status.flag("partial"))
        out[..., place] = np.where(told, joined, grid.silent)
    return out


def _coords(instrument: Instrument, grid: Grid) -> dict[str, Any]:
    tree = instrument.tree
    nodes = {node.id: node for node in instrument.nodes}
    weight = {
        child: float(part)
        for name, children in tree.steps
        for child, part in children
        if nodes[child].parent == name
    }
    return {
        "area": grid.areas,
        "time": grid.times,
        "node": list(tree.ids),
        "label": ("node", [nodes[name].label for name in tree.ids]),
        "parent": ("node", [nodes[name].parent for name in tree.ids]),
        "level": ("node", [tree.level[name] for name in tree.ids]),
        "weight": ("node", [weight.get(name, 1.0) for name in tree.ids]),
    }


def _attrs(instrument: Instrument) -> dict[str, Any]:
    return {
        "title": instrument.title or instrument.id,
        "instrument": instrument.to_json(),
        "source": instrument.source,
        "note": instrument.note,
        "stated_answered_by": instrument.answered_by,
    }


def instrument_of(scored: Any, where: str, argument: str = "scored") -> Instrument:
    """Return the instrument that a result was scored by.

    Raises
    ------
    KindError
        It is no result of :meth:`Instrument.score`.
    """
    if not isinstance(scored, xr.Dataset) or "instrument" not in scored.attrs:
        raise KindError(
            where,
            f"{argument} is a {type(scored).__name__} without an instrument",
            "instrument.score(answers)",
            8,
            argument,
        )
    return Instrument.from_json(scored.attrs["instrument"])


def one_of(
    scored: xr.Dataset, area: str | None, time: str | None, where: str, argument: str = "scored"
) -> xr.Dataset:
    """Return the result of one area at one date; the last date where none is named.

    Raises
    ------
    CodeError
        The area or date is not scored.
    DimensionError
        There are several areas and none is named.
    """
    found = scored
    if area is not None:
        ask_text(area, where, "area", "one code")
    if "area" in found.dims:
        if area is None and found.sizes["area"] > 1:
            raise DimensionError(
                where, f"{argument} has {found.sizes['area']} areas", "area=…", 8, "area"
            )
        label = str(found.area.values[0]) if area is None else area
        if label not in found.area.values:
            raise CodeError(where, f"{label!r} is not scored", "an area of scored", 9, "area")
        found = found.sel(area=label)
    if "time" in found.dims:
        when = found.time.values[-1] if time is None else day(time, where, "time")
        if when not in found.time.values:
            shown = ", ".join(str(t)[:10] for t in found.time.values[:6])
            raise CodeError(where, f"{time} is not scored", f"one of {shown}", 1, "time")
        found = found.sel(time=when)
    return found
