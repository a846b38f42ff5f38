"""Status: bits that compose, taken off and put back."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from migov.core import status
from migov.core.errors import CodeError, KindError

NAMES = st.sets(st.sampled_from(list(status.FLAGS)))


def table(bits=None) -> xr.DataArray:
    x = xr.DataArray(
        np.arange(12.0).reshape(2, 2, 3),
        {"area": ["DEU", "MDA"], "sex": ["F", "M"], "member": [0, 1, 2]},
        ("area", "sex", "member"),
        attrs={"units": "person"},
    )
    return (
        x
        if bits is None
        else x.assign_coords({status.NAME: (("area", "sex"), np.array(bits, np.uint16))})
    )


def test_flags_are_distinct_bits_of_sixteen():
    bits = list(status.FLAGS.values())
    assert bits == [1 << i for i in range(16)]
    assert status.ATTRS["flag_masks"].dtype == np.uint16
    assert status.ATTRS["flag_meanings"].split() == list(status.FLAGS)
    reasons = set(status.names(status.ABSENT))
    assert {"missing", "no_response", "not_applicable", "not_collected", "suppressed"} <= reasons
    assert "estimated" not in reasons


@given(NAMES)
def test_names_and_bits_are_two_sides(names):
    assert set(status.names(status.flag(*names))) == names


@given(NAMES, NAMES)
def test_the_union_of_bits_is_that_of_names(one, two):
    assert status.flag(*one) | status.flag(*two) == status.flag(*(one | two))


@pytest.mark.parametrize("code", status.SDMX)
def test_codes_of_sdmx(code):
    assert status.read(code) == (status.flag(status.SDMX[code]) if status.SDMX[code] else 0)
    assert status.read(f"{code}, estimated") == status.read(code) | status.flag("estimated")


def test_what_is_no_status():
    assert status.read("") == status.read("normal") == 0
    for wrong in (lambda: status.flag("what"), lambda: status.read("E what")):
        with pytest.raises(CodeError, match="'what' is no status") as caught:
            wrong()
        assert caught.value.rule == 7
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_taken_off_and_put_back():
    x = table([[1, 2], [4, 8]])
    plain, flags = status.take(x)
    assert status.NAME not in plain.coords
    assert flags.dtype == np.uint16
    back = status.put(plain, flags)
    assert back.observation_status.values.tolist() == [[1, 2], [4, 8]]
    assert back.observation_status.attrs.keys() == status.ATTRS.keys()
    same, none = status.take(table())
    assert none is None
    assert status.put(same, None) is same


def test_dimensions_that_are_gone_are_united():
    _, flags = status.take(table([[1, 2], [4, 8]]))
    fewer = table().sum("sex")
    assert status.put(fewer, flags).observation_status.values.tolist() == [3, 12]
    turned = table().transpose("member", "sex", "area")
    assert status.put(turned, flags).observation_status.dims == ("sex", "area")
    assert status.put(table().sum(["area", "sex"]), flags).observation_status.item() == 15


@given(st.lists(st.integers(0, 2**16 - 1), min_size=4, max_size=4))
def test_union_over_dimensions(bits):
    flags = xr.DataArray(
        np.array(bits, np.uint16).reshape(2, 2), {"a": [0, 1], "b": [0, 1]}, ("a", "b")
    )
    one = status.union(status.union(flags, ["a"]), ["b"])
    both = status.union(flags, ["a", "b"])
    assert one.item() == both.item() == bits[0] | bits[1] | bits[2] | bits[3]
    assert status.union(flags, ["a"]).b.values.tolist() == [0, 1]


def test_join_of_several():
    a = xr.DataArray(np.array([1, 2], np.uint16), {"area": ["DEU", "MDA"]}, "area")
    b = xr.DataArray(np.array([4, 8], np.uint16), {"sex": ["F", "M"]}, "sex")
    assert status.join([None, None]) is None
    assert status.join([None, a]).values.tolist() == [1, 2]
    joined = status.join([a, b])
    assert joined.values.tolist() == [[5, 9], [6, 10]]
    assert joined.dtype == np.uint16


def test_marks_everywhere_or_somewhere():
    x = table()
    everywhere = status.mark(x, "stylised", "estimated")
    assert everywhere.observation_status.dims == ("area", "sex")
    assert (everywhere.observation_status == 260).all()
    at = xr.DataArray([True, False], {"area": ["DEU", "MDA"]}, "area")
    somewhere = status.mark(everywhere, "break", at=at)
    assert somewhere.observation_status.values.tolist() == [[261, 261], [260, 260]]
    assert status.mark(x, "break", at=False).observation_status.values.max() == 0
    assert status.NAME not in x.coords
    assert everywhere.attrs == x.attrs


def test_a_lazy_status_is_loaded_and_lazy_values_are_not():
    pytest.importorskip("dask")
    x = table([[1, 2], [4, 8]]).chunk({"area": 1})
    assert x.observation_status.chunks is not None
    plain, flags = status.take(x)
    assert flags.chunks is None
    assert plain.chunks is not None
    assert status.mark(plain, "derived").chunks is not None


@pytest.mark.parametrize("bits", [-1, 2.5, 65536, np.inf])
def test_what_are_no_flags_is_refused_not_cut_to_sixteen_bits(bits):
    x = table().assign_coords({status.NAME: (("area", "sex"), np.full((2, 2), bits))})
    for call in (status.take, lambda x: status.has(x, "estimated")):
        with pytest.raises(KindError, match="expected bits") as fault:
            call(x)
        assert fault.value.argument == status.NAME
        assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)
    letters = table().assign_coords({status.NAME: (("area", "sex"), np.full((2, 2), "E"))})
    with pytest.raises(KindError, match="holds E"):
        status.take(letters)


def test_a_cell_that_a_new_label_made_has_no_flag():
    x = table([[4, 4], [1, 0]]).reindex(area=["DEU", "KGZ", "MDA"])
    assert x[status.NAME].dtype.kind == "f"
    _, flags = status.take(x)
    assert flags.dtype == np.uint16
    assert flags.values.tolist() == [[4, 4], [0, 0], [1, 0]]
    assert status.has(x, "estimated")
