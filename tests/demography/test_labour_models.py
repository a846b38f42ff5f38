"""Rates to come, working life, skills, regions and dependency: slow versions, identities."""

from __future__ import annotations

import csv
import itertools
import json
import math
import pickle

import attrs
import numpy as np
import pytest

import migov as mg
from migov.core import status
from migov.core.errors import (
    AgeError,
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    MigovWarning,
    ParameterError,
    PartitionError,
    TimeError,
    UnitError,
)
from migov.demography import (
    LabourRates,
    bring_to_total,
    dependency_change,
    economic_dependency,
    labour_force,
    labour_force_by_skill,
    life_table,
    multistate_life_table,
    working_life_expectancy,
)

AGES = "15-19 20-24 25-29 30-34"
DATES = "2010-07-01 2015-07-01 2020-07-01"


def history(unit="percent", dates=DATES, age=AGES):
    rng = np.random.default_rng(4)
    shape = (len(dates.split()), 2, 2, len(age.split()))
    values = 30 + 60 * rng.random(shape)
    cells = mg.Cells(values, time=dates, sex="F M", education="0-2 5-8", age=age)
    return cells.array(unit)


def later(text):
    return mg.Cells(np.zeros(len(text.split())), time=text).array("1").time


# --- rates to come ---------------------------------------------------------------------------


def test_cohorts_agree_with_the_slow_version():
    past = history()
    to = later("2020-07-01 2025-07-01 2040-07-01")
    found = LabourRates(method="cohort").run(past, to=to)
    for sex, level in itertools.product("FM", ("0-2", "5-8")):
        before, now = (
            list(past.sel(sex=sex, education=level, time=f"{year}-07-01").values.ravel() / 100)
            for year in (2015, 2020)
        )
        rates = list(now)
        for step in range(5):
            if step in (0, 1, 4):
                cells = found.sel(sex=sex, education=level).isel(time=[0, 1, 4].index(step))
                assert cells.values == pytest.approx(rates, rel=1e-12)
            new = [rates[0]]
            for i in range(3):
                if now[i + 1] > before[i]:
                    entry = (now[i + 1] - before[i]) / (0.99 - before[i])
                    new.append(entry * 0.99 + (1 - entry) * rates[i])
                else:
                    new.append(rates[i] * now[i + 1] / before[i])
            rates = new


def test_unchanged_cohorts_stay_as_they_are():
    past = history()
    past[:] = past.isel(time=0).values
    found = LabourRates(method="cohort").run(past, to=later("2030-07-01"))
    assert found.isel(time=0).values == pytest.approx(past.isel(time=0).values / 100)


def test_a_logistic_trend_is_found_again():
    years = np.array([0.0, 5.0, 10.0])
    line = 1 / (1 + np.exp(-(-0.5 + 0.03 * years)))
    past = mg.Cells((0.2 + 0.7 * line)[:, None], time=DATES, age="15-64").array("1")
    for start in ("last", "line"):
        spec = LabourRates(method="logistic", floor=0.2, ceiling=0.9, start=start)
        found = spec.run(past, to=later("2020-07-01 2050-07-01"))
        wanted = [0.2 + 0.7 / (1 + math.exp(0.5 - 0.03 * t)) for t in (10, 40)]
        assert found.sel(age=15).values == pytest.approx(wanted, rel=1e-12)
    far = LabourRates(method="logistic").run(past, to=later("2200-07-01"))
    assert 0 < far.item() < 0.99


def test_static_holds_the_last_rates_with_unit_definition_and_flags():
    past = mg.define(history(), mg.definitions.UN_WPP_2024)
    past = status.mark(past, "stylised")
    found = LabourRates().run(past, to=later("2030-07-01"))
    assert found.isel(time=0).values == pytest.approx(past.isel(time=-1).values / 100)
    assert set(status.names(int(found.observation_status.max()))) == {"stylised", "forecast"}
    assert found.attrs["units"] == "1"
    assert mg.definition_of(found) == mg.definitions.UN_WPP_2024
    stated = json.loads(found.attrs["specification"])
    assert stated.pop("class") == "LabourRates"
    assert LabourRates(**stated) == LabourRates()
    assert hash(attrs.evolve(LabourRates(), ceiling=1.0)) != hash(LabourRates())


