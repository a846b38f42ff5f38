"""Decompositions against published and peer results, identities, bad inputs."""

from __future__ import annotations

import csv
import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core.errors import (
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    UnitError,
)
from migov.demography import (
    decompose_life_expectancy,
    decompose_rate,
    kernels_decomposition,
    life_table,
)

GOLDEN = "golden/demography/decomposition"


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def by_age(values, lower, unit="1/year", **scalars):
    width = np.append(np.diff(lower), np.inf).astype(float)
    coords = {"age": list(lower), "age_width": ("age", width), **scalars}
    return xr.DataArray(np.asarray(values, float), coords, "age", attrs={"units": unit})


@pytest.fixture(scope="module")
def cases(shared):
    found = {}
    for r in rows(shared / GOLDEN / "e0_age_decomposition.csv"):
        found.setdefault(r["case"], []).append(r)
    return found


def bare(table):
    """Rates, years lived and widths: the peer's tables have rates above their maximum.

    Half of five years at ages 95-99 would leave fewer than nobody, which the labelled call
    refuses; the arithmetic of the decomposition is the same.
    """
    width = np.append(np.diff([float(r["age"]) for r in table]), np.inf)
    out = []
    for name in ("mx_first", "mx_second"):
        m = np.array([float(r[name]) for r in table])
        out += [m, np.concatenate([[0.1, 1.6], width[2:-1] / 2, [1 / m[-1]]])]
    return *out, width


def test_arriaga_agrees_by_age(shared, cases):
    for table in cases.values():
        found = kernels_decomposition.decompose("arriaga", *bare(table), 1)
        for name in ("direct", "indirect"):
            wanted = [float(r[f"arriaga_{name}"]) for r in table]
            np.testing.assert_allclose(found[name], wanted, rtol=1e-9, atol=1e-13)
    for r in rows(shared / GOLDEN / "e0_totals.csv"):
        given = bare(cases[r["case"]])
        found = kernels_decomposition.decompose("arriaga", *given, 1)["effect"].sum()
        assert found == pytest.approx(float(r["difference"]), rel=1e-11)
        assert kernels_decomposition.difference(*given) == pytest.approx(found, rel=1e-11)


def test_stepwise_agrees_by_age(cases):
    for table in cases.values():
        found = kernels_decomposition.decompose("stepwise", *bare(table), 1)["effect"]
        wanted = [float(r["stepwise_symmetrical"]) for r in table]
        np.testing.assert_allclose(found, wanted, rtol=1e-8, atol=1e-12)


def test_the_integral_agrees_by_age(cases):
    for table in cases.values():
        found = kernels_decomposition.decompose("continuous", *bare(table), 100)["effect"]
        wanted = [float(r["horiuchi_n100"]) for r in table]
        np.testing.assert_allclose(found, wanted, rtol=1e-8, atol=1e-11)


def test_kitagawa_agrees(shared):
    by_case = {}
    for r in rows(shared / GOLDEN / "kitagawa_by_age.csv"):
        by_case.setdefault((r["first"], r["second"], r["year"]), []).append(r)
    totals = {
        (r["first"], r["second"], r["year"]): r
        for r in rows(shared / GOLDEN / "kitagawa_totals.csv")
    }
    assert set(by_case) == set(totals)
    for key, table in by_case.items():
        lower = [int(r["age_start"]) for r in table]
        rates = [by_age([float(r[f"rate_{n}"]) for r in table], lower) for n in ("first", "second")]
        shares = [
            by_age([float(r[f"share_{n}"]) for r in table], lower, "person")
            for n in ("first", "second")
        ]
        found = decompose_rate(*rates, *shares, "age")
        for name in ("rate_effect", "composition_effect"):
            wanted = [float(r[name]) for r in table]
            np.testing.assert_allclose(found[name], wanted, rtol=1e-11, atol=1e-18)
            assert float(found[name].sum()) == pytest.approx(float(totals[key][name]), rel=1e-11)
        whole = float(found.rate_effect.sum() + found.composition_effect.sum())
        assert whole == pytest.approx(float(found.second - found.first), rel=1e-12)


# --- identities ------------------------------------------------------------------------------


def made(level=1.0, area=("DEU", "MDA")):
    lower = [0, 1, *range(5, 91, 5)]
    m = (0.00004 * np.exp(0.09 * np.array(lower)) + 0.0003) * level
    m = np.stack([m, 1.3 * m])
    coords = {
        "area": list(area),
        "age": lower,
        "age_width": ("age", np.append(np.diff(lower), np.inf)),
    }
    return xr.DataArray(m, coords, ("area", "age"), attrs={"units": "1/year"})


