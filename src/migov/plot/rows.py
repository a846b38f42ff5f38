"""Horizontal bars with whiskers and their values, shared by bars and balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migov.plot import amounts, sheet, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

LABELS = 0.34
"""Share of the figure's width that the names of rows may take."""


def height_for(count: int, style: theme.Style, each: float = 2.3) -> float:
    """Return the height in inches that a number of rows needs, with head and foot."""
    return count * each * style.font / 72 + 11 * style.font / 72


def draw(
    axes: Axes,
    style: theme.Style,
    places: np.ndarray,
    values: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    *,
    thick: float,
    colours: np.ndarray,
    hatched: np.ndarray,
    digits: int,
) -> None:
    """Draw bars, their intervals, and the values beside them; missing values leave a gap.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    style : Style
        The style in force.
    places : ndarray {row}
        Heights of the bars.
    values, low, high : ndarray {row}
        Lengths and ends of intervals, NaN where missing.
    thick : float
        Thickness of a bar.
    colours : ndarray of str {row}
        Colours.
    hatched : ndarray of bool {row}
        Which are stylised: hatched.
    digits : int
        Decimals of the values written.
    """
    there = ~np.isnan(values)
    for i in np.flatnonzero(there):
        axes.barh(
            places[i],
            values[i],
            thick,
            facecolor=str(colours[i]),
            alpha=0.85,
            edgecolor="white",
            hatch="////" if hatched[i] else None,
            linewidth=0,
        )
    spread = there & ~np.isnan(low) & ~np.isnan(high)
    axes.hlines(
        places[spread], low[spread], high[spread], color=theme.INK, linewidth=style.font / 8
    )
    for ends in (low, high):
        axes.plot(
            ends[spread],
            places[spread],
            linestyle="",
            marker="|",
            markersize=style.font * 0.7,
            markeredgewidth=style.font / 8,
            color=theme.INK,
        )
    _write(axes, style, places, values, np.where(spread, low, np.nan), high, digits)


def _write(
    axes: Axes,
    style: theme.Style,
    places: np.ndarray,
    values: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    digits: int,
) -> None:
    """Write each value beyond its bar and whisker, and where there is none."""
    from matplotlib.patheffects import withStroke

    there, spread = ~np.isnan(values), ~np.isnan(low)
    for i in np.flatnonzero(there):
        negative = values[i] < 0
        reach = values[i]
        if spread[i]:
            reach = min(values[i], low[i]) if negative else max(values[i], high[i])
        text = axes.annotate(
            amounts.written(values[i], digits),
            (reach, places[i]),
            (-3 if negative else 3, 0),
            textcoords="offset points",
            ha="right" if negative else "left",
            va="center_baseline",
            size=style.small,
            color=theme.INK,
        )
        # Reference lines run behind the figures, not through them.
        text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
    for i in np.flatnonzero(~there):
        axes.annotate(
            "no value",
            (0, places[i]),
            (3, 0),
            textcoords="offset points",
            va="center_baseline",
            size=style.small,
            style="italic",
            color=theme.QUIET,
        )


def limits(
    values: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    style: theme.Style,
    more: Sequence[float],
    *,
    width: float,
) -> tuple[float, float]:
    """Return ends of the horizontal axis that leave room for the values beside the bars."""
    joined = np.concatenate([values.ravel(), low.ravel(), high.ravel(), np.asarray(more, float)])
    found = joined[~np.isnan(joined)]
    least, most = min(float(found.min()), 0.0), max(float(found.max()), 0.0)
    span = (most - least) or 1.0
    room = span * 6.5 * style.small / 72 / (0.6 * width)
    return least - (room if least < 0 else 0.0), most + (room if most > 0 else 0.0)


def names(
    axes: Axes, style: theme.Style, places: Sequence[float], texts: Sequence[str], width: float
) -> None:
    """Write the names of rows, broken to the width that they may take in inches."""
    axes.set_yticks(list(places), [sheet.wrapped(text, width, style.font) for text in texts])
    for text in axes.get_yticklabels():
        text.set_linespacing(1.1)
