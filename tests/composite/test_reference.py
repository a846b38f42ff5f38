"""Against the reference outputs of another implementation, and published figures."""

from __future__ import annotations

import attrs
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov.composite import (
    Arithmetic,
    BenefitOfDoubt,
    Components,
    Copeland,
    DistanceToTarget,
    Entropy,
    Frontier,
    Geometric,
    Given,
    Goalposts,
    Harmonic,
    Index,
    MazziottaPareto,
    MinMax,
    Missing,
    Node,
    OrderedWeighted,
    Rank,
    Uncertainty,
    Winsorise,
    ZScore,
)
from migov.composite import kernels_normalise as scales
from migov.composite import kernels_outliers as outliers
from migov.numeric.moments import moments

TIGHT = {"rtol": 1e-10, "atol": 1e-10}
MEANS = {"a_amean": Arithmetic(), "a_gmean": Geometric(), "a_hmean": Harmonic()}
SCALES = {
    "minmax": MinMax(),
    "minmax_1_100": MinMax(lower=1, upper=100),
    "zscore": ZScore(),
    "zscore_10_2": ZScore(mean=10, sd=2),
    "rank": Rank(),
    "percentile_rank": Rank(percentile=True),
    "distance_to_max": MinMax(lower=0, upper=1),
}


@pytest.mark.parametrize("method", [*SCALES, "borda", "distance_to_target"])
def test_normalised(asem, method):
    golden = asem.read("asem_normalised_by_method.csv")
    wanted = asem.array(golden[golden["method"] == method])
    index = asem.index(normalise=SCALES.get(method, Rank()), tolerance=0.0)
    if method == "distance_to_target":
        index = index.evolve(
            nodes=tuple(
                attrs.evolve(
                    node,
                    normalise=DistanceToTarget(target=asem.targets[node.id], upper=1, cap=False),
                )
                if node.direction
                else node
                for node in asem.nodes
            )
        )
    found = index.score(asem.array("asem_treated_winsorised.csv")).score.sel(node=asem.leaves)
    values = found.sel(area=wanted.area.values).transpose("node", "area").values
    np.testing.assert_allclose(values - (method == "borda"), wanted.values, **TIGHT)


def test_frontier_is_not_inverted(asem):
    """The reference inverts reversed indicators; the best area has the best score either way."""
    golden = asem.read("asem_normalised_by_method.csv")
    wanted = asem.array(golden[golden["method"] == "fraction_of_max"])
    data = asem.array("asem_treated_winsorised.csv")
    direction = {node.id: node.direction for node in asem.nodes}
    ups = [n for n in asem.leaves if direction[n] == "up" and data.sel(node=n).min() >= 0]
    downs = [n for n in asem.leaves if direction[n] == "down" and data.sel(node=n).min() > 0]
    assert len(ups) > 30
    assert len(downs) > 5
    nodes = (
        Node(id="index"),
        *(Node(id=n, parent="index", direction=direction[n]) for n in (*ups, *downs)),
    )
    found = Index(nodes=nodes, normalise=Frontier(upper=1)).score(data).score
    found = found.transpose("node", "area").sel(area=wanted.area.values)
    np.testing.assert_allclose(found.sel(node=ups).values, wanted.sel(node=ups).values, **TIGHT)
    slow = data.sel(node=downs, area=wanted.area.values)
    np.testing.assert_allclose(
        found.sel(node=downs).values, (slow.min("area") / slow).values, **TIGHT
    )
    assert float(found.sel(node=downs).max()) == 1.0


