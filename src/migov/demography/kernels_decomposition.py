"""Decomposition of a difference of life expectancies by age, on bare arrays; ages run first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from migov.demography.kernels_lifetable import columns, expectation

Array = NDArray[np.float64]


def difference(m1: Array, a1: Array, m2: Array, a2: Array, width: Array) -> Array:
    """Return the second life expectancy less the first, at the first age."""
    return np.asarray(expectation(m2, a2, width) - expectation(m1, a1, width))


def decompose(
    method: str, m1: Array, a1: Array, m2: Array, a2: Array, width: Array, steps: int
) -> dict[str, Array]:
    """Return the effects (k, ...) of each age, in years.

    Parameters
    ----------
    method : {"arriaga", "stepwise", "continuous"}
        Which.
    m1, a1, m2, a2 : ndarray (k, ...)
        Central death rates per year, and mean years lived in the group by those who die.
    width : ndarray (k,)
        In years, ``inf`` last.
    steps : int
        Of the integral.
    """
    if method == "arriaga":
        return arriaga(m1, a1, m2, a2, width)
    if method == "stepwise":
        up = stepwise(m1, a1, m2, a2, width)
        down = stepwise(m2, a2, m1, a1, width)
        return {"effect": (up - down) / 2.0}
    return {"effect": continuous(m1, a1, m2, a2, width, steps)}


def arriaga(m1: Array, a1: Array, m2: Array, a2: Array, width: Array) -> dict[str, Array]:
    """Return direct and indirect effects, and their sum.

    The direct effect of a group is the change of the years lived in it by the survivors of
    the first population, the indirect effect what those saved live above it at the second
    population's mortality.

    References
    ----------
    Arriaga (1984), Demography 21(1). Preston, Heuveline and Guillot (2001), Demography, box
    3.3.
    """
    c1, c2 = columns(m1, a1, width), columns(m2, a2, width)
    direct = np.empty(m1.shape)
    indirect = np.zeros(m1.shape)
    one = c1.lived / c1.survivors
    two = c2.lived / c2.survivors
    direct[:-1] = c1.survivors[:-1] * (two - one)[:-1]
    direct[-1] = c1.survivors[-1] * (c2.expectation[-1] - c1.expectation[-1])
    kept = c1.survivors[:-1] * c2.survivors[1:] / c2.survivors[:-1] - c1.survivors[1:]
    indirect[:-1] = kept * c2.expectation[1:]
    return {"effect": direct + indirect, "direct": direct, "indirect": indirect}


def stepwise(m1: Array, a1: Array, m2: Array, a2: Array, width: Array) -> Array:
    """Return effects of replacing the first rates by the second, from the youngest upwards.

    References
    ----------
    Andreev, Shkolnikov and Begun (2002), Demographic Research 7(14).
    """
    k = len(m1)
    replaced = np.arange(k)[:, None] < np.arange(k + 1)[None, :]
    mask = replaced.reshape(k, k + 1, *(1,) * (m1.ndim - 1))
    m = np.where(mask, m2[:, None], m1[:, None])
    a = np.where(mask, a2[:, None], a1[:, None])
    return np.asarray(np.diff(expectation(m, a, width), axis=0))


def continuous(m1: Array, a1: Array, m2: Array, a2: Array, width: Array, steps: int) -> Array:
    """Return effects by the integral of the derivative along the line between the rates.

    The derivative is taken by central differences over one step of each rate. The years lived
    in closed groups change in proportion with the rates, those in the open group are the
    inverse of its rate.

    References
    ----------
    Horiuchi, Wilmoth and Pletcher (2008), Demography 45(4).
    """
    dm, da = (m2 - m1) / steps, (a2 - a1) / steps
    k = len(m1)
    own = np.eye(k, dtype=bool).reshape(k, k, *(1,) * (m1.ndim - 1))
    out = np.zeros(m1.shape)
    for i in range(steps):
        m, a = m1 + (i + 0.5) * dm, a1 + (i + 0.5) * da
        ends = []
        for sign in (0.5, -0.5):
            moved = np.where(own, (m + sign * dm)[:, None], m[:, None])
            lived = np.where(own, (a + sign * da)[:, None], a[:, None])
            lived[-1] = 1.0 / moved[-1]
            ends.append(expectation(moved, lived, width))
        out += ends[0] - ends[1]
    return out
