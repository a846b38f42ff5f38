"""Schemes: outcomes with what is not recorded, durations cut short, costs, gains, conditions."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import AlignmentError, DimensionError, InputError, ParameterError, UnitError
from migov.indicators.kernels_durations import incidence, restricted_mean

OUTCOMES = "in_time late extended settled died not_recorded"


def cells(values, unit="person", **labels):
    return mg.Cells(values, unit, **labels).array()


def slow_survival(durations, happened, at):
    """Return the product-limit survival just after a time, person by person."""
    left = 1.0
    for time in sorted({d for d, e in zip(durations, happened, strict=True) if e and d <= at}):
        watched = sum(d >= time for d in durations)
        gone = sum(bool(e) and d == time for d, e in zip(durations, happened, strict=True))
        left *= 1 - gone / watched
    return left


def test_outcomes_and_the_interval_of_what_is_not_recorded():
    stays = cells((450.0, 50.0, 200.0, 90.0, 10.0, 100.0), outcome=OUTCOMES)

    def share(outcome, bound="recorded"):
        return mg.OutcomeOfStay(outcome=outcome, bound=bound)(stays).item()

    assert share("in_time") + share("late") == pytest.approx(100)
    low, high = share("in_time", "lowest"), share("in_time", "highest")
    assert (low, high) == pytest.approx((75.0, 100 * 550 / 600))
    assert low < share("in_time") < high
    assert share("late", "lowest") + high == pytest.approx(100)
    known = sum(share(one) for one in ("extended", "settled", "died"))
    assert known == pytest.approx(100 * 300 / 800)
    assert share("not_recorded") == pytest.approx(100 / 9)


def test_lawful_changes_of_status_do_not_lower_the_share_in_time():
    few = cells((450.0, 50.0, 0.0, 0.0, 0.0, 0.0), outcome=OUTCOMES)
    many = cells((450.0, 50.0, 900.0, 300.0, 5.0, 0.0), outcome=OUTCOMES)
    assert mg.OutcomeOfStay()(few).item() == mg.OutcomeOfStay()(many).item() == 90


def test_no_outcome_is_left_out_without_a_word():
    with pytest.raises(AlignmentError, match="stays has outcome vanished") as caught:
        mg.OutcomeOfStay()(cells((1.0, 1.0), outcome="in_time vanished"))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(AlignmentError, match="lacks outcome late"):
        mg.OutcomeOfStay()(cells((1.0, 1.0), outcome="in_time not_recorded"))
    with pytest.raises(DimensionError, match="stays"):
        mg.OutcomeOfStay()(cells(1.0))
    with pytest.raises(ParameterError, match="bound"):
        mg.OutcomeOfStay(bound="mean")


def test_reentry_against_a_slow_product_limit():
    rng = np.random.default_rng(11)
    waited = np.round(rng.exponential(2.0, (4, 60)), 1) + 0.1
    admitted = (rng.random((4, 60)) < 0.6).astype(float)
    for within in (0.5, 1.0, 2.5):
        slow = [1 - slow_survival(d, e, within) for d, e in zip(waited, admitted, strict=True)]
        np.testing.assert_allclose(
            incidence(waited, admitted, within=within), slow, rtol=1e-12, atol=1e-15
        )


def test_without_censoring_both_are_plain_means():
    rng = np.random.default_rng(2)
    days = rng.gamma(2.0, 1.0, 80)
    all_seen = np.ones(80)
    assert incidence(days, all_seen, within=1.3) == pytest.approx((days <= 1.3).mean(), rel=1e-12)
    assert restricted_mean(days, all_seen, limit=1e9) == pytest.approx(days.mean(), rel=1e-12)
    assert restricted_mean(days, all_seen, limit=1.5) == pytest.approx(
        np.minimum(days, 1.5).mean(), rel=1e-12
    )


def test_mean_stay_is_the_area_under_the_slow_curve():
    rng = np.random.default_rng(3)
    stayed = np.round(rng.exponential(1.5, 50), 2) + 0.01
    ended = (rng.random(50) < 0.7).astype(float)
    ended[stayed.argmax()] = 1.0
    grid = np.arange(0, 2.0, 0.01) + 0.005
    slow = 0.01 * sum(slow_survival(stayed, ended, at) for at in grid)
    stays = cells(tuple(stayed), "year", case=" ".join(f"c{i}" for i in range(50)))
    over = cells(tuple(ended), "1", case=" ".join(f"c{i}" for i in range(50)))
    found = mg.MeanCompletedStay(limit=2.0)(stays, over)
    assert found.item() == pytest.approx(12 * slow, rel=1e-9)


def test_nobody_watched_for_so_long_is_undefined():
    waited = cells((1.0, 2.0), "year", case="a b")
    admitted = cells((1.0, 0.0), "1", case="a b")
    assert np.isnan(mg.ReentryRate(within=3.0)(waited, admitted).item())
    assert mg.ReentryRate(within=1.0)(waited, admitted).item() == pytest.approx(50)
    assert mg.ReentryRate(within=0.5)(waited, admitted).item() == 0
    assert np.isnan(mg.MeanCompletedStay(limit=3.0)(waited, admitted).item())
    all_back = cells((1.0, 1.0), "1", case="a b")
    assert mg.ReentryRate(within=9.0)(waited, all_back).item() == 100
    assert np.isnan(mg.ReentryRate(within=1.0)(waited.copy(data=[np.nan, 2.0]), admitted).item())
    with pytest.raises(InputError, match="admitted"):
        mg.ReentryRate()(waited, admitted.copy(data=[2.0, 0.0]))
    with pytest.raises(UnitError, match="waited"):
        mg.ReentryRate()(waited.assign_attrs(units="person"), admitted)
    with pytest.raises(ParameterError, match="within"):
        mg.ReentryRate(within=-1.0)
    with pytest.raises(TypeError, match="limit"):
        mg.MeanCompletedStay()


def test_costs_by_payer_add_up_to_the_whole():
    costs = cells((300.0, 400.0, 20.0), "thousand EUR", payer="State employer worker")
    found = mg.CostPerPlacement()(costs, cells(200.0))
    assert found.attrs["units"] == "EUR/person"
    assert found.sum("payer", skipna=False).item() == pytest.approx(3600)


def test_shares_are_undefined_where_an_actor_loses():
    weights = cells((1.0, 1.0, 1.0), "1", actor="origin destination migrants")

    def shares(*gains):
        return mg.BenefitShares()(
            cells(gains, "EUR", actor="origin destination migrants"), weights
        ).values

    assert shares(10.0, 30.0, 60.0).tolist() == pytest.approx([10, 30, 60])
    assert np.isnan(shares(-1.0, 30.0, 60.0)).all()
    assert np.isnan(shares(0.0, 0.0, 0.0)).all()
    with pytest.raises(TypeError, match="weights"):
        mg.BenefitShares()(cells((1.0, 2.0, 3.0), "EUR", actor="origin destination migrants"))
    told = mg.BenefitShares().report(
        cells((-1.0, 2.0, 3.0), "EUR", actor="origin destination migrants"), weights
    )
    assert (told["observation_status"] == mg.status.flag("undefined")).all()


def test_weights_hold_over_periods():
    gains = cells(((1.0, 3.0), (2.0, 2.0)), "EUR", period="2024 2025", actor="origin destination")
    weights = cells((1.0, 1.0), "1", actor="origin destination")
    found = mg.BenefitShares()(gains, weights)
    assert found.sel(actor="origin").values.tolist() == pytest.approx([25, 50])


def test_levels_of_language_are_those_of_the_framework():
    placed = cells((20.0, 30.0, 40.0, 10.0), language_level="none A2 B1 C1")
    shares = [mg.LanguageAtPlacement(level=one)(placed).item() for one in ("A1", "B1", "B2", "C2")]
    assert shares == pytest.approx([80, 50, 10, 0])
    with pytest.raises(AlignmentError, match="language_level fluent"):
        mg.LanguageAtPlacement()(cells((1.0, 2.0), language_level="B1 fluent"))


def test_complaints_say_which_they_are():
    few, many = cells((3.0,), period="2024"), cells((150.0,), period="2024")
    assert mg.WageComplaintRate(counted="upheld")(few, many).item() == pytest.approx(2)
    with pytest.raises(TypeError, match="counted"):
        mg.WageComplaintRate()


def test_deductions_and_durations_stay_lazy():
    cases = {"wave": ["a", "b"], "case": np.arange(6)}
    waited = xr.DataArray(
        np.arange(12.0).reshape(2, 6), cases, ("wave", "case"), attrs={"units": "month"}
    )
    admitted = (waited * 0 + 1).assign_attrs(units="1")
    lazy = mg.ReentryRate(within=0.5)(waited.chunk({"case": 2}), admitted)
    assert lazy.chunks is not None
    np.testing.assert_array_equal(
        lazy.compute().values, mg.ReentryRate(within=0.5)(waited, admitted).values
    )
