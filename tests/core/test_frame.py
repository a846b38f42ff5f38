"""Tables become arrays, or say everything that is wrong with them."""

from __future__ import annotations

import pickle
import warnings
from itertools import product

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core import status
from migov.core.definition import definition_of
from migov.core.definitions import UN_WPP_2024
from migov.core.errors import (
    AgeError,
    CodeError,
    DataError,
    DefinitionError,
    DimensionError,
    KindError,
    MigovError,
    MigovWarning,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.core.frame import from_frame

PERSONS = {"value": "persons", "unit": "person"}


def table(**columns) -> pd.DataFrame:
    """Return a long table of all combinations of the columns, with counted values."""
    rows = pd.DataFrame(list(product(*columns.values())), columns=list(columns))
    return rows.assign(persons=np.arange(1.0, len(rows) + 1))


def ages_of(*labels, **keywords) -> xr.DataArray:
    """Read a table that has one row for each age."""
    return from_frame(table(age=labels), **PERSONS, dims={"age": "age"}, **keywords)


def fault(frame, **keywords) -> str:
    """Return what the one error of a call says, after pickling it."""
    with pytest.raises(MigovError) as caught:
        from_frame(frame, **{**PERSONS, **keywords})
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    return str(caught.value)


class TestTheTableOfTheDesign:
    def test_the_example(self):
        frame = table(
            iso3=["DEU", "MDA"], year=[2020, 2025], sex=["male", "female"], age=[0, 5, 10]
        )
        before = frame.copy()
        x = from_frame(
            frame,
            value="persons",
            unit="thousand person",
            dims={"iso3": "area", "year": "time", "sex": "sex", "age": "age"},
            time="1 July",
            open_age=10,
            definition=UN_WPP_2024,
        )
        pd.testing.assert_frame_equal(frame, before)
        assert x.dims == ("area", "time", "sex", "age")
        assert x.sel(area="MDA", time="2025-07-01", sex="M", age=5).item() == 20
        assert x.age_width.values.tolist() == [5, 5, np.inf]
        assert x.attrs["units"] == "thousand person"
        assert x.attrs["long_name"] == x.name == "persons"
        assert definition_of(x) == UN_WPP_2024
        assert status.NAME not in x.coords
        assert x.area.dtype == np.dtype("U3")
        assert x.time.dtype == np.dtype("M8[s]")
        assert max(map(len, repr(x).splitlines())) <= 80

    def test_reference_population(self, shared):
        frame = pd.read_csv(shared / "golden/demography/wpp2019/population_by_age_sex.csv")
        totals = pd.read_csv(shared / "golden/demography/wpp2019/population_totals.csv")
        x = from_frame(
            frame,
            value="population_thousands",
            unit="thousand person",
            dims={"iso3": "area", "year": "time", "sex": "sex", "age_start": "age"},
            time="1 July",
            open_age=100,
        )
        for row in totals.itertuples():
            there = x.sel(area=row.iso3, time=f"{row.year}-07-01")
            assert there.sel(sex="M").sum() == pytest.approx(row.male_thousands, abs=0.02)
            assert there.sum() == pytest.approx(row.total_thousands, abs=0.02)

    def test_a_hundred_thousand_rows_of_text(self):
        frame = table(
            area=["DEU", "MDA", "ALB", "FRA", "KGZ"],
            year=range(1950, 2050),
            sex=["male", "female"],
            age=[*(f"{a}-{a + 4}" for a in range(0, 100, 5)), "100+"],
            wave=["a", "b", "c", "d", "e"],
        )
        assert len(frame) == 105_000
        frame["persons"] = frame["persons"].astype(str)
        dims = {"area": "area", "year": "time", "sex": "sex", "age": "age", "wave": "wave"}
        x = from_frame(frame, **PERSONS, dims=dims, time="1 July")
        assert x.shape == (5, 100, 2, 21, 5)
        assert x.sum() == 105_000 * 105_001 / 2


class TestLabels:
    def test_sexes(self):
        for pair in (["M", "F"], ["male", "Female"], ["Males", "females"], ["men", "WOMEN"]):
            x = from_frame(table(s=pair), **PERSONS, dims={"s": "sex"})
            assert x.sex.values.tolist() == ["F", "M"]
            assert x.values.tolist() == [2, 1]
        assert "labels={'sex': {'1': 'M', '2': 'F'}}" in fault(table(s=[1, 2]), dims={"s": "sex"})
        told = from_frame(
            table(s=[1, 2]), **PERSONS, dims={"s": "sex"}, labels={"sex": {"1": "M", 2: "F"}}
        )
        assert told.sel(sex="F").item() == 2

    @pytest.mark.parametrize("role", ["area", "origin", "destination", "citizenship", "birthplace"])
    def test_areas_in_every_role(self, role):
        x = from_frame(
            table(a=["DE", "MDA", "Namibia", 8, "276 ".strip().replace("276", "FR")]),
            **PERSONS,
            dims={"a": role},
        )
        assert x[role].values.tolist() == ["DEU", "MDA", "NAM", "ALB", "FRA"]

    def test_areas_as_numbers_that_became_floats(self):
        x = from_frame(table(a=[276.0, 498.0]), **PERSONS, dims={"a": "area"})
        assert x.area.values.tolist() == ["DEU", "MDA"]

    def test_namibia(self):
        assert ages_free(["NA", "DE"]).area.values.tolist() == ["NAM", "DEU"]
        told = fault(table(a=["DE", np.nan]), dims={"a": "area"})
        assert "'a': empty (row 1): pd.read_csv(…, keep_default_na=False)" in told

    def test_two_roles_at_once(self):
        x = from_frame(
            table(o=["MD", "AL"], d=["DE", "IT"]),
            **PERSONS,
            dims={"o": "origin", "d": "destination"},
        )
        assert x.sel(origin="ALB", destination="DEU").item() == 3

    def test_occupations(self):
        x = from_frame(table(o=["OCU_ISCO08_2", "OC1", "0"]), **PERSONS, dims={"o": "occupation"})
        assert x.occupation.values.tolist() == ["0", "1", "2"]
        kldb = from_frame(
            table(o=[29222, 43104]),
            **PERSONS,
            dims={"o": "occupation"},
            occupations="KldB 2010",
        )
        assert kldb.occupation.values.tolist() == ["29222", "43104"]
        assert "leading zeros" in fault(table(o=[1, 11]), dims={"o": "occupation"})
        with pytest.raises(CodeError, match="no classification"):
            from_frame(table(o=["1"]), **PERSONS, dims={"o": "occupation"}, occupations="SOC")

    def test_education(self):
        x = from_frame(table(e=["ED0-2", "3-4", "ADV"]), **PERSONS, dims={"e": "education"})
        assert x.education.values.tolist() == ["0-2", "3-4", "5-8"]

    def test_moves_between_levels_of_education_have_the_labels_of_people(self):
        frame = table(e=["ED0-2", "3-4"], to=["3-4", "ADV"])
        dims = {"e": "education_before", "to": "education_after"}
        x = from_frame(frame, **PERSONS, dims=dims)
        assert x.education_before.values.tolist() == ["0-2", "3-4"]
        assert x.education_after.values.tolist() == ["3-4", "5-8"]

    def test_other_dimensions_pass_through(self):
        x = from_frame(
            table(member=["3", "1"], q=[0.5, 0.1], wave=["late", "early"], k=[7, 2]),
            **PERSONS,
            dims={"member": "member", "q": "quantile", "wave": "wave", "k": "node"},
        )
        assert x.member.values.tolist() == [3, 1]
        assert x["quantile"].values.tolist() == [0.5, 0.1]
        assert x.wave.values.tolist() == ["late", "early"]
        assert x.node.dtype == np.int64

    def test_categories_become_plain_texts(self):
        frame = table(a=["DEU", "MDA"], w=["x", "y"]).astype({"a": "category", "w": "category"})
        x = from_frame(frame, **PERSONS, dims={"a": "area", "w": "wave"})
        assert x.area.dtype.kind == x.wave.dtype.kind == "U"

    def test_levels_of_the_index(self):
        frame = table(a=["DEU", "MDA"], s=["F", "M"]).set_index(["a", "s"])
        x = from_frame(frame, **PERSONS, dims={"a": "area", "s": "sex"})
        assert x.sel(area="MDA", sex="F").item() == 3


def ages_free(labels) -> xr.DataArray:
    return from_frame(table(a=labels), **PERSONS, dims={"a": "area"})


class TestAges:
    @pytest.mark.parametrize(
        ("labels", "keywords", "lower", "width"),
        [
            (["0-4", "5-9", "10+"], {}, [0, 5, 10], [5, 5, np.inf]),
            (["Y_LT5", "Y5-9", "Y_GE10"], {}, [0, 5, 10], [5, 5, np.inf]),
            (["Y0T4", "Y5T9", "Y_GE10"], {}, [0, 5, 10], [5, 5, np.inf]),
            (["0", "1-4", "5+"], {}, [0, 1, 5], [1, 4, np.inf]),
            (["Y0", "Y1", "Y_GE2"], {}, [0, 1, 2], [1, 1, np.inf]),
            ([10, 0, 5], {"open_age": 10}, [0, 5, 10], [5, 5, np.inf]),
            ([15.0, 20.0], {"age_width": 5}, [15, 20], [5, 5]),
            (["0", "15", "65"], {"open_age": 65}, [0, 15, 65], [15, 50, np.inf]),
            ([0, 1, 5, 10, 15], {"open_age": 15}, [0, 1, 5, 10, 15], [1, 4, 5, 5, np.inf]),
            (["15-64"], {}, [15], [50]),
        ],
    )
    def test_spellings(self, labels, keywords, lower, width):
        x = ages_of(*labels, **keywords)
        assert x.age.values.tolist() == lower
        assert x.age_width.values.tolist() == width

    def test_lower_bounds_need_an_end(self):
        with pytest.raises(AgeError, match="'age': ages 0 … 100 are lower bounds") as caught:
            ages_of(0, 50, 100)
        assert "open_age=100" in caught.value.mend

    def test_an_open_age_is_the_last(self):
        with pytest.raises(AgeError, match="open_age=5, and the last age is 10"):
            ages_of(0, 5, 10, open_age=5)

    def test_a_bound_that_was_left_out_is_no_wide_group(self):
        with pytest.raises(AgeError, match="3 is absent"):
            ages_of(0, 1, 2, 4, 5, 6, open_age=6)
        with pytest.raises(AgeError, match="15-19 is absent"):
            ages_of(0, 5, 10, 20, 25, 30, open_age=30)
        with pytest.raises(DataError, match="ages 2 and 4 leave a gap"):
            ages_of(0, 1, 2, 4, age_width=1)

    def test_gaps_and_overlaps(self):
        with pytest.raises(DataError, match="ages 0-4 and 10-14 leave a gap"):
            ages_of("0-4", "10-14")
        with pytest.raises(DataError, match="ages 0-4 and 3-9 overlap"):
            ages_of("0-4", "3-9")

    def test_unknown_ages(self):
        with pytest.raises(DataError, match=r"'UNK' is no age \(row 1\): share out"):
            ages_of("0-4", "UNK")


class TestTimes:
    def test_years_with_their_meaning(self):
        frame = table(y=[2021, 2020])
        for meaning, day in (("1 July", "07-01"), ("1 January", "01-01"), ("31 December", "12-31")):
            x = from_frame(frame, **PERSONS, dims={"y": "time"}, time=meaning)
            assert x.time.values.astype("M8[D]").astype(str).tolist() == [
                f"2020-{day}",
                f"2021-{day}",
            ]
            assert x.values.tolist() == [2, 1]
        for name in ("time", "period"):
            x = from_frame(frame, **PERSONS, dims={"y": name}, time="year")
            assert x.dims == ("period",)
            assert str(x.period_end.values[-1]) == "2022-01-01T00:00:00"

    @pytest.mark.parametrize("labels", [[1990, 2100], [1990.0, 2100.0], ["1990", "2100"]])
    def test_a_year_is_not_a_date(self, labels):
        with pytest.raises(TimeError) as caught:
            from_frame(table(year=labels), **PERSONS, dims={"year": "time"})
        assert str(caught.value).startswith("from_frame: column 'year' holds 1990")
        assert "a year is not a date [rule 1]" in str(caught.value)
        assert '"31 December"' in caught.value.mend

    def test_dates_and_intervals(self):
        dates = from_frame(
            table(t=pd.to_datetime(["2021-03-01", "2020-03-01"])), **PERSONS, dims={"t": "time"}
        )
        assert dates.time.dtype == np.dtype("M8[s]")
        assert dates.values.tolist() == [2, 1]
        spans = from_frame(
            table(t=["2020-2025", "2025-2030"]), **PERSONS, dims={"t": "period"}, time="1 July"
        )
        assert spans.period.values.astype("M8[D]").astype(str).tolist() == [
            "2020-07-01",
            "2025-07-01",
        ]
        quarters = from_frame(table(t=["2020-Q4", "2021-Q1"]), **PERSONS, dims={"t": "time"})
        assert str(quarters.period_end.values[0]) == "2021-01-01T00:00:00"

    def test_ends_in_a_column_of_their_own(self):
        frame = table(a=["DEU", "MDA"], p=[2020, 2025])
        frame["e"] = frame.p + 5
        dims = {"a": "area", "p": "period"}
        x = from_frame(frame, **PERSONS, dims=dims, period_end="e", time="1 July")
        assert x.period_end.values.astype("M8[Y]").astype(str).tolist() == ["2025", "2030"]
        frame.loc[2, "e"] = 2026
        assert "starts with another interval" in fault(
            frame, dims=dims, period_end="e", time="1 July"
        )

    def test_what_does_not_fit(self):
        told = fault(table(t=["2020-2025", "2022-2027"]), dims={"t": "period"}, time="1 July")
        assert "2020-07-01 to 2025-07-01 and 2022-07-01 to 2027-07-01 overlap" in told
        assert "'soon' is no date" in fault(table(t=["2020-01-01", "soon"]), dims={"t": "time"})
        assert "'2021-02-30' is no date" in fault(
            table(t=["2020-01-01", "2021-02-30"]), dims={"t": "time"}
        )
        with pytest.raises(TimeError, match="needs its end"):
            from_frame(table(y=[2020]), **PERSONS, dims={"y": "period"}, time="1 July")
        with pytest.raises(TimeError, match="no day of the year"):
            from_frame(table(y=[2020]), **PERSONS, dims={"y": "time"}, time="31 June")
        assert "instant among intervals" in fault(
            table(t=["2020-01-01", "2020-Q1"]), dims={"t": "time"}
        )


class TestWide:
    frame = pd.DataFrame(
        {
            "Country": ["Germany", "Moldova"],
            "1990": [79.0, 4.4],
            "1995": [81.0, 4.3],
            "Notes": ["", "a"],
        }
    )

    def test_years_as_columns(self):
        x = from_frame(
            self.frame,
            value=["1990", "1995"],
            unit="million person",
            dims={"Country": "area"},
            wide="time",
            time="1 July",
            name="population",
        )
        assert x.dims == ("area", "time")
        assert x.name == "population"
        assert x.sel(area="MDA", time="1995-07-01").item() == 4.3

    def test_all_columns_that_are_left(self):
        keywords = {"unit": "million person", "dims": {"Country": "area"}, "wide": "time"}
        x = from_frame(self.frame.drop(columns="Notes"), time="1 July", **keywords)
        assert x.shape == (2, 2)
        with pytest.raises(DataError, match="'Notes' is no date"):
            from_frame(self.frame, time="1 July", **keywords)

    def test_columns_with_their_labels(self):
        frame = pd.DataFrame({"a": ["DEU"], "PopMale": [1], "PopFemale": [2], "PopTotal": [3]})
        x = from_frame(
            frame,
            value={"PopMale": "M", "PopFemale": "F", "PopTotal": "_T"},
            unit="person",
            dims={"a": "area"},
            wide="sex",
        )
        assert x.sel(area="DEU").values.tolist() == [2, 1]
        assert x.dtype == np.int64

    def test_ages_as_columns_and_empty_cells(self):
        frame = pd.DataFrame({"a": ["DEU", "MDA"], "0-14": [1, 2], "15+": ["3", ".."]})
        x = from_frame(frame, unit="person", dims={"a": "area"}, wide="age")
        assert np.isnan(x.sel(area="MDA", age=15))
        assert status.names(int(x.observation_status[1, 1])) == ("missing",)

    def test_rows_that_repeat(self):
        frame = pd.DataFrame({"a": ["DEU", "DE"], "F": [1, 2], "M": [1, 2]})
        with pytest.raises(DataError, match="rows 0 and 1 are both DEU, F"):
            from_frame(frame, unit="person", dims={"a": "area"}, wide="sex")


class TestValues:
    @pytest.mark.parametrize(
        ("values", "dtype"),
        [
            (np.array([1, 2], "i4"), "i8"),
            (np.array([1, 2], "u1"), "i8"),
            (np.array([1, 2**64 - 1], "u8"), "f8"),
            (np.array([1, 2], "f4"), "f8"),
            (["1", " 2 "], "i8"),
            (["1.5", "2e3"], "f8"),
            (["+1", "−2"], "i8"),
            ([1, 2.5], "f8"),
            (pd.array([1, 2], "Int64"), "i8"),
            (["9007199254740993", "1"], "i8"),
        ],
    )
    def test_numbers_become_int64_or_float64(self, values, dtype):
        frame = pd.DataFrame({"a": ["DEU", "MDA"], "persons": values})
        x = from_frame(frame, **PERSONS, dims={"a": "area"}, signed=True)
        assert x.dtype == np.dtype(dtype)

    def test_large_counts_do_not_overflow(self):
        frame = pd.DataFrame({"a": ["DEU"], "persons": np.array([30_000], "i4")})
        x = from_frame(frame, **PERSONS, dims={"a": "area"})
        assert (x * 100_000).item() == 3_000_000_000

    @pytest.mark.parametrize("empty", ["", ":", "..", "nan", None, np.nan, "NA"])
    def test_empty_cells_are_missing(self, empty):
        frame = pd.DataFrame({"a": ["DEU", "MDA"], "persons": pd.Series([1, empty], dtype=object)})
        x = from_frame(frame, **PERSONS, dims={"a": "area"})
        assert np.isnan(x.sel(area="MDA"))
        assert x.observation_status.values.tolist() == [0, status.flag("missing")]

    def test_flags_behind_numbers_are_read_when_told(self):
        """A table as Eurostat shows it: blanks between thousands, letters behind, ``: c``."""
        frame = pd.DataFrame(
            {
                "geo\\TIME": ["DE", "EL", "UK", "XK"],
                "2019": ["1 234 b", "2345", ": ", "12 (e)"],
                "2020": ["1 240", "2 300 bep", ": c", "13"],
            }
        )
        layout = {"unit": "person", "dims": {"geo\\TIME": "area"}, "wide": "time",
            "time": "1 January", "thousands": " "}  # fmt: skip
        with pytest.raises(DataError) as told:
            from_frame(frame, **layout)
        assert "'1 234 b' is no number (row 0): marks={'b': 'break'} if a flag" in str(told.value)
        assert "': c' is no number (row 2): marks={'c': 'suppressed'}" in str(told.value)
        marks = {"b": "break", "e": "estimated", "p": "provisional", "c": "suppressed"}
        x = from_frame(frame, **layout, marks=marks)
        assert x.values.tolist()[:2] == [[1234, 1240], [2345, 2300]]
        assert [[status.names(bits) for bits in row] for row in x.observation_status.values] == [
            [("break",), ()],
            [(), ("break", "estimated", "provisional")],
            [("missing",), ("suppressed",)],
            [("estimated",), ()],
        ]
        frame.loc[0, "2019"] = "1 234 c"
        with pytest.raises(DataError, match="'1 234 c' is marked as absent and has a number"):
            from_frame(frame, **layout, marks=marks)

    def test_points_that_part_thousands(self):
        frame = pd.DataFrame({"a": ["DE", "FR"], "v": ["1.234.567", "12,5"]})
        told = fault(frame.rename(columns={"v": "persons"}), dims={"a": "area"}, decimal=",")
        assert "thousands='.', decimal=',' if the point parts thousands" in told
        x = from_frame(frame, value="v", unit="person", dims={"a": "area"}, thousands=".",
            decimal=",")  # fmt: skip
        assert x.values.tolist() == [1234567, 12.5]

    def test_activities_beside_their_parts(self):
        table = {"nace_r2": ["A", "B", "C", "D", "E", "B-E", "TOTAL"], "v": [1, 2, 3, 4, 5, 14, 15]}
        layout = {"value": "v", "unit": "person", "dims": {"nace_r2": "sector"}}
        x = from_frame(pd.DataFrame(table), **layout)
        assert x.sector.values.tolist() == ["A", "B", "C", "D", "E"]
        table["nace_r2"][0] = "C10-C12"
        with pytest.raises(DataError, match="activities C10-C12 and C overlap"):
            from_frame(pd.DataFrame(table), **layout)

    def test_a_table_by_regions_of_the_world(self):
        areas = ["WORLD", "Africa", "Asia", "Europe"]
        table = pd.DataFrame({"region": areas, "v": [6, 1, 2, 3]})
        layout = {"value": "v", "unit": "person", "dims": {"region": "area"}}
        x = from_frame(table, **layout)
        assert x.area.values.tolist() == ["Africa", "Asia", "Europe"]
        table["region"] = ["WORLD", "Africa", "Eastern Africa", "Europe"]
        with pytest.raises(DataError, match="overlap"):
            from_frame(table, **layout)

    def test_bands_of_isced_as_tables_title_them(self):
        table = pd.DataFrame(
            {"e": ["ISCED 0-2", "ISCED 3-4", "ISCED 5-8", "TOTAL"], "v": [1, 2, 3, 6]}
        )
        x = from_frame(table, value="v", unit="person", dims={"e": "education"})
        assert x.education.values.tolist() == ["0-2", "3-4", "5-8"]

    def test_marks_say_why(self):
        frame = pd.DataFrame({"a": ["DEU", "MDA"], "persons": ["1", "x"]})
        assert "'x' is no number (row 1): marks=" in fault(frame, dims={"a": "area"})
        x = from_frame(frame, **PERSONS, dims={"a": "area"}, marks={"x": "suppressed"})
        assert status.names(int(x.observation_status[1])) == ("suppressed",)

    def test_thousands_only_when_told(self):
        frame = pd.DataFrame({"a": ["DEU", "MDA"], "persons": ["1,234", "7"]})
        told = fault(frame, dims={"a": "area"})
        assert "'1,234' is no number (row 0): thousands=','" in told
        x = from_frame(frame, **PERSONS, dims={"a": "area"}, thousands=",")
        assert x.values.tolist() == [1234, 7]
        assert x.dtype == np.int64
        german = pd.DataFrame({"a": ["DEU", "MDA"], "persons": ["1.234,5", "0,5"]})
        x = from_frame(german, **PERSONS, dims={"a": "area"}, thousands=".", decimal=",")
        assert x.values.tolist() == [1234.5, 0.5]
        for odd in ("12,34", "1,2345", "1,,234"):
            wrong = pd.DataFrame({"a": ["DEU"], "persons": [odd]})
            assert "is no number" in fault(wrong, dims={"a": "area"}, thousands=",")
        with pytest.raises(ParameterError):
            from_frame(frame, **PERSONS, dims={"a": "area"}, thousands=".", decimal=".")

    def test_negative_and_infinite(self):
        frame = pd.DataFrame({"a": ["DEU", "MDA"], "persons": [-1.0, np.inf]}, index=["p", "q"])
        told = fault(frame, dims={"a": "area"})
        assert "infinite values (row q)" in told
        assert "negative counts (row p): signed=True" in told
        net = from_frame(frame.head(1), **PERSONS, dims={"a": "area"}, signed=True)
        assert net.item() == -1
        growth = from_frame(frame.head(1), value="persons", unit="percent", dims={"a": "area"})
        assert growth.item() == -1

    @pytest.mark.parametrize(
        "values", [[True, False], [1j, 2j], pd.to_datetime(["2020", "2021"]), ["a", "b"], [[1], {}]]
    )
    def test_what_is_no_number(self, values):
        series = pd.Series(values, dtype=object) if isinstance(values[0], list) else values
        frame = pd.DataFrame({"a": ["DEU", "MDA"], "persons": series})
        assert "'persons'" in fault(frame, dims={"a": "area"})

    def test_units(self):
        frame = table(a=["DEU", "MDA"])
        frame["persons"] = [83_784.0, 3_069.0]
        with pytest.raises(UnitError, match="its largest value is 83,784") as caught:
            from_frame(frame, value="persons", dims={"a": "area"})
        assert 'unit="thousand person"' in caught.value.mend
        with pytest.raises(UnitError, match="'persn' is no unit"):
            from_frame(frame, value="persons", unit="persn", dims={"a": "area"})


class TestStatus:
    frame = pd.DataFrame(
        {"a": ["DEU", "MDA", "ALB"], "persons": [1.0, np.nan, 3.0], "flag": ["E, P", "Q", "A"]}
    )

    def test_codes_of_sdmx(self):
        x = from_frame(self.frame, **PERSONS, dims={"a": "area"}, status="flag")
        told = [status.names(int(bits)) for bits in x.observation_status.values]
        assert told == [("estimated", "provisional"), ("suppressed",), ()]

    def test_faults(self):
        frame = self.frame.assign(flag=["E", "what", "M"])
        told = fault(frame, dims={"a": "area"}, status="flag")
        assert "'flag': 'what' is no status (row 1)" in told
        assert "'flag': says that a value is absent which is there (row 2)" in told

    def test_combinations_without_a_row(self):
        frame = table(a=["DEU", "MDA"], s=["F", "M"]).drop(index=2)
        dims = {"a": "area", "s": "sex"}
        x = from_frame(frame, **PERSONS, dims=dims)
        assert np.isnan(x.sel(area="MDA", sex="F"))
        assert x.observation_status.values.tolist() == [[0, 0], [status.flag("not_collected"), 0]]
        x = from_frame(frame, **PERSONS, dims=dims, missing="suppressed")
        assert int(x.observation_status.max()) == status.flag("suppressed")
        assert "no row is MDA, F" in fault(frame, dims=dims, missing="refuse")
        with pytest.raises(CodeError):
            from_frame(frame, **PERSONS, dims=dims, missing="whatever")


class TestTotals:
    @pytest.mark.filterwarnings("ignore:from_frame")  # numbers that only tell rows apart
    def test_totals_beside_their_parts_are_left_out(self):
        frame = table(
            a=["World", "DEU", "MDA", "Europe"],
            s=["both sexes", "F", "M"],
            g=["TOTAL", "0-14", "15-19", "20-24", "15-24", "25+", "15+"],
        )
        dims = {"a": "area", "s": "sex", "g": "age"}
        x = from_frame(frame, **PERSONS, dims=dims)
        assert x.area.values.tolist() == ["DEU", "MDA"]
        assert x.sex.values.tolist() == ["F", "M"]
        assert x.age.values.tolist() == [0, 15, 20, 25]
        assert x.sel(area="DEU", sex="F", age=0).item() == 30
        assert status.NAME not in x.coords

    def test_totals_are_kept_for_display_only(self):
        x = from_frame(table(s=["_T", "F", "M"]), **PERSONS, dims={"s": "sex"}, drop_totals=False)
        assert x.sex.values.tolist() == ["F", "M", "_T"]
        told = fault(table(g=["TOTAL", "0-14", "15+"]), dims={"g": "age"}, drop_totals=False)
        assert "ages TOTAL overlap others" in told

    def test_a_total_alone_is_a_label(self):
        assert from_frame(table(s=["Total"]), **PERSONS, dims={"s": "sex"}).sex.item() == "_T"
        assert "says no bounds" in fault(table(g=["TOTAL"]), dims={"g": "age"})
        assert "World, EU overlap" in fault(table(a=["World", "EU"]), dims={"a": "area"})

    def test_a_total_without_its_parts_is_not_lost(self):
        frame = table(a=["DEU", "MDA"], s=["_T", "F", "M"]).drop(index=[4, 5])
        told = fault(frame, dims={"a": "area", "s": "sex"})
        assert "'s': '_T' stands without its parts (row 3)" in told
        frame = table(a=["DEU", "MDA"], g=["0-79", "80+", "80-84", "85+"])
        frame = frame[~((frame.a == "MDA") & frame.g.isin(["80-84", "85+"]))]
        told = fault(frame, dims={"a": "area", "g": "age"})
        assert "'g': '80+' stands without its parts (row 5)" in told

    def test_a_total_of_two_dimensions(self):
        frame = table(s=["F", "M"], g=["0-14", "15+"])
        frame.loc[len(frame)] = ["_T", "TOTAL", 10.0]
        x = from_frame(frame, **PERSONS, dims={"s": "sex", "g": "age"})
        assert x.sum() == 10

    @pytest.mark.filterwarnings("ignore:from_frame")  # numbers that only tell rows apart
    def test_groups_of_occupations(self):
        majors = table(o=["8", "81", "82", "83", "TOTAL"])
        x = from_frame(majors, **PERSONS, dims={"o": "occupation"})
        assert x.occupation.values.tolist() == ["81", "82", "83"]
        told = fault(majors.drop(index=2), dims={"o": "occupation"})
        assert "8 and its part 81 overlap, and 82 is absent" in told

    def test_bands_of_education(self):
        x = from_frame(table(e=["3", "4", "3-4", "5-8"]), **PERSONS, dims={"e": "education"})
        assert x.education.values.tolist() == ["3", "4", "5-8"]
        assert "levels 5 and 5-8 overlap" in fault(table(e=["5", "5-8"]), dims={"e": "education"})


class TestFaults:
    def test_all_at_once_with_their_rows(self):
        frame = pd.DataFrame(
            {
                "iso3": ["DEU", "MDA", "DEU", "DE", "Germny", ""],
                "sex": ["M", "F", "M", "male", "x", "M"],
                "persons": ["1", "-2", "3", "4", "five", "inf"],
            }
        )
        with pytest.raises(DataError) as caught:
            from_frame(frame, **PERSONS, dims={"iso3": "area", "sex": "sex"})
        error = caught.value
        assert str(error).splitlines()[0] == "from_frame: 7 faults in 'frame'"
        assert set(error.faults) == {
            "'iso3': 'Germny' is no area (row 4): Germany is DEU",
            "'iso3': empty (row 5): pd.read_csv(…, keep_default_na=False) if Namibia's NA is meant",
            "'sex': 'x' is no sex (row 4)",
            "'persons': 'five' is no number (row 4)",
            "'persons': infinite values (row 5)",
            "negative counts (row 1): signed=True for net migration and other balances",
            "rows 0, 2 and 3 are all DEU, M",
        }
        assert error.mend == "nothing was read; mend these rows"
        assert error.argument == "frame"
        assert pickle.loads(pickle.dumps(error)).faults == error.faults

    def test_rows_are_named_by_a_unique_index(self):
        frame = table(a=["DEU", "DEU"])
        assert "rows 0 and 1" in fault(frame, dims={"a": "area"})
        assert "rows x and y" in fault(frame.set_axis(["x", "y"]), dims={"a": "area"})
        assert "rows 0 and 1" in fault(frame.set_axis(["x", "x"]), dims={"a": "area"})

    def test_many_faults_are_counted(self):
        frame = pd.concat([table(w=[f"w{i}" for i in range(50)])] * 2, ignore_index=True)
        told = fault(frame, dims={"w": "wave"})
        assert "50 faults" in told
        assert "and 30 more of this kind" in told
        frame = table(a=["Atlantis"], w=[str(i) for i in range(9)])
        assert "rows 0, 1, 2 … (9 rows)" in fault(frame, dims={"a": "area", "w": "wave"})

    def test_names_are_not_guessed(self):
        assert "Korea" in fault(table(a=["Korea"]), dims={"a": "area"})
        assert "may be" in fault(table(a=["Congo"]), dims={"a": "area"})


class TestCall:
    frame = table(iso3=["DEU", "MDA"], year=[2020])

    @pytest.mark.parametrize(
        ("keywords", "kind", "told"),
        [
            ({"dims": {"iso3": "Area"}}, DimensionError, "nearly the dimension 'area'"),
            ({"dims": {"iso3": "areas"}}, DimensionError, "nearly"),
            ({"dims": {"iso": "area"}}, DimensionError, "has no column 'iso'"),
            ({"dims": {"iso3": "area", "year": "area"}}, DimensionError, "two columns"),
            ({"dims": {"iso3": "time", "year": "period"}}, DimensionError, "two columns"),
            ({"dims": {}}, KindError, "dims is {}"),
            ({"dims": ["iso3"]}, KindError, "dims is"),
            ({"value": "person"}, DimensionError, "has no column 'person'"),
            ({"value": None}, KindError, "value is None"),
            ({"wide": "time", "value": []}, KindError, "no column is left"),
            ({"wide": "area", "value": ["year"]}, DimensionError, "two columns"),
            ({"status": "flag"}, DimensionError, "has no column 'flag'"),
            ({"period_end": "end"}, DimensionError, "has no column 'end'"),
            ({"definition": "UN"}, DefinitionError, "definition is a str"),
            ({"marks": {"x": "hidden"}}, CodeError, "no status"),
            ({"decimal": ""}, ParameterError, "decimal"),
        ],
    )
    def test_a_call_that_cannot_be_meant(self, keywords, kind, told):
        with pytest.raises(kind, match=told) as caught:
            from_frame(self.frame, **{**PERSONS, "dims": {"iso3": "area"}, **keywords})
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)

    @pytest.mark.parametrize("frame", [[1], {"a": [1]}, np.zeros(2), pd.Series([1.0]), None])
    def test_what_is_no_frame(self, frame):
        with pytest.raises(KindError, match="expected a pandas DataFrame"):
            from_frame(frame, **PERSONS, dims={"a": "area"})

    def test_columns_that_repeat_and_no_rows(self):
        twice = pd.concat([self.frame, self.frame[["iso3"]]], axis=1)
        with pytest.raises(DimensionError, match="'iso3' twice"):
            from_frame(twice, **PERSONS, dims={"iso3": "area"})
        with pytest.raises(DataError, match="it has no rows"):
            from_frame(self.frame.head(0), **PERSONS, dims={"iso3": "area"})

    def test_too_many_cells(self):
        frame = pd.DataFrame({k: np.arange(1100) for k in "abc"}).assign(persons=1)
        with pytest.raises(DimensionError, match="1,331,000,000 cells"):
            from_frame(frame, **PERSONS, dims={"a": "u", "b": "v", "c": "w"})


