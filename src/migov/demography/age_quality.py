"""Quality of reported ages and sexes: preference of digits, irregular groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages
from migov.core.errors import AgeError, DimensionError
from migov.core.inputs import Input
from migov.core.partition import check_additive
from migov.demography.arguments import letters, take, whole
from migov.numeric import heaping


def _over(kernel: Callable[..., Any], arrays: list[xr.DataArray], title: str) -> xr.DataArray:
    out: xr.DataArray = xr.apply_ufunc(
        kernel,
        *arrays,
        input_core_dims=[["age"]] * len(arrays),
        dask="parallelized",
        output_dtypes=[float],
        dask_gufunc_kwargs={"allow_rechunk": True},
    )
    out.name = None
    out.attrs = {"units": "1", "long_name": title}
    return out


def bachi(x: xr.DataArray) -> xr.DataArray:
    """Return Bachi's index of the preference for last digits of age.

    Parameters
    ----------
    x : DataArray {age, …}
        Persons by single years of age, at least from 18 to 82; a missing age makes the index
        missing.

    Returns
    -------
    DataArray {…}
        Without unit: 0 for no preference, 90 where all ages end in one digit; ages 23 to 77.
        ``migov.compare.whipple`` and ``migov.compare.myers`` stand beside it.

    Raises
    ------
    AgeError
        An age is not there by single years.

    Examples
    --------
    >>> x = xr.DataArray(np.ones(100), {"age": np.arange(100), "age_width": ("age", np.ones(100))},
    ...     "age", attrs={"units": "person"})
    >>> bachi(x).item()
    0.0

    References
    ----------
    Bachi (1951), Bulletin of the International Statistical Institute 33(4).
    """
    where = "bachi"
    given, _ = take(x, Input(title="persons", unit="person", needs=("age",)), where, "x")
    lower, width = np.asarray(given.coords["age"].values, float), ages.widths(given, where, "x")
    single = dict(zip(lower.tolist(), width.tolist(), strict=True))
    absent = [age for age in range(18, 83) if single.get(float(age)) != 1]
    if absent:
        raise AgeError(
            where,
            f"x has no single age {absent[0]}, all from 18 to 82 are needed",
            "counts by single years of age",
            3,
            "x",
        )
    place = int(np.flatnonzero(lower == 18)[0])
    part = given.isel(age=slice(place, place + 65))
    return _over(heaping.bachi, [part], "Bachi's index, ages 23 to 77")


def age_sex_accuracy(x: xr.DataArray, *, upper: int = 70) -> xr.Dataset:
    """Return the United Nations' age-sex accuracy index, the joint score, and its parts.

    Parameters
    ----------
    x : DataArray {age, sex, …}
        Persons in groups of five years from age 0, by sex F and M.
    upper : int
        Age below which groups are looked at; a multiple of five, 15 or more.

    Returns
    -------
    Dataset {…}
        ``sex_ratio_score``, ``age_ratio_score`` {sex, …}, and ``joint_score``, three times the
        first plus the second of both sexes. Below 20 a joint score is called accurate, to 40
        inaccurate, above highly inaccurate.

    Raises
    ------
    AgeError
        Other groups, or too few.
    DimensionError
        Sexes other than F and M.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> x = Cells([[10, 9, 8, 7]] * 2, sex="F M", age="0-4 5-9 10-14 15-19").array("person")
    >>> age_sex_accuracy(x, upper=20).joint_score.item()
    0.0

    References
    ----------
    United Nations (1955), Manual II: Methods of Appraisal of Quality of Basic Data for
    Population Estimates, chapter 3.
    """
    where = "age_sex_accuracy"
    whole(upper, where, "upper", 15)
    contract = Input(title="persons", unit="person", needs=("age", "sex"))
    given, _ = take(x, contract, where, "x")
    check_additive(x, where, "x")
    if sorted(letters(given, where, "x")) != ["F", "M"]:
        raise DimensionError(where, "x needs sex F and M", "x.sel(sex=['F', 'M'])", 8, "x")
    lower, width = np.asarray(given.coords["age"].values, float), ages.widths(given, where, "x")
    wanted = np.arange(0, upper, 5)
    fits = len(lower) >= len(wanted) and np.array_equal(lower[: len(wanted)], wanted)
    if not fits or upper % 5 or (width[: len(wanted)] != 5).any():
        raise AgeError(
            where,
            f"x has ages {ages.label(lower[0], width[0])} to {ages.label(lower[-1], width[-1])}, "
            f"expected groups of five years from 0 to below {upper}",
            f"migov.regroup_ages(x, range(0, {upper - upper % 5 + 5}, 5)), or another upper",
            3,
            "x",
        )
    part = given.isel(age=slice(0, len(wanted)))
    men, women = (part.sel(sex=sex, drop=True) for sex in "MF")
    age_score = _over(heaping.age_ratio_score, [part], "age ratio score")
    sex_score = _over(heaping.sex_ratio_score, [men, women], "sex ratio score")
    joint = 3.0 * sex_score + age_score.sum("sex", skipna=False)
    joint.attrs = {"units": "1", "long_name": "joint score"}
    parts = {"sex_ratio_score": sex_score, "age_ratio_score": age_score, "joint_score": joint}
    return xr.Dataset(parts, attrs={"title": "age-sex accuracy index"})
