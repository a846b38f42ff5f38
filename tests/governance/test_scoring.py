"""SDG 10.7.2 against the constructed cases, an independent slow version and identities."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migov import governance as g
from migov.core import status
from migov.core.errors import MigovError

from .conftest import frame_of, full

AT = "2021-07-01"


@pytest.fixture(scope="module")
def cases(sdg, policy):
    table = sdg.read("sdg_10_7_2_case_answers")
    answers = g.Answers.from_frame(
        table, columns={"case": "area", "item_code": "node"}, time=AT, codes=False
    )
    return policy.score(answers).isel(time=0)


def test_structure_is_the_published_one(sdg, policy):
    table = sdg.read("sdg_10_7_2_structure")
    assert list(table["item_code"]) == list(policy.items)
    for _, row in table.iterrows():
        item = row["item_code"]
        assert policy.node(item).parent == row["domain_code"]
        assert policy.tree.weights("10.7.2")[item] == Fraction(row["weight_in_overall"])
        assert policy.tree.weights(row["domain_code"])[item] == Fraction(row["weight_in_domain"])
        given = {Fraction(part.split("=")[1]) for part in row["scale"].split("; ")}
        assert given == {Fraction(value) for value in policy.scale(item).values}


def test_every_case(sdg, cases):
    table = sdg.read("sdg_10_7_2_case_results").set_index("case")
    assert len(table) == 31
    for case, row in table.iterrows():
        one = cases.sel(area=case)
        root = one.sel(node="10.7.2")
        exact = Fraction(int(root.numerator), int(root.denominator)) * 100
        assert exact == Fraction(row["overall_exact"])
        assert root.denominator == 60
        assert int(root["class"]) == int(row["overall_class"])
        assert float(root.score) == float(exact)
        assert float(root.lowest) == pytest.approx(float(row["lowest_possible_percent"]), abs=1e-6)
        highest = float(row["highest_possible_percent"])
        assert float(root.highest) == pytest.approx(highest, abs=1e-6)
        assert int(root.highest_class) == int(row["highest_possible_class"])
        assert round(float(root.coverage) * 30) == int(row["items_answered"])
        assert int(root.treated_as_zero) == 30 - int(row["items_answered"])
        for k in range(1, 7):
            domain = one.sel(node=f"D{k}")
            assert float(domain.score) == float(row[f"domain{k}_score"])
            assert int(domain["class"]) == int(row[f"domain{k}_class"])


def test_thresholds_are_whole_half_points(policy):
    """24, 48 and 60 of 60 half-points begin a class; one less is the class below."""
    reached = []
    for points in (23, 24, 47, 48, 59, 60):
        halves = [min(2, max(0, points - 2 * i)) for i in range(30)]
        halves.sort(key=lambda h: h != 1)  # an odd half goes to domain 1, which allows it
        values = dict(zip(policy.items, (f"{h}/2" for h in halves), strict=True))
        scored = policy.score(g.Answers.from_frame(frame_of(values), time=AT))
        root = scored.sel(node="10.7.2").squeeze()
        assert int(root.numerator) == points
        reached.append(int(root["class"]))
    assert reached == [1, 2, 2, 3, 3, 4]


def test_class_boundaries(sdg, policy):
    classes = policy.classes_of("10.7.2")
    for _, row in sdg.read("sdg_10_7_2_class_boundaries").iterrows():
        number = 1 + sum(Fraction(row["percent"]) >= Fraction(x) for x in classes.limits)
        assert number == int(row["class"])


def slow(policy, values, missing, end=None):
    """Score one country item by item, with fractions."""
    found = {}
    for name in policy.items:
        value = values.get(name)
        if value is None and end is not None:
            value = policy.scale(name).ends[end]
        found[name] = value
    for name, children in policy.tree.steps:
        whole, below = Fraction(0), Fraction(0)
        for child, weight in children:
            if found[child] is None:
                if missing == "zero":
                    below += weight
                continue
            whole, below = whole + weight * found[child], below + weight
        found[name] = whole / below if below else None
    return found


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_profile_in_thirds_equals_the_slow_version(data):
    """Nested means over the answered items, with weights rescaled, exact to the last third."""
    profile = g.load("governance-profile")
    third = st.sampled_from([None, *(Fraction(k, 3) for k in range(4))])
    values = {item: data.draw(third) for item in profile.items}
    values["P1.1"] = Fraction(1, 3)
    table = frame_of({k: "" if v is None else str(v) for k, v in values.items()})
    scored = profile.score(g.Answers.from_frame(table, time=AT)).squeeze()
    expected = slow(profile, values, "answered")
    low, high = (slow(profile, values, "answered", end) for end in (0, 1))
    limits = [Fraction(limit) for limit in profile.classes_of("profile").limits]
    for name in profile.tree.ids:
        cell = scored.sel(node=name)
        if expected[name] is None:
            assert np.isnan(float(cell.score))
            assert int(cell["class"]) == 0
            continue
        assert Fraction(int(cell.numerator), int(cell.denominator)) == expected[name]
        assert float(cell.lowest) == float(low[name] * 100)
        assert float(cell.highest) == float(high[name] * 100)
        if profile.classes_of(name) is not None:
            number = 1 + sum(expected[name] * 100 >= limit for limit in limits)
            assert int(cell["class"]) == number


def test_both_ways_of_computing_agree(policy):
    """Integer products of the linear instrument against exact ratios along the tree."""
    from migov.governance.grid import gridded
    from migov.governance.scoring import _along, evaluate

    rng = np.random.default_rng(4)
    tables = []
    for k in range(40):
        values = {i: str(rng.choice(["", "0", "1"])) for i in policy.items} | {"D1A": "1/2"}
        tables.append(frame_of(values, area=f"case {k}"))
    answers = g.Answers.from_frame(pd.concat(tables), time=AT, codes=False)
    grid = gridded(policy, answers, None)
    quick, low, high = evaluate(policy, grid)
    scale = 2 // grid.denominator
    plain = _along(policy, grid.codes * scale, grid.present, grid.out, 2)
    at = [policy.tree.ids.index(name) for name, _ in policy.tree.steps]
    assert (quick.fractions()[..., at] == plain.fractions()[..., at]).all()
    assert (low.fractions()[..., at] <= quick.fractions()[..., at]).all()
    assert (quick.fractions()[..., at] <= high.fractions()[..., at]).all()


def test_large_denominators_do_not_overflow():
    """Weights over primes whose product passes 2^63 go over to Python's integers."""
    primes = [10007, 10009, 10037, 10039, 10061, 10067]
    nodes = [g.Node(id="all", aggregate="mean", missing="answered")]
    for k, prime in enumerate(primes):
        nodes.append(g.Node(id=f"p{k}", parent="all", aggregate="mean", missing="answered"))
        for j, weight in enumerate((f"1/{prime}", f"{prime - 1}/{prime}")):
            nodes.append(g.Node(id=f"i{k}{j}", parent=f"p{k}", weight=weight, scale="s"))
    tool = g.Instrument(id="t", edition="1", nodes=nodes, scales=(g.Scale(id="s", values=(0, 1)),))
    values = {item: int(item.endswith("0")) for item in tool.items}
    scored = tool.score(g.Answers.from_frame(frame_of(values), time=AT)).squeeze()
    exact = sum(Fraction(1, prime) for prime in primes) / len(primes) * 100
    assert float(scored.score.sel(node="all")) == float(exact)


