"""What the three actors can have together: quotas that no other quotas beat for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core.errors import ParameterError
from migov.schemes.design import LIMITS, Prepared
from migov.schemes.design_checks import GROUPS
from migov.schemes.design_result import at_quantile

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from migov.schemes.design import Design

    Floats = NDArray[np.float64]

WHERE = "frontier"
MOST_STEPS = 100
"""Already 5,151 sets of weights."""


def frontier(design: Design, gains: xr.DataArray, *, steps: int = 4, **limits: Any) -> xr.Dataset:
    """Return quotas along the frontier of destination, origin and migrants.

    Every point is the best under one set of weights of the three actors' mean gains; the
    weights run over a grid, the limits and guards are the design's. Points that another one
    beats for one actor, at no loss to the others, are left out. No point is called the best:
    that is what the weights are for.

    Parameters
    ----------
    design : Design
        Guards and shares; its objective is left aside.
    gains : DataArray {actor, occupation, origin, period, member}
        See :meth:`Design.solve`.
    steps : int
        Steps of the grid of weights, from 1; ``steps=4`` tries 15 sets.
    **limits : DataArray
        As in :meth:`Design.solve`.

    Returns
    -------
    Dataset
        ``gain`` {point, actor} on average over members, ``gain_at_quantile`` {point, actor},
        ``weight`` {point, actor}, ``quotas`` {point, occupation, origin, period}, ``proven``
        {point}, whether the search for it was finished, and ``ideal`` {actor}, the most that
        each could have alone.

    Raises
    ------
    ParameterError
        `steps` is no whole number from 1 to 100; a limit that no design has.
    DataError
        No quotas satisfy all limits.

    Notes
    -----
    Weights find all corners that a linear programme has in common with its frontier, as the
    grid gets finer; where members may lose, or places are whole, points in a dent of the
    frontier are not among them.

    References
    ----------
    M. Ehrgott (2005), Multicriteria Optimization, 2nd edition, Springer, chapters 3 and 6.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> from migov.schemes.design import Design
    >>> gain = Cells(((9.0, 4.0), (1.0, 6.0), (5.0, 5.0)),
    ...     actor="destination origin migrants", occupation="5 9").array("EUR/person")
    >>> gain = gain.expand_dims(origin=["ALB"]).expand_dims(
    ...     period=np.array(["2026-01-01"], "M8[s]"))
    >>> gain = gain.assign_coords(period_end=("period", np.array(["2027-01-01"], "M8[s]")))
    >>> free = Design(objective="needs", relax=(("floor", "example"),))
    >>> need = Cells((10.0, 10.0), occupation="5 9").array("person")
    >>> cap = Cells((10.0,), origin="ALB").array("person")
    >>> frontier(free, gain, needs=need, caps=cap).gain.values
    array([[90., 10., 50.],
           [40., 60., 50.]])
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= MOST_STEPS:
        raise ParameterError(
            WHERE, f"steps={steps!r:.60}", f"a whole number from 1 to {MOST_STEPS}", 9, "steps"
        )
    odd = [name for name in limits if name not in LIMITS]
    if odd or "needs" not in limits:
        what = f"{odd[0]!r} is no limit" if odd else "needs is absent"
        raise ParameterError(
            WHERE, what, " ".join(LIMITS), 9, odd[0] if odd else "needs"
        )  # fmt: skip
    prepared = Prepared.of(design, gains, {name: limits.get(name) for name in LIMITS})
    means = np.array([prepared.worth(design.evolve(objective=actor)) for actor in GROUPS])
    size = np.maximum(np.abs(means).max(axis=1), 1e-300)
    weights = [np.array(one) / steps for one in _grid(steps, len(GROUPS))]
    results, points = [], []
    for weight in weights:
        # Each actor's gains count in units of its largest gain by a place, so that the grid
        # covers the frontier also where one of them has far larger amounts; a trace of the
        # others' gains keeps points that only tie from being chosen.
        scaled = (weight + 1e-6) / size
        pairs = tuple(zip(GROUPS, map(float, scaled), strict=True))
        found = prepared.solve(design.evolve(objective=pairs))
        results.append(found)
        points.append(means @ found.found.places)
    kept = undominated(np.array(points))
    ideal = np.array(points).max(axis=0)
    return _dataset(design, [results[i] for i in kept], np.array(weights)[kept], ideal)


def _grid(steps: int, count: int) -> list[tuple[int, ...]]:
    """Return all whole numbers that sum to `steps`, the first actor's largest first."""
    if count == 1:
        return [(steps,)]
    return [
        (first, *rest) for first in range(steps, -1, -1) for rest in _grid(steps - first, count - 1)
    ]


def undominated(points: Floats, relative: float = 1e-6) -> list[int]:
    """Return which points (N, K) no other one beats, the first of equal ones only.

    Parameters
    ----------
    points : ndarray (N, K)
        More is better in each column.
    relative : float
        Differences below this share of a column's largest number count as none.

    Examples
    --------
    >>> undominated(np.array([[1.0, 3.0], [2.0, 2.0], [1.0, 2.0], [2.0, 2.0]]))
    [0, 1]
    """
    slack = relative * np.maximum(np.abs(points).max(axis=0, initial=0.0), 1e-300)
    kept: list[int] = []
    for i, own in enumerate(points):
        no_worse = (points >= own - slack).all(axis=1)
        better = (points > own + slack).any(axis=1)
        equal = (np.abs(points[:i] - own) <= slack).all(axis=1)
        if not (no_worse & better).any() and not any(equal[j] for j in kept):
            kept.append(i)
    return kept


def _dataset(design: Design, results: list[Any], weights: Floats, ideal: Floats) -> xr.Dataset:
    """Return the points as a dataset of one schema."""
    import xarray as xr

    actors = list(GROUPS)
    sums = [
        one.gain.sel(actor=actors).sum(["origin", "period"]) for one in results
    ]  # fmt: skip
    members = [np.asarray(x.values, float).reshape(len(actors), -1) for x in sums]
    money = {"units": results[0].prepared.currency}
    both = ("point", "actor")
    mean = np.array([x.mean(axis=1) for x in members])
    quantile = np.array([at_quantile(x.T, design.quantile) for x in members])
    quotas = xr.concat([one.quotas for one in results], "point", coords="minimal",
                       compat="override")  # fmt: skip
    quotas.attrs = {
        key: value for key, value in results[0].quotas.attrs.items() if key != "objective_units"
    }
    return xr.Dataset(
        {
            "gain": (both, mean, money | {"long_name": "mean gain over no scheme"}),
            "gain_at_quantile": (
                both, quantile, money | {"long_name": f"gain at the {design.quantile:.0%} quantile"}
            ),
            "weight": (both, weights, {"units": "1", "long_name": "weight, in units of the "
                                       "actor's largest gain by a place"}),
            "ideal": ("actor", ideal, money | {"long_name": "most that an actor could have"}),
            "quotas": quotas,
            "proven": ("point", [one.proven for one in results], {
                "long_name": "whether no other quotas serve these weights better"}),
        },
        {"point": np.arange(len(results)), "actor": actors},
        {"given_up": "; ".join(f"{name}: {why}" for name, why in design.relax)},
    )  # fmt: skip
