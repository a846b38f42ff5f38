"""A score told to an adviser: the tree of one area, and what differs between two results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from migov.core import areas, status
from migov.core.columns import counted
from migov.core.errors import CodeError, DefinitionError, KindError
from migov.governance.instrument import Instrument
from migov.governance.results import evidence, instrument_of, one_of


def explain(
    scored: xr.Dataset,
    area: str | None = None,
    time: str | None = None,
    *,
    proof: bool = True,
) -> str:
    """Return the scores of one area as a tree in words.

    Parameters
    ----------
    scored : Dataset
        From :meth:`Instrument.score`.
    area : str, optional
        Needed where there are several.
    time : str, optional
        ISO date; the last where absent.
    proof : bool
        Whether each answer stands with its evidence.

    Returns
    -------
    str
        Score, class and range of each node; answers with who gave them, source, date, link
        and note; what is missing; who answered.

    Raises
    ------
    KindError, CodeError, DimensionError
        No scores, or not of that area and date.
    """
    where = "governance.explain"
    instrument = instrument_of(scored, where)
    one = one_of(scored, area, time, where)
    who = str(one["answered_by"].item()) or "nobody"
    lines = [
        f"{instrument.title or instrument.name}",
        f"  edition {instrument.edition}, {_named(str(one.area.item()))}, "
        f"{str(one.time.values)[:10]}; answered by: {who}",
    ]
    if np.isnan(float(one["score"].sel(node=instrument.root))):
        told = status.names(int(one[status.NAME].sel(node=instrument.root)) & status.ABSENT)
        lines.append(f"  no score: {', '.join(told).replace('_', ' ') or 'answers are missing'}")
    for name in _down(instrument):
        depth = "  " * (instrument.tree.level[name] + 1)
        proven = _evidence(one, name) if proof and name in instrument.items else ""
        lines.append(depth + _line(instrument, one, name) + proven)
    zero = int(one["treated_as_zero"].sel(node=instrument.root))
    if zero:
        many = counted(zero, "missing item counts", "missing items count")
        lines.append(f"  {many} as zero by the rule of this instrument")
    dated = [
        part
        for part in str(scored.attrs.get("edition_note", "")).split("; ")
        if str(one.time.values)[:10] in part
    ]
    if dated:
        due = dated[0].partition(", the edition ")[2]
        lines.append(f"  scored by the edition {instrument.edition}; the edition {due}")
    if instrument.direction == "none":
        lines.append("  neither more nor less is better")
    return "\n".join(lines)


def _named(area: str) -> str:
    try:
        return areas.name(area)
    except CodeError:
        return area


def _down(instrument: Instrument) -> list[str]:
    """Return the nodes from the root down, each before its children."""
    order: list[str] = []

    def visit(name: str) -> None:
        order.append(name)
        for node in instrument.nodes:
            if node.parent == name:
                visit(node.id)

    visit(instrument.root)
    return order


def _number(value: float) -> str:
    return "no score" if np.isnan(value) else f"{value:.4g}"


def _line(instrument: Instrument, one: xr.Dataset, name: str) -> str:
    node = instrument.node(name)
    row = one.sel(node=name)
    title = f"{node.id} {node.label}" if node.label and node.label != node.id else node.id
    value = float(row["score"])
    flags = int(row[status.NAME])
    if name in instrument.items:
        if np.isnan(value):
            told = " ".join(status.names(flags & status.ABSENT)) or "missing"
            return f"{title}: {told.replace('_', ' ')}"
        return f"{title}: {answer(instrument, row, name)}"
    unit = "%" if instrument.unit == "percent" else ""
    text = f"{title}: {_number(value)}{' ' + unit if unit else ''}"
    classes = instrument.classes_of(name)
    if classes is not None and int(row["class"]):
        text += f", {classes.label(int(row['class']))}"
    low, high = float(row["lowest"]), float(row["highest"])
    if not np.isnan(value) and low < high:
        text += f" [could be {_number(low)} to {_number(high)}"
        if classes is not None and int(row["lowest_class"]) != int(row["highest_class"]):
            ends = (classes.label(int(row[k])) for k in ("lowest_class", "highest_class"))
            text += ", " + " to ".join(ends)
        text += f"; {100 * float(row['coverage']):.0f} % answered]"
    if node.parent and node.weight == "0":
        text += " (shown, not counted)"
    return text


def _evidence(one: xr.Dataset, name: str) -> str:
    """Return who answered an item and by what evidence, in brackets."""
    told = evidence(one, name)
    kind = told.pop("assessor_kind", "")
    several = "," in str(one["answered_by"].item())
    who = " ".join(part for part in (kind if several else "", told.pop("assessor", "")) if part)
    parts = [f"by {who}"] if who else []
    if "confidence" in told:
        parts.append(f"confidence {told['confidence']}")
    parts += [told[key] for key in ("source", "evidence_date", "link") if key in told]
    if "note" in told:
        parts.append(f"note: {told['note']}")
    return f" [{'; '.join(parts)}]" if parts else ""


def answer(instrument: Instrument, row: xr.Dataset, name: str) -> str:
    """Return the answer to an item in the words of its scale."""
    from fractions import Fraction

    value = str(Fraction(int(row["numerator"]), int(row["denominator"])))
    scale = instrument.scale(name)
    if scale.labels and value in scale.values:
        return scale.labels[scale.values.index(value)]
    return value


def difference(
    a: xr.Dataset,
    b: xr.Dataset,
    *,
    area: str | None = None,
    time: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Return by node what differs from one result to another of the same instrument.

    Parameters
    ----------
    a, b : Dataset
        From :meth:`Instrument.score`: two dates, two areas, two assessors.
    area : str, optional
        Where there are several.
    time : (str, str), optional
        Dates of `a` and `b`; the last of each where absent.

    Returns
    -------
    DataFrame
        One row a node with another score, class, range or coverage: ``score_a score_b change
        class_a class_b``, ``part``, what the node adds to the change of its parent, and
        ``certain``, whether the change keeps its sign whatever the missing answers.

    Raises
    ------
    DefinitionError
        Two instruments or editions are no one series.
    """
    where = "governance.difference"
    first, second = instrument_of(a, where, "a"), instrument_of(b, where, "b")
    if first != second:
        raise DefinitionError(
            where,
            f"a is {first.name}, b is {second.name}; their scores are no one series",
            "governance.crosswalk(…).carry(answers), then score both by one edition",
            5,
            "b",
        )
    when: Any = (None, None) if time is None else time
    if not isinstance(when, tuple | list) or len(when) != 2:
        raise KindError(
            where, f"time={time!r:.40}", "the dates of a and b, (\"2019-07-01\", \"2021-07-01\")",
            1, "time",
        )  # fmt: skip
    left, right = one_of(a, area, when[0], where, "a"), one_of(b, area, when[1], where, "b")
    rows = []
    for name in _down(first):
        x, y = left.sel(node=name), right.sel(node=name)
        same = all(
            np.array_equal(x[key].values, y[key].values, equal_nan=x[key].dtype.kind == "f")
            for key in ("score", "class", "lowest", "highest", "coverage")
        )
        if same:
            continue
        rows.append(_row(name, first, x, y))
    columns = "node label score_a score_b change part class_a class_b certain".split()
    return pd.DataFrame(rows, columns=columns)


def _row(name: str, instrument: Instrument, x: xr.Dataset, y: xr.Dataset) -> list[Any]:
    change = float(y["score"]) - float(x["score"])
    up = float(y["lowest"]) > float(x["highest"])
    down = float(y["highest"]) < float(x["lowest"])
    return [
        name,
        instrument.node(name).label,
        float(x["score"]),
        float(y["score"]),
        change,
        change * float(x["weight"]) * (instrument.node(name).weight != "0"),
        int(x["class"]),
        int(y["class"]),
        up or down,
    ]
