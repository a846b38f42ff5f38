"""Write the catalogue's index and the room's ``__init__`` from the indicator classes.

Run ``python tools/index.py`` after an indicator was added or renamed; a test compares.
"""

from __future__ import annotations

import importlib
import pprint
from pathlib import Path

ROOM = Path(__file__).parents[1] / "src" / "migov" / "indicators"
SKIP = {"__init__", "_index", "inputs"}


def classes() -> list[type]:
    """Return the indicator classes of all themes, in order of module and place."""
    from migov.core.indicator import Indicator

    found = []
    for path in sorted(ROOM.glob("*.py")):
        if path.stem in SKIP or path.stem.startswith("_") or path.stem.startswith("kernels"):
            continue
        module = importlib.import_module(f"migov.indicators.{path.stem}")
        found += [
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, Indicator)
            and hasattr(value, "info")
            and value.__module__ == module.__name__
        ]
    return found


def index_text(found: list[type]) -> str:
    """Return the text of ``_index.py``."""
    import attrs

    from migov.core.catalogue import entry_of

    lines = sorted(attrs.astuple(entry_of(cls))[:-1] for cls in found)  # type: ignore[arg-type]
    body = pprint.pformat(tuple(lines), width=96)
    head = '"""The catalogue\'s lines, written by tools/index.py from the classes."""\n\n'
    kind = "tuple[tuple[Any, ...], ...]"
    return f"{head}from typing import Any\n\n# fmt: off\nENTRIES: {kind} = (\n {body[1:]}\n"


def init_text(found: list[type]) -> str:
    """Return the text of ``__init__.py``."""
    by_name = {cls.__name__: cls.__module__ for cls in sorted(found, key=lambda c: c.__name__)}
    assert len(by_name) == len(found), "two classes share a name"
    typed = [
        f"    from {module} import {name} as {name}"
        for name, module in sorted(by_name.items(), key=lambda item: (item[1], item[0]))
    ]
    names = "\n".join(f'    "{name}",' for name in sorted(by_name))
    table = "\n".join(f'            "{name}": "{module}",' for name, module in by_name.items())
    return (
        '"""The catalogue\'s classes, one file a theme; written by tools/index.py."""\n\n'
        "# fmt: off\n# ruff: noqa: E501, I001\n"
        "from typing import TYPE_CHECKING\n\nfrom migov._lazy import attach\n\n"
        "if TYPE_CHECKING:\n" + "\n".join(typed) + "\n\n"
        f"__all__ = [\n{names}\n]\n\n"
        "if not TYPE_CHECKING:\n"
        "    __getattr__, __dir__ = attach(\n        __name__,\n        {\n"
        f"{table}\n        }},\n    )\n"
    )


def main() -> None:
    """Write both files."""
    found = classes()
    (ROOM / "_index.py").write_text(index_text(found), encoding="utf-8")
    (ROOM / "__init__.py").write_text(init_text(found), encoding="utf-8")


if __name__ == "__main__":
    main()
