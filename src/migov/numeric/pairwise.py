"""Priorities from pairwise judgements: the analytic hierarchy process, best-worst method."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Floats = NDArray[np.float64]

RANDOM_INDEX = {
    "saaty_1980": (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
    "saaty_tran_2007": (0.0, 0.0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49),
}
"""Mean consistency index of random reciprocal matrices with 1, 2, … rows."""


class Priorities(NamedTuple):
    """Weights that sum to one, the largest eigenvalue, and the consistency of judgements."""

    weights: Floats
    lambda_max: float
    consistency_index: float
    consistency_ratio: float


def check_judgements(judgements: Floats) -> Floats:
    """Return a reciprocal matrix of positive judgements, or say what is wrong with it.

    Raises
    ------
    ValueError
        Not square, not positive, ones missing on the diagonal, or a pair that is not
        reciprocal.
    """
    a = np.asarray(judgements, np.float64)
    if a.ndim != 2 or a.shape[0] != a.shape[1] or a.shape[0] == 0:
        raise ValueError(f"judgements must be a square matrix, got shape {a.shape}")
    if not np.all(np.isfinite(a)) or np.any(a <= 0):
        raise ValueError("judgements must be positive and finite")
    wrong = np.argwhere(np.abs(a * a.T - 1.0) > 1e-9)
    if wrong.size:
        i, j = (int(k) for k in wrong[0])
        raise ValueError(
            f"judgements[{i}, {j}] = {a[i, j]:g} and [{j}, {i}] = {a[j, i]:g} are not reciprocal"
        )
    return a


def priorities(
    judgements: Floats,
    method: Literal["eigenvector", "geometric_mean"] = "eigenvector",
    random_index: Literal["saaty_1980", "saaty_tran_2007"] = "saaty_1980",
) -> Priorities:
    """Return the priority vector of a matrix of pairwise judgements.

    Parameters
    ----------
    judgements : ndarray (n, n)
        How many times more row i matters than column j; reciprocal.
    method : {"eigenvector", "geometric_mean"}
        Principal right eigenvector, or normalised geometric means of the rows.
    random_index : {"saaty_1980", "saaty_tran_2007"}
        Table that the consistency ratio divides by.

    Returns
    -------
    Priorities
        The ratio is 0 for one or two options, which cannot be inconsistent; NaN beyond ten.

    Examples
    --------
    >>> priorities(np.array([[1.0, 3.0], [1 / 3, 1.0]])).weights.round(9)
    array([0.75, 0.25])

    References
    ----------
    Saaty, T. L. (1980). The Analytic Hierarchy Process; Crawford, G. and Williams, C. (1985).
    """
    a = check_judgements(judgements)
    n = a.shape[0]
    roots, vectors = np.linalg.eig(a)
    first = int(np.argmax(np.real(roots)))
    largest = float(np.real(roots[first]))
    if method == "eigenvector":
        raw = np.abs(np.real(vectors[:, first]))
    elif method == "geometric_mean":
        raw = np.exp(np.log(a).mean(axis=1))
    else:
        raise ValueError(f"method={method!r}: 'eigenvector' or 'geometric_mean'")
    if n <= 2:
        return Priorities(raw / raw.sum(), float(n), 0.0, 0.0)
    index = (largest - n) / (n - 1)
    table = RANDOM_INDEX[random_index]
    ratio = index / table[n - 1] if n <= len(table) else float("nan")
    return Priorities(raw / raw.sum(), largest, index, ratio)


def inconsistent_pairs(
    judgements: Floats, weights: Floats | None = None
) -> list[tuple[int, int, float, float]]:
    """Return the pairs whose judgement departs most from the priorities, worst first.

    Parameters
    ----------
    judgements : ndarray (n, n)
    weights : ndarray (n,), optional
        Priorities; the eigenvector's where absent.

    Returns
    -------
    list of (row, column, judgement, implied)
        For row < column; ordered by the absolute log of judgement over implied.

    Examples
    --------
    >>> a = np.array([[1.0, 2, 8], [1 / 2, 1, 2], [1 / 8, 1 / 2, 1]])
    >>> [pair[:3] for pair in inconsistent_pairs(a)][0]
    (0, 1, 2.0)
    """
    a = check_judgements(judgements)
    w = priorities(a).weights if weights is None else np.asarray(weights, np.float64)
    implied = w[:, None] / w[None, :]
    rows, columns = np.triu_indices(a.shape[0], 1)
    off = np.abs(np.log(a[rows, columns] / implied[rows, columns])).round(12)
    order = np.argsort(-off, kind="stable")
    return [
        (int(i), int(j), float(a[i, j]), float(implied[i, j]))
        for i, j in zip(rows[order], columns[order], strict=True)
    ]


def group_judgements(members: Floats, weights: Floats | None = None) -> Floats:
    """Return the judgements of a group: geometric means of its members' judgements.

    Parameters
    ----------
    members : ndarray (members, n, n)
    weights : ndarray (members,), optional
        Weight of each member; equal where absent.

    Examples
    --------
    >>> two = np.array([[[1.0, 4], [1 / 4, 1]], [[1.0, 1], [1, 1]]])
    >>> group_judgements(two)[0, 1].round(9).item()
    2.0

    References
    ----------
    Aczél, J. and Saaty, T. L. (1983). J. Mathematical Psychology 27(1).
    """
    every = np.array([check_judgements(one) for one in np.asarray(members, np.float64)])
    w = np.full(len(every), 1.0) if weights is None else np.asarray(weights, np.float64)
    return np.asarray(np.exp(np.tensordot(w / w.sum(), np.log(every), axes=1)))


def group_priorities(members: Floats, weights: Floats | None = None) -> Floats:
    """Return the priorities of a group: normalised geometric means of its members' priorities.

    Parameters
    ----------
    members : ndarray (members, n)
        Positive priorities of each member.
    weights : ndarray (members,), optional

    Examples
    --------
    >>> group_priorities(np.array([[0.8, 0.2], [0.2, 0.8]])).round(9)
    array([0.5, 0.5])
    """
    every = np.asarray(members, np.float64)
    w = np.full(len(every), 1.0) if weights is None else np.asarray(weights, np.float64)
    raw = np.exp(np.tensordot(w / w.sum(), np.log(every), axes=1))
    return np.asarray(raw / raw.sum())


def best_worst(best_to_others: Floats, others_to_worst: Floats) -> tuple[Floats, float]:
    """Return the weights of the linear best-worst method, and their largest departure.

    Parameters
    ----------
    best_to_others : ndarray (n,)
        How many times the best matters more than each; 1 for the best itself.
    others_to_worst : ndarray (n,)
        How many times each matters more than the worst; 1 for the worst itself.

    Returns
    -------
    weights : ndarray (n,)
    xi : float
        0 for consistent judgements.

    Examples
    --------
    >>> w, xi = best_worst(np.array([1.0, 2, 4]), np.array([4.0, 2, 1]))
    >>> w.round(6), abs(round(xi, 6))
    (array([0.571429, 0.285714, 0.142857]), 0.0)

    References
    ----------
    Rezaei, J. (2016). Omega 64, model (3).
    """
    a = np.asarray(best_to_others, np.float64)
    b = np.asarray(others_to_worst, np.float64)
    if a.ndim != 1 or a.shape != b.shape or a.min() != 1.0 or b.min() != 1.0:
        raise ValueError("give one number each, not below 1, with 1 for the best and the worst")
    n, best, worst = a.size, int(np.argmin(a)), int(np.argmin(b))
    rows = []
    for j in range(n):
        for first, second, times in ((best, j, a[j]), (j, worst, b[j])):
            row = np.zeros(n + 1)
            row[first] += 1.0
            row[second] -= times
            for sign in (1.0, -1.0):
                bound = sign * row
                bound[n] = -1.0
                rows.append(bound)
    cost = np.zeros(n + 1)
    cost[n] = 1.0
    whole = np.ones((1, n + 1))
    whole[0, n] = 0.0
    found = linprog(cost, np.array(rows), np.zeros(len(rows)), whole, [1.0], method="highs")
    if not found.success or found.x is None:
        raise ArithmeticError(f"the linear programme failed: {found.message}")
    return np.asarray(found.x[:n]), float(found.x[n])
