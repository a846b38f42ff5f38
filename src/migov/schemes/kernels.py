"""Heads of a programme month by month, on bare arrays.

Cells are arrays ``(O, G, S, N)``: occupation, origin, sex, and member (or member with
scenario). Every sum over occupations, origins or sexes is a loop over slices, so that a cell's
bits never depend on how many members stand beside it.

Stays, shocks and shut borders, and the stages before admission have kernels of their own; what
is not given has no stock or flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from migov.schemes.kernels_admission import Rooms, allocate
from migov.schemes.kernels_queues import ADMISSION_WAITED, STAGE_FLOWS, STAGE_STOCKS, Line, Stage
from migov.schemes.kernels_shocks import OFF_WORK, SHOCKS, Border, Pulse, Shock
from migov.schemes.kernels_stay import Band, Cells, Stretch, lived

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


@dataclass(frozen=True, eq=False)
class Setting:
    """What the month loop needs; arrays are broadcastable to ``(O, G, S, N)``.

    ``rates`` (1/month): early_return, change_status, settlement, death, late_return,
    withdrawal. ``shares``: renewal, late, irregular, unknown, reentry. Series have the month,
    or the step of `*_step`, first. ``quota`` ``(T, N)``, ``caps`` of ``(T, G, N)``: places
    that open in a month; where ``lapses`` ``(T,)`` holds, unused ones end before it.
    ``closed`` ``(T, G)``: months in which the border of an origin is shut.
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
    shocks: Mapping[str, Shock] = field(default_factory=dict)
    pulses: tuple[Pulse, ...] = ()
    closed: NDArray[np.bool_] | None = None
    prolongs: bool = False
    stages: tuple[Stage, ...] = ()

    def stocks(self) -> list[str]:
        """Return the names of all stocks of this setting."""
        border = [] if self.closed is None else ["held"] + ["prolonged"] * self.prolongs
        stages = [f"{name} {i}" for i in range(len(self.stages)) for name in STAGE_STOCKS]
        return [*STOCKS, *border, *stages, *(["not_passed"] if stages else [])]

    def flows(self) -> list[str]:
        """Return the names of all flows of this setting."""
        out = [*FLOWS, *(name for shock in self.shocks for name in SHOCKS[shock])]
        out += [OFF_WORK] if self.shocks else []
        if self.closed is not None:
            out += ["held_back", "returns_held", "person_months_held"]
            out += ["prolongations"] * self.prolongs
        out += [f"{name} {i}" for i in range(len(self.stages)) for name in STAGE_FLOWS]
        return out + [ADMISSION_WAITED] * bool(self.stages)


@dataclass(eq=False)
class Outcome:
    """Stocks ``(1 + T/report, O, G, S, N)``, flows ``(T/report, …)``, person-months again."""

    stocks: dict[str, Cells]
    flows: dict[str, Cells]
    months_by_cohort: Cells
    unused: dict[str, Cells] = field(default_factory=dict)


