"""Stocks between the dates of a projection."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import (
    AgeError,
    AlignmentError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    PartitionError,
    TimeError,
    UnitError,
)
from migov.demography import interpolate_cohorts
from migov.demography.between import interpolate

X = mg.Cells(
    ((100.0, 200.0, 100.0), (10.0, 10.0, 20.0)),
    area="ALB MDA",
    time="2020-07-01 2025-07-01 2030-07-01",
).array("person")


def test_given_dates_are_kept_and_the_rest_is_numpys():
    out = interpolate(X, "year")
    assert out.sizes["time"] == 11
    assert str(out.time.values[3]) == "2023-07-01T00:00:00"
    for area in ("ALB", "MDA"):
        expected = np.interp(np.arange(11), [0, 5, 10], X.sel(area=area))
        np.testing.assert_allclose(out.sel(area=area), expected, rtol=1e-14)
    given = out.sel(time=X.time)
    np.testing.assert_array_equal(given, X)


def test_constant_growth_is_constant():
    out = interpolate(X, "year", how="exponential").sel(area="ALB")
    growth = np.diff(np.log(out.values[:6]))
    np.testing.assert_allclose(growth, np.log(2) / 5, rtol=1e-12)


def test_derived_values_say_so_and_flags_are_joined():
    marked = mg.status.mark(X, "forecast", at=X.time == X.time[1])
    out = interpolate(marked, ["2020-07-01", "2022-07-01", "2025-07-01"]).isel(area=0)
    told = [mg.status.names(int(b)) for b in out.observation_status.values]
    assert told[0] == ("forecast",)
    assert told[1] == ("forecast", "derived")


def test_lazy_stays_lazy():
    lazy = interpolate(X.chunk({"area": 1}), "year")
    assert lazy.chunks is not None
    np.testing.assert_array_equal(lazy.compute(), interpolate(X, "year"))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (lambda: interpolate(X, ["2035-07-01"]), TimeError),
        (lambda: interpolate(X.isel(time=[0]), "year"), TimeError),
        (lambda: interpolate((X * 0).assign_attrs(X.attrs), "year", how="exponential"), InputError),
        (lambda: interpolate(X, "year", how="cubic"), ParameterError),
        (lambda: interpolate(X, [2025]), TimeError),
        (lambda: interpolate(X, []), TimeError),
        (lambda: interpolate(X, ["spring"]), TimeError),
        (lambda: interpolate(X.drop_attrs(), "year"), UnitError),
        (lambda: interpolate(X.assign_attrs(units="florin"), "year"), UnitError),
        (lambda: interpolate(X.assign_coords(area=["MDA", "WLD"]), "year"), PartitionError),
        (
            lambda: interpolate(X.rename(area="sex").assign_coords(sex=["F", "_T"]), "year"),
            PartitionError,
        ),
        (lambda: interpolate(X.values, "year"), KindError),
    ],
)
def test_bad_input(fault, kind):
    with pytest.raises(kind):
        fault()


# --- along cohorts ---------------------------------------------------------------------------

WIDTH, GROUPS, WIDTHS = 5, 8, 2
STARTS = "2010-01-01/2015-01-01 2015-01-01/2020-01-01"
AGE = "0-4 5-9 10-14 15-19 20-24 25-29 30-34 35+"


def censuses(first, last, born):
    people = mg.Cells([first, last], time="2010-01-01 2020-01-01", age=AGE).array("person")
    return people, mg.Cells(born, period=STARTS).array("person")


def slow(first, last, born, part):
    """The population halfway, cohort by cohort, in plain Python."""
    out = [0.0] * GROUPS
    for i in range(GROUPS - 1 - WIDTHS):
        out[i + 1] += part(first[i], last[i + WIDTHS], 0.5)
    old = first[GROUPS - 1 - WIDTHS :]
    now = part(sum(old), last[-1], 0.5)
    for i, number in enumerate(old):
        out[min(GROUPS - 1 - WIDTHS + i + 1, GROUPS - 1)] += number / sum(old) * now
    out[0] = part(born[0], last[1], (5 - 2.5) / (10 - 2.5))
    return out


@pytest.mark.parametrize("how", ["linear", "exponential"])
def test_cohorts_against_a_loop(how):
    rng = np.random.default_rng(4)
    first, last, born = (list(rng.uniform(10, 99, n)) for n in (GROUPS, GROUPS, WIDTHS))
    part = {
        "linear": lambda a, b, f: a + (b - a) * f,
        "exponential": lambda a, b, f: a * (b / a) ** f,
    }[how]
    people, births = censuses(first, last, born)
    found = interpolate_cohorts(
        people, ["2010-01-01", "2015-01-01", "2020-01-01"], births=births, how=how
    )
    np.testing.assert_allclose(found[1], slow(first, last, born, part), rtol=1e-13)
    np.testing.assert_array_equal(found[[0, 2]], people)
    told = [mg.status.names(int(b)) for b in found.observation_status.isel(age=0)]
    assert told == [(), ("derived",), ()]


def test_a_wave_moves_with_its_cohort():
    """A hump of 20-24 is one of 25-29 five years later: age by age it would be lost."""
    first = [50.0] * GROUPS
    first[4] = 90.0
    last = [50.0] * (GROUPS - 1) + [150.0]
    last[6] = 90.0
    people, births = censuses(first, last, [50.0, 50.0])
    found = interpolate_cohorts(people, ["2015-01-01"], births=births)
    assert float(found.sel(age=25).squeeze()) == pytest.approx(90.0)
    assert float(interpolate(people, ["2015-01-01"]).sel(age=25).squeeze()) == 50.0


def test_nobody_stays_nobody_and_dimensions_pass_through():
    first, last = [0.0] * GROUPS, [0.0] * GROUPS
    people, births = censuses(first, last, [0.0, 0.0])
    assert float(interpolate_cohorts(people, ["2015-01-01"], births=births).sum()) == 0.0
    rng = np.random.default_rng(5)
    parts = [
        censuses(*(list(rng.uniform(10, 99, n)) for n in (GROUPS, GROUPS, WIDTHS)))
        for _ in range(3)
    ]
    area = {"area": ["DEU", "MDA", "POL"]}
    people = xr.concat([p for p, _ in parts], "area").assign_coords(area)
    births = xr.concat([b for _, b in parts], "area").assign_coords(area)
    found = interpolate_cohorts(
        people.transpose("age", "area", "time"), ["2015-01-01"],
        births=births.isel(area=[2, 0, 1]),
    )  # fmt: skip
    for i, (one, own) in enumerate(parts):
        alone = interpolate_cohorts(one, ["2015-01-01"], births=own)
        np.testing.assert_array_equal(
            found.isel(area=i).transpose("time", "age").values, alone.values
        )


PEOPLE, BIRTHS = censuses([50.0] * GROUPS, [60.0] * GROUPS, [50.0, 50.0])


def test_dates_of_a_projection_are_filled_pair_by_pair():
    """Three dates are two pairs; births of a step of two widths are spread evenly over them."""
    rng = np.random.default_rng(6)
    one, two, three = (list(rng.uniform(10, 99, GROUPS)) for _ in range(3))
    early, births = censuses(one, two, [40.0, 40.0])
    late, more = censuses(two, three, [55.0, 70.0])
    late = late.assign_coords(time=np.array(["2020-01-01", "2030-01-01"], "M8[s]"))
    more = more.assign_coords(
        period=np.array(["2020-01-01", "2025-01-01"], "M8[s]"),
        period_end=("period", np.array(["2025-01-01", "2030-01-01"], "M8[s]")),
    )
    people = xr.concat([early, late.isel(time=[1])], "time").assign_attrs(early.attrs)
    whole = (
        births.isel(period=[0])
        .copy(data=[80.0])
        .assign_coords(period_end=("period", np.array(["2020-01-01"], "M8[s]")))
    )
    born = xr.concat([whole, more], "period").assign_attrs(births.attrs)
    dates = ["2015-01-01", "2020-01-01", "2025-01-01", "2030-01-01"]
    found = interpolate_cohorts(people, dates, births=born, how="linear")
    for pair, own, at in ((early, births, [0, 1]), (late, more, [2, 3])):
        alone = interpolate_cohorts(pair, [dates[i] for i in at], births=own, how="linear")
        np.testing.assert_array_equal(found.isel(time=at).values, alone.values)


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [
        ({"to": ["2012-01-01"]}, TimeError, "whole 5 years"),
        ({"to": ["2025-01-01"]}, TimeError, "inside"),
        ({"how": "cubic"}, ParameterError, "how"),
        ({"births": BIRTHS.isel(period=[0])}, TimeError, "adjoining periods of 5 years"),
        ({"births": -BIRTHS}, MigovError, "births"),
        ({"population": PEOPLE.isel(time=[0])}, TimeError, "two"),
        ({"population": PEOPLE.isel(age=slice(0, 7))}, AgeError, "open one"),
        ({"population": PEOPLE.isel(age=[0, 2, 3, 4, 5, 6, 7])}, AgeError, "gap"),
        ({"population": PEOPLE.where(PEOPLE.age != 10)}, InputError, "population is missing"),
        ({"population": PEOPLE.expand_dims(sex=["F", "_T"])}, PartitionError, "_T"),
        ({"births": BIRTHS.expand_dims(area=["DEU"])}, AlignmentError, "area"),
        ({"births": BIRTHS / 1000}, InputError, "births are 0, .*thousand person"),
        (
            {"population": PEOPLE * xr.DataArray([1.0, 0.001], {"time": PEOPLE.time})},
            InputError,
            "400 persons and at the next date 0",
        ),
    ],
)
def test_cohorts_that_cannot_be_followed(change, kind, told):
    given = {"population": PEOPLE, "to": ["2015-01-01"], "births": BIRTHS, **change}
    for name, like in (("population", PEOPLE), ("births", BIRTHS)):
        given[name] = given[name].assign_attrs(like.attrs)
    with pytest.raises(kind, match=f"(?s){told}"):
        interpolate_cohorts(given.pop("population"), given.pop("to"), **given)
