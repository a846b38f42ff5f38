"""Model life tables: the log-quadratic model, and Brass's logits of a standard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.align import align
from migov.core.errors import AgeError, AlignmentError, InputError, KindError
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.demography import kernels_lifetable as kernels
from migov.demography.arguments import (
    dataset,
    further,
    letters,
    loaded,
    put_all,
    refuse,
    take,
    unlabelled,
    without_age,
)

_COEFFICIENTS = ("a", "b", "c", "v")
OLD = 80
"""Age from which the rate is taken as constant within a group: half its width leaves nobody."""
_SURVIVORS = Input(title="survivors", unit="person", needs=("age",))


def log_quadratic(
    coefficients: xr.Dataset,
    child: xr.DataArray,
    *,
    adult: xr.DataArray | None = None,
    k: float | None = None,
    life_expectancy: xr.DataArray | None = None,
) -> xr.Dataset:
    """Return death rates of the log-quadratic model of mortality.

    ``log m(x) = a + b h + c h² + v k`` with ``h`` the logarithm of the probability of dying
    before age 5; the rate at ages 1-4 is the one that meets this probability.

    Parameters
    ----------
    coefficients : Dataset {age, sex, …}
        ``a``, ``b``, ``c``, ``v`` without unit, by ages 0, 1-4, 5-9 … and an open group, as
        Wilmoth and others publish them.
    child : DataArray {sex, …}
        Probability of dying before age 5, "1" or a multiple.
    adult : DataArray {sex, …}, optional
        Probability of dying between 15 and 60, which ``k`` is made to meet.
    k : float, optional
        Instead: the parameter itself; 0 where neither it nor another is given.
    life_expectancy : DataArray {sex, …}, optional
        Instead: life expectancy at birth in year, which ``k`` is made to meet.

    Returns
    -------
    Dataset
        ``death_rate`` {…, age} in 1/year, ``k`` {…}, and ``mean_years_dying`` {…, age} in
        year, by Andreev and Kingkade at age 0, Coale and Demeny at 1-4, half the width above,
        at a constant rate from 80: what :func:`life_table` needs with ``ax="given"``.

    Raises
    ------
    InputError
        No ``k`` between -30 and 30 meets what is asked, or a probability of 0.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> age = "0 1-4 5-14 15-59 60+"
    >>> table = xr.Dataset({name: Cells(values, age=age).array("1") for name, values in (
    ...     ("a", (-1.2, -1.0, -3.0, -2.9, -1.0)), ("b", (0.8, 1.9, 1.5, 0.9, 0.4)),
    ...     ("c", (0.0,) * 5), ("v", (0.0, 0.1, 0.2, 0.3, 0.0)))})
    >>> found = log_quadratic(table, Cells(0.02).array("1"), k=0.5)
    >>> found.k.item()
    0.5

    References
    ----------
    Wilmoth, Zureick, Canudas-Romo, Inoue and Sawyer (2012), Population Studies 66(1).
    """
    where = "log_quadratic"
    dataset(where, coefficients, "coefficients", _COEFFICIENTS)
    if sum(x is not None for x in (adult, k, life_expectancy)) > 1:
        raise KindError(
            where, "adult, k and life_expectancy: more than one is given", "one", 9, "k"
        )
    base = coefficients["a"]
    width = ages.widths(base, where, "coefficients")
    lower = np.asarray(base.coords["age"].values, float)
    if list(width[:2]) != [1.0, 4.0] or lower[0] != 0 or not np.isinf(width[-1]):
        raise AgeError(
            where,
            "coefficients needs ages 0, 1-4 and an open group",
            "ages 0, 1-4, 5-9, …, 110+",
            3,
            "coefficients",
        )
    share = Input(title="probability", unit="1", values="share")
    young, flags = take(child, share, where, "child", complete=True)
    young = loaded(young)
    refuse((young <= 0) | (young >= 1), where, "child", "is no probability between 0 and 1")
    if "sex" in base.dims and "sex" not in young.coords:
        mend = 'child by sex, or coefficients.sel(sex="F", drop=True)'
        raise AlignmentError(where, "coefficients has 'sex', child has not", mend, 2, "child")
    target: tuple[str, xr.DataArray] | None = None
    if adult is not None:
        grown = loaded(take(adult, share, where, "adult", complete=True)[0])
        refuse((grown <= 0) | (grown >= 1), where, "adult", "is no probability between 0 and 1")
        target = ("adult", grown)
    elif life_expectancy is not None:
        years = Input(title="life expectancy", unit="year")
        found = take(life_expectancy, years, where, "life_expectancy", complete=True)[0]
        target = ("life_expectancy", loaded(found))
    level = 0.0 if k is None else number(k, where, "k", -30.0, 30.0)
    return put_all(_solved(coefficients, young, target, level, width, lower), flags)


def _solved(
    coefficients: xr.Dataset,
    young: xr.DataArray,
    target: tuple[str, xr.DataArray] | None,
    level: float,
    width: np.ndarray,
    lower: np.ndarray,
) -> xr.Dataset:
    """Return the rates with k given, or found by bisection."""
    where = "log_quadratic"
    stub = coefficients["a"].isel(age=0, drop=True).drop_vars("age_width", errors="ignore")
    given = {"coefficients": stub, "child": young, **({} if target is None else dict([target]))}
    together = align(where, given, ("member", "scenario", *further(young)))
    whole = xr.broadcast(*together.values())[0].transpose(*young.dims, ...)
    like = whole
    if "sex" not in whole.dims:
        like = whole.expand_dims("sex") if "sex" in whole.coords else whole.expand_dims(sex=["_T"])
    like = like.transpose("sex", ...)
    sexes = letters(like, where, "child")

    def bare(x: xr.DataArray, *age: str) -> np.ndarray:
        shape = [x.sizes[d] for d in age] + list(like.shape)
        lacking = {d: like.sizes[d] for d in like.dims if d not in x.dims}
        wide = x.drop_vars([d for d in lacking if d in x.coords]).expand_dims(lacking)
        return np.broadcast_to(wide.transpose(*age, *like.dims).values, shape).astype(float)

    a, b, c, v = (bare(coefficients[name], "age") for name in _COEFFICIENTS)
    q5 = bare(together["child"])
    h = np.log(q5)

    def rates(k: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return _model(np.exp(a + b * h + c * h * h + v * k), q5, width, sexes)

    k = np.full(q5.shape, level)
    if target is not None:
        k = _bisected(rates, bare(together[target[0]]), target[0], width, lower)
    m, years = rates(k)
    closed = width[:-1].reshape(-1, *(1,) * (m.ndim - 1))
    over = m[:-1] * years[:-1] > 1.0 + 1e-12  # more would die in a group than there are
    over |= ~(m[:-1] > 0) | ~(closed >= years[:-1])
    if over.any():
        bad = like.copy(data=over.any(axis=0))
        mend = "values that go together: k between -2 and 2, mostly"
        refuse(
            bad,
            where,
            "child",
            "leads to death rates below zero or above the largest possible",
            mend,
        )
    return _named(m, years, k, like, whole, width, lower)


def _named(
    m: np.ndarray,
    years: np.ndarray,
    k: np.ndarray,
    like: xr.DataArray,
    whole: xr.DataArray,
    width: np.ndarray,
    lower: np.ndarray,
) -> xr.Dataset:
    """Return rates, years lived and k on their labels, without a sex that none was given."""
    labels = {str(d): like.coords[d] for d in like.dims if d in like.coords}
    age = {"age": lower.astype(np.int64), "age_width": ("age", width)}
    out = xr.Dataset()
    for name, values, unit in (("death_rate", m, "1/year"), ("mean_years_dying", years, "year")):
        out[name] = xr.DataArray(values, {**labels, **age}, ("age", *like.dims))
        out[name].attrs = {"units": unit, "long_name": name.replace("_", " ")}
    out["k"] = xr.DataArray(k, labels, like.dims, attrs={"units": "1", "long_name": "k"})
    if "sex" not in whole.dims:
        out = out.isel(sex=0, drop="sex" not in whole.coords)
    out.attrs = {"title": "log-quadratic model of mortality"}
    return out.transpose(*whole.dims, "age")


def _model(
    m: np.ndarray, q5: np.ndarray, width: np.ndarray, sexes: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return rates that meet the probability of dying before 5, and the years lived."""
    m = m.copy()
    wide = width[:-1].reshape(-1, *(1,) * (m.ndim - 1))
    old = np.cumsum(np.append(0.0, width[:-2])).reshape(wide.shape) >= OLD
    closed = np.where(old, kernels.constant_force_ax(m[:-1], wide), wide / 2.0)
    years = np.concatenate([closed, m[-1:]])
    first = kernels.years_lived(m, width, sexes, "andreev_kingkade", True)[0]
    q0 = m[0] / (1.0 + (1.0 - first) * m[0])
    q1 = 1.0 - (1.0 - q5) / (1.0 - q0)
    second = kernels.child_ax(q0, sexes)
    m[1] = q1 / (4.0 - (4.0 - second) * q1)
    years[0], years[1], years[-1] = first, second, 1.0 / m[-1]
    return m, years


