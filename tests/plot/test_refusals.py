"""What is refused, naming the argument; every error survives pickling."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

from migov import plot
from migov.core import definitions
from migov.core.definition import define
from migov.core.errors import (
    AgeError,
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    PartitionError,
    TimeError,
    UnitError,
)


def refused(kind, argument, call):
    with pytest.raises(kind) as caught:
        call()
    fault = caught.value
    assert isinstance(fault, MigovError)
    assert fault.argument == argument, fault
    assert fault.where
    back = pickle.loads(pickle.dumps(fault))
    assert str(back) == str(fault)
    return str(fault)


def with_unit(x, unit):
    return x.assign_attrs(units=unit)


def test_pyramid(population):
    p = population
    draw = plot.pyramid
    refused(KindError, "population", lambda: draw(p.to_dataframe(name="x")))
    refused(UnitError, "population", lambda: draw(with_unit(p, "percent")))
    refused(UnitError, "population", lambda: draw(with_unit(p, "souls")))
    bare = p.copy()
    del bare.attrs["units"]
    refused(UnitError, "population", lambda: draw(bare))
    refused(DimensionError, "population", lambda: draw(p.isel(sex=0)))
    refused(DimensionError, "population", lambda: draw(p.rename(sex="sexes")))
    refused(DimensionError, "population", lambda: draw(p.isel(sex=[0])))
    refused(DimensionError, "population", lambda: draw(p.isel(sex=[0, 0])))
    text = refused(
        DimensionError, "population", lambda: draw(p.drop_vars("time").expand_dims(time=2))
    )
    assert "labels along 'time'" in text
    text = refused(DimensionError, "population", lambda: draw(p.expand_dims("area")))
    assert "population.sel(area=…)" in text
    refused(AgeError, "population", lambda: draw(p.drop_vars("age_width")))
    refused(AgeError, "population", lambda: draw(p.isel(age=[0, 2])))
    merged = p.isel(age=slice(0, 2)).assign_coords(age=[0, 1], age_width=("age", [1.0, 4.0]))
    assert "regroup_ages" in refused(AgeError, "population", lambda: draw(merged))
    refused(InputError, "population", lambda: draw((-p).assign_attrs(p.attrs)))
    refused(InputError, "population", lambda: draw((p * np.inf).assign_attrs(p.attrs)))
    refused(InputError, "population", lambda: draw((p * np.nan).assign_attrs(p.attrs)))
    refused(TimeError, "population", lambda: draw(p.assign_coords(time=2025)))
    refused(KindError, "population", lambda: draw(p.astype(str).assign_attrs(p.attrs)))
    refused(AlignmentError, "compare", lambda: draw(p, compare=p.isel(age=slice(0, 9))))
    refused(UnitError, "compare", lambda: draw(p, compare=with_unit(p, "EUR")))
    refused(KindError, "names", lambda: draw(p, compare=p, names=("one",)))
    refused(KindError, "axes", lambda: draw(p, axes="here"))


def test_fan(force):
    draw = plot.fan
    for levels in ((0.8, 0.5), (0.0,), (1.0,), (80,), 0.8, ("a",), (True,)):
        refused(ParameterError, "levels", lambda levels=levels: draw(force, levels=levels))
    refused(KindError, "x", lambda: draw([1, 2]))
    refused(KindError, "x", lambda: draw({}))
    refused(DimensionError, "x", lambda: draw(force.isel(time=0)))
    refused(DimensionError, "x", lambda: draw(force.expand_dims("area")))
    refused(DimensionError, "x", lambda: draw(force, by="scenario"))
    refused(ParameterError, "by", lambda: draw({"a": force, "b": force}, by="area"))
    refused(TimeError, "x", lambda: draw(force.assign_coords(time=[2025, 2030, 2035])))
    refused(TimeError, "x", lambda: draw(force.isel(time=[1, 0])))
    refused(InputError, "x", lambda: draw((force * np.nan).assign_attrs(force.attrs)))
    refused(InputError, "x", lambda: draw((force / 0).assign_attrs(force.attrs)))
    money = {"a": force, "b": with_unit(force, "EUR")}
    refused(UnitError, "x['b']", lambda: draw(money))
    refused(DimensionError, "by", lambda: draw({str(i): force for i in range(9)}))
    points = force.quantile([0.2, 0.5], "member").assign_attrs(force.attrs)
    assert "not 0.25" in refused(DimensionError, "x", lambda: draw(points))
    named = (
        force.drop_vars("area")
        .rename(time="area")
        .drop_vars("area")
        .assign_coords(area=list("abc"))
    )
    refused(DimensionError, "along", lambda: draw(named, along="area"))


def test_bars(posts):
    draw = plot.bars
    two = posts.expand_dims(sex=["F", "M"])
    refused(DimensionError, "across", lambda: draw(two))
    refused(DimensionError, "x", lambda: draw(posts, across="sex"))
    refused(DimensionError, "by", lambda: draw(two, across="sex", by="sex"))
    refused(KindError, "across", lambda: draw(posts, across=1))
    for share in (0, 1, 80, True, "0.8"):
        refused(ParameterError, "intervals", lambda share=share: draw(posts, intervals=share))
    refused(KindError, "limits", lambda: draw(posts, limits=1500))
    refused(KindError, "limits", lambda: draw(posts, limits={"cap": "1500"}))
    refused(InputError, "limits", lambda: draw(posts, limits={"cap": np.inf}))
    cap = xr.DataArray(5.0, attrs={"units": "EUR"})
    refused(UnitError, "limits['cap']", lambda: draw(posts, limits={"cap": cap}))
    few = posts.isel(occupation=[0, 1])
    refused(DimensionError, "limits", lambda: draw(posts, limits={"floor": few}))
    many = xr.DataArray(np.ones(70), {"node": np.arange(70)}, "node", attrs={"units": "1"})
    refused(DimensionError, "x", lambda: draw(many))


def test_balance(ledger):
    draw = plot.balance
    total = ledger.assign_coords(actor=["migrants", "origin", "_T"])
    assert "stated weights" in refused(PartitionError, "ledger", lambda: draw(total))
    home, mix = (ledger.sel(against=name, drop=True) for name in ("home", "mix"))
    refused(UnitError, "ledger", lambda: draw({"home": home, "mix": with_unit(mix, "MDL")}))
    other = mix.assign_attrs(price_base=2015)
    assert "2015" in refused(UnitError, "ledger", lambda: draw({"home": home, "mix": other}))
    fewer = mix.isel(actor=[0, 1])
    refused(AlignmentError, "ledger", lambda: draw({"home": home, "mix": fewer}))
    refused(DimensionError, "ledger", lambda: draw(dict.fromkeys("abcd", home)))
    refused(DimensionError, "ledger['home']", lambda: draw({"home": home.isel(actor=0)}))
    refused(KindError, "axes", lambda: draw(ledger, axes=[1, 2]))
    refused(KindError, "ledger", lambda: draw(3))
    refused(ParameterError, "intervals", lambda: draw(ledger, intervals=2.0))
    endless = ledger.where(ledger > 0, np.inf).assign_attrs(ledger.attrs)
    refused(InputError, "ledger['home']", lambda: draw(endless))


def test_slopes():
    x = xr.DataArray(3.0, attrs={"units": "percent"})
    draw = plot.slopes
    refused(AlignmentError, "after", lambda: draw({"a": x, "b": x}, {"a": x}))
    refused(AlignmentError, "before", lambda: draw({"a": x}, {"a": x, "b": x}))
    refused(UnitError, "after['a']", lambda: draw({"a": x}, {"a": with_unit(x, "person")}))
    refused(ParameterError, "unaffected", lambda: draw({"a": x}, {"a": x}, unaffected=["b"]))
    refused(KindError, "unaffected", lambda: draw({"a": x}, {"a": x}, unaffected="a"))
    refused(ParameterError, "names", lambda: draw({"a": x}, {"a": x}, names=("a", "a")))
    wide = x.expand_dims(area=["MDA", "ALB"])
    refused(DimensionError, "before['a']", lambda: draw({"a": wide}, {"a": x}))
    many = {str(i): x for i in range(13)}
    refused(ParameterError, "before", lambda: draw(many, many))
    refused(KindError, "before", lambda: draw([x], {"a": x}))
    # A percentage is no difference in percentage points.
    point = with_unit(x, "percentage_point")
    refused(UnitError, "after['a']", lambda: draw({"a": x}, {"a": point}))


def test_heat(posts):
    x = posts.expand_dims(sex=["F", "M"]).assign_attrs(posts.attrs)
    draw = plot.heat
    refused(DimensionError, "columns", lambda: draw(x, "sex", "sex"))
    refused(KindError, "rows", lambda: draw(x, 1, "sex"))
    refused(DimensionError, "x", lambda: draw(x, "sex", "area"))
    big = xr.DataArray(
        np.ones((61, 61)), {"a": range(61), "b": range(61)}, ("a", "b"), attrs={"units": "1"}
    )
    refused(DimensionError, "x", lambda: draw(big, "a", "b"))


def test_style_and_save(tmp_path, posts):
    axes, _ = plot.bars(posts)
    refused(ParameterError, "name", lambda: plot.style("poster").__enter__())
    refused(ParameterError, "fonts", lambda: plot.style(fonts=3).__enter__())
    refused(ParameterError, "font", lambda: plot.style(font=-1).__enter__())
    refused(ParameterError, "palette", lambda: plot.Style(palette=()))
    refused(ParameterError, "path", lambda: plot.save(axes, tmp_path / "x.docx"))
    refused(ParameterError, "path", lambda: plot.save(axes, tmp_path / "none" / "x.png"))
    refused(ParameterError, "dpi", lambda: plot.save(axes, tmp_path / "x.png", dpi=0))
    refused(KindError, "drawn", lambda: plot.save(3, tmp_path / "x.png"))
    refused(KindError, "drawn", lambda: plot.save("axes", tmp_path / "x.png"))


def test_readings_of_other_definitions_may_stand_side_by_side(force):
    """Series are compared by eye with their definitions told; only units must agree."""
    other = define(force, definitions.MDA_LABOUR_FORCE_SURVEY)
    assert len(plot.fan({"a": force, "b": other})[1]) == 6
