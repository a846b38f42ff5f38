"""Governance: published shares of classes, conventions, changes, coherence, dialogue."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import AlignmentError, InputError, KindError, ParameterError, PartitionError
from migov.indicators.governance_indicators import CONVENTIONS


def cells(values, unit="1", **labels):
    return mg.Cells(values, unit, **labels).array()


def of_areas(values, codes):
    return xr.DataArray(
        np.asarray(values, float), {"area": list(codes)}, "area", attrs={"units": "1"}
    )


def share(classes, counts="meet_or_fully_meet", edition="2019"):
    return mg.MigrationPolicyShare(edition=edition, counts=counts)(classes)


def test_shares_of_constructed_regions(shared):
    folder = shared / "golden/governance/sdg"
    units = pd.read_csv(folder / "sdg_10_7_2_share_cases_units.csv").set_index("unit")
    columns = {
        "meet_or_fully_meet": "meet_or_fully_meet_percent_exact",
        "partially_meet": "partially_percent_exact",
        "require_further_progress": "further_progress_percent_exact",
    }
    regions = pd.read_csv(folder / "sdg_10_7_2_share_cases_results.csv", dtype=str)
    for row in regions.to_dict("records"):
        members = row["members"].split()
        classes = of_areas(units.loc[members, "class"], members)
        for counts, column in columns.items():
            found = share(classes, counts).item()
            if row["responders"] == "0":
                assert np.isnan(found), row["region"]
            else:
                wanted = float(Fraction(row[column]))
                assert found == pytest.approx(wanted, rel=1e-14), (row["region"], counts)
        told = mg.MigrationPolicyShare(edition="2019").report(classes)
        covered = int(row["responders"]) / len(members)
        assert told["coverage"].item() == pytest.approx(covered)
    assert len(regions) == 7


def test_published_shares_of_two_regions(shared):
    folder = shared / "golden/governance/sdg"
    classes = pd.read_csv(folder / "sdg_10_7_2_osce_classes_2019.csv", keep_default_na=False)
    classes = classes.set_index("iso3")
    published = pd.read_csv(folder / "sdg_10_7_2_regional_shares_example_2019.csv")
    for row in published.itertuples():
        members = row.members.split()
        found = share(of_areas(classes.loc[members, f"{row.domain}_class"], members)).item()
        assert round(found, 1) == row.percent_meet_or_fully_meet, (row.region, row.domain)
    everyone = share(of_areas(classes["overall_class"], classes.index)).item()
    assert everyone == pytest.approx(100 * 25 / 39)


def test_the_four_classes_are_parts_of_one_whole():
    classes = of_areas([4, 3, 3, 2, 1, 1, np.nan], "ABCDEFG")
    single = [
        share(classes, one).item()
        for one in ("fully_meet", "meet", "partially_meet", "require_further_progress")
    ]
    assert sum(single) == pytest.approx(100)
    assert single[0] + single[1] == pytest.approx(share(classes).item())


def test_reasons_of_absence_stay_with_the_share():
    classes = of_areas([4, np.nan, np.nan], ["DEU", "MDA", "BMU"])
    at = xr.DataArray([False, True, False], {"area": classes.area}, "area")
    told = mg.status.mark(classes, "no_response", at=at)
    at = xr.DataArray([False, False, True], {"area": classes.area}, "area")
    told = mg.status.mark(told, "not_applicable", at=at)
    found = mg.MigrationPolicyShare(edition="2021").report(told)
    bits = int(found["observation_status"])
    assert found["value"].item() == 100
    assert {"no_response", "not_applicable", "partial"} <= set(mg.status.names(bits))


def test_both_titles_of_10_7_2_are_found():
    for title in ("Number of countries with migration policies", "Proportion of countries with"):
        assert any(title in one for one in mg.MigrationPolicyShare.info.synonyms)
    with pytest.raises(TypeError, match="edition"):
        mg.MigrationPolicyShare()


def test_scores_are_no_classes_and_the_world_is_no_country():
    with pytest.raises(InputError, match=r"classes holds 76\.7") as caught:
        share(of_areas([76.7, 3], ["DEU", "MDA"]))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(InputError, match="classes holds 0"):
        share(of_areas([0, 3], ["DEU", "MDA"]))
    with pytest.raises(PartitionError, match="World"):
        share(of_areas([3, 3], ["World", "MDA"]))


def test_conventions_listed_must_be_told():
    assert len(set(CONVENTIONS)) == len(CONVENTIONS) == 26
    told = cells((1.0, 0.5), convention="C097 C143")
    with pytest.raises(AlignmentError, match="acceptance lacks convention"):
        mg.ConventionCoverage()(told)
    assert mg.ConventionCoverage(conventions=("C097", "C143"))(told).item() == 75
    every = cells(tuple([1.0] * 26), convention=" ".join(CONVENTIONS))
    assert mg.ConventionCoverage()(every).item() == 100
    with pytest.raises(InputError, match="more than one"):
        mg.ConventionCoverage()(every.copy(data=every.values * 2))


def test_changes_add_up_and_stop_at_a_gap():
    changes = cells((1.0, -2.0, np.nan, 3.0), period="2018 2019 2020 2021")
    found = mg.PolicyRestrictiveness()(changes)
    assert found.values[:2].tolist() == [1, -1]
    assert np.isnan(found.values[2:]).all()
    assert found.indexes["period"].equals(changes.indexes["period"])
    assert "period_end" in found.coords


def test_coherence_of_nothing_is_undefined():
    def coherence(values):
        return mg.PolicyCoherence()(cells(values, measure="a b", objective="work return")).item()

    assert coherence(((1.0, 1.0), (0.0, 3.0))) == 100
    assert coherence(((-1.0, 0.0), (0.0, -3.0))) == 0
    assert np.isnan(coherence(((0.0, 0.0), (0.0, 0.0))))
    assert np.isnan(coherence(((np.nan, 1.0), (0.0, 1.0))))


def test_balance_of_places_against_those_agreed():
    given = cells((8.0, 2.0, 0.0), "person", group="governments unions migrants")
    due = cells((0.5, 0.25, 0.25), group="governments unions migrants")
    made = mg.DialogueInclusiveness(measure="balance")
    # by hand: 0.3 too many, 0.05 and 0.25 too few
    assert made(given, due).item() == pytest.approx(70)
    agreed = cells((4.0, 2.0, 2.0), "person", group="governments unions migrants")
    assert made(agreed, due).item() == pytest.approx(100)
    assert mg.DialogueInclusiveness(least=3)(given).item() == pytest.approx(100 / 3)
    with pytest.raises(KindError, match="due"):
        made(given)


def test_every_group_heard_is_less_than_each():
    heard = cells(
        ((1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)), measure="a b c d", group="unions migrants"
    )
    each = mg.ConsultedBeforeDecision()(heard)
    assert each.values.tolist() == [50, 50]
    assert mg.ConsultedBeforeDecision(of="all_groups")(heard).item() == 25
    with pytest.raises(ParameterError, match="of="):
        mg.ConsultedBeforeDecision(of="any")


def test_late_proposals_count_as_long_as_they_were_followed():
    adopted = cells((1.0, 0.0, 0.0), proposal="a b c")
    followed = cells((0.5, 3.0, 3.0), "year", proposal="a b c")
    assert mg.FollowThrough()(followed, adopted).item() == pytest.approx(100 / 3)
    late = cells((0.5, 0.25, 3.0), "year", proposal="a b c")
    # the second was followed for a quarter only: one of two that were still watched
    assert mg.FollowThrough()(late, adopted).item() == pytest.approx(50)
    nobody = cells((0.5, 0.25, 0.25), "year", proposal="a b c")
    assert mg.FollowThrough()(nobody, adopted).item() == 100
    open_ = cells((0.5, 0.75, 0.75), "year", proposal="a b c")
    assert np.isnan(mg.FollowThrough()(open_, adopted).item())


def test_shares_of_classes_are_lazy():
    classes = of_areas([4, 3, 2, 1], "ABCD").expand_dims(node=["all", "rights"])
    lazy = share(classes.chunk({"node": 1}))
    assert lazy.chunks is not None
    np.testing.assert_array_equal(lazy.compute().values, [50, 50])


def test_a_convention_is_accepted_in_part_or_not():
    told = cells((1.0, 0.3), convention="C097 C143")
    with pytest.raises(InputError, match=r"acceptance holds 0\.3, expected 0, 1/2"):
        mg.ConventionCoverage(conventions=("C097", "C143"))(told)
