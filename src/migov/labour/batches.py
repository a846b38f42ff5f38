"""Matching in batches: who is not placed in a period waits for the next, as long as is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd
import xarray as xr

from migov.core.errors import (
    AccountError,
    AlignmentError,
    DimensionError,
    KindError,
    ParameterError,
)
from migov.labour.arguments import flag, several
from migov.labour.limits import Limit, Reserve
from migov.labour.market import Market, Ties
from migov.labour.matching import PLACED
from migov.labour.protected import NOTE
from migov.labour.solving import check_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migov.labour.matching import Matching

GAVE_UP = "left after waiting as long as allowed"
STILL = "waits at the end"
_COLUMNS = ("worker", "post", "rank", "capacity", "tier", "minimum", "excluded", "groups")


@attrs.frozen(kw_only=True, eq=False)
class Batches:
    """The matchings of several periods. A planning tool, not a decision on individuals.

    Parameters
    ----------
    matchings : mapping of label to Matching
        The matching of each period.
    workers : DataFrame
        One row a worker: ``entered``, ``placed_in``, ``waited`` (periods), ``post``, ``rank``,
        ``reason``.
    periods : Dataset {batch}
        ``waiting_before``, ``entered``, ``placed``, ``left``, ``waiting_after`` in person,
        ``seats`` and ``vacant`` in post.
    """

    matchings: dict[Any, Matching] = attrs.field(repr=False)
    workers: pd.DataFrame = attrs.field(repr=False)
    periods: xr.Dataset


def match_in_batches(
    applicants: pd.DataFrame,
    posts: pd.DataFrame,
    *,
    score: str,
    batch: str = "batch",
    patience: int | None = None,
    keep_seats: bool = False,
    seed: int | None = None,
    ties: Ties = "seeded",
    limits: Sequence[Limit] = (),
    reserves: Sequence[Reserve] = (),
    **columns: Any,
) -> Batches:
    """Return the matchings of one period after another, with workers carried over.

    In each period deferred acceptance runs over those who enter and those who wait, and over
    the seats that open; a list names posts, and counts where seats are open. The lottery of a
    worker is the same in every period.

    Parameters
    ----------
    applicants : DataFrame
        One row an application, as :meth:`Market.from_frames` takes them, with the period in
        which the worker enters.
    posts : DataFrame
        One row a post and period, with the seats that open in it.
    score : str
        Column of scores.
    batch : str
        Column of periods of both tables; they are taken in sorted order.
    patience : int, optional
        Periods in which a worker takes part at most; None for as long as it goes on.
    keep_seats : bool
        Whether seats that stay free are open in the next period too.
    seed : int, optional
        Of the lottery; None draws one.
    ties : {"seeded", "order", "refuse"}
        Rule for ties.
    limits, reserves : sequence, optional
        Of each period on its own; see :meth:`Market.deferred_acceptance`.
    **columns
        Other columns of :meth:`Market.from_frames`.

    Returns
    -------
    Batches

    Raises
    ------
    DataError, DimensionError, KindError, ParameterError
        Tables or parameters at fault; a worker who enters twice.
    AccountError
        Workers are lost between periods.

    Examples
    --------
    >>> applicants = pd.DataFrame({"batch": [1, 1, 2], "worker": ["a", "b", "c"],
    ...     "post": ["p", "p", "p"], "rank": [1, 1, 1], "points": [5, 9, 7]})
    >>> posts = pd.DataFrame({"batch": [1, 2], "post": ["p", "p"], "capacity": [1, 1]})
    >>> found = match_in_batches(applicants, posts, score="points", seed=7)
    >>> found.periods.placed.values.tolist(), found.periods.waiting_after.values.tolist()
    ([1, 1], [1, 1])
    """
    where = "match_in_batches"
    names = {"worker": columns.get("worker", "worker"), "post": columns.get("post", "post")}
    capacity = columns.get("capacity", "capacity")
    entered = _entered(applicants, posts, batch, names["worker"], where)
    flag(keep_seats, where, "keep_seats")
    limits = several(limits, Limit, where, "limits")
    reserves = several(reserves, Reserve, where, "reserves")
    odd = set(columns) - set(_COLUMNS)
    if odd:
        raise ParameterError(where, f"{min(odd)}=…", f"among {', '.join(_COLUMNS)}", 9, min(odd))
    _known(applicants, posts, names["post"], where)
    whole = isinstance(patience, int) and not isinstance(patience, bool)
    if patience is not None and not (whole and patience >= 1):
        raise ParameterError(where, f"patience={patience!r}", "1 or more, or None", 9, "patience")
    drawn = check_seed(seed, where) if ties == "seeded" else None
    try:
        labels = sorted(set(entered.values()) | set(posts[batch]))
    except TypeError:
        raise ParameterError(
            where, f"{batch!r} holds labels without an order", "numbers or dates", 9, "batch"
        ) from None
    run = _Run(applicants, posts, batch, names["worker"], names["post"], capacity, entered, labels)
    for label in labels:
        opened = run.open(label, keep_seats)
        matching = None
        usable = run.usable(opened)
        if len(usable):
            market = Market.from_frames(usable, opened, score=score, ties=ties, **columns)
            matching = market.deferred_acceptance(drawn, limits=limits, reserves=reserves)
        run.close(label, opened, matching, patience)
    table = _periods(labels, run.rows, batch, drawn, ties)
    check_workers(table, run.workers(), where)
    return Batches(matchings=run.matchings, workers=run.workers(), periods=table)


class _Run:
    """Who waits, who is placed and which seats are left, from one period to the next."""

    def __init__(
        self,
        applicants: pd.DataFrame,
        posts: pd.DataFrame,
        batch: str,
        worker: str,
        post: str,
        capacity: str,
        entered: dict[Any, Any],
        labels: list[Any],
    ) -> None:
        self.applicants, self.posts, self.entered = applicants, posts, entered
        self.batch, self.worker, self.post, self.capacity = batch, worker, post, capacity
        self.order = {label: i for i, label in enumerate(labels)}
        self.waiting: dict[Any, int] = {}
        self.left_over: dict[Any, int] = {}
        self.matchings: dict[Any, Matching] = {}
        self.placed: dict[Any, tuple[Any, Any, float]] = {}
        self.gone: set[Any] = set()
        self.rows: list[tuple[int, ...]] = []
        self.before = self.new = 0

    def open(self, label: Any, keep_seats: bool) -> pd.DataFrame:
        """Let the workers of a period in, and return its posts."""
        self.before = len(self.waiting)
        came = {w: self.order[label] for w, at in self.entered.items() if at == label}
        self.waiting |= came
        self.new = len(came)
        opened = self.posts[self.posts[self.batch] == label]
        kept = self.left_over if keep_seats else {}
        return _seats(opened, self.post, self.capacity, kept)

    def usable(self, opened: pd.DataFrame) -> pd.DataFrame:
        """Return the applications of those who wait, for posts that are open."""
        frame = self.applicants
        frame = frame[frame[self.worker].isin(list(self.waiting))]
        return frame[frame[self.post].isin(opened[self.post])]

    def close(
        self, label: Any, opened: pd.DataFrame, matching: Matching | None, patience: int | None
    ) -> None:
        """Take note of who is placed, who leaves, and what seats are left."""
        partners: dict[Any, Any] = {}
        if matching is not None:
            self.matchings[label] = matching
            partners = matching.partners()
            ranks = dict(zip(matching.market.workers, matching.workers["rank"].values, strict=True))
            for worker, post in partners.items():
                self.placed[worker] = (label, post, float(ranks[worker]))
                del self.waiting[worker]
        filled = list(partners.values())
        self.left_over = {
            p: int(c) - filled.count(p)
            for p, c in zip(opened[self.post], opened[self.capacity], strict=True)
        }
        now = self.order[label] + 1
        tired = [w for w, s in self.waiting.items() if patience is not None and now - s >= patience]
        for worker in tired:
            self.gone.add(worker)
            del self.waiting[worker]
        counts = (self.before, self.new, len(partners), len(tired), len(self.waiting))
        seats = int(opened[self.capacity].sum()) if len(opened) else 0
        self.rows.append((*counts, seats, sum(self.left_over.values())))

    def workers(self) -> pd.DataFrame:
        """Return one row a worker."""
        rows = []
        for worker, since in self.entered.items():
            if worker in self.placed:
                at, post, rank = self.placed[worker]
                waited = float(self.order[at] - self.order[since])
                rows.append((worker, since, at, waited, post, rank, PLACED))
            else:
                reason = GAVE_UP if worker in self.gone else STILL
                rows.append((worker, since, None, np.nan, "", np.nan, reason))
        names = ["worker", "entered", "placed_in", "waited", "post", "rank", "reason"]
        found = pd.DataFrame(rows, columns=names)
        found.attrs = {"note": NOTE}
        return found


def _entered(applicants: Any, posts: Any, batch: str, worker: str, where: str) -> dict[Any, Any]:
    """Return the period in which each worker enters."""
    for name, frame, needed in (
        ("applicants", applicants, (batch, worker)),
        ("posts", posts, (batch,)),
    ):
        if not isinstance(frame, pd.DataFrame):
            raise KindError(where, f"{name} is a {type(frame).__name__}", "a DataFrame", None, name)
        for column in needed:
            if column not in frame.columns:
                raise DimensionError(
                    where,
                    f"{name} has no column {column!r}",
                    "rename the column, or name yours in the call",
                    8,
                    name,
                )
        if frame[batch].isna().any():
            raise DimensionError(
                where, f"{name} has rows without {batch!r}", "a batch in each row", 8, name
            )
    pairs = applicants[[worker, batch]].drop_duplicates()
    twice = pairs[pairs[worker].duplicated()]
    if len(twice):
        raise ParameterError(
            where,
            f"{twice[worker].iloc[0]!r} enters in two periods",
            "one period a worker; who is not placed is carried over",
            9,
            "applicants",
        )
    return dict(zip(pairs[worker].tolist(), pairs[batch].tolist(), strict=True))


def _known(applicants: Any, posts: Any, post: str, where: str) -> None:
    """Refuse applications for posts that open in no period."""
    for name, frame in (("applicants", applicants), ("posts", posts)):
        if post not in frame.columns:
            raise DimensionError(
                where, f"{name} has no column {post!r}", "post=… names it", 8, name
            )
    odd = applicants[post][~applicants[post].isin(list(posts[post]))]
    if len(odd):
        raise AlignmentError(
            where,
            f"applicants names {odd.iloc[0]!r}, which opens in no period",
            "see the table of posts",
            2,
            "applicants",
        )


def _seats(opened: Any, post: str, capacity: str, left_over: dict[Any, int]) -> pd.DataFrame:
    """Return the posts of a period with the seats left over from the one before."""
    frame: pd.DataFrame = opened.copy()
    if not left_over:
        return frame
    extra = {p: n for p, n in left_over.items() if n > 0}
    frame[capacity] = [
        int(c) + extra.pop(p, 0) for p, c in zip(frame[post], frame[capacity], strict=True)
    ]
    more = pd.DataFrame({post: list(extra), capacity: list(extra.values())})
    return pd.concat([frame, more], ignore_index=True) if len(more) else frame


def _periods(
    labels: list[Any], rows: list[Any], batch: str, seed: int | None, ties: str
) -> xr.Dataset:
    names = ("waiting_before", "entered", "placed", "left", "waiting_after", "seats", "vacant")
    titles = (
        "workers who wait from before", "workers who enter", "workers placed",
        "workers who leave unplaced", "workers who wait", "seats open", "seats left free",
    )  # fmt: skip
    table = np.array(rows, np.int64).reshape(-1, len(names))
    out = xr.Dataset(coords={"batch": labels})
    for i, (name, title) in enumerate(zip(names, titles, strict=True)):
        unit = "post" if name in ("seats", "vacant") else "person"
        out[name] = ("batch", table[:, i], {"units": unit, "long_name": title})
    out.attrs = {"title": f"matching by {batch}", "note": NOTE, "ties": ties}
    if seed is not None:
        out.attrs["seed"] = seed
    return out


def check_workers(periods: xr.Dataset, workers: pd.DataFrame, where: str) -> None:
    """Check that nobody is lost between periods, and that the two tables agree.

    Raises
    ------
    AccountError
        Those who waited and entered are not those who were placed, left or wait.
    """
    came = periods["waiting_before"] + periods["entered"]
    went = periods["placed"] + periods["left"] + periods["waiting_after"]
    carried = periods["waiting_after"].values[:-1] == periods["waiting_before"].values[1:]
    counts = workers["reason"].value_counts()
    ends = {
        PLACED: int(periods["placed"].sum()),
        GAVE_UP: int(periods["left"].sum()),
        STILL: int(periods["waiting_after"].values[-1]),
    }
    agree = all(int(counts.get(reason, 0)) == number for reason, number in ends.items())
    whole = len(workers) == int(periods["entered"].sum())
    if not (bool((came == went).all()) and carried.all() and agree and whole):
        raise AccountError(where, "workers are lost between periods", "report this", 10)
