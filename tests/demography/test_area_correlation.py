"""Draws that go together between areas: by a matrix, in every model that takes one."""

from __future__ import annotations

import pickle

import attrs
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
    MigovError,
    ParameterError,
    UnitError,
)
from migov.demography import CohortComponent, MigrationRateModel, PathModel, ScaledError, draw_paths

AREAS = ["DEU", "MDA", "POL"]
R = np.array([[1.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 1.0]])
NAMES = ("mortality", "fertility", "migration")


def matrix(values=R, areas=AREAS):
    return xr.DataArray(
        np.array(values, float),
        {"area": list(areas), "other": list(areas)},
        ["area", "other"],
        attrs={"units": "1"},
    )


def rates(areas=AREAS, periods=2):
    n, spans = len(areas), " ".join(f"{2020 + 5 * i}-{2025 + 5 * i}" for i in range(periods))
    labels = {"period": spans, "sex": "F M", "age": "0-19 20-39 40+", "area": " ".join(areas)}
    full = (periods, 2, 3, n)
    return {
        "mortality": mg.Cells(np.full(full, 0.01), **labels).array("1/year"),
        "fertility": mg.Cells(
            np.full((periods, 1, n), 0.05), period=spans, age="20-39", area=labels["area"]
        ).array("1/year"),
        "migration": mg.Cells(np.full(full, 100.0), **labels).array("person"),
    }


def first(paths, name):
    """What the first period adds, {area, member}; net migration relative to its scale."""
    x = paths[name].isel(period=0, age=0)
    x = x.isel(sex=0) if "sex" in x.dims else x
    x = np.log(x) if name != "migration" else x
    return x.transpose("area", "member").values


def test_simulated_correlations_are_those_given():
    paths = draw_paths(rates(), members=4000, seed=7, area_correlation=matrix())
    for name in NAMES:
        np.testing.assert_allclose(np.corrcoef(first(paths, name)), R, atol=0.05)
        plain = draw_paths(rates(), members=4000, seed=7)
        assert first(paths, name).std() == pytest.approx(first(plain, name).std(), rel=0.03)
    drawn = ScaledError(process="fertility").run(
        rates()["fertility"], 0.1, members=4000, seed=7, area_correlation=matrix()
    )
    found = np.log(drawn).isel(period=0, age=0).transpose("area", "member").values
    np.testing.assert_allclose(np.corrcoef(found), R, atol=0.05)


def past():
    return mg.Cells(
        np.full((2, 3), 0.001), period="2010-2015 2015-2020", area=" ".join(AREAS)
    ).array("1/year")


def test_rates_of_migration_go_together_too():
    model = MigrationRateModel()
    table = pd.DataFrame({"area": AREAS, "draw": 0, "phi": 0.5, "mu": 0.001, "sigma": 0.002})
    posterior = model.from_posterior(table, step=5)
    options = {"periods": 2, "members": 4000, "seed": 7}
    ahead = model.run(posterior, past(), **options, area_correlation=matrix())
    found = ahead.rate.isel(period=0).transpose("area", "member").values
    np.testing.assert_allclose(np.corrcoef(found), R, atol=0.05)
    assert "correlated between areas, matrix" in ahead.attrs["draws"]
    few = model.run(
        posterior, past().sel(area=["POL", "MDA"]), periods=1, members=[17, 3], seed=7,
        area_correlation=matrix(),
    )  # fmt: skip
    wanted = ahead.rate.isel(period=[0]).sel(area=["POL", "MDA"], member=[17, 3])
    assert np.array_equal(few.rate.values, wanted.values)


def test_each_process_may_have_a_matrix_of_its_own():
    other = np.array([[1.0, -0.5, 0.0], [-0.5, 1.0, 0.0], [0.0, 0.0, 1.0]])
    paths = draw_paths(
        rates(),
        members=4000,
        seed=7,
        area_correlation={"migration": matrix(), "mortality": matrix(other)},
    )
    np.testing.assert_allclose(np.corrcoef(first(paths, "migration")), R, atol=0.05)
    np.testing.assert_allclose(np.corrcoef(first(paths, "mortality")), other, atol=0.05)
    np.testing.assert_allclose(np.corrcoef(first(paths, "fertility")), np.eye(3), atol=0.05)
    assert "independent between areas" in paths.fertility.attrs["draws"]


