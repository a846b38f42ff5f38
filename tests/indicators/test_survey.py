"""Estimates from rows: against closed forms, a slow version, and the classes on arrays."""

from __future__ import annotations

import itertools
import json
import pickle
from typing import Annotated

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import norm
from scipy.stats import t as student

import migov as mg
from migov.core.errors import (
    AlignmentError,
    DataError,
    DefinitionError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.core.indicator import REGISTERED
from migov.core.status import flag
from migov.indicators.survey import estimate
from migov.numeric.quantities import Gap, Ratio, Total, mean, weighted_quantile
from migov.numeric.survey import design, rao_wu, variance_of_total

VALUE = {"columns": {"value": "y"}, "units": {"value": "EUR"}}


def sample(seed=3, strata=4, clusters=6, rows=5):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        list(itertools.product(range(strata), range(clusters), range(rows))),
        columns=["h", "c", "row"],
    )
    frame["y"] = 20 + 5 * frame.h + rng.normal(0, 4, len(frame)) + rng.normal(0, 2, 99)[frame.c]
    frame["x"] = rng.uniform(1, 3, len(frame))
    frame["w"] = rng.uniform(50, 150, len(frame))
    frame["sex"] = rng.choice(["F", "M"], len(frame))
    return frame


def refused(kind, text, *args, **kwargs):
    with pytest.raises(kind, match=text) as caught:
        estimate(*args, **kwargs)
    assert isinstance(caught.value, MigovError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


# --- closed forms


def test_simple_random_sample():
    frame = sample()
    y, n = frame.y.to_numpy(), len(frame)
    found = estimate("mean", frame, **VALUE)
    error = y.std(ddof=1) / n**0.5
    assert found.value.item() == pytest.approx(y.mean(), rel=1e-12)
    assert found.standard_error.item() == pytest.approx(error, rel=1e-12)
    half = student.ppf(0.975, n - 1) * error
    assert found.upper.item() == pytest.approx(y.mean() + half, rel=1e-12)
    # without replacement: N = 480, weights 4
    whole = frame.assign(f=0.25, w4=4.0)
    total = estimate("total", whole, **VALUE, weight="w4", fraction="f")
    assert total.standard_error.item() == pytest.approx(480 * 0.75**0.5 * error, rel=1e-12)
    assert total.value.attrs["units"] == "EUR"


def test_share_has_the_binomial_form():
    frame = sample().assign(y=lambda f: (f.sex == "F").astype(float))
    found = estimate("mean", frame, columns={"value": "y"}, units={"value": "1"})
    p, n = frame.y.mean(), len(frame)
    assert found.standard_error.item() == pytest.approx((p * (1 - p) / (n - 1)) ** 0.5, rel=1e-12)


def test_stratified_sample():
    """Cochran (1977), chapter 5: the variance is the sum of W² (1 - f) s² / n over strata."""
    rng = np.random.default_rng(8)
    sizes, taken = [155, 62, 93], [20, 8, 12]
    frame = pd.concat(
        [
            pd.DataFrame(
                {"h": h, "y": rng.normal(30 + 9 * h, 5 + h, n), "w": size / n, "f": n / size}
            )
            for h, (size, n) in enumerate(zip(sizes, taken, strict=True))
        ],
        ignore_index=True,
    )
    by = frame.groupby("h").y
    share = np.array(sizes) / sum(sizes)
    variance = (share**2 * (1 - np.array(taken) / sizes) * by.var() / taken).sum()
    found = estimate("mean", frame, **VALUE, weight="w", strata="h", fraction="f")
    assert found.value.item() == pytest.approx((share * by.mean()).sum(), rel=1e-12)
    assert found.standard_error.item() == pytest.approx(variance**0.5, rel=1e-12)
    degrees = (found.upper.item() - found.value.item()) / found.standard_error.item()
    assert degrees == pytest.approx(student.ppf(0.975, 40 - 3), rel=1e-12)


def test_clusters_of_equal_size_vary_as_their_means():
    frame = sample(strata=1)
    means = frame.groupby("c").y.mean()
    found = estimate("mean", frame, **VALUE, cluster="c")
    assert found.standard_error.item() == pytest.approx(means.std(ddof=1) / 6**0.5, rel=1e-12)


def slow_ratio(frame):
    """Loops over strata and clusters, with residuals of each row."""
    above, below = (frame.w * frame.y).sum(), (frame.w * frame.x).sum()
    ratio, variance = above / below, 0.0
    for _, stratum in frame.groupby("h"):
        sums = []
        for _, cluster in stratum.groupby("c"):
            sums.append(sum(r.w * (r.y - ratio * r.x) / below for r in cluster.itertuples()))
        n, centre = len(sums), sum(sums) / len(sums)
        variance += n / (n - 1) * sum((one - centre) ** 2 for one in sums)
    return ratio, variance**0.5


def test_ratio_against_the_slow_version():
    frame = sample()
    found = estimate(
        "ratio",
        frame,
        columns={"numerator": "y", "denominator": "x"},
        units={"numerator": "EUR", "denominator": "hour"},
        weight="w",
        strata="h",
        cluster="c",
    )
    ratio, error = slow_ratio(frame)
    assert found.value.item() == pytest.approx(ratio, rel=1e-12)
    assert found.standard_error.item() == pytest.approx(error, rel=1e-10)
    assert mg.core.units.powers(found.value.attrs["units"]) == {"currency_EUR": 1.0, "work": -1.0}


def test_domains_keep_the_design_of_the_whole_sample():
    frame = sample()
    found = estimate("mean", frame, **VALUE, weight="w", strata="h", cluster="c", by="sex")
    assert found.value.dims == ("sex",)
    for sex in ("F", "M"):
        mine = frame.assign(x=(frame.sex == sex) * 1.0, y=frame.y * (frame.sex == sex))
        ratio, error = slow_ratio(mine)
        assert found.value.sel(sex=sex).item() == pytest.approx(ratio, rel=1e-12)
        assert found.standard_error.sel(sex=sex).item() == pytest.approx(error, rel=1e-10)
    assert found.n.sum().item() == len(frame)


def test_order_of_rows_does_not_matter():
    frame = sample()
    how = {**VALUE, "weight": "w", "strata": "h", "cluster": "c", "by": {"sex": "sex"}}
    how |= {"method": "bootstrap", "replicates": 20, "seed": 4}
    one = estimate("mean", frame, **how)
    other = estimate("mean", frame.sample(frac=1.0, random_state=1), **how)
    np.testing.assert_allclose(one.standard_error, other.standard_error, rtol=1e-10)


# --- influence, quantiles


@pytest.mark.parametrize("kind", ["total", "ratio", "mean", "gap"])
def test_influence_is_the_derivative_by_the_weights(kind):
    frame = sample()
    y, x, w = (frame[name].to_numpy() for name in ("y", "x", "w"))
    half = x > 2
    quantity = {
        "total": Total(y),
        "ratio": Ratio(y, x),
        "mean": mean(np.where(half, y, np.nan)),
        "gap": Gap(mean(np.where(half, y, np.nan)), mean(np.where(half, np.nan, y)), half | True),
    }[kind]
    influence = quantity.influence(w)
    some = np.flatnonzero(frame.c < 3)
    assert quantity.within(some).value(w[some]) == pytest.approx(
        quantity.value(np.where(frame.c < 3, w, 0.0)), rel=1e-12
    )
    for row in (0, 7, 60):
        step = np.zeros(len(w))
        step[row] = 1e-3
        slope = (quantity.value(w + step) - quantity.value(w - step)) / 2e-3
        assert influence[row] == pytest.approx(slope, rel=1e-6, abs=1e-12)


def test_quantile_is_the_inverse_of_the_distribution():
    y, w = np.array([4.0, 1, 3, 2]), np.array([1.0, 1, 2, 4])
    repeated = np.repeat(y, w.astype(int))
    for share in (0.1, 0.125, 0.5, 0.625, 0.8, 1.0):
        wanted = np.quantile(repeated, share, method="inverted_cdf")
        assert weighted_quantile(y, w, share) == wanted
    assert np.isnan(weighted_quantile(y, w, 1.01))
    assert np.isnan(weighted_quantile(y, w * 0, 0.5))


def test_woodruff_interval_in_a_simple_random_sample():
    rng = np.random.default_rng(11)
    y = np.sort(rng.normal(size=400))
    found = estimate("median", pd.DataFrame({"y": y}), **VALUE)
    p = 0.5  # 200 of 400 rows are at or below the median
    half = student.ppf(0.975, 399) * (p * (1 - p) / 399) ** 0.5
    assert found.value.item() == y[199]
    assert found.lower.item() == y[int(np.ceil(400 * (p - half))) - 1]
    assert found.upper.item() == y[int(np.ceil(400 * (p + half))) - 1]
    # the density of the normal distribution at its median gives the error of large samples
    assert found.standard_error.item() == pytest.approx((np.pi / 2 / 400) ** 0.5, rel=0.25)


def test_a_bound_beyond_the_sample_is_missing_and_said():
    frame = pd.DataFrame({"y": np.arange(8.0)})
    found = estimate("quantile", frame, quantile=0.95, **VALUE)
    assert np.isnan(found.upper.item())
    assert np.isnan(found.standard_error.item())
    assert np.isfinite(found.value.item())
    assert found.observation_status.item() & flag("low_reliability")
    tied = pd.DataFrame({"y": [1.0] * 60 + [2.0] * 40})
    found = estimate("quantile", tied, quantile=0.8, **VALUE)
    assert found.lower.item() == found.upper.item() == 2.0


# --- replicates


def test_bootstrap_agrees_with_linearisation_and_is_reproducible():
    frame = sample(strata=5, clusters=20, rows=2)
    how = {**VALUE, "weight": "w", "strata": "h", "cluster": "c"}
    linear = estimate("mean", frame, **how)
    one = estimate("mean", frame, **how, method="bootstrap", replicates=600, seed=1)
    again = estimate("mean", frame, **how, method="bootstrap", replicates=600, seed=1)
    assert one.identical(again)
    assert one.standard_error.item() == pytest.approx(linear.standard_error.item(), rel=0.1)
    drawn = estimate("mean", frame, **how, method="bootstrap", replicates=2)
    seed = json.loads(drawn.attrs["migov_recipe"])["seed"]
    same = estimate("mean", frame, **how, method="bootstrap", replicates=2, seed=seed)
    assert drawn.standard_error.item() == same.standard_error.item()


def test_bootstrap_of_a_total_has_the_exact_variance_in_expectation():
    """All draws of n - 1 of n units, each with its probability: no sampling in the test."""
    z, fraction = np.array([3.0, 7.0, 8.0]), 0.3
    plan = design(3, fraction=np.array([fraction]))
    root, exact = (1 - fraction) ** 0.5, 0.0
    for pair in itertools.product(range(3), repeat=2):
        drawn = np.bincount(pair, minlength=3)
        factor = 1 - root + root * 3 / 2 * drawn
        exact += ((factor - 1) @ z) ** 2 / 9
    assert exact == pytest.approx(variance_of_total(z, plan), rel=1e-12)
    many = np.array(list(rao_wu(np.ones(3), plan, 4000, 5)))
    assert ((many - 1) @ z).var() == pytest.approx(exact, rel=0.08)
    assert np.unique(np.round(many, 9)).size == 3


def test_draws_of_a_stratum_do_not_hang_on_the_others():
    first = design(60, np.repeat([0, 1], 30), labels=("a", "b"))
    more = design(90, np.repeat([1, 2, 0], 30), labels=("_", "a", "b"))
    one = next(rao_wu(np.ones(60), first, 1, 9))
    other = next(rao_wu(np.ones(90), more, 1, 9))
    np.testing.assert_array_equal(one, other[:60])


def test_replicate_weights_of_a_jackknife():
    frame = sample(strata=1, clusters=8, rows=3)
    names = []
    for gone in range(8):
        names.append(f"r{gone}")
        frame[names[-1]] = frame.w * np.where(frame.c == gone, 0, 8 / 7)
    found = estimate(
        "mean", frame, **VALUE, weight="w", method="replicate", replicates=names, scale=7 / 8
    )
    linear = estimate("mean", frame, **VALUE, weight="w", cluster="c")
    assert found.standard_error.item() == pytest.approx(linear.standard_error.item(), rel=0.03)
    half = (found.upper - found.value).item() / found.standard_error.item()
    assert half == pytest.approx(norm.ppf(0.975), rel=1e-12)
    total = {"columns": {"value": "y"}, "units": {"value": "EUR"}, "weight": "w"}
    jack = estimate("total", frame, **total, method="replicate", replicates=names, scale=7 / 8)
    exact = estimate("total", frame, **total, cluster="c")  # equal for a linear estimate
    assert jack.standard_error.item() == pytest.approx(exact.standard_error.item(), rel=1e-10)


# --- small cells, missing values


def test_small_cells_and_those_that_give_them_away_are_suppressed():
    frame = pd.DataFrame(
        [(a, b) for a, row in {"x": (20, 3, 30), "z": (40, 50, 60)}.items()
         for b, n in zip("pqr", row, strict=True) for _ in range(n)],
        columns=["group", "kind"],
    ).assign(y=lambda f: np.arange(len(f), dtype=float))  # fmt: skip
    found = estimate("mean", frame, **VALUE, by=["group", "kind"])
    hidden = (found.observation_status & flag("suppressed")) > 0
    assert hidden.values.tolist() == [[True, True, False], [True, True, False]]
    for name in ("value", "standard_error", "lower", "upper", "n", "coverage"):
        assert np.isnan(found[name].values[hidden]).all()
        assert np.isfinite(found[name].values[~hidden]).all()
    bare = estimate("mean", frame, **VALUE, by=["group", "kind"], min_cell=1)
    assert not (bare.observation_status & flag("suppressed")).any()
    assert np.isnan(estimate("mean", frame.head(4), **VALUE).value.item())


def test_rows_outside_the_denominator_do_not_make_a_cell_large():
    frame = pd.DataFrame({"isced": ["3"] * 40 + ["6"] * 3, "isco": ["5"] * 41 + ["2"] * 2})
    columns = {"education": "isced", "occupation": "isco"}
    found = estimate(mg.OverqualificationRate(), frame, columns=columns)
    assert found.observation_status.item() == flag("suppressed")
    frame = pd.DataFrame({"wage": np.arange(1.0, 31), "m": [1.0] * 2 + [0.0] * 28})
    found = estimate(mg.MigrantWageGap(), frame, columns={"wage": "wage", "migrant": "m"})
    assert found.observation_status.item() == flag("suppressed")


def test_missing_rows_are_left_out_and_told():
    frame = sample().assign(y=lambda f: f.y.where(f.c != 0))
    found = estimate("mean", frame, **VALUE, strata="h", cluster="c")
    assert found.coverage.item() == pytest.approx(5 / 6)
    assert found.observation_status.item() == flag("partial")
    assert found.value.item() == pytest.approx(frame.y.mean(), rel=1e-12)
    none = frame.assign(y=np.nan)
    empty = estimate("mean", none, **VALUE, by="sex")
    assert np.isnan(empty.value).all()
    assert (empty.observation_status == flag("missing")).all()


# --- indicators


def test_overqualification_from_rows_and_from_the_array():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "isced": rng.choice(["2", "3", "5", "6", "7"], 500),
            "isco": rng.choice(["0110", "12", "2221", "33", "5153", "9", "_U"], 500),
            "age": rng.integers(15, 75, 500).astype(float),
            "w": rng.uniform(1, 9, 500),
        }
    )
    columns = {"education": "isced", "occupation": "isco", "age": "age"}
    found = estimate(mg.OverqualificationRate(), frame, columns=columns, weight="w")
    inside = frame[frame.age.between(20, 64)]
    table = inside.pivot_table("w", "isco", "isced", aggfunc="sum", fill_value=0.0)
    employed = mg.Cells(
        table.to_numpy(),
        "person",
        occupation=" ".join(table.index),
        education=" ".join(table.columns),
    ).array()
    by_class = mg.OverqualificationRate()(employed)
    assert found.value.item() == pytest.approx(by_class.item(), rel=1e-12)
    assert found.value.attrs["units"] == by_class.attrs["units"]
    assert found.value.attrs["long_name"] == by_class.attrs["long_name"]


