"""Matching markets, assignment, balancing and Choo–Siow against their peers.

``python benchmarks/compare.py labour_matching`` prints the ratios; ``pytest
benchmarks/labour_matching.py`` follows the time of single functions.
"""

from __future__ import annotations

import heapq
import json
import os
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pandas as pd
from compare import Row, best, ratio
from scipy.optimize import linear_sum_assignment

from migov.labour import Market, kernels_assignment
from migov.labour import kernels_loops as loops
from migov.labour import kernels_matching as kernels
from migov.numeric.balancing import balance

# PyPI `matching` recurses once for each proposal of a chain.
sys.setrecursionlimit(20_000)


def tables(workers: int, posts: int, length: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a table of applications with scores that tie, and one of posts."""
    rng = np.random.default_rng(1)
    chosen = np.argsort(rng.random((workers, posts)), axis=1)[:, :length]
    names = np.array([f"p{j:05d}" for j in range(posts)])
    applicants = pd.DataFrame(
        {
            "worker": np.repeat([f"w{i:07d}" for i in range(workers)], length),
            "post": names[chosen.ravel()],
            "rank": np.tile(np.arange(1, length + 1), workers),
            "points": rng.integers(0, 100, workers * length),
        }
    )
    seats = max(1, round(0.9 * workers / posts))
    return applicants, pd.DataFrame({"post": names, "capacity": seats})


def match(applicants: pd.DataFrame, posts: pd.DataFrame) -> Any:
    """Match from tables of scores to the table of who is placed where."""
    market = Market.from_frames(applicants, posts, score="points", ties="order")
    return market.deferred_acceptance().partners()


def peer(applicants: pd.DataFrame, posts: pd.DataFrame) -> dict[str, str]:
    """Do the same with PyPI ``matching``."""
    from matching.games import HospitalResident

    order = applicants.assign(row=np.arange(len(applicants)))
    lists = order.sort_values(["worker", "rank"]).groupby("worker")["post"].apply(list)
    ranked = order.sort_values(["post", "points", "row"], ascending=[True, False, True])
    ranks = ranked.groupby("post")["worker"].apply(list)
    capacity = dict(zip(posts["post"], posts["capacity"].tolist(), strict=True))
    game = HospitalResident.create_from_dictionaries(
        lists.to_dict(), ranks.to_dict(), {p: capacity[p] for p in ranks.index}
    )
    solved = game.solve(optimal="resident")
    return {w.name: p.name for p, some in solved.items() for w in some}


def end_to_end(small: bool) -> list[Row]:
    """Return the rows from tables of scores: against the peer where it copes, and in seconds."""
    size, posts = (300, 30) if small else (1_000, 100)
    measured = None
    given = tables(size, posts, posts)
    try:
        theirs = peer(*given)
        assert {k: str(v) for k, v in match(*given).items()} == theirs
        assert len(given[0]) == size * posts
        measured = ratio(lambda: peer(*given), lambda: match(*given), 0.0)
    except ImportError:
        measured = None
    large = tables(*((1_000, 100, 10) if small else (10_000, 1_000, 10)))
    assert len(large[0]) == (10_000 if small else 100_000)
    seconds = best(lambda: match(*large))
    market = Market.from_frames(*large, score="points", ties="order")
    assert market.deferred_acceptance().stable
    return [
        Row("deferred acceptance, end to end", f"{size:,} × {posts}, complete lists",
            "PyPI matching", "≥ 100", measured),
        Row("the same, in seconds", "10,000 × 1,000, lists of 10", "0.1 s", "≤ 0.1", seconds),
    ]  # fmt: skip


def in_dictionaries(lists: list[list[int]], ranks: list[dict[int, int]], seats: list[int]) -> Any:
    """Deferred acceptance in plain Python: dictionaries of ranks and a heap for each post."""
    at, held = [0] * len(lists), [[] for _ in seats]
    free = list(range(len(lists)))
    while free:
        w = free.pop()
        while at[w] < len(lists[w]):
            p = lists[w][at[w]]
            at[w] += 1
            mine = -ranks[p][w]
            if len(held[p]) < seats[p]:
                heapq.heappush(held[p], (mine, w))
                break
            if mine > held[p][0][0]:
                _, w = heapq.heapreplace(held[p], (mine, w))
    return held


def solver_alone(small: bool) -> list[Row]:
    """Return the rows of the solver on complete lists, without and with numba."""
    workers, posts = (600, 30) if small else (3_000, 150)
    rng = np.random.default_rng(2)
    order = np.argsort(rng.random((workers, posts)), axis=1)
    place = np.argsort(np.argsort(rng.random((posts, workers)), axis=1), axis=1)
    seats = np.full(posts, workers // posts)
    lists = order.tolist()
    ranks = [dict(enumerate(row.tolist())) for row in place]
    start = np.arange(workers + 1) * posts
    target = order.ravel()
    owner = np.repeat(np.arange(workers), posts)
    number = target * workers + place[target, owner]
    receiver = np.repeat(np.arange(posts), workers)
    one = np.ones(workers, np.int64)

    def plain() -> Any:
        return in_dictionaries(lists, ranks, seats.tolist())

    def arrays() -> Any:
        return kernels.propose(start, number, receiver, one, seats)

    assert len(number) == (18_000 if small else 450_000)
    assert {(w, p) for p, some in enumerate(plain()) for _, w in some} == set(
        zip(owner[arrays()].tolist(), target[arrays()].tolist(), strict=True)
    )
    fast, with_numba = loops.compiled_one(), None
    if fast is not None:

        def compiled() -> Any:
            return fast(start, number, target, seats)

        np.testing.assert_array_equal(np.sort(compiled()), np.flatnonzero(arrays()))
        with_numba = ratio(plain, compiled)
    size = f"{workers:,} × {posts}, complete lists"
    return [
        Row("deferred acceptance, solver alone", size, "plain dictionaries", "≥ 1",
            ratio(plain, arrays)),
        Row("the same (numba)", size, "plain dictionaries", "≥ 20", with_numba),
    ]  # fmt: skip


def a_million(small: bool) -> list[Row]:
    """Return the rows of a million workers: against reading the lists twice, and in seconds."""
    workers, posts, length = (20_000, 200, 10) if small else (1_000_000, 10_000, 10)
    fast = loops.compiled_one()
    size = f"{workers:,} × {posts:,}, lists of {length}"
    if fast is None:
        return [Row("deferred acceptance (numba)", size, "reading the lists twice", "≤ 20", None)]
    rng = np.random.default_rng(3)
    target = rng.integers(0, posts, (workers, length)).ravel()
    key = rng.permutation(workers * length)
    start = np.arange(workers + 1) * length
    owner = np.repeat(np.arange(workers), length)
    seats = np.full(posts, workers // posts)

    def compiled() -> Any:
        return fast(start, key, target, seats)

    def read_twice() -> Any:
        return [int(target.sum()) + int(key.sum()) for _ in range(2)]

    assert len(key) == (200_000 if small else 10_000_000)
    found, held = compiled(), np.zeros(len(key), np.bool_)
    held[found[found >= 0]] = True
    filled = np.bincount(target[held], minlength=posts)
    assert (filled <= seats).all()
    assert len(kernels.blocking(owner, target, np.arange(len(key)), key, seats, held)) == 0
    return [
        Row("deferred acceptance (numba)", size, "reading the lists twice", "≤ 20",
            ratio(compiled, read_twice)),
        Row("the same (numba), in seconds", size, "1 s", "≤ 1", best(compiled)),
    ]  # fmt: skip


def assignment(small: bool) -> list[Row]:
    """Return the row of assignment against copied columns."""
    workers, posts = (1_000, 20) if small else (10_000, 50)
    weights = np.random.default_rng(4).random((workers, posts))
    seats = np.full(posts, workers // posts)
    copied = np.repeat(weights, seats, axis=1)
    assert copied.shape == ((1_000, 1_000) if small else (10_000, 10_000))
    rows, columns = linear_sum_assignment(copied, maximize=True)
    placed, surplus, price = kernels_assignment.transport(weights, seats)
    value = weights[np.arange(workers)[placed >= 0], placed[placed >= 0]].sum()
    assert abs(value - copied[rows, columns].sum()) < 1e-8 * value
    assert abs(value - surplus.sum() - seats @ price) < 1e-8 * value
    slow = best(lambda: linear_sum_assignment(copied, maximize=True), 0.0, 1)
    quick = best(lambda: kernels_assignment.transport(weights, seats))
    return [
        Row("assignment with seats", f"{workers:,} × {posts}", "scipy on copied columns", "≥ 20",
            slow / quick)
    ]  # fmt: skip


def rescale(seed: Any, rows: Any, columns: Any, tolerance: float) -> Any:
    """Fit the whole array in turn to rows and columns."""
    x = np.broadcast_to(seed, (*rows.shape, columns.shape[-1])).copy()
    while True:
        x *= (rows / x.sum(axis=2))[:, :, None]
        x *= (columns / x.sum(axis=1))[:, None, :]
        if np.abs(x.sum(axis=2) / rows - 1.0).max() <= tolerance:
            return x


def fitting(small: bool) -> list[Row]:
    """Return the row of proportional fitting: one table of distances, ten sets of margins."""
    n, sets = (40, 3) if small else (237, 10)
    rng = np.random.default_rng(5)
    where = rng.random((n, 2))
    distance = np.sqrt(((where[:, None] - where) ** 2).sum(axis=2)) + 0.02
    seed = distance**-1.5 * np.exp(rng.normal(size=(n, n)))
    rows, columns = rng.lognormal(0, 2, (sets, n)), rng.lognormal(0, 2, (sets, n))
    columns *= rows.sum(axis=1, keepdims=True) / columns.sum(axis=1, keepdims=True)
    fit = balance(seed, rows, columns, tolerance=1e-10)
    assert fit.table.shape == ((3, 40, 40) if small else (10, 237, 237))
    assert (fit.error <= 1e-10).all()
    np.testing.assert_allclose(fit.table, rescale(seed, rows, columns, 1e-10), rtol=1e-7)
    return [
        Row("proportional fitting", f"{n} × {n} × {sets} margins, 1e-10", "array-rescaling loop",
            "≥ 6", ratio(lambda: rescale(seed, rows, columns, 1e-10),
                         lambda: balance(seed, rows, columns, tolerance=1e-10)))
    ]  # fmt: skip


CUPID = """
import json, sys, time
import numpy as np
from cupid_matching.ipfp_solvers import ipfp_homoskedastic_solver
given = json.load(sys.stdin)
phi, n, m = (np.array(given[k]) for k in ("phi", "n", "m"))
times = []
for _ in range(7):
    start = time.perf_counter()
    out = ipfp_homoskedastic_solver(phi, n, m, tol=1e-10)
    times.append(time.perf_counter() - start)
print(json.dumps({"seconds": min(times), "mu": np.asarray(out[0].unpack()[0]).tolist()
                  if hasattr(out[0], "unpack") else np.asarray(out[0]).tolist()}))
"""


def choo_siow(small: bool) -> list[Row]:
    """Return the row of Choo–Siow against cupid_matching in a process of its own."""
    n = 30 if small else 200
    rng = np.random.default_rng(6)
    phi, workers, posts = rng.normal(size=(n, n)), 100 * rng.random(n) + 1, 100 * rng.random(n) + 1
    fit = balance(np.exp(phi / 2), workers, posts, alone=True, tolerance=1e-10)
    assert fit.table.shape == ((30, 30) if small else (200, 200))
    assert fit.error <= 1e-10
    python, measured = os.environ.get("MIGOV_BENCH_CUPID"), None
    if python:
        given = json.dumps({"phi": phi.tolist(), "n": workers.tolist(), "m": posts.tolist()})
        done = subprocess.run(
            [python, "-c", CUPID], input=given, capture_output=True, text=True, check=True
        )
        told = json.loads(done.stdout.splitlines()[-1])
        np.testing.assert_allclose(fit.table, told["mu"], rtol=1e-6)
        ours = best(lambda: balance(np.exp(phi / 2), workers, posts, alone=True, tolerance=1e-10))
        measured = told["seconds"] / ours
    return [
        Row("Choo–Siow equilibrium", f"{n} × {n} types, 1e-10", "PyPI cupid_matching", "≥ 10",
            measured)
    ]  # fmt: skip


def rows(small: bool = False) -> list[Row]:
    """Return all rows; each checks that both sides give the same before it is timed."""
    parts = (end_to_end, solver_alone, a_million, assignment, fitting, choo_siow)
    return [row for part in parts for row in part(small)]


def test_deferred_acceptance(benchmark):
    """Follow the time from tables to partners."""
    given = tables(2_000, 200, 10)
    assert len(benchmark(match, *given)) > 1_500


def test_balance(benchmark):
    """Follow the time of one table."""
    rng = np.random.default_rng(7)
    seed, margin = rng.random((100, 100)), rng.random(100)
    assert benchmark(balance, seed, margin, margin[::-1].copy()).error < 1e-10


if __name__ == "__main__":
    started = time.perf_counter()
    for line in rows():
        print(*line, sep=" | ")
    print(f"{time.perf_counter() - started:.1f} s")
