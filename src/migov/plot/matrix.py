"""A matrix of values in cells: who against whom, which where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from migov.core import units
from migov.core.errors import DimensionError, KindError
from migov.core.vocabulary import ROLES
from migov.plot import amounts, checked, labels, notes, sheet, theme

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_WRITTEN = 225
_MOST = 3600


def heat(
    x: xr.DataArray,
    rows: str,
    columns: str,
    *,
    title: str | None = None,
    axes: Axes | None = None,
) -> tuple[Axes, pd.DataFrame]:
    """Draw values by two dimensions as shaded cells, in the order given.

    Missing cells are crossed out and stated. Values are written into the cells of up to 225.

    Parameters
    ----------
    x : DataArray {rows, columns, member}
        One value a cell; with ``member`` or ``quantile`` the median.
    rows, columns : str
        The two dimensions.
    title : str, optional
        None for the ``long_name``.
    axes : Axes, optional
        Where to draw; None for a figure of its own.

    Returns
    -------
    axes : Axes
        What was drawn on.
    drawn : DataFrame
        A row for each cell: both labels and their names (``row``, ``column``), ``value``,
        ``unit``, ``status``.

    Raises
    ------
    MigovError
        A missing or other dimension, too many cells, infinite values.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([[1.0, 2.0]], {"origin": ["MDA"], "destination": ["DEU", "ITA"]},
    ...     ("origin", "destination"), attrs={"units": "percent", "long_name": "share"})
    >>> axes, drawn = heat(x, "origin", "destination")
    >>> drawn[["row", "column", "value"]].to_numpy().tolist()
    [['Moldova', 'Germany', 1.0], ['Moldova', 'Italy', 2.0]]
    """
    where = "heat"
    for name, dim in (("rows", rows), ("columns", columns)):
        if not isinstance(dim, str):
            raise KindError(where, f"{name}={dim!r}", "the name of a dimension", 8, name)
    if rows == columns:
        raise DimensionError(where, f"rows and columns are both {rows!r}", "two", 8, "columns")
    found = checked.array(x, where, "x", (rows, columns))
    if found.sizes[rows] * found.sizes[columns] > _MOST:
        raise DimensionError(where, f"over {_MOST} cells", "select or regroup labels first", 8, "x")
    unit = amounts.readable(units.unit_of(found), float(np.nanmax(np.abs(found.values))))
    scaled, _ = checked.converted(found, unit, where, "x")
    middle = checked.spread(scaled, [], where, "x").middle.transpose(rows, columns)
    frame = _frame(found, middle, rows, columns, unit)
    height = (found.sizes[rows] * 1.7 + 14) * theme.current().font / 72
    paper = sheet.open_sheet(where, axes, height=height)
    _draw(paper, found, middle, rows, columns)
    spread = any(dim in found.dims for dim in checked.SPREAD)
    sheet.close_sheet(
        paper,
        frame,
        title=notes.marked(labels.title(found, title), frame),
        subtitle=notes.subtitle(found, unit, _across(rows, columns)),
        foot=[
            "Cells: medians over members" if spread else "",
            notes.stylised(frame, "row"),
            notes.gaps(frame, ["row", "column"]),
            labels.source([found]),
        ],
    )
    return paper.first, frame


def _across(rows: str, columns: str) -> str:
    """Return which is which, where both hold areas."""
    return f"rows: {rows}, columns: {columns}" if rows in ROLES and columns in ROLES else ""


def _frame(x: Any, middle: xr.DataArray, rows: str, columns: str, unit: str) -> pd.DataFrame:
    down, right = middle.shape
    return pd.DataFrame(
        {
            rows: np.repeat(x.coords[rows].values, right),
            columns: np.tile(x.coords[columns].values, down),
            "row": np.repeat(labels.along(x, rows), right),
            "column": np.tile(labels.along(x, columns), down),
            "value": middle.values.ravel(),
            "unit": unit,
            "status": checked.told(checked.flags(x, middle)),
        }
    )


def _draw(paper: sheet.Sheet, x: Any, middle: xr.DataArray, rows: str, columns: str) -> None:
    from matplotlib.colors import Normalize

    axes, style = paper.first, paper.style
    sheet.bare(axes, style, grid="")
    values = np.asarray(middle.values, float)
    least, most = float(np.nanmin(values)), float(np.nanmax(values))
    if least < 0 < most:
        reach = max(-least, most)
        shades, norm = "PuOr_r", Normalize(-reach, reach)
    else:
        shades = "Blues" if most > 0 else "Oranges_r"
        norm = Normalize(min(least, 0.0), max(most, 0.0) or (0.0 if least < 0 else 1.0))
    image = axes.imshow(np.ma.masked_invalid(values), cmap=shades, norm=norm, aspect="auto")
    for row, column in np.argwhere(np.isnan(values)):
        axes.plot([column - 0.3, column + 0.3], [row, row], color=theme.QUIET, linewidth=0.8)
    for side in axes.spines.values():
        side.set_visible(False)
    down, right = values.shape
    axes.set_xticks(np.arange(right + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(down + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.0)
    axes.tick_params(which="minor", length=0)
    _ticks(paper, labels.along(x, rows), labels.along(x, columns))
    if values.size <= _WRITTEN:
        _write(paper, values, image)
    bar = paper.figure.colorbar(image, ax=axes, fraction=0.035, pad=0.02, use_gridspec=False)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=style.small, length=0, colors=theme.INK)
    sheet.numbered(bar.ax.yaxis, most=5)


def _ticks(paper: sheet.Sheet, down: list[str], right: list[str]) -> None:
    """Write rows beside and columns above; columns are turned where they would overlap."""
    axes, style = paper.first, paper.style
    broad = 0.27 * paper.width
    axes.set_yticks(range(len(down)), [sheet.wrapped(text, broad, style.font) for text in down])
    cell = 0.58 * paper.width / len(right)
    level = [sheet.wrapped(text, cell * 0.94, style.small) for text in right]
    longest = max(sheet.width_of(line, style.small) for text in level for line in text.split("\n"))
    turned = longest > cell or max(text.count("\n") for text in level) > 2
    texts = [sheet.wrapped(text, 1.2, style.small) for text in right] if turned else level
    axes.set_xticks(range(len(right)), texts)
    axes.xaxis.tick_top()
    for text in axes.get_xticklabels():
        text.set(fontsize=style.small, linespacing=1.1)
        if turned:
            text.set(rotation=50, ha="left", va="bottom", rotation_mode="anchor")
    paper.header = style.small * (8 if turned else 1.4 * (1 + max(t.count("\n") for t in texts)))


def _write(paper: sheet.Sheet, values: np.ndarray, image: Any) -> None:
    """Write the values into the cells, white on dark ones, where they fit."""
    style = paper.style
    digits = amounts.decimals(values)
    texts = {
        (int(row), int(column)): amounts.written(float(values[row, column]), digits)
        for row, column in np.argwhere(~np.isnan(values))
    }
    cell = 0.55 * paper.width / values.shape[1]
    widest = max(sheet.width_of(text, style.small) for text in texts.values())
    if widest > cell:
        return
    for (row, column), text in texts.items():
        red, green, blue, _ = image.cmap(image.norm(values[row, column]))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        paper.first.text(
            column,
            row,
            text,
            ha="center",
            va="center_baseline",
            size=style.small,
            color="white" if dark else theme.INK,
        )