@pytest.mark.parametrize("method", ["mean", "mode"])
@pytest.mark.parametrize("outcome", ["over", "under", "any"])
def test_education_mismatch_from_rows(shared, method, outcome):
    frame = pd.read_csv(shared / "golden/labour/mismatch/years_of_schooling_input.csv")
    wanted = pd.read_csv(shared / "golden/labour/mismatch/years_of_schooling_expected.csv")
    made = mg.EducationMismatchRate(method=method, outcome=outcome)
    columns = {"occupation": "occupation", "years": "years"}
    found = estimate(made, frame, columns=columns, by={"occupation": "job"})
    name = {"mean": "{}_mean_{}_1sd_percent", "mode": "{0}_mode_percent"}[method]
    parts = {o: wanted[name.format(o, s)] for o, s in (("over", "plus"), ("under", "minus"))}
    parts["any"] = parts["over"] + parts["under"]
    np.testing.assert_allclose(found.value, parts[outcome])
    assert (found.standard_error > 0).all()


def test_education_mismatch_by_the_norm_from_rows():
    frame = pd.DataFrame({"o": ["2", "5", "9", "9", "0"] * 4, "e": ["3", "3-4", "6", "2", "6"] * 4})
    columns = {"occupation": "o", "education": "e"}
    made = {o: mg.EducationMismatchRate(method="normative", outcome=o) for o in ("over", "under")}
    found = {o: estimate(one, frame, columns=columns) for o, one in made.items()}
    assert found["over"].value.item() == found["under"].value.item() == 25.0
    assert found["over"].n.item() == 16
    refused(KindError, "education", made["over"], frame, columns={"occupation": "o"})


