"""Life tables against published ones, identities, a plain slow version, bad inputs."""

from __future__ import annotations

import csv
import math
import pickle
import re

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core import status
from migov.core.errors import (
    AgeError,
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    MigovWarning,
    ParameterError,
    UnitError,
)
from migov.demography import (
    healthy_life_expectancy,
    kernels_lifetable,
    life_span_gini,
    life_table,
    life_years_lost,
    temporary_life_expectancy,
)

GOLDEN = "golden/demography/lifetable"


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def by_age(values, lower, unit="1/year", **scalars):
    width = np.append(np.diff(lower), np.inf).astype(float)
    coords = {"age": list(lower), "age_width": ("age", width), **scalars}
    return xr.DataArray(np.asarray(values, float), coords, "age", attrs={"units": unit})


def gompertz(unit="1/year", sexes="FM", areas=("DEU", "MDA")):
    lower = [0, 1, *range(5, 101, 5)]
    age = np.array(lower, float)
    m = 0.00003 * np.exp(0.095 * age) + 0.0002 + 0.01 * np.exp(-3 * age)
    level = np.array([1.0, 1.2])[:, None, None] * np.array([1.0, 1.2])[None, :, None]
    coords = {
        "area": list(areas),
        "sex": list(sexes),
        "age": lower,
        "age_width": ("age", np.append(np.diff(lower), np.inf)),
    }
    return xr.DataArray(m * level, coords, ("area", "sex", "age"), attrs={"units": unit})


def plain_table(m, a, n):
    """One life table as a textbook writes it; ages in a loop, T from the end."""
    q = [w * x / (1 + (w - y) * x) for x, y, w in zip(m, a, n, strict=True) if math.isfinite(w)]
    q.append(1.0)
    alive, dead, lived = [1.0], [], []
    for i, p in enumerate(q):
        dead.append(alive[i] * p)
        alive.append(alive[i] - dead[i])
        last = i == len(q) - 1
        lived.append(alive[i] * a[i] if last else n[i] * alive[i + 1] + a[i] * dead[i])
    above = [sum(lived[i:]) for i in range(len(lived))]
    return q, alive[:-1], dead, lived, above, [t / x for t, x in zip(above, alive, strict=False)]


# --- against published results ---------------------------------------------------------------


@pytest.mark.parametrize("rule", ["andreev_kingkade", "coale_demeny_west"])
@pytest.mark.parametrize("year", ["1961", "1985", "2011"])
@pytest.mark.parametrize("sex", ["f", "m"])
def test_single_ages_of_england_and_wales(shared, sex, year, rule):
    table = [
        r
        for r in rows(shared / GOLDEN / "single_year_lifetable.csv")
        if r["source_year"] == year and r["a0_rule"] == rule and r["sex_rule"] == sex
    ]
    lower = [int(r["age"]) for r in table]
    m = by_age([float(r["nMx"]) for r in table], lower, sex=table[0]["sex_rule"].upper())
    years = by_age([float(r["nAx"]) for r in table], lower, "year")
    ax = rule if rule == "andreev_kingkade" else "coale_demeny_q0"
    found = life_table(m, ax=ax, close="given", years_lived=years)
    names = {
        "nAx": "mean_years_dying",
        "nqx": "death_probability",
        "lx": "survivors",
        "ndx": "deaths",
        "nLx": "years_lived",
        "Tx": "years_above",
        "ex": "life_expectancy",
    }
    for column, name in names.items():
        expected = [float(r[column]) for r in table]
        # the peer takes deaths as differences of survivors, which lose digits
        loose = 3e-11 if column == "ndx" else 0.0
        np.testing.assert_allclose(found[name].values, expected, 5e-13, loose, err_msg=column)


@pytest.mark.parametrize("year", ["1961", "1985", "2011"])
def test_closing_by_a_law_agrees_with_the_peer_as_far_as_its_fit_has_converged(shared, year):
    table = [
        r
        for r in rows(shared / GOLDEN / "single_year_lifetable.csv")
        if (r["source_year"], r["a0_rule"], r["sex_rule"]) == (year, "andreev_kingkade", "f")
    ]
    m = by_age([float(r["nMx"]) for r in table], range(101), sex="F")
    found = life_table(m, ax="andreev_kingkade", close="kannisto", fit=(80, 99))
    last = float(found.life_expectancy[-1])
    assert last == pytest.approx(float(table[-1]["ex"]), rel=2e-4)
    assert last != pytest.approx(1 / float(m[-1]), rel=1e-2)
    assert float(found.life_expectancy[0]) == pytest.approx(float(table[0]["ex"]), rel=1e-7)


