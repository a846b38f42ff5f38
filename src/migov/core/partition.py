"""Sums that mean something: over the classes of a partition, of amounts that add up.

``total`` is the public reduction. It refuses rates, overlapping classes and sums over time,
states what becomes of missing values, and keeps unit, definition and status.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from migov.core import areas, codes, status, units
from migov.core.ages import check_ages
from migov.core.errors import DimensionError, InputError, PartitionError
from migov.core.group_marks import shared
from migov.core.regions import regions_apart
from migov.core.times import period_end
from migov.core.vocabulary import ROLES, check_dimensions, check_numbers, full_width, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

TOTAL_LABELS = frozenset({"_T", "T", "TOTAL", "Total", "total", "All", "all", "both"})
_OF_PERSONS = ("origin", "citizenship", "birthplace")
"""Roles that persons keep when a State ends: its label is then a class of its own."""
_NEVER = ("time", "member", "scenario", "quantile", "duration", "cohort")


def is_total(dimension: str, label: object) -> bool:
    """Tell whether a label is a total among the classes of a dimension.

    Examples
    --------
    >>> is_total("sex", "_T"), is_total("area", "World"), is_total("occupation", "2")
    (True, True, False)
    """
    if str(label) in TOTAL_LABELS:
        return True
    return dimension in ROLES and areas.is_total(label)


def additive(unit: str) -> bool:
    """Tell whether amounts in `unit` may be added over classes of persons.

    Persons, events, money and working time add up, also times or per year; ratios, rates per
    person, and wages (money per time) do not.

    Examples
    --------
    >>> [additive(u) for u in ("person", "person/year", "EUR", "EUR/month", "percent")]
    [True, True, True, False, False]
    """
    powers = dict(units.powers(unit))
    time = powers.pop("time", 0.0)
    if len(powers) != 1 or next(iter(powers.values())) != 1.0:
        return False
    base = next(iter(powers))
    return time in (-1.0, 0.0, 1.0) if base in ("person", "event") else time == 0.0


def check_additive(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse to add what is a rate, a ratio or a mean.

    Raises
    ------
    PartitionError
        The unit says that `x` does not add up.
    """
    unit = units.unit_of(x, where, argument)
    check_numbers(x, where, argument)
    if not additive(unit):
        raise PartitionError(
            where,
            f"{argument} is in {unit!r}; rates, ratios and means are not added",
            "add numerator and denominator, then divide",
            4,
            argument,
        )


def check_partition(x: xr.DataArray, dimension: str, where: str, argument: str) -> None:
    """Refuse labels along a dimension that overlap, so that a sum would count twice.

    Raises
    ------
    PartitionError
        Totals beside classes, groups that overlap or stand beside a member, an occupation, level
        of education or economic activity beside its part, a State of the past beside a successor
        where both hold a number at one date, a country beside one of its regions.
    AgeError
        Ages with gaps or overlaps.
    """
    if dimension not in x.dims or dimension not in x.indexes:
        return
    check_classes(x, dimension, where, argument)
    for whole, part, day in shared_territory(x, dimension):
        at = f" at {day}" if day else ""
        later = (
            f"; after {whole} had ended it is a class of its own: give {argument} its time"
            if dimension in _OF_PERSONS and not day and areas.successors(whole)
            else ""
        )
        raise PartitionError(
            where,
            f"{dimension} of {argument} holds {whole} beside {part}, which is part of it{at}",
            f"{argument}.drop_sel({dimension}=[{whole!r}]), or drop its parts{later}",
            4,
            argument,
        )


def shared_territory(x: xr.DataArray, dimension: str) -> list[tuple[str, str, str]]:
    """Return the pairs of areas of one territory that hold numbers at one date.

    By origin, citizenship or birthplace the label of a State of the past stands, after its
    end, for persons whose present country the source does not tell: no overlap.

    Returns
    -------
    list of (str, str, str)
        The whole, its part, and the first date at which both count; ``""`` without dates.

    Examples
    --------
    >>> import xarray as xr
    >>> shared_territory(xr.DataArray([1, 2], {"area": ["SUN", "MDA"]}, "area"), "area")
    [('SUN', 'MDA', '')]
    """
    if dimension not in ROLES or dimension not in x.indexes:
        return []
    found = []
    for whole, part in areas.overlaps(x.indexes[dimension]):
        days = _days_of_both(x, dimension, whole, part)
        if dimension in _OF_PERSONS and areas.successors(whole):
            days = [day for day in days if not day or areas.at_date(whole, day)]
        found += [(whole, part, days[0])] if days else []
    return found