def test_wage_gap_from_rows():
    frame = sample().assign(migrant=lambda f: (f.x > 2.2) * 1.0)
    columns = {"wage": "y", "migrant": "migrant"}
    found = estimate(mg.MigrantWageGap(), frame, columns=columns, weight="w", cluster="c")
    by = {m: np.average(g.y, weights=g.w) for m, g in frame.groupby("migrant")}
    assert found.value.item() == pytest.approx(100 * (1 - by[1.0] / by[0.0]), rel=1e-12)
    middle = mg.MigrantWageGap(statistic="median")
    refused(ParameterError, "bootstrap", middle, frame, columns=columns)
    how = {"columns": columns, "method": "bootstrap", "replicates": 60, "seed": 2}
    medians = frame.groupby("migrant").y.quantile(0.5, interpolation="lower")
    found = estimate(middle, frame, **how)
    assert found.value.item() == pytest.approx(100 * (1 - medians[1.0] / medians[0.0]), rel=1e-12)
    assert found.standard_error.item() > 0
    apart = estimate(middle, frame, **how, by={"h": "region"}, min_cell=1)
    one = frame[frame.h == 2].groupby("migrant").y.quantile(0.5, interpolation="lower")
    assert apart.value.sel(region="2").item() == pytest.approx(100 * (1 - one[1.0] / one[0.0]))
    weighted = mg.MigrantWageGap(form="factor_weighted")
    how["columns"] = {**columns, "subgroup": "h"}
    found = estimate(weighted, frame, **how)
    gaps = frame.groupby("h")[["y", "migrant"]].apply(
        lambda g: 1 - g.y[g.migrant == 1].mean() / g.y[g.migrant == 0].mean()
    )
    assert found.value.item() == pytest.approx(100 * gaps.mean(), rel=1e-12)


