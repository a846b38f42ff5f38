"""Reform plans against enumeration: published cases, all subsets, all schedules."""

from __future__ import annotations

import itertools
import pickle
from fractions import Fraction

import numpy as np
import pytest
import xarray as xr

from migov import governance as g
from migov.core.errors import AccountError, MigovError

from .conftest import frame_of, full

AT = "2021-07-01"


def answers_of(values, **columns):
    return g.Answers.from_frame(frame_of(values, **columns), time=AT)


def words(text):
    return tuple(text.split())


def raises_of(text):
    return tuple(part.split("=") for part in text.split())


def test_selection_beats_greedy(reform, policy):
    table = reform.read("selection_measures")
    measures = [
        g.Measure(
            id=row["measure"],
            cost=float(row["cost"]),
            benefit=float(row["benefit"]),
            needs=words(row["needs"]),
            conflicts=words(row["conflicts_with"]),
        )
        for _, row in table.iterrows()
    ]
    told = reform.read("selection_results").iloc[0]
    found = g.plan(
        policy, answers_of(full(policy, 0)), measures, budget=float(told["budget"]),
        objective="benefit",
    )  # fmt: skip
    assert found.value == 48 == float(told["optimum"])
    assert found.cost == float(told["cost_of_cheapest_optimum"])
    assert found.chosen == words(told["optimal_measures"])
    assert found.proven
    assert float(told["greedy_benefit_per_cost"]) == 33


def test_least_cost_to_reach_a_class(reform, policy):
    values = reform.read("reach_class_answers").set_index("item_code")["value"].to_dict()
    measures = [
        g.Measure(
            id=row["measure"],
            cost=float(row["cost"]),
            needs=words(row["needs"]),
            raises=raises_of(row["raises_items_to"]),
        )
        for _, row in reform.read("reach_class_measures").iterrows()
    ]
    told = reform.read("reach_class_results").iloc[0]
    for wanted in ("80", "meets"):
        found = g.plan(
            policy, answers_of(values), measures, objective="cost", reach={"10.7.2": wanted}
        )
        assert found.value == 25 == float(told["minimum_cost"])
        assert found.chosen == words(told["optimal_measures"])
        assert found.proven
        root = found.scored.sel(node="10.7.2").isel(area=0)
        points = Fraction(int(root.numerator[-1]), int(root.denominator[-1])) * 30
        assert points == Fraction(told["points_reached"])
        assert Fraction(int(root.numerator[0]), 2) == Fraction(told["points_now"])
        assert int(root["class"][-1]) == 3


def test_schedule(reform, policy):
    measures = [
        g.Measure(
            id=row["measure"],
            cost=float(row["cost_in_start_year"]),
            duration=int(row["duration_years"]),
            benefit=float(row["benefit_per_year_once_done"]),
            body=row["ministry"],
            needs=words(row["needs_completed"]),
        )
        for _, row in reform.read("schedule_measures").iterrows()
    ]
    told = reform.read("schedule_results").iloc[0]
    found = g.plan(
        policy, answers_of(full(policy, 0)), measures, objective="benefit",
        budget=float(told["budget_per_year"]), horizon=int(told["years"]),
        capacity=int(told["running_measures_per_ministry"]),
    )  # fmt: skip
    assert found.value == 69 == float(told["optimum"])
    expected = dict(p.split(":") for p in words(told["one_optimal_schedule_measure:start_year"]))
    assert found.starts == {name: int(year) for name, year in expected.items()}
    assert (found.years["cost"] <= 9).all()


def drawn(policy, seed, many=9):
    """Return random answers and measures with needs and conflicts."""
    rng = np.random.default_rng(seed)
    values = {
        item: str(rng.choice(["0", "1/2", "1"] if item[:2] == "D1" else ["0", "0", "1", ""]))
        for item in policy.items
    }
    values["D1A"] = "0"
    measures = []
    for k in range(many):
        items = rng.choice(policy.items, size=rng.integers(1, 6), replace=False)
        cost = float(rng.integers(1, 9))
        raises = {i: ("1/2" if i[:2] == "D1" and rng.random() < 0.5 else 1) for i in items}
        needs = (f"m{rng.integers(0, k)}",) if k and rng.random() < 0.3 else ()
        others = (f"m{rng.integers(0, k)}",) if k and rng.random() < 0.15 else ()
        others = tuple(one for one in others if one not in needs)
        measures.append(
            g.Measure(id=f"m{k}", cost=cost, raises=raises, needs=needs, conflicts=others)
        )
    return values, measures


