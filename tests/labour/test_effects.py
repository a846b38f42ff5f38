"""Effects on residents and earlier migrants: arithmetic, derivatives, accounts, refusals."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core.errors import (
    AccountError,
    DimensionError,
    InputError,
    MigovError,
    ParameterError,
    PartitionError,
    UnitError,
)
from migov.labour import EVIDENCE, NestedCES, effect_range
from migov.labour.effects import check_exhausted

LABELS = {
    "education": ["0-2", "3-4", "5-8"],
    "age": [15, 35],
    "group": ["resident", "migrant"],
}


def arrays(seed=1):
    rng = np.random.default_rng(seed)
    shape = [len(v) for v in LABELS.values()]
    bill = xr.DataArray(rng.uniform(1, 9, shape), LABELS, attrs={"units": "million EUR"})
    change = xr.DataArray(rng.uniform(-20, 30, shape), LABELS, attrs={"units": "percent"})
    width = ("age", [20.0, 30.0])
    return bill.assign_coords(age_width=width), change.assign_coords(age_width=width)


def model(**changes):
    return NestedCES(**({"nests": (("education", 3.0), ("age", 7.0), ("group", 20.0))} | changes))


def slow(bill, change, nests, power):
    """Wages as numerical derivatives of a CES function written out level by level."""
    share = bill / bill.sum()

    def output(x):
        sigma_e, sigma_a, sigma_n = nests
        outer = 0.0
        for e in range(3):
            s_e = share[e].sum()
            middle = 0.0
            for a in range(2):
                s_a = share[e, a].sum()
                inner = sum(
                    share[e, a, g] / s_a * x[e, a, g] ** (1 - 1 / sigma_n) for g in range(2)
                ) ** (1 / (1 - 1 / sigma_n))
                middle += s_a / s_e * inner ** (1 - 1 / sigma_a)
            outer += s_e * middle ** ((1 / (1 - 1 / sigma_a)) * (1 - 1 / sigma_e))
        return outer ** ((1 / (1 - 1 / sigma_e)) * power)

    x = 1 + change / 100
    out = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        h = 1e-6 * x[place]
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        marginal = (output(up) - output(down)) / (2 * h)
        out[place] = marginal / (share[place] * power)
    return 100 * (out - 1), 100 * (output(x) - 1)


@pytest.mark.parametrize("capital", ["adjusts", "fixed"])
def test_against_derivatives(capital):
    bill, change = arrays()
    out = model(capital=capital, labour_share=0.6).run(bill, change)
    power = 1.0 if capital == "adjusts" else 0.6
    wage, output = slow(bill.values, change.values, (3.0, 7.0, 20.0), power)
    np.testing.assert_allclose(out["wage"], wage, atol=2e-5)
    assert out["output"].item() == pytest.approx(output, rel=1e-9)
    assert out["wage"].attrs["units"] == "percent"


@given(
    st.integers(0, 10_000),
    st.sampled_from([0.5, 1.0, 2.0, np.inf]),
    st.sampled_from([0.7, 1.0, 20.0, np.inf]),
    st.sampled_from(["adjusts", "fixed"]),
)
@settings(max_examples=60, deadline=None)
def test_identities(seed, outer, inner, capital):
    bill, change = arrays(seed)
    run = NestedCES(
        nests=(("education", outer), ("age", 4.0), ("group", inner)), capital=capital
    ).run
    out = run(bill, change)  # the account of wages and output is checked inside
    same = run(bill, (change * 0 + 7.0).assign_attrs(units="percent"))
    # All labour grows alike: with capital that follows, no wage changes.
    fall = 0.0 if capital == "adjusts" else 100 * (1.07 ** (-1 / 3) - 1)
    np.testing.assert_allclose(same["wage"], fall, atol=1e-9)
    if np.isinf(inner):
        np.testing.assert_allclose(
            out["wage"].sel(group="resident"), out["wage"].sel(group="migrant"), rtol=1e-12
        )


def test_earlier_migrants_lose_more_than_residents():
    bill, change = arrays()
    more = xr.where(change.group == "migrant", 10.0, 0.0) + 0.0 * change
    more = more.transpose(*change.dims).assign_attrs(units="percent")
    wage = model().run(bill, more)["wage"]
    assert (wage.sel(group="migrant") < wage.sel(group="resident")).all()
    mean = float((wage * bill).sel(group="resident").sum() / bill.sel(group="resident").sum())
    assert mean > 0


def test_members_are_run_alone():
    bill, change = arrays()
    many = xr.concat([change, 2 * change], xr.Variable("member", [4, 9]), join="exact")
    many.attrs = {"units": "percent"}
    out = model().run(bill, many)
    alone = model().run(bill, many.sel(member=9))
    np.testing.assert_array_equal(
        out["wage"].sel(member=9).transpose(*alone["wage"].dims), alone["wage"]
    )


def test_a_broken_account_is_seen():
    bill, change = arrays()
    dims = list(LABELS)
    out = model().run(bill, change)
    parts = (bill / bill.sum(), 1 + out["wage"] / 100, 1 + change / 100, 1 + out["output"] / 100)
    check_exhausted(*parts, dims)
    with pytest.raises(AccountError, match="miss labour's part"):
        check_exhausted(parts[0], parts[1] * 1.001, *parts[2:], dims)


def test_range_of_published_estimates():
    change = xr.DataArray(
        [2.0, -1.0], {"area": ["DEU", "MDA"]}, attrs={"units": "percentage_point"}
    )
    out = effect_range(change, central=-0.1, low=-0.8, high=0.8)
    np.testing.assert_allclose(out["central"], [-0.2, 0.1])
    np.testing.assert_allclose(out["low"], [-1.6, -0.8])
    np.testing.assert_allclose(out["high"], [1.6, 0.8])
    for each in EVIDENCE:
        assert each.study
        assert each.remark
        assert each.central is None or each.low is None or each.low <= each.central <= each.high
    assert {e.who for e in EVIDENCE} == {"residents", "earlier migrants"}


def test_calls_at_fault():
    bill, change = arrays()
    share = xr.DataArray(1.0, attrs={"units": "percentage_point"})
    calls = [
        (ParameterError, lambda: NestedCES(nests=())),
        (ParameterError, lambda: NestedCES(nests=(("age", 2.0), ("age", 3.0)))),
        (ParameterError, lambda: NestedCES(nests=(("age", 0.0),))),
        (ParameterError, lambda: model(labour_share=1.0)),
        (ParameterError, lambda: model(capital="moves")),
        (DimensionError, lambda: model().run(bill.isel(age=0), change)),
        (UnitError, lambda: model().run(bill, change.assign_attrs(units="person"))),
        (PartitionError, lambda: model().run(bill.assign_attrs(units="percent"), change)),
        (InputError, lambda: model().run((bill * 0).assign_attrs(bill.attrs), change)),
        (InputError, lambda: model().run((-bill).assign_attrs(bill.attrs), change)),
        (InputError, lambda: model().run(bill, (change - 200).assign_attrs(units="percent"))),
        (ParameterError, lambda: effect_range(share, central=1.0, low=2.0, high=3.0)),
        (ParameterError, lambda: effect_range(share, central=1.0, low=np.nan, high=3.0)),
        (UnitError, lambda: effect_range(share.assign_attrs(units="percent"), central=0.0,
                                         low=0.0, high=0.0)),
    ]  # fmt: skip
    for kind, call in calls:
        with pytest.raises(kind) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_factors_of_growth_are_no_change_of_labour():
    bill, change = arrays()
    factors = (1 + change / 100).assign_attrs(units="1")
    with pytest.raises(InputError, match="more than half") as error:
        model().run(bill, factors)
    typed = eval(error.value.mend.partition(" if ")[0], {"change": factors})
    np.testing.assert_allclose(
        model().run(bill, typed).wage, model().run(bill, change).wage, rtol=1e-9
    )
