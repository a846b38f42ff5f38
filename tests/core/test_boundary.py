"""The boundary: units, roles, alignment, dates, status, values, laziness."""

from __future__ import annotations

import json
import pickle
from typing import Annotated

import dask.array as da
import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.boundary import RECIPE
from migov.core.errors import (
    AgeError,
    AlignmentError,
    DefinitionError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.core.indicator import REGISTERED

OLD = mg.OldAgeDependencyRatio(lower=20)


def people(unit="thousand person", **labels):
    return mg.Cells(
        ((20, 60, 15), (10, 50, 30)), area="DEU MDA", age="0-19 20-64 65+", **labels
    ).array(unit)


def refugees(values=(10.0, 20.0), when="2019-12-31", **extra):
    x = mg.Cells((values,), time=when, area="ALB MDA", **extra).array("person")
    return mg.define(x, mg.definitions.UNHCR_REFUGEES)


def residents(values=(990.0, 980.0), when="2019-07-01"):
    return mg.Cells((values,), time=when, area="ALB MDA").array("person")


@pytest.fixture
def money():
    """Return an indicator of money, registered for the test alone."""
    Cost = Annotated[xr.DataArray, mg.Input(title="cost", unit="currency")]
    Heads = Annotated[xr.DataArray, mg.Input(title="placed", unit="person")]

    @mg.indicator(id="test_cost", title="Cost", unit="currency/person", references=("none",))
    class CostOfTest(mg.Indicator):
        """Cost per head."""

        def __call__(self, cost: Cost, placed: Heads) -> xr.DataArray:
            """From cost and heads."""
            return cost / placed

    # postponed annotations cannot see the function's locals
    CostOfTest.__call__.__annotations__.update(cost=Cost, placed=Heads)
    CostOfTest._contracts = {
        "cost": Cost.__metadata__[0],
        "placed": Heads.__metadata__[0],
    }
    yield CostOfTest
    del REGISTERED["test_cost"]


def test_units_are_converted_and_result_is_in_its_own():
    out = OLD(people())
    np.testing.assert_allclose(out.values, [25.0, 60.0])
    np.testing.assert_allclose(OLD(people("person")).values, [25.0, 60.0])
    assert out.attrs["units"] == "percent"


def test_integer_counts_do_not_overflow():
    big = people("person").astype(np.int32)
    big = big.copy(data=big.values * np.int32(10_000_000))
    np.testing.assert_allclose(OLD(big).values, [25.0, 60.0])


def test_inputs_are_never_changed():
    x = people()
    before = x.copy(deep=True)
    OLD(x)
    xr.testing.assert_identical(x, before)


def test_attributes_are_new_and_recipe_tells_the_inputs():
    x = mg.define(people(), mg.definitions.UN_WPP_2024).assign_attrs(note="of the input")
    out = OLD(x)
    assert set(out.attrs) == {"units", "long_name", RECIPE}
    recipe = json.loads(out.attrs[RECIPE])
    assert recipe["parameters"] == {"lower": 20, "upper": 65}
    assert json.loads(recipe["inputs"]["population"]["definition"])["edition"] == "WPP 2024"


def test_other_dimensions_pass_through():
    waves = xr.concat([people(), people() * 2], xr.DataArray([1, 2], dims="wave"))
    out = OLD(waves)
    assert out.dims == ("wave", "area")
    np.testing.assert_allclose(out.sel(wave=2).values, OLD(people()).values)


def test_areas_take_the_declared_role():
    out = mg.RefugeesPerOrigin()(refugees(), residents(when="2019-12-31"))
    assert out.dims == ("time", "origin")
    np.testing.assert_allclose(out.values, [[1000.0, 2000.0]])


def test_other_order_of_labels_is_brought_to_the_first():
    shuffled = residents(when="2019-12-31").isel(area=[1, 0])
    np.testing.assert_allclose(mg.RefugeesPerOrigin()(refugees(), shuffled), [[1000.0, 2000.0]])


def test_dates_of_one_year_are_joined_and_both_told():
    out = mg.RefugeesPerOrigin()(refugees(), residents())
    assert str(out.time.values[0])[:10] == "2019-12-31"
    assert str(out.population_time.values[0])[:10] == "2019-07-01"
    assert "population is of 2019-07-01" in mg.explain(out)
    with pytest.raises(AlignmentError, match="2019, population for 2018"):
        mg.RefugeesPerOrigin()(refugees(), residents(when="2018-07-01"))
    with pytest.raises(TimeError, match="another date"):
        mg.RefugeesPerOrigin(reference="metadata_endyear")(refugees(), residents())


def test_status_is_joined_over_the_cells_handed_in():
    x = mg.status.mark(people(), "estimated", at=people().age == 65)
    y = mg.status.mark(x, "provisional", at=x.area == "MDA")
    out = OLD(y)
    assert out.observation_status.values.tolist() == [4, 36]
    assert OLD(people()).coords.keys() == {"area"}


def test_status_of_a_renamed_role():
    marked = mg.status.mark(residents(when="2019-12-31"), "estimated", at=residents().area == "MDA")
    out = mg.RefugeesPerOrigin()(refugees(), marked)
    assert out.observation_status.values.tolist() == [[0, 4]]


def test_report_counts_missing_and_undefined():
    x = people().astype(float)
    x[0, 0] = np.nan
    x[1, 1] = 0.0
    reported = mg.ChildDependencyRatio(lower=20).report(x)
    assert reported.coverage.values.tolist() == [2 / 3, 1.0]
    assert [mg.status.names(int(bits)) for bits in reported.observation_status.values] == [
        ("missing",),
        ("undefined",),
    ]
    assert np.isnan(reported.value.values).all()


def test_members_are_broadcast_and_the_status_has_none():
    drawn = xr.concat(
        [people(), people().copy(data=people().values * 1.1)], xr.DataArray([0, 1], dims="member")
    )
    persons = mg.total(people(), "age")
    employed = mg.status.mark(persons.copy(data=persons.values * 0.5), "estimated")
    out = mg.EconomicDependencyRatio(labour_standard="13th ICLS")(mg.total(drawn, "age"), employed)
    assert out.sizes["member"] == 2
    assert "member" not in out.observation_status.dims


def test_lazy_inputs_stay_lazy_and_give_the_same_bits():
    lazy = people().chunk({"area": 1})
    out = OLD(lazy)
    assert out.chunks is not None
    np.testing.assert_array_equal(out.compute().values, OLD(people()).values)


def test_values_in_blocks_are_checked_when_computed():
    bad = people().copy(data=da.from_array(-people().values, chunks=1))
    out = OLD(bad)
    with pytest.raises(InputError, match="population holds"):
        out.compute(scheduler="synchronous")


@pytest.mark.parametrize(
    ("fault", "kind", "text"),
    [
        (lambda: OLD(people().drop_attrs()), UnitError, "population has no unit"),
        (lambda: OLD(people("EUR")), UnitError, "population is in 'EUR'"),
        (lambda: OLD(people().sum("age", keep_attrs=True)), DimensionError, "needs 'age'"),
        (lambda: OLD(people().rename(age="ages")), DimensionError, "nearly 'age'"),
        (lambda: OLD(people().drop_vars("age_width")), AgeError, "without their width"),
        (lambda: OLD(people().isel(age=[0, 2])), AgeError, "leave a gap"),
        (
            lambda: OLD(people().copy(data=-people().values)),
            InputError,
            "negative, at area DEU, age 0",
        ),
        (lambda: OLD(people() / 0), InputError, "infinite"),
        (lambda: OLD(people().astype(str)), KindError, "expected numbers"),
        (lambda: OLD(people().astype(object)), KindError, "expected numbers"),
        (lambda: OLD(people().values), KindError, "expected an xarray DataArray"),
        (lambda: OLD(), KindError, "lacks population"),
        (lambda: OLD(people(), people()), KindError, "got 2 arguments"),
        (lambda: OLD(persons=people()), KindError, "'persons'"),
        (lambda: OLD(people().expand_dims(time=[2020])), TimeError, "a year is not a date"),
        (lambda: mg.OldAgeDependencyRatio(lower=18)(people()), AgeError, "inside the group 0-19"),
        (lambda: mg.OldAgeDependencyRatio(lower=-1), ParameterError, "expected ≥ 0"),
        (lambda: mg.OldAgeDependencyRatio(lower=1.5), ParameterError, "expected int"),
        (lambda: mg.OldAgeDependencyRatio(lower=True), ParameterError, "expected int"),
        (lambda: mg.QuotaUtilisation(admitted_is="heads"), ParameterError, "one of 'permits'"),
        (
            lambda: mg.RefugeesPerOrigin()(mg.define(refugees(), None), residents()),
            DefinitionError,
            "undeclared",
        ),
        (
            lambda: mg.EconomicDependencyRatio(labour_standard="13th ICLS")(
                people(), mg.total(people(), "age")
            ),
            AlignmentError,
            "employed has not",
        ),
        (
            lambda: mg.EconomicDependencyRatio(labour_standard="13th ICLS")(
                mg.total(people(), "age"), mg.total(people(), "age").rename(area="origin")
            ),
            AlignmentError,
            "which role",
        ),
        (
            lambda: mg.CrudeNetMigrationRate()(
                mg.define(people(), mg.definitions.UN_WPP_2024), people()
            ),
            UnitError,
            "person_years",
        ),
    ],
)
def test_bad_input_names_argument_and_way_out(fault, kind, text):
    with np.errstate(all="ignore"), pytest.raises(kind, match=text) as caught:
        fault()
    assert isinstance(caught.value, MigovError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


def test_currency_is_the_inputs_and_never_mixed(money):
    cost = mg.Cells((100.0,), area="DEU").array("EUR").assign_attrs(price_base="2020")
    placed = mg.Cells((4.0,), area="DEU").array("person")
    out = money()(cost, placed)
    assert out.attrs["units"] == "EUR/person"
    assert out.attrs["price_base"] == "2020"
    assert out.item() == 25.0
    with pytest.raises(UnitError, match="expected money"):
        money()(placed, placed)


def test_a_taken_id_is_refused(money):
    with pytest.raises(ParameterError, match="is taken by"):

        @mg.indicator(id="test_cost", title="Other", unit="1", references=())
        class Other(mg.Indicator):
            """Another."""


def test_catalogue_finds_by_code_text_theme_and_input():
    assert mg.catalogue.get("10.7.4") is mg.RefugeesPerOrigin
    assert "sdg_10_7_4" in mg.catalogue.search("refugees origin").index
    assert "participation_rate" in mg.catalogue.search(input="labour force").index
    themes = set(mg.catalogue.search(theme="ageing").theme)
    assert "ageing" in themes
    assert "labour_market" not in themes
    with pytest.raises(KeyError, match="old_age_dependency_ratio"):
        mg.catalogue.get("old_age_dependency")
    with pytest.raises(KeyError, match="no theme"):
        mg.catalogue.search(theme="agein")


def test_explain_of_plain_arrays_and_of_classes():
    assert "undeclared" in mg.explain(people())
    assert "Moldova" in mg.explain(OLD(people()).sel(area="MDA"))
    assert "age at which working age begins" in mg.explain(mg.OldAgeDependencyRatio)
    with pytest.raises(KindError):
        mg.explain("text")


@pytest.mark.parametrize(
    "made", [lambda: mg.OldAgeDependencyRatio(people()), lambda: mg.OldAgeDependencyRatio(lowr=3)]
)
def test_parameters_and_data_are_told_apart(made):
    with pytest.raises(KindError, match=r"lower, upper") as caught:
        made()
    assert "data in the call" in str(caught.value)


def test_unknown_names_are_attribute_errors_with_the_name():
    with pytest.raises(AttributeError) as caught:
        mg.OldAgeDependency  # noqa: B018
    assert caught.value.name == "OldAgeDependency"
    assert caught.value.obj is mg


def test_a_part_beyond_its_whole_is_refused():
    people = mg.Cells((50.0, 60.0), area="ALB MDA").array("person")
    many = mg.Cells((40.0, 61.0), area="ALB MDA").array("person")
    with pytest.raises(InputError, match="employed holds 61 where population is 60"):
        mg.EmploymentRate(labour_standard="13th ICLS")(many, people)
    lazy = mg.EmploymentRate(labour_standard="13th ICLS")(
        many.chunk({"area": 1}), people.chunk({"area": 1})
    )
    with pytest.raises(InputError, match="beyond its whole"):
        lazy.compute(scheduler="synchronous")
    np.testing.assert_allclose(
        mg.EmploymentRate(labour_standard="13th ICLS")(people, people), 100.0
    )


def test_a_stock_beside_a_flow_tells_status_and_coverage_by_period():
    years = {"period": "2022 2023 2024"}
    left, finished = (
        mg.Cells(one, **years).array("person") for one in ((20.0, 22.0, 25.0), (50.0, 50.0, 50.0))
    )
    stood = mg.Cells((450.0, float("nan"), 400.0), time="2022-01-01 2023-01-01 2024-01-01").array(
        "person"
    )
    stood = mg.status.mark(stood, "suppressed", at=stood.isnull())
    found = mg.OccupationDrain().report(left, stood, finished)
    np.testing.assert_allclose(found.value, [4.0, np.nan, 100 * 25 / 450])
    assert found.coverage.values.tolist() == [1.0, 0.0, 1.0]
    assert found.observation_status.values.tolist() == [0, mg.status.flag("suppressed"), 0]


def test_growth_between_dates_hangs_on_both_ends_of_its_period_alone():
    stock = mg.Cells(
        (100.0, 120.0, float("nan")),
        "",
        mg.definitions.UN_DESA_MIGRANT_STOCK,
        time="2010-07-01 2015-07-01 2020-07-01",
    ).array("person")
    found = mg.MigrantStockGrowth().report(mg.status.mark(stock, "missing", at=stock.isnull()))
    assert found.coverage.values.tolist() == [1.0, 0.5]
    assert found.observation_status.values.tolist() == [0, mg.status.flag("missing")]


@pytest.mark.parametrize("lazy", [False, True])
def test_a_body_marks_cells_that_it_cannot_judge(lazy):
    fee = mg.Cells(((6.0, 4.0), (1.0, 2.0)), "USD", destination="ALB MDA", service="a b").array()
    margin, ranks = (fee.copy(data=v).assign_attrs(units="1") for v in (fee * 0, fee * 0 + 1))
    ranks[1, 0] = 0.0
    given = [x.chunk({"destination": 1}) if lazy else x for x in (fee, margin, ranks)]
    made = mg.RemittanceCost(side="corridor", average="smart", cheapest=2)
    amount = mg.Cells(200.0, "USD").array()
    out = made(*given[:2], amount, given[2])
    assert (out.chunks is not None) == lazy
    partial, provisional = mg.status.flag("partial"), mg.status.flag("provisional")
    assert out.compute().observation_status.values.tolist() == [0, partial]
    marked = made(mg.status.mark(given[0], "provisional"), given[1], amount, given[2]).compute()
    assert marked.observation_status.values.tolist() == [provisional, partial | provisional]
    whole = made.report(*given[:2], amount, given[2]).compute()
    assert whole.observation_status.values.tolist() == [0, partial]


def test_who_earned_nothing_is_left_out_of_recruitment_cost_and_the_status_says_so():
    costs = mg.Cells(
        (900.0, 100.0, 50.0), "USD", mg.definitions.LABOUR_MIGRATION, worker="a b c"
    ).array()
    paid = mg.Cells((300.0, 100.0, 0.0), "USD/month", worker="a b c").array()
    out = mg.RecruitmentCost()(costs, paid)
    assert out.item() == 2.0
    assert mg.status.names(out.observation_status.item()) == ("partial",)


@pytest.mark.parametrize("text", ["{}", mg.Definition(name="our own count").to_json()])
def test_a_name_alone_declares_nobody(text):
    share = mg.MigrantShare()
    stock = mg.Cells((1.0, 2.0), area="DEU MDA").array("person").assign_attrs(migov_definition=text)
    whole = mg.define(
        mg.Cells((10.0, 20.0), area="DEU MDA").array("person"), mg.definitions.UN_DE_FACTO
    )
    with pytest.raises(DefinitionError, match="without one field that is known"):
        share(stock, whole)
    known = mg.define(stock, mg.definitions.UN_DESA_MIGRANT_STOCK)
    np.testing.assert_allclose(share(known, whole), 10.0)


@pytest.mark.parametrize("bad", [-5.0, np.inf])
def test_what_an_error_in_a_block_advises_shows_the_cells(bad):
    stock = mg.Cells((1.0, bad), area="DEU MDA").array("person").chunk(area=1)
    stock = mg.define(stock, mg.definitions.UN_DESA_MIGRANT_STOCK)
    whole = mg.define(
        mg.Cells((10.0, 20.0), area="DEU MDA").array("person"), mg.definitions.UN_DE_FACTO
    )
    with pytest.raises(InputError) as fault:
        mg.MigrantShare()(stock, whole).compute()
    cells = eval(fault.value.mend, {"stock": stock, "np": np})
    assert cells.area.values.tolist() == ["MDA"]
    assert cells.item() == bad
