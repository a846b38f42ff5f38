"""Which measures are left to choose: those carried out or repealed are not bought again."""

from __future__ import annotations

import attrs

from migov.governance.measures import Measure


def ready(measures: tuple[Measure, ...], date: str) -> tuple[tuple[Measure, ...], dict[str, str]]:
    """Return the measures that can still be chosen at a date, and why the others cannot.

    Parameters
    ----------
    measures : tuple of Measure
    date : str
        ISO date of the answers from which a plan starts.

    Returns
    -------
    measures : tuple of Measure
        Without needs that are met and conflicts that cannot arise.
    left_out : dict of str to str
        Why a measure cannot be chosen, in words.
    """
    stage = {one.id: one.stage(date) for one in measures}
    done = {name for name, reached in stage.items() if reached == "implemented"}
    out = {
        one.id: f"carried out since {one.implemented}"
        if one.id in done
        else f"repealed at {one.repealed}"
        for one in measures
        if stage[one.id] in ("implemented", "repealed")
    }
    pairs = {(one.id, other) for one in measures for other in one.conflicts}
    for one in measures:
        against = sorted(
            name for name in done if (one.id, name) in pairs or (name, one.id) in pairs
        )
        if one.id not in out and against:
            out[one.id] = f"excluded by {against[0]}, which is carried out"
    changed = True
    while changed:
        changed = False
        for one in measures:
            lacking = [need for need in one.needs if need in out and need not in done]
            if one.id not in out and lacking:
                out[one.id] = f"needs {lacking[0]}, which cannot be chosen"
                changed = True
    left = tuple(
        attrs.evolve(
            one,
            needs=tuple(need for need in one.needs if need not in done),
            conflicts=tuple(other for other in one.conflicts if other not in out),
        )
        for one in measures
        if one.id not in out
    )
    return left, out
