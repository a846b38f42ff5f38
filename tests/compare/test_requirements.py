"""Requirements from contracts, coverage by the State that collects, templates there and back."""

from __future__ import annotations

import datetime
import pickle
import sys

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.compare import blank, code_lists, coverage, read_template, requirements, template
from migov.compare.listed import dims_of
from migov.compare.needs import ACTORS, contracts_of
from migov.core import catalogue, status
from migov.core.errors import (
    CodeError,
    DataError,
    ExtraError,
    FileError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
)

NEEDS = requirements([mg.OldAgeDependencyRatio, mg.ChildDependencyRatio, mg.RefugeesPerOrigin])
AGES, REFUGEES, HOME = NEEDS.requirement.values.tolist()


def people(**attributes):
    age = [0, 15, 65]
    coords = {"area": ["MDA"], "age": age, "age_width": ("age", [15.0, 50.0, np.inf])}
    coords["time"] = ("time", np.array(["2020-07-01"], "M8[s]"))
    return xr.DataArray(
        np.ones((1, 3, 1)), coords, ("area", "age", "time"), attrs={"units": "person", **attributes}
    )


def flight(definition=mg.definitions.UNHCR_REFUGEES):
    x = xr.DataArray(
        [[1.0]],
        {"origin": ["MDA"], "time": np.array(["2020-12-31"], "M8[s]")},
        ("origin", "time"),
        attrs={"units": "person"},
    )
    return mg.define(x, definition)


def test_one_input_of_two_indicators_is_one_requirement():
    assert NEEDS.sizes == {"requirement": 3, "actor": 3}
    users = NEEDS.needed_by.sel(requirement=AGES).item()
    assert users == "old_age_dependency_ratio, child_dependency_ratio"
    assert NEEDS.unit.sel(requirement=REFUGEES).item() == "person"
    assert "declared" in NEEDS.definition.sel(requirement=REFUGEES).item()
    assert "age" in NEEDS.dimensions.sel(requirement=AGES).item()
    assert "five-year" in NEEDS.categories.sel(requirement=AGES).item()
    assert NEEDS.frequency.sel(requirement=AGES).item().startswith("once a year")


def test_who_collects():
    collects = NEEDS.collects.to_pandas()
    assert collects.loc[HOME].tolist() == [True, False, False]
    assert collects.loc[REFUGEES].tolist() == [False, True, True]
    assert list(NEEDS.actor.values) == list(ACTORS)


def test_the_whole_catalogue_has_requirements():
    found = requirements(list(catalogue.ids()))
    contracts = contracts_of(found, "test")
    assert len(contracts) == found.sizes["requirement"]
    assert len(set(contracts.values())) == len(contracts)
    assert bool(found.collects.any("actor").all())
    for name in catalogue.ids():
        for contract in catalogue.get(name).contracts().values():
            assert contract in contracts.values()


def test_coverage_by_actor():
    data = {"population": people(), "refugees": flight(None)}
    found = coverage(NEEDS, data, match={AGES: "population"})
    # 'population' is the argument of two requirements: both may take it, where it fits
    home = found.sel(requirement=HOME)
    assert found.state.sel(requirement=AGES, actor="origin").item() == "satisfied"
    assert found.state.sel(requirement=REFUGEES, actor="destination").item() == "not comparable"
    assert "undeclared" in found.why.sel(requirement=REFUGEES).item()
    assert home.state.sel(actor="transit").item() == "not collected by this actor"
    assert found.sel(actor="origin").state.dims == ("requirement",)
    good = coverage(NEEDS, {"refugees": flight()})
    assert good.state.sel(requirement=REFUGEES, actor="transit").item() == "satisfied"
    assert good.state.sel(requirement=AGES, actor="origin").item() == "missing"


def test_what_is_there_but_not_comparable_says_why():
    for x, why in (
        (people().assign_attrs(units="percent"), "expected 'person'"),
        (people().drop_attrs(), "unit"),
        (people().isel(age=0, drop=True), "needs 'age'"),
        ((people() * -1).assign_attrs(units="person"), "negative"),
    ):
        found = coverage(NEEDS, {"it": x}, match={AGES: "it"})
        assert found.state.sel(requirement=AGES, actor="origin").item() == "not comparable"
        assert why in found.why.sel(requirement=AGES).item()
    nothing = (people() * np.nan).assign_attrs(units="person")
    empty = coverage(NEEDS, {"it": nothing}, match={AGES: "it"})
    assert empty.state.sel(requirement=AGES, actor="origin").item() == "missing"
    part = people()
    part[0, 0, 0] = np.nan
    found = coverage(NEEDS, xr.Dataset({"it": part}), match={AGES: "it"})
    assert found.share.sel(requirement=AGES).item() == pytest.approx(200 / 3)
    assert "33.3 %" in found.why.sel(requirement=AGES).item()


