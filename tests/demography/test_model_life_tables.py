"""Model life tables and old-age laws against published and peer results, identities."""

from __future__ import annotations

import csv
import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core.errors import (
    AgeError,
    AlignmentError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
)
from migov.demography import (
    brass_logit,
    extend_old_age,
    fit_brass_logit,
    kernels_oldage,
    life_table,
    log_quadratic,
    log_quadratic_coefficients,
)

LOGQUAD = "golden/demography/logquad"


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def by_age(values, lower, unit="1/year", last=np.inf, **scalars):
    width = np.append(np.diff(lower), last).astype(float)
    coords = {"age": list(lower), "age_width": ("age", width), **scalars}
    return xr.DataArray(np.asarray(values, float), coords, "age", attrs={"units": unit})


@pytest.fixture(scope="module")
def coefficients(shared):
    lower = [0, 1, *range(5, 111, 5)]
    found = {}
    for r in rows(shared / LOGQUAD / "coefficients.csv"):
        found.setdefault(r["sex"], []).append([float(r[f"{n}x"]) for n in "abcv"])
    sexes = {"f": "F", "m": "M", "b": "_T"}
    parts = []
    for key, code in sexes.items():
        values = np.array(found[key])
        parts.append(
            xr.Dataset(
                {n: by_age(values[:, i], lower, "1") for i, n in enumerate("abcv")}
            ).assign_coords(sex=code)
        )
    return dict(zip("fmb", parts, strict=True))


def number(value, unit="1", **coords):
    return xr.DataArray(float(value), coords, attrs={"units": unit})


def test_model_tables_agree_with_the_peer(shared, coefficients):
    cases = {}
    for r in rows(shared / LOGQUAD / "model_life_tables.csv"):
        cases.setdefault(r["inputs"], []).append(r)
    assert len(cases) == 5
    for text, table in cases.items():
        given = dict(word.split("=") for word in text.split())
        sex = given.pop("Sex")
        code = {"f": "F", "m": "M", "b": "_T"}[sex]
        found = log_quadratic(
            coefficients[sex], number(table[0]["q0_5"], sex=code), k=float(table[0]["k"])
        )
        for name, column in (("death_rate", "nMx"), ("mean_years_dying", "nAx")):
            wanted = np.array([float(r[column]) for r in table])
            # infants: the peer stops its search for the rate at 1e-6
            close = slice(2, -1) if name == "death_rate" else slice(2, 17)
            np.testing.assert_allclose(found[name][close], wanted[close], rtol=1e-6)
            np.testing.assert_allclose(found[name][:2], wanted[:2], rtol=0.05)


def test_k_meets_what_is_asked(coefficients):
    adult = log_quadratic(coefficients["f"], number(0.02, sex="F"), adult=number(0.1, sex="F"))
    table = life_table(
        adult.death_rate, ax="given", years_lived=adult.mean_years_dying, close="given"
    )
    alive = table.survivors
    assert 1 - float(alive.sel(age=60) / alive.sel(age=15)) == pytest.approx(0.1, rel=1e-12)
    assert 1 - float(alive.sel(age=5)) / 1e5 == pytest.approx(0.02, rel=1e-12)
    assert float(adult.k) == pytest.approx(-0.468032554822467, abs=1e-5)
    old = log_quadratic(
        coefficients["b"],
        number(0.005, sex="_T"),
        life_expectancy=number(80, "year", sex="_T"),
    )
    table = life_table(old.death_rate, ax="given", years_lived=old.mean_years_dying, close="given")
    assert float(table.life_expectancy[0]) == pytest.approx(80, rel=1e-12)


def test_sexes_and_areas_at_once(coefficients):
    both = xr.concat([coefficients["f"], coefficients["m"]], "sex")
    child = xr.DataArray(
        [[20.0, 30.0], [5.0, 6.0]],
        {"area": ["MDA", "DEU"], "sex": ["F", "M"]},
        ("area", "sex"),
        attrs={"units": "per_thousand"},
    )
    found = log_quadratic(both, child, k=0.5)
    assert found.death_rate.dims == ("area", "sex", "age")
    alone = log_quadratic(coefficients["m"], number(0.03, sex="M"), k=0.5)
    np.testing.assert_allclose(
        found.death_rate.sel(area="MDA", sex="M"), alone.death_rate, rtol=1e-13
    )


