"""Dialogue: rounds, agreement, consensus by members and groups, weights, minutes."""

from __future__ import annotations

import pickle
import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov import composite, report
from migov import governance as g
from migov.core.errors import MigovError
from migov.governance import dialogue as d

NODES = ["rights", "partnerships", "wellbeing", "orderly"]


@pytest.fixture
def points(consensus):
    table = consensus.read("budget_allocation")
    return xr.DataArray(
        table[NODES].astype(float).to_numpy(),
        coords={"person": list(table["member"]), "node": NODES,
                "group": ("person", list(table["group"]))},
        dims=("person", "node"),
    )  # fmt: skip


def test_budget_allocation_by_members_and_by_groups(consensus, points):
    told = consensus.read("budget_allocation_results").set_index("measure")[NODES].astype(float)
    members = d.weights_by_budget(points, by="members")
    groups = d.weights_by_budget(points, by="groups")
    for found, row in ((members.weight, "mean_of_members"), (groups.weight, "mean_of_group_means")):
        np.testing.assert_allclose(100 * found, told.loc[row], rtol=1e-10)
    np.testing.assert_allclose(100 * members["median"], told.loc["median_rescaled_to_100"])
    np.testing.assert_allclose(100 * members.sd, told.loc["standard_deviation_members_n_minus_1"])
    np.testing.assert_allclose(100 * members.minimum, told.loc["minimum"])
    np.testing.assert_allclose(100 * members.maximum, told.loc["maximum"])
    assert groups.group_weight.sel(group="government", node="rights").item() == 0.375
    assert 0 <= members.kendall_w.item() <= 1
    with pytest.raises(MigovError, match="every group does"):
        d.weights_by_budget(points, by="everyone")
    with pytest.raises(MigovError, match="no coordinate"):
        d.weights_by_budget(points.drop_vars("group"), by="groups")


def members_of(consensus):
    table = consensus.read("ahp_group")
    table = table[table["ab"] != ""]
    cube = np.ones((len(table), 3, 3))
    for row, (_, cells) in enumerate(table.iterrows()):
        for (i, j), name in {(0, 1): "ab", (0, 2): "ac", (1, 2): "bc"}.items():
            cube[row, i, j] = float(Fraction(cells[name]))
            cube[row, j, i] = 1 / cube[row, i, j]
    coords = {"person": list(table["member"]), "node": list("abc"), "other": list("abc")}
    return table, xr.DataArray(cube, coords=coords, dims=("person", "node", "other"))


def test_pairwise_judgements_of_a_group(consensus):
    table, judgements = members_of(consensus)
    found = d.weights_by_pairs(judgements)
    group = consensus.read("ahp_group").set_index("member").loc["aggregated_judgements"]
    names = ["weight_a", "weight_b", "weight_c"]
    np.testing.assert_allclose(found.weight, group[names].astype(float), rtol=1e-10)
    own = table[names].astype(float).to_numpy()
    np.testing.assert_allclose(found.minimum, own.min(axis=0), rtol=1e-10)
    np.testing.assert_allclose(found.maximum, own.max(axis=0), rtol=1e-10)
    np.testing.assert_allclose(found.sd, own.std(axis=0, ddof=1), rtol=1e-9)
    ratios = table["consistency_ratio"].astype(float)
    np.testing.assert_allclose(found.consistency_ratio, ratios, rtol=1e-7)
    worst = d.inconsistent_pairs(judgements, most=1)
    assert list(worst["person"]) == ["m1", "m2", "m3"]
    single = d.weights_by_pairs(judgements.isel(person=0, drop=True))
    assert "sd" not in single


