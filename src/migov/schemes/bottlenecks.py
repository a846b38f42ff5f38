"""Where people wait for a scheme: stages and admission side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migov.core import status
from migov.schemes.inputs import CELL
from migov.schemes.queues import ADMISSION

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def table(data: xr.Dataset, stages: xr.Dataset) -> pd.DataFrame:
    """Return a row for each stage and for admission, the longest queue first.

    Parameters
    ----------
    data : Dataset
        Of a run with stages.
    stages : Dataset {stage, …}
        Its variables that are of stages.
    """
    import xarray as xr

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
    columns = {"waiting": waiting, "started": last, "used": used, "months": months}
    found = {}
    for name, x in columns.items():
        plain = status.take(x)[0]
        plain = plain.median("member") if "member" in plain.dims else plain
        found[name] = plain.drop_vars([n for n in plain.coords if n not in plain.dims])
    order = ["stage", *(["scenario"] if "scenario" in waiting.dims else [])]
    out: pd.DataFrame = xr.Dataset(found).to_dataframe(dim_order=order)
    return out.sort_values("months", ascending=False, kind="stable")


def _joined(stages: xr.DataArray, admission: xr.DataArray) -> xr.DataArray:
    """Return heads of all cells together, stage by stage, admission as the last."""
    import xarray as xr

    both = [status.take(x)[0] for x in (stages, admission.expand_dims(stage=[ADMISSION]))]
    both = [x.sum([n for n in CELL if n in x.dims], skipna=False) for x in both]
    out: xr.DataArray = xr.concat(both, "stage", coords="minimal", compat="override")
    return out
