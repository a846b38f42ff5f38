"""Consensus and its absence: agreement, rankings, regrets, objections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from migov.core.errors import DimensionError, InputError, KindError, ParameterError
from migov.core.vocabulary import check_dimensions
from migov.governance.asked import ask, ask_text
from migov.governance.rounds import Round
from migov.numeric import agreement as kernels
from migov.numeric import voting
from migov.numeric.ranks import ranks

Floats = NDArray[np.float64]
By = Literal["members", "groups"]


def check_by(by: str, where: str) -> None:
    """Refuse another way of counting.

    Raises
    ------
    ParameterError
        Neither members nor groups.
    """
    if by not in ("members", "groups"):
        raise ParameterError(
            where,
            f"by={by!r}",
            '"members", every one counts the same, or "groups", every group does',
            9,
            "by",
        )


def voice(groups: Any, by: str) -> Floats:
    """Return the weight of each member, adding up to one."""
    named = np.array([str(group) for group in groups])
    if by == "members":
        return np.full(named.size, 1.0 / named.size)
    every = sorted(set(named))
    size = {group: int((named == group).sum()) for group in every}
    return np.array([1.0 / (len(every) * size[group]) for group in named])


def inclusiveness(held: Round) -> pd.DataFrame:
    """Return by group who was invited, who was heard, and who took a position with a reason.

    Groups that were not even invited are rows of zeros. ``attrs["groups_heard"]`` is the share
    of the six groups of which someone was heard.

    Examples
    --------
    >>> from migov.governance.rounds import Participant
    >>> held = Round(title="t", date="2024-01-01", proposals=(), participants=[
    ...     Participant(id="a", group="academia", invited="2024-01-01", heard="2024-01-01")])
    >>> inclusiveness(held).set_index("group").loc["academia", "heard"]
    np.int64(1)
    """
    ask(held, Round, "dialogue.inclusiveness", "held", "dialogue.Round(…)")
    rows = []
    for group in held.groups:
        own = [one for one in held.participants if one.group == group]
        ids = {one.id for one in own}
        taken = [one for one in held.positions if one.participant in ids]
        invited = sum(bool(one.invited) for one in own)
        heard = sum(bool(one.heard) for one in own)
        answered = sum(bool(one.heard) for one in own if one.invited)
        reasons = sum(bool(one.reason) for one in taken)
        rows.append(
            (group, invited, heard, answered / invited if invited else np.nan, len(taken),
             reasons / len(taken) if taken else np.nan)
        )  # fmt: skip
    columns = "group invited heard share_of_invited_heard positions share_with_reason".split()
    table = pd.DataFrame(rows, columns=columns)
    table.attrs["groups_heard"] = float((table["heard"][:6] > 0).mean())
    return table


def agreement(held: Round) -> pd.DataFrame:
    """Return how far stances agree within each group and across all.

    Returns
    -------
    DataFrame
        ``group`` (``all`` last), ``members`` with a position, ``kendall_w`` of those with a
        position on every proposal, who are ``ranking``; ``alpha``, Krippendorff's at the ordinal
        level over all positions; NaN where there is too little to compare.

    References
    ----------
    Kendall and Babington Smith (1939); Krippendorff (2011).
    """
    if not isinstance(held, Round):
        raise KindError("dialogue.agreement", "held is no Round", "dialogue.Round(…)", None, "held")
    table = held.stances().dropna(how="all")
    rows = []
    for group in (*held.groups, "all"):
        chosen = [one for one in table.index if group in ("all", held.group(str(one)))]
        values = table.loc[chosen].to_numpy(dtype=float)
        whole = values[~np.isnan(values).any(axis=1)]
        w = or_nan(lambda x: kernels.kendall_w(x).w, whole)
        alpha = or_nan(lambda x: kernels.krippendorff_alpha(x, "ordinal"), values)
        rows.append((group, len(values), len(whole), w, alpha))
    return pd.DataFrame(rows, columns=["group", "members", "ranking", "kendall_w", "alpha"])


def or_nan(compute: Callable[[Floats], float], x: Floats) -> float:
    """Return a statistic, NaN where there is too little for it."""
    try:
        return compute(x)
    except ValueError:
        return float("nan")


def least_objection(held: Round, *, by: By) -> pd.DataFrame:
    """Return the proposals, those with no red line and the least objection first.

    Parameters
    ----------
    held : Round
    by : {"members", "groups"}
        Whether every member or every group counts the same. A stated choice without default.

    Returns
    -------
    DataFrame
        ``proposal title red_lines objection support strongest mean positions``: shares of those
        with a position that object or support, the lowest stance, the mean stance.
    """
    where = "dialogue.least_objection"
    check_by(by, where)
    ask(held, Round, where, "held", "dialogue.Round(…)")
    table = held.stances()
    lines = [one.proposal for one in held.positions if one.red_line]
    rows = []
    for proposal in held.proposals:
        column = table[proposal.id].dropna()
        if column.empty:
            rows.append((proposal.id, proposal.title, 0, *[np.nan] * 4, 0))
            continue
        weight = voice([held.group(str(one)) for one in column.index], by)
        values = column.to_numpy(dtype=float)
        rows.append(
            (proposal.id, proposal.title, lines.count(proposal.id),
             float(weight @ (values < 0)), float(weight @ (values > 0)), float(values.min()),
             float(weight @ values), len(values))
        )  # fmt: skip
    columns = "proposal title red_lines objection support strongest mean positions".split()
    out = pd.DataFrame(rows, columns=columns)
    out = out.sort_values(
        ["red_lines", "objection", "mean"], ascending=[True, True, False], kind="stable"
    )
    return out.reset_index(drop=True)


def consensus(
    scores: xr.DataArray, *, by: By, group: str = "group", voters: Any = None
) -> xr.Dataset:
    """Return options by mean, Borda, pairwise opposition and regret.

    Parameters
    ----------
    scores : DataArray {person, option}
        How good each option is for each, in one unit; NaN where a person did not say. For
        rankings give places with the sign turned round.
    by : {"members", "groups"}
        Whether every member or every group counts the same. A stated choice without default.
    group : str
        Coordinate along ``person`` with the groups; needed for ``by="groups"``.
    voters : sequence of float, optional
        How many hold each row, for ``by="members"``.

    Returns
    -------
    Dataset {option}
        ``mean`` of those who scored an option, or of their groups' means; ``borda`` points,
        n − 1 for a first place, of all voters, or of groups with one voice each; ``opposition``,
        the most voters (or groups) that prefer one other option; ``regret``, the largest distance
        of anybody (or any group's mean) from the own best option; and ``best_by_…``, the options
        that are best by each.

    Raises
    ------
    DimensionError, InputError, ParameterError
        Other dimensions, no groups, infinite scores, an option that nobody scored.

    Examples
    --------
    >>> scores = xr.DataArray([[3.0, 2, 0], [0, 2, 3]], dims=("person", "option"),
    ...     coords={"person": ["a", "b"], "option": ["x", "y", "z"]})
    >>> found = consensus(scores, by="members")
    >>> found.regret.values, found.attrs["best_by_regret"]
    (array([3., 1., 3.]), 'y')

    References
    ----------
    Borda (1781); Savage (1951), J. American Statistical Association 46, on regret.
    """
    where = "dialogue.consensus"
    check_by(by, where)
    ask_text(group, where, "group", "the name of a coordinate")
    x, named, count = _admit(scores, group, by, voters, where)
    values = x.values.astype(float)
    weight = voice(named, by) if voters is None else count / count.sum()
    there = ~np.isnan(values)
    if not there.any(axis=0).all():
        option = x.option.values[~there.any(axis=0)][0]
        raise InputError(where, f"nobody scored '{option}'", "leave it out", 7, "scores")
    if not there.any(axis=1).all():
        person = x.person.values[~there.any(axis=1)][0]
        raise InputError(where, f"'{person}' scored nothing", "leave out who did not", 7, "scores")
    mean = _group_mean(values, named, by, weight)
    voices = weight * (len(set(named)) if by == "groups" else count.sum())
    preferred = voting.preferences(ranks(values, descending=True), voices)
    regret = _regret(values, named, by)
    told = "every group counts the same" if by == "groups" else "every member counts the same"
    columns: dict[str, tuple[Floats, bool, str]] = {
        "mean": (mean, True, "mean score"),
        "borda": (voting.borda(preferred), True, "Borda points"),
        "opposition": (voting.opposition(preferred), False, "largest pairwise opposition"),
        "regret": (regret, False, "largest regret"),
    }
    out = xr.Dataset(
        {
            name: ("option", column, {"units": "1", "long_name": text})
            for name, (column, _, text) in columns.items()
        },
        coords={"option": x.option.values},
        attrs={"title": "consensus", "counted": told},
    )
    for name, (column, up, _) in columns.items():
        best = column.max() if up else column.min()
        slack = 1e-9 * max(1.0, float(np.abs(column).max()))
        near = np.abs(column - best) <= slack
        out.attrs[f"best_by_{name}"] = ", ".join(str(o) for o in x.option.values[near])
    return out


def _admit(
    scores: Any, group: str, by: str, voters: Any, where: str
) -> tuple[xr.DataArray, list[str], Floats]:
    check_dimensions(scores, where, "scores")
    if set(scores.dims) != {"person", "option"}:
        raise DimensionError(where, f"scores has {scores.dims}", "person, option", 8, "scores")
    x = scores.transpose("person", "option")
    for dim in x.dims:
        if dim not in x.indexes or not x.indexes[dim].is_unique:
            raise DimensionError(
                where,
                f"labels of {dim!r} are absent or twice",
                f"scores.assign_coords({dim}=labels), each once",
                8,
                "scores",
            )
    if x.dtype.kind not in "iuf" or np.isinf(x.values.astype(float)).any():
        raise InputError(where, "scores holds text or infinite values", "numbers", 9, "scores")
    there = group in x.coords and x.coords[group].dims == ("person",)
    if by == "groups" and (not there or voters is not None):
        raise DimensionError(
            where,
            f"scores has no coordinate {group!r} along 'person', or voters are given besides",
            f'scores.assign_coords({group}=("person", …))',
            8,
            "group",
        )
    named = labels_of(x, group, where) if by == "groups" else ["all"] * x.sizes["person"]
    try:
        count = np.ones(len(named)) if voters is None else np.asarray(voters, float)
    except (TypeError, ValueError):
        count = np.zeros(0)
    if count.shape != (len(named),) or not (count >= 0).all() or not 0 < count.sum() < np.inf:
        raise InputError(
            where,
            "voters are no counts of the persons",
            "whole numbers from 0, one for each person",
            9,
            "voters",
        )
    return x, named, count


def labels_of(x: xr.DataArray, group: str, where: str) -> list[str]:
    """Return the groups of the persons.

    Raises
    ------
    InputError
        A person without a group, which is no group of its own.
    """
    told = list(x.coords[group].values)
    bare = [
        str(person)
        for person, one in zip(x.person.values, told, strict=True)
        if one is None or one != one or not str(one).strip()
    ]
    if bare:
        raise InputError(
            where, f"{', '.join(bare[:5])} have no {group}", "a group for every person", 7, group
        )
    return [str(one) for one in told]


def _group_mean(values: Floats, named: list[str], by: str, weight: Floats) -> Floats:
    """Return the mean over those who scored an option, or over the means of their groups."""
    if by == "groups":
        names = np.array(named)
        return _mean(np.stack([_mean(values[names == one]) for one in sorted(set(named))]))
    there = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(weight[:, None] * values, axis=0) / (weight @ there))


def _regret(values: Floats, named: list[str], by: str) -> Floats:
    """Return the largest regret of anybody, or of any group's mean scores."""
    rows = values
    if by == "groups":
        names = np.array(named)
        rows = np.stack([_mean(values[names == one]) for one in sorted(set(named))])
    lost = np.nanmax(rows, axis=1, keepdims=True) - rows
    return np.asarray(np.nanmax(lost, axis=0))


def _mean(rows: Floats) -> Floats:
    there = (~np.isnan(rows)).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(there > 0, np.nansum(rows, axis=0) / there, np.nan))
