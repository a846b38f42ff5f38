"""The programme of a reform: starts, completed effects, true scores, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import attrs
import numpy as np

from migov.core.errors import ParameterError
from migov.governance.asked import as_tuple
from migov.governance.base import Base, weights_now
from migov.governance.kernels_reform import Programme
from migov.governance.measures import Measure, pairs_of, told_pairs

Terms = dict[int, Fraction]
"""A linear expression: weights of columns; −1 is the constant."""


def _amounts(told: Any) -> tuple[tuple[str, float], ...]:
    """Return measures and amounts from a mapping or a sequence of pairs."""
    try:
        pairs = told.items() if isinstance(told, Mapping) else told
        return tuple((str(name), float(amount)) for name, amount in pairs)
    except (TypeError, ValueError) as fault:
        raise ParameterError(
            "Scenario", f"costs={told!r:.60}", "costs={'m1': 12}", 9, "costs"
        ) from fault


def _effects(told: Any) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return measures and what they raise from a mapping or a sequence of pairs."""
    return tuple((str(name), pairs_of(raises)) for name, raises in told_pairs(told, "raises"))


@attrs.frozen(kw_only=True)
class Scenario:
    """What may come otherwise: costs, and measures that do not deliver.

    Parameters
    ----------
    id : str
    probability : float
        Above 0; those of all scenarios add up to 1.
    costs : tuple of (str, float)
        Measures that cost another amount.
    fails : tuple of str
        Measures that are paid and carried out, and raise nothing.
    raises : mapping of str to mapping
        Measures that raise items to other values than they say: ``{"m1": {"D2A": "1/2"}}``.

    Raises
    ------
    ParameterError
        No probability, costs or effects that are none, or a measure that fails and raises.
    """

    id: str
    probability: float
    costs: tuple[tuple[str, float], ...] = attrs.field(
        default=(),
        converter=_amounts,
    )
    fails: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    raises: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = attrs.field(
        default=(), converter=_effects
    )

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise self._fault("id", self.id, "a text")
        chance = self.probability
        number = isinstance(chance, int | float | np.number) and not isinstance(chance, bool)
        if not number or not 0 < chance <= 1:
            raise self._fault("probability", chance, "above 0, those of all scenarios together 1")
        for name in ("costs", "raises"):
            named = [measure for measure, _ in getattr(self, name)]
            if len(set(named)) < len(named):
                raise self._fault(name, getattr(self, name), "each measure once")
        if any(not np.isfinite(cost) or cost < 0 for _, cost in self.costs):
            raise self._fault("costs", self.costs, "costs from 0")
        both = sorted(set(self.fails) & {measure for measure, _ in self.raises})
        if both:
            raise self._fault("fails", both[0], "a measure that fails raises nothing")

    def _fault(self, name: str, value: Any, mend: str) -> ParameterError:
        return ParameterError("Scenario", f"{self.id!r}: {name}={value!r:.60}", mend, 9, name)


