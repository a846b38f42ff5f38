"""Labour force: groups, definitions, dates, bad inputs."""

from __future__ import annotations

import csv
import pickle

import numpy as np
import pytest

import migov as mg
from migov.core.errors import (
    AgeError,
    AlignmentError,
    InputError,
    KindError,
    MigovError,
    PartitionError,
    TimeError,
    UnitError,
)
from migov.demography import labour_force

GROUPS = "15-24 25-54 55-64 65+"


def people(**more):
    cells = mg.Cells(
        np.arange(1, 41, dtype=float).reshape(2, 20),
        sex="F M",
        age=" ".join(f"{a}-{a + 4}" for a in range(0, 95, 5)) + " 95+",
        **more,
    )
    return mg.define(cells.array("thousand person"), mg.definitions.UN_WPP_2024)


def rates(unit="percent", age=GROUPS, **more):
    values = np.array([[40.0, 80, 60, 5], [50, 90, 70, 8]])[:, : len(age.split())]
    return mg.Cells(values, sex="F M", age=age, **more).array(unit)


def test_persons_times_rates_by_hand():
    out = labour_force(people(), rates())
    # women: 15-24 are 4 + 5, 25-54 6 + … + 11, 55-64 12 + 13, 65+ 14 + … + 20
    assert out.sel(sex="F").values == pytest.approx([0.4 * 9, 0.8 * 51, 0.6 * 25, 0.05 * 119])
    assert out.attrs["units"] == "thousand person"
    assert out.age_width.values.tolist() == [10, 30, 10, np.inf]
    assert (
        labour_force(people(), rates().assign_attrs(long_name="rates")).attrs["long_name"]
        == "labour force"
    )
    share = rates().copy(data=rates().values / 100)
    share.attrs["units"] = "1"
    assert labour_force(people(), share).values == pytest.approx(out.values, rel=1e-15)


def test_it_equals_a_slow_sum_on_published_rates(shared, wpp):
    path = shared / "figures" / "labour_force_participation_four_age_groups.csv"
    with path.open(newline="") as file:
        table = [r for r in csv.DictReader(file) if r["year"] == "2020"]
    areas = [a for a in wpp["timing"] if any(r["iso3"] == a for r in table)]
    value = {
        (r["iso3"], r["sex"], int(r["age_start"])): float(r["labour_force_participation_percent"])
        for r in table
    }
    cells = [
        [[value[a, sex, age] for age in (15, 25, 55, 65)] for sex in ("female", "male")]
        for a in areas
    ]
    given = mg.Cells(cells, area=" ".join(areas), sex="F M", age=GROUPS).array("percent")
    population = wpp["given"]["population"].sel(area=areas)
    out = labour_force(population, given)
    assert len(areas) >= 5
    for a in areas:
        total = 0.0
        for sex, word in (("F", "female"), ("M", "male")):
            for age, persons in enumerate(population.sel(area=a, sex=sex).values):
                group = max((g for g in (15, 25, 55, 65) if g <= 5 * age), default=None)
                total += 0.0 if group is None else persons * value[a, word, group] / 100
        assert float(out.sel(area=a).sum()) == pytest.approx(total, rel=1e-12)


def test_definition_has_the_labour_standard_of_the_rates():
    survey = mg.define(rates(), mg.definitions.MDA_LABOUR_FORCE_SURVEY)
    found = mg.definition_of(labour_force(people(), survey))
    assert found.labour_standard == "19th ICLS"
    assert found.stock_basis == "annual_average"
    assert found.edition == "WPP 2024"
    assert found.residence_rule == "present"
    assert mg.definition_of(labour_force(people(), rates())) == mg.definitions.UN_WPP_2024
    undeclared = labour_force(mg.define(people(), None), survey)
    assert mg.definition_of(undeclared) is None


def test_rates_by_date_or_without():
    dates = "2025-07-01 2030-07-01"
    population = people().expand_dims(time=mg.Cells((0, 0), time=dates).array("1").time)
    undated = labour_force(population, rates())
    assert undated.dims == ("time", "sex", "age")
    first = rates().assign_coords(time=np.datetime64("2023-07-01", "s"))
    held = mg.hold(first, to=population.time)
    assert labour_force(population, held).values == pytest.approx(undated.values)
    with pytest.raises(AlignmentError, match="time"):
        labour_force(population, first)
    with pytest.raises(AlignmentError, match="population has not"):
        labour_force(people(), first)