# --- refusals


def test_what_cannot_be_is_refused():
    frame = sample()
    refused(KindError, "frame", "mean", frame.y, **VALUE)
    refused(ParameterError, "statistic", "mode", frame, **VALUE)
    refused(UnitError, "value", "mean", frame, columns={"value": "y"})
    refused(UnitError, "units", "mean", frame, columns={"value": "y"}, units={"value": "euros"})
    refused(DimensionError, "wage", "mean", frame, columns={"value": "wage"}, units={"value": "1"})
    refused(AlignmentError, "denominator", "ratio", frame, columns={"numerator": "y"})
    refused(AlignmentError, "'x'", "mean", frame, columns={"value": "y", "x": "x"})
    refused(KindError, "value", "mean", frame, columns={"value": "sex"}, units={"value": "1"})
    refused(InputError, "w", "mean", frame.assign(w=-1.0), **VALUE, weight="w")
    refused(InputError, "w", "mean", frame.assign(w=np.nan), **VALUE, weight="w")
    refused(InputError, "h", "mean", frame.assign(h=None), **VALUE, strata="h")
    refused(InputError, "value", "mean", frame.assign(y=np.inf), **VALUE)
    refused(DimensionError, "sexs", "mean", frame, **VALUE, by={"sex": "sexs"})
    alone = frame.assign(h=frame.index == 0)
    refused(InputError, "h True", "mean", alone, **VALUE, strata="h")
    refused(InputError, "share", "mean", frame.assign(f=frame.x), **VALUE, fraction="f")
    refused(ParameterError, "method", "mean", frame, **VALUE, method="jackknife")
    refused(ParameterError, "replicates", "mean", frame, **VALUE, replicates=5)
    refused(ParameterError, "replicates", "mean", frame, **VALUE, method="replicate")
    refused(ParameterError, "replicates", "mean", frame, **VALUE, method="bootstrap", replicates=1)
    refused(ParameterError, "quantile", "quantile", frame, **VALUE)
    refused(ParameterError, "quantile", "mean", frame, **VALUE, quantile=0.5)
    refused(ParameterError, "level", "mean", frame, **VALUE, level=95)
    refused(ParameterError, "scale", "mean", frame, **VALUE, scale=2.0)
    refused(KindError, "JobVacancyRate", mg.JobVacancyRate(), frame, columns={})


