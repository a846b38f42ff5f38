"""A reform plan: what starts when, what it costs, what it reaches, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pandas as pd
import xarray as xr

from migov.core.errors import AccountError
from migov.governance.instrument import Instrument
from migov.governance.kernels_reform import Solution, raised
from migov.governance.measures import Measure
from migov.governance.reform_limits import costs_of
from migov.governance.reform_model import Model, Scenario
from migov.governance.reform_setting import Setting

WHERE = "governance.plan"


@attrs.frozen(eq=False, kw_only=True)
class Plan:
    """A reform plan.

    Parameters
    ----------
    starts : dict of str to int
        Year, from 1, in which each chosen measure starts.
    measures : tuple of Measure
        All that could be chosen.
    value, bound : float
        Of the objective; no plan is better than the bound.
    proven : bool
        Whether value and bound meet: an optimum.
    cost : float
        Sum over years, expected over scenarios.
    table : DataFrame
        The chosen measures: ``measure title body start completed cost raises``.
    years : DataFrame
        ``year cost budget score class label`` at the end of each year, and ``running``.
    scored : Dataset {area, time, node}
        By the instrument: now, and at the end of each year.
    by_scenario : DataFrame
        ``scenario probability cost score class label`` at the end.
    status : str
        Of the solver.
    unit : str
        Of the costs, empty where none was told.
    objective : {"score", "classes", "benefit", "cost"}
        What was maximised, or for ``cost`` minimised.
    left_out : dict of str to str
        Measures that could not be chosen, and why.
    dated : bool
        Whether there is a horizon of years.
    """

    starts: dict[str, int]
    measures: tuple[Measure, ...]
    value: float
    bound: float
    proven: bool
    cost: float
    table: pd.DataFrame
    years: pd.DataFrame
    scored: xr.Dataset
    by_scenario: pd.DataFrame
    status: str
    unit: str = ""
    objective: str = "score"
    left_out: dict[str, str] = attrs.field(factory=dict)
    dated: bool = False

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the chosen measures, as written."""
        return tuple(measure.id for measure in self.measures if measure.id in self.starts)

    @property
    def gap(self) -> float:
        """Return the distance of bound and value, relative to the value."""
        return abs(self.bound - self.value) / max(abs(self.value), 1e-12)

    def __str__(self) -> str:
        sure = "proven optimum" if self.proven else f"within {100 * self.gap:.2g} % of the bound"
        unit = f" {self.unit}" if self.unit else ""
        many = f"{len(self.starts)} of {len(self.measures)} measures"
        lines = [f"{many}, cost {self.cost:g}{unit}; {sure}"]
        for _, row in self.years.iterrows():
            label = f", {row['label']}" if row["label"] else ""
            lines.append(f"  year {row['year']}: cost {row['cost']:g}, {row['score']:.4g}{label}")
        return "\n".join(lines)

    def explain(self) -> str:
        """Return the plan in words: what starts when and why, what it reaches, what is not chosen.

        Examples
        --------
        >>> import pandas as pd
        >>> from migov import governance as g
        >>> policy = g.load("sdg-10.7.2", edition="2021")
        >>> answers = g.Answers.from_frame(pd.DataFrame(
        ...     {"area": "MDA", "node": policy.items, "value": 0}), time="2021-07-01")
        >>> law = g.Measure(id="law", cost=3, raises={"D2A": 1}, unit="million EUR")
        >>> print(g.plan(policy, answers, [law], budget=5).explain().splitlines()[1])
        1 of 1 measures is chosen, for 3 million EUR. No choice within the limits scores higher.
        """
        from migov.governance.reform_words import explained

        return explained(self)