@pytest.mark.parametrize(
    ("scale", "mean"),
    [
        ("minmax", "a_amean"),
        ("minmax_1_100", "a_amean"),
        ("minmax_1_100", "a_gmean"),
        ("minmax_1_100", "a_hmean"),
        ("minmax_1_100", "amean>gmean>hmean"),
        ("rank", "a_amean"),
        ("zscore", "a_amean"),
    ],
)
def test_aggregated(asem, scale, mean):
    golden = asem.read("asem_aggregated_by_method.csv")
    wanted = golden[(golden["normalisation"] == scale) & (golden["aggregation"] == mean)]
    wanted = wanted.set_index("uCode")
    index = asem.index(
        treat=Winsorise(points=5),
        normalise=SCALES[scale],
        aggregate=MEANS.get(mean, Arithmetic()),
        tolerance=0.0,
    )
    if mean not in MEANS:
        by_level = {2: Arithmetic(), 1: Geometric(), 0: Harmonic()}
        index = index.evolve(
            nodes=tuple(
                node
                if node.direction
                else attrs.evolve(node, aggregate=by_level[index.tree.level[node.id]])
                for node in asem.nodes
            )
        )
    found = index.score(asem.array("asem_imputed_screened.csv"))
    names = [name for name in index.tree.ids if name not in asem.leaves]
    values = found.score.sel(node=names, area=list(wanted.index)).values
    np.testing.assert_allclose(values, wanted[names].to_numpy(), **TIGHT)
    ranks = index.rank(found).sel(area=list(wanted.index)).values
    assert (ranks == wanted["rank"].to_numpy()).all()


def test_winsorised_and_its_steps(asem):
    data = asem.array("asem_imputed_screened.csv")
    wanted = asem.array("asem_treated_winsorised.csv").sel(area=data.area.values)
    treated, steps, still = outliers.winsorise(data.values.T, 5, 2.0, 3.5)
    np.testing.assert_allclose(treated, wanted.values.T, **TIGHT)
    details = asem.read("asem_treatment_details.csv").set_index("iCode").loc[asem.leaves]
    assert (steps == details["winsorise.nwin"].fillna(0).to_numpy()).all()
    assert not still.any()
    found = moments(data.values.T)
    np.testing.assert_allclose(found.skewness, details["check_SkewKurt0.Skew"], **TIGHT)
    np.testing.assert_allclose(found.kurtosis, details["check_SkewKurt0.Kurt"], **TIGHT)


def test_means_by_group_fill_missing_values(asem):
    raw = asem.array("asem_denominated.csv")
    groups = asem.read("asem_data.csv").set_index("uCode")["EurAsia_group"]
    raw = raw.assign_coords(region=("area", [groups[code] for code in raw.area.values]))
    wanted = asem.array("asem_imputed_screened.csv").sel(area=raw.area.values)
    index = asem.index(missing=Missing(fill="group_mean", group="region"))
    as_if = asem.index().score(wanted)
    found = index.score(raw)
    np.testing.assert_allclose(found.score.values, as_if.score.values, **TIGHT)
    gone = np.isnan(raw)
    assert int(gone.sum()) > 0
    flags = found.observation_status.sel(node=asem.leaves).transpose("node", "area").values
    assert ((flags & 16) > 0).sum() == int(gone.sum())


@pytest.mark.parametrize("needed", [0.80, 0.99])
def test_thresholds_by_node(asem, needed):
    name = f"asem_aggregate_raw_minmax_arithmetic_threshold{round(100 * needed):03d}.csv"
    golden = asem.read(name)
    index = asem.index(missing=Missing(needed=needed))
    nodes = list(index.tree.ids)
    wanted = asem.array(golden, nodes)
    found = index.score(asem.array("asem_data.csv")).score.transpose("node", "area")
    found = found.sel(area=wanted.area.values, node=nodes)
    assert np.isnan(wanted.values).sum() > 0
    np.testing.assert_allclose(found.values, wanted.values, **TIGHT)


def test_copeland(asem):
    golden = asem.read("asem_copeland_conn.csv").set_index("uCode")["copeland_conn_pillars"]
    for scale in (MinMax(lower=1, upper=100), MinMax()):
        index = asem.index(treat=Winsorise(), normalise=scale)
        index = index.evolve(
            nodes=tuple(
                attrs.evolve(node, aggregate=Copeland()) if node.id == "Conn" else node
                for node in asem.nodes
            )
        )
        found = index.score(asem.array("asem_imputed_screened.csv")).score.sel(node="Conn")
        assert (found.sel(area=list(golden.index)).values == golden.to_numpy()).all()


