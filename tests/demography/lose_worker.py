"""A lazy projection written by two workers, one of which is killed on the way.

Run as a program: it prints whether the result is the same as without workers.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import dask.array as da
import numpy as np
import xarray as xr

import migov as mg

AREAS, MEMBERS, YEARS = 3, 16, 20


def given(chunked: bool) -> dict[str, xr.DataArray]:
    """Return inputs with members, lazy in blocks of one area and four members if asked."""
    age, mothers = np.arange(101.0), np.arange(15.0, 50)
    first = [np.datetime64(f"{2024 + t}-07-01", "s") for t in range(YEARS + 1)]
    period = {"period": first[:-1], "period_end": ("period", first[1:])}
    area = {"area": [f"area {i}" for i in range(AREAS)]}
    everyone = {"age": age, "age_width": ("age", np.append(np.ones(100), np.inf))}
    women = {"age": mothers, "age_width": ("age", np.ones(35))}
    sex, level = {"sex": ["F", "M"]}, np.exp(0.05 * np.sin(np.arange(AREAS * MEMBERS)))
    walk = xr.DataArray(
        level.reshape(AREAS, MEMBERS), {**area, "member": range(MEMBERS)}, ["area", "member"]
    )
    people = 1e5 * np.exp(-age / 60)[:, None] * np.ones((2, 1, AREAS))
    rate = np.minimum(5e-5 * np.exp(0.095 * age), 0.7)[:, None]

    def array(x, shape, unit, dims, *coords):
        labels = {k: v for part in coords for k, v in part.items()}
        return xr.DataArray(np.broadcast_to(x, shape), labels, dims.split(), attrs={"units": unit})

    flow = "period sex age area"
    wide, all_ages = (YEARS, 2, 101, AREAS), (period, sex, everyone, area)
    out = {
        "population": array(people, people.shape, "person", "sex age area", sex, everyone, area),
        "mortality": array(rate, wide, "1/year", flow, *all_ages),
        "fertility": array(
            0.05, (YEARS, 35, AREAS), "1/year", "period age area", period, women, area
        ),
        "migration": array(1e-3 * people, wide, "person", flow, *all_ages),
        "sex_ratio": array(1.05, (YEARS, AREAS), "1", "period area", period, area),
    }
    out["population"] = out["population"].assign_coords(time=first[0])
    for name in ("mortality", "fertility", "migration"):
        x = out[name]
        cut = (x.chunk(area=1), walk.chunk(area=1, member=4)) if chunked else (x, walk)
        out[name] = (cut[0] * cut[1]).assign_attrs(x.attrs)
    out["mortality"] = out["mortality"].copy(data=slowly(out["mortality"].data))
    return out


def slowly(x):
    """Return an array whose blocks take a while, so that there is time to lose one."""
    return x.map_blocks(_wait, dtype=float) if isinstance(x, da.Array) else x


def _wait(x):
    if x.size:
        time.sleep(0.05)
    return x


def main(folder: str) -> None:
    """Write once with a loss and compare."""
    from distributed import Client, LocalCluster

    spec = mg.demography.CohortComponent(step=1, ax="half")
    wanted = spec.run(**given(chunked=False))
    target = Path(folder) / "run.zarr"
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0"
        ) as cluster,
        Client(cluster) as client,
    ):
        run = spec.run(**given(chunked=True))
        first = next(iter(client.run(os.getpid).values()))
        writing = threading.Thread(target=mg.io.write, args=(run, target))
        writing.start()
        while not any(target.parent.glob(".run.zarr*/deaths/*.*.*")):
            time.sleep(0.02)  # until the first block is written
        os.kill(first, signal.SIGKILL)
        lost_early = writing.is_alive()
        writing.join()
    whole = mg.io.read(target).compute()
    sys.stdout.write(f"lost {lost_early} same {whole.identical(wanted)}\n")


if __name__ == "__main__":
    main(sys.argv[1])
