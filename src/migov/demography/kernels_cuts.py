"""How arrays of a projection are cut into parts that fit into a cache.

Trailing axes (areas, members, …) are cut into rows, and single ages into groups where rows are
long: numpy works through whole rows several times faster than through parts of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def blocks(shape: tuple[int, ...], most: int) -> Iterator[tuple[slice, ...]]:
    """Cut an array into parts of at most `most` cells, longest runs of the last axis first.

    Parameters
    ----------
    shape : tuple of int
        Of the array.
    most : int
        Cells.

    Yields
    ------
    tuple of slice
    """
    if not shape:
        yield ()
        return
    inner = int(np.prod(shape[1:], dtype=int))
    width = max(1, most // max(1, inner))
    for start in range(0, shape[0], width):
        for rest in blocks(shape[1:], most if inner > most else inner):
            yield (slice(start, min(start + width, shape[0])), *rest)


def part_of(x: Array, lead: tuple[slice, ...], core: int) -> Array:
    """Return the block of an array whose trailing axes may have length one."""
    kept = tuple(
        cut if size > 1 else slice(None) for cut, size in zip(lead, x.shape[core:], strict=True)
    )
    return x[(slice(None),) * core + kept]


def with_trailing(x: Any, core: int, rank: int) -> Array:
    """Return doubles with `rank` trailing axes; missing ones are put in before the others."""
    out = np.asarray(x, float)
    missing = rank - (out.ndim - core)
    return out.reshape(out.shape[:core] + (1,) * missing + out.shape[core:])


class Cut(NamedTuple):
    """Groups that are done together, where all of them at once would not fit into a cache.

    Parameters
    ----------
    low, high : int
        First and one past the last group at the end of the period.
    last : bool
        The open group is among them.
    """

    low: int
    high: int
    last: bool

    @property
    def start(self) -> int:
        """The group where the first come from of those who lived when the period began."""
        return max(self.low - 1, 0)


def cut_groups(groups: int, parts: int) -> list[Cut]:
    """Cut the groups into nearly equal parts, the oldest first: mothers come before births."""
    ends = np.linspace(0, groups, parts + 1).astype(int).tolist()
    pairs = pairwise(ends)
    return [Cut(low, high, high == groups) for low, high in pairs][::-1]
