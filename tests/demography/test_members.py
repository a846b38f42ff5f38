"""Quantiles, probabilities, calibration and the scaled model of error."""

from __future__ import annotations

import csv
import json
import math
import pickle

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core import status
from migov.core.errors import (
    AlignmentError,
    DefinitionError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.demography import ScaledError, calibration, intervals, probability, quantiles


def drawn(members=500, seed=3):
    """Populations of two areas that rise and fall together."""
    rng = np.random.default_rng(seed)
    common, own = rng.standard_normal(members), rng.standard_normal((2, members))
    values = np.array([[100.0], [50.0]]) * (1 + 0.05 * (common + 0.2 * own))
    labels = " ".join(map(str, range(members)))
    cells = mg.Cells(values, area="DEU MDA", member=labels)
    return mg.define(cells.array("thousand person"), mg.definitions.UN_WPP_2024)


# --- quantiles, fans, probabilities ----------------------------------------------------------


def test_quantiles_agree_with_the_definition_by_hand():
    x = drawn(101)
    found = quantiles(x, [0.0, 0.25, 0.333, 1.0])
    for area in ("DEU", "MDA"):
        values = sorted(x.sel(area=area).values)
        for q in (0.0, 0.25, 0.333, 1.0):
            at = q * 100
            low = int(at)
            high = min(low + 1, 100)
            wanted = values[low] + (at - low) * (values[high] - values[low])
            assert found.sel(area=area, quantile=q).item() == pytest.approx(wanted, rel=1e-13)
    assert found.attrs["units"] == "thousand person"
    assert mg.definition_of(found) == mg.definitions.UN_WPP_2024


def test_a_sum_within_members_keeps_the_correlation():
    x = drawn(4000)
    whole = quantiles(mg.total(x, "area"), [0.1, 0.9])
    parts = quantiles(x, [0.1, 0.9]).sum("area")
    spread = float(whole.isel(quantile=1) - whole.isel(quantile=0))
    apart = float(parts.isel(quantile=1) - parts.isel(quantile=0))
    assert spread < apart
    # the variance of a sum is the sum of all covariances
    table = np.cov(x.values, bias=True)
    assert mg.total(x, "area").values.var() == pytest.approx(table.sum(), rel=1e-10)
    # exchanging members between areas loses what they share
    mixed = x.copy(deep=True)
    mixed.values[1] = np.random.default_rng(1).permutation(mixed.values[1])
    fan = [float(np.ptp(quantiles(mg.total(y, "area"), [0.1, 0.9]).values)) for y in (mixed, x)]
    assert fan[0] < 0.85 * fan[1]


def test_fans_are_the_quantiles():
    x = status.mark(drawn(), "stylised")
    fan = intervals(x, [95, 50])
    assert fan["level"].values.tolist() == [50, 95]
    wanted = quantiles(x, [0.025, 0.25, 0.5, 0.75, 0.975])
    assert np.array_equal(fan["median"].values, wanted.sel(quantile=0.5).values)
    assert np.allclose(fan["lower"].sel(level=95), wanted.isel(quantile=0), rtol=1e-13)
    assert np.allclose(fan["upper"].sel(level=50), wanted.isel(quantile=3), rtol=1e-13)
    assert (fan["lower"].observation_status == status.flag("stylised")).all()


def test_chunks_of_members_do_not_matter():
    x = drawn()
    lazy = quantiles(x.chunk(member=100, area=1), [0.1, 0.9])
    assert np.array_equal(lazy.values, quantiles(x, [0.1, 0.9]).values)
    part = probability(x.chunk(member=100), above=100)
    assert np.array_equal(part.probability.values, probability(x, above=100).probability.values)


def test_probabilities_count_members():
    x = drawn()
    found = probability(x, above=95, below=102)
    values = x.sel(area="DEU").values
    share = sum(95 < v < 102 for v in values) / len(values)
    cell = found.sel(area="DEU")
    assert cell.probability.item() == share
    assert cell.standard_error.item() == pytest.approx(math.sqrt(share * (1 - share) / 500))
    three = [probability(x, below=100), probability(x, above=100)]
    assert (three[0].probability + three[1].probability == 1.0).all()
    gap = x.where((x.member != 3) | (x.area != "MDA"))
    gap.attrs = x.attrs
    assert np.isnan(probability(gap, above=1).probability.sel(area="MDA"))
    assert np.isnan(quantiles(gap).sel(area="MDA")).all()


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (lambda x: quantiles(x, [0.5, 1.2]), ParameterError, "probabilities"),
        (lambda x: quantiles(x, [0.9, 0.1]), ParameterError, "probabilities"),
        (lambda x: quantiles(x.isel(member=[0])), DimensionError, "one member"),
        (lambda x: quantiles(x.isel(member=0)), DimensionError, "member"),
        (lambda x: quantiles(x.assign_coords(member=[0] * 500)), DimensionError, "twice"),
        (lambda x: quantiles(x.values), KindError, "x"),
        (lambda x: intervals(x, [0]), ParameterError, "levels"),
        (lambda x: intervals(x, [80, 80]), ParameterError, "levels"),
        (lambda x: intervals(x, [0.8]), ParameterError, r"shares, expected percent .*\n.*=\[80\]"),
        (lambda x: intervals(x, 0.5), ParameterError, r"levels=\[50\]"),
        (lambda x: probability(x), ParameterError, "above"),
        (lambda x: probability(x, above=5, below=5), ParameterError, "nothing"),
        (lambda x: probability(x, above="many"), ParameterError, "above"),
        (lambda x: probability(x.drop_attrs(), above=1), UnitError, "x"),
        (lambda x: quantiles(x * np.inf), MigovError, "x"),
    ],
)
def test_bad_inputs_are_named(call, kind, told):
    with pytest.raises(kind, match=told) as caught:
        call(drawn())
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


