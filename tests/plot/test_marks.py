"""Stylised marks, units and numbers in words, sources, styles, files."""

from __future__ import annotations

import builtins
import hashlib
import sys

import numpy as np
import pytest
import xarray as xr

from migov import plot
from migov.core import status
from migov.core.errors import ExtraError
from migov.plot import amounts, labels, sheet, theme


def _draw(name, population, force, posts, ledger):
    ratio = xr.DataArray(3.0, attrs={"units": "percent", "long_name": "ratio"})
    flat = xr.DataArray(
        [[1.0, 2.0]],
        {"origin": ["MDA"], "destination": ["DEU", "ITA"]},
        ("origin", "destination"),
        attrs={"units": "percent", "long_name": "share"},
    )
    made = {
        "pyramid": (plot.pyramid, population),
        "fan": (plot.fan, force),
        "bars": (plot.bars, posts),
        "balance": (plot.balance, ledger),
        "heat": (lambda x: plot.heat(x, "origin", "destination"), flat),
        "slopes": (lambda x: plot.slopes({"ratio": x}, {"ratio": x}), ratio),
    }
    return made[name]


ALL = ["pyramid", "fan", "bars", "balance", "heat", "slopes"]


@pytest.mark.parametrize("name", ALL)
def test_stylised_stands_in_the_title(name, population, force, posts, ledger):
    draw, x = _draw(name, population, force, posts, ledger)
    axes, drawn = draw(x)
    assert "stylised" not in drawn.attrs["title"].lower()
    axes, drawn = draw(status.mark(x, "stylised"))
    assert drawn.attrs["title"].endswith("(stylised)")
    first = axes[0] if isinstance(axes, tuple) else axes
    written = " ".join(first.figure.texts[0].get_text().split())
    assert written == drawn.attrs["title"]


def test_one_stylised_bar_is_hatched_and_named(posts):
    at = xr.DataArray([False, True, False], {"occupation": posts.occupation}, "occupation")
    axes, drawn = plot.bars(status.mark(posts, "stylised", at=at))
    assert drawn.attrs["title"] == "Unfilled posts (partly stylised)"
    assert "Stylised: Professionals" in drawn.attrs["foot"]
    assert [bool(bar.get_hatch()) for bar in axes.patches] == [False, True, False]


def test_a_stylised_value_that_is_missing_is_not_drawn_nor_marked(posts):
    at = xr.DataArray([False, True, False], {"occupation": posts.occupation}, "occupation")
    x = posts.where(~at).assign_attrs(posts.attrs)
    _, drawn = plot.bars(status.mark(x, "stylised", at=at))
    assert drawn.attrs["title"] == "Unfilled posts"


def test_a_stylised_outline_or_limit_is_marked(population, posts):
    _, drawn = plot.pyramid(population, compare=status.mark(population, "stylised"))
    assert "stylised" in drawn.attrs["title"]
    assert "Stylised: outline" in drawn.attrs["foot"]
    cap = status.mark(xr.DataArray(900.0, attrs={"units": "post"}), "stylised")
    _, drawn = plot.bars(posts, limits={"cap": cap})
    assert "partly stylised" in drawn.attrs["title"]
    assert "Stylised: cap" in drawn.attrs["foot"]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("style", ["notebook", "page", "column"])
def test_nothing_leaves_the_figure(name, style, population, force, posts, ledger):
    """Every text lies within the page, and the head lies on nothing."""
    draw, x = _draw(name, population, force, posts, ledger)
    with plot.style(style):
        axes, _ = draw(status.mark(x, "stylised"))
    first = axes[0] if isinstance(axes, tuple) else axes
    figure = first.figure
    page = figure.bbox
    texts = [text for text in figure.texts if text.get_text()]
    for one in figure.axes:
        texts += [text for text in one.texts if text.get_text()]
        for axis in (one.xaxis, one.yaxis):
            low, high = sorted(axis.get_view_interval())
            inside = zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
            texts += [t for at, t in inside if low <= at <= high and t.get_text()]
    for text in texts:
        box = text.get_window_extent()
        assert box.x0 >= page.x0 - 1, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert box.y0 >= page.y0 - 1, text.get_text()
        assert box.y1 <= page.y1 + 1, text.get_text()
    title, subtitle = (text.get_window_extent() for text in figure.texts[:2])
    assert not title.overlaps(subtitle)
    for one in figure.axes:
        assert one.get_window_extent().y1 <= subtitle.y0


