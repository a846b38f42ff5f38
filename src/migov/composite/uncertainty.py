"""What is uncertain in an index, made ready to be evaluated at many draws."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
from numpy.typing import NDArray

from migov.composite import kernels_draws as kernels
from migov.composite.combining import Aggregation, Missing, Weighting
from migov.composite.engine import aggregate, prepare
from migov.composite.index import Index
from migov.composite.methods import Categorical, Method, Normaliser, Treatment
from migov.composite.panel import Panel, admit
from migov.composite.people import Persons, check_persons, spans, whole_persons
from migov.core.errors import AlignmentError, InputError, ParameterError
from migov.numeric.streams import draw_seed

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BEFORE = ("missing", "treat", "normalise")
AFTER = ("weigh", "aggregate")


def _choices(kind: type[Method]) -> Any:
    def check(instance: Any, attribute: Any, value: Any) -> None:
        if not isinstance(value, tuple) or not all(isinstance(one, kind) for one in value):
            raise ParameterError(
                "Uncertainty",
                f"{attribute.name}={value!r}",
                f"a tuple of {kind.__name__.lower()}s, equally likely",
                9,
                attribute.name,
            )

    return attrs.field(default=(), validator=check)


def _half(doubt: Uncertainty) -> float:
    return 0.25 if doubt.persons is None else 0.0


@attrs.frozen(kw_only=True)
class Uncertainty:
    """What is uncertain in a composite index.

    Alternatives take the place of the index's choice; a node's own choice stays. An empty
    tuple leaves the index's choice.

    Parameters
    ----------
    weights : float, mapping of str to float or (float, float), or Dataset {node}
        Half width of the relative change of every weight, uniform; 0.25 for ± 25 %. Or by
        node: a half width, or the least and the largest factor; other nodes keep their
        weight. Or what an elicitation returned: every weight is uniform between the least
        and the largest that a person gave. Weights are divided by the sum of the siblings'
        after each draw. 0.25 where neither these nor `persons` are given.
    persons : Dataset {person, node}, optional
        What an elicitation returned: every draw takes all the weights of one person, as likely
        as the person counts in the mean, so that what goes together in somebody's answers
        stays together; for an index weighted by the same elicitation. Not beside `weights`.
    levels : tuple of int
        Levels of the tree whose weights change, 1 for the children of the root; empty: all.
        Not beside weights by node.
    data : float
        Relative standard error of every value, normal, of the mean where there are members;
        codes of :class:`Categorical` have none. Or give standard errors in the call.
    missing, treat, normalise, weigh, aggregate : tuple of choices
        Equally likely alternatives.

    Examples
    --------
    >>> from migov.composite.combining import Arithmetic, Geometric
    >>> Uncertainty(weights=0.25, aggregate=(Arithmetic(), Geometric())).levels
    ()
    """

    persons: Persons | None = attrs.field(default=None, converter=whole_persons)
    weights: float | tuple[tuple[str, float, float], ...] = attrs.field(
        default=attrs.Factory(_half, takes_self=True), converter=spans
    )
    levels: tuple[int, ...] = ()
    data: float = 0.0
    missing: tuple[Missing, ...] = _choices(Missing)
    treat: tuple[Treatment, ...] = _choices(Treatment)
    normalise: tuple[Normaliser, ...] = _choices(Normaliser)
    weigh: tuple[Weighting, ...] = _choices(Weighting)
    aggregate: tuple[Aggregation, ...] = _choices(Aggregation)

    def __attrs_post_init__(self) -> None:
        for name, below in (("weights", 1.0), ("data", 1.0)):
            value = getattr(self, name)
            if isinstance(value, tuple):
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
                raise ParameterError("Uncertainty", f"{name}={value!r}", "from 0", 9, name)
            if not value < below:
                raise ParameterError(
                    "Uncertainty",
                    f"{name}={value!r}",
                    f"below {below:g}: {name}=0.05 for 5 %",
                    9,
                    name,
                )
        if not isinstance(self.levels, tuple) or not all(isinstance(n, int) for n in self.levels):
            raise ParameterError(
                "Uncertainty", f"levels={self.levels!r}", "whole numbers", 9, "levels"
            )
        if self.persons is not None and (self.weights != 0 or self.levels):
            raise ParameterError(
                "Uncertainty",
                f"weights={self.weights!r:.60}, levels={self.levels!r} beside persons",
                "one of them",
                9,
                "persons",
            )
        if self.levels and isinstance(self.weights, tuple):
            raise ParameterError(
                "Uncertainty", f"levels={self.levels!r} beside weights by node", "one of them", 9,
                "levels",
            )  # fmt: skip


@attrs.frozen(eq=False)
class Setting:
    """An index with its alternatives and data, ready to be evaluated at many draws."""

    index: Index
    uncertainty: Uncertainty
    panel: Panel
    errors: Floats | None
    """Standard errors (i, u, c) of the columns without members."""
    place: int
    where: str
    scale: tuple[Callable[[Floats], Floats], ...]
    combine: tuple[Callable[[Floats, Floats], Floats], ...]

    @property
    def members(self) -> int:
        """Return how many members the data have."""
        return self.panel.sizes.get("member", 1)

    @property
    def cells(self) -> int:
        """Return how many columns there are beside members."""
        return int(self.panel.values.shape[2]) // self.members

    def values(self, cell: int) -> Floats:
        """Return the values (i, u, m) of one column."""
        i, u, _ = self.panel.values.shape
        return np.ascontiguousarray(
            self.panel.values.reshape(i, u, self.cells, self.members)[:, :, cell]
        )

    def options(self, name: str) -> int:
        """Return how many alternatives a choice has."""
        return max(1, len(getattr(self.uncertainty, name)))

    def ways(self, chosen: dict[str, Integers]) -> tuple[Integers, Integers]:
        """Return the way to the scale and the way of combining of each draw."""
        found = []
        for names in (BEFORE, AFTER):
            way = np.zeros_like(chosen[names[0]])
            for name in names:
                way = way * self.options(name) + chosen[name]
            found.append(way)
        return found[0], found[1]

    def noise(self, seed: int, cell: int) -> kernels.Noise:
        """Return the errors of one column."""
        labels = [self.panel.coords[dim][1] for dim in self.panel.pooled]
        others = [dim for dim in self.panel.columns if dim != "member"]
        fixed = [self.panel.coords[dim][1] for dim in others]
        at = np.unravel_index(cell, [len(part) for part in fixed]) if others else ()
        column = tuple(_word(part[i]) for part, i in zip(fixed, at, strict=True))
        units = [tuple(map(_word, unit)) + column for unit in itertools.product(*map(list, labels))]
        return kernels.Noise(seed, units, self.index.tree.leaves)

    def nominal(self, cell: int) -> Floats:
        """Return the scores (u,) of the index as it is, the mean over the members."""
        ready = prepare(self.index, self.values(cell), self.panel.groups, self.where)
        scores = aggregate(self.index, ready.scores, self.where)[self.place]
        return np.asarray(scores[:, 0] if self.members == 1 else scores.mean(axis=1))

    @property
    def weighs(self) -> bool:
        """Tell whether any weight is uncertain."""
        low, high = self.factors()
        told = self.uncertainty.persons
        return low != high or (told is not None and len(told.counts) > 1)

    def weight_factors(self, seed: int, draws: int) -> Floats:
        """Return the factors of the nodes' weights in each draw (n, draws)."""
        ids, told = self.index.tree.ids, self.uncertainty.persons
        out = kernels.weight_factors(seed, ids, *self.factors(), draws)
        if told is not None:
            person = kernels.persons(seed, np.array(told.counts), draws)
            for name, own in told.factors:
                out[ids.index(name)] = np.array(own)[person]
        return out

    def factors(self) -> tuple[list[float], list[float]]:
        """Return the least and the largest factor of the weight of each node."""
        told, levels, tree = self.uncertainty.weights, self.uncertainty.levels, self.index.tree
        if isinstance(told, tuple):
            by = {name: ends for name, *ends in told}
            found = [by.get(name, [1.0, 1.0]) for name in tree.ids]
        else:
            free = [
                name != tree.root and (not levels or tree.level[name] in levels)
                for name in tree.ids
            ]
            found = [[1.0 - told * one, 1.0 + told * one] for one in free]
        return [low for low, _ in found], [high for _, high in found]


