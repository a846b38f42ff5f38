"""Scores with labels: identities, missing values, status, members, time, ranks."""

from __future__ import annotations

import attrs
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from migov import composite as c
from migov.composite import engine
from migov.core import status
from migov.core.errors import CodeError, DimensionError, InputError, ParameterError
from migov.numeric.ranks import ranks

AREAS = ["ALB", "DEU", "MDA", "FRA", "TUR"]
TIME = np.array(["2019-07-01", "2020-07-01", "2021-07-01"], "M8[s]")


def three(**choices) -> c.Index:
    """A tree of two levels: p of a and b, then p and d."""
    return c.Index(
        nodes=(
            c.Node(id="index"),
            c.Node(id="p", parent="index", weight=2),
            c.Node(id="a", parent="p", direction="up", weight=3),
            c.Node(id="b", parent="p", direction="down"),
            c.Node(id="d", parent="index", direction="up"),
        ),
        **choices,
    )


def block(*dims_sizes: tuple[str, object], seed: int = 0) -> xr.DataArray:
    labels = {"node": ["a", "b", "d"], "area": AREAS, **dict(dims_sizes)}
    shape = [len(v) for v in labels.values()]
    return xr.DataArray(np.random.default_rng(seed).lognormal(size=shape), labels, tuple(labels))


def test_arithmetic_by_hand():
    data = block()
    found = three().score(data).score

    def scaled(name, sign):
        x = sign * data.sel(node=name).values
        return 100 * (x - x.min()) / (x.max() - x.min())

    p = (3 * scaled("a", 1) + scaled("b", -1)) / 4
    wanted = (2 * p + scaled("d", 1)) / 3
    np.testing.assert_allclose(found.sel(node="index").values, wanted, rtol=1e-13)
    np.testing.assert_allclose(found.sel(node="p").values, p, rtol=1e-13)


def test_the_schema_of_scores():
    scored = three(title="trial").score(block())
    assert set(scored.data_vars) == {
        "score", "value", "coverage", "weight", status.NAME
    }  # fmt: skip
    assert scored.score.dims == ("area", "node")
    assert scored.score.attrs["units"] == "1"
    assert (scored.coverage == 1).all()
    assert (scored[status.NAME] == 0).all()
    assert scored.weight.values.tolist() == [1, 2 / 3, 0.75, 0.25, 1 / 3]
    assert scored.parent.values.tolist() == ["", "index", "p", "p", "index"]
    np.testing.assert_array_equal(scored.value.sel(node="a"), block().sel(node="a"))
    assert three(title="trial").score(block(), seed=5).identical(scored)


@settings(max_examples=25, deadline=None)
@given(
    arrays(float, (3, 5), elements=st.integers(1, 60).map(float), unique=True),
    st.floats(0.1, 50),
    st.permutations(range(5)),
)
def test_scale_and_order_of_areas_do_not_matter(values, by, order):
    data = xr.DataArray(values, {"node": ["a", "b", "d"], "area": AREAS}, ("node", "area"))
    for mean in (c.Arithmetic(), c.Geometric(), c.Harmonic(), c.MazziottaPareto()):
        index = three(normalise=c.MinMax(lower=1), aggregate=mean)
        found = index.score(data).score
        other = index.score((data * by + 3).isel(area=order)).score.sel(area=AREAS)
        np.testing.assert_allclose(other.values, found.values, rtol=1e-9, atol=1e-9)
        lowest = found.sel(node=["a", "b"]).min("node")
        highest = found.sel(node=["a", "b"]).max("node")
        if not isinstance(mean, c.MazziottaPareto):
            assert (found.sel(node="p") >= lowest - 1e-9).all()
            assert (found.sel(node="p") <= highest + 1e-9).all()


def test_means_are_in_their_order():
    data = block()
    means = [
        three(normalise=c.MinMax(lower=1), aggregate=mean).score(data).score.sel(node="p").values
        for mean in (c.Harmonic(), c.Geometric(), c.Arithmetic())
    ]
    assert (means[0] <= means[1] + 1e-12).all()
    assert (means[1] <= means[2] + 1e-12).all()


