"""Age groups as tables write them: bounds, widths, and groups that others fill."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import ages
from migov.core.errors import AgeError
from migov.core.partition import is_total
from migov.core.reading import FAULTY, TOTAL, Reading, Rules, plain, tiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


_OF_SPREADSHEETS = re.compile(r"\d{1,2}[-. ][A-Z][a-zé]{2,3}|[A-Z][a-zé]{2,3}[-. ]\d{1,2}")


def read_ages(distinct: Sequence[Any], rules: Rules) -> Reading:
    """Read ages: bounds and widths, groups that others fill, gaps and overlaps.

    Raises
    ------
    AgeError
        The call does not say where the last group ends.
    """
    faults: list[tuple[int | None, str]] = []
    bounds: list[tuple[float, float | None] | None] = []
    for i, label in enumerate(distinct):
        text = plain(label)
        parsed = ages.parse(text)
        if parsed is not None and parsed[1] is None and text[:1] in "Yy":
            parsed = (parsed[0], 1.0)
        if parsed is None and not is_total("age", text):
            unknown = ": share out or leave out unknown ages first" if text[:1].isalpha() else ""
            if _OF_SPREADSHEETS.fullmatch(text):
                unknown = ": a spreadsheet made a date of an age group; read the column as text"
            faults.append((i, f"{text!r} is no age{unknown}"))
        bounds.append(parsed)
    whole = [i for i, b in enumerate(bounds) if b is None and is_total("age", plain(distinct[i]))]
    spans = _widths(bounds, rules)
    groups = sorted({span for span in spans if span is not None})
    sums = {group: fill for group in groups if (fill := tiles(group, groups)) is not None}
    kept = [group for group in groups if group not in sums]
    at = {group: place for place, group in enumerate(kept)}
    places = np.full(len(distinct), FAULTY, np.intp)
    parts: dict[int, NDArray[np.intp]] = {}
    for i, span in enumerate(spans):
        if i in whole:
            places[i], parts[i] = TOTAL, np.arange(len(kept))
        elif span in sums:
            places[i] = TOTAL
            inside = [at[g] for g in kept if span[0] <= g[0] and g[1] <= span[1]]
            parts[i] = np.array(inside, np.intp)
        elif span is not None:
            places[i] = at[span]
    faults += _refused(kept, whole, sums, distinct, rules)
    lower = np.array([g[0] for g in kept])
    return Reading(
        dimension="age",
        labels=lower.astype(np.int64),
        places=places,
        beside={"age_width": np.array([g[1] for g in kept]) - lower},
        parts=parts,
        faults=faults,
    )


def _refused(
    kept: Sequence[tuple[float, float]],
    whole: Sequence[int],
    sums: Mapping[tuple[float, float], Any],
    distinct: Sequence[Any],
    rules: Rules,
) -> list[tuple[int | None, str]]:
    """Return what is wrong with the ages that are left."""
    faults: list[tuple[int | None, str]] = []
    for one, two in pairwise(kept):
        if one[1] != two[0]:
            pair = " and ".join(ages.label(g[0], g[1] - g[0]) for g in (one, two))
            faults.append((None, f"ages {pair} {'overlap' if one[1] > two[0] else 'leave a gap'}"))
    if whole and not kept:
        faults.append((whole[0], f"{plain(distinct[whole[0]])!r} says no bounds: write 0+ or 15+"))
    elif (whole or sums) and not rules.drop_totals:
        named = [plain(distinct[i]) for i in whole]
        named += [ages.label(g[0], g[1] - g[0]) for g in sums]
        faults.append((None, f"ages {', '.join(named[:4])} overlap others: drop_totals=True"))
    return faults


def _widths(
    bounds: Sequence[tuple[float, float | None] | None], rules: Rules
) -> list[tuple[float, float] | None]:
    """Return lower and upper end of each age; bare numbers end where the next begins."""
    told = sorted({b[0] for b in bounds if b is not None})
    bare = sorted({b[0] for b in bounds if b is not None and b[1] is None})
    _check_open(told, rules)
    upper: dict[float, float] = {}
    for lower in bare:
        after = next((other for other in told if other > lower), None)
        if rules.open_age is not None and lower == rules.open_age:
            upper[lower] = float("inf")
        elif rules.age_width is not None:
            upper[lower] = lower + rules.age_width
        elif after is not None:
            upper[lower] = after
        else:
            raise AgeError(
                rules.where,
                f"ages {bare[0]:g} … {bare[-1]:g} are lower bounds; where does the last group end?",
                f"open_age={lower:g} if it is open, age_width=5 (or 1, …) if all are closed",
                3,
                "open_age",
            )
    if rules.age_width is None:
        _check_regular(bare, upper, rules)
    return [
        None if b is None else (float(b[0]), upper[b[0]] if b[1] is None else b[0] + b[1])
        for b in bounds
    ]


def _check_open(told: Sequence[float], rules: Rules) -> None:
    """Refuse an open age that is not the last."""
    if rules.open_age is not None and told and rules.open_age != told[-1]:
        raise AgeError(
            rules.where,
            f"open_age={rules.open_age:g}, and the last age is {told[-1]:g}",
            f"open_age={told[-1]:g}",
            3,
            "open_age",
        )


def _check_regular(bare: Sequence[float], upper: Mapping[float, float], rules: Rules) -> None:
    """Refuse lower bounds among which one seems to have been left out."""
    steps = [upper[lower] - lower for lower in bare if np.isfinite(upper[lower])]
    if len(steps) < 3:
        return
    usual = max(set(steps), key=steps.count)
    for i in range(1, len(steps)):
        before, after = steps[i - 1], steps[i + 1] if i + 1 < len(steps) else usual
        if before == after == usual and steps[i] > usual and steps[i] % usual == 0:
            lost = ages.label(bare[i] + usual, steps[i] - usual)
            raise AgeError(
                rules.where,
                f"ages go from {bare[i]:g} to {bare[i] + steps[i]:g}, by {usual:g} elsewhere: "
                f"{lost} is absent",
                f"give {lost}, or write {ages.label(bare[i], steps[i])} if it is one group",
                3,
                "frame",
            )
