"""Slips in tables of people and posts are told in one line each."""

import pandas as pd
import pytest

import migov as mg
from migov.core.errors import DataError, MigovWarning, ParameterError

APPLY = pd.DataFrame({"worker": ["a", "b"], "post": ["x", "y"], "rank": [1, 1], "points": [5, 6]})
POSTS = pd.DataFrame({"post": ["x", "y"], "capacity": [1, 1]})


@pytest.mark.parametrize(
    ("applicants", "posts", "told"),
    [
        (APPLY, pd.DataFrame({"post": ["x", "y", "Total"], "capacity": [1, 1, 2]}), "is a sum"),
        (APPLY.assign(points=[5, -999]), POSTS, "code for no answer"),
        (APPLY.assign(rank=[-1, 1]), POSTS, "below 0"),
        (APPLY.assign(points=["5,5", "6,5"]), POSTS, "decimal=','"),
    ],
)
def test_one_fault_says_the_way_out(applicants, posts, told):
    with pytest.raises(DataError, match=told) as error:
        mg.labour.Market.from_frames(applicants, posts, score="points")
    assert len(error.value.faults) == 1


def test_an_empty_choice_is_none():
    wide = pd.DataFrame({"worker": ["a", "b"], "c1": ["x", "y"], "c2": ["y", ""], "points": [5, 6]})
    market = mg.labour.Market.from_frames(wide, POSTS, score="points", choices=("c1", "c2"))
    assert "3 applications" in repr(market)


@pytest.mark.parametrize(
    "slip",
    [
        {"age": 1988},
        {"age": -3},
        {"experience_in_last_7_years": 36},
        {"experience_in_last_7_years": 1, "experience_in_last_5_years": 3},
    ],
)
def test_what_nobody_can_have_gives_no_points(slip):
    card = mg.labour.points_tables.GERMANY_OPPORTUNITY_CARD
    row = {
        "person": "ana", "partial_recognition": False, "german": "B1", "english": "B2",
        "experience_in_last_7_years": 3, "experience_in_last_5_years": 3, "age": 37,
        "shortage_occupation": True, "stay_in_last_5_years": False,
        "spouse_meets_requirements": False, "foreign_qualification": "degree",
        "subsistence_secured": True,
    }  # fmt: skip
    assert card.score(pd.DataFrame([row]), on="2025-01-01").total.item() == 6
    with pytest.raises(DataError, match=list(slip)[-1]):
        card.score(pd.DataFrame([row | slip]), on="2025-01-01")


@pytest.mark.parametrize(
    "name", ["male", "woman", "muslim", "country", "political_opinion", "mother tongue", "belief"]
)
def test_values_of_protected_attributes_are_refused(name):
    with pytest.raises(ParameterError, match="protected"):
        mg.labour.PointsSystem(
            name="k", law="d", valid_from="2025-01-01", pass_mark=1,
            criteria=(mg.labour.Criterion(name=name, points=1),),
        )  # fmt: skip


def test_posts_in_thousands_are_told():
    posts = mg.Cells((430.0, 330.0), occupation="5 7").array("post")
    people = mg.Cells((1e6, 1e6), occupation="5 7").array("person")
    with pytest.warns(MigovWarning, match="thousand post"):
        mg.labour.shortage(posts, people)
