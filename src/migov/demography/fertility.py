"""Fertility by age: schedules of a total, and their fit to a standard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.align import align
from migov.core.errors import AgeError, ParameterError
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.demography import kernels_schedules as kernels
from migov.demography.arguments import (
    further,
    lazy,
    loaded,
    option,
    put_all,
    refuse,
    take,
    unlabelled,
    without_age,
)
from migov.demography.plausible import CHILDREN

TOTAL = Input(title="total fertility", unit="1")
_RATES = Input(title="births per woman-year", unit="1/year", needs=("age",))
MODELS = ("gamma", "quadratic_spline")


def check_total(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse a total fertility of another unit than it is said to have, where it is in memory.

    Raises
    ------
    InputError
        More children per woman than any population has had.
    """
    if not lazy(x):
        mend = f'{argument}.assign_attrs(units="per_thousand"), if it is per 1,000 women'
        refuse(x > CHILDREN, where, argument, f"is above {CHILDREN:g} children per woman", mend, 6)


def _edges(lower: Sequence[float], where: str) -> np.ndarray:
    bounds = np.asarray(list(lower), float)
    good = bounds.ndim == 1 and bounds.size >= 2 and bool(np.isfinite(bounds).all())
    if not good or (np.diff(bounds) <= 0).any() or (bounds % 1).any():
        raise AgeError(where, f"lower={lower!r}", "two or more rising whole ages", 3, "lower")
    return np.append(bounds, 2.0 * bounds[-1] - bounds[-2])


def _rates(
    total: xr.DataArray,
    shares: np.ndarray,
    edges: np.ndarray,
    flags: xr.DataArray | None,
    title: str,
) -> xr.DataArray:
    """Return rates whose sum over years of age is the total."""
    width = np.diff(edges)
    labels = {"age": edges[:-1].astype(np.int64), "age_width": ("age", width)}
    pattern = xr.DataArray(shares / width, labels, "age")
    out: xr.DataArray = (total * pattern).transpose(*total.dims, "age")
    out.name = None
    out.attrs = {"units": "1/year", "long_name": title}
    return status.put(out, flags)


def fertility_schedule(
    total: xr.DataArray,
    *,
    model: str = "gamma",
    mean: float = 28.0,
    spread: float = 5.5,
    start: float = 13.0,
    peak: float = 27.0,
    half: float = 34.0,
    lower: Sequence[float] = (15, 20, 25, 30, 35, 40, 45),
) -> xr.DataArray:
    """Return fertility by age from its total and the shape of a model schedule.

    Parameters
    ----------
    total : DataArray {…}
        Total fertility, children per woman, without unit.
    model : {"gamma", "quadratic_spline"}
        A gamma distribution with `mean`, `spread` and `start`, or Schmertmann's quadratic
        spline with `start`, `peak` and `half`.
    mean, spread : float
        Mean age at childbearing and its standard deviation, in years.
    start : float
        Age at which fertility begins.
    peak, half : float
        Ages of the greatest fertility, and at which it has fallen to half of that.
    lower : sequence of float
        Lower bounds of the groups, the last as wide as the one before it. What the schedule
        has outside them is shared out within.

    Returns
    -------
    DataArray {…, age}
        Births per woman-year, 1/year; the sum of rates times widths is the total.

    Raises
    ------
    ParameterError
        Ages out of order.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> rates = fertility_schedule(Cells((1.5,), area="DEU").array("1"))
    >>> (rates.sum() * 5).round(12).item()
    1.5

    References
    ----------
    Hoem and others (1981), Demography 18(2). Schmertmann (2003), Demographic Research 9(5).
    """
    where = "fertility_schedule"
    option(model, MODELS, where, "model")
    x, flags = take(total, TOTAL, where, "total")
    check_total(x, where, "total")
    edges = _edges(lower, where)
    number(start, where, "start", 0.0, 100.0)
    if model == "gamma":
        number(mean, where, "mean", start + 1e-6, 100.0)
        number(spread, where, "spread", 1e-6, 100.0)
        apart = np.array([start, max(edges[0], start), max(edges[-1], start), start + 200.0])
        within = float(kernels.gamma_shares(apart, float(mean), float(spread), float(start))[1])
        _check_within(within, edges, where)
        shares = kernels.gamma_shares(edges, float(mean), float(spread), float(start))
    else:
        number(peak, where, "peak", start + 1e-6, 100.0)
        number(half, where, "half", peak + 1e-6, 100.0)
        # the mean of the curve over each group, by points that leave a thousandth of a percent
        fine = np.linspace(edges[:-1], edges[1:], 201)
        middle = (fine[:-1] + fine[1:]) / 2.0
        curve = kernels.spline_shape(middle, float(start), float(peak), float(half))
        area = curve.mean(axis=0) * np.diff(edges)
        if (curve < 0).any():
            raise ParameterError(
                where,
                f"the spline of start={start:g}, peak={peak:g}, half={half:g} falls below zero",
                "a later half, or an earlier start",
                9,
                "half",
            )
        years = kernels.spline_shape(np.arange(0.05, 120.0, 0.1), start, peak, half)
        _check_within(area.sum() / (years.sum() * 0.1), edges, where)
        shares = area / area.sum()
    return _rates(x, shares, edges, flags, f"births per woman-year, {model} schedule")


