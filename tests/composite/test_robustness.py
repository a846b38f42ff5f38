"""Robustness and sensitivity: draws redone one by one, invariances, shares, warnings."""

from __future__ import annotations

import itertools

import attrs
import numpy as np
import pytest
import xarray as xr

from migov import composite as c
from migov.composite import kernels_draws
from migov.composite import robustness as module
from migov.composite.uncertainty import setting
from migov.core.errors import (
    AlignmentError,
    InputError,
    MigovError,
    MigovWarning,
    ParameterError,
)

AREAS = ["ALB", "DEU", "MDA", "FRA", "TUR", "SRB", "ITA", "ESP"]
TIME = np.array(["2020-07-01", "2021-07-01"], "M8[s]")


def index(**choices) -> c.Index:
    return c.Index(
        nodes=(
            c.Node(id="index"),
            c.Node(id="p", parent="index"),
            c.Node(id="a", parent="p", direction="up"),
            c.Node(id="b", parent="p", direction="down"),
            c.Node(id="d", parent="index", direction="up"),
        ),
        **{"normalise": c.MinMax(lower=1), **choices},
    )


def block(seed: int = 0, **labels) -> xr.DataArray:
    coords = {"node": ["a", "b", "d"], "area": AREAS, **labels}
    shape = [len(v) for v in coords.values()]
    x = np.random.default_rng(seed).lognormal(1.0, size=shape)
    return xr.DataArray(x, coords, tuple(coords))


METHODS = c.Uncertainty(
    weights=0.25,
    treat=(c.Untreated(), c.Winsorise(points=1, skewness=0.5, kurtosis=0.1)),
    normalise=(c.MinMax(lower=1), c.ZScore(mean=50, sd=5)),
    aggregate=(c.Arithmetic(), c.Geometric()),
    weigh=(c.Given(), c.Equal()),
)


def test_every_draw_redone_by_the_public_call():
    data = block(member=np.arange(6))
    base = index()
    found = base.robustness(data, METHODS, draws=40, seed=9, ranks=True)
    factors = kernels_draws.weight_factors(
        9, base.tree.ids, [1.0, *[0.75] * 4], [1.0, *[1.25] * 4], 40
    )
    for draw in range(40):
        one = found.sel(member=draw)
        chosen = {
            name: getattr(METHODS, name)[int(one[f"choice_{name}"])]
            for name in ("treat", "normalise", "aggregate", "weigh")
        }
        weights = dict(zip(base.tree.ids, factors[:, draw], strict=True))
        again = base.evolve(**{**chosen, "weigh": c.Given(rescale=True)}).weighted(weights)
        scored = again.score(data.sel(member=int(one.data_member), drop=True))
        np.testing.assert_allclose(
            one.score.values, scored.score.sel(node="index").values, rtol=1e-12
        )
        assert (one["rank"].values == again.rank(scored).values).all()
    for name in ("treat", "normalise", "aggregate", "weigh"):
        assert set(found[f"choice_{name}"].values) == {0, 1}
    assert found.data_member.dims == ("member",)


@pytest.mark.parametrize("data_error", [0.0, 0.1])
def test_first_draws_of_many_are_those_of_few(data_error, monkeypatch):
    doubt = c.Uncertainty(data=data_error, treat=METHODS.treat, normalise=METHODS.normalise)
    few = index().robustness(block(), doubt, draws=7, seed=2)
    many = index().robustness(block(), doubt, draws=60, seed=2)
    assert (many.score.isel(member=slice(7)).values == few.score.values).all()
    monkeypatch.setattr(kernels_draws, "BLOCK", 3)
    monkeypatch.setattr(module, "CHUNK", 11)
    small = index().robustness(block(), doubt, draws=60, seed=2)
    assert (small.score.values == many.score.values).all()
    other = index().robustness(block(), doubt, draws=60, seed=3)
    assert (other.score.values != many.score.values).any()


