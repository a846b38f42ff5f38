"""What follows from the nodes of an instrument: the tree, exact weights, order of the work."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from migov.core.errors import ParameterError

if TYPE_CHECKING:
    from migov.governance.instrument import Instrument, Node


@attrs.frozen(eq=False)
class Tree:
    """The tree of an instrument.

    Parameters
    ----------
    ids : tuple of str
        All nodes, as written.
    items : tuple of str
        Nodes without children.
    root : str
    steps : tuple of (str, tuple of (str, Fraction))
        Aggregates from the bottom to the root with their children and weights; the weights
        of a mean add up to one.
    level : dict of str to int
        0 for the root.
    below : dict of str to tuple of str
        The items below each node; an item is below itself.
    linear : str
        ``zero`` or ``open`` where all aggregates are means and sums with this one rule, so
        that every score is one weighted sum of answers; empty otherwise.
    """

    ids: tuple[str, ...]
    items: tuple[str, ...]
    root: str
    steps: tuple[tuple[str, tuple[tuple[str, Fraction], ...]], ...]
    level: dict[str, int]
    below: dict[str, tuple[str, ...]]
    linear: str

    @property
    def children(self) -> dict[str, tuple[tuple[str, Fraction], ...]]:
        """Return the children of each aggregate, with their weights."""
        return dict(self.steps)

    def weights(self, node: str) -> dict[str, Fraction]:
        """Return the weight of each item in a node of a linear tree.

        Examples
        --------
        >>> from migov.governance import load
        >>> load("sdg-10.7.2", edition="2021").tree.weights("10.7.2")["D1A"]
        Fraction(1, 30)
        """
        if node in self.items:
            return {node: Fraction(1)}
        found: dict[str, Fraction] = {}
        for child, weight in self.children[node]:
            for item, part in self.weights(child).items():
                found[item] = found.get(item, Fraction(0)) + weight * part
        return found


def _fault(name: str, what: str, mend: str) -> ParameterError:
    return ParameterError("Instrument", f"{name}: {what}", mend, 9, "nodes")


def grow(instrument: Instrument) -> Tree:
    """Return the tree of an instrument, or say what is wrong with its nodes.

    Raises
    ------
    ParameterError
        See :class:`~migov.governance.instrument.Instrument`.
    """
    nodes, name = instrument.nodes, instrument.name
    ids = tuple(node.id for node in nodes)
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise _fault(name, f"two nodes are called {twice[0]!r}", "one code each")
    by = {node.id: node for node in nodes}
    roots = [node.id for node in nodes if not node.parent]
    if len(roots) != 1:
        raise _fault(name, f"{len(roots)} nodes have no parent", "one root")
    for node in nodes:
        for above in (*((node.parent,) if node.parent else ()), *node.across):
            if above not in by:
                raise _fault(
                    name,
                    f"{node.id!r} is part of {above!r}, which is no node",
                    "parent= the id of an aggregate",
                )
    order, level = [roots[0]], {roots[0]: 0}
    for above in order:
        for node in nodes:
            if node.parent == above:
                level[node.id] = level[above] + 1
                order.append(node.id)
    if len(order) < len(ids):
        astray = next(one for one in ids if one not in level)
        raise _fault(
            name,
            f"{astray!r} hangs in a cycle, not below {roots[0]!r}",
            "a parent nearer to the root for one node of the cycle",
        )
    parts = {
        one: tuple(n for n in nodes if n.parent == one or one in n.across)
        for one in ids
        if by[one].aggregate
    }
    items = tuple(one for one in ids if one not in parts)
    _check_nodes(instrument, items, parts)
    steps = tuple((one, _weights(name, by[one], parts[one])) for one in _bottom_up(order, parts))
    below: dict[str, tuple[str, ...]] = {item: (item,) for item in items}
    for one, children in steps:
        counted = [child for child, weight in children if weight > 0]
        below[one] = tuple(dict.fromkeys(item for child in counted for item in below[child]))
    rules = {(by[one].aggregate != "minimum", by[one].missing) for one in parts}
    linear = next(iter(rules))[1] if len(rules) == 1 and next(iter(rules))[0] else ""
    return Tree(
        ids, items, roots[0], steps, level, below, linear if linear in ("zero", "open") else ""
    )


def _bottom_up(order: list[str], parts: dict[str, tuple[Node, ...]]) -> list[str]:
    """Return the aggregates so that each comes after all aggregates among its parts."""
    done: list[str] = []
    left = [one for one in reversed(order) if one in parts]
    while left:
        for one in left:
            if all(part.id not in parts or part.id in done for part in parts[one]):
                done.append(one)
                left.remove(one)
                break
    return done


def _check_nodes(
    instrument: Instrument, items: tuple[str, ...], parts: dict[str, tuple[Node, ...]]
) -> None:
    name = instrument.name
    scales = {scale.id: scale for scale in instrument.scales}
    known = {classes.id for classes in instrument.classes}
    for node in instrument.nodes:
        if node.classes and node.classes not in known:
            raise _fault(
                name,
                f"{node.id!r} has the classes {node.classes!r}, which are not there",
                f"Classes(id={node.classes!r}, …) among classes",
            )
        if node.id in items:
            if node.scale not in scales or node.missing:
                raise _fault(
                    name,
                    f"item {node.id!r} has scale={node.scale!r}, missing={node.missing!r}",
                    f"a scale ({', '.join(scales)}); the missing rule is its parent's",
                )
        elif node.scale or not node.missing or not parts[node.id]:
            raise _fault(
                name,
                f"aggregate {node.id!r} has scale={node.scale!r}, missing={node.missing!r} and "
                f"{len(parts[node.id])} children",
                "children, a missing rule, no scale",
            )
        for above in node.across:
            if Fraction(next(n.weight for n in instrument.nodes if n.id == above)) != 0:
                raise _fault(
                    name, f"{above!r} goes across, so its weight must be 0", "weight=0: shown only"
                )
            if node.id not in items:
                raise _fault(
                    name, f"{node.id!r} goes into {above!r} and is no item", "across of items only"
                )
    for one, children in parts.items():
        if instrument.node(one).missing == "zero":
            for child in children:
                if child.id in items and scales[child.scale].ends[0] != 0:
                    raise _fault(
                        name,
                        f"{one!r} counts missing answers as zero, the scale of {child.id!r} "
                        "does not begin at zero",
                        'missing="answered" or "open"',
                    )


def _weights(name: str, node: Node, parts: tuple[Node, ...]) -> tuple[tuple[str, Fraction], ...]:
    """Return the children of an aggregate with exact weights; parts from across weigh one."""
    given = [
        (part.id, Fraction(part.weight) if part.parent == node.id else Fraction(1))
        for part in parts
    ]
    whole = sum((weight for _, weight in given), Fraction(0))
    if whole <= 0:
        raise _fault(
            name, f"the weights of the children of {node.id!r} are all zero", "one above zero"
        )
    if node.aggregate != "mean":
        return tuple(given)
    if any(weight.denominator != 1 for _, weight in given) and whole != 1:
        raise _fault(
            name,
            f"the weights below {node.id!r} add up to {whole}, not to 1",
            "fractions that add up to 1, or whole numbers",
        )
    return tuple((one, weight / whole) for one, weight in given)


@lru_cache(maxsize=64)
def tree_of(instrument: Instrument) -> Tree:
    """Return the tree, grown once for each instrument."""
    return grow(instrument)
