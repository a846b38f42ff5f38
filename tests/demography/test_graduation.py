"""Graduation, smoothing, unknown ages and quality of ages against published and peer results."""

from __future__ import annotations

import csv
import pickle
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from scipy.interpolate import CubicSpline
from scipy.optimize import minimize

import migov as mg
from migov.core.definition import definition_of
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
    UnitError,
)
from migov.demography import (
    age_sex_accuracy,
    bachi,
    graduate,
    kernels_graduation,
    smooth_ages,
    spread_unknown,
)

GOLDEN = "golden/demography"
NAMES = {"pasex": "pasex_five_year_counts", "demotools_pop5_mat_1950": None}


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def by_age(values, lower, last=np.inf, unit="person", **scalars):
    width = np.append(np.diff(lower), last).astype(float)
    coords = {"age": list(lower), "age_width": ("age", width), **scalars}
    return xr.DataArray(np.asarray(values, float), coords, "age", attrs={"units": unit})


@pytest.fixture(params=["pasex", "demotools_pop5_mat_1950"])
def published(shared, request):
    name = request.param
    folder = shared / GOLDEN / "graduation"
    counts = name + ("_five_year_counts.csv" if name == "pasex" else "_counts.csv")
    table = rows(folder / counts)
    x = by_age([float(r["count"]) for r in table], [int(r["age_start"]) for r in table])
    single = {}
    for r in rows(folder / f"{name}_single_year.csv"):
        single.setdefault(r["method"], []).append(float(r["count"]))
    return x, single


@pytest.mark.parametrize(
    ("ours", "peer"),
    [
        ("sprague", "sprague"),
        ("beers_ordinary", "beers_ordinary"),
        ("beers_modified", "beers_modified"),
        ("monotone", "monotone_spline"),
        ("uniform", "uniform"),
    ],
)
def test_single_ages_agree_with_the_peer(published, ours, peer):
    x, single = published
    if peer not in single:
        assert peer == "uniform"
        return
    found = graduate(x, method=ours)
    assert found.sizes["age"] == len(single[peer])
    np.testing.assert_allclose(found, single[peer], rtol=1e-11, atol=1e-8)
    assert float(found.age_width[-1]) == np.inf


@pytest.mark.parametrize("method", ["sprague", "beers_ordinary", "beers_modified"])
def test_multipliers_are_the_published_ones(shared, method):
    path = shared / GOLDEN / "graduation" / f"{method}_multipliers_105x21.csv"
    np.testing.assert_allclose(
        kernels_graduation.multipliers(method, 21), np.loadtxt(path, delimiter=","), atol=1e-15
    )


@pytest.mark.parametrize("method", ["sprague", "beers_ordinary", "monotone", "uniform", "pclm"])
def test_groups_are_kept(published, method):
    x, _ = published
    found = graduate(x, method=method)
    again = mg.regroup_ages(found, [int(age) for age in x.age.values])
    xr.testing.assert_allclose(again, x, rtol=1e-9)
    if method in ("monotone", "pclm"):
        assert (found >= 0).all()


def test_sprague_gives_back_a_cubic():
    edges = np.arange(0, 55, 5.0)
    cumulated = 3 * edges + 2 * edges**2 - 0.01 * edges**3
    x = by_age(np.diff(cumulated), edges[:-1].astype(int), 5)
    fine = np.arange(51.0)
    slow = np.diff(3 * fine + 2 * fine**2 - 0.01 * fine**3)
    np.testing.assert_allclose(graduate(x), slow, rtol=1e-12)


def test_a_composite_link_finds_the_distribution_behind_the_groups():
    age = np.arange(100)
    truth = 1e5 * np.exp(-0.5 * ((age - 78) / 11.0) ** 2) + 200
    lower = list(range(0, 90, 5))
    sums = [truth[a:b].sum() for a, b in zip(lower, [*lower[1:], 100], strict=True)]
    found = graduate(by_age(sums, lower), method="pclm", end=100)
    assert found.sizes["age"] == 100
    off = abs(found.values - truth) / truth.max()
    even = np.repeat(np.array(sums) / np.diff([*lower, 100]), np.diff([*lower, 100]))
    assert off[:80].max() < 0.02
    assert off.mean() < 0.25 * (abs(even - truth) / truth.max()).mean()


