"""Search and matching on bare numbers: matching functions, tightness, paths of unemployment.

References
----------
Pissarides (2000), Equilibrium Unemployment Theory, chapter 1; Petrongolo and Pissarides (2001),
Journal of Economic Literature 39(2); den Haan, Ramey and Watson (2000), American Economic Review
90(3).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

Kind = Literal["cobb_douglas", "capped", "den_haan", "urn_ball"]
KINDS = ("cobb_douglas", "capped", "den_haan", "urn_ball")


def meetings(
    kind: Kind, unemployed: ArrayLike, vacancies: ArrayLike, efficiency: float, elasticity: float
) -> NDArray[np.float64]:
    """Return new matches per period.

    Parameters
    ----------
    kind : {"cobb_douglas", "capped", "den_haan", "urn_ball"}
        ``A u^eta v^(1-eta)``, the same but not over either side, ``u v / (u^l + v^l)^(1/l)``, or
        ``v (1 - exp(-u / v))``.
    unemployed, vacancies : array_like
        Numbers or rates of one base.
    efficiency : float
        A; only of the first two.
    elasticity : float
        With respect to unemployment, ``eta``; ``l`` of den Haan, Ramey and Watson.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> meetings("cobb_douglas", 0.04, 0.09, 1.0, 0.5).round(4).item()
    0.06
    """
    u, v = np.asarray(unemployed, float), np.asarray(vacancies, float)
    if kind == "urn_ball":
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(v > 0, v * -np.expm1(-u / np.where(v > 0, v, 1.0)), 0.0)
    if kind == "den_haan":
        top = np.maximum(u, v)
        ratio = np.divide(np.minimum(u, v), top, out=np.zeros(np.shape(top)), where=top > 0)
        return np.asarray(np.minimum(u, v) / (1.0 + ratio**elasticity) ** (1.0 / elasticity))
    found = efficiency * u**elasticity * v ** (1.0 - elasticity)
    return np.asarray(np.minimum(found, np.minimum(u, v)) if kind == "capped" else found)


def balanced(
    kind: Kind, vacancies: float, separation: float, efficiency: float, elasticity: float
) -> float:
    """Return the unemployment at which as many find a job as lose one, at a rate of vacancies.

    Examples
    --------
    >>> round(balanced("cobb_douglas", 0.03, 0.1, 1.355, 0.72), 5)
    0.09165
    """

    def gap(u: float) -> float:
        met = meetings(kind, u, vacancies, efficiency, elasticity)
        return separation * (1.0 - u) - float(met)

    return float(brentq(gap, 0.0, 1.0, xtol=1e-15, rtol=8.9e-16))


def filling(kind: Kind, tightness: float, efficiency: float, elasticity: float) -> float:
    """Return the rate at which a vacancy is filled, at a number of vacancies per unemployed.

    Examples
    --------
    >>> filling("cobb_douglas", 4.0, 1.0, 0.5)
    0.5
    """
    return float(meetings(kind, 1.0 / tightness, 1.0, efficiency, elasticity))


def tightness(
    kind: Kind,
    efficiency: float,
    elasticity: float,
    gain: float,
    bargaining: float,
    cost: float,
    wait: float,
) -> float:
    """Return the tightness at which another vacancy gains nothing.

    Parameters
    ----------
    kind, efficiency, elasticity
        See :func:`meetings`.
    gain : float
        Product less the value of unemployment.
    bargaining : float
        The worker's share.
    cost : float
        Of a vacancy per period.
    wait : float
        ``r + s``, or ``(1 - delta (1 - s)) / delta`` in periods.

    Returns
    -------
    float
        Root of ``(1 - beta) gain - beta c theta = wait c / q(theta)``.

    Examples
    --------
    >>> round(tightness("cobb_douglas", 1.355, 0.72, 0.6, 0.72, 0.213, 0.112), 6)
    0.98214
    """

    def left(log: float) -> float:
        theta = float(np.exp(log))
        q = filling(kind, theta, efficiency, elasticity)
        # Divided by the cost: the scale of money does not matter.
        return (1.0 - bargaining) * gain / cost - bargaining * theta - wait / q

    low, high = -60.0, 60.0
    return float(np.exp(brentq(left, low, high, xtol=1e-14, rtol=8.9e-16, maxiter=500)))


def continuous_path(start: float, separation: float, finding: float, at: ArrayLike) -> ArrayLike:
    """Return unemployment at times after the start, exactly.

    Examples
    --------
    >>> round(float(continuous_path(0.1, 0.1, 1.3481800677, 1.0)), 6)
    0.076325
    """
    rest = separation / (separation + finding)
    return rest + (start - rest) * np.exp(-(separation + finding) * np.asarray(at, float))


def discrete_path(start: float, separation: float, finding: float, periods: int) -> ArrayLike:
    """Return unemployment of each period, from probabilities per period.

    Examples
    --------
    >>> np.round(discrete_path(0.1, 0.1, 1.0, 2), 4).tolist()
    [0.1, 0.09, 0.091]
    """
    rest = separation / (separation + finding)
    return rest + (start - rest) * (1.0 - separation - finding) ** np.arange(periods + 1)
