"""Laws of mortality at old ages: fitted and continued, on bare arrays.

Ages run along the first axis, populations along the second. The laws, with ``x`` the age
from which a fit is centred,

    gompertz           mu = exp(a + b x)
    makeham            mu = exp(a + b x) + exp(c)
    kannisto           mu = exp(a + b x) / (1 + exp(a + b x))
    kannisto_makeham   mu = exp(a + b x) / (1 + exp(a + b x)) + exp(c)
    beard              mu = exp(a + b x) / (1 + exp(d) exp(a + b x))
    beard_makeham      mu = exp(a + b x) / (1 + exp(d) exp(a + b x)) + exp(c)

(Beard's law is that of Gompertz in a population whose frailty has a gamma distribution;
beard_makeham is Perks' logistic. They level off at exp(-d) where kannisto does at one.) They are
fitted by damped Gauss-Newton steps on the logarithm of the rate, each population on its
own: one that has settled is left alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PARAMETERS: dict[str, tuple[str, ...]] = {
    "gompertz": ("a", "b"),
    "makeham": ("a", "b", "c"),
    "kannisto": ("a", "b"),
    "kannisto_makeham": ("a", "b", "c"),
    "beard": ("a", "b", "d"),
    "beard_makeham": ("a", "b", "d", "c"),
}
"""Parameters of each law, in the order of the arrays."""
LAWS = tuple(PARAMETERS)
LOSSES = ("log", "poisson")
LEAST = -40.0
"""Least ``c`` and ``d``: a level of 4e-18, a ceiling of 2e17 a year, where rates tell of none."""


def law_rates(law: str, parameters: Array, age: Array) -> tuple[Array, Array]:
    """Return the rates of a law, and the derivatives of their logarithm.

    Parameters
    ----------
    law : str
        One of :data:`LAWS`.
    parameters : ndarray (p, populations)
        Those of :data:`PARAMETERS`.
    age : ndarray (n,)
        In years, from the centre of the fit.

    Returns
    -------
    mu : ndarray (n, populations)
    slopes : ndarray (p, n, populations)
    """
    x = np.asarray(age, float)[:, None]
    with np.errstate(over="ignore"):
        grown = np.exp(np.ascontiguousarray(parameters[0] + parameters[1] * x))
    bent: list[Array] = []
    if law.startswith("kannisto"):
        senescent = np.where(np.isinf(grown), 1.0, grown / (1.0 + grown))
        steep = senescent * (1.0 - senescent)
    elif law.startswith("beard"):
        crowd = np.exp(parameters[2])
        with np.errstate(invalid="ignore"):
            senescent = np.where(np.isinf(grown), 1.0 / crowd, grown / (1.0 + crowd * grown))
        steep = senescent * (1.0 - crowd * senescent)
        bent.append(-crowd * senescent**2)
    else:
        senescent = steep = grown
    mu = senescent
    rest: list[Array] = []
    if law.endswith("makeham"):
        level = np.broadcast_to(np.exp(parameters[-1]), senescent.shape)
        mu = senescent + level
        rest = [level / mu]
    with np.errstate(invalid="ignore", divide="ignore"):
        first = np.where(mu > 0, steep / mu, 1.0)
        inner = [np.where(mu > 0, part / mu, 0.0) for part in bent]
    return mu, np.stack([first, first * x, *inner, *rest])


def _over_ages(x: Array) -> Array:
    """Return sums over ages, the last axis but one, in one order whatever the populations."""
    return np.asarray(np.ascontiguousarray(np.swapaxes(x, -1, -2)).sum(axis=-1))


def _loss(mu: Array, m: Array, weight: Array, loss: str) -> Array:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if loss == "log":
            return _over_ages(weight * np.log(mu / m) ** 2)
        excess = mu - m - np.where(m > 0, m * np.log(mu / np.where(m > 0, m, 1.0)), 0.0)
        return _over_ages(weight * excess)


def _start(law: str, m: Array, x: Array) -> Array:
    """Return a line through the logarithm or the logit of the rates."""
    safe = np.maximum(m, 1e-9)
    bounded = law.startswith(("kannisto", "beard"))
    y = np.log(np.minimum(safe, 0.99) / (1.0 - np.minimum(safe, 0.99)) if bounded else safe)
    wide = x[:, None] - x.mean()
    b = _over_ages(wide * y) / (wide**2).sum()
    rows = [_over_ages(y) / len(x) - b * x.mean(), b]
    if law.startswith("beard"):
        rows.append(np.zeros(m.shape[1]))
    if law.endswith("makeham"):
        rows.append(np.log(0.05 * safe.min(axis=0)))
    return np.stack(rows)


def fit_law(
    law: str, m: Array, age: Array, loss: str = "log", weight: Array | None = None
) -> Array:
    """Return the parameters of a law that fits the rates best.

    Parameters
    ----------
    law : str
        One of :data:`LAWS`.
    m : ndarray (n, populations)
        Rates per year; positive for the loss ``log``.
    age : ndarray (n,)
        In years, from the centre of the fit.
    loss : {"log", "poisson"}
        Squared differences of logarithms, or the deviance of Poisson deaths.
    weight : ndarray (n, populations), optional
        Of each age; exposures for ``poisson``.

    Returns
    -------
    ndarray (p, populations)
        Missing where a rate is.
    """
    x = np.asarray(age, float)
    held = np.ones(m.shape) if weight is None else np.asarray(weight, float)
    theta = _start(law, m, x)
    best = _loss(law_rates(law, theta, x)[0], m, held, loss)
    damp = np.full(m.shape[1], 1e-3)
    settled = np.isnan(best)
    for _ in range(300):
        mu, slopes = law_rates(law, theta, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            pull = held * (np.log(m / mu) if loss == "log" else m - mu)
        curve = held if loss == "log" else held * mu
        gradient = _over_ages(slopes * pull)
        hessian = np.moveaxis(_over_ages(slopes[:, None] * curve * slopes[None]), -1, 0)
        step = _step(hessian, gradient, damp)
        new = theta + step
        new[2:] = np.maximum(new[2:], LEAST)
        value = _loss(law_rates(law, new, x)[0], m, held, loss)
        better = (value <= best) & ~settled
        settled |= np.abs(step).max(axis=0) <= 1e-13 * (1.0 + np.abs(theta).max(axis=0))
        theta = np.where(better, new, theta)
        best = np.where(better, value, best)
        damp = np.where(better, damp / 10.0, damp * 10.0)
        settled |= damp > 1e12
        if settled.all():
            break
    return np.where(np.isnan(best), np.nan, theta)


def _step(hessian: Array, gradient: Array, damp: Array) -> Array:
    """Return damped Newton steps (p, populations)."""
    p = hessian.shape[1]
    diagonal = np.einsum("pii->pi", hessian) + 1e-300
    system = hessian + (damp[:, None] * diagonal)[:, :, None] * np.eye(p)
    good = np.isfinite(system).all(axis=(1, 2)) & np.isfinite(gradient).all(axis=0)
    system = np.where(good[:, None, None], system, np.eye(p))
    right = np.where(good, gradient, 0.0).T[:, :, None]
    with np.errstate(over="ignore"):
        singular = np.linalg.det(system) == 0
    system = np.where(singular[:, None, None], np.eye(p), system)
    return np.asarray(np.where(singular, 0.0, np.linalg.solve(system, right)[:, :, 0].T))


def open_expectation(law: str, parameters: Array, start: float, centre: float, end: float) -> Array:
    """Return the expectation of life at an age where rates follow a law from there on.

    Parameters
    ----------
    law : str
        One of :data:`LAWS`.
    parameters : ndarray (p, populations)
        Of :func:`fit_law`.
    start, end : float
        First age, and the age from which the rate is constant; single years between.
    centre : float
        Age from which the fit is centred; the law is read at the middle of each year.

    Returns
    -------
    ndarray (populations,)
        Half a year is lived by those who die in a year where the law is bounded by one; where
        it is not, the rate is constant within the year.
    """
    from migov.demography.kernels_lifetable import constant_force_ax
    from migov.demography.kernels_lifetable import expectation as first_expectation

    lower = np.arange(start, end + 0.5)
    mu, _ = law_rates(law, parameters, lower + 0.5 - centre)
    bounded = law == "kannisto"
    a = np.full(mu.shape, 0.5) if bounded else constant_force_ax(mu, np.ones((1, 1)))
    a[-1] = 1.0 / mu[-1]
    return first_expectation(mu, a, np.append(np.ones(len(lower) - 1), np.inf))
