"""Rooms that load when first used, without hiding their types from checkers.

A room's ``__init__`` imports its names under ``if TYPE_CHECKING`` and takes ``__getattr__``
and ``__dir__`` from here under ``if not TYPE_CHECKING``: importing a kernel of the room then
loads neither pandas nor xarray.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def attach(
    package: str, table: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package whose names load on first use.

    Parameters
    ----------
    package : str
        The package's ``__name__``.
    table : mapping of str to str
        Module of each name; a name whose module is ``package.name`` is that module itself.
    """

    def load(name: str) -> Any:
        module = table.get(name)
        if module is None:
            # name and obj let Python suggest the name that was meant
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=sys.modules[package])
        loaded = import_module(module)
        value = loaded if module == f"{package}.{name}" else getattr(loaded, name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*table, *vars(sys.modules[package])} - {"TYPE_CHECKING", "attach"})

    return load, names