@settings(max_examples=40, deadline=None)
@given(
    areas=st.lists(st.sampled_from(["DEU", "MDA", "ALB", "NAM", "KGZ"]), min_size=1, unique=True),
    years=st.lists(st.integers(1950, 2100), min_size=1, max_size=4, unique=True),
    seed=st.integers(0, 1000),
)
def test_the_order_of_rows_does_not_matter(areas, years, seed):
    frame = table(a=areas, y=years, s=["F", "M"])
    mixed = frame.sample(frac=1, random_state=seed)
    dims = {"a": "area", "y": "time", "s": "sex"}
    x = from_frame(frame, **PERSONS, dims=dims, time="1 July")
    y = from_frame(mixed, **PERSONS, dims=dims, time="1 July")
    assert y.sel(area=x.area).identical(x)
    for row in frame.itertuples():
        assert x.sel(area=row.a, time=f"{row.y}-07-01", sex=row.s).item() == row.persons


class TestLeftOver:
    def test_labels_in_a_column_that_is_not_read_are_told(self):
        frame = table(a=["DEU", "MDA"], s=["F", "M"])
        dims = {"a": "area", "s": "sex"}
        units = frame.assign(unit=frame["a"].map({"DEU": "NR", "MDA": "THS"}))
        told = fault(units, dims=dims)
        assert "'unit': differs among the rows and is not read (NR, THS)" in told
        assert "where={'unit': 'NR'} or ignore=['unit']" in told
        by_sex = frame.assign(citizen=frame["s"].map({"F": "TOTAL", "M": "EXT_EU"}))
        assert "'citizen': differs" in fault(by_sex, dims=dims)
        assert "status='flag' or ignore" in fault(frame.assign(flag=list("bepb")), dims=dims)
        assert "'year': differs" in fault(frame.assign(year=[2019, 2019, 2020, 2020]), dims=dims)

    def test_one_label_names_and_other_numbers_are_no_fault(self):
        frame = table(a=["DEU", "MDA"], s=["F", "M"])
        dims = {"a": "area", "s": "sex"}
        beside = frame.assign(
            name=frame["a"].map({"DEU": "Germany", "MDA": "Moldova"}),
            Sex=frame["s"].map({"F": "Females", "M": "Males"}),
            unit="NR",
            births=["1", "2.5 e", ":", "1 000"],
            deaths=[1.0, 2.0, 3.0, 4.0],
        )
        whole = from_frame(frame, **PERSONS, dims=dims)
        assert from_frame(beside, **PERSONS, dims=dims).identical(whole)

    def test_rows_are_chosen_and_columns_left_out_by_name(self):
        frame = table(a=["DEU", "MDA"], u=["NR", "THS"])
        x = from_frame(frame, **PERSONS, dims={"a": "area"}, where={"u": "THS"})
        values = frame.loc[frame["u"] == "THS", PERSONS["value"]]
        np.testing.assert_array_equal(x, values.astype(float))
        one = frame.iloc[[0, 3]]
        assert from_frame(one, **PERSONS, dims={"a": "area"}, ignore=["u"]).sizes["area"] == 2
        assert "no row holds 'PC', it holds NR, THS" in fault(
            frame, dims={"a": "area"}, where={"u": "PC"}
        )
        with pytest.raises(DimensionError, match="no column 'x'"):
            from_frame(frame, **PERSONS, dims={"a": "area"}, where={"x": "PC"})

    @pytest.mark.parametrize(
        ("labels", "values", "told"),
        [
            (["T", "F", "M"], [100, 30, 40], "'T' in 's' is 100 where they sum to 70"),
            (["T", "F", "M"], [100.1, 50.0, 50.0], ""),
            (["T", "F", "M"], [101, 50, 50], ""),
            (["T", "F", "M"], [102, 50, 50], "sum to 100"),
            (["T", "F"], [100, 30], "'T' in 's' is 100 where they sum to 30"),
            (["T", "F"], [3000, 1000], "'T' in 's' is 3,000 where they sum to 1,000"),
            (["T", "F", "M"], [45000, 22000, 22990], ""),
            (["T", "F"], [100, 130], "sum to 130"),
            (["T", "F", "M"], [100, None, 40], ""),
        ],
    )
    def test_a_total_that_is_not_the_sum_of_its_parts(self, labels, values, told):
        frame = pd.DataFrame({"s": labels, "persons": values})
        call = {"value": "persons", "unit": "thousand person", "dims": {"s": "sex"}}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            from_frame(frame, **call)
        assert [told in str(one.message) for one in caught] == ([True] if told else [])
        assert all(one.category is MigovWarning for one in caught)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            from_frame(frame, **{**call, "unit": "percent"})  # a rate is no sum

    def test_a_few_countries_are_not_the_world(self):
        frame = table(a=["World", "DEU", "MDA"])
        frame["persons"] = [7800, 83, 3]
        assert from_frame(frame, **PERSONS, dims={"a": "area"}).sizes == {"area": 2}
        frame["persons"] = [78, 83, 3]
        with pytest.warns(MigovWarning, match="'World' in 'a' is 78 where they sum to 86"):
            from_frame(frame, **PERSONS, dims={"a": "area"})


