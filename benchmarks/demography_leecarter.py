"""Lee-Carter fits of many populations against a full singular value decomposition of each.

Threads of the linear algebra slow the loop's small matrices down by far on a busy machine; with
one thread (``OPENBLAS_NUM_THREADS=1``) the ratio is that of the arithmetic.
"""

from __future__ import annotations

import numpy as np
from compare import Row, ratio

from migov.demography import kernels_leecarter as kernels

AGES, YEARS = 101, 60


def inputs(populations):
    """Logarithms of rates that fall at their own pace, with the noise of small countries."""
    rng = np.random.default_rng(1)
    level = np.linspace(-8, -0.7, AGES) + np.r_[3.0, np.zeros(AGES - 1)]
    response = rng.gamma(4.0, 1.0, (populations, AGES)) / 4
    index = -0.015 * np.arange(YEARS) + rng.normal(0, 0.02, (populations, YEARS)).cumsum(axis=1)
    noise = rng.normal(0, 0.1, (populations, AGES, YEARS))
    return level[:, None] + response[:, :, None] * index[:, None, :] + noise


def loop(logs):
    """One population after the other, by a full decomposition."""
    out = []
    for one in logs:
        level = one.mean(axis=1)
        u, s, v = np.linalg.svd(one - level[:, None], full_matrices=False)
        size = u[:, 0].sum()
        out.append((level, u[:, 0] / size, v[0] * (s[0] * size), s[0] ** 2 / (s**2).sum()))
    return [np.array(part) for part in zip(*out, strict=True)]


def rows(small=False):
    """Return the line of the table of targets."""
    populations = 20 if small else 200
    logs = inputs(populations)
    assert logs.shape == (populations, AGES, YEARS)
    ours, theirs = kernels.fit_svd(logs), loop(logs)
    np.testing.assert_allclose(ours.level, theirs[0], rtol=1e-12)
    np.testing.assert_allclose(ours.response[:, 0], theirs[1], rtol=1e-8, atol=1e-11)
    np.testing.assert_allclose(ours.trend[:, 0], theirs[2], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(ours.explained[:, 0], theirs[3], rtol=1e-11)
    size = f"{AGES} × {YEARS} × {populations} populations"
    measured = ratio(lambda: loop(logs), lambda: kernels.fit_svd(logs))
    return [Row("Lee-Carter fit", size, "full SVD loop", "≥ 8", measured)]


if __name__ == "__main__":
    for row in rows():
        print(*row, sep=" | ")