def test_mappings_and_datasets_give_the_same():
    data = block()
    parts = {name: data.sel(node=name, drop=True) for name in ("d", "b", "a")}
    wanted = three().score(data)
    for given_data in (parts, xr.Dataset(parts), {**parts, "more": parts["a"]}):
        assert three().score(given_data).score.equals(wanted.score)
    shuffled = {**parts, "a": parts["a"].isel(area=[4, 2, 0, 1, 3])}
    found = three().score(shuffled).score
    np.testing.assert_allclose(found.sel(area=AREAS).values, wanted.score.values, rtol=1e-14)


def test_members_and_scenarios_are_each_on_their_own():
    data = block(("scenario", ["x", "y"]), ("member", [3, 1, 7]))
    index = three(treat=c.Winsorise(), aggregate=c.Copeland())
    whole = index.score(data)
    assert whole.score.dims == ("area", "node", "scenario", "member")
    assert whole[status.NAME].dims == ("area", "node", "scenario")
    for scenario in ("x", "y"):
        for member in (1, 3, 7):
            one = index.score(data.sel(scenario=scenario, member=member, drop=True))
            found = whole.score.sel(scenario=scenario, member=member).values
            assert (found == one.score.values).all()
    alone = index.score(data.sel(member=[7]))
    assert (alone.score.values[..., 0] == whole.score.sel(member=7).values).all()
    parts = {name: data.sel(node=name, drop=True) for name in ("a", "b", "d")}
    fixed = {**parts, "d": parts["d"].isel(member=0, drop=True)}
    found = index.score(fixed).score.sel(node="d")
    assert (found == found.isel(member=0)).all()


def test_goalposts_of_a_panel_are_fixed_in_time():
    data = block(("time", TIME))
    panel = three(scope="panel").score(data)
    each = three().score(data)
    assert panel.score.dims == ("area", "node", "time")
    a = data.sel(node="a")
    wanted = 100 * (a - a.min()) / (a.max() - a.min())
    np.testing.assert_allclose(
        panel.score.sel(node="a").values, wanted.transpose("area", "time").values, rtol=1e-13
    )
    assert each.score.sel(node="a").max("area").values.tolist() == [100, 100, 100]
    for at in TIME:
        alone = three().score(data.sel(time=at, drop=True)).score.values
        assert (each.score.sel(time=at).values == alone).all()
    ranked = three(scope="panel").rank(panel)
    assert ranked.min("area").values.tolist() == [1, 1, 1]


def test_missing_children():
    data = block()
    data[0, 1] = np.nan
    strict = three().score(data)
    assert np.isnan(strict.score.sel(area="DEU", node=["a", "p", "index"])).all()
    assert not np.isnan(strict.score.sel(area="DEU", node="d"))
    loose = three(missing=c.Missing(needed=0.5)).score(data)
    assert loose.score.sel(area="DEU", node="p") == loose.score.sel(area="DEU", node="b")
    coverage = loose.coverage.sel(area="DEU")
    assert coverage.sel(node=["index", "p", "a", "b"]).values.tolist() == [2 / 3, 0.5, 0, 1]
    flags = loose[status.NAME].sel(area="DEU")
    assert status.names(int(flags.sel(node="a"))) == ("missing",)
    assert status.names(int(flags.sel(node="p"))) == ("partial",)
    assert int(flags.sel(node="d")) == 0
    gone = strict[status.NAME].sel(area="DEU", node="p")
    assert status.names(int(gone)) == ("missing",)
    assert np.isnan(three().rank(strict).sel(area="DEU"))
    own = three(missing=c.Missing(needed=0.5))
    own = own.evolve(
        nodes=tuple(attrs.evolve(n, needed=1) if n.id == "p" else n for n in own.nodes)
    )
    assert np.isnan(own.score(data).score.sel(area="DEU", node="p"))
    assert not np.isnan(own.score(data).score.sel(area="DEU", node="index"))


@pytest.mark.parametrize(
    "mean",
    [
        c.Arithmetic(),
        c.Geometric(),
        c.Harmonic(),
        c.MazziottaPareto(),
        c.Copeland(),
        c.OrderedWeighted(weights=(0.7, 0.3)),
    ],
)
def test_a_missing_child_is_as_if_it_were_not_there(mean):
    nodes = (
        c.Node(id="index", aggregate=mean),
        c.Node(id="a", parent="index", direction="up"),
        c.Node(id="b", parent="index", direction="up"),
    )
    index = c.Index(nodes=nodes, missing=c.Missing(needed=0.5), normalise=c.MinMax(lower=1))
    values = block().sel(node=["a", "b"]).values[:, :, None].copy()
    values[1] = np.nan
    scores = engine.prepare(index, values, None, "test").scores
    whole, first, _ = engine.aggregate(index, scores, "test")[:, :, 0]
    if isinstance(mean, c.Copeland):
        assert (whole == 2 * ranks(first) - 6).all()
    else:
        np.testing.assert_allclose(whole, first, rtol=1e-12)