# --- scores ----------------------------------------------------------------------------------


def test_a_scale_in_percent_is_told():
    with pytest.raises(ParameterError) as caught:
        ScaledError(process="fertility").run(path(), 5, members=3, seed=7)
    assert caught.value.mend == "scale=0.05, if it is in percent"


def test_percent_for_probabilities_are_told():
    x = mg.Cells(range(11), member=" ".join(map(str, range(11)))).array("person")
    with pytest.raises(ParameterError) as caught:
        mg.demography.quantiles(x, [10, 50, 90])
    assert caught.value.mend == "probabilities=[0.1, 0.5, 0.9]"


def test_a_good_forecast_is_calibrated_and_a_narrow_one_is_not():
    rng = np.random.default_rng(5)
    areas = [f"X{i}" for i in range(2000)]
    centre = rng.standard_normal(2000)
    labels = {"area": areas, "member": range(99)}

    def forecast(width):
        noise = rng.standard_normal((2000, 99))
        values = centre[:, None] + width * noise
        return xr.DataArray(values, labels, ["area", "member"], attrs={"units": "person"})

    seen = xr.DataArray(
        centre + rng.standard_normal(2000), {"area": areas}, "area", attrs={"units": "person"}
    )
    good, narrow = (calibration(forecast(width), seen) for width in (1.0, 0.5))
    assert good.coverage.values == pytest.approx([50, 80, 95], abs=3)
    assert (narrow.coverage < good.coverage - 10).all()
    assert float(good.crps.mean()) < float(narrow.crps.mean())
    assert (good.interval_score < narrow.interval_score)[-1]
    bins = np.histogram(good.pit, bins=10, range=(0, 1))[0]
    chi = ((bins - 200) ** 2 / 200).sum()
    assert chi < 27.9  # 99.9 percent of chi-square with nine degrees of freedom
    assert ((np.histogram(narrow.pit, bins=10, range=(0, 1))[0] - 200) ** 2 / 200).sum() > 100


def test_units_meet_and_definitions_differ():
    x = drawn()
    seen = mg.define(
        mg.Cells((101000.0, 49000.0), area="DEU MDA").array("person"), mg.definitions.UN_WPP_2024
    )
    found = calibration(x, seen)
    same = calibration(x, mg.define(
        mg.Cells((101.0, 49.0), area="DEU MDA").array("thousand person"),
        mg.definitions.UN_WPP_2024))  # fmt: skip
    assert found.crps.values == pytest.approx(same.crps.values, rel=1e-12)
    assert found.crps.attrs["units"] == "thousand person"
    with pytest.raises(DefinitionError):
        calibration(x, mg.define(seen, mg.definitions.UN_DE_FACTO))
    with pytest.raises(InputError, match="observed is missing at area MDA"):
        calibration(x, seen.where(seen.area == "DEU").assign_attrs(seen.attrs))
    with pytest.raises(AlignmentError, match="ALB"):
        calibration(x, seen.assign_coords(area=["DEU", "ALB"]))
    with pytest.raises(UnitError, match="observed"):
        calibration(x, seen.assign_attrs(units="percent"))
    with pytest.raises(DimensionError, match="member"):
        calibration(seen, seen)
    with pytest.raises(DimensionError, match="observed"):
        calibration(x, x)