def filled(rows: pd.DataFrame) -> pd.DataFrame:
    """Fill a template with a number in each row, and the unit as asked."""
    out = rows.copy()
    out["value"] = [str(1000 + i) for i in range(len(out))]
    out.loc[out.variable == REFUGEES, "definition"] = "UNHCR_REFUGEES"
    out.loc[out.index[0], ["value", "status"]] = ["", "suppressed"]
    out["source"] = "register"
    return out


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_there_and_back(tmp_path, kind):
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    path = tmp_path / f"needs.{kind}"
    dates = ["2023-01-01", "2024-01-01"]
    assert template(NEEDS, path, area=["Moldova", "DE"], time=dates) == path
    rows = blank(NEEDS, area=["MDA", "DEU"], time=dates)
    if kind == "csv":
        again = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert pd.read_csv(tmp_path / "needs_codes.csv").column.nunique() >= 3
        filled(rows).to_csv(path, index=False)
    else:
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(str(path))
        assert book.sheet_names == ["data", "codes", "requirements"]
        cells = book.get_sheet_by_name("data").to_python()
        again = pd.DataFrame(cells[1:], columns=cells[0])
        again = again.reindex(columns=rows.columns, fill_value="")
        from migov.compare.collection import _workbook

        _workbook(path, filled(rows), code_lists(NEEDS), NEEDS)
    pd.testing.assert_frame_equal(again.astype(str), rows.astype(str), check_dtype=False)
    found = read_template(path, NEEDS)
    assert set(found) == {AGES, REFUGEES, HOME}
    ages = found[AGES]
    assert dict(ages.sizes) == {"area": 2, "age": 18, "time": 2}
    assert np.isinf(ages.age_width.values[-1])
    told = filled(rows).query("variable == @AGES").iloc[1:]
    total = told.value.astype(float).sum()
    assert float(ages.sum()) == total
    assert bool((ages.coords[status.NAME] & status.flag("suppressed") > 0).sum() == 1)
    assert mg.definition_of(found[REFUGEES]) == mg.definitions.UNHCR_REFUGEES
    assert found[HOME].attrs["source"] == "register"
    covered = coverage(NEEDS, found)
    assert (covered.state.where(NEEDS.collects, "satisfied") == "satisfied").all()


def test_a_workbook_filled_with_numbers_and_dates_is_read_whole(tmp_path):
    """As a spreadsheet saves it: numbers and days as such, not as text."""
    writer = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    needs = requirements([mg.OldAgeDependencyRatio, mg.OccupationalShortageIndex])
    rows = blank(needs, area=["MDA"], time=["2024-01-01"])
    path = tmp_path / "filled.xlsx"
    with writer.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("data")
        for j, name in enumerate(rows.columns):
            sheet.write_string(0, j, name)
            for i, cell in enumerate(rows[name], 1):
                if name == "value":
                    sheet.write_number(i, j, i + 0.5)
                elif name == "time":
                    sheet.write_datetime(i, j, datetime.date(2024, 1, 1), day)
                elif name == "occupation" and cell:
                    sheet.write_number(i, j, int(cell))
                elif cell:
                    sheet.write_string(i, j, cell)
    found = read_template(path, needs)
    assert set(found) == set(needs.requirement.values.tolist())
    assert found[AGES].sel(area="MDA", time="2024-01-01").values.tolist() == [
        i + 0.5 for i in range(1, 19)
    ]
    employed = found["employed by occupation"]
    assert employed.occupation.values.tolist() == sorted("1234567890")


