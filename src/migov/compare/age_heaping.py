"""Heaping of ages: how far reported ages prefer some last digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import xarray as xr

from migov.core import ages
from migov.core.errors import AgeError, ParameterError
from migov.core.inputs import check_values
from migov.core.partition import check_additive
from migov.core.vocabulary import check_dimensions, require
from migov.numeric import heaping


def _single(x: xr.DataArray, lower: int, upper: int, where: str) -> xr.DataArray:
    """Return counts at single ages from 0, padded below where they begin later."""
    check_dimensions(x, where, "x")
    require(x, ["age"], where, "x")
    ages.check_ages(x, where, "x")
    check_additive(x, where, "x")
    starts, widths = np.asarray(x.coords["age"].values, float), ages.widths(x, where, "x")
    needed = np.arange(lower, upper + 1)
    at = {float(start): width for start, width in zip(starts, widths, strict=True)}
    wrong = [int(age) for age in needed if at.get(float(age)) != 1]
    if wrong:
        raise AgeError(
            where,
            f"x has no single age {wrong[0]}, all from {lower} to {upper} are needed",
            "counts by single years of age",
            3,
            "x",
        )
    kept = check_values(x, "nonnegative", where, "x").sel(age=needed)
    return kept.pad(age=(lower, 0), constant_values=0.0)


def _whole(value: object, name: str, low: int, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < low:
        raise ParameterError(where, f"{name}={value!r}", f"a whole number from {low}", 9, name)


def _applied(
    x: xr.DataArray, kernel: Callable[..., object], title: str, **options: object
) -> xr.DataArray:
    out: xr.DataArray = xr.apply_ufunc(
        kernel,
        x,
        kwargs=options,
        input_core_dims=[["age"]],
        dask="parallelized",
        output_dtypes=[float],
        dask_gufunc_kwargs={"allow_rechunk": True},
    )
    out.attrs = {"units": "1", "long_name": title}
    return out


def whipple(
    x: xr.DataArray,
    *,
    lower: int = 25,
    upper: int = 60,
    digits: Sequence[int] = (0, 5),
    scale: Literal["index", "ratio"] = "index",
) -> xr.DataArray:
    """Return Whipple's index of the preference for ages that end in 0 or 5.

    Parameters
    ----------
    x : DataArray {age, …}
        Persons by single years of age, with those around: 23 to 62 for 25 to 60; a missing age
        makes the index missing.
    lower, upper : int
        First and last age that is looked at, both included.
    digits : sequence of int
        Last digits: one, or two that are five apart.
    scale : {"index", "ratio"}
        100 for no preference, as the United Nations print it, or 1.

    Returns
    -------
    DataArray {…}
        Without unit. With both digits, 500 (or 5) says that all ages end in them; up to 105 is
        highly accurate, to 110 fairly, to 125 approximate, to 175 rough.

    Raises
    ------
    AgeError
        An age is not there by single years.
    ParameterError
        The range or the digits are none.

    Examples
    --------
    >>> x = xr.DataArray(np.ones(100), {"age": np.arange(100), "age_width": ("age", np.ones(100))},
    ...     "age", attrs={"units": "person"})
    >>> whipple(x).item(), whipple(x, scale="ratio").item()
    (100.0, 1.0)

    References
    ----------
    United Nations (1955), Manual II: Methods of Appraisal of Quality of Basic Data for
    Population Estimates, chapter on age; its scale of accuracy is quoted from memory. One
    digit: Spoorenberg (2007), Quality of age reporting: extension and application of the
    modified Whipple's index, Population 62(4).
    """
    where = "whipple"
    _whole(lower, "lower", 0, where)
    _whole(upper, "upper", lower + 9, where)
    chosen = tuple(digits)
    pair = len(chosen) == 2 and abs(chosen[0] - chosen[1]) == 5
    if not (pair or len(chosen) == 1) or not set(chosen) <= set(range(10)):
        raise ParameterError(
            where, f"digits={chosen}", "one digit, or two that are five apart", 9, "digits"
        )
    if scale not in ("index", "ratio"):
        raise ParameterError(where, f"scale={scale!r}", "'index' or 'ratio'", 9, "scale")
    _, start, end = heaping.window(lower, upper, chosen)
    if start < 0:
        raise ParameterError(where, f"lower={lower} looks below birth", "lower=25", 9, "lower")
    single = _single(x, start, end, where)
    title = f"Whipple's index, digits {', '.join(map(str, chosen))}, ages {lower} to {upper}"
    found = _applied(single, heaping.whipple, title, lower=lower, upper=upper, digits=chosen)
    return found if scale == "ratio" else (100.0 * found).assign_attrs(found.attrs)


def myers(
    x: xr.DataArray,
    *,
    lower: int = 10,
    upper: int = 89,
    blend: Literal["same number of ages", "all ages"] = "same number of ages",
) -> xr.DataArray:
    """Return Myers' blended index of digit preference.

    Parameters
    ----------
    x : DataArray {age, …}
        Persons by single years of age from `lower` to `upper`.
    lower, upper : int
        First and last age; a multiple of ten ages, at least twenty.
    blend : {"same number of ages", "all ages"}
        Both sums of a digit take the same number of ages (the first leaves out the last
        decade), or the first takes all, as the spreadsheets of the United States Census Bureau
        do.

    Returns
    -------
    DataArray {…}
        Without unit: 0 for no preference, 90 where all ages end in one digit; the least share
        of persons, in percent, whose reported age ends in a wrong digit.

    Raises
    ------
    AgeError
        An age is not there by single years.
    ParameterError
        The range is no multiple of ten ages.

    Examples
    --------
    >>> x = xr.DataArray(np.ones(100), {"age": np.arange(100), "age_width": ("age", np.ones(100))},
    ...     "age", attrs={"units": "person"})
    >>> myers(x).item()
    0.0

    References
    ----------
    Myers (1940), Errors and bias in the reporting of ages in census data, Transactions of the
    Actuarial Society of America 41; Arriaga (1994), Population Analysis with Microcomputers.
    """
    where = "myers"
    _whole(lower, "lower", 0, where)
    _whole(upper, "upper", lower + 19, where)
    if (upper - lower + 1) % 10:
        raise ParameterError(
            where, f"ages {lower} to {upper} are no multiple of ten", "upper=89", 9, "upper"
        )
    if blend not in ("same number of ages", "all ages"):
        raise ParameterError(
            where, f"blend={blend!r}", "'same number of ages' or 'all ages'", 9, "blend"
        )
    single = _single(x, lower, upper, where)
    title = f"Myers' blended index, ages {lower} to {upper}, {blend}"
    return _applied(
        single,
        heaping.myers,
        title,
        lower=lower,
        upper=upper,
        whole=blend == "all ages",
    )