def test_pairwise_judgements_by_groups_are_means_of_groups(consensus):
    """Group by group first, then the groups, each with one voice."""
    _, judgements = members_of(consensus)
    people = judgements.assign_coords(group=("person", ["g", "g", "u"]))
    found = d.weights_by_pairs(people, by="groups")
    cube = judgements.transpose("person", "node", "other").values
    both = judgements.transpose("person", "node", "other")[:2].copy(
        data=np.stack([np.exp(np.log(cube[:2]).mean(axis=0)), cube[2]])
    )
    slow = composite.analytic_hierarchy(both)
    np.testing.assert_allclose(found.weight, slow.weight, rtol=1e-12)
    np.testing.assert_allclose(found.deviation, slow.deviation, rtol=1e-12)
    assert found.person_weight.values.tolist() == [0.25, 0.25, 0.5]
    assert found.attrs["counted"] == "geometric mean of groups"
    members = d.weights_by_pairs(people)
    assert members.attrs["counted"] == "geometric mean of members"
    np.testing.assert_allclose(
        members.weight, composite.analytic_hierarchy(judgements).weight, rtol=1e-12
    )
    with pytest.raises(MigovError, match="no coordinate 'group'"):
        d.weights_by_pairs(judgements, by="groups")
    with pytest.raises(MigovError, match="by='all'"):
        d.weights_by_pairs(judgements, by="all")


def test_house_is_inconsistent(consensus):
    """Saaty's house, CR 0.169: the pair to look at again is named."""
    table = consensus.read("ahp_matrices")
    table = table[table["case"] == "house"]
    names = list(dict.fromkeys(table["row"]))
    cells = table.set_index(["row", "column"])["judgement"]
    values = np.array([[float(Fraction(cells[a, b])) for b in names] for a in names])
    judgements = xr.DataArray(
        values, coords={"node": names, "other": names}, dims=("node", "other")
    )
    found = d.weights_by_pairs(judgements)
    told = consensus.read("ahp_results")
    summary = told[(told["case"] == "house") & (told["row"] == "summary")].iloc[0]
    assert found.consistency_ratio.item() == pytest.approx(
        float(summary["consistency_ratio"]), rel=1e-8
    )
    pairs = d.inconsistent_pairs(judgements)
    off = np.abs(np.log(pairs["judgement"] / pairs["implied"]))
    assert off.is_monotonic_decreasing
    assert off.iloc[0] == pytest.approx(np.abs(np.log(found.deviation.values)).max(), rel=1e-9)


def test_borda_and_opposition_of_profiles(consensus):
    profiles = consensus.read("ranking_profiles")
    told = consensus.read("ranking_scores").set_index(["case", "option"])
    for case, rows in profiles.groupby("case"):
        options = sorted(rows["ranking"].iloc[0].split(" > "))
        places = [[r.split(" > ").index(o) for o in options] for r in rows["ranking"]]
        scores = xr.DataArray(
            -np.array(places, float),
            coords={"person": list(range(len(rows))), "option": options},
            dims=("person", "option"),
        )
        found = d.consensus(scores, by="members", voters=rows["voters"].astype(float))
        for option in options:
            row = told.loc[(case, option)]
            one = found.sel(option=option)
            assert one.borda.item() == pytest.approx(float(row["borda_n_minus_1"]))
            assert one.opposition.item() == pytest.approx(float(row["largest_pairwise_opposition"]))
    assert found.attrs["counted"] == "every member counts the same"


def test_members_and_groups_differ():
    scores = xr.DataArray(
        [[1.0, 0], [1, 0], [1, 0], [0, 2]],
        coords={"person": list("abcd"), "option": ["x", "y"],
                "group": ("person", ["g", "g", "g", "u"])},
        dims=("person", "option"),
    )  # fmt: skip
    members, groups = (d.consensus(scores, by=by) for by in ("members", "groups"))
    assert members.attrs["best_by_borda"] == "x"
    assert groups.attrs["best_by_borda"] == "x, y"
    assert members.attrs["best_by_mean"] == "x"
    assert groups.attrs["best_by_mean"] == "y"
    assert groups.regret.values.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda x: d.consensus(x, by="all"), "by='all'"),
        (lambda x: d.consensus(x, by="groups"), "no coordinate 'group'"),
        (lambda x: d.consensus(x.rename(option="choice"), by="members"), "scores has"),
        (lambda x: d.consensus(x * np.inf, by="members"), "infinite"),
        (lambda x: d.consensus(x.where(x.option != "x"), by="members"), "nobody scored 'x'"),
        (lambda x: d.consensus(x.where(x.person > 1), by="members"), "'1' scored nothing"),
        (lambda x: d.consensus(x, by="members", voters=[1]), "no counts"),
        (lambda x: d.consensus(x.isel(person=[0, 0]), by="members"), "twice"),
        (lambda x: d.consensus(1, by="members"), "expected an xarray DataArray"),
    ],
)
def test_consensus_refuses(call, told):
    scores = xr.DataArray(
        [[1.0, 0], [2, 3]], coords={"person": [1, 2], "option": ["x", "y"]},
        dims=("person", "option"),
    )  # fmt: skip
    with pytest.raises(MigovError) as caught:
        call(scores)
    assert told in str(caught.value)