def test_errors_belong_to_area_and_indicator():
    """With fixed goalposts the draws of an area do not depend on which others are there."""
    fixed = index(normalise=c.Goalposts(worst=0, best=20))
    doubt = c.Uncertainty(data=0.2)
    whole = fixed.robustness(block(), doubt, draws=20, seed=4)
    part = fixed.robustness(block().sel(area=["TUR", "DEU"]), doubt, draws=20, seed=4)
    assert (whole.score.sel(area=["TUR", "DEU"]).values == part.score.values).all()


def test_standard_errors():
    data = block()
    fixed = index(normalise=c.Goalposts(worst=-1e3, best=1e3, cap=False))
    errors = xr.zeros_like(data)
    errors.loc[{"node": "d"}] = 2.0
    doubt = c.Uncertainty(weights=0)
    found = fixed.robustness(data, doubt, draws=4000, seed=1, standard_error=errors)
    spread = found.score.std("member").values
    np.testing.assert_allclose(spread, 0.5 * 2.0 / 2000 * 100, rtol=0.05)
    np.testing.assert_allclose(found.score.mean("member"), found.nominal, atol=0.005)
    relative = fixed.robustness(data, c.Uncertainty(weights=0, data=0.1), draws=5, seed=1)
    same = fixed.robustness(data, doubt, draws=5, seed=1, standard_error=0.1 * abs(data))
    assert relative.score.equals(same.score)
    for wrong, kind in (
        (-errors, InputError),
        (errors.isel(area=slice(3)), AlignmentError),
    ):
        with pytest.raises(kind) as caught:
            fixed.robustness(data, doubt, draws=5, seed=1, standard_error=wrong)
        assert caught.value.argument == "standard_error"
    with pytest.raises(ParameterError, match="both"):
        fixed.robustness(data, c.Uncertainty(data=0.1), draws=5, seed=1, standard_error=errors)


def test_shares_are_shares():
    found = index(classes=(30, 60)).robustness(
        block(), c.Uncertainty(data=0.3), draws=500, seed=1, ranks=True
    )
    share = found.rank_acceptability
    np.testing.assert_allclose(share.sum("place"), 1, atol=1e-12)
    for area in AREAS:
        for place in (1, 4, 8):
            slow = float((found["rank"].sel(area=area) == place).mean())
            assert float(share.sel(area=area, place=place)) == pytest.approx(slow)
    np.testing.assert_allclose(found.class_probability.sum("class"), 1, atol=1e-12)
    classes = (found.score >= 30).astype(int) + (found.score >= 60)
    own = (found.nominal >= 30).astype(int) + (found.nominal >= 60)
    assert (found.nominal_class == own).all()
    np.testing.assert_allclose(found.class_change, (classes != own).mean("member"), atol=1e-12)
    assert 0 < float(found.class_change.max()) <= 1
    low, middle, high = (found.interval.sel(quantile=q) for q in (0.05, 0.5, 0.95))
    assert (low <= middle).all()
    assert (middle <= high).all()


def test_nothing_uncertain_is_the_nominal_index():
    found = index().robustness(block(), c.Uncertainty(weights=0), draws=3, seed=1, ranks=True)
    assert (found.score == found.nominal).all()
    scored = index().score(block())
    assert (found.nominal.values == scored.score.sel(node="index").values).all()
    assert (found.nominal_rank.values == index().rank(scored).values).all()


def test_codes_have_no_relative_error_and_members_a_mean():
    codes = c.Categorical(values=(0.0, 1.0, 2.0), scores=(1.0, 50.0, 100.0))
    nodes = tuple(
        attrs.evolve(node, normalise=codes) if node.id == "d" else node for node in index().nodes
    )
    data = block(member=[0, 1, 2])
    data.loc[{"node": "d"}] = np.arange(24).reshape(8, 3) % 3
    trial = index().evolve(nodes=nodes)
    found = trial.robustness(data, c.Uncertainty(data=0.2), draws=30, seed=1)
    assert not np.isnan(found.score).any()
    own = trial.score(data).score.sel(node="index").mean("member")
    np.testing.assert_allclose(found.nominal.values, own.values, rtol=1e-13)


