"""The reference pages: one a room, written from the names that the room offers.

Pages are written before Sphinx looks for its sources, so a new name or a new room needs no
page by hand.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import migov

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).parents[1]
FOLDER = HERE / "reference" / "api"
OTHERS = ("indicators",)
"""Rooms whose reference is a section of its own."""
CORE_MODULES = (
    "errors", "vocabulary", "units", "times", "ages", "areas", "definition", "definitions",
    "status", "align", "partition", "combine", "inputs", "indicator", "catalogue", "explain",
)  # fmt: skip


def heading(title: str, mark: str = "=") -> str:
    """Return a title of reStructuredText."""
    return f"{title}\n{mark * len(title)}\n"


def first_line(thing: Any) -> str:
    """Return the first line of a docstring."""
    return (thing.__doc__ or "").strip().partition("\n")[0]


def listing(package: str, names: list[str]) -> str:
    """Return a table of names, each with a page of its own."""
    rows = "\n".join(f"   {name}" for name in names)
    return (
        f".. currentmodule:: {package}\n\n.. autosummary::\n   :toctree: ../generated\n"
        f"   :nosignatures:\n\n{rows}\n"
    )


def modules(package: str, chosen: tuple[str, ...] = ()) -> str:
    """Return the modules of a package, with all their members on the page."""
    room = import_module(package)
    found = [info.name for info in pkgutil.iter_modules(room.__path__) if info.name[0] != "_"]
    parts = []
    for name in [name for name in chosen or found if name in found]:
        full = f"{package}.{name}"
        parts += [heading(full, "-"), f".. automodule:: {full}\n   :members:\n"]
    return "\n".join(parts)


def room_page(room: str) -> str:
    """Return the page of a room: what it offers, else its modules."""
    full = f"migov.{room}"
    package = import_module(full)
    names = sorted(getattr(package, "__all__", ()), key=str.lower)
    things = [name for name in names if not isinstance(getattr(package, name), ModuleType)]
    inner = tuple(name for name in names if name not in things)
    text = f"{heading(full)}\n{first_line(package)}\n\n"
    if things:
        text += listing(full, things) + "\n"
    if inner or not names:
        text += modules(full, inner)
    return text


def core_page() -> str:
    """Return the page of the core: the verbs of the root, then the modules behind them."""
    rooms = {info.name for info in pkgutil.iter_modules(migov.__path__)}
    indicators = set(import_module("migov.indicators").__all__)
    names = [
        name
        for name in sorted(dir(migov), key=str.lower)
        if name[0] != "_"
        and name not in rooms | indicators
        and not isinstance(getattr(migov, name), ModuleType)
        and getattr(getattr(migov, name), "__module__", "").startswith("migov.")
    ]
    text = f"{heading('migov')}\n{first_line(migov)}\n\n{listing('migov', names)}\n"
    return text + modules("migov.core", CORE_MODULES)


def write() -> None:
    """Write the pages whose text has changed, and remove those of rooms that are gone."""
    rooms = [
        info.name
        for info in pkgutil.iter_modules(migov.__path__)
        if info.ispkg and info.name not in ("core", *OTHERS)
    ]
    pages = {"core": core_page(), **{room: room_page(room) for room in rooms}}
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.rst"):
        if path.stem not in pages:
            path.unlink()
    for name, text in pages.items():
        path = FOLDER / f"{name}.rst"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages now, since Sphinx lists its sources right after the extensions load."""
    del app
    write()
    return {"parallel_read_safe": True}