def outcome(
    setting: Setting, model: Model, objective: str, attitude: str, first: Solution, x: Any
) -> Plan:
    """Return the plan of a solution, each term computed anew from what starts when.

    Raises
    ------
    AccountError
        A limit is broken, or the value is not what the programme said.
    """
    measures, base = model.measures, model.base
    cases, budgets = list(setting.cases), setting.budgets
    starts = {place: year for (place, year), column in model.starts.items() if x[column] > 0.5}
    done = np.zeros((model.years, len(measures)), np.bool_)
    for place, year in starts.items():
        duration = measures[place].duration if model.dated else 1
        done[year + duration - 1 :, place] = True
    costs = [costs_of(measures, case) for case in cases]
    paid = np.zeros((len(cases), model.years))
    for place, year in starts.items():
        for number in range(len(cases)):
            paid[number, year] += costs[number][place]
    _check_limits(model, starts, paid, budgets)
    levels = [raised(base.levels, effects, done) for effects in model.effects]
    value = _value(model, cases, objective, attitude, levels, starts, paid)
    constant = _constant(model, cases, objective, attitude, levels)
    sign = -1.0 if objective == "cost" else 1.0
    bound = sign * first.bound + constant
    _check_value(sign * value, first.value + sign * constant, first.bound + sign * constant)
    first_levels = np.concatenate([base.levels[None], levels[0]])
    when = base.time.astype("M8[Y]").astype(int) + 1970
    rest = base.time - base.time.astype("M8[Y]").astype(base.time.dtype)
    dates = [np.datetime64(f"{when + k:04d}-01-01", "s") + rest for k in range(model.years + 1)]
    scored = base.scored(first_levels, np.array(dates))
    weight = np.array([case.probability for case in cases])
    return Plan(
        starts={measures[place].id: year + 1 for place, year in sorted(starts.items())},
        measures=measures,
        value=value,
        bound=value if first.proven else bound,
        proven=first.proven,
        cost=float((weight @ paid).sum()),
        table=_table(model, starts, weight @ np.array(costs)),
        years=_years(model, starts, weight @ paid, budgets, scored),
        scored=scored,
        by_scenario=_by_scenario(model, cases, levels, paid),
        status=first.status,
        unit=setting.unit,
        objective=objective,
        left_out=dict(setting.left_out),
        dated=setting.dated,
    )


def _check_limits(
    model: Model, starts: dict[int, int], paid: Any, budgets: Sequence[float]
) -> None:
    size = min((m.cost for m in model.measures if m.cost), default=1.0)
    over = np.argwhere(paid > np.array(budgets) * (1 + 1e-9) + 1e-6 * min(size, 1.0))
    if over.size:
        raise AccountError(
            WHERE,
            f"year {over[0][1] + 1} spends more than its budget",
            "report it with the inputs: the plan breaks its own limits",
            10,
        )
    for body, every in model.capacity.items():
        for now, most in enumerate(every):
            busy = [
                place
                for place, begun in starts.items()
                if model.measures[place].body == body
                and begun <= now < begun + (model.measures[place].duration if model.dated else 1)
            ]
            if len(busy) > most:
                raise AccountError(
                    WHERE,
                    f"{body} runs more than {most} in year {now + 1}",
                    "report it with the inputs: the plan breaks its own limits",
                    10,
                )
    places = {measure.id: place for place, measure in enumerate(model.measures)}
    for place, year in starts.items():
        measure = model.measures[place]
        for need in measure.needs:
            begun = starts.get(places[need])
            lasting = model.measures[places[need]].duration if model.dated else 0
            if begun is None or begun + lasting > year:
                raise AccountError(
                    WHERE,
                    f"{measure.id} starts before {need} is done",
                    "report it with the inputs: the plan breaks its own limits",
                    10,
                )
        for other in measure.conflicts:
            if places[other] in starts:
                raise AccountError(
                    WHERE,
                    f"{measure.id} and {other} exclude each other",
                    "report it with the inputs: the plan breaks its own limits",
                    10,
                )


def _check_value(value: float, told: float, bound: float) -> None:
    slack = 1e-5 * max(1.0, abs(value))
    if not told - slack <= value <= bound + slack:
        raise AccountError(
            WHERE,
            f"the plan is worth {value:.9g} by the instrument, the programme said {told:.9g} "
            f"and at most {bound:.9g}",
            "report it with the inputs: two counts of one plan differ",
            10,
        )


def _root(instrument: Instrument) -> int:
    return instrument.tree.ids.index(instrument.root)  # type: ignore[no-any-return]


def _exact(model: Model, levels: Any) -> Any:
    """Return the scores (years, nodes) as fractions in the unit of the instrument."""
    found = model.base.scores(levels).fractions()
    many = Fraction(model.base.instrument.multiple)
    return np.vectorize(lambda one: None if one is None else one * many, otypes=[object])(found)


