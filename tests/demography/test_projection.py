"""The projection against the United Nations' own, a slow version, identities, bad inputs."""

from __future__ import annotations

import json
import pickle

import attrs
import dask
import numpy as np
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
from migov.demography import CohortComponent, kernels_projection, projection_blocks

RATES = ("mortality", "fertility", "migration")


def run(given, spec=None, **changes):
    arguments = {**given, **changes}
    ratio = arguments.pop("sex_ratio")
    return (spec or CohortComponent()).run(**arguments, sex_ratio=ratio)


def with_members(given, members, seed=3):
    rng = np.random.default_rng(seed)
    scale = xr.DataArray(
        np.exp(0.05 * rng.standard_normal(len(members))), {"member": members}, "member"
    )
    out = dict(given)
    for name in RATES:
        out[name] = given[name] * scale
        out[name].attrs = dict(given[name].attrs)
    return out


# --- against published results ---------------------------------------------------------------


def test_world_population_prospects_to_2100(wpp):
    result = run(wpp["given"], CohortComponent(migration_timing=wpp["timing"]))
    published = wpp["published"]
    off = abs(result.population.sum(["sex", "age"]) / published.sum(["sex", "age"]) - 1)
    assert float(off.max()) < 0.0005
    below_90 = abs(result.population / published - 1).sel(age=slice(0, 85))
    assert float(below_90.max()) < 0.002
    assert float(off.max()) == pytest.approx(0.000222, abs=2e-6)
    assert float(below_90.max()) == pytest.approx(0.000789, abs=2e-6)


def test_one_sex_ratio_for_all_misses(wpp):
    ratio = wpp["given"]["sex_ratio"] * 0 + 1.05
    ratio.attrs = {"units": "1"}
    spec = CohortComponent(migration_timing=wpp["timing"])
    result = run(wpp["given"], spec, sex_ratio=ratio)
    off = abs(result.population / wpp["published"] - 1).sel(age=slice(0, 85)).max(["age", "time"])
    assert float(off.max()) > 0.005


def test_the_slow_version_agrees(wpp, slow):
    read = wpp["read"]
    result = run(wpp["given"], CohortComponent(migration_timing=wpp["timing"]))
    for area, timing in wpp["timing"].items():
        people = {sex: read["people"][area, 2020, sex] for sex in "FM"}
        for i, year in enumerate(range(2020, 2100, 5)):
            mx, moves = (
                {sex: read[name][area, year, sex] for sex in "FM"} for name in ("mx", "migrants")
            )
            rates = read["asfr"][area, year], moves, read["ratio"][area, year], timing
            people, births = slow.step(people, mx, *rates)
            assert float(result.births.sel(area=area).isel(period=i).sum()) == pytest.approx(
                births, rel=1e-12
            )
        for sex in "FM":
            found = result.population.sel(area=area, sex=sex).isel(time=-1).values
            assert found == pytest.approx(people[sex], rel=1e-11)


@pytest.mark.parametrize("timing", ["even", "start", "end"])
def test_every_timing_agrees_with_the_slow_version(small, slow, timing):
    result = run(small, CohortComponent(migration_timing=timing))
    for area in ("DEU", "MDA"):
        part = {
            name: x.sel(area=area).isel(period=0, missing_dims="ignore")
            for name, x in small.items()
        }
        people, mx, moves = (
            {sex: list(part[name].sel(sex=sex).values) for sex in "FM"}
            for name in ("population", "mortality", "migration")
        )
        rates = dict(enumerate(part["fertility"].values, start=3))
        after, births = slow.step(people, mx, rates, moves, 1.05, timing)
        found = result.sel(area=area)
        assert float(found.births.isel(period=0).sum()) == pytest.approx(births, rel=1e-13)
        for sex in "FM":
            assert found.population.isel(time=1).sel(sex=sex).values == pytest.approx(
                after[sex], rel=1e-13
            )


# --- identities ------------------------------------------------------------------------------


