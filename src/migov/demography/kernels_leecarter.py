"""Lee-Carter models on bare arrays: many populations at once, each on its own.

Populations run along the first axis, ages along the second, periods along the third. What is
iterated stops for each population when that population has settled, so that none depends on
which others are fitted with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from migov.demography.kernels_lifetable import expectation

Array = NDArray[np.float64]


BLOCK = 16
"""Populations worked on at a time, so that what is read again is still in the cache."""


class Fit(NamedTuple):
    """A fitted model ``log m = level + response · trend``.

    Parameters
    ----------
    level : ndarray (p, x)
        Mean logarithm of the rates, or its like.
    response : ndarray (p, r, x)
        The first sums to one over ages; further ones have squares that sum to one.
    trend : ndarray (p, r, t)
        The index of mortality; sums to zero over periods, unless adjusted afterwards.
    explained : ndarray (p, r)
        Share of the squares about the level; missing for a Poisson fit.
    """

    level: Array
    response: Array
    trend: Array
    explained: Array


def leading(gram: Array, start: Array, tolerance: float = 4e-15) -> Array:
    """Return the leading eigenvector of each symmetric matrix, by its power.

    Parameters
    ----------
    gram : ndarray (p, n, n)
        Positive semidefinite.
    start : ndarray (p, n)
        Not orthogonal to what is sought.
    tolerance : float
        On the change of the unit vector. What has not settled in eighty steps is
        decomposed in full.

    Returns
    -------
    ndarray (p, n)
    """
    v = start / np.linalg.norm(start, axis=1, keepdims=True)
    settled = np.zeros(len(gram), bool)
    for _ in range(80):
        new = np.matmul(gram, v[:, :, None])[:, :, 0]
        size = np.sqrt((new * new).sum(axis=1, keepdims=True))
        new = new / np.where(size > 0, size, 1.0)
        close = np.abs(new - v).max(axis=1) <= tolerance
        v = np.where(settled[:, None], v, new)
        settled |= close
        if settled.all():
            return np.asarray(v)
    for i in np.flatnonzero(~settled):
        v[i] = np.linalg.eigh(gram[i])[1][:, -1]
    return np.asarray(v)


def _vectors(centred: Array, whole: Array, rank: int) -> Array:
    """Return the leading right singular vectors (p, r, t)."""
    turned = np.ascontiguousarray(np.swapaxes(centred, 1, 2))
    gram = np.matmul(turned, centred)
    if rank == 1:
        ramp = np.linspace(1.0, -1.0, centred.shape[2])
        size = np.sqrt(whole) + 1e-300
        start = centred.sum(axis=1) + 1e-3 * size[:, None] * ramp
        return leading(gram, start)[:, None, :]
    return np.asarray(np.swapaxes(np.linalg.eigh(gram)[1][:, :, : -rank - 1 : -1], 1, 2))


def fit_svd(logs: Array, rank: int = 1, *, summing: bool = True) -> Fit:
    """Return the model of least squares on the logarithms, by leading singular vectors.

    Parameters
    ----------
    logs : ndarray (p, x, t)
        Logarithms of the rates, all finite.
    rank : int
        Components.
    summing : bool
        Whether the first response sums to one; else its squares do, as those of the others,
        which is safe where ages respond in opposite directions.

    References
    ----------
    Lee and Carter (1992), Journal of the American Statistical Association 87(419).
    """
    parts = [_fit_block(logs[at : at + BLOCK], rank, summing) for at in range(0, len(logs), BLOCK)]
    if len(parts) == 1:
        return parts[0]
    return Fit(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _fit_block(logs: Array, rank: int, summing: bool) -> Fit:
    """Return the fits of a few populations."""
    level = logs.mean(axis=2)
    centred = logs - level[:, :, None]
    whole = np.einsum("pxt,pxt->p", centred, centred)
    right = _vectors(centred, whole, rank)
    scores = np.matmul(centred, np.swapaxes(right, 1, 2))  # (p, x, r): response times its size
    scores = np.ascontiguousarray(np.swapaxes(scores, 1, 2))
    size = np.empty(scores.shape[:2])
    if summing:
        size[:, 0] = scores[:, 0].sum(axis=1)
    others = np.s_[:, int(summing) :]
    size[others] = np.sqrt((scores[others] ** 2).sum(axis=2))
    size[others] *= np.where(right[others][..., 0] >= right[others][..., -1], 1.0, -1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        explained = (scores**2).sum(axis=2) / whole[:, None]
        return Fit(level, scores / size[:, :, None], right * size[:, :, None], explained)


def fitted(fit: Fit) -> Array:
    """Return the fitted rates (p, x, t)."""
    return np.asarray(
        np.exp(fit.level[:, :, None] + np.matmul(np.swapaxes(fit.response, 1, 2), fit.trend))
    )


def _newton(
    level: Array, b: Array, k: Array, deaths: Array, exposure: Array, weight: Array
) -> Array:
    """Return k (p, t) where ``sum of weight (deaths - exposure exp(level + b k))`` is zero.

    Steps are halved where they would not bring the sum nearer to zero.
    """

    def excess(at: Array) -> tuple[Array, Array]:
        with np.errstate(over="ignore", invalid="ignore"):  # a step too far, halved below
            expected = exposure * np.exp(level[:, :, None] + b[:, :, None] * at[:, None, :])
            gap = (weight[:, :, None] * (deaths - expected)).sum(axis=1)
            return gap, (weight[:, :, None] * b[:, :, None] * expected).sum(axis=1)

    k = k.copy()
    gap, slope = excess(k)
    settled = np.zeros(k.shape, bool)
    for _ in range(200):
        with np.errstate(invalid="ignore", divide="ignore"):
            step = np.where(slope != 0, gap / slope, 0.0)
        new = k + step
        found, steeper = excess(new)
        for _ in range(30):
            worse = ~(np.abs(found) <= np.abs(gap)) & ~settled & (step != 0)
            if not worse.any():
                break
            step = np.where(worse, step / 2, step)
            new = k + step
            found, steeper = excess(new)
        k, gap, slope = (
            np.where(settled, x, y) for x, y in ((k, new), (gap, found), (slope, steeper))
        )
        settled |= np.abs(step) <= 1e-14 * (1.0 + np.abs(k))
        if settled.all():
            break
    return k


def match_deaths(fit: Fit, deaths: Array, exposure: Array) -> Fit:
    """Return the fit with its index such that all deaths of each period are met.

    References
    ----------
    Lee and Carter (1992), section 3.
    """
    even = np.ones(fit.level.shape)
    k = _newton(fit.level, fit.response[:, 0], fit.trend[:, 0], deaths, exposure, even)
    return fit._replace(trend=k[:, None, :])


def match_deviance(fit: Fit, deaths: Array, exposure: Array) -> Fit:
    """Return the fit with its index such that the Poisson deviance of deaths by age is least.

    References
    ----------
    Booth, Maindonald and Smith (2002), Population Studies 56(3).
    """
    b = fit.response[:, 0]
    k = _newton(fit.level, b, fit.trend[:, 0], deaths, exposure, b)
    return fit._replace(trend=k[:, None, :])


def missed(fit: Fit, deaths: Array, exposure: Array, weight: Array) -> Array:
    """Return by which share of them the weighted deaths of each period (p, t) are missed.

    Parameters
    ----------
    fit : Fit
        Of one component.
    deaths, exposure : ndarray (p, x, t)
        Persons and person-years.
    weight : ndarray (p, x)
        One for all deaths, the response for the least deviance.
    """
    w = weight[:, :, None]
    gap = np.abs((w * (deaths - exposure * fitted(fit))).sum(axis=1))
    size = (np.abs(w) * deaths).sum(axis=1)
    return np.asarray(gap / np.where(size > 0, size, 1.0))


def match_expectation(fit: Fit, wanted: Array, years: Array, width: Array) -> tuple[Fit, Array]:
    """Return the fit whose index meets the life expectancies, and by how much it misses them.

    Parameters
    ----------
    fit : Fit
        Of one component.
    wanted : ndarray (p, t)
        Life expectancy at the first age, in years.
    years : ndarray (p, x, t)
        Mean years lived by those who die in closed groups; in the open one the inverse of
        the fitted rate is taken.
    width : ndarray (x,)
        In years, ``inf`` last.

    References
    ----------
    Lee and Miller (2001), Demography 38(4).
    """
    a = np.moveaxis(years, 1, 0).copy()

    def gap(k: Array) -> Array:
        with np.errstate(all="ignore"):  # ends too far out, which the halving leaves
            m = np.exp(fit.level[:, :, None] + fit.response[:, 0, :, None] * k[:, None, :])
            m = np.moveaxis(m, 1, 0)
            a[-1] = 1.0 / m[-1]
            return expectation(m, a, width) - wanted

    k = fit.trend[:, 0].copy()
    span = np.ptp(k, axis=1)[:, None] * np.ones(k.shape) + 1.0
    low, high = k - span, k + span
    for _ in range(40):
        narrow = gap(low) * gap(high) > 0
        if not narrow.any():
            break
        low, high = np.where(narrow, low - span, low), np.where(narrow, high + span, high)
    at_low = gap(low)
    for _ in range(70):  # as many for all: no population depends on when others have settled
        middle = (low + high) / 2
        at = gap(middle)
        left = (at > 0) == (at_low > 0)
        low, at_low = np.where(left, middle, low), np.where(left, at, at_low)
        high = np.where(left, high, middle)
    k = (low + high) / 2
    return fit._replace(trend=k[:, None, :]), np.abs(gap(k))


def deviance(deaths: Array, expected: Array) -> Array:
    """Return the Poisson deviance of each population (p,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(deaths > 0, deaths * np.log(deaths / expected), 0.0)
    return np.asarray(2.0 * (logs - deaths + expected).sum(axis=(1, 2)))


def log_likelihood(deaths: Array, expected: Array) -> Array:
    """Return the Poisson log-likelihood of each population (p,)."""
    logs = np.where(deaths > 0, deaths * np.log(expected), 0.0)
    return np.asarray((logs - expected - gammaln(deaths + 1.0)).sum(axis=(1, 2)))


def fit_poisson(
    deaths: Array, exposure: Array, start: Fit, steps: int = 5000
) -> tuple[Fit, NDArray[np.bool_]]:
    """Return the model of greatest Poisson likelihood, one component.

    Parameters
    ----------
    deaths, exposure : ndarray (p, x, t)
        Deaths and person-years; no exposure may be zero.
    start : Fit
        First guess.
    steps : int
        Most rounds of one-dimensional Newton steps in level, index and response.

    Returns
    -------
    fit : Fit
    settled : ndarray of bool (p,)
        Whether the deviance changed by less than 1e-12 of itself in the last round.

    References
    ----------
    Brouhns, Denuit and Vermunt (2002), Insurance: Mathematics and Economics 31(3).
    """
    a, b, k = start.level.copy(), start.response[:, 0].copy(), start.trend[:, 0].copy()

    def expected() -> Array:
        return np.asarray(exposure * np.exp(a[:, :, None] + b[:, :, None] * k[:, None, :]))

    settled = np.zeros(len(a), bool)
    last = deviance(deaths, expected())
    for _ in range(steps):
        kept = (a, b, k)
        now = expected()
        a = a + (deaths - now).sum(axis=2) / now.sum(axis=2)
        now = expected()
        slope = (now * b[:, :, None] ** 2).sum(axis=1)
        k = k + ((deaths - now) * b[:, :, None]).sum(axis=1) / slope
        mean = k.mean(axis=1)
        a, k = a + b * mean[:, None], k - mean[:, None]
        now = expected()
        slope = (now * k[:, None, :] ** 2).sum(axis=2)
        b = b + ((deaths - now) * k[:, None, :]).sum(axis=2) / slope
        whole = b.sum(axis=1)
        b, k = b / whole[:, None], k * whole[:, None]
        done = settled[:, None]
        a, b, k = (np.where(done, x, y) for x, y in zip(kept, (a, b, k), strict=True))
        found = deviance(deaths, expected())
        settled |= np.abs(found - last) <= 1e-13 * np.abs(found)
        last = found
        if settled.all():
            break
    fit = Fit(a, b[:, None, :], k[:, None, :], np.full((len(a), 1), np.nan))
    return fit, settled