def _bisected(
    rates: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    wanted: np.ndarray,
    name: str,
    width: np.ndarray,
    lower: np.ndarray,
) -> np.ndarray:
    """Return the k at which the model meets a probability or a life expectancy."""
    where = "log_quadratic"
    inner = np.flatnonzero((lower >= 15) & (lower + width <= 60))

    def gap(k: np.ndarray) -> np.ndarray:
        m, years = rates(k)
        if name == "life_expectancy":
            return wanted - kernels.expectation(m, years, width)
        n = width[inner].reshape(-1, *(1,) * (m.ndim - 1))
        q = n * m[inner] / (1.0 + (n - years[inner]) * m[inner])
        return np.asarray(1.0 - np.prod(1.0 - q, axis=0) - wanted)

    low, high = np.full(wanted.shape, -30.0), np.full(wanted.shape, 30.0)
    bad = (gap(low) > 0) | (gap(high) < 0)
    if bad.any():
        raise InputError(
            where,
            f"no k between -30 and 30 meets {name}={wanted[bad].flat[0]:g}",
            "values that go together",
            9,
            name,
        )
    for _ in range(80):
        middle = (low + high) / 2.0
        over = gap(middle) > 0
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return np.asarray((low + high) / 2.0)


def _logits(x: xr.DataArray, where: str, argument: str) -> xr.DataArray:
    """Return Brass's logits of survivors above the first age, where some but not all die."""
    none = x.isel(age=0, drop=True) <= 0
    refuse(none, where, argument, "has nobody alive at the first age", "survivors from a radix")
    rise = x.diff("age") > 0
    refuse(rise, where, argument, "has more survivors than at the age before", rule=3)
    share = x / x.isel(age=0, drop=True)
    inner = share.isel(age=slice(1, None))
    refuse(
        (inner <= 0) | (inner >= 1),
        where,
        argument,
        "is not between nobody and everybody",
        "ages at which some have died and some live",
    )
    found: xr.DataArray = 0.5 * xr.apply_ufunc(np.log, (1.0 - inner) / inner)
    return found


