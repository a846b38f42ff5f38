"""Residual net migration against published figures, identities, bad inputs."""

from __future__ import annotations

import csv
import pickle
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.definition import definition_of
from migov.core.errors import AgeError, AlignmentError, InputError, MigovError, TimeError
from migov.demography import (
    net_migration_by_balance,
    net_migration_by_survival,
    net_migration_of_children,
)

FLOWS = "golden/flows/net_migration"
AGES = "golden/demography/migration_age"


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def array(values, unit, years=None, periods=None, width=5, opened=False, starts_at=0, **more):
    coords = dict(more)
    dims = list(more)
    values = np.asarray(values, float)
    if years is not None:
        coords["time"] = [np.datetime64(f"{y}-01-01", "s") for y in years]
        dims.append("time")
    if periods is not None:
        coords["period"] = [np.datetime64(f"{a}-01-01", "s") for a, _ in periods]
        ends = [np.datetime64(f"{b}-01-01", "s") for _, b in periods]
        coords["period_end"] = ("period", ends)
        dims.append("period")
    if values.ndim > len(dims):
        n = values.shape[-1]
        coords["age"] = [starts_at + width * i for i in range(n)]
        wide = np.full(n, float(width))
        if opened:
            wide[-1] = np.inf
        coords["age_width"] = ("age", wide)
        dims.append("age")
    return xr.DataArray(values, coords, dims, attrs={"units": unit})


# --- against published results ---------------------------------------------------------------


@pytest.mark.parametrize("method", ["forward", "reverse", "average"])
def test_bombay(shared, method):
    table = rows(shared / FLOWS / "bombay_1951_survival_ratio.csv")
    closed = [r for r in table if r["age_1941"][-1] != "+"]
    first = [float(r["pop_1941"]) for r in closed]
    last = [float(r["pop_1951"]) for r in closed]
    n = len(first)
    people = array([[*first, 0, 0], [0, 0, *last]], "person", years=(1941, 1951))
    kept = array([[1, 1, *(float(r["sr"]) for r in closed)]], "1", periods=[(1941, 1951)])
    found = net_migration_by_survival(people, kept, method=method)
    assert found.sizes["age"] == n
    assert n >= 11
    wanted = [float(r[f"net_{method}"]) for r in closed]
    np.testing.assert_allclose(found[0], wanted, rtol=1e-12)


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("method", ["forward", "reverse", "average"])
def test_alabama_with_births_by_cohort(shared, method, sex):
    table = [
        r for r in rows(shared / FLOWS / "alabama_1970_white_survival_ratio.csv") if r["sex"] == sex
    ]
    last = [float(r["pop_1970"]) for r in table]
    before = [float(r["pop_1960"]) for r in table]  # the first two are births
    people = array([[*before[2:], 0.0, 0.0], last], "person", years=(1960, 1970), opened=False)
    born = array([before[:2]], "person", periods=[(1960, 1970)])
    kept = array([[float(r["us_census_sr"]) for r in table]], "1", periods=[(1960, 1970)])
    found = net_migration_by_survival(people, kept, births=born, method=method)
    wanted = [float(r[f"net_{method}"]) for r in table]
    np.testing.assert_allclose(found[0], wanted, rtol=1e-9, atol=1e-9)


def test_alabama_by_vital_statistics(shared):
    for r in rows(shared / FLOWS / "alabama_1970_vital_statistics.csv"):
        people = array([float(r["pop_1960"]), float(r["pop_1970"])], "person", years=(1960, 1970))
        flows = [
            array([float(r[name])], "person", periods=[(1960, 1970)])
            for name in ("births", "deaths")
        ]
        found = net_migration_by_balance(people, *flows)
        assert float(found[0]) == float(r["net"])


