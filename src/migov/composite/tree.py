"""The hierarchy of an index: nodes, and what follows from how they hang together."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import attrs
import numpy as np

from migov.composite.combining import (
    Aggregation,
    BenefitOfDoubt,
    Components,
    Geometric,
    Given,
    Harmonic,
    Importance,
    OrderedWeighted,
    Weighting,
)
from migov.composite.combining import Arithmetic as ArithmeticMean
from migov.composite.methods import Method, MinMax, Normaliser, Treatment, Unchanged
from migov.composite.validators import sum_astray, text
from migov.core import catalogue
from migov.core.errors import CodeError, MigovError, ParameterError

if TYPE_CHECKING:
    from migov.composite.index import Index

_UNRANKED = ("border", "asylum", "protection", "safety", "schemes", "scheme_outcomes")
"""Themes whose indicators without direction are in no index."""

Direction = Literal["up", "down", "none", ""]


def kind_of(cls: type[Method]) -> Any:
    """Return a validator for a choice of one kind, or None."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if value is not None and not isinstance(value, cls):
            raise ParameterError(
                type(instance).__name__,
                f"{attribute.name}={value!r} is no {cls.__name__.lower()}",
                "migov.composite names them, as in composite.MinMax()",
                9,
                attribute.name,
            )

    return check


@attrs.frozen(kw_only=True, cache_hash=True)
class Node:
    """An indicator or an aggregate of a composite index.

    Parameters
    ----------
    id : str
        Name of the node; of an indicator, the name under which its data come.
    parent : str
        The node that it is part of; empty for the index itself.
    weight : float
        Among the children of the parent: whole numbers are relative, decimals add up to one
        (see :class:`Given`); 0 for context that is shown and not counted.
    direction : {"up", "down", "none"}
        Of an indicator: which way is better. Where it is none, nothing is ranked.
    unit : str
        Of an indicator: unit of targets and goalposts; data in another unit of the same
        dimension are converted. Empty: taken as they come.
    title : str
        What people call it.
    needed : float, optional
        Share of the children that must be present; the index's where absent.
    normalise, treat : Normaliser, Treatment, optional
        Of an indicator; the index's where absent.
    aggregate, weigh : Aggregation, Weighting, optional
        Of an aggregate; the index's where absent.

    Examples
    --------
    >>> Node(id="visa", parent="mobility", direction="up").weight
    1.0
    """

    id: str = attrs.field()
    parent: str = attrs.field(default="", validator=text)
    weight: float = 1.0
    direction: Direction = ""
    unit: str = ""
    title: str = ""
    needed: float | None = None
    normalise: Normaliser | None = attrs.field(default=None, validator=kind_of(Normaliser))
    treat: Treatment | None = attrs.field(default=None, validator=kind_of(Treatment))
    aggregate: Aggregation | None = attrs.field(default=None, validator=kind_of(Aggregation))
    weigh: Weighting | None = attrs.field(default=None, validator=kind_of(Weighting))

    def __attrs_post_init__(self) -> None:
        def refuse(name: str, mend: str) -> None:
            value = getattr(self, name)
            what = f"{name}={value!r} of node {self.id!r}"
            raise ParameterError("Node", what, mend, 9, name)

        if not isinstance(self.id, str) or not self.id:
            refuse("id", "a text")
        for name, low, high in (("weight", 0.0, math.inf), ("needed", 1e-9, 1.0)):
            value = getattr(self, name)
            if name == "needed" and value is None:
                continue
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not math.isfinite(value) or not low <= value <= high:
                refuse(name, "not negative" if name == "weight" else "above 0, at most 1")
        if self.direction not in ("up", "down", "none", ""):
            refuse("direction", '"up", "down" or "none"')


