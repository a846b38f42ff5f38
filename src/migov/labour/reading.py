"""Tables of applications and of posts, read into the arrays of a market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd

from migov.core.columns import ABSENT, Faults, numbers
from migov.core.errors import DataError, DimensionError, KindError
from migov.core.partition import TOTAL_LABELS
from migov.labour.arguments import figures, several

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NO_SCORE = "no score at the post"
BELOW = "below the minimum of the post"
NOT_ELIGIBLE = "not eligible"


@attrs.frozen(kw_only=True, eq=False)
class Columns:
    """Which column of the tables holds what."""

    worker: str
    post: str
    rank: str | None
    score: str
    capacity: str
    tier: str | None
    minimum: str | None
    excluded: str | None
    choices: tuple[str, ...]
    groups: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False)
class Applications:
    """Applications as they stand in the table: codes of worker and post, rank, score, tier.

    ``why`` {application} is -1, or the number in ``reasons`` for which it does not count.
    """

    workers: NDArray[Any]
    posts: NDArray[Any]
    capacity: NDArray[np.int64]
    worker: NDArray[np.int64]
    post: NDArray[np.int64]
    rank: NDArray[np.float64]
    score: NDArray[np.float64]
    tier: NDArray[np.int64]
    why: NDArray[np.int64]
    reasons: tuple[str, ...]
    worker_groups: dict[str, NDArray[Any]]
    post_groups: dict[str, NDArray[Any]]


def read(where: str, applicants: Any, posts: Any, columns: Columns) -> Applications:
    """Return the applications of two tables; the faults of each table are told together."""
    _check(where, applicants, posts, columns)
    try:
        return _read(where, applicants, posts, columns)
    except TypeError:
        _refuse_lists(where, applicants, posts, columns)
        raise


def _refuse_lists(where: str, applicants: Any, posts: Any, columns: Columns) -> None:
    """Refuse labels that are lists or the like, which cannot be told apart by their value."""
    for argument, frame, name in (
        ("applicants", applicants, columns.worker),
        *(("applicants", applicants, name) for name in columns.choices or (columns.post,)),
        ("posts", posts, columns.post),
    ):
        odd = [x for x in frame[name].to_numpy(object) if x.__hash__ is None]
        if odd:
            raise KindError(
                where,
                f"{argument} holds {odd[0]!r:.60} in {name!r}",
                "labels: texts or numbers",
                None,
                argument,
            )


def _read(where: str, applicants: Any, posts: Any, columns: Columns) -> Applications:
    places = Faults(where, posts)
    labels = _labels(posts[columns.post], places)
    if len(set(labels)) < len(labels):
        twice = pd.Series(labels).duplicated(keep=False).to_numpy()
        places.add(f"'{columns.post}': the same post in several rows", np.flatnonzero(twice))
    sums = np.flatnonzero([str(x).strip().casefold() in _SUMS for x in labels])
    if sums.size:
        places.add(
            f"'{columns.post}': {labels[sums[0]]!r} is a sum, not a post: leave it out", sums
        )
    seats = _whole(posts[columns.capacity], places, "no number of seats")
    least = np.full(len(labels), -np.inf)
    if columns.minimum is not None:
        found, _ = numbers(posts[columns.minimum], places)
        least = np.where(np.isnan(found), -np.inf, found)
    if not len(labels):
        places.add("it has no posts")
    _raise(places, "posts")

    faults = Faults(where, applicants)
    long = _long(applicants, columns, faults)
    who, workers = pd.factorize(long["worker"], use_na_sentinel=True)
    faults.found += _absent(who, long["row"], columns.worker, faults)
    named, distinct = pd.factorize(long["post"], use_na_sentinel=True)
    known = pd.Index(labels, dtype=object).get_indexer(pd.Index(distinct, dtype=object))
    target = np.append(known, -1)[named]
    _unknown(target, long, columns, faults)
    _twice(who, target, long["row"], len(labels), faults)
    groups = {
        name: _constant(applicants, name, columns, who, len(workers), faults)
        for name in columns.groups
        if name in applicants.columns
    }
    told = _excluded(applicants, columns, faults)
    if not len(who):
        faults.add("it has no applications")
    _raise(faults, "applicants")
    why, reasons = _reasons(told, long, least[target])
    return Applications(
        workers=np.asarray(workers, object),
        posts=labels,
        capacity=seats,
        worker=who.astype(np.int64),
        post=target.astype(np.int64),
        rank=long["rank"],
        score=long["score"],
        tier=long["tier"],
        why=why,
        reasons=reasons,
        worker_groups=groups,
        post_groups={
            name: posts[name].astype(str).to_numpy(object)
            for name in columns.groups
            if name in posts.columns
        },
    )


def _check(where: str, applicants: Any, posts: Any, columns: Columns) -> None:
    for table, frame in (("applicants", applicants), ("posts", posts)):
        if not isinstance(frame, pd.DataFrame):
            given = type(frame).__name__
            raise KindError(
                where,
                f"{table} is a {given}, expected a pandas DataFrame",
                "a table, one row each",
                None,
                table,
            )
    mine = [columns.worker, columns.score, columns.rank, columns.tier, columns.excluded]
    mine += list(columns.choices) or [columns.post]
    theirs = [columns.post, columns.capacity, columns.minimum]
    for argument, frame, wanted in (("applicants", applicants, mine), ("posts", posts, theirs)):
        for name in wanted:
            if name is not None and int((frame.columns == name).sum()) != 1:
                has = ", ".join(map(str, frame.columns[:8]))
                raise DimensionError(
                    where,
                    f"{argument} has no column {name!r} (or has it twice); it has {has}",
                    f"say which column it is: worker=, post=, rank=, score=, capacity= …; "
                    f"rank=None takes the order of the rows ({name!r})",
                    8,
                    argument,
                )
    for name in columns.groups:
        in_both = (name in applicants.columns) + (name in posts.columns)
        if in_both != 1:
            told = "neither table has" if in_both == 0 else "both tables have"
            raise DimensionError(
                where, f"{told} the column {name!r}", "groups=(…) of one table each", 8, "groups"
            )


def _labels(column: Any, faults: Faults) -> NDArray[Any]:
    empty = column.isna().to_numpy()
    if empty.any():
        faults.add(f"'{column.name}': no label", np.flatnonzero(empty))
    return np.asarray(column.to_numpy(object))


def _whole(column: Any, faults: Faults, told: str) -> NDArray[np.int64]:
    """Return whole numbers from 0."""
    found, _ = numbers(column, faults)
    with np.errstate(invalid="ignore"):
        odd = ~((found >= 0) & (found == np.floor(found)) & (found < 2**31))
    if odd.any():
        faults.add(f"'{column.name}': {told}", np.flatnonzero(odd))
    return np.where(odd, 0, found).astype(np.int64)


def _long(frame: Any, columns: Columns, faults: Faults) -> dict[str, Any]:
    """Return one entry an application, from long rows or from columns of choices."""
    score = figures(frame[columns.score], faults)
    count = len(frame)
    tier = np.zeros(count, np.int64)
    if columns.tier is not None:
        tier = _whole(frame[columns.tier], faults, "no class of priority: 0 is first")
    if not columns.choices:
        rank = np.arange(count, dtype=np.float64)
        if columns.rank is not None:
            rank, _ = numbers(frame[columns.rank], faults)
            odd = np.isnan(rank)
            if odd.any():
                faults.add(f"'{columns.rank}': no rank", np.flatnonzero(odd))
            if (rank < 0).any():
                told = f"'{columns.rank}': below 0; the first choice has rank 1, the next 2"
                faults.add(told, np.flatnonzero(rank < 0))
        rows = np.arange(count)
        target = frame[columns.post]
    else:
        many = len(columns.choices)
        rows = np.repeat(np.arange(count), many)
        rank = np.tile(np.arange(1, many + 1, dtype=np.float64), count)
        target = pd.Series(
            np.stack([frame[name].to_numpy(object) for name in columns.choices], 1).ravel()
        )
        # A cell of blanks names no post, as an empty one that was read as text.
        given = target.map(lambda x: not (isinstance(x, str) and not x.strip())).to_numpy(bool)
        given = given & target.notna().to_numpy()
        lacks = ~given.reshape(count, many).any(axis=1)
        if lacks.any():
            faults.add("no choice is named", np.flatnonzero(lacks))
        rows, rank, target = rows[given], rank[given], target[given]
        return {
            "worker": frame[columns.worker].to_numpy(object)[rows],
            "post": target.to_numpy(object),
            "rank": rank,
            "score": score[rows].astype(float),
            "tier": tier[rows],
            "row": rows,
        }
    return {
        "worker": frame[columns.worker],
        "post": target,
        "rank": np.asarray(rank, np.float64),
        "score": np.asarray(score, np.float64),
        "tier": tier,
        "row": rows,
    }


def _absent(codes: Any, rows: Any, name: str, faults: Faults) -> list[str]:
    odd = np.flatnonzero(codes < 0)
    return [f"'{name}': no label ({faults.rows(rows[odd])})"] if odd.size else []


def _unknown(target: Any, long: dict[str, Any], columns: Columns, faults: Faults) -> None:
    odd = np.flatnonzero(target < 0)
    if odd.size:
        first = np.asarray(long["post"], object)[odd[0]]
        faults.add(
            f"'{columns.post}': {first!r} and others unlisted are no posts: see the table of posts"
            if odd.size > 1
            else f"'{columns.post}': {first!r} is no post: see the table of posts",
            long["row"][odd],
        )


def _twice(who: Any, target: Any, rows: Any, posts: int, faults: Faults) -> None:
    pair = who.astype(np.int64) * (posts + 1) + target
    order = np.argsort(pair, kind="stable")
    same = np.flatnonzero(np.diff(pair[order]) == 0)
    if same.size:
        odd = np.unique(np.concatenate([order[same], order[same + 1]]))
        faults.add("the same worker applies twice to a post", rows[odd])


def _constant(
    frame: Any, name: str, columns: Columns, who: Any, workers: int, faults: Faults
) -> NDArray[Any]:
    """Return a group of each worker; rows of one worker may not differ."""
    codes, labels = pd.factorize(frame[name].astype(object), use_na_sentinel=False)
    row_of = pd.factorize(frame[columns.worker])[0] if columns.choices else who
    out = np.full(workers, -1, np.int64)
    good = row_of >= 0
    out[row_of[good][::-1]] = codes[good][::-1]
    odd = np.flatnonzero(good & (out[row_of] != codes))
    if odd.size:
        faults.add(f"'{name}': differs between rows of one worker", odd)
    texts = np.array(["" if pd.isna(x) else str(x) for x in labels], object)
    return np.asarray(texts[out]) if len(texts) else np.full(workers, "", object)


def _reasons(
    told: tuple[NDArray[np.int64], list[str]], long: dict[str, Any], least: Any
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return why applications do not count: what the table says comes first."""
    why = np.full(len(long["row"]), -1, np.int64)
    with np.errstate(invalid="ignore"):
        why[long["score"] < least] = 1
    why[np.isnan(long["score"])] = 0
    codes, reasons = told
    found = codes[long["row"]]
    return np.where(found >= 0, found, why), tuple(reasons)


