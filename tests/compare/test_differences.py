"""Definitions side by side: which fields differ, which way it biases, what bridges."""

from __future__ import annotations

import itertools
import pickle

import attrs
import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.compare import bias, comparable, mobility, side_by_side
from migov.core import definitions as d
from migov.core.definition import CHOICES, GROUPS, INCLUSION, Definition
from migov.core.errors import DefinitionError, KindError

MOLDOVA = {
    "WPP 2024": d.UN_WPP_2024,
    "usual residents": d.MDA_USUAL_RESIDENCE,
    "survey": d.MDA_LABOUR_FORCE_SURVEY,
    "ILO": d.ILO_MODELLED_LABOUR_FORCE,
}


def stock(
    definition: Definition | None, day: str = "2020-07-01", **attributes: str
) -> xr.DataArray:
    time = np.array([day], "M8[s]")
    x = xr.DataArray([3.0], {"time": time}, "time", "population", {"units": "person", **attributes})
    return mg.define(x, definition)


def test_every_field_has_its_rule():
    fields = {field.name for field in attrs.fields(Definition)} - {"name"}
    assert set(bias.RULES) == fields


def test_every_pair_of_choices_is_told_and_turns_with_its_sides():
    turned = {"a": "b", "b": "a", "either": "either", "no size": "no size"}
    plain = Definition()
    checked = 0
    for field in bias.RULES:
        values = CHOICES.get(field) or (INCLUSION if field in GROUPS else ("x", "y"))
        if field.endswith("_months"):
            values = (3.0, 12.0)
        if field == "stay_limit":
            values = (3.0, 12.0, "none")
        for a, b in itertools.combinations(values, 2):
            there = bias.of(field, a, b, plain, plain)
            back = bias.of(field, b, a, plain, plain)
            assert turned[there.larger] == back.larger, (field, a, b)
            assert there.why, (field, a, b)
            checked += 1
    assert checked > 150


def test_moldova_s_three_populations_are_told_apart():
    for (_, one), (_, other) in itertools.combinations(MOLDOVA.items(), 2):
        found = comparable(one, other)
        assert found.verdict == "different"
        assert not found
    office = comparable(d.UN_WPP_2024, d.MDA_USUAL_RESIDENCE)
    told = {item.field: item for item in office.differences}
    assert (told["residence_rule"].a, told["residence_rule"].b) == ("present", "usual")
    assert told["estimate"].known
    assert told["population_base"].known
    assert not told["stay_months"].known  # the UN does not say which stay makes a resident
    assert not told["territory"].known
    labour = comparable(d.ILO_MODELLED_LABOUR_FORCE, d.MDA_LABOUR_FORCE_SURVEY)
    standard = next(item for item in labour.differences if item.field == "labour_standard")
    assert standard.larger == "a"  # own-use producers are employed by the 13th ICLS
    survey = comparable(d.MDA_USUAL_RESIDENCE, d.MDA_LABOUR_FORCE_SURVEY)
    assert {item.field for item in survey.differences if item.known} == {
        "stock_basis",
        "source_kind",
    }


def test_moldova_side_by_side():
    table = side_by_side(MOLDOVA)
    assert table.loc["residence_rule"].tolist() == ["present", "usual", "usual", "usual"]
    assert table.loc["stay_months"].tolist() == ["unknown", 9, "unknown", "unknown"]
    assert table.loc["labour_standard"].tolist()[2:] == ["19th ICLS", "13th ICLS"]
    assert "criterion" not in table.index


THREE = d.UN_1998_LONG_TERM.evolve(
    name="moves of three months and more", stay_months=3, exit_months=3
)


def test_nine_months_in_all_against_twelve_in_a_row():
    found = comparable(d.MDA_USUAL_RESIDENCE, d.EU_USUAL_RESIDENCE)
    told = {item.field: item for item in found.differences}
    assert told["stay_months"].larger == "a"
    assert told["stay_count"].larger == "a"
    assert "Residence" in told["stay_count"].bridge


def test_short_stays_are_mobility_not_short_term_migration():
    found = comparable(d.UN_1998_SHORT_TERM, d.UN_1998_LONG_TERM)
    assert "temporary mobility" in found.notes[0]
    assert [mobility(x) for x in (d.UN_1998_LONG_TERM, d.EU_862_2007, d.LABOUR_MIGRATION)] == [
        False
    ] * 3
    assert mobility(d.UN_2025_TEMPORARY_MOBILITY)
    assert mobility(d.SEASONAL_90_IN_180)
    # most of twelve months is a country's criterion of residence, not mobility
    assert not mobility(d.UN_2025_MIGRATION_MOST_OF_YEAR)
    # a resident population is never mobility
    assert not mobility(d.MDA_USUAL_RESIDENCE)


def test_same_definition_and_the_order_of_what_is_told():
    assert comparable(d.UN_WPP_2024, d.UN_WPP_2024).verdict == "the same"
    assert comparable(stock(d.UN_WPP_2024), stock(d.UN_WPP_2024))
    found = comparable(d.UN_WPP_2024, d.MDA_USUAL_RESIDENCE)
    known = [item.known for item in found.differences]
    assert known == sorted(known, reverse=True)


