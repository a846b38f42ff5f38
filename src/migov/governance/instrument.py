"""A policy instrument: nodes with weights, aggregator, scale and missing rule, one edition each."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, cast

import attrs
import numpy as np

from migov.core.errors import CodeError, MigovError, ParameterError
from migov.governance.asked import as_tuple, exact_text, exact_texts

if TYPE_CHECKING:
    import xarray as xr

    from migov.governance.answers import Answers

Aggregate = Literal["", "mean", "sum", "minimum"]
Missing = Literal["", "zero", "answered", "open"]

_AGGREGATES = ("", "mean", "sum", "minimum")
_MISSING = ("", "zero", "answered", "open")


@attrs.frozen(kw_only=True)
class Scale:
    """The answers that an item may take.

    Parameters
    ----------
    id : str
        Name by which nodes refer to it.
    values : tuple of exact number
        The allowed answers; empty where every number from `low` to `high` is one.
    labels : tuple of str
        What each of `values` says.
    low, high : exact number
        Ends of a range without steps.

    Raises
    ------
    ParameterError
        Binary floats, no values and no range, or labels that do not match.

    Examples
    --------
    >>> Scale(id="yes_no", values=(0, 1), labels=("no", "yes")).ends
    (Fraction(0, 1), Fraction(1, 1))
    """

    id: str
    values: tuple[str, ...] = attrs.field(default=(), converter=exact_texts)
    labels: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    low: str = attrs.field(default="0", converter=exact_text)
    high: str = attrs.field(default="0", converter=exact_text)

    def __attrs_post_init__(self) -> None:
        if self.labels and len(self.labels) != len(self.values):
            raise _fault(
                f"scale {self.id!r} has {len(self.values)} values and {len(self.labels)} labels",
                "one label for each value, or labels=()",
                "labels",
            )
        if len(set(self.values)) < len(self.values):
            raise _fault(f"scale {self.id!r} has an answer twice", "each value once", "values")
        low, high = self.ends
        if low >= high:
            raise _fault(
                f"scale {self.id!r} has no two different answers", "values=(0, 1)", "values"
            )

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest answer."""
        if not self.values:
            return Fraction(self.low), Fraction(self.high)
        found = [Fraction(value) for value in self.values]
        return min(found), max(found)

    def allows(self, value: Fraction) -> bool:
        """Tell whether an answer is on the scale."""
        if not self.values:
            return Fraction(self.low) <= value <= Fraction(self.high)
        return str(value) in self.values

    def __str__(self) -> str:
        if not self.values:
            return f"{self.low} to {self.high}"
        named = self.labels or self.values
        return ", ".join(
            value if value == label else f"{value} {label}"
            for value, label in zip(self.values, named, strict=True)
        )


@attrs.frozen(kw_only=True)
class Classes:
    """Classes of a score, 1 for the lowest.

    Parameters
    ----------
    id : str
        Name by which nodes refer to them.
    labels : tuple of str
        From the lowest to the highest.
    limits : tuple of exact number
        Lower limit of each class above the lowest, in the unit of the score; a score of
        exactly a limit is in the upper class.
    groups : tuple of (str, tuple of int)
        Classes that are published together, such as ``("meets or fully meets", (3, 4))``.
    """

    id: str
    labels: tuple[str, ...] = attrs.field(converter=as_tuple)
    limits: tuple[str, ...] = attrs.field(converter=exact_texts)
    groups: tuple[tuple[str, tuple[int, ...]], ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        limits = [Fraction(limit) for limit in self.limits]
        if len(self.labels) != len(limits) + 1:
            raise _fault(
                f"classes {self.id!r} have {len(self.labels)} labels and {len(limits)} limits",
                "one label more than limits: the lowest class has none",
                "labels",
            )
        if limits != sorted(set(limits)):
            raise _fault(
                f"the limits of classes {self.id!r} do not increase",
                "limits in increasing order",
                "limits",
            )
        for pair in self.groups:
            if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[1], tuple)):
                raise _fault(f"classes {self.id!r}: {pair!r} is no group", '("meets", (3, 4))')
            label, members = pair
            if not set(members) <= set(range(1, len(self.labels) + 1)):
                raise _fault(
                    f"group {label!r} of classes {self.id!r} names a class it has not",
                    f"numbers from 1 to {len(self.labels)}",
                    "groups",
                )

    def label(self, number: int) -> str:
        """Return the label of a class, ``not classed`` for 0."""
        return self.labels[number - 1] if number > 0 else "not classed"