def participant(name, group, heard="2024-03-01"):
    return d.Participant(id=name, group=group, invited="2024-02-01", heard=heard)


def position(who, what, stance, reason="", **more):
    return d.Position(participant=who, proposal=what, stance=stance, reason=reason, **more)


@pytest.fixture
def held():
    return d.Round(
        title="Seasonal work", date="2024-03-01",
        participants=[
            participant("gov1", "governments"), participant("gov2", "governments"),
            participant("union", "social partners"), participant("farm", "private sector"),
            participant("dias", "migrants and diaspora", heard=""),
        ],
        proposals=[
            d.Proposal(id="fees", title="no recruitment fees", outcome="agreed",
                       decided="2024-03-01", measure="law"),
            d.Proposal(id="quota", title="higher quota", outcome="dropped", decided="2024-03-01"),
            d.Proposal(id="housing", title="inspected housing", outcome="agreed",
                       decided="2024-03-01"),
        ],
        positions=[
            position("gov1", "fees", 1), position("gov2", "fees", 2),
            position("union", "fees", 2, "fair"), position("farm", "fees", -1, "cost"),
            position("gov1", "quota", 1), position("gov2", "quota", 0),
            position("union", "quota", -2, "wages", red_line=True), position("farm", "quota", 2),
            position("gov1", "housing", 2), position("gov2", "housing", 2),
            position("union", "housing", 2),
        ],
    )  # fmt: skip


def test_inclusiveness_shows_who_is_missing(held):
    found = d.inclusiveness(held)
    table = found.set_index("group")
    assert table.loc["civil society", "invited"] == 0
    assert table.loc["migrants and diaspora", "share_of_invited_heard"] == 0
    assert table.loc["governments", "heard"] == 2
    assert table.loc["social partners", "share_with_reason"] == pytest.approx(2 / 3)
    assert found.attrs["groups_heard"] == 0.5


def test_least_objection_puts_red_lines_last(held):
    found = d.least_objection(held, by="members")
    assert list(found["proposal"]) == ["housing", "fees", "quota"]
    assert found.loc[1, "objection"] == 0.25
    assert d.least_objection(held, by="groups").loc[1, "objection"] == pytest.approx(1 / 3)
    assert found.loc[2, "red_lines"] == 1


def test_agreement_of_a_round(held):
    from migov.numeric.agreement import kendall_w, krippendorff_alpha

    table = d.agreement(held).set_index("group")
    stances = held.stances()
    assert table.loc["all", "ranking"] == 3
    whole = stances.loc[["gov1", "gov2", "union"]].to_numpy()
    assert table.loc["all", "kendall_w"] == pytest.approx(kendall_w(whole).w)
    alpha = krippendorff_alpha(stances.to_numpy(), "ordinal")
    assert table.loc["all", "alpha"] == pytest.approx(alpha)
    assert np.isnan(table.loc["private sector", "kendall_w"])


def test_dissent_stays_on_record(held):
    found = held.dissent()
    assert list(found["participant"]) == ["farm", "union"]
    assert found["red_line"].tolist() == [False, True]
    assert found["outcome"].tolist() == ["agreed", "dropped"]


