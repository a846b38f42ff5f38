"""What cannot be in a round of dialogue: each fault as a line that names its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core.errors import TimeError
from migov.governance.days import day, to_come

if TYPE_CHECKING:
    from migov.governance.rounds import Round


def faults_of(held: Round) -> list[str]:
    """Return the faults of a round; what rests on cells of the wrong kind is not looked at."""
    kinds = list(_kinds(held))
    if kinds:
        return kinds
    return [*_codes(held), *_dates(held), *_decided(held), *_stances(held)]


def _kinds(held: Round) -> Iterator[str]:
    """Yield cells that are no text, whole number, or truth value."""
    from migov.governance.rounds import GROUPS

    for name, value in (("title", held.title), ("date", held.date)):
        if not isinstance(value, str) or not value.strip():
            yield f"the round's {name} is {value!r:.40}, no text"
    for name in held.others:
        twice = name in GROUPS or held.others.count(name) > 1
        if not isinstance(name, str) or not name.strip() or twice:
            yield f"others: {name!r:.40} is no name of a further group"
    rows: tuple[Any, ...] = (*held.participants, *held.proposals, *held.positions)
    for row in rows:
        kind = type(row).__name__
        for field in attrs.fields(type(row)):
            value = getattr(row, field.name)
            at = f"{kind} {_called(row)}: {field.name}={value!r:.40}"
            kind_of = str(field.type)
            if kind_of == "bool":
                if not isinstance(value, bool | np.bool_):
                    yield f"{at} is neither True nor False"
            elif kind_of == "int":
                if isinstance(value, bool) or not isinstance(value, int | np.integer):
                    yield f"{at}: stance {value!r:.40} is not -2 to 2"
            elif not isinstance(value, str):
                yield f"{at} is no text"
            elif not value.strip() and field.default is attrs.NOTHING and field.name != "group":
                yield f"{at} is empty"


def _called(row: Any) -> str:
    """Return what a row is called."""
    if hasattr(row, "id"):
        return repr(row.id)
    return f"of {row.participant!r} on {row.proposal!r}"


def _codes(held: Round) -> Iterator[str]:
    for name, rows in (("participant", held.participants), ("proposal", held.proposals)):
        ids = [row.id for row in rows]
        yield from (f"two {name}s are called {x!r}" for x in sorted(set(ids)) if ids.count(x) > 1)
    for one in held.participants:
        if not one.group:
            yield f"{one.id!r} has no group"
        elif one.group not in held.groups:
            near = get_close_matches(one.group, held.groups, 1)
            meant = f"; {near[0]!r}?" if near else ', or add it by others=("…",)'
            yield f"{one.id!r}: {one.group!r} is none of {', '.join(held.groups)}{meant}"


def _read(rows: Iterable[tuple[str, str]], faults: list[str]) -> dict[str, Any]:
    """Return dates by what they are of; those that are none become faults."""
    found = {}
    for name, text in rows:
        if not text:
            continue
        try:
            found[name] = day(text, "Round", "date")
        except TimeError:
            faults.append(f"{name}: {text!r} is no date")
            continue
        if to_come(found[name]):
            faults.append(f"{name} at {text}, which is in the future")
    return found


def _dates(held: Round) -> list[str]:
    faults: list[str] = []
    names = [("round", held.date)]
    for one in held.participants:
        names += [(f"{one.id} invited", one.invited), (f"{one.id} heard", one.heard)]
    found = _read(names, faults)
    last = found.get("round")
    for one in held.participants:
        invited, heard = (found.get(f"{one.id} {what}") for what in ("invited", "heard"))
        if invited is not None and heard is not None and heard < invited:
            faults.append(f"{one.id} heard at {one.heard}, before being invited at {one.invited}")
        for what, date, text in (("invited", invited, one.invited), ("heard", heard, one.heard)):
            if date is not None and last is not None and date > last:
                faults.append(f"{one.id} {what} at {text}, after the round of {held.date}")
    return faults


def _decided(held: Round) -> list[str]:
    from migov.governance.rounds import OUTCOMES

    faults: list[str] = []
    heard = _read(((one.id, one.heard) for one in held.participants), [])
    found = _read(((f"{one.id} decided", one.decided) for one in held.proposals), faults)
    first = min(heard.values(), default=None)
    for one in held.proposals:
        when = found.get(f"{one.id} decided")
        if one.outcome not in OUTCOMES:
            faults.append(f"{one.id}: outcome {one.outcome!r} is none of {OUTCOMES}")
        elif one.outcome != "open" and not one.decided:
            faults.append(f"{one.id}: {one.outcome} without a date")
        elif one.outcome == "open" and one.decided:
            faults.append(f"{one.id}: open, and decided at {one.decided}")
        elif when is not None and first is not None and when < first:
            faults.append(f"{one.id} decided at {one.decided}, before anybody was heard")
    return faults


def _stances(held: Round) -> Iterator[str]:
    from migov.governance.rounds import STANCES

    heard = {one.id: bool(one.heard) for one in held.participants}
    known = {one.id for one in held.proposals}
    seen = set()
    for one in held.positions:
        at = f"{one.participant} on {one.proposal}"
        if one.participant not in heard or one.proposal not in known:
            yield f"{at}: no such participant or proposal"
        elif not heard[one.participant]:
            yield f"{at}: a position of one who was not heard"
        if (one.participant, one.proposal) in seen:
            yield f"{at}: two positions"
        seen.add((one.participant, one.proposal))
        if one.stance not in STANCES:
            yield f"{at}: stance {one.stance!r} is not -2 to 2"
        elif one.red_line and one.stance >= 0:
            yield f"{at}: a red line, and no objection"