def test_a_stratum_sampled_whole_adds_no_variance():
    frame = sample().assign(f=lambda d: (d.h == 0) * 1.0)
    frame = frame[(frame.h > 0) | (frame.index == 0)]
    found = estimate("total", frame, **VALUE, strata="h", fraction="f")
    rest = estimate("total", frame[frame.h > 0], **VALUE, strata="h")
    assert found.standard_error.item() == pytest.approx(rest.standard_error.item(), rel=1e-12)


COSTS = pd.DataFrame({
    "cost": [300.0, 0.0, 900.0, 400.0, 500.0, 100.0],
    "earned": [300.0, 400.0, 300.0, 200.0, 500.0, 400.0],
    "w": [1.0, 2.0, 1.0, 2.0, 1.0, 2.0],
    "sex": ["F", "M"] * 3,
})  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "how", "argument"),
    [
        ({"cost": 1j}, {}, "costs"),
        ({"cost": True}, {}, "costs"),
        ({"cost": [[1]] * 6}, {}, "costs"),
        ({"sex": [["F"]] * 6}, {"by": "sex"}, "by"),
        ({}, {"units": {"earnings": "EUR/month"}}, "costs"),
        ({}, {"units": None}, "costs"),
        ({}, {"columns": None}, "columns"),
        ({}, {"columns": ["cost", "earned"]}, "columns"),
        ({}, {"min_cell": -1}, "min_cell"),
        ({}, {"min_cell": "5"}, "min_cell"),
        ({}, {"min_cell": 4.5}, "min_cell"),
    ],
)
def test_rows_that_cannot_be_are_refused(changes, how, argument):
    plain = {
        "columns": {"costs": "cost", "earnings": "earned"},
        "units": {"costs": "EUR", "earnings": "EUR/month"},
        "weight": "w",
        "definition": mg.definitions.LABOUR_MIGRATION,
    }
    assert np.isfinite(mg.estimate(mg.RecruitmentCost(), COSTS, **plain).value)
    with pytest.raises(MigovError) as fault:
        mg.estimate(mg.RecruitmentCost(), COSTS.assign(**changes), **{**plain, **how})
    assert fault.value.argument == argument
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)