def _days_of_both(x: xr.DataArray, dimension: str, whole: str, part: str) -> list[str]:
    """Return the dates at which two labels hold a number; all of them while it is lazy."""
    axis = next((name for name in ("time", "period") if name in x.coords), None)
    days = np.atleast_1d(np.array([] if axis is None else x.coords[axis].values)).ravel()
    dated = bool(days.size) and days.dtype.kind == "M"
    texts = np.datetime_as_string(days, "D").tolist() if dated else [""]
    if not isinstance(x.data, np.ndarray) or x.dtype.kind not in "fiu":
        return texts
    counted = [
        np.isfinite(one.values) & (one.values != 0)
        for one in (x.sel({dimension: whole}), x.sel({dimension: part}))
    ]
    both = counted[0] & counted[1]
    if not dated or axis not in x.dims:
        return texts if both.any() else []
    rest = [name for name in x.dims if name != dimension]
    along = both.any(axis=tuple(i for i, name in enumerate(rest) if name != axis))
    return [text for text, held in zip(texts, along, strict=True) if held]


def check_classes(x: xr.DataArray, dimension: str, where: str, argument: str) -> None:
    """Refuse labels that overlap by what they say, whatever numbers they hold.

    Raises
    ------
    PartitionError, AgeError
        As :func:`check_partition`, without States of the past.
    """
    labels = [str(label) for label in x.indexes[dimension]]
    repeated = sorted({label for label in labels if labels.count(label) > 1})
    if repeated:
        raise PartitionError(
            where,
            f"{argument} has {dimension} {', '.join(repeated)} twice",
            f'{argument}.drop_duplicates("{dimension}") if they are the same, or other labels',
            4,
            argument,
        )
    if dimension == "age":
        check_ages(x, where, argument)
        return
    sums = [label for label in labels if is_total(dimension, label)]
    regions = dimension in ROLES and len(sums) == len(labels) and regions_apart(labels)
    if sums and len(labels) > 1 and not regions:
        beside = "its parts" if len(labels) > len(sums) else sums[1]
        gone = sums if len(labels) > len(sums) else sums[1:]
        raise PartitionError(
            where,
            f"{dimension} of {argument} holds the total {sums[0]} beside {beside}",
            f"{argument}.drop_sel({dimension}={gone!r})",
            4,
            argument,
        )
    if (twice := shared(x, dimension)) is not None:
        one, other, code = twice
        both = "" if code in (one, other) else f", and both count {code}"
        raise PartitionError(
            where,
            f"{dimension} of {argument} holds the group {other} beside {one}{both}",
            f"{argument}.drop_sel({dimension}=[{other!r}]), or groups that share no area",
            4,
            argument,
        )
    if dimension == "occupation":
        for label in labels:
            inner = next((b for b in labels if b != label and b.startswith(label)), None)
            if inner is not None:
                raise PartitionError(
                    where,
                    f"occupations of {argument} overlap: {inner} is part of {label}",
                    "keep one level of ISCO-08",
                    4,
                    argument,
                )
    if dimension in SPANS:
        of, told, keep = SPANS[dimension]
        spans = sorted((span, label) for label in labels if (span := of(label)))
        for (first, one), (second, two) in pairwise(spans):
            if first[1] >= second[0]:
                raise PartitionError(
                    where,
                    f"{told} of {dimension} of {argument} overlap: {one} and {two}",
                    keep,
                    4,
                    argument,
                )


SPANS = {
    "education": (codes.levels, "levels", "keep levels of ISCED 2011 that do not overlap"),
    "sector": (
        codes.activities,
        "activities",
        "keep one level of ISIC Rev. 4, sections or divisions",
    ),
    "labour_status": (
        codes.labour_states,
        "states",
        "keep employed and unemployed, or the labour force in one",
    ),
}
"""First and last number of a label, for code lists whose classes are ranges."""


def _check_adjoining(x: xr.DataArray, where: str) -> None:
    ends = period_end(x, where, "x")
    starts = np.asarray(x.coords["period"].values, "M8[s]")
    gaps = np.flatnonzero(ends[:-1] != starts[1:])
    if gaps.size:
        i = int(gaps[0])
        raise PartitionError(
            where,
            f"the periods of x do not adjoin: one ends {str(ends[i])[:10]}, the next starts "
            f"{str(starts[i + 1])[:10]}",
            "select adjoining periods first",
            4,
            "x",
        )