class TestTwoReadings:
    GERMAN = pd.DataFrame({"a": ["DEU", "MDA", "ALB"], "v": ["83.166", "643.675 p", ":"]})

    def read(self, frame=GERMAN, unit="person", **keywords):
        marks = {"p": "provisional"}
        return from_frame(frame, value="v", unit=unit, dims={"a": "area"}, marks=marks, **keywords)

    def test_persons_with_three_decimals(self):
        told = fault(self.GERMAN, value="v", dims={"a": "area"}, marks={"p": "provisional"})
        assert "'83.166' in 'person' may be read in two ways: thousands='.', decimal=','" in told
        assert "decimal='.' if it parts decimals" in told
        assert self.read(thousands=".", decimal=",").values[:2].tolist() == [83166, 643675]
        assert self.read(decimal=".").values[:2].tolist() == [83.166, 643.675]
        assert self.read(unit="thousand person").values[0] == 83.166
        floats = pd.DataFrame({"a": ["DEU", "MDA"], "v": [83.166, 643.675]})
        assert "read the column as text" in fault(floats, value="v", dims={"a": "area"})
        for other in (643.6, 0.675, 1643.675):
            assert self.read(floats.assign(v=[83.166, other])).values[1] == other

    def test_percent_beyond_a_thousand(self):
        frame = pd.DataFrame({"a": ["DEU", "MDA"], "v": ["45,312", "12,300"]})
        with pytest.raises(DataError, match="decimal=',' alone if the comma parts decimals"):
            self.read(frame, "percent", thousands=",")
        assert self.read(frame, "percent", decimal=",").values.tolist() == [45.312, 12.3]
        assert self.read(frame, "percent", thousands=",", decimal=".").values[0] == 45312
        assert self.read(frame, thousands=",").values.tolist() == [45312, 12300]
        with pytest.raises(DataError, match="decimal=',' if it parts decimals"):
            self.read(frame, "percent")
        with pytest.raises(ParameterError, match=r"thousands='\.', decimal=','"):
            self.read(thousands=".")


