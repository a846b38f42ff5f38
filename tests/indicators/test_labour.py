"""Labour markets, mismatch, shortage, recognition, conditions of work: against published cases."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import (
    AlignmentError,
    CodeError,
    DefinitionError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    PartitionError,
    UnitError,
)
from migov.core.status import flag

MISMATCH = "golden/labour/mismatch"
SDG = "golden/governance/sdg"
BY_19 = mg.Definition(labour_standard="19th ICLS")
ABROAD = BY_19.evolve(criterion="birth", residence_rule="usual", counts="persons")


def array(values, unit, **labels):
    coords = {name: list(map(str, one)) for name, one in labels.items()}
    return xr.DataArray(np.asarray(values, float), coords, tuple(coords), attrs={"units": unit})


def refused(kind, argument, call, *args, **kwargs):
    with pytest.raises(kind, match=argument) as caught:
        call(*args, **kwargs)
    assert isinstance(caught.value, MigovError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


# --- labour market


def test_rates_of_the_modelled_estimates(shared):
    table = pd.read_csv(shared / "figures/labour_force_rates_ilo_modelled.csv")
    one = table[(table.iso3 == "DEU") & (table.year == 2020) & (table.sex == "both")]
    rates = one[one.age_start == 15].set_index(["indicator", "age_end"]).percent
    employed = rates["employment_to_population_ratio", 24.0]
    unemployed = rates["unemployment_rate", 24.0]
    force = employed / (1 - unemployed / 100)  # per hundred young persons
    idle = array(force - employed, "person")
    found = mg.UnemploymentRate(labour_standard="13th ICLS")(idle, array(force, "person")).item()
    assert found == pytest.approx(unemployed, rel=1e-12)
    assert mg.EmploymentRate(labour_standard="13th ICLS")(
        array(employed, "person"), array(100.0, "person")
    ).item() == pytest.approx(employed, rel=1e-12)


def test_standards_do_not_mix():
    by_13 = mg.define(array(72.5, "person"), mg.definitions.ILO_MODELLED_LABOUR_FORCE)
    by_19 = mg.define(array(4.0, "person"), mg.definitions.MDA_LABOUR_FORCE_SURVEY)
    refused(DefinitionError, "labour_force", mg.UnemploymentRate(), by_19, by_13)
    adults = array(100.0, "person")
    made = mg.ParticipationRate(labour_standard="19th ICLS")
    refused(DefinitionError, "labour_force", made, by_13, adults)
    assert mg.ParticipationRate(labour_standard="13th ICLS")(by_13, adults).item() == 72.5


def test_underutilisation_is_nested():
    given = [mg.define(array(x, "person"), BY_19) for x in (3.0, 30.0, 2.0, 5.0)]
    lu = {m: mg.LabourUnderutilisation(measure=m)(*given).item() for m in ("LU1", "LU2", "LU3")}
    lu4 = mg.LabourUnderutilisation(measure="LU4")(*given).item()
    assert lu == pytest.approx({"LU1": 10.0, "LU2": 100 * 5 / 30, "LU3": 100 * 8 / 35})
    assert lu4 == pytest.approx(100 * 10 / 35)
    assert lu4 > max(lu.values())
    made = mg.LabourUnderutilisation(measure="LU4")
    refused(KindError, "underemployed", made, *given[:2])
    refused(KindError, "potential", made, *given[:3])
    refused(ParameterError, "measure", mg.LabourUnderutilisation, measure="LU5")


def test_gap_is_in_percentage_points_and_signed():
    migrants, natives = array(0.62, "1"), array(70.0, "percent")
    gap = mg.NativeMigrantGap(migrants_are="born_abroad")(migrants, natives)
    assert gap.attrs["units"] == "percentage_point"
    assert gap.item() == pytest.approx(-8.0)
    with pytest.raises(TypeError):
        mg.NativeMigrantGap()
    made = mg.NativeMigrantGap(migrants_are="foreign_citizens")
    refused(InputError, "migrants", made, array(120.0, "percent"), natives)
    refused(UnitError, "natives", made, migrants, array(0.7, "percentage_point"))


def test_vacancy_rates(shared):
    table = pd.read_csv(shared / MISMATCH / "vacancy_rates.csv")
    sector = {"sector": table.sector}
    vacant, occupied, idle = (
        array(table[name], unit, **sector)
        for name, unit in (
            ("vacancies", "post"),
            ("occupied_posts", "post"),
            ("unemployed", "person"),
        )
    )
    rate = mg.JobVacancyRate()(vacant, occupied)
    np.testing.assert_allclose(rate, table.job_vacancy_rate_percent, rtol=1e-12)
    tight = mg.LabourMarketTightness(labour_standard="none")(vacant, idle)
    np.testing.assert_allclose(tight, table.tightness_v_over_u, rtol=1e-12)


def test_matching_efficiency_returns_what_a_matching_function_was_made_with():
    u, v, eta, efficiency = 120.0, 45.0, 0.6, 0.35  # of a month
    hires = 12 * efficiency * u**eta * v ** (1 - eta)
    period = {"period": "2021"}
    found = mg.MatchingEfficiency(eta=eta)(
        mg.Cells((hires,), "person", **period).array(),
        mg.Cells((u,), "person year", **period).array(),
        mg.Cells((v,), "post year", **period).array(),
    )
    assert found.item() == pytest.approx(efficiency, rel=1e-12)
    refused(ParameterError, "eta", mg.MatchingEfficiency, eta=1.5)


# --- mismatch


def by_education(shared):
    table = pd.read_csv(shared / MISMATCH / "education_by_occupation_input.csv")
    codes = {"ISCO1-3": "2", "ISCO4-8": "5", "ISCO9": "9"}
    levels = {f"ISCED{band}": band for band in ("0-2", "3-4", "5-8")}
    table = table.assign(
        occupation=table.occupation.map(codes), education=table.education.map(levels)
    )
    cells = table.pivot_table(
        "employed_thousand", ["group", "occupation"], "education", aggfunc="sum"
    )
    groups, jobs = (list(cells.index.unique(i)) for i in (0, 1))
    values = cells.fillna(0.0).to_numpy().reshape(len(groups), len(jobs), -1)
    return array(values, "thousand person", group=groups, occupation=jobs, education=cells.columns)


def test_education_by_occupation(shared):
    employed = by_education(shared)
    wanted = pd.read_csv(shared / MISMATCH / "education_by_occupation_expected.csv")
    wanted = wanted.set_index("group").loc[employed.group.values]
    np.testing.assert_allclose(
        mg.OverqualificationRate()(employed), wanted.overqualification_rate_tertiary_percent
    )
    for outcome in ("over", "under"):
        found = mg.EducationMismatchRate(method="normative", outcome=outcome)(employed)
        np.testing.assert_allclose(found, wanted[f"normative_{outcome}educated_share_percent"])
    either = mg.EducationMismatchRate(method="normative")(employed)
    np.testing.assert_allclose(100 - either, wanted.normative_matched_share_percent)


def test_armed_forces_and_the_unknown_are_left_out(shared):
    employed = by_education(shared)
    more = xr.concat(
        [employed, employed.isel(occupation=[0, 0]).assign_coords(occupation=["0", "_U"]) * 9],
        "occupation",
    ).assign_attrs(employed.attrs)
    for made in (mg.OverqualificationRate(), mg.EducationMismatchRate(method="normative")):
        xr.testing.assert_allclose(made(more).drop_attrs(), made(employed).drop_attrs())


def test_ages_are_cut_at_20_and_65(shared):
    employed = by_education(shared)
    ages = xr.DataArray([0.0, 15, 20, 65], {"age": [0.0, 15, 20, 65]}, "age").assign_coords(
        age_width=("age", [15.0, 5, 45, np.inf])
    )
    weights = xr.DataArray([5.0, 7.0, 1.0, 3.0], {"age": ages.age}, "age")
    aged = (employed * weights).assign_coords(age_width=ages.age_width).assign_attrs(employed.attrs)
    # the young and the old work below their level, and do not count
    aged = aged.where((aged.age == 20) | (aged.occupation != "2"), 0.0).assign_attrs(aged.attrs)
    made = mg.OverqualificationRate()
    xr.testing.assert_allclose(made(aged).drop_attrs(), made(employed).drop_attrs())


def test_occupations_and_levels_that_cannot_be(shared):
    employed = by_education(shared)
    made = mg.OverqualificationRate()
    named = employed.assign_coords(occupation=["managers", "clerks", "helpers"])
    refused(CodeError, "employed|occupation", made, named)
    refused(PartitionError, "employed", made, employed.isel(education=[0, 1]))
    straddling = employed.isel(education=[2]).assign_coords(education=["3-8"])
    refused(PartitionError, "employed", made, straddling)
    nested = employed.assign_coords(occupation=["2", "21", "9"])
    refused(PartitionError, "employed", made, nested)
    refused(KindError, "years", mg.EducationMismatchRate(method="mean"), employed)


def schooling(shared):
    return pd.read_csv(shared / MISMATCH / "years_of_schooling_input.csv")


def test_years_of_schooling(shared):
    rows = schooling(shared)
    wanted = pd.read_csv(shared / MISMATCH / "years_of_schooling_expected.csv")
    counts = pd.crosstab(rows.occupation, rows.years)
    labels = [f"y{year}" for year in counts.columns]
    employed = array(counts, "person", occupation=counts.index, education=labels)
    years = array(counts.columns, "year", education=labels)
    for method, name in (("mean", "mean_{}_1sd"), ("mode", "mode")):
        for outcome, sign in (("over", "plus"), ("under", "minus")):
            column = f"{outcome}_{name.format(sign)}_percent"
            made = mg.EducationMismatchRate(method=method, outcome=outcome)
            found = [made(employed.sel(occupation=[str(j)]), years).item() for j in counts.index]
            np.testing.assert_allclose(found, wanted[column])
            n = counts.sum(axis=1)
            whole = made(employed, years).item()
            assert whole == pytest.approx((wanted[column].to_numpy() * n).sum() / n.sum())


def test_mismatch_index(shared):
    cases = json.loads((shared / MISMATCH / "sstv_mismatch_index.json").read_text())
    for name, case in cases.items():
        if "inputs" not in case:
            continue
        given = case["inputs"]
        jobs = {"occupation": [str(i + 1) for i in range(len(given["u"]))]}
        phi = given.get("phi")
        extra = {}
        if phi is not None:
            extra["efficiency"] = array(phi, "1", **jobs)
        if "x" in given:
            extra["productivity"] = array(np.divide(given["x"], phi), "1", **jobs)
        found = mg.MismatchIndex(alpha=given["alpha"])(
            array(given["v"], "post", **jobs), array(given["u"], "person", **jobs), **extra
        ).item()
        assert found == pytest.approx(case["expected"]["M"], rel=1e-9, abs=1e-12), name


def test_mismatch_index_by_sector_and_without_the_dimension():
    v, u = (
        array([[3.0, 1], [1, 1]], unit, area=["DEU", "MDA"], sector=["A", "B"])
        for unit in ("post", "person")
    )
    np.testing.assert_allclose(mg.MismatchIndex(segments="sector")(v, u), 0.0, atol=1e-12)
    refused(DimensionError, "vacancies", mg.MismatchIndex(), v, u)


def test_dissimilarity(shared):
    cases = json.loads((shared / MISMATCH / "dissimilarity.json").read_text())
    names = {
        "duncan": "duncan_dissimilarity",
        "size_standardised": "size_standardised_dissimilarity",
        "karmel_maclachlan": "karmel_maclachlan",
    }
    for case in cases.values():
        jobs = {"occupation": [str(i + 1) for i in range(len(case["group_a_by_occupation"]))]}
        a = mg.define(array(case["group_a_by_occupation"], "person", **jobs), ABROAD)
        b = mg.define(array(case["group_b_by_occupation"], "person", **jobs), BY_19)
        for form, name in names.items():
            found = mg.OccupationalDissimilarity(form=form)(a, b).item()
            assert found == pytest.approx(case["expected"][name], abs=1e-12)
    refused(DefinitionError, "migrants", mg.OccupationalDissimilarity(), mg.define(a, None), b)


# --- shortage


def test_german_shortage_points(shared):
    table = pd.read_csv(shared / MISMATCH / "ba_shortage_points.csv").set_index("occupation")
    scores = table.drop(columns=["mean_points", "class"])
    given = array(scores, "1", job=scores.index, indicator=scores.columns)
    np.testing.assert_allclose(mg.BAShortagePoints()(given), table.mean_points)
    classes = table["class"].map({"shortage": 2.0, "watch": 1.0, "no_shortage": 0.0})
    np.testing.assert_array_equal(mg.BAShortagePoints(give="class")(given), classes)
    found = mg.BAShortagePoints().report(given)
    partial = flag("partial")
    assert ((found.observation_status.values & partial) > 0).tolist() == [*[False] * 5, True]


def test_helpers_are_not_rated_and_scores_are_whole():
    scores = array([[3.0, 3], [3, 3]], "1", occupation=["29221", "29222"], indicator=["a", "b"])
    np.testing.assert_array_equal(mg.BAShortagePoints()(scores), [np.nan, 3.0])
    refused(InputError, "scores", mg.BAShortagePoints(), scores.copy(data=scores.values + 0.5))
    refused(InputError, "scores", mg.BAShortagePoints(), (scores + 1).assign_attrs(units="1"))
    lazy = (scores + 1).assign_attrs(units="1").chunk({"occupation": 1})
    with pytest.raises(InputError, match="scores"):
        mg.BAShortagePoints()(lazy).compute()


def signals():
    rng = np.random.default_rng(5)
    jobs = {"occupation": list("123456789")}
    names = ("wages", "employment", "hours", "unemployment", "underqualification")
    given = {n: array(rng.uniform(0.01, 0.2, 9), "1/year", **jobs) for n in names}
    given["unemployment"].attrs["units"] = "1"
    return given, array(rng.uniform(10, 90, 9), "thousand person", **jobs)


def test_shortage_index_is_the_mean_of_standard_distances():
    given, employed = signals()
    w = employed.values / employed.values.sum()
    slow = np.zeros(9)
    weights = {"wages": 2.0, "employment": 1.0, "hours": 0.0, "unemployment": 1.0}
    weights["underqualification"] = 1.0
    for name, x in given.items():
        mean = sum(w * x.values)
        spread = sum(w * (x.values - mean) ** 2) ** 0.5
        slow += (-1 if name == "unemployment" else 1) * weights[name] * (x.values - mean) / spread
    made = mg.OccupationalShortageIndex(wage_weight=2.0, hours_weight=0.0)
    found = made(**given, employed=employed)
    np.testing.assert_allclose(found, slow / 5, rtol=1e-10)
    assert (found * w).sum().item() == pytest.approx(0.0, abs=1e-12)
    flat = {**given, "hours": given["hours"] * 0 + 0.07}
    flat["hours"].attrs = given["hours"].attrs
    assert np.isfinite(mg.OccupationalShortageIndex()(**flat, employed=employed)).all()


def test_openings_gap_and_their_length():
    change, left, enter = (
        mg.Cells((x,), "person", period="2020-2025").array() for x in (-50.0, 300.0, 400.0)
    )
    assert mg.JobOpenings()(change, left).item() == pytest.approx(50.0)
    assert mg.LabourSupplyGap()(change, left, enter).item() == pytest.approx(-30.0)


# --- conditions of work


def test_work_injuries(shared):
    table = pd.read_csv(shared / SDG / "sdg_8_8_1_cases.csv")
    for row in table.itertuples():
        injuries = mg.Cells((row.injuries,), "person", period="2021").array()
        covered = row.workers - row.self_employed_not_covered
        workers = mg.Cells((covered,), "person year", period="2021").array()
        found = mg.WorkInjuryRate(severity="nonfatal")(injuries, workers).item()
        np.testing.assert_allclose(found, row.rate_per_100000_workers, rtol=1e-12)


def test_implied_share_tells_rates_that_do_not_belong_together(shared):
    for kind in ("fatal", "nonfatal"):
        table = pd.read_csv(shared / SDG / f"sdg_8_8_1_{kind}_published.csv")
        rates = [
            array(table[name], "per_hundred_thousand/year", case=table.iso3 + table.year.map(str))
            for name in ("all_workers", "migrants", "non_migrants")
        ]
        found = mg.ImpliedMigrantShareOfWorkers()(*rates)
        np.testing.assert_allclose(found, 100 * table.implied_migrant_share_of_workers, atol=0.02)
        impossible = set(table.iso3[(found.values < 0) | (found.values > 100)])
        assert impossible == {"PAK", "PAN"} & set(table.iso3)


def test_freedom_of_association(shared):
    example = pd.read_csv(shared / SDG / "sdg_8_8_2_example.csv")
    coded = {"criterion": example.criterion_number}
    found = mg.FreedomOfAssociationCompliance()(
        array(example.binary, "1", **coded), array(example.weight, "1", **coded)
    )
    assert found.item() == pytest.approx(27.05 * 10 / 95, rel=1e-12)
    assert round(found.item(), 2) == 2.85
    cases = pd.read_csv(shared / SDG / "sdg_8_8_2_cases.csv")
    area = [f"C{i}" for i in range(len(cases))]
    found = mg.FreedomOfAssociationCompliance()(
        array(np.ones((1, len(cases))), "1", criterion=["all"], case=area),
        array(cases.weighted_raw_score.to_numpy()[None], "1", criterion=["all"], case=area),
        array(cases.all_encompassing_violation, "1", case=area),
    )
    np.testing.assert_allclose(found, cases.score, rtol=1e-9)


def test_wage_gap_of_like_workers_removes_a_difference_of_kinds_of_work():
    cells = {"subgroup": ["farm", "office"]}
    wages = array([10.0, 30.0], "EUR/hour", **cells)
    same = mg.MigrantWageGap(form="factor_weighted")
    heads = array([60.0, 40.0], "person", **cells)
    assert same(wages, wages, heads).item() == 0.0
    less = same(wages, array([9.0, 24.0], "EUR/hour", **cells), heads)
    assert less.item() == pytest.approx(0.6 * 10 + 0.4 * 20)
    refused(KindError, "employees", same, wages, wages)
    refused(UnitError, "migrants", same, wages, wages.assign_attrs(units="USD/hour"), heads)
    one = wages.isel(subgroup=0, drop=True)
    refused(DimensionError, "nationals", same, one, one, heads.isel(subgroup=0, drop=True))
    refused(AlignmentError, "employees", same, wages, wages, heads.isel(subgroup=[0]))


def test_recognition_time_is_of_the_middle_case():
    days = array([10.0, 400, 90, 60], "day", case=list("abcd"))
    assert mg.RecognitionTime()(days).item() == pytest.approx(75.0)
    gone = days.where(days.case != "a").assign_attrs(days.attrs)
    assert np.isnan(mg.RecognitionTime()(gone).item())


def test_codes_without_a_requirement_level_are_not_rated():
    """Of 111 or ISCO 9211 nobody can tell the helpers, whom the analysis leaves out."""
    for code in ("111", "9211"):
        scores = array([[3.0, 3]], "1", occupation=[code], indicator=["a", "b"])
        refused(CodeError, "scores", mg.BAShortagePoints(), scores)
