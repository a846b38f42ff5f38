"""Single years from groups of ages, and smoothed groups, on bare arrays; ages run last."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

Array = NDArray[np.float64]

_PANELS: dict[str, list[list[int]]] = {  # ten-thousandths; ages 0-4, 5-9, and of inner groups
    "sprague": [
        [3616, -2768, 1488, -336, 0],
        [2640, -960, 400, -80, 0],
        [1840, 400, -320, 80, 0],
        [1200, 1360, -720, 160, 0],
        [704, 1968, -848, 176, 0],
        [336, 2272, -752, 144, 0],
        [80, 2320, -480, 80, 0],
        [-80, 2160, -80, 0, 0],
        [-160, 1840, 400, -80, 0],
        [-176, 1408, 912, -144, 0],
        [-128, 848, 1504, -240, 16],
        [-16, 144, 2224, -416, 64],
        [64, -336, 2544, -336, 64],
    ],
    "beers_ordinary": [
        [3333, -1636, -210, 796, -283],
        [2595, -780, 130, 100, -45],
        [1924, 64, 184, -256, 84],
        [1329, 844, 54, -356, 129],
        [819, 1508, -158, -284, 115],
        [404, 2000, -344, -128, 68],
        [93, 2268, -402, 28, 13],
        [-108, 2272, -248, 112, -28],
        [-198, 1992, 172, 72, -38],
        [-191, 1468, 822, -84, -15],
        [-117, 804, 1570, -284, 27],
        [-20, 160, 2200, -400, 60],
        [50, -280, 2460, -280, 50],
    ],
    "beers_modified": [
        [3332, -1938, 702, -118, 22],
        [2569, -753, 205, -27, 6],
        [1903, 216, -146, 32, -5],
        [1334, 969, -351, 59, -11],
        [862, 1506, -410, 54, -12],
        [486, 1831, -329, 21, -9],
        [203, 1955, -123, -31, -4],
        [8, 1893, 193, -97, 3],
        [-108, 1677, 577, -153, 7],
        [-159, 1354, 972, -170, 3],
        [-160, 973, 1321, -121, -13],
        [-129, 590, 1564, 18, -43],
        [-85, 260, 1650, 260, -85],
    ],
}
"""Sprague (1881), Beers ordinary (1944) and modified (1945), as Shryock and Siegel print them."""

MULTIPLIERS = tuple(_PANELS)


def multipliers(method: str, groups: int) -> Array:
    """Return the matrix that turns five-year groups into single ages.

    Parameters
    ----------
    method : str
        One of :data:`MULTIPLIERS`.
    groups : int
        At least five.

    Returns
    -------
    ndarray (5 * groups, groups)
        The last two groups mirror the first two. The modified formula of Beers gives back the
        groups only inside and on the whole, since it smooths them.

    Examples
    --------
    >>> multipliers("sprague", 5).sum(axis=0).round(12).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    rows = np.array(_PANELS[method], float) / 10_000.0
    inner = np.vstack([rows[10:], rows[[11, 10], ::-1]])
    out = np.zeros((5 * groups, groups))
    out[:10, :5] = rows[:10]
    out[-10:, -5:] = rows[9::-1, ::-1]
    for g in range(2, groups - 2):
        out[5 * g : 5 * g + 5, g - 2 : g + 3] = inner
    return out


def _spline_slopes(edges: Array) -> Array:
    """Return the matrix that turns cumulated counts into the slopes of their cubic spline.

    In the first and last interval the third derivative is that of the cubic through the four
    points at the end.
    """
    x = np.asarray(edges, float)
    size = len(x)
    h = np.diff(x)
    secant = (np.eye(size)[1:] - np.eye(size)[:-1]) / h[:, None]
    left, right = np.zeros((size, size)), np.zeros((size, size))
    for i in range(1, size - 1):
        left[i, i - 1 : i + 2] = h[i - 1], 2.0 * (h[i - 1] + h[i]), h[i]
        right[i] = 6.0 * (secant[i] - secant[i - 1])
    second = (secant[1:] - secant[:-1]) / (x[2:] - x[:-2])[:, None]
    third = (second[1:] - second[:-1]) / (x[3:] - x[:-3])[:, None]
    left[0, :2], right[0] = (-1.0, 1.0), 6.0 * h[0] * third[0]
    left[-1, -2:], right[-1] = (-1.0, 1.0), 6.0 * h[-1] * third[-1]
    curve = np.linalg.solve(left, right)
    out = np.empty((size, size))
    out[:-1] = secant - h[:, None] * (2.0 * curve[:-1] + curve[1:]) / 6.0
    out[-1] = secant[-1] + h[-1] * (curve[-2] + 2.0 * curve[-1]) / 6.0
    return out