def allowed(measures, chosen):
    return all(
        set(m.needs) <= chosen and not set(m.conflicts) & chosen for m in measures if m.id in chosen
    )


def points(policy, values, measures, chosen):
    held = {k: Fraction(v or 0) for k, v in values.items()}
    for m in measures:
        if m.id in chosen:
            for item, value in m.raises:
                held[item] = max(held[item], Fraction(value))
    domains = [sum(held[i] for i in policy.tree.below[f"D{k}"]) for k in range(1, 7)]
    return sum(domains) * Fraction(100, 30), [d * 20 for d in domains]


def number(score):
    return 1 + sum(score >= limit for limit in (40, 80, 100))


@pytest.mark.parametrize("seed", range(6))
def test_optimum_by_all_subsets(policy, seed):
    """Score and classes within a budget, against every subset."""
    values, measures = drawn(policy, seed)
    sets = [
        frozenset(m.id for m, on in zip(measures, bits, strict=True) if on)
        for bits in itertools.product((0, 1), repeat=len(measures))
    ]
    cost = {s: sum(m.cost for m in measures if m.id in s) for s in sets}
    fit = [s for s in sets if cost[s] <= 14 and allowed(measures, s)]
    best, classes = Fraction(-1), -1
    for one in fit:
        whole, domains = points(policy, values, measures, one)
        best = max(best, whole)
        classes = max(classes, number(whole) + sum(number(d) for d in domains))
    cheapest = min(cost[s] for s in fit if points(policy, values, measures, s)[0] == best)
    told = answers_of(values)
    found = g.plan(policy, told, measures, budget=14)
    assert found.proven
    assert found.value == pytest.approx(float(best), abs=1e-9)
    assert found.cost == cheapest
    by_classes = g.plan(policy, told, measures, budget=14, objective="classes")
    assert by_classes.value == classes


@pytest.mark.parametrize("seed", range(3))
def test_schedule_by_all_start_years(policy, seed):
    values, measures = drawn(policy, 20 + seed, many=5)
    measures = [
        g.Measure(id=m.id, cost=m.cost, raises=m.raises, needs=m.needs, conflicts=m.conflicts,
                  duration=1 + k % 2, body="ab"[k % 2])
        for k, m in enumerate(measures)
    ]  # fmt: skip
    years, budget, best = 3, 8.0, Fraction(-1)
    for starts in itertools.product(range(4), repeat=5):
        when = {m.id: s for m, s in zip(measures, starts, strict=True) if s}
        if not allowed(measures, set(when)):
            continue
        by = {m.id: m for m in measures}
        if any(s + by[n].duration - 1 > years for n, s in when.items()):
            continue
        if any(when[need] + by[need].duration > when[n] for n in when for need in by[n].needs):
            continue
        paid = [sum(by[n].cost for n, s in when.items() if s == y) for y in (1, 2, 3)]
        busy = [
            sum(1 for n, s in when.items() if by[n].body == b and s <= y < s + by[n].duration)
            for y in (1, 2, 3)
            for b in "ab"
        ]
        if max(paid) > budget or max(busy) > 1:
            continue
        total = sum(
            points(policy, values, measures,
                   {n for n, s in when.items() if s + by[n].duration - 1 <= y})[0]
            for y in (1, 2, 3)
        )  # fmt: skip
        best = max(best, total)
    found = g.plan(policy, answers_of(values), measures, budget=budget, horizon=years, capacity=1)
    assert found.value == pytest.approx(float(best), abs=1e-9)
    assert found.scored.sizes["time"] == 4


def test_gaps_say_what_closing_gives(policy):
    values = full(policy, D1A="1/2", D2A=0, D6E="")
    scored = policy.score(answers_of(values))
    found = g.gaps(scored).set_index("node")
    assert set(found.index) == {"D1A", "D2A", "D6E"}
    assert found.loc["D2A", "gain"] == pytest.approx(100 / 30)
    assert found.loc["D1A", "gain"] == pytest.approx(100 / 60)
    assert found.loc["D6E", "state"] == "unanswered"
    assert found.loc["D2A", "parent_gain"] == pytest.approx(20)
    assert found.loc["D2A", "class_after"] == 3
    for node in found.index:
        again = policy.score(answers_of(values | {node: 1}))
        change = float((again.score - scored.score).sel(node="10.7.2").squeeze())
        assert found.loc[node, "gain"] == pytest.approx(change)


