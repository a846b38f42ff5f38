"""Every public function of the room is handed things that it cannot take."""

from __future__ import annotations

import contextlib
import inspect
import pickle

import numpy as np
import pytest
import xarray as xr

from migov import compare
from migov.core.errors import MigovError

X = xr.DataArray([1.0, 2.0], {"area": ["DEU", "MDA"]}, "area", attrs={"units": "person"})
BAD = {
    "nothing": None,
    "a number": 1,
    "a text": "x",
    "a list": [1],
    "a set": {1},
    "texts": X.astype(str),
    "objects": X.astype(object),
    "complex": X.astype(complex),
    "a unit that is none": X.assign_attrs(units=3),
    "no labels": X.drop_vars("area"),
    "negative": -X,
    "infinite": X.copy(data=[np.inf, 1.0]),
}
ANSWERS = {"comparable", "completeness", "implied_share", "overlaps", "quality"}
"""Functions that answer some of these: they look at definitions, labels or holes."""
FUNCTIONS = [
    name
    for name in compare.__all__
    if inspect.isfunction(getattr(compare, name)) and name not in ("crossings", "permits")
]


def filled(function, bad):
    """Return a call's arguments, each required one being the same bad thing."""
    needed = [
        one
        for one in inspect.signature(function).parameters.values()
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    by_name = {one.name: bad for one in needed if one.kind is one.KEYWORD_ONLY}
    return [bad for one in needed if one.kind is not one.KEYWORD_ONLY], by_name


@pytest.mark.parametrize("fault", BAD)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_cannot_be_taken_is_refused_in_our_words(name, fault):
    function = getattr(compare, name)
    given, named = filled(function, BAD[fault])
    if name in ANSWERS:
        with contextlib.suppress(MigovError):
            function(*given, **named)
        return
    with pytest.raises(MigovError) as error:
        function(*given, **named)
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


@pytest.mark.parametrize("bad", [-1, 2.5, "5", True, None])
def test_the_smallest_cell_is_a_whole_number(bad):
    with pytest.raises(MigovError, match="min_cell"):
        compare.protect(X, bad)
    with pytest.raises(MigovError, match="table"):
        compare.protect(X * 0.5, 5)
    with pytest.raises(MigovError, match="apart"):
        compare.protect(X, 5, apart=["time"])
