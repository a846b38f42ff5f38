"""What a shortage comes to: posts not filled, people beyond them, openings, with their status."""

from __future__ import annotations

import xarray as xr

from migov.core import status
from migov.core.align import align
from migov.core.combine import person_years
from migov.core.definition import ATTRIBUTE, Definition
from migov.core.errors import TimeError

_POSTS = Definition(name="posts, occupied and vacant", counts="posts", stock_basis="at_date")
_OPEN = Definition(name="posts not filled", counts="posts", stock_basis="at_date")


def _attributes(x: xr.DataArray, unit: str, title: str, who: Definition | None) -> xr.DataArray:
    x.attrs = {"units": unit, "long_name": title}
    if who is not None:
        x.attrs[ATTRIBUTE] = who.to_json()
    return x.rename(None)


def of(
    posts: xr.DataArray,
    people: xr.DataArray,
    posts_are: Definition | None,
    people_are: Definition | None,
) -> xr.Dataset:
    """Return the dataset of posts, people, and what stands against each other, in person."""
    gap = posts - people
    filled = people.where(gap > 0, posts).where(gap.notnull())
    unfilled, beyond = gap.where(~(gap < 0), 0.0), (people - posts).where(~(gap > 0), 0.0)
    whole = posts + 0.0 * people
    named = {
        "demand": (whole, "person", "posts", posts_are or _POSTS),
        "supply": (people + 0.0 * posts, "person", "people who can fill them", people_are),
        "shortage": (unfilled, "person", "posts not filled", _OPEN),
        "surplus": (beyond, "person", "people beyond the posts", people_are),
        "coverage": (
            filled / whole.where(whole > 0),
            "1",
            "share of posts that can be filled",
            None,
        ),
    }
    order = [str(d) for d in whole.dims]
    out = xr.Dataset(
        {name: _attributes(x.transpose(*order), u, t, w) for name, (x, u, t, w) in named.items()}
    )
    out.attrs = {"title": "shortage by occupation"}
    return out


def add_openings(out: xr.Dataset, rate: xr.DataArray, where: str) -> None:
    """Add net change and replacement demand between each two dates."""
    posts = out["demand"]
    if "time" not in posts.dims or posts.sizes["time"] < 2:
        raise TimeError(
            where, "openings need posts at two dates or more", "leave out replacement", 1
        )
    lived = person_years(posts)
    late = posts.isel(time=slice(1, None)).rename(time="period")
    early = posts.isel(time=slice(None, -1)).rename(time="period")
    bare = early.drop_vars(["period"])
    net = (late.drop_vars(["period"]) - bare).assign_coords(
        period=lived.coords["period"], period_end=lived.coords["period_end"]
    )
    lacking = {*map(str, lived.dims), "member", "scenario"}
    both = align(
        where, {"demand": lived, "replacement": rate.drop_vars("time", errors="ignore")}, lacking
    )
    openings = net + both["demand"] * both["replacement"]
    out["openings"] = _attributes(openings, "person", "openings: net change and replacement", _OPEN)


def with_status(out: xr.Dataset, flags: xr.DataArray | None) -> xr.Dataset:
    """Put the joined status on the dataset, with ``undefined`` where there are no posts."""
    coverage = out["coverage"]
    none = (out["demand"] == 0).compute()
    if flags is not None:
        gone = [n for n in ("time", "held_from") if n in flags.coords and n not in flags.dims]
        flags = flags.drop_vars(gone)
        for name in flags.dims:
            if name not in coverage.dims:
                flags = status.union(flags, [name])
        coverage = status.put(coverage, flags)
    if bool(none.any()):
        at = none.any("member") if "member" in none.dims else none
        coverage = status.mark(coverage, "undefined", at=at)
    if status.NAME in coverage.coords:
        out = out.assign_coords({status.NAME: coverage.coords[status.NAME]})
    return out
