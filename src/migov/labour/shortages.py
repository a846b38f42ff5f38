"""Shortage by occupation: posts that stand against the people who could fill them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from migov.core import status, units
from migov.core.align import align, shown
from migov.core.combine import hold
from migov.core.definition import definition_of
from migov.core.errors import (
    AlignmentError,
    DimensionError,
    InputError,
    MigovWarning,
    ParameterError,
    PartitionError,
    TimeError,
)
from migov.core.inputs import Input, admit, check_values, factor_of
from migov.core.parameters import number
from migov.core.partition import check_partition, total
from migov.core.times import years_between
from migov.core.vocabulary import DIMENSIONS
from migov.labour import shortage_results as results

if TYPE_CHECKING:
    import xarray as xr

_KEPT = ("time", "area", "origin", "destination", "occupation", "member", "scenario", "quantile")
_CONTRACTS = {
    "demand": Input(title="posts", unit="person", needs=("occupation",), kind="stock"),
    "supply": Input(title="people who can work", unit="person", kind="stock"),
    "vacancies": Input(title="vacant posts", unit="person", needs=("occupation",), kind="stock"),
    "shares": Input(title="occupational shares", unit="1", needs=("occupation",)),
    "change": Input(title="growth of posts", unit="1/year", values="any"),
    "replacement": Input(title="replacement rate", unit="1/year"),
}


def shortage(
    demand: xr.DataArray,
    supply: xr.DataArray,
    *,
    vacancies: xr.DataArray | None = None,
    shares: xr.DataArray | None = None,
    change: xr.DataArray | None = None,
    replacement: xr.DataArray | None = None,
    elasticity: float = 1.0,
) -> xr.Dataset:
    """Return posts, people, and the posts that stay unfilled, by occupation.

    Whoever is counted in an occupation can fill a post in it and in no other: no one moves
    between occupations, and a surplus in one does not shrink the shortage in another.

    Parameters
    ----------
    demand : DataArray {occupation, time, area, member, …}
        Posts in person or post, occupied and vacant; occupied only where `vacancies` is given.
        One date among several of `supply` is kept, or grows by `change`; dates of `supply`
        before it are refused.
    supply : DataArray {time, …}
        People who can work, in person: by occupation, or a labour force {time, sex, age,
        member, …} that `shares` distributes. Sex, age and whatever posts do not have are
        summed.
    vacancies : DataArray {occupation, …}, optional
        Vacant posts, added to `demand`.
    shares : DataArray {occupation, …}, optional
        Distribution of the labour force: shares that sum to one, or persons (employed by
        occupation, say), which are divided by their sum. Held from their date.
    change : DataArray {occupation, …}, optional
        Relative change of posts in 1/year, compounded from the date of `demand`: 0.02 a year
        for two percent, between -0.5 and 0.5.
    replacement : DataArray {occupation, …}, optional
        Rate at which people leave the occupation for good, in 1/year or percent/year, at most
        half of them in a year; adds ``openings``.
    elasticity : float
        Of vacant posts with respect to occupied ones, where both `vacancies` and `change` are
        given: where posts grow by one percent, vacant ones grow by so many.

    Returns
    -------
    Dataset {time, occupation, member, …}
        ``demand``, ``supply``, ``shortage`` (posts not filled), ``surplus`` (people beyond the
        posts), all in person; ``coverage`` (share of posts that can be filled, undefined
        without posts); with `replacement` also ``openings`` {period, …}, net change and
        replacement demand, which may be negative. The status is the union of the inputs'.

    Raises
    ------
    DimensionError
        `supply` has no occupation and `shares` is absent, or `demand` has a sex or an age.
    TimeError
        A date of `supply` lies before that of `demand` or `shares`.
    PartitionError
        Shares do not sum to one; occupations overlap.
    AlignmentError, UnitError, InputError
        Labels, units or numbers that cannot be.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> posts = Cells((100.0, 50.0), occupation="2 9").array("person")
    >>> people = Cells((80.0, 60.0), occupation="2 9").array("person")
    >>> found = shortage(posts, people)
    >>> found.shortage.values, found.surplus.values, found.coverage.values
    (array([20.,  0.]), array([ 0., 10.]), array([0.8, 1. ]))

    References
    ----------
    Cedefop (2023), Skills forecast: openings are net change and replacement demand.
    """
    where = "shortage"
    given = {"demand": demand, "supply": supply, "vacancies": vacancies, "shares": shares}
    given |= {"change": change, "replacement": replacement}
    arrays, flags = {}, {}
    for name, x in given.items():
        if x is not None or name in ("demand", "supply"):
            arrays[name], flags[name] = _prepare(x, name, where)
    posts = _posts(arrays, where)
    people, people_flags = _people(arrays, flags, posts, where)
    held_from = _one_date(posts, people)
    number(elasticity, where, "elasticity", low=0.0, high=20.0)
    if elasticity != 1.0 and not (held_from is not None and {"vacancies", "change"} <= set(arrays)):
        raise ParameterError(
            where,
            f"elasticity={elasticity:g} without vacancies that change",
            "vacancies=… and change=…, or leave out elasticity",
            9,
            "elasticity",
        )
    if held_from is not None and elasticity != 1.0:
        posts = _carry_apart(arrays, people, elasticity, held_from, where)
    elif held_from is not None:
        posts = _carry(posts, people, arrays.get("change"), held_from, where)
    elif "change" in arrays:
        if not ("time" in posts.coords and "time" in people.coords):
            mend = "demand of one date and supply of later ones: x.expand_dims(time=[…])"
            raise TimeError(where, "change without dates of demand and supply", mend, 1, "change")
        raise TimeError(where, "demand has its own dates, and change", "leave out change", 1)
    _same_places(posts, people, shares, where)
    both = align(where, {"demand": posts, "supply": people})
    _plenty(both["demand"], both["supply"])
    out = results.of(both["demand"], both["supply"], definition_of(demand), definition_of(supply))
    if held_from is not None:
        out.attrs["demand_held_from"] = str(held_from)[:10]
    if "replacement" in arrays:
        results.add_openings(out, arrays["replacement"], where)
    kept = [flag for name, flag in flags.items() if flag is not None and name != "supply"]
    return results.with_status(out, status.join([*kept, people_flags]))


def _prepare(x: Any, name: str, where: str) -> tuple[xr.DataArray, xr.DataArray | None]:
    """Return an input in coherent units, and its status."""
    contract = _CONTRACTS[name]
    admitted = admit(x, contract, where, name)
    plain, flag = status.take(admitted)
    counts = name == "shares" and "person" in units.powers(units.unit_of(x, where, name))
    wanted = _CONTRACTS["supply"] if counts else contract
    by = factor_of(plain, wanted, None, where, name)
    values = check_values(plain, contract.values, where, name)
    scaled = values * by
    if name in ("change", "replacement"):
        _check_yearly(scaled, name, where)
    scaled.attrs = {"units": wanted.unit}
    if "occupation" in x.dims:
        check_partition(x, "occupation", where, name)
    if name == "shares":
        scaled = _to_shares(scaled, counts, where)
    return scaled.rename(None), flag


def _plenty(posts: xr.DataArray, people: xr.DataArray) -> None:
    """Warn where all have a hundred times the people: posts are in thousands, then."""
    if bool(((posts > 0) & ~(people > 100 * posts)).any()) or not bool((posts > 0).any()):
        return
    warnings.warn(
        "shortage: every occupation has more than 100 people a post, so that none is short\n"
        '  → demand.assign_attrs(units="thousand post"), if its numbers are thousands',
        MigovWarning,
        stacklevel=3,
    )


def _check_yearly(rate: xr.DataArray, name: str, where: str) -> None:
    """Refuse what is no relative change or loss in a year: percent, factors of growth."""
    most = float(np.abs(rate).max())
    if not most > 0.5:
        return
    mend = 'replacement.assign_attrs(units="percent/year") if these are percent'
    if name == "change":
        mend = (
            "(change - 1).assign_attrs(units=change.units) if these are factors of growth; "
            "demand at each date where posts grow or fall by more than half in a year"
        )
    raise InputError(where, f"{name} holds {most:g} in a year", mend, 7, name)


def _to_shares(x: xr.DataArray, counts: bool, where: str) -> xr.DataArray:
    summed = x.sum("occupation", skipna=False)
    if counts:
        out = x / summed
    else:
        sums = np.asarray(summed.values).reshape(-1)
        off = sums[~(np.abs(sums - 1.0) <= 1e-6)]
        if off.size:
            raise PartitionError(
                where,
                f"shares sum to {off[0]:g}, not to 1",
                "give all occupations, or persons by occupation",
                4,
                "shares",
            )
        out = x
    out.attrs = {"units": "1"}
    return out


def _posts(arrays: dict[str, xr.DataArray], where: str) -> xr.DataArray:
    """Return occupied and vacant posts, without what posts do not have."""
    posts = arrays["demand"]
    odd = [str(d) for d in posts.dims if d in DIMENSIONS and d not in (*_KEPT, "sector")]
    if odd:
        raise DimensionError(
            where,
            f"demand has {odd[0]!r}; a post has none",
            f'migov.total(demand, "{odd[0]}")',
            8,
            "demand",
        )
    if "vacancies" not in arrays:
        return posts
    both = align(where, {"demand": posts, "vacancies": arrays["vacancies"]})
    out = both["demand"] + both["vacancies"]
    out.attrs = {"units": "person"}
    return out


def _people(
    arrays: dict[str, xr.DataArray],
    flags: dict[str, xr.DataArray | None],
    posts: xr.DataArray,
    where: str,
) -> tuple[xr.DataArray, xr.DataArray | None]:
    """Return people by occupation, summed over what posts do not have, and their status."""
    people, flag = arrays["supply"], flags["supply"]
    if "occupation" not in people.dims:
        if "shares" not in arrays:
            raise DimensionError(
                where,
                "supply has no 'occupation', and shares is absent",
                "shares=employed persons by occupation, of the same area",
                8,
                "shares",
            )
        people = _distribute(people, arrays["shares"], where)
    elif "shares" in arrays:
        raise DimensionError(
            where, "supply has occupations already, and shares is given", "leave out shares", 8
        )
    gone = [str(d) for d in people.dims if d in DIMENSIONS and d not in (*_KEPT, *posts.dims)]
    people.attrs = {"units": "person"}
    if gone:
        people = total(people, gone)
        over = [d for d in gone if flag is not None and d in flag.dims]
        flag = status.union(flag, over) if flag is not None and over else flag
    return people, flag


def _distribute(people: xr.DataArray, shares: xr.DataArray, where: str) -> xr.DataArray:
    places = ("sex", "age", "area", "origin", "destination")
    extra = [str(d) for d in shares.dims if d not in people.dims and d in places]
    if extra:
        # Shares are no longer persons here: what is summed is the caller's.
        raise AlignmentError(
            where,
            f"shares has {extra[0]!r} ({shown(shares.coords[extra[0]].values)}), supply has not",
            f"give supply by {extra[0]}; or, where shares are persons, "
            f'shares=migov.total(shares, "{extra[0]}")',
            2,
            "shares",
        )
    if "time" in shares.coords and "time" in people.dims and shares.coords["time"].size == 1:
        shares = hold(shares, to=people.coords["time"]).drop_vars("held_from")
    elif "time" in shares.coords and "time" not in shares.dims:
        shares = shares.drop_vars("time")
    lacking = {*map(str, people.dims), "occupation"} - {"area", "origin", "destination"}
    lacking |= {"member", "scenario", "time"}
    both = align(where, {"supply": people, "shares": shares}, lacking)
    return both["supply"] * both["shares"]


def _same_places(
    posts: xr.DataArray, people: xr.DataArray, shares: xr.DataArray | None, where: str
) -> None:
    """Refuse people by places that posts are not by, with what sums them as they were spread."""
    odd = [d for d in ("area", "origin", "destination") if d in people.dims and d not in posts.dims]
    if not odd:
        return
    mend = f'supply=migov.total(supply, "{odd[0]}")'
    if shares is not None:
        # Each place has a distribution of its own: people are spread before they are summed.
        own = "shares"
        if "person" in units.powers(str(shares.attrs.get("units", ""))):
            own = 'migov.share(shares, "occupation")'
        mend = f'supply=migov.total(migov.spread(supply, {own}), "{odd[0]}"), without shares'
    raise AlignmentError(
        where,
        f"supply has {odd[0]!r} ({shown(people.coords[odd[0]].values)}), demand has not",
        f"{mend}; or give demand by {odd[0]}",
        2,
        "supply",
    )


def _one_date(posts: xr.DataArray, people: xr.DataArray) -> Any:
    """Return the date from which posts are carried on, or None where they have their own."""
    if "time" not in people.coords or ("time" in posts.dims and posts.sizes["time"] > 1):
        return None
    if "time" not in posts.coords:
        return np.datetime64("NaT", "s")
    date = posts.coords["time"].values.reshape(-1)[0]
    same = people.coords["time"].size == 1 and people.coords["time"].values.reshape(-1)[0] == date
    return None if same else date


def _carry(
    posts: xr.DataArray,
    people: xr.DataArray,
    change: xr.DataArray | None,
    date: Any,
    where: str,
) -> xr.DataArray:
    """Return the posts of one date at the dates of the people."""
    dates = people.coords["time"]
    early = dates.values.reshape(-1) < date
    if early.any():
        raise TimeError(
            where,
            f"supply holds {shown(dates.values.reshape(-1)[early])}, before demand of "
            f"{shown(date)}",
            f'supply.sel(time=slice("{shown(date)}", None))',
            1,
            "supply",
        )
    bare = posts.isel(time=0, drop=True) if "time" in posts.dims else posts
    bare = bare.drop_vars("time", errors="ignore")
    if change is not None and np.isnat(date):
        raise TimeError(where, "change needs the date of demand", "demand.assign_coords(time=…)", 1)
    years = dates.copy(data=np.zeros(dates.shape))
    if change is not None:
        years = dates.copy(data=np.asarray(years_between(date, dates.values)))
        change = change.drop_vars("time", errors="ignore")
        lacking = {*map(str, bare.dims), "member", "scenario"}
        bare, change = align(where, {"demand": bare, "change": change}, lacking).values()
        growth = (1.0 + change) ** years.drop_vars("held_from", errors="ignore")
    else:
        growth = years + 1.0
    out = (bare * growth).transpose("time", ...) if dates.ndim else bare * growth
    out.attrs = {"units": "person"}
    return cast("xr.DataArray", out)


def _carry_apart(
    arrays: dict[str, xr.DataArray],
    people: xr.DataArray,
    elasticity: float,
    date: Any,
    where: str,
) -> xr.DataArray:
    """Return occupied and vacant posts, the vacant ones grown by the elasticity."""
    both = align(where, {"demand": arrays["demand"], "vacancies": arrays["vacancies"]})
    faster = (1.0 + arrays["change"]) ** elasticity - 1.0
    occupied = _carry(both["demand"], people, arrays["change"], date, where)
    return occupied + _carry(both["vacancies"], people, faster, date, where)
