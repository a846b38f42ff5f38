"""The index and the room's names are those of the classes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

import migov.indicators

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