def test_a_column_twice_is_refused():
    twice = pd.concat([COSTS, COSTS[["w"]]], axis=1)
    with pytest.raises(MigovError, match="column 'w' twice"):
        mg.estimate("mean", twice, columns={"value": "cost"}, units={"value": "EUR"}, weight="w")


# --- columns under the contracts of the class

Night = Annotated[
    xr.DataArray,
    mg.Input(
        title="whether an employed migrant works at night",
        unit="1",
        needs=("person",),
        values="share",
        kind="stock",
        definition="needed",
        sources="labour-force survey",
    ),
]
WORKERS = mg.Definition(name="employed migrants", criterion="birth", counts="persons")
ROWS = pd.DataFrame({"night": [1, 0, 1, 0, 1, 0, 0, 0], "w": [1.0, 2.0] * 4})


@pytest.fixture
def night_work():
    @mg.indicator(id="test_night", title="Night work", unit="percent", references=("none, 2026",))
    class NightWork(mg.Indicator):
        """Share of workers at night."""

        def __call__(self, night: Night) -> xr.DataArray:
            """From one row a person."""
            return night.mean("person", skipna=False)

        def of_rows(self, night):
            """Return the share of rows."""
            return mean(night)

    yield NightWork()
    REGISTERED.pop("test_night")


