"""Cohort-component projection on bare arrays: periods, sexes and ages first, the rest last.

Every operation over cells is elementwise; the one sum that enters the results, births over
the ages of mothers, is a tree whose order depends on the number of ages alone. A cell thus
has the same bits however the trailing axes (areas, members, …) are laid out or cut.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from migov.demography.kernels import lowest, survival
from migov.demography.kernels_cuts import Cut, blocks, cut_groups, part_of, with_trailing

Array = NDArray[np.float64]
_CELLS = 1 << 18  # doubles of one working array
_ROW = 1 << 14  # doubles of one row: shorter parts of rows cost more than they save


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
    arrays = [with_trailing(x, core, rank) for x, core in zip(given, cores, strict=True)]
    shape = np.broadcast_shapes(*(x.shape[core:] for x, core in zip(arrays, cores, strict=True)))
    periods, groups = len(arrays[1]), arrays[0].shape[1]
    out = Outcome(
        np.empty((periods + 1, 2, groups, *shape)),
        np.empty((periods, 2, *shape)),
        np.empty((periods, 2, groups, *shape)),
        *(np.empty((periods, *shape)) for _ in range(5)),
    )
    single = bool(np.all(np.asarray(width)[:-1] == 1))
    row = max(1, _CELLS // (2 * groups))
    for lead in blocks(shape, max(row, _ROW) if single else row):
        inputs = [part_of(x, lead, core) for x, core in zip(arrays, cores, strict=True)]
        lengths = tuple(cut.stop - cut.start for cut in lead)
        target = Outcome(*(part_of(x, lead, x.ndim - rank) for x in out))
        cells = max(1, int(np.prod(lengths, dtype=int)))
        parts = -(-groups // max(8, _CELLS // (2 * cells))) if single and cells > row else 1
        _block(cut_groups(groups, parts), inputs, lengths, width, rules, target)
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
    def of(
        cls, periods: int, cuts: list[Cut], inputs: list[Array], lead: tuple[int, ...]
    ) -> _Scratch:
        """Make them for a block with these inputs, the shapes as small as the inputs allow."""
        population, mortality, _, migration, _, share = inputs
        ages = max(cut.high - cut.start for cut in cuts)
        groups = ages + (len(cuts) > 1)  # one more at each cut: see _survival
        closed = groups - 1 + mortality.shape[2] - population.shape[1]
        own = mortality.shape[3:]
        moving = np.broadcast_shapes(migration.shape[3:], share.shape)
        alive = np.empty((periods, 2, groups, *own))
        split = closed == groups
        lived = np.empty((periods, 2, closed, *own)) if split else alive[:, :, :-1]
        begin, part = _shared((periods, 2, ages, *lead), (periods, 2, closed, *own))
        early = np.empty((periods, 2, ages, *moving))
        late = early if np.all(share == 0.5) else np.empty(early.shape)
        return cls(alive, part, lived, early, late, begin)


def _shared(*shapes: tuple[int, ...]) -> list[Array]:
    """Return arrays of these shapes in the same memory."""
    sizes = [int(np.prod(shape, dtype=int)) for shape in shapes]
    room = np.empty(max(sizes))
    return [room[:size].reshape(shape) for size, shape in zip(sizes, shapes, strict=True)]


def _block(
    cuts: list[Cut],
    inputs: list[Array],
    lead: tuple[int, ...],
    width: Any,
    rules: Rules,
    out: Outcome,
) -> None:
    """Project one block, by stretches of as many periods as fill the arrays to work in."""
    periods, groups = out.deaths.shape[0], out.deaths.shape[2]
    out.population[0] = inputs[0]
    stride = max(1, min(periods, _CELLS // max(1, 2 * groups * int(np.prod(lead, dtype=int)))))
    ratio = inputs[4]
    split = 0.5 * rules.step * np.stack([1.0 / (1.0 + ratio), ratio / (1.0 + ratio)], axis=1)
    scratch = _Scratch.of(stride, cuts, inputs, lead)
    persons, died = np.empty((periods + 1, 2, *lead)), np.empty((periods, 2, *lead))
    net = np.empty((periods, 2, *inputs[3].shape[3:]))
    out.population[0].sum(axis=1, out=persons[0])
    for first in range(0, periods, stride):
        when = slice(first, min(first + stride, periods))
        length = when.stop - first
        some = scratch if length == stride else _Scratch._make(x[:length] for x in scratch)
        for cut in cuts:
            own = slice(cut.low, cut.high)
            _sum(inputs[3][when, :, own], cut, net[when])
            _stretch(when, cut, inputs, split, width, rules, out, some)
            _sum(out.deaths[when, :, own], cut, died[when])
            people = out.population[first + 1 : when.stop + 1, :, own]
            _sum(people, cut, persons[first + 1 : when.stop + 1])
            _note(out.least[when], cut, lowest(people, (1, 2)))
    _check(out, persons, died, net)


def _sum(x: Array, cut: Cut, total: Array) -> None:
    """Add the groups of a cut to a sum over all ages, which the first cut begins."""
    if cut.last:
        x.sum(axis=2, out=total)
    else:
        total += x.sum(axis=2)


def _note(least: Array, cut: Cut, found: Array) -> None:
    """Keep the smaller of what earlier cuts have found and of this one's."""
    least[...] = found if cut.last else np.minimum(least, found)


