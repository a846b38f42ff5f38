"""One block of a projection: the kernel between arrays with labels, and the checks of values."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from migov.core import ages
from migov.core.align import shown
from migov.core.errors import AccountError, InputError
from migov.demography.kernels_projection import Outcome, Rules, project

CLOSES = 1e-9
"""An account closes where its gap is at most this share of all its terms."""

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
        population, _, fertility, migration, ratio = inputs
        self._values("population", population, places, -np.inf if not self.refuse else 0.0)
        self._where("mortality", out.rate, ~(out.rate >= 0), places, "the smallest rate is")
        above = ~(out.chance >= 0)
        text = (
            f"no chance to survive follows by the rule {self.rules.ax!r}: rates too high or uneven"
        )
        self._where("mortality", out.chance, above, places, text, 'ax="constant_force" takes any')
        self._values("fertility", fertility, places, 0.0, 15.0 / self.rules.step)
        self._values("migration", migration, places, -np.inf)
        self._values("sex_ratio", ratio, places, 0.5, 2.0)
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

    def _values(
        self, name: str, x: np.ndarray, places: Any, low: float, high: float = np.inf
    ) -> None:
        """Refuse numbers that are none, infinite, or out of range."""
        least, most = (x.min(), x.max()) if x.size else (low, low)
        if low <= least and most <= high and np.isfinite(least) and np.isfinite(most):
            return
        bad = ~((x >= low) & (x <= high) & np.isfinite(x))
        core = len(CORES[name])
        place = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))
        labels = self._labels(place[core:], x.shape[core:], places)
        if "period" in CORES[name]:
            labels.insert(0, f"period {shown(self.starts[place[0]])}")
        if "age" in CORES[name]:
            labels += self._group(place[core - 2], place[core - 1], x.shape[core - 1])
        allowed = f"from {low:g}" + ("" if np.isinf(high) else f" to {high:g}")
        allowed = "a finite number" if np.isinf(low) else allowed
        raise InputError(
            NAME,
            f"{name} holds {x[place]:g}, expected {allowed}" + _at(labels),
            "mend the value at its source",
            7,
            name,
        )

    def _where(
        self, name: str, x: np.ndarray, bad: np.ndarray, places: Any, what: str, mend: str = ""
    ) -> None:
        if not bad.any():
            return
        place, at = self._place(x, bad, places)
        value = f" {x[place]:g}" if what.endswith("is") else ""
        raise InputError(
            NAME, f"{name}: {what}{value}, at {at}", mend or "mend it at its source", 7, name
        )

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


def _at(labels: list[str]) -> str:
    return f", at {', '.join(labels)}" if labels else ""
