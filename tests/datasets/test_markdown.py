"""The reference page is the one that the figures write."""

from __future__ import annotations

from pathlib import Path

import pytest

from migov.core.errors import CodeError
from migov.datasets import load, page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "figures.md"


def test_the_page_in_the_documentation_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page("outlook")


def test_the_page_names_every_series_source_and_gap():
    figures, text = load("outlook"), page()
    for name in figures:
        assert text.count(f"| `{name}` |") == 1
        assert figures[name].long_name in text
    for key in figures.citations["key"]:
        anchor = key.replace("_", "-")
        assert text.count(f"({anchor})=\n") == 1
        assert f"(#{anchor})" in text
    for what in figures.missing()["what"]:
        assert what in text


def test_tables_of_the_page_have_rows_of_one_length():
    width = None
    for line in page().splitlines():
        if line.startswith("|"):
            cells = line.count("|")
            assert width in (None, cells)
            width = cells
        else:
            width = None


def test_unknown_data_set_has_no_page():
    with pytest.raises(CodeError, match="nothing"):
        page("nothing")
