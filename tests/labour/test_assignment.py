"""Assignment: published optima, scipy's solvers, prices, bounds, and what is refused."""

from __future__ import annotations

import itertools
import json
import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linear_sum_assignment

from migov.core.errors import (
    AccountError,
    CodeError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    UnitError,
)
from migov.labour import Limit, assignment, kernels_assignment
from migov.labour.assigning import _check, _Found

CASES = ["assignment_12x5_seed2", "assignment_60x12_seed3", "assignment_8x8_seed1"]


def arrays(weights, seats, **groups):
    weights = np.asarray(weights, float)
    labels = {
        "worker": [f"w{i}" for i in range(weights.shape[0])],
        "post": [f"p{j}" for j in range(weights.shape[1])],
    }
    x = xr.DataArray(weights, labels, ("worker", "post"), attrs={"units": "EUR/month"})
    x = x.assign_coords(groups)
    return x, xr.DataArray(seats, {"post": labels["post"]}, attrs={"units": "post"})


def supports(weights, seats, out):
    """Nobody prefers another seat at its price, free seats cost nothing."""
    values = np.where(np.isnan(weights), -np.inf, weights)
    price = out["price"].values
    best = np.maximum((values - price).max(axis=1), 0.0)
    np.testing.assert_allclose(out["surplus"].values, best, atol=1e-8)
    own = np.array([
        0.0 if p == "" else values[i, int(p[1:])] - price[int(p[1:])]
        for i, p in enumerate(out["partner"].values)
    ])  # fmt: skip
    np.testing.assert_allclose(own, best, atol=1e-8)
    assert (price >= 0).all()
    np.testing.assert_allclose(price[out["filled"].values < seats], 0.0, atol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_reference_values(shared, name):
    case = json.loads((shared / "golden/labour/assignment" / f"{name}.json").read_text())
    weights, seats = np.array(case["weights"], float), case["post_capacity"]
    out = assignment(*arrays(weights, seats))
    assert out.attrs["value"] == case["max_weight_b_matching"]["value"]
    supports(weights, seats, out)
    less = assignment(*arrays(weights - 60, seats))
    assert less.attrs["value"] == case["weights_minus_60_unmatched_allowed"]["value"]
    assert int(less["filled"].sum()) == case["weights_minus_60_unmatched_allowed"]["matched"]
    supports(weights - 60, seats, less)
    some, room = arrays(weights, seats)
    least = Limit(by="post", least=dict.fromkeys(some.post.values, 1))
    bound = assignment(some, room, limits=[least])
    assert bound.attrs["value"] == case["with_lower_quota_1_each"]["value"]
    assert (bound["filled"] >= 1).all()


def test_lower_quota_of_least_rank_sum(shared):
    case = json.loads((shared / "golden/labour/caps/own_lower_quota_4x3.json").read_text())
    posts = list(case["post_preferences"])
    ranks = np.array([
        [order.index(p) for p in posts] for order in case["worker_preferences"].values()
    ])  # fmt: skip
    labels = {"worker": list(case["worker_preferences"]), "post": posts}
    weights = xr.DataArray(10.0 - ranks, labels, ("worker", "post"))
    seats = xr.DataArray([2, 2, 2], {"post": posts}, attrs={"units": "post"})
    out = assignment(weights, seats, limits=[Limit(by="post", least=case["lower_quota"])])
    assert 40 - out.attrs["value"] == case["min_total_rank_sum_0_based"]
    partners = dict(zip(labels["worker"], out["partner"].values.tolist(), strict=True))
    assert partners in case["min_rank_matchings"]


@given(
    hnp.arrays(float, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6),
               elements=st.integers(-5, 9).map(float)),
    st.data(),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_against_copied_columns(weights, data):
    seats = data.draw(st.lists(st.integers(0, 4), min_size=weights.shape[1],
                               max_size=weights.shape[1]))  # fmt: skip
    barred = data.draw(hnp.arrays(bool, weights.shape))
    weights = np.where(barred, np.nan, weights)
    out = assignment(*arrays(weights, seats))
    copied = np.repeat(np.nan_to_num(weights, nan=-99.0), seats, axis=1)
    copied = np.concatenate([copied, np.zeros((len(weights), len(weights)))], axis=1)
    rows, columns = linear_sum_assignment(copied, maximize=True)
    assert out.attrs["value"] == pytest.approx(copied[rows, columns].sum())
    supports(weights, seats, out)


@pytest.mark.parametrize("kind", ["uniform", "common", "whole", "equal", "few"])
def test_large_ones_close_by_their_prices(kind):
    rng = np.random.default_rng(2)
    n, m = 800, 12
    weights = {
        "uniform": rng.random((n, m)),
        "common": rng.random(m) + 0.05 * rng.random((n, m)),
        "whole": rng.integers(0, 4, (n, m)).astype(float),
        "equal": np.ones((n, m)),
        "few": np.where(rng.random((n, m)) < 0.8, np.nan, 1e6 * rng.random((n, m))),
    }[kind]
    seats = rng.integers(0, 90, m)
    out = assignment(*arrays(weights, seats))
    supports_scale = np.nanmax(np.abs(weights))
    supports(weights / supports_scale, seats, out.assign(
        price=out["price"] / supports_scale, surplus=out["surplus"] / supports_scale))  # fmt: skip
    assert (out["filled"].values <= seats).all()


def test_prices_are_the_lowest():
    # Two workers, one seat: any price between the second and the first value supports it.
    out = assignment(*arrays([[5.0], [3.0]], [1]))
    assert out["price"].item() == 3.0
    assert out["price"].attrs["units"] == "EUR/month"
    assert out.attrs["note"] == "planning tool, not a decision on individuals"


def brute(weights, seats, ok):
    best = -np.inf
    n, m = weights.shape
    for chosen in itertools.product(range(-1, m), repeat=n):
        counts = np.bincount([c for c in chosen if c >= 0], minlength=m)
        if (counts <= seats).all() and ok(np.array(chosen)):
            best = max(best, sum(weights[i, c] for i, c in enumerate(chosen) if c >= 0))
    return best


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_bounds_by_group_against_enumeration(seed):
    rng = np.random.default_rng(seed)
    weights = rng.integers(-3, 9, (5, 3)).astype(float)
    seats = rng.integers(1, 4, 3)
    origin, region = rng.choice(["A", "B"], 5), rng.choice(["n", "s"], 3)
    origin[:2], region[:2] = ["A", "B"], ["n", "s"]
    most, least = int(rng.integers(0, 3)), int(rng.integers(0, 3))
    limits = [Limit(by="origin", most={"A": most}), Limit(by="region", least={"s": least})]
    if seed % 2:
        limits.append(Limit(by="origin", most={"B": 1}, at_each_post=True))

    def ok(chosen):
        placed = chosen >= 0
        if (placed & (origin == "A")).sum() > most:
            return False
        if (placed & (region[np.where(placed, chosen, 0)] == "s")).sum() < least:
            return False
        here = [((chosen == p) & (origin == "B")).sum() for p in range(3)]
        return not seed % 2 or max(here) <= 1

    given_, room = arrays(weights, seats, origin=("worker", origin), region=("post", region))
    best = brute(weights, seats, ok)
    if not np.isfinite(best):
        with pytest.raises(ParameterError, match=r"no (whole )?assignment"):
            assignment(given_, room, limits=limits)
        return
    out = assignment(given_, room, limits=limits)
    assert out.attrs["value"] == pytest.approx(best)
    chosen = np.array([-1 if p == "" else int(p[1:]) for p in out["partner"].values])
    assert ok(chosen)
    assert out["limit_price"].sizes["limit"] >= 2


def test_price_of_a_bound_is_what_one_place_more_is_worth():
    weights = np.array([[9.0, 8.0], [7.0, 3.0], [6.0, 1.0]])
    given_, room = arrays(weights, [2, 2], origin=("worker", ["A", "A", "B"]))
    one = assignment(given_, room, limits=[Limit(by="origin", most={"A": 1})])
    two = assignment(given_, room, limits=[Limit(by="origin", most={"A": 2})])
    gained = two.attrs["value"] - one.attrs["value"]
    assert one["limit_price"].item() >= gained > 0
    loose = assignment(given_, room, limits=[Limit(by="origin", most={"A": 3})])
    assert loose["limit_price"].item() == 0.0


def test_a_broken_account_is_seen():
    weights = np.array([[5.0, 4.0], [5.0, 1.0]])
    seats = np.array([1, 1])
    post, gain, price = kernels_assignment.transport(weights, seats)
    _check(weights, seats, _Found(post, gain, price, np.zeros(0), []))
    with pytest.raises(AccountError, match="gains and prices"):
        _check(weights, seats, _Found(post, gain + 1, price, np.zeros(0), []))
    with pytest.raises(AccountError, match="more than its seats"):
        _check(weights, np.array([0, 1]), _Found(post, gain, price, np.zeros(0), []))


def test_calls_at_fault():
    x, room = arrays([[1.0, 2.0]], [1, 1])
    limit = Limit(by="origin", most={"A": 1})
    calls = [
        (DimensionError, lambda: assignment(x.isel(worker=0), room)),
        (DimensionError, lambda: assignment(x.drop_vars("post"), room)),
        (InputError, lambda: assignment(x / 0, room)),
        (UnitError, lambda: assignment(x, room.assign_attrs(units="EUR"))),
        (InputError, lambda: assignment(x, (-room).assign_attrs(units="post"))),
        (ParameterError, lambda: assignment(x.rename("nationality"), room)),
        (KindError, lambda: assignment(x, room, limits=["A"])),
        (CodeError, lambda: assignment(x, room, limits=[limit])),
        (CodeError, lambda: assignment(x.assign_coords(origin=("worker", ["B"])), room,
                                       limits=[limit])),
        (InputError, lambda: assignment(x * np.nan, room, limits=[Limit(by="post",
                                                                       most={"p0": 1})])),
    ]  # fmt: skip
    for kind, call in calls:
        with pytest.raises(kind) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
