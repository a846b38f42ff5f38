"""The table of rooms, as contracts for import-linter.

The table stands once, in ``[tool.migov.rooms]`` of pyproject.toml. ``python tools/rooms.py
check`` writes the contracts of the rooms that exist and checks them; ``python tools/rooms.py
show`` prints them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "migov"
LABELLED = ["pandas", "xarray", "pint"]
"""What no kernel loads."""


def table() -> dict[str, list[str]]:
    """Return the rooms that each room may import; ``*`` is every room above it."""
    given = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["migov"]["rooms"]
    names = list(given)
    return {
        room: names[: names.index(room)] if allowed == ["*"] else list(allowed)
        for room, allowed in given.items()
    }


def present() -> list[str]:
    """Return the rooms that exist in the source tree, in the order of the table."""
    return [room for room in table() if (PACKAGE / room / "__init__.py").is_file()]


def unlisted() -> list[str]:
    """Return the packages of the source tree that the table does not name."""
    return sorted(
        folder.parent.name
        for folder in PACKAGE.glob("*/__init__.py")
        if folder.parent.name not in table()
    )


def contracts() -> str:
    """Return the configuration of import-linter for the rooms that exist."""
    rooms, rules = present(), table()
    lines = [
        "[importlinter]",
        "root_package = migov",
        "include_external_packages = True",
    ]
    for room in rooms:
        forbidden = [f"migov.{other}" for other in rooms if other not in (room, *rules[room])]
        if room == "numeric":
            forbidden += LABELLED
        if not forbidden:
            continue
        lines += [
            "",
            f"[importlinter:contract:{room}]",
            f"name = {room} imports {', '.join(rules[room]) or 'no other room'}",
            "type = forbidden",
            f"source_modules = migov.{room}",
            "forbidden_modules =",
            *(f"    {name}" for name in forbidden),
            "allow_indirect_imports = True",
        ]
    return "\n".join(lines) + "\n"


def told() -> dict[str, str]:
    """Return the rooms of the page on the architecture, and what it says they may import."""
    text = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE)
    first = dict(reversed(rows))
    return {room: first[room].strip() for room in table() if room in first}


def expected() -> dict[str, str]:
    """Return what the page on the architecture has to say."""
    names = list(table())
    return {
        room: "all above" if i > 1 and allowed == names[:i] else ", ".join(allowed) or "nothing"
        for i, (room, allowed) in enumerate(table().items())
    }


def check() -> int:
    """Run import-linter over the contracts; a table that is out of step is a fault too."""
    if unlisted():
        print(f"not in the table of rooms: {', '.join(unlisted())}")
        return 1
    if told() != expected():
        print("docs/explanation/architecture.md and [tool.migov.rooms] differ")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "importlinter.ini"
        path.write_text(contracts())
        command = ["lint-imports", "--no-cache", str(path)]
        source = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
        return subprocess.run(command, env=source, check=False).returncode


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        raise SystemExit(check())
    print(contracts())
