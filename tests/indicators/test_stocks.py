"""Stocks: published figures, identities, and definitions that do not fit."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import (
    AlignmentError,
    DefinitionError,
    ParameterError,
    PartitionError,
    TimeError,
)
from migov.numeric import inequality

STOCK = mg.definitions.UN_DESA_MIGRANT_STOCK


def cells(values, definition=STOCK, unit="person", **labels):
    return mg.Cells(values, unit, definition, **labels).array()


@pytest.fixture
def published(shared):
    table = pd.read_csv(shared / "figures/migrant_stock_2020.csv", keep_default_na=False)
    table = table.replace("", np.nan).astype({"population_thousands": float})
    return table.set_index(["iso3", "year"]).to_xarray()


def array(x, unit, definition=None):
    out = xr.DataArray(
        x.to_numpy().astype(float),
        {
            "area": x.iso3.to_numpy().astype(str),
            "time": np.array([f"{year}-07-01" for year in x.year.values], "M8[s]"),
        },
        ("area", "time"),
        attrs={"units": unit},
    )
    return out if definition is None else mg.define(out, definition)


def test_share_women_and_growth_of_the_published_stock(published):
    stock = array(published.migrant_stock_persons, "person", STOCK)
    people = array(published.population_thousands, "thousand person")
    share = mg.MigrantShare()(stock, people)
    at = {"area": "DEU", "time": "2020-07-01"}
    assert share.sel(at).item() == pytest.approx(18.8, abs=0.05)  # UN DESA 2020, table 3

    both = xr.concat(
        [array(published[f"migrant_stock_{sex}"], "person") for sex in ("female", "male")],
        xr.DataArray(["F", "M"], dims="sex"),
    ).assign_attrs(units="person")
    women = mg.FemaleMigrantShare()(mg.define(both, STOCK))
    assert women.sel(at).item() == pytest.approx(100 * 7870822 / 15762457, rel=1e-12)
    assert women.sel(area="MDA", time="2020-07-01").item() == pytest.approx(59.1, abs=0.05)

    growth = mg.MigrantStockGrowth()(stock)
    assert growth.sizes["period"] == 6
    last = growth.sel(area="DEU").isel(period=-1)
    assert last.item() == pytest.approx(100 * np.log(15762457 / 10220418) / 5, rel=1e-12)
    assert str(last.period_end.values)[:10] == "2020-07-01"


def test_rates_of_growth_add_up_over_periods(published):
    stock = array(published.migrant_stock_persons, "person", STOCK)
    ends = mg.MigrantStockGrowth()(stock.isel(time=[0, -1])).isel(period=0)
    steps = mg.MigrantStockGrowth()(stock).mean("period", skipna=False)
    told = np.isfinite(ends.values)  # a stock of nobody in 1990 has no rate of growth
    assert told.sum() >= 45
    np.testing.assert_allclose(ends.values[told], steps.values[told], rtol=1e-12)


def test_growth_is_missing_from_nothing_and_needs_two_dates():
    stock = cells((0.0, 5.0), time="2015-07-01 2020-07-01")
    assert np.isnan(mg.MigrantStockGrowth()(stock).item())
    with pytest.raises(TimeError, match="stock"):
        mg.MigrantStockGrowth()(stock.isel(time=[1]))


def test_shares_that_the_definition_does_not_hold_are_refused():
    told = STOCK.evolve(asylum_seekers="excluded")
    few, many = cells(3.0, None), cells(10.0, told)
    with pytest.raises(DefinitionError, match="asylum_seekers") as caught:
        mg.RefugeeShareOfMigrants()(few, few, many)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert mg.RefugeeShareOfMigrants()(few, few, cells(10.0)).item() == pytest.approx(60)
    with pytest.raises(DefinitionError, match="stock"):
        mg.RefugeeShareOfMigrants()(few, few, cells(10.0, None))


def test_women_need_a_code_and_no_total_beside_it():
    with pytest.raises(AlignmentError, match="lacks sex F"):
        mg.FemaleMigrantShare()(cells((1.0, 2.0), sex="female male"))
    with pytest.raises(PartitionError, match="_T"):
        mg.FemaleMigrantShare()(cells((1.0, 2.0, 3.0), sex="F M _T"))


def test_diversity_against_the_kernels():
    rng = np.random.default_rng(3)
    values = rng.gamma(0.4, 1000, (4, 9))
    values[0, :3] = 0
    stock = mg.define(
        xr.DataArray(
            values,
            {"area": list("abcd"), "origin": list("ABCDEFGHI")},
            ("area", "origin"),
            attrs={"units": "person"},
        ),
        STOCK,
    )
    hhi = mg.OriginConcentration()(stock).values
    np.testing.assert_allclose(hhi, inequality.herfindahl(values), rtol=1e-12)
    np.testing.assert_allclose(mg.OriginDiversity()(stock).values, 1 - hhi, rtol=1e-12)
    entropy = mg.OriginDiversity(measure="shannon")(stock).values
    np.testing.assert_allclose(entropy, inequality.shannon(values), rtol=1e-12)
    with pytest.raises(ParameterError, match="measure"):
        mg.OriginDiversity(measure="gini")


def test_segregation_and_exposure_against_the_kernels():
    rng = np.random.default_rng(5)
    group, others = rng.gamma(1, 50, 6), rng.gamma(1, 500, 6)
    group[2] = others[2] = 0  # an empty area
    a, b, all_ = (
        xr.DataArray(x, {"area": list("abcdef")}, "area", attrs={"units": "person"})
        for x in (group, others, group + others)
    )
    assert mg.SegregationIndex()(a, b).item() == pytest.approx(
        inequality.dissimilarity(group, others), rel=1e-12
    )
    met, alone = mg.ExposureIndex()(a, b, all_).item(), mg.ExposureIndex()(a, a, all_).item()
    assert met == pytest.approx(inequality.exposure(group, others, group + others), rel=1e-12)
    assert met + alone == pytest.approx(1.0, rel=1e-12)
    assert mg.SegregationIndex()(a, a).item() == 0.0


def test_emigration_rates_cover_the_destinations_asked():
    emigrants = cells(
        ((10.0, 20.0), (5.0, 30.0), (1.0, 2.0)), destination="DEU ITA ROU", age="0-14 15+"
    )
    residents = cells((200.0, 450.0), None, age="0-14 15+")
    whole = mg.EmigrationRate(from_age=15)(emigrants, residents).item()
    assert whole == pytest.approx(100 * 52 / 502)
    part = mg.EmigrationRate(from_age=15, destinations=("DEU", "ITA"))(emigrants, residents)
    assert part.item() == pytest.approx(100 * 50 / 500)
    assert part.item() < whole  # a lower bound
    assert mg.catalogue.from_json(mg.EmigrationRate(destinations=("DEU",)).to_json()) == (
        mg.EmigrationRate(destinations=("DEU",))
    )
    with pytest.raises(AlignmentError, match="RUS"):
        mg.EmigrationRate(destinations=("DEU", "RUS"))(emigrants, residents)


def test_skill_by_bands_and_levels_and_unknown():
    def pair(levels, abroad, home):
        return (
            cells(((abroad,),), destination="DEU", age="25+", education=levels),
            cells((home,), None, age="25+", education=levels),
        )

    bands = pair("0-4 5-8 _U", (10.0, 40.0, 5.0), (190.0, 60.0, 0.0))
    finer = pair("3 5 6 _U", (10.0, 15.0, 25.0, 5.0), (190.0, 20.0, 40.0, 0.0))
    for emigrants, residents in (bands, finer):
        rate = mg.SkilledEmigrationRate()(emigrants, residents).item()
        assert rate == pytest.approx(40.0)
        found = mg.SkillSelectivity()(emigrants, residents).item()
        assert found == pytest.approx(0.4 / (55 / 305))
    with pytest.raises(PartitionError, match="level 5"):
        mg.SkilledEmigrationRate()(*pair("0-3 4-8", (1.0, 2.0), (3.0, 4.0)))
    with pytest.raises(ParameterError, match="from_level"):
        mg.SkilledEmigrationRate(from_level=9)


def test_reach_counts_destinations_and_sees_missing_ones():
    stock = cells((1000.0, 999.0, 2e5), destination="DEU ITA RUS")
    assert mg.DiasporaReach()(stock).item() == 2
    assert mg.DiasporaReach(threshold=0)(stock).item() == 3
    assert np.isnan(mg.DiasporaReach()(stock.where(stock.destination != "ITA")).item())


def test_concentration_of_origins_in_germany(shared):
    table = pd.read_csv(shared / "figures/migrant_stock_germany_by_origin.csv")
    table = table[(table.sex == "total") & (table.year == 2020)]
    table = table[table.source.str.contains("2020, by sex")].drop_duplicates("partner")
    assert len(table) > 3
    stock = mg.define(
        xr.DataArray(
            table.value.to_numpy(float),
            {"origin": table.partner.to_numpy(str)},
            "origin",
            attrs={"units": "person"},
        ),
        STOCK,
    )
    share = table.value / table.value.sum()
    assert mg.OriginConcentration()(stock).item() == pytest.approx((share**2).sum(), rel=1e-12)
