"""Whether measures go together: ids, needs, conflicts, one unit of costs, items."""

from __future__ import annotations

from migov.core.errors import CodeError, KindError, ParameterError, UnitError
from migov.core.units import factor
from migov.governance.instrument import Instrument
from migov.governance.measures import Measure


def check_items(measures: tuple[Measure, ...], instrument: Instrument) -> None:
    """Refuse measures that raise what is no item of an instrument.

    Raises
    ------
    CodeError
        The first of them.
    """
    for measure in measures:
        for item, _ in measure.raises:
            if item not in instrument.items:
                raise CodeError(
                    "Register.implementation_gap",
                    f"{measure.id!r} raises {item!r}, which is no item of {instrument.name}",
                    "items of this instrument",
                    9,
                    "instrument",
                )


FAR = 1e9
"""How many times a cost may be another one: beyond, sums lose the smaller."""


def unit_of_costs(measures: tuple[Measure, ...], where: str) -> str:
    """Return the one unit that costs are in, empty where none is told.

    Raises
    ------
    UnitError
        Two units, or only some costs have one.
    """
    units: dict[str, str] = {}
    for measure in measures:
        if measure.cost:
            units.setdefault(measure.unit, measure.id)
    if len(units) < 2:
        return next(iter(units), "")
    (first, one), (second, other) = list(units.items())[:2]
    mend = "all costs in one unit, converted by a dated rate"
    if first and second:
        try:
            by = factor(second, first, where, "measures")
        except UnitError:
            pass
        else:
            cost = next(m.cost for m in measures if m.id == other) * by
            mend = f"all costs in one unit: {other!r} with cost={cost:g}, unit={first!r}"
    raise UnitError(
        where,
        f"{one!r} costs {first or 'a number without a unit'}, {other!r} "
        f"{second or 'a number without a unit'}",
        mend,
        6,
        "measures",
    )


def check_measures(measures: tuple[Measure, ...], where: str) -> None:
    """Refuse measures that do not go together.

    Raises
    ------
    ParameterError
        See :class:`Register`.
    """
    if not all(isinstance(m, Measure) for m in measures):
        raise KindError(where, "measures are no Measure", "Measure(id=…)", None, "measures")
    ids = [m.id for m in measures]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ParameterError(
            where,
            f"two measures are called {twice[0]!r}",
            "an id of its own for each measure",
            9,
            "measures",
        )
    unit_of_costs(measures, where)
    costs = sorted((m.cost, m.id) for m in measures if m.cost)
    if costs and costs[-1][0] > FAR * costs[0][0]:
        raise ParameterError(
            where,
            f"{costs[0][1]!r} costs {costs[0][0]:g}, {costs[-1][1]!r} {costs[-1][0]:g}: too far "
            "apart to be added up",
            "cost=0 for what costs next to nothing",
            9,
            "measures",
        )
    known = set(ids)
    for measure in measures:
        for other in (*measure.needs, *measure.conflicts):
            if other not in known:
                raise ParameterError(
                    where,
                    f"{measure.id!r} names {other!r}, which is no measure",
                    "ids of measures in the register",
                    9,
                    "measures",
                )
    left = {m.id: set(m.needs) for m in measures}
    while left:
        free = [one for one, needs in left.items() if not needs & left.keys()]
        if not free:
            shown = ", ".join(sorted(left)[:6])
            raise ParameterError(
                where, f"the needs of {shown} go in a circle", "drop one of the needs", 9,
                "measures",
            )  # fmt: skip
        for one in free:
            del left[one]