def test_profile_keeps_its_true_weights():
    """Means over answered items: a plan is worth what the instrument then scores."""
    profile = g.load("governance-profile")
    values = {item: "1/3" for item in profile.items if not item.endswith(".6")}
    told = answers_of(values)
    measures = [
        g.Measure(id="a", cost=1, raises={"P1.1": 1, "P1.2": 1}),
        g.Measure(id="b", cost=1, raises={"P2.1": "2/3"}),
    ]
    found = g.plan(profile, told, measures, budget=1)
    assert found.chosen == ("a",)
    assert found.value == pytest.approx((100 / 3) * 5 / 6 + (100 * 3 / 5) / 6)
    with pytest.raises(MigovError, match="has no answer"):
        g.plan(profile, told, [g.Measure(id="c", raises={"P1.6": 1})])


def test_weakest_link():
    tool = g.Instrument(
        id="t", edition="1",
        nodes=(
            g.Node(id="all", aggregate="minimum", missing="zero"),
            *(g.Node(id=n, parent="all", scale="s") for n in "abc"),
        ),
        scales=(g.Scale(id="s", values=(0, "1/2", 1)),),
    )  # fmt: skip
    measures = [
        g.Measure(id="one", cost=1, raises={"a": 1}),
        g.Measure(id="two", cost=1, raises={"b": 1}),
        g.Measure(id="both", cost=2, raises={"a": "1/2", "b": "1/2"}),
    ]
    told = answers_of({"a": 0, "b": 0, "c": 1})
    assert g.plan(tool, told, measures, budget=1).chosen == ()
    found = g.plan(tool, told, measures, budget=2)
    assert found.chosen == ("one", "two")
    assert found.value == 100


def test_scenarios_and_worst_case(policy):
    told = answers_of(full(policy, 0))
    measures = [
        g.Measure(id="sure", cost=2, raises={"D2A": 1}),
        g.Measure(id="bold", cost=2, raises={"D2B": 1, "D2C": 1, "D2D": 1}),
    ]
    cases = [
        g.Scenario(id="well", probability=0.6),
        g.Scenario(id="badly", probability=0.4, fails=("bold",), costs={"sure": 1.0}),
    ]
    mean = g.plan(policy, told, measures, budget=2, scenarios=cases)
    assert mean.chosen == ("bold",)
    assert mean.value == pytest.approx(0.6 * 10)
    worst = g.plan(policy, told, measures, budget=2, scenarios=cases, attitude="worst")
    assert worst.chosen == ("sure",)
    assert worst.value == pytest.approx(100 / 30)
    assert list(worst.by_scenario["cost"]) == [2, 1]
    assert worst.cost == pytest.approx(1.6)


def test_frontier_rises(policy):
    values, measures = drawn(policy, 3)
    found = g.frontier(policy, answers_of(values), measures, budgets=[0, 5, 10, 15, 20])
    assert found["value"].is_monotonic_increasing
    assert (found["cost"] <= found["budget"]).all()
    assert found["proven"].all()
    with pytest.raises(MigovError, match="increasing"):
        g.frontier(policy, answers_of(values), measures, budgets=[5, 5])


def test_a_broken_account_is_seen(policy, monkeypatch):
    """Scores that measures would change by another rule do not pass as the programme's."""
    from migov.governance import reform_plan

    told = answers_of(full(policy, 0))
    measures = [g.Measure(id="m", cost=1, raises={"D2A": 1})]
    monkeypatch.setattr(reform_plan, "raised", lambda levels, effects, done: levels[None].copy())
    with pytest.raises(AccountError, match="worth 0 by the instrument"):
        g.plan(policy, told, measures)


