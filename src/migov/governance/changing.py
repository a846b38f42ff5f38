"""Answers given anew from a date on, beside all that was answered before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from migov.core.errors import CodeError, ParameterError
from migov.governance.answers import COLUMNS, Answers, joined
from migov.governance.asked import ask, ask_text, exact_text
from migov.governance.days import day

WHERE = "Answers.changed"


def changed(
    answers: Answers, area: str, values: Mapping[str, Any], date: str, about: Mapping[str, str]
) -> Answers:
    """Return the answers with new ones beside them; see :meth:`Answers.changed`."""
    ask_text(area, WHERE, "area", "the code of an area")
    ask(values, Mapping, WHERE, "values", "{'D1A': 1}")
    if not values:
        raise ParameterError(WHERE, "values is empty", "{'D1A': 1}", 9, "values")
    if area not in answers.areas:
        raise CodeError(
            WHERE, f"no answer is of {area!r}", f"one of {', '.join(answers.areas[:6])}", 9, "area"
        )
    foreign = [name for name in about if name not in COLUMNS or name in ("area", "node", "value")]
    if foreign:
        raise CodeError(
            WHERE, f"{foreign[0]!r} is no column of answers", f"one of {', '.join(COLUMNS)}", 9,
            foreign[0],
        )  # fmt: skip
    since = day(date, WHERE, "date")
    own = answers.rows[answers.rows["area"] == area]
    added = [
        {"area": area, "node": node, "value": exact_text(value), **_who(own, node, since, about)}
        for node, value in values.items()
    ]
    new = Answers.from_frame(
        pd.DataFrame(added).assign(start=pd.Timestamp(since), **about), codes=False
    )
    if "recorded" not in about:
        new.rows["recorded"] = _now(own)
    return joined([answers, new])


def _who(
    own: pd.DataFrame, node: str, since: np.datetime64, about: Mapping[str, str]
) -> dict[str, str]:
    """Return the assessor whose answer a new one replaces."""
    rows = own[own["node"] == node]
    start, end = rows["start"].to_numpy(), rows["end"].to_numpy()
    here = (start <= since) & (np.isnat(end) | (end > since) | (start == since))
    names = ["assessor_kind", "assessor"]
    held = list(dict.fromkeys(rows.loc[here, names].itertuples(index=False, name=None)))
    wanted = {name: about[name] for name in names if name in about}
    fits = [
        one
        for one in held
        if all(dict(zip(names, one, strict=True))[name] == told for name, told in wanted.items())
    ]
    if held and len(fits) != 1:
        shown = "; ".join(" ".join(filter(None, one)) or "unstated" for one in held)
        raise ParameterError(
            WHERE,
            f"{node} of {own['area'].iloc[0]} is answered by {shown} at {str(since)[:10]}; "
            + (f"one by {' '.join(wanted.values())} would be a second" if wanted else "of which?"),
            "assessor_kind=… and assessor=… of the answer to change, or an 'end' in the table",
            9,
            "assessor",
        )
    return dict(zip(names, fits[0], strict=True)) if fits else wanted


def _now(own: pd.DataFrame) -> np.datetime64:
    """Return a moment of recording after all that is recorded of the area, to the second."""
    moments = own["recorded"].to_numpy()
    known = moments[~np.isnat(moments)]
    now = np.datetime64("now", "s")
    if known.size:
        now = max(now, known.max() + np.timedelta64(1, "s"))
    return now