def test_letters_of_a_column_of_status():
    frame = table(a=["DEU", "MDA", "ALB", "FRA"]).assign(OBS_FLAG=["b", "e", "bp", ""])
    call = {**PERSONS, "dims": {"a": "area"}, "status": "OBS_FLAG"}
    told = fault(frame, **call)
    assert "'b' is no status (row 0): marks={'b': 'break', 'e': 'estimated'," in told
    marks = {"b": "break", "e": "estimated", "p": "provisional"}
    for spelt in ({"marks": marks}, {"labels": {"OBS_FLAG": marks}}):
        x = from_frame(frame, **call, **spelt)
        assert x.coords[status.NAME].values.tolist() == [1, 4, 33, 0]
    assert "'y' is no status" in fault(frame.assign(OBS_FLAG="y"), **call, marks=marks)
    whole = frame.assign(OBS_FLAG=["B", "E, P", "E B", ""])
    assert from_frame(whole, **call).coords[status.NAME].values.tolist() == [1, 36, 5, 0]


def test_what_to_type_for_words_of_other_tables():
    sexes = table(s=["W", "M"])
    assert "labels={'sex': {'W': 'F'}}" in fault(sexes, dims={"s": "sex"})
    days = table(t=["30.07.2017"])
    assert "dayfirst=True" in fault(days, dims={"t": "time"})
    turned = table(geo=["DEU"])
    assert "dims={'geo': 'area'}: the column first" in fault(turned, dims={"area": "geo"})
    union = table(a=["European Union - 27 countries (from 2020)", "DEU"])
    assert from_frame(union, **PERSONS, dims={"a": "area"}).area.values.tolist() == ["DEU"]
    alone = table(s=["F", "M", "T"], y=["2019", "2020"]).query("y == '2019' or s == 'T'")
    told = fault(alone, dims={"s": "sex", "y": "time"}, time="1 July")
    assert "give the parts there too, or leave the row out" in told


