"""Life tables: all columns of many tables, against loops over them, correctness checked first.

The loop goes through ages and tables as a textbook does, in plain Python; the loop that calls
numpy once a table and column is printed beside it. Writing six columns of a hundred thousand
tables is 0.5 GB: its copying alone is a thirtieth or less of the plain loop, which bounds what
any code can reach that keeps them all.
"""

from __future__ import annotations

import numpy as np
from compare import Row, best, ratio

from migov.demography import kernels_lifetable as kernels

AGES = 101
WIDTH = np.append(np.ones(AGES - 1), np.inf)


def inputs(tables):
    """Rates of a European population at random levels, and years lived by those who die."""
    rng = np.random.default_rng(1)
    age = np.arange(AGES)[:, None]
    m = np.minimum(5e-5 * np.exp(0.095 * age), 0.7) * rng.uniform(0.7, 1.4, (1, tables))
    a = np.full(m.shape, 0.5)
    a[-1] = 1 / m[-1]
    return m, a


def plain(m, a):
    """One table, age by age, in plain Python."""
    alive = [1.0]
    q, dead, lived = [], [], []
    for x in range(AGES - 1):
        p = m[x] / (1 + (1 - a[x]) * m[x])
        d = alive[x] * p
        q.append(p)
        dead.append(d)
        alive.append(alive[x] - d)
        lived.append(alive[x + 1] + a[x] * d)
    q.append(1.0)
    dead.append(alive[-1])
    lived.append(alive[-1] * a[-1])
    above = [0.0] * AGES
    rest = 0.0
    for x in range(AGES - 1, -1, -1):
        rest += lived[x]
        above[x] = rest
    return q, alive, dead, lived, above, [t / n for t, n in zip(above, alive, strict=True)]


def vectorised(m, a):
    """One table, numpy over its ages."""
    q = np.append(m[:-1] / (1 + (1 - a[:-1]) * m[:-1]), 1.0)
    alive = np.append(1.0, np.cumprod(1 - q[:-1]))
    dead = alive * q
    lived = np.append(alive[1:] + a[:-1] * dead[:-1], alive[-1] * a[-1])
    above = np.cumsum(lived[::-1])[::-1]
    return q, alive, dead, lived, above, above / alive


def rows(small=False):
    """Return the lines of the table of targets."""
    tables, some = (2_000, 500) if small else (100_000, 5_000)
    m, a = inputs(tables)
    assert m.shape == (AGES, tables)
    ours = kernels.columns(m, a, WIDTH)
    assert all(column.shape == (AGES, tables) for column in ours)
    lists = [(m[:, j].tolist(), a[:, j].tolist()) for j in range(some)]
    pairs = [(m[:, j].copy(), a[:, j].copy()) for j in range(some)]
    for j in range(0, some, 97):
        for mine, one, other in zip(ours, plain(*lists[j]), vectorised(*pairs[j]), strict=True):
            np.testing.assert_allclose(mine[:, j], one, rtol=1e-10)
            np.testing.assert_allclose(mine[:, j], other, rtol=1e-10)
    size = f"{tables:,} of {AGES} ages"

    def loop():
        return [plain(*one) for one in lists]

    def loop_numpy():
        return [vectorised(*one) for one in pairs]

    def mine():
        return kernels.columns(m, a, WIDTH)

    def expectation():
        return kernels.expectation(m, a, WIDTH)

    scale = tables / some
    written = [np.array(column) for column in ours]
    copied = best(lambda: [column.copy() for column in written])
    return [
        Row(
            "life tables, all columns",
            size,
            "loop over ages and tables",
            "≥ 60",
            scale * ratio(loop, mine),
        ),
        Row(
            "life tables, all columns",
            size,
            "numpy once a table",
            "≥ 1",
            scale * ratio(loop_numpy, mine),
        ),
        Row(
            "life expectancy alone",
            size,
            "loop over ages and tables",
            "≥ 60",
            scale * ratio(loop, expectation),
        ),
        Row(
            "life tables, all columns", size, "copying what is written", "≤ 6", best(mine) / copied
        ),
    ]


if __name__ == "__main__":
    for row in rows():
        print(*row, sep=" | ")
