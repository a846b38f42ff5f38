"""The Migrant Integration Policy Index: one rule an edition, items from the user's own file.

Edition V averages the items of a policy area directly; III and IV averaged them within
dimensions first. V re-scored a core set of items back to 2014 and differs from IV for the same
year (Norway 69 in IV, 72 in V), and IV added health: three editions are three series.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from migov.core.columns import counted
from migov.core.errors import (
    CodeError,
    DataError,
    DefinitionError,
    DimensionError,
    PartitionError,
)
from migov.governance.answers import Answers
from migov.governance.asked import as_tuple, ask, ask_text
from migov.governance.instrument import Instrument, Node, Scale
from migov.governance.library import _text
from migov.governance.results import instrument_of

ID = "mipex"


@cache
def _rules() -> dict[str, Any]:
    return dict(tomllib.loads(_text("mipex.toml")))


def instrument(
    items: pd.DataFrame, *, edition: str, areas: Sequence[str] | None = None
) -> Instrument:
    """Return an edition of the index with the items of a file.

    Parameters
    ----------
    items : DataFrame
        ``area`` (code of the policy area), ``item`` and, for III and IV, ``dimension``; an item
        may stand in many rows.
    edition : {"III", "IV", "V"}
    areas : sequence of str, optional
        Policy areas; all of the edition where absent, and then each must have items.

    Raises
    ------
    CodeError
        No such edition, or a policy area that it does not have.
    DataError
        An item in two places, or a policy area without items.

    Examples
    --------
    >>> few = pd.DataFrame({"area": ["L", "L"], "dimension": ["L1", "L2"], "item": ["a", "b"]})
    >>> instrument(few, edition="IV", areas=["L"]).tree.level["a"]
    3

    References
    ----------
    Migration Policy Group, MIPEX III (2011), IV (2015), V (2020): order of averaging.
    """
    where = "mipex.instrument"
    rules = _rules()
    ask(items, pd.DataFrame, where, "items", "a DataFrame")
    ask_text(edition, where, "edition", "'V'")
    if edition not in rules["editions"]:
        known = ", ".join(rules["editions"])
        raise CodeError(where, f"{edition!r} is no edition", f"one of {known}", 9, "edition")
    rule = rules["editions"][edition]
    chosen = list(as_tuple(rule["areas"] if areas is None else areas))
    unknown = [code for code in chosen if code not in rule["areas"]]
    if unknown:
        raise CodeError(
            where, f"edition {edition} has no policy area {unknown[0]!r}",
            f"some of {', '.join(rule['areas'])}", 9, "areas",
        )  # fmt: skip
    levels = ["area", "dimension", "item"] if rule["dimensions"] else ["area", "item"]
    absent = [name for name in levels if name not in items]
    if absent:
        raise DimensionError(
            where,
            f"items has no column {absent[0]!r}",
            "frame.rename(columns={'name in your table': 'item'})",
            8,
            "items",
        )
    empty = (items[levels].isna() | (items[levels].astype(str) == "")).any(axis=1)
    if empty.any():
        raise DataError(
            where,
            f"{int(empty.sum())} rows without {', '.join(levels)}",
            "the code of each, or without these rows: frame.dropna(subset=['item'])",
            9,
            "items",
            tuple(f"row {label}" for label in items.index[empty][:20]),
        )
    rows = items[levels].astype(str).drop_duplicates()
    foreign = sorted(set(rows["area"]) - set(rule["areas"]))
    if foreign:
        raise CodeError(
            where,
            f"edition {edition} has no policy area {foreign[0]!r}",
            "a policy area of that edition",
            9,
            "items",
        )
    rows = rows[rows["area"].isin(chosen)]
    faults = [f"item {n!r} stands in two places" for n in rows["item"][rows["item"].duplicated()]]
    faults += [f"policy area {a!r} has no items" for a in chosen if a not in set(rows["area"])]
    if faults:
        raise DataError(
            where,
            counted(len(faults), "fault"),
            "nothing was built; mend these rows",
            9,
            "items",
            tuple(faults),
        )
    nodes = [Node(id="overall", label="overall", aggregate="mean", missing="answered")]
    for code in chosen:
        label = rules["areas"][code]
        nodes.append(
            Node(id=code, parent="overall", label=label, aggregate="mean", missing="answered")
        )
    if rule["dimensions"]:
        for _, row in rows[["area", "dimension"]].drop_duplicates().iterrows():
            nodes.append(
                Node(id=row["dimension"], parent=row["area"], aggregate="mean", missing="answered")
            )
    above = "dimension" if rule["dimensions"] else "area"
    nodes += [Node(id=r["item"], parent=r[above], scale="score") for _, r in rows.iterrows()]
    return Instrument(
        id=ID,
        edition=edition,
        title=f"Migrant Integration Policy Index, edition {edition} ({rule['published']})",
        nodes=tuple(nodes),
        scales=(Scale(id="score", low="0", high="100"),),
        multiple="1",
        unit="1",
        source=rules["source"],
        answered_by="national experts, reviewed",
        note="Scores of different editions are no one series.",
    )


def read(
    frame: pd.DataFrame,
    *,
    edition: str,
    time: str | None = None,
    areas: Sequence[str] | None = None,
    codes: bool = True,
) -> tuple[Instrument, Answers]:
    """Return the instrument and the answers of a user's own file.

    Parameters
    ----------
    frame : DataFrame
        ``country area dimension item score`` and ``year`` or a date; scores 0 to 100, empty
        where missing.
    edition : {"III", "IV", "V"}
    time, codes
        As for :meth:`Answers.from_frame`.
    areas : sequence of str, optional
        As for :func:`instrument`.

    Raises
    ------
    DimensionError
        A column is missing.
    """
    ask(frame, pd.DataFrame, "mipex.read", "frame", "a DataFrame")
    absent = [name for name in ("country", "area", "item", "score") if name not in frame]
    if absent:
        raise DimensionError(
            "mipex.read",
            f"frame has no column {absent[0]!r}",
            f"frame.rename(columns={{'name in your table': {absent[0]!r}}})",
            8,
            "frame",
        )
    found = instrument(frame, edition=edition, areas=areas)
    kept = frame[frame["item"].astype(str).isin(found.items)]
    kept = kept.drop(columns=[name for name in ("area", "dimension") if name in kept])
    named = {"country": "area", "item": "node", "score": "value"}
    return found, Answers.from_frame(kept, time=time, columns=named, codes=codes)


def series(*scored: xr.Dataset) -> xr.Dataset:
    """Return results of one edition at several dates as one series.

    Raises
    ------
    DefinitionError
        Results of different editions, which are not comparable.
    PartitionError
        Two results at one date.
    """
    where = "mipex.series"
    if not scored:
        raise DimensionError(
            where, "no results are given", "mipex.series(first, second)", 8, "scored"
        )
    editions = [instrument_of(one, where).edition for one in scored]
    if len(set(editions)) > 1 or len({one.attrs["instrument"] for one in scored}) > 1:
        raise DefinitionError(
            where,
            f"results of the editions {', '.join(sorted(set(editions)))}, or of different items: "
            "items, areas and order of averaging differ",
            "one edition; V has its own scores back to 2014",
            5,
            "scored",
        )
    times = np.concatenate([np.atleast_1d(one["time"].values) for one in scored])
    dates, counts = np.unique(times, return_counts=True)
    if (counts > 1).any():
        raise PartitionError(
            where,
            f"two results are of {str(dates[counts > 1][0])[:10]}",
            "one result for each date: score the answers of all areas together",
            4,
            "scored",
        )
    joined = xr.concat(scored, "time", data_vars="minimal", coords="minimal", compat="equals",
                       join="outer", combine_attrs="override")  # fmt: skip
    return joined.sortby("time")