@pytest.mark.parametrize("timing", ["even", "start", "end"])
@pytest.mark.parametrize("exposed", ["end", "exposed"])
@pytest.mark.parametrize("births", ["mean", "adjusted"])
def test_the_account_closes_by_cohort(small, timing, exposed, births):
    spec = CohortComponent(
        migration_timing=timing, newborn_migration=exposed, births_exposure=births
    )
    out = run(small, spec)
    before = out.population.isel(time=slice(None, -1)).values
    after = out.population.isel(time=slice(1, None)).values
    # cohorts: newborns enter the first group, the two oldest groups join; migrants of a group
    # who come at the start are one group older at the end
    share = {"even": 0.5, "start": 1.0, "end": 0.0}[timing]
    moves = out.migration.transpose("period", "sex", "age", "area").values
    entering = before + share * moves
    shifted = np.concatenate(
        [
            out.births.values[:, :, None],
            entering[:, :, :-2],
            (entering[:, :, -2] + entering[:, :, -1])[:, :, None],
        ],
        axis=2,
    )
    assert shifted - out.deaths.values + (1 - share) * moves == pytest.approx(after, rel=1e-12)
    assert (out.deaths >= 0).all()
    assert (out.population >= 0).all()


def test_single_years_give_the_five_year_step_where_nothing_but_time_passes(make):
    """Five steps of a year equal one of five years under one force of mortality for all ages."""
    july = make.july
    ones, fives = list(range(0, 81)), list(range(0, 81, 5))
    people = np.r_[np.full(80, 10.0), 50.0]
    zero = {"migration": 0.0, "fertility": 0.0}
    results = []
    for lower, step, years in ((ones, 1, range(2020, 2025)), (fives, 5, [2020])):
        periods, k = (list(years), step), len(lower)
        n = len(periods[0])
        groups = people if step == 1 else np.r_[people[:80].reshape(16, 5).sum(1), 50.0]
        mothers = range(15, 50, step)
        out = CohortComponent(step=step, ax="constant_force").run(
            make(np.stack([groups, groups]), "person", sex="FM", age=(lower, np.inf)).assign_coords(
                time=july(2020)
            ),
            make(np.full((n, 2, k), 0.02), "1/year", period=periods, sex="FM", age=(lower, np.inf)),
            make(
                np.full((n, len(mothers)), zero["fertility"]),
                "1/year",
                period=periods,
                age=(mothers, step),
            ),
            make(np.zeros((n, 2, k)), "person", period=periods, sex="FM", age=(lower, np.inf)),
            sex_ratio=make(np.full(n, 1.05), "1", period=periods),
        )
        results.append(mg.regroup_ages(out.population.isel(time=-1), fives))
    assert results[0].values == pytest.approx(results[1].values, rel=1e-12)
    assert float(results[0].sum()) == pytest.approx(2 * 850 * np.exp(-0.1), rel=1e-12)


def test_a_stable_population_grows_at_its_own_rate(small):
    """The projection is linear: its matrix, read off unit populations, has a stable one."""
    step = {n: x.isel(area=0, period=[0], missing_dims="ignore") for n, x in small.items()}
    step["migration"] = step["migration"] * 0
    step["migration"].attrs["units"] = "person"
    people = step["population"]
    size = people.size
    units = people.expand_dims(member=range(size)).copy(deep=True)
    units.data[...] = np.eye(size).reshape(units.shape)
    columns = run(step, population=units).population.isel(time=1)
    matrix = columns.transpose("sex", "age", "member").values.reshape(size, size)
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    stable = abs(vectors[:, first].real).reshape(people.shape) * 1e6
    after = run(step, population=people.copy(data=stable)).population.isel(time=1)
    assert after.values == pytest.approx(values[first].real * stable, rel=1e-10)


def test_units_in_other_spellings_give_the_same_numbers(small):
    wanted = run(small)
    changed = {
        "population": ("thousand person", 1e-3),
        "mortality": ("per_thousand/year", 1e3),
        "migration": ("person/year", 0.2),
        "fertility": ("per_thousand/year", 1e3),
    }
    given = dict(small)
    for name, (unit, factor) in changed.items():
        given[name] = small[name] * factor
        given[name].attrs["units"] = unit
    for name in wanted.data_vars:
        assert run(given)[name].values == pytest.approx(wanted[name].values, rel=1e-12)


