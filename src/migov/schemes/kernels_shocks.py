"""Shocks to those abroad, and a border that is shut, on bare arrays.

A shock is an event at a constant hazard, or a pulse at the start of a month: part of those whom
it meets stay on, after months without work, and the others go home. Where the border of their
origin is shut, whoever would go home is held until it opens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migov.schemes.kernels_stay import Cells, lived

SHOCKS = {
    "illness": ("illnesses", "recoveries", "returns_ill"),
    "pregnancy": ("pregnancies", "leaves_pregnancy", "returns_pregnancy"),
    "bankruptcy": ("bankruptcies", "new_placements", "returns_bankruptcy"),
}
"""Flows of each shock: whom it meets, who stays on, and who goes home."""

OFF_WORK = "person_months_off_work"


@dataclass(frozen=True, eq=False)
class Shock:
    """Rate (1/month), share that stays on, and their months without work; cells."""

    rate: Cells
    stays: Cells
    months: Cells

    @property
    def goes(self) -> Cells:
        """Return the hazard of going home for it (1/month)."""
        return self.rate * (1.0 - self.stays)

    def count(self, name: str, months: Cells, flow: dict[str, Cells]) -> None:
        """Count events in `months` lived under the hazard; returns are counted by who leaves."""
        events, stays, _ = SHOCKS[name]
        flow[events] += months * self.rate
        flow[stays] += months * (self.rate * self.stays)
        flow[OFF_WORK] += months * (self.rate * self.stays) * self.months


@dataclass(frozen=True, eq=False)
class Pulse:
    """A shock that meets a share (cells) of all who are abroad at the start of month `month`."""

    month: int
    shock: str
    share: Cells


class Border:
    """Who cannot go home, by number of stays.

    ``closed`` ``(T, G)``: months in which the border of an origin is shut. Where a closure
    prolongs permits, those whose permit ends in one work on until it opens.
    """

    def __init__(
        self,
        closed: NDArray[np.bool_],
        prolongs: bool,
        death: Cells,
        shape: tuple[int, ...],
        stays: int,
    ) -> None:
        self.closed, self.prolongs, self.death = closed, prolongs, death
        self.die = (np.exp(-death), -np.expm1(-death), lived(death))
        self.held = [np.zeros(shape) for _ in range(stays)]
        self.prolonged = [np.zeros(shape) for _ in range(stays * prolongs)]
        self.left = np.zeros((len(closed) + 1, closed.shape[1]))
        for t in range(len(closed) - 1, -1, -1):
            self.left[t] = np.where(closed[t], self.left[t + 1] + 1.0, 0.0)
        self.by_cohort = np.zeros(shape)
        self.shut: Cells | None = None

    def begin(
        self, t: int, flow: dict[str, Cells], home: Callable[[int, int, Cells], None]
    ) -> None:
        """Open or shut the borders of the month, and let those go home who now can."""
        shut = self.closed[t][None, :, None, None].astype(float)
        for kind, name in ((self.held, "returns_held"), (self.prolonged, "returns_in_time")):
            for k, heads in enumerate(kind):
                out = heads * (1.0 - shut)
                heads *= shut
                flow[name] += out
                home(t - 1, k, out)
        self.shut = shut if self.closed[t].any() else None

    def keep(self, k: int, heads: Cells, flow: dict[str, Cells]) -> Cells:
        """Hold those whose border is shut; return who can go home."""
        if self.shut is None:
            return heads
        kept = heads * self.shut
        self.held[k] += kept
        flow["held_back"] += kept
        return heads * (1.0 - self.shut)

    def prolong(self, t: int, k: int, heads: Cells, flow: dict[str, Cells]) -> Cells:
        """Prolong the permits that end in month `t` at a shut border; return the other heads."""
        if self.shut is None or not self.prolongs:
            return heads
        kept = heads * self.shut
        self.prolonged[k] += kept
        flow["prolongations"] += kept
        until = self.left[t + 1][None, :, None, None]
        self.by_cohort += kept * lived(self.death, until)
        return heads * (1.0 - self.shut)

    def month(self, stock: dict[str, Cells], flow: dict[str, Cells]) -> None:
        """Let a month pass for those who are held, and for those who work on."""
        stays, dies, months = self.die
        for kind, name in (
            (self.held, "person_months_held"), (self.prolonged, "person_months"),
        ):  # fmt: skip
            for heads in kind:
                flow[name] += heads * months
                deaths = heads * dies
                stock["died"] += deaths
                flow["deaths"] += deaths
                heads *= stays

    def tell(self, stock: dict[str, Cells]) -> None:
        """Bring the stocks up to date."""
        for kind, name in ((self.held, "held"), (self.prolonged, "prolonged")):
            if name in stock:
                stock[name][...] = 0.0
                for heads in kind:
                    stock[name] += heads