def test_projected_rates_go_into_the_labour_force():
    rates = LabourRates(method="cohort").run(history(), to=later("2025-07-01"))
    people = mg.Cells(
        np.full((1, 2, 2, 4), 100.0), time="2025-07-01", sex="F M",
        education="0-2 5-8", age=AGES,
    ).array("person")  # fmt: skip
    active = labour_force(people, rates)
    assert active.values == pytest.approx(100 * rates.transpose(*active.dims).values)


BAD_RATES = [
    ({}, {"rates": lambda x: x + 100}, InputError, "rates"),
    ({}, {"rates": lambda x: x.where((x.sex != "M") | (x.age != 20))}, InputError,
     "sex M, education 0-2, age 20-24"),
    ({}, {"rates": lambda x: x.isel(time=0, drop=True)}, DimensionError, "time"),
    ({}, {"rates": lambda x: x.values}, KindError, "rates"),
    ({}, {"rates": lambda x: x.assign_attrs(units="person")}, UnitError, "rates"),
    ({}, {"rates": lambda x: x.assign_coords(time=[2010, 2015, 2020])}, TimeError, "year"),
    ({}, {"to": "2000-07-01"}, TimeError, "before the first"),
    ({"method": "cohort"}, {"to": "2023-07-01"}, TimeError, "whole steps of 5"),
    ({"method": "cohort"}, {"rates": lambda x: x.isel(time=[0, 2])}, TimeError, "5 years before"),
    ({"method": "cohort"}, {"rates": lambda x: x.assign_coords(
        age_width=("age", [5.0, 5, 5, np.inf]))}, AgeError, "30+"),
    ({"method": "cohort", "ceiling": 0.5}, {}, InputError, "above the ceiling"),
    ({"method": "logistic", "floor": 0.5}, {}, InputError, "between floor"),
    ({"method": "logistic"}, {"rates": lambda x: x.isel(time=[0])}, TimeError, "two dates"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "change", "kind", "told"), BAD_RATES)