def test_a_node_and_further_dimensions():
    data = block(time=TIME)
    found = index().robustness(data, draws=10, seed=1, node="p", ranks=True)
    assert found.attrs["node"] == "p"
    assert found.score.dims == ("area", "time", "member")
    assert found.rank_acceptability.sizes == {"time": 2, "area": 8, "place": 8}
    one = index().robustness(data.sel(time=TIME[1], drop=True), draws=10, seed=1, node="p")
    assert (found.score.sel(time=TIME[1]).values == one.score.values).all()
    panel = index(scope="panel").robustness(
        data, c.Uncertainty(data=0.1), draws=10, seed=1, ranks=True
    )
    assert panel.score.dims == ("area", "time", "member")
    assert (panel["rank"].min("area") == 1).all()


def test_missing_values_in_every_draw():
    data = block()
    data[0, 2] = np.nan
    found = index(missing=c.Missing(needed=0.5)).robustness(
        data, c.Uncertainty(data=0.1, treat=METHODS.treat), draws=20, seed=1, ranks=True
    )
    assert not np.isnan(found.score).any()
    strict = index().robustness(data, draws=20, seed=1, ranks=True)
    assert np.isnan(strict.score.sel(area="MDA")).all()
    assert float(strict.rank_acceptability.sel(area="MDA").sum()) == 0
    filled = index().robustness(
        data,
        c.Uncertainty(missing=(c.Missing(fill="mean"), c.Missing())),
        draws=50,
        seed=1,
    )
    gone = np.isnan(filled.score.sel(area="MDA")).values
    assert (gone == (filled.choice_missing.values == 1)).all()


def test_seeds_are_written_down():
    found = index().robustness(block(), draws=5)
    again = index().robustness(block(), draws=5, seed=int(found.seed))
    assert again.score.equals(found.score)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"draws": 0}, "draws"),
        ({"draws": 2.5}, "draws"),
        ({"draws": True}, "draws"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"uncertainty": 0.25}, "uncertainty"),
        ({"node": "x"}, "node"),
        (
            {"uncertainty": c.Uncertainty(missing=(c.Missing(), c.Missing(needed=0.5)))},
            "uncertainty",
        ),
        (
            {"uncertainty": c.Uncertainty(aggregate=(c.Harmonic(),), normalise=(c.MinMax(),))},
            "nodes",
        ),
    ],
)
def test_draws_that_cannot_be(arguments, name):
    with pytest.raises(MigovError) as caught:
        index().robustness(block(), **arguments)
    assert caught.value.argument == name


def test_sensitivity_of_one_factor_is_all_of_the_variance():
    fixed = index(normalise=c.Goalposts(worst=-1e3, best=1e3, cap=False))
    found = fixed.sensitivity(block(), c.Uncertainty(weights=0, data=0.1), samples=1024, seed=1)
    assert found.factor.values.tolist() == ["data"]
    assert found["first"].dims == ("area", "factor")
    np.testing.assert_allclose(found["first"], 1, atol=1e-12)
    np.testing.assert_allclose(found.total, 1, atol=0.1)


def test_sensitivity_against_all_combinations():
    """First-order indices of equally likely methods are shares of variance of the table."""
    doubt = c.Uncertainty(
        weights=0, normalise=METHODS.normalise, aggregate=METHODS.aggregate, treat=METHODS.treat
    )
    data = block(3)
    names = ("treat", "normalise", "aggregate")
    table = np.empty((2, 2, 2, len(AREAS)))
    for at in itertools.product(range(2), repeat=3):
        chosen = {name: getattr(doubt, name)[i] for name, i in zip(names, at, strict=True)}
        table[at] = index(**chosen).score(data).score.sel(node="index").values
    variance = table.reshape(8, -1).var(axis=0)
    found = index().sensitivity(data, doubt, samples=4096, seed=2)
    assert found.factor.values.tolist() == ["treat", "normalise", "aggregate"]
    for place, name in enumerate(names):
        others = tuple(axis for axis in range(3) if axis != place)
        first = table.mean(axis=others).var(axis=0) / variance
        np.testing.assert_allclose(
            found["first"].sel(factor=name).values, first, atol=0.03, err_msg=name
        )
        total = table.var(axis=place).mean(axis=(0, 1)) / variance
        np.testing.assert_allclose(found.total.sel(factor=name).values, total, atol=0.03)


