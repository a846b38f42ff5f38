"""Reference lines of bars: caps, floors, thresholds, named above the plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd

from migov.core import units
from migov.core.errors import DimensionError, InputError, KindError
from migov.plot import amounts, checked, sheet, theme

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr


@attrs.frozen(eq=False)
class Limit:
    """A reference line: one number, or one for each bar.

    Parameters
    ----------
    name : str
        What it is called.
    values : ndarray {bar} or {1}
        Where it stands, in the unit of the bars.
    bits : ndarray of uint16
        Status of each value.
    single : bool
        Whether one line serves all bars.
    """

    name: str
    values: np.ndarray
    bits: np.ndarray
    single: bool

    @property
    def largest(self) -> float:
        """The largest size."""
        return float(np.nanmax(np.abs(self.values)))


def read(limits: Any, x: xr.DataArray, dim: str, where: str) -> list[Limit]:
    """Return the reference lines in the unit of `x`."""
    if limits is None:
        return []
    if not hasattr(limits, "items"):
        raise KindError(
            where, f"limits is a {type(limits).__name__}", 'limits={"cap": 1500}', 8, "limits"
        )
    found = []
    for name, one in limits.items():
        argument = f"limits[{name!r}]"
        if hasattr(one, "dims"):
            found.append(_limit(str(name), one, x, dim, where, argument))
            continue
        if isinstance(one, bool) or not isinstance(one, int | float | np.number):
            raise KindError(
                where,
                f"{argument} is a {type(one).__name__}",
                "a number or a DataArray",
                8,
                "limits",
            )
        if not np.isfinite(one):
            raise InputError(where, f"{argument} is {one}", "a finite number", 7, "limits")
        found.append(Limit(str(name), np.array([float(one)]), np.zeros(1, np.uint16), True))
    return found


def _limit(name: str, one: Any, x: xr.DataArray, dim: str, where: str, argument: str) -> Limit:
    line = checked.array(one, where, argument, may=(dim,))
    scaled, bits = checked.converted(line, units.unit_of(x), where, argument)
    if dim not in scaled.dims:
        return Limit(name, np.array([float(scaled)]), np.atleast_1d(bits), True)
    index, wanted = scaled.indexes[dim], x.indexes[dim]
    if not index.equals(wanted):
        if len(index) != len(wanted) or not index.isin(wanted).all():
            raise DimensionError(
                where,
                f"{argument} is by other labels of {dim} than x",
                f"give one for each {dim} of x",
                2,
                "limits",
            )
        order = index.get_indexer(wanted)
        scaled, bits = scaled.isel({dim: order}), bits[order]
    return Limit(name, np.asarray(scaled.values, float), bits, False)


def frames(lines: list[Limit], x: xr.DataArray, dim: str, unit: str) -> list[pd.DataFrame]:
    """Return the rows of the drawn frame that hold the reference lines."""
    return [
        pd.DataFrame(
            {
                "kind": "limit",
                **({} if line.single else {dim: x.coords[dim].values}),
                "name": line.name,
                "value": line.values,
                "unit": unit,
                "status": checked.told(line.bits),
            }
        )
        for line in lines
    ]


def draw(paper: sheet.Sheet, lines: list[Limit], legend: Any = None) -> Callable[[], None]:
    """Draw reference lines; return what puts their names above the bars, in rows if they collide.

    Parameters
    ----------
    paper : Sheet
        The sheet whose first Axes bear the bars.
    lines : list of Limit
        In the unit of the bars.
    legend : Legend, optional
        Of the bars' colours; moved above the names.
    """
    axes, style = paper.first, paper.style
    texts = []
    for i, line in enumerate(lines):
        if line.single:
            dash = ("--", ":", "-.")[i % 3]
            axes.axvline(line.values[0], color=theme.INK, linewidth=1.0, linestyle=dash)
        else:
            at = np.arange(len(line.values))
            axes.vlines(line.values, at - 0.47, at + 0.47, color=theme.INK, linewidth=1.5)
        first = float(line.values[np.flatnonzero(~np.isnan(line.values))[0]])
        shown = amounts.written(first, amounts.decimals(line.values)) if line.single else ""
        texts.append(
            axes.annotate(
                f"{line.name} {shown}".strip(),
                (first, 1),
                (0, 3),
                xycoords=axes.get_xaxis_transform(),
                textcoords="offset points",
                va="bottom",
                size=style.small,
                color=theme.INK,
                annotation_clip=False,
            )
        )
    paper.heads += texts
    paper.header += style.small * 1.4 * len(lines)
    return lambda: _settle(paper, texts, legend)


def _settle(paper: sheet.Sheet, texts: list[Any], legend: Any) -> None:
    """Put each name at its line: to its left for the first half, to its right for the rest."""
    from matplotlib.transforms import ScaledTranslation

    axes, style = paper.first, paper.style
    ends: list[float] = []
    edge = axes.get_window_extent()
    left = 0.0 if paper.own else edge.x0 - edge.width / 4
    for i, text in enumerate(sorted(texts, key=lambda one: float(one.xy[0]))):
        text.set_position((0, 3))
        side = "center" if len(texts) == 1 else "right" if i < len(texts) / 2 else "left"
        for choice in (side, "right", "left"):
            text.set_ha(choice)
            box = text.get_window_extent()
            if left <= box.x0 and box.x1 <= edge.x1:
                break
        row = next((i for i, end in enumerate(ends) if box.x0 > end + 6), len(ends))
        ends[row : row + 1] = [box.x1]
        text.set_position((0, 3 + row * style.small * 1.35))
    if legend is not None:
        lift = (3 + len(ends) * style.small * 1.35) / 72
        up = ScaledTranslation(0, lift, paper.figure.dpi_scale_trans)
        legend.set_bbox_to_anchor((0.0, 1.0), axes.transAxes + up)