def brass_logit(
    standard: xr.DataArray, *, level: xr.DataArray | float, shape: xr.DataArray | float = 1.0
) -> xr.DataArray:
    """Return survivors whose logits are a straight line of those of a standard.

    Parameters
    ----------
    standard : DataArray {age, …}
        Survivors of a life table in person; all are alive at the first age.
    level, shape : float or DataArray {…}
        ``alpha`` and ``beta`` of ``logit l = alpha + beta logit ls``, with the logit half the
        logarithm of dead over alive; a higher level is higher mortality.

    Returns
    -------
    DataArray {age, …}
        Survivors in person, from the same radix: what :func:`life_table` takes.

    Raises
    ------
    InputError
        Ages at which all or none of the standard live, survivors that increase; a shape that is
        not positive.
    AlignmentError
        A level or shape for other labels than the standard has.

    Notes
    -----
    Any life table serves as the standard: that of a neighbour, of an earlier census, or of the
    rates of :func:`log_quadratic`. Brass's general standard is not packaged: no first source was
    at hand, and the versions that circulate, by single ages (in programs of Timaeus, 2021) and by
    groups (in teaching), differ by 1 percent of the survivors at age 1 and by 9 at age 80.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> standard = Cells((1000, 900, 500), age="0-29 30-59 60+").array("person")
    >>> brass_logit(standard, level=0.0).values.round(9)
    array([1000.,  900.,  500.])

    References
    ----------
    Brass (1971), Biological Aspects of Demography. Preston, Heuveline and Guillot (2001),
    Demography, section 9.1.
    """
    where = "brass_logit"
    x, flags = take(standard, _SURVIVORS, where, "standard", complete=True)
    x = loaded(x)
    parts = {}
    for name, value in (("level", level), ("shape", shape)):
        if isinstance(value, xr.DataArray):
            contract = Input(title=name, unit="1", values="any")
            parts[name] = loaded(take(value, contract, where, name, complete=True)[0])
        else:
            parts[name] = xr.DataArray(number(value, where, name))
        if name == "shape":
            refuse(parts[name] <= 0, where, name, "is not positive", "shape=1.0")
    given = {"standard": _logits(x, where, "standard"), **parts}
    pair = align(where, given, further(*given.values(), age=True))
    y = pair["level"] + pair["shape"] * pair["standard"]
    inner: xr.DataArray = 1.0 / (1.0 + xr.apply_ufunc(np.exp, 2.0 * y))
    first = x.isel(age=0, drop=True)
    ones = (inner.isel(age=[0]) * 0 + 1.0).assign_coords(
        age=x.coords["age"].values[:1], age_width=("age", ages.widths(x)[:1])
    )
    out = xr.concat([ones, inner], "age") * first
    out = out.transpose(*x.dims, ...)
    out.name = None
    out.attrs = {"units": "person", "long_name": "survivors, Brass's logits"}
    return status.put(out, without_age(flags))