@attrs.frozen(kw_only=True)
class Node:
    """An item or an aggregate of an instrument.

    Parameters
    ----------
    id : str
        Code of the node.
    parent : str
        The node that it is part of; empty for the root.
    label : str
        Short label.
    weight : exact number
        Among the children of the parent. Fractions must add up to one; whole numbers are
        relative. 0 for what is shown and not counted.
    aggregate : {"", "mean", "sum", "minimum"}
        How children become the node; empty for an item.
    scale : str
        Of an item: its scale.
    missing : {"", "zero", "answered", "open"}
        Of an aggregate: a missing child counts as zero, is left out and the weights of the
        others are rescaled, or leaves the node undefined. An item that is not applicable is
        left out too, except that ``zero`` counts it as zero.
    classes : str
        Classes of its score; empty for none.
    across : tuple of str
        Further aggregates, of weight 0, that the item also belongs to.
    begins : str
        ISO date before which an item does not apply.
    lasts : int
        Of an item: months after its evidence (or its start) at which an answer lapses; 0 never.
    """

    id: str
    parent: str = ""
    label: str = ""
    weight: str = attrs.field(default="1", converter=exact_text)
    aggregate: Aggregate = ""
    scale: str = ""
    missing: Missing = ""
    classes: str = ""
    across: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    begins: str = ""
    lasts: int = 0

    def __attrs_post_init__(self) -> None:
        if not self.id or not isinstance(self.id, str):
            raise _fault("a node has no id", 'id="D1"')
        if self.aggregate not in _AGGREGATES or self.missing not in _MISSING:
            raise _fault(
                f"{self.id!r} has aggregate={self.aggregate!r}, missing={self.missing!r}",
                f"aggregate: {', '.join(_AGGREGATES[1:])}; missing: {', '.join(_MISSING[1:])}",
            )
        if Fraction(self.weight) < 0:
            raise _fault(
                f"the weight of {self.id!r} is negative", "from 0; 0 for shown, not counted"
            )
        if isinstance(self.lasts, bool) or not isinstance(self.lasts, int) or self.lasts < 0:
            raise _fault(f"{self.id!r} lasts {self.lasts!r}", "whole months, 0 for ever")
        if self.begins != "":
            try:
                np.datetime64("" + self.begins, "D")
            except (TypeError, ValueError) as fault:
                raise _fault(
                    f"{self.id!r} begins at {self.begins!r}, which is no date",
                    'begins="2003-07-01"',
                ) from fault


def _fault(what: str, mend: str, argument: str = "nodes") -> ParameterError:
    return ParameterError("Instrument", what, mend, 9, argument)


