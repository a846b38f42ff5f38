"""Markets of workers and posts: lists, seats, priorities, who is not eligible and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs
import numpy as np
import pandas as pd

from migov.core.errors import ParameterError
from migov.labour import ordering, protected, reading
from migov.labour.arguments import several

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from migov.labour.limits import Limit, Reserve
    from migov.labour.matching import Matching

Ties = Literal["seeded", "order", "refuse"]
Side = Literal["workers", "posts"]
Engine = Literal["auto", "arrays", "numba"]


def _check_ties(_: object, __: object, value: str) -> None:
    if value not in get_args(Ties):
        raise ParameterError(
            "Market", f"ties={value!r}", "'seeded', 'order' or 'refuse'", 9, "ties"
        )


def _frozen(value: Any) -> NDArray[Any]:
    array = np.array(value)
    array.flags.writeable = False
    return array


def _groups(given: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    return {name: _frozen(labels) for name, labels in given.items()}


@attrs.frozen(kw_only=True, eq=False)
class Market:
    """Workers with their lists of posts, posts with their seats and their order of workers.

    Made by :meth:`from_frames`, :meth:`from_scores` or :meth:`from_lists`. Applications are
    sorted by worker, best first; equal ranks and equal scores stay equal until a matching is
    asked for, and are then broken by the rule `ties`. A planning tool, not a decision on
    individuals.

    Parameters
    ----------
    workers, posts : ndarray (W,), ndarray (P,)
        Labels.
    capacity : ndarray (P,)
        Seats of each post, in post.
    start : ndarray (W + 1,)
        Where the list of each worker starts.
    post : ndarray (E,)
        Number of the post of each application.
    rank : ndarray (E,)
        The worker's rank of the post, smaller is better.
    score : ndarray (E,)
        The post's score of the worker, larger is better.
    tier : ndarray (E,)
        Class of priority, 0 first; compared before the score.
    ties : {"seeded", "order", "refuse"}
        What breaks ties: one lottery over all workers (and posts) keyed by seed and label, the
        order of the tables, or nothing: ties are an error.
    barred : DataFrame
        Applications that do not count: ``worker``, ``post``, ``rank``, ``reason``.
    worker_groups, post_groups : mapping of str to ndarray
        Groups of workers and posts by name, for limits and for shares.
    """

    workers: NDArray[Any] = attrs.field(converter=_frozen)
    posts: NDArray[Any] = attrs.field(converter=_frozen)
    capacity: NDArray[np.int64] = attrs.field(converter=_frozen)
    start: NDArray[np.int64] = attrs.field(converter=_frozen)
    post: NDArray[np.int64] = attrs.field(converter=_frozen)
    rank: NDArray[np.float64] = attrs.field(converter=_frozen)
    score: NDArray[np.float64] = attrs.field(converter=_frozen)
    tier: NDArray[np.int64] = attrs.field(converter=_frozen)
    ties: Ties = attrs.field(default="seeded", validator=_check_ties)
    barred: pd.DataFrame = attrs.field(repr=False)
    worker_groups: Mapping[str, NDArray[Any]] = attrs.field(factory=dict, converter=_groups)
    post_groups: Mapping[str, NDArray[Any]] = attrs.field(factory=dict, converter=_groups)

    def __repr__(self) -> str:
        return (
            f"Market({len(self.workers):,} workers, {len(self.posts):,} posts, "
            f"{int(self.capacity.sum()):,} seats, {len(self.post):,} applications, "
            f"{len(self.barred):,} barred, ties={self.ties!r})"
        )

    @classmethod
    def from_frames(
        cls,
        applicants: pd.DataFrame,
        posts: pd.DataFrame,
        *,
        score: str,
        ties: Ties = "seeded",
        worker: str = "worker",
        post: str = "post",
        rank: str | None = "rank",
        choices: Sequence[str] = (),
        capacity: str = "capacity",
        tier: str | None = None,
        minimum: str | None = None,
        excluded: str | None = None,
        groups: str | Sequence[str] = (),
    ) -> Market:
        """Return the market that two tables describe.

        Parameters
        ----------
        applicants : DataFrame
            One row an application, or one row a worker with columns of `choices`.
        posts : DataFrame
            One row a post.
        score : str
            Column of `applicants`: points of the worker at the post, larger first. A missing
            score bars the application.
        ties : {"seeded", "order", "refuse"}
            Rule by which equal scores, and equal ranks, are broken.
        worker, post : str
            Columns of labels; `post` of both tables.
        rank : str, optional
            Column of the worker's ranks, 1 first; None takes the rows in their order.
        choices : sequence of str, optional
            Columns with the first, second, … choice of each worker.
        capacity : str
            Column of `posts`: seats.
        tier : str, optional
            Column of classes of priority, 0 first.
        minimum : str, optional
            Column of `posts`: the least score that it admits.
        excluded : str, optional
            Column of reasons why an application does not count, empty where it does; or of
            yes and no (true and false, 1 and 0).
        groups : str or sequence of str, optional
            Columns of either table that name groups of workers or of posts.

        Returns
        -------
        Market

        Raises
        ------
        DataError
            The tables are at fault: unknown posts, an application twice, no rank, no seats.
        DimensionError, KindError
            A column is absent; no data frame.
        ParameterError
            `score` or `tier` is a protected attribute.

        Examples
        --------
        >>> applicants = pd.DataFrame({"worker": ["a", "a", "b", "b"], "rank": [1, 2, 1, 2],
        ...     "post": ["clinic", "farm", "clinic", "farm"], "points": [70, 70, 85, 40]})
        >>> posts = pd.DataFrame({"post": ["clinic", "farm"], "capacity": [1, 1]})
        >>> Market.from_frames(applicants, posts, score="points", ties="seeded")
        Market(2 workers, 2 posts, 2 seats, 4 applications, 0 barred, ties='seeded')
        """
        where = "Market.from_frames"
        several((score,), str, where, "score")
        protected.refuse([score], where, "score")
        protected.refuse([] if tier is None else [tier], where, "tier")
        if not choices and score == rank:
            told = f"score={score!r} is the column of the workers' own ranks"
            raise ParameterError(where, told, 'score="…", points of the posts', 9, "score")
        columns = reading.Columns(
            worker=worker,
            post=post,
            rank=rank if not choices else None,
            score=score,
            capacity=capacity,
            tier=tier,
            minimum=minimum,
            excluded=excluded,
            choices=several(choices, str, where, "choices"),
            groups=reading.group_columns(groups, where),
        )
        return cls._of(reading.read(where, applicants, posts, columns), ties)

    @classmethod
    def from_scores(
        cls,
        scores: xr.DataArray,
        preferences: xr.DataArray,
        capacity: xr.DataArray,
        *,
        ties: Ties = "seeded",
        longest: int | None = None,
    ) -> Market:
        """Return the market of tables of scores.

        Parameters
        ----------
        scores : DataArray {worker, post}
            The posts' scores of workers, larger first; NaN where the worker is not eligible.
        preferences : DataArray {worker, post}
            The workers' values of posts, larger first; NaN where a post is not wanted.
        capacity : DataArray {post}
            Seats, in post.
        ties : {"seeded", "order", "refuse"}
            Rule by which equal scores and values are broken.
        longest : int, optional
            How many posts a list may name at most.

        Returns
        -------
        Market

        Raises
        ------
        DimensionError, InputError, KindError, ParameterError
            Labels that are absent, twice or differ; infinite numbers; seats that are no whole
            numbers.

        Examples
        --------
        >>> import xarray as xr
        >>> both = {"worker": ["a", "b"], "post": ["x", "y"]}
        >>> scores = xr.DataArray([[1.0, 2.0], [2.0, np.nan]], both)
        >>> wishes = xr.DataArray([[5.0, 4.0], [5.0, 4.0]], both)
        >>> seats = xr.DataArray([1, 1], {"post": ["x", "y"]}, attrs={"units": "post"})
        >>> Market.from_scores(scores, wishes, seats).barred.values.tolist()
        [['b', 'y', 2.0, 'no score at the post']]
        """
        where = "Market.from_scores"
        protected.refuse([scores.name] if getattr(scores, "name", None) else [], where, "scores")
        points = ordering.table(scores, where, "scores")
        wishes = ordering.same_labels(preferences, points, where, "preferences")
        whole = isinstance(longest, int) and not isinstance(longest, bool)
        if longest is not None and not (whole and longest >= 1):
            raise ParameterError(where, f"longest={longest!r}", "1 or more", 9, "longest")
        worker, post, rank = ordering.lists(wishes.values, longest)
        found = np.asarray(points.values, float)[worker, post]
        return cls._of(
            reading.Applications(
                workers=np.asarray(points.coords["worker"].values, object),
                posts=np.asarray(points.coords["post"].values, object),
                capacity=ordering.seats(capacity, points.coords["post"].values, where),
                worker=worker,
                post=post,
                rank=rank,
                score=found,
                tier=np.zeros(len(worker), np.int64),
                why=np.where(np.isnan(found), 0, -1),
                reasons=(reading.NO_SCORE,),
                worker_groups={},
                post_groups={},
            ),
            ties,
        )

    @classmethod
    def from_lists(
        cls,
        workers: Mapping[str, Sequence[str]],
        posts: Mapping[str, Sequence[str]],
        capacity: Mapping[str, int],
        *,
        worker_groups: Mapping[str, Mapping[str, str]] | None = None,
        post_groups: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Market:
        """Return the market of strict lists; a pair counts only if each lists the other.

        Parameters
        ----------
        workers, posts : mapping of str to sequence of str
            Lists, best first; they may be incomplete or empty.
        capacity : mapping of str to int
            Seats of each post.
        worker_groups, post_groups : mapping of str to mapping, optional
            Group of each worker or post by the name of the grouping.

        Returns
        -------
        Market
            Its scores are places on the posts' lists, negative.

        Raises
        ------
        InputError
            A label that is nowhere listed, or twice in a list; seats that are no whole numbers.

        Examples
        --------
        >>> Market.from_lists({"a": ["x"], "b": ["x"]}, {"x": ["b", "a"]}, {"x": 1})
        Market(2 workers, 1 posts, 1 seats, 2 applications, 0 barred, ties='refuse')
        """
        where = "Market.from_lists"
        read = ordering.from_lists(workers, posts, capacity, where)
        read = attrs.evolve(
            read,
            worker_groups=ordering.grouped(worker_groups, workers, where, "worker_groups"),
            post_groups=ordering.grouped(post_groups, posts, where, "post_groups"),
        )
        return cls._of(read, "refuse")

    @classmethod
    def _of(cls, read: reading.Applications, ties: Ties) -> Market:
        """Sort applications by worker and rank, and part those that do not count."""
        return cls(
            workers=read.workers,
            posts=read.posts,
            capacity=read.capacity,
            worker_groups=read.worker_groups,
            post_groups=read.post_groups,
            ties=ties,
            **ordering.sorted_lists(read),
        )

    def identical(self, other: object) -> bool:
        """Tell whether another market has the same labels, lists, seats and rule.

        Examples
        --------
        >>> market = Market.from_lists({"a": ["x"]}, {"x": ["a"]}, {"x": 1})
        >>> market.identical(market)
        True
        """
        if not isinstance(other, Market) or self.ties != other.ties:
            return False
        plain = ("workers", "posts", "capacity", "start", "post", "rank", "score", "tier")
        same = all(np.array_equal(getattr(self, name), getattr(other, name)) for name in plain)
        for name in ("worker_groups", "post_groups"):
            mine, theirs = getattr(self, name), getattr(other, name)
            same &= mine.keys() == theirs.keys()
            same = same and all(np.array_equal(mine[key], theirs[key]) for key in mine)
        return bool(same and self.barred.equals(other.barred))

    def deferred_acceptance(
        self,
        seed: int | None = None,
        *,
        side: Side = "workers",
        limits: Sequence[Limit] = (),
        reserves: Sequence[Reserve] = (),
        targets: Mapping[str, int] | None = None,
        engine: Engine = "auto",
    ) -> Matching:
        """Return the stable matching that is best for the side that proposes.

        Parameters
        ----------
        seed : int, optional
            Of the lottery that breaks ties; None draws one, which the result states.
        side : {"workers", "posts"}
            Who proposes. With workers no one of them gains by a false list.
        limits : sequence of Limit, optional
            Upper bounds by group of posts or of workers.
        reserves : sequence of Reserve, optional
            Seats that a group of workers is asked for first.
        targets : mapping of str to int, optional
            With a limit by group of posts: seats that each post fills before the rest of the
            group's places is given out; None shares each limit evenly over its posts.
        engine : {"auto", "arrays", "numba"}
            The result does not depend on it; "auto" compiles for large markets.

        Returns
        -------
        Matching
            A planning tool, not a decision on individuals.

        Raises
        ------
        InputError
            There are ties and the market's rule refuses them.
        ParameterError
            A seed below 0, an unknown side or group; limits with `side="posts"`.
        ExtraError
            ``engine="numba"`` without numba.

        Examples
        --------
        >>> market = Market.from_lists(
        ...     {"a": ["x", "y"], "b": ["y", "x"]}, {"x": ["b", "a"], "y": ["a", "b"]},
        ...     {"x": 1, "y": 1})
        >>> market.deferred_acceptance().partners(), market.deferred_acceptance(
        ...     side="posts").partners()
        ({'a': 'x', 'b': 'y'}, {'a': 'y', 'b': 'x'})

        References
        ----------
        Gale and Shapley (1962), American Mathematical Monthly 69(1). Ties by one lottery:
        Abdulkadiroğlu, Pathak and Roth (2009), American Economic Review 99(5).
        """
        from migov.labour import solving

        return solving.deferred_acceptance(self, seed, side, limits, reserves, targets, engine)
