"""What holds of every projection over states: conservation, order, units, blocks, loops."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr
from demography.cases import OTHER, SEEDS, array, few, july
from hypothesis import given

import migov as mg
from migov.core.errors import (
    AgeError,
    DimensionError,
    InputError,
    MigovError,
    MigovWarning,
    PartitionError,
    TimeError,
)
from migov.demography import CohortComponent, Multistate, life_table, multistate_life_table

FEW = few(4)
STATES = ["DE1", "DE2", "DE3"]
LOWER = list(range(0, 70, 5))
MOVES = ("rates", "probabilities", "counts")
UNIT = {"rates": "1/year", "probabilities": "1", "counts": "person"}


def drawn(seed, moves="rates", mobile=True, scenarios=("low", "high")):
    """A population in three states, two scenarios, two steps."""
    rng = np.random.default_rng(seed)
    k, r, s = len(LOWER), len(STATES), len(scenarios)
    both = {"period": (2020, 2025), "sex": "FM", "age": LOWER}
    m = 1e-4 * np.exp(0.09 * np.arange(0, 70, 5)) + 2e-4
    m = m[:, None] * rng.uniform(0.7, 1.05, (s, 2, 2, k, r))
    m[..., -1, :] = rng.uniform(0.03, 0.055, m[..., -1, :].shape)
    m[:, :, 1] *= 1.4  # men die earlier, as everywhere
    size = {"rates": 0.03, "probabilities": 0.12, "counts": 3.0}[moves] * mobile
    flow = rng.uniform(0, size, (s, 2, 2, k, r, r)) * (1 - np.eye(r))
    lead = {"scenario": scenarios}
    return {
        "population": array(
            rng.uniform(50, 150, (2, k, r)), "person", sex="FM", age=LOWER, area=STATES
        ).assign_coords(time=july(2020)),
        "mortality": array(m, "1/year", **lead, **both, area=STATES),
        "transitions": array(
            flow, UNIT[moves], **lead, **both, destination=STATES, origin=STATES
        ),
        "fertility": array(
            rng.uniform(0, 0.12, (s, 2, 7, r)), "1/year", **lead, period=(2020, 2025),
            age=list(range(15, 50, 5)), area=STATES,
        ),
        "migration": array(
            rng.normal(0, 2, (s, 2, 2, k, r)), "person", **lead, **both, area=STATES
        ),
        "sex_ratio": array([1.05, 1.06], "1", period=(2020, 2025)),
    }  # fmt: skip


def run(given_, moves="rates", **more):
    rest = {n: x for n, x in given_.items() if n not in ("migration", "sex_ratio")}
    return Multistate(moves=moves, **more).run(
        **rest, migration=given_.get("migration"), sex_ratio=given_["sex_ratio"]
    )


@pytest.mark.parametrize("moves", MOVES)
@given(seed=SEEDS)
@FEW
def test_every_state_balances_and_nobody_is_lost_between_them(moves, seed):
    inputs = drawn(seed, moves)
    out = run(inputs, moves)
    order = ("scenario", "period", "sex", "area")
    change = out.population.sum("age").diff("time").rename(time="period")
    net = inputs["migration"].sum("age").transpose(*order)
    terms = out.births - out.deaths + out.arrivals - out.departures
    np.testing.assert_allclose(
        change.transpose(*order), terms.transpose(*order).values + net.values, atol=1e-9
    )
    for_all = [out[name].sum("area").transpose(*order[:3]) for name in ("arrivals", "departures")]
    np.testing.assert_allclose(*for_all, rtol=1e-12)
    assert (out.population >= 0).all()


@pytest.mark.parametrize("moves", MOVES)
@given(seed=SEEDS)
@FEW
def test_order_of_states_and_dimensions_is_nothing(moves, seed):
    inputs = drawn(seed, moves)
    turned = {}
    for i, (name, x) in enumerate(inputs.items()):
        states = [d for d in ("area", "origin", "destination") if d in x.dims]
        cut = {d: [2, 0, 1] if i % 2 else [1, 2, 0] for d in states}
        turned[name] = x.isel(cut).transpose(*x.dims[::-1])
    one, two = run(inputs, moves), run(turned, moves)
    for name, x in one.data_vars.items():
        y = two[name].sel(area=STATES).transpose(*x.dims)
        np.testing.assert_allclose(y, x, rtol=1e-10, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("moves", MOVES)
@given(seed=SEEDS)
@FEW
def test_units_in_other_spellings_give_the_same_numbers(moves, seed):
    inputs = drawn(seed, moves)
    other = {}
    for name, x in inputs.items():
        unit, factor = OTHER[x.attrs["units"]]
        other[name] = x.copy(data=x.values * factor).assign_attrs(units=unit)
    one, two = run(inputs, moves), run(other, moves)
    for name, x in one.data_vars.items():
        np.testing.assert_allclose(two[name], x, rtol=1e-10, atol=1e-9, err_msg=name)
        assert two[name].attrs["units"] == "person"


@pytest.mark.parametrize("moves", MOVES)
@given(seed=SEEDS)
@FEW
def test_further_dimensions_are_a_loop_to_the_bit_in_any_chunks(moves, seed):
    inputs = drawn(seed, moves)
    whole = run(inputs, moves)
    for label in ("low", "high"):
        cut = {n: x.sel(scenario=[label]) if "scenario" in x.dims else x
               for n, x in inputs.items()}  # fmt: skip
        xr.testing.assert_equal(run(cut, moves), whole.sel(scenario=[label]))
    lazy = {n: x.chunk(scenario=1) if "scenario" in x.dims else x for n, x in inputs.items()}
    late = run(lazy, moves)
    assert late.population.chunks is not None
    xr.testing.assert_equal(late.compute(), whole)


@given(seed=SEEDS)
@FEW
def test_states_without_moves_are_projections_of_their_own(seed):
    """Against the projection by cohorts, whose kernel is another."""
    inputs = drawn(seed, mobile=False, scenarios=("low",))
    inputs = {n: x.isel(scenario=0, drop=True) if "scenario" in x.dims else x
              for n, x in inputs.items()}  # fmt: skip
    out = run(inputs)
    alone = CohortComponent(ax="half").run(
        inputs["population"], inputs["mortality"], inputs["fertility"], inputs["migration"],
        sex_ratio=inputs["sex_ratio"].expand_dims(area=STATES),
    )  # fmt: skip
    np.testing.assert_allclose(
        out.population, alone.population.transpose(*out.population.dims), rtol=1e-11
    )
    assert float(out.arrivals.max()) == 0.0


@given(seed=SEEDS)
@FEW
def test_states_that_live_alike_are_one_when_added_up(seed):
    """Moves do not change a total where deaths and births are the same everywhere."""
    inputs = drawn(seed, scenarios=("low",))
    for name in ("mortality", "fertility"):
        x = inputs[name]
        inputs[name] = x.copy(data=np.broadcast_to(x.isel(area=[0]).values, x.shape))
    none = (inputs["transitions"] * 0.0).assign_attrs(units="1/year")
    still = {**inputs, "transitions": none}
    moved, kept = (run(x).population.sum("area") for x in (inputs, still))
    np.testing.assert_allclose(moved, kept, rtol=1e-11)


@given(seed=SEEDS)
@FEW
def test_a_multistate_life_table_closes(seed):
    inputs = drawn(seed, scenarios=("low",))
    m, k = (inputs[n].isel(period=0, scenario=0, drop=True) for n in ("mortality", "transitions"))
    table = multistate_life_table(m, k)
    out = table.probability.isel(age=slice(0, -1)).sum("destination")
    assert ((out > 0) & (out < 1)).all()
    # the years of all states are those between the survivors, age by age
    alive = table.survivors.sum("area")
    lived = table.person_years.sum("area").isel(age=slice(0, -1))
    between = 2.5 * (alive.values[:, :-1] + alive.values[:, 1:])
    np.testing.assert_allclose(lived.transpose("sex", "age", "birthplace"),
                               alive.isel(age=slice(0, -1)).copy(data=between)
                               .transpose("sex", "age", "birthplace"), rtol=1e-12)  # fmt: skip
    same = m.copy(data=np.broadcast_to(m.isel(area=[0]).values, m.shape))
    whole = multistate_life_table(same, k).expectancy.sum("area").sel(age=0, birthplace="DE2")
    plain = life_table(same.isel(area=0, drop=True), ax="half", youngest_open=50).life_expectancy
    np.testing.assert_allclose(whole, plain.sel(age=0), rtol=1e-11)
    turned = multistate_life_table(
        m.isel(area=[2, 0, 1]), k.isel(origin=[1, 0, 2]).transpose(*k.dims[::-1])
    )
    again = turned.expectancy.sel(area=STATES, birthplace=STATES)
    np.testing.assert_allclose(
        again.transpose(*table.expectancy.dims), table.expectancy, rtol=1e-11
    )


def changed(name, **places):
    """Inputs of which one cell is another number."""

    def change(inputs):
        x = inputs[name].copy(deep=True)
        value = places.pop("value")
        x.loc[places] = value
        return {**inputs, name: x}

    return change


def relabelled(labels):
    def change(inputs):
        names = ("area", "origin", "destination")
        return {n: x.assign_coords({d: labels for d in names if d in x.dims})
                for n, x in inputs.items()}  # fmt: skip

    return change


@pytest.mark.parametrize(
    ("change", "kind", "argument", "told"),
    [
        (relabelled(["DE1", "DE2", "_T"]), PartitionError, "population", "total _T"),
        (relabelled(["DE1", "DE2", "DEU"]), PartitionError, "population", "DEU beside DE1"),
        (
            lambda x: {**x, "mortality": (x["mortality"] / 1e3).assign_attrs(units="1/year")},
            InputError,
            "mortality",
            r"beyond 500, at period 2020-07-01, sex F, age 65\+, area DE1, scenario low",
        ),
        (
            lambda x: {**x, "mortality": (x["mortality"] * 1e3).assign_attrs(units="1/year")},
            InputError,
            "mortality",
            "rates too high",
        ),
        (
            lambda x: {**x, "sex_ratio": (x["sex_ratio"] * 0 + 0.51).assign_attrs(units="1")},
            InputError,
            "sex_ratio",
            r"sex_ratio holds 0\.51, expected from 0\.8 to 2",
        ),
        (
            lambda x: {**x, "fertility": (x["fertility"] * 0 + 0.5).assign_attrs(units="1/year")},
            InputError,
            "fertility",
            "17.5 children per woman",
        ),
        (
            changed("transitions", origin="DE2", destination="DE2", value=0.1),
            InputError,
            "transitions",
            "to itself",
        ),
        (
            lambda x: {**x, "mortality": (x["mortality"] / 8).assign_attrs(units="1/year")},
            InputError,
            "mortality",
            r"life at birth of \d+(\.\d)? years, at period 2020-07-01, sex F.*area DE\d",
        ),
        (
            lambda x: {**x, "fertility": x["fertility"].assign_coords(age=x["fertility"].age - 10)},
            InputError,
            "fertility",
            "births per woman and year, at period 2020-07-01, age 5-9",
        ),
        (
            lambda x: {**x, "fertility": x["fertility"].assign_coords(sex="M")},
            DimensionError,
            "fertility",
            "fertility has 'sex' .M.",
        ),
        (
            lambda x: {
                **x,
                "population": x["population"].assign_coords(time=np.datetime64("2020-06-30", "s")),
            },
            TimeError,
            "population",
            "population is at 2020-06-30, the first period starts 2020-07-01",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(change, kind, argument, told):
    with pytest.raises(kind, match=told) as caught:
        run(change(drawn(1)))
    assert caught.value.argument == argument
    assert caught.value.mend
    assert isinstance(caught.value, MigovError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_lives_in_other_states_than_areas_are_judged_together():
    """Few die in one state; in all of them together nobody lives to a hundred and thirty."""
    names = {"area": "education", "origin": "education_before", "destination": "education_after"}
    inputs = {
        name: x.rename({old: new for old, new in names.items() if old in x.dims})
        for name, x in drawn(1).items()
    }
    m = inputs["mortality"].copy(deep=True)
    m.loc[{"education": "DE1"}] = m.sel(education="DE1").values / 8
    run({**inputs, "mortality": m}, state="education")
    low = inputs["mortality"].copy(data=inputs["mortality"].values / 8)
    with pytest.raises(InputError, match="years, the mean over education, at") as caught:
        run({**inputs, "mortality": low}, state="education")
    assert caught.value.argument == "mortality"


def test_swapped_sexes_of_mortality_are_told():
    inputs = drawn(1)
    m = inputs["mortality"]
    level = np.array([2.0, 0.5]).reshape([2 if d == "sex" else 1 for d in m.dims])
    swapped = m.copy(data=m.values * level)
    with pytest.warns(MigovWarning, match="men outlive women .* at area DE1, scenario low") as told:
        run({**inputs, "mortality": swapped})
    advice = str(told[0].message).split("→ ")[1].split(", if")[0]
    mended = eval(advice, {"mortality": swapped})
    run({**inputs, "mortality": mended})  # warnings are errors


def test_a_divided_youngest_group_is_joined_as_advised():
    inputs = drawn(1)
    m = inputs["mortality"]
    young = m.sel(age=[0]).assign_coords(age=[1])
    split = xr.concat([m, young], "age").sortby("age").transpose(*m.dims).assign_attrs(m.attrs)
    wide = np.append([1.0, 4.0], m.age_width.values[1:])
    split = split.assign_coords(age_width=("age", wide))
    with pytest.raises(AgeError, match="mortality has 15 ages, expected 14") as caught:
        run({**inputs, "mortality": split})
    advice = caught.value.mend.replace("(mortality)", "(mortality, ax='half')")
    joined = eval(advice, {"mortality": split, "migov": mg})
    assert joined.age.values.tolist() == m.age.values.tolist()
    np.testing.assert_allclose(joined.transpose(*m.dims), m, rtol=1e-3)
    run({**inputs, "mortality": joined})


def test_what_is_advised_about_stayers_works():
    inputs = drawn(1)
    wanted = run(inputs).population
    stay = changed("transitions", origin="DE2", destination="DE2", value=0.1)(inputs)
    with pytest.raises(InputError) as caught:
        run(stay)
    transitions = stay["transitions"]
    advice = caught.value.mend.split("stayers: ")[1]
    mended = eval(advice, {"transitions": transitions})
    np.testing.assert_array_equal(run({**stay, "transitions": mended}).population, wanted)


@pytest.mark.parametrize(
    ("change", "argument", "told"),
    [
        (lambda m, k: (m * 0.0 + 0.4, k * 0.0), "mortality", "leaves nobody alive"),
        (lambda m, k: (m / 1e3, k), "mortality", "beyond 500"),
        (
            lambda m, k: (
                m.assign_coords(area=["DE1", "DE2", "_T"]),
                k.assign_coords(origin=["DE1", "DE2", "_T"], destination=["DE1", "DE2", "_T"]),
            ),
            "mortality",
            "total _T",
        ),
    ],
)
def test_life_tables_that_cannot_be_are_refused(change, argument, told):
    inputs = drawn(1)
    given_ = (inputs[n].isel(period=0, scenario=0, drop=True) for n in ("mortality", "transitions"))
    m, k = (x.assign_attrs(units="1/year") for x in change(*given_))
    with pytest.raises(MigovError, match=told) as caught:
        multistate_life_table(m, k)
    assert caught.value.argument == argument
