"""Checks of data: heaping against published packages, implied shares, breaks, the page."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.compare import (
    breaks,
    completeness,
    implied_share,
    myers,
    overlaps,
    quality,
    quality_page,
    timeliness,
    whipple,
)
from migov.core import definitions as d
from migov.core import status
from migov.core.errors import (
    AgeError,
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
    UnitError,
)


def single(values, first=0):
    age = np.arange(first, first + len(values))
    coords = {"age": age, "age_width": ("age", np.ones(len(age)))}
    return xr.DataArray(np.asarray(values, float), coords, "age", attrs={"units": "person"})


def series(values, name="population"):
    time = np.array([f"{2010 + i}-07-01" for i in range(len(values))], "M8[s]")
    return xr.DataArray(
        np.asarray(values, float), {"time": time}, "time", name, {"units": "person"}
    )


def test_heaping_of_published_packages(shared):
    folder = shared / "golden" / "demography" / "heaping"
    counts = pd.read_csv(folder / "single_age_counts.csv")
    expected = pd.read_csv(folder / "indices.csv")
    checked = 0
    for row in expected.itertuples():
        part = counts[counts.population == row.population].sort_values("age")
        x = single(part["count"])
        low, high = (int(re.search(rf"age{end}=(\d+)", row.parameters, re.I)[1]) if
                     re.search(rf"age{end}=(\d+)", row.parameters, re.I) else None
                     for end in ("Min", "Max"))  # fmt: skip
        if row[2] == "whipple":
            digits = tuple(map(int, re.search(r"digit=([\d,]+)", row.parameters)[1].split(",")))
            got = whipple(x, lower=low, upper=high, digits=digits, scale="ratio").item()
        elif row[2] == "myers":
            got = myers(x, lower=low, upper=high).item()
        elif row[2] == "myers_pasex":
            got = myers(x, lower=low, upper=high, blend="all ages").item()
        else:
            continue
        assert got == pytest.approx(row.value, rel=1e-10), (row.population, row.parameters)
        checked += 1
    assert checked == 4 * 15  # twelve of Whipple, three of Myers, four populations


def test_limits_of_heaping():
    age = np.arange(101)
    flat, heaped = single(np.ones(101)), single(np.where(age % 5 == 0, 1.0, 0.0))
    assert whipple(flat).item() == 100
    assert whipple(heaped).item() == 500
    assert myers(single(np.where(age % 10 == 0, 1.0, 0.0))).item() == pytest.approx(90)
    missing = single(np.where(age == 30, np.nan, 1.0))
    assert np.isnan(whipple(missing).item())
    assert np.isnan(myers(missing).item())
    later = single(np.ones(70), first=15)
    assert whipple(later).item() == 100
    both = xr.concat([flat, heaped], "sex").assign_coords(sex=["F", "M"]).assign_attrs(flat.attrs)
    assert whipple(both).values.tolist() == [100, 500]


def test_heaping_is_lazy():
    dask = pytest.importorskip("dask.array")
    x = single(np.arange(101.0) + 1)
    both = xr.concat([x, x], "sex").assign_coords(sex=["F", "M"]).assign_attrs(x.attrs)
    found = whipple(both.chunk(sex=1))
    assert isinstance(found.data, dask.Array)
    np.testing.assert_array_equal(found.compute().values, [whipple(x).item()] * 2)


def test_implied_migrant_share_of_published_rates(shared):
    folder = shared / "golden" / "governance" / "sdg"
    for kind in ("fatal", "nonfatal"):
        frame = pd.read_csv(folder / f"sdg_8_8_1_{kind}_published.csv")
        labels = {"row": np.arange(len(frame))}
        rates = [
            xr.DataArray(
                frame[name].to_numpy(float), labels, "row",
                attrs={"units": "per_hundred_thousand/year"},
            )
            for name in ("all_workers", "migrants", "non_migrants")
        ]  # fmt: skip
        found = implied_share(*rates)
        expected = frame["implied_migrant_share_of_workers"].to_numpy(float)
        # rates are published with two decimals, shares with four
        np.testing.assert_allclose(found.share.values, expected, atol=6e-5)
        assert found.impossible.values.tolist() == (frame.iso3 == "PAK").tolist()
        assert len(frame) == (2 if kind == "fatal" else 5)


def test_implied_share_of_equal_rates():
    x = xr.DataArray([2.0], {"area": ["DEU"]}, "area", attrs={"units": "percent"})
    same = implied_share(x, x, x)
    assert np.isnan(same.share.item())
    assert not same.impossible.item()
    other = implied_share((x * 2).assign_attrs(x.attrs), x, x)
    assert other.impossible.item()


def test_completeness_by_reason():
    x = xr.DataArray(
        [[1.0, np.nan], [np.nan, np.nan]],
        {"area": ["DEU", "MDA"], "sex": ["F", "M"]},
        ("area", "sex"),
    )
    x = status.mark(
        x, "suppressed", at=xr.DataArray([[False, True], [False, False]], x.coords, x.dims)
    )
    whole = completeness(x)
    assert whole.share.item() == 25
    assert whole.cells.sel(reason="suppressed").item() == 1
    assert whole.cells.sel(reason="unexplained").item() == 2
    by_area = completeness(x, ["sex"])
    assert by_area.share.values.tolist() == [50, 0]
    assert by_area.cells.sum("reason").values.tolist() == [1, 2]


def test_timeliness_of_intervals_counts_from_their_end():
    x = xr.DataArray(
        [1.0],
        {
            "period": np.array(["2020-01-01"], "M8[s]"),
            "period_end": ("period", np.array(["2021-01-01"], "M8[s]")),
        },
        "period",
    )
    assert timeliness(x, "2021-07-01").item() == 6


def test_overlaps_are_all_told():
    x = xr.DataArray(
        np.ones((2, 3)), {"area": ["YUG", "SRB"], "sex": ["F", "M", "_T"]}, ("area", "sex")
    )
    found = overlaps(x)
    assert found.dimension.tolist() == ["area", "sex"]
    assert overlaps(series([1, 2])).empty


def test_breaks_by_flag_and_by_jump():
    smooth = 100 * np.exp(0.01 * np.arange(12))
    assert not breaks(series(smooth)).jump.any()
    cut = smooth.copy()
    cut[7:] *= 0.8
    found = breaks(series(cut))
    assert found.jump.values.nonzero()[0].tolist() == [7]
    x = series(smooth)
    flagged = status.mark(x, "break", at=xr.DataArray(np.arange(12) == 3, x.coords, x.dims))
    assert breaks(flagged).flagged.values.nonzero()[0].tolist() == [3]
    # five-yearly dates: growth is a year's
    wide = series(smooth[:3]).assign_coords(
        time=np.array(["2000-01-01", "2005-01-01", "2010-01-01"], "M8[s]")
    )
    assert breaks(wide).growth.values[1] == pytest.approx(0.002)


def test_the_page():
    age = np.arange(101)
    people = single(np.where(age % 5 == 0, 3.0, 1.0))
    data = {
        "stock": mg.define(series([100, 101, 102, 250, 252, 254]), d.UN_WPP_2024),
        "ages": people,
        "hole": series([1.0, np.nan, 3.0]),
        "odd": series([1.0, -2.0, np.inf]),
    }
    found = quality(data, published="2016-07-01")
    verdict = found.verdict.to_pandas()
    assert verdict.loc["stock", "jumps"] == "look"
    assert verdict.loc["stock", "definition"] == "good"
    assert verdict.loc["ages", "heaping"] == "look"
    assert verdict.loc["stock", "heaping"] == "not applicable"
    assert verdict.loc["hole", "unexplained"] == "look"
    assert found.value.sel(variable="odd", check="impossible_values").item() == 2
    assert found.value.sel(variable="stock", check="timeliness").item() == 12
    page = quality_page(found, "Outlook")
    assert page.startswith("# Outlook\n\n## In short\n\n4 variables; 4 have something to look at.")
    assert "at 2013-07-01" in page
    assert "| ages | heaping |" in page
    assert page.index("## To look at") < page.index("## All checks")
    assert "| stock | good |" in page
    assert len(page.splitlines()) < 55
    assert mg.report.quality_page(found, "Outlook").markdown() == page
    handed = mg.report.quality_page(found, "Outlook <test>")
    assert "Outlook &lt;test&gt;" in handed.html()
    assert [head for head, _ in handed.sections][1] == "To look at"
    assert quality(xr.Dataset({"stock": data["stock"]})).sizes["variable"] == 1


RATE = xr.DataArray([1.0], {"area": ["DEU"]}, "area", attrs={"units": "percent"})


@pytest.mark.parametrize(
    ("call", "kind", "argument"),
    [
        (lambda: whipple(series([1, 2])), DimensionError, "x"),
        (lambda: whipple(single(np.ones(50))), AgeError, "x"),
        (lambda: whipple(single(-np.ones(101))), InputError, "x"),
        (lambda: whipple(single(np.ones(101)).drop_attrs()), UnitError, "x"),
        (lambda: whipple(single(np.ones(101)), lower=0), ParameterError, "lower"),
        (lambda: whipple(single(np.ones(101)), digits=()), ParameterError, "digits"),
        (lambda: whipple(single(np.ones(101)), digits=(0, 4)), ParameterError, "digits"),
        (lambda: whipple(single(np.ones(101)), scale="percent"), ParameterError, "scale"),
        (lambda: myers(single(np.ones(101)), upper=80), ParameterError, "upper"),
        (lambda: myers(single(np.ones(101)), blend="x"), ParameterError, "blend"),
        (lambda: completeness(series([])), InputError, "x"),
        (lambda: completeness(series([1.0]), ["sex"]), DimensionError, "x"),
        (lambda: timeliness(RATE, "2020-01-01"), TimeError, "x"),
        (lambda: timeliness(series([1.0]), "2000-01-01"), TimeError, "published"),
        (lambda: timeliness(series([1.0]), "2020"), TimeError, "published"),
        (lambda: breaks(series([1.0, 2.0])), DimensionError, "x"),
        (lambda: breaks(series([1.0, 2.0, 3.0]), limit=0), ParameterError, "limit"),
        (lambda: overlaps([1]), KindError, "x"),
        (
            lambda: implied_share(RATE, RATE, RATE.assign_coords(area=["MDA"])),
            AlignmentError,
            "rest",
        ),
        (lambda: implied_share(RATE, RATE.assign_attrs(units="person"), RATE), UnitError, "part"),
        (lambda: quality([1.0]), KindError, "data"),
        (lambda: quality(xr.Dataset()), KindError, "data"),
        (lambda: quality_page(xr.Dataset()), KindError, "found"),
    ],
)
def test_bad_input_names_its_argument(call, kind, argument):
    with pytest.raises(kind) as fault:
        call()
    assert isinstance(fault.value, MigovError)
    assert fault.value.argument == argument
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)


def _series(*values):
    days = np.array([f"{2010 + i}-07-01" for i in range(len(values))], "M8[s]")
    return xr.DataArray(
        list(values), {"time": days}, "time", "p", {"units": "million person"}
    ).astype(float)


NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "years"),
    [
        ((2.9, 2.85, 2.8, 3.9, 2.7), (2013, 2014)),
        ((2.9, 2.85, 2.8, 3.9, 2.7, NAN), (2013, 2014)),
        ((NAN, 2.9, 2.85, 2.8, 3.9, 2.7), (2014, 2015)),
        ((2.9, 2.85, 2.8, 3.9, 2.7, 2.65), (2013, 2014)),
        ((2.9, 2.85, NAN, 3.9, 3.85, 3.8), (2013,)),
        ((2.9, 2.85, 2.8, NAN, 2.7, 2.65), ()),
        ((3.0, 30.0, 3.0), (2011, 2012)),
        ((3.0, 3.3, 3.6), ()),
        ((1.0, 2.0, 4.0, 8.0), ()),
        ((5.0, 6.0, 9.0, 7.0, 12.0, 8.0, 15.0), ()),
    ],
)
def test_jumps_of_short_series_and_beside_missing_numbers(values, years):
    x = _series(*values)
    told = mg.compare.breaks(x).jump
    assert told.time.dt.year.values[told.values].tolist() == list(years)
    found = mg.compare.quality(x).finding.sel(variable="p", check="jumps").item()
    assert found == ("at " + ", ".join(f"{y}-07-01" for y in years) if years else "none")


def test_jumps_are_the_same_series_by_series_and_lazily():
    rows = [(2.9, 2.85, 2.8, 3.9, 2.7, NAN), (2.9, 2.85, NAN, 3.9, 3.85, 3.8)]
    whole = xr.concat([_series(*row) for row in rows], "wave").assign_coords(wave=[1, 2])
    found = mg.compare.breaks(whole)
    for i, row in enumerate(rows):
        np.testing.assert_array_equal(
            found.jump.isel(wave=i), mg.compare.breaks(_series(*row)).jump
        )
    pytest.importorskip("dask")
    lazy = mg.compare.breaks(whole.chunk(time=2, wave=1))
    xr.testing.assert_equal(lazy.compute(), found)


def test_nobody_between_thousands_cannot_be_and_a_unit_is_asked_for():
    def cell(x, check):
        return mg.compare.quality(x).sel(variable="p", check=check)

    wrong = cell(_series(2.9, 2.85, 0.0, NAN, 2.7), "impossible_values")
    assert (wrong.finding.item(), wrong.verdict.item()) == ("1 zero between thousands", "look")
    few = _series(5, 0, 3).assign_attrs(units="person")
    for right in (few, _series(0.0, 2.0, 3.0), _series(2.0, 3.0, 0.0)):
        assert cell(right, "impossible_values").verdict.item() == "good"
    bare = few.copy()
    bare.attrs = {}
    assert cell(bare, "unit").verdict.item() == "look"
    assert "none: x.assign_attrs" in cell(bare, "unit").finding.item()
    assert cell(few, "unit").verdict.item() == "good"