def _class(instrument: Instrument, name: str, score: Fraction | None) -> int:
    classes = instrument.classes_of(name)
    if classes is None or score is None:
        return 0
    return 1 + sum(score >= Fraction(limit) for limit in classes.limits)


def _value(
    model: Model,
    cases: Sequence[Scenario],
    objective: str,
    attitude: str,
    levels: Sequence[Any],
    starts: dict[int, int],
    paid: Any,
) -> float:
    """Return the objective from what starts when, by the instrument itself."""
    weight = [case.probability for case in cases]
    if objective == "cost":
        return float(np.array(weight) @ paid.sum(axis=1))
    if objective == "benefit":
        return float(
            sum(
                model.measures[place].benefit
                * (model.years - year - model.measures[place].duration + 1 if model.dated else 1)
                for place, year in starts.items()
            )
        )
    instrument, found = model.base.instrument, []
    for held in levels:
        scores = _exact(model, held)
        if objective == "score":
            found.append(float(sum(scores[:, _root(instrument)], Fraction(0))))
        else:
            ids = instrument.tree.ids
            found.append(
                float(sum(_class(instrument, n, s) for n, s in zip(ids, scores[-1], strict=True)))
            )
    return min(found) if attitude == "worst" else float(np.dot(weight, found))


def _constant(
    model: Model, cases: Sequence[Scenario], objective: str, attitude: str, levels: Sequence[Any]
) -> float:
    """Return the part of the objective that no measure changes, which the programme leaves out."""
    if objective == "cost":
        return 0.0
    if objective == "benefit" or attitude == "worst":
        return 0.0
    instrument, many = model.base.instrument, Fraction(model.base.instrument.multiple)
    total = 0.0
    for number, case in enumerate(cases):
        if objective == "score":
            part = sum(
                float(many * model.defined(instrument.root, year, number).get(-1, Fraction(0)))
                for year in range(model.years)
            )
        else:
            part = float(
                sum(
                    instrument.classes_of(name) is not None
                    for name in model.nodes(model.years - 1, number)
                )
            )
        total += case.probability * part
    return total


def _table(model: Model, starts: dict[int, int], costs: Any) -> pd.DataFrame:
    rows = []
    for place, year in sorted(starts.items(), key=lambda pair: (pair[1], pair[0])):
        measure = model.measures[place]
        items = model.base.instrument.items
        told = model.effects[0].get(place, ())
        raises = ", ".join(
            f"{items[item]} to {Fraction(level, model.base.denominator)}" for item, level in told
        )
        lasting = measure.duration if model.dated else 1
        rows.append(
            (
                measure.id,
                measure.title,
                measure.body,
                year + 1,
                year + lasting,
                costs[place],
                raises,
            )
        )
    columns = "measure title body start completed cost raises".split()
    return pd.DataFrame(rows, columns=columns)


def _years(
    model: Model, starts: dict[int, int], paid: Any, budgets: Sequence[float], scored: xr.Dataset
) -> pd.DataFrame:
    instrument = model.base.instrument
    root = scored.sel(node=instrument.root).isel(area=0)
    classes = instrument.classes_of(instrument.root)
    rows = []
    for year in range(model.years):
        running = tuple(
            model.measures[place].id
            for place, begun in sorted(starts.items())
            if begun <= year < begun + (model.measures[place].duration if model.dated else 1)
        )
        number = int(root["class"][year + 1])
        label = classes.label(number) if classes else ""
        score = float(root["score"][year + 1])
        rows.append((year + 1, paid[year], budgets[year], score, number, label, running))
    columns = "year cost budget score class label running".split()
    return pd.DataFrame(rows, columns=columns)


def _by_scenario(
    model: Model, cases: Sequence[Scenario], levels: Sequence[Any], paid: Any
) -> pd.DataFrame:
    instrument = model.base.instrument
    rows = []
    for number, case in enumerate(cases):
        score = _exact(model, levels[number])[-1, _root(instrument)]
        number_of = _class(instrument, instrument.root, score)
        shown = np.nan if score is None else float(score)
        classes = instrument.classes_of(instrument.root)
        label = classes.label(number_of) if classes else ""
        rows.append((case.id, case.probability, paid[number].sum(), shown, number_of, label))
    return pd.DataFrame(rows, columns="scenario probability cost score class label".split())
