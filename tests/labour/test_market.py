"""Deferred acceptance: published cases, plain Python, identities, and what is refused."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core.errors import (
    AlignmentError,
    CodeError,
    DataError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    UnitError,
)
from migov.labour import Market, Matching, kernels_loops, protected
from migov.labour import kernels_matching as kernels

from . import slow_matching as slow

GOLDEN = [
    "abdulkadiroglu_sonmez2003_example1_da",
    "cycle4_many_stable",
    "gale_shapley_1962_example1",
    "gale_shapley_1962_example2",
    "nrmp_sample",
    "random_200x40_seed1",
    "random_200x40_seed2",
    "random_200x40_seed3",
    "roth1985_college_admissions",
    "rural_hospital_incomplete",
]


def lists_of(case):
    return case["worker_preferences"], case["post_preferences"], case["capacity"]


def read(shared, name, folder="stable_matching"):
    return json.loads((shared / "golden/labour" / folder / f"{name}.json").read_text())


@pytest.mark.parametrize("engine", ["arrays", "numba"])
@pytest.mark.parametrize("name", GOLDEN)
def test_published_and_peer_cases(shared, name, engine):
    if engine == "numba":
        pytest.importorskip("numba")
    case = read(shared, name)
    market = Market.from_lists(*lists_of(case))
    best = market.deferred_acceptance(engine=engine)
    other = market.deferred_acceptance(side="posts", engine=engine)
    assert best.partners() == case["worker_optimal"]
    assert other.partners() == case["post_optimal"]
    assert best.stable
    assert other.stable


@pytest.mark.parametrize("name", [n for n in GOLDEN if "random" not in n and "nrmp" not in n])
def test_blocking_pairs_single_out_the_stable_matchings(shared, name):
    case = read(shared, name)
    lists = lists_of(case)
    market = Market.from_lists(*lists)
    every = case["all_stable_matchings"]
    assert slow.all_stable(*lists) or every == []
    for matching in every:
        assert to_matching(market, matching).stable
    for matching in ({}, *(dict(list(m.items())[1:]) for m in every)):
        found = to_matching(market, matching).blocking_pairs()
        pairs = set(zip(found["worker"], found["post"], strict=True))
        assert pairs == slow.blocking_pairs(matching, *lists)
        assert (not pairs) == (matching in every)


def to_matching(market, partners):
    number = {
        (w, p): e
        for e, (w, p) in enumerate(
            zip(
                np.repeat(market.workers, np.diff(market.start)),
                market.posts[market.post],
                strict=True,
            )
        )
    }
    chosen = np.array([number[pair] for pair in partners.items()], np.int64)
    return Matching.of(market, chosen, rule="given")


def test_top_trading_cycles_is_not_stable(shared):
    case = read(shared, "abdulkadiroglu_sonmez2003_ttc")
    lists = case["student_preferences"], case["school_priorities"], case["capacity"]
    assert slow.top_trading_cycles(*lists) == case["ttc"]
    market = Market.from_lists(*lists)
    assert market.deferred_acceptance().partners() == case["student_optimal_stable"]
    traded = to_matching(market, case["ttc"])
    found = traded.blocking_pairs()
    assert [list(pair) for pair in found[["worker", "post"]].to_numpy()] == case[
        "ttc_blocking_pairs"
    ]
    change = traded.compare(market.deferred_acceptance())
    assert change.attrs["better"] > 0


@st.composite
def strict_lists(draw, most=7):
    n, m = draw(st.integers(1, most)), draw(st.integers(1, 4))
    workers, posts = [f"w{i}" for i in range(n)], [f"p{j}" for j in range(m)]
    order = {w: draw(st.permutations(posts))[: draw(st.integers(0, m))] for w in workers}
    ranks = {p: draw(st.permutations(workers))[: draw(st.integers(0, n))] for p in posts}
    return order, ranks, {p: draw(st.integers(0, 3)) for p in posts}


@given(strict_lists())
@settings(max_examples=150, deadline=None)
def test_against_plain_python(lists):
    market = Market.from_lists(*lists)
    best = market.deferred_acceptance()
    worst = market.deferred_acceptance(side="posts")
    assert best.partners() == slow.deferred_acceptance(*lists)
    assert not slow.blocking_pairs(best.partners(), *lists)
    assert not slow.blocking_pairs(worst.partners(), *lists)
    # Rural hospitals: the same workers and the same numbers in every stable matching.
    assert best.partners().keys() == worst.partners().keys()
    np.testing.assert_array_equal(best.posts["filled"], worst.posts["filled"])
    assert best.compare(worst).attrs["worse"] == 0


def tables(workers=300, posts=20, length=6, seed=1, levels=30):
    rng = np.random.default_rng(seed)
    chosen = np.argsort(rng.random((workers, posts)), axis=1)[:, :length]
    applicants = pd.DataFrame(
        {
            "worker": np.repeat([f"w{i:04d}" for i in range(workers)], length),
            "post": np.array([f"p{j:02d}" for j in range(posts)])[chosen.ravel()],
            "rank": np.tile(np.arange(1, length + 1), workers),
            "points": rng.integers(0, levels, workers * length),
            "origin": np.repeat(rng.choice(["ALB", "MDA"], workers), length),
        }
    )
    table = pd.DataFrame(
        {
            "post": [f"p{j:02d}" for j in range(posts)],
            "capacity": rng.integers(3, 14, posts),
            "region": rng.choice(["north", "south"], posts),
        }
    )
    return applicants, table


def test_from_frames_is_stable_and_says_why_not():
    applicants, posts = tables()
    market = Market.from_frames(applicants, posts, score="points", groups=("origin", "region"))
    matching = market.deferred_acceptance(seed=7)
    found = matching.workers
    assert matching.stable
    assert matching.note == "planning tool, not a decision on individuals"
    assert found.attrs["note"] == matching.posts.attrs["note"] == matching.note
    assert found.attrs["seed"] == 7
    frame = matching.to_frame()
    placed = frame[frame["reason"] == "placed"]
    merged = placed.merge(applicants, on=["worker", "post"], suffixes=("", "_given"))
    assert len(merged) == len(placed)
    assert (merged["rank"] == merged["rank_given"]).all()
    assert (merged["score"] == merged["points"]).all()
    cut = placed.groupby("post")["score"].min()
    for post, row in matching.posts.to_dataframe().iterrows():
        assert row["filled"] == (placed["post"] == post).sum()
        assert row["vacant"] == row["capacity"] - row["filled"]
        if row["vacant"]:
            assert np.isnan(row["cut_off"])
        else:
            assert row["cut_off"] == cut[post]
    assert set(matching.unmatched["reason"].values) <= {
        "every post on the list is filled by others who come first"
    }


def test_engines_agree_where_rounds_and_single_proposals_take_turns():
    pytest.importorskip("numba")
    applicants, posts = tables(workers=3000, posts=40, length=12, seed=4, levels=500)
    market = Market.from_frames(applicants, posts, score="points")
    for side in ("workers", "posts"):
        one = market.deferred_acceptance(seed=3, side=side, engine="arrays")
        two = market.deferred_acceptance(seed=3, side=side, engine="numba")
        np.testing.assert_array_equal(one.application, two.application)
        assert one.stable


def test_the_plain_loop_is_what_is_compiled():
    start, key = np.array([0, 2, 4]), np.array([1, 1, 0, 0])
    held = kernels_loops.propose_plain(
        start,
        key,
        np.array([0, 1, 0, 1]),
        np.array([1, 1]),
        np.array([1, 1]),
        np.array([0, 0, 1, 1]),
    )
    assert held.tolist() == [False, True, True, False]
    one = kernels_loops.propose_one_plain(start, key, np.array([0, 1, 0, 1]), np.array([1, 1]))
    assert one.tolist() == [1, 2]
    none = kernels_loops.propose_one_plain(start, key, np.array([0, 1, 0, 1]), np.array([1, 0]))
    assert none.tolist() == [-1, 2]


def test_the_compiled_loop_is_the_plain_one_over_many_blocks_and_odd_lists():
    fast = kernels_loops.compiled_one()
    rng = np.random.default_rng(20)
    for workers, posts, most in ((1, 1, 1), (40, 6, 5), (700, 9, 90), (2500, 12, 300)):
        length = rng.integers(0, posts + 1, workers)
        start = np.concatenate([[0], np.cumsum(length)])
        target = np.concatenate([rng.permutation(posts)[:n] for n in length]).astype(np.int64)
        place = np.empty(len(target), np.int64)
        place[np.lexsort((rng.random(len(target)), target))] = np.arange(len(target))
        seats = rng.integers(0, most, posts)
        held = kernels.propose(start, place, np.sort(target), np.ones(workers, np.int64), seats)
        for loop in (kernels_loops.propose_one_plain, fast):
            if loop is not None:
                found = loop(start, place, target, seats)
                np.testing.assert_array_equal(np.sort(found[found >= 0]), np.flatnonzero(held))


def test_ties_by_seed_do_not_depend_on_order_or_on_others():
    applicants, posts = tables(levels=2)
    market = Market.from_frames(applicants, posts, score="points")
    matching = market.deferred_acceptance(seed=7)
    shuffled = applicants.sample(frac=1, random_state=3)
    again = Market.from_frames(shuffled, posts.iloc[::-1], score="points").deferred_acceptance(7)
    assert again.partners() == matching.partners()
    assert market.deferred_acceptance(seed=8).partners() != matching.partners()
    drawn = market.deferred_acceptance()
    assert market.deferred_acceptance(seed=drawn.seed).partners() == drawn.partners()
    # One post, all scores equal: leaving somebody out changes no order among the others.
    few = pd.DataFrame(
        {"worker": [f"w{i}" for i in range(40)], "post": "p", "rank": 1, "points": 5}
    )
    seats = pd.DataFrame({"post": ["p"], "capacity": [10]})
    all_ = Market.from_frames(few, seats, score="points").deferred_acceptance(seed=1).partners()
    rest = few[few["worker"] != next(iter(all_))]
    less = Market.from_frames(rest, seats, score="points").deferred_acceptance(seed=1).partners()
    assert set(all_) - set(less) == {next(iter(all_))}
    assert len(less) == 10


def test_ties_by_order_and_refused():
    frame = pd.DataFrame(
        {"worker": ["b", "a"], "post": ["p", "p"], "rank": [1, 1], "points": [5, 5]}
    )
    seats = pd.DataFrame({"post": ["p"], "capacity": [1]})
    by_order = Market.from_frames(frame, seats, score="points", ties="order")
    assert by_order.deferred_acceptance().partners() == {"b": "p"}
    assert "seed" not in by_order.deferred_acceptance().workers.attrs
    strict = Market.from_frames(frame, seats, score="points", ties="refuse")
    with pytest.raises(InputError, match="scores two workers equally"):
        strict.deferred_acceptance()
    two = pd.DataFrame({"worker": ["a", "a"], "post": ["p", "q"], "rank": [1, 1], "points": [5, 4]})
    both = pd.DataFrame({"post": ["p", "q"], "capacity": [1, 1]})
    with pytest.raises(InputError, match="ranks two posts equally"):
        Market.from_frames(two, both, score="points", ties="refuse").deferred_acceptance()
    by_seed = Market.from_frames(two, both, score="points")
    found = {by_seed.deferred_acceptance(seed=s).partners()["a"] for s in range(20)}
    assert found == {"p", "q"}
    assert by_seed.deferred_acceptance(seed=0).workers["rank"].item() == 1


def test_tiers_minimum_and_reasons():
    frame = pd.DataFrame(
        {
            "worker": ["a", "b", "c", "d", "e"],
            "post": ["p"] * 5,
            "rank": [1] * 5,
            "points": [90, 50, 70, np.nan, 20],
            "tier": [1, 0, 1, 0, 0],
            "barred": ["", "", "no licence", "", None],
        }
    )
    posts = pd.DataFrame({"post": ["p"], "capacity": [1], "least": [30]})
    market = Market.from_frames(
        frame, posts, score="points", tier="tier", minimum="least", excluded="barred"
    )
    matching = market.deferred_acceptance(seed=0)
    assert matching.partners() == {"b": "p"}
    assert matching.workers["reason"].values.tolist() == [
        "every post on the list is filled by others who come first",
        "placed",
        "no licence",
        "no score at the post",
        "below the minimum of the post",
    ]
    assert matching.posts["cut_off"].item() == 50
    flags = frame.assign(barred=[False, True, False, False, False])
    other = Market.from_frames(flags, posts, score="points", tier="tier", excluded="barred")
    assert other.deferred_acceptance(seed=0).partners() == {"e": "p"}
    assert "not eligible" in set(other.barred["reason"])


@pytest.mark.parametrize(
    "flags",
    [
        ["no", "yes", "No", " no ", ""],
        ["false", "TRUE", None, "False", "0"],
        [0, 1, 0, 0, 0],
        [0.0, 1.0, np.nan, 0.0, 0.0],
        [False, True, None, False, "no"],
    ],
)
def test_excluded_by_yes_and_no(flags):
    frame = pd.DataFrame({"worker": list("abcde"), "post": "p", "rank": 1, "points": 1, "x": flags})
    posts = pd.DataFrame({"post": ["p"], "capacity": [5]})
    market = Market.from_frames(frame, posts, score="points", excluded="x")
    assert market.barred[["worker", "reason"]].values.tolist() == [["b", "not eligible"]]
    assert set(market.deferred_acceptance(seed=0).partners()) == set("acde")


@pytest.mark.parametrize("odd", ["none", "n/a", "-", 2, "eligible"])
def test_excluded_by_what_is_no_reason(odd):
    frame = pd.DataFrame(
        {"worker": ["a", "b"], "post": "p", "rank": 1, "points": 1, "x": [odd, ""]}
    )
    posts = pd.DataFrame({"post": ["p"], "capacity": [5]})
    with pytest.raises(DataError, match="neither yes nor no"):
        Market.from_frames(frame, posts, score="points", excluded="x")
    kept = Market.from_frames(frame.assign(x=""), posts, score="points", excluded="x")
    assert not len(kept.barred)


def test_the_ranks_of_workers_are_no_scores_of_posts():
    frame = pd.DataFrame({"worker": ["a", "b"], "post": "p", "rank": [1, 2], "points": [3, 4]})
    posts = pd.DataFrame({"post": ["p"], "capacity": [1]})
    with pytest.raises(ParameterError, match="own ranks"):
        Market.from_frames(frame, posts, score="rank")
    assert Market.from_frames(frame, posts, score="points").deferred_acceptance(
        seed=0
    ).partners() == {"b": "p"}


def test_choices_in_columns_are_the_same_market():
    applicants, posts = tables()
    applicants["points"] = applicants.groupby("worker")["points"].transform("first")
    by_worker = applicants.groupby("worker")
    wide = pd.DataFrame({f"c{i + 1}": by_worker["post"].nth(i).to_numpy() for i in range(6)})
    wide = wide.assign(worker=list(by_worker.groups), points=by_worker["points"].first().to_numpy())
    one = Market.from_frames(applicants, posts, score="points")
    two = Market.from_frames(wide, posts, score="points", choices=[f"c{i}" for i in range(1, 7)])
    assert one.identical(two)
    assert not one.identical(Market.from_frames(applicants, posts, score="points", ties="order"))
    by_rows = Market.from_frames(applicants, posts, score="points", rank=None)
    assert by_rows.deferred_acceptance(1).partners() == one.deferred_acceptance(1).partners()


def test_from_scores_against_frames():
    rng = np.random.default_rng(5)
    labels = {"worker": [f"w{i}" for i in range(30)], "post": [f"p{j}" for j in range(6)]}
    scores = xr.DataArray(rng.integers(0, 9, (30, 6)).astype(float), labels)
    scores[3, 2] = np.nan
    wishes = xr.DataArray(rng.random((30, 6)), labels)
    wishes[4] = np.nan
    seats = xr.DataArray([3, 2, 4, 1, 5, 2], {"post": labels["post"]}, attrs={"units": "post"})
    market = Market.from_scores(scores, wishes.transpose(), seats[::-1], longest=4)
    rows = [
        (w, p, float(1 - wishes.sel(worker=w, post=p)), float(scores.sel(worker=w, post=p)))
        for w in labels["worker"]
        for p in labels["post"]
        if not np.isnan(wishes.sel(worker=w, post=p))
    ]
    frame = pd.DataFrame(rows, columns=["worker", "post", "rank", "points"])
    frame = frame.sort_values(["worker", "rank"]).groupby("worker").head(4)
    posts = pd.DataFrame({"post": labels["post"], "capacity": seats.values})
    same = Market.from_frames(frame, posts, score="points")
    assert market.deferred_acceptance(2).partners() == same.deferred_acceptance(2).partners()
    found = market.deferred_acceptance(2).workers["reason"].sel(worker="w4").item()
    assert found == "no application"


def test_shares_by_group_hide_small_ones():
    applicants, posts = tables()
    applicants.loc[applicants["worker"].isin(["w0001", "w0002"]), "origin"] = "XKX"
    market = Market.from_frames(applicants, posts, score="points", groups="origin")
    matching = market.deferred_acceptance(seed=7)
    every = matching.shares("origin", min_cell=0)
    frame = matching.to_frame().merge(applicants[["worker", "origin"]].drop_duplicates())
    for origin, some in frame.groupby("origin"):
        row = every.sel(origin=origin)
        placed = some["reason"] == "placed"
        assert row["placed"].item() == placed.sum()
        assert row["share"].item() == pytest.approx(100 * placed.mean())
        if placed.any():
            assert row["first_choice"].item() == pytest.approx(
                100 * (some["rank"][placed] == 1).mean()
            )
    few = matching.shares("origin")
    assert np.isnan(few["placed"].sel(origin="XKX"))
    assert int(np.isnan(few["placed"]).sum()) >= 2  # or the total would give it away
    with pytest.raises(CodeError, match="no grouping 'sex'"):
        matching.shares("sex")
    with pytest.raises(ParameterError, match="min_cell"):
        matching.shares("origin", min_cell=-1)


@pytest.mark.parametrize(
    "name",
    [
        *("nationality", "countryOfOrigin", "SEX", "age_points", "religion score", "disability"),
        *("Staatsangehörigkeit", "geschlecht", "alter", "Herkunftsland", "nacionalidad", "sexe"),
    ],
)
def test_protected_attributes_are_refused_as_scores(name):
    applicants, posts = tables()
    with pytest.raises(ParameterError, match="protected attribute"):
        Market.from_frames(applicants.rename(columns={"points": name}), posts, score=name)
    with pytest.raises(ParameterError, match="protected attribute"):
        Market.from_frames(applicants.assign(**{name: 0}), posts, score="points", tier=name)


def test_names_that_are_no_protected_attributes():
    for name in ("points", "wage", "german", "experience", "language level", "percentage", "stage"):
        assert protected.attribute(name) is None


FAULTS = {
    "unknown post": (lambda a, p: (a.replace({"post": {"p01": "p99"}}), p), "'p99'"),
    "no rank": (lambda a, p: (a.assign(rank=a["rank"].where(a.index > 2)), p), "no rank"),
    "twice": (lambda a, p: (pd.concat([a, a.iloc[:1]]), p), "applies twice"),
    "infinite": (lambda a, p: (a.assign(points=np.inf), p), "infinite"),
    "text": (lambda a, p: (a.assign(points="many"), p), "points"),
    "no worker": (lambda a, p: (a.assign(worker=a["worker"].where(a.index > 0)), p), "no label"),
    "post twice": (lambda a, p: (a, pd.concat([p, p.iloc[:1]])), "several rows"),
    "negative": (lambda a, p: (a, p.assign(capacity=-1)), "no number of seats"),
    "half a seat": (lambda a, p: (a, p.assign(capacity=1.5)), "no number of seats"),
    "no seats told": (lambda a, p: (a, p.assign(capacity=np.nan)), "no number of seats"),
    "no rows": (lambda a, p: (a.iloc[:0], p), "no applications"),
    "no posts": (lambda a, p: (a, p.iloc[:0]), "no posts"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_tables_at_fault(name):
    change, told = FAULTS[name]
    applicants, posts = change(*tables(workers=5, posts=8, length=4))
    with pytest.raises(DataError) as error:
        Market.from_frames(applicants, posts, score="points")
    assert told in str(error.value)
    assert error.value.argument in ("applicants", "posts")
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_calls_at_fault():
    applicants, posts = tables()
    seats = xr.DataArray([1.0], {"post": ["p"]}, attrs={"units": "post"})
    one = xr.DataArray([[1.0]], {"worker": ["w"], "post": ["p"]})
    market = Market.from_frames(applicants, posts, score="points")
    lists = ({"a": ["x"]}, {"x": ["a"]}, {"x": 1})
    calls = [
        (KindError, lambda: Market.from_frames(None, posts, score="points")),
        (DimensionError, lambda: Market.from_frames(applicants, posts, score="marks")),
        (DimensionError, lambda: Market.from_frames(applicants, posts, score="points", groups="x")),
        (ParameterError, lambda: Market.from_frames(applicants, posts, score="points", ties="x")),
        (ParameterError, lambda: market.deferred_acceptance(seed=-1)),
        (ParameterError, lambda: market.deferred_acceptance(seed=1.5)),
        (ParameterError, lambda: market.deferred_acceptance(1, side="both")),
        (ParameterError, lambda: market.deferred_acceptance(1, engine="gpu")),
        (DimensionError, lambda: Market.from_scores(one.isel(post=0), one, seats)),
        (KindError, lambda: Market.from_scores(one.astype(str), one, seats)),
        (InputError, lambda: Market.from_scores(one * np.inf, one, seats)),
        (AlignmentError, lambda: Market.from_scores(one, one.assign_coords(post=["q"]), seats)),
        (UnitError, lambda: Market.from_scores(one, one, seats.assign_attrs(units="year"))),
        (AlignmentError, lambda: Market.from_scores(one, one, seats.assign_coords(post=["q"]))),
        (InputError, lambda: Market.from_scores(one, one, (seats / 2).assign_attrs(units="post"))),
        (ParameterError, lambda: Market.from_scores(one, one, seats, longest=0)),
        (ParameterError, lambda: Market.from_scores(one.rename("sex"), one, seats)),
        (InputError, lambda: Market.from_lists({"a": ["y"]}, *lists[1:])),
        (InputError, lambda: Market.from_lists({"a": ["x", "x"]}, *lists[1:])),
        (InputError, lambda: Market.from_lists(*lists[:2], {"x": -1})),
        (KindError, lambda: Market.from_lists([], *lists[1:])),
        (AlignmentError, lambda: to_matching(market, {}).compare(
            to_matching(Market.from_lists(*lists), {}))),
        (KindError, lambda: to_matching(market, {}).compare(None)),
    ]  # fmt: skip
    for kind, call in calls:
        with pytest.raises(kind) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_differing_groups_within_a_worker_are_told():
    applicants, posts = tables()
    applicants.loc[0, "origin"] = "GEO"
    with pytest.raises(DataError, match="differs between rows of one worker"):
        Market.from_frames(applicants, posts, score="points", groups="origin")


def test_a_matching_holds_its_seats():
    market = Market.from_lists({"a": ["x"], "b": ["x"]}, {"x": ["a", "b"]}, {"x": 1})
    with pytest.raises(ParameterError, match="more than the seats"):
        Matching.of(market, np.array([0, 1]), rule="given")


def test_markets_and_matchings_pickle():
    applicants, posts = tables()
    market = Market.from_frames(applicants, posts, score="points")
    matching = market.deferred_acceptance(seed=7)
    again = pickle.loads(pickle.dumps(matching))
    assert again.market.identical(market)
    np.testing.assert_array_equal(again.application, matching.application)
    with pytest.raises(ValueError, match="read-only"):
        market.capacity[0] = 5
