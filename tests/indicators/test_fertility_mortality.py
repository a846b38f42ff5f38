"""Fertility and mortality against life tables, published rates and slow versions."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import AgeError, AlignmentError, DimensionError, InputError
from migov.indicators.kernels_demography import (
    life_expectancy,
    momentum,
    persons_beyond,
    prospective_age,
)


def by_age(values, lower, unit, open_=True, last=None):
    lower = np.asarray(lower, float)
    end = np.inf if open_ else (last or lower[-1] - lower[-2])
    return xr.DataArray(
        np.asarray(values, float),
        {"age": lower, "age_width": ("age", np.append(np.diff(lower), end))},
        "age",
        attrs={"units": unit},
    )


# Western Asia 1995-2000: Preston, Heuveline and Guillot (2001), box 7.3
WOMEN = np.array([12013, 11027, 9856, 8614, 7694, 6893, 6135, 5318, 4376, 3510.0])
LIVED = np.array([4.834, 4.803, 4.789, 4.773, 4.748, 4.716, 4.678, 4.631, 4.570, 4.483])
DAUGHTERS = np.array([0, 0, 0, 0.043, 0.112, 0.112, 0.058, 0.029, 0.007, 0])
AGES = np.arange(0, 50, 5)


def test_net_reproduction_of_the_textbook():
    found = mg.NetReproductionRate()(
        by_age(DAUGHTERS, AGES, "1/year", open_=False),
        by_age(LIVED, AGES, "year", open_=False),
        xr.DataArray(0.0, attrs={"units": "1"}),  # the rates are of daughters
    )
    assert found.item() == pytest.approx(1.70282, abs=5e-6)


def test_total_fertility_of_world_population_prospects(shared):
    folder = shared / "golden/demography/wpp2024"
    rates = pd.read_csv(folder / "fertility_by_age.csv")
    told = pd.read_csv(folder / "period_indicators.csv").set_index(["iso3", "period_start"])
    worst = 0.0
    for key, one in rates.groupby(["iso3", "period_start"]):
        found = mg.TotalFertilityRate()(by_age(one.asfr, one.age_start, "1/year", open_=False))
        worst = max(worst, abs(found.item() - told.loc[key].total_fertility_rate))
    assert worst < 2e-3  # five-year rates are published as shares of a rounded total


def test_total_fertility_refuses_an_open_group():
    with pytest.raises(AgeError, match=r"45\+"):
        mg.TotalFertilityRate()(by_age([0.1, 0.1, 0.0], [15, 30, 45], "1/year"))


def test_life_expectancy_of_abridged_tables(shared):
    table = pd.read_csv(shared / "golden/demography/lifetable/abridged_lifetable.csv")
    cases = 0
    for _, one in table.groupby(["iso3", "period_start", "sex", "ax_method", "a0_rule"]):
        rates = by_age(one.nMx, one.age, "1/year")
        dying = by_age(one.nAx.fillna(one.ex), one.age, "year")  # the open group's is its ex
        m, a = one.nMx.to_numpy()[:-1], one.nAx.to_numpy()[:-1]
        possible = (m * a <= 1).all()  # elsewhere the reference takes other years than it tells
        for age in (0, 20, 65):
            found = mg.LifeExpectancy(at=age)(rates, dying).item()
            assert np.isfinite(found) == possible
            if possible:
                assert found == pytest.approx(one.set_index("age").ex[age], rel=1e-10)
                cases += 1
    assert cases >= 100


def test_life_expectancy_in_single_years(shared):
    table = pd.read_csv(shared / "golden/demography/lifetable/single_year_lifetable.csv")
    for _, one in table.groupby(["source_year", "a0_rule", "sex_rule"]):
        found = mg.LifeExpectancy()(
            by_age(one.nMx, one.age, "1/year"), by_age(one.nAx, one.age, "year")
        )
        assert found.item() == pytest.approx(one.ex.iloc[0], rel=1e-10)


def test_life_expectancy_of_a_constant_hazard_and_without_years_of_the_dying():
    lower, hazard = np.arange(0, 101), 0.02
    found = life_expectancy(np.full(101, hazard), width=np.append(np.ones(100), np.inf))
    assert found == pytest.approx(1 / hazard, rel=1e-4)  # half a year is right to m/12
    assert mg.LifeExpectancy()(by_age(np.full(101, hazard), lower, "1/year")).item() == found


def test_life_expectancy_is_missing_where_it_cannot_be():
    width = np.array([1.0, np.inf])
    half = np.array([0.5, 10.0])
    assert np.isnan(life_expectancy(np.array([2.5, 0.1]), half, width=width))  # over 1 / a = 2
    assert life_expectancy(np.array([2.5, 0.1]), width=width) == pytest.approx(
        (1 - np.exp(-2.5)) / 2.5 + np.exp(-2.5) * 10
    )  # a constant rate where half a year would leave nobody
    assert np.isnan(life_expectancy(np.array([0.1, 0.0]), width=width))  # nobody ever dies
    assert np.isnan(life_expectancy(np.array([np.nan, 0.1]), width=width))
    with pytest.raises(AgeError, match="begins at 3"):
        mg.LifeExpectancy(at=3)(by_age([0.1, 0.1], [0, 10], "1/year"))
    with pytest.raises(AgeError, match="open last group") as caught:
        mg.LifeExpectancy()(by_age([0.1, 0.1], [0, 10], "1/year", open_=False))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(InputError, match="death_rate"):
        mg.LifeExpectancy()(by_age([-0.1, 0.1], [0, 10], "1/year"))


def projected(women, fertility, lived, step=5.0, steps=400):
    """The slow version: a projection in steps of the groups' width at replacement."""
    girls = fertility / (fertility * lived).sum()
    now = women.copy()
    for _ in range(steps):
        later = np.append(0.0, now[:-1] * lived[1:] / lived[:-1])
        # births from mean exposure; the youngest have none, so one pass is enough
        later[0] = step * ((now + later) / 2 * girls).sum() * lived[0] / step
        now = later
    return now.sum() / women.sum()


