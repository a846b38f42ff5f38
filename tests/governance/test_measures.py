"""The register of measures, its gaps and hearings, and coherence with other policies."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov import governance as g
from migov.core.errors import MigovError


@pytest.fixture
def register():
    return g.Register(
        [
            g.Measure(
                id="agency", kind="law", body="interior", raises={"D2A": 1}, roles=("destination",),
                proposed="2018-03-01", adopted="2019-05-01", in_force="2020-01-01",
                implemented="2021-06-01", heard={"social partners": "2019-01-10"}, cost=3.0,
            ),
            g.Measure(
                id="skills", kind="regulation", body="labour", raises={"D4C": 1, "D4A": 1},
                proposed="2019-01-01", adopted="2020-05-01", in_force="2020-09-01",
                heard={"social partners": "2020-05-01", "diaspora": "2020-02-01"},
            ),
            g.Measure(id="old", kind="policy", body="labour", raises={"D4D": 1},
                      in_force="2010-01-01", implemented="2011-01-01", repealed="2020-03-01"),
        ]
    )  # fmt: skip


def test_stages(register):
    found = register.at("2020-06-01").set_index("id")["stage"]
    assert dict(found) == {"agency": "in_force", "skills": "adopted", "old": "repealed"}
    assert register.measures[0].stage("2017-01-01") == "none"


def test_implementation_gap(register, policy):
    by_body = register.implementation_gap("2021-12-31").set_index("body")
    assert by_body.loc["labour", "gap"] == 100
    assert by_body.loc["labour", "open"] == ("skills",)
    assert by_body.loc["interior", "gap"] == 0
    by_node = register.implementation_gap("2021-12-31", policy).set_index("node")
    assert by_node.loc["10.7.2", "gap"] == 50
    assert np.isnan(by_node.loc["D1", "gap"])


def test_heard_before_the_decision(register):
    """A hearing on the day of adoption is none before it."""
    found = register.consulted_before_decision().set_index("group")
    assert found.loc["social partners", "share"] == 50
    assert found.loc["diaspora", "share"] == 50
    silent = register.consulted_before_decision(["academia"]).set_index("group")
    assert silent.loc["academia", "share"] == 0


def test_answers_from_measures(register):
    assert register.answers("2021-01-01") == {"D2A": "1", "D4C": "1", "D4A": "1"}
    assert register.answers("2021-12-31", implemented=True) == {"D2A": "1"}


def test_register_from_a_table(register):
    frame = pd.DataFrame(
        [
            {"id": "agency", "kind": "law", "body": "interior", "raises": "D2A=1",
             "roles": "destination", "proposed": "2018-03-01", "adopted": "2019-05-01",
             "in_force": "2020-01-01", "implemented": "2021-06-01",
             "heard": "social partners=2019-01-10", "cost": "3"},
            {"id": "b", "needs": "agency", "duration": 2.0, "cost": np.nan},
        ]
    )  # fmt: skip
    found = g.Register.from_frame(frame)
    assert found.measures[0] == register.measures[0]
    assert found.measures[1].needs == ("agency",)
    assert found.measures[1].duration == 2


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: g.Measure(id=""), "no id"),
        (lambda: g.Measure(id="a", kind="wish"), "kind='wish'"),
        (lambda: g.Measure(id="a", roles=("guest",)), "no role"),
        (lambda: g.Measure(id="a", cost=-1), "cost=-1"),
        (lambda: g.Measure(id="a", cost=float("nan")), "cost=nan"),
        (lambda: g.Measure(id="a", duration=0), "duration=0"),
        (lambda: g.Measure(id="a", raises=(("D1A", 1), ("D1A", 0))), "raises D1A twice"),
        (lambda: g.Measure(id="a", adopted=pd.Timestamp("2020-01-01")), "is no text"),
        (lambda: g.Measure(id="a", body=None), "body=None"),
        (lambda: g.Measure(id="a", heard={"x": "2999-01-01"}), "in the future"),
        (lambda: g.Measure(id="a", cost=1, unit="euros"), "unit='euros' is no currency"),
        (lambda: g.Measure(id="a", cost=1, unit="person"), "unit='person' is no currency"),
        (lambda: g.Measure(id="a", cost=1, unit="EUR/month"), "is no currency"),
        (
            lambda: g.Register(
                [g.Measure(id="a", cost=1, unit="EUR"), g.Measure(id="b", cost=1, unit="MDL")]
            ),
            "'a' costs EUR, 'b' MDL",
        ),
        (
            lambda: g.Register([g.Measure(id="a", cost=1), g.Measure(id="b", cost=1, unit="MDL")]),
            "without a unit",
        ),
        (lambda: g.Measure(id="a", raises={"D1A": 0.1}), "binary float"),
        (lambda: g.Measure(id="a", needs=("a",)), "itself"),
        (lambda: g.Measure(id="a", adopted="soon"), "is no date"),
        (lambda: g.Measure(id="a", adopted="2020-01-01", in_force="2019-01-01"), "is before"),
        (lambda: g.Measure(id="a", heard={"x": "then"}), "is no date"),
        (lambda: g.Register([1]), "no Measure"),
        (lambda: g.Register.from_frame(pd.DataFrame({"colour": [1]})), "'colour' is none"),
        (lambda: g.Register.from_frame(pd.DataFrame({"id": ["a"], "cost": ["x"]})), "no number"),
        (lambda: g.Register.from_frame([1]), "no DataFrame"),
    ],
)
def test_refusals(make, told):
    with pytest.raises(MigovError) as caught:
        make()
    assert told in str(caught.value)
    assert caught.value.mend


@pytest.fixture
def effects():
    return xr.DataArray(
        [[2.0, -1.0, np.nan], [np.nan, 1.0, 0.0], [1.0, -2.0, np.nan]],
        coords={
            "measure": ["visas", "training", "recruitment"],
            "objective": ["growth", "health care at home", "emissions"],
        },
        dims=("measure", "objective"),
    )


def test_coherence(effects):
    fields = {"growth": "economic", "health care at home": "social", "emissions": "environmental"}
    found = g.coherence(
        effects, fields, reasons={("recruitment", "health care at home"): "nurses leave"}
    )
    assert list(found.split.values) == [False, True, False]
    assert list(found.opposes.values) == [0, 2, 0]
    assert found.assessed_objective.sel(objective="emissions").item() == pytest.approx(1 / 3)
    table = g.conflicts(found)
    against = table[table["kind"] == "against"]
    assert list(against["measure"]) == ["recruitment", "visas"]
    assert against["reason"].iloc[0] == "nurses leave"
    split = table[table["kind"] == "split"]
    assert set(zip(split["measure"], split["other"], strict=True)) == {
        ("recruitment", "training"),
        ("visas", "training"),
    }
    assert split["strength"].tolist() == [3, 2]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda x: g.coherence(x.rename(measure="law")), "effects has"),
        (lambda x: g.coherence(x * 5), "visas, growth: 10"),
        (lambda x: g.coherence(x * np.nan), "nothing is assessed"),
        (lambda x: g.coherence(x.astype(str)), "effects holds"),
        (lambda x: g.coherence(x.isel(measure=[0, 0])), "twice"),
        (lambda x: g.coherence(x, {"growth": "economic"}), "has the field None"),
        (lambda x: g.coherence(x, reasons={("a", "b"): ""}), "a reason is of a, b"),
        (lambda x: g.coherence(1), "expected an xarray DataArray"),
    ],
)
def test_coherence_refuses(effects, call, told):
    with pytest.raises(MigovError) as caught:
        call(effects)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: g.Measure(id="a", needs="bcd"), "no sequence"),
        (lambda: g.Measure(id="a", raises="D1A"), "raises='D1A'"),
        (lambda: g.Measure(id="a", raises=None), "raises=None"),
        (lambda: g.Register(None), "no sequence"),
        (lambda: g.Register.from_frame(pd.DataFrame({"title": ["a"]})), "no id"),
        (
            lambda: g.Register.from_frame(pd.DataFrame({"id": ["a"], "duration": ["1.7"]})),
            "'1.7' is no whole number",
        ),
        (
            lambda: g.Register(
                [g.Measure(id="a", raises={"QQ": 1}, in_force="2020-01-01")]
            ).implementation_gap("2021-01-01", g.load("sdg-10.7.2", edition="2021")),
            "raises 'QQ'",
        ),
    ],
)
def test_nothing_of_a_measure_is_dropped_in_silence(make, told):
    with pytest.raises(MigovError, match=told) as caught:
        make()
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_table_tells_all_its_faults_and_reads_what_workbooks_write():
    table = pd.DataFrame({
        "id": ["a", "b", "c"], "cost": ["3 EUR", 1, 2], "raises": ["", "D1A", ""],
        "heard": ["", "", "unions"],
    })  # fmt: skip
    with pytest.raises(MigovError) as caught:
        g.Register.from_frame(table)
    for told in ("row 0, a: cost='3 EUR'", "row 1, b: raises holds 'D1A'", "row 2, c: heard"):
        assert told in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    read = g.Register.from_frame(pd.DataFrame({
        "id": ["a", "b"], "adopted": pd.to_datetime(["2020-05-01", None]), "needs": ["", "a;"],
        "unit": "million EUR", "cost": [1, 2],
    })).measures  # fmt: skip
    assert [one.adopted for one in read] == ["2020-05-01", ""]
    assert read[1].needs == ("a",)
    assert read[1].unit == "million EUR"


def test_a_group_nearly_named_as_one_that_was_heard_is_no_zero(register):
    with pytest.raises(MigovError, match="'social partner' was heard nowhere") as caught:
        register.consulted_before_decision(["social partner"])
    assert "'social partners'" in caught.value.mend
    assert register.consulted_before_decision(["press"])["share"].tolist() == [0]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda r: r.answers("2021-01-01", implemented="no"), "implemented is a str"),
        (lambda r: r.answers("2021"), "a year is not a date"),
        (lambda r: r.at("soon"), "is no date"),
        (lambda r: r.implementation_gap("soon"), "is no date"),
    ],
)
def test_an_empty_register_checks_what_it_is_asked(call, told):
    with pytest.raises(MigovError, match=told):
        call(g.Register([]))
    assert not g.Register([]).identical(3)


def test_a_split_tells_the_reasons_of_both_sides_and_fields_name_objectives():
    found = xr.DataArray([[-1.0], [2.0]], dims=("measure", "objective"),
                         coords={"measure": ["a", "b"], "objective": ["care"]})  # fmt: skip
    reasons = {("a", "care"): "nurses leave", ("b", "care"): "nurses are trained"}
    table = g.conflicts(g.coherence(found, {"care": "social"}, reasons=reasons))
    split = table.set_index("kind").loc["split"]
    assert split["reason"] == "nurses leave; nurses are trained"
    with pytest.raises(MigovError, match="fields names 'jobs', which is no objective"):
        g.coherence(found, {"care": "social", "jobs": "economic"})
    with pytest.raises(MigovError, match="reasons is a NoneType"):
        g.coherence(found, reasons={("a", "care"): None})