def test_units_and_numbers():
    assert amounts.readable("person", 9_999) == "person"
    assert amounts.readable("person", 10_000) == "thousand person"
    assert amounts.readable("person", 999_999.9) == "million person"
    assert amounts.readable("million EUR", 4_200) == "billion EUR"
    assert amounts.readable("billion person", 1e-9) == "person"
    assert amounts.readable("percent", 1e6) == "percent"
    assert amounts.unit_text("per_thousand/year") == "per 1\u2009000 per year"
    assert amounts.unit_text("percentage_point") == "percentage points"
    assert amounts.written(-1234567.0) == "\u22121\u2009234\u2009567"
    assert amounts.written(-0.2) == "0"


def test_scaled_values_are_the_given_ones(population):
    small = population.copy(data=population.values / 1e4).assign_attrs(population.attrs)
    for x in (small, population, population.copy(data=population.values * 1e4)):
        _, drawn = plot.pyramid(x.assign_attrs(population.attrs))
        scale = {"person": 1, "thousand person": 1e3, "million person": 1e6, "billion person": 1e9}
        back = drawn["value"] * drawn["unit"].map(scale)
        assert back.sum() == pytest.approx(x.sum().item(), rel=1e-12)


def test_sources_are_shortened(posts):
    long = "International Labour Organization (2024), " + "a table of a table " * 20
    _, drawn = plot.bars(posts.assign_attrs(references=long))
    line = drawn.attrs["foot"]
    assert line.startswith("Source: International Labour Organization (2024)")
    assert line.endswith("…")
    assert len(line) < 180


@pytest.mark.parametrize("given", [False, True])
def test_dollar_signs_are_no_formula(posts, given):
    from matplotlib.figure import Figure

    axes, _ = plot.bars(
        posts.assign_attrs(references="Costs of $1_000 and $2^3"),
        title="From $5 to $6_a",
        limits={"$1 or $2": 900},
        axes=Figure().subplots() if given else None,
    )
    from matplotlib.text import Text

    found = [text for text in axes.figure.findobj(Text) if "$" in text.get_text()]
    assert len(found) == 3
    assert not any(text.get_parse_math() for text in found)
    axes.figure.draw_without_rendering()


def test_codes_of_another_classification_stand_for_themselves(posts):
    posts.coords["occupation"].attrs["classification"] = "KldB 2010"
    assert labels.along(posts, "occupation") == ["9", "2", "5"]


def test_an_indicator_shows_the_definitions_of_its_inputs(population):
    from migov.core.partition import total
    from migov.indicators import OldAgeDependencyRatio

    ratio = OldAgeDependencyRatio(lower=20)(total(population, "sex"))
    assert labels.definition(ratio) == "UN World Population Prospects 2024 (WPP 2024)"


def test_places_are_spread_by_as_little_as_needed():
    rng = np.random.default_rng(4)
    for _ in range(50):
        places = rng.uniform(0, 10, 7)
        moved = sheet.spread_out(places.tolist(), 1.0)
        gaps = np.diff(np.sort(moved))
        assert np.all(gaps >= 1 - 1e-9)
        assert np.array_equal(np.argsort(moved), np.argsort(places))
    assert sheet.spread_out([0.0, 3.0], 1.0).tolist() == [0.0, 3.0]


def test_style_is_local():
    before = theme.current()
    with plot.style("column") as outer:
        assert theme.current() is outer
        with plot.style(outer, font=9):
            assert theme.current().font == 9
        assert theme.current() is outer
    assert theme.current() is before


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_files_have_the_same_bytes(tmp_path, force, suffix):
    sums = set()
    for i in range(2):
        axes, _ = plot.fan(force)
        path = plot.save(axes, tmp_path / f"{i}.{suffix}", dpi=80)
        content = path.read_bytes()
        assert b"matplotlib" not in content.lower() or suffix == "svg"
        sums.add(hashlib.sha256(content).hexdigest())
    assert len(sums) == 1


def test_save_takes_figures_and_tuples_and_keeps_the_size(tmp_path, ledger):
    from PIL import Image

    axes, _ = plot.balance(ledger)
    path = plot.save(axes, tmp_path / "a.png")
    with Image.open(path) as image:
        assert image.size == (640, 400)
    assert plot.save(axes[0].figure, tmp_path / "b.png").read_bytes() == path.read_bytes()


def test_without_matplotlib_the_extra_is_named(monkeypatch, population, force, posts, ledger):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    for name in ALL:
        draw, x = _draw(name, population, force, posts, ledger)
        with pytest.raises(ExtraError, match=r"migov\[plot\]"):
            draw(x)
