"""Multistate projection on bare arrays: the steps of all members at once.

Products of matrices with many members go through BLAS in widths of whole tiles. Where a column
of such a product depends on its place (tried once for each shape) sums are taken in order
instead: a member has the same bits whichever others it is computed with.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from migov.demography.kernels_projection import tree_sum
from migov.demography.kernels_transitions import Matrices

Array = NDArray[np.float64]
TILE = 8
WIDEST = 128


class Setting(NamedTuple):
    """How a step is done.

    Parameters
    ----------
    step : float
        Years.
    fertile : tuple of int
        First and one past the last age group of mothers.
    newborn : int
        Place of the state of all newborns; -1 for the state of the mother.
    flows : bool
        Whether departures and arrivals are counted for every member.
    """

    step: float
    fertile: tuple[int, int]
    newborn: int
    flows: bool


class Outcome(NamedTuple):
    """What a projection gives, leading axes first.

    Parameters
    ----------
    population : ndarray (..., t + 1, 2, k, r)
        Persons.
    births, deaths, departures, arrivals : ndarray (..., t, 2, r)
        Over each period; departures and arrivals are zero where flows are not counted.
    persons : ndarray (..., t + 1, 2, r)
        Sums over ages.
    unmatched : ndarray (..., t, 2, r)
        Where flows are not counted: by how much the balance of each state misses for one
        of the members that go through the same matrices, another in each period; else zero.
    """

    population: Array
    births: Array
    deaths: Array
    departures: Array
    arrivals: Array
    persons: Array
    unmatched: Array


@cache
def steady(rows: int, inner: int) -> bool:
    """Tell whether a column of a product of this shape is the same in every place and width.

    Also where the rows of one of the matrices lie apart in memory.

    Parameters
    ----------
    rows, inner : int
        Shape of the left matrix.
    """
    rng = np.random.default_rng(1)
    wide, column = rng.standard_normal((rows, 2 * inner)), rng.standard_normal((inner, 1))
    left = np.ascontiguousarray(wide[:, :inner])
    first = (left @ np.tile(column, TILE))[:, :1]
    apart = np.tile(column, 2 * WIDEST)
    for width in range(TILE, WIDEST + 1, TILE):
        tight, wanted = np.tile(column, width), np.tile(first, width)
        pairs = ((left, tight), (left, apart[:, :width]), (wide[:, :inner], tight))
        if not all(np.array_equal(one @ other, wanted) for one, other in pairs):
            return False
    return True


def product(left: Array, right: Array, out: Array | None = None) -> Array:
    """Return a product of stacks of matrices in which no column depends on its place.

    Parameters
    ----------
    left : ndarray (..., i, j)
        Matrices.
    right : ndarray (..., j, w)
        Columns, as many as fill whole tiles.
    out : ndarray (..., i, w), optional
        Where the product goes.

    Returns
    -------
    ndarray (..., i, w)
    """
    left, right = _by_rows(left), _by_rows(right)
    if steady(left.shape[-2], left.shape[-1]):
        return np.asarray(np.matmul(left, right) if out is None else np.matmul(left, right, out))
    total = left[..., :, :1] * right[..., :1, :]
    for j in range(1, left.shape[-1]):
        total += left[..., :, j : j + 1] * right[..., j : j + 1, :]
    if out is None:
        return np.asarray(total)
    out[...] = total
    return out


def _by_rows(x: Array) -> Array:
    """Return matrices each row of which is one piece of memory; BLAS treats others otherwise."""
    own = x.strides[-1] == x.itemsize and x.strides[-2] >= x.shape[-1] * x.itemsize
    return x if own else np.ascontiguousarray(x)


def project(
    population: Array,
    matrices: Matrices,
    fertility: Array,
    migration: Array | None,
    ratio: Array,
    setting: Setting,
) -> Outcome:
    """Project a population over states by births, deaths, moves and net migration from outside.

    Leading axes (...) are as many in every array, of the same length or one. Those along which
    the matrices are one go through them together.

    Parameters
    ----------
    population : ndarray (..., 2, k, r)
        Persons at the start, female and male; the last age group is open.
    matrices : Matrices
        From :func:`migov.demography.kernels_transitions.by_rates` or ``by_probabilities``.
    fertility : ndarray (..., t, f, r)
        Births per woman-year.
    migration : ndarray (..., t, 2, k, r) or None
        Net migrants over the period, half at its start and half at its end.
    ratio : ndarray (..., t)
        Male births per female birth.
    setting : Setting
        How a step is done.

    Returns
    -------
    Outcome
    """
    rank = population.ndim - 3
    given = [(population, 3), (fertility, 3), (ratio, 1), (matrices.cohort, 5)]
    given += [] if migration is None else [(migration, 4)]
    shape = np.broadcast_shapes(*(x.shape[: x.ndim - core] for x, core in given))
    own = [i for i in range(rank) if matrices.cohort.shape[i] > 1]
    rest = [i for i in range(rank) if i not in own]
    places, columns = [shape[i] for i in own], [shape[i] for i in rest]
    count = int(np.prod(columns, dtype=int))
    filled = -(-count // TILE) * TILE
    periods, _, groups, states = matrices.cohort.shape[rank : rank + 4]
    sizes = [(periods + 1, 2, groups, states), *[(periods, 2, states)] * 4]
    sizes += [(periods + 1, 2, states), (periods, 2, states)]
    out = Outcome(*(np.zeros((*places, *size, filled)) for size in sizes))
    for place in np.ndindex(*places):
        mats = Matrices(*(_at(x, own, rank, place) for x in matrices))
        people, births, sexes = (
            _columns(x, core, own, rest, place, columns) for x, core in given[:3]
        )
        moved = None if migration is None else _columns(migration, 4, own, rest, place, columns)
        target = Outcome(*(x[place] for x in out))
        for begin in range(0, filled, WIDEST):
            cut = slice(begin, min(begin + WIDEST, filled))
            part = Outcome(*(x[..., cut] for x in target))
            inputs = [None if x is None else _cut(x, cut) for x in (births, moved, sexes)]
            inputs.insert(0, people if people.shape[-1] == 1 else people[..., cut])
            _run(mats, inputs, setting, part, min(count - begin, WIDEST))
    back = [*own, *rest]
    return Outcome(*(_lead(x[..., :count], len(own), columns, back) for x in out))


def _at(x: Array, own: list[int], rank: int, place: tuple[int, ...]) -> Array:
    """Return the matrices of one place; along all other leading axes they are one."""
    index = [0] * rank
    for axis, i in zip(own, place, strict=True):
        index[axis] = i if x.shape[axis] > 1 else 0
    return np.asarray(x[tuple(index)])


def _columns(
    x: Array, core: int, own: list[int], rest: list[int], place: tuple[int, ...], columns: list[int]
) -> Array:
    """Return an input of one place, the axes that go together flattened into the last."""
    index: list[Any] = [slice(None)] * x.ndim
    for axis, i in zip(own, place, strict=True):
        index[axis] = i if x.shape[axis] > 1 else 0
    picked = x[tuple(index)]
    lead = picked.ndim - core
    first = np.moveaxis(picked, range(lead), range(-lead, 0)) if lead else picked[..., None]
    if all(size == 1 for size in first.shape[core:]):
        return np.asarray(first.reshape(*first.shape[:core], 1))
    full = np.broadcast_to(first, (*first.shape[:core], *columns))
    return np.asarray(full.reshape(*first.shape[:core], -1))


def _cut(x: Array, cut: slice) -> Array:
    """Return some columns, zeros where there are no more."""
    if x.shape[-1] == 1:
        return x
    part = x[..., cut]
    lack = cut.stop - cut.start - part.shape[-1]
    return np.pad(part, [(0, 0)] * (x.ndim - 1) + [(0, lack)]) if lack else part


def _lead(x: Array, own: int, columns: list[int], back: list[int]) -> Array:
    """Return a result with its leading axes first, in the order of the inputs."""
    core = x.ndim - own - 1
    full = x.reshape(*x.shape[:-1], *columns) if len(columns) != 1 else x
    rest = range(own + core, own + core + len(columns))
    return np.moveaxis(full, [*range(own), *rest], back)


def _run(
    mats: Matrices, inputs: list[Array | None], setting: Setting, out: Outcome, real: int
) -> None:
    """Fill the results of some columns, of which the first are members, period by period."""
    people, fertility, migration, ratio = inputs
    assert people is not None
    assert fertility is not None
    assert ratio is not None
    low, high = setting.fertile
    if people.shape[-1] == 1:
        out.population[0] = people
    else:
        out.population[0, ..., : people.shape[-1]] = people
    _count(mats, 0, setting.flows, out)
    for t in range(len(mats.cohort)):
        now, after = out.population[t], out.population[t + 1]
        half = None if migration is None else 0.5 * migration[t]
        start = now if half is None else now + half
        product(mats.cohort[t, :, :-1], start[:, :-1], after[:, 1:])
        after[:, -1] += product(mats.cohort[t, :, -1], start[:, -1])
        if half is not None:
            after[:, 1:] += half[:, 1:]
        women = now[0, low:high] + after[0, low:high]
        women *= fertility[t] * (0.5 * setting.step)
        born = tree_sum(women)
        if setting.newborn >= 0:
            whole = tree_sum(born.copy())
            born = np.zeros_like(born)
            born[setting.newborn] = whole
        girls = 1.0 / (1.0 + ratio[t])
        np.multiply(born, girls, out=out.births[t, 0])
        np.multiply(born, ratio[t] * girls, out=out.births[t, 1])
        kept = product(mats.newborn[t], out.births[t])
        after[:, 0] = kept if half is None else kept + half[:, 0]
        _count(mats, t + 1, setting.flows, out)
        if half is not None:
            _count_migrants(mats, t, half, setting.flows, out)
        end = after if half is None else after - half
        if setting.flows:
            exposure = exposures(start, end, bool(mats.at_start[0]), setting.step)
            out.arrivals[t] = product(mats.moves[t], exposure).sum(axis=1)
        else:
            one = slice(t % real, t % real + 1)
            _match(mats, t, start, end, half, setting, out, one)


def exposures(start: Array, end: Array, at_start: bool, step: float) -> Array:
    """Return what moving acts on: person-years by age, or the persons at the start.

    Parameters
    ----------
    start, end : ndarray (2, k, r, w)
        Persons with early migrants, and at the end without late ones.
    at_start : bool
        The persons at the start.
    step : float
        Years.
    """
    if at_start:
        return start
    out = start + end
    out[:, -2] += start[:, -1] - end[:, -1]
    out *= 0.5 * step
    np.multiply(end[:, -1], step, out=out[:, -1])
    return out


def _count(mats: Matrices, t: int, flows: bool, out: Outcome) -> None:
    """Add what the persons at one date say of deaths, sums over ages, and departures."""
    rows = mats.tally[t] if flows else mats.tally[t, :, :, :3]
    found = product(rows, out.population[t].transpose(0, 2, 1, 3))
    out.persons[t] = found[:, :, 2]
    if t > 0:
        out.deaths[t - 1] += found[:, :, 0]
    if t < len(out.deaths):
        out.deaths[t] = found[:, :, 1]
    if flows and t > 0:
        out.departures[t - 1] += found[:, :, 3]
    if flows and t < len(out.deaths):
        out.departures[t] = found[:, :, 4]


def _count_migrants(mats: Matrices, t: int, half: Array, flows: bool, out: Outcome) -> None:
    """Add the deaths and departures of early migrants, take off those counted for late ones."""
    weights = mats.tally[t, :, :, 1::3] - mats.tally[t + 1, :, :, 0:4:3]
    full = np.broadcast_to(half, out.population.shape[1:])
    found = product(weights, np.ascontiguousarray(full.transpose(0, 2, 1, 3)))
    out.deaths[t] += found[:, :, 0]
    if flows:
        out.departures[t] += found[:, :, 1]


def _match(
    mats: Matrices,
    t: int,
    start: Array,
    end: Array,
    half: Array | None,
    setting: Setting,
    out: Outcome,
    one: slice,
) -> None:
    """Note by how much the balance of each state misses for one member, another in each period.

    All go through the same matrices: what is wrong with the moves of one is so with all.
    """
    begin, finish = start[..., one], end[..., one]
    exposure = exposures(begin, finish, bool(mats.at_start[0]), setting.step)
    found = np.matmul(mats.moves[t], exposure).sum(axis=1)
    left = mats.tally[t, :, :, 4, :, None] * begin.swapaxes(1, 2)
    left += mats.tally[t + 1, :, :, 3, :, None] * finish.swapaxes(1, 2)
    found += out.births[t, ..., one] - out.deaths[t, ..., one] - left.sum(axis=2)
    if half is not None:
        found += 2.0 * np.broadcast_to(half, out.population.shape[1:])[..., one].sum(axis=1)
    change = out.persons[t + 1, ..., one] - out.persons[t, ..., one]
    out.unmatched[t, :, :, one] = change - found
