"""Multiple-decrement life tables: identities, a plain version, bad inputs."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core.errors import DimensionError, InputError, KindError, MigovError, PartitionError
from migov.demography import life_table, multiple_decrement

LOWER = [0, 1, *range(5, 91, 5)]


def causes(labels=("circulatory", "external", "other"), unit="1/year"):
    age = np.array(LOWER, float)
    m = np.stack(
        [
            0.00002 * np.exp(0.09 * age),
            0.0003 + 0.00001 * age,
            0.00002 * np.exp(0.08 * age) + 0.005 * np.exp(-2 * age),
        ]
    )
    m = m * np.array([1.0, 1.5])[:, None, None]
    coords = {
        "area": ["DEU", "MDA"],
        "cause": list(labels),
        "age": LOWER,
        "age_width": ("age", np.append(np.diff(LOWER), np.inf)),
    }
    return xr.DataArray(m, coords, ("area", "cause", "age"), attrs={"units": unit})


def test_columns_by_hand():
    m = causes()
    table = multiple_decrement(m, by="cause", radix=1.0)
    whole = life_table(m.sum("cause").assign_attrs(units="1/year"), radix=1.0)
    xr.testing.assert_allclose(table[list(whole)], whole, rtol=1e-14)
    for area in ("DEU", "MDA"):
        one, all_of = table.sel(area=area), whole.sel(area=area)
        for cause in m.cause.values:
            rate = m.sel(area=area, cause=cause).values
            total = m.sel(area=area).sum("cause").values
            slow = [
                q * r / t
                for q, r, t in zip(all_of.death_probability.values, rate, total, strict=True)
            ]
            np.testing.assert_allclose(one.probability_by.sel(cause=cause), slow, rtol=1e-13)
            dead = all_of.survivors.values * slow
            np.testing.assert_allclose(one.deaths_by.sel(cause=cause), dead, rtol=1e-13)
            ever = [dead[i:].sum() / all_of.survivors.values[i] for i in range(len(dead))]
            np.testing.assert_allclose(one.eventually.sel(cause=cause), ever, rtol=1e-12)


def test_shares_add_up():
    table = multiple_decrement(causes(), by="cause")
    np.testing.assert_allclose(table.deaths_by.sum("cause"), table.deaths, rtol=1e-13)
    np.testing.assert_allclose(table.eventually.sum("cause"), 1.0, rtol=1e-12)
    alive = (1 - table.probability_alone).isel(age=slice(0, -1)).prod("cause")
    np.testing.assert_allclose(
        alive, 1 - table.death_probability.isel(age=slice(0, -1)), rtol=1e-12
    )
    assert (table.probability_alone >= table.probability_by - 1e-15).all()


def test_probabilities_give_the_table_back():
    table = multiple_decrement(causes(), by="cause", ax="half")
    again = multiple_decrement(
        probabilities=table.probability_by,
        by="cause",
        ax="given",
        years_lived=table.mean_years_dying,
        close="given",
    )
    np.testing.assert_allclose(again.deaths_by, table.deaths_by, rtol=1e-11)
    np.testing.assert_allclose(again.life_expectancy, table.life_expectancy, rtol=1e-11)


def test_an_age_without_exits():
    m = causes()
    m[0, :, 4] = 0.0
    table = multiple_decrement(m, by="cause")
    assert float(table.deaths_by[0, :, 4].sum()) == 0.0
    assert np.isfinite(table.eventually).all()


def crowded():
    return xr.concat([chances(), chances()[:, :1].assign_coords(cause=["x"])], "cause")


def chances(scale=1.0):
    table = multiple_decrement(causes(), by="cause", ax="half")
    return (table.probability_by * scale).assign_attrs(units="1")


BAD = [
    (lambda: multiple_decrement(by="cause"), KindError, "nothing"),
    (lambda: multiple_decrement(causes(), by="age"), DimensionError, "by="),
    (lambda: multiple_decrement(causes(), by="reason"), DimensionError, "'reason'"),
    (lambda: multiple_decrement(causes(("a", "b", "_T")), by="cause"), PartitionError, "total"),
    (lambda: multiple_decrement(-causes().assign_attrs(units=""), by="cause"), MigovError, "rates"),
    (
        lambda: multiple_decrement(
            probabilities=xr.concat(
                [chances(), chances()[:, :1].assign_coords(cause=["x"])], "cause"
            ),
            by="cause",
            close="kannisto",
        ),
        InputError,
        "more than one over cause at",
    ),
    (
        lambda: multiple_decrement(probabilities=chances(0.5), by="cause", close="kannisto"),
        InputError,
        "does not sum to one",
    ),
]


@pytest.mark.parametrize(("call", "kind", "told"), BAD, ids=range(len(BAD)))
def test_bad_input_is_refused(call, kind, told):
    with pytest.raises(kind, match=told) as caught:
        call()
    assert caught.value.argument
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
