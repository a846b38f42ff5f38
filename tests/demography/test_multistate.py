"""Projection over regions and other states: golden case, slow version, identities, bad inputs."""

from __future__ import annotations

import json
import pickle

import attrs
import dask
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import (
    AccountError,
    AgeError,
    AlignmentError,
    DefinitionError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.demography import (
    CohortComponent,
    Multistate,
    kernels_multistate,
    multistate_blocks,
    multistate_life_table,
)

FIVE = list(range(0, 90, 5))
GROUPS = len(FIVE)
REGIONS = ["A", "B"]


def day(year):
    return np.datetime64(f"{year}-01-01", "s")


def array(values, unit, **labels):
    """An array whose dimensions are the labels, in their order."""
    coords = {}
    for name, given in labels.items():
        if name == "age":
            last = np.inf if given[-1] == FIVE[-1] else 5
            coords["age"] = list(given)
            coords["age_width"] = ("age", np.append(np.diff(given), last).astype(float))
        elif name == "period":
            coords["period"] = [day(y) for y in given]
            coords["period_end"] = ("period", [day(y + 5) for y in given])
        else:
            coords[name] = list(given)
    return xr.DataArray(np.asarray(values, float), coords, list(labels), attrs={"units": unit})


@pytest.fixture(scope="module")
def golden(shared):
    """The two-region case as arguments and its published results."""
    folder = shared / "golden" / "demography" / "multiregional"
    read = {
        name: pd.read_csv(folder / f"two_region_{name}.csv")
        for name in ("input_rates", "base_population", "projection", "births", "life_table", "e0")
    }
    sexes = ["female", "male"]

    def cube(frame, column):
        table = frame.set_index(["sex", "age_start", "region"])[column].to_xarray()
        return table.sel(sex=sexes).values

    years = list(range(2000, 2100, 5))
    out = cube(read["input_rates"], "out_migration_rate")
    moves = np.zeros((2, GROUPS, 2, 2))
    moves[:, :, 1, 0], moves[:, :, 0, 1] = out[:, :, 0], out[:, :, 1]
    asfr = cube(read["input_rates"], "asfr")[0, 3:10]

    def steady(x):
        return np.broadcast_to(x, (20, *x.shape))

    labels = {"period": years, "sex": "FM", "age": FIVE}
    given = {
        "population": array(
            cube(read["base_population"], "population"), "person", sex="FM", age=FIVE, area=REGIONS
        ).assign_coords(time=day(2000)),
        "mortality": array(
            steady(cube(read["input_rates"], "death_rate")), "1/year", **labels, area=REGIONS
        ),
        "transitions": array(
            steady(moves), "1/year", **labels, destination=REGIONS, origin=REGIONS
        ),
        "fertility": array(steady(asfr), "1/year", period=years, age=FIVE[3:10], area=REGIONS),
        "sex_ratio": array(np.full(20, 1.05), "1", period=years),
    }
    return given, read


def small(moves="rates", members=(), seed=5, regions=("A", "B", "C")):
    """Two periods, regions with uneven rates, migration from outside, perhaps members."""
    rng = np.random.default_rng(seed)
    r, years = len(regions), [2020, 2025]
    age = np.arange(GROUPS)[:, None]
    deaths = 0.001 * np.exp(0.27 * age) * (1 + 0.2 * rng.random((2, 2, GROUPS, r)))
    table = 0.02 * rng.random((2, 2, GROUPS, r, r)) * np.exp(-age / 8)[..., None]
    unit = "1/year"
    if moves == "probabilities":
        table, unit = table * 4, "1"
    elif moves == "counts":
        table, unit = table * 1000, "person"
    table[..., range(r), range(r)] = 0.0
    labels = {"period": years, "sex": "FM", "age": FIVE}
    given = {
        "population": array(
            1000 * (1 + rng.random((2, GROUPS, r))), "person", sex="FM", age=FIVE, area=regions
        ).assign_coords(time=day(2020)),
        "mortality": array(deaths, "1/year", **labels, area=regions),
        "transitions": array(table, unit, **labels, destination=regions, origin=regions),
        "fertility": array(
            0.1 + 0.1 * rng.random((2, 7, r)), "1/year", period=years, age=FIVE[3:10], area=regions
        ),
        "migration": array(
            20 * rng.standard_normal((2, 2, GROUPS, r)), "person", **labels, area=regions
        ),
        "sex_ratio": array([1.04, 1.06], "1", period=years),
    }
    if members:
        scale = xr.DataArray(
            np.exp(0.05 * rng.standard_normal(len(members))), {"member": list(members)}, "member"
        )
        given["population"] = like(given["population"] * scale, given["population"])
        given["migration"] = like(given["migration"] * scale, given["migration"])
    return given


def like(x, other):
    out = x.copy()
    out.attrs = dict(other.attrs)
    return out


def run(given, spec=None, **changes):
    arguments = {**given, **changes}
    ratio = arguments.pop("sex_ratio")
    return (spec or Multistate()).run(**arguments, sex_ratio=ratio)


# --- against the reference results -----------------------------------------------------------


def test_two_regions_over_a_century(golden):
    given, read = golden
    result = run(given)
    table = read["projection"].assign(sex=read["projection"].sex.str[0].str.upper())
    wanted = table.set_index(["step", "sex", "age_start", "region"]).population.to_xarray()
    steps = wanted.step.values
    assert steps[-1] == 20
    found = result.population.isel(time=steps).transpose("time", "sex", "age", "area").values
    np.testing.assert_allclose(found, wanted.sel(sex=["F", "M"]).values, rtol=1e-13)
    births = read["births"].set_index(["step", "region"]).births.to_xarray().values
    np.testing.assert_allclose(result.births.sum("sex").values, births, rtol=1e-13)


def test_the_life_table_of_two_regions(golden):
    given, read = golden
    first = {"period": 0, "drop": True}
    table = multistate_life_table(
        given["mortality"].isel(**first), given["transitions"].isel(**first)
    )
    frame = read["life_table"].assign(sex=read["life_table"].sex.str[0].str.upper())
    keys = ["sex", "age_start", "destination", "origin"]
    names = {"P": "probability", "l": "survivors", "L": "person_years"}
    for matrix, name in names.items():
        rows = frame[frame.matrix == matrix]
        assert len(rows) > 100
        x = table[name]
        if matrix != "P":
            x = x.rename(area="destination", birthplace="origin")
        for sex, age, after, before, value in rows[[*keys, "value"]].itertuples(index=False):
            if matrix == "P" and age == FIVE[-1]:
                continue
            cell = x.sel(sex=sex, age=age, destination=after, origin=before).item()
            assert cell == pytest.approx(value, rel=1e-12), (matrix, sex, age)
    e0 = table.expectancy.sel(age=0)
    for row in read["e0"].itertuples(index=False):
        place = {
            "sex": row.sex[0].upper(),
            "area": row.region_of_residence,
            "birthplace": row.region_of_birth,
        }
        assert e0.sel(place).item() == pytest.approx(row.years, rel=1e-12)


def test_movers_between_california_and_the_rest(shared):
    folder = shared / "golden" / "demography" / "multiregional"
    table = pd.read_csv(folder / "two_region_markov_california_rest_us.csv")
    chances = np.array([[0.98033, 0.00179], [0.01967, 0.99821]])
    given = small("probabilities", regions=("CA", "US"))
    years = list(range(2012, 2022))
    labels = {"period": years, "sex": "FM", "age": [0, 1, 2]}

    def yearly(x):
        width = ("age", np.append(np.ones(x.sizes["age"] - 1), np.inf)) if "age" in x.dims else None
        ends = ("period", [day(y + 1) for y in years])
        x = x.assign_coords(period_end=ends) if "period" in x.dims else x
        return x if width is None else x.assign_coords(age_width=width)

    def cells(value, unit, **names):
        shape = [len(v) for v in names.values()]
        return yearly(array(np.broadcast_to(value, shape), unit, **names))

    first = table.iloc[0, 1:].to_numpy()
    result = Multistate(step=1, moves="probabilities", youngest_open=2).run(
        cells(
            first / 6, "million person", sex="FM", age=[0, 1, 2], area=["CA", "US"]
        ).assign_coords(time=day(2012)),
        cells(0.0, "1/year", **labels, area=["CA", "US"]),
        cells(chances, "1", **labels, destination=["CA", "US"], origin=["CA", "US"]),
        cells(0.0, "1/year", period=years, age=[1], area=["CA", "US"]).assign_coords(
            age_width=("age", [1.0])
        ),
        sex_ratio=cells(1.05, "1", period=years),
    )
    assert given["transitions"].attrs["units"] == "1"
    found = result.population.sum(["sex", "age"]).values / 1e6
    np.testing.assert_allclose(found, table.iloc[:, 1:].to_numpy(), rtol=1e-12)
    # printed to five digits: 278.185… was cut there, not rounded
    assert found[-1, 0] == pytest.approx(35.729, abs=5e-4)
    assert np.floor(found[-1, 1] * 100) / 100 == 278.18


# --- the slow version ------------------------------------------------------------------------


def slow_step(people, deaths, moves, fertility, migration, ratio, newborn=None):
    """One step of five years, by P and L of the life table, age by age: {sex, age, area}."""
    regions = people.shape[-1]
    eye = np.eye(regions)
    after = np.zeros_like(people)
    for s in range(2):
        chance, intensities = [], []
        for x in range(GROUPS):
            m = np.zeros((regions, regions))
            for j in range(regions):
                m[j, j] += deaths[s, x, j]
                for i in range(regions):
                    m[i, j] -= moves[s, x, i, j]
                    m[j, j] += moves[s, x, i, j]
            intensities.append(m)
            chance.append(np.linalg.inv(eye + 2.5 * m) @ (eye - 2.5 * m))
        alive = [eye]
        for x in range(GROUPS - 1):
            alive.append(chance[x] @ alive[-1])
        lived = [2.5 * (alive[x] + alive[x + 1]) for x in range(GROUPS - 1)]
        lived.append(np.linalg.inv(intensities[-1]) @ alive[-1])
        start = people[s] + migration[s] / 2
        for x in range(GROUPS - 2):
            after[s, x + 1] = lived[x + 1] @ np.linalg.inv(lived[x]) @ start[x]
        last = lived[-1] @ np.linalg.inv(lived[-2] + lived[-1])
        after[s, -1] = last @ (start[-2] + start[-1])
        after[s, 1:] += migration[s, 1:] / 2
        people_born = lived[0] / 5
        after[s, 0] = 0
        if s == 0:
            women = (people[0, 3:10] + after[0, 3:10]) / 2
            born = 5 * (women * fertility).sum(axis=0)
            if newborn is not None:
                born = np.eye(regions)[newborn] * born.sum()
        share = (1 / (1 + ratio), ratio / (1 + ratio))[s]
        after[s, 0] = people_born @ (born * share) + migration[s, 0] / 2
    return after, born


@pytest.mark.parametrize("newborn", [None, 1])
def test_rates_agree_with_the_slow_version(newborn):
    given = small()
    spec = Multistate(newborn="" if newborn is None else "B")
    result = run(given, spec)
    people = given["population"].values
    for t in range(2):
        names = ("mortality", "transitions", "fertility", "migration", "sex_ratio")
        parts = [given[name].values[t] for name in names]
        people, born = slow_step(people, *parts, newborn)
        np.testing.assert_allclose(result.births.values[t].sum(axis=0), born, rtol=1e-12)
        np.testing.assert_allclose(result.population.values[t + 1], people, rtol=1e-12)


# --- identities ------------------------------------------------------------------------------


@pytest.mark.parametrize("moves", ["rates", "probabilities", "counts"])
def test_every_state_balances_and_departures_arrive(moves):
    given = small(moves)
    result = run(given, Multistate(moves=moves))
    change = result.population.sum("age").diff("time").values
    terms = result.births - result.deaths + result.arrivals - result.departures
    outside = given["migration"].sum("age")
    np.testing.assert_allclose(change, (terms + outside).values, rtol=0, atol=1e-8)
    assert float(result.departures.min()) > 0
    np.testing.assert_allclose(
        result.arrivals.sum("area").values, result.departures.sum("area").values, rtol=1e-12
    )
    if moves == "counts":
        out = given["transitions"].sum(["destination", "age"]).values
        np.testing.assert_allclose(result.departures.values, out, rtol=1e-12)


def single(x, **change):
    return like(x.isel(area=[0]), x).assign_coords(area=["A"], **change)


def test_one_region_is_cohort_component():
    given = small()
    names = ("population", "mortality", "fertility", "migration")
    one = {name: single(given[name]) for name in names}
    none = given["transitions"].isel(origin=[0], destination=[0])
    alone = run({**one, "transitions": like(none, none), "sex_ratio": given["sex_ratio"]})
    ratio = given["sex_ratio"].expand_dims(area=["A"])
    usual = run({**one, "sex_ratio": ratio}, CohortComponent(ax="half"))
    for name in ("population", "births"):
        np.testing.assert_allclose(
            alone[name].values, usual[name].transpose(*alone[name].dims).values, rtol=1e-12
        )
    deaths = usual.deaths.sum("age").transpose(*alone.deaths.dims)
    np.testing.assert_allclose(alone.deaths.values, deaths.values, rtol=1e-11)


def test_counted_moves_are_net_migration_of_each_region():
    given = small("counts")
    result = run(given, Multistate(moves="counts"))
    came = given["transitions"].sum("origin").rename(destination="area")
    left = given["transitions"].sum("destination").rename(origin="area")
    net = like(given["migration"] + came - left, given["migration"])
    names = ("population", "mortality", "fertility")
    ratio = given["sex_ratio"].expand_dims(area=given["population"].area.values)
    usual = run(
        {**{name: given[name] for name in names}, "migration": net, "sex_ratio": ratio},
        CohortComponent(ax="half"),
    )
    found = usual.population.transpose(*result.population.dims).values
    np.testing.assert_allclose(result.population.values, found, rtol=1e-12)


def test_regions_with_like_rates_add_up_to_one():
    given = small()
    first = given["mortality"].isel(area=0, drop=True)
    given["mortality"] = like(
        (first + 0 * given["mortality"]).transpose(*given["mortality"].dims), given["mortality"]
    )
    first = given["fertility"].isel(area=0, drop=True)
    given["fertility"] = like(
        (first + 0 * given["fertility"]).transpose(*given["fertility"].dims), given["fertility"]
    )
    moving = run(given)
    still = run(given, transitions=like(0 * given["transitions"], given["transitions"]))
    np.testing.assert_allclose(
        moving.population.sum("area").values, still.population.sum("area").values, rtol=1e-12
    )


def test_education_by_progression_keeps_cohorts():
    given = small("probabilities", regions=("low", "high"))
    names = {"area": "education", "origin": "education_before", "destination": "education_after"}
    given = {
        name: x.rename({k: v for k, v in names.items() if k in x.dims}) for name, x in given.items()
    }
    table = given["transitions"] * 0
    table.loc[{"age": 15, "education_before": "low", "education_after": "high"}] = 0.6
    given["transitions"] = like(table, given["transitions"])
    given["mortality"] = like(given["mortality"] * 0, given["mortality"])
    given.pop("migration")
    spec = Multistate(state="education", moves="probabilities", newborn="low")
    result = run(given, spec)
    before = given["population"].sel(sex="F", age=15)
    after = result.population.sel(sex="F", age=20).isel(time=1)
    assert after.sel(education="high").item() == pytest.approx(
        before.sel(education="high").item() + 0.6 * before.sel(education="low").item()
    )
    assert float(result.births.sel(education="high").sum()) == 0.0
    assert float(result.births.sel(education="low").sum()) > 0.0


# --- the same bits ---------------------------------------------------------------------------


@pytest.mark.parametrize("flows", [True, False])
def test_a_member_has_the_same_bits_whatever_the_chunks(flows):
    given = small(members=range(150))
    spec = Multistate(flows=flows)
    whole = run(given, spec)
    for cut in ([0], [149, 3], list(range(20, 51))):
        picked = {
            name: x.isel(member=cut) if "member" in x.dims else x for name, x in given.items()
        }
        part = run(picked, spec)
        for name in part.data_vars:
            assert np.array_equal(part[name].values, whole[name].isel(member=cut).values), name
    chunked = {name: x.chunk(member=47) if "member" in x.dims else x for name, x in given.items()}
    lazy = run(chunked, spec)
    assert dask.is_dask_collection(lazy)
    for name in whole.data_vars:
        assert np.array_equal(lazy[name].values, whole[name].values), name


def test_members_with_matrices_of_their_own():
    given = small(members=["a", "b", "c"])
    scale = xr.DataArray([0.5, 1.0, 1.5], {"member": ["a", "b", "c"]}, "member")
    given["transitions"] = like(given["transitions"] * scale, given["transitions"])
    whole = run(given)
    alone = {name: x.sel(member=["b"]) if "member" in x.dims else x for name, x in given.items()}
    part = run(alone)
    assert np.array_equal(part.population.values, whole.population.sel(member=["b"]).values)
    assert float(abs(whole.population.sel(member="a") / whole.population.sel(member="c") - 1).max())


def test_sums_in_order_where_columns_are_not_steady(monkeypatch):
    given = small(members=range(11))
    usual = run(given)
    monkeypatch.setattr(kernels_multistate, "steady", lambda rows, inner: False)
    ordered = run(given)
    np.testing.assert_allclose(ordered.population.values, usual.population.values, rtol=1e-12)
    part = run({n: x.isel(member=[7]) if "member" in x.dims else x for n, x in given.items()})
    assert np.array_equal(part.population.values, ordered.population.isel(member=[7]).values)


# --- accounts that do not close --------------------------------------------------------------


@pytest.mark.parametrize("flows", [True, False])
@pytest.mark.parametrize("term", ["births", "deaths", "departures", "population", "moves"])
def test_a_broken_term_is_seen(monkeypatch, term, flows):
    real = multistate_blocks.project

    def broken(population, matrices, *rest):
        if term == "moves":
            return real(population, matrices._replace(moves=1.01 * matrices.moves), *rest)
        out = real(population, matrices, *rest)
        if term == "population":
            out.persons[..., -1, 0, 1] += 1.0
        elif term == "departures" and not flows:
            # without arrivals the balance is struck inside the kernel
            out.unmatched[..., 0, 0, 1] += 1.0
        else:
            getattr(out, term)[..., 0, 0, 1] += 1.0
        return out

    monkeypatch.setattr(multistate_blocks, "project", broken)
    with pytest.raises(AccountError, match="misses by") as caught:
        run(small(), Multistate(flows=flows))
    assert "sex F" in str(caught.value)
    assert "period 20" in str(caught.value)
    pickle.loads(pickle.dumps(caught.value))


def test_a_group_below_zero():
    given = small("counts")
    given["transitions"] = like(given["transitions"] * 1000, given["transitions"])
    with pytest.raises(AccountError, match="a group falls to") as caught:
        run(given, Multistate(moves="counts"))
    assert "area" in str(caught.value)
    told = run(given, Multistate(moves="counts", negative="report"))
    assert float(told.negative) == pytest.approx(float(told.population.min()))


# --- results ---------------------------------------------------------------------------------


def test_results_carry_units_definition_and_specification():
    given = small()
    given["population"] = mg.define(given["population"], mg.definitions.UN_DE_FACTO)
    spec = Multistate()
    result = run(given, spec)
    assert set(result.data_vars) == {"population", "births", "deaths", "departures", "arrivals"}
    for name in result.data_vars:
        assert result[name].attrs["units"] == "person"
        assert mg.definition_of(result[name]) == mg.definitions.UN_DE_FACTO
    stated = json.loads(result.attrs["specification"])
    assert stated.pop("class") == "Multistate"
    assert Multistate(**stated) == spec
    assert hash(spec) == hash(attrs.evolve(spec))
    assert "departures" not in run(given, Multistate(flows=False))


def test_order_of_labels_does_not_matter():
    given = small(members=["a", "b"])
    usual = run(given)
    turned = dict(given)
    turned["transitions"] = given["transitions"].isel(
        origin=[2, 0, 1], destination=[1, 2, 0], sex=[1, 0]
    )
    turned["migration"] = given["migration"].isel(member=[1, 0], area=[2, 1, 0])
    xr.testing.assert_identical(run(turned), usual)


# --- bad inputs ------------------------------------------------------------------------------


def at(x, value, **place):
    out = x.copy(deep=True)
    out.loc[place] = value
    return out


def probabilities_over_one(g):
    place = {"sex": "M", "age": 20, "origin": "B"}
    return {"transitions": at(g["transitions"], 0.6, **place, destination=["A", "C"])}


BAD = [
    ("rates", lambda g: {"population": at(g["population"], -1, sex="F", age=5, area="B")},
     InputError, ["population", "sex F", "age 5-9", "area B"]),
    ("rates", lambda g: {"population": at(g["population"], np.nan, sex="F", age=85, area="B")},
     InputError, ["population", "age 85+", "area B"]),
    ("rates", lambda g: {"mortality": at(g["mortality"], np.inf, sex="M", age=0, area="C")},
     InputError, ["mortality", "sex M", "age 0-4", "area C"]),
    ("rates", lambda g: {"fertility": at(g["fertility"], -0.1, age=20, area="C")},
     InputError, ["fertility", "age 20-24", "area C"]),
    ("rates", lambda g: {"migration": at(g["migration"], np.nan, sex="M", age=5, area="A",
                                         member=4)},
     InputError, ["migration", "sex M", "age 5-9", "area A", "member 4"]),
    ("rates", lambda g: {"transitions": at(g["transitions"], 0.1, sex="F", age=5, origin="B",
                                           destination="B")},
     InputError, ["itself", "sex F", "age 5-9", "origin B"]),
    ("rates", lambda g: {"transitions": at(g["transitions"], 2.0, sex="F", age=5, origin="B",
                                           destination="A")},
     InputError, ["rates too high", "sex F", "age 5-9"]),
    ("probabilities", lambda g: {"transitions": at(g["transitions"], 1.5, sex="M", age=20,
                                                   origin="B", destination="A")},
     InputError, ["1.5", "sex M", "age 20-24", "origin B", "destination A"]),
    ("probabilities", probabilities_over_one,
     InputError, ["sum to 1.2", "sex M", "age 20-24", "origin B"]),
    ("rates", lambda g: {"mortality": like(g["mortality"], g["population"])},
     UnitError, ["mortality"]),
    ("counts", lambda g: {"transitions": g["transitions"].assign_attrs(units="1/year")},
     UnitError, ["transitions"]),
    ("rates", lambda g: {"migration": g["migration"].assign_coords(member=[1, 2, 9])},
     AlignmentError, ["member", "9"]),
    ("rates", lambda g: {"transitions": g["transitions"].isel(origin=[0, 1])},
     AlignmentError, ["transitions", "origin"]),
    ("rates", lambda g: {"mortality": g["mortality"].assign_coords(area=["A", "B", "X"])},
     AlignmentError, ["mortality", "X"]),
    ("rates", lambda g: {"transitions": g["transitions"].isel(origin=0)},
     DimensionError, ["transitions", "origin"]),
    ("rates", lambda g: {"population": g["population"].assign_coords(area=["A", "A", "B"])},
     DimensionError, ["population", "A twice"]),
    ("rates", lambda g: {"mortality": g["mortality"].isel(sex=[0])},
     DimensionError, ["mortality", "sex"]),
    ("rates", lambda g: {"population": g["population"].isel(age=slice(None, None, 2))},
     AgeError, ["population"]),
    ("rates", lambda g: {"transitions": g["transitions"].isel(age=slice(0, 5))},
     AgeError, ["transitions"]),
    ("rates", lambda g: {"population": g["population"].assign_coords(time=day(2021))},
     TimeError, ["2021"]),
    ("rates", lambda g: {"population": g["population"].drop_vars("time")},
     TimeError, ["population"]),
    ("rates", lambda g: {"population": g["population"].values}, KindError, ["population"]),
]  # fmt: skip


@pytest.mark.parametrize(("moves", "change", "kind", "told"), BAD)
def test_bad_inputs_are_named(moves, change, kind, told):
    given = small(moves, members=[1, 2, 4])
    with pytest.raises(kind) as caught:
        run(given, Multistate(moves=moves), **change(given))
    assert isinstance(caught.value, MigovError)
    for text in told:
        assert text in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


@pytest.mark.parametrize("moves", ["rates", "probabilities", "counts"])
def test_a_table_of_moves_without_those_who_stay_says_how_to_go_on(moves):
    given = small(moves)
    holed = given["transitions"].copy(deep=True)
    for region in holed.origin.values:
        holed.loc[{"origin": region, "destination": region}] = np.nan
    with pytest.raises(InputError, match="transitions holds nan") as caught:
        run(given, Multistate(moves=moves), transitions=holed)
    assert caught.value.mend.startswith("transitions.fillna(0.0)")
    filled = run(given, Multistate(moves=moves), transitions=holed.fillna(0.0))
    assert filled.equals(run(given, Multistate(moves=moves)))
    holed[0, 0, 0, 0, 1] = np.nan
    with pytest.raises(InputError, match="transitions holds nan") as caught:
        run(given, Multistate(moves=moves), transitions=holed)
    assert "fillna" not in caught.value.mend


def test_integer_years_are_no_dates():
    given = small()
    years = given["mortality"].assign_coords(period=[2020, 2025])
    with pytest.raises(TimeError, match="year is not a date"):
        run(given, mortality=years)


@pytest.mark.parametrize(
    "change",
    [
        {"step": 2.5}, {"step": 0}, {"step": True}, {"state": "sex"}, {"state": ""},
        {"moves": "stocks"}, {"negative": "clip"},
    ],
)  # fmt: skip
def test_parameters_are_checked(change):
    with pytest.raises(ParameterError, match=next(iter(change))):
        Multistate(**change)


def test_a_step_of_numpy_is_a_step():
    given = small()
    assert run(given, Multistate(step=np.int64(5))).identical(run(given, Multistate(step=5)))


def test_unknown_state_of_newborns():
    with pytest.raises(ParameterError, match="newborn"):
        run(small(), Multistate(newborn="X"))


def test_a_lazy_input_is_checked_when_computed():
    given = small(members=[1, 2, 4])
    bad = at(given["migration"], np.nan, sex="M", age=5, area="A", member=4)
    result = run(given, migration=bad.chunk(member=1))
    with pytest.raises(InputError, match="member 4"):
        result.population.compute()


# --- the life table --------------------------------------------------------------------------


def table_of(given, **changes):
    given = {**given, **changes}
    one = {name: given[name].isel(period=0, drop=True) for name in ("mortality", "transitions")}
    return multistate_life_table(one["mortality"], one["transitions"])


def test_without_moves_it_is_the_single_table():
    given = small()
    still = like(0 * given["transitions"], given["transitions"])
    table = table_of(given, transitions=still)
    for sex in "FM":
        for area in "ABC":
            m = given["mortality"].isel(period=0).sel(sex=sex, area=area).values
            alive, lived = 1.0, 0.0
            for rate in m[:-1]:
                then = alive * (1 - 2.5 * rate) / (1 + 2.5 * rate)
                lived, alive = lived + 2.5 * (alive + then), then
            lived += alive / m[-1]
            cell = table.expectancy.sel(sex=sex, age=0, area=area, birthplace=area)
            assert cell.item() == pytest.approx(lived, rel=1e-12)


def test_bad_rates_of_the_life_table():
    given = small()
    bad = at(given["mortality"], np.nan, sex="F", age=10, area="B")
    with pytest.raises(InputError, match="sex F, age 10-14, area B"):
        table_of(given, mortality=bad)
    bad = at(given["transitions"], 2.0, sex="F", age=10, origin="B", destination="A")
    with pytest.raises(InputError, match="sex F, age 10-14, destination B, origin B"):
        table_of(given, transitions=bad)
    bad = at(given["transitions"], 0.2, sex="F", age=10, origin="B", destination="B")
    with pytest.raises(InputError, match="itself"):
        table_of(given, transitions=bad)
    with pytest.raises(AgeError, match="open group"):
        table_of(
            {
                name: x.isel(age=slice(0, 4))
                for name, x in given.items()
                if name in ("mortality", "transitions")
            }
        )
    with pytest.raises(AlignmentError, match="transitions"):
        table_of(given, transitions=given["transitions"].isel(origin=[0, 1]))
    deadless = at(given["mortality"], 0.0, age=85)
    still = like(0 * given["transitions"], given["transitions"])
    with pytest.raises(InputError, match="open group is zero"):
        table_of(given, mortality=deadless, transitions=still)


def test_migration_of_other_people_is_refused():
    given = small()
    population = mg.define(given["population"], mg.definitions.UN_WPP_2019)
    movers = mg.define(given["migration"], mg.definitions.SEASONAL_90_IN_180)
    rest = {name: given[name] for name in ("mortality", "transitions", "fertility", "sex_ratio")}
    with pytest.raises(DefinitionError, match="persons and permits") as caught:
        mg.demography.Multistate().run(population=population, migration=movers, **rest)
    assert caught.value.argument == "migration"
    same = mg.define(given["migration"], mg.definitions.UN_WPP_2019)
    mg.demography.Multistate().run(population=population, migration=same, **rest)
