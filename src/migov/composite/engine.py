"""From values to the scores of all nodes, on bare arrays, by the choices of an index.

Shapes are (i, u, b) for indicators and (n, u, b) for all nodes: units are areas, or areas and
dates pooled; columns are computed each on its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from migov.composite import combining as how
from migov.composite import kernels_aggregate as means
from migov.composite import kernels_normalise as scales
from migov.composite import kernels_outliers as outliers
from migov.composite import kernels_weights as weighing
from migov.composite import methods
from migov.composite.tree import Node, Tree, tree_of
from migov.core.errors import InputError

if TYPE_CHECKING:
    from migov.composite.index import Index

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


class Normalised(NamedTuple):
    """Values filled and treated, and on the common scale; where they were filled."""

    treated: Floats
    scores: Floats
    filled: Booleans | None


def _places(index: Index, name: str) -> dict[methods.Method, list[int]]:
    """Return the places of the indicators by their choice of `name`."""
    by = {node.id: node for node in index.nodes}
    found: dict[methods.Method, list[int]] = {}
    for place, leaf in enumerate(tree_of(index.nodes).leaves):
        choice = getattr(by[leaf], name) or getattr(index, name)
        found.setdefault(choice, []).append(place)
    return found


def _signs(index: Index) -> Floats:
    by = {node.id: node for node in index.nodes}
    leaves = tree_of(index.nodes).leaves
    return np.array([-1.0 if by[leaf].direction == "down" else 1.0 for leaf in leaves])


def fill(
    index: Index, x: Floats, groups: NDArray[np.int64] | None
) -> tuple[Floats, Booleans | None]:
    """Return values with the missing ones filled as the index says, and where."""
    if index.missing.fill == "none" or not np.isnan(x).any():
        return x, None
    return outliers.fill_means(x, groups if index.missing.fill == "group_mean" else None)


def treat(index: Index, x: Floats) -> Floats:
    """Return values with outliers treated."""
    choices = _places(index, "treat")
    if all(isinstance(choice, methods.Untreated) for choice in choices):
        return x
    out = x.copy()
    for choice, places in choices.items():
        if isinstance(choice, methods.Untreated):
            continue
        if len(choices) == 1:
            _treat_in_place(choice, out)
            continue
        part = out[places]
        _treat_in_place(choice, part)
        out[places] = part
    return out


def _treat_in_place(choice: methods.Method, x: Floats) -> None:
    """Treat the columns of (i, u, b) that are too skewed."""
    assert isinstance(choice, methods.Winsorise | methods.BoxCox)
    over, _ = outliers.skewed(x, choice.skewness, choice.kurtosis)
    if isinstance(choice, methods.BoxCox) and choice.always:
        over = np.ones_like(over)
    if not over.any():
        return
    rows, columns = np.nonzero(over)
    part = np.ascontiguousarray(x[rows, :, columns].T)
    if isinstance(choice, methods.Winsorise):
        part, _, _ = outliers.winsorise(
            part, choice.points, choice.skewness, choice.kurtosis, choice.then_log
        )
    else:
        part, _ = outliers.box_cox(part, choice.power)
    x[rows, :, columns] = part.T


def normalise(index: Index, x: Floats, where: str) -> Floats:
    """Return values on the common scale.

    Raises
    ------
    InputError
        Values that the scale does not take, with the node named.
    """
    sign, leaves = _signs(index), tree_of(index.nodes).leaves
    choices = _places(index, "normalise")
    if len(choices) == 1:
        choice, places = next(iter(choices.items()))
        return _on_scale(choice, x, sign, index.tolerance, where, [leaves[i] for i in places])
    out = np.empty_like(x)
    for choice, places in choices.items():
        names = [leaves[i] for i in places]
        out[places] = _on_scale(choice, x[places], sign[places], index.tolerance, where, names)
    return out


def _on_scale(
    choice: methods.Method, x: Floats, sign: Floats, tolerance: float, where: str, names: list[str]
) -> Floats:
    match choice:
        case methods.MinMax():
            found, flat = scales.min_max(x, sign, choice.lower, choice.upper, choice.centre)
            return _varying(found, flat, choice, where, names)
        case methods.ZScore():
            found, flat = scales.z_score(x, sign, choice.mean, choice.sd)
            return _varying(found, flat, choice, where, names)
        case methods.Rank():
            return scales.places(x, sign, tolerance, choice.percentile)
        case methods.DistanceToTarget():
            return scales.to_target(x, sign, choice.target, choice.lower, choice.upper, choice.cap)
        case methods.Frontier():
            _positive(
                np.where((sign > 0)[:, None, None] & (x == 0), 1.0, x),
                where,
                names,
                "Frontier is a ratio to the best, of positive values",
            )
            return scales.to_frontier(x, sign, choice.upper)
        case methods.Goalposts():
            if choice.log:
                _positive(x, where, names, "Goalposts(log=True) needs positive values")
            return scales.between_goalposts(
                x, choice.worst, choice.best, choice.lower, choice.upper, choice.cap, choice.log
            )
        case methods.Categorical():
            found, unknown = scales.categories(x, choice.values, choice.scores, choice.limits)
            if unknown.size:
                raise InputError(
                    where,
                    f"{names[0]} holds {unknown[0]:g}, which is none of its categories",
                    "add the code to Categorical, or mend the value",
                    9,
                    "data",
                )
            return found
        case _:
            return x


def _varying(
    found: Floats,
    flat: Booleans,
    choice: methods.MinMax | methods.ZScore,
    where: str,
    names: list[str],
) -> Floats:
    """Return scores, or refuse indicators that are the same in all areas."""
    if choice.constant == "refuse" and flat.any():
        same = np.atleast_1d(flat.any(axis=1))
        told = [name for name, one in zip(names, same, strict=True) if one]
        columns = flat.shape[1]
        part = f" in {int(flat.any(axis=0).sum())} of {columns} columns" if columns > 1 else ""
        raise InputError(
            where,
            f"{', '.join(told[:6])}: the same value in all areas{part}, which has no scale",
            f"Goalposts(…), {type(choice).__name__}(…, constant='missing'), or leave it out: "
            f"index.without({told[0]!r})",
            9,
            "data",
        )
    return found


def _positive(x: Floats, where: str, names: list[str], why: str) -> None:
    for row, name in zip(x, names, strict=True):
        if np.any(row <= 0):
            raise InputError(
                where,
                f"{name} has a value of {np.nanmin(row):g}; {why}",
                "another normaliser",
                9,
                "data",
            )


def prepare(index: Index, x: Floats, groups: NDArray[np.int64] | None, where: str) -> Normalised:
    """Return values filled, treated and on the common scale."""
    whole, filled = fill(index, x, groups)
    treated = treat(index, whole)
    return Normalised(treated, normalise(index, treated, where), filled)


def nominal(index: Index, node: Node, children: tuple[int, ...]) -> Floats:
    """Return the weights that the nodes say (k,), equal where the choice is equal."""
    given = np.array([index.nodes[i].weight for i in children], np.float64)
    if isinstance(node.weigh or index.weigh, how.Equal):
        return (given > 0).astype(np.float64)
    return given


def aggregate(
    index: Index,
    scores: Floats,
    where: str,
    factors: Floats | None = None,
    weights: dict[int, Floats] | None = None,
) -> Floats:
    """Return the scores of all nodes from those of the indicators.

    Parameters
    ----------
    index : Index
    scores : ndarray (i, u, b)
    where : str
    factors : ndarray (n, b), optional
        By what the weight of each node is multiplied in each column.
    weights : dict, optional
        Filled with the weights of each aggregate's children, (k, 1 or u, 1 or b).

    Returns
    -------
    ndarray (n, u, b)
    """
    tree = tree_of(index.nodes)
    out = np.empty((len(tree.ids), *scores.shape[1:]))
    out[tree.at] = scores
    for place, children in tree.steps:
        node = index.nodes[place]
        x = out[list(children)]
        w = weights_of(index, tree, place, children, x, where)
        if factors is not None:
            w = w * factors[list(children)][:, None, :]
        if weights is not None:
            weights[place] = w
        out[place] = combine(index, node, x, w, where)
    return out


def combine(index: Index, node: Node, x: Floats, w: Floats, where: str) -> Floats:
    """Return the score of one aggregate from its children (k, u, b)."""
    choice = node.aggregate or index.aggregate
    weigh = node.weigh or index.weigh
    needed = index.missing.needed if node.needed is None else node.needed
    if isinstance(weigh, how.BenefitOfDoubt):
        total = (x * w).sum(axis=0)
        return np.asarray(np.where(np.isnan(w).any(axis=0), np.nan, weigh.upper * total))
    match choice:
        case how.Geometric() | how.Harmonic():
            if np.any(x < 0):
                raise InputError(
                    where,
                    f"{node.id} is a {choice.kind} mean and a child scores {np.nanmin(x):.4g}",
                    "a scale without negative scores, as MinMax(lower=1, upper=100)",
                    9,
                    "aggregate",
                )
            function = means.geometric if isinstance(choice, how.Geometric) else means.harmonic
            return function(x, w, needed)
        case how.OrderedWeighted():
            return means.ordered_weighted(x, np.array(choice.weights, np.float64), needed)
        case how.MazziottaPareto():
            return means.mazziotta_pareto(x, w, needed, choice.penalty)
        case how.Copeland():
            return means.copeland(x, w, needed, index.tolerance)
        case _:
            return means.arithmetic(x, w, needed)


def weights_of(
    index: Index, tree: Tree, place: int, children: tuple[int, ...], x: Floats, where: str
) -> Floats:
    """Return the weights of an aggregate's children, (k, 1 or u, 1 or b)."""
    node = index.nodes[place]
    choice = node.weigh or index.weigh
    given = nominal(index, node, children)
    if isinstance(choice, how.Given | how.Equal):
        return given[:, None, None]
    counted = given > 0
    units = x.shape[1] if isinstance(choice, how.BenefitOfDoubt) else 1
    out = np.zeros((len(children), units, x.shape[2]))
    names = [tree.ids[i] for i in np.array(children)[counted]]
    for column in range(x.shape[2]):
        found = _from_data(choice, x[counted, :, column], given[counted], where, node.id, names)
        out[counted, :, column] = found
    return out


