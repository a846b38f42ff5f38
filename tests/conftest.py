"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of reference inputs and outputs, or skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder of reference data (../shared) is absent")
    return SHARED


@pytest.fixture(autouse=True)
def exact_joins():
    """Run every test where a silent join of labels is an error."""
    with xr.set_options(arithmetic_join="exact"):
        yield