@pytest.mark.parametrize("smoothness", [0.1, 30.0])
def test_a_composite_link_against_a_plain_minimum(smoothness):
    """The penalised Poisson likelihood of the groups, minimised by a general method."""
    edges = np.array([0, 5, 10, 15, 20, 30])
    counts = np.array([90.0, 70.0, 55.0, 60.0, 80.0])

    def lost(logs):
        fine = np.exp(logs)
        mean = np.add.reduceat(fine, edges[:-1])
        bent = np.diff(logs, 2)
        slope = np.repeat(1.0 - counts / mean, np.diff(edges)) * fine
        for shift, weight in ((0, 1.0), (1, -2.0), (2, 1.0)):
            slope[shift : shift + len(bent)] += smoothness * weight * bent
        return (mean - counts * np.log(mean)).sum() + smoothness / 2 * (bent**2).sum(), slope

    start = np.full(30, np.log(counts.sum() / 30))
    best = minimize(lost, start, jac=True, method="BFGS", options={"gtol": 1e-10, "maxiter": 5000})
    found, _ = kernels_graduation.composite_link(counts, edges, 30, smoothness)
    np.testing.assert_allclose(found, np.exp(best.x), rtol=1e-6)
    assert abs(lost(np.log(found))[1]).max() < 1e-7


@pytest.mark.parametrize("scale", [1.0, 1e4, 1e10, 1e12])
def test_a_composite_link_of_billions_has_the_same_shape(scale):
    x = by_age(np.array([500.0, 450, 400, 350, 300, 900]) * scale, range(0, 30, 5))
    found = graduate(x, method="pclm", smoothness=1e-3 * scale).values
    least = graduate(x.copy(data=x.values / scale), method="pclm", smoothness=1e-3).values
    np.testing.assert_allclose(found / scale, least, rtol=1e-6)


@pytest.mark.parametrize("counts", [(0, 0, 0, 0, 300), (1e5, 0, 0, 0, 0), (3, 0, 0, 1, 2)])
def test_a_composite_link_with_empty_groups_keeps_them(counts):
    found = graduate(by_age([*counts, 9.0], range(0, 30, 5)), method="pclm").values[:25]
    np.testing.assert_allclose(found.reshape(5, 5).sum(axis=1), counts, atol=1e-9)


@pytest.mark.parametrize("scale", [1e-300, 1e100, 1e305])
def test_numbers_no_poisson_count_has_are_refused_and_the_spline_takes_them(scale):
    x = by_age(np.array([500.0, 450, 400, 350, 300, 900]) * scale, range(0, 30, 5))
    with pytest.raises(InputError, match=r'(?s)no smooth distribution.*method="monotone"'):
        graduate(x, method="pclm")
    one = graduate(x.copy(data=x.values / scale), method="monotone").values
    np.testing.assert_allclose(graduate(x, method="monotone").values / scale, one, rtol=1e-9)


def test_a_composite_link_without_bounds_of_smoothness_is_a_line():
    """A heavy penalty leaves an exponential; the sum of a Poisson fit is that of the counts."""
    edges = np.array([0, 5, 10, 15, 20, 25])
    counts = np.array([90.0, 70.0, 55.0, 60.0, 30.0])
    found, _ = kernels_graduation.composite_link(counts, edges, 25, 1e10)
    np.testing.assert_allclose(np.diff(np.log(found), 2), 0.0, atol=1e-6)
    assert found.sum() == pytest.approx(counts.sum(), rel=1e-6)


def test_the_spline_against_a_plain_one():
    counts = np.array([90.0, 100.0, 105.0, 100.0, 90.0, 75.0, 55.0, 40.0])
    edges = np.arange(0, 45, 5.0)
    # a cubic is its own spline whatever the end conditions
    third = np.poly1d([-0.002, 0.1, 3.0, 0.0])
    exact = kernels_graduation.monotone(np.diff(third(edges)), edges, np.arange(41.0))
    np.testing.assert_allclose(exact, np.diff(third(np.arange(41.0))), rtol=1e-10)
    y = np.append(0, np.cumsum(counts))
    inner = CubicSpline(edges, y)(np.arange(10, 31.0))
    found = kernels_graduation.monotone(counts, edges, np.arange(41.0)).cumsum()
    np.testing.assert_allclose(found[9:30], inner, rtol=2e-4)


SMOOTH = {
    "arriaga": "Arriaga",
    "carrier_farrag": "Carrier-Farrag",
    "karup_king_newton": "KKN",
    "strong": "Strong",
    "united_nations": "United Nations",
}


@pytest.mark.parametrize("ours", list(SMOOTH))
def test_smoothed_groups_agree_with_the_peer(shared, ours):
    table = rows(shared / GOLDEN / "graduation" / "pasex_five_year_counts.csv")
    x = by_age([float(r["count"]) for r in table], [int(r["age_start"]) for r in table])
    wanted = [
        float(r["count"])
        for r in rows(shared / GOLDEN / "smoothing" / "pasex_five_year_smoothed.csv")
        if r["method"] == SMOOTH[ours]
    ]
    found = smooth_ages(x, method=ours)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
    if ours != "united_nations":
        assert float(found.sum()) == pytest.approx(float(x.sum()), rel=1e-14)
    if ours in kernels_graduation.SMOOTHERS:
        tens = list(range(0, 81, 10))
        xr.testing.assert_allclose(mg.regroup_ages(found, tens), mg.regroup_ages(x, tens))