def _word(label: Any) -> str:
    return str(label.astype("M8[s]")) if isinstance(label, np.datetime64) else str(label)


def seeded(seed: int | None, where: str) -> int:
    """Return the seed, or a drawn one where it is None.

    Raises
    ------
    ParameterError
        It is no whole number from 0.
    """
    if seed is None:
        return draw_seed()
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**63:
        raise ParameterError(where, f"seed={seed!r}", "a whole number from 0", 9, "seed")
    return int(seed)


def setting(
    index: Index,
    data: Any,
    uncertainty: Uncertainty | None,
    node: str | None,
    standard_error: Any,
    where: str,
) -> Setting:
    """Return an index and its alternatives ready to be evaluated.

    Raises
    ------
    ParameterError
        An alternative does not go with the index, or both kinds of errors are given.
    """
    doubt = Uncertainty() if uncertainty is None else uncertainty
    if not isinstance(doubt, Uncertainty):
        raise ParameterError(
            where, f"uncertainty={doubt!r}", "composite.Uncertainty(…)", 9, "uncertainty"
        )
    panel = admit(index, data, where)
    if isinstance(doubt.weights, tuple):
        for name, _, _ in doubt.weights:
            index.tree.place(name, where)
    if doubt.persons is not None:
        check_persons(index, doubt.persons, where)
    place = index.tree.place(index.tree.root if node is None else node, where)
    errors = _errors(index, panel, doubt, standard_error, where)

    def variants(names: tuple[str, ...]) -> list[Index]:
        options = [getattr(doubt, name) or (getattr(index, name),) for name in names]
        return [
            index.evolve(**dict(zip(names, chosen, strict=True)))
            for chosen in itertools.product(*options)
        ]

    def to_scale(one: Index) -> Callable[[Floats], Floats]:
        return lambda x: prepare(one, x, panel.groups, where).scores

    def to_score(one: Index) -> Callable[[Floats, Floats], Floats]:
        return lambda x, factors: aggregate(one, x, where, factors)[place]

    first, second = variants(BEFORE), variants(AFTER)
    # combining reads how many children are needed, so alternatives of `missing` reach it too
    if len({one.missing.needed for one in first}) > 1:
        raise ParameterError(
            where,
            "alternatives of missing differ in 'needed'",
            "one 'needed', several fills",
            9,
            "uncertainty",
        )
    second = [one.evolve(missing=first[0].missing) for one in second]
    for one in first:  # a scale that a mean cannot take is found before any draw
        for other in second:
            one.evolve(weigh=other.weigh, aggregate=other.aggregate)
    return Setting(
        index=index,
        uncertainty=doubt,
        panel=panel,
        errors=errors,
        place=place,
        where=where,
        scale=tuple(map(to_scale, first)),
        combine=tuple(map(to_score, second)),
    )