def _check_within(share: float, edges: np.ndarray, where: str) -> None:
    """Refuse ages that most of a schedule lies outside of."""
    if not share >= 0.5:
        raise AgeError(
            where,
            f"{share:.0%} of the schedule lies from age {edges[0]:g} to {edges[-1]:g}",
            "lower=(15, 20, 25, 30, 35, 40, 45), or a schedule of these ages",
            3,
            "lower",
        )


def relational_fertility(
    total: xr.DataArray, standard: xr.DataArray, *, level: float = 0.0, shape: float = 1.0
) -> xr.DataArray:
    """Return fertility by age from a standard, by Brass's relational Gompertz model.

    Parameters
    ----------
    total : DataArray {…}
        Total fertility, children per woman.
    standard : DataArray {age, …}
        Births per woman-year by closed groups.
    level, shape : float
        ``alpha`` and ``beta`` of ``Y = alpha + beta Ys`` with ``Y = -ln(-ln F)`` of the share
        ``F`` of fertility reached at the end of each group: a higher level is younger, a
        higher shape narrower childbearing.

    Returns
    -------
    DataArray {…, age}
        Births per woman-year, 1/year; the last group takes what is left of the total.

    Raises
    ------
    InputError
        A standard without fertility.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> standard = Cells((0.05, 0.1, 0.05), age="15-24 25-34 35-44").array("1/year")
    >>> found = relational_fertility(Cells(2.0).array("1"), standard)
    >>> found.values.round(9)
    array([0.05, 0.1 , 0.05])

    References
    ----------
    Brass (1978), Population Projections for Planning and Policy. Moultrie and others (2013),
    Tools for Demographic Estimation, the relational Gompertz model.
    """
    where = "relational_fertility"
    x, flags = take(total, TOTAL, where, "total")
    check_total(x, where, "total")
    base, more = take(standard, _RATES, where, "standard", complete=True)
    number(level, where, "level", -50.0, 50.0)
    number(shape, where, "shape", 1e-6, 50.0)
    share, width = _reached(loaded(base), where, "standard")
    y = level + shape * _gompit(share)
    reached = xr.apply_ufunc(lambda v: np.exp(-np.exp(-v)), y)
    first = reached.isel(age=[0])
    joined = xr.concat([first, reached.diff("age", label="upper")], "age")
    parts = cast("xr.DataArray", joined / width)
    lacking = further(x, parts)
    stub = parts.isel(age=0, drop=True)
    pair = align(where, {"total": x, "standard": stub}, lacking)
    out = (pair["total"] * parts).transpose(*x.dims, ..., "age")
    out.name = None
    out.attrs = {"units": "1/year", "long_name": "births per woman-year, relational Gompertz"}
    return status.put(out, status.join([flags, without_age(more)]))


