"""A reform plan of five hundred measures: how near the bound, in what processor time."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from compare import Row

from migov import governance as g


def policy() -> g.Instrument:
    """Return the instrument."""
    return g.load("sdg-10.7.2", edition="2021")


def answers() -> g.Answers:
    """Return a State in which nothing is in place."""
    frame = pd.DataFrame({"area": "MDA", "node": list(policy().items), "value": "0"})
    return g.Answers.from_frame(frame, time="2021-07-01")


def measures(many: int) -> list[g.Measure]:
    """Return measures with costs, durations, needs and conflicts, of eight ministries."""
    rng = np.random.default_rng(8)
    found = []
    for k in range(many):
        items = rng.choice(policy().items, size=rng.integers(1, 4), replace=False)
        found.append(
            g.Measure(
                id=f"m{k}",
                cost=float(rng.integers(5, 60)),
                duration=int(rng.integers(1, 4)),
                body=f"ministry {k % 8}",
                raises=dict.fromkeys(items, 1),
                needs=(f"m{rng.integers(0, k)}",) if k and rng.random() < 0.2 else (),
                conflicts=(f"m{rng.integers(0, k)}",) if k and rng.random() < 0.05 else (),
            )
        )
    return found


def rows(small: bool = False) -> list[Row]:
    """Return the rows on reform plans."""
    many = 60 if small else 500
    chosen = measures(many)
    assert len(chosen) == many
    begin = time.process_time()
    found = g.plan(
        policy(), answers(), chosen, budget=45, horizon=5, capacity=2, gap=0.01, seconds=30
    )
    seconds = time.process_time() - begin
    assert found.gap <= 0.01, found.gap
    size = f"{many} measures, 5 years, 8 ministries"
    return [
        Row("reform plan within 1 % of the bound, processor seconds", size, "", "≤ 30", seconds),
        Row("the same, distance from the bound in percent", size, "bound", "≤ 1", 100 * found.gap),
    ]


def test_plan(benchmark):
    """Sixty measures over five years."""
    chosen = measures(60)
    found = benchmark(
        lambda: g.plan(policy(), answers(), chosen, budget=45, horizon=5, capacity=2, gap=0.01)
    )
    assert found.value > 0