class _State:
    """All heads at the end of a month."""

    def __init__(self, setting: Setting) -> None:
        shape = setting.shape
        stays = setting.most_stays or 1
        self.setting, self.stays = setting, stays
        self.limited = setting.most_stays is not None
        self.stock = {name: np.zeros(shape) for name in setting.stocks()}
        self.stock["applicants"] += setting.pool
        self.wait = [np.zeros(shape) for _ in range(stays)]
        self.ring = [np.zeros((setting.pause + 1, *shape)) for _ in range(stays)]
        rates, shares = setting.rates, setting.shares
        leave = {n: rates[n] for n in ("early_return", "change_status", "death", "settlement")}
        leave |= {name: shock.goes for name, shock in setting.shocks.items()}
        self.chain = [
            [Stretch(band, leave, setting.months, shape) for band in setting.bands]
            for _ in range(stays)
        ]
        self.carry = [[np.zeros(shape) for _ in setting.bands] for _ in range(stays)]
        self.used = {name for name, x in {**rates, **shares, **leave}.items() if np.any(x)}
        self.exits = _EXITS + tuple((name, "", SHOCKS[name][2]) for name in setting.shocks)
        self.lived = np.zeros(shape)
        self.border = None
        if setting.closed is not None:
            self.border = Border(setting.closed, setting.prolongs, rates["death"], shape, stays)
        self.die = (np.exp(-rates["death"]), -np.expm1(-rates["death"]), lived(rates["death"]))
        self.drop = (np.exp(-rates["withdrawal"]), -np.expm1(-rates["withdrawal"]))
        self.back = (np.exp(-rates["late_return"]), -np.expm1(-rates["late_return"]))
        self.once = 1.0 - shares["reentry"]
        self.punctual = 1.0 - (shares["late"] + shares["irregular"] + shares["unknown"])

    def begin(self, t: int, flow: dict[str, Cells]) -> None:
        """Open and shut borders, end pauses, and let the pulses of the month happen."""
        if self.border is not None:
            self.border.begin(t, flow, self._home)
            self.border.tell(self.stock)
        self.come_out(t)
        for pulse in self.setting.pulses:
            if pulse.month == t:
                self._strike(t, pulse, flow)

    def _strike(self, t: int, pulse: Pulse, flow: dict[str, Cells]) -> None:
        """Let a pulse meet its share of all who are abroad; some of them go home."""
        shock = self.setting.shocks[pulse.shock]
        events, stays, returns = SHOCKS[pulse.shock]
        gone = pulse.share * (1.0 - shock.stays)
        self.stock["abroad"] *= 1.0 - gone
        for k in range(self.stays):
            heads = np.zeros(self.setting.shape)
            for stretch, carried in zip(self.chain[k], self.carry[k], strict=True):
                heads += stretch.strike(t, gone) + carried
                carried *= 1.0 - gone
            stay = heads * (pulse.share * shock.stays)
            flow[events] += heads * pulse.share
            flow[stays] += stay
            flow[OFF_WORK] += stay * shock.months
            flow[returns] += heads * gone
            self.go_home(t, k, heads * gone, flow)

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

    def go_home(self, t: int, k: int, heads: Cells, flow: dict[str, Cells]) -> None:
        """Let people go home; where their border is shut they are held."""
        if self.border is not None:
            heads = self.border.keep(k, heads, flow)
        self._home(t, k, heads)

    def _home(self, t: int, k: int, heads: Cells) -> None:
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
        stays, leaves = self.back
        if self.border is not None:
            self.border.month(self.stock, flow)
            if self.border.shut is not None:
                shut = self.border.shut
                stays, leaves = stays * (1.0 - shut) + shut, leaves * (1.0 - shut)
        late = self.stock["late"] * leaves
        self.stock["late"] *= stays
        self.stock["returned"] += late
        flow["returns_late"] += late
        self.lived[...] = 0.0
        for k in range(self.stays):
            carried, self.carry[k] = self.carry[k], [abroad * 0.0 for _ in self.setting.bands]
            for b, stretch in enumerate(self.chain[k]):
                entry = entries[k] if b == 0 else carried[b]
                self._band(t, k, b, stretch, entry, flow)
        for name, shock in self.setting.shocks.items():
            shock.count(name, self.lived, flow)
        if self.border is not None:
            self.border.tell(self.stock)
        if "withdrawal" in self.used:
            for pool in (self.stock["applicants"], *self.wait):
                gone = pool * self.drop[1]
                self.stock["withdrawn"] += gone
                flow["withdrawals"] += gone
                pool *= self.drop[0]

    def _band(
        self, t: int, k: int, b: int, stretch: Stretch, entry: Cells, flow: dict[str, Cells]
    ) -> None:
        inside, last = stretch.step(t, entry)
        band, stock = stretch.band, self.stock
        apart = inside is not None and band.last != 1.0
        heads = last if inside is None or apart else inside + last
        counts = [flow["person_months"], *([self.lived] if self.setting.shocks else [])]
        for months in counts:
            months += heads * stretch.last_month
            if apart and inside is not None:
                months += inside * stretch.month
        for name, into, kind in self.exits:
            if name not in stretch.whole or name not in self.used:
                continue
            out = heads * stretch.part[name]
            if apart and inside is not None:
                out += inside * stretch.whole[name]
            flow[kind] += out
            if into:
                stock[into] += out
            else:
                self.go_home(t, k, out, flow)
        if inside is not None:
            stock["abroad"] += inside * stretch.stays
        self._end(t, k, b, stretch, last * stretch.ends, flow)

    def _end(
        self, t: int, k: int, b: int, stretch: Stretch, ended: Cells, flow: dict[str, Cells]
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
        if self.border is not None:
            home = self.border.prolong(t, k, home, flow)
        flow["returns_in_time"] += home
        self.go_home(t, k, home, flow)
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
    state, rooms, line = _State(setting), Rooms(setting), None
    if setting.stages:
        line = Line(setting.stages, setting.shape, setting.rates["withdrawal"])
        line.tell(state.stock)
    stocks = {name: np.empty((steps + 1, *setting.shape)) for name in state.stock}
    flows = {name: np.zeros((steps, *setting.shape)) for name in setting.flows()}
    for name, heads in state.stock.items():
        stocks[name][0] = heads
    for t in range(setting.months):
        step = t // setting.report
        flow = {name: x[step] for name, x in flows.items()}
        arrived = setting.applicants[setting.applicants_step[t]]
        flow["applications"] += arrived
        if line is not None:
            arrived = line.begin(arrived, t, state.stock, flow)
        state.stock["applicants"] += arrived
        state.begin(t, flow)
        entries = _admit(t, state, rooms, line, flow)
        if line is not None:
            line.month(state.stock, flow)
        state.month(t, entries, flow)
        if (t + 1) % setting.report == 0:
            state.close()
            for name, heads in state.stock.items():
                stocks[name][step + 1] = heads
    by_cohort = np.zeros(setting.shape)
    for chain in state.chain:
        for stretch in chain:
            by_cohort += stretch.by_cohort()
    if state.border is not None:
        by_cohort += state.border.by_cohort
    return Outcome(stocks, flows, by_cohort)


def _admit(
    t: int, state: _State, rooms: Rooms, line: Line | None, flow: dict[str, Cells]
) -> list[Cells]:
    """Return the entries of the month by number of stays."""
    setting, stock = state.setting, state.stock
    rooms.open(t, stock)
    pool = stock["applicants"]
    if not setting.open[t]:
        return [np.zeros(setting.shape) for _ in range(state.stays)]
    asking, back = pool, state.wait
    if state.border is not None and state.border.shut is not None:
        through = 1.0 - state.border.shut
        asking, back = pool * through, [heads * through for heads in state.wait]
    first, again = allocate(setting, rooms, asking, back)
    entries = []
    for k in range(state.stays):
        entry = np.zeros(setting.shape) if k else asking * first
        if setting.reentry:
            comes = back[k] * again
            entry += comes
            flow["readmissions"] += comes
            state.wait[k] *= 1.0 - again
        flow["admissions"] += entry
        entries.append(entry)
    if line is not None:
        line.admit(first, flow)
    pool *= 1.0 - first
    return entries
