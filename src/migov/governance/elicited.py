"""Weights from a dialogue, with their spread and consistency, ready for a composite index."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from migov.composite.elicitation import analytic_hierarchy, budget_allocation
from migov.composite.index import Index
from migov.composite.uncertainty import Uncertainty
from migov.core.errors import DimensionError, InputError, KindError, ParameterError
from migov.governance.asked import ask_text
from migov.governance.opinions import By, check_by, labels_of, or_nan, voice
from migov.numeric import agreement as kernels
from migov.numeric import pairwise


def weights_by_budget(
    points: xr.DataArray,
    *,
    by: By,
    group: str = "group",
    budget: float | None = None,
    rescale: bool = False,
) -> xr.Dataset:
    """Return weights from points that people shared out, with their spread and agreement.

    Parameters
    ----------
    points : DataArray {person, node}
    by : {"members", "groups"}
        Mean of the members, or of the groups' means. A stated choice without default.
    group : str
        Coordinate along ``person`` with the groups.
    budget : float, optional
        What each had to share out; 1 or 100 where absent.
    rescale : bool
        Whether sums that miss the budget are brought to it; refused otherwise.

    Returns
    -------
    Dataset {node}
        As :func:`migov.composite.budget_allocation`; ``kendall_w``, agreement of the members'
        orders; ``group_weight {group, node}`` where there are groups.

    Raises
    ------
    MigovError
        See :func:`migov.composite.budget_allocation`.
    """
    where = "dialogue.weights_by_budget"
    check_by(by, where)
    ask_text(group, where, "group", "the name of a coordinate")
    _somebody(points, where, "points")
    grouped = isinstance(points, xr.DataArray) and group in points.coords
    grouped = grouped and points.coords[group].dims == ("person",)
    named = labels_of(points, group, where) if grouped else []
    found = budget_allocation(
        points, group=group if by == "groups" else None, budget=budget, rescale=rescale
    )
    x = points.transpose("person", "node")
    w = or_nan(lambda y: kernels.kendall_w(y).w, x.values.astype(float))
    found = found.assign(kendall_w=((), w, {"units": "1", "long_name": "Kendall's W"}))
    if grouped:
        names = np.array(named)
        shares = x.values / x.values.sum(axis=1, keepdims=True)
        every = sorted(set(names))
        own = np.stack([shares[names == one].mean(axis=0) for one in every])
        told = {"units": "1", "long_name": "weight within the group"}
        found = found.assign_coords(group=every).assign(group_weight=(("group", "node"), own, told))
    found.attrs["counted"] = f"mean of {by}"
    return found


def _somebody(x: Any, where: str, argument: str) -> None:
    """Refuse answers of nobody."""
    if isinstance(x, xr.DataArray) and 0 in x.shape:
        raise InputError(where, f"{argument} is empty", "the answers of some person", 7, argument)


def weights_by_pairs(
    judgements: xr.DataArray,
    *,
    by: By = "members",
    group: str = "group",
    method: Literal["eigenvector", "geometric_mean"] = "eigenvector",
    combine: Literal["judgements", "priorities"] = "judgements",
    random_index: Literal["saaty_1980", "saaty_tran_2007"] = "saaty_1980",
) -> xr.Dataset:
    """Return weights from pairwise judgements, with spread and the most inconsistent pairs.

    Parameters
    ----------
    judgements : DataArray {node, other} or {person, node, other}
        How many times more `node` matters than `other`.
    by : {"members", "groups"}
        Whether every member or every group counts the same in the geometric means.
    group : str
        Coordinate along ``person`` with the groups; needed for ``by="groups"``.
    method, combine, random_index : str
        As in :func:`migov.composite.analytic_hierarchy`.

    Returns
    -------
    Dataset
        As that function; ``sd``, ``minimum``, ``maximum {node}`` over persons where there are
        several, and ``share {person, node}``, the weights of each; :func:`inconsistent_pairs`
        tells which judgements to look at again. ``attrs["counted"]`` says who counts the same.

    Raises
    ------
    MigovError
        See :func:`migov.composite.analytic_hierarchy`; persons without a group.
    """
    where = "dialogue.weights_by_pairs"
    check_by(by, where)
    ask_text(group, where, "group", "the name of a coordinate")
    _somebody(judgements, where, "judgements")
    found = analytic_hierarchy(
        judgements, method=method, combine=combine, random_index=random_index
    )
    if "person" not in judgements.dims:
        return found
    if by == "groups" and (
        group not in judgements.coords or judgements.coords[group].dims != ("person",)
    ):
        raise DimensionError(
            where,
            f"judgements has no coordinate {group!r} along 'person'",
            f'judgements.assign_coords({group}=("person", …))',
            8,
            "group",
        )
    named = labels_of(judgements, group, where) if by == "groups" else found.person.values
    counts = voice(named, by)
    cube = judgements.transpose("person", "node", "other").values.astype(float)
    own = np.stack([pairwise.priorities(one, method).weights for one in cube])
    spread = own.std(axis=0, ddof=1) if len(own) > 1 else np.full(own.shape[1], np.nan)
    attrs = {"units": "1"}
    joined = pairwise.group_judgements(cube, counts)
    weight = (
        pairwise.priorities(joined, method).weights
        if combine == "judgements"
        else pairwise.group_priorities(own, counts)
    )
    found.attrs["counted"] = f"geometric mean of {by}"
    return found.assign(
        weight=found["weight"].copy(data=weight),
        deviation=found["deviation"].copy(data=joined * weight[None, :] / weight[:, None]),
        sd=("node", spread, {**attrs, "long_name": "standard deviation between persons"}),
        minimum=("node", own.min(axis=0), {**attrs, "long_name": "least weight"}),
        maximum=("node", own.max(axis=0), {**attrs, "long_name": "largest weight"}),
        persons=((), len(own), {**attrs, "long_name": "persons who answered"}),
        share=(("person", "node"), own, {**attrs, "long_name": "weight of the person's own"}),
        person_weight=(
            "person",
            counts,
            {**attrs, "long_name": "what the person counts in the mean"},
        ),
    )


def inconsistent_pairs(judgements: xr.DataArray, most: int = 5) -> pd.DataFrame:
    """Return the judgements that depart most from the weights they imply, by person.

    Parameters
    ----------
    judgements : DataArray {node, other} or {person, node, other}
    most : int
        How many pairs of each person.

    Returns
    -------
    DataFrame
        ``person node other judgement implied``, the worst first.
    """
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise ParameterError(
            "dialogue.inconsistent_pairs", f"most={most!r}", "a whole number, from 1", 9, "most"
        )
    found = analytic_hierarchy(judgements)  # checks
    single = "person" not in judgements.dims
    x = judgements.expand_dims(person=[""]) if single else judgements
    nodes, rows = found.node.values, []
    for person in x.person.values:
        matrix = x.sel(person=person).transpose("node", "other").values.astype(float)
        for i, j, given, implied in pairwise.inconsistent_pairs(matrix)[:most]:
            rows.append((person, nodes[i], nodes[j], given, implied))
    return pd.DataFrame(rows, columns=["person", "node", "other", "judgement", "implied"])


def into_index(
    index: Index, found: xr.Dataset, *, draw: Literal["nodes", "persons"] = "nodes"
) -> tuple[Index, Uncertainty]:
    """Return a composite index with elicited weights, and an uncertainty as wide as their spread.

    Parameters
    ----------
    index : composite.Index
        With nodes named as those of `found`.
    found : Dataset {node}
        From :func:`weights_by_budget` or :func:`weights_by_pairs`.
    draw : {"nodes", "persons"}
        Whether every weight is uniform between the least and the largest that a person gave,
        each node on its own, or every draw takes all the weights of one person, so that what
        goes together in people's answers stays together.

    Returns
    -------
    index : composite.Index
    uncertainty : composite.Uncertainty

    Raises
    ------
    InputError
        One person's answer has no spread.
    ParameterError
        Another way of drawing.
    """
    where = "dialogue.into_index"
    if not isinstance(index, Index) or not isinstance(found, xr.Dataset):
        raise KindError(
            where, "give an Index and elicited weights", "elicited(index, found)", None, "index"
        )
    if "minimum" not in found:
        raise InputError(
            where,
            "the weights are of one person: no spread",
            "weights of two persons or more, or weights without a spread",
            9,
            "found",
        )
    if draw not in ("nodes", "persons"):
        raise ParameterError(where, f"draw={draw!r}", '"nodes" or "persons"', 9, "draw")
    doubt = Uncertainty(persons=found) if draw == "persons" else Uncertainty(weights=found)
    return index.weighted(found), doubt
