"""Arrays on labels and settings that the property tests of the room share."""

from __future__ import annotations

import numpy as np
import xarray as xr
from hypothesis import Phase, settings
from hypothesis import strategies as st

SEEDS = st.integers(0, 2**32 - 1)
AREAS = ["DEU", "MDA", "POL"]
OTHER = {
    "person": ("thousand person", 1e-3),
    "1/year": ("per_thousand/year", 1e3),
    "1": ("percent", 100.0),
    "year": ("month", 12.0),
}
"""For each unit another spelling, and what the numbers are multiplied by."""


def few(examples):
    """Settings of slow properties: a seed has no smaller one, shrinking would repeat the runs."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
    )


def july(year):
    return np.datetime64(f"{year}-07-01", "s")


def array(values, unit, **labels):
    """An array over labels: ages as lower bounds, open if from 0; periods of five years."""
    coords = {}
    for name, told in labels.items():
        if name == "age":
            last = np.inf if told[0] == 0 else 5.0
            coords["age"] = list(told)
            coords["age_width"] = ("age", np.append(np.diff(told), last).astype(float))
        elif name == "period":
            coords["period"] = [july(y) for y in told]
            coords["period_end"] = ("period", [july(y + 5) for y in told])
        else:
            coords[name] = list(told)
    return xr.DataArray(np.asarray(values, float), coords, list(labels), attrs={"units": unit})
