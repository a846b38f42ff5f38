"""All that limits a reform, and the programme that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from migov.core.errors import ParameterError
from migov.governance.asked import exact_text
from migov.governance.base import Base
from migov.governance.measures import Measure
from migov.governance.reform_limits import WHERE, costs_of
from migov.governance.reform_model import Model, Scenario

Effects = dict[int, tuple[tuple[int, int], ...]]


@attrs.frozen(eq=False, kw_only=True)
class Setting:
    """A reform before it is solved.

    Parameters
    ----------
    base : Base
    measures : tuple of Measure
        That can be chosen.
    left_out : dict of str to str
        Why others cannot.
    years : int
        1 where there are none.
    dated : bool
    cases : tuple of Scenario
    effects : tuple of dict
        What each measure raises, by scenario.
    budgets : tuple of float
        One a year.
    capacity : dict of str to tuple of int
    reach : dict of str to Fraction
        Demands as scores without the instrument's multiple.
    unit : str
        Of costs and budgets.
    """

    base: Base
    measures: tuple[Measure, ...]
    left_out: dict[str, str]
    years: int
    dated: bool
    cases: tuple[Scenario, ...]
    effects: tuple[Effects, ...]
    budgets: tuple[float, ...]
    capacity: dict[str, tuple[int, ...]]
    reach: dict[str, Fraction]
    unit: str

    def model(self, *, demand: bool = True) -> Model:
        """Return the programme of the limits, with what is to be reached or without."""
        model = Model(self.base, self.measures, self.years, self.dated, list(self.effects))
        for case in self.cases:
            model.spend(self.budgets, costs_of(self.measures, case))
        model.run(self.capacity)
        for name, limit in self.reach.items() if demand else ():
            for scenario in range(len(self.effects)):
                model.demand(model.defined(name, self.years - 1, scenario), limit)
        return model

    def free(self) -> Setting:
        """Return the setting without budgets."""
        return attrs.evolve(self, budgets=(np.inf,) * self.years)

    def longer(self, years: int) -> Setting:
        """Return the setting with more years, each like the last."""
        more = years - self.years
        return attrs.evolve(
            self,
            years=years,
            budgets=(*self.budgets, *self.budgets[-1:] * more),
            capacity={body: (*every, *every[-1:] * more) for body, every in self.capacity.items()},
        )


def reach_of(base: Base, reach: Mapping[str, Any]) -> dict[str, Fraction]:
    """Return demands as scores without multiple.

    Raises
    ------
    ParameterError
        Neither a score nor the label of a class that is above the lowest.
    """
    found = {}
    for name, wanted in reach.items():
        node = base.instrument.node(name)
        classes = base.instrument.classes_of(node.id)
        if classes is not None and wanted in classes.labels[1:]:
            limit = Fraction(classes.limits[classes.labels.index(wanted) - 1])
        else:
            try:
                limit = Fraction(exact_text(wanted))
            except ParameterError as fault:
                labels = ", ".join(classes.labels[1:]) if classes else "no classes"
                raise ParameterError(
                    WHERE, f"reach of {name!r} is {wanted!r}", f"a score as '80', or {labels}", 9,
                    "reach",
                ) from fault  # fmt: skip
        found[name] = limit / Fraction(base.instrument.multiple)
    return found