@pytest.mark.parametrize(
    ("measures", "choices", "told"),
    [
        ([g.Measure(id="a", needs=("b",)), g.Measure(id="b", needs=("a",))], {}, "in a circle"),
        ([g.Measure(id="a", needs=("c",))], {}, "which is no measure"),
        ([g.Measure(id="a"), g.Measure(id="a")], {}, "two measures"),
        ([g.Measure(id="a", raises={"D9Z": 1})], {}, "which is no item"),
        ([g.Measure(id="a", raises={"D2A": "1/2"})], {}, "not on its scale"),
        ([g.Measure(id="a")], {"objective": "fame"}, "objective='fame'"),
        ([g.Measure(id="a")], {"objective": "cost"}, "reach=None"),
        ([g.Measure(id="a")], {"budget": -1}, "budget=-1"),
        ([g.Measure(id="a")], {"budget": [1, 2], "horizon": 3}, "3 amounts"),
        ([g.Measure(id="a")], {"horizon": 1.5}, "horizon=1.5"),
        ([g.Measure(id="a")], {"capacity": {"x": 1}}, "no measure is of 'x'"),
        ([g.Measure(id="a")], {"reach": {"10.7.2": 0.1}}, "reach of '10.7.2'"),
        ([g.Measure(id="a")], {"reach": {"10.7.2": "meets"}}, "no plan keeps to the limits"),
        ([g.Measure(id="a")], {"gap": 2}, "gap=2"),
        ([g.Measure(id="a")], {"seconds": 0}, "seconds=0"),
        ([g.Measure(id="a")], {"attitude": "calm"}, "attitude='calm'"),
        (
            [g.Measure(id="a")],
            {"scenarios": [g.Scenario(id="s", probability=0.5)]},
            "add up to 0.5",
        ),
        (
            [g.Measure(id="a")],
            {"scenarios": [g.Scenario(id="s", probability=1, fails=("z",))]},
            "names 'z'",
        ),
    ],
)
def test_refusals(policy, measures, choices, told):
    with pytest.raises(MigovError) as caught:
        g.plan(policy, answers_of(full(policy, 0)), measures, **choices)
    assert told in str(caught.value)
    assert caught.value.argument


def test_no_reform_where_nothing_is_better():
    tool = g.load("policy-changes")
    scored = tool.score(answers_of({"entry.1": 1}))
    with pytest.raises(MigovError, match="neither more nor less is better"):
        g.gaps(scored)


def test_many_measures_within_one_percent(policy):
    """A hundred and fifty measures over five years."""
    rng = np.random.default_rng(8)
    measures = []
    for k in range(150):
        items = rng.choice(policy.items, size=rng.integers(1, 4), replace=False)
        measures.append(
            g.Measure(
                id=f"m{k}",
                cost=float(rng.integers(5, 60)),
                duration=int(rng.integers(1, 4)),
                body=f"ministry {k % 8}",
                raises=dict.fromkeys(items, 1),
                needs=(f"m{rng.integers(0, k)}",) if k and rng.random() < 0.2 else (),
                conflicts=(f"m{rng.integers(0, k)}",) if k and rng.random() < 0.05 else (),
            )
        )
    found = g.plan(
        policy, answers_of(full(policy, 0)), measures, budget=45, horizon=5, capacity=2,
        gap=0.01, seconds=30,
    )  # fmt: skip
    assert found.gap <= 0.01
    assert found.value > 0


def test_a_plan_tells_itself(policy):
    found = g.plan(
        policy, answers_of(full(policy, 0)),
        [g.Measure(id="m", title="agency", cost=3, raises={"D2A": 1}, body="interior")],
        budget=5, horizon=2,
    )  # fmt: skip
    assert str(found).splitlines() == [
        "1 of 1 measures, cost 3; proven optimum",
        "  year 1: cost 3, 3.333, requires further progress",
        "  year 2: cost 0, 3.333, requires further progress",
    ]
    assert found.table["raises"].tolist() == ["D2A to 1"]
    assert found.years["running"].tolist() == [("m",), ()]
    assert found.gap == 0


def test_limits_are_checked_on_the_finished_plan(policy, monkeypatch):
    """Rows of the programme left out on purpose: the plan is refused, not returned."""
    from migov.governance.reform_model import Model

    measures = [g.Measure(id=f"m{k}", cost=3, raises={f"D2{'AB'[k]}": 1}) for k in range(2)]
    told = answers_of(full(policy, 0))
    monkeypatch.setattr(Model, "spend", lambda self, budgets, costs: None)
    with pytest.raises(AccountError, match="year 1 spends more than its budget"):
        g.plan(policy, told, measures, budget=4)


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ({"budget": "x"}, "budget"),
        ({"gap": "x"}, "gap"),
        ({"seconds": None}, "seconds"),
        ({"reach": 5}, "reach"),
        ({"scenarios": [1]}, "scenarios"),
    ],
)
def test_choices_of_another_kind(policy, choice, told):
    measures = [g.Measure(id="a", raises={"D1A": 1}, cost=1)]
    with pytest.raises(MigovError, match=told) as caught:
        g.plan(policy, answers_of(full(policy, 0)), measures, **{"budget": 1, **choice})
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(MigovError, match="budgets"):
        g.frontier(policy, answers_of(full(policy, 0)), measures, budgets=["x"])


