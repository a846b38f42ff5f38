"""The shapes of contracts: what an input is, where it comes from, and what is particular to it.

A contract reads ``flow("live births", "civil registration", collector=STATES)``; what is not named
is as in :class:`migov.Input`.
"""

from __future__ import annotations

from typing import Literal, TypedDict, Unpack

from migov.core.inputs import Input, Values

ORIGIN = ("origin",)
BOTH = ("origin", "destination")
STATES = ("origin", "transit", "destination")
"""States that collect an input; the destination alone where a contract names none."""


class Particular(TypedDict, total=False):
    """What a contract may say beside title, unit and sources, as in :class:`migov.Input`."""

    needs: tuple[str, ...]
    role: str
    collector: tuple[str, ...]
    definition: Literal["", "needed"]
    asks: tuple[str, ...]
    values: Values
    prices: Literal["", "current", "index"]
    join: Literal["", "year"]
    lacks: tuple[str, ...]
    missing: Literal["propagate", "skip"]


def stock(
    title: str, sources: str, unit: str = "person", **particular: Unpack[Particular]
) -> Input:
    """Return the contract of a stock: at instants, of persons unless `unit` says otherwise."""
    return Input(title=title, unit=unit, kind="stock", sources=sources, **particular)


def flow(title: str, sources: str, unit: str = "person", **particular: Unpack[Particular]) -> Input:
    """Return the contract of a flow: over periods, of persons unless `unit` says otherwise."""
    return Input(title=title, unit=unit, kind="flow", sources=sources, **particular)


def figure(title: str, sources: str, unit: str, **particular: Unpack[Particular]) -> Input:
    """Return the contract of a rate, share or other figure that may be of a date or a period."""
    return Input(title=title, unit=unit, sources=sources, **particular)