def test_undeclared_is_never_the_same():
    found = comparable(stock(None), stock(d.UN_WPP_2024))
    assert found.verdict == "cannot be told"
    assert any("migov.define(a" in note for note in found.notes)


def test_arrays_differ_by_date_kind_and_unit():
    a = stock(d.UN_WPP_2024)
    other = comparable(a, stock(d.UN_WPP_2024, "2021-07-01"))
    assert [item.field for item in other.differences] == ["dates"]
    flow = xr.DataArray(
        [1.0],
        {
            "period": np.array(["2020-01-01"], "M8[s]"),
            "period_end": ("period", np.array(["2021-01-01"], "M8[s]")),
        },
        "period",
        attrs={"units": "person/year"},
    )
    found = comparable(a, mg.define(flow, d.UN_WPP_2024))
    assert [item.field for item in found.differences] == ["unit", "stock or flow"]


def test_stays_up_to_a_limit_and_from_it_have_none_in_common():
    found = comparable(d.UN_1998_SHORT_TERM, d.UN_1998_LONG_TERM)
    told = {item.field: item for item in found.differences}
    for field in ("stay_months", "exit_months", "stay_limit"):
        assert told[field].larger == "no size"
        assert "no stay is in both" in told[field].why
    more = comparable(d.UN_1998_SHORT_TERM, THREE)
    assert {item.field: item.larger for item in more.differences}["stay_limit"] == "b"


def test_moves_from_three_months_without_a_limit_are_both_together():
    assert not mobility(THREE)
    found = comparable(THREE, d.UN_1998_LONG_TERM)
    assert "together with migration" in found.notes[0]
    told = {item.field: item for item in found.differences}
    assert told["stay_months"].larger == "a"
    assert mobility(d.UN_2025_TEMPORARY_MOBILITY.evolve(stay_limit=6, stay_months=3))


def test_printed_and_tabulated():
    found = comparable(THREE, d.UN_1998_LONG_TERM)
    text = str(found)
    assert text.splitlines()[0].endswith("do not measure the same")
    assert "stay_months: 3 | 12" in text
    assert "bridge: migov.compare.to_duration" in text
    table = found.to_frame()
    assert list(table.columns) == ["field", "a", "b", "known", "larger", "why", "bridge"]
    assert len(table) == len(found.differences)


def test_what_is_neither_is_refused():
    with pytest.raises(KindError) as fault:
        comparable(d.UN_WPP_2024, 3)
    assert fault.value.argument == "b"
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)
    with pytest.raises(DefinitionError) as fault:
        side_by_side({"one": d.UN_WPP_2024})
    assert fault.value.argument == "given"
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)


def test_what_is_told_of_two_texts_and_of_two_editions():
    def edition(a, b):
        return bias.of("edition", a, b, Definition(), Definition())

    assert edition("WPP 2019", "WPP 2024").bridge == "take both from one edition"
    two = edition("UN 1998, Revision 1", "Regulation (EC) 862/2007")
    assert two.bridge == ""
    assert two.why.startswith("two texts")


def test_survival_bridges_moves_in_a_row_only():
    def stay(one, other):
        return {i.field: i.bridge for i in comparable(one, other).differences}["stay_months"]

    assert "to_duration" in stay(THREE, d.UN_1998_LONG_TERM)
    assert "Residence" in stay(d.UN_2025_MIGRATION_12_MONTHS, d.UN_2025_MIGRATION_MOST_OF_YEAR)
    assert "Residence" in stay(d.UNECE_CIRCULAR_LONG_TERM, d.UNECE_CIRCULAR_TEMPORARY)


def test_every_pair_of_ready_definitions_is_told_in_whole_sentences():
    ready = [x for name, x in vars(d).items() if isinstance(x, Definition) and name[0] != "_"]
    for one, other in itertools.combinations(ready, 2):
        found = comparable(one, other)
        assert found.verdict != "the same"
        for item in found.differences:
            assert item.why
            assert item.bridge or item.larger in ("no size", "either"), item
            # A bridge by survival is one that to_duration would walk.
            if item.bridge.startswith("migov.compare.to_duration with the survival of stays"):
                assert "cumulative" not in (one.stay_count, other.stay_count) or (
                    "stock needs both" in item.bridge
                )


def test_two_that_know_nothing_cannot_be_told_to_be_the_same():
    x = xr.DataArray([1.0], {"area": ["MDA"]}, "area", attrs={"units": "person"})
    nothing = (x, Definition(name="a ministry"), mg.define(x, Definition(name="an office")))
    for a, b in itertools.product(nothing, repeat=2):
        found = comparable(a, b)
        assert found.verdict == "cannot be told"
        assert not found
        assert [item.field for item in found.differences] == ["definition"]
        assert "neither says who is counted" in str(found)
    birth = Definition(name="a census", criterion="birth")
    assert comparable(birth, Definition(name="a register", criterion="birth"))
