"""Designs that measure effects: a textbook's figures, errors by hand, and what is refused."""

from __future__ import annotations

import builtins
import pickle

import numpy as np
import pandas as pd
import pytest

from migov.core.errors import DataError, ExtraError, MigovError
from migov.schemes import difference_in_differences, lottery

pytest.importorskip("linearmodels")

PANEL = {"outcome": "wage", "unit": "EUR/month", "group": "who", "time": "year", "start": "since"}
DRAW = {"outcome": "wage", "unit": "EUR/month", "offered": "drawn", "took_up": "went"}


def job_training():
    """Return log scrap rates of 54 firms with and without a grant (linearmodels' own data)."""
    from linearmodels.datasets import jobtraining

    rows = jobtraining.load()
    rows = rows[rows["year"].isin([1987, 1988])].dropna(subset=["lscrap", "grant"])
    rows = rows[rows.groupby("fcode")["year"].transform("count") == 2]
    has = rows.groupby("fcode")["grant"].transform("max") == 1
    return rows.assign(since=np.where(has, 1988.0, np.nan))[["fcode", "year", "lscrap", "since"]]


def panel(seed=0, groups=80, years=6, effect=-3.0, drift=0.0, start=2023):
    rng = np.random.default_rng(seed)
    who, year = np.meshgrid(np.arange(groups), np.arange(2020, 2020 + years), indexing="ij")
    treated = who < groups // 2
    wage = 100 + rng.normal(0, 5, groups)[who] + rng.normal(0, 4, years)[year - 2020]
    wage += rng.normal(0, 2, who.shape) + treated * (effect * (year >= start) + drift * year)
    return pd.DataFrame({
        "who": who.ravel(), "year": year.ravel(), "wage": wage.ravel(),
        "since": np.where(treated, float(start), np.nan).ravel(),
        "town": (who // 4).ravel(), "price": rng.normal(0, 1, who.size),
    })  # fmt: skip


def test_the_textbook_figure_of_job_training():
    """Wooldridge (2019), Introductory Econometrics, chapter 13: -0.317 for 54 firms, two years."""
    rows = job_training()
    found = difference_in_differences(
        rows, outcome="lscrap", unit="1", group="fcode", time="year", start="since"
    )
    assert found.rows == 108
    assert found.clusters == 54
    assert found.table.loc["effect", "estimate"] == pytest.approx(-0.317, abs=5e-4)
    assert found.table.loc["0", "estimate"] == pytest.approx(-0.317, abs=5e-4)
    assert "cannot be seen" in found.show()


def test_the_error_is_that_of_first_differences_by_hand():
    """Two years: the sandwich of the differences, with its correction for clusters."""
    rows = job_training().sort_values(["fcode", "year"])
    wide = rows.pivot_table(index="fcode", columns="year", values="lscrap")
    moved = (wide[1988] - wide[1987]).to_numpy()
    has = rows.groupby("fcode")["since"].first().notna().to_numpy().astype(float)
    x = np.column_stack([np.ones(len(has)), has])
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ moved
    left = moved - x @ beta
    meat = (x * left[:, None]).T @ (x * left[:, None])
    sandwich = np.sqrt((bread @ meat @ bread)[1, 1])
    found = difference_in_differences(
        rows, outcome="lscrap", unit="1", group="fcode", time="year", start="since"
    ).table.loc["effect"]
    assert found["estimate"] == pytest.approx(beta[1], abs=1e-10)
    # Corrected by groups / (groups - 1) and (rows - 1) / (rows - columns), two columns.
    ratio = found["error"] / sandwich
    assert ratio == pytest.approx(np.sqrt(54 / 53 * 107 / 106), rel=1e-9)
    assert found["high"] - found["estimate"] == pytest.approx(2.005746 * found["error"], rel=1e-6)


def test_a_known_effect_is_found_and_the_trend_before_is_checked():
    found = difference_in_differences(panel(), **PANEL)
    row = found.table.loc["effect"]
    assert row["low"] < -3.0 < row["high"]
    assert list(found.table.index) == ["effect", "-3", "-2", "0", "1", "2"]
    assert found.checks.loc["trend before", "p"] > 0.01
    drifted = difference_in_differences(panel(drift=3.0), **PANEL)
    assert drifted.checks.loc["trend before", "p"] < 1e-6
    assert "parallel trends" in found.show()
    assert "EUR/month" in found.show()


def test_intervals_hold_what_they_say():
    """Of 80 draws without an effect about 5 % lie outside their 95 % interval."""
    outside = 0
    for seed in range(80):
        row = difference_in_differences(
            panel(seed, groups=60, years=3, effect=0.0, start=2022), **PANEL
        ).table.loc["effect"]
        outside += not row["low"] <= 0.0 <= row["high"]
    assert 1 <= outside <= 11


def test_clusters_above_groups_and_covariates_and_the_order_of_rows():
    rows = panel(3)
    rows["wage"] += rows["price"] * 7
    found = difference_in_differences(rows, **PANEL, cluster="town", covariates=("price",))
    assert found.clusters == 20
    assert any("20 clusters" in one for one in found.cautions)
    mixed = rows.sample(frac=1.0, random_state=1)
    again = difference_in_differences(mixed, **PANEL, cluster="town", covariates=("price",))
    pd.testing.assert_frame_equal(found.table, again.table, rtol=1e-9)
    bare = difference_in_differences(rows, **PANEL, cluster="town")
    assert bare.table.loc["effect", "error"] > found.table.loc["effect", "error"]


def draw(seed=0, size=600, effect=50.0, moved=0.6):
    rng = np.random.default_rng(seed)
    town, house = rng.integers(0, 4, size), np.arange(size) // 2
    chance = np.array([0.2, 0.4, 0.5, 0.7])[town]
    drawn = rng.random(size) < chance
    keen = rng.normal(0, 1, size)
    always = keen > 1.8
    went = always | (drawn & (rng.random(size) < moved))
    wage = 400 + 30 * keen + 25 * town + effect * went + rng.normal(0, 20, size // 2)[house]
    return pd.DataFrame({"wage": wage, "drawn": drawn.astype(int), "went": went.astype(int),
                         "town": town, "house": house, "age": rng.normal(30, 5, size)})  # fmt: skip


def test_without_strata_takers_gain_the_offer_divided_by_the_share_moved():
    """Wald's ratio, and the offer as a difference of two means."""
    rows = draw()
    found = lottery(rows, **DRAW).table
    groups = rows.groupby("drawn")
    means = groups["wage"].mean()
    assert found.loc["offer", "estimate"] == pytest.approx(means[1] - means[0], abs=1e-9)
    shares = groups["went"].mean()
    assert found.loc["share moved", "estimate"] == pytest.approx(shares[1] - shares[0], abs=1e-12)
    ratio = found.loc["offer", "estimate"] / found.loc["share moved", "estimate"]
    assert found.loc["taking part", "estimate"] == pytest.approx(ratio, rel=1e-9)


def test_strata_take_out_unequal_chances_and_clusters_widen():
    """By hand: outcome, drawn and went less their means of the stratum, sandwich by households."""
    rows = draw(1)
    found = lottery(rows, **DRAW, strata="town", cluster="house", before=("age",))
    inside = rows[["wage", "drawn", "went"]] - rows.groupby("town")[
        ["wage", "drawn", "went"]
    ].transform("mean")
    z, d, y = (inside[name].to_numpy() for name in ("drawn", "went", "wage"))
    offer, taken = z @ y / (z @ z), z @ y / (z @ d)
    assert found.table.loc["offer", "estimate"] == pytest.approx(offer, rel=1e-9)
    assert found.table.loc["taking part", "estimate"] == pytest.approx(taken, rel=1e-9)
    for name, x, beta in (("offer", z, offer), ("taking part", d, taken)):
        scores = pd.Series(z * (y - x * beta)).groupby(rows["house"]).sum()
        error = np.sqrt((scores**2).sum()) / abs(z @ x)
        assert found.table.loc[name, "error"] == pytest.approx(error, rel=0.01)
    row = found.table.loc["taking part"]
    assert row["low"] < 50.0 < row["high"]
    assert found.clusters == 300
    assert found.checks.loc["age", "p"] > 0.001
    assert found.checks.loc["strength of the offer", "statistic"] > 100


def test_a_weak_offer_is_said():
    found = lottery(draw(2, size=60, moved=0.03), **DRAW)
    assert any("moves few" in one for one in found.cautions)
    assert "no defiers" in found.show()


def changed(rows, name, value, at=0):
    rows = rows.astype({name: object}).copy()
    rows.loc[at, name] = value
    return rows


BAD_PANEL = {
    "no frame": (lambda rows: rows.to_dict(), "frame"),
    "no rows": (lambda rows: rows.iloc[:0], "frame"),
    "no column": (lambda rows: rows.drop(columns="wage"), "frame"),
    "twice": (lambda rows: pd.concat([rows, rows.iloc[:1]]), "frame"),
    "gaps": (lambda rows: rows.assign(wage=rows["wage"].where(rows["year"] > 2020)), "frame"),
    "infinite": (lambda rows: rows.assign(wage=np.inf), "frame"),
    "texts": (lambda rows: rows.assign(wage="x"), "frame"),
    "objects": (lambda rows: changed(rows, "wage", "x"), "frame"),
    "staggered": (lambda rows: rows.assign(
        since=rows["since"].where(rows["who"] > 3, 2024.0)), "frame"),
    "a start that moves": (lambda rows: changed(rows, "since", 2022.0), "frame"),
    "nobody in it": (lambda rows: rows.assign(since=np.nan), "frame"),
    "everybody in it": (lambda rows: rows.assign(since=2023.0), "frame"),
    "nothing before": (lambda rows: rows.assign(
        since=rows["since"].where(rows["since"].isna(), 2020.0)), "frame"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_PANEL)
def test_rows_that_are_no_panel_are_refused(what):
    spoil, argument = BAD_PANEL[what]
    with pytest.raises(MigovError) as caught:
        difference_in_differences(spoil(panel()), **PANEL)
    assert caught.value.argument == argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


BAD_DRAW = {
    "a share": (lambda rows: rows.assign(drawn=0.5), {}, "frame"),
    "the same": (lambda rows: rows.assign(drawn=1), {}, "frame"),
    "gaps": (lambda rows: rows.assign(went=np.nan), {}, "frame"),
    "unit": (lambda rows: rows, {"unit": "parsec/moon"}, "unit"),
    "empty unit": (lambda rows: rows, {"unit": ""}, "unit"),
    "level": (lambda rows: rows, {"level": 95}, "level"),
    "strata": (lambda rows: rows, {"strata": "moon"}, "frame"),
    "one column for two": (lambda rows: rows, {"took_up": "drawn"}, "frame"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_DRAW)
def test_rows_that_are_no_draw_are_refused(what):
    spoil, changes, argument = BAD_DRAW[what]
    with pytest.raises(MigovError) as caught:
        lottery(spoil(draw()), **{**DRAW, **changes})
    assert caught.value.argument == argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_all_faults_of_the_rows_are_told_together():
    rows = draw().assign(wage=np.nan, drawn=np.inf)
    with pytest.raises(DataError) as caught:
        lottery(rows, **DRAW)
    assert len(caught.value.faults) == 2


def test_the_package_is_asked_for_when_it_is_needed(monkeypatch):
    real = builtins.__import__

    def absent(name, *args, **kwargs):
        if name.startswith("linearmodels"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr("importlib.import_module", lambda name: absent(name))
    with pytest.raises(ExtraError, match=r"migov\[evaluation\]"):
        lottery(draw(), **DRAW)


@pytest.mark.parametrize("name", ["effect", "0", "-2", "time 1", "block", "when", "who", "since"])
def test_a_column_may_have_any_name(name):
    """Columns made on the way once took the place of the caller's of the same name."""
    rows = panel()
    usual = difference_in_differences(rows, **PANEL, covariates=("price",))
    for key in ("outcome", "group", "time", "start"):
        old = PANEL[key]
        if name in rows.columns and name != old:
            continue
        found = difference_in_differences(
            rows.rename(columns={old: name}), **{**PANEL, key: name}, covariates=("price",)
        )
        np.testing.assert_allclose(found.table, usual.table, rtol=1e-12)
    found = difference_in_differences(
        rows.rename(columns={"price": name}) if name not in rows else rows,
        **PANEL, covariates=(name if name not in rows else "price",),
    )  # fmt: skip
    np.testing.assert_allclose(found.table, usual.table, rtol=1e-12)


@pytest.mark.parametrize("name", ["constant", "stratum_1", "offer", "took"])
def test_a_column_of_a_draw_may_have_any_name(name):
    rng = np.random.default_rng(2)
    drawn = rng.integers(0, 2, 200)
    rows = pd.DataFrame({
        "drawn": drawn, "went": drawn * rng.integers(0, 2, 200), "wage": rng.normal(9, 1, 200),
        "place": rng.integers(0, 3, 200),
    })  # fmt: skip
    usual = lottery(rows, **DRAW, strata="place").table
    for key in ("outcome", "offered", "took_up"):
        again = lottery(
            rows.rename(columns={DRAW[key]: name}), **{**DRAW, key: name}, strata="place"
        )
        np.testing.assert_allclose(again.table, usual)


def remade(**columns):
    rows = panel()
    for name, make in columns.items():
        rows[name] = make(rows)
    return rows


@pytest.mark.parametrize(
    ("rows", "more", "told"),
    [
        (remade(since=lambda x: x["since"].fillna(0)), {}, "frame['since'].where("),
        (remade(since=lambda x: (x["who"] < 40) * 1), {}, "expected the first year"),
        (remade(since=lambda x: x["since"].map(lambda s: None if s != s else "2023")), {},
         "pandas.to_numeric(frame['since'])"),
        (remade(wage=lambda x: x["wage"].astype(str)), {}, "pandas.to_numeric(frame['wage'])"),
        (remade(wage=lambda x: 5.0), {}, "wage is the same in all rows"),
        (remade(price=lambda x: x["who"] % 3), {"covariates": ("price",)},
         "the effects of groups hold it"),
        (remade(price=lambda x: x["year"] * 2.0), {"covariates": ("price",)},
         "the effects of times hold it"),
    ],
)  # fmt: skip
def test_raw_frames_are_told_what_to_change(rows, more, told):
    with pytest.raises(DataError) as caught:
        difference_in_differences(rows, **PANEL, **more)
    assert told in str(pickle.loads(pickle.dumps(caught.value)))


def test_an_index_is_named_and_few_with_the_scheme_are_told():
    with pytest.raises(MigovError) as caught:
        difference_in_differences(panel().set_index(["who", "year"]), **PANEL)
    assert "reset_index" in caught.value.mend
    rows = panel()
    few = rows[(rows["who"] < 3) | (rows["who"] >= 40)]
    found = difference_in_differences(few, **PANEL)
    assert any("3 clusters with the scheme, 40 without" in one for one in found.cautions)


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("went", 0, "nobody was moved"),
        ("drawn", "no yes", "map({'no': 0, 'yes': 1})"),
        ("wage", 3.0, "wage is the same"),
        ("place", "each", "within no place were some drawn"),
    ],
)
def test_draws_of_which_nothing_can_be_learnt(column, values, told):
    drawn = np.arange(40) % 2
    rows = pd.DataFrame({"drawn": drawn, "went": drawn, "wage": np.arange(40.0), "place": 1})
    if values == "each":
        rows[column] = np.arange(40)
    elif isinstance(values, str):
        rows[column] = np.array(values.split())[drawn]
    else:
        rows[column] = values
    with pytest.raises(DataError) as caught:
        lottery(rows, **DRAW, strata="place")
    assert told in str(caught.value)


def test_the_share_moved_has_no_currency():
    drawn = np.arange(40) % 2
    rows = pd.DataFrame({"drawn": drawn, "went": drawn, "wage": np.arange(40.0)})
    text = lottery(rows, **DRAW).show()
    assert "share moved: 1 (95%" in text
    assert "who was drawn took part, and nobody else" in text
