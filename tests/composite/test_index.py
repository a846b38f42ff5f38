"""The specification: what it refuses, its text, its parts."""

from __future__ import annotations

import pickle

import attrs
import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov import composite as c
from migov.composite.methods import KINDS, method
from migov.core.errors import (
    AlignmentError,
    CodeError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
    UnitError,
)

DOWN = c.Node(id="b", parent="index", direction="down")


def pickled(fault: MigovError) -> None:
    assert fault.mend
    again = pickle.loads(pickle.dumps(fault))
    assert str(again) == str(fault)
    assert again.argument == fault.argument


def test_text_and_back(make_nodes):
    index = c.Index(
        nodes=(
            c.Node(id="index", aggregate=c.OrderedWeighted(weights=(0.6, 0.4)), needed=0.5),
            c.Node(id="a", parent="index", direction="up", treat=c.BoxCox(power=0.5)),
            c.Node(
                id="b",
                parent="index",
                direction="down",
                unit="percent",
                weight=2,
                normalise=c.Goalposts(worst=30, best=0),
            ),
        ),
        title="trial",
        missing=c.Missing(fill="group_mean", group="region", needed=0.5),
        normalise=c.Categorical(values=(1.0, 2.0), scores=(0.0, 50.0, 100.0), limits=True),
        scope="panel",
        classes=(40, 80),
    )
    again = c.Index.from_json(index.to_json())
    assert again == index
    assert hash(again) == hash(index)
    assert pickle.loads(pickle.dumps(index)) == index
    assert again.tree.leaves == ("a", "b")
    for text in ("{", "[]", '{"nodes": [{"name": 1}]}', '{"nodes": [], "x": 1}'):
        with pytest.raises(ParameterError) as caught:
            c.Index.from_json(text)
        pickled(caught.value)


def test_every_choice_has_a_text():
    given = {
        "distance_to_target": {"target": 1.0},
        "goalposts": {"worst": 0.0, "best": 1.0},
        "categorical": {"values": (1.0,), "scores": (5.0,)},
        "ordered_weighted": {"weights": (1.0, 2.0)},
    }
    assert len(KINDS) > 20
    for kind, cls in KINDS.items():
        one = cls(**given.get(kind, {}))
        assert method(one.to_dict()) == one
        assert hash(method(one.to_dict())) == hash(one)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: c.MinMax(lower=100, upper=0), "upper"),
        (lambda: c.MinMax(lower=float("nan")), "lower"),
        (lambda: c.MinMax(centre="median"), "centre"),
        (lambda: c.ZScore(sd=0), "sd"),
        (lambda: c.ZScore(mean="0"), "mean"),
        (lambda: c.Rank(percentile=1), "percentile"),
        (lambda: c.DistanceToTarget(target=float("inf")), "target"),
        (lambda: c.Goalposts(worst=1, best=1), "best"),
        (lambda: c.Goalposts(worst=0, best=1, log=True), "worst"),
        (lambda: c.Categorical(values=(1.0,), scores=(1.0, 2.0)), "scores"),
        (lambda: c.Categorical(values=(2.0, 1.0), scores=(1, 2, 3), limits=True), "values"),
        (lambda: c.Categorical(values=(1.0, 1.0), scores=(1, 2)), "values"),
        (lambda: c.Categorical(values=[1.0], scores=(1,)), "values"),
        (lambda: c.Winsorise(points=0), "points"),
        (lambda: c.Winsorise(points=True), "points"),
        (lambda: c.BoxCox(power="log"), "power"),
        (lambda: c.OrderedWeighted(weights=(-1.0, 2.0)), "weights"),
        (lambda: c.OrderedWeighted(weights=()), "weights"),
        (lambda: c.MazziottaPareto(penalty="none"), "penalty"),
        (lambda: c.Components(squared="yes"), "squared"),
        (lambda: c.BenefitOfDoubt(minimum_share=1), "minimum_share"),
        (lambda: c.Missing(needed=0), "needed"),
        (lambda: c.Missing(fill="group_mean"), "group"),
        (lambda: c.Missing(fill="median"), "fill"),
        (lambda: c.Uncertainty(weights=1), "weights"),
        (lambda: c.Uncertainty(data=-0.1), "data"),
        (lambda: c.Uncertainty(treat=(c.MinMax(),)), "treat"),
        (lambda: c.Uncertainty(levels=(0.5,)), "levels"),
        (lambda: c.Node(id=""), "id"),
        (lambda: c.Node(id="a", weight=-1), "weight"),
        (lambda: c.Node(id="a", weight=float("nan")), "weight"),
        (lambda: c.Node(id="a", needed=2), "needed"),
        (lambda: c.Node(id="a", direction="better"), "direction"),
        (lambda: c.Node(id="a", normalise=c.Arithmetic()), "normalise"),
    ],
)
def test_parameters_that_cannot_be(make, name):
    with pytest.raises(ParameterError) as caught:
        make()
    assert caught.value.argument == name
    pickled(caught.value)


