"""What became of a round of dialogue: follow-through, and what its minutes say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from migov.core.blocks import Block, Sections, Table, Text, markdown
from migov.core.errors import CodeError, KindError, ParameterError
from migov.governance.asked import ask
from migov.governance.days import day
from migov.governance.measures import Register
from migov.governance.opinions import By, agreement, inclusiveness, least_objection
from migov.governance.rounds import STANCES, Round


def follow_through(held: Round, register: Register, *, date: str, years: int = 2) -> pd.DataFrame:
    """Return what became of agreed proposals.

    Parameters
    ----------
    held : Round
    register : Register
        Measures that carry proposals out.
    date : str
        ISO date of looking.
    years : int
        Within which an agreed proposal should be adopted.

    Returns
    -------
    DataFrame
        Proposals agreed by `date`: ``proposal agreed measure stage adopted state``, ``in time``,
        ``late``, ``pending`` while the years have not passed, ``not adopted``, or ``already
        adopted`` before it was agreed, which is no follow-through. What is in force without a
        date of adoption was adopted by then. ``attrs["share"]`` is the percentage in time among
        those in time, late or not adopted, NaN where there are none.

    Raises
    ------
    CodeError
        A proposal names a measure that the register has not.
    ParameterError
        No whole years.
    """
    where = "dialogue.follow_through"
    if isinstance(years, bool) or not isinstance(years, int | np.integer) or years < 1:
        raise ParameterError(where, f"years={years!r}", "whole years, from 1", 9, "years")
    if not isinstance(held, Round) or not isinstance(register, Register):
        raise KindError(
            where, "give a Round and a Register", "governance.Register([…])", None, "register"
        )
    by = {measure.id: measure for measure in register.measures}
    today = day(date, where, "date")
    rows = []
    for proposal in held.proposals:
        if proposal.outcome != "agreed" or day(proposal.decided, where, "decided") > today:
            continue
        if proposal.measure and proposal.measure not in by:
            raise CodeError(
                where,
                f"{proposal.id!r} names the measure {proposal.measure!r}",
                "a measure of the register",
                9,
                "register",
            )
        measure = by.get(proposal.measure)
        due = _later(proposal.decided, int(years))
        adopted = measure.decided if measure else ""
        if adopted and np.datetime64(adopted, "D") > today:
            adopted = ""
        if adopted and np.datetime64(adopted, "D") < np.datetime64(proposal.decided, "D"):
            state = "already adopted"
        elif adopted:
            state = "in time" if np.datetime64(adopted, "D") <= due else "late"
        else:
            state = "pending" if today <= due else "not adopted"
        stage = measure.stage(date) if measure else "none"
        rows.append((proposal.id, proposal.decided, proposal.measure, stage, adopted, state))
    columns = "proposal agreed measure stage adopted state".split()
    table = pd.DataFrame(rows, columns=columns)
    settled = table[~table["state"].isin(["pending", "already adopted"])]
    share = 100 * float((settled["state"] == "in time").mean()) if len(settled) else np.nan
    table.attrs["share"] = share
    return table


def _later(date: str, years: int) -> Any:
    """Return the same day some years later; 29 February becomes 28."""
    return np.datetime64(pd.Timestamp(date) + pd.DateOffset(years=years), "D")


def minutes(held: Round, *, by: By, register: Register | None = None, date: str = "") -> str:
    """Return a page of Markdown like minutes: who, what, where people stand, what was agreed.

    :func:`migov.report.minutes` sets the same in HTML.

    Parameters
    ----------
    held : Round
    by : {"members", "groups"}
        How objections are counted; see :func:`least_objection`.
    register : Register, optional
        Adds what became of what was agreed, at `date`.
    date : str
        ISO date, with `register`; that of the round where absent.

    Raises
    ------
    KindError
        No round, or no register.
    ParameterError
        Another way of counting, or a date without a register.
    """
    told = minutes_sections(held, by=by, register=register, date=date)
    return markdown(held.title, told)


def minutes_sections(
    held: Round, *, by: By, register: Register | None = None, date: str = ""
) -> Sections:
    """Return what minutes say, for :func:`minutes` and :func:`migov.report.minutes` to set."""
    ask(held, Round, "minutes", "held", "dialogue.Round(…)")
    if date and register is None:
        raise ParameterError(
            "minutes", f"date={date!r} without a register", "register=…, or no date", 9, "date"
        )
    parts: list[tuple[str, tuple[Block, ...]]] = [
        ("Who was heard", _heard(held)),
        ("Proposals", _proposals(held, by)),
        ("Dissent and red lines", _dissent(held)),
        ("Agreement", _agreement(held)),
    ]
    if register is not None:
        parts.append(("What became of it", _became(held, register, date or held.date)))
    return tuple(parts)


def _share(value: float) -> str:
    return "–" if np.isnan(value) else f"{100 * value:.0f} %"


def _figure(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}".replace("-", "−")


def _heard(held: Round) -> tuple[Block, ...]:
    who = inclusiveness(held)
    frame = who[["group", "invited", "heard", "positions"]].assign(
        reasons=[_share(v) for v in who["share_with_reason"]]
    )
    frame = frame.rename(columns={"reasons": "with a reason"})
    silent = list(who["group"][who["heard"] == 0])
    told = f"Not heard: {', '.join(silent)}." if silent else "Every group was heard."
    return (Text(f"Round of {held.date}. {told}"), Table(frame, "Participants by group"))


def _proposals(held: Round, by: By) -> tuple[Block, ...]:
    found = least_objection(held, by=by)
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
    caption = (
        "Proposals, the least objection first; shares of those who took a position, "
        f"every {counted} counts the same"
    )
    return (Table(frame, caption), *_reasons(held))


def _reasons(held: Round) -> tuple[Block, ...]:
    """Return the reasons of those who do not object; objections stand apart."""
    titles = {one.id: one.title or one.id for one in held.proposals}
    rows = [
        (titles[one.proposal], held.group(one.participant), one.participant,
         STANCES[int(one.stance)], one.reason)
        for one in held.positions
        if one.stance >= 0 and one.reason
    ]  # fmt: skip
    if not rows:
        return ()
    frame = pd.DataFrame(rows, columns=["proposal", "group", "participant", "position", "reason"])
    return (Table(frame, "Reasons of those who do not object"),)


def _dissent(held: Round) -> tuple[Block, ...]:
    found = held.dissent()
    if not len(found):
        return (Text("None was recorded."),)
    titles = {one.id: one.title or one.id for one in held.proposals}
    frame = pd.DataFrame(
        {
            "proposal": [titles[name] for name in found["proposal"]],
            "group": found["group"].to_numpy(),
            "participant": found["participant"].to_numpy(),
            "position": [STANCES[int(v)] for v in found["stance"]],
            "red line": ["yes" if one else "" for one in found["red_line"]],
            "reason": [text or "none recorded" for text in found["reason"]],
            "outcome": [
                "agreed all the same" if one == "agreed" else one for one in found["outcome"]
            ],
        }
    )
    return (Table(frame, "Objections, which stay on record whatever was agreed"),)


def _agreement(held: Round) -> tuple[Block, ...]:
    found = agreement(held)
    found = found[found["members"] > 0]
    if not len(found):
        return (Text("Nobody took a position."),)
    frame = pd.DataFrame(
        {
            "group": found["group"].to_numpy(),
            "took a position": found["members"].to_numpy(),
            "Kendall's W": [_figure(v) for v in found["kendall_w"]],
            "Krippendorff's alpha": [_figure(v) for v in found["alpha"]],
        }
    )
    note = (
        "1 is full agreement, – too little to compare. W is of those who took a position on every "
        "proposal, alpha of all positions, at the ordinal level; below 0 it is less than by chance."
    )
    return (Table(frame, "Agreement within groups and across all"), Text(note, note=True))


def _became(held: Round, register: Register, date: str) -> tuple[Block, ...]:
    found = follow_through(held, register, date=date)
    if not len(found):
        return (Text("Nothing had been agreed."),)
    titles = {one.id: one.title or one.id for one in held.proposals}
    frame = found.assign(
        proposal=[titles[name] for name in found["proposal"]],
        stage=found["stage"].str.replace("_", " "),
    )
    return (Table(frame, f"Agreed proposals, and what had become of them at {date}"),)
