"""Weights from people: budget allocation and the analytic hierarchy process."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.composite.scoring import _attrs
from migov.composite.validators import SLACK
from migov.core.errors import DimensionError, InputError, KindError, ParameterError
from migov.core.vocabulary import check_dimensions
from migov.numeric import pairwise

Floats = NDArray[np.float64]


def _admit(
    x: xr.DataArray, where: str, argument: str, dims: tuple[str, ...], more: str
) -> xr.DataArray:
    """Return an array over `dims` and perhaps `more`, checked."""
    check_dimensions(x, where, argument)
    allowed = {frozenset(dims), frozenset((*dims, more))}
    if frozenset(map(str, x.dims)) not in allowed:
        raise DimensionError(
            where,
            f"{argument} has {', '.join(map(str, x.dims)) or 'no dimension'}",
            f"{' and '.join(dims)}, and {more} where several answer",
            8,
            argument,
        )
    for dim in x.dims:
        if dim not in x.indexes or not x.indexes[dim].is_unique:
            raise DimensionError(
                where,
                f"{argument} has no labels along {str(dim)!r}, or some twice",
                f"{argument}.assign_coords({dim}=labels), each once",
                8,
                argument,
            )
    if x.dtype.kind not in "fiu":
        raise InputError(where, f"{argument} holds {x.dtype}", "numbers", 9, argument)
    if not np.isfinite(x.values.astype(float)).all():
        raise InputError(
            where,
            f"{argument} has missing or infinite values",
            "leave out who did not answer",
            7,
            argument,
        )
    return x


def budget_allocation(
    points: xr.DataArray,
    *,
    group: str | None = None,
    budget: float | None = None,
    rescale: bool = False,
) -> xr.Dataset:
    """Return weights from points that people shared out among nodes.

    Parameters
    ----------
    points : DataArray {person, node}
        Not negative; those of every person add up to the budget.
    group : str, optional
        Name of a coordinate along ``person``: the mean of the groups' means, so that every
        group counts the same whatever its size; the mean of all persons where absent.
    budget : float, optional
        What each had to share out; 1 or 100 where absent. Sums may miss it by 1e-9 of it.
    rescale : bool
        Whether sums that miss the budget are brought to it, so that every person counts the
        same; refused otherwise, with the persons named.

    Returns
    -------
    Dataset {node}
        ``weight``, adding up to one; ``median`` (scaled to one), ``sd`` between persons (n −
        1), ``minimum`` and ``maximum``; ``persons`` who answered; ``share {person, node}`` of
        each and ``person_weight {person}``, what a person counts in the mean. It goes as it is
        to :meth:`Index.weighted`, and with its spread to ``Uncertainty(weights=…)``, each node
        on its own, or ``Uncertainty(persons=…)``, whole persons.

    Raises
    ------
    DimensionError
        Other dimensions, or no such coordinate.
    InputError
        Missing or negative points, all points zero, or points that miss the budget.

    Examples
    --------
    >>> points = xr.DataArray([[60, 40], [20, 80]],
    ...     coords={"person": [1, 2], "node": ["rights", "order"]}, dims=("person", "node"))
    >>> budget_allocation(points).weight.values
    array([0.4, 0.6])
    """
    where = "budget_allocation"
    x = _admit(points, where, "points", ("person", "node"), "person").transpose("person", "node")
    shares = _shares(x, budget, rescale, where)
    counts = np.full(len(shares), 1.0 / len(shares))
    if group is not None:
        if (
            not isinstance(group, str)
            or group not in x.coords
            or x.coords[group].dims != ("person",)
        ):
            raise DimensionError(
                where,
                f"points has no coordinate {group!r} along 'person'",
                f'points.assign_coords({group}=("person", …))',
                8,
                "group",
            )
        named = np.array([str(label) for label in x.coords[group].values])
        every, sizes = np.unique(named, return_counts=True)
        counts = 1.0 / (every.size * sizes[np.searchsorted(every, named)])
    mean = counts @ shares
    median = np.median(shares, axis=0)
    spread = shares.std(axis=0, ddof=1) if len(shares) > 1 else np.full(shares.shape[1], np.nan)
    counted = "mean of the groups' means" if group else "mean of the persons"
    return xr.Dataset(
        {
            "weight": ("node", mean / mean.sum(), _attrs(f"weight, {counted}", "1")),
            "median": ("node", median / median.sum(), _attrs("median, scaled to one", "1")),
            "sd": ("node", spread, _attrs("standard deviation between persons", "1")),
            "minimum": ("node", shares.min(axis=0), _attrs("least share", "1")),
            "maximum": ("node", shares.max(axis=0), _attrs("largest share", "1")),
            "persons": ((), len(shares), {"units": "1", "long_name": "persons who answered"}),
            "share": (("person", "node"), shares, _attrs("share that the person gave", "1")),
            "person_weight": ("person", counts, _attrs("what the person counts in the mean", "1")),
        },
        coords={"node": x.node.values, "person": x.person.values},
    )


def _shares(x: xr.DataArray, budget: float | None, rescale: bool, where: str) -> Floats:
    """Return the shares of every person (persons, nodes), or refuse sums that miss the budget."""
    values = x.values.astype(float)
    totals = values.sum(axis=1)
    if np.any(values < 0) or np.any(totals <= 0):
        raise InputError(
            where, "points are negative, or someone gave none", "points from 0", 9, "points"
        )
    number = isinstance(budget, int | float | np.number) and not isinstance(budget, bool)
    if budget is not None and (not number or not 0 < budget < np.inf):
        raise ParameterError(where, f"budget={budget!r}", "a number above 0, as 100", 9, "budget")
    allowed = (1.0, 100.0) if budget is None else (float(budget),)
    # one budget for all: a table of shares and of percentages at once is two questions
    missed = min(
        (np.flatnonzero(np.abs(totals - one) > SLACK * one) for one in allowed),
        key=lambda at: int(at.size),
    )
    if missed.size and not rescale:
        persons = x.person.values
        told = ", ".join(f"{persons[i]} {totals[i]:.9g}" for i in missed[:6])
        more = f" and {missed.size - 6} more" if missed.size > 6 else ""
        wanted = " or ".join(f"{one:g}" for one in allowed)
        raise InputError(
            where,
            f"the points over {', '.join(map(str, x.node.values[:6]))} add up to {told}{more}, "
            f"expected {wanted}",
            "mend the points, budget=…, or rescale=True",
            4,
            "points",
        )
    return np.asarray(values / totals[:, None])


def analytic_hierarchy(
    judgements: xr.DataArray,
    *,
    method: Literal["eigenvector", "geometric_mean"] = "eigenvector",
    combine: Literal["judgements", "priorities"] = "judgements",
    random_index: Literal["saaty_1980", "saaty_tran_2007"] = "saaty_1980",
) -> xr.Dataset:
    """Return weights from pairwise judgements, with their consistency.

    Parameters
    ----------
    judgements : DataArray {node, other} or {person, node, other}
        How many times more `node` matters than `other`; reciprocal.
    method : {"eigenvector", "geometric_mean"}
        How priorities come from a matrix.
    combine : {"judgements", "priorities"}
        Whether several persons' judgements, or their priorities, are averaged (geometric).
    random_index : {"saaty_1980", "saaty_tran_2007"}
        Table behind the consistency ratio.

    Returns
    -------
    Dataset
        ``weight {node}``, adding up to one; ``consistency_ratio`` (over 0.1 the judgements
        are to be looked at again), by person where there are several; ``deviation {node,
        other}``, judgement over the ratio of the weights, whose largest and smallest cells
        are the most inconsistent pairs.

    Raises
    ------
    DimensionError, InputError, ParameterError
        Other dimensions, judgements that are not reciprocal, unknown choices.

    Examples
    --------
    >>> names = ["rights", "order", "skills"]
    >>> given = xr.DataArray([[1.0, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]],
    ...     coords={"node": names, "other": names}, dims=("node", "other"))
    >>> analytic_hierarchy(given).weight.values.round(6)
    array([0.571429, 0.285714, 0.142857])

    References
    ----------
    Saaty, T. L. (1980). The Analytic Hierarchy Process; Aczél and Saaty (1983).
    """
    where = "analytic_hierarchy"
    if combine not in ("judgements", "priorities"):
        raise ParameterError(
            where, f"combine={combine!r}", '"judgements" or "priorities"', 9, "combine"
        )
    for name, value, known in (
        ("method", method, ("eigenvector", "geometric_mean")),
        ("random_index", random_index, tuple(pairwise.RANDOM_INDEX)),
    ):
        if value not in known:
            raise ParameterError(where, f"{name}={value!r}", f"one of {known}", 9, name)
    x = _admit(judgements, where, "judgements", ("node", "other"), "person")
    if list(x.node.values) != list(x.other.values):
        raise KindError(
            where, "'node' and 'other' have different labels", "one order for both", 8, "judgements"
        )
    single = "person" not in x.dims
    every = x.expand_dims("person") if single else x
    cube = every.transpose("person", "node", "other").values.astype(float)
    try:
        found = [pairwise.priorities(one, method, random_index) for one in cube]
        if combine == "judgements":
            joined = pairwise.group_judgements(cube)
            weight = pairwise.priorities(joined, method, random_index).weights
        else:
            joined = pairwise.group_judgements(cube)
            weight = pairwise.group_priorities(np.array([one.weights for one in found]))
    except ValueError as fault:
        raise InputError(where, str(fault), "a_ij = 1 / a_ji", 9, "judgements") from fault
    ratios = np.array([one.consistency_ratio for one in found])
    deviation = joined * weight[None, :] / weight[:, None]
    told = _attrs("consistency ratio; over 0.1 look at the judgements again", "1")
    coords: dict[str, Any] = {"node": x.node.values, "other": x.node.values}
    if not single:
        coords["person"] = x.person.values
    return xr.Dataset(
        {
            "weight": ("node", weight, _attrs("weight", "1")),
            "consistency_ratio": ((), ratios[0], told) if single else ("person", ratios, told),
            "deviation": (
                ("node", "other"),
                deviation,
                _attrs("judgement over the ratio of the weights", "1"),
            ),
        },
        coords=coords,
    )