@attrs.define(eq=False)
class Model:
    """A programme and where its parts stand.

    Parameters
    ----------
    base : Base
    measures : tuple of Measure
    years : int
        1 where measures are chosen without years.
    dated : bool
        Whether there are years.
    effects : list of dict
        What each measure raises, by scenario.
    """

    base: Base
    measures: tuple[Measure, ...]
    years: int
    dated: bool
    effects: list[dict[int, tuple[tuple[int, int], ...]]]
    programme: Programme = attrs.field(factory=Programme)
    starts: dict[tuple[int, int], int] = attrs.field(factory=dict)
    capacity: dict[str, tuple[int, ...]] = attrs.field(factory=dict)
    _own: list[dict[int, int]] = attrs.field(factory=list)
    _reached: dict[tuple[int, int], dict[str, Terms]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for place, measure in enumerate(self.measures):
            last = self.years - measure.duration if self.dated else 0
            own = {year: self.programme.column(whole=True) for year in range(last + 1)}
            self._own.append(own)
            self.starts.update({(place, year): column for year, column in own.items()})
        places = {measure.id: place for place, measure in enumerate(self.measures)}
        for place, measure in enumerate(self.measures):
            begun = self._begun(place, self.years)
            if len(begun) > 1:
                self.programme.row(begun, high=1)
            for need in measure.needs:
                self._after(place, places[need])
            for other in measure.conflicts:
                both = begun | self._begun(places[other], self.years)
                if both:
                    self.programme.row(both, high=1)

    def _begun(self, place: int, before: int) -> dict[int, float]:
        """Return the starts of a measure before a year."""
        return {column: 1.0 for year, column in self._own[place].items() if year < before}

    def done(self, place: int, year: int) -> dict[int, float]:
        """Return the starts by which a measure is completed at the end of a year."""
        duration = self.measures[place].duration if self.dated else 1
        return self._begun(place, year - duration + 2)

    def _after(self, place: int, need: int) -> None:
        if not self.dated:
            terms = self._begun(place, 1) | dict.fromkeys(self._begun(need, 1), -1.0)
            self.programme.row(terms, high=0)
            return
        for year in range(self.years):
            ready = self._begun(need, year - self.measures[need].duration + 1)
            own = self._begun(place, year + 1)
            if own:
                self.programme.row(own | dict.fromkeys(ready, -1.0), high=0)

    def spend(self, budgets: Sequence[float], costs: Sequence[float]) -> None:
        """Limit what is paid in the year of the start."""
        for year, budget in enumerate(budgets):
            terms = {
                column: costs[place]
                for (place, begun), column in self.starts.items()
                if begun == year and costs[place]
            }
            if np.isfinite(budget):
                self.programme.row(terms, high=budget)

    def run(self, capacity: Mapping[str, tuple[int, ...]]) -> None:
        """Limit how many measures of a body run in a year."""
        self.capacity = dict(capacity)
        for body, every in capacity.items():
            for year, most in enumerate(every):
                terms = {
                    column: 1.0
                    for (place, begun), column in self.starts.items()
                    if self.measures[place].body == body
                    and begun <= year < begun + (self.measures[place].duration if self.dated else 1)
                }
                if len(terms) > most:
                    self.programme.row(terms, high=most)

    def nodes(self, year: int, scenario: int = 0) -> dict[str, Terms]:
        """Return every defined node at the end of a year as a linear expression of columns.

        The expressions are exact where they are maximised or bounded from below.
        """
        known = self._reached.get((year, scenario))
        if known is not None:
            return known
        found = self._items(year, scenario)
        for name, (aggregate, weights) in weights_now(self.base).items():
            parts = [(found.get(child, {}), weight) for child, weight in weights.items()]
            if aggregate == "minimum":
                # Scores can only be bounded from below, so the least of them needs no binary.
                least = self.programme.column(whole=False, upper=np.inf)
                for terms, _ in parts:
                    row = {c: -float(value) for c, value in terms.items() if c >= 0}
                    high = float(terms.get(-1, 0))
                    self.programme.row({**row, least: 1.0}, high=high)
                found[name] = {least: Fraction(1)}
                continue
            total: Terms = {}
            for terms, weight in parts:
                for column, value in terms.items():
                    total[column] = total.get(column, Fraction(0)) + weight * value
            found[name] = total
        self._reached[year, scenario] = found
        return found

    def _items(self, year: int, scenario: int) -> dict[str, Terms]:
        by: dict[int, list[tuple[int, int]]] = {}
        for place, told in self.effects[scenario].items():
            for item, level in told:
                by.setdefault(item, []).append((level, place))
        found: dict[str, Terms] = {}
        for at, name in enumerate(self.base.instrument.items):
            now = int(self.base.levels[at])
            terms: Terms = {-1: Fraction(now, self.base.denominator)}
            below = now
            for level in sorted({level for level, _ in by.get(at, [])}):
                makers: dict[int, float] = {}
                for reached, place in by[at]:
                    if reached >= level:
                        makers |= self.done(place, year)
                step = Fraction(level - below, self.base.denominator)
                below = level
                if not makers:
                    continue
                column = self.programme.column(whole=False)
                self.programme.row({column: 1.0} | dict.fromkeys(makers, -1.0), high=0)
                terms[column] = step
            found[name] = terms
        return found

    def defined(self, node: str, year: int, scenario: int) -> Terms:
        """Return a node's expression.

        Raises
        ------
        ParameterError
            Missing answers leave the node undefined.
        """
        terms = self.nodes(year, scenario).get(node)
        if terms is None:
            raise ParameterError(
                "governance.plan",
                f"{node!r} of {self.base.area} is undefined",
                "answer its items first",
                7,
                "answers",
            )
        return terms

    def demand(self, terms: Terms, limit: Fraction, switch: int | None = None) -> None:
        """Demand that an expression reaches a limit, or only where a switch is on.

        Rows are integers and the limit is lowered by half a point: answers are whole levels, so
        nothing between two points exists, and the solver's tolerance cannot lose a point.
        """
        scale = lcm(limit.denominator, *(value.denominator for value in terms.values()))
        need = (limit - terms.get(-1, Fraction(0))) * scale
        if need <= 0:
            return
        row = {c: float(value * scale) for c, value in terms.items() if c >= 0}
        if switch is None:
            self.programme.row(row, low=float(need) - 0.5)
        else:
            self.programme.row(row | {switch: 0.5 - float(need)}, low=0)