def test_who_did_not_answer_is_left_out(policy):
    table = pd.concat(
        [
            frame_of(full(policy)),
            frame_of({"": ""}, area="ALB").assign(reason="no_response"),
            frame_of({"": ""}, area="ABW").assign(reason="not_applicable"),
        ]
    )
    scored = policy.score(g.Answers.from_frame(table, time=AT)).isel(time=0)
    assert float(scored.score.sel(area="MDA", node="10.7.2")) == 100
    for area, reason in (("ALB", "no_response"), ("ABW", "not_applicable")):
        one = scored.sel(area=area, node="10.7.2")
        assert np.isnan(float(one.score))
        assert int(one["class"]) == 0
        assert int(one.treated_as_zero) == 0
        assert status.names(int(one.observation_status)) == (reason,)


def test_low_confidence_is_said(policy):
    table = frame_of(full(policy)).assign(confidence="")
    table.loc[table["node"] == "D3A", "confidence"] = "low"
    one = policy.score(g.Answers.from_frame(table, time=AT)).squeeze()
    told = {
        n: status.names(int(one.observation_status.sel(node=n))) for n in ("D1", "D3", "10.7.2")
    }
    assert told == {"D1": (), "D3": ("low_reliability",), "10.7.2": ("low_reliability",)}


def test_partial_is_said(policy):
    values = full(policy, D6E="")
    one = policy.score(g.Answers.from_frame(frame_of(values), time=AT)).squeeze()
    flags = status.names(int(one.observation_status.sel(node="10.7.2")))
    assert flags == ("partial",)
    assert status.names(int(one.observation_status.sel(node="D6E"))) == ("missing",)
    assert int(one.observation_status.sel(node="D1")) == 0


def test_signed_changes_do_not_take_unassessed_for_unchanged():
    tool = g.load("policy-changes")
    values = {"entry.1": 1, "entry.2": 1, "entry.3": "", "rights.1": -1}
    one = tool.score(g.Answers.from_frame(frame_of(values), time=AT)).squeeze()
    assert float(one.score.sel(node="entry")) == 1
    assert float(one.score.sel(node="changes")) == 0
    assert float(one.lowest.sel(node="entry")) == pytest.approx((2 - 5) / 7)
    assert np.isnan(float(one.score.sel(node="control")))


