"""Bounds on a matching besides the seats: limits by group, seats kept, least numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core.errors import CodeError, ParameterError
from migov.labour import kernels_constraints as kernels
from migov.labour import kernels_matching
from migov.labour.limits import Limit, Reserve, told_groups
from migov.labour.matching import Matching

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from migov.labour.market import Market
    from migov.labour.ordering import Strict

WHERE = "deferred_acceptance"
_ENDLESS = 2**60


@attrs.define(kw_only=True, eq=False)
class Bounds:
    """Limits and reserves sorted by what they bound, with the rules of the kernel."""

    rules: kernels.Rules
    regional: Limit | None
    least: Limit | None
    each: Limit | None
    overall: list[Limit]
    region_labels: list[str]
    group_labels: list[str]


def _group(market: Market, by: str, sides: str) -> Any:
    """Return the labels of a grouping."""
    has = {
        "workers": market.worker_groups,
        "posts": market.post_groups,
        "both": {**market.post_groups, **market.worker_groups},
    }[sides]
    if by not in has:
        known = ", ".join(has) or "none"
        of = "workers or posts" if sides == "both" else sides
        raise CodeError(
            WHERE,
            f"no grouping {by!r} of {of}; there are {known}",
            f'Market.from_frames(…, groups=("{by}",)) where a table has the column',
            9,
            "limits",
        )
    return has[by].astype(str)


def _known(labels: Any, named: Sequence[str], by: str) -> None:
    odd = [x for x in named if x not in set(labels)]
    if odd:
        raise CodeError(WHERE, f"no {by} is called {odd[0]!r}", told_groups(labels), 9, "limits")


def bounds(
    market: Market,
    limits: Sequence[Limit],
    reserves: Sequence[Reserve],
    targets: Mapping[str, int] | None,
) -> Bounds:
    """Return what bounds a market, or say why rules do not go together."""
    least = [x for x in limits if x.least]
    over_posts = [x for x in limits if x.most and x.by in market.post_groups]
    each = [x for x in limits if x.most and x not in over_posts and x.at_each_post]
    overall = [x for x in limits if x.most and x not in over_posts and not x.at_each_post]
    if any(x.by != "post" for x in least):
        raise ParameterError(
            WHERE,
            f"least by {least[0].by!r}: no rule of proposals keeps it without unfairness",
            'by="post", or migov.labour.assignment(…, limits=…)',
            9,
            "limits",
        )
    at_posts = {x.by for x in each} | {x.by for x in reserves}
    if len(least) + len(over_posts) > 1 or len(at_posts) > 1:
        raise ParameterError(
            WHERE,
            "one grouping of posts, and one of workers at each post, at most",
            "migov.labour.assignment takes any number",
            9,
            "limits",
        )
    if len(each) > 1 or (targets is not None and not over_posts):
        raise ParameterError(
            WHERE,
            "targets without a limit by group of posts, or a limit twice",
            "one limit by group of posts for each target",
            9,
            "targets",
        )
    for limit in overall:
        _known(_group(market, limit.by, "both"), [g for g, _ in limit.most], limit.by)
    count = len(market.posts)
    region, most, labels = [0] * count, [_ENDLESS], [""]
    goal = market.capacity.tolist()
    if over_posts:
        region, most, labels, goal = _regions(market, over_posts[0], targets)
    if least:
        goal, most = _least(market, least[0])
    group, quota, reserve, names = _groups(market, each[0] if each else None, reserves)
    rules = kernels.Rules(
        capacity=market.capacity.tolist(),
        goal=goal,
        region=region,
        most=most,
        beyond_goals=bool(least),
        group=group,
        quota=quota,
        reserve=reserve,
    )
    return Bounds(
        rules=rules,
        regional=over_posts[0] if over_posts else None,
        least=least[0] if least else None,
        each=each[0] if each else None,
        overall=overall,
        region_labels=labels,
        group_labels=names,
    )


def _regions(market: Market, limit: Limit, targets: Mapping[str, int] | None) -> Any:
    groups = _group(market, limit.by, "posts")
    _known(groups, [g for g, _ in limit.most], limit.by)
    labels, code = np.unique(groups, return_inverse=True)
    upper = dict(limit.most)
    most = [upper.get(str(label), _ENDLESS) for label in labels]
    goal = market.capacity.tolist()
    for r, bound in enumerate(most):
        inside = np.flatnonzero(code == r).tolist()
        if bound == _ENDLESS:
            continue
        for i, p in enumerate(inside):
            even = bound // len(inside) + (i < bound % len(inside))
            goal[p] = min(even, int(market.capacity[p]))
    if targets is not None:
        whole = hasattr(targets, "items") and all(
            isinstance(x, int | np.integer) and not isinstance(x, bool) for x in targets.values()
        )
        if not whole:
            raise ParameterError(
                WHERE, f"targets={targets!r:.80}", "whole numbers by post", 9, "targets"
            )
        _known(market.posts.astype(str), list(targets), "post")
        for p, label in enumerate(market.posts.astype(str).tolist()):
            goal[p] = int(targets.get(label, goal[p]))
        for r, bound in enumerate(most):
            asked = sum(goal[p] for p in np.flatnonzero(code == r))
            if asked > bound or any(g < 0 for g in goal):
                raise ParameterError(
                    WHERE,
                    f"targets in {labels[r]} add up to {asked}, more than the limit {bound}",
                    "smaller targets, or a higher limit",
                    9,
                    "targets",
                )
    return code.tolist(), most, [str(x) for x in labels], goal


def _least(market: Market, limit: Limit) -> tuple[list[int], list[int]]:
    """Return goals and the seats beyond them: all workers less the sum of the least."""
    _known(market.posts.astype(str), [g for g, _ in limit.least], "post")
    wanted = dict(limit.least)
    goal = [int(wanted.get(str(label), 0)) for label in market.posts]
    short = [str(p) for p, g, c in zip(market.posts, goal, market.capacity, strict=True) if g > c]
    everybody = min(len(market.workers), int(market.capacity.sum()))
    if short or sum(goal) > everybody:
        told = f"{short[0]!r} has fewer seats" if short else f"{sum(goal)} in all, {everybody} come"
        raise ParameterError(
            WHERE, f"least cannot be kept: {told}", "a smaller least, or more posts", 9, "limits"
        )
    if (np.diff(market.start) < len(market.posts)).any():
        raise ParameterError(
            WHERE,
            "least needs workers who list every post and may be placed there",
            "migov.labour.assignment(…, limits=…)",
            9,
            "limits",
        )
    return goal, [everybody - sum(goal)]


def _groups(market: Market, each: Limit | None, reserves: Sequence[Reserve]) -> Any:
    by = each.by if each is not None else reserves[0].by if reserves else None
    count = len(market.posts)
    if by is None:
        return [0] * len(market.workers), [[_ENDLESS]] * count, [[0]] * count, [""]
    labels, code = np.unique(_group(market, by, "workers"), return_inverse=True)
    names = [str(x) for x in labels]
    upper = dict(each.most) if each is not None else {}
    _known(names, [*upper, *(r.group for r in reserves)], by)
    quota = [[upper.get(name, _ENDLESS) for name in names] for _ in range(count)]
    kept = [[0] * len(names) for _ in range(count)]
    posts = [str(p) for p in market.posts]
    for reserve in reserves:
        given = reserve.seats
        of = dict.fromkeys(posts, given) if isinstance(given, int) else dict(given)
        _known(posts, list(of), "post")
        for p, label in enumerate(posts):
            kept[p][names.index(reserve.group)] += int(of.get(label, 0))
    for p, label in enumerate(posts):
        if sum(kept[p]) > market.capacity[p] and any(
            not isinstance(r.seats, int) for r in reserves
        ):
            raise ParameterError(
                WHERE,
                f"{label!r} keeps more seats than it has",
                "reserves up to its seats",
                9,
                "reserves",
            )
    return code.tolist(), quota, kept, names


def solve(
    strict: Strict,
    seed: int | None,
    limits: Sequence[Limit],
    reserves: Sequence[Reserve],
    targets: Mapping[str, int] | None,
) -> Matching:
    """Return the matching of proposals by workers under limits and reserves."""
    market = strict.market
    found = bounds(market, limits, reserves, targets)
    because: dict[int, str] = {}
    out = np.zeros(len(market.workers), np.bool_)
    plain = found.regional is None and found.each is None and not reserves and not found.least
    while True:
        start, take = _without(strict, out)
        place, target = strict.to_post[take], strict.target[take]
        if plain:
            rank = np.empty(len(place), np.int64)
            rank[np.argsort(place)] = np.arange(len(place))
            held = kernels_matching.propose(
                start, rank, np.sort(target), strict.ones, market.capacity
            )
        else:
            held = kernels.flexible(start, place, target, strict.worker[take], found.rules)
        chosen = take[held]
        over = _over(strict, chosen, found.overall)
        if not over:
            break
        for worker, told in over:
            out[worker] = True
            because[worker] = f"limit: {told}"
    matching = Matching.of(
        market,
        strict.order[chosen],
        seed=seed,
        rule="deferred acceptance under limits, workers propose",
        limits=tuple(limits),
        reserves=tuple(reserves),
        because=because,
    )
    matching.because.update(_reasons(matching, found))
    return matching


def _without(strict: Strict, out: Any) -> tuple[Any, Any]:
    """Return the lists of the workers who stay, as start and numbers of applications."""
    take = np.flatnonzero(~out[strict.worker])
    start = np.zeros(len(out) + 1, np.int64)
    np.cumsum(np.bincount(strict.worker[take], minlength=len(out)), out=start[1:])
    return start, take


def _over(strict: Strict, chosen: Any, overall: Sequence[Limit]) -> list[tuple[int, str]]:
    """Return whom the first limit that is broken keeps out: the last by tier, score, lottery.

    Groups of one limit have nobody in common, so that all of them are cut at once: those who
    stay in a group keep their place or a better one when members of others are kept out.
    """
    market = strict.market
    for limit in overall:
        labels = _group(market, limit.by, "workers")
        here = labels[strict.worker[chosen]]
        out: list[tuple[int, str]] = []
        for group, most in limit.most:
            inside = chosen[here == group]
            excess = len(inside) - most
            if excess <= 0:
                continue
            app = strict.order[inside]
            last = np.lexsort(
                (strict.lottery[strict.worker[inside]], -market.score[app], market.tier[app])
            )[-excess:]
            told = limit.told(group)
            out += [(int(strict.worker[e]), told) for e in inside[last]]
        if out:
            return out
    return []


def _reasons(matching: Matching, found: Bounds) -> dict[int, str]:
    """Return the limit that keeps each unplaced worker from a post that would take it."""
    if found.regional is None and found.each is None and not matching.reserves and not found.least:
        return {}
    market = matching.market
    worker = np.repeat(np.arange(len(market.workers)), np.diff(market.start))
    held = np.zeros(len(market.post), np.bool_)
    held[matching.application[matching.application >= 0]] = True
    level = kernels_matching.levels(market.tier, -market.score)
    wish = kernels_matching.levels(market.rank)
    blocked = kernels_matching.blocking(worker, market.post, wish, level, market.capacity, held)
    alone = blocked[matching.application[worker[blocked]] < 0]
    told: dict[int, str] = {}
    for e, text in zip(alone.tolist(), explain(matching, alone), strict=True):
        w = int(worker[e])
        if text and w not in told and w not in matching.because:
            told[w] = f"limit: {text}"
    return told


def explain(matching: Matching, blocked: Any) -> list[str]:
    """Return for each blocking application the limit that keeps it apart, "" for none."""
    market = matching.market
    found = bounds(market, matching.limits, matching.reserves, None)
    level = kernels_matching.levels(market.tier, -market.score)
    owner = np.repeat(np.arange(len(market.workers)), np.diff(market.start))
    chosen = matching.application[matching.application >= 0]
    held: dict[int, list[int]] = {p: [] for p in range(len(market.posts))}
    for e in chosen.tolist():
        held[int(market.post[e])].append(e)
    numbers = np.bincount(
        np.asarray(found.rules.region)[market.post[chosen]], minlength=len(found.rules.most)
    )
    full_groups = []
    for limit in found.overall:
        labels = _group(market, limit.by, "workers")
        placed = labels[matching.application >= 0]
        reached = {g for g, most in limit.most if int((placed == g).sum()) >= most}
        full_groups.append((limit, labels, reached))
    return [
        _because(matching, found, e, owner, level, held, numbers, full_groups)
        for e in np.asarray(blocked).tolist()
    ]


def _because(
    matching: Matching,
    found: Bounds,
    e: int,
    owner: Any,
    level: Any,
    held: Any,
    numbers: Any,
    full_groups: Any,
) -> str:
    market, rules = matching.market, found.rules
    worker, post = int(owner[e]), int(market.post[e])
    if matching.application[worker] < 0:
        for limit, labels, reached in full_groups:
            group = labels[worker]
            # Who would take the seat of a worse one of the same group breaks no limit.
            if group in reached and not any(
                labels[owner[x]] == group and level[x] > level[e] for x in held[post]
            ):
                return str(limit.told(str(group)))
    line = kernels.choose(
        sorted([*held[post], e], key=lambda x: (level[x], x == e)),
        lambda x: rules.group[owner[x]],
        rules.quota[post],
        rules.reserve[post],
    )
    region = rules.region[post]
    full = numbers[region] >= rules.most[region]
    if found.least is not None:
        full = len(held[post]) >= rules.goal[post]
    if e in line[: len(held[post])] or (e in line[: rules.capacity[post]] and not full):
        return ""
    if full and e in line[: rules.capacity[post]]:
        if found.least is not None:
            return str(found.least)
        if found.regional is not None:
            return found.regional.told(found.region_labels[region])
    group = found.group_labels[rules.group[worker]]
    if found.each is not None and group in dict(found.each.most) and e not in line:
        return found.each.told(group)
    return "; ".join(str(x) for x in matching.reserves)