def _from_data(
    choice: methods.Method, x: Floats, given: Floats, where: str, node: str, names: list[str]
) -> Floats:
    """Return weights of one column, (k, 1), or (k, u) for the benefit of the doubt."""
    try:
        match choice:
            case how.Components():
                loadings, _ = weighing.first_component(x)
                if choice.squared or np.isnan(loadings).any():
                    return np.asarray((loadings**2)[:, None])
                if np.any(loadings < 0):
                    against = names[int(np.argmin(loadings))]
                    raise ValueError(f"{against} runs against the first component")
                return np.asarray((loadings / loadings.sum())[:, None])
            case how.Entropy():
                return weighing.entropy_weights(x)[:, None]
            case how.Importance():
                whole = x[:, ~np.isnan(x).any(axis=0)]
                return weighing.importance_weights(whole, given)[:, None]
            case _:
                assert isinstance(choice, how.BenefitOfDoubt)
                out = np.full(x.shape, np.nan)
                whole_units = ~np.isnan(x).any(axis=0)
                if np.any(x < 0):
                    raise ValueError("a child has a negative score")
                if whole_units.any():
                    _, out[:, whole_units] = weighing.benefit_of_doubt(
                        x[:, whole_units], choice.minimum_share
                    )
                return out
    except (ValueError, ArithmeticError) as fault:
        raise InputError(
            where,
            f"no weights of {node} by {choice.kind}: {fault}",
            "other weights, or look at the children's directions and scales",
            9,
            "weigh",
        ) from fault
