"""Assignment of largest total weight, with seats, bounds by group, and the prices behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import xarray as xr
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, vstack

from migov.core import status
from migov.core.errors import AccountError, CodeError, InputError, ParameterError
from migov.labour import kernels_assignment as kernels
from migov.labour import ordering, protected
from migov.labour.arguments import marked, several
from migov.labour.limits import Limit, told_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WHERE = "assignment"


def assignment(
    weights: xr.DataArray, capacity: xr.DataArray, *, limits: Sequence[Limit] = ()
) -> xr.Dataset:
    """Return who is assigned where, so that the sum of the weights is largest.

    A planner's benchmark: nobody proposes, and pairs may block it. Nobody has to be assigned;
    to be nowhere weighs 0. A planning tool, not a decision on individuals.

    Parameters
    ----------
    weights : DataArray {worker, post}
        Value of each pair, in any unit; NaN where it may not be. Coordinates along worker or
        post (such as ``origin`` or ``region``) name the groups of `limits`.
    capacity : DataArray {post}
        Seats, in post.
    limits : sequence of Limit, optional
        Upper and lower bounds by group of workers or posts, or by ``"post"``, each or all
        together.

    Returns
    -------
    Dataset {worker, post, limit}
        ``partner`` ("" for none), ``weight`` and ``surplus`` of each worker; ``filled`` and
        ``price`` of each post; ``limit_price`` of each group that is bounded, negative where a
        lower bound costs. The prices are the lowest that support the assignment where there are
        no limits; with ``at_each_post`` there may be none, and they are undefined. The attribute
        ``value`` is the sum of the weights.

    Raises
    ------
    ParameterError, CodeError
        Limits that cannot be kept together; groups that are not there; weights named after a
        protected attribute.
    DimensionError, AlignmentError, InputError, UnitError, KindError
        Labels or numbers that cannot be.
    AccountError
        The value differs from surpluses and prices.

    Examples
    --------
    >>> both = {"worker": ["a", "b"], "post": ["x", "y"]}
    >>> weights = xr.DataArray([[5.0, 4.0], [5.0, 1.0]], both, attrs={"units": "1"})
    >>> seats = xr.DataArray([1, 1], {"post": ["x", "y"]}, attrs={"units": "post"})
    >>> found = assignment(weights, seats)
    >>> found.partner.values.tolist(), found.price.values.tolist(), found.attrs["value"]
    (['y', 'x'], [1.0, 0.0], 9.0)

    References
    ----------
    Shapley and Shubik (1971), International Journal of Game Theory 1(1), 111-130.
    """
    name = getattr(weights, "name", None)
    protected.refuse([] if name is None else [name], WHERE, "weights")
    given = ordering.table(weights, WHERE, "weights")
    seats = ordering.seats(capacity, given.coords["post"].values, WHERE)
    values = np.asarray(given.values, float)
    limits = several(limits, Limit, WHERE, "limits")
    if limits:
        found = _bounded(values, seats, _rows(given, limits))
    else:
        post, surplus, price = kernels.transport(np.where(np.isnan(values), -np.inf, values), seats)
        found = _Found(post, surplus, price, np.zeros(0), [])
    _check(values, seats, found)
    return marked(_dataset(given, values, seats, found, limits), weights, capacity)


@attrs.frozen(eq=False)
class _Found:
    """A solution: post of each worker, gains, prices of seats and of bounds; bounds in words.

    ``gain`` and the prices are None where the solution is whole numbers without prices.
    """

    post: NDArray[np.int64]
    gain: NDArray[np.float64] | None
    price: NDArray[np.float64] | None
    bound_price: NDArray[np.float64] | None
    bounds: list[_Bound]


@attrs.frozen(eq=False)
class _Bound:
    """A bound on the number of pairs in a part of the table."""

    told: str
    least: float
    most: float
    workers: NDArray[np.bool_]
    posts: NDArray[np.bool_]


def _rows(given: xr.DataArray, limits: Sequence[Limit]) -> list[_Bound]:
    """Return the bounds of all limits."""
    all_workers = np.ones(given.sizes["worker"], np.bool_)
    all_posts = np.ones(given.sizes["post"], np.bool_)
    out = []
    for limit in limits:
        coord = given.coords.get(limit.by)
        if coord is None or coord.dims not in (("worker",), ("post",)):
            raise CodeError(
                WHERE,
                f"weights has no groups {limit.by!r} along worker or post",
                f"weights.assign_coords({limit.by}=('worker', labels))",
                9,
                "limits",
            )
        labels = coord.values.astype(str)
        for words, pairs in (("at most", limit.most), ("at least", limit.least)):
            for group, number in pairs:
                inside = labels == group
                if not inside.any():
                    raise CodeError(
                        WHERE,
                        f"no {limit.by} is called {group!r}",
                        told_groups(labels),
                        9,
                        "limits",
                    )
                bound = (0.0, float(number)) if words == "at most" else (float(number), np.inf)
                told = f"{words} {number} in {limit.by} {group}"
                if coord.dims == ("post",):
                    out.append(_Bound(told, *bound, all_workers, inside))
                elif not limit.at_each_post:
                    out.append(_Bound(told, *bound, inside, all_posts))
                else:
                    for p, post in enumerate(given.coords["post"].values):
                        here = np.arange(len(all_posts)) == p
                        out.append(_Bound(f"{told} at {post}", *bound, inside, here))
    return out


def _bounded(values: NDArray[np.float64], seats: NDArray[np.int64], bounds: list[_Bound]) -> _Found:
    """Solve by linear programming, whose corners are whole where groups nest; else by integers."""
    worker, post = np.nonzero(~np.isnan(values))
    count = len(worker)
    if count == 0:
        raise InputError(WHERE, "weights holds NaN alone", "give the value of a pair", 7, "weights")
    one = np.ones(count)
    columns = np.arange(count)
    each = csr_array(coo_array((one, (worker, columns)), shape=(len(values), count)))
    full = csr_array(coo_array((one, (post, columns)), shape=(len(seats), count)))
    rows = [csr_array((b.workers[worker] & b.posts[post]).astype(float)[None, :]) for b in bounds]
    sign = np.array([1.0 if np.isfinite(b.most) else -1.0 for b in bounds])
    edge = np.array([b.most if np.isfinite(b.most) else -b.least for b in bounds])
    scaled = (r * s for r, s in zip(rows, sign, strict=True))
    upper: Any = vstack([each, full, *scaled], format="csr")  # typed for dense arrays only
    limit = np.concatenate([np.ones(len(values)), seats.astype(float), edge])
    gain = values[worker, post]
    solved = linprog(-gain, A_ub=upper, b_ub=limit, bounds=(0, 1), method="highs-ds")
    if solved.status != 0:
        told = "; ".join(b.told for b in bounds)
        raise ParameterError(
            WHERE,
            f"no assignment keeps all of: {told}",
            "loosen one of them, or bar fewer pairs",
            9,
            "limits",
        )
    chosen = np.asarray(solved.x)
    whole = np.abs(chosen - np.round(chosen)).max(initial=0.0) < 1e-7
    if not whole:
        rule = LinearConstraint(upper, -np.inf, limit)
        answer = milp(
            -gain, constraints=rule, bounds=Bounds(0, 1), integrality=one.astype(np.int64)
        )
        if answer.x is None:
            raise ParameterError(
                WHERE,
                "no whole assignment keeps all limits",
                "give up or widen one of the limits",
                9,
                "limits",
            )
        chosen = np.asarray(answer.x)
    placed = np.full(len(values), -1, np.int64)
    taken = chosen > 0.5
    placed[worker[taken]] = post[taken]
    if not whole:
        return _Found(placed, None, None, None, bounds)
    dual = -np.asarray(solved.ineqlin.marginals)
    n, m = values.shape
    # The bound x ≤ 1 repeats that each worker has one post: its price belongs to the worker.
    extra = -np.asarray(solved.upper.marginals)
    surplus = dual[:n] + np.bincount(worker, weights=extra, minlength=n).astype(float)
    return _Found(placed, surplus, dual[n : n + m], dual[n + m :] * sign, bounds)


def _check(values: NDArray[np.float64], seats: NDArray[np.int64], found: _Found) -> None:
    """Check that the value is the sum of gains and prices, each computed on its own."""
    placed = found.post >= 0
    filled = np.bincount(found.post[placed], minlength=len(seats))
    if (filled > seats).any():
        raise AccountError(WHERE, "a post holds more than its seats", "report this", 10)
    if found.gain is None or found.price is None or found.bound_price is None:
        return
    value = float(values[placed, found.post[placed]].sum())
    edges = np.array([b.most if np.isfinite(b.most) else b.least for b in found.bounds])
    owed = float(found.gain.sum() + seats @ found.price + edges @ found.bound_price)
    scale = float(np.nansum(np.abs(values[placed, found.post[placed]]))) + 1.0
    if not abs(value - owed) <= 1e-7 * scale:
        raise AccountError(
            WHERE, f"the value is {value:.10g}, gains and prices are {owed:.10g}", "report this", 10
        )


def _dataset(
    given: xr.DataArray,
    values: NDArray[np.float64],
    seats: NDArray[np.int64],
    found: _Found,
    limits: Sequence[Limit],
) -> xr.Dataset:
    placed = found.post >= 0
    unit = str(given.attrs.get("units", "1"))
    labels = np.asarray(given.coords["post"].values, object)
    partner = np.full(len(values), "", object)
    partner[placed] = labels[found.post[placed]]
    weight = np.zeros(len(values))
    weight[placed] = values[placed, found.post[placed]]
    filled = np.bincount(found.post[placed], minlength=len(seats))
    columns: dict[str, tuple[str, Any, str, str]] = {
        "partner": ("worker", partner, "1", "post"),
        "weight": ("worker", weight, unit, "value of the pair, 0 for none"),
        "surplus": ("worker", found.gain, unit, "value of the pair less the price of the seat"),
        "filled": ("post", filled, "person", "persons assigned"),
        "price": ("post", found.price, unit, "price of a seat"),
    }
    if found.bounds:
        columns["limit_price"] = ("limit", found.bound_price, unit, "price of one place more")
    out = xr.Dataset(
        coords={
            "worker": given.coords["worker"].values,
            "post": given.coords["post"].values,
            **({"limit": [b.told for b in found.bounds]} if found.bounds else {}),
        }
    )
    for name, (dim, numbers, units, title) in columns.items():
        none = numbers is None
        data = np.full(out.sizes[dim], np.nan) if none else numbers
        x = xr.DataArray(data, {dim: out.coords[dim]}, dim, attrs={"units": units})
        x.attrs["long_name"] = title
        out[name] = status.mark(x, "undefined") if none else x
    out.attrs = {
        "title": "assignment of largest value",
        "note": protected.NOTE,
        "value": float(weight.sum()),
        "limits": "; ".join(str(x) for x in limits),
    }
    return out