def _excluded(frame: Any, columns: Columns, faults: Faults) -> tuple[NDArray[np.int64], list[str]]:
    """Return the number of each row's reason, -1 for none, and the reasons.

    A column may tell the reason, or only by yes and no whether there is one.
    """
    reasons = [NO_SCORE, BELOW]
    if columns.excluded is None:
        return np.full(len(frame), -1, np.int64), reasons
    # As objects, True and 1 would be one label.
    texts = frame[columns.excluded].astype(object).map(lambda x: str(x).strip(), "ignore")
    codes, labels = pd.factorize(texts, use_na_sentinel=True)
    numbered = np.full(len(labels) + 1, -1, np.int64)
    for i, label in enumerate(labels):
        word = str(label).lower()
        if word in ("", "no", "false", "0", "0.0"):
            continue
        if word in _NO_REASON or (_is_number(word) and word not in ("1", "1.0")):
            faults.add(
                f"'{columns.excluded}': {label!r} is no reason and neither yes nor no; leave the "
                "cell empty where the application counts",
                np.flatnonzero(codes == i),
            )
            continue
        text = NOT_ELIGIBLE if word in ("yes", "true", "1", "1.0") else str(label)
        if text not in reasons:
            reasons.append(text)
        numbered[i] = reasons.index(text)
    return numbered[codes], reasons


_SUMS = frozenset(label.casefold() for label in TOTAL_LABELS if len(label) > 1) | {
    "totals", "grand total", "sum", "insgesamt", "gesamt", "summe",
}  # fmt: skip
"""Labels of rows that hold the sum of the others; one letter names a post."""

_NO_REASON = ("-", "–", "none", "null", "y", "n", "ok", "eligible", *map(str.lower, ABSENT))
"""What may mean that there is no reason, or no knowledge of one."""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _raise(faults: Faults, table: str) -> None:
    """Raise what was found in a table, by its name."""
    try:
        faults.check()
    except DataError as error:
        raise DataError(
            error.where,
            error.what.replace("'frame'", f"'{table}'"),
            error.mend,
            error.rule,
            table,
            error.faults,
        ) from None


def group_columns(groups: Sequence[str] | str, where: str) -> tuple[str, ...]:
    """Return names of groups as a tuple."""
    return (groups,) if isinstance(groups, str) else several(groups, str, where, "groups")
