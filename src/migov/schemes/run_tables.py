"""Tables of a run for those who decide: what went wrong in stays, and where people wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migov.core import status
from migov.schemes.inputs import CELL
from migov.schemes.kernels_shocks import SHOCKS
from migov.schemes.queues import ADMISSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import xarray as xr


BORDER = "shut border"


def went_wrong(data: xr.Dataset) -> pd.DataFrame:
    """Return a row for each shock of a run, over all periods and cells.

    Parameters
    ----------
    data : Dataset
        Of a run with shocks.
    """
    import pandas as pd

    rows = {
        name: {"people": [events], "stay_on": [stays], "go_home": [returns]}
        for name, (events, stays, returns) in SHOCKS.items()
    }
    rows[BORDER] = {"people": ["held_back", "prolongations"], "stay_on": ["prolongations"],
                    "go_home": ["returns_held"]}  # fmt: skip
    parts = {}
    for row, columns in rows.items():
        if not any(name in data for name in columns["people"]):
            continue
        found = {}
        for column, names in columns.items():
            have = [status.take(data[name])[0] for name in names if name in data]
            total = sum(have[1:], have[0]) if have else status.take(data["admissions"])[0] * 0.0
            found[column] = total.sum([n for n in (*CELL, "period") if n in total.dims])
        parts[row] = _frame(found, ["scenario"] if "scenario" in data.dims else [])
    return (
        pd.concat(parts, names=["shock"])
        if "scenario" in data.dims
        else pd.DataFrame({name: frame.iloc[0] for name, frame in parts.items()}).T.rename_axis(
            "shock"
        )
    )


def bottlenecks(data: xr.Dataset, stages: xr.Dataset, quota: xr.DataArray | None) -> pd.DataFrame:
    """Return a row for each stage and for admission, the longest queue first.

    Parameters
    ----------
    data : Dataset
        Of a run with stages.
    stages : Dataset {stage, …}
        Its variables that are of stages.
    quota : DataArray {period, …}, optional
        Use of the quota in percent.
    """
    first = data["admissions"] - data["readmissions"]
    waiting = _joined(stages["stage_waiting"], data["applicants"]).isel(time=-1)
    started = _joined(stages["stage_started"], first)
    last = started.isel(period=-1)
    ends, begins = (last.coords[n].values.astype("M8[M]") for n in ("period_end", "period"))
    length = float((ends - begins).astype(int))
    with np.errstate(divide="ignore", invalid="ignore"):
        months = (waiting / (last / length)).where(waiting > 0, 0.0)
    places = stages["stage_places"].isel(period=-1)
    used = last.sel(stage=stages.indexes["stage"]) / places.where(places > 0) * 100.0
    used = used.reindex(stage=last.indexes["stage"])
    if quota is not None:
        used = used.where(used["stage"] != ADMISSION, quota.isel(period=-1))
    columns = {"waiting": waiting, "started": last, "used": used, "months": months}
    order = ["stage", *(["scenario"] if "scenario" in waiting.dims else [])]
    return _frame(columns, order).sort_values("months", ascending=False, kind="stable")


def limits(data: xr.Dataset) -> pd.DataFrame:
    """Return a row for each limit of admission, the one that binds longest first."""
    months = data["months_bound"].sum("period")
    time = data["time"].values[[0, -1]].astype("M8[M]").astype(int)
    columns = {"months": months, "percent": months / float(time[1] - time[0]) * 100.0}
    order = ["limit", *(["scenario"] if "scenario" in months.dims else [])]
    return _frame(columns, order).sort_values("months", ascending=False, kind="stable")


def _frame(columns: Mapping[str, xr.DataArray], order: list[str]) -> pd.DataFrame:
    """Return medians over members as columns, by the dimensions of `order`."""
    import xarray as xr

    found = {}
    for name, x in columns.items():
        plain = status.take(x)[0]
        plain = plain.median("member") if "member" in plain.dims else plain
        plain = plain.drop_vars([n for n in plain.coords if n not in plain.dims])
        found[name] = plain if order else plain.expand_dims(row=1)
    out: pd.DataFrame = xr.Dataset(found).to_dataframe(dim_order=order or None)
    return out


def _joined(stages: xr.DataArray, admission: xr.DataArray) -> xr.DataArray:
    """Return heads of all cells together, stage by stage, admission as the last."""
    import xarray as xr

    both = [status.take(x)[0] for x in (stages, admission.expand_dims(stage=[ADMISSION]))]
    both = [x.sum([n for n in CELL if n in x.dims], skipna=False) for x in both]
    out: xr.DataArray = xr.concat(both, "stage", coords="minimal", compat="override")
    return out
