"""Which items of one edition are items of another, and answers carried across."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from migov.core.errors import CodeError, DefinitionError, KindError, ParameterError
from migov.governance.answers import Answers
from migov.governance.asked import ask
from migov.governance.instrument import Instrument

WHERE = "governance.crosswalk"


@attrs.frozen(kw_only=True)
class Crosswalk:
    """Items of one edition and what becomes of them in another.

    Parameters
    ----------
    source, target : Instrument
    pairs : tuple of (str, str)
        Item of `source` and the item of `target` that asks the same on the same scale.

    Raises
    ------
    CodeError
        A pair names no item.
    ParameterError
        An item twice, or two scales.
    """

    source: Instrument
    target: Instrument
    pairs: tuple[tuple[str, str], ...]

    def __attrs_post_init__(self) -> None:
        for side, items in ((0, self.source.items), (1, self.target.items)):
            named = [pair[side] for pair in self.pairs]
            for name in named:
                if name not in items:
                    raise CodeError(
                        WHERE, f"{name!r} is no item", "ids of the two instruments", 9, "pairs"
                    )
            if len(set(named)) < len(named):
                raise ParameterError(
                    WHERE, "an item stands in two pairs", "each item in one pair", 9, "pairs"
                )
        for one, other in self.pairs:
            here, there = self.source.scale(one), self.target.scale(other)
            if (here.values, here.ends) != (there.values, there.ends):
                raise ParameterError(
                    WHERE,
                    f"{one} and {other} have different scales ({here}; {there})",
                    "leave the pair out: it is another question",
                    9,
                    "pairs",
                )

    @property
    def dropped(self) -> tuple[str, ...]:
        """Return the items of the source that the target does not have."""
        kept = {one for one, _ in self.pairs}
        return tuple(item for item in self.source.items if item not in kept)

    @property
    def new(self) -> tuple[str, ...]:
        """Return the items of the target that the source did not ask."""
        kept = {other for _, other in self.pairs}
        return tuple(item for item in self.target.items if item not in kept)

    def carry(self, answers: Answers) -> Answers:
        """Return the answers under the items of the target; what it does not ask is left out.

        Items that the source did not ask stay without an answer, so that the bounds of the
        target's scores show what they could change.

        Raises
        ------
        DefinitionError
            No answer is to an item that both editions have.
        """
        if not isinstance(answers, Answers):
            raise KindError(
                WHERE,
                f"answers is a {type(answers).__name__}",
                "migov.governance.Answers.from_frame(…)",
                None,
                "answers",
            )
        names = {**dict(self.pairs), "": ""}
        node = answers.rows["node"].map(names)
        keep = node.notna().to_numpy(dtype=bool)
        if not (keep & (answers.rows["node"] != "").to_numpy()).any():
            raise DefinitionError(
                WHERE,
                f"no answer is to an item of both {self.source.name} and {self.target.name}",
                "answers to the source instrument",
                5,
                "answers",
            )
        rows = answers.rows.assign(node=node)[keep].reset_index(drop=True)
        return Answers(rows, np.asarray(answers.numerator)[keep], answers.denominator)


def crosswalk(
    source: Instrument, target: Instrument, pairs: Mapping[str, str] | None = None
) -> Crosswalk:
    """Return which items of an edition are items of another.

    Parameters
    ----------
    source, target : Instrument
    pairs : mapping of str to str, optional
        Item of the source to item of the target; where absent, items with the same code and
        scale of two editions of one instrument.

    Raises
    ------
    ParameterError
        Two different instruments without `pairs`.

    Examples
    --------
    >>> from migov.governance import load
    >>> old, new = (load("sdg-10.7.2", edition=e) for e in ("2019", "2021"))
    >>> across = crosswalk(old, new)
    >>> len(across.pairs), across.dropped, across.new
    (30, (), ())
    """
    for name, one in (("source", source), ("target", target)):
        if not isinstance(one, Instrument):
            raise KindError(WHERE, f"{name} is a {type(one).__name__}", "load(…)", None, name)
    if pairs is not None:
        ask(pairs, Mapping, WHERE, "pairs", "pairs={item: item}")
    else:
        if source.id != target.id:
            raise ParameterError(
                WHERE,
                f"{source.name} and {target.name} are two instruments",
                "pairs={item: item}",
                9,
                "pairs",
            )
        same = [
            item
            for item in source.items
            if item in target.items
            and (source.scale(item).values, source.scale(item).ends)
            == (target.scale(item).values, target.scale(item).ends)
        ]
        pairs = dict(zip(same, same, strict=True))
    return Crosswalk(source=source, target=target, pairs=tuple(pairs.items()))
