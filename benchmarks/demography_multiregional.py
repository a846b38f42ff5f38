"""Multiregional projection: ratios to a loop of products and to batched products alone.

Run as ``python benchmarks/demography_multiregional.py [members]``. The matrices of survival
and moving are made once and are the same for all; every contestant starts from them. Ours
also counts births, deaths and departures and checks the balance of every region.
"""

from __future__ import annotations

import sys
import time

import numpy as np

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


def births_of(now, after, fertility, ratio):
    """Births by the plain mean of women."""
    born = (0.5 * (now[0, 15:50] + after[0, 15:50]) * fertility[:, :, None]).sum(axis=0)
    return np.stack([born / (1 + ratio), born * ratio / (1 + ratio)])


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


def best(*calls, repeats=12):
    """Return the shortest time of each call in seconds, the calls taking turns."""
    found = [[] for _ in calls]
    for _ in range(repeats):
        for times, call in zip(found, calls, strict=True):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
    return [min(times) for times in found]


def main(members=100):
    """Print the rows."""
    people, deaths, moves, fertility = inputs(members)
    start = time.perf_counter()
    made = by_rates(deaths, moves, 1.0)
    making = time.perf_counter() - start
    given = Matrices(*(x[None] for x in made))

    def ours(flows=False):
        setting = SETTING._replace(flows=flows)
        return project(people, given, fertility[None], None, np.full((1, YEARS), 1.05), setting)

    few = min(members, 4)
    start = time.perf_counter()
    wanted = looped(people[:few], made, fertility)
    loop = (time.perf_counter() - start) * members / few
    out = ours()
    np.testing.assert_allclose(out.population[:few], wanted, rtol=1e-11)
    assert (abs(out.unmatched) <= 1e-9 * people.sum()).all()
    for cut in (1, 3, 7):
        part = project(
            people[cut : cut + cut],
            given,
            fertility[None],
            None,
            np.full((1, YEARS), 1.05),
            SETTING,
        )
        assert np.array_equal(part.population, out.population[cut : cut + cut])
    last = np.ascontiguousarray(np.moveaxis(people, 0, -1))
    took, alone, full = best(ours, lambda: products(last, made), lambda: ours(True))
    print(f"{REGIONS} regions x {AGES} ages x 2 sexes x {YEARS} years x {members} members")
    print(f"  ours {took * 1e3:.0f} ms; making the matrices, for all alike, {making * 1e3:.0f} ms")
    print(
        f"  loop of matrix times vector {loop * 1e3:6.0f} ms  ratio {loop / took:5.1f} (target 4)"
    )
    print(f"  with the matrices in both   {'':9s}  ratio {(loop + making) / (took + making):5.1f}")
    print(f"  batched products alone {alone * 1e3:11.0f} ms  ratio {took / alone:5.2f} (1.5)")
    print(f"  ours with arrivals of every member {full * 1e3:.0f} ms, ratio {full / alone:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
