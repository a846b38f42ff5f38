"""Groups of areas and weighted means."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov import by_group, concat, share, total
from migov.core.errors import AlignmentError, InputError, KindError, PartitionError


def people():
    return mg.Cells(
        ((20, 60, 15), (10, 50, 30), (5, 5, 5)), area="ALB MDA DEU", age="0-14 15-64 65+"
    ).array("person")


def test_group_is_the_sum_of_its_members():
    out = mg.by_group(people(), {"origins": ["ALB", "MDA"], "all": ["ALB", "MDA", "DEU"]})
    np.testing.assert_array_equal(out.sel(area="origins"), [30, 110, 45])
    np.testing.assert_array_equal(out.sel(area="all"), people().sum("area"))


def test_status_of_a_group_is_its_members():
    marked = mg.status.mark(people(), "estimated", at=people().area == "MDA")
    out = mg.by_group(marked, {"origins": ["ALB", "MDA"], "destination": ["DEU"]})
    assert out.observation_status.sel(age=0).values.tolist() == [4, 0]


def test_grouped_ratio_is_the_mean_weighted_by_its_denominator():
    old = mg.OldAgeDependencyRatio()
    grouped = old.grouped({"origins": ["ALB", "MDA"]}, people()).item()
    some = people().sel(area=["ALB", "MDA"])
    mean = mg.weighted_mean(old(some), some.sel(age=15, drop=True), "area")
    assert grouped == pytest.approx(mean.item(), rel=1e-14)
    assert mean.attrs["units"] == "percent"


def test_mean_of_equal_weights_and_of_those_present():
    x = mg.Cells((10.0, np.nan), area="ALB MDA").array("percent")
    w = mg.Cells((1.0, 1.0), area="MDA ALB").array("person")
    assert np.isnan(mg.weighted_mean(x, w, "area"))
    skipped = mg.weighted_mean(x, w, "area", missing="skip")
    assert skipped.item() == 10.0
    assert mg.status.names(int(skipped.observation_status)) == ("partial",)


def of_two_dates():
    """Return rates of one date and weights of another, as scalar labels."""
    rates = mg.Cells((10.0, 20.0), area="ALB MDA").array("percent")
    weights = mg.Cells((3.0, 1.0), area="ALB MDA").array("person")
    first, later = np.array(["2020-07-01", "2030-07-01"], "M8[s]")
    return rates.assign_coords(time=first), weights.assign_coords(time=later)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (lambda: mg.by_group(people(), {"x": ["POL"]}), PartitionError),
        (lambda: mg.by_group(people(), "EU"), PartitionError),
        (
            lambda: mg.by_group(people().assign_attrs(units="percent"), {"x": ["ALB"]}),
            PartitionError,
        ),
        (lambda: mg.by_group(people().isel(area=0, drop=True), "EU"), PartitionError),
        (lambda: mg.weighted_mean(people(), people() * -1, "area"), InputError),
        (lambda: mg.weighted_mean(people(), people().isel(area=[0, 1]), "area"), AlignmentError),
        (lambda: mg.weighted_mean(*of_two_dates(), "area"), AlignmentError),
        (lambda: mg.weighted_mean(people(), people() * np.nan, "area"), InputError),
        (
            lambda: mg.weighted_mean(people(), (people() * -1).chunk(1), "area").compute(),
            InputError,
        ),
        (lambda: mg.weighted_mean(people().astype(str), people(), "area"), KindError),
        (lambda: mg.by_group(people().isel(area=[0, 0]), {"x": ["ALB"]}), PartitionError),
    ],
)
def test_bad_input(fault, kind):
    with pytest.raises(kind) as caught:
        fault()
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.fixture
def three():
    coords = {"area": ["DEU", "MDA", "ALB"], "time": np.array(["2020-01-01"], "M8[s]")}
    values = np.array([[83.0], [2.6], [2.8]])
    return xr.DataArray(values, coords, ("area", "time"), attrs={"units": "million person"})


def test_groups_that_overlap_are_not_summed_again(three):
    found = by_group(three, {"a": ["ALB", "MDA"], "b": ["DEU", "MDA"]})
    for x in (found, found.isel(time=0), found.rename(area="origin"), found * 1.0):
        x = x.assign_attrs(units="million person")
        role = str(x.dims[0])
        for call in (lambda x=x, r=role: total(x, r), lambda x=x, r=role: share(x, r)):
            with pytest.raises(PartitionError, match="group b beside a, and both count MDA") as one:
                call()
            assert pickle.loads(pickle.dumps(one.value)).argument == "x"
    apart = by_group(three, {"a": ["ALB", "MDA"], "b": ["DEU"]})
    assert total(apart, "area").item() == pytest.approx(88.4)
    assert total(found.sel(area=["a"]), "area").item() == pytest.approx(5.4)


@pytest.mark.parametrize("before", [True, False])
def test_a_group_beside_its_member_is_not_summed_again(three, before):
    found = by_group(three, {"Western": ["ALB", "MDA"]})
    parts = [found, three] if before else [three, found]
    whole = concat(parts, "area")
    with pytest.raises(PartitionError, match="Western"):
        total(whole, "area")
    with pytest.raises(PartitionError, match="Western"):
        by_group(whole, {"one": ["ALB"]}).pipe(lambda g: total(concat([g, found], "area"), "area"))
    kept = whole.sel(area=["DEU", "Western"])
    assert total(kept, "area").item() == pytest.approx(88.4)
    one = concat([three.sel(area="DEU"), found.sel(area="Western")], "area")
    assert total(one, "area").item() == pytest.approx(88.4)
    with pytest.raises(PartitionError, match="Western"):
        total(concat([three.sel(area="MDA"), found.sel(area="Western")], "area"), "area")


def test_the_mark_of_a_group_passes_along_time_and_through_files(three, tmp_path):
    later = three.assign_coords(time=np.array(["2021-01-01"], "M8[s]"))
    groups = {"a": ["ALB", "MDA"], "b": ["DEU", "MDA"]}
    both = concat([by_group(three, groups), by_group(later, groups)], "time")
    pytest.importorskip("h5netcdf")
    from migov.io import read, write

    for x in (both, read(write(both.rename("x"), tmp_path / "x.nc"))):
        with pytest.raises(PartitionError, match="both count MDA"):
            total(x, "area")
