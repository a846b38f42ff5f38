"""Every array argument of the room, spoilt one way at a time: told by name, or documented."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov import labour
from migov.core import status
from migov.core.cases import Cells
from migov.core.errors import MigovError

OCCUPATIONS = ["2221", "5321"]
PAIRS = {"worker": ["a", "b"], "post": ["x", "y"]}
TYPES = {"skill": ["low", "high"], "occupation": ["9", "2"]}
NESTS = {"education": ["low", "high"], "group": ["resident", "migrant"]}
BRIDGE = labour.Bridge.from_frame(
    pd.DataFrame({"isco": OCCUPATIONS, "kldb": ["81302", "82101"], "share": [1.0, 1.0]}),
    share="share",
    basis="example",
)


def array(values, coords, unit):
    return xr.DataArray(np.array(values, float), coords, attrs={"units": unit})


def posts_of(values):
    return Cells(values, occupation=" ".join(OCCUPATIONS)).array("person")


def stage(**changes):
    given = {"passes": array(0.8, {}, "1"), "delay": array(9.0, {}, "month")}
    return labour.Stage(name="language", **given | changes)


ENTRANTS = Cells((100.0, 50.0), period="2025 2026").array("person")
SKILLS = array([[4, 2], [2, 2]], {"occupation": OCCUPATIONS, "skill": ["care", "records"]}, "1")
FIT = labour.skill_fit(SKILLS)
MARKETS = dict.fromkeys(OCCUPATIONS, labour.SearchMarket(
    leisure=0.71, separation=0.036, bargaining=0.5, cost=0.356, discount=0.004
))  # fmt: skip
EQUILIBRIUM = labour.choo_siow(
    array([[1, -1], [0.5, 2]], TYPES, "1"),
    array([60, 40], {"skill": TYPES["skill"]}, "person"),
    array([50, 50], {"occupation": TYPES["occupation"]}, "post"),
)

CALLS = {
    "Market.from_scores": (
        labour.Market.from_scores,
        {
            "scores": array([[1, 2], [2, 3]], PAIRS, "1"),
            "preferences": array([[5, 4], [5, 4]], PAIRS, "1"),
            "capacity": array([1, 1], {"post": PAIRS["post"]}, "post"),
        },
    ),
    "assignment": (
        labour.assignment,
        {
            "weights": array([[5, 4], [5, 1]], PAIRS, "1"),
            "capacity": array([1, 1], {"post": PAIRS["post"]}, "post"),
        },
    ),
    "choo_siow": (
        labour.choo_siow,
        {
            "surplus": array([[1, -1], [0.5, 2]], TYPES, "1"),
            "workers": array([60, 40], {"skill": TYPES["skill"]}, "person"),
            "posts": array([50, 50], {"occupation": TYPES["occupation"]}, "post"),
        },
    ),
    "recover_surplus": (
        labour.recover_surplus,
        {
            "matches": array([[20, 5], [5, 20]], TYPES, "person"),
            "unmatched_workers": array([6, 4], {"skill": TYPES["skill"]}, "person"),
            "unmatched_posts": array([5, 5], {"occupation": TYPES["occupation"]}, "post"),
        },
    ),
    "respond": (
        lambda **given: labour.respond(EQUILIBRIUM, **given),
        {
            "workers": array([1, 0], {"skill": TYPES["skill"]}, "person"),
            "posts": array([1, 0], {"occupation": TYPES["occupation"]}, "post"),
        },
    ),
    "effect_range": (
        lambda change: labour.effect_range(change, central=0.0, low=-0.8, high=0.8),
        {"change": array([0.5, 1], {"occupation": OCCUPATIONS}, "percentage_point")},
    ),
    "NestedCES.run": (
        labour.NestedCES(nests=(("education", 2.0), ("group", 20.0))).run,
        {
            "wage_bill": array([[30, 10], [55, 5]], NESTS, "EUR"),
            "change": array([[0, 10], [0, 0]], NESTS, "percent"),
        },
    ),
    "skill_fit": (
        labour.skill_fit,
        {"skills": SKILLS, "weights": array([1, 2], {"skill": ["care", "records"]}, "1")},
    ),
    "near_fits": (
        labour.near_fits,
        {"shortage": posts_of((10.0, 0.0)), "surplus": posts_of((0.0, 6.0)), "fit": FIT},
    ),
    "segments": (
        lambda labour_force: labour.segments(MARKETS, labour_force),
        {"labour_force": posts_of((60.0, 40.0))},
    ),
    "shortage": (
        labour.shortage,
        {
            "demand": posts_of((100.0, 50.0)),
            "supply": posts_of((80.0, 60.0)),
            "vacancies": posts_of((5.0, 5.0)),
        },
    ),
    "through_stages": (
        lambda entrants: labour.through_stages(entrants, [stage()]),
        {"entrants": ENTRANTS},
    ),
    "Stage.passes": (
        lambda passes: labour.through_stages(ENTRANTS, [stage(passes=passes)]),
        {"passes": array(0.8, {}, "1")},
    ),
    "Stage.delay": (
        lambda delay: labour.through_stages(ENTRANTS, [stage(delay=delay)]),
        {"delay": array(9.0, {}, "month")},
    ),
    "Stage.drop_out": (
        lambda drop_out: labour.through_stages(ENTRANTS, [stage(drop_out=drop_out)]),
        {"drop_out": array(0.2, {}, "1/year")},
    ),
    "Bridge.carry": (lambda x: BRIDGE.carry(x), {"x": posts_of((100.0, 50.0))}),
    "Bridge.reverse": (
        lambda counts: BRIDGE.reverse(counts, "survey"),
        {"counts": posts_of((30.0, 10.0))},
    ),
}


def cell(x, value):
    values = np.array(x.values, float)
    values.reshape(-1)[0] = value
    return x.copy(data=values)


def labelled(x, change):
    dim = str(x.dims[-1])
    return x.assign_coords({dim: change(list(x.coords[dim].values))})


SPOILT = {
    "a list": lambda x: x.values.tolist(),
    "a number": lambda _: 3.0,
    "a data frame": lambda _: pd.DataFrame({"a": [1.0]}),
    "a data set": lambda x: x.to_dataset(name="x"),
    "objects": lambda x: x.astype(object),
    "texts": lambda x: x.astype(str),
    "truth values": lambda x: x.astype(bool),
    "complex numbers": lambda x: x.astype(complex),
    "infinite": lambda x: cell(x, np.inf),
    "missing": lambda x: cell(x, np.nan),
    "negative": lambda x: cell(x, -1.0),
    "no unit": lambda x: x.drop_attrs(),
    "another unit": lambda x: x.assign_attrs(units="USD/hour"),
    "no such unit": lambda x: x.assign_attrs(units="heads"),
    "no labels": lambda x: x.drop_vars(str(x.dims[-1])),
    "a label twice": lambda x: labelled(x, lambda old: [old[-1]] * len(old)),
    "another label": lambda x: labelled(x, lambda old: [*old[:-1], "zz"]),
    "a dimension less": lambda x: x.isel({x.dims[-1]: 0}, drop=True),
    "nothing in it": lambda x: x.isel({x.dims[-1]: slice(0, 0)}),
    "another name": lambda x: x.rename({x.dims[-1]: f"{x.dims[-1]}s"}),
}
OF_LABELS = (
    "no labels", "a label twice", "another label", "a dimension less", "nothing in it",
    "another name",
)  # fmt: skip

ANY_UNIT = ("no unit", "another unit", "no such unit")
FINE = {
    # Scores and values have no unit of their own; larger comes first; NaN bars a pair.
    *(
        ("Market.from_scores", argument, fault)
        for argument in ("scores", "preferences")
        for fault in ("missing", "negative", *ANY_UNIT)
    ),
    *(("assignment", "weights", fault) for fault in ("missing", "negative", *ANY_UNIT)),
    # A surplus, a change, a net number may be negative.
    ("choo_siow", "surplus", "negative"),
    ("respond", "workers", "negative"),
    ("respond", "posts", "negative"),
    ("effect_range", "change", "negative"),
    ("NestedCES.run", "change", "negative"),
    ("Bridge.carry", "x", "negative"),
    # What is missing stays missing, where it belongs.
    *(("shortage", argument, "missing") for argument in ("demand", "supply", "vacancies")),
    ("Bridge.carry", "x", "missing"),
    ("effect_range", "change", "missing"),
    # One argument alone, of any dimensions: there is nothing to compare labels with.
    ("effect_range", "change", "another label"),
    ("effect_range", "change", "a dimension less"),
}


def cases():
    for name, (_, arrays) in CALLS.items():
        for argument, x in arrays.items():
            for fault in SPOILT:
                if x.ndim == 0 and fault in OF_LABELS:
                    continue
                yield pytest.param(name, argument, fault, id=f"{name}-{argument}-{fault}")


@pytest.mark.parametrize("name", list(CALLS))
def test_the_call_itself_runs(name):
    call, arrays = CALLS[name]
    assert call(**arrays) is not None


@pytest.mark.parametrize(("name", "argument", "fault"), list(cases()))
def test_what_is_spoilt_is_told(name, argument, fault):
    call, arrays = CALLS[name]
    spoilt = arrays | {argument: SPOILT[fault](arrays[argument])}
    if (name, argument, fault) in FINE:
        assert call(**spoilt) is not None
        return
    with pytest.raises(MigovError) as error:
        call(**spoilt)
    told = str(error.value)
    # Labels that differ are told with the argument that they differ from.
    named = arrays if fault == "another label" else [argument]
    assert any(one in told for one in named) or error.value.argument in named
    assert str(pickle.loads(pickle.dumps(error.value))) == told


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        (name, argument)
        for name, (_, arrays) in CALLS.items()
        for argument in arrays
        # A market and a bridge are no arrays; both say for themselves what they rest on.
        if name not in ("Market.from_scores", "Bridge.reverse")
    ],
)
def test_what_rests_on_assumptions_says_so(name, argument):
    call, arrays = CALLS[name]
    found = call(**arrays | {argument: status.mark(arrays[argument], "stylised")})
    assert status.has(found if isinstance(found, xr.DataArray) else next(iter(
        found[one] for one in found.data_vars if status.NAME in found[one].coords
    )), "stylised")  # fmt: skip
