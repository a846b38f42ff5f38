"""Names of dimensions: near misses are told, other words pass."""

from __future__ import annotations

import pickle
import string

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from migov.core.errors import DimensionError, KindError
from migov.core.vocabulary import DIMENSIONS, ROLES, check_dimensions, near, require


def test_the_names_are_those_of_the_design():
    text = (
        "time period area origin destination citizenship birthplace sex age cohort duration "
        "education skill occupation sector legal_status labour_status actor scenario member "
        "quantile node"
    )
    assert text.split() == DIMENSIONS
    assert set(ROLES) <= set(DIMENSIONS)


@pytest.mark.parametrize("name", DIMENSIONS)
def test_case_and_plural_are_near(name):
    assert near(name) is None
    assert near(name.upper()) == near(name.capitalize()) == near(name + "s") == name


@pytest.mark.parametrize("name", [name for name in DIMENSIONS if len(name) >= 5])
def test_one_letter_is_near_in_five_and_more(name):
    for i in range(len(name)):
        shorter = name[:i] + name[i + 1 :]
        if len(shorter) >= 5 and shorter not in DIMENSIONS:
            assert near(shorter) == ("duration" if shorter == "ducation" else name)
        assert near(name[:i] + "q" + name[i + 1 :]) in (name, None if name[i] == "q" else name)
    for i in range(len(name) - 1):
        swapped = name[:i] + name[i + 1] + name[i] + name[i + 2 :]
        if swapped != name:
            assert near(swapped) == name


@pytest.mark.parametrize(
    "word", "wave wage rate ages_group year tame region factor reason season quarter".split()
)
def test_other_words_pass(word):
    assert near(word) is None


@given(st.text(string.ascii_lowercase + "_", max_size=4).filter(lambda t: t not in DIMENSIONS))
def test_short_words_are_near_only_by_plural(word):
    assert near(word) in (None, word.removesuffix("s"), word.removesuffix("es"))


def test_an_array_with_a_near_name_is_refused():
    x = xr.DataArray([1.0], {"ares": ["DEU"]}, "ares")
    assert near("ares") is None
    check_dimensions(x, "call", "x")
    for wrong in ("Area", "areas"):
        with pytest.raises(DimensionError, match="nearly 'area'") as caught:
            check_dimensions(x.rename(ares=wrong), "call", "persons")
        assert caught.value.argument == "persons"
        assert "rename" in caught.value.mend
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("x", [1.0, [1.0], np.ones(2), xr.Dataset(), pd.DataFrame(), None])
def test_what_is_no_array_is_refused(x):
    with pytest.raises(KindError, match="expected an xarray DataArray") as caught:
        check_dimensions(x, "call", "persons")
    assert caught.value.argument == "persons"


def test_a_missing_dimension_is_named():
    x = xr.DataArray([1.0], {"area": ["DEU"]}, "area")
    require(x, ["area"], "call", "x")
    with pytest.raises(DimensionError, match="needs 'sex', 'age', it has area") as caught:
        require(x, ["area", "sex", "age"], "call", "x")
    assert caught.value.mend == "give x by sex and age"
    with pytest.raises(DimensionError, match="it has no dimension"):
        require(xr.DataArray(1.0), ["sex"], "call", "x")


def test_letters_in_another_order_are_no_dimension_of_their_own():
    near_names = {"aera": "area", "tiem": "time", "noed": "node"}
    assert {name: near(name) for name in near_names} == near_names
    for word in ("item", "mite", "wave", "rate", "team", "year"):
        assert near(word) is None
    x = xr.DataArray([1.0], {"aera": ["MDA"]}, "aera", attrs={"units": "person"})
    with pytest.raises(DimensionError, match="nearly 'area'"):
        check_dimensions(x, "call", "x")
