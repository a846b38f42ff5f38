"""Event histories: reading, circularity, residence, moves, protected tables."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import migov as mg
from migov.compare import Circularity, Histories, Residence, crossings, permits, protect
from migov.core import definitions as d
from migov.core import status
from migov.core.errors import (
    DataError,
    DefinitionError,
    DimensionError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
)

sys.path.insert(0, str(Path(__file__).parent))
import plain_histories as slow

UNTIL = "2024-12-31"
LAST = dt.date(2024, 12, 31)


def made(seed: int, persons: int = 300, longest: int = 900) -> tuple[pd.DataFrame, dict]:
    """Random histories: many short stays, some long, in shuffled rows."""
    rng = np.random.default_rng(seed)
    rows, told = [], {}
    for i in range(persons):
        day, inward, events = dt.date(2010, 1, 1), bool(rng.integers(2)), []
        day += dt.timedelta(days=int(rng.integers(0, 2000)))
        while day <= LAST and len(events) < 12:
            events.append((day, inward))
            inward = not inward
            day += dt.timedelta(days=int(rng.choice([3, 20, 89, 90, 91, 300, 365, 366, longest])))
        if events:
            told[f"p{i}"] = events
            sex = "F" if i % 3 else "M"
            rows += [(f"p{i}", str(day), "in" if side else "out", sex) for day, side in events]
    frame = pd.DataFrame(rows, columns=["person", "date", "direction", "sex"])
    return frame.sample(frac=1, random_state=seed).reset_index(drop=True), told


def test_reference_cases_of_circularity(shared):
    folder = shared / "labour" if (shared / "labour").is_dir() else shared / "golden" / "labour"
    frame = pd.read_csv(folder / "circular" / "crossings.csv")
    expected = pd.read_csv(folder / "circular" / "expected.csv").set_index("person")
    histories = crossings(frame, until=UNTIL, everyone=expected.index)
    got = Circularity().persons(histories).set_index("person").loc[expected.index]
    assert got["form"].tolist() == expected["expected"].tolist()
    for mine, theirs in (
        ("qualifying_long_term", "qualifying_crossings_12_months"),
        ("qualifying_temporary", "qualifying_crossings_90_days"),
    ):
        assert got[mine].tolist() == expected[theirs].tolist()


@pytest.mark.parametrize("seed", range(3))
def test_circularity_agrees_with_plain_python(seed):
    frame, told = made(seed)
    got = Circularity().persons(crossings(frame, until=UNTIL)).set_index("person")
    for person, events in told.items():
        for name, short in (
            ("qualifying_long_term", lambda a, b, _: slow.months(a, b) < 12),
            ("qualifying_temporary", lambda a, b, _: (b - a).days < 90),
        ):
            left = [
                day for day, _ in slow.whole(events, LAST, short) if day > dt.date(2014, 12, 31)
            ]
            assert got.loc[person, name] == len(left), (person, events)


@pytest.mark.parametrize("seed", range(3))
def test_residence_in_a_row_agrees_with_plain_python(seed):
    frame, told = made(seed)
    rule = Residence(stay_months=12, exit_months=6)
    days = ["2015-06-30", "2020-01-01", UNTIL]
    got = rule.persons(crossings(frame, until=UNTIL), days).set_index("person")
    for person, events in told.items():
        changes = slow.whole(
            events, LAST, lambda a, b, inward: slow.months(a, b) < (12 if inward else 6)
        )
        for day in days:
            expected = slow.resident(events, changes, dt.date.fromisoformat(day))
            assert got.loc[person, day] == expected, (person, day, events)


@pytest.mark.parametrize("seed", range(2))
def test_months_in_all_agree_with_nights_counted_one_by_one(seed):
    frame, told = made(seed, persons=60)
    rule = Residence.of(d.MDA_USUAL_RESIDENCE)
    got = rule.persons(crossings(frame, until=UNTIL), "2022-03-31").set_index("person")
    start, end = dt.date(2021, 3, 31), dt.date(2022, 3, 31)
    for person, events in told.items():
        share = slow.nights(events, start, end) * 12 / (end - start).days
        assert got.loc[person, "2022-03-31"] == (share >= 9), (person, share)


def test_moves_close_the_stock_of_residents():
    frame, _ = made(5, longest=700)
    histories = crossings(frame, until=UNTIL)
    rule = Residence(min_cell=0)
    edges = ["2016-01-01", "2018-01-01", "2021-07-01", "2024-01-01"]
    moves = rule.moves(histories, edges)
    # the stock at the end of the day before each edge
    before = [str(np.datetime64(day) - np.timedelta64(1, "D")) for day in edges]
    stock = rule.run(histories, before)
    change = np.diff(stock.values)
    assert np.array_equal((moves.arrivals - moves.departures).values, change)
    assert moves.arrivals.sum() > 50
    assert mg.definition_of(moves.arrivals).direction == "in"
    assert str(moves.period_end.values[-1])[:10] == "2024-01-01"


def test_each_stay_judged_alone_still_closes():
    frame, _ = made(6)
    histories = crossings(frame, until=UNTIL)
    rule = Residence(short_stays="keep", min_cell=0)
    moves = rule.moves(histories, ["2015-01-01", "2020-01-01"])
    stock = rule.run(histories, ["2014-12-31", "2019-12-31"])
    assert (moves.arrivals - moves.departures).item() == np.diff(stock.values)[0]


def test_interrupted_stays_make_residents_by_the_cumulative_count_only():
    # in the country three months, away two weeks, over and over: seasonal life at home
    rows, day, inward = [], dt.date(2022, 1, 1), True
    while day < LAST:
        rows.append(("a", str(day), "in" if inward else "out"))
        day += dt.timedelta(days=90 if inward else 14)
        inward = not inward
    histories = crossings(pd.DataFrame(rows, columns=["person", "date", "direction"]), until=UNTIL)
    moldova = Residence.of(d.MDA_USUAL_RESIDENCE, min_cell=0)
    eu = Residence.of(d.EU_USUAL_RESIDENCE, min_cell=0, short_stays="keep")
    assert moldova.run(histories).item() == 1
    assert eu.run(histories).item() == 0


def test_most_of_the_year_is_more_than_half():
    def inside(days: int) -> float:
        end = np.datetime64("2024-12-31")
        rows = [("a", end - np.timedelta64(days, "D"), "in"), ("a", end, "out")]
        frame = pd.DataFrame(rows, columns=["person", "date", "direction"])
        rule = Residence.of(d.EU_2025_2458, min_cell=0)
        return rule.run(crossings(frame, until=UNTIL)).item()

    assert [inside(183), inside(184)] == [0, 1]  # the window of 2024 has 366 days


def test_open_stays_are_an_option():
    frame = pd.DataFrame({"person": ["a"], "date": ["2024-06-01"], "direction": ["in"]})
    histories = crossings(frame, until=UNTIL)
    got = {
        rule: Residence(open_stay=rule, min_cell=0).run(histories).item()
        for rule in ("to reference", "long enough", "left out")
    }
    assert got == {"to reference": 0, "long enough": 1, "left out": 0}


def test_hindsight_is_an_option():
    frame = pd.DataFrame(
        {"person": ["a", "a"], "date": ["2023-10-01", "2024-11-01"], "direction": ["in", "out"]}
    )
    histories = crossings(frame, until=UNTIL)
    at = "2024-01-01"
    assert Residence(min_cell=0).run(histories, at).item() == 1
    assert Residence(min_cell=0, hindsight=False).run(histories, at).item() == 0


def test_edges_and_short_stays_of_circularity_are_options():
    rows = [("a", "2014-12-31", "out"), ("a", "2017-01-01", "in"), ("a", "2021-01-01", "out")]
    frame = pd.DataFrame(rows, columns=["person", "date", "direction"])
    histories = crossings(frame, until=UNTIL)
    form = "circular_long_term"
    assert Circularity(min_cell=0).run(histories).sel(form=form).item() == 0
    assert Circularity(min_cell=0, window_edge="on").run(histories).sel(form=form).item() == 1
    trip = [("a", "2018-01-01", "out"), ("a", "2018-01-20", "in")]
    more = crossings(
        pd.DataFrame([rows[0], rows[1], *trip, rows[2]], columns=frame.columns), until=UNTIL
    )
    removed = Circularity(window_edge="on").persons(more)["qualifying_long_term"].item()
    kept = Circularity(window_edge="on", short_stays="keep").persons(more)
    assert removed == 3
    assert kept["qualifying_long_term"].item() == 4  # the return from the trip opens a long stay


def test_one_person_does_not_change_another():
    frame, told = made(7, persons=40)
    rules = (Circularity(), Residence(), Residence.of(d.MDA_USUAL_RESIDENCE))
    for rule in rules:
        whole = rule.persons(crossings(frame, until=UNTIL)).set_index("person")
        for person in list(told)[:10]:
            alone = rule.persons(crossings(frame[frame.person == person], until=UNTIL))
            pd.testing.assert_series_equal(alone.set_index("person").loc[person], whole.loc[person])


def test_permits_that_overlap_or_adjoin_are_one_stay():
    frame = pd.DataFrame(
        {
            "person": ["a", "a", "a", "b", "c", "c"],
            "start": [
                "2020-01-01",
                "2020-06-01",
                "2021-01-01",
                "2023-05-01",
                "2018-01-01",
                "2020-01-01",
            ],
            "end": ["2020-12-31", "2020-07-01", "2021-12-31", None, "2018-12-31", "2030-12-31"],
        }
    )
    histories = permits(frame, until=UNTIL)
    assert histories.day.astype("M8[D]").astype(str).tolist() == [
        "2020-01-01", "2021-12-31", "2023-05-01", "2018-01-01", "2018-12-31", "2020-01-01",
        "2030-12-31",
    ]  # fmt: skip
    assert histories.inward.tolist() == [True, False, True, True, False, True, False]
    got = Residence().persons(histories, ["2020-06-30", UNTIL]).set_index("person")
    assert got["2020-06-30"].tolist() == [True, False, True]
    assert got[UNTIL].tolist() == [False, True, True]
    found = mg.definition_of(Residence(min_cell=0).run(histories))
    assert (found.stay_basis, found.residence_rule) == ("permit_validity", "legal")


def test_tables_respect_the_smallest_cell():
    frame, _ = made(8, persons=260)
    histories = crossings(frame, until=UNTIL, by=["sex"])
    open_table = Circularity(min_cell=0).run(histories, by=["sex"])
    table = Circularity(min_cell=20).run(histories, by=["sex"])
    small = (open_table > 0) & (open_table < 20)
    assert small.any()
    hidden = np.isnan(table)
    assert hidden.where(small, other=True).all()
    flags = table.coords[status.NAME]
    assert np.array_equal((flags.values & status.flag("suppressed")) > 0, hidden.values)
    assert (hidden.sum("sex") != 1).all()
    assert open_table.sum().item() == len(histories.persons)
    assert open_table.attrs["units"] == "person"
    assert json.loads(table.attrs["conventions"])["open_stay"] == "to reference"


def test_nothing_shows_rows_unless_asked():
    frame, _ = made(9, persons=20)
    histories = crossings(frame, until=UNTIL, by=["sex"])
    assert "p1" not in repr(histories)
    assert set(Circularity().persons(histories)) == {
        "person", "qualifying_long_term", "qualifying_temporary", "form",
    }  # fmt: skip


def faulty() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("a", "2020-01-01", "in", "F"),
            ("a", "2020-01-01", "in", "F"),  # 1: twice
            ("b", "2020-01-01", "in", "F"),
            ("b", "2021-01-01", "in", "F"),  # 3: a crossing is missing
            ("c", "2026-01-01", "in", "F"),  # 4: future
            ("d", "2020-13-01", "in", "F"),  # 5: no date
            ("e", "2020-01-01", "sideways", "F"),  # 6: no direction
            (None, "2020-01-01", "in", "F"),  # 7: no person
            ("f", "2019", "in", "F"),  # 8: a year is no date
            ("g", "2019-01-01", "in", "F"),
            ("g", "2020-01-01", "out", "M"),  # 10: two classes
            ("h", "2019-01-01", "in", "F"),
            ("h", "2020-01-01", "out", "F"),
            ("i", None, "out", "F"),  # 13: no date
        ],
        columns=["person", "date", "direction", "sex"],
    )


def test_all_faults_are_told_together_with_their_rows():
    with pytest.raises(DataError) as fault:
        crossings(faulty(), until=UNTIL, by=["sex"])
    text = str(fault.value)
    for part in (
        "a crossing is there twice (row 1)", "a crossing is missing", "row 3", "row 4",
        "is no date (rows 5 and 8)", "'sideways'", "row 6", "no person (row 7)", "row 13",
        "two classes (row 9)",
    ):  # fmt: skip
        assert part in text, (part, text)
    assert fault.value.argument == "frame"
    assert str(pickle.loads(pickle.dumps(fault.value))) == text


def test_faults_are_set_aside_by_person_when_asked():
    histories = crossings(faulty(), until=UNTIL, by=["sex"], faults="set aside")
    assert histories.persons.tolist() == ["h"]
    assert histories.set_aside["persons"] == 8
    assert histories.set_aside["duplicate"] == 1
    table = Residence(min_cell=0).run(histories)
    assert json.loads(table.attrs["set_aside"])["persons"] == 8
    assert "8 set aside" in repr(histories)


def test_two_crossings_of_one_day_in_an_impossible_order_are_turned():
    rows = [("a", "2020-01-01", "in"), ("a", "2021-01-01", "in"), ("a", "2021-01-01", "out")]
    frame = pd.DataFrame(rows, columns=["person", "date", "direction"])
    assert crossings(frame, until=UNTIL).inward.tolist() == [True, False, True]
    with pytest.raises(DataError, match="a crossing is missing"):
        crossings(frame, until=UNTIL, same_day="as given")


def test_faults_of_permits():
    frame = pd.DataFrame(
        {
            "person": ["a", "b", "b", "c", "d"],
            "start": ["2020-01-01", "2020-01-01", "2020-01-01", "2025-06-01", "x"],
            "end": ["2019-01-01", "2021-01-01", "2021-01-01", None, None],
        }
    )
    with pytest.raises(DataError) as fault:
        permits(frame, until=UNTIL)
    text = str(fault.value)
    for part in ("before its start (row 0)", "twice (row 2)", "(row 3)", "'x' is no date (row 4)"):
        assert part in text, (part, text)


def test_histories_of_nobody():
    empty = pd.DataFrame({"person": [], "date": pd.to_datetime([]), "direction": []})
    histories = crossings(empty, until=UNTIL)
    assert Circularity().run(histories).sum().item() == 0
    assert Residence().run(histories).item() == 0
    assert len(permits(empty.assign(start=empty.date, end=empty.date), until=UNTIL).day) == 0


def test_rows_in_another_order_and_another_column_type_give_the_same():
    frame, _ = made(10, persons=50)
    one = crossings(frame, until=UNTIL)
    ordered = frame.sort_values(["person", "date"]).assign(date=lambda x: pd.to_datetime(x.date))
    other = Circularity().persons(crossings(ordered, until=UNTIL)).set_index("person")
    mine = Circularity().persons(one).set_index("person")
    pd.testing.assert_frame_equal(mine.sort_index(), other.sort_index())
    assert one.identical(crossings(frame, until=UNTIL))
    assert not one.identical(crossings(ordered, until=UNTIL))


HISTORY = crossings(
    pd.DataFrame({"person": ["a"], "date": ["2020-01-01"], "direction": ["in"]}), until=UNTIL
)
FRAME = pd.DataFrame({"person": ["a"], "date": ["2020-01-01"], "direction": ["in"]})
PERMIT = pd.DataFrame({"person": ["a"], "start": ["2020-01-01"], "end": [None]})


@pytest.mark.parametrize(
    ("call", "kind", "argument"),
    [
        (lambda: crossings([1], until=UNTIL), KindError, "frame"),
        (lambda: crossings(FRAME, until="2024"), TimeError, "until"),
        (lambda: crossings(FRAME, until="soon"), TimeError, "until"),
        (lambda: crossings(FRAME, until=UNTIL, person="id"), DimensionError, "frame"),
        (lambda: crossings(FRAME.assign(date=2020), until=UNTIL), TimeError, "frame"),
        (lambda: crossings(FRAME, until=UNTIL, faults="skip"), ParameterError, "faults"),
        (lambda: crossings(FRAME, until=2024), TimeError, "until"),
        (lambda: crossings(FRAME.assign(person=[["a"]]), until=UNTIL), KindError, "frame"),
        (
            lambda: crossings(pd.concat([FRAME, FRAME[["date"]]], axis=1), until=UNTIL),
            DimensionError,
            "frame",
        ),
        (lambda: crossings(FRAME, until=UNTIL, same_day="first"), ParameterError, "same_day"),
        (lambda: crossings(FRAME, until=UNTIL, outward="in"), ParameterError, "outward"),
        (lambda: crossings(FRAME, until=UNTIL, everyone=5), KindError, "everyone"),
        (lambda: permits(PERMIT, until=UNTIL, gap_days="1"), ParameterError, "gap_days"),
        (lambda: permits(PERMIT, until=UNTIL, gap_days=float("nan")), ParameterError, "gap_days"),
        (
            lambda: crossings(FRAME, until=UNTIL, by=["direction"], everyone=["b"]),
            ParameterError,
            "everyone",
        ),
        (
            lambda: permits(PERMIT, until=UNTIL, gap_days=-1),
            ParameterError,
            "gap_days",
        ),
        (lambda: Circularity(years=0), ParameterError, "years"),
        (lambda: Circularity(open_stay="never"), ParameterError, "open_stay"),
        (lambda: Circularity().run(FRAME), KindError, "histories"),
        (lambda: Circularity().run(HISTORY, "2025-01-01"), TimeError, "at"),
        (lambda: Circularity().run(HISTORY, by=["sex"]), DimensionError, "by"),
        (lambda: Residence(stay_months=13, count="cumulative"), ParameterError, "stay_months"),
        (lambda: Residence(min_cell=float("nan")), ParameterError, "min_cell"),
        (lambda: Residence.of(d.UN_2025_MIGRATION), DefinitionError, "definition"),
        (lambda: Residence().run(HISTORY, ["2020-01-01", "2020-01-01"]), TimeError, "at"),
        (lambda: Residence().moves(HISTORY, ["2020-01-01"]), ParameterError, "edges"),
        (
            lambda: Residence(count="cumulative").moves(HISTORY, ["2020-01-01", "2021-01-01"]),
            ParameterError,
            "count",
        ),
    ],
)
def test_bad_input_names_its_argument(call, kind, argument):
    with pytest.raises(kind) as fault:
        call()
    assert isinstance(fault.value, MigovError)
    assert fault.value.argument == argument
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)


def test_protect_takes_each_date_on_its_own():
    import xarray as xr

    table = xr.DataArray(
        [[20, 3, 30], [20, 30, 40]],
        {"time": np.array(["2020-01-01", "2021-01-01"], "M8[s]")},
        ("time", "education"),
    )
    got = protect(table, 5, apart=("time",))
    assert np.isnan(got.values).tolist() == [[True, True, False], [False, False, False]]
    assert isinstance(HISTORY, Histories)


def test_no_source_is_complete_up_to_a_day_to_come():
    frame = pd.DataFrame({"person": ["a"], "date": ["2020-01-01"], "direction": ["in"]})
    tomorrow = str(np.datetime64("today", "D") + np.timedelta64(2, "D"))
    with pytest.raises(TimeError, match="lies in the future") as told:
        mg.compare.crossings(frame, until=tomorrow)
    assert told.value.argument == "until"
    assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)


def test_other_words_for_the_directions_are_named_in_the_call():
    frame = pd.DataFrame({
        "person": ["a", "a"], "date": ["2020-01-01", "2021-01-01"],
        "direction": ["Arrival", "Departure"],
    })  # fmt: skip
    with pytest.raises(DataError, match="inward= and outward= name the words"):
        mg.compare.crossings(frame, until="2024-12-31")
    found = mg.compare.crossings(frame, until="2024-12-31", inward="Arrival", outward="Departure")
    assert len(found.day) == 2


def test_classes_are_read_as_those_of_a_table():
    frame = pd.DataFrame(
        {
            "person": list("aabbcc"),
            "date": ["2020-01-01", "2021-06-01"] * 3,
            "direction": ["in", "out"] * 3,
            "sex": ["M", "male", "F", "F", "f", "Females"],
            "citizenship": ["Moldova", "MDA", "MD", "498", "DEU", "Germany"],
        }
    )
    by = ["sex", "citizenship"]
    found = crossings(frame, until="2024-12-31", by=by)
    assert found.groups["sex"].astype(str).tolist() == ["M", "F", "F"]
    assert found.groups["citizenship"].astype(str).tolist() == ["MDA", "MDA", "DEU"]
    one = crossings(frame, until="2024-12-31", by="sex")
    table = Circularity(min_cell=0).run(one, by="sex")
    assert table.sel(form="not_circular", sex=["F", "M"]).values.tolist() == [2, 1]
    assert Residence(min_cell=0).run(one, "2020-12-31", by="sex").sum().item() == 3
    wrong = frame.replace({"f": "mael", "Moldova": "Moldva"})
    with pytest.raises(DataError) as caught:
        crossings(wrong, until="2024-12-31", by=by)
    told = str(caught.value)
    assert "'sex': 'mael' is no sex (row 4)" in told
    assert "'Moldva' is no area (row 0): Moldova is MDA" in told
    aside = crossings(wrong, until="2024-12-31", by=by, faults="set aside")
    assert (len(aside.persons), aside.set_aside["persons"]) == (1, 2)
    days = frame.assign(date=["30.07.2017", "31.07.2018"] * 3)
    with pytest.raises(DataError, match="dayfirst=True"):
        crossings(days, until="2024-12-31")


def test_moves_of_few_persons_are_suppressed_on_either_side():
    """Arrivals and departures of unlike cells have each their own, and one status for both."""
    rows = [
        (f"p{i}", day, way, "F" if i < 3 else "M")
        for i in range(40)
        for day, way in (("2020-01-05", "in"), ("2021-09-01", "out"))
    ]
    frame = pd.DataFrame(rows, columns=["person", "date", "direction", "sex"])
    known = crossings(frame, until="2022-12-31", by="sex")
    edges = ["2020-01-01", "2021-01-01", "2022-01-01"]
    found = Residence().moves(known, edges, by="sex")
    assert np.isnan(found.arrivals.sel(sex="F").values).tolist() == [True, False]
    assert np.isnan(found.departures.sel(sex="F").values).tolist() == [False, True]
    hidden = (found.observation_status & status.flag("suppressed")) > 0
    assert bool(hidden.sel(sex="F").all())
    whole = Residence(min_cell=0).moves(known, edges, by="sex")
    np.testing.assert_array_equal(whole.arrivals.sum("sex"), [40, 0])
    assert "observation_status" not in whole.coords
