"""Stages before admission, each with places and a time it takes, on bare arrays.

Who applies waits for a place of the first stage; places go in equal parts to all who wait, and
unused ones lapse with the month. Months waited are carried along as a sum, from which those who
start take their part: as nobody goes before another, they have waited as long as those who stay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migov.schemes.kernels_admission import added, part
from migov.schemes.kernels_stay import Cells, Window

STAGE_STOCKS = ("stage_waiting", "stage_inside")
STAGE_FLOWS = (
    "stage_entered",
    "stage_started",
    "stage_waited",
    "stage_withdrew",
    "stage_dropped",
    "stage_passed",
    "stage_failed",
)
ADMISSION_WAITED = "admission_waited"


@dataclass(frozen=True, eq=False)
class Stage:
    """A stage: whole months, shares and rates (1/month) of cells, who waits at the start.

    ``places`` ``(steps, O or 1, G or 1, 1, N)`` a month, shared by all where an axis has length
    one; ``step`` ``(T,)``.
    """

    months: int
    passes: Cells
    drop_out: Cells
    waiting: Cells
    places: Cells
    step: NDArray[np.int64]


class _Place:
    """A stage as it stands: who waits, the months they have waited, who is in it."""

    def __init__(self, stage: Stage, shape: tuple[int, ...]) -> None:
        self.stage = stage
        self.waiting = np.zeros(shape) + stage.waiting
        self.waited = np.zeros(shape)
        self.inside = np.zeros(shape)
        self.stays, self.drops = np.exp(-stage.drop_out), -np.expm1(-stage.drop_out)
        self.window = Window(stage.months, self.stays, shape)

    def share(self, t: int) -> Cells:
        """Return the part of those who wait that can start this month."""
        places = self.stage.places[self.stage.step[t]][:, :, 0]
        wanted = added(self.waiting, 2)
        for axis in (0, 1):
            if places.shape[axis] == 1 and wanted.shape[axis] > 1:
                wanted = np.expand_dims(added(wanted, axis), axis)
        return part(places, wanted)[:, :, None]


class Line:
    """All stages in their order, and the wait for admission behind them."""

    def __init__(self, stages: tuple[Stage, ...], shape: tuple[int, ...], drop: Cells) -> None:
        self.places = [_Place(stage, shape) for stage in stages]
        self.stays, self.drops = np.exp(-drop), -np.expm1(-drop)
        self.waited = np.zeros(shape)

    def begin(
        self, arrived: Cells, t: int, stock: dict[str, Cells], flow: dict[str, Cells]
    ) -> Cells:
        """Let people arrive, start, and come to the end of stages; return who is through all."""
        for i, place in enumerate(self.places):
            place.waiting += arrived
            flow[f"stage_entered {i}"] += arrived
            share = place.share(t)
            started = place.waiting * share
            flow[f"stage_started {i}"] += started
            flow[f"stage_waited {i}"] += place.waited * share
            place.waiting *= 1.0 - share
            place.waited *= 1.0 - share
            place.inside, done = place.window.push(started)
            arrived = done * place.stage.passes
            failed = done * (1.0 - place.stage.passes)
            flow[f"stage_passed {i}"] += arrived
            flow[f"stage_failed {i}"] += failed
            stock["not_passed"] += failed
        return arrived

    def admit(self, first: Cells, flow: dict[str, Cells]) -> None:
        """Count the months waited by those who are admitted."""
        flow[ADMISSION_WAITED] += self.waited * first
        self.waited *= 1.0 - first

    def month(self, stock: dict[str, Cells], flow: dict[str, Cells]) -> None:
        """Let a month pass: some leave the queue, some give up a stage."""
        self.waited += stock["applicants"]
        self.waited *= self.stays
        for i, place in enumerate(self.places):
            gone = place.waiting * self.drops
            place.waited += place.waiting
            place.waited *= self.stays
            place.waiting *= self.stays
            dropped = place.inside * place.drops
            place.inside *= place.stays
            flow[f"stage_withdrew {i}"] += gone
            flow["withdrawals"] += gone
            flow[f"stage_dropped {i}"] += dropped
            stock["withdrawn"] += gone + dropped
        self.tell(stock)

    def tell(self, stock: dict[str, Cells]) -> None:
        """Bring the stocks up to date."""
        for i, place in enumerate(self.places):
            stock[f"stage_waiting {i}"][...] = place.waiting
            stock[f"stage_inside {i}"][...] = place.inside
