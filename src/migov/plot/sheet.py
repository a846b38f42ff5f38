"""The sheet: Axes, title with its marks, unit and definition, foot with gaps and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd

from migov.core import status
from migov.core.errors import KindError
from migov.plot import amounts, labels, theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import xarray as xr
    from matplotlib.axes import Axes

MARGIN = 0.08
"""Inches around everything."""

_POINTS = 72.0
_LINE = 1.25


@attrs.define(eq=False)
class Sheet:
    """Axes to draw on, and whether the figure is this room's own.

    Parameters
    ----------
    figure : Figure
        The figure of the Axes.
    axes : list of Axes
        Row by row.
    own : bool
        Whether the figure was made for this call.
    style : Style
        The style in force.
    header : float
        Points that headers above the first Axes need, below title and subtitle.
    """

    figure: Any
    axes: list[Any]
    own: bool
    style: theme.Style
    header: float = 0.0

    @property
    def first(self) -> Axes:
        """The only Axes, or the first."""
        found: Axes = self.axes[0]
        return found


def open_sheet(
    where: str,
    axes: Any,
    rows: int = 1,
    columns: int = 1,
    *,
    height: float | None = None,
    sharey: bool = False,
) -> Sheet:
    """Return a sheet with Axes of its own, or on the Axes that were given.

    Parameters
    ----------
    where : str
        The call that an error names.
    axes : Axes, sequence of Axes or None
        Where to draw; None for a figure of its own.
    rows, columns : int
        Axes needed.
    height : float, optional
        Height in inches that the figure grows to where its style is lower.
    sharey : bool
        Whether the Axes share their vertical axis.

    Raises
    ------
    KindError
        `axes` is something else, or of another number.
    ExtraError
        matplotlib is not installed.
    """
    theme.check_matplotlib(where)
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    style = theme.current()
    if axes is not None:
        given = [axes] if isinstance(axes, Axes) else list(np.ravel(np.asarray(axes, object)))
        if len(given) < rows * columns or not all(isinstance(one, Axes) for one in given):
            wanted = "an Axes" if rows * columns == 1 else f"{rows * columns} Axes"
            raise KindError(
                where,
                f"axes is {type(axes).__name__} of {len(given)}, expected {wanted}",
                "axes=figure.subplots(…), or leave axes out",
                None,
                "axes",
            )
        return Sheet(given[0].get_figure(root=True), given[: rows * columns], False, style)
    size = (style.width, max(style.height, height or 0.0))
    figure = Figure(figsize=size, dpi=style.dpi, facecolor="white")
    FigureCanvasAgg(figure)
    made = figure.subplots(rows, columns, sharey=sharey, squeeze=False)
    return Sheet(figure, list(made.ravel()), True, style)


def bare(axes: Axes, style: theme.Style, *, grid: str) -> None:
    """Give Axes a thin grid along one axis and take away what carries no information."""
    axes.set_facecolor("white")
    for side, spine in axes.spines.items():
        spine.set_visible(side == ("left" if grid == "x" else "bottom"))
        spine.set(color=theme.QUIET, linewidth=0.6)
    axes.tick_params(labelsize=style.font, colors=theme.INK, length=0, pad=3, labelcolor=theme.INK)
    axes.set_axisbelow(True)
    axes.grid(visible=False)
    if grid in ("x", "y"):
        axes.grid(visible=True, axis="x" if grid == "x" else "y", color=theme.GRID, linewidth=0.5)


def numbered(axis: Any, *, absolute: bool = False, most: int = 6) -> None:
    """Give an axis few ticks at round numbers, with thin spaces and like decimals."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    class Alike(FuncFormatter):  # type: ignore[misc, unused-ignore]
        """Writes all ticks with the decimals of the finest."""

        def format_ticks(self, values: Any) -> list[str]:
            digits = max((len(f"{v:.9f}".rstrip("0").partition(".")[2]) for v in values), default=0)
            return [amounts.written(abs(v) if absolute else v, digits) for v in values]

    axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(Alike(lambda value, at=None: amounts.written(value)))


