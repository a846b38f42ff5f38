"""Multiregional projection: ratios to a loop of products and to batched products alone.

Run as ``python benchmarks/demography_multiregional.py [--small]``. The matrices of survival
and moving are made once and are the same for all; every contestant starts from them. Ours
also counts births and deaths and checks the balance of every region. The loop over
members is timed for two of them.
"""

from __future__ import annotations

import sys

import numpy as np
from compare import Row, ratio

from migov.demography.kernels_multistate import Setting, project
from migov.demography.kernels_transitions import Matrices, by_rates

REGIONS, AGES, YEARS = 30, 101, 30
SETTING = Setting(1.0, (15, 50), -1, False)


def inputs(members):
    """Rates of thirty regions, and a population with a random level for each member."""
    rng = np.random.default_rng(1)
    age = np.arange(AGES)
    level = np.exp(-0.005 * np.arange(YEARS))[:, None, None, None]
    deaths = level * np.minimum(5e-5 * np.exp(0.095 * age), 0.7)[:, None] * np.ones((2, 1, REGIONS))
    profile = 0.002 + 0.02 * np.exp(-(((age - 25) / 8) ** 2))
    pull = rng.random((REGIONS, REGIONS)) / REGIONS
    np.fill_diagonal(pull, 0.0)
    moves = np.broadcast_to(profile[:, None, None] * pull, (YEARS, 2, AGES, REGIONS, REGIONS))
    shape = np.exp(-0.5 * ((np.arange(15, 50) - 30) / 5) ** 2)[:, None]
    fertility = np.broadcast_to(0.12 * shape * np.ones(REGIONS), (YEARS, 35, REGIONS))
    people = (
        1e4
        * np.exp(-age / 60)[:, None]
        * np.exp(0.05 * rng.standard_normal((members, 2, 1, REGIONS)))
    )
    return people, deaths, moves, fertility


def births_of(now, after, fertility, males):
    """Births by the plain mean of women."""
    born = (0.5 * (now[0, 15:50] + after[0, 15:50]) * fertility[:, :, None]).sum(axis=0)
    return np.stack([born / (1 + males), born * males / (1 + males)])


def looped(people, matrices, fertility):
    """One product for each member, year, sex and age: matrix times vector."""
    members = len(people)
    out = np.empty((members, YEARS + 1, 2, AGES, REGIONS))
    for j in range(members):
        out[j, 0] = people[j]
        for t in range(YEARS):
            now, after = out[j, t], out[j, t + 1]
            for s in range(2):
                for x in range(AGES - 1):
                    after[s, x + 1] = matrices.cohort[t, s, x] @ now[s, x]
                after[s, -1] += matrices.cohort[t, s, -1] @ now[s, -1]
            born = births_of(now[..., None], after[..., None], fertility[t], 1.05)[..., 0]
            for s in range(2):
                after[s, 0] = matrices.newborn[t, s] @ born[s]
    return out


def products(people, matrices):
    """Batched products alone, into fresh memory: no births, deaths or moves."""
    out = np.empty((YEARS + 1, *people.shape))
    out[0] = people
    for t in range(YEARS):
        np.matmul(matrices.cohort[t], out[t], out=out[t + 1])
    return out


def rows(small=False):
    """Return the rows of the table: the loop, and batched products alone."""
    members = 24 if small else 100
    people, deaths, moves, fertility = inputs(members)
    assert moves.shape == (YEARS, 2, AGES, REGIONS, REGIONS)
    assert people.shape == (members, 2, AGES, REGIONS)
    made = by_rates(deaths, moves, 1.0)
    given = Matrices(*(x[None] for x in made))
    ratios = np.full((1, YEARS), 1.05)

    def ours(some=people):
        return project(some, given, fertility[None], None, ratios, SETTING)

    few = 2
    out = ours()
    np.testing.assert_allclose(
        out.population[:few], looped(people[:few], made, fertility), rtol=1e-11
    )
    assert (abs(out.unmatched) <= 1e-9 * people.sum()).all()
    for cut in (slice(1, 2), slice(3, 10), slice(9, 24)):
        assert np.array_equal(ours(people[cut]).population, out.population[cut])
    last = np.ascontiguousarray(np.moveaxis(people, 0, -1))
    size = f"{REGIONS} regions × {AGES} ages × 2 sexes × {YEARS} years × {members} members"
    loop = ratio(lambda: looped(people[:few], made, fertility), ours) * members / few
    alone = ratio(ours, lambda: products(last, made), rounds=4)
    return [
        Row("multiregional projection", size, "loop of matrix times vector", "≥ 4", loop),
        Row("multiregional projection", size, "batched products alone", "≤ 1.5", alone),
    ]


if __name__ == "__main__":
    for row in rows(small="--small" in sys.argv):
        print(*row, sep=" | ")
