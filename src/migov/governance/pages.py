"""What became of a round of dialogue: follow-through, and a page like minutes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from migov.core.errors import CodeError, KindError, ParameterError
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
        ``proposal agreed measure stage adopted state``: ``in time``, ``late``, ``pending`` while
        the years have not passed, ``not adopted``. ``attrs["share"]`` is the percentage in time
        among those that are not pending, NaN where there are none.

    Raises
    ------
    CodeError
        A proposal names a measure that the register has not.
    ParameterError
        No whole years.
    """
    where = "dialogue.follow_through"
    if isinstance(years, bool) or not isinstance(years, int) or years < 1:
        raise ParameterError(where, f"years={years!r}", "whole years, from 1", 9, "years")
    if not isinstance(held, Round) or not isinstance(register, Register):
        raise KindError(
            where, "give a Round and a Register", "minutes(round, register)", None, "register"
        )
    by = {measure.id: measure for measure in register.measures}
    today = day(date, where, "date")
    rows = []
    for proposal in held.proposals:
        if proposal.outcome != "agreed":
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
        due = _later(proposal.decided, years)
        adopted = measure.adopted if measure and measure.adopted else ""
        if adopted and np.datetime64(adopted, "D") > today:
            adopted = ""
        if adopted:
            state = "in time" if np.datetime64(adopted, "D") <= due else "late"
        else:
            state = "pending" if today <= due else "not adopted"
        stage = measure.stage(date) if measure else "none"
        rows.append((proposal.id, proposal.decided, proposal.measure, stage, adopted, state))
    columns = "proposal agreed measure stage adopted state".split()
    table = pd.DataFrame(rows, columns=columns)
    settled = table[table["state"] != "pending"]
    share = 100 * float((settled["state"] == "in time").mean()) if len(settled) else np.nan
    table.attrs["share"] = share
    return table


def _told(text: str) -> str:
    """Return a text from data that means nothing to Markdown or HTML."""
    for mark in "\\`*_[]<>#|":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _later(date: str, years: int) -> Any:
    """Return the same day some years later; 29 February becomes 28."""
    return np.datetime64(pd.Timestamp(date) + pd.DateOffset(years=years), "D")


def minutes(held: Round, *, by: By, register: Register | None = None, date: str = "") -> str:
    """Return a page of Markdown like minutes: who, what, where people stand, what was agreed.

    Parameters
    ----------
    held : Round
    by : {"members", "groups"}
        How objections are counted; see :func:`least_objection`.
    register : Register, optional
        Adds what became of what was agreed, at `date`.
    date : str
        ISO date, with `register`.

    Raises
    ------
    ParameterError
        Another way of counting.
    """
    who = inclusiveness(held)
    silent = [row["group"] for _, row in who.iterrows() if not row["heard"]]
    lines = [f"# {_told(held.title)}", "", f"Round of {held.date}.", "", "## Who was heard", ""]
    lines += ["| group | invited | heard | positions |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {_told(row['group'])} | {row['invited']} | {row['heard']} | {row['positions']} |"
        for _, row in who.iterrows()
    ]
    if silent:
        lines += ["", f"Not heard: {', '.join(silent)}."]
    lines += ["", "## Proposals", ""]
    lines += _proposals(held, by)
    lines += ["", "## Dissent and red lines", "", *_dissent(held)]
    lines += ["", "## Agreement", "", *_agreement(held)]
    if register is not None:
        became = follow_through(held, register, date=date or held.date)
        lines += ["", "## What became of it", ""]
        lines += [
            f"- {_told(row['proposal'])} (agreed {row['agreed']}): {row['state']}"
            + (f", adopted {row['adopted']}" if row["adopted"] else "")
            for _, row in became.iterrows()
        ] or ["Nothing had been agreed."]
    return "\n".join(lines) + "\n"


def _proposals(held: Round, by: By) -> list[str]:
    counted = "each member" if by == "members" else "each group"
    lines = [f"Least objection first; {counted} counts the same.", ""]
    lines += ["| proposal | outcome | object | support | red lines | became |"]
    lines += ["| --- | --- | ---: | ---: | ---: | --- |"]
    told = {one.id: one for one in held.proposals}
    for _, row in least_objection(held, by=by).iterrows():
        one = told[row["proposal"]]
        shares = ["–" if np.isnan(row[k]) else f"{100 * row[k]:.0f} %" for k in
                  ("objection", "support")]  # fmt: skip
        outcome = f"{one.outcome} {one.decided}".strip()
        lines.append(
            f"| {_told(one.title or one.id)} | {outcome} | {shares[0]} | {shares[1]} "
            f"| {row['red_lines']} | {_told(one.became)} |"
        )
    return lines


def _dissent(held: Round) -> list[str]:
    titles = {one.id: _told(one.title or one.id) for one in held.proposals}
    lines = []
    for _, row in held.dissent().iterrows():
        line = " as a red line" if row["red_line"] else ""
        reason = f": {_told(row['reason'])}" if row["reason"] else " (no reason recorded)"
        agreed = "; agreed all the same" if row["outcome"] == "agreed" else ""
        lines.append(
            f"- {_told(row['group'])} ({_told(row['participant'])}) {STANCES[int(row['stance'])]} "
            f"“{titles[row['proposal']]}”{line}{reason}{agreed}"
        )
    return lines or ["None was recorded."]


def _agreement(held: Round) -> list[str]:
    lines = ["| group | members | Kendall's W | Krippendorff's alpha |"]
    lines += ["| --- | ---: | ---: | ---: |"]
    for _, row in agreement(held).iterrows():
        if row["members"]:
            shown = ["–" if np.isnan(row[k]) else f"{row[k]:.2f}" for k in ("kendall_w", "alpha")]
            lines.append(f"| {_told(row['group'])} | {row['members']} | {shown[0]} | {shown[1]} |")
    return lines
