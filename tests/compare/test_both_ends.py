"""Mirror statistics: asymmetries of the reference table, reasons from definitions."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.compare import mirror, mirror_reasons
from migov.core import definitions as d
from migov.core import status
from migov.core.errors import (
    AlignmentError,
    DefinitionError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    PartitionError,
    UnitError,
)


def table(values, unit="person", labels=("DEU", "MDA", "POL")):
    part = list(labels)[: len(values)]
    return xr.DataArray(
        np.array(values, float),
        {"origin": part, "destination": part},
        ("origin", "destination"),
        attrs={"units": unit},
    )


I = table([[0, 60, 10], [150, 0, 0], [20, 5, 0]])  # noqa: E741 - the field's letter
E = table([[0, 100, 10], [50, 0, 0], [np.nan, 5, 0]])


def test_reference_table(shared):
    path = shared / "golden" / "flows" / "mirror" / "mirror_flows_stylised.json"
    case = json.loads(path.read_text(encoding="utf-8"))
    labels = case["countries"]
    arrivals = table(case["reported_by_destination_immigration"], labels=labels)
    departures = table(case["reported_by_origin_emigration"], labels=labels)
    found = mirror(arrivals, departures)
    key = "relative_difference_percent_2(I-E)/(I+E)"
    expected = np.array(case["expected"][key], float)
    assert np.isfinite(expected).sum() == 16
    np.testing.assert_allclose(found.asymmetry.values, expected, atol=5e-7)


def test_turning_the_ends_turns_the_sign():
    one = mirror(I, E)
    other = mirror(E, I)
    np.testing.assert_allclose(one.asymmetry.values, -other.asymmetry.values)
    np.testing.assert_allclose(one.difference.values, (I - E).where(~np.eye(3, dtype=bool)).values)
    assert (np.abs(one.asymmetry) <= 200).where(~np.isnan(one.asymmetry), other=True).all()


def test_what_is_missing_none_and_within():
    found = mirror(I, E)
    assert found.asymmetry.sel(origin="MDA", destination="POL").item() == 0  # both report none
    assert np.isnan(found.asymmetry.sel(origin="POL", destination="DEU").item())
    inside = found.asymmetry.sel(origin="DEU", destination="DEU")
    assert np.isnan(inside.item())
    assert status.names(inside.coords[status.NAME].item()) == ("not_applicable",)


def test_units_and_orders_are_brought_together():
    thousands = (E / 1000).assign_attrs(units="thousand person")
    turned = thousands.sel(origin=["POL", "DEU", "MDA"]).transpose("destination", "origin")
    np.testing.assert_allclose(mirror(I, turned).asymmetry.values, mirror(I, E).asymmetry.values)


def test_definitions_suggest_the_sign_and_say_why():
    three = {"stay_months": 3, "exit_months": 3, "seasonal_workers": "included"}
    own = {
        "DEU": d.UN_1998_LONG_TERM.evolve(**three),
        "MDA": d.UN_1998_LONG_TERM,
        "POL": d.UN_1998_LONG_TERM,
    }
    found = mirror(I, E, own)
    # Germany counts from three months: its arrivals and its departures are the larger
    assert found.suggested.sel(origin="MDA", destination="DEU").item() == 1
    assert found.suggested.sel(origin="DEU", destination="MDA").item() == -1
    assert found.suggested.sel(origin="MDA", destination="POL").item() == 0
    assert found.as_suggested.sel(origin="MDA", destination="DEU").item() == 1
    assert found.as_suggested.sel(origin="DEU", destination="POL").item() == 0
    assert np.isnan(found.as_suggested.sel(origin="MDA", destination="POL").item())
    reasons = mirror_reasons(own)
    one = reasons[(reasons.origin == "MDA") & (reasons.destination == "DEU")]
    assert set(one.field) == {"stay_months", "seasonal_workers"}
    assert set(one.larger) == {"destination"}
    assert one.bridge.str.contains("to_duration").any()


def test_the_mirror_image_of_one_definition_differs_in_nothing():
    a = mg.define(I, d.EU_862_2007)
    b = mg.define(E, d.EU_862_2007_EMIGRATION)
    found = mirror(a, b)
    assert found.attrs["reasons"] == ""
    assert (found.suggested == 0).all()
    assert "less" in found.attrs["note"]
    assert "undeclared" in mirror(I, E).attrs["reasons"]


def test_other_dimensions_equal_a_loop():
    both = xr.concat([I, 2 * I], "sex").assign_coords(sex=["F", "M"]).assign_attrs(I.attrs)
    theirs = xr.concat([E, E], "sex").assign_coords(sex=["F", "M"]).assign_attrs(E.attrs)
    found = mirror(both, theirs)
    for i, sex in enumerate(["F", "M"]):
        alone = mirror(both.isel(sex=i, drop=True), E)
        np.testing.assert_array_equal(found.asymmetry.sel(sex=sex).values, alone.asymmetry.values)


@pytest.mark.parametrize(
    ("call", "kind", "argument"),
    [
        (lambda: mirror(I.values, E), KindError, "arrivals"),
        (lambda: mirror(I, E.drop_attrs()), UnitError, "departures"),
        (lambda: mirror(I.sum("origin").assign_attrs(I.attrs), E), DimensionError, "arrivals"),
        (lambda: mirror(I, (-E).assign_attrs(E.attrs)), InputError, "departures"),
        (lambda: mirror(I.assign_attrs(units="percent"), E), PartitionError, "arrivals"),
        (lambda: mirror(I, E.isel(origin=[0, 1])), AlignmentError, "departures"),
        (
            lambda: mirror(I.assign_coords(origin=["DEU", "WORLD", "POL"]), E),
            PartitionError,
            "arrivals",
        ),
        (
            lambda: mirror(
                I.expand_dims(time=np.array(["2020-01-01"], "M8[s]")).assign_attrs(I.attrs), E
            ),
            DimensionError,
            "arrivals",
        ),
        (lambda: mirror_reasons({"DEU": "12 months"}), DefinitionError, "definitions"),
    ],
)
def test_bad_input_names_its_argument(call, kind, argument):
    with pytest.raises(kind) as fault:
        call()
    assert isinstance(fault.value, MigovError)
    assert fault.value.argument == argument
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)
