"""A country's profile: its balance, its policies, what is missing, on one page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from migov.composite.balance import Balance
from migov.core import areas, catalogue, status
from migov.core.boundary import RECIPE
from migov.core.definition import Definition
from migov.core.errors import KindError, ParameterError
from migov.governance.days import day
from migov.governance.measures import Register
from migov.governance.reform_plan import Plan
from migov.report import policies
from migov.report.goals import goals
from migov.report.page import Page, Table, Text
from migov.report.tables import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from migov.report.page import Block, Picture

_NO_RANK = (
    "Countries are not ranked here. An indicator without a direction is a level and nothing "
    "else; there is no total over goals or indicators."
)


def profile(
    area: str,
    indicators: Mapping[str, xr.DataArray],
    *,
    date: str,
    balance: Balance | None = None,
    scored: Mapping[str, xr.Dataset] | None = None,
    measures: Register | None = None,
    plan: Plan | None = None,
    frontier: pd.DataFrame | None = None,
    pictures: Sequence[Picture] = (),
    missing: pd.DataFrame | None = None,
    notes: Sequence[str] = (),
) -> Page:
    """Return the profile of one country as a page.

    Parameters
    ----------
    area : str
        ISO 3166-1 alpha-3.
    indicators : mapping of str to DataArray {time or period, area or origin, member}
        Results by catalogue id, of this country alone or of several that it is among.
    date : str
        ISO date of the profile: stages of measures are those of this date, levels the latest
        up to it; what is later, such as a projection, stands apart.
    balance : Balance, optional
        Goals, targets and reference group; the four goals where absent.
    scored : mapping of str to Dataset, optional
        Scored instruments by their title; the last date up to that of the profile is shown.
    measures : Register, optional
        Laws and policies of the country.
    plan : Plan, optional
        A reform plan.
    frontier : DataFrame, optional
        What each budget buys, from :func:`migov.governance.frontier`: drawn, and as a table.
    pictures : sequence of Picture, optional
        Drawn beforehand.
    missing : DataFrame, optional
        What nobody publishes, such as ``figures.missing()`` for this country.
    notes : sequence of str, optional
        Remarks below the title.

    Returns
    -------
    Page
        ``page.write("profile.html")`` or ``.md``.

    Raises
    ------
    CodeError
        No such area, or an id that the catalogue lacks.
    ParameterError
        Nothing to show, or a plan or frontier of another country.
    TimeError
        A date that is none.
    KindError
        Indicators or scores without their names, measures that are no register.

    Examples
    --------
    >>> import migov as mg
    >>> people = mg.Cells(((200, 600, 150),), area="MDA", age="0-14 15-64 65+").array("person")
    >>> old = {"old_age_dependency_ratio": mg.OldAgeDependencyRatio()(people)}
    >>> profile("MDA", old, date="2025-07-01").title
    'Moldova: migration governance profile'
    """
    where = "profile"
    code = areas.code(area, where)
    day(date, where, "date")
    for name, given in (("indicators", indicators), ("scored", scored)):
        if given is not None and not isinstance(given, Mapping):
            raise KindError(where, f"{name} is a {type(given).__name__}", "a mapping", 9, name)
    if measures is not None and not isinstance(measures, Register):
        raise KindError(where, "measures is no Register", "governance.Register([…])", 9, "measures")
    asked: list[tuple[Any, Any, str, str]] = [
        (indicators, Mapping, "indicators", "results by catalogue id"),
        (balance, Balance | None, "balance", "mg.Balance(…)"),
        (plan, Plan | None, "plan", "governance.plan(…)"),
        (frontier, pd.DataFrame | None, "frontier", "governance.frontier(…)"),
        (missing, pd.DataFrame | None, "missing", "figures.missing()"),
        (pictures, list | tuple, "pictures", "[report.Picture(…)]"),
        (notes, list | tuple, "notes", '["a remark"]'),
    ]
    for value, kind, name, mend in asked:
        if not isinstance(value, kind):
            raise KindError(where, f"{name} is a {type(value).__name__}", mend, 9, name)
    if missing is not None and "what" not in missing:
        raise KindError(where, "missing has no column 'what'", "figures.missing()", 9, "missing")
    policies.check_area(plan, frontier, code)
    own = {name: _of(x, code, name, where) for name, x in indicators.items()}
    if not own and not scored:
        raise ParameterError(where, "neither indicators nor scores", "give one of them", 9)
    told = {title: policies.held_at(one, date) for title, one in (scored or {}).items()}
    chosen = balance or Balance()
    parts: list[tuple[str, tuple[Block, ...]]] = [("About this page", _about(own, date, notes))]
    if own:
        parts.append(("The balance of the goals", goals(chosen, own, indicators, code, date)))
    if pictures:
        parts.append(("In pictures", tuple(pictures)))
    for title, one in told.items():
        parts.append((f"Policy: {title}", policies.policy(one, code)))
    if measures is not None:
        parts.append(("Measures", _measures(measures, date)))
    if plan is not None or frontier is not None:
        parts.append(("A plan of reform", policies.reform(plan, frontier)))
    gone = (*policies.unanswered(told, code), *_missing(own, missing, code))
    parts.append(("What is missing, and what it changes", gone))
    sources = (*(_sources(own) if own else ()), *policies.instruments(told, code))
    parts.append(("Sources and definitions", sources))
    return Page(f"{areas.name(code)}: migration governance profile", tuple(parts))


def _of(x: Any, code: str, name: str, where: str) -> xr.DataArray:
    """Return the part of a result that is this country's, and check the id."""
    catalogue.get(name)
    if not hasattr(x, "dims"):
        raise KindError(where, f"{name} is a {type(x).__name__}", "a DataArray", 8, name)
    for role in ("area", "origin", "destination"):
        if role in x.dims:
            if code not in x.indexes[role]:
                raise ParameterError(
                    where, f"{name} has no {code}", "leave it out of the profile", 2, name
                )
            one: xr.DataArray = x.sel({role: [code]}).rename({role: "area"})
            return one
    found: xr.DataArray = x.expand_dims(area=[code]) if "area" not in x.coords else x
    return found if "area" in found.dims else found.expand_dims("area")


