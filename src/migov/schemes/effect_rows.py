"""The rows of a design that measures what a scheme did: their faults are told together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import units
from migov.core.errors import DataError, DimensionError, KindError, ParameterError, UnitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def columns_named(given: Any, argument: str, where: str) -> tuple[str, ...]:
    """Return names of columns, or refuse what is none."""
    found: tuple[Any, ...] = tuple(given) if isinstance(given, list | tuple) else (None,)
    if not all(isinstance(one, str) for one in found):
        raise KindError(
            where, f"{argument} is {given!r:.60}", "names of columns as texts", 9, argument
        )
    return found


def admitted(
    frame: Any, names: list[str], numbers: Sequence[str], unit: str, level: Any, where: str,
    may_lack: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return the columns of a frame, all their faults told together."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise KindError(where, f"frame is a {type(frame).__name__}", "a DataFrame", 9, "frame")
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 < level < 1:
        raise ParameterError(where, f"level={level!r}", "between 0 and 1", 9, "level")
    if not isinstance(unit, str) or not unit.strip():
        raise ParameterError(where, f"unit={unit!r}", 'unit="EUR/month"', 6, "unit")
    try:
        units.powers(unit)
    except UnitError as fault:
        raise UnitError(where, fault.what, fault.mend, 6, "unit") from None
    odd = [name for name in names if not isinstance(name, str) or name not in frame.columns]
    if odd:
        mend = f"one of {', '.join(map(str, frame.columns))}"
        if odd[0] in frame.index.names:
            mend = "frame.reset_index(): it is in the index"
        raise DimensionError(where, f"frame has no column {odd[0]!r}", mend, 8, "frame")
    if not frame.columns.is_unique:
        raise DimensionError(
            where, "frame has two columns of one name", "frame.rename(columns=…)", 8, "frame"
        )
    if len(set(names)) < len(names):
        raise ParameterError(
            where, "a column is named twice", "a name of its own for each column", 9, "frame"
        )
    data = frame.loc[:, names].reset_index(drop=True)
    faults = [] if len(data) else ["frame has no rows"]
    for name in names:
        gaps = int(data[name].isna().sum())
        if gaps and name not in may_lack:
            faults.append(f"{name}: {gaps} rows have no value; take them out, and say why")
        if name in numbers:
            if data[name].dtype.kind not in "iufb":
                faults.append(_no_numbers(data[name]))
            elif np.isinf(data[name].astype(float)).any():
                faults.append(f"{name} holds infinite numbers")
    refuse(faults, where)
    return data.astype(dict.fromkeys(numbers, float))


def _no_numbers(column: pd.Series) -> str:
    """Return in words that a column holds no numbers, and how it may."""
    import pandas as pd

    some = [one for one in dict.fromkeys(column.dropna()) if isinstance(one, str)]
    name, shown = column.name, f"such as {some[0]!r}" if some else f"but {column.dtype}"
    if len(set(column.dropna())) == 2 and len(some) >= 2:
        a, b = sorted(some)[:2]
        return f"{name} holds no numbers, {shown}: frame[{name!r}].map({{{a!r}: 0, {b!r}: 1}})"
    numbers = pd.to_numeric(column, errors="coerce")
    if numbers.notna().sum() == column.notna().sum():
        return f"{name} holds numbers as {column.dtype}: pandas.to_numeric(frame[{name!r}])"
    return f"{name} holds no numbers, {shown}"


def refuse(faults: list[str], where: str) -> None:
    """Raise the error of some faults, if there are any."""
    if faults:
        count = f"{len(faults)} fault" + ("s" if len(faults) > 1 else "")
        raise DataError(
            where, f"{count} in 'frame'", "nothing was estimated", 7, "frame", tuple(faults)
        )


def check_panel(
    data: pd.DataFrame, group: str, time: str, start: str, cluster: str, where: str
) -> None:
    """Refuse rows that are no panel with one start and others without."""
    faults = _start_told(data, group, time, start)
    twice = int(data.duplicated([group, time]).sum())
    if twice:
        faults.append(f"{twice} rows repeat a {group} and {time}")
    if cluster != group and len(data[[group, cluster]].drop_duplicates()) > data[group].nunique():
        faults.append(f"{cluster} changes within a {group}: errors by it would be too small")
    sides = data.groupby(data[start].isna())[cluster].nunique()
    if not faults and (len(sides) < 2 or sides.min() < 2):
        faults.append(f"fewer than two {cluster} with the scheme, or without it")
    for name in [one for one in data.columns if one not in (group, time, start, cluster)]:
        faults += _still(data, name, group, time)
    refuse(faults, where)


def _start_told(data: pd.DataFrame, group: str, time: str, start: str) -> list[str]:
    """Return what is wrong with the column of the first time under the scheme."""
    found = list(dict.fromkeys(data[start].dropna()))
    what = f"the first {time} under the scheme, and no value for those never in it"
    if not found:
        return [f"{start} has no value: nobody is in the scheme"]
    if {str(one) for one in found} <= {"0", "1", "0.0", "1.0", "True", "False"}:
        return [f"{start} holds {found[:2]}, expected {what}"]
    nothing = [one for one in found if str(one).strip() in ("", "0", "0.0")]
    if nothing:
        return [
            f"{start} holds {nothing[0]!r}, expected {what}: "
            f"frame[{start!r}].where(frame[{start!r}] != {nothing[0]!r})"
        ]
    faults = []
    if len(data[[group, start]].drop_duplicates()) > data[group].nunique():
        faults.append(f"{start} changes within a {group}")
    if len(found) > 1:
        faults.append(
            f"{start} has {len(found)} dates, expected one: a call for each date, against those "
            "never in the scheme"
        )
        return faults
    times = list(dict.fromkeys(data[time]))
    if isinstance(found[0], str) != isinstance(times[0], str):
        text, other = (start, time) if isinstance(found[0], str) else (time, start)
        faults.append(
            f"{text} holds texts and {other} does not: pandas.to_numeric(frame[{text!r}])"
        )
    elif found[0] not in times or found[0] == min(times):
        faults.append(f"{start}={found[0]} is no {time} with one before it")
    return faults


def _still(data: pd.DataFrame, name: str, group: str, time: str) -> list[str]:
    """Return that a column does not vary beyond its groups and times, if so."""
    if data[name].nunique() < 2:
        return [f"{name} is the same in all rows"]
    for by, other in ((group, "groups"), (time, "times")):
        if (data.groupby(by)[name].nunique() < 2).all():
            return [f"{name} is the same within each {by}: the effects of {other} hold it already"]
    return []


def check_draw(
    data: pd.DataFrame, outcome: str, offered: str, took_up: str, strata: str, where: str
) -> None:
    """Refuse rows from which no lottery can be estimated."""
    faults = [
        f"{name} holds {sorted(set(data[name]))[:4]}, expected 0 and 1"
        for name in (offered, took_up)
        if not set(data[name]) <= {0, 1}
    ]
    faults += [
        f"{name} is the same in all rows" + (": nobody was moved" if name == took_up else "")
        for name in (outcome, offered, took_up)
        if data[name].nunique() < 2
    ]
    if not faults and strata and (data.groupby(strata)[offered].nunique() < 2).all():
        faults.append(f"within no {strata} were some drawn and others not")
    refuse(faults, where)
