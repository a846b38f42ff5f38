"""Single years of age from groups, smoothed groups, and persons of unknown age shared out."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.align import align
from migov.core.definition import define, definition_of
from migov.core.errors import AgeError, InputError, MigovWarning, ParameterError
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.core.partition import check_additive
from migov.core.units import unit_of
from migov.demography import kernels_graduation as kernels
from migov.demography.arguments import (
    loaded,
    option,
    place_of,
    refuse,
    take,
    whole,
    without_age,
)

GRADUATIONS = (*kernels.MULTIPLIERS, "monotone", "pclm", "uniform")
SMOOTHINGS = (*kernels.SMOOTHERS, "strong", "united_nations")


def _counts(
    x: Any, where: str, argument: str = "x", needs: tuple[str, ...] = ("age",)
) -> tuple[xr.DataArray, xr.DataArray | None]:
    """Return additive counts in their own unit, in memory, with their status."""
    unit = unit_of(x, where, argument) if isinstance(x, xr.DataArray) else "person"
    found, flags = take(x, Input(title="counts", unit=unit, needs=needs), where, argument)
    check_additive(x, where, argument)
    return loaded(found), flags


def _closed(x: xr.DataArray, where: str) -> tuple[np.ndarray, np.ndarray, int]:
    """Return lower bounds, widths, and the number of closed groups."""
    lower, width = np.asarray(x.coords["age"].values, float), ages.widths(x, where, "x")
    closed = int(np.isfinite(width).sum())
    if closed == 0:
        raise AgeError(where, "x has no closed age group", "groups of ages", 3, "x")
    return lower, np.asarray(width, float), closed


def _five(x: xr.DataArray, where: str, least: int, method: str) -> int:
    """Return the number of closed groups, which have to be of five years."""
    lower, width, closed = _closed(x, where)
    wrong = np.flatnonzero(width[:closed] != 5)
    if wrong.size or closed < least or lower[0] % 5:
        i = int(wrong[0]) if wrong.size else 0
        five = range(int(lower[0]), int(lower[-1]) + 1, 5)
        mend = "more groups of five years"
        if set(five) < set(lower.tolist()):
            mend = f"migov.regroup_ages(x, {five})"
        elif where == "graduate":
            mend = 'method="monotone"'
        raise AgeError(
            where,
            f"method={method!r} needs {least} or more closed groups of five years, x has "
            f"{closed}, among them {ages.label(lower[i], width[i])}",
            mend,
            3,
            "x",
        )
    return closed


def _tell_negative(out: xr.DataArray, where: str, method: str) -> None:
    """Warn of amounts below zero, which some methods give where numbers change steeply."""
    below = out < -1e-9 * abs(out).max()
    if bool(below.any()):
        least = float(out.min())
        other = "monotone" if where == "graduate" else "carrier_farrag"
        warnings.warn(
            f"{where}: {method} gives {int(below.sum())} amounts below zero, the least "
            f"{least:g}, the first at {place_of(below)}\n"
            f'  → method="{other}", which never does; nothing is clipped',
            MigovWarning,
            stacklevel=3,
        )


def _finish(
    values: np.ndarray,
    x: xr.DataArray,
    lower: np.ndarray,
    width: np.ndarray,
    source: Any,
    flags: xr.DataArray | None,
    title: str,
) -> xr.DataArray:
    """Return values (…, age) on the labels of `x` with other ages."""
    others = [str(dim) for dim in x.dims if dim != "age"]
    coords: dict[Any, Any] = {
        c: v
        for c, v in x.coords.items()
        if "age" not in v.dims and c not in ("age", "age_width", status.NAME)
    }
    coords |= {"age": lower.astype(np.int64), "age_width": ("age", width)}
    out = xr.DataArray(values, coords, (*others, "age")).transpose(*x.dims)
    out.attrs = {"units": x.attrs["units"], "long_name": title}
    return status.put(define(out, definition_of(source)), without_age(flags))


def graduate(
    x: xr.DataArray,
    *,
    method: str = "sprague",
    end: int | None = None,
    smoothness: float | None = None,
) -> xr.DataArray:
    """Return counts by single years of age from counts by groups.

    Parameters
    ----------
    x : DataArray {age, …}
        Persons, deaths, person-years or other amounts that add up. An open group stays as it
        is, except with ``pclm`` and `end`.
    method : str
        ``sprague``, ``beers_ordinary``, ``beers_modified`` (osculatory multipliers on groups
        of five years; the last smooths the groups, and all may go below zero where numbers
        fall steeply); ``monotone`` (a monotone cubic spline of the cumulated counts, any groups,
        never negative); ``pclm`` (a smooth distribution under Poisson counts, any groups);
        ``uniform`` (evenly).
    end : int, optional
        With ``pclm``: age below which the open group ends.
    smoothness : float, optional
        With ``pclm``: weight of the penalty; chosen by the Bayesian information criterion
        where absent.

    Returns
    -------
    DataArray {age, …}
        In single years; unit, definition and status (over other dimensions) kept. Sums of
        groups are kept, except by ``beers_modified``, which keeps the sum of all.

    Warns
    -----
    MigovWarning
        Amounts below zero, with the first place and the least; nothing is clipped.

    Raises
    ------
    AgeError
        Groups that the method does not take.
    InputError
        Missing or negative counts.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> x = Cells((500, 450, 400, 350, 300, 900), age="0-4 5-9 10-14 15-19 20-24 25+")
    >>> graduate(x.array("person")).values[:5].round(1)
    array([104., 102., 100.,  98.,  96.])

    References
    ----------
    Shryock and Siegel (1976), The Methods and Materials of Demography, appendix C. Hyman
    (1983). Rizzi, Gampe and Eilers (2015), American Journal of Epidemiology 182(2).
    """
    where = "graduate"
    option(method, GRADUATIONS, where, "method")
    if method != "pclm" and (end is not None or smoothness is not None):
        name = "end" if end is not None else "smoothness"
        raise ParameterError(where, f"{name} with method={method!r}", 'method="pclm"', 9, name)
    given, flags = _counts(x, where)
    refuse(given.isnull(), where, "x", "is missing", "estimate or leave out what is missing first")
    lower, width, closed = _closed(given, where)
    values = np.moveaxis(given.values, given.get_axis_num("age"), -1)
    stop = lower[closed - 1] + width[closed - 1]
    if method in kernels.MULTIPLIERS:
        closed = _five(given, where, 5, method)
        fine = values[..., :closed] @ kernels.multipliers(method, closed).T
    elif method == "pclm":
        fine, closed, stop = _pclm(given, values, end, smoothness)
    else:
        edges = np.append(lower[:closed], stop)
        single = np.arange(lower[0], stop + 1)
        if method == "monotone" and closed < 3:
            raise AgeError(where, f"x has {closed} closed groups", "three or more", 3, "x")
        if method == "uniform":
            place = np.searchsorted(edges, single[:-1], side="right") - 1
            fine = values[..., place] / width[place]
        else:
            fine = kernels.monotone(values[..., :closed], edges, single)
    starts = np.arange(lower[0], stop)
    widths = np.ones(len(starts))
    if closed < len(lower):
        fine = np.concatenate([fine, values[..., closed:]], axis=-1)
        starts, widths = np.append(starts, lower[closed]), np.append(widths, np.inf)
    out = _finish(fine, given, starts, widths, x, flags, f"by single ages, {method}")
    _tell_negative(out, where, method)
    return out


def _pclm(
    x: xr.DataArray, values: np.ndarray, end: int | None, smoothness: float | None
) -> tuple[np.ndarray, int, float]:
    """Return counts by single ages of each cell, the groups they take, and where they end."""
    where = "graduate"
    lower, width, closed = _closed(x, where)
    stop = float(lower[closed - 1] + width[closed - 1])
    if end is not None:
        stop = float(whole(end, where, "end", int(stop) + 1, 200))
        closed = len(lower)
    edges = np.append(lower[:closed], stop)
    size = int(stop - lower[0])
    flat = values[..., :closed].reshape(-1, closed)
    if (flat.max(axis=1) == 0).any():
        raise InputError(where, "x has a population without anybody", "leave it out", 7, "x")
    if smoothness is not None:
        number(smoothness, where, "smoothness", 1e-9, 1e12)
    tried = 10.0 ** np.arange(-2, 7) if smoothness is None else np.array([float(smoothness)])
    fine = np.empty((len(flat), size))
    for i, counts in enumerate(flat):
        fits = []
        if 1e-9 < counts.max() < 1e18:  # beyond these nothing is a count
            with np.errstate(all="ignore"):
                fits = [kernels.composite_link(counts, edges, size, weight) for weight in tried]
        best, criterion = min(fits, key=lambda fit: fit[1], default=(counts, np.inf))
        if not np.isfinite(criterion):
            raise InputError(
                where,
                f"no smooth distribution of Poisson counts was found for x, whose groups hold "
                f"{counts.min():g} to {counts.max():g}",
                'method="monotone"',
                7,
                "x",
            )
        place = np.searchsorted(edges, np.arange(size) + lower[0], side="right") - 1
        sums = np.bincount(place, best, closed)
        fine[i] = best * (counts / sums)[place]  # the fit meets the groups nearly, this exactly
    return fine.reshape(*values.shape[:-1], size), closed, stop


def smooth_ages(
    x: xr.DataArray, *, method: str = "arriaga", lower: int = 10, upper: int = 70
) -> xr.DataArray:
    """Return counts by five-year groups, smoothed.

    Parameters
    ----------
    x : DataArray {age, …}
        Amounts in groups of five years from an age that ends in 0; an open group stays.
    method : str
        ``arriaga``, ``carrier_farrag``, ``karup_king_newton`` (each splits the groups of ten
        years and keeps their sums), ``strong`` (smooths groups of ten years and keeps their
        sum), ``united_nations`` (a weighted mean of five groups). Groups that a method does
        not reach stay as they are.
    lower, upper : int
        With ``strong``: the groups of ten years smoothed, from `lower` to below `upper`.

    Returns
    -------
    DataArray {age, …}
        Unit, definition and status (over other dimensions) kept.

    Warns
    -----
    MigovWarning
        Amounts below zero, with the first place and the least; nothing is clipped.

    Raises
    ------
    AgeError
        Other groups, or too few.
    InputError
        Missing or negative counts.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> x = Cells((642367, 515520, 357831, 275542, 268336, 278601, 90000),
    ...     age="0-4 5-9 10-14 15-19 20-24 25-29 30+").array("person")
    >>> smooth_ages(x, method="carrier_farrag").values[2:4].round()
    array([346290., 287083.])

    References
    ----------
    Arriaga (1994), Population Analysis with Microcomputers, volume 1. Carrier and Farrag
    (1959), Population Studies 12(3).
    """
    where = "smooth_ages"
    option(method, SMOOTHINGS, where, "method")
    given, flags = _counts(x, where)
    refuse(given.isnull(), where, "x", "is missing", "estimate or leave out what is missing first")
    closed = _five(given, where, 6, method)
    starts = np.asarray(given.coords["age"].values, float)
    if starts[0] % 10:
        raise AgeError(
            where, f"x starts at age {starts[0]:g}", "ages from one that ends in 0", 3, "x"
        )
    values = np.moveaxis(given.values, given.get_axis_num("age"), -1)
    even = closed - closed % 2
    if method == "united_nations":
        smooth = kernels.united_nations(values[..., :closed])
    elif method == "strong":
        places = [
            int((number(end, where, name, 0.0) - starts[0]) // 10)
            for name, end in (("lower", lower), ("upper", upper))
        ]
        if not 1 <= places[0] < places[1] <= even // 2 - 1 or lower % 10 or upper % 10:
            raise ParameterError(
                where,
                f"lower={lower}, upper={upper} have no groups of ten years on both sides",
                "lower=10, upper=70, or nearer together",
                9,
                "lower",
            )
        smooth = kernels.strong(kernels.tens(values[..., :even]), places[0], places[1] - 1)
    else:
        smooth = kernels.SMOOTHERS[method](kernels.tens(values[..., :even]))
    out = values.copy()
    reached = out[..., : smooth.shape[-1]]
    out[..., : smooth.shape[-1]] = np.where(np.isnan(smooth), reached, smooth)
    width = ages.widths(given, where, "x")
    found = _finish(out, given, starts, width, x, flags, f"smoothed over ages, {method}")
    _tell_negative(found, where, method)
    return found


def spread_unknown(x: xr.DataArray, unknown: xr.DataArray, *, dim: str = "age") -> xr.DataArray:
    """Return counts with the persons of unknown age (or another class) shared out.

    Parameters
    ----------
    x : DataArray {dim, …}
        Amounts by known class.
    unknown : DataArray {…}
        Amounts of unknown class, the dimensions of `x` without `dim`.
    dim : str
        Dimension whose class is unknown.

    Returns
    -------
    DataArray {dim, …}
        Each class raised in proportion; unit, definition and joined status kept, what was
        raised is marked ``imputed``.

    Raises
    ------
    InputError
        Persons of unknown class where nobody is of a known one, or missing numbers.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> x = Cells((30, 60), age="0-14 15+").array("person")
    >>> spread_unknown(x, Cells(9).array("person")).values
    array([33., 66.])

    References
    ----------
    Shryock and Siegel (1976), The Methods and Materials of Demography, chapter 8.
    """
    where = "spread_unknown"
    needs = (dim,)
    known, flags = _counts(x, where, "x", needs)
    contract = Input(title="unknown", unit=known.attrs["units"])
    rest, more = take(unknown, contract, where, "unknown")
    refuse(known.isnull(), where, "x", "is missing", "share out what is known to be complete")
    if dim in rest.coords:
        raise AgeError(where, f"unknown has {dim!r}", f"unknown without {dim}", 8, "unknown")
    everybody = known.sum(dim, skipna=False)
    pair = align(where, {"x": everybody, "unknown": loaded(rest)})
    refuse(
        (pair["x"] == 0) & (pair["unknown"] > 0),
        where,
        "unknown",
        "has nobody of known class to be shared out by",
        "leave out the cell, or share out a coarser total",
    )
    scale = 1.0 + pair["unknown"] / pair["x"].where(pair["x"] > 0, 1.0)
    out = (known * scale).transpose(*known.dims)
    out.name = x.name
    out.attrs = {k: v for k, v in x.attrs.items() if k in ("units", "long_name")}
    out = status.put(define(out, definition_of(x)), status.join([flags, more]))
    raised = pair["unknown"] > 0
    if "member" in raised.dims:
        raised = raised.any("member")
    return status.mark(out, "imputed", at=raised.reset_coords(drop=True))
