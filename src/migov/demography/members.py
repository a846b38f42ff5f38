"""What members say together: quantiles and fans, probabilities, checks against what came.

Sums come first. A total over areas, ages or sexes is taken within each member, which keeps
whatever correlation the members carry; quantiles do not add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr

from migov.core import status, units
from migov.core.align import align
from migov.core.definition import define, definition_of, same
from migov.core.errors import DimensionError, ParameterError
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.core.vocabulary import check_dimensions
from migov.demography.arguments import loaded, take
from migov.numeric import calibration as kernels

LEVELS = (50, 80, 95)


def _members(x: Any, where: str, argument: str) -> tuple[xr.DataArray, xr.DataArray | None, str]:
    """Return an array with members checked, its status and its unit."""
    check_dimensions(x, where, argument)
    unit = units.unit_of(x, where, argument)
    contract = Input(title=argument, unit=unit, needs=("member",), values="any")
    plain, flags = take(x, contract, where, argument)
    if plain.sizes["member"] < 2:
        raise DimensionError(
            where, f"{argument} has one member", "two members at least", 8, argument
        )
    return plain, flags, unit


def _levels(levels: Any, where: str) -> list[float]:
    """Return shares of central intervals in percent, rising."""
    given = [levels] if isinstance(levels, int | float) else list(levels)
    found = [number(p, where, "levels", what="percent above 0 and below 100") for p in given]
    if not found or any(not 0 < p < 100 for p in found) or len(set(found)) < len(found):
        raise ParameterError(
            where, f"levels={levels!r}", "percent above 0 and below 100, each once", 9, "levels"
        )
    if max(found) <= 1.0:
        percent = [round(100.0 * p, 10) for p in found]
        mend = f"levels={[int(p) if p.is_integer() else p for p in percent if p < 100] or [80]}"
        raise ParameterError(
            where, f"levels={levels!r}, which are shares, expected percent", mend, 9, "levels"
        )
    return sorted(found)


def _over_members(x: xr.DataArray, probabilities: Sequence[float]) -> xr.DataArray:
    """Return quantiles; all members of a cell come into one block."""

    def body(values: np.ndarray) -> np.ndarray:
        return np.moveaxis(np.quantile(values, list(probabilities), axis=-1), 0, -1)

    found: xr.DataArray = xr.apply_ufunc(
        body,
        x,
        input_core_dims=[["member"]],
        output_core_dims=[["quantile"]],
        dask="parallelized",
        output_dtypes=[float],
        dask_gufunc_kwargs={
            "output_sizes": {"quantile": len(probabilities)},
            "allow_rechunk": True,
        },
    )
    return found.assign_coords(quantile=np.asarray(probabilities, float))


def quantiles(x: xr.DataArray, probabilities: Sequence[float] = (0.1, 0.5, 0.9)) -> xr.DataArray:
    """Return quantiles over the members.

    Parameters
    ----------
    x : DataArray {member, …}
        Anything with members, summed first over what is to be summed: ``mg.total(x, "area")``.
    probabilities : sequence of float
        From 0 to 1, rising.

    Returns
    -------
    DataArray {…, quantile}
        In the unit of `x`, with its definition and status; between two members on the straight
        line (type 7 of Hyndman and Fan). A missing member makes the cell missing.

    Raises
    ------
    ParameterError
        Probabilities outside 0 to 1 or not rising.
    DimensionError
        Fewer than two members.
    InputError
        Infinite values.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> x = Cells((1.0, 2.0, 4.0), member="0 1 2").array("person")
    >>> quantiles(x, [0.5, 0.75]).values
    array([2., 3.])

    References
    ----------
    Hyndman and Fan (1996), The American Statistician 50(4).
    """
    where = "quantiles"
    plain, flags, unit = _members(x, where, "x")
    rule = "from 0 to 1, rising"
    chosen = [
        number(p, where, "probabilities", what=rule)
        for p in np.atleast_1d(np.asarray(probabilities, object))
    ]
    outside = any(not 0 <= p <= 1 for p in chosen)
    if not chosen or outside or any(b <= a for a, b in pairwise(chosen)):
        if chosen and min(chosen) >= 0 and 1 < max(chosen) <= 100:
            rule = f"probabilities={[p / 100 for p in sorted(set(chosen))]}"
        raise ParameterError(where, f"probabilities={probabilities!r}", rule, 9, "probabilities")
    out = _over_members(plain, chosen)
    out.attrs = {"units": unit, "long_name": x.attrs.get("long_name", "quantiles")}
    return status.put(define(out, definition_of(x)), flags)


def intervals(x: xr.DataArray, levels: Sequence[float] = LEVELS) -> xr.Dataset:
    """Return the median and central intervals over the members: a fan.

    Parameters
    ----------
    x : DataArray {member, …}
        Anything with members, summed first over what is to be summed.
    levels : sequence of float
        Shares that the intervals hold, in percent.

    Returns
    -------
    Dataset
        ``median`` {…}, and {…, level} ``lower`` and ``upper``; in the unit of `x`. Take them by
        name, ``fan["median"]``: the attribute is xarray's method.

    Raises
    ------
    ParameterError
        Levels that are none.
    DimensionError
        Fewer than two members.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> x = Cells(range(101), member=" ".join(map(str, range(101)))).array("person")
    >>> fan = intervals(x, [80])
    >>> fan["lower"].item(), fan["median"].item(), fan["upper"].item()
    (10.0, 50.0, 90.0)
    """
    where = "intervals"
    plain, flags, unit = _members(x, where, "x")
    chosen = _levels(levels, where)
    tails = [(100.0 - p) / 200.0 for p in chosen]
    found = _over_members(plain, [*tails, 0.5, *(1.0 - t for t in tails)])
    n = len(chosen)
    parts = {
        "median": found.isel(quantile=n, drop=True),
        "lower": found.isel(quantile=slice(0, n)),
        "upper": found.isel(quantile=slice(n + 1, None)),
    }
    out = xr.Dataset()
    title = str(x.attrs.get("long_name", "value"))
    for name, part in parts.items():
        one = part
        if "quantile" in part.dims:
            one = part.rename(quantile="level").assign_coords(level=np.asarray(chosen))
        one.attrs = {"units": unit, "long_name": f"{title}, {name}"}
        out[name] = status.put(define(one, definition_of(x)), flags)
    out["level"].attrs = {"units": "percent", "long_name": "share of members inside"}
    return out


def probability(
    x: xr.DataArray, *, above: float | None = None, below: float | None = None
) -> xr.Dataset:
    """Return the share of members beyond a limit, or between two.

    Parameters
    ----------
    x : DataArray {member, …}
        Anything with members, summed first over what is to be summed.
    above, below : float, optional
        Limits in the unit of `x`: strictly above, strictly below, or both at once.

    Returns
    -------
    Dataset {…}
        ``probability``, "1", and its ``standard_error`` from the number of members alone. A
        missing member makes the cell missing.

    Raises
    ------
    ParameterError
        No limit, limits that are no numbers or leave nothing between them.
    DimensionError
        Fewer than two members.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> x = Cells((1.0, 2.0, 3.0, 4.0), member="0 1 2 3").array("million person")
    >>> probability(x, below=4).probability.item()
    0.75
    """
    where = "probability"
    plain, flags, _ = _members(x, where, "x")
    if above is None and below is None:
        raise ParameterError(where, "no limit is given", "above=… or below=…", 9, "above")
    low = -np.inf if above is None else number(above, where, "above")
    high = np.inf if below is None else number(below, where, "below")
    if not low < high:
        raise ParameterError(
            where, f"nothing is above {low:g} and below {high:g}", "above < below", 9, "below"
        )
    inside = ((plain > low) & (plain < high)).where(plain.notnull())
    share = inside.mean("member", skipna=False)
    error = (share * (1.0 - share) / plain.sizes["member"]) ** 0.5
    limits = [f"above {above:g}"] if above is not None else []
    limits += [f"below {below:g}"] if below is not None else []
    told = f"{x.attrs.get('long_name', 'value')} {' and '.join(limits)} {x.attrs['units']}"
    out = xr.Dataset()
    for name, part, title in (
        ("probability", share, f"share of members: {told}"),
        ("standard_error", error, "standard error of the share, from the number of members"),
    ):
        part.attrs = {"units": "1", "long_name": title}
        out[name] = status.put(define(part, definition_of(x)), flags)
    return out


def calibration(
    forecast: xr.DataArray, observed: xr.DataArray, levels: Sequence[float] = LEVELS
) -> xr.Dataset:
    """Return how well the members of a forecast told what came.

    Parameters
    ----------
    forecast : DataArray {member, time, area, …}
        Made from data up to a date, for dates after it that are known by now.
    observed : DataArray {time, area, …}
        What came; dimensions, labels and definition as in `forecast`.
    levels : sequence of float
        Shares that central intervals ought to hold, in percent.

    Returns
    -------
    Dataset
        By cell: ``crps``, the continuous ranked probability score in the unit of `forecast`
        (for members as draws), and ``pit``, the place of the truth among the members from 0 to
        1. By level: ``coverage``, the share of all cells inside the interval, in percent, and
        ``interval_score``, the mean over the cells. ``cells`` counts them; cells of one
        trajectory depend on each other.

    Raises
    ------
    DefinitionError
        The two count different people.
    InputError
        Missing or infinite values.
    AlignmentError, UnitError, DimensionError, ParameterError
        Inputs that do not fit together.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> drawn = Cells(([0.0, 1, 2, 3, 4], [0, 1, 2, 3, 4]), area="DEU MDA", member="0 1 2 3 4")
    >>> came = Cells((2.0, 9.0), area="DEU MDA")
    >>> found = calibration(drawn.array("person"), came.array("person"), [80])
    >>> found.coverage.values, found.pit.values.round(4)
    (array([50.]), array([0.5   , 0.9167]))

    References
    ----------
    Gneiting and Katzfuss (2014), Annual Review of Statistics and Its Application 1.
    """
    where = "calibration"
    drawn, flags, unit = _members(forecast, where, "forecast")
    chosen = _levels(levels, where)
    drawn = loaded(take(drawn.assign_attrs(units=unit), _any(unit), where, "forecast",
                        complete=True)[0])  # fmt: skip
    came, more = take(observed, _any(unit), where, "observed", complete=True)
    if "member" in came.dims:
        raise DimensionError(where, "observed has 'member'", "what came is one", 8, "observed")
    same(where, {"forecast": definition_of(forecast), "observed": definition_of(observed)})
    pair = align(where, {"forecast": drawn, "observed": loaded(came)}, ("member",))
    draws = pair["forecast"].transpose(..., "member")
    seen = pair["observed"].transpose(*draws.dims[:-1])
    values, truth = draws.values, np.asarray(seen.values)
    out = xr.Dataset()
    joined = status.join([flags, more])
    for name, found, own, title in (
        ("crps", kernels.crps(values, truth, fair=True), unit, "ranked probability score"),
        ("pit", kernels.pit(values, truth), "1", "place of the truth among the members"),
    ):
        one = seen.copy(data=found)
        one.attrs = {"units": own, "long_name": title}
        out[name] = status.put(one, joined)
    tails = np.array([(100.0 - p) / 200.0 for p in chosen])
    lower, upper = (np.quantile(values, q, axis=-1) for q in (tails, 1.0 - tails))
    inside = ((truth >= lower) & (truth <= upper)).reshape(len(chosen), -1)
    scores = [
        kernels.interval_score(a, b, truth, p / 100.0).mean()
        for a, b, p in zip(lower, upper, chosen, strict=True)
    ]
    coords = {"level": np.asarray(chosen)}
    out["coverage"] = ("level", 100.0 * inside.mean(axis=-1), {
        "units": "percent", "long_name": "share of cells inside the interval"})  # fmt: skip
    out["interval_score"] = ("level", np.asarray(scores), {
        "units": unit, "long_name": "mean score of the interval"})  # fmt: skip
    out = out.assign_coords(coords)
    out["level"].attrs = {"units": "percent", "long_name": "share that ought to be inside"}
    out["cells"] = ((), int(truth.size), {"units": "1", "long_name": "cells compared"})
    out.attrs = {"title": "calibration of a forecast", "members": int(values.shape[-1])}
    return out


def _any(unit: str) -> Input:
    return Input(title="forecast", unit=unit, values="any")
