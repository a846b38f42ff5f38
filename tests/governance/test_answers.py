"""Reading answers, their history, and what may not be."""

from __future__ import annotations

import ast
import pickle
import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from migov import governance as g
from migov.core.errors import DataError, MigovError, ParameterError, TimeError

from .conftest import frame_of, full


def both(*tables: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True)


def test_validity_until_the_next_answer():
    table = both(frame_of({"D2A": 0}, start="2015-01-01"), frame_of({"D2A": 1}, start="2019-06-01"))
    answers = g.Answers.from_frame(table)
    assert answers.value("MDA", "D2A", "2014-12-31") is None
    assert answers.value("MDA", "D2A", "2019-05-31") == 0
    assert answers.value("MDA", "D2A", "2019-06-01") == 1


def test_a_round_holds_at_its_date_only(policy):
    table = frame_of(full(policy)).assign(year=2019)
    answers = g.Answers.from_frame(table, time="1 July")
    scored = policy.score(answers, times=["2019-07-01", "2021-07-01"])
    assert scored.score.sel(node="10.7.2").values.ravel()[0] == 100
    assert np.isnan(scored.score.sel(node="10.7.2").values.ravel()[1])


def test_history_and_as_of():
    table = both(
        frame_of({"D2A": 0}, start="2019-01-01", recorded="2019-02-01", assessor="a"),
        frame_of({"D2A": 1}, start="2019-01-01", recorded="2020-02-01", assessor="a"),
    ).assign(source="law", note="corrected")
    answers = g.Answers.from_frame(table)
    assert answers.value("MDA", "D2A", "2019-03-01") == 1
    assert answers.as_of("2019-12-31").value("MDA", "D2A", "2019-03-01") == 0
    kept = answers.history("MDA", "D2A")
    assert list(kept["value"]) == ["0", "1"]
    assert list(kept["assessor"]) == ["a", "a"]
    with pytest.raises(TimeError, match="no date of recording"):
        g.Answers.from_frame(frame_of({"D2A": 0}, start="2019-01-01")).as_of("2020-01-01")


def test_who_answered_is_part_of_the_result(policy):
    table = both(
        frame_of(full(policy), start="2019-01-01", assessor_kind="government"),
        frame_of(full(policy, "0"), start="2019-01-01", assessor_kind="expert"),
    )
    answers = g.Answers.from_frame(table)
    assert answers.assessors == ("expert", "government")
    with pytest.raises(DataError, match="two answers are in force at once") as caught:
        policy.score(answers)
    assert "MDA, D1A: 1 from 2019-01-01 (government) and 0 from 2019-01-01 (expert)" in str(
        caught.value
    )
    scored = policy.score(answers.by("expert")).squeeze()
    assert scored.answered_by.item() == "expert"
    assert float(scored.score.sel(node="10.7.2")) == 0


@pytest.mark.parametrize(
    "table",
    [
        both(frame_of({"D2A": 0}, start="2019-01-01"), frame_of({"D2A": 1}, start="2019-01-01")),
        both(
            frame_of({"D2A": 0}, start="2019-01-01", end="2021-01-01"),
            frame_of({"D2A": 1}, start="2020-01-01"),
        ),
        both(
            frame_of({"D2A": 0}, start="2019-01-01", assessor="a"),
            frame_of({"D2A": 1}, start="2020-01-01", assessor="b"),
        ),
    ],
)
def test_two_answers_at_once(policy, table):
    with pytest.raises(DataError, match="two answers are in force at once") as caught:
        policy.score(g.Answers.from_frame(table))
    assert "MDA, D2A" in caught.value.faults[0]
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