@pytest.mark.parametrize("unit", ["percent", "person", "EUR/month"])
@pytest.mark.parametrize("cells", [[1.0, -999.0], ["1", "-999"], [1, -999]])
def test_codes_for_no_answer(unit, cells):
    frame = pd.DataFrame({"geo": ["DEU", "MDA"], "v": cells})
    how = {"dims": {"geo": "area"}, "value": "v", "unit": unit}
    with pytest.raises(DataError, match="-999 looks like a code for no answer") as caught:
        from_frame(frame, **how)
    assert 'marks={"-999": "missing"}' in caught.value.faults[0]
    for marks in ({"-999": "not_collected"}, {-999: "not_collected"}):
        found = from_frame(frame, **how, marks=marks)
        assert found.sel(area="DEU").item() == 1.0
        assert np.isnan(found.sel(area="MDA"))
        flags = found.observation_status.sel(area="MDA").item()
        assert status.names(flags) == ("not_collected",)
    assert from_frame(frame, **how, signed=True).min().item() == -999.0
    with pytest.raises(DataError, match="no reason of absence"):
        from_frame(frame, **how, marks={"-999": "estimated"})


@pytest.mark.parametrize(("name", "meant"), [("year", "time"), ("date", "period")])
def test_names_of_other_tables_are_no_dimensions(name, meant):
    frame = pd.DataFrame({"geo": ["DEU", "MDA"], "when": [2020, 2020], "v": [1, 2]})
    with pytest.raises(DimensionError, match=f"may mean .*'{meant}'"):
        from_frame(frame, value="v", unit="person", dims={"geo": "area", "when": name})
    wide = pd.DataFrame({"geo": ["DEU", "MDA"], "2020": [1.0, 2.0]})
    with pytest.raises(DimensionError, match=f"may mean .*'{meant}'"):
        from_frame(wide, unit="person", dims={"geo": "area"}, wide=name)