# --- the scaled model of error ---------------------------------------------------------------


def path(periods=4, **labels):
    starts = [f"{2020 + 5 * i}-{2025 + 5 * i}" for i in range(periods)]
    shape = [periods, *(len(text.split()) for text in labels.values())]
    return mg.Cells(np.full(shape, 0.1), period=" ".join(starts), **labels).array("1/year")


@pytest.mark.parametrize("kappa", [0.0, 0.3, 1.0])
def test_the_variance_grows_as_it_should(kappa):
    spec = ScaledError(process="fertility", kappa=kappa)
    found = np.log(spec.run(path(), 0.05, members=4000, seed=7) / 0.1)
    t = np.arange(1, 5)
    wanted = 0.05**2 * (kappa * t**2 + (1 - kappa) * t)
    assert found.var("member").values == pytest.approx(wanted, rel=0.1)
    assert abs(found.mean("member").values) == pytest.approx(np.zeros(4), abs=0.01)


def test_errors_correlate_over_ages_areas_and_sexes():
    rates = path(1, sex="F M", age="20-24 25-29 30-34", area="DEU MDA")
    spec = ScaledError(process="fertility", age_correlation=0.8, area_correlation=0.5, sexes="own")
    found = np.log(spec.run(rates, 1.0, members=4000, seed=7) / 0.1).isel(period=0)

    def correlation(**places):
        ((name, two),) = places.items()
        rest = {d: 0 for d in ("sex", "age", "area") if d != name}
        return np.corrcoef(found.isel({name: two, **rest}).transpose(name, "member").values)[0, 1]

    assert correlation(age=[0, 1]) == pytest.approx(0.8, abs=0.03)
    assert correlation(age=[0, 2]) == pytest.approx(0.64, abs=0.04)
    assert correlation(area=[0, 1]) == pytest.approx(0.5, abs=0.05)
    assert correlation(sex=[0, 1]) == pytest.approx(0.0, abs=0.05)
    common = ScaledError(process="fertility").run(rates, 1.0, members=5, seed=7)
    assert np.array_equal(common.sel(sex="F").values, common.sel(sex="M").values)


def test_a_member_keeps_its_draws_whatever_else_is_drawn():
    spec = ScaledError(process="mortality", kappa=0.2, area_correlation=0.5)
    whole = spec.run(path(4, area="ALB DEU MDA"), 0.1, members=50, seed=7)
    part = spec.run(path(4, area="MDA ALB"), 0.1, members=[41, 3], seed=7)
    assert np.array_equal(part.values, whole.sel(area=["MDA", "ALB"], member=[41, 3]).values)
    other = ScaledError(process="fertility", kappa=0.2, area_correlation=0.5)
    assert not np.allclose(other.run(path(4, area="ALB DEU MDA"), 0.1, 50, 7), whole)


def test_the_slow_version_of_the_sum():
    spec = ScaledError(process="mortality", kappa=0.4)
    scale = mg.Cells((0.1, 0.2, 0.3), period="2020-2025 2025-2030 2030-2035").array("1")
    found = spec.run(path(3), scale, members=2, seed=11)
    for member in (0, 1):
        z = mg_normals(11, "mortality error", member, 4)
        total = 0.0
        for t in range(3):
            total += (0.1, 0.2, 0.3)[t] * (math.sqrt(0.4) * z[0] + math.sqrt(0.6) * z[t + 1])
            cell = found.sel(member=member).isel(period=t).item()
            assert cell == pytest.approx(0.1 * math.exp(total), rel=1e-12)


def mg_normals(seed, process, member, size):
    from migov.numeric.streams import stream

    return stream(seed, process, "", member).standard_normal(size)


