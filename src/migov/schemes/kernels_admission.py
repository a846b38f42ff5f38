"""Who is admitted in a month, under all limits at once, on bare arrays.

Limits are places that are open: by posts ``(O, N)``, by origin ``(G, N)``, by floors of
occupations at origin ``(O, G, N)``, and by the quota ``(N,)``. Where more people wait than
places are open, all who wait get the same part: no origin, sex or occupation goes before
another. Who is held to less by a limit of their own leaves room to the others: the common part
rises until a limit is full, those under it stay there, and it rises on for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from migov.schemes.kernels_setting import Setting

_USED_UP = 0.01
"""Part of the places of a month below which what is left counts as nothing."""
_NOBODY = 1e-6
"""Expected heads below which nobody waits."""

Cells = NDArray[np.float64]


def added(x: Cells, axis: int) -> Cells:
    """Return the sum over an axis, slice by slice in its order."""
    lead: tuple[Any, ...] = (slice(None),) * axis
    out: Cells = x[(*lead, 0)].copy()
    for i in range(1, x.shape[axis]):
        out += x[(*lead, i)]
    return out


def part(room: Cells, wanted: Cells) -> Cells:
    """Return the part of what is wanted that there is room for, between 0 and 1."""
    open_ = np.maximum(room, 0.0)
    out = np.ones(np.broadcast_shapes(room.shape, wanted.shape))
    np.divide(open_, wanted, out=out, where=wanted > open_)
    return out


class Rooms:
    """Places that are open this month, under each limit."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        n = setting.shape[3]
        self.quota = None if setting.quota is None else np.zeros(n)
        self.caps = [np.zeros((setting.shape[1], n)) for _ in setting.caps]
        self.posts: Cells | None = None
        self.floor: Cells | None = None
        names = ["quota", *setting.cap_names, "posts", "floors"]
        given = [setting.quota, *setting.caps, setting.posts, setting.floor]
        steps = setting.months // setting.report
        self.bound = {
            name: np.zeros((steps, n))
            for name, x in zip(names, given, strict=True)
            if x is not None
        }

    def levels(self) -> list[Cells]:
        """Return copies of the open places, each of a shape that fits ``(O, G, N)``."""
        found = [] if self.quota is None else [self.quota[None, None]]
        found += [room[None] for room in self.caps]
        found += [] if self.posts is None else [self.posts[:, None]]
        found += [] if self.floor is None else [self.floor]
        return [room.copy() for room in found]

    def note(self, t: int, before: list[Cells], left: Cells) -> None:
        """Count the month for each limit that is used up while people ask, ``(O, G, N)``."""
        for month, was, room in zip(self.bound.values(), before, self.levels(), strict=True):
            full = np.isfinite(room) & (room <= _USED_UP * np.maximum(was, 0.0)) & (left > _NOBODY)
            month[t // self.setting.report] += full.any(axis=(0, 1))

    def open(self, t: int, stock: dict[str, Cells]) -> None:
        """Open the places of the month."""
        setting = self.setting
        if self.quota is not None and setting.quota is not None:
            if setting.quota_lapses is not None and setting.quota_lapses[t]:
                self.quota[...] = 0.0
            self.quota += setting.quota[t]
        for room, (places, lapses) in zip(self.caps, setting.caps, strict=True):
            if lapses[t]:
                room[...] = 0.0
            room += places[t]
        if setting.posts is None and setting.floor is None:
            return
        working = stock["abroad"] + stock["settled"] + stock["changed_status"]
        if "prolonged" in stock:
            working = working + stock["prolonged"]
        at_work = added(working, 2)
        if setting.posts is not None and setting.posts_step is not None:
            self.posts = setting.posts[setting.posts_step[t]] - added(at_work, 1)
        if setting.floor is not None and setting.floor_step is not None:
            gone = stock["late"] + stock["irregular"] + stock["unknown"] + stock["died"]
            if "held" in stock:
                gone = gone + stock["held"]
            outside = added(gone, 2)
            self.floor = setting.floor[setting.floor_step[t]] - (at_work + outside)


def allocate(setting: Setting, rooms: Rooms, pool: Cells, wait: list[Cells]) -> tuple[Cells, Cells]:
    """Return the parts of first applicants and of those who come again that are admitted.

    Parameters
    ----------
    setting : Setting
        Tells whether those who come again go first, and whether the quota counts them.
    rooms : Rooms
        Places that are open; what is taken is taken off.
    pool : ndarray (O, G, S, N)
        First applicants.
    wait : list of ndarray (O, G, S, N)
        Those who may come again, by number of stays.

    Returns
    -------
    first, again : ndarray (O, G, 1, N)
        Between 0 and 1.
    """
    first = added(pool, 2)
    if not setting.reentry:
        share = _parts(first, rooms, True)
        return share[:, :, None], share[:, :, None]
    again = added(wait[0], 2)
    for more in wait[1:]:
        again += added(more, 2)
    if not (setting.priority or setting.quota_first_only):
        share = _parts(first + again, rooms, True)
        return share[:, :, None], share[:, :, None]
    second = _parts(again, rooms, not setting.quota_first_only)
    return _parts(first, rooms, True)[:, :, None], second[:, :, None]


def _parts(wanted: Cells, rooms: Rooms, counts: bool) -> Cells:
    """Return the admitted part of each cell ``(O, G, N)``, and take off the places taken."""
    shared: list[tuple[Cells, tuple[int, ...]]] = [(room, (0,)) for room in rooms.caps]
    shared += [] if rooms.posts is None else [(rooms.posts, (1,))]
    shared += [(rooms.quota, (0, 1))] if counts and rooms.quota is not None else []
    own = np.ones(wanted.shape) if rooms.floor is None else part(rooms.floor, wanted)
    share = filled(wanted, own, shared)
    admitted = share * wanted
    if rooms.floor is not None:
        rooms.floor -= admitted
    for room, axes in shared:
        room -= _over(admitted, axes)
    return share


def filled(wanted: Cells, own: Cells, shared: list[tuple[Cells, tuple[int, ...]]]) -> Cells:
    """Return the parts of progressive filling: max-min fair under limits that cells share.

    A limit that is lower for each of its cells than all else that holds them is full at that
    part, whatever happens elsewhere. So all such limits are settled at once, and their cells
    taken off the others; this ends, since the lowest limit of all is always one of them.

    Parameters
    ----------
    wanted : ndarray (O, G, N)
        Heads who wait.
    own : ndarray (O, G, N)
        Largest part of each cell, from 0 to 1.
    shared : list of (ndarray, tuple of int)
        Places, and the axes of `wanted` over which cells share them.

    Returns
    -------
    ndarray (O, G, N)
        From 0 to 1; 0 where nobody waits.

    References
    ----------
    Bertsekas D, Gallager R (1992), Data Networks, 2nd ed., section 6.5.2, recalled.
    """
    share = np.zeros(wanted.shape)
    active = wanted > 0
    while active.any():
        asked, taken = np.where(active, wanted, 0.0), share * wanted
        lowest, levels = own, []
        for room, axes in shared:
            free = np.maximum(np.maximum(room, 0.0) - _over(taken, axes), 0.0)
            total = _over(asked, axes)
            level = np.full(total.shape, np.inf)
            np.divide(free, total, out=level, where=total > free)
            level = np.expand_dims(level, axes)
            levels.append(level)
            lowest = np.minimum(lowest, level)
        done = own <= lowest
        for (_, axes), level in zip(shared, levels, strict=True):
            done |= ~(active & (level > lowest)).any(axis=axes, keepdims=True)
        done &= active
        share = np.where(done, lowest, share)
        active &= ~done
    return share


def _over(x: Cells, axes: tuple[int, ...]) -> Cells:
    """Return the sum over axes, the first first."""
    for axis in axes:
        x = added(x, min(axis, x.ndim - 2) if len(axes) > 1 else axis)
    return x