def total(
    x: xr.DataArray,
    dims: str | Sequence[str],
    *,
    group: str | None = None,
    date: str | None = None,
    missing: Literal["propagate", "skip", "refuse"] = "propagate",
) -> xr.DataArray:
    """Return the sum of an amount over the classes of one or more dimensions.

    Parameters
    ----------
    x : DataArray {dims, …}
        Counts, money, events or person-years.
    dims : str or sequence of str
        Dimensions to sum over; over ``period`` only where the intervals adjoin.
    group : str, optional
        With ``dims="area"`` (or another role): sum only the members of this group.
    date : str, optional
        ISO date of the group's composition; None for today's.
    missing : {"propagate", "skip", "refuse"}
        What a missing cell does: make the sum missing, be left out (the sum then carries the
        status ``partial``), or raise.

    Returns
    -------
    DataArray
        Without `dims`; unit, definition and status kept.

    Raises
    ------
    PartitionError
        Rates, overlapping classes, a dimension that is not summed over, or amounts a year
        summed over years.
    DimensionError
        `x` lacks the dimension, or has no label along it.
    InputError
        A cell is missing and ``missing="refuse"``.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([[1.0, 2.0]], coords={"area": ["DEU"], "sex": ["F", "M"]},
    ...     dims=("area", "sex"), attrs={"units": "person"})
    >>> total(x, "sex").values
    array([3.])
    """
    where = "total"
    check_dimensions(x, where, "x")
    names = [dims] if isinstance(dims, str) else list(dims) if isinstance(dims, Iterable) else []
    if not names or len(set(names)) < len(names):
        mend = f'dims="{x.dims[0]}"' if x.dims else "x has no dimension to sum over"
        raise DimensionError(where, f"dims={dims!r}, expected names of dimensions", mend, 8, "dims")
    require(x, names, where, "x")
    check_additive(x, where, "x")
    if missing not in ("propagate", "skip", "refuse"):
        raise InputError(
            where, f"missing={missing!r}", '"propagate", "skip" or "refuse"', 7, "missing"
        )
    for name in names:
        if name in _NEVER:
            raise PartitionError(
                where,
                f"a sum over {name} counts the same people again",
                "migov.person_years(x) for time; x.mean or x.quantile for members",
                4,
                "dims",
            )
        if not x.sizes[name]:
            raise DimensionError(where, f"x has no {name}", f"select some {name}", 8, "x")
        check_partition(x, name, where, "x")
    if "period" in names and units.powers(str(x.attrs["units"])).get("time") == -1.0:
        raise PartitionError(
            where,
            f"x is in {x.attrs['units']!r}; amounts a year are not added over years",
            "multiply by the lengths of the periods first",
            4,
            "x",
        )
    plain, flags = status.take(full_width(x))
    if group is not None:
        plain, flags = _members(plain, flags, names, group, date, where)
    ends = None
    if "period" in names:
        _check_adjoining(plain, where)
        ends = (plain.coords["period"].values[0], period_end(plain)[-1])
    absent = plain.isnull().any(names) if missing != "propagate" else None
    if missing == "refuse" and absent is not None and bool(absent.any()):
        raise InputError(where, "x has missing cells", 'missing="skip" or fill them', 7, "x")
    out = (
        plain.sum(names, skipna=True, min_count=1)
        if missing == "skip"
        else plain.sum(names, skipna=False)
    )
    out.attrs, out.name = dict(plain.attrs), plain.name
    if ends is not None:
        out = out.assign_coords(period=ends[0], period_end=ends[1])
    out = status.put(out, flags)
    if missing == "skip" and absent is not None and bool(absent.any()):
        at = absent.any("member") if "member" in absent.dims else absent
        out = status.mark(out, "partial", at=at.compute())
    return out


def _members(
    x: xr.DataArray,
    flags: xr.DataArray | None,
    names: list[str],
    group: str,
    date: str | None,
    where: str,
) -> tuple[xr.DataArray, xr.DataArray | None]:
    """Keep the members of a group; all of them must be there."""
    role = next((name for name in names if name in ROLES), None)
    if role is None:
        raise PartitionError(
            where,
            f"group={group!r} needs areas to sum over",
            'total(x, "area", group=…)',
            4,
            "group",
        )
    wanted = areas.members(group, date, where)
    has = set(map(str, x.indexes[role]))
    absent = [code for code in wanted if code not in has]
    if absent:
        raise PartitionError(
            where,
            f"x lacks {', '.join(absent[:8])}{' …' if len(absent) > 8 else ''} of {group}",
            "give all members, or name the areas that are summed",
            4,
            "x",
        )
    keep = {role: list(wanted)}
    return x.sel(keep), None if flags is None or role not in flags.dims else flags.sel(keep)