@pytest.mark.parametrize("year", ["1961", "1985", "2011"])
def test_constant_force_in_every_age(shared, year):
    table = [
        r
        for r in rows(shared / GOLDEN / "single_year_lifetable_mortalitylaws.csv")
        if r["source_year"] == year
    ]
    m = by_age([float(r["mx"]) for r in table], range(101))
    years = by_age([float(r["ax"]) for r in table], range(101), "year")
    found = life_table(m, ax="constant_force", close="given", years_lived=years)
    np.testing.assert_allclose(found.mean_years_dying, [float(r["ax"]) for r in table], rtol=3e-8)
    for column, name in {"qx": "death_probability", "ex": "life_expectancy"}.items():
        np.testing.assert_allclose(found[name], [float(r[column]) for r in table], rtol=1e-12)


def abridged(shared, method, rule):
    found = {}
    for r in rows(shared / GOLDEN / "abridged_lifetable.csv"):
        if r["ax_method"] == method and r["a0_rule"] == rule:
            key = r["iso3"], r["period_start"], r["sex"][0].upper()
            found.setdefault(key, []).append(r)
    return found


@pytest.mark.parametrize("rule", ["andreev_kingkade", "coale_demeny_west"])
@pytest.mark.parametrize("method", ["greville_un", "pas"])
def test_abridged_tables_with_the_years_lived_given(shared, method, rule):
    tables = abridged(shared, method, rule)
    assert len(tables) == 18
    for (_, _, sex), table in tables.items():
        lower = [int(r["age"]) for r in table]
        # the peer's pas tables recompute probabilities at old ages; the years lived follow
        m = by_age([float(r["nMx"]) for r in table], lower, sex=sex)
        a = by_age([float(r["nAx"]) for r in table], lower, "year")
        if method == "pas":
            m, a, lower = m[:18], a[:18], lower[:18]
            m["age_width"] = a["age_width"] = ("age", np.append(np.diff(lower), np.inf))
            found = life_table(m, ax="given", close="given", years_lived=a)
            expected = [float(r["nqx"]) for r in table][:17]
            np.testing.assert_allclose(found.death_probability[:17], expected, rtol=1e-10)
            continue
        found = life_table(m, ax="given", close="given", years_lived=a)
        for column, name in {"lx": "survivors", "nLx": "years_lived"}.items():
            expected = [float(r[column]) for r in table]
            np.testing.assert_allclose(found[name], expected, rtol=1e-10, err_msg=column)
        expected = [float(r["ex"]) for r in table]
        np.testing.assert_allclose(found.life_expectancy, expected, rtol=1e-11)


def test_grevilles_years_from_ten_to_below_eighty_five(shared):
    for (_, _, sex), table in abridged(shared, "greville_un", "andreev_kingkade").items():
        m = by_age([float(r["nMx"]) for r in table], [int(r["age"]) for r in table], sex=sex)
        found = life_table(m, ax="andreev_kingkade").mean_years_dying.values
        expected = np.array([float(r["nAx"]) for r in table])
        # from 85 on in some tables the peer replaces the neighbour above by a law of its own
        np.testing.assert_allclose(found[3:18], expected[3:18], rtol=1e-11)
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-11)


def test_rules_for_infants(shared):
    for r in rows(shared / GOLDEN / "a0_rules.csv"):
        m = by_age([float(r["m0"]), 0.01, 0.002, 0.1], [0, 1, 5, 70], sex=r["sex"].upper())
        first = life_table(m, ax="andreev_kingkade").mean_years_dying.values
        assert first[0] == pytest.approx(float(r["a0_andreev_kingkade"]), rel=1e-10)
        on_q = life_table(m, ax="coale_demeny_q0").mean_years_dying.values
        assert on_q[0] == pytest.approx(float(r["a0_coale_demeny_w"]), rel=1e-10)
        # the peer reads the line for 1-4 at the probability that Andreev-Kingkade's a0 gives
        m0, a0 = float(r["m0"]), first[0]
        top, base, slope, high = {
            "m": (0.1, 1.653, -3.013, 1.352),
            "f": (0.1, 1.524, -1.627, 1.361),
        }[r["sex"]]
        q0 = m0 / (1 + (1 - a0) * m0)
        expected = high if q0 >= top else base + slope * q0
        assert expected == pytest.approx(float(r["a1_4_coale_demeny_w"]), rel=1e-10)
        assert on_q[1] == pytest.approx(expected, abs=3e-3)


