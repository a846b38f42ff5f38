"""The frontier: nothing on it is beaten, nothing feasible beats it; bad inputs."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core.cases import Cells
from migov.core.errors import DataError, ParameterError
from migov.schemes.design import Design
from migov.schemes.design_frontier import frontier, undominated

THREE = ["destination", "origin", "migrants"]
FREE = (("floor", "no data here"),)


def gains(seed=0, members=4):
    rng = np.random.default_rng(seed)
    years = np.array([f"{y}-01-01" for y in range(2026, 2030)], "M8[s]")
    return xr.DataArray(
        rng.uniform(-20, 100, (3, members, 3, 2, 3)),
        {"actor": THREE, "member": range(members), "occupation": ["3", "5", "9"],
         "origin": ["ALB", "MDA"], "period": years[:3], "period_end": ("period", years[1:])},
        ["actor", "member", "occupation", "origin", "period"], attrs={"units": "EUR/person"},
    )  # fmt: skip


def limits():
    return {
        "needs": Cells((5.0, 8.0, 6.0), occupation="3 5 9").array("person"),
        "caps": Cells((7.0, 4.0), origin="ALB MDA").array("person"),
    }


def test_no_point_beats_another_and_the_ideal_is_what_each_has_alone():
    x = gains()
    found = frontier(Design(objective="needs", relax=FREE), x, steps=6, **limits())
    points = found.gain.values
    assert len(points) > 3
    assert undominated(points) == list(range(len(points)))
    for k, actor in enumerate(THREE):
        alone = Design(objective=actor, relax=FREE).solve(x, **limits())
        assert float(found.ideal[k]) == pytest.approx(alone.objective, rel=1e-4)
    assert (points <= found.ideal.values + 1e-6).all()
    again = (x.mean("member") * found.quotas).sum(["occupation", "origin", "period"])
    np.testing.assert_allclose(again.transpose("point", "actor").values, points, rtol=1e-9)


def test_random_feasible_plans_beat_no_point():
    """An independent check: mixtures of feasible plans stay on one side of the frontier."""
    x = gains(2)
    free = tuple((name, "to see the whole set") for name in (*THREE, "floor"))
    design = Design(objective="needs", relax=free)
    found = frontier(design, x, steps=5, **limits())
    rng = np.random.default_rng(0)
    mean = x.mean("member").transpose("actor", "occupation", "origin", "period").values
    needs, caps = limits()["needs"].values, limits()["caps"].values
    seen = 0
    for _ in range(2000):
        q = rng.uniform(0, 1, mean.shape[1:]) * needs[:, None, None]
        q *= np.minimum(1.0, needs[:, None, None] / q.sum(1, keepdims=True))
        q *= np.minimum(1.0, caps[None, :, None] / q.sum(0, keepdims=True))
        own = (mean * q).sum((1, 2, 3))
        seen += 1
        assert not (own > found.gain.values + 1e-6).all(axis=1).any()
    assert seen == 2000


def test_every_point_keeps_the_guards_and_the_limits():
    x = gains(3)
    design = Design(objective="needs", quantile=0.0, relax=FREE, whole=True)
    found = frontier(design, x, steps=3, **limits())
    q = found.quotas
    assert (q.sum("origin") <= limits()["needs"] + 1e-9).all()
    assert (q.sum("occupation") <= limits()["caps"] + 1e-9).all()
    members = (x * q).sum(["occupation", "period"])
    assert (members.sel(actor=["origin", "migrants"]) >= -1e-6).all()
    assert (found.gain_at_quantile >= -1e-6).all()
    assert found.attrs["given_up"] == "floor: no data here"
    assert np.array_equal(q.values, np.round(q.values))


def test_undominated_keeps_one_of_equal_points():
    points = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.5], [1.0, 0.0]])
    assert undominated(points) == [0, 1]


@pytest.mark.parametrize(
    ("how", "argument"),
    [({"steps": 0}, "steps"), ({"steps": 2.5}, "steps"), ({"moon": 1}, "moon"),
     ({"needs": None}, "needs")],
)  # fmt: skip
def test_bad_inputs(how, argument):
    given = {**limits(), **how}
    if how.get("needs", 1) is None:
        del given["needs"]
    with pytest.raises(ParameterError) as caught:
        frontier(Design(objective="needs", relax=FREE), gains(), **given)
    assert caught.value.argument == argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_infeasible_limits_are_blamed():
    given = {**limits(), "commitments": Cells((9.0,), origin="ALB").array("person")}
    given["commitments"] = Cells((9.0, 0.0), origin="ALB MDA").array("person")
    with pytest.raises(DataError, match="no quotas satisfy these 2"):
        frontier(Design(objective="needs", relax=FREE), gains(), **given)
