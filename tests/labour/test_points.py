"""Points systems: two States' tables, worked profiles, and what is refused."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pandas as pd
import pytest

from migov.core.errors import (
    DataError,
    DimensionError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
)
from migov.labour import Market
from migov.labour.points import Criterion, PointsSystem
from migov.labour.points_tables import AUSTRALIA_SKILLED_2019, GERMANY_OPPORTUNITY_CARD


def test_australian_profiles(shared):
    folder = shared / "golden/labour/points"
    table = pd.read_csv(folder / "australia_profiles.csv", keep_default_na=False)
    rules = json.loads((folder / "australia_points_table_2019.json").read_text())
    system = AUSTRALIA_SKILLED_2019
    assert (system.valid_from, system.pass_mark) == (rules["date_in_force"], rules["pass_mark"])
    out = system.score(table, on="2020-01-01", person="id")
    names = {
        "age": "age", "english": "english", "education": "education",
        "specialist_stem": "stem", "australian_study": "au_study",
        "professional_year": "prof_year", "community_language": "ccl",
        "regional_study": "regional", "partner": "partner", "nomination": "nomination",
    }  # fmt: skip
    for theirs, ours in names.items():
        np.testing.assert_array_equal(
            out["points"].sel(criterion=ours), table[f"points_{theirs}"], err_msg=ours
        )
    work = out["points"].sel(criterion=["years_outside", "years_in"]).sum("criterion")
    np.testing.assert_array_equal(work, table["points_employment_counted"])
    np.testing.assert_array_equal(out["total"], table["total"])
    np.testing.assert_array_equal(
        out["meets"].all("requirement"), table["within_age_and_english_threshold"]
    )
    np.testing.assert_array_equal(out["passes"], table["meets_pass_mark_65"])
    assert out["reason"].sel(person="A4").item() == "age below 45"
    assert out["reason"].sel(person="A5").item() == "points"
    assert out.attrs["note"] == "planning tool, not a decision on individuals"


def test_every_band_and_label_of_the_australian_table(shared):
    rules = json.loads(
        (shared / "golden/labour/points/australia_points_table_2019.json").read_text()
    )
    by_name = {c.name: c for c in AUSTRALIA_SKILLED_2019.criteria}
    for name, key in (
        ("age", "age_years"),
        ("years_outside", "employment_outside_australia_last10y"),
        ("years_in", "employment_in_australia_last10y"),
    ):
        given = {low: points for low, _, points in rules[key] if points}
        if name == "years_outside":
            assert {b[0]: b[2] for b in by_name[name].bands} == {3: 5, 5: 10, 8: 15}
        else:
            assert {b[0]: b[2] for b in by_name[name].bands} == given
    for name in ("english", "education", "partner", "nomination"):
        assert dict(by_name[name].labels) == rules[name]
    assert dict(AUSTRALIA_SKILLED_2019.at_most)["employment"][1] == 20


def applicants(**changes):
    base = {
        "person": "p", "partial_recognition": False, "german": "none", "english": "B2",
        "experience_in_last_7_years": 0.0, "experience_in_last_5_years": 0.0,
        "shortage_occupation": False, "age": 50, "stay_in_last_5_years": False,
        "spouse_meets_requirements": False, "foreign_qualification": "degree",
        "subsistence_secured": True,
    }  # fmt: skip
    return pd.DataFrame([base | changes])


# The annex to section 20b: number of section 20b (1), points, and who has them.
ANNEX = [
    (1, 4, {"partial_recognition": True}),
    (2, 3, {"german": "B2"}),
    (3, 2, {"german": "B1"}),
    (4, 1, {"german": "A2"}),
    (5, 1, {"english": "C1"}),
    (6, 3, {"experience_in_last_7_years": 5, "experience_in_last_5_years": 5}),
    (7, 2, {"experience_in_last_7_years": 2, "experience_in_last_5_years": 2}),
    (8, 1, {"shortage_occupation": True}),
    (9, 2, {"age": 35}),
    (10, 1, {"age": 40}),
    (11, 1, {"stay_in_last_5_years": True}),
    (12, 1, {"spouse_meets_requirements": True}),
]


@pytest.mark.parametrize(("number", "points", "change"), ANNEX)
def test_german_annex(number, points, change):
    out = GERMANY_OPPORTUNITY_CARD.score(applicants(**change), on="2024-06-01")
    assert out["total"].item() == points
    assert not out["passes"].item()


def test_german_card():
    system = GERMANY_OPPORTUNITY_CARD
    good = applicants(german="B1", age=30, experience_in_last_5_years=2.5,
                      experience_in_last_7_years=2.5)  # fmt: skip
    out = system.score(good, on="2025-03-01")
    assert out["total"].item() == 6
    assert out["passes"].item()
    assert system.most == 16
    for change, reason in (
        ({"german": "none", "english": "B1", "age": 30}, "language"),
        ({"foreign_qualification": "none"}, "qualification"),
        ({"subsistence_secured": False}, "subsistence"),
        ({"age": 41}, "points"),
    ):
        found = system.score(good.assign(**change), on="2025-03-01")
        assert not found["passes"].item()
        assert found["reason"].item() == reason
    # Partial recognition stands in for the qualification.
    other = good.assign(foreign_qualification="none", partial_recognition=True)
    assert system.score(other, on="2025-03-01")["passes"].item()
    with pytest.raises(TimeError, match="in force from 2024-06-01"):
        system.score(good, on="2024-05-31")


def test_points_enter_a_market():
    table = pd.concat(
        [applicants(person=f"w{i}", age=30 + i, german=g) for i, g in enumerate(["B2", "B1", "A2"])]
    ).reset_index(drop=True)
    scored = GERMANY_OPPORTUNITY_CARD.score(table, on="2025-01-01")
    rows = pd.DataFrame(
        {"worker": table["person"], "post": "p", "rank": 1, "points": scored["total"].values}
    )
    posts = pd.DataFrame({"post": ["p"], "capacity": [2]})
    matching = Market.from_frames(rows, posts, score="points").deferred_acceptance(seed=7)
    assert matching.partners() == {"w0": "p", "w1": "p"}


def system(**changes):
    given = {
        "name": "x", "law": "none", "valid_from": "2020-01-01", "pass_mark": 1,
        "criteria": (Criterion(name="german", labels={"none": 0, "B1": 2}),),
    }  # fmt: skip
    return PointsSystem(**(given | changes))


def test_what_is_refused():
    frame = pd.DataFrame({"person": ["a", "b"], "german": ["B1", "none"]})
    yes = Criterion(name="training", points=1)
    calls = [
        (ParameterError, lambda: Criterion(name="x")),
        (ParameterError, lambda: Criterion(name="x", points=1.5)),
        (ParameterError, lambda: Criterion(name="x", bands=((3, 2, 1),))),
        (ParameterError, lambda: Criterion(name="x", bands=((1, 3, 1), (3, 5, 2)))),
        (ParameterError, lambda: system(criteria=())),
        (ParameterError, lambda: system(best_of={"x": ("german", "other")})),
        (ParameterError, lambda: system(criteria=(Criterion(name="nationality", points=1),))),
        (ParameterError, lambda: system(criteria=(Criterion(name="sex", points=1),))),
        (ParameterError, lambda: system(
            law=" ", criteria=(Criterion(name="age", bands=((0, 30, 1),)),))),
        (ParameterError, lambda: system(criteria=(Criterion(name="x", column="religion",
                                                            points=1),))),
        (TimeError, lambda: system(valid_from="2020")),
        (TimeError, lambda: system().score(frame, on="soon")),
        (TimeError, lambda: system(valid_to="2021-01-01").score(frame, on="2021-01-01")),
        (KindError, lambda: system().score([], on="2021-01-01")),
        (DimensionError, lambda: system().score(frame[["person"]], on="2021-01-01")),
        (DataError, lambda: system().score(frame.assign(german="Z9"), on="2021-01-01")),
        (DataError, lambda: system().score(frame.assign(german=None), on="2021-01-01")),
        (DataError, lambda: system().score(frame.assign(person="a"), on="2021-01-01")),
        (DataError, lambda: system(criteria=(yes,)).score(
            frame.assign(training="perhaps"), on="2021-01-01")),
        (DataError, lambda: system(criteria=(Criterion(name="years", bands=((0, 3, 1),)),)).score(
            frame.assign(years=[1.0, np.nan]), on="2021-01-01")),
    ]  # fmt: skip
    for kind, call in calls:
        with pytest.raises(kind) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_systems_are_equal_and_hashable():
    assert system() == system()
    assert hash(system()) == hash(system())
    assert pickle.loads(pickle.dumps(GERMANY_OPPORTUNITY_CARD)) == GERMANY_OPPORTUNITY_CARD
    assert hash(AUSTRALIA_SKILLED_2019) != hash(GERMANY_OPPORTUNITY_CARD)