def width_of(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a text in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    if not text.strip():
        return 0.0
    path = TextPath((0, 0), text, size=size, prop=FontProperties(weight=weight))
    return float(path.get_extents().width) / _POINTS


def wrapped(text: str, inches: float, size: float, weight: str = "normal") -> str:
    """Return a text broken at blanks so that no line is wider than some inches."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, weight) <= inches:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def spread_out(places: Sequence[float], gap: float) -> np.ndarray:
    """Return places moved as little as needed to lie `gap` apart, in the same order.

    Pools of neighbours that are too close are centred on the mean of their places.

    Examples
    --------
    >>> spread_out([1.0, 1.0, 5.0], 1.0).tolist()
    [0.5, 1.5, 5.0]
    """
    order = np.argsort(places, kind="stable")
    pools: list[list[float]] = []  # mean of place minus rank within the pool, size
    for place in np.asarray(places, float)[order]:
        pools.append([place, 1.0])
        while len(pools) > 1:
            (above, one), (below, two) = pools[-2], pools[-1]
            if below - gap * (two - 1) / 2 >= above + gap * (one - 1) / 2 + gap:
                break
            pools[-2:] = [[(above * one + below * two) / (one + two), one + two]]
    out = np.empty(len(order))
    moved = [
        middle + gap * (i - (size - 1) / 2) for middle, size in pools for i in range(int(size))
    ]
    out[order] = moved
    return out


def marked(title: str, frame: pd.DataFrame, value: str = "value") -> str:
    """Return the title with the word stylised where a drawn value has the flag."""
    drawn = frame["status"][frame[value].notna()]
    if not len(drawn):
        return title
    stylised = drawn.str.split().map(lambda names: "stylised" in names)
    if not stylised.any():
        return title
    mark = "stylised" if stylised.all() else "partly stylised"
    return f"{title} ({mark})" if title else labels.capital(mark)


def gaps(frame: pd.DataFrame, names: Sequence[str], value: str = "value") -> str:
    """Return the line on missing values: which or how many, and why as far as the status tells."""
    absent = frame[frame[value].isna()]
    if not len(absent):
        return ""
    reasons: dict[str, None] = {}
    for text in absent["status"]:
        for name in text.split():
            if status.FLAGS[name] & status.ABSENT:
                reasons[name.replace("_", " ")] = None
    why = f" ({', '.join(reasons)})" if reasons else ""
    if len(absent) <= 3:
        cells = [", ".join(str(row[name]) for name in names) for _, row in absent.iterrows()]
        return f"Missing, left as gaps: {'; '.join(cells)}{why}"
    return f"Missing, left as gaps: {len(absent)} of {len(frame)} values{why}"


def stylised(frame: pd.DataFrame, name: str, value: str = "value") -> str:
    """Return the line that says which are stylised, where not all are."""
    drawn = frame[frame[value].notna()]
    flagged = drawn["status"].str.split().map(lambda names: "stylised" in names)
    if not len(drawn) or flagged.all() or not flagged.any():
        return ""
    which = list(dict.fromkeys(drawn[name][flagged].astype(str)))
    if len(which) > 4 or set(which) & set(drawn[name][~flagged].astype(str)):
        return f"Stylised: {int(flagged.sum())} of {len(drawn)} values"
    return f"Stylised: {', '.join(which)}"


def subtitle(x: xr.DataArray, unit: str, *more: str) -> str:
    """Return unit, context and definition in one line."""
    parts = [
        labels.capital(amounts.unit_text(unit, x.attrs.get("price_base"))),
        *labels.context(x),
        *more,
        labels.definition(x),
    ]
    return " · ".join(part for part in parts if part)


def close_sheet(
    sheet: Sheet,
    frame: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    foot: Iterable[str] = (),
    settle: Callable[[], None] | None = None,
) -> None:
    """Write title, subtitle and foot, lay the figure out, and keep the texts with the frame.

    Parameters
    ----------
    sheet : Sheet
        The sheet that was drawn on.
    frame : DataFrame
        What was drawn; its ``attrs`` get ``title``, ``subtitle`` and ``foot``.
    title, subtitle : str
        Head of the figure.
    foot : iterable of str
        Lines below it; empty ones are left out.
    settle : callable, optional
        Places labels once the layout is known; called before a second layout.
    """
    lines = [line for line in foot if line]
    frame.attrs.update(title=title, subtitle=subtitle, foot="\n".join(lines))
    if sheet.own:
        _own_texts(sheet, title, subtitle, lines, settle)
    else:
        _given_texts(sheet, title, subtitle, lines)
        if settle is not None:
            settle()


def _own_texts(
    sheet: Sheet,
    title: str,
    subtitle: str,
    foot: list[str],
    settle: Callable[[], None] | None,
) -> None:
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure, style = sheet.figure, sheet.style
    width = style.width - 2 * MARGIN
    head = [
        (wrapped(title, width, style.title, "bold"), style.title, "bold", theme.INK),
        (wrapped(subtitle, width, style.font), style.font, "normal", theme.QUIET),
    ]
    notes = "\n".join(wrapped(line, width, style.small) for line in foot)
    head_inches = sum(_inches(text, size) for text, size, _, _ in head)
    foot_inches = _inches(notes, style.small)
    # Long heads take height from nobody: the figure grows beyond two lines of each.
    spare = 4 * _LINE * style.font / _POINTS
    grown = max(head_inches + foot_inches - spare, 0.0)
    height = float(figure.get_size_inches()[1]) + grown
    figure.set_size_inches(style.width, height)
    top = height - MARGIN
    for text, size, weight, colour in head:
        figure.text(
            MARGIN / style.width,
            top / height,
            text,
            size=size,
            weight=weight,
            color=colour,
            ha="left",
            va="top",
            linespacing=_LINE,
        )
        top -= _inches(text, size)
    figure.text(
        MARGIN / style.width,
        MARGIN / height,
        notes,
        size=style.small,
        color=theme.QUIET,
        ha="left",
        va="bottom",
        linespacing=_LINE,
    )
    low = MARGIN + foot_inches
    rect = (0.0, low / height, 1.0, (top - low) / height)
    engine = ConstrainedLayoutEngine(
        rect=rect, w_pad=MARGIN, h_pad=MARGIN, wspace=0.03, hspace=0.03
    )
    figure.set_layout_engine(engine)
    engine.execute(figure)
    if settle is not None:
        settle()
        engine.execute(figure)
        settle()
    figure.set_layout_engine("none")  # what was placed stays where it was placed


def _inches(text: str, size: float) -> float:
    """Return the height of a block of lines in inches, with half a line below it."""
    if not text:
        return 0.0
    return (text.count("\n") + 1.25) * _LINE * size / _POINTS


def _given_texts(sheet: Sheet, title: str, subtitle: str, foot: list[str]) -> None:
    axes, figure, style = sheet.first, sheet.figure, sheet.style
    box = axes.get_position()
    width = max(box.width * float(figure.get_size_inches()[0]), 1.0)
    below = wrapped(subtitle, width, style.small)
    start = 4 + sheet.header
    lift = start + (below.count("\n") + 1) * _LINE * style.small if below else start
    axes.set_title(
        wrapped(title, width, style.title, "bold"),
        loc="left",
        size=style.title,
        weight="bold",
        color=theme.INK,
        pad=lift + 2,
    )
    axes.annotate(
        below,
        (0, 1),
        (0, start),
        xycoords="axes fraction",
        textcoords="offset points",
        size=style.small,
        color=theme.QUIET,
        va="bottom",
        linespacing=_LINE,
    )
    axes.annotate(
        "\n".join(wrapped(line, width, style.small) for line in foot),
        (0, 0),
        (0, -2.6 * style.font),
        xycoords="axes fraction",
        textcoords="offset points",
        size=style.small,
        color=theme.QUIET,
        va="top",
        linespacing=_LINE,
        annotation_clip=False,
    )