def test_a_template_of_the_whole_catalogue_comes_back_whole(tmp_path):
    lists = code_lists(requirements(mg.catalogue.ids()))
    offered = {dim: set(lists.code[lists.column == dim]) for dim in ("education", "occupation")}
    assert {"0-2", "8"} <= offered["education"]
    assert {"2", "83"} <= offered["occupation"]
    for ident in mg.catalogue.ids():
        needs = requirements([ident])
        flows = set(needs.requirement.values[needs.kind.values == "flow"].tolist())
        rows = blank(needs, area=["MDA"], time=["2024-01-01"])
        rows["time"] = ["2024" if name in flows else "2024-01-01" for name in rows.variable]
        rows = rows.assign(value="1", unit=rows.unit.where(rows.unit != "", "EUR"))
        for name, dims in dims_of(needs, "test").items():
            for dim in dims:
                empty = (rows.variable == name) & (rows[dim] == "")
                rows.loc[empty, dim] = {"origin": "ALB", "destination": "DEU"}.get(dim, "one")
        rows.to_csv(tmp_path / "a.csv", index=False)
        found = read_template(tmp_path / "a.csv", needs)
        assert set(found) == set(needs.requirement.values.tolist()), ident
        # Each row is a cell: nothing is lost and nothing is read twice.
        assert sum(int(x.count()) for x in found.values()) == len(rows), ident


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_template_that_is_blank_still_says_so(tmp_path, kind):
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    path = template(NEEDS, tmp_path / f"blank.{kind}", area=["MDA"], time=["2024-01-01"])
    with pytest.raises(InputError, match=f"no row of blank.{kind} has a value") as told:
        read_template(path, NEEDS)
    assert "fill the column value" in told.value.mend
    assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)


def test_faults_of_a_filled_template_are_told_together(tmp_path):
    rows = filled(blank(NEEDS, area=["MDA"], time=["2023-01-01"]))
    rows.loc[rows.variable == REFUGEES, "definition"] = "UNHCR"
    rows.loc[2, "value"] = "many"
    rows.loc[3, "value"] = "-5"
    rows.loc[len(rows)] = {**rows.iloc[-1], "variable": "sheep"}
    rows.to_csv(tmp_path / "needs.csv", index=False)
    with pytest.raises(DataError) as fault:
        read_template(tmp_path / "needs.csv", NEEDS)
    text = str(fault.value)
    for part in ("'sheep'", "'UNHCR' is none", "row 4", "row 5", "nothing was read"):
        assert part in text, (part, text)
    assert fault.value.argument == "path"
    assert str(pickle.loads(pickle.dumps(fault.value))) == text


def test_a_bare_year_is_no_date_of_a_stock(tmp_path):
    with pytest.raises(TimeError, match="is a stock") as caught:
        blank(NEEDS, area=["MDA"], time=["2023"])
    assert 'time=["2023-01-01"]' in str(pickle.loads(pickle.dumps(caught.value)))
    rows = filled(blank(NEEDS, area=["MDA"], time=["2023-01-01"])).assign(time="2023")
    rows.to_csv(tmp_path / "n.csv", index=False)
    with pytest.raises(DataError, match="a year is not a date: write a date, such as 2024-01-01"):
        read_template(tmp_path / "n.csv", NEEDS)


def test_stocks_flows_and_money_come_back_from_one_template(tmp_path):
    needs = requirements([mg.MigrantShare, mg.OldAgeDependencyRatio, mg.RemittanceShareOfGDP])
    path = tmp_path / "n.csv"
    for given in ("2024-01-01", ["2024-01-01", "2024"]):
        rows = blank(needs, area="MDA", time=given).assign(value="1200")
        money = rows["unit"] == ""
        assert rows["time"].where(money).dropna().unique().tolist() == ["2024"]
        assert rows["time"].where(~money).dropna().unique().tolist() == ["2024-01-01"]
        assert rows["note"][money].str.startswith("unit: EUR or million EUR").all()
        rows.to_csv(path, index=False)
        with pytest.raises(DataError, match="write such as 'EUR' in the column unit"):
            read_template(path, needs)
        whole = rows.assign(unit=rows["unit"].where(~money, "million USD"))
        whole.to_csv(path, index=False)
        found = read_template(path, needs)
        assert set(found) == set(needs.requirement.values)
        assert "period" in found["gross domestic product"].dims
        assert "time" in found["population by age"].dims
        whole.assign(time="2024-01-01").to_csv(path, index=False)
        with pytest.raises(DataError, match="write a year, 2024, or an interval"):
            read_template(path, needs)


def test_numbers_of_a_template_are_read_as_they_are_written(tmp_path):
    rows = blank(NEEDS, area=["MDA"], time=["2023-01-01"])
    path = tmp_path / "n.csv"
    rows.assign(value="2,600 b").to_csv(path, index=False)
    with pytest.raises(DataError, match=r"marks=\{'b': 'break'\}"):
        read_template(path, NEEDS)
    found = read_template(path, NEEDS, thousands=",", marks={"b": "break"})
    assert (found[AGES] == 2600).all()
    assert status.has(found[AGES], "break")
    rows.assign(value="-5").to_csv(path, index=False)
    with pytest.raises(DataError, match="negative counts") as caught:
        read_template(path, NEEDS)
    assert "signed" not in str(caught.value)


