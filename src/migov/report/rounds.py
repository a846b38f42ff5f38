"""The minutes of a round of dialogue as a page to hand out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from migov.core.errors import KindError
from migov.governance import dialogue
from migov.report.page import Page, Table, Text

if TYPE_CHECKING:
    from typing import Literal

    from migov.governance import Register
    from migov.report.page import Block


def minutes(
    held: dialogue.Round,
    *,
    by: Literal["members", "groups"],
    register: Register | None = None,
    date: str = "",
) -> Page:
    """Return a round of dialogue as a page: who was heard, who stands where, what was agreed.

    Parameters
    ----------
    held : Round
        Of :mod:`migov.governance.dialogue`.
    by : {"members", "groups"}
        How objections are counted; see :func:`migov.governance.dialogue.least_objection`.
    register : Register, optional
        Adds what became of what was agreed, at `date`.
    date : str
        ISO date, with `register`; that of the round where absent.

    Returns
    -------
    Page
        ``page.write("minutes.html")`` or ``.md``.

    Raises
    ------
    KindError
        No round.
    ParameterError
        Another way of counting.

    Examples
    --------
    >>> from migov.governance import dialogue
    >>> held = dialogue.Round(title="Seasonal work", date="2024-03-01", proposals=(),
    ...     participants=(dialogue.Participant(id="u1", group="academia", heard="2024-03-01"),))
    >>> [head for head, _ in minutes(held, by="groups").sections][:2]
    ['Who was heard', 'Proposals']
    """
    if not isinstance(held, dialogue.Round):
        raise KindError(
            "minutes", f"held is a {type(held).__name__}", "dialogue.Round(…)", None, "held"
        )
    parts: list[tuple[str, tuple[Block, ...]]] = [
        ("Who was heard", _heard(held)),
        ("Proposals", _proposals(held, by)),
        ("Dissent and red lines", _dissent(held)),
        ("Agreement", _agreement(held)),
    ]
    if register is not None:
        parts.append(("What became of it", _became(held, register, date or held.date)))
    return Page(held.title, tuple(parts))


def _share(value: float) -> str:
    return "–" if np.isnan(value) else f"{100 * value:.0f} %"


def _figure(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"


def _heard(held: dialogue.Round) -> tuple[Block, ...]:
    who = dialogue.inclusiveness(held)
    frame = who[["group", "invited", "heard", "positions"]].assign(
        reasons=[_share(v) for v in who["share_with_reason"]]
    )
    frame = frame.rename(columns={"reasons": "with a reason"})
    silent = list(who["group"][who["heard"] == 0])
    told = f"Not heard: {', '.join(silent)}." if silent else "Every group was heard."
    return (Text(f"Round of {held.date}. {told}"), Table(frame, "Participants by group"))


def _proposals(held: dialogue.Round, by: Literal["members", "groups"]) -> tuple[Block, ...]:
    found = dialogue.least_objection(held, by=by)
    if not len(found):
        return (Text("Nothing was proposed."),)
    told = {one.id: one for one in held.proposals}
    rows = [told[name] for name in found["proposal"]]
    frame = pd.DataFrame(
        {
            "proposal": [one.title or one.id for one in rows],
            "by": [one.by for one in rows],
            "outcome": [f"{one.outcome} {one.decided}".strip() for one in rows],
            "object": [_share(v) for v in found["objection"]],
            "support": [_share(v) for v in found["support"]],
            "red lines": found["red_lines"].to_numpy(),
            "became": [one.became for one in rows],
        }
    )
    counted = "member" if by == "members" else "group"
    caption = f"Proposals, the least objection first; every {counted} counts the same"
    return (Table(frame, caption),)


def _dissent(held: dialogue.Round) -> tuple[Block, ...]:
    found = held.dissent()
    if not len(found):
        return (Text("None was recorded."),)
    titles = {one.id: one.title or one.id for one in held.proposals}
    frame = pd.DataFrame(
        {
            "proposal": [titles[name] for name in found["proposal"]],
            "group": found["group"].to_numpy(),
            "participant": found["participant"].to_numpy(),
            "position": [dialogue.STANCES[int(v)] for v in found["stance"]],
            "red line": ["yes" if one else "" for one in found["red_line"]],
            "reason": [text or "none recorded" for text in found["reason"]],
            "outcome": [
                "agreed all the same" if one == "agreed" else one for one in found["outcome"]
            ],
        }
    )
    return (Table(frame, "Objections, which stay on record whatever was agreed"),)


def _agreement(held: dialogue.Round) -> tuple[Block, ...]:
    found = dialogue.agreement(held)
    found = found[found["members"] > 0]
    if not len(found):
        return (Text("Nobody took a position."),)
    frame = pd.DataFrame(
        {
            "group": found["group"].to_numpy(),
            "members": found["members"].to_numpy(),
            "Kendall's W": [_figure(v) for v in found["kendall_w"]],
            "Krippendorff's alpha": [_figure(v) for v in found["alpha"]],
        }
    )
    note = "1 is full agreement; – where there is too little to compare."
    return (Table(frame, "Agreement within groups and across all"), Text(note, note=True))


def _became(held: dialogue.Round, register: Register, date: str) -> tuple[Block, ...]:
    found = dialogue.follow_through(held, register, date=date)
    if not len(found):
        return (Text("Nothing had been agreed."),)
    titles = {one.id: one.title or one.id for one in held.proposals}
    frame = found.assign(
        proposal=[titles[name] for name in found["proposal"]],
        stage=found["stage"].str.replace("_", " "),
    )
    return (Table(frame, f"Agreed proposals, and what had become of them at {date}"),)
