"""Bars side by side: occupations, levers, actors, with intervals and reference lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd

from migov.core import units
from migov.core.errors import DimensionError, KindError
from migov.core.vocabulary import check_dimensions, require
from migov.plot import amounts, checked, labels, notes, reference, rows, sheet, theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from matplotlib.axes import Axes

_MOST = 60


def bars(
    x: xr.DataArray,
    *,
    across: str | None = None,
    by: str | None = None,
    intervals: float | None = 0.8,
    limits: Mapping[str, float | xr.DataArray] | None = None,
    title: str | None = None,
    axes: Axes | None = None,
) -> tuple[Axes, pd.DataFrame]:
    """Draw horizontal bars in the order given, with whiskers and reference lines.

    Nothing is sorted by value: an order of areas by a figure would read as a ranking.
    Stylised bars are hatched where others are not stylised.

    Parameters
    ----------
    x : DataArray {across, by, member}
        One value a bar; with ``member`` or ``quantile`` the median.
    across : str, optional
        Dimension of the bars; None where `x` has only one besides members and `by`.
    by : str, optional
        Dimension of bars of several colours for each label, at most four.
    intervals : float, optional
        Share that the whiskers cover, between 0 and 1; None for no whiskers.
    limits : mapping of str to float or DataArray {across}, optional
        Reference lines by name, such as a cap or a floor: a number in the unit of `x`, or an
        array in a unit of the same kind, scalar or one for each bar.
    title : str, optional
        None for the ``long_name``.
    axes : Axes, optional
        Where to draw; None for a figure of its own.

    Returns
    -------
    axes : Axes
        What was drawn on.
    drawn : DataFrame
        A row for each bar (``kind`` is ``bar``) and reference line (``limit``): the labels,
        ``name, value, low, high, unit, status``.

    Raises
    ------
    MigovError
        A missing or other dimension, an interval that is no share, a limit in another kind
        of unit or by other labels, infinite values.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([1200.0, 900.0], {"occupation": ["9", "5"]}, "occupation",
    ...     attrs={"units": "person", "long_name": "placements"})
    >>> axes, drawn = bars(x, limits={"cap": 1500.0})
    >>> drawn[["kind", "name", "value"]].to_numpy().tolist()[::2]
    [['bar', 'Elementary occupations', 1200.0], ['limit', 'cap', 1500.0]]
    """
    where = "bars"
    share = None if intervals is None else checked.level(intervals, where, "intervals")
    rows_dim = _across(x, across, by, where)
    found = checked.array(x, where, "x", [rows_dim, *([by] if by else [])])
    count = found.sizes[rows_dim] * (found.sizes[by] if by else 1)
    if count > _MOST or (by and found.sizes[by] > 4):
        raise DimensionError(
            where,
            f"{count} bars, expected at most {_MOST} in at most four colours",
            f"select labels of {rows_dim!r} first",
            8,
            "x",
        )
    given = units.unit_of(found)
    raw = reference.read(limits, found, rows_dim, where)
    largest = max([float(np.nanmax(np.abs(found.values))), *(one.largest for one in raw)])
    unit = amounts.readable(given, largest)
    factor = units.factor(given, unit)
    lines = [attrs.evolve(one, values=one.values * factor) for one in raw]
    frame, spread = _frame(found, rows_dim, by, unit, share, where)
    drawn = pd.concat([frame, *reference.frames(lines, found, rows_dim, unit)], ignore_index=True)
    paper = sheet.open_sheet(where, axes, height=rows.height_for(count, theme.current()))
    settle = _draw(paper, frame, lines, by)
    told = drawn[(drawn["kind"] == "bar") | drawn["status"].str.contains("stylised")]
    sheet.close_sheet(
        paper,
        drawn,
        title=notes.marked(labels.title(found, title), told),
        subtitle=notes.subtitle(found, unit, _when(found, rows_dim)),
        foot=[
            f"Bars: medians; whiskers: central {100 * (share or 0):g} % of members"
            if spread
            else "",
            notes.stylised(told, "name"),
            notes.gaps(frame, ["name", by] if by else ["name"]),
            labels.source([found, *_arrays(limits)]),
        ],
        settle=settle,
    )
    return paper.first, drawn


def _across(x: Any, across: Any, by: Any, where: str) -> str:
    check_dimensions(x, where, "x")
    for name, dim in (("across", across), ("by", by)):
        if dim is not None:
            if not isinstance(dim, str):
                raise KindError(where, f"{name}={dim!r}", "the name of a dimension", 8, name)
            require(x, [dim], where, "x")
    if across is not None:
        if across == by:
            raise DimensionError(where, f"across and by are both {by!r}", "by=None", 8, "by")
        return str(across)
    left = [str(dim) for dim in x.dims if dim not in (*checked.SPREAD, by)]
    if len(left) != 1:
        told = ", ".join(left) or "no dimension"
        raise DimensionError(
            where, f"x has {told}; which are the bars?", 'across="occupation"', 8, "across"
        )
    return left[0]


def _when(x: xr.DataArray, dim: str) -> str:
    day = labels.common_day(x.time.values) if dim == "time" else None
    return f"at {day}" if day else ""


def _arrays(limits: Mapping[str, Any] | None) -> list[Any]:
    return [one for one in (limits or {}).values() if hasattr(one, "attrs")]


def _frame(
    x: xr.DataArray, dim: str, by: str | None, unit: str, share: float | None, where: str
) -> tuple[pd.DataFrame, bool]:
    """Return the frame of the bars, and whether it holds intervals."""
    scaled, _ = checked.converted(x, unit, where, "x")
    found = checked.spread(scaled, [share] if share else [], where, "x")
    order = [dim, by] if by else [dim]
    middle = found.middle.transpose(*order)
    ends = [
        each[share].transpose(*order).values.ravel() if share and each else np.nan
        for each in (found.low, found.high)
    ]
    inner = x.sizes[by] if by else 1
    columns: dict[str, Any] = {
        "kind": "bar",
        dim: np.repeat(x.coords[dim].values, inner),
        "name": np.repeat(labels.along(x, dim), inner),
    }
    if by:
        columns[by] = np.tile(labels.along(x, by), x.sizes[dim])
    columns |= {
        "value": middle.values.ravel(),
        "low": ends[0],
        "high": ends[1],
        "unit": unit,
        "status": checked.told(checked.flags(x, middle)),
    }
    return pd.DataFrame(columns), bool(share and found.low)


def _draw(
    paper: sheet.Sheet, frame: pd.DataFrame, lines: list[reference.Limit], by: str | None
) -> Any:
    axes, style = paper.first, paper.style
    sheet.bare(axes, style, grid="x")
    groups = list(dict.fromkeys(frame[by])) if by else [""]
    thick = 0.74 / len(groups)
    colours = dict(zip(groups, style.palette, strict=False))
    inner = np.arange(len(frame)) % len(groups)
    outer = np.arange(len(frame)) // len(groups)
    places = outer + (inner - (len(groups) - 1) / 2) * thick
    stylised = frame["status"].str.contains("stylised").to_numpy()
    values, low, high = (frame[name].to_numpy(float) for name in ("value", "low", "high"))
    rows.draw(
        axes,
        style,
        places,
        values,
        low,
        high,
        thick=thick * 0.94,
        colours=np.array([colours[name] for name in (frame[by] if by else [""] * len(frame))]),
        hatched=stylised & ~stylised.all(),
        digits=amounts.decimals(values),
    )
    more = [float(value) for line in lines for value in line.values]
    axes.set_xlim(*rows.limits(values, low, high, style, more, width=paper.width))
    sheet.numbered(axes.xaxis, most=sheet.most_ticks(paper))
    if (frame["value"] < 0).any():
        axes.axvline(0, color=theme.QUIET, linewidth=0.6)
    count = len(frame) // len(groups)
    # On low Axes of others two lines would reach into the next row: names stay on one.
    low_rows = not paper.own and paper.height * 36 / count < 2.3 * style.font
    rows.names(
        axes,
        style,
        range(count),
        frame["name"].iloc[:: len(groups)].tolist(),
        np.inf if low_rows else rows.LABELS * paper.width,
    )
    axes.set_ylim(count - 0.45, -0.55)
    legend = _colours(paper, colours) if by else None
    return reference.draw(paper, lines, legend) if lines else None


def _colours(paper: sheet.Sheet, colours: Mapping[str, str]) -> Any:
    """Name the colours above the bars."""
    from matplotlib.patches import Patch

    paper.header += paper.style.font * 1.5
    legend = paper.first.legend(
        handles=[Patch(facecolor=colour, alpha=0.85, label=n) for n, colour in colours.items()],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=len(colours),
        frameon=False,
        fontsize=paper.style.small,
        labelcolor=theme.INK,
        borderaxespad=0.1,
        handlelength=1.2,
        columnspacing=1.2,
    )
    paper.heads.append(legend)
    return legend
