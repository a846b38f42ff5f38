"""Columns of the life table, on bare arrays.

Ages run along the first axis, sexes (where a rule depends on them) along the second, any
others follow. Within a group of ``n`` years with the central death rate ``m`` and the mean
years ``a`` lived in it by those who die in it,

    q = n m / (1 + (n - a) m),   p = (1 - a m) / (1 + (n - a) m),   L / l = n / (1 + (n - a) m),

and the expectation runs backwards, ``e[i] = L[i]/l[i] + p[i] e[i+1]``, which needs no
survivors: it is right also where hardly anybody is left.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from migov.demography.kernels import WEST_Q0, infant_ax, mean_years_lived

Array = NDArray[np.float64]

BLOCK = 1 << 17
"""Tables worked on at a time: a row of an age, read again at once, is then still in the cache."""

INFANT = ("coale_demeny", "coale_demeny_q0", "andreev_kingkade")


class Columns(NamedTuple):
    """The columns of life tables, each (k, ...).

    Parameters
    ----------
    probability : ndarray
        ``nqx``; 1 in the open group.
    survivors : ndarray
        ``lx``.
    deaths : ndarray
        ``ndx``.
    lived : ndarray
        ``nLx``, in years.
    above : ndarray
        ``Tx``, in years.
    expectation : ndarray
        ``ex``, in years.
    """

    probability: Array
    survivors: Array
    deaths: Array
    lived: Array
    above: Array
    expectation: Array


def _wide(width: Array, rank: int) -> Array:
    return np.asarray(width, float).reshape((-1,) + (1,) * (rank - 1))


def constant_force_ax(m: Array, n: Array) -> Array:
    """Return the mean years lived by those who die, at a constant death rate in the group.

    Parameters
    ----------
    m : ndarray
        Central death rate per year.
    n : ndarray
        Width in years, broadcast against `m`.

    Returns
    -------
    ndarray
        ``1/m - n/(exp(n m) - 1)``, by its series where ``n m`` is small.
    """
    x = np.ascontiguousarray(np.asarray(m * n, float))
    small = x < 0.05
    safe = np.where(small, 1.0, x)
    with np.errstate(over="ignore"):
        whole = 1.0 / safe - 1.0 / np.expm1(safe)
    y = x * x
    series = 0.5 - x / 12.0 * (1.0 - y / 60.0 * (1.0 - y / 42.0 * (1.0 - y / 40.0)))
    return np.asarray(n * np.where(small, series, whole))


def years_lived(m: Array, width: Array, sexes: str, rule: str, from_birth: bool) -> Array:
    """Return the mean years lived in each closed group by those who die in it.

    Parameters
    ----------
    m : ndarray (k, s, ...)
        Central death rates per year, the open group last.
    width : ndarray (k,)
        In years, ``inf`` last.
    sexes : str
        A letter a sex: F, M, or T for both together, for whom the rules of the sexes are
        averaged.
    rule : str
        One of :data:`migov.demography.kernels.AX_RULES`, or ``coale_demeny_q0``: as
        ``coale_demeny``, the lines running on the probability of death.
    from_birth : bool
        Whether the first group starts at age 0; only then have infants a rule of their own.

    Returns
    -------
    ndarray (k - 1, s, ...)
    """
    n = _wide(width[:-1], m.ndim)
    if rule == "constant_force":
        return constant_force_ax(m[:-1], n)
    plain = "coale_demeny" if rule == "coale_demeny_q0" else rule
    inner = mean_years_lived(m, np.asarray(width), "", plain, 2 if from_birth else 1)
    out = np.array(np.broadcast_to(inner, m[:-1].shape))
    if rule == "half" or not from_birth or width[0] != 1:
        return out
    infant = "coale_demeny" if rule == "greville" else rule
    for j, sex in enumerate(sexes):
        parts = [infant_ax(m[:1, j], one, infant) for one in ("FM" if sex == "T" else sex)]
        out[0, j] = sum(part[0][0] for part in parts) / len(parts)
        if len(width) > 2 and width[1] == 4:
            out[1, j] = sum(part[1][0] for part in parts) / len(parts)
    return out


def rates_from_probabilities(q: Array, a: Array, width: Array) -> Array:
    """Return central death rates of the closed groups, ``q / (n - (n - a) q)``.

    Parameters
    ----------
    q, a : ndarray (k - 1, ...)
        Probabilities of death, and mean years lived by those who die.
    width : ndarray (k - 1,)
        In years.
    """
    n = _wide(width, q.ndim)
    return np.asarray(q / (n - (n - a) * q))


def solve_rates(
    q: Array, opened: Array, width: Array, sexes: str, rule: str, from_birth: bool
) -> tuple[Array, Array]:
    """Return rates, and the years lived that the rule gives to them, from probabilities.

    Parameters
    ----------
    q : ndarray (k - 1, s, ...)
        Probabilities of death of the closed groups.
    opened : ndarray (s, ...)
        Death rate of the open group per year.
    width, sexes, rule, from_birth
        As in :func:`years_lived`.

    Returns
    -------
    m : ndarray (k, s, ...)
    a : ndarray (k - 1, s, ...)
        Solved by repeated substitution; a table that has settled is left alone, so that no
        table depends on which others are solved with it.
    """
    n = _wide(width[:-1], q.ndim)
    if rule == "constant_force":  # no substitution: the rate is the force
        with np.errstate(divide="ignore"):
            force = -np.log1p(-np.ascontiguousarray(q)) / n
        return np.concatenate([force, opened[None]]), constant_force_ax(force, n)
    m = np.concatenate([q / (n - 0.5 * n * q), opened[None]])
    settled = np.zeros(q.shape[1:], bool)
    a = years_lived(m, width, sexes, rule, from_birth)
    for _ in range(200):
        new = rates_from_probabilities(q, a, width[:-1])
        close = (np.abs(new - m[:-1]) <= 4e-16 * np.abs(new)).all(axis=0)
        m[:-1] = np.where(settled, m[:-1], new)
        a = np.where(settled, a, years_lived(m, width, sexes, rule, from_birth))
        settled |= close
        if settled.all():
            break
    return m, a


def columns(m: Array, a: Array, width: Array, radix: float = 1.0) -> Columns:
    """Return the columns of life tables.

    Parameters
    ----------
    m : ndarray (k, ...)
        Central death rates per year, the open group last.
    a : ndarray (k, ...)
        Mean years lived in each group by those who die in it; the last is the expectation at
        the open age. Axes of length one are repeated.
    width : ndarray (k,)
        In years, ``inf`` last.
    radix : float
        Survivors at the first age.

    Returns
    -------
    Columns
    """
    rates, dying = _rows(m, a)
    out = Columns(*(np.empty(rates.shape) for _ in range(6)))
    for start in range(0, rates.shape[1], BLOCK):
        cut = np.s_[:, start : start + BLOCK]
        years = dying if dying.shape[1] == 1 else dying[cut]
        _block(rates[cut], years, width, radix, Columns(*(x[cut] for x in out)))
    return Columns(*(x.reshape(m.shape) for x in out))


def _rows(m: Array, a: Array) -> tuple[Array, Array]:
    """Return rates (k, tables) and years lived, (k, 1) where all tables have the same."""
    rates = np.ascontiguousarray(m, float).reshape(len(m), -1)
    if a.size == len(m):
        return rates, np.ascontiguousarray(a, float).reshape(-1, 1)
    return rates, np.ascontiguousarray(np.broadcast_to(a, m.shape), float).reshape(len(m), -1)


def _block(m: Array, a: Array, width: Array, radix: float, out: Columns) -> None:
    """Write the columns of some tables, age by age, while the rows of an age are in the cache.

    Parameters
    ----------
    m, a : ndarray (k, tables)
        Rates, and years lived; the latter may be (k, 1).
    width : ndarray (k,)
        In years.
    radix : float
        Survivors at the first age.
    out : Columns
        Each (k, tables); written. Between the two ways over the ages ``above`` and ``lived``
        keep the chance to survive the group, and the years lived in it by one survivor.
    """
    room = np.empty((2, m.shape[1]))
    out.probability[-1], out.survivors[0], out.expectation[-1] = 1.0, radix, a[-1]
    for i in range(len(m) - 2, -1, -1):
        p, each, here = out.above[i], out.lived[i], out.expectation[i]
        _chances(m[i], a[i], width[i], room, out.probability[i], p, each)
        np.multiply(p, out.expectation[i + 1], out=here)
        here += each
    for i, (q, alive, dead, lived, above, left) in enumerate(zip(*out, strict=True)):
        np.multiply(alive, q, out=dead)
        if i + 1 < len(m):
            np.multiply(alive, above, out=out.survivors[i + 1])
            lived *= alive
        else:
            np.multiply(alive, a[i], out=lived)
        np.multiply(alive, left, out=above)


def _chances(
    m: Array, a: Array, n: float, room: Array, q: Array | None, p: Array, lived: Array
) -> None:
    """Write what one group does to one who enters it: q, p and L / l.

    Parameters
    ----------
    m, a : ndarray (tables,)
        Rate, and years lived by those who die.
    n : float
        Width in years.
    room : ndarray (2, tables)
        To work in.
    q, p, lived : ndarray (tables,)
        Written; the first only if asked for.
    """
    lost = np.multiply(a, m, out=room[0])
    exposed = m if n == 1.0 else np.multiply(n, m, out=room[1])
    np.subtract(exposed, lost, out=lived)
    lived += 1.0
    np.divide(1.0, lived, out=lived)
    if q is not None:
        np.multiply(exposed, lived, out=q)
    np.subtract(1.0, lost, out=p)
    p *= lived
    if n != 1.0:
        lived *= n


def expectation(m: Array, a: Array, width: Array) -> Array:
    """Return the expectation of life at the first age alone, the same bits as in the columns.

    Parameters
    ----------
    m, a : ndarray (k, ...)
        As in :func:`columns`.
    width : ndarray (k,)
        In years, ``inf`` last.

    Returns
    -------
    ndarray (...)
    """
    rates, dying = _rows(m, a)
    found = np.array(np.broadcast_to(dying[-1], rates.shape[1]))
    room = np.empty((4, rates.shape[1]))
    for i in range(len(m) - 2, -1, -1):
        _chances(rates[i], dying[i], width[i], room[:2], None, room[2], room[3])
        found *= room[2]
        found += room[3]
    return found.reshape(m.shape[1:])


def _summed(x: Array) -> Array:
    """Return the sum over ages, in their order whatever the layout of the other axes."""
    out = np.array(x[0], float)
    for row in x[1:]:
        out += row
    return out


def lost_years(c: Columns, a: Array, width: Array) -> Array:
    """Return the years of life lost by death, e-dagger, at the first age.

    Who dies in a closed group loses the expectation at the mean age of death in it, linear
    between its ends; who dies in the open group, at a constant rate, the expectation there.

    Parameters
    ----------
    c : Columns
        Of :func:`columns`.
    a : ndarray (k, ...)
        Mean years lived in the group by those who die in it.
    width : ndarray (k,)
        In years.

    References
    ----------
    Vaupel and Canudas-Romo (2003), Demography 40(2).
    """
    part = a[:-1] / _wide(width[:-1], a.ndim)
    left = c.expectation[:-1] + part * (c.expectation[1:] - c.expectation[:-1])
    closed = _summed(c.deaths[:-1] * left)
    return np.asarray((closed + c.deaths[-1] * c.expectation[-1]) / c.survivors[0])


def gini(c: Columns, a: Array, width: Array) -> Array:
    """Return the Gini coefficient of the length of life from the first age.

    ``1 - ∫ l² / (l0 ∫ l)``; within a closed group survivors fall by the power of time that
    gives the mean years lived by those who die, in the open group at a constant rate.

    Parameters
    ----------
    c, a, width
        As in :func:`lost_years`.

    References
    ----------
    Hanada (1983), Journal of the Japan Statistical Society 13(2). Shkolnikov, Andreev and
    Begun (2003), Demographic Research 8(11).
    """
    n = _wide(width[:-1], a.ndim)
    alive, gone = c.survivors[:-1], c.deaths[:-1]
    first = n - a[:-1]
    square = n * alive**2 - 2.0 * alive * gone * first + gone**2 * n * first / (n + a[:-1])
    last = c.survivors[-1] ** 2 * a[-1] / 2.0
    return np.asarray(1.0 - (_summed(square) + last) / (c.survivors[0] * c.above[0]))


def child_ax(q0: Array, sexes: str) -> Array:
    """Return the mean years lived at ages 1-4 by those who die there, from infant mortality.

    Parameters
    ----------
    q0 : ndarray (s, ...)
        Probability of dying in the first year.
    sexes : str
        A letter a sex: F, M, or T for both together.

    Returns
    -------
    ndarray (s, ...)
        Coale and Demeny (West), as first published.
    """
    out = np.empty(q0.shape)
    for j, sex in enumerate(sexes):
        parts = []
        for one in "FM" if sex == "T" else sex:
            limit, _, _, first, slope, _, high = WEST_Q0[one]
            parts.append(np.where(q0[j] < limit, first + slope * q0[j], high))
        out[j] = sum(parts) / len(parts)
    return out