def test_floats_that_are_exact_are_read_and_others_refused():
    answers = g.Answers.from_frame(frame_of({"D1A": 0.5, "D1B": 1.0}), time="2021-07-01")
    assert answers.value("MDA", "D1A", "2021-07-01") == Fraction(1, 2)
    with pytest.raises(DataError, match="binary float") as caught:
        g.Answers.from_frame(frame_of({"D1A": 0.1}), time="2021-07-01")
    assert "MDA, D1A" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"value": "maybe"}, "is no finite number"),
        ({"value": True}, "truth value"),
        ({"value": float("inf")}, "binary float"),
        ({"area": "Germny"}, "Germany is DEU"),
        ({"area": ""}, "is empty"),
        ({"reason": "no_response"}, "a value and a reason"),
        ({"value": "", "reason": "lazy"}, "'lazy' is none of"),
        ({"confidence": "sure"}, "not low, medium or high"),
        ({"node": ""}, "a value without a node"),
        ({"node": "", "value": ""}, "neither node nor reason"),
        ({"start": ""}, "no start"),
        ({"end": "2018-01-01"}, "the end is before the start"),
        ({"evidence_date": "2100-01-01"}, "evidence dated in the future"),
        ({"evidence_date": "2020-02-01", "recorded": "2020-01-01"}, "evidence dated in the future"),
        ({"recorded": "2100-01-01"}, "recorded in the future"),
        ({"start": "soon"}, "is no date"),
        ({"colour": "red"}, "column 'colour' is none of"),
    ],
)
def test_faults_of_a_table(change, told):
    table = frame_of({"D1A": "1"}, start="2019-01-01").astype(object).assign(**change)
    with pytest.raises(DataError) as caught:
        g.Answers.from_frame(table)
    assert told in str(caught.value)
    assert caught.value.argument == "frame"


def test_all_faults_are_told_together():
    table = both(
        frame_of({"D1A": "x"}, start="2019-01-01"), frame_of({"D1B": "y"}, start="2019-01-01")
    ).assign(area=["MDA", "Nowhere"])
    with pytest.raises(DataError) as caught:
        g.Answers.from_frame(table)
    assert len(caught.value.faults) == 3


def test_missing_columns_dates_and_kinds():
    with pytest.raises(DataError, match="there is no column 'node'"):
        g.Answers.from_frame(pd.DataFrame({"area": ["MDA"], "value": [1]}), time="2021-07-01")
    with pytest.raises(TimeError, match="at which date"):
        g.Answers.from_frame(frame_of({"D1A": 1}))
    with pytest.raises(TimeError, match="a year is not a date"):
        g.Answers.from_frame(frame_of({"D1A": 1}, year=2019))
    with pytest.raises(MigovError, match="a DataFrame"):
        g.Answers.from_frame([1, 2], time="2021-07-01")
    with pytest.raises(DataError, match="no rows"):
        g.Answers.from_frame(frame_of({}), time="2021-07-01")
    with pytest.raises(MigovError, match="no answers by"):
        g.Answers.from_frame(frame_of({"D1A": 1}), time="2021-07-01").by("expert")


@pytest.mark.parametrize("date", [2021, "2021", "soon", ""])
def test_a_year_is_not_a_date(date):
    answers = g.Answers.from_frame(frame_of({"D1A": 1}, start="2019-01-01", recorded="2019-01-01"))
    for call in (
        lambda: answers.as_of(date),
        lambda: answers.value("MDA", "D1A", date),
        lambda: answers.changed("MDA", {"D1A": 0}, date),
        lambda: g.Measure(id="a").stage(date),
    ):
        with pytest.raises(TimeError):
            call()


def test_words_names_and_input_is_not_changed():
    table = frame_of({"D1A": "yes", "D1B": "no"}, area="Republic of Moldova")
    before = table.copy()
    answers = g.Answers.from_frame(table, time="2021-07-01", values={"yes": 1, "no": 0})
    assert answers.areas == ("MDA",)
    assert answers.value("MDA", "D1A", "2021-07-01") == 1
    pd.testing.assert_frame_equal(table, before)


def test_a_workbook_gives_the_same_answers(tmp_path, policy):
    writer = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    path = tmp_path / "answers.xlsx"
    book = writer.Workbook(str(path))
    sheet = book.add_worksheet("round")
    values = full(policy, D1A=0.5, D6E="")
    for place, name in enumerate(("area", "node", "value", "start")):
        sheet.write(0, place, name)
    for row, (node, value) in enumerate(values.items(), start=1):
        for place, cell in enumerate(("MDA", node, value, "2021-07-01")):
            sheet.write(row, place, cell)
    book.close()
    read = g.Answers.from_spreadsheet(path, sheet="round")
    plain = g.Answers.from_frame(frame_of(values, start="2021-07-01"))
    assert read.identical(plain)
    with pytest.raises(MigovError):
        g.Answers.from_spreadsheet(path, sheet="no such sheet")
    with pytest.raises(MigovError, match="there is no file"):
        g.Answers.from_spreadsheet(tmp_path / "none.xlsx")