def test_an_indicator_that_nobody_has_is_named():
    data = block()
    data[1] = np.nan
    with pytest.raises(InputError, match=r"no area of data has a number in b [^$]*without\('b'\)"):
        three(missing=c.Missing(needed=0.5)).score(data)


def test_imputation_is_marked_and_not_counted_as_observed():
    data = block().assign_coords(region=("area", ["e", "w", "e", "w", "n"]))
    data[0, 0] = np.nan
    data[2, 4] = np.nan
    group = three(missing=c.Missing(fill="group_mean", group="region")).score(data)
    assert group.coverage.sel(area="ALB", node="p") == 0.5
    assert status.names(int(group[status.NAME].sel(area="ALB", node="a"))) == ("imputed",)
    assert status.names(int(group[status.NAME].sel(area="ALB", node="index"))) == ("imputed",)
    assert np.isnan(group.score.sel(area="TUR", node="index"))  # alone in its group
    filled = data.copy()
    filled[0, 0] = data[0, 2]
    as_if = three().score(filled).score.sel(area="ALB").values
    np.testing.assert_allclose(group.score.sel(area="ALB").values, as_if, rtol=1e-14)
    mean = three(missing=c.Missing(fill="mean")).score(data)
    assert not np.isnan(mean.score).any()
    with pytest.raises(DimensionError, match="region"):
        three(missing=c.Missing(fill="group_mean", group="region")).score(data.drop_vars("region"))


def test_status_goes_up_the_tree():
    data = block()
    parts = {name: data.sel(node=name, drop=True) for name in ("a", "b", "d")}
    parts["b"] = status.mark(parts["b"], "estimated", at=parts["b"].area == "DEU")
    parts["d"] = status.mark(parts["d"].where(parts["d"].area != "FRA"), "suppressed",
                             at=parts["d"].area == "FRA")  # fmt: skip
    flags = three(missing=c.Missing(needed=0.5)).score(parts)[status.NAME]
    assert status.names(int(flags.sel(area="DEU", node="index"))) == ("estimated",)
    assert status.names(int(flags.sel(area="FRA", node="d"))) == ("suppressed",)
    assert status.names(int(flags.sel(area="FRA", node="index"))) == ("partial",)
    assert int(flags.sel(area="ALB", node="index")) == 0


def test_an_indicator_without_variation_has_no_scale():
    data = block()
    data[2] = 4.0
    for scale in (c.MinMax(), c.ZScore()):
        with pytest.raises(InputError, match="d: the same value in all areas") as caught:
            three(normalise=scale).score(data)
        assert "constant='missing'" in str(caught.value)
    years = xr.concat([data, data, block()], "time").assign_coords(
        time=pd.to_datetime(["2019-07-01", "2020-07-01", "2021-07-01"])
    )
    with pytest.raises(InputError, match="in 2 of 3 columns"):
        three().score(years)
    with pytest.raises(InputError, match="d: the same value"):
        three().robustness(data, c.Uncertainty(data=0), draws=5, seed=1)
    with pytest.raises(InputError, match="a, b, d: the same value"):
        three().score(data.isel(area=[0]))
    scored = three(normalise=c.MinMax(constant="missing")).score(data)
    assert np.isnan(scored.score.sel(node="d")).all()
    named = status.names(int(scored[status.NAME].sel(area="DEU", node="d")))
    assert named == ("undefined",)


def test_ranks_have_a_tolerance():
    data = block()
    data[:, 1] = data[:, 0] * (1 + 1e-15)
    index = three()
    ranked = index.rank(index.score(data))
    assert ranked.sel(area="ALB") == ranked.sel(area="DEU")
    assert ranked.attrs["tolerance"] == 1e-9
    best = index.score(data).score.sel(node="index").idxmax("area").item()
    assert ranked.sel(area=best) == 1


