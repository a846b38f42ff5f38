"""Quotas that follow posts, floors of regions, and replacements: by hand, and what is refused."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pytest
import xarray as xr

from migov.core.cases import Cells
from migov.core.errors import (
    AlignmentError,
    DimensionError,
    KindError,
    MigovError,
    MigovWarning,
    ParameterError,
    PartitionError,
)
from migov.schemes import Floor, Hazards, Programme

YEAR = {"hazards": Hazards(), "start": "2026-01-01", "horizon": "2 year", "seed": 1}


def programme(**rules):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        return Programme(**{
            "name": "p", "kind": "temporary", "origin": "MDA", "destination": "DEU",
            "occupations": ("2",), "stay": "3 month",
        } | rules)  # fmt: skip


def applicants(count=9000.0):
    return Cells((count,), origin="MDA").array("person/year").expand_dims(occupation=["2"])


def posts(*numbers):
    return xr.DataArray(
        [list(numbers)], {"occupation": ["2"], "time": np.array(
            [f"{2025 + i}-01-01" for i in range(len(numbers))], "M8[s]")},
        ["occupation", "time"], attrs={"units": "post"},
    )  # fmt: skip


def test_a_quota_follows_the_shortage():
    """A fifth of the posts that nobody fills on the date before each month, by the year."""
    made = programme(quota=0.2, quota_basis="shortage")
    run = made.simulate(applicants=applicants(), shortage=posts(4000.0, 1000.0, 500.0), **YEAR)
    assert run.dataset.places.values == pytest.approx([200.0, 100.0])
    assert run.dataset.admissions.values.ravel() == pytest.approx([200.0, 100.0])
    assert run.utilisation().values == pytest.approx([100.0, 100.0])


def test_a_quota_of_the_shortage_sums_occupations_and_keeps_members():
    made = programme(quota=(("2026-01-01", 0.1), ("2027-01-01", 0.3)), quota_basis="shortage",
                     occupations=("2", "5"))  # fmt: skip
    open_posts = xr.DataArray(
        [[100.0, 300.0], [300.0, 500.0]], {"occupation": ["2", "5"], "member": [0, 1]},
        ["occupation", "member"], attrs={"units": "post"},
    )  # fmt: skip
    apply = xr.concat([applicants(), applicants().assign_coords(occupation=["5"])], "occupation")
    apply.attrs = {"units": "person/year"}
    run = made.simulate(applicants=apply, shortage=open_posts, **YEAR)
    assert run.dataset.places.transpose("period", "member").values == pytest.approx(
        np.array([[40.0, 80.0], [120.0, 240.0]])
    )


def test_employers_alone_bound_a_scheme_without_a_quota():
    made = programme(quota_basis="employers")
    run = made.simulate(applicants=applicants(), demand=posts(60.0), **YEAR)
    assert "places" not in run.dataset
    assert float(run.dataset.abroad.max()) <= 60.0 + 1e-9
    assert float(run.dataset.admissions.sum()) == pytest.approx(8 * 60.0)


def by_region(*numbers, unit="person", name="occupation"):
    x = xr.DataArray(
        np.array(numbers, float)[None], {"origin": ["MDA"], "region": ["north", "south"]},
        ["origin", "region"], attrs={"units": unit},
    )  # fmt: skip
    if name == "occupation":
        return x.expand_dims(occupation=["2"])
    return x.assign_coords(time=np.datetime64("2025-01-01", "s"))


def regional(*floors, **more):
    made = programme(floors=floors, stay="24 month")
    given = {
        "workers": by_region(800.0, 1200.0), "residents": by_region(1e5, 2e5, name=""),
        "region_share": by_region(0.25, 0.75, unit="1", name="").drop_vars("time"),
    }  # fmt: skip
    return made.simulate(
        applicants=applicants(), migrants_counted="additional", **{**YEAR, **given, **more}
    )


def floor(density, region=""):
    return Floor(origin="MDA", occupation="2", density=density, source="test", region=region)


def test_a_floor_of_a_region_bounds_all_who_leave():
    """North: 800 less 75 per 10,000 of 100,000 leaves 50; a quarter leaves from there: 200."""
    run = regional(floor(75.0, "north"))
    assert float(run.dataset.abroad.max()) == pytest.approx(200.0)


def test_the_tightest_floor_holds_and_the_whole_has_one_too():
    """South: 1,200 less 1,140 leaves 60 of three quarters: 80; the whole: 2,000 less 1,950: 50."""
    assert float(regional(floor(75.0, "north"), floor(57.0, "south")).dataset.abroad.max()) == (
        pytest.approx(80.0)
    )
    both = regional(floor(75.0, "north"), floor(65.0))
    assert float(both.dataset.abroad.max()) == pytest.approx(50.0)


def test_nobody_from_a_region_leaves_its_floor_alone():
    share = by_region(0.0, 1.0, unit="1", name="").drop_vars("time")
    run = regional(floor(79.9, "north"), floor(50.0, "south"), region_share=share)
    assert float(run.dataset.abroad.max()) == pytest.approx(200.0)


def test_replacements_are_due_for_first_departures():
    made = programme(kind="skills_partnership", trained_per_departure=1.5, reentry=True)
    run = made.simulate(applicants=applicants(100.0), **{**YEAR, "hazards": Hazards(reentry=1.0)})
    due = run.replacements_due()
    assert due.values.ravel() == pytest.approx([150.0, 150.0])
    assert float(run.dataset.readmissions.sum()) > 0
    assert due.attrs["units"] == "person"


half = by_region(0.25, 0.5, unit="1", name="").drop_vars("time")
bare = by_region(2000.0, 0.0).sum("region").assign_attrs(units="person")
BAD = {
    "shares that do not sum": (lambda: regional(floor(1, "north"), region_share=half),
                               PartitionError, "region_share"),
    "no shares": (lambda: regional(floor(1, "north"), region_share=None), KindError,
                  "region_share"),
    "workers of no region": (lambda: regional(floor(1, "north"), workers=bare), DimensionError,
                             "workers"),
    "a region that is none": (lambda: regional(floor(1, "east")), AlignmentError, "residents"),
    "no shortage": (lambda: programme(quota=0.2, quota_basis="shortage").simulate(
        applicants=applicants(), **YEAR), KindError, "shortage"),
    "demand for a shortage": (lambda: programme(quota=0.2, quota_basis="shortage").simulate(
        applicants=applicants(), demand=posts(9.0), **YEAR), KindError, "shortage"),
    "no posts": (lambda: programme(quota_basis="employers").simulate(
        applicants=applicants(), **YEAR), KindError, "demand"),
    "no replacements": (lambda: programme().simulate(applicants=applicants(), **YEAR)
                        .replacements_due(), ParameterError, "trained_per_departure"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_does_not_belong_together_is_refused(what):
    call, kind, argument = BAD[what]
    with pytest.raises(kind) as caught:
        call()
    assert isinstance(caught.value, MigovError)
    assert caught.value.argument == argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