def test_follow_through(held):
    late = g.Register([g.Measure(id="law", adopted="2026-03-02")])
    table = d.follow_through(held, late, date="2026-12-31", years=2)
    assert table.set_index("proposal").loc["fees", "state"] == "late"
    assert table.set_index("proposal").loc["housing", "state"] == "not adopted"
    assert table.attrs["share"] == 0
    early = d.follow_through(
        held, g.Register([g.Measure(id="law", adopted="2025-01-01")]), date="2025-06-01"
    )
    assert early["state"].tolist() == ["in time", "pending"]
    assert early.attrs["share"] == 100
    before = g.Register([g.Measure(id="law", adopted="2023-01-01")])
    known = d.follow_through(held, before, date="2025-01-01")
    assert known["state"].tolist() == ["already adopted", "pending"]
    assert np.isnan(known.attrs["share"])
    unsaid = g.Register([g.Measure(id="law", in_force="2025-06-01")])
    assert d.follow_through(held, unsaid, date="2025-07-01")["state"].tolist()[0] == "in time"
    assert len(d.follow_through(held, late, date="2024-02-01")) == 0
    with pytest.raises(MigovError, match="names the measure 'law'"):
        d.follow_through(held, g.Register([]), date="2026-01-01")
    with pytest.raises(MigovError, match="years=0"):
        d.follow_through(held, late, date="2026-01-01", years=0)


def test_minutes_are_a_page(held):
    register = g.Register([g.Measure(id="law", adopted="2025-01-01")])
    page = d.minutes(held, by="groups", register=register, date="2026-12-31")
    assert page.startswith("# Seasonal work\n")
    assert "Not heard: civil society, migrants and diaspora, academia." in page
    assert "every group counts the same" in page
    assert "| higher quota | social partners | union | rejects | yes | wages | dropped |" in page
    assert "| objects |  | cost | agreed all the same |" in page
    assert "| no recruitment fees | 2024-03-01 | law | adopted | 2025-01-01 | in time |" in page
    assert (
        page == report.minutes(held, by="groups", register=register, date="2026-12-31").markdown()
    )
    with pytest.raises(MigovError, match="without a register"):
        d.minutes(held, by="groups", date="2026-12-31")


def test_round_from_tables(held):
    def frame(rows):
        import attrs

        return pd.DataFrame([attrs.asdict(row) for row in rows])

    again = d.Round.from_frames(
        held.title, held.date, *(frame(x) for x in (held.participants, held.proposals,
                                                    held.positions)),
    )  # fmt: skip
    assert again.identical(held)
    assert not held.identical("a round")
    with pytest.raises(MigovError, match="has no 'colour'"):
        d.Round.from_frames("t", "2024-01-01", pd.DataFrame({"colour": [1]}), pd.DataFrame(),
                            pd.DataFrame())  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"positions": [position("dias", "fees", 1)]}, "who was not heard"),
        ({"positions": [position("nobody", "fees", 1)]}, "no such participant"),
        ({"positions": [position("gov1", "fees", 3)]}, "stance 3 is not -2 to 2"),
        ({"positions": [position("gov1", "fees", 1, red_line=True)]}, "and no objection"),
        ({"positions": [position("gov1", "fees", 1)] * 2}, "two positions"),
        ({"participants": [participant("a", "academia")] * 2, "positions": []}, "two participants"),
        ({"participants": [participant("a", "")], "positions": []}, "has no group"),
        ({"date": "soon"}, "'soon' is no date"),
        ({"date": "2024"}, "'2024' is no date"),
        (
            {"proposals": [d.Proposal(id="fees", outcome="agreed")], "positions": []},
            "agreed without a date",
        ),
        ({"proposals": [d.Proposal(id="fees", outcome="x")], "positions": []}, "outcome 'x'"),
        ({"positions": [1]}, "no Position"),
        ({"date": "2999-01-01"}, "round at 2999-01-01, which is in the future"),
        ({"date": pd.Timestamp("2024-03-01")}, "the round's date"),
        ({"title": " "}, "the round's title"),
        ({"date": "2024-02-15"}, "union heard at 2024-03-01, after the round of 2024-02-15"),
        ({"date": "2024-01-15"}, "union invited at 2024-02-01, after the round of 2024-01-15"),
        ({"positions": [position("gov1", "fees", [1])]}, "stance [1] is not -2 to 2"),
        ({"positions": [position("gov1", "fees", 1.5)]}, "stance 1.5 is not -2 to 2"),
        (
            {"positions": [position("gov1", "fees", -1, red_line="no")]},
            "red_line='no' is neither True nor False",
        ),
        ({"positions": [position("gov1", "fees", -1, None)]}, "reason=None is no text"),
        ({"participants": [participant(3, "academia")], "positions": []}, "id=3 is no text"),
        ({"participants": [participant("a", 3)], "positions": []}, "group=3 is no text"),
        ({"proposals": [d.Proposal(id="")], "positions": []}, "id='' is empty"),
        (
            {"proposals": [d.Proposal(id="fees", decided="2024-03-01")], "positions": []},
            "fees: open, and decided at 2024-03-01",
        ),
        (
            {
                "proposals": [d.Proposal(id="fees", outcome="agreed", decided="2020-01-01")],
                "positions": [],
            },
            "before anybody was heard",
        ),
        ({"others": ("academia",)}, "'academia' is no name of a further group"),
    ],
)
def test_rounds_that_cannot_be(held, change, told):
    fields = {name: getattr(held, name) for name in
              ("title", "date", "participants", "proposals", "positions")}  # fmt: skip
    with pytest.raises(MigovError) as caught:
        d.Round(**{**fields, **change})
    assert told in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_weights_go_into_an_index(points):
    index = composite.Index(
        nodes=(
            composite.Node(id="all"),
            *(composite.Node(id=n, parent="all", direction="up") for n in NODES),
        )
    )
    found = d.weights_by_budget(points, by="groups")
    weighted, doubt = d.into_index(index, found)
    by = {node.id: node.weight for node in weighted.nodes}
    assert by["rights"] == pytest.approx(0.31875)
    assert [name for name, _, _ in doubt.weights] == NODES
    low, high = (found[name] / found.weight for name in ("minimum", "maximum"))
    np.testing.assert_allclose([ends[1:] for ends in doubt.weights], np.stack([low, high], 1))
    data = xr.DataArray(
        np.random.default_rng(1).random((4, 5)),
        coords={"node": NODES, "area": list("ABCDE")},
        dims=("node", "area"),
    )
    drawn = weighted.robustness(data, doubt, draws=50, seed=1)
    assert drawn.score.sizes["member"] == 50
    with pytest.raises(MigovError, match="no spread"):
        d.into_index(index, found.drop_vars("minimum"))
    _, whole = d.into_index(index, found, draw="persons")
    assert len(whole.persons.counts) == points.sizes["person"]
    assert np.isfinite(weighted.robustness(data, whole, draws=50, seed=1).score).all()
    with pytest.raises(MigovError, match="draw='all'"):
        d.into_index(index, found, draw="all")


