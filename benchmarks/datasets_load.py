"""What reading the packaged figures costs beyond reading their text."""

from __future__ import annotations

import tomllib
from importlib import resources

import pandas as pd
from compare import Row, ratio

from migov.datasets import load, packaged


def checked() -> None:
    """Read the figures anew: units, labels, sources and statuses of each are looked at."""
    packaged._load.cache_clear()
    load("outlook")


def text() -> dict[str, pd.DataFrame]:
    """Read the same files as text, and look at nothing."""
    folder = resources.files("migov.datasets") / "data" / "outlook"
    tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))
    tables = {}
    for path in folder.iterdir():
        if path.name.endswith(".csv"):
            with path.open(encoding="utf-8") as file:
                tables[path.name] = pd.read_csv(file, dtype=str, keep_default_na=False)
    return tables


def rows(small: bool = False) -> list[Row]:
    """Return the row on the packaged figures."""
    lines, figures = sum(map(len, text().values())), load("outlook")
    assert len(list(figures)) > 20
    assert lines > 1_000
    size = f"{len(list(figures))} figures from {lines:,} lines"
    measured = ratio(checked, text, seconds=0.1 if small else 0.5)
    return [Row("load packaged figures", size, "reading their text", "≤ 12", measured)]


def test_load(benchmark):
    """All figures of the outlook, read anew."""
    benchmark(checked)
    assert len(list(load("outlook"))) > 20