def test_bad_rates_are_named(spec, change, kind, told):
    rates = history()
    given = change.get("rates", lambda x: x)(rates)
    if not isinstance(given, np.ndarray) and "units" not in given.attrs:
        given.attrs = rates.attrs
    with pytest.raises(kind, match=told) as caught:
        LabourRates(**spec).run(given, to=later(change.get("to", "2030-07-01")))
    assert isinstance(caught.value, MigovError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("change", [{"method": "spline"}, {"ceiling": 1.2}, {"floor": 0.99}])
def test_parameters_are_checked(change):
    with pytest.raises(ParameterError, match=next(iter(change))):
        LabourRates(**change)


# --- working life ----------------------------------------------------------------------------


def test_working_life_by_hand_and_by_the_multistate_table():
    m = [0.004, 0.001, 0.002, 0.01, 0.12]
    groups = "0-14 15-24 25-54 55-64 65+"
    share = [0.0, 0.4, 0.9, 0.6, 0.05]
    table = life_table(mg.Cells(m, age=groups).array("1/year"), ax="half")
    rates = mg.Cells(share, age=groups).array("1")
    alive, lived = [1.0], []
    for rate, n in zip(m[:-1], (15, 10, 30, 10), strict=True):
        alive.append(alive[-1] * (1 - n / 2 * rate) / (1 + n / 2 * rate))
        lived.append(n / 2 * (alive[-1] + alive[-2]))
    lived.append(alive[-1] / m[-1])
    wanted = sum(a * b for a, b in zip(lived[1:], share[1:], strict=True)) / alive[1]
    found = working_life_expectancy(table, rates, age=15)
    assert found.item() == pytest.approx(wanted, rel=1e-12)
    assert found.attrs["units"] == "year"
    # a survey starts at 15
    older = working_life_expectancy(table, rates.isel(age=slice(1, None)), age=15)
    assert older.item() == found.item()
    # a state that all are born into and nobody leaves is the whole life
    deaths = mg.Cells([[x, x] for x in m], age=groups, labour_status="in out").array("1/year")
    still = mg.Cells(
        np.zeros((5, 2, 2)), age=groups, labour_status_before="in out",
        labour_status_after="in out",
    ).array("1/year")  # fmt: skip
    states = multistate_life_table(deaths, still, state="labour_status").expectancy.sel(age=15)
    inside = states.sel(labour_status="in", labour_status_at_birth="in").item()
    assert inside == pytest.approx(sum(lived[1:]) / alive[1], rel=1e-12)


def test_a_finer_table_is_joined_to_the_ages_of_the_rates():
    fine = "0-14 15-24 25-54 55-64 65-74 75-84 85+"
    m = [[0.004, 0.001, 0.002, 0.01, 0.03, 0.08, 0.2], [0.005, 0.002, 0.003, 0.02, 0.05, 0.1, 0.2]]
    table = life_table(mg.Cells(m, sex="F M", age=fine).array("1/year"), ax="half")
    rates = mg.Cells([[60, 20], [80, 30]], sex="F M", age="15-64 65+").array("percent")
    found = working_life_expectancy(table, rates)
    lived, alive = table.years_lived.values, table.survivors.values
    for i, (work, old) in enumerate(((0.6, 0.2), (0.8, 0.3))):
        years = work * lived[i, 1:4].sum() + old * lived[i, 4:].sum()
        assert found.values[i] == pytest.approx(years / alive[i, 1], rel=1e-14)
    each = mg.Cells([[60] * 3 + [20] * 3, [80] * 3 + [30] * 3], sex="F M", age=fine[5:])
    alike = working_life_expectancy(table, each.array("percent"))
    assert alike.values == pytest.approx(found.values, rel=1e-14)


def test_bad_inputs_of_working_life():
    groups = "0-14 15-64 65+"
    table = life_table(mg.Cells((0.0, 0.01, 0.1), age=groups).array("1/year"), ax="half")
    rates = mg.Cells((0, 70, 5), age=groups).array("percent")
    with pytest.raises(AgeError, match="age=20"):
        working_life_expectancy(table, rates, age=20)
    with pytest.raises(InputError, match="rates"):
        working_life_expectancy(table, mg.Cells((0, 170, 5), age=groups).array("percent"))
    with pytest.raises(InputError, match="rates is missing at age 65"):
        working_life_expectancy(table, mg.Cells((0, 70, np.nan), age=groups).array("percent"))
    with pytest.raises(KindError, match="table"):
        working_life_expectancy(rates, rates)
    with pytest.raises(AgeError, match="rates ends at age 65, table goes on"):
        working_life_expectancy(table, rates.isel(age=slice(0, 2)))
    other = mg.Cells((0, 70, 5), age="0-14 15-59 60+").array("percent")
    with pytest.raises(MigovError, match="working_life_expectancy"):
        working_life_expectancy(table, other)


# --- skill and regions -----------------------------------------------------------------------


def active_by_education():
    cells = mg.Cells(
        [[[10.0, 20], [30, 40]], [[1, 2], [3, 4]]], sex="F M", age="15-24 25-64",
        education="0-2 5-8",
    )  # fmt: skip
    return mg.define(cells.array("thousand person"), mg.definitions.UN_WPP_2024)


SKILLS = mg.Cells([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]], education="0-2 5-8", skill="low medium high")


def test_skills_keep_the_total():
    active = active_by_education()
    found = labour_force_by_skill(active, SKILLS.array("1"))
    assert found.sum("skill").values == pytest.approx(active.sum("education").values)
    assert found.sel(sex="M", age=25, skill="high").item() == pytest.approx(3 * 0.1 + 4 * 0.6)
    assert found.attrs["units"] == "thousand person"
    assert mg.definition_of(found) == mg.definitions.UN_WPP_2024


def test_bad_shares_of_skills():
    active, good = active_by_education(), SKILLS.array("1")
    bad = good.copy(deep=True)
    bad[1, 2] = 0.5
    with pytest.raises(InputError, match="does not sum to 1 over skill at education 5-8") as caught:
        labour_force_by_skill(active, bad)
    mended = eval(caught.value.mend.split(", if")[0], {"shares": bad})
    assert labour_force_by_skill(active, mended).sum() == pytest.approx(active.sum())
    with pytest.raises(AlignmentError, match="3-4"):
        labour_force_by_skill(active, good.assign_coords(education=["0-2", "3-4"]))
    with pytest.raises(DimensionError, match="skill"):
        labour_force_by_skill(active, good.isel(skill=0))
    with pytest.raises(InputError, match="active"):
        labour_force_by_skill(-active, good)


def test_regions_add_up_to_the_nation_and_keep_their_shares():
    regions = mg.Cells([[10, 20], [30, 60], [5, 5]], area="DE1 DE2 DE3", sex="F M").array("person")
    nation = mg.Cells((60, 80), sex="F M").array("person")
    found = bring_to_total(regions, nation)
    assert found.sum("area").values == pytest.approx([60, 80])
    share = regions / regions.sum("area")
    assert (found / found.sum("area")).values == pytest.approx(share.values)


