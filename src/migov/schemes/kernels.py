"""Heads of a programme month by month, on bare arrays.

Cells are arrays ``(O, G, S, N)``: occupation, origin, sex, and member (or member with
scenario). Every sum over occupations, origins or sexes is a loop over slices, so that a cell's
bits never depend on how many members stand beside it.

A stay is a chain of bands with one hazard each. People enter a band at the start of a month
and leave it at its end, or by a hazard in between; within a month hazards are constant, so
that exits are ``1 - exp(-h)`` and the time lived is ``(1 - exp(-h)) / h``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from migov.schemes.kernels_admission import Rooms, allocate

Cells = NDArray[np.float64]

STOCKS = (
    "applicants",
    "waiting",
    "abroad",
    "cooling_off",
    "returned",
    "late",
    "irregular",
    "unknown",
    "changed_status",
    "settled",
    "died",
    "withdrawn",
)
FLOWS = (
    "applications",
    "admissions",
    "readmissions",
    "renewals",
    "returns_early",
    "returns_in_time",
    "overstays_late",
    "overstays_irregular",
    "outcomes_unknown",
    "returns_late",
    "status_changes",
    "settlements",
    "deaths",
    "withdrawals",
    "person_months",
    "person_months_settled",
)


@dataclass(frozen=True)
class Band:
    """A stretch of a stay: `width` months, the last of which counts as `last` of a month."""

    width: int
    last: float
    settles: bool
    permit_end: bool
    renews: bool


@dataclass(frozen=True, eq=False)
class Setting:
    """What the month loop needs; arrays are broadcastable to ``(O, G, S, N)``.

    ``rates`` (1/month): early_return, change_status, settlement, death, late_return,
    withdrawal. ``shares``: renewal, late, irregular, unknown, reentry. Series have the month,
    or the step of `*_step`, first. ``quota`` ``(T, N)``, ``caps`` of ``(T, G, N)``: places
    that open in a month; where ``lapses`` ``(T,)`` holds, unused ones end before it.
    """

    months: int
    report: int
    shape: tuple[int, int, int, int]
    bands: tuple[Band, ...]
    pause: int
    reentry: bool
    priority: bool
    quota_first_only: bool
    most_stays: int | None
    rates: Mapping[str, Cells]
    shares: Mapping[str, Cells]
    pool: Cells
    applicants: Cells
    applicants_step: NDArray[np.int64]
    open: NDArray[np.bool_]
    quota: Cells | None = None
    quota_lapses: NDArray[np.bool_] | None = None
    caps: tuple[tuple[Cells, NDArray[np.bool_]], ...] = ()
    posts: Cells | None = None
    posts_step: NDArray[np.int64] | None = None
    floor: Cells | None = None
    floor_step: NDArray[np.int64] | None = None


@dataclass(eq=False)
class Outcome:
    """Stocks ``(1 + T/report, O, G, S, N)``, flows ``(T/report, …)``, person-months again."""

    stocks: dict[str, Cells]
    flows: dict[str, Cells]
    months_by_cohort: Cells
    unused: dict[str, Cells] = field(default_factory=dict)


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


def lived(h: Cells, length: float = 1.0) -> Cells:
    """Return the months lived in a stretch of `length` months under the hazard `h` a month."""
    small = h < 1e-12
    safe = np.where(small, 1.0, h)
    exact = np.asarray(-np.expm1(-safe * length) / safe)
    return np.where(small, length, exact)


class _Stretch:
    """A band for one number of stays: its window, its probabilities, its cohorts' months."""

    def __init__(self, band: Band, setting: Setting, shape: tuple[int, ...]) -> None:
        rates = setting.rates
        names = ["early_return", "change_status", "death"] + ["settlement"] * band.settles
        total = sum((rates[name] for name in names), np.zeros(1))
        self.band, self.months = band, setting.months
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