def test_pairwise_judgements_lend_whole_persons(consensus):
    _, judgements = members_of(consensus)
    found = d.weights_by_pairs(judgements)
    np.testing.assert_allclose(found["share"].sum("node"), 1.0, rtol=1e-12)
    one = d.weights_by_pairs(judgements.isel(person=0))
    np.testing.assert_allclose(one.weight, found["share"].isel(person=0), rtol=1e-12)
    assert len(composite.Uncertainty(persons=found).persons.counts) == judgements.sizes["person"]
    with pytest.raises(MigovError, match="several persons"):
        composite.Uncertainty(persons=one)


def _round(**changed):
    people = pd.DataFrame([("g1", "governments")], columns=["id", "group"])
    position = {"participant": "g1", "proposal": "f", "stance": -2} | changed
    return d.Round.from_frames(
        "a round", "2024-03-01", people.assign(heard="2024-03-01"),
        pd.DataFrame([{"id": "f", "title": "fees"}]), pd.DataFrame([position]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"stance": np.nan}, "stance"),
        ({"stance": "strong"}, "strong"),
        ({"red_line": "ja"}, "neither yes nor no"),
    ],
)
def test_cells_that_say_nothing_are_not_read_as_no(changed, told):
    assert _round(red_line="yes").positions[0].red_line
    with pytest.raises(MigovError, match=told) as caught:
        _round(**changed)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_agreement_is_of_a_round():
    with pytest.raises(MigovError, match="no Round"):
        d.agreement(None)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        ({"heard": "2999-01-01"}, "a heard at 2999-01-01, which is in the future"),
        ({"heard": "2024-01-01"}, "a heard at 2024-01-01, before being invited at 2024-02-01"),
        ({"group": "civil societies"}, "'civil societies' is none of .*; 'civil society'?"),
        ({"group": "the press"}, "add it by others"),
    ],
)
def test_participants_that_cannot_be(one, told):
    person = {"id": "a", "group": "academia", "invited": "2024-02-01", "heard": "2024-03-01"}
    with pytest.raises(MigovError) as caught:
        d.Round(title="t", date="2024-03-01", proposals=(), participants=[
            d.Participant(**{**person, **one})])  # fmt: skip
    assert re.search(told, str(caught.value))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_further_groups_are_named_by_the_round():
    people = pd.DataFrame({"id": ["a"], "group": ["local authorities"], "heard": ["2024-03-01"]})
    none = pd.DataFrame(columns=["id"])
    held = d.Round.from_frames("t", "2024-03-01", people, none, pd.DataFrame(),
                               others=["local authorities"])  # fmt: skip
    assert held.groups == (*d.GROUPS, "local authorities")
    assert d.inclusiveness(held).set_index("group").loc["local authorities", "heard"] == 1
    with pytest.raises(MigovError, match="'local authorities' is none of"):
        d.Round.from_frames("t", "2024-03-01", people, none, pd.DataFrame())


