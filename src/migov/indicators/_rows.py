"""The rows of a survey read for an estimate: columns, weights, design, cells, statistic."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, cast, get_args, get_origin, get_type_hints

import attrs
import numpy as np
import pandas as pd

from migov.core import units
from migov.core.columns import Faults
from migov.core.definition import Definition
from migov.core.errors import (
    AlignmentError,
    DefinitionError,
    DimensionError,
    InputError,
    KindError,
    ParameterError,
    UnitError,
)
from migov.core.indicator import Indicator
from migov.core.inputs import CURRENCY, Input, check_counted, currency_of
from migov.core.labels import read_classes
from migov.core.vocabulary import near
from migov.numeric import quantities as what
from migov.numeric.survey import Design, design

WHERE = "estimate"
_DESIGN = ("weight", "strata", "cluster", "fraction", "by")
"""Arguments that name a column themselves."""
_PLAIN = {
    "total": ("value",),
    "mean": ("value",),
    "median": ("value",),
    "quantile": ("value",),
    "ratio": ("numerator", "denominator"),
}


@attrs.frozen(eq=False)
class Asked:
    """What is estimated, and the unit and title of the result."""

    quantity: what.Quantity
    factor: float
    unit: str
    title: str
    recipe: dict[str, Any]


def _column(frame: pd.DataFrame, name: Any, argument: str) -> pd.Series[Any]:
    if name not in frame.columns:
        has = ", ".join(map(str, frame.columns[:8]))
        like = get_close_matches(str(name), list(map(str, frame.columns)), 1) or ["…"]
        mend = f'columns={{"{argument}": "{like[0]}"}}'
        if argument in _DESIGN:
            mend = f'{argument}="{like[0]}"'
        told = f"frame has no column {name!r}, it has {has}"
        raise DimensionError(WHERE, told, mend, 8, argument)
    found = frame[name]
    if isinstance(found, pd.DataFrame):
        raise DimensionError(
            WHERE, f"frame has the column {name!r} twice", "one column of that name", 8, argument
        )
    return cast("pd.Series[Any]", found)


def _numbers(column: pd.Series[Any], argument: str) -> what.Floats:
    """Return a column as numbers, NaN where missing."""
    try:
        if column.dtype.kind == "c":
            raise TypeError  # its imaginary part would be lost without a word
        values = column.astype("float64").to_numpy()
    except (TypeError, ValueError) as fault:
        raise _no_numbers(column, argument) from fault
    if np.isinf(values).any():
        raise InputError(
            WHERE,
            f"{argument} holds an infinite number",
            "leave the cell empty where nothing is known",
            7,
            argument,
        )
    return cast("what.Floats", values)


def _no_numbers(column: pd.Series[Any], argument: str) -> KindError:
    """Return the error for a column in which a value is no number, with that value."""
    odd = column[pd.to_numeric(column, errors="coerce").isna() & column.notna()]
    mine = f"frame[{column.name!r}]"
    if odd.empty or column.dtype.kind == "c":
        told, mend = f"{column.dtype}", f"{mine} as numbers"
    else:
        first = odd.iloc[0]
        told = f"{first!r} in {len(odd)} rows"
        mend = f"{mine} = {mine}.where({mine} != {first!r})  # if that says no answer"
        if isinstance(first, str) and first.replace(",", "").replace(".", "", 1).isdigit():
            mend = f'{mine} = {mine}.str.replace(",", "").astype(float)  # if it parts thousands'
    what_ = f"{argument} (column {column.name!r}) holds {told}, expected numbers"
    return KindError(WHERE, what_, mend, 8, argument)


def weights_of(frame: pd.DataFrame, name: str | None) -> what.Floats:
    """Return sampling weights, one each where no column is named."""
    if name is None:
        return np.ones(len(frame))
    values = _numbers(_column(frame, name, "weight"), "weight")
    if not (values >= 0).all():
        raise InputError(
            WHERE, f"{name} holds a negative or missing weight", "drop or mend rows", 7, "weight"
        )
    return values


def _coded(frame: pd.DataFrame, name: str, argument: str) -> tuple[Any, list[str]]:
    """Return the codes of a column without missing values, and its labels in order."""
    try:
        found = pd.Categorical(_column(frame, name, argument))
    except TypeError as fault:
        told = f"{name} holds values that are no labels: {fault}"
        raise KindError(WHERE, told, "texts or whole numbers", 8, argument) from fault
    if (found.codes < 0).any():
        raise InputError(WHERE, f"{name} has missing values", "drop or mend rows", 7, argument)
    return np.asarray(found.codes, np.intp), [str(one) for one in found.categories]


def plan_of(
    frame: pd.DataFrame, strata: str | None, cluster: str | None, fraction: str | None
) -> Design:
    """Return the design that the columns of a survey tell."""
    outer, labels = (None, [""]) if strata is None else _coded(frame, strata, "strata")
    if outer is not None:  # categories without rows are no strata
        there, outer = np.unique(outer, return_inverse=True)
        labels = [labels[i] for i in there]
    inner = None if cluster is None else _coded(frame, cluster, "cluster")[0]
    shares = None
    if fraction is not None:
        values = _numbers(_column(frame, fraction, "fraction"), "fraction")
        where = np.zeros(len(frame), np.intp) if outer is None else outer
        shares = np.zeros(len(labels))
        shares[where] = values
        if not ((values >= 0) & (values <= 1) & (values == shares[where])).all():
            raise InputError(
                WHERE,
                f"{fraction} is no share, one for each stratum",
                "sampling fractions from 0 to 1",
                7,
                "fraction",
            )
    return design(len(frame), outer, inner, shares, tuple(labels))


def check_alone(plan: Design, strata: str | None) -> None:
    """Refuse strata of one unit."""
    alone = plan.alone()
    if alone:
        told = f"{strata} {', '.join(alone[:6])}" if strata else "the sample"
        raise InputError(
            WHERE,
            f"{told} has one unit, whose variance cannot be told",
            "join the stratum with a like one",
            7,
            "strata" if strata else "frame",
        )


def cells_of(
    frame: pd.DataFrame, by: str | Sequence[str] | Mapping[str, str] | None
) -> tuple[list[str], Any, dict[str, Any]]:
    """Return the names of dimensions, the cell of each row, and the coordinates.

    Labels of dimensions with codes are read as those of a table.
    """
    named = {by: by} if isinstance(by, str) else by or {}
    pairs = dict(named) if isinstance(named, Mapping) else {one: one for one in named}
    cells, names = np.zeros(len(frame), np.intp), []
    coords: dict[str, Any] = {}
    faults = Faults(WHERE, frame)
    for column, dim in pairs.items():
        meant = near(dim)
        if meant is not None:
            mend = f"by={{{column!r}: {meant!r}}}"
            raise DimensionError(WHERE, f"{dim!r} is nearly {meant!r}", mend, 8, "by")
        codes, own = _coded(frame, column, "by")
        found = read_classes(dim, own, WHERE)
        if found is None:
            names.append(dim)
            coords[dim] = own
        else:
            for place, text in found.faults:
                at = np.flatnonzero(codes == place) if place is not None else None
                faults.add(f"'{column}': {text}", at)
            codes, own = found.places[codes], list(found.labels)
            names.append(found.dimension)
            coords[found.dimension] = found.labels
            coords |= {name: (found.dimension, values) for name, values in found.beside.items()}
        cells = cells * len(own) + codes
    faults.check()
    return names, cells, coords


def ask(
    statistic: str | Indicator,
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    given: Mapping[str, str],
    quantile: float | None,
    definition: Definition | None,
) -> Asked:
    """Return what is estimated from the columns named."""
    if isinstance(statistic, Indicator):
        return _ask_indicator(statistic, frame, columns, given, definition)
    if statistic not in _PLAIN:
        options = ", ".join(map(repr, _PLAIN)) + " or an indicator"
        raise ParameterError(WHERE, f"statistic={statistic!r}", options, 9, "statistic")
    names = _PLAIN[statistic]
    _check_arguments(columns, names, names)
    for name in names:
        if name not in given:
            mend = f'units={{"{name}": "…"}}'
            raise UnitError(WHERE, f"{name} has no unit", mend, 6, name)
        units.coherent(given[name])
    x = [_numbers(_column(frame, columns[name], name), name) for name in names]
    quantity: what.Quantity
    if statistic == "ratio":
        quantity, unit = what.Ratio(*x), f"({given[names[0]]}) / ({given[names[1]]})"
    else:
        unit = given["value"]
        quantity = _of_values(statistic, x[0], quantile)
    told = {"statistic": statistic, "columns": dict(columns), "quantile": quantile}
    return Asked(quantity, 1.0, unit, f"{statistic} of {', '.join(columns.values())}", told)


def _of_values(statistic: str, y: what.Floats, quantile: float | None) -> what.Quantity:
    if statistic == "total":
        return what.Total(y)
    if statistic == "mean":
        return what.mean(y)
    return what.Quantile(y, 0.5 if quantile is None else quantile)


def _check_arguments(
    columns: Mapping[str, str], known: Sequence[str], needed: Sequence[str]
) -> None:
    if not isinstance(columns, Mapping):
        told = f"columns is a {type(columns).__name__}"
        raise KindError(WHERE, told, 'columns={"argument": "column"}', 9, "columns")
    unknown = [name for name in columns if name not in known]
    absent = [name for name in needed if name not in columns]
    if unknown or absent:
        told = f"columns names {unknown[0]!r}" if unknown else f"columns lacks {absent[0]!r}"
        raise AlignmentError(
            WHERE,
            f"{told}; it takes {', '.join(known)}",
            "columns={name here: name in the frame}",
            9,
            "columns",
        )


def _ask_indicator(
    made: Indicator,
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    given: Mapping[str, str],
    definition: Definition | None,
) -> Asked:
    of_rows = getattr(made, "of_rows", None)
    if of_rows is None:
        raise KindError(
            WHERE,
            f"{type(made).__name__} has no form for the rows of a survey",
            "def of_rows(self, …) in the class (docs/howto/survey), or estimate the totals of its "
            "inputs and hand them to it",
            9,
            "statistic",
        )
    arguments = dict(inspect.signature(of_rows).parameters)
    hints = get_type_hints(type(made).of_rows)  # type: ignore[attr-defined]
    asks = arguments.pop("definition", None) is not None
    contracts = type(made).contracts()
    who = any(contracts[name].definition == "needed" for name in arguments if name in contracts)
    if definition is None and (asks or who):
        raise DefinitionError(
            WHERE,
            f"{type(made).__name__} asks who is counted",
            "definition=migov.definitions.…",
            5,
            "definition",
        )
    needed = [name for name, one in arguments.items() if one.default is inspect.Parameter.empty]
    _check_arguments(columns, list(arguments), needed)
    odd = [name for name in given if name not in contracts or name not in columns]
    if odd:
        raise AlignmentError(
            WHERE,
            f"units names {odd[0]!r}, which has none",
            "units for columns of amounts only",
            6,
            "units",
        )
    money = {name: one for name, text in given.items() if (one := currency_of(text)) is not None}
    if len(set(money.values())) > 1:
        raise UnitError(WHERE, f"several currencies: {money}", "convert first", 6, "units")
    currency = next(iter(money.values()), "EUR")
    values: dict[str, Any] = {"definition": definition} if asks else {}
    for name, column in columns.items():
        series = _column(frame, column, name)
        contract = contracts.get(name)
        if contract is None:
            values[name] = _plain(series, hints.get(name), name)
            continue
        declared = contract.unit.replace(CURRENCY, currency)
        if CURRENCY in contract.unit and name not in given:
            mend = f'units={{"{name}": "{contract.unit.replace(CURRENCY, "EUR")}"}}'
            raise UnitError(WHERE, f"{name} is money and has no unit", mend, 6, name)
        if series.dtype.kind == "b" and contract.values != "share":
            raise KindError(
                WHERE,
                f"{name} holds bool, expected numbers",
                "numbers, such as wages or weights",
                8,
                name,
            )
        check_counted(definition, contract, WHERE, name)
        unit = given.get(name, declared)
        by = units.factor(unit, units.coherent(declared), WHERE, name)
        values[name] = _of_contract(_numbers(series, name) * by, contract, column, name)
    info = made.info
    told = {"id": info.id, "parameters": made.parameters(), "columns": dict(columns)}
    if definition is not None:
        told["definition"] = definition.to_json()
    unit = info.unit.replace(CURRENCY, currency)
    return Asked(of_rows(**values), units.from_coherent(unit), unit, info.title, told)


def _of_contract(x: what.Floats, contract: Input, column: str, name: str) -> what.Floats:
    """Return the numbers of a column, in coherent units, after the look of its contract."""
    limits = {"nonnegative": (0.0, np.inf), "share": (0.0, 1.0 + 1e-9), "any": (-np.inf, np.inf)}
    low, high = limits[contract.values]
    odd = np.flatnonzero((x < low) | (x > high))
    if odd.size:
        wanted = "a share from 0 to 1" if contract.values == "share" else "numbers from 0"
        raise InputError(
            WHERE,
            f"{name} (column {column!r}) holds {x[odd[0]]:g} in {odd.size} rows, expected {wanted}",
            f"frame[{column!r}].where(frame[{column!r}] != {x[odd[0]]:g}) if that says no answer, "
            f'or its unit: units={{"{name}": "percent"}}'
            if contract.values == "share"
            else "leave the cell empty where nothing is known",
            7,
            name,
        )
    return x


def _plain(series: pd.Series[Any], hint: Any, name: str) -> Any:
    """Return numbers where ``of_rows`` takes an array, labels otherwise (None where missing)."""
    if any(get_origin(one) is np.ndarray for one in (hint, *get_args(hint))):
        return _numbers(series, name)
    return [None if gone else one for one, gone in zip(series, series.isna(), strict=True)]
