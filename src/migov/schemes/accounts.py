"""Identities of a simulation: heads, moves, and person-months, each term on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migov.core.errors import AccountError
from migov.schemes.kernels_shocks import SHOCKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Cells = NDArray[np.float64]

RELATIVE = 1e-10
_LEFT = (
    "returns_early",
    "returns_in_time",
    "overstays_late",
    "overstays_irregular",
    "outcomes_unknown",
    "deaths",
    *(returns for _, _, returns in SHOCKS.values()),
)
_STAGE_MOVES = ("entered", "started", "withdrew", "passed", "failed", "dropped")
_ABROAD = ("abroad", "settled", "changed_status", "held", "prolonged")


def close(where: str, what: str, found: Cells, expected: Cells) -> None:
    """Refuse two ways of counting the same that differ by more than rounding.

    Raises
    ------
    AccountError
        They differ by more than 1e-10 of the largest.
    """
    if not found.size:
        return
    off = np.abs(found - expected)
    scale = max(float(np.max(np.abs(expected))), float(np.max(np.abs(found))), 1e-300)
    worst = float(np.max(off))
    if not worst <= RELATIVE * scale:
        i = int(np.nanargmax(off)) if np.isfinite(worst) else 0
        raise AccountError(
            where,
            f"{what} do not close: {found.flat[i]!r} against {expected.flat[i]!r}",
            "an error of migov or of what was put into it; please report it",
            10,
        )


def check_heads(stocks: Mapping[str, Cells], flows: Mapping[str, Cells], pool: Cells) -> None:
    """Check that everybody who ever applied is in one state.

    Parameters
    ----------
    stocks, flows : mapping of str to ndarray (steps, O, G, S, N)
        As the month loop returns them.
    pool : ndarray, broadcastable to (O, G, S, N)
        Applicants at the start.

    Raises
    ------
    AccountError
        Heads were lost or made.
    """
    expected = np.zeros(next(iter(stocks.values())).shape[1:]) + pool
    steps = next(iter(flows.values())).shape[0]
    for step in range(steps + 1):
        found = np.zeros(expected.shape)
        for stock in stocks.values():
            found += stock[step]
        close("simulate", f"heads at the end of step {step}", found, expected)
        if step < steps:
            expected = expected + flows["applications"][step]


def check_moves(stocks: Mapping[str, Cells], flows: Mapping[str, Cells]) -> None:
    """Check that those abroad lawfully change by those who came less those who left.

    Whoever is held at a shut border has not left, whatever ended the stay.

    Raises
    ------
    AccountError
        The flows do not explain the stocks.
    """
    there = [name for name in _ABROAD if name in stocks]
    left = [name for name in (*_LEFT, "returns_held") if name in flows]
    for step in range(flows["admissions"].shape[0]):
        after, before = (sum(stocks[n][i] for n in there) for i in (step + 1, step))
        came = flows["admissions"][step]
        if "held_back" in flows:
            came = came + flows["held_back"][step]
        expected = before + came
        found = after + sum(flows[name][step] for name in left)
        close("simulate", f"moves of step {step}", np.asarray(found), np.asarray(expected))


def check_shocks(flows: Mapping[str, Cells]) -> None:
    """Check that whomever a shock met stayed on or went home.

    Events are counted from the months lived, returns from those who leave.

    Raises
    ------
    AccountError
        Some did neither, or both.
    """
    for events, stays, returns in SHOCKS.values():
        if events in flows:
            close("simulate", events, flows[stays] + flows[returns], flows[events])


def check_stages(stocks: Mapping[str, Cells], flows: Mapping[str, Cells], stages: int) -> None:
    """Check who waits for each stage and is in it against who came and who went.

    Raises
    ------
    AccountError
        The flows do not explain the stocks, or a stage takes others than the one before let go.
    """
    before = flows["applications"]
    for i in range(stages):
        own = {name: flows[f"stage_{name} {i}"] for name in _STAGE_MOVES}
        close("simulate", f"entries of stage {i + 1}", own["entered"], before)
        for kind, came, went in (
            ("waiting", "entered", ("started", "withdrew")),
            ("inside", "started", ("passed", "failed", "dropped")),
        ):
            stock = stocks[f"stage_{kind} {i}"]
            gone = sum((own[name] for name in went), np.zeros(before.shape))
            close("simulate", f"people {kind} at stage {i + 1}", stock[1:] + gone,
                  stock[:-1] + own[came])  # fmt: skip
        before = own["passed"]


def check_months(flows: Mapping[str, Cells], by_cohort: Cells) -> None:
    """Check the months lived month by month against those of the cohorts of entry.

    Raises
    ------
    AccountError
        They differ.
    """
    months = flows["person_months"]
    found = np.zeros(months.shape[1:])
    for step in months:
        found += step
    close("simulate", "person-months", found, by_cohort)