def test_capacity_of_a_ministry_year_by_year(policy):
    answers = g.Answers.from_frame(frame_of(full(policy, "0")), time=AT)
    measures = [
        g.Measure(id=f"m{k}", raises={item: 1}, cost=1, body="labour")
        for k, item in enumerate(policy.items[:6])
    ]
    found = g.plan(policy, answers, measures, horizon=3, capacity={"labour": (1, 0, 2)})
    assert [len(running) for running in found.years["running"]] == [1, 0, 2]
    assert found.proven
    for wrong in ({"labour": (1, 2)}, {"labour": (1, -1, 2)}, {"labour": 1.5}, {"labour": True}):
        with pytest.raises(MigovError, match="capacity of 'labour'"):
            g.plan(policy, answers, measures, horizon=3, capacity=wrong)
    with pytest.raises(MigovError, match="needs and excludes 'b'"):
        g.Measure(id="a", needs=("b",), conflicts=("b",))


def some(**changes):
    """Return measures of three ministries in one currency."""
    told = {
        "care": {"cost": 5, "raises": {"D1A": 1}, "body": "health", "title": "care for all"},
        "school": {"cost": 7, "raises": {"D1B": 1, "D2A": 1}, "needs": ("care",)},
        "pay": {"cost": 4, "raises": {"D1A": 1, "D1C": 1}, "conflicts": ("care",), "duration": 2},
    }
    return [
        g.Measure(
            id=name, **{"unit": "million MDL", "body": "labour", **one, **changes.get(name, {})}
        )
        for name, one in told.items()
    ]


@pytest.mark.parametrize(
    ("choices", "told", "mend", "way"),
    [
        (
            {"budget": 6, "reach": {"10.7.2": "10"}},
            "10.7.2 of MDA comes to 6.667 at most, 10 is asked for",
            "a budget of 12 million MDL",
            {"budget": 12},
        ),
        (
            {"budget": 5, "horizon": 3, "reach": {"10.7.2": "10"}},
            "comes to 6.667 at most",
            "a budget of 7 million MDL a year",
            {"budget": 7},
        ),
        (
            {"horizon": 1, "reach": {"D1C": 1}},
            "D1C of MDA comes to 0 at most, 1 is asked for",
            "a horizon of 2 years",
            {"horizon": 2},
        ),
        (
            {"horizon": 3, "capacity": {"labour": 0}, "reach": {"D1C": 1}},
            "D1C of MDA comes to 0 at most",
            "more capacity",
            {"capacity": 1},
        ),
        (
            {"reach": {"D1A": 1, "D1B": 1, "D1C": 1}},
            "each of D1A, D1B, D1C can be reached alone",
            "measures that do not exclude each other (pay and care)",
            {"measures": some(pay={"conflicts": ()})},
        ),
        (
            {"reach": {"10.7.2": "meets"}, "budget": 100},
            "comes to 10 at most, 80 is asked for",
            "a lower reach, or measures that raise more",
            {"reach": {"10.7.2": "10"}},
        ),
        (
            {
                "reach": {"10.7.2": "10"},
                "scenarios": [
                    g.Scenario(id="as told", probability=0.5),
                    g.Scenario(id="slow", probability=0.5, fails=("school",)),
                ],
            },
            "comes to 6.667 at most in every scenario",
            "without the scenario 'slow'",
            {"scenarios": ()},
        ),
    ],
)
def test_what_cannot_be_is_said_with_the_limit_at_fault(policy, choices, told, mend, way):
    """What the error advises, typed, leads to a plan."""
    given = answers_of(full(policy, 0))
    with pytest.raises(MigovError) as caught:
        g.plan(policy, given, some(), **choices)
    assert caught.value.what.startswith("no plan keeps to the limits: ")
    assert told in caught.value.what
    assert mend in caught.value.mend
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    measures = way.pop("measures", some())
    assert g.plan(policy, given, measures, **{**choices, **way}).proven


