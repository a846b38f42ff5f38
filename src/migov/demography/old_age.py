"""Old ages: a law of mortality fitted to the rates and continued beyond them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.align import align
from migov.core.errors import AgeError, InputError
from migov.core.inputs import Input
from migov.demography import kernels_oldage as kernels
from migov.demography.arguments import (
    check_death_rates,
    lacks,
    loaded,
    option,
    put_all,
    refuse,
    take,
    whole,
    without_age,
)

_WHERE = "extend_old_age"
_RATES = Input(title="central death rates", unit="1/year", needs=("age",))
_EXPOSURE = Input(title="person-years exposed", unit="person year", needs=("age",))
END = 130.0
"""Age from which the rate of a law is held when it closes a life table."""


def _window(
    x: xr.DataArray, fit: Sequence[float] | None, where: str, argument: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return places and middles of the closed groups in which a law is fitted."""
    lower, width = np.asarray(x.coords["age"].values, float), ages.widths(x, where, argument)
    closed = np.isfinite(width)
    top = float(lower[closed][-1] + width[closed][-1]) if closed.any() else 0.0
    ends: tuple[float, ...] = (top - 20.0, float(lower[closed][-1]) if closed.any() else 0.0)
    if fit is not None:
        pair = isinstance(fit, Sequence | np.ndarray) and not isinstance(fit, str | bytes)
        numbers = pair and all(isinstance(f, int | float | np.number) for f in fit)
        ends = tuple(float(f) for f in fit) if numbers else ()
    if len(ends) != 2 or not ends[0] <= ends[1]:
        raise AgeError(where, f"fit={fit!r}", "first and last age, such as (80, 99)", 3, "fit")
    places = np.flatnonzero(closed & (lower >= ends[0]) & (lower <= ends[1]))
    if len(places) < 4 or (lower[places[0]] > ends[0] + 1e-9 and fit is not None):
        raise AgeError(
            where,
            f"{argument} has {len(places)} closed groups in the ages {ends[0]:g} to {ends[1]:g} "
            "of the fit, expected four or more from the first of these ages",
            "fit=(first age, last age) among the groups",
            3,
            "fit",
        )
    return places, lower[places] + width[places] / 2


def _flat(x: xr.DataArray, places: np.ndarray) -> np.ndarray:
    """Return the rates of some ages (n, populations)."""
    values = np.moveaxis(np.asarray(x.values, float), x.get_axis_num("age"), 0)
    return np.asarray(values[places].reshape(len(places), -1))