def test_order_of_labels_and_dimensions_is_free(small):
    wanted = run(small)
    turned = {n: x.transpose(*x.dims[::-1]) for n, x in small.items()}
    turned["mortality"] = turned["mortality"].isel(sex=[1, 0], area=[1, 0])
    assert run(turned).identical(wanted)


def test_attributes_are_assigned_anew(wpp):
    result = run(wpp["given"], CohortComponent(migration_timing=wpp["timing"]))
    for name in ("population", "births", "deaths", "migration"):
        assert result[name].attrs["units"] == "person"
        assert result[name].attrs["long_name"]
        assert mg.definition_of(result[name]) == mg.definitions.UN_WPP_2019
    assert json.loads(result.attrs["specification"])["migration_timing"][0] == ["ALB", "even"]
    assert {"period_end", "age_width"} <= set(result.coords)
    assert mg.total(result.population, ["sex", "age"]).dims == ("time", "area")
    assert float(mg.total(result.births, "period").sum()) > 0


def test_status_of_the_inputs_arrives(small):
    rates = mg.status.mark(small["mortality"], "stylised", at=small["mortality"].area == "MDA")
    out = run(small, mortality=rates)
    assert out.population.observation_status.values.tolist() == [0, 256]


def test_inputs_are_not_changed(small):
    before = {name: x.copy(deep=True) for name, x in small.items()}
    run(with_members(small, [0, 1]))
    run(small)
    assert all(small[name].identical(before[name]) for name in small)


# --- members, blocks, laziness ---------------------------------------------------------------


def test_a_member_does_not_depend_on_the_others(small):
    members = [3, 1, 7, 12, 5]
    whole = run(with_members(small, members))
    given = with_members(small, members)
    for pick in ([7], [5, 3], members[::-1]):
        part = run({n: x.sel(member=pick) if "member" in x.dims else x for n, x in given.items()})
        for name in whole.data_vars:
            assert np.array_equal(part[name].values, whole[name].sel(member=pick).values)
    alone = run({n: x.isel(area=[1]) for n, x in small.items()})
    assert np.array_equal(alone.population.values, run(small).population.isel(area=[1]).values)


@pytest.mark.parametrize("ax", ["greville", "constant_force", "andreev_kingkade"])
@pytest.mark.parametrize("cells", [1, 30, 1000, 1 << 18])
def test_bits_do_not_depend_on_the_size_of_blocks(small, monkeypatch, ax, cells):
    given, spec = with_members(small, list(range(37))), CohortComponent(ax=ax)
    wanted = run(given, spec)
    monkeypatch.setattr(kernels_projection, "_CELLS", cells)
    assert run(given, spec).identical(wanted)


@pytest.mark.parametrize(
    "chunks", [{"member": 1}, {"member": 4, "area": 1}, {"period": 1}, {"age": 2}]
)
def test_bits_do_not_depend_on_chunks(small, chunks):
    given = with_members(small, list(range(11)))
    wanted = run(given)
    lazy = {n: x.chunk({d: c for d, c in chunks.items() if d in x.dims}) for n, x in given.items()}
    with dask.config.set(scheduler="synchronous"):
        out = run(lazy)
        assert all(out[name].chunks for name in wanted.data_vars)
        assert out.compute().identical(wanted)
    mixed = {**given, "mortality": lazy["mortality"]}
    assert run(mixed).compute(scheduler="threads").identical(wanted)


def test_members_are_paired_by_label(small):
    given = with_members(small, [0, 1, 2])
    turned = {**given, "fertility": given["fertility"].isel(member=[2, 0, 1])}
    assert run(turned).identical(run(given))
    with pytest.raises(AlignmentError, match="member"):
        run({**given, "fertility": given["fertility"].assign_coords(member=[1, 2, 3])})


