"""Courses over time: medians and central intervals of several series, named at their ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd

from migov.core import status, times, units
from migov.core.errors import DimensionError, InputError, ParameterError
from migov.plot import amounts, checked, labels, line_ends, notes, sheet, theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr
    from matplotlib.axes import Axes

_EPOCH = np.datetime64("1970-01-01", "s")
_DASHES = ["-", (0, (5, 1.6)), (0, (1.2, 1.2)), (0, (5, 1.4, 1.2, 1.4))]


@attrs.frozen(eq=False)
class _Course:
    """One series: its place in the order, its arrays in the drawn unit, its status."""

    name: str
    x: Any
    places: np.ndarray
    found: checked.Spread
    bits: np.ndarray


def fan(
    x: xr.DataArray | Mapping[str, xr.DataArray],
    *,
    by: str | None = None,
    levels: Sequence[float] = (0.5, 0.8),
    dim: str = "member",
    along: str | None = None,
    zero: bool = False,
    title: str | None = None,
    axes: Axes | None = None,
) -> tuple[Axes, pd.DataFrame]:
    """Draw medians and central intervals over members against time.

    Series are never joined over a missing value or over a value with the status ``break``.

    Parameters
    ----------
    x : DataArray {time or period, dim, by} or mapping of them
        One array, or several by name whose definitions may differ: readings of one quantity
        side by side. Without `dim` (or ``quantile``) only the line is drawn.
    by : str, optional
        Dimension of the series in one array, at most eight, in the order given.
    levels : sequence of float
        Shares that the central intervals cover, rising, between 0 and 1.
    dim : str
        The dimension over which medians and intervals are taken; a cell that lacks a member
        is missing.
    along : str, optional
        Horizontal dimension; None for ``time`` or ``period``, another has numbers as labels.
    zero : bool
        Whether the vertical axis holds zero.
    title : str, optional
        None for the ``long_name``.
    axes : Axes, optional
        Where to draw; None for a figure of its own.

    Returns
    -------
    axes : Axes
        What was drawn on.
    drawn : DataFrame
        A row for each series and instant: the series, the instant, ``value`` and
        ``low_80``, ``high_80`` and so on for each level, ``unit``, ``status``.

    Raises
    ------
    MigovError
        A missing or other dimension, units that differ in kind, more than eight series,
        levels that are no shares, infinite values.

    Examples
    --------
    >>> import xarray as xr
    >>> times = np.array(["2025-07-01", "2030-07-01"], "M8[s]")
    >>> x = xr.DataArray([[1.2e6, 1.1e6], [1.2e6, 0.9e6]], {"member": [0, 1], "time": times},
    ...     ("member", "time"), attrs={"units": "person"})
    >>> axes, drawn = fan(x, levels=[0.8], title="Labour force")
    >>> print(drawn[["value", "low_80", "high_80", "unit"]].tail(1).to_string(index=False))
     value  low_80  high_80           unit
       1.0    0.92     1.08 million person
    """
    where = "fan"
    wanted = _levels(levels, where)
    given = _series(x, by, where)
    arrays, horizontal = _arrays(given, where, dim, along)
    unit = _unit(arrays, where)
    courses = [
        _course(name, one, unit, horizontal, wanted, dim, where) for name, one in arrays.items()
    ]
    frame = _frame(courses, by or "series", horizontal, wanted, unit)
    paper = sheet.open_sheet(where, axes)
    ends = _draw(paper, courses, wanted, zero)
    called = [(courses[i].name, height, colour) for i, height, colour in ends]
    settle = line_ends.name(paper, called) if len(courses) > 1 else None
    first = next(iter(given.values()))[1]
    sheet.close_sheet(
        paper,
        frame,
        title=notes.marked(labels.title(first, title), frame),
        subtitle=_subtitle(courses, first, unit, horizontal),
        foot=_foot(courses, frame, by or "series", horizontal, wanted),
        settle=settle,
    )
    return paper.first, frame


def _levels(levels: Any, where: str) -> list[float]:
    try:
        found = [checked.level(value, where, "levels") for value in levels]
    except TypeError:
        raise ParameterError(
            where, f"levels={levels!r}", "levels=(0.5, 0.8)", 9, "levels"
        ) from None
    if found != sorted(set(found)):
        raise ParameterError(where, f"levels={levels!r} do not rise", "(0.5, 0.8)", 9, "levels")
    return found


def _series(x: Any, by: Any, where: str) -> dict[str, tuple[str, Any]]:
    """Return the series by label, each with the name of its argument."""
    from migov.core.vocabulary import check_dimensions, require

    given = checked.several(x, where, "x")
    if by is None:
        return {name: (f"x[{name!r}]" if name else "x", one) for name, one in given.items()}
    if "" not in given:
        raise ParameterError(
            where, f"x has several arrays and by={by!r}", "one of the two", 9, "by"
        )
    check_dimensions(x, where, "x")
    require(x, [by], where, "x")
    checked.check_labels(x, where, "x")
    names = labels.along(x, by)
    return {name: ("x", x.isel({by: i})) for i, name in enumerate(names)}


def _arrays(
    given: Mapping[str, tuple[str, Any]], where: str, dim: str, along: str | None
) -> tuple[dict[str, Any], str]:
    """Return the checked arrays and their horizontal dimension."""
    if len(given) > len(theme.OKABE_ITO):
        raise DimensionError(
            where,
            f"{len(given)} series, expected at most {len(theme.OKABE_ITO)}",
            "select series, or draw several figures",
            8,
            "by",
        )
    first = next(iter(given.values()))[1]
    dims = getattr(first, "dims", ())
    horizontal = along or next((name for name in ("time", "period") if name in dims), "time")
    found = {}
    for name, (argument, one) in given.items():
        found[name] = checked.array(
            one, where, argument, (horizontal,), may=(dim, "quantile"), empty=True
        )
        dated = horizontal in ("time", "period")
        if not dated and found[name].indexes[horizontal].dtype.kind not in "iuf":
            raise DimensionError(
                where, f"{horizontal} of {argument} has no numbers", 'along="time"', 8, "along"
            )
    if all(np.isnan(np.asarray(one.values, float)).all() for one in found.values()):
        raise InputError(where, "x holds no number, nothing to draw", "give data", 7, "x")
    return found, horizontal


def _unit(arrays: Mapping[str, xr.DataArray], where: str) -> str:
    """Return the unit to draw in: a readable multiple of the first one's."""
    items = list(arrays.items())
    given = units.unit_of(items[0][1])
    largest = 0.0
    for name, one in items:
        by = units.factor(units.unit_of(one), given, where, f"x[{name!r}]" if name else "x")
        finite = np.abs(np.asarray(one.values, float))
        if np.isfinite(finite).any():
            largest = max(largest, float(np.nanmax(finite)) * by)
    return amounts.readable(given, largest)


