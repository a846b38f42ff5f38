"""Remittances, recruitment costs, incomes, skills at origin: against published cases."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core.errors import (
    DefinitionError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.core.status import flag
from migov.indicators.kernels_development import of_workers, service_mean
from migov.indicators.survey import estimate

SDG = "golden/governance/sdg"
LABOUR = mg.definitions.LABOUR_MIGRATION


def array(values, unit, **labels):
    coords = {name: list(map(str, one)) for name, one in labels.items()}
    return xr.DataArray(np.asarray(values, float), coords, tuple(coords), attrs={"units": unit})


def years(values, unit, period):
    return mg.Cells(tuple(values), unit, period=period).array()


def refused(kind, argument, call, *args, **kwargs):
    with pytest.raises(kind, match=argument) as caught:
        call(*args, **kwargs)
    assert isinstance(caught.value, MigovError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


# --- 10.7.1


def workers(shared):
    table = pd.read_csv(shared / SDG / "sdg_10_7_1_workers.csv")
    costs, earnings, weights = (
        array(table[name], unit, worker=table.worker)
        for name, unit in (
            ("recruitment_cost_usd", "USD"),
            ("first_month_earnings_usd", "USD/month"),
            ("weight", "person"),
        )
    )
    results = pd.read_csv(shared / SDG / "sdg_10_7_1_results.csv").set_index("measure").value
    return table, mg.define(costs, LABOUR), earnings, weights, results


def test_recruitment_cost_of_workers(shared):
    _, costs, earnings, weights, wanted = workers(shared)
    names = {
        "mean": ("mean_of_ratios", "weighted_mean_of_ratios"),
        "median": ("median_of_ratios", "weighted_median_lower"),
        "percentile_80": ("percentile_80_linear", "percentile_80_weighted_lower"),
    }
    for statistic, (plain, weighted) in names.items():
        made = mg.RecruitmentCost(statistic=statistic)
        assert made(costs, earnings).item() == pytest.approx(wanted[plain], rel=1e-12)
        found = made(costs, earnings, weights)
        assert found.item() == pytest.approx(wanted[weighted], rel=1e-12)
        assert found.attrs["units"] == "month"
        paid = mg.WorkerPaidCostRatio(statistic=statistic)(mg.define(costs, None), earnings)
        assert paid.item() == pytest.approx(wanted[plain], rel=1e-12)
    mean = mg.RecruitmentCost()(costs, earnings).item()
    assert mean != pytest.approx(wanted["ratio_of_means"], rel=1e-3)


def test_recruitment_cost_of_rows_with_standard_errors(shared):
    table, *_, wanted = workers(shared)
    columns = {"costs": "recruitment_cost_usd", "earnings": "first_month_earnings_usd"}
    how = {"columns": columns, "units": {"costs": "USD", "earnings": "USD/month"}}
    how |= {"weight": "weight", "definition": LABOUR}
    found = estimate(mg.RecruitmentCost(), table, **how)
    assert found.value.item() == pytest.approx(wanted["weighted_mean_of_ratios"], rel=1e-12)
    w, x = table.weight, table.ratio_months
    residual = w * (x - found.value.item()) / w.sum()
    assert found.standard_error.item() == pytest.approx((10 / 9 * (residual**2).sum()) ** 0.5)
    for statistic in ("median", "percentile_80"):
        made = mg.RecruitmentCost(statistic=statistic)
        name = {"median": "weighted_median_lower"}.get(statistic, "percentile_80_weighted_lower")
        assert estimate(made, table, **how).value.item() == pytest.approx(wanted[name], rel=1e-12)
    yearly = {**how, "units": {"costs": "USD", "earnings": "USD/year"}}
    other = estimate(mg.RecruitmentCost(), table, **yearly)
    assert other.value.item() == pytest.approx(12 * found.value.item(), rel=1e-12)
    for bad in (None, mg.definitions.SEASONAL_90_IN_180):
        refused(
            DefinitionError, "definition|costs", estimate, mg.RecruitmentCost(), table,
            **{**how, "definition": bad},
        )  # fmt: skip
    mixed = {**how, "units": {"costs": "EUR", "earnings": "USD/month"}}
    refused(UnitError, "currencies", estimate, mg.RecruitmentCost(), table, **mixed)
    refused(UnitError, "costs", estimate, mg.RecruitmentCost(), table,
            **{**how, "units": {"costs": "person"}})  # fmt: skip
    free = estimate(
        mg.WorkerPaidCostRatio(nonzero_only=True),
        table,
        columns=columns,
        units=how["units"],
    )
    assert free.value.item() == pytest.approx(x[x > 0].mean(), rel=1e-12)
    assert free.n.item() == 9


def test_short_stays_are_refused_and_zero_cost_is_valid(shared):
    _, costs, earnings, _, _ = workers(shared)
    made = mg.RecruitmentCost()
    refused(DefinitionError, "costs", made, mg.define(costs, None), earnings)
    for bad in (
        mg.definitions.SEASONAL_90_IN_180,
        LABOUR.evolve(stay_months=3),
        LABOUR.evolve(stay_months="unknown"),
        LABOUR.evolve(seasonal_workers="included"),
    ):
        refused(DefinitionError, "WorkerPaidCostRatio", made, mg.define(costs, bad), earnings)
    paid = mg.RecruitmentCost(nonzero_only=True)(costs, earnings).item()
    assert paid == pytest.approx(made(costs, earnings).item() * 10 / 9, rel=1e-12)


def test_workers_without_earnings_are_left_out_and_told(shared):
    _, costs, earnings, weights, _ = workers(shared)
    gone = earnings.where(earnings.worker != "9").assign_attrs(earnings.attrs)
    found = mg.RecruitmentCost().report(costs, gone)
    ratios = [3.0, 300 / 350, 0.0, 10.0, 3.0, 1.0, 3.0, 60 / 380, 2.5]
    assert found["value"].item() == pytest.approx(np.mean(ratios), rel=1e-12)
    assert found["coverage"].item() == pytest.approx(0.9)
    assert found["observation_status"].item() & flag("partial")
    zero = gone.fillna(0.0).assign_attrs(earnings.attrs)
    assert mg.RecruitmentCost()(costs, zero).item() == pytest.approx(np.mean(ratios), rel=1e-12)
    broken = weights.where(weights.worker != "1").assign_attrs(weights.attrs)
    assert np.isnan(mg.RecruitmentCost()(costs, earnings, broken).item())


def test_statistics_of_workers_on_many_rows_against_a_loop():
    rng = np.random.default_rng(4)
    x, w = rng.exponential(3, (5, 40)), rng.integers(1, 5, (5, 40)).astype(float)
    x[rng.random((5, 40)) < 0.2] = np.nan
    for statistic, share in (("median", 0.5), ("percentile_80", 0.8)):
        for row, weight, found in zip(x, w, of_workers(x, w, statistic=statistic), strict=True):
            there = np.isfinite(row)
            repeated = np.repeat(row[there], weight[there].astype(int))
            assert found == np.quantile(repeated, share, method="inverted_cdf")
    assert np.isnan(of_workers(np.full(3, np.nan), statistic="median"))
    assert np.isnan(of_workers(np.full(3, np.nan)))


# --- 10.c.1 and remittances


def test_remittance_cost_of_corridors(shared):
    table = pd.read_csv(shared / SDG / "sdg_10_c_1_services.csv")
    wanted = pd.read_csv(shared / SDG / "sdg_10_c_1_results.csv").set_index("corridor")
    amount = array(200.0, "USD")
    means = []
    for corridor, rows in table.groupby("corridor"):
        service = {"service": rows.provider}
        given = (
            array(rows.fee_usd, "USD", **service),
            array(rows.exchange_margin_percent, "percent", **service),
            amount,
        )
        qualifies = array((rows.days <= 5) & (rows.accessible == 1), "1", **service)
        found = mg.RemittanceCost(side="corridor")(*given).item()
        means.append(found)
        assert found == pytest.approx(wanted.average_cost_percent[corridor], rel=1e-9)
        smart = mg.RemittanceCost(side="corridor", average="smart")
        cheap = smart(*given, qualifies).item()
        np.testing.assert_allclose(cheap, wanted.smart_average_percent[corridor], rtol=1e-9)
        refused(KindError, "qualifies", smart, *given)
        assert (cheap <= 5) == (wanted.meets_5_percent[corridor] == 1)
    flat = {"service": table.corridor + table.provider}
    world = mg.RemittanceCost(side="global")(
        array(table.fee_usd, "USD", **flat),
        array(table.exchange_margin_percent, "percent", **flat),
        amount,
    ).item()
    assert world == pytest.approx(wanted.average_cost_percent["all_services"], rel=1e-9)
    assert world != pytest.approx(np.mean(means), rel=1e-3)
    assert np.mean(means) == pytest.approx(
        wanted.average_cost_percent["mean_of_corridor_means"], rel=1e-9
    )


def test_services_that_are_not_offered_and_qualifications_not_known():
    cost = np.array([[4.0, np.nan, 2.0], [np.nan] * 3])
    np.testing.assert_array_equal(service_mean(cost), [3.0, np.nan])
    marks = np.array([[1.0, np.nan, 1.0], [1.0, 1, 1]])
    np.testing.assert_array_equal(service_mean(cost, marks, cheapest=1), [2.0, np.nan])
    marks[0, 0] = np.nan
    assert np.isnan(service_mean(cost, marks, cheapest=1)[0])
    fee = array([5.0], "USD", service=["a"])
    margin = array([0.01], "1", service=["a"])
    made = mg.RemittanceCost(side="corridor")
    refused(UnitError, "amount", made, fee, margin, array(200.0, "EUR"))
    refused(DimensionError, "fee", made, array(5.0, "USD"), array(0.01, "1"), array(200.0, "USD"))


def test_remittances_over_gdp_of_published_figures(shared):
    table = pd.read_csv(shared / "figures/remittances_costs_rates.csv")
    table = table[(table.place == "Albania") & (table.code == "BX.TRF.PWKR.CD.DT")]
    table = table.drop_duplicates("year").assign(year=lambda t: t.year.astype(int))
    table = table.sort_values("year")
    span = " ".join(map(str, table.year))
    found = mg.RemittanceVolatility()(years(table.value.astype(float), "USD", span)).item()
    assert found == pytest.approx(np.log(table.value.astype(float)).diff().std(ddof=1), rel=1e-12)
    assert 0 < found < 0.3
    gaps = " ".join(map(str, table.year.iloc[[0, 1, 3, 4]]))
    refused(TimeError, "remittances", mg.RemittanceVolatility(), years([1, 2, 3, 4], "USD", gaps))


def test_concentration_between_even_and_one():
    even = array([1.0] * 4, "USD", destination=["DEU", "ITA", "RUS", "TUR"])
    assert mg.RemittanceConcentration()(even).item() == pytest.approx(0.25)
    one = (even * [1, 0, 0, 0]).assign_attrs(even.attrs)
    assert mg.RemittanceConcentration()(one).item() == 1.0


def test_poverty_and_income_share():
    given = {
        "income": array([90.0, 150, 300], "USD/month", household="abc"),
        "remittances": array([0.0, 80, 50], "USD/month", household="abc"),
        "persons": array([20.0, 40, 40], "person", household="abc"),
        "line": array(100.0, "USD/month"),
    }
    found = {
        m: mg.RemittanceStability(measure=m)(**given).item()
        for m in ("income_share", "poverty_with", "poverty_without", "poverty_lifted")
    }
    assert found["income_share"] == pytest.approx(100 * (3200 + 2000) / (1800 + 6000 + 12000))
    assert (found["poverty_with"], found["poverty_without"]) == pytest.approx((20.0, 60.0))
    assert found["poverty_lifted"] == pytest.approx(40.0)
    made = mg.RemittanceStability(measure="poverty_with")
    refused(KindError, "line", made, *[given[n] for n in ("income", "remittances", "persons")])


# --- income


SPAN = "2021 2022 2023"


def course(**changed):
    given = {
        "wage_abroad": years((9000.0, 11000.0, 12000.0), "EUR/person", SPAN),
        "employed": years((0.8, 0.9, 1.0), "1", SPAN),
        "alternative": years((4000.0, 4200.0, 4400.0), "EUR/person", SPAN),
        "costs": array(7000.0, "EUR/person"),
    }
    return {**given, **changed}


def test_gain_and_recovery_agree_with_a_loop():
    rate, total = 0.05, -7000.0
    recovered = None
    values = zip((9000, 11000, 12000), (0.8, 0.9, 1.0), (4000, 4200, 4400), strict=True)
    for year, (wage, employed, other) in enumerate(values):
        total += (wage * employed - other) / (1 + rate) ** year
        if total > 0 and recovered is None:
            recovered = 12 * (year + 1)
    given = course()
    gain = mg.NetIncomeGain(discount_rate=rate)(**given)
    assert gain.item() == pytest.approx(total, rel=1e-12)
    assert gain.attrs["units"] == "EUR/person"
    assert mg.MonthsToRecover(discount_rate=rate)(**given).item() == pytest.approx(recovered)


def test_costs_that_are_never_recovered_are_missing():
    dear = course(costs=array(1e6, "EUR/person"))
    found = mg.MonthsToRecover().report(**dear)
    assert np.isnan(found["value"].item())
    assert found["observation_status"].item() == flag("undefined")
    assert mg.NetIncomeGain()(**dear).item() < 0


def test_months_are_those_of_the_calendar():
    span = "2021-01-01/2021-02-01 2021-02-01/2021-03-01 2021-03-01/2021-04-01"
    given = {
        "wage_abroad": years((900.0,) * 3, "EUR/person", span),
        "employed": years((1.0,) * 3, "1", span),
        "alternative": years((400.0,) * 3, "EUR/person", span),
        "costs": array(1200.0, "EUR/person"),
    }
    assert mg.MonthsToRecover(discount_rate=0.0)(**given).item() == pytest.approx(3.0)


def test_what_is_spent_abroad_buys_less():
    more = {"spent_abroad": array(50.0, "percent"), "price_ratio": array(2.0, "1")}
    plain = mg.NetIncomeGain(discount_rate=0.0)(**course()).item()
    dear = mg.NetIncomeGain(discount_rate=0.0)(**course(**more)).item()
    wages = 9000 * 0.8 + 11000 * 0.9 + 12000
    assert plain - dear == pytest.approx(wages * 0.25)  # half of the half spent abroad
    same = {**more, "price_ratio": array(1.0, "1")}
    assert mg.NetIncomeGain(discount_rate=0.0)(**course(**same)).item() == pytest.approx(plain)
    lone = {"spent_abroad": more["spent_abroad"]}
    refused(KindError, "price_ratio", mg.NetIncomeGain(), **course(**lone))
    refused(ParameterError, "discount_rate", mg.NetIncomeGain, discount_rate=-0.1)
    refused(InputError, "employed", mg.NetIncomeGain(),
            **course(employed=years((0.8, 1.2, 1.0), "1", SPAN)))  # fmt: skip
    refused(UnitError, "alternative", mg.NetIncomeGain(),
            **course(alternative=years((1.0, 1, 1), "MDL/person", SPAN)))  # fmt: skip


def test_place_premium_is_of_purchasing_power():
    market = array(2860.0, "EUR/month"), array(396.0, "EUR/month")
    refused(UnitError, "abroad", mg.PlacePremium(), *market)
    assert mg.WageRatio()(*market).item() == pytest.approx(7.2222, rel=1e-4)


def test_public_goods_turn_the_fiscal_ratio():
    given = [years((x,), "billion EUR", "2018") for x in (60.0, 40.0, 10.0, 25.0)]
    found = [
        mg.FiscalRatio(public_goods=g)(*given).item() for g in ("excluded", "congestible", "all")
    ]
    assert found == pytest.approx([1.5, 1.2, 0.8])
    refused(KindError, "pure", mg.FiscalRatio(public_goods="all"), *given[:3])
    with pytest.raises(TypeError):
        mg.FiscalRatio()


# --- skills at origin


def test_training_cost_is_not_lost_where_all_are_replaced():
    cost = years((20000.0, 20000.0), "EUR/person", "2021 2022")
    leavers, replaced = (years(x, "person", "2021 2022") for x in ((80.0, 10.0), (20.0, 30.0)))
    found = mg.TrainingCostLost()(cost, leavers, replaced)
    np.testing.assert_allclose(found, [1.2e6, 0.0])
    assert found.attrs["units"] == "EUR/year"
    hole = leavers.where(leavers.period.dt.year == 2022).assign_attrs(leavers.attrs)
    np.testing.assert_array_equal(mg.TrainingCostLost()(cost, hole, replaced), [np.nan, 0.0])


def test_partnership_may_be_negative():
    found = mg.SkillPartnershipBalance()(*(array(x, "person") for x in (20.0, 70.0, 100.0)))
    assert found.item() == pytest.approx(-0.5)


def test_who_is_left_out_of_10_7_1_is_told_so_that_it_works():
    """A threshold of twelve months alone does not take seasonal workers out."""
    who = mg.definitions.LABOUR_MIGRATION.evolve(stay_months=3, seasonal_workers="included")
    costs = mg.Cells((1200.0, 300.0), "USD", who, worker="a b").array()
    earnings = mg.Cells((400.0, 300.0), "USD/month", worker="a b").array()
    with pytest.raises(DefinitionError, match="stay_months=12, seasonal_workers='excluded'"):
        mg.RecruitmentCost()(costs, earnings)
    told = mg.define(costs, who.evolve(stay_months=12, seasonal_workers="excluded"))
    assert mg.RecruitmentCost()(told, earnings).item() == pytest.approx(2.0)