def build(*nodes, **choices):
    return c.Index(nodes=nodes, **choices)


ROOT = c.Node(id="index")
UP = c.Node(id="a", parent="index", direction="up")


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: build(ROOT, UP, UP), "two nodes are called 'a'"),
        (lambda: build(ROOT, c.Node(id="other"), UP), "2 nodes have no parent"),
        (lambda: build(ROOT, c.Node(id="a", parent="x", direction="up")), "no node"),
        (lambda: build(ROOT), "no children"),
        (lambda: build(ROOT, c.Node(id="a", parent="index")), "which way is better"),
        (
            lambda: build(ROOT, UP, c.Node(id="p", parent="q"), c.Node(id="q", parent="p")),
            "circle",
        ),
        (
            lambda: build(ROOT, UP, c.Node(id="n", parent="index", direction="none")),
            "no better direction",
        ),
        (lambda: build(attrs.evolve(ROOT, direction="up"), UP), "for indicators"),
        (lambda: build(ROOT, attrs.evolve(UP, weight=0)), "all children"),
        (lambda: build(ROOT, UP, DOWN, normalise=c.Unchanged()), "unchanged"),
        (
            lambda: build(ROOT, UP, DOWN, aggregate=c.OrderedWeighted(weights=(1.0,))),
            "ordered weights are 1",
        ),
        (
            lambda: build(ROOT, UP, DOWN, weigh=c.Importance(), aggregate=c.Copeland()),
            "arithmetic mean",
        ),
        (lambda: build(ROOT, UP, DOWN, weigh=c.BenefitOfDoubt(minimum_share=0.5)), "cannot each"),
        (lambda: build(ROOT, UP, weigh=c.Components()), "one child"),
        (lambda: build(ROOT, UP, DOWN, aggregate=c.Geometric()), "bring it to nothing"),
        (lambda: build(ROOT, attrs.evolve(UP, aggregate=c.Copeland()), DOWN), "no children"),
        (lambda: build(ROOT, UP, DOWN, scope="all"), "scope"),
        (lambda: build(ROOT, UP, DOWN, tolerance=1), "tolerance"),
        (lambda: build(ROOT, UP, DOWN, classes=(80, 40)), "classes"),
        (lambda: build(ROOT, UP, DOWN, normalise="min_max"), "normalise"),
        (lambda: c.Index(nodes=[ROOT, UP]), "tuple of Node"),
    ],
)
def test_trees_that_cannot_be(make, text):
    with pytest.raises(ParameterError, match=text) as caught:
        make()
    pickled(caught.value)


def test_context_is_shown_and_not_counted(make_table):
    index = build(ROOT, UP, c.Node(id="b", parent="index", direction="none", weight=0))
    scored = index.score(make_table([1, 2, 3], [7, 5, 6]))
    assert scored.score.sel(node="index").values.tolist() == [0, 50, 100]
    assert scored.score.sel(node="b").values.tolist() == [100, 0, 50]
    assert index.rank(scored).values.tolist() == [3, 2, 1]
    with pytest.raises(ParameterError, match="neither more nor less"):
        index.rank(scored, "b")


def test_levels_without_direction_have_no_ranks(make_nodes, make_table):
    index = c.Index(nodes=make_nodes("none", "none"), classes=(50,))
    data = make_table([1, 2, 3], [3, 5, 7])
    scored = index.score(data)
    assert scored.score.sel(node="index").values.tolist() == [0, 50, 100]
    for call in (
        lambda: index.rank(scored),
        lambda: index.robustness(data, draws=5, seed=1, ranks=True),
        lambda: index.sensitivity(data, samples=4, seed=1, outcome="rank_shift"),
        lambda: index.what_if(data, ["a"], ranks=True),
    ):
        with pytest.raises(ParameterError, match="no ranks") as caught:
            call()
        pickled(caught.value)
    assert "rank" not in index.robustness(data, draws=5, seed=1)


