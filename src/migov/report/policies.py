"""The policy part of a profile: scores, evidence, what is missing, reforms and what they buy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from migov.core import status
from migov.core.errors import KindError, ParameterError
from migov.report.drawn import steps
from migov.report.page import Code, Picture, Table, Text
from migov.report.tables import number

if TYPE_CHECKING:
    import xarray as xr

    from migov.governance import Plan
    from migov.report.page import Block


def held_at(scored: xr.Dataset, date: str) -> xr.Dataset:
    """Return a score at the last of its dates up to one, or at its first where all are later."""
    from migov.governance.results import instrument_of

    instrument_of(scored, "profile")
    before = np.flatnonzero(scored["time"].values <= np.datetime64(date))
    return scored.isel(time=[int(before[-1]) if before.size else 0])


def policy(scored: xr.Dataset, code: str) -> tuple[Block, ...]:
    """Return the tree of scores with what missing answers leave open, evidence, and gaps."""
    from migov import governance
    from migov.governance.results import instrument_of

    proof = _evidence(scored, code)
    lines = governance.explain(scored, area=code, proof=False).splitlines()
    for block in proof:
        if isinstance(block, Table):
            # What the table below says of single items is not said twice.
            pairs = zip(block.frame["item"], block.frame["answer"], strict=True)
            said = {f"{item}: {told}" for item, told in pairs}
            lines = [line for line in lines if line.strip() not in said]
    blocks: list[Block] = [
        Text("Answers are those of their assessor; they are context, not an outcome.", note=True),
        Code("\n".join(lines)),
        *proof,
    ]
    if instrument_of(scored, "profile").direction == "none" or not _answered(scored, code):
        return tuple(blocks)
    found = governance.gaps(scored, area=code)
    if len(found):
        top = found.head(10)
        frame = pd.DataFrame(
            {
                "item": [f"{node} {label}" for node, label in zip(top["node"], top["label"],
                                                                  strict=True)],
                "now": [text or "unanswered" for text in top["now"]],
                "best": top["best"],
                "gain": [number(v, sign=True) for v in top["gain"]],
            }
        )  # fmt: skip
        tool = instrument_of(scored, "profile")
        unit = "percentage points" if tool.unit == "percent" else "points"
        many = f"{len(top)} of {len(found)} items"
        caption = f"What is unmet: {many}, and what each alone adds to {tool.root}, {unit}"
        blocks.append(Table(frame, caption))
    return tuple(blocks)


def _answered(scored: xr.Dataset, code: str) -> bool:
    last = scored["score"].sel(area=code).isel(time=-1)
    return bool(np.isfinite(last.values).any())


def _evidence(scored: xr.Dataset, code: str) -> tuple[Block, ...]:
    """Return each answer with who gave it, its source, date, link and note."""
    from migov.governance.results import evidence, instrument_of
    from migov.governance.views import answer

    instrument = instrument_of(scored, "profile")
    one = scored.sel(area=code).isel(time=-1)
    rows, bare = [], 0
    for name in instrument.items:
        row, told = one.sel(node=name), evidence(one, name)
        if np.isnan(float(row["score"])):
            continue
        who = " ".join(told.pop(k) for k in ("assessor_kind", "assessor") if k in told)
        proof = [told[key] for key in ("source", "evidence_date", "link", "note") if key in told]
        bare += not proof
        label = f"{name} {instrument.node(name).label}".strip()
        rows.append(
            {
                "item": label,
                "answer": answer(instrument, row, name),
                "by": who,
                "evidence": "; ".join(proof),
                "confidence": told.get("confidence", ""),
            }
        )
    if not rows:
        return ()
    if bare == len(rows):
        return (Text("No evidence of single answers was given.", note=True),)
    frame = pd.DataFrame(rows)
    caption = "Evidence of the answers"
    if len(set(frame["by"])) == 1:
        by = frame.pop("by").iloc[0]
        caption += f" by {by}" if by else ""
    return (Table(frame, caption + (f"; {bare} have none" if bare else "")),)


def unanswered(scored: Mapping[str, xr.Dataset], code: str) -> tuple[Block, ...]:
    """Return what missing answers could change, by node of each instrument."""
    from migov.governance.results import instrument_of

    rows, zeroed = [], []
    for title, one in scored.items():
        instrument = instrument_of(one, "profile")
        last = one.sel(area=code).isel(time=-1)
        zero = int(last["treated_as_zero"].sel(node=instrument.root))
        if zero:
            zeroed.append(f"{title}: missing items that count as zero by its rule: {zero}.")
        for name, _ in reversed(instrument.tree.steps):
            row = last.sel(node=name)
            if not float(row["coverage"]) < 1:
                continue
            classes = instrument.classes_of(name)
            ends = [int(row[k]) for k in ("lowest_class", "highest_class")]
            label = f"{name} {instrument.node(name).label}".strip()
            rows.append(
                {
                    "instrument": title,
                    "part": label,
                    "answered": f"{float(row['coverage']):.0%}",
                    "score": number(row["score"]) or "none",
                    "at worst": number(row["lowest"]),
                    "at best": number(row["highest"]),
                    "class": " to ".join(dict.fromkeys(classes.label(end) for end in ends))
                    if classes and all(ends)
                    else "",
                }
            )
    if not rows:
        return ()
    table = Table(pd.DataFrame(rows), "What unanswered items could change")
    return (table, *(Text(text, note=True) for text in zeroed))


def instruments(scored: Mapping[str, xr.Dataset], code: str) -> tuple[Block, ...]:
    """Return each instrument's source, who answered, and its rule."""
    rows = []
    for title, one in scored.items():
        by = str(one["answered_by"].sel(area=code).isel(time=-1).item()) or "nobody"
        rows.append((title, one.attrs.get("source", ""), by, one.attrs.get("note", "")))
    if not rows:
        return ()
    heads = ["instrument", "source", "answered by", "note"]
    return (Table(pd.DataFrame(rows, columns=heads), "Each instrument's source and rule"),)


