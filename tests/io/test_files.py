"""Files give back what they were given."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
import xarray as xr

from migov.core import status
from migov.core.definition import define, definition_of
from migov.core.definitions import UN_WPP_2024
from migov.core.errors import FileError, KindError
from migov.io import files, read, write

h5netcdf = pytest.importorskip("h5netcdf")
zarr = pytest.importorskip("zarr")
FORMS = [".nc", ".zarr"]


@pytest.fixture(params=FORMS)
def suffix(request) -> str:
    return request.param


def population() -> xr.DataArray:
    """Return an array with everything that an array of ours carries."""
    x = xr.DataArray(
        np.arange(24.0).reshape(2, 2, 3, 2),
        coords={
            "area": ["NAM", "DEU"],
            "period": np.array(["2020-07-01", "2025-07-01"], "M8[s]"),
            "period_end": ("period", np.array(["2025-07-01", "2300-07-01"], "M8[s]")),
            "age": [0, 15, 65],
            "age_width": ("age", [15.0, 50.0, np.inf]),
            "member": [0, 7],
            "sex": "_T",
        },
        dims=("area", "period", "age", "member"),
        name="population",
        attrs={"units": "thousand person", "long_name": "population, with größe"},
    )
    x = define(x, UN_WPP_2024)
    return status.mark(x, "estimated", at=x.isel(member=0, drop=True) > 5)


def same(given, back) -> None:
    """Require equal values, labels, attributes and types."""
    assert type(back) is type(given)
    assert back.identical(given)
    for name in given.coords:
        assert back[name].dtype == given[name].dtype, name
    if isinstance(given, xr.Dataset):
        for name in given:
            assert back[name].dtype == given[name].dtype, name


def test_an_array_comes_back_identical(tmp_path, suffix):
    x = population()
    back = read(write(x, tmp_path / f"x{suffix}"))
    same(x, back)
    assert definition_of(back) == UN_WPP_2024
    assert back.period_end.dtype == np.dtype("M8[s]")
    assert status.names(int(back.observation_status[1, 1, 2])) == ("estimated",)


def test_a_data_set_comes_back_identical(tmp_path, suffix):
    births = population().isel(age=0, drop=True).rename("births")
    report = xr.Dataset(
        {
            "value": population(),
            "births": births.drop_vars(status.NAME),
            "closed": ("area", [True, False]),
            "class": ("area", ["low", ""]),
            "when": ("area", np.array(["2020-01-01T12:30:05", "NaT"], "M8[s]")),
        },
        attrs={"title": "run", "seed": 7, "empty": "", "nothing": None, "yes": True},
    )
    same(report, read(write(report, tmp_path / f"x{suffix}")))


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"empty": "", "none": None, "true": True, "list": ["a", 1], "pair": (1, (2.5, "x"))},
        {"array": np.array([1, 2], np.uint16), "nested": {"a": {"b": [None]}}, "float": 0.1},
        {"_FillValue": 3, "coordinates": "x", "scale_factor": 2.0, "calendar": "no"},
        {"ancillary_variables": "other", "units": "hour", "recipe": json.dumps(["a" * 100_000])},
    ],
)
def test_attributes_of_every_kind(tmp_path, suffix, attributes):
    x = status.mark(
        xr.DataArray([1, 2], {"area": ["NAM", "DEU"]}, "area", attrs=attributes), "derived"
    )
    back = read(write(x, tmp_path / f"x{suffix}"))
    same(x, back)
    assert {k: type(v) for k, v in back.attrs.items() if k in ("pair", "list", "true")} == {
        k: type(v) for k, v in attributes.items() if k in ("pair", "list", "true")
    }


@pytest.mark.parametrize("name", [None, "area", "value", "a/b", "two words", "observation_status"])
def test_names_of_every_kind(tmp_path, suffix, name):
    x = xr.DataArray([1.5], {"area": ["NAM"], "value": ("area", [1])}, "area", name=name)
    if name != "observation_status":
        x = status.mark(x, "derived")
    same(x, read(write(x, tmp_path / f"x{suffix}")))


@pytest.mark.parametrize("dtype", ["i1", "u2", "i4", "i8", "u8", "f4", "f8", "?", "U3"])
def test_types_come_back(tmp_path, suffix, dtype):
    x = xr.DataArray(np.array([0, 1, 2]).astype(dtype), {"age": [0, 1, 2]}, "age")
    back = read(write(x, tmp_path / f"x{suffix}"))
    assert back.dtype == np.dtype(dtype)
    same(x, back)


def test_extremes_come_back(tmp_path, suffix):
    x = xr.DataArray([np.nan, np.inf, -np.inf, 1e-300, 1e12, -0.0], dims="i")
    same(x, read(write(x, tmp_path / f"x{suffix}")))
    empty = xr.DataArray(np.empty((0, 2)), {"area": np.array([], "U3")}, ("area", "j"))
    same(empty, read(write(empty, tmp_path / f"y{suffix}")))


def test_object_labels_become_texts(tmp_path, suffix):
    x = xr.DataArray([1.0, 2.0], {"area": np.array(["NAM", "DEU"], object)}, "area")
    back = read(write(x, tmp_path / f"x{suffix}"))
    assert back.area.dtype == np.dtype("U3")
    assert back.identical(x.assign_coords(area=["NAM", "DEU"]))


def test_lazy_values_are_written_by_blocks_and_read_lazily(tmp_path, suffix):
    pytest.importorskip("dask")
    x = population()
    lazy = x.chunk({"area": 1, "period": 1})
    back = read(write(lazy, tmp_path / f"x{suffix}"))
    assert (back.chunks is not None) == (suffix == ".zarr")
    for name in back.coords:
        assert back[name].chunks is None
    same(x, back)


def test_uneven_chunks_go_to_zarr(tmp_path):
    pytest.importorskip("dask")
    x = xr.DataArray(np.arange(10.0), dims="i").chunk({"i": (2, 5, 3)})
    same(x.compute(), read(write(x, tmp_path / "x.zarr")).compute())


def test_the_status_is_a_variable_in_the_manner_of_cf(tmp_path):
    path = write(population(), tmp_path / "x.nc")
    with h5netcdf.File(path, "r") as file:
        flags = file["observation_status"]
        assert file["population"].attrs["ancillary_variables"] == "observation_status"
        assert flags.attrs["standard_name"] == "status_flag"
        assert list(flags.attrs["flag_masks"]) == list(status.FLAGS.values())
        assert flags.attrs["flag_meanings"].split() == list(status.FLAGS)
        assert file["population"].attrs["units"] == "thousand person"
        assert file["population"].attrs["long_name"] == "population, with größe"


def test_a_file_is_replaced_and_what_is_no_file_of_ours_is_not(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    write(population(), path)
    write(population() * 2, path)
    assert float(read(path).max()) == 46.0
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    other = tmp_path / f"other{suffix}"
    if suffix == ".nc":
        other.mkdir()
    else:
        other.mkdir()
        (other / "notes.txt").write_text("mine")
    with pytest.raises(FileError, match="is there and is no"):
        write(population(), other)


def test_a_lazy_array_can_be_written_to_the_store_it_comes_from(tmp_path):
    pytest.importorskip("dask")
    path = write(population(), tmp_path / "x.zarr")
    back = read(path)
    write(back, path)
    same(population(), read(path).compute())


def test_a_write_that_fails_leaves_the_old_file(tmp_path, suffix, monkeypatch):
    path = write(population(), tmp_path / f"x{suffix}")

    def broken(*_, **__):
        raise OSError("full")

    monkeypatch.setattr(xr.Dataset, "to_netcdf", broken)
    monkeypatch.setattr(xr.Dataset, "to_zarr", broken)
    with pytest.raises(OSError, match="full"):
        write(population() * 2, path)
    same(population(), read(path).compute())
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("x", "told"),
    [
        ([1, 2], "is a list"),
        (xr.DataArray([1j], dims="i"), "complex"),
        (xr.DataArray(np.array([1.0], "f2"), dims="i"), "float16"),
        (xr.DataArray(np.array([1], "m8[D]"), dims="i"), "timedelta"),
        (xr.DataArray(np.array([{}], object), dims="i"), "among its texts"),
        (xr.DataArray(np.array(["a", np.nan], object), dims="i"), "among its texts"),
        (xr.DataArray(np.array([b"a"]), dims="i"), "is of type"),
        (xr.DataArray(np.array(["2020-01-01T00:00:00.5"], "M8[ms]"), dims="i"), "finer"),
        (xr.DataArray([1.0], dims="i", attrs={"definition": UN_WPP_2024}), "is a Definition"),
        (xr.DataArray([1.0], dims="i", attrs={1: "a"}), "attribute 1"),
        (xr.DataArray([1.0], dims="i", name=3), "name 3"),
        (xr.Dataset({"a/b": ("i", [1.0])}), "'a/b'"),
        (xr.Dataset({"a": ("i/j", [1.0])}), "'i/j'"),
        (
            xr.DataArray([[1.0]], {"a": [1], "b": [2]}, ("a", "b")).stack(c=("a", "b")),
            "MultiIndex",
        ),
    ],
)
def test_what_no_file_holds_is_refused(tmp_path, suffix, x, told):
    with pytest.raises(KindError, match=told) as caught:
        write(x, tmp_path / f"x{suffix}")
    assert caught.value.argument == "x"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert not list(tmp_path.iterdir())


def test_paths_that_lead_nowhere(tmp_path):
    for path in ("x.xlsx", "x", "x.csv"):
        for call in (read, lambda p: write(population(), p)):
            with pytest.raises(FileError, match="ends in"):
                call(tmp_path / path)
    for name in ("x.nc", "x.zarr"):
        with pytest.raises(FileError, match="there is no"):
            read(tmp_path / name)
        with pytest.raises(FileError, match="no folder"):
            write(population(), tmp_path / "absent" / name)
    with pytest.raises(KindError, match="path is a int"):
        read(3)


def test_damaged_files_are_told(tmp_path):
    path = write(population(), tmp_path / "x.nc")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(FileError, match="cannot be read"):
        read(path)
    (tmp_path / "y.zarr").mkdir()
    with pytest.raises(FileError, match="cannot be read"):
        read(tmp_path / "y.zarr")


def test_files_of_others_are_data_sets(tmp_path):
    other = xr.Dataset({"hours": ("area", [1.0], {"units": "hours"})}, {"area": ["NA"]})
    other.to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    back = read(tmp_path / "other.nc")
    assert isinstance(back, xr.Dataset)
    assert back.hours.dtype == float
    assert back.area.values.tolist() == ["NA"]


def test_an_absent_package_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(files.importlib.util, "find_spec", lambda _: None)
    for name in ("x.nc", "x.zarr"):
        with pytest.raises(ImportError, match=r"migov\[scale\]"):
            write(population(), tmp_path / name)
