"""Heads of a programme month by month, on bare arrays.

Cells are arrays ``(O, G, S, N)``: occupation, origin, sex, and member (or member with
scenario). Every sum over occupations, origins or sexes is a loop over slices, so that a cell's
bits never depend on how many members stand beside it.

Stays, shocks and shut borders, and the stages before admission have kernels of their own; what
is not given has no stock or flow.
"""

from __future__ import annotations

import numpy as np

from migov.schemes.kernels_admission import Rooms, added, allocate
from migov.schemes.kernels_queues import Line
from migov.schemes.kernels_setting import FLOWS as FLOWS
from migov.schemes.kernels_setting import STOCKS as STOCKS
from migov.schemes.kernels_setting import Outcome, Setting
from migov.schemes.kernels_shocks import OFF_WORK, SHOCKS, Border, Pulse
from migov.schemes.kernels_stay import Cells, Stretch, lived


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
    return Outcome(stocks, flows, by_cohort, rooms.bound)


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
    before = rooms.levels()
    first, again = allocate(setting, rooms, asking, back)
    left = added(asking, 2) * (1.0 - first[:, :, 0])
    rooms.note(t, before, left + added(sum(back[1:], back[0]), 2) * (1.0 - again[:, :, 0]))
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
