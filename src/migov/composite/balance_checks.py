"""What a balance refuses: results of no indicator, weights that nobody stated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import catalogue, units
from migov.core.errors import (
    AlignmentError,
    DimensionError,
    KindError,
    ParameterError,
    UnitError,
)
from migov.core.times import check_instants
from migov.core.vocabulary import check_dimensions

if TYPE_CHECKING:
    import xarray as xr


def _stated(name: str, given: object, used: Mapping[str, Any]) -> dict[str, float]:
    """Return weights or scales if each indicator that is used has one, and no other."""
    names = sorted(used)
    line = f"{name}={{{', '.join(f'{one!r}: …' for one in names)}}}"
    if not isinstance(given, Mapping) or set(given) != set(names):
        ids = ", ".join(sorted(map(str, given))) if isinstance(given, Mapping) else ""
        raise ParameterError(
            "Balance.total",
            f"{name} are for {ids or 'nothing'}, the balance has {', '.join(names)}; without "
            "both stated there is no total",
            f"{line}, one for each affected indicator with a direction, and no other",
            9,
            name,
        )
    bad = [
        one
        for one, number in given.items()
        if isinstance(number, bool)
        or not isinstance(number, int | float | np.number)
        or not np.isfinite(number)
    ]
    if bad:
        raise ParameterError(
            "Balance.total", f"{name} of {bad[0]} is {given[bad[0]]!r}", line, 9, name
        )
    return dict(given)


def check_weighing(
    weights: object, scales: object, used: Mapping[str, Any]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the weights and scales of a total, all stated; nothing is filled in.

    Raises
    ------
    ParameterError
        One is missing, negative or no number, the weights do not sum to one, or nothing is
        affected that has a direction.
    """
    if not used:
        raise ParameterError(
            "Balance.total",
            "no affected indicator has a direction, so there is nothing to add up",
            "show the balance line by line",
            9,
            "frame",
        )
    shares, units_of = _stated("weights", weights, used), _stated("scales", scales, used)
    if min(shares.values()) < 0 or abs(sum(shares.values()) - 1) > 1e-9:
        raise ParameterError(
            "Balance.total",
            f"weights do not sum to one, or one is negative: their sum is {sum(shares.values()):g}",
            "weights not below zero that sum to 1",
            9,
            "weights",
        )
    if min(units_of.values()) <= 0:
        ident = min(units_of, key=lambda one: units_of[one])
        raise ParameterError(
            "Balance.total",
            f"the scale of {ident} is {units_of[ident]:g}",
            "the change above zero, in the indicator's unit, that counts as one",
            9,
            "scales",
        )
    return shares, units_of


def check_single(ident: str, x: xr.DataArray, argument: str) -> None:
    """Refuse several areas or dates: their median would be a number of no one."""
    several = [str(d) for d in x.dims if d != "member" and x.sizes[d] > 1]
    if several:
        raise DimensionError(
            "Balance.compare",
            f"{ident} in {argument} has several labels of {', '.join(several)}",
            f"{argument}[{ident!r}].sel({several[0]}=…)",
            8,
            argument,
        )


def check_members(ident: str, before: xr.DataArray, after: xr.DataArray) -> None:
    """Refuse members that cannot be paired: xarray would keep those in common only."""
    mine, theirs = (
        set(x.indexes["member"]) if "member" in x.dims else None for x in (before, after)
    )
    if mine is not None and theirs is not None and mine != theirs:
        raise AlignmentError(
            "Balance.compare",
            f"{ident} has other members before than after ({len(mine)} and {len(theirs)}, "
            f"{len(mine & theirs)} in common)",
            "the same draws on both sides, paired by member",
            2,
            "after",
        )


def checked(
    results: Mapping[str, xr.DataArray], argument: str = "results"
) -> dict[str, xr.DataArray]:
    """Return the results by id, each with its own indicator's unit and known dimensions."""
    if not isinstance(results, Mapping):
        raise KindError(
            "Balance",
            f"{argument} is a {type(results).__name__}",
            "a mapping by id",
            9,
            argument,
        )
    if not results:
        raise ParameterError("Balance", f"{argument} is empty", "one result or more", 9, argument)
    found = {}
    for ident, x in results.items():
        declared = catalogue.get(ident).info.unit
        check_dimensions(x, "Balance", ident)
        check_instants(x, "Balance", ident)
        given = units.unit_of(x, "Balance", ident)
        if "currency" not in declared and units.factor(given, declared, "Balance", ident) != 1.0:
            told = f"{ident} is in {given!r}, the indicator gives {declared!r}"
            raise UnitError("Balance", told, "hand in what the indicator returned", 6, ident)
        bare = x.squeeze(
            [d for d in x.dims if x.sizes[d] == 1 and d not in ("area", "time", "period")],
            drop=True,
        )
        if "origin" in bare.dims:
            bare = bare.rename(origin="area")
        other = [str(d) for d in bare.dims if d not in ("area", "time", "period", "member")]
        if other:
            raise DimensionError(
                "Balance", f"{ident} is by {', '.join(other)}", "select or add up first", 8, ident
            )
        found[ident] = bare
    return found
