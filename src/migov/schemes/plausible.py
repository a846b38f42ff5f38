"""Inputs of a simulation that contradict each other: a unit too small, people who are not there."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core.errors import InputError, MigovWarning

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from migov.schemes.programme import Programme

_WHERE = "simulate"
_NEVER = 0.01
"""Part of the present density below which a floor will never bind."""


def check_people(given: Mapping[str, xr.DataArray]) -> None:
    """Refuse more workers than residents.

    Raises
    ------
    InputError
        One of them is in another unit than it says.
    """
    workers, residents = given.get("workers"), given.get("residents")
    if workers is not None and residents is not None:
        _no_more("workers", _most(workers, "origin"), "residents", _most(residents, "origin"))


def _most(x: xr.DataArray, *by: str) -> xr.DataArray:
    """Return the heads by some dimensions: sums of people, the most over dates and members."""
    people = [d for d in ("occupation", "sex", "region", "origin") if d in x.dims and d not in by]
    found = x.sum(people) if people else x
    rest = [d for d in found.dims if d not in by]
    return found.max(rest) if rest else found


def _no_more(what: str, few: xr.DataArray, whole: str, many: xr.DataArray) -> None:
    few, many = (
        few.drop_vars(set(few.coords) - set(few.dims)),
        many.drop_vars(set(many.coords) - set(many.dims)),
    )
    over = few > many * (1 + 1e-9)
    if not bool(over.any()):
        return
    ratio = (few - many).where(over)
    at = {d: ratio.indexes[d][i] for d, i in zip(
        ratio.dims, np.unravel_index(int(np.nanargmax(ratio.values)), ratio.shape), strict=True
    )}  # fmt: skip
    a, b = float(few.sel({d: at[d] for d in few.dims})), float(many.sel(
        {d: at[d] for d in many.dims}))  # fmt: skip
    place = "".join(f", {d} {label}" for d, label in at.items())
    likely = next((f for f in ("thousand", "million") if b * {"thousand": 1e3, "million": 1e6}[f]
                   >= a), "million")  # fmt: skip
    name = what.split(maxsplit=1)[0]
    raise InputError(
        _WHERE, f"{a:g} {what} of {b:g} {whole}{place}",
        f'{whole} in "{likely} person"? .assign_attrs(units="{likely} person"), or {name} that '
        f"are among the {whole}", 6, whole,
    )  # fmt: skip


def tell_dropped(programme: Programme, x: xr.DataArray) -> None:
    """Warn of people who apply in occupations that the programme has not."""
    if x.name not in ("applicants", "pool") or not programme.occupations:
        return
    odd = [code for code in x.indexes["occupation"] if code not in programme.occupations]
    heads = x.sel(occupation=odd)
    odd = [code for code in odd if bool((heads.sel(occupation=code) > 0).any())]
    if odd:
        warnings.warn(
            f"{x.name} holds occupation {', '.join(map(str, odd[:6]))}, which {programme.name!r} "
            "has not: they are left out",
            MigovWarning,
            stacklevel=2,
        )


def tell_floor(rule: Any, stock: np.ndarray, heads: np.ndarray) -> None:
    """Warn of a floor that is broken from the start, and of one that never binds."""
    with np.errstate(divide="ignore", invalid="ignore"):
        now = stock / heads * 1e4
    place = f"{rule.occupation} in {rule.region or rule.origin}"
    if bool((now < rule.density).any()):
        warnings.warn(
            f"the floor of {place} is {rule.density:g} workers per 10,000 inhabitants, and at the "
            f"start there are {np.nanmin(now):g}: nobody of it is admitted there",
            MigovWarning, stacklevel=2,
        )  # fmt: skip
    elif rule.density > 0 and bool((rule.density < _NEVER * now).any()):
        warnings.warn(
            f"the floor of {place} is {rule.density:g} workers per 10,000 inhabitants, and at the "
            f"start there are {np.nanmax(now):g}: it will not bind; is it a share?",
            MigovWarning, stacklevel=2,
        )  # fmt: skip