# --- against the plain version, and identities -----------------------------------------------

AX = ["greville", "coale_demeny", "coale_demeny_q0", "andreev_kingkade", "constant_force", "half"]


@pytest.mark.parametrize("ax", AX)
def test_the_plain_version_agrees(ax):
    table = life_table(gompertz(), ax=ax, radix=1.0)
    width = table.age_width.values
    for area in ("DEU", "MDA"):
        for sex in "FM":
            one = table.sel(area=area, sex=sex)
            found = plain_table(one.death_rate.values, one.mean_years_dying.values, width)
            names = list(table.data_vars)[2:]
            for name, expected in zip(names, found, strict=True):
                np.testing.assert_allclose(one[name].values, expected, rtol=1e-11, err_msg=name)


@pytest.mark.parametrize("ax", AX)
@pytest.mark.parametrize("kind", ["probabilities", "survivors"])
def test_there_and_back(ax, kind):
    rates = gompertz()
    table = life_table(rates, ax=ax)
    given = {"probabilities": table.death_probability, "survivors": table.survivors}[kind]
    again = life_table(**{kind: given}, ax=ax, close="given", years_lived=table.mean_years_dying)
    np.testing.assert_allclose(again.death_rate, rates, rtol=1e-11)
    np.testing.assert_allclose(again.life_expectancy, table.life_expectancy, rtol=1e-13)


def test_deaths_over_exposure_are_rates():
    rates = gompertz()
    exposure = rates * 0 + 1e5
    exposure.attrs["units"] = "person year"
    dead = (rates * exposure).assign_attrs(units="person")
    found = life_table(deaths=dead, exposure=exposure[:, ::-1])
    xr.testing.assert_allclose(found, life_table(rates), rtol=1e-14)


def test_sums_and_the_stationary_population():
    table = life_table(gompertz())
    np.testing.assert_allclose(table.deaths.sum("age"), 1e5, rtol=1e-13)
    np.testing.assert_allclose(
        table.years_lived.sum("age"), table.life_expectancy.isel(age=0) * 1e5, rtol=1e-13
    )
    np.testing.assert_allclose(table.deaths / table.years_lived, table.death_rate, rtol=1e-12)


@pytest.mark.parametrize("ax", AX)
def test_a_cell_does_not_depend_on_the_others(ax):
    rates = gompertz()
    whole = life_table(rates, ax=ax)
    alone = life_table(rates.sel(area="MDA", sex="M"), ax=ax)
    xr.testing.assert_equal(
        alone.drop_vars(["area", "sex"]), whole.sel(area="MDA", sex="M", drop=True)
    )


def test_chunks_do_not_change_a_bit():
    rates = gompertz()
    lazy = life_table(rates.chunk(area=1, age=3, sex=1), ax="greville")
    assert lazy.life_expectancy.chunks
    xr.testing.assert_identical(lazy.compute(), life_table(rates, ax="greville"))


def test_other_units_other_order_and_pass_through():
    rates = gompertz()
    per_thousand = (rates * 1000).assign_attrs(units="per_thousand/year")
    np.testing.assert_allclose(
        life_table(per_thousand).life_expectancy, life_table(rates).life_expectancy, rtol=1e-13
    )
    turned = life_table(rates.transpose("age", "sex", "area"))
    assert turned.survivors.dims == ("age", "sex", "area")
    xr.testing.assert_equal(turned.transpose("area", "sex", "age"), life_table(rates))


def test_both_sexes_together_take_the_mean_of_the_rules():
    m = gompertz().sel(area="DEU", sex="F", drop=True)
    both = life_table(m).mean_years_dying[0]
    each = [life_table(m.assign_coords(sex=sex)).mean_years_dying[0] for sex in "FM"]
    assert float(both) == pytest.approx(float(sum(each)) / 2, rel=1e-14)


