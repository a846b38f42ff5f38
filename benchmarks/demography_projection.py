"""Cohort projection: ratios to a plain loop and to copying, with correctness checked first.

Run as ``python benchmarks/demography_projection.py [--small]``. Everything is numpy; there is
no compiled part. The loop over members is the plainest vectorised code that keeps the same
components (population, births, deaths); the survival ratios of each are its own work in both.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from compare import Row, best, ratio

from migov.demography.kernels_projection import Outcome, Rules, project

AGES, YEARS = 101, 80
RULES = Rules(1.0, "half", False, False, (15, 50))
WIDTH = np.append(np.ones(AGES - 1), np.inf)


def inputs(members):
    """Rates of a European population with a random level for each member."""
    rng = np.random.default_rng(1)
    age = np.arange(AGES)
    level = np.exp(0.01 * rng.standard_normal((YEARS, 1, 1, members)).cumsum(axis=0))
    sexes = np.array([0.8, 1.2])[None, :, None, None]
    mortality = np.minimum(5e-5 * np.exp(0.095 * age), 0.7)[None, None, :, None] * level * sexes
    shape = np.exp(-0.5 * ((np.arange(15, 50) - 30) / 5) ** 2)
    fertility = 0.12 * shape[None, :, None] * level[:, 0]
    population = 5e5 * np.exp(-age / 60) * np.ones((2, 1))
    scale = 1e-3 * population * np.exp(-age / 15)
    migration = scale[None, :, :, None] * rng.standard_normal((YEARS, 2, AGES, members))
    return population, mortality, fertility, migration, np.full(YEARS, 1.05)


def plain(population, mortality, fertility, migration, ratio):
    """One member by a loop over years: survival from rates, then components."""
    lost = 0.5 * mortality[:, :, :-1]
    kept = np.empty_like(mortality)
    kept[:, :, 0] = 1 / (1 + lost[:, :, 0])
    kept[:, :, 1:-1] = (1 - lost[:, :, :-1]) / (1 + lost[:, :, 1:])
    kept[:, :, -1] = (1 - lost[:, :, -1]) / (mortality[:, :, -1] + 1 - lost[:, :, -1])
    gone = 1 - kept
    people = np.empty((YEARS + 1, 2, AGES))
    births, deaths = np.empty((YEARS, 2)), np.empty((YEARS, 2, AGES))
    people[0] = population
    for t in range(YEARS):
        half = migration[t] / 2
        start = people[t] + half
        start[:, -2] += start[:, -1]
        after = people[t + 1]
        after[:, 1:] = start[:, :-1] * kept[t, :, 1:] + half[:, 1:]
        mothers = (people[t, 0, 15:50] + after[0, 15:50]) / 2
        born = (fertility[t] * mothers).sum()
        births[t] = born / (1 + ratio[t]), born * ratio[t] / (1 + ratio[t])
        after[:, 0] = births[t] * kept[t, :, 0] + half[:, 0]
        deaths[t, :, 1:] = start[:, :-1] * gone[t, :, 1:]
        deaths[t, :, 0] = births[t] * gone[t, :, 0]
        total = people[t].sum() + births[t].sum() - deaths[t].sum() + migration[t].sum()
        if abs(after.sum() - total) > 1e-9 * total or after.min() < 0:
            raise ArithmeticError(t)
    return people, births, deaths


def looped(given, own_layout):
    """All members, one after the other, into arrays of their own; time in seconds.

    Either on the same arrays as ours, or on copies with the member first, made beforehand.
    """
    population, ratio = given[0], given[4]
    members = given[1].shape[-1]
    rates = [np.moveaxis(x, -1, 0) for x in given[1:4]]
    if own_layout:
        rates = [np.ascontiguousarray(x) for x in rates]
    out = [
        np.empty((members, YEARS + 1, 2, AGES)),
        np.empty((members, YEARS, 2)),
        np.empty((members, YEARS, 2, AGES)),
    ]
    start = time.perf_counter()
    for j in range(members):
        parts = plain(population, rates[0][j], rates[1][j], rates[2][j], ratio)
        for target, part in zip(out, parts, strict=True):
            target[j] = part
    return out, time.perf_counter() - start


def rows(small=False):
    """Return the rows of the table."""
    members = 50 if small else 1_000
    given, share = inputs(members), np.asarray(0.5)

    def ours() -> Outcome:
        return project(*given, share, WIDTH, RULES)

    out = ours()
    assert out.population.shape == (YEARS + 1, 2, AGES, members)
    assert out.deaths.shape == (YEARS, 2, AGES, members)
    wanted, plainly = looped(given, own_layout=False)
    for mine, theirs in zip(out[:3], wanted, strict=True):
        np.testing.assert_allclose(mine, np.moveaxis(theirs, 0, -1), rtol=1e-10)
    assert (out.gap <= 1e-9 * out.size).all()
    plainly = min(plainly, looped(given, own_layout=True)[1])
    written = [np.array(x) for x in out[:3]]
    into = [np.empty_like(x) for x in written]

    def copied() -> None:
        for target, x in zip(into, written, strict=True):
            np.copyto(target, x)

    def fresh() -> list[np.ndarray]:
        return [x.copy() for x in written]

    one = tuple(x[..., 0] if x.ndim > 1 and x.shape[-1] == members else x for x in given)
    one = tuple(np.ascontiguousarray(x) for x in one)

    def single() -> Outcome:
        return project(*one, share, WIDTH, RULES)

    size = f"{AGES} ages × 2 sexes × {YEARS} years × {members:,} members"
    work = "cohort projection, all components kept"
    alone = f"{AGES} ages × 2 sexes × {YEARS} years"
    return [
        Row(work, size, "loop over members", "≥ 20", plainly / best(ours)),
        Row(work, size, "copying what is written", "≤ 6", ratio(ours, copied, 1.0, 4)),
        Row(work, size, "the same into fresh memory, as ours", "≤ 6", ratio(ours, fresh, 1.0, 4)),
        Row(work, alone, "loop over years", "≥ 1", ratio(lambda: plain(*one), single)),
    ]


if __name__ == "__main__":
    for row in rows(small="--small" in sys.argv):
        print(*row, sep=" | ")
