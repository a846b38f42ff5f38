"""Places that open month by month, from the dated rules of a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migov.schemes.rules import at_date

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migov.schemes.programme import Programme


def calendar(months: np.ndarray) -> NDArray[np.int64]:
    """Return the month of the year, 0 to 11, of each month."""
    return (months.astype("M8[M]").astype(np.int64) % 12).astype(np.int64)


def open_months(programme: Programme, months: np.ndarray) -> NDArray[np.bool_]:
    """Return whether people are admitted in each month: in season, and while the rules hold."""
    held = np.ones(len(months), bool)
    if programme.season:
        held &= np.isin(calendar(months) + 1, programme.season)
    firsts = months.astype("M8[D]")
    if programme.valid_from:
        held &= firsts >= np.datetime64(programme.valid_from, "D")
    if programme.valid_to:
        held &= firsts < np.datetime64(programme.valid_to, "D")
    return held


def monthly_shares(programme: Programme) -> NDArray[np.float64]:
    """Return the part of a year's places that opens in each month of the year, (12,)."""
    if programme.quota_months:
        return np.asarray(programme.quota_months, float)
    season = programme.season or tuple(range(1, 13))
    shares = np.zeros(12)
    shares[[m - 1 for m in season]] = 1.0 / len(season)
    return shares


def lapses(programme: Programme, months: np.ndarray) -> NDArray[np.bool_]:
    """Return the months before which unused places lapse."""
    if programme.quota_per == "total":
        return np.zeros(len(months), bool)
    if not programme.carry_over:
        return np.ones(len(months), bool)
    return np.asarray(calendar(months) == 0)


def places(programme: Programme, months: np.ndarray) -> NDArray[np.float64] | None:
    """Return the places of the quota that open in each month, (T,), or None.

    A quota of the whole programme opens with its first month, and grows with its dated value.
    """
    if programme.quota is None:
        return None
    dates = months.astype("M8[D]")
    value = np.array([at_date(programme.quota, date) for date in dates])
    if programme.quota_per == "total":
        return np.maximum(np.diff(value, prepend=0.0), 0.0)
    return np.asarray(value * monthly_shares(programme)[calendar(months)])


def caps(programme: Programme, months: np.ndarray) -> NDArray[np.float64] | None:
    """Return the places that each origin's cap opens in each month, (T, G), ``inf`` without."""
    if not programme.origin_cap:
        return None
    out = np.full((len(months), len(programme.origin)), np.inf)
    shares = monthly_shares(programme)[calendar(months)]
    for g, origin in enumerate(programme.origin):
        rules = sorted(
            (cap for cap in programme.origin_cap if cap.origin == origin), key=lambda c: c.date
        )
        for cap in rules:
            since = months.astype("M8[D]") >= np.datetime64(cap.date, "D")
            out[since, g] = cap.number * shares[since]
    return out
