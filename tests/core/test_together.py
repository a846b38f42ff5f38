"""What the inputs of one call agree in: definitions, labour standard, part and whole."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import migov as mg
from migov.core.errors import DefinitionError, InputError
from migov.core.inputs import check_counted

D = mg.definitions
BY_13, BY_19 = (mg.Definition(labour_standard=f"{n}th ICLS") for n in (13, 19))
SILENT = mg.Definition(counts="persons")


def cells(value, definition=None, **labels):
    return mg.Cells((value,), "", definition, **(labels or {"area": "MDA"})).array("person")


def refused(kind, call, *given):
    with pytest.raises(kind) as caught:
        call(*given)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    return str(caught.value)


def share(stock, population):
    return mg.MigrantShare()(cells(3.0, stock), cells(30.0, population))


def test_stock_and_population_of_one_residence_rule_or_the_two_modelled_ones():
    assert share(D.UN_DESA_MIGRANT_STOCK, D.MDA_USUAL_RESIDENCE).item() == pytest.approx(10.0)
    assert share(D.UN_DESA_MIGRANT_STOCK, D.UN_WPP_2024).item() == pytest.approx(10.0)
    assert share(D.UN_DESA_MIGRANT_STOCK, None).item() == pytest.approx(10.0)
    survey = D.UN_DESA_MIGRANT_STOCK.evolve(estimate="observed")
    told = refused(DefinitionError, share, survey, D.UN_WPP_2024)
    assert "residence_rule: usual and present" in told
    assert "population = migov.define(population, " in told
    assert "evolve(residence_rule='usual')" in told


@pytest.mark.parametrize(
    ("stock", "population", "told"),
    [
        ({"territory": "with both banks"}, {"territory": "without the left bank"}, "territory"),
        ({"population_base": "residents"}, {"population_base": "present"}, "population_base"),
        ({"stay_months": 12}, {"stay_months": 9}, "stay_months: 12 and 9"),
        ({"asylum_seekers": "included"}, {"asylum_seekers": "excluded"}, "asylum_seekers"),
        ({"students": "only"}, {"students": "excluded"}, "students: only and excluded"),
    ],
)
def test_a_part_is_counted_as_its_whole_is(stock, population, told):
    text = refused(DefinitionError, share, mg.Definition(**stock), mg.Definition(**population))
    assert told in text


@pytest.mark.parametrize(
    ("stock", "population"),
    [
        ({"criterion": "birth"}, {"criterion": "everyone"}),
        ({"asylum_seekers": "excluded"}, {"asylum_seekers": "included"}),
        ({"source_kind": "register", "edition": "1"}, {"source_kind": "census", "edition": "2"}),
        ({"territory": "mainland"}, {"residence_rule": "usual"}),
        ({"stock_basis": "at_date"}, {"stock_basis": "annual_average"}),
    ],
)
def test_what_differs_rightly_or_is_unknown_passes(stock, population):
    assert share(mg.Definition(**stock), mg.Definition(**population)).item() == pytest.approx(10)


def test_what_other_states_count_is_not_compared():
    refugees = cells(3.0, D.UNHCR_REFUGEES.evolve(residence_rule="legal"), origin="MDA")
    people = cells(97.0, D.UN_WPP_2024, origin="MDA")
    assert mg.RefugeesPerOrigin()(refugees, people).item() == pytest.approx(3000.0)
    permits = mg.Cells((5.0,), "", D.WESTERN_BALKANS_PERMITS, period="2023").array("person")
    lived = mg.Cells((1000.0,), "", D.EU_USUAL_RESIDENCE, period="2023").array("person year")
    assert mg.FirstPermitRate()(permits, lived).item() == pytest.approx(5.0)
    first, second = cells(1.0, BY_13), cells(1.0, BY_19)
    assert mg.DefinitionDistance()(first, second).item() == 100.0


def test_labour_inputs_ask_their_standard_and_one_call_states_it():
    idle, force = cells(3.0), cells(30.0)
    told = refused(DefinitionError, mg.UnemploymentRate(), idle, force)
    assert "unemployed and labour_force are undeclared" in told
    assert 'UnemploymentRate(labour_standard="13th ICLS")(…)  # or "19th ICLS", "none"' in told
    out = mg.UnemploymentRate(labour_standard="19th ICLS")(idle, force)
    assert out.item() == pytest.approx(10.0)
    assert "19th ICLS" in mg.explain(out)
    made = mg.UnemploymentRate()
    assert made(cells(3.0, BY_13), cells(30.0, BY_13)).item() == pytest.approx(10.0)


def test_the_standard_that_another_input_tells_is_told_first():
    told = refused(DefinitionError, mg.UnemploymentRate(), cells(3.0, BY_19), cells(30.0))
    assert "labour_force is undeclared" in told
    assert 'labour_standard="19th ICLS")(…)  # or "13th ICLS", "none"' in told
    broken = cells(30.0).assign_attrs(migov_definition="{")
    for idle, name in ((None, "unemployed"), (BY_19, "labour_force")):
        told = refused(DefinitionError, mg.UnemploymentRate(), cells(3.0, idle), broken)
        assert name in told


def test_an_undeclared_pair_is_told_in_one_line():
    jobs = [cells(x, None, occupation="2") for x in (3.0, 30.0)]
    told = refused(DefinitionError, mg.OccupationalDissimilarity(), *jobs)
    line = told.split("→ ")[1].split("  #")[0]
    scope = {"migov": mg, "migrants": jobs[0], "others": jobs[1]}
    exec(line, scope)
    assert mg.OccupationalDissimilarity()(scope["migrants"], scope["others"]).item() == 0.0


@pytest.mark.parametrize(
    ("idle", "force", "told"),
    [
        (BY_13, BY_19, "labour_standard: 13th ICLS and 19th ICLS"),
        (BY_13, SILENT, "labour_standard: 13th ICLS and unknown"),
        (SILENT, BY_19, "labour_standard: unknown and 19th ICLS"),
    ],
)
def test_standards_never_mix_and_unknown_is_one_of_them(idle, force, told):
    given = {"unemployed": cells(3.0, idle), "labour_force": cells(30.0, force)}
    text = refused(DefinitionError, mg.UnemploymentRate(), *given.values())
    assert told in text
    if SILENT in (idle, force):  # the line that is told mends it
        line = text.split("→ ")[1].split(" if it is so")[0]
        scope = {"migov": mg, **given}
        exec(line, scope)
        found = mg.UnemploymentRate()(scope["unemployed"], scope["labour_force"])
        assert found.item() == pytest.approx(10.0)


def test_a_stated_standard_speaks_for_the_silent_and_contradicts_the_other():
    made = mg.UnemploymentRate(labour_standard="13th ICLS")
    assert made(cells(3.0, BY_13), cells(30.0, SILENT)).item() == pytest.approx(10.0)
    told = refused(DefinitionError, made, cells(3.0, BY_19), cells(30.0))
    assert "unemployed is by '19th ICLS'" in told


def test_arrivals_and_departures_are_counted_by_one_rule():
    come, gone = (
        mg.Cells((x,), "", d, period="2020").array("person")
        for x, d in ((600.0, D.UN_1998_LONG_TERM), (400.0, D.UN_1998_SHORT_TERM))
    )
    told = refused(DefinitionError, mg.NetMigration(), come, gone)
    assert "stay_months: 12 and 3" in told
    assert "seasonal_workers" in told


def test_parts_together_are_within_their_whole():
    made = mg.SkillPartnershipBalance()
    stay, leave, trained = (cells(x) for x in (20.0, 15.0, 35.0))
    assert made(stay, leave, trained).item() == pytest.approx(5 / 35)
    told = refused(InputError, made, stay, leave, cells(30.0))
    assert "stay + leave holds 35 where trainees is 30, at area MDA" in told
    lazy = made(stay.chunk(), leave, cells(30.0))
    assert "stay + leave is beyond trainees" in refused(InputError, lambda: lazy.compute())
    drawn = leave.expand_dims(member=[0, 1]).assign_attrs(leave.attrs).copy()
    drawn[1] = 16.0
    for guise in (drawn, drawn.chunk()):
        refused(InputError, lambda x: made(stay, x, trained).compute(), guise)


def test_explain_tells_what_is_asked_and_what_is_refused():
    told = mg.explain(mg.UnemploymentRate)
    assert "takes unemployed: unemployed, person, its definition with labour_standard" in told
    assert "unemployed within labour_force: more is refused" in told


def test_an_optional_part_that_is_absent_adds_nothing():
    made = mg.LabourUnderutilisation(measure="LU1", labour_standard="19th ICLS")
    assert made(cells(30.0), cells(30.0)).item() == pytest.approx(100.0)
    refused(InputError, made, cells(30.0), cells(30.0), cells(1.0))


def test_seasonal_permits_are_within_those_for_employment():
    permits = mg.Cells(((400.0, 600.0),), period="2023", reason="EMP FAM").array("person")
    seasonal = mg.Cells((400.0,), period="2023").array("person")
    assert mg.WorkPathwayShare()(permits, seasonal).item() == 0.0
    for more in (401.0, 1100.0):
        for guise in (seasonal * 0 + more, (seasonal * 0 + more).chunk()):
            bad = guise.assign_attrs(seasonal.attrs)
            refused(InputError, lambda x: mg.WorkPathwayShare()(permits, x).compute(), bad)


def test_missing_cells_are_beyond_nothing():
    whole = mg.Cells((10.0, float("nan")), period="2022 2023").array("person")
    part = mg.Cells((float("nan"), 5.0), period="2022 2023").array("person")
    assert np.isnan(mg.VoluntaryReturnShare()(part, whole)).all()


def test_a_definition_counts_what_the_contract_counts():
    told = refused(DefinitionError, share, D.GERMAN_JOB_VACANCIES, None)
    assert "counts posts, expected persons or permits" in told
    posts = mg.Input(title="open posts", unit="post", kind="stock")
    check_counted(D.GERMAN_JOB_VACANCIES, posts, "call", "posts")
    with pytest.raises(DefinitionError, match="counts persons, expected posts"):
        check_counted(SILENT, posts, "call", "posts")
    for counted in ("moves", "contracts", "detections"):  # none of them is there at an instant
        assert counted in refused(DefinitionError, share, mg.Definition(counts=counted), None)


def test_a_narrower_population_goes_with_the_result():
    found = share(D.UNHCR_REFUGEES, None)
    assert found.item() == pytest.approx(10.0)
    assert D.UNHCR_REFUGEES.name in mg.explain(found)


def test_a_whole_without_the_group_is_told_to_include_it():
    """What the line says, typed, has to be a whole: not of asylum seekers alone."""
    who = mg.definitions.UNHCR_REFUGEES
    seekers = who.evolve(recognised_refugees="excluded", asylum_seekers="only")
    held = mg.definitions.UN_DESA_MIGRANT_STOCK
    args = [
        mg.Cells(x, "person", d).array()
        for x, d in ((70.0, who), (30.0, seekers), (1000.0, held.evolve(asylum_seekers="excluded")))
    ]
    told = refused(DefinitionError, mg.RefugeeShareOfMigrants(), *args)
    assert "evolve(asylum_seekers='included')" in told
    whole = mg.definition_of(args[2]).evolve(asylum_seekers="included")
    found = mg.RefugeeShareOfMigrants()(*args[:2], mg.define(args[2], whole))
    assert found.item() == pytest.approx(10.0)