def test_totals_tell_that_a_part_is_absent():
    frame = pd.DataFrame({"a": ["0-14", "15-64", "Total"], "persons": [1000, 3000, 5000]})
    with pytest.warns(MigovWarning, match="'Total' in 'a' is 5,000 where they sum to 4,000"):
        from_frame(frame, **PERSONS, dims={"a": "age"})
    areas = pd.DataFrame({"a": ["DEU", "FRA", "Total"], "persons": [80, 60, 400]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a table of some countries is what a table is
        from_frame(areas, **PERSONS, dims={"a": "area"})


def test_spans_that_name_their_last_year():
    frame = pd.DataFrame({"p": ["2020-2024", "2025-2029"], "persons": [1, 2]})
    told = fault(frame, dims={"p": "period"}, time="year")
    assert "leave a year between them" in told
    assert "write '2020-2025'" in told
    mended = frame.assign(p=["2020-2025", "2025-2030"])
    ends = from_frame(mended, **PERSONS, dims={"p": "period"}, time="year").period_end
    assert [str(end)[:10] for end in ends.values] == ["2025-01-01", "2030-01-01"]


def test_years_nobody_counted_in():
    frame = pd.DataFrame({"p": ["1020", "2021"], "persons": [1, 2]})
    assert "'1020' is no date" in fault(frame, dims={"p": "time"}, time="1 July")


def test_faulty_labels_are_told_alone():
    frame = pd.DataFrame({
        "p": ["20x0", "2020", "2020"], "s": ["T", "F", "M"], "persons": [2, 1, 1],
    })  # fmt: skip
    with pytest.raises(DataError) as caught:
        from_frame(frame, **PERSONS, dims={"p": "time", "s": "sex"}, time="1 July")
    assert len(caught.value.faults) == 1


def test_ages_that_a_spreadsheet_made_dates():
    frame = pd.DataFrame({"a": ["0-4", "05-Sep", "10-14"], "persons": [1, 2, 3]})
    assert "read the column as text" in fault(frame, dims={"a": "age"})