def close_by_law(
    m: xr.DataArray,
    a: xr.DataArray,
    law: str,
    fit: Sequence[float] | None,
    ax: str,
    sexes: str,
    argument: str,
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return rates and years lived whose open group follows a law fitted below it.

    The expectation at the open age is that of the law in single years up to 130, where the
    rate is held; the rate of the open group becomes its inverse.
    """
    where = "life_table"
    m, a = loaded(m), loaded(a)
    places, middle = _window(m, fit, where, argument)
    used = m.isel(age=places)
    refuse(used <= 0, where, argument, "is zero where the law is fitted", "fit=(…) elsewhere")
    centre = float(middle.mean())
    _check_fit(used, law, where, argument)
    theta = kernels.fit_law(law, _flat(m, places), middle - centre)
    _check_rise(used, theta, law, where, argument)
    start = float(m.coords["age"].values[-1])
    if start >= END:
        raise AgeError(where, f"the open group starts at {start:g}", 'close="rate"', 3, argument)
    left = kernels.open_expectation(law, theta, start, centre, END)
    shape = [m.sizes[dim] for dim in m.dims if dim != "age"]
    axis = m.get_axis_num("age")
    last = np.expand_dims(left.reshape(shape), axis)
    keep = {"age": slice(None, -1)}
    parts = [(m, 1.0 / last), (a, last)]
    out = [x.copy(data=np.concatenate([x.isel(keep).values, y], axis=axis)) for x, y in parts]
    return out[0], out[1]


def _check_fit(used: xr.DataArray, law: str, where: str, argument: str) -> None:
    """Refuse rates that no law can be fitted to: of another unit, of nobody, above its ceiling."""
    mends = (f'{argument}.assign_attrs(units="per_thousand/year")', f"the {argument} times 1,000")
    check_death_rates(used, where, argument, mends)
    none = used.sum("age") == 0
    refuse(none, where, argument, "has no deaths where the law is fitted", "fit=(…) elsewhere")
    if law == "kannisto":  # its ceiling is one; with a level beside age, and beard, it is not
        over = used.mean("age") >= 1.0
        refuse(over, where, argument, "is above one where kannisto is fitted", 'law="beard"')


def _check_rise(used: xr.DataArray, theta: np.ndarray, law: str, where: str, argument: str) -> None:
    """Refuse a law that falls with age, as where old ages are overstated."""
    slope = theta[kernels.PARAMETERS[law].index("b")]
    like = used.isel(age=0, drop=True)
    falls = like.copy(data=(slope < -1e-9).reshape(like.shape))
    what = f"falls with age where the law is fitted, so that {law} would go on falling"
    refuse(falls, where, argument, what, "fit=(first, last) at younger ages, better reported")


def extend_old_age(
    rates: xr.DataArray,
    *,
    law: str = "kannisto",
    fit: Sequence[float] | None = None,
    start: int | None = None,
    end: int = 120,
    loss: str = "log",
    exposure: xr.DataArray | None = None,
) -> xr.Dataset:
    """Return death rates continued to high ages by a law fitted to them.

    Parameters
    ----------
    rates : DataArray {age, …}
        Central death rates in 1/year, single ages or groups; an open group is replaced.
    law : {"gompertz", "makeham", "kannisto", "kannisto_makeham", "beard", "beard_makeham"}
        The first two rise without bound, kannisto levels off at one, beard (the logistic law,
        Gompertz with gamma frailty) where the rates say; makeham adds a level beside age.
    fit : two of float, optional
        First and last age (lower bounds) of the fit; the 20 years below the open group.
    start : int, optional
        First age at which the law replaces the rate; the age after the last of the fit.
    end : int
        Last age of the result, in single years from `start`, 130 at most; its group is open.
    loss : {"log", "poisson"}
        Squares of the logarithm of the ratio, or Poisson deviance, weighted by `exposure`
        where it is given.
    exposure : DataArray {age, …}, optional
        Person-years, for ``loss="poisson"``.

    Returns
    -------
    Dataset {age, …}
        ``death_rate``, by the ages of `rates` below `start` and single ages above; the rate of
        the open group is the inverse of its expectation. ``estimate`` {parameter, …}: ``a``,
        ``b`` (per year), ``c`` (the logarithm of the level beside age) and ``d`` (minus that of
        the ceiling) of the law at the age ``centre`` (an attribute).

    Raises
    ------
    AgeError
        Fewer than four groups to fit, a start within a group or after the ages.
    InputError
        A rate of zero where the logarithm is fitted, rates of another unit, or such as fall with
        age where the law is fitted.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> text = " ".join(str(x) for x in range(80, 100)) + " 100+"
    >>> m = Cells([0.05 * 1.1**i for i in range(21)], age=text).array("1/year")
    >>> found = extend_old_age(m, law="gompertz", end=110)
    >>> float(found.death_rate.sel(age=105)) / (0.05 * 1.1**25)  # doctest: +ELLIPSIS
    1.0000...

    References
    ----------
    Thatcher, Kannisto and Vaupel (1998), The Force of Mortality at Ages 80 to 120. Gompertz
    (1825); Makeham (1860). Perks (1932); Beard (1959). Vaupel, Manton and Stallard (1979),
    Demography 16(3).
    """
    option(law, kernels.LAWS, _WHERE, "law")
    option(loss, kernels.LOSSES, _WHERE, "loss")
    x, flags = take(rates, _RATES, _WHERE, "rates")
    x = loaded(x)
    lacks(x, ("parameter",), _WHERE, "rates")
    places, middle = _window(x, fit, _WHERE, "rates")
    used = x.isel(age=places)
    refuse(used.isnull(), _WHERE, "rates", "is missing where the law is fitted", "fit=(…)")
    if loss == "log":
        refuse(used <= 0, _WHERE, "rates", "is zero where the law is fitted", 'loss="poisson"')
    weight = None if exposure is None else _weights(exposure, x, places, loss)
    first = _first(x, places, start)
    last = whole(end, _WHERE, "end", first + 1, END)
    centre = float(middle.mean())
    _check_fit(used, law, _WHERE, "rates")
    theta = kernels.fit_law(law, _flat(x, places), middle - centre, loss, weight)
    _check_rise(used, theta, law, _WHERE, "rates")
    return _continued(x, law, theta, centre, (first, last), flags)


def _weights(exposure: xr.DataArray, x: xr.DataArray, places: np.ndarray, loss: str) -> np.ndarray:
    if loss != "poisson":
        raise InputError(
            _WHERE, "exposure is given with loss='log'", 'loss="poisson"', 9, "exposure"
        )
    given, _ = take(exposure, _EXPOSURE, _WHERE, "exposure", complete=True)
    given = align(_WHERE, {"rates": x, "exposure": given})["exposure"]
    nobody = loaded(given).isel(age=places).sum("age") <= 0
    refuse(nobody, _WHERE, "exposure", "is zero where the law is fitted", "fit=(…) elsewhere")
    return _flat(given.broadcast_like(x).transpose(*x.dims), places)


def _first(x: xr.DataArray, places: np.ndarray, start: int | None) -> int:
    """Return the first age of the law, which starts a group or follows the last."""
    lower, width = np.asarray(x.coords["age"].values, float), ages.widths(x)
    after = float(lower[places[-1]] + width[places[-1]])
    first = after if start is None else float(whole(start, _WHERE, "start"))
    if not lower[places[0]] < first <= after:
        raise AgeError(
            _WHERE, f"start={first:g}, the fit ends at {after:g}", f"start={after:g}", 3, "start"
        )
    ages.check_limit(x, first, _WHERE, "rates", "start")
    return int(first)


def _continued(
    x: xr.DataArray,
    law: str,
    theta: np.ndarray,
    centre: float,
    span: tuple[int, int],
    flags: Any,
) -> xr.Dataset:
    """Return the rates below and those of the law, as one array."""
    first, last = span
    lower = np.arange(first, last + 1).astype(float)
    mu, _ = kernels.law_rates(law, theta, lower + 0.5 - centre)
    mu[-1] = 1.0 / kernels.open_expectation(law, theta, float(last), centre, max(END, last + 1.0))
    others = [str(dim) for dim in x.dims if dim != "age"]
    shape = [x.sizes[dim] for dim in others]
    kept = x.isel(age=np.flatnonzero(np.asarray(x.coords["age"].values) < first))
    coords = {dim: x.coords[dim] for dim in others}
    wide = np.append(np.ones(len(lower) - 1), np.inf)
    tail = xr.DataArray(
        mu.reshape(len(lower), *shape),
        {"age": lower.astype(np.int64), "age_width": ("age", wide), **coords},
        ("age", *others),
    )
    bare = kept.drop_vars([c for c in kept.coords if c not in ("age", "age_width", *others)])
    whole_ages = xr.concat([bare, tail.transpose(*bare.dims)], "age").transpose(*x.dims)
    whole_ages = whole_ages.assign_coords(
        {c: v for c, v in x.coords.items() if c not in whole_ages.coords and c != status.NAME}
    )
    whole_ages.attrs = {"units": "1/year", "long_name": f"death rate, {law} from age {first}"}
    parameter = xr.DataArray(
        theta.reshape(len(theta), *shape),
        {"parameter": list(kernels.PARAMETERS[law]), **coords},
        ("parameter", *others),
        attrs={"units": "1", "long_name": "parameters of the law; b is per year of age"},
    )
    out = xr.Dataset(
        {"death_rate": whole_ages, "estimate": parameter},
        attrs={"title": "old-age mortality", "law": law, "centre": centre},
    )
    return put_all(out, without_age(flags))
