"""Each function: the frame of what was drawn, and its agreement with the artists."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure

from migov import plot
from migov.core import definitions, status
from migov.core.definition import define


def _texts(figure):
    found = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        found += [text.get_text() for text in axes.texts]
    return " ".join(" ".join(found).split())


def test_pyramid_draws_published_population(moldova):
    at = moldova.sel(time="2020-07-01")
    axes, drawn = plot.pyramid(at, compare=moldova.sel(time="2000-07-01"))
    assert drawn["unit"].unique().tolist() == ["thousand person"]
    for column, when in (("value", "2020-07-01"), ("compared", "2000-07-01")):
        expected = moldova.sel(time=when).sum(["sex", "age"]).item()
        assert drawn[column].sum() == pytest.approx(expected, rel=1e-12)
    girls = drawn[(drawn["sex"] == "F") & (drawn["label"] == "0-4")]
    assert girls["value"].item() == at.sel(sex="F", age=0).item()
    # Males lie left of zero, females right, and the bars are as long as the frame says.
    lengths = sorted(bar.get_width() for bar in axes.patches if hasattr(bar, "get_width"))
    signs = drawn["sex"].map({"M": -1.0, "F": 1.0})
    np.testing.assert_allclose(lengths, sorted(signs * drawn["value"]))
    assert [text.get_text() for text in axes.get_legend().texts] == ["1 July 2020", "1 July 2000"]
    assert "UN World Population Prospects 2024 (WPP 2024)" in drawn.attrs["subtitle"]
    assert drawn.attrs["foot"] == "Source: United Nations (2024), World Population Prospects 2024"


def test_pyramid_order_of_sexes_does_not_matter(population):
    _, one = plot.pyramid(population)
    _, other = plot.pyramid(population.transpose("age", "sex").isel(sex=[1, 0]))
    assert one.equals(other)


def test_pyramid_converts_the_outline(population):
    other = population / 1000
    other.attrs = {**population.attrs, "units": "thousand person"}
    _, drawn = plot.pyramid(population, compare=other, names=("a", "b"))
    np.testing.assert_allclose(drawn["value"], drawn["compared"])


def test_pyramid_of_members(population):
    steps = xr.DataArray(1 + 0.1 * np.arange(-2, 3), {"member": np.arange(5)}, "member")
    several = population * steps
    several.attrs = population.attrs
    _, drawn = plot.pyramid(several)
    _, alone = plot.pyramid(population)
    np.testing.assert_allclose(drawn["value"], alone["value"])
    np.testing.assert_allclose(drawn["low"], alone["value"] * 0.84)
    np.testing.assert_allclose(drawn["high"], alone["value"] * 1.16)


def test_pyramid_of_single_years():
    x = xr.DataArray(
        np.full((2, 101), 5e6),
        {"sex": ["F", "M"], "age": np.arange(101), "age_width": ("age", [1.0] * 100 + [np.inf])},
        ("sex", "age"),
        attrs={"units": "person"},
    )
    axes, drawn = plot.pyramid(x, title="India-sized")
    assert drawn["unit"].iloc[0] == "million person"
    assert len(axes.get_yticks()) <= 25
    assert axes.get_yticklabels()[-1].get_text() == "100+"


def test_fan_quantiles(force):
    axes, drawn = plot.fan(force)
    assert drawn["unit"].unique().tolist() == ["million person"]
    values = force.values / 1e6
    np.testing.assert_allclose(drawn["value"], np.median(values, 0))
    np.testing.assert_allclose(drawn["low_80"], np.quantile(values, 0.1, axis=0))
    np.testing.assert_allclose(drawn["high_50"], np.quantile(values, 0.75, axis=0))
    assert drawn["time"].tolist() == list(force.time.values)
    np.testing.assert_allclose(axes.lines[0].get_ydata(), drawn["value"])
    np.testing.assert_allclose(axes.lines[0].get_xdata(), [2025, 2030, 2035])
    assert "at 1 July" in drawn.attrs["subtitle"]


def test_fan_from_given_quantiles_is_the_same(force):
    points = force.quantile([0.1, 0.25, 0.5, 0.75, 0.9], "member")
    points.attrs = force.attrs
    one, other = plot.fan(force)[1], plot.fan(points)[1]
    np.testing.assert_allclose(one["low_80"], other["low_80"])
    np.testing.assert_allclose(one["value"], other["value"])


def test_fan_of_readings_names_their_definitions(force):
    survey = define(force * 0.8, definitions.MDA_LABOUR_FORCE_SURVEY)
    survey.attrs["units"] = "person"
    axes, drawn = plot.fan({"modelled": force, "survey": survey})
    assert list(dict.fromkeys(drawn["series"])) == ["modelled", "survey"]
    assert "definitions differ" in drawn.attrs["subtitle"]
    assert f"survey: {definitions.MDA_LABOUR_FORCE_SURVEY.name}" in drawn.attrs["foot"]
    assert axes.get_legend() is None
    assert {"modelled", "survey"} <= {text.get_text() for text in axes.texts}


def test_fan_by_keeps_the_order_given(force):
    several = xr.concat([force, force * 3, force * 2], "area").assign_coords(
        area=["KGZ", "ALB", "MDA"]
    )
    several.attrs = force.attrs
    _, drawn = plot.fan(several, by="area")
    assert list(dict.fromkeys(drawn["area"])) == ["Kyrgyzstan", "Albania", "Moldova"]


def test_labels_at_line_ends_do_not_overlap(force):
    near = {f"series number {i}": force * (1 + i / 1000) for i in range(8)}
    for one in near.values():
        one.attrs = force.attrs
    axes, _ = plot.fan(near)
    boxes = sorted((text.get_window_extent() for text in axes.texts), key=lambda box: box.y0)
    assert len(boxes) == 8
    assert all(low.y1 <= high.y0 + 1e-6 for low, high in itertools.pairwise(boxes))


def test_fan_never_joins_a_break_or_a_gap(force):
    line = force.isel(member=0, drop=True)
    line.attrs = force.attrs
    at = xr.DataArray([False, True, False], {"time": line.time}, "time")
    axes, drawn = plot.fan(status.mark(line, "break", at=at))
    assert [len(each.get_xdata()) for each in axes.lines] == [1, 2]
    assert "Break in series, not joined: 2030" in drawn.attrs["foot"]
    axes, drawn = plot.fan(line.where(~at).assign_attrs(line.attrs))
    assert [len(each.get_xdata()) for each in axes.lines] == [1, 1]
    assert "Missing, left as gaps: 2030" in drawn.attrs["foot"]


def test_fan_of_flows_stands_in_the_middle_of_its_intervals():
    x = xr.DataArray(
        [1.0, 2.0],
        {
            "period": np.array(["2020-01-01", "2025-01-01"], "M8[s]"),
            "period_end": ("period", np.array(["2025-01-01", "2030-01-01"], "M8[s]")),
        },
        "period",
        attrs={"units": "person/year"},
    )
    axes, drawn = plot.fan(x)
    np.testing.assert_allclose(axes.lines[0].get_xdata(), [2022.5, 2027.5])
    assert drawn["period_end"].iloc[-1] == np.datetime64("2030-01-01")


def test_a_missing_member_makes_the_cell_missing(force):
    holes = force.copy()
    holes[0, 1] = np.nan
    _, drawn = plot.fan(holes)
    assert drawn["value"].isna().tolist() == [False, True, False]


def test_bars_keep_the_order_and_name_the_limits(posts):
    axes, drawn = plot.bars(posts, limits={"cap": 1500.0})
    bars = drawn[drawn["kind"] == "bar"]
    assert bars["value"].tolist() == [800.0, 1200.0, 400.0]
    assert bars["name"].iloc[0] == "Elementary occupations"
    assert drawn[drawn["kind"] == "limit"][["name", "value"]].to_numpy().tolist() == [
        ["cap", 1500.0]
    ]
    assert [bar.get_width() for bar in axes.patches] == [800.0, 1200.0, 400.0]
    assert "cap 1 500" in _texts(axes.figure).replace("\u2009", " ")


def test_bars_limits_are_converted_and_aligned(posts):
    floor = xr.DataArray(
        [0.3, 0.5, 0.7],
        {"occupation": ["5", "9", "2"]},
        "occupation",
        attrs={"units": "thousand post"},
    )
    _, drawn = plot.bars(posts, limits={"floor": floor})
    lines = drawn[drawn["kind"] == "limit"].set_index("occupation")["value"]
    np.testing.assert_allclose(lines[["9", "2", "5"]], [500.0, 700.0, 300.0])


def test_bars_by_sex_with_whiskers():
    x = xr.DataArray(
        np.arange(12.0).reshape(2, 2, 3),
        {"lever": ["hours", "later_exit"], "sex": ["F", "M"], "member": [0, 1, 2]},
        ("lever", "sex", "member"),
        attrs={"units": "percent", "long_name": "effect"},
    )
    axes, drawn = plot.bars(x, across="lever", by="sex", intervals=0.5)
    assert drawn["sex"].tolist() == ["Female", "Male"] * 2
    np.testing.assert_allclose(drawn["value"], [1, 4, 7, 10])
    np.testing.assert_allclose(drawn["low"], [0.5, 3.5, 6.5, 9.5])
    assert [text.get_text() for text in axes.get_legend().texts] == ["Female", "Male"]
    assert plot.bars(x, across="lever", by="sex", intervals=None)[1]["low"].isna().all()


def test_names_of_limits_do_not_overlap(posts):
    limits = {f"threshold number {i}": 700.0 + 5 * i for i in range(4)}
    axes, _ = plot.bars(posts, limits=limits)
    boxes = [text.get_window_extent() for text in axes.texts if "threshold" in text.get_text()]
    assert len(boxes) == 4
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[i + 1 :])


def test_balance_side_by_side(ledger):
    axes, drawn = plot.balance(ledger)
    assert len(axes) == 2
    assert axes[0].get_xlim() == axes[1].get_xlim()
    assert drawn["unit"].unique().tolist() == ["million EUR"]
    np.testing.assert_allclose(drawn["value"], [42, 6, -9, 17, 4, -3])
    np.testing.assert_allclose(drawn["high"] - drawn["low"], 3.2)
    assert drawn["name"].iloc[2] == "Country of origin"
    assert "at prices of 2020" in drawn.attrs["subtitle"]
    assert not drawn["name"].str.contains("otal").any()


def test_balance_takes_mappings_in_any_order_and_datasets(ledger):
    home, mix = (ledger.sel(against=name, drop=True) for name in ("home", "mix"))
    several = {"against_home": home, "against_mix": mix.isel(actor=[2, 0, 1])}
    one = plot.balance(ledger)[1]
    assert one.equals(plot.balance(several)[1])
    together = xr.Dataset({"home": home, "mix": mix}, attrs={"references": "A source (2024)"})
    other = plot.balance(together)[1]
    assert one.equals(other)
    assert "Source: A source (2024)" in other.attrs["foot"]


def test_slopes(ledger):
    ratio = xr.DataArray(31.2, attrs={"units": "percent", "long_name": "old-age ratio"})
    posts = xr.DataArray(
        [9e4, 1e5, 1.1e5],
        {"member": [0, 1, 2]},
        "member",
        attrs={"units": "person", "long_name": "unfilled posts"},
    )
    sdg = xr.DataArray(66.0, attrs={"units": "percent", "long_name": "SDG 10.7.2"})
    before = {"posts": posts, "ratio": ratio, "sdg": sdg}
    after = {"ratio": ratio - 1, "posts": posts * 0.5}
    for name, one in after.items():
        one.attrs = before[name].attrs
    axes, drawn = plot.slopes(before, after, unaffected={"sdg": "governments' own answers"})
    assert len(axes) == 3
    rows = drawn.set_index(["indicator", "moment"])
    assert rows.loc[("posts", "after"), ["value", "unit"]].tolist() == [50.0, "thousand person"]
    assert rows.loc[("ratio", "after"), "value"] == pytest.approx(30.2)
    assert ("sdg", "after") not in rows.index
    assert not rows.loc[("sdg", "before"), "affected"]
    panel = " ".join(" ".join(text.get_text() for text in axes[2].texts).split())
    assert "not affected by construction" in panel
    assert "governments' own answers" in drawn.attrs["foot"]
    # A small change does not fill the panel.
    low, high = axes[1].get_ylim()
    assert 1.0 / (high - low) < 0.2


def test_slopes_say_where_there_is_no_value():
    x = xr.DataArray(3.0, attrs={"units": "percent", "long_name": "gap"})
    axes, drawn = plot.slopes({"gap": x}, {"gap": x.where(False).assign_attrs(x.attrs)})
    assert "no value" in [text.get_text() for text in axes[0].texts]
    assert "Missing, left as gaps: Gap, after" in drawn.attrs["foot"]


def test_heat(posts):
    x = xr.DataArray(
        [[1e5, 2e5, np.nan], [3e5, 4e5, 5e5]],
        {"origin": ["MDA", "ALB"], "destination": ["DEU", "ITA", "ROU"]},
        ("origin", "destination"),
        attrs={"units": "person", "long_name": "stock"},
    )
    x = status.mark(x, "suppressed", at=x.isnull())
    axes, drawn = plot.heat(x, "origin", "destination")
    assert drawn["value"].tolist()[:2] == [100.0, 200.0]
    assert drawn["column"].tolist()[:3] == ["Germany", "Italy", "Romania"]
    assert drawn.attrs["foot"] == "Missing, left as gaps: Moldova, Romania (suppressed)"
    assert {text.get_text() for text in axes.texts} == {"100", "200", "300", "400", "500"}
    turned = plot.heat(x, "destination", "origin")[1]
    assert turned["value"].iloc[2] == 200.0


def test_given_axes_are_used_and_pyplot_stays_out(population, force, posts, ledger):
    import sys

    figure = Figure((10, 8), layout="constrained")
    grid = figure.subplots(2, 3)
    assert plot.pyramid(population, axes=grid[0, 0])[0] is grid[0, 0]
    both = {"a": force, "b": force}
    assert plot.fan(both, axes=grid[0, 1])[0] is grid[0, 1]
    assert plot.bars(posts, limits={"cap": 900}, axes=grid[0, 2])[0] is grid[0, 2]
    assert plot.balance(ledger, axes=grid[1, :2])[0] == tuple(grid[1, :2])
    assert grid[0, 2].get_title(loc="left") == "Unfilled posts"
    plain = Figure().subplots()
    plot.fan(both, axes=plain)
    assert [text.get_text() for text in plain.get_legend().texts] == ["a", "b"]
    assert "matplotlib.pyplot" not in sys.modules


def test_lazy_arrays_are_drawn(force):
    pytest.importorskip("dask")
    one, other = plot.fan(force)[1], plot.fan(force.chunk({"member": 2}))[1]
    assert one.equals(other)


def test_inputs_are_not_changed(population, ledger):
    kept = population.copy(deep=True), ledger.copy(deep=True)
    plot.pyramid(population)
    plot.balance(ledger)
    assert kept[0].identical(population)
    assert kept[1].identical(ledger)
