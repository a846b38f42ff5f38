"""Protection, schemes and governance on the packaged figures of the outlook."""

from __future__ import annotations

import numpy as np
import pytest

import migov as mg
from migov.core.errors import AlignmentError, DefinitionError, ParameterError, TimeError


@pytest.fixture(scope="module")
def figures():
    return mg.datasets.load("outlook")


def test_refugees_from_albania_as_published(figures):
    found = mg.RefugeesPerOrigin()(figures.refugees, figures.refugees_population)
    published = figures.refugees_published
    mine = found.sel(origin="ALB").item()
    assert mine == pytest.approx(published.sel(origin="ALB").item(), rel=0.01)
    assert str(found.population_time.values[0])[:10] == "2019-07-01"
    with pytest.raises(TimeError, match="population"):
        mg.RefugeesPerOrigin(reference="metadata_endyear")(
            figures.refugees, figures.refugees_population
        )


def test_refugees_need_their_definition(figures):
    bare = figures.refugees.copy()
    del bare.attrs["migov_definition"]
    with pytest.raises(DefinitionError, match="refugees"):
        mg.RefugeesPerOrigin()(bare, figures.refugees_population)


def test_classes_of_three_states_in_two_rounds(figures):
    classes = figures.policy_class
    found = mg.MigrationPolicyShare(edition="2019 and 2021, one by one")(classes)
    for time in classes.time.values:
        told = classes.sel(time=time).values
        told = told[np.isfinite(told)]
        wanted = 100 * (told >= 3).mean() if told.size else np.nan
        np.testing.assert_allclose(found.sel(time=time).item(), wanted)


def test_two_populations_of_one_country_are_counted_apart(figures):
    national = figures.population_national_total.isel(time=[1])
    national = national.assign_coords(time=np.array(["2020-07-01"], "M8[s]"))
    world = mg.total(figures.population, ["sex", "age"]).sel(area=["MDA"])
    apart = mg.DefinitionDistance()(world, national).item()
    assert 0 < apart <= 100
    assert mg.DefinitionDistance()(world, world).item() == 0


def test_quota_says_what_is_admitted_and_of_which_periods():
    admitted = mg.Cells((500.0,), "person", period="2025").array()
    quota = mg.Cells((1500.0,), "person", period="2025").array()
    found = mg.QuotaUtilisation(admitted_is="permits")(admitted, quota)
    assert found.item() == pytest.approx(100 / 3)
    with pytest.raises(TypeError, match="admitted_is"):
        mg.QuotaUtilisation()
    with pytest.raises(ParameterError, match="admitted_is"):
        mg.QuotaUtilisation(admitted_is="visas")
    earlier = mg.Cells((1500.0,), "person", period="2024").array()
    with pytest.raises(AlignmentError, match="period"):
        mg.QuotaUtilisation(admitted_is="permits")(admitted, earlier)


def test_ninety_days_are_a_quarter_of_a_year():
    placed, days = 1500.0, 90 / 365
    supplied = mg.Cells((placed * days,), "person year", period="2024").array()
    vacant = mg.Cells((placed,), "person year", period="2024").array()
    assert mg.VacancyFillRate()(supplied, vacant).item() == pytest.approx(100 * days)


def test_asylum_seekers_are_no_refugees_of_10_7_4(figures):
    who = mg.definition_of(figures.refugees).evolve(asylum_seekers="included")
    with pytest.raises(DefinitionError, match="asylum seekers are among the refugees"):
        mg.RefugeesPerOrigin()(mg.define(figures.refugees, who), figures.refugees_population)


def test_permits_are_not_held_against_a_quota_of_placements():
    """Of 1,500 places 500 permits are no utilisation of a quota that counts placements."""
    permits = mg.Definition(counts="permits")
    admitted = mg.Cells((500.0,), "person", permits, period="2025").array()
    quota = mg.Cells((1500.0,), "person", mg.Definition(counts="contracts"), period="2025").array()
    for kind in ("placements", "permits", "arrivals"):
        with pytest.raises(DefinitionError, match=f"admitted_is='{kind}', and "):
            mg.QuotaUtilisation(admitted_is=kind)(admitted, quota)
    found = mg.QuotaUtilisation(admitted_is="permits")(admitted, mg.define(quota, permits))
    assert found.item() == pytest.approx(100 / 3)
