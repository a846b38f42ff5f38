"""Definitions: fields that are compared, a text that travels."""

from __future__ import annotations

import json
import pickle

import attrs
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from migov.core.definition import (
    ATTRIBUTE,
    CHOICES,
    GROUPS,
    INCLUSION,
    UNKNOWN,
    Definition,
    define,
    definition_of,
    same,
)
from migov.core.errors import DefinitionError, KindError

FIELDS = [field.name for field in attrs.fields(Definition)]
MONTHS = [name for name in FIELDS if name.endswith("_months") or name == "stay_limit"]


@st.composite
def definitions(draw) -> Definition:
    """Draw a definition with some fields known."""
    chosen = draw(st.sets(st.sampled_from(FIELDS)))
    values = {}
    for name in chosen:
        if name in CHOICES:
            values[name] = draw(st.sampled_from([*CHOICES[name], UNKNOWN]))
        elif name in GROUPS:
            values[name] = draw(st.sampled_from([*INCLUSION, UNKNOWN]))
        elif name in MONTHS:
            values[name] = draw(st.integers(0, 60))
        else:
            values[name] = draw(st.text("abc é", max_size=8))
    return Definition(**values)


def test_the_fields_of_the_design():
    assert len(FIELDS) == len(set(FIELDS))
    for name in [
        *CHOICES,
        *GROUPS,
        "stay_months",
        "exit_months",
        "stay_limit",
        "window_months",
        "territory",
        "purpose",
        "source_kind",
        "edition",
        "vintage",
    ]:
        assert name in FIELDS
        if name != "name":
            assert getattr(Definition(), name) == UNKNOWN


@given(definitions())
def test_a_definition_is_read_back(definition):
    text = definition.to_json()
    again = Definition.from_json(text)
    assert again == definition
    assert again.name == definition.name
    assert all(not isinstance(value, dict | list) for value in json.loads(text).values())
    assert pickle.loads(pickle.dumps(definition)) == definition
    assert hash(again) == hash(definition)


@given(definitions(), definitions())
def test_two_are_the_same_or_differ(one, two):
    apart = one.differences(two)
    assert (one == two) == (not apart)
    assert apart.keys() == two.differences(one).keys()
    assert one.differences(one) == {}
    known = [UNKNOWN not in pair for pair in apart.values()]
    assert known == sorted(known, reverse=True)
    merged = two.evolve(**{name: pair[0] for name, pair in apart.items()})
    assert merged == one


def test_the_name_is_not_compared():
    assert Definition(name="a", criterion="birth") == Definition(name="b", criterion="birth")


@pytest.mark.parametrize("field", [*CHOICES, *GROUPS, *MONTHS])
def test_values_that_a_field_does_not_take(field):
    for wrong in ("whatever", -1, None, True, ["birth"]):
        with pytest.raises(DefinitionError, match=field) as caught:
            Definition(**{field: wrong})
        assert caught.value.argument == field
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"colour": "red"}', '{"criterion": "colour"}', "3"]
)
def test_damaged_texts(text):
    with pytest.raises(DefinitionError):
        Definition.from_json(text)


def test_it_travels_in_the_attributes():
    x = xr.DataArray([1.0], {"area": ["DEU"]}, "area", attrs={"units": "person"})
    stock = Definition(name="foreign-born", criterion="birth")
    y = define(x, stock)
    assert definition_of(y) == stock
    assert definition_of(x) is None
    assert isinstance(y.attrs[ATTRIBUTE], str)
    assert y.attrs["units"] == "person"
    assert definition_of(define(y, None)) is None
    assert definition_of(y) == stock
    for wrong in ("birth", {"criterion": "birth"}, Definition):
        with pytest.raises(DefinitionError, match="definition is a"):
            define(x, wrong)


def test_one_of_several():
    birth, citizens = Definition(criterion="birth"), Definition(criterion="citizenship")
    assert same("call", {"a": birth, "b": birth}) == birth
    assert same("call", {"a": None, "b": None}) is None
    with pytest.raises(DefinitionError, match="criterion: birth and citizenship") as caught:
        same("call", {"a": birth, "b": citizens})
    assert caught.value.argument == "b"
    with pytest.raises(DefinitionError, match="b is undeclared") as caught:
        same("call", {"a": birth, "b": None})
    assert caught.value.mend == "b = migov.define(b, migov.Definition(…))"
    with pytest.raises(DefinitionError, match="a is undeclared"):
        same("call", {"a": None, "b": birth})
    with pytest.raises(DefinitionError, match="criterion: birth and unknown"):
        same("call", {"a": birth, "b": Definition()})


def test_contradictions_come_first():
    one = Definition(criterion="birth", residence_rule="usual", counts="persons")
    two = Definition(criterion="citizenship", stay_months=12, counts="permits")
    assert list(one.differences(two))[:2] == ["criterion", "counts"]


@pytest.mark.parametrize("call", [definition_of, lambda x: define(x, None)])
def test_only_arrays_bear_a_definition(call):
    with pytest.raises(KindError, match="x is a list") as caught:
        call([1.0])
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
