"""What the month loop of a programme needs, and what it returns, on bare arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from migov.schemes.kernels_queues import ADMISSION_WAITED, STAGE_FLOWS, STAGE_STOCKS, Stage
from migov.schemes.kernels_shocks import OFF_WORK, SHOCKS, Pulse, Shock
from migov.schemes.kernels_stay import Band, Cells

STOCKS = (
    "applicants",
    "waiting",
    "abroad",
    "cooling_off",
    "returned",
    "late",
    "irregular",
    "unknown",
    "changed_status",
    "settled",
    "died",
    "withdrawn",
)
FLOWS = (
    "applications",
    "admissions",
    "readmissions",
    "renewals",
    "returns_early",
    "returns_in_time",
    "overstays_late",
    "overstays_irregular",
    "outcomes_unknown",
    "returns_late",
    "status_changes",
    "settlements",
    "deaths",
    "withdrawals",
    "person_months",
    "person_months_settled",
)


@dataclass(frozen=True, eq=False)
class Setting:
    """What the month loop needs; arrays are broadcastable to ``(O, G, S, N)``.

    ``rates`` (1/month): early_return, change_status, settlement, death, late_return,
    withdrawal. ``shares``: renewal, late, irregular, unknown, reentry. Series have the month,
    or the step of `*_step`, first. ``quota`` ``(T, N)``, ``caps`` of ``(T, G, N)``: places
    that open in a month; where ``lapses`` ``(T,)`` holds, unused ones end before it.
    ``closed`` ``(T, G)``: months in which the border of an origin is shut.
    """

    months: int
    report: int
    shape: tuple[int, int, int, int]
    bands: tuple[Band, ...]
    pause: int
    reentry: bool
    priority: bool
    quota_first_only: bool
    most_stays: int | None
    rates: Mapping[str, Cells]
    shares: Mapping[str, Cells]
    pool: Cells
    applicants: Cells
    applicants_step: NDArray[np.int64]
    open: NDArray[np.bool_]
    quota: Cells | None = None
    quota_lapses: NDArray[np.bool_] | None = None
    caps: tuple[tuple[Cells, NDArray[np.bool_]], ...] = ()
    cap_names: tuple[str, ...] = ()
    posts: Cells | None = None
    posts_step: NDArray[np.int64] | None = None
    floor: Cells | None = None
    floor_step: NDArray[np.int64] | None = None
    shocks: Mapping[str, Shock] = field(default_factory=dict)
    pulses: tuple[Pulse, ...] = ()
    closed: NDArray[np.bool_] | None = None
    prolongs: bool = False
    stages: tuple[Stage, ...] = ()

    def stocks(self) -> list[str]:
        """Return the names of all stocks of this setting."""
        border = [] if self.closed is None else ["held"] + ["prolonged"] * self.prolongs
        stages = [f"{name} {i}" for i in range(len(self.stages)) for name in STAGE_STOCKS]
        return [*STOCKS, *border, *stages, *(["not_passed"] if stages else [])]

    def flows(self) -> list[str]:
        """Return the names of all flows of this setting."""
        out = [*FLOWS, *(name for shock in self.shocks for name in SHOCKS[shock])]
        out += [OFF_WORK] if self.shocks else []
        if self.closed is not None:
            out += ["held_back", "returns_held", "person_months_held"]
            out += ["prolongations"] * self.prolongs
        out += [f"{name} {i}" for i in range(len(self.stages)) for name in STAGE_FLOWS]
        return out + [ADMISSION_WAITED] * bool(self.stages)


@dataclass(eq=False)
class Outcome:
    """Stocks ``(1 + T/report, O, G, S, N)``, flows ``(T/report, …)``, person-months again.

    ``bound`` ``(T/report, N)``: months in which a limit was used up while people asked.
    """

    stocks: dict[str, Cells]
    flows: dict[str, Cells]
    months_by_cohort: Cells
    bound: dict[str, Cells] = field(default_factory=dict)
