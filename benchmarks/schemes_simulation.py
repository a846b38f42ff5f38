"""A programme over twenty years, month by month, against a loop over its members.

``python benchmarks/compare.py schemes_simulation`` prints the ratios; ``pytest
benchmarks/schemes_simulation.py`` follows the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr
from compare import Row

from migov.schemes import Hazards, OriginCap, Programme, simulation
from migov.schemes import kernels as loops

ORIGINS = ("ALB", "GEO", "KGZ", "MDA", "SRB")
OCCUPATIONS = tuple(f"{code}" for code in range(21, 33))
SAMPLE = 20
"""Members that the loop runs; its time is that of all members in proportion."""


def programme() -> Programme:
    """Return two-year stays with every kind of limit, and a right to come again."""
    caps = tuple(
        OriginCap(origin=o, number=1500, date="2020-01-01", source="benchmark") for o in ORIGINS
    )
    return Programme(
        name="benchmark", kind="temporary", origin=ORIGINS, destination="DEU",
        occupations=OCCUPATIONS, quota=5000, origin_cap=caps, stay="24 month",
        cooling_off="6 month", reentry=True,
    )  # fmt: skip


def inputs(members: int) -> dict[str, xr.DataArray]:
    """Return applicants by occupation, origin and member, and posts by occupation and member."""
    rng = np.random.default_rng(3)
    labels = {"occupation": list(OCCUPATIONS), "member": np.arange(members)}
    shape = (len(OCCUPATIONS), len(ORIGINS), members)
    apply = xr.DataArray(
        rng.uniform(50, 300, shape), {**labels, "origin": list(ORIGINS)},
        ("occupation", "origin", "member"), attrs={"units": "person/year"},
    )  # fmt: skip
    posts = xr.DataArray(
        rng.uniform(500, 2000, shape[::2]), labels, ("occupation", "member"),
        attrs={"units": "post"},
    )  # fmt: skip
    return {"applicants": apply, "shortage": posts}


HAZARDS = Hazards(
    early_return=(0.02, 0.05, 0.1), late=(0.0, 0.02, 0.05), irregular=(0.0, 0.01, 0.03),
    reentry=(0.3, 0.5, 0.7), late_return=2.0, death=0.001,
)  # fmt: skip


def run(given: dict[str, xr.DataArray], years: int) -> Any:
    """Return the run."""
    return programme().simulate(
        hazards=HAZARDS, start="2025-01-01", horizon=f"{years} year", seed=1,
        migrants_counted="additional", **given,
    )  # fmt: skip


def one(given: dict[str, xr.DataArray], member: int) -> dict[str, xr.DataArray]:
    """Return the inputs of one member."""
    return {name: x.isel(member=[member]) for name, x in given.items()}


def settings(given: dict[str, xr.DataArray], years: int) -> loops.Setting:
    """Return the bare arrays that a run hands to its month loop."""
    found: list[loops.Setting] = []
    real = simulation.run
    simulation.run = lambda setting: (found.append(setting), real(setting))[1]
    try:
        run(given, years)
    finally:
        simulation.run = real
    return found[0]


def shortest(call: Callable[[], Any], repeats: int) -> float:
    """Return the shortest time of some runs, in seconds."""
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return min(found)


def rows(small: bool = False) -> list[Row]:
    """Return both ratios: of the whole call, and of the month loop on bare arrays alone."""
    members, years, sample = (40, 3, 4) if small else (1000, 20, SAMPLE)
    given = inputs(members)
    whole = run(given, years)
    assert whole.dataset["abroad"].shape == (years + 1, len(OCCUPATIONS), len(ORIGINS), members)
    assert float(whole.dataset["admissions"].sum()) > 0
    chosen = np.linspace(0, members - 1, sample).astype(int)
    for member in chosen:
        alone = run(one(given, member), years).dataset
        for name, x in alone.data_vars.items():
            every = whole.dataset[name]
            same = every.sel(member=[member]) if "member" in every.dims else every
            np.testing.assert_array_equal(x, same, err_msg=name)
    bare = settings(given, years)
    parts = [settings(one(given, member), years) for member in chosen]
    scale = members / sample

    def looped() -> None:
        for member in chosen:
            run(one(given, member), years)

    def looped_bare() -> None:
        for part in parts:
            loops.run(part)

    repeats = 1 if small else 3
    calls = scale * shortest(looped, repeats) / shortest(lambda: run(given, years), repeats)
    arrays = scale * shortest(looped_bare, repeats) / shortest(lambda: loops.run(bare), repeats)
    size = f"{years} years monthly, 12 occupations × 5 origins × {members:,} members"
    return [
        Row("mobility programme", size, "the call, member by member", "≥ 50×", calls),
        Row("its month loop", size, "the same loop, member by member", "≥ 50×", arrays),
    ]


def test_simulate(benchmark):
    """Follow the time of the whole call."""
    given = inputs(100)
    out = benchmark(run, given, 5)
    assert out.dataset.sizes["member"] == 100