def _errors(
    index: Index, panel: Panel, doubt: Uncertainty, standard_error: Any, where: str
) -> Floats | None:
    """Return standard errors (i, u, c) without members, or None."""
    i, u, b = panel.values.shape
    members = panel.sizes.get("member", 1)
    if standard_error is None:
        if doubt.data == 0:
            return None
        mean = panel.values.reshape(i, u, b // members, members).mean(axis=3)
        by = {node.id: node for node in index.nodes}
        scales = [by[leaf].normalise or index.normalise for leaf in index.tree.leaves]
        coded = [isinstance(scale, Categorical) and not scale.limits for scale in scales]
        return np.where(np.reshape(coded, (-1, 1, 1)), 0.0, np.abs(mean) * doubt.data)
    if doubt.data > 0:
        raise ParameterError(
            where,
            "both uncertainty.data and standard_error are given",
            "one of them",
            9,
            "standard_error",
        )
    told = admit(index, standard_error, where, "standard_error")
    wanted = {dim: size for dim, size in panel.sizes.items() if dim != "member"}
    if told.sizes != wanted or any(
        not np.array_equal(told.coords[dim][1], panel.coords[dim][1]) for dim in wanted
    ):
        raise AlignmentError(
            where,
            f"standard_error is {told.sizes}, the data are {wanted}",
            "the same labels in the same order",
            2,
            "standard_error",
        )
    if np.any(told.values < 0):
        raise InputError(
            where, "a standard error is negative", "standard errors from 0", 9, "standard_error"
        )
    return np.where(np.isnan(told.values), 0.0, told.values)
