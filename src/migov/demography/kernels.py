"""Survival from central death rates, on bare arrays.

Ages run along the first axis, any other axes follow; every operation is elementwise, so that
no cell depends on how the other axes are laid out or cut. With ``a`` the mean years lived in
the group of ``n`` years by those who die in it and ``m`` the central death rate,

    q = n m / (1 + (n - a) m),   p = 1 - q,   L / l = n / (1 + (n - a) m),

everything that a projection needs follows without the column of survivors: no product runs
over ages, and neither tiny nor huge rates lose digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

AX_RULES = ("greville", "coale_demeny", "andreev_kingkade", "constant_force", "half")
"""Rules for the mean years lived in a group by those who die in it:

- ``greville``: Coale-Demeny (West) at ages 0 and 1-4; above, Greville's formula in groups as
  wide as both their neighbours (from 10-14), half the width at 5-9 and in single ages.
- ``coale_demeny``: Coale-Demeny (West) at ages 0 and 1-4, half the width above.
- ``andreev_kingkade``: Andreev-Kingkade at age 0, elsewhere as ``greville``.
- ``constant_force``: the death rate is constant within each group.
- ``half``: half the width at all ages.
"""


def lowest(x: Array, axes: tuple[int, ...]) -> Array:
    """Return a bound from below that tells cells with negative numbers from all others.

    Parameters
    ----------
    x : ndarray
        Any numbers.
    axes : tuple of int
        Axes to reduce.

    Returns
    -------
    ndarray
        The smallest of each cell where some number is negative or none; where all are good,
        one for all cells, their smallest, which is found several times faster.
    """
    least = x.min()
    if least >= 0:
        return np.array(least, ndmin=x.ndim - len(axes))
    return np.asarray(x.min(axis=axes))


class Survival(NamedTuple):
    """Chances to survive a step.

    Parameters
    ----------
    alive : ndarray (k, ...)
        Row 0: from birth during the step to its end; row i: from group i - 1 to group i; the
        last row: from the two oldest groups to the open one. Groups are those of the step.
    least : ndarray (...)
        A bound for ``p (l/L)`` over all closed ages, see :func:`lowest`; negative where a
        central death rate is above the largest possible, 1/a, or where rates are so uneven that
        Greville's ``a``, lying outside its group, counts. Not a number where a rate is not.
    """

    alive: Array
    least: Array


def coale_demeny_q0(m0: Array, alpha: Array, beta: Array) -> Array:
    """Return the infant death probability where a0 = alpha + beta q0, in closed form.

    Parameters
    ----------
    m0 : ndarray
        Central death rate at age 0, per year.
    alpha, beta : ndarray
        The line of a0 on q0, broadcast against `m0`.

    Returns
    -------
    ndarray
        The smaller root of ``-beta m q² + (1 + (1 - alpha) m) q - m = 0``.
    """
    b = 1.0 + (1.0 - alpha) * m0
    inside = np.maximum(b * b - 4.0 * beta * m0 * m0, 0.0)
    return np.asarray(2.0 * m0 / (b + np.sqrt(inside)))


_WEST = {  # limit of m0; below it a0, a(1-4) as lines on m0; above it constants
    "F": (0.107, 0.053, 2.800, 1.522, -1.518, 0.350, 1.361),
    "M": (0.107, 0.045, 2.684, 1.651, -2.816, 0.330, 1.352),
}
WEST_Q0 = {  # the same on q0, as first published
    "F": (0.1, 0.0500, 3.000, 1.524, -1.627, 0.350, 1.361),
    "M": (0.1, 0.0425, 2.875, 1.653, -3.013, 0.330, 1.352),
}
_AK = {  # limits of m0, then intercept and slope of a0 on m0 in each
    "F": (0.01724, 0.06891, 0.14903, -2.05527, 0.04667, 3.88089, 0.31411),
    "M": (0.02300, 0.08307, 0.14929, -1.99545, 0.02832, 3.26021, 0.29915),
}


def _by_sex(table: Mapping[str, tuple[float, ...]], sexes: str, rank: int) -> Array:
    """Return the coefficients, one row a coefficient, along the axis of sexes."""
    found = np.array([table[sex] for sex in sexes]).T
    return found.reshape((*found.shape, *(1,) * (rank - 1)))


def infant_ax(m0: Array, sexes: str, rule: str = "coale_demeny") -> tuple[Array, Array]:
    """Return the mean years lived by those who die at age 0 and at ages 1-4.

    Parameters
    ----------
    m0 : ndarray (s, ...)
        Central death rate at age 0, per year, by sex.
    sexes : str
        A letter a sex, such as ``"FM"``: the coefficients are by sex.
    rule : {"coale_demeny", "coale_demeny_q0", "andreev_kingkade"}
        Rule for age 0: Coale-Demeny West on m0 as Preston and others give it, on q0 as first
        published, or Andreev-Kingkade. Ages 1-4 follow Coale-Demeny, on q0 where age 0 does.

    Returns
    -------
    a0, a1 : ndarray (s, ...)
        In years.

    References
    ----------
    Preston, Heuveline and Guillot (2001), Demography, table 3.3. Coale, Demeny and Vaughan
    (1983), Regional Model Life Tables. Andreev and Kingkade (2015), Demographic Research
    33(13), table 3-2.
    """
    table = WEST_Q0 if rule == "coale_demeny_q0" else _WEST
    limit, alpha, beta, first, slope, high0, high1 = _by_sex(table, sexes, m0.ndim)
    x = coale_demeny_q0(m0, alpha, beta) if rule == "coale_demeny_q0" else m0
    a1 = np.where(x < limit, first + slope * x, high1)
    if rule != "andreev_kingkade":
        return np.where(x < limit, alpha + beta * x, high0), a1
    low, high, base0, slope0, base1, slope1, top = _by_sex(_AK, sexes, m0.ndim)
    middle = np.where(m0 < high, base1 + slope1 * m0, top)
    return np.where(m0 < low, base0 + slope0 * m0, middle), a1


def greville_ax(m: Array, width: Array) -> Array:
    """Return Greville's mean years lived by those who die in the group, inner groups only.

    Parameters
    ----------
    m : ndarray (k, ...)
        Central death rates, per year.
    width : ndarray (k,)
        Widths of the groups in years.

    Returns
    -------
    ndarray (k - 2, ...)
        For rows 1 to k - 2: ``n/2 - n²/12 (m - ln(m[i+1]/m[i-1]) / 2n)``. Where a neighbour
        has no deaths the slope is unknown and taken as zero.

    References
    ----------
    Greville (1943), Short methods of constructing abridged life tables. Preston, Heuveline
    and Guillot (2001), Demography, section 3.2.
    """
    n = width[1:-1].reshape((-1,) + (1,) * (m.ndim - 1))
    known = (m[2:] > 0) & (m[:-2] > 0)
    ratio = np.ones(known.shape)  # contiguous: the logarithm has one path, hence one result
    np.divide(m[2:], m[:-2], out=ratio, where=known)
    slope = np.log(ratio) / (2.0 * n)
    return np.asarray(0.5 * n - n * n / 12.0 * (m[1:-1] - slope))


def mean_years_lived(m: Array, width: Array, sexes: str, rule: str, first: int = 2) -> Array:
    """Return the mean years lived in each closed group by those who die in it.

    Parameters
    ----------
    m : ndarray (k, s, ...)
        Central death rates by age and sex, per year; the last row is the open group.
    width : ndarray (k,)
        Widths in years, ``inf`` last.
    sexes : str
        A letter a sex, such as ``"FM"``.
    rule : str
        One of :data:`AX_RULES`, except ``constant_force``.
    first : int
        First row that Greville's formula may take; 2 in a table from birth, where the second
        group of five years is 5-9.

    Returns
    -------
    ndarray (k - 1, s, ...)
        In years; an axis that it does not depend on may have length one.
    """
    n = np.asarray(width[:-1], float)
    half = 0.5 * n.reshape((-1,) + (1,) * (m.ndim - 1))
    alike = (n[1:] > 1) & (n[1:] == n[:-1]) & np.append(n[2:] == n[1:-1], True)
    alike[: first - 1] = False
    if rule in ("half", "coale_demeny") or not alike.any():
        return half
    out = np.empty((len(n), *m.shape[1:]))
    start = int(np.argmax(alike)) + 1
    out[:start] = half[:start]
    out[start:] = greville_ax(m[start - 1 :], np.asarray(width[start - 1 :], float))
    unlike = np.flatnonzero(~alike[start - 1 :]) + start
    out[unlike] = half[unlike]
    return out


def _early_ages(part: Array, m: Array, width: Array, sexes: str, rule: str) -> None:
    """Write a m / n of ages 0 and 1-4 into the first rows of `part`."""
    if rule == "half" or width[0] != 1:
        return
    a0, a1 = infant_ax(m[0], sexes, rule)
    np.multiply(a0, m[0], out=part[0])
    if width[1] == 4:
        np.multiply(a1 / 4.0, m[1], out=part[1])


def survival(
    m: Array,
    width: Array,
    rule: str,
    step: float,
    sexes: str = "FM",
    work: Sequence[Array] | None = None,
) -> Survival:
    """Return the chances to survive a step that is as long as its age groups are wide.

    Parameters
    ----------
    m : ndarray (k, s, ...)
        Central death rates by age and sex, per year; the last row is the open group.
    width : ndarray (k,)
        Widths in years: all `step`, or first 1 and ``step - 1``; ``inf`` last. At least three
        groups of `step` years.
    rule : str
        One of :data:`AX_RULES`.
    step : float
        Years.
    sexes : str
        A letter a sex: the rules for infants differ by sex.
    work : three of ndarray, optional
        Where to write ``alive``, and two of the shape of the closed groups to work in: fresh
        memory costs more than the arithmetic. Where no group is split the last may be
        ``alive`` without its last row.

    Returns
    -------
    Survival
        As many rows as there are groups of `step` years.

    References
    ----------
    Preston, Heuveline and Guillot (2001), Demography, section 6.3.1, tables 6.1 and 6.2.
    """
    closed, split = m[:-1], int(width[0] != step)
    if work is None:
        sizes = (len(m) - split, len(closed), len(closed))
        work = [np.empty((size, *m.shape[1:])) for size in sizes]
    alive, last_on_lived, one_on_lived = work
    times, outside = 1.0, None
    if rule == "constant_force":
        _by_force(closed, width, last_on_lived, one_on_lived)
    elif not split and (step == 1 or rule in ("half", "coale_demeny")):
        times = 2.0  # only ratios of both count, and twice them takes no product
        np.subtract(2.0 / step, closed, out=last_on_lived)
        np.add(2.0 / step, closed, out=one_on_lived)
        if rule != "half" and width[0] == 1:
            _early_ages(last_on_lived, m, width, sexes, rule)
            last_on_lived[0] = 2.0 / step - 2.0 * last_on_lived[0]
            one_on_lived[0] = last_on_lived[0] + 2.0 * m[0]
    else:
        outside = _by_years_lived(m, width, sexes, rule, last_on_lived, one_on_lived)
    if split:
        to_one = last_on_lived[0] / one_on_lived[0]
        young = 1.0 / one_on_lived[0] + to_one / one_on_lived[1]
        alive[0] = young / step
        to_five = to_one * (last_on_lived[1] / one_on_lived[1])
        alive[1] = to_five / one_on_lived[2] / young
        np.divide(last_on_lived[2:-1], one_on_lived[3:], out=alive[2:-1])
    else:
        np.divide(times / step, one_on_lived[0], out=alive[0])
        np.divide(last_on_lived[:-1], one_on_lived[1:], out=alive[1:-1])
    both = times * m[-1] + last_on_lived[-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        np.divide(last_on_lived[-1], both, out=alive[-1])
    least = lowest(last_on_lived, (0,))
    return Survival(alive, least if outside is None else np.minimum(least, outside))


def _by_force(closed: Array, width: Array, last: Array, one: Array) -> None:
    """Fill ``l(x+n) / L`` and ``l(x) / L`` of the closed groups where the rate is constant."""
    n = np.asarray(width[:-1], float).reshape((-1,) + (1,) * (closed.ndim - 1))
    force = np.ascontiguousarray(closed * n)  # one path through exp, hence one result
    with np.errstate(invalid="ignore", divide="ignore"):
        lived = np.where(closed > 0, -np.expm1(-force) / closed, n)
    np.divide(np.exp(-force), lived, out=last)
    np.divide(1.0, lived, out=one)


def _by_years_lived(
    m: Array, width: Array, sexes: str, rule: str, last: Array, one: Array
) -> Array | None:
    """Fill the same by a rule for those who die; return what tells years outside a group."""
    n = np.asarray(width[:-1], float).reshape((-1,) + (1,) * (m.ndim - 1))
    closed, outside = m[:-1], None
    share: Any = mean_years_lived(m, np.asarray(width), sexes, rule) / n
    if share.size == len(n) and (share == share[0]).all():
        share = float(share.flat[0])  # one number for all ages is twice as fast as a column
    elif share.shape[1:] == m.shape[1:]:
        found = (np.minimum(share, 1.0 - share) * closed).min(axis=0)
        outside = np.where(found < -1e-6, found, np.inf)
    np.multiply(closed, share, out=last)
    _early_ages(last, m, width, sexes, rule)
    np.subtract(1.0 / n, last, out=last)
    np.add(last, closed, out=one)
    return outside