def check_area(plan: Plan | None, frontier: pd.DataFrame | None, code: str) -> None:
    """Refuse a plan or a frontier of another country.

    Raises
    ------
    ParameterError
        It is of another.
    """
    told = {
        "plan": "" if plan is None else str(plan.scored.area.values[0]),
        "frontier": "" if frontier is None else str(frontier.attrs.get("area", "")),
    }
    for name, area in told.items():
        if area and area != code:
            raise ParameterError(
                "profile", f"{name} is of {area}, the profile of {code}",
                f"the {name} of {code}, area={code!r}", 2, name,
            )  # fmt: skip


def reform(plan: Plan | None, frontier: pd.DataFrame | None) -> tuple[Block, ...]:
    """Return a plan of reform, and the frontier of cost and score with a picture."""
    blocks: list[Block] = [] if plan is None else list(_plan(plan))
    if frontier is None:
        return tuple(blocks)
    lacking = [name for name in ("budget", "cost", "score", "measures") if name not in frontier]
    if lacking or not len(frontier):
        raise KindError(
            "profile",
            f"frontier has no {', '.join(lacking) or 'row'}",
            "governance.frontier(instrument, answers, measures)",
            9,
            "frontier",
        )
    unit = str(frontier.attrs.get("unit", ""))
    cost = f"cost, {unit}" if unit else "cost"
    shown = pd.DataFrame(
        {
            cost: [number(v) for v in frontier["cost"]],
            "score": [number(v) for v in frontier["score"]],
            "measures": [", ".join(names) or "none" for names in frontier["measures"]],
        }
    )
    ends = frontier.iloc[[0, -1]]
    words = (
        f"The score rises from {number(ends['score'].iloc[0])} at a cost of "
        f"{number(ends['cost'].iloc[0])} to {number(ends['score'].iloc[1])} at "
        f"{number(ends['cost'].iloc[1])} {unit}".rstrip()
        + "; the table below holds every step."
    )
    drawing = steps(
        frontier["cost"].to_numpy(float), frontier["score"].to_numpy(float), cost, "score"
    )
    whole = frontier.attrs.get("whole", False)
    caption = "Best score that each cost buys" if whole else "Best score of the budgets tried"
    blocks.append(Picture(drawing, words, caption))
    blocks.append(Table(shown, "Cost and score of the best plans"))
    return tuple(blocks)


def _plan(plan: Plan) -> tuple[Block, ...]:
    """Return what starts when, what each year costs and reaches, what may come otherwise."""
    from migov.governance.reform_words import not_chosen, opening

    cost = f"cost, {plan.unit}" if plan.unit else "cost"
    table = plan.table.assign(cost=[number(v) for v in plan.table["cost"]])
    heads = {"cost": cost, "start": "starts in year", "completed": "completed in year"}
    kept = table if plan.dated else table.drop(columns=["start", "completed"])
    blocks: list[Block] = [Text(opening(plan))]
    if len(table):
        blocks.append(Table(kept.rename(columns=heads), "Chosen measures"))
    years = pd.DataFrame(
        {
            "year": plan.years["year"],
            cost: [number(v) for v in plan.years["cost"]],
            "budget": [number(v) if np.isfinite(v) else "none" for v in plan.years["budget"]],
            "score": [number(v) for v in plan.years["score"]],
            "class": plan.years["label"],
            "running": [", ".join(names) for names in plan.years["running"]],
        }
    )
    if plan.dated:
        blocks.append(Table(years, "Cost and score at the end of each year"))
    else:
        blocks.append(Table(years.drop(columns=["year", "running"]), "What it reaches"))
    if len(plan.by_scenario) > 1:
        cases = pd.DataFrame(
            {
                "scenario": plan.by_scenario["scenario"],
                "probability": [number(v) for v in plan.by_scenario["probability"]],
                cost: [number(v) for v in plan.by_scenario["cost"]],
                "score": [number(v) for v in plan.by_scenario["score"]],
                "class": plan.by_scenario["label"],
            }
        )
        blocks.append(Table(cases, "The plan in each scenario, at its end"))
    bare = pd.DataFrame(not_chosen(plan), columns=["measure", "why not"])
    if len(bare):
        blocks.append(Table(bare, "What is not chosen"))
    return tuple(blocks)


def absent_reasons(x: xr.DataArray) -> str:
    """Return why cells of a result have no number."""
    bits = 0
    if status.NAME in x.coords:
        bits = int(np.bitwise_or.reduce(np.atleast_1d(x.coords[status.NAME].values).ravel()))
    return ", ".join(status.names(bits & status.ABSENT)).replace("_", " ") or "not told"
