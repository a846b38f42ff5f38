"""One block of a projection: the kernel between arrays with labels, and the checks of values."""

from __future__ import annotations

import warnings
from typing import Any

import attrs
import numpy as np

from migov.core import ages
from migov.core.align import shown
from migov.core.errors import AccountError, InputError, MigovWarning
from migov.demography.kernels import mean_years_lived, survival
from migov.demography.kernels_projection import Outcome, Rules, project
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

CLOSES = 1e-9
"""An account closes where its gap is at most this share of all its terms."""

SOURCE = "mend the value at its source"
AGES_OF_MOTHERS = "the ages of mothers, in completed years: published rates are of 10 to 54"
MENDS = {
    "fertility": "births per woman and year: per 1,000 women they are per_thousand/year",
    "sex_ratio": "boys per girl: a share s of boys among births is s / (1 - s); 105 per 100 is "
    "1.05",
}
"""What is done about a value out of range, where its unit tells."""

NAME = "CohortComponent"
CORES = {
    "population": ["sex", "age"],
    "mortality": ["period", "sex", "age of mortality"],
    "fertility": ["period", "age of mothers"],
    "migration": ["period", "sex", "age"],
    "sex_ratio": ["period"],
}
OUT = {
    "population": ("time", "sex", "age"),
    "births": ("period", "sex"),
    "deaths": ("period", "sex", "age"),
    "least": ("period",),
}