def test_regions_by_logit_agree_with_a_slow_search():
    persons = mg.Cells([[100, 50], [200, 70]], area="DE1 DE2", sex="F M").array("person")
    rates = mg.Cells([[50, 60], [95, 80]], area="DE1 DE2", sex="F M").array("percent")
    nation = mg.Cells((285, 60), sex="F M").array("person")
    found = bring_to_total(rates, nation, persons, how="logit")
    assert found.sum("area").values == pytest.approx([285, 60], rel=1e-12)
    assert (found < persons).all()
    for i, wanted in enumerate((285, 60)):
        p, r = persons.values[:, i], rates.values[:, i] / 100
        low, high = 1e-9, 1e9  # the odds of all are multiplied by one number
        for _ in range(200):
            middle = math.sqrt(low * high)
            odds = r / (1 - r) * middle
            low, high = (middle, high) if (p * odds / (1 + odds)).sum() < wanted else (low, middle)
        assert found.values[:, i] == pytest.approx(p * odds / (1 + odds), rel=1e-9)


def test_bad_regions():
    persons = mg.Cells([[100, 50], [200, 70]], area="DE1 DE2", sex="F M").array("person")
    rates = mg.Cells([[50, 60], [95, 80]], area="DE1 DE2", sex="F M").array("percent")
    nation = mg.Cells((285, 60), sex="F M").array("person")
    with pytest.raises(InputError, match=r"national is beyond what rates .* at sex F"):
        bring_to_total(rates, mg.Cells((305, 60), sex="F M").array("person"), persons, how="logit")
    with pytest.raises(DimensionError, match="population"):
        bring_to_total(rates, nation, how="logit")
    with pytest.raises(ParameterError, match="how"):
        bring_to_total(rates, nation, how="squeeze")
    with pytest.raises(AlignmentError, match="sex"):
        bring_to_total(persons, nation.isel(sex=0, drop=True))
    with pytest.raises(DimensionError, match="national has 'area'"):
        bring_to_total(persons, persons)
    with pytest.raises(InputError, match="regions have nobody"):
        bring_to_total(
            mg.Cells([[0, 1], [0, 1]], area="DE1 DE2", sex="F M").array("person"), nation
        )


@pytest.mark.parametrize(
    ("labels", "nation", "told"),
    [
        ("DE1 DE", None, "DE beside DE1"),
        ("DEU DE1", None, "DEU beside DE1"),
        ("DE1 DE11", None, "DE1 beside DE11"),
        ("KG KG-B", None, "KG beside KG-B"),
        ("DE1 _T", None, "the total _T beside"),
        ("DE1 FR1", "DE", "FR1, which is no region of DE"),
        ("North Germany", "Germany", "holds Germany, the nation itself"),
    ],
)
@pytest.mark.parametrize("how", ["proportional", "logit"])
def test_regions_that_overlap_or_are_of_elsewhere_are_refused(labels, nation, told, how):
    persons = mg.Cells((30.0, 60.0), area=labels).array("person")
    rates = mg.Cells((30.0, 60.0), area=labels).array("percent")
    total = mg.Cells(40.0).array("person")
    total = total if nation is None else total.assign_coords(area=nation)
    given = persons if how == "proportional" else rates
    with pytest.raises(PartitionError, match=told) as caught:
        bring_to_total(given, total, persons, how=how)
    assert caught.value.argument == "regions"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_shares_of_regions_at_extreme_numbers():
    shares = np.array([1.0, 3.0])
    for scale in (1e-310, 1e-160, 1.0, 1e300, 5e307):
        regions = mg.Cells(shares * scale, area="DE1 DE2").array("person")
        found = bring_to_total(regions, mg.Cells(100.0).array("person"))
        assert found.values == pytest.approx([25, 75], rel=1e-9)


