"""Nodes and choices to JSON and back."""

from __future__ import annotations

from typing import Any

import attrs

from migov.composite.methods import method
from migov.composite.tree import Node


def written(node: Node) -> dict[str, Any]:
    """Return the fields of a node that differ from their defaults, as JSON takes them."""
    found = {}
    for field in attrs.fields(Node):
        value = getattr(node, field.name)
        if value != field.default:
            found[field.name] = value.to_dict() if hasattr(value, "to_dict") else value
    return found


def read(told: dict[str, Any]) -> dict[str, Any]:
    """Return fields as they were before they were written.

    Raises
    ------
    ParameterError
        A choice that does not exist.
    """
    found: dict[str, Any] = {}
    for key, value in told.items():
        if isinstance(value, dict):
            found[key] = method(value)
        else:
            found[key] = tuple(value) if isinstance(value, list) else value
    return found
