"""Verbs that put arrays together: ``concat``, ``hold``, and ``person_years``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from migov.core import status
from migov.core.align import BROADCAST, scalars, shown
from migov.core.definition import definition_of, same
from migov.core.errors import AlignmentError, KindError, PartitionError, TimeError
from migov.core.group_marks import alike
from migov.core.partition import additive, check_additive
from migov.core.times import check_instants, years_between
from migov.core.units import to_unit, unit_of
from migov.core.vocabulary import ROLES, check_dimensions, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr


_BESIDE = {
    "age": ("age_width",),
    "period": ("period_end", "held_from"),
    "time": ("held_from",),
    **{role: tuple(f"{one}_members" for one in ROLES) for role in ROLES},
}
"""Coordinates that say more of the labels of a dimension."""

_ALIKE = {
    "age_width": "migov.regroup_ages to the coarser ages",
    "period_end": "intervals of the same ends, such as migov.person_years of the same dates makes",
    "held_from": 'rates held from one date, or migov.hold(migov.concat(…, "time"), to=…)',
}
"""What makes the coordinates beside labels alike."""


_BOTH_ENDS = 'migov.concat([stock, later], "time"), the stock at both ends of the interval'
"""What person-years need where there is one date that is no middle of a year."""


def concat(arrays: Sequence[xr.DataArray], dim: str) -> xr.DataArray:
    """Return several arrays as one along a dimension, if they count the same people.

    A total beside its members (``World`` with countries, ``_T`` with ``F`` and ``M``) is put
    together too, for a table or a figure. What adds up later refuses it: :func:`migov.total`
    and every indicator that sums over the dimension check that the labels are a partition.
    Sums of xarray itself do not.

    Parameters
    ----------
    arrays : sequence of DataArray
        Same dimensions and labels beside `dim`; units of one dimension.
    dim : str
        Dimension along which the labels are put together; none may occur twice.

    Returns
    -------
    DataArray
        In the first array's unit, with its definition and the joined status.

    Raises
    ------
    DefinitionError
        The definitions differ, editions among them.
    AlignmentError
        Labels occur twice, or other dimensions differ.

    Examples
    --------
    >>> import xarray as xr
    >>> a = xr.DataArray([1.0], coords={"area": ["DEU"]}, dims="area", attrs={"units": "person"})
    >>> concat([a, a.assign_coords(area=["MDA"])], "area").area.values
    array(['DEU', 'MDA'], dtype='<U3')
    """
    import xarray as xr

    where = "concat"
    if isinstance(arrays, xr.DataArray | str) or not isinstance(arrays, Iterable):
        told = f"arrays is a {type(arrays).__name__}, expected several arrays"
        raise KindError(where, told, f'migov.concat([a, b], "{dim}")', None, "arrays")
    given = {f"arrays[{i}]": x for i, x in enumerate(arrays)}
    if not given:
        raise KindError(where, "arrays is empty", "give at least one array", None, "arrays")
    for name, x in given.items():
        check_dimensions(x, where, name)
    same(where, {name: definition_of(x) for name, x in given.items()})
    first = next(iter(given.values()))
    unit = unit_of(first, where, "arrays[0]")
    parts: list[xr.DataArray] = []
    flags: list[xr.DataArray | None] = []
    for name, x in given.items():
        plain, flag = status.take(to_unit(x, unit, where, name))
        if dim not in plain.dims:
            if dim not in plain.coords:
                raise AlignmentError(
                    where, f"{name} has no {dim!r}", f"{name}.assign_coords({dim}=…)", 2, name
                )
            plain = _expanded(plain, dim)
            flag = None if flag is None else flag.expand_dims({dim: plain.coords[dim].values})
        parts.append(plain)
        flags.append(flag)
    parts = alike(parts, dim)
    _check_beside(where, parts, dim)
    labels = np.concatenate([part.coords[dim].values for part in parts])
    values, counts = np.unique(labels, return_counts=True)
    if (counts > 1).any():
        twice = shown(values[counts > 1])
        raise AlignmentError(
            where, f"{dim} {twice} occurs twice", f"arrays[1].drop_sel({dim}=…) first", 2, "arrays"
        )
    try:
        out = xr.concat(
            parts, dim, join="exact", combine_attrs="override", coords="minimal", compat="override"
        )
    except ValueError as fault:
        raise AlignmentError(
            where,
            f"the arrays differ beside {dim!r}: {fault}",
            "the same labels beside it: arrays[1].sel(…), or the missing rows in the table",
            2,
            "arrays",
        ) from fault
    if any(flag is not None for flag in flags):
        filled = [
            flag if flag is not None else xr.zeros_like(_like(part), dtype=np.uint16)
            for flag, part in zip(flags, parts, strict=True)
        ]
        whole = [f.broadcast_like(_like(p)) for f, p in zip(filled, parts, strict=True)]
        out = status.put(out, xr.concat(whole, dim, coords="minimal", compat="override"))
    return out


def _expanded(x: xr.DataArray, dim: str) -> xr.DataArray:
    """Return an array with a scalar label as a dimension; what stands beside it goes along."""
    out = x.expand_dims(dim)
    for name in _BESIDE.get(dim, ()):
        if name in out.coords and out.coords[name].ndim == 0:
            out = out.assign_coords({name: (dim, [out.coords[name].values[()]])})
    return out


def _check_beside(where: str, parts: Sequence[xr.DataArray], dim: str) -> None:
    """Refuse parts of other dimensions, other scalar labels, or other widths beside `dim`.

    ``xarray.concat`` would repeat a part along a dimension that it lacks, and keep the first
    part's date and ages for all.
    """
    first = parts[0]
    told = scalars(first)
    along = set(_BESIDE.get(dim, ()))
    for i, part in enumerate(parts[1:], start=1):
        name = f"arrays[{i}]"
        apart = sorted(map(str, set(first.dims) ^ set(part.dims)))
        other = scalars(part)
        apart += sorted(key for key in told.keys() ^ other.keys() if key not in apart)
        if apart:
            raise AlignmentError(
                where,
                f"arrays[0] and {name} differ beside {dim!r}: only one has {', '.join(apart)}",
                "give both by the same dimensions",
                2,
                name,
            )
        for key, label in told.items():
            if label != other[key]:
                raise AlignmentError(
                    where,
                    f"arrays[0] is for {key} {shown(label)}, {name} for {shown(other[key])}",
                    f'migov.concat(…, "{key}") puts these together',
                    2,
                    name,
                )
        for beside in _ALIKE.keys() - along:
            mine, theirs = first.coords.get(beside), part.coords.get(beside)
            if mine is None and theirs is None:
                continue
            if mine is None or theirs is None or not np.array_equal(mine.values, theirs.values):
                raise AlignmentError(
                    where,
                    f"arrays[0] and {name} differ beside {dim!r} in {beside}",
                    _ALIKE[beside],
                    2,
                    name,
                )


def _like(x: xr.DataArray) -> Any:
    """Return the labels of `x` without ``member`` and without values that would be computed."""
    import xarray as xr

    dims = [name for name in x.dims if name not in BROADCAST[:1]]
    coords = {name: x.coords[name] for name in dims}
    return xr.DataArray(np.zeros([x.sizes[name] for name in dims], bool), coords, dims)


def hold(rate: xr.DataArray, *, to: xr.DataArray) -> xr.DataArray:
    """Return a dated rate repeated at other dates, with the date that it is held from.

    Parameters
    ----------
    rate : DataArray {time or period, …}
        A rate, ratio or mean; one date may stand as a scalar coordinate.
    to : DataArray {time} or {period}
        The dates wanted, such as ``population.time``. Each takes the latest date of `rate`
        that is not after it.

    Returns
    -------
    DataArray {time or period of `to`, …}
        With the coordinate ``held_from`` along it.

    Raises
    ------
    TimeError
        `to` has no dates, or one lies before the first of `rate`.
    PartitionError
        `rate` is a count: counts are projected, not held.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> rate = xr.DataArray([70.0], coords={"time": np.array(["2023-07-01"], "M8[s]")},
    ...     dims="time", attrs={"units": "percent"})
    >>> time = np.array(["2025-07-01", "2030-07-01"], "M8[s]")
    >>> to = xr.DataArray(time, {"time": time}, dims="time")
    >>> hold(rate, to=to).values
    array([70., 70.])
    """
    where = "hold"
    check_dimensions(rate, where, "rate")
    check_dimensions(to, where, "to")
    check_instants(to, where, "to")
    if additive(unit_of(rate, where, "rate")):
        raise PartitionError(
            where,
            f"rate is in {rate.attrs['units']!r}; a count is projected, not held",
            "hold the rate it comes from",
            4,
            "rate",
        )
    target = next((name for name in ("time", "period") if name in to.dims), None)
    source = next((name for name in ("time", "period") if name in rate.coords), None)
    if target is None or source is None:
        lacks = "to" if target is None else "rate"
        raise TimeError(
            where, f"{lacks} has neither time nor period", "to=population.time", 1, lacks
        )
    plain, flags = status.take(rate)
    if source not in plain.dims:
        plain = plain.expand_dims(source)
        flags = None if flags is None else flags.expand_dims({source: plain.coords[source].values})
    check_instants(plain, where, "rate")
    dates = np.asarray(plain.coords[source].values, "M8[s]")
    wanted = np.asarray(to.coords[target].values, "M8[s]")
    places = np.searchsorted(dates, wanted, side="right") - 1
    if (places < 0).any():
        raise TimeError(
            where,
            f"to holds {shown(wanted[places < 0])}, before the first date of rate "
            f"{shown(dates[:1])}",
            "a rate is held forward only",
            1,
            "to",
        )
    labels: dict[str, Any] = {target: wanted, "held_from": (target, dates[places])}
    if target == "period" and "period_end" in to.coords:
        labels["period_end"] = ("period", to.coords["period_end"].values)

    def spread(x: xr.DataArray) -> xr.DataArray:
        bare = x.drop_vars([n for n in (source, "period_end", "held_from") if n in x.coords])
        return bare.isel({source: places}).rename({source: target}).assign_coords(labels)

    out = spread(plain)
    if flags is not None:
        kept = spread(flags) if source in flags.dims else flags
        out = status.put(out, kept.drop_vars("held_from", errors="ignore"))
    return out


def person_years(
    stock: xr.DataArray, *, method: Literal["mean", "midpoint"] = "mean"
) -> xr.DataArray:
    """Return the person-years lived, the bridge from a stock to a flow.

    Parameters
    ----------
    stock : DataArray {time, …}
        Persons at instants.
    method : {"mean", "midpoint"}
        ``mean``: between each two instants, the mean of both times the years between them.
        ``midpoint``: a stock at 1 July stands for its calendar year.

    Returns
    -------
    DataArray {period, …}
        In the stock's unit times year; definition kept, the flags of both ends joined.

    Raises
    ------
    TimeError
        No ``time``, a single instant, or a midpoint that is no 1 July.
    PartitionError
        `stock` is a rate, a ratio or a mean.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> time = np.array(["2020-07-01", "2025-07-01"], "M8[s]")
    >>> stock = xr.DataArray([10.0, 20.0], {"time": time}, "time", attrs={"units": "person"})
    >>> person_years(stock).values, person_years(stock).units
    (array([75.]), 'person year')

    References
    ----------
    Preston, Heuveline and Guillot (2001), Demography, section 1.4.
    """
    where = "person_years"
    check_dimensions(stock, where, "stock")
    require(stock, ["time"], where, "stock")
    check_instants(stock, where, "stock")
    check_additive(stock, where, "stock")
    plain, flags = status.take(stock.astype(float))  # a sum of two small integers may overflow
    dates = np.asarray(plain.coords["time"].values, "M8[s]")
    if method == "midpoint":
        years = dates.astype("M8[Y]")
        if not (years.astype("M8[M]") + np.timedelta64(6, "M") == dates).all():
            mend = 'method="mean"' if len(dates) > 1 else _BOTH_ENDS
            raise TimeError(
                where, f"stock is at {shown(dates)}, a midpoint is 1 July", mend, 1, "stock"
            )
        ends = (years + np.timedelta64(1, "Y")).astype("M8[s]")
        starts = years.astype("M8[s]")
        mean, joined = plain, flags
    elif method == "mean":
        if len(dates) < 2:
            july = str(dates[0])[5:10] == "07-01" if len(dates) else False
            mend = 'method="midpoint"' if july else _BOTH_ENDS
            told = f"stock has one instant, {shown(dates)}" if len(dates) else "stock has no date"
            raise TimeError(where, told, mend, 1, "stock")
        starts, ends = dates[:-1], dates[1:]
        late, early = slice(1, None), slice(None, -1)
        other = plain.isel(time=late).assign_coords(time=dates[:-1])
        mean = (plain.isel(time=early) + other) / 2
        joined = flags
        if flags is not None and "time" in flags.dims:
            after = flags.isel(time=late).assign_coords(time=dates[:-1])
            joined = status.join([flags.isel(time=early), after])
    else:
        raise TimeError(where, f"method={method!r}", '"mean" or "midpoint"', 1, "method")
    bare = mean.drop_vars([n for n in ("held_from",) if n in mean.coords]).rename(time="period")
    bare = bare.assign_coords(period=starts, period_end=("period", ends))
    lengths = bare.coords["period"].copy(data=years_between(starts, ends)).drop_vars("period_end")
    out = bare * lengths
    out.attrs = {**stock.attrs, "units": f"{unit_of(stock, where, 'stock')} year"}
    out.name = stock.name
    if joined is None:
        return cast("xr.DataArray", out)
    renamed = joined
    if "time" in joined.dims:
        renamed = joined.rename(time="period").assign_coords(period=starts)
    return status.put(cast("xr.DataArray", out), renamed)