def test_changed_answers_hold_from_their_date(policy):
    answers = g.Answers.from_frame(frame_of(full(policy, "0"), start="2019-01-01"))
    later = answers.changed("MDA", {"D2A": 1}, "2022-01-01", source="new agency")
    assert later.value("MDA", "D2A", "2021-12-31") == 0
    assert later.value("MDA", "D2A", "2022-01-01") == 1
    assert len(later) == len(answers) + 1


def test_changes_are_exact_and_of_an_area_that_answered():
    answers = g.Answers.from_frame(frame_of({"D1A": 1}, start="2020-01-01"))
    assert answers.changed("MDA", {"D1A": "0.1"}, "2021-01-01").value(
        "MDA", "D1A", "2021-06-01"
    ) == Fraction(1, 10)
    for value in (0.1, float("nan"), True):
        with pytest.raises(MigovError) as caught:
            answers.changed("MDA", {"D1A": value}, "2021-01-01")
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(MigovError, match="no answer is of 'DEU'"):
        answers.changed("DEU", {"D1A": 1}, "2021-01-01")


def test_no_answers_are_told_as_such(policy):
    answers = g.Answers.from_frame(
        frame_of(full(policy), start="2020-01-01", recorded="2020-02-01")
    )
    with pytest.raises(MigovError, match="there are no answers"):
        policy.score(answers, as_of="2010-01-01")
    with pytest.raises(MigovError, match="there are no answers"):
        answers.value("DEU", "D1A", "2020-06-01")
    with pytest.raises(MigovError, match="'proof', which the table has not"):
        g.Answers.from_frame(frame_of({"D1A": 1}, start="2020-01-01"), columns={"proof": "source"})


def test_a_truth_value_among_numbers_is_told():
    frame = pd.DataFrame(
        {"area": "MDA", "node": ["D1A", "D1B"], "value": [True, 1], "start": "2019-07-01"}
    )
    with pytest.raises(DataError, match="truth value among numbers at MDA, D1A"):
        g.Answers.from_frame(frame)


def test_a_change_takes_nothing_out_of_the_history(policy):
    table = both(
        both(
            frame_of({"D2A": 0}, start="2015-01-01", end="2030-01-01", source="first round"),
            frame_of({"D2A": "1"}, start="2024-01-01"),
        ).assign(end=["2024-01-01", ""]),
        frame_of({"D2B": 1}, start="2015-01-01", end="2026-01-01"),
    ).assign(assessor_kind="government")
    answers = g.Answers.from_frame(table)
    later = answers.changed("MDA", {"D2A": 1, "D2B": 0}, "2020-01-01", source="law 12",
                            evidence_date="2019-12-01")  # fmt: skip
    kept = later.history("MDA").merge(answers.rows, how="inner")
    assert len(kept) == len(answers)
    assert len(later) == len(answers) + 2
    assert set(later.rows["assessor_kind"]) == {"government"}
    assert later.rows["recorded"].notna().sum() == 2
    for date, wanted in (("2019-12-31", (0, 1)), ("2020-01-01", (1, 0)), ("2023-06-01", (1, 0))):
        assert (later.value("MDA", "D2A", date), later.value("MDA", "D2B", date)) == wanted
    back = later.changed("MDA", {"D2A": 0}, "2020-01-01")
    assert back.value("MDA", "D2A", "2021-01-01") == 0
    assert back.value("MDA", "D2A", "2024-01-01") == 1  # what begins later takes over
    assert len(back.history("MDA", "D2A")) == 4


def test_a_change_is_of_the_assessor_whose_answer_is_in_force():
    one = frame_of({"D2A": 0}, start="2019-01-01", assessor_kind="government", assessor="ministry")
    answers = g.Answers.from_frame(one)
    changed = answers.changed("MDA", {"D2A": 1}, "2021-01-01")
    assert changed.rows["assessor"].tolist() == ["ministry"] * 2
    with pytest.raises(MigovError, match=r"D2A of MDA is answered by government ministry.*second"):
        answers.changed("MDA", {"D2A": 1}, "2021-01-01", assessor_kind="expert")
    two = g.Answers.from_frame(
        both(one, frame_of({"D2A": 0}, start="2019-01-01", assessor_kind="expert"))
    )
    with pytest.raises(MigovError, match="of which"):
        two.changed("MDA", {"D2A": 1}, "2021-01-01")
    expert = two.changed("MDA", {"D2A": 1}, "2021-01-01", assessor_kind="expert").by("expert")
    assert expert.value("MDA", "D2A", "2021-01-01") == 1
    with pytest.raises(MigovError, match="'colour' is no column"):
        answers.changed("MDA", {"D2A": 1}, "2021-01-01", colour="red")
    with pytest.raises(MigovError, match="evidence dated in the future"):
        answers.changed("MDA", {"D2A": 1}, "2021-01-01", evidence_date="2999-01-01")