def test_tables_of_a_round_are_read_as_workbooks_write_them():
    people = pd.DataFrame({
        "id": [1, 2], "group": ["governments", "academia"],
        "heard": pd.to_datetime(["2024-03-01", None]),
    })  # fmt: skip
    positions = pd.DataFrame({"participant": [1.0], "proposal": "f", "stance": pd.array([-1])})
    told = ("t", "2024-03-01", people, pd.DataFrame({"id": ["f"]}))
    held = d.Round.from_frames(*told, positions)
    assert held.participants[0] == d.Participant(id="1", group="governments", heard="2024-03-01")
    assert held.participants[1].heard == ""
    assert held.positions[0].participant == "1"
    for wrong, words in (
        (positions.assign(stance=pd.array([pd.NA], dtype="Int64")), "Position 0: no stance"),
        (positions.drop(columns="participant"), "Position 0: no participant"),
        (pd.concat([positions, positions], axis=1), "Position has twice 'participant'"),
    ):
        with pytest.raises(MigovError, match=words) as caught:
            d.Round.from_frames(*told, wrong)
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_group_with_a_gap_counts_as_much_as_any():
    """The mean over groups is that of their means, whoever of a group did not say."""
    scores = xr.DataArray(
        [[4.0, 0], [np.nan, 0], [1, 0]],
        coords={"person": list("abc"), "option": ["x", "y"], "group": ("person", list("ggu"))},
        dims=("person", "option"),
    )
    assert d.consensus(scores, by="groups")["mean"].values.tolist() == [2.5, 0]
    assert d.consensus(scores, by="members")["mean"].values.tolist() == [2.5, 0]
    scores[1, 0] = 0
    assert d.consensus(scores, by="groups")["mean"].values.tolist() == [1.5, 0]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda x, p: d.consensus(x.assign_coords(group="g"), by="groups"), "along 'person'"),
        (
            lambda x, p: d.consensus(x.assign_coords(group=("option", ["g", "h"])), by="groups"),
            "along 'person'",
        ),
        (
            lambda x, p: d.consensus(x.assign_coords(group=("person", ["g", ""])), by="groups"),
            "b have no group",
        ),
        (lambda x, p: d.consensus(x, by="members", voters="ab"), "no counts"),
        (lambda x, p: d.consensus(x, by="members", voters=[1, np.inf]), "no counts"),
        (lambda x, p: d.weights_by_budget(p[:0], by="members"), "points is empty"),
        (
            lambda x, p: d.weights_by_budget(
                p.assign_coords(group=("person", np.array(["g", np.nan], object))), by="groups"
            ),
            "b have no group",
        ),
        (lambda x, p: d.inconsistent_pairs(p, most=-1), "most=-1"),
        (lambda x, p: d.inconsistent_pairs(p, most=True), "most=True"),
    ],
)
def test_people_without_a_group_and_counts_that_are_none(call, told):
    coords = {"person": ["a", "b"], "option": ["x", "y"]}
    scores = xr.DataArray([[1.0, 0], [2, 3]], coords=coords, dims=("person", "option"))
    points = xr.DataArray([[60.0, 40], [50, 50]], dims=("person", "node"),
                          coords={"person": ["a", "b"], "node": ["r", "o"]})  # fmt: skip
    with pytest.raises(MigovError, match=told) as caught:
        call(scores, points)
    assert caught.value.mend
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
