"""What makes the rules of a programme inconsistent, or unfair, and what is only warned of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from migov.core import areas
from migov.core.errors import CodeError
from migov.schemes import safeguards
from migov.schemes.rules import (
    CHANGES,
    FAMILY,
    KINDS,
    PAYERS,
    QUOTA_BASES,
    SECTOR_CHANGES,
    Branch,
    Cost,
    Floor,
    OriginCap,
    dated,
    day,
    months,
)

if TYPE_CHECKING:
    from migov.schemes.programme import Programme

PARTS: dict[str, type[Any]] = {
    "origin_cap": OriginCap,
    "costs": Cost,
    "insured": Branch,
    "floors": Floor,
}


MOST_TRAINED = 10
"""Persons trained for each who leaves, above which it is a percent."""


def as_tuple(value: Any) -> Any:
    """Return lists as tuples, so that a specification stays hashable."""
    return tuple(as_tuple(one) for one in value) if isinstance(value, list | tuple) else value


def names(value: Any) -> tuple[str, ...]:
    """Return one name, or several, as a tuple."""
    return (value,) if isinstance(value, str) else as_tuple(value)


def _length(p: Programme, name: str, found: list[str]) -> float:
    text = getattr(p, name)
    try:
        return months(text) if text else math.nan
    except ValueError as fault:
        found.append(f"{name}: {fault}")
        return math.nan


def _is_area(code: str) -> bool:
    try:
        return bool(areas.code(code))
    except CodeError:
        return False


def wrong_words(p: Programme) -> list[str]:
    """Return the fields whose text is not one of those it can be."""
    found = []
    choices = {
        "kind": KINDS,
        "quota_per": ("year", "total"),
        "quota_counts": ("placements", "approvals", "permits", "arrivals"),
        "employer_change": CHANGES,
        "sector_change": SECTOR_CHANGES,
        "quota_basis": QUOTA_BASES,
        "safeguards_edition": tuple(safeguards.EDITIONS),
        "family": FAMILY,
        "return_bonus": ("none", "on_top", "withheld"),
    }
    for name, allowed in choices.items():
        if getattr(p, name) not in allowed:
            found.append(f"{name}={getattr(p, name)!r}, expected one of {', '.join(allowed)}")
    for name in ("origin", "destination", "quota_shared_with"):
        for code in names(getattr(p, name)):
            try:
                if areas.code(code) != code:
                    found.append(f"{name}={code!r}: write {areas.code(code)!r}")
            except CodeError as fault:
                parts = code.replace(",", " ").split()
                several = len(parts) > 1 and all(map(_is_area, parts))
                found.append(
                    f"{name}: {fault.what}" + (f": write {tuple(parts)}" if several else "")
                )
    for name, part in PARTS.items():
        for one in getattr(p, name):
            if isinstance(one, part):
                found += one.faults()
            else:
                found.append(f"{name} holds a {type(one).__name__}, expected {part.__name__}")
    for name in ("valid_from", "valid_to"):
        if getattr(p, name):
            try:
                day(getattr(p, name))
            except ValueError as fault:
                found.append(f"{name}: {fault}")
    return found


def _is_share(quota: Any) -> bool:
    """Tell whether a number, or one of dated pairs, lies between nobody and one person."""
    if isinstance(quota, int | float):
        return 0 < quota < 1
    pairs = [one for one in quota or () if isinstance(one, tuple) and len(one) == 2]
    return any(0 < float(number) < 1 for _, number in pairs)


def wrong_numbers(p: Programme) -> list[str]:
    """Return the numbers that cannot be."""
    found = [] if p.quota is None else dated("quota", p.quota)
    if not 0 <= p.renewals <= 20:
        found.append(f"renewals={p.renewals!r}, expected 0 to 20")
    if p.max_stays is not None and p.max_stays < 1:
        found.append(f"max_stays={p.max_stays!r}, expected 1 or more")
    if any(not 1 <= m <= 12 for m in p.season):
        found.append(f"season={p.season}, expected months 1 to 12")
    if len(set(p.season)) != len(p.season):
        found.append(f"season={p.season} names a month twice")
    shares = p.quota_months
    if shares and (len(shares) != 12 or min(shares) < 0 or abs(sum(shares) - 1) > 1e-9):
        found.append(f"quota_months={shares}, expected twelve shares that sum to 1")
    elif shares and p.season and any(s > 0 and i + 1 not in p.season for i, s in enumerate(shares)):
        found.append("quota_months gives places to a month outside the season")
    if not p.origin:
        found.append("origin is empty")
    if not p.name.strip():
        found.append("name is empty")
    if p.inspected_share is not None and not 0 <= p.inspected_share <= 1:
        found.append(f"inspected_share={p.inspected_share!r}, expected a share")
    if p.quota_basis != "shortage" and _is_share(p.quota):
        found.append(
            f"quota={p.quota!r}: persons, no share; a share of the posts is quota_basis='shortage'"
        )
    if not 0 <= p.trained_per_departure <= MOST_TRAINED:
        found.append(
            f"trained_per_departure={p.trained_per_departure!r}, expected 0 to {MOST_TRAINED}: "
            "persons trained for each who leaves, no percent"
        )
    for name in ("origin", "occupations", "quota_shared_with"):
        if len(set(getattr(p, name))) != len(getattr(p, name)):
            found.append(f"{name}={getattr(p, name)} names one twice")
    return found


def inconsistent(p: Programme) -> list[str]:
    """Return the rules that contradict each other."""
    found: list[str] = []
    parts = p.stay.split(" in ")
    try:
        lengths = [months(part) for part in parts]
    except ValueError as fault:
        return [f"stay: {fault}"]
    stay = lengths[0]
    if len(parts) > 2 or stay <= 0:
        found.append(f"stay={p.stay!r}, expected '24 month' or '90 day in 180 day'")
    if len(parts) == 2 and lengths[1] < stay:
        found.append(f"stay={p.stay!r}: the window is shorter than the stay")
    if not p.cooling_off:
        found.append("cooling_off is empty, expected '0 month' or more")
    permit, pause = _length(p, "permit", found), _length(p, "cooling_off", found)
    settle = _length(p, "settlement_after", found)
    whole = stay * (1 + p.renewals)
    _length(p, "unemployment_grace", found)
    for name in ("family_after", "notice"):
        length = _length(p, name, found)
        if length > whole + 1e-9 and (name == "notice" or p.family != "none"):
            given = getattr(p, name)
            found.append(f"{name}={given!r} is beyond the longest stay, {whole:g} months")
    if stay > permit + 1e-9:
        found.append(f"stay={p.stay!r} is longer than permit={p.permit!r}")
    season = len(set(p.season))
    if p.season and p.reentry and pause > season + 1e-9:
        found.append(f"cooling_off={p.cooling_off!r} is longer than the season of {season} months")
    if settle > whole + 1e-9:
        found.append(
            f"settlement_after={p.settlement_after!r} is beyond the longest stay, {whole:g} months"
        )
    stepped = p.renewals > 0 or settle < whole - 1e-9
    if stepped and any(abs(x - round(x)) > 1e-9 for x in (stay, settle) if not math.isnan(x)):
        found.append("stays that are renewed, or settled from within, are given in whole months")
    if p.max_stays is not None and (p.max_stays > 1) != p.reentry:
        found.append(f"max_stays={p.max_stays} with{'' if p.reentry else 'out'} reentry")
    if p.family == "none" and not math.isnan(wait := _length(p, "family_after", [])) and wait > 0:
        found.append(f"family_after={p.family_after!r} without a right of the family")
    if p.valid_from and p.valid_to and p.valid_to <= p.valid_from:
        found.append(f"valid_to={p.valid_to} is not after valid_from={p.valid_from}")
    inside = {*p.origin}
    for name in ("origin_cap", "floors"):
        named: list[Any] = [one for one in getattr(p, name) if isinstance(one, PARTS[name])]
        odd = {one.origin for one in named if isinstance(one.origin, str)} - inside
        if odd:
            found.append(f"{name} names {', '.join(sorted(odd))}, which is no origin of it")
    if p.destination in inside:
        found.append(f"{p.destination} is origin and destination")
    if inside & {*p.quota_shared_with}:
        found.append("quota_shared_with names an origin that is simulated")
    if p.quota_shared_with and p.quota is None:
        found.append("quota_shared_with without a quota")
    if p.spouse_works and p.family == "none":
        found.append("spouse_works without a right of the family: family='none'")
    if p.employer_change == "none" and p.sector_change not in ("", "none"):
        found.append(f"sector_change={p.sector_change!r} with employer_change='none'")
    if p.kind == "skills_partnership" and p.trained_per_departure < 1:
        found.append(
            f"trained_per_departure={p.trained_per_departure:g}: a skills partnership trains one "
            "to stay for each who leaves, at least"
        )
    return found + _quota_basis(p) + _at_origin(p)


def _at_origin(p: Programme) -> list[str]:
    """Return what contradicts itself in caps and floors of the origins."""
    found = []
    caps = [(str(c.origin), str(c.date)) for c in p.origin_cap if isinstance(c, OriginCap)]
    found += [
        f"origin_cap of {origin} has two numbers from {date}"
        for origin, date in dict.fromkeys(caps) if caps.count((origin, date)) > 1
    ]  # fmt: skip
    floors = [
        tuple(map(str, (f.occupation, f.origin, f.region)))
        for f in p.floors
        if isinstance(f, Floor)
    ]
    found += [
        f"floors names {occupation} in {origin}{f' ({region})' if region else ''} twice"
        for occupation, origin, region in dict.fromkeys(floors)
        if floors.count((occupation, origin, region)) > 1
    ]
    odd = [one for one, _, _ in floors if p.occupations and one not in p.occupations]
    if odd:
        found.append(f"floors names the occupation {odd[0]}, which the programme has not")
    return found


def _quota_basis(p: Programme) -> list[str]:
    """Return what contradicts the basis of the quota."""
    found = []
    if p.quota_basis == "employers" and p.quota is not None:
        found.append("quota_basis='employers' has no quota: posts alone bound it")
    if p.quota_basis in ("shortage", "points") and p.quota is None:
        found.append(f"quota_basis={p.quota_basis!r} without a quota")
    if p.quota_basis == "shortage" and p.quota is not None:
        parts = [p.quota] if isinstance(p.quota, int | float) else [one for _, one in p.quota]
        if max(parts, default=0) > 1:
            found.append("quota_basis='shortage': the quota is a share of the posts, at most 1")
        if p.quota_per == "total":
            found.append("quota_basis='shortage' is of a year: quota_per='year'")
    if (p.quota_basis == "points") != (p.points_needed is not None):
        found.append("quota_basis='points' and points_needed belong together")
    return found


def unfair(p: Programme) -> list[str]:
    """Return the rules that no programme may have, each with its reason."""
    found = []
    if p.equal_treatment is not True:
        found.append(
            f"equal_treatment={p.equal_treatment!r}: it is fixed; lower pay for the same work is "
            "no variable of a scheme (ILO C97 article 6, C143 article 10)"
        )
    if p.return_bonus == "withheld":
        found.append(
            "return_bonus='withheld': wages are not kept back until return, forced savings "
            "included (ILO C95 articles 8 and 9); pay the bonus on top"
        )
    if p.return_bonus == "none" and p.return_bonus_payer:
        found.append(f"return_bonus_payer={p.return_bonus_payer!r} without a return bonus")
    if p.return_bonus == "on_top" and p.return_bonus_payer not in PAYERS[:3]:
        found.append(
            f"return_bonus_payer={p.return_bonus_payer!r}, expected one of {', '.join(PAYERS[:3])}"
        )
    if p.complaint_protected is not True:
        found.append("complaint_protected=False: a complaint never ends the stay")
    items = [str(cost.item) for cost in p.costs if isinstance(cost, Cost)]
    twice = sorted({item for item in items if items.count(item) > 1})
    if twice:
        found.append(f"costs names {', '.join(twice)} twice")
    branches = [str(branch.name) for branch in p.insured if isinstance(branch, Branch)]
    if len(set(branches)) != len(branches):
        found.append("insured names a branch twice")
    return found


def cautions(p: Programme) -> tuple[str, ...]:
    """Return what is allowed but should be known."""
    found = []
    bare = sorted({*p.origin} - {cap.origin for cap in p.origin_cap})
    if bare:
        found.append(
            f"{p.name}: {', '.join(bare)} has set no cap; ask the origin before it is used"
        )
    for origin in sorted({cap.origin for cap in p.origin_cap}):
        first = min(cap.date for cap in p.origin_cap if cap.origin == origin)
        if p.valid_from and first > p.valid_from:
            found.append(
                f"{p.name}: the cap of {origin} holds from {first}; before it nothing that "
                f"{origin} said bounds departures"
            )
    if p.employer_change == "none":
        found.append(f"{p.name}: workers are tied to one employer, which invites abuse")
    if months(p.unemployment_grace or "0 month") == 0 and not p.new_placement:
        found.append(
            f"{p.name}: a lost post ends the stay: no time to find another, no right to be placed"
        )
    return (*found, *safeguards.cautions(p))
