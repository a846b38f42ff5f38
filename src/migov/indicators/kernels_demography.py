"""Life tables, prospective ages and momentum on bare arrays; ages run along the last axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def life_expectancy(
    death_rate: Floats, dying: Floats | None = None, *, width: Floats, first: int = 0
) -> Floats:
    """Return the years that a person of an age can expect to live.

    Parameters
    ----------
    death_rate : ndarray (..., n)
        Central death rates ``nMx`` per year.
    dying : ndarray (..., n), optional
        Mean years lived in the group by those who die in it, ``nax``. Where absent half the
        width and ``1 / nMx`` in the open group; where half would leave nobody alive, that of a
        death rate constant within the group.
    width : ndarray (n,)
        Widths of the groups in years, ``inf`` last.
    first : int
        Place of the group at whose lower bound the expectation stands.

    Returns
    -------
    ndarray (...)
        NaN where a rate is missing, where it is above the largest that `dying` allows,
        ``1 / nax``, or where nobody dies in the open group.

    Examples
    --------
    >>> life_expectancy(np.array([0.0, 0.1]), width=np.array([20.0, np.inf])).item()
    30.0

    References
    ----------
    Preston, Heuveline and Guillot (2001), Demography, section 3.3.
    """
    m = np.asarray(death_rate, np.float64)[..., first:]
    n = np.asarray(width, np.float64)[first:]
    with np.errstate(divide="ignore", invalid="ignore"):
        if dying is None:
            c, k = m[..., :-1], n[:-1]
            even = np.where(c * k > 2.0, 1.0 / c - k / np.expm1(c * k), k / 2.0)
            a = np.concatenate([even, 1.0 / m[..., -1:]], axis=-1)
        else:
            a = np.asarray(dying, np.float64)[..., first:]
        q = n[:-1] * m[..., :-1] / (1.0 + (n[:-1] - a[..., :-1]) * m[..., :-1])
        one = np.ones((*m.shape[:-1], 1))
        alive = np.concatenate([one, np.cumprod(1.0 - q, axis=-1)], axis=-1)
        lived = alive[..., :-1] * (n[:-1] - (n[:-1] - a[..., :-1]) * q)
        found = lived.sum(axis=-1) + alive[..., -1] * a[..., -1]
    possible = np.isfinite(found) & (q <= 1.0 + 1e-12).all(axis=-1) & ~np.isnan(m).any(axis=-1)
    return np.where(possible, found, np.nan)


def prospective_age(remaining: Floats, *, lower: Floats, threshold: float) -> Floats:
    """Return the age at which a given number of years remains, linear between the ages given.

    Parameters
    ----------
    remaining : ndarray (..., n)
        Remaining life expectancy at each age.
    lower : ndarray (n,)
        The ages, increasing.
    threshold : float
        Years that remain.

    Returns
    -------
    ndarray (...)
        The oldest such age; NaN where the ages given do not reach it or a value is missing.

    Examples
    --------
    >>> prospective_age(np.array([18.0, 14.0]), lower=np.array([65.0, 70]), threshold=15.0).item()
    68.75
    """
    e = np.asarray(remaining, np.float64)
    above = e >= threshold
    last = e.shape[-1] - 1 - np.argmax(above[..., ::-1], axis=-1)
    i = np.minimum(last, e.shape[-1] - 2)
    high, low = (np.take_along_axis(e, (i + k)[..., None], -1)[..., 0] for k in (0, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (high - threshold) / (high - low)
        found = lower[i] + part * (lower[i + 1] - lower[i])
    exact = (last == e.shape[-1] - 1) & (e[..., -1] == threshold)
    reached = above.any(axis=-1) & (last < e.shape[-1] - 1) & ~np.isnan(e).any(axis=-1)
    return np.where(reached, found, np.where(exact, lower[-1], np.nan))


def persons_beyond(persons: Floats, age: Floats, *, lower: Floats, width: Floats) -> Floats:
    """Return how many are older than an exact age, evenly spread within the group it falls in.

    Parameters
    ----------
    persons : ndarray (..., n)
        Counts by age group.
    age : ndarray (...)
        Exact age in years.
    lower, width : ndarray (n,)
        Lower bounds and widths; ``inf`` for the open group.

    Returns
    -------
    ndarray (...)
        NaN where the age lies within the open group, outside all groups, or is missing.

    Examples
    --------
    >>> persons_beyond(np.array([10.0, 4.0]), np.array(67.5), lower=np.array([65.0, 70]),
    ...     width=np.array([5.0, np.inf])).item()
    9.0
    """
    at = np.asarray(age, np.float64)[..., None]
    with np.errstate(invalid="ignore"):
        part = np.clip((lower + width - at) / width, 0.0, 1.0)  # of each group, the older part
    part = np.where(np.isinf(width), np.where(at <= lower, 1.0, np.nan), part)
    found = (persons * part).sum(axis=-1)
    return np.where(at[..., 0] >= lower[0], found, np.nan)


def momentum(women: Floats, fertility: Floats, lived: Floats, *, width: Floats) -> Floats:
    """Return the ultimate size of a closed population over its present one.

    Fertility falls at once to replacement, in proportion at all ages. The women of each group
    count by the births still to come to them,

        w = n (phi / 2 + sum of phi above) / A,   phi = f L / sum f L,   A = sum of the numerator,

    so that the ultimate births a year are ``sum (N / L) w`` and the ultimate population these
    times the life expectancy.

    Parameters
    ----------
    women, fertility, lived : ndarray (..., n)
        Women; births per woman-year; years lived per girl born; by age.
    width : ndarray (n,)
        Widths in years; ``inf`` for the open group, whose fertility has to be zero.

    Examples
    --------
    >>> lived = np.array([19.0, 19.0, 20.0])
    >>> momentum(lived * 7, np.array([0.0, 0.1, 0.0]), lived, width=np.array([20.0, 20, np.inf]))
    ... # a stationary population stays as it is
    array(1.)

    References
    ----------
    Preston and Guillot (1997), Genus 53(3-4). Preston, Heuveline and Guillot (2001),
    Demography, section 7.7 and box 7.3.
    """
    n = np.where(np.isinf(width), 0.0, width)
    with np.errstate(divide="ignore", invalid="ignore"):
        phi = fertility * lived
        phi = phi / phi.sum(axis=-1, keepdims=True)
        above = phi[..., ::-1].cumsum(axis=-1)[..., ::-1] - phi
        weight = n * (phi / 2.0 + above)
        weight = weight / weight.sum(axis=-1, keepdims=True)
        births = np.where(weight > 0, women / lived * weight, 0.0 * weight).sum(axis=-1)
        found = births * lived.sum(axis=-1) / women.sum(axis=-1)
    late = (np.isinf(width) & (fertility > 0)).any(axis=-1)
    return np.asarray(np.where(late, np.nan, found))
