"""An independent slow programme in plain Python: cohorts in dictionaries, one member at a time.

It shares no code with the library. People are kept by (occupation, origin, sex), number of
stays, and whole months since admission; in the stages before admission by the month in which
they came to it.

Optional rules: ``shocks`` {name: function of the cell -> (rate, share that stays, months)},
``pulses`` [(month, name, function of the cell -> share)], ``closed`` (function of month and
origin) with ``prolongs``, ``stages`` [(months, passes, drop_out, places, who waits)].
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from typing import Any


def split(rates: dict[str, float], length: float) -> tuple[float, dict[str, float], float]:
    """Return who stays, who leaves by each way, and the time lived, of one head."""
    total = sum(rates.values())
    if total == 0.0:
        return 1.0, dict.fromkeys(rates, 0.0), length
    stay = math.exp(-total * length)
    lived = (
        (1.0 - stay) / total
        if total * length > 1e-5
        else length
        * (1 - total * length / 2 + (total * length) ** 2 / 6 - (total * length) ** 3 / 24)
    )
    return stay, {name: rate * lived for name, rate in rates.items()}, lived


def at_most(room: float, wanted: float) -> float:
    room = max(room, 0.0)
    return room / wanted if wanted > room else 1.0


def admit(wanted: dict, room: dict[str, Any], counts: bool) -> dict:
    """Share the open places among (occupation, origin): one part rises until a limit is full."""
    limits = [({c}, room["floor"], c) for c in wanted if c in room["floor"]]
    limits += [({c for c in wanted if c[0] == o}, room["posts"], o) for o in room["posts"]]
    limits += [
        ({c for c in wanted if c[1] == g}, limit, g) for limit in room["caps"] for g in limit
    ]
    if counts and room["quota"] is not None:
        limits.append((set(wanted), room, "quota"))
    got, part = dict.fromkeys(wanted, 0.0), 0.0
    rising = {c for c in wanted if wanted[c] > 0}
    while rising and part < 1.0:
        events = [(1.0 - part, None)]
        for i, (cells, places, key) in enumerate(limits):
            asks = sum(wanted[c] for c in cells & rising)
            if asks > 0:
                events.append((max(places[key], 0.0) / asks, i))
        step, first = min(events, key=lambda event: event[0])
        part += step
        for cells, places, key in limits:
            places[key] -= step * sum(wanted[c] for c in cells & rising)
        for c in rising:
            got[c] = part
        if first is not None:
            rising = rising - limits[first][0]
    return got


SHOCKS = {
    "illness": ("illnesses", "recoveries", "returns_ill"),
    "pregnancy": ("pregnancies", "leaves_pregnancy", "returns_pregnancy"),
    "bankruptcy": ("bankruptcies", "new_placements", "returns_bankruptcy"),
}


class Stages:
    """Stages before admission, person-cohorts by the month in which they came."""

    def __init__(self, p, cells):
        self.p, self.cells, self.stages = p, cells, p.get("stages", [])
        self.waits = [{(c, -1): stage[4](c) for c in cells if stage[4](c)} for stage in self.stages]
        self.inside = [defaultdict(float) for _ in self.stages]

    def arrive(self, t, new, stock, flow):
        """Return who comes through all stages at the start of a month."""
        for i, (months, passes, _drop, places, _wait) in enumerate(self.stages):
            waits = self.waits[i]
            for c, heads in new.items():
                waits[c, t] = waits.get((c, t), 0.0) + heads
                flow[f"stage_entered {i}", c] += heads
            limits = defaultdict(list)
            for c in self.cells:
                limits[places(t, c)].append(c)
            for (_key, room), members in limits.items():
                f = at_most(room, sum(h for (c, _m), h in waits.items() if c in members))
                for (c, m), heads in list(waits.items()):
                    if c in members:
                        self.inside[i][c, t] += heads * f
                        flow[f"stage_started {i}", c] += heads * f
                        # Who waited at the start of all waits from there on.
                        flow[f"stage_waited {i}", c] += heads * f * (t - max(m, 0))
                        waits[c, m] = heads * (1 - f)
            new = defaultdict(float)
            for (c, m), heads in list(self.inside[i].items()):
                if t - m == months:
                    del self.inside[i][c, m]
                    new[c] += heads * passes(c)
                    flow[f"stage_passed {i}", c] += heads * passes(c)
                    flow[f"stage_failed {i}", c] += heads * (1 - passes(c))
                    stock["not_passed", c] += heads * (1 - passes(c))
        return new

    def pass_month(self, stock, flow):
        for i, (_months, _passes, drop, _places, _wait) in enumerate(self.stages):
            for (c, m), heads in list(self.waits[i].items()):
                keep = math.exp(-self.p["rate"]("withdrawal", c))
                self.waits[i][c, m] = heads * keep
                flow[f"stage_withdrew {i}", c] += heads * (1 - keep)
                flow["withdrawals", c] += heads * (1 - keep)
                stock["withdrawn", c] += heads * (1 - keep)
            for (c, m), heads in list(self.inside[i].items()):
                keep = math.exp(-drop(c))
                self.inside[i][c, m] = heads * keep
                flow[f"stage_dropped {i}", c] += heads * (1 - keep)
                stock["withdrawn", c] += heads * (1 - keep)
            for c in self.cells:
                stock[f"stage_waiting {i}", c] = sum(
                    h for (x, _m), h in self.waits[i].items() if x == c
                )
                stock[f"stage_inside {i}", c] = sum(
                    h for (x, _m), h in self.inside[i].items() if x == c
                )


def run(p: dict[str, Any]) -> tuple[list[dict], list[dict]]:
    """Return stocks after each month (the first is the start) and flows of each month."""
    shocks, closed = p.get("shocks", {}), p.get("closed", lambda t, g: False)
    held: dict = defaultdict(float)
    prolonged: dict = defaultdict(float)
    cells = list(itertools.product(range(p["O"]), range(p["G"]), range(p["S"])))
    stock: dict = defaultdict(float)
    for c in cells:
        stock["applicants", c] = p["pool"].get(c, 0.0)
    abroad: dict = defaultdict(float)
    pause: dict = defaultdict(float)
    wait: dict = defaultdict(float)
    quota, caps = 0.0, [defaultdict(float) for _ in p["caps"]]
    most = p["most_stays"]
    stages = Stages(p, cells)
    for i, stage in enumerate(stages.stages):
        for c in cells:
            stock[f"stage_waiting {i}", c] = stage[4](c)
    history, moves = [dict(stock)], []
    for t in range(p["months"]):
        flow: dict = defaultdict(float)
        for c in cells:
            flow["applications", c] += p["apply"](t, c)
        new = stages.arrive(t, {c: p["apply"](t, c) for c in cells}, stock, flow)
        for c in cells:
            stock["applicants", c] += new.get(c, 0.0)

        def home(c, k, heads, t=t, flow=flow, pause=pause):
            """Send people home at the end of this month, or at its start in a pulse."""
            if closed(t, c[1]):
                held[c, k] += heads
                flow["held_back", c] += heads
            elif p["reentry"]:
                pause[c, k, p["pause"]] += heads
            else:
                stock["returned", c] += heads

        for group, name in ((held, "returns_held"), (prolonged, "returns_in_time")):
            for (c, k), heads in list(group.items()):
                if not closed(t, c[1]):
                    del group[c, k]
                    flow[name, c] += heads
                    if p["reentry"]:
                        pause[c, k, p["pause"]] += heads
                    else:
                        stock["returned", c] += heads
        for (c, k, left), heads in list(pause.items()):
            if left == 0:
                del pause[c, k, left]
                again = 0.0 if most is not None and k >= most else p["reentry_share"](c)
                wait[c, k + 1 if most is not None else 1] += heads * again
                stock["returned", c] += heads * (1 - again)
        nearer = {(c, k, left - 1): h for (c, k, left), h in pause.items()}
        pause.clear()
        pause.update(nearer)
        for month, name, share in p.get("pulses", []):
            for (c, k, d), heads in list(abroad.items()) if month == t else []:
                _rate, stays, off = shocks[name](c)
                hit = heads * share(c)
                flow[SHOCKS[name][0], c] += hit
                flow[SHOCKS[name][1], c] += hit * stays
                flow["person_months_off_work", c] += hit * stays * off
                flow[SHOCKS[name][2], c] += hit * (1 - stays)
                abroad[c, k, d] -= hit * (1 - stays)
                if p["reentry"] and not closed(t, c[1]):
                    pause[c, k, p["pause"]] += hit * (1 - stays)
                else:
                    home(c, k, hit * (1 - stays))
        # places that open
        if p["quota"] is not None:
            quota = (0.0 if p["quota_lapse"](t) else quota) + p["quota"](t)
        for room, (places, lapse) in zip(caps, p["caps"], strict=True):
            for g in range(p["G"]):
                room[g] = (0.0 if lapse(t) else room[g]) + places(t, g)
        present: dict = defaultdict(float)
        for (c, _k, _d), h in abroad.items():
            present[c] += h
        for (c, _k), h in prolonged.items():
            present[c] += h
        for c in cells:
            present[c] += stock["settled", c] + stock["changed_status", c]
        room = {
            "quota": quota if p["quota"] is not None else None,
            "caps": caps,
            "posts": {},
            "floor": {},
        }
        if p["posts"] is not None:
            for o in range(p["O"]):
                room["posts"][o] = p["posts"](t, o) - sum(present[c] for c in cells if c[0] == o)
        if p["floor"] is not None:
            for o, g in itertools.product(range(p["O"]), range(p["G"])):
                limit = p["floor"](t, o, g)
                if limit is not None:
                    gone = sum(
                        present[c]
                        + sum(stock[n, c] for n in ("late", "irregular", "unknown", "died"))
                        + sum(h for (x, _k), h in held.items() if x == c)
                        for c in cells
                        if c[:2] == (o, g)
                    )
                    room["floor"][o, g] = limit - gone
        if p["open"](t):
            pairs = list(itertools.product(range(p["O"]), range(p["G"])))
            first = {q: sum(stock["applicants", c] for c in cells if c[:2] == q) for q in pairs}
            again = {q: sum(h for (c, _k), h in wait.items() if c[:2] == q) for q in pairs}
            for group in (first, again):
                group.update({q: 0.0 for q in pairs if closed(t, q[1])})
            if not p["reentry"]:
                share = admit(first, room, True)
                again_share = dict.fromkeys(pairs, 0.0)
            elif p["priority"] or p["first_only"]:
                again_share = admit(again, room, not p["first_only"])
                share = admit(first, room, True)
            else:
                share = admit({q: first[q] + again[q] for q in pairs}, room, True)
                again_share = share
            quota = room["quota"] if room["quota"] is not None else quota
            for c in cells:
                came = stock["applicants", c] * share[c[:2]]
                stock["applicants", c] -= came
                abroad[c, 1, 0] += came
                flow["admissions", c] += came
            for (c, k), heads in list(wait.items()):
                came = heads * again_share[c[:2]]
                wait[c, k] -= came
                abroad[c, k, 0] += came
                flow["admissions", c] += came
                flow["readmissions", c] += came
        # a month passes
        for group, name in ((held, "person_months_held"), (prolonged, "person_months")):
            for (c, k), heads in list(group.items()):
                stays, out, lived = split({"death": p["rate"]("death", c)}, 1.0)
                flow[name, c] += heads * lived
                flow["deaths", c] += heads * out["death"]
                stock["died", c] += heads * out["death"]
                group[c, k] = heads * stays
        for c in cells:
            death = {"death": p["rate"]("death", c)}
            stays, out, lived = split(death, 1.0)
            for name in ("settled", "changed_status"):
                flow["person_months_settled", c] += stock[name, c] * lived
                flow["deaths", c] += stock[name, c] * out["death"]
                stock["died", c] += stock[name, c] * out["death"]
                stock[name, c] *= stays
            stays, out, _ = split(
                {"back": 0.0 if closed(t, c[1]) else p["rate"]("late_return", c)}, 1.0
            )
            flow["returns_late", c] += stock["late", c] * out["back"]
            stock["returned", c] += stock["late", c] * out["back"]
            stock["late", c] *= stays
        later: dict = defaultdict(float)

        for (c, k, d), heads in abroad.items():
            rates = {
                "returns_early": p["rate"]("early_return", c),
                "status_changes": p["rate"]("change_status", c),
                "deaths": p["rate"]("death", c),
            }
            if p["settle_after"] is not None and d >= p["settle_after"]:
                rates["settlements"] = p["rate"]("settlement", c)
            for name, of in shocks.items():
                rates[SHOCKS[name][2]] = of(c)[0] * (1 - of(c)[1])
            whole = p["stay"] * (p["renewals"] + 1)
            length = min(1.0, whole - d)
            stays, out, lived = split(rates, length)
            flow["person_months", c] += heads * lived
            for name, of in shocks.items():
                risk, stay_on, off = of(c)
                flow[SHOCKS[name][0], c] += heads * lived * risk
                flow[SHOCKS[name][1], c] += heads * lived * risk * stay_on
                flow["person_months_off_work", c] += heads * lived * risk * stay_on * off
            for name, share_out in out.items():
                flow[name, c] += heads * share_out
                if name.startswith("returns_"):
                    home(c, k, heads * share_out)
                else:
                    into = {
                        "status_changes": "changed_status",
                        "deaths": "died",
                        "settlements": "settled",
                    }[name]
                    stock[into, c] += heads * share_out
            rest, spent = heads * stays, d + length
            permits = spent / p["stay"]
            if abs(permits - round(permits)) > 1e-9:
                later[c, k, d + 1] += rest
                continue
            if round(permits) <= p["renewals"]:
                renewed = rest * p["share"]("renewal", c)
                flow["renewals", c] += renewed
                later[c, k, d + 1] += renewed
                rest *= 1 - p["share"]("renewal", c)
            ends = {n: p["share"](n, c) for n in ("late", "irregular", "unknown")}
            kinds = {
                "late": "overstays_late",
                "irregular": "overstays_irregular",
                "unknown": "outcomes_unknown",
            }
            for name, part in ends.items():
                stock[name, c] += rest * part
                flow[kinds[name], c] += rest * part
            back = rest * (1 - sum(ends.values()))
            if closed(t, c[1]) and p["prolongs"]:
                prolonged[c, k] += back
                flow["prolongations", c] += back
                continue
            flow["returns_in_time", c] += back
            home(c, k, back)
        abroad = later
        for c in cells:
            keep, out, _ = split({"gone": p["rate"]("withdrawal", c)}, 1.0)
            queues = [(stock, ("applicants", c))] + [(wait, q) for q in list(wait) if q[0] == c]
            for where, what in queues:
                flow["withdrawals", c] += where[what] * out["gone"]
                stock["withdrawn", c] += where[what] * out["gone"]
                where[what] *= keep
        stages.pass_month(stock, flow)
        for c in cells:
            for name, group in (("held", held), ("prolonged", prolonged)):
                stock[name, c] = sum(h for (x, _k), h in group.items() if x == c)
            stock["abroad", c] = sum(h for (x, _k, _d), h in abroad.items() if x == c)
            stock["waiting", c] = sum(h for (x, _k), h in wait.items() if x == c)
            stock["cooling_off", c] = sum(h for (x, _k, _l), h in pause.items() if x == c)
        history.append(dict(stock))
        moves.append(dict(flow))
    return history, moves