def check_nodes(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is no tuple of nodes."""
    if not isinstance(value, tuple) or not all(isinstance(node, Node) for node in value):
        raise ParameterError("Index", "nodes is no tuple of Node", "nodes=(Node(…), …)", 9, "nodes")


@attrs.frozen(eq=False)
class Tree:
    """What follows from the nodes: which are indicators, and the order of the work.

    Parameters
    ----------
    ids : tuple of str
        All nodes, as written.
    leaves : tuple of str
        The indicators, as written.
    steps : tuple of (int, tuple of int)
        Aggregates from the bottom to the root: place of the node, places of its children.
    root : str
        The index itself.
    below : dict of str to tuple of str
        The indicators below each node; an indicator is below itself.
    level : dict of str to int
        0 for the root.
    """

    ids: tuple[str, ...]
    leaves: tuple[str, ...]
    steps: tuple[tuple[int, tuple[int, ...]], ...]
    root: str
    below: dict[str, tuple[str, ...]]
    level: dict[str, int]

    def place(self, node: str, where: str) -> int:
        """Return the place of a node.

        Raises
        ------
        CodeError
            The index has no such node.
        """
        if node not in self.ids:
            listed = ", ".join(self.ids[:12]) + (" …" if len(self.ids) > 12 else "")
            raise CodeError(where, f"{node!r} is no node", f"one of {listed}", 9, "node")
        return self.ids.index(node)

    @property
    def at(self) -> np.ndarray:
        """Return the places of the indicators among all nodes."""
        return np.array([self.ids.index(leaf) for leaf in self.leaves], np.intp)


def _fault(what: str, mend: str) -> ParameterError:
    return ParameterError("Index", what, mend, 9, "nodes")


def grow(nodes: tuple[Node, ...]) -> Tree:
    """Return the tree of the nodes.

    Raises
    ------
    ParameterError
        Two nodes of one name, a parent that is none, no or several roots, a circle, or an
        indicator without a direction.
    """
    ids = tuple(node.id for node in nodes)
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise _fault(f"two nodes are called {twice[0]!r}", "one name each")
    by = {node.id: node for node in nodes}
    roots = [node.id for node in nodes if not node.parent]
    if len(roots) != 1:
        raise _fault(
            f"{len(roots)} nodes have no parent ({', '.join(roots[:4])})",
            "one root: the index itself",
        )
    for node in nodes:
        if node.parent and node.parent not in by:
            raise _fault(
                f"{node.id!r} has the parent {node.parent!r}, which is no node",
                "parent= the id of an aggregate",
            )
    children: dict[str, list[str]] = {name: [] for name in ids}
    for node in nodes:
        if node.parent:
            children[node.parent].append(node.id)
    level = {roots[0]: 0}
    order = [roots[0]]
    for name in order:
        for child in children[name]:
            level[child] = level[name] + 1
            order.append(child)
    if len(order) < len(ids):
        astray = next(name for name in ids if name not in level)
        raise _fault(
            f"{astray!r} hangs in a circle, not below {roots[0]!r}",
            "a parent nearer to the root for one node of the circle",
        )
    below: dict[str, tuple[str, ...]] = {}
    for name in reversed(order):
        below[name] = (
            tuple(leaf for child in children[name] for leaf in below[child])
            if children[name]
            else (name,)
        )
    leaves = tuple(name for name in ids if not children[name])
    if leaves == tuple(ids):
        raise _fault(f"{roots[0]!r} has no children", "add indicators with parent=…")
    steps = tuple(
        (ids.index(name), tuple(ids.index(child) for child in children[name]))
        for name in reversed(order)
        if children[name]
    )
    return Tree(ids, leaves, steps, roots[0], below, level)


@lru_cache(maxsize=256)
def tree_of(nodes: tuple[Node, ...]) -> Tree:
    """Return the tree, grown once for each set of nodes."""
    return grow(nodes)


def check(index: Index) -> None:
    """Refuse choices that do not go together.

    Raises
    ------
    ParameterError
        See :class:`~migov.composite.index.Index`.
    """
    tree = tree_of(index.nodes)
    by = {node.id: node for node in index.nodes}
    for leaf in tree.leaves:
        _check_leaf(index, by[leaf])
    for place, children in tree.steps:
        _check_aggregate(index, by[tree.ids[place]], [by[tree.ids[i]] for i in children])
    for place, _ in tree.steps:
        counted = [by[leaf] for leaf in counted_below(index, tree.ids[place])]
        kinds = {leaf.direction == "none" for leaf in counted}
        if len(kinds) > 1:
            plain = next(leaf.id for leaf in counted if leaf.direction == "none")
            raise _fault(
                f"{tree.ids[place]!r} would add {plain!r}, which has no better direction, to "
                "indicators that have one",
                f"weight=0 for {plain!r}: shown, not counted",
            )


def counted_below(index: Index, node: str) -> tuple[str, ...]:
    """Return the indicators below a node that no weight of zero leaves out."""
    tree = tree_of(index.nodes)
    by = {one.id: one for one in index.nodes}

    def counts(leaf: str) -> bool:
        at = leaf
        while at != node:
            if by[at].weight == 0:
                return False
            at = by[at].parent
        return True

    return tuple(leaf for leaf in tree.below[node] if counts(leaf))


@lru_cache
def _ranks_nobody(name: str) -> bool:
    """Tell whether a name is of the catalogue's that have no better direction and rank nobody.

    Refusals, removals, decisions on asylum and ends of stays are no progress, and a State is not
    ranked by them; whose own name is not in the catalogue is not known here.
    """
    try:
        info = catalogue.get(name).info if name in catalogue.ids() else None
    except MigovError:  # a plugin that cannot be loaded
        return False
    return info is not None and info.direction == "none" and info.theme in _UNRANKED


def _check_leaf(index: Index, node: Node) -> None:
    if node.direction in ("up", "down") and _ranks_nobody(node.id):
        raise _fault(
            f"{node.id!r} has the direction {node.direction!r}; by the catalogue more of it is "
            "neither good nor bad, and nobody is ranked by it",
            f"leave {node.id!r} out; in a migov.Balance it is shown as a level",
        )
    if not node.direction:
        raise _fault(
            f"indicator {node.id!r} does not say which way is better",
            'direction="up", "down" or "none"',
        )
    if node.aggregate is not None or node.weigh is not None:
        raise _fault(
            f"{node.id!r} has no children to aggregate or weigh", "aggregate=, weigh= of its parent"
        )
    if node.direction == "down" and isinstance(node.normalise or index.normalise, Unchanged):
        raise _fault(
            f"{node.id!r} is left unchanged and less is better", "turn it round, or normalise it"
        )


def _check_sum(node: Node, children: list[Node], weigh: Weighting) -> None:
    astray = sum_astray(child.weight for child in children)
    if astray is not None:
        told = ", ".join(f"{child.id} {child.weight:.6g}" for child in children[:8])
        raise _fault(
            f"the weights of the children of {node.id!r} add up to {astray:.9g}: {told}",
            f"weights that add up to 1, whole numbers, or "
            f"weigh={type(weigh).__name__}(rescale=True)",
        )


def _check_aggregate(index: Index, node: Node, children: list[Node]) -> None:
    if node.direction or node.normalise is not None or node.treat is not None or node.unit:
        raise _fault(
            f"{node.id!r} has children; direction, unit, normalise and treat are for indicators",
            "direction, unit, normalise and treat of its indicators",
        )
    if sum(child.weight for child in children) <= 0:
        raise _fault(f"the weights of all children of {node.id!r} are zero", "one above zero")
    aggregate, weigh = node.aggregate or index.aggregate, node.weigh or index.weigh
    if isinstance(weigh, Given | Importance) and not weigh.rescale:
        _check_sum(node, children, weigh)
    if isinstance(aggregate, OrderedWeighted) and len(aggregate.weights) != len(children):
        raise _fault(
            f"{node.id!r} has {len(children)} children, "
            f"its ordered weights are {len(aggregate.weights)}",
            "one weight for each child, from the worst: OrderedWeighted(weights=(…))",
        )
    if isinstance(weigh, BenefitOfDoubt | Importance) and not isinstance(aggregate, ArithmeticMean):
        raise _fault(
            f"{node.id!r}: weights by {weigh.kind} belong to the arithmetic mean",
            "aggregate=Arithmetic()",
        )
    if isinstance(weigh, BenefitOfDoubt) and weigh.minimum_share * len(children) >= 1:
        raise _fault(
            f"{node.id!r}: {len(children)} children cannot each have {weigh.minimum_share:g}",
            f"minimum_share below 1/{len(children)}",
        )
    if isinstance(weigh, Components | Importance) and len(children) == 1:
        raise _fault(
            f"{node.id!r} has one child: nothing to weigh by {weigh.kind}",
            "weigh=Equal() of the node",
        )
    if isinstance(aggregate, Geometric | Harmonic):
        for child in children:
            scale = child.normalise or index.normalise
            leaf = child.id in tree_of(index.nodes).leaves
            if leaf and isinstance(scale, MinMax) and scale.lower <= 0:
                raise _fault(
                    f"{node.id!r} is a {aggregate.kind} mean: the worst area of {child.id!r} "
                    f"scores {scale.lower:g} and would bring it to nothing",
                    "MinMax(lower=1, upper=100)",
                )
