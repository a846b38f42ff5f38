"""Names at the ends of lines, moved apart where they would lie on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.plot import sheet, theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def name(paper: sheet.Sheet, ends: Sequence[tuple[str, float, str]]) -> Callable[[], None] | None:
    """Write names at the ends of lines, or in a legend where nothing makes room beside the plot.

    Parameters
    ----------
    paper : Sheet
        The sheet whose first Axes bear the lines.
    ends : sequence of (name, height in data, colour)
        The last point of each line.

    Returns
    -------
    callable or None
        Moves the names apart once the layout is known.
    """
    axes, style = paper.first, paper.style
    if not paper.own and paper.figure.get_layout_engine() is None:
        from matplotlib.lines import Line2D

        handles = [Line2D([], [], color=colour, label=called) for called, _, colour in ends]
        axes.legend(handles=handles, fontsize=style.small, frameon=False, labelcolor=theme.INK)
        return None
    broad = 0.3 * paper.width
    texts = [
        axes.text(
            1.03,
            height,
            sheet.wrapped(called, broad, style.font),
            transform=axes.get_yaxis_transform(),
            color=colour,
            size=style.font,
            weight="bold",
            va="center",
            linespacing=1.1,
        )
        for called, height, colour in ends
    ]
    leaders: list[Any] = []

    def settle() -> None:
        for line in leaders:
            line.remove()
        leaders[:] = _leaders(paper, texts, ends)

    return settle


def _leaders(
    paper: sheet.Sheet, texts: list[Any], ends: Sequence[tuple[str, float, str]]
) -> list[Any]:
    """Move labels apart, and join those that moved to the ends of their lines."""
    axes = paper.first
    box = axes.get_window_extent()
    tall = [text.get_window_extent().height for text in texts]
    gap = max(tall) * 1.08
    pixels = axes.transData.transform([(0, height) for _, height, _ in ends])[:, 1]
    inside = sheet.spread_out(np.clip(pixels, box.y0, box.y1).tolist(), gap)
    shift = max(box.y0 + gap / 2 - inside.min(), 0) or min(box.y1 - gap / 2 - inside.max(), 0)
    # Labels stay beside the plot as long as they fit there at all.
    placed = inside + (shift if gap * len(texts) <= box.height else 0)
    back = axes.transData.inverted()
    lines = []
    for text, place, pixel, (_, height, colour) in zip(texts, placed, pixels, ends, strict=True):
        at = float(back.transform((0, place))[1])
        text.set_y(at)
        if abs(place - pixel) > gap / 4:
            lines += axes.plot(
                [1.0, 1.025],
                [height, at],
                transform=axes.get_yaxis_transform(),
                color=colour,
                linewidth=0.7,
                clip_on=False,
                scaley=False,
                scalex=False,
            )
    return lines
