"""From the rankings of many to one: Borda, Copeland, largest opposition, Kemeny."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

KEMENY_MOST = 16
"""Options beyond which the exact Kemeny ranking is refused: time and memory grow as 2^n."""


def preferences(places: Floats, voters: Floats | None = None) -> Floats:
    """Return how many voters prefer row i to column j.

    Parameters
    ----------
    places : ndarray (rankings, n)
        Place of each option in each ranking, 1 for the first; equal places are ties, NaN an
        option that is not ranked (it is neither preferred nor opposed).
    voters : ndarray (rankings,), optional
        How many hold each ranking.

    Returns
    -------
    ndarray (n, n)

    Examples
    --------
    >>> preferences(np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([3.0, 1.0]))
    array([[0., 3.],
           [1., 0.]])
    """
    x = np.asarray(places, np.float64)
    if x.ndim != 2:
        raise ValueError("places must be rankings x options")
    count = np.ones(len(x)) if voters is None else np.asarray(voters, np.float64)
    if count.shape != (len(x),) or np.any(count < 0):
        raise ValueError("voters must be one count, not negative, for each ranking")
    above = x[:, :, None] < x[:, None, :]
    return np.asarray(np.einsum("v,vij->ij", count, above))


def borda(preferred: Floats) -> Floats:
    """Return Borda's points: n - 1 for a first place, down to 0, summed over the voters.

    Parameters
    ----------
    preferred : ndarray (n, n)
        From :func:`preferences`; pairs that are tied give half a point to each only through
        the voters who rank them apart.

    Examples
    --------
    >>> borda(np.array([[0.0, 3.0], [1.0, 0.0]]))
    array([3., 1.])
    """
    return np.asarray(np.asarray(preferred, np.float64).sum(axis=1))


def copeland(preferred: Floats) -> Floats:
    """Return Copeland's score: pairwise majorities won minus lost.

    Examples
    --------
    >>> copeland(np.array([[0.0, 3.0], [1.0, 0.0]]))
    array([ 1., -1.])
    """
    p = np.asarray(preferred, np.float64)
    return np.asarray(np.sign(p - p.T).sum(axis=1))


def opposition(preferred: Floats) -> Floats:
    """Return the largest number of voters who prefer another option; least is best (minimax).

    Examples
    --------
    >>> opposition(np.array([[0.0, 3.0], [1.0, 0.0]]))
    array([1., 3.])
    """
    p = np.asarray(preferred, np.float64)
    return np.asarray(p.max(axis=0))


class Kemeny(NamedTuple):
    """The largest number of pairwise agreements, and the rankings that reach it."""

    agreements: float
    rankings: tuple[tuple[int, ...], ...]


def kemeny(preferred: Floats, most: int = 1000) -> Kemeny:
    """Return the rankings that agree with most pairwise preferences.

    Exact, by dynamic programming over subsets of options.

    Parameters
    ----------
    preferred : ndarray (n, n)
        From :func:`preferences`; at most :data:`KEMENY_MOST` options.
    most : int
        How many optimal rankings to list at most.

    Raises
    ------
    ValueError
        Too many options.

    Examples
    --------
    >>> kemeny(np.array([[0.0, 3.0], [1.0, 0.0]]))
    Kemeny(agreements=3.0, rankings=((0, 1),))

    References
    ----------
    Kemeny, J. G. (1959). Daedalus 88(4); Young, H. P. (1988). American Political Science
    Review 82(4).
    """
    p = np.asarray(preferred, np.float64)
    n = len(p)
    if n > KEMENY_MOST:
        raise ValueError(f"{n} options: the exact ranking is found for at most {KEMENY_MOST}")
    full = (1 << n) - 1
    best = np.zeros(full + 1)
    for left in range(1, full + 1):
        best[left] = max(
            _first(p, i, left) + best[left ^ (1 << i)] for i in range(n) if left >> i & 1
        )
    slack = 1e-9 * max(1.0, abs(best[full]))
    found: list[tuple[int, ...]] = []
    stack: list[tuple[tuple[int, ...], int]] = [((), full)]
    while stack and len(found) < most:
        head, left = stack.pop()
        if left == 0:
            found.append(head)
            continue
        for i in reversed(range(n)):
            if left >> i & 1:
                reached = _first(p, i, left) + best[left ^ (1 << i)]
                if reached >= best[left] - slack:
                    stack.append(((*head, i), left ^ (1 << i)))
    return Kemeny(float(best[full]), tuple(found))


def _first(p: Floats, i: int, left: int) -> float:
    """Return the agreements of putting option i before all others that are left."""
    return float(sum(p[i, j] for j in range(len(p)) if left >> j & 1))
