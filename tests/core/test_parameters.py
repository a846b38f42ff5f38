"""Parameters of indicators are the numbers that were meant, or the error says which to write."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

import migov as mg
from migov.core.errors import ParameterError


@pytest.mark.parametrize("given", [20, 20.0, np.int64(20), np.float32(20.0), np.uint8(20)])
def test_whole_numbers_of_any_kind_are_integers(given):
    made, plain = mg.OldAgeDependencyRatio(lower=given), mg.OldAgeDependencyRatio(lower=20)
    assert type(made.lower) is int
    assert made == plain
    assert hash(made) == hash(plain)
    assert json.dumps(made.parameters()) == json.dumps(plain.parameters())


@pytest.mark.parametrize(
    ("given", "mend"),
    [
        ("20", "lower=20"),
        (20.5, "lower=20"),
        ("20.0", "lower=20"),
        (True, "lower=15"),
        (np.True_, "lower=15"),
        (None, "lower=15"),
        (float("nan"), "lower=15"),
        (float("inf"), "lower=15"),
        (20 + 0j, "lower=15"),
        ("x", "lower=15"),
    ],
)
def test_the_advice_names_the_value_given_or_the_default(given, mend):
    with pytest.raises(ParameterError) as caught:
        mg.OldAgeDependencyRatio(lower=given)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.argument, again.mend) == ("lower", mend)


def test_numbers_of_numpy_are_plain_in_parameters_of_real_numbers():
    made = [mg.catalogue.get(name) for name in mg.catalogue.table().index]
    found = 0
    for cls in made:
        for field in cls.__attrs_attrs__:
            if type(field.default) is float:
                found += 1
                assert (
                    type(getattr(cls(**{field.name: np.float64(field.default)}), field.name))
                    is float
                )
    assert found > 3