def test_published_coefficients_are_near_those_fitted_again(shared):
    """The peer's were fitted anew, so that ``k`` is on another scale.

    With the same mortality of children and adults, life expectancies differ by less than a year.
    """
    table = log_quadratic_coefficients()
    cases = {r["inputs"]: r for r in rows(shared / LOGQUAD / "model_life_tables.csv")[::24]}
    seen = 0
    for text, r in cases.items():
        sex = {"f": "F", "m": "M"}.get(dict(w.split("=") for w in text.split())["Sex"])
        if sex is None:
            continue
        own = table.sel(sex=sex)
        adult = number(r["q15_45"], sex=sex)
        found = log_quadratic(own, number(r["q0_5"], sex=sex), adult=adult)
        lived = life_table(
            found.death_rate, ax="given", years_lived=found.mean_years_dying, close="given"
        )
        off = abs(float(lived.life_expectancy[0]) - float(r["e0"]))
        assert off < 1.0, (text, off)
        assert 1 - float(lived.survivors.sel(age=5)) / 1e5 == pytest.approx(float(r["q0_5"]))
        seen += 1
    assert seen >= 2
    with pytest.raises(MigovError, match="sexes"):
        log_quadratic_coefficients(["F", "X"])


# --- Brass -----------------------------------------------------------------------------------


def standard():
    lower = [0, 1, *range(5, 91, 5)]
    m = by_age(0.00004 * np.exp(0.09 * np.array(lower)) + 0.0003, lower)
    return life_table(m, ax="half").survivors


def test_logits_there_and_back():
    found = brass_logit(standard(), level=-0.4, shape=0.9)
    fit = fit_brass_logit(found, standard())
    assert float(fit.level) == pytest.approx(-0.4, rel=1e-11)
    assert float(fit["shape"]) == pytest.approx(0.9, rel=1e-11)
    slow = [1e5]
    for one in standard().values[1:] / 1e5:
        y = -0.4 + 0.9 * 0.5 * np.log((1 - one) / one)
        slow.append(1e5 / (1 + np.exp(2 * y)))
    np.testing.assert_allclose(found, slow, rtol=1e-12)
    table = life_table(survivors=found, ax="half", close="kannisto")
    assert float(table.life_expectancy[0]) > 0


# --- old ages --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rates(shared):
    table = [
        r
        for r in rows(shared / "golden/demography/lifetable/single_year_lifetable.csv")
        if (r["source_year"], r["a0_rule"], r["sex_rule"]) == ("2011", "andreev_kingkade", "m")
    ]
    return by_age([float(r["nMx"]) for r in table], range(101))


PEER = [(law, law) for law in kernels_oldage.LAWS[:5]] + [("beard", "ggompertz")]


@pytest.mark.parametrize(("law", "peer"), PEER)
@pytest.mark.parametrize("loss", kernels_oldage.LOSSES)
def test_laws_fit_at_least_as_well_as_the_peer(shared, rates, law, peer, loss):
    """Gompertz with gamma frailty is Beard's law in other parameters."""
    name = {"log": "LF2", "poisson": "poissonL"}[loss]
    wanted = [
        float(r["central_death_rate"])
        for r in rows(shared / "golden/demography/oldage/extrapolated_rates_ew_male_2011.csv")
        if (r["law"], r["objective"]) == (peer, name)
    ]
    age = np.arange(80.0, 99.0) - 89
    old = np.arange(100.0, 100.0 + len(wanted)) - 89
    m = rates.values[80:99, None]
    ours = kernels_oldage.fit_law(law, m, age, loss)
    # the peer's parameters from its own curve at old ages, which the law has to meet exactly
    theirs = kernels_oldage.fit_law(law, np.array(wanted)[:, None], old)
    back = kernels_oldage.law_rates(law, theirs, old)[0][:, 0]
    np.testing.assert_allclose(back, wanted, rtol=1e-6)

    def lost(theta):
        mu = kernels_oldage.law_rates(law, theta, age)[0]
        return float(kernels_oldage._loss(mu, m, np.ones(m.shape), loss)[0])

    assert lost(ours) <= lost(theirs) * (1 + 1e-9)
    # It stops short by up to 3.3 percent; for Beard's law with logarithms by 68, where its own
    # Gompertz with gamma frailty, the same family of curves, comes as near as ours.
    short = 1.7 if (peer, loss) == ("beard", "log") else 1.05
    assert lost(theirs) < lost(ours) * short
    found = extend_old_age(rates, law=law, fit=(80, 98), start=99, loss=loss).death_rate
    mu = kernels_oldage.law_rates(law, ours, old)[0][:, 0]
    np.testing.assert_allclose(found.sel(age=slice(100, 119)), mu[:20], rtol=1e-8)