def test_momentum_is_where_a_projection_ends():
    found = momentum(WOMEN, DAUGHTERS, LIVED, width=np.full(10, 5.0))
    assert found == pytest.approx(projected(WOMEN, DAUGHTERS, LIVED), rel=1e-9)
    assert found > 1.2  # a young population goes on to grow


def test_momentum_of_a_stationary_population_is_one_and_scale_does_not_matter():
    width = np.append(np.full(9, 5.0), np.inf)
    assert momentum(7 * LIVED, DAUGHTERS, LIVED, width=width) == pytest.approx(1.0, rel=1e-12)
    one = momentum(WOMEN, DAUGHTERS, LIVED, width=width)
    assert momentum(WOMEN, 3 * DAUGHTERS, LIVED, width=width) == pytest.approx(one, rel=1e-12)
    late = np.append(DAUGHTERS[:-1], 0.01)
    assert np.isnan(momentum(WOMEN, late, LIVED, width=width))


def test_momentum_with_dates_on_the_women_only():
    women = by_age(WOMEN, AGES, "person", open_=False)
    dated = women.expand_dims(time=np.array(["2000-07-01"], "M8[s]"))
    found = mg.PopulationMomentum()(
        dated,
        by_age(DAUGHTERS, AGES, "1/year", open_=False),
        by_age(LIVED, AGES, "year", open_=False),
    )
    assert found.sizes == {"time": 1}


def test_prospective_age_and_persons_beyond_it():
    lower = np.array([0.0, 60, 70, 80])
    e = np.array([[80.0, 22, 14, 8], [75.0, 15, 10, 5], [70.0, 12, 9, 5], [90.0, 30, 22, 16]])
    found = prospective_age(e, lower=lower, threshold=15.0)
    np.testing.assert_allclose(found[:2], [60 + 70 / 8, 60.0])
    assert found[2] == pytest.approx(60 * (70 - 15) / (70 - 12))
    assert np.isnan(found[3])  # beyond the last age
    width = np.array([60.0, 10, 10, np.inf])
    persons = np.array([600.0, 100, 50, 10])
    older = persons_beyond(persons, np.array([60.0, 65, 80, 85, 0]), lower=lower, width=width)
    np.testing.assert_allclose(older, [160, 110, 10, np.nan, 760])


def test_prospective_ratio_by_sex_adds_persons_not_ratios():
    sexes = xr.DataArray(["F", "M"], dims="sex")
    lower = [0, 20, 65, 70, 75]
    persons = xr.concat(
        [
            by_age([200, 500, 60, 50, 90], lower, "person"),
            by_age([210, 510, 50, 40, 40], lower, "person"),
        ],
        sexes,
    ).assign_attrs(units="person")
    remaining = xr.concat(
        [by_age([84, 65, 21, 17, 13], lower, "year"), by_age([79, 60, 18, 14, 10], lower, "year")],
        sexes,
    ).assign_attrs(units="year")
    apart = mg.ProspectiveOldAgeDependencyRatio()(persons, remaining)
    both = mg.ProspectiveOldAgeDependencyRatio(table="by_sex")(persons, remaining)
    women, men = 25 + 90, 12.5 + 80  # at 72.5 years, and at 68.75
    np.testing.assert_allclose(
        apart.values, [100 * women / (700 - women), 100 * men / (640 - men)], rtol=1e-12
    )
    assert both.item() == pytest.approx(100 * (women + men) / (1340 - women - men), rel=1e-12)
    with pytest.raises(AlignmentError, match="remaining"):
        mg.ProspectiveOldAgeDependencyRatio()(persons, remaining.isel(sex=0, drop=True))
    with pytest.raises(DimensionError, match="sex"):
        mg.ProspectiveOldAgeDependencyRatio(table="by_sex")(
            persons.isel(sex=0, drop=True), remaining.isel(sex=0, drop=True)
        )


def test_prospective_ratio_falls_below_the_fixed_one_where_people_live_long(shared):
    table = pd.read_csv(shared / "golden/demography/lifetable/abridged_lifetable.csv")
    one = table[
        (table.iso3 == "DEU") & (table.period_start == 2015) & (table.sex == "female")
    ].drop_duplicates("age")
    grown = one[(one.age != 1) & (one.age <= 85)]
    stationary = by_age(
        np.append(grown["Tx"][:-1].to_numpy() - grown["Tx"][1:].to_numpy(), grown["Tx"].iloc[-1]),
        grown.age,
        "person",
    )
    remaining = by_age(grown.ex, grown.age, "year")
    prospective = mg.ProspectiveOldAgeDependencyRatio()(stationary, remaining).item()
    assert 0 < prospective < mg.OldAgeDependencyRatio(lower=20)(stationary).item()


def test_momentum_refuses_other_ages():
    women = by_age(WOMEN, AGES, "person", open_=False)
    lived = by_age(LIVED[:-1], AGES[:-1], "year", open_=False)
    with pytest.raises(AlignmentError, match="lived"):
        mg.PopulationMomentum()(women, by_age(DAUGHTERS, AGES, "1/year", open_=False), lived)
