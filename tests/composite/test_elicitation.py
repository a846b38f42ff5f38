"""Weights from people: published and constructed cases, and what is refused."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov import composite as c
from migov.core.errors import InputError, MigovError

NODES = ["rights", "partnerships", "wellbeing", "orderly"]


@pytest.fixture
def folder(shared):
    return shared / "golden" / "governance" / "consensus"


def points(folder) -> xr.DataArray:
    frame = pd.read_csv(folder / "budget_allocation.csv")
    return xr.DataArray(
        frame[NODES].to_numpy(float),
        coords={
            "person": frame["member"].to_numpy(),
            "node": NODES,
            "group": ("person", list(frame["group"])),
        },
        dims=("person", "node"),
    )


def test_budgets(folder):
    wanted = pd.read_csv(folder / "budget_allocation_results.csv").set_index("measure")[NODES]
    given = points(folder)
    plain, grouped = c.budget_allocation(given), c.budget_allocation(given, group="group")
    for found, row in (
        (plain.weight, "mean_of_members"),
        (grouped.weight, "mean_of_group_means"),
        (plain["median"], "median_rescaled_to_100"),
        (plain.sd, "standard_deviation_members_n_minus_1"),
        (plain.minimum, "minimum"),
        (plain.maximum, "maximum"),
    ):
        np.testing.assert_allclose(100 * found.values, wanted.loc[row].astype(float), rtol=1e-12)
    assert int(plain.persons) == 7
    half = given.copy()
    half[0] = half[0] / 2  # whoever writes shares of 50 counts as much, where that is asked for
    with pytest.raises(InputError, match=rf"{half.person.values[0]} 50, expected 1 or 100"):
        c.budget_allocation(half)
    again = c.budget_allocation(half, rescale=True)
    np.testing.assert_allclose(again.weight, plain.weight, rtol=1e-14)
    np.testing.assert_allclose(c.budget_allocation(given / 10, budget=10).weight, plain.weight)
    np.testing.assert_allclose(c.budget_allocation(given / 100).weight, plain.weight)
    index = c.Index(
        nodes=(
            c.Node(id="all"),
            *(c.Node(id=name, parent="all", direction="up") for name in NODES),
        )
    ).weighted(plain)
    scored = index.score(xr.DataArray(np.eye(4), {"node": NODES, "area": list("abcd")},
                                      ("node", "area")))  # fmt: skip
    np.testing.assert_allclose(scored.weight.sel(node=NODES), plain.weight, rtol=1e-14)


def matrices(folder) -> xr.DataArray:
    frame = pd.read_csv(folder / "ahp_group.csv").set_index("member")
    members = []
    for name in ("m1", "m2", "m3"):
        ab, ac, bc = (float(Fraction(str(frame.loc[name, k]))) for k in ("ab", "ac", "bc"))
        members.append([[1, ab, ac], [1 / ab, 1, bc], [1 / ac, 1 / bc, 1]])
    labels = list("abc")
    return xr.DataArray(
        members,
        {"person": ["m1", "m2", "m3"], "node": labels, "other": labels},
        ("person", "node", "other"),
    )


def test_hierarchies(folder):
    frame = pd.read_csv(folder / "ahp_group.csv").set_index("member")
    columns = ["weight_a", "weight_b", "weight_c"]
    given = matrices(folder)
    found = c.analytic_hierarchy(given)
    wanted = frame.loc["aggregated_judgements", columns].astype(float)
    np.testing.assert_allclose(found.weight, wanted, atol=1e-10)
    np.testing.assert_allclose(
        found.consistency_ratio, frame.loc[["m1", "m2", "m3"], "consistency_ratio"], atol=1e-10
    )
    by_priority = c.analytic_hierarchy(given, combine="priorities")
    wanted = frame.loc["aggregated_priorities_geometric", columns].astype(float)
    np.testing.assert_allclose(by_priority.weight, wanted, atol=1e-10)
    one = c.analytic_hierarchy(given.sel(person="m1", drop=True))
    np.testing.assert_allclose(one.weight, frame.loc["m1", columns].astype(float), atol=1e-10)
    assert one.consistency_ratio.dims == ()
    np.testing.assert_allclose(one.deviation * one.deviation.T.values, 1, rtol=1e-12)


@pytest.mark.parametrize(
    "call",
    [
        lambda p, m: c.budget_allocation(p.rename(person="who")),
        lambda p, m: c.budget_allocation(-p),
        lambda p, m: c.budget_allocation(0 * p),
        lambda p, m: c.budget_allocation(p.where(p > 10)),
        lambda p, m: c.budget_allocation(p, group="sector"),
        lambda p, m: c.budget_allocation(p, budget=10),
        lambda p, m: c.budget_allocation(p, budget="100"),
        lambda p, m: c.budget_allocation(p.where(p.person != p.person[0], p / 100)),
        lambda p, m: c.budget_allocation(p.isel(person=[0]) * 0.9),
        lambda p, m: c.budget_allocation(p.values),
        lambda p, m: c.budget_allocation(p.astype(str)),
        lambda p, m: c.budget_allocation(p.isel(person=[0, 0])),
        lambda p, m: c.analytic_hierarchy(p),
        lambda p, m: c.analytic_hierarchy(m + 1),
        lambda p, m: c.analytic_hierarchy(m, method="mean"),
        lambda p, m: c.analytic_hierarchy(m, combine="votes"),
        lambda p, m: c.analytic_hierarchy(m, random_index="mine"),
        lambda p, m: c.analytic_hierarchy(m.isel(other=[1, 0, 2])),
        lambda p, m: c.analytic_hierarchy(m.where(m != 1)),
    ],
)
def test_elicitations_that_cannot_be(folder, call):
    with pytest.raises(MigovError) as caught:
        call(points(folder), matrices(folder))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