def _survival(
    m: Array, cut: Cut, width: Any, rules: Rules, scratch: _Scratch
) -> tuple[Array, Array, Array]:
    """Return the chances to survive to each group, and the smallest rate and chance.

    Groups that are done apart make a table of their own, whose ends go unused: the group before
    them, and the one after them in place of the open one. Only single ages are done apart, and
    above age 0 the rules for them are two.
    """
    first = cut.low - cut.start
    if first or not cut.last:
        m = m[:, :, cut.start : cut.high + 1]
        width = np.asarray(width)[-m.shape[2] :]
    ax = "half" if first and rules.ax != "constant_force" else rules.ax
    closed = m.shape[2] - 1
    groups = closed + int(width[0] == rules.step)
    axes = (2, 1, 0, *range(3, m.ndim))
    work = [x[:, :, :n] for x, n in zip(scratch[:3], (groups, closed, closed), strict=True)]
    table, *turned = (x.transpose(axes) for x in (m, *work))
    least = lowest(m, (1, 2))
    found = survival(table, width, ax, rules.step, work=turned)
    return work[0][:, :, first : first + cut.high - cut.low], least, found.least.min(axis=0)


def _stretch(
    when: slice,
    cut: Cut,
    inputs: list[Array],
    split: Array,
    width: Any,
    rules: Rules,
    out: Outcome,
    scratch: _Scratch,
) -> None:
    """Project some groups of one block over a few periods, all at once that can be."""
    _, mortality, fertility, migration, _, share = inputs
    held = slice(cut.start, cut.high)
    early, late, begin = (x[:, :, : cut.high - cut.start] for x in scratch[3:])
    moves = migration[when, :, held]
    np.multiply(moves, share, out=early)
    if scratch.late is not scratch.early:
        np.multiply(moves, 1.0 - share, out=late)
    alive, rate, chance = _survival(mortality[when], cut, width, rules, scratch)
    _note(out.rate[when], cut, rate)
    _note(out.chance[when], cut, chance)
    young = int(cut.low == 0)
    mothers = slice(*rules.fertile)
    later = slice(when.start + 1, when.stop + 1)
    moved = migration[when, 0, mothers]
    infants = zip(
        out.population[when, 0, mothers],
        out.population[later, 0, mothers],
        moved * share if rules.adjusted and young else moved,
        fertility[when],
        split[when],
        late[:, :, 0],
        alive[:, :, 0],
        out.births[when],
        strict=True,
    )
    for now, after, died, start, coming, kept, more in zip(
        out.population[when, :, held],
        out.population[later, :, held],
        out.deaths[when, :, held],
        begin,
        early,
        alive[:, :, young:],
        late[:, :, 1:],
        strict=True,
    ):
        np.add(now, coming, out=start)
        if cut.last:
            oldest = start[:, -2]
            oldest += start[:, -1]
        older = after[:, 1:]
        np.multiply(start[:, :-1], kept, out=older)
        np.subtract(start[:, :-1], older, out=died[:, 1:])
        older += more
        if young:
            _bear(rules, after[:, 0], died[:, 0], *next(infants))


def _bear(
    rules: Rules,
    youngest: Array,
    died: Array,
    before: Array,
    after: Array,
    moved: Array,
    rate: Array,
    part: Array,
    little: Array,
    kept: Array,
    born: Array,
) -> None:
    """Fill births, deaths before the end, and the youngest group of one period."""
    exposure = before + moved if rules.adjusted else before
    exposure = exposure + after
    exposure *= rate
    np.multiply(tree_sum(exposure), part, out=born)
    new = born + little if rules.exposed else born
    np.multiply(new, kept, out=youngest)
    np.subtract(new, youngest, out=died)
    if not rules.exposed:
        youngest += little


def _check(out: Outcome, people: Array, died: Array, net: Array) -> None:
    """Note how far the account of each period is from closing."""
    before = people[:-1]
    gap = np.abs(people[1:] - (before + out.births - died + net))
    np.maximum(gap[:, 0], gap[:, 1], out=out.gap)
    scale = np.abs(before) + out.births + np.abs(died) + np.abs(net)
    np.add(scale[:, 0], scale[:, 1], out=out.size)