def test_components(asem):
    golden = asem.read("asem_pca_weights.csv")
    audit = asem.index(treat=Winsorise(), normalise=MinMax(lower=1, upper=100)).audit(
        asem.array("asem_imputed_screened.csv")
    )
    matched = 0
    for group, rows in golden.groupby("group"):
        loadings = audit.loading.sel(node=list(rows["iCode"])).values
        wanted = rows["weight_pc1"].to_numpy()
        wanted = wanted * np.sign(wanted @ loadings)
        np.testing.assert_allclose(loadings, wanted, atol=1e-10)
        np.testing.assert_allclose(
            audit.component_share.sel(node=group, component=1), rows["share_pc1"].iloc[0], **TIGHT
        )
        matched += len(rows)
    assert matched == len(golden)


def test_cronbach(asem):
    golden = asem.read("asem_cronbach_alpha.csv").set_index("group")["alpha"]
    audit = asem.index(treat=Winsorise(), normalise=MinMax(lower=1, upper=100)).audit(
        asem.array("asem_imputed_screened.csv")
    )
    found = audit.alpha.sel(node=list(golden.index)).values
    np.testing.assert_allclose(found, golden.to_numpy(), **TIGHT)


def test_correlations(asem):
    golden = asem.read("asem_correlation_indicator_pillar.csv")
    audit = asem.index(treat=Winsorise(), normalise=MinMax(lower=1, upper=100)).audit(
        asem.array("asem_imputed_screened.csv")
    )
    found = [
        float(audit.correlation.sel(node=a, other=b))
        for a, b in zip(golden["Var1"], golden["Var2"], strict=True)
    ]
    np.testing.assert_allclose(found, golden["Correlation"], **TIGHT)


def test_effective_weights(asem):
    golden = asem.read("asem_effective_weights.csv").set_index("iCode")["EffWeight"]
    scored = asem.index().score(asem.array("asem_imputed_screened.csv"))
    weight = dict(zip(scored.node.values, scored.weight.values, strict=True))
    parent = dict(zip(scored.node.values, scored.parent.values, strict=True))

    def effective(node: str) -> float:
        return weight[node] * (effective(parent[node]) if parent[node] else 1.0)

    found = [effective(node) for node in golden.index]
    np.testing.assert_allclose(found, golden.to_numpy(), **TIGHT)


def test_replicates(asem):
    """Every choice of twelve draws of the reference, redone."""
    settings = asem.read("asem_replicate_settings.csv")
    weights = asem.read("asem_replicate_weights.csv")
    results = asem.read("asem_replicate_results.csv")
    scale = {
        "minmax_1_100": MinMax(lower=1, upper=100),
        "rank": Rank(),
        "zscore_50_10": ZScore(mean=50, sd=10),
    }
    data = asem.array("asem_imputed_screened.csv")
    for row in settings.itertuples():
        own = weights[weights["replicate"] == row.replicate].set_index("iCode")["Weight"]
        index = asem.index(
            treat=Winsorise(points=int(row.winmax), then_log=True),
            normalise=scale[row.normalisation],
            aggregate=MEANS[row.aggregation],
            tolerance=0.0,
            weigh=Given(rescale=True),
        ).weighted({name: value for name, value in own.items() if name in asem.index().tree.ids})
        wanted = results[results["replicate"] == row.replicate].set_index("uCode")
        scored = index.score(data)
        found = scored.score.sel(area=list(wanted.index), node=["Index", "Conn", "Sust"]).values
        np.testing.assert_allclose(found, wanted[["Index", "Conn", "Sust"]].to_numpy(), rtol=1e-10)
        ranks = index.rank(scored).sel(area=list(wanted.index)).values
        assert (ranks == wanted["rank"].to_numpy()).all()