@pytest.mark.parametrize("method", ["arriaga", "stepwise", "continuous"])
@pytest.mark.parametrize("ax", ["coale_demeny", "half", "constant_force"])
def test_effects_add_up_and_turn_their_sign(method, ax):
    one, two = made(), made(0.7)
    found = decompose_life_expectancy(one, two, method=method, ax=ax)
    tables = [life_table(x, ax=ax).life_expectancy.isel(age=0) for x in (one, two)]
    close = 1e-12 if method != "continuous" else 1e-3
    np.testing.assert_allclose(found.effect.sum("age"), tables[1] - tables[0], rtol=close)
    if method != "arriaga":
        back = decompose_life_expectancy(two, one, method=method, ax=ax)
        np.testing.assert_allclose(back.effect, -found.effect, rtol=1e-9, atol=1e-13)
    alone = decompose_life_expectancy(one[1:], two[1:, ::1], method=method, ax=ax)
    np.testing.assert_array_equal(alone.effect, found.effect[1:])


def test_order_of_labels_does_not_matter():
    one, two = made(), made(0.7)
    found = decompose_life_expectancy(one, two[::-1])
    xr.testing.assert_equal(found, decompose_life_expectancy(one, two))


# --- what is refused -------------------------------------------------------------------------


def persons(area=("DEU", "MDA")):
    return made(1e6, area).assign_attrs(units="person")


BAD = [
    (lambda: decompose_life_expectancy(made(), made(), method="ltre"), ParameterError, "arriaga"),
    (lambda: decompose_life_expectancy(made(), made(), steps=0), ParameterError, "steps"),
    (lambda: decompose_life_expectancy(made(), 3), KindError, "second"),
    (lambda: decompose_life_expectancy(made(), made(area=("DEU", "POL"))), AlignmentError, "POL"),
    (lambda: decompose_life_expectancy(made(), persons()), UnitError, "person"),
    (lambda: decompose_rate(made(), made(), persons(), made(), "age"), MigovError, "counts"),
    (lambda: decompose_rate(made(), made(), persons(), persons(), "sex"), DimensionError, "sex"),
    (
        lambda: decompose_rate(
            made(), made(), persons(), (persons() * 0).assign_attrs(units="person"), "age"
        ),
        InputError,
        "nobody",
    ),
    (
        lambda: decompose_rate(made(), made(), persons(), persons(("DEU", "POL")), "age"),
        AlignmentError,
        "POL",
    ),
]


@pytest.mark.parametrize(("call", "kind", "told"), BAD, ids=range(len(BAD)))
def test_bad_input_is_refused(call, kind, told):
    with pytest.raises(kind, match=told) as caught:
        call()
    assert isinstance(caught.value, MigovError)
    assert caught.value.argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_two_periods_sexes_or_areas_are_what_a_difference_is_of():
    """Selected from one array they keep their labels, which once were refused as misaligned."""
    rng = np.random.default_rng(2)
    age = [0, 1, *range(5, 90, 5)]
    m = 5e-5 * np.exp(0.09 * np.array(age)) + 3e-4
    values = m * rng.uniform(0.5, 1.5, (2, 2, 1))
    rates = xr.DataArray(
        values,
        {"area": ["DEU", "MDA"], "sex": ["F", "M"], "age": age,
         "age_width": ("age", np.append(np.diff(age), np.inf).astype(float)),
         "period": np.datetime64("2020-01-01", "s"),
         "period_end": np.datetime64("2021-01-01", "s")},
        ("area", "sex", "age"), attrs={"units": "1/year"},
    )  # fmt: skip
    women, men = (rates.sel(area="DEU", sex=sex) for sex in "FM")
    found = decompose_life_expectancy(women, men)
    tables = [life_table(x).life_expectancy.sel(age=0) for x in (women, men)]
    assert float(found.effect.sum()) == pytest.approx(float(tables[1]) - float(tables[0]))
    assert (found.attrs["first"], found.attrs["second"]) == ("sex F", "sex M")
    assert str(found.area.values) == "DEU"
    assert found.period.values == rates.period.values
    here, there = (rates.sel(sex="F", area=area) for area in ("DEU", "MDA"))
    people = (rates * 0 + rng.uniform(1e3, 1e4, rates.shape)).assign_attrs(units="person")
    stock = people.drop_vars(["period", "period_end"]).assign_coords(
        time=np.datetime64("2020-07-01", "s")
    )
    parts = decompose_rate(
        here, there, *(stock.sel(sex="F", area=a) for a in ("DEU", "MDA")), "age"
    )
    crude = [
        float((r * c).sum() / c.sum())
        for r, c in (
            (here, stock.sel(sex="F", area="DEU")),
            (there, stock.sel(sex="F", area="MDA")),
        )
    ]
    whole = float(parts.rate_effect.sum() + parts.composition_effect.sum())
    assert whole == pytest.approx(crude[1] - crude[0])
    assert parts.attrs["second"] == "area MDA"
    with pytest.raises(AlignmentError, match="first_counts for MDA"):
        decompose_rate(here, there, *(stock.sel(sex="F", area="MDA") for _ in "ab"), "age")
