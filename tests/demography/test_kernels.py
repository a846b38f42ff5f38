"""Survival from death rates: published tables, limits, identities, the textbook projection."""

from __future__ import annotations

import csv
import itertools

import numpy as np
import pytest

from migov.demography import kernels, kernels_projection
from migov.demography.kernels_cuts import blocks, cut_groups
from migov.demography.kernels_projection import Rules, project, tree_sum

FIVES = np.array([1.0, 4.0] + [5.0] * 19 + [np.inf])


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _line_of_a0(letter):
    return {"M": (np.array(0.0425), np.array(2.875)), "F": (np.array(0.05), np.array(3.0))}[letter]


@pytest.mark.parametrize(("sex", "letter"), [("m", "M"), ("f", "F")])
def test_infant_rules_match_the_published_functions(shared, sex, letter):
    table = [
        r
        for r in rows(shared / "golden" / "demography" / "lifetable" / "a0_rules.csv")
        if r["sex"] == sex
    ]
    assert table
    m0 = np.array([[float(r["m0"]) for r in table]])
    a0, a1 = kernels.infant_ax(m0, letter, "coale_demeny_q0")
    assert a0[0] == pytest.approx([float(r["a0_coale_demeny_w"]) for r in table], rel=1e-9)
    a0, _ = kernels.infant_ax(m0, letter, "andreev_kingkade")
    assert a0[0] == pytest.approx([float(r["a0_andreev_kingkade"]) for r in table], rel=1e-9)
    # for ages 1-4 the peer takes q0 with the a0 of Andreev and Kingkade; the line is ours
    a0_of_peer = kernels.infant_ax(m0, letter, "andreev_kingkade")[0]
    q0 = m0 / (1 + (1 - a0_of_peer) * m0)
    line = {"M": (1.653, -3.013, 1.352), "F": (1.524, -1.627, 1.361)}[letter]
    wanted = np.where(q0 < 0.1, line[0] + line[1] * q0, line[2])
    published = [float(r["a1_4_coale_demeny_w"]) for r in table]
    assert wanted[0] == pytest.approx(published, rel=1e-9)
    own_q0 = kernels.coale_demeny_q0(m0, *_line_of_a0(letter))
    own = np.where(own_q0 < 0.1, line[0] + line[1] * own_q0, line[2])
    assert a1 == pytest.approx(own, rel=1e-12)


@pytest.mark.parametrize("letter", ["F", "M"])
def test_infant_death_probability_solves_its_equation(letter):
    m0 = np.geomspace(1e-300, 0.1, 60)
    alpha, beta = (0.05, 3.0) if letter == "F" else (0.0425, 2.875)
    q0 = kernels.coale_demeny_q0(m0, np.asarray(alpha), np.asarray(beta))
    a0 = alpha + beta * q0
    assert q0 == pytest.approx(m0 / (1 + (1 - a0) * m0), rel=1e-12)


def test_survival_matches_a_life_table_by_columns(shared, slow):
    read = slow.read_wpp(shared / "golden" / "demography" / "wpp2019")
    for area in ("DEU", "TJK"):
        m = np.array([read["mx"][area, 2020, sex] for sex in "FM"]).T
        found = kernels.survival(m, FIVES, "greville", 5.0)
        for place, sex in enumerate("FM"):
            wanted = slow.survival(list(m[:, place]), sex)
            assert found.alive[:, place] == pytest.approx(wanted, rel=1e-13)


def test_greville_matches_the_published_abridged_table(shared):
    path = shared / "golden" / "demography" / "lifetable" / "abridged_lifetable.csv"
    table = [
        r
        for r in rows(path)
        if (r["iso3"], r["sex"], r["ax_method"], r["a0_rule"])
        == ("KGZ", "female", "greville_un", "coale_demeny_west")
    ]
    first = table[0]["period_start"]
    table = [r for r in table if r["period_start"] == first]
    m = np.array([float(r["nMx"]) for r in table])
    found = kernels.greville_ax(m, FIVES)
    published = [float(r["nAx"]) for r in table]
    # ages 10-14 to 90-94; the peer treats the ends otherwise
    assert found[2:-1] == pytest.approx(published[3:-2], abs=1e-9)


