"""What a data set has of what is needed, and who would have to collect the rest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from migov.compare.checks import completeness
from migov.compare.needs import ACTORS, contracts_of
from migov.core import units
from migov.core.errors import CodeError, KindError, MigovError
from migov.core.inputs import CURRENCY, Input, admit, check_values, currency_of, factor_of

STATES = ("satisfied", "not comparable", "missing", "not collected by this actor")


def coverage(
    needs: xr.Dataset,
    data: xr.Dataset | Mapping[str, xr.DataArray],
    match: Mapping[str, str] | None = None,
) -> xr.Dataset:
    """Return what a data set satisfies of the requirements, by the State that collects.

    Parameters
    ----------
    needs : Dataset
        From :func:`requirements`.
    data : Dataset or mapping of str to DataArray
        The figures.
    match : mapping of str to str, optional
        Variable of `data` that each requirement is met by, where it bears another name than
        the requirement or the argument of its indicator. Names are not guessed otherwise.

    Returns
    -------
    Dataset {requirement, actor}
        ``state``: satisfied; not comparable, there but not as needed; missing; or not
        collected by this actor. By requirement ``why``, ``variable`` and ``share``, the
        percentage of its cells that hold a number.

    Raises
    ------
    CodeError
        `match` names an unknown requirement or variable.

    Examples
    --------
    >>> import migov as mg
    >>> from migov.compare.needs import requirements
    >>> needs = requirements([mg.OldAgeDependencyRatio])
    >>> x = xr.DataArray([1.0], {"area": ["MDA"]}, "area", attrs={"units": "person"})
    >>> found = coverage(needs, {"population": x}).sel(actor="origin")
    >>> found.state.values.tolist(), found.why.values.tolist()
    (['not comparable'], ["it needs 'age', it has area"])
    """
    where = "coverage"
    contracts = contracts_of(needs, where)
    given = _given(data)
    wanted = dict(match or {})
    for key, value in wanted.items():
        if key not in contracts or value not in given:
            raise CodeError(
                where,
                f"match has {key!r}: {value!r}",
                f"requirements {', '.join(contracts)}; variables {', '.join(given)}",
                None,
                "match",
            )
    arguments = dict(
        zip(contracts, np.atleast_1d(needs["arguments"].values).astype(str), strict=True)
    )
    rows = []
    for name, contract in contracts.items():
        variable = wanted.get(name) or _named(name, arguments[name], given)
        rows.append(("", "missing", "no variable bears its name", 0.0) if variable is None
                    else (variable, *_judged(given[variable], contract)))  # fmt: skip
    users = np.atleast_1d(needs["needed_by"].values).astype(str)
    rows = _one_money(rows, [set(text.split(", ")) for text in users], contracts, given)
    collected = np.array([[actor in c.collector for actor in ACTORS] for c in contracts.values()])
    states = np.array([[row[1]] * len(ACTORS) for row in rows])
    return xr.Dataset(
        {
            "state": (("requirement", "actor"), np.where(collected, states, STATES[3])),
            "why": ("requirement", np.array([row[2] for row in rows])),
            "variable": ("requirement", np.array([row[0] for row in rows])),
            "share": ("requirement", np.array([row[3] for row in rows]), {"units": "percent"}),
        },
        {"requirement": list(contracts), "actor": list(ACTORS)},
    )


def _given(data: object) -> dict[str, xr.DataArray]:
    if isinstance(data, xr.Dataset):
        return {str(name): x for name, x in data.data_vars.items()}
    if isinstance(data, Mapping) and all(isinstance(x, xr.DataArray) for x in data.values()):
        return {str(name): x for name, x in data.items()}
    raise KindError(
        "coverage", f"data is a {type(data).__name__}", "a Dataset or DataArrays", None, "data"
    )


def _named(name: str, arguments: str, given: Mapping[str, xr.DataArray]) -> str | None:
    """Return the one variable that bears the name of a requirement or of its argument."""
    for candidates in ([name, name.replace(" ", "_")], arguments.split(", ")):
        found = [candidate for candidate in candidates if candidate in given]
        if len(found) == 1:
            return found[0]
    return None


def _judged(x: xr.DataArray, contract: Input) -> tuple[str, str, float]:
    """Return state, reason and share of cells of a variable that is there."""
    where = "coverage"
    try:
        ready = admit(x, contract, where, "it")
        unit = units.unit_of(ready, where, "it")
        currency = currency_of(unit) if CURRENCY in contract.unit else None
        factor_of(ready, contract, currency, where, "it")
        check_values(ready, contract.values, where, "it")
        share = float(completeness(x)["share"].compute()) if x.size else 0.0
    except MigovError as fault:
        return "not comparable", fault.what, np.nan
    if share == 0.0:
        return "missing", "no cell holds a number", 0.0
    if share < 100.0:
        return "satisfied", f"{100 - share:.3g} % of its cells are without a number", share
    return "satisfied", "", share


Row = tuple[str, str, str, float]


def _one_money(
    rows: list[Row],
    users: list[set[str]],
    contracts: Mapping[str, Input],
    given: Mapping[str, xr.DataArray],
) -> list[Row]:
    """Return the rows, money not comparable where one indicator would take two kinds of it."""
    names, out = list(contracts), list(rows)
    money = [
        i for i, row in enumerate(rows)
        if CURRENCY in contracts[names[i]].unit and row[1] == STATES[0]
    ]  # fmt: skip
    for place, i in enumerate(money):
        for j in money[:place]:
            if not users[i] & users[j]:
                continue
            for told, of in (("currency", _currency), ("price base", _base)):
                mine, theirs = (of(given[rows[k][0]]) for k in (i, j))
                if mine != theirs:
                    why = f"its {told} is {mine}, that of {names[j]} {theirs}: convert one of them"
                    out[i] = (rows[i][0], STATES[1], why, np.nan)
    return out


def _currency(x: xr.DataArray) -> object:
    return currency_of(units.unit_of(x, "coverage", "it"))


def _base(x: xr.DataArray) -> object:
    return x.attrs.get("price_base")
