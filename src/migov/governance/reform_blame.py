"""Why no plan keeps to the limits: how near they let it come, and which of them would give way."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import attrs
import numpy as np

from migov.core.errors import InputError
from migov.governance.reform_limits import WHERE, costs_of
from migov.governance.reform_setting import Setting

MORE_YEARS = (1, 2, 3, 5, 10)
"""How many further years are tried."""


def blame(setting: Setting, seconds: float) -> InputError:
    """Return the error of a reform that cannot be, with how near it comes and what would help.

    Parameters
    ----------
    setting : Setting
        That no plan keeps to.
    seconds : float
        For each of the programmes that are solved to find out.
    """
    if not setting.reach:
        return InputError(
            WHERE, "the solver found no plan, although to do nothing keeps to all limits",
            "costs and budgets nearer to each other in size", 9, "budget",
        )  # fmt: skip
    near = [_told(setting, name, seconds) for name in setting.reach]
    short = [text for text in near if text]
    if not short:
        names = ", ".join(setting.reach)
        short = [f"each of {names} can be reached alone, not all of them together"]
    ways = list(_ways(setting, seconds))
    if not ways:
        every = attrs.evolve(_peaceful(setting.free()), capacity={})
        every = every.longer(every.years + MORE_YEARS[-1]) if every.dated else every
        if _can(every, seconds):
            ways = ["several limits have to give way together, or a lower reach"]
        else:
            ways = ["a lower reach, or measures that raise more: all together do not do it"]
    argument = "reach" if "lower reach" in ways[0] else "budget"
    return InputError(
        WHERE, f"no plan keeps to the limits: {'; '.join(short)}", "; or ".join(ways), 9, argument
    )


def _told(setting: Setting, name: str, seconds: float) -> str:
    """Return how far a node falls short at best, empty where it does not."""
    asked, most = setting.reach[name], _most(setting, name, seconds)
    if most is None or most >= float(asked) - 1e-6:
        return ""
    most = 0.0 if abs(most) < 1e-9 else most
    many = float(Fraction(setting.base.instrument.multiple))
    in_each = " in every scenario" if len(setting.cases) > 1 else ""
    return (
        f"{name} of {setting.base.area} comes to {most * many:.4g} at most{in_each}, "
        f"{float(asked) * many:.4g} is asked for"
    )


def _most(setting: Setting, name: str, seconds: float) -> float | None:
    """Return the highest score of a node at the end, in the worst of the scenarios."""
    model = setting.model(demand=False)
    least = model.programme.column(whole=False, upper=np.inf)
    for scenario in range(len(setting.effects)):
        terms = model.defined(name, setting.years - 1, scenario)
        row = {column: -float(value) for column, value in terms.items() if column >= 0}
        model.programme.row({**row, least: 1.0}, high=float(terms.get(-1, 0)))
    model.programme.gain[least] = 1.0
    found = model.programme.solve(0.0, seconds)
    return None if found.x is None else found.value


def _least_budget(setting: Setting, seconds: float) -> float | None:
    """Return the least budget, the same in each year, that suffices in every scenario."""
    model = setting.free().model()
    most = model.programme.column(whole=False, upper=np.inf)
    for case in setting.cases:
        costs = costs_of(setting.measures, case)
        for year in range(setting.years):
            terms = {
                column: costs[place]
                for (place, begun), column in model.starts.items()
                if begun == year
            }
            model.programme.row({**terms, most: -1.0}, high=0.0)
    model.programme.gain[most] = -1.0
    found = model.programme.solve(0.01, seconds)
    return None if found.x is None else float(np.ceil(-found.value * 1e4 - 1e-3) / 1e4)


def _ways(setting: Setting, seconds: float) -> Iterator[str]:
    """Yield each limit that would have to give way alone."""
    if any(np.isfinite(setting.budgets)):
        least = _least_budget(setting, seconds)
        if least is not None:
            a_year = " a year" if setting.dated else ""
            yield f"a budget of {least:.10g} {setting.unit}".rstrip() + a_year
    if setting.capacity and _can(attrs.evolve(setting, capacity={}), seconds):
        yield "more capacity"
    for more in MORE_YEARS if setting.dated else ():
        if _can(setting.longer(setting.years + more), seconds):
            yield f"a horizon of {setting.years + more} years"
            break
    pairs = [f"{one.id} and {o}" for one in setting.measures for o in one.conflicts]
    if pairs and _can(_peaceful(setting), seconds):
        yield f"measures that do not exclude each other ({', '.join(pairs[:3])})"
    if len(setting.cases) > 1:
        for case, effects in zip(setting.cases, setting.effects, strict=True):
            alone = attrs.evolve(setting, cases=(case,), effects=(effects,))
            if not _can(alone, seconds):
                yield f"without the scenario {case.id!r}, in which it cannot be reached"


def _can(setting: Setting, seconds: float) -> bool:
    return setting.model().programme.solve(0.01, seconds).x is not None


def _peaceful(setting: Setting) -> Setting:
    """Return the setting without conflicts between measures."""
    kept = tuple(attrs.evolve(one, conflicts=()) for one in setting.measures)
    return attrs.evolve(setting, measures=kept)
