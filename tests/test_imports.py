"""What importing costs, and what kernels may import."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import migov

PACKAGE = Path(migov.__file__).parent
HEAVY = {"pandas", "xarray", "scipy", "pint", "matplotlib", "dask", "numba"}
LABELLED = {"pandas", "xarray", "pint"}
FOR_KERNELS = {"numpy", "scipy", "numba", "migov"}


def _kernels() -> list[str]:
    """Return the modules of bare arrays: all of numeric, and ``kernels*`` of each room."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[1] == "numeric" or any(part.startswith("kernels") for part in parts[1:]):
            found.append(".".join(part for part in parts if part != "__init__"))
    return found


def _rooms() -> list[str]:
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def _loaded_after(statement: str) -> set[str]:
    """Return the top-level packages that a fresh process has loaded after a statement."""
    code = f"import sys, json; {statement}; print(json.dumps(sorted(sys.modules)))"
    # -I keeps PYTHONPATH and the working folder out; the search path is the test's own.
    paths = f"import sys; sys.path[:] = {sys.path!r}; "
    done = subprocess.run(
        [sys.executable, "-I", "-c", paths + code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def _imported(path: Path) -> set[str]:
    """Return the modules that a file imports anywhere, type-checking blocks included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
    return found


def test_import_migov_is_light():
    assert not _loaded_after("import migov") & HEAVY


@pytest.mark.parametrize("room", _rooms())
def test_import_of_a_room_is_light(room):
    assert not _loaded_after(f"import migov.{room}") & LABELLED


@pytest.mark.parametrize("module", _kernels())
def test_kernels_load_no_labelled_arrays(module):
    assert not _loaded_after(f"import {module}") & LABELLED


@pytest.mark.parametrize("module", _kernels())
def test_kernels_import_numpy_and_scipy_only(module):
    path = PACKAGE.parent / Path(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    imported = _imported(path)
    roots = {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert roots <= FOR_KERNELS, roots - FOR_KERNELS
    ours = {name for name in imported if name.partition(".")[0] == "migov"}
    allowed = {"migov._lazy", "migov.core.errors", "migov.numeric"}
    odd = {
        name
        for name in ours - allowed
        if not name.startswith("migov.numeric.")
        and not any(part.startswith("kernels") for part in name.split("."))
    }
    # A kernel takes others of its kind through their package too: from migov.room import kernels_x
    if path.is_file() and odd:
        names = {f"{name}.{alias}" for name in odd for alias in _names_from(path, name)}
        odd = {n for n in names if not n.rpartition(".")[2].startswith("kernels")}
    assert not odd, odd


def _names_from(path: Path, module: str) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    ]
    return found or [""]


@pytest.mark.parametrize("room", _rooms())
def test_rooms_import_each_other_by_their_modules(room):
    """A room that imports the whole package would go round the table of rooms."""
    allowed = {"__version__", *_rooms()}
    for path in (PACKAGE / room).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert all(alias.name != "migov" for alias in node.names), path
            elif isinstance(node, ast.ImportFrom) and node.module == "migov":
                assert {alias.name for alias in node.names} <= allowed, path


def test_kernels_are_found():
    assert "migov.numeric" in _kernels()