@pytest.mark.parametrize("time", ["soon", "01.01.2024"])
def test_times_and_folders_that_are_none(tmp_path, time):
    with pytest.raises(TimeError, match="no date, year or interval"):
        blank(NEEDS, time=time)
    with pytest.raises(FileError, match="there is no folder"):
        template(NEEDS, tmp_path / "nowhere" / "n.csv")


def test_formulas_are_text(tmp_path):
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    from python_calamine import CalamineWorkbook

    from migov.compare.collection import _workbook

    rows = filled(blank(NEEDS, area=["MDA"], time=["2023-01-01"]))
    rows["note"] = "=1+1"
    _workbook(tmp_path / "n.xlsx", rows, code_lists(NEEDS), NEEDS)
    cells = CalamineWorkbook.from_path(str(tmp_path / "n.xlsx")).get_sheet_by_name("data")
    assert cells.to_python()[1][-1] == "=1+1"


def test_an_absent_package_names_its_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ExtraError, match=r"migov\[io\]"):
        template(NEEDS, tmp_path / "n.xlsx")


def _file(tmp_path, name, text):
    (tmp_path / name).write_bytes(text)
    return tmp_path / name


@pytest.mark.parametrize(
    ("call", "kind", "argument"),
    [
        (lambda p: requirements([]), CodeError, "indicators"),
        (lambda p: requirements("old_age_dependency_ratio"), KindError, "indicators"),
        (lambda p: requirements([int]), KindError, "indicators"),
        (lambda p: coverage({}, {}), KindError, "needs"),
        (lambda p: coverage(NEEDS, [1]), KindError, "data"),
        (lambda p: coverage(NEEDS, {}, match={"x": "y"}), CodeError, "match"),
        (lambda p: template(NEEDS, p / "n.ods"), ParameterError, "path"),
        (lambda p: blank(NEEDS, area=["Korea"]), CodeError, "area"),
        (
            lambda p: blank(
                NEEDS, area=["MDA"], time=[f"{i:04d}-01-01" for i in range(1, 6000)] * 10
            ),
            ParameterError,
            "time",
        ),
        (lambda p: read_template(p / "none.csv", NEEDS), InputError, "path"),
        (lambda p: read_template(_file(p, "n.txt", b"x"), NEEDS), ParameterError, "path"),
        (lambda p: read_template(_file(p, "n.xlsx", b"x"), NEEDS), InputError, "path"),
        (
            lambda p: read_template(_file(p, "n.csv", b"a,b\n\xff\xfe,1\n"), NEEDS),
            InputError,
            "path",
        ),
        (lambda p: read_template(_file(p, "m.csv", b"a,b\n1,2\n"), NEEDS), InputError, "path"),
        (
            lambda p: read_template(_file(p, "o.csv", b"variable,time,value,unit\n"), NEEDS),
            InputError,
            "path",
        ),
    ],
)
def test_bad_input_names_its_argument(tmp_path, call, kind, argument):
    with pytest.raises(kind) as fault:
        call(tmp_path)
    assert isinstance(fault.value, MigovError)
    assert fault.value.argument == argument
    assert str(pickle.loads(pickle.dumps(fault.value))) == str(fault.value)


def test_money_of_two_kinds_is_not_comparable_within_one_indicator():
    needs = requirements([mg.RemittanceShareOfGDP])
    received, product = needs.requirement.values.tolist()
    when = {"area": "MDA", "period": "2024"}
    data = {
        received: mg.Cells(((1500.0,),), **when).array("million USD"),
        product: mg.Cells(((12000.0,),), **when).array("million EUR"),
    }
    found = coverage(needs, data).sel(actor="origin")
    assert found.state.values.tolist() == ["satisfied", "not comparable"]
    assert "its currency is EUR, that of personal remittances" in found.why.values[1]
    with pytest.raises(MigovError, match="currency"):
        mg.RemittanceShareOfGDP()(*data.values())
    data[product] = data[product].assign_attrs(units="million USD")
    assert coverage(needs, data).sel(actor="origin").state.values.tolist() == ["satisfied"] * 2
    data[product] = data[product].assign_attrs(price_base="2015")
    assert "price base is 2015" in coverage(needs, data).why.values[1]
