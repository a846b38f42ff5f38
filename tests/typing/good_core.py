"""Uses that must type-check: the verbs of the core and an indicator of one's own."""

from typing import Annotated, Literal, assert_type

import xarray as xr

import migov as mg

Persons = Annotated[xr.DataArray, mg.Input(title="persons", unit="person")]


@mg.indicator(id="typing_share", title="A share", unit="percent", references=("none",))
class Share(mg.Indicator):
    """Part of a whole."""

    lower: int = mg.parameter(default=15, help="lower age", unit="year")
    side: Literal["left", "right"] = mg.parameter(default="left", help="which side")

    def __call__(self, part: Persons, whole: Persons) -> xr.DataArray:
        """From a part and its whole."""
        return part / whole


def verbs(x: xr.DataArray) -> None:
    """Verbs return what they say."""
    assert_type(mg.total(x, "sex"), xr.DataArray)
    assert_type(mg.total(x, ["sex", "age"], missing="skip"), xr.DataArray)
    assert_type(mg.concat([x, x], "area"), xr.DataArray)
    assert_type(mg.hold(x, to=x.time), xr.DataArray)
    assert_type(mg.person_years(x, method="midpoint"), xr.DataArray)
    assert_type(mg.regroup_ages(x, [0, 15, 65]), xr.DataArray)
    assert_type(mg.define(x, mg.definitions.UN_WPP_2024), xr.DataArray)
    assert_type(mg.definition_of(x), mg.Definition | None)


def indicators(x: xr.DataArray) -> None:
    """Parameters in the constructor, data in the call."""
    share = Share(lower=20, side="right")
    assert_type(share, Share)
    assert_type(share.lower, int)
    assert_type(share(x, whole=x), xr.DataArray)
    assert_type(share.report(x, x), xr.Dataset)
    assert_type(mg.OldAgeDependencyRatio(lower=20)(x), xr.DataArray)


def any_of_them(chosen: list[mg.Indicator], x: xr.DataArray) -> list[xr.DataArray]:
    """Callers that hold indicators of any class type-check as well."""
    return [one(x) for one in chosen]


def errors(fault: mg.MigovError) -> str:
    """An error tells what it carries."""
    assert_type(fault.rule, int | None)
    return fault.what
