"""Growth: what a change comes from, and where a share of it means nothing."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import AgeError, DimensionError, ParameterError, TimeError, UnitError
from migov.core.status import flag


def flow(values, unit="person", definition=None, period="2019 2020"):
    return mg.Cells(values, unit, definition, period=period).array()


def test_a_share_of_no_change_is_marked_undefined_in_the_report():
    found = mg.MigrationContributionToGrowth().report(
        flow((10.0, -5.0), definition=mg.definitions.EU_USUAL_RESIDENCE),
        flow((40.0, 20.0)),
        flow((50.0, 10.0)),
    )
    assert np.isnan(found["value"].values).all()  # change 0; then -5 against +5
    assert (found["observation_status"].values == flag("undefined")).all()
    assert float(found["coverage"].min()) == 1.0


def test_published_components_of_change(shared):
    table = pd.read_csv(shared / "golden/demography/wpp2024/annual_components.csv")
    one = table[(table.iso3 == "DEU") & table.year.between(2015, 2022)]
    years = " ".join(map(str, one.year))
    births, deaths, net = (
        flow(tuple(one[f"{name}_thousands"]), "thousand person", definition, years)
        for name, definition in (
            ("births", None),
            ("deaths", None),
            ("net_migration", mg.definitions.UN_WPP_2024),
        )
    )
    found = mg.MigrationContributionToGrowth()(net, births, deaths)
    expected = 100 * one.net_migration_thousands / one.population_change_thousands
    np.testing.assert_allclose(found.values, expected.where(expected >= 0), rtol=3e-4)


def people(shared, iso3="DEU"):
    table = pd.read_csv(shared / "golden/demography/wpp2024/population_by_age_sex.csv")
    table = table[(table.iso3 == iso3) & table.year.isin([2000, 2010, 2020])]
    wide = table.pivot_table("population_thousands", "year", "age_start", aggfunc="sum")
    ages = wide.columns.to_numpy(float)
    return xr.DataArray(
        wide.to_numpy(),
        {
            "time": pd.to_datetime([f"{year}-07-01" for year in wide.index]).to_numpy(),
            "age": ages,
            "age_width": ("age", np.append(np.diff(ages), np.inf)),
        },
        ("time", "age"),
        attrs={"units": "thousand person"},
    )


def test_parts_of_the_change_of_working_age_add_up(shared):
    stock = people(shared)
    surviving = stock.isel(time=0, drop=True).copy(data=np.linspace(0.999, 0.3, stock.sizes["age"]))
    surviving.attrs = {"units": "1"}
    whole, *parts = (
        mg.WorkingAgeChange(part=part)(stock, surviving)
        for part in ("total", "turnover", "mortality", "migration")
    )
    xr.testing.assert_allclose(whole.drop_attrs(), sum(parts).drop_attrs(), rtol=1e-12)
    assert whole.sizes == {"period": 2}
    assert whole.period_end.values[0] == np.datetime64("2010-07-01", "s")
    values = stock.values  # by hand: ages 20-64 are groups 4 to 12, cohorts 10-54 groups 2 to 10
    working = values[:, 4:13].sum(axis=1)
    np.testing.assert_allclose(whole.values, 100 * (working[1:] / working[:-1] - 1), rtol=1e-12)
    same = values[:-1, 2:11].sum(axis=1)
    np.testing.assert_allclose(parts[0].values, 100 * (same / working[:-1] - 1), rtol=1e-12)
    dead = (values[:-1, 2:11] * (1 - surviving.values[2:11])).sum(axis=1)
    np.testing.assert_allclose(parts[1].values, -100 * dead / working[:-1], rtol=1e-12)


def test_twenty_years_apart(shared):
    stock = people(shared)
    surviving = (stock.isel(time=0, drop=True) * 0 + 1).assign_attrs(units="1")
    found = mg.WorkingAgeChange(years=20)(stock, surviving)
    assert found.sizes == {"period": 1}
    assert str(found.period_end.values[0])[:10] == "2020-07-01"


def test_bad_parameters_and_inputs(shared):
    with pytest.raises(ParameterError, match="years"):
        mg.WorkingAgeChange(years=25)
    with pytest.raises(ParameterError, match="part"):
        mg.WorkingAgeChange(part="births")
    stock = people(shared)
    surviving = (stock.isel(time=0, drop=True) * 0 + 1).assign_attrs(units="1")
    with pytest.raises(TimeError, match="7 years") as caught:
        mg.WorkingAgeChange(years=7)(stock, surviving)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(DimensionError, match="population"):
        mg.WorkingAgeChange()(stock.isel(time=0), surviving)
    with pytest.raises(UnitError, match="surviving"):
        mg.WorkingAgeChange()(stock, surviving.assign_attrs(units="person"))
    with pytest.raises(AgeError, match="lies inside the group"):
        mg.WorkingAgeReplacementRatio(entry_from=18, entry_to=28)(stock)


def test_replacement_ratio_of_a_published_population(shared):
    stock = people(shared)
    found = mg.WorkingAgeReplacementRatio()(stock)
    by_hand = 100 * stock.values[:, 4:6].sum(axis=1) / stock.values[:, 12:14].sum(axis=1)
    np.testing.assert_allclose(found.values, by_hand, rtol=1e-12)