class _State:
    """All heads at the end of a month."""

    def __init__(self, setting: Setting) -> None:
        shape = setting.shape
        stays = setting.most_stays or 1
        self.setting, self.stays = setting, stays
        self.limited = setting.most_stays is not None
        self.stock = {name: np.zeros(shape) for name in STOCKS}
        self.stock["applicants"] += setting.pool
        self.wait = [np.zeros(shape) for _ in range(stays)]
        self.ring = [np.zeros((setting.pause + 1, *shape)) for _ in range(stays)]
        self.chain = [
            [_Stretch(band, setting, shape) for band in setting.bands] for _ in range(stays)
        ]
        self.carry = [[np.zeros(shape) for _ in setting.bands] for _ in range(stays)]
        rates, shares = setting.rates, setting.shares
        self.used = {name for name, x in {**rates, **shares}.items() if np.any(x)}
        self.die = (np.exp(-rates["death"]), -np.expm1(-rates["death"]), lived(rates["death"]))
        self.drop = (np.exp(-rates["withdrawal"]), -np.expm1(-rates["withdrawal"]))
        self.back = (np.exp(-rates["late_return"]), -np.expm1(-rates["late_return"]))
        self.once = 1.0 - shares["reentry"]
        self.punctual = 1.0 - (shares["late"] + shares["irregular"] + shares["unknown"])

    def come_out(self, t: int) -> None:
        """Bring those whose pause is over to the queue, or home for good."""
        if not self.setting.reentry:
            return
        place = t % (self.setting.pause + 1)
        for k in range(self.stays):
            out = self.ring[k][place]
            if self.limited and k == self.stays - 1:
                self.stock["returned"] += out
            else:
                self.wait[k + 1 if self.limited else k] += out * self.setting.shares["reentry"]
                self.stock["returned"] += out * self.once
            out[...] = 0.0

    def go_home(self, t: int, k: int, heads: Cells) -> None:
        """Put who returned lawfully into the pause, or home for good."""
        if self.setting.reentry:
            self.ring[k][t % (self.setting.pause + 1)] += heads
        else:
            self.stock["returned"] += heads

    def month(self, t: int, entries: list[Cells], flow: dict[str, Cells]) -> None:
        """Let a month pass for those abroad."""
        abroad = self.stock["abroad"]
        abroad[...] = 0.0
        settled = self.stock["settled"] + self.stock["changed_status"]
        if "death" in self.used:
            stays, dies, _ = self.die
            deaths = settled * dies
            self.stock["died"] += deaths
            flow["deaths"] += deaths
            self.stock["settled"] *= stays
            self.stock["changed_status"] *= stays
        flow["person_months_settled"] += settled * self.die[2]
        late = self.stock["late"] * self.back[1]
        self.stock["late"] *= self.back[0]
        self.stock["returned"] += late
        flow["returns_late"] += late
        for k in range(self.stays):
            carried, self.carry[k] = self.carry[k], [abroad * 0.0 for _ in self.setting.bands]
            for b, stretch in enumerate(self.chain[k]):
                entry = entries[k] if b == 0 else carried[b]
                self._band(t, k, b, stretch, entry, flow)
        if "withdrawal" in self.used:
            for pool in (self.stock["applicants"], *self.wait):
                gone = pool * self.drop[1]
                self.stock["withdrawn"] += gone
                flow["withdrawals"] += gone
                pool *= self.drop[0]

    def _band(
        self, t: int, k: int, b: int, stretch: _Stretch, entry: Cells, flow: dict[str, Cells]
    ) -> None:
        inside, last = stretch.step(t, entry)
        band, stock = stretch.band, self.stock
        apart = inside is not None and band.last != 1.0
        heads = last if inside is None or apart else inside + last
        flow["person_months"] += heads * stretch.last_month
        if apart and inside is not None:
            flow["person_months"] += inside * stretch.month
        for name, into, kind in _EXITS:
            if name not in stretch.whole or name not in self.used:
                continue
            out = heads * stretch.part[name]
            if apart and inside is not None:
                out += inside * stretch.whole[name]
            flow[kind] += out
            if into:
                stock[into] += out
            else:
                self.go_home(t, k, out)
        if inside is not None:
            stock["abroad"] += inside * stretch.stays
        self._end(t, k, b, stretch, last * stretch.ends, flow)

    def _end(
        self, t: int, k: int, b: int, stretch: _Stretch, ended: Cells, flow: dict[str, Cells]
    ) -> None:
        """Let those at the end of a band go on, renew, return, or stay on without a permit."""
        band, shares = stretch.band, self.setting.shares
        if not band.permit_end or band.renews:
            onward = ended * shares["renewal"] if band.permit_end else ended
            self.carry[k][b + 1] += onward
            self.stock["abroad"] += onward
            if not band.permit_end:
                return
            flow["renewals"] += onward
            ended = ended * (1.0 - shares["renewal"])
        home = ended * self.punctual
        flow["returns_in_time"] += home
        self.go_home(t, k, home)
        for name, kind in _OVERSTAYS:
            if name in self.used:
                heads = ended * shares[name]
                self.stock[name] += heads
                flow[kind] += heads

    def close(self) -> None:
        """Add up the queue and the pause."""
        for name, parts in (("waiting", self.wait), ("cooling_off", self.ring)):
            self.stock[name][...] = 0.0
            for part in parts:
                for heads in part if name == "cooling_off" else [part]:
                    self.stock[name] += heads