def test_answers_that_begin_in_the_future_are_not_scored_unasked(policy):
    now = frame_of(full(policy), start="2019-01-01")
    soon = frame_of({"D2A": 0}, start="2999-01-01")
    scored = policy.score(g.Answers.from_frame(both(now, soon)))
    assert scored.time.values.astype("M8[D]").astype(str).tolist() == ["2019-01-01"]
    asked = policy.score(g.Answers.from_frame(both(now, soon)), times=["2999-06-01"])
    assert float(asked.score.sel(node="D2A").item()) == 0
    with pytest.raises(TimeError, match=r"all answers begin in the future, the first of MDA \(D2A"):
        policy.score(g.Answers.from_frame(soon))


def _at(table, dates, node="D2A"):
    answers = g.Answers.from_frame(table)
    return [answers.value("MDA", node, date) for date in dates]


def test_a_correction_with_an_end_replaces_what_begins_inside_it():
    older = frame_of({"D2A": 0}, start="2020-01-01", recorded="2020-02-01")
    again = frame_of({"D2A": 1}, start="2019-01-01", end="2022-01-01", recorded="2021-02-01")
    dates = ["2018-06-01", "2019-06-01", "2020-06-01", "2021-06-01", "2022-01-01"]
    assert _at(both(older, again), dates) == [None, 1, 1, 1, 0]
    assert _at(both(again, older), dates) == [None, 1, 1, 1, 0]
    inside = older.assign(end="2021-01-01")
    assert _at(both(inside, again), dates) == [None, 1, 1, 1, None]
    between = frame_of({"D2A": 0}, start="2021-01-01", recorded="2020-03-01")
    assert _at(both(older, between, again), dates) == [None, 1, 1, 1, 0]


def test_a_correction_recorded_earlier_does_not_replace():
    closed = frame_of({"D2A": 1}, start="2019-01-01", end="2022-01-01", recorded="2020-01-01")
    same = frame_of({"D2A": 0}, start="2020-01-01", recorded="2020-01-01")
    with pytest.raises(DataError, match="two answers are in force at once"):
        _at(both(closed, same), ["2021-01-01"])
    later = same.assign(recorded="2020-02-01")
    assert _at(both(closed, later), ["2019-06-01", "2021-06-01"]) == [1, 0]


def test_an_answer_at_one_date_does_not_end_an_open_one(policy):
    open_ = frame_of({"D2A": 0}, start="2020-01-01")
    dates = ["2020-06-01", "2021-07-01", "2021-07-02", "2023-07-01", "2024-01-01"]
    first, second = (frame_of({"D2A": 1}, start=d, end=d) for d in ("2021-07-01", "2023-07-01"))
    assert _at(both(open_, first, second), dates) == [0, 1, 0, 1, 0]
    next_ = frame_of({"D2A": 1}, start="2022-01-01")
    assert _at(both(open_, first, next_), [*dates[:3], "2022-01-01"]) == [0, 1, 0, 1]
    table = both(frame_of(full(policy), start="2020-01-01"), first.assign(value=0))
    scored = policy.score(g.Answers.from_frame(table), times=["2021-07-01", "2022-07-01"])
    assert scored.numerator.sel(node="10.7.2").values.ravel().tolist() == [58, 60]
    closed = open_.assign(end="2022-01-01")
    with pytest.raises(DataError, match="two answers are in force at once"):
        _at(both(closed, first), ["2021-07-01"])


@pytest.mark.parametrize(
    "moment",
    [
        pd.Timestamp("2020-01-01", tz="Asia/Bishkek"),
        "2020-01-01T00:00:00+06:00",
        "2020-01-01T00:00Z",
    ],
)
@pytest.mark.parametrize("column", ["start", "recorded", "evidence_date"])
def test_moments_with_a_time_zone_are_refused(column, moment):
    table = frame_of({"D2A": 0}, start="2019-01-01").assign(**{column: moment})
    with pytest.raises(DataError, match=f"'{column}': .*has a time zone"):
        g.Answers.from_frame(table)