def test_processes_and_areas_are_correlated_at_once():
    """Between fertility of one area and migration of another: the product of both numbers."""
    model = PathModel(correlation=(0.0, 0.0, 0.5), mortality_drift_sd=0.0)
    paths = draw_paths(rates(), members=6000, seed=7, model=model, area_correlation=matrix())
    both = np.corrcoef(first(paths, "fertility"), first(paths, "migration"))
    np.testing.assert_allclose(both[:3, :3], R, atol=0.05)
    np.testing.assert_allclose(both[3:, 3:], R, atol=0.05)
    np.testing.assert_allclose(both[:3, 3:], 0.5 * R, atol=0.05)


def test_a_draw_is_the_same_whatever_else_is_drawn_and_in_whatever_order():
    whole = draw_paths(rates(), members=12, seed=5, area_correlation=matrix())
    turned = matrix().isel(area=[2, 0, 1], other=[1, 2, 0]).transpose("other", "area")
    some = ["POL", "DEU"]
    part = {name: x.sel(area=some) for name, x in rates().items()}
    found = draw_paths(part, members=[9, 4], seed=5, area_correlation=turned)
    alone = {name: x.isel(area=1) for name, x in rates().items()}
    one = draw_paths(alone, members=[4], seed=5, area_correlation=matrix())
    spec = ScaledError(process="fertility", age_correlation=0.5)
    all_ = spec.run(rates()["fertility"], 0.1, 12, 5, area_correlation=matrix())
    few = spec.run(part["fertility"], 0.1, [9, 4], 5, area_correlation=turned)
    assert np.array_equal(few.values, all_.sel(area=some, member=[9, 4]).values)
    for name in NAMES:
        wanted = whole[name].sel(area=some, member=[9, 4])
        assert np.array_equal(found[name].values, wanted.values)
        assert found[name].attrs["draws"] == whole[name].attrs["draws"]
        assert np.array_equal(one[name].values, whole[name].sel(area="MDA", member=[4]).values)


def test_no_correlation_is_independent_and_full_correlation_is_common():
    plain = draw_paths(rates(), members=20, seed=5)
    apart = draw_paths(rates(), members=20, seed=5, area_correlation=matrix(np.eye(3)))
    same = draw_paths(rates(), members=20, seed=5, area_correlation=matrix(np.ones((3, 3))))
    for name in NAMES:
        np.testing.assert_allclose(apart[name], plain[name], rtol=1e-12)
        x = same[name]
        np.testing.assert_allclose(x, x.isel(area=[0, 0, 0]).values, rtol=1e-12)
        assert float(x.std("member").min()) > 0


def test_the_spread_of_a_total_is_that_of_the_matrix():
    """Sums over areas within members: the variance is that of the weights and the matrix."""
    paths = draw_paths(rates(), members=4000, seed=7, area_correlation=matrix())
    one = first(paths, "migration")
    total = mg.total(paths.migration.isel(period=0, sex=0, age=0), "area")
    spread = one.std(axis=1)
    assert total.std().item() == pytest.approx(np.sqrt(spread @ R @ spread), rel=0.04)


def test_a_projection_of_the_right_correlation_holds_the_truth_as_often_as_it_says(small):
    """Truths of one model, the two areas of which go together, against members of three."""
    model = PathModel(mortality_drift_sd=0.0, fertility_sd=0.05, migration_sd=0.5)
    together = matrix([[1.0, 0.9], [0.9, 1.0]], ["DEU", "MDA"])
    given = {name: small[name] for name in NAMES}

    def total(members, **options):
        paths = draw_paths(given, members=members, seed=11, **options)
        run = CohortComponent(negative="report").run(
            small["population"], **paths, sex_ratio=small["sex_ratio"]
        )
        return mg.total(run.population.isel(time=-1), ["area", "sex", "age"])

    truth = total([f"truth {i}" for i in range(400)], model=model, area_correlation=together)
    seen = truth.rename(member="replicate")

    def coverage(**options):
        drawn = total(400, **options).expand_dims(replicate=seen["replicate"])
        return mg.demography.calibration(drawn, seen, [50, 80, 95])

    right = coverage(model=model, area_correlation=together)
    apart = coverage(model=model)
    wide = coverage(model=attrs.evolve(model, fertility_sd=0.1, migration_sd=1.0))
    assert right.coverage.values == pytest.approx([50, 80, 95], abs=6)
    assert float(right.pit.mean()) == pytest.approx(0.5, abs=0.06)
    assert (apart.coverage < right.coverage - 3).all()
    assert (wide.coverage > right.coverage).all()
    scores = [float(x.crps.mean()) for x in (right, apart, wide)]
    assert scores[0] == min(scores)


