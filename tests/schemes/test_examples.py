"""The ready-made programmes: consistent, dated, sourced, criticised, and they run."""

from __future__ import annotations

import warnings

import pytest
import xarray as xr

from migov.core.errors import MigovWarning
from migov.schemes import Hazards, Programme, examples

ALL = {name: p for name, p in vars(examples).items() if isinstance(p, Programme)}


def test_all_programmes_are_there_once():
    assert set(ALL) == {
        "SEASONAL_MDA_DEU", "WESTERN_BALKANS_ALB", "SKILLS_PARTNERSHIP", "SAWP_CAN", "GECCO_MAR",
        "RSE_NZL", "EU_SEASONAL_MDA_POL",
    }  # fmt: skip
    assert {p.name for p in ALL.values()} == set(examples.CRITICISM)


@pytest.mark.parametrize("name", ALL)
def test_each_has_sources_and_criticism_and_no_worker_pays_for_recruitment(name):
    made = ALL[name]
    assert made.sources
    assert all(examples.CRITICISM[made.name])
    payers = {cost.item: cost.payer for cost in made.costs}
    assert payers["recruitment"] == payers["travel"] == "employer"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        assert Programme.from_json(made.to_json()) == made


@pytest.mark.parametrize("name", ALL)
def test_each_runs_with_closed_accounts(name):
    made = ALL[name]
    labels = {"origin": list(made.origin)}
    dims = ["origin"]
    if made.occupations:
        labels["occupation"], dims = list(made.occupations), ["origin", "occupation"]
    size = [len(labels[dim]) for dim in dims]
    apply = xr.DataArray([[100.0] * size[-1]] * size[0] if len(size) > 1 else [100.0] * size[0],
                         labels, dims, attrs={"units": "person/year"})  # fmt: skip
    how = {"quota_share": 0.5} if made.quota_shared_with else {}
    if not made.is_mobility:
        how["migrants_counted"] = "additional"
    run = made.simulate(
        applicants=apply, hazards=Hazards(reentry=0.5), start="2026-01-01", horizon="2 year",
        seed=1, **how,
    )  # fmt: skip
    came = float(run.dataset.admissions.sum())
    assert came > 0 or made.valid_to == "2026-01-01"


@pytest.mark.parametrize(
    ("name", "stay", "pause"),
    [("SAWP_CAN", 8.0, 0.0), ("GECCO_MAR", 9.0, 3.0), ("RSE_NZL", 7.0, 4.0),
     ("EU_SEASONAL_MDA_POL", 9.0, 3.0)],
)  # fmt: skip
def test_stays_of_the_seasonal_schemes(name, stay, pause):
    made = ALL[name]
    assert (made.stay_months, made.pause_months) == (stay, pause)
    assert made.is_mobility
    assert any("has set no cap" in one for one in made.cautions)


def test_the_cap_of_new_zealand_is_dated():
    assert [number for _, number in ALL["RSE_NZL"].quota] == [19000, 19500, 20750]
