"""What no population has had: bounds that tell a wrong unit from a rate, on bare arrays.

Each lies well beyond every published extreme, so that no population is refused; what passes
is not thereby right.

- The longest expectation of life at birth on record is some 88 years (women in Japan and Hong
  Kong, UN World Population Prospects 2024): rates that give more than 100 are of another unit,
  of few deaths, or of one cause of death. Who reaches an old age has fewer than 35 years
  more. A life at birth of under a year would leave nobody to count.
- Men have outlived women where nobody lived long: in Nepal of 1971 by 2 years (42.0 and 40.0),
  and elsewhere in South Asia before 1980 by some 3 (recalled); not where lives are 65 and longer.
- Married Hutterite women, the most prolific population on record, had up to 9.8 children.
- Of the sex ratio at birth the lower bound alone tells a mistake, the share of boys among
  births (0.51) in place of boys per girl; second births in provinces of China have come near 2.

References
----------
Nonaka, Miura and Peter (1994), Human Biology 66(3). Zhu, Lu and Hesketh (2009), BMJ 338, b1211.
Nepal: census of 1971, as quoted in health profiles.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from migov.demography.kernels_lifetable import constant_force_ax, expectation

Array = NDArray[np.float64]

LONGEST = 100.0
"""An expectation of life at birth that no population has had, in years."""
LEFT = 35.0
"""Years that no population has left, on the mean, at ages from 65 on."""
AHEAD = (65.0, 5.0, 2.0)
"""Life at birth of both sexes, and years by which men do not outlive women below it, and above."""
MOTHERS = (10.0, 60.0)
"""Ages before and from which women bear no children, but for a trace; HFD has 12 to 55."""
TRACE = 1e-4
"""Births per woman and year below this are a trace."""
NEVER = 1e-8
"""A death rate per year in the open group below this says that nobody dies: no unit does."""
SHORTEST = 1.0
"""An expectation of life at birth that no population has had, in years."""
CHILDREN = 12.5
"""Children per woman at the rates of one period, more than any population has had."""
RATIO = (0.8, 2.0)
"""Male births per female birth: less, and more, than any population has had."""


def impossible_life(m: Array, width: Array) -> Array | None:
    """Return expectations of life at birth that no population has had, or None if there is none.

    Parameters
    ----------
    m : ndarray (k, ...)
        Central death rates per year from birth on, the open group last.
    width : ndarray (k,)
        In years, ``inf`` last.

    Returns
    -------
    ndarray (...) or None
        NaN where nothing is wrong. A table in which nobody in the open group dies, or as good as
        nobody, or nobody before it, is left out: no wrong unit makes zeros. Deaths are
        taken to be even within a group.

    Examples
    --------
    >>> m, width = np.array([0.004, 0.005, 0.1]), np.array([1.0, 79.0, np.inf])
    >>> impossible_life(m, width) is None
    True
    >>> impossible_life(m / 1000, width).round().item()
    10076.0
    """
    odd = np.asarray((_at_most(m, width) > LONGEST) | (m[0] > 1.0 / SHORTEST))
    if not odd.any():
        return None
    part = m[:, odd]
    found = np.full(odd.shape, np.nan)
    life = _lives(part, width)
    dies = (part[-1] > NEVER) & (part[:-1] > 0).any(axis=0)
    found[odd] = np.where(dies & ((life > LONGEST) | (life < SHORTEST)), life, np.nan)
    return None if np.isnan(found).all() else found


def _at_most(m: Array, width: Array) -> Array:
    """Return a bound of the expectation of life that costs less than a life table.

    Nobody dies before four fifths of the way to the open group, and those who come so far live
    until it: the bound is above the expectation, and for known populations below 100.
    """
    n = np.asarray(width[:-1], float)
    i = int(np.searchsorted(np.cumsum(n), 0.8 * n.sum(), side="right"))
    early, late = n[:i].sum(), n[i:].sum()
    with np.errstate(all="ignore"):
        first = np.exp(-_hazard(m[:i], n[:i]))
        second = first * np.exp(-_hazard(m[i:-1], n[i:]))
        return np.asarray(early + first * late + second / m[-1])


def _hazard(m: Array, n: Array) -> Array:
    """Return the sum of rates times widths, groups of one width at once: no array is copied."""
    edges = [0, *(np.flatnonzero(np.diff(n)) + 1).tolist(), len(n)]
    return np.asarray(sum(n[a] * m[a:b].sum(axis=0) for a, b in pairwise(edges) if a < b))


def factor_told(m: Array, width: Array) -> str:
    """Return what the rates of one table would be with another unit, as a way out.

    Parameters
    ----------
    m : ndarray (k,)
        Central death rates per year from birth on.
    width : ndarray (k,)
        In years, ``inf`` last.

    Examples
    --------
    >>> factor_told(np.array([4e-6, 5e-6, 1e-4]), np.array([1.0, 79.0, np.inf]))
    'rates with the unit they have: 1,000 times as high they give 73 years'
    """
    for factor in (10.0, 100.0, 1e3, 1e4, 1e5, 0.1, 0.01, 1e-3, 1e-4, 1e-5):
        life = float(_lives(m * factor, width))
        if 30.0 <= life <= 90.0:
            times = (
                f"{factor:,.0f} times as high" if factor > 1 else f"divided by {1 / factor:,.0f}"
            )
            return f"rates with the unit they have: {times} they give {life:.0f} years"
    return "rates with the unit they have"


def long_told(life: float, first: float, m: Array, width: Array) -> tuple[str, str]:
    """Return what is wrong with a table of lives that are too long, and what to do about it.

    Parameters
    ----------
    life : float
        Expectation at the first age, in years.
    first : float
        First age of the table.
    m, width : ndarray (k,)
        Its rates, and widths of groups in years.

    Examples
    --------
    >>> rates, width = np.array([4e-6, 5e-6, 1e-4]), np.array([1.0, 79.0, np.inf])
    >>> what, mend = long_told(10076.2, 0.0, rates, width)
    >>> what
    'gives an expectation of life at birth of 10,076 years (no population has had 100)'
    >>> mend[-60:]
    'longest=10077 where deaths are few, or of one cause of death'
    """
    what, mend = (
        f"gives {life:,.0f} years of life at age {first:g}",
        "rates with the unit they have",
    )
    if first == 0:
        what = f"gives an expectation of life at birth of {life:,.0f} years"
        what, mend = f"{what} (no population has had {LONGEST:g})", factor_told(m, width)
    meant = f"longest={np.ceil(first + life):.0f} where deaths are few, or of one cause of death"
    return what, f"{mend}; {meant}"


def outlived(women: Array, men: Array) -> NDArray[np.bool_]:
    """Tell where men outlive women by more than any population is known for.

    Parameters
    ----------
    women, men : ndarray (...)
        Expectations of life at birth in years; False where one is missing.

    Examples
    --------
    >>> outlived(np.array([40.0, 75.7, 79.9]), np.array([42.0, 79.9, 75.7])).tolist()
    [False, True, False]
    """
    long, low, high = AHEAD
    bound = np.where(women + men >= 2.0 * long, high, low)
    return np.asarray(men > women + bound)


def swapped_life(m: Array, width: Array) -> NDArray[np.bool_]:
    """Tell tables in which men outlive women, at all times, by more than any are known for.

    Parameters
    ----------
    m : ndarray (k, t, 2, ...)
        Central death rates per year from birth on, by age, time and sex, women first.
    width : ndarray (k,)
        In years, ``inf`` last.

    Returns
    -------
    ndarray (...)
        Deaths are taken to be even within a group; later times are looked at only where the
        first is odd.

    Examples
    --------
    >>> m = np.array([0.02, 0.005, 0.1])[:, None, None] * np.array([1.4, 1.0])
    >>> swapped_life(m, np.array([1.0, 69.0, np.inf])).item()
    True
    """
    odd = outlived(*_lives(m[:, 0], width))
    if m.shape[1] > 1 and odd.any():
        women, men = np.moveaxis(_lives(m[..., odd], width), 1, 0)
        odd[odd] = outlived(women, men).all(axis=0)
    return odd


def swapped_told(where: str, at: str) -> str:
    """Return what is warned of such tables, and what to do about it."""
    return (
        f"{where}: by mortality men outlive women as in no population known{at}\n"
        "  → mortality.assign_coords(sex=mortality.sex.values[::-1]), if they are swapped"
    )


def _lives(m: Array, width: Array) -> Array:
    """Return expectations of life at birth, deaths being even within a group."""
    n = np.asarray(width[:-1], float).reshape((-1,) + (1,) * (m.ndim - 1))
    with np.errstate(divide="ignore"):
        years = np.concatenate([constant_force_ax(m[:-1], n), 1.0 / m[-1:]])
    return expectation(m, years, width)