# --- accounts --------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["people", "births", "died", "net"])
def test_a_broken_term_raises(small, monkeypatch, broken):
    """Each term of the account is summed on its own: break one and the check sees it."""
    given = with_members(small, [4, 9])
    real = kernels_projection._check

    def check(out, people, died, net):
        terms = {"people": people[1:], "births": out.births, "died": died, "net": net}
        terms[broken][...] *= 1.0001
        return real(out, people, died, net)

    monkeypatch.setattr(kernels_projection, "_check", check)
    with pytest.raises(AccountError, match=r"area DEU, member 4") as caught:
        run(given)
    assert "P1 = P0 + B - D + M misses by" in str(caught.value)
    assert "period 2020-07-01" in str(caught.value)


def test_negative_groups_are_told_and_never_clipped(small):
    moves = small["migration"].copy(deep=True)
    moves[1, 1, 0, 5] = -5000.0
    told = "period 2025-07-01, area MDA, sex F, age 25-29"
    with pytest.raises(AccountError, match=told) as caught:
        run(small, migration=moves)
    assert "persons" in str(caught.value)
    out = run(small, CohortComponent(negative="report"), migration=moves)
    assert float(out.population.min()) < -1000
    told = out.negative
    assert float(told.sel(area="DEU").min()) == 0
    assert float(told.sel(area="MDA").isel(period=1)) == float(
        out.population.sel(area="MDA").isel(time=2).min()
    )


# --- bad inputs ------------------------------------------------------------------------------


def change(x, **at):
    out = x.copy(deep=True)
    value = at.pop("value")
    out[{k: v for k, v in at.items() if k in out.dims}] = value
    return out


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("population", -1.0, "population holds -1"),
        ("population", np.nan, "population holds nan"),
        ("population", np.inf, "population holds inf"),
        ("mortality", -0.1, "mortality holds -0.1, .* sex F, age 10-14"),
        ("mortality", np.nan, "mortality holds nan, .* age 10-14"),
        ("mortality", 9.0, "rates too high or uneven, 9, .* sex F, age 10-14"),
        ("mortality", np.inf, "mortality holds inf, .* age 10-14"),
        ("fertility", -0.1, "fertility holds -0.1"),
        ("fertility", 60.0, "fertility holds 60"),
        ("migration", np.nan, "migration holds nan"),
        ("sex_ratio", 105.0, "sex_ratio holds 105"),
        ("sex_ratio", np.nan, "sex_ratio holds nan"),
    ],
)
def test_values_that_cannot_be_are_refused(small, name, value, told, lazy):
    wrong = change(small[name], area=1, period=2, age=3, sex=0, value=value)
    given = {**small, name: wrong.chunk({"area": 1}) if lazy else wrong}
    with pytest.raises(InputError, match=told) as caught:
        run(given).compute()
    assert caught.value.argument == name
    assert "MDA" in str(caught.value)
    assert ("2030-07-01" in str(caught.value)) == (name != "population")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize(
    ("name", "factor", "told"),
    [
        (
            "mortality",
            1e-3,
            "life at birth of .* years, at period 2020-07-01, .*area (DEU|MDA), sex F",
        ),
        ("mortality", 1e-3, "rates with the unit they have: 1,000 times as high"),
        ("fertility", 10.0, "17.5 children per woman, at period 2020-07-01, .*area (DEU|MDA)"),
        ("fertility", 10.0, "fertility / 5, if it is births in 5 years"),
        ("sex_ratio", 0.512 / 1.05, "sex_ratio holds 0.512, expected from 0.8 to 2"),
        ("sex_ratio", 0.512 / 1.05, "a share s of boys among births is s / "),
    ],
)
def test_another_unit_is_told_with_its_place_and_factor(small, name, factor, told, lazy):
    x = small[name]
    wrong = x.copy(data=x.values * factor)
    with pytest.raises(InputError, match=f"(?s){told}") as caught:
        run({**small, name: wrong.chunk(area=1) if lazy else wrong}).compute()
    assert caught.value.argument == name
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_rates_a_thousand_times_too_high_do_not_pass_where_any_rate_may(small):
    spec = CohortComponent(ax="constant_force")
    x = small["mortality"]
    with pytest.raises(InputError, match=r"(?s)life at birth of 0.*divided by 1,000"):
        run({**small, "mortality": x.copy(data=x.values * 1000)}, spec)