def test_kannisto_is_below_the_loss_of_the_published_parameters(rates):
    age = np.arange(80, 99)
    m = rates.values[80:99, None]
    ours = kernels_oldage.fit_law("kannisto", m, age - 79.0)
    theirs = np.array([[np.log(0.0543036)], [0.1266942]])

    def loss(theta):
        mu = kernels_oldage.law_rates("kannisto", theta, age - 79.0)[0]
        return float((np.log(mu / m) ** 2).sum())

    assert loss(ours) <= loss(theirs) < loss(ours) * (1 + 1e-4)
    np.testing.assert_allclose(ours, theirs, rtol=3e-4)


@pytest.mark.parametrize("law", kernels_oldage.LAWS)
def test_a_law_finds_itself_and_no_better_neighbour(law):
    age = np.arange(70.0, 95.0) - 82
    named = {"a": [-2.5, -2.2], "b": [0.11, 0.09], "c": [-7.0, -6.0], "d": [0.4, -0.3]}
    truth = np.array([named[name] for name in kernels_oldage.PARAMETERS[law]])
    m = kernels_oldage.law_rates(law, truth, age)[0]
    found = kernels_oldage.fit_law(law, m, age)
    np.testing.assert_allclose(found, truth, rtol=1e-6)
    alone = kernels_oldage.fit_law(law, m[:, 1:], age)
    np.testing.assert_array_equal(alone, found[:, 1:])


def test_weights_are_exposures(rates):
    exposure = by_age(1e5 * np.exp(-0.15 * np.arange(101)), range(101), "person year")
    found = extend_old_age(rates, law="gompertz", fit=(80, 98), loss="poisson", exposure=exposure)
    a, b = found.estimate.values
    age = np.arange(80, 99) + 0.5 - found.attrs["centre"]
    mu = np.exp(a + b * age)
    w = exposure.values[80:99]
    score = (w * (rates.values[80:99] - mu) * np.stack([np.ones(19), age])).sum(axis=1)
    np.testing.assert_allclose(score / (w * mu).sum(), 0, atol=1e-9)


def test_extension_keeps_what_is_below_and_closes():
    lower = [0, 1, *range(5, 96, 5)]
    m = by_age(0.00004 * np.exp(0.09 * np.array(lower)) + 0.0003, lower)
    found = extend_old_age(m, end=110).death_rate
    assert found.age.values.tolist() == [*lower[:-1], *range(95, 111)]
    np.testing.assert_array_equal(found[: len(lower) - 1], m[:-1])
    closed = life_table(m, close="kannisto").life_expectancy[0]
    longer = life_table(found, ax="coale_demeny").life_expectancy[0]
    assert float(longer) == pytest.approx(float(closed), rel=1e-3)


BAD = [
    (lambda c, m: log_quadratic(c["f"], number(1.5)), InputError, "more than one"),
    (lambda c, m: log_quadratic(c["f"], number(0.0, sex="F")), InputError, "no probability"),
    (lambda c, m: log_quadratic(m, number(0.01)), KindError, "Dataset"),
    (lambda c, m: log_quadratic(c["f"], number(0.01), k=99), ParameterError, "k"),
    (lambda c, m: log_quadratic(c["f"], number(0.01), k=0, adult=number(0.1)), KindError, "one"),
    (
        lambda c, m: log_quadratic(c["f"], number(0.001, sex="F"), adult=number(1e-30, sex="F")),
        InputError,
        "no k",
    ),
    (
        lambda c, m: log_quadratic(c["f"].isel(age=slice(2, None)), number(0.01)),
        AgeError,
        "ages 0, 1-4",
    ),
    (lambda c, m: brass_logit(standard(), level=0.0, shape=-1.0), InputError, "not positive"),
    (lambda c, m: brass_logit(standard() * 0 + standard()[0], level=0.0), MigovError, "standard"),
    (lambda c, m: brass_logit(standard(), level="x"), ParameterError, "level"),
    (lambda c, m: extend_old_age(m, law="weibull"), ParameterError, "law"),
    (lambda c, m: extend_old_age(m, fit=(95, 97)), AgeError, "four or more"),
    (lambda c, m: extend_old_age(m, fit=(80, 98), start=120), AgeError, "start=120"),
    (lambda c, m: extend_old_age(m * 0 + 0), MigovError, "rates"),
    (lambda c, m: extend_old_age(m, exposure=m), InputError, "poisson"),
    (
        lambda c, m: extend_old_age(per_year(m * 0), loss="poisson", fit=(80, 98)),
        InputError,
        "no deaths",
    ),
    (lambda c, m: extend_old_age(per_year(m * 1000), fit=(80, 98)), InputError, "middle age"),
    (lambda c, m: extend_old_age(m, fit="80-98"), AgeError, "fit"),
    (
        lambda c, m: extend_old_age(per_year(0.2 * np.exp(-0.05 * (m.age - 80))), fit=(80, 98)),
        InputError,
        "falls with age",
    ),
    (
        lambda c, m: extend_old_age(
            m, loss="poisson", exposure=(m * 0).assign_attrs(units="person year")
        ),
        InputError,
        "exposure is zero",
    ),
    (lambda c, m: life_table(falling(m), close="kannisto", fit=(80, 98)), InputError, "falls with"),
    (
        lambda c, m: brass_logit(
            of_areas(standard(), "DEU MDA"), level=of_areas(number(0.1), "MDA POL")
        ),
        AlignmentError,
        "POL",
    ),
    (lambda c, m: brass_logit(rising(), level=0.0), InputError, r"more survivors .* age 50-54"),
    (lambda c, m: fit_brass_logit(rising(), standard()), InputError, "survivors has more"),
    (lambda c, m: brass_logit((standard() * 0).assign_attrs(units="person"), level=0.0),
     InputError, "nobody alive"),
    (
        lambda c, m: fit_brass_logit(standard()[:2], standard()[:2]),
        AgeError,
        "one age above the first",
    ),
    (lambda c, m: log_quadratic(log_quadratic_coefficients(), number(0.01)), AlignmentError,
     r'sel\(sex="F"'),
    (lambda c, m: log_quadratic(c["f"], number(0.01), adult=number(1.0)), InputError, "adult"),
]  # fmt: skip


