"""A large projection: one unchanged program, on one process or on many workers, into Zarr.

    python benchmarks/demography_scale.py --workers 2 --folder /tmp
    python benchmarks/demography_scale.py --areas 6 --members 200 --workers 2

Rates and migrants are lazy: each block of areas and members draws its own levels from streams
keyed by area and member, so that nothing larger than a block is ever in memory. The first
blocks are then computed again, one after the other without Dask, into a store of their own,
and compared bit by bit with what the workers wrote.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from compare import Row

import migov as mg
from migov.numeric import streams

AGES, FERTILE = 101, np.arange(15, 50)
SPEC = mg.demography.CohortComponent(step=1, ax="half")
STORED = ["population", "births", "deaths"]
MOVED = ["mortality", "fertility", "migration"]
"""Inputs with a level of their own for each member."""


KEEP = dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), 2**28)
"""Workers keep memory for the next block: to ask the system for it again costs more than the
arithmetic. Dask's own setting gives it back each time."""

# --- the program -----------------------------------------------------------------------------


def world(areas: int, years: int) -> dict[str, xr.DataArray]:
    """Return populations and median rates that anyone can follow, by area."""
    age = np.arange(float(AGES))
    size = 2e4 * 1.03 ** np.arange(areas)
    first = [np.datetime64(f"{2024 + t}-07-01", "s") for t in range(years + 1)]
    period = {"period": first[:-1], "period_end": ("period", first[1:])}
    width = np.append(np.ones(AGES - 1), np.inf)
    everyone = {"age": age, "age_width": ("age", width), "sex": ["F", "M"]}
    mothers = {"age": FERTILE * 1.0, "age_width": ("age", np.ones(len(FERTILE)))}
    area = {"area": [f"area {i}" for i in range(areas)]}
    people = np.ones((2, 1, 1)) * np.exp(-age / 60)[:, None] * size
    m = np.minimum(5e-5 * np.exp(0.095 * age), 0.7)[:, None] * np.array([0.8, 1.2])[:, None, None]
    born = 0.12 * np.exp(-0.5 * ((FERTILE - 30) / 5) ** 2)
    moves = 1e-3 * people * np.exp(-age / 15)[:, None]

    def array(x: Any, unit: str, dims: str, *coords: dict[str, Any]) -> xr.DataArray:
        labels = {
            k: v
            for part in (area, *coords)
            for k, v in part.items()
            if k != "area" or "area" in dims
        }
        return xr.DataArray(x, labels, dims.split(), attrs={"units": unit})

    def each(x: Any) -> Any:  # the same in every period
        return np.repeat(x[None], years, axis=0)

    return {
        "population": array(people, "person", "sex age area", everyone).assign_coords(
            time=first[0]
        ),
        "mortality": array(
            each(m * np.ones(areas)), "1/year", "period sex age area", period, everyone
        ),
        "fertility": array(
            each(born[:, None] * np.ones(areas)), "1/year", "period age area", period, mothers
        ),
        "migration": array(each(moves), "person", "period sex age area", period, everyone),
        "sex_ratio": array(np.full((years, areas), 1.05), "1", "period area", period),
    }


def levels(areas: Any, members: Any, process: str, years: int) -> np.ndarray:
    """Return random walks {period, area, member} of a block, each from a stream of its own."""
    drawn = streams.normals(7, process, areas.ravel(), members.ravel(), years)
    return np.asarray(np.exp(0.01 * drawn.cumsum(axis=0)))


def drawn(given: dict[str, xr.DataArray], members: int, block: int) -> dict[str, xr.DataArray]:
    """Return lazy inputs in blocks of one area and some members."""
    import dask.array as da

    mortality = given["mortality"]
    years = mortality.sizes["period"]
    where = da.from_array(mortality.area.values[None, :, None], chunks=(1, 1, 1))
    who = da.from_array(np.arange(members)[None, None, :], chunks=(1, 1, block))
    out = dict(given)
    for name in MOVED:
        level = da.map_blocks(
            levels,
            where,
            who,
            name,
            years,
            dtype=float,
            chunks=((years,), *where.chunks[1:2], *who.chunks[2:]),
        )
        walk = xr.DataArray(level, {"member": np.arange(members)}, ["period", "area", "member"])
        x = given[name].chunk(area=1)
        out[name] = (x * walk).assign_attrs(x.attrs)
    return out


def project(given: dict[str, xr.DataArray]) -> xr.Dataset:
    """Return the projection; lazy where the inputs are."""
    return SPEC.run(**given)[STORED]


# --- the same with and without workers ---------------------------------------------------------


class Cost(NamedTuple):
    """What a run cost: seconds of the clock, and of all processors together."""

    wall: float
    cores: float


def without_dask(
    given: dict[str, xr.DataArray], place: int, members: int, block: int, target: Path
) -> float:
    """Compute one area block by block from inputs in memory, write it; return processor time."""
    began = time.process_time()
    years = given["mortality"].sizes["period"]
    for start in range(0, members, block):
        who = np.arange(start, min(start + block, members))
        mine = dict(given)
        for name in MOVED:
            level = levels(given[name].area.values, who, name, years)
            walk = xr.DataArray(level, {"member": who}, ["period", "area", "member"])
            mine[name] = (given[name] * walk).assign_attrs(given[name].attrs)
        part = project(mine)
        where = {"area": slice(place, place + 1), "member": slice(start, start + len(who))}
        part.drop_vars(list(part.coords)).to_zarr(target, region=where)
    return time.process_time() - began


