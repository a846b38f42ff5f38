"""What a life table says in one number: expectations, years lost, inequality of life spans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.align import align
from migov.core.errors import AgeError
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.demography import kernels_lifetable as kernels
from migov.demography.arguments import dataset, put_all, take, without_age

_NAMES = (
    "mean_years_dying",
    "death_probability",
    "survivors",
    "deaths",
    "years_lived",
    "years_above",
    "life_expectancy",
)
_PREVALENCE = Input(
    title="share of the group in the state that is left out",
    unit="1",
    needs=("age",),
    values="share",
)


def _place(table: xr.Dataset, age: float, where: str, name: str) -> int:
    """Return the place of the group that starts at an age."""
    age = number(age, where, name, 0.0)
    lower = np.asarray(table.coords["age"].values, float)
    found = np.flatnonzero(lower == age)
    if not found.size:
        ages.check_limit(table["survivors"], float(age), where, "table", name)
        raise AgeError(
            where,
            f"{name}={age:g} starts no group of table, which has {lower[0]:g} to {lower[-1]:g}+",
            "the lower bound of a group",
            3,
            name,
        )
    return int(found[0])


def _finish(x: xr.DataArray, table: xr.Dataset, unit: str, title: str) -> xr.DataArray:
    out = x.drop_vars([c for c in ("age", "age_width") if c in x.coords])
    out.name = None
    out.attrs = {"units": unit, "long_name": title}
    flags = table.coords.get(status.NAME)
    return out if flags is None else status.put(out.drop_vars(status.NAME, errors="ignore"), flags)


def temporary_life_expectancy(table: xr.Dataset, lower: float, upper: float) -> xr.DataArray:
    """Return the years that a person of one age can expect to live before another.

    Parameters
    ----------
    table : Dataset {age, …}
        Of :func:`life_table`.
    lower, upper : float
        Ages in years at which groups start.

    Returns
    -------
    DataArray {…}
        ``(T[lower] - T[upper]) / l[lower]``, in year.

    Raises
    ------
    AgeError
        An age inside a group or outside the table, or `upper` not above `lower`.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> from migov.demography.life_tables import life_table
    >>> m = Cells((0.0, 0.1), age="0-69 70+").array("1/year")
    >>> temporary_life_expectancy(life_table(m, ax="half"), 0, 70).round(9).item()
    70.0

    References
    ----------
    Arriaga (1984), Demography 21(1).
    """
    where = "temporary_life_expectancy"
    dataset(where, table, "table", _NAMES)
    first, last = _place(table, lower, where, "lower"), _place(table, upper, where, "upper")
    if last <= first:
        raise AgeError(
            where,
            f"upper={upper:g} is not above lower={lower:g}",
            f"upper above {lower:g}",
            3,
            "upper",
        )
    lived = table["years_lived"].isel(age=slice(first, last)).sum("age", skipna=False)
    out = lived / table["survivors"].isel(age=first, drop=True)
    return _finish(out, table, "year", f"years expected between ages {lower:g} and {upper:g}")


def healthy_life_expectancy(table: xr.Dataset, prevalence: xr.DataArray) -> xr.Dataset:
    """Return the years expected in and out of a state, by Sullivan's method.

    Parameters
    ----------
    table : Dataset {age, sex, …}
        Of :func:`life_table`.
    prevalence : DataArray {age, sex, …}
        Share of each group in the state (in ill health, in another country), in percent or "1".

    Returns
    -------
    Dataset {age, sex, …}
        ``without`` and ``within``, years expected at the lower bound of each group outside and
        inside the state; each is summed on its own, together they are the life expectancy.

    Raises
    ------
    InputError
        A share below 0 or above 1.
    AgeError
        Shares of coarser groups than those of the table, with how they are given for each.
    AlignmentError
        Other ages or labels.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> from migov.demography.life_tables import life_table
    >>> table = life_table(Cells((0.0, 0.1), age="0-69 70+").array("1/year"), ax="half")
    >>> ill = Cells((10, 50), age="0-69 70+").array("percent")
    >>> healthy_life_expectancy(table, ill).without.values.round(9)
    array([68.,  5.])

    References
    ----------
    Sullivan (1971), HSMHA Health Reports 86(4).
    """
    where = "healthy_life_expectancy"
    dataset(where, table, "table", _NAMES)
    share, flags = take(prevalence, _PREVALENCE, where, "prevalence")
    lived = table["years_lived"].drop_vars(status.NAME, errors="ignore")
    _finer(lived, share, where)
    pair = align(where, {"table": lived, "prevalence": share})
    alive = table["survivors"].drop_vars(status.NAME, errors="ignore")
    backwards = slice(None, None, -1)

    def above(x: xr.DataArray) -> xr.DataArray:
        return x.isel(age=backwards).cumsum("age", skipna=False).isel(age=backwards)

    parts = {"without": 1.0 - pair["prevalence"], "within": pair["prevalence"]}
    out = xr.Dataset()
    for name, part in parts.items():
        lived_so = (pair["table"] * part).transpose(*lived.dims, ...)
        found = above(lived_so).assign_coords(age=lived.coords["age"]) / alive
        found.attrs = {"units": "year", "long_name": f"years expected {name} the state"}
        out[name] = found.assign_coords(age_width=lived.coords["age_width"])
    out.attrs = {"title": "life expectancy by state, Sullivan's method"}
    mine = table.coords.get(status.NAME)
    return put_all(out, status.join([mine, without_age(flags)]))


def _finer(table: xr.DataArray, share: xr.DataArray, where: str) -> None:
    """Refuse shares of coarser groups, which are those of each finer one in them."""
    own, finer = (np.asarray(x.coords["age"].values, float) for x in (share, table))
    if set(own) < set(finer) and own[0] == finer[0]:
        raise AgeError(
            where,
            f"prevalence has {len(own)} groups of ages, table {len(finer)}",
            'prevalence.drop_vars("age_width").reindex(age=table.age, method="pad")'
            ".assign_coords(age_width=table.age_width), the share of a group for each age in it",
            3,
            "prevalence",
        )


def _over_table(
    table: Any, where: str, kernel: Callable[..., np.ndarray], unit: str, title: str
) -> xr.DataArray:
    """Return a kernel of the columns and the years lived by those who die."""
    dataset(where, table, "table", _NAMES)
    width = ages.widths(table["survivors"], where, "table")

    def body(a: np.ndarray, *parts: np.ndarray) -> np.ndarray:
        moved = [np.moveaxis(part, -1, 0) for part in (a, *parts)]
        return np.asarray(kernel(kernels.Columns(*moved[1:]), moved[0], width))

    columns = [table[name].drop_vars(status.NAME, errors="ignore") for name in _NAMES]
    found: xr.DataArray = xr.apply_ufunc(
        body,
        *columns,
        input_core_dims=[["age"]] * len(columns),
        dask="parallelized",
        output_dtypes=[float],
        dask_gufunc_kwargs={"allow_rechunk": True},
    )
    return _finish(found, table, unit, title)


def life_years_lost(table: xr.Dataset) -> xr.DataArray:
    """Return the mean years of life that are lost by death, e-dagger.

    Parameters
    ----------
    table : Dataset {age, …}
        Of :func:`life_table`.

    Returns
    -------
    DataArray {…}
        In year, at the first age. Within a group the expectation runs linearly; those who die
        in the open group lose the expectation there. Divided by the life expectancy it is
        Keyfitz's entropy.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> from migov.demography.life_tables import life_table
    >>> table = life_table(Cells((0.0, 0.1), age="0-69 70+").array("1/year"), ax="half")
    >>> life_years_lost(table).round(9).item()
    10.0

    References
    ----------
    Vaupel and Canudas-Romo (2003), Demography 40(2).
    """
    return _over_table(
        table, "life_years_lost", kernels.lost_years, "year", "years of life lost by death"
    )


def life_span_gini(table: xr.Dataset) -> xr.DataArray:
    """Return the Gini coefficient of the length of life.

    Parameters
    ----------
    table : Dataset {age, …}
        Of :func:`life_table`.

    Returns
    -------
    DataArray {…}
        Without unit, from 0 (all die at one age); from the first age of the table.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> from migov.demography.life_tables import life_table
    >>> m = Cells((0.0, 0.1), age="0-69 70+").array("1/year")
    >>> life_span_gini(life_table(m, ax="half")).item()  # 10 / 2 of 80 years
    0.0625

    References
    ----------
    Hanada (1983), Journal of the Japan Statistical Society 13(2). Shkolnikov, Andreev and
    Begun (2003), Demographic Research 8(11).
    """
    return _over_table(
        table, "life_span_gini", kernels.gini, "1", "Gini coefficient of the length of life"
    )
