"""Members: keyed draws, their law, their correlation, what comes with them."""

from __future__ import annotations

import json
import pickle
from types import SimpleNamespace

import attrs
import numpy as np
import pytest

import migov as mg
from migov.core.errors import (
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    UnitError,
)
from migov.demography import CohortComponent, PathModel, draw_paths
from migov.numeric import streams

NAMES = ("mortality", "fertility", "migration")


def rates(small):
    return {name: small[name] for name in NAMES}


def test_subset_of_members_and_areas_has_the_same_draws(small):
    whole = draw_paths(rates(small), members=12, seed=5)
    one = draw_paths(
        {n: x.isel(area=[1]) for n, x in rates(small).items()}, members=[11, 4], seed=5
    )
    alone = draw_paths({n: x.isel(area=1) for n, x in rates(small).items()}, members=[4], seed=5)
    for name in NAMES:
        wanted = whole[name].sel(area=["MDA"], member=[11, 4])
        assert np.array_equal(one[name].values, wanted.values)
        assert np.array_equal(alone[name].values, whole[name].sel(area="MDA", member=[4]).values)
    short = draw_paths(
        {n: x.isel(period=[0, 1]) for n, x in rates(small).items()}, members=12, seed=5
    )
    assert np.array_equal(short.mortality.values, whole.mortality.isel(period=[0, 1]).values)


def test_a_slow_version_agrees(small):
    """Each member by itself, with the recursions written out."""
    model = PathModel()
    paths = draw_paths(small, members=[3, 8], seed=2)
    for area in ("DEU", "MDA"):
        for member in (3, 8):
            z = streams.stream(2, "mortality", area, member).standard_normal(4)
            level, before = 0.0, 0.0
            for t, middle in enumerate((2.5, 7.5, 12.5)):
                gap = middle - before
                level += model.mortality_drift_sd * z[0] * gap
                level += model.mortality_sd * gap**0.5 * z[t + 1]
                before = middle
                found = paths.mortality.sel(area=area, member=member).isel(period=t)
                wanted = small["mortality"].sel(area=area).isel(period=t) * np.exp(level)
                assert found.values == pytest.approx(wanted.values, rel=1e-13)
            z = streams.stream(2, "migration", area, member).standard_normal(4)
            state, before = 0.0, 0.0
            for t, middle in enumerate((2.5, 7.5, 12.5)):
                kept = model.migration_persistence ** (middle - before)
                spread = sum(model.migration_persistence ** (2 * k) for k in range(2000))
                state = (
                    kept * state + model.migration_sd * (spread * (1 - kept**2)) ** 0.5 * z[t + 1]
                )
                before = middle
                base = small["migration"].sel(area=area)
                wanted = base.isel(period=t) + abs(base).mean("period") * state
                found = paths.migration.sel(area=area, member=member).isel(period=t)
                assert found.values == pytest.approx(wanted.values, rel=1e-12)


def test_single_years_and_five_years_have_the_same_law():
    model = PathModel()
    rng = np.random.default_rng(1)
    for process in NAMES:
        fine = model.deviations(process, np.r_[0.5, np.ones(12)], rng.standard_normal((14, 40000)))
        coarse = model.deviations(
            process, np.array([2.5, 5.0, 5.0]), rng.standard_normal((4, 40000))
        )
        assert fine[12].std() == pytest.approx(coarse[2].std(), rel=0.03)
        assert fine[2].std() == pytest.approx(coarse[0].std(), rel=0.03)
    exact = np.sqrt(12.5 * model.mortality_sd**2 + (12.5 * model.mortality_drift_sd) ** 2)
    drawn = model.deviations("mortality", np.array([12.5]), rng.standard_normal((2, 200000)))
    assert drawn.std() == pytest.approx(exact, rel=0.01)


def test_the_median_of_members_is_the_input(small):
    paths = draw_paths(rates(small), members=4001, seed=1)
    for name in ("mortality", "fertility"):
        middle = paths[name].median("member")
        assert float(abs(middle / small[name] - 1).max()) < 0.02


def test_ages_and_sexes_move_together_and_areas_apart(small):
    paths = draw_paths(rates(small), members=800, seed=1)
    ratio = (paths.mortality / small["mortality"]).isel(period=2)
    assert float(ratio.std(["sex", "age"]).max()) < 1e-12
    one = ratio.isel(sex=0, age=0)
    assert abs(np.corrcoef(one.sel(area="DEU"), one.sel(area="MDA"))[0, 1]) < 0.12
    other = (paths.fertility / small["fertility"]).isel(period=2, age=0, area=0)
    assert abs(np.corrcoef(one.sel(area="DEU"), other)[0, 1]) < 0.12
    common = draw_paths(rates(small), members=5, seed=1, model=PathModel(areas="common"))
    same = common.mortality / small["mortality"]
    assert same.isel(area=0).values == pytest.approx(same.isel(area=1).values, rel=1e-13)
    assert "common to all areas" in common.mortality.attrs["draws"]
    assert "independent between areas" in paths.mortality.attrs["draws"]


