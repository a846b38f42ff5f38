"""Bridges between classifications, near fits by skill: slow versions, sums, refusals."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from migov.core import status
from migov.core.definition import Definition, define, definition_of
from migov.core.errors import (
    AccountError,
    AlignmentError,
    CodeError,
    DataError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    PartitionError,
    UnitError,
)
from migov.labour import Bridge, near_fits, shortage, skill_fit
from migov.labour.fits import check_places


def table():
    return pd.DataFrame(
        {
            "isco": ["2221", "2221", "3221", "5321", "5321"],
            "kldb": ["81302", "81313", "81302", "81301", "82101"],
            "share": [0.8, 0.2, 1.0, 0.5, 0.5],
        }
    )


def bridge(**more):
    return Bridge.from_frame(table(), share="share", basis="invented for tests", **more)


def counts():
    x = xr.DataArray(
        [[100.0, 40.0, 60.0], [50.0, 20.0, 10.0]],
        {"sex": ["F", "M"], "occupation": ["2221", "3221", "5321"]},
        attrs={"units": "thousand person"},
    )
    return define(x, Definition(name="employed", counts="persons", labour_standard="13th ICLS"))


def test_carry_against_rows():
    x = counts()
    out = bridge().carry(x)
    for sex in ("F", "M"):
        slow = {}
        for row in table().itertuples():
            part = x.sel(sex=sex, occupation=row.isco).item() * row.share
            slow[row.kldb] = slow.get(row.kldb, 0.0) + part
        assert out.sel(sex=sex).to_series().to_dict() == pytest.approx(slow)
    np.testing.assert_allclose(out.sum("occupation"), x.sum("occupation"))
    assert definition_of(out) == definition_of(x)
    assert out.attrs["units"] == "thousand person"
    assert "invented for tests" in out.attrs["bridge"]


def test_status_and_missing_cells_go_where_they_belong():
    x = status.mark(counts(), "estimated", at=counts().occupation == "3221")
    out = bridge(stylised=True).carry(x)
    flags = out.isel(sex=0).observation_status.to_series()
    assert flags["81302"] == status.flag("estimated", "stylised")
    assert flags["81301"] == status.flag("stylised")
    x = counts()
    x[0, 2] = np.nan
    out = bridge().carry(x).sel(sex="F")
    assert np.isnan(out.sel(occupation=["81301", "82101"])).all()
    assert out.sel(occupation="81302").item() == pytest.approx(120)


def test_there_and_back():
    x = counts().sum("sex").assign_attrs(units="person")
    there = bridge()
    back = there.reverse(x, "the same persons")
    np.testing.assert_allclose(back.shares.sum(axis=1), 1.0)
    returned = back.carry(there.carry(x)).sel(occupation=x.occupation)
    np.testing.assert_allclose(returned, x)
    assert (back.source, back.target) == ("KldB 2010", "ISCO-08")


def test_bridges_at_fault():
    good = table()
    x = counts()
    frames = {
        "unknown code": good.replace({"isco": {"3221": "9999"}}),
        "unknown target": good.replace({"kldb": {"82101": "abc"}}),
        "no code": good.assign(isco=good["isco"].where(good.index > 0)),
        "pair twice": pd.concat([good, good.iloc[2:3]]),
        "negative": good.assign(share=[-0.2, 1.2, 1.0, 0.5, 0.5]),
        "sum": good.assign(share=[0.8, 0.1, 1.0, 0.5, 0.5]),
        "no number": good.assign(share=[0.8, None, 1.0, 0.5, 0.5]),
    }
    calls = [
        (DataError, lambda f=f: Bridge.from_frame(f, share="share", basis="x"))
        for f in frames.values()
    ]
    calls += [
        (KindError, lambda: Bridge.from_frame([], share="share", basis="x")),
        (DimensionError, lambda: Bridge.from_frame(good, share="part", basis="x")),
        (CodeError, lambda: Bridge.from_frame(good, share="share", basis="x",
                                              schemes=("ISCO-88", "KldB 2010"))),
        (PartitionError, lambda: bridge().carry(x.assign_attrs(units="percent"))),
        (AlignmentError, lambda: bridge().carry(x.assign_coords(occupation=["2221", "3221",
                                                                            "5322"]))),
        (DimensionError, lambda: bridge().carry(x.isel(occupation=0, drop=True))),
        (DimensionError, lambda: bridge().reverse(x, "x")),
        (AlignmentError, lambda: bridge().reverse(x.isel(sex=0, occupation=[0, 1]), "x")),
        (PartitionError, lambda: bridge().reverse((x.isel(sex=0) * 0).assign_attrs(x.attrs),
                                                  "x")),
    ]  # fmt: skip
    refused(calls)


def refused(calls):
    for kind, call in calls:
        with pytest.raises(kind) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def skills():
    return xr.DataArray(
        [[5.0, 3.0, 1.0], [3.0, 3.0, 0.0], [1.0, 0.0, 4.0]],
        {"occupation": ["2221", "5321", "7231"], "skill": ["care", "records", "machines"]},
        attrs={"units": "1"},
    )


def test_skill_fit_against_loops():
    x = skills()
    weights = xr.DataArray([2.0, 1.0, 1.0], {"skill": x.skill.values}, attrs={"units": "1"})
    for given_, w in ((None, [1, 1, 1]), (weights[::-1], [2, 1, 1])):
        out = skill_fit(x, given_)
        for i, own in enumerate(x.values):
            for j, asked in enumerate(x.values):
                covered = sum(w[k] * min(own[k], asked[k]) for k in range(3))
                slow = covered / sum(w[k] * asked[k] for k in range(3))
                assert out.values[i, j] == pytest.approx(slow)
    assert (np.diag(out) == 1).all()
    assert out.values[0, 1] > out.values[1, 0]


@given(st.integers(0, 10_000))
@settings(max_examples=50, deadline=None)
def test_near_fits_against_assignment_of_heads(seed):
    rng = np.random.default_rng(seed)
    n = 4
    labels = ["1", "2", "3", "4"]
    short, beyond = rng.integers(0, 4, n), rng.integers(0, 4, n)
    fit = np.round(rng.random((n, n)), 2)
    np.fill_diagonal(fit, 1.0)
    arrays = [
        xr.DataArray(x.astype(float), {"occupation": labels}, attrs={"units": "person"})
        for x in (short, beyond)
    ]
    table_ = xr.DataArray(
        fit, {"occupation": labels, "post_occupation": labels}, attrs={"units": "1"}
    )
    out = near_fits(*arrays, table_, least=0.3)
    heads = np.repeat(np.where(fit >= 0.3, fit, 0.0), beyond, axis=0)
    copied = np.repeat(heads, short, axis=1)
    rows, columns = linear_sum_assignment(copied, maximize=True)
    assert out["filled"].sum().item() == pytest.approx(copied[rows, columns].sum())
    np.testing.assert_allclose(out["surplus"], beyond - out["placed"].sum("post_occupation"))
    np.testing.assert_allclose(out["shortage"], short - out["filled"])
    assert (out["placed"].where(table_ < 0.3, 0.0) == 0).all()


def test_near_fits_follow_shortage_with_members():
    posts = xr.DataArray(
        [[30.0, 5.0, 9.0], [40.0, 5.0, 0.0]],
        {"member": [0, 1], "occupation": ["2221", "5321", "7231"]},
        attrs={"units": "post"},
    )
    people = xr.DataArray(
        [20.0, 25.0, 10.0], {"occupation": ["2221", "5321", "7231"]}, attrs={"units": "person"}
    )
    found = shortage(demand=posts, supply=people)
    fit = skill_fit(skills())
    out = near_fits(found["shortage"], found["surplus"], fit, least=0.5)
    assert out["placed"].dims == ("occupation", "post_occupation", "member")
    for k in (0, 1):
        alone = near_fits(
            found["shortage"].sel(member=k), found["surplus"].sel(member=k), fit, least=0.5
        )
        np.testing.assert_array_equal(out["shortage"].sel(member=k), alone["shortage"])
    assert out["shortage"].sum() < found["shortage"].sum()


def test_a_broken_account_is_seen():
    placed = np.array([[0.0, 2.0], [0.0, 0.0]])
    check_places(placed, np.array([2.0, 0.0]), np.array([0.0, 2.0]))
    with pytest.raises(AccountError):
        check_places(placed, np.array([1.0, 0.0]), np.array([0.0, 2.0]))
    with pytest.raises(AccountError):
        check_places(placed, np.array([2.0, 0.0]), np.array([0.0, 1.0]))


def test_fits_at_fault():
    x = skills()
    fit = skill_fit(x)
    short = xr.DataArray([1.0, 0.0, 2.0], {"occupation": x.occupation.values},
                         attrs={"units": "post"})  # fmt: skip
    refused([
        (InputError, lambda: skill_fit(-x)),
        (InputError, lambda: skill_fit(x.where(x > 0))),
        (InputError, lambda: skill_fit((x * 0).assign_attrs(units="1"))),
        (DimensionError, lambda: skill_fit(x.isel(skill=0))),
        (AlignmentError, lambda: skill_fit(x, x.isel(occupation=0, drop=True)
                                           .assign_coords(skill=["a", "b", "c"]))),
        (ParameterError, lambda: near_fits(short, short, fit, least=0.0)),
        (InputError, lambda: near_fits(-short, short, fit)),
        (UnitError, lambda: near_fits(short.assign_attrs(units="EUR"), short, fit)),
        (AlignmentError, lambda: near_fits(short[:2], short, fit)),
        (AlignmentError, lambda: near_fits(short[:2], short[:2], fit)),
        (InputError, lambda: near_fits(short, short, (fit + 1).assign_attrs(units="1"))),
        (DimensionError, lambda: near_fits(short, short, fit.isel(occupation=0))),
        (InputError, lambda: near_fits(short.where(short > 0), short, fit)),
    ])  # fmt: skip
