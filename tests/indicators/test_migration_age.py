"""Migration by age: Brazil 2000, and model schedules."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import AgeError, DefinitionError, InputError
from migov.indicators.kernels_flows import peak

EU = mg.definitions.EU_USUAL_RESIDENCE


def profile(values, lower, open_=False, definition=EU, unit="1/year"):
    lower = np.asarray(lower, float)
    width = np.append(np.diff(lower), np.inf if open_ else np.diff(lower)[-1])
    x = xr.DataArray(
        np.asarray(values, float),
        {"age": lower, "age_width": ("age", width)},
        "age",
        attrs={"units": unit},
    )
    return x if definition is None else mg.define(x, definition)


def test_brazil_2000(shared):
    folder = shared / "golden/flows/rogers_castro"
    table = pd.read_csv(folder / "ipumsi_age_BRA2000_input.csv")
    told = pd.read_csv(folder / "ipumsi_age_BRA2000_index_age_by_definition.csv")
    told = told.set_index("measure").value
    rate = profile(table.migrants / table.population, table.age)
    gross = mg.GrossMigraproductionRate()(rate)
    assert gross.item() == pytest.approx(told.gross_migraproduction_rate, rel=1e-12)
    assert mg.PeakMigrationAge()(rate).item() == told.peak_age
    assert mg.PeakMigrationAge(within="middle")(rate).item() == told.peak_age + 0.5
    height = mg.PeakMigrationIntensity()(rate)
    assert 100 * height.item() == pytest.approx(told.peak_intensity_percent, rel=1e-12)
    relative = mg.PeakMigrationIntensity(normalised=True)(rate)
    assert relative.item() == pytest.approx((height / gross).item(), rel=1e-12)


def test_model_schedules(shared):
    table = pd.read_csv(shared / "golden/flows/rogers_castro/schedules_ages_0_90.csv")
    for _, one in table.groupby(["schedule", "sex"]):
        rate = profile(one.rate, one.age)
        assert mg.GrossMigraproductionRate()(rate).item() == pytest.approx(
            one.rate.sum(), rel=1e-12
        )
        found = mg.PeakMigrationIntensity(normalised=True)(rate).item()
        assert found == pytest.approx(one.share.max(), rel=1e-12)
        at = mg.PeakMigrationAge()(rate).item()
        assert one.set_index("age").rate[int(at)] == one.rate.max()


def test_expectancy_is_the_gross_rate_where_nobody_dies():
    rng = np.random.default_rng(4)
    rate = profile(rng.random(18) / 10, np.arange(0, 90, 5))
    lived = profile(np.full(18, 5.0), np.arange(0, 90, 5), definition=None, unit="year")
    gross = mg.GrossMigraproductionRate()(rate).item()
    assert mg.MigrationExpectancy()(rate, lived).item() == pytest.approx(gross, rel=1e-12)
    dying = lived * xr.DataArray(np.linspace(1, 0.2, 18), {"age": lived.age}, "age")
    assert mg.MigrationExpectancy()(rate, dying.assign_attrs(units="year")).item() < gross


def test_open_groups_and_flat_profiles():
    with pytest.raises(AgeError, match=r"60\+"):
        mg.GrossMigraproductionRate()(profile([0.1, 0.2, 0.1], [0, 30, 60], open_=True))
    with pytest.raises(AgeError, match=r"60\+"):
        mg.PeakMigrationIntensity(normalised=True)(profile([0.1, 0.2, 0.1], [0, 30, 60], True))
    assert mg.PeakMigrationAge()(profile([0.1, 0.2, 0.1], [0, 30, 60], True)).item() == 30
    assert np.isnan(mg.PeakMigrationAge()(profile([0.1, 0.1], [0, 30])).item())
    assert peak(np.array([[0.1, 0.3, 0.3], [0.1, np.nan, 0.2]]), at=np.arange(3.0))[0] == 1


def test_bad_inputs():
    with pytest.raises(DefinitionError, match="rate"):
        mg.GrossMigraproductionRate()(profile([0.1, 0.2], [0, 30], definition=None))
    with pytest.raises(InputError, match="rate"):
        mg.PeakMigrationAge()(profile([-0.1, 0.2], [0, 30]))
