"""The sheet: Axes, title with its marks, unit and definition, foot with gaps and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd

from migov.core.errors import KindError
from migov.plot import amounts, theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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
    width, height : float
        Room of the first Axes with its labels, in inches.
    heads : list of Artist
        Headers whose height `header` accounts for, and whose width is nobody's business.
    """

    figure: Any
    axes: list[Any]
    own: bool
    style: theme.Style
    header: float = 0.0
    width: float = 0.0
    height: float = 0.0
    heads: list[Any] = attrs.field(factory=list)

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
        room = _room(given[0])
        figure = given[0].get_figure(root=True)
        return Sheet(figure, given[: rows * columns], False, style, 0.0, *room)
    size = (style.width, max(style.height, height or 0.0))
    figure = Figure(figsize=size, dpi=style.dpi, facecolor="white")
    FigureCanvasAgg(figure)
    made = figure.subplots(rows, columns, sharey=sharey, squeeze=False)
    return Sheet(figure, list(made.ravel()), True, style, 0.0, size[0] / columns, size[1] / rows)


def _room(axes: Axes) -> tuple[float, float]:
    """Return width and height in inches that Axes have with their labels: their cell's share."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    width, height = (float(each) for each in figure.get_size_inches())
    spec = axes.get_subplotspec()
    if spec is None:
        box = axes.get_position()
        return 1.25 * box.width * width, 1.25 * box.height * height
    rows, columns = spec.get_gridspec().get_geometry()
    return width * len(spec.colspan) / columns, height * len(spec.rowspan) / rows


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


def most_ticks(sheet: Sheet) -> int:
    """Return how many numbers a horizontal axis has room for."""
    letters = 5.5 if sheet.own else 8.0  # given Axes may yet shrink
    return int(np.clip(sheet.width * _POINTS / (letters * sheet.style.font), 3, 6))


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
    from matplotlib.textpath import text_to_path

    letters = FontProperties(size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(text, letters, ismath=False)
    return float(width) / _POINTS


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
    _literal(sheet)
    if sheet.own:
        _own_texts(sheet, title, subtitle, lines, settle)
    else:
        _given_texts(sheet, title, subtitle, lines)
        if settle is not None:
            settle()


def _literal(sheet: Sheet) -> None:
    """Have all texts written as they are: two dollar signs in a name are no formula."""
    from matplotlib.text import Text

    for owner in [sheet.figure] if sheet.own else sheet.axes:
        for text in owner.findobj(Text):
            text.set_parse_math(False)


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
    _literal(sheet)
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
    """Write the texts around Axes that were given, in places whose width no layout counts."""
    axes, figure, style = sheet.first, sheet.figure, sheet.style
    for head in sheet.heads:
        head.set_in_layout(False)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)  # texts are broken to the width that the layout leaves
    # Axes drawn later still take room from these: the texts keep to less than they could.
    found = axes.get_position().width * float(figure.get_size_inches()[0])
    width = max(min(found, 0.55 * sheet.width), 1.0)
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
        in_layout=False,
    )
    if foot:
        axes.set_xlabel(
            "\n".join(wrapped(line, width, style.small) for line in foot),
            loc="left",
            size=style.small,
            color=theme.QUIET,
            linespacing=_LINE,
        )
    _literal(sheet)
    if engine is not None:
        engine.execute(figure)