def test_ages_may_start_later():
    rates = gompertz()
    late = rates.isel(age=slice(5, None))
    table = life_table(late, ax="coale_demeny")
    whole = life_table(rates, ax="coale_demeny")
    np.testing.assert_allclose(
        table.life_expectancy, whole.life_expectancy.isel(age=slice(5, None)), rtol=1e-13
    )
    single = by_age(0.01 * np.ones(56), range(15, 71))
    assert float(life_table(single, longest=116).mean_years_dying[0]) == 0.5


def test_extreme_rates():
    m = by_age([1e-300, 0.0, *[1e-3] * 4, 5.0, 1e3], [0, 1, 5, 50, 55, 60, 70, 75])
    table = life_table(m, ax="constant_force")
    assert np.isfinite(table.to_array()).all()
    assert float(table.life_expectancy[-2]) == pytest.approx(0.2, rel=1e-9)
    assert float(table.death_probability[0]) == 1e-300


def test_status_is_kept_and_missing_rates_make_missing():
    rates = gompertz()
    rates[0, 0, 5] = np.nan
    rates = status.mark(rates, "estimated", at=rates.isnull())
    table = life_table(rates)
    assert np.isnan(table.life_expectancy[0, 0, :6]).all()
    assert np.isfinite(table.life_expectancy[0, 0, 6:]).all()
    assert np.isfinite(table.life_expectancy[1]).all()
    assert table.observation_status.values.tolist() == [[4, 0], [0, 0]]


# --- measures --------------------------------------------------------------------------------


def test_temporary_expectation_is_what_is_lived_between():
    table = life_table(gompertz())
    found = temporary_life_expectancy(table, 20, 65)
    alive = table.survivors
    rest = alive.sel(age=65) / alive.sel(age=20) * table.life_expectancy.sel(age=65)
    np.testing.assert_allclose(found, table.life_expectancy.sel(age=20) - rest, rtol=1e-11)
    assert found.attrs["units"] == "year"


def test_healthy_years_add_up_with_the_others():
    table = life_table(gompertz())
    ill = (table.death_probability * 50).assign_attrs(units="percent")
    found = healthy_life_expectancy(table, ill)
    np.testing.assert_allclose(found.without + found.within, table.life_expectancy, rtol=1e-13)
    slow = ((1 - ill / 100) * table.years_lived)[0, 0].values
    expected = [slow[i:].sum() / table.survivors[0, 0, i].item() for i in range(len(slow))]
    np.testing.assert_allclose(found.without[0, 0], expected, rtol=1e-13)


def test_years_lost_and_gini_against_fine_integration():
    age = np.arange(111)
    m = by_age(0.00003 * np.exp(0.095 * age) + 0.0002, age)
    table = life_table(m, ax="constant_force", radix=1.0)
    x = np.linspace(0, 200, 2_000_001)
    force = m.values[np.searchsorted(age, x, side="right") - 1]
    step = x[1] - x[0]
    alive = np.exp(-np.append(0, np.cumsum((force[1:] + force[:-1]) / 2) * step))
    lost = -np.trapezoid(alive * np.log(alive), dx=step)  # e-dagger is minus the integral of l ln l
    assert float(life_years_lost(table)) == pytest.approx(lost, rel=3e-4)
    inequality = 1 - np.trapezoid(alive**2, dx=step) / np.trapezoid(alive, dx=step)
    assert float(life_span_gini(table)) == pytest.approx(inequality, rel=2e-4)


def test_exponential_lives():
    m = by_age(np.full(201, 0.02), range(201))
    table = life_table(m, ax="constant_force")
    assert float(life_years_lost(table)) == pytest.approx(50, rel=1e-9)
    assert float(life_span_gini(table)) == pytest.approx(0.5, rel=1e-5)


# --- what is refused -------------------------------------------------------------------------


def changed(place, value):
    x = gompertz().copy()
    x[place] = value
    return x


