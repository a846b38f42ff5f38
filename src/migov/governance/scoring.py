"""Scores of all nodes from answers, by integers."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from migov.core.boundary import RECIPE
from migov.core.errors import InputError, KindError
from migov.governance import kernels, library
from migov.governance.answers import Answers
from migov.governance.grid import WHERE, Grid, gridded
from migov.governance.instrument import Instrument
from migov.governance.kernels import Ratios
from migov.governance.results import dataset
from migov.numeric.exact import ExactScores, Scored, numerators

if TYPE_CHECKING:
    from migov.governance.tree import Tree


def score(
    instrument: Instrument, answers: Answers, times: Any = None, as_of: str | None = None
) -> xr.Dataset:
    """Return the scores of all nodes; see :meth:`Instrument.score`."""
    if not isinstance(answers, Answers):
        raise KindError(
            WHERE,
            f"answers is a {type(answers).__name__}",
            "governance.Answers.from_frame(…)",
            None,
            "answers",
        )
    grid = gridded(instrument, answers if as_of is None else answers.as_of(as_of), times)
    nominal, low, high = evaluate(instrument, grid)
    found = dataset(instrument, grid, nominal, low, high)
    note = _edition_note(instrument, found["time"].values)
    if note:
        found.attrs["edition_note"] = note
    found.attrs[RECIPE] = _recipe(instrument, answers, as_of)
    return found


def _edition_note(instrument: Instrument, times: Any) -> str:
    """Return what to say of dates whose own edition of the instrument is another."""
    if instrument.id not in library.index():
        return ""
    known = library.editions(instrument.id)
    if instrument.edition not in known or not all(len(e) == 4 and e.isdigit() for e in known):
        return ""
    told: dict[str, list[str]] = {}
    for moment in times:
        year = str(moment)[:4]
        own = max((edition for edition in known if edition <= year), default=known[0])
        if own != instrument.edition:
            told.setdefault(own, []).append(str(moment)[:10])
    return "; ".join(
        f"{', '.join(dates)} scored by the edition {instrument.edition}, the edition {own} was due"
        for own, dates in told.items()
    )


def _recipe(instrument: Instrument, answers: Answers, as_of: str | None) -> str:
    from migov import __version__

    told = {
        "id": "governance.Instrument",
        "parameters": {"id": instrument.id, "edition": instrument.edition, "as_of": as_of},
        "version": __version__,
        "inputs": {"answers": {"rows": len(answers)}},
    }
    return json.dumps(told, sort_keys=True)


@lru_cache(maxsize=32)
def _exact(instrument: Instrument) -> tuple[ExactScores, int]:
    """Return the weighted sums of a linear instrument, and the denominator of its answers."""
    tree = instrument.tree
    weights = [tree.weights(name) for name, _ in tree.steps]
    options = [_options(instrument, item) for item in tree.items]
    rows = [[row.get(item, 0) for item in tree.items] for row in weights]
    return ExactScores(rows, options), numerators(v for one in options for v in one)[1]


def _options(instrument: Instrument, item: str) -> list[Any]:
    scale = instrument.scale(item)
    return list(scale.values) or list(scale.ends)


def evaluate(instrument: Instrument, grid: Grid) -> tuple[Scored, Scored, Scored]:
    """Return score, lowest and highest of all nodes (areas, times, nodes), without multiple."""
    tree = instrument.tree
    ends = [instrument.scale(item).ends for item in tree.items]
    below = numerators([Fraction(1, grid.denominator), *(end for pair in ends for end in pair)])[1]
    largest = max(abs(end) for pair in ends for end in pair) * below
    if largest * max(1, Fraction(instrument.multiple).numerator) >= 2**62:
        raise InputError(
            WHERE,
            f"the answers of {', '.join(grid.areas[:6])} have a common denominator of {below}, and "
            f"scores of {instrument.root} would need integers up to {float(largest):.3g}",
            "answers with fewer decimals, or fractions with smaller denominators",
            9,
            "answers",
        )
    codes = grid.codes * (below // grid.denominator)
    low, high = (np.array([int(pair[i] * below) for pair in ends]) for i in (0, 1))
    known = grid.present | grid.out
    if tree.linear:
        exact, under = _exact(instrument)
        if under % below == 0:
            return _linear(instrument, grid, exact, codes * (under // below), under)
    here = _along(instrument, codes, grid.present, grid.out, below)
    least, most = (
        _along(instrument, np.where(known, codes, end), ~grid.out, grid.out, below)
        for end in (low, high)
    )
    return here, least, most


def _linear(
    instrument: Instrument, grid: Grid, exact: ExactScores, codes: Any, under: int
) -> tuple[Scored, Scored, Scored]:
    """Return the scores of a linear instrument as integer products."""
    everyone = np.ones_like(grid.present)
    known = grid.present | grid.out
    answered = known if instrument.tree.linear == "open" else everyone
    parts = [exact.score(codes, answered), *exact.bounds(codes, known)]
    ends = [instrument.scale(item).ends for item in instrument.items]
    filled = [
        codes,
        *(np.where(known, codes, [int(pair[i] * under) for pair in ends]) for i in (0, 1)),
    ]
    there = [grid.present, ~grid.out, ~grid.out]
    return tuple(  # type: ignore[return-value]
        _all_nodes(instrument.tree, part, items, on, under)
        for part, items, on in zip(parts, filled, there, strict=True)
    )


def _all_nodes(tree: Tree, part: Scored, items: Any, on: Any, under: int) -> Scored:
    """Return items and aggregates in the order of the nodes."""
    shape = (*items.shape[:-1], len(tree.ids))
    num, den = np.zeros(shape, np.int64), np.ones(shape, np.int64)
    defined = np.zeros(shape, np.bool_)
    at = [tree.ids.index(item) for item in tree.items]
    num[..., at], den[..., at], defined[..., at] = items, under, on
    at = [tree.ids.index(name) for name, _ in tree.steps]
    num[..., at], den[..., at] = part.numerator, part.denominator
    defined[..., at] = part.defined
    return Scored(num, den, defined)


def _along(instrument: Instrument, codes: Any, present: Any, out: Any, below: int) -> Scored:
    """Return the scores of any instrument by exact ratios along its tree."""
    tree, cells = instrument.tree, codes[..., 0].size
    width = len(tree.items)
    flat = [x.reshape(cells, width) for x in (codes, present, out)]
    items = {
        item: Ratios(flat[0][:, i], np.full(cells, below), flat[1][:, i], flat[2][:, i])
        for i, item in enumerate(tree.items)
    }
    rules = {node.id: (node.aggregate, node.missing) for node in instrument.nodes}
    found = kernels.along(items, tree.steps, rules)
    num, den, on = (
        np.stack([getattr(found[name], part) for name in tree.ids], axis=-1).reshape(
            *codes.shape[:-1], len(tree.ids)
        )
        for part in ("num", "den", "on")
    )
    return Scored(num, den, on)
