"""Net migration as what births, deaths and ageing leave unexplained between two dates."""

from __future__ import annotations

import numpy as np
import xarray as xr

from migov.core import ages, status, times
from migov.core.align import align
from migov.core.definition import define, definition_of
from migov.core.errors import AccountError, AgeError, ParameterError, TimeError
from migov.core.inputs import Input
from migov.core.times import years_between
from migov.demography.arguments import loaded, option, refuse, take
from migov.demography.scales import check_births, check_dates, check_yearly

METHODS = ("forward", "reverse", "average", "even", "cohort", "time")
MOST_DIE = 0.3
"""Survival ratios are above this at the middle age: below it they are probabilities of dying."""
BY_EVENT = ("cohort", "time")
"""Methods whose ages are those in the period, not at its end."""
_POPULATION = Input(
    title="population at two dates or more", unit="person", needs=("time", "age"), kind="stock"
)
_SURVIVAL = Input(
    title="survival ratios by age at the end",
    unit="1",
    needs=("period", "age"),
    kind="flow",
)


def _intervals(x: xr.DataArray, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the dates of a population and the years between them."""
    dates = np.asarray(x.coords["time"].values, "M8[s]")
    if len(dates) < 2:
        raise TimeError(where, "population has one date", "two dates or more", 1, "population")
    return dates, np.asarray(years_between(dates[:-1], dates[1:]), float)


def _between(x: xr.DataArray, dates: np.ndarray, where: str, name: str) -> None:
    """Refuse a flow whose periods are not those between the dates."""
    starts = np.asarray(x.coords["period"].values, "M8[s]")
    ends = times.period_end(x, where, name)
    if not (np.array_equal(starts, dates[:-1]) and np.array_equal(ends, dates[1:])):
        raise TimeError(
            where,
            f"{name} is for {starts[0].astype('M8[D]')} to {ends[-1].astype('M8[D]')} in "
            f"{len(starts)} periods, population has {len(dates)} dates from "
            f"{dates[0].astype('M8[D]')}",
            f"{name} for the periods between the dates",
            1,
            name,
        )


def _group_steps(x: xr.DataArray, years: np.ndarray, where: str) -> int:
    """Return by how many groups people age from one date to the next."""
    width = ages.widths(x, where, "population")
    closed = width[np.isfinite(width)]
    even = closed.size > 0 and bool((closed == closed[0]).all()) and float(x.coords["age"][0]) == 0
    steps = years[0] / closed[0] if closed.size else 0.0
    same = bool((np.abs(years - years[0]) < 1e-6).all())
    if not even or not same or abs(steps - round(steps)) > 1e-6 or round(steps) < 1:
        raise AgeError(
            where,
            f"population has groups of {', '.join(f'{w:g}' for w in np.unique(closed))} years and "
            f"dates {', '.join(f'{y:g}' for y in np.unique(years.round(6)))} years apart",
            "groups from age 0 of one width, which goes into the years between the dates",
            3,
            "population",
        )
    if round(steps) >= len(width):
        raise AgeError(where, "population has too few ages", "more groups", 3, "population")
    return round(steps)


def net_migration_by_survival(
    population: xr.DataArray,
    survival: xr.DataArray,
    *,
    births: xr.DataArray | None = None,
    method: str = "average",
) -> xr.DataArray:
    """Return net migration by age: the population less the survivors of the earlier one.

    Parameters
    ----------
    population : DataArray {time, age, …}
        Persons at two dates or more, in groups of one width from age 0, an open group or not.
    survival : DataArray {period, age, …}
        Share of those who are of the age at the end that were alive at the start and survive,
        from a life table or from the censuses of a country; by the ages at the end, above one
        where coverage differed. Periods are those between the dates.
    births : DataArray {period, …} or {period, age, …}, optional
        Persons born in the period, by the age groups that they reach where there is more than
        one; without them the result starts with those alive at the first date.
    method : {"forward", "reverse", "average", "even", "cohort", "time"}
        ``forward``: migrants counted as survivors at the end, P1 - S P0. ``reverse``: at the
        start, P1/S - P0. ``average``: the mean of both. ``even``: moves spread over the
        period, 2 (P1 - S P0) / (1 + S). The last two give the age at which people move, need
        `births`, and groups as wide as the time between the dates. ``cohort``: a cohort's
        moves, (P1 - S P0) / √S, half in each of the two groups that it goes through, those
        of the open group in it. ``time``: half of the moves of each group at the start, half
        at the end, so that a projection with even timing meets the later population; errors
        of one group come back with the other sign in the next.

    Returns
    -------
    DataArray {period, age, …}
        Persons, by age at the end, or at the event. Errors of the populations and of the survival
        ratios are in it; the definition says ``estimate="residual"``.

    Raises
    ------
    TimeError
        One date, or survival for other periods.
    AgeError
        Groups that do not go into the years between the dates.
    InputError
        Negative numbers, or a survival ratio of zero where it divides.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> people = Cells([[100, 90, 80], [99, 97, 150]], time="1960-01-01 1970-01-01",
    ...     age="0-9 10-19 20+").array("person")
    >>> kept = Cells([[0.9, 0.95, 0.8]], period="1960-1970", age="0-9 10-19 20+").array("1")
    >>> net_migration_by_survival(people, kept, method="forward").values
    array([[ 2., 14.]])

    References
    ----------
    United Nations (1970), Manual VI: Methods of Measuring Internal Migration, chapter 2.
    """
    where = "net_migration_by_survival"
    option(method, METHODS, where, "method")
    people, flags = take(population, _POPULATION, where, "population")
    ratio, more = take(survival, _SURVIVAL, where, "survival")
    people, ratio = loaded(people), loaded(ratio)
    mend = 'survival.assign_attrs(units="percent"), if it is that'
    refuse(ratio > 2.0, where, "survival", "is above two survivors for each person", mend)
    dying = (ratio.median("age") < MOST_DIE) & (ratio.median("age") > 0)
    mend = '(1 - survival).assign_attrs(units="1"), if they are probabilities of dying'
    refuse(dying, where, "survival", "is below 0.3 at the middle age", mend)
    check_dates(people, where)
    dates, years = _intervals(people, where)
    _between(ratio, dates, where, "survival")
    steps = _group_steps(people, years, where)
    if method in BY_EVENT:
        _allow_event(births, steps, method, where)
    before, after = _cohorts(people, dates, steps)
    if births is not None:
        before = _with_births(before, after, births, dates, steps, where)
    else:
        after = after.isel(age=slice(steps, None))
        ratio = ratio.isel(age=slice(steps, None))
    given = align(where, {"population": after, "earlier": before, "survival": ratio})
    p1, p0, s = given["population"], given["earlier"], given["survival"]
    if method in ("reverse", "average", "cohort"):
        refuse(s == 0, where, "survival", "is zero where it divides", 'method="forward"')
    forward = p1 - s * p0
    if method == "forward":
        out = forward
    elif method in BY_EVENT:
        given_ages = forward.coords["age_width"].values
        out = (_by_cohort if method == "cohort" else _by_time)(forward, s, np.isinf(given_ages[-1]))
    elif method == "even":
        out = 2.0 * forward / (1.0 + s)
    else:
        reverse = p1 / s - p0
        out = reverse if method == "reverse" else (forward + reverse) / 2.0
    out = out.transpose("period", "age", ...)
    out.name = None
    out.attrs = {"units": "person", "long_name": f"net migration, residual, {method}"}
    defined = definition_of(population)
    out = define(out, None if defined is None else defined.evolve(estimate="residual"))
    return status.put(out, status.join([_whole(f) for f in (flags, more)]))


def _allow_event(births: xr.DataArray | None, steps: int, method: str, where: str) -> None:
    """Refuse what does not tell the ages in which people move."""
    if births is None:
        raise ParameterError(
            where, f"method={method!r} without births", "births=…, or another method", 9, "births"
        )
    if steps != 1:
        raise AgeError(
            where,
            f"method={method!r} with groups that are a {steps}th of the years between the dates",
            "migov.regroup_ages(population, …), or another method",
            3,
            "population",
        )


def _by_cohort(forward: xr.DataArray, s: xr.DataArray, opened: bool) -> xr.DataArray:
    """Return moves of cohorts in the middle of the period, by the age then.

    The newborn are in the first group alone; those who end in the open group are taken to be
    in it, although some were in the group below.
    """
    moves = (forward / s**0.5).transpose("age", ...)
    own = moves.values / 2.0
    below = np.concatenate([own[1:], np.zeros((1, *own.shape[1:]))])
    if opened:
        below[-2] = 0.0
        own[-1] = 2.0 * own[-1]
    own[0] = 2.0 * own[0]
    return moves.copy(data=own + below)


def _by_time(forward: xr.DataArray, s: xr.DataArray, opened: bool) -> xr.DataArray:
    """Return moves M with P1(x) = S (P0(x - n) + M(x - n) / 2) + M(x) / 2, from the youngest on.

    In the open group those below and those in it are together before, so that its own moves
    of the start are in it at the end.
    """
    missed = (2.0 * forward).transpose("age", ...)
    kept = s.broadcast_like(missed).transpose(*missed.dims).values
    out = missed.values.copy()
    for i in range(1, len(out)):
        out[i] -= kept[i] * out[i - 1]
    if opened:
        out[-1] /= 1.0 + kept[-1]
    return missed.copy(data=out)


def _cohorts(
    people: xr.DataArray, dates: np.ndarray, steps: int
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return each group's people a period earlier, and now, by age at the end and period."""
    starts = {"period": dates[:-1], "period_end": ("period", dates[1:])}
    ends = people.isel(time=slice(1, None)).rename(time="period").assign_coords(starts)
    first = people.isel(time=slice(None, -1)).rename(time="period").assign_coords(starts)
    moved = first.isel(age=slice(None, -steps))
    width = ages.widths(people)
    if np.isinf(width[-1]):  # those who were in the open group, or reach it, are in it now
        rest = first.isel(age=slice(-steps - 1, None)).sum("age", skipna=False)
        last = rest.expand_dims(age=moved.coords["age"].values[-1:]).transpose(*moved.dims)
        bare = moved.isel(age=slice(None, -1)).drop_vars("age_width")
        moved = xr.concat([bare, last], "age")
    labels = people.coords["age"].values[steps:]
    before = moved.assign_coords(age=labels, age_width=("age", width[steps:]))
    return before, ends


def _with_births(
    before: xr.DataArray,
    after: xr.DataArray,
    births: xr.DataArray,
    dates: np.ndarray,
    steps: int,
    where: str,
) -> xr.DataArray:
    """Return the earlier people with those born in the period put below them."""
    needs = ("period",) if steps == 1 else ("period", "age")
    contract = Input(title="births", unit="person", needs=needs, kind="flow")
    born, _ = take(births, contract, where, "births")
    born = loaded(born)
    _between(born, dates, where, "births")
    young = after.isel(age=slice(0, steps))
    if "age" not in born.dims:
        born = born.drop_vars("age", errors="ignore").expand_dims(age=young.coords["age"].values)
        born = born.assign_coords(age_width=young.coords["age_width"])
    pair = align(where, {"population": young, "births": born})
    check_births(pair["births"], pair["population"], where)
    ordered = pair["births"].broadcast_like(pair["population"]).transpose(*before.dims)
    return xr.concat([ordered, before], "age")


def net_migration_by_balance(
    population: xr.DataArray, births: xr.DataArray, deaths: xr.DataArray
) -> xr.DataArray:
    """Return net migration as growth less natural increase, from vital statistics.

    Parameters
    ----------
    population : DataArray {time, …}
        Persons at two dates or more.
    births, deaths : DataArray {period, …}
        Persons, for the periods between the dates.

    Returns
    -------
    DataArray {period, …}
        Persons; the definition says ``estimate="residual"``.

    Raises
    ------
    TimeError
        One date, or births or deaths for other periods.
    AlignmentError
        Other labels.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> people = Cells([1159548, 1298342], time="1960-01-01 1970-01-01").array("person")
    >>> born = Cells([224034], period="1960-1970").array("person")
    >>> dead = Cells([86880], period="1960-1970").array("person")
    >>> net_migration_by_balance(people, born, dead).values
    array([1640.])

    References
    ----------
    United Nations (1970), Manual VI: Methods of Measuring Internal Migration, chapter 2.
    """
    where = "net_migration_by_balance"
    contract = Input(title="population", unit="person", needs=("time",), kind="stock")
    people, flags = take(population, contract, where, "population")
    dates, years = _intervals(people, where)
    check_dates(people, where)
    flow = Input(title="births or deaths", unit="person", needs=("period",), kind="flow")
    parts = {}
    for name, x in (("births", births), ("deaths", deaths)):
        parts[name], more = take(x, flow, where, name)
        _between(parts[name], dates, where, name)
        flags = status.join([_whole(flags), _whole(more)])
    starts = {"period": dates[:-1], "period_end": ("period", dates[1:])}
    first, last = (
        people.isel(time=cut).rename(time="period").assign_coords(starts)
        for cut in (slice(None, -1), slice(1, None))
    )
    given = align(where, {"population": last, "earlier": first, **parts})
    mean = loaded((given["population"] + given["earlier"]) / 2.0)
    lived = float((mean.sum([d for d in mean.dims if d != "period"]) * years).sum())
    for name in parts:
        check_yearly(given[name], lived, name, where)
    out = given["population"] - given["earlier"] - given["births"] + given["deaths"]
    closed = given["earlier"] + given["births"] - given["deaths"] + out
    gap = loaded(abs(closed - given["population"]))
    if float(gap.max()) > 1e-6 * (1.0 + float(loaded(abs(given["population"])).max())):
        raise AccountError(
            where,
            "the balance does not close",
            "report it with the inputs: the terms do not add up",
            10,
            "population",
        )
    out.name = None
    out.attrs = {"units": "person", "long_name": "net migration, residual of the balance"}
    defined = definition_of(population)
    out = define(out, None if defined is None else defined.evolve(estimate="residual"))
    return status.put(out, flags)


def _whole(flags: xr.DataArray | None) -> xr.DataArray | None:
    """Return a status without dates and ages."""
    if flags is None:
        return None
    return status.union(flags, [d for d in ("time", "period", "age") if d in flags.dims])