def test_categories():
    nodes = (
        c.Node(id="index"),
        c.Node(
            id="a",
            parent="index",
            direction="up",
            normalise=c.Categorical(values=(0.0, 1.0, 2.0), scores=(0.0, 50.0, 100.0)),
        ),
    )
    data = xr.DataArray([[0, 2, 1]], {"node": ["a"], "area": AREAS[:3]}, ("node", "area"))
    index = c.Index(nodes=nodes)
    assert index.score(data).score.sel(node="index").values.tolist() == [0, 100, 50]
    with pytest.raises(InputError, match="none of its categories"):
        index.score(data + 0.5)
    limits = c.Categorical(values=(1.0, 2.0), scores=(0.0, 5.0, 9.0), limits=True)
    index = index.evolve(nodes=(nodes[0], attrs.evolve(nodes[1], normalise=limits)))
    assert index.score(data + 0.0).score.sel(node="a").values.tolist() == [0, 9, 5]


def test_scores_that_a_mean_cannot_take():
    with pytest.raises(InputError, match="a geometric mean and a child scores"):
        three(normalise=c.ZScore(), aggregate=c.Geometric()).score(block())
    with pytest.raises(InputError, match="ratio to the best"):
        three(normalise=c.Frontier()).score(-block())
    log = c.Goalposts(worst=1, best=10, log=True)
    with pytest.raises(InputError, match="positive values"):
        three(normalise=log).score(-block())
    zero = three(normalise=c.Goalposts(worst=0, best=100), aggregate=c.Geometric()).score(
        block() * 0
    )
    assert (zero.score == 0).all()
    harmonic = three(normalise=c.Goalposts(worst=0, best=100), aggregate=c.Harmonic())
    assert (harmonic.score(block() * 0).score == 0).all()


def test_weights_from_data():
    data = block(seed=4)
    equal = three(weigh=c.Equal()).score(data)
    assert equal.weight.sel(node=["a", "b"]).values.tolist() == [0.5, 0.5]
    wanted = three(weigh=c.Importance(), normalise=c.ZScore()).evolve()
    audit = wanted.audit(data)
    np.testing.assert_allclose(
        audit.importance.sel(node=["a", "b"]).values, [0.75, 0.25], atol=1e-6
    )
    plain = three(normalise=c.ZScore()).audit(data)
    assert abs(plain.importance.sel(node="a") - 0.75) > 0.01
    with pytest.raises(InputError, match="runs against"):
        three(weigh=c.Components(squared=False)).score(
            xr.DataArray(
                [[1.0, 2, 3, 4, 5], [1, 2, 3, 4, 6], [1, 3, 2, 5, 4]],
                {"node": ["a", "b", "d"], "area": AREAS},
                ("node", "area"),
            )
        )
    with pytest.raises(InputError, match="no weights of"):
        three(weigh=c.Entropy(), normalise=c.ZScore()).score(data)
    doubt = three(weigh=c.BenefitOfDoubt(minimum_share=0.1), normalise=c.MinMax(lower=1))
    scored = doubt.score(block(("member", [0, 1])))
    assert scored.weight.dims == ("node", "area", "member")
    assert float(scored.score.sel(node="index").max()) == pytest.approx(100)
    members = three(weigh=c.Entropy()).score(block(("member", [0, 1])))
    assert members.weight.dims == ("node", "member")


def test_importances_of_independent_children_go_with_squared_weights():
    x = np.array([[1.0, -1, 1, -1], [1, 1, -1, -1]])
    data = xr.DataArray(x, {"node": ["a", "b"], "area": AREAS[:4]}, ("node", "area"))
    nodes = (
        c.Node(id="index"),
        c.Node(id="a", parent="index", direction="up", weight=4),
        c.Node(id="b", parent="index", direction="up", weight=1),
    )
    index = c.Index(nodes=nodes, normalise=c.ZScore(), weigh=c.Importance())
    weight = index.score(data).weight.squeeze()
    np.testing.assert_allclose(weight.sel(node=["a", "b"]).values, [2 / 3, 1 / 3], atol=1e-7)