def test_an_infinite_rate_is_no_matter_of_the_rule(small):
    wrong = change(small["mortality"], area=1, period=2, age=1, sex=1, value=np.inf)
    with pytest.raises(InputError, match=r"mortality holds inf.*sex M, age 1-4") as caught:
        run({**small, "mortality": wrong}, CohortComponent(ax="constant_force"))
    assert "constant_force" not in str(caught.value)


def test_rates_too_uneven_for_greville_name_a_cell(small):
    wrong = change(small["mortality"], area=1, period=2, age=5, sex=1, value=1e-9)
    with pytest.raises(InputError, match=r"no chance to survive .* area MDA, sex M, age"):
        run({**small, "mortality": wrong}, CohortComponent(ax="greville"))


def shifted(x, years):
    step = np.timedelta64(365 * years, "D")
    return x.assign_coords(
        period=x.period + step, period_end=("period", (x.period_end + step).data)
    )


@pytest.mark.parametrize(
    ("name", "mistake", "kind"),
    [
        ("population", lambda x: x.values, KindError),
        ("population", lambda x: x.drop_vars("time"), TimeError),
        ("population", lambda x: x.assign_coords(time=np.datetime64("2020-01-01", "s")), TimeError),
        ("population", lambda x: x.assign_coords(time=2020), TimeError),
        ("population", lambda x: x.isel(sex=0), DimensionError),
        ("population", lambda x: x.assign_coords(sex=["female", "male"]), DimensionError),
        ("population", lambda x: x.isel(age=[0, 1, 3, 4]), AgeError),
        ("population", lambda x: x.isel(age=slice(0, 8)), AgeError),
        ("population", lambda x: x.isel(age=slice(1, None)), AgeError),
        ("population", lambda x: x.drop_vars("age_width"), AgeError),
        ("population", lambda x: x.astype(str), KindError),
        ("population", lambda x: x.rename(age="Age"), DimensionError),
        ("mortality", lambda x: x.isel(age=slice(1, None)), AgeError),
        ("mortality", lambda x: x.isel(age=[0, 2, 3]), AgeError),
        ("mortality", lambda x: x.drop_vars("period_end"), TimeError),
        ("mortality", lambda x: x.isel(period=[0, 2]), MigovError),
        ("mortality", lambda x: x.rename(period="time"), MigovError),
        ("mortality", lambda x: x.sel(area=["DEU"]), AlignmentError),
        ("mortality", lambda x: x.isel(area=[0, 0]), AlignmentError),
        ("mortality", lambda x: x.drop_vars("area"), MigovError),
        ("fertility", lambda x: x.isel(age=[0, 2]), AgeError),
        ("fertility", lambda x: x.assign_coords(age=x.age - 15), AgeError),
        ("fertility", lambda x: x.expand_dims(sex=["F"]), DimensionError),
        ("fertility", lambda x: shifted(x, 5), AlignmentError),
        ("migration", lambda x: x.isel(age=slice(0, 3)), AgeError),
        ("migration", lambda x: x.rename(area="origin"), AlignmentError),
        ("sex_ratio", lambda x: x.isel(area=0, drop=True), AlignmentError),
        ("sex_ratio", lambda x: 1.05, KindError),
        ("sex_ratio", lambda x: x.isel(period=0), DimensionError),
    ],
)
def test_structure_that_does_not_fit_is_refused(small, name, mistake, kind):
    with pytest.raises(kind) as caught:
        run({**small, name: mistake(small[name])})
    assert isinstance(caught.value, MigovError)
    assert name in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("population", "1/year"),
        ("mortality", "person"),
        ("mortality", "percent"),
        ("fertility", "person/year"),
        ("migration", "percent"),
        ("sex_ratio", "person"),
    ],
)
def test_units_of_another_dimension_are_refused(small, name, unit):
    wrong = small[name].copy()
    wrong.attrs["units"] = unit
    with pytest.raises(UnitError, match=name):
        run({**small, name: wrong})
    del wrong.attrs["units"]
    with pytest.raises(UnitError, match=f"{name} has no unit"):
        run({**small, name: wrong})