def test_a_matrix_that_cannot_be_is_refused_with_one_that_can():
    wrong = matrix([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    with pytest.raises(InputError, match="cannot be of 3 areas at once") as caught:
        draw_paths(rates(), members=3, seed=7, area_correlation=wrong)
    advice = caught.value.mend.split(", the nearest")[0]
    mended = eval(advice, {"area_correlation": wrong})
    draw_paths(rates(), members=3, seed=7, area_correlation=mended)
    assert np.linalg.eigvalsh(mended.values)[0] < 0.01


def entry(value, area="DEU", other="MDA"):
    x = matrix()
    x.loc[{"area": area, "other": other}] = value
    return x


@pytest.mark.parametrize(
    ("given", "kind", "told"),
    [
        (entry(1.5), InputError, "beyond -1 to 1 at area DEU, other MDA"),
        (entry(0.7), InputError, "not the same in both directions at area DEU, other MDA"),
        (entry(0.9, other="DEU"), InputError, "is not 1 at area DEU, other DEU"),
        (entry(np.nan), InputError, "is missing at area DEU, other MDA"),
        (matrix().isel(area=[0, 1]), AlignmentError, "DEU, MDA, other DEU, MDA, POL"),
        (matrix().isel(area=[0, 1], other=[0, 1]), AlignmentError, "lacks the area POL"),
        (matrix().isel(other=0, drop=True), DimensionError, "expected area and one other"),
        (matrix().rename(area="one"), DimensionError, "area"),
        (matrix().drop_vars("other"), MigovError, "other"),
        (matrix().assign_attrs(units="person"), UnitError, "area_correlation"),
        (matrix().drop_attrs(), UnitError, "area_correlation has no unit"),
        (R, KindError, "area_correlation is a ndarray"),
        (matrix().astype(object), KindError, "object"),
    ],
)
def test_what_is_no_matrix_of_correlations_is_refused(given, kind, told):
    for call in (
        lambda: draw_paths(rates(), members=3, seed=7, area_correlation=given),
        lambda: ScaledError(process="x").run(
            rates()["fertility"], 0.1, 3, 7, area_correlation=given
        ),
    ):
        with pytest.raises(kind, match=told) as caught:
            call()
        assert caught.value.argument == "area_correlation"
        assert caught.value.mend
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_percent_are_taken():
    percent = (100.0 * matrix()).assign_attrs(units="percent")
    found = draw_paths(rates(), members=3, seed=7, area_correlation=percent)
    wanted = draw_paths(rates(), members=3, seed=7, area_correlation=matrix())
    np.testing.assert_allclose(found.migration, wanted.migration, rtol=1e-12)


@pytest.mark.parametrize(
    ("model", "given", "told"),
    [
        (PathModel(areas="common"), matrix(), "model.areas='common' beside"),
        (PathModel(), {"deaths": matrix()}, "names 'deaths'"),
        (PathModel(), {}, "is empty"),
        (PathModel(correlation=(0.0, 0.0, 0.5)), {"migration": matrix()}, "ties together"),
    ],
)
def test_what_contradicts_the_model_is_refused(model, given, told):
    with pytest.raises(ParameterError, match=told):
        draw_paths(rates(), members=3, seed=7, model=model, area_correlation=given)
    with pytest.raises(ParameterError, match="beside area_correlation"):
        ScaledError(process="x", area_correlation=0.5).run(
            rates()["fertility"], 0.1, 3, 7, area_correlation=matrix()
        )


def test_rates_without_areas_have_no_matrix():
    one = {name: x.isel(area=0, drop=True) for name, x in rates().items()}
    with pytest.raises(AlignmentError, match="the rates lack areas"):
        draw_paths(one, members=3, seed=7, area_correlation=matrix())
