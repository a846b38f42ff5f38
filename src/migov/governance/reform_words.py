"""A reform plan in the words of an adviser: what, when, who, why, what it reaches, what not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import areas
from migov.core.errors import CodeError
from migov.governance.results import instrument_of

if TYPE_CHECKING:
    from migov.governance.measures import Measure
    from migov.governance.reform_plan import Plan

_BEST = {
    "score": "No choice within the limits scores higher.",
    "classes": "No choice within the limits reaches higher classes.",
    "benefit": "No choice within the limits brings a larger benefit.",
    "cost": "Nothing that reaches what was asked costs less.",
}


def explained(plan: Plan) -> str:
    """Return a plan in words; see :meth:`Plan.explain`."""
    instrument = instrument_of(plan.scored, "Plan.explain")
    area = str(plan.scored.area.values[0])
    with suppress(CodeError):
        area = areas.name(area)
    since = str(plan.scored.time.values[0])[:10]
    lines = [f"{area}: a plan of reform on {instrument.name}, from the answers of {since}"]
    lines.append(opening(plan))
    started = [_line(plan, name) for name in _order(plan)] or ["  nothing"]
    lines += ["", "What starts when", *started]
    lines += ["", "What it reaches", *_reached(plan)]
    if len(plan.by_scenario) > 1:
        lines += ["", "What may come otherwise", *_scenarios(plan)]
    bare = not_chosen(plan)
    if bare:
        lines += ["", "What is not chosen", *(f"  {name}: {why}" for name, why in bare)]
    return "\n".join(lines)


def _money(plan: Plan, amount: float) -> str:
    return f"{amount:.6g} {plan.unit}".strip()


def not_chosen(plan: Plan) -> list[tuple[str, str]]:
    """Return the measures that are not chosen, each with the first reason."""
    bare = [
        (_named(one), _why_not(plan, one)) for one in plan.measures if one.id not in plan.starts
    ]
    return [*bare, *plan.left_out.items()]


def opening(plan: Plan) -> str:
    """Return how many measures are chosen, what they cost, and how sure that is."""
    many, one = len(plan.starts), "is" if len(plan.starts) == 1 else "are"
    expected = " (expected over the scenarios)" if len(plan.by_scenario) > 1 else ""
    return (
        f"{many} of {len(plan.measures)} measures {one} chosen, for "
        f"{_money(plan, plan.cost)}{expected}. {_sure(plan)}"
    )


def _sure(plan: Plan) -> str:
    if plan.proven:
        summed = plan.objective == "score" and len(plan.years) > 1
        best = _BEST[plan.objective]
        return best.replace(".", ", summed over the years.") if summed else best
    return f"The best choice is at most {100 * plan.gap:.2g} % better; the search was stopped."


def _order(plan: Plan) -> list[str]:
    return [str(name) for name in plan.table["measure"]]


def _named(one: Measure) -> str:
    return f"{one.id} ({one.title})" if one.title and one.title != one.id else one.id


def _line(plan: Plan, name: str) -> str:
    row: dict[Any, Any] = plan.table.set_index("measure").loc[name].to_dict()
    one = next(m for m in plan.measures if m.id == name)
    parts = [_money(plan, float(row["cost"]))]
    if one.body:
        parts.insert(0, one.body)
    text = f"  {_named(one)}: {', '.join(parts)}"
    if plan.dated:
        ends = f" to {row['completed']}" if row["completed"] != row["start"] else ""
        text = f"  year {row['start']}{ends}, {text.strip()}"
    why = []
    if row["raises"]:
        why.append(f"raises {_items(plan, one, str(row['raises']))}")
    needed = [m.id for m in plan.measures if name in m.needs and m.id in plan.starts]
    if needed:
        why.append(f"needed by {', '.join(needed)}")
    if one.benefit:
        why.append(f"brings {one.benefit:g} a year")
    return f"{text}; {', '.join(why)}" if why else text


def _items(plan: Plan, one: Measure, raises: str) -> str:
    """Return what is raised, with the labels of the items."""
    instrument = instrument_of(plan.scored, "Plan.explain")
    told = []
    for part in raises.split(", "):
        item, _, value = part.partition(" to ")
        label = instrument.node(item).label
        told.append(f"{item} {label} to {value}" if label and label != item else part)
    return ", ".join(told)


def _reached(plan: Plan) -> Iterator[str]:
    """Yield the root at each year's end, and the nodes whose class has changed."""
    instrument = instrument_of(plan.scored, "Plan.explain")
    one = plan.scored.isel(area=0)
    names = [instrument.root, *(n for n, _ in reversed(instrument.tree.steps))]
    for name in dict.fromkeys(names):
        row = one.sel(node=name)
        first, last = (float(row["score"][at]) for at in (0, -1))
        if name != instrument.root and (first == last or np.isnan(last)):
            continue
        label = instrument.node(name).label
        ends = [f"{value:.4g}" for value in (first, last)]
        classes = instrument.classes_of(name)
        if classes:
            told = [int(row["class"][at]) for at in (0, -1)]
            ends = [
                f"{text} ({classes.label(k)})" if k else text
                for text, k in zip(ends, told, strict=True)
            ]
        title = f"{name} {label}" if label and label != name else name
        yield f"  {title}: from {ends[0]} to {ends[1]}"


def _scenarios(plan: Plan) -> Iterator[str]:
    for _, row in plan.by_scenario.iterrows():
        label = f" ({row['label']})" if row["label"] else ""
        yield (
            f"  {row['scenario']}, probability {row['probability']:g}: "
            f"{_money(plan, row['cost'])}, score {row['score']:.4g}{label}"
        )


def _why_not(plan: Plan, one: Measure) -> str:
    """Return the first reason for which a measure is not chosen."""
    against = [
        name
        for name in plan.starts
        if name in one.conflicts
        or any(m.id == name and one.id in m.conflicts for m in plan.measures)
    ]
    if against:
        return f"excluded by {against[0]}, which is chosen"
    if plan.dated and one.duration > len(plan.years):
        return f"takes {one.duration} years, the horizon has {len(plan.years)}"
    most = float(plan.years["budget"].max())
    if one.cost > most:
        return f"costs {_money(plan, one.cost)}, more than the budget of {_money(plan, most)}"
    lacking = [need for need in one.needs if need not in plan.starts]
    if plan.objective in ("score", "classes") and not lacking and not _adds(plan, one):
        return "raises nothing beyond what is reached without it"
    if lacking:
        return f"needs {lacking[0]}, which is not chosen"
    return "within the limits, what is chosen does more"


def _adds(plan: Plan, one: Measure) -> bool:
    """Whether a measure raises an item beyond the end of the plan."""
    last = plan.scored.isel(area=0, time=-1)
    items = set(instrument_of(plan.scored, "Plan.explain").items)
    for item, value in one.raises:
        row = last.sel(node=item)
        if item not in items or np.isnan(float(row["score"])):
            return True
        if Fraction(value) > Fraction(int(row["numerator"]), int(row["denominator"])):
            return True
    return False
