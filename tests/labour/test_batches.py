"""Batches: period by period in plain Python, accounts, waiting, and what is refused."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov.core.errors import (
    AccountError,
    DimensionError,
    KindError,
    MigovError,
    ParameterError,
)
from migov.labour import Limit, assignment, match_in_batches
from migov.labour.batches import check_workers

from . import slow_matching as slow


def tables(seed=1, workers=60, batches=4):
    rng = np.random.default_rng(seed)
    points = rng.permutation(workers)
    applicants = pd.DataFrame(
        [
            (f"w{i:02d}", int(i % batches), f"p{j}", r + 1, int(points[i]), "AB"[i % 2])
            for i in range(workers)
            for r, j in enumerate(rng.permutation(4)[:3])
        ],
        columns=["worker", "batch", "post", "rank", "points", "origin"],
    )
    posts = pd.DataFrame(
        [(b, f"p{j}", int(rng.integers(0, 4))) for b in range(batches) for j in range(4)],
        columns=["batch", "post", "capacity"],
    )
    return applicants, posts


def by_hand(applicants, posts, patience, keep):
    """One period after another, with plain deferred acceptance on strict lists."""
    lists = applicants.sort_values("rank").groupby("worker")["post"].apply(list).to_dict()
    score = applicants.groupby("worker")["points"].first().to_dict()
    since = applicants.groupby("worker")["batch"].first().to_dict()
    waiting, kept, placed = [], {}, {}
    for b in sorted(set(since.values()) | set(posts["batch"])):
        waiting += [w for w, s in since.items() if s == b]
        room = dict(posts[posts["batch"] == b][["post", "capacity"]].to_numpy().tolist())
        for p, n in kept.items():
            room[p] = room.get(p, 0) + n
        ranked = sorted(waiting, key=lambda w: -score[w])
        found = slow.deferred_acceptance(
            {w: [p for p in lists[w] if p in room] for w in waiting},
            {p: [w for w in ranked if p in lists[w]] for p in room},
            room,
        )
        placed |= {w: (b, p) for w, p in found.items()}
        filled = list(found.values())
        kept = {p: n - filled.count(p) for p, n in room.items()} if keep else {}
        waiting = [
            w for w in waiting
            if w not in found and (patience is None or b - since[w] + 1 < patience)
        ]  # fmt: skip
    return placed, waiting


@pytest.mark.parametrize("patience", [None, 1, 2])
@pytest.mark.parametrize("keep", [False, True])
def test_against_plain_python(patience, keep):
    applicants, posts = tables()
    out = match_in_batches(
        applicants, posts, score="points", patience=patience, keep_seats=keep, seed=3
    )
    placed, waiting = by_hand(applicants, posts, patience, keep)
    frame = out.workers.set_index("worker")
    found = frame[frame["reason"] == "placed"]
    assert {w: (row.placed_in, row.post) for w, row in found.iterrows()} == placed
    assert set(frame.index[frame["reason"] == "waits at the end"]) == set(waiting)
    assert (found["waited"] == found["placed_in"] - found["entered"]).all()
    if patience == 1:
        assert (found["waited"] == 0).all()
    assert int(out.periods["placed"].sum()) == len(placed)
    assert out.periods.attrs["seed"] == 3
    assert out.periods.attrs["note"] == "planning tool, not a decision on individuals"
    assert all(m.stable for m in out.matchings.values())


def test_limits_hold_in_each_period():
    applicants, posts = tables()
    limit = Limit(by="origin", most={"A": 1})
    out = match_in_batches(
        applicants, posts, score="points", seed=1, limits=[limit], groups="origin"
    )
    origin = applicants.groupby("worker")["origin"].first()
    frame = out.workers[out.workers["reason"] == "placed"]
    counts = frame.groupby(["placed_in", frame["worker"].map(origin)]).size()
    assert counts.xs("A", level="worker").max() == 1
    assert counts.xs("B", level="worker").max() > 1


def test_periods_without_posts_or_workers():
    applicants, posts = tables(workers=6, batches=2)
    out = match_in_batches(applicants, posts[posts["batch"] == 1], score="points", seed=1)
    assert out.periods["placed"].values[0] == 0
    late = applicants.assign(batch=5)
    out = match_in_batches(late, posts.assign(capacity=2), score="points", seed=1, keep_seats=True)
    assert out.periods["batch"].values.tolist() == [0, 1, 5]
    assert out.periods["seats"].values.tolist() == [8, 16, 16]


def test_a_broken_account_is_seen():
    applicants, posts = tables()
    out = match_in_batches(applicants, posts, score="points", seed=3)
    check_workers(out.periods, out.workers, "call")
    for name in ("waiting_before", "entered", "placed", "left", "waiting_after"):
        with pytest.raises(AccountError, match="lost between periods"):
            check_workers(out.periods.assign({name: out.periods[name] + 1}), out.workers, "call")
    with pytest.raises(AccountError):
        check_workers(out.periods, out.workers.iloc[1:], "call")


def test_calls_at_fault():
    applicants, posts = tables()
    twice = applicants.copy()
    twice.loc[0, "batch"] = 3
    calls = [
        (KindError, lambda: match_in_batches([], posts, score="points")),
        (DimensionError, lambda: match_in_batches(applicants, posts, score="points", batch="year")),
        (DimensionError, lambda: match_in_batches(
            applicants.assign(batch=np.nan), posts, score="points")),
        (ParameterError, lambda: match_in_batches(twice, posts, score="points")),
        (ParameterError, lambda: match_in_batches(applicants, posts, score="points", patience=0)),
        (ParameterError, lambda: match_in_batches(applicants, posts, score="points", seed=-1)),
    ]  # fmt: skip
    for kind, call in calls:
        with pytest.raises(kind) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_every_result_about_persons_says_what_it_is_for():
    applicants = pd.DataFrame(
        {"batch": [1, 1, 2], "worker": ["a", "b", "c"], "post": ["p", "p", "p"],
         "rank": [1, 1, 1], "points": [5, 9, 7], "family": ["f", "g", "g"]}
    )  # fmt: skip
    posts = pd.DataFrame({"batch": [1, 2], "post": ["p", "p"], "capacity": [1, 1]})
    found = match_in_batches(applicants, posts, score="points", seed=7, groups="family")
    matching = found.matchings[1]
    pair = {"worker": ["a"], "post": ["p"]}
    weights = xr.DataArray([[1.0]], pair, attrs={"units": "1"})
    seats = xr.DataArray([1], {"post": ["p"]}, attrs={"units": "post"})
    said = [
        found.workers.attrs["note"],
        found.periods.attrs["note"],
        matching.note,
        *(x.attrs["note"] for x in (matching.workers, matching.unmatched, matching.posts)),
        *(x.attrs["note"] for x in (matching.shares("family"), matching.compare(matching))),
        matching.to_frame().attrs["note"],
        matching.blocking_pairs().attrs["note"],
        assignment(weights, seats).attrs["note"],
    ]
    assert set(said) == {"planning tool, not a decision on individuals"}