BAD = [
    (lambda: life_table(changed((1, 0, 0), 9.0), ax="half"), InputError, "sex F, age 0"),
    (lambda: life_table(changed((1, 0, 4), 0.9), ax="half"), InputError, "area MDA"),
    (lambda: life_table(changed((0, 0, 4), -0.1)), InputError, "negative"),
    (lambda: life_table(changed((0, 0, 4), np.inf)), InputError, "infinite"),
    (lambda: life_table(changed((0, 1, -1), 0.0)), InputError, "nobody dying"),
    (
        lambda: life_table(gompertz() / 1000, ax="half"),
        UnitError,
        "no unit",
    ),
    (
        lambda: life_table(gompertz().copy(data=gompertz().values / 1000)),
        InputError,
        "at birth of 2,585 years .no population has had 100. at area DEU, sex F",
    ),
    (lambda: life_table(gompertz("person")), UnitError, "rates is in"),
    (lambda: life_table(gompertz().drop_isel(age=[4])), AgeError, "gap"),
    (lambda: life_table(gompertz().isel(age=slice(0, -1))), AgeError, "open group"),
    (lambda: life_table(by_age([0.01, 0.02, 0.1], [0, 1, 5])), AgeError, "too young"),
    (lambda: life_table(by_age([0.01, 0.02, 0.1], [0, 5, 70])), AgeError, "needs age 0 alone"),
    (lambda: life_table(gompertz().isel(age=0, drop=True)), DimensionError, "age"),
    (lambda: life_table(gompertz(sexes="FX")), DimensionError, "'X'"),
    (lambda: life_table(gompertz(areas=("DEU", "DEU"))), DimensionError, "twice"),
    (lambda: life_table(gompertz().isel(area=[])), DimensionError, "empty"),
    (lambda: life_table(gompertz().astype(str)), KindError, "expected numbers"),
    (lambda: life_table(1.0), KindError, "DataArray"),
    (lambda: life_table(), KindError, "nothing"),
    (lambda: life_table(gompertz(), ax="keyfitz"), ParameterError, "greville"),
    (lambda: life_table(gompertz(), close="weibull"), ParameterError, "kannisto"),
    (lambda: life_table(gompertz(), radix=0), ParameterError, "radix"),
    (lambda: life_table(gompertz(), ax="given"), KindError, "years_lived"),
    (
        lambda: life_table(survivors=gompertz("person"), close="kannisto"),
        InputError,
        "increases with age at area DEU, sex F",
    ),
    (lambda: life_table(probabilities=gompertz("1") * 3), UnitError, "no unit"),
    (
        lambda: life_table(
            probabilities=gompertz("1").assign_attrs(units="1") * 1, close="kannisto"
        ),
        UnitError,
        "no unit",
    ),
    (
        lambda: life_table(probabilities=changed((0, 0, 3), 1.2).assign_attrs(units="1")),
        InputError,
        "more than one",
    ),
    (
        lambda: life_table(probabilities=changed((..., -1), 1.0).assign_attrs(units="1")),
        KindError,
        "says nothing",
    ),
    (
        lambda: life_table(
            deaths=gompertz("person"),
            exposure=gompertz("person year").isel(area=[0]),
        ),
        AlignmentError,
        "area",
    ),
    (
        lambda: life_table(deaths=gompertz("person"), exposure=gompertz("person year") * 0),
        UnitError,
        "no unit",
    ),
    (
        lambda: temporary_life_expectancy(life_table(gompertz()), 3, 65),
        AgeError,
        "inside the group 1-4",
    ),
    (lambda: temporary_life_expectancy(life_table(gompertz()), 65, 20), AgeError, "not above"),
    (lambda: life_years_lost(gompertz()), KindError, "Dataset"),
    (lambda: life_span_gini(gompertz()), KindError, "Dataset"),
    (
        lambda: healthy_life_expectancy(
            life_table(gompertz()), (gompertz() * 1e3).assign_attrs(units="1")
        ),
        InputError,
        "more than one",
    ),
]


@pytest.mark.parametrize(("call", "kind", "told"), BAD, ids=range(len(BAD)))
def test_bad_input_is_refused_with_its_place(call, kind, told):
    with xr.set_options(keep_attrs=False), pytest.raises(kind, match=told) as caught:
        call()
    assert isinstance(caught.value, MigovError)
    assert caught.value.argument
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


def test_no_exposure_is_told_with_its_cell():
    exposure = changed((1, 1, 2), 0.0).assign_attrs(units="person year")
    with pytest.raises(InputError, match="exposure is zero at area MDA, sex M, age 5-9"):
        life_table(deaths=gompertz("person"), exposure=exposure)


