"""Flows of an area: identities, required fields and definitions."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import migov as mg
from migov.core.errors import (
    DefinitionError,
    DimensionError,
    ParameterError,
    PartitionError,
    TimeError,
)

EU = mg.definitions.EU_USUAL_RESIDENCE
LONG = mg.definitions.UNECE_CIRCULAR_LONG_TERM


def cells(values, definition=EU, unit="person", **labels):
    return mg.Cells(values, unit, definition, **labels).array()


def test_in_and_out_make_gross_net_and_effectiveness():
    inward = cells(((600.0, 90.0), (40.0, 10.0)), area="DEU MDA", period="2019 2020")
    outward = cells(((400.0, 110.0), (60.0, 30.0)), area="DEU MDA", period="2019 2020")
    gross, net = mg.GrossMigration()(inward, outward), mg.NetMigration()(inward, outward)
    np.testing.assert_allclose((gross + net).values, 2 * inward.values)
    signed = mg.MigrationEffectiveness(form="signed")(inward, outward)
    np.testing.assert_allclose(signed.values, (100 * net / gross).values, rtol=1e-12)
    absolute = mg.MigrationEffectiveness()(inward, outward)
    np.testing.assert_allclose(absolute.values, abs(signed.values), rtol=1e-12)
    system = mg.MigrationEffectiveness(form="system")(inward, outward)
    np.testing.assert_allclose(system.values, [100 * 220 / 1100, 100 * 40 / 240], rtol=1e-12)
    with pytest.raises(DimensionError, match="area"):
        mg.MigrationEffectiveness(form="system")(
            inward.isel(area=0, drop=True), outward.isel(area=0, drop=True)
        )
    beside = inward.assign_coords(area=["DEU", "_T"])
    with pytest.raises(PartitionError, match="_T"):
        mg.MigrationEffectiveness(form="system")(beside, beside)


def test_flows_of_five_years_are_told_a_year():
    inward, outward = (cells((n,), period="2015-2020") for n in (1000.0, 400.0))
    assert mg.NetMigration()(inward, outward).item() == pytest.approx(120.0, rel=1e-12)
    with pytest.raises(DimensionError, match="immigrants"):
        mg.NetMigration()(inward.isel(period=0), outward.isel(period=0))


def test_net_rate_of_world_population_prospects(shared):
    folder = shared / "golden/demography/wpp2024"
    table = pd.read_csv(folder / "annual_components.csv")
    one = table[(table.iso3 == "MDA") & table.year.between(2026, 2045)]
    years = " ".join(map(str, one.year))
    before = table[(table.iso3 == "MDA") & table.year.between(2025, 2044)]
    ends = one.population_31_december_thousands.to_numpy()
    lived = (ends + before.population_31_december_thousands.to_numpy()) / 2
    net = cells(
        tuple(one.net_migration_thousands),
        mg.definitions.UN_WPP_2024,
        "thousand person",
        period=years,
    )
    stood = cells(tuple(lived), None, "thousand person year", period=years)
    found = mg.CrudeNetMigrationRate()(net, stood).values
    by_hand = 1000 * one.net_migration_thousands.to_numpy() / lived
    np.testing.assert_allclose(found, by_hand, rtol=1e-12)
    # immigration less emigration of any size with this balance gives the same rate
    moved = abs(net) + 50.0
    rates = [
        kind()(mg.define(((moved + sign * net) / 2).assign_attrs(units=net.units), EU), stood)
        for kind, sign in ((mg.CrudeImmigrationRate, 1), (mg.CrudeEmigrationRate, -1))
    ]
    np.testing.assert_allclose((rates[0] - rates[1]).values, found, rtol=1e-9, atol=1e-12)


def test_who_returns_has_to_be_said():
    with pytest.raises(TypeError, match="returnee"):
        mg.ReturnMigrationShare()
    with pytest.raises(ParameterError, match="returnee"):
        mg.ReturnMigrationShare(returnee="national")


def test_circular_migrants_and_their_base_are_of_one_definition():
    few, many = (cells(n, LONG) for n in (30.0, 600.0))
    assert mg.CircularMigrationRate(form="long_term")(few, many).item() == pytest.approx(5)
    with pytest.raises(DefinitionError, match="form='temporary'") as caught:
        mg.CircularMigrationRate(form="temporary")(few, many)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(DefinitionError, match="stay_months"):
        mg.CircularMigrationRate(form="long_term")(few, cells(600.0, EU.evolve(stay_months=3)))
    own = LONG.evolve(stay_months=6)
    assert mg.CircularMigrationRate(form="own")(cells(3.0, own), cells(60.0, own)).item() == 5
    with pytest.raises(DefinitionError, match="undeclared"):
        mg.CircularMigrationRate(form="own")(few, cells(600.0, None))


@pytest.mark.parametrize("kind", [mg.NetMigration, mg.GrossMigration, mg.MigrationEffectiveness])
def test_arrivals_and_departures_are_counted_by_one_threshold(kind):
    come = cells((600.0,), mg.definitions.EU_862_2007, period="2020")
    gone = cells((400.0,), mg.definitions.EU_862_2007_EMIGRATION, period="2020")
    plain = [cells((n,), EU, period="2020") for n in (600.0, 400.0)]
    assert kind()(come, gone).item() == kind()(*plain).item()
    short = mg.define(gone, mg.definitions.EU_862_2007_EMIGRATION.evolve(stay_months=3))
    with pytest.raises(DefinitionError, match="stay_months: 12 and 3") as caught:
        kind()(come, short)
    assert "emigrants" in str(pickle.loads(pickle.dumps(caught.value)))


def test_asymmetry_is_two_where_the_destination_alone_counts():
    labels = {"origin": "MDA KGZ", "destination": "DEU ITA"}
    there = cells(((500.0, 10.0), (0.0, 0.0)), None, **labels)
    here = cells(((300.0, 0.0), (7.0, 0.0)), None, **labels)
    found = mg.MirrorAsymmetry()(there, here)
    np.testing.assert_allclose(found.values, [[0.5, 2.0], [-2.0, np.nan]])
    np.testing.assert_allclose(mg.MirrorAsymmetry()(here, there).values, -found.values)


def test_flows_without_a_definition_and_stocks_are_refused():
    lived = cells((5000.0,), None, "person year", period="2020")
    with pytest.raises(DefinitionError, match="immigrants"):
        mg.CrudeImmigrationRate()(cells((5.0,), None, period="2020"), lived)
    with pytest.raises(TimeError, match="emigrants"):
        mg.CrudeEmigrationRate()(cells((5.0,), time="2020-07-01"), lived)


MOBILITY = ("SEASONAL_90_IN_180", "UN_1998_SHORT_TERM", "UN_2025_TEMPORARY_MOBILITY")


@pytest.mark.parametrize("name", MOBILITY)
def test_stays_that_change_no_residence_are_no_migration(name):
    """Ninety days over a population by presence gave 120 per thousand of net migration."""
    short = cells((600.0,), getattr(mg.definitions, name), period="2020")
    lived = cells((5000.0,), None, "person year", period="2020")
    died = cells((50.0,), None, period="2020")
    for call in (
        lambda: mg.CrudeNetMigrationRate()(short, lived),
        lambda: mg.CrudeImmigrationRate()(short, lived),
        lambda: mg.CrudeEmigrationRate()(short, lived),
        lambda: mg.NetMigration()(short, short),
        lambda: mg.GrossMigration()(short, short),
        lambda: mg.MigrationContributionToGrowth()(short, died, died),
    ):
        with pytest.raises(DefinitionError, match="temporary mobility, not migration") as caught:
            call()
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_register_with_a_low_threshold_counts_migration():
    """From three months without a limit: the long stays are among them."""
    low = mg.Definition(criterion="previous_residence", residence_rule="usual", stay_months=3)
    lived = cells((5000.0,), None, "person year", period="2020")
    found = mg.CrudeImmigrationRate()(cells((600.0,), low, period="2020"), lived)
    assert found.item() == pytest.approx(120.0)


def test_detections_are_no_moves():
    """Who is turned back is detected again: 600 of them gave an immigration rate of 120."""
    seen = cells((600.0,), mg.Definition(counts="detections"), period="2020")
    lived = cells((5000.0,), None, "person year", period="2020")
    with pytest.raises(DefinitionError, match="immigrants are detections: events"):
        mg.CrudeImmigrationRate()(seen, lived)
    with pytest.raises(DefinitionError, match="RegularEntryShare"):
        mg.NetMigration()(seen, seen)
