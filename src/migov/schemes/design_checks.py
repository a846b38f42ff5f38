"""What is wrong with a design, or with limits that do not belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migov.core.errors import DimensionError, KindError, UnitError
from migov.schemes.design_rows import WHERE
from migov.schemes.entries import ACTORS
from migov.schemes.kinds import is_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from migov.schemes.design import Design

GROUPS = {
    "destination": ("destination_state", "destination_employers", "destination_workers"),
    "origin": ("origin_state", "origin_households", "origin_employers"),
    "migrants": ("migrants",),
}
"""The three actors of a design and the actors of a ledger that each of them holds. Recruiters
and transfer firms, and whoever pays elsewhere, belong to none of them."""

BY_ORIGIN = ("origin", "migrants", *GROUPS["origin"])
"""Actors that are guarded in each State of origin apart."""


def wrong_objective(d: Design) -> list[str]:
    """Return what is wrong with what is to be served."""
    known = (*GROUPS, *ACTORS)
    if isinstance(d.objective, str):
        if d.objective == "needs" or d.objective in known:
            return []
        return [f"objective={d.objective!r}, expected 'needs' or one of {', '.join(GROUPS)}"]
    pairs = isinstance(d.objective, tuple) and all(
        isinstance(o, tuple) and len(o) == 2 and isinstance(o[0], str) for o in d.objective
    )
    if not pairs or not d.objective:
        return [f"objective={d.objective!r}, expected pairs of an actor and its weight"]
    found = [f"objective names {a!r}, which is no actor" for a, _ in d.objective if a not in known]
    names = [a for a, _ in d.objective]
    if len(set(names)) < len(names):
        found.append("objective names an actor twice")
    for actor, weight in d.objective:
        if not isinstance(weight, int | float) or isinstance(weight, bool):
            found.append(f"objective weighs {actor} by {weight!r}, expected a number")
        elif not (is_number(weight) and weight >= 0):
            found.append(f"objective weighs {actor} by {weight:g}, expected 0 or more")
    if not found and not any(weight for _, weight in d.objective):
        found.append("objective weighs nobody: one weight above 0")
    return found


def wrong_guards(d: Design) -> list[str]:
    """Return what is wrong with who is protected, and who is not."""
    found = []
    names = (*GROUPS, "floor")
    if not isinstance(d.relax, tuple):
        return [f"relax={d.relax!r}, expected pairs of a guard and the reason"]
    for one in d.relax:
        if not (isinstance(one, tuple) and len(one) == 2 and all(isinstance(t, str) for t in one)):
            found.append(f"relax holds {one!r}, expected (name, reason)")
        elif one[0] not in names:
            found.append(f"relax names {one[0]!r}, expected one of {', '.join(names)}")
        elif not one[1].strip():
            found.append(f"relax gives no reason for {one[0]!r}")
    names_of = isinstance(d.protect_also, tuple) and all(
        isinstance(one, str) for one in d.protect_also
    )
    if not names_of:
        return [*found, f"protect_also={d.protect_also!r}, expected a tuple of names"]
    odd = [a for a in d.protect_also if a not in ACTORS or a == "migrants"]
    return found + [f"protect_also names {a!r}, which is no actor of a ledger" for a in odd]


def wrong_numbers(d: Design) -> list[str]:
    """Return the numbers that cannot be."""
    found = []
    for name, top in (("quantile", 0.5), ("needs_met", 1.0), ("fairness", 1.0)):
        value = getattr(d, name)
        bad = isinstance(value, bool) or not isinstance(value, int | float)
        if bad or not 0 <= value <= top or (name == "quantile" and value >= top):
            found.append(f"{name}={value!r}, expected a share up to {top:g}")
    if d.away is not None and (isinstance(d.away, bool) or not isinstance(d.away, int)
                               or d.away < 1):  # fmt: skip
        found.append(f"away={d.away!r}, expected a number of periods, or None")
    if isinstance(d.nodes, bool) or not isinstance(d.nodes, int) or not 1 <= d.nodes < 2**31:
        found.append(f"nodes={d.nodes!r}, expected a whole number from 1")
    return found


def together(design: Design, given: Mapping[str, Any]) -> None:
    """Refuse limits of which a part is absent."""
    relaxed = {name for name, _ in design.relax}
    if "floor" not in relaxed:
        for name in ("workers", "floor"):
            if given[name] is None:
                raise KindError(
                    WHERE, f"{name} is absent: no occupation at origin falls below its floor",
                    f"{name}=persons by occupation and origin, or relax=(('floor', reason),)",
                    9, name,
                )  # fmt: skip
    for one, other in (("cost", "budget"), ("workers", "floor")):
        if (given[one] is None) != (given[other] is None):
            name = one if given[one] is None else other
            raise KindError(
                WHERE,
                f"{one} and {other} belong together, {name} is absent",
                f"give both, {one} and {other}, or neither",
                9,
                name,
            )
    if (design.fairness > 0) != (given["claims"] is not None):
        name = "claims" if given["claims"] is None else "fairness"
        raise KindError(
            WHERE, f"fairness={design.fairness:g} and claims belong together",
            "claims=weights by origin, such as applicants", 9, name,
        )  # fmt: skip


def price_bases(arrays: Mapping[str, Any]) -> None:
    """Refuse money at other prices than those of the gains, where both say them."""
    own = getattr(arrays["gains"], "attrs", {}).get("price_base")
    for name in ("cost", "budget"):
        base = getattr(arrays.get(name), "attrs", {}).get("price_base")
        if None not in (own, base) and str(own) != str(base):
            raise UnitError(
                WHERE, f"{name} is at prices of {base}, gains are at those of {own}",
                f"bring {name} to prices of {own} by a stated factor", 6, name,
            )  # fmt: skip


def shapes(limits: Mapping[str, xr.DataArray]) -> None:
    """Refuse limits whose dimensions say something else than they mean."""
    fixed = {"needs": "occupation", "caps": "origin", "claims": "origin"}
    for name, dim in fixed.items():
        if name in limits and dim not in limits[name].dims:
            raise DimensionError(WHERE, f"{name} has no {dim!r}", f"give it by {dim}", 8, name)
    if "origin" in limits["needs"].dims:
        raise DimensionError(
            WHERE, "needs is by origin: a post may be filled from any",
            'migov.total(needs, "origin"), and caps={origin} for their limits', 8, "needs",
        )  # fmt: skip
    if "claims" in limits and set(limits["claims"].dims) != {"origin"}:
        raise DimensionError(
            WHERE, "claims is by more than origin", "claims by origin alone", 8, "claims"
        )
    if "budget" in limits and "actor" in limits["cost"].dims and (
        "actor" not in limits["budget"].dims
        or set(limits["cost"].indexes["actor"]) != set(limits["budget"].indexes["actor"])
    ):  # fmt: skip
        raise DimensionError(
            WHERE, "cost is by payer, budget has not the same ones", "the same actors", 2, "budget"
        )
