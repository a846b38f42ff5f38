"""A round of dialogue: who was invited and heard, what was proposed, who stands where and why."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import numpy as np
import pandas as pd

from migov.core.columns import counted
from migov.core.errors import DataError, KindError
from migov.governance.asked import as_tuple
from migov.governance.rounds_faults import faults_of
from migov.governance.rounds_read import rows_of

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
        ISO dates; empty where not. Nobody is heard before being invited, nor after the round.
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
    title : str
    date : str
        ISO date, the last day of a round of several; a record of what was, so none to come.
    participants : tuple of Participant
    proposals : tuple of Proposal
    positions : tuple of Position
    others : tuple of str
        Groups beside :data:`GROUPS`, such as local authorities; a group in neither is an error,
        so that a slip of the pen makes no group of its own.

    Raises
    ------
    DataError
        All faults together: codes twice or unknown, unknown groups, cells of another kind,
        stances off the scale, a red line with support, positions of those who were not heard,
        dates that are none or to come, one heard before being invited or after the round, an
        outcome without a date, a date of what is open or was decided before anybody was heard.

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
        faults = tuple(faults_of(self))
        if faults:
            many = counted(len(faults), "fault")
            raise DataError("Round", many, "mend the rows named", 9, "round", faults)

    def identical(self, other: Round) -> bool:
        """Tell whether two rounds hold the same."""
        return isinstance(other, Round) and attrs.astuple(self) == attrs.astuple(other)

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
        rows = [
            rows_of(kind, table)
            for kind, table in (
                (Participant, participants), (Proposal, proposals), (Position, positions)
            )
        ]  # fmt: skip
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
