"""What may not be scored is refused with node and area, in every instrument and at every item."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction

import attrs
import numpy as np
import pandas as pd
import pytest

from migov import governance as g
from migov.core.errors import MigovError
from migov.governance.library import index

NAMES = [(name, edition) for name in index() for edition in g.editions(name)]
ITEMS = [(name, edition, item) for name, edition in NAMES
         for item in g.load(name, edition=edition).items]  # fmt: skip
AREA = "MDA"


def table(name, edition, **changed):
    """Return the best answers to all items, one row an item."""
    instrument = g.load(name, edition=edition)
    best = [str(instrument.scale(item).ends[1]) for item in instrument.items]
    frame = pd.DataFrame({"area": AREA, "node": instrument.items, "value": best})
    return instrument, frame.assign(start="2022-01-01", **changed).astype(object)


def refused(call, *told):
    """Check that a call is refused in words that a pickle keeps, and return them."""
    with pytest.raises(MigovError) as caught:
        call()
    text = str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == text
    for part in told:
        assert part in text
    return text


@pytest.mark.parametrize(("name", "edition", "item"), ITEMS)
def test_an_item_answered_as_it_may_not_be(name, edition, item):
    instrument, frame = table(name, edition)
    at = frame["node"] == item
    scale = instrument.scale(item)
    between = scale.ends[0] + (scale.ends[1] - scale.ends[0]) * 2 / 7
    off = dict(zip(("MDA", "ALB", "DEU"), (scale.ends[1] + 1, scale.ends[0] - 1, between),
                   strict=True))  # fmt: skip
    wrong = pd.DataFrame({"area": list(off), "node": item, "value": [str(v) for v in off.values()],
                          "start": "2022-01-01"})  # fmt: skip
    text = refused(lambda: instrument.score(g.Answers.from_frame(wrong)), "3 faults")
    for area, value in off.items():
        assert f"{area}: {item}: {value} is not on its scale" in text
    frame = frame[at]
    at = at[at]
    twice = pd.concat([frame, frame[at].assign(start="2023-01-01", assessor="another")])
    refused(
        lambda: instrument.score(g.Answers.from_frame(twice.fillna(""))),
        f"{AREA}, {item}", "in force at once",
    )  # fmt: skip
    renamed = frame.assign(node=frame["node"].where(~at, f"{item}?"))
    refused(lambda: instrument.score(g.Answers.from_frame(renamed)), AREA, f"{item}?", "no item")


@pytest.mark.parametrize(("name", "edition"), NAMES)
def test_a_row_told_as_it_may_not_be(name, edition):
    instrument, frame = table(name, edition)
    item = instrument.items[-1]
    at = frame["node"] == item
    for change, told in (
        ({"value": 0.1}, "binary float"),
        ({"value": float("inf")}, "binary float"),
        ({"value": "maybe"}, "no finite number"),
        ({"evidence_date": "2999-01-01"}, "evidence dated in the future"),
        ({"recorded": "2999-01-01"}, "recorded in the future"),
        ({"start": ""}, "no start"),
        ({"end": "2021-01-01"}, "the end is before the start"),
        ({"reason": "no_response"}, "a value and a reason"),
    ):
        wrong = frame.copy()
        for column, cell in change.items():
            old = wrong[column] if column in wrong else pd.Series("", index=frame.index)
            wrong[column] = old.astype(object).where(~at, cell)
        refused(lambda t=wrong: g.Answers.from_frame(t), AREA, item, told)


@pytest.mark.parametrize(("name", "edition"), NAMES)
def test_nothing_to_score_from(name, edition):
    instrument, frame = table(name, edition)
    empty = frame.assign(value="")
    refused(
        lambda: instrument.score(g.Answers.from_frame(empty)),
        AREA, instrument.root, "nothing to be scored from",
    )  # fmt: skip
    above = frame.assign(node=instrument.root)
    refused(lambda: instrument.score(g.Answers.from_frame(above.head(1))), AREA, "an aggregate")
    soon = frame.assign(start="2999-01-01")
    refused(lambda: instrument.score(g.Answers.from_frame(soon)), AREA, "in the future")
    answered = g.Answers.from_frame(frame)
    silent = pd.DataFrame({"area": [AREA], "node": "", "value": "", "reason": "no_response"})
    both = pd.concat([frame, silent.assign(start="2022-01-01")]).fillna("")
    refused(
        lambda: instrument.score(g.Answers.from_frame(both)),
        AREA, "answers at 2022-01-01", "a reason for not answering",
    )  # fmt: skip
    scored = instrument.score(answered)
    for call in (
        lambda: g.explain(scored, area="DEU"),
        lambda: g.explain(scored, time="2023-01-01"),
        lambda: instrument.score(answered, times=["2023-01-01", "2022-01-01"]),
        lambda: instrument.score(answered, times=[np.datetime64("NaT", "s")]),
        lambda: instrument.score(answered, as_of="2022-01-01"),
    ):
        refused(call)


@pytest.mark.parametrize(("name", "edition"), NAMES)
def test_instruments_that_cannot_be(name, edition):
    """Each aggregate: a circle, a weight that is a float, weights that miss one."""
    instrument = g.load(name, edition=edition)
    for place, node in enumerate(instrument.nodes):
        children = [child for child in instrument.nodes if child.parent == node.id]
        if not children:
            continue

        def with_node(at, **change):
            nodes = list(instrument.nodes)
            nodes[at] = attrs.evolve(nodes[at], **change)
            return attrs.evolve(instrument, nodes=nodes)

        refused(lambda at=place, to=children[0].id: with_node(at, parent=to))
        first = instrument.nodes.index(children[0])
        refused(lambda at=first: with_node(at, weight=0.1), "binary float")
        refused(lambda at=first: with_node(at, weight="1/97"), node.id)
        refused(lambda at=first: with_node(at, weight="-1"), children[0].id)


def test_an_instrument_from_damaged_text():
    text = g.load("sdg-10.7.2", edition="2021").to_json()
    told = json.loads(text)
    for damage in (
        text[:-5],
        "[]",
        json.dumps({**told, "nodes": told["nodes"][:3]}),
        json.dumps({**told, "scales": []}),
        json.dumps({**told, "nodes": [{**node, "colour": 1} for node in told["nodes"]]}),
    ):
        refused(lambda t=damage: g.Instrument.from_json(t))


def test_exact_numbers_are_asked_for_where_binary_floats_do_not_do():
    for make in (
        lambda: g.Scale(id="s", values=(0, 0.1)),
        lambda: g.Classes(id="c", labels=("a", "b"), limits=(33.3,)),
        lambda: g.Node(id="n", weight=0.1),
        lambda: g.Measure(id="m", raises={"D1A": 0.1}),
        lambda: g.compliance_score(27.05),
    ):
        refused(make, "binary float")
    assert g.compliance_score("27.05") == Fraction(541, 190)


@pytest.mark.parametrize(
    ("low", "told"),
    [("10000000000000000000000000000000", "too large"), ("1/170000000000000003", "common denom")],
)
def test_numbers_that_exact_integers_do_not_hold_are_refused(low, told):
    tool = g.Instrument(
        id="t",
        edition="1",
        nodes=(
            g.Node(id="all", aggregate="minimum", missing="answered"),
            g.Node(id="x", parent="all", scale="s"),
            g.Node(id="y", parent="all", scale="s"),
        ),
        scales=(g.Scale(id="s", low="0", high="1"),),
    )
    rows = [("MDA", "x", low, "2021-07-01"), ("MDA", "y", "1/2", "2021-07-01")]
    frame = pd.DataFrame(rows, columns=["area", "node", "value", "start"])
    with pytest.raises(MigovError, match=told) as caught:
        tool.score(g.Answers.from_frame(frame))
    assert "MDA" in str(caught.value)