def test_periods_have_the_length_of_the_step(small):
    with pytest.raises(TimeError, match="lasts 5 years, the step is 1"):
        run(small, CohortComponent(step=1))
    gap = {n: x.isel(period=[0, 2], missing_dims="ignore") for n, x in small.items()}
    with pytest.raises(TimeError, match="do not adjoin: one ends 2025-07-01"):
        run(gap)
    late = {n: x.isel(period=[1, 2], missing_dims="ignore") for n, x in small.items()}
    with pytest.raises(TimeError, match=r"population is at 2020-07-01, the first .* 2025-07-01"):
        run(late)


def test_the_youngest_group_undivided_needs_a_rule_that_takes_it(small):
    rates = small["mortality"]
    whole = rates.isel(age=slice(1, None)).assign_coords(
        age=small["population"].age.values, age_width=small["population"].age_width
    )
    with pytest.raises(AgeError, match=r"needs 0 and 1-4"):
        run(small, mortality=whole)
    out = run(small, CohortComponent(ax="half"), mortality=whole)
    assert (out.deaths > 0).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": 0},
        {"step": 2.5},
        {"ax": "chiang"},
        {"migration_timing": "middle"},
        {"migration_timing": {"DEU": "late"}},
        {"migration_timing": ()},
        {"births_exposure": "start"},
        {"newborn_migration": "none"},
        {"negative": "clip"},
    ],
)
def test_parameters_that_cannot_be(wrong):
    with pytest.raises(ParameterError) as caught:
        CohortComponent(**wrong)
    assert caught.value.argument == next(iter(wrong))


def test_a_step_of_numpy_is_a_step():
    assert CohortComponent(step=np.int64(5)) == CohortComponent(step=5)
    assert type(CohortComponent(step=np.int64(5)).step) is int


def test_an_area_twice_in_the_timing_is_refused():
    twice = (("DEU", "even"), ("DEU", "end"))
    with pytest.raises(ParameterError, match="migration_timing"):
        CohortComponent(migration_timing=twice)


@pytest.mark.parametrize("label", ["M", "_T"])
def test_fertility_of_others_than_women_is_refused(small, label):
    with pytest.raises(DimensionError, match=f"fertility has 'sex' .{label}.") as caught:
        run(small, fertility=small["fertility"].assign_coords(sex=label))
    assert "age of the mother" in caught.value.mend
    women = small["fertility"].assign_coords(sex="F")
    assert run(small, fertility=women).identical(run(small))
    both = small["fertility"].expand_dims(sex=["F", "M"])
    with pytest.raises(DimensionError) as caught:
        run(small, fertility=both)
    mended = eval(caught.value.mend, {"fertility": both})
    assert run(small, fertility=mended).identical(run(small))


def test_a_sex_ratio_of_one_sex_is_refused(small):
    ratio = small["sex_ratio"].assign_coords(sex="F")
    with pytest.raises(DimensionError, match="sex_ratio has 'sex'") as caught:
        run(small, sex_ratio=ratio)
    mended = eval(caught.value.mend.split(",")[0], {"sex_ratio": ratio})
    assert run(small, sex_ratio=mended).identical(run(small))


def test_a_last_day_in_the_place_of_an_end_is_told(small):
    day = np.timedelta64(1, "D")
    short = {
        n: x.assign_coords(period_end=("period", x.period_end.values - day))
        if "period" in x.dims
        else x
        for n, x in small.items()
    }
    with pytest.raises(TimeError, match=r"lasts 4\.99") as caught:
        run(short)
    assert "with 2025-07-01 where it says 2025-06-30" in caught.value.mend
    assert "step" not in caught.value.mend


def test_the_last_of_december_is_told_to_be_the_first_of_january(small):
    population = small["population"].assign_coords(time=np.datetime64("2020-06-30", "s"))
    with pytest.raises(TimeError, match="population is at 2020-06-30") as caught:
        run(small, population=population)
    mended = eval(caught.value.mend.split(", if")[0], {"population": population, "np": np})
    assert run(small, population=mended).identical(run(small))
    far = small["population"].assign_coords(time=np.datetime64("2020-06-01", "s"))
    with pytest.raises(TimeError) as caught:
        run(small, population=far)
    assert "if the end of" not in caught.value.mend


