"""Shares of a whole, and a whole spread by them."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import (
    AlignmentError,
    InputError,
    KindError,
    PartitionError,
    UnitError,
)

OVER = mg.Cells((60.0, 60.0), occupation="2 9").array("percent")
INSIDE = mg.Cells((0.1, 0.2), occupation="2 22").array("1")
WOMEN = mg.Cells((1.0,), sex="F").array("1")
CAP = mg.Cells((1000.0, 500.0), period="2024 2025").array("person/year")
SEXES = mg.Cells((13.0, 87.0), sex="F M").array("percent")
JOBS = mg.Cells((1.0, 2.0, 7.0), occupation="2 7 9").array("person")


def test_shares_sum_to_one_and_spreading_conserves_the_whole():
    jobs = mg.share(JOBS, "occupation")
    assert jobs.sum().item() == pytest.approx(1.0, rel=1e-15)
    out = mg.spread(CAP, SEXES, jobs)
    np.testing.assert_allclose(out.sum(["sex", "occupation"]), CAP, rtol=1e-14)
    assert out.attrs["units"] == "person/year"
    assert out.sel(sex="M", occupation="9").values == pytest.approx([609.0, 304.5])


def test_a_part_of_the_whole_and_members():
    part = mg.Cells(((0.2, 0.3),), origin="ALB", member="0 1").array("1")
    out = mg.spread(CAP, part, SEXES)
    np.testing.assert_allclose(out.sum("sex").sel(origin="ALB", member=1), CAP * 0.3)


def test_status_and_definition_are_kept():
    cap = mg.define(CAP, mg.definitions.SEASONAL_90_IN_180)
    marked = mg.status.mark(mg.share(JOBS, "occupation"), "stylised")
    out = mg.spread(cap, SEXES, marked)
    assert mg.definition_of(out) == mg.definitions.SEASONAL_90_IN_180
    assert (out.observation_status == mg.status.flag("stylised")).all()
    assert "observation_status" not in mg.spread(cap, SEXES).coords


def test_a_whole_of_zero_has_no_shares():
    assert np.isnan(mg.share(JOBS.copy(data=JOBS.values * 0), "occupation")).all()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (lambda: mg.spread(CAP, SEXES.assign_attrs(units="1")), InputError),
        (lambda: mg.spread(CAP, SEXES, OVER), InputError),
        (lambda: mg.spread(CAP, JOBS), UnitError),
        (lambda: mg.spread(mg.spread(CAP, SEXES), WOMEN), AlignmentError),
        (lambda: mg.spread(CAP, INSIDE), PartitionError),
        (lambda: mg.share(SEXES, "sex"), PartitionError),
        (lambda: mg.spread(1000.0, SEXES), KindError),
        (lambda: mg.spread(CAP.assign_attrs(units="percent"), SEXES), PartitionError),
        (lambda: mg.spread(CAP.drop_attrs(), SEXES), UnitError),
    ],
)  # fmt: skip
def test_bad_input(fault, kind):
    with pytest.raises(kind):
        fault()


@pytest.mark.parametrize(
    ("kind", "one"), [("float16", 60_000), ("float32", 16_777_215), ("uint8", 200)]
)
def test_narrow_numbers_are_widened_before_they_are_added(kind, one):
    ages = {"area": ["DEU", "MDA"], "age": [0, 1, 2, 3], "age_width": ("age", [1.0, 1, 1, np.inf])}
    narrow = xr.DataArray(
        np.full((2, 4), one, kind), ages, ("area", "age"), attrs={"units": "thousand person"}
    )
    narrow[0, 1] = 1
    wide = narrow.astype(float)
    for call in (
        lambda x: mg.total(x, "age"),
        lambda x: mg.share(x, "age"),
        lambda x: mg.regroup_ages(x, [0, 2]),
        lambda x: mg.to_unit(x, "person"),
        lambda x: mg.ages_between(x, 0, 3),
        lambda x: mg.weighted_mean(wide.assign_attrs(units="1"), x, "age"),
        lambda x: mg.weighted_mean(x, wide, "age"),
    ):
        np.testing.assert_array_equal(call(narrow), call(wide))
    change = mg.total(narrow, "age").diff("area", label="lower")
    assert (-change).item() < 0 < change.item()
