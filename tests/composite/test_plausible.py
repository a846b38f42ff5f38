"""Slips in the data of an index: codes for no answer, other scales, wrong codes of areas."""

import pickle
import warnings

import pytest
import xarray as xr

from migov import composite as c
from migov.core.errors import CodeError, InputError, MigovWarning, ParameterError

AREAS = ("KGZ", "UZB", "TJK", "KAZ")
INDEX = c.Index(
    nodes=(
        c.Node(id="r"),
        c.Node(id="emp", parent="r", direction="up", unit="percent"),
        c.Node(id="fees", parent="r", direction="down", unit="month"),
    )
)


def score(emp, areas=AREAS, fees=(1.0, 2.0, 3.0, 4.0), **beside):
    data = {"emp": emp, "fees": fees, **beside}
    coords = {"area": list(areas)}
    return INDEX.score({k: xr.DataArray(list(v), coords, ["area"]) for k, v in data.items()})


def test_codes_for_no_answer_are_refused_and_true_negatives_taken():
    with pytest.raises(InputError, match=r"'emp': -999 of KAZ.*\n.*x != -999") as caught:
        score((56.0, 60.0, 50.0, -999.0))
    pickle.loads(pickle.dumps(caught.value))
    with pytest.raises(InputError, match="'fees': -99 of KGZ"):
        score((56.0, 60.0, 50.0, 55.0), fees=(-99.0, 2.0, 3.0, 4.0))
    assert score((-20.0, 60.0, 50.0, -99.0))["score"].notnull().all()


@pytest.mark.parametrize(("slip", "told"), [(0.56, "share among percents"), (560.0, "beyond 100")])
def test_one_value_on_another_scale_is_told(slip, told):
    with pytest.warns(MigovWarning, match=f"'emp': {slip:g} of KAZ .*{told}"):
        score((56.0, 60.0, 50.0, slip))


@pytest.mark.parametrize("emp", [(0.2, 0.5, 0.9, 0.1), (0.5, 3.0, 9.0, 20.0), (90, 97, 99, 112)])
def test_small_and_large_percents_are_taken(emp):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        score(emp)


def test_a_wrong_code_among_codes_is_refused():
    emp = (56.0, 60.0, 50.0, 55.0)
    with pytest.raises(CodeError, match="'KZG'"):
        score(emp, ("KZG", *AREAS[1:]))
    for fine in (("Chüy", *AREAS[1:]), ("XAB", *AREAS[1:]), ("ABX", "CDX", "EFX", "KGZ")):
        assert score(emp, fine)["score"].notnull().all()


def test_what_is_not_in_the_index_is_told():
    found = score((56.0, 60.0, 50.0, 55.0), total=(1.0, 2.0, 3.0, 4.0))
    assert found.attrs["left_out"] == "total"
    assert "not in the index: total" in INDEX.explain(found, "KGZ")
    assert "left_out" not in score((56.0, 60.0, 50.0, 55.0)).attrs


def test_errors_of_the_data_are_shares():
    with pytest.raises(ParameterError, match=r"data=0\.05 for 5 %"):
        c.Uncertainty(data=5)