def _course(
    name: str, x: Any, unit: str, horizontal: str, levels: list[float], dim: str, where: str
) -> _Course:
    scaled, _ = checked.converted(x, unit, where, "x")
    found = checked.spread(scaled, levels, where, "x", dim)
    return _Course(name, scaled, _places(x, horizontal), found, checked.flags(x, found.middle))


def _years(values: Any) -> np.ndarray:
    return np.asarray(times.years_between(np.broadcast_to(_EPOCH, np.shape(values)), values)) + 1970


def _places(x: xr.DataArray, horizontal: str) -> np.ndarray:
    """Return where the values stand: years, the middle of intervals, or the labels."""
    values = x.coords[horizontal].values
    if horizontal == "time":
        # Instants of one day of the year stand at their year, which the subtitle dates.
        return np.floor(_years(values)) if labels.common_day(values) else _years(values)
    if horizontal == "period":
        starts, ends = _years(values), _years(x.coords["period_end"].values)
        single = np.allclose(ends - starts, 1) and np.allclose(starts, np.round(starts))
        return starts if single else (starts + ends) / 2
    return np.asarray(values, float)


def _frame(
    courses: list[_Course], by: str, horizontal: str, levels: list[float], unit: str
) -> pd.DataFrame:
    parts = []
    for course in courses:
        columns: dict[str, Any] = {
            by: course.name,
            horizontal: course.x.coords[horizontal].values,
        }
        if horizontal == "period":
            columns["period_end"] = course.x.coords["period_end"].values
        columns["value"] = course.found.middle.values
        for level in levels:
            for side, ends in (("low", course.found.low), ("high", course.found.high)):
                if ends:
                    columns[f"{side}_{100 * level:g}"] = ends[level].values
        columns["unit"] = unit
        columns["status"] = checked.told(course.bits)
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _runs(course: _Course) -> list[slice]:
    """Return the stretches that may be joined: without gaps, and none across a break."""
    good = ~np.isnan(np.asarray(course.found.middle.values, float))
    breaks = (course.bits & status.FLAGS["break"]) != 0
    runs, start = [], None
    for i, there in enumerate(good):
        if start is not None and (not there or breaks[i]):
            runs.append(slice(start, i))
            start = None
        if there and start is None:
            start = i
    return [*runs, slice(start, len(good))] if start is not None else runs