def test_box_cox_by_rule_and_always():
    data = block(seed=3)
    data[0, 0] = 1e4
    rule = three(treat=c.BoxCox(power=0.0)).score(data)
    plain = three().score(data)
    assert (rule.score.sel(node="d") == plain.score.sel(node="d")).all()
    logs = np.log(data.sel(node="a") - data.sel(node="a").min() + 1)
    wanted = 100 * logs / logs.max()
    np.testing.assert_allclose(rule.score.sel(node="a").values, wanted.values, rtol=1e-12)
    always = three(treat=c.BoxCox(power=1.0, always=True)).score(data)
    np.testing.assert_allclose(always.score.values, plain.score.values, atol=1e-10)
    likely = three(treat=c.BoxCox(always=True)).score(data)
    from scipy.stats import boxcox

    shifted = (data.sel(node="a") - data.sel(node="a").min() + 1).values
    _, power = boxcox(shifted)
    y = (shifted**power - 1) / power
    np.testing.assert_allclose(
        likely.score.sel(node="a").values, 100 * (y - y.min()) / (y.max() - y.min()), rtol=1e-4
    )


def test_removal():
    data = block()
    index = three()
    found = index.what_if(data, ranks=True)
    assert found.removed.values.tolist() == ["p", "a", "b", "d"]
    whole = index.score(data).score.sel(node="index")
    for name in ("p", "a"):
        alone = index.without(name).score(data).score.sel(node="index")
        np.testing.assert_array_equal(found.score.sel(removed=name).values, alone.values)
        np.testing.assert_allclose(
            found.change.sel(removed=name).values, (alone - whole).values, atol=1e-12
        )
    assert set(found.data_vars) == {"score", "change", "rank", "rank_change"}
    assert set(index.what_if(data, ["a"]).data_vars) == {"score", "change"}
    for name in ("x", "index"):
        with pytest.raises(CodeError):
            index.what_if(data, [name])


def test_profiles_are_words_without_ranks():
    data = block()
    data[2, 1] = np.nan
    index = three(title="trial", missing=c.Missing(needed=0.5))
    text = index.explain(index.score(data), "DEU")
    assert text.startswith("trial: Germany\n")
    assert "less is better" in text
    assert "d: missing [more is better, weight 0.333, missing]" in text
    assert "partial" in text
    assert "no ranking" in text
    members = index.score(block(("time", TIME), ("member", [0, 1, 2])))
    with pytest.raises(DimensionError, match="time"):
        index.explain(members, "DEU")
    assert "80 %" in index.explain(members, "DEU", time="2020-07-01")
    with pytest.raises(CodeError, match="no label"):
        index.explain(members, "DEU", time="1999-07-01")


def test_audit_finds_what_is_redundant():
    data = block(seed=6)
    data[1] = -2 * data[0] + 0.001 * data[1]
    found = three().audit(data)
    assert found.redundant.sel(node=["a", "b"]).all()
    assert not found.redundant.sel(node="index")
    assert abs(float(found.redundancy.sel(node="a"))) > 0.9999
    assert float(found.component_share.sel(node="p").sum()) == pytest.approx(1)
    assert found.weight.sel(node=["a", "b"]).values.tolist() == [0.75, 0.25]
    np.testing.assert_allclose(np.diag(found.correlation.values), 1, rtol=1e-12)
    np.testing.assert_allclose(found.correlation.values, found.correlation.values.T, atol=1e-14)
    assert found.observed.sel(node="a") == 1
    timed = three().audit(block(("time", TIME)))
    assert timed.alpha.dims == ("node", "time")
    with pytest.raises(ParameterError, match="redundant"):
        three().audit(data, redundant=2)


def test_what_was_cut_or_treated_is_told():
    data = block()
    data[0, 0], data[1, 1] = 60.0, -5.0
    posts = three(normalise=c.Goalposts(worst=0, best=50)).score(data)
    beyond = (data < 0) | (data > 50)
    assert (posts.capped.sel(node=list("abd")) == beyond.transpose("area", "node")).all()
    target = three(normalise=c.DistanceToTarget(target=10)).score(data)
    assert (target.capped.sel(node="a") == (data.sel(node="a") > 10)).all()
    assert (target.capped.sel(node="b") == (data.sel(node="b") < 10)).all()
    assert not target.capped.sel(node="index").any()
    treated = three(treat=c.Winsorise(points=2, skewness=0.5, kurtosis=0.1)).score(data)
    assert treated.treated.sel(node="a").sum() >= 1
    assert bool(treated.treated.sel(node="a").values[int(np.argmax(data.sel(node="a").values))])
    assert not {"treated", "capped"} & set(three().score(data).data_vars)
    with pytest.raises(DimensionError, match="no labels along 'area'"):
        three().score(data.isel(area=[]))