def test_single_ages_match_the_published_life_table(shared):
    path = shared / "golden" / "demography" / "lifetable" / "single_year_lifetable.csv"
    table = [
        r
        for r in rows(path)
        if (r["source_year"], r["a0_rule"]) == ("1985", "andreev_kingkade") and r["sex_rule"] == "m"
    ]
    assert len(table) > 90
    m = np.array([[float(r["nMx"])] for r in table])
    width = np.append(np.ones(len(m) - 1), np.inf)
    found = kernels.survival(m, width, "andreev_kingkade", 1.0, "M")
    lived = np.array([float(r["nLx"]) for r in table]) / 1e5
    wanted = np.append(lived[0], lived[1:] / lived[:-1])
    assert found.alive[:-1, 0] == pytest.approx(wanted[:-1], rel=1e-9)


@pytest.mark.parametrize("rule", kernels.AX_RULES)
def test_extreme_rates(rule):
    width = np.array([1.0, 4.0, 5.0, 5.0, np.inf])
    for level in (0.0, 1e-300, 1e-15):
        m = np.full((5, 2), level)
        m[-1] = 0.1
        found = kernels.survival(m, width, rule, 5.0)
        assert found.alive[:3] == pytest.approx(1.0, abs=1e-14)
        assert (found.least >= 0).all()
    found = kernels.survival(np.full((5, 2), 2.5), width, rule, 5.0)
    assert (found.least < 0).all() == (rule != "constant_force")


def test_constant_force_is_exponential():
    m = np.full((8, 2), 0.03)
    found = kernels.survival(m, np.append(np.full(7, 5.0), np.inf), "constant_force", 5.0)
    assert found.alive[1:] == pytest.approx(np.exp(-0.15), rel=1e-14)
    assert found.alive[0] == pytest.approx((1 - np.exp(-0.15)) / 0.15, rel=1e-14)


def test_the_order_of_a_tree_sum_is_its_length_alone():
    x = np.random.default_rng(0).standard_normal((35, 7, 300)) * 1e6
    whole = tree_sum(x.copy())
    for part in (np.s_[:, 3, 17], np.s_[:, 2:3, 5:9], np.s_[:, :, ::-1]):
        assert np.array_equal(tree_sum(np.array(x[part])), whole[part[1:]])
    strided = np.asfortranarray(x)
    assert np.array_equal(tree_sum(strided.copy(order="F")), whole)
    assert whole == pytest.approx(x.sum(axis=0), rel=1e-9, abs=1e-6)


def test_blocks_cover_every_cell_once():
    for shape in ((7,), (3, 5), (2, 1, 9), (4, 11, 3)):
        for most in (1, 4, 10, 1000):
            seen = np.zeros(shape, int)
            for cut in blocks(shape, most):
                seen[cut] += 1
                assert seen[cut].size <= most
            assert (seen == 1).all()


def textbook(shared):
    """Swedish women 1993-98, with rates under the rule `half` that give the book's ratios."""
    table = rows(shared / "golden" / "demography" / "preston_sweden_1993_female_projection.csv")
    lived = [float(r["female_person_years_lived_nLx"]) for r in table]
    ratios = [lived[0] / 5e5, *(b / a for a, b in itertools.pairwise(lived[:-1]))]
    m = [2 * (0.2 / ratios[0] - 0.2)]
    m += [0.0] * (len(table) - 1)
    for i, ratio in enumerate(ratios[1:], start=1):
        m[i] = 2 * ((0.2 - m[i - 1] / 2) / ratio - 0.2)
    kept = lived[-1] / (lived[-1] + lived[-2])
    m[-1] = (0.2 - m[-2] / 2) * (1 / kept - 1)
    mothers = [float(r["asfr"]) for r in table]
    return table, m, mothers