def test_uncertain_ranks_agree_with_the_reference(asem):
    golden = asem.read("asem_uncertainty_rank_summary_500.csv").set_index("uCode")
    index = asem.index(treat=Winsorise(points=5), normalise=MinMax(lower=1, upper=100))
    doubt = Uncertainty(
        weights=0.25,
        levels=(1, 2),
        treat=tuple(Winsorise(points=points, then_log=True) for points in range(1, 6)),
        normalise=(MinMax(lower=1, upper=100), ZScore(mean=10, sd=2)),
        aggregate=(Arithmetic(), Geometric()),
    )
    found = index.robustness(
        asem.array("asem_imputed_screened.csv"), doubt, draws=2000, seed=3, ranks=True
    )
    areas = list(golden.index)
    assert (found.nominal_rank.sel(area=areas).values == golden["Nominal"].to_numpy()).all()
    mean = found["rank"].mean("member").sel(area=areas).values
    assert np.abs(mean - golden["Mean"].to_numpy()).max() < 1.0
    assert np.corrcoef(mean, golden["Mean"])[0, 1] > 0.999


def test_vector_cases(asem):
    """Normalisations of one vector with a missing value and ties."""
    golden = asem.read("vector_cases.csv")
    x = golden["x"].to_numpy()[None, :, None]
    one, minus = np.array([1.0]), np.array([-1.0])

    def goalposts(worst: float, best: float, cap: bool = True, upper: float = 1.0) -> np.ndarray:
        return scales.between_goalposts(x, worst, best, 0.0, upper, cap, False)

    found = {
        "minmax": scales.min_max(x, one, 0, 100)[0],
        "zscore": scales.z_score(x, one, 0, 1)[0],
        "rank_min": scales.places(x, one, 0.0, False),
        "percentile_rank": scales.places(x, one, 0.0, True),
        "borda": scales.places(x, one, 0.0, False) - 1,
        "distance_to_max": scales.min_max(x, one, 0, 1)[0],
        "fraction_of_max": scales.to_frontier(x, one, 1),
        "distance_to_target_30": scales.to_target(x, one, 30, 0, 1, False),
        "distance_to_target_30_capped": scales.to_target(x, one, 30, 0, 1, True),
        "distance_to_target_minus_5_dir_minus": scales.to_target(x, minus, -5, 0, 1, False),
        "distance_to_reference_7": scales.to_target(x, one, 7, 0, 1, False),
        "goalposts_0_50_1": goalposts(0, 50),
        "goalposts_0_50_1_inverse": goalposts(50, 0),
        "goalposts_untruncated": goalposts(0, 50, cap=False),
        "scaled": goalposts(-5, 105, cap=False, upper=100.0),
        "winsorised": outliers.winsorise(x[0], 5, 2.0, 3.5)[0][None],
        "log_CT": outliers.shifted_log(x[0])[None],
        "boxcox_half": outliers.box_cox(x[0], 0.5)[0][None],
    }
    for name, values in found.items():
        wanted = golden[name].to_numpy()
        np.testing.assert_allclose(values[0, :, 0], wanted, **TIGHT, err_msg=name)


def test_mean_cases(asem, make_nodes):
    golden = asem.read("mean_cases.csv").set_index("case")
    index = Index(
        nodes=tuple(
            attrs.evolve(node, weight=weight)
            for node, weight in zip(
                make_nodes("up", "up", "up", "up"), (1.0, 1.0, 2.0, 1.0, 0.5), strict=True
            )
        ),
        normalise=Goalposts(worst=0, best=100, cap=False),
        weigh=Given(rescale=True),
    )
    values = [20.0, 35.0, 80.0, 5.0]
    row = golden.iloc[0]
    data = xr.DataArray(
        [[v] for v in values], {"node": list("abcd"), "area": ["ALB"]}, ("node", "area")
    )
    for column, choice in (("amean", Arithmetic()), ("gmean", Geometric()), ("hmean", Harmonic())):
        found = index.evolve(aggregate=choice).score(data).score.sel(node="index").item()
        np.testing.assert_allclose(found, row[column], rtol=1e-12)