def test_a_seed_is_drawn_and_told():
    spec = ScaledError(process="mortality")
    found = spec.run(path(), 0.1, members=3)
    again = spec.run(path(), 0.1, members=3, seed=found.attrs["seed"])
    assert np.array_equal(found.values, again.values)
    stated = json.loads(found.attrs["specification"])
    assert stated.pop("class") == "ScaledError"
    assert ScaledError(**stated) == spec


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (lambda s, x: s.run(-x, 0.1), MigovError, "rates"),
        (lambda s, x: s.run(x, -0.1), ParameterError, "scale"),
        (lambda s, x: s.run(x, 0.1, members=0), ParameterError, "members"),
        (lambda s, x: s.run(x, 0.1, members=2.5), ParameterError, "members"),
        (lambda s, x: s.run(x, 0.1, members=[1, 1]), ParameterError, "members"),
        (lambda s, x: s.run(x, 0.1, seed=-1), ParameterError, "seed"),
        (lambda s, x: s.run(x.isel(period=0), 0.1), DimensionError, "period"),
        (lambda s, x: s.run(x.isel(period=[0, 2]), 0.1), TimeError, "adjoin"),
        (lambda s, x: s.run(x.expand_dims(member=[1]), 0.1), DimensionError, "member"),
        (lambda s, x: s.run(x.values, 0.1), KindError, "rates"),
        (lambda s, x: s.run(x, mg.Cells((1,), area="DEU").array("1")), DimensionError, "area"),
        (lambda s, x: s.run(x, mg.Cells((1,), age="0-4").array("1")), AlignmentError, "age"),
        (lambda s, x: s.run(x, mg.Cells((-1, 1), age="0-4 5-9").array("1")), InputError,
         "scale"),
        (lambda s, x: ScaledError(process=""), ParameterError, "process"),
        (lambda s, x: ScaledError(process="x", kappa=2), ParameterError, "kappa"),
        (lambda s, x: ScaledError(process="x", sexes="both"), ParameterError, "sexes"),
    ],
)  # fmt: skip
def test_bad_inputs_of_the_model(call, kind, told):
    with pytest.raises(kind, match=told):
        call(ScaledError(process="mortality"), path(4, age="0-4 5-9"))


# --- held-back history -----------------------------------------------------------------------


def test_twenty_years_of_english_mortality_held_back(shared):
    """Errors of the size seen to 1991 around a line through it, against 1992 to 2011."""
    counts = np.zeros((2, 51, 5))
    name = "england_wales_male_deaths_exposures.csv"
    with (shared / "golden" / "demography" / "leecarter" / name).open() as file:
        for row in csv.DictReader(file):
            place = (int(row["year"]) - 1961, (int(row["age"]) - 40) // 10)
            if 0 <= place[1] < 5:
                counts[(0, *place)] += float(row["deaths"])
                counts[(1, *place)] += float(row["exposure_person_years"])
    log = np.log(counts[0] / counts[1])
    known = log[:31]
    drift = (known[-1] - known[0]) / 30
    size = np.diff(known, axis=0).std(axis=0, ddof=1)
    years = " ".join(map(str, range(1992, 2012)))
    groups = "40-49 50-59 60-69 70-79 80-89"
    centre = mg.Cells(
        np.exp(known[-1] + drift * np.arange(1, 21)[:, None]), period=years, age=groups
    ).array("1/year")
    seen = mg.Cells(np.exp(log[31:]), period=years, age=groups).array("1/year")
    scale = mg.Cells(size, age=groups).array("1")
    spec = ScaledError(process="mortality", age_correlation=0.5)
    walk = calibration(spec.run(centre, scale, members=500, seed=7), seen)
    trend = ScaledError(process="mortality", age_correlation=0.5, kappa=0.1)
    wide = calibration(trend.run(centre, scale, members=500, seed=7), seen)
    # mortality fell faster than before: the truth lies low, wider members hold more of it
    assert float(walk.pit.mean()) < 0.3
    assert walk.coverage.values == pytest.approx([27, 59, 78], abs=2)
    assert (wide.coverage >= walk.coverage).all()
    assert float(wide.coverage.sel(level=95)) > float(walk.coverage.sel(level=95))
    assert int(walk.cells) == 100
