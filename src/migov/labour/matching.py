"""The outcome of a market: who is placed where, how far down the list, and why not."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd
import xarray as xr

from migov.core import status
from migov.core.errors import AlignmentError, CodeError, KindError, ParameterError
from migov.labour import kernels_matching as kernels
from migov.labour.protected import NOTE
from migov.numeric.suppression import suppress

if TYPE_CHECKING:
    from migov.labour.limits import Limit, Reserve
    from migov.labour.market import Market

PLACED = "placed"
NO_APPLICATION = "no application"
OUTRANKED = "every post on the list is filled by others who come first"


def _attributes(x: Any, unit: str, title: str) -> Any:
    x.attrs = {"units": unit, "long_name": title}
    return x


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Matching:
    """Who is placed where. A planning tool, not a decision on individuals.

    Made by :meth:`Market.deferred_acceptance` and its kin.

    Parameters
    ----------
    market : Market
        The market it is a matching of.
    application : ndarray (W,)
        Number of the application by which each worker is placed, -1 for none.
    rule : str
        How it was found.
    seed : int, optional
        Of the lottery that broke ties.
    limits, reserves : tuple
        What bound it besides the seats.
    because : mapping of int to str
        Reasons of workers whom a limit kept out.
    """

    market: Market = attrs.field(repr=False)
    application: np.ndarray = attrs.field(repr=False)
    rule: str
    seed: int | None = None
    limits: tuple[Limit, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    because: dict[int, str] = attrs.field(factory=dict, repr=False)

    @classmethod
    def of(cls, market: Market, chosen: np.ndarray, **more: Any) -> Matching:
        """Return the matching of some applications; each worker has one at most, seats suffice."""
        worker = np.searchsorted(market.start, chosen, side="right") - 1
        application = np.full(len(market.workers), -1, np.int64)
        application[worker] = chosen
        filled = np.bincount(market.post[chosen], minlength=len(market.posts))
        if len(np.unique(worker)) < len(worker) or (filled > market.capacity).any():
            raise ParameterError(
                "Matching", "a worker twice, or more than the seats", "one each", 9, "chosen"
            )
        application.flags.writeable = False
        return cls(market=market, application=application, **more)

    @property
    def note(self) -> str:
        """What it may be used for."""
        return NOTE

    def partners(self) -> dict[Any, Any]:
        """Return the post of each placed worker."""
        placed = np.flatnonzero(self.application >= 0)
        posts = self.market.posts[self.market.post[self.application[placed]]]
        return dict(zip(self.market.workers[placed].tolist(), posts.tolist(), strict=True))

    @cached_property
    def workers(self) -> xr.Dataset:
        """Dataset {worker} of all workers: ``post``, ``rank``, ``score``, ``reason``.

        The post is "" and rank and score are NaN for who is not placed; the rank is 1 for the
        first choice.
        """
        market, at = self.market, self.application
        placed = at >= 0
        safe = np.where(placed, at, 0)
        post = np.full(len(at), "", object)
        rank, score = np.full(len(at), np.nan), np.full(len(at), np.nan)
        if len(market.post):
            post[placed] = market.posts[market.post[safe[placed]]]
            rank[placed] = self._places()[safe[placed]]
            score[placed] = market.score[safe[placed]]
        out = xr.Dataset(
            {
                "post": _attributes(xr.DataArray(post, dims="worker"), "1", "post"),
                "rank": _attributes(
                    xr.DataArray(rank, dims="worker"), "1", "place on the worker's own list"
                ),
                "score": _attributes(
                    xr.DataArray(score, dims="worker"), "1", "score at the post, in its points"
                ),
                "reason": _attributes(
                    xr.DataArray(self._reasons(), dims="worker"), "1", "placed, or why not"
                ),
            },
            coords={"worker": market.workers},
        )
        out.attrs = self._told("workers and their posts")
        return out

    @cached_property
    def unmatched(self) -> xr.Dataset:
        """Dataset {worker} of those without a post: ``reason``."""
        return self.workers[["reason"]].isel(worker=np.flatnonzero(self.application < 0))

    @cached_property
    def posts(self) -> xr.Dataset:
        """Dataset {post}: ``capacity``, ``filled``, ``vacant``, ``applicants``, ``cut_off``.

        The cut-off is the score of the last who was placed, of the last class of priority that
        was reached; it is undefined while seats are free.
        """
        market = self.market
        chosen = self.application[self.application >= 0]
        count = len(market.posts)
        post = market.post[chosen]
        filled = np.bincount(post, minlength=count)
        cut_off = np.full(count, np.inf)
        if len(chosen):
            last = np.full(count, -1, np.int64)
            np.maximum.at(last, post, market.tier[chosen])
            lowest = market.tier[chosen] == last[post]
            np.minimum.at(cut_off, post[lowest], market.score[chosen][lowest])
        full = (filled >= market.capacity) & (filled > 0)
        applied = np.bincount(market.post, minlength=count)
        parts = {
            "capacity": (market.capacity, "post", "seats"),
            "filled": (filled, "person", "persons placed"),
            "vacant": (market.capacity - filled, "post", "seats left free"),
            "applicants": (applied, "person", "persons who apply and may be placed"),
            "cut_off": (np.where(full, cut_off, np.nan), "1", "score of the last who was placed"),
        }
        out = xr.Dataset(
            {
                name: _attributes(xr.DataArray(values, dims="post"), unit, title)
                for name, (values, unit, title) in parts.items()
            },
            coords={"post": market.posts},
        )
        if not full.all():
            free = xr.DataArray(~full, {"post": market.posts}, "post")
            out["cut_off"] = status.mark(out["cut_off"], "undefined", at=free)
        out.attrs = self._told("posts and their seats")
        return out

    def blocking_pairs(self) -> pd.DataFrame:
        """Return the pairs who would rather have each other than what they have.

        Returns
        -------
        DataFrame
            ``worker``, ``post`` and ``limit``: the limit or reserve that keeps them apart, ""
            where nothing does. Without limits a matching is stable when there are no rows;
            with limits when no row has an empty `limit`.

        Examples
        --------
        >>> from migov.labour.market import Market
        >>> market = Market.from_lists({"a": ["x"]}, {"x": ["a"]}, {"x": 1})
        >>> len(Matching.of(market, np.array([], int), rule="nobody").blocking_pairs())
        1
        """
        market = self.market
        held = np.zeros(len(market.post), np.bool_)
        held[self.application[self.application >= 0]] = True
        worker = np.repeat(np.arange(len(market.workers)), np.diff(market.start))
        level = kernels.levels(market.tier, -market.score)
        wish = kernels.levels(market.rank)
        pairs = kernels.blocking(worker, market.post, wish, level, market.capacity, held)
        found = pd.DataFrame(
            {
                "worker": market.workers[worker[pairs]],
                "post": market.posts[market.post[pairs]],
                "limit": np.full(len(pairs), "", object),
            }
        )
        if self.limits or self.reserves:
            from migov.labour import constraints

            found["limit"] = constraints.explain(self, pairs)
        found.attrs = {"note": NOTE}
        return found

    @property
    def stable(self) -> bool:
        """Whether no pair blocks, or every pair that would is kept apart by a limit."""
        return not (self.blocking_pairs()["limit"] == "").any()

    def shares(self, group: str, min_cell: int = 5) -> xr.Dataset:
        """Return how many of each group of workers are placed.

        Parameters
        ----------
        group : str
            Name of a grouping of the market's workers.
        min_cell : int
            Groups with fewer persons, or fewer placed or not placed, are suppressed, with others
            that would give them away; 0 or 1 shows all.

        Returns
        -------
        Dataset {group}
            ``workers`` and ``placed`` in person, ``share`` in percent, ``first_choice`` in
            percent of those placed.

        Raises
        ------
        CodeError, ParameterError
            The market has no such grouping; `min_cell` below 0.
        """
        where = "Matching.shares"
        if not isinstance(group, str) or group not in self.market.worker_groups:
            has = ", ".join(self.market.worker_groups) or "none"
            raise CodeError(
                where,
                f"workers have no grouping {group!r}; they have {has}",
                "groups=(…)",
                9,
                "group",
            )
        if isinstance(min_cell, bool) or not isinstance(min_cell, int) or min_cell < 0:
            raise ParameterError(where, f"min_cell={min_cell!r}", "0 or more", 9, "min_cell")
        labels, code = np.unique(self.market.worker_groups[group].astype(str), return_inverse=True)
        placed = self.application >= 0
        many = np.bincount(code, minlength=len(labels))
        found = np.bincount(code[placed], minlength=len(labels))
        first = np.zeros(len(labels))
        if placed.any():
            on_top = self._places()[self.application[placed]] == 1
            first = np.bincount(code[placed][on_top], minlength=len(labels)).astype(float)
        table = np.stack([found, many - found], axis=1)
        hidden = np.asarray(suppress(table, min_cell)[: len(labels), :2].any(axis=1))
        with np.errstate(invalid="ignore", divide="ignore"):
            columns = {
                "workers": (many.astype(float), "person", "workers"),
                "placed": (found.astype(float), "person", "workers placed"),
                "share": (100 * found / many, "percent", "share placed"),
                "first_choice": (100 * first / found, "percent", "first choices among the placed"),
            }
        few = xr.DataArray(hidden, {group: labels}, group)
        out = xr.Dataset()
        for name, (values, unit, title) in columns.items():
            shown = np.where(hidden, np.nan, values)
            x = _attributes(xr.DataArray(shown, {group: labels}, group), unit, title)
            out[name] = status.mark(x, "suppressed", at=few) if hidden.any() else x
        out.attrs = self._told(f"workers placed by {group}")
        return out

    def compare(self, other: Matching) -> xr.Dataset:
        """Return who is better off in this matching, and who is worse, than in another.

        Parameters
        ----------
        other : Matching
            Of a market with the same workers, posts and lists.

        Returns
        -------
        Dataset {worker}
            ``change``: 1 where the worker ranks this post above that of `other`, -1 below, 0
            the same; ``post`` and ``other``. The counts are in the attributes.

        Raises
        ------
        AlignmentError
            The markets have other workers, posts or lists.

        Examples
        --------
        >>> from migov.labour.market import Market
        >>> market = Market.from_lists({"a": ["x", "y"], "b": ["y", "x"]},
        ...     {"x": ["b", "a"], "y": ["a", "b"]}, {"x": 1, "y": 1})
        >>> first = market.deferred_acceptance()
        >>> first.compare(market.deferred_acceptance(side="posts")).attrs["better"]
        2
        """
        where = "Matching.compare"
        if not isinstance(other, Matching):
            raise KindError(
                where, f"other is a {type(other).__name__}", "a Matching", None, "other"
            )
        for name in ("workers", "posts", "start", "post", "rank"):
            if not np.array_equal(getattr(self.market, name), getattr(other.market, name)):
                raise AlignmentError(
                    where, f"the two markets differ in {name}", "match the same market", 2, "other"
                )
        mine, theirs = self._wishes(), other._wishes()
        change = np.sign(theirs - mine).astype(np.int64)
        out = xr.Dataset(
            {
                "change": _attributes(
                    xr.DataArray(change, dims="worker"), "1", "1 better off, -1 worse off"
                ),
                "post": self.workers["post"],
                "other": other.workers["post"],
            },
            coords={"worker": self.market.workers},
        )
        out.attrs = self._told("comparison of two matchings") | {
            "other_rule": other.rule,
            "better": int((change > 0).sum()),
            "same": int((change == 0).sum()),
            "worse": int((change < 0).sum()),
        }
        return out

    def to_frame(self) -> pd.DataFrame:
        """Return one row a worker: post, rank, score, reason.

        Examples
        --------
        >>> from migov.labour.market import Market
        >>> market = Market.from_lists({"a": ["x"]}, {"x": ["a"]}, {"x": 1})
        >>> market.deferred_acceptance().to_frame().reason.tolist()
        ['placed']
        """
        columns = {str(name): x.values for name, x in self.workers.items()}
        found = pd.DataFrame({"worker": self.market.workers, **columns})
        found.attrs = {"note": NOTE}
        return found

    def _places(self) -> np.ndarray:
        """Return the place of each application on its worker's list; equal ranks share one."""
        market = self.market
        position = np.arange(len(market.post)) - np.repeat(market.start[:-1], np.diff(market.start))
        worker = np.repeat(np.arange(len(market.workers)), np.diff(market.start))
        new = np.ones(len(market.post), np.bool_)
        new[1:] = (worker[1:] != worker[:-1]) | (market.rank[1:] != market.rank[:-1])
        at = np.maximum.accumulate(np.where(new, np.arange(len(market.post)), 0))
        return np.asarray(position[at] + 1)

    def _wishes(self) -> np.ndarray:
        """Return the place of each worker's post on the list, one beyond the list for none."""
        length = np.diff(self.market.start)
        if not len(self.market.post):
            return np.ones(len(self.application))
        safe = np.where(self.application >= 0, self.application, 0)
        return np.where(self.application >= 0, self._places()[safe], length + 1)

    def _reasons(self) -> np.ndarray:
        market = self.market
        length = np.diff(market.start)
        reason = np.where(self.application >= 0, PLACED, OUTRANKED).astype(object)
        alone = (self.application < 0) & (length == 0)
        reason[alone] = NO_APPLICATION
        if alone.any() and len(market.barred):
            first = market.barred.drop_duplicates("worker").set_index("worker")["reason"]
            told = first.reindex(market.workers[alone])
            known = told.notna().to_numpy()
            reason[np.flatnonzero(alone)[known]] = told.to_numpy(object)[known]
        for worker, text in self.because.items():
            if self.application[worker] < 0:
                reason[worker] = text
        return reason

    def _told(self, title: str) -> dict[str, Any]:
        told: dict[str, Any] = {"title": title, "note": NOTE, "rule": self.rule}
        told["ties"] = self.market.ties
        if self.seed is not None:
            told["seed"] = self.seed
        if self.limits or self.reserves:
            told["limits"] = "; ".join(str(x) for x in (*self.limits, *self.reserves))
        return told
