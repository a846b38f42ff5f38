"""Tables of medians and intervals."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import DimensionError, InputError, KindError, TimeError
from migov.report import show, table


def drawn():
    values = np.arange(202.0).reshape(2, 101)
    return xr.DataArray(
        values,
        {"area": ["ALB", "MDA"], "member": np.arange(101)},
        ("area", "member"),
        attrs={"units": "thousand person", "long_name": "arrivals"},
    )


def test_median_and_interval_are_numpys():
    found = table(drawn(), rows="area", digits=1)
    low, mid, high = np.quantile(np.arange(101.0), [0.1, 0.5, 0.9])
    assert found.loc["Albania", ""] == f"{mid:.1f}  [{low:.1f}; {high:.1f}]"
    assert found.attrs["title"] == "Arrivals (thousand person; median and 80 % interval)"


def test_stylised_is_in_the_title_and_a_missing_value_is_a_dash():
    x = mg.status.mark(mg.Cells((1.0, np.nan), area="ALB MDA").array("person"), "stylised")
    text = show(x.rename("heads"), rows="area")
    assert "STYLISED" in text
    assert text.splitlines()[-1].endswith("–")


def test_two_dimensions_down_the_side():
    x = mg.Cells((((1, 2), (3, 4)),), area="ALB", sex="F M", time="2025-07-01 2030-07-01")
    lines = show(x.array("person"), rows=["area", "sex"], columns="time").splitlines()
    assert lines[1].split() == ["2025", "2030"]
    assert lines[2].split() == ["Albania", "Female", "1", "2"]
    assert lines[3].split() == ["Male", "3", "4"]


def test_units_are_converted():
    assert (
        table(drawn().isel(member=0), rows="area", unit="person").loc["Moldova", ""]
        == "101\u202f000"
    )


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (lambda: table(drawn(), rows="sex"), DimensionError),
        (lambda: table(drawn().expand_dims(sex=["F"]), rows="area"), DimensionError),
        (lambda: table(drawn(), rows="area", level=1.5), InputError),
    ],
)
def test_bad_input(fault, kind):
    with pytest.raises(kind):
        fault()


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda x: x.assign_coords(time=[2025, 2030]), TimeError),
        (lambda x: x.assign_coords(time=np.full(2, "NaT", "M8[s]")), TimeError),
        (lambda x: x.isel(area=[]), DimensionError),
        (lambda x: x.astype(str), KindError),
    ],
)
def test_what_no_table_can_tell_is_refused(change, kind):
    x = mg.Cells(((1, 2), (3, 4)), area="ALB MDA", time="2025-07-01 2030-07-01").array("person")
    with pytest.raises(kind, match=r"table: (x|time of x)"):
        table(change(x), rows="area", columns="time")