def test_what_is_carried_out_is_not_bought_again(policy):
    dates = {"implemented": "2020-01-01"}
    given = answers_of(full(policy, 0))
    found = g.plan(policy, given, some(care=dates), budget=100)
    assert found.chosen == ("school",)
    assert found.cost == 7
    assert found.left_out == {
        "care": "carried out since 2020-01-01",
        "pay": "excluded by care, which is carried out",
    }
    gone = g.plan(policy, given, some(care={"adopted": "2010-01-01", "repealed": "2020-01-01"}))
    assert gone.chosen == ("pay",)
    assert gone.left_out["school"] == "needs care, which cannot be chosen"
    assert "care: repealed at 2020-01-01" in gone.explain()
    later = g.plan(policy, given, some(care={"implemented": "2022-01-01"}), budget=12)
    assert later.chosen == ("care", "school")


def test_one_currency(policy):
    given = answers_of(full(policy, 0))
    budget = xr.DataArray(12_000.0, attrs={"units": "thousand MDL"})
    found = g.plan(policy, given, some(), budget=budget)
    assert found.chosen == ("care", "school")
    assert str(found).startswith("2 of 3 measures, cost 12 million MDL; proven")
    yearly = xr.DataArray([7.0, 5.0], dims="year", attrs={"units": "million MDL"})
    assert g.plan(policy, given, some(), budget=yearly, horizon=2).years["budget"].tolist() == [
        7,
        5,
    ]
    for wrong, told in (
        (xr.DataArray(12.0, attrs={"units": "million EUR"}), "expected 'million MDL'"),
        (xr.DataArray(12.0, attrs={"units": "person"}), "expected 'million MDL'"),
        ("12 million MDL", "an amount from 0"),
    ):
        with pytest.raises(MigovError, match=told):
            g.plan(policy, given, some(), budget=wrong)
    with pytest.raises(MigovError, match="'care' costs million MDL, 'school' EUR"):
        g.plan(policy, given, some(school={"unit": "EUR"}))
    bare = [g.Measure(id="a", cost=1, raises={"D1A": 1})]
    with pytest.raises(MigovError, match="numbers without a unit"):
        g.plan(policy, given, bare, budget=budget)


def test_a_plan_is_told_to_an_adviser(policy):
    given = answers_of(full(policy, 0))
    cases = [
        g.Scenario(id="as told", probability=0.75),
        g.Scenario(id="dear", probability=0.25, costs={"care": 7}),
    ]
    text = g.plan(policy, given, some(), budget=14, scenarios=cases).explain()
    for told in (
        "Moldova: a plan of reform on sdg-10.7.2 (2021), from the answers of",
        "2 of 3 measures are chosen, for 12.5 million MDL (expected over the scenarios).",
        "No choice within the limits scores higher.",
        "care (care for all): health, 5.5 million MDL; raises D1A",
        "needed by school",
        "10.7.2 overall: from 0 (requires further progress) to 10",
        "dear, probability 0.25: 14 million MDL, score 10 (requires further progress)",
        "pay: excluded by care, which is chosen",
    ):
        assert told in text
    short = g.plan(policy, given, some(), budget=4, horizon=1).explain()
    assert "What starts when\n  nothing" in short
    assert "pay: takes 2 years, the horizon has 1" in short
    years = g.plan(policy, given, some(), budget=5, horizon=2)
    assert "year 1 to 2, pay: labour, 4 million MDL" in years.explain()
    assert "summed over the years" in years.explain()
    assert "school: costs 7 million MDL, more than the budget of 5 million MDL" in years.explain()