def test_what_is_smooth_stays():
    x = by_age(1000.0 - 3 * np.arange(12.0), range(0, 60, 5), 5)
    for method in ("arriaga", "karup_king_newton", "united_nations"):
        np.testing.assert_allclose(smooth_ages(x, method=method), x, rtol=1e-12)


def test_unknown_ages_are_shared_in_proportion():
    x = mg.define(
        xr.concat([by_age([1, 2, 3.0], [0, 5, 10])] * 2, xr.Variable("area", ["DEU", "MDA"])),
        mg.definitions.UN_DE_FACTO,
    )
    x.attrs["units"] = "thousand person"
    unknown = xr.DataArray(
        [0.0, 600.0], {"area": ["DEU", "MDA"]}, "area", attrs={"units": "person"}
    )
    found = spread_unknown(x, unknown)
    assert found.attrs["units"] == "thousand person"
    np.testing.assert_allclose(found.sum("age"), [6.0, 6.6], rtol=1e-14)
    np.testing.assert_allclose(found[1] / x[1], 1.1, rtol=1e-14)
    assert (found.observation_status.sel(area="MDA") == 16).all()
    assert (found.observation_status.sel(area="DEU") == 0).all()
    assert definition_of(found) == mg.definitions.UN_DE_FACTO


# --- quality ---------------------------------------------------------------------------------


def test_bachi_against_the_peer(shared):
    counts = {}
    for r in rows(shared / GOLDEN / "heaping" / "single_age_counts.csv"):
        counts.setdefault(r["population"], []).append(float(r["count"]))
    seen = 0
    for r in rows(shared / GOLDEN / "heaping" / "indices.csv"):
        if r["index"] == "bachi":
            x = by_age(counts[r["population"]], range(len(counts[r["population"]])))
            # digits 3 to 7 have two sets of ages in 23-77; the peer joins them in its own way
            assert float(bachi(x)) == pytest.approx(float(r["value"]), abs=0.03)
            seen += 1
    assert seen == 4


def test_bachi_knows_extremes():
    age = np.arange(100)
    assert float(bachi(by_age(np.where(age % 10 == 0, 1.0, 0.0), age))) == pytest.approx(90)
    assert float(bachi(by_age(1e4 - 50.0 * age, age))) < 0.05


def test_bachi_of_the_largest_numbers():
    counts = np.where(np.arange(100) % 10 == 0, 2.0, 1.0)
    assert float(bachi(by_age(8e307 * counts, range(100)))) == pytest.approx(
        float(bachi(by_age(counts, range(100)))), rel=1e-12
    )


def test_joint_score_by_hand():
    men = [100, 90, 95, 80]
    women = [98, 92, 90, 82]
    x = xr.concat(
        [by_age(v, [0, 5, 10, 15], 5) for v in (women, men)], xr.Variable("sex", ["F", "M"])
    )
    x.attrs["units"] = "person"
    found = age_sex_accuracy(x, upper=20)
    ratio = [100 * m / w for m, w in zip(men, women, strict=True)]
    sexes = sum(abs(b - a) for a, b in pairwise(ratio)) / 3
    ages = [
        sum(abs(200 * v[i] / (v[i - 1] + v[i + 1]) - 100) for i in (1, 2)) / 2 for v in (women, men)
    ]
    assert float(found.sex_ratio_score) == pytest.approx(sexes)
    np.testing.assert_allclose(found.age_ratio_score, ages)
    assert float(found.joint_score) == pytest.approx(3 * sexes + sum(ages))


# --- labels, bad inputs ----------------------------------------------------------------------


def five(values=None):
    return by_age(np.arange(17, 0, -1.0) if values is None else values, range(0, 81, 5))


def test_cells_are_their_own_and_attributes_new():
    x = xr.concat([five(), five() * 3], xr.Variable("area", ["DEU", "MDA"]))
    x.attrs = {"units": "thousand person", "note": "old"}
    for method in ("sprague", "monotone", "pclm"):
        found = graduate(x.transpose("age", "area"), method=method)
        assert found.dims == ("age", "area")
        assert "note" not in found.attrs
        alone = graduate(x.sel(area="MDA"), method=method)
        np.testing.assert_allclose(found.sel(area="MDA"), alone, rtol=1e-12)


