"""A round of dialogue: who was invited and heard, what was proposed, who stands where and why."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import attrs
import numpy as np
import pandas as pd

from migov.core.errors import DataError, KindError, MigovError, TimeError
from migov.governance.asked import as_tuple, ask
from migov.governance.days import day

GROUPS = (
    "governments",
    "social partners",
    "civil society",
    "private sector",
    "migrants and diaspora",
    "academia",
)
"""Groups whose absence from a round is shown; further ones are named by the round."""

STANCES = {-2: "rejects", -1: "objects", 0: "neutral", 1: "supports", 2: "strongly supports"}
OUTCOMES = ("open", "agreed", "dropped")


@attrs.frozen(kw_only=True)
class Participant:
    """One who was invited or heard; a code, since a register of names needs none.

    Parameters
    ----------
    id : str
    group : str
        One of :data:`GROUPS`, or one of the round's ``others``.
    invited, heard : str
        ISO dates; empty where not. Nobody is heard before being invited, nor in the future.
    """

    id: str
    group: str
    invited: str = ""
    heard: str = ""


@attrs.frozen(kw_only=True)
class Proposal:
    """What was proposed, and what became of it.

    Parameters
    ----------
    id, title : str
    by : str
        Who proposed it.
    outcome : {"open", "agreed", "dropped"}
    decided : str
        ISO date of the outcome.
    measure : str
        Measure of a register that carries it out.
    became : str
        What became of it, in words.
    """

    id: str
    title: str = ""
    by: str = ""
    outcome: str = "open"
    decided: str = ""
    measure: str = ""
    became: str = ""


@attrs.frozen(kw_only=True)
class Position:
    """Where a participant stands on a proposal.

    Parameters
    ----------
    participant, proposal : str
    stance : int
        −2 rejects, −1 objects, 0 neutral, 1 supports, 2 strongly supports.
    reason : str
    red_line : bool
        Whether the participant will not be part of an agreement with it.
    """

    participant: str
    proposal: str
    stance: int
    reason: str = ""
    red_line: bool = False


@attrs.frozen(eq=False, kw_only=True)
class Round:
    """A round of dialogue.

    Parameters
    ----------
    title, date : str
        ISO date.
    participants : tuple of Participant
    proposals : tuple of Proposal
    positions : tuple of Position
    others : tuple of str
        Groups beside :data:`GROUPS`, such as local authorities; a group in neither is an error,
        so that a slip of the pen makes no group of its own.

    Raises
    ------
    DataError
        All faults together: codes twice or unknown, unknown groups, stances off the scale, a
        red line with support, positions of those who were not heard, dates that are none or in
        the future, one heard before being invited, an outcome without a date.

    Examples
    --------
    >>> held = Round(title="seasonal work", date="2024-03-01",
    ...     participants=(Participant(id="u1", group="social partners", heard="2024-03-01"),),
    ...     proposals=(Proposal(id="fees", title="no recruitment fees"),),
    ...     positions=(Position(participant="u1", proposal="fees", stance=2),))
    >>> held.stances().loc["u1", "fees"]
    np.float64(2.0)
    """

    title: str
    date: str
    participants: tuple[Participant, ...] = attrs.field(converter=as_tuple)
    proposals: tuple[Proposal, ...] = attrs.field(converter=as_tuple)
    positions: tuple[Position, ...] = attrs.field(default=(), converter=as_tuple)
    others: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        for name, kind in (
            ("participants", Participant),
            ("proposals", Proposal),
            ("positions", Position),
        ):
            if not all(isinstance(one, kind) for one in getattr(self, name)):
                raise KindError(
                    "Round",
                    f"{name} are no {kind.__name__}",
                    f"{name}=({kind.__name__}(…), …)",
                    None,
                    name,
                )
        faults = [*self._codes(), *self._dates(), *self._stances()]
        if faults:
            raise DataError(
                "Round", f"{len(faults)} faults", "mend the rows named", 9, "round", tuple(faults)
            )

    def identical(self, other: Round) -> bool:
        """Tell whether two rounds hold the same."""
        return attrs.astuple(self) == attrs.astuple(other)

    def _codes(self) -> Iterable[str]:
        for name, rows in (("participant", self.participants), ("proposal", self.proposals)):
            ids = [row.id for row in rows]
            yield from (
                f"two {name}s are called {x!r}" for x in sorted(set(ids)) if ids.count(x) > 1
            )
        known = (*GROUPS, *self.others)
        for one in self.participants:
            if not one.group:
                yield f"{one.id!r} has no group"
            elif one.group not in known:
                near = get_close_matches(one.group, known, 1)
                meant = f"; {near[0]!r}?" if near else ', or add it by others=("…",)'
                yield f"{one.id!r}: {one.group!r} is none of {', '.join(known)}{meant}"

    def _dates(self) -> Iterable[str]:
        dates = [("round", self.date)]
        for one in self.participants:
            dates += [(f"{one.id} invited", one.invited), (f"{one.id} heard", one.heard)]
        dates += [(f"{one.id} decided", one.decided) for one in self.proposals]
        today = np.datetime64("today", "s")
        found = {}
        for name, text in dates:
            if text or name == "round":
                try:
                    found[name] = day(text, "Round", "date")
                except TimeError:
                    yield f"{name}: {text!r} is no date"
                    continue
                if found[name] > today and not name.endswith((" invited", "round")):
                    yield f"{name} at {text}, which is in the future"
        for one in self.participants:
            invited, heard = (found.get(f"{one.id} {what}") for what in ("invited", "heard"))
            if invited is not None and heard is not None and heard < invited:
                yield f"{one.id} heard at {one.heard}, before being invited at {one.invited}"
        for proposal in self.proposals:
            if proposal.outcome not in OUTCOMES:
                yield f"{proposal.id}: outcome {proposal.outcome!r} is none of {OUTCOMES}"
            elif proposal.outcome != "open" and not proposal.decided:
                yield f"{proposal.id}: {proposal.outcome} without a date"

    def _stances(self) -> Iterable[str]:
        heard = {one.id: bool(one.heard) for one in self.participants}
        known = {one.id for one in self.proposals}
        seen = set()
        for one in self.positions:
            at = f"{one.participant} on {one.proposal}"
            if one.participant not in heard or one.proposal not in known:
                yield f"{at}: no such participant or proposal"
            elif not heard[one.participant]:
                yield f"{at}: a position of one who was not heard"
            if (one.participant, one.proposal) in seen:
                yield f"{at}: two positions"
            seen.add((one.participant, one.proposal))
            if isinstance(one.stance, bool) or one.stance not in STANCES:
                yield f"{at}: stance {one.stance!r} is not -2 to 2"
            elif one.red_line and one.stance >= 0:
                yield f"{at}: a red line, and no objection"

    @classmethod
    def from_frames(
        cls,
        title: str,
        date: str,
        participants: pd.DataFrame,
        proposals: pd.DataFrame,
        positions: pd.DataFrame,
        *,
        others: Iterable[str] = (),
    ) -> Round:
        """Return a round from three tables with columns named as the parameters of their rows.

        Parameters
        ----------
        title, date : str
        participants, proposals, positions : DataFrame
        others : sequence of str
            Groups beside :data:`GROUPS`.

        Raises
        ------
        DataError
            Foreign columns, cells that lack, a red line that is neither yes nor no.
        """
        tables: list[tuple[type[Any], pd.DataFrame]] = [
            (Participant, participants),
            (Proposal, proposals),
            (Position, positions),
        ]
        rows = []
        for kind, table in tables:
            ask(
                table, pd.DataFrame, "Round.from_frames", f"{kind.__name__.lower()}s", "a DataFrame"
            )
            names = [field.name for field in attrs.fields(kind)]
            foreign = [str(name) for name in table.columns if name not in names]
            if foreign:
                raise DataError(
                    "Round.from_frames", f"{kind.__name__} has no {foreign[0]!r}",
                    f"columns {', '.join(names)}", 9, "frames", tuple(foreign),
                )  # fmt: skip
            rows.append(
                [_row(kind, row, place) for place, row in enumerate(table.to_dict("records"))]
            )
        return cls(
            title=title, date=date, participants=rows[0], proposals=rows[1], positions=rows[2],
            others=others,
        )  # fmt: skip

    def group(self, participant: str) -> str:
        """Return the group of a participant."""
        return next(one.group for one in self.participants if one.id == participant)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return :data:`GROUPS` and the further groups of the round."""
        return (*GROUPS, *self.others)

    def stances(self) -> pd.DataFrame:
        """Return stances, participants by proposals; NaN where none was taken."""
        heard = [one.id for one in self.participants if one.heard]
        table = pd.DataFrame(np.nan, index=heard, columns=[one.id for one in self.proposals])
        for one in self.positions:
            table.loc[one.participant, one.proposal] = float(one.stance)
        return table

    def dissent(self) -> pd.DataFrame:
        """Return objections and red lines, with reasons; also to what was agreed."""
        outcome = {one.id: one.outcome for one in self.proposals}
        rows = [
            (p.proposal, outcome[p.proposal], self.group(p.participant), p.participant, p.stance,
             p.red_line, p.reason)
            for p in self.positions
            if p.stance < 0
        ]  # fmt: skip
        columns = "proposal outcome group participant stance red_line reason".split()
        table = pd.DataFrame(rows, columns=columns)
        return table.sort_values(["proposal", "red_line", "stance"], ascending=[True, False, True])


def _row(kind: type[Any], row: dict[Any, Any], place: int) -> Any:
    try:
        return kind(**_plain(row))
    except (TypeError, ValueError) as fault:
        if isinstance(fault, MigovError):
            raise
        text = f"{kind.__name__} {place}: {fault}".replace("__init__()", "row")
        raise DataError(
            "Round.from_frames", text, "fill the cell, or leave the row out", 9, "frames", (text,)
        ) from fault


def _truth(cell: Any) -> bool:
    """Return yes or no; a word that is neither is not read as no."""
    text = str(cell).strip().casefold()
    if text in ("1", "1.0", "true", "yes"):
        return True
    if text in ("", "0", "0.0", "false", "no"):
        return False
    raise ValueError(f"red_line {cell!r} is neither yes nor no")


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """Return the cells of a row, numbers and truth values as Python's own."""
    found: dict[str, Any] = {}
    for key, cell in row.items():
        if cell is None or cell != cell:
            continue
        if key == "stance":
            found[key] = int(cell) if float(cell).is_integer() else cell
        elif key == "red_line":
            found[key] = _truth(cell)
        else:
            found[str(key)] = str(cell)
    return found
