"""A programme over twenty years, month by month, against a loop over its members.

``python benchmarks/compare.py schemes_simulation`` prints the ratios; ``pytest
benchmarks/schemes_simulation.py`` follows the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import xarray as xr
from compare import Row

from migov.schemes import (
    Closure,
    Hazards,
    OriginCap,
    Programme,
    Pulse,
    Queue,
    Shocks,
    simulation,
)
from migov.schemes import kernels as loops
from migov.schemes.kernels_setting import Setting

ORIGINS = ("ALB", "GEO", "KGZ", "MDA", "SRB")
OCCUPATIONS = tuple("61 62 71 72 73 74 75 81 82 83 91 93".split())
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


WRONG = {
    "shocks": Shocks(
        illness=(0.01, 0.02, 0.05), illness_stays=0.6, illness_months=2, bankruptcy=0.03,
        bankruptcy_replaced=0.7, bankruptcy_months=2, closure_prolongs_permit=True,
        border_closure=Closure(start="2026-03-01", end="2026-07-01"),
        pulses=Pulse(shock="bankruptcy", month="2027-03-01", share=0.2),
    ),
    "queues": (
        Queue(stage="language", places=4000, months=9, passes=(0.6, 0.7, 0.8), drop_out=0.1),
        Queue(stage="recognition", places=3000, months=4, passes=0.9),
    ),
}  # fmt: skip


def run(given: dict[str, xr.DataArray], years: int, more: Mapping[str, Any] | None = None) -> Any:
    """Return the run, with shocks and queues where `more` holds them."""
    return programme().simulate(
        hazards=HAZARDS, start="2025-01-01", horizon=f"{years} year", seed=1,
        migrants_counted="additional", **given, **(more or {}),
    )  # fmt: skip


def one(given: dict[str, xr.DataArray], member: int) -> dict[str, xr.DataArray]:
    """Return the inputs of one member."""
    return {name: x.isel(member=[member]) for name, x in given.items()}


def settings(given: dict[str, xr.DataArray], years: int) -> Setting:
    """Return the bare arrays that a run hands to its month loop."""
    found: list[Setting] = []
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
    """Return the ratios: of the whole call without and with shocks, and of the month loop."""
    members, years, sample = (40, 3, 4) if small else (1000, 20, SAMPLE)
    given = inputs(members)
    whole, shocked = run(given, years), run(given, years, WRONG)
    assert whole.dataset["abroad"].shape == (years + 1, len(OCCUPATIONS), len(ORIGINS), members)
    assert float(whole.dataset["admissions"].sum()) > 0
    chosen = np.linspace(0, members - 1, sample).astype(int)
    assert float(shocked.dataset["returns_ill"].sum()) > 0
    for member, every_run, more in [(m, *pair) for m in chosen for pair in (
        (whole, None), (shocked, WRONG))]:  # fmt: skip
        alone = run(one(given, member), years, more).dataset
        for name, x in alone.data_vars.items():
            every = every_run.dataset[name]
            same = every.sel(member=[member]) if "member" in every.dims else every
            np.testing.assert_array_equal(x, same, err_msg=name)
    bare = settings(given, years)
    parts = [settings(one(given, member), years) for member in chosen]
    scale = members / sample

    def looped(more: Mapping[str, Any] | None = None) -> None:
        for member in chosen:
            run(one(given, member), years, more)

    def looped_bare() -> None:
        for part in parts:
            loops.run(part)

    repeats = 1 if small else 3
    calls = scale * shortest(looped, repeats) / shortest(lambda: run(given, years), repeats)
    wrong = scale * shortest(lambda: looped(WRONG), repeats)
    wrong /= shortest(lambda: run(given, years, WRONG), repeats)
    arrays = scale * shortest(looped_bare, repeats) / shortest(lambda: loops.run(bare), repeats)
    size = f"{years} years monthly, 12 occupations × 5 origins × {members:,} members"
    return [
        Row("mobility programme", size, "the call, member by member", "≥ 50×", calls),
        Row("with shocks and queues", size, "the call, member by member", "≥ 50×", wrong),
        Row("its month loop", size, "the same loop, member by member", "≥ 50×", arrays),
    ]


def test_simulate(benchmark):
    """Follow the time of the whole call."""
    given = inputs(100)
    out = benchmark(run, given, 5)
    assert out.dataset.sizes["member"] == 100
