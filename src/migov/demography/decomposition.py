"""Decomposition of differences: of life expectancies by age, of rates by composition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.align import align
from migov.core.errors import InputError, KindError
from migov.core.inputs import Input
from migov.core.partition import check_additive, check_partition, total
from migov.core.units import unit_of
from migov.core.vocabulary import require
from migov.demography import kernels_decomposition as kernels
from migov.demography.arguments import apart, loaded, option, put_all, take, whole, without_age
from migov.demography.life_tables import life_table

METHODS = ("arriaga", "stepwise", "continuous")


def decompose_life_expectancy(
    first: xr.DataArray,
    second: xr.DataArray,
    *,
    method: str = "arriaga",
    ax: str = "greville",
    years_lived: xr.DataArray | None = None,
    steps: int = 100,
    youngest_open: float = 65.0,
    longest: float = 100.0,
) -> xr.Dataset:
    """Return what each age contributes to the difference of two life expectancies.

    Parameters
    ----------
    first, second : DataArray {age, …}
        Central death rates in 1/year, aligned, the last group open. Scalar coordinates may
        differ: of two periods, sexes or areas.
    method : {"arriaga", "stepwise", "continuous"}
        Arriaga's direct and indirect effects; replacing rates age by age, upwards from the
        first and from the second and averaging; or the integral of the derivative along the
        straight line between the rates.
    ax : str
        Rule for the years lived, as in :func:`life_table`.
    years_lived : DataArray {age, …}, optional
        With ``ax="given"``, in year: the closed groups' mean years lived by those who die, in
        both populations.
    steps : int
        Of the integral.
    youngest_open, longest : float
        As in :func:`life_table`.

    Returns
    -------
    Dataset {age, …}
        ``effect`` in year, second minus first; with ``arriaga`` also ``direct`` and
        ``indirect`` (with the interaction). The attribute ``residual`` is the greatest
        difference between the sum over ages and the difference of the life expectancies,
        which only the integral misses, by its steps; ``first`` and ``second`` name what differs.

    Raises
    ------
    AlignmentError
        Other ages or labels.
    AgeError, InputError
        What :func:`life_table` refuses.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> one = Cells((0.02, 0.001, 0.01, 0.1), age="0 1-4 5-69 70+").array("1/year")
    >>> two = Cells((0.01, 0.001, 0.01, 0.1), age="0 1-4 5-69 70+").array("1/year")
    >>> found = decompose_life_expectancy(one, two, ax="half")
    >>> found.effect.values[0].round(3), found.effect.values[1:].round(9).any()
    (np.float64(0.576), np.False_)

    References
    ----------
    Arriaga (1984), Demography 21(1). Andreev, Shkolnikov and Begun (2002), Demographic
    Research 7(14). Horiuchi, Wilmoth and Pletcher (2008), Demography 45(4).
    """
    where = "decompose_life_expectancy"
    option(method, METHODS, where, "method")
    whole(steps, where, "steps", 1)
    tables = {}
    for name, x in (("first", first), ("second", second)):
        require(_array(x, where, name), ["age"], where, name)
        tables[name] = life_table(
            loaded(x),
            ax=ax,
            years_lived=years_lived,
            youngest_open=youngest_open,
            longest=longest,
        )
    found, told = _apart(where, {name: t["death_rate"] for name, t in tables.items()})
    pair = align(where, found)
    order = [d for d in tables["first"]["death_rate"].dims if d != "age"]
    same = {
        name: tables[name].sel({d: pair["first"].indexes[d] for d in order})
        for name in ("first", "second")
    }
    wide = pair["first"].broadcast_like(pair["second"])
    dims = ("age", *(d for d in wide.dims if d != "age"))
    width = ages.widths(pair["first"], where, "first")
    bare = [
        same[name][column].broadcast_like(wide).transpose(*dims).values
        for name in ("first", "second")
        for column in ("death_rate", "mean_years_dying")
    ]
    m1, a1, m2, a2 = bare
    parts = kernels.decompose(method, m1, a1, m2, a2, width, steps)
    gap = parts["effect"].sum(axis=0) - kernels.difference(m1, a1, m2, a2, width)
    out = xr.Dataset()
    titles = {"effect": "contribution to the difference of life expectancies"}
    like = wide.transpose(*dims).drop_vars(status.NAME, errors="ignore")
    for name, values in parts.items():
        y = like.copy(data=values).transpose(*pair["first"].dims, ...)
        y.attrs = {"units": "year", "long_name": titles.get(name, f"{name} effect of the ages")}
        out[name] = y.rename(name)
    out.attrs = {
        "title": "decomposition of a difference of life expectancies",
        "method": method,
        "residual": float(np.nanmax(np.abs(gap))) if gap.size else 0.0,
        **told,
    }
    flags = [status.take(t["death_rate"])[1] for t in same.values()]
    return put_all(out, status.join(flags))


def _array(x: Any, where: str, name: str) -> xr.DataArray:
    if not isinstance(x, xr.DataArray):
        raise KindError(
            where,
            f"{name} is a {type(x).__name__}, expected a DataArray",
            "a labelled array, such as migov.from_frame makes of a table",
            None,
            name,
        )
    return x


def _apart(
    where: str, given: dict[str, xr.DataArray]
) -> tuple[dict[str, xr.DataArray], dict[str, str]]:
    """Return arrays without the scalar coordinates by which the two sides differ, and these."""
    sides: dict[str, dict[str, xr.DataArray]] = {"first": {}, "second": {}}
    for name, x in given.items():
        sides[name.split("_")[0]][name] = x
    bare, told, mixed = apart(sides, dates=True)
    if mixed:  # rates of one and counts of another
        for side in sides.values():
            align(where, side)
    return {name: x for side in bare.values() for name, x in side.items()}, told


def decompose_rate(
    first_rate: xr.DataArray,
    second_rate: xr.DataArray,
    first_counts: xr.DataArray,
    second_counts: xr.DataArray,
    dims: str | Sequence[str],
) -> xr.Dataset:
    """Return what rates and what composition contribute to the difference of two crude rates.

    Parameters
    ----------
    first_rate, second_rate : DataArray {dims, …}
        Rates of the classes, in one unit.
    first_counts, second_counts : DataArray {dims, …}
        Persons or person-years of the classes. Scalar coordinates of the first may differ from
        those of the second: of two periods, sexes or areas.
    dims : str or sequence of str
        Dimensions whose classes make up the whole.

    Returns
    -------
    Dataset
        ``rate_effect`` and ``composition_effect`` {dims, …} by class, ``first`` and ``second``
        {…}, the crude rates; all in the unit of the first rate. The effects of all classes add
        up to the difference. The attributes ``first`` and ``second`` name what differs.

    Raises
    ------
    AlignmentError
        Labels or dimensions differ.
    InputError
        Nobody in one population, or missing numbers.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> rate = Cells((1, 9), age="0-64 65+").array("per_thousand/year")
    >>> young = Cells((75, 25), age="0-64 65+").array("person")
    >>> old = Cells((50, 50), age="0-64 65+").array("person")
    >>> found = decompose_rate(rate, rate, young, old, "age")
    >>> found.composition_effect.sum().item(), found.rate_effect.sum().item()
    (2.0, 0.0)

    References
    ----------
    Kitagawa (1955), Journal of the American Statistical Association 50(272).
    """
    where = "decompose_rate"
    over = [dims] if isinstance(dims, str) else list(dims)
    unit = unit_of(_array(first_rate, where, "first_rate"), where, "first_rate")
    given: dict[str, xr.DataArray] = {}
    flags = []
    for name, x in (("first_rate", first_rate), ("second_rate", second_rate)):
        contract = Input(title="rate", unit=unit, needs=tuple(over), values="any")
        given[name], flag = take(x, contract, where, name, complete=True)
        flags.append(flag)
    for name, x in (("first_counts", first_counts), ("second_counts", second_counts)):
        own = unit_of(_array(x, where, name), where, name)
        contract = Input(title="counts", unit=own, needs=tuple(over))
        counts, flag = take(x, contract, where, name, complete=True)
        check_additive(counts, where, name)
        for dim in over:
            check_partition(counts, dim, where, name)
        sums = loaded(total(counts, over))
        if bool((sums == 0).any()):
            raise InputError(where, f"{name} holds nobody", "leave out the population", 7, name)
        given[name] = counts / sums
        flags.append(flag)
    bare, told = _apart(where, given)
    together = align(where, bare)
    c1, c2 = together["first_counts"], together["second_counts"]
    r1, r2 = together["first_rate"], together["second_rate"]
    parts = {
        "rate_effect": (r2 - r1) * (c1 + c2) / 2.0,
        "composition_effect": (c2 - c1) * (r1 + r2) / 2.0,
        "first": (r1 * c1).sum(over, skipna=False),
        "second": (r2 * c2).sum(over, skipna=False),
    }
    out = xr.Dataset()
    for name, x in parts.items():
        x.attrs = {"units": unit, "long_name": name.replace("_", " ")}
        out[name] = x
    out.attrs = {"title": "decomposition of a difference of crude rates", **told}
    joined = status.join(flags)
    return put_all(out, without_age(joined, *over) if joined is not None else None)
