"""The packaged tables: units, labels, sources, statuses, sums; and a reader that refuses."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov.core import definitions, status, units
from migov.core.ages import check_ages
from migov.core.definition import definition_of
from migov.core.errors import CodeError
from migov.core.partition import check_partition, total
from migov.core.times import check_instants
from migov.core.vocabulary import check_dimensions
from migov.datasets import Entry, load, names, packaged
from migov.datasets.figures import used_keys

FIGURES = load("outlook")
ALL = list(FIGURES)

DECLARED = {
    "population": ("person", ("time", "area", "sex", "age")),
    "population_national": ("person", ("time", "area", "sex", "age")),
    "mortality": ("1/year", ("period", "area", "sex", "age")),
    "fertility": ("1/year", ("period", "area", "age")),
    "migration": ("person", ("period", "area", "sex", "age")),
    "sex_ratio": ("1", ("period", "area")),
    "participation": ("percent", ("area", "sex", "age")),
    "participation_national": ("percent", ("area", "sex", "age")),
    "employment": ("person", ("area", "occupation")),
    "earnings": ("EUR/month", ("area", "occupation")),
    "vacancies": ("post", ("area", "occupation")),
    "demand": ("post", ("area", "occupation")),
    "cap": ("person/year", ("period",)),
    "health_density": ("per_ten_thousand", ("time", "area", "occupation")),
    "seasonal_quota": ("person/year", ("period", "origin")),
    "minimum_wage": ("EUR/hour", ("time",)),
    "alternative": ("1", ("origin", "scenario", "alternative")),
    "remittances": ("USD", ("period", "area")),
    "migrant_stock": ("person", ("time", "area", "sex")),
    "refugees": ("person", ("time", "origin")),
    "replacement_migration": ("person/year", ("period", "scenario")),
}


def test_one_data_set_is_packaged():
    assert names() == ("outlook",)
    assert load("outlook") is load("outlook")


@pytest.mark.parametrize("name", ["outlok", "nothing", "", "../outlook", 3])
def test_unknown_data_set_is_refused_with_the_known_ones(name):
    with pytest.raises(CodeError, match="outlook") as caught:
        load(name)
    assert caught.value.argument == "name"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("name", DECLARED)
def test_units_and_dimensions_are_those_that_others_build_on(name):
    unit, dims = DECLARED[name]
    assert FIGURES[name].units == unit
    assert FIGURES[name].dims == dims


@pytest.mark.parametrize("name", ALL)
def test_every_series_is_well_formed(name):
    x, entry = FIGURES[name], FIGURES.entry(name)
    assert (x.name, x.units, x.dims) == (name, entry.unit, entry.dims)
    assert units.coherent(x.units)
    check_dimensions(x, "test", name)
    check_instants(x, "test", name)
    check_ages(x, "test", name)
    for dim in x.dims:
        check_partition(x, dim, "test", name)
    flags = x.coords[status.NAME]
    assert flags.dtype == np.uint16
    assert flags.dims == x.dims
    absent = (flags.values & status.ABSENT) > 0
    assert np.array_equal(np.isnan(x.values), absent)
    for key in ("long_name", "series", "edition", "references"):
        assert x.attrs[key]
    expected = getattr(definitions, entry.definition) if entry.definition else None
    assert definition_of(x) == expected


@pytest.mark.parametrize("name", ALL)
def test_every_row_has_a_source_and_assumptions_say_so(name):
    rows, x = FIGURES.rows(name), FIGURES[name]
    known = set(FIGURES.citations["key"])
    assert len(rows) == x.size
    for source, text in zip(rows["source"], rows.get("status", [""] * len(rows)), strict=True):
        keys = source.split("; ")
        assert set(keys) <= known
        assumed = any(key.startswith("assumption_") for key in keys)
        assert assumed == ("stylised" in text.split()), (name, source, text)
    stylised = (x.coords[status.NAME].values & status.FLAGS["stylised"]) > 0
    assert x.attrs["stylised"] == int(stylised.any())
    assert ("stylised)" in x.long_name) == bool(stylised.any())
    assert ("(stylised)" in x.long_name) == bool(stylised.all())


def test_every_source_is_used_and_complete():
    told = FIGURES.citations
    assert told["key"].is_unique
    assert set(used_keys(FIGURES.table["source"])) == set(told["key"])
    required = told[["citation", "publisher", "year", "licence", "seen_as"]]
    assert (required != "").all(axis=None)
    assumed = told[told["key"].str.startswith("assumption_")]
    assert assumed["citation"].str.startswith("Assumption: ").all()
    assert (assumed["citation"].str.len() > 40).all()


def test_references_of_a_series_are_the_citations_of_its_rows():
    keyed = FIGURES.citations.set_index("key")
    text = FIGURES.demand.references
    for key in ("iab_2023q4", "ilo_oc2", "assumption_vacancies"):
        assert keyed.loc[key, "citation"] in text


def test_wages_and_costs_have_a_price_base_and_exchange_rates_a_date():
    for name, x in FIGURES.items():
        powers = units.powers(x.units)
        money = [base for base in powers if base.startswith("currency")]
        if len(money) == 1:
            assert x.attrs["price_base"] in ("2022", "2023", "2025", "nominal", "current"), name
        elif money:
            assert "time" in x.coords, name


def test_the_old_edition_and_the_origin_without_figures_stay_out():
    assert not FIGURES.citations["citation"].str.contains("Prospects 2019").any()
    labels = FIGURES.table[["area", "origin", "destination"]]
    assert not labels.isin(["KGZ"]).any(axis=None)
    for name in ("population", "mortality", "fertility", "migration", "sex_ratio"):
        assert definition_of(FIGURES[name]).edition == "WPP 2024"


def test_status_tells_forecast_derived_and_missing_apart():
    def told(name, **at):
        return status.names(FIGURES[name].sel(at).observation_status.item())

    moldova = {"period": "2030-07-01", "area": "MDA"}
    assert told("sex_ratio", **moldova) == ("forecast",)
    assert told("participation", area="DEU", sex="F", age=55) == ("estimated", "derived")
    assert told("participation", area="DEU", sex="F", age=25) == ("estimated",)
    assert told("refugees", time="2019-12-31", origin="MDA") == ("missing",)
    assert "break" in told("population_census", time="2024-07-01", area="MDA")
    assert told("vacancies", area="DEU", occupation="7") == ("derived", "stylised")


def test_ages_have_widths_and_the_last_group_is_open():
    assert list(FIGURES.participation.age_width) == [10, 30, 10, np.inf]
    assert list(FIGURES.mortality.age_width[:3]) == [1, 4, 5]
    assert FIGURES.population.age_width[-1] == np.inf
    assert FIGURES.participation_published.age_width.item() == np.inf


def test_flows_have_periods_that_adjoin():
    for name in ("mortality", "fertility", "migration", "sex_ratio"):
        x = FIGURES[name]
        assert (x.period_end.values[:-1] == x.period.values[1:]).all()
        assert x.period.values[0] == FIGURES.population.time.values[0]
        assert str(x.period_end.values[-1])[:10] == "2045-07-01"


def test_occupations_add_up_to_the_published_total():
    whole = FIGURES.employment_total
    rest = total(FIGURES.employment_rest, "occupation", missing="skip")
    found = total(FIGURES.employment, "occupation") + rest
    gap = np.abs(found / whole - 1)
    # officers of the armed forces (01) were not read; published figures are rounded
    for area, most in {"DEU": 5e-4, "ALB": 1e-3, "MDA": 1e-3}.items():
        assert gap.sel(area=area) < most


def test_sexes_and_two_digit_groups_add_up_to_the_major_groups():
    both = total(FIGURES.employment_by_sex, "sex")
    xr.testing.assert_allclose(
        both.drop_vars(status.NAME),
        FIGURES.employment.sel(area=["DEU", "ALB"]).drop_vars(status.NAME),
        rtol=1e-9,
    )
    assert (FIGURES.employment_by_sex > 0).all()
    fine = FIGURES.employment_sub_major
    for group in "123456789":
        part = fine.sel(occupation=[c for c in fine.occupation.values if c[0] == group])
        summed = total(part, "occupation", missing="skip")
        wanted = FIGURES.employment.sel(occupation=group, area=["DEU", "ALB"])
        # Albania's groups 1 and 9 leave a rounding in thousands
        np.testing.assert_allclose(summed.values, wanted.values, rtol=5e-4)


def test_shared_out_vacancies_give_back_their_total_and_demand_its_parts():
    vacancies = FIGURES.vacancies
    published = FIGURES.vacancies_total.sel(time="2023-11-15", area="DEU")
    assert vacancies.sum().item() == pytest.approx(published.item(), abs=1)
    filled = FIGURES.employment.sel(area=["DEU"])
    np.testing.assert_allclose(
        FIGURES.demand.values, filled.values + vacancies.values, atol=0.11, rtol=0
    )
    shares = filled / filled.sum()
    np.testing.assert_allclose(vacancies, published.item() * shares, atol=0.051, rtol=0)


def test_national_population_of_moldova_is_the_published_mean_in_another_structure():
    dates = ["2020-01-01", "2021-01-01"]
    mean = FIGURES.population_national_total.sel(time=dates, area="MDA").mean().item()
    national = FIGURES.population_national
    assert national.sum().item() == pytest.approx(mean, abs=3)
    ratio = national / FIGURES.population.sel(area=["MDA"])
    assert float(ratio.max() - ratio.min()) < 0.02, "rounding of the smallest group only"
    assert ratio.sel(age=40, sex="F").item() == pytest.approx(0.8539, abs=1e-3)


def test_national_participation_gives_back_the_three_published_rates():
    rates = FIGURES.participation_national.sel(area="MDA", drop=True)
    people = FIGURES.population_national.isel(time=0, area=0, drop=True)
    bounds = {15: slice(15, 29), 30: slice(30, 64), 65: slice(65, 120)}
    weight = xr.concat(
        [people.sel(age=part).sum("age") for part in bounds.values()], pd.Index(bounds, name="age")
    )
    by_sex = (rates * weight).sum("age") / weight.sum("age")
    published = FIGURES.participation_national_published.sel(area="MDA")
    np.testing.assert_allclose(by_sex.values, published.values, atol=1e-3)
    both = (rates * weight).sum("sex") / weight.sum("sex")
    # scaled to each sex's own rate at 15+, whose mean with these weights is 39.2, not 39.3
    assert both.sel(age=15).item() == pytest.approx(27.3, abs=0.25)
    working = (rates * weight).sel(age=[15, 30]).sum() / weight.sel(age=[15, 30]).sum()
    assert working.item() == pytest.approx(46.9, abs=0.25)
    everyone = (rates * weight).sum() / weight.sum()
    assert everyone.item() == pytest.approx(39.3, abs=0.15)


def test_alternatives_are_shares_of_one():
    np.testing.assert_allclose(FIGURES.alternative.sum("alternative"), 1.0, atol=1e-12)
    assert (FIGURES.alternative >= 0).all()


def test_ranges_do_not_fall_from_low_to_high():
    for name, x in FIGURES.items():
        if name != "alternative" and "scenario" in x.dims and "central" in x.scenario:
            assert list(x.scenario.values) == ["low", "central", "high"]
            assert (x.diff("scenario") >= 0).all(), name


def test_earnings_in_euro_are_the_local_ones_at_the_dated_rate():
    local = {"ALB": FIGURES.earnings_albania, "MDA": FIGURES.earnings_moldova}
    rate = {"ALB": FIGURES.exchange_rate_all, "MDA": FIGURES.exchange_rate_mdl}
    for area, wage in local.items():
        euro = wage / rate[area].sel(time="2022-07-01").item()
        np.testing.assert_allclose(FIGURES.earnings.sel(area=area), euro, atol=0.02)
    factor = {"DEU": "ppp_germany", "ALB": "ppp_albania", "MDA": "ppp_moldova"}
    own = {"DEU": FIGURES.earnings.sel(area="DEU"), **local}
    for area, wage in own.items():
        parity = wage / FIGURES[factor[area]].item()
        np.testing.assert_allclose(FIGURES.earnings_ppp.sel(area=area), parity, rtol=2e-4)


def test_the_return_hazard_keeps_83_percent_of_the_blue_cards_after_five_years():
    central = FIGURES.return_hazard.sel(scenario="central").item()
    assert np.exp(-5 * central) == pytest.approx(0.83, abs=2e-4)


def test_replacement_migration_carries_the_caveat():
    x = FIGURES.replacement_migration
    assert list(x.scenario.values) == ["IV", "V"]
    assert "neither forecasts nor recommendations" in x.caveat
    assert FIGURES.migration.attrs["migration_timing"] == "even"


# --------------------------------------------------------------------- a reader that refuses
ENTRY = Entry(
    name="x", title="X", unit="person", dims=("area", "sex"), table="t", theme="t", series="s",
    edition="e",
)  # fmt: skip
GOOD = {
    "series": ["x"] * 4,
    "area": ["DEU", "DEU", "ALB", "ALB"],
    "sex": ["F", "M", "F", "M"],
    "time": ["2020-07-01"] * 4,
    "value": ["1", "2", "3", ""],
    "status": ["", "estimated", "", "missing"],
    "source": ["k"] * 4,
}


def _read(entry=ENTRY, **changes):
    return packaged.read_arrays((entry,), {"t": pd.DataFrame(GOOD | changes)}, {"k": "K"})


def test_a_good_table_is_read():
    arrays, faults = _read()
    assert faults == []
    x = arrays["x"]
    np.testing.assert_array_equal(x.values, [[1, 2], [3, np.nan]])
    assert x.observation_status.values.tolist() == [[0, 4], [0, 2048]]
    assert str(x.time.values)[:10] == "2020-07-01"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"sex": ["F", "F", "F", "M"]}, "a cell occurs twice"),
        ({"area": ["DEU", "DEU", "ALB", "MDA"]}, "4 rows for 6 cells"),
        ({"sex": ["F", "", "F", "M"]}, "rows without sex"),
        ({"source": ["k", "k", "k", "k; q"]}, "source 'q' is unknown"),
        ({"source": ["k", "", "k", "k"]}, "source '' is unknown"),
        ({"status": ["", "", "", ""]}, "value '' with status ''"),
        ({"value": ["1", "2", "3", "4"]}, "value '4' with status 'missing'"),
        ({"value": ["1", "2", "x", ""]}, "value 'x'"),
        ({"value": ["1", "inf", "3", ""]}, "value 'inf'"),
        ({"value": ["1", "nan", "3", ""]}, "value 'nan'"),
        ({"time": ["2020-07-01"] * 3 + ["2021-07-01"]}, "time differs along the rows"),
        ({"series": ["x", "x", "x", "y"]}, "y: in table 't', not in the manifest"),
        ({"series": ["y"] * 4}, "x: no row in table 't'"),
    ],
)
def test_a_damaged_table_is_told(changes, fault):
    arrays, faults = _read(**changes)
    assert any(fault in one for one in faults), faults
    if "not in the manifest" not in fault or changes["series"].count("x") == 0:
        assert "x" not in arrays


def test_faults_are_told_together():
    _, faults = _read(value=["1", "2", "x", ""], source=["k", "q", "k", "k"])
    assert len(faults) == 2


def test_a_dimension_that_the_table_lacks_is_a_fault():
    entry = Entry(name="x", title="X", unit="1", dims=("age",), table="t", theme="t", series="s",
                  edition="e")  # fmt: skip
    assert _read(entry)[1] == ["x: rows without age"]


def test_dates_and_ages_are_put_in_order():
    entry = Entry(name="x", title="X", unit="1", dims=("time", "age"), table="t", theme="t",
                  series="s", edition="e")  # fmt: skip
    frame = pd.DataFrame(
        {
            "series": ["x"] * 4,
            "time": ["2021-07-01", "2020-07-01"] * 2,
            "age": ["65+", "65+", "15-64", "15-64"],
            "value": ["4", "2", "3", "1"],
            "status": [""] * 4,
            "source": ["k"] * 4,
        }
    )
    arrays, faults = packaged.read_arrays((entry,), {"t": frame}, {"k": "K"})
    assert faults == []
    np.testing.assert_array_equal(arrays["x"].values, [[1, 2], [3, 4]])
    assert arrays["x"].age.values.tolist() == [15, 65]


def test_a_damaged_package_raises_all_faults(monkeypatch):
    monkeypatch.setattr(packaged, "read_arrays", lambda *given: ({}, ["one", "two"]))
    packaged._load.cache_clear()
    with pytest.raises(ValueError, match="2 faults") as caught:
        load("outlook")
    assert caught.value.faults == ("one", "two")
    monkeypatch.undo()
    packaged._load.cache_clear()
    assert load("outlook").identical(FIGURES)


def test_importing_the_room_loads_no_pandas():
    code = "import sys, migov.datasets; print('pandas' in sys.modules, 'xarray' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
