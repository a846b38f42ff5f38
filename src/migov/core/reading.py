"""What reading a column of labels takes and gives: rules in, places along a dimension out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

TOTAL, FAULTY = -1, -2
"""Places of labels that are totals, and of labels that could not be read."""


@attrs.frozen(kw_only=True)
class Rules:
    """How labels are read, as the call of ``from_frame`` says."""

    where: str
    time: str | None = None
    open_age: float | None = None
    age_width: float | None = None
    scheme: str = "ISCO-08"
    drop_totals: bool = True
    spellings: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True, eq=False)
class Reading:
    """What the distinct labels of one column say.

    ``places`` {distinct label} is the place of each along ``labels``, or :data:`TOTAL` or
    :data:`FAULTY`; ``parts`` names for each total of the distinct labels the places of its parts.
    Faults name a distinct label by its number, or None for the column.
    """

    dimension: str
    labels: NDArray[Any]
    places: NDArray[np.intp]
    beside: Mapping[str, NDArray[Any]] = attrs.field(factory=dict)
    parts: Mapping[int, NDArray[np.intp]] = attrs.field(factory=dict)
    faults: Sequence[tuple[int | None, str]] = ()


def plain(label: object) -> str:
    """Return a label as text; whole numbers that became floats lose their ``.0``.

    Examples
    --------
    >>> plain(8.0), plain(" DEU ")
    ('8', 'DEU')
    """
    if isinstance(label, float | np.floating) and float(label).is_integer():
        return str(int(label))
    return str(label).strip()


def tiles(
    group: tuple[float, float], others: Sequence[tuple[float, float]]
) -> list[tuple[float, float]] | None:
    """Return the groups that fill another without gap or overlap, the fewest, or None.

    Parameters
    ----------
    group : (float, float)
        Lower and upper end.
    others : sequence of (float, float)
        Groups to fill it with.

    Examples
    --------
    >>> tiles((15, 25), [(15, 20), (20, 25), (20, 30), (25, 30)])
    [(15, 20), (20, 25)]
    """
    inside = sorted(o for o in others if o != group and group[0] <= o[0] and o[1] <= group[1])
    ways: dict[float, list[tuple[float, float]]] = {group[0]: []}
    for lower, upper in inside:
        if lower in ways and upper > lower:
            way = [*ways[lower], (lower, upper)]
            if upper not in ways or len(way) > len(ways[upper]):
                ways[upper] = way
    return ways.get(group[1])
