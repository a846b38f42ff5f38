"""Cohort-component projection on bare arrays: periods, sexes and ages first, the rest last.

Every operation over cells is elementwise; the one sum that enters the results, births over
the ages of mothers, is a tree whose order depends on the number of ages alone. A cell thus
has the same bits however the trailing axes (areas, members, …) are laid out or cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from migov.demography.kernels import lowest, survival

Array = NDArray[np.float64]
_CELLS = 1 << 18  # doubles of one working array: long rows count for more than a small cache


class Rules(NamedTuple):
    """How a step is done.

    Parameters
    ----------
    step : float
        Years.
    ax : str
        One of :data:`migov.demography.kernels.AX_RULES`.
    adjusted : bool
        Exposure to births: the mean of the women at the end and of those at the start with
        the migrants that arrive at the start; otherwise of those at the end and at the start.
    exposed : bool
        Migrants of the youngest group who arrive at the end share the mortality of the
        period's newborns; otherwise they are added at the end.
    fertile : tuple of int
        First and one past the last group of mothers.
    """

    step: float
    ax: str
    adjusted: bool
    exposed: bool
    fertile: tuple[int, int]


class Outcome(NamedTuple):
    """What a projection gives, with the checks of each period.

    Parameters
    ----------
    population : ndarray (t + 1, 2, k, ...)
        Persons at the ends of the periods.
    births : ndarray (t, 2, ...)
        Persons born, female and male.
    deaths : ndarray (t, 2, k, ...)
        Persons who died, by the group that their cohort is in at the end of the period: row 0
        are those born in it.
    gap : ndarray (t, ...)
        ``P1 - (P0 + B - D + M)``, the larger of both sexes, each term summed on its own.
    size : ndarray (t, ...)
        ``P0 + B + D + |M|`` of both sexes, the scale of the gap.
    least : ndarray (t, ...)
        The smallest number of persons in a group at the end where one is below zero, else a
        bound, see :func:`migov.demography.kernels.lowest`.
    rate, chance : ndarray (t, ...)
        The same of central death rates, and of chances to survive, see
        :class:`migov.demography.kernels.Survival`.
    """

    population: Array
    births: Array
    deaths: Array
    gap: Array
    size: Array
    least: Array
    rate: Array
    chance: Array


def tree_sum(x: Array) -> Array:
    """Return the sum over the first axis, adding in an order that only its length decides.

    Parameters
    ----------
    x : ndarray (n, ...)
        Written over.

    Returns
    -------
    ndarray (...)
    """
    left = len(x)
    while left > 1:
        half = left // 2
        part = x[:half]
        part += x[left - half : left]
        left -= half
    return np.asarray(x[0])


def blocks(shape: tuple[int, ...], most: int) -> Iterator[tuple[slice, ...]]:
    """Cut an array into parts of at most `most` cells, longest runs of the last axis first.

    Parameters
    ----------
    shape : tuple of int
        Of the array.
    most : int
        Cells.

    Yields
    ------
    tuple of slice
    """
    if not shape:
        yield ()
        return
    inner = int(np.prod(shape[1:], dtype=int))
    width = max(1, most // max(1, inner))
    for start in range(0, shape[0], width):
        for rest in blocks(shape[1:], most if inner > most else inner):
            yield (slice(start, min(start + width, shape[0])), *rest)


def _part(x: Array, lead: tuple[slice, ...], core: int) -> Array:
    """Return the block of an array whose trailing axes may have length one."""
    kept = tuple(
        cut if size > 1 else slice(None) for cut, size in zip(lead, x.shape[core:], strict=True)
    )
    return x[(slice(None),) * core + kept]


def _lead(x: Any, core: int, rank: int) -> Array:
    """Return doubles with `rank` trailing axes; missing ones are put in before the others."""
    out = np.asarray(x, float)
    missing = rank - (out.ndim - core)
    return out.reshape(out.shape[:core] + (1,) * missing + out.shape[core:])


def project(
    population: Any,
    mortality: Any,
    fertility: Any,
    migration: Any,
    ratio: Any,
    at_start: Any,
    width: Any,
    rules: Rules,
) -> Outcome:
    """Project a population by cohorts and components.

    Trailing axes (...) broadcast against each other.

    Parameters
    ----------
    population : array (2, k, ...)
        Persons at the start, female and male; the last group is open.
    mortality : array (t, 2, j, ...)
        Central death rates per year; j = k, or k + 1 where the youngest group is split.
    fertility : array (t, f, ...)
        Births per woman-year in the groups of ``rules.fertile``.
    migration : array (t, 2, k, ...)
        Net migrants in persons over the period, by group.
    ratio : array (t, ...)
        Male births per female birth.
    at_start : array (...)
        Share of the migrants who arrive at the start: 1/2 evenly, 1 start, 0 end.
    width : array (j,)
        Widths of the groups of `mortality` in years.
    rules : Rules
        How a step is done.

    Returns
    -------
    Outcome

    References
    ----------
    Preston, Heuveline and Guillot (2001), Demography, section 6.3, box 6.2.
    """
    given = [population, mortality, fertility, migration, ratio, at_start]
    cores = (2, 3, 2, 3, 1, 0)
    rank = max(1, *(np.ndim(x) - core for x, core in zip(given, cores, strict=True)))
    arrays = [_lead(x, core, rank) for x, core in zip(given, cores, strict=True)]
    shape = np.broadcast_shapes(*(x.shape[core:] for x, core in zip(arrays, cores, strict=True)))
    periods, groups = len(arrays[1]), arrays[0].shape[1]
    out = Outcome(
        np.empty((periods + 1, 2, groups, *shape)),
        np.empty((periods, 2, *shape)),
        np.empty((periods, 2, groups, *shape)),
        *(np.empty((periods, *shape)) for _ in range(5)),
    )
    for lead in blocks(shape, max(1, _CELLS // (2 * groups))):
        inputs = [_part(x, lead, core) for x, core in zip(arrays, cores, strict=True)]
        lengths = tuple(cut.stop - cut.start for cut in lead)
        target = Outcome(*(_part(x, lead, x.ndim - rank) for x in out))
        _block(inputs, lengths, width, rules, target)
    scalar = max(np.ndim(x) - core for x, core in zip(given, cores, strict=True)) == 0
    return Outcome(*(x[..., 0] for x in out)) if scalar else out


class _Scratch(NamedTuple):
    """Arrays to work in, one stretch of periods long: fresh memory costs more than arithmetic.

    Those that are never needed at the same time lie in the same memory: ``begin`` and ``part``,
    ``alive`` and ``lived``.
    """

    alive: Array
    part: Array
    lived: Array
    early: Array
    late: Array
    begin: Array

    @classmethod
    def of(cls, periods: int, inputs: list[Array], lead: tuple[int, ...]) -> _Scratch:
        """Make them for a block with these inputs, the shapes as small as the inputs allow."""
        population, mortality, _, migration, _, share = inputs
        groups, ages = population.shape[1], mortality.shape[2]
        own = mortality.shape[3:]
        moving = np.broadcast_shapes(migration.shape[3:], share.shape)
        alive = np.empty((periods, 2, groups, *own))
        lived = alive[:, :, :-1] if ages == groups else np.empty((periods, 2, ages - 1, *own))
        begin, part = _shared((periods, 2, groups, *lead), (periods, 2, ages - 1, *own))
        early = np.empty((periods, 2, groups, *moving))
        late = early if np.all(share == 0.5) else np.empty(early.shape)
        return cls(alive, part, lived, early, late, begin)


def _shared(*shapes: tuple[int, ...]) -> list[Array]:
    """Return arrays of these shapes in the same memory."""
    sizes = [int(np.prod(shape, dtype=int)) for shape in shapes]
    room = np.empty(max(sizes))
    return [room[:size].reshape(shape) for size, shape in zip(sizes, shapes, strict=True)]


def _block(
    inputs: list[Array], lead: tuple[int, ...], width: Any, rules: Rules, out: Outcome
) -> None:
    """Project one block, by stretches of as many periods as fill the arrays to work in."""
    periods, groups = out.deaths.shape[0], out.deaths.shape[2]
    out.population[0] = inputs[0]
    stride = max(1, min(periods, _CELLS // max(1, 2 * groups * int(np.prod(lead, dtype=int)))))
    ratio = inputs[4]
    split = 0.5 * rules.step * np.stack([1.0 / (1.0 + ratio), ratio / (1.0 + ratio)], axis=1)
    scratch = _Scratch.of(stride, inputs, lead)
    persons, died = np.empty((periods + 1, 2, *lead)), np.empty((periods, 2, *lead))
    net = np.empty((periods, 2, *inputs[3].shape[3:]))
    out.population[0].sum(axis=1, out=persons[0])
    for first in range(0, periods, stride):
        when = slice(first, min(first + stride, periods))
        length = when.stop - first
        some = scratch if length == stride else _Scratch._make(x[:length] for x in scratch)
        inputs[3][when].sum(axis=2, out=net[when])
        _stretch(when, inputs, split, width, rules, out, some)
        out.deaths[when].sum(axis=2, out=died[when])
        people = out.population[first + 1 : when.stop + 1]
        people.sum(axis=2, out=persons[first + 1 : when.stop + 1])
        out.least[when] = lowest(people, (1, 2))
    _check(out, persons, died, net)


def _survival(m: Array, width: Any, rules: Rules, scratch: _Scratch) -> tuple[Array, Array]:
    """Fill the chances to survive and to die; return the smallest rate and chance of each cell."""
    axes = (2, 1, 0, *range(3, m.ndim))
    table, *work = (x.transpose(axes) for x in (m, *scratch[:3]))
    least = lowest(m, (1, 2))
    return least, survival(table, width, rules.ax, rules.step, work=work).least.min(axis=0)


def _stretch(
    when: slice,
    inputs: list[Array],
    split: Array,
    width: Any,
    rules: Rules,
    out: Outcome,
    scratch: _Scratch,
) -> None:
    """Project a few periods of one block, all that can be done at once done at once."""
    _, mortality, fertility, migration, _, share = inputs
    alive, _, _, early, late, begin = scratch
    moves = migration[when]
    np.multiply(moves, share, out=early)
    if late is not early:
        np.multiply(moves, 1.0 - share, out=late)
    out.rate[when], out.chance[when] = _survival(mortality[when], width, rules, scratch)
    low, high = rules.fertile
    people, births = out.population[when.start : when.stop + 1], out.births[when]
    for now, after, died, start, coming, kept, more, little, kept_little, rate, part, born in zip(
        people[:-1],
        people[1:],
        out.deaths[when],
        begin,
        early,
        alive[:, :, 1:],
        late[:, :, 1:],
        late[:, :, 0],
        alive[:, :, 0],
        fertility[when],
        split[when],
        births,
        strict=True,
    ):
        np.add(now, coming, out=start)
        mothers = start[0, low:high].copy() if rules.adjusted else now[0, low:high]
        oldest = start[:, -2]
        oldest += start[:, -1]
        older, youngest = after[:, 1:], after[:, 0]
        np.multiply(start[:, :-1], kept, out=older)
        np.subtract(start[:, :-1], older, out=died[:, 1:])
        older += more
        exposure = mothers + after[0, low:high]
        exposure *= rate
        np.multiply(tree_sum(exposure), part, out=born)
        new = born + little if rules.exposed else born
        np.multiply(new, kept_little, out=youngest)
        np.subtract(new, youngest, out=died[:, 0])
        if not rules.exposed:
            youngest += little


def _check(out: Outcome, people: Array, died: Array, net: Array) -> None:
    """Note how far the account of each period is from closing."""
    before = people[:-1]
    gap = np.abs(people[1:] - (before + out.births - died + net))
    np.maximum(gap[:, 0], gap[:, 1], out=out.gap)
    scale = np.abs(before) + out.births + np.abs(died) + np.abs(net)
    np.add(scale[:, 0], scale[:, 1], out=out.size)
