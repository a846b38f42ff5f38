"""A matrix of flows in one number: moves between 17 regions of Korea, by definition."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import AlignmentError, DefinitionError, ParameterError
from migov.indicators.kernels_flows import aggregate_variation, weighted_gini, weighted_median

YEARS = [2012, 2015, 2020]
MOVES = mg.Definition(name="change of residence across regions", counts="moves")


@pytest.fixture(scope="module")
def korea(shared):
    folder = shared / "golden/flows/indices"
    table = pd.read_csv(folder / "korea_gravity_input.csv")
    told = pd.read_csv(folder / "korea_gravity_indices_by_definition.csv")
    table = table[table.year.isin(YEARS)]
    cube = table.set_index(["year", "orig", "dest"])[["flow", "dist_cent"]].to_xarray()
    starts = np.array([f"{year}-01-01" for year in cube.year.values], "M8[s]")
    ends = np.array([f"{year + 1}-01-01" for year in cube.year.values], "M8[s]")
    cube = cube.rename(orig="origin", dest="destination", year="period")
    cube = cube.assign_coords(period=starts, period_end=("period", ends))
    cube = cube.assign_coords({d: cube[d].values.astype(str) for d in ("origin", "destination")})
    people = table.groupby(["year", "orig"]).orig_pop.first().to_xarray()
    people = people.rename(orig="area", year="period").assign_coords(
        period=starts, period_end=("period", ends), area=people.orig.values.astype(str)
    )
    return (
        mg.define(cube.flow.astype(float).assign_attrs(units="person"), MOVES),
        people.assign_attrs(units="million person"),
        cube.dist_cent.isel(period=0, drop=True).assign_attrs(units="kilometre"),
        told.pivot_table("value", "year", "measure").loc[YEARS],
    )


def agrees(found, expected, rtol=1e-10):
    np.testing.assert_allclose(found.values, expected.to_numpy(), rtol=rtol)


def test_intensity_and_redistribution(korea):
    flows, people, _, told = korea
    intensity = mg.CrudeMigrationIntensity()(flows, people)
    agrees(intensity, told.crude_migration_intensity_percent)
    net = mg.AggregateNetMigrationRate()(flows, people)
    agrees(net, told.aggregate_net_migration_rate_percent)
    between = flows.where(flows.origin != flows.destination, 0.0)
    sides = [
        mg.define(between.sum(gone).rename({kept: "area"}).assign_attrs(units="person"), MOVES)
        for gone, kept in (("origin", "destination"), ("destination", "origin"))
    ]
    effect = mg.MigrationEffectiveness(form="system")(*sides)
    agrees(effect, told.effectiveness_percent)
    # redistribution is intensity times effectiveness
    np.testing.assert_allclose(net.values, (intensity * effect / 100).values, rtol=1e-12)


def test_connection_and_focus(korea):
    flows, _, _, told = korea
    agrees(mg.MigrationConnectivity()(flows), told.connectivity)
    agrees(mg.MigrationInequality()(flows), told.inequality_equal)
    for side in ("out", "in", "mean"):
        found = mg.MigrationWeightedGini(side=side)(flows)
        agrees(found, told[f"migration_weighted_gini_{side}"])
    agrees(mg.FlowVariation()(flows), told.acv)


def test_the_peer_divides_its_gini_once_more_and_ours_does_not(korea, shared):
    flows = korea[0]
    peer = pd.read_csv(shared / "golden/flows/indices/korea_gravity_indices_peer.csv")
    peer = peer.pivot_table("value", "year", "measure").loc[YEARS]
    ratio = mg.MigrationWeightedGini(side="out")(flows).values / peer.mwg_orig.to_numpy()
    assert (ratio > 16).all()  # 17 places
    agrees(mg.FlowVariation()(flows), peer.acv)


def test_distance(korea):
    flows, _, distance, told = korea
    agrees(mg.MeanMigrationDistance()(flows, distance), told.mean_distance)
    agrees(mg.MedianMigrationDistance()(flows, distance), told.median_distance_lower_weighted)


def test_preference(korea):
    flows, people, _, told = korea
    found = mg.MigrationPreference()(flows, people)
    assert np.isnan(found.sel(origin="Seoul", destination="Seoul").values).all()
    agrees(found.sum(["origin", "destination"]), told.preference_sum)


def test_destinations_in_another_order_give_the_same(korea):
    flows, people, distance, _ = korea
    turned = flows.isel(destination=slice(None, None, -1))
    for made, more in (
        (mg.AggregateNetMigrationRate(), (people,)),
        (mg.MigrationWeightedGini(), ()),
        (mg.FlowVariation(), ()),
        (mg.MedianMigrationDistance(), (distance,)),
    ):
        np.testing.assert_allclose(
            made(turned, *more).values, made(flows, *more).values, rtol=1e-12
        )


def test_own_cells_and_their_absence_do_not_count(korea):
    flows, people, distance, _ = korea
    hidden = flows.where(flows.origin != flows.destination)
    np.testing.assert_array_equal(
        mg.CrudeMigrationIntensity()(hidden, people).values,
        mg.CrudeMigrationIntensity()(flows, people).values,
    )
    far = distance.where(distance.origin != distance.destination)
    np.testing.assert_array_equal(
        mg.MedianMigrationDistance()(hidden, far).values,
        mg.MedianMigrationDistance()(flows, distance).values,
    )
    gap = hidden.where((flows.origin != "Seoul") | (flows.destination != "Busan"))
    assert np.isnan(mg.MigrationWeightedGini()(gap).values).all()
    assert np.isnan(mg.MigrationConnectivity()(gap).values).all()


def slow_gini(matrix):
    n, total, found = len(matrix), 0.0, 0.0
    for i in range(n):
        field = [matrix[i][j] for j in range(n) if j != i]
        total += sum(field)
        gaps = sum(abs(a - b) for a in field for b in field)
        found += gaps / (2 * (len(field) - 1))  # the place's sum cancels against its weight
    return found / total


def slow_variation(matrix):
    n, total, found = len(matrix), 0.0, 0.0
    for i in range(n):
        field = np.array([matrix[i][j] for j in range(n) if j != i])
        total += field.sum()
        found += len(field) * np.sqrt(((field - field.mean()) ** 2).mean())
    return found / total


def test_focus_against_loops_and_at_its_ends():
    rng = np.random.default_rng(11)
    matrix = rng.gamma(0.5, 100, (6, 6))
    matrix[3] = 0  # nobody leaves
    assert weighted_gini(matrix, side="out") == pytest.approx(slow_gini(matrix), rel=1e-12)
    assert weighted_gini(matrix, side="in") == pytest.approx(slow_gini(matrix.T), rel=1e-12)
    assert aggregate_variation(matrix, side="out") == pytest.approx(
        slow_variation(matrix), rel=1e-12
    )
    even = np.ones((5, 5))
    assert weighted_gini(even) == pytest.approx(0, abs=1e-12)
    assert aggregate_variation(even) == pytest.approx(0, abs=1e-12)
    assert weighted_gini(np.eye(5)[:, [1, 2, 3, 4, 0]]) == pytest.approx(1.0, rel=1e-12)
    assert np.isnan(weighted_gini(np.zeros((4, 4))))


def test_weighted_median_is_the_median_of_repeated_values():
    rng = np.random.default_rng(2)
    x, weight = rng.random((5, 5)), rng.integers(0, 6, (5, 5)).astype(float)
    repeated = np.sort(np.repeat(x.ravel(), weight.astype(int).ravel()))
    assert weighted_median(x, weight) == repeated[(len(repeated) - 1) // 2]
    assert np.isnan(weighted_median(x, weight * 0))
    x[0, 0], weight[0, 0] = np.nan, 1
    assert np.isnan(weighted_median(x, weight))


def test_bad_inputs(korea):
    flows, people, _, _ = korea
    with pytest.raises(DefinitionError, match="flows"):
        mg.CrudeMigrationIntensity()(mg.define(flows, None), people)
    with pytest.raises(AlignmentError, match="Seoul") as caught:
        mg.MigrationWeightedGini()(flows.drop_sel(destination="Seoul"))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(AlignmentError, match="population"):
        mg.MigrationPreference()(flows, people.drop_sel(area="Seoul"))
    with pytest.raises(ParameterError, match="side"):
        mg.MigrationWeightedGini(side="both")


def test_one_sided_systems_have_a_connectivity():
    flows = xr.DataArray(
        [[1.0, 0.0, 2.0], [0.0, 0.0, 5.0]],
        {"origin": ["MDA", "KGZ"], "destination": ["DEU", "RUS", "MDA"]},
        ("origin", "destination"),
        attrs={"units": "person"},
    )
    assert mg.MigrationConnectivity()(flows).item() == pytest.approx(2 / 5)  # MDA to MDA is none