@pytest.fixture(scope="module")
def series(shared):
    table = rows(shared / AGES / "residual_migration_input.csv")
    out = {}
    for name in ("population", "survival_ratio"):
        years = sorted({int(r["year"]) for r in table if r["quantity"] == name})
        values = np.empty((2, len(years), 21))
        for r in table:
            if r["quantity"] == name:
                sex = "fm".index(r["sex"])
                values[sex, years.index(int(r["year"])), int(r["age_start"]) // 5] = float(
                    r["value"]
                )
        if name == "population":
            out[name] = array(values, "thousand person", years=years, opened=True, sex=["F", "M"])
            dates = years
        else:
            pairs = list(pairwise(dates))
            out[name] = array(values, "1", periods=pairs, opened=True, sex=["F", "M"])
    rate = np.zeros((len(pairs), 7))
    for r in table:
        if r["quantity"] == "asfr":
            rate[dates.index(int(r["year"])), int(r["age_start"]) // 5 - 3] = float(r["value"])
    ratio = np.array([float(r["srb"]) for r in rows(shared / AGES / "residual_migration_srb.csv")])
    women = out["population"].sel(sex="F").values[:, 3:10]
    births = 5 * (rate * (women[:-1] + women[1:]) / 2).sum(axis=1)
    both = np.stack([births / (1 + ratio), births * ratio / (1 + ratio)])
    out["births"] = array(both, "thousand person", periods=pairs, sex=["F", "M"])
    return out


def test_a_century_of_residuals(shared, series):
    found = net_migration_by_survival(
        series["population"],
        series["survival_ratio"],
        births=series["births"],
        method="forward",
    )
    seen = 0
    for r in rows(shared / AGES / "residual_migration_output.csv"):
        if r["method"] != "stock":
            continue
        cell = found.sel(
            sex=r["sex"].upper(), age=int(r["age_start"]), period=f"{r['period']}-01-01"
        )
        assert float(cell) / 1000 == pytest.approx(float(r["net_migrants"]), abs=2e-12)
        seen += 1
    assert seen == 840


@pytest.mark.parametrize("method", ["cohort", "time"])
def test_a_century_of_residuals_by_age_at_the_event(shared, series, method):
    """All but the oldest groups, where the peer leaves moves out or counts them twice.

    By cohort it puts the moves of 95-99 into 95-99 and half of them into 90-94 again; by time the
    open group lacks those of its own that moved at the start.
    """
    found = net_migration_by_survival(
        series["population"], series["survival_ratio"], births=series["births"], method=method
    )
    seen = 0
    for r in rows(shared / AGES / "residual_migration_output.csv"):
        if r["method"] != method or int(r["age_start"]) > (90 if method == "cohort" else 95):
            continue
        cell = found.sel(
            sex=r["sex"].upper(), age=int(r["age_start"]), period=f"{r['period']}-01-01"
        )
        assert float(cell) / 1000 == pytest.approx(float(r["net_migrants"]), rel=1e-9, abs=1e-9)
        seen += 1
    assert seen == (760 if method == "cohort" else 800)


def manila(shared, name):
    table = rows(shared / FLOWS / f"manila_1970_survival_ratio{name}.csv")
    before = [0.0 if r["pop_1960"] == "NA" else float(r["pop_1960"]) for r in table]
    last = [float(r["pop_1970"]) for r in table]
    kept = [1.0 if r["pop_1960"] == "NA" else float(r["phl_census_sr"]) for r in table]
    # pop_1960 of 75+ are those of 65+, who are in one open group ten years later
    first = [*before[2:], 0.0, 0.0]
    people = array([first, last], "person", years=(1960, 1970))
    ratio = array([kept], "1", periods=[(1960, 1970)])
    return table, people, ratio


@pytest.mark.parametrize("method", ["forward", "reverse", "average"])
def test_manila_and_its_children(shared, method):
    table, people, ratio = manila(shared, "_children")
    found = net_migration_by_survival(people, ratio, method=method)
    wanted = [float(r[f"net_{method}"]) for r in table]
    np.testing.assert_allclose(found[0], wanted[2:], rtol=1e-8)
    assert int(found.age[0]) == 10
    children = net_migration_of_children(found, people.isel(time=[1]))
    np.testing.assert_allclose(children[0], wanted[:2], rtol=1e-8)
    plain = rows(shared / FLOWS / "manila_1970_survival_ratio.csv")
    assert [float(r[f"net_{method}"]) for r in plain] == [0.0, 0.0, *wanted[2:]]


# --- identities ------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["forward", "reverse", "even"])
def test_projecting_with_the_migrants_gives_the_population_back(series, method):
    people, kept = series["population"], series["survival_ratio"]
    found = net_migration_by_survival(people, kept, births=series["births"], method=method)
    p = people.sel(sex="F").values * 1000
    s, g = kept.sel(sex="F").values, found.sel(sex="F").transpose("period", "age").values
    born = series["births"].sel(sex="F").values * 1000
    for t in range(len(s)):
        before = np.concatenate([[born[t]], p[t, :19], [p[t, 19] + p[t, 20]]])
        if method == "forward":
            after = before * s[t] + g[t]
        elif method == "reverse":
            after = (before + g[t]) * s[t]
        else:
            after = (before + g[t] / 2) * s[t] + g[t] / 2
        np.testing.assert_allclose(after, p[t + 1], rtol=1e-12, atol=1e-6)


@pytest.mark.parametrize("opened", [True, False])
def test_moves_by_time_are_those_of_a_projection_with_even_timing(opened):
    rng = np.random.default_rng(2)
    p0, moves, born, kept = (rng.uniform(a, b, 6) for a, b in ((9, 99), (-5, 5), (9, 20), (0.5, 1)))
    start = p0 + moves / 2
    later = np.concatenate([[born[0]], start[:-1]]) * kept + moves / 2
    if opened:
        later[-1] = (start[-2] + start[-1]) * kept[-1] + moves[-1] / 2
    people = array([p0, later], "person", years=(2000, 2005), opened=opened)
    ratio = array([kept], "1", periods=[(2000, 2005)], opened=opened)
    births = array(born[:1], "person", periods=[(2000, 2005)])
    found = net_migration_by_survival(people, ratio, births=births, method="time")
    np.testing.assert_allclose(found[0], moves, rtol=1e-9)


def test_moves_by_cohort_are_all_there(series):
    given = {"births": series["births"]}
    people, kept = series["population"], series["survival_ratio"]
    forward = net_migration_by_survival(people, kept, method="forward", **given)
    found = net_migration_by_survival(people, kept, method="cohort", **given)
    middle = forward / kept.drop_attrs() ** 0.5
    np.testing.assert_allclose(found.sum("age"), middle.sum("age").transpose("period", ...))


def test_children_by_sex_follow_women_alone():
    groups = [[30.0] * 11, [60.0] * 11]
    there = array(np.array(groups)[:, None], "person", years=(1970,), sex=["F", "M"], opened=True)
    net = np.zeros((2, 1, 9))
    net[0, 0, 1:8], net[1] = 3.0, 99.0
    moved = array(net, "person", periods=[(1960, 1970)], sex=["F", "M"], starts_at=10, opened=True)
    found = net_migration_of_children(moved, there)
    np.testing.assert_allclose(found.sel(sex="F")[0], [3 * 0.25, 3 * 0.75])
    np.testing.assert_allclose(found.sel(sex="M")[0], [6 * 0.25, 6 * 0.75])


@pytest.mark.parametrize("method", ["cohort", "time"])
def test_age_at_the_event_needs_births_and_fitting_groups(series, method):
    with pytest.raises(MigovError, match="births") as fault:
        net_migration_by_survival(series["population"], series["survival_ratio"], method=method)
    assert fault.value.argument == "births"
    people = array(np.full((2, 4), 9.0), "person", years=(2000, 2010))
    kept = array(np.ones((1, 4)), "1", periods=[(2000, 2010)])
    born = array(np.ones((1, 2)), "person", periods=[(2000, 2010)])
    with pytest.raises(AgeError, match=r"population|groups"):
        net_migration_by_survival(people, kept, births=born, method=method)


CHILDREN = array(np.full((1, 11), 30.0), "person", years=(1970,), opened=True)
MOVED = array(np.full((1, 9), 3.0), "person", periods=[(1960, 1970)], starts_at=10, opened=True)


@pytest.mark.parametrize(
    ("net", "people", "kind", "told"),
    [
        (MOVED, CHILDREN.isel(age=slice(0, 8)), AgeError, "population lacks"),
        (MOVED.isel(age=slice(3, None)), CHILDREN, AgeError, "net lacks"),
        (MOVED, CHILDREN.assign_coords(time=[np.datetime64("1971-01-01", "s")]), TimeError, "ends"),
        (MOVED, CHILDREN * 0, MigovError, "population"),
        (MOVED.expand_dims(sex=["M"]), CHILDREN, MigovError, "sexes without F"),
        (MOVED.isel(age=slice(0, 2)).assign_attrs(units="1"), CHILDREN, MigovError, "net"),
    ],
)
def test_children_that_cannot_be_told_are_refused(net, people, kind, told):
    with pytest.raises(kind, match=told):
        net_migration_of_children(net, people.assign_attrs(CHILDREN.attrs))


def test_definition_says_residual(series):
    people = mg.define(series["population"], mg.definitions.UN_DE_FACTO)
    found = net_migration_by_survival(people, series["survival_ratio"])
    assert definition_of(found).estimate == "residual"
    assert found.attrs["units"] == "person"
    assert float(found.age[0]) == 5


def test_the_two_methods_agree_in_sum(series):
    people, kept = series["population"], series["survival_ratio"]
    by_age = net_migration_by_survival(people, kept, births=series["births"], method="forward")
    first = (people.isel(time=slice(None, -1)) * 1000).values
    born = (series["births"] * 1000).values
    s = kept.values
    before = np.concatenate(
        [born[..., None], first[..., :19], first[..., 19:].sum(-1, keepdims=True)], axis=-1
    )
    dead = series["births"].copy(data=(before * (1 - s)).sum(axis=-1)).assign_attrs(units="person")
    whole = mg.total(people, "age")
    found = net_migration_by_balance(whole, series["births"], dead)
    np.testing.assert_allclose(
        found.transpose("sex", "period"),
        by_age.sum("age").transpose("sex", "period"),
        rtol=1e-8,
        atol=1e-6,
    )


# --- what is refused -------------------------------------------------------------------------


def people(first=1.0, **more):
    values = np.ones((2, 6)) * [[first], [1.0]]
    return array(values, "person", years=(2000, 2005), opened=True, **more)


def kept(value=0.9, periods=((2000, 2005),)):
    return array(np.full((len(periods), 6), value), "1", periods=periods, opened=True)


BAD = [
    (lambda: net_migration_by_survival(people().isel(time=[0]), kept()), TimeError, "one date"),
    (
        lambda: net_migration_by_survival(people(), kept(periods=((2000, 2010),))),
        TimeError,
        "survival is for",
    ),
    (
        lambda: net_migration_by_survival(
            array(np.ones((2, 6)), "person", years=(2000, 2003)), kept(periods=((2000, 2003),))
        ),
        AgeError,
        "years apart",
    ),
    (
        lambda: net_migration_by_survival(people(starts_at=5), kept()),
        AgeError,
        "groups from age 0",
    ),
    (lambda: net_migration_by_survival(people(), kept(0.0)), InputError, "zero where it divides"),
    (lambda: net_migration_by_survival(people(), kept(-0.1)), InputError, "negative"),
    (lambda: net_migration_by_survival(people(), kept(98.0)), InputError, "above two survivors"),
    (lambda: net_migration_by_survival(people(), kept(), method="mid"), MigovError, "method"),
    (
        lambda: net_migration_by_survival(people(), kept().isel(age=slice(0, 5))),
        AlignmentError,
        "age",
    ),
    (
        lambda: net_migration_by_balance(
            array([1.0, 2.0], "person", years=(2000, 2005)),
            array([1.0], "person", periods=[(2000, 2004)]),
            array([1.0], "person", periods=[(2000, 2005)]),
        ),
        TimeError,
        "births is for",
    ),
    (
        lambda: net_migration_by_survival(people(), kept(0.02)),
        InputError,
        "below 0.3 at the middle age",
    ),
    (
        lambda: net_migration_by_survival(people(first=1000.0), kept()),
        InputError,
        "6,000 persons and at the next date 6",
    ),
    (
        lambda: net_migration_by_survival(
            people(), kept(), births=array([0.001], "person", periods=[(2000, 2005)])
        ),
        InputError,
        "births are 0, the children of their ages 1",
    ),
    (lambda: balance(60, 50_000), InputError, "births are 0.06 for 1,000"),
    (lambda: balance(60_000, 45), InputError, "deaths are 0.045 for 1,000"),
    (lambda: balance(60_000_000, 50_000), InputError, "births are .* population.assign_attrs"),
]


def balance(births, deaths):
    period = [(2000, 2005)]
    return net_migration_by_balance(
        array([200_000.0, 200_000.0], "person", years=(2000, 2005)),
        array([births], "person", periods=period),
        array([deaths], "person", periods=period),
    )


def test_what_is_told_about_births_in_thousands_mends_them():
    period = [(2000, 2005)]
    stock = array([200_000.0, 201_000.0], "person", years=(2000, 2005))
    births = array([60.0], "person", periods=period).assign_attrs(units="thousand person")
    deaths = array([50_000.0], "person", periods=period)
    assert net_migration_by_balance(stock, births, deaths).item() == pytest.approx(-9000)
    dying = kept(0.02)
    alive = net_migration_by_survival(people(), (1 - dying).assign_attrs(units="1"))
    np.testing.assert_allclose(alive, net_migration_by_survival(people(), kept(0.98)))


@pytest.mark.parametrize(("call", "kind", "told"), BAD, ids=range(len(BAD)))
def test_bad_input_is_refused(call, kind, told):
    with pytest.raises(kind, match=f"(?s){told}") as caught:
        call()
    assert caught.value.argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