def test_lazy_values_are_looked_at_in_the_block():
    found = life_table(changed((0, 0, 4), 0.9).chunk(area=1), ax="half")
    with pytest.raises(InputError, match="impossible death rate"):
        found.compute()


def test_a_lazy_table_of_another_unit_is_refused_in_the_block():
    low = gompertz().copy(data=gompertz().values / 1000).chunk(area=1)
    with pytest.raises(InputError, match=r"expectation of life at birth of 2,\d* years"):
        life_table(low).compute()


def test_inputs_are_not_changed():
    rates = gompertz()
    before = rates.copy(deep=True)
    life_table(rates, close="kannisto")
    xr.testing.assert_identical(rates, before)


def test_kernel_blocks_do_not_matter(monkeypatch):
    rng = np.random.default_rng(2)
    m = 0.001 * np.exp(0.05 * np.arange(101))[:, None] * rng.uniform(0.5, 1.5, (1, 700))
    a = np.append(np.full(100, 0.5), 0.0)[:, None] * np.ones((1, 700))
    a[-1] = 1 / m[-1]
    width = np.append(np.ones(100), np.inf)
    whole = kernels_lifetable.columns(m, a, width)
    monkeypatch.setattr(kernels_lifetable, "BLOCK", 97)
    parts = kernels_lifetable.columns(m, a, width)
    for one, other in zip(whole, parts, strict=True):
        assert np.array_equal(one, other)
    assert np.array_equal(kernels_lifetable.expectation(m, a, width), whole.expectation[0])


def test_greville_takes_groups_as_wide_as_both_their_neighbours():
    lower = [0, 1, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80]
    m = 3e-5 * np.exp(0.095 * np.array(lower)) + 3e-4
    years = life_table(by_age(m, lower), ax="greville").mean_years_dying.values
    for i, n in enumerate(np.diff(lower)):
        if i in (3, 6, 7, 8, 9, 10):
            slope = np.log(m[i + 1] / m[i - 1]) / (2 * n)
            assert years[i] == pytest.approx(n / 2 - n**2 / 12 * (m[i] - slope), rel=1e-13)
        elif i > 1:
            assert years[i] == n / 2


def test_a_table_from_a_later_age_has_the_expectations_of_the_whole():
    lower = [0, 1, *range(5, 96, 5)]
    m = by_age(3e-5 * np.exp(0.095 * np.array(lower)) + 3e-4, lower)
    whole = life_table(m, ax="greville").life_expectancy.sel(age=slice(20, None))
    late = life_table(m.sel(age=slice(15, None)), ax="greville").life_expectancy
    np.testing.assert_allclose(late.sel(age=slice(20, None)), whole, rtol=1e-13)


def of_years(factor):
    years = life_table(gompertz()).mean_years_dying
    return years.copy(data=years.values * factor)


SLIPS = [  # of the argument, what is told, and what the advice makes of it
    (
        lambda **more: life_table(per_thousand(), ax="constant_force", **more),
        "rates",
        "more than two deaths .* at area DEU, sex F.*per_thousand/year",
    ),
    (
        lambda **more: life_table(gompertz(), ax="given", years_lived=of_years(2.5), **more),
        "years_lived",
        "more than the width .* age",
    ),
    (
        lambda **more: life_table(
            probabilities=(
                life_table(gompertz()).death_probability * xr.where(gompertz().age == 100, 0.7, 1.0)
            ).assign_attrs(units="1"),
            close="kannisto",
            **more,
        ),
        "probabilities",
        "less than one .* age 100",
    ),
    (lambda **more: life_table(gompertz(), fit=(60, 80), **more), "fit", "kannisto"),
    (lambda **more: life_table(gompertz(), longest="old", **more), "longest", "number"),
]


def per_thousand():
    return gompertz().copy(data=gompertz().values * 1000)


@pytest.mark.parametrize(("call", "argument", "told"), SLIPS, ids=[s[1] for s in SLIPS])
def test_slips_are_told_with_their_argument(call, argument, told):
    with pytest.raises(MigovError, match=f"(?s){told}") as caught:
        call()
    assert caught.value.argument == argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_rates_per_thousand_with_their_unit_are_the_same_table():
    again = life_table(per_thousand().assign_attrs(units="per_thousand/year"))
    np.testing.assert_allclose(again.life_expectancy, life_table(gompertz()).life_expectancy)


