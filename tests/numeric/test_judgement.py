"""Agreement, pairwise judgements and rankings, against published cases."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from migov.numeric import agreement, pairwise, voting


@pytest.fixture
def folder(shared: Path) -> Path:
    return shared / "golden" / "governance" / "consensus"


def matrix(frame: pd.DataFrame, case: str) -> tuple[list[str], np.ndarray]:
    rows = frame[frame["case"] == case]
    names = list(dict.fromkeys(rows["row"]))
    values = {
        (r, c): float(Fraction(str(j)))
        for r, c, j in zip(rows["row"], rows["column"], rows["judgement"], strict=True)
    }
    return names, np.array([[values[r, c] for c in names] for r in names])


@pytest.mark.parametrize("case", ["drinks", "house", "consistent_4", "two_options"])
def test_hierarchy(folder, case):
    names, judged = matrix(pd.read_csv(folder / "ahp_matrices.csv"), case)
    results = pd.read_csv(folder / "ahp_results.csv")
    results = results[results["case"] == case].set_index("row")
    summary = results.loc["summary"]
    found = pairwise.priorities(judged)
    other = pairwise.priorities(judged, "geometric_mean", "saaty_tran_2007")
    wanted = results.loc[names]
    np.testing.assert_allclose(
        found.weights, wanted["eigenvector_weight"].astype(float), atol=1e-10
    )
    np.testing.assert_allclose(
        other.weights, wanted["geometric_mean_weight"].astype(float), atol=1e-10
    )
    np.testing.assert_allclose(found.lambda_max, summary["lambda_max"], atol=1e-10)
    np.testing.assert_allclose(found.consistency_index, summary["consistency_index"], atol=1e-10)
    np.testing.assert_allclose(found.consistency_ratio, summary["consistency_ratio"], atol=1e-10)
    np.testing.assert_allclose(
        other.consistency_ratio, summary["consistency_ratio_2007"], atol=1e-10
    )


def test_most_inconsistent_pairs(folder):
    names, judged = matrix(pd.read_csv(folder / "ahp_matrices.csv"), "house")
    pairs = pairwise.inconsistent_pairs(judged)
    assert len(pairs) == 28
    i, j, judgement, implied = pairs[0]
    assert {names[i], names[j]} == {"neighbourhood", "condition"}
    mended = judged.copy()
    mended[i, j], mended[j, i] = implied, 1 / implied
    before, after = (pairwise.priorities(m).consistency_ratio for m in (judged, mended))
    assert after < before
    assert judgement == judged[i, j]
    consistent = np.outer([8, 4, 2, 1], 1 / np.array([8, 4, 2, 1.0]))
    assert all(a == pytest.approx(b) for _, _, a, b in pairwise.inconsistent_pairs(consistent))


def test_groups(folder):
    frame = pd.read_csv(folder / "ahp_group.csv").set_index("member")
    members = []
    for name in ("m1", "m2", "m3"):
        ab, ac, bc = (float(Fraction(str(frame.loc[name, k]))) for k in ("ab", "ac", "bc"))
        members.append([[1, ab, ac], [1 / ab, 1, bc], [1 / ac, 1 / bc, 1]])
        found = pairwise.priorities(np.array(members[-1]))
        columns = ["weight_a", "weight_b", "weight_c"]
        np.testing.assert_allclose(
            found.weights, frame.loc[name, columns].astype(float), atol=1e-10
        )
        assert found.consistency_ratio == pytest.approx(
            frame.loc[name, "consistency_ratio"], abs=1e-10
        )
    joined = pairwise.priorities(pairwise.group_judgements(np.array(members)))
    wanted = frame.loc["aggregated_judgements", ["weight_a", "weight_b", "weight_c"]].astype(float)
    np.testing.assert_allclose(joined.weights, wanted, atol=1e-10)
    each = np.array([pairwise.priorities(np.array(m)).weights for m in members])
    wanted = frame.loc[
        "aggregated_priorities_geometric", ["weight_a", "weight_b", "weight_c"]
    ].astype(float)
    np.testing.assert_allclose(pairwise.group_priorities(each), wanted, atol=1e-10)


def test_best_worst(folder):
    frame = pd.read_csv(folder / "best_worst_linear.csv")
    weights, xi = pairwise.best_worst(
        frame["best_to_others"].to_numpy(float), frame["others_to_worst"].to_numpy(float)
    )
    np.testing.assert_allclose(weights, frame["weight"], atol=1e-9)
    assert xi == pytest.approx(frame["xi"].iloc[0], abs=1e-9)


@pytest.mark.parametrize(
    ("judged", "text"),
    [
        (np.ones((2, 3)), "square"),
        (np.array([[1.0, 2], [2, 1]]), "not reciprocal"),
        (np.array([[1.0, -2], [-0.5, 1]]), "positive"),
        (np.array([[1.0, np.nan], [1, 1]]), "positive"),
        (np.array([[2.0, 2], [0.5, 1]]), "not reciprocal"),
    ],
)
def test_judgements_that_cannot_be(judged, text):
    with pytest.raises(ValueError, match=text):
        pairwise.priorities(judged)


def test_unknown_ways():
    with pytest.raises(ValueError, match="eigenvector"):
        pairwise.priorities(np.ones((3, 3)), "mean")
    with pytest.raises(ValueError, match="best and the worst"):
        pairwise.best_worst(np.array([2.0, 3]), np.array([1.0, 2]))
    assert np.isnan(pairwise.priorities(np.ones((11, 11))).consistency_ratio)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorff(folder, level):
    data = pd.read_csv(folder / "krippendorff_data.csv").set_index("observer").to_numpy(float)
    wanted = pd.read_csv(folder / "krippendorff_alpha.csv").set_index("level")["alpha"]
    assert agreement.krippendorff_alpha(data, level) == pytest.approx(wanted[level], abs=1e-10)
    shuffled = data[::-1, ::-1]
    assert agreement.krippendorff_alpha(shuffled, level) == pytest.approx(wanted[level], abs=1e-10)


def test_krippendorff_by_pairs():
    """Nominal alpha against a loop over all pairs of ratings."""
    rng = np.random.default_rng(5)
    data = np.where(rng.random((5, 20)) < 0.2, np.nan, rng.integers(1, 4, (5, 20)).astype(float))
    pairs = differ = 0.0
    values: list[float] = []
    for unit in data.T:
        rated = unit[~np.isnan(unit)]
        if rated.size < 2:
            continue
        values += list(rated)
        pairs += rated.size
        gaps = sum(a != b for i, a in enumerate(rated) for j, b in enumerate(rated) if i != j)
        differ += gaps / (rated.size - 1)
    n = len(values)
    expected = sum(a != b for i, a in enumerate(values) for j, b in enumerate(values) if i != j)
    slow = 1 - (differ / pairs) / (expected / (n * (n - 1)))
    assert agreement.krippendorff_alpha(data) == pytest.approx(slow, abs=1e-12)


def test_kendall(folder):
    data = pd.read_csv(folder / "kendall_w_data.csv").set_index("judge").to_numpy(float)
    wanted = pd.read_csv(folder / "kendall_w_results.csv").set_index("measure")["value"]
    found = agreement.kendall_w(data)
    assert found.w == pytest.approx(wanted["W_tie_corrected"], abs=1e-10)
    assert found.chi_square == pytest.approx(wanted["friedman_chi_square"], abs=1e-10)
    assert found.p == pytest.approx(0.003805, abs=1e-6)
    assert agreement.kendall_w(-data).w == pytest.approx(found.w)


def test_intraclass(folder):
    data = pd.read_csv(folder / "icc_data.csv").set_index("target").to_numpy(float)
    wanted = pd.read_csv(folder / "icc_results.csv").set_index("form")["value"]
    found = agreement.intraclass_correlations(data)
    assert set(found) == set(wanted.index)
    for form, value in found.items():
        assert value == pytest.approx(wanted[form], abs=1e-10)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: agreement.kendall_w(np.ones((2, 2))), "ties every item"),
        (lambda: agreement.kendall_w(np.ones(3)), "2 judges"),
        (lambda: agreement.kendall_w(np.array([[1, np.nan], [1, 2]])), "missing"),
        (lambda: agreement.krippendorff_alpha(np.array([[1.0, np.nan], [np.nan, 1]])), "two rat"),
        (lambda: agreement.krippendorff_alpha(np.array([[-1.0], [1]]), "ratio"), "negative"),
        (lambda: agreement.krippendorff_alpha(np.array([[1.0], [1]]), "rank"), "nominal"),
        (lambda: agreement.krippendorff_alpha(np.ones(3)), "judges x units"),
        (lambda: agreement.intraclass_correlations(np.ones((1, 2))), "targets"),
    ],
)
def test_ratings_that_cannot_be(call, text):
    with pytest.raises(ValueError, match=text):
        call()


def test_no_variation_has_no_alpha():
    assert np.isnan(agreement.krippendorff_alpha(np.ones((3, 4))))


def profile(folder: Path, case: str) -> tuple[list[str], np.ndarray]:
    rows = pd.read_csv(folder / "ranking_profiles.csv")
    rows = rows[rows["case"] == case]
    rankings = [text.split(" > ") for text in rows["ranking"]]
    names = sorted(rankings[0])
    places = np.array([[r.index(name) + 1.0 for name in names] for r in rankings])
    return names, voting.preferences(places, rows["voters"].to_numpy(float))


@pytest.mark.parametrize("case", ["tennessee", "condorcet_60", "cycle", "borda_fails_majority"])
def test_rankings(folder, case):
    names, preferred = profile(folder, case)
    scores = pd.read_csv(folder / "ranking_scores.csv")
    scores = scores[scores["case"] == case].set_index("option").loc[names]
    assert (voting.borda(preferred) == scores["borda_n_minus_1"]).all()
    assert (voting.copeland(preferred) == scores["copeland_wins_minus_losses"]).all()
    assert (voting.opposition(preferred) == scores["largest_pairwise_opposition"]).all()
    wanted = pd.read_csv(folder / "ranking_kemeny.csv").set_index("case").loc[case]
    found = voting.kemeny(preferred)
    assert found.agreements == wanted["kemeny_score_agreements"]
    told = {" > ".join(names[i] for i in ranking) for ranking in found.rankings}
    assert told == set(wanted["rankings"].split(" | "))
    assert len(told) == wanted["optimal_rankings"]


def test_kemeny_by_all_permutations():
    rng = np.random.default_rng(2)
    for _ in range(5):
        preferred = rng.integers(0, 9, (6, 6)).astype(float)
        np.fill_diagonal(preferred, 0)

        def agreements(order, preferred=preferred):
            return sum(preferred[a, b] for i, a in enumerate(order) for b in order[i + 1 :])

        best = max(map(agreements, permutations(range(6))))
        optimal = {o for o in permutations(range(6)) if agreements(o) == best}
        found = voting.kemeny(preferred)
        assert found.agreements == best
        assert set(found.rankings) == optimal
    assert len(voting.kemeny(np.zeros((5, 5)), most=7).rankings) == 7


def test_votes_that_cannot_be():
    with pytest.raises(ValueError, match="at most 16"):
        voting.kemeny(np.zeros((17, 17)))
    with pytest.raises(ValueError, match="rankings x options"):
        voting.preferences(np.ones(3))
    with pytest.raises(ValueError, match="voters"):
        voting.preferences(np.ones((2, 3)), np.array([1.0, -1]))
    unranked = voting.preferences(np.array([[1.0, np.nan, 2.0]]))
    assert unranked.tolist() == [[0, 0, 1], [0, 0, 0], [0, 0, 0]]
