"""Identities of a simulation: heads, moves, and person-months, each term on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migov.core.errors import AccountError

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
)
_ABROAD = ("abroad", "settled", "changed_status")


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

    Raises
    ------
    AccountError
        The flows do not explain the stocks.
    """
    for step in range(flows["admissions"].shape[0]):
        after, before = (sum(stocks[n][i] for n in _ABROAD) for i in (step + 1, step))
        came = flows["admissions"][step]
        expected = before + came
        found = after + sum(flows[name][step] for name in _LEFT)
        close("simulate", f"moves of step {step}", np.asarray(found), np.asarray(expected))


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