def test_a_nation_in_another_unit_than_its_regions_is_told():
    regions = mg.Cells((31_000, 58_000), area="DE1 DE2").array("person")
    people = mg.Cells((50_000, 80_000), area="DE1 DE2").array("person")
    rates = mg.Cells((62, 72.5), area="DE1 DE2").array("percent")
    for nation in (90.0, 90e6):
        with pytest.warns(MigovWarning, match="its regions together 89000"):
            bring_to_total(regions, mg.Cells(nation).array("person"))
    with pytest.warns(MigovWarning, match="its regions together 89000"):
        bring_to_total(rates, mg.Cells(90).array("person"), people, how="logit")
    with pytest.raises(UnitError, match=r"percent and nowhere above 0\.725"):
        bring_to_total(
            (rates / 100).assign_attrs(rates.attrs),
            mg.Cells(90e3).array("person"),
            people,
            how="logit",
        )
    for nation in (9_000, 900_000, 0.0):  # another year, a sample, nobody
        bring_to_total(regions, mg.Cells(nation).array("person"))


def test_no_region_gets_more_than_its_people():
    regions = mg.Cells((90.0, 1.0), area="DE1 DE2").array("person")
    people = mg.Cells((91.0, 100.0), area="DE1 DE2").array("person")
    nation = mg.Cells(100.0).array("person")
    with pytest.raises(InputError, match=r"population is below .* at area DE1"):
        bring_to_total(regions, nation, people)
    found = bring_to_total(regions, mg.Cells(91.0).array("person"), people)
    assert found.values == pytest.approx([90, 1])


# --- dependency ------------------------------------------------------------------------------


def scenario(seed):
    rng = np.random.default_rng(seed)
    people = mg.Cells(
        10 + 50 * rng.random((2, 4, 2)), sex="F M", age="0-14 15-39 40-64 65+",
        education="0-2 5-8",
    )  # fmt: skip
    rates = mg.Cells(
        0.3 + 0.6 * rng.random((2, 2, 2)), sex="F M", age="15-39 40-64",
        education="0-2 5-8",
    )  # fmt: skip
    weights = mg.Cells((1.0, 1.2 + rng.random()), education="0-2 5-8")
    return {
        "population": people.array("person"),
        "participation": rates.array("1"),
        "productivity": weights.array("1"),
    }


def slow_ratios(given):
    """The three ratios by plain loops."""
    people, rates, weights = (
        given[name].values for name in ("population", "participation", "productivity")
    )
    everyone = adults = active = weighted = 0.0
    for s, x, e in itertools.product(range(2), range(4), range(2)):
        everyone += people[s, x, e]
        if x in (1, 2):
            adults += people[s, x, e]
            active += people[s, x, e] * rates[s, x - 1, e]
            weighted += people[s, x, e] * rates[s, x - 1, e] * weights[e]
    return (
        (everyone - adults) / adults,
        (everyone - active) / active,
        (everyone - active) / weighted,
    )


def test_ratios_agree_with_plain_loops():
    given = scenario(1)
    found = economic_dependency(**given)
    assert [float(x) for x in found.values()] == pytest.approx(slow_ratios(given), rel=1e-13)
    even = dict(given, productivity=given["productivity"] * 0 + 1)
    even["productivity"].attrs = given["productivity"].attrs
    same = economic_dependency(**even)
    assert float(same.productivity_dependency) == pytest.approx(float(same.labour_force_dependency))


def test_the_age_dependency_of_germany(shared):
    groups: dict[str, float] = {}
    path = shared / "golden" / "demography" / "wpp2019" / "population_by_age_sex.csv"
    with path.open() as file:
        for row in csv.DictReader(file):
            if "Germany" in row.values() and row["year"] == "2020":
                start = int(row["age_start"])
                name = "0-14" if start < 15 else "15-64" if start < 65 else "65+"
                amount = float(row["population_thousands"])
                groups[name] = groups.get(name, 0.0) + amount
    people = mg.Cells(list(groups.values()), age=" ".join(groups)).array("thousand person")
    rates = mg.Cells((78,), age="15-64").array("percent")
    found = economic_dependency(people, rates)
    # United Nations (2019), WPP 2019, total dependency ratio (15-64) of Germany, 2020: 55.4
    assert round(100 * float(found.age_dependency), 1) == 55.4


def test_effects_sum_to_the_change_and_are_the_average_over_orders():
    before, after = scenario(1), scenario(2)
    found = dependency_change(before, after)
    whole = slow_ratios(after)[2] - slow_ratios(before)[2]
    assert float(found.sum()) == pytest.approx(whole, rel=1e-12)
    names = list(before)
    for name in names:
        moves = []
        for order in itertools.permutations(names):
            first = order[: order.index(name)]
            mixed = {n: (after if n in first else before)[n] for n in names}
            then = {**mixed, name: after[name]}
            moves.append(slow_ratios(then)[2] - slow_ratios(mixed)[2])
        assert float(found.sel(factor=name)) == pytest.approx(sum(moves) / 6, rel=1e-10)