def test_effects_may_be_smaller_than_told():
    tool = g.load("governance-profile")
    item = next(one for one in tool.items if len(tool.scale(one).values) > 2)
    low, half, full_ = (
        tool.scale(item).values[0],
        tool.scale(item).values[1],
        tool.scale(item).values[-1],
    )
    given = answers_of(dict.fromkeys(tool.items, low))
    measures = [g.Measure(id="a", cost=1, raises={item: full_})]
    sure = g.plan(tool, given, measures)
    doubt = g.plan(tool, given, measures, scenarios=[
        g.Scenario(id="whole", probability=0.5),
        g.Scenario(id="part", probability=0.5, raises={"a": {item: half}}),
    ])  # fmt: skip
    whole, part = doubt.by_scenario["score"]
    assert whole == sure.by_scenario["score"][0]
    assert 0 < part < whole
    assert doubt.value == pytest.approx((whole + part) / 2)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: g.Scenario(id="s", probability="x"), "probability='x'"),
        (lambda: g.Scenario(id="s", probability=0), "probability=0"),
        (lambda: g.Scenario(id=3, probability=1), "id=3"),
        (lambda: g.Scenario(id="s", probability=1, costs={"a": -1}), "costs from 0"),
        (
            lambda: g.Scenario(id="s", probability=1, costs=(("a", 1), ("a", 2))),
            "each measure once",
        ),
        (
            lambda: g.Scenario(id="s", probability=1, fails=("a",), raises={"a": {"D1A": 1}}),
            "raises nothing",
        ),
    ],
)
def test_scenarios_that_cannot_be(make, told):
    with pytest.raises(MigovError, match=told) as caught:
        make()
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_frontier_leaves_out_what_cannot_be(policy):
    given = answers_of(full(policy, 0))
    found = g.frontier(policy, given, some(), [0, 6, 20], reach={"10.7.2": 10})
    assert found["budget"].tolist() == [20]
    assert found.attrs["unit"] == "million MDL"
    with pytest.raises(MigovError, match="a budget of 12 million MDL"):
        g.frontier(policy, given, some(), [0, 6], reach={"10.7.2": 10})
    with pytest.raises(MigovError, match="objective='cost'"):
        g.frontier(policy, given, some(), [0], objective="cost", reach={"10.7.2": 10})
    with pytest.raises(MigovError, match="budget=3"):
        g.frontier(policy, given, some(), [0], budget=3)
    told = xr.DataArray([0.0, 20_000], dims="step", attrs={"units": "thousand MDL"})
    assert g.frontier(policy, given, some(), told)["budget"].tolist() == [0, 20]
    with pytest.raises(MigovError, match="expected 'million MDL'"):
        g.frontier(policy, given, some(), told.assign_attrs(units="EUR"))
    free = [g.Measure(id="a", raises={"D1A": 1})]
    assert g.frontier(policy, given, free)["measures"].tolist() == [("a",)]


@pytest.mark.parametrize("size", [1e-9, 1e-3, 1.0, 1e6])
def test_a_plan_does_not_hang_on_the_size_of_money(policy, size):
    """Absolute tolerances of a solver would let costs of a billionth pass any budget."""
    given = answers_of(full(policy, 0))
    items = list(policy.items)[:5]
    measures = [
        g.Measure(id=f"m{k}", cost=(k + 1) * size, benefit=(5 - k) * size, raises={item: 1})
        for k, item in enumerate(items)
    ]
    for objective in ("score", "benefit"):
        found = g.plan(policy, given, measures, budget=7 * size, objective=objective)
        assert found.chosen == ("m0", "m1", "m2")
        assert found.cost == pytest.approx(6 * size)
        assert found.proven
    cheap = g.plan(policy, given, measures, objective="cost", reach={"10.7.2": 6})
    assert cheap.chosen == ("m0", "m1")
    with pytest.raises(MigovError, match=r"10\.7\.2 of MDA comes to 10 at most") as caught:
        g.plan(policy, given, measures, budget=6 * size, reach={"10.7.2": 12})
    assert "a budget of" in caught.value.mend
    with pytest.raises(MigovError, match="too far apart"):
        g.plan(policy, given, [*measures, g.Measure(id="x", cost=1e11 * size)])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_whole_frontier_by_all_subsets(policy, seed):
    """Every plan that no cheaper one equals, and none besides."""
    values, measures = drawn(policy, seed)
    found = g.frontier(policy, answers_of(values), measures)
    best = {}
    for many in range(len(measures) + 1):
        for some_ in itertools.combinations(range(len(measures)), many):
            chosen = {measures[k].id for k in some_}
            if allowed(measures, chosen):
                cost = sum(measures[k].cost for k in some_)
                score = points(policy, values, measures, chosen)[0]
                best[cost] = max(best.get(cost, -1), score)
    steps = []
    for cost in sorted(best):
        if not steps or best[cost] > steps[-1][1]:
            steps.append((cost, best[cost]))
    assert found.attrs["whole"]
    assert found["cost"].tolist() == pytest.approx([cost for cost, _ in steps])
    assert found["budget"].tolist() == pytest.approx(found["cost"].tolist())
    assert found["score"].tolist() == pytest.approx([float(score) for _, score in steps])
    assert not g.frontier(policy, answers_of(values), measures, [0, 5]).attrs["whole"]
    dated = g.frontier(policy, answers_of(values), measures, horizon=2)
    assert len(dated) <= 11
