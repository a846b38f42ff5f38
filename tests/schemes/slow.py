"""An independent slow programme in plain Python: cohorts in dictionaries, one member at a time.

It shares no code with the library. People are kept by (occupation, origin, sex), number of
stays, and whole months since admission.
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


def admit(wanted: dict, room: dict[str, Any], counts: bool, rounds: int = 3) -> dict:
    """Share the open places among (occupation, origin)."""
    left, got = dict(wanted), dict.fromkeys(wanted, 0.0)
    for _ in range(rounds):
        now = {c: min(left[c], max(room["floor"].get(c, math.inf), 0.0)) for c in left}
        for o in {c[0] for c in now}:
            if o in room["posts"]:
                f = at_most(room["posts"][o], sum(v for c, v in now.items() if c[0] == o))
                now = {c: v * f if c[0] == o else v for c, v in now.items()}
        for limit in room["caps"]:
            for g in {c[1] for c in now}:
                f = at_most(limit.get(g, math.inf), sum(v for c, v in now.items() if c[1] == g))
                now = {c: v * f if c[1] == g else v for c, v in now.items()}
        if counts and room["quota"] is not None:
            f = at_most(room["quota"], sum(now.values()))
            now = {c: v * f for c, v in now.items()}
        for c, v in now.items():
            got[c] += v
            left[c] -= v
            if c in room["floor"]:
                room["floor"][c] -= v
            if c[0] in room["posts"]:
                room["posts"][c[0]] -= v
            for limit in room["caps"]:
                if c[1] in limit:
                    limit[c[1]] -= v
            if counts and room["quota"] is not None:
                room["quota"] -= v
    return {c: got[c] / wanted[c] if wanted[c] > 0 else 0.0 for c in wanted}


def run(p: dict[str, Any]) -> tuple[list[dict], list[dict]]:
    """Return stocks after each month (the first is the start) and flows of each month."""
    cells = list(itertools.product(range(p["O"]), range(p["G"]), range(p["S"])))
    stock: dict = defaultdict(float)
    for c in cells:
        stock["applicants", c] = p["pool"].get(c, 0.0)
    abroad: dict = defaultdict(float)
    pause: dict = defaultdict(float)
    wait: dict = defaultdict(float)
    quota, caps = 0.0, [defaultdict(float) for _ in p["caps"]]
    most = p["most_stays"]
    history, moves = [dict(stock)], []
    for t in range(p["months"]):
        flow: dict = defaultdict(float)
        for c in cells:
            stock["applicants", c] += p["apply"](t, c)
            flow["applications", c] += p["apply"](t, c)
        for (c, k, left), heads in list(pause.items()):
            if left == 0:
                del pause[c, k, left]
                again = 0.0 if most is not None and k >= most else p["reentry_share"](c)
                wait[c, k + 1 if most is not None else 1] += heads * again
                stock["returned", c] += heads * (1 - again)
        pause = defaultdict(float, {(c, k, left - 1): h for (c, k, left), h in pause.items()})
        # places that open
        if p["quota"] is not None:
            quota = (0.0 if p["quota_lapse"](t) else quota) + p["quota"](t)
        for room, (places, lapse) in zip(caps, p["caps"], strict=True):
            for g in range(p["G"]):
                room[g] = (0.0 if lapse(t) else room[g]) + places(t, g)
        present: dict = defaultdict(float)
        for (c, _k, _d), h in abroad.items():
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
                        for c in cells
                        if c[:2] == (o, g)
                    )
                    room["floor"][o, g] = limit - gone
        if p["open"](t):
            pairs = list(itertools.product(range(p["O"]), range(p["G"])))
            first = {q: sum(stock["applicants", c] for c in cells if c[:2] == q) for q in pairs}
            again = {q: sum(h for (c, _k), h in wait.items() if c[:2] == q) for q in pairs}
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
        for c in cells:
            death = {"death": p["rate"]("death", c)}
            stays, out, lived = split(death, 1.0)
            for name in ("settled", "changed_status"):
                flow["person_months_settled", c] += stock[name, c] * lived
                flow["deaths", c] += stock[name, c] * out["death"]
                stock["died", c] += stock[name, c] * out["death"]
                stock[name, c] *= stays
            stays, out, _ = split({"back": p["rate"]("late_return", c)}, 1.0)
            flow["returns_late", c] += stock["late", c] * out["back"]
            stock["returned", c] += stock["late", c] * out["back"]
            stock["late", c] *= stays
        later: dict = defaultdict(float)

        def home(c, k, heads, pause=pause):
            if p["reentry"]:
                pause[c, k, p["pause"]] += heads
            else:
                stock["returned", c] += heads

        for (c, k, d), heads in abroad.items():
            rates = {
                "returns_early": p["rate"]("early_return", c),
                "status_changes": p["rate"]("change_status", c),
                "deaths": p["rate"]("death", c),
            }
            if p["settle_after"] is not None and d >= p["settle_after"]:
                rates["settlements"] = p["rate"]("settlement", c)
            whole = p["stay"] * (p["renewals"] + 1)
            length = min(1.0, whole - d)
            stays, out, lived = split(rates, length)
            flow["person_months", c] += heads * lived
            for name, share_out in out.items():
                flow[name, c] += heads * share_out
                if name == "returns_early":
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
        for c in cells:
            stock["abroad", c] = sum(h for (x, _k, _d), h in abroad.items() if x == c)
            stock["waiting", c] = sum(h for (x, _k), h in wait.items() if x == c)
            stock["cooling_off", c] = sum(h for (x, _k, _l), h in pause.items() if x == c)
        history.append(dict(stock))
        moves.append(dict(flow))
    return history, moves
