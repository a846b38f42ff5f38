"""The list of formulas: what was read where, and that the classes say the same."""

from __future__ import annotations

import csv
import importlib.util
import re
from pathlib import Path

import pytest

from migov.core import catalogue

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "reference" / "formulas.csv"
YEAR = re.compile(r"\b(18|19|20)\d\d\b")


@pytest.fixture(scope="module")
def formulas():
    if not LIST.is_file():
        pytest.skip("the pages are not beside the tests")
    return {row["id"]: row for row in csv.DictReader(LIST.read_text("utf-8").splitlines())}


def test_every_source_outside_has_a_year(formulas):
    without = [
        f"{ident}: {text}"
        for ident in formulas
        for text in catalogue.get(ident).info.references
        if not YEAR.search(text) and not text.startswith("own")
    ]
    assert not without


def test_own_definitions_give_their_reason(formulas):
    for row in formulas.values():
        assert (row["checked"] == "own") == row["source"].startswith("own"), row["id"]
        if row["checked"] == "own":
            assert len(row["source"].split()) >= 3, row["id"]
        else:
            assert YEAR.search(row["source"]), row["id"]


def test_what_could_not_be_read_is_told_on_both_pages(formulas):
    recalled = {ident for ident, row in formulas.items() if row["checked"] == "recalled"}
    assert len(recalled) <= 6
    for ident in recalled:
        assert YEAR.search(formulas[ident]["source"]), ident
    for ident in recalled - {"migrant_stock_growth"}:  # there the title says that it is
        assert any("as recalled" in text for text in catalogue.get(ident).info.references), ident


def test_the_page_counts_the_list(formulas):
    tool = ROOT / "docs" / "_extensions" / "indicators_reference.py"
    if not tool.is_file():
        pytest.skip("the pages are not beside the tests")
    spec = importlib.util.spec_from_file_location("indicators_reference", tool)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = module.formulas()
    counts = [int(n) for n in re.findall(r"^## .* \((\d+)\)$", page, re.MULTILINE)]
    assert sum(counts) == len(formulas)
    assert counts[-1] == sum(row["checked"] == "recalled" for row in formulas.values())
    for ident in formulas:
        assert f"| `{ident}` |" in page