def test_a_column_is_held_to_the_contract_of_the_class(night_work):
    how = {"columns": {"night": "night"}, "weight": "w", "definition": WORKERS}
    found = estimate(night_work, ROWS, **how)
    assert found.value.item() == pytest.approx(100 * 3 / 12)
    assert json.loads(json.loads(found.attrs["migov_recipe"])["definition"])["criterion"] == "birth"
    in_percent = ROWS.assign(night=ROWS.night * 100)
    again = estimate(night_work, in_percent, units={"night": "percent"}, **how)
    assert again.value.item() == pytest.approx(found.value.item())
    no_answer = ROWS.assign(night=ROWS.night.where(ROWS.index > 1, 9))
    refused(InputError, r"column 'night'\) holds 9 in 2 rows", night_work, no_answer, **how)
    refused(InputError, "holds 100 in 3 rows", night_work, in_percent, **how)
    refused(InputError, "holds -1 in", night_work, ROWS.assign(night=-ROWS.night), **how)


def test_rows_say_who_is_counted_as_arrays_do(night_work):
    how = {"columns": {"night": "night"}}
    refused(DefinitionError, "NightWork asks who is counted", night_work, ROWS, **how)


def test_rows_of_a_class_without_their_form_name_it():
    refused(KindError, "of_rows", mg.MigrantShare(), ROWS, columns={"migrants": "night"})


class TestLabelsOfBy:
    FRAME = pd.DataFrame(
        {
            "sex": ["M", "m", "male", "F"] * 20,
            "v": [1.0, 0.0, 1.0, 0.0] * 20,
            "year": [2020, 2020, 2021, 2021] * 20,
            "country": ["Moldova", "MDA", "MD", "DEU"] * 20,
            "group": ["15-24", "25-34", "25-34", "35+"] * 20,
        }
    )

    def mean(self, by, frame=FRAME):
        columns, units = {"value": "v"}, {"value": "1"}
        return estimate("mean", frame, columns=columns, units=units, by=by)

    def test_spellings_of_one_class_are_one_class(self):
        found = self.mean("sex")
        assert found.sex.values.tolist() == ["F", "M"]
        np.testing.assert_allclose(found.value, [0, 2 / 3])
        assert found.n.values.tolist() == [20, 60]
        found = self.mean({"country": "citizenship", "sex": "sex"})
        assert found.value.dims == ("citizenship", "sex")
        assert found.citizenship.values.tolist() == ["DEU", "MDA"]
        assert found.n.sel(citizenship="MDA", sex="M").item() == 60

    def test_years_are_periods_and_ages_have_their_width(self):
        found = self.mean({"year": "period", "group": "age"})
        assert found.period_end.values.astype("M8[D]").astype(str)[-1] == "2022-01-01"
        assert found.age_width.values.tolist() == [10, 10, np.inf]
        with pytest.raises(TimeError, match="the dimension is 'period'") as caught:
            self.mean({"year": "time"})
        assert pickle.loads(pickle.dumps(caught.value)).argument == "by"

    def test_words_that_are_none_are_told_with_their_rows(self):
        wrong = self.FRAME.replace({"male": "mael", "Moldova": "Moldva"})
        with pytest.raises(DataError) as caught:
            self.mean({"country": "citizenship", "sex": "sex"}, wrong)
        told = str(caught.value)
        assert "'sex': 'mael' is no sex (rows 2, 6, 10 … (20 rows))" in told
        assert "'Moldva' is no area (rows 0, 4, 8 … (20 rows)): Moldova is MDA" in told
        assert self.mean({"country": "wave"}, wrong).wave.values.tolist()[-1] == "Moldva"


def test_faults_name_the_column_and_what_to_write():
    frame = pd.DataFrame({"wage": ["1,234", "900"], "weight": [1.0, 2.0], "hours": ["40", "x"]})
    how = {"columns": {"value": "wage"}, "units": {"value": "EUR"}}
    with pytest.raises(KindError, match="column 'wage'") as caught:
        estimate("mean", frame, **how)
    mended = frame.assign(wage=frame["wage"].str.replace(",", "").astype(float))
    assert caught.value.mend.startswith("frame['wage'] = frame['wage'].str.replace")
    assert estimate("mean", mended, **how, min_cell=0).value.item() == 1067.0
    with pytest.raises(DimensionError) as caught:
        estimate("mean", mended, **how, weight="wieght")
    assert caught.value.mend == 'weight="weight"'
    with pytest.raises(KindError, match="'x' in 1 rows") as caught:
        estimate("mean", frame, columns={"value": "hours"}, units={"value": "hour"})
    assert "where(frame['hours'] != 'x')" in caught.value.mend
