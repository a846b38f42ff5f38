"""Tables scaled to margins: proportional fitting, RAS, gravity balancing and Choo–Siow in one.

All look for factors ``a`` of rows and ``b`` of columns so that ``a_i K_ij b_j`` has the margins
that are asked for. With `alone`, part of each margin stays outside the table: ``a_i²`` of the
row and ``b_j²`` of the column, which is the equilibrium of Choo and Siow with
``K = exp(phi / 2)``. Only the factors are rescaled in each round, never the table.

References
----------
Deming and Stephan (1940), Annals of Mathematical Statistics 11(4); Stone (1961), Input-Output
and National Accounts (RAS); Wilson (1971), Environment and Planning 3(1) (balancing factors);
Galichon and Salanié (2022), Review of Economic Studies 89(5) (proportional fitting with singles).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_WATCH = 5
"""Rounds between two looks at how fast a table comes near its margins."""

_NEAR = 600_000
"""Entries of tables that are fitted together: few enough to stay near the processor."""


class Balanced(NamedTuple):
    """A table with its margins.

    Parameters
    ----------
    table : ndarray (..., R, C)
        ``a K b``.
    a, b : ndarray (..., R), ndarray (..., C)
        Factors of rows and columns; only their products are determined unless `alone`.
    error : ndarray (...)
        Largest misfit of a margin, relative to that margin; ``inf`` where a margin that is
        not zero meets zeros alone, or where the factors leave the range of numbers.
    rounds : ndarray (...)
        Rounds that were needed.
    """

    table: Floats
    a: Floats
    b: Floats
    error: Floats
    rounds: NDArray[np.int64]


def balance(
    seed: ArrayLike,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    alone: bool = False,
    tolerance: float = 1e-10,
    most: int = 10_000,
) -> Balanced:
    """Scale tables to margins.

    Each table is fitted on its own: its result does not depend on which others are fitted
    along with it.

    Parameters
    ----------
    seed : array_like (..., R, C)
        Start, not negative; zeros stay zeros.
    rows, columns : array_like (..., R), array_like (..., C)
        Margins, not negative; of equal sums unless `alone`.
    alone : bool
        Whether part of each margin may stay outside the table.
    tolerance : float
        Relative misfit of a margin at which a table is done.
    most : int
        Rounds at most; `error` tells whether they sufficed.

    Returns
    -------
    Balanced

    Examples
    --------
    >>> fit = balance([[5, 2], [1, 7]], [18, 20], [16, 22])
    >>> fit.table.round(4).tolist()
    [[13.2502, 4.7498], [2.7498, 17.2502]]
    >>> balance([[1.0]], [100.0], [100.0], alone=True).table.round(6).item()
    50.0
    """
    kernel, r, c, lead = _stacked(seed, rows, columns)
    heads = np.maximum(r.sum(axis=1), c.sum(axis=1))
    heads = np.where(heads > 0, heads, 1.0)
    # Factors of tables with tiny or huge entries would leave the range of numbers.
    size = 1.0 if alone else _size(kernel)
    kernel = kernel if size == 1.0 else kernel / size
    r, c = r / heads[:, None], c / heads[:, None]
    by = np.sqrt(heads)[:, None]
    out = Balanced(
        np.empty((len(r), *kernel.shape[1:])),
        np.empty(r.shape),
        np.empty(c.shape),
        np.empty(len(r)),
        np.empty(len(r), np.int64),
    )
    block = max(1, _NEAR // max(kernel[0].size, 1))
    for at in range(0, len(r), block):
        here = slice(at, at + block)
        state = _State(kernel if len(kernel) == 1 else kernel[here], r[here], c[here], alone)
        table = out.table[here]
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            state.run(tolerance, most)
            a, b = state.a * by[here], state.b * by[here]
            np.multiply(state.kernel, b[:, None, :], out=table)
            table *= a[:, :, None]
        out.a[here], out.b[here] = a / size, b
        out.error[here], out.rounds[here] = state.error, state.rounds
    return Balanced(
        out.table.reshape(lead + out.table.shape[1:]),
        out.a.reshape((*lead, r.shape[1])),
        out.b.reshape((*lead, c.shape[1])),
        out.error.reshape(lead),
        out.rounds.reshape(lead),
    )


def _size(kernel: Floats) -> float:
    """Return what brings the largest entry to one, or 1 where all are of usual size."""
    top = float(kernel.max(initial=0.0))
    return top if top > 0 and not 1e-60 < top < 1e60 else 1.0


def _stacked(
    seed: ArrayLike, rows: ArrayLike, columns: ArrayLike
) -> tuple[Floats, Floats, Floats, tuple[int, ...]]:
    """Return the tables and margins in one stack; a seed that all share stays one."""
    k, r, c = (np.asarray(x, np.float64) for x in (seed, rows, columns))
    if k.ndim < 2 or r.ndim < 1 or c.ndim < 1 or k.shape[-2:] != (r.shape[-1], c.shape[-1]):
        raise ValueError(f"seed {k.shape}, rows {r.shape}, columns {c.shape} do not fit")
    lead = np.broadcast_shapes(k.shape[:-2], r.shape[:-1], c.shape[:-1])
    count = int(np.prod(lead))
    shared = k.ndim == 2 or count == k.size // max(k.shape[-1] * k.shape[-2], 1) == 1
    if not shared:
        k = np.broadcast_to(k, (*lead, *k.shape[-2:]))
    k = np.ascontiguousarray(k.reshape(-1, *k.shape[-2:]))
    r = np.ascontiguousarray(np.broadcast_to(r, (*lead, r.shape[-1])).reshape(count, -1))
    c = np.ascontiguousarray(np.broadcast_to(c, (*lead, c.shape[-1])).reshape(count, -1))
    return k, r, c, lead


def _factor(margin: Floats, inner: Floats, alone: bool) -> Floats:
    """Return the factors that give a margin, where the others and the seed sum to `inner`."""
    if alone:
        # Root of x² + inner x = margin, in the form that loses no digits.
        root = inner + np.sqrt(inner * inner + 4.0 * margin)
        return np.divide(2.0 * margin, root, out=np.zeros_like(margin), where=root > 0)
    return np.divide(margin, inner, out=np.zeros_like(margin), where=inner > 0)


class _State:
    """Factors of a stack of tables, each on its own way to its margins.

    A round fits the rows and then moves the columns by the misfit that is left, further than
    plain proportional fitting where that has been seen to creep: near the solution its rate
    ``rho`` is the largest eigenvalue of a matrix whose eigenvalues are real and between 0 and
    1, and the heavy ball of Polyak (1964) brings it to about its square root's distance from 1.
    """

    def __init__(self, kernel: Floats, r: Floats, c: Floats, alone: bool) -> None:
        self.kernel, self.r, self.c, self.alone = kernel, r, c, alone
        self.a = np.zeros(r.shape)
        self.b = np.sqrt(c) if alone else (c > 0).astype(float)
        self.error = np.full(len(r), np.inf)
        self.rounds = np.zeros(len(r), np.int64)

    def run(self, tolerance: float, most: int) -> None:
        """Fit all tables; those that are done, or cannot be, are left as they are."""
        possible = self._possible()
        self.a[~possible] = np.nan
        active = np.flatnonzero(possible)
        part = self.kernel if len(self.kernel) == 1 else self.kernel[active]
        ball = _Ball(self.b[active])
        r, c, b = self.r[active], self.c[active], self.b[active]
        for done in range(1, most + 1):
            if not active.size:
                return
            inner = np.matmul(part, b[:, :, None])[:, :, 0]
            if self.alone:
                by = _scale(r, inner, (b * b).sum(axis=1), c.sum(axis=1))
                inner, b = inner * by, b * by
            a = _factor(r, inner, self.alone)
            sums = np.matmul(a[:, None, :], part)[:, 0, :]
            off = _misfit(c, b, sums, self.alone)
            going = (off > tolerance) & np.isfinite(off)
            if not going.all() or done == most:
                end = ~going if done < most else np.ones(len(going), np.bool_)
                at = active[end]
                self.a[at], self.b[at], self.error[at] = a[end], b[end], off[end]
                self.rounds[at] = done
                active = active[~end]
                if len(self.kernel) > 1:
                    part = part[~end]
                r, c, b, sums, off = r[~end], c[~end], b[~end], sums[~end], off[~end]
                ball.keep(~end)
            b = ball.move(b, _factor(c, sums, self.alone), off, done)

    def _possible(self) -> NDArray[np.bool_]:
        """Tell which tables have an entry for every margin that is not zero."""
        some_c, some_r = (self.c > 0).astype(float), (self.r > 0).astype(float)
        reach_r = np.matmul(self.kernel, some_c[:, :, None])[:, :, 0] > 0
        reach_c = np.matmul(some_r[:, None, :], self.kernel)[:, 0, :] > 0
        whole = (reach_r | (self.r == 0)).all(axis=1) & (reach_c | (self.c == 0)).all(axis=1)
        return np.asarray(whole | self.alone)


class _Ball:
    """How far the factors of the columns move, for each table."""

    def __init__(self, b: Floats) -> None:
        self.before = b
        self.far, self.push = np.ones(len(b)), np.zeros(len(b))
        self.mark, self.best = np.full(len(b), np.inf), np.full(len(b), np.inf)

    def keep(self, which: NDArray[np.bool_]) -> None:
        """Leave out tables that are done."""
        for name in ("before", "far", "push", "mark", "best"):
            setattr(self, name, getattr(self, name)[which])

    def move(self, b: Floats, plain: Floats, off: Floats, done: int) -> Floats:
        """Return the next factors, from the present ones and those of a plain round."""
        if done % _WATCH == 0:
            self._steer(off)
        if not self.push.any():
            self.before = b
            return plain
        with np.errstate(divide="ignore", invalid="ignore"):
            new = b * (plain / b) ** self.far[:, None] * (b / self.before) ** self.push[:, None]
        self.before = b
        return np.where(b > 0, new, 0.0)

    def _steer(self, off: Floats) -> None:
        """Set step and momentum by the rate seen since the last look."""
        with np.errstate(invalid="ignore", divide="ignore"):
            seen = np.clip((off / self.mark) ** (1.0 / _WATCH), 1e-3, 1.0 - 1e-9)
            # The slowest mode, from the rate at which it shrinks under step and momentum.
            slow = (1.0 + self.push - seen - self.push / seen) / self.far
        known = np.isfinite(self.mark) & (off < self.mark)
        slow = np.clip(np.where(known, slow, 1.0), 1e-8, 1.0)
        # What was slow stays slow: rounds that oscillate tell a rate that is too good.
        at_present = ((1.0 - np.sqrt(self.push)) / (1.0 + np.sqrt(self.push))) ** 2
        slow = np.minimum(slow, np.where(self.push > 0, at_present, 1.0))
        root = np.sqrt(slow)
        lost = off > 10.0 * self.best
        self.far = np.where(lost | ~known, 1.0, 4.0 / (1.0 + root) ** 2)
        self.push = np.where(lost | ~known, 0.0, ((1.0 - root) / (1.0 + root)) ** 2)
        self.best = np.minimum(self.best, off)
        self.mark = off


def _misfit(margin: Floats, own: Floats, sums: Floats, alone: bool) -> Floats:
    """Return the largest misfit of a margin, relative to it; ``inf`` where out of range."""
    found = own * (sums + own) if alone else own * sums
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.where(margin > 0, np.abs(found / margin - 1.0), 0.0).max(axis=1, initial=0.0)
    return np.where(np.isfinite(off), off, np.inf)


def _scale(r: Floats, inner: Floats, square: Floats, goal: Floats) -> Floats:
    """Return the factor of all columns at which matched and unmatched columns add up.

    Many in the table and few outside make this the one direction in which plain rounds creep.
    """
    log = np.zeros((len(r), 1))
    for _ in range(2):
        by = np.exp(log)
        a = _factor(r, inner * by, True)
        pairs = a * inner * by
        weight = 2.0 * a * a + pairs
        bend = np.divide(2.0 * a * a * pairs, weight, out=np.zeros_like(a), where=weight > 0)
        gap = pairs.sum(axis=1) + by[:, 0] ** 2 * square - goal
        slope = bend.sum(axis=1) + 2.0 * by[:, 0] ** 2 * square
        step = np.divide(gap, slope, out=np.zeros_like(gap), where=slope > 0)
        log -= np.clip(step, -3.0, 3.0)[:, None]
    return np.exp(log)
