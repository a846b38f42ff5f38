"""A stay as a chain of bands with one hazard each, on bare arrays.

People enter a band at the start of a month and leave it at its end, or by a hazard in between;
within a month hazards are constant, so that exits are ``1 - exp(-h)`` and the time lived is
``(1 - exp(-h)) / h``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """A stretch of a stay: `width` months, the last of which counts as `last` of a month."""

    width: int
    last: float
    settles: bool
    permit_end: bool
    renews: bool


class Window:
    """The sum of the last `width` entries, each decayed by `s` a month.

    Entries of the month are added to a running sum; those of the block of months before are
    taken from sums prepared once a block. Nothing is ever subtracted, so an empty window is
    exactly zero.
    """

    def __init__(self, width: int, s: Cells, shape: tuple[int, ...]) -> None:
        self.width = width
        self.powers = [s**j for j in range(width + 1)]
        self.ring = np.zeros((width, *shape))
        self.front = np.zeros((width, *shape))
        self.back = np.zeros(shape)
        self.month = 0

    def push(self, entry: Cells) -> tuple[Cells, Cells]:
        """Return the sum with this entry in it, and what remains of the entry that leaves."""
        place = self.month % self.width
        leaving = self.ring[place] * self.powers[self.width]
        if place == 0:
            self._prepare()
            self.back[...] = entry
        else:
            self.back *= self.powers[1]
            self.back += entry
        self.ring[place] = entry
        self.month += 1
        inside = self.front[place] * self.powers[place + 1]
        inside += self.back
        return inside, leaving

    def _prepare(self) -> None:
        """Sum the block before from its end: place p holds the entries after p, decayed."""
        self.front[self.width - 1] = 0.0
        for place in range(self.width - 1, 0, -1):
            decayed = self.ring[place] * self.powers[self.width - 1 - place]
            np.add(self.front[place], decayed, out=self.front[place - 1])

    def inside(self) -> Iterator[tuple[Cells, int]]:
        """Yield the heads of each entry that is inside, and the months since it came."""
        for age in range(1, min(self.width, self.month) + 1):
            yield self.ring[(self.month - age) % self.width] * self.powers[age], age

    def scale(self, by: Cells) -> None:
        """Multiply all that is inside."""
        for heads in (self.ring, self.front, self.back):
            heads *= by


def lived(h: Cells, length: float = 1.0) -> Cells:
    """Return the months lived in a stretch of `length` months under the hazard `h` a month."""
    small = h < 1e-12
    safe = np.where(small, 1.0, h)
    exact = np.asarray(-np.expm1(-safe * length) / safe)
    return np.where(small, length, exact)


class Stretch:
    """A band for one number of stays: its window, its probabilities, its cohorts' months.

    ``rates`` (1/month) are of all ways out; settlement is open in some bands only.
    """

    def __init__(
        self, band: Band, rates: Mapping[str, Cells], months: int, shape: tuple[int, ...]
    ) -> None:
        names = [name for name in rates if band.settles or name != "settlement"]
        total = sum((rates[name] for name in names), np.zeros(1))
        self.band, self.months = band, months
        self.hazard = total
        self.stays = np.exp(-total)
        self.whole = {name: rates[name] * lived(total) for name in names}
        self.part = {name: rates[name] * lived(total, band.last) for name in names}
        self.ends = np.exp(-total * band.last)
        self.month, self.last_month = lived(total), lived(total, band.last)
        inner = band.width - 1
        self.window = Window(inner, self.stays, shape) if inner else None
        self.entered = np.zeros(shape)
        self.lived = np.zeros(shape)

    def step(self, t: int, entry: Cells) -> tuple[Cells | None, Cells]:
        """Return heads in the inner months and in the last month of the band, this month."""
        band = self.band
        left = self.months - t
        if left >= band.width:
            self.entered += entry
        else:
            self.lived += entry * lived(self.hazard, float(left))
        if self.window is None:
            return None, entry
        return self.window.push(entry)

    def by_cohort(self) -> Cells:
        """Return the months lived by all who entered, each cohort by its closed form."""
        whole = lived(self.hazard, self.band.width - 1 + self.band.last)
        return self.lived + self.entered * whole

    def strike(self, t: int, gone: Cells) -> Cells:
        """Take a part of all who are inside away at the start of a month; return who was inside."""
        hit = np.zeros(self.lived.shape)
        if self.window is None:
            return hit
        whole = self.band.width - 1 + self.band.last
        for heads, age in self.window.inside():
            hit += heads
            left = min(whole - age, float(self.months - t))
            self.lived -= heads * gone * lived(self.hazard, left)
        self.window.scale(1.0 - gone)
        return hit
