"""Border, asylum and safety: published figures, identities, dates that do not meet."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import (
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    ParameterError,
    PartitionError,
    TimeError,
    UnitError,
)


def cells(values, unit="person", definition=None, **labels):
    return mg.Cells(values, unit, definition, **labels).array()


def months(first, count):
    """Return the coordinates of some months in a row."""
    starts = np.datetime64(first, "M") + np.arange(count)
    return {
        "period": starts.astype("M8[s]"),
        "period_end": ("period", (starts + np.timedelta64(1, "M")).astype("M8[s]")),
    }


def test_regular_detected_and_asylum_are_parts_of_one_whole():
    given = [cells((x,), "event", period="2023") for x in (731.0, 60.0, 211.0)]
    parts = [
        mg.RegularEntryShare(part=part)(*given).item() for part in ("regular", "detected", "asylum")
    ]
    assert sum(parts) == pytest.approx(100, rel=1e-12)
    assert parts[2] == pytest.approx(21100 / 1002, rel=1e-12)


def test_seasonal_permits_stand_apart():
    permits = cells(((400.0, 350.0, 250.0),), period="2023", reason="EMP FAM OTH")
    seasonal = cells((150.0,), period="2023")
    rest = mg.WorkPathwayShare()(permits, seasonal)
    apart = mg.WorkPathwayShare(part="seasonal")(permits, seasonal)
    assert (rest + apart).item() == pytest.approx(40)
    with pytest.raises(AlignmentError, match="lacks reason WORK") as caught:
        mg.WorkPathwayShare(reasons=("WORK",))(permits, seasonal)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(PartitionError, match="TOTAL"):
        mg.WorkPathwayShare()(
            cells(((4.0, 6.0),), period="2023", reason="EMP TOTAL"), cells((1.0,), period="2023")
        )


def test_refusals_take_the_population_of_the_first_of_january():
    refused = cells((20.0, 30.0), period="2022 2023")
    residents = cells((1000.0, 2000.0, 4000.0), time="2021-01-01 2022-01-01 2023-01-01")
    found = mg.EntryRefusalRate()(refused, residents)
    assert found.values.tolist() == pytest.approx([10.0, 7.5])
    assert found.dims == ("period",)
    assert "period_end" in found.coords
    told = mg.EntryRefusalRate().report(refused, residents)
    assert told["value"].values.tolist() == found.values.tolist()
    with pytest.raises(TimeError, match="residents has 2021-01-01, not the start 2022-01-01"):
        mg.EntryRefusalRate()(refused, residents.isel(time=[0]))
    with pytest.raises(KindError, match="checked"):
        mg.EntryRefusalRate(base="checked")(refused, residents)
    checked = cells((500.0, 1000.0), period="2022 2023")
    assert mg.EntryRefusalRate(base="checked")(refused, checked=checked).values.tolist() == [40, 30]


def test_returns_follow_orders_by_the_lag():
    calendar = months("2023-01", 12)
    returned = xr.DataArray(np.arange(1.0, 13), calendar, "period", attrs={"units": "person"})
    ordered = xr.DataArray(np.full(12, 10.0), calendar, "period", attrs={"units": "person"})
    ordered[0] = 20.0
    found = mg.EffectiveReturnRate(lag=3)(returned, ordered)
    assert np.isnan(found.values[:3]).all()
    assert found.values[3] == pytest.approx(100 * 4 / 20)
    assert found.values[4:].tolist() == pytest.approx([10.0 * x for x in range(5, 13)])
    assert found.sizes["period"] == 12
    lazy = mg.EffectiveReturnRate(lag=3)(returned.chunk({"period": 5}), ordered)
    np.testing.assert_array_equal(lazy.compute().values, found.values)
    told = mg.EffectiveReturnRate(lag=3).report(returned, ordered)
    assert (told["observation_status"].values[:3] == mg.status.flag("undefined")).all()
    with pytest.raises(TimeError, match="no two of them 18 months apart"):
        mg.EffectiveReturnRate(lag=18)(returned, ordered)
    with pytest.raises(ParameterError, match="lag"):
        mg.EffectiveReturnRate(lag=-1)


@pytest.mark.parametrize(
    ("counts", "published"),
    [("with_national_humanitarian", 42), ("eu_harmonised", 31), ("refugee", 21)],
)
def test_recognition_in_the_union_in_2020(counts, published):
    # EASO Asylum Report 2021, 4.14.1.1: 534,500 decisions, 113,000, 52,000 and 59,000 positive
    decided = (113.0, 52.0, 59.0, 534.5 - 224.0)
    decisions = cells(
        (decided,),
        "thousand person",
        period="2020",
        decision="refugee subsidiary humanitarian rejected",
    )
    assert round(mg.AsylumRecognitionRate(counts=counts)(decisions).item()) == published


def test_recognition_by_the_two_rates_of_unhcr():
    decisions = cells(
        ((30.0, 20.0, 50.0, 900.0),),
        period="2022",
        decision="refugee complementary rejected closed",
    )
    assert mg.AsylumRecognitionRate(counts="unhcr_refugee")(decisions).item() == pytest.approx(30)
    assert mg.AsylumRecognitionRate(counts="unhcr_total")(decisions).item() == pytest.approx(50)
    with pytest.raises(AlignmentError, match="decisions lacks decision humanitarian, subsidiary"):
        mg.AsylumRecognitionRate(counts="eu_harmonised")(decisions)
    with pytest.raises(ParameterError, match="counts"):
        mg.AsylumRecognitionRate(counts="positive")
    with pytest.raises(TypeError, match="counts"):
        mg.AsylumRecognitionRate()


def test_backlog_over_the_twelve_months_before():
    calendar = months("2022-01", 24)
    decided = xr.DataArray(np.arange(24.0), calendar, "period", attrs={"units": "person"})
    pending = cells((60.0, 100.0, 246.0), time="2022-06-30 2022-12-31 2023-07-01")
    found = mg.BacklogMonths()(pending, decided)
    assert np.isnan(found.values[0])
    assert found.values[1] == pytest.approx(100 / np.mean(np.arange(12)))
    assert found.values[2] == pytest.approx(246 / np.mean(np.arange(6, 18)))
    gap = decided.isel(period=[i for i in range(24) if i != 3])
    assert np.isnan(mg.BacklogMonths()(pending, gap).values[1])
    quarter = mg.BacklogMonths(window=0.25)(pending, decided)
    assert quarter.values[0] == pytest.approx(60 / 4)
    with pytest.raises(TimeError, match="5 years of them before it"):
        mg.BacklogMonths(window=5.0)(pending, decided)


def test_backlog_is_lazy():
    calendar = months("2022-01", 24)
    decided = xr.DataArray(np.arange(24.0), calendar, "period", attrs={"units": "person"})
    pending = cells((100.0, 246.0), time="2022-12-31 2023-07-01")
    lazy = mg.BacklogMonths()(pending.chunk({"time": 1}), decided.chunk({"period": 24}))
    assert lazy.chunks is not None
    np.testing.assert_array_equal(
        lazy.compute().values, mg.BacklogMonths()(pending, decided).values
    )


def test_deaths_of_the_world_by_edition(shared):
    table = pd.read_csv(shared / "golden/governance/sdg/sdg_10_7_3_world.csv", index_col="year")
    regions = pd.read_csv(shared / "golden/governance/sdg/sdg_10_7_3_regions_2019.csv")
    column = table["un_sdg_database_2020_vintage"].dropna()
    dates = {
        "period": np.array([f"{y}-01-01" for y in column.index], "M8[s]"),
        "period_end": ("period", np.array([f"{y + 1}-01-01" for y in column.index], "M8[s]")),
    }
    both = xr.DataArray(column.to_numpy(), dates, "period", attrs={"units": "person"})
    found = mg.MigrantDeaths(vintage="2020-10")(both, both.copy(data=both.values * 0.0))
    assert found.sel(period="2019-01-01").item() == 5306
    world = regions.loc[regions.region == "World", "deaths_and_disappearances"].item()
    assert found.sel(period="2019-01-01").item() == world
    later = table["iom_incidents_sum_2025_vintage"].loc[column.index].to_numpy()
    change = later / found.values - 1
    assert 0.015 < change.min() < change.max() < 0.06  # revised since; editions never mix


def test_deaths_are_per_year_and_name_their_edition():
    part = cells((30.0,), period="2016-2020")
    assert mg.MigrantDeaths(vintage="2025")(part, part).item() == pytest.approx(15)
    with pytest.raises(TypeError, match="vintage"):
        mg.MigrantDeaths()
    with pytest.raises(UnitError, match="dead"):
        mg.MigrantDeaths(vintage="2025")(part.assign_attrs(units="event"), part)


def test_refugees_by_origin_as_published(shared):
    table = pd.read_csv(
        shared / "golden/governance/sdg/sdg_10_7_4_published_2019.csv", keep_default_na=False
    )
    codes = table.iso3.to_numpy().astype(str)
    refugees = mg.define(
        xr.DataArray(
            table.refugees_by_origin_end_2019.to_numpy(float)[:, None],
            {"origin": codes, "time": np.array(["2019-12-31"], "M8[s]")},
            ("origin", "time"),
            attrs={"units": "person"},
        ),
        mg.definitions.UNHCR_REFUGEES,
    )
    people = xr.DataArray(
        table.population_mid_2019_interpolated.to_numpy(float)[:, None],
        {"area": codes, "time": np.array(["2019-07-01"], "M8[s]")},
        ("area", "time"),
        attrs={"units": "person"},
    )
    found = mg.RefugeesPerOrigin()(refugees, people).values[:, 0]
    np.testing.assert_allclose(found, table.computed_r_over_r_plus_p.to_numpy(float), atol=6e-4)
    published = table.published_refugees_per_100000.to_numpy(float)
    many = published >= 100
    assert np.median(np.abs(found[many] / published[many] - 1)) < 0.002
    wrong = table.wrong_r_over_p.to_numpy(float)
    assert abs(wrong[codes == "SSD"] / published[codes == "SSD"] - 1).item() > 0.19


def test_victims_are_added_over_forms_only():
    victims = cells(((70.0, 30.0),), period="2022", exploitation="sexual labour")
    lived = cells((5e6,), "person year", period="2022")
    assert mg.TraffickingVictimRate(forms=("labour",))(victims, lived).item() == pytest.approx(0.6)
    with pytest.raises(AlignmentError, match="lacks exploitation organs"):
        mg.TraffickingVictimRate(forms=("organs",))(victims, lived)
    by_sex = victims.expand_dims(sex=["F"])
    with pytest.raises(AlignmentError, match="sex"):
        mg.TraffickingVictimRate()(by_sex, lived)


def test_rates_of_nothing_are_undefined_and_negatives_refused():
    none = cells((0.0,), "event", period="2023")
    assert np.isnan(mg.VisaRefusalRate()(none, none).item())
    with pytest.raises(InputError, match="refused"):
        mg.VisaRefusalRate()(none, none.copy(data=none.values - 1))
    with pytest.raises(DimensionError, match="case"):
        mg.DecisionTime()(cells(3.0, "day"))


def test_median_of_cases_by_a_slow_way():
    days = np.random.default_rng(5).gamma(2, 60, (3, 101))
    cases = xr.DataArray(
        days,
        {"wave": list("abc"), "case": np.arange(101)},
        ("wave", "case"),
        attrs={"units": "day"},
    )
    slow = [sorted(row)[50] for row in days]
    np.testing.assert_allclose(mg.PermitProcessingTime()(cases).values, slow, rtol=1e-12)
    np.testing.assert_allclose(
        mg.DecisionTime()(cases).values, np.array(slow) * 12 / 365.2425, rtol=1e-12
    )