def per_year(x):
    return x.assign_attrs(units="1/year").assign_coords(
        age_width=("age", np.append(np.ones(x.sizes["age"] - 1), np.inf))
    )


def falling(m):
    return per_year(m.where(m.age < 80, 0.2 * np.exp(-0.05 * (m.age - 80))))


def rising():
    x = standard()
    x[11] = x[9] + 1.0
    return x


def of_areas(x, areas):
    return x.expand_dims(area=areas.split()).assign_attrs(x.attrs)


def test_advice_about_a_model_without_a_sex_works():
    coefficients = log_quadratic_coefficients()
    with pytest.raises(AlignmentError) as caught:
        log_quadratic(coefficients, number(0.01))
    advice = caught.value.mend.split("or ")[1]
    log_quadratic(eval(advice, {"coefficients": coefficients}), number(0.01))


@pytest.mark.parametrize(("call", "kind", "told"), BAD, ids=range(len(BAD)))
def test_bad_input_is_refused(coefficients, rates, call, kind, told):
    with pytest.raises(kind, match=told) as caught:
        call(coefficients, rates)
    assert caught.value.argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_model_that_gives_rates_that_cannot_be_is_refused():
    """More infants dying than children before 5 once gave a negative rate at 1-4, silently."""
    table = log_quadratic_coefficients().sel(sex="F", drop=True)
    table["a"] = table["a"].copy(data=table["a"].values + np.where(table.age == 0, 0.6, 0.0))
    table["a"].attrs["units"] = "1"
    with pytest.raises(InputError, match="below zero or above"):
        log_quadratic(table, number(0.02))


def test_a_standard_of_another_date_or_place_serves():
    """What is selected from an array keeps its labels; a standard may have others, or none."""
    plain = brass_logit(standard(), level=-0.3, shape=1.1)
    mine = plain.assign_coords(area="MDA", time=np.datetime64("2014-05-12", "s"), sex="F")
    for given in (standard(), standard().assign_coords(area="DEU", scenario="high")):
        fit = fit_brass_logit(mine, given)
        assert float(fit.level) == pytest.approx(-0.3, rel=1e-10)
        assert str(fit.area.values) == "MDA"
    levels = number(0.1).expand_dims(area=["DEU", "MDA"]).assign_attrs(units="1")
    found = brass_logit(standard().assign_coords(scenario="high"), level=levels)
    np.testing.assert_allclose(found.sel(area="DEU"), brass_logit(standard(), level=0.1))
    child = number(0.02).expand_dims(sex=["F", "M"]).assign_attrs(units="1")
    dated = child.assign_coords(area="MDA", time=np.datetime64("2014-07-01", "s"))
    table = log_quadratic_coefficients()
    np.testing.assert_array_equal(
        log_quadratic(table, dated).death_rate, log_quadratic(table, child).death_rate
    )
