"""Uses that must type-check: rooms, their classes and what they return."""

from typing import assert_type

import xarray as xr

import migov as mg


def figures() -> None:
    """Packaged figures."""
    found = mg.datasets.load("outlook")
    assert_type(found, mg.datasets.Figures)
    assert_type(mg.datasets.names(), tuple[str, ...])


def projections(x: xr.DataArray) -> None:
    """A specification in the constructor, data in the call."""
    projection = mg.demography.CohortComponent(step=5, migration_timing="even", ax="greville")
    assert_type(projection, mg.demography.CohortComponent)
    assert_type(projection.run(x, x, x, x, sex_ratio=x), xr.Dataset)
