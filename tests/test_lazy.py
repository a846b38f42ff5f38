"""Names that load on first use: what checkers see, what ``dir`` lists, what resolves."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

import migov
from migov._lazy import attach

PACKAGE = Path(migov.__file__).parent


def _seen_by_checkers(path: Path) -> dict[str, tuple[str, str]]:
    """Return module and original name of each import in the TYPE_CHECKING block of a file."""
    found: dict[str, tuple[str, str]] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for line in node.body:
                assert isinstance(line, ast.ImportFrom), ast.unparse(line)
                for alias in line.names:
                    if alias.name != "*":
                        assert alias.asname == alias.name, f"{alias.name} is not re-exported"
                    found[alias.asname or alias.name] = (line.module or "", alias.name)
    return found


def _lazy_packages() -> list[str]:
    return [
        ".".join(path.parent.relative_to(PACKAGE.parent).parts)
        for path in sorted(PACKAGE.rglob("__init__.py"))
        if "attach(" in path.read_text(encoding="utf-8") and path.parent != PACKAGE
    ]


def _resolved(module: str, name: str) -> object:
    loaded = import_module(module)
    return getattr(loaded, name) if hasattr(loaded, name) else import_module(f"{module}.{name}")


@pytest.mark.parametrize("package", _lazy_packages())
def test_table_all_and_block_agree(package):
    room = import_module(package)
    seen = _seen_by_checkers(Path(room.__file__))
    assert sorted(room.__all__) == sorted(seen)
    assert len(set(room.__all__)) == len(room.__all__)
    assert set(seen) <= set(dir(room))
    for name, (module, original) in seen.items():
        assert getattr(room, name) is _resolved(module, original), name
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = room.no_such_name


def test_root_block_agrees_with_what_loads():
    seen = _seen_by_checkers(PACKAGE / "__init__.py")
    assert seen.pop("*", ("migov.indicators", "*"))[0] == "migov.indicators"
    assert set(seen) <= set(dir(migov))
    for name, (module, original) in seen.items():
        assert getattr(migov, name) is _resolved(module, original), name
    hidden = {name for name in dir(migov) if not name.startswith("_")} - set(seen)
    modules = {path.stem for path in PACKAGE.iterdir()} | {"sys", "import_module"}
    assert hidden <= set(migov.indicators.__all__) | modules, hidden


def test_every_indicator_is_a_name_of_the_root():
    for name in migov.indicators.__all__:
        assert getattr(migov, name) is getattr(migov.indicators, name)


def test_unknown_name_of_the_root():
    with pytest.raises(AttributeError, match="Thnig"):
        _ = migov.Thnig


def test_attach_lists_its_table_and_loads_modules_by_their_own_name():
    load, names = attach("migov", {"core": "migov.core", "Case": "migov.core.cases"})
    assert {"core", "Case"} <= set(names())
    assert load("core") is import_module("migov.core")
    assert load("Case") is import_module("migov.core.cases").Case