def in_memory(
    run: xr.Dataset, given: Any, some: list[int], block: int, target: Path, processes: int
) -> Cost:
    """Compute and write some areas without Dask, by as many processes as there are workers."""
    run.isel(area=some).to_zarr(target, compute=False, zarr_format=2)
    members = run.sizes["member"]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        list(pool.map(_ready, [1.0] * processes))
        wall = time.perf_counter()
        calls = [
            pool.submit(
                without_dask,
                {name: x.isel(area=[i]) for name, x in given.items()},
                place,
                members,
                block,
                target,
            )
            for place, i in enumerate(some)
        ]
        cores = sum(call.result() for call in calls)
        return Cost(time.perf_counter() - wall, cores)


def on_workers(run: xr.Dataset, target: Path, workers: int, memory: str) -> tuple[Cost, float]:
    """Write the projection with worker processes; return its cost and the peak of one in GB."""
    import dask
    from distributed import Client, LocalCluster

    with (
        dask.config.set({"distributed.nanny.pre-spawn-environ": KEEP}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=":0",
            memory_limit=memory,
        ) as cluster,
        Client(cluster) as client,
    ):
        client.run(_ready)
        before = sum(client.run(time.process_time).values()) + time.process_time()
        wall = time.perf_counter()
        mg.io.write(run, target)
        took = time.perf_counter() - wall
        cores = sum(client.run(time.process_time).values()) + time.process_time() - before
        peaks = client.run(_peak)
    return Cost(took, cores), max(peaks.values())


def _ready(pause: float = 0.0) -> None:
    """Import once what a block needs, before any clock runs."""
    time.sleep(pause)  # so that each process of a pool gets one
    project(world(1, 1))


def _peak() -> float:
    """Return the most memory that this process ever held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def measure(
    areas: int,
    members: int,
    years: int,
    block: int,
    workers: int,
    memory: str,
    check: int,
    folder: str | None,
) -> dict[str, float]:
    """Run both ways, compare the bits of some areas, and return the figures."""
    given = world(areas, years)
    run = project(drawn(given, members, block))
    some = np.linspace(0, areas - 1, min(areas, check)).round().astype(int).tolist()
    with tempfile.TemporaryDirectory(dir=folder) as own:
        alone = in_memory(run, given, some, block, Path(own) / "alone.zarr", workers)
        cost, peak = on_workers(run, Path(own) / "workers.zarr", workers, memory)
        ours, theirs = (
            mg.io.read(Path(own) / "workers.zarr"),
            xr.open_zarr(Path(own) / "alone.zarr"),
        )
        assert ours.population.shape == (years + 1, 2, AGES, areas, members)
        for place, i in enumerate(some):
            for name in STORED:
                mine = ours[name].isel(area=i).values
                assert np.array_equal(mine, theirs[name].isel(area=place).values), (name, i)
        stored = sum(
            f.stat().st_size for f in (Path(own) / "workers.zarr").rglob("*") if f.is_file()
        )
    share = areas / len(some)
    return {
        "seconds": cost.wall,
        "core seconds": cost.cores,
        "blocks": areas * -(-members // block),
        "core seconds in memory": alone.cores * share,
        "ratio, cores": cost.cores / (alone.cores * share),
        "seconds in memory": alone.wall * share,
        "ratio, clock": cost.wall / (alone.wall * share),
        "GB in memory": run.nbytes / 1e9,
        "GB stored": stored / 1e9,
        "GB of a worker": peak,
    }


def rows(small: bool = False) -> list[Row]:
    """Return the rows of the table, for some of the areas: the full size takes minutes."""
    areas, members, years, block = (3, 20, 10, 10) if small else (12, 1_000, 80, 250)
    found = measure(areas, members, years, block, 2, "2GB", areas, None)
    size = f"{areas} areas × 101 ages × 2 sexes × {years} years × {members:,} members"
    work = "projection into Zarr by 2 workers"
    peer = "the same blocks in memory, 2 processes"
    return [
        Row(work, size, peer, "≤ 1.3", found["ratio, clock"]),
        Row(f"{work}, processor time", size, peer, "≤ 1.3", found["ratio, cores"]),
        Row(f"{work}, GB of a worker", size, "the limit", "≤ 2", found["GB of a worker"]),
    ]


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=237)
    parser.add_argument("--members", type=int, default=1_000)
    parser.add_argument("--years", type=int, default=80)
    parser.add_argument("--block", type=int, default=250, help="members of a block")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", default="2GB", help="limit of a worker")
    parser.add_argument("--check", type=int, default=8, help="areas computed without Dask too")
    parser.add_argument("--folder", help="where the stores lie for the time of the run")
    for name, value in measure(**vars(parser.parse_args())).items():
        print(f"{name:24} {value:12,.2f}")


if __name__ == "__main__":
    main()
