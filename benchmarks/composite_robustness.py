"""Robustness of a composite index against one draw at a time through the public calls."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr
from compare import Row

from migov import composite as c

SEED = 11


@functools.cache
def index() -> c.Index:
    """Return 49 indicators in 8 pillars of 2 sub-indices."""
    pillars = [c.Node(id=f"p{i}", parent=f"s{i // 4}") for i in range(8)]
    leaves = [
        c.Node(id=f"i{i:02d}", parent=f"p{i % 8}", direction="down" if i % 4 == 3 else "up")
        for i in range(49)
    ]
    subs = [c.Node(id=f"s{i}", parent="index") for i in range(2)]
    return c.Index(
        nodes=(c.Node(id="index"), *subs, *pillars, *leaves),
        treat=c.Winsorise(),
        normalise=c.MinMax(lower=1),
    )


@functools.cache
def doubt(data: float = 0.0) -> c.Uncertainty:
    """Return the choices of the reference run: treatment, scale, weights, mean."""
    return c.Uncertainty(
        weights=0.25,
        data=data,
        treat=tuple(c.Winsorise(points=points) for points in range(1, 6)),
        normalise=(c.MinMax(lower=1), c.ZScore(mean=50, sd=5)),
        aggregate=(c.Arithmetic(), c.Geometric()),
    )


@functools.cache
def figures(members: int = 200) -> xr.DataArray:
    """Return skewed figures of 51 areas, with members that differ by about 2 %."""
    rng = np.random.default_rng(0)
    level = rng.lognormal(sigma=0.8, size=(49, 51, 1))
    error = 1 + 0.02 * rng.standard_normal((49, 51, members))
    return xr.DataArray(
        level * error,
        coords={
            "node": list(index().tree.leaves),
            "area": [f"X{i:02d}" for i in range(51)],
            "member": np.arange(members),
        },
        dims=("node", "area", "member"),
    )


def factors(draws: int) -> list[dict[str, float]]:
    """Return the weights of each draw, from the same streams."""
    from migov.composite.kernels_draws import weight_factors

    tree = index().tree
    half = [0.25 * (name != tree.root) for name in tree.ids]
    ends = [1 - one for one in half], [1 + one for one in half]
    table = weight_factors(SEED, tree.ids, *ends, draws)
    return [dict(zip(tree.ids, column, strict=True)) for column in table.T]


def one_draw(found: xr.Dataset, weights: dict[str, float], draw: int) -> tuple[np.ndarray, ...]:
    """Return scores and ranks of one draw by changing the index and scoring once."""
    told = doubt()
    row = {name: int(found[f"choice_{name}"][draw]) for name in ("treat", "normalise", "aggregate")}
    again = (
        index()
        .evolve(**{name: getattr(told, name)[choice] for name, choice in row.items()})
        .evolve(weigh=c.Given(rescale=True))
        .weighted(weights)
    )
    scored = again.score(MEMBERS[int(found.data_member[draw])])
    return scored.score.sel(node="index").values, again.rank(scored).values


MEMBERS = [figures().isel(member=member, drop=True) for member in range(figures().sizes["member"])]
"""Each member's figures, selected beforehand: selecting is no part of a draw."""


def seconds(call: Callable[[], Any], times: int = 5) -> float:
    """Return the least processor time of a call, which other processes disturb least."""
    found = []
    for _ in range(times):
        begin = time.process_time()
        call()
        found.append(time.process_time() - begin)
    return min(found)


def rows(small: bool = False) -> list[Row]:
    """Return the rows on robustness, in processor time of one thread."""
    draws, checked = (200, 10) if small else (10_000, 60)
    data, weights = figures(), factors(draws)
    assert data.shape == (49, 51, 200)

    def ours() -> xr.Dataset:
        return index().robustness(data, doubt(), draws=draws, seed=SEED, ranks=True)

    found = ours()
    assert found.score.shape == (51, draws)
    for draw in range(checked):
        score, rank = one_draw(found, weights[draw], draw)
        np.testing.assert_allclose(found.score[:, draw], score, rtol=1e-10)
        assert (found["rank"][:, draw] == rank).all()

    def loop() -> None:
        for draw in range(checked):
            one_draw(found, weights[draw], draw)

    fast, slow = seconds(ours), seconds(loop, 2) / checked * draws
    plain = figures().isel(member=0, drop=True)

    def noisy(count: int) -> xr.Dataset:
        return index().robustness(plain, doubt(0.02), draws=count, seed=SEED, ranks=True)

    few = noisy(3)
    assert (noisy(draws).score[:, :3].values == few.score.values).all()
    each = seconds(lambda: noisy(draws))
    size = f"51 areas × 49 indicators, {draws:,} draws"
    single = f"one draw at a time by score and rank ({slow / draws * 1e3:.1f} ms each)"
    return [
        Row(
            f"composite robustness: 200 members of data, weights, methods ({fast:.2f} s)",
            size,
            single,
            "≥ 50",
            slow / fast,
        ),
        Row("the same, seconds of one processor", size, "the clock", "≤ 0.5", fast),
        Row(
            f"the same with an error drawn for every cell of every draw ({each:.2f} s)",
            size,
            single,
            "≥ 50",
            slow / each,
        ),
    ]


def test_robustness(benchmark):
    """A thousand draws over members, weights and methods."""
    found = benchmark(
        lambda: index().robustness(figures(), doubt(), draws=1_000, seed=SEED, ranks=True)
    )
    assert found.sizes["member"] == 1_000


def test_score(benchmark):
    """One index once."""
    found = benchmark(lambda: index().score(MEMBERS[0]))
    assert found.sizes["node"] == 60
