"""How it should read: the lines that a researcher types, from table to ledger."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

import migov as mg

TABLE = """iso3,year,sex,age,persons
DEU,2020,M,0-14,5900
DEU,2020,F,0-14,5600
DEU,2020,M,15-64,27200
DEU,2020,F,15-64,26300
DEU,2020,M,65+,8000
DEU,2020,F,65+,10200
NAM,2020,male,0-14,470
NAM,2020,female,0-14,460
NAM,2020,male,15-64,720
NAM,2020,female,15-64,790
NAM,2020,male,65+,38
NAM,2020,female,65+,60
"""


@pytest.fixture(scope="module")
def figures():
    return mg.datasets.load("outlook")


@pytest.fixture(scope="module")
def future(figures):
    projection = mg.demography.CohortComponent(step=5, migration_timing="even", ax="greville")
    paths = mg.demography.draw_paths(figures, members=10, seed=7)
    return projection.run(
        figures.population,
        paths.mortality,
        paths.fertility,
        paths.migration,
        sex_ratio=figures.sex_ratio,
    )


def test_measure():
    frame = pd.read_csv(io.StringIO(TABLE), keep_default_na=False)
    pop = mg.from_frame(
        frame,
        value="persons",
        unit="thousand person",
        dims={"iso3": "area", "year": "time", "sex": "sex", "age": "age"},
        time="1 July",
        definition=mg.definitions.UN_DE_FACTO,
    )
    people = mg.total(pop, "sex")
    old = mg.OldAgeDependencyRatio(lower=15)
    ratio = old(people)
    assert ratio.sel(area="DEU").item() == pytest.approx(100 * 18200 / 53500)
    text = mg.explain(ratio.sel(area="DEU", time="2020-07-01"))
    assert text.startswith("Old-age dependency ratio: 34.0187 percent")
    assert "UN World Population Prospects: de facto population" in text


def test_report_of_an_indicator(figures):
    reported = mg.RefugeesPerOrigin().report(figures.refugees, figures.refugees_population)
    albania = reported.sel(origin="ALB").isel(time=0)
    assert float(albania.value) == pytest.approx(519, rel=0.02)
    missing = reported.sel(origin="DEU").isel(time=0)
    assert np.isnan(missing.value)
    assert float(missing.coverage) < 1


def test_project_and_find_the_need(figures, future):
    later = future.population.sel(time=slice("2025", None))
    active = mg.demography.labour_force(later, mg.hold(figures.participation, to=later.time))
    shortage = mg.labour.shortage(
        demand=figures.demand.sel(area="DEU"),
        supply=active.sel(area="DEU"),
        shares=figures.employment.sel(area="DEU"),
    )
    assert set(shortage) >= {"demand", "supply", "shortage"}
    assert shortage.sizes["member"] == 10
    _, drawn = mg.plot.fan(mg.total(active, ["age", "sex"]), by="area")
    assert len(drawn) == 15


def test_design_match_and_account(figures, tmp_path):
    programme = mg.schemes.examples.SEASONAL_MDA_DEU
    run = programme.simulate(
        applicants=mg.spread(figures.seasonal_applicants, figures.seasonal_sex_share),
        hazards={"reentry": 0.6},
        alternative=figures.alternative.sel(origin=["MDA"]),
        start="2026-01-01",
        horizon="3 year",
        members=5,
        seed=7,
    )
    worked = mg.total(run.person_years(), ["origin", "sex"])
    assert float(worked.isel(period=-1, member=0)) == pytest.approx(1500 * 90 / 365.2425, rel=1e-9)
    back = mg.io.read(mg.io.write(run.dataset, tmp_path / "run.zarr"))
    np.testing.assert_array_equal(back.person_years, run.dataset.person_years)


def test_contribute_and_require(figures):
    found = mg.catalogue.search("remittance", theme="remittances")
    assert "sdg_17_3_2" in found.index
    assert len(mg.catalogue.table()) >= 10
    needs = mg.compare.requirements([mg.OldAgeDependencyRatio, mg.RefugeesPerOrigin])
    covered = mg.compare.coverage(needs, figures).sel(actor="origin")
    assert covered.sizes["requirement"] >= 1


def test_the_balance_has_no_total(future):
    last = mg.total(future.population.isel(time=[-1]), "sex")
    old = mg.OldAgeDependencyRatio()(last).sel(area="ALB").squeeze()
    frame = mg.Balance.compare(before={"old_age_dependency_ratio": old}, after={})
    assert frame.sense.tolist() == ["not affected by construction"]
    assert "total" not in frame.columns
