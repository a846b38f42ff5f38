"""Arguments of another kind: each public call, each argument, a message instead of a crash."""

from __future__ import annotations

import functools
import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov import composite, report
from migov import governance as g
from migov.core.errors import MigovError
from migov.governance import dialogue as d
from migov.governance import mipex

WRONG = {
    "None": None, "text": "x", "number": -1, "fraction": 1.5, "nan": float("nan"),
    "list": [1], "mapping": {"q": 1}, "frame": pd.DataFrame(), "array": np.array([1.0]),
    "labelled": xr.DataArray([1.0]), "dataset": xr.Dataset(), "object": object(),
}  # fmt: skip


@functools.cache
def calls():
    """Return public calls with arguments that do, by name."""
    policy = g.load("sdg-10.7.2", edition="2021")
    rows = pd.DataFrame({"area": "MDA", "node": policy.items, "value": "0", "start": "2021-07-01"})
    answers = g.Answers.from_frame(rows)
    scored = policy.score(answers)
    measures = [
        g.Measure(id="a", raises={"D1A": 1}, cost=2, body="x"),
        g.Measure(id="b", raises={"D2A": 1}, cost=3, body="y"),
    ]
    register = g.Register(measures)
    people = pd.DataFrame({"id": ["u"], "group": ["academia"], "heard": ["2024-03-01"]})
    stances = pd.DataFrame({"participant": ["u"], "proposal": ["f"], "stance": [1]})
    tables = {
        "participants": people,
        "proposals": pd.DataFrame({"id": ["f"]}),
        "positions": stances,
    }
    held = d.Round.from_frames("t", "2024-03-01", **tables)
    points = xr.DataArray(
        [[60, 40], [50, 50]], dims=("person", "node"),
        coords={"person": ["x", "y"], "node": ["a", "b"], "group": ("person", ["k", "l"])},
    )  # fmt: skip
    pairs = xr.DataArray(
        [[1, 2.0], [0.5, 1]], coords={"node": ["a", "b"], "other": ["a", "b"]},
        dims=("node", "other"),
    )  # fmt: skip
    options = xr.DataArray(
        [[3.0, 2], [1, 2]], dims=("person", "option"),
        coords={"person": ["x", "y"], "option": ["o", "q"], "group": ("person", ["k", "l"])},
    )  # fmt: skip
    index = composite.Index(nodes=(
        composite.Node(id="i"),
        composite.Node(id="a", parent="i", direction="up"),
        composite.Node(id="b", parent="i", direction="up"),
    ))  # fmt: skip
    effects = xr.DataArray([[2.0, -1]], coords={"measure": ["a"], "objective": ["x", "y"]},
                           dims=("measure", "objective"))  # fmt: skip
    items = pd.DataFrame({"area": ["L"], "item": ["i"]})
    choice = {"instrument": policy, "answers": answers, "measures": measures}
    return {
        "Answers.from_frame": (g.Answers.from_frame, {"frame": rows, "columns": {}, "values": {}}),
        "Answers.changed": (
            answers.changed, {"area": "MDA", "values": {"D1A": 1}, "date": "2022-01-01"},
        ),
        "Answers.value": (answers.value, {"area": "MDA", "node": "D1A", "date": "2022-01-01"}),
        "Instrument.score": (policy.score, {"answers": answers}),
        "explain": (g.explain, {"scored": scored}),
        "difference": (g.difference, {"a": scored, "b": scored}),
        "crosswalk": (g.crosswalk, {"source": policy, "target": policy}),
        "gaps": (g.gaps, {"scored": scored}),
        "plan": (g.plan, choice | {"scenarios": (), "objective": "score", "attitude": "expected"}),
        "frontier": (g.frontier, {**choice, "budgets": [0, 2]}),
        "shares": (g.shares, {"scored": scored}),
        "coherence": (g.coherence, {"effects": effects}),
        "conflicts": (g.conflicts, {"found": g.coherence(effects)}),
        "load": (g.load, {"name": "treaties", "edition": "1"}),
        "Register": (g.Register, {"measures": measures}),
        "Register.from_frame": (g.Register.from_frame, {"frame": pd.DataFrame({"id": ["a"]})}),
        "Register.at": (register.at, {"date": "2021-01-01"}),
        "mipex.instrument": (mipex.instrument, {"items": items, "edition": "V", "areas": ["L"]}),
        "Round.from_frames": (d.Round.from_frames, {"title": "t", "date": "2024-03-01", **tables}),
        "inclusiveness": (d.inclusiveness, {"held": held}),
        "agreement": (d.agreement, {"held": held}),
        "least_objection": (d.least_objection, {"held": held, "by": "groups"}),
        "consensus": (d.consensus, {"scores": options, "by": "groups", "group": "group"}),
        "weights_by_budget": (d.weights_by_budget, {"points": points, "by": "groups"}),
        "weights_by_pairs": (d.weights_by_pairs, {"judgements": pairs}),
        "into_index": (
            d.into_index, {"index": index, "found": composite.budget_allocation(points)},
        ),
        "follow_through": (
            d.follow_through, {"held": held, "register": register, "date": "2025-01-01"},
        ),
        "dialogue.minutes": (d.minutes, {"held": held, "by": "groups"}),
        "report.minutes": (report.minutes, {"held": held, "by": "groups"}),
        "profile": (
            report.profile,
            {"area": "MDA", "indicators": {}, "date": "2025-01-01", "scored": {"x": scored},
             "pictures": (), "notes": ()},
        ),
        "Index.weighted": (index.weighted, {"weights": {"a": 1}}),
        "Index.score": (
            index.score,
            {"data": xr.DataArray([[1.0, 2], [3, 1]], coords={"node": ["a", "b"],
             "area": ["ALB", "DEU"]}, dims=("node", "area"))},
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", [
    "Answers.from_frame", "Answers.changed", "Answers.value", "Instrument.score", "explain",
    "difference", "crosswalk", "gaps", "plan", "frontier", "shares", "coherence", "conflicts",
    "load", "Register", "Register.from_frame", "Register.at", "mipex.instrument",
    "Round.from_frames", "inclusiveness", "agreement", "least_objection", "consensus",
    "weights_by_budget", "weights_by_pairs", "into_index", "follow_through", "dialogue.minutes",
    "report.minutes", "profile", "Index.weighted", "Index.score",
])  # fmt: skip
def test_another_kind_is_told(name):
    function, good = calls()[name]
    function(**good)
    told = []
    for argument in good:
        for kind, wrong in WRONG.items():
            if isinstance(wrong, pd.DataFrame) and isinstance(good[argument], str):
                continue  # a table in place of a word has no truth value
            try:
                function(**{**good, argument: wrong})
            except MigovError as fault:
                told.append(fault)
            except Exception as fault:
                pytest.fail(f"{name}({argument}={kind}) raised {fault!r}")
    assert len(told) >= len(good)
    assert [str(pickle.loads(pickle.dumps(one))) for one in told] == [str(one) for one in told]


def test_all_calls_are_tried():
    assert len(calls()) == 32