def _draw(
    paper: sheet.Sheet, courses: list[_Course], levels: list[float], zero: bool
) -> list[tuple[int, float, str]]:
    """Draw bands and lines; return series, height and colour of each end that can be named."""
    axes, style = paper.first, paper.style
    sheet.bare(axes, style, grid="y")
    alphas = np.linspace(0.32, 0.16, max(len(levels), 2))
    ends = []
    for i, course in enumerate(courses):
        colour = style.palette[i % len(style.palette)]
        dash = _DASHES[i // 2 % len(_DASHES)] if len(courses) > 4 else "-"
        middle = np.asarray(course.found.middle.values, float)
        runs = _runs(course)
        for run in runs:
            places = course.places[run]
            alone = run.stop - run.start == 1
            for level, alpha in zip(levels, alphas, strict=False):
                if not course.found.low:
                    continue
                low, high = (
                    side[level].values[run] for side in (course.found.low, course.found.high)
                )
                if alone:
                    axes.vlines(places, low, high, color=colour, alpha=2 * alpha, linewidth=3)
                else:
                    axes.fill_between(places, low, high, color=colour, alpha=alpha, linewidth=0)
            axes.plot(
                places,
                middle[run],
                color=colour,
                linestyle=dash,
                linewidth=style.font / 5,
                marker="o" if alone or len(course.places) <= 12 else "",
                markersize=style.font / 2.6,
                solid_capstyle="round",
            )
        if runs:
            ends.append((i, float(middle[runs[-1].stop - 1]), colour))
    _axes(paper, courses, zero)
    return ends


def _axes(paper: sheet.Sheet, courses: list[_Course], zero: bool) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes = paper.first
    places = np.concatenate([course.places for course in courses])
    first, last = float(places.min()), float(places.max())
    pad = (last - first) * 0.02 or 0.5
    axes.set_xlim(first - pad, last + pad)
    axes.xaxis.set_major_locator(
        MaxNLocator(nbins=sheet.most_ticks(paper), integer=True, steps=[1, 2, 5, 10])
    )
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, at: f"{value:g}"))
    sheet.numbered(axes.yaxis)
    if zero:
        low, high = axes.get_ylim()
        axes.set_ylim(min(low, 0), max(high, 0))
    if axes.get_ylim()[0] < 0 < axes.get_ylim()[1]:
        axes.axhline(0, color=theme.QUIET, linewidth=0.6)


def _subtitle(courses: list[_Course], first: Any, unit: str, horizontal: str) -> str:
    """Return unit, what all series share, their day of the year and their definition."""
    dates = np.concatenate([course.x.coords[horizontal].values for course in courses])
    when = labels.common_day(dates) if horizontal == "time" else None
    told = {labels.definition(course.x) for course in courses}
    shared = [
        text
        for text in labels.context(courses[0].x)
        if all(text in labels.context(course.x) for course in courses)
    ]
    parts = [
        labels.capital(amounts.unit_text(unit, first.attrs.get("price_base"))),
        *shared,
        f"at {when}" if when else "",
        told.pop() if len(told) == 1 else "definitions differ",
    ]
    return " · ".join(part for part in parts if part)


def _foot(
    courses: list[_Course], frame: pd.DataFrame, by: str, horizontal: str, levels: list[float]
) -> list[str]:
    """Return the notes: intervals, definitions, breaks, gaps and sources."""
    lines = []
    if any(course.found.low for course in courses) and levels:
        shares = " and ".join(f"{100 * level:g} %" for level in levels)
        lines.append(f"Lines: medians; bands: central {shares} of members")
    told: dict[str, list[str]] = {}
    for course in courses:
        told.setdefault(labels.definition(course.x) or "definition undeclared", []).append(
            course.name
        )
    if len(told) > 1:
        lines += [f"{'; '.join(names)}: {text}" for text, names in told.items()]
    written = frame.assign(**{horizontal: _instants(courses, horizontal)})
    broken = written[written["status"].str.contains("break")]
    if len(broken):
        places = list(dict.fromkeys(broken[horizontal]))
        lines.append(f"Break in series, not joined: {', '.join(places)}")
    names = [by, horizontal] if len(courses) > 1 else [horizontal]
    stylised = (
        notes.stylised(frame, by) if len(courses) > 1 else notes.stylised(written, horizontal)
    )
    return [
        *lines,
        stylised,
        notes.gaps(written, names),
        labels.source([course.x for course in courses]),
    ]


def _instants(courses: list[_Course], horizontal: str) -> list[str]:
    return [text for course in courses for text in labels.along(course.x, horizontal)]