def test_changes_of_an_index(make_nodes):
    index = c.Index(nodes=make_nodes("up", "up", "down"))
    assert index.weighted({"a": 3}).nodes[1].weight == 3
    assert index.without("a").tree.leaves == ("b", "c")
    assert index.evolve(title="x").title == "x"
    for call in (lambda: index.weighted({"x": 1}), lambda: index.without("x")):
        with pytest.raises(CodeError, match="no node"):
            call()
    with pytest.raises(ParameterError, match="no node would be left"):
        index.without("index")
    deep = c.Index(nodes=(ROOT, c.Node(id="p", parent="index"), UP, attrs.evolve(DOWN, parent="p")))
    assert [node.id for node in deep.without("b").nodes] == ["index", "a"]


def faulty(x: xr.DataArray):
    """Return data that cannot be, by what is wrong with them."""
    good = {"a": x.sel(node="a", drop=True), "b": x.sel(node="b", drop=True)}
    a = good["a"]
    years = a.expand_dims(time=[2019, 2020])
    return {
        "no mapping": (KindError, [1, 2]),
        "no array": (KindError, {**good, "a": [1, 2, 3]}),
        "no node": (DimensionError, a),
        "absent": (CodeError, {"a": a}),
        "absent label": (CodeError, x.sel(node=["a"])),
        "nodes twice": (DimensionError, x.isel(node=[0, 0, 1])),
        "no area": (DimensionError, {**good, "a": a.rename(area="place")}),
        "near miss": (DimensionError, {**good, "a": a.rename(area="areas")}),
        "roles": (DimensionError, {k: v.rename(area="origin") for k, v in good.items()}),
        "other areas": (AlignmentError, {**good, "a": a.isel(area=[0, 1])}),
        "areas twice": (MigovError, {k: v.isel(area=[0, 0, 1]) for k, v in good.items()}),
        "a total": (
            MigovError,
            {k: v.assign_coords(area=["ALB", "World", "MDA"]) for k, v in good.items()},
        ),
        "nothing": (InputError, x.where(False)),
        "infinite": (InputError, x.where(x != 2, np.inf)),
        "text": (InputError, x.astype(str)),
        "years": (TimeError, {k: v.expand_dims(time=[2019, 2020]) for k, v in good.items()}),
        "year in one": (TimeError, {**good, "a": years}),
        "only one dated": (
            AlignmentError,
            {**good, "a": a.expand_dims(time=np.array(["2020-07-01"], "M8[s]"))},
        ),
        "no labels": (DimensionError, {k: v.drop_vars("area") for k, v in good.items()}),
    }


KINDS_OF_FAULTS = list(
    faulty(
        xr.DataArray(
            [[1.0, 2, 3], [3, 4, 5]],
            {"node": ["a", "b"], "area": ["ALB", "DEU", "MDA"]},
            ("node", "area"),
        )
    )
)


@pytest.mark.parametrize("wrong", KINDS_OF_FAULTS)
@pytest.mark.parametrize("call", ["score", "audit", "robustness", "sensitivity", "what_if"])
def test_data_that_cannot_be(make_nodes, make_table, wrong, call):
    index = c.Index(nodes=make_nodes("up", "down"))
    kind, data = faulty(make_table([1, 2, 3], [3, 4, 5]))[wrong]
    with pytest.raises(kind) as caught:
        getattr(index, call)(data)
    assert isinstance(caught.value, MigovError)
    pickled(caught.value)


def test_units_are_converted_or_refused(make_table):
    goal = c.Goalposts(worst=0, best=50)
    nodes = (ROOT, attrs.evolve(UP, unit="percent", normalise=goal), DOWN)
    x = make_table([0.1, 0.2, 0.3], [3, 4, 5])
    parts = {"a": x.sel(node="a", drop=True), "b": x.sel(node="b", drop=True)}
    share = parts["a"].assign_attrs(units="1")
    index = c.Index(nodes=nodes)
    found = index.score({**parts, "a": share}).score.sel(node="a").values
    np.testing.assert_allclose(found, [20, 40, 60])
    bare = index.score({**parts, "a": 100 * parts["a"]}).score.sel(node="a").values
    np.testing.assert_allclose(bare, found)
    with pytest.raises(UnitError) as caught:
        index.score({**parts, "a": parts["a"].assign_attrs(units="person")})
    pickled(caught.value)
    untold = c.Index(nodes=(ROOT, attrs.evolve(UP, normalise=goal), DOWN))
    with pytest.raises(UnitError, match="not written"):
        untold.score({**parts, "a": parts["a"].assign_attrs(units="percent")})


