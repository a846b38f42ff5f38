"""Instruments: their files, their checks, what follows from the nodes."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest

from migov import governance as g
from migov.core.errors import MigovError
from migov.governance.library import index

YES_NO = g.Scale(id="s", values=(0, 1))


def tool(*nodes: g.Node, **fields: object) -> g.Instrument:
    return g.Instrument(
        **{"id": "t", "edition": "1", "nodes": nodes, "scales": (YES_NO,), **fields}
    )


ROOT = g.Node(id="all", aggregate="mean", missing="answered")


def item(name: str, parent: str = "all", **fields: object) -> g.Node:
    return g.Node(id=name, parent=parent, scale="s", **fields)


def every() -> list[g.Instrument]:
    return [g.load(name, edition=e) for name in index() for e in g.editions(name)]


@pytest.mark.parametrize("one", every(), ids=lambda one: one.name)
def test_packaged_instruments(one):
    assert one.source
    assert one.note
    assert one.answered_by
    assert all(node.label for node in one.nodes)
    assert g.Instrument.from_json(one.to_json()) == one
    assert hash(g.Instrument.from_json(one.to_json())) == hash(one)
    assert sum(one.tree.weights(one.root).values()) == 1
    assert not any("?" in node.label for node in one.nodes)


def test_ten_themes_and_six_parts():
    agreement = g.load("labour-agreement")
    themes = [c for c, w in agreement.tree.children["agreement"] if w]
    assert len(themes) == 10
    assert len([c for c, _ in g.load("governance-profile").tree.children["profile"]]) == 6


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: tool(ROOT, item("a"), item("a")), "two nodes are called 'a'"),
        (lambda: tool(ROOT, item("a", "b")), "part of 'b', which is no node"),
        (lambda: tool(item("a", ""), item("b", "")), "2 nodes have no parent"),
        (
            lambda: tool(
                ROOT,
                item("a"),
                g.Node(id="b", parent="c", aggregate="mean", missing="open"),
                g.Node(id="c", parent="b", aggregate="mean", missing="open"),
            ),
            "'b' hangs in a cycle",
        ),
        (
            lambda: tool(ROOT, item("a", weight="1/2"), item("b", weight="1/3")),
            "add up to 5/6, not to 1",
        ),
        (lambda: tool(ROOT, item("a", weight=0)), "all zero"),
        (lambda: tool(ROOT, item("a", weight=0.1)), "binary float"),
        (lambda: tool(ROOT, item("a", weight=-1)), "negative"),
        (lambda: tool(ROOT, g.Node(id="a", parent="all", scale="x")), "scale='x'"),
        (lambda: tool(ROOT, item("a", missing="zero")), "the missing rule is its parent's"),
        (lambda: tool(ROOT, item("a"), scales=()), "scale='s'"),
        (lambda: tool(g.Node(id="all", aggregate="mean"), item("a")), "missing=''"),
        (lambda: tool(g.Node(id="all", aggregate="median"), item("a")), "aggregate='median'"),
        (lambda: tool(ROOT, item("a", classes="c")), "which are not there"),
        (lambda: tool(ROOT, item("a", across=("all",))), "must be 0"),
        (lambda: tool(ROOT, item("a", begins="soon")), "no date"),
        (
            lambda: tool(
                g.Node(id="all", aggregate="mean", missing="zero"),
                item("a"),
                scales=(g.Scale(id="s", values=(1, 2)),),
            ),
            "does not begin at zero",
        ),
        (lambda: g.Scale(id="s", values=(0.1, 1)), "binary float"),
        (lambda: g.Scale(id="s"), "no two different answers"),
        (lambda: g.Classes(id="c", labels=("a", "b"), limits=(2, 1)), "one label more"),
        (lambda: g.Classes(id="c", labels=("a", "b", "c"), limits=(2, 1)), "do not increase"),
        (lambda: g.Classes(id="c", labels=("a", "b"), limits=(0.1,)), "binary float"),
        (lambda: g.load("sdg-10.7.2"), "has the editions 2019, 2021"),
        (lambda: g.load("sdg-10.7.2", edition="2030"), "no edition '2030'"),
        (lambda: g.load("sdg-99"), "no packaged instrument"),
        (lambda: g.Instrument.from_json("{"), "tells no instrument"),
        (lambda: g.load("treaties").node("C0"), "'C0' is no node"),
    ],
)
def test_what_is_no_instrument(make, told):
    with pytest.raises(MigovError) as caught:
        make()
    assert told in str(caught.value)
    assert caught.value.mend


def test_whole_numbers_are_relative_weights():
    found = tool(ROOT, item("a", weight=2), item("b", weight=1))
    assert found.tree.weights("all") == {"a": Fraction(2, 3), "b": Fraction(1, 3)}


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: tool(item("a"), multiple=0), "multiple=0"),
        (lambda: tool(item("a"), multiple=-100), "multiple=-100"),
        (lambda: tool(item("a"), direction="down"), "direction='down'"),
        (lambda: item("a", lasts=-3), "lasts -3"),
        (lambda: item("a", lasts=1.5), "lasts 1.5"),
        (lambda: item("a", begins=2020), "begins at 2020"),
        (lambda: g.Scale(id="s", values=(0, 0, 1)), "an answer twice"),
        (lambda: g.Instrument(id="x", edition="1", nodes="abc", scales=()), "no sequence"),
        (lambda: g.Instrument(id="x", edition="1", nodes=None, scales=()), "no sequence"),
        (lambda: g.Instrument(id="x", edition="1", nodes=("a",), scales=()), "is no Node"),
    ],
)
def test_fields_that_would_turn_or_hide_a_score(make, told):
    with pytest.raises(MigovError, match=told) as caught:
        make()
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