def _about(own: Mapping[str, Any], date: str, notes: Sequence[str]) -> tuple[Block, ...]:
    assumed = [name for name, x in own.items() if status.has(x, "stylised")]
    blocks: list[Block] = [Text(f"Made for {date}. {_NO_RANK}")]
    if assumed:
        titles = ", ".join(catalogue.get(name).info.title for name in assumed)
        blocks.append(Text(f"Stylised, resting on assumptions: {titles}."))
    return (*blocks, *(Text(note, note=True) for note in notes))


def _measures(register: Register, date: str) -> tuple[Block, ...]:
    if not len(register):
        return (Text("No measure is registered."),)
    unit = next((one.unit for one in register.measures if one.unit), "")
    stages = register.at(date).rename(columns={"title": "measure"})
    stages["State as"] = [", ".join(measure.roles) for measure in register.measures]
    stages["heard"] = [
        "; ".join(f"{group} {when}" for group, when in measure.heard)
        for measure in register.measures
    ]
    cost = f"cost, {unit}" if unit else "cost"
    stages[cost] = [number(measure.cost) if measure.cost else "" for measure in register.measures]
    lag = register.implementation_gap(date)
    stages["stage"] = stages["stage"].str.replace("_", " ").replace("none", "not proposed yet")
    lag["gap"] = [number(v) for v in lag["gap"]]
    lag["open"] = [", ".join(names) for names in lag["open"]]
    lag["body"] = lag["body"].replace("", "not named")
    heads = {"in_force": "in force", "gap": "gap, percent", "open": "not carried out"}
    return (
        Table(stages, f"Laws and policies by stage at {date}"),
        Table(lag.rename(columns=heads), f"In force and not carried out at {date}, by body"),
    )


def _missing(own: Mapping[str, Any], missing: pd.DataFrame | None, code: str) -> tuple[Block, ...]:
    """Return the cells without a number and why, then what nobody publishes."""
    rows = []
    for name, x in own.items():
        absent = np.isnan(np.asarray(x.values, float))
        if not absent.any():
            continue
        why = policies.absent_reasons(x)
        rows.append((catalogue.get(name).info.title, f"{absent.mean():.0%}", why))
    blocks: list[Block] = []
    if rows:
        frame = pd.DataFrame(rows, columns=["indicator", "missing", "why"])
        blocks.append(Table(frame, "Cells without a number"))
    else:
        blocks.append(Text("No cell of the indicators shown is missing."))
    if missing is not None and len(missing):
        here = missing[missing["area"] == code] if "area" in missing.columns else missing
        if len(here):
            kept = [c for c in ("what", "collector", "why", "instead") if c in here.columns]
            blocks.append(Table(here[kept], "Not published, and who would have to collect it"))
    return tuple(blocks)


def _sources(own: Mapping[str, Any]) -> tuple[Block, ...]:
    rows = []
    for name, x in own.items():
        info = catalogue.get(name).info
        inputs = json.loads(x.attrs[RECIPE])["inputs"] if RECIPE in x.attrs else {}
        who = [
            Definition.from_json(told["definition"]).name
            for told in inputs.values()
            if "definition" in told
        ]
        counted = "; ".join(dict.fromkeys(text for text in who if text)) or "undeclared"
        rows.append((info.title, "; ".join(info.references), counted, info.not_for))
    heads = ["indicator", "source", "who is counted", "not for"]
    return (Table(pd.DataFrame(rows, columns=heads), "Each indicator's source and limits"),)
