"""The entries of training at origin: who pays for it, what it makes, and where that goes.

A finished training is worth what it costs. It is made where people finish, is paid for from
enrolment on, drop-outs included, and goes with those who leave: lost on one side, gained on the
other, by the same amount. What trained people make beyond their labour cost is not in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migov.core.errors import KindError, TimeError
from migov.schemes.entries import Book, Writer, payer_name, service
from migov.schemes.inputs import CELL, REST, Grid

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from migov.schemes.run import Run
    from migov.schemes.training import Training

    Cells = NDArray[np.float64]

LEFT = "training that left"
_FLOWS = ("departures", "leaks", "graduates")


def prepared(training: Training, run: Run, grid: Grid) -> dict[str, Cells]:
    """Return heads of training ``(P, O, G, S, N)`` on the grid of a run's ledger.

    Raises
    ------
    KindError, TimeError, AlignmentError
        No training; periods or labels that are not the run's.
    """
    from migov.schemes.training import Training

    if not isinstance(training, Training):
        raise KindError(
            grid.where, f"training is a {type(training).__name__}", "partnership.run(…)", 9,
            "training",
        )  # fmt: skip
    data = training.dataset
    for name in ("period", "period_end"):
        own, ours = (np.asarray(x[name].values, "M8[s]") for x in (data, run.dataset))
        if own.shape != ours.shape or (own != ours).any():
            raise TimeError(
                grid.where, "training has other periods than the run",
                "enrolments for the periods of run.dataset", 1, "training",
            )  # fmt: skip
    if "sex" in grid.labels:
        raise KindError(
            grid.where, "training is not by sex, the run is", "simulate both sexes together", 8,
            "training",
        )  # fmt: skip
    done = (data["years"] / data["training_time"]).transpose(*data["years"].dims)
    arrays = {"done": done, **{name: data[name] for name in _FLOWS}}
    return {name: _spread(x.rename("training"), grid) for name, x in arrays.items()}


def _spread(x: xr.DataArray, grid: Grid) -> Cells:
    bare = x.drop_vars([n for n in x.coords if n not in x.dims])
    grid.note(bare)
    return grid.spread(bare.transpose("period", *[d for d in CELL + REST if d in bare.dims]),
                       "period")  # fmt: skip


def write(w: Writer, book: Book, training: Training, heads: dict[str, Cells]) -> None:
    """Write payments, what is used up and made, and what leaves the origin."""
    cost = w.price("training_cost")
    for payer, share in training.partnership.payers:
        part = np.full((1, 1, 1, 1, 1), float(share))
        book.transfer(
            "training at origin", payer_name(payer), "intermediaries", heads["done"], cost, part
        )
        service(w, book, heads["done"], cost, part)
    book.real("trained people", "origin_state", heads["graduates"], cost)
    book.transfer(LEFT, "origin_state", "destination_employers", heads["departures"], cost)
    book.transfer(LEFT, "origin_state", "elsewhere", heads["leaks"], cost)
