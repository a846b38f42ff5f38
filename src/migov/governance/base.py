"""Where a reform starts: the answers of one area at one date, ready to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.core import status
from migov.core.errors import CodeError, InputError, ParameterError
from migov.governance.grid import Grid
from migov.governance.instrument import Instrument
from migov.governance.results import dataset, instrument_of, one_of
from migov.governance.scoring import evaluate
from migov.numeric.exact import Scored


@attrs.frozen(eq=False)
class Base:
    """The answers of one area at one date.

    Parameters
    ----------
    instrument : Instrument
    area, time : str, datetime64
    levels : ndarray of int64 (items,)
        Answers over `denominator`, 0 where missing.
    present, out : ndarray of bool (items,)
    flags : ndarray of uint16 (items,)
    denominator : int
        Common to the answers and to all options of the items.
    by : str
    """

    instrument: Instrument
    area: str
    time: np.datetime64
    levels: NDArray[np.int64]
    present: NDArray[np.bool_]
    out: NDArray[np.bool_]
    flags: NDArray[np.uint16]
    denominator: int
    by: str

    def level(self, value: Any) -> int:
        """Return a value as level."""
        return int(Fraction(value) * self.denominator)

    def grid(self, levels: NDArray[np.int64], times: Any) -> Grid:
        """Return changed levels (cells, items) as answers at as many dates."""
        cells = len(levels)
        changed = levels != self.levels
        present = self.present | changed
        return Grid(
            [self.area],
            np.asarray(times),
            levels[None],
            present[None],
            np.repeat((self.out & ~changed.any(axis=0))[None, None, :], cells, axis=1),
            np.where(present & ~self.present, 0, self.flags).astype(np.uint16)[None],
            np.zeros((1, cells), np.uint16),
            np.full((1, cells), self.by),
            self.denominator,
        )

    def scores(self, levels: NDArray[np.int64]) -> Scored:
        """Return the scores (cells, nodes) of changed levels (cells, items)."""
        found = evaluate(self.instrument, self.grid(levels, np.arange(len(levels))))[0]
        return Scored(found.numerator[0], found.denominator[0], found.defined[0])

    def scored(self, levels: NDArray[np.int64], times: Any) -> xr.Dataset:
        """Return changed levels, one at each date, as a labelled result."""
        grid = self.grid(levels, times)
        return dataset(self.instrument, grid, *evaluate(self.instrument, grid))


def base_of(scored: Any, area: str | None, time: str | None, where: str) -> Base:
    """Return the base of one area of a result.

    Raises
    ------
    ParameterError
        Neither more nor less is better: there is nothing to reform.
    InputError
        The area did not answer.
    """
    instrument = instrument_of(scored, where)
    if instrument.direction == "none":
        raise ParameterError(
            where,
            f"of {instrument.name} neither more nor less is better; it has no gaps",
            "an instrument with a direction",
            9,
            "scored",
        )
    one = one_of(scored, area, time, where)
    items = list(instrument.items)
    own = one.sel(node=items)
    flags = own[status.NAME].values.astype(np.uint16)
    present = ~np.isnan(own["score"].values)
    if not present.any():
        raise InputError(
            where,
            f"{one.area.item()} did not answer, {instrument.root} is undefined",
            "report it without a value, or score the areas that answered",
            7,
            "scored",
        )
    options = [
        Fraction(value)
        for item in items
        for value in (instrument.scale(item).values or instrument.scale(item).ends)
    ]
    below = lcm(*(value.denominator for value in options), *map(int, own["denominator"].values))
    levels = own["numerator"].values.astype(np.int64) * (below // own["denominator"].values)
    out = (flags & status.flag("not_applicable")) > 0
    return Base(
        instrument,
        str(one.area.item()),
        one.time.values,
        np.where(present, levels, 0).astype(np.int64),
        present,
        out,
        flags,
        below,
        str(one["answered_by"].item()),
    )


def effects_of(
    base: Base,
    measures: Any,
    fails: frozenset[str],
    where: str,
    other: Mapping[str, Any] = MappingProxyType({}),
) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return what each measure raises beyond today, by place of measure and item.

    Measures in `fails` raise nothing, those in `other` something else than they say.

    Raises
    ------
    CodeError
        A measure raises what is no item.
    ParameterError
        A value off the scale, or an unanswered item under a rule that leaves it out.
    """
    instrument, items = base.instrument, list(base.instrument.items)
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for place, measure in enumerate(measures):
        told = []
        for item, value in other.get(measure.id, measure.raises):
            if item not in items:
                raise CodeError(
                    where,
                    f"{measure.id!r} raises {item!r}, which is no item of {instrument.name}",
                    f"an id of {instrument.name}: instrument.items",
                    9,
                    "measures",
                )
            if not instrument.scale(item).allows(Fraction(value)):
                raise ParameterError(
                    where,
                    f"{measure.id!r} raises {item} to {value}, which is not on its scale "
                    f"({instrument.scale(item)})",
                    "a step of the scale",
                    9,
                    "measures",
                )
            at = items.index(item)
            if base.out[at]:
                continue
            if not base.present[at] and "zero" not in _rules_above(instrument, item):
                raise ParameterError(
                    where,
                    f"{measure.id!r} raises {item} of {base.area}, which has no answer; what it "
                    "adds cannot be said",
                    "answer the item first",
                    7,
                    "measures",
                )
            if base.level(value) > base.levels[at]:
                told.append((at, base.level(value)))
        found[place] = () if measure.id in fails else tuple(told)
    return found


def _rules_above(instrument: Instrument, item: str) -> set[str]:
    """Return the missing rules of the aggregates that an item is part of."""
    return {
        instrument.node(name).missing
        for name, children in instrument.tree.steps
        if item in dict(children)
    }


def weights_now(base: Base) -> dict[str, tuple[str, Mapping[str, Fraction]]]:
    """Return each aggregate as weighted sum of its defined children, weights rescaled.

    Returns
    -------
    dict of str to (aggregate, weights)
        Undefined aggregates are absent.
    """
    tree, nodes = base.instrument.tree, base.instrument
    there = {item for item, on in zip(tree.items, base.present, strict=True) if on}
    gone = {item for item, out in zip(tree.items, base.out, strict=True) if out}
    found: dict[str, tuple[str, Mapping[str, Fraction]]] = {}
    for name, children in tree.steps:
        node = nodes.node(name)
        counted = {child: weight for child, weight in children if weight > 0}
        if node.missing == "zero":
            kept = counted
        else:
            kept = {c: w for c, w in counted.items() if c in there}
            lacking = [c for c in counted if c not in there and c not in gone]
            if not kept or (node.missing == "open" and lacking):
                continue
        there.add(name)
        whole = sum(kept.values(), Fraction(0)) if node.aggregate == "mean" else Fraction(1)
        found[name] = (node.aggregate, {c: w / whole for c, w in kept.items()})
    return found
