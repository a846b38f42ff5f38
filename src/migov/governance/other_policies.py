"""Coherence of measures with objectives of other policies, and conflicts listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from migov.core.errors import CodeError, DimensionError, InputError, KindError
from migov.core.vocabulary import check_dimensions
from migov.governance.asked import ask

FIELDS = ("migration", "economic", "social", "environmental", "foreign", "security")


def coherence(
    effects: xr.DataArray,
    fields: Mapping[str, str] | None = None,
    *,
    reasons: Mapping[tuple[str, str], str] | None = None,
) -> xr.Dataset:
    """Return how measures and objectives go together, with the conflicts.

    Parameters
    ----------
    effects : DataArray {measure, objective}
        −2 works strongly against, −1 against, 0 assessed and neutral, +1 for, +2 strongly for;
        NaN not assessed, which is not neutral.
    fields : mapping of str to str, optional
        Policy field of each objective: ``migration``, ``economic``, ``social`` …
    reasons : mapping of (str, str) to str, optional
        Why, for a measure and an objective.

    Returns
    -------
    Dataset
        ``effect {measure, objective}``; ``assessed {measure}`` and ``assessed_objective
        {objective}``, shares of pairs that were looked at; ``supports`` and ``opposes
        {objective}``, numbers of measures; ``split {objective}``, whether measures pull it both
        ways. :func:`conflicts` lists them.

    Raises
    ------
    DimensionError
        Other dimensions, or labels twice.
    InputError
        Values off the scale, or nothing assessed.
    CodeError
        A field is unknown, an objective has none, or a reason is of no pair.

    Examples
    --------
    >>> effects = xr.DataArray([[2.0, -1.0], [np.nan, 1.0]],
    ...     coords={"measure": ["visas", "training"], "objective": ["growth", "health care"]},
    ...     dims=("measure", "objective"))
    >>> coherence(effects).split.values
    array([False,  True])
    """
    where = "governance.coherence"
    check_dimensions(effects, where, "effects")
    if set(effects.dims) != {"measure", "objective"}:
        raise DimensionError(
            where, f"effects has {effects.dims}", "measure, objective", 8, "effects"
        )
    for name, given in (("fields", fields), ("reasons", reasons)):
        if given is not None:
            ask(given, Mapping, where, name, f"{name}={{…: …}}")
    x = effects.transpose("measure", "objective")
    for dim in x.dims:
        if dim not in x.indexes or not x.indexes[dim].is_unique:
            raise DimensionError(
                where,
                f"labels of {dim!r} are absent or twice",
                f"effects.assign_coords({dim}=labels), each once",
                8,
                "effects",
            )
    if x.dtype.kind not in "if":
        raise InputError(where, f"effects holds {x.dtype}", "-2 to 2, NaN", 9, "effects")
    values = x.values.astype(float)
    there = ~np.isnan(values)
    wrong = np.argwhere(there & ~np.isin(values, (-2, -1, 0, 1, 2)))
    if wrong.size or not there.any():
        at = tuple(wrong[0]) if wrong.size else None
        told = (
            f"{x.measure.values[at[0]]}, {x.objective.values[at[1]]}: {values[at]:g}"
            if at
            else "nothing is assessed"
        )
        raise InputError(where, told, "-2 to 2, NaN where not assessed", 9, "effects")
    attrs = {"units": "1"}
    data: dict[str, Any] = {
        "effect": (x.dims, values, {**attrs, "long_name": "effect, -2 to 2"}),
        "assessed": ("measure", there.mean(axis=1), {**attrs, "long_name": "share assessed"}),
        "assessed_objective": ("objective", there.mean(axis=0), {**attrs, "long_name": "share"}),
        "supports": ("objective", (values > 0).sum(axis=0), {**attrs, "long_name": "for"}),
        "opposes": ("objective", (values < 0).sum(axis=0), {**attrs, "long_name": "against"}),
        "split": ("objective", (values > 0).any(axis=0) & (values < 0).any(axis=0)),
        "reason": (x.dims, _reasons(x, reasons or {}, where)),
    }
    coords: dict[str, Any] = {"measure": x.measure.values, "objective": x.objective.values}
    if fields is not None:
        coords["field"] = ("objective", _fields(x, fields, where))
    return xr.Dataset(data, coords=coords, attrs={"title": "coherence of measures"})


def _reasons(x: xr.DataArray, reasons: Mapping[tuple[str, str], str], where: str) -> Any:
    out = np.full(x.shape, "", dtype=object)
    rows, columns = list(x.measure.values), list(x.objective.values)
    for pair, text in reasons.items():
        measure, objective = pair if isinstance(pair, tuple) and len(pair) == 2 else (pair, "")
        if measure not in rows or objective not in columns:
            raise CodeError(
                where,
                f"a reason is of {measure}, {objective}",
                "reasons for cells that effects has",
                9,
                "reasons",
            )
        ask(text, str, where, "reasons", f"reasons={{({measure!r}, {objective!r}): 'why'}}")
        out[rows.index(measure), columns.index(objective)] = text
    return out.astype(str)


def _fields(x: xr.DataArray, fields: Mapping[str, str], where: str) -> list[str]:
    found = []
    foreign = [name for name in fields if name not in list(map(str, x.objective.values))]
    if foreign:
        raise CodeError(
            where,
            f"fields names {foreign[0]!r}, which is no objective of effects",
            f"one of {', '.join(map(str, x.objective.values))}",
            9,
            "fields",
        )
    for objective in x.objective.values:
        field = fields.get(str(objective))
        if field not in FIELDS:
            raise CodeError(
                where,
                f"objective {objective!r} has the field {field!r}",
                f"one of {', '.join(FIELDS)}",
                9,
                "fields",
            )
        found.append(field)
    return found


def conflicts(found: xr.Dataset) -> pd.DataFrame:
    """Return the conflicts of a coherence matrix, the strongest first.

    Parameters
    ----------
    found : Dataset
        From :func:`coherence`.

    Returns
    -------
    DataFrame
        ``kind``: ``against`` where a measure works against an objective, ``split`` where two
        measures pull an objective both ways; ``objective measure other strength reason``;
        the strength is the negative effect, for a split the distance of the two.
    """
    where = "governance.conflicts"
    ask(found, xr.Dataset, where, "found", "governance.coherence(effects)")
    if "effect" not in found or "reason" not in found:
        raise KindError(where, "found has no effect", "governance.coherence(effects)", 8, "found")
    rows = []
    for objective in found.objective.values:
        column = found["effect"].sel(objective=objective).values
        why = found["reason"].sel(objective=objective).values
        for i, measure in enumerate(found.measure.values):
            if column[i] < 0:
                rows.append(("against", objective, measure, "", -column[i], why[i]))
                for j, other in enumerate(found.measure.values):
                    if column[j] > 0:
                        gap = column[j] - column[i]
                        both = "; ".join(filter(None, (str(why[i]), str(why[j]))))
                        rows.append(("split", objective, measure, other, gap, both))
    columns = ["kind", "objective", "measure", "other", "strength", "reason"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(
        ["kind", "strength", "objective", "measure"], ascending=[True, False, True, True]
    ).reset_index(drop=True)
