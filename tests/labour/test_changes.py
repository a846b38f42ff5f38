"""Parts of the change of an index: Kitagawa's, sums, and what is refused."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core.cases import Cells
from migov.core.definition import Definition, define
from migov.core.errors import AccountError, KindError, MigovError
from migov.indicators.mismatch import MismatchIndex, OccupationalDissimilarity
from migov.labour import decompose_change

OCCUPATIONS = "2 5 9"


def cells(values, unit="person"):
    return Cells(tuple(values), occupation=OCCUPATIONS).array(unit)


def mean_rate(share, rate):
    return (share * rate).sum("occupation").assign_attrs(units="1", long_name="mean rate")


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_a_rate_is_parted_as_by_kitagawa(seed):
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(3), size=2)
    rates = rng.random((2, 3))
    before, after = (
        {"share": cells(s, "1"), "rate": cells(r, "1")} for s, r in zip(shares, rates, strict=True)
    )
    found = decompose_change(mean_rate, before, after, by="occupation")
    by_hand = [
        (shares[1] - shares[0]) * rates.mean(axis=0),
        (rates[1] - rates[0]) * shares.mean(axis=0),
    ]
    np.testing.assert_allclose(found["part"], by_hand, atol=1e-9)
    # The other way round all parts change their sign.
    back = decompose_change(mean_rate, after, before, by="occupation")
    np.testing.assert_allclose(back["part"], -found["part"], atol=1e-9)


def test_the_mismatch_index_over_time_and_by_member():
    before = {
        "vacancies": cells((90.0, 50.0, 10.0), "post"),
        "unemployed": cells((50.0, 50.0, 40.0)),
    }
    after = {
        "vacancies": cells((120.0, 50.0, 10.0), "post"),
        "unemployed": cells((40.0, 50.0, 90.0)),
    }
    found = decompose_change(MismatchIndex(), before, after, by="occupation")
    whole = MismatchIndex()(**after) - MismatchIndex()(**before)
    np.testing.assert_allclose(found["change"], whole, rtol=1e-12)
    np.testing.assert_allclose(found["part"].sum(), whole, rtol=1e-6)
    # Nothing moved in services: nothing comes from there.
    assert not found["part"].sel(occupation="5").any()
    assert found["part"].attrs["units"] == "1"
    both = decompose_change(MismatchIndex(), before, after)
    np.testing.assert_allclose(both["part"], found["part"].sum("occupation"), rtol=1e-6)
    # A scale of all vacancies is no change of their spread.
    doubled = before | {"vacancies": (before["vacancies"] * 2).assign_attrs(units="post")}
    assert abs(decompose_change(MismatchIndex(), before, doubled)["part"]).max() < 1e-9


def test_units_and_dates_of_both_sides():
    def thousand(values, time):
        x = cells(values).expand_dims(time=np.array([time], "M8[s]"))
        return (x / 1000.0).assign_attrs(x.attrs | {"units": "thousand person"})

    def total(people):
        return people.sum("occupation").assign_attrs(units=people.attrs["units"])

    first = cells((100.0, 50.0, 0.0)).expand_dims(time=np.array(["2024-07-01"], "M8[s]"))
    found = decompose_change(
        total, {"people": first.squeeze()},
        {"people": thousand((150.0, 50.0, 20.0), "2025-07-01").squeeze()}, by="occupation",
    )  # fmt: skip
    np.testing.assert_allclose(found["part"].squeeze(), [50.0, 0.0, 20.0], atol=1e-9)
    assert found["change"].attrs["units"] == "person"


def test_parts_that_miss_the_change_are_seen():
    def jump(people):
        above = (people.sum("occupation") > 125.0).astype(float)
        return above.assign_attrs(units="1")

    with pytest.raises(AccountError, match="miss the change"):
        decompose_change(
            jump, {"people": cells((50.0, 30.0, 20.0))}, {"people": cells((80.0, 50.0, 20.0))}
        )


def test_calls_at_fault():
    good = {"share": cells((0.5, 0.5, 0.0), "1"), "rate": cells((0.1, 0.2, 0.3), "1")}
    fewer = good | {"rate": good["rate"].isel(occupation=[0, 1])}
    members = good | {"rate": good["rate"].expand_dims(member=[0, 1])}
    money = good | {"rate": good["rate"].assign_attrs(units="EUR")}
    infinite = good | {"rate": good["rate"].where(good["rate"] < 0.3, np.inf)}
    calls = (
        lambda: decompose_change(3, good, good),
        lambda: decompose_change(mean_rate, {}, {}),
        lambda: decompose_change(mean_rate, good, None),
        lambda: decompose_change(mean_rate, good, {"share": good["share"]}),
        lambda: decompose_change(mean_rate, good, fewer),
        lambda: decompose_change(mean_rate, good, members),
        lambda: decompose_change(mean_rate, good, money),
        lambda: decompose_change(mean_rate, good, infinite),
        lambda: decompose_change(mean_rate, good, good | {"rate": [1, 2, 3]}),
        lambda: decompose_change(mean_rate, good, good, by="sex"),
        lambda: decompose_change(mean_rate, good, good, by=["occupation"]),
        lambda: decompose_change(mean_rate, good, good, nodes=1),
        lambda: decompose_change(mean_rate, good, good, nodes=True),
        lambda: decompose_change(lambda **_: 3.0, good, good),
    )
    for call in calls:
        with pytest.raises(MigovError) as error:
            call()
        assert error.value.argument
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
    with pytest.raises(KindError):
        decompose_change(None, good, good)


def test_an_input_without_the_dimension_is_told():
    given = {"share": cells((0.5, 0.5, 0.0), "1"), "rate": xr.DataArray(0.1, attrs={"units": "1"})}
    with pytest.raises(MigovError, match="has no 'occupation'"):
        decompose_change(mean_rate, given, given, by="occupation")


def bent_parts(x, dx, y, dy, count=400_000):
    """Parts of the change of half the sum of absolute differences of shares, summed finely."""
    parts = np.zeros((2, len(x)))
    for t in np.array_split((np.arange(count) + 0.5) / count, 100):
        xs, ys = x + t[:, None] * dx, y + t[:, None] * dy
        all_x, all_y = xs.sum(1, keepdims=True), ys.sum(1, keepdims=True)
        sign = np.sign(xs / all_x - ys / all_y)
        by_x = (sign - (sign * xs).sum(1, keepdims=True) / all_x) / (2 * all_x)
        by_y = -(sign - (sign * ys).sum(1, keepdims=True) / all_y) / (2 * all_y)
        parts += [(by_x * dx).sum(0) / count, (by_y * dy).sum(0) / count]
    return parts


@pytest.mark.parametrize("seed", range(3))
def test_an_index_that_bends_on_the_way(seed):
    # Occupations change between being more and less common among migrants than among others.
    rng = np.random.default_rng(seed)
    x, y, to_x, to_y = rng.uniform(50, 100, (4, 5))
    gaps = [a / a.sum() - b / b.sum() for a, b in ((x, y), (to_x, to_y))]
    assert (np.sign(gaps[0]) != np.sign(gaps[1])).any()
    before, after = (
        {
            name: define(
                Cells(tuple(values), occupation="1 2 3 4 5").array("person"),
                Definition(labour_standard="19th ICLS"),
            )
            for name, values in (("migrants", a), ("others", b))
        }
        for a, b in ((x, y), (to_x, to_y))
    )
    found = decompose_change(OccupationalDissimilarity(), before, after, by="occupation")
    np.testing.assert_allclose(found["part"].sum(), found["change"], atol=1e-6)
    np.testing.assert_allclose(found["part"], bent_parts(x, to_x - x, y, to_y - y), atol=2e-6)
