"""An indicator on data frames: columns in, a tidy table out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migov.core import status
from migov.core.errors import KindError
from migov.core.frame import from_frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from migov.core.definition import Definition
    from migov.core.indicator import Indicator


def on_frame(
    self: Indicator,
    frame: pd.DataFrame | Mapping[str, pd.DataFrame],
    columns: Mapping[str, str],
    units: Mapping[str, str],
    dims: Mapping[str, str],
    definitions: Mapping[str, Definition],
    options: Mapping[str, Any],
) -> pd.DataFrame:
    """Return the report of an indicator on columns of tables; see ``Indicator.on_frame``."""
    where, contracts = type(self).__name__, type(self).contracts()
    for given, told in ((columns, "columns"), (units, "units"), (definitions, "definitions")):
        odd = [name for name in given if name not in contracts]
        if odd:
            raise KindError(
                where,
                f"{told} name {odd[0]!r}, takes {', '.join(contracts)}",
                f"{told}={{argument: …}} with those names",
                9,
                told,
            )
    arrays = {}
    for name, column in columns.items():
        table: pd.DataFrame = frame if hasattr(frame, "columns") else frame[name]  # type: ignore[assignment]
        here = {key: dim for key, dim in dims.items() if key in table.columns}
        how = dict(options)
        if "period_end" in table.columns and "period" in here.values():
            how.setdefault("period_end", "period_end")
        arrays[name] = from_frame(
            table,
            value=column,
            unit=units.get(name),
            dims=here,
            definition=definitions.get(name),
            signed=contracts[name].values == "any",
            **how,
        )
    found = self.report(**arrays)
    out = found.rename({status.NAME: "status"}).to_dataframe().reset_index()
    out["status"] = [" ".join(status.names(int(bits))) for bits in out["status"]]
    out["unit"] = found["value"].attrs["units"]
    kept = [*map(str, found["value"].dims), "value", "unit", "status", "coverage"]
    return out[kept]