def test_lives_over_a_hundred_are_refused_until_they_are_meant():
    low = gompertz().copy(data=gompertz().values / 10)
    with pytest.raises(InputError, match=r"10 times as high they give .*longest=(\d+)") as caught:
        life_table(low)
    bound = int(re.search(r"longest=(\d+)", str(caught.value)).group(1))
    assert float(life_table(low.sel(area="DEU", sex="F"), longest=bound).life_expectancy[0]) > 100
    with pytest.raises(InputError, match="no population has had 100"):
        life_table(low.chunk(area=1)).compute()
    old = by_age([0.2, 0.3, 0.4], [100, 105, 110])
    assert 100 + float(life_table(old).life_expectancy[0]) > 100


def test_swapped_sexes_are_told():
    rates = gompertz().copy(data=gompertz().values * 0.7)
    rates.loc[{"sex": "M"}] = rates.sel(sex="M").values * 1.4
    wrong = rates.assign_coords(sex=["M", "F"])
    with pytest.warns(MigovWarning, match=r"(?s)men outlive .* at area DEU.*sex=\['F', 'M'\]"):
        found = life_table(wrong)
    life_table(wrong.assign_coords(sex=["F", "M"]))  # what is advised says nothing more
    assert float(found.life_expectancy[0, 0, 0] - found.life_expectancy[0, 1, 0]) > 2
    both = xr.concat([rates, wrong.sel(sex=["F", "M"])], "period").assign_coords(
        period=np.array(["2020", "2021"], "M8[s]"),
        period_end=("period", np.array(["2021", "2022"], "M8[s]")),
    )
    life_table(both.assign_attrs(rates.attrs))  # at one of two dates alone


def test_men_who_live_a_little_longer_where_lives_are_short_are_not_told():
    rates = gompertz().copy(data=gompertz().values * 8)
    rates.loc[{"sex": "M"}] = rates.sel(sex="F").values * 0.85
    life = life_table(rates, ax="constant_force").life_expectancy.isel(age=0)
    assert (life < 60).all()
    assert (life.sel(sex="M") > life.sel(sex="F") + 1).all()


def test_lazy_rates_per_thousand_are_refused_in_the_block():
    with pytest.raises(InputError, match="more than two deaths"):
        life_table(per_thousand().chunk(area=1), ax="constant_force").compute()


def test_survivors_until_nobody_is_left():
    table = life_table(gompertz(), ax="constant_force")
    alive = table.survivors.copy(data=table.survivors.where(table.age < 95, 0.0).values)
    found = life_table(survivors=alive, ax="half", close="kannisto", fit=(60, 85))
    np.testing.assert_allclose(found.survivors, alive, atol=1e-9)
    left = alive.values
    lived = (np.diff([0, 1, *range(5, 101, 5)]) * (left[..., :-1] + left[..., 1:]) / 2).sum(axis=-1)
    np.testing.assert_allclose(found.life_expectancy[..., 0], lived / left[..., 0], rtol=1e-12)
    with pytest.raises(InputError, match=r'(?s)leaves nobody.* age 95-99.*ax="half"'):
        life_table(survivors=alive, ax="constant_force", close="kannisto")
    chances = found.death_probability
    with pytest.raises(InputError, match=r"leaves nobody.* age 90-94"):
        life_table(probabilities=chances, ax="constant_force", close="kannisto")


AUSTRIA = (  # persons, deaths, years lived by those who die, survivors
    (47925, 419, 0.068, 100000), (189127, 70, 1.626, 99133), (234793, 36, 2.5, 98986),
    (238790, 46, 3.143, 98910), (254996, 249, 2.724, 98815), (326831, 420, 2.52, 98334),
    (355086, 403, 2.481, 97704), (324222, 441, 2.601, 97151), (269963, 508, 2.701, 96492),
    (261971, 769, 2.663, 95588), (238011, 1154, 2.698, 94195), (261612, 1866, 2.676, 91937),
    (181385, 2043, 2.645, 88711), (187962, 3496, 2.624, 83845), (153832, 4366, 2.619, 76377),
    (105169, 4337, 2.593, 66225), (73694, 5279, 2.518, 53803), (57512, 6460, 2.423, 37441),
    (32248, 6146, 5.247, 21134),
)  # fmt: skip