BAD = [
    (lambda: graduate(five(), method="karup"), ParameterError, "method"),
    (lambda: graduate(by_age([1, 2, 3, 4, 5, 6, 7.0], [0, 1, 5, 10, 15, 20, 25])), AgeError, "0"),
    (lambda: graduate(five().isel(age=slice(0, 4))), AgeError, "five or|5 or more"),
    (lambda: graduate(five().where(five() != 5)), InputError, "missing at age 60-64"),
    (lambda: graduate(five(-np.arange(17.0))), InputError, "negative"),
    (lambda: graduate(five().assign_attrs(units="1/year")), PartitionError, "rates"),
    (lambda: graduate(five().drop_vars("age_width")), AgeError, "width"),
    (lambda: graduate(five(), end=100), ParameterError, "pclm"),
    (lambda: graduate(five(), method="pclm", smoothness=-1), ParameterError, "smoothness"),
    (lambda: graduate(1.0), KindError, "DataArray"),
    (lambda: smooth_ages(five(), method="zigzag"), ParameterError, "method"),
    (lambda: smooth_ages(five(), method="strong", lower=0), ParameterError, "both sides"),
    (lambda: smooth_ages(five().isel(age=slice(1, None))), AgeError, "starts at age 5"),
    (lambda: spread_unknown(five(), five()), AgeError, "without age"),
    (
        lambda: spread_unknown(
            five(np.zeros(17)), by_age([3.0], [0])[0].drop_vars(["age", "age_width"])
        ),
        InputError,
        "nobody of known class",
    ),
    (
        lambda: spread_unknown(
            five().assign_coords(area="DEU"),
            xr.DataArray(1.0, {"area": "MDA"}, attrs={"units": "person"}),
        ),
        AlignmentError,
        "area",
    ),
    (lambda: bachi(five()), AgeError, "no single age 18"),
    (lambda: bachi(five().assign_attrs(units="percent")), UnitError, "percent"),
    (lambda: age_sex_accuracy(five()), DimensionError, "sex"),
    (lambda: age_sex_accuracy(five().expand_dims(sex=["F", "M"]), upper=72), AgeError, "groups"),
    (lambda: age_sex_accuracy(five().expand_dims(sex=["F"])), DimensionError, "F and M"),
]


@pytest.mark.parametrize(("call", "kind", "told"), BAD, ids=range(len(BAD)))
def test_bad_input_is_refused(call, kind, told):
    with pytest.raises(kind, match=told) as caught:
        call()
    assert isinstance(caught.value, MigovError)
    assert caught.value.argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_amounts_below_zero_are_told_with_place_and_amount():
    steep = by_age([1000.0, 10, 1000, 5, 1, 0, 0], range(0, 31, 5))
    with pytest.warns(MigovWarning, match=r"(?s)the least -40.4.*at age 4.*monotone"):
        found = graduate(steep)
    assert float(found.min()) < -40  # nothing is clipped
    assert float(graduate(steep, method="monotone").min()) >= 0
    falling = by_age([1000.0, 10, 1000, 5, 1, 0, 0, 0, 0, 0, 0, 5], range(0, 60, 5))
    with pytest.warns(MigovWarning, match=r"(?s)-41.4.*at age 25-29.*carrier_farrag"):
        smooth_ages(falling)
    assert float(smooth_ages(falling, method="carrier_farrag").min()) >= 0


def test_advice_about_groups_works_as_it_is_written():
    x = by_age([10, 30, 35, 34, 33, 32, 31, 30, 29, 3.0], [0, 1, *range(5, 45, 5)])
    for call in (graduate, smooth_ages):
        with pytest.raises(AgeError) as caught:
            call(x)
        mend = str(caught.value).split("→ ")[1]
        assert float(call(eval(mend, {"migov": mg, "x": x})).sum()) == pytest.approx(267)
    closed = by_age([10, 9, 8, 7, 6, 5, 4.0], range(0, 31, 5), last=20)
    with pytest.raises(AgeError, match=r"30-49.*\n.*monotone"):
        graduate(closed)
    tens = by_age([10, 9, 8, 7, 6, 5, 4.0], range(0, 70, 10))
    with pytest.raises(AgeError, match="monotone"):
        graduate(tens)
    with pytest.raises(AgeError, match="more groups of five years"):
        smooth_ages(tens)


def test_missing_groups_and_half_ages_are_refused():
    with pytest.raises(InputError, match="missing at age 60-64"):
        smooth_ages(five().where(five() != 5).assign_attrs(five().attrs))
    with pytest.raises(ParameterError, match="whole number from 81") as caught:
        graduate(five(), method="pclm", end=90.5)
    assert caught.value.argument == "end"