def test_closed_ages_leave_the_others_out_and_say_so():
    some = rates(age="15-24 25-54 55-64")
    with pytest.warns(mg.MigovWarning, match=r"no rates for ages 65\+") as told:
        out = labour_force(people(), some)
    assert out.values == pytest.approx(labour_force(people(), rates()).values[:, :3])
    # What the warning advises, typed, is silent and the same.
    assert "population.sel(age=slice(15, 64))" in str(told[0].message)
    assert labour_force(people().sel(age=slice(15, 64)), some).equals(out)
    late = mg.Cells(np.full((2, 2), 50.0), sex="F M", age="25-54 55+").array("percent")
    with pytest.warns(mg.MigovWarning, match="ages 15-24"):
        labour_force(people(), late)


def test_shares_of_one_that_say_percent_are_refused():
    small = rates().copy(data=rates().values / 100)
    with pytest.raises(UnitError, match=r"nowhere above 0\.9") as error:
        labour_force(people(), small)
    assert 'participation.assign_attrs(units="1")' in str(error.value)
    assert labour_force(people(), small.assign_attrs(units="1")).values == pytest.approx(
        labour_force(people(), rates()).values
    )


def test_flags_and_missing_rates_arrive():
    rate = mg.status.mark(rates(), "stylised")
    rate.data[0, 1] = np.nan
    out = labour_force(people(), rate)
    assert (out.observation_status == 256).all()
    assert np.isnan(out.values).tolist() == [[False, True, False, False], [False] * 4]


def test_lazy_members():
    population = people().expand_dims(member=[4, 9]).copy(deep=True)
    wanted = labour_force(population, rates())
    lazy = labour_force(population.chunk({"member": 1}), rates())
    assert lazy.chunks
    assert lazy.compute().identical(wanted)


@pytest.mark.parametrize(
    ("population", "participation", "kind", "told"),
    [
        (people, lambda: rates(age="15-24 25-56 57-64"), AgeError, "57 lies inside .* 55-59"),
        (people, lambda: rates(age="15-24 55-64"), AgeError, "gap"),
        (lambda: people().isel(age=slice(4, 12)), rates, AgeError, "participation is for"),
        (people, lambda: rates("person"), UnitError, "participation"),
        (
            people,
            lambda: rates().copy(data=rates().values * 2),
            InputError,
            "participation holds 1.6",
        ),
        (people, lambda: -rates(), InputError, "participation holds -0.4"),
        (lambda: -people(), rates, InputError, "population holds -1"),
        (
            lambda: people().copy(data=people().values * np.inf),
            rates,
            InputError,
            "population holds inf",
        ),
        (people, lambda: rates().isel(sex=0), MigovError, "sex"),
        (people, lambda: rates().isel(sex=0, drop=True), AlignmentError, "sex"),
        (people, lambda: rates().isel(age=0, drop=True), MigovError, "participation needs 'age'"),
        (people, lambda: 0.7, KindError, "participation"),
        (lambda: people().values, rates, KindError, "population"),
        (lambda: people().assign_coords(time=2020), rates, TimeError, "population"),
        (lambda: people().isel(sex=[0, 0]), rates, AlignmentError, "twice"),
        (lambda: rates(), rates, (UnitError, PartitionError), "population"),
    ],
)
def test_bad_inputs(population, participation, kind, told):
    with pytest.raises(kind, match=told) as caught:
        labour_force(population(), participation())
    assert isinstance(caught.value, MigovError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_too_high_inside_a_block():
    lazy = labour_force(people(), rates().copy(data=rates().values * 2).chunk({"sex": 1}))
    with pytest.raises(InputError, match=r"participation holds 1\.[68]"):
        lazy.compute()


def test_fractions_in_percent_are_refused_wherever_rates_of_participation_are_taken():
    mortality = mg.Cells((0.002, 0.001, 0.004, 0.08), age="0-14 15-24 25-64 65+").array("1/year")
    table = mg.demography.life_table(mortality, ax="half")
    small = mg.Cells((0.0, 0.4, 0.8, 0.06), age="0-14 15-24 25-64 65+").array("percent")
    past = mg.Cells([[0.4, 0.8], [0.5, 0.9]], time="2010-07-01 2020-07-01", age="15-24 25-34")
    to = mg.Cells((0, 0), time="2030-07-01 2040-07-01").array("1").time
    persons = mg.Cells((30.0, 60.0, 10.0), age="0-14 15-64 65+").array("person")
    calls = (
        lambda: mg.demography.working_life_expectancy(table, small, age=15),
        lambda: mg.demography.LabourRates(method="static").run(past.array("percent"), to=to),
        lambda: mg.demography.economic_dependency(
            persons, mg.Cells([0.7], age="15-64").array("percent")
        ),
    )
    for call in calls:
        with pytest.raises(UnitError, match="in percent and nowhere above"):
            call()
    of_one = mg.demography.working_life_expectancy(table, small.assign_attrs(units="1"), age=15)
    assert of_one.item() == pytest.approx(33.947, abs=5e-4)