@pytest.mark.parametrize(("adjusted", "births"), [(True, 615_989), (False, 612_358)])
def test_textbook_projection_of_swedish_women(shared, adjusted, births):
    table, m, mothers = textbook(shared)
    k = len(table)
    women = np.array([float(r["female_population_1993"]) for r in table])
    moves = np.array([float(r["net_migrants_female"]) for r in table])
    rules = Rules(5.0, "half", adjusted, False, (3, 10))
    out = project(
        np.stack([women, np.zeros(k)]),
        np.stack([m, m])[None],
        np.array(mothers[3:10])[None],
        np.stack([moves, np.zeros(k)])[None],
        np.array([1.05]),
        0.5,
        np.append(np.full(k - 1, 5.0), np.inf),
        rules,
    )
    assert (out.gap <= 1e-12 * out.size).all()
    start = women + moves / 2 if adjusted else women
    by_age = 2.5 * np.array(mothers) * (start + out.population[1, 0])
    assert out.births.sum() == pytest.approx(by_age.sum(), rel=1e-14)
    assert out.births[0, 1] / out.births[0, 0] == pytest.approx(1.05, rel=1e-14)
    if not adjusted:
        assert round(out.births.sum()) == births
        return
    printed = [float(r["births_both_sexes"] or 0) for r in table]
    assert list(np.round(by_age)) == printed
    assert sum(printed) == births
    after = [float(r["female_population_1998"]) for r in table]
    assert out.population[1, 0] == pytest.approx(after, abs=1.0)


def test_cuts_hold_every_group_once_the_oldest_first():
    for groups, parts in ((101, 4), (101, 13), (8, 1), (17, 2)):
        cuts = cut_groups(groups, parts)
        assert len(cuts) == parts
        assert [cut.last for cut in cuts] == [True] + [False] * (parts - 1)
        assert [g for cut in cuts[::-1] for g in range(cut.low, cut.high)] == list(range(groups))
        assert max(cut.high - cut.low for cut in cuts) - groups // parts <= 1


@pytest.mark.parametrize("share", [0.5, "by row"])
@pytest.mark.parametrize(("adjusted", "exposed"), [(False, False), (True, True)])
@pytest.mark.parametrize("ax", kernels.AX_RULES)
def test_single_ages_cut_apart_have_the_same_bits(monkeypatch, ax, adjusted, exposed, share):
    """The same periods with all ages at once, with ages in parts, and one row at a time."""
    rng, ages, years, rows = np.random.default_rng(5), 41, 4, 7
    rise = np.exp(0.08 * np.arange(ages))[:, None]
    given = (
        rng.uniform(1e3, 1e4, (2, ages, rows)),
        0.002 * rise * rng.uniform(0.8, 1.2, (years, 2, ages, rows)),
        rng.uniform(0.05, 0.1, (years, 20, rows)),
        rng.normal(0.0, 30.0, (years, 2, ages, rows)),
        np.full((years, 1), 1.05),
        np.asarray(0.5) if share == 0.5 else rng.uniform(0.0, 1.0, rows),
    )
    width, rules = np.append(np.ones(ages - 1), np.inf), Rules(1.0, ax, adjusted, exposed, (12, 32))
    whole = project(*given, width, rules)
    assert (whole.gap <= 1e-12 * whole.size).all()
    cut_into = []
    real = kernels_projection.cut_groups
    monkeypatch.setattr(
        kernels_projection,
        "cut_groups",
        lambda groups, parts: cut_into.append(parts) or real(groups, parts),
    )
    for cells, row, parts in ((2 * 10 * rows, rows, 5), (2 * ages, 1, 1), (2 * ages, 3, 4)):
        monkeypatch.setattr(kernels_projection, "_CELLS", cells)
        monkeypatch.setattr(kernels_projection, "_ROW", row)
        found = project(*given, width, rules)
        assert max(cut_into) == parts
        cut_into.clear()
        for name in ("population", "births", "deaths"):
            assert np.array_equal(getattr(found, name), getattr(whole, name)), name
        assert found.gap == pytest.approx(whole.gap, abs=1e-12 * whole.size.max())
        assert (found.chance >= 0).all()
