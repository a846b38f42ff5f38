"""The orders of a market: lists from tables and mappings, ties broken by a stated rule."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd

from migov.core.errors import AlignmentError, DimensionError, InputError, KindError, UnitError
from migov.core.vocabulary import check_dimensions
from migov.labour.reading import Applications
from migov.numeric import streams

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from migov.labour.market import Market

_MANY = 2**62


@attrs.define(kw_only=True, eq=False, slots=False)
class Strict:
    """A market whose ties are broken: each application by its place on both sides.

    ``order`` {application} is its number in the market, sorted by worker, best first, which is
    the order of all other arrays here but those of the posts.
    """

    market: Market
    order: NDArray[np.int64]
    target: NDArray[np.int64]
    to_post: NDArray[np.int64]
    to_worker: NDArray[np.int64]
    lottery: NDArray[np.int64]

    @cached_property
    def post_of(self) -> NDArray[np.int64]:
        """Post of each application, sorted by post."""
        return self.target[self.to_worker]

    @cached_property
    def worker(self) -> NDArray[np.int64]:
        """Worker of each application, sorted by worker."""
        return np.repeat(np.arange(len(self.market.workers)), np.diff(self.market.start))

    @property
    def worker_of(self) -> NDArray[np.int64]:
        """Worker of each application, sorted by worker: the receivers when posts propose."""
        return self.worker

    @cached_property
    def post_start(self) -> NDArray[np.int64]:
        """Where the list of each post starts."""
        start = np.zeros(len(self.market.posts) + 1, np.int64)
        np.cumsum(np.bincount(self.target, minlength=len(self.market.posts)), out=start[1:])
        return start

    @property
    def ones(self) -> NDArray[np.int64]:
        """One seat for each worker."""
        return np.ones(len(self.market.workers), np.int64)


def strict(market: Market, seed: int | None, where: str) -> Strict:
    """Return the market with its ties broken by its rule.

    Raises
    ------
    InputError
        There are ties and the rule refuses them.
    """
    workers = np.repeat(np.arange(len(market.workers)), np.diff(market.start))
    order = np.arange(len(market.post))
    same = (workers[1:] == workers[:-1]) & (market.rank[1:] == market.rank[:-1])
    if same.any():
        _may_break(market, where, market.workers[workers[1:][same][0]], "ranks two posts equally")
        key = _lottery(market.posts, seed, "posts") if seed is not None else None
        by_post = market.post if key is None else key[market.post]
        order = np.lexsort((by_post, market.rank, workers))
    target = market.post[order]
    lottery = np.arange(len(market.workers))
    if seed is not None:
        lottery = _lottery(market.workers, seed, "workers")
    to_worker, tied = _by_post(market, order, target, lottery[workers])
    if tied >= 0:
        post = market.posts[target[to_worker[tied]]]
        _may_break(market, where, post, "scores two workers equally")
    to_post = np.empty(len(order), np.int64)
    to_post[to_worker] = np.arange(len(order))
    return Strict(
        market=market,
        order=order,
        target=target,
        to_post=to_post,
        to_worker=to_worker,
        lottery=lottery,
    )


def _by_post(
    market: Market, order: Any, target: Any, lottery: Any
) -> tuple[NDArray[np.int64], int]:
    """Sort applications by post, tier, score and lottery; tell a tied one, or -1."""
    score, tier = market.score[order], market.tier[order]
    _, level = np.unique(-score, return_inverse=True)
    levels = int(level.max()) + 1 if len(level) else 1
    tiers = int(tier.max()) + 1 if len(tier) else 1
    count = max(len(market.workers), 1)
    if len(market.posts) * tiers * levels * count < _MANY:
        group = (target * tiers + tier) * levels + level
        # No two applications of a post are by one worker: all keys differ, any sort will do.
        found = np.argsort(group * count + lottery)
    else:
        found = np.lexsort((lottery, level, tier, target))
        group = None
    if market.ties != "refuse":
        return found, -1
    if group is None:
        parts = [x[found] for x in (target, tier, level)]
        equal = np.all([x[1:] == x[:-1] for x in parts], axis=0)
    else:
        equal = np.diff(group[found]) == 0
    return found, int(np.argmax(equal)) if equal.any() else -1


def _may_break(market: Market, where: str, label: object, what: str) -> None:
    if market.ties == "refuse":
        raise InputError(
            where, f"{label} {what}, and ties='refuse'", "ties='seeded' or 'order'", 9, "ties"
        )


def _lottery(labels: Any, seed: int | None, side: str) -> NDArray[np.int64]:
    """Return the place of each label in the lottery of a seed.

    The draw of a label depends on seed and label only: who else takes part changes no order
    between two labels.
    """
    word = f"{streams.key(seed or 0, 'deferred acceptance', 'ties', side):032x}"[:16]
    texts = np.array([str(x) for x in labels], object)
    drawn = pd.util.hash_array(texts, hash_key=word, categorize=False)
    place = np.empty(len(drawn), np.int64)
    place[np.argsort(drawn, kind="stable")] = np.arange(len(drawn))
    return place


def table(x: Any, where: str, argument: str) -> xr.DataArray:
    """Return a table of numbers {worker, post} with its labels checked."""
    check_dimensions(x, where, argument)
    if set(x.dims) != {"worker", "post"}:
        has = ", ".join(map(str, x.dims)) or "none"
        raise DimensionError(
            where,
            f"{argument} has {has}, expected worker and post",
            f"{argument} by worker and post",
            8,
            argument,
        )
    if x.dtype.kind not in "iuf":
        raise KindError(
            where,
            f"{argument} holds {x.dtype}, expected numbers",
            f"{argument}.astype(float)",
            None,
            argument,
        )
    for name in ("worker", "post"):
        if name not in x.indexes or not x.indexes[name].is_unique or not x.sizes[name]:
            raise DimensionError(
                where,
                f"{argument} has no labels along {name!r}, or one twice",
                f"{argument}.assign_coords({name}=labels)",
                2,
                argument,
            )
    if np.isinf(np.asarray(x.values, float)).any():
        raise InputError(where, f"{argument} holds an infinite number", "NaN bars", 7, argument)
    ordered: xr.DataArray = x.transpose("worker", "post")
    return ordered


def same_labels(x: Any, like: xr.DataArray, where: str, argument: str) -> xr.DataArray:
    """Return a table on the labels of another."""
    found = table(x, where, argument)
    for name in ("worker", "post"):
        odd = found.indexes[name].symmetric_difference(like.indexes[name])
        if len(odd):
            raise AlignmentError(
                where,
                f"{argument} and the other table differ in {name} {', '.join(map(str, odd[:4]))}",
                f"give both tables for the same {name}s",
                2,
                argument,
            )
    ordered: xr.DataArray = found.sel({name: like.indexes[name] for name in ("worker", "post")})
    return ordered


def seats(x: Any, posts: Any, where: str, argument: str = "capacity") -> NDArray[np.int64]:
    """Return the seats of posts from an array {post} in person or post."""
    from migov.core import units

    check_dimensions(x, where, argument)
    if x.dtype.kind not in "iuf":
        raise KindError(
            where,
            f"{argument} holds {x.dtype}, expected numbers",
            f"{argument}.astype(float)",
            None,
            argument,
        )
    if x.dims != ("post",) or "post" not in x.indexes:
        raise DimensionError(
            where, f"{argument} needs the dimension post alone", f"{argument} by post", 8, argument
        )
    if units.powers(units.unit_of(x, where, argument)) != {"person": 1.0}:
        raise UnitError(
            where, f"{argument} is in {x.attrs['units']!r}", "expected 'post'", 6, argument
        )
    odd = x.indexes["post"].symmetric_difference(pd.Index(posts))
    if len(odd) or not x.indexes["post"].is_unique:
        raise AlignmentError(
            where,
            f"{argument} has other posts: {', '.join(map(str, odd[:4]))}",
            "the posts of the market, each once",
            2,
            argument,
        )
    by = units.factor(x.attrs["units"], "post", where, argument)
    found = np.asarray(x.sel(post=list(posts)).values, float) * by
    if not (np.isfinite(found) & (found >= 0) & (found == np.floor(found))).all():
        raise InputError(
            where,
            f"{argument} holds no whole numbers from 0",
            "numbers of seats: 0, 1, 2 …",
            7,
            argument,
        )
    return found.astype(np.int64)


def lists(values: Any, longest: int | None) -> tuple[Any, Any, Any]:
    """Return worker, post and rank of the applications in a table of values, best first."""
    wishes = np.asarray(values, float)
    order = np.argsort(-wishes, axis=1, kind="stable")
    keep = order.shape[1] if longest is None else min(longest, order.shape[1])
    order = order[:, :keep]
    found = np.take_along_axis(wishes, order, 1)
    listed = ~np.isnan(found)
    worker = np.repeat(np.arange(len(wishes)), keep).reshape(order.shape)
    # Equal values are equal ranks: the place of the first that has the value.
    new = np.ones(order.shape, bool)
    new[:, 1:] = found[:, 1:] != found[:, :-1]
    place = np.maximum.accumulate(np.where(new, np.arange(1, keep + 1), 0), axis=1)
    return worker[listed], order[listed], place[listed].astype(float)


def from_lists(
    workers: Mapping[str, Sequence[str]],
    posts: Mapping[str, Sequence[str]],
    capacity: Mapping[str, int],
    where: str,
) -> Applications:
    """Return the applications that strict lists of both sides make."""
    for argument, given in (("workers", workers), ("posts", posts), ("capacity", capacity)):
        if not hasattr(given, "items"):
            raise KindError(
                where, f"{argument} is a {type(given).__name__}", "a mapping", None, argument
            )
    named = {name: i for i, name in enumerate(workers)}
    numbered = {name: i for i, name in enumerate(posts)}
    places = {post: {w: i for i, w in enumerate(order)} for post, order in posts.items()}
    for argument, given, known in (("workers", workers, numbered), ("posts", posts, named)):
        for label, order in given.items():
            if not isinstance(order, list | tuple):
                raise KindError(
                    where, f"{label!r} of {argument} has {order!r:.60}", "a list", None, argument
                )
            odd = [x for x in order if x not in known]
            if odd or len(set(order)) != len(order):
                told = f"lists {odd[0]!r}, which is nowhere" if odd else "lists somebody twice"
                raise InputError(
                    where,
                    f"{label!r} of {argument} {told}",
                    "labels of the market, each once",
                    2,
                    argument,
                )
    more = [post for post in capacity if post not in numbered]
    if more:
        raise InputError(
            where, f"capacity names {more[0]!r}, no post", "a list in posts", 2, "capacity"
        )
    room = []
    for post in posts:
        seats_ = capacity.get(post)
        if not isinstance(seats_, int | np.integer) or isinstance(seats_, bool) or seats_ < 0:
            raise InputError(
                where, f"capacity of {post!r} is {seats_!r}", "a whole number", 7, "capacity"
            )
        room.append(int(seats_))
    rows = [
        (named[w], numbered[p], i, places[p].get(w))
        for w, order in workers.items()
        for i, p in enumerate(order)
    ]
    score = np.array([np.nan if s is None else -float(s) for *_, s in rows])
    columns = np.array([row[:3] for row in rows], np.int64).reshape(-1, 3)
    return Applications(
        workers=np.array(list(workers), object),
        posts=np.array(list(posts), object),
        capacity=np.array(room, np.int64),
        worker=columns[:, 0],
        post=columns[:, 1],
        rank=columns[:, 2].astype(float) + 1.0,
        score=score,
        tier=np.zeros(len(rows), np.int64),
        why=np.where(np.isnan(score), 0, -1),
        reasons=("the post does not list the worker",),
        worker_groups={},
        post_groups={},
    )


def grouped(
    given: Mapping[str, Mapping[str, str]] | None,
    labels: Sequence[str] | Mapping[str, Any],
    where: str,
    argument: str,
) -> dict[str, NDArray[Any]]:
    """Return the group of each label by the name of the grouping, "" where none is given."""
    if given is not None and not (
        hasattr(given, "items") and all(hasattr(of, "items") for of in given.values())
    ):
        raise KindError(
            where, f"{argument} is no mapping of mappings", '{"origin": {"ana": "ALB"}}', None,
            argument,
        )  # fmt: skip
    for name, of in (given or {}).items():
        odd = [label for label in of if label not in labels]
        if odd:
            raise InputError(
                where,
                f"{argument}[{name!r}] names {odd[0]!r}, who is nowhere",
                "labels of workers, or of posts",
                2,
                argument,
            )
    return {
        name: np.array([str(of.get(label, "")) for label in labels], object)
        for name, of in (given or {}).items()
    }


def sorted_lists(read: Applications) -> dict[str, Any]:
    """Return applications by worker and rank, and apart from them those that do not count."""
    rising = read.worker[1:] > read.worker[:-1]
    rising |= (read.worker[1:] == read.worker[:-1]) & (read.rank[1:] >= read.rank[:-1])
    order: Any = slice(None) if rising.all() else np.lexsort((read.rank, read.worker))
    worker, post, why = read.worker[order], read.post[order], read.why[order]
    rank, score, tier = read.rank[order], read.score[order], read.tier[order]
    counts = why < 0
    out = ~counts
    barred = pd.DataFrame(
        {
            "worker": read.workers[worker[out]],
            "post": read.posts[post[out]],
            "rank": rank[out],
            "reason": np.array(read.reasons, object)[why[out]],
        }
    )
    start = np.zeros(len(read.workers) + 1, np.int64)
    np.cumsum(np.bincount(worker[counts], minlength=len(read.workers)), out=start[1:])
    return {
        "start": start,
        "post": post[counts],
        "rank": rank[counts],
        "score": score[counts],
        "tier": tier[counts],
        "barred": barred,
    }
