"""The checker: green for the catalogue, and red for each fault that it is there to find."""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import Annotated, Any

import numpy as np
import pytest
import xarray as xr

import migov as mg
from migov.core.indicator import REGISTERED
from migov.numeric import quantities
from migov.testing import check_indicator, compliance_table

IDS = mg.catalogue.ids()
People = Annotated[
    xr.DataArray,
    mg.Input(title="population by age", unit="person", needs=("age",), sources="register"),
]
CASE = mg.Case(25.0, "15 / 60", {"population": mg.Cells((10.0, 50.0, 15.0), age="0-14 15-64 65+")})


@pytest.mark.parametrize("ident", IDS)
def test_catalogue_complies(ident):
    found = check_indicator(mg.catalogue.get(ident))
    assert found.count("passed") >= 20
    assert found.count("failed") == 0


def test_table_counts_and_never_hides_what_does_not_apply():
    table = compliance_table([mg.OldAgeDependencyRatio, mg.MigrantShare])
    assert table.failed.sum() == 0
    assert table.loc["migrant_share", "monotone"] == "does not apply"
    checks = table.drop(columns=["passed", "failed", "does_not_apply"])
    assert (checks == "passed").sum(axis=1).tolist() == table.passed.tolist()


def old(x: xr.DataArray) -> Any:
    return x.isel(age=2, drop=True)


def work(x: xr.DataArray) -> Any:
    return x.isel(age=1, drop=True)


BODIES = {
    "worked_case": lambda x: old(x) / x.sum("age", skipna=False),
    "scaling": lambda x: old(x) * work(x) / 2500.0,
    "other_units": lambda x: old(x) / (work(x) + 1.0),
    "order_of_dimensions": lambda x: x[..., 2].drop_vars("age") / x[..., 1].drop_vars("age"),
    "pass_through": lambda x: (old(x) / work(x)).max(),
    "members": lambda x: (old(x) / work(x)).isel({"member": 0} if "member" in x.dims else {}),
    "one_missing_cell": lambda x: old(x) / work(x).fillna(40.0),
    "zero_denominators": lambda x: 1 / int(work(x).max()) * old(x),
    "laziness": lambda x: (old(x) / work(x)).compute(),
    "dimensions_refused": lambda x: old(x) / work(x),
    "values_refused": lambda x: old(x) / work(x),
}


def faulty(body: Any, case: Any = CASE) -> Any:
    """Return a class whose body is at fault."""

    @mg.indicator(id="test_faulty", title="Faulty", unit="percent", references=("none",), case=case)
    class Faulty(mg.Indicator):
        """At fault."""

        def __call__(self, population: People) -> xr.DataArray:
            """From the population by age."""
            return body(population)

    return Faulty


@pytest.fixture(autouse=True)
def leave_nothing_registered():
    yield
    REGISTERED.pop("test_faulty", None)


@pytest.mark.parametrize("name", BODIES)
def test_each_fault_is_found(name, monkeypatch):
    cls = faulty(BODIES[name])
    if name.endswith("_refused"):  # a boundary that lets everything in
        monkeypatch.setattr("migov.core.boundary.admit", lambda x, *_: x)
        monkeypatch.setattr("migov.core.boundary.check_values", lambda x, *_: x)
    if name == "other_units":  # a boundary that converts nothing
        monkeypatch.setattr("migov.core.boundary.factor_of", lambda *_: 1.0)
    with np.errstate(all="ignore"):
        found = check_indicator(cls, strict=False)
        assert name in [one.name for one in found.failures], str(found)
        with pytest.raises(mg.MigovError, match="failed"):
            check_indicator(cls)


def test_a_sound_body_fails_only_for_being_local():
    found = check_indicator(faulty(lambda x: old(x) / work(x) * 5 / 6), strict=False)
    assert [one.name for one in found.failures] == ["pickling"]


Part = Annotated[xr.DataArray, mg.Input(title="part", unit="person", sources="register")]
Whole = Annotated[
    xr.DataArray, mg.Input(title="whole", unit="person", definition="needed", sources="register")
]


def share(**declared: Any) -> Any:
    """Return a class of a part over its whole."""
    case = mg.Case(
        25.0,
        "1 / 4",
        {"part": mg.Cells(1.0), "whole": mg.Cells(4.0, "", mg.Definition(criterion="everyone"))},
    )
    told = {"id": "test_faulty", "unit": "percent", **declared}

    @mg.indicator(title="Share", references=("none",), case=case, **told)
    class Share(mg.Indicator):
        """A share."""

        def __call__(self, part: Part, whole: Whole) -> xr.DataArray:
            """From a part and its whole."""
            return part / whole

    return Share


def outcomes(cls: Any) -> dict[str, str]:
    REGISTERED.pop("test_faulty", None)  # the next class of the test bears the id too
    return {one.name: one.outcome for one in check_indicator(cls, strict=False).answers}


