"""The index and the room's names are those of the classes."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import pytest

import migov.indicators
from migov.core import catalogue

ROOT = Path(__file__).parents[2]


def test_index_and_init_are_written_from_the_classes():
    tool = ROOT / "tools" / "index.py"
    if not tool.is_file():
        pytest.skip("tools are not beside the tests")
    spec = importlib.util.spec_from_file_location("tools_index", tool)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.classes()
    room = Path(migov.indicators.__file__).parent
    assert (room / "_index.py").read_text(encoding="utf-8") == module.index_text(found)
    assert (room / "__init__.py").read_text(encoding="utf-8") == module.init_text(found)


def test_every_formula_says_whether_it_was_checked():
    path = ROOT / "docs" / "reference" / "formulas.csv"
    if not path.is_file():
        pytest.skip("the pages are not beside the tests")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    ours = {
        ident
        for ident in catalogue.ids()
        if catalogue.get(ident).__module__.startswith("migov.indicators.")
    }
    assert [row["id"] for row in rows] == sorted(ours)
    assert {row["checked"] for row in rows} <= {"yes", "own", "recalled"}
    assert all(row["source"] for row in rows)


def test_each_file_belongs_to_one_theme():
    files = [file for held in catalogue.THEMES.values() for file in held]
    own = {entry.theme for entry in catalogue.entries() if entry.place.startswith("migov.")}
    assert sorted(files) == sorted(own)
    found = catalogue.search("remittances", theme="development")
    assert {"remittance_volatility", "sdg_17_3_2"} <= set(found.index)
    whole = sum(len(catalogue.search(theme=theme)) for theme in catalogue.THEMES)
    assert whole == sum(entry.place.startswith("migov.") for entry in catalogue.entries())