def test_only_what_changes_has_an_effect():
    before = scenario(1)
    after = dict(before, participation=scenario(2)["participation"])
    found = dependency_change(before, after, ratio="labour_force_dependency")
    assert found.sel(factor=["population", "productivity"]).values == pytest.approx(
        [0, 0], abs=1e-14
    )
    ageing = dependency_change(before, after, ratio="age_dependency")
    assert ageing.values == pytest.approx([0, 0, 0], abs=1e-14)


def test_bad_inputs_of_dependency():
    given = scenario(1)
    with pytest.raises(AgeError, match="lower=18"):
        economic_dependency(**given, lower=18)
    with pytest.raises(AgeError, match="upper"):
        economic_dependency(**given, lower=65, upper=15)
    gap = given["population"].copy(deep=True)
    gap.loc[{"sex": "M", "age": 40}] = np.nan
    with pytest.raises(InputError, match="population is missing at sex M, age 40-64"):
        economic_dependency(**{**given, "population": gap})
    zero = (given["productivity"] * 0).assign_attrs(units="1")
    with pytest.raises(InputError, match="productivity is not above zero"):
        economic_dependency(**{**given, "productivity": zero})
    for factor in (1500.0, 0.01):  # earnings, or parts of something else
        earned = (given["productivity"] * factor).assign_attrs(units="1")
        with pytest.raises(InputError, match="relative to a level with weight one") as caught:
            economic_dependency(**{**given, "productivity": earned})
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
        mended = eval(caught.value.mend, {"productivity": earned})
        economic_dependency(**{**given, "productivity": mended})
    nobody = (given["participation"] * 0).assign_attrs(units="1")
    with pytest.raises(InputError, match="participation"):
        economic_dependency(given["population"], nobody)
    with pytest.raises(UnitError, match="population"):
        economic_dependency(**{**given, "population": given["population"].assign_attrs(units="1")})
    level = given["population"].education.values
    doubled = given["population"].assign_coords(education=["_T", *level[1:]])
    with pytest.raises(PartitionError, match="total _T"):
        economic_dependency(**{**given, "population": doubled})
    with pytest.raises(AlignmentError, match="education"):
        economic_dependency(mg.total(given["population"], "education"), given["participation"])
    with pytest.raises(KindError, match="same parts"):
        dependency_change(given, {"population": given["population"]})
    with pytest.raises(KindError, match="ratio"):
        dependency_change(given, given, ratio="old_age")


def test_dates_and_scenarios_are_what_a_change_is_between():
    """Selected from one array they keep their labels, which once were refused as misaligned."""
    dates, levels = "2020-07-01 2050-07-01", "low high"
    people = mg.Cells(
        [[[30, 0], [60, 20], [10, 2]], [[20, 0], [55, 30], [25, 5]]],
        time=dates, age="0-14 15-64 65+", education=levels,
    ).array("person")  # fmt: skip
    rates = mg.Cells([[[50, 90]], [[60, 92]]], time=dates, age="15-64", education=levels)
    weights = mg.Cells((1.0, 2.0), education=levels).array("1")
    both = [
        {"population": people.isel(time=i), "participation": rates.array("percent").isel(time=i),
         "productivity": weights}
        for i in (0, 1)
    ]  # fmt: skip
    change = dependency_change(*both)
    ratios = [economic_dependency(**one).productivity_dependency for one in both]
    assert float(change.sum()) == pytest.approx(float(ratios[1]) - float(ratios[0]))
    assert (change.attrs["before"], change.attrs["after"]) == ("time 2020-07-01", "time 2050-07-01")
    mixed = {**both[0], "participation": both[1]["participation"]}
    with pytest.raises(AlignmentError, match="population is for time 2020-07-01"):
        dependency_change(mixed, both[1])


def test_shares_of_skills_serve_a_labour_force_of_one_date():
    active, shares = active_by_education(), SKILLS.array("1")
    dated = active.assign_coords(time=np.datetime64("2030-07-01", "s"), scenario="high")
    np.testing.assert_array_equal(
        labour_force_by_skill(dated, shares), labour_force_by_skill(active, shares)
    )
