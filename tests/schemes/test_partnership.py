"""Training at origin: against a slow walk in small steps, identities, money, bad inputs."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.cases import Cells
from migov.core.errors import (
    AccountError,
    AlignmentError,
    DataError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    UnitError,
)
from migov.schemes import Hazards, training
from migov.schemes.examples import SKILLS_PARTNERSHIP
from migov.schemes.partnership import Partnership

DEAL = Partnership(leave=0.4, leak=0.1, payers=(("employer", 0.5), ("origin_state", 0.5)))


def begin(values=((((90.0, 60.0, 30.0, 0.0),) * 2),) * 2):
    return Cells(values, occupation="3 7", origin="ALB MDA",
                 period="2026 2027 2028 2029").array("person")  # fmt: skip


def months(values=(24.0, 18.0)):
    return Cells(values, occupation="3 7").array("month")


def share(value=0.25):
    return xr.DataArray(value, attrs={"units": "1"})


def run(deal=DEAL, **how):
    return deal.run(begin(), **{"training_time": months(), "dropout": share(), "seed": 1, **how})


def test_against_a_walk_in_days():
    """Trainees one cohort at a time, dropping out day by day."""
    found = run().dataset
    for o, length in (("3", 24 / 12), ("7", 18 / 12)):
        steps = 12000
        dt = 1 / steps
        drops, done, lived = np.zeros(4), np.zeros(4), np.zeros(4)
        rate = -math.log(0.75) / length
        for c, heads in enumerate((90.0, 60.0, 30.0)):
            left = heads
            for i in range(round(length * steps)):
                year = c + int(i * dt + 1e-9)
                gone = left * rate * dt
                if year < 4:
                    drops[year] += gone
                    lived[year] += (left - gone / 2) * dt
                left -= gone
            end = math.ceil(c + length - 1e-9) - 1
            if end < 4:
                done[end] += left
        own = found.sel(occupation=o, origin="MDA")
        np.testing.assert_allclose(own.dropouts, drops, rtol=1e-3)
        np.testing.assert_allclose(own.graduates, done, rtol=1e-3)
        np.testing.assert_allclose(own.years, lived, rtol=1e-3)


def test_heads_close_and_a_lost_head_is_seen():
    data = run().dataset
    training.check(data)
    for name in ("dropouts", "departures", "stayers", "leaks", "in_training", "graduates"):
        broken = data.copy(deep=True)
        broken[name].values[0, 0, 2] += 1e-3
        with pytest.raises(AccountError, match=r"trainees|finished"):
            training.check(broken)


def test_finished_over_enrolled_is_the_share_that_does_not_drop_out():
    data = run(dropout=share(0.4)).dataset
    assert float(data.in_training.isel(period=1).sum()) > 0
    short = Partnership(payers=(("employer", 1.0),)).run(
        begin(), training_time=Cells((6.0, 12.0), occupation="3 7").array("month"),
        dropout=share(0.4), seed=1).dataset  # fmt: skip
    done = short.graduates.sum("period") / short.enrolments.sum("period")
    np.testing.assert_allclose(done, 0.6, rtol=1e-12)
    assert float(abs(short.in_training).max()) == 0.0


def test_one_stays_for_each_who_leaves_and_a_leak_is_told():
    half = Partnership(payers=(("employer", 1.0),))
    data = run(half).dataset
    np.testing.assert_allclose(data.departures, data.stayers)
    assert float(data.shortfall.max()) == 0.0
    leaky = run(Partnership(leak=0.2, payers=(("employer", 1.0),))).dataset
    np.testing.assert_allclose(leaky.shortfall, 0.2 * leaky.departures)
    with pytest.raises(DataError, match="fewer than 1 for each"):
        Partnership(leave=0.6, payers=(("employer", 1.0),))


def test_nobody_drops_out():
    data = run(dropout=share(0.0)).dataset
    assert float(abs(data.dropouts).max()) == 0.0
    first = data.years.sel(occupation="3", origin="ALB")
    np.testing.assert_allclose(first, [90.0, 150.0, 90.0, 30.0])


def test_payments_sum_to_zero_and_what_is_lost_and_gained():
    done = run()
    cost = Cells((8000.0, 5000.0), occupation="3 7").array("EUR/person")
    cost.attrs["price_base"] = 2022
    found = done.account(cost)
    assert float(abs(found.paid.sum("actor")).max()) < 1e-6
    assert set(found.actor.values) == {"destination_employers", "origin_state", "intermediaries"}
    left = done.dataset.departures + done.dataset.leaks
    prices = xr.DataArray([8000.0, 5000.0], {"occupation": ["3", "7"]}, "occupation")
    np.testing.assert_allclose(found.lost, 0.5 * (left * prices).sum("occupation"))
    np.testing.assert_allclose(
        found.gained, 0.5 * (done.dataset.stayers * prices).sum("occupation")
    )
    # A trainee who finishes has cost the whole price, whoever dropped out a part of it.
    only = Partnership(payers=(("employer", 1.0),)).run(
        begin((((100.0, 0, 0, 0),) * 2,) * 2), training_time=months(), dropout=share(0.0), seed=1
    )
    paid = only.account(cost).paid.sel(actor="destination_employers").sum("period")
    np.testing.assert_allclose(paid, -100.0 * 13000.0)
    assert found.paid.attrs["units"] == "EUR"


def test_a_payment_that_nobody_receives_is_seen(monkeypatch):
    done = run()
    cost = Cells((8000.0, 5000.0), occupation="3 7").array("EUR/person")
    real = training._only
    monkeypatch.setattr(training, "_only", lambda x, label: real(x, label) * 1.001)
    with pytest.raises(AccountError, match="payments for training"):
        done.account(cost)


def test_on_the_figures_of_the_outlook_with_members():
    figures = mg.datasets.load("outlook")
    how = {"training_time": figures.training_time, "dropout": figures.dropout}
    done = DEAL.run(begin(), **how, members=50, seed=4)
    assert done.dataset.sizes["member"] == 50
    assert done.dataset.attrs["stylised"] == 1
    again = DEAL.run(begin(), **how, members=[7, 3], seed=4)
    for label in (3, 7):
        assert again.dataset.sel(member=label).equals(done.dataset.sel(member=label))
    book = done.account(figures.training_cost.sel(occupation=["3", "7"]))
    assert book.paid.attrs["stylised"] == 1
    assert float(abs(book.paid.sum("actor")).max()) < 1e-4
    assert DEAL.run(begin(), **how, members=50, seed=4).identical(done)


def test_those_who_leave_apply_to_the_programme():
    done = run()
    apply = done.applicants()
    assert apply.attrs["units"] == "person/year"
    made = SKILLS_PARTNERSHIP.simulate(
        applicants=apply, hazards=Hazards(), start="2026-01-01", horizon="4 year", seed=1,
        migrants_counted="additional",
    )  # fmt: skip
    came = float(made.dataset.admissions.sum())
    assert came == pytest.approx(float(done.dataset.departures.sum()), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("training_time", share(), UnitError),
        ("training_time", months((0.0, 1.0)), InputError),
        ("training_time", months((-1.0, 1.0)), InputError),
        ("training_time", months((np.nan, 1.0)), InputError),
        ("training_time", months((np.inf, 1.0)), InputError),
        ("training_time", Cells((1.0, 2.0), occupation="3 8").array("month"), AlignmentError),
        ("training_time", Cells((1.0, 2.0), sex="F M").array("month"), DimensionError),
        ("dropout", share(1.0), InputError),
        ("dropout", share(1.5), InputError),
        ("dropout", 0.2, KindError),
        ("enrolments", begin().assign_attrs(units="EUR"), UnitError),
        ("enrolments", begin().isel(occupation=0, drop=True), DimensionError),
        ("enrolments", begin().rename(period="time"), MigovError),
    ],
)
def test_bad_inputs_name_the_argument(name, value, kind):
    how = {"enrolments": begin(), "training_time": months(), "dropout": share(), name: value}
    with pytest.raises(kind) as caught:
        DEAL.run(seed=1, **how)
    assert caught.value.argument == name
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_range_asks_for_members():
    figures = mg.datasets.load("outlook")
    with pytest.raises(ParameterError, match="is a range") as caught:
        run(dropout=figures.dropout)
    assert caught.value.argument == "members"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"replaced": 0.5}, "at least one is trained"),
        ({"leave": 2.0}, "leave=2.0"),
        ({"leak": -0.1}, "leak"),
        ({"payers": (("worker", 1.0),)}, "trainees pay nothing"),
        ({"payers": (("employer", 0.5),)}, "sum to 1"),
        ({"payers": ()}, "expected pairs"),
        ({"payers": (("employer", 0.5), ("employer", 0.5))}, "twice"),
    ],
)
def test_rules_that_cannot_be(fields, words):
    with pytest.raises(DataError) as caught:
        Partnership(**{"payers": (("employer", 1.0),), **fields})
    assert words in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults


def test_rules_are_hashable_and_lists_become_tuples():
    one = Partnership(payers=[["employer", 1.0]])
    assert one == Partnership(payers=(("employer", 1.0),))
    assert hash(one) == hash(pickle.loads(pickle.dumps(one)))