def test_men_of_austria_in_1992():
    """Preston, Heuveline and Guillot (2001), Demography, box 3.1; UN (1994)."""
    lower = [0, 1, *range(5, 86, 5)]
    people, dead, years, alive = np.array(AUSTRIA).T
    given = {
        "deaths": by_age(dead, lower, "person"),
        "exposure": by_age(people, lower, "person year"),
        "years_lived": by_age(years, lower, "year"),
    }
    table = life_table(**given, ax="given")
    np.testing.assert_allclose(table.survivors, alive, atol=0.6)
    assert float(table.life_expectancy[0]) == pytest.approx(72.889, abs=6e-4)
    assert float(table.mean_years_dying[-1]) == pytest.approx(years[-1], abs=6e-4)


def test_rates_of_the_united_nations_need_no_other_rule(shared):
    """Men of 95-99 die at more than 0.4 a year in many countries: half the width has no room."""
    of = {}
    for row in rows(shared / "golden/demography/wpp2019/mortality_mx.csv"):
        at = of.setdefault((row["iso3"], row["period_start"], row["sex"]), {})
        at[int(row["age_start"])] = float(row["central_death_rate"])
    over = 0
    for (_, _, sex), at in of.items():
        rates = by_age(list(at.values()), list(at), sex=sex[0].upper())
        assert 40 < float(life_table(rates).life_expectancy[0]) < 100
        over += float(rates[-2]) > 0.4
    assert over > 20


def test_finer_deaths_than_exposures_are_joined_as_advised():
    exposure = gompertz().copy(data=np.full(gompertz().shape, 1000.0))
    exposure.attrs = {"units": "person year"}
    deaths = gompertz().copy(data=gompertz().values * 1000).assign_attrs(units="person")
    fewer = mg.regroup_ages(exposure, [0, 1, *range(5, 86, 5)])
    with pytest.raises(AgeError, match=r"deaths has 22 .* exposure 19") as caught:
        life_table(deaths=deaths, exposure=fewer)
    assert caught.value.mend == "deaths=migov.regroup_ages(deaths, exposure.age.values)"
    found = life_table(deaths=mg.regroup_ages(deaths, fewer.age.values), exposure=fewer)
    assert found.sizes["age"] == 19
    with pytest.raises(AgeError, match="exposure=migov"):
        life_table(deaths=mg.regroup_ages(deaths, fewer.age.values), exposure=exposure)


def test_shares_of_coarse_groups_are_given_to_each_age_as_advised():
    table = life_table(gompertz().sel(area="DEU", sex="F"))
    prevalence = by_age([0.01, 0.05, 0.3], [0, 15, 65], "1", area="DEU", sex="F")
    with pytest.raises(AgeError, match="prevalence has 3 groups of ages, table 22") as caught:
        healthy_life_expectancy(table, prevalence)
    advice = caught.value.mend.split(", the share")[0]
    finer = eval(advice, {"prevalence": prevalence, "table": table})
    found = healthy_life_expectancy(table, finer)
    of = [
        table.years_lived.sel(age=slice(a, b)).sum("age") for a, b in ((0, 10), (15, 60), (65, 100))
    ]
    ill = (0.01 * of[0] + 0.05 * of[1] + 0.3 * of[2]) / 1e5
    np.testing.assert_allclose(found.within.isel(age=0), ill, rtol=1e-12)


@pytest.mark.parametrize("unit", ["person", "thousand person"])
def test_people_at_the_middle_of_a_year_are_exposure_as_advised(unit):
    people = by_age([1000.0, 4000, 65000, 9000], [0, 1, 5, 70], unit)
    deaths = by_age([4.0, 2, 300, 500], [0, 1, 5, 70], unit)
    with pytest.raises(UnitError, match="expected 'person year'") as caught:
        life_table(deaths=deaths, exposure=people)
    lived = eval(caught.value.mend.split(", if")[0], {"exposure": people})
    assert float(life_table(deaths=deaths, exposure=lived, ax="half").death_rate[1]) == 0.0005
