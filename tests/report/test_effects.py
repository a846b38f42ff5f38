"""Before and after, and what cannot be affected."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import DimensionError, KindError, ParameterError
from migov.report import before_after
from migov.schemes import OriginCap, Programme

EU = mg.definitions.EU_USUAL_RESIDENCE


def programme(**changes):
    cap = OriginCap(origin="MDA", number=1500, date="2024-01-01", source="test")
    return Programme(
        **{
            "name": "test",
            "kind": "seasonal",
            "origin": "MDA",
            "destination": "DEU",
            "quota": 1500,
            "origin_cap": (cap,),
            "stay": "90 day in 180 day",
        }
        | changes
    )


def people(factor=1.0, members=1):
    x = mg.Cells((200, 600, 150), age="0-14 15-64 65+").array("person")
    drawn = xr.concat([x * (1 + 0.01 * i) for i in range(members)], "member")
    drawn = drawn.assign_coords(member=range(members)) if members > 1 else x
    grown = drawn * xr.where(x.age == 65, factor, 1.0)
    return grown.assign_attrs(x.attrs)


def test_short_stays_do_not_touch_residents_and_say_why():
    row = (mg.OldAgeDependencyRatio(), {"population": people()}, None)
    found = before_after([row], programme=programme(), definition=EU)
    assert found.after == {}
    assert "not affected by construction" in found.show()
    assert "below 12 months" in found.show()


def test_long_stays_need_an_after():
    long = programme(kind="temporary", stay="24 month")
    row = (mg.OldAgeDependencyRatio(), {"population": people()}, None)
    with pytest.raises(ParameterError, match="no inputs after"):
        before_after([row], programme=long, definition=EU)


def test_change_is_taken_member_by_member():
    old = mg.OldAgeDependencyRatio()
    rows = [(old, {"population": people(members=5)}, {"population": people(1.1, members=5)})]
    found = before_after(rows, programme=programme(), definition=EU)
    line = found.table().iloc[0]
    assert line["before"] == "25.0"
    assert line["change"] == "+2.50"
    assert line["note"] == ""


def test_a_direction_is_named_only_where_all_members_agree():
    case = mg.HealthWorkerDensity.info.case
    workers, served = (case.given[name].array("person") for name in ("workers", "population"))
    given = {"workers": workers, "population": served}
    for factor, note in (
        (1.1, "towards its aim"),
        (0.9, "away from its aim"),
        (1.0, "no clear change"),
    ):
        after = {**given, "workers": (workers * factor).assign_attrs(workers.attrs)}
        found = before_after(
            [(mg.HealthWorkerDensity(), given, after)], programme=programme(), definition=EU
        )
        assert found.table().iloc[0]["note"] == note


def test_bad_rows():
    with pytest.raises(KindError, match=r"rows\[0\]"):
        before_after([(1, 2)], programme=programme(), definition=EU)
    two = mg.Cells(((1, 2, 3), (1, 2, 3)), area="ALB MDA", age="0-14 15-64 65+").array("person")
    with pytest.raises(DimensionError, match="by area"):
        before_after(
            [(mg.OldAgeDependencyRatio(), {"population": two}, None)],
            programme=programme(),
            definition=EU,
        )
    empty = people() * np.nan
    with pytest.raises(ParameterError, match="missing"):
        before_after(
            [
                (
                    mg.OldAgeDependencyRatio(),
                    {"population": empty.assign_attrs(people().attrs)},
                    None,
                )
            ],
            programme=programme(),
            definition=EU,
        )


def test_money_is_not_settled_by_who_is_a_resident():
    received = mg.Cells(1e9).array("USD").assign_attrs(price_base="current")
    given = {"remittances": received, "gdp": (received * 10).assign_attrs(received.attrs)}
    with pytest.raises(ParameterError, match="does not count residents"):
        before_after(
            [(mg.RemittanceShareOfGDP(), given, None)], programme=programme(), definition=EU
        )
