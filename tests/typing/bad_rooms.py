"""Uses of rooms that must not type-check."""

import xarray as xr

import migov as mg


def misuse(x: xr.DataArray) -> None:
    """Each line is one misuse."""
    projection = mg.demography.CohortComponent(stp=5)  # E: call-arg
    mg.demography.CohortComponent(step="five")  # E: arg-type
    projection.run(x, x, x, x)  # E: call-arg
    projection.run(x, x, x, x, sex_ratios=x)  # E: call-arg
    mg.demography.CohortComponents(step=5)  # E: attr-defined
    mg.datasets.load()  # E: call-arg
    mg.datasets.load(7)  # E: arg-type
