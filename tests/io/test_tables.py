"""Tables of text: lines are named, nothing is lost on the way out and back."""

from __future__ import annotations

import gzip
import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core import status
from migov.core.errors import DataError, FileError, KindError, ParameterError, UnitError
from migov.io import read_csv, tables, to_frame, write_csv

LAYOUT = {"value": "persons", "unit": "person", "dims": {"iso2": "area", "sex": "sex"}}
TEXT = "iso2,sex,persons\nNA,F,1\nNA,M,2\nDE,F,3\nDE,M,4\n"


def by_age() -> xr.DataArray:
    x = xr.DataArray(
        np.arange(12.0).reshape(2, 2, 3) / 3,
        coords={
            "area": ["NAM", "DEU"],
            "time": np.array(["2020-07-01", "2021-07-01"], "M8[s]"),
            "age": [0, 5, 80],
            "age_width": ("age", [5.0, 75.0, np.inf]),
        },
        dims=("area", "time", "age"),
        name="persons",
        attrs={"units": "thousand person", "long_name": "persons"},
    )
    x = x.where(x != x[1, 1, 2])
    return status.mark(status.mark(x, "estimated", at=x > 2), "suppressed", at=x.isnull())


def test_a_text_file_becomes_an_array(tmp_path):
    file = tmp_path / "x.csv"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    x = read_csv(file, **LAYOUT)
    assert x.sel(area="NAM").values.tolist() == [1, 2]
    assert x.dtype == np.int64
    packed = tmp_path / "x.csv.gz"
    packed.write_bytes(gzip.compress(TEXT.encode()))
    assert read_csv(packed, **LAYOUT).identical(x)
    other = tmp_path / "y.txt"
    other.write_text("a note\n" + TEXT.replace(",", ";").replace("\n", "\n;;\n"))
    assert read_csv(other, separator=";", skip=1, **LAYOUT).identical(x)


def test_faults_name_the_lines_of_the_file(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("a note\n" + TEXT + "\nDE,M,5\nGermny,M,x\n")
    with pytest.raises(DataError) as caught:
        read_csv(file, skip=1, **LAYOUT)
    told = str(caught.value)
    assert "rows 6 and 8 are both DEU, M" in told
    assert "'Germny' is no area (row 9): Germany is DEU" in told
    assert "'x' is no number (row 9)" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no table"),
        (b"a,b\n1,2\n1,2,3\n", "no table"),
        ("iso2,sex,persons\nCôte,F,1\n".encode("latin-1"), "is not utf-8"),
    ],
)
def test_what_is_no_table_is_told(tmp_path, content, told):
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    with pytest.raises(FileError, match=told) as caught:
        read_csv(file, **LAYOUT)
    assert caught.value.argument == "path"


def test_absent_packed_and_endless_files(tmp_path, monkeypatch):
    with pytest.raises(FileError, match="there is no file"):
        read_csv(tmp_path / "x.csv", **LAYOUT)
    file = tmp_path / "x.csv.gz"
    file.write_bytes(gzip.compress(TEXT.encode())[:-9])
    with pytest.raises(FileError, match="cannot be unpacked"):
        read_csv(file, **LAYOUT)
    file.write_bytes(gzip.compress(b"0" * 100_000))
    monkeypatch.setattr(tables, "MOST_BYTES", 1000)
    with pytest.raises(FileError, match="more than 1,000 bytes"):
        read_csv(file, **LAYOUT)


def test_the_keywords_of_from_frame_reach_it(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text(TEXT)
    with pytest.raises(UnitError, match="largest value is 4"):
        read_csv(file, value="persons", dims={"iso2": "area", "sex": "sex"})


def test_a_tidy_table_has_labels_as_tables_write_them():
    frame = to_frame(by_age())
    assert list(frame) == ["area", "time", "age", "persons", "unit", "observation_status"]
    assert frame.age.tolist()[:3] == ["0-4", "5-79", "80+"]
    assert frame.time.tolist()[3] == "2021-07-01"
    assert frame.observation_status.tolist()[-1] == "suppressed"
    assert len(frame) == 12


def test_out_and_back_is_identical(tmp_path):
    x = by_age()
    file = write_csv(x, tmp_path / "x.csv")
    back = read_csv(
        file,
        value="persons",
        unit="thousand person",
        dims={"area": "area", "time": "time", "age": "age"},
        status="observation_status",
    )
    assert back.identical(x)


def test_periods_and_scalars_have_their_columns(tmp_path):
    x = xr.DataArray(
        [3.0, 4.0],
        coords={
            "period": np.array(["2020-01-01", "2021-01-01"], "M8[s]"),
            "period_end": ("period", np.array(["2021-01-01", "2022-01-01"], "M8[s]")),
            "area": "MDA",
        },
        dims="period",
        name="births",
        attrs={"units": "person", "long_name": "births"},
    )
    frame = to_frame(x)
    assert frame.area.tolist() == ["MDA", "MDA"]
    assert frame.period_end.tolist() == ["2021-01-01", "2022-01-01"]
    back = read_csv(
        write_csv(x, tmp_path / "x.csv"),
        value="births",
        unit="person",
        dims={"area": "area", "period": "period"},
        period_end="period_end",
    )
    assert back.isel(area=0).identical(x)


def test_bad_arrays():
    with pytest.raises(KindError, match="is a DataFrame"):
        to_frame(to_frame(by_age()))
    with pytest.raises(DataError, match="no labels along i"):
        to_frame(xr.DataArray([1.0], dims="i"))
    with pytest.raises(DataError, match="that of a column"):
        to_frame(by_age().rename("area_").rename("unit"))
    with pytest.raises(FileError, match="no folder"):
        write_csv(by_age(), "absent/folder/x.csv")


PLAIN = {"value": "n", "unit": "person", "dims": {"iso3": "area"}}


@pytest.mark.parametrize(
    ("text", "options", "kind", "told", "mend"),
    [
        ("iso3,n\nDEU,1,234\n", {}, FileError, "more cells than the header", "quote cells"),
        ("iso3,n,n\nDEU,1,2\n", {}, FileError, "the header has 'n' twice", "a name of its own"),
        ("iso3;n\nDEU;1\n", {}, FileError, "the header is one cell", "separator=';'"),
        ("iso3,n\nDEU,1\n", {"separator": ""}, ParameterError, "expected one sign", "';'"),
        ("iso3,n\nDEU,1\n", {"skip": -1}, ParameterError, "skip=-1", "from 0"),
    ],
)
def test_what_would_be_lost_in_a_text_is_refused(tmp_path, text, options, kind, told, mend):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(kind, match=told) as caught:
        read_csv(path, **PLAIN, **options)
    assert mend in caught.value.mend
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_paths_that_are_none():
    for call in (lambda: read_csv(3, **PLAIN), lambda: write_csv(by_age(), 3)):
        with pytest.raises(KindError, match="path is a int"):
            call()
