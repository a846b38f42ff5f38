"""Regions, the tree in words, differences, editions, MIPEX and 8.8.2."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov import governance as g
from migov.core import status
from migov.core.errors import DefinitionError, MigovError

from .conftest import frame_of, full

AT = "2021-07-01"


def published(table, column, names="iso3"):
    return xr.DataArray(
        table[column].astype(int).to_numpy(), coords={"area": list(table[names])}, dims="area"
    )


def test_shares_of_constructed_regions(sdg):
    units = sdg.read("sdg_10_7_2_share_cases_units")
    given = xr.DataArray(
        [int(c or 0) for c in units["class"]], coords={"area": list(units["unit"])}, dims="area"
    )
    flags = [status.flag(reason) if reason else 0 for reason in units["reason_missing"]]
    given = given.assign_coords({status.NAME: ("area", np.array(flags, np.uint16))})
    people = xr.DataArray(
        [float(p or "nan") * 1e6 for p in units["population_million"]],
        coords={"area": list(units["unit"])},
        dims="area",
    )
    table = sdg.read("sdg_10_7_2_share_cases_results").set_index("region")
    groups = {name: row["members"].split() for name, row in table.iterrows()}
    found = g.shares(given, groups, population=people)
    columns = {
        "meets or fully meets": "meet_or_fully_meet_percent_exact",
        "partially meets": "partially_percent_exact",
        "requires further progress": "further_progress_percent_exact",
    }
    for name, row in table.iterrows():
        one = found.sel(region=name)
        assert int(one.responders) == int(row["responders"])
        for group, column in columns.items():
            share = float(one.group_share.sel(group=group))
            if row[column]:
                assert share == float(Fraction(row[column]))
            else:
                assert np.isnan(share)
        above, below = row["responders_share_of_known_population"].split("/")
        covered = float(one.population_covered)
        assert covered == pytest.approx(100 * float(above) / float(below), rel=1e-12)


def test_shares_of_published_regions(sdg):
    table = sdg.read("sdg_10_7_2_osce_classes_2019")
    assert len(table) == 39
    assert (table["overall_class"].astype(int) >= 3).sum() == 25
    for _, row in sdg.read("sdg_10_7_2_regional_shares_example_2019").iterrows():
        given = published(table, f"{row['domain']}_class")
        found = g.shares(given, {"region": row["members"].split()}).squeeze("region")
        share = float(found.group_share.sel(group="meets or fully meets"))
        assert round(share, 1) == float(row["percent_meet_or_fully_meet"])
        assert int(found.responders) == int(row["responders"])


def test_shares_from_scores_and_named_groups(policy):
    tables = [
        frame_of(full(policy), "MDA"),
        frame_of(full(policy, "0"), "DEU"),
        frame_of({"": ""}, "ALB", reason="no_response"),
    ]
    columns = [t.assign(reason=t.get("reason", "")) for t in tables]
    scored = policy.score(g.Answers.from_frame(pd.concat(columns), time=AT))
    found = g.shares(scored).squeeze()
    assert float(found.group_share.sel(group="meets or fully meets")) == 50
    assert int(found.members) == 3
    assert g.shares(scored, ["OSCE"], node="D1").region.item() == "OSCE"
    assert float(found["share"].sum("class")) == 100


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda x: g.shares(x, {"r": ["ZZZ"]}), "not among the areas"),
        (lambda x: g.shares(x, {"r": []}), "no members"),
        (lambda x: g.shares(x, {"r": ["DEU", "DEU"]}), "one twice"),
        (lambda x: g.shares(x + 9), "is no class"),
        (lambda x: g.shares(x.rename(area="place")), "no labelled 'area'"),
        (lambda x: g.shares(x, population=x.isel(area=[0])), "population lacks"),
        (lambda x: g.shares(x, population=-x), "negative"),
        (lambda x: g.shares(x.astype(str)), "numbers of classes"),
        (lambda x: g.shares([1, 2]), "expected an xarray DataArray"),
        (lambda x: g.shares(xr.concat([x, x], "area")), "an area twice"),
    ],
)
def test_shares_refuse(call, told):
    given = xr.DataArray([4, 2], coords={"area": ["DEU", "MDA"]}, dims="area")
    with pytest.raises(MigovError) as caught:
        call(given)
    assert told in str(caught.value)


def test_explain_is_readable(policy):
    values = full(policy, D1A="1/2", D6D="", D6E="", D2B=0)
    answers = g.Answers.from_frame(frame_of(values, assessor_kind="government"), time=AT)
    text = g.explain(policy.score(answers))
    assert "Republic of Moldova" in text or "Moldova" in text
    assert "answered by: government" in text
    assert "D1A emergency or essential health care: only with legal status" in text
    assert "D6E trafficking and smuggling strategy: missing" in text
    assert "10.7.2 overall: 88.33 %, meets [could be 88.33 to 95; 93 % answered]" in text
    assert "2 missing items count as zero" in text
    with pytest.raises(MigovError, match="is not scored"):
        g.explain(policy.score(answers), area="DEU")
    with pytest.raises(MigovError, match="2020-01-01 is not scored"):
        g.explain(policy.score(answers), time="2020-01-01")
    silent = policy.score(g.Answers.from_frame(frame_of({"": ""}, reason="no_response"), time=AT))
    assert "no score: no response" in g.explain(silent)
    with pytest.raises(MigovError, match="without an instrument"):
        g.explain(xr.Dataset())


def test_difference_adds_up(policy):
    tables = [
        frame_of(full(policy, "0", D1A="1/2"), start="2019-07-01"),
        frame_of(full(policy, "0", D2A=1), start="2021-07-01"),
    ]
    scored = policy.score(g.Answers.from_frame(pd.concat(tables)))
    found = g.difference(scored, scored, time=("2019-07-01", "2021-07-01")).set_index("node")
    assert set(found.index) == {"10.7.2", "D1", "D1A", "D2", "D2A"}
    assert found.loc["10.7.2", "change"] == pytest.approx(100 / 60, abs=1e-12)
    assert found.loc[["D1", "D2"], "part"].sum() == pytest.approx(
        found.loc["10.7.2", "change"], abs=1e-12
    )
    assert found["certain"].all()


def test_difference_refuses_two_editions():
    results = []
    for edition in g.editions("sdg-10.7.2"):
        tool = g.load("sdg-10.7.2", edition=edition)
        results.append(tool.score(g.Answers.from_frame(frame_of(full(tool)), time=AT)))
    with pytest.raises(DefinitionError, match="no one series"):
        g.difference(*results)


def test_crosswalk_carries_what_both_ask(policy):
    old = g.load("sdg-10.7.2", edition="2019")
    across = g.crosswalk(old, policy)
    answers = g.Answers.from_frame(frame_of(full(old, "0", D1A=1)), time=AT)
    carried = policy.score(across.carry(answers))
    xr.testing.assert_equal(carried.score, old.score(answers).score)
    few = g.crosswalk(old, policy, {"D1A": "D1B", "D2A": "D2A"})
    assert "D1A" in few.new
    assert "D1B" in few.dropped
    one = policy.score(few.carry(answers)).squeeze()
    assert float(one.score.sel(node="D1B")) == 100
    assert float(one.highest.sel(node="10.7.2")) > 90
    with pytest.raises(MigovError, match="different scales"):
        g.crosswalk(old, policy, {"D1A": "D2A"})
    with pytest.raises(MigovError, match="two instruments"):
        g.crosswalk(old, g.load("treaties"))
    with pytest.raises(MigovError, match="two pairs"):
        g.crosswalk(old, policy, {"D2A": "D2A", "D2B": "D2A"})
    with pytest.raises(MigovError, match="no answer is to an item"):
        few.carry(g.Answers.from_frame(frame_of({"D6E": 1}), time=AT))


ORDERS = {"items_dimensions_areas": "IV", "items_areas": "V"}


def test_mipex_orders(mipex_folder):
    items = mipex_folder.read("order_cases_items")
    results = mipex_folder.read("order_cases_results")
    for (case, order), rows in results.groupby(["case", "order"]):
        own = items[items["case"] == case].drop(columns="case").assign(country="AUT")
        tool, answers = g.mipex.read(own, edition=ORDERS[order], time=AT, areas=["L", "F", "E"])
        one = tool.score(answers).squeeze()
        for _, row in rows.iterrows():
            assert float(one.score.sel(node=row["node"])) == pytest.approx(
                float(row["score"]), abs=1e-10
            )


def test_mipex_published_overall_is_the_mean_of_areas(mipex_folder):
    table = mipex_folder.read("published_scores")
    fourth = table[table["edition"] == "MIPEX 2015 (IV)"]
    for _, rows in fourth.groupby("iso3"):
        scores = rows.set_index("node")["score"].astype(int)
        mean = Fraction(int(scores.drop("overall").sum()), 8)
        assert abs(mean - int(scores["overall"])) <= 1


def test_mipex_series_across_editions(mipex_folder):
    items = mipex_folder.read("order_cases_items")
    own = items[items["case"] == "equal_dimensions"].drop(columns="case").assign(country="AUT")
    by_edition = {}
    for edition, year in (("IV", "2014-12-31"), ("V", "2014-12-31")):
        tool, answers = g.mipex.read(own, edition=edition, time=year, areas=["L", "F", "E"])
        by_edition[edition] = tool.score(answers)
    with pytest.raises(DefinitionError, match="items, areas and order of averaging differ"):
        g.mipex.series(*by_edition.values())
    tool, later = g.mipex.read(own, edition="V", time="2019-12-31", areas=["L", "F", "E"])
    joined = g.mipex.series(tool.score(later), by_edition["V"])
    assert joined.sizes["time"] == 2
    assert (joined.score.diff("time") == 0).all()


@pytest.mark.parametrize(
    ("edition", "change", "told"),
    [
        ("VI", {}, "is no edition"),
        ("III", {"area": "H"}, "has no policy area 'H'"),
        ("IV", {}, "policy area 'F' has no items"),
    ],
)
def test_mipex_refuses(edition, change, told):
    own = pd.DataFrame(
        {"country": ["AUT"], "area": ["L"], "dimension": ["L1"], "item": ["a"], "score": ["50"]}
    ).assign(**change)
    with pytest.raises(MigovError) as caught:
        g.mipex.read(own, edition=edition, time=AT)
    assert told in str(caught.value)


def test_compliance_with_labour_rights(sdg):
    example = sdg.read("sdg_8_8_2_example")
    weights = dict(zip(example["criterion_number"], example["weight"], strict=True))
    assert sum(Fraction(w) for w in weights.values()) == Fraction("27.05")
    assert round(float(g.compliance_score(weights)), 6) == 2.847368
    for _, row in sdg.read("sdg_8_8_2_cases").iterrows():
        found = g.compliance_score(
            row["weighted_raw_score"],
            general_prohibition=row["all_encompassing_violation"] == "1",
        )
        assert float(found) == pytest.approx(float(row["score"]), abs=1e-10)
    with pytest.raises(MigovError, match="binary float"):
        g.compliance_score({"2": 1.93})
    with pytest.raises(MigovError, match="negative"):
        g.compliance_score("-1")


def test_shares_by_the_population_of_each_date():
    dates = np.array(["2019-07-01", "2021-07-01"], "M8[s]")
    coords = {"area": ["DEU", "MDA"], "time": dates}
    given = xr.DataArray([[4, 0], [2, 3]], coords=coords, dims=("area", "time"))
    people = xr.DataArray([[80.0, 84.0], [20.0, 16.0]], coords=coords, dims=("area", "time"))
    people = people.assign_attrs(units="million person")
    found = g.shares(given, population=people.transpose("time", "area"))
    assert found.population_covered.sel(region="World").values.tolist() == [100.0, 16.0]
    one = g.shares(given, population=people.isel(time=0, drop=True))
    assert one.population_covered.sel(region="World").values.tolist() == [100.0, 20.0]
    for wrong, told in (
        (people.isel(time=[0]), "lacks time 2021-07-01"),
        (people.assign_attrs(units="percent"), "percent"),
        (people.expand_dims(sex=["F"]), "population has"),
    ):
        with pytest.raises(MigovError) as caught:
            g.shares(given, population=wrong)
        assert told in str(caught.value)
        assert caught.value.argument == "population"


def test_compliance_asks_for_what_it_needs():
    with pytest.raises(MigovError, match="general_prohibition is a str"):
        g.compliance_score("1", general_prohibition="no")
    with pytest.raises(MigovError, match="weights is empty"):
        g.compliance_score({})
    assert g.compliance_score(0) == 0
    assert g.compliance_score("1", general_prohibition=np.bool_(True)) == 10


def test_mipex_tells_empty_items_and_what_to_rename():
    own = pd.DataFrame({"country": "AUT", "area": "L", "item": ["a", None], "score": ["50", "0"]})
    with pytest.raises(MigovError, match="1 rows without area, item"):
        g.mipex.read(own, edition="V", time=AT, areas=["L"])
    kept = own.dropna(subset=["item"])
    tool, answers = g.mipex.read(kept, edition="V", time=AT, areas=["L"])
    with pytest.raises(MigovError, match=r"frame\.rename\(columns="):
        g.mipex.read(kept.rename(columns={"score": "points"}), edition="V", time=AT)
    scored = tool.score(answers)
    with pytest.raises(MigovError, match="two results are of 2021-07-01"):
        g.mipex.series(scored, scored)
