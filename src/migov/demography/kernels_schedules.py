"""Schedules of migration and fertility by age, on bare arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import gammainc

Array = NDArray[np.float64]

COMPONENTS: dict[str, tuple[str, ...]] = {
    "childhood": ("a1", "alpha1"),
    "labour": ("a2", "alpha2", "mu2", "lambda2"),
    "retirement": ("a3", "alpha3", "mu3", "lambda3"),
    "elderly": ("a4", "lambda4"),
    "constant": ("c",),
}
"""Parameters of each component of a multi-exponential migration schedule."""

_STARTS: dict[str, tuple[float, ...]] = {
    "a1": (0.5,),
    "alpha1": (0.1, 0.03),
    "a2": (1.0,),
    "alpha2": (0.1, 0.05),
    "mu2": (20.0, 24.0),
    "lambda2": (0.4, 0.2),
    "a3": (0.1,),
    "alpha3": (0.7,),
    "mu3": (63.0, 67.0),
    "lambda3": (0.3,),
    "a4": (1e-3,),
    "lambda4": (0.03,),
    "c": (0.1,),
}
"""First guesses; levels (a1 … c) are relative to the greatest rate."""

LEVELS = ("a1", "a2", "a3", "a4", "c")


def _peak(x: Array, a: float, alpha: float, mu: float, lam: float) -> Array:
    rise = np.exp(np.minimum(-lam * (x - mu), 700.0))
    return np.asarray(a * np.exp(np.clip(-alpha * (x - mu) - rise, -745.0, 700.0)))


def migration(x: Array, p: dict[str, float]) -> Array:
    """Return rates of a multi-exponential schedule at exact ages.

    Parameters
    ----------
    x : ndarray (n,)
        Ages in years.
    p : dict of str to float
        Parameters by name; components that lack theirs are left out.

    Returns
    -------
    ndarray (n,)

    References
    ----------
    Rogers and Castro (1981), Model Migration Schedules, IIASA RR-81-30; Rogers and Little
    (1994), Mathematical Population Studies 4(3).
    """
    out = np.full(x.shape, p.get("c", 0.0))
    if "a1" in p:
        out = out + p["a1"] * np.exp(-p["alpha1"] * x)
    if "a2" in p:
        out = out + _peak(x, p["a2"], p["alpha2"], p["mu2"], p["lambda2"])
    if "a3" in p:
        out = out + _peak(x, p["a3"], p["alpha3"], p["mu3"], p["lambda3"])
    if "a4" in p:
        out = out + p["a4"] * np.exp(np.minimum(p["lambda4"] * x, 700.0))
    return out


class ScheduleFit(NamedTuple):
    """A fitted schedule.

    Parameters
    ----------
    parameters, errors : ndarray (p,)
        And their standard errors, missing where the data do not tell.
    rates : ndarray (n,)
        Fitted.
    scale : float
        Robust standard deviation of the residuals.
    settled : bool
        Whether the best of the starts has converged.
    """

    parameters: Array
    errors: Array
    rates: Array
    scale: float
    settled: bool


def _starts(names: tuple[str, ...]) -> list[list[float]]:
    """Return first guesses: all first ones, and each other one in its place."""
    base = [_STARTS[name][0] for name in names]
    out = [base]
    for i, name in enumerate(names):
        out += [[*base[:i], other, *base[i + 1 :]] for other in _STARTS[name][1:]]
    return out


def fit_migration(x: Array, m: Array, names: tuple[str, ...], robust: bool = True) -> ScheduleFit:
    """Return the schedule that fits rates best.

    Parameters
    ----------
    x, m : ndarray (n,)
        Ages and rates, none missing.
    names : tuple of str
        Parameters, all positive: they are searched on their logarithms.
    robust : bool
        Whether residuals beyond about twice their usual size count by their size, not by its
        square (soft L1).

    Returns
    -------
    ScheduleFit
        The best of several starts. Standard errors come from the curvature at the best point
        and the robust scale, by the delta method.
    """
    top = float(m.max())
    y = m / top

    def curve(theta: Array) -> Array:
        return migration(x, dict(zip(names, np.exp(theta), strict=True)))

    def residuals(theta: Array) -> Array:
        return np.asarray(curve(theta) - y)

    low = np.full(len(names), -25.0)
    high = np.array([np.log(120.0) if n in ("mu2", "mu3") else 4.0 for n in names])
    best = None
    for start in _starts(names):
        found = least_squares(
            residuals,
            np.log(start),
            bounds=(low, high),
            x_scale=1.0,
            xtol=1e-14,
            ftol=1e-14,
            gtol=1e-14,
            max_nfev=400,
        )
        if best is None or found.cost < best.cost:
            best = found
    assert best is not None
    scale = _spread(best.fun)
    if robust and scale > 1e-10:
        for _ in range(3):
            best = least_squares(
                residuals,
                best.x,
                bounds=(low, high),
                loss="soft_l1",
                f_scale=2.0 * scale,
                xtol=1e-14,
                ftol=1e-14,
                gtol=1e-14,
                max_nfev=2000,
            )
            scale = _spread(best.fun)
    jacobian = np.asarray(best.jac, float)
    inner = jacobian.T @ jacobian
    errors = np.full(len(names), np.nan)
    free = len(y) - len(names)
    if np.linalg.cond(inner) < 1e14 and free > 0:
        dispersion = max(scale, np.sqrt((best.fun**2).sum() / free) if not robust else 0.0)
        errors = dispersion * np.sqrt(np.diag(np.linalg.inv(inner)))
    values = np.exp(best.x)
    unit = np.array([top if name in LEVELS else 1.0 for name in names])
    return ScheduleFit(
        values * unit, errors * values * unit, curve(best.x) * top, scale * top, best.status > 0
    )


def _spread(residuals: Array) -> float:
    """Return 1.4826 times the median distance from zero."""
    return float(1.4826 * np.median(np.abs(residuals)))


def gamma_shares(edges: Array, mean: float, spread: float, start: float) -> Array:
    """Return the share of fertility in each group under a gamma distribution of ages.

    Parameters
    ----------
    edges : ndarray (n + 1,)
        Limits of the groups in years.
    mean, spread, start : float
        Mean age, standard deviation, and age at which fertility begins, in years.

    References
    ----------
    Hoem and others (1981), Demography 18(2).
    """
    shape = ((mean - start) / spread) ** 2
    at = gammainc(shape, np.maximum(edges - start, 0.0) * (mean - start) / spread**2)
    return np.asarray(np.diff(at) / (at[-1] - at[0]))


def spline_knots(start: float, peak: float, half: float) -> tuple[Array, float]:
    """Return the knots of the quadratic spline of fertility, and the age where it ends.

    Parameters
    ----------
    start, peak, half : float
        Ages in years at which fertility begins, is greatest, and has fallen to half of that.

    References
    ----------
    Schmertmann (2003), Demographic Research 9(5).
    """
    end = max(min(50.0, 4.0 * half - 3.0 * peak), 2.0 * half - peak)
    part = min(0.75, 0.25 + 0.025 * (peak - start))
    inner = [(1.0 - part) * start + part * peak, peak, (peak + half) / 2.0, (half + end) / 2.0]
    return np.array([start, *inner]), end


def spline_shape(x: Array, start: float, peak: float, half: float) -> Array:
    """Return fertility at exact ages relative to its peak, by a quadratic spline.

    Parameters
    ----------
    x : ndarray (...)
        Ages in years.
    start, peak, half : float
        As in :func:`spline_knots`. The five pieces meet smoothly; at the peak the curve is one
        and level, at `half` a half, and at its end nothing and level.
    """
    knots, end = spline_knots(start, peak, half)

    def basis(at: float, slope: bool = False) -> Array:
        apart = np.maximum(at - knots, 0.0)
        return np.asarray(2.0 * apart if slope else apart**2)

    system = np.stack([basis(peak), basis(half), basis(end), basis(peak, True), basis(end, True)])
    weight = np.linalg.solve(system, np.array([1.0, 0.5, 0.0, 0.0, 0.0]))
    apart = np.maximum(np.asarray(x, float)[..., None] - knots, 0.0)
    inside = (x >= start) & (x <= end)
    return np.asarray(np.where(inside, (apart**2 * weight).sum(axis=-1), 0.0))


def double_logistic(total: Array, delta: tuple[float, float, float, float], pace: float) -> Array:
    """Return by how much total fertility falls in a period.

    Parameters
    ----------
    total : ndarray
        Children per woman.
    delta : four of float
        Widths, in children per woman, of the ranges of total fertility in which the fall
        gathers pace, goes on, slows down, and what is left at its end.
    pace : float
        Greatest fall in a period, in children per woman.

    References
    ----------
    Alkema and others (2011), Demography 48(3), equation 2.
    """
    first, _, third, last = delta
    steep = 2.0 * np.log(9.0)
    with np.errstate(over="ignore"):
        begun = 1.0 / (1.0 + np.exp(-steep / first * (total - sum(delta) + 0.5 * first)))
        ended = 1.0 / (1.0 + np.exp(-steep / third * (total - last - 0.5 * third)))
    return np.asarray(pace * (ended - begun))