def test_treaties_count_from_their_own_entry_into_force():
    tool = g.load("treaties")
    table = frame_of({"C97": 1, "C189": "1/2", "R1951": 1}, start="1960-01-01")
    scored = tool.score(g.Answers.from_frame(table), times=["2010-01-01", "2020-01-01"])
    labour = scored.sel(area="MDA", node="C189")
    assert status.names(int(labour.observation_status[0])) == ("not_applicable",)
    assert np.isnan(float(labour.score[0]))
    assert float(labour.score[1]) == 50


def test_gender_goes_across_and_is_not_counted_twice():
    tool = g.load("labour-agreement")
    across = [item for item, _ in tool.tree.children["G"]]
    assert len(across) == 10
    assert {tool.node(item).parent for item in across} == {f"T{k}" for k in range(1, 11)}
    values = {item: int(item not in across) for item in tool.items}
    table = frame_of(values, area="DEU-MDA", evidence_date="2021-05-01")
    one = tool.score(g.Answers.from_frame(table, time=AT, codes=False)).squeeze()
    assert float(one.score.sel(node="G")) == 0
    assert 0 < float(one.score.sel(node="agreement")) < 100
    assert sum(tool.tree.weights("agreement").values()) == 1


def test_a_meeting_of_the_committee_lapses():
    tool = g.load("labour-agreement")
    table = frame_of({"T7.1": 1, "T7.2": 1}, area="DEU-MDA", start="2019-01-01")
    answers = g.Answers.from_frame(table.assign(evidence_date="2019-03-01"), codes=False)
    scored = tool.score(answers, times=["2021-02-28", "2021-03-01"]).isel(area=0)
    assert scored.score.sel(node="T7.2").values[0] == 100
    assert np.isnan(scored.score.sel(node="T7.2").values[1])
    assert (scored.score.sel(node="T7.1") == 100).all()


def test_minimum_and_sum_and_open():
    tool = g.Instrument(
        id="t",
        edition="1",
        nodes=(
            g.Node(id="all", aggregate="sum", missing="open"),
            g.Node(id="chain", parent="all", weight=2, aggregate="minimum", missing="open"),
            g.Node(id="a", parent="chain", scale="s"),
            g.Node(id="b", parent="chain", scale="s"),
            g.Node(id="c", parent="all", weight="1/2", scale="s"),
        ),
        scales=(g.Scale(id="s", values=(0, "1/3", 1)),),
        multiple=1,
        unit="1",
    )
    one = tool.score(
        g.Answers.from_frame(frame_of({"a": "1/3", "b": 1, "c": 1}), time=AT)
    ).squeeze()
    assert float(one.score.sel(node="all")) == pytest.approx(2 / 3 + 0.5, abs=1e-15)
    one = tool.score(
        g.Answers.from_frame(frame_of({"a": "1/3", "b": "", "c": 1}), time=AT)
    ).squeeze()
    assert np.isnan(float(one.score.sel(node="all")))
    assert float(one.lowest.sel(node="all")) == 0.5
    assert float(one.highest.sel(node="all")) == pytest.approx(2 / 3 + 0.5, abs=1e-15)


def test_an_area_does_not_depend_on_the_others(policy):
    tables = [frame_of(full(policy, D1A="1/2"), "MDA"), frame_of(full(policy, "0"), "ALB")]
    both = policy.score(g.Answers.from_frame(pd.concat(tables), time=AT))
    alone = policy.score(g.Answers.from_frame(tables[0], time=AT))
    for name in ("score", "class", "lowest", "highest", "numerator"):
        np.testing.assert_array_equal(both[name].sel(area=["MDA"]), alone[name])


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (lambda p: frame_of(full(p, D2A="1/2")), "D2A: 1/2 is not on its scale"),
        (lambda p: frame_of(full(p, D1A=2)), "MDA: D1A: 2 is not on its scale"),
        (lambda p: frame_of({"D9Z": 1}), "'D9Z' is no item"),
        (lambda p: frame_of({"D1": 1}), "'D1' is an aggregate"),
        (lambda p: frame_of({"D1A": "", "D1B": ""}), "all items of MDA are missing"),
    ],
)
def test_refusals(policy, table, told):
    answers = g.Answers.from_frame(table(policy), time=AT)
    with pytest.raises(MigovError) as caught:
        policy.score(answers)
    assert told in str(caught.value)
    assert caught.value.argument == "answers"


@pytest.mark.parametrize(
    "times", [[2021], ["2021"], ["nonsense"], [], ["2021-01-01", "2020-01-01"]]
)
def test_dates_that_are_none(policy, times):
    answers = g.Answers.from_frame(frame_of(full(policy)), time=AT)
    with pytest.raises(MigovError) as caught:
        policy.score(answers, times=times)
    assert caught.value.argument == "times"


def test_answers_of_another_kind(policy):
    with pytest.raises(MigovError, match="answers is a DataFrame"):
        policy.score(frame_of(full(policy)))
