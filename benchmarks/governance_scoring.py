"""A policy instrument of 30 items over States and years, with intervals."""

from __future__ import annotations

import functools
from fractions import Fraction

import numpy as np
import pandas as pd
import xarray as xr
from compare import Row, ratio

from migov import governance as g
from migov.core import areas
from migov.governance.grid import Grid, gridded
from migov.governance.scoring import evaluate

STATES, YEARS = 193, 10


@functools.cache
def policy() -> g.Instrument:
    """Return the instrument."""
    return g.load("sdg-10.7.2", edition="2021")


@functools.cache
def answers(states: int = STATES, years: int = YEARS) -> g.Answers:
    """Return random answers, one in twenty missing."""
    rng = np.random.default_rng(3)
    codes = [code for code, row in areas.table().items() if not row["to"]][:states]
    items = list(policy().items)
    rows = [(a, y, i) for a in codes for y in range(2015, 2015 + years) for i in items]
    frame = pd.DataFrame(rows, columns=["area", "year", "node"])
    drawn = rng.choice(["0", "1", ""], size=len(frame), p=[0.4, 0.55, 0.05])
    half = frame["node"].str.startswith("D1").to_numpy() & (rng.random(len(frame)) < 0.3)
    frame["value"] = np.where(half & (drawn != ""), "1/2", drawn)
    return g.Answers.from_frame(frame, time="1 July", assessor_kind="government")


@functools.cache
def grid(states: int = STATES, years: int = YEARS) -> Grid:
    """Return the answers over areas, dates and items."""
    return gridded(policy(), answers(states, years), None)


def plain(found: Grid) -> np.ndarray:
    """Score State by State and year by year, with fractions: score, lowest, highest, class."""
    tree, limits = policy().tree, [Fraction(x) for x in (40, 80, 100)]
    codes = found.codes.reshape(-1, 30).tolist()
    there = found.present.reshape(-1, 30).tolist()
    values = [
        [Fraction(c, found.denominator) if p else None for c, p in zip(*row, strict=True)]
        for row in zip(codes, there, strict=True)
    ]
    out = []
    for row in values:
        for missing in (0, 0, 1):
            held = dict(zip(tree.items, [missing if v is None else v for v in row], strict=True))
            for name, children in tree.steps:
                held[name] = sum((w * held[child] for child, w in children), Fraction(0))
                number = 1 + sum(100 * held[name] >= limit for limit in limits)
                out.append((float(100 * held[name]), number))
    return np.array(out).reshape(-1, 3, len(tree.steps), 2)


def quick(found: Grid) -> np.ndarray:
    """Score all at once: the same numbers."""
    at = [policy().tree.ids.index(name) for name, _ in policy().tree.steps]
    out = []
    for part in evaluate(policy(), found):
        num, den = part.numerator[..., at], part.denominator[..., at]
        number = 1 + sum((num * 100 >= limit * den).astype(int) for limit in (40, 80, 100))
        out.append(np.stack([100 * num / den, number], axis=-1).reshape(-1, len(at), 2))
    return np.stack(out, axis=1)


def rows(small: bool = False) -> list[Row]:
    """Return the rows on policy instruments."""
    states, years = (12, 3) if small else (STATES, YEARS)
    here, told = grid(states, years), answers(states, years)
    assert here.codes.shape == (states, years, 30)
    np.testing.assert_allclose(quick(here), plain(here), rtol=1e-13)
    scored = policy().score(told)
    assert scored.sizes == {"area": states, "time": years, "node": 37}
    checked = [(a, t) for a in here.areas[:4] for t in here.times[:3]]
    by_area = {a: told._where((told.rows["area"] == a).to_numpy()) for a, _ in checked}

    def one_by_one() -> list[xr.Dataset]:
        return [policy().score(by_area[a], times=[t]) for a, t in checked]

    for one in one_by_one():
        same = scored.sel(area=one.area, time=one.time)
        np.testing.assert_array_equal(one.highest, same.highest)
    share = states * years / len(checked)
    size = f"{states} States × {years} years × 30 items"
    return [
        Row(
            "policy instrument: scores, intervals and classes",
            size,
            "a loop over States and years, with fractions",
            "≥ 100",
            ratio(lambda: plain(here), lambda: quick(here)),
        ),
        Row(
            "the same from answers to labelled result",
            size,
            "the public call once for each State and year",
            "≥ 100",
            share * ratio(one_by_one, lambda: policy().score(told)),
        ),
    ]


def test_score(benchmark):
    """From answers to the labelled result."""
    scored = benchmark(lambda: policy().score(answers(50, 4)))
    assert scored.sizes["area"] == 50