def test_nothing_strays_without_spread(small):
    still = PathModel(mortality_sd=0, mortality_drift_sd=0, fertility_sd=0, migration_sd=0)
    paths = draw_paths(rates(small), members=2, seed=0, model=still)
    for name in NAMES:
        assert np.array_equal(paths[name].isel(member=1).values, small[name].values)


def test_what_comes_with_them(small):
    paths = draw_paths(rates(small), members=2)
    again = draw_paths(SimpleNamespace(**small), members=2, seed=paths.seed)
    assert again.identical(paths)
    assert not draw_paths(rates(small), members=2).identical(paths)
    assert list(paths) == list(NAMES)
    assert len(paths) == 3
    assert paths["fertility"] is paths.fertility
    with pytest.raises(KeyError):
        paths["sex_ratio"]
    for name in NAMES:
        x = paths[name]
        assert x.dims == (*small[name].dims, "member")
        assert (x.observation_status == mg.status.flag("stylised")).all()
        assert x.attrs["seed"] == paths.seed
        assert x.attrs["units"] == small[name].attrs["units"]
        assert json.loads(x.attrs["model"])["class"] == "PathModel"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        paths.seed = 1
    assert pickle.loads(pickle.dumps(paths)).identical(paths)


def test_members_go_through_a_projection(small):
    paths = draw_paths(rates(small), members=6, seed=9)
    spec = CohortComponent()
    out = spec.run(
        small["population"],
        paths.mortality,
        paths.fertility,
        paths.migration,
        sex_ratio=small["sex_ratio"],
    )
    assert out.sizes["member"] == 6
    assert (out.population.observation_status == 256).all()
    few = draw_paths(rates(small), members=[4], seed=9)
    alone = spec.run(
        small["population"],
        few.mortality,
        few.fertility,
        few.migration,
        sex_ratio=small["sex_ratio"],
    )
    assert np.array_equal(alone.population.values, out.population.sel(member=[4]).values)


def test_lazy_inputs_give_the_same_bits(small):
    wanted = draw_paths(rates(small), members=3, seed=4)
    lazy = draw_paths({n: x.chunk({"area": 1}) for n, x in rates(small).items()}, members=3, seed=4)
    for name in NAMES:
        assert lazy[name].chunks
        assert np.array_equal(lazy[name].compute().values, wanted[name].values)


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [
        ({"members": 0}, ParameterError, "members"),
        ({"members": [1, 1]}, ParameterError, "without repetition"),
        ({"members": "ab"}, ParameterError, "members"),
        ({"members": 2.0}, ParameterError, "members"),
        ({"seed": -1}, ParameterError, "seed"),
        ({"seed": 1.5}, ParameterError, "seed"),
        ({"model": "lee-carter"}, KindError, "model"),
        ({"inputs": {}}, KindError, "inputs has no 'mortality'"),
    ],
)
def test_bad_arguments(small, change, kind, told):
    given = {"inputs": rates(small), "members": 2, "seed": 1, **change}
    with pytest.raises(kind, match=told) as caught:
        draw_paths(given.pop("inputs"), **given)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("name", "mistake", "kind"),
    [
        ("mortality", lambda x: -x, (InputError, UnitError)),
        ("mortality", lambda x: x.expand_dims(member=[0]), InputError),
        ("mortality", lambda x: x.drop_vars("period_end"), MigovError),
        ("fertility", lambda x: x.isel(period=0), MigovError),
        ("fertility", lambda x: x.values, KindError),
        ("migration", lambda x: x * np.inf, InputError),
        ("migration", lambda x: x.isel(age=[0, 2]), MigovError),
        ("mortality", lambda x: x.drop_vars("area"), DimensionError),
    ],
)
def test_bad_inputs(small, name, mistake, kind):
    given = rates(small)
    given[name] = mistake(given[name])
    with pytest.raises(kind, match=name) as caught:
        draw_paths(given, members=2, seed=1)
    assert isinstance(caught.value, MigovError)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mortality_sd": -0.1},
        {"fertility_persistence": 1.0},
        {"migration_sd": np.nan},
        {"mortality_drift_sd": "0.1"},
        {"areas": "some"},
    ],
)
def test_a_model_that_cannot_be(wrong):
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        PathModel(**wrong)