@attrs.frozen(kw_only=True, cache_hash=True)
class Instrument:
    """One edition of a policy instrument, from which answers get scores.

    Parameters
    ----------
    id, edition, title : str
        What it is called; two editions are two instruments.
    nodes : tuple of Node
        One root; items are the nodes without children.
    scales : tuple of Scale
    classes : tuple of Classes
    multiple : exact number
        By what the root's mean is multiplied in scores; 100 for percent.
    unit : str
        Of the scores.
    direction : {"up", "none"}
        Whether more is better; where not, nothing is a gap or a reform.
    source, note : str
        Where structure and rule come from, and what a reader has to know.
    answered_by : str
        Who answers, as the source says.

    Raises
    ------
    ParameterError
        No tree, a cycle, weights that do not add up, binary floats, unknown scales.

    Examples
    --------
    >>> tiny = Instrument(id="tiny", edition="1", nodes=(
    ...     Node(id="all", aggregate="mean", missing="answered"),
    ...     Node(id="law", parent="all", weight="2/3", scale="yes_no"),
    ...     Node(id="body", parent="all", weight="1/3", scale="yes_no"),
    ... ), scales=(Scale(id="yes_no", values=(0, 1)),))
    >>> tiny.items, tiny.root
    (('law', 'body'), 'all')
    """

    id: str
    edition: str
    nodes: tuple[Node, ...] = attrs.field(converter=as_tuple)
    scales: tuple[Scale, ...] = attrs.field(converter=as_tuple)
    classes: tuple[Classes, ...] = attrs.field(default=(), converter=as_tuple)
    title: str = ""
    multiple: str = attrs.field(default="100", converter=exact_text)
    unit: str = "percent"
    direction: Literal["up", "none"] = "up"
    source: str = ""
    note: str = ""
    answered_by: str = ""

    def __attrs_post_init__(self) -> None:
        from migov.governance.tree import grow

        for name, kind in (("nodes", Node), ("scales", Scale), ("classes", Classes)):
            if not all(isinstance(one, kind) for one in getattr(self, name)):
                raise _fault(
                    f"{name} holds what is no {kind.__name__}",
                    f"{name}=({kind.__name__}(…), …)",
                    name,
                )
        if Fraction(self.multiple) <= 0:
            raise _fault(f"multiple={self.multiple}", "above 0, 100 for percent", "multiple")
        if self.direction not in ("up", "none"):
            raise _fault(f"direction={self.direction!r}", "up or none", "direction")
        grow(self)

    @property
    def name(self) -> str:
        """Return id and edition."""
        return f"{self.id} ({self.edition})"

    @property
    def tree(self) -> Any:
        """Return what follows from the nodes; see :class:`migov.governance.tree.Tree`."""
        from migov.governance.tree import tree_of

        return tree_of(self)

    @property
    def items(self) -> tuple[str, ...]:
        """Return the items, as written."""
        return cast("tuple[str, ...]", self.tree.items)

    @property
    def root(self) -> str:
        """Return the node that all others are below."""
        return cast(str, self.tree.root)

    def node(self, name: str) -> Node:
        """Return a node by its code.

        Raises
        ------
        CodeError
            There is none.
        """
        for node in self.nodes:
            if node.id == name:
                return node
        known = ", ".join(node.id for node in self.nodes[:12])
        raise CodeError(
            "Instrument", f"{name!r} is no node of {self.name}", f"such as {known}", 9, "node"
        )

    def scale(self, item: str) -> Scale:
        """Return the scale of an item."""
        wanted = self.node(item).scale
        return next(scale for scale in self.scales if scale.id == wanted)

    def classes_of(self, name: str) -> Classes | None:
        """Return the classes of a node's score, or None."""
        wanted = self.node(name).classes
        return next((found for found in self.classes if found.id == wanted), None)

    def score(self, answers: Answers, *, times: Any = None, as_of: str | None = None) -> xr.Dataset:
        """Return the scores of all nodes, with what missing answers leave open.

        Parameters
        ----------
        answers : Answers
        times : dates, optional
            At which the answers in force are scored; each date until today at which an
            answer begins where absent.
        as_of : str, optional
            ISO date: only what was recorded by then.

        Returns
        -------
        Dataset {area, time, node}
            ``score`` in the unit of the instrument; ``class`` from 1, 0 where there is none;
            ``coverage``, the share of items answered; ``lowest``, ``highest``,
            ``lowest_class``, ``highest_class``, if missing answers were the worst or the
            best; the exact ``numerator`` over ``denominator``; ``treated_as_zero``, how many
            missing items the rule counted as zero; ``answered_by {area, time}``;
            ``observation_status``. Of items, where answers have it: ``item_assessor_kind``,
            ``item_assessor``, ``item_confidence``, ``item_source``, ``item_evidence_date``,
            ``item_link``, ``item_note``. The attribute ``edition_note`` tells dates for which
            another packaged edition was due.

        Raises
        ------
        MigovError
            Unknown items, answers off the scale, two answers in force at once, all missing.
        """
        from migov.governance.scoring import score

        return score(self, answers, times, as_of)

    def to_json(self) -> str:
        """Return the instrument as JSON text."""
        return json.dumps(attrs.asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Instrument:
        """Return the instrument that a text of :meth:`to_json` tells.

        Raises
        ------
        ParameterError
            The text is damaged.
        """
        try:
            told = json.loads(text)
            told["nodes"] = tuple(Node(**node) for node in told["nodes"])
            told["scales"] = tuple(Scale(**scale) for scale in told["scales"])
            told["classes"] = tuple(
                Classes(**{**one, "groups": tuple((name, tuple(of)) for name, of in one["groups"])})
                for one in told["classes"]
            )
            return cls(**told)
        except MigovError:
            raise
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            raise _fault(f"the text tells no instrument: {fault}", "to_json()", "text") from fault
