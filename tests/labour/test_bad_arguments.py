"""Single numbers, texts, tables and sequences that cannot be: each told, with the argument."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov.core.errors import MigovError
from migov.labour import (
    Bridge,
    Condition,
    Criterion,
    Evidence,
    Limit,
    Market,
    NestedCES,
    PointsSystem,
    Requirement,
    Reserve,
    SearchMarket,
    Stage,
    assignment,
    choo_siow,
    effect_range,
    match_families,
    match_in_batches,
    near_fits,
    respond,
    segments,
    through_stages,
)

from .test_bad_input import CALLS, ENTRANTS, array, posts_of, stage

MARKET = Market.from_lists(
    {"a": ["x", "y"], "b": ["y", "x"]},
    {"x": ["b", "a"], "y": ["a", "b"]},
    {"x": 1, "y": 1},
    worker_groups={"origin": {"a": "ALB", "b": "MDA"}},
    post_groups={"region": {"x": "n", "y": "s"}},
)
MATCHING = MARKET.deferred_acceptance(seed=1)
APPLICANTS = pd.DataFrame(
    {"worker": ["a", "a", "b"], "post": ["x", "y", "x"], "rank": [1, 2, 1], "points": [7, 7, 8]}
)
POSTS = pd.DataFrame({"post": ["x", "y"], "capacity": [1, 1]})
SCORES = CALLS["Market.from_scores"][1]
WEIGHTS = CALLS["assignment"][1]
SURPLUS = CALLS["choo_siow"][1]
SHARE = CALLS["effect_range"][1]["change"]
PERSONS = pd.DataFrame({"person": ["a"], "german": ["B1"]})
BATCHES = pd.DataFrame(
    {
        "batch": [1, 1, 2],
        "worker": ["a", "b", "c"],
        "post": ["p", "p", "p"],
        "rank": [1, 1, 1],
        "points": [5, 9, 7],
    }
)
OPENED = pd.DataFrame({"batch": [1, 2], "post": ["p", "p"], "capacity": [1, 1]})
SEARCH = {
    "leisure": 0.71,
    "separation": 0.036,
    "bargaining": 0.5,
    "cost": 0.356,
    "discount": 0.004,
}
US = SearchMarket(**SEARCH)
CODES = pd.DataFrame({"isco": ["2221"], "kldb": ["81302"], "share": [1.0]})
FAMILIES = Market.from_lists(
    {"a": ["x"], "b": ["y"]},
    {"x": ["a"], "y": ["b"]},
    {"x": 1, "y": 1},
    worker_groups={"f": {"a": "1", "b": "1"}},
    post_groups={"t": {"x": "t", "y": "t"}},
)
QUOTA = Limit(by="origin", most={"ALB": 1})


def frames(applicants=APPLICANTS, posts=POSTS, **more):
    return Market.from_frames(applicants, posts, **({"score": "points"} | more))


def system(**more):
    german = Criterion(name="german", labels={"none": 0, "B1": 2})
    given = {"name": "e", "law": "n", "valid_from": "2024-01-01", "pass_mark": 2}
    return PointsSystem(**(given | {"criteria": (german,)} | more))


FAULTS = {
    "frames score int": lambda: frames(score=3),
    "frames score None": lambda: frames(score=None),
    "frames ties": lambda: frames(ties="x"),
    "frames ties None": lambda: frames(ties=None),
    "frames choices str": lambda: frames(choices="post"),
    "frames groups missing": lambda: frames(groups="zz"),
    "frames groups int": lambda: frames(groups=3),
    "frames unknown post": lambda: frames(APPLICANTS.assign(post="z")),
    "frames neg cap": lambda: frames(posts=POSTS.assign(capacity=-1)),
    "frames float cap": lambda: frames(posts=POSTS.assign(capacity=1.5)),
    "frames inf score": lambda: frames(APPLICANTS.assign(points=np.inf)),
    "frames dup": lambda: frames(pd.concat([APPLICANTS, APPLICANTS])),
    "frames text score": lambda: frames(APPLICANTS.assign(points="x")),
    "frames bool score": lambda: frames(APPLICANTS.assign(points=True)),
    "frames complex": lambda: frames(APPLICANTS.assign(points=1j)),
    "frames inf rank": lambda: frames(APPLICANTS.assign(rank=np.inf)),
    "frames empty": lambda: frames(APPLICANTS.iloc[:0]),
    "frames no posts": lambda: frames(posts=POSTS.iloc[:0]),
    "frames None": lambda: frames(None),
    "frames list worker": lambda: frames(APPLICANTS.assign(worker=[["a"], ["a"], ["b"]])),
    "frames list post": lambda: frames(APPLICANTS.assign(post=[["x"], ["y"], ["x"]])),
    "frames dict post label": lambda: frames(
        posts=pd.DataFrame({"post": [{}, {}], "capacity": [1, 1]})
    ),
    "frames huge cap": lambda: frames(posts=POSTS.assign(capacity=10**12)),
    "frames minimum text": lambda: frames(posts=POSTS.assign(m="x"), minimum="m"),
    "frames tier neg": lambda: frames(APPLICANTS.assign(t=-1), tier="t"),
    "frames tier huge": lambda: frames(APPLICANTS.assign(t=2**40), tier="t"),
    "scores longest bool": lambda: Market.from_scores(**SCORES, longest=True),
    "scores longest 0": lambda: Market.from_scores(**SCORES, longest=0),
    "scores ties": lambda: Market.from_scores(**SCORES, ties=1),
    "lists None": lambda: Market.from_lists(None, {}, {}),
    "lists str order": lambda: Market.from_lists({"a": "x"}, {"x": ["a"]}, {"x": 1}),
    "lists int order": lambda: Market.from_lists({"a": 3}, {"x": ["a"]}, {"x": 1}),
    "lists extra capacity": lambda: Market.from_lists({"a": ["x"]}, {"x": ["a"]}, {"x": 1, "q": 2}),
    "lists groups list": lambda: Market.from_lists(
        {"a": ["x"]}, {"x": ["a"]}, {"x": 1}, worker_groups=["a"]
    ),
    "lists groups odd label": lambda: Market.from_lists(
        {"a": ["x"]}, {"x": ["a"]}, {"x": 1}, worker_groups={"g": {"zz": "1"}}
    ),
    "da seed str": lambda: MARKET.deferred_acceptance(seed="x"),
    "da seed float": lambda: MARKET.deferred_acceptance(seed=1.5),
    "da seed neg (ties refuse)": lambda: MARKET.deferred_acceptance(seed=-1),
    "da seed neg frames": lambda: frames().deferred_acceptance(seed=-1),
    "da side": lambda: MARKET.deferred_acceptance(side="x"),
    "da side list": lambda: MARKET.deferred_acceptance(side=[]),
    "da engine": lambda: MARKET.deferred_acceptance(engine="x"),
    "da engine with limits": lambda: MARKET.deferred_acceptance(engine="x", limits=[QUOTA]),
    "da limits one": lambda: MARKET.deferred_acceptance(limits=QUOTA),
    "da limits str": lambda: MARKET.deferred_acceptance(limits="a"),
    "da limits None": lambda: MARKET.deferred_acceptance(limits=None),
    "da reserves None": lambda: MARKET.deferred_acceptance(reserves=3),
    "da targets list": lambda: MARKET.deferred_acceptance(
        limits=[Limit(by="region", most={"n": 1})], targets=["x"]
    ),
    "da targets str": lambda: MARKET.deferred_acceptance(
        limits=[Limit(by="region", most={"n": 1})], targets={"x": "a"}
    ),
    "da targets frac": lambda: MARKET.deferred_acceptance(
        limits=[Limit(by="region", most={"n": 1})], targets={"x": 0.5}
    ),
    "da targets unknown": lambda: MARKET.deferred_acceptance(
        limits=[Limit(by="region", most={"n": 1})], targets={"zz": 1}
    ),
    "limit str": lambda: Limit(by="o", most="ab"),
    "limit neg": lambda: Limit(by="o", most={"a": -1}),
    "limit float": lambda: Limit(by="o", most={"a": 1.5}),
    "limit by int": lambda: Limit(by=3, most={"a": 1}),
    "limit nothing": lambda: Limit(by="o"),
    "limit each str": lambda: Limit(by="o", most={"a": 1}, at_each_post="yes"),
    "reserve neg": lambda: Reserve(by="o", group="a", seats=-1),
    "reserve float": lambda: Reserve(by="o", group="a", seats=1.5),
    "reserve True": lambda: Reserve(by="o", group="a", seats=True),
    "reserve unknown": lambda: MARKET.deferred_acceptance(
        reserves=[Reserve(by="origin", group="zz", seats=1)]
    ),
    "shares no group": lambda: MATCHING.shares("zz"),
    "shares list": lambda: MATCHING.shares(["origin"]),
    "shares min str": lambda: MATCHING.shares("origin", min_cell="a"),
    "shares min bool": lambda: MATCHING.shares("origin", min_cell=True),
    "compare None": lambda: MATCHING.compare(None),
    "assignment limits one": lambda: assignment(**WEIGHTS, limits=QUOTA),
    "assignment limits None": lambda: assignment(**WEIGHTS, limits=None),
    "assignment limit unknown": lambda: assignment(**WEIGHTS, limits=[QUOTA]),
    "cs alone str": lambda: choo_siow(**SURPLUS, alone="x"),
    "cs tol": lambda: choo_siow(**SURPLUS, tolerance=-1),
    "cs tol str": lambda: choo_siow(**SURPLUS, tolerance="a"),
    "cs tol nan": lambda: choo_siow(**SURPLUS, tolerance=np.nan),
    "respond None": lambda: respond(None),
    "respond other ds": lambda: respond(xr.Dataset()),
    "effect str": lambda: effect_range(SHARE, central="a", low=0, high=1),
    "effect nan": lambda: effect_range(SHARE, central=np.nan, low=0, high=1),
    "effect order": lambda: effect_range(SHARE, central=2, low=0, high=1),
    "ces nests None": lambda: NestedCES(nests=None),
    "ces nests str": lambda: NestedCES(nests="ab"),
    "ces sigma str": lambda: NestedCES(nests=(("a", "x"),)),
    "ces sigma nan": lambda: NestedCES(nests=(("a", np.nan),)),
    "ces neg": lambda: NestedCES(nests=(("a", -1),)),
    "ces share": lambda: NestedCES(nests=(("a", 1),), labour_share="x"),
    "ces share nan": lambda: NestedCES(nests=(("a", 1),), labour_share=np.nan),
    "ces capital": lambda: NestedCES(nests=(("a", 1),), capital="x"),
    "near least": lambda: near_fits(**CALLS["near_fits"][1], least=0),
    "near least str": lambda: near_fits(**CALLS["near_fits"][1], least="a"),
    "near least nan": lambda: near_fits(**CALLS["near_fits"][1], least=np.nan),
    "segments none": lambda: segments(None, posts_of((1.0, 2.0))),
    "segments float": lambda: segments({"2221": 1, "5321": 2}, posts_of((1.0, 2.0))),
    "stages none": lambda: through_stages(ENTRANTS, None),
    "stages one": lambda: through_stages(ENTRANTS, stage()),
    "stages empty": lambda: through_stages(ENTRANTS, []),
    "stage name int": lambda: Stage(name=3, passes=1, delay=2),
    "stage passes float": lambda: through_stages(ENTRANTS, [stage(passes=0.5)]),
    "stage passes 1.5": lambda: through_stages(ENTRANTS, [stage(passes=array(1.5, {}, "1"))]),
    "stage delay person": lambda: through_stages(ENTRANTS, [stage(delay=array(1.5, {}, "person"))]),
    "points score none": lambda: system().score(None, on="2024-02-01"),
    "points on none": lambda: system().score(PERSONS, on=None),
    "points on int": lambda: system().score(PERSONS, on=2024),
    "points early": lambda: system().score(PERSONS, on="2020-01-01"),
    "points no col": lambda: system().score(PERSONS[["person"]], on="2024-02-01"),
    "points dup": lambda: system().score(pd.concat([PERSONS, PERSONS]), on="2024-02-01"),
    "points unknown": lambda: system().score(PERSONS.assign(german="Z9"), on="2024-02-01"),
    "points nan": lambda: system().score(PERSONS.assign(german=None), on="2024-02-01"),
    "points empty": lambda: system().score(PERSONS.iloc[:0], on="2024-02-01"),
    "points person nan": lambda: system().score(PERSONS.assign(person=None), on="2024-02-01"),
    "points person list": lambda: system().score(PERSONS.assign(person=[["a"]]), on="2024-02-01"),
    "points crit none": lambda: system(criteria=None),
    "points crit str": lambda: system(criteria="ab"),
    "points crit obj": lambda: system(criteria=(1,)),
    "points passmark str": lambda: system(pass_mark="a"),
    "points passmark nan": lambda: system(pass_mark=np.nan),
    "points passmark unreachable": lambda: system(pass_mark=99),
    "points date": lambda: system(valid_from="x"),
    "points date order": lambda: system(valid_to="2020-01-01"),
    "points best_of": lambda: system(best_of={"g": ("zz",)}),
    "points best_of str": lambda: system(best_of={"g": "german"}),
    "points at_most": lambda: system(at_most={"g": (("german",), -1)}),
    "points sex": lambda: system(criteria=(Criterion(name="sex", labels={"F": 1}),)),
    "points age no law": lambda: system(
        law="", criteria=(Criterion(name="age", bands=((0, 35, 2),)),)
    ),
    "crit nothing": lambda: Criterion(name="a"),
    "crit two": lambda: Criterion(name="a", points=1, labels={"a": 1}),
    "crit str": lambda: Criterion(name="a", points="x"),
    "crit bands overlap": lambda: Criterion(name="a", bands=((0, 5, 1), (3, 8, 2))),
    "crit bands nan": lambda: Criterion(name="a", bands=((np.nan, 5, 1),)),
    "crit bands shape": lambda: Criterion(name="a", bands=((1, 2),)),
    "crit name none": lambda: Criterion(name=None, points=1),
    "crit labels list": lambda: Criterion(name="a", labels=["x"]),
    "cond nothing": lambda: Condition(column="a"),
    "cond none": lambda: Condition(column=None, least=1),
    "cond least>most": lambda: Condition(column="a", least=3, most=1),
    "req empty": lambda: Requirement(name="a", any_of=()),
    "req obj": lambda: Requirement(name="a", any_of=(1,)),
    "batch none": lambda: match_in_batches(None, OPENED, score="points"),
    "batch posts none": lambda: match_in_batches(BATCHES, None, score="points"),
    "batch col": lambda: match_in_batches(BATCHES, OPENED, score="points", batch="zz"),
    "batch patience": lambda: match_in_batches(BATCHES, OPENED, score="points", patience=0),
    "batch patience str": lambda: match_in_batches(BATCHES, OPENED, score="points", patience="a"),
    "batch keep": lambda: match_in_batches(BATCHES, OPENED, score="points", keep_seats="a"),
    "batch seed": lambda: match_in_batches(BATCHES, OPENED, score="points", seed="a"),
    "batch ties": lambda: match_in_batches(BATCHES, OPENED, score="points", ties="a"),
    "batch other kw": lambda: match_in_batches(BATCHES, OPENED, score="points", zz=1),
    "batch mixed": lambda: match_in_batches(
        BATCHES.assign(batch=[1, "a", 2]), OPENED, score="points"
    ),
    "batch nan": lambda: match_in_batches(
        BATCHES.assign(batch=[1, np.nan, 2]), OPENED, score="points"
    ),
    "batch sex": lambda: match_in_batches(
        BATCHES.rename(columns={"points": "sex"}), OPENED, score="sex"
    ),
    "batch limits": lambda: match_in_batches(BATCHES, OPENED, score="points", limits=QUOTA),
    "batch unknown post": lambda: match_in_batches(
        BATCHES.assign(post="zz"), OPENED, score="points", seed=1
    ),
    "sm str": lambda: SearchMarket(**SEARCH | {"leisure": "x"}),
    "sm nan": lambda: SearchMarket(**SEARCH | {"leisure": np.nan}),
    "sm nan disc": lambda: SearchMarket(**SEARCH | {"discount": np.nan}),
    "sm neg": lambda: SearchMarket(**SEARCH | {"separation": -1}),
    "sm inf": lambda: SearchMarket(**SEARCH | {"cost": np.inf}),
    "sm matching": lambda: SearchMarket(**SEARCH, matching="x"),
    "sm matching list": lambda: SearchMarket(**SEARCH, matching=[]),
    "sm elastic of bad": lambda: US.elasticities(of=["x"]),
    "sm step": lambda: US.elasticities(step=0),
    "sm step str": lambda: US.elasticities(step="a"),
    "sm step neg": lambda: US.elasticities(step=-2),
    "sm path": lambda: US.path(2, 3),
    "sm path str": lambda: US.path("a", 3),
    "sm path nan": lambda: US.path(np.nan, 3),
    "sm path periods": lambda: US.path(0.1, 2.5),
    "sm bev": lambda: US.beveridge_curve([0]),
    "sm bev str": lambda: US.beveridge_curve(["a"]),
    "sm bev none": lambda: US.beveridge_curve(None),
    "sm bev empty": lambda: US.beveridge_curve([]),
    "sm cal str": lambda: SearchMarket.calibrate(
        job_finding="a", tightness=1, leisure=0.7, separation=0.03, bargaining=0.5, discount=0.004
    ),
    "sm cal nan": lambda: SearchMarket.calibrate(
        job_finding=np.nan,
        tightness=1,
        leisure=0.7,
        separation=0.03,
        bargaining=0.5,
        discount=0.004,
    ),
    "sm cal cost": lambda: SearchMarket.calibrate(
        job_finding=0.5,
        tightness=1,
        cost=3,
        leisure=0.7,
        separation=0.03,
        bargaining=0.5,
        discount=0.004,
    ),
    "bridge none": lambda: Bridge.from_frame(None, share="share", basis="x"),
    "bridge basis none": lambda: Bridge.from_frame(CODES, share="share", basis=None),
    "bridge basis empty": lambda: Bridge.from_frame(CODES, share="share", basis=""),
    "bridge share": lambda: Bridge.from_frame(CODES, share="zz", basis="x"),
    "bridge sums": lambda: Bridge.from_frame(CODES.assign(share=0.5), share="share", basis="x"),
    "bridge scheme": lambda: Bridge.from_frame(CODES, share="share", basis="x", schemes=("a", "b")),
    "bridge columns": lambda: Bridge.from_frame(CODES, share="share", basis="x", columns=("isco",)),
    "bridge columns none": lambda: Bridge.from_frame(CODES, share="share", basis="x", columns=None),
    "bridge empty": lambda: Bridge.from_frame(CODES.iloc[:0], share="share", basis="x"),
    "bridge nan": lambda: Bridge.from_frame(CODES.assign(share=np.nan), share="share", basis="x"),
    "bridge code": lambda: Bridge.from_frame(CODES.assign(isco="99x"), share="share", basis="x"),
    "bridge direct": lambda: Bridge(
        source="ISCO-08",
        target="KldB 2010",
        sources=["2221"],
        targets=["81302"],
        shares=[[0.5]],
        basis="x",
    ),
    "fam unknown": lambda: match_families(FAMILIES, family="zz", together="t"),
    "fam None": lambda: match_families(None, family="f", together="t"),
    "fam nodes": lambda: match_families(FAMILIES, family="f", together="t", nodes=-1),
    "fam nodes str": lambda: match_families(FAMILIES, family="f", together="t", nodes="a"),
    "fam nodes half": lambda: match_families(FAMILIES, family="f", together="t", nodes=1.5),
    "evidence": lambda: Evidence(study="x", who="zz", outcome="wage"),
}


@pytest.mark.parametrize("what", list(FAULTS))
def test_what_cannot_be_is_told(what):
    with pytest.raises(MigovError) as error:
        FAULTS[what]()
    assert error.value.argument
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