def test_few_samples_are_not_passed_over_in_silence():
    with pytest.warns(MigovWarning, match="cannot be relied on at 8 samples"):
        found = index().sensitivity(
            block(),
            c.Uncertainty(data=0.3, normalise=METHODS.normalise),
            samples=8,
            seed=1,
            outcome="rank_shift",
        )
    assert not bool(found.reliable.all())
    assert found["first"].dims == ("factor",)
    assert found.factor.values.tolist() == ["data", "normalise", "weights"]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"samples": 100}, "samples"),
        ({"samples": 1}, "samples"),
        ({"outcome": "rank"}, "outcome"),
        ({"uncertainty": c.Uncertainty(weights=0)}, "uncertainty"),
        ({"seed": -3}, "seed"),
    ],
)
def test_designs_that_cannot_be(arguments, name):
    with pytest.raises(ParameterError) as caught:
        index().sensitivity(block(), **arguments)
    assert caught.value.argument == name


def test_one_column_at_a_time_for_sensitivity():
    with pytest.raises(InputError, match="time"):
        index().sensitivity(block(time=TIME), samples=8, seed=1)


def test_a_setting_counts_its_ways():
    ready = setting(index(), block(), METHODS, None, None, "test")
    assert (len(ready.scale), len(ready.combine)) == (4, 4)
    names = ("missing", "treat", "normalise", "weigh", "aggregate")
    first, second = ready.ways({name: np.array([int(name != "missing")]) for name in names})
    assert (first.item(), second.item()) == (3, 3)


def test_weights_by_node_vary_each_on_its_own():
    fixed = index(normalise=c.Goalposts(worst=0, best=20))
    data = block()
    plain = fixed.robustness(data, c.Uncertainty(weights=0.25), draws=30, seed=5)
    named = dict.fromkeys(("p", "a", "b", "d"), 0.25)
    same = fixed.robustness(data, c.Uncertainty(weights=named), draws=30, seed=5)
    np.testing.assert_array_equal(plain.score, same.score)
    inside = fixed.robustness(data, c.Uncertainty(weights={"a": (0.5, 2.0)}), draws=30, seed=5)
    outside = fixed.robustness(data, c.Uncertainty(weights={"a": 0.9}), draws=30, seed=5, node="d")
    assert (inside.score.std("member") > 0).all()
    assert outside.score.max("member").equals(outside.score.min("member"))
    scored = fixed.score(data).score
    weight = (inside.score.sel() - scored.sel(node="d") / 2) * 2
    share = (weight - scored.sel(node="b")) / (scored.sel(node="a") - scored.sel(node="b"))
    assert float(share.min()) >= 0.5 / 1.5 - 1e-9
    assert float(share.max()) <= 2 / 3 + 1e-9
    found = fixed.sensitivity(
        data, c.Uncertainty(weights={"a": 0.5}, data=0.01), samples=4096, seed=1
    )
    assert found.factor.values.tolist() == ["data", "weights"]


