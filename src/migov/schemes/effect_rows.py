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
        raise DimensionError(
            where, f"frame has no column {odd[0]!r}",
            f"one of {', '.join(map(str, frame.columns))}", 8, "frame",
        )  # fmt: skip
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
                faults.append(f"{name} holds {data[name].dtype}, expected numbers")
            elif np.isinf(data[name].astype(float)).any():
                faults.append(f"{name} holds infinite numbers")
    refuse(faults, where)
    return data.astype(dict.fromkeys(numbers, float))


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
    faults = []
    twice = int(data.duplicated([group, time]).sum())
    if twice:
        faults.append(f"{twice} rows repeat a {group} and {time}")
    if len(data[[group, start]].drop_duplicates()) > data[group].nunique():
        faults.append(f"{start} changes within a {group}")
    if cluster != group and len(data[[group, cluster]].drop_duplicates()) > data[group].nunique():
        faults.append(f"{cluster} changes within a {group}: errors by it would be too small")
    starts = sorted(data[start].dropna().unique())
    times = sorted(data[time].unique())
    if len(starts) != 1:
        faults.append(
            f"{start} has {len(starts)} dates, expected one: a call for each date, against those "
            "never in the scheme"
            if starts
            else f"{start}: nobody is in the scheme"
        )
    elif starts[0] not in times or starts[0] == times[0]:
        faults.append(f"{start}={starts[0]} is no {time} with one before it")
    sides = data.groupby(data[start].isna())[cluster].nunique()
    if len(starts) == 1 and (len(sides) < 2 or sides.min() < 2):
        faults.append(f"fewer than two {cluster} with the scheme, or without it")
    refuse(faults, where)