def test_rates_beyond_the_open_group_are_joined_as_advised(make):
    """Deaths over person-years of the life table: the inverse of the expectation of life at 85."""
    first, last = list(range(0, 86, 5)), list(range(0, 101, 5))
    split, years = [0, 1, *last[1:]], ([2020], 5)
    rate = 2e-5 * np.exp(0.1 * np.array(split)) + 2e-3 * (np.array(split) == 0)
    both = rate * np.array([0.8, 1.2])[:, None]
    mortality = make([both], "1/year", period=years, sex="FM", age=(split, np.inf))
    table = mg.demography.life_table(mortality, ax="half")
    lived = mg.regroup_ages(table.years_lived, first).isel(period=0, drop=True)
    people = lived.copy(data=lived.values).assign_attrs(units="person")  # stationary
    given = {
        "population": people.assign_coords(time=make.july(2020)),
        "mortality": mortality,
        "fertility": make([[0.05]], "1/year", period=years, age=([25], 5)),
        "migration": make(np.zeros((1, 2, 18)), "person", period=years, sex="FM",
                          age=(first, np.inf)),
        "sex_ratio": make([1.05], "1", period=years),
    }  # fmt: skip
    with pytest.raises(AgeError, match=r"mortality goes on to 100\+, .* ends in 85\+") as caught:
        run(given)
    names = {"mortality": mortality, "migov": mg}
    assert eval(caught.value.mend, names).age.values.tolist() == [0, 1, *first[1:]]
    joined = eval(caught.value.mend.replace("(mortality)", '(mortality, ax="half")'), names)
    life = table.life_expectancy.sel(age=85)
    np.testing.assert_allclose(joined.sel(age=85) * life, 1.0, rtol=1e-12)
    same = [0, 1, *first[1:-1]]
    np.testing.assert_allclose(joined.sel(age=same), mortality.sel(age=same), rtol=1e-12)
    # of a stationary population as many are left in the open group
    out = run(given, CohortComponent(ax="half"), mortality=joined).population
    np.testing.assert_allclose(out.isel(time=1).sel(age=85), people.sel(age=85), rtol=1e-12)


def test_finer_groups_than_a_step_are_joined_as_advised(small):
    with pytest.raises(AgeError, match="a step of 10 years needs groups of 10") as caught:
        run(small, CohortComponent(step=10), **tenfold(small))
    advice = caught.value.mend.split(", or")[0]
    people = eval(advice, {"population": small["population"], "migov": mg})
    assert people.age.values.tolist() == [0, 10, 20, 30, 40, 50, 60]
    closed = small["population"].isel(age=slice(0, 8))
    with pytest.raises(AgeError) as caught:
        run(small, population=closed)
    assert "an open group last" in caught.value.mend


def tenfold(given):
    flows = {n: x.isel(period=[0]) for n, x in given.items() if "period" in x.dims}
    later = np.array(["2030-07-01"], "M8[s]")
    return {n: x.assign_coords(period_end=("period", later)) for n, x in flows.items()}


def test_one_ratio_for_all_areas_is_given_as_advised(small):
    one = small["sex_ratio"].isel(area=0, drop=True)
    with pytest.raises(AlignmentError, match=r"DEU, MDA.*, sex_ratio has not") as caught:
        run(small, sex_ratio=one)
    advice = caught.value.mend.split(", if")[0]
    mended = eval(advice, {"sex_ratio": one, "population": small["population"]})
    assert run(small, sex_ratio=mended).identical(run(small))
    more = small["fertility"].expand_dims(education=["low", "high"])
    with pytest.raises(AlignmentError, match="fertility has 'education'") as caught:
        run(small, fertility=more)
    assert "total" not in caught.value.mend
    assert caught.value.argument == "fertility"