def _gompit(share: xr.DataArray) -> xr.DataArray:
    """Return ``-ln(-ln F)``; infinite where all is reached."""

    def body(f: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return np.asarray(-np.log(-np.log(np.minimum(f, 1.0))))

    found: xr.DataArray = xr.apply_ufunc(body, share)
    return found


def _reached(x: xr.DataArray, where: str, name: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the share of fertility reached at the end of each group, and the widths."""
    wide = ages.widths(x, where, name)
    if np.isinf(wide).any():
        raise AgeError(where, f"{name} has an open group", "closed groups of age", 3, name)
    width = xr.DataArray(wide, {"age": x.coords["age"]}, "age")
    born = x * width
    whole_of = born.sum("age", skipna=False)
    refuse(whole_of == 0, where, name, "has no fertility", "leave it out")
    refuse(born.isel(age=0) == 0, where, name, "has no fertility in its first group", "later ages")
    return born.cumsum("age").assign_coords(x.coords) / whole_of, width


def fit_relational_fertility(rates: xr.DataArray, standard: xr.DataArray) -> xr.Dataset:
    """Return level and shape of fertility against a standard, by least squares.

    Parameters
    ----------
    rates, standard : DataArray {age, …}
        Births per woman-year by the same closed groups; the standard may lack dimensions.

    Returns
    -------
    Dataset {…}
        ``total`` (children per woman), ``level`` and ``shape``; ends of groups where all is
        reached, as that of the last, are left out of the fit of the population.

    Raises
    ------
    InputError
        Fewer than two ends of groups before all fertility is reached.
    AlignmentError
        Other ages or labels.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> standard = Cells((0.05, 0.1, 0.05), age="15-24 25-34 35-44").array("1/year")
    >>> rates = relational_fertility(Cells(3.0).array("1"), standard, level=0.2, shape=1.1)
    >>> fit = fit_relational_fertility(rates, standard)
    >>> fit.level.round(9).item(), fit["shape"].round(9).item(), fit.total.round(9).item()
    (0.2, 1.1, 3.0)
    """
    where = "fit_relational_fertility"
    given, flags = {}, []
    for name, x in (("rates", rates), ("standard", standard)):
        taken, flag = take(x, _RATES, where, name, complete=True)
        given[name] = loaded(taken)
        flags.append(without_age(flag))
    given["standard"] = unlabelled(given["standard"])
    pair = align(where, given, ("member", "scenario", *further(given["rates"])))
    y, x = (
        _gompit(_reached(pair[name], where, name)[0].isel(age=slice(0, -1)))
        for name in ("rates", "standard")
    )
    known: xr.DataArray = xr.apply_ufunc(np.isfinite, x) & xr.apply_ufunc(np.isfinite, y)
    few = known.sum("age") < 2
    told = (
        "has fewer than two ends of groups before all fertility is reached, in it or the standard"
    )
    refuse(few, where, "rates", told, "finer groups of age")
    x, y = x.where(known), y.where(known)
    wide = x - x.mean("age")
    shape = (wide * y).sum("age") / (wide**2).sum("age")
    width = _reached(pair["rates"], where, "rates")[1]
    out = xr.Dataset(
        {
            "total": (pair["rates"] * width).sum("age"),
            "level": y.mean("age") - shape * x.mean("age"),
            "shape": shape,
        },
        attrs={"title": "relational Gompertz model of fertility"},
    )
    for name in ("total", "level", "shape"):
        out[name].attrs = {"units": "1", "long_name": name}
    return put_all(out, status.join(flags))
