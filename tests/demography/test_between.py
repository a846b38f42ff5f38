"""Stocks between the dates of a projection."""

from __future__ import annotations

import numpy as np
import pytest

import migov as mg
from migov.core.errors import InputError, ParameterError, TimeError
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
        (lambda: interpolate(X * 0, "year", how="exponential"), InputError),
        (lambda: interpolate(X, "year", how="cubic"), ParameterError),
    ],
)
def test_bad_input(fault, kind):
    with pytest.raises(kind):
        fault()