_EXITS = (
    ("early_return", "", "returns_early"),
    ("change_status", "changed_status", "status_changes"),
    ("settlement", "settled", "settlements"),
    ("death", "died", "deaths"),
)
_OVERSTAYS = (
    ("late", "overstays_late"),
    ("irregular", "overstays_irregular"),
    ("unknown", "outcomes_unknown"),
)


def run(setting: Setting) -> Outcome:
    """Return stocks at the ends of the reported stretches, and flows within them.

    Parameters
    ----------
    setting : Setting
        The rules and the rates.

    Returns
    -------
    Outcome
        ``months_by_cohort`` ``(O, G, S, N)`` holds the person-months of the whole run computed
        from the cohorts of entry, apart from the flows.
    """
    steps = setting.months // setting.report
    state, rooms = _State(setting), Rooms(setting)
    stocks = {name: np.empty((steps + 1, *setting.shape)) for name in STOCKS}
    flows = {name: np.zeros((steps, *setting.shape)) for name in FLOWS}
    for name in STOCKS:
        stocks[name][0] = state.stock[name]
    for t in range(setting.months):
        step = t // setting.report
        flow = {name: x[step] for name, x in flows.items()}
        arrived = setting.applicants[setting.applicants_step[t]]
        state.stock["applicants"] += arrived
        flow["applications"] += arrived
        state.come_out(t)
        entries = _admit(t, state, rooms, flow)
        state.month(t, entries, flow)
        if (t + 1) % setting.report == 0:
            state.close()
            for name in STOCKS:
                stocks[name][step + 1] = state.stock[name]
    by_cohort = np.zeros(setting.shape)
    for chain in state.chain:
        for stretch in chain:
            by_cohort += stretch.by_cohort()
    return Outcome(stocks, flows, by_cohort)


def _admit(t: int, state: _State, rooms: Rooms, flow: dict[str, Cells]) -> list[Cells]:
    """Return the entries of the month by number of stays."""
    setting, stock = state.setting, state.stock
    rooms.open(t, stock)
    pool = stock["applicants"]
    if not setting.open[t]:
        return [np.zeros(setting.shape) for _ in range(state.stays)]
    first, again = allocate(setting, rooms, pool, state.wait)
    entries = []
    for k in range(state.stays):
        entry = np.zeros(setting.shape) if k else pool * first
        if setting.reentry:
            back = state.wait[k] * again
            state.wait[k] *= 1.0 - again
            entry += back
            flow["readmissions"] += back
        flow["admissions"] += entry
        entries.append(entry)
    pool *= 1.0 - first
    return entries
