"""One block of a multistate projection: the kernel between labelled arrays, values checked."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np

from migov.core import ages
from migov.core.align import shown
from migov.core.errors import AccountError, InputError, MigovError, MigovWarning
from migov.demography.kernels_multistate import Outcome, Setting, project
from migov.demography.kernels_transitions import Matrices, by_probabilities, by_rates
from migov.demography.multistate_inputs import WHERE, cores, roles
from migov.demography.plausible import (
    CHILDREN,
    MOTHERS,
    RATIO,
    TRACE,
    factor_told,
    impossible_life,
    swapped_life,
    swapped_told,
)
from migov.demography.projection_blocks import AGES_OF_MOTHERS, MENDS, SOURCE

CLOSES = 1e-9
"""An account closes where its gap is at most this share of all its terms."""
OLDEST = 500.0
"""An age beyond what anybody has reached, however few die in a small state."""
_MENDS = {
    **MENDS,
    "transitions": "chances from 0 to 1: percent have the unit percent, moves per person-year "
    'are Multistate(moves="rates")',
}


def _only_stayers_lack(moves: np.ndarray) -> bool:
    """Tell whether all that is missing is from a state to itself."""
    missing = np.isnan(moves)
    return bool(missing.any()) and not missing[..., ~np.eye(moves.shape[-1], dtype=bool)].any()


@attrs.frozen(eq=False)
class Block:
    """The kernel on one block, with the checks of its values.

    Parameters
    ----------
    setting : Setting
        How a step is done.
    state, moves : str
        Of the specification.
    labels : dict of str to ndarray
        Of all dimensions.
    lead : tuple of str
        The further dimensions.
    refuse : bool
        Whether groups below zero are refused.
    external : bool
        Whether there is migration from outside.
    """

    setting: Setting
    state: str
    moves: str
    labels: dict[str, np.ndarray]
    lead: tuple[str, ...]
    refuse: bool
    external: bool

    def __call__(self, *arrays: Any) -> tuple[Any, ...]:
        """Take arrays with core dimensions last, and give them so."""
        names = [name for name in cores(self.state) if name != "migration" or self.external]
        core = {name: len(cores(self.state)[name]) for name in names}
        values, places = arrays[: len(names)], arrays[len(names) :]
        rank = max(0, *(np.ndim(x) - core[n] for n, x in zip(names, values, strict=True)))
        given = {
            name: np.asarray(x, float).reshape((1,) * (rank + core[name] - np.ndim(x)) + x.shape)
            for name, x in zip(names, values, strict=True)
        }
        found = {name: np.asarray(x).reshape(-1) for name, x in zip(self.lead, places, strict=True)}
        order = sorted(self.lead, key=lambda d: -np.ndim(places[self.lead.index(d)]))
        told = _Told(self, found, order, rank)
        self._values(given, told)
        with np.errstate(all="ignore"):
            matrices, moved = self._matrices(given, told)
            out = self._project(given, matrices, moved)
        self._account(given, out, moved, told)
        came, left = (out.arrivals, out.departures) if moved is None else moved[1:]
        least = np.minimum(out.population.min(axis=(-4, -3, -2, -1)), 0.0)
        return out.population, out.births, out.deaths, left, came, least

    def _values(self, given: dict[str, np.ndarray], told: _Told) -> None:
        """Refuse numbers that are none, infinite, or out of range."""
        low = -np.inf
        limits = {
            "population": (0.0 if self.refuse else low, np.inf),
            "mortality": (0.0, np.inf),
            "transitions": (0.0, 1.0 + 1e-9 if self.moves == "probabilities" else np.inf),
            "fertility": (0.0, CHILDREN / self.setting.step),
            "migration": (low, np.inf),
            "sex_ratio": RATIO,
        }
        for name, x in given.items():
            least, most = limits[name]
            bad = ~((x >= least) & (x <= most) & np.isfinite(x))
            if bad.any():
                place = _first(bad)
                allowed = "a finite number" if np.isinf(least) else f"from {least:g}"
                allowed += "" if np.isinf(most) else f" to {most:g}"
                mend = _MENDS.get(name, SOURCE) if x[place] > 0 else SOURCE
                if name == "transitions" and _only_stayers_lack(x):
                    mend = "transitions.fillna(0.0): a table of moves tells of nobody who stays"
                told.fault(name, f"{name} holds {x[place]:g}, expected {allowed}", place, mend)
        self._units(given["mortality"], given["fertility"], told)

    def _units(self, mortality: np.ndarray, fertility: np.ndarray, told: _Told) -> None:
        """Refuse rates that no population has: their unit is another than they are said to have."""
        start = float(self.labels["age"][-1])
        slow = np.zeros(mortality.shape, bool)
        last = mortality[..., -1, :].mean(axis=-3)
        slow[..., 0, :, -1, :] = (last > 0) & (start * last + 1.0 > OLDEST * last)
        if slow.any():
            told.fault(
                "mortality",
                f"mortality gives an open group that lives beyond {OLDEST:g}",
                _first(slow),
                "the rates times a thousand, if that is what lacks",
            )
        self._life(mortality, told)
        lower = np.asarray(self.labels["mothers"], float)
        outside = (lower + self.setting.step <= MOTHERS[0]) | (lower >= MOTHERS[1])
        odd = (fertility > TRACE) & outside[:, None]
        if odd.any():
            told.fault(
                "fertility",
                f"fertility holds {fertility[_first(odd)]:.4g} births per woman and year",
                _first(odd),
                AGES_OF_MOTHERS,
            )
        most = fertility.sum(axis=-2, keepdims=True) * self.setting.step
        many = np.zeros(fertility.shape, bool)
        many[..., :1, :] = most > CHILDREN
        if many.any():
            told.fault(
                "fertility",
                f"fertility adds up to {most[_first(most > CHILDREN)]:.3g} children per woman",
                _first(many),
                "births per woman and year: fertility / 5, if it is of five years",
            )

    def _life(self, mortality: np.ndarray, told: _Told) -> None:
        """Refuse rates of which people live longer, or shorter, than they ever have.

        Periods are judged by their mean, since few die in a small state; states other than
        areas together, since nobody need spend a life in one.
        """
        pooled = mortality.mean(axis=-4)
        if self.state != "area":
            pooled = pooled.mean(axis=-1, keepdims=True)
        width = np.append(np.full(pooled.shape[-2] - 1, self.setting.step), np.inf)
        found = impossible_life(np.moveaxis(pooled, -2, 0), width)
        if found is None:
            odd = swapped_life(np.moveaxis(pooled, (-2, -3), (0, 1))[:, None], width)
            if odd.any():
                first = _first(odd)
                at = told.at([self.state], first if self.state == "area" else first[:-1])
                warnings.warn(swapped_told(WHERE, at), MigovWarning, stacklevel=2)
            return
        place = _first(np.isfinite(found))  # further dimensions, sex, state
        table = np.moveaxis(pooled, -2, -1)[place]
        told.fault(
            "mortality",
            f"mortality gives an expectation of life at birth of {found[place]:,.4g} years"
            + ("" if self.state == "area" else f", the mean over {self.state}"),
            (*place[:-2], 0, place[-2], 0, place[-1]),
            factor_told(table, width),
        )

    def _matrices(self, given: dict[str, np.ndarray], told: _Told) -> tuple[Matrices, Any]:
        """Return the matrices, and counted moves as net persons, arrivals and departures."""
        rates, moves = given["mortality"], given["transitions"]
        same = np.eye(moves.shape[-1], dtype=bool)
        before, after = roles(self.state)
        stays = np.where(same, moves, 0.0)
        moved: Any = None
        if self.moves == "probabilities":
            moves = _completed(moves, stays, told)
            matrices = by_probabilities(rates, moves, self.setting.step)
        else:
            if stays.any():
                place = _first(stays != 0)
                told.fault(
                    "transitions",
                    f"transitions from a state to itself is {stays[place]:g}, expected 0",
                    place,
                    "moves alone, without stayers: transitions.where("
                    f"transitions.{before} != transitions.{after}, 0)",
                )
            if self.moves == "counts":
                came, left = moves.sum(axis=-1), moves.sum(axis=-2)
                moved = (came - left, came.sum(axis=-2), left.sum(axis=-2))
                moves = np.zeros((*rates.shape, rates.shape[-1]))
            matrices = by_rates(rates, moves, self.setting.step)
        bad = ~(matrices.cohort >= -1e-12)
        if bad.any():
            place = _first(bad)
            by_death = self.moves != "rates" or bool((rates * self.setting.step > 2.0).any())
            argument = "mortality" if by_death else "transitions"
            told.fault(
                "transitions",
                f"a chance of {matrices.cohort[place]:g} follows from {argument}: rates too high "
                f"for a step of {self.setting.step:g} years",
                place,
                'units "per_thousand/year", if they are per 1,000; else shorter steps'
                + (", or an open group that begins earlier" if by_death else ""),
                argument,
            )
        return matrices, moved

    def _project(self, given: dict[str, np.ndarray], matrices: Matrices, moved: Any) -> Outcome:
        outside = given.get("migration")
        if moved is not None:
            outside = moved[0] if outside is None else outside + moved[0]
        return project(
            given["population"],
            matrices,
            given["fertility"],
            outside,
            given["sex_ratio"],
            self.setting,
        )

    def _account(self, given: dict[str, np.ndarray], out: Outcome, moved: Any, told: _Told) -> None:
        """Check ``P1 = P0 + B - D + I - O + M`` by state, each term counted on its own."""
        came, left = (out.arrivals, out.departures) if moved is None else moved[1:]
        outside = given.get("migration")
        net = np.zeros(1) if outside is None else outside.sum(axis=-2)
        before, after = out.persons[..., :-1, :, :], out.persons[..., 1:, :, :]
        size = np.abs(before) + out.births + np.abs(out.deaths) + np.abs(left) + np.abs(net)
        gap = np.abs(after - (before + out.births - out.deaths + net + came - left))
        if moved is None and not self.setting.flows:
            # moves between states cancel in the total of a member
            whole = after - (before + out.births - out.deaths + net)
            gap = np.abs(whole.sum(axis=-1, keepdims=True))
            gap = np.maximum(gap / size.shape[-1], np.abs(out.unmatched))
        size = np.broadcast_to(size.sum(axis=(-2, -1), keepdims=True), gap.shape)
        bad = ~(gap <= CLOSES * size)
        if bad.any():
            place = _first(bad)
            told.fault(
                "deaths",
                f"P1 = P0 + B - D + I - O + M misses by {gap[place]:g} persons",
                place,
                kind=AccountError,
            )
        lowest = out.population < -CLOSES * np.abs(out.population).max()
        if self.refuse and lowest.any():
            place = _first(lowest)
            told.fault(
                "after",
                f"a group falls to {out.population[place]:g} persons",
                place,
                "fewer departures, or Multistate(negative='report') to see all such places",
                "migration" if self.external else "transitions",
                AccountError,
            )


def _first(bad: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))


def _completed(moves: np.ndarray, stays: np.ndarray, told: _Told) -> np.ndarray:
    """Return chances whose columns sum to one: stayers are the rest where none are given."""
    total = moves.sum(axis=-2)
    given = np.abs(stays).sum(axis=(-2, -1)) > 0
    over = np.where(given[..., None], np.abs(total - 1.0) > 1e-9, total > 1.0 + 1e-9)
    if over.any():
        place = _first(over)
        told.fault(
            "column",
            f"transitions out of a state sum to {total[place]:.9g}, expected "
            + ("1 with stayers" if given[place[:-1]] else "at most 1"),
            place,
            "chances over the whole step, of those alive at its end",
            "transitions",
        )
    rest = np.where(given[..., None], 0.0, np.maximum(1.0 - total, 0.0))
    return np.asarray(moves + rest[..., None, :] * np.eye(moves.shape[-1]))


class _Told:
    """Names the cell of an array of a block in an error."""

    def __init__(
        self, block: Block, places: dict[str, np.ndarray], order: Sequence[str], rank: int
    ) -> None:
        self.block, self.places, self.order, self.rank = block, places, order, rank

    def fault(
        self,
        name: str,
        what: str,
        place: tuple[int, ...],
        mend: str = SOURCE,
        argument: str = "",
        kind: type[MigovError] = InputError,
    ) -> None:
        """Raise the error of a cell; leading axes are those of the block."""
        block = self.block
        before, after = roles(block.state)
        flow = ["period", "sex", "age", after, before]
        dims = {
            **cores(block.state),
            "column": ["period", "sex", "age", before],
            "deaths": ["period", "sex", block.state],
            "after": ["time", "sex", "age", block.state],
        }[name]
        if len(place) - self.rank == len(flow):
            dims = flow
        raise kind(
            WHERE,
            f"{what}{self.at(dims, place, name)}",
            mend
            if kind is InputError or mend != SOURCE
            else "report it with the inputs: the terms do not add up",
            10 if kind is AccountError else 7,
            argument or (name if name in cores(block.state) else None),
        )

    def at(self, dims: Sequence[str], place: tuple[int, ...], name: str = "") -> str:
        """Return where a cell is, beginning with a comma; core dimensions may be left out."""
        texts = []
        for dim, i in zip(dims, place[self.rank :], strict=False):
            key = "mothers" if name == "fertility" and dim == "age" else dim
            texts.append(f"{dim} {self._label(key, i)}")
        for axis, dim in enumerate(self.order):
            at = self.places[dim]
            i = place[axis] if at.size > 1 else 0
            texts.append(f"{dim} {shown(self.block.labels[dim][int(at[i])])}")
        return f", at {', '.join(texts)}" if texts else ""

    def _label(self, dim: str, i: int) -> str:
        labels = self.block.labels[dim]
        if dim not in ("age", "mothers"):
            return shown(labels[i])
        width = self.block.setting.step
        last = dim == "age" and i == len(labels) - 1
        return ages.label(float(labels[i]), np.inf if last else width)