def monotone(counts: Array, edges: Array, wanted: Array) -> Array:
    """Return counts of finer groups by a monotone cubic spline of the cumulated counts.

    Parameters
    ----------
    counts : ndarray (..., k)
        Not negative; at least three groups.
    edges : ndarray (k + 1,)
        Limits of the groups.
    wanted : ndarray (n + 1,)
        Limits of the finer groups, from the first edge to the last.

    Returns
    -------
    ndarray (..., n)
        The groups' sums are kept, and no part is negative: slopes are drawn back to three
        times the lesser of the neighbouring secants where they are steeper.

    References
    ----------
    Hyman (1983), SIAM Journal on Scientific and Statistical Computing 4(4).
    """
    x = np.asarray(edges, float)
    _, power = np.frexp(np.asarray(counts.max(axis=-1, keepdims=True)))
    counts = np.ldexp(counts, -power)  # exact, and sums of the largest numbers stay
    y = np.concatenate([np.zeros((*counts.shape[:-1], 1)), np.cumsum(counts, axis=-1)], axis=-1)
    h = np.diff(x)
    secant = counts / h
    before = np.concatenate([secant[..., :1], secant], axis=-1)
    after = np.concatenate([secant, secant[..., -1:]], axis=-1)
    slope = np.einsum("ij,...j->...i", _spline_slopes(x), y)
    slope = np.clip(slope, 0.0, 3.0 * np.minimum(before, after))
    place = np.clip(np.searchsorted(x, wanted, side="right") - 1, 0, len(h) - 1)
    t = (wanted - x[place]) / h[place]
    rise = counts[..., place]
    found = (  # within the group, from its lower edge
        t**2 * (3 - 2 * t) * rise
        + t * (1 - t) ** 2 * h[place] * slope[..., place]
        - t**2 * (1 - t) * h[place] * slope[..., place + 1]
    )
    inside = np.diff(found + y[..., place], axis=-1)
    inside = np.maximum(inside, 0.0)  # a monotone curve falls by its rounding alone
    return np.asarray(np.ldexp(inside, power))


def composite_link(
    counts: Array, edges: Array, size: int, smoothness: float, rounds: int = 100
) -> tuple[Array, float]:
    """Return expected counts at single ages by a penalised composite link model.

    Parameters
    ----------
    counts : ndarray (k,)
        Of the groups.
    edges : ndarray (k + 1,)
        Limits of the groups in whole years from the first.
    size : int
        Single ages, from the first edge to the last.
    smoothness : float
        Weight of the squared second differences of the logarithms.
    rounds : int
        Most steps of iteratively reweighted least squares.

    Returns
    -------
    fitted : ndarray (size,)
    criterion : float
        The Bayesian information criterion of Poisson counts; infinite where none was found.

    References
    ----------
    Eilers (2007), Statistical Modelling 7(3). Rizzi, Gampe and Eilers (2015), American Journal
    of Epidemiology 182(2).
    """
    groups = np.searchsorted(edges, np.arange(size) + edges[0], side="right") - 1
    link = np.zeros((len(counts), size))
    link[groups, np.arange(size)] = 1.0
    rough = np.sqrt(smoothness) * np.diff(np.eye(size), 2, axis=0)
    logs = np.full(size, np.log(max(counts.sum(), 1e-10) / size))
    moved = effective = np.inf
    for _ in range(rounds):
        new, effective = _link_step(counts, link, rough, logs)
        far = np.abs(new - logs).max()
        if not far > 0:
            moved = 0.0 if far == 0 else moved
            break
        new = logs + (new - logs) * min(1.0, _STRIDE / far)
        moved = np.abs(np.exp(new) - np.exp(logs)).max() / np.exp(logs).max()
        logs = new
        if far < 1e-10 or moved < 1e-14:  # where nobody is, the logarithms may fall for ever
            break
    fine = np.exp(logs)
    mean = link @ fine
    ratio = np.where(counts > 0, counts / mean, 1.0)
    deviance = 2.0 * (np.where(counts > 0, counts * np.log(ratio), 0.0) - counts + mean).sum()
    found = moved < 1e-6
    return fine, float(deviance + np.log(len(counts)) * effective) if found else np.inf


_STRIDE = 4.0
"""A step changes no age by more than this, in logarithms: from afar the full one leaves."""