@attrs.frozen(eq=False)
class Block:
    """The kernel on one block, with the checks of its values."""

    rules: Rules
    width: np.ndarray
    lead: dict[str, np.ndarray]
    starts: np.ndarray
    refuse: bool

    def __call__(self, *arrays: Any) -> tuple[Any, ...]:
        """Take arrays with core dimensions last, and give them so."""
        inputs = dict(zip(CORES, arrays, strict=False))
        share, places = arrays[len(CORES)], arrays[len(CORES) + 1 :]
        first = [
            np.moveaxis(np.asarray(x), range(-len(core), 0), range(len(core)))
            for x, core in zip(inputs.values(), CORES.values(), strict=True)
        ]
        with np.errstate(all="ignore"):
            out = project(
                first[0], first[1], first[2], first[3], first[4], share, self.width, self.rules
            )
        self._check(first, out, places)
        least = np.minimum(out.least, 0.0)
        parts = (out.population, out.births, out.deaths, least)
        return tuple(
            np.moveaxis(x, range(len(core)), range(-len(core), 0))
            for x, core in zip(parts, OUT.values(), strict=True)
        )

    def _check(self, inputs: list[np.ndarray], out: Outcome, places: tuple[Any, ...]) -> None:
        """Refuse values that cannot be, and an account that does not close."""
        population, mortality, fertility, migration, ratio = inputs
        self._values("population", population, places, -np.inf if not self.refuse else 0.0)
        if not (out.rate >= 0).all() or not (out.chance >= 0).all():
            self._values("mortality", mortality, places, 0.0)
            self._chances(mortality, places)
        self._life(mortality, places)
        self._values("fertility", fertility, places, 0.0, CHILDREN / self.rules.step)
        self._children(fertility, places)
        self._values("migration", migration, places, -np.inf)
        self._values("sex_ratio", ratio, places, *RATIO)
        open_gap = ~(out.gap <= CLOSES * out.size)
        if open_gap.any():
            place, at = self._place(out.gap, open_gap, places)
            raise AccountError(
                NAME,
                f"P1 = P0 + B - D + M misses by {out.gap[place]:g} persons at {at}",
                "report it with the inputs: the terms do not add up",
                10,
            )
        below = out.least < -CLOSES * out.size
        if self.refuse and below.any():
            place, at = self._place(out.least, below, places)
            group = np.moveaxis(out.population[place[0] + 1], (0, 1), (-2, -1))[place[1:]]
            least = np.unravel_index(int(np.argmin(group)), group.shape)
            told = ", ".join(self._group(int(least[0]), int(least[1]), group.shape[1]))
            raise AccountError(
                NAME,
                f"a group falls to {out.least[place]:g} persons by the end of {at}, {told}",
                "less emigration, or CohortComponent(negative='report') to see all such places",
                10,
                "migration",
            )

    def _chances(self, mortality: np.ndarray, places: Any) -> None:
        """Refuse rates by which nobody can survive, naming the age where this is so."""
        table = np.moveaxis(mortality, (0, 1, 2), (-1, 1, 0))  # age, sex, …, period
        closed = (len(table) - 1, *table.shape[1:])
        work = [np.empty((len(table) - (self.width[0] != self.rules.step), *table.shape[1:]))]
        work += [np.empty(closed), np.empty(closed)]
        with np.errstate(all="ignore"):
            survival(table, self.width, self.rules.ax, self.rules.step, work=work)
        chance = np.moveaxis(work[1], (-1, 1, 0), (0, 1, 2))
        bad = ~(chance >= 0)
        if not bad.any():  # the years lived by those who die lie outside their group
            n = self.width[:-1].reshape((-1,) + (1,) * (table.ndim - 1))
            share = mean_years_lived(table, self.width, "FM", self.rules.ax) / n
            outside = np.minimum(share, 1.0 - share) * table[:-1]
            bad = np.moveaxis(outside < -1e-6, (-1, 1, 0), (0, 1, 2))
        place = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))
        raise InputError(
            NAME,
            f"mortality: no chance to survive follows by the rule {self.rules.ax!r}: rates too "
            f"high or uneven, {mortality[place]:g}"
            + self._at("mortality", mortality, place, places),
            'units "per_thousand/year", if they are per 1,000; ax="constant_force" takes any rate',
            7,
            "mortality",
        )

    def _life(self, mortality: np.ndarray, places: Any) -> None:
        """Refuse rates by which people live longer, or shorter, than they ever have."""
        table = np.moveaxis(mortality, 2, 0)
        found = impossible_life(table, self.width)
        if found is None:
            self._sexes(table, places)
            return
        bad = np.expand_dims(np.isfinite(found), 2)
        place = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))
        table = np.moveaxis(mortality, 2, -1)[(*place[:2], *place[3:])]
        at = self._at("mortality", mortality, place, places, age=False)
        raise InputError(
            NAME,
            f"mortality gives an expectation of life at birth of "
            f"{found[(*place[:2], *place[3:])]:,.4g} years{at}",
            factor_told(table, self.width),
            6,
            "mortality",
        )

    def _sexes(self, table: np.ndarray, places: Any) -> None:
        """Warn where men outlive women at all times as in no population."""
        odd = swapped_life(table, self.width)
        if not odd.any():
            return
        place = tuple(int(i) for i in np.unravel_index(int(np.argmax(odd)), odd.shape))
        labels = self._labels(place, odd.shape, places)
        at = f", at {', '.join(labels)}" if labels else ""
        warnings.warn(swapped_told(NAME, at), MigovWarning, stacklevel=2)

    def _children(self, fertility: np.ndarray, places: Any) -> None:
        """Refuse rates by which women have more children than they ever had."""
        step = self.rules.step
        self._mothers(fertility, places)
        if not fertility.size or fertility.max() * step * fertility.shape[1] <= CHILDREN:
            return
        children = step * fertility.sum(axis=1, keepdims=True)
        if (children <= CHILDREN).all():
            return
        bad = children > CHILDREN
        place = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))
        wide = f"; fertility / {step:g}, if it is births in {step:g} years" if step > 1 else ""
        raise InputError(
            NAME,
            f"fertility adds up to {children[place]:.4g} children per woman"
            + self._at("fertility", fertility, place, places, age=False),
            f"{MENDS['fertility']}{wide}",
            6,
            "fertility",
        )

    def _mothers(self, fertility: np.ndarray, places: Any) -> None:
        """Refuse births to girls and to old women."""
        lower = (self.rules.fertile[0] + np.arange(fertility.shape[1])) * float(self.rules.step)
        outside = (lower + self.rules.step <= MOTHERS[0]) | (lower >= MOTHERS[1])
        if not outside.any() or not (fertility[:, outside] > TRACE).any():
            return
        bad = np.moveaxis(np.moveaxis(fertility > TRACE, 1, -1) & outside, -1, 1)
        place = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))
        raise InputError(
            NAME,
            f"fertility holds {fertility[place]:.4g} births per woman and year"
            + self._at("fertility", fertility, place, places),
            AGES_OF_MOTHERS,
            7,
            "fertility",
        )

    def _values(
        self,
        name: str,
        x: np.ndarray,
        places: Any,
        low: float,
        high: float = np.inf,
    ) -> None:
        """Refuse numbers that are none, infinite, or out of range."""
        least, most = (x.min(), x.max()) if x.size else (low, low)
        if low <= least and most <= high and np.isfinite(least) and np.isfinite(most):
            return
        bad = ~((x >= low) & (x <= high) & np.isfinite(x))
        place = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))
        allowed = f"from {low:g}" + ("" if np.isinf(high) else f" to {high:g}")
        allowed = "a finite number" if np.isinf(low) else allowed
        raise InputError(
            NAME,
            f"{name} holds {x[place]:g}, expected {allowed}" + self._at(name, x, place, places),
            MENDS.get(name, SOURCE) if x[place] > 0 else SOURCE,
            7,
            name,
        )

    def _at(
        self, name: str, x: np.ndarray, place: tuple[int, ...], places: Any, age: bool = True
    ) -> str:
        """Return where a cell of an input is, beginning with a comma."""
        core = CORES[name]
        labels = self._labels(place[len(core) :], x.shape[len(core) :], places)
        if "period" in core:
            labels.insert(0, f"period {shown(self.starts[place[0]])}")
        if "sex" in core:
            labels.append(f"sex {'FM'[place[core.index('sex')]]}")
        if age and core[-1].startswith("age"):
            lower, wide = self._group_of(name, place[len(core) - 1], x.shape[len(core) - 1])
            labels.append(f"age {ages.label(lower, wide)}")
        return f", at {', '.join(labels)}" if labels else ""

    def _group_of(self, name: str, i: int, size: int) -> tuple[float, float]:
        """Return lower bound and width of a group of an input."""
        step = float(self.rules.step)
        if name == "mortality":
            return float(self.width[:i].sum()), float(self.width[i])
        if name == "fertility":
            return (self.rules.fertile[0] + i) * step, step
        return i * step, np.inf if i == size - 1 else step

    def _place(self, x: np.ndarray, bad: np.ndarray, places: Any) -> tuple[tuple[int, ...], str]:
        """Return the first bad cell of {period, …} and its labels."""
        place = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))
        labels = [f"period {shown(self.starts[place[0]])}"]
        return place, ", ".join([*labels, *self._labels(place[1:], x.shape[1:], places)])

    def _group(self, sex: int, age: int, size: int) -> list[str]:
        """Return the labels of a sex and a group of the population's ages."""
        step = float(self.rules.step)
        wide = np.inf if age == size - 1 else step
        return [f"sex {'FM'[sex]}", f"age {ages.label(age * step, wide)}"]

    def _labels(self, place: tuple[int, ...], shape: tuple[int, ...], places: Any) -> list[str]:
        """Return the labels of further dimensions at a place of an array of this shape."""
        found = []
        for (dim, labels), index in zip(self.lead.items(), places, strict=True):
            at = np.asarray(index).reshape(-1)
            back = np.ndim(index)  # further dimensions are broadcast from the right
            if at.size == 1:
                found.append(f"{dim} {shown(labels[int(at[0])])}")
            elif len(shape) >= back and shape[-back] > 1:
                found.append(f"{dim} {shown(labels[int(at[place[-back]])])}")
        return found