def test_an_elicitation_lends_its_weights_and_their_spread():
    points = xr.DataArray(
        [[50, 30, 20], [60, 20, 20], [10, 70, 20]],
        coords={"person": list("xyz"), "node": ["a", "b", "d"]},
        dims=("person", "node"),
    )
    told = c.budget_allocation(points)
    flat = c.Index(
        nodes=(
            c.Node(id="index"),
            *(c.Node(id=n, parent="index", direction="up") for n in "abd"),
        )
    ).weighted(told)
    doubt = c.Uncertainty(weights=told)
    assert doubt.weights[0] == ("a", pytest.approx(0.25), pytest.approx(1.5))
    assert doubt.weights[2] == ("d", pytest.approx(1.0), pytest.approx(1.0))
    assert hash(doubt) == hash(c.Uncertainty(weights=told))
    unit = xr.DataArray(np.eye(3), {"node": list("abd"), "area": list("ABD")}, ("node", "area"))
    drawn = flat.robustness(unit, doubt, draws=500, seed=2).score / 100
    np.testing.assert_allclose(drawn.sum("area"), 1.0, rtol=1e-12)
    assert float(drawn.sel(area="A").min()) > 0.1 / (0.1 + 0.7 + 0.2) - 1e-9
    for wrong in (told.drop_vars("minimum"), {"a": 2.0}, {"a": (2, 1)}, {"a": "wide"}):
        with pytest.raises(ParameterError) as caught:
            c.Uncertainty(weights=wrong)
        assert caught.value.argument == "weights"
    with pytest.raises(ParameterError, match="beside weights by node"):
        c.Uncertainty(weights={"a": 0.1}, levels=(1,))
    with pytest.raises(MigovError, match="'zz' is no node"):
        flat.robustness(unit, c.Uncertainty(weights={"zz": 0.1}), draws=5, seed=1)


def test_whole_persons_keep_what_goes_together():
    points = xr.DataArray(
        [[50, 30, 20], [60, 20, 20], [10, 70, 20]],
        coords={
            "person": list("xyz"),
            "node": ["a", "b", "d"],
            "group": ("person", ["one", "one", "two"]),
        },
        dims=("person", "node"),
    )
    told = c.budget_allocation(points, group="group")
    np.testing.assert_allclose(told.person_weight @ told["share"], told.weight, rtol=1e-14)
    nodes = (c.Node(id="index"), *(c.Node(id=n, parent="index", direction="up") for n in "abd"))
    flat = c.Index(nodes=nodes).weighted(told)
    unit = xr.DataArray(np.eye(3), {"node": list("abd"), "area": list("ABD")}, ("node", "area"))
    doubt = c.Uncertainty(persons=told)
    assert doubt.weights == 0.0
    assert hash(doubt) == hash(c.Uncertainty(persons=told))
    drawn = flat.robustness(unit, doubt, draws=4000, seed=2)
    given = {tuple(row) for row in points.values.tolist()}
    assert {tuple(row) for row in drawn.score.values.T.round(9)} == given
    often = (drawn.score.sel(area="B").round(9) == 70).mean().item()  # the only one of a group
    assert often == pytest.approx(0.5, abs=0.03)
    np.testing.assert_allclose(drawn.score.mean("member"), 100 * told.weight, atol=1.5)
    few = flat.robustness(unit, doubt, draws=5, seed=2)
    np.testing.assert_array_equal(few.score, drawn.score[:, :5])
    moved = flat.sensitivity(unit, doubt, samples=1024, seed=1)
    assert moved.factor.values.tolist() == ["weights"]

    for wrong in ({"a": 0.5}, told.drop_vars("share"), told.drop_dims("person")):
        with pytest.raises(ParameterError) as caught:
            c.Uncertainty(persons=wrong)
        assert caught.value.argument == "persons"
    for more in ({"weights": 0.25}, {"levels": (1,)}):
        with pytest.raises(ParameterError, match="beside persons"):
            c.Uncertainty(persons=told, **more)
    nothing = points.copy(data=[[0, 0, 100], [60, 20, 20], [10, 70, 20]])
    with pytest.raises(MigovError, match="nothing to all children of 'p'"):
        index().robustness(
            block(), c.Uncertainty(persons=c.budget_allocation(nothing)), draws=5, seed=1
        )
    with pytest.raises(MigovError, match="'a' is no node"):
        c.Index(nodes=(nodes[0], nodes[2])).robustness(unit.sel(node=["b"]), doubt, draws=5)