def test_part_and_whole_are_tried(monkeypatch):
    assert outcomes(share())["part_within_whole"] == "does not apply"
    pair = (("part", "whole"),)
    assert outcomes(share(within=pair))["part_within_whole"] == "passed"
    wrong = check_indicator(share(within=(("parts", "whole"),)), strict=False)
    assert "no argument" in str(wrong)
    monkeypatch.setattr("migov.core.together.check_within", lambda *_: None)
    assert outcomes(share(within=pair))["part_within_whole"] == "failed"


def test_definitions_of_another_population_are_tried(monkeypatch):
    assert outcomes(share())["definitions_refused"] == "passed"
    monkeypatch.setattr("migov.core.together.check_definitions", lambda *_: None)
    assert outcomes(share())["definitions_refused"] == "failed"


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"id": "Test"}, "lower case"),
        ({"codes": ("10.7.9",)}, "'sdg_10_7_9'"),
        ({"id": "migrant_share"}, "is taken"),
    ],
)
def test_ids(declared, told):
    ident = declared.get("id", "test_faulty")
    before = REGISTERED.pop(ident, None)
    try:
        assert told in str(check_indicator(share(**declared), strict=False))
    finally:
        REGISTERED.pop(ident, None)
        if before is not None:
            REGISTERED[ident] = before


def test_a_fault_of_many_checks_is_said_once():
    text = str(check_indicator(share(unit="kilogramme person"), strict=False))
    assert text.count("kilogramme") == 1, text


def test_a_class_without_a_case_is_told_so():
    with pytest.raises(mg.MigovError, match="no worked case"):
        check_indicator(faulty(old, None))


# --- other ways to the same number


def aged(body: Any) -> Any:
    """Return a class with a limit of ages whose body takes the population and the limit."""

    @mg.indicator(id="test_faulty", title="Aged", unit="percent", references=("x",), case=CASE)
    class Aged(mg.Indicator):
        """By age."""

        lower: int = mg.parameter(default=65, help="first age")

        def __call__(self, population: People) -> xr.DataArray:
            """From the population by age."""
            return body(population, self.lower) / population.sum("age", skipna=False) * 75 / 60

    return Aged


def test_an_age_group_in_two_finds_a_body_that_picks_a_label():
    assert outcomes(aged(mg.ages_between))["age_groups"] == "passed"
    assert outcomes(aged(lambda x, at: x.sel(age=at, drop=True)))["age_groups"] == "failed"
    by_place = check_indicator(aged(lambda x, at: x.isel(age=2, drop=True)), strict=False)
    assert "give another number" in str(by_place)
    REGISTERED.pop("test_faulty")
    assert outcomes(faulty(lambda x: old(x) / work(x)))["age_groups"] == "does not apply"


Night = Annotated[
    xr.DataArray,
    mg.Input(title="at night", unit="1", needs=("person",), values="share", sources="survey"),
]
Weight = Annotated[xr.DataArray, mg.Input(title="weight", unit="person", sources="survey")]


def night(of: float, column: str = "night") -> Any:
    """Return a class of microdata whose form for rows gives `of` times the call's number."""
    case = mg.Case(
        40.0,
        "160 / 400",
        {
            "night": mg.Cells((1, 0, 1, 0), person="p q r s"),
            "weight": mg.Cells((100, 150, 60, 90), person="p q r s"),
        },
    )
    told = {"id": "test_faulty", "unit": "percent", "monotone": (("night", "up"),)}

    @mg.indicator(title="Night", references=("none",), case=case, **told)
    class NightWork(mg.Indicator):
        """Share at night."""

        def __call__(self, night: Night, weight: Weight) -> xr.DataArray:
            """From rows."""
            return (night * weight).sum("person", skipna=False) / weight.sum("person", skipna=False)

        def of_rows(self, **columns: Any) -> Any:
            """Return the share of rows."""
            return quantities.mean(columns[column] * of)

        names = (Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in ("self", column))
        of_rows.__signature__ = Signature(list(names))  # type: ignore[attr-defined]

    return NightWork


def test_the_form_for_rows_is_tried_on_the_case():
    assert outcomes(night(1.0))["rows_agree"] == "passed"
    found = check_indicator(night(7.0), strict=False)
    assert "of_rows gives 280.0, the call 40.0" in str(found)
    REGISTERED.pop("test_faulty")
    assert outcomes(night(1.0, "nights"))["rows_agree"] == "does not apply"
    assert outcomes(share())["rows_agree"] == "does not apply"


def test_a_push_stays_within_the_range_of_a_share():
    assert outcomes(night(1.0))["monotone"] == "passed"
    falling = {"monotone": (("part", "down"),), "within": (("part", "whole"),)}
    assert outcomes(share(**falling))["monotone"] == "failed"
    rising = {"monotone": (("part", "up"), ("whole", "down")), "within": (("part", "whole"),)}
    assert outcomes(share(**rising))["monotone"] == "passed"