def test_results_that_are_none_of_the_index(make_nodes, make_table):
    index = c.Index(nodes=make_nodes("up", "down"))
    scored = index.score(make_table([1, 2, 3], [3, 4, 5]))
    for call in (
        lambda: index.rank(scored.score),
        lambda: index.explain(scored.score, "DEU"),
        lambda: index.rank(scored, "x"),
        lambda: index.explain(scored, "XXX"),
        lambda: index.rank(scored.sel(node=["a"])),
    ):
        with pytest.raises(MigovError) as caught:
            call()
        pickled(caught.value)


def test_the_room_is_reached_by_its_prefix():
    assert mg.composite.Index is c.Index
    assert set(c.__all__) <= set(dir(c))
    for name in c.__all__:
        assert getattr(c, name) is not None


@pytest.mark.parametrize("classes", [(float("nan"),), (40, float("inf")), ("low",), (60, 40)])
def test_classes_have_limits_that_are_numbers(classes):
    with pytest.raises(ParameterError, match="classes") as caught:
        c.Index(title="t", nodes=(c.Node(id="index"), DOWN), classes=classes)
    pickled(caught.value)


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ((0.5, 0.6), "'index' add up to 1.1: a 0.5, b 0.6"),
        ((0.5, 1.0), "add up to 1.5"),
        ((0.25, 0.25), "add up to 0.5"),
        ((0.3, 0.7 + 1e-8), "add up to 1.00000001"),
    ],
)
def test_decimal_weights_add_up_to_one(weights, told):
    nodes = ROOT, *(
        attrs.evolve(node, weight=weight)
        for node, weight in zip((UP, DOWN), weights, strict=True)
    )  # fmt: skip
    for weigh in (c.Given(), c.Importance()):
        with pytest.raises(ParameterError, match=told) as caught:
            build(*nodes, weigh=weigh)
        assert "rescale=True" in str(caught.value)
        pickled(caught.value)
    equal = build(ROOT, UP, DOWN)
    with pytest.raises(ParameterError, match=told):
        equal.weighted(dict(zip("ab", weights, strict=True)))
    assert build(*nodes, weigh=c.Given(rescale=True)).nodes[2].weight == weights[1]
    assert build(*nodes, weigh=c.Equal()).nodes[2].weight == weights[1]
    with pytest.raises(ParameterError, match=r"add up to 1\.1"):
        c.OrderedWeighted(weights=(0.5, 0.6))


def test_weights_that_add_up_or_are_whole_are_taken(make_nodes):
    tenths = {"a": 0.1, "b": 0.2, "c": 0.7}  # their binary sum is not one
    index = c.Index(nodes=make_nodes("up", "up", "down"))
    assert index.weighted(tenths).nodes[3].weight == 0.7
    assert index.weighted({"a": 3, "b": 2, "c": 0}).nodes[1].weight == 3
    left = index.weighted(tenths).without("c").nodes
    assert [node.weight for node in left[1:]] == pytest.approx([1 / 3, 2 / 3])
    text = index.evolve(weigh=c.Given(rescale=True)).to_json()
    assert c.Index.from_json(text).weigh.rescale
    for wrong in ({"a": "1"}, {"a": None}, {"a": -1}, {"a": float("nan")}, {"a": True}):
        with pytest.raises(InputError, match="the weight of 'a'"):
            index.weighted(wrong)
    for wrong in ([1, 2, 3], xr.Dataset()):
        with pytest.raises(KindError, match="weights is"):
            index.weighted(wrong)


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("name", ["effective_return_rate", "sdg_16_2_2", "outcome_of_stay"])
def test_nobody_is_ranked_by_refusals_and_returns(name, direction):
    """The catalogue says that more is neither good nor bad; an index took it for either."""
    node = c.Node(id=name, parent="index", direction=direction)
    with pytest.raises(ParameterError, match="nobody is ranked by it") as caught:
        c.Index(nodes=(ROOT, node, DOWN))
    pickled(caught.value)
    deaths = c.Node(id="recorded_death_rate", parent="index", direction="down")
    c.Index(nodes=(ROOT, deaths, DOWN))
