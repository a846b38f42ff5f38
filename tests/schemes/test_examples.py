"""The ready-made programmes: consistent, dated, sourced, criticised, and they run."""

from __future__ import annotations

import warnings

import attrs
import pytest
import xarray as xr

from migov.core.errors import CodeError, DataError, MigovWarning
from migov.schemes import Cost, Floor, Hazards, OriginCap, Programme, examples, safeguarded
from migov.schemes.examples_evidence import OURS, READ, RECALLED
from migov.schemes.safeguards import EDITIONS

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
    if made.quota_basis == "employers":
        how["demand"] = xr.DataArray(150.0, attrs={"units": "post"})
    if not made.is_mobility:
        how["migrants_counted"] = "additional"
    run = made.simulate(
        applicants=apply, hazards=Hazards(reentry=0.5), start="2026-01-01", horizon="2 year",
        seed=1, **how,
    )  # fmt: skip
    assert float(run.dataset.admissions.sum()) > 0


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


def rules_of(made):
    """Return the rules that differ from what no rule would be, costs and branches by name."""
    left = {"name", "kind", "destination", "sources", "reentry_priority", "origin"}
    for field in attrs.fields(Programme):
        value = getattr(made, field.name)
        if field.name in left or value == field.default or value == ():
            continue
        if field.name == "costs":
            yield from (f"costs.{one.item}" for one in value)
        elif field.name == "insured":
            yield from (f"insured.{one.name}" for one in value)
        else:
            yield field.name


@pytest.mark.parametrize("name", ALL)
def test_of_each_rule_it_is_told_how_it_is_known(name):
    made = ALL[name]
    known = examples.evidence(made.name)
    assert known.index.is_unique
    assert set(known["how"]) <= {READ, RECALLED, OURS}
    assert (known["source"].str.len() > 10).all()
    absent = set(rules_of(made)) - set(known.index)
    assert not absent
    assert "unemployment_grace" not in rules_of(made) or "unemployment_grace" in known.index


def test_who_asks_for_another_programme_is_told_the_names():
    with pytest.raises(CodeError, match="no ready-made programme"):
        examples.evidence("moon")


def test_the_list_of_safeguards_by_edition():
    """55 in 2023, eight of them new (WHO, 8 March 2023); Rwanda is one of the eight."""
    assert {edition: len(set(codes)) for edition, codes in EDITIONS.items()} == {
        "2020": 47, "2023": 55,
    }  # fmt: skip
    assert len(set(EDITIONS["2023"]) - set(EDITIONS["2020"])) == 8
    assert not set(EDITIONS["2020"]) - set(EDITIONS["2023"])
    assert safeguarded("ZMB")
    assert not safeguarded("ZMB", "2020")
    with pytest.raises(CodeError) as caught:
        safeguarded("ZMB", "2021")
    assert caught.value.argument == "edition"


def test_no_osce_state_is_on_the_list_of_safeguards(shared):
    import pandas as pd

    states = pd.read_csv(shared / "figures/osce_states.csv", keep_default_na=False)
    assert len(states) == 57
    assert not set(states["iso3"]) & set(EDITIONS["2023"])


def test_health_workers_from_the_list_are_warned_of():
    how = {"kind": "temporary", "destination": "DEU", "stay": "9 month"}
    with pytest.warns(MigovWarning):
        made = Programme(name="x", origin=("MWI", "MDA"), occupations=("2221",), **how)
    assert any("MWI on the WHO safeguards list of 2023" in one for one in made.cautions)
    with pytest.warns(MigovWarning):
        old = Programme(name="x", origin="RWA", occupations="22", safeguards_edition="2020", **how)
    with pytest.warns(MigovWarning):
        farm = Programme(name="x", origin="MWI", occupations="9", **how)
    assert not any("WHO" in one for one in (*old.cautions, *farm.cautions))


def test_what_no_programme_can_change_has_its_evidence_too():
    known = examples.evidence()
    assert {"costs", "return_bonus", "equal_treatment", "safeguards_edition"} <= set(known.index)
    assert set(known["how"]) <= {"read", "recalled"}
    assert known["source"].str.len().min() > 20


@pytest.mark.parametrize("codes", [(), "2", "3", "532", "5321", "5", "81302", "82102"])
def test_health_workers_are_warned_of_however_they_are_named(codes):
    cap = OriginCap(origin="MWI", number=10, date="2026-01-01", source="assumed")
    how = {"kind": "temporary", "origin": "MWI", "destination": "DEU", "stay": "9 month"}
    how |= {"origin_cap": (cap,), "trained_per_departure": 1.0}
    with pytest.warns(MigovWarning, match="WHO safeguards list of 2023"):
        Programme(name="x", occupations=codes, **how)
    others = Programme(name="x", occupations=("7", "61", "11101", "8121"), **how)
    assert others.cautions == ()


def test_what_keeps_or_replaces_health_workers_is_asked_for():
    cap = OriginCap(origin="ALB", number=10, date="2026-01-01", source="assumed")
    how = {"kind": "temporary", "origin": "ALB", "destination": "DEU", "stay": "24 month"}
    how |= {"name": "x", "occupations": ("2221",), "origin_cap": (cap,)}
    with pytest.warns(MigovWarning, match=r"no floor keeps health workers \(2221\) in ALB"):
        made = Programme(**how)
    assert made.evolve(trained_per_departure=1.0).cautions == ()
    floor = Floor(origin="ALB", occupation="2221", density=60, source="assumed")
    assert made.evolve(floors=(floor,)).cautions == ()


def test_a_cost_by_another_name_is_told_where_it_belongs():
    costs = tuple(Cost(item=item, payer="employer") for item in ("visa", "passport", "lodging"))
    with pytest.raises(DataError) as caught:
        Programme(name="x", kind="seasonal", origin="ALB", destination="DEU",
                  stay="3 month", costs=costs)  # fmt: skip
    told = str(caught.value)
    assert told.count("belongs to 'administration'") == 2
    assert "lodging belongs to 'travel'" in told
