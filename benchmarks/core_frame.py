"""A long table becomes a labelled array: what its checks cost beyond pandas' own reshaping."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import xarray as xr
from compare import Row, ratio

from migov import from_frame

DIMS = {"area": "area", "year": "time", "sex": "sex", "age": "age", "wave": "wave"}


def table(years: int) -> pd.DataFrame:
    """Return a table of texts, as a file gives it."""
    columns = {
        "area": ["DEU", "MDA", "ALB", "FRA", "KGZ"],
        "year": range(2050 - years, 2050),
        "sex": ["male", "female"],
        "age": [*(f"{a}-{a + 4}" for a in range(0, 100, 5)), "100+"],
        "wave": ["a", "b", "c", "d", "e"],
    }
    frame = pd.DataFrame(list(product(*columns.values())), columns=list(columns))
    frame["persons"] = np.arange(1.0, len(frame) + 1).astype(str)
    return frame


def labelled(frame: pd.DataFrame) -> xr.DataArray:
    """Read the table with its units, dates, ages, codes and faults."""
    return from_frame(frame, value="persons", unit="person", dims=DIMS, time="1 July")


def reshaped(frame: pd.DataFrame) -> xr.DataArray:
    """Read numbers and reshape the table by its texts, checking nothing."""
    series = frame.set_index(list(DIMS)).persons
    return xr.DataArray.from_series(pd.to_numeric(series))


def rows(small: bool = False) -> list[Row]:
    """Return the row on long tables."""
    frame = table(2 if small else 100)
    assert small or len(frame) == 105_000
    ours, plain = labelled(frame), reshaped(frame)
    assert ours.sum() == plain.sum() == len(frame) * (len(frame) + 1) / 2
    assert ours.sizes["time"] == plain.sizes["year"]
    measured = ratio(lambda: labelled(frame), lambda: reshaped(frame), 0.1 if small else 0.5)
    return [Row("from_frame", f"{len(frame):,} rows of text", "pandas' reshaping", "≤ 6", measured)]


def test_from_frame(benchmark):
    """A table of 21,000 rows of text."""
    frame = table(20)
    assert benchmark(labelled, frame).sum() == len(frame) * (len(frame) + 1) / 2