def test_numbers_and_text_as_members_are_told(small):
    def by_member(x, labels):
        return x.expand_dims(member=labels, axis=-1)

    fertility = by_member(small["fertility"], [0, 1])
    migration = by_member(small["migration"], ["0", "1"])
    with pytest.raises(AlignmentError, match="member") as caught:
        run(small, fertility=fertility, migration=migration)
    name, advice = caught.value.mend.split("  #")[0].split(" = ")
    assert name == "migration"
    mended = eval(advice, {"migration": migration})
    assert run(small, fertility=fertility, migration=mended).sizes["member"] == 2


def test_an_open_group_that_starts_young_is_refused(small):
    fewer = {n: mg.regroup_ages(small[n], range(0, 61, 5)) for n in ("population", "migration")}
    table = mg.demography.life_table(small["mortality"])
    dead, lived = (
        mg.regroup_ages(table[n], [0, 1, *range(5, 61, 5)]) for n in ("deaths", "years_lived")
    )
    fewer["mortality"] = (dead / lived).assign_attrs(units="1/year")
    with pytest.raises(AgeError, match=r"population has the open group 60\+") as caught:
        run(small, **fewer)
    assert "youngest_open=60" in caught.value.mend
    assert caught.value.argument == "population"
    out = run(small, CohortComponent(youngest_open=60), **fewer)
    assert out.sizes["age"] == 13
    for wrong in (-1, "65", np.nan):
        with pytest.raises(ParameterError, match="youngest_open"):
            CohortComponent(youngest_open=wrong)


def test_births_per_thousand_name_the_unit(small):
    x = small["fertility"]
    with pytest.raises(InputError, match="fertility holds 50") as caught:
        run(small, fertility=x.copy(data=x.values * 1000))
    assert "per_thousand/year" in caught.value.mend


def test_an_area_without_a_timing_is_named(small):
    with pytest.raises(ParameterError, match="no rule for MDA"):
        run(small, CohortComponent(migration_timing={"DEU": "even", "POL": "end"}))
    one = {n: x.isel(area=0) for n, x in small.items()}
    spec = CohortComponent(migration_timing={"DEU": "end", "POL": "even"})
    assert run(one, spec).population.identical(
        run(one, CohortComponent(migration_timing="end")).population
    )


def test_a_specification_is_a_value():
    a = CohortComponent(migration_timing={"MDA": "end", "DEU": "even"})
    b = CohortComponent(migration_timing=(("DEU", "even"), ("MDA", "end")))
    assert a == b
    assert hash(a) == hash(b)
    assert pickle.loads(pickle.dumps(a)) == a
    told = json.loads(json.dumps(attrs.asdict(a)))
    assert CohortComponent(**told) == a
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        a.step = 1
    assert projection_blocks.CLOSES == 1e-9


def test_migration_of_other_people_is_refused():
    figures = mg.datasets.load("outlook")
    given = {name: figures[name] for name in ("population", "mortality", "fertility", "migration")}
    spec = mg.demography.CohortComponent()
    spec.run(**given, sex_ratio=figures.sex_ratio)
    for other, field in (
        (mg.definitions.SEASONAL_90_IN_180, "counts: persons and permits"),
        (mg.definitions.MDA_USUAL_RESIDENCE, "residence_rule: present and usual"),
    ):
        given["migration"] = mg.define(figures.migration, other)
        with pytest.raises(DefinitionError, match=field) as caught:
            spec.run(**given, sex_ratio=figures.sex_ratio)
        assert caught.value.argument == "migration"


@pytest.mark.parametrize("whole", ["UN_WPP_2024", "MDA_CENSUS_2024", None])
def test_short_stays_enter_no_projection(small, whole):
    """They passed where the population was of like residence, or of no declared definition."""
    given = dict(small)
    name = "UN_2025_TEMPORARY_MOBILITY" if whole == "UN_WPP_2024" else "UN_1998_SHORT_TERM"
    if whole:
        given["population"] = mg.define(given["population"], getattr(mg.definitions, whole))
    given["migration"] = mg.define(given["migration"], getattr(mg.definitions, name))
    with pytest.raises(DefinitionError, match=r"migration are .* temporary mobility"):
        run(given)