def small(asem) -> tuple[tuple[Node, ...], xr.DataArray, pd.DataFrame]:
    frame = asem.read("small_matrix.csv")
    names = ["i1", "i2", "i3"]
    nodes = (Node(id="index"), *(Node(id=n, parent="index", direction="up") for n in names))
    data = xr.DataArray(
        frame[names].to_numpy(float).T,
        coords={"node": names, "area": list(frame["unit"])},
        dims=("node", "area"),
    )
    return nodes, data, asem.read("small_matrix_scores.csv")


def test_small_matrix(asem):
    nodes, data, golden = small(asem)
    plain = Goalposts(worst=0, best=100)
    cases = {
        "ampi_minus_minmax_goalposts": (MinMax(lower=70, upper=130), MazziottaPareto(), None),
        "ampi_minus_reference_mean_centred": (
            MinMax(lower=70, upper=130, centre="mean"),
            MazziottaPareto(),
            None,
        ),
        "owa_0.5_0.3_0.2_worst_first": (
            MinMax(lower=0, upper=1),
            OrderedWeighted(weights=(0.5, 0.3, 0.2)),
            None,
        ),
        "benefit_of_the_doubt": (plain, Arithmetic(), BenefitOfDoubt(upper=1)),
        "benefit_of_the_doubt_min_share_0.2": (
            plain,
            Arithmetic(),
            BenefitOfDoubt(minimum_share=0.2, upper=1),
        ),
    }
    for name, (scale, mean, weigh) in cases.items():
        index = Index(nodes=nodes, normalise=scale, aggregate=mean)
        index = index if weigh is None else index.evolve(weigh=weigh)
        found = index.score(data).score.sel(node="index").values
        np.testing.assert_allclose(found, golden[name], atol=6e-11, err_msg=name)


def test_entropy_weights(asem):
    nodes, data, _ = small(asem)
    golden = asem.read("small_matrix_entropy_weights.csv").set_index("indicator")["weight"]
    index = Index(nodes=nodes, normalise=Goalposts(worst=0, best=100), weigh=Entropy())
    found = index.score(data).weight.squeeze().sel(node=list(golden.index)).values
    np.testing.assert_allclose(found, golden.to_numpy(), atol=1e-11)


def test_component_weights_sum_to_one(asem):
    index = asem.index(weigh=Components())
    scored = index.score(asem.array("asem_imputed_screened.csv"))
    for place, children in index.tree.steps:
        names = [index.tree.ids[i] for i in children]
        assert abs(float(scored.weight.sel(node=names).sum()) - 1) < 1e-12, index.tree.ids[place]


def test_human_development(asem):
    """UNDP's index: cube root of three, education the mean of two, goalposts fixed in time."""
    frame = asem.read("hdi_published.csv")
    names = ["life_expectancy", "expected_schooling", "mean_schooling", "gni_per_capita_ppp2017"]
    unit = {"lower": 0, "upper": 1}
    nodes = (
        Node(id="hdi", aggregate=Geometric()),
        Node(id="education", parent="hdi"),
        Node(
            id=names[0],
            parent="hdi",
            direction="up",
            unit="year",
            normalise=Goalposts(worst=20, best=85, **unit),
        ),
        Node(
            id=names[1],
            parent="education",
            direction="up",
            unit="year",
            normalise=Goalposts(worst=0, best=18, **unit),
        ),
        Node(
            id=names[2],
            parent="education",
            direction="up",
            unit="year",
            normalise=Goalposts(worst=0, best=15, **unit),
        ),
        Node(
            id=names[3],
            parent="hdi",
            direction="up",
            unit="USD",
            normalise=Goalposts(worst=100, best=75000, log=True, **unit),
        ),
    )
    index = Index(nodes=nodes, title="human development")
    assert len(frame) > 100
    for _, rows in frame.groupby("year"):
        data = {
            name: xr.DataArray(rows[name].to_numpy(float), {"area": list(rows["iso3"])}, ("area",))
            for name in names
        }
        found = index.score(data).score.sel(node="hdi").values
        np.testing.assert_allclose(found, rows["hdi_computed"], atol=6e-10)
        assert (np.abs(found - rows["hdi_published"]) <= 0.0005 + 1e-9).all()
