"""What makes an index change between two dates, or differ between two groups: exact parts."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from migov.core import units
from migov.core.align import align
from migov.core.errors import (
    AccountError,
    AlignmentError,
    DimensionError,
    KindError,
    ParameterError,
)
from migov.core.inputs import Input, admit, check_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

WHERE = "decompose_change"
_STEP = 1e-5
"""Part of the way by which an input is moved to both sides for a derivative."""
_NARROW, _MOST = 1e-6, 40
"""How narrowly a bend of the index is looked for, and how many are."""


def decompose_change(
    measure: Callable[..., xr.DataArray],
    before: Mapping[str, xr.DataArray],
    after: Mapping[str, xr.DataArray],
    *,
    by: str | None = None,
    nodes: int = 8,
) -> xr.Dataset:
    """Return what each input, and each of its labels, adds to the change of an index.

    All inputs move together from `before` to `after` on a straight line; each part is the
    integral of the index's derivative along that input's own way. The parts sum to the change,
    whatever the order of inputs. For a rate made of shares and rates they are Kitagawa's. Where
    an index bends, as those of absolute differences do, the way is parted at the bends.

    Parameters
    ----------
    measure : callable
        An indicator such as ``MismatchIndex()``, or a function of labelled arrays.
    before, after : mapping of str to DataArray
        Its arguments by name, at two dates or of two groups, by the same labels.
    by : str, optional
        Dimension of all inputs whose labels are told apart, such as ``"occupation"``.
    nodes : int
        Points of Gauss–Legendre quadrature on each stretch without a bend, 2 to 64.

    Returns
    -------
    Dataset {input, by, …}
        ``part``, in the unit of the index; ``before``, ``after`` and ``change`` of the index.

    Raises
    ------
    KindError, ParameterError
        No callable, no arguments, other names before than after.
    DimensionError, AlignmentError, UnitError, InputError
        Arrays whose labels, units or numbers do not fit.
    AccountError
        The parts miss the change: the index jumps, or an input comes to zero or almost, where
        the index has no derivative or a steep one; more nodes may do.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> def rate(cases, people):
    ...     found = cases.sum() / people.sum()
    ...     return found.assign_attrs(units="1")
    >>> def numbers(a, b):
    ...     return Cells((a, b), occupation="2 9").array("person")
    >>> found = decompose_change(rate,
    ...     {"cases": numbers(10.0, 10.0), "people": numbers(100.0, 100.0)},
    ...     {"cases": numbers(10.0, 20.0), "people": numbers(100.0, 100.0)}, by="occupation")
    >>> found.part.round(6).values.tolist()
    [[0.0, 0.05], [0.0, 0.0]]

    References
    ----------
    Kitagawa (1955), Journal of the American Statistical Association 50(272); Aumann and Shapley
    (1974), Values of Non-Atomic Games: parts along the straight line; Horiuchi, Wilmoth and
    Pletcher (2008), Demography 45(4), for demographic measures.
    """
    _check(measure, before, after, nodes)
    starts: dict[str, xr.DataArray] = {}
    moves: dict[str, NDArray[np.float64]] = {}
    for name, x in before.items():
        starts[name], moves[name] = _way(x, after[name], name, by)
    ends = _stretches(lambda t: _at(measure, starts, moves, t), nodes)
    first, last = (_at(measure, starts, moves, t) for t in (0.0, 1.0))
    labels = None if by is None else next(iter(starts.values())).coords[by].values
    rows = [
        [
            _part(measure, starts, moves, name, _only(starts[name], by, label), nodes, ends)
            for label in ([None] if labels is None else labels)
        ]
        for name in starts
    ]
    part = xr.concat([xr.concat(row, "label") for row in rows], "input")
    part = part.assign_coords(input=list(starts))
    part = part.isel(label=0) if by is None else part.rename(label=by).assign_coords({by: labels})
    change = last - first
    level = float(np.fmax(np.abs(first).max(), np.abs(last).max()))
    _check_sum(part, change, [d for d in ("input", by) if d is not None], level)
    return _told(part, first, last, change)


def _check(measure: Any, before: Any, after: Any, nodes: Any) -> None:
    if not callable(measure):
        raise KindError(
            WHERE, f"measure is a {type(measure).__name__}", "MismatchIndex()", None, "measure"
        )
    for name, given in (("before", before), ("after", after)):
        if not hasattr(given, "items") or not given:
            raise KindError(WHERE, f"{name} holds no arguments", '{"vacancies": …}', None, name)
    if set(before) != set(after):
        odd = sorted(map(str, set(before) ^ set(after)))
        raise ParameterError(
            WHERE, f"before and after differ in {odd[0]!r}", "the same arguments", 9, "after"
        )
    if isinstance(nodes, bool) or not isinstance(nodes, int) or not 2 <= nodes <= 64:
        raise ParameterError(WHERE, f"nodes={nodes!r}", "2 to 64", 9, "nodes")


def _way(x: Any, y: Any, name: str, by: str | None) -> tuple[xr.DataArray, NDArray[np.float64]]:
    """Return where an input starts, and how far it goes in the same unit and order."""
    plain = Input(title=name, unit="1", values="any")
    for side, array in (("before", x), ("after", y)):
        admit(array, plain, WHERE, f"{side}[{name!r}]")
        check_values(array, "any", WHERE, f"{side}[{name!r}]")
    if by is not None and by not in x.dims:
        raise DimensionError(
            WHERE, f"before[{name!r}] has no {by!r}", "give every input by it, or by=None", 8, "by"
        )
    factor = units.factor(units.unit_of(y), units.unit_of(x), WHERE, f"after[{name!r}]")
    bare = {
        side: array.drop_vars([c for c, v in array.coords.items() if v.ndim == 0])
        for side, array in (("before", x), ("after", y))
    }
    if set(x.dims) != set(y.dims):
        raise AlignmentError(
            WHERE, f"{name} has other dimensions after than before", "one date each", 2, "after"
        )
    both = align(WHERE, bare)
    there = both["after"].transpose(*both["before"].dims)
    far = np.asarray(there.values, float) * factor - np.asarray(both["before"].values, float)
    return x.astype(float).assign_attrs(x.attrs), far


def _only(x: xr.DataArray, by: str | None, label: Any) -> NDArray[np.float64]:
    """Return 1 in the cells of one label, 0 elsewhere."""
    if by is None:
        return np.ones(x.shape)
    here = (x.coords[by].values == label).astype(float)
    shape = [x.sizes[by] if dim == by else 1 for dim in x.dims]
    return np.broadcast_to(here.reshape(shape), x.shape)


def _at(
    measure: Any,
    starts: Mapping[str, xr.DataArray],
    moves: Mapping[str, NDArray[np.float64]],
    share: float,
    name: str = "",
    more: Any = 0.0,
) -> xr.DataArray:
    """Return the index at a share of the way, one input moved by `more` of its own besides."""
    given = {
        key: x.copy(data=x.values + (share + (more if key == name else 0.0)) * moves[key])
        for key, x in starts.items()
    }
    found = measure(**given)
    if not isinstance(found, xr.DataArray):
        raise KindError(
            WHERE,
            f"measure returned a {type(found).__name__}",
            "a function that returns a DataArray",
            None,
            "measure",
        )
    return found


def _stretches(index: Callable[[float], xr.DataArray], nodes: int) -> list[float]:
    """Return the ends of the stretches of the way on which the index has a derivative.

    A stretch on which the integral of the derivative misses the change is halved, until each
    half does without or the bend is known narrowly.
    """
    points, weights = np.polynomial.legendre.leggauss(nodes)
    first, last = index(0.0), index(1.0)
    within = 1e-7 * float(np.fmax(np.abs(first).max(), np.abs(last).max()))
    ends = [0.0, 1.0]

    def straight(a: float, low: xr.DataArray, b: float, high: xr.DataArray) -> bool:
        step, found = min(_STEP, (b - a) / 1000), low - high
        for point, weight in zip(a + (b - a) * (points + 1) / 2, weights / 2, strict=True):
            slope = (index(float(point) + step) - index(float(point) - step)) / (2 * step)
            found = found + slope * (weight * (b - a))
        if not float(np.abs(found).max()) > within or len(ends) > _MOST:
            return True
        if b - a < _NARROW:
            ends.append((a + b) / 2)
            return False
        middle = (a + b) / 2
        there = index(middle)
        halves = [straight(a, low, middle, there), straight(middle, there, b, high)]
        if all(halves):
            ends.append(middle)
        return False

    straight(0.0, first, 1.0, last)
    return sorted(ends)


def _part(
    measure: Any,
    starts: Any,
    moves: Any,
    name: str,
    cells: NDArray[np.float64],
    nodes: int,
    ends: list[float],
) -> xr.DataArray:
    """Return the integral of the derivative along some cells of one input."""
    if not (moves[name] * cells).any():
        still = _at(measure, starts, moves, 0.0)
        return still - still
    points, weights = np.polynomial.legendre.leggauss(nodes)
    total: Any = 0.0
    for a, b in itertools.pairwise(ends):
        step = min(_STEP, (b - a) / 1000)
        for point, weight in zip(a + (b - a) * (points + 1) / 2, weights / 2, strict=True):
            up, down = (
                _at(measure, starts, moves, float(point), name, sign * step * cells)
                for sign in (1.0, -1.0)
            )
            total = total + (up - down) * (weight * (b - a) / (2 * step))
    return total  # type: ignore[no-any-return]


def _check_sum(part: xr.DataArray, change: xr.DataArray, over: list[str], level: float) -> None:
    """Check that the parts sum to the change, but for what rounding takes from the index."""
    off = float(np.abs(part.sum(over, skipna=False) - change).max())
    scale = float(np.abs(part).max()) + float(np.abs(change).max())
    if off > 1e-5 * scale + 1e-9 * level:
        raise AccountError(
            WHERE,
            f"parts miss the change by {off:.2g}",
            "inputs in one unit, above zero at both ends, and an index that does not jump; "
            "nodes=64 where an input falls to almost nothing",
            10,
            "measure",
        )


def _told(part: Any, first: Any, last: Any, change: Any) -> xr.Dataset:
    unit = str(first.attrs.get("units", "1"))
    title = str(first.attrs.get("long_name", first.attrs.get("title", "index")))
    named = {
        "part": (part, f"part of the change of {title}"),
        "before": (first, f"{title}, before"),
        "after": (last, f"{title}, after"),
        "change": (change, f"change of {title}"),
    }
    out = xr.Dataset()
    for name, (x, text) in named.items():
        plain = x.reset_coords(drop=True).rename(None).drop_attrs()
        out[name] = plain.assign_attrs(units=unit, long_name=text)
    out.attrs = {"title": f"decomposition of a change: {title}"}
    return out
