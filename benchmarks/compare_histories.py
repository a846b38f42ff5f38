"""A million crossings, read with all checks and classified, against a loop over persons.

``python benchmarks/compare.py compare_histories`` prints the ratio; ``pytest
benchmarks/compare_histories.py`` follows the times.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from compare import Row, ratio

from migov.compare import Circularity, Residence, crossings

UNTIL = "2024-12-31"
EVENTS = 1_000_000


def table(events: int) -> pd.DataFrame:
    """Return shuffled crossings, five a person in the mean, never two of a person on a day."""
    rng = np.random.default_rng(11)
    person = np.sort(rng.integers(0, events // 5, events))
    start = np.concatenate([[True], person[1:] != person[:-1]])
    place = np.arange(events) - np.maximum.accumulate(np.where(start, np.arange(events), 0))
    gap = rng.integers(1, 500, events)
    summed = np.cumsum(gap)
    day = summed - np.maximum.accumulate(np.where(start, summed - gap, 0))
    keep = day < 5400
    frame = pd.DataFrame(
        {
            "person": person,
            "date": np.datetime64("2010-01-01") + day,
            "direction": np.where(place % 2 == 0, "in", "out"),
            "sex": np.where(person % 2 == 0, "F", "M"),
        }
    )[keep]
    return frame.sample(frac=1, random_state=1).reset_index(drop=True)


def loop(frame: pd.DataFrame) -> dict[int, int]:
    """Return the qualifying crossings of the temporary form, person by person."""
    last, start = dt.date.fromisoformat(UNTIL), dt.date(2014, 12, 31)
    found = {}
    for person, days in frame.groupby("person")["date"]:
        left = sorted(days.dt.date)
        kept, i = 0, 0
        while i < len(left):
            end = left[i + 1] if i + 1 < len(left) else last
            if (end - left[i]).days < 90:
                i += 2  # the short stay goes with the crossing that ends it
            else:
                kept += left[i] > start
                i += 1
        found[person] = kept
    return found


def ours(frame: pd.DataFrame) -> pd.DataFrame:
    """Read the crossings and classify every person."""
    return Circularity().persons(crossings(frame, until=UNTIL))


def rows(small: bool = False) -> list[Row]:
    """Return the line of the table: the same persons by both ways, at the size of the target."""
    frame = table((20_000 if small else EVENTS) * 101 // 100)
    assert small or len(frame) >= EVENTS
    got = ours(frame).set_index("person")["qualifying_temporary"]
    assert got.to_dict() == loop(frame)
    measured = ratio(lambda: loop(frame), lambda: ours(frame))
    return [Row("event histories", f"{len(frame):,} crossings", "loop", "≥ 10", measured)]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Return a million crossings."""
    return table(EVENTS * 101 // 100)


def test_circularity_from_the_table(benchmark, frame):
    """Read with classes, classify, count and protect."""

    def work():
        histories = crossings(frame, until=UNTIL, by=["sex"])
        return len(histories.persons), Circularity().run(histories, by=["sex"])

    persons, found = benchmark(work)
    assert len(frame) >= EVENTS
    assert found.sum().item() == persons


def test_residence_from_the_table(benchmark, frame):
    """Read with classes and count residents at ten dates."""
    days = [f"{year}-12-31" for year in range(2015, 2025)]

    def work():
        histories = crossings(frame, until=UNTIL, by=["sex"])
        return Residence().run(histories, days, by=["sex"])

    assert benchmark(work).shape == (10, 2)