@pytest.mark.parametrize("word", ["yes", "No", "½", "TRUE"])
def test_a_word_is_refused_with_what_to_type(word):
    with pytest.raises(DataError) as caught:
        g.Answers.from_frame(frame_of({"D1A": word}, start="2019-01-01"))
    told = re.search(r"values=(\{.*\}) says", caught.value.faults[0])
    assert told is not None
    values = ast.literal_eval(told[1])
    answers = g.Answers.from_frame(frame_of({"D1A": word}, start="2019-01-01"), values=values)
    assert answers.value("MDA", "D1A", "2020-01-01") == Fraction(str(values[word]))


def test_a_decimal_comma_is_told():
    frame = frame_of({"D1A": "0,5"}, start="2019-01-01")
    with pytest.raises(DataError, match=r"str\.replace"):
        g.Answers.from_frame(frame)
    mended = frame.assign(value=frame["value"].str.replace(",", "."))
    assert g.Answers.from_frame(mended).value("MDA", "D1A", "2020-01-01") == Fraction(1, 2)


@pytest.mark.parametrize("kind", ["goverment", "Government", "experts"])
def test_a_misspelt_kind_of_assessor_is_told(kind):
    table = frame_of({"D2A": 0}, start="2019-01-01", assessor_kind=kind)
    with pytest.raises(DataError, match=f"{kind!r}.*write"):
        g.Answers.from_frame(table)
    for other in ("court of auditors", "ministry"):
        with pytest.raises(DataError, match="one of government, expert"):
            g.Answers.from_frame(table.assign(assessor_kind=other))
    named = table.assign(assessor_kind="court", assessor="court of auditors")
    assert g.Answers.from_frame(named).assessors == ("court",)


@pytest.mark.parametrize("word", ["n/a", "NA", "not applicable", "Don’t know"])
def test_a_word_for_no_answer_needs_its_reason(word):
    table = frame_of({"D2A": 0, "D2B": 1}, start="2019-01-01").astype(object)
    table.loc[0, "value"] = word
    with pytest.raises(DataError, match="gives no reason") as caught:
        g.Answers.from_frame(table)
    assert f"values={{{word!r}:''}}" in str(caught.value)
    assert g.Answers.from_frame(table, values={word: ""}).rows["value"].tolist() == ["", "1"]
    told = g.Answers.from_frame(table.assign(reason=["not_applicable", ""]))
    assert told.rows["reason"].tolist() == ["not_applicable", ""]


def test_years_and_pairs_are_told_what_works():
    table = frame_of({"D2A": 0}, year=2021)
    for meaning in (None, "year"):
        with pytest.raises((DataError, TimeError), match="time='1 July'") as caught:
            g.Answers.from_frame(table, time=meaning)
        assert '"year"' not in str(caught.value)
    pair = frame_of({"D2A": 0}, start="2019-01-01").assign(area="KGZ-DEU")
    with pytest.raises(DataError, match="codes=False"):
        g.Answers.from_frame(pair)
    assert g.Answers.from_frame(pair, codes=False).areas == ("KGZ-DEU",)


def test_two_of_one_kind_are_told_apart_by_name(policy):
    table = both(
        frame_of(full(policy), start="2019-01-01", assessor_kind="expert", assessor="A"),
        frame_of(full(policy, 0), start="2019-01-01", assessor_kind="expert", assessor="B"),
    )
    answers = g.Answers.from_frame(table)
    with pytest.raises(DataError, match=r"expert A.*expert B"):
        policy.score(answers)
    scored = policy.score(answers.by(assessor="B"))
    assert scored.numerator.sel(node="10.7.2").item() == 0
    assert len(answers.by("expert", assessor="A")) == 30
    for wrong in (("expert", "C"), ("government", "A")):
        with pytest.raises(ParameterError, match="no answers by"):
            answers.by(wrong[0], assessor=wrong[1])


def test_answers_scored_by_another_edition_are_told(policy):
    old = g.load("sdg-10.7.2", edition="2019")
    answers = g.Answers.from_frame(frame_of(full(policy), start="2019-07-01"))
    dates = ["2019-07-01", "2020-07-01", "2021-07-01"]
    scored = old.score(answers, times=dates)
    assert scored.edition_note == "2021-07-01 scored by the edition 2019, the edition 2021 was due"
    assert "the edition 2021 was due" in g.explain(scored, time="2021-07-01")
    assert "was due" not in g.explain(scored, time="2020-07-01")
    assert "edition_note" not in old.score(answers, times=dates[:2]).attrs
    assert "the edition 2019 was due" in policy.score(answers, times=dates).edition_note