def fit_brass_logit(survivors: xr.DataArray, standard: xr.DataArray) -> xr.Dataset:
    """Return level and shape of survivors against a standard, by least squares on the logits.

    Parameters
    ----------
    survivors, standard : DataArray {age, …}
        Persons at the lower bound of each age, aligned; the standard may lack dimensions.

    Returns
    -------
    Dataset {…}
        ``level`` and ``shape``, without unit.

    Raises
    ------
    InputError
        Ages at which all or none live, survivors that increase.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> standard = Cells((1000, 900, 500, 100), age="0-29 30-59 60-79 80+").array("person")
    >>> fit = fit_brass_logit(brass_logit(standard, level=0.3, shape=1.1), standard)
    >>> fit.level.round(9).item(), fit["shape"].round(9).item()
    (0.3, 1.1)
    """
    where = "fit_brass_logit"
    given = {}
    flags = []
    for name, x in (("survivors", survivors), ("standard", standard)):
        taken, flag = take(x, _SURVIVORS, where, name, complete=True)
        given[name] = loaded(taken)
        flags.append(without_age(flag))
    given["standard"] = unlabelled(given["standard"])
    pair = align(where, given, ("member", "scenario", *further(given["survivors"])))
    y, x = (_logits(pair[name], where, name) for name in ("survivors", "standard"))
    if x.sizes["age"] < 2:
        mend = "two ages or more above the first"
        raise AgeError(where, "survivors has one age above the first", mend, 3, "survivors")
    wide = x - x.mean("age")
    shape = (wide * y).sum("age") / (wide**2).sum("age")
    level = y.mean("age") - shape * x.mean("age")
    out = xr.Dataset({"level": level, "shape": shape}, attrs={"title": "Brass's logits"})
    for name in ("level", "shape"):
        out[name].attrs = {"units": "1", "long_name": f"{name} of the logits"}
    return put_all(out, status.join(flags))