def _link_step(counts: Array, link: Array, rough: Array, logs: Array) -> tuple[Array, float]:
    """Return the next logarithms of a composite link, and the dimension of the fit.

    By an orthogonal decomposition of the rows, whose condition is the square root of that of
    the normal equations: millions of millions of persons need it.
    """
    size = len(logs)
    fine = np.exp(logs)
    mean = link @ fine
    root = np.sqrt(mean)
    rows = link * fine / root[:, None]
    right = (counts - mean) / root + rows @ logs
    table = np.vstack([rows, rough])
    aside = np.concatenate([right, np.zeros(len(rough))])[:, None]
    if not np.isfinite(table).all() or not np.isfinite(aside).all():
        return np.full(size, np.nan), np.nan
    upper: Array = np.asarray(np.linalg.qr(np.hstack([table, aside]), "r"))
    square, last = upper[:size, :size], upper[:size, size]
    if (np.abs(np.diag(square)) == 0).any():
        return np.full(size, np.nan), np.nan
    new = solve_triangular(square, last)
    inside = solve_triangular(square, rows.T, trans="T")
    return new, float((inside**2).sum())


def tens(counts: Array) -> Array:
    """Return sums of pairs of five-year groups."""
    return np.asarray(counts[..., 0::2] + counts[..., 1::2])


def _halves(older: Array, ten: Array) -> Array:
    """Return five-year groups from ten-year ones and their older halves."""
    out = np.stack([ten - older, older], axis=-1)
    return np.asarray(out.reshape(*ten.shape[:-1], -1))


def arriaga(ten: Array) -> Array:
    """Return five-year groups of ten-year groups (..., k), all of them, by a second degree.

    References
    ----------
    Arriaga (1968), New Life Tables for Latin American Populations; Arriaga (1994), Population
    Analysis with Microcomputers, volume 1.
    """
    older = np.empty(ten.shape)
    older[..., 1:-1] = (-ten[..., :-2] + 11.0 * ten[..., 1:-1] + 2.0 * ten[..., 2:]) / 24.0
    older[..., 0] = (8.0 * ten[..., 0] + 5.0 * ten[..., 1] - ten[..., 2]) / 24.0
    younger = (8.0 * ten[..., -1] + 5.0 * ten[..., -2] - ten[..., -3]) / 24.0
    older[..., -1] = ten[..., -1] - younger
    return _halves(older, ten)


def carrier_farrag(ten: Array) -> Array:
    """Return five-year groups of ten-year groups, inner ones only (NaN at both ends).

    References
    ----------
    Carrier and Farrag (1959), Population Studies 12(3).
    """
    older = np.full(ten.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (ten[..., :-2] / ten[..., 2:]) ** 0.25
        older[..., 1:-1] = ten[..., 1:-1] / (1.0 + ratio)
    return _halves(older, ten)


def karup_king_newton(ten: Array) -> Array:
    """Return five-year groups of ten-year groups, inner ones only (NaN at both ends)."""
    older = np.full(ten.shape, np.nan)
    older[..., 1:-1] = ten[..., 1:-1] / 2.0 - (ten[..., :-2] - ten[..., 2:]) / 16.0
    return _halves(older, ten)


def strong(ten: Array, first: int, last: int) -> Array:
    """Return five-year groups of ten-year groups that are smoothed by 1, 2, 1.

    Parameters
    ----------
    ten : ndarray (..., k)
        Ten-year groups.
    first, last : int
        Places of the first and last group smoothed; their sum is kept.
    """
    smooth = ten.copy()
    mid = slice(first, last + 1)
    around = ten[..., first - 1 : last] + 2.0 * ten[..., mid] + ten[..., first + 1 : last + 2]
    part = around / 4.0
    scale = ten[..., mid].sum(axis=-1, keepdims=True) / part.sum(axis=-1, keepdims=True)
    smooth[..., mid] = part * scale
    return arriaga(smooth)


def united_nations(five: Array) -> Array:
    """Return five-year groups smoothed by -1, 4, 10, 4, -1 (NaN in two groups at both ends).

    References
    ----------
    Carrier and Farrag (1959), Population Studies 12(3).
    """
    out = np.full(five.shape, np.nan)
    out[..., 2:-2] = (
        -five[..., :-4]
        + 4.0 * five[..., 1:-3]
        + 10.0 * five[..., 2:-2]
        + 4.0 * five[..., 3:-1]
        - five[..., 4:]
    ) / 16.0
    return out


SMOOTHERS: dict[str, Callable[[Array], Array]] = {
    "arriaga": arriaga,
    "carrier_farrag": carrier_farrag,
    "karup_king_newton": karup_king_newton,
}
"""Smoothers that keep every ten-year group."""
